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


def reminded(deadlines: Sequence[Deadline]) -> tuple[Deadline, ...]:
    """Return the deadlines to remind of: not the second chance that begins when the first is lost."""
    return tuple(one for one in deadlines if not one.kind.startswith("equivalent"))


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
    for first, deadline in ((one is deadlines[0], one) for one in reminded(deadlines)):
        mark = marks.get(deadline.key, {})
        if deadline.act_by is None or "done" in mark or "stopped" in mark:
            continue
        for lead in LEADS if first else FEWER_LEADS:
            due = moment(deadline.act_by - timedelta(days=lead), HOUR, zone)
            yield Reminder(deadline.key, deadline.act_by, lead, due)
        if deadline.binding is not None and deadline.binding > deadline.act_by:
            yield Reminder(deadline.key, deadline.binding, 0, moment(deadline.binding, HOUR, zone))
        if "snoozed" in mark:
            yield Reminder(deadline.key, deadline.act_by, SNOOZE, datetime.fromisoformat(mark["snoozed"]))


def plan(
    deadlines: Sequence[Deadline], marks: Mapping[str, Mapping[str, Any]], zone: ZoneInfo, now: datetime
) -> tuple[Reminder, ...]:
    """Return the reminders still to come, earliest first.

    The binding day itself is reminded of only where the day to act by is past already.
    """
    today = local_day(now, zone)
    act_by = {one.key: one.act_by for one in deadlines}
    return tuple(
        one
        for one in standing(deadlines, marks, zone)
        if one.due > now and (one.act_by == act_by[one.kind] or today > (act_by[one.kind] or today))
    )
