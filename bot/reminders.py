"""When to remind: pure, from what is dated, its weight, and how the person lives. A day is a day: no zone moves it.

A new kind of dated task is a row in `bot/rules/tasks.py`; how often it is reminded of is its weight in LEADS.
All of it is planned ahead, so planning again gives the same reminders with the same keys: nothing is doubled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from bot.model import Weight, Whose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.model import Deadline
    from bot.rules.tasks import Task

# Days before the day to act by (below zero: after it) on which a thing of this weight is reminded of.
LEADS: Mapping[Weight, tuple[int, ...]] = {
    Weight.RIGHT: (14, 7, 3, 1, 0),
    Weight.DAY: (3, 0),
    Weight.PAYMENT: (3, 0, -1),
    Weight.PROMISE: (0, -1),
    Weight.FOLLOW_UP: (-1, -4),
    Weight.SOFT: (0, -3),
}
# What is asked again the next day while nobody answered, in its last three days, and spoken of once when it is over.
PRESSING = frozenset({Weight.RIGHT, Weight.DAY})
LAST_DAYS = 3
NUDGE_DAYS = (3, 7)  # days after a person fell silent in the middle of a case
HOUR = time(9, 0)
QUIET = (time(21, 0), time(8, 0))
SNOOZE = -1000  # the lead of a reminder that was put off
ALL = "~all"  # the mark of a case none of whose days is reminded of

Role = Literal["lead", "again", "after", "snooze"]


@dataclass(frozen=True, slots=True)
class Habits:
    """How a person lives: their zone, the hour they want reminders at, when they want silence, and whether any."""

    zone: ZoneInfo
    hour: time = HOUR
    quiet: tuple[time, time] | None = QUIET
    on: bool = True

    def moment(self, day: date) -> datetime:
        """Return the moment (UTC) at which to remind on `day`; a wanted hour that is a quiet one waits for its end."""
        hour = self.hour
        if self.quiet is not None and _within(hour, self.quiet):
            hour = self.quiet[1]
        return moment(day, hour, self.zone)

    def awake(self, now: datetime) -> datetime:
        """Return when somebody may be written to unasked: now, or the end of the quiet hours that it falls in."""
        local = now.astimezone(self.zone)
        if self.quiet is None or not _within(local.time(), self.quiet):
            return now
        day = local.date() + timedelta(days=local.time() >= self.quiet[1])
        return moment(day, self.quiet[1], self.zone)


def _within(hour: time, quiet: tuple[time, time]) -> bool:
    begin, end = quiet
    return begin <= hour < end if begin <= end else hour >= begin or hour < end


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing to remind of: what it is called, what hangs on it, and its days: to act by, then the later ones.

    `instead`: what it stands in for (an equivalent hearing for the hearing): not needed while that is not lost.
    """

    key: str
    weight: Weight
    days: tuple[date, ...]
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Reminder:
    """One message to come: of which thing, planned how many days before which day, due when (UTC)."""

    kind: str
    act_by: date
    lead: int
    due: datetime
    role: Role = "lead"

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


# ---------------------------------------------------------------- what is dated


def of_deadlines(deadlines: Sequence[Deadline]) -> tuple[Thing, ...]:
    """Return the things to remind of that the law or a letter dates; the first matters most.

    Where no right of the person's ends with the first day or later, that has the weight of one.
    """
    dated = [one for one in deadlines if one.act_by is not None]
    rights = [one for one in dated if one.whose is Whose.RIGHT and not second_chance(one)]
    first = dated[0].act_by if dated else None
    heavy = (
        rights
        if any(first and one.act_by and one.act_by >= first for one in rights)
        else [*rights, *dated[:1]]
    )
    found = []
    for deadline in dated:
        if deadline.act_by is not None:
            weight = Weight.RIGHT if deadline in heavy else Weight.DAY
            days = (deadline.act_by, *later_days(deadline))
            found.append(Thing(deadline.key, weight, days, _instead_of(deadline, deadlines)))
    return tuple(found)


def of_tasks(tasks: Iterable[Task]) -> tuple[Thing, ...]:
    """Return the things to remind of that an answer dates."""
    return tuple(Thing(one.key, one.weight, (one.day,)) for one in tasks)


def later_days(deadline: Deadline) -> tuple[date, ...]:
    """Return the days on which it can still be done when the day to act by is over: binding, then legal."""
    days = {day for day in (deadline.binding, deadline.legal_last) if day is not None}
    return tuple(sorted(day for day in days if deadline.act_by is not None and day > deadline.act_by))


def second_chance(deadline: Deadline) -> bool:
    """Say whether a right is only for who missed the first (an equivalent hearing)."""
    return deadline.kind.startswith("equivalent")


def _instead_of(deadline: Deadline, deadlines: Sequence[Deadline]) -> str:
    if not second_chance(deadline):
        return ""
    first = (one for one in deadlines if one.kind.startswith("cdp") and one.paper == deadline.paper)
    return next((one.key for one in first), "")


# ---------------------------------------------------------------- planning


def standing(
    things: Sequence[Thing], marks: Mapping[str, Mapping[str, Any]], habits: Habits
) -> tuple[Reminder, ...]:
    """Return every reminder, past or to come, that these things stand for, earliest first.

    One that was planned and does not stand any more is cancelled; nothing stands for what is done or stopped.
    """
    if not habits.on or ALL in marks:
        return ()
    found = (
        reminder
        for thing in things
        if not _settled(thing, marks)
        for reminder in _of(thing, marks.get(thing.key, {}), habits)
    )
    return tuple(sorted(found, key=lambda one: (one.due, one.key)))


def plan(
    things: Sequence[Thing], marks: Mapping[str, Mapping[str, Any]], habits: Habits, now: datetime
) -> tuple[Reminder, ...]:
    """Return the reminders still to come, earliest first."""
    return tuple(one for one in standing(things, marks, habits) if one.due > now)


def _settled(thing: Thing, marks: Mapping[str, Mapping[str, Any]]) -> bool:
    mark = marks.get(thing.key, {})
    return "done" in mark or "stopped" in mark or "done" in marks.get(thing.instead, {})


def regular(thing: Thing) -> tuple[tuple[date, int], ...]:
    """Return the days of a thing, each with a lead, on which it is reminded of whoever answers what."""
    first, *later = thing.days
    return (*((first, lead) for lead in LEADS[thing.weight]), *((day, 0) for day in later))


def _of(thing: Thing, mark: Mapping[str, Any], habits: Habits) -> Iterator[Reminder]:
    until = datetime.fromisoformat(mark["snoozed"]) if "snoozed" in mark else None
    answered = date.fromisoformat(mark["answered"]) if "answered" in mark else date.min

    def on(day: date, lead: int, role: Role) -> Reminder:
        return Reminder(thing.key, day, lead, habits.moment(day - timedelta(days=lead)), role)

    planned = regular(thing)
    taken = {day - timedelta(days=lead) for day, lead in planned}
    for day, lead in planned:
        one = on(day, lead, "lead")
        # Put off, it is silent until then; of its last day it is spoken in any case.
        if until is None or one.due >= until or lead == 0:
            yield one
    if thing.weight in PRESSING:
        last = thing.days[-1]
        for day, lead in planned:
            told = day - timedelta(days=lead)
            again = told + timedelta(days=1)
            pressing = lead <= LAST_DAYS and again not in taken and again <= last
            if pressing and answered < told and (until is None or habits.moment(again) > until):
                yield on(day, lead - 1, "again")
        yield on(last, -1, "after")
    if until is not None:
        yield Reminder(thing.key, thing.days[0], SNOOZE, until, "snooze")


def numbered(thing: Thing, opened: date | None, today: date) -> tuple[int, int]:
    """Return how many of the regular reminders of a thing have come by `today`, and how many there are.

    Those whose day was over when the case was opened never came.
    """
    days = sorted(day - timedelta(days=lead) for day, lead in regular(thing))
    days = [day for day in days if opened is None or day > opened] or days[-1:]
    return max(1, sum(day <= today for day in days)), len(days)


def shown(things: Sequence[Thing], coming: Sequence[Reminder], today: date) -> tuple[Reminder, ...]:
    """Return the reminders worth listing: not those that come only if nobody answers, nor of a chance not needed yet."""
    by_key = {one.key: one for one in things}

    def needed(one: Reminder) -> bool:
        first = by_key.get(by_key[one.kind].instead) if one.kind in by_key else None
        return first is None or first.days[-1] < today

    return tuple(one for one in coming if one.role in ("lead", "snooze") and needed(one))
