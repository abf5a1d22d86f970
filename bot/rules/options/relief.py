"""Owing less, owing nothing for now, or not owing it: offers, hardship, penalties, disputes, help."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.model import Reason, Remark
from bot.rules import red_flags
from bot.rules.cost import HUNDRED, cents
from bot.rules.options.verdict import Verdict, described, gate, option, reason, verdict
from bot.rules.standing import NOTHING, Standing, all_of, any_of, negated, standing

if TYPE_CHECKING:
    from decimal import Decimal

    from bot.model import Value
    from bot.rules.facts import Facts
    from bot.rules.parameters import Parameters

# ---------------------------------------------------------------- offers, 26 U.S.C. 7122


@option
def oic_datc(facts: Facts, params: Parameters, day: date) -> Verdict:
    """Say whether an offer for doubt as to collectibility can be made."""
    at = standing(facts, params, day)
    figure = described("oic_datc", at)
    least, total = at.potential, at.total
    below = None if least is None or total is None else least < total
    return verdict(
        "oic_datc",
        at,
        [
            *gate(at),
            *_employer(at, figure),
            _bill(at, figure),
            reason("less_can_be_collected", below, figure, _offer_ask(at), least=least, total=total),
            reason("not_all_before_clock_ends", negated(at.full_by_clock), figure, _offer_ask(at)),
            _offer_money(at, figure),
        ],
        _offer_notes(at),
        sums=at.offer,
    )


@option
def oic_eta(facts: Facts, params: Parameters, day: date) -> Verdict:
    """Say whether an offer for effective tax administration can be made: collectible, but not fairly."""
    at = standing(facts, params, day)
    figure = described("oic_eta", at)
    least, total = at.potential, at.total
    enough = None if least is None or total is None else least >= total
    special = any_of((facts.hardship, facts.exceptional))
    return verdict(
        "oic_eta",
        at,
        [
            *gate(at),
            *_employer(at, figure),
            _bill(at, figure),
            reason("all_can_be_collected", enough, figure, _offer_ask(at)),
            reason("special_case", special, figure, "hardship exceptional"),
        ],
        _offer_notes(at),
        sums=at.offer,
    )


@option
def oic_datl(facts: Facts, params: Parameters, day: date) -> Verdict:
    """Say whether an offer for doubt as to liability can be made: a real doubt about the amount."""
    at = standing(facts, params, day)
    figure = described("oic_datl", at)
    return verdict(
        "oic_datl",
        at,
        [
            *gate(at),
            _bill(at, figure),
            _kind(at, "amount_in_doubt", figure, "amount", "audit", "own_return"),
            reason("not_settled", negated(facts.final_decision), figure, "final_decision"),
        ],
    )


def _employer(at: Standing, figure: Value) -> tuple[Reason, ...]:
    employer = at.facts.employer
    if employer is None and at.facts.taxpayer_type in ("business", "self_employed"):
        employer = True  # to be asked
    if not employer:
        return ()
    return (
        reason(
            "deposits_current",
            at.facts.deposits_current,
            figure,
            "deposits_current" if at.facts.employer else "employer deposits_current",
            Remark("make_deposits"),
            quarters=at.on("offer.employer_deposit_quarters").count,
        ),
    )


def _bill(at: Standing, figure: Value) -> Reason:
    came = at.facts.bill_received
    if came is None and (at.assessed or at.facts.notice):
        came = True
    return reason("bill_came", came, figure, "bill_received")


def _offer_ask(at: Standing) -> str:
    named = {
        "assessed": at.total,
        "monthly_capacity": at.facts.monthly_capacity,
        "equity_nre": at.facts.equity_nre,
        "equity_reachable": at.reachable,
    }
    return " ".join(name for name, value in named.items() if value is None) or "equity_reachable"


def _offer_money(at: Standing, figure: Value) -> Reason:
    """Return whether the money for an offer is there: at once, or over 24 months from what is left."""
    least, funds, capacity = at.potential, at.facts.offer_funds, at.facts.monthly_capacity
    equity = at.facts.equity_nre
    met = None if least is None or funds is None else funds >= least and funds > 0
    small = at.on("options.equity.small").amount
    if capacity is not None and capacity > 0 and equity is not None and equity <= small:
        met = True
    change = Remark("find_offer_money", {"amount": least}) if least else None
    return reason("offer_money", met, figure, "offer_funds", change, amount=least or None)


def _offer_notes(at: Standing) -> tuple[Remark, ...]:
    notes = []
    firm = [
        value for value in at.params.series("offer.accepted_percent") if value.firm and value.since <= at.day
    ]
    if firm:
        notes.append(Remark("accepted_lately", {"percent": firm[-1].amount, "year": firm[-1].since.year}))
    if not at.facts.low_income_250:
        percent = at.on("offer.lump_sum.first_payment_percent").amount
        lump = at.offer.lump_sum if at.offer else None
        first = cents(lump * percent / HUNDRED) if lump else None
        notes.append(Remark("first_payment", {"percent": percent, "amount": first}))
    else:
        notes.append(Remark("no_first_payment"))
    if at.months_left < at.on("plans.collection.short_clock_months").count:
        notes.append(Remark("clock_is_short", {"months": at.months_left}))
    return tuple(notes)


# ---------------------------------------------------------------- hardship


@option
def cnc(facts: Facts, params: Parameters, day: date) -> Verdict:
    """Say whether the IRS may set the debt aside as not collectible. Returns are asked for, no condition.

    A levy that causes hardship must be released even with returns missing: 26 U.S.C. 6343(a)(1)(D),
    Vinatieri, 133 T.C. 392 (2009) (errata A5).
    """
    at = standing(facts, params, day)
    figure = described("cnc", at)
    capacity = facts.monthly_capacity
    nothing_left = None if capacity is None else capacity <= 0
    if facts.hardship and nothing_left is not True:
        nothing_left = None  # the budget and the hardship disagree: it must be looked at
    small = at.on("options.equity.small")
    reachable = None if at.reachable is None else at.reachable == NOTHING
    notes = [Remark("file_returns_too")] if facts.returns_filed_all is False else []
    return verdict(
        "cnc",
        at,
        [
            gate(at)[2],
            reason("nothing_left", nothing_left, figure, "monthly_capacity", left=capacity),
            reason(
                "no_reachable_property",
                reachable,
                figure,
                "equity_nre" if facts.equity_nre is None else "equity_reachable",
                small=small.amount,
            ),
        ],
        notes,
    )


# ---------------------------------------------------------------- penalties


@option
def fta(facts: Facts, params: Parameters, day: date) -> Verdict:
    """Say whether the penalties of one period can go because the three years before were clean."""
    at = standing(facts, params, day)
    figure = described("fta", at)
    return verdict(
        "fta",
        at,
        [
            _penalties(at, figure),
            gate(at)[0],
            reason(
                "clean_three_years",
                negated(facts.penalties_last_3y),
                figure,
                "penalties_last_3y",
                years=at.on("options.first_time.clean_years").count,
            ),
        ],
    )


@option
def reasonable_cause(facts: Facts, params: Parameters, day: date) -> Verdict:
    """Say whether penalties can go for a good reason (26 U.S.C. 6651(a))."""
    at = standing(facts, params, day)
    figure = described("reasonable_cause", at)
    return verdict(
        "reasonable_cause",
        at,
        [
            _penalties(at, figure),
            reason("good_reason", facts.reasonable_cause, figure, "reasonable_cause"),
        ],
    )


def _penalties(at: Standing, figure: Value) -> Reason:
    met = None if at.penalties is None else at.penalties > 0
    return reason("has_penalties", met, figure, "penalties", amount=at.penalties)


def one_period_penalty(at: Standing) -> Decimal | None:
    """Return the largest penalty of one period: what first-time relief can take off at most."""
    each = [period.penalty for period in at.periods if period.penalty is not None]
    return max(each) if each else at.penalties


# ---------------------------------------------------------------- it is not owed


def _kind(at: Standing, name: str, figure: Value, *kinds: str) -> Reason:
    """Return whether one of these is why the debt is wrong."""
    told = at.facts.disputes
    met = any(kind in told for kind in kinds) if told is not None else None
    if at.facts.disputed is False and "spouse" not in kinds:
        met = False
    return reason(name, met, figure, "disputed disputes" if at.facts.disputed is None else "disputes")


@option
def audit_reconsideration(facts: Facts, params: Parameters, day: date) -> Verdict:
    """Say whether the IRS can be asked to look at an audit again."""
    at = standing(facts, params, day)
    figure = described("audit_reconsideration", at)
    return verdict(
        "audit_reconsideration",
        at,
        [
            _kind(at, "was_audited", figure, "audit", "substitute_return"),
            reason("new_evidence", facts.new_evidence, figure, "new_evidence"),
            reason("not_settled", negated(facts.final_decision), figure, "final_decision"),
        ],
    )


@option
def amended_return(facts: Facts, params: Parameters, day: date) -> Verdict:
    """Say whether an amended return would lower the debt."""
    at = standing(facts, params, day)
    figure = described("amended_return", at)
    return verdict("amended_return", at, [_kind(at, "own_return_wrong", figure, "own_return")])


@option
def substitute_return(facts: Facts, params: Parameters, day: date) -> Verdict:
    """Say whether an original return can replace the one the IRS made."""
    at = standing(facts, params, day)
    figure = described("substitute_return", at)
    return verdict("substitute_return", at, [_kind(at, "irs_filed_for_you", figure, "substitute_return")])


@option
def identity_theft(facts: Facts, params: Parameters, day: date) -> Verdict:
    """Say whether the debt is somebody else's."""
    at = standing(facts, params, day)
    figure = described("identity_theft", at)
    return verdict("identity_theft", at, [_kind(at, "not_your_debt", figure, "not_mine")])


@option
def innocent_spouse(facts: Facts, params: Parameters, day: date) -> Verdict:
    """Say whether relief from a joint debt can be asked for (26 U.S.C. 6015)."""
    at = standing(facts, params, day)
    figure = described("innocent_spouse", at)
    named = None if facts.disputes is None else "spouse" in facts.disputes or None
    issue = any_of((facts.spouse_issue, named)) if facts.spouse_issue is not False or named else False
    return verdict(
        "innocent_spouse",
        at,
        [
            reason("joint_return", facts.joint_return, figure, "joint_return"),
            reason("spouse_should_owe", issue, figure, "spouse_issue"),
        ],
    )


@option
def injured_spouse(facts: Facts, params: Parameters, day: date) -> Verdict:
    """Say whether a refund kept for a spouse's own debt can come back."""
    at = standing(facts, params, day)
    figure = described("injured_spouse", at)
    return verdict("injured_spouse", at, [_kind(at, "refund_kept", figure, "refund_taken")])


# ---------------------------------------------------------------- appeal and help


@option
def cap(facts: Facts, params: Parameters, day: date) -> Verdict:
    """Say whether the Collection Appeals Program is open: before or after a lien notice, levy or plan."""
    at = standing(facts, params, day)
    figure = described("cap", at)
    met = any_of(
        (
            at.final_notice,
            at.levy_active,
            at.lien_filed,
            facts.plan_refused_or_ended,
            facts.lien_proposed,
        )
    )
    ask = "final_notice levy_active nftl_filed lien_proposed plan_refused_or_ended"
    return verdict("cap", at, [reason("action_to_appeal", met, figure, ask)])


@option
def tas(facts: Facts, params: Parameters, day: date) -> Verdict:
    """Say whether the Taxpayer Advocate Service can step in (26 U.S.C. 7811)."""
    at = standing(facts, params, day)
    figure = described("tas", at)
    met = any_of((facts.hardship, facts.irs_delay))
    return verdict("tas", at, [reason("hardship_or_delay", met, figure, "hardship irs_delay")])


@option
def professional_help(facts: Facts, params: Parameters, day: date) -> Verdict:
    """Say who can help: always open; for low incomes a clinic is free or nearly so."""
    at = standing(facts, params, day)
    notes = [] if facts.low_income_250 is False else [Remark("low_income_clinic")]
    who = dict.fromkeys(one for flag in red_flags.flags(facts, params, day) for one in flag.who)
    if who:
        notes.append(Remark("who_to_see", {"who": tuple(who)}))
    return verdict("professional_help", at, [], notes)


@option
def bankruptcy_info(facts: Facts, params: Parameters, day: date) -> Verdict:
    """Say whether some income tax is old enough for a bankruptcy to end it. Information only."""
    at = standing(facts, params, day)
    figure = described("bankruptcy_info", at)
    due, filed = (at.on(f"options.bankruptcy.{name}_years").count for name in ("due", "filed"))
    days = at.on("options.bankruptcy.assessed_days").count
    income = [one for one in at.periods if one.trust_fund is not True]
    old = [
        all_of(
            (
                _before(one.due, _years_back(day, due)),
                _before(one.filed, _years_back(day, filed)),
                _before(one.assessed_on, day - timedelta(days=days)),
            )
        )
        for one in income
    ]
    met = any_of(old) if income or facts.periods else None
    return verdict(
        "bankruptcy_info",
        at,
        [reason("tax_is_old", met, figure, "periods", due=due, filed=filed, days=days)],
    )


def _years_back(day: date, years: int) -> date:
    """Return the day so many years before; February 29 becomes February 28."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _before(day: date | None, limit: date) -> bool | None:
    return None if day is None else day < limit
