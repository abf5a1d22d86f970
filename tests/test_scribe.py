"""Reminders put into words in a process beside the bot: the same words, and none that were overtaken."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot import notices
from bot.scribe import Scribe, Scribes
from bot.simulator import LocalTelegram
from bot.store import Row
from tests.conftest import NOW, House, settings_in
from tests.test_chat import is_reminded, reminders

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot import run
    from bot.config import Settings

PAID = {"PRELIEN_BULK_PER_SECOND": "1000"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path, **PAID)


@pytest.fixture
async def plain(tmp_path: Path) -> AsyncIterator[House]:
    """A house at the usual pace, where the loop puts everything into words."""
    telegram = LocalTelegram(now=NOW)
    url = await telegram.start()
    (tmp_path / "plain").mkdir()
    yield House(telegram, url, settings_in(tmp_path / "plain"))
    await telegram.stop()


def scribes_of(parts: run.Parts) -> list[Scribe]:
    assert parts.app.scribes is not None
    return parts.app.scribes._all


async def test_at_a_paid_pace_a_scribe_says_what_the_bot_would_have_said(house: House, plain: House) -> None:
    said = []
    for one in (house, plain):
        async with one.running() as parts:
            chat = one.chat()
            await is_reminded(chat)
            await one.moves(days=9)
            said.append([shown.text for shown in reminders(chat)])
            if one is house:
                assert any(scribe._process is not None for scribe in scribes_of(parts))
                assert parts.app._ahead == {}

    assert said[0]
    assert said[0] == said[1]
    paid = [call.params.get("allow_paid_broadcast") for call in house.telegram.calls]
    assert paid.count(True) >= len(said[0])
    assert not any(call.params.get("allow_paid_broadcast") for call in plain.telegram.calls)


async def test_what_somebody_changes_in_between_is_put_into_words_anew(house: House) -> None:
    async with house.running() as parts:
        ana, bo = house.chat("Ana"), house.chat("Bo")
        await is_reminded(ana)
        await is_reminded(bo)
        house.telegram.faults.down = True
        await house.telegram.clock.move(timedelta(days=9))
        async with asyncio.timeout(10):
            while len(parts.app._ahead) < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        house.telegram.faults.down = False
        update = await ana.person.says("/case")
        async with asyncio.timeout(30):
            await house.telegram.confirmed(update, within=None)
            await house.settled()

        assert len(reminders(ana)) == len(reminders(bo)) == 1


async def test_who_was_just_answered_has_nothing_ahead(house: House) -> None:
    async with house.running() as parts:
        chat = house.chat()
        await is_reminded(chat)
        await parts.outbox.stop()
        await house.telegram.clock.move(timedelta(days=9))
        async with asyncio.timeout(10):
            while not parts.app._ahead:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await house.telegram.confirmed(await chat.person.says("/case"))

        assert parts.app._ahead == {}


async def test_a_scribe_that_dies_is_started_again_and_nothing_is_lost(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    async with house.running() as parts:
        chat = house.chat()
        await is_reminded(chat)
        for scribe in scribes_of(parts):
            await scribe.close()
            scribe._command, command = ("-c", "import sys; sys.exit(3)"), scribe._command
        await house.moves(days=9)
        assert len(reminders(chat)) == 1
        assert "a scribe failed" in caplog.text

        scribe._command = command
        rows = [Row(1, None, chat.person.chat_id, notices.UNASKED, notices.Nudge().body())]
        assert set(await scribe.words(rows, house.telegram.clock.now())) == {1}


async def test_a_scribe_ends_with_its_bot(settings: Settings) -> None:
    one = Scribes(settings.database, settings.dialogs, settings.templates)._all[0]
    settings.database.touch()
    assert await one.words([], NOW) == {}
    process = one._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()
    async with asyncio.timeout(10):
        assert await process.wait() == 0
