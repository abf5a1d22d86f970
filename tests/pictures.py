"""The pictures of the README, taken on the real thing: `python -m tests.pictures`."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from bot.simulator import LocalTelegram
from tests.browser import Phone, browser
from tests.conftest import NOW, House, settings_in
from tests.test_chat_cases import Told

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
LARGEST = 250_000  # bytes


async def take(folder: Path) -> None:
    """Walk a CP504 in the browser and keep the screens worth showing."""
    telegram = LocalTelegram(now=NOW)
    house = House(telegram, await telegram.start(), settings_in(folder))
    try:
        async with browser() as opened, house.running():
            phone = await Phone.at(opened, house.url)

            async def picture(name: str, phone: Phone = phone) -> None:
                await phone.page.mouse.move(0, 0)
                await phone.page.wait_for_timeout(400)  # what moves has come to rest
                file = PICTURES / f"{name}.png"
                await phone.page.screenshot(path=file)
                if file.stat().st_size > LARGEST:
                    raise SystemExit(f"{file.name} is larger than {LARGEST} bytes")

            await phone.starts()
            await picture("start")
            await phone.walks_to_the_deadline()
            await picture("deadline")
            await phone.confirms()
            await phone.taps("Go on")
            await phone.taps("2023")
            await phone.sees("How much does the letter say you owe?")
            await phone.says("$12,345.67")
            await phone.taps("No, that is all")
            await phone.sees("Have you checked it yourself")
            await picture("check")
            await phone.taps("My account shows this notice")
            await phone.sees("This is real")
            await phone.taps("I have read this")
            await phone.says("/case")
            await phone.sees("Your case")
            await picture("case")

            told = Told(
                house.chat("Ben"), folder, period__amount="18,400", money__comes_in="4,200",
                money__goes_out="3,700", money__monthly="350",
            )  # fmt: skip
            await told.until("ways.chosen")
            ben = await Phone.at(opened, house.url, "Ben")
            await ben.page.wait_for_timeout(400)
            await ben.messages.last.evaluate("one => one.scrollIntoView({block: 'start'})")
            await picture("ways", ben)
            await ben.taps("Take: Simple Payment Plan")
            await ben.taps("Today")
            await ben.says("/case")
            await ben.taps("My plan")
            await ben.sees("Ask for the plan online")
            await picture("plan", ben)
            await ben.says("/case")
            await ben.taps("I am on a call")
            await ben.taps("They will write or call back")
            await ben.taps("In 30 days")
            await ben.says("Ms. Lee, ID 1000 234 567")
            await ben.sees("They will write or call back")
            await picture("calls", ben)

            await phone.moves_the_clock(days=9)
            await phone.sees("Reminder 1 of 5: The IRS waits until this day")
            await picture("reminder")
    finally:
        await telegram.stop()


def main() -> None:
    """Take every picture again."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(take(Path(folder)))


if __name__ == "__main__":
    main()
