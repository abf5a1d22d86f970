"""After something was agreed: promises on the phone, the letter that confirms them, and silence."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.rules import tasks
from bot.rules.cost import payment_day
from bot.rules.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.rules.matter import Call, Matter

PROMISES = ("hold", "letter", "papers")  # what a call can leave open until a day
_AGREED = ("plan", "hold")


def is_due(matter: Matter, call: Call) -> bool:
    """Say whether the day of a promise is over."""
    return call.said in PROMISES and call.by is not None and call.by < matter.today


def open_promises(matter: Matter) -> tuple[Call, ...]:
    """Return the calls whose promise was neither kept nor broken so far."""
    return tuple(
        one for one in matter.calls if one.said in PROMISES and one.by is not None and one.kept is None
    )


def agreed(matter: Matter) -> bool:
    """Say whether the IRS agreed to something on the phone."""
    return any(one.said in _AGREED for one in matter.calls)


def silent(matter: Matter) -> bool:
    """Say whether nothing came in writing for longer than the delay that lets the Taxpayer Advocate help.

    26 U.S.C. 7811(a)(2)(B): an IRS delay of more than 30 days.
    """
    since = matter.said.get("follow.since")
    if since is None or matter.said.get("follow.letter") != "not_yet":
        return False
    days = matter.params.on(matter.today, "options.advocate.delay_days").count
    return bool(since + timedelta(days=days) < matter.today)


def confirmed(matter: Matter) -> bool:
    """Say whether the letter is there, and nothing in it differs from what was agreed."""
    if matter.said.get("follow.letter") != "yes":
        return False
    differs = matter.said.get("follow.differs")
    return differs == "not_sure" or differs == frozenset()


@tasks.source
def promises(matter: Matter) -> Iterator[Task]:
    """Return what was promised on the phone by a day, as long as it was neither kept nor broken."""
    for call in open_promises(matter):
        if call.by is not None:
            yield Task(
                _TASK[call.said or ""],
                call.by,
                call.item,
                {"said": call.said, "who": call.who},
                f"call.kept~{call.item}",
            )


@tasks.source
def awaited(matter: Matter) -> Iterator[Task]:
    """Return the letter that has to confirm what was agreed, due when the IRS has had its time."""
    since = matter.said.get("follow.since")
    if since is not None and matter.said.get("follow.letter") == "not_yet":
        days = matter.params.on(matter.today, "options.advocate.delay_days").count
        yield Task("answer_due", since + timedelta(days=days), opens="follow.letter")


@tasks.source
def payments(matter: Matter) -> Iterator[Task]:
    """Return the next payments of a plan: the same day of each month, its last where a month is shorter."""
    first = matter.said.get("follow.first")
    if first is None or matter.said.get("follow.what") != "plan":
        return
    found = 0
    for n in range(_LONGEST_PLAN):
        day = payment_day(first, n)
        if day >= matter.today:
            yield Task("payment", day, f"{day:%Y%m}", {"amount": matter.said.get("follow.amount")})
            found += 1
        if found == _PAYMENTS_AHEAD:
            return


_TASK = {"hold": "hold_ends", "letter": "call_back", "papers": "papers_promised"}
_PAYMENTS_AHEAD = 2
_LONGEST_PLAN = 240  # months
