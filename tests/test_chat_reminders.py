"""Reminders as people meet them: a whole case, several at once, quiet hours, trouble, and what they can steer."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import icalendar
import pytest

from bot import outbox
from bot.rules import tasks
from bot.rules.tasks import Task
from tests.test_chat import begins, is_reminded, newest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.rules.matter import Matter
    from bot.simulator import Shown
    from tests.conftest import Chat, House

NEW_YORK = ZoneInfo("America/New_York")
UNASKED = ("Reminder", "The day has passed", "Still to do")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let messages in one chat follow each other closely; their pace is looked at in test_outbox.py."""
    monkeypatch.setattr(outbox, "PER_CHAT", 0.05)


def unasked(chat: Chat) -> list[Shown]:
    """Return the reminders; a nudge and the pinned card are none."""
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


async def test_a_whole_year_of_a_case(chat: Chat) -> None:
    await is_reminded(chat, "LT11", "November 16, 2026")
    await lives(chat, "2026-12-09 12:00")
    await chat.taps("Snooze")
    await chat.taps("Pick a day")
    await chat.taps("Saturday, December 12, 2026")
    await lives(chat, "2027-11-13 12:00")
    await chat.taps("Done")
    await chat.taps("I asked for the hearing")
    await lives(chat, "2027-11-30 12:00")

    pay, hearing, weaker = (
        "Pay by this day",
        "Your last day to ask for a hearing",
        "Your last day to ask for the weaker",
    )
    told = [
        ("2026-12-02", f"Reminder 1 of 5: {hearing}"),
        ("2026-12-04", f"Reminder 1 of 2: {pay}"),
        ("2026-12-05", f"Reminder 1 of 2: {pay}"),  # asked again: nobody answered
        ("2026-12-07", f"Reminder 2 of 2: {pay}"),
        ("2026-12-08", f"The day has passed: {pay}"),
        # The one of December 9 is the answer to its own button now.
        ("2026-12-12", f"Reminder 2 of 5: {hearing}"),  # as it was put off
        ("2026-12-13", f"Reminder 3 of 5: {hearing}"),
        ("2026-12-14", f"Reminder 3 of 5: {hearing}"),
        ("2026-12-15", f"Reminder 4 of 5: {hearing}"),
        ("2026-12-16", f"Reminder 5 of 5: {hearing}"),
        ("2026-12-17", f"The day has passed: {hearing}"),
        # The clock went forward and back in between; the one of November 13 was answered: it is done.
    ]
    found = unasked(chat)
    assert [f"{one.date.astimezone(NEW_YORK):%Y-%m-%d}" for one in found] == [day for day, _ in told]
    for one, (_, words) in zip(found, told, strict=True):
        assert one.text.startswith(words)
        assert at(one)[6:] == "09:00"
    closed = next(one for one in reversed(chat.person.messages) if one.text.startswith("Done."))
    assert weaker in closed.text
    assert f"{closed.date.astimezone(NEW_YORK):%Y-%m-%d %H:%M}" == "2027-11-13 09:00"


async def test_the_hour_the_quiet_hours_and_the_zone_are_the_persons_own(chat: Chat) -> None:
    await is_reminded(chat)
    await chat.says("/reminders")
    assert "They come at 9:00 AM, Eastern time (New York). Quiet from 9:00 PM to 8:00 AM." in chat.screen
    await chat.taps("Time of day")
    await chat.taps("6:00 PM")
    assert "Wednesday, December 2, 2026, 6:00 PM" in chat.screen
    await chat.taps("Quiet hours")
    await chat.taps("8:00 PM to 9:00 AM")
    await chat.taps("Time zone")
    await chat.says("Honolulu")
    await chat.says("/reminders")
    assert "They come at 6:00 PM, Hawaii (Honolulu). Quiet from 8:00 PM to 9:00 AM." in chat.screen

    honolulu = ZoneInfo("Pacific/Honolulu")
    await to(chat, "2026-12-02 17:59", honolulu)
    assert unasked(chat) == []
    await to(chat, "2026-12-02 18:00", honolulu)
    (one,) = unasked(chat)
    assert "Wednesday, December 16, 2026 (14 days left)" in one.text  # another zone moves no day


async def test_a_shared_location_moves_the_clock_and_no_deadline(chat: Chat) -> None:
    await is_reminded(chat)
    await chat.says("/reminders")
    await chat.taps("Time zone")
    await chat.says("Honolulu")
    await chat.says("/case")
    await chat.sends("location")  # Washington, D.C.
    assert "Your clock is now Eastern time (New York)" in chat.screen
    assert "I did not keep the place itself" in chat.screen
    assert "December 16, 2026" in chat.screen

    await to(chat, "2026-12-02 09:00")
    assert len(unasked(chat)) == 1


async def test_all_can_be_turned_off_and_on_again(chat: Chat) -> None:
    await is_reminded(chat)
    await chat.says("/reminders")
    await chat.taps("Turn all off")
    assert "They are all off. No day moves because of that" in chat.screen
    await chat.says("/case")
    assert "All reminders are off: turn them on under Reminders." in chat.screen
    assert "too late for a reminder" not in chat.screen
    await chat.taps("Reminders")
    await to(chat, "2026-12-05 09:00")
    assert unasked(chat) == []
    await chat.taps("Turn them on again")
    assert "Monday, December 7, 2026, 9:00 AM" in chat.screen
    await to(chat, "2026-12-07 09:00")

    assert [at(one) for one in unasked(chat)] == ["12-07 09:00"]


async def test_the_days_go_into_the_persons_own_calendar(chat: Chat) -> None:
    await is_reminded(chat, "LT11", "November 13, 2026")  # December 13 is a Sunday
    await chat.says("/reminders")
    await chat.taps("Calendar file")

    (file,) = [one for one in chat.person.messages if one.kind == "document"]
    assert "days for your own calendar" in file.text
    (kept,) = chat.house.telegram.world.files.values()
    assert (kept.name, kept.mime) == ("prelien-days.ics", "text/calendar")
    days = icalendar.Calendar.from_ical(kept.data).walk("VEVENT")
    read = {str(one["SUMMARY"]): one.decoded("DTSTART") for one in days}
    assert read["Safe day: Your last day to ask for a hearing"] == date(2026, 12, 11)
    assert read["Your last day to ask for a hearing"] == date(2026, 12, 14)
    assert all(len(one.walk("VALARM")) == 2 for one in days)
    assert len({str(one["UID"]) for one in days}) == len(days)


async def test_a_clock_that_is_set_back_says_nothing_twice_and_one_set_forward_says_all_once(
    chat: Chat,
) -> None:
    await is_reminded(chat)
    await to(chat, "2026-12-02 09:00")
    assert len(unasked(chat)) == 1
    await to(chat, "2026-11-25 12:00")
    await chat.says("/case")
    await to(chat, "2026-12-02 10:00")
    assert len(unasked(chat)) == 1
    await to(chat, "2026-12-10 09:00")

    assert len(unasked(chat)) == 2
    assert unasked(chat)[1].text.startswith("2 things to keep in mind")


@pytest.mark.parametrize(
    ("down", "said"),
    [
        ("2026-12-02 10:00", ["Reminder 1 of 5:"]),  # an hour
        ("2026-12-03 10:00", ["Reminder 1 of 5:"]),  # a day
        ("2026-12-10 10:00", ["2 things to keep"]),  # a week
        ("2026-12-20 10:00", ["2 things to keep"]),  # until all is over
    ],
)
async def test_what_came_due_while_the_bot_was_down_comes_once(
    house: House, down: str, said: list[str]
) -> None:
    chat = house.chat()
    async with house.running():
        await is_reminded(chat)
    then = datetime.fromisoformat(down).replace(tzinfo=NEW_YORK)
    await house.telegram.clock.move(then - house.telegram.clock.now())
    async with house.running() as parts:
        await parts.app.tick()
        await house.settled()
        found = unasked(chat)
        await parts.app.tick()
        await house.settled()
        assert unasked(chat) == found
    assert [" ".join(one.text.split()[:4]) for one in found] == said
    if "20" in down[8:10]:
        assert found[0].text.count("Tap to see what is still possible") == 2


async def test_who_comes_back_after_blocking_the_bot_hears_once_what_came_due(house: House) -> None:
    chat = house.chat()
    async with house.running():
        await is_reminded(chat)
        await house.taken(await chat.person.blocks())
        await house.moves(days=15)
        assert unasked(chat) == []
        await house.taken(await chat.person.unblocks())
        await chat.says("/case")
        await house.moves(minutes=1)
    assert [" ".join(one.text.split()[:4]) for one in unasked(chat)] == ["2 things to keep"]


async def test_a_bot_on_yesterdays_copy_says_what_it_knows_last_and_reminds_once(house: House) -> None:
    chat = house.chat()
    file = house.settings.database
    async with house.running():
        await is_reminded(chat, "LT11", "November 6, 2026")
    copy = file.read_bytes()
    async with house.running():
        await chat.says("/case")
        await chat.taps("Go on")
        await to(chat, "2026-11-24 09:00")
        await to(chat, "2026-11-27 09:00")
        before = len(unasked(chat))
        assert before == 2
    for one in file.parent.glob(file.name + "*"):
        one.unlink()
    file.write_bytes(copy)
    async with house.running():
        await house.settled()
        assert len(unasked(chat)) == before + 1
        assert unasked(chat)[-1].text.startswith("2 things to keep in mind")
        await chat.says("12345")
        assert "I had to go back to an older copy of my notes" in chat.screen
        assert "The last answer I have is" in chat.screen
        await chat.says("/case")
        assert "older copy" not in chat.screen


async def test_what_comes_each_month_plans_its_next_when_one_is_told(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def payments(matter: Matter) -> Iterator[Task]:
        """The next two payments, each on the 15th; one is open until the day after."""
        year, month = matter.today.year, matter.today.month + (matter.today.day > 16)
        for more in range(2):
            at = year * 12 + month - 1 + more
            day = date(at // 12, at % 12 + 1, 15)
            yield Task("payment", day, day.year * 100 + day.month)

    monkeypatch.setattr(tasks, "SOURCES", [payments])
    await begins(chat)
    await chat.taps("A letter came in the mail")
    await lives(chat, "2027-04-01 12:00")

    told = [one for one in chat.said if one.startswith("Your monthly payment")]
    assert len(told) == 3 * 4  # three days before, on the day, the day after: December to March
    assert "Monday, March 15, 2027 (3 days left)" in told[-3]
    assert "Did it go through?" in told[-1]
