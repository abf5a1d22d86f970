"""The ways out as they are talked. Today is Monday, November 23, 2026, 10:00 in New York."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from bot import ways_pages
from bot.rules import parameters, ways
from bot.rules.facts import Facts
from bot.rules.ways import Ways
from tests.talk import Talk, confirmed, fits, words
from tests.test_chat_situation import answers_the_rest, has_a_cp504, is_well

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.conftest import Chat

DAY = date(2026, 11, 23)
PARAMS = parameters.read()
CLEAN = Facts(
    taxpayer_type="individual",
    contact_verified=True,
    levy_active=False,
    final_notice=False,
    returns_filed_all=True,
    current_year_paid=True,
    open_bankruptcy=False,
    disputed=False,
    spouse_issue=False,
    trust_fund=False,
    filed_on_time_this_debt=True,
    hardship=False,
    criminal=False,
    can_pay_now=Decimal(0),
    can_pay_180=Decimal(0),
)


def ways_for(**facts: object) -> Ways:
    return Ways(replace(CLEAN, **facts), PARAMS, DAY)  # type: ignore[arg-type]


OPS = (
    "set:none",
    "unsure",
    "skip",
    "ok",
    "set:no",
    "done",
)  # what is tapped where nothing is said
ANSWERS = {
    "check.made": "set:same_notice",
    "situation.who": "set:individual",
    "situation.unfiled": "set:none",
    "situation.on_time": "set:yes",
    "situation.this_year": "set:yes",
    "situation.plan": "set:none",
    "situation.agree": "set:yes",
    "budget.begin": "set:later",
}


def walked(until: str = ways.CHOSEN, **answers: str) -> Talk:
    """Return somebody with a letter who has answered everything before a question, "not sure" where they can."""
    told = ANSWERS | {name.replace("__", "."): one for name, one in answers.items()}
    return goes_on(confirmed(years=((2022, "18400"),)), told, until)


def goes_on(talk: Talk, told: Mapping[str, str] = ANSWERS, until: str = ways.CHOSEN) -> Talk:
    """Answer everything before a question."""
    for _ in range(80):
        if talk.open is None:
            talk.taps("Yes, change it" if talk.page == "change" else "Go on")
            continue
        key = talk.open.partition("~")[0]
        if key == until:
            return talk
        ops = [one.data.split(":", 4)[4] for row in talk.screen.rows for one in row if one.data[:2] == "s:"]
        usual = next((one for one in OPS if one in ops), next((one for one in ops if one[:4] == "set:"), ""))
        op = told.get(key, usual)
        talk.chooses(op) if ":" in op or op in OPS else talk.says(op)
        if op.startswith("tick:"):
            talk.chooses("ok")
    raise AssertionError(f"it stands at {talk.open}")


# ---------------------------------------------------------------- the core


def test_the_road_goes_on_to_the_way_that_comes_after_the_check_and_the_returns() -> None:
    ways = ways_for(
        assessed=Decimal(18_400),
        proposed_payment=Decimal(300),
        contact_verified=False,
        returns_filed_all=False,
    )

    assert [step.name for step in ways.road] == ["verify_contact", "get_compliant", "simple_payment_plan"]
    assert ways.first == "get_compliant"


def test_the_other_ways_begin_with_those_that_stand_beside_the_first() -> None:
    ways = ways_for(assessed=Decimal(9_000), proposed_payment=Decimal(300), tax_only=Decimal(8_000))

    assert ways.first == "simple_payment_plan"
    assert ways.others[0] == "guaranteed_ia"
    assert "simple_payment_plan" not in ways.others


def test_a_choice_stands_while_its_own_conditions_do() -> None:
    before = ways_for(assessed=Decimal(18_400), proposed_payment=Decimal(300))
    dearer = ways_for(assessed=Decimal(20_000), proposed_payment=Decimal(300))
    too_large = ways_for(assessed=Decimal(60_000), proposed_payment=Decimal(900))

    assert ways.stands("simple_payment_plan", before.print, dearer.print)
    assert not ways.stands("simple_payment_plan", before.print, too_large.print)


def test_a_better_way_is_a_reason_to_ask_again() -> None:
    before = ways_for(assessed=Decimal(18_400), proposed_payment=Decimal(300))
    rich = ways_for(assessed=Decimal(18_400), proposed_payment=Decimal(300), can_pay_now=Decimal(20_000))

    assert not ways.stands("cnc", before.print, rich.print)
    assert ways.stands("full_pay", rich.print, rich.print)


def test_amounts_are_tried_without_changing_the_facts() -> None:
    ways = ways_for(assessed=Decimal(58_000), proposed_payment=Decimal(100))
    tried = ways.tried(Decimal(800), Decimal(8_000))

    assert tried.first == "pay_down_then_simple"
    assert tried.outline("pay_down_then_simple").down == Decimal(8_000)
    assert ways.first != "pay_down_then_simple"
    assert ways.facts.proposed_payment == Decimal(100)


@pytest.mark.parametrize("name", ways.NAMES)
def test_every_way_can_be_shown_for_every_kind_of_debt(name: str) -> None:
    for facts in ({}, {"assessed": Decimal(300_000)}, {"taxpayer_type": "business", "trust_fund": True}):
        outline = ways_for(**facts).outline(name)
        assert outline.name == name
        assert outline.verdict.option in (name, *ways.ROWS.get(name, ()), "professional_help")


# ---------------------------------------------------------------- the pages


@pytest.mark.parametrize("page", ["others", "compare", "amounts", "missing", "warnings", "ways"])
def test_every_page_leads_back_to_the_ways(page: str) -> None:
    talk = walked()
    talk.taps_data(f"p:1:step:{talk.state.person.focus.revision}:see:{page}")

    fits(talk.screen)
    assert talk.page == page
    talk.taps("Ways out") if page != "ways" else talk.taps("Go on")
    assert "Ways out" in talk.text or "Your deadlines come before any of this" in talk.text


def test_a_way_typed_by_its_name_is_shown_before_it_is_chosen() -> None:
    talk = walked().says("offer in compromise")

    assert talk.page == "way"
    assert "You offer what the IRS could expect to collect" in talk.text
    assert talk.value(ways.CHOSEN) is None
    talk.chooses("take:oic_datc")
    assert talk.value(ways.CHOSEN) == "oic_datc"


def test_one_can_decide_later_and_change_ones_mind() -> None:
    talk = walked().chooses("skip").says("/case").taps("Ways out")
    assert "You chose" not in talk.text

    talk.chooses("see:others").taps("More choices", "Set aside for hardship").chooses("take:cnc")
    talk.says("/case").taps("Ways out")
    assert "You chose: <b>Set aside for hardship</b>" in talk.text
    talk.chooses("see:others").taps("Pay in full").chooses("take:full_pay")
    assert talk.value(ways.CHOSEN) == "full_pay"


def test_ticks_put_ways_side_by_side_three_at_most() -> None:
    talk = walked().chooses("see:compare")
    for name in ("nsia", "cnc", "oic_datc"):
        talk.chooses(f"with:{name}")
    assert [one for one in ("Larger plan", "Set aside", "Offer to settle") if one in talk.text]
    assert sum(button.startswith("☑") for button in talk.buttons) == ways.MOST_COMPARED

    talk.chooses("without:cnc")
    assert sum(button.startswith("☑") for button in talk.buttons) == ways.MOST_COMPARED - 1


def test_an_amount_is_tried_with_buttons_and_by_typing() -> None:
    talk = walked().chooses("see:amounts")
    before = talk.state.cases
    talk.chooses("by:50").says("310")
    assert "Each month: <b>$310</b>" in talk.text
    assert "$310 a month" in talk.text
    talk.chooses("by:-10", "which:now").says("2,500")

    assert "Each month: <b>$300</b>" in talk.text
    assert "At once: <b>$2,500</b>" in talk.text
    assert talk.state.cases == before
    assert "I see no amount" in talk.says("a lot").text


def test_a_payment_that_is_too_small_is_tried_on_the_plan_it_is_too_small_for() -> None:
    talk = walked(money__monthly="100", money__now="3,000").edits("period.amount~1").says("61,000")
    talk.says("/case").taps("Ways out", "Other amounts")
    assert "Larger plan:" in talk.text  # what is billed is over the limit of the simple one
    assert "This takes at least about $" in talk.text
    assert "The $3,000 you can pay at once is not in this sum. It makes it less." in talk.text


def test_what_is_not_known_leads_to_its_question_and_back() -> None:
    talk = walked(situation__hardship="unsure").chooses("see:missing")
    assert "Would paying, or a levy, take what you need" in talk.text
    place = talk.walk.place("situation.hardship")
    assert place is not None
    talk.chooses(f"ask:{place.code}")
    assert talk.open == "situation.hardship"
    talk.chooses("set:none")

    assert talk.page == "missing"
    assert "Would paying, or a levy, take what you need" not in talk.text


def test_what_stands_against_a_way_leads_to_the_answer_that_could_change_it() -> None:
    talk = walked(money__monthly="100").says("simple payment plan")
    assert "✗ What you can pay each month does not pay it off" in talk.text
    talk.taps("✎ Could pay each month")
    assert talk.open == "money.monthly"
    talk.says("400").taps("Yes, change it")

    assert talk.page == "ways"
    assert "$400 a month" in talk.text


@pytest.mark.parametrize("fact", ["monthly_capacity", "equity_nre", "equity_reachable", "offer_funds"])
def test_what_an_offer_hangs_on_leads_to_its_question(fact: str) -> None:
    talk = walked().says("offer in compromise").chooses("see:missing.oic_datc")
    place = ways_pages._place_of(talk.walk, fact)

    assert place is not None
    assert any(one.data.endswith(f":ask:{place.code}") for row in talk.screen.rows for one in row)


def test_returns_to_bring_up_to_date_are_no_matter_of_finding_a_professional() -> None:
    talk = walked(situation__unfiled="set:two").says("bring returns up to date")

    assert "Nearly every plan asks for this." in talk.text
    assert "can speak for you" not in talk.text
    assert "How to ask for it" not in talk.text


def test_a_chosen_way_whose_conditions_changed_is_asked_again_with_the_old_one_at_hand() -> None:
    talk = walked().chooses("see:others").taps("Simple Payment Plan").chooses("take:simple_payment_plan")
    talk.edits("period.amount~1").says("61,000")
    goes_on(talk)

    assert "Something you told me changed what fits" in talk.text
    assert "Keep: Simple Payment Plan" in talk.buttons
    talk.chooses("keep")
    assert talk.value(ways.CHOSEN) == "simple_payment_plan"
    assert talk.open != ways.CHOSEN


def test_a_crime_leads_to_an_attorney_and_nothing_else_is_asked() -> None:
    talk = walked(situation__events="tick:special_agent")

    assert "Talk to an attorney before anything else" in talk.text
    assert "may be a criminal side" in talk.text
    assert "Take: See an attorney first" in talk.buttons


async def test_the_ways_are_one_tap_from_the_case(chat: Chat) -> None:
    await has_a_cp504(chat)
    await is_well(chat)
    await chat.ticks("None of these")
    await answers_the_rest(chat)
    await chat.taps("Ways out")

    assert "A few more answers will show the way." in chat.screen
    await chat.taps("Other ways")
    await chat.taps("Short-term plan")
    assert "You pay all of it within 180 days" in chat.screen
    await chat.taps("Side by side") if "Side by side" in chat.buttons else await chat.taps("‹ Ways out")


def test_every_button_of_a_way_is_short_enough() -> None:
    for name in ways.NAMES:
        assert len(words().label("ways/chosen", name)) <= 40
