"""The law's figures: each has a source, a confidence and a review day, and faults are all listed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from bot import check
from bot.rules.parameters import (
    ParameterError,
    Parameters,
    TooEarlyError,
    UnknownParameterError,
    read,
)

if TYPE_CHECKING:
    from pathlib import Path

    from bot.model import Value

D = Decimal
READ = read()
TODAY = date(2026, 11, 22)
MONEY = ("fees", "interest", "low_income", "offer", "penalties", "plans", "standards")
EVERY = [(name, value) for name in READ.names() for value in READ.series(name)]


@pytest.mark.parametrize(("name", "value"), EVERY, ids=[f"{name} {value.since}" for name, value in EVERY])
def test_every_figure_has_source_confidence_and_review_day(name: str, value: Value) -> None:
    assert value.source.title
    assert value.source.url.startswith("https://")
    assert value.confidence in ("high", "medium", "low")
    assert value.review_by >= date(2024, 1, 1)


@pytest.mark.parametrize("name", READ.names())
def test_before_its_first_day_a_figure_is_not_known(name: str) -> None:
    first = READ.series(name)[0]

    assert READ.on(first.since, name) is first
    with pytest.raises(TooEarlyError, match=str(first.since)):
        READ.on(first.since - timedelta(days=1), name)


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownParameterError, match=r"plans\.simple\.individual_limit"):
        READ.on(TODAY, "plans.simple.indvidual_limit")


def test_stale_figures_are_listed_from_the_day_after_their_review() -> None:
    rate = READ.series("interest.underpayment")[-1]

    stale = [one.name for one in READ.stale(TODAY) if one.name.startswith(MONEY)]

    assert stale == ["plans.passport.more_than"]
    assert rate not in READ.stale(rate.review_by)
    assert rate in READ.stale(rate.review_by + timedelta(days=1))


def test_the_check_lists_every_figure_and_notice_past_its_review() -> None:
    now, later = check.notes(TODAY), check.notes(date(2031, 1, 1))

    assert any("plans.passport.more_than" in one for one in now)
    assert not any(one.startswith("look again: notice") for one in now)
    assert any(one.startswith("look again: notice CP504 was to be reviewed by") for one in later)
    assert len(later) > len(READ.names())


def test_a_figure_in_force_is_stale_even_where_the_next_one_is_known() -> None:
    now, to_come = READ.series("interest.underpayment")[-2:]
    day = now.review_by + timedelta(days=1)
    before = Parameters(
        {now.name: (now, replace(to_come, since=day + timedelta(days=1), review_by=date.max))}
    )

    assert before.stale(day) == (now,)
    assert before.stale(day + timedelta(days=1)) == ()


@pytest.mark.parametrize(
    ("name", "before", "day", "after"),
    [
        ("plans.passport.more_than", "62000", "2025-01-01", "64000"),
        ("fees.plan.direct_debit.online", "31", "2024-07-01", "22"),
        ("fees.plan.direct_debit.other", "107", "2024-07-01", "107"),
        ("fees.plan.no_direct_debit.online", "130", "2024-07-01", "69"),
        ("fees.plan.no_direct_debit.other", "225", "2024-07-01", "178"),
        ("penalties.failure_to_file.minimum", "435", "2023-01-01", "450"),
        ("penalties.failure_to_file.minimum", "485", "2025-01-01", "510"),
        ("penalties.failure_to_file.minimum", "510", "2026-01-01", "525"),
        ("low_income.contiguous.first", "15650", "2026-01-01", "15960"),
    ],
)
def test_a_figure_changes_on_its_day(name: str, before: str, day: str, after: str) -> None:
    change = date.fromisoformat(day)

    assert READ.on(change - timedelta(days=1), name).amount == D(before)
    assert READ.on(change, name).amount == D(after)


@pytest.mark.parametrize(
    ("name", "first"),
    [("plans.simple.individual_limit", "2025-03-05"), ("plans.simple.business_limit", "2025-12-03")],
)
def test_the_simple_plan_begins_for_people_and_later_for_businesses(name: str, first: str) -> None:
    assert READ.series(name)[0].since == date.fromisoformat(first)
    assert READ.on(TODAY, name).amount == 50_000


def test_each_interest_rate_begins_with_a_quarter_and_none_is_missing() -> None:
    starts = [rate.since for rate in READ.series("interest.underpayment")]
    quarters = [date(year, month, 1) for year in range(2011, 2028) for month in (1, 4, 7, 10)]

    assert starts == [day for day in quarters if date(2011, 4, 1) <= day <= date(2027, 1, 1)]


def test_the_rates_of_the_fact_sheet() -> None:
    rates = "".join(str(rate.figure) for rate in READ.series("interest.underpayment"))

    assert rates == "".join(
        [
            "443",  # 2011 from April
            "3333" * 4,  # 2012 to 2015
            "3444" + "4444",  # 2016, 2017
            "4555" + "6655" + "5533" + "3333" + "3456" + "7778" + "8888" + "7777" + "7677",  # 2018 to 2026
            "7",  # 2027, projected
        ]
    )


def test_what_is_a_lead_or_from_memory_is_not_firm() -> None:
    this_year = [value for name, value in EVERY if name.startswith(MONEY) and value.since.year >= 2026]
    not_firm = {value.name for value in this_year if not value.firm}

    assert not_firm == {
        "interest.underpayment",
        "offer.exclusion.personal_effects",
        "offer.exclusion.vehicle",
        "plans.passport.unconfirmed",
    }
    assert READ.on(TODAY, "plans.passport.more_than").amount == 64_000, "2026 is not confirmed"


def test_the_categories_of_the_national_standards_add_up() -> None:
    for size in range(1, 5):
        table = READ.on(TODAY, f"standards.national.size_{size}").figure
        assert isinstance(table, dict)
        assert sum(amount for name, amount in table.items() if name != "total") == table["total"]


def test_every_state_lies_in_one_region() -> None:
    regions = READ.on(TODAY, "standards.region").figure
    assert isinstance(regions, dict)
    states = [state for names in regions.values() for state in names]

    assert len(states) == len(set(states)) == 51


def test_the_cap_of_failure_to_file_is_its_months_together() -> None:
    file = "penalties.failure_to_file"
    percent, months = (READ.on(TODAY, f"{file}.{name}").amount for name in ("percent", "months"))
    assert percent * months == READ.on(TODAY, f"{file}.cap_percent").amount


# ---------------------------------------------------------------- broken files


GOOD = """
[[limit.values]]
from = 2026-01-01
value = 5
source = "one"
confidence = "high"
review_by = 2027-01-01
"""


def write(folder: Path, **files: str) -> Path:
    (folder / "sources.toml").write_text('[one]\ntitle = "One"\nurl = "https://one"\n')
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text)
    return folder


def test_a_good_folder_is_read(tmp_path: Path) -> None:
    assert read(write(tmp_path, plan=GOOD)).on(TODAY, "plan.limit").count == 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace('source = "one"\n', ""), "source missing"),
        (GOOD.replace('source = "one"', 'source = "two"'), "neither in sources.toml"),
        (GOOD.replace('"one"', "{ title = 'x' }"), "neither in sources.toml"),
        (GOOD.replace('confidence = "high"\n', ""), "confidence missing"),
        (GOOD.replace('"high"', '"medium-high"'), "high, medium or low"),
        (GOOD.replace("review_by = 2027-01-01\n", ""), "review_by missing"),
        (GOOD.replace("2027-01-01", '"soon"'), "review_by must be a date"),
        (GOOD.replace("from = 2026-01-01", "from = 2026-01-01T10:00:00"), "from must be a date"),
        (GOOD + "maybe = 1\n", "maybe not known here"),
        (GOOD + 'memory = "yes"\n', "memory must be true or false"),
        (GOOD + "note = 1\n", "note must be a text"),
        (GOOD.replace("value = 5", "value = 10:00:00"), "cannot hold time"),
        (GOOD + GOOD, "must rise"),
        ("loose = 1\n", "stands outside"),
        ("[limit]\nvalues = 3\n", "list of entries"),
        ("[limit]\nvalues = []\n", "list of entries"),
        ("[limit]\nvalues = [1]\n", "list of entries"),
        ("[limit\n", "Expected"),
    ],
)
def test_each_fault_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ParameterError, match=re.escape(said)) as error:
        read(write(tmp_path, plan=text))
    assert "plan.toml" in str(error.value)


def test_all_faults_of_all_files_come_together(tmp_path: Path) -> None:
    bad = GOOD.replace('"high"', '"sure"') + GOOD.replace('"one"', '"two"').replace("[[limit", "[[other")
    folder = write(tmp_path, first=bad, second="[x\n", third=GOOD.replace("value = 5\n", ""))
    (folder / "sources.toml").write_text(
        '[one]\ntitle = "One"\nurl = "https://one"\n[bare]\ntitle = "Bare"\n'
    )
    with pytest.raises(ParameterError) as error:
        read(folder)

    said = str(error.value)
    for fault in (
        "sources.toml: bare",
        "confidence must be",
        "'two' is neither",
        "second.toml",
        "value missing",
    ):
        assert fault in said


def test_a_folder_without_sources_says_so(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"sources\.toml"):
        read(tmp_path)


def test_the_files_of_money_are_all_read() -> None:
    assert {name.split(".")[0] for name in READ.names()} >= set(MONEY)
