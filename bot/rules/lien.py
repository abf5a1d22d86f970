"""After the notice: the hearing a letter opens, and what takes a filed lien notice off or out of the way."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.model import Reason, Whose

if TYPE_CHECKING:
    from bot.model import Deadline
    from bot.rules.matter import Matter

HEARINGS = ("cdp_levy", "cdp_after_levy", "cdp_lien")
WEAKER = {"cdp_levy": "equivalent_levy", "cdp_after_levy": "equivalent_levy", "cdp_lien": "equivalent_lien"}


class Chance(StrEnum):
    """What is left of the right to a hearing."""

    OPEN = "open"  # it can be asked for
    WEAKER = "weaker"  # the day is over; the equivalent hearing can be asked for
    OVER = "over"


def hearing(matter: Matter) -> Deadline | None:
    """Return the day of the hearing to speak of: the soonest that is not over, else the last that is."""
    dated = [one for one in matter.deadlines if one.kind in HEARINGS and one.whose is Whose.RIGHT]
    days = {id(one): one.binding for one in dated}
    open_ones = [one for one in dated if (day := days[id(one)]) is not None and day >= matter.today]
    if open_ones:
        return min(open_ones, key=lambda one: one.binding or date.max)
    return max(dated, key=lambda one: one.binding or date.min, default=None)


def weaker(matter: Matter) -> Deadline | None:
    """Return the day of the equivalent hearing that belongs to the same letter."""
    first = hearing(matter)
    if first is None:
        return None
    kind = WEAKER[first.kind]
    return next((one for one in matter.deadlines if one.kind == kind and one.paper == first.paper), None)


def chance(matter: Matter) -> Chance | None:
    """Return what is left today of the right to a hearing; None where no letter opens one.

    Where the day cannot be worked out it counts as open: the letter has it.
    """
    first, second = hearing(matter), weaker(matter)
    if first is None:
        return None
    if first.binding is None or first.binding >= matter.today:
        return Chance.OPEN
    if second is not None and second.binding is not None and second.binding >= matter.today:
        return Chance.WEAKER
    return Chance.OVER


def sent_in_time(matter: Matter) -> bool | None:
    """Say whether the request was sent by the last day (26 U.S.C. 7502); None where a day is not known."""
    first, sent = hearing(matter), matter.said.get("hearing.sent_on")
    if first is None or first.binding is None or not isinstance(sent, date):
        return None
    return sent <= first.binding


def withdrawal(matter: Matter) -> tuple[Reason, ...]:
    """Return the conditions for a withdrawal of the notice under a plan by direct debit.

    The debt is within the limit, enough payments were drawn, all returns are filed and this year is paid (IRS,
    Fresh Start). 26 U.S.C. 6323(j) has other grounds that need none of these.
    """
    facts = matter.facts
    limit = matter.params.on(matter.today, "liens.withdrawal.limit")
    count = matter.params.on(matter.today, "liens.withdrawal.payments")
    drawn = {"none": False, "fewer": False, "enough": True}.get(str(matter.said.get("lien.debits")))
    within = None if facts.assessed is None else facts.assessed <= limit.amount
    return (
        Reason("withdrawal_limit", within, limit.source, {"limit": limit.amount}),
        Reason("withdrawal_payments", drawn, count.source, {"count": count.count}),
        Reason("withdrawal_returns", facts.returns_filed_all, limit.source),
        Reason("withdrawal_current", facts.current_year_paid, limit.source),
    )
