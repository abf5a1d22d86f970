"""When to remind: nine in the morning where the person is, so many days before the day to act by."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.model import Deadline, Source, Whose
from bot.reminders import FEWER_LEADS, LEADS, SNOOZE, local_day, moment, plan, standing

CHICAGO = ZoneInfo("America/Chicago")
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

    assert [one.lead for one in found] == list(LEADS)
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


def test_the_safe_day_is_counted_from_when_it_is_the_earlier_one() -> None:
    found = plan([deadline("cdp_levy", date(2026, 12, 16), date(2026, 12, 11))], {}, CHICAGO, LONG_AGO)
    assert local([one.due for one in found], CHICAGO) == [
        "11-27 09:00", "12-04 09:00", "12-08 09:00", "12-10 09:00", "12-11 09:00",
    ]  # fmt: skip


def test_the_binding_day_itself_is_reminded_of_where_the_safe_day_is_past() -> None:
    dated = [deadline("cdp_levy", date(2026, 12, 16), date(2026, 12, 11))]
    noon = datetime(2026, 12, 11, 18, tzinfo=UTC)
    assert plan(dated, {}, CHICAGO, noon) == ()
    (one,) = plan(dated, {}, CHICAGO, noon + timedelta(days=1))
    assert (one.lead, one.act_by) == (0, date(2026, 12, 16))


def test_what_is_past_stands_and_is_not_planned() -> None:
    dated = [deadline("cdp_levy", date(2026, 12, 16))]
    now = moment(date(2026, 12, 9), time(9), CHICAGO)

    assert [one.lead for one in plan(dated, {}, CHICAGO, now)] == [3, 1, 0]
    assert [one.lead for one in plan(dated, {}, CHICAGO, now - timedelta(seconds=1))] == [7, 3, 1, 0]
    assert [one.lead for one in standing(dated, {}, CHICAGO)] == list(LEADS)


def test_only_the_first_deadline_is_reminded_of_often() -> None:
    dated = [deadline("cdp_levy", date(2026, 12, 16)), deadline("pay_by", date(2026, 12, 7))]
    found = plan(dated, {}, CHICAGO, LONG_AGO)

    assert [one.lead for one in found if one.kind == "cdp_levy"] == list(LEADS)
    assert [one.lead for one in found if one.kind == "pay_by"] == list(FEWER_LEADS)
    assert all(sooner.due <= later.due for sooner, later in pairwise(found))


def test_the_second_chance_is_not_reminded_of_beside_the_first() -> None:
    dated = [deadline("cdp_levy", date(2026, 12, 16)), deadline("equivalent_levy", date(2027, 11, 16))]
    assert {one.kind for one in plan(dated, {}, CHICAGO, LONG_AGO)} == {"cdp_levy"}
    lost = moment(date(2026, 12, 17), time(9), CHICAGO)
    assert [one.kind for one in plan(dated, {}, CHICAGO, lost)] == ["equivalent_levy"] * len(FEWER_LEADS)


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
        (one,) = [one for one in plan(dated, marks, CHICAGO, LONG_AGO) if one.lead == SNOOZE]
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
