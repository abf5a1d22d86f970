"""The only source of now: the real clock or, on the local Telegram, the one that is moved there."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import aiohttp

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


class Clock:
    """The civil clock: days and reminders follow it."""

    def now(self) -> datetime:
        """Return the present moment, in UTC."""
        return datetime.now(UTC)


class LocalClock(Clock):
    """The clock of the local Telegram, which people move by hand."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/local/clock"
        self._offset = timedelta()
        self._still: datetime | None = None
        self.version = -1
        self._taken = asyncio.Condition()

    def now(self) -> datetime:
        """Return the present moment there, in UTC."""
        return self._still or datetime.now(UTC) + self._offset

    async def follow(self, moved: Callable[[], Awaitable[object]]) -> None:
        """Take over every move until cancelled; call `moved` after each."""
        timeout = aiohttp.ClientTimeout(total=60)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                try:
                    async with session.get(self._url, params={"after": str(self.version)}) as answer:
                        told = await answer.json()
                except (TimeoutError, ValueError, aiohttp.ClientError) as error:
                    log.debug("the local clock does not answer: %s", type(error).__name__)
                    await asyncio.sleep(0.5)
                    continue
                if self._take(told):
                    await moved()
                    async with self._taken:
                        self._taken.notify_all()

    async def ask(self) -> None:
        """Take over the time there once."""
        async with aiohttp.ClientSession() as session, session.get(self._url) as answer:
            self._take(await answer.json())

    async def reached(self, version: int) -> None:
        """Wait until the move with this number was taken over, and what it made due was done."""
        async with self._taken:
            await self._taken.wait_for(lambda: self.version >= version)

    def _take(self, told: dict[str, object]) -> bool:
        now = datetime.fromisoformat(str(told["now"]))
        if told["frozen"]:
            self._still = now
        else:
            self._still = None
            self._offset = timedelta(seconds=float(str(told["offset"])))
        changed = self.version != told["version"]
        self.version = int(str(told["version"]))
        return changed
