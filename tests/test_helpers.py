"""Who may help: the line of a clinic on both sides, and what the Taxpayer Advocate is there for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.rules import helpers, parameters
from bot.rules.matter import LISTS, Matter, Period, read

PARAMS = parameters.read()
DAY = date(2026, 11, 23)
NOBODY = read({}, {}, dict.fromkeys(LISTS, ()), DAY, PARAMS)


def owing(*amounts: str | None) -> Matter:
    periods = tuple(
        Period(n, 2020 + n, None if one is None else Decimal(one)) for n, one in enumerate(amounts)
    )
    return replace(NOBODY, periods=periods)


@pytest.mark.parametrize(
    ("people", "state", "year", "month"),
    [
        (1, "TX", 39_900, 3_325),  # 250 % of $15,960
        (3, None, 68_300, 5_691),  # the month is rounded down: nobody is told a line that is too high
        (2, "AK", 67_625, 5_635),
        (2, "HI", 62_225, 5_185),
    ],
)
def test_the_line_of_a_household(people: int, state: str | None, year: int, month: int) -> None:
    found = helpers.clinic(NOBODY, people, state)
    assert found.year == year
    assert found.month == month


def test_no_line_is_told_of_a_household_of_unknown_size_or_before_the_first_figure() -> None:
    assert helpers.clinic(NOBODY, None, "TX").year is None
    before = replace(NOBODY, today=date(2024, 5, 1))
    assert helpers.clinic(before, 2, "TX").year is None


@pytest.mark.parametrize(
    ("amounts", "within", "fits"),
    [
        (("50000",), True, True),
        (("50000.01",), True, False),
        (("40000", "40000"), True, True),  # the limit is on each year, not on all of them
        (("40000", None), True, None),
        ((), True, None),
        (("40000",), False, False),
        (("40000",), None, None),
    ],
)
def test_a_clinic_takes_low_incomes_and_small_years(
    amounts: tuple[str | None, ...], within: bool | None, fits: bool | None
) -> None:
    assert helpers.clinic(owing(*amounts), 1, "TX", within=within).fits is fits


@pytest.mark.parametrize(
    ("need", "fits", "late"),
    [
        ("", None, False),
        ("hardship", True, False),
        ("threat", True, False),
        ("delay", True, True),
        ("failing", True, True),
        ("none", False, False),
        ("anything else", None, False),
    ],
)
def test_the_advocate_is_there_for_hardship_and_delay(need: str, fits: bool | None, late: bool) -> None:
    assert helpers.advocate(NOBODY, need) == helpers.Advocate(fits, late)
