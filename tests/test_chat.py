"""Whole conversations, as they are talked. Today is Monday, November 23, 2026, 10:00 in New York."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

if TYPE_CHECKING:
    from bot.simulator import Shown
    from tests.conftest import Chat, House, Kind

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


async def tells(
    chat: Chat, number: str = "CP504", dated: str = "November 16, 2026", printed: str = ""
) -> None:
    """Tell of a letter in the mail: the verdict is on the screen."""
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
    """Read the verdict: the deadline is on the screen."""
    await chat.taps("I have read this")


async def confirms(chat: Chat) -> None:
    """Confirm the deadline and tell the years, where they are not told yet."""
    await chat.taps("remind me")
    await chat.taps("Go on")
    await owes(chat)
    await chat.taps("No, that is all")


async def is_reminded(
    chat: Chat, number: str = "CP504", dated: str = "November 16, 2026", printed: str = ""
) -> None:
    """Walk a letter to its planned reminders, its years told."""
    await begins(chat)
    await tells(chat, number, dated, printed)
    await reads_on(chat)
    await confirms(chat)
    await chat.says("/case")
    await chat.taps("Reminders")


def reminders(chat: Chat) -> list[Shown]:
    return [one for one in chat.person.messages if one.text.startswith(("Reminder", "The day has passed"))]


def newest(chat: Chat) -> Shown:
    """Return the newest message that is neither a nudge nor the pinned card."""
    beside = ("Shall we go on?", "📌")
    return [one for one in chat.person.messages if not one.mine and not one.text.startswith(beside)][-1]


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
    assert "This looks real" in chat.screen
    await chat.taps("I have read this")
    assert "The IRS waits until this day before it may take a state refund" in chat.screen
    assert "Wednesday, December 16, 2026 (23 days left)" in chat.screen
    assert "Counting 30 days from November 16, 2026" in chat.screen
    await chat.taps("remind me")
    assert "Wednesday, December 2, 2026, 9:00 AM" in chat.screen
    await chat.taps("Go on")
    await owes(chat)
    assert "2023: $12,345.67" in chat.screen
    await chat.taps("No, that is all")

    await chat.house.moves(days=8, hours=23, minutes=59)
    assert reminders(chat) == []
    await chat.house.moves(minutes=1)

    assert chat.last.text.startswith("Reminder 1 of 5: The IRS waits until this day")
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
    await reads_on(chat)

    assert "Friday, December 4, 2026 (11 days left)" in chat.screen
    assert "sooner than our count (December 7, 2026)" in chat.screen


async def test_after_the_last_day_of_an_lt11_it_says_what_is_still_possible(chat: Chat) -> None:
    await begins(chat)
    await tells(chat, "Letter 1058", "September 1, 2026")
    await reads_on(chat)

    assert "Thursday, October 1, 2026 (passed)" in chat.screen
    assert "still ask for the weaker hearing (equivalent hearing) with Form 12153" in chat.screen
    await chat.taps("I have read this")
    await chat.taps("Go on")
    await owes(chat)
    await chat.taps("No, that is all")
    await chat.taps("Not checked yet")
    await chat.says("/case")
    assert "The day above is over. Tap Deadlines to see what is still possible" in chat.screen
    await chat.taps("Deadlines")
    assert "You can ask for a manager" in chat.screen


async def test_the_day_printed_on_letter_3172_is_the_one_that_counts(chat: Chat) -> None:
    await begins(chat)
    await tells(chat, "3172", "November 16, 2026", printed="12/24/2026")
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
    assert "This is a scam. You did right to check." in chat.screen
    assert "Someone phoned me: a scam" in chat.screen


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
    await reads_on(chat)

    assert "Monday, December 7, 2026 (14 days left)" in chat.screen
    await chat.taps("remind me")
    await chat.house.moves(days=7)
    assert local(newest(chat)) == "2026-11-30 10:00"
    assert newest(chat).text.startswith("Reminder")


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
    await reads_on(chat)

    assert "I cannot work out a deadline from this" in chat.screen
    assert "Without the number of the letter" in chat.screen
    assert "That does not mean you have time" in chat.screen
    await chat.taps("I have read this")
    await chat.says("not sure, maybe 2022")
    await chat.taps("Not sure")
    await chat.taps("No, that is all")
    await chat.taps("Not checked yet")
    await chat.says("/case")
    assert "Letter: number not known" in chat.screen


async def test_several_years_of_a_large_bill_shorten_the_time_to_pay(chat: Chat) -> None:
    await begins(chat)
    await tells(chat, "CP14")
    await reads_on(chat)
    assert "Monday, December 7, 2026 (14 days left)" in chat.screen
    assert "If the notice asks for $100,000 or more, you have only 10 business days" in chat.screen
    await chat.taps("remind me")
    await chat.taps("Go on")
    await owes(chat, "2023", "60000")
    await chat.says("2022")  # typed without the button
    await chat.says("$40,000.00")

    assert "Together $100,000" in chat.screen
    await chat.taps("No, that is all")
    assert "With these amounts the days change" in chat.screen
    assert "Tuesday, December 1, 2026 (8 days left)" in chat.screen
    assert "10 business days" in chat.screen
    await chat.taps("Something is wrong here")
    await chat.taps("More choices")
    await chat.taps("✎ 13")
    await chat.taps("Add another year")
    await owes(chat, "2021", "1")
    await chat.taps("Remove 2021")
    assert "2021" not in chat.screen
    await chat.taps("Remove 2022")
    assert "This moves your deadline" in chat.screen
    await chat.taps("Yes, change it")
    await chat.says("/case")
    assert "Monday, December 7, 2026 (14 days left)" in chat.screen
    assert "I will remind you" in chat.screen


# ---------------------------------------------------------------- changing one's mind


async def test_back_opens_the_answer_before_and_keep_leaves_it(chat: Chat) -> None:
    await begins(chat)
    await tells(chat)
    await chat.taps("Back")
    assert "Is a date printed" in chat.screen
    await chat.taps("Back")
    assert "What is the date on the letter?" in chat.screen
    await chat.taps("Keep: Monday, November 16, 2026")
    await chat.taps("Keep: No date is printed")

    assert "This looks real" in chat.screen


async def test_a_year_added_by_mistake_is_left_with_back(chat: Chat) -> None:
    await begins(chat)
    await tells(chat)
    await reads_on(chat)
    await chat.taps("remind me")
    await chat.taps("Go on")
    await owes(chat)
    await chat.taps("Add another year")
    await chat.taps("Back")
    assert "Does the letter name another year?" in chat.screen
    await chat.taps("Add another year")
    await chat.says("/cancel")
    await chat.taps("Go on")

    assert "Does the letter name another year?" in chat.screen


async def test_a_change_that_moves_the_deadline_is_shown_before_it_is_made(chat: Chat) -> None:
    await is_reminded(chat)
    await chat.says("/case")
    await chat.taps("My answers")
    await chat.taps("✎ 7")
    await chat.says("November 20, 2026")
    assert "This moves your deadline" in chat.screen
    assert "Wednesday, December 16, 2026" in chat.screen
    assert "Sunday, December 20, 2026" in chat.screen

    await chat.taps("Keep it as it was")
    assert "Date on the letter: Monday, November 16, 2026" in chat.screen

    await chat.taps("✎ 7")
    await chat.says("November 20, 2026")
    await chat.taps("Yes, change it")
    assert "Date on the letter: Friday, November 20, 2026" in chat.screen
    await chat.says("/case")
    await chat.taps("Reminders")
    assert "Friday, December 4, 2026, 9:00 AM" in chat.screen
    await chat.house.moves(days=10)  # December 3: a day after the old first reminder
    assert reminders(chat) == []
    await chat.house.moves(days=1)
    assert [one for one in reminders(chat) if "December 20, 2026" in one.text]


async def test_a_change_that_ends_the_deadline_says_that_no_reminder_comes(chat: Chat) -> None:
    await is_reminded(chat)
    await chat.says("/case")
    await chat.taps("My answers")
    await chat.taps("✎ 2")
    await chat.taps("Someone phoned me")
    assert "no deadline can be worked out" in chat.screen
    assert "No more reminders will come for it" in chat.screen
    await chat.taps("Yes, change it")
    assert "There is no deadline now" in chat.screen
    await chat.house.moves(days=30)
    assert reminders(chat) == []
    await chat.taps("Go on")

    assert "How do they want to be paid?" in chat.screen


async def test_a_button_of_a_summary_that_changed_is_old(chat: Chat) -> None:
    await is_reminded(chat)
    await chat.says("/case")
    await chat.taps("My answers")
    old = chat.person.screen
    data = next(one.data for row in old.buttons for one in row if one.label == "✎ 7")
    await chat.taps("✎ 1")
    await chat.says("Denver")
    assert "Mountain time (Denver)" in chat.screen
    await chat.house.taken(await chat.person.taps_data(data or "", old.message_id))

    assert chat.person.toasts[-1] == "That step is done. Here is where you are now."
    assert "What you told me" in chat.screen


async def test_another_zone_moves_the_reminders(chat: Chat) -> None:
    await is_reminded(chat)
    await chat.says("/case")
    await chat.taps("My answers")
    await chat.taps("✎ 1")
    await chat.says("honolulu")
    await chat.house.moves(days=9)
    assert reminders(chat) == []
    await chat.house.moves(hours=4)

    assert local(chat.last) == "2026-12-02 14:00"  # nine in Hawaii


# ---------------------------------------------------------------- commands at any moment


async def test_start_again_goes_on_or_begins_anew_and_erases_nothing(chat: Chat) -> None:
    await is_reminded(chat)
    await chat.says("/start")
    assert "Everything you told me is still here" in chat.screen
    await chat.says("/case")
    assert "CP504" in chat.screen
    await chat.says("/start")
    await chat.taps("Start a new case")
    assert "How did they reach you?" in chat.screen
    await tells(chat, "LT11", "November 20, 2026")
    await chat.says("/case")
    assert "Your case 2" in chat.screen
    assert "LT11" in chat.screen
    await chat.taps("More")
    await chat.taps("All my cases")
    await chat.taps("Open: case 1")
    assert "CP504 of November 16, 2026" in chat.screen
    await chat.taps("More")
    await chat.taps("All my cases")
    await chat.taps("Open: case 2")
    await chat.taps("Go on")
    assert "This looks real" in chat.screen
    await chat.house.moves(days=9)

    assert "state refund" in newest(chat).text  # the first case still reminds


async def test_starting_anew_twice_does_not_pile_up_empty_cases(chat: Chat) -> None:
    await is_reminded(chat)
    for _ in range(2):
        await chat.says("/start")
        await chat.taps("Start a new case")
    await chat.says("/case")

    assert "Your case 2" in chat.screen


COMMANDS = ("/help", "/privacy", "/case", "/deadlines", "/papers", "/cancel", "/delete", "/start")


async def test_a_greeting_instead_of_start_is_understood(chat: Chat) -> None:
    await chat.says("hello, the IRS wrote to me")

    assert "I am not the IRS" in chat.screen


async def test_commands_may_have_arguments_and_the_bots_name(chat: Chat) -> None:
    await is_reminded(chat)
    for command in ("/case please", "/CASE@local_bot 2"):
        await chat.says(command)
        assert "Letter: CP504" in chat.screen, command


async def leaves_the_page(chat: Chat) -> None:
    on = next((one for one in chat.buttons if one in ("Go on ›", "Keep everything")), None)
    if on is not None:
        await chat.taps(on)


async def test_every_command_before_agreeing_leads_back_to_the_first_question(chat: Chat) -> None:
    for command in COMMANDS:
        await chat.says(command)
        await leaves_the_page(chat)
        assert "I am not the IRS" in chat.screen, command
    await chat.taps("I understand")

    assert "Which clock do you live by?" in chat.screen


async def test_every_command_within_a_question_leaves_it_open(chat: Chat) -> None:
    await begins(chat)
    await chat.taps("A letter came in the mail")
    for command in COMMANDS:
        await chat.says(command)
        await leaves_the_page(chat)
        assert "Who sent it? Look at the name at the top." in chat.screen, command


async def test_a_command_during_an_edit_and_a_change_keeps_the_old_answer(chat: Chat) -> None:
    await is_reminded(chat)
    for command in COMMANDS:
        await chat.says("/case")
        await chat.taps("My answers")
        await chat.taps("✎ 7")
        await chat.says(command)
        await chat.says("November 20, 2026")  # on a page: not taken as an answer
        assert "use one of the buttons" in chat.screen, command
        await chat.says("/case")
        await chat.taps("My answers")
        await chat.taps("✎ 7")
        await chat.says("November 20, 2026")
        assert "This moves your deadline" in chat.screen, command
        await chat.says(command)
        assert "This moves your deadline" not in chat.screen, command
    await chat.says("/case")
    assert "Letter: CP504 of November 16, 2026" in chat.screen
    await chat.taps("Reminders")

    assert "Wednesday, December 2, 2026" in chat.screen


async def test_cancel_says_what_it_left(chat: Chat) -> None:
    await is_reminded(chat)
    await chat.says("/case")
    await chat.taps("My answers")
    await chat.taps("✎ 4")
    await chat.says("/cancel")
    assert "You left what you had begun" in chat.screen
    await chat.says("/cancel")

    assert "There was nothing to leave" in chat.screen


async def test_delete_asks_once_and_leaves_no_row(chat: Chat) -> None:
    await is_reminded(chat)
    await chat.says("/delete")
    assert "7 reminders still to come" in chat.screen
    await chat.taps("Keep everything")
    assert "CP504" in chat.screen or "Have you checked" in chat.screen
    await chat.says("/case")
    assert "CP504" in chat.screen
    await chat.says("/delete")
    await chat.taps("Yes, delete everything")
    assert "Everything is deleted" in chat.last.text

    for table in ("people", "cases", "reminders", "outbox"):
        assert rows(chat.house, table) == [], table
    assert b"CP504" not in kept(chat.house)
    await chat.house.moves(days=9)
    assert reminders(chat) == []
    await chat.says("/start")
    assert "I am not the IRS" in chat.screen


async def test_a_reminder_that_was_due_is_not_sent_after_delete(chat: Chat) -> None:
    await is_reminded(chat)
    await chat.says("/delete")
    await chat.house.telegram.clock.move(timedelta(days=9))
    await chat.taps("Yes, delete everything")
    await chat.house.moves(days=1)

    assert len(reminders(chat)) <= 1  # it may have gone out before the tap; nothing comes after it
    assert "deleted" in chat.last.text


async def test_the_delete_button_of_before_does_nothing_any_more(chat: Chat) -> None:
    await is_reminded(chat)
    await chat.says("/delete")
    asked = chat.person.screen
    data = next(one.data for row in asked.buttons for one in row if one.label.startswith("Yes"))
    await chat.says("/case")
    await chat.house.taken(await chat.person.taps_data(data or "", asked.message_id))

    assert "CP504" in chat.screen


# ---------------------------------------------------------------- numbers that must not be here

SECRET = "219-09-9999"


@pytest.mark.parametrize("text", [f"my ssn is {SECRET}", "219099999", "/start 219 09 9999"])
async def test_a_social_security_number_is_nowhere_afterwards(
    chat: Chat, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    await begins(chat)
    await chat.says(text)

    assert [one.text for one in chat.person.messages if one.mine] == ["/start"]
    assert "I deleted your last message" in chat.said[-2]
    assert "How did they reach you?" in chat.screen
    for secret in (text, SECRET, "219099999", "9999"):
        assert secret.encode() not in kept(chat.house)
        assert secret not in caplog.text


async def test_a_number_in_a_caption_or_an_edited_message_is_removed_too(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    await begins(chat)
    await chat.sends("photo", caption=f"here: {SECRET}")
    await chat.says("by mail")
    mine = [one for one in chat.person.messages if one.mine]
    assert [one.text for one in mine] == ["/start", "by mail"]
    await chat.house.taken(await chat.person.edits(mine[-1].message_id, f"by mail {SECRET}"))

    assert [one.text for one in chat.person.messages if one.mine] == ["/start"]
    assert "Who sent it? Look at the name at the top." in chat.screen
    assert b"9999" not in kept(chat.house)
    assert "9999" not in caplog.text


# ---------------------------------------------------------------- reminders


async def test_reminders_come_14_7_3_1_and_0_days_before_at_nine_once_each(chat: Chat) -> None:
    await is_reminded(chat, "3172", "November 16, 2026", "December 24, 2026")
    await chat.house.moves(hours=22, minutes=59)
    for _ in range(32):
        await chat.house.moves(minutes=1)  # nine o'clock
        await chat.house.moves(hours=23, minutes=59)

    assert [local(one) for one in reminders(chat)] == [
        "2026-12-10 09:00",
        "2026-12-17 09:00",
        "2026-12-21 09:00",
        "2026-12-22 09:00",  # nobody answered
        "2026-12-23 09:00",
        "2026-12-24 09:00",
        "2026-12-25 09:00",
    ]
    assert newest(chat).text.startswith("The day has passed")
    assert len(rows(chat.house, "reminders")) == 7 + 4  # those of the second chance, a year later


async def test_done_ends_the_reminders(chat: Chat) -> None:
    await is_reminded(chat, "3172", "November 16, 2026", "December 24, 2026")
    await chat.house.moves(days=17)
    await chat.taps("Done")
    assert "What did you do?" in newest(chat).text
    await chat.taps("I asked for the hearing")
    assert "no more reminders" in newest(chat).text
    assert "Keep the receipt and a copy of the form" in newest(chat).text
    await chat.house.moves(days=30)
    assert len(chat.said) == len([one for one in chat.said if not one.startswith("Reminder")])
    await chat.says("/case")

    assert "you marked this as done" in chat.screen


@pytest.mark.parametrize(
    ("label", "hours", "at"),
    [("In 1 hour", 1, "2026-12-10 11:00"), ("Tomorrow at 9:00 AM", 23, "2026-12-11 09:00")],
)
async def test_a_reminder_is_put_off(chat: Chat, label: str, hours: int, at: str) -> None:
    await is_reminded(chat, "3172", "November 16, 2026", "December 24, 2026")
    await chat.house.moves(days=17)
    await chat.taps("Snooze")
    assert "When shall I remind you again?" in newest(chat).text
    await chat.taps(label)
    assert "I will remind you" in newest(chat).text
    await chat.house.moves(hours=hours)

    assert [local(one) for one in reminders(chat)] == [at]  # the first one is now the answer to "Snooze"


async def test_stopped_reminders_can_be_taken_up_again(chat: Chat) -> None:
    await is_reminded(chat, "3172", "November 16, 2026", "December 24, 2026")
    await chat.house.moves(days=17)
    await chat.taps("Stop")
    assert "The day itself does not move: Thursday, December 24, 2026" in newest(chat).text
    await chat.house.moves(days=7)
    assert reminders(chat) == []
    await chat.taps("Remind me again")
    assert "Reminders are on again" in newest(chat).text
    await chat.taps("Open the case")
    assert "Your case" in chat.screen
    await chat.house.moves(days=4)

    assert "December 24, 2026 (3 days left)" in newest(chat).text


async def test_an_old_reminder_cannot_undo_done(chat: Chat) -> None:
    await is_reminded(chat, "3172", "November 16, 2026", "December 24, 2026")
    await chat.house.moves(days=17)
    first = newest(chat)
    await chat.house.moves(days=7)
    await chat.taps("Done")
    await chat.taps("I asked for the hearing")
    data = next(one.data for row in first.buttons for one in row if one.label == "Snooze")
    await chat.house.taken(await chat.person.taps_data(data or "", first.message_id))

    assert "no more reminders" in next(
        one.text for one in chat.person.messages if one.message_id == first.message_id
    )


# ---------------------------------------------------------------- bad input


async def test_a_person_called_markup_breaks_nothing(house: House) -> None:
    async with house.running():
        chat = house.chat("<b>&")
        await is_reminded(chat)
        await chat.house.moves(days=9)

        assert newest(chat).text.startswith("Reminder")
        assert b"<b>&" not in kept(house)


TEXTS = {
    "some time ago": "I see no date in that",
    "February 30, 2026": "There is no such day",
    "December 24, 2026": "is still to come",
    "1/2/2015": "more than 10 years ago",
    "November 16": "Please add the year",
    "3.4.2026": "two different days",
    "Nov 2, 2026 or Nov 3, 2026": "more than one date",
    "🙏😭": "I see no date in that",
    "why " * 1000: "too long for one answer",
    "/deadline 3": "I do not know this command",
    "/": "I do not know this command",
}


async def test_a_date_that_is_none_is_answered_and_asked_again(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    await begins(chat)
    await has_a_plain_letter(chat)
    await chat.taps("CP504")
    for text, answer in TEXTS.items():
        await chat.says(text)
        assert answer in chat.screen, text
        assert "What is the date on the letter?" in chat.screen, text
        assert len(text) < 3 or text not in caplog.text
    await chat.says("11/16/26")

    assert "Saved: Monday, November 16, 2026" in chat.screen


async def test_a_text_cut_in_two_by_telegram_is_no_answer(chat: Chat) -> None:
    await begins(chat)
    await chat.says("phone " * 850)

    assert "How did they reach you?" in chat.screen


AMOUNTS = {
    "12k": "$12,000",
    "$1,234.56": "$1,234.56",
    "1.234,56": "$1,234.56",
    "about 3000": "$3,000",
    "-5": "no minus sign",
    "nothing": "I see no amount",
    "100 or 200": "more than one amount",
    "1,23": "read in two ways",
    "0": "Zero is not an amount",
    "€50": "US dollars",
    "99999999999": "more than I can work with",
}


async def test_amounts_are_understood_or_asked_again(chat: Chat) -> None:
    await begins(chat)
    await tells(chat)
    await reads_on(chat)
    await chat.taps("remind me")
    await chat.taps("Go on")
    await chat.taps("2023")
    for text, answer in AMOUNTS.items():
        await chat.says(text)
        assert answer in chat.screen, text
        if "Saved" in chat.screen:
            await chat.taps("Back")
        assert "How much does the letter say you owe?" in chat.screen, text


KINDS: dict[Kind, str] = {
    "sticker": "Thank you for the sticker",
    "voice": "cannot listen",
    "location": "Your clock is now Eastern time",
    "contact": "do not need anybody's contact",
    "video": "cannot watch",
}


async def test_what_is_not_text_is_answered_and_the_question_stays(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    await begins(chat)
    for kind, answer in KINDS.items():
        await chat.sends(kind, caption="By mail, Ana Secret")
        assert answer in chat.screen, kind
        assert "How did they reach you?" in chat.screen, kind
    assert "Secret" not in caplog.text
    await chat.says("by mail")

    assert "Who sent it?" in chat.screen


async def test_typed_words_are_matched_to_the_buttons(chat: Chat) -> None:
    await begins(chat)
    await chat.says("banana")
    assert "could not match that" in chat.screen
    await chat.says("phone call")
    assert "Saved: Someone phoned me" in chat.screen
    await chat.says("irs")
    await chat.says("gift card")

    assert "Saved: Gift cards" in chat.screen


async def test_yesterdays_button_changes_nothing(chat: Chat) -> None:
    await begins(chat)
    old = chat.person.screen
    data = next(one.data for row in old.buttons for one in row if "phoned" in one.label)
    await chat.says("by mail")
    await chat.house.moves(days=1)
    await chat.house.taken(await chat.person.taps_data(data or "", old.message_id))

    assert chat.person.toasts[-1] == "That step is done. Here is where you are now."
    assert "Who sent it? Look at the name at the top." in chat.screen


async def test_a_button_of_another_case_changes_nothing(chat: Chat) -> None:
    await begins(chat)
    old = chat.person.screen
    data = next(one.data for row in old.buttons for one in row if "phoned" in one.label)
    await chat.taps("A letter came in the mail")
    await chat.says("/start")
    await chat.taps("Start a new case")
    await chat.house.taken(await chat.person.taps_data(data or "", old.message_id))

    assert chat.person.toasts[-1] == "That step is done. Here is where you are now."
    assert "How did they reach you?" in chat.screen


async def test_a_double_tap_counts_once(chat: Chat) -> None:
    await begins(chat)
    screen = chat.person.screen
    data = next(one.data for row in screen.buttons for one in row if "in the mail" in one.label)
    first = await chat.person.taps_data(data or "", screen.message_id)
    second = await chat.person.taps_data(data or "", screen.message_id)
    await chat.house.taken(first)
    await chat.house.taken(second)

    assert "Who sent it? Look at the name at the top." in chat.screen
    assert chat.person.screen.message_id == screen.message_id


async def test_ticks_tapped_fast_all_count(chat: Chat) -> None:
    await begins(chat)
    await chat.taps("Someone phoned me")
    await chat.taps("The IRS")
    screen = chat.person.screen
    taps = [one.data for row in screen.buttons for one in row if "tick:" in (one.data or "")][:5]
    for update in [await chat.person.taps_data(data or "", screen.message_id) for data in taps]:
        await chat.house.taken(update)
    assert [label[0] for label in chat.buttons[:5]] == ["☑"] * 5
    assert chat.buttons[5:7] == ["None of these, or not sure", "Done"]
    await chat.taps("None of these")

    assert "Saved: None of these" in chat.screen


async def test_the_second_of_two_texts_is_not_the_answer_of_the_next_question(chat: Chat) -> None:
    await begins(chat)
    await has_a_plain_letter(chat)
    await chat.taps("CP504")
    updates = [await chat.person.says("11/16/2026"), await chat.person.says("12/16/2026")]
    for update in updates:
        await chat.house.taken(update)

    assert "Is a date printed" in chat.screen
    assert "I did not take your last message" in chat.screen
    await chat.says("12/16/2026")
    assert "This looks real" in chat.screen


async def test_an_edited_message_changes_no_answer(chat: Chat) -> None:
    await begins(chat)
    await chat.says("by mail")
    mine = [one for one in chat.person.messages if one.mine][-1]
    await chat.house.taken(await chat.person.edits(mine.message_id, "by phone"))

    assert "I keep the answer you gave first" in chat.screen
    assert "Who sent it? Look at the name at the top." in chat.screen


async def test_groups_and_channels_are_left_politely(chat: Chat) -> None:
    group, channel = chat.house.telegram.group("Family"), chat.house.telegram.channel("News")
    await chat.house.taken(await group.adds_bot(chat.person))
    await chat.house.taken(await channel.adds_bot())
    assert "private chat" in [one.text for one in group.messages if not one.mine][-1]
    assert "private chat" in [one.text for one in channel.messages if not one.mine][-1]

    assert rows(chat.house, "people") == []


async def test_an_update_of_an_unknown_type_is_passed_over(chat: Chat) -> None:
    await begins(chat)
    before = len(chat.said)
    await chat.house.taken(await chat.house.telegram.raw_update({"new_thing": {"from": {"id": 1}}}))
    assert len(chat.said) == before
    await chat.says("by mail")

    assert "Who sent it?" in chat.screen
