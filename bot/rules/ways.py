"""The person's way out: what may be chosen, what the choice rests on, and what other amounts would do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_UP, Decimal
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from bot.rules.documents import Document, Need, documents
from bot.rules.options import OPTIONS, rank
from bot.rules.options.verdict import Lien
from bot.rules.standing import standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from bot.rules.facts import Facts
    from bot.rules.matter import Matter
    from bot.rules.options import Cost, Ranking, Step, Verdict
    from bot.rules.parameters import Parameters
    from bot.rules.red_flags import Flag
    from bot.rules.standing import Standing

CHOSEN = "ways.chosen"
# Rows of the table that can be chosen and are no option of their own: the options each stands for.
ROWS: Mapping[str, tuple[str, ...]] = {
    "pay_down_then_simple": ("simple_payment_plan",),
    "hardship_release": ("cnc", "tas"),
    "get_compliant": (),
    "dispute": (),
    "property_first": ("professional_help",),
    "see_attorney": ("professional_help",),
    "see_professional": ("professional_help",),
}
NAMES = (*OPTIONS, *ROWS)
HELP = "professional_help"
# Ways that are weighed against each other by what they cost.
PAYING = (
    "full_pay",
    "short_term",
    "simple_payment_plan",
    "pay_down_then_simple",
    "guaranteed_ia",
    "nsia",
    "routine_ia",
    "in_business_trust_fund_ia",
    "ppia",
    "oic_datc",
    "cnc",
)
SIMPLE = "simple_payment_plan"
NEAREST = (SIMPLE, "nsia")  # plans for which no money statement is asked
WITH_STATEMENT = ("routine_ia", "ppia", "in_business_trust_fund_ia")
MOST_COMPARED = 3
# The questions whose answers are the amounts that can be tried.
AMOUNTS: Mapping[str, str] = {"monthly": "money.monthly", "now": "money.now"}
# The question that tells each fact the ways hang on.
ASKED: Mapping[str, tuple[str, ...]] = {
    "contact_verified": ("check.made", "check.call", "check.collector"),
    "taxpayer_type": ("situation.who",),
    "joint_return": ("ways.joint",),
    "periods": ("letter.periods",),
    "assessed": ("period.amount",),
    "tax_only": ("period.split",),
    "penalties": ("money.penalties", "period.split"),
    "income_tax_only": ("situation.payroll", "situation.who"),
    "trust_fund": ("situation.payroll", "situation.who"),
    "bill_received": ("notice.number",),
    "final_notice": ("notice.number",),
    "levy_active": ("situation.levy",),
    "nftl_filed": ("situation.coming",),
    "lien_proposed": ("extras.proposed",),
    "revenue_officer": ("situation.events",),
    "plan_refused_or_ended": ("situation.plan",),
    "irs_delay": ("extras.delay",),
    "passport_certified": ("situation.coming",),
    "returns_filed_all": ("situation.unfiled",),
    "unfiled_years": ("situation.unfiled",),
    "current_year_paid": ("situation.this_year",),
    "late_or_ia_last_5y": ("money.late_before",),
    "penalties_last_3y": ("money.penalized",),
    "reasonable_cause": ("money.cause",),
    "open_bankruptcy": ("situation.events",),
    "bankruptcy_planned": ("situation.events",),
    "can_pay_now": ("money.now",),
    "can_pay_180": ("money.by_180",),
    "proposed_payment": ("money.monthly",),
    "monthly_capacity": ("budget.begin",),
    "equity_nre": ("budget.assets", "budget.begin"),
    "equity_reachable": ("money.reachable", "budget.assets", "budget.begin"),
    "offer_funds": ("money.offer_funds", "budget.begin"),
    "csed_months": ("money.assessed",),
    "employer": ("situation.employees",),
    "deposits_current": ("situation.employees",),
    "hardship": ("situation.hardship",),
    "exceptional": ("extras.unfair",),
    "disputed": ("situation.agree",),
    "disputes": ("situation.disputes",),
    "spouse_issue": ("situation.disputes", "situation.agree"),
    "new_evidence": ("ways.evidence",),
    "final_decision": ("ways.settled",),
    "criminal": ("situation.events",),
    "payroll_interview": ("situation.events",),
    "transfer_or_foreign": ("situation.coming",),
    "sale_pending": ("situation.coming",),
}
LONGEST_ROAD = 6  # steps that lead on, one after the other


@dataclass(frozen=True, slots=True)
class Way:
    """A way out by name, and the options it stands for, the one whose papers count first."""

    name: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A way out in figures, to be set beside others: US dollars, None where they cannot be said.

    `first` is what must be paid on `first_day`; `down` what is paid today before any plan.
    """

    name: str
    verdict: Verdict
    cost: Cost | None
    first: Decimal | None
    first_day: date | None
    down: Decimal | None
    papers: tuple[Document, ...]
    offer: Decimal | None = None  # what an offer comes to in all, by our count

    @property
    def in_all(self) -> Decimal | None:
        """Return what pays the whole debt, fee and first sum included; None where that cannot be said or be done."""
        if self.cost is None:
            return self.first if self.name == "full_pay" and self.fits else None
        return None if self.cost.left else self.cost.with_fee + (self.down or 0)

    @property
    def fits(self) -> bool | None:
        """Say whether it fits; the rows of the table that lead on always do."""
        return True if self.name in ROWS else self.verdict.fits


@dataclass(frozen=True)
class Ways:
    """The ways out for facts, as they are shown and chosen."""

    facts: Facts
    params: Parameters
    today: date

    @cached_property
    def ranking(self) -> Ranking:
        """Return the ways out in order."""
        return rank(self.facts, self.params, self.today)

    @property
    def at(self) -> Standing:
        """Return the facts measured."""
        return standing(self.facts, self.params, self.today)

    @cached_property
    def road(self) -> tuple[Step, ...]:
        """Return the first step and those that lead once it is done, as far as can be seen."""
        steps: list[Step] = []
        facts: Facts | None = self.facts
        while facts is not None and len(steps) < LONGEST_ROAD:
            lead = rank(facts, self.params, self.today).lead
            steps.append(lead)
            facts = lead.after
        return tuple(steps)

    @property
    def first(self) -> str | None:
        """Return the name of the way that can be taken first; None while too little is known."""
        return next((step.name for step in self.road if step.name in NAMES), None)

    @property
    def offered(self) -> str | None:
        """Return what is offered to be taken: a professional where one comes before any way, else the first way."""
        return HELP if self.refer is not None else self.first

    @property
    def refer(self) -> Flag | None:
        """Return the flag for which a professional comes before any way (errata D4); None without one.

        The way itself stays: it is what a professional can ask for. A flag that stops everything leads by itself.
        """
        raised = () if self.ranking.stop else self.ranking.flags
        return next((one for one in raised if one.name == "payroll_tax"), None)

    @property
    def nearest(self) -> str:
        """Return the plan against which nothing speaks but the payment; the simple one where there is none."""
        for name in NEAREST:
            unmet = {one.name for one in self.outline(name).verdict.reasons if one.met is False}
            if unmet <= {"pays_in_term"}:
                return name
        return NEAREST[0]

    def options_of(self, name: str) -> tuple[str, ...]:
        """Return the options a way stands for; those of a dispute hang on what is wrong with the debt."""
        if name in ROWS:
            return ROWS[name] or next((step.options for step in self.road if step.name == name), ())
        return (name,)

    def outline(self, name: str) -> Outline:
        """Return one way in figures."""
        if name not in self._outlines:
            self._outlines[name] = self._outlined(name)
        return self._outlines[name]

    @cached_property
    def _outlines(self) -> dict[str, Outline]:
        return {}

    def _outlined(self, name: str) -> Outline:
        step = next((one for one in (*self.road, *self.ranking.alternatives) if one.name == name), None)
        option = next(iter(self.options_of(name)), "professional_help")
        verdict = self.ranking.verdict(option)
        cost = step.cost if step is not None and step.cost is not None else verdict.cost
        down = None
        if name == "pay_down_then_simple" and step is not None:
            down = next((one.args["amount"] for one in step.remarks if one.name == "pay_down"), None)
        first, first_day = (cost.monthly, self.at.first) if cost is not None else (None, None)
        if name == "full_pay":
            first, first_day = self.at.total, self.today
        if verdict.track == "offer":
            first = next((one.args["amount"] for one in verdict.notes if one.name == "first_payment"), None)
        papers = documents(option, self.facts.households, self.params, self.today)
        needed = tuple(one for one in papers if one.need is Need.NEEDED)
        expected = (one.args["least"] for one in verdict.reasons if one.name == "less_can_be_collected")
        return Outline(name, verdict, cost, first, first_day, down, needed, next(expected, None))

    def unknown(self, facts: Iterable[str]) -> tuple[str, ...]:
        """Return those of the facts that are not known yet."""
        measured = {"penalties": self.at.penalties, "tax_only": self.at.tax, "assessed": self.at.assessed}
        return tuple(one for one in facts if measured.get(one, getattr(self.facts, one)) is None)

    @property
    def needs(self) -> tuple[str, ...]:
        """Return the facts still to ask, the most telling first."""
        return self.unknown(self.ranking.needs)

    @property
    def others(self) -> tuple[str, ...]:
        """Return the other ways: those beside the first, then those that fit, are open, and do not fit.

        Among these the ways to pay, or not to have to, come first, help comes last.
        """
        beside = [one.name for one in self.ranking.alternatives if one.name in NAMES]
        by_fit = {True: 0, None: 1, False: 2}

        def place(one: Verdict) -> tuple[bool, int, int]:
            paying = PAYING.index(one.option) if one.option in PAYING else len(PAYING)
            return one.track == "help", by_fit[one.fits], paying

        names = dict.fromkeys([*beside, *(one.option for one in sorted(self.ranking.verdicts, key=place))])
        return tuple(name for name in names if name != self.first)

    @property
    def comparable(self) -> tuple[str, ...]:
        """Return the ways that can be set side by side, the first first: those that cost or spare money."""
        names = [one for one in dict.fromkeys((self.first, *self.others)) if one in PAYING]
        named = [one for one in names if one is not None]
        return tuple(sorted(named, key=lambda one: self.outline(one).fits is False))

    def tried(self, monthly: Decimal | None, now: Decimal | None) -> Ways:
        """Return the ways for other amounts to pay each month and at once."""
        facts = self.facts
        if monthly is not None:
            facts = replace(facts, proposed_payment=monthly)
        if now is not None:
            facts = replace(facts, can_pay_now=now)
        return ways_of(facts, self.params, self.today)

    def compared(self, args: Mapping[str, Any]) -> list[str]:
        """Return the ways that stand side by side: those ticked, else the first with the one asked about."""
        could = self.comparable
        ticked = [one for one in args.get("ticked", ()) if one in could]
        if ticked:
            return ticked[:MOST_COMPARED]
        fitting = [one for one in could[1:] if self.outline(one).fits is not False]
        asked = [args["of"]] if args.get("of") in could else (fitting or list(could[1:2]))
        return list(dict.fromkeys([*could[:1], *asked]))[:MOST_COMPARED]

    def told(self, amount: str) -> Decimal | None:
        """Return an amount as the answers give it."""
        return self.facts.proposed_payment if amount == "monthly" else self.facts.can_pay_now

    def amounts(self, args: Mapping[str, Any]) -> dict[str, Decimal]:
        """Return the amounts being tried: those in `args`, else those told, else the least of the first way."""
        monthly = self.told("monthly")
        if monthly is None:
            cost = self.outline(self.first).cost if self.first is not None else None
            least = self.least if cost is None else cost.monthly
            monthly = (least or Decimal(0)).to_integral_value(ROUND_UP)
        start = {"monthly": monthly, "now": self.told("now") or Decimal(0)}
        return {name: Decimal(args[name]) if name in args else amount for name, amount in start.items()}

    @property
    def least(self) -> Decimal | None:
        """Return the least monthly payment that pays everything in the longest simple plan, US dollars."""
        return self.at.least(self.at.simple_months)

    def simpler(self, left: Decimal | None) -> Decimal | None:
        """Return the least payment of the Simple Payment Plan where a larger sum told would open it; else None.

        It must be within what is `left` each month, and the way shown first a plan that needs a money statement or
        for which a lien notice is to be expected.
        """
        if left is None or self.first is None or self.refer is not None:
            return None
        first = self.outline(self.first)
        unmet = {one.name for one in self.ranking.verdict(SIMPLE).reasons if one.met is not True}
        worse = self.first in WITH_STATEMENT or first.verdict.lien is Lien.EXPECT_FILING
        if first.cost is None or not worse or unmet != {"pays_in_term"}:
            return None
        return self.least if self.least is not None and self.least <= left else None

    def too_much(self, left: Decimal | None) -> Decimal | None:
        """Return the monthly payment of the way shown first where it is more than what is `left`; else None.

        What is paid within the days of a short-term plan can come from elsewhere: they told that sum by itself.
        """
        cost = self.outline(self.first).cost if self.first not in (None, "short_term") else None
        return cost.monthly if cost is not None and left is not None and cost.monthly > left else None

    @property
    def print(self) -> str:
        """Return in short what a choice rests on: the way shown first, and how each option stands."""
        lines = [f"first={self.first}", f"lead={self.ranking.lead.name}"]
        for one in sorted(self.ranking.verdicts, key=lambda verdict: verdict.option):
            unmet = ",".join(reason.name for reason in one.reasons if reason.met is False)
            lines.append(f"{one.option}={one.fits}:{unmet}")
        return ";".join(lines)


@lru_cache(maxsize=256)
def ways_of(facts: Facts, params: Parameters, today: date) -> Ways:
    """Return the ways out; for the same facts, the same object."""
    return Ways(facts, params, today)


def told(matter: Matter) -> dict[str, Any]:
    """Return the facts that are asked for beside the ways out, as far as they were answered."""
    asked = {
        "joint_return": "ways.joint",
        "new_evidence": "ways.evidence",
        "final_decision": "ways.settled",
        "lien_proposed": "extras.proposed",
        "irs_delay": "extras.delay",
        "exceptional": "extras.unfair",
    }
    answers = {fact: matter.said.get(question) for fact, question in asked.items()}
    return {fact: one == "yes" for fact, one in answers.items() if one in ("yes", "no")}


def chosen(matter: Matter) -> Way | None:
    """Return the way the person chose; None where none is chosen."""
    name = matter.said.get(CHOSEN)
    return Way(name, matter.ways.options_of(name)) if name in NAMES else None


def stands(choice: str | None, before: str, now: str) -> bool:
    """Say whether a choice made when `before` was shown still rests on the same.

    It does while the way shown first is the same, or is the chosen one, and the conditions of the chosen
    one did not change.
    """
    then, today = (dict(part.partition("=")[::2] for part in one.split(";")) for one in (before, now))
    if then.get("lead") != today.get("lead") and today.get("first") != choice:
        return False
    option = next(iter(ROWS.get(choice or "", ())), choice)
    return then.get(str(option)) == today.get(str(option))
