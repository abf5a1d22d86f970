"""Which days of a letter need not be acted by any more: what was agreed, paid or asked for has taken their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.model import Whose
from bot.rules import followup, lien
from bot.rules.deadlines import Kind
from bot.rules.plan import HEARING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.model import Deadline
    from bot.rules.matter import Matter

SETTLE = ("plan", "short_plan", "hardship", "offer")
"""What, once it is agreed, is instead of paying by the day of a letter."""
# Money that a bank holds goes on to the IRS whatever was agreed: its day is never left out.
_STAYS = (Kind.BANK_HOLD, Kind.WAGE_LEVY)
_SENT = ("hearing.asked", f"do.sent~{HEARING}")


def needless(matter: Matter, marks: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return the days that need no deed any more, by their keys, each with why. A right that is open is none.

    One of SETTLE: it is confirmed in writing. "paid": all of that letter was paid. "heard": the hearing was asked
    for in time, so the weaker one is not needed.
    """
    done = {one.key for one in matter.deadlines if "done" in marks.get(one.key, ())}
    paid = {one.paper for one in matter.deadlines if marks.get(one.key, {}).get("how") == "paid"}
    agreed = followup.confirmed(matter)
    heard = _heard(matter, done)
    found = {}
    for one in matter.deadlines:
        if one.paper in heard and one.kind in lien.WEAKER.values():
            found[one.key] = "heard"
        elif one.key in done or not _soft(one):
            continue
        elif agreed and (what := asked(matter, one)):
            found[one.key] = what
        elif one.paper in paid:
            found[one.key] = "paid"
    return found


def asked(matter: Matter, deadline: Deadline) -> str:
    """Return what was asked for or agreed that is instead of this day, one of SETTLE; empty where nothing is.

    A letter that is dated after the asking may be about another debt: its days count.
    """
    what = followup.what(matter)
    if what not in SETTLE or not _soft(deadline) or matter.said.get("follow.letter") == "no":
        return ""
    begun = followup.since(matter)
    dated = next((one.dated for one in matter.papers if one.item == deadline.paper), None)
    covered = len(matter.papers) == 1 if begun is None or dated is None else dated <= begun
    return what if covered else ""


def awaited(matter: Matter, deadline: Deadline) -> str:
    """Return what was asked for instead of this day, as long as the letter that confirms it is not there."""
    return "" if followup.confirmed(matter) else asked(matter, deadline)


def _soft(deadline: Deadline) -> bool:
    return deadline.whose is not Whose.RIGHT and deadline.kind not in _STAYS


def _heard(matter: Matter, done: set[str]) -> set[int]:
    """Return the letters whose hearing was asked for in time."""
    sent = "sent" in (matter.said.get(key) for key in _SENT) and lien.sent_in_time(matter) is not False
    return {one.paper for one in matter.deadlines if sent and one.kind in lien.HEARINGS and one.key in done}
