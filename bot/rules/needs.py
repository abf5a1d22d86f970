"""What is still worth asking about the money: a fact that cannot change the way out is not asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.rules import budget
from bot.rules.options import rank
from bot.rules.standing import standing

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.rules.facts import Facts
    from bot.rules.matter import Matter
    from bot.rules.options import Ranking
    from bot.rules.parameters import Parameters

NOTHING = Decimal(0)
PAYS_AT_ONCE = ("full_pay", "short_term")
PLANS = ("simple_payment_plan", "nsia", "guaranteed_ia", "in_business_trust_fund_ia")


@lru_cache(maxsize=256)
def _ranked(facts: Facts, params: Parameters, day: date) -> Ranking:
    return rank(facts, params, day)


def settled(matter: Matter, *, csed_months: int | None = None) -> Ranking:
    """Return the ways to pay as they are once what comes before them is done.

    Taken as done: the contact is checked, returns are filed, this year is paid, a dispute is over. With
    `csed_months` the ten-year clock is taken to have so many months left.
    """
    done = replace(
        matter.facts,
        contact_verified=True,
        returns_filed_all=True,
        unfiled_years=None,
        current_year_paid=True,
        deposits_current=matter.facts.deposits_current is False or matter.facts.deposits_current,
        disputed=False,
        disputes=None,
        spouse_issue=False,
        csed_months=matter.facts.csed_months if csed_months is None else csed_months,
    )
    return _ranked(done, matter.params, matter.today)


def total(matter: Matter) -> Decimal | None:
    """Return what is owed in all."""
    return standing(matter.facts, matter.params, matter.today).total


def fits(matter: Matter, *options: str) -> bool:
    """Say whether one of these ways is open once what comes before is done."""
    ranking = settled(matter)
    return any(ranking.verdict(one).fits for one in options)


def plan_fits(matter: Matter) -> bool:
    """Say whether a way that needs no budget is open: paying at once, a plan, or paying down to a plan."""
    return fits(matter, *PAYS_AT_ONCE, *PLANS) or settled(matter).lead.name == "pay_down_then_simple"


def clock_decides(matter: Matter) -> bool:
    """Say whether a ten-year clock as short as it can be would change the way out.

    A return is not due, and so mostly not assessed, before the year after its own.
    """
    years = [one.year for one in matter.periods if one.year is not None]
    if not years:
        return False
    whole = matter.params.on(matter.today, "deadlines.collection.years").count * 12
    shortest = max(0, whole - 12 * (matter.today.year - min(years) - 1) - matter.today.month)
    return settled(matter, csed_months=shortest).lead.name != settled(matter).lead.name


def reach_is_open(matter: Matter) -> bool:
    """Say whether it is open if what is owned can be borrowed on or sold."""
    at = standing(replace(matter.facts, equity_reachable=None), matter.params, matter.today)
    return at.facts.equity_nre is not None and at.reachable is None


def low_income_line(matter: Matter) -> budget.LowIncome | None:
    """Return the 250 % line for the household; None where its people or its state are not known."""
    people, state = matter.said.get("household.people"), matter.said.get("household.state")
    if people is None or state is None:
        return None
    return budget.low_income(matter.params, matter.today, people, state)


# ---------------------------------------------------------------- amounts to tap


def _of_total(matter: Matter) -> tuple[tuple[str, Decimal], ...]:
    owed = total(matter)
    return (("all", owed),) if owed else ()


def needed_by_180(matter: Matter) -> Decimal | None:
    """Return what a short-term plan takes in all, in whole dollars: what runs on is in it."""
    for reason in settled(matter).verdict("short_term").reasons:
        if reason.name == "pays_in_180_days" and reason.args["needed"] is not None:
            return whole_dollars(reason.args["needed"])
    return None


@dataclass(frozen=True, slots=True)
class Least:
    """The least monthly payment of a plan in whole dollars, and its months."""

    plan: str
    amount: Decimal
    months: int


def least(matter: Matter) -> Least | None:
    """Return what the first plan takes that is open but for the payment; None where there is none."""
    ranking = settled(matter)
    for plan in PLANS[:2]:
        reasons = {one.name: one for one in ranking.verdict(plan).reasons}
        term = reasons.pop("pays_in_term")
        if term.args["least"] is not None and all(one.met is not False for one in reasons.values()):
            return Least(plan, whole_dollars(term.args["least"]), term.args["months"])
    return None


def whole_dollars(amount: Decimal) -> Decimal:
    """Return the next whole dollar."""
    return amount.to_integral_value(rounding="ROUND_CEILING")


def yearly_cost(matter: Matter) -> Decimal:
    """Return what owing the IRS costs a year without a plan, in percent."""
    at = standing(matter.facts, matter.params, matter.today)
    monthly = "after_levy_notice_percent" if at.levy_warned else "percent"
    return at.on("interest.underpayment").amount + 12 * at.on(f"penalties.failure_to_pay.{monthly}").amount


def offer_least(matter: Matter) -> Decimal | None:
    """Return about the least an offer must reach, by the budget."""
    return standing(matter.facts, matter.params, matter.today).potential


def _offer(matter: Matter) -> tuple[tuple[str, Decimal], ...]:
    amount = offer_least(matter)
    return (("least", amount),) if amount else ()


def _by_180(matter: Matter) -> tuple[tuple[str, Decimal], ...]:
    needed = needed_by_180(matter)
    return (("all", needed),) if needed else ()


def _borrow(matter: Matter) -> tuple[tuple[str, Decimal], ...]:
    owed = total(matter)
    rest = None if owed is None else owed - (matter.money.now or NOTHING)
    return (("rest", rest),) if rest is not None and rest > 0 else ()


def _monthly(matter: Matter) -> tuple[tuple[str, Decimal], ...]:
    found, left = least(matter), matter.money.left
    amounts = [("least", found.amount)] if found else []
    if left is not None and left > 0 and (not found or left != found.amount):
        amounts.append(("left", left))
    return tuple(amounts)


def _agreed(matter: Matter) -> tuple[tuple[str, Decimal], ...]:
    if matter.way is None:
        return ()
    cost = matter.ways.outline(matter.way.name).cost
    return (("plan", cost.monthly),) if cost is not None else ()


def _standard(line: str) -> Callable[[Matter], tuple[tuple[str, Decimal], ...]]:
    def allowed(matter: Matter) -> tuple[tuple[str, Decimal], ...]:
        counted = matter.money.line(line).allowed
        return (("allowed", counted),) if counted else ()

    return allowed


SUGGESTS: dict[str, Callable[[Matter], tuple[tuple[str, Decimal], ...]]] = {
    "budget.everyday": _standard("national"),
    "budget.health": _standard("out_of_pocket_health"),
    "money.now": _of_total,
    "money.by_180": _by_180,
    "money.borrow": _borrow,
    "money.monthly": _monthly,
    "money.offer_funds": _offer,
    "follow.amount": _agreed,
}


def suggested(matter: Matter, key: str) -> tuple[tuple[str, Decimal], ...]:
    """Return amounts worth a button under this question, each by the name of its words."""
    return SUGGESTS[key](matter) if key in SUGGESTS else ()


def _count(matter: Matter, figure: str) -> int:
    return matter.params.on(matter.today, figure).count


def _amount(matter: Matter, figure: str) -> Decimal:
    return matter.params.on(matter.today, figure).amount


SPEAKS_OF: dict[str, dict[str, Callable[[Matter], object]]] = {
    "money.borrow": {"yearly": yearly_cost},
    "money.loan": {"yearly": yearly_cost},
    "money.by_180": {"days": lambda matter: _count(matter, "plans.short_term.days")},
    "money.assessed": {"years": lambda matter: _count(matter, "deadlines.collection.years")},
    "money.penalized": {"years": lambda matter: _count(matter, "options.first_time.clean_years")},
    "money.late_before": {"years": lambda matter: _count(matter, "plans.guaranteed.clean_years")},
    "budget.incomes": {
        "weekly": lambda matter: _amount(matter, "standards.conversion.weekly"),
        "biweekly": lambda matter: _amount(matter, "standards.conversion.biweekly"),
    },
    "budget.assets": {"quick_sale": lambda matter: _amount(matter, "offer.quick_sale_percent")},
    "budget.couple": {
        "single": lambda matter: _count(matter, "standards.transport.cars_single"),
        "couple": lambda matter: _count(matter, "standards.transport.cars_couple"),
    },
    "asset.payment": {"standard": lambda matter: _amount(matter, "standards.transport.ownership")},
    "money.offer_funds": {"offer": offer_least},
    "money.low_income": {"low_income": low_income_line},
    "money.monthly": {"least": least},
}


def spoken_of(matter: Matter, key: str) -> dict[str, object]:
    """Return what the words of a question about money speak of, beside the facts."""
    return {name: of(matter) for name, of in SPEAKS_OF.get(key, {}).items()}
