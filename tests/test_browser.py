"""The whole walk in a real browser: a person with a phone, the bot, and a clock that is moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.browser import Phone, browser, needs_chromium

if TYPE_CHECKING:
    from tests.conftest import House

pytestmark = pytest.mark.browser


async def test_a_cp504_is_walked_on_a_phone_to_a_reminder_that_is_done(house: House) -> None:
    needs_chromium()
    async with browser() as opened, house.running():
        phone = await Phone.at(opened, house.url)
        faults: list[str] = []
        phone.page.on("pageerror", lambda error: faults.append(str(error)))
        phone.page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)

        await phone.starts()
        await phone.walks_to_the_deadline()
        await phone.confirms()
        await phone.moves_the_clock(days=9)
        await phone.sees("Reminder 1 of 5: The IRS waits until this day")
        await phone.taps("Done")
        await phone.sees("no more reminders")
        await phone.taps("Something else")
        await expect(phone.messages.last).to_contain_text("Keep your proof")

        wide = await phone.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide
        assert faults == []
