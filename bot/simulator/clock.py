"""The clock of the local Telegram: the real time moved by an offset, or a moment that stands still."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


async def _nothing() -> None:
    return


class Clock:
    """Say what time it is here, and be moved.

    `version` rises with every move, so that somebody who knows a version can wait for the next one.
    """

    def __init__(self, now: datetime | None = None) -> None:
        self._still: float | None = None if now is None else _moment(now)
        self._offset = 0.0
        self.version = 0
        self._waiting: set[asyncio.Future[None]] = set()
        self.on_move: Callable[[], Awaitable[None]] = _nothing

    @property
    def frozen(self) -> bool:
        """Say whether the time stands still between moves."""
        return self._still is not None

    @property
    def seconds(self) -> float:
        """Return the present moment as seconds since 1970."""
        return time.time() + self._offset if self._still is None else self._still

    @property
    def offset(self) -> float:
        """Return by how many seconds this clock is ahead of the real one."""
        return self._offset if self._still is None else self._still - time.time()

    def now(self) -> datetime:
        """Return the present moment, in UTC."""
        return datetime.fromtimestamp(self.seconds, UTC)

    async def move(self, by: timedelta) -> None:
        """Move the clock, backwards when `by` is negative."""
        if self._still is None:
            self._offset += by.total_seconds()
        else:
            self._still += by.total_seconds()
        await self._moved()

    async def set(self, moment: datetime) -> None:
        """Set the clock to `moment`, which has a zone; a frozen clock stays frozen."""
        if self._still is None:
            self._offset = _moment(moment) - time.time()
        else:
            self._still = _moment(moment)
        await self._moved()

    async def changed(self, after: int, seconds: float) -> None:
        """Return when the version is above `after`, or when `seconds` have passed."""
        if self.version > after:
            return
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiting)
        try:
            await asyncio.wait((waiting,), timeout=seconds)
        finally:
            self._waiting.discard(waiting)

    def release(self) -> None:
        """Let go of everybody who waits for a move."""
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)

    def record(self) -> dict[str, float | int | None]:
        """Return what has to be kept over a restart."""
        return {"still": self._still, "offset": self._offset, "version": self.version}

    def restore(self, record: dict[str, float | int | None]) -> None:
        """Go on where `record` stopped."""
        self._still = record["still"]
        self._offset = record["offset"] or 0.0
        self.version = int(record["version"] or 0)

    async def _moved(self) -> None:
        self.version += 1
        self.release()
        await self.on_move()


def _moment(moment: datetime) -> float:
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; write it with one, such as +00:00.")
    return moment.timestamp()
