"""The chat page of the local Telegram in a real browser."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from html import escape

import pytest
import telegram
from playwright.async_api import expect
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import NetworkError

from bot.simulator import LocalTelegram
from tests.browser import browser, needs_chromium

pytestmark = pytest.mark.browser


async def echo(bot: telegram.Bot) -> None:
    """Repeat what people write, and count their taps in place."""
    offset = 0
    while True:
        try:
            updates = await bot.get_updates(offset=offset, timeout=20)
        except NetworkError:
            return
        for update in updates:
            offset = update.update_id + 1
            if update.message is not None:
                markup = InlineKeyboardMarkup([[InlineKeyboardButton("Tap me", callback_data="1")]])
                text = f"<b>You wrote</b> {escape(update.message.text or '')}"
                await bot.send_message(update.message.chat_id, text, parse_mode="HTML", reply_markup=markup)
            elif update.callback_query is not None and update.callback_query.message is not None:
                query, message = update.callback_query, update.callback_query.message
                assert message is not None
                count = int(query.data or 0)
                markup = InlineKeyboardMarkup(
                    [[InlineKeyboardButton("Again", callback_data=str(count + 1), style="success")]]
                )
                await query.answer(f"Tap {count}")
                await bot.edit_message_text(
                    f"Tapped {count}", message.chat.id, message.message_id, reply_markup=markup
                )


async def test_somebody_chats_in_the_browser() -> None:
    needs_chromium()
    local = LocalTelegram(now=datetime(2026, 11, 2, 15, tzinfo=UTC))
    url = await local.start()
    async with (
        telegram.Bot("8081:local", base_url=f"{url}/bot", base_file_url=f"{url}/file/bot") as bot,
        browser() as opened,
    ):
        await bot.set_my_description("It says what you say.")
        echoing = asyncio.create_task(echo(bot))
        page = await opened.new_page(viewport={"width": 390, "height": 844}, timezone_id="UTC")
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)

        await page.goto(f"{url}/?person=Ana")
        await expect(page.get_by_text("It says what you say.")).to_be_visible()
        await page.get_by_test_id("start").click()
        messages = page.get_by_test_id("message")
        await expect(messages).to_have_count(2)
        await expect(messages.first).to_have_attribute("data-mine", "true")

        await page.get_by_test_id("input").fill("x < y & z")
        await page.keyboard.press("Enter")
        await expect(messages.nth(2)).to_contain_text("x < y & z")
        await page.get_by_test_id("input").fill("plain")
        await page.get_by_test_id("send").click()
        await expect(messages.last.locator("b")).to_have_text("You wrote")
        await messages.last.get_by_test_id("button").click()
        await expect(page.get_by_test_id("toast")).to_have_text("Tap 1")
        await expect(messages.last).to_contain_text("Tapped 1")
        again = messages.last.get_by_test_id("button")
        await expect(again).to_have_text("Again")
        await expect(again).to_have_class(re.compile("success"))
        await again.press("Enter")
        await expect(messages.last).to_contain_text("Tapped 2")

        await page.get_by_test_id("clock-day").click()
        await expect(page.get_by_test_id("clock-now")).to_contain_text("Nov 3")
        assert local.clock.now() == datetime(2026, 11, 3, 15, tzinfo=UTC)
        await bot.send_chat_action(local.person("Ana").chat_id, "typing")
        await expect(page.get_by_test_id("typing")).to_be_visible()

        await page.get_by_role("button", name="Back to the chats").click()
        await page.get_by_test_id("new-person").click()
        await page.get_by_test_id("new-person-name").fill("Bob")
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("start")).to_be_visible()
        await page.get_by_role("button", name="Back to the chats").click()
        await page.get_by_test_id("person-Ana").click()
        await expect(messages).to_have_count(6)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert faults == []

        await local.stop()
        await echoing
