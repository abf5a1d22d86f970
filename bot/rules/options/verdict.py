"""What is said about one option, and how it is put together."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.model import Reason, Remark
from bot.rules import budget, cost
from bot.rules.figures import behind
from bot.rules.parameters import check_first
from bot.rules.standing import NOTHING, Standing, all_of, negated
from bot.rules.verification import number, phones

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from decimal import Decimal

    from bot.model import Confidence, Source, Value
    from bot.rules.facts import Facts
    from bot.rules.parameters import Parameters


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
    """One option for these facts: each condition, and what choosing it would bring.

    `arithmetic` are the sums of an offer, in words of `budget.j2`.
    """

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
    check_first: bool
    cost: Cost | None = None
    arithmetic: tuple[Remark, ...] = ()

    @property
    def fits(self) -> bool | None:
        """Say whether every condition is met; None while one is unknown and none is unmet."""
        return all_of(reason.met for reason in self.reasons)

    @property
    def ask(self) -> tuple[str, ...]:
        """Return the facts that would settle what is unknown."""
        return unknown(self.reasons)


OPTIONS: dict[str, Callable[[Facts, Parameters, date], Verdict]] = {}


def option(
    rule: Callable[[Facts, Parameters, date], Verdict],
) -> Callable[[Facts, Parameters, date], Verdict]:
    """Register `rule` under its name as an option."""
    OPTIONS[rule.__name__] = rule
    return rule


def unknown(reasons: Iterable[Reason]) -> tuple[str, ...]:
    """Return, each once, the facts that the reasons not known yet wait for."""
    return tuple(dict.fromkeys(name for one in reasons if one.met is None for name in one.args["ask"]))


def reason(
    name: str,
    met: bool | None,
    figure: Value,
    ask: str = "",
    change: Remark | None = None,
    **args: Any,
) -> Reason:
    """Return a condition by the figure it rests on.

    `ask` names the facts that settle it, `change` what would turn a no; both stand in `args` with the figure.
    """
    args |= {"ask": tuple(ask.split()), "figure": figure}
    return Reason(name, met, figure.source, args, change if met is False else None)


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
    sums: budget.Potential | None = None,
) -> Verdict:
    """Return the verdict of an option from its conditions and its description, and the sums it rests on."""
    value = described(option_id, at)
    held: Any = value.figure
    began = at.params.series(value.name)[0].since
    begun = () if began <= at.day else (reason("in_force", False, value, since=began),)
    conditions = (*begun, *reasons)
    fees = _fees(held["fee"], held["how"], at)
    lien, how = lien_outlook(option_id, at), _how(held["how"], held["track"], at)
    notes = (*(Remark(name) for name in held["notes"]), *_also(held, at), *notes)
    blocks = [f"what_{option_id}", f"lien_{lien}", f"levy_{held['levy']}", f"clock_{held['clock']}"]
    blocks += [
        f"time_{held['time']}",
        *(f"how_{one.name}" for one in how),
        *(f"note_{one.name}" for one in notes),
    ]
    named = [one for block in blocks for one in behind("options", block, at.params, at.day).values()]
    return Verdict(
        option_id,
        conditions,
        lien,
        held["levy"],
        held["clock"],
        fees,
        held["forms"],
        how,
        held["time"],
        held["in_writing"],
        notes,
        held["refer"],
        held["track"],
        value.source,
        value.confidence,
        any(
            check_first(one, at.day)
            for one in (
                value,
                *named,
                *(sums.figures if sums else ()),
                *(fee.value for fee in fees),
                *(one.args["figure"] for one in conditions),
            )
        ),
        plan(fees) if plan else None,
        tuple({one.name: one for one in (*sums.steps, *sums.remarks)}.values()) if sums else (),
    )


def plan_cost(
    at: Standing,
    monthly: Decimal | None,
    months: int,
    fees: tuple[Fee, ...],
    owed: cost.Owed | None = None,
    *,
    agreement: bool = True,
) -> Cost | None:
    """Return what paying `monthly` for at most `months` costs, or None where that cannot be said.

    `owed` is the balance where it is not all that is owed today.
    """
    owed = owed or at.owed
    if owed is None or monthly is None or cost.cents(monthly) <= 0 or months < 1 or not owed.total:
        return None
    run = cost.simulate(
        at.params,
        owed,
        cost.cents(monthly),
        at.first,
        timely=at.lower_rate(agreement),
        levied=at.levy_warned,
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


def lien_outlook(option_id: str, at: Standing) -> Lien:
    """Return what to expect about a public notice, by the option and the balance of all periods.

    The lines are working lines of the IRS, not safe harbours (errata A18); B6: it may file at any amount.
    """
    held: Any = described(option_id, at).figure
    if at.lien_filed:
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
            at.on("options.gate.returns_filed"),
            "returns_filed_all",
            Remark("file_returns", {"years": facts.unfiled_years}),
        ),
        reason(
            "current_year_paid",
            at.current_year_paid,
            at.on("options.gate.current_year_paid"),
            "current_year_paid",
            Remark("make_deposits" if facts.deposits_current is False else "pay_current_year"),
        ),
        reason(
            "no_open_bankruptcy",
            negated(facts.open_bankruptcy),
            at.on("options.gate.no_open_bankruptcy"),
            "open_bankruptcy",
            Remark("ask_bankruptcy_attorney"),
        ),
    )


def online(at: Standing) -> bool:
    """Say whether a plan may be asked for online: not a business, not a revenue officer's case."""
    return at.individual is not False and not at.facts.revenue_officer


def _how(ways: Iterable[str], track: str, at: Standing) -> tuple[Remark, ...]:
    shown = phones(at.params, at.day)
    found = []
    for way in ways:
        if way == "online" and not online(at):
            continue
        if way == "officer" and not at.facts.revenue_officer:
            continue
        if at.facts.revenue_officer and track in ("plan", "hardship") and way in ("phone", "mail", "office"):
            way = "officer"
        if way in ("phone", "advocate"):
            business = "businesses" if at.individual is False else "individuals"
            line = shown.get("taxpayer_advocate" if way == "advocate" else business)
            found.append(Remark(way, number(line, at.day)))
        else:
            found.append(Remark(way))
    return tuple({one.name: one for one in found}.values())


def _also(held: Any, at: Standing) -> tuple[Remark, ...]:
    low = held["fee"] != "none" and at.facts.low_income_250 is None
    spouses = at.facts.joint_return and held["track"] in ("plan", "offer", "hardship")
    return (
        *((Remark("low_income_pays_less"),) if low else ()),
        *((Remark("each_spouse"),) if spouses else ()),
    )


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
            f"{debit}_{way}": f"fees.plan.{debit}.{way}"
            for debit in ("direct_debit", "no_direct_debit")
            for way in by
        }
    held = {name: at.held(figure) for name, figure in names.items()}
    return tuple(Fee(name, value.amount, value) for name, value in held.items() if value is not None)
