"""The calendar of the tax law: business days, legal holidays, the roll-over of 26 U.S.C. 7503.

A legal holiday is one of the District of Columbia (7503; DC Code 28-2701 and 1-612.02). Emancipation Day and
Inauguration Day are kept there only: IRS offices elsewhere work. Statewide holidays are left out: they could
only lengthen a period.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.model import Value
    from bot.rules.parameters import Parameters

DAY = timedelta(days=1)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class Holiday:
    """One legal holiday on the day it is kept; `federal` is False where only the District keeps it."""

    name: str
    day: date
    federal: bool


class Calendar:
    """Business days and legal holidays, from the dated entries `holidays.*` of the parameters."""

    def __init__(self, params: Parameters) -> None:
        self._series = [params.series(name) for name in params.names() if name.startswith("holidays.")]
        self._years: dict[int, dict[date, Holiday]] = {}

    def holidays(self, year: int) -> tuple[Holiday, ...]:
        """Return the legal holidays kept in `year`, in order; the New Year's Day after may be one of them."""
        return tuple(holiday for _, holiday in sorted(self._kept(year).items()))

    def holiday(self, day: date) -> Holiday | None:
        """Return the District's legal holiday kept on `day`, if there is one."""
        return self._kept(day.year).get(day)

    def closed(self, day: date) -> str | None:
        """Return why `day` is no business day ("saturday", "sunday", a holiday's name); None if it is one."""
        if day.weekday() >= _SATURDAY:
            return _WEEKDAYS[day.weekday()]
        holiday = self.holiday(day)
        return holiday.name if holiday else None

    def business_day(self, day: date, *, federal_only: bool = False) -> bool:
        """Say whether `day` is a business day; with `federal_only`, so are the District's own holidays."""
        if day.weekday() >= _SATURDAY:
            return False
        holiday = self.holiday(day)
        return holiday is None or (federal_only and not holiday.federal)

    def rolled(self, day: date) -> date:
        """Return `day`, or the next day that is no Saturday, Sunday or legal holiday (26 U.S.C. 7503)."""
        while not self.business_day(day):
            day += DAY
        return day

    def last_business_day(self, day: date, *, federal_only: bool = False) -> date:
        """Return the last business day on or before `day`."""
        while not self.business_day(day, federal_only=federal_only):
            day -= DAY
        return day

    def business_days_after(self, day: date, count: int, *, federal_only: bool = False) -> date:
        """Return the `count`-th business day after `day`; `day` itself is not counted."""
        while count:
            day += DAY
            count -= self.business_day(day, federal_only=federal_only)
        return day

    def _kept(self, year: int) -> dict[date, Holiday]:
        if year not in self._years:
            # A New Year's Day on a Saturday is kept on December 31 of the year before.
            found = [
                holiday
                for one in (year, year + 1)
                for series in self._series
                if (holiday := _holiday(series, one)) and holiday.day.year == year
            ]
            # Of two on one day (Inauguration Day 2025 and King Day) the one kept everywhere speaks.
            self._years[year] = {one.day: one for one in sorted(found, key=lambda one: one.federal)}
        return self._years[year]


@lru_cache(maxsize=4)
def calendar_of(params: Parameters) -> Calendar:
    """Return the calendar of these parameters; its years are worked out once."""
    return Calendar(params)


def years_after(day: date, years: int) -> date:
    """Return the last day of the `years`-year period whose first day is the day after `day`.

    That is the day before the same date `years` later: from February 28, 2027 the year ends on
    February 29, 2028, from February 29, 2028 on February 28, 2029.
    """
    first = day + DAY
    leapless = first.month == 2 and first.day == 29 and monthrange(first.year + years, 2)[1] == 28
    return (date(first.year + years, 3, 1) if leapless else first.replace(year=first.year + years)) - DAY


def _holiday(series: tuple[Value, ...], year: int) -> Holiday | None:
    """Return the holiday of `series` that belongs to `year`, moved to the day it is kept."""
    for value in reversed(series):
        rule = value.figure
        if not isinstance(rule, dict):
            raise TypeError(f"{value.name} is not a table")
        day = _falls(rule, year)
        if day is not None and day >= value.since:
            if day.weekday() == _SATURDAY and rule.get("saturday") != "stays":
                day -= DAY
            elif day.weekday() == _SUNDAY:
                day += DAY
            return Holiday(value.name.removeprefix("holidays."), day, rule["federal"] is True)
    return None


def _falls(rule: dict[str, object], year: int) -> date | None:
    """Return the day a holiday's rule names in `year`, before it is moved."""
    if "every" in rule and (year - _int(rule["year"])) % _int(rule["every"]):
        return None
    month = _int(rule["month"])
    if "day" in rule:
        return date(year, month, _int(rule["day"]))
    days = [
        day
        for number in range(1, monthrange(year, month)[1] + 1)
        if (day := date(year, month, number)).weekday() == _WEEKDAYS.index(str(rule["weekday"]))
    ]
    nth = _int(rule["nth"])
    return days[nth] if nth < 0 else days[nth - 1]


def _int(value: object) -> int:
    if not isinstance(value, Decimal):
        raise TypeError(f"{value!r} is not a number")
    return int(value)
