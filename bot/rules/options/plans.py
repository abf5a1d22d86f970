"""Paying: at once, within 180 days, or month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import Reason, Remark
from bot.rules.options.verdict import Cost, Fee, Verdict, described, gate, option, plan_cost, reason, verdict
from bot.rules.standing import NOTHING, Standing, all_of, any_of, negated, standing

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from bot.model import Value
    from bot.rules.facts import Facts
    from bot.rules.parameters import Parameters


@option
def full_pay(facts: Facts, params: Parameters, day: date) -> Verdict:
    """Say whether everything can be paid now, of one's own or by a loan cheaper than owing the IRS."""
    at = standing(facts, params, day)
    figure = described("full_pay", at)
    funds = facts.can_pay_now
    notes = []
    yearly = at.on("interest.underpayment").amount + 12 * _monthly_percent(at)
    if facts.can_borrow and facts.loan_percent is not None:
        cheaper = facts.loan_percent < yearly
        notes.append(Remark("loan", {"loan": facts.loan_percent, "irs": yearly, "cheaper": cheaper}))
        funds = (funds or NOTHING) + facts.can_borrow if cheaper else funds
    met = None if funds is None or at.total is None else funds >= at.total
    short = None if met is not False or funds is None or at.total is None else at.total - funds
    return verdict(
        "full_pay",
        at,
        [
            reason(
                "can_pay_all",
                met,
                figure,
                "can_pay_now" if at.total is not None else "assessed can_pay_now",
                Remark("find_more", {"short": short}),
                total=at.total,
            )
        ],
        notes,
    )


def _monthly_percent(at: Standing) -> Decimal:
    """Return the failure-to-pay rate a month without a plan, in percent."""
    name = "after_levy_notice_percent" if at.levy_warned else "percent"
    return at.on(f"penalties.failure_to_pay.{name}").amount


@option
def short_term(facts: Facts, params: Parameters, day: date) -> Verdict:
    """Say whether everything can be paid within 180 days, accruals included.

    The dollar line and "individuals only" are rules of the online form, not of the plan (errata A16).
    """
    at = standing(facts, params, day)
    days = at.on("plans.short_term.days")
    line = at.on("plans.short_term.online_limit")
    count = at.short_payments
    monthly = None if facts.can_pay_180 is None else facts.can_pay_180 / count
    least = at.least(count, agreement=False)
    met = at.pays(monthly, count, agreement=False)
    needed = None if least is None else least * count
    notes = []
    if (at.total is not None and at.total >= line.amount) or at.individual is False:
        notes.append(Remark("short_term_by_phone", {"limit": line.amount}))
    returns, _, bankruptcy = gate(at)
    return verdict(
        "short_term",
        at,
        [
            returns,
            bankruptcy,
            reason(
                "pays_in_180_days",
                met,
                days,
                "can_pay_180" if at.total is not None else "assessed can_pay_180",
                Remark("find_by_then", {"needed": needed, "days": days.count}),
                days=days.count,
                needed=needed,
            ),
        ],
        notes,
        lambda fees: plan_cost(at, short_payment(at), count, fees, agreement=False),
    )


def short_payment(at: Standing) -> Decimal | None:
    """Return the monthly payment a short-term plan is reckoned with: the proposed one, at least the least."""
    least = at.least(at.short_payments, agreement=False)
    proposed = at.facts.proposed_payment
    return least if least is None or proposed is None else max(least, proposed)


@option
def guaranteed_ia(facts: Facts, params: Parameters, day: date) -> Verdict:
    """Say whether the IRS must agree to a plan (26 U.S.C. 6159(c))."""
    at = standing(facts, params, day)
    limit = at.on("plans.guaranteed.limit")
    months = min(at.on("plans.guaranteed.months").count, at.months_left)
    tax, at_once = at.tax, full_pay(facts, params, day).fits
    if tax is None and at.assessed is not None and at.assessed <= limit.amount:
        tax = at.assessed  # the tax alone is no more than that
    income_tax = facts.income_tax_only if facts.income_tax_only is not None or not at.trust_fund else False
    return verdict(
        "guaranteed_ia",
        at,
        [
            *gate(at),
            _individual(at, limit),
            reason("income_tax_only", income_tax, limit, "income_tax_only"),
            reason(
                "tax_within_limit",
                None if tax is None else tax <= limit.amount,
                limit,
                "tax_only",
                None if tax is None else Remark("pay_down", {"amount": tax - limit.amount}),
                limit=limit.amount,
            ),
            reason(
                "clean_five_years",
                negated(facts.late_or_ia_last_5y),
                limit,
                "late_or_ia_last_5y",
                years=at.on("plans.guaranteed.clean_years").count,
            ),
            reason("cannot_pay_at_once", negated(at_once), limit, "can_pay_now"),
            _affordable(at, months, limit),
        ],
        plan=lambda fees: _own_plan(at, months, fees),
    )


@option
def simple_payment_plan(facts: Facts, params: Parameters, day: date) -> Verdict:
    """Say whether the debt fits a Simple Payment Plan, and by how much too large it is.

    The limit is on what is assessed: penalties and interest still running do not count. The payment is the
    person's own proposal, not what a budget leaves (errata D8).
    """
    at = standing(facts, params, day)
    months = at.simple_months
    limits = simple_limits(at)
    notes = []
    if at.individual is not None and at.assessed is not None:
        debit = at.held("plans.simple.direct_debit_advised_above")
        if debit and at.assessed > debit.amount and facts.direct_debit is not True:
            notes.append(Remark("direct_debit_advised", {"limit": debit.amount}))
    if at.trust_fund:
        notes.append(Remark("personal_penalty"))
    if facts.revenue_officer:
        notes.append(Remark("ask_officer_lien_decision"))
    if at.lien_filed:
        notes += [Remark("filed_notice_stays"), _withdrawal(at)]
    figure = described("simple_payment_plan", at)
    within = (
        [_within(at, limits)]
        if limits
        else [reason("in_force", False, figure, since=_simple_since(at))]
        if at.held("plans.simple.months")
        else []
    )
    return verdict(
        "simple_payment_plan",
        at,
        [*gate(at), *within, _affordable(at, months, figure)],
        notes,
        lambda fees: _own_plan(at, months, fees),
    )


def _withdrawal(at: Standing) -> Remark:
    """Return the administrative way to have a filed notice withdrawn; section 6323(j) has others (A15)."""
    named = ("limit", "months", "debits")
    return Remark(
        "withdrawal_by_debit",
        {one: at.on(f"plans.direct_debit.withdrawal_{one}").amount for one in named},
    )


def simple_limits(at: Standing) -> tuple[Value, ...]:
    """Return the limits in force that may hold for who owes and for which tax (errata D6).

    More than one where who owes, or whether payroll tax is in it, is not known, and for a person who owes
    the payroll penalty: the IRS page names no limit for that.
    """
    kinds = (at.facts.taxpayer_type,) if at.facts.taxpayer_type else ("individual", "business")
    funds = (True, False) if at.trust_fund is None else (at.trust_fund,)
    names = {name for kind in kinds for fund in funds for name in _limit_names(kind, fund)}
    held = [at.held(f"plans.simple.{name}") for name in sorted(names)]
    return tuple(value for value in held if value is not None)


def _limit_names(kind: str, trust_fund: bool) -> tuple[str, ...]:
    if not trust_fund:
        return ("business_limit",) if kind == "business" else ("individual_limit",)
    return {
        "individual": ("business_trust_fund_limit", "individual_limit"),
        "closed_sole_prop": ("closed_sole_proprietor_trust_fund_limit",),
    }.get(kind, ("business_trust_fund_limit",))


def _simple_since(at: Standing) -> date:
    """Return the first day of the plan for those who are not in it yet."""
    return at.params.series("plans.simple.business_limit")[0].since


def _within(at: Standing, limits: tuple[Value, ...]) -> Reason:
    balance = at.assessed
    fits = {None if balance is None else balance <= limit.amount for limit in limits}
    met = fits.pop() if len(fits) == 1 else None
    limit = max(limits, key=lambda one: one.amount)
    ask = "assessed"
    if balance is not None:
        ask = "trust_fund taxpayer_type" if at.trust_fund is None else "taxpayer_type"
    change = None
    if met is False and balance is not None:
        change = Remark("pay_down", {"amount": balance - limit.amount})
    return reason("within_limit", met, limit, ask, change, limit=limit.amount, balance=balance)


@option
def nsia(facts: Facts, params: Parameters, day: date) -> Verdict:
    """Say whether a larger debt fits a plan without a financial statement."""
    at = standing(facts, params, day)
    above, limit = at.held("plans.no_financials.more_than"), at.held("plans.no_financials.limit")
    figure = described("nsia", at)
    balance = at.assessed
    size = []
    if above and limit:
        size = [
            reason(
                "above_simple_limit",
                None if balance is None else balance > above.amount,
                figure,
                "assessed",
                limit=above.amount,
            ),
            reason(
                "within_limit",
                None if balance is None else balance <= limit.amount,
                figure,
                "assessed",
                None if balance is None else Remark("pay_down", {"amount": balance - limit.amount}),
                limit=limit.amount,
                balance=balance,
            ),
        ]
    simple = simple_limits(at)
    notes = []
    if balance is not None and above and balance > above.amount and simple:
        down = balance - max(one.amount for one in simple)
        notes.append(Remark("pay_down_for_simple", {"amount": down}))
    return verdict(
        "nsia",
        at,
        [
            *gate(at),
            _individual(at, figure),
            reason("no_payroll_tax", negated(at.trust_fund), figure, "trust_fund"),
            *size,
            reason("no_revenue_officer", negated(facts.revenue_officer), figure, "revenue_officer"),
            reason("no_levy_now", negated(at.levy_active), figure, "levy_active"),
            *_passport(at, figure),
            _affordable(at, at.months_left, figure),
        ],
        notes,
        lambda fees: _own_plan(at, at.months_left, fees),
    )


@option
def routine_ia(facts: Facts, params: Parameters, day: date) -> Verdict:
    """Say whether what the budget leaves pays everything before the clock ends, accruals included (C6)."""
    at = standing(facts, params, day)
    figure = described("routine_ia", at)
    least = at.least(at.months_left)
    return verdict(
        "routine_ia",
        at,
        [
            *gate(at),
            _not_payroll_business(at, figure),
            _money_left(at, figure),
            reason(
                "pays_before_clock_ends",
                at.full_by_clock,
                figure,
                _clock_ask(at),
                None if least is None else Remark("pay_monthly", {"least": least, "months": at.months_left}),
                least=least,
                months=at.months_left,
            ),
        ],
        plan=lambda fees: plan_cost(at, facts.monthly_capacity, at.months_left, fees),
    )


@option
def in_business_trust_fund_ia(facts: Facts, params: Parameters, day: date) -> Verdict:
    """Say whether a business with too much payroll tax for the Simple Payment Plan can ask for a plan."""
    at = standing(facts, params, day)
    figure = described("in_business_trust_fund_ia", at)
    limit = at.held("plans.simple.business_trust_fund_limit")
    kind = facts.taxpayer_type
    size = []
    if limit:
        above = None if at.assessed is None else at.assessed > limit.amount
        size = [reason("above_simple_limit", above, figure, "assessed", limit=limit.amount)]
    return verdict(
        "in_business_trust_fund_ia",
        at,
        [
            *gate(at),
            reason("in_business", None if kind is None else kind in _IN_BUSINESS, figure, "taxpayer_type"),
            reason("has_payroll_tax", at.trust_fund, figure, "trust_fund"),
            *size,
            reason(
                "pays_before_clock_ends",
                any_of((at.pays(facts.proposed_payment, at.months_left), at.full_by_clock)),
                figure,
                "assessed proposed_payment" if at.owed is None else "proposed_payment",
                least=at.least(at.months_left),
                months=at.months_left,
            ),
        ],
        plan=lambda fees: _own_plan(at, at.months_left, fees),
    )


_IN_BUSINESS = ("business", "self_employed")


@option
def ppia(facts: Facts, params: Parameters, day: date) -> Verdict:
    """Say whether the person can pay something each month, but not everything before the clock ends."""
    at = standing(facts, params, day)
    figure = described("ppia", at)
    notes = []
    if at.reachable:
        notes.append(Remark("property_first", {"amount": at.reachable}))
    return verdict(
        "ppia",
        at,
        [
            *gate(at),
            _money_left(at, figure),
            reason("not_all_before_clock_ends", negated(at.full_by_clock), figure, _clock_ask(at)),
        ],
        notes,
        lambda fees: plan_cost(at, facts.monthly_capacity, at.months_left, fees),
    )


# ---------------------------------------------------------------- conditions that several share


def _individual(at: Standing, figure: Value) -> Reason:
    return reason("is_individual", at.individual, figure, "taxpayer_type")


def _passport(at: Standing, figure: Value) -> tuple[Reason, ...]:
    """Return the condition where it was told: it is not asked for, as CP508C would have told the person."""
    told = at.facts.passport_certified
    return () if told is None else (reason("passport_not_reported", not told, figure),)


def _affordable(at: Standing, months: int, figure: Value) -> Reason:
    """Return whether the person's own proposal pays all in `months`, and the least that would."""
    least = at.least(months)
    proposed = at.facts.proposed_payment
    met = at.pays(proposed, months)
    return reason(
        "pays_in_term",
        met,
        figure,
        "proposed_payment" if at.owed is not None else "assessed proposed_payment",
        None if least is None else Remark("pay_monthly", {"least": least, "months": months}),
        least=least,
        months=months,
    )


def _own_plan(at: Standing, months: int, fees: tuple[Fee, ...]) -> Cost | None:
    """Return what the plan costs at the proposed payment, or at the least one where that is too small."""
    least = at.least(months)
    if least is None:
        return None
    return plan_cost(at, max(least, at.facts.proposed_payment or NOTHING), months, fees)


def _money_left(at: Standing, figure: Value) -> Reason:
    capacity = at.facts.monthly_capacity
    met = None if capacity is None else capacity > 0
    return reason("money_left_each_month", met, figure, "monthly_capacity", left=capacity)


def _not_payroll_business(at: Standing, figure: Value) -> Reason:
    kind = at.facts.taxpayer_type
    in_business = None if kind is None else kind in _IN_BUSINESS
    payroll = all_of((in_business, at.trust_fund))
    return reason("not_payroll_business", negated(payroll), figure, "taxpayer_type trust_fund")


def _clock_ask(at: Standing) -> str:
    """Return the facts that settle whether the clock is long enough."""
    if at.owed is None:
        return "assessed monthly_capacity"
    if at.facts.monthly_capacity is None:
        return "monthly_capacity"
    return "equity_nre" if at.facts.equity_nre is None else "equity_reachable"
