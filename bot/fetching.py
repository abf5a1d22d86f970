"""The fetcher: the bytes of what people sent, one file after the other is asked of Telegram until it is here.

What is to be fetched stands in the database, so a stop loses nothing; it is begun again at the next start.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING

from bot import filing
from bot.model import Fetched, NotFetched, Refused, Retry

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from datetime import datetime

    from bot.model import File

log = logging.getLogger(__name__)

PARALLEL = 3  # files under way at once: each may be 20 MB in memory
FIRST_WAIT = 0.5  # seconds
LONGEST_WAIT = 60.0
ALBUM_WAIT = 0.4  # seconds until a part of an album is fetched: by then its other parts were told of
AT_WORK_AFTER = 0.5  # seconds of a download until it is shown that the bot is at work
AT_WORK_LASTS = 4.0  # seconds until it is shown again: Telegram takes it away after five
TOLD_AFTER = 3  # tries without luck after which the person is told that it takes longer
GIVEN_UP_AFTER = 24 * 3600  # seconds after it was sent
REFUSALS = {"file is too big": "too_large"}  # Telegram's no, as the name of a remark about the file


class Fetcher:
    """All that is to be fetched, in memory as in the database."""

    def __init__(
        self,
        download: Callable[[str, int], Awaitable[bytes | Retry | Refused]],
        bring: Callable[[int, Fetched | NotFetched, bytes], Awaitable[None]],
        now: Callable[[], datetime],
        at_work: Callable[[int], Awaitable[None]],
    ) -> None:
        self._download = download
        self._at_work = at_work
        self._bring = bring
        self._now = now
        self._slots = asyncio.Semaphore(PARALLEL)
        self._under_way: dict[tuple[int, int], asyncio.Task[None]] = {}
        self._stopping = False
        self._calm = asyncio.Event()
        self._calm.set()

    def put(self, files: Iterable[tuple[int, File]]) -> None:
        """Take files that are to be fetched, each with its chat; one that is under way already is left to it."""
        for chat_id, file in files:
            key = (chat_id, file.number)
            if self._stopping or key in self._under_way:
                continue
            self._calm.clear()
            task = asyncio.get_running_loop().create_task(self._fetch(chat_id, file))
            self._under_way[key] = task
            task.add_done_callback(partial(self._over, key))

    def _over(self, key: tuple[int, int], _: asyncio.Task[None]) -> None:
        del self._under_way[key]
        if not self._under_way:
            self._calm.set()

    async def settled(self) -> None:
        """Wait until nothing is to be fetched."""
        await self._calm.wait()

    async def stop(self) -> None:
        """Begin nothing more; what is under way is begun again at the next start."""
        self._stopping = True
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _fetch(self, chat_id: int, file: File) -> None:
        """Ask for a file until it is here, will not come, or is too long ago."""
        tries = 0
        if file.album:
            await asyncio.sleep(ALBUM_WAIT)
        while True:
            try:
                async with self._slots:
                    shown = asyncio.create_task(self._shows_work(chat_id))
                    try:
                        found = await self._download(file.file_id, filing.LARGEST)
                    finally:
                        shown.cancel()
                    if isinstance(found, bytes):
                        kind = filing.kind_of(found)
                        if kind is None:
                            await self._bring(chat_id, NotFetched(file.number, "unknown"), b"")
                        else:
                            await self._bring(chat_id, Fetched(file.number, kind, len(found)), found)
                        return
                    if isinstance(found, Refused):
                        log.error("file %d was refused: %s", file.number, found.why)
                        why = REFUSALS.get(found.why, "lost")
                        await self._bring(chat_id, NotFetched(file.number, why), b"")
                        return
                if self._now().timestamp() - file.since > GIVEN_UP_AFTER:
                    await self._bring(chat_id, NotFetched(file.number, "lost"), b"")
                    return
                tries += 1
                if tries == TOLD_AFTER:
                    await self._bring(chat_id, NotFetched(file.number), b"")
                wait = found.wait if found.told else min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(tries - 1, 10))
            except Exception as error:  # an error of ours is no reason to lose a file
                log.error("fetching a file failed: %s", type(error).__name__)
                tries, wait = tries + 1, LONGEST_WAIT
            await asyncio.sleep(wait)

    async def _shows_work(self, chat_id: int) -> None:
        """Show the person that the bot is at work, for as long as a slow file takes."""
        await asyncio.sleep(AT_WORK_AFTER)
        while True:
            await self._at_work(chat_id)
            await asyncio.sleep(AT_WORK_LASTS)
