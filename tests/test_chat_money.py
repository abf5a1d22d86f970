"""The money, as it is talked: what can be paid, and nothing asked that the way out does not hang on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bot import engine
from bot.rules.options import rank
from tests.talk import PLAIN_LETTER, Talk, letter
from tests.test_chat_situation import answers_the_rest, has_a_cp504, is_well

if TYPE_CHECKING:
    from tests.conftest import Chat

# What a wage earner answers who is asked about the situation and the household.
USUAL = {
    "check.made": "not_yet",
    "situation.feeling": "managing",
    "situation.events": "none",
    "situation.levy": "none",
    "situation.hardship": "none",
    "situation.who": "individual",
    "situation.payroll": "no",
    "situation.employees": "none",
    "situation.unfiled": "none",
    "situation.on_time": "yes",
    "situation.this_year": "yes",
    "situation.plan": "none",
    "situation.agree": "yes",
    "situation.coming": "none",
    "household.state": "Texas",
    "household.people": "1",
    "household.over_65": "0",
    "household.earns": "wage_earner",
}
MONEY = ("money", "budget", "income", "asset")
Told = dict[str, str]


def owes(amount: str = "18400", number: str = "CP504", year: int = 2023, **told: str) -> Talk:
    """Return somebody who has told all about a letter, the situation and the household: the money comes next.

    `told` are answers that differ from the usual, by their names with __ for the dot.
    """
    answers = USUAL | {name.replace("__", "."): value for name, value in told.items()}
    talk = letter(number, years=((year, amount),)).chooses("ok", "ok")
    if talk.page != "step":
        talk.chooses("on")
    return situated(talk, answers)


def situated(talk: Talk, answers: Told) -> Talk:
    """Answer what is asked before the money comes."""
    while talk.open is not None and not talk.open.startswith(MONEY):
        tell(talk, answers[talk.open.partition("~")[0]])
    return talk


def tell(talk: Talk, said: str) -> None:
    """Answer the question on the screen with a button where there is one of that name, else by typing."""
    place = engine.present(talk.state, talk.walk)
    assert place is not None
    if place.step.kind.name == "choices":
        talk.chooses(*(f"tick:{one}" for one in said.split("+")), "ok")
    elif place.step.kind.name == "choice" and said != "unsure":
        talk.chooses(f"set:{said}")
    elif said in ("unsure", "ok", "done", "add"):
        talk.chooses(said)
    else:
        talk.says(said)
    assert talk.state.person.focus.problem is None, (place.key, said)


def goes_through(talk: Talk, told: Told, until: str = "") -> list[str]:
    """Answer what is asked about money from `told`, as long as it is about money; return what was asked."""
    asked: list[str] = []
    while talk.open is not None and talk.open.startswith(MONEY) and talk.open != until:
        asked.append(talk.open)
        tell(talk, told[talk.open])
    return asked


def test_a_wage_earner_whose_plan_fits_is_asked_ten_questions_at_most() -> None:
    talk = owes("18400")
    asked = goes_through(
        talk,
        {
            "money.now": "500",
            "money.by_180": "2,000",
            "money.borrow": "nothing",
            "money.comes_in": "$3,200 a month",
            "money.goes_out": "2900",
            "money.low_income": "no",
            "money.monthly": "300",
            "money.penalties": "900",
        },
    )
    facts = talk.walk.matter.facts
    ranking = rank(facts, talk.walk.matter.params, talk.walk.matter.today)

    assert len(asked) <= 10
    assert not any(one.startswith("budget") for one in asked)
    assert ranking.lead.name == "simple_payment_plan"
    paid = [facts.can_pay_now, facts.can_pay_180, facts.can_borrow, facts.proposed_payment, facts.penalties]
    assert paid == [500, 2000, 0, 300, 900]
    assert facts.low_income_250 is False


async def test_a_wage_earner_talks_about_money(chat: Chat) -> None:
    await has_a_cp504(chat, "CP504", "November 16, 2026")
    await is_well(chat)
    await chat.ticks("None of these")
    await answers_the_rest(chat)
    await chat.taps("Go on")
    assert "You owe about $12,345.67" in chat.screen
    await chat.says("-500")
    assert "without a minus sign" in chat.screen
    await chat.taps("Nothing")
    assert "within 180 days" in chat.screen
    await chat.says("2023")  # no year here
    assert "Saved: $2,023" in chat.screen
    assert "Owing the IRS costs about" in chat.screen
    await chat.taps("Nothing")
    await chat.says("800 a week")
    assert "one whole month" in chat.screen
    await chat.says("3,200 a month")
    assert "In $3,200 a month" in chat.screen
    await chat.says("2900")

    assert "In $3,200 · out $2,900 · left $300 a month" in chat.screen
    await chat.taps("No, it was more")
    assert "keep paying" in chat.screen
    assert "$300: all that is left" in chat.buttons
    least = re.search(r"at least about \$(\d+) over 120 months", chat.screen)
    assert least is not None
    await chat.taps(f"${least[1]}: the least")
    assert f"Saved: ${least[1]}" in chat.screen


def test_who_can_pay_all_now_is_asked_nothing_more_than_what_could_come_off() -> None:
    talk = owes("18400").taps("All of it")

    assert talk.open == "money.penalties"
    assert goes_through(talk, {"money.penalties": "0"}) == ["money.penalties"]


def test_a_small_debt_paid_now_takes_one_question() -> None:
    talk = owes("1234.56", number="CP14").taps("All of it")

    assert talk.open is None or not talk.open.startswith(MONEY)


def test_what_is_not_sure_is_taken_from_what_is_left() -> None:
    talk = owes("18400")
    goes_through(
        talk,
        {
            "money.now": "unsure",
            "money.by_180": "unsure",
            "money.borrow": "unsure",
            "money.comes_in": "3200",
            "money.goes_out": "2900",
            "money.low_income": "unsure",
            "money.monthly": "unsure",
        },
        until="money.penalties",
    )
    facts = talk.walk.matter.facts

    assert facts.proposed_payment == 300
    assert facts.can_pay_now is None


@pytest.mark.parametrize(
    ("comes_in", "asked"),
    # Texas, one person: 250 % of $15,960 is $39,900 a year, $3,325 a month.
    [("3325", True), ("3325.01", False), ("unsure", True)],
)
def test_low_income_is_asked_up_to_the_line(comes_in: str, asked: bool) -> None:
    talk = owes("18400")
    told = {"money.now": "0", "money.by_180": "0", "money.borrow": "0", "money.comes_in": comes_in}
    goes_through(
        talk, told | {"money.goes_out": "2000"}, until="money.low_income" if asked else "money.monthly"
    )

    assert talk.open == ("money.low_income" if asked else "money.monthly")
    assert ("$39,900" in talk.text) is asked


@pytest.mark.parametrize(("borrowed", "asked"), [("17899.99", False), ("17900", True), ("0", False)])
def test_the_rate_of_a_loan_is_asked_where_it_would_pay_all(borrowed: str, asked: bool) -> None:
    talk = owes("18400")
    goes_through(talk, {"money.now": "500", "money.by_180": "500"}, until="money.borrow")
    talk.says(borrowed)

    assert (talk.open == "money.loan") is asked


def test_a_cheap_loan_pays_all_and_ends_the_questions_about_a_plan() -> None:
    talk = owes("18400")
    goes_through(
        talk, {"money.now": "500", "money.by_180": "500", "money.borrow": "17900"}, until="money.loan"
    )
    dear = Talk(talk.state, talk.now).says("24.9 %")
    cheap = talk.says("6")

    assert dear.open == "money.comes_in"
    assert cheap.walk.place("money.comes_in") is None
    assert cheap.walk.matter.facts.loan_percent == 6


@pytest.mark.parametrize(("penalties", "asked"), [("8400", False), ("8400.01", True), ("0", False)])
def test_the_years_before_are_asked_where_penalties_would_bring_it_under_a_line(
    penalties: str, asked: bool
) -> None:
    talk = owes("18400").taps("All of it")
    talk.says(penalties)

    assert (talk.open == "money.penalized") is asked


def test_a_first_penalty_comes_off_first_and_an_earlier_one_asks_for_a_reason() -> None:
    talk = owes("51000")
    told = {"money.now": "0", "money.by_180": "0", "money.borrow": "0", "money.comes_in": "5000",
            "money.goes_out": "4000", "money.monthly": "900", "money.penalties": "3000"}  # fmt: skip
    goes_through(talk, told, until="money.penalized")
    clean = Talk(talk.state, talk.now).chooses("set:no").walk.matter
    talk.chooses("set:yes")

    assert rank(clean.facts, clean.params, clean.today).lead.name == "fta"
    assert talk.open == "money.cause"
    assert talk.chooses("set:yes").walk.matter.facts.reasonable_cause is True


@pytest.mark.parametrize(("amount", "asked"), [("10000", True), ("10000.01", False)])
def test_the_five_years_before_are_asked_for_a_plan_the_irs_must_agree_to(amount: str, asked: bool) -> None:
    talk = owes(amount)
    told = {"money.now": "0", "money.by_180": "0", "money.borrow": "0", "money.comes_in": "5000",
            "money.goes_out": "4000", "money.monthly": "900", "money.penalties": "0"}  # fmt: skip
    goes_through(talk, told, until="money.late_before")

    assert (talk.open == "money.late_before") is asked


@pytest.mark.parametrize(("year", "asked"), [(2017, True), (2023, False)])
def test_the_day_of_assessment_is_asked_for_an_old_year_only(year: int, asked: bool) -> None:
    talk = owes("18400", year=year)
    told = {"money.now": "0", "money.by_180": "0", "money.borrow": "0", "money.comes_in": "3200",
            "money.goes_out": "2900", "money.low_income": "no", "money.monthly": "300", "money.penalties": "0"}  # fmt: skip
    goes_through(talk, told, until="money.assessed")
    assert (talk.open == "money.assessed") is asked
    if asked:
        talk.says("April 20, 2018")

        # 2018-04-20 to 2028-04-20: from November 23, 2026 16 whole months are left.
        assert talk.walk.matter.facts.csed_months == 16


def test_two_cases_share_the_month_but_not_the_payment() -> None:
    talk = owes("18400")
    told = {"money.now": "0", "money.by_180": "0", "money.borrow": "0", "money.comes_in": "3200",
            "money.goes_out": "2900", "money.low_income": "no", "money.monthly": "300", "money.penalties": "0"}  # fmt: skip
    goes_through(talk, told)
    talk.says("/start").taps("Start a new case").chooses(*PLAIN_LETTER)
    talk.says("CP14", "2026-11-16").chooses("skip").says("2022", "9000").chooses("set:no", "done", "ok", "ok")
    situated(talk.chooses("on"), USUAL)
    asked = goes_through(talk, told | {"money.late_before": "yes"})

    assert "money.monthly" in asked
    assert "money.comes_in" not in asked
    assert talk.walk.matter.facts.proposed_payment == 300
    assert "left $300 a month" in talk.edits("money.monthly").text


def test_every_answer_about_money_can_be_changed_from_the_summary() -> None:
    talk = owes("18400")
    told = {"money.now": "0", "money.by_180": "0", "money.borrow": "0", "money.comes_in": "3200",
            "money.goes_out": "2900", "money.low_income": "no", "money.monthly": "300", "money.penalties": "0"}  # fmt: skip
    for key in goes_through(talk, told):
        talk.edits(key)
        assert talk.open == key
        talk.chooses("keep")
        assert talk.page == "summary"
