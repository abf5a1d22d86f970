"""People who can help: who fits, what to ask them, and the case on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot import engine, notices, screens
from bot.model import Answer
from tests.talk import Talk, begun, confirmed, fits, house, words
from tests.test_chat_lien import goes_to

if TYPE_CHECKING:
    from tests.conftest import Chat


def handed_over(talk: Talk) -> str:
    """Return the last page to hand over, in words."""
    written = [one for one in talk.posts if isinstance(one, notices.Handover)][-1]
    screen = screens.handed_over(house(), words(), talk.state, written.case, talk.now)
    assert screen is not None
    return fits(screen)


def told(talk: Talk, **answers: object) -> Talk:
    """Put answers about the person themselves."""
    for name, value in answers.items():
        talk.state = engine._put(talk.state, "person", f"household.{name}", Answer(value))
    return talk


def test_a_clinic_asks_for_the_household_then_for_the_income() -> None:
    talk = confirmed().says("/help").taps("Free clinic")
    assert "you included" in talk.text
    assert "$" not in talk.text

    talk.taps("3")
    assert "$68,300" in talk.text
    assert "$5,691 a month" in talk.text
    talk.taps("Yes, that or less")

    assert "a clinic can take your case" in talk.text
    assert "taxpayeradvocate.irs.gov/litc" in talk.text
    assert "act by <b>Wednesday, December 16, 2026</b>" in talk.text
    assert "My case on one page" in talk.buttons


def test_what_the_bot_knows_of_the_household_is_not_asked_again() -> None:
    talk = told(confirmed(), people=2, state="AK").says("/help").taps("Free clinic")
    assert "you included" not in talk.text
    assert "$67,625" in talk.text, "the line of Alaska"


def test_the_size_told_on_the_page_of_clinics_is_the_one_of_the_household() -> None:
    talk = confirmed().says("/help").taps("Free clinic", "4")
    assert talk.value("household.people") == 4


def test_above_the_line_somebody_to_hire_is_next() -> None:
    talk = confirmed().says("/help").taps("Free clinic", "1", "No, more")
    assert "most likely not" in talk.text
    assert talk.buttons[0] == "Someone to hire"

    talk.taps("Answer that again", "Not sure")
    assert "They work it out with you" in talk.text
    assert "$39,900" in talk.text


def test_a_year_with_too_much_is_said_before_anybody_calls_a_clinic() -> None:
    talk = confirmed(years=((2023, "50001"),)).says("/help").taps("Free clinic", "1", "Yes, that or less")
    assert "mostly take up to $50,000 for one year" in talk.text
    assert "can take your case" not in talk.text


@pytest.mark.parametrize(
    ("need", "said"),
    [
        ("I cannot pay for food", "there for people in need"),
        ("They are about to take", "there for people in need"),
        ("No answer for more than 30 days", "the IRS must answer you"),
        ("The IRS broke its word", "the IRS must answer you"),
    ],
)
def test_the_advocate_steps_in_for_need_or_failure_and_the_day_stays(need: str, said: str) -> None:
    talk = confirmed().says("/help").taps("Taxpayer Advocate", need)
    assert said in talk.text
    assert "877-777-4778" in talk.text
    assert "Form 911" in talk.text
    assert "Your day does not wait" in talk.text


def test_the_advocate_is_not_recommended_without_a_reason() -> None:
    talk = confirmed().says("/help").taps("Taxpayer Advocate", "None of these")
    assert "send you back" in talk.text
    assert "can step in" not in talk.text
    talk.taps("Answer that again")
    assert "What is true for you?" in talk.text


def test_who_told_of_hardship_is_not_asked_for_it_again() -> None:
    talk = goes_to(confirmed(), "situation.hardship")
    talk.chooses("tick:housing", "ok").says("/help").taps("Taxpayer Advocate")
    assert "there for people in need" in talk.text


def test_whom_to_hire_what_to_ask_and_which_offers_to_leave() -> None:
    talk = confirmed().says("/help").taps("Someone to hire")
    assert "Enrolled agent" in talk.text
    assert "Form 2848" in talk.text
    talk.taps("What to ask them")
    assert "Have you worked on a CP504 before?" in talk.text
    assert "before December 16, 2026" in talk.text
    talk.taps("Spot a bad offer")
    assert "Pennies on the dollar" in talk.text
    assert "irs.gov/oictool" in talk.text


def test_a_final_notice_says_why_somebody_should_look_at_it() -> None:
    talk = confirmed("LT11", "2026-11-16").says("/help").taps("Someone to hire")
    assert "In your case I would ask one" in talk.text
    assert "an enrolled agent (EA), a CPA or an attorney." in talk.text


def test_the_page_to_hand_over_holds_the_case_and_no_feelings() -> None:
    talk = goes_to(confirmed("LT11", "2026-11-16"), "situation.feeling")
    talk.chooses("set:worried").chooses("tick:officer", "ok")
    talk.says("/case").taps("More", "My case on one page")
    assert "Social Security number are not in it" in talk.text
    before = talk.text
    talk.taps("Write it")
    assert talk.text == before, "the screen stays as it was"

    page = handed_over(talk)
    assert "LT11, dated November 16, 2026" in page
    assert "2023: $12,345.67" in page
    assert "December 16, 2026: Your last day to ask for a hearing" in page
    assert "A letter came in the mail (looks real)" in page
    assert "revenue officer" in page
    assert "WHY A PROFESSIONAL" in page
    assert "worried" not in page.casefold()


def test_with_a_crime_in_it_the_page_is_for_an_attorney_alone() -> None:
    talk = goes_to(confirmed(), "situation.events").chooses("tick:special_agent", "ok").says("/case")
    assert "attorney only" in talk.taps("More", "My case on one page").text


def test_a_page_of_a_long_case_fits_into_one_message() -> None:
    years = tuple((year, "9999999.99") for year in range(2005, 2025))
    talk = confirmed(years=years).says("/help").taps("one page", "Write it")
    assert "2005: $9,999,999.99" in handed_over(talk)


def test_help_is_there_before_there_is_a_case() -> None:
    talk = begun().says("/help")
    assert "My case on one page" not in talk.buttons
    talk.taps("Free clinic", "2", "Yes, that or less")
    assert "Your income is low enough" in talk.text
    new = Talk().says("/help")
    for page in ("Free clinic", "Taxpayer Advocate", "Someone to hire", "Spot a bad offer"):
        assert fits(new.says("/help").taps(page).screen)


async def test_the_case_on_one_page_comes_as_a_message_to_copy(chat: Chat) -> None:
    await chat.says("/start")
    await chat.taps("I understand")
    await chat.taps("Eastern")
    await chat.taps("A letter came in the mail")
    await chat.says("/help")
    await chat.taps("My case on one page")
    await chat.taps("Write it")

    assert any("IRS TAX CASE" in one for one in chat.said)
    assert "Write it" in chat.buttons, "the screen stands below it"
