"""The money, as it is talked: what can be paid, and nothing asked that the way out does not hang on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bot import engine
from bot.rules.options import rank
from tests.talk import PLAIN_LETTER, Talk, letter
from tests.test_chat_situation import answers_the_rest, has_a_cp504, is_well
from tests.test_chat_ways import walked

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
    "period.split": "no",
    "verify.owe": "yes",
    "verdict.seen": "ok",
    "deadline.confirm": "ok",
    "letter.periods": "done",
}
MONEY = ("money", "budget", "income", "asset")
Told = dict[str, str]


def owes(amount: str = "18400", number: str = "CP504", year: int = 2023, **told: str) -> Talk:
    """Return somebody who has told all about a letter, the situation and the household: the money comes next.

    `told` are answers that differ from the usual, by their names with __ for the dot.
    """
    answers = USUAL | {name.replace("__", "."): value for name, value in told.items()}
    return situated(letter(number), answers | {"period.year": str(year), "period.amount": amount})


def situated(talk: Talk, answers: Told) -> Talk:
    """Answer what is asked before the money comes."""
    while talk.walk.open is not None and not talk.walk.open.key.startswith(MONEY):
        if talk.open is None:
            talk.chooses("on")
        assert talk.open is not None
        tell(talk, answers[talk.open.partition("~")[0]])
    return talk if talk.open is not None or talk.walk.open is None else talk.chooses("on")


def tell(talk: Talk, said: str) -> None:
    """Answer the question on the screen with a button where there is one of that name, else by typing."""
    place = engine.present(talk.state, talk.walk)
    assert place is not None
    if said == "unsure":
        talk.chooses("unsure")
    elif place.step.kind.name == "choices":
        talk.ticks(*said.split("+"))
    elif place.step.kind.name == "choice":
        talk.chooses(f"set:{said}")
    elif said in ("ok", "done", "add"):
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
    talk.says("CP14", "2026-11-16").chooses("skip")
    situated(talk, USUAL | {"period.year": "2022", "period.amount": "9000"})
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


# ---------------------------------------------------------------- the whole budget

# A couple of which one is over 65, with a small pay: no simple way fits.
POOR = {"money.now": "0", "money.by_180": "0", "money.borrow": "0", "money.comes_in": "2600",
        "money.goes_out": "2500", "money.low_income": "yes", "money.monthly": "50", "money.penalties": "0"}  # fmt: skip
BUDGET = {
    "budget.begin": "start",
    "income.source~1": "wages",
    "income.every~1": "biweekly",
    "income.amount~1": "1400",
    "income.withheld~1": "200",
    "budget.incomes": "done",
    "asset.kind~1": "cash",
    "asset.value~1": "800",
    "budget.assets": "done",
    "budget.everyday": "1100",
    "budget.rent": "1200",
    "budget.utilities": "200",
    "budget.phone": "120",
    "budget.housing_limit": "unsure",
    "budget.health_insurance": "150",
    "budget.health": "100",
    "budget.transport": "20",
    "budget.family": "none",
    "budget.work": "none",
    "budget.owes": "other",
    "budget.other": "120",
    "money.offer_funds": "0",
    "money.result": "ok",
}
CAR = {"asset.kind~2": "vehicle", "asset.value~2": "6000", "asset.owed~2": "3000", "asset.payment~2": "250",
       "budget.running": "260", "budget.both": "no"}  # fmt: skip


def couple() -> Talk:
    """Return somebody at the first question of the budget."""
    talk = owes("18400", household__people="2", household__over_65="1")
    goes_through(talk, POOR, until="budget.begin")
    assert talk.open == "budget.begin"
    return talk


def test_who_cannot_pay_a_plan_goes_through_a_budget_with_a_running_total() -> None:
    talk = couple()
    assert "So far no simple way fits" in talk.text
    goes_through(talk, BUDGET, until="budget.incomes")
    # 1,400 x 2.17 = 3,038; the taxes on it 200 x 2.17 = 434.
    assert "In $3,038 · out $434 · left $2,604 a month" in talk.text
    assert "Wages: $1,400 every other week = $3,038 a month" in talk.text
    goes_through(talk, BUDGET, until="budget.everyday")
    assert "The IRS counts $1,558 for your household without proof" in re.sub("<[^>]+>", "", talk.text)
    assert talk.buttons[0] == "About $1,558, as the IRS counts"
    goes_through(talk, BUDGET, until="budget.rent")
    assert "out $1,534 · left $1,504" in talk.text
    goes_through(talk, BUDGET, until="money.result")

    facts = talk.walk.matter.facts
    # Counted: 1,558 food and the like, 90 + 163 health, 1,520 housing, 20 bus, 434 taxes, 150 insurance.
    assert facts.monthly_capacity == 3038 - (1558 + 253 + 1520 + 20 + 434 + 150)
    assert facts.equity_nre == 0
    assert "In truth you spend $3,444: you are $406 short" in talk.text
    assert "Other costs of $120 are not counted yet" in talk.text
    assert "<b>Nothing is left</b> each month" in talk.text


def test_what_is_really_left_stands_beside_what_the_irs_counts() -> None:
    talk = couple()
    goes_through(talk, BUDGET | {"budget.rent": "700", "budget.owes": "none"}, until="money.result")
    capacity = talk.walk.matter.money.capacity

    # Spent: 1,100 + 100 + 1,020 + 20 + 434 + 150. The IRS counts 458 more for food and 153 more for health.
    assert capacity.spent == 2824
    assert capacity.own_cash_flow == 214
    assert capacity.monthly == 3038 - (1558 + 253 + 1020 + 20 + 434 + 150) == -397
    assert "$214 is left" in talk.text


@pytest.mark.parametrize(
    ("every", "monthly"),
    [("weekly", "430.00"), ("biweekly", "217.00"), ("semimonthly", "200.00"), ("monthly", "100.00"),
     ("quarterly", "33.33"), ("yearly", "8.33")],
)  # fmt: skip
def test_pay_is_turned_into_a_month(every: str, monthly: str) -> None:
    talk = couple()
    told = BUDGET | {"income.every~1": every, "income.amount~1": "100", "income.withheld~1": "0"}
    goes_through(talk, told, until="budget.incomes")

    assert str(talk.walk.matter.money.comes_in) == monthly


def test_more_tax_than_pay_is_asked_again() -> None:
    talk = couple()
    goes_through(talk, BUDGET, until="income.withheld~1")
    talk.says("1400.01")

    assert "more than the pay itself, $1,400" in talk.text
    assert talk.says("1400").open == "budget.incomes"


def test_the_budget_can_be_left_at_any_line_and_taken_up_there() -> None:
    talk = couple()
    left_at = []
    while talk.open is not None and talk.open.startswith(("budget", "income", "asset")):
        here = talk.open
        talk.says("/case").taps("Go on")
        assert talk.open == here
        left_at.append(here)
        tell(talk, BUDGET[here])

    assert len(left_at) > 20
    assert talk.walk.matter.money.complete


def test_every_line_of_the_budget_can_be_not_sure_and_then_counts_as_nothing() -> None:
    talk = couple()
    unsure = {key: "unsure" for key in BUDGET if key.startswith("budget.") and BUDGET[key].isdecimal()}
    goes_through(
        talk, BUDGET | unsure | {"budget.owes": "unsure", "budget.family": "unsure"}, until="money.result"
    )

    assert talk.walk.matter.money.complete
    assert "as you were not sure: food, clothes, small things, rent or mortgage" in talk.text


def test_every_line_can_be_nothing() -> None:
    talk = couple()
    nothing = {key: "none" for key in BUDGET if key.startswith("budget.") and BUDGET[key].isdecimal()}
    goes_through(
        talk,
        BUDGET | nothing | {"income.source~1": "none", "asset.kind~1": "none", "budget.owes": "none"},
        until="money.result",
    )

    assert talk.walk.matter.money.capacity.spent == 0
    assert talk.walk.place("budget.housing_limit") is None
    assert talk.walk.place("budget.work") is None


def test_every_line_can_be_changed_from_the_budget() -> None:
    talk = couple()
    goes_through(talk, BUDGET)
    talk.says("/case").opens("money_budget")
    assert talk.page == "budget"
    place = talk.walk.place("budget.rent")
    assert place is not None
    talk.chooses(f"edit:{place.code}").says("900")

    assert talk.page == "budget"
    assert "Rent or mortgage: <b>$900</b>" in talk.text
    assert talk.walk.matter.money.line("housing").actual == 900 + 200 + 120


def test_a_changed_budget_is_shown_again() -> None:
    talk = couple()
    goes_through(talk, BUDGET)
    assert talk.walk.place("money.result") is not None
    talk.edits("budget.rent").says("900").taps("Go on")

    assert talk.open == "money.result"


def test_a_car_brings_its_own_questions() -> None:
    talk = couple()
    told = BUDGET | CAR
    goes_through(talk, told, until="budget.assets")
    talk.chooses("add")
    asked = goes_through(talk, told, until="money.offer_funds")

    assert set(CAR) - {"asset.kind~2"} <= set(asked)
    assert "budget.couple" not in asked


def test_a_budget_put_off_is_reminded_of_and_asked_again_when_it_is_opened() -> None:
    talk = couple().taps("Later")

    assert talk.open != "budget.begin"
    assert talk.walk.matter.facts.monthly_capacity is None
    assert "since" in talk.case.marks["budget.begin"]
    assert talk.says("/case").opens("money_budget").open == "budget.begin"
    assert talk.taps("Start now").open == "income.source~1"


def test_who_has_a_plan_that_fits_may_open_the_budget_and_goes_on_after_it() -> None:
    talk = owes("18400", household__people="2", household__over_65="1")
    goes_through(talk, POOR | {"money.monthly": "300"})
    assert talk.open is None or not talk.open.startswith(MONEY)
    talk.says("/case").opens("money_budget")
    goes_through(talk, BUDGET, until="money.result")

    assert talk.open == "money.result"
    assert rank(talk.walk.matter.facts, talk.walk.matter.params, talk.walk.matter.today).lead.name


def test_the_budget_is_the_same_in_a_second_case() -> None:
    talk = couple()
    goes_through(talk, BUDGET)
    talk.says("/start").taps("Start a new case").chooses(*PLAIN_LETTER)
    talk.says("CP14", "2026-11-16").chooses("skip")
    situated(talk, USUAL | {"period.year": "2022", "period.amount": "9000"})
    asked = goes_through(talk, POOR | BUDGET | {"money.late_before": "yes"})

    assert not [one for one in asked if one.startswith(("budget", "income", "asset"))]
    assert "money.result" in asked
    assert talk.walk.matter.facts.monthly_capacity == -897


def test_property_within_reach_is_asked_about_and_an_offer_needs_money() -> None:
    talk = couple()
    home = {"asset.kind~1": "home", "asset.value~1": "100000", "asset.owed~1": "70000",
            "budget.property_tax": "0", "budget.upkeep": "0", "money.reachable": "no", "income.amount~1": "1000"}  # fmt: skip
    asked = goes_through(talk, BUDGET | home, until="money.result")

    # 80 % of 100,000 is 80,000, less 70,000.
    assert talk.walk.matter.facts.equity_nre == 10000
    assert "money.reachable" in asked
    assert talk.walk.matter.facts.equity_reachable is False
    assert "Home, $100,000: $10,000 counts after a quick sale, what is owed" in talk.text


def test_a_company_is_not_asked_about_a_household() -> None:
    talk = owes("18400", situation__who="business")
    asked = goes_through(
        talk,
        {
            "money.now": "0",
            "money.by_180": "0",
            "money.borrow": "0",
            "money.monthly": "10",
            "money.penalties": "0",
        },
    )

    assert not {"money.comes_in", "budget.begin"} & set(asked)


def test_a_debt_in_doubt_is_looked_into_before_a_budget() -> None:
    talk = owes("18400", situation__agree="no", situation__disputes="audit")
    asked = goes_through(talk, POOR)

    assert "budget.begin" not in asked


async def test_a_budget_is_talked(chat: Chat) -> None:
    await has_a_cp504(chat, "CP504", "November 16, 2026")
    await is_well(chat)
    await chat.ticks("None of these")
    await answers_the_rest(chat)
    await chat.taps("Go on")
    await chat.taps("Nothing")
    await chat.taps("Nothing")
    await chat.taps("Nothing")
    await chat.says("2000")
    await chat.says("2000")
    await chat.taps("Yes, that or less")
    await chat.taps("Nothing")
    await chat.taps("Nothing")  # no penalties
    assert "So far no simple way fits" in chat.screen
    await chat.taps("Start now")
    await chat.taps("Wages")
    await chat.taps("Every other week")
    await chat.says("900")
    await chat.says("100")
    assert "$900 every other week = $1,953 a month" in chat.screen
    await chat.taps("No, that is all")
    await chat.taps("I own none of these")
    await chat.taps("No, that is all")
    assert "In $1,953 · out $217 · left $1,736 a month" in chat.screen
    await chat.taps("as the IRS counts")
    await chat.says("900")
    await chat.taps("Nothing")
    await chat.taps("Not sure")
    await chat.says("2000")  # the limit of the county: no year
    assert "health insurance" in chat.screen
    await chat.taps("Nothing")
    await chat.taps("as the IRS counts")
    await chat.taps("Nothing")
    await chat.ticks("None of these")
    await chat.ticks("None of these")
    await chat.ticks("None of these")
    await chat.taps("Nothing")

    assert "What your budget says" in chat.screen
    assert "Nothing is left each month" in chat.screen
    assert "As the IRS counts: in $1,953" in chat.screen
    await chat.taps("I have read this")


def test_an_income_at_another_pace_than_told_is_asked_back_and_at_the_same_is_read() -> None:
    talk = walked(
        until="income.amount", money__monthly="0", budget__begin="set:start", income__source="set:wages",
        income__every="set:weekly",
    )  # fmt: skip
    talk.says("3,000 a month")
    assert "You told me that it comes at another pace." in talk.text
    talk.says("gross 750 a week")
    assert talk.value("income.amount~1") == "750.00"


@pytest.mark.parametrize("said", ["nothing right now, sorry", "None at the moment", "zero dollars"])
def test_nothing_with_a_word_more_is_nothing(said: str) -> None:
    talk = walked(until="money.now").says(said)
    assert talk.value("money.now") == "0.00"
