"""What is typed about one's own money, and what the answers about it say in the words of the law."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import dialogs
from bot.answers import Asked, Given
from bot.config import ROOT
from bot.rules import budget, guards, matter, money, needs, parameters
from bot.rules.budget import Every

TODAY = date(2026, 11, 23)
PARAMS = parameters.read()
STEPS = {step.key: step for _, step in dialogs.read(ROOT / "dialogs").steps()}


def read(key: str, text: str, **known: Any) -> str:
    """Return the value that is read, or the name of the remark."""
    asked = Asked(STEPS[key], TODAY, known={name.replace("__", "."): value for name, value in known.items()})
    found = STEPS[key].kind.parse(text, asked)
    return str(found.value) if isinstance(found, Given) else found.name


# ---------------------------------------------------------------- typed


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", "0.00"),
        ("$0", "0.00"),
        ("Nothing", "0.00"),
        ("none.", "0.00"),
        ("n/a", "0.00"),
        ("2000", "2000.00"),  # no year among sums of a budget
        ("2,900", "2900.00"),
        ("about 300", "300.00"),
        ("$300 a month", "300.00"),
        ("300/mo", "300.00"),
        ("300 monthly", "300.00"),
        ("1.2k per month", "1200.00"),
        ("-20", "own_negative"),
        ("800 a week", "own_not_monthly"),
        ("9600 yearly", "own_not_monthly"),
        ("300 or 400", "money_several"),
        ("a lot", "money_none"),
        ("€300", "money_dollars"),
    ],
)
def test_a_sum_of_a_month_is_read(text: str, amount: str) -> None:
    assert read("money.goes_out", text) == amount


def test_a_week_is_no_matter_where_no_month_is_asked_for() -> None:
    assert read("money.now", "500 this week") != "own_not_monthly"


@pytest.mark.parametrize(("text", "found"), [("0", "own_nothing"), ("none", "own_nothing"), ("0.01", "0.01")])
def test_the_limit_of_a_county_is_more_than_nothing(text: str, found: str) -> None:
    assert read("budget.housing_limit", text) == found


@pytest.mark.parametrize(
    ("text", "found"), [("1400", "1400.00"), ("1400.01", "own_more_than_income"), ("0", "0.00")]
)
def test_taxes_are_at_most_the_pay(text: str, found: str) -> None:
    assert read("income.withheld", text, income__amount=Decimal(1400)) == found


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("9.5", "9.5"),
        ("9,5 %", "9.5"),
        ("24.9 percent", "24.9"),
        ("0", "0"),
        ("100", "100"),
        ("100.1", "percent_too_much"),
        ("8 or 9", "percent_none"),
        ("-3", "percent_none"),
        ("none", "percent_none"),
        ("12.3456", "percent_none"),
    ],
)
def test_a_rate_is_read(text: str, rate: str) -> None:
    assert read("money.loan", text) == rate


@given(st.text(max_size=60))
def test_nothing_typed_about_money_breaks_anything(text: str) -> None:
    for key in ("money.now", "money.monthly", "money.loan", "budget.housing_limit", "income.withheld"):
        found = read(key, text)
        assert found.isidentifier() or Decimal(found) >= 0


# ---------------------------------------------------------------- the budget


def told(**known: Any) -> matter.Matter:
    """Return a case whose answers are `known`, by their names with __ for the dot and ~ for the first item."""
    names = {name.replace("__", ".").replace("_of_1", "~1"): value for name, value in known.items()}
    items = {key: [1] for key in matter.LISTS}
    return matter.read(names, {}, items, TODAY, PARAMS)


amounts = st.decimals(0, 50_000, places=2)


@given(
    amounts,
    amounts,
    st.sampled_from(list(Every)),
    st.dictionaries(st.sampled_from(sorted(money.LINES)), amounts),
    st.integers(1, 8),
    st.integers(0, 8),
)
def test_the_running_total_is_what_the_lines_come_to(
    pay: Decimal, tax: Decimal, every: Every, lines: dict[str, Decimal], people: int, older: int
) -> None:
    known: dict[str, Any] = {f"budget__{name}": amount for name, amount in lines.items()}
    one = told(
        household__state="TX",
        household__people=people,
        household__over_65=older,
        budget__begin="start",
        income__source_of_1="wages",
        income__every_of_1=str(every),
        income__amount_of_1=pay,
        income__withheld_of_1=tax,
        **known,
    ).money
    taxes = budget.per_month(PARAMS, TODAY, min(pay, tax), every)

    assert one.comes_in == budget.per_month(PARAMS, TODAY, pay, every)
    assert one.goes_out == sum(lines.values(), taxes)
    assert one.left == one.comes_in - one.goes_out == one.capacity.own_cash_flow
    assert one.capacity.monthly == one.comes_in - one.capacity.allowed


def test_an_unfinished_budget_says_nothing_of_what_the_irs_would_count() -> None:
    begun = told(budget__begin="start", income__source_of_1="wages", income__every_of_1="monthly",
                 income__amount_of_1=Decimal(900))  # fmt: skip

    assert begun.money.comes_in == 900
    assert begun.facts.monthly_capacity is None
    assert begun.facts.equity_nre is None


def test_two_sums_stand_in_for_a_payment_that_is_not_known() -> None:
    sums = told(money__comes_in=Decimal(3200), money__goes_out=Decimal(2900))

    assert sums.facts.proposed_payment == 300
    assert told(money__comes_in=Decimal(10), money__goes_out=Decimal(20)).facts.proposed_payment == 0
    assert told(money__comes_in=Decimal(10)).facts.proposed_payment is None


def test_what_can_be_paid_now_can_be_paid_within_the_time_as_well() -> None:
    assert told(money__now=Decimal(500), money__by_180=Decimal(200)).facts.can_pay_180 == 500
    assert told(money__now=Decimal(500)).facts.can_pay_180 is None


@pytest.mark.parametrize(("worth", "open_"), [("1250", False), ("1250.02", True)])
def test_reach_is_asked_where_more_than_a_little_would_be_left(worth: str, open_: bool) -> None:
    # 80 % of 1,250 is 1,000: no one is asked about that little.
    said = told(asset__kind_of_1="other", asset__value_of_1=Decimal(worth))
    facts = replace(said.facts, equity_nre=said.money.equities.net_realizable)

    assert (facts.equity_nre or 0) <= 1000 or open_
    assert needs.reach_is_open(told_with(said, facts)) is open_


def told_with(one: matter.Matter, facts: Any) -> matter.Matter:
    """Return a case whose facts are these."""
    again = replace(one)
    again.__dict__["facts"] = facts
    return again


@pytest.mark.parametrize(
    ("cars", "people", "asked"), [(1, 2, False), (2, 2, True), (2, 1, False), (2, None, True)]
)
def test_a_couple_is_asked_for_where_a_second_car_hangs_on_it(
    cars: int, people: int | None, asked: bool
) -> None:
    known: dict[str, Any] = {"budget.begin": "start", "household.people": people}
    known |= {f"asset.kind~{item}": "vehicle" for item in range(1, cars + 1)}
    items = {key: [1] for key in matter.LISTS} | {money.ASSETS: list(range(1, cars + 1))}

    assert guards.several_cars_are_named(matter.read(known, {}, items, TODAY, PARAMS)) is asked


@pytest.mark.parametrize("state", ["TX", None])
def test_the_state_is_asked_for_a_car_where_it_is_not_known(state: str | None) -> None:
    one = told(
        budget__begin="start",
        household__state=state,
        asset__kind_of_1="vehicle",
        asset__payment_of_1=Decimal(90),
    )

    assert guards.the_state_is_open(one) is (state is None)
    assert one.money.capacity.lines  # the budget can be reckoned all the same


def test_every_line_of_the_budget_has_a_question_and_every_tick_a_line() -> None:
    asked = {key.partition(".")[2] for key in STEPS if key.startswith("budget.")}
    ticks = {one for name in money.TICKED for one in STEPS[f"budget.{name}"].options} - {"none"}

    assert set(money.LINES) <= asked
    assert ticks | set(money.ALWAYS) <= set(money.LINES)
    sources, pays = STEPS["income.source"].options, STEPS["income.every"].options
    assert {*sources} - {"none"} <= {str(one) for one in budget.Source}
    assert {*pays} == {str(one) for one in Every}
    kinds = {*STEPS["asset.kind"].options, *STEPS["asset.saved"].options} - {"none", "savings"}
    assert kinds <= {str(one) for one in budget.Kind}
