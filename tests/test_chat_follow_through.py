"""Whole cases from the letter to the end, over weeks, through the real bot. Today is Monday, November 23, 2026."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bot import outbox
from tests.test_chat_cases import Told
from tests.test_chat_situation import edits

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Chat

NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let messages in one chat follow each other closely; their pace is looked at in test_outbox.py."""
    monkeypatch.setattr(outbox, "PER_CHAT", 0.05)


async def until(chat: Chat, day: str) -> list[str]:
    """Let the days go by, one after the other, to 10:00 of a day; return what the bot said unasked."""
    last = datetime.fromisoformat(f"{day} 10:00").replace(tzinfo=NEW_YORK)
    before = len(chat.said)
    while chat.house.telegram.clock.now().astimezone(NEW_YORK) < last:
        await chat.house.moves(days=1)
    return [one for one in chat.said[before:] if not one.startswith("📌")]


async def has_a_letter(chat: Chat, number: str, dated: str, printed: str = "") -> None:
    """Tell of a letter in the mail, and confirm what came of it."""
    await chat.says("/start")
    await chat.taps("I understand")
    await chat.taps("Eastern")
    await chat.taps("A letter came in the mail")
    await chat.taps("The IRS")
    await chat.ticks("Nothing like this")
    await chat.ticks("Nothing looks odd")
    await chat.says(number)
    await chat.says(dated)
    await (chat.says(printed) if printed else chat.taps("No date is printed"))


async def test_from_a_cp504_to_a_confirmed_plan_over_two_months_with_a_broken_promise(
    chat: Chat, tmp_path: Path
) -> None:
    # The letter, its deadline, and the way out.
    await has_a_letter(chat, "CP504", "November 16, 2026")
    told = Told(
        chat, tmp_path, period__amount="18,400", money__comes_in="4,200", money__goes_out="3,700",
        money__monthly="350",
    )  # fmt: skip
    await told.until("deadline.confirm")
    assert "Wednesday, December 16, 2026" in chat.screen
    await told.until("ways.chosen")
    assert "Take the Simple Payment Plan" in chat.screen
    await chat.taps("Take: Simple Payment Plan")
    await chat.taps("Today")
    await chat.taps("Later")  # the papers

    # It is done on the same day, online.
    assert "Look up what you owe today" in chat.screen
    await chat.taps("Done")
    assert "Ask for the plan online" in chat.screen
    await chat.taps("Done")
    await chat.taps("Not yet")  # the first payment
    await chat.taps("Not yet")  # the letter

    # What was asked for is followed up, though nobody was called.
    assert "On which day did you ask for it?" in chat.screen
    await chat.taps("Today")
    assert "each month" in chat.screen
    await chat.taps("$350: as in your plan")
    await chat.says("January 15, 2027")
    assert "Did the letter about your payment plan come?" in chat.screen
    await chat.taps("Not yet")
    assert "The letter came" in chat.buttons
    assert "act by the day above. I will remind you" in chat.screen

    # A month goes by without a letter: call.
    news = await until(chat, "2026-12-24")
    assert news[-1].startswith("Is the letter of the IRS there?")
    assert "call and ask where your request stands" in news[-1]
    assert not any("Get it in writing" in one for one in news), "the letter is looked for once, not twice"
    await chat.taps("Tell what happened")
    await chat.taps("Not yet")
    assert "More than 30 days, and no letter" in chat.screen
    await chat.taps("I have read this")
    assert "Next: watch your mail for the letter about your payment plan" in chat.screen
    await chat.taps("I am on a call")
    await chat.taps("They will write or call back")
    await chat.taps("In 14 days: January 7, 2027")
    await chat.says("Ms. Lee, ID 1000777")
    assert "1. December 24, 2026: They will write or call back, by January 7, 2027" in chat.screen

    # The promise is broken: the reminder says what now.
    news = await until(chat, "2027-01-08")
    assert news[-1].startswith("They said they would get back to you")
    assert "call again" in news[-1]
    await chat.taps("Tell what happened")
    assert "Did they keep it?" in chat.screen
    await chat.taps("No")
    assert "I spoke with Ms. Lee, ID 1000777. You promised this by January 7, 2027" in chat.screen
    assert "Ask for the manager" in chat.screen
    await chat.taps("I have read this")
    assert "not kept" in chat.screen
    await chat.taps("Log a call")
    await chat.taps("They will write or call back")
    await chat.says("January 22, 2027")
    await chat.says("Mr. Day, manager, ID 1000888")

    # The first payment by hand, and the day after it: did it go through?
    news = await until(chat, "2027-01-16")
    assert sum(one.startswith("Your monthly payment") for one in news) == 3
    assert "Did it go through?" in news[-1]
    await chat.says("/case")
    assert "Make the first payment yourself. It can still be done, it was for December 23" in chat.screen
    await chat.taps("My plan")
    await chat.taps("3")
    await chat.taps("Done")
    assert "✓ 3. Make the first payment yourself" in chat.screen

    # The letter comes with another amount: it is mended, and then all is right.
    await until(chat, "2027-01-20")
    await chat.says("/case")
    await chat.taps("The letter came")
    await chat.taps("Yes, they agree")
    assert "$350 each month, the next on January 15, 2027" in chat.screen
    assert "Years: 2023" in chat.screen
    await chat.taps("The amount")
    await chat.taps("Done")
    assert "have it mended" in chat.screen
    await chat.taps("I have read this")
    assert "Next: have the letter mended by phone" in chat.screen
    news = await until(chat, "2027-01-27")
    assert news[-1].startswith("Still to do: have the letter mended")
    assert "Is the new letter there?" in news[-1]
    await chat.taps("Open the step")
    await chat.taps("All is right")
    assert "It is confirmed in writing. Well done." in chat.screen
    await chat.taps("I have read this")
    assert "keep to what was agreed" in chat.screen
    await chat.taps("My plan")
    assert "✓ 4. Get it in writing" in chat.screen

    # The promise was kept by it; the payments go on.
    await chat.says("/reminders")
    assert "They said they would get back" not in chat.screen
    assert "Your monthly payment" in chat.screen
    news = await until(chat, "2027-02-15")
    assert [one.split("\n")[0] for one in news if "payment" in one] == ["Your monthly payment: $350"] * 2

    # The end: reminders gone, what to keep and how long.
    await chat.says("/case")
    await chat.taps("This is over")
    await chat.taps("I have a payment plan")
    assert (
        "Keep: the letter that confirms the plan, and proof of each payment, until all is paid" in chat.screen
    )
    assert "or the 10 years to collect are over" in chat.screen
    assert chat.screen.count("Closed") == 1
    assert "a payment is missed" in chat.screen
    assert "each year, when the yearly statement comes" in chat.screen
    assert await until(chat, "2027-05-01") == []


async def test_a_late_reader_is_told_what_is_still_possible_and_nothing_of_blame(
    chat: Chat, tmp_path: Path
) -> None:
    await has_a_letter(chat, "LT11", "September 14, 2026")
    told = Told(
        chat, tmp_path, period__amount="9,300", hearing__weaker="ok", hearing__asked="set:not_yet",
        money__comes_in="4,200", money__goes_out="3,700", money__monthly="200",
    )  # fmt: skip
    await told.until("deadline.confirm")
    assert "Wednesday, October 14, 2026 (passed)" in chat.screen
    assert "This is still possible:" in chat.screen
    assert "equivalent hearing" in chat.screen
    assert "by Tuesday, September 14, 2027" in chat.screen
    await told.until("hearing.asked")
    assert "The last day to ask for a hearing was Wednesday, October 14, 2026" in chat.screen
    await chat.taps("Not yet")
    assert "A weaker hearing is still open" in chat.screen
    assert "Ask for a plan or another way now" in chat.screen

    # A plan can be had all the same, and no screen speaks of a right that is gone as if it were open.
    await told.until("ways.chosen")
    assert "Take the Simple Payment Plan" in chat.screen
    assert "A final notice came" in chat.screen
    assert "ends soon" not in chat.screen
    await chat.taps("Take: Simple Payment Plan")
    await chat.taps("Today")
    await chat.taps("Later")
    await chat.says("/case")
    assert "October 14, 2026 (passed)" in chat.screen
    assert "Tap Deadlines to see what is still possible" in chat.screen
    await chat.taps("My plan")
    assert "Ask for a hearing" not in chat.screen
    assert "Ask for the plan online: by Monday, November 30, 2026" in chat.screen
    for word in ("too late", "you missed", "you should have", "your fault", "you failed"):
        assert not any(word in one.casefold() for one in chat.said)

    # The weaker hearing keeps its own day until it is asked for, as a step of the plan.
    await chat.says("/reminders")
    assert "the weaker hearing (equivalent hearing)" in chat.screen
    await chat.says("/case")
    assert "Next step: Ask for the weaker hearing, by November 25, 2026" in chat.screen
    await chat.taps("Go on")
    assert "tick the box for an equivalent hearing" in chat.screen
    assert "Last safe day: Tuesday, September 14, 2027" in chat.screen
    await chat.taps("I sent it")
    await chat.taps("Certified or registered mail")
    await chat.taps("Today")
    await chat.says("9407 3000 0000 0000 0000 00")
    assert "Look up what you owe today" in chat.screen
    await chat.says("/reminders")
    assert "weaker hearing" not in chat.screen
    await chat.says("/deadlines")
    assert "Tuesday, September 14, 2027 (done)" in chat.screen
    assert "You can still ask for the weaker hearing" not in chat.screen


async def has_a_lien(chat: Chat, folder: Path, printed: str, dated: str) -> Told:
    """Tell of a lien notice up to the question for the hearing."""
    await has_a_letter(chat, "Letter 3172", dated, printed)
    cards = {f"lien__{name}": "ok" for name in ("means", "appeal", "release", "remove")}
    told = Told(
        chat, folder, period__amount="18,400", money__comes_in="4,200", money__goes_out="3,700",
        money__monthly="350", lien__aims="tick:remove", lien__debits="set:none", hearing__how="ok",
        hearing__too_late="ok", hearing__in_time="ok", **cards,
    )  # fmt: skip
    await told.until("hearing.asked")
    return told


async def test_a_filed_lien_with_a_hearing_asked_for_in_time(chat: Chat, tmp_path: Path) -> None:
    told = await has_a_lien(chat, tmp_path, "December 24, 2026", "November 16, 2026")
    assert "until Thursday, December 24, 2026" in chat.screen
    await chat.taps("Not yet")
    assert "Form 12153" in chat.screen
    assert "does not by itself stop a levy" in chat.screen

    # What a lien notice means, and how to have it taken back.
    await told.until("lien.means")
    assert "Nothing was taken from you" in chat.screen
    await told.until("lien.debits")
    assert chat.screen.split("Why we ask")[0].count("?") == 1
    await told.until("lien.remove")
    assert "Form 12277" in chat.screen
    await told.until("lien.appeal")
    assert "Your strongest right is the hearing, until Thursday, December 24, 2026" in chat.screen

    # The hearing is a step of the plan. Sending it there is enough: it is asked for nowhere else.
    await told.until("ways.chosen")
    await chat.taps("Take: Simple Payment Plan")
    await chat.taps("Today")
    await chat.taps("Later")
    assert "Ask for a hearing" in chat.screen
    await chat.taps("I sent it")
    await chat.taps("Today")
    assert "Good. You asked for the hearing" in chat.screen
    await chat.taps("I have read this")
    await chat.taps("Certified or registered mail")
    await chat.says("9407 3000 0000 0000 0000 00")
    assert "Look up what you owe today" in chat.screen
    await chat.says("/case")
    assert "you marked this as done" in chat.screen
    news = await until(chat, "2027-01-05")
    assert not any("hearing" in one for one in news)


async def test_a_filed_lien_with_a_hearing_asked_for_too_late(chat: Chat, tmp_path: Path) -> None:
    told = await has_a_lien(chat, tmp_path, "November 9, 2026", "October 1, 2026")
    assert "The last day to ask for a hearing was Monday, November 9, 2026" in chat.screen
    await chat.taps("Yes, I sent it")
    await chat.says("November 12, 2026")
    assert "It was sent after Monday, November 9, 2026, the last day" in chat.screen
    assert "equivalent hearing" in chat.screen
    assert "send it again with that box by" in chat.screen
    await chat.taps("I have read this")

    await chat.says("/case")
    assert "(done)" not in chat.screen
    await chat.says("/reminders")
    assert "the weaker hearing about the lien notice" in chat.screen, "it may still have to be sent again"
    await chat.taps("Go on")

    await told.until("lien.appeal")
    assert "Form 9423" in chat.screen
    assert "Your strongest right is the hearing" not in chat.screen
    await told.until("ways.chosen")
    await chat.taps("Take: Simple Payment Plan")
    await chat.taps("Today")
    await chat.says("/case")
    await chat.taps("My plan")
    assert "Ask for a hearing" not in chat.screen
    assert "Ask for the weaker hearing" not in chat.screen

    # One call tells if the late request counts for the weaker hearing.
    assert "Ask if your late request counts: by Wednesday, November 25, 2026" in chat.screen
    await chat.taps("1")
    await chat.taps("Words for the call")
    assert "I call about Letter 3172 of October 1, 2026" in chat.screen
    assert "I sent you Form 12153 on November 12, 2026, after its last day." in chat.screen
    await chat.taps("Back to the step")
    await chat.taps("Done")
    await chat.says("/reminders")
    assert "weaker hearing" not in chat.screen


# ---------------------------------------------------------------- what must not get lost


async def test_a_hearing_right_is_not_done_before_the_hearing_was_asked_for(chat: Chat) -> None:
    await has_a_letter(chat, "LT11", "November 16, 2026", "December 16, 2026")
    for tap in ("I have read this", "remind me"):
        await chat.taps(tap)
    await until(chat, "2026-12-02")
    await chat.taps("Done")
    reminder = chat.person.messages[-1].text
    assert "Done" not in reminder
    assert "What did you do?" in reminder
    await chat.taps("I asked for a plan")
    kept = chat.person.messages[-1].text
    assert "This right is still open." in kept
    assert "A plan or a call does not." in kept
    assert "Wednesday, December 16, 2026" in kept

    await chat.says("/deadlines")
    assert "(done)" not in chat.screen
    news = await until(chat, "2026-12-09")
    assert any("Your last day to ask for a hearing" in one for one in news), "it is still reminded of"
    await chat.taps("Done")
    await chat.taps("I asked for the hearing")
    assert "Done." in chat.person.messages[-1].text
    assert not any("Your last day to ask for a hearing" in one for one in await until(chat, "2026-12-20"))


async def test_a_hearing_cannot_have_been_asked_for_before_its_letter(chat: Chat, tmp_path: Path) -> None:
    await has_a_lien(chat, tmp_path, "December 24, 2026", "November 16, 2026")
    await chat.taps("Yes, I sent it")
    await chat.says("January 5, 2026")
    assert "is before the date on the letter that offers the hearing, November 16, 2026" in chat.screen
    await chat.says("November 20, 2026")
    assert "You asked for the hearing" in chat.screen


async def test_what_the_irs_was_asked_for_stays_when_an_answer_changes(chat: Chat, tmp_path: Path) -> None:
    told = Told(
        chat, tmp_path, period__amount="18,400", money__comes_in="4,200", money__goes_out="3,700",
        money__monthly="350",
    )  # fmt: skip
    await told.until("ways.chosen")
    await chat.taps("Take: Simple Payment Plan")
    await chat.taps("Today")
    await chat.says("/case")
    await chat.taps("My plan")
    await chat.taps("2")
    assert "Ask for the plan online" in chat.screen
    await chat.taps("Done")
    await chat.says("/case")
    await edits(chat, "Could pay each month")
    await chat.says("100")
    if "Yes, change it" in chat.buttons:
        await chat.taps("Yes, change it")

    await chat.says("/case")
    assert "Way out: Simple Payment Plan" in chat.screen
    assert "My plan" in chat.buttons
