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
