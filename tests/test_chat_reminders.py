"""Reminders as people meet them: a whole case, several at once, quiet hours, trouble, and what they can steer."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bot import outbox
from tests.test_chat import is_reminded, newest

if TYPE_CHECKING:
    from bot.simulator import Shown
    from tests.conftest import Chat

NEW_YORK = ZoneInfo("America/New_York")
UNASKED = ("Reminder", "The day has passed", "Still to do", "Shall we go on?")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let messages in one chat follow each other closely; their pace is looked at in test_outbox.py."""
    monkeypatch.setattr(outbox, "PER_CHAT", 0.05)


def unasked(chat: Chat) -> list[Shown]:
    """Return what the bot said by itself, the pinned card left out."""
    return [
        one
        for one in chat.person.messages
        if not one.mine and (one.text.startswith(UNASKED) or "things to keep in mind" in one.text)
    ]


def at(shown: Shown, zone: ZoneInfo = NEW_YORK) -> str:
    return f"{shown.date.astimezone(zone):%m-%d %H:%M}"


async def to(chat: Chat, moment: str, zone: ZoneInfo = NEW_YORK) -> None:
    """Move the clock to a moment in one go: what lies between is done late."""
    then = datetime.fromisoformat(moment).replace(tzinfo=zone)
    await chat.house.moves(seconds=(then - chat.house.telegram.clock.now()).total_seconds())


async def lives(chat: Chat, until: str, zone: ZoneInfo = NEW_YORK) -> None:
    """Let the days go by, the bot awake on each at every full hour of the morning that may matter."""
    last = datetime.fromisoformat(until).replace(tzinfo=zone)
    while (now := chat.house.telegram.clock.now().astimezone(zone)) < last:
        day = now.date().isoformat()
        if now.hour < 9:
            await to(chat, f"{day} 09:00", zone)
        else:
            await chat.house.moves(hours=(24 - now.hour))


async def test_several_due_at_once_are_one_message_from_which_each_can_be_opened(chat: Chat) -> None:
    await is_reminded(chat)  # a CP504: the state refund on December 16, the day to pay by on December 7
    await to(chat, "2026-12-04 09:00")

    (one,) = unasked(chat)
    assert one.text.startswith("2 things to keep in mind")
    assert "I could not write since Wednesday, December 2, 2026" in one.text
    assert "1. Pay by this day and no more interest" in one.text
    assert "Monday, December 7, 2026 (3 days left)" in one.text
    assert "Wednesday, December 16, 2026 (12 days left)" in one.text
    await chat.taps("2. The IRS waits until this day")
    assert newest(chat).text.startswith("Reminder 1 of 5: The IRS waits")
    await chat.taps("Done")
    assert "What did you do?" in newest(chat).text


async def test_what_comes_due_in_the_night_of_a_broken_bot_waits_for_the_morning(chat: Chat) -> None:
    await is_reminded(chat)
    await to(chat, "2026-12-02 23:30")
    assert unasked(chat) == []
    await to(chat, "2026-12-03 07:59")
    assert unasked(chat) == []
    await to(chat, "2026-12-03 08:00")

    (one,) = unasked(chat)
    assert "This was to come on Wednesday, December 2, 2026. I could not write then." in one.text
    assert "13 days left" in one.text
