"""The facts measured: what is owed in all, how long the IRS may collect, and what payments would do."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from bot.model import Remark, Value
from bot.rules import budget, cost, notices
from bot.rules.parameters import TooEarlyError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from bot.rules.facts import Facts, Period
    from bot.rules.notices import IrsNotice
    from bot.rules.parameters import Parameters

INDIVIDUALS = ("individual", "self_employed", "closed_sole_prop")
NOTHING = Decimal(0)


def all_of(parts: Iterable[bool | None]) -> bool | None:
    """Return False if any part is false, None if any is unknown, else True."""
    held = list(parts)
    return False if False in held else None if None in held else True


def any_of(parts: Iterable[bool | None]) -> bool | None:
    """Return True if any part is true, None if any is unknown, else False."""
    held = list(parts)
    return True if True in held else None if None in held else False


def negated(part: bool | None) -> bool | None:
    """Return the opposite; unknown stays unknown."""
    return None if part is None else not part


class Standing:
    """The facts measured: totals, months left, least payments. Amounts in US dollars."""

    def __init__(self, facts: Facts, params: Parameters, day: date) -> None:
        self.facts, self.params, self.day = facts, params, day
        self._least: dict[tuple[Decimal, int, bool], Decimal | None] = {}

    def on(self, name: str) -> Value:
        """Return the figure `name` of the day asked about."""
        return self.params.on(self.day, name)

    def held(self, name: str) -> Value | None:
        """Return the figure `name`, or None on a day before its first value."""
        try:
            return self.on(name)
        except TooEarlyError:
            return None

    @property
    def current_year_paid(self) -> bool | None:
        """Say whether this year's tax is being paid as it comes due, an employer's payroll deposits with it."""
        return False if self.facts.deposits_current is False else self.facts.current_year_paid

    # ------------------------------------------------------------ the debt

    @property
    def periods(self) -> tuple[Period, ...]:
        """Return the tax periods, as far as named."""
        return self.facts.periods or ()

    def _sum(self, stated: Decimal | None, part: str) -> Decimal | None:
        if stated is not None:
            return stated
        parts = [getattr(period, part) for period in self.periods]
        return sum(parts, NOTHING) if parts and None not in parts else None

    @cached_property
    def assessed(self) -> Decimal | None:
        """Return the assessed balance of all periods: what decides thresholds."""
        return self._sum(self.facts.assessed, "assessed")

    @cached_property
    def total(self) -> Decimal | None:
        """Return what is owed today; the assessed balance where that is all that is known."""
        return self.facts.total_now if self.facts.total_now is not None else self.assessed

    @cached_property
    def tax(self) -> Decimal | None:
        """Return the unpaid tax alone."""
        return self._sum(self.facts.tax_only, "tax")

    @cached_property
    def penalties(self) -> Decimal | None:
        """Return the assessed penalties of all periods."""
        return self._sum(self.facts.penalties, "penalty")

    @cached_property
    def trust_fund(self) -> bool | None:
        """Say whether any payroll tax is in the debt."""
        if self.facts.trust_fund is not None or not self.periods:
            return self.facts.trust_fund
        return any_of(period.trust_fund for period in self.periods)

    @cached_property
    def timely(self) -> bool | None:
        """Say whether every return of this debt was filed on time."""
        if self.facts.filed_on_time_this_debt is not None or not self.periods:
            return self.facts.filed_on_time_this_debt
        return all_of(period.filed_on_time for period in self.periods)

    @cached_property
    def individual(self) -> bool | None:
        """Say whether the person owes, rather than a company or the like."""
        kind = self.facts.taxpayer_type
        return None if kind is None else kind in INDIVIDUALS

    @cached_property
    def disputed(self) -> bool | None:
        """Say whether the debt, or whose it is, is in doubt."""
        if self.facts.disputes:
            return True
        return any_of((self.facts.disputed, self.facts.spouse_issue))

    @cached_property
    def paper(self) -> IrsNotice | None:
        """Return the newest notice as the catalogue knows it."""
        return notices.find(self.facts.notice).one if self.facts.notice else None

    def _told(
        self, stated: bool | None, *phases: notices.Phase, appeal: notices.Appeal | None
    ) -> bool | None:
        """Return what was stated; else True where the newest notice says so."""
        if stated is not None or self.paper is None or self.paper.phase not in phases:
            return stated
        return True if appeal is None or appeal in self.paper.appeals else stated

    @cached_property
    def final_notice(self) -> bool | None:
        """Say whether a notice opened the hearing about a levy, before it or after (errata A20)."""
        phases = (notices.Phase.FINAL_LEVY_CDP, notices.Phase.AFTER_LEVY)
        return self._told(self.facts.final_notice, *phases, appeal=notices.Appeal.CDP)

    @cached_property
    def levy_active(self) -> bool | None:
        """Say whether something is being taken now."""
        return self._told(self.facts.levy_active, notices.Phase.AFTER_LEVY, appeal=None)

    @cached_property
    def lien_filed(self) -> bool | None:
        """Say whether a public lien notice is filed."""
        return self._told(self.facts.nftl_filed, notices.Phase.AFTER_LIEN, appeal=None)

    @cached_property
    def levy_warned(self) -> bool:
        """Say whether a notice of intent to levy went out: CP504 is one, every final notice as well."""
        if self.facts.levy_notice_dated is not None or self.final_notice or self.levy_active:
            return True
        return self.paper is not None and "D3" in self.paper.rules

    @cached_property
    def months_left(self) -> int:
        """Return the whole months until the first of the ten-year clocks ends (26 U.S.C. 6502(a)).

        Clocks that seem to be over are left out while others run; without any day, the whole ten years.
        """
        if self.facts.csed_months is not None:
            return self.facts.csed_months
        years = self.on("deadlines.collection.years").count
        ends = [one.assessed_on for one in self.periods if one.assessed_on is not None]
        left = [years * 12 - cost.months_late(start, self.day) for start in ends]
        running = [months for months in left if months > 0]
        return min(running) if running else (0 if left else years * 12)

    @cached_property
    def assumed(self) -> tuple[Remark, ...]:
        """Return what had to be taken for granted, to be said beside every result."""
        said = []
        if self.facts.total_now is None and self.assessed is not None:
            said.append(Remark("total_is_assessed"))
        if self.facts.csed_months is None and not any(one.assessed_on for one in self.periods):
            said.append(Remark("clock_is_full", {"months": self.months_left}))
        elif self.months_left == 0:
            said.append(Remark("clock_may_be_over"))
        if self.total is not None and self.tax is None:
            said.append(Remark("all_counted_as_tax"))
        if self.timely is None and self.individual is not False:
            said.append(Remark("counted_as_filed_late"))
        return tuple(said)

    # ------------------------------------------------------------ what plans cost

    @cached_property
    def owed(self) -> cost.Owed | None:
        """Return tax, penalty and interest owed today; what is not split counts as tax."""
        if self.total is None:
            return None
        penalty = min(self.penalties or NOTHING, self.total)
        tax = self.total - penalty if self.tax is None else min(self.tax, self.total)
        penalty = min(penalty, self.total - tax)
        return cost.Owed(tax, penalty, self.total - tax - penalty, self.day)

    def owed_after(self, paid: Decimal) -> cost.Owed | None:
        """Return what is owed once `paid` was paid at once: it goes to tax, then penalty, then interest."""
        if self.owed is None:
            return None
        tax = max(NOTHING, self.owed.tax - paid)
        paid -= self.owed.tax - tax
        penalty = max(NOTHING, self.owed.penalty - paid)
        paid -= self.owed.penalty - penalty
        return cost.Owed(tax, penalty, max(NOTHING, self.owed.interest - paid), self.day)

    @property
    def first(self) -> date:
        """Return the day of the first payment of a plan: a month from now."""
        return cost.payment_day(self.day, 1)

    def lower_rate(self, agreement: bool) -> bool:
        """Say whether the lower failure-to-pay rate of an agreement holds (26 U.S.C. 6651(h))."""
        return agreement and self.timely is True and self.individual is True

    @cached_property
    def simple_months(self) -> int:
        """Return the longest term of a Simple Payment Plan, capped by the ten-year clock."""
        longest = self.held("plans.simple.months")
        return min(longest.count if longest else self.months_left, self.months_left)

    @cached_property
    def short_payments(self) -> int:
        """Return how many monthly payments fit into a short-term plan."""
        days = self.on("plans.short_term.days").count
        count = 0
        while (cost.payment_day(self.day, count + 1) - self.day).days <= days:
            count += 1
        return count

    def least(self, months: int, owed: cost.Owed | None = None, *, agreement: bool = True) -> Decimal | None:
        """Return the least monthly payment that pays everything in `months`, accruals included.

        None where the debt is unknown or no month is left.
        """
        owed = owed or self.owed
        if owed is None or months < 1:
            return None
        if not owed.total:
            return NOTHING
        key = (owed.total, months, agreement)
        if key not in self._least:
            self._least[key] = cost.least_payment(
                self.params,
                owed,
                min(months, cost.LONGEST),
                self.first,
                timely=self.lower_rate(agreement),
                levied=self.levy_warned,
            )
        return self._least[key]

    def pays(
        self, monthly: Decimal | None, months: int, owed: cost.Owed | None = None, *, agreement: bool = True
    ) -> bool | None:
        """Say whether `monthly` pays everything in `months`, accruals included (errata C6)."""
        owed = owed or self.owed
        if owed is not None and months < 1:
            return not owed.total
        least = self.least(months, owed, agreement=agreement)
        return None if least is None or monthly is None else monthly >= least

    @cached_property
    def full_by_clock(self) -> bool | None:
        """Say whether the monthly capacity, with reachable equity paid first, pays all in the ten years."""
        capacity = self.facts.monthly_capacity
        if capacity is None or self.owed is None:
            return None
        if capacity > 0 and self.pays(capacity, self.months_left):
            return True
        if self.reachable is None:
            return None
        after = self.owed_after(self.reachable)
        return (
            not after.total or (capacity > 0 and bool(self.pays(capacity, self.months_left, after)))
            if after
            else None
        )

    @cached_property
    def reachable(self) -> Decimal | None:
        """Return the equity that can be borrowed on or sold without hardship (errata D9)."""
        equity = self.facts.equity_nre
        if equity is not None and equity <= self.on("options.equity.small").amount:
            return NOTHING
        if self.facts.equity_reachable is False:
            return NOTHING
        return equity if self.facts.equity_reachable or equity is None else None

    @cached_property
    def offer(self) -> budget.Potential | None:
        """Return what the IRS could expect to collect, with its sums, from the equity as one amount."""
        equity, left = self.facts.equity_nre, self.facts.monthly_capacity
        if equity is None or left is None:
            return None
        step = Remark("equity_together", {"equity": equity})
        one = budget.Equity(budget.Kind.OTHER, equity, equity, NOTHING, NOTHING, equity, step)
        owned = budget.Equities((one,))
        return budget.potential(self.params, self.day, owned, left, self.months_left)

    @property
    def potential(self) -> Decimal | None:
        """Return about the least an offer must reach: as told, else as worked out."""
        if self.facts.rcp_min is not None:
            return self.facts.rcp_min
        return None if self.offer is None else self.offer.least


@lru_cache(maxsize=16)
def standing(facts: Facts, params: Parameters, day: date) -> Standing:
    """Return the facts measured on `day`; asked again for the same facts, the same object."""
    return Standing(facts, params, day)
