"""What the answers of a case say, in the words of the ways out: a `Matter` becomes `Facts`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.rules import money, ways
from bot.rules.facts import DISPUTES, Facts
from bot.rules.facts import Period as TaxPeriod
from bot.rules.notices import Appeal, Phase
from bot.rules.verification import Sender

if TYPE_CHECKING:
    from datetime import date

    from bot.rules.matter import Matter, Paper, Period

UNFILED = {"none": 0, "one": 1, "two": 2, "more": 3}
YES_NO = {"yes": True, "no": False}
# Phases of letters that claim a debt.
_CLAIMS = frozenset(Phase) - {Phase.RETURNS, Phase.NOT_COLLECTION, Phase.INFO}
_UNDER_A_PLAN = ("CP521", "CP522", "CP523")


def said(matter: Matter, question: str) -> Any:
    """Return the answer to a question of the situation; None where not asked, not sure or skipped."""
    value = matter.said.get(f"situation.{question}")
    return None if value == "not_sure" else value


def ticked(matter: Matter, question: str, *options: str) -> bool | None:
    """Say whether one of the options is ticked (any at all without options); None where not known."""
    ticks = said(matter, question)
    if ticks is None:
        return None
    return bool(set(options) & ticks) if options else bool(ticks)


def opens_a_hearing(paper: Paper) -> bool:
    """Say whether a letter opens the hearing about a levy, before it or after."""
    notice = paper.notice
    return (
        notice is not None
        and notice.phase in (Phase.FINAL_LEVY_CDP, Phase.AFTER_LEVY)
        and Appeal.CDP in notice.appeals
    )


def tells_of_a_levy(matter: Matter) -> bool:
    """Say whether the newest letter tells that something is being taken."""
    newest = matter.newest.notice
    return newest is not None and newest.phase is Phase.AFTER_LEVY


def tells_of_a_plan(matter: Matter) -> bool:
    """Say whether a letter tells that there is, or was, a payment plan."""
    newest = matter.newest.notice
    return newest is not None and newest.id in (*_UNDER_A_PLAN, "IA-REJECTION")


def warned_on(matter: Matter) -> date | None:
    """Return the date of the first notice of intent to levy: CP504, or a final notice."""
    days = [
        paper.dated
        for paper in matter.papers
        if paper.dated is not None
        and paper.notice is not None
        and ("D3" in paper.notice.rules or opens_a_hearing(paper))
    ]
    return min(days, default=None)


def payroll_told(matter: Matter) -> bool | None:
    """Say whether payroll tax is in the debt; None where it is not known.

    A person who owes for whole years owes no payroll tax; a penalty for it is charged by CP15B or Letter 1153.
    """
    answer = YES_NO.get(said(matter, "payroll"))
    if answer is not None:
        return answer
    if ticked(matter, "events", "interview"):
        return True
    if said(matter, "who") == "individual" and whole_years(matter) and not _penalty_bill(matter):
        return False
    return None


def whole_years(matter: Matter) -> bool:
    """Say whether every tax period is known and a whole year."""
    return bool(matter.periods) and all(
        one.year is not None and one.quarter is None for one in matter.periods
    )


def _penalty_bill(matter: Matter) -> bool:
    return any(one.notice is not None and one.notice.id in ("CP15", "L1153") for one in matter.papers)


def facts(matter: Matter) -> Facts:
    """Return everything the answers tell, None where they do not."""
    who = said(matter, "who")
    payroll = payroll_told(matter)
    unfiled = UNFILED.get(said(matter, "unfiled"))
    agrees = YES_NO.get(said(matter, "agree"))
    reasons = said(matter, "disputes") or frozenset()
    on_time = YES_NO.get(said(matter, "on_time"))
    employees = said(matter, "employees")
    warned = warned_on(matter)
    newest = matter.newest
    person = who in ("individual", "self_employed", "closed_sole_prop")
    return Facts(
        taxpayer_type=who,
        households=_households(matter),
        periods=tuple(_period(one, on_time, payroll) for one in matter.periods) or None,
        assessed=matter.total,
        income_tax_only=True
        if person and payroll is False and whole_years(matter) and not _penalty_bill(matter)
        else None,
        trust_fund=payroll,
        filed_on_time_this_debt=on_time,
        bill_received=any(one.notice is not None and one.notice.phase in _CLAIMS for one in matter.papers)
        or None,
        notice=newest.notice.number if newest.notice is not None else None,
        notice_dated=newest.dated,
        contact_verified=_verified(matter),
        final_notice=_of_letters(matter, any(map(opens_a_hearing, matter.papers))),
        levy_active=True if tells_of_a_levy(matter) else ticked(matter, "levy"),
        levy_notice_dated=warned,
        nftl_filed=_or_letter(matter, ticked(matter, "coming", "lien_filed"), "L3172"),
        revenue_officer=_or_letter(matter, ticked(matter, "events", "officer"), "L725B", "F9297"),
        plan_in_place=_plan(matter),
        plan_refused_or_ended=_plan_ended(matter),
        passport_certified=_or_letter(matter, ticked(matter, "coming", "passport"), "CP508C"),
        returns_filed_all=None if unfiled is None else unfiled == 0,
        unfiled_years=unfiled,
        current_year_paid=YES_NO.get(said(matter, "this_year")),
        open_bankruptcy=ticked(matter, "events", "bankruptcy_open"),
        bankruptcy_planned=ticked(matter, "events", "bankruptcy_planned"),
        employer=False
        if who == "individual" or employees == "none"
        else employees in ("paid", "behind") or None,
        deposits_current={"paid": True, "behind": False}.get(employees),
        hardship=ticked(matter, "hardship"),
        disputed=None if agrees is None else not agrees,
        disputes=tuple(one for one in DISPUTES if one in reasons) or None if agrees is False else None,
        spouse_issue=("spouse" in reasons if reasons else None) if agrees is False else negated(agrees),
        criminal=ticked(matter, "events", "special_agent"),
        payroll_interview=ticked(matter, "events", "interview"),
        transfer_or_foreign=ticked(matter, "coming", "transfer_or_foreign"),
        travel_soon=ticked(matter, "coming", "travel"),
        sale_pending=ticked(matter, "coming", "sale"),
        **money.facts(matter),
        **ways.told(matter),
    )


def negated(agrees: bool | None) -> bool | None:
    """Return False where they agree: then no spouse is at issue; else it is not known."""
    return False if agrees else None


def _households(matter: Matter) -> tuple[str, ...] | None:
    value = matter.said.get("household.earns")
    return None if value in (None, "not_sure") else tuple(sorted(value)) or None


def _period(one: Period, on_time: bool | None, payroll: bool | None) -> TaxPeriod:
    return TaxPeriod(
        name=one.name,
        assessed=one.amount,
        tax=one.tax,
        penalty=one.penalty,
        filed_on_time=on_time,
        trust_fund=payroll if payroll is False or one.quarter is not None else None,
    )


def _verified(matter: Matter) -> bool | None:
    brought = matter.bringer(matter.newest.item) or matter.contact
    match matter.judgement_of(brought).sender:
        case Sender.GENUINE:
            return True
        case Sender.LIKELY_GENUINE:
            return None
    return False


def _of_letters(matter: Matter, told: bool) -> bool | None:
    """Return what the letters tell; where one of them is not known, only a yes counts."""
    if told:
        return True
    return False if matter.papers and all(one.notice is not None for one in matter.papers) else None


def _or_letter(matter: Matter, stated: bool | None, *ids: str) -> bool | None:
    if any(one.notice is not None and one.notice.id in ids for one in matter.papers):
        return True
    return stated


def _plan(matter: Matter) -> bool | None:
    if tells_of_a_plan(matter) and matter.newest.notice is not None:
        return matter.newest.notice.id in _UNDER_A_PLAN
    plan = said(matter, "plan")
    return None if plan is None else plan in ("kept", "behind")


def _plan_ended(matter: Matter) -> bool | None:
    plan = said(matter, "plan")
    return _or_letter(matter, None if plan is None else plan == "ended", "IA-REJECTION")
