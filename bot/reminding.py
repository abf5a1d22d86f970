"""What a reminder says, and what stands in its place once a button was tapped: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from bot import engine, reminders
from bot.calendar_file import Day
from bot.model import Button, Screen, Whose
from bot.notices import Digest, ReminderAnswered, ReminderDue, ReminderShown
from bot.rules import spared, tasks
from bot.rules.calendar import calendar_of
from bot.screens import arguments, cut

if TYPE_CHECKING:
    from bot.engine import House
    from bot.model import Case, Deadline, State
    from bot.notices import Message
    from bot.words import Words


def message(house: House, words: Words, state: State, sent: Message, now: datetime) -> Screen | None:
    """Return a reminder, or the answer to one, in words as of now; None when it is not worth saying."""
    if isinstance(sent, Digest):
        return _digest(house, words, state, sent, now)
    if not isinstance(sent, ReminderDue | ReminderShown | ReminderAnswered):
        raise TypeError(f"{sent.name} has no words here")
    case = state.numbered(sent.case)
    if case is None:
        return None
    spoken = spoken_of(house, words, state, case, sent.kind, now)
    if spoken is None:
        return None
    if isinstance(sent, ReminderAnswered):
        return _answered(words, spoken, sent.how)
    if isinstance(sent, ReminderDue):
        late = _late(house, state, case, sent, now)
        return None if late is None or not spoken.wanted else _reminder(words, spoken, *late)
    return _reminder(words, spoken)


def _late(
    house: House, state: State, case: Case, sent: ReminderDue, now: datetime
) -> tuple[datetime, ...] | None:
    """Return when a reminder was to come, if that was on another day; None where it is not to be said any more.

    It is not where its day was moved, or somebody answered since.
    """
    if not sent.key:
        return ()
    standing, _ = engine.due_reminders(house, state, case, now)
    for one in standing:
        if one.key == sent.key:
            due = one.due.astimezone(engine.zone_of(state.person))
            return (due,) if due.date() < engine.today(state.person, now) else ()
    return None


def _digest(house: House, words: Words, state: State, sent: Digest, now: datetime) -> Screen | None:
    """Return several reminders as one message; as a plain one where only one is left to say."""
    found: list[Spoken] = []
    since: list[datetime] = []
    for one in sent.each:
        case = state.numbered(one.case)
        spoken = spoken_of(house, words, state, case, one.kind, now) if case is not None else None
        late = _late(house, state, case, one, now) if case is not None else None
        if spoken is not None and spoken.wanted and late is not None:
            found.append(spoken)
            since += late
    if not found:
        return None
    if len(found) == 1:
        return _reminder(words, found[0], min(since, default=None))
    found.sort(key=lambda one: (one.over, one.act_by, one.last))
    cases = {spoken.case.number for spoken in found}
    items = [
        {
            **spoken.args,
            "over": spoken.over,
            "act_by": spoken.act_by,
            "last": spoken.last,
            "named": len(cases) > 1,
        }
        for spoken in found[:MOST_AT_ONCE]
    ]
    rows = []
    for n, spoken in enumerate(found[:MOST_AT_ONCE], 1):
        text = words.label("reminders", "button_show", {"n": n, "name": spoken.args["name"]})
        data = f"r:{spoken.case.number}:{spoken.key}:0:show"
        rows.append((Button(cut(text), data),))
    args = {
        "items": items,
        "count": len(found),
        "more": len(found) - len(items),
        "late": min(since, default=None),
    }
    return Screen(words.block("reminders", "digest", args), tuple(rows))


@dataclass(frozen=True, slots=True)
class Spoken:
    """One thing that is reminded of, in words as of now: its args, and the buttons it may have.

    `wanted`: it is neither done nor stopped. `over`: its last day has passed. `last`: that day, `act_by` the safe one.
    `free`: nobody waits for it on that day, so it may be put off to any other.
    """

    case: Case
    key: str
    args: dict[str, Any]
    wanted: bool
    over: bool
    act_by: date
    last: date
    today: date
    block: str
    opens: str = ""
    done_by: tuple[str, ...] = ()
    free: bool = False


def spoken_of(house: House, words: Words, state: State, case: Case, key: str, now: datetime) -> Spoken | None:
    """Return the deadline or task of this key in words; None where it is none of the case's any more."""
    walked = engine.look(house, state, now, case)
    args = arguments(state, walked, now, case)
    day, mark = args["today"], case.marks.get(key, {})
    morning = engine.habits_of(state.person).moment(day + timedelta(days=1))
    args["morning"] = morning.astimezone(args["zone"])
    wanted = not ("done" in mark or "stopped" in mark) and case.active and reminders.ALL not in case.marks
    task = next((one for one in engine.tasks_of(case, walked) if one.key == key), None)
    if task is not None:
        said = args | dict(task.args) | {"day": task.day, "left": (task.day - day).days, "kind": task.kind}
        for part in ("name", "step", "after"):
            said[part] = words.markup("tasks", f"{task.kind}_{part}", said)
        over = day > task.day
        free = task.kind == tasks.PUT_OFF
        return Spoken(case, key, said, wanted, over, task.day, task.day, day, "task", task.opens, free=free)
    line = next((one for one in args["lines"] if one.deadline.key == key), None)
    if line is None:
        return None
    deadline = line.deadline
    act_by = deadline.act_by or day
    last = deadline.binding or act_by
    thing = next((one for one in engine.things_of(case, walked) if one.key == key), None)
    at, of = reminders.numbered(thing, case.opened, day) if thing is not None else (1, 1)
    said = args | {
        "line": line,
        "deadline": deadline,
        "name": words.markup("deadlines", f"{deadline.kind}_name"),
        "day": deadline.binding,
        "left": line.days_left,
        "act_left": (act_by - day).days,
        "at": at,
        "of": of,
        "awaited": spared.awaited(walked.matter, deadline),
        "mailed": any(step.name == "postmark" for step in deadline.steps),
        **_of_the_day(house, act_by, last, day),
    }
    wanted = wanted and deadline in engine.agreed(case, walked) and not line.needless
    block = "needless" if line.needless else "passed" if line.passed else "due"
    return Spoken(case, key, said, wanted, line.passed, act_by, last, day, block, done_by=done_by(deadline))


def days_of(house: House, words: Words, state: State, case: Case, now: datetime) -> list[Day]:
    """Return the days of a case that are still to come, for a calendar: each safe day, and the last day after it."""
    walked = engine.look(house, state, now, case)
    found = []
    for thing in engine.things_of(case, walked):
        spoken = spoken_of(house, words, state, case, thing.key, now)
        if spoken is None or "done" in case.marks.get(thing.key, {}) or not case.active:
            continue
        said = spoken.args | {"kind": thing.key.partition("~")[0], "task": spoken.block == "task"}
        for day in sorted({spoken.act_by, spoken.last}):
            if day >= spoken.today:
                safe = day == spoken.act_by < spoken.last
                name = words.label("reminders", "calendar_name", said | {"safe": safe})
                text = words.label("reminders", "calendar_text", said | {"safe": safe})
                found.append(Day(f"{case.number}-{thing.key}-{'safe' if safe else 'last'}", day, name, text))
    return sorted(found, key=lambda one: (one.day, one.key))


def _of_the_day(house: House, act_by: date, last: date, day: date) -> dict[str, bool]:
    """Return what to know about mailing it: the post office is closed, or will be before the safe day."""
    calendar = calendar_of(house.params)
    aim = act_by if day <= act_by else last
    between = [day + timedelta(days=more) for more in range(1, max(0, (aim - day).days))]
    return {
        "closed_today": calendar.closed(day) is not None,
        "closed_before": bool(between) and len(between) < 4 and all(calendar.closed(one) for one in between),
        "closed_last": calendar.closed(last) is not None,
    }


DONE_BY: dict[str, tuple[str, ...]] = {
    Whose.RIGHT: ("appeal", "paid", "other"),
    Whose.PAY_BY: ("paid", "plan", "other"),
    Whose.ASKED: ("called", "paid", "plan", "other"),
    Whose.IRS_WAITS: ("paid", "plan", "called", "other"),
}
DONE_BY_KIND: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("cdp_", "equivalent_"), ("hearing", "paid", "plan", "other")),
    (("tax_court", "deficiency"), ("court", "paid", "other")),
)


def done_by(deadline: Deadline) -> tuple[str, ...]:
    """Return what somebody may have done about a deadline."""
    special = (ways for kinds, ways in DONE_BY_KIND if deadline.kind.startswith(kinds))
    return next(special, DONE_BY[deadline.whose])


MOST_AT_ONCE = 8


def _reminder(words: Words, spoken: Spoken, late: datetime | None = None) -> Screen:
    button = partial(_reminder_button, words, spoken)
    if spoken.block == "needless":
        return Screen(words.block("reminders", "needless", spoken.args), ((button("open"),),))
    done = button("go" if spoken.opens else "done", "primary")
    rows = ((done,), (button("snooze"), button("stop")), (button("open"),))
    said = spoken.args | {"over": spoken.over, "late": late}
    return Screen(words.block("reminders", spoken.block, said), rows)


def _reminder_button(words: Words, spoken: Spoken, op: str, style: Any = "", **args: Any) -> Button:
    block = f"button_{'snooze_day' if args else op.replace(':', '_')}"
    data = f"r:{spoken.case.number}:{spoken.key}:0:{op}"
    said = {"morning": spoken.args["morning"], "kind": spoken.args.get("kind", ""), **args}
    return Button(words.label("reminders", block, said), data, style)


SNOOZE_DAYS = 7


def _answered(words: Words, spoken: Spoken, how: str) -> Screen:
    """Return what stands in the place of a reminder whose button was tapped."""
    button = partial(_reminder_button, words, spoken)
    args = spoken.args | {"how": how.partition("_")[2], "act_by": spoken.act_by, "over": spoken.over}
    if spoken.block == "needless" and "done" not in spoken.case.marks.get(spoken.key, ()):
        return _reminder(words, spoken)  # a button of an older reminder
    bound = not (spoken.over or spoken.free)
    if spoken.free:
        args["day"] = None  # there is no day that stays
    mark = spoken.case.marks.get(spoken.key, {})
    args["done"] = "done" in mark
    rows: list[tuple[Button, ...]]
    match how.partition("_"):
        case ("snooze", "_", "hour" | "morning" | "day"):
            until = datetime.fromisoformat(mark["snoozed"]) if "snoozed" in mark else None
            if until is None:
                return Screen(words.block("reminders", "answered_again", args), ((button("open"),),))
            local = until.astimezone(spoken.args["zone"])
            late = bound and spoken.act_by >= spoken.today and local.date() > spoken.act_by
            block = words.block("reminders", "answered_snoozed", args | {"until": local, "late": late})
            return Screen(block, ((button("open"),),))
        case ("snooze", _, "pick"):
            days = [spoken.today + timedelta(days=more) for more in range(2, SNOOZE_DAYS + 2)]
            if bound:
                days = [day for day in days if day <= spoken.last]
            buttons = [
                button(f"snooze:{day:%Y%m%d}", day=day, late=bound and day > spoken.act_by) for day in days
            ]
            return Screen(
                words.block("reminders", "answered_snooze", args),
                (*((one,) for one in buttons), (button("snooze:hour"), button("snooze:morning"))),
            )
        case ("snooze", _, _):
            rows = [(button("snooze:hour"), button("snooze:morning"))]
            if not bound or (spoken.last - spoken.today).days > 1:
                rows.append((button("snooze:pick"),))
            return Screen(words.block("reminders", "answered_snooze", args), (*rows, (button("open"),)))
        case ("done", _, _) if spoken.done_by:
            ways = [button(f"how:{way}") for way in spoken.done_by]
            rows = [tuple(ways[i : i + 2]) for i in range(0, len(ways), 2)]
            last = button("again" if args["done"] else "open")
            return Screen(words.block("reminders", "answered_done", args), (*rows, (last,)))
        case ("how", _, _) if not args["done"] and spoken.done_by:
            said = words.block("reminders", "answered_kept", args)
            return Screen(said, ((button(f"how:{spoken.done_by[0]}"),), (button("open"),)))
        case ("done" | "how", _, _):
            said = words.block("reminders", "answered_closed", args)
            return Screen(said, ((button("again"),), (button("open"),)))
        case ("stop", _, _):
            rows = [(button("again"),), (button("stopall"),), (button("open"),)]
            return Screen(words.block("reminders", "answered_stop", args), tuple(rows))
        case ("stopall", _, _):
            said = words.block("reminders", "answered_stopall", args)
            return Screen(said, ((button("on"),), (button("open"),)))
    return Screen(words.block("reminders", "answered_again", args), ((button("open"),),))
