"""What is said about one option, and the figures all options are measured by."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from bot.model import Reason, Remark, Source, Value
from bot.rules import cost
from bot.rules.parameters import TooEarlyError
from bot.rules.verification import phones

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from bot.model import Confidence
    from bot.rules.facts import Facts, Period
    from bot.rules.parameters import Parameters

INDIVIDUALS = ("individual", "self_employed", "closed_sole_prop")
NOTHING = Decimal(0)
CENT = Decimal("0.01")


class Lien(StrEnum):
    """What to expect about the public notice of the lien. The IRS decides."""

    AVOIDED = "avoided"
    USUALLY_AVOIDED = "usually_avoided"
    POSSIBLE = "possible"
    EXPECT_FILING = "expect_filing"
    UNCHANGED = "unchanged"  # the option by itself changes nothing
    RELEASED = "released"  # a filed notice is released
    STAYS = "stays"  # a filed notice stays


@dataclass(frozen=True, slots=True)
class Fee:
    """What setting up costs, US dollars; `name` says by which way."""

    name: str
    amount: Decimal
    value: Value


@dataclass(frozen=True, slots=True)
class Cost:
    """What an option costs from the day asked about on, US dollars: an estimate by `cost.simulate`.

    `left` is what is still owed when the time is over; `fee` the cheapest way to set it up.
    """

    monthly: Decimal
    payments: int
    total: Decimal
    interest: Decimal
    penalty: Decimal
    fee: Decimal
    last_payment: date | None
    left: Decimal
    projected_from: date | None
    cautions: tuple[Remark, ...]

    @property
    def with_fee(self) -> Decimal:
        """Return all that is paid, the fee included."""
        return self.total + self.fee


@dataclass(frozen=True, slots=True)
class Verdict:
    """One option for these facts: each condition, and what choosing it would bring."""

    option: str
    reasons: tuple[Reason, ...]
    lien: Lien
    levy: str
    clock: str
    fees: tuple[Fee, ...]
    forms: tuple[str, ...]
    how: tuple[Remark, ...]
    time: str
    in_writing: tuple[str, ...]
    notes: tuple[Remark, ...]
    refer: bool
    track: str
    source: Source
    confidence: Confidence
    firm: bool
    stale: bool
    cost: Cost | None = None

    @property
    def fits(self) -> bool | None:
        """Say whether every condition is met; None while one is unknown and none is unmet."""
        return all_of(reason.met for reason in self.reasons)

    @property
    def ask(self) -> tuple[str, ...]:
        """Return the facts that would settle what is unknown."""
        return unknown(self.reasons)


Rule = "Callable[[Facts, Parameters, date], Verdict]"
OPTIONS: dict[str, Callable[[Facts, Parameters, date], Verdict]] = {}


def option(
    rule: Callable[[Facts, Parameters, date], Verdict],
) -> Callable[[Facts, Parameters, date], Verdict]:
    """Register `rule` under its name as an option."""
    OPTIONS[rule.__name__] = rule
    return rule


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


def unknown(reasons: Iterable[Reason]) -> tuple[str, ...]:
    """Return, each once, the facts that the reasons not known yet wait for."""
    return tuple(dict.fromkeys(name for one in reasons if one.met is None for name in one.args["ask"]))


def reason(
    name: str,
    met: bool | None,
    source: Source,
    ask: str = "",
    change: Remark | None = None,
    **args: Any,
) -> Reason:
    """Return a condition; `ask` names the facts that settle it, `change` what would turn a no."""
    args["ask"] = tuple(ask.split())
    return Reason(name, met, source, args, change if met is False else None)


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
    def months_left(self) -> int:
        """Return the whole months until the first of the ten-year clocks ends (26 U.S.C. 6502(a)).

        Clocks that seem to be over are left out while others run; without any day, the whole ten years.
        """
        if self.facts.csed_months is not None:
            return self.facts.csed_months
        years = self.on("collection.years").count
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

    @property
    def levied(self) -> bool:
        """Say whether a notice of intent to levy raised failure to pay (CP504 counts)."""
        facts = self.facts
        return facts.levy_notice_dated is not None or bool(facts.final_notice) or bool(facts.levy_active)

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

    def least(
        self, months: int, owed: cost.Owed | None = None, *, agreement: bool = True
    ) -> Decimal | None:
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
                levied=self.levied,
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

    def plan(
        self, monthly: Decimal | None, months: int, fees: tuple[Fee, ...], *, agreement: bool = True
    ) -> Cost | None:
        """Return what paying `monthly` for at most `months` costs."""
        if self.owed is None or monthly is None or monthly <= 0 or months < 1 or not self.owed.total:
            return None
        run = cost.simulate(
            self.params,
            self.owed,
            monthly.quantize(CENT),
            self.first,
            timely=self.lower_rate(agreement),
            levied=self.levied,
            months=min(months, cost.LONGEST),
        )
        return Cost(
            run.monthly,
            run.payments,
            run.total,
            run.interest,
            run.penalty,
            min((fee.amount for fee in fees), default=NOTHING),
            run.last_payment,
            run.left,
            run.projected_from,
            run.cautions,
        )

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
    def potential(self) -> Decimal | None:
        """Return the least the IRS could expect to collect (26 U.S.C. 7122; IRM 5.8.5)."""
        facts = self.facts
        if facts.rcp_min is not None or facts.equity_nre is None or facts.monthly_capacity is None:
            return facts.rcp_min
        months = min(self.on("offer.multiplier.lump_sum").count, self.months_left)
        return facts.equity_nre + max(NOTHING, facts.monthly_capacity) * months


@lru_cache(maxsize=16)
def standing(facts: Facts, params: Parameters, day: date) -> Standing:
    """Return the facts measured on `day`; asked again for the same facts, the same object."""
    return Standing(facts, params, day)


# ---------------------------------------------------------------- putting a verdict together


def described(option_id: str, at: Standing) -> Value:
    """Return the description of an option; before its first day, its first description."""
    name = f"options.option.{option_id}"
    return at.held(name) or at.params.series(name)[0]


def verdict(
    option_id: str,
    at: Standing,
    reasons: Iterable[Reason],
    notes: Iterable[Remark] = (),
    plan: Callable[[tuple[Fee, ...]], Cost | None] | None = None,
) -> Verdict:
    """Return the verdict of an option from its conditions and its description."""
    value = described(option_id, at)
    held: Any = value.figure
    began = at.params.series(value.name)[0].since
    begun = () if began <= at.day else (reason("in_force", False, value.source, since=began),)
    fees = _fees(held["fee"], held["how"], at)
    return Verdict(
        option_id,
        (*begun, *reasons),
        lien_outlook(option_id, at),
        held["levy"],
        held["clock"],
        fees,
        held["forms"],
        _how(held["how"], at),
        held["time"],
        held["in_writing"],
        (*(Remark(name) for name in held["notes"]), *notes),
        held["refer"],
        held["track"],
        value.source,
        value.confidence,
        value.firm,
        value.stale(at.day),
        plan(fees) if plan else None,
    )


def lien_outlook(option_id: str, at: Standing) -> Lien:
    """Return what to expect about a public notice, by the option and the balance of all periods.

    The lines are working lines of the IRS, not safe harbours (errata A18); B6: it may file at any amount.
    """
    held: Any = described(option_id, at).figure
    if at.facts.nftl_filed:
        if option_id == "full_pay":
            return Lien.RELEASED
        return Lien.UNCHANGED if held["lien"] == Lien.UNCHANGED else Lien.STAYS
    if held["lien"] == "by_amount":
        if at.assessed is None:
            return Lien.POSSIBLE
        below = at.assessed < at.on("plans.lien.hardship_line").amount
        return Lien.USUALLY_AVOIDED if below else Lien.EXPECT_FILING
    outlook = Lien(held["lien"])
    if outlook is Lien.EXPECT_FILING and at.assessed is not None:
        return outlook if at.assessed >= at.on("plans.lien.general_line").amount else Lien.POSSIBLE
    return outlook


def gate(at: Standing) -> tuple[Reason, ...]:
    """Return the conditions of every agreement and offer."""
    facts = at.facts
    return (
        reason(
            "returns_filed",
            facts.returns_filed_all,
            at.on("options.gate.returns_filed").source,
            "returns_filed_all",
            Remark("file_returns", {"years": facts.unfiled_years}),
        ),
        reason(
            "current_year_paid",
            facts.current_year_paid,
            at.on("options.gate.current_year_paid").source,
            "current_year_paid",
            Remark("pay_current_year"),
        ),
        reason(
            "no_open_bankruptcy",
            negated(facts.open_bankruptcy),
            at.on("options.gate.no_open_bankruptcy").source,
            "open_bankruptcy",
            Remark("ask_bankruptcy_attorney"),
        ),
    )


def online(at: Standing) -> bool:
    """Say whether a plan may be asked for online: not a business, not a revenue officer's case."""
    return at.individual is not False and not at.facts.revenue_officer


def _how(ways: Iterable[str], at: Standing) -> tuple[Remark, ...]:
    shown = phones(at.params, at.day)
    found = []
    for way in ways:
        if way == "online" and not online(at):
            continue
        if way == "officer" and not at.facts.revenue_officer:
            continue
        if way in ("phone", "mail", "office") and at.facts.revenue_officer:
            way = "officer"  # noqa: PLW2901  the officer has the case: every way leads through them
        if way == "phone":
            line = shown.get("businesses" if at.individual is False else "individuals")
            found.append(Remark(way, {"number": line.text if line else None}))
        elif way == "advocate":
            line = shown.get("taxpayer_advocate")
            found.append(Remark(way, {"number": line.text if line else None}))
        else:
            found.append(Remark(way))
    return tuple(dict((one.name, one) for one in found).values())


def _fees(kind: str, ways: Iterable[str], at: Standing) -> tuple[Fee, ...]:
    low = at.facts.low_income_250
    if kind == "offer":
        if low:
            return ()
        fee = at.held("offer.fee")
        return (Fee("offer", fee.amount, fee),) if fee else ()
    if kind != "long_term":
        return ()
    if low:
        names = {
            "low_income_direct_debit": "fees.plan.low_income.direct_debit",
            "low_income_no_direct_debit": "fees.plan.low_income.no_direct_debit",
        }
    else:
        by = ("online", "other") if "online" in ways and online(at) else ("other",)
        names = {
            f"{debit}_{way}": f"fees.plan.{debit}.{way}" for debit in ("direct_debit", "no_direct_debit") for way in by
        }
    held = {name: at.held(figure) for name, figure in names.items()}
    return tuple(Fee(name, value.amount, value) for name, value in held.items() if value is not None)
