"""Dated tasks: what is to be done, or looked at again, on a day that no law fixes. Pure, from the answers.

A promised call, a payment of a plan, "is the letter there?", a step of the way chosen. To say "this answer is
a dated task":

1. one row in KINDS: its name and its weight (how often it is reminded of: `LEADS` in `bot/reminders.py`);
2. one function under `@source` that returns a Task for each that is open now, also when its day is over (of what
   comes each month: until it was reminded of last, and the next one beside it). When the answer that closes it
   is given, the function no longer returns it, and its reminders are cancelled by themselves;
3. three blocks in `templates/<lang>/tasks.j2`: `<kind>_name` (what it is, one line, no full stop),
   `<kind>_step` (the one next step) and `<kind>_after` (said once the day is over: what is still possible).

Everything else (when, in which zone, the words around it, Done, Snooze, Stop, the lists, the calendar) follows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bot.model import NOTHING, Weight

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bot.rules.matter import Matter


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of task. `again`: when one is over the next comes (a monthly payment)."""

    weight: Weight
    again: bool = False


PUT_OFF = "put_off"
KINDS: dict[str, Kind] = {
    PUT_OFF: Kind(Weight.SOFT),  # a step left with its "not yet"
    "call_back": Kind(Weight.FOLLOW_UP),  # somebody promised to call, to write, to do something by a day
    "answer_due": Kind(Weight.FOLLOW_UP),  # is the letter there?
    "also_due": Kind(Weight.FOLLOW_UP),  # and the one about what was asked for beside it?
    "own_call": Kind(Weight.PROMISE),  # what the person means to do themselves
    "own_step": Kind(Weight.SOFT),  # the next step of the way chosen
    "deed": Kind(Weight.SOFT),  # one of the dated steps of the plan
    "payment": Kind(Weight.PAYMENT, again=True),  # of a plan, each month
    "papers": Kind(Weight.SOFT),  # papers to gather
    "hold_ends": Kind(Weight.DAY),  # the IRS stops until this day
    "papers_promised": Kind(Weight.DAY),  # papers the IRS wants by a day
}
"""Every kind of task by its name."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to be done by `day`, or to be looked at on it.

    `item` tells those of one kind apart and never changes for the same thing (the id in a list; for a month
    of a plan 202612). `args`: what its words speak of. `opens`: the question that "Done" asks, by its key
    ("call.outcome~2"); its answer closes the task. Where there is none, "Done" itself closes it.
    """

    kind: str
    day: date
    item: int | str = 0
    args: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    opens: str = ""
    name: str = ""

    @property
    def key(self) -> str:
        """Return what tells this task from the others of its case: its own name, where it has one."""
        if self.name:
            return self.name
        return f"{self.kind}~{self.item}" if self.item else self.kind

    @property
    def weight(self) -> Weight:
        """Return how often it is reminded of."""
        return KINDS[self.kind].weight


SOURCES: list[Callable[[Matter], Iterable[Task]]] = []


def source(tasks: Callable[[Matter], Iterable[Task]]) -> Callable[[Matter], Iterable[Task]]:
    """Register a function that returns the open tasks of one subject."""
    SOURCES.append(tasks)
    return tasks


def of(matter: Matter) -> tuple[Task, ...]:
    """Return every open task of a case, the soonest first."""
    found = [task for tasks in SOURCES for task in tasks(matter)]
    return tuple(sorted(found, key=lambda one: (one.day, one.key)))


def put_off(step: str, template: str, since: date, days: int = 1) -> Task:
    """Return the task of a step that was left with its "not yet" on a day: it is looked at from the next on.

    What takes its time is looked at after so many `days`.
    """
    day = since + timedelta(days=days)
    return Task(PUT_OFF, day, args={"template": template}, opens=step, name=step)
