"""Calls, promises, the letter that confirms, and the end, as they are talked. Today is Monday, November 23, 2026."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot import engine, reminding
from bot.notices import ReminderAnswered, ReminderDue
from tests.talk import NOW, Talk, confirmed, fits, house, words
from tests.test_chat_do import takes
from tests.test_chat_lien import goes_to
from tests.test_chat_situation import has_a_cp504
from tests.test_chat_ways import walked

if TYPE_CHECKING:
    from tests.conftest import Chat, House


def on_a_call(talk: Talk | None = None) -> Talk:
    """Open the log during a call."""
    return (talk or confirmed("LT11")).says("/case").opens("calls")


def test_a_question_typed_where_a_name_is_asked_for_is_no_name() -> None:
    talk = on_a_call().chooses("set:letter").taps("In 30 days").says("can they take my house?")
    assert not any(key.startswith("call.who") for key in talk.case.answers)
    talk.says("Ms. Lee 1000777")
    assert "Ms. Lee 1000777" in talk.text


def test_a_promise_on_the_phone_is_logged_in_three_taps() -> None:
    talk = on_a_call()
    assert "What did they say or promise?" in talk.text
    talk.chooses("set:letter")
    assert "By <b>which day</b>?" in talk.text
    talk.taps("In 30 days: December 23, 2026").chooses("skip")

    assert talk.page == "calls"
    assert "<b>1. November 23, 2026</b>: They will write or call back, by December 23, 2026" in talk.text
    assert "No name" in talk.text


def test_a_name_and_words_are_kept_as_they_were_typed() -> None:
    talk = on_a_call().chooses("set:other").says("wants <b>Form 433-F</b> & a call")
    talk.says("Ms. Lee, ID 1000 234 567")

    assert "“wants &lt;b&gt;Form 433-F&lt;/b&gt; &amp; a call”" in talk.text
    assert "Ms. Lee, ID 1000 234 567" in talk.text


def test_help_and_a_social_security_number_are_no_notes() -> None:
    talk = on_a_call().chooses("set:refused")
    talk.says("My SSN is 123-45-6789")
    assert talk.value("call.words~1") is None
    talk.says("help")

    assert talk.page == "help"
    assert talk.value("call.words~1") is None


def test_what_is_too_long_for_a_note_is_asked_for_again() -> None:
    talk = on_a_call().chooses("set:other").says("word " * 45)

    assert "keep it under 200 letters" in talk.text
    assert talk.open == "call.words~1"


def test_a_day_that_is_over_is_no_promise() -> None:
    talk = on_a_call().chooses("set:hold").says("November 20, 2026")
    assert "is over" in talk.text
    talk.says("November 20, 2036")
    assert "very far away" in talk.text
    talk.chooses("unsure", "skip")

    assert "They stop for now (a hold)" in talk.text


def test_a_corrected_entry_stays_visible() -> None:
    talk = on_a_call().chooses("set:letter").taps("In 30 days").says("Mr. Day")
    talk.taps("Correct 1")
    assert talk.open == "call.said~2"
    talk.taps("They want papers").taps("In 14 days").taps("Keep: Mr. Day")

    assert talk.page == "calls"
    assert "<b>2. November 23, 2026</b>: They want papers from me, by December 7, 2026" in talk.text
    assert (
        "<s><b>1. November 23, 2026</b>: They will write or call back, by December 23, 2026</s> (corrected)"
        in talk.text
    )
    assert "Correct 1" not in talk.buttons


def test_a_second_call_is_logged_beside_the_first() -> None:
    talk = on_a_call().chooses("set:letter").taps("In 30 days").chooses("skip")
    talk.taps("Log a call").chooses("set:hold").taps("In 60 days").chooses("skip")

    assert talk.text.index("2. November 23") < talk.text.index("1. November 23")


def test_who_calls_again_later_finds_the_log_first() -> None:
    talk = on_a_call().chooses("set:letter").taps("In 30 days").chooses("skip")
    talk.says("/case").opens("calls")

    assert talk.page == "calls"


def agreed(talk: Talk) -> Talk:
    """Log a hold, then come to what was agreed."""
    on_a_call(talk).chooses("set:plan").says("$300 a month from January").says("Mr. Day, 1000777")
    talk.says("/case")
    return goes_to(talk, "follow.what")


def test_a_plan_agreed_on_the_phone_is_followed_until_the_letter_says_the_same() -> None:
    talk = agreed(confirmed("LT11")).chooses("set:plan").says("November 23, 2026", "300", "January 15, 2027")
    assert "Did the letter come that confirms it?" in talk.text
    talk.chooses("set:not_yet")
    assert talk.open is None or not talk.open.startswith("follow.")

    talk.now = NOW + timedelta(days=40)
    talk.says("/case")
    goes_to(talk, "follow.silence")
    assert "More than 30 days, and no letter" in talk.text
    talk.chooses("ok").edits("follow.letter").chooses("set:yes")
    talk.says("/case")
    goes_to(talk, "follow.differs")
    assert "You told me: $300 each month, the next on January 15, 2027" in talk.text
    talk.chooses("tick:amount", "ok")
    assert "Call the number on that letter" in talk.text
    talk.chooses("ok").edits("follow.differs").chooses("set:none")
    talk.says("/case")
    goes_to(talk, "follow.confirmed")

    assert "It is confirmed in writing" in talk.text
    assert "I remind you of the payments" in talk.text


def test_a_missed_payment_is_met_before_the_plan_ends() -> None:
    talk = agreed(confirmed("LT11")).chooses("set:plan").says("November 23, 2026", "300", "January 15, 2027")
    talk.chooses("set:yes", "set:none", "ok")
    talk.says("/case").opens("missed").chooses("set:one")
    assert "Pay the missed amount now if you can, and call" in talk.text
    talk.edits("missed.what").chooses("set:cannot").says("/case").opens("missed")

    assert "Call before the day of the payment" in talk.text


@pytest.mark.parametrize("outcome", ["paid", "plan", "offer", "hardship", "not_owed", "other"])
def test_the_end_says_what_to_keep_and_what_could_bring_it_back(outcome: str) -> None:
    talk = confirmed("LT11").says("/case").chooses("go:more", "go:close", f"close:{outcome}")

    assert "Thank you for letting me walk with you" in talk.text
    for part in ("Keep:", "It could come back if:", "Look again:"):
        assert part in talk.text
    assert not talk.case.active
    talk.chooses("reopen")
    assert talk.case.active


async def test_the_log_is_sent_as_a_file(chat: Chat, house: House) -> None:
    await has_a_cp504(chat, "LT11", "November 16, 2026")
    await chat.says("/case")
    await chat.taps("I am on a call")
    await chat.taps("They will write or call back")
    await chat.taps("In 30 days")
    await chat.says("Ms. Lee & Co, ID 1000777")
    await chat.taps("Send me the log as a file")

    (sent,) = house.telegram.world.files.values()
    assert sent.mime == "text/plain"
    text = sent.data.decode()
    assert "1. November 23, 2026" in text
    assert "Said: They will write or call back, by December 23, 2026" in text
    assert "Spoke with: Ms. Lee & Co, ID 1000777" in text


def coming(talk: Talk) -> list[tuple[str, str]]:
    """Return what the case reminds of next, with the day."""
    found = engine.listed(house(), talk.state, talk.case, talk.now)
    return [(one.kind, f"{one.due:%m-%d}") for one in found]


def test_a_promise_is_asked_for_the_day_after_and_once_more() -> None:
    talk = on_a_call(confirmed("CP504")).chooses("set:letter").says("December 1, 2026").chooses("skip")
    assert [day for kind, day in coming(talk) if kind == "call_back~1"] == ["12-02", "12-05"]

    talk.now = NOW + timedelta(days=9)
    talk.says("/case").opens("calls")
    assert "On November 23, 2026 they promised: <b>They will write or call back</b>" in talk.text
    talk.chooses("set:no")
    assert "You promised this by December 1, 2026" in talk.text
    talk.chooses("ok")

    assert talk.page == "calls"
    assert "<b>not kept</b>" in talk.text
    assert [kind for kind, _ in coming(talk) if kind.startswith("call_back")] == []


def test_each_monthly_payment_is_reminded_of() -> None:
    talk = agreed(confirmed("CP504")).chooses("set:plan").says("November 23, 2026", "300", "January 31, 2027")
    talk.chooses("set:not_yet")
    due = sorted({kind for kind, _ in coming(talk) if kind.startswith("payment")})
    assert due == ["payment~202701", "payment~202702"]
    assert [day for kind, day in coming(talk) if kind == "payment~202702"] == ["02-25", "02-28", "03-01"]

    talk.now = NOW + timedelta(days=100)
    assert {kind for kind, _ in coming(talk) if kind.startswith("payment")} == {
        "payment~202703",
        "payment~202704",
    }


def test_the_letter_that_was_not_there_is_looked_for_after_thirty_days() -> None:
    talk = agreed(confirmed("CP504")).chooses("set:hold").says("November 23, 2026").chooses("set:not_yet")

    assert [day for kind, day in coming(talk) if kind == "answer_due"] == ["12-24", "12-27"]
    assert "follow.letter" not in [kind for kind, _ in coming(talk)]


def asks_on_the_phone(way: str) -> Talk:
    """Choose a way and tick off its steps up to what asks the IRS for something."""
    talk = takes(way)
    while talk.open is not None and talk.open.startswith("do."):
        deed = talk.walk.matter.deed or next(
            one for one in talk.walk.matter.plan if talk.open.endswith(f"~{one.item}")
        )
        asks = deed.entry.asks
        if asks and deed.entry.sends:
            talk.taps("I sent it", "Certified or registered mail", "Yesterday").chooses("skip")
        else:
            talk.chooses("set:finished" if asks else "set:not_yet")
    return talk


@pytest.mark.parametrize(
    ("way", "about"),
    [
        ("nsia", "your payment plan"),
        ("short_term", "your time to pay"),
        ("cnc", "the pause"),
        ("fta", "the penalty"),
        ("oic_datc", "your offer"),
        ("audit_reconsideration", "what you think is wrong"),
    ],
)
def test_what_was_asked_for_is_followed_without_a_call(way: str, about: str) -> None:
    talk = asks_on_the_phone(way)
    if talk.open == "follow.since":
        talk.taps("Yesterday")
    if talk.open == "follow.amount":
        talk.chooses("unsure", "unsure")

    assert talk.open == "follow.letter"
    assert f"Did the letter about {about} come?" in talk.text
    talk.chooses("set:not_yet")
    assert [day for kind, day in coming(talk) if kind == "answer_due"] == ["12-23", "12-26"]


def test_the_day_of_what_was_sent_is_not_asked_for_twice() -> None:
    assert asks_on_the_phone("oic_datc").open == "follow.letter"


def test_what_was_only_read_is_not_followed() -> None:
    talk = takes("nsia")
    while talk.open is not None and talk.open.startswith("do."):
        talk.chooses("set:not_yet")

    assert not any(one.key.startswith("follow.") for one in talk.walk.places)


def test_a_no_of_the_irs_is_no_dead_end() -> None:
    talk = asks_on_the_phone("nsia").taps("Today").says("350", "January 15, 2027").taps("They said no")

    assert "A no is not the end" in talk.text
    assert "Form 9423" in talk.text
    talk.chooses("ok")
    assert [kind for kind, _ in coming(talk) if kind.startswith(("payment", "answer_due"))] == []


def test_a_plan_set_up_on_the_phone_counts_more_than_a_penalty_that_was_asked_about() -> None:
    talk = on_a_call(asks_on_the_phone("fta").says("/case")).chooses("set:plan")
    talk.says("$300 a month from January").chooses("skip")
    talk.says("/case").taps("Go on")

    assert "What did the IRS agree to?" in talk.text


def test_the_day_after_a_payment_it_is_asked_if_it_went_through() -> None:
    talk = agreed(confirmed("CP504")).chooses("set:plan").says("November 23, 2026", "300", "January 15, 2027")
    talk.chooses("set:not_yet")
    talk.now = datetime(2027, 1, 16, 13, 0, tzinfo=UTC)

    assert "payment~202701" in [kind for kind, _ in coming(talk)]


def test_what_was_corrected_is_neither_reminded_of_nor_asked_about() -> None:
    talk = on_a_call(confirmed("CP504")).chooses("set:hold").says("December 1, 2026").chooses("skip")
    assert "They stop for now (a hold), until December 1, 2026" in talk.text
    assert [kind for kind, _ in coming(talk) if kind.startswith("hold_ends")]
    talk.taps("Correct 1", "They said no").chooses("skip", "skip")

    assert [kind for kind, _ in coming(talk) if kind.startswith("hold_ends")] == []
    talk.now = NOW + timedelta(days=20)
    talk.says("/case").opens("calls")
    assert talk.page == "calls"
    assert "They stop for now (a hold), until December 1, 2026</s> (corrected)" in talk.text


def test_a_plan_that_was_corrected_to_something_else_is_not_awaited_any_more() -> None:
    talk = on_a_call(confirmed("CP504")).chooses("set:plan").says("$300 a month").says("Mr. Day")
    talk.taps("Correct 1")
    assert talk.open == "call.said~2"
    talk.taps("They said no").taps("Keep: $300 a month").taps("Keep: Mr. Day")

    assert "They set up a plan</s> (corrected)" in talk.text
    assert not any(one.key.startswith("follow.") for one in talk.walk.places)
    talk.taps("Correct 2").taps("They set up a plan").taps("Keep: $300 a month").taps("Keep: Mr. Day")
    assert any(one.key == "follow.what" for one in talk.walk.places)


def test_an_entry_counts_until_the_one_in_its_place_is_told() -> None:
    talk = on_a_call(confirmed("CP504")).chooses("set:plan").says("$300 a month").says("Mr. Day")
    talk.taps("Correct 1").says("/case")
    assert any(one.key == "follow.what" for one in talk.walk.places)
    talk.opens("calls")
    assert talk.open == "call.said~2"
    talk.chooses("back")

    assert talk.page == "calls"
    assert "(corrected)" not in talk.text
    assert "Correct 1" in talk.buttons


def has_a_wrong_letter() -> Talk:
    """Return somebody whose letter names another amount than was agreed."""
    talk = agreed(confirmed("CP504")).chooses("set:plan").says("November 23, 2026", "300", "January 15, 2027")
    return talk.chooses("set:yes", "tick:amount", "ok", "ok")


def test_a_wrong_letter_is_asked_about_again_after_a_week_until_it_is_mended() -> None:
    talk = has_a_wrong_letter()
    assert [day for kind, day in coming(talk) if kind == "follow.differs"] == ["11-30", "12-03"]

    talk.now = NOW + timedelta(days=7)
    shown = reminding.message(house(), words(), talk.state, ReminderDue(1, "follow.differs", 0), talk.now)
    assert shown is not None
    text = fits(shown)
    assert "Still to do: have the letter mended" in text
    assert "Is the new letter there?" in text
    talk.taps_data("r:1:follow.differs:0:go")
    assert talk.open == "follow.differs"
    talk.chooses("ok")  # the amount is still wrong
    assert [day for kind, day in coming(talk) if kind == "follow.differs"] == ["12-07", "12-10"]

    talk.edits("follow.differs").chooses("set:none")
    assert [day for kind, day in coming(talk) if kind == "follow.differs"] == []


def test_a_letter_with_nothing_wrong_in_it_is_not_asked_about_again() -> None:
    talk = agreed(confirmed("CP504")).chooses("set:plan").says("November 23, 2026", "300", "January 15, 2027")
    talk.chooses("set:yes", "set:none", "ok")

    assert "follow.differs" not in [kind for kind, _ in coming(talk)]


def a_year_of_its_own() -> Talk:
    """Return somebody with a plan for 2021, and a penalty of 2022 that they ask to have taken off by letter."""
    state = walked().state
    assert state.case is not None
    given = dict(state.case.answers)
    given["letter.periods"] = replace(given["letter.periods"], value=[1, 2])
    for key in ("year", "amount", "split"):
        given[f"period.{key}~2"] = given[f"period.{key}~1"]
    given["period.year~2"] = replace(given["period.year~1"], value=2021)
    talk = Talk(replace(state, cases=(replace(state.case, answers=given),))).says("/case").taps("Ways out")
    takes("nsia", talk)
    talk.says("/case").taps("Ways out", "A year of its own way")
    return talk.taps("Get its penalty taken off", "Something kept me from it", "With the rest")


def test_what_was_asked_for_beside_the_plan_has_its_own_reminder() -> None:
    talk = a_year_of_its_own()
    deeds = {one.name: (n, one.item) for n, one in enumerate(talk.walk.matter.plan, 1)}
    number, item = deeds["relief_letter"]
    talk.says("/case").taps("My plan", str(deeds["apply_phone"][0])).chooses("set:finished")
    assert not [kind for kind, _ in coming(talk) if kind.startswith("also_due")]
    talk.taps(str(number)).taps("I sent it", "Certified or registered mail", "Yesterday").chooses("skip")
    assert talk.walk.matter.request is not None
    assert talk.walk.matter.request.kind == "plan"
    assert [day for kind, day in coming(talk) if kind == f"also_due~{item}"] == ["12-23", "12-26"]

    shown = reminding.message(
        house(), words(), talk.state, ReminderDue(1, f"also_due~{item}", 0), NOW + timedelta(days=30)
    )
    assert shown is not None
    text = fits(shown)
    assert "The letter about the penalty (2022)" in text
    assert "call and ask where your request stands" in text
    talk.taps_data(f"r:1:also_due~{item}:0:done")
    told = ReminderAnswered(1, f"also_due~{item}", "done", 1)
    shown = reminding.message(house(), words(), talk.state, told, NOW + timedelta(days=30))
    assert shown is not None
    assert "If it says no, or not what you asked for, call the number on it" in fits(shown)
    assert not [kind for kind, _ in coming(talk) if kind.startswith("also_due")]


def test_a_penalty_asked_about_before_a_plan_was_set_up_is_still_awaited() -> None:
    talk = on_a_call(asks_on_the_phone("fta").says("/case")).chooses("set:plan")
    assert [kind for kind, _ in coming(talk) if kind.startswith("also_due")]


def test_a_plan_asked_for_online_and_again_on_the_phone_is_one_letter() -> None:
    talk = takes("simple_payment_plan", walked(situation__events="tick:officer"))
    while talk.open is not None and talk.open.startswith("do."):
        talk.chooses("set:finished")

    assert not [kind for kind, _ in coming(talk) if kind.startswith("also_due")]
