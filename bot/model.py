"""The nouns of the house: frozen values, standard library only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

NOTHING: Mapping[str, Any] = MappingProxyType({})

# ---------------------------------------------------------------- the law

Confidence = Literal["high", "medium", "low"]
Figure = Decimal | str | bool | date | tuple[Any, ...] | dict[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read: title, address and, where known, the day it was read."""

    title: str
    url: str
    read: date | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """One figure of the law as it holds from `since` on."""

    name: str
    figure: Figure
    since: date
    source: Source
    confidence: Confidence
    review_by: date
    memory: bool = False
    note: str = ""

    @property
    def amount(self) -> Decimal:
        """Return the figure as a number (US dollars, percent, days: as the parameter says)."""
        if not isinstance(self.figure, Decimal):
            raise TypeError(f"{self.name} is not a number")
        return self.figure

    @property
    def count(self) -> int:
        """Return the figure as a whole number (days, months, years)."""
        whole = int(self.amount)
        if whole != self.amount:
            raise TypeError(f"{self.name} is not a whole number")
        return whole

    @property
    def text(self) -> str:
        """Return the figure as text (a telephone number, an address)."""
        if not isinstance(self.figure, str):
            raise TypeError(f"{self.name} is not a text")
        return self.figure

    @property
    def firm(self) -> bool:
        """Say whether people may be shown this figure as it is; if not, "check this on irs.gov"."""
        return self.confidence != "low" and not self.memory

    def stale(self, day: date) -> bool:
        """Say whether the review day has passed on `day`: the screen then says "check this first"."""
        return day > self.review_by


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence by name: its words stand in `templates/<lang>/`, what it speaks of in `args`."""

    name: str
    args: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition of a conclusion: met, not met, or (None) not known yet."""

    name: str
    met: bool | None
    source: Source | None = None
    args: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    change: Remark | None = None  # what would change it: "pay $3,200 down and it fits"


class Whose(StrEnum):
    """Whose day a deadline is."""

    RIGHT = "right"  # the person's right ends with it
    PAY_BY = "pay_by"  # paying by then stops interest
    IRS_WAITS = "irs_waits"  # the IRS may not act before it
    ASKED = "asked"  # a day the IRS set by itself, in a letter or by an employee


@dataclass(frozen=True, slots=True)
class Deadline:
    """One day that counts, and how it was worked out.

    `raw` is the plain count, `legal_last` the day after roll-over (26 U.S.C. 7503) where that applies,
    `safe_by` the business day to aim for, `binding` the earlier of the printed and the legal day
    (for Letter 3172 the printed day). A rule that gives no day has None in all of them and says why
    in `none_because`. After `review_by` the screen says "check this first".
    """

    rule: str
    kind: str
    whose: Whose
    raw: date | None
    legal_last: date | None
    safe_by: date | None
    printed: date | None
    binding: date | None
    steps: tuple[Remark, ...]
    source: Source
    confidence: Confidence
    also: tuple[Deadline, ...] = ()
    none_because: Remark | None = None
    review_by: date | None = None

    @property
    def act_by(self) -> date | None:
        """Return the day to act by: the earlier of the binding and the safe day."""
        days = [day for day in (self.binding, self.safe_by) if day is not None]
        return min(days, default=None)

    def stale(self, day: date) -> bool:
        """Say whether the review day of its figures has passed on `day`."""
        return self.review_by is not None and day > self.review_by
