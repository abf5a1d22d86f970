"""Reminders put into words ahead, in processes beside the bot: at a paid pace the loop alone is too slow for it.

A scribe reads the database for itself. It is told rows by its standard input and ends when that is closed.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import logging
import os
import pickle
import signal
import struct
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app import App
from bot.outbox import Rendered
from bot.store import Row, Store

if TYPE_CHECKING:
    from bot.engine import House
    from bot.words import Words

log = logging.getLogger(__name__)

Worded = dict[int, Rendered | None]  # by row; None: not worth saying any more
LENGTH = struct.Struct("!I")
NICE = 19  # people's answers come first, also where there are few cores
PATIENCE = 30.0  # seconds for one piece of work


class Scribe:
    """One process, started when it is needed first."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def words(self, rows: list[Row], now: datetime) -> Worded:
        """Return rows in words as of now; those are missing that cannot be had, for whatever reason."""
        async with self._turn:
            try:
                async with asyncio.timeout(PATIENCE):
                    return await self._words(rows, now)
            except (OSError, EOFError, TimeoutError, pickle.UnpicklingError) as error:
                log.error("a scribe failed: %s", type(error).__name__)
                await self.close()
                return {}

    async def _words(self, rows: list[Row], now: datetime) -> Worded:
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
        process = self._process
        if process.stdin is None or process.stdout is None:
            raise EOFError
        asked = pickle.dumps((now, rows))
        process.stdin.write(LENGTH.pack(len(asked)) + asked)
        await process.stdin.drain()
        (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
        worded: Worded = pickle.loads(await process.stdout.readexactly(length))  # noqa: S301  our own process
        return worded

    async def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()


class Scribes:
    """Several of them, each in its turn; all work at the same time."""

    def __init__(self, database: Path, dialogs: Path, templates: Path) -> None:
        command = ("-m", "bot.scribe", str(database), str(dialogs), str(templates))
        self._all = [Scribe(command) for _ in range(max(1, (os.cpu_count() or 2) - 1))]
        self._next = itertools.cycle(self._all)

    async def words(self, rows: list[Row], now: datetime) -> Worded:
        """Return rows in words as of now, as far as they can be had."""
        return await next(self._next).words(rows, now)

    async def warm_up(self, now: datetime) -> None:
        """Start all processes, so that the first that are reminded need not wait for it."""
        await asyncio.gather(*(one.words([], now) for one in self._all))

    async def close(self) -> None:
        """End all processes."""
        for one in self._all:
            await one.close()


async def serve(database: Path, house: House, words: Words) -> None:
    """Put rows into words until nobody asks any more."""
    store = await Store.beside(database)
    moment: datetime
    app = App(house, words, store, lambda: moment)
    reader, writer = sys.stdin.buffer, sys.stdout.buffer
    try:
        while head := await asyncio.to_thread(reader.read, LENGTH.size):
            asked = await asyncio.to_thread(reader.read, *LENGTH.unpack(head))
            moment, rows = pickle.loads(asked)  # noqa: S301  the bot's own
            found = pickle.dumps(await app.put_into_words(rows))
            writer.write(LENGTH.pack(len(found)) + found)
            writer.flush()
    finally:
        await store.close()


def main() -> None:
    """Serve one bot; the arguments are its database, its dialogs and its templates."""
    from bot import dialogs
    from bot.config import QUIET_GC
    from bot.run import house_of
    from bot.words import Words

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the bot, which closes the pipe
    os.nice(NICE)
    gc.set_threshold(*QUIET_GC)
    database, tree, templates = (Path(one) for one in sys.argv[1:])
    words = Words(templates)
    asyncio.run(serve(database, house_of(dialogs.read(tree), words), words))


if __name__ == "__main__":
    main()
