"""Which way out first: the decision table, row by row."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.model import Remark
from bot.rules import red_flags
from bot.rules.options.plans import short_payment, simple_limits
from bot.rules.options.relief import one_period_penalty
from bot.rules.options.verdict import OPTIONS, Cost, Verdict, plan_cost
from bot.rules.standing import NOTHING, Standing, all_of, any_of, negated, standing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from decimal import Decimal

    from bot.rules.facts import Facts
    from bot.rules.parameters import Parameters
    from bot.rules.red_flags import Flag


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the table that holds: what it is called, the options it stands for, what to do.

    `then` is the row that leads once this one is done, with the facts `after` it; `cost` what comes after a
    payment down.
    """

    name: str
    options: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    then: str | None = None
    cost: Cost | None = None
    after: Facts | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two ways to pay the same monthly amount, fees included: the short-term plan against the Simple one."""

    short_term: Cost
    simple: Cost

    @property
    def cheaper(self) -> str:
        """Return the option that costs less in all; where both cost the same, the one without a fee."""
        return "simple_payment_plan" if self.simple.with_fee < self.short_term.with_fee else "short_term"

    @property
    def saved(self) -> Decimal:
        """Return by how much it costs less."""
        return abs(self.simple.with_fee - self.short_term.with_fee)


@dataclass(frozen=True, slots=True)
class Ranking:
    """The ways out in order. Deadlines outrank every one of them.

    `flags` stand in front; `stop` is the flag after which no more is asked. `needs` names the facts to ask,
    the most telling first; `assumed` what was taken for granted. `verdicts` holds every option, those that
    fit first, then those left open, then the others.
    """

    flags: tuple[Flag, ...]
    stop: Flag | None
    lead: Step
    alternatives: tuple[Step, ...]
    verdicts: tuple[Verdict, ...]
    needs: tuple[str, ...]
    assumed: tuple[Remark, ...]
    comparison: Comparison | None

    def verdict(self, option: str) -> Verdict:
        """Return the verdict of one option. Raises KeyError."""
        return {one.option: one for one in self.verdicts}[option]


@dataclass(frozen=True, slots=True)
class _Table:
    """What the rows look at: the facts measured, and every verdict."""

    at: Standing
    verdicts: dict[str, Verdict]

    def fits(self, option: str) -> bool | None:
        return self.verdicts[option].fits

    def ask(self, *options: str) -> tuple[str, ...]:
        return tuple(name for option in options for name in self.verdicts[option].ask)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row and its answer: `ask` names the facts that settle an open one, `also` what stands beside it."""

    holds: bool | None
    step: Step
    ask: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    done: Facts | None = None  # the facts once the row is done


ROWS: list[Callable[[_Table], _Row]] = []


@lru_cache(maxsize=256)
def rank(facts: Facts, params: Parameters, day: date) -> Ranking:
    """Return the ways out in order for these facts on `day`.

    The first row of the table that holds leads; beside it stand its own alternatives and the next row that
    holds. What is not known never counts as met: it is named in `needs`.
    """
    at = standing(facts, params, day)
    table = _Table(at, {name: rule(facts, params, day) for name, rule in OPTIONS.items()})
    rows = [row(table) for row in ROWS]
    holding = [row for row in rows if row.holds]
    raised = red_flags.flags(facts, params, day)
    stop = next((flag for flag in raised if flag.stops), None)
    open_rows = rows[: rows.index(holding[0])] if holding else rows
    needs = tuple(dict.fromkeys(name for row in open_rows if row.holds is None for name in row.ask))
    beside = _beside(holding, table)
    if stop:
        lead, needs = Step("see_attorney", ("professional_help",)), ()
        alternatives = (*(_leading(row, params, day) for row in holding[:1]), *beside)
    elif holding:
        lead, alternatives = _leading(holding[0], params, day), beside
    elif needs:
        lead, alternatives = Step("tell_more"), ()
    else:
        lead, alternatives = Step("see_professional", ("professional_help",)), ()
    order = {True: 0, None: 1, False: 2}
    return Ranking(
        raised,
        stop,
        lead,
        alternatives,
        tuple(sorted(table.verdicts.values(), key=lambda one: order[one.fits])),
        needs,
        at.assumed,
        _comparison(table),
    )


def _leading(row: _Row, params: Parameters, day: date) -> Step:
    if row.done is None:
        return row.step
    return replace(row.step, then=rank(row.done, params, day).lead.name, after=row.done)


def _beside(holding: list[_Row], table: _Table) -> tuple[Step, ...]:
    if not holding:
        return ()
    own = [Step(name, (name,)) for name in holding[0].also if table.fits(name) is not False]
    steps = [*own, *(row.step for row in holding[1:2])]
    led = {holding[0].step.name, *holding[0].step.options}
    return tuple({step.name: step for step in steps if step.name not in led}.values())


def _comparison(table: _Table) -> Comparison | None:
    """Return both costs of the same payment where both plans are open (row 6; errata C8: simulated)."""
    at = table.at
    short, simple = table.verdicts["short_term"], table.verdicts["simple_payment_plan"]
    monthly = short_payment(at)
    if not short.fits or (simple.fits is False and not _only_proposal(simple)) or at.individual is not True:
        return None
    first = plan_cost(at, monthly, at.short_payments, short.fees, agreement=False)
    second = plan_cost(at, monthly, at.short_payments, simple.fees)
    return Comparison(first, second) if first and second else None


def _only_proposal(verdict: Verdict) -> bool:
    return all(one.met is not False or one.name == "pays_in_term" for one in verdict.reasons)


# ---------------------------------------------------------------- the table


def row(test: Callable[[_Table], _Row]) -> Callable[[_Table], _Row]:
    """Register a row; the table is read in the order of this file."""
    ROWS.append(test)
    return test


def _row(
    option: str,
    table: _Table,
    holds: bool | None,
    *also: str,
    ask: str = "",
    remarks: tuple[Remark, ...] = (),
) -> _Row:
    """Return a row that leads to one option: it must fit and `holds` must hold."""
    return _Row(
        all_of((holds, table.fits(option))),
        Step(option, (option,), remarks),
        (*ask.split(), *table.ask(option)) if holds is None else table.ask(option),
        also,
    )


@row
def verify_contact(table: _Table) -> _Row:
    """1. Not sure the contact is real. A levy that runs is real, whatever the letter is."""
    facts = table.at.facts
    return _Row(
        all_of((negated(facts.contact_verified), negated(table.at.levy_active or False))),
        Step("verify_contact", (), (Remark("clock_runs_on"),)),
        ("contact_verified",),
        done=replace(facts, contact_verified=True),
    )


@row
def hardship_release(table: _Table) -> _Row:
    """Before the gate (errata A5): hardship, and a levy that runs or is threatened.

    Where nothing is taken there is nothing to release: the debt is to be set aside, unless property stands against it.
    """
    at = table.at
    none_runs = at.levy_active is False
    capacity = at.facts.monthly_capacity
    no_money = None if capacity is None else capacity <= 0
    hard = any_of((at.facts.hardship, no_money))
    warned = (True,) if at.levy_warned else ()
    levy = any_of((at.levy_active, at.final_notice, *warned))
    filing = (
        () if at.facts.returns_filed_all else (Remark("file_missing" if none_runs else "file_returns_too"),)
    )
    hearing = (Remark("keep_hearing_right"),) if at.final_notice else ()
    waits = "levy_active final_notice" if levy is None else "hardship monthly_capacity"
    step = Step("hardship_release", ("cnc", "tas"), (Remark("ask_release"), *hearing, *filing))
    if none_runs:
        step = Step("cnc", ("cnc", "tas"), (*hearing, *filing))
    possible = not none_runs or table.fits("cnc") is not False
    return _Row(
        all_of((hard, levy, possible, negated(at.facts.open_bankruptcy or False))),
        step,
        tuple(waits.split()),
        ("cap",),
    )


@row
def get_compliant(table: _Table) -> _Row:
    """2. Returns are missing or this year is not paid: the gate of every plan."""
    facts, paid = table.at.facts, table.at.current_year_paid
    does = []
    if facts.returns_filed_all is False:
        does.append(Remark("file_returns", {"years": facts.unfiled_years}))
    if paid is False:
        does.append(Remark("pay_current_year"))
    does.append(Remark("ask_short_hold"))
    return _Row(
        any_of((negated(facts.returns_filed_all), negated(paid))),
        Step("get_compliant", (), tuple(does)),
        ("returns_filed_all", "current_year_paid"),
        done=replace(
            facts,
            returns_filed_all=True,
            unfiled_years=None,
            current_year_paid=True,
            deposits_current=facts.deposits_current is False or facts.deposits_current,
        ),
    )


_DISPUTES = (
    "identity_theft",
    "innocent_spouse",
    "injured_spouse",
    "substitute_return",
    "audit_reconsideration",
    "amended_return",
    "oic_datl",
)


@row
def dispute(table: _Table) -> _Row:
    """3. The debt is in doubt: a dispute track, and a plan that holds meanwhile."""
    facts = table.at.facts
    tracks = tuple(name for name in _DISPUTES if table.fits(name))
    if not tracks:
        tracks = tuple(name for name in _DISPUTES if table.fits(name) is None)
    return _Row(
        table.at.disputed,
        Step("dispute", tracks, (Remark("hold_meanwhile"), Remark("paying_keeps_claim"))),
        ("disputed", "spouse_issue"),
        ("cap",),
        done=replace(facts, disputed=False, disputes=None, spouse_issue=False),
    )


@row
def penalties_first(table: _Table) -> _Row:
    """4. First-time relief would bring the balance under a line: ask for it, then look again."""
    at = table.at
    penalty, balance = one_period_penalty(at), at.assessed
    crosses = _crosses(at)
    after = None
    if crosses and penalty is not None and balance is not None:
        after = replace(
            at.facts,
            assessed=balance - penalty,
            total_now=None if at.total is None else max(NOTHING, at.total - penalty),
            tax_only=at.tax,
            penalties=NOTHING,
            periods=tuple(replace(one, penalty=NOTHING) for one in at.periods) or None,
        )
    return _Row(
        all_of((crosses, table.fits("fta"))),
        Step("fta", ("fta",), (Remark("look_again_after", {"amount": penalty}),)),
        () if crosses is False else table.ask("fta"),
        ("reasonable_cause",),
        done=after,
    )


def _crosses(at: Standing) -> bool | None:
    """Say whether taking the largest penalty of one period off brings the balance to or under a line."""
    penalty, balance = one_period_penalty(at), at.assessed
    if balance is None:
        return None
    lines = [*simple_limits(at)]
    lines += [value for value in (at.held("plans.no_financials.limit"),) if value is not None]
    below = at.on("plans.lien.general_line").amount
    if penalty is None:
        # Not worth a question where no line lies within reach: at most the whole balance is penalty.
        return None if any(balance > line.amount for line in lines) or balance >= below else False
    penalty = min(penalty, balance)
    limits = any(balance > line.amount >= balance - penalty for line in lines)
    return limits or balance >= below > balance - penalty


@row
def pay_now(table: _Table) -> _Row:
    """5. All can be paid now."""
    return _row("full_pay", table, True)


@row
def within_180_days(table: _Table) -> _Row:
    """6. All can be paid within 180 days."""
    comparison = _comparison(table)
    said: tuple[Remark, ...] = ()
    if comparison:
        said = (Remark("cheaper_of_two", {"option": comparison.cheaper, "saved": comparison.saved}),)
    return _row("short_term", table, True, "simple_payment_plan", remarks=said)


@row
def simple_for_a_person(table: _Table) -> _Row:
    """7. A person whose balance and payment fit the Simple Payment Plan (errata D7: persons only)."""
    return _row("simple_payment_plan", table, table.at.individual, "guaranteed_ia", ask="taxpayer_type")


@row
def pay_down(table: _Table) -> _Row:
    """8. A little over the limit, and the money to come down to it."""
    return _pay_down(table, near=True)


@row
def larger_plan(table: _Table) -> _Row:
    """9. Over the limit, no revenue officer: a larger plan without a financial statement."""
    return _row("nsia", table, True, "routine_ia", remarks=(Remark("expect_lien_notice"),))


@row
def pay_down_far(table: _Table) -> _Row:
    """9b. Far over the limit, yet the money is there to come down to it."""
    return _pay_down(table, near=False)


@row
def simple_for_a_business(table: _Table) -> _Row:
    """10. A business that fits the Simple Payment Plan: by telephone."""
    return _row("simple_payment_plan", table, negated(table.at.individual), ask="taxpayer_type")


@row
def payroll_plan(table: _Table) -> _Row:
    """10b. A business with more payroll tax than the Simple Payment Plan takes."""
    return _row("in_business_trust_fund_ia", table, True, remarks=(Remark("personal_penalty"),))


@row
def by_budget(table: _Table) -> _Row:
    """11. What the budget leaves pays all before the clock ends."""
    return _row("routine_ia", table, True, remarks=(Remark("argue_lien"),))


@row
def part_by_budget(table: _Table) -> _Row:
    """12. What the budget leaves pays only a part; an offer beside it while the clock is long (row 15)."""
    return _row("ppia", table, True, *_offer_beside(table))


@row
def nothing_left(table: _Table) -> _Row:
    """13. Nothing is left and nothing can be sold."""
    return _row("cnc", table, True, *_offer_beside(table))


@row
def property_first(table: _Table) -> _Row:
    """14. Nothing is left each month, but there is property within reach: it must be dealt with first."""
    at = table.at
    capacity, reachable = at.facts.monthly_capacity, at.reachable
    return _Row(
        all_of(
            (
                None if capacity is None else capacity <= 0,
                None if reachable is None else reachable > 0,
            )
        ),
        Step("property_first", ("professional_help",), (Remark("property_must_be_dealt_with"),)),
        ("monthly_capacity", "equity_nre", "equity_reachable"),
        ("oic_datc", "oic_eta", "cnc"),
    )


def _offer_beside(table: _Table) -> tuple[str, ...]:
    """Return the offer, unless the ten years are nearly over: an offer stops their clock."""
    at = table.at
    short = at.on("plans.collection.short_clock_months").count
    return ("oic_datc",) if at.months_left > short and table.fits("oic_datc") else ()


def _pay_down(table: _Table, *, near: bool) -> _Row:
    at = table.at
    funds, balance, limits = at.facts.can_pay_now, at.assessed, simple_limits(at)
    line = at.held("plans.simple.pay_down_from")
    step = Step("pay_down_then_simple", ("simple_payment_plan",))
    if balance is None or not limits or line is None or at.individual is False:
        return _Row(False if at.individual is False or balance is not None else None, step, ("assessed",))
    limit = min(one.amount for one in limits)
    amount = balance - limit
    if amount <= 0 or (balance <= line.amount) is not near:
        return _Row(False, step)
    after = at.owed_after(amount)
    affordable = at.pays(at.facts.proposed_payment, at.simple_months, after)
    simple = table.verdicts["simple_payment_plan"]
    others = all_of(one.met for one in simple.reasons if one.name not in ("within_limit", "pays_in_term"))
    least = at.least(at.simple_months, after)
    return _Row(
        all_of((at.individual, others, None if funds is None else funds >= amount, affordable)),
        Step(
            "pay_down_then_simple",
            ("simple_payment_plan",),
            (
                Remark("pay_down", {"amount": amount}),
                Remark("then_pay_monthly", {"least": least, "months": at.simple_months}),
                Remark("say_where_it_goes"),
            ),
            cost=plan_cost(
                at,
                None if least is None else max(least, at.facts.proposed_payment or NOTHING),
                at.simple_months,
                simple.fees,
                after,
            ),
        ),
        ("taxpayer_type", *simple.ask, "can_pay_now", "proposed_payment"),
        ("nsia",),
    )
