"""The ground of the tests: a fixed day, a real bot on a real local Telegram, a real database file."""

from __future__ import annotations

import asyncio
import gc
import logging
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

import hypothesis
import pytest

from bot import config, run
from bot.clock import LocalClock
from bot.simulator import LocalTelegram

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path
    from typing import Literal

    from bot import engine
    from bot.simulator import Person, Shown
    from bot.words import Words

    Kind = Literal["photo", "document", "sticker", "voice", "location", "contact", "video"]

gc.set_threshold(*config.QUIET_GC)  # as the bot itself
hypothesis.settings.register_profile("house", deadline=None)  # a shared machine is no stop watch
hypothesis.settings.load_profile("house")

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # Monday, 10:00 in New York


def settings_in(folder: Path, **changes: str) -> config.Settings:
    """Return settings with a database in `folder`."""
    return config.read({"PRELIEN_DATABASE": str(folder / "prelien.sqlite"), **changes})


@cache
def at_home(dialogs: Path, templates: Path) -> tuple[engine.House, Words] | None:
    """Read what the bot knows once for all tests; None where a test brings its own."""
    settings = config.read({})
    usual = (dialogs, templates) == (settings.dialogs, settings.templates)
    return run.at_home(settings) if usual else None


class Chat:
    """One person's chat with a running bot, as it is talked: says, taps, ticks, and what is on the screen."""

    def __init__(self, house: House, person: Person) -> None:
        self.house = house
        self.person = person

    async def says(self, text: str) -> None:
        await self.house.taken(await self.person.says(text))

    async def taps(self, label: str) -> None:
        await self.house.taken(await self.person.taps(label))

    async def ticks(self, *labels: str) -> None:
        """Tick what is true and confirm it; "None of these" is an answer at once."""
        for label in labels:
            ticked = any(label in one and one[0] in "☐☑" for one in self.buttons)
            await self.taps(label)
        if ticked:
            await self.taps("Done")

    async def sends(
        self, kind: Kind, caption: str = "", data: bytes = b"", name: str = "", album: str = ""
    ) -> None:
        await self.house.taken(
            await self.person.sends(kind, caption=caption, data=data, name=name, album=album)
        )

    @property
    def screen(self) -> str:
        """What the bot's newest message with buttons says, the pinned card left out."""
        shown = [one for one in self.person.messages if not one.mine and one.buttons]
        return next(
            (one.text for one in reversed(shown) if not one.text.startswith("📌")), self.person.screen.text
        )

    @property
    def last(self) -> Shown:
        """The newest message of the bot."""
        return [one for one in self.person.messages if not one.mine][-1]

    @property
    def said(self) -> list[str]:
        """All messages of the bot, oldest first."""
        return [one.text for one in self.person.messages if not one.mine]

    @property
    def buttons(self) -> list[str]:
        shown = [one for one in self.person.messages if not one.mine and one.buttons]
        newest = next((one for one in reversed(shown) if not one.text.startswith("📌")), self.person.screen)
        return [button.label for row in newest.buttons for button in row]


class House:
    """A local Telegram and a bot on it, which can be stopped and started again."""

    def __init__(self, telegram: LocalTelegram, url: str, settings: config.Settings) -> None:
        self.telegram = telegram
        self.url = url
        self.settings = settings
        self.parts: run.Parts | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[run.Parts]:
        clock = LocalClock(self.url)
        await clock.ask()
        home = at_home(self.settings.dialogs, self.settings.templates)
        async with run.opened(self.settings, self.url, clock, home) as parts:
            self.parts = parts
            yield parts
        self.parts = None

    def chat(self, name: str = "Ana") -> Chat:
        return Chat(self, self.telegram.person(name))

    async def taken(self, update_id: int) -> None:
        """Wait until an update is confirmed and everything that came of it was sent and marked."""
        async with asyncio.timeout(10):
            await self.telegram.confirmed(update_id)
            await self.settled()

    async def settled(self) -> None:
        assert self.parts is not None
        await self.parts.fetcher.settled()
        await self.parts.outbox.settled()
        await self.parts.app.flush()  # as it would do by itself a moment later
        await self.parts.app.stored.wait()

    async def moves(self, **by: float) -> None:
        """Move the clock, and wait until the bot has done what became due."""
        assert self.parts is not None
        clock = self.parts.clock
        assert isinstance(clock, LocalClock)
        await self.telegram.clock.move(timedelta(**by))
        async with asyncio.timeout(10):
            await clock.reached(self.telegram.clock.version)
            await self.parts.app.tick()
            await self.settled()


@pytest.fixture
def settings(tmp_path: Path) -> config.Settings:
    return settings_in(tmp_path)


@pytest.fixture
async def house(settings: config.Settings) -> AsyncIterator[House]:
    telegram = LocalTelegram(now=NOW)
    url = await telegram.start()
    logging.getLogger("bot").setLevel(logging.DEBUG)
    try:
        yield House(telegram, url, settings)
    finally:
        await telegram.stop()


@pytest.fixture
async def chat(house: House) -> AsyncIterator[Chat]:
    async with house.running():
        yield house.chat()
