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


def _at_file(*, done: bool) -> None:
    """End at the commit that keeps the bytes of a file: before it, or when it is done."""
    execute, commit = aiosqlite.Connection.execute, aiosqlite.Connection.commit
    kept = False

    def executed(self: aiosqlite.Connection, sql: str, *args: Any) -> Any:
        nonlocal kept
        kept = kept or "INTO contents" in sql
        return execute(self, sql, *args)

    async def committed(self: aiosqlite.Connection) -> None:
        if kept and not done:
            _cut()
        await commit(self)
        if kept:
            _cut()

    aiosqlite.Connection.execute = executed  # type: ignore[method-assign]
    aiosqlite.Connection.commit = committed  # type: ignore[method-assign]


def _before_fetch() -> None:
    """End when Telegram is to be asked where a file is."""
    request = AiohttpRequest.do_request

    async def do_request(self: AiohttpRequest, url: str, *args: Any, **more: Any) -> tuple[int, bytes]:
        if url.endswith("/getFile"):
            _cut()
        return await request(self, url, *args, **more)

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
        case "before-fetch":
            _before_fetch()
        case "before-keeping":
            _at_file(done=False)
        case "after-keeping":
            _at_file(done=True)
        case point:
            raise SystemExit(f"there is no point {point}")
    return __main__.main(["run"])


if __name__ == "__main__":
    sys.exit(main())
