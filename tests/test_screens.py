"""What a person sees: every screen of every letter, in words that fit and can be read in fear."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot import reminding
from bot.notices import ReminderAnswered, ReminderDue
from bot.rules.notices import catalogue
from tests.talk import NOW, PLAIN_LETTER, Talk, begun, confirmed, fits, house, letter, words

LETTERS = [notice.id for notice in catalogue()]


def with_letter(number: str, printed: str = "", dated: str = "2026-11-16") -> Talk:
    """Return somebody who was led to the day of this letter."""
    talk = begun().chooses(*PLAIN_LETTER)
    code = talk.walk.open.code if talk.walk.open else ""
    talk.taps_data(f"s:1:{code}:0:set:{number}")
    talk = talk.says(dated) if dated else talk.chooses("unsure")
    if talk.open == "notice.printed~1":
        talk = talk.says(printed) if printed else talk.chooses("skip")
    if talk.open == "notice.lien_filed~1":
        talk.chooses("unsure")
    return talk.chooses("ok")


def test_every_letter_with_a_printed_day_leads_to_a_day() -> None:
    for number in LETTERS:
        talk = with_letter(number, "2026-12-07")
        fits(talk.screen)
        asked = "notice.printed~1" in talk.case.answers  # not of a letter that carries no day of its own
        if talk.open == "deadline.none":  # nothing is asked for by a day, or there is another way
            assert not asked or "The letter prints <b>Monday, December 7, 2026</b>" in talk.text, number
        else:
            assert talk.walk.matter.main is not None, number


def test_every_letter_is_walked_to_its_day_and_its_reminders() -> None:
    for number in LETTERS:
        talk = with_letter(number)
        text = fits(talk.screen)
        assert re.search(r"day|deadline|days", text), number
        talk.chooses("ok")
        for page in ("/case", "/deadlines"):
            fits(talk.says(page).screen)
        for line in talk.walk.matter.deadlines:
            if line.act_by is None or not talk.case.answers.get("deadline.confirm"):
                continue
            for days in (0, 500):
                sent = ReminderDue(1, line.kind, 3)
                screen = reminding.message(house(), words(), talk.state, sent, NOW + timedelta(days=days))
                assert screen is not None, (number, line.kind)
                fits(screen)
            for how in ("done", "stop", "again", "snooze", "snooze_hour", "snooze_morning"):
                answered = ReminderAnswered(1, line.kind, how, 1)
                screen = reminding.message(house(), words(), talk.state, answered, NOW)
                assert screen is not None, (number, line.kind)
                fits(screen)


def test_a_letter_without_its_date_is_told_kindly_that_no_day_is_known() -> None:
    for number in LETTERS:
        fits(with_letter(number, dated="").screen)


def test_a_letter_whose_day_has_passed_says_what_is_still_possible() -> None:
    for number in LETTERS:
        talk = with_letter(number, dated="2025-01-06")
        text = fits(talk.screen)
        if "(passed)" in text:
            assert "This is still possible:\n•" in text, number
            assert "remind me" not in str(talk.buttons), number


def test_the_summary_has_a_row_and_a_button_for_each_answer_in_pages_of_twelve() -> None:
    talk = confirmed(years=((2023, "1"), (2022, "2"))).says("/case").taps("My answers")
    assert [label for label in talk.buttons if label.startswith("✎")] == [f"✎ {n}" for n in range(1, 13)]
    talk.taps("More choices")

    assert [label for label in talk.buttons if label.startswith("✎")] == ["✎ 13"]
    assert "Years on the letter: <b>2</b>" in talk.text
    assert "How it came" in talk.taps("Other choices").text


def test_a_full_list_of_years_still_fits_on_every_page() -> None:
    talk = confirmed(years=tuple((2000 + n, "999,999.99") for n in range(1, 21)))
    for page in ("/case", "/deadlines"):
        fits(talk.says(page).screen)
    fits(talk.taps("My answers").screen)


def test_the_case_card_says_when_it_is_too_late_for_a_reminder() -> None:
    talk = letter("LT11", "2026-10-23").chooses("ok", "ok")
    assert talk.open == "period.year~1"
    talk.says("/case")

    assert talk.page == "case"
    assert "act today" in talk.text
    assert "I will remind you" not in talk.text


def test_a_reminder_is_not_worth_saying_once_it_is_done_or_stopped() -> None:
    for op in ("done", "stop"):
        talk = confirmed().taps_data(f"r:1:state_refund_levy:0:{op}")
        due = ReminderDue(1, "state_refund_levy", 3)
        assert reminding.message(house(), words(), talk.state, due, NOW) is None


def test_the_day_of_a_doubtful_letter_says_so() -> None:
    talk = begun().chooses(
        "set:mail", "set:irs", "tick:settlement_discount", "ok", "tick:link", "ok", "unsure"
    )
    talk.says("CP504", "2026-11-16").chooses("skip", "ok")

    assert "only if the letter is real" in talk.text


@pytest.mark.parametrize("sender", ["office", "state_or_county"])
def test_a_scam_or_a_state_letter_gives_no_day(sender: str) -> None:
    talk = begun().chooses("set:mail", f"set:{sender}")
    if sender == "state_or_county":
        talk.chooses("set:local", "set:none")

    assert talk.chooses("set:no", "unsure", "ok").open == "deadline.none"
