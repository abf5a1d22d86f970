"""The letter and the situation, as they are talked. Today is Monday, November 23, 2026, 10:00 in New York."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import pytest

from bot import engine
from bot.dialogs import code_of
from bot.rules import guards
from tests.talk import PLAIN_LETTER, Talk, begun, confirmed
from tests.test_chat import confirms, has_a_plain_letter, reads_on

if TYPE_CHECKING:
    from tests.conftest import Chat


async def has_a_cp504(chat: Chat, number: str = "CP504", dated: str = "November 2, 2026") -> None:
    """Walk a letter in the mail to the first question about the situation."""
    await chat.says("/start")
    await chat.taps("I understand")
    await chat.taps("New York")
    await has_a_plain_letter(chat)
    await chat.says(number)
    await chat.says(dated)
    await chat.taps("No date is printed")
    await reads_on(chat)
    await confirms(chat)
    await chat.taps("Not checked yet")


async def is_well(chat: Chat) -> None:
    assert "How are you holding up?" in chat.screen
    await chat.taps("I am managing")


async def answers_the_rest(chat: Chat, filed: str = "All are filed") -> None:
    """Answer what comes after the special events, for a person who owes and can get by."""
    await chat.ticks("Nothing is being taken")
    await chat.ticks("I would still get by")
    await chat.taps("wages, pension or benefits")
    await chat.taps(filed)
    if "File the missing" in chat.screen:
        await chat.taps("I have read this")
    await chat.taps("Yes, all of them")
    await chat.taps("Yes")
    await chat.taps("No plan")
    await chat.taps("Yes, it seems right")
    await chat.ticks("None of these")
    await chat.says("new york")
    await chat.taps("3")
    await chat.taps("0")
    await chat.ticks("Wages")
    await chat.taps("The total is enough")
    await chat.says("/case")


async def edits(chat: Chat, answer: str) -> None:
    """Open an answer again from the summary."""
    await chat.taps("My answers")
    while (found := re.search(rf"(\d+)\. {answer}:", chat.screen)) is None:
        await chat.taps("More choices")
    await chat.taps(f"✎ {found[1]}")


# ---------------------------------------------------------------- what the letter says


async def test_each_letter_is_told_where_its_date_stands(chat: Chat) -> None:
    await chat.says("/start")
    await chat.taps("I understand")
    await chat.taps("New York")
    await has_a_plain_letter(chat)
    assert "top right corner of the first page, or at its foot" in chat.screen
    await chat.says("Letter 725-B")
    assert "Letters often print it like 10/23/2026" in chat.screen
    await chat.says("11/09/2026")
    assert "On which day is the appointment?" in chat.screen
    await chat.says("12/08/2026")
    await reads_on(chat)
    await chat.taps("remind me")
    await chat.taps("Go on")
    assert "take one from an older letter" in chat.screen
    await chat.says("2024 q2")
    assert "This letter mostly prints no amount" in chat.screen
    await chat.taps("Not sure")

    assert "2024, quarter 2: amount not known" in chat.screen


async def test_an_amount_is_split_by_who_wants_to(chat: Chat) -> None:
    await chat.says("/start")
    await chat.taps("I understand")
    await chat.taps("New York")
    await has_a_plain_letter(chat)
    await chat.says("LT11")
    assert "Notice date" in chat.screen
    await chat.says("November 16, 2026")
    assert "Form 12153" in chat.screen
    await chat.taps("No date is printed")
    await reads_on(chat)
    await chat.taps("remind me")
    await chat.taps("Go on")
    await chat.says("2023")
    await chat.says("1,000.00")
    assert "later pages" in chat.screen
    await chat.taps("No, that is all")
    await chat.says("/case")
    await chat.taps("More")
    await chat.taps("What it is made of")
    await chat.taps("I can split it")
    await chat.says("1,200")
    assert "more than the whole amount, $1,000" in chat.screen
    await chat.says("800")
    await chat.says("150")

    await chat.says("/case")
    await edits(chat, "Years on the letter")
    assert "2023: $1,000 (tax $800, penalty $150, interest $50)" in chat.screen


def test_a_letter_that_asks_for_nothing_is_not_asked_for_a_day() -> None:
    talk = begun().chooses(*PLAIN_LETTER).says("CP40", "2026-11-16")

    assert talk.open == "verdict.seen~1"


async def test_who_changes_the_date_at_the_end_sees_what_it_moves(chat: Chat) -> None:
    await has_a_cp504(chat, "LT11", "November 16, 2026")
    await chat.taps("Not yet")
    await chat.taps("I have read this")
    await is_well(chat)
    await chat.ticks("None of these")
    await answers_the_rest(chat)
    assert "Wednesday, December 16, 2026 (23 days left)" in chat.screen

    await edits(chat, "Date on the letter")
    await chat.says("November 20, 2026")
    assert "December 16, 2026" in chat.screen
    assert "Monday, December 21, 2026" in chat.screen
    await chat.taps("Yes, change it")
    await chat.says("/case")

    assert "Monday, December 21, 2026 (28 days left)" in chat.screen


def adds_a_letter(talk: Talk) -> Talk:
    """Add a letter as the button of the case card does."""
    talk.says("/case")
    return talk.taps_data(f"p:1:case:{talk.state.person.focus.revision}:more:{code_of('letter.notices')}")


def test_a_second_letter_moves_the_picture() -> None:
    talk = confirmed("CP504", "2026-11-02")
    assert "December 2, 2026" in talk.says("/case").text

    adds_a_letter(talk).says("LT11", "2026-11-16").chooses("skip")
    assert talk.open == "deadline.confirm"
    assert "Your last day to ask for a hearing" in talk.text
    assert "Wednesday, December 16, 2026" in talk.text
    assert "before it may take a state refund: December 2, 2026" in talk.text
    talk.chooses("ok", "on")
    assert "What does your <b>newest</b> letter (LT11) say you owe for 2023?" in talk.text
    talk.taps("Keep: $12,345.67")
    assert talk.open == "check.made~1"


def test_an_older_letter_added_later_asks_for_no_new_amount_and_moves_nothing() -> None:
    talk = confirmed("LT11", "2026-11-16")
    before = talk.walk.matter.main

    adds_a_letter(talk).says("CP503", "2026-10-19", "2026-11-30")

    assert talk.walk.matter.main == before
    assert talk.walk.matter.total is not None


# ---------------------------------------------------------------- a bad day


async def test_on_a_bad_day_a_person_comes_first_and_the_tax_waits(chat: Chat) -> None:
    await has_a_cp504(chat)
    await chat.taps("I am thinking of ending it")

    assert "Your situation" not in chat.screen
    assert "You matter more than any tax" in chat.screen
    assert "call or text 988 now, day or night" in chat.screen
    assert "The tax can wait a day" in chat.screen

    await chat.taps("I can go on")
    assert "Do any of these fit you?" in chat.screen
    await chat.says("/case")
    assert "December 2, 2026" in chat.screen


async def test_who_is_not_coping_is_told_that_one_step_is_enough(chat: Chat) -> None:
    await has_a_cp504(chat)
    await chat.says("overwhelmed")

    assert "one small step at a time" in chat.screen
    assert "988" in chat.screen


async def test_nobody_has_to_say_how_they_are(chat: Chat) -> None:
    await has_a_cp504(chat)
    await chat.taps("I would rather not say")

    assert "Do any of these fit you?" in chat.screen


# ---------------------------------------------------------------- knock-outs


async def test_a_special_agent_ends_the_questions_but_not_the_deadline(chat: Chat) -> None:
    await has_a_cp504(chat)
    await is_well(chat)
    await chat.ticks("A special agent")

    assert "Please talk to an attorney before anything else" in chat.screen
    assert "give me no details" in chat.screen
    await chat.taps("I have read this")
    assert "attorney before anything else" in chat.screen
    await chat.says("/case")
    assert "Your case" in chat.screen
    assert "December 2, 2026" in chat.screen


async def test_an_open_bankruptcy_stops_the_questions_and_lifts_when_it_is_changed(chat: Chat) -> None:
    await has_a_cp504(chat)
    await is_well(chat)
    await chat.ticks("I am in bankruptcy now")
    assert "Your bankruptcy comes first" in chat.screen
    assert "attorney" in chat.screen
    await chat.taps("I have read this")
    assert "attorney before anything else" in chat.screen
    await chat.says("/case")
    assert "Your case" in chat.screen

    await edits(chat, "Special events")
    await chat.ticks("None of these")
    await chat.taps("Go on")

    assert "taking something now" in chat.screen


async def test_payroll_tax_needs_a_professional_and_the_questions_go_on(chat: Chat) -> None:
    await has_a_cp504(chat, "CP504B")
    await is_well(chat)
    await chat.ticks("None of these")
    await chat.ticks("Nothing is being taken")
    await chat.ticks("I would still get by")
    await chat.taps("My company")
    await chat.taps("Yes")

    assert "see a professional before you answer the IRS" in chat.screen
    assert "trust fund recovery penalty" in chat.screen
    await chat.taps("I have read this")
    assert "employees now" in chat.screen


async def test_hardship_stands_before_missing_returns(chat: Chat) -> None:
    await has_a_cp504(chat)
    await is_well(chat)
    await chat.ticks("None of these")
    await chat.ticks("Part of my pay")
    await chat.ticks("Rent", "Food")

    assert "Your living costs come first" in chat.screen
    assert "Missing tax returns are no legal reason to refuse it" in chat.screen
    await chat.taps("I have read this")
    await chat.taps("wages, pension or benefits")
    await chat.taps("Two are missing")
    assert "File the missing returns first" in chat.screen
    assert "You told me of hardship" in chat.screen


async def test_a_disputed_debt_is_asked_what_is_wrong_with_it(chat: Chat) -> None:
    await has_a_cp504(chat)
    await is_well(chat)
    await chat.ticks("None of these")
    await chat.ticks("Nothing is being taken")
    await chat.ticks("I would still get by")
    await chat.taps("wages, pension or benefits")
    await chat.taps("All are filed")
    await chat.taps("Yes, all of them")
    await chat.taps("Yes")
    await chat.taps("No plan")
    await chat.taps("No, something is wrong")

    assert "What is wrong with it?" in chat.screen
    await chat.ticks("It is not mine")
    assert "What is wrong with it?" not in chat.screen


async def test_a_scam_call_about_nothing_owed_is_not_asked_about_money(chat: Chat) -> None:
    await chat.says("/start")
    await chat.taps("I understand")
    await chat.taps("New York")
    await chat.taps("Someone phoned me")
    await chat.taps("The IRS")
    await chat.ticks("Gift cards")
    await chat.taps("No letter")
    await chat.taps("No, I do not think so")
    await chat.taps("I have read this")
    await chat.taps("I have read this")
    await chat.taps("Nothing is owed")

    assert not any("holding up" in one for one in chat.said)


async def test_a_change_says_what_else_it_moves_before_it_is_made(chat: Chat) -> None:
    await has_a_cp504(chat, dated="November 16, 2026")
    await is_well(chat)
    await chat.ticks("None of these")
    await answers_the_rest(chat)
    await chat.says("/case")
    await edits(chat, "Letter")
    await chat.says("LT11")

    assert "This moves your deadline" in chat.screen
    besides = chat.screen.partition("And besides:")[2]
    assert "A final notice came. It has a last day to ask for a hearing" in besides
    assert "December" not in besides, "the days stand above"


async def test_a_new_case_begins_from_the_list_of_cases_too(chat: Chat) -> None:
    await has_a_cp504(chat)
    await chat.says("/case")
    await chat.taps("More")
    await chat.taps("All my cases")
    await chat.taps("Start a new case")

    assert "How did they reach you?" in chat.screen


async def test_the_household_is_the_same_in_a_second_case(chat: Chat) -> None:
    await has_a_cp504(chat)
    await is_well(chat)
    await chat.ticks("None of these")
    await answers_the_rest(chat)
    assert "Your case" in chat.screen

    await chat.says("/start")
    await chat.taps("Start a new case")
    assert "How did they reach you?" in chat.screen
    await chat.taps("A letter came in the mail")
    assert "‹ Back" in chat.buttons


async def test_a_number_of_people_and_a_state_are_read_with_care(chat: Chat) -> None:
    await has_a_cp504(chat)
    await chat.taps("I would rather not say")
    await chat.ticks("None of these")
    await chat.ticks("Nothing is being taken")
    await chat.ticks("I would still get by")
    for _ in range(7):
        await chat.taps("Not sure")
    await chat.ticks("None of these")

    await chat.says("somewhere")
    assert "I do not know that state" in chat.screen
    await chat.says("tx")
    await chat.says("2.5")
    assert "no single number" in chat.screen
    await chat.says("we are 2")
    await chat.says("3")
    assert "from 0 to 2" in chat.screen
    await chat.taps("2")
    await chat.ticks("Retirement")
    await chat.says("/case")
    await chat.taps("My answers")
    await chat.taps("More choices")
    await chat.taps("More choices")
    assert "State: Texas" in chat.screen
    assert "Older people: 2" in chat.screen


# ---------------------------------------------------------------- what a stage leaves

# The facts a stage leaves for the rules, and the question that may have been answered with "not sure".
PROMISES = {
    "letter": {
        "notice": "notice.number~1",
        "notice_dated": "notice.dated~1",
        "assessed": "period.amount~1",
        "periods": "period.year~1",
    },
    "situation": {
        "criminal": "situation.events",
        "open_bankruptcy": "situation.events",
        "bankruptcy_planned": "situation.events",
        "revenue_officer": "situation.events",
        "payroll_interview": "situation.events",
        "levy_active": "situation.levy",
        "hardship": "situation.hardship",
        "taxpayer_type": "situation.who",
        "trust_fund": "situation.payroll",
        "returns_filed_all": "situation.unfiled",
        "unfiled_years": "situation.unfiled",
        "filed_on_time_this_debt": "situation.on_time",
        "current_year_paid": "situation.this_year",
        "plan_in_place": "situation.plan",
        "disputed": "situation.agree",
        "nftl_filed": "situation.coming",
        "passport_certified": "situation.coming",
        "sale_pending": "situation.coming",
        "transfer_or_foreign": "situation.coming",
    },
}
BEFORE_A_STOP = {"criminal", "open_bankruptcy", "bankruptcy_planned", "revenue_officer", "payroll_interview"}
HOUSEHOLD = ("household.state", "household.people", "household.over_65", "household.earns")


def walks_anyhow(seed: int) -> Talk:
    """Tell of a letter, and answer everything after it by chance."""
    chance = random.Random(seed)
    number = chance.choice(("CP14", "CP504", "LT11", "L3172", "CP523", "L725B", "F668W", "CP71C", "CP504B"))
    talk = begun().chooses(*PLAIN_LETTER).says(number)
    for _ in range(80):
        place = engine.present(talk.state, talk.walk)
        if place is None:
            if talk.walk.open is None:
                return talk
            if talk.page == "papers":
                talk.says("/case")
            talk.taps("Yes, change it" if talk.page == "change" else "Go on")
            continue
        step = place.step
        if step.key == "household.state":
            talk.says(chance.choice(("Texas", "AK")))
        elif step.kind.name == "day":
            talk.says("2026-11-09" if step.range == "past" else "2026-12-01")
        elif step.kind.name == "money" and chance.random() < 0.8:
            talk.says("900" if step.range != "part" else "10")
        elif step.kind.name == "choices" and chance.random() < 0.8:
            talk.ticks(chance.choice(step.options))
        else:
            away = ("back", "case", "summary", "add", "ok" if step.kind.name == "choices" else "")
            data = [one.data for row in talk.screen.rows for one in row if one.data.startswith("s:")]
            talk.taps_data(
                chance.choice(
                    [one for one in data if one.rpartition(":")[2] not in away and ":tick:" not in one]
                )
            )
    raise AssertionError(f"the walk {seed} does not end; it stands at {talk.open}")


@pytest.mark.parametrize("seed", range(25))
def test_a_stage_leaves_the_facts_it_promises(seed: int) -> None:
    talk = walks_anyhow(seed)
    matter = talk.walk.matter
    given = engine.answers_of(talk.state)
    if not guards.GUARDS["may_owe"](matter):
        return
    stopped = not guards.GUARDS["details_may_be_asked"](matter)
    for stage, promised in PROMISES.items():
        for fact, question in promised.items():
            if stage == "situation" and stopped and fact not in BEFORE_A_STOP:
                continue
            known = getattr(matter.facts, fact) is not None
            answer = given.get(question)
            assert known or (answer is not None and answer.state in ("not_sure", "skipped")), (stage, fact)
    if not stopped:
        assert all(question in given for question in HOUSEHOLD)


def test_everything_not_sure_still_ends_at_the_case_card() -> None:
    talk = begun().chooses("unsure", "unsure", "set:none", "set:none", "set:none", "set:yes", "unsure")
    talk.chooses("unsure", "unsure", "unsure", "skip", "ok", "ok", "unsure", "unsure", "done")
    for _ in range(40):
        if talk.open is None:
            break
        ops = {one.data.rpartition(":")[2] for row in talk.screen.rows for one in row}
        talk.chooses(
            next(one for one in ("unsure", "skip", "ok", "not_yet") if one in ops or one == "not_yet")
        )

    assert "Your case" in talk.text
    assert talk.walk.matter.facts.taxpayer_type is None
