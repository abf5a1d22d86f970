"""After something was agreed: promises on the phone, the letter that confirms them, and silence."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.rules.matter import Call, Matter

PROMISES = ("hold", "letter", "papers", "call_back")  # what a call can leave open until a day
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
