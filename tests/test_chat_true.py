"""What the bot says of what was put off, is still open or is to come is true of that very thing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import notices, reminding, screens
from bot.notices import ReminderDue
from tests.talk import NOW, Talk, begun, confirmed, fits, house, words
from tests.test_chat_follow import agreed
from tests.test_chat_lien import goes_to, with_letter
from tests.test_chat_ways import goes_on, walked


def reminder(talk: Talk, key: str) -> str:
    """Return what the reminder of a step that was put off says, a day later."""
    talk.now = NOW + timedelta(days=1)
    shown = reminding.message(house(), words(), talk.state, ReminderDue(1, key, 0), talk.now)
    assert shown is not None
    assert "Open the step" in [button.text for row in shown.rows for button in row]
    return fits(shown)


def parts(talk: Talk) -> str:
    return fits(talk.says("/case").screen).partition("Parts done")[2]


# ---------------------------------------------------------------- what was put off


def test_the_reminder_of_the_budget_gives_the_reason_of_the_budget() -> None:
    talk = walked("budget.begin", money__income="1", money__living="1").chooses("set:later")
    said = reminder(talk, "budget.begin")

    assert "Still to do: go through your budget" in said
    assert "whether a plan, a pause or an offer for less fits you" in said
    assert "who wrote to you" not in said


def test_the_reminder_of_the_check_gives_the_reason_of_the_check() -> None:
    talk = confirmed().taps("Go on").chooses("set:not_yet")

    assert "nobody can be sure who contacted you" in reminder(talk, "check.made~1")


# ---------------------------------------------------------------- parts done


def test_a_way_to_be_decided_later_is_no_part_done() -> None:
    talk = walked()
    before = parts(talk)
    assert "○ Ways out\n" in before

    after = parts(talk.taps("Go on").chooses("skip"))
    assert "✓ Your payment\n○ Ways out: not yet" in after
    assert before.split()[1] == after.split()[1] != after.split()[3]

    talk.says("/case").taps("Ways out").chooses("see:others").taps("More choices", "Set aside for hardship")
    assert "✓ Ways out" in parts(talk.chooses("take:cnc", "set:2026-11-23"))


def test_a_hearing_not_asked_for_is_no_part_done() -> None:
    talk = with_letter("LT11", "2026-11-16").chooses("set:not_yet", "ok")
    assert "○ Your hearing: not yet" in parts(talk)

    talk.edits("hearing.asked").chooses("set:sent")
    assert "✓ Your hearing" in parts(talk.says("/case").taps("Go on").says("November 20, 2026").chooses("ok"))


def test_a_letter_that_did_not_come_or_is_wrong_confirms_nothing() -> None:
    talk = agreed(confirmed("LT11")).chooses("set:plan").says("November 23, 2026", "300", "January 15, 2027")
    assert "○ Confirmed in writing: not yet" in parts(talk.chooses("set:not_yet"))

    talk.edits("follow.letter").chooses("set:yes", "tick:amount", "ok", "ok")
    assert "○ Confirmed in writing: not yet" in parts(talk)

    talk.edits("follow.differs").chooses("set:none").says("/case")
    goes_to(talk, "follow.confirmed").chooses("ok")
    assert "✓ Confirmed in writing" in parts(talk)


def test_papers_to_be_looked_at_later_are_no_part_done() -> None:
    talk = walked().says("set aside for hardship").chooses("take:cnc", "set:2026-11-23")
    goes_on(talk, until="papers.begin").chooses("set:later")

    assert "○ Your papers: not yet" in parts(talk)


# ---------------------------------------------------------------- a day that is still to come


def test_a_day_to_come_is_only_looked_for_on_the_letter_where_it_stands_there() -> None:
    talk = with_letter("LT11", "2026-11-16").chooses("set:sent").says("December 1, 2026")
    assert "is still to come. Please send the day it happened: today or a day before." in talk.text
    assert "top right of the letter" not in talk.text

    talk = begun().chooses("set:mail", "set:irs", "set:none", "set:none").says("CP504", "December 1, 2026")
    assert "Please look at the top right of the letter for its date." in talk.text


# ---------------------------------------------------------------- typed in fear


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("i lost my job", "with less income it can take smaller payments"),
        ("im so scared", "call or text 988"),
        ("i cant sleep", "People who can stand by you"),
        ("i got divorced", "each of you owes all of it"),
        ("no entiendo", "yo solo sé inglés"),
        ("hablas español", "pida español"),
        ("please call me", "I am a program and cannot call you"),
        ("delete everything", "Send /delete"),
        ("i paid it all today", "Keep the confirmation"),
        ("i filed bankruptcy", "You filed already?"),
        ("they took money from my bank", "A bank holds the money for 21 days before it sends it"),
        ("take the offer", "tap Ways out"),
        ("i changed my mind", "tap Ways out"),
    ],
)
def test_what_is_typed_in_fear_gets_an_answer_and_the_open_question_waits(typed: str, said: str) -> None:
    talk = confirmed().taps("Go on")
    before = talk.open
    talk.says(typed)

    assert said in _answer(talk)
    assert talk.open == before == "check.made~1"


def test_words_of_despair_are_met_before_any_question() -> None:
    talk = confirmed().taps("Go on").says("im so scared i want to die")
    assert notices.Tell("despair") in talk.posts
    assert not [one for one in talk.posts if isinstance(one, notices.Explain)]


@pytest.mark.parametrize(
    ("typed", "feeling"),
    [("im scared", "worried"), ("i cant sleep", "not_coping"), ("i am overwhelmed", "not_coping")],
)
def test_fear_that_answers_the_open_question_stays_its_answer(typed: str, feeling: str) -> None:
    talk = goes_on(confirmed(), until="situation.feeling").says(typed)
    assert not [one for one in talk.posts if isinstance(one, notices.Explain)]
    assert talk.value("situation.feeling") == feeling


def _answer(talk: Talk) -> str:
    asked = [one.question for one in talk.posts if isinstance(one, notices.Explain)]
    screen = screens.explained(house(), words(), talk.state, asked[-1], talk.now)
    assert screen is not None
    return fits(screen)


def test_an_offer_taken_in_words_is_shown_where_the_ways_are_chosen() -> None:
    talk = walked().says("take the offer")
    assert talk.page == "way"
    assert "You offer what the IRS could expect to collect" in talk.text
    assert not [one for one in talk.posts if isinstance(one, notices.Explain)]
