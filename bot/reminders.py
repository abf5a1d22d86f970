"""When to remind: pure, from deadlines and the person's zone. A day is a day: no zone moves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.model import Deadline

LEADS = (14, 7, 3, 1, 0)  # days before the day to act by, for the deadline that matters most
FEWER_LEADS = (3, 0)  # for the others
TASK_DAYS = (1, 4)  # days after a task was put off
NUDGE_DAYS = (3, 7)  # days after a person fell silent in the middle of a case
HOUR = time(9, 0)
SNOOZE = -1  # the lead of a reminder that was put off


@dataclass(frozen=True, slots=True)
class Reminder:
    """One message to come: for which deadline, planned how many days before, due when (UTC)."""

    kind: str
    act_by: date
    lead: int
    due: datetime

    @property
    def key(self) -> str:
        """Return what makes this reminder the same one when planned again."""
        when = f":{self.due:%Y%m%d%H%M}" if self.lead == SNOOZE else ""
        return f"{self.kind}:{self.act_by}:{self.lead}{when}"


def moment(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """Return the moment (UTC) at which a clock in `zone` shows `hour` on `day`.

    An hour that summer time leaves out is taken an hour later, one that comes twice the first time.
    """
    local = datetime.combine(day, hour, zone)
    return local.astimezone(UTC)


def local_day(now: datetime, zone: ZoneInfo) -> date:
    """Return the day it is in `zone`."""
    return now.astimezone(zone).date()


def standing(
    deadlines: Sequence[Deadline], marks: Mapping[str, Mapping[str, Any]], zone: ZoneInfo
) -> tuple[Reminder, ...]:
    """Return every reminder, past or to come, that these deadlines stand for, earliest first.

    One that was planned and does not stand any more is cancelled; nothing stands for what is done or stopped.
    """
    return tuple(sorted(_standing(deadlines, marks, zone), key=lambda one: (one.due, one.key)))


def _standing(
    deadlines: Sequence[Deadline], marks: Mapping[str, Mapping[str, Any]], zone: ZoneInfo
) -> Iterator[Reminder]:
    for first, deadline in ((one is deadlines[0], one) for one in deadlines):
        mark = marks.get(deadline.key, {})
        if deadline.act_by is None or "done" in mark or "stopped" in mark:
            continue
        for lead in LEADS if first else FEWER_LEADS:
            due = moment(deadline.act_by - timedelta(days=lead), HOUR, zone)
            yield Reminder(deadline.key, deadline.act_by, lead, due)
        for later in later_days(deadline):
            yield Reminder(deadline.key, later, 0, moment(later, HOUR, zone))
        if "snoozed" in mark:
            yield Reminder(deadline.key, deadline.act_by, SNOOZE, datetime.fromisoformat(mark["snoozed"]))


def later_days(deadline: Deadline) -> tuple[date, ...]:
    """Return the days on which it can still be done when the day to act by is over: binding, then legal."""
    days = {day for day in (deadline.binding, deadline.legal_last) if day is not None}
    return tuple(sorted(day for day in days if deadline.act_by is not None and day > deadline.act_by))


def plan(
    deadlines: Sequence[Deadline], marks: Mapping[str, Mapping[str, Any]], zone: ZoneInfo, now: datetime
) -> tuple[Reminder, ...]:
    """Return the reminders still to come, earliest first.

    A day after the day to act by is reminded of only once that one is over, and so is the second chance
    (an equivalent hearing) only once the first is lost.
    """
    today = local_day(now, zone)
    over = {one.key: one.act_by is not None and one.act_by < today for one in deadlines}
    act_by = {one.key: one.act_by for one in deadlines}
    lost = any(
        one.kind.startswith("cdp") and one.binding is not None and one.binding < today for one in deadlines
    )
    return tuple(
        one
        for one in standing(deadlines, marks, zone)
        if one.due > now
        and (one.act_by == act_by[one.kind] or over[one.kind])
        and (lost or not one.kind.startswith("equivalent"))
    )


def task(name: str, mark: Mapping[str, Any], zone: ZoneInfo) -> tuple[Reminder, ...]:
    """Return the reminders of a task that was put off (`since` in its mark): once, then once more."""
    since = date.fromisoformat(mark["since"])
    found = [
        Reminder(name, since, days, moment(since + timedelta(days=days), HOUR, zone)) for days in TASK_DAYS
    ]
    if "snoozed" in mark:
        found.append(Reminder(name, since, SNOOZE, datetime.fromisoformat(mark["snoozed"])))
    return tuple(found)
