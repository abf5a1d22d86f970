"""When to remind: nine in the morning where the person is, so many days before the day to act by."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot import reminders
from bot.model import Deadline, Source, Weight, Whose
from bot.reminders import (
    ALL,
    LEADS,
    QUIET,
    SNOOZE,
    Habits,
    Reminder,
    Thing,
    local_day,
    moment,
    of_deadlines,
    of_tasks,
)
from bot.rules import tasks
from bot.rules.tasks import Task

CHICAGO = ZoneInfo("America/Chicago")
Marks = dict[str, dict[str, str]]
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def deadline(kind: str, binding: date | None, safe_by: date | None = None) -> Deadline:
    return Deadline(
        rule="D1",
        kind=kind,
        whose=Whose.RIGHT,
        raw=binding,
        legal_last=binding,
        safe_by=safe_by,
        printed=None,
        binding=binding,
        steps=(),
        source=Source("a law", "https://example.org"),
        confidence="high",
    )


def plan(
    deadlines: list[Deadline], marks: Marks, zone: ZoneInfo, now: datetime, *roles: str
) -> tuple[Reminder, ...]:
    """Plan deadlines of a person without habits; only reminders of these roles, by default the regular ones."""
    found = reminders.plan(of_deadlines(deadlines), marks, Habits(zone), now)
    return tuple(one for one in found if one.role in (roles or ("lead",)))


def standing(deadlines: list[Deadline], marks: Marks, zone: ZoneInfo) -> tuple[Reminder, ...]:
    found = reminders.standing(of_deadlines(deadlines), marks, Habits(zone))
    return tuple(one for one in found if one.role == "lead")


def local(moments: list[datetime], zone: ZoneInfo) -> list[str]:
    return [f"{one.astimezone(zone):%m-%d %H:%M}" for one in moments]


@pytest.mark.parametrize(
    "zone", ["America/New_York", "America/Chicago", "America/Phoenix", "Pacific/Honolulu"]
)
@pytest.mark.parametrize(
    ("binding", "days"),
    [
        (date(2026, 11, 4), ["10-21", "10-28", "11-01", "11-03", "11-04"]),  # the clock goes back on the 1st
        (date(2027, 3, 15), ["03-01", "03-08", "03-12", "03-14", "03-15"]),  # it goes forward on the 14th
    ],
)
def test_reminders_come_at_nine_where_the_person_is_whatever_the_clock_does(
    zone: str, binding: date, days: list[str]
) -> None:
    here = ZoneInfo(zone)
    found = plan([deadline("cdp_levy", binding)], {}, here, LONG_AGO)

    assert [one.lead for one in found] == list(LEADS[Weight.RIGHT])
    assert local([one.due for one in found], here) == [f"{day} 09:00" for day in days]
    assert all(one.due.tzinfo is UTC for one in found)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 10, 31), 25), (date(2027, 3, 13), 23), (date(2026, 12, 1), 24)],
)
def test_the_day_on_which_the_clock_changes_has_its_own_length(day: date, hours: int) -> None:
    nine = [moment(day + timedelta(days=more), time(9), CHICAGO) for more in (0, 1)]
    assert nine[1] - nine[0] == timedelta(hours=hours)


def test_an_hour_that_summer_time_leaves_out_is_taken_later_and_one_that_comes_twice_the_first_time() -> None:
    assert moment(date(2027, 3, 14), time(2, 30), CHICAGO).astimezone(CHICAGO).time() == time(3, 30)
    assert moment(date(2026, 11, 1), time(1, 30), CHICAGO) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def test_the_day_is_the_day_where_the_person_is() -> None:
    late = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    assert local_day(late, ZoneInfo("America/New_York")) == date(2026, 11, 23)
    assert local_day(late, UTC) == date(2026, 11, 24)  # type: ignore[arg-type]


def test_the_safe_day_is_counted_from_and_the_last_day_follows_without_planning_again() -> None:
    found = plan([deadline("cdp_levy", date(2026, 12, 16), date(2026, 12, 11))], {}, CHICAGO, LONG_AGO)
    assert local([one.due for one in found], CHICAGO) == [
        "11-27 09:00", "12-04 09:00", "12-08 09:00", "12-10 09:00", "12-11 09:00", "12-16 09:00",
    ]  # fmt: skip


def test_a_day_the_law_leaves_after_the_printed_one_is_reminded_of_too() -> None:
    dated = replace(deadline("cdp_levy", date(2026, 12, 11)), legal_last=date(2026, 12, 16))
    assert [f"{one.act_by:%m-%d}" for one in plan([dated], {}, CHICAGO, LONG_AGO)][-2:] == ["12-11", "12-16"]


def test_unanswered_in_the_last_three_days_it_asks_again_the_next_day_and_once_when_it_is_over() -> None:
    dated = [deadline("cdp_levy", date(2026, 12, 16), date(2026, 12, 11))]
    found = plan(dated, {}, CHICAGO, LONG_AGO, "again", "after")
    assert [(f"{one.due:%m-%d}", one.role) for one in found] == [
        ("12-09", "again"),
        ("12-12", "again"),
        ("12-17", "after"),
    ]

    answered = {"cdp_levy": {"answered": "2026-12-08"}}
    found = plan(dated, answered, CHICAGO, LONG_AGO, "again", "after")
    assert [f"{one.due:%m-%d}" for one in found] == ["12-12", "12-17"]


def test_put_off_it_is_silent_until_then_but_speaks_on_its_last_day() -> None:
    dated = [deadline("cdp_levy", date(2026, 12, 16), date(2026, 12, 11))]
    until = {"cdp_levy": {"snoozed": "2026-12-14T15:00:00+00:00", "answered": "2026-11-27"}}
    found = plan(dated, until, CHICAGO, LONG_AGO, "lead", "again", "snooze")
    assert local([one.due for one in found], CHICAGO) == ["12-11 09:00", "12-14 09:00", "12-16 09:00"]


def test_what_is_past_stands_and_is_not_planned() -> None:
    dated = [deadline("cdp_levy", date(2026, 12, 16))]
    now = moment(date(2026, 12, 9), time(9), CHICAGO)

    assert [one.lead for one in plan(dated, {}, CHICAGO, now)] == [3, 1, 0]
    assert [one.lead for one in plan(dated, {}, CHICAGO, now - timedelta(seconds=1))] == [7, 3, 1, 0]
    assert [one.lead for one in standing(dated, {}, CHICAGO)] == list(LEADS[Weight.RIGHT])


def test_a_right_is_reminded_of_often_another_day_less() -> None:
    dated = [
        deadline("cdp_levy", date(2026, 12, 16)),
        replace(deadline("pay_by", date(2026, 12, 7)), whose=Whose.PAY_BY),
        deadline("cdp_lien", date(2026, 12, 24)),
    ]
    found = plan(dated, {}, CHICAGO, LONG_AGO)

    for kind, weight in (("cdp_levy", Weight.RIGHT), ("pay_by", Weight.DAY), ("cdp_lien", Weight.RIGHT)):
        assert [one.lead for one in found if one.kind == kind] == list(LEADS[weight])
    assert all(sooner.due <= later.due for sooner, later in pairwise(found))


def test_where_no_right_ends_the_first_day_is_reminded_of_as_often() -> None:
    asked = [
        replace(deadline(kind, date(2026, 12, day)), whose=Whose.ASKED)
        for kind, day in (("asked", 16), ("pay_by", 7))
    ]
    assert [one.weight for one in of_deadlines(asked)] == [Weight.RIGHT, Weight.DAY]
    with_right = [*asked, deadline("cdp_levy", date(2026, 12, 16))]
    assert [one.weight for one in of_deadlines(with_right)] == [Weight.DAY, Weight.DAY, Weight.RIGHT]
    with_old_right = [*asked, deadline("cdp_levy", date(2026, 12, 15))]
    assert [one.weight for one in of_deadlines(with_old_right)] == [Weight.RIGHT, Weight.DAY, Weight.RIGHT]


def test_the_second_chance_comes_after_the_first_and_not_when_that_was_taken() -> None:
    dated = [deadline("cdp_levy", date(2026, 12, 16)), deadline("equivalent_levy", date(2027, 11, 16))]
    found = plan(dated, {}, CHICAGO, LONG_AGO)
    assert [one.kind for one in found][-2:] == ["equivalent_levy"] * 2
    listed = reminders.shown(of_deadlines(dated), found, date(2026, 12, 16))
    assert {one.kind for one in listed} == {"cdp_levy"}
    listed = reminders.shown(of_deadlines(dated), found, date(2026, 12, 17))
    assert "equivalent_levy" in {one.kind for one in listed}
    assert standing(dated, {"cdp_levy": {"done": "2026-12-10"}}, CHICAGO) == ()


def test_the_number_of_a_reminder_counts_those_that_could_come() -> None:
    thing = Thing("cdp_levy", Weight.RIGHT, (date(2026, 12, 11), date(2026, 12, 16)))
    opened = date(2026, 11, 23)
    assert reminders.numbered(thing, opened, date(2026, 11, 27)) == (1, 6)
    assert reminders.numbered(thing, opened, date(2026, 12, 5)) == (2, 6)
    assert reminders.numbered(thing, opened, date(2026, 12, 16)) == (6, 6)
    assert reminders.numbered(thing, date(2026, 12, 9), date(2026, 12, 11)) == (2, 3)
    assert reminders.numbered(thing, date(2027, 1, 9), date(2027, 1, 10)) == (1, 1)


def test_tasks_are_reminded_of_by_their_weight_and_not_again_and_again() -> None:
    tuesday = date(2026, 12, 1)
    for kind, days in {
        "own_call": ["12-01", "12-02"],
        "call_back": ["12-02", "12-05"],
        "payment": ["11-28", "12-01", "12-02"],
        "own_step": ["12-01", "12-04"],
    }.items():
        things = of_tasks([Task(kind, tuesday, 202612)])
        found = reminders.plan(things, {}, Habits(CHICAGO), LONG_AGO)
        assert [f"{one.due:%m-%d}" for one in found] == days, kind
    (put_off,) = of_tasks([tasks.put_off("check.made~1", "check/made", tuesday)])
    assert put_off.key == "check.made~1"


def test_nothing_stands_for_a_case_that_was_stopped_or_a_person_who_wants_none() -> None:
    dated = [deadline("cdp_levy", date(2026, 12, 16))]
    assert standing(dated, {ALL: {"stopped": "2026-11-30"}}, CHICAGO) == ()
    assert reminders.standing(of_deadlines(dated), {}, Habits(CHICAGO, on=False)) == ()


@pytest.mark.parametrize(
    ("hour", "quiet", "comes"),
    [
        (9, QUIET, 9),
        (7, QUIET, 8),
        (22, QUIET, 8),
        (7, None, 7),
        (13, (time(12), time(14)), 14),
        (21, QUIET, 8),
        (8, QUIET, 8),
    ],
)
def test_a_wanted_hour_that_is_quiet_waits_for_the_end_of_it(
    hour: int, quiet: tuple[time, time] | None, comes: int
) -> None:
    due = Habits(CHICAGO, time(hour), quiet).moment(date(2026, 12, 1))
    assert due.astimezone(CHICAGO) == datetime(2026, 12, 1, comes, tzinfo=CHICAGO)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-12-01T20:59", "2026-12-01T20:59"),
        ("2026-12-01T21:00", "2026-12-02T08:00"),
        ("2026-12-02T00:00", "2026-12-02T08:00"),
        ("2026-12-02T07:59", "2026-12-02T08:00"),
        ("2026-12-02T08:00", "2026-12-02T08:00"),
        ("2027-03-14T03:30", "2027-03-14T08:00"),  # the hour before was left out
        ("2026-11-01T01:30", "2026-11-01T08:00"),  # the hour that comes twice
    ],
)
def test_nobody_is_written_to_in_their_quiet_hours(now: str, then: str) -> None:
    at, later = (datetime.fromisoformat(one).replace(tzinfo=CHICAGO) for one in (now, then))
    assert Habits(CHICAGO).awake(at) == later
    assert Habits(CHICAGO, quiet=None).awake(at) == at


def test_a_deadline_without_a_day_is_not_reminded_of() -> None:
    assert plan([deadline("asked", None)], {}, CHICAGO, LONG_AGO) == ()


@pytest.mark.parametrize("mark", ["done", "stopped"])
def test_nothing_stands_for_what_is_done_or_stopped(mark: str) -> None:
    dated = [deadline("cdp_levy", date(2026, 12, 16)), deadline("pay_by", date(2026, 12, 7))]
    marks = {"cdp_levy": {mark: "2026-11-30"}}
    assert {one.kind for one in standing(dated, marks, CHICAGO)} == {"pay_by"}


def test_a_snooze_is_one_more_and_each_has_its_own_key() -> None:
    dated = [deadline("cdp_levy", date(2026, 12, 16))]
    keys = set()
    for hour in (16, 17):
        until = datetime(2026, 12, 9, hour, tzinfo=UTC)
        marks = {"cdp_levy": {"snoozed": until.isoformat()}}
        (one,) = plan(dated, marks, CHICAGO, LONG_AGO, "snooze")
        assert one.lead == SNOOZE
        assert one.due == until
        keys.add(one.key)
    assert len(keys) == 2


def test_planning_again_gives_the_same_keys_also_in_another_zone() -> None:
    dated = [
        deadline("cdp_levy", date(2026, 12, 16), date(2026, 12, 11)),
        deadline("pay_by", date(2026, 12, 7)),
    ]
    first = [one.key for one in standing(dated, {}, CHICAGO)]
    again = [one.key for one in standing(dated, {}, CHICAGO)]
    elsewhere = [one.key for one in standing(dated, {}, ZoneInfo("Pacific/Honolulu"))]

    assert first == again == elsewhere
    assert len(set(first)) == len(first)
    moved = [deadline("cdp_levy", date(2026, 12, 18), date(2026, 12, 11))]
    assert [one.key for one in standing(moved, {}, CHICAGO)][-1] not in first
