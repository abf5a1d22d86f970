"""What the answers tell of the person's money: what they can pay, what comes in and what goes out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bot.rules import cost

if TYPE_CHECKING:
    from datetime import date

    from bot.rules.matter import Matter

NOTHING = Decimal(0)
YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Money:
    """The person's money as far as told, US dollars; None where not asked or not known.

    `comes_in` and `goes_out` are for one month, `comes_in` after taxes. `monthly` is what they say they can pay
    each month, `loan` the yearly rate of a loan in percent.
    """

    now: Decimal | None = None
    by_180: Decimal | None = None
    borrow: Decimal | None = None
    loan: Decimal | None = None
    comes_in: Decimal | None = None
    goes_out: Decimal | None = None
    monthly: Decimal | None = None

    @property
    def left(self) -> Decimal | None:
        """Return what is left each month; may be less than zero."""
        if self.comes_in is None or self.goes_out is None:
            return None
        return self.comes_in - self.goes_out

    @property
    def within_180(self) -> Decimal | None:
        """Return what can be paid within the days of a short-term plan; at least what can be paid now."""
        if self.by_180 is None or self.now is None:
            return self.by_180
        return max(self.by_180, self.now)

    @property
    def payment(self) -> Decimal | None:
        """Return what can be paid each month: as they say, else what is left."""
        if self.monthly is not None or self.left is None:
            return self.monthly
        return max(NOTHING, self.left)


def read(matter: Matter) -> Money:
    """Return what the answers tell of the money."""

    def of(name: str) -> Any:
        return matter.said.get(f"money.{name}")

    return Money(
        of("now"),
        of("by_180"),
        of("borrow"),
        of("loan"),
        of("comes_in"),
        of("goes_out"),
        of("monthly"),
    )


def facts(matter: Matter) -> dict[str, Any]:
    """Return what the money tells in the words of the ways out, by the names of the facts."""
    told = matter.money
    assessed = matter.said.get("money.assessed")
    return {
        "low_income_250": _yes(matter, "low_income"),
        "can_pay_now": told.now,
        "can_pay_180": told.within_180,
        "can_borrow": told.borrow,
        "loan_percent": told.loan,
        "proposed_payment": told.payment,
        "penalties": matter.said.get("money.penalties"),
        "penalties_last_3y": _yes(matter, "penalized"),
        "reasonable_cause": _yes(matter, "cause"),
        "late_or_ia_last_5y": _yes(matter, "late_before"),
        "csed_months": None if assessed is None else months_left(matter, assessed),
    }


def _yes(matter: Matter, name: str) -> bool | None:
    return YES_NO.get(matter.said.get(f"money.{name}", ""))


def months_left(matter: Matter, assessed: date) -> int:
    """Return the whole months left of the ten-year clock of a tax assessed then (26 U.S.C. 6502(a))."""
    years = matter.params.on(matter.today, "deadlines.collection.years").count
    return max(0, years * 12 - cost.months_late(assessed, matter.today))
