"""Who may help: the tests of a free clinic and of the Taxpayer Advocate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.rules.budget import low_income
from bot.rules.options import relief
from bot.rules.parameters import TooEarlyError, check_first
from bot.rules.standing import all_of

if TYPE_CHECKING:
    from decimal import Decimal

    from bot.rules.budget import LowIncome
    from bot.rules.matter import Matter

MONTHS = 12
NEEDS = ("hardship", "threat", "delay", "failing", "none")  # what a person may name


@dataclass(frozen=True, slots=True)
class Clinic:
    """The two tests of a low-income taxpayer clinic; None where not known. Amounts in US dollars.

    `year`: the most a household may have a year, `month` the same for a month; None where no figure holds.
    """

    year: Decimal | None
    month: Decimal | None
    within: bool | None
    limit: Decimal
    small: bool | None
    unsure: bool

    @property
    def fits(self) -> bool | None:
        """Say whether both tests are met."""
        return all_of((self.within, self.small))


def clinic(matter: Matter, people: int | None, state: str | None, *, within: bool | None = None) -> Clinic:
    """Return both tests for a household of so many people; `within`: what they say of their income."""
    limit = matter.params.on(matter.today, "low_income.clinic.dispute_limit")
    line = _line(matter, people, state)
    used = (limit, *(line.figures if line is not None else ()))
    return Clinic(
        None if line is None else line.ceiling,
        None if line is None else line.ceiling // MONTHS,
        matter.facts.low_income_250 if within is None else within,
        limit.amount,
        all_of(one.amount <= limit.amount if one.amount is not None else None for one in matter.periods)
        if matter.periods
        else None,
        any(check_first(one, matter.today) for one in used),
    )


def _line(matter: Matter, people: int | None, state: str | None) -> LowIncome | None:
    if people is None:
        return None
    try:
        return low_income(matter.params, matter.today, people, state or "")
    except TooEarlyError:
        return None


@dataclass(frozen=True, slots=True)
class Advocate:
    """Whether the Taxpayer Advocate can step in; `late`: for what the IRS does not do, and for no hardship."""

    fits: bool | None
    late: bool


def advocate(matter: Matter, need: str = "") -> Advocate:
    """Return the test of hardship or delay; `need`: what the person names, in the names of `NEEDS`."""
    facts = matter.facts
    match need:
        case "hardship" | "threat":  # harm that is about to come is a hardship: 26 U.S.C. 7811(a)(2)(A)
            facts = replace(facts, hardship=True)
        case "delay" | "failing":
            facts = replace(facts, irs_delay=True)
        case "none":
            facts = replace(facts, hardship=False, irs_delay=False)
    fits = relief.tas(facts, matter.params, matter.today).fits
    return Advocate(fits, facts.irs_delay is True and facts.hardship is not True)
