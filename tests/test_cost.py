"""Interest, penalties and plans: the vectors to the cent, and a row on each side of every change day."""

from __future__ import annotations

import argparse
import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Source, Value
from bot.rules import cost
from bot.rules.calendar import Calendar
from bot.rules.cost import Liability, Owed, UnclearError
from bot.rules.parameters import Parameters, TooEarlyError, read
from bot.shell import BadInputError, as_json
from bot.shell import cost as shell
from bot.words import Words

D = Decimal
PARAMS = read()
WORDS = Words(Path(__file__).parent.parent / "templates")
FEW = settings(max_examples=25, deadline=None)
DAYS = st.dates(date(2016, 1, 1), date(2028, 12, 31))
START = Owed(D(16000), D(800), D(1200), date(2026, 12, 1))
FIRST = date(2026, 12, 28)
ONE_DAY = timedelta(days=1)


def on(text: str) -> date:
    return date.fromisoformat(text)


def run(tax: str, due: str, paid: str, filed: str | None = "on_time", **more: Any) -> cost.Accrual:
    filed_on = on(due) if filed == "on_time" else on(filed) if filed else None
    return cost.accrue(PARAMS, Liability(tax=D(tax), due=on(due), filed=filed_on, **more), on(paid))


def flat(percent: str) -> Parameters:
    source = Source("a test", "https://www.irs.gov/")
    rate = Value(cost.RATE, D(percent), date(1980, 1, 1), source, "high", date(2100, 1, 1))
    return Parameters({cost.RATE: (rate,)})


# ---------------------------------------------------------------- the vectors of the fact sheet


def test_v0_the_regulations_own_example_of_daily_compounding() -> None:
    grown = cost.growth(flat("16"), on("1982-12-31"), on("1983-03-01"))

    assert cost.cents(D("1424.66") * grown) == D("1462.62")
    assert cost.cents(D("1424.66") * (grown - 1)) == D("37.96")


@pytest.mark.parametrize(
    ("percent", "after", "through", "factor"),
    [("7", "2025-01-01", "2026-01-01", "0.072500983"), ("8", "2023-12-31", "2024-12-31", "0.083277598")],
)
def test_the_published_yearly_factors(percent: str, after: str, through: str, factor: str) -> None:
    assert round(cost.growth(flat(percent), on(after), on(through)) - 1, 9) == D(factor)


@pytest.mark.parametrize(
    ("tax", "due", "paid", "more", "days", "months", "interest", "pay"),
    [
        ("10000", "2025-04-15", "2026-04-15", {}, 365, 12, "720.60", "600.00"),
        ("5000", "2024-04-15", "2024-12-31", {}, 260, 9, "292.35", "225.00"),
        (
            "24000",
            "2025-04-15",
            "2026-10-31",
            {"plan_from": "2025-07-15"},
            564,
            19,
            "2674.69",
            "1320.00",
        ),
        (
            "15000",
            "2024-04-15",
            "2026-11-22",
            {"levy_notice": "2025-02-03"},
            951,
            32,
            "3081.51",
            "3750.00",
        ),
    ],
)
def test_v1_v2_v4_v5_of_a_timely_filer(
    tax: str, due: str, paid: str, more: Any, days: int, months: int, interest: str, pay: str
) -> None:
    facts: dict[str, Any] = {name: on(day) for name, day in more.items()}
    found = run(tax, due, paid, **facts)

    assert (found.days, found.months) == (days, months)
    assert (found.interest, found.failure_to_pay, found.failure_to_file) == (D(interest), D(pay), D(0))
    assert found.payoff == D(tax) + D(interest) + D(pay)


@pytest.mark.parametrize(
    ("plan_from", "estimate", "least"),
    [("2025-07-15", "1320.00", "1260.00"), ("2025-07-16", "1320.00", "1320.00")],
)
def test_v4_both_ways_a_month_during_which_the_plan_begins(plan_from: str, estimate: str, least: str) -> None:
    found = run("24000", "2025-04-15", "2026-10-31", plan_from=on(plan_from))

    assert found.failure_to_pay == D(estimate)
    assert found.failure_to_pay_least == D(least)
    assert found.failure_to_pay_most == D(estimate)


def test_v7_a_small_tax_filed_late_owes_the_minimum_and_interest_on_it() -> None:
    found = run("600", "2026-04-15", "2026-07-01", filed="2026-07-01")

    assert (found.failure_to_file, found.failure_to_pay) == (D("525.00"), D("9.00"))
    assert (found.interest, found.interest_in_all) == (D("7.66"), D("14.36"))
    assert found.payoff == D(600) + D("525.00") + D("9.00") + D("14.36")


@pytest.mark.parametrize(
    ("due", "paid", "file"),
    [
        ("2026-01-15", "2026-03-15", "450.00"),  # V8: 59 days, the plain two months
        ("2026-04-15", "2026-06-14", "450.00"),  # the 60th day
        ("2026-04-15", "2026-06-15", "525.00"),  # the 61st day: the minimum
    ],
)
def test_v8_two_months_late_with_and_without_the_minimum(due: str, paid: str, file: str) -> None:
    found = run("5000", due, paid, filed=paid)

    assert (found.failure_to_file, found.failure_to_pay) == (D(file), D("50.00"))


@pytest.mark.parametrize(
    ("due", "paid", "months"),
    [
        ("2026-04-30", "2026-05-30", 1),
        ("2026-04-30", "2026-05-31", 1),  # Form 941: the month ends on its last day
        ("2026-04-30", "2026-06-01", 2),
        ("2026-06-30", "2026-07-31", 1),
        ("2026-06-30", "2026-08-01", 2),
        ("2026-01-31", "2026-02-28", 1),
        ("2024-01-31", "2024-02-29", 1),
        ("2024-01-31", "2024-03-01", 2),
        ("2024-01-30", "2024-02-29", 1),
        ("2024-01-30", "2024-03-30", 2),
        ("2025-04-15", "2025-05-15", 1),
        ("2025-04-15", "2025-05-16", 2),
    ],
)
def test_a_month_ends_on_the_same_day_or_at_the_end_of_the_month(due: str, paid: str, months: int) -> None:
    assert run("1000", due, paid).months == months
    assert run("1000", due, paid).failure_to_pay == D(5) * months


@pytest.mark.parametrize(
    ("paid", "pay"),
    [
        ("2020-05-15", "1225.00"),
        ("2020-06-15", "1250.00"),  # the 50th month
        ("2020-06-16", "1250.00"),
        ("2024-12-15", "1250.00"),
    ],
)
def test_the_cap_is_reached_after_fifty_months(paid: str, pay: str) -> None:
    assert run("5000", "2016-04-15", paid).failure_to_pay == D(pay)


def test_the_cap_counts_months_not_dollars() -> None:
    found = run("10000", "2016-04-15", "2024-12-15", payments=((on("2016-06-15"), D(5000)),))

    assert found.months == 104
    assert found.failure_to_pay == D("1300.00")


# ---------------------------------------------------------------- which rate a month has


@pytest.mark.parametrize(
    ("levy_notice", "pay"),
    [
        ("2025-05-05", "15.00"),  # the 10th day is May 15, the next month begins on the 16th
        ("2025-05-06", "10.00"),  # May 16 is the 10th day itself: that month stays at 0.5 %
    ],
)
def test_one_percent_from_the_month_that_begins_after_the_tenth_day(levy_notice: str, pay: str) -> None:
    assert run("1000", "2025-04-15", "2025-06-15", levy_notice=on(levy_notice)).failure_to_pay == D(pay)


def test_a_plan_after_a_levy_notice_has_a_range() -> None:
    found = run("10000", "2025-04-15", "2025-10-15", levy_notice=on("2025-05-01"), plan_from=on("2025-07-16"))

    assert found.failure_to_pay == D("325.00")  # 0.5 + 2 x 1 + 3 x 0.25
    assert found.failure_to_pay_most == D("550.00")  # 0.5 + 5 x 1


@pytest.mark.parametrize(("ends", "pay"), [("2025-08-15", "100.00"), ("2025-08-16", "87.50")])
def test_the_lower_rate_ends_with_the_agreement(ends: str, pay: str) -> None:
    plan: dict[str, Any] = {"plan_from": on("2025-06-16"), "plan_until": on(ends)}

    assert run("5000", "2025-04-15", "2025-09-15", **plan).failure_to_pay == D(pay)


def test_a_late_filer_has_no_lower_rate_in_a_plan() -> None:
    late = run("1000", "2025-04-15", "2025-06-15", filed="2025-04-16", plan_from=on("2025-04-16"))
    business = run("1000", "2025-04-15", "2025-06-15", plan_from=on("2025-04-16"), individual=False)

    for found in (late, business):
        assert found.failure_to_pay == D("10.00")
        assert [caution.name for caution in found.cautions] == ["no_lower_rate_in_the_plan"]


def test_a_filer_within_the_extension_is_timely_but_pays_from_april() -> None:
    extended: dict[str, Any] = {
        "filed": "2025-10-15",
        "filing_due": on("2025-10-15"),
        "plan_from": on("2025-11-16"),
    }
    found = run("1000", "2025-04-15", "2025-12-15", **extended)

    assert (found.failure_to_pay, found.failure_to_file) == (D("37.50"), D(0))  # 7 x 0.5 + 0.25
    assert found.interest == run("1000", "2025-04-15", "2025-12-15").interest


def test_failure_to_file_and_its_interest_begin_with_the_extended_day() -> None:
    found = run("10000", "2025-04-15", "2025-11-10", filed="2025-11-10", filing_due=on("2025-10-15"))
    grown = cost.growth(PARAMS, on("2025-10-15"), on("2025-11-10"))

    assert found.failure_to_file == D("450.00")
    assert abs(found.interest_in_all - found.interest - D(450) * (grown - 1)) < D("0.01")


@pytest.mark.parametrize(
    ("paid", "months"), [("2024-07-22", 0), ("2024-07-23", 1), ("2024-08-22", 1), ("2024-08-23", 2)]
)
def test_tax_assessed_later_has_the_penalty_only_after_its_bill(paid: str, months: int) -> None:
    billed: dict[str, Any] = {"bill": on("2024-07-01"), "bill_pay_by": on("2024-07-22"), "shown": False}
    found = run("1000", "2022-04-18", paid, **billed)

    assert (found.months, found.failure_to_pay) == (months, D(5) * months)


# ---------------------------------------------------------------- on time, and the days around it


@pytest.mark.parametrize(
    ("due", "last"),
    [
        ("2025-04-15", "2025-04-15"),
        ("2023-04-15", "2023-04-18"),  # Saturday; Emancipation Day kept on Monday
        ("2022-04-15", "2022-04-18"),  # Emancipation Day kept on Friday
        ("2018-04-15", "2018-04-17"),  # Sunday, then Emancipation Day
        ("2026-01-31", "2026-02-02"),
    ],
)
def test_a_due_day_that_is_no_business_day_moves_on(due: str, last: str) -> None:
    assert Calendar(PARAMS).rolled(on(due)) == on(last)
    found = run("1000", due, last, filed=last)
    assert (found.interest, found.failure_to_pay, found.failure_to_file) == (D(0), D(0), D(0))
    day_after = str(on(last) + ONE_DAY)
    late = run("1000", due, day_after, filed=day_after)
    assert late.days == (on(last) - on(due)).days + 1, "interest then runs from the unmoved day"
    assert (late.failure_to_pay, late.failure_to_file) == (D("5.00"), D("45.00"))


def test_a_moved_due_day_can_be_told() -> None:
    assert run("1000", "2020-04-15", "2020-07-15", timely_by=on("2020-07-15")).payoff == D(1000)


@pytest.mark.parametrize(
    ("filed", "file"),
    [
        ("2026-04-15", "0"),
        ("2026-04-16", "450.00"),
        ("2026-05-15", "450.00"),
        ("2026-05-16", "900.00"),
        ("2026-08-16", "2250.00"),
        ("2026-11-16", "2250.00"),  # never more than five months
    ],
)
def test_failure_to_file_is_four_and_a_half_percent_a_month_for_five_months(filed: str, file: str) -> None:
    assert run("10000", "2026-04-15", "2026-11-20", filed=filed).failure_to_file == D(file)


def test_where_the_tax_was_paid_nothing_comes_off_failure_to_file() -> None:
    found = run("1000", "2025-04-15", "2025-06-10", "2025-06-10", payments=((on("2025-05-15"), D(1000)),))

    assert found.failure_to_file == D("95.00")  # 45 in the first month, all 50 in the second
    assert found.failure_to_pay == D("5.00")


def test_what_was_paid_on_time_bears_nothing() -> None:
    found = run("1000", "2025-04-15", "2025-06-10", "2025-06-10", payments=((on("2025-04-15"), D(400)),))

    assert found.failure_to_file == D("54.00")
    assert found.failure_to_pay == D("6.00")
    assert found.interest == run("600", "2025-04-15", "2025-06-10").interest


def test_a_return_not_filed_yet_is_reckoned_as_filed_on_the_day() -> None:
    found = run("10000", "2026-04-15", "2026-11-22", filed=None)

    assert found.failure_to_file == D("2250.00")
    assert [caution.name for caution in found.cautions] == ["reckoned_as_filed_on"]
    assert not run("10000", "2026-04-15", "2026-04-15", filed=None).cautions


@pytest.mark.parametrize(
    ("due", "least"), [("2023-04-17", "450.00"), ("2024-04-15", "485.00"), ("2025-04-15", "510.00")]
)
def test_the_minimum_is_that_of_the_year_the_return_was_due(due: str, least: str) -> None:
    late = str(on(due) + timedelta(days=61))
    assert run("1000", due, late, filed=late).failure_to_file == D(least)


@pytest.mark.parametrize(("tax", "file"), [("300", "300.00"), ("525", "525.00"), ("526", "525.00")])
def test_the_minimum_is_never_more_than_the_tax(tax: str, file: str) -> None:
    assert run(tax, "2026-04-15", "2026-07-01", filed="2026-07-01").failure_to_file == D(file)


def test_a_minimum_that_is_not_known_yet_is_named() -> None:
    found = run("1000", "2027-04-15", "2027-07-01", filed="2027-07-01")

    assert {caution.name for caution in found.cautions} == {"minimum_of_an_earlier_year", "projected"}


def test_a_minimum_before_the_first_known_year_is_refused_where_it_would_matter() -> None:
    with pytest.raises(UnclearError, match="known for returns due from 2017-01-01 on"):
        run("600", "2014-04-15", "2014-07-01", filed="2014-07-01")
    assert run("10000", "2014-04-15", "2014-07-01", filed="2014-07-01").failure_to_file == D("1350.00")


# ---------------------------------------------------------------- payments and the interest-free window


def test_a_payment_goes_to_tax_then_penalty_then_interest() -> None:
    found = run("1000", "2025-04-15", "2025-07-15", payments=((on("2025-06-15"), D(1009)),))

    assert (found.tax_left, found.penalty_left) == (D(0), D("1.00"))  # 2 x $5 of penalty, 9 paid
    assert found.failure_to_pay == D("10.00"), "no tax is left when the third month begins"
    grown = D(1000) * (cost.growth(PARAMS, on("2025-04-15"), on("2025-06-15")) - 1)
    expected = cost.cents(grown * cost.growth(PARAMS, on("2025-06-15"), on("2025-07-15")))
    assert found.interest == found.interest_left == expected


def test_too_much_paid_is_said() -> None:
    found = run("1000", "2025-04-15", "2025-07-15", payments=((on("2025-05-01"), D(1100)),))

    assert found.payoff == 0
    assert found.overpaid == D(1100) - D(1000) - found.interest - found.failure_to_pay


@pytest.mark.parametrize(
    ("paid", "through"),
    [
        ("2025-07-01", "2025-07-01"),
        ("2025-07-22", "2025-07-01"),  # the 21st day: interest ended with the bill
        ("2025-07-23", "2025-07-23"),
    ],
)
def test_what_is_paid_within_the_window_bears_no_interest_after_the_bill(paid: str, through: str) -> None:
    bill = on("2025-07-01")
    window = cost.free_until(PARAMS, bill, D("99999.99"))
    found = run("10000", "2025-04-15", paid, bill=bill, bill_pay_by=window)

    assert window == on("2025-07-22")
    assert found.interest == run("10000", "2025-04-15", through).interest
    assert found.failure_to_pay == run("10000", "2025-04-15", paid).failure_to_pay, "that one goes on"


def test_only_the_amount_paid_in_the_window_is_free() -> None:
    window: dict[str, Any] = {"bill": on("2025-07-01"), "bill_pay_by": on("2025-07-22")}
    found = run("10000", "2025-04-15", "2025-09-01", payments=((on("2025-07-20"), D(4000)),), **window)
    same = run("10000", "2025-04-15", "2025-09-01", payments=((on("2025-07-01"), D(4000)),))

    assert found.interest == same.interest


@pytest.mark.parametrize(
    ("demand", "amount", "last"),
    [
        ("2026-11-02", "99999.99", "2026-11-23"),
        ("2026-11-02", "100000", "2026-11-17"),  # Veterans Day is no business day
        ("2026-03-02", "100000", "2026-03-16"),
    ],
)
def test_a_bill_of_a_hundred_thousand_counts_business_days(demand: str, amount: str, last: str) -> None:
    assert cost.free_until(PARAMS, on(demand), D(amount)) == on(last)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"tax": D(-1)}, "less than zero"),
        ({"payments": ((date(2025, 5, 1), D(0)),)}, "more than zero"),
        ({"payments": ((date(2027, 5, 1), D(1)),)}, "after the day asked about"),
        ({"filed": date(2027, 1, 1)}, "filed after the day"),
        ({"due": date(2027, 1, 1)}, "before the due date"),
        ({"filing_due": date(2025, 1, 1)}, "before the due date"),
        ({"plan_until": date(2025, 9, 1)}, "begin before it ends"),
        ({"bill": date(2025, 6, 1)}, "pay-by day"),
        ({"shown": False}, "date of its bill"),
    ],
)
def test_facts_that_settle_nothing_are_refused(more: Any, said: str) -> None:
    facts: dict[str, Any] = {"tax": D(1000), "due": on("2025-04-15"), "filed": on("2025-04-15")} | more
    with pytest.raises(UnclearError, match=said):
        cost.accrue(PARAMS, Liability(**facts), on("2026-04-15"))


def test_interest_before_the_first_known_rate_is_refused() -> None:
    assert cost.growth(PARAMS, on("2011-03-31"), on("2011-04-01")) == 1 + D("0.04") / 365
    with pytest.raises(TooEarlyError, match="2011-04-01"):
        cost.growth(PARAMS, on("2011-03-30"), on("2011-04-01"))


@pytest.mark.parametrize(
    ("day", "percent"),
    [
        ("2011-09-30", 4),
        ("2011-10-01", 3),
        ("2016-03-31", 3),
        ("2016-04-01", 4),
        ("2018-03-31", 4),
        ("2018-04-01", 5),
        ("2025-12-31", 7),
        ("2026-03-31", 7),
        ("2026-04-01", 6),
        ("2026-06-30", 6),
        ("2026-07-01", 7),
    ],
)
def test_the_rate_changes_with_the_quarter(day: str, percent: int) -> None:
    year = 366 if on(day).year % 4 == 0 else 365
    assert cost.growth(PARAMS, on(day) - ONE_DAY, on(day)) == 1 + D(percent) / 100 / year


@pytest.mark.parametrize(("paid", "projected"), [("2026-12-31", None), ("2027-01-01", on("2027-01-01"))])
def test_days_beyond_the_announced_quarters_are_called_a_projection(
    paid: str, projected: date | None
) -> None:
    assert cost.known_through(PARAMS) == on("2026-12-31")
    assert run("1000", "2026-04-15", paid).projected_from == projected


# ---------------------------------------------------------------- plans


@pytest.mark.parametrize(
    ("monthly", "payments", "total", "interest", "penalty", "last"),
    [
        ("250.00", 102, "25450.18", "6150.02", "1300.16", "2035-05-28"),
        ("500.00", 43, "21044.86", "2384.86", "660.00", "2030-06-28"),
        ("223.72", 120, "26845.98", "7395.55", "1450.43", "2036-11-28"),
    ],
)
def test_the_plans_of_the_fact_sheet(
    monthly: str, payments: int, total: str, interest: str, penalty: str, last: str
) -> None:
    plan = cost.simulate(PARAMS, START, D(monthly), FIRST, timely=True)

    assert plan.paid_off
    assert (plan.payments, plan.last_payment) == (payments, on(last))
    assert (plan.total, plan.interest, plan.penalty) == (D(total), D(interest), D(penalty))
    assert plan.projected_from == on("2027-01-01")
    assert cost.term(PARAMS, START, D(monthly), FIRST, timely=True) == payments


def test_the_least_payment_for_ten_years() -> None:
    assert cost.least_payment(PARAMS, START, 120, FIRST, timely=True) == D("223.72")


def test_a_late_filer_pays_more_and_after_a_levy_notice_more_still() -> None:
    late = cost.simulate(PARAMS, START, D(500), FIRST, timely=False)
    levied = cost.simulate(PARAMS, START, D(500), FIRST, timely=False, levied=True)

    assert late.schedule[0].penalty_added == D("80.00")
    assert levied.schedule[0].penalty_added == D("160.00")
    assert late.total < levied.total


def test_the_first_stretch_is_counted_by_hand() -> None:
    first = cost.simulate(PARAMS, START, D(500), FIRST, timely=True).schedule[0]

    assert first.interest_added == cost.cents(D(18000) * ((1 + D("0.07") / 365) ** 27 - 1)) == D("93.44")
    assert first.penalty_added == D("40.00")
    assert (first.to_tax, first.to_penalty, first.to_interest) == (D(500), D(0), D(0))
    assert first.left == D(18000) + D("93.44") + D("40.00") - 500


def test_the_cap_holds_where_what_was_counted_is_known() -> None:
    plan = cost.simulate(PARAMS, START, D(500), FIRST, timely=True, percent_counted=D("24.6"))

    assert [one.penalty_added for one in plan.schedule[:4]] == [D("40.00"), D("23.25"), 0, 0]
    assert "cap_not_counted" not in [caution.name for caution in plan.cautions]


def test_a_payment_that_looks_enough_on_paper_leaves_twenty_thousand() -> None:
    owed = Owed(D(25000), D(1500), D(1500), date(2026, 12, 1))
    plan = cost.simulate(PARAMS, owed, D(240), FIRST, timely=True, months=120)

    assert D(240) * 120 > owed.total
    assert not plan.paid_off
    assert plan.left == D("20197.88")


def test_a_payment_below_the_interest_never_pays_off() -> None:
    plan = cost.simulate(PARAMS, START, D(100), FIRST, timely=True)

    assert not plan.paid_off
    assert plan.payments == cost.LONGEST
    assert plan.left > START.total
    assert cost.term(PARAMS, START, D(100), FIRST, timely=True) is None


def test_a_plan_day_the_month_does_not_have_falls_on_its_last_day() -> None:
    days = [cost.payment_day(date(2026, 12, 31), number) for number in range(4)]

    assert days == [date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)]
    assert cost.payment_day(date(2026, 11, 28), 3) == date(2027, 2, 28)
    assert cost.payment_day(date(2027, 2, 28), 1) == date(2027, 3, 28)


@pytest.mark.parametrize(("until", "months"), [("2027-01-01", 1), ("2027-01-02", 2), ("2027-05-30", 6)])
def test_waiting_costs_half_a_percent_for_each_month_begun(until: str, months: int) -> None:
    later = cost.wait(PARAMS, START, on(until))

    assert later.penalty - START.penalty == D(80) * months
    assert later.tax == START.tax
    grown = cost.growth(PARAMS, START.day, on(until))
    assert later.interest - START.interest == cost.cents(D(18000) * (grown - 1))


def test_a_plan_that_cannot_be_reckoned_is_refused() -> None:
    with pytest.raises(UnclearError, match="before the balance"):
        cost.simulate(PARAMS, START, D(500), date(2026, 11, 30), timely=True)
    with pytest.raises(UnclearError, match="more than zero"):
        cost.simulate(PARAMS, START, D(0), FIRST, timely=True)
    for months in (0, cost.LONGEST + 1):
        with pytest.raises(UnclearError, match="1 to 480 months"):
            cost.least_payment(PARAMS, START, months, FIRST, timely=True)


def test_where_nothing_is_owed_nothing_is_paid() -> None:
    nothing = Owed(D(0), D(0), D(0), START.day)
    plan = cost.simulate(PARAMS, nothing, D(10), FIRST, timely=True)

    assert plan.paid_off
    assert (plan.payments, plan.last_payment) == (0, None)
    assert cost.least_payment(PARAMS, nothing, 12, FIRST, timely=True) == 0


# ---------------------------------------------------------------- properties


@FEW
@given(DAYS, st.integers(0, 2000), st.integers(0, 2000))
def test_splitting_a_stretch_gives_the_same_growth(start: date, one: int, two: int) -> None:
    middle, end = start + timedelta(days=one), start + timedelta(days=one + two)
    split = cost.growth(PARAMS, start, middle) * cost.growth(PARAMS, middle, end)
    assert abs(split - cost.growth(PARAMS, start, end)) < D("1e-20")


@FEW
@given(DAYS, st.integers(0, 1500), st.integers(1, 40), st.integers(1, 10**8), st.integers(0, 10**6))
def test_more_days_or_more_tax_never_cost_less(
    due: date, days: int, later: int, tax_cents: int, more_cents: int
) -> None:
    until = due + timedelta(days=days)

    def owed(tax: int, day: date) -> cost.Accrual:
        return cost.accrue(PARAMS, Liability(tax=D(tax) / 100, due=due, filed=due), day)

    base = owed(tax_cents, until)
    for other in (owed(tax_cents + more_cents, until), owed(tax_cents, until + timedelta(days=later))):
        assert other.interest >= base.interest
        assert other.failure_to_pay >= base.failure_to_pay


@FEW
@given(DAYS, st.integers(0, 130))
def test_a_month_count_is_exact_at_both_ends(due: date, months: int) -> None:
    end = cost.month_end(due, months)
    assert cost.months_late(due, end) == months
    assert cost.months_late(due, end + ONE_DAY) == months + 1


@FEW
@given(
    st.dates(date(2017, 1, 1), date(2028, 12, 31)),
    st.integers(1, 700),
    st.integers(1, 200),
    st.integers(1, 2_000_00),
)
def test_what_was_paid_and_what_is_left_make_up_all_that_was_owed(
    due: date, days: int, before: int, paid_cents: int
) -> None:
    until = due + timedelta(days=days)
    paid = D(paid_cents) / 100
    payments = ((max(due, until - timedelta(days=before)), paid),)
    found = cost.accrue(PARAMS, Liability(tax=D(1000), due=due, filed=until, payments=payments), until)

    owed = 1000 + found.interest_in_all + found.failure_to_pay + found.failure_to_file
    assert abs(owed - (paid - found.overpaid) - found.payoff) <= D("0.03"), "each part is rounded by itself"


BALANCES = st.tuples(*[st.integers(0, 3_000_000)] * 3).filter(any)


@FEW
@given(BALANCES, st.integers(1, 130), st.booleans())
def test_the_least_payment_pays_in_time_and_one_cent_less_does_not(
    parts: tuple[int, int, int], months: int, timely: bool
) -> None:
    tax, penalty, interest = (D(part) / 100 for part in parts)
    owed = Owed(tax, penalty, interest, date(2026, 12, 1))
    least = cost.least_payment(PARAMS, owed, months, FIRST, timely=timely)

    assert cost.simulate(PARAMS, owed, least, FIRST, timely=timely, months=months).paid_off
    if least > D("0.01"):
        short = cost.simulate(PARAMS, owed, least - D("0.01"), FIRST, timely=timely, months=months)
        assert not short.paid_off


@FEW
@given(BALANCES, st.integers(5_000, 200_000), st.booleans())
def test_payments_add_up_and_go_in_order(parts: tuple[int, int, int], monthly: int, timely: bool) -> None:
    tax, penalty, interest = (D(part) / 100 for part in parts)
    owed = Owed(tax, penalty, interest, date(2026, 12, 1))
    plan = cost.simulate(PARAMS, owed, D(monthly) / 100, FIRST, timely=timely)

    assert plan.total + plan.left == owed.total + plan.interest + plan.penalty
    assert plan.total == sum(one.amount for one in plan.schedule)
    penalty_left = penalty
    for one in plan.schedule:
        assert one.amount == one.to_tax + one.to_penalty + one.to_interest
        tax -= one.to_tax
        penalty_left += one.penalty_added - one.to_penalty
        assert not (one.to_penalty and tax), "penalty is paid only when no tax is left"
        assert not (one.to_interest and penalty_left), "interest only when no penalty is left"


# ---------------------------------------------------------------- words and the shell


def test_each_caution_has_words() -> None:
    found = [
        *run("1000", "2021-04-15", "2027-01-31", filed=None, plan_from=on("2022-01-01")).cautions,
        *run("1000", "2027-04-15", "2027-07-01", filed="2027-07-01").cautions,
        *cost.simulate(PARAMS, START, D(500), FIRST, timely=True, levied=True).cautions,
    ]
    said = {one.name: WORDS.block("cost", one.name, one.args) for one in found}

    assert all(said.values())
    assert said.keys() == {
        "no_lower_rate_in_the_plan",
        "dates_were_moved",
        "reckoned_as_filed_on",
        "minimum_of_an_earlier_year",
        "cap_not_counted",
        "rate_after_levy_notice_unsure",
        "projected",
    }
    assert "January 1, 2027" in said["projected"]


def says(line: str) -> Any:
    parser = argparse.ArgumentParser()
    shell.add(parser.add_subparsers())
    asked = parser.parse_args(line.split())
    return json.loads(as_json(asked.run(asked)))


PLAN = "cost --tax 16000 --penalty 800 --interest 1200 --from 2026-12-01 --first 2026-12-28 "


def test_the_shell_simulates_a_plan() -> None:
    answer = says(PLAN + "--monthly 500 --timely")

    assert list(answer)[:6] == ["monthly", "payments", "total", "interest", "penalty", "last_payment"]
    assert list(answer.values())[:6] == ["500.00", 43, "21044.86", "2384.86", "660.00", "2030-06-28"]
    assert answer["projected_from"] == "2027-01-01"
    assert says(PLAN + "--months 120 --timely")["monthly"] == "223.72"
    assert says(PLAN + "--monthly 500")["penalty"] == "1320.00"
    assert len(says(PLAN + "--monthly 500 --schedule")["schedule"]) == 44


def test_the_shell_says_when_a_plan_never_ends() -> None:
    answer = says(PLAN + "--monthly 100 --timely")

    assert answer["payments"] is answer["last_payment"] is None
    assert "does not pay it off" in answer["why"]


def test_the_shell_reckons_one_period() -> None:
    on_time = says("accrue --tax 10000 --due 2025-04-15 --paid 2026-04-15")
    assert (on_time["interest"], on_time["failure_to_pay"]) == ("720.60", "600.00")
    assert (on_time["failure_to_file"], on_time["filed"]) == ("0.00", "on time (taken as so)")
    late = says("accrue --tax 600 --due 2026-04-15 --paid 2026-07-01 --filed 2026-07-01")
    assert (late["interest"], late["interest_with_failure_to_file"]) == ("7.66", "14.36")
    assert late["failure_to_file"] == "525.00"
    paid = says("accrue --tax 10000 --due 2016-04-15 --paid 2024-12-15 --payment 2016-06-15=5000")
    assert paid["failure_to_pay"] == "1300.00"
    billed = says(
        "accrue --tax 10000 --due 2025-04-15 --paid 2025-07-22 --bill 2025-07-01 --bill-amount 10400"
    )
    assert billed["days"] == 77


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("accrue --tax 1000 --due 2025-04-15 --paid 2025-04-01", "before the due date"),
        ("accrue --tax 1000 --due 2009-04-15 --paid 2025-04-01", "2011-04-01"),
        ("accrue --tax 99000 --due 2025-04-15 --paid 2025-08-01 --bill 2025-07-01", "--bill-amount"),
        ("accrue --tax 1000 --due 2025-04-15 --paid 2025-08-01 --payment 250", "2026-01-28=250"),
        ("cost --tax 0 --from 2026-12-01 --first 2026-12-28 --monthly 5", "nothing is owed"),
        (PLAN.replace("12-28", "11-28") + "--monthly 5", "before the balance"),
    ],
)
def test_the_shell_refuses_in_one_line(line: str, said: str) -> None:
    with pytest.raises(BadInputError, match=said) as error:
        says(line)
    assert "\n" not in str(error.value)
