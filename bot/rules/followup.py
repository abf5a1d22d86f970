"""After something was asked for or agreed: promises on the phone, the letter that answers, and silence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.rules import tasks
from bot.rules.cost import payment_day
from bot.rules.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.rules.matter import Call, Matter

KINDS = ("plan", "short_plan", "hardship", "offer", "penalty", "dispute", "hold")
"""What the IRS can be asked for, or agree to."""
PROMISES = ("hold", "letter", "papers")  # what a call can leave open until a day
DIFFERS = "follow.differs"
_AGREED = ("plan", "hold")
_PLANS = ("plan", "short_plan")


@dataclass(frozen=True, slots=True)
class Request:
    """What the person asked the IRS for, as a step of their plan.

    `item`: the step. `day`: when it was sent, where that is known; `by`: when it was to be done. `years`: the tax
    period it is about, where it is one of its own, `option` the way it goes.
    """

    kind: str
    item: int
    by: date
    day: date | None = None
    years: str = ""
    option: str = ""


def is_due(matter: Matter, call: Call) -> bool:
    """Say whether the day of a promise is over."""
    return not call.corrected and call.said in PROMISES and call.by is not None and call.by < matter.today


def open_promises(matter: Matter) -> tuple[Call, ...]:
    """Return the calls whose promise was neither kept nor broken so far."""
    return tuple(
        one
        for one in matter.calls
        if not one.corrected and one.said in PROMISES and one.by is not None and one.kept is None
    )


def agreed(matter: Matter) -> bool:
    """Say whether the IRS agreed to something on the phone."""
    return any(one.said in _AGREED for one in matter.calls if not one.corrected)


def requested(matter: Matter) -> Request | None:
    """Return what was asked for in writing, online or on the phone; None where no such step is done.

    Of several the first of the plan counts: it is what the way out is about. A plan set up on a call since then
    counts more than a request for something else.
    """
    first = next(_requests(matter), None)
    set_up = any(one.said == "plan" and not one.corrected for one in matter.calls)
    return None if first is not None and first.kind not in _PLANS and set_up else first


def _requests(matter: Matter) -> Iterator[Request]:
    """Return all that was asked for so far, in the order of the plan."""
    for deed in matter.plan:
        if not deed.entry.asks:
            continue
        sent = matter.said.get(f"do.sent~{deed.item}") == "sent"
        if sent or matter.said.get(f"do.done~{deed.item}") == "finished":
            day = matter.said.get(f"do.day~{deed.item}") if sent else None
            yield Request(
                "short_plan" if deed.option == "short_term" else deed.entry.asks,
                deed.item,
                deed.by,
                day if isinstance(day, date) else None,
                (deed.period.name if deed.period is not None else None) or "",
                deed.option,
            )


def what(matter: Matter) -> str | None:
    """Return what the letter of the IRS is awaited for, one of KINDS."""
    request = requested(matter)
    told = request.kind if request is not None else matter.said.get("follow.what")
    return told if told in KINDS else None


def since(matter: Matter) -> date | None:
    """Return the day from which the IRS has its time to answer."""
    request = requested(matter)
    told = request.day if request is not None and request.day is not None else matter.said.get("follow.since")
    return told if isinstance(told, date) else None


def due(matter: Matter) -> date | None:
    """Return the day by which the letter should be there, as long as it is not.

    26 U.S.C. 7811(a)(2)(B): after an IRS delay of more than 30 days the Taxpayer Advocate can help.
    """
    begun = since(matter)
    if begun is None or matter.said.get("follow.letter") != "not_yet":
        return None
    return begun + _time_of_the_irs(matter)


def _time_of_the_irs(matter: Matter) -> timedelta:
    return timedelta(days=matter.params.on(matter.today, "options.advocate.delay_days").count)


def silent(matter: Matter) -> bool:
    """Say whether nothing came in writing for longer than the delay that lets the Taxpayer Advocate help."""
    last = due(matter)
    return last is not None and last < matter.today


def watched(matter: Matter) -> bool:
    """Say whether the letter is there, or has a reminder of its own."""
    return confirmed(matter) or due(matter) is not None


def confirmed(matter: Matter) -> bool:
    """Say whether the letter is there, and nothing in it differs from what was agreed."""
    if matter.said.get("follow.letter") != "yes":
        return False
    differs = matter.said.get(DIFFERS)
    return differs == "not_sure" or differs == frozenset()


def to_mend(matter: Matter) -> str:
    """Return the question to answer again once a wrong letter was mended; empty where none is wrong."""
    differs = matter.said.get(DIFFERS)
    return DIFFERS if isinstance(differs, frozenset) and differs else ""


@tasks.source
def promises(matter: Matter) -> Iterator[Task]:
    """Return what was promised on the phone by a day, as long as it was neither kept nor broken.

    A letter that says what was agreed keeps the promise to write.
    """
    for call in open_promises(matter):
        if call.by is not None and not (call.said == "letter" and confirmed(matter)):
            yield Task(
                _TASK[call.said or ""],
                call.by,
                call.item,
                {"said": call.said, "who": call.who},
                f"call.kept~{call.item}",
            )


@tasks.source
def awaited(matter: Matter) -> Iterator[Task]:
    """Return the letter that has to confirm what was agreed or asked for, due when the IRS has had its time."""
    last = due(matter)
    if last is not None:
        yield Task("answer_due", last, opens="follow.letter")


@tasks.source
def also_awaited(matter: Matter) -> Iterator[Task]:
    """Return the letters about what was asked for beside that: no question is asked about them, "Done" is enough.

    What was asked for on the phone has no day of its own: it counts from the day it was to be done.
    """
    followed = requested(matter)
    for one in _requests(matter):
        if one.kind not in _PLANS and (followed is None or one.item != followed.item):
            day = (one.day or one.by) + _time_of_the_irs(matter)
            about = {"asked": one.kind, "years": one.years, "option": one.option}
            yield Task("also_due", day, one.item, about)


@tasks.source
def payments(matter: Matter) -> Iterator[Task]:
    """Return the next payments of a plan: the same day of each month, its last where a month is shorter."""
    first = matter.said.get("follow.first")
    if first is None or what(matter) != "plan" or matter.said.get("follow.letter") == "no":
        return
    found = 0
    for n in range(_LONGEST_PLAN):
        day = payment_day(first, n)
        if day + timedelta(days=1) >= matter.today:  # asked the day after: did it go through?
            yield Task("payment", day, f"{day:%Y%m}", {"amount": matter.said.get("follow.amount")})
            found += 1
        if found == _PAYMENTS_AHEAD:
            return


_TASK = {"hold": "hold_ends", "letter": "call_back", "papers": "papers_promised"}
_PAYMENTS_AHEAD = 2
_LONGEST_PLAN = 240  # months
