"""The calendar of the tax law."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.calendar import Calendar, years_after
from bot.rules.parameters import read

CALENDAR = Calendar(read())
DAY = timedelta(days=1)

# Written down by hand from the law's text and a printed calendar, not by the code.
KEPT = {
    2026: "01-01 01-19 02-16 04-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
    2027: "01-01 01-18 02-15 04-16 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
    2028: "01-17 02-21 04-17 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25",
}


@pytest.mark.parametrize("year", KEPT)
def test_the_holidays_of_a_year_stand_on_the_days_they_are_kept(year: int) -> None:
    kept = [holiday.day for holiday in CALENDAR.holidays(year)]

    assert kept == [date.fromisoformat(f"{year}-{day}") for day in KEPT[year].split()]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2021, 6, 18), "juneteenth"),  # the first one: a Saturday, kept on Friday
        (date(2020, 6, 19), None),
        (date(2006, 4, 17), "emancipation"),  # a Sunday, kept on Monday
        (date(2004, 4, 16), None),  # the District's law of 2005 was not there yet
        (date(2015, 4, 16), "emancipation"),
        (date(2011, 4, 15), "emancipation"),  # a Saturday, kept on Friday: taxes were due on April 18
        (date(2016, 4, 15), "emancipation"),
        (date(2025, 1, 20), "king"),  # Inauguration Day too
        (date(2021, 1, 20), "inauguration"),
        (date(2022, 1, 20), None),
        (date(2029, 1, 19), None),  # Inauguration Day 2029 is a Saturday and stays there
        (date(2013, 1, 21), "king"),  # January 20, 2013 was a Sunday
        (date(2027, 12, 31), "new_year"),  # for January 1, 2028
        (date(2021, 12, 31), "new_year"),
        (date(2004, 11, 11), "veterans"),
        (date(2024, 12, 24), None),  # closed by order of the President: no legal holiday
        (date(2026, 12, 24), None),
    ],
)
def test_a_day_is_a_legal_holiday_or_not(day: date, name: str | None) -> None:
    holiday = CALENDAR.holiday(day)

    assert (holiday and holiday.name) == name


def test_the_district_alone_keeps_emancipation_and_inauguration_day() -> None:
    names = {
        holiday.name for year in (2021, 2027) for holiday in CALENDAR.holidays(year) if not holiday.federal
    }

    assert names == {"emancipation", "inauguration"}


@pytest.mark.parametrize(
    ("day", "to"),
    [
        (date(2026, 11, 20), date(2026, 11, 20)),
        (date(2026, 11, 21), date(2026, 11, 23)),
        (date(2026, 11, 26), date(2026, 11, 27)),
        (date(2027, 4, 16), date(2027, 4, 19)),
        (date(2027, 12, 24), date(2027, 12, 27)),
        (date(2027, 12, 31), date(2028, 1, 3)),
        (date(2028, 2, 29), date(2028, 2, 29)),
        (date(2029, 1, 20), date(2029, 1, 22)),
    ],
)
def test_a_last_day_that_is_no_business_day_rolls_on(day: date, to: date) -> None:
    assert CALENDAR.rolled(day) == to


@pytest.mark.parametrize(
    ("day", "count", "everywhere", "district"),
    [
        (date(2026, 11, 5), 5, date(2026, 11, 13), date(2026, 11, 13)),  # Veterans Day between
        (date(2027, 4, 5), 10, date(2027, 4, 19), date(2027, 4, 20)),
        (date(2027, 4, 14), 2, date(2027, 4, 16), date(2027, 4, 19)),
        (date(2026, 11, 28), 1, date(2026, 11, 30), date(2026, 11, 30)),  # from a Saturday
        (date(2026, 12, 31), 1, date(2027, 1, 4), date(2027, 1, 4)),
    ],
)
def test_business_days_start_with_the_next_one(
    day: date, count: int, everywhere: date, district: date
) -> None:
    assert CALENDAR.business_days_after(day, count) == district
    assert CALENDAR.business_days_after(day, count, federal_only=True) == everywhere


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 10, 23), date(2027, 10, 23)),
        (date(2027, 3, 17), date(2028, 3, 17)),  # 366 days: a year is no 365 days
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2027, 2, 28), date(2028, 2, 29)),  # its first day is March 1
        (date(2028, 2, 28), date(2029, 2, 28)),  # its first day is February 29
        (date(2027, 12, 31), date(2028, 12, 31)),
    ],
)
def test_a_year_ends_the_day_before_its_first_day_comes_again(day: date, end: date) -> None:
    assert years_after(day, 1) == end


@settings(deadline=None, max_examples=100)
@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)))
def test_a_roll_goes_forward_over_closed_days_only(day: date) -> None:
    to = CALENDAR.rolled(day)

    assert CALENDAR.closed(to) is None
    assert all(CALENDAR.closed(day + n * DAY) for n in range((to - day).days))
    assert CALENDAR.last_business_day(day) <= day <= to
    assert (to - day).days <= 4
