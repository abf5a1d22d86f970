"""Somebody says that they do not want to live on: the person comes before the tax."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from tests.conftest import Chat


async def test_words_of_despair_are_answered_with_988_and_nothing_is_asked(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    await chat.says("/start")
    await chat.taps("I understand")
    before = chat.screen
    await chat.says("I want to kill myself over this")

    assert "988" in chat.last.text
    assert "The tax can wait a day" in chat.last.text
    assert chat.screen == before
    assert "kill" not in caplog.text
    await chat.says("Chicago")
    assert "How did they reach you" in chat.screen
