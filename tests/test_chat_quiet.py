"""Silence when a day needs no deed any more: confirmed, paid, heard or closed. Today is Monday, November 23, 2026."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot import outbox, reminding
from bot.model import Tapped
from bot.rules import spared
from tests.talk import NOW, confirmed, house, words
from tests.test_chat import is_reminded, newest
from tests.test_chat_cases import Told
from tests.test_chat_follow_through import has_a_letter, until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Chat

AN_OLDER_MESSAGE = 999
NOT_NEEDED = "(not needed: your plan is confirmed)"
OF_THE_LETTER = ("The IRS waits until this day", "Pay by this day", "state tax refund", "payment plan.")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let messages in one chat follow each other closely; their pace is looked at in test_outbox.py."""
    monkeypatch.setattr(outbox, "PER_CHAT", 0.05)


async def has_asked_for_a_plan(chat: Chat, folder: Path) -> None:
    """Tell of a debt, take the payment plan, and ask for it online today; the letter is not there yet."""
    await has_a_letter(chat, "CP504", "November 16, 2026")
    told = Told(
        chat, folder, period__amount="18,400", money__comes_in="4,200", money__goes_out="3,700",
        money__monthly="350",
    )  # fmt: skip
    await told.until("ways.chosen")
    await chat.taps("Take: Simple Payment Plan")
    await chat.taps("Today")
    await chat.taps("Later")
    await chat.taps("Done")
    await chat.taps("Done")
    await chat.taps("Not yet")
    await chat.taps("Not yet")
    await chat.taps("Today")
    await chat.taps("$350: as in your plan")
    await chat.says("January 15, 2027")
    await chat.taps("Not yet")


async def is_confirmed(chat: Chat) -> None:
    await chat.says("/case")
    await chat.taps("The letter came")
    await chat.taps("Yes, they agree")
    await chat.taps("All is right")
    await chat.taps("I have read this")


async def test_once_a_plan_is_confirmed_no_day_of_its_letter_is_reminded_of(
    chat: Chat, tmp_path: Path
) -> None:
    await has_asked_for_a_plan(chat, tmp_path)
    await chat.says("/reminders")
    assert "The IRS waits until this day" in chat.screen
    await is_confirmed(chat)

    await chat.says("/deadlines")
    assert f"Wednesday, December 16, 2026 {NOT_NEEDED}" in chat.screen
    assert f"Monday, December 7, 2026 {NOT_NEEDED}" in chat.screen
    await chat.says("/case")
    assert f"Wednesday, December 16, 2026 {NOT_NEEDED}" in chat.screen
    assert "keep to what was agreed" in chat.screen
    await chat.says("/reminders")
    assert "The IRS waits" not in chat.screen
    assert "Your monthly payment" in chat.screen
    news = await until(chat, "2026-12-20")
    assert not [one for one in news if any(said in one for said in OF_THE_LETTER)]


async def test_the_days_come_back_when_the_letter_was_not_all_right(chat: Chat, tmp_path: Path) -> None:
    await has_asked_for_a_plan(chat, tmp_path)
    await is_confirmed(chat)
    await chat.says("/case")
    await chat.taps("My answers")
    for _ in range(9):
        if "Letter of the IRS" in chat.screen:
            break
        await chat.taps("More")
    line = next(one for one in chat.screen.splitlines() if "Letter of the IRS" in one)
    await chat.taps(line.split(".")[0])
    await chat.taps("Not yet")

    await chat.says("/deadlines")
    assert "not needed" not in chat.screen
    assert "Wednesday, December 16, 2026 (23 days left)" in chat.screen
    news = await until(chat, "2026-12-05")
    assert any(one.startswith("Reminder 1 of 5: The IRS waits") for one in news)


async def test_a_reminder_does_not_tell_to_ask_again_for_what_was_asked_for(
    chat: Chat, tmp_path: Path
) -> None:
    await has_asked_for_a_plan(chat, tmp_path)
    news = await until(chat, "2026-12-17")
    days = [one for one in news if "The IRS waits until" in one or "Pay by this day" in one]
    assert any(one.startswith("The day has passed") for one in days)
    for one in days:
        assert "ask for a payment plan" not in one
        if "things to keep in mind" not in one:
            assert "Next: You asked for your payment plan. Watch your mail for the letter" in one


async def test_who_paid_is_not_reminded_of_the_other_day_of_the_same_letter(chat: Chat) -> None:
    await is_reminded(chat)
    await until(chat, "2026-12-02")
    assert newest(chat).text.startswith("Reminder 1 of 5: The IRS waits")
    await chat.taps("Done")
    await chat.taps("I paid")
    news = await until(chat, "2026-12-20")
    assert [one.split("\n")[0] for one in news] == ["Shall we go on?"] * 2
    assert not any("December" in one for one in news), "the day that is done is none to act by"
    await chat.says("/deadlines")
    assert "Monday, December 7, 2026 (not needed: you marked it as paid)" in chat.screen
    assert "Wednesday, December 16, 2026 (done)" in chat.screen


async def test_who_takes_i_paid_back_is_reminded_of_both_days_again(chat: Chat) -> None:
    await is_reminded(chat)
    await until(chat, "2026-12-02")
    await chat.taps("Done")
    await chat.taps("I paid")
    await chat.taps("Remind me again")
    news = await until(chat, "2026-12-05")
    assert any("Pay by this day" in one for one in news)


def test_an_older_reminder_of_a_day_that_is_not_needed_says_so_and_is_not_put_off() -> None:
    talk = confirmed()
    main, other = talk.walk.matter.deadlines[:2]
    talk.taps_data(f"r:1:{main.key}:0:done").taps_data(f"r:1:{main.key}:0:how:paid")
    assert spared.needless(talk.walk.matter, talk.case.marks) == {other.key: "paid"}
    talk.does(Tapped(f"r:1:{other.key}:0:snooze:hour", AN_OLDER_MESSAGE, "0"))
    answer = reminding.message(house(), words(), talk.state, talk.posts[-1], NOW)
    assert answer is not None
    assert "not needed" in answer.text
    assert "I do not remind you of it any more" in answer.text
    assert "I will remind you" not in answer.text


@pytest.mark.parametrize(
    ("asked", "covered"),
    [(date(2026, 11, 16), True), (date(2026, 11, 15), False)],  # the letter is of November 16
)
def test_a_letter_dated_after_the_asking_keeps_its_days(asked: date, covered: bool) -> None:
    matter = confirmed().walk.matter
    told = {"follow.what": "plan", "follow.letter": "yes", "follow.differs": frozenset()}
    matter = replace(matter, said={**matter.said, **told, "follow.since": asked})
    assert matter.agreed_in_writing
    assert bool(spared.needless(matter, {})) is covered


@pytest.mark.parametrize(
    ("what", "settles"), [("offer", True), ("hardship", True), ("penalty", False), ("hold", False)]
)
def test_only_what_stands_in_for_paying_makes_the_days_needless(what: str, settles: bool) -> None:
    matter = confirmed().walk.matter
    told = {"follow.what": what, "follow.letter": "yes", "follow.differs": frozenset()}
    matter = replace(matter, said={**matter.said, **told, "follow.since": date(2026, 11, 20)})
    assert set(spared.needless(matter, {}).values()) == ({what} if settles else set())


async def test_rights_are_reminded_of_though_the_letter_was_paid(chat: Chat) -> None:
    await is_reminded(chat, "LT11")
    await until(chat, "2026-12-04")
    await chat.taps("Done")
    await chat.taps("I paid")
    news = await until(chat, "2026-12-16")
    assert any("Your last day to ask for a hearing" in one for one in news)
    assert not any("Pay by" in one for one in news)


@pytest.mark.parametrize(("outcome", "name"), [("paid", "It is paid"), ("plan", "I have a payment plan")])
def test_a_closed_case_counts_no_days_and_can_be_opened_on_the_spot(outcome: str, name: str) -> None:
    talk = confirmed().says("/case").chooses("go:more", "go:close", f"close:{outcome}")
    for command in ("/case", "/deadlines"):
        talk.says(command)
        assert name in talk.text
        assert "remind you of no" in talk.text
        assert "days left" not in talk.text
        assert "Next" not in talk.text
        assert not any("Go on" in one for one in talk.buttons)
        assert talk.buttons[0] == "Open it again"
    talk.chooses("reopen")
    assert not talk.case.outcome
    assert "23 days left" in talk.text
    assert talk.buttons[0].startswith("Go on")


def test_who_turns_all_reminders_off_is_told_which_right_ends_when() -> None:
    talk = confirmed("LT11", "2026-11-16").chooses("off")
    assert "They are all off" in talk.text
    assert "Your last day to ask for a hearing is <b>Wednesday, December 16, 2026</b>" in talk.text


def test_who_turns_all_reminders_off_without_a_right_is_told_of_none() -> None:
    talk = confirmed().chooses("off")
    assert "They are all off" in talk.text
    assert "Keep this day in mind" not in talk.text


def test_the_weaker_hearing_is_not_called_done_when_the_stronger_was_asked_for() -> None:
    talk = confirmed("LT11", "2026-11-16")
    talk.taps_data("r:1:cdp_levy:0:done").taps_data("r:1:cdp_levy:0:how:hearing")
    talk.says("/deadlines")
    assert "Wednesday, December 16, 2026</b> (done)" in talk.text
    assert "(not needed: you asked for the stronger hearing in time)" in talk.text
