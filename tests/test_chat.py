"""Whole conversations, as they are talked. Today is Monday, November 23, 2026, 10:00 in New York."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from bot.simulator import Shown
    from tests.conftest import Chat, House

NEW_YORK = ZoneInfo("America/New_York")


async def begins(chat: Chat, city: str = "New York") -> None:
    await chat.says("/start")
    await chat.taps("I understand")
    await chat.taps(city)


async def has_a_plain_letter(chat: Chat) -> None:
    """Say that a letter came in the mail on which nothing looks odd."""
    await chat.taps("A letter came in the mail")
    await chat.taps("The IRS")
    await chat.ticks("Nothing like this")
    await chat.ticks("Nothing looks odd")
    await chat.taps("Yes, or probably")


async def tells(
    chat: Chat, number: str = "CP504", dated: str = "November 16, 2026", printed: str = ""
) -> None:
    """Tell of a letter in the mail, as far as its tax years."""
    await has_a_plain_letter(chat)
    await chat.says(number)
    await chat.says(dated)
    if printed:
        await chat.says(printed)
    else:
        await chat.taps("No date is printed")


async def owes(chat: Chat, year: str = "2023", amount: str = "$12,345.67") -> None:
    await chat.taps(year)
    await chat.says(amount)


async def reads_on(chat: Chat) -> None:
    """Finish the years and read the verdict: the deadline is on the screen."""
    await chat.taps("No, that is all")
    await chat.taps("I have read this")


async def is_reminded(
    chat: Chat, number: str = "CP504", dated: str = "November 16, 2026", printed: str = ""
) -> None:
    """Walk a letter to its planned reminders."""
    await begins(chat)
    await tells(chat, number, dated, printed)
    await owes(chat)
    await reads_on(chat)
    await chat.taps("remind me")


def reminders(chat: Chat) -> list[Shown]:
    return [one for one in chat.person.messages if one.text.startswith(("Reminder", "The day has passed"))]


def local(shown: Shown) -> str:
    return f"{shown.date.astimezone(NEW_YORK):%Y-%m-%d %H:%M}"


def rows(house: House, table: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(house.settings.database)) as database:
        return database.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608  own names


def kept(house: House) -> bytes:
    """Every byte the bot has on the disk."""
    folder = house.settings.database.parent
    return b"".join(file.read_bytes() for file in sorted(folder.glob("prelien.sqlite*")))


# ---------------------------------------------------------------- letters


async def test_a_cp504_is_walked_to_a_reminder_at_nine_in_the_morning(chat: Chat) -> None:
    await begins(chat, "Chicago")
    await tells(chat, "cp 504")
    await owes(chat)
    assert "2023: $12,345.67" in chat.screen
    await chat.taps("No, that is all")
    assert "This looks real" in chat.screen
    await chat.taps("I have read this")
    assert "The IRS waits until then before it may take a state refund" in chat.screen
    assert "Wednesday, December 16, 2026 (23 days left)" in chat.screen
    assert "Counting 30 days from November 16, 2026" in chat.screen
    await chat.taps("remind me")
    assert "Wednesday, December 2, 2026, 9:00 AM" in chat.screen

    await chat.house.moves(days=8, hours=23, minutes=59)
    assert reminders(chat) == []
    await chat.house.moves(minutes=1)

    assert chat.last.text.startswith("Reminder: The IRS waits until then")
    assert f"{chat.last.date.astimezone(ZoneInfo('America/Chicago')):%A %H:%M}" == "Wednesday 09:00"
    assert [button.label for row in chat.last.buttons for button in row] == [
        "Done",
        "Snooze",
        "Stop",
        "Open the case",
    ]


async def test_an_lt11_gives_a_day_a_safe_day_and_a_second_chance(chat: Chat) -> None:
    await begins(chat)
    await tells(chat, "lt11", "October 30, 2026")  # the 30th day is Sunday, November 29
    await owes(chat)
    await reads_on(chat)

    assert "Your last day to ask for a hearing:\nMonday, November 30, 2026 (7 days left)" in chat.screen
    assert "Safe day to aim for: Friday, November 27, 2026" in chat.screen
    assert "By law the last day moves to Monday, November 30, 2026" in chat.screen
    assert "weaker hearing" in chat.screen

    await chat.taps("remind me")
    assert "Tuesday, November 24, 2026, 9:00 AM" in chat.screen
    await chat.says("/case")
    assert "Letter: LT11 of October 30, 2026" in chat.screen


async def test_the_printed_date_of_an_lt11_wins_over_the_count(chat: Chat) -> None:
    await begins(chat)
    await tells(chat, "LT11", "November 6, 2026", printed="December 4, 2026")
    await owes(chat)
    await reads_on(chat)

    assert "Friday, December 4, 2026 (11 days left)" in chat.screen
    assert "sooner than our count (December 7, 2026)" in chat.screen


async def test_after_the_last_day_of_an_lt11_it_says_what_is_still_possible(chat: Chat) -> None:
    await begins(chat)
    await tells(chat, "Letter 1058", "September 1, 2026")
    await owes(chat)
    await reads_on(chat)

    assert "Thursday, October 1, 2026 (passed)" in chat.screen
    assert "still ask for the weaker hearing (equivalent hearing) with Form 12153" in chat.screen
    await chat.taps("I have read this")
    await chat.taps("Not checked yet")
    assert "that day is over. Tap Deadlines to see what is still possible" in chat.screen
    await chat.taps("Deadlines")
    assert "You can ask for a manager" in chat.screen


async def test_the_day_printed_on_letter_3172_is_the_one_that_counts(chat: Chat) -> None:
    await begins(chat)
    await tells(chat, "3172", "November 16, 2026", printed="12/24/2026")
    await owes(chat)
    await reads_on(chat)

    assert "Your last day to ask for a hearing about the lien notice:" in chat.screen
    assert "Thursday, December 24, 2026 (31 days left)" in chat.screen
    assert "That day counts." in chat.screen


async def test_a_gift_card_demand_by_phone_is_called_a_scam(chat: Chat) -> None:
    await begins(chat)
    await chat.taps("Someone phoned me")
    await chat.taps("The IRS")
    await chat.ticks("Gift cards")
    await chat.taps("No letter")
    await chat.taps("No, I do not think so")

    assert "This is a scam" in chat.screen
    await chat.taps("I have read this")
    assert "Without a letter on paper there is no deadline" in chat.screen
    await chat.taps("I have read this")
    await chat.taps("Not looked yet")
    assert "Your case" in chat.screen


async def test_a_collector_without_the_irs_letter_is_not_trusted(chat: Chat) -> None:
    await begins(chat)
    await chat.taps("A private debt collector")
    assert "CP40" in chat.screen
    await chat.taps("No")
    await chat.ticks("None of these")
    await chat.ticks("None of these")
    await chat.taps("No letter")
    await chat.taps("Not sure")

    assert "CP40" in chat.screen
    assert "This looks real" not in chat.screen


async def test_an_unknown_notice_number_has_a_way_on(chat: Chat) -> None:
    await begins(chat)
    await has_a_plain_letter(chat)
    await chat.says("CP999X")
    assert "I do not know that number" in chat.screen
    await chat.taps("No number, or not in this list")
    await chat.taps("Levy")
    await chat.says("2026-11-16")
    await chat.says("2026-12-07")
    await owes(chat)
    await reads_on(chat)

    assert "Monday, December 7, 2026 (14 days left)" in chat.screen
    await chat.taps("remind me")
    await chat.house.moves(days=7)
    assert local(chat.last) == "2026-11-30 10:00"
    assert chat.last.text.startswith("Reminder")


async def test_who_is_not_sure_of_anything_is_still_led_to_the_end(chat: Chat) -> None:
    await begins(chat)
    await chat.taps("Not sure")
    await chat.taps("Not sure")
    await chat.ticks("None of these, or not sure")
    await chat.ticks("None of these, or not sure")
    await chat.ticks("None of these, or not sure")
    await chat.taps("Yes, I have a letter")
    await chat.taps("Not sure")
    await chat.taps("No number")
    await chat.taps("Not sure")
    await chat.taps("Not sure")
    await chat.taps("No date is printed")
    await chat.says("not sure, maybe 2022")
    await chat.taps("Not sure")
    await reads_on(chat)

    assert "I cannot work out a deadline from this" in chat.screen
    assert "That does not mean you have time" in chat.screen
    await chat.taps("I have read this")
    await chat.taps("Not checked yet")
    assert "Letter: number not known" in chat.screen


async def test_several_years_of_a_large_bill_shorten_the_time_to_pay(chat: Chat) -> None:
    await begins(chat)
    await tells(chat, "CP14")
    await owes(chat, "2023", "60000")
    await chat.taps("Add another year")
    await owes(chat, "2022", "$40,000.00")
    assert "Together $100,000" in chat.screen
    await chat.taps("Add another year")
    await owes(chat, "2021", "1")
    await chat.taps("Remove 2021")
    assert "2021" not in chat.screen
    await reads_on(chat)

    assert "Tuesday, December 1, 2026 (8 days left)" in chat.screen
    assert "10 business days" in chat.screen
    await chat.taps("Something is wrong here")
    await chat.taps("✎ 14")
    await chat.taps("Remove 2022")
    await chat.taps("Go on")
    assert "Monday, December 7, 2026 (14 days left)" in chat.screen
