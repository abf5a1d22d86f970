"""Whole conversations, as they are talked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import Chat


async def begins(chat: Chat) -> None:
    await chat.says("/start")
    await chat.taps("I understand")
    await chat.taps("Chicago")


async def test_a_gift_card_demand_is_called_a_scam(chat: Chat) -> None:
    await begins(chat)
    await chat.taps("Someone phoned me")
    await chat.ticks("They want gift cards")
    await chat.taps("No letter")

    assert "This is a scam" in chat.screen


async def test_a_cp504_is_walked_to_a_reminder_on_the_phone(chat: Chat) -> None:
    await begins(chat)
    await chat.taps("A letter came in the mail")
    await chat.ticks("Nothing looks odd")
    await chat.says("cp 504")
    await chat.says("November 16, 2026")
    await chat.taps("No date is printed")
    await chat.taps("2023")
    await chat.says("$12,345.67")
    await chat.taps("No, that is all")
    await chat.taps("have read this, go on")
    assert "Wednesday, December 16, 2026" in chat.screen
    await chat.taps("remind me")
    await chat.house.moves(days=9)

    assert chat.last.text.startswith("Reminder: The IRS waits until then")
