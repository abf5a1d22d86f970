"""The days that count: rules D1 to D25 as pure functions of a day on a paper and the dated figures.

Three days come of each count: `raw`, the plain count; `legal_last`, moved by 26 U.S.C. 7503 where it applies;
`safe_by`, the business day to aim for. A printed date binds when it is earlier. No rule here says when a lien
notice will be filed: no law gives such a day.

Every remark is words by name: those of `Deadline.steps` stand in `steps.j2`; what `stake`, `after` and
`none_because` say, in `deadlines.j2`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from bot.model import Confidence, Deadline, Remark, Value, Whose
from bot.rules.calendar import calendar_of, years_after
from bot.rules.parameters import TooEarlyError

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from bot.rules.calendar import Calendar
    from bot.rules.notices import IrsNotice
    from bot.rules.parameters import Parameters

Right = Literal["cdp", "equivalent"]


class Kind(StrEnum):
    """What ends, or may begin, with a day."""

    PAY_BY = "pay_by"
    STATE_REFUND_LEVY = "state_refund_levy"
    CDP_LEVY = "cdp_levy"
    CDP_AFTER_LEVY = "cdp_after_levy"
    CDP_LIEN = "cdp_lien"
    EQUIVALENT_LEVY = "equivalent_levy"
    EQUIVALENT_LIEN = "equivalent_lien"
    TAX_COURT = "tax_court"
    PLAN_REJECTED = "plan_rejected"
    PLAN_ENDING = "plan_ending"
    PLAN_ENDED = "plan_ended"
    OFFER_REJECTED = "offer_rejected"
    CAP_TELL = "cap_tell"
    CAP_FORM = "cap_form"
    CAP_NO_CALLBACK = "cap_no_callback"
    CAP_SEIZURE = "cap_seizure"
    CAP_NO_OFFICER = "cap_no_officer"
    CAP_DECISION = "cap_decision"
    ASKED = "asked"
    THIRD_PARTY = "third_party"
    ADVOCATE = "advocate"
    COLLECTION_ENDS = "collection_ends"
    DEFICIENCY = "deficiency"
    PROPOSED_PENALTY = "proposed_penalty"
    BANK_HOLD = "bank_hold"
    WAGE_LEVY = "wage_levy"
    HEARING_DECISION = "hearing_decision"


# ---------------------------------------------------------------- what is asked


@dataclass(frozen=True, slots=True)
class Ask:
    """What a rule is asked: the paper, the days on it, the amount it demands."""

    params: Parameters
    dated: date | None
    printed: date | None = None
    amount: Decimal | None = None
    lien_filed: date | None = None
    abroad: bool = False
    notice: IrsNotice | None = None

    @property
    def calendar(self) -> Calendar:
        """Return the calendar of the same figures."""
        return calendar_of(self.params)

    @property
    def day(self) -> date:
        """Return the day the figures are looked up on: that of the paper, else a filing or printed day."""
        return self.dated or self.lien_filed or self.printed or date.max

    def value(self, name: str) -> Value:
        """Return the figure `deadlines.<name>` that holds on the day of the paper."""
        return self.params.on(self.day, f"deadlines.{name}")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by name: what its day is, whose, the figure it stands on, and the function that returns it."""

    name: str
    kind: Kind
    whose: Whose
    figure: str
    of: Callable[[Ask], Deadline]


RULES: dict[str, Rule] = {}
"""Every rule by its name."""


def rule(
    name: str, kind: Kind, whose: Whose, figure: str
) -> Callable[[Callable[[Ask], Deadline]], Callable[[Ask], Deadline]]:
    """Register a rule; `figure` names the parameter under `deadlines.` that its day stands on."""

    def register(function: Callable[[Ask], Deadline]) -> Callable[[Ask], Deadline]:
        RULES[name] = Rule(name, kind, whose, figure, function)
        return function

    return register


# ---------------------------------------------------------------- counting


@dataclass(frozen=True, slots=True)
class _Count:
    """A counted day, in business days or not; `urged`: an earlier day by another count, and its step.

    `guess`: the days are our own careful number, or count from a day that is not the right one.
    """

    raw: date
    steps: tuple[Remark, ...]
    urged: date | None = None
    urged_step: str = "urged_count"
    business: bool = False
    guess: bool = False


def _days(ask: Ask, days: Value, step: str = "counted", *, guess: bool = False) -> _Count | None:
    if ask.dated is None:
        return None
    raw = ask.dated + timedelta(days=days.count)
    return _Count(raw, (Remark(step, {"from": ask.dated, "days": days.count, "raw": raw}),), guess=guess)


def _business_days(ask: Ask, days: Value) -> _Count | None:
    """Count business days; where the District's own holidays decide, the earlier day is urged."""
    if ask.dated is None:
        return None
    raw = ask.calendar.business_days_after(ask.dated, days.count)
    early = ask.calendar.business_days_after(ask.dated, days.count, federal_only=True)
    between = (ask.dated + timedelta(days=gone) for gone in range(1, (raw - ask.dated).days))
    holidays = tuple(holiday.name for day in between if (holiday := ask.calendar.holiday(day)))
    args = {"from": ask.dated, "days": days.count, "raw": raw, "holidays": holidays}
    return _Count(raw, (Remark("counted_business", args),), early if early < raw else None, business=True)


def _deadline(
    ask: Ask,
    name: str,
    figure: Value,
    count: _Count | None,
    *,
    kind: Kind | None = None,
    roll: Value | None = None,
    prints: bool = True,
    printed_binds: bool = False,
    more: tuple[Remark, ...] = (),
    mail: bool = False,
    confidence: Confidence | None = None,
) -> Deadline:
    """Return the deadline of a count: moved, held against the printed date, with the safe day and the steps.

    `printed_binds`: the printed date holds even if it is later; the counted day is then only urged.
    """
    calendar = ask.calendar
    printed = ask.printed if prints else None
    if count is None and printed is None:
        return _none(name, figure, "none_no_date")
    whose = RULES[name].whose
    sure = confidence or figure.confidence
    review_by = figure.review_by
    steps: list[Remark] = []
    raw = legal = None
    aims: list[tuple[date, str]] = []
    if count is not None:
        raw = legal = count.raw
        steps += count.steps
        if not count.business:
            legal, step = _rolled(calendar, raw, roll, whose, count.guess)
            steps.append(step)
            if legal > raw and roll is not None:
                sure = _lower(sure, roll.confidence)
                review_by = min(review_by, roll.review_by)
        aims.append((raw, "counted"))
        if count.urged is not None:
            aims.append((count.urged, "earlier_count"))
            steps.append(Remark(count.urged_step, {"day": count.urged, "raw": raw, "years": figure.count}))
    if printed is not None:
        aims.append((printed, "printed"))
    binding, held = _held_against(printed, legal, printed_binds)
    steps += held
    aim, why = min(aims)
    safe = calendar.last_business_day(aim, federal_only=count is not None and count.business)
    if safe != binding:
        because = calendar.closed(aim) if safe != aim else why
        steps.append(Remark("safe_moved", {"from": aim, "to": safe, "because": because}))
    steps += more
    if mail:
        steps += _mail(ask, binding)
    kind = kind or RULES[name].kind
    return Deadline(
        name,
        kind,
        whose,
        raw,
        legal,
        safe,
        printed,
        binding,
        tuple(steps),
        figure.source,
        sure,
        review_by=review_by,
    )


def _rolled(
    calendar: Calendar, raw: date, roll: Value | None, whose: Whose, guess: bool
) -> tuple[date, Remark]:
    """Return the last day as 26 U.S.C. 7503 has it, and the step that says so or why not."""
    because = calendar.closed(raw)
    if because is None:
        return raw, Remark("not_rolled", {"day": raw, "why": "business_day"})
    if roll is not None and roll.text == "yes":
        to = calendar.rolled(raw)
        return to, Remark("rolled", {"from": raw, "to": to, "because": because})
    why = "unclear" if roll is not None and roll.text == "unclear" else whose.value
    if guess:  # a day we could only guess is not moved to a later one
        why = "careful"
    return raw, Remark("not_rolled", {"day": raw, "why": why})


def _held_against(
    printed: date | None, legal: date | None, printed_binds: bool
) -> tuple[date, tuple[Remark, ...]]:
    """Return the day that binds of the printed and the legal one, and the step that says which."""
    if printed is None or legal is None:
        only = printed or legal
        if only is None:
            raise ValueError("neither a printed nor a counted day")
        return only, (Remark("printed_only", {"printed": printed}),) if printed else ()
    args = {"printed": printed, "computed": legal}
    if printed == legal:
        return printed, (Remark("printed_same", args),)
    if printed < legal:
        return printed, (Remark("printed_earlier", args),)
    if printed_binds:
        return printed, (Remark("printed_binds", args),)
    return legal, (Remark("printed_later", args),)


def _mail(ask: Ask, last: date) -> tuple[Remark, ...]:
    """Return what to know about posting it (26 U.S.C. 7502; Postal Service manual 608.11)."""
    trap = ask.params.series("deadlines.mail.trap")[0].since
    counts = Remark("postmark", {"day": last})
    return (counts, Remark("postmark_trap", {"since": trap})) if last >= trap else (counts,)


def _none(name: str, figure: Value, because: str, **args: object) -> Deadline:
    """Return a deadline without any day, and why."""
    found = RULES[name]
    nothing = (None, None, None, None, None)
    why = Remark(because, args)
    return Deadline(
        name,
        found.kind,
        found.whose,
        *nothing,
        (),
        figure.source,
        figure.confidence,
        none_because=why,
        review_by=figure.review_by,
    )


def _lower(one: Confidence, other: Confidence) -> Confidence:
    order: tuple[Confidence, ...] = ("low", "medium", "high")
    return min(one, other, key=order.index)


_CLOCK_RUNS = Remark("verify_clock_runs")
_REQUEST = Remark("hearing_request")
_PETITION = Remark("petition_to_court")


def _period(
    ask: Ask,
    name: str,
    *,
    figure: Value | None = None,
    more: tuple[Remark, ...] = (_CLOCK_RUNS,),
    mail: bool = True,
) -> Deadline:
    """Return the deadline of a rule that counts calendar days from the paper: its `….days`, its `….roll`."""
    figure = figure or ask.value(RULES[name].figure)
    roll = ask.value(RULES[name].figure.replace(".days", ".roll"))
    return _deadline(ask, name, figure, _days(ask, figure), roll=roll, more=more, mail=mail)


# ---------------------------------------------------------------- D1, D2: the bill


@rule("D1", Kind.PAY_BY, Whose.PAY_BY, "bill.days")
def bill(ask: Ask) -> Deadline:
    """Return the day by which a bill must be paid to stop interest on what is paid: 26 U.S.C. 6601(e)(3)."""
    limit = ask.value("bill.large_amount")
    if ask.amount is not None and ask.amount >= limit.amount:
        return large_bill(ask)
    more: tuple[Remark, ...] = ()
    if ask.amount is None and ask.dated is not None:
        days = ask.value("bill.large_business_days")
        early = ask.calendar.business_days_after(ask.dated, days.count, federal_only=True)
        more = (Remark("amount_unknown", {"limit": limit.amount, "days": days.count, "day": early}),)
    return _period(ask, "D1", more=(*more, Remark("penalty_goes_on")))


@rule("D2", Kind.PAY_BY, Whose.PAY_BY, "bill.large_business_days")
def large_bill(ask: Ask) -> Deadline:
    """Return the pay-by day of a bill of $100,000 or more, in business days: 26 U.S.C. 6601(e)(3)."""
    figure = ask.value("bill.large_business_days")
    return _deadline(
        ask,
        "D2",
        figure,
        _business_days(ask, figure),
        more=(
            Remark("large_bill", {"limit": ask.value("bill.large_amount").amount}),
            Remark("penalty_goes_on"),
        ),
        mail=True,
    )


# ---------------------------------------------------------------- D3: notice of intent to levy


@rule("D3", Kind.STATE_REFUND_LEVY, Whose.IRS_WAITS, "intent_to_levy.days")
def intent_to_levy(ask: Ask) -> Deadline:
    """Return until when the IRS waits before it may take a state refund: 26 U.S.C. 6331(d), 6330(f)(2)."""
    more: tuple[Remark, ...] = ()
    if ask.dated is not None:
        days = ask.value("intent_to_levy.penalty_days").count
        more = (Remark("penalty_doubles", {"days": days, "day": ask.dated + timedelta(days=days)}),)
    return _period(ask, "D3", more=(*more, Remark("no_hearing_yet"), _CLOCK_RUNS), mail=False)


# ---------------------------------------------------------------- D4 to D8: hearings


@rule("D4", Kind.CDP_LEVY, Whose.RIGHT, "cdp_levy.days")
def cdp_levy(ask: Ask) -> Deadline:
    """Return the last day to ask for a hearing about a levy: 26 U.S.C. 6330(a)(3)(B), (f); Form 12153."""
    figure = ask.value("cdp_levy.days")
    after = ask.notice is not None and ask.notice.phase == "after_levy"
    return _deadline(
        ask,
        "D4",
        figure,
        _days(ask, figure),
        kind=Kind.CDP_AFTER_LEVY if after else Kind.CDP_LEVY,
        roll=ask.value("cdp_levy.roll"),
        more=(_REQUEST, *_equivalent_later(_run("D6", ask)), _CLOCK_RUNS),
        mail=True,
    )


@rule("D5", Kind.CDP_LIEN, Whose.RIGHT, "cdp_lien.days")
def cdp_lien(ask: Ask) -> Deadline:
    """Return the last day to ask for a hearing about a lien notice: 26 U.S.C. 6320(a)(3)(B).

    30 days after the five business days the IRS has to tell of the filing (26 CFR 301.6320-1(c) A-C3). The
    printed date holds. If neither it nor the filing day is known: 30 days from the letter, a careful guess.
    """
    figure = ask.value("cdp_lien.days")
    more = (_REQUEST, *_equivalent_later(_run("D7", ask)), _CLOCK_RUNS)
    if ask.lien_filed is None:
        guess = None if ask.printed else _days(ask, figure, "lien_day_unknown", guess=True)
        return _deadline(
            ask,
            "D5",
            figure,
            guess,
            more=more,
            mail=True,
            confidence="low" if guess else figure.confidence,
        )
    wait = ask.value("cdp_lien.business_days")
    fifth, early = _told_by(ask, ask.lien_filed, wait)
    raw, urged = fifth + timedelta(days=figure.count), early + timedelta(days=figure.count)
    step = Remark(
        "counted_lien",
        {
            "from": ask.lien_filed,
            "business_days": wait.count,
            "fifth": fifth,
            "days": figure.count,
            "raw": raw,
        },
    )
    return _deadline(
        ask,
        "D5",
        figure,
        _Count(raw, (step,), urged if urged < raw else None),
        roll=ask.value("cdp_lien.roll"),
        printed_binds=True,
        more=more,
        mail=True,
    )


@rule("D6", Kind.EQUIVALENT_LEVY, Whose.RIGHT, "equivalent_levy.years")
def equivalent_levy(ask: Ask) -> Deadline:
    """Return the last day to ask for an equivalent hearing after a levy notice: 26 CFR 301.6330-1(i)."""
    figure = ask.value("equivalent_levy.years")
    count = None
    if ask.dated is not None:
        raw = years_after(ask.dated, figure.count)
        count = _Count(
            raw, (Remark("counted_years", {"from": ask.dated, "years": figure.count, "raw": raw}),)
        )
    return _deadline(
        ask,
        "D6",
        figure,
        count,
        roll=ask.value("equivalent.roll"),
        prints=False,
        mail=True,
    )


@rule("D7", Kind.EQUIVALENT_LIEN, Whose.RIGHT, "equivalent_lien.years")
def equivalent_lien(ask: Ask) -> Deadline:
    """Return the last day to ask for an equivalent hearing after a lien notice: 26 CFR 301.6320-1(i).

    One year from the day after the five business days; a year from the letter is urged where it is earlier.
    """
    figure = ask.value("equivalent_lien.years")
    roll: Value | None = ask.value("equivalent.roll")
    sure: Confidence = figure.confidence
    count = None
    letter = years_after(ask.dated, figure.count) if ask.dated is not None else None
    if ask.lien_filed is not None:
        fifth, early = _told_by(ask, ask.lien_filed, ask.value("cdp_lien.business_days"))
        raw = years_after(fifth, figure.count)
        urged = min(day for day in (raw, years_after(early, figure.count), letter) if day is not None)
        args = {"from": ask.lien_filed, "fifth": fifth, "years": figure.count, "raw": raw}
        step = "urged_letter" if urged == letter else "urged_count"
        count = _Count(raw, (Remark("counted_lien_years", args),), urged if urged < raw else None, step)
    elif letter is not None:
        args = {"from": ask.dated, "years": figure.count, "raw": letter}
        count = _Count(letter, (Remark("lien_year_unknown", args),), guess=True)
        roll, sure = None, "low"
    return _deadline(ask, "D7", figure, count, roll=roll, prints=False, mail=True, confidence=sure)


@rule("D8", Kind.TAX_COURT, Whose.RIGHT, "tax_court.days")
def tax_court(ask: Ask) -> Deadline:
    """Return the last day to petition the Tax Court after a notice of determination: 26 U.S.C. 6330(d)(1)."""
    return _period(ask, "D8", more=(_PETITION, _CLOCK_RUNS))


def _told_by(ask: Ask, filed: date, wait: Value) -> tuple[date, date]:
    """Return the end of the business days after a lien filing, and the end if April 16 is one of them."""
    calendar = ask.calendar
    return (
        calendar.business_days_after(filed, wait.count),
        calendar.business_days_after(filed, wait.count, federal_only=True),
    )


def _equivalent_later(deadline: Deadline) -> tuple[Remark, ...]:
    if deadline.binding is None:
        return ()
    return (Remark("equivalent_later", {"until": deadline.act_by, "last": deadline.binding}),)


# ---------------------------------------------------------------- D9 to D11: plans and offers


@rule("D9", Kind.PLAN_REJECTED, Whose.RIGHT, "plan_rejected.days")
def plan_rejected(ask: Ask) -> Deadline:
    """Return the last day to appeal a refused plan: 26 U.S.C. 6331(k)(2)(B); 26 CFR 301.6159-1(d)(3)."""
    return _period(ask, "D9")


@rule("D10", Kind.PLAN_ENDING, Whose.RIGHT, "plan_ending.days")
def plan_ending(ask: Ask) -> Deadline:
    """Return the last day to save a plan the IRS means to end: 26 U.S.C. 6159(b)(5). Not moved: unclear."""
    return _period(ask, "D10")


@rule("D11", Kind.OFFER_REJECTED, Whose.RIGHT, "offer_rejected.days")
def offer_rejected(ask: Ask) -> Deadline:
    """Return the last day to appeal a rejected offer: 26 U.S.C. 7122(e); 26 CFR 301.7122-1(f)(5)."""
    return _period(ask, "D11")


# ---------------------------------------------------------------- D12 to D16: Collection Appeals Program


@rule("D12", Kind.CAP_TELL, Whose.RIGHT, "cap.tell_business_days")
def cap_conference(ask: Ask) -> Deadline:
    """Return the days after a conference with a revenue officer's manager: tell them, then Form 9423."""
    figure = ask.value("cap.form_business_days")
    form = _deadline(ask, "D12", figure, _business_days(ask, figure), kind=Kind.CAP_FORM, mail=True)
    return replace(_cap(ask, "D12"), also=(form,))


@rule("D13", Kind.CAP_NO_CALLBACK, Whose.RIGHT, "cap.no_callback_business_days")
def cap_no_callback(ask: Ask) -> Deadline:
    """Return the last day for Form 9423 when the manager did not call back."""
    wait = ask.value("cap.callback_business_days").count
    more = (Remark("no_callback", {"days": wait}),)
    return _cap(ask, "D13", more=more, mail=True)


@rule("D14", Kind.CAP_SEIZURE, Whose.RIGHT, "cap.seizure_business_days")
def cap_seizure(ask: Ask) -> Deadline:
    """Return the last day to appeal a seizure to the manager."""
    return _cap(ask, "D14")


@rule("D15", Kind.CAP_NO_OFFICER, Whose.RIGHT, "cap.no_officer_business_days")
def cap_no_officer(ask: Ask) -> Deadline:
    """Return the last day to go on to Appeals after a conference, when no revenue officer has the case."""
    return _cap(ask, "D15")


@rule("D16", Kind.CAP_DECISION, Whose.IRS_WAITS, "cap.decision_business_days")
def cap_decision(ask: Ask) -> Deadline:
    """Return when Appeals means to decide: its own goal (IRM 8.24.1), so nothing binds."""
    goal = _cap(replace(ask, printed=None), "D16")
    if goal.raw is None:
        return goal
    return replace(
        goal,
        legal_last=None,
        safe_by=None,
        binding=None,
        steps=goal.steps[:1],
        none_because=Remark("none_goal_only", {"day": goal.raw}),
    )


def _cap(ask: Ask, name: str, *, more: tuple[Remark, ...] = (), mail: bool = False) -> Deadline:
    figure = ask.value(RULES[name].figure)
    return _deadline(ask, name, figure, _business_days(ask, figure), more=more, mail=mail)


# ---------------------------------------------------------------- D17: days an IRS letter sets by itself


@rule("D17", Kind.ASKED, Whose.ASKED, "fallback.careful")
def asked(ask: Ask) -> Deadline:
    """Return the day a letter sets by itself: as printed; else by the letter's days or our careful number.

    It is taken as hard: no law fixes it, so none moves it. Where the letter names a number of days too, the
    earlier of both binds.
    """
    notice = ask.notice
    name = notice.days if notice is not None else None
    if name is not None and not (ask.printed and name.startswith("fallback.")):
        figure = ask.value(name)
        guess = name.startswith("fallback.")
        count = _days(ask, figure, "fallback" if guess else "asked_days", guess=guess)
        return _deadline(ask, "D17", figure, count, more=(_CLOCK_RUNS,), confidence="low" if guess else None)
    figure = ask.value("fallback.careful")
    if ask.printed is None:
        if notice is not None and not notice.rules:
            found = replace(_none("D17", figure, "none_nothing_asked"), confidence=notice.confidence)
        else:
            found = _none("D17", figure, "none_not_printed")
    else:
        found = _deadline(ask, "D17", figure, None, more=(_CLOCK_RUNS,), confidence="high")
    return replace(found, source=notice.source if notice is not None else figure.source)


# ---------------------------------------------------------------- D18 to D20


@rule("D18", Kind.THIRD_PARTY, Whose.IRS_WAITS, "third_party.days")
def third_party(ask: Ask) -> Deadline:
    """Return before when the IRS may not contact others: 26 U.S.C. 7602(c)(1). Nothing of yours ends."""
    figure = ask.value("third_party.days")
    if ask.dated is None:
        return _none("D18", figure, "none_no_date")
    raw = ask.dated + timedelta(days=figure.count)
    steps = (
        Remark("counted_wait", {"from": ask.dated, "days": figure.count, "raw": raw}),
        Remark("contact_window", {"years": ask.value("third_party.years").count}),
    )
    found = RULES["D18"]
    return Deadline(
        "D18",
        found.kind,
        found.whose,
        raw,
        legal_last=None,
        safe_by=None,
        printed=None,
        binding=None,
        steps=steps,
        source=figure.source,
        confidence=figure.confidence,
        review_by=figure.review_by,
    )


@rule("D19", Kind.ADVOCATE, Whose.RIGHT, "advocate.days")
def advocate(ask: Ask) -> Deadline:
    """Say that asking the Taxpayer Advocate has no last day and moves no other: 26 U.S.C. 7811."""
    return _none("D19", ask.value("advocate.days"), "none_advocate")


@rule("D20", Kind.COLLECTION_ENDS, Whose.IRS_WAITS, "collection.years")
def collection_ends(ask: Ask) -> Deadline:
    """Say why the end of the ten years to collect is not computed: 26 U.S.C. 6502 and its suspensions."""
    figure = ask.value("collection.years")
    return _none("D20", figure, "none_collection_ends", years=figure.count)


# ---------------------------------------------------------------- D21 to D25: beside the fact sheet's table


@rule("D21", Kind.DEFICIENCY, Whose.RIGHT, "deficiency.days")
def deficiency(ask: Ask) -> Deadline:
    """Return the last day to petition the Tax Court after a notice of deficiency: 26 U.S.C. 6213(a)."""
    figure = ask.value("deficiency.days_abroad") if ask.abroad else None
    return _period(ask, "D21", figure=figure, more=(_PETITION, _CLOCK_RUNS))


@rule("D22", Kind.PROPOSED_PENALTY, Whose.RIGHT, "proposed_penalty.days")
def proposed_penalty(ask: Ask) -> Deadline:
    """Return the last day to protest a proposed trust fund penalty (Letter 1153): 26 U.S.C. 6672(b)."""
    return _period(ask, "D22", figure=ask.value("proposed_penalty.days_abroad") if ask.abroad else None)


@rule("D23", Kind.BANK_HOLD, Whose.IRS_WAITS, "bank_hold.days")
def bank_hold(ask: Ask) -> Deadline:
    """Return until when a bank holds levied money before it pays the IRS: 26 U.S.C. 6332(c)."""
    return _period(ask, "D23", more=(Remark("from_service"), _CLOCK_RUNS), mail=False)


@rule("D24", Kind.WAGE_LEVY, Whose.IRS_WAITS, "cdp_levy.days")
def wage_levy(ask: Ask) -> Deadline:
    """Say that a levy on wages opens no new 30 days: 26 U.S.C. 6331(e), 6334(d)."""
    figure = ask.value("cdp_levy.days")
    return _none("D24", figure, "none_wage_levy", days=figure.count)


@rule("D25", Kind.HEARING_DECISION, Whose.RIGHT, "equivalent_levy.years")
def hearing_decision(ask: Ask) -> Deadline:
    """Say that the decision after an equivalent hearing opens no petition: 26 CFR 301.6330-1(i)."""
    return _none("D25", ask.value("equivalent_levy.years"), "none_hearing_decision")


# ---------------------------------------------------------------- the entries

_RIGHTS: dict[Right, frozenset[str]] = {"cdp": frozenset({"D4", "D5"}), "equivalent": frozenset({"D6", "D7"})}


def for_notice(
    notice: IrsNotice,
    dated: date | None,
    *,
    printed: date | None = None,
    amount: Decimal | None = None,
    right: Right | None = None,
    lien_filed: date | None = None,
    abroad: bool = False,
    params: Parameters,
) -> tuple[Deadline, ...]:
    """Return every deadline a notice opens, the one that matters most to the person first.

    `amount` is what the notice demands; `right` leaves only the hearing or the equivalent hearing
    (nothing, if the notice opens none). The printed date goes with the first; it also binds a pay-by day that
    is later.
    """
    ask = Ask(params, dated, printed, amount, lien_filed, abroad, notice)
    return _opened(notice.rules or ("D17",), ask, right)


def _opened(names: tuple[str, ...], ask: Ask, right: Right | None) -> tuple[Deadline, ...]:
    """Return the deadlines of these rules; the printed date goes with the first, and with an earlier pay-by day."""
    if right is not None:
        names = tuple(name for name in names if name in _RIGHTS[right])
    found = [_run(name, ask) for name in names[:1]]
    for name in names[1:]:
        deadline = _run(name, replace(ask, printed=None))
        if (
            ask.printed
            and deadline.whose is Whose.PAY_BY
            and deadline.binding
            and ask.printed < deadline.binding
        ):
            deadline = _run(name, ask)
        found.append(deadline)
    return tuple(found)


EVENTS: dict[str, tuple[str, ...]] = {
    "bill": ("D1",),
    "intent_to_levy": ("D3", "D1"),
    "final_notice": ("D4", "D6", "D1"),
    "levied": ("D4", "D6"),
    "lien_filed": ("D5", "D7"),
    "determination": ("D8",),
    "ia_rejected": ("D9",),
    "ia_terminated": ("D10",),
    "oic_rejected": ("D11",),
    "cap_conference": ("D12",),
    "cap_requested": ("D13",),
    "seizure": ("D14",),
    "cap_conference_phone": ("D15",),
    "cap_received": ("D16",),
    "letter": ("D17",),
    "third_party_notice": ("D18",),
    "tas": ("D19",),
    "assessed": ("D20",),
    "deficiency": ("D21",),
    "proposed_penalty": ("D22",),
    "bank_levy": ("D23",),
    "wage_levy": ("D24",),
    "hearing_decision": ("D25",),
}
"""What can happen without a notice number, and the rules it opens."""


def for_event(
    event: str,
    dated: date,
    *,
    printed: date | None = None,
    amount: Decimal | None = None,
    right: Right | None = None,
    abroad: bool = False,
    params: Parameters,
) -> tuple[Deadline, ...]:
    """Return every deadline an event opens, as `for_notice` does; `dated` is its day or that of its letter.

    For `lien_filed` it is the day the lien notice was filed. Raises KeyError for an event not in EVENTS.
    """
    filed = dated if event == "lien_filed" else None
    found = _opened(
        EVENTS[event], Ask(params, None if filed else dated, printed, amount, filed, abroad), right
    )
    kinds = {("levied", "D4"): Kind.CDP_AFTER_LEVY, ("ia_terminated", "D10"): Kind.PLAN_ENDED}
    return tuple(replace(one, kind=kinds.get((event, one.rule), one.kind)) for one in found)


def _run(name: str, ask: Ask) -> Deadline:
    """Return the deadline of one rule; a paper older than the law of the rule has none.

    A day that was counted is no surer than what is known of the notice, and is looked at again no later.
    """
    try:
        found = RULES[name].of(ask)
    except TooEarlyError:
        first = ask.params.series(f"deadlines.{RULES[name].figure}")[0]
        return _none(name, first, "none_too_early", since=first.since)
    notice = ask.notice
    if notice is None or found.raw is None or found.review_by is None:
        return found
    sure = _lower(found.confidence, notice.confidence if notice.firm else "low")
    return replace(found, confidence=sure, review_by=min(found.review_by, notice.review_by))


# ---------------------------------------------------------------- what is at stake, and what is left

_AFTER: dict[str, tuple[str, ...]] = {
    Kind.PAY_BY: ("after_pay_now", "after_plan"),
    Kind.STATE_REFUND_LEVY: ("after_pay_or_plan", "after_cap", "after_advocate"),
    Kind.CDP_LEVY: ("after_cap", "after_pay_or_plan", "after_not_received", "after_lawyer", "after_disaster"),
    Kind.CDP_AFTER_LEVY: (
        "after_cap",
        "after_release",
        "after_not_received",
        "after_lawyer",
        "after_disaster",
    ),
    Kind.CDP_LIEN: ("after_cap", "after_withdrawal", "after_not_received", "after_lawyer", "after_disaster"),
    Kind.EQUIVALENT_LEVY: ("after_cap", "after_pay_or_plan", "after_advocate"),
    Kind.EQUIVALENT_LIEN: ("after_cap", "after_withdrawal", "after_advocate"),
    Kind.TAX_COURT: ("after_lawyer", "after_disaster", "after_pay_or_plan"),
    Kind.PLAN_REJECTED: ("after_new_plan", "after_cap", "after_advocate"),
    Kind.PLAN_ENDING: ("after_reinstate", "after_cap", "after_advocate"),
    Kind.PLAN_ENDED: ("after_reinstate", "after_cap", "after_advocate"),
    Kind.OFFER_REJECTED: ("after_new_offer", "after_pay_or_plan"),
    Kind.CAP_TELL: ("after_manager", "after_advocate"),
    Kind.CAP_FORM: ("after_manager", "after_advocate"),
    Kind.CAP_NO_CALLBACK: ("after_manager", "after_advocate"),
    Kind.CAP_SEIZURE: ("after_manager", "after_advocate", "after_lawyer"),
    Kind.CAP_NO_OFFICER: ("after_manager", "after_advocate"),
    Kind.ASKED: ("after_call",),
    Kind.DEFICIENCY: ("after_lawyer", "after_reconsideration", "after_disaster"),
    Kind.PROPOSED_PENALTY: ("after_lawyer", "after_penalty_claim"),
    Kind.BANK_HOLD: ("after_release", "after_advocate"),
}


def stake(deadline: Deadline) -> Remark:
    """Return what is at stake with a deadline, in words of `deadlines.j2`."""
    return Remark(f"{deadline.kind}_stake")


def after(deadline: Deadline, day: date) -> tuple[Remark, ...]:
    """Return what is still possible on `day` if the binding day is over; nothing while it is not."""
    if deadline.binding is None or day <= deadline.binding:
        return ()
    still: tuple[Remark, ...] = ()
    if deadline.legal_last is not None and deadline.binding < day <= deadline.legal_last:
        still = (Remark("after_printed", {"last": deadline.legal_last}),)
    later = [step.args for step in deadline.steps if step.name == "equivalent_later"]
    still += tuple(Remark("after_equivalent", args) for args in later if day <= args["last"])
    return (*still, *(Remark(name) for name in _AFTER.get(deadline.kind, ())))
