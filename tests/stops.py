"""The bot as it is shipped, made to end at one point as a power cut would end it: `python -m tests.stops POINT`."""

from __future__ import annotations

import os
import sys
from typing import Any, NoReturn

import aiosqlite

from bot import __main__
from bot.telegram_edge import AiohttpRequest

CUT = 9  # the exit status of a cut


def _cut() -> NoReturn:
    os._exit(CUT)


def _at_commit(*, done: bool) -> None:
    """End at the commit that puts something in the outbox: before it, or when it is done."""
    many, commit = aiosqlite.Connection.executemany, aiosqlite.Connection.commit
    posted = False

    async def executemany(self: aiosqlite.Connection, sql: str, parameters: Any) -> Any:
        nonlocal posted
        posted = posted or ("INTO outbox" in sql and bool(parameters))
        return await many(self, sql, parameters)

    async def committed(self: aiosqlite.Connection) -> None:
        if posted and not done:
            _cut()
        await commit(self)
        if posted:
            _cut()

    aiosqlite.Connection.executemany = executemany  # type: ignore[method-assign,assignment]
    aiosqlite.Connection.commit = committed  # type: ignore[method-assign]


def _after_send() -> None:
    """End when Telegram has answered that a message is there, or changed."""
    request = AiohttpRequest.do_request

    async def do_request(self: AiohttpRequest, url: str, *args: Any, **more: Any) -> tuple[int, bytes]:
        answer = await request(self, url, *args, **more)
        if url.endswith(("/sendMessage", "/editMessageText")):
            _cut()
        return answer

    AiohttpRequest.do_request = do_request  # type: ignore[method-assign]


def main() -> int:
    """Run the bot until the point that is named."""
    match sys.argv[1]:
        case "before-commit":
            _at_commit(done=False)
        case "after-commit":
            _at_commit(done=True)
        case "after-send":
            _after_send()
        case point:
            raise SystemExit(f"there is no point {point}")
    return __main__.main(["run"])


if __name__ == "__main__":
    sys.exit(main())
