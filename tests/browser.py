"""Debian's chromium, and a phone in it on the chat page of the local Telegram."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import async_playwright, expect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")
HOW = "install it with: apt-get install chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def needs_chromium() -> None:
    """Without chromium the test is skipped by name, or fails where PRELIEN_NEEDS_BROWSER is set."""
    if not CHROMIUM.exists():
        test = os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0]
        missing = f"{test} did not run: {CHROMIUM} is not there; {HOW}"
        if os.environ.get("PRELIEN_NEEDS_BROWSER"):
            pytest.fail(missing, pytrace=False)
        pytest.skip(missing)


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """Open chromium."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        await opened.close()


class Phone:
    """A person with a phone in the hand: taps, writes, sees."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.messages = page.get_by_test_id("message")

    @classmethod
    async def at(cls, opened: Browser, url: str, person: str = "Ana") -> Phone:
        """Open the chat page at phone size, light, at twice the resolution."""
        page = await opened.new_page(
            viewport={"width": 390, "height": 844},
            device_scale_factor=2,
            color_scheme="light",
            timezone_id="America/New_York",
        )
        await page.goto(f"{url}/?person={person}")
        return cls(page)

    async def sees(self, text: str) -> None:
        newest = self.messages.filter(has_not_text="📌").last  # the pinned card is none of the talk
        await expect(newest).to_contain_text(text)

    async def taps(self, label: str) -> None:
        await self.page.get_by_test_id("button").filter(has_text=label).last.click()

    async def says(self, text: str) -> None:
        await self.page.get_by_test_id("input").fill(text)
        await self.page.keyboard.press("Enter")

    async def starts(self) -> None:
        await self.page.get_by_test_id("start").click()
        await self.sees("I am not the IRS")

    async def walks_to_the_deadline(self) -> None:
        """Answer every question about a CP504, from the first screen to the day that counts."""
        await self.taps("I understand")
        await self.sees("Which clock do you live by?")
        await self.taps("New York")
        await self.sees("How did they reach you?")
        await self.taps("A letter came in the mail")
        await self.sees("Who sent it?")
        await self.taps("The IRS")
        await self.taps("Nothing like this")
        await self.sees("small things")
        await self.taps("Nothing looks odd")
        await self.sees("What is the number of the letter?")
        await self.says("cp 504")
        await self.sees("What is the date on the letter?")
        await self.says("November 16, 2026")
        await self.sees("Is a date printed")
        await self.taps("No date is printed")
        await self.sees("This looks real")
        await self.taps("I have read this")
        await self.sees("Wednesday, December 16, 2026")

    async def confirms(self) -> None:
        await self.taps("remind me")
        await self.sees("Your reminders")

    async def moves_the_clock(self, days: int) -> None:
        weeks, rest = divmod(days, 7)
        for _ in range(weeks):
            await self.page.get_by_test_id("clock-week").click()
        for _ in range(rest):
            await self.page.get_by_test_id("clock-day").click()
