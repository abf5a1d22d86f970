"""The budget as on Form 433-F, equity, collection potential and the low-income line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules import budget
from bot.rules.budget import Asset, Budget, BudgetError, Every, Expense, Household, Income, Kind, Source
from bot.rules.parameters import TooEarlyError, read
from bot.words import Words

if TYPE_CHECKING:
    from bot.model import Remark

D = Decimal
PARAMS = read()
TODAY = date(2026, 11, 22)
WORDS = Words(Path(__file__).parent.parent / "templates")
FEW = settings(max_examples=25, deadline=None)


def home(people: int = 1, **more: Any) -> Household:
    told: dict[str, Any] = {"under_65": people, "age_65_plus": 0, "state": "TX"} | more
    return Household(**told)


def reckon(household: Household | None = None, income: str = "4000", **more: Any) -> budget.Capacity:
    spent = {Expense(name): D(amount) for name, amount in more.pop("spent", {}).items()}
    incomes = (Income(Source.WAGES, D(income)),)
    return budget.capacity(PARAMS, TODAY, Budget(household or home(), incomes, spent, **more))


def line(found: budget.Capacity, name: str) -> tuple[Any, ...]:
    one = next(one for one in found.lines if one.name == name)
    return one.actual, one.allowed, one.counted, one.remark.name if one.remark else None


# ---------------------------------------------------------------- income and its periods


@pytest.mark.parametrize(
    ("every", "month"),
    [
        (Every.WEEKLY, "4300.00"),
        (Every.BIWEEKLY, "2170.00"),
        (Every.SEMIMONTHLY, "2000.00"),
        (Every.MONTHLY, "1000.00"),
        (Every.QUARTERLY, "333.33"),
        (Every.YEARLY, "83.33"),
    ],
)
def test_pay_periods_become_months_as_the_form_says(every: Every, month: str) -> None:
    assert budget.per_month(PARAMS, TODAY, D(1000), every) == D(month)


def test_withheld_tax_counts_in_both_views() -> None:
    pay = Income(Source.WAGES, D(2000), Every.BIWEEKLY, withheld=D(300))
    found = budget.capacity(PARAMS, TODAY, Budget(home(), (pay,), {}))

    assert found.income == D("4340.00")
    assert line(found, "taxes_withheld") == (D("651.00"), None, D("651.00"), None)
    assert found.own_cash_flow == D("3689.00")


# ---------------------------------------------------------------- national standards


@pytest.mark.parametrize(
    ("people", "standard"), [(1, 867), (2, 1558), (3, 1857), (4, 2176), (5, 2573), (7, 3367)]
)
def test_the_national_standard_by_size(people: int, standard: Any) -> None:
    assert line(reckon(home(people)), "national")[2] == standard


@pytest.mark.parametrize(
    ("food", "remark"), [("100", "standard_in_full"), ("867", "standard_in_full"), ("868", "more_with_proof")]
)
def test_the_national_standard_counts_in_full_and_not_more(food: str, remark: str | None) -> None:
    assert line(reckon(spent={"food": food}), "national") == (D(food), 867, 867, remark)


def test_out_of_pocket_health_goes_by_person_and_age() -> None:
    found = reckon(home(1, age_65_plus=2), spent={"out_of_pocket_health": "20"})

    assert line(found, "out_of_pocket_health") == (20, 416, 416, "standard_in_full")


# ---------------------------------------------------------------- transport


@pytest.mark.parametrize(
    ("loans", "couple", "counted", "remark"),
    [
        (["0"], False, "0", "no_car_loan"),
        (["703"], False, "703", None),
        (["704"], False, "703", "only_the_standard"),
        (["300", "500"], False, "500", "too_many_cars"),
        (["300", "500"], True, "800", None),
        (["800", "500"], True, "1203", "only_the_standard"),
        (["300", "500", "100"], True, "800", "too_many_cars"),
    ],
)
def test_a_car_loan_counts_up_to_the_standard_for_each_car_allowed(
    loans: Any, couple: bool, counted: Any, remark: str | None
) -> None:
    household = home(2, couple=couple, car_payments=tuple(D(loan) for loan in loans))
    found = line(reckon(household), "vehicle_ownership")

    assert found[0] == sum(D(loan) for loan in loans)
    assert (found[2], found[3]) == (D(counted), remark)


@pytest.mark.parametrize(
    ("state", "metro", "standard"),
    [
        ("TX", None, 291),
        ("TX", "houston", 361),
        ("NY", None, 330),
        ("NY", "new_york", 417),
        ("IL", None, 263),
        ("CA", "los_angeles", 365),
        ("DC", None, 291),
        ("HI", None, 299),
    ],
)
def test_running_costs_are_the_lesser_of_actual_and_the_regions_standard(
    state: str, metro: str | None, standard: Any
) -> None:
    household = home(state=state, metro=metro, car_payments=(D(0),))
    below, above = (reckon(household, spent={"vehicle_running": spent}) for spent in ("100", "900"))

    assert line(below, "vehicle_running") == (100, standard, 100, None)
    assert line(above, "vehicle_running") == (900, standard, standard, "only_the_standard")


def test_two_cars_of_a_couple_have_twice_the_running_costs() -> None:
    household = home(2, couple=True, car_payments=(D(0), D(0)))
    assert line(reckon(household, spent={"vehicle_running": "900"}), "vehicle_running")[2] == 582


@pytest.mark.parametrize(
    ("state", "metro"), [("PR", None), ("Texas", None), ("TX", "austin"), ("TX", "south")]
)
def test_a_place_without_a_standard_is_refused(state: str, metro: str | None) -> None:
    with pytest.raises(BudgetError, match=r"is known for|is called"):
        reckon(home(state=state, metro=metro, car_payments=(D(0),)))


@pytest.mark.parametrize(
    ("cars", "both", "spent", "counted", "remark"),
    [
        ((), None, "100", 100, "ask_for_all_of_transit"),
        ((), None, "220", 220, None),
        ((), None, "221", 220, "only_the_standard"),
        ((D(0),), None, "100", 0, "transit_only_if_needed"),
        ((D(0),), False, "100", 0, "transit_only_if_needed"),
        ((D(0),), True, "100", 100, None),
        ((D(0),), None, "0", 0, None),
    ],
)
def test_public_transport_beside_a_car_only_where_both_are_needed(
    cars: Any, both: Any, spent: str, counted: Any, remark: str | None
) -> None:
    found = reckon(home(car_payments=cars), spent={"public_transport": spent}, transit_and_car=both)
    assert line(found, "public_transport")[2:] == (counted, remark)


# ---------------------------------------------------------------- housing and the rest


@pytest.mark.parametrize(
    ("standard", "counted", "remark"),
    [
        (None, 1700, "housing_not_checked"),
        ("1593", 1593, "only_the_standard"),  # Autauga County, Alabama, one person
        ("1700", 1700, None),
        ("1871", 1700, None),
    ],
)
def test_housing_is_the_actual_amount_with_a_caution_unless_the_county_is_known(
    standard: Any, counted: Any, remark: str | None
) -> None:
    found = reckon(
        spent={"rent": "1500", "utilities": "150", "phone_internet": "50"},
        housing_standard=D(standard) if standard else None,
    )
    assert line(found, "housing") == (1700, D(standard) if standard else None, counted, remark)


def test_other_necessary_expenses_count_and_wishes_do_not() -> None:
    found = reckon(
        spent={
            "health_insurance": "200",
            "court_child_support": "300",
            "retirement_voluntary": "150",
            "other": "80",
        }
    )

    assert line(found, "health_insurance") == (200, None, 200, None)
    assert line(found, "court_child_support") == (300, None, 300, "court_order_proof")
    assert line(found, "retirement_voluntary") == (150, None, 0, "retirement_voluntary_not_counted")
    assert line(found, "other") == (80, None, 0, "other_needs_proof")


def test_capacity_and_own_cash_flow_are_two_figures() -> None:
    found = reckon(income="2000", spent={"rent": "1200", "food": "300", "other": "100"})

    assert found.monthly == 2000 - (867 + 90 + 1200) == -157
    assert found.own_cash_flow == found.proposed_payment == 400
    assert reckon(income="1000", spent={"rent": "1200"}).proposed_payment == 0


def test_what_was_not_told_is_named() -> None:
    found = reckon(spent={"rent": "1200"})

    assert Expense.RENT not in found.not_told
    assert Expense.CHILD_CARE in found.not_told


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"household": home(0)}, "at least one person"),
        ({"household": home(1, couple=True)}, "at least two people"),
        ({"expenses": {Expense.RENT: D(-1)}}, "less than zero"),
        ({"incomes": (Income(Source.RENTAL, D(-1)),)}, "loss as 0"),
        ({"incomes": (Income(Source.WAGES, D(1), withheld=D(2)),)}, "more tax"),
    ],
)
def test_an_impossible_budget_is_refused(more: Any, said: str) -> None:
    with pytest.raises(BudgetError, match=said):
        Budget(**({"household": home(), "incomes": (), "expenses": {}} | more))


def test_a_day_before_the_standards_is_refused() -> None:
    with pytest.raises(TooEarlyError, match="2026-06-29"):
        budget.capacity(PARAMS, date(2026, 6, 28), Budget(home(), (), {}))
    assert budget.capacity(PARAMS, date(2026, 6, 29), Budget(home(), (), {})).allowed == 957


def test_the_metropolitan_areas_are_not_the_regions() -> None:
    names = budget.metros(PARAMS, TODAY)

    assert len(names) == 23
    assert "new_york" in names
    assert "south" not in names


@FEW
@given(
    st.dictionaries(st.sampled_from(Expense), st.integers(0, 500_000).map(lambda n: D(n) / 100)),
    st.integers(1, 9),
    st.lists(st.integers(0, 1500).map(D), max_size=3),
    st.booleans(),
)
def test_nothing_counted_is_above_its_standard_and_both_views_add_up(
    spent: dict[Expense, Decimal], people: int, cars: list[Decimal], couple: bool
) -> None:
    household = home(people, couple=couple and people > 1, car_payments=tuple(cars))
    found = budget.capacity(PARAMS, TODAY, Budget(household, (Income(Source.WAGES, D(3000)),), spent))

    for one in found.lines:
        assert one.allowed is None or 0 <= one.counted <= one.allowed
    told = sum(spent.values()) + sum(household.car_payments)
    assert found.spent == told
    assert found.monthly == 3000 - found.allowed


# ---------------------------------------------------------------- equity


@pytest.mark.parametrize(
    ("assets", "couple", "equity"),
    [
        ([("cash", "1000", "0")], False, "0"),
        ([("cash", "1000.50", "0")], False, "0.50"),
        ([("cash", "600", "0"), ("cash", "600", "0")], False, "200"),  # one exclusion for all accounts
        ([("vehicle", "10000", "4550")], False, "0"),  # 8,000 - 4,550 - 3,450
        ([("vehicle", "10000", "4549")], False, "1"),
        ([("vehicle", "10000", "0"), ("vehicle", "5000", "0")], False, "8550"),  # 4,550 + 4,000
        ([("vehicle", "10000", "0"), ("vehicle", "5000", "0")], True, "5100"),  # 4,550 + 550
        ([("vehicle", "20000", "30000"), ("vehicle", "5000", "0")], False, "550"),  # to the one with equity
        ([("home", "300000", "200000")], False, "40000"),
        ([("home", "200000", "200000")], False, "0"),
        ([("personal_effects", "14975", "0")], False, "0"),
        ([("personal_effects", "14980", "0")], False, "4"),
        ([("life_insurance", "5000", "1000")], False, "4000"),
        ([("business_tools", "5000", "0")], False, "4000"),
        ([], False, "0"),
    ],
)
def test_equity_at_quick_sale_value_less_loans_and_exclusions(assets: Any, couple: bool, equity: str) -> None:
    owned = [Asset(Kind(kind), D(value), D(owed)) for kind, value, owed in assets]

    assert budget.equities(PARAMS, TODAY, owned, couple=couple).net_realizable == D(equity)


def test_the_exclusions_of_2026_are_not_shown_as_firm() -> None:
    car = budget.equities(PARAMS, TODAY, [Asset(Kind.VEHICLE, D(9000))], couple=False)
    bank = budget.equities(PARAMS, TODAY, [Asset(Kind.CASH, D(9000))], couple=False)

    assert [one.name for one in car.remarks] == ["exclusions_unsure"]
    assert not bank.remarks


# ---------------------------------------------------------------- collection potential


@pytest.mark.parametrize(
    ("left", "clock", "lump", "periodic"),
    [
        ("200", 120, "4400", "6800"),
        ("200", 24, "4400", "6800"),
        ("200", 23, "4400", "6600"),  # the clock is shorter than 24 months
        ("200", 12, "4400", "4400"),
        ("200", 11, "4200", "4200"),
        ("200", 0, "2000", "2000"),
        ("0", 120, "2000", "2000"),
        ("-50", 120, "2000", "2000"),
    ],
)
def test_the_potential_is_equity_and_twelve_or_twenty_four_months(
    left: str, clock: int, lump: str, periodic: str
) -> None:
    owned = budget.equities(PARAMS, TODAY, [Asset(Kind.CASH, D(3000))], couple=False)
    found = budget.potential(PARAMS, TODAY, owned, D(left), clock)

    assert (found.lump_sum, found.periodic) == (D(lump), D(periodic))
    assert found.least == D(lump)


def test_the_arithmetic_is_shown_step_by_step() -> None:
    owned = budget.equities(PARAMS, TODAY, [Asset(Kind.HOME, D(300000), D(200000))], couple=False)
    found = budget.potential(PARAMS, TODAY, owned, D(200), 20)

    assert [WORDS.label("budget", step.name, step.args) for step in found.steps] == [
        "Home: $300,000 × 80 % = $240,000, less $200,000 owed: $40,000 counts.",
        "What you own comes to $40,000 (net realizable equity).",
        "Each month $200 is left, as the IRS counts.",
        "The IRS has 20 months left to collect, so only those count.",
        "Paid within 5 months: $40,000 + $200 × 12 = $42,400.",
        "Paid over 6 to 24 months: $40,000 + $200 × 20 = $44,000.",
    ]


# ---------------------------------------------------------------- low income


@pytest.mark.parametrize(
    ("state", "ceilings", "more"),
    [
        ("TX", [39900, 54100, 68300, 82500, 96700, 110900, 125100, 139300], 14200),
        ("PR", [39900], 14200),
        ("AK", [49875, 67625, 85375, 103125, 120875, 138625, 156375, 174125], 17750),
        ("HI", [45900, 62225, 78550, 94875, 111200, 127525, 143850, 160175], 16325),
    ],
)
def test_the_ceilings_are_those_of_the_fact_sheet(state: str, ceilings: Any, more: Any) -> None:
    found = [budget.low_income(PARAMS, TODAY, people, state).ceiling for people in range(1, 11)]

    assert found[: len(ceilings)] == ceilings
    assert found[9] - found[8] == more


@pytest.mark.parametrize(("day", "people", "ceiling"), [("2025-12-31", 1, 39125), ("2025-06-01", 4, 80375)])
def test_the_ceilings_of_the_year_before(day: str, people: int, ceiling: int) -> None:
    assert budget.low_income(PARAMS, date.fromisoformat(day), people, "TX").ceiling == ceiling


@pytest.mark.parametrize(
    ("gross", "monthly", "fees", "offer"),
    [
        ("39900", None, True, True),
        ("39900.01", None, False, None),  # the other measure is still open
        ("39901", "3325", False, True),  # 3,325 x 12 = 39,900
        ("39901", "3325.01", False, False),
        (None, "3325", None, True),
        (None, "3326", None, None),
        (None, None, None, None),
    ],
)
def test_an_offer_takes_either_measure_and_a_plan_the_return(
    gross: str | None, monthly: str | None, fees: bool | None, offer: bool | None
) -> None:
    found = budget.low_income(
        PARAMS,
        TODAY,
        1,
        "TX",
        adjusted_gross=D(gross) if gross else None,
        gross_each_month=D(monthly) if monthly else None,
    )
    assert (found.for_plan_fees, found.for_offer) == (fees, offer)


@pytest.mark.parametrize(("gross", "said"), [("39125", False), ("39126", True), ("39901", False)])
def test_an_income_between_this_years_and_last_years_line_is_to_be_checked(gross: str, said: bool) -> None:
    found = budget.low_income(PARAMS, TODAY, 1, "TX", adjusted_gross=D(gross))
    assert [one.name for one in found.remarks] == (["form_tables_may_lag"] if said else [])


# ---------------------------------------------------------------- words


def remarks() -> list[Remark]:
    """Return at least one of each remark this module makes."""
    every = dict.fromkeys([str(name) for name in Expense], "2000")
    low = dict.fromkeys([str(name) for name in Expense], "1")
    two = home(2, couple=True, car_payments=(D(900), D(900), D(900)))
    runs = [
        reckon(home(), spent=every),
        reckon(home(), spent=low),
        reckon(two, spent=every),
        reckon(home(car_payments=(D(0),)), spent=every),
        reckon(home(), spent=every, housing_standard=D(10)),
    ]
    found = [one.remark for run in runs for one in run.lines if one.remark]
    found += [one for run in runs for one in run.remarks]
    owned = budget.equities(PARAMS, TODAY, [Asset(kind, D(9000), D(10)) for kind in Kind], couple=False)
    for left, clock in ((D(5), 120), (D(-5), 3), (D(0), 120)):
        sums = budget.potential(PARAMS, TODAY, owned, left, clock)
        found += [*sums.steps, *sums.remarks]
    found += budget.low_income(PARAMS, TODAY, 1, "AK", adjusted_gross=D(1)).remarks
    return found


def test_each_remark_has_words_and_each_block_is_used() -> None:
    said = {one.name: WORDS.block("budget", one.name, one.args) for one in remarks()}

    assert all(said.values())
    source = (Path(__file__).parent.parent / "templates/en/budget.j2").read_text(encoding="utf-8")
    blocks = {part.split()[0] for part in source.split("{% block ")[1:]}
    assert said.keys() == blocks - {"kind_of_asset"}
    for text in said.values():
        assert "!" not in text
        assert len(text.split()) <= 60
