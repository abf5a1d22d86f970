"""The bot as it is shipped, made to end at one point as a power cut would end it: `python -m tests.stops POINT`."""

from __future__ import annotations

import os
import sys
from typing import Any, NoReturn

from bot import __main__, store
from bot.telegram_edge import AiohttpRequest

CUT = 9  # the exit status of a cut


def _cut() -> NoReturn:
    os._exit(CUT)


def _at_commit(what: str, *, done: bool) -> None:
    """End at the commit of what is written by this: before it, or when it is done."""
    write = store.Connection.write
    told_of = False

    async def written(self: store.Connection, told: list[store.Told], *, commit: bool = False) -> None:
        nonlocal told_of
        told_of = told_of or any(what in sql for sql, _ in told)
        if told_of and commit and not done:
            await write(self, told)
            _cut()
        await write(self, told, commit=commit)
        if told_of and commit:
            _cut()

    store.Connection.write = written  # type: ignore[method-assign]


def _after_send() -> None:
    """End when Telegram has answered that a message is there, or changed."""
    request = AiohttpRequest.do_request

    async def do_request(self: AiohttpRequest, url: str, *args: Any, **more: Any) -> tuple[int, bytes]:
        answer = await request(self, url, *args, **more)
        if url.endswith(("/sendMessage", "/editMessageText")):
            _cut()
        return answer

    AiohttpRequest.do_request = do_request  # type: ignore[method-assign]


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
            _at_commit("INTO outbox", done=False)
        case "after-commit":
            _at_commit("INTO outbox", done=True)
        case "after-send":
            _after_send()
        case "before-fetch":
            _before_fetch()
        case "before-keeping":
            _at_commit("INTO contents", done=False)
        case "after-keeping":
            _at_commit("INTO contents", done=True)
        case point:
            raise SystemExit(f"there is no point {point}")
    return __main__.main(["run"])


if __name__ == "__main__":
    sys.exit(main())
