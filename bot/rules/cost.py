"""What owing costs: interest, failure to pay, failure to file, and how a monthly plan runs.

Two reckonings stand here. `accrue` is exact, for one tax period whose history is known. `simulate` is an
estimate from a balance, for plans that lie in the future. Both are in US dollars and days; neither counts
the estimated-tax penalty (26 U.S.C. 6654), deposit penalties, fraud (15 % and 75 %), user fees, or the
relief that reasonable cause or first-time abatement would bring.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.model import Remark, Value
from bot.rules.calendar import calendar_of
from bot.rules.parameters import Parameters, TooEarlyError

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTHING, ONE, HUNDRED, CENT = Decimal(0), Decimal(1), Decimal(100), Decimal("0.01")
DAY = timedelta(days=1)
LONGEST = 480  # payments a simulation runs at most: four times the ten-year clock

RATE = "interest.underpayment"
PAY, FILE = "penalties.failure_to_pay", "penalties.failure_to_file"


class UnclearError(ValueError):
    """The facts do not settle the figure; the message says what is missing or wrong."""


def cents(amount: Decimal) -> Decimal:
    """Return `amount` in whole cents, halves up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


# ---------------------------------------------------------------- days and months


def month_end(start: date, months: int) -> date:
    """Return the last day of the month that is the `months`-th after `start` (26 CFR 301.6651-1(b)).

    It has the day number of `start`, or the last day of a shorter month; where `start` is itself the last
    day of its month, each month ends on its last day. Weekends and holidays do not matter here.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    sticky = start.day == calendar.monthrange(start.year, start.month)[1]
    return date(year, month + 1, last if sticky else min(start.day, last))


def months_late(start: date, day: date) -> int:
    """Return how many months or parts of one have begun after `start` by the end of `day`."""
    count = max(0, (day.year - start.year) * 12 + day.month - start.month - 1)
    while month_end(start, count) < day:
        count += 1
    return count


def payment_day(first: date, number: int) -> date:
    """Return the day of payment `number` (0 is the first): the same day number, or the month's last day."""
    year, month = divmod(first.year * 12 + first.month - 1 + number, 12)
    return date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))


def free_until(params: Parameters, demand: date, amount: Decimal) -> date:
    """Return the last day to pay a bill of `amount` dated `demand` without more interest on what is paid.

    21 calendar days, moved past a weekend or holiday, or 10 business days from $100,000 on (26 U.S.C.
    6601(e)(3)): the days of rules D1 and D2. `amount` is the whole bill. It does not stop the
    failure-to-pay penalty on tax shown on a return.
    """
    dates = calendar_of(params)
    if amount >= params.on(demand, "deadlines.bill.large_amount").amount:
        return dates.business_days_after(
            demand, params.on(demand, "deadlines.bill.large_business_days").count
        )
    last = demand + timedelta(days=params.on(demand, "deadlines.bill.days").count)
    return dates.rolled(last) if params.on(demand, "deadlines.bill.roll").text == "yes" else last


# ---------------------------------------------------------------- interest


def growth(params: Parameters, after: date, through: date) -> Decimal:
    """Return what one unpaid dollar grows to from `after` (not counted) through `through` (counted).

    Compounded daily at the rate of each quarter; a day is 1/365 of the rate, in leap years 1/366
    (26 U.S.C. 6601(a), 6621(a)(2), 6622). Raises TooEarlyError before the first known rate.
    """
    factor = ONE
    for days, rate, first in _stretches(params, after, through):
        year = 366 if calendar.isleap(first.year) else 365
        factor *= (ONE + rate.amount / HUNDRED / year) ** days
    return factor


def _stretches(params: Parameters, after: date, through: date) -> Iterator[tuple[int, Value, date]]:
    """Give the days of each calendar quarter with its rate: rates change at quarters only."""
    if through < after:
        raise UnclearError(f"interest cannot run from {after} back to {through}")
    day = after + DAY
    while day <= through:
        end = min(through, _quarter_end(day))
        yield (end - day).days + 1, params.on(day, RATE), day
        day = end + DAY


def _quarter_end(day: date) -> date:
    month = (day.month + 2) // 3 * 3
    return date(day.year, month, calendar.monthrange(day.year, month)[1])


def known_through(params: Parameters) -> date:
    """Return the last day whose interest rate is announced; what runs beyond it is a projection."""
    return max(_quarter_end(rate.since) for rate in params.series(RATE) if not _is_projected(rate))


def _is_projected(rate: Value) -> bool:
    return rate.note.startswith("projected")


def _projected_from(params: Parameters, through: date) -> date | None:
    known = known_through(params)
    return known + DAY if through > known else None


def _projection(day: date | None) -> tuple[Remark, ...]:
    return (Remark("projected", {"day": day}),) if day else ()


# ---------------------------------------------------------------- one tax period


@dataclass(frozen=True, slots=True, kw_only=True)
class Liability:
    """The history of one tax period. Amounts in US dollars.

    `tax` is what was unpaid on the due date before any of `payments`; `due` the day payment was due, not
    moved by an extension to file or by a weekend; `filed` None where no return is filed yet: reckoned as if
    it were filed on the day asked about. `filing_due` is the extended day to file. `timely_by` and
    `file_timely_by` are the last days on which paying and filing were on time, where they were moved by more
    than a weekend or a legal holiday (a disaster).

    `plan_from` is the day an agreement under 26 U.S.C. 6159 was *accepted*, not asked for; `plan_until` the
    day it was terminated (a CP523 alone does not end it). `levy_notice` is the date of the first notice of
    intent to levy under 6331(d): CP504 counts. `bill` and `bill_pay_by` are a notice and demand and the last
    day of its interest-free window (`free_until`). `shown` False is tax assessed later and not on the
    return, which needs `bill` and `bill_pay_by`.
    """

    tax: Decimal
    due: date
    filed: date | None
    filing_due: date | None = None
    timely_by: date | None = None
    file_timely_by: date | None = None
    payments: tuple[tuple[date, Decimal], ...] = ()
    plan_from: date | None = None
    plan_until: date | None = None
    levy_notice: date | None = None
    bill: date | None = None
    bill_pay_by: date | None = None
    shown: bool = True
    individual: bool = True

    def __post_init__(self) -> None:
        wrong = [
            (self.tax < 0, "the tax is less than zero"),
            (any(amount <= 0 for _, amount in self.payments), "a payment must be more than zero"),
            (
                self.filing_due is not None and self.filing_due < self.due,
                "an extended day to file lies before the due date",
            ),
            (
                self.timely_by is not None and self.timely_by < self.due,
                "the last timely day lies before the due date",
            ),
            (
                self.plan_until is not None and (self.plan_from is None or self.plan_until < self.plan_from),
                "a plan must begin before it ends",
            ),
            ((self.bill is None) != (self.bill_pay_by is None), "a bill needs its date and its pay-by day"),
            (
                self.bill is not None and self.bill_pay_by is not None and self.bill_pay_by < self.bill,
                "a pay-by day lies before its bill",
            ),
            (
                not self.shown and self.bill is None,
                "tax that was not on the return needs the date of its bill and the pay-by day",
            ),
        ]
        faults = [text for is_wrong, text in wrong if is_wrong]
        if faults:
            raise UnclearError("; ".join(faults))

    @property
    def pay_on_time_by(self) -> date:
        """Return the last day on which paying was on time, as told (`accrue` moves it past holidays)."""
        return self.timely_by or self.due

    @property
    def file_on_time_by(self) -> date:
        """Return the last day on which filing was on time, with the extension where there is one."""
        return self.file_timely_by or self.filing_due or self.pay_on_time_by

    @property
    def filed_on_time(self) -> bool:
        """Say whether the return was filed on time, the extension included."""
        return self.filed is not None and self.filed <= self.file_on_time_by


@dataclass(frozen=True, slots=True)
class Accrual:
    """What has run up on one tax period by the day it is paid in full. US dollars, whole cents.

    `interest` is on the tax alone (with interest on that interest); `interest_in_all` also on the
    failure-to-file penalty, which bears interest from the day the return was due (26 U.S.C. 6601(e)(2)(B)).
    Interest on failure to pay, which runs only from a bill for it that stays unpaid, is in neither.
    `failure_to_pay` is the estimate; `_least` takes 0.25 % for every month *during* which an agreement was in
    effect, as 6651(h) reads; `_most` takes 1 % after a levy notice even in an agreement.
    """

    interest: Decimal
    interest_in_all: Decimal
    failure_to_pay: Decimal
    failure_to_pay_least: Decimal
    failure_to_pay_most: Decimal
    failure_to_file: Decimal
    tax_left: Decimal
    penalty_left: Decimal
    interest_left: Decimal
    overpaid: Decimal
    days: int
    months: int
    projected_from: date | None
    cautions: tuple[Remark, ...] = ()
    figures: tuple[Value, ...] = field(default=(), repr=False)

    @property
    def payoff(self) -> Decimal:
        """Return what settles the period on that day, earlier payments taken off."""
        return self.tax_left + self.penalty_left + self.interest_left


@dataclass(frozen=True, slots=True)
class _Month:
    """One month of failure to pay: its first day and what it adds."""

    begins: date
    ends: date
    amount: Decimal


def accrue(params: Parameters, debt: Liability, until: date) -> Accrual:
    """Return what runs up on `debt` until it is paid in full on `until`.

    Interest: 26 U.S.C. 6601, 6621, 6622. Failure to pay: 6651(a)(2), (a)(3), (d), (h), each month by its
    first day, capped at 25 percent counted month by month. Failure to file: 6651(a)(1), less the failure to
    pay of the same months, with its minimum. Payments go to tax, then penalty, then interest. An extension
    to file does not move interest or failure to pay. Raises UnclearError where the facts do not settle it.
    """
    faults = [
        (until < debt.due, f"{until} lies before the due date {debt.due}"),
        (debt.filed is not None and debt.filed > until, "the return was filed after the day asked about"),
        (any(day > until for day, _ in debt.payments), "a payment lies after the day asked about"),
    ]
    if any(wrong for wrong, _ in faults):
        raise UnclearError("; ".join(text for wrong, text in faults if wrong))
    debt = _with_timely_days(params, debt)
    months = {kind: _failure_to_pay(params, debt, until, kind) for kind in ("estimate", "least", "most")}
    file, file_figures, cautions = _failure_to_file(params, debt, until, months["estimate"])
    alone = _interest(params, debt, until, NOTHING, months["estimate"])
    in_all = _interest(params, debt, until, file, months["estimate"])
    pay = {kind: cents(sum((month.amount for month in run), NOTHING)) for kind, run in months.items()}
    end = _interest_day(debt, until)
    if debt.plan_from and not (debt.filed_on_time and debt.individual):
        cautions = (*cautions, Remark("no_lower_rate_in_the_plan"))
    moved = params.series("penalties.dates_moved")
    if any(isinstance(one.figure, date) and one.since <= debt.due <= one.figure for one in moved):
        years = {
            "first": moved[0].since.year,
            "last": max(one.figure.year for one in moved if isinstance(one.figure, date)),
        }
        cautions = (*cautions, Remark("dates_were_moved", {"due": debt.due} | years))
    projected = _projected_from(params, end)
    rates = {rate.since: rate for _, rate, _ in _stretches(params, debt.due, end)}
    return Accrual(
        interest=cents(alone.interest),
        interest_in_all=cents(in_all.interest),
        failure_to_pay=pay["estimate"],
        failure_to_pay_least=min(pay.values()),
        failure_to_pay_most=max(pay.values()),
        failure_to_file=file,
        tax_left=cents(in_all.tax_left),
        penalty_left=cents(in_all.penalty_left),
        interest_left=cents(in_all.interest_left),
        overpaid=cents(in_all.overpaid),
        days=(end - debt.due).days,
        months=len(months["estimate"]),
        projected_from=projected,
        cautions=(*cautions, *_projection(projected)),
        figures=(*rates.values(), *file_figures),
    )


def _with_timely_days(params: Parameters, debt: Liability) -> Liability:
    """Return `debt` with its timely days moved past weekends and legal holidays (26 U.S.C. 7503)."""
    rolled = calendar_of(params).rolled
    pay = debt.timely_by or rolled(debt.due)
    file = debt.file_timely_by or (rolled(debt.filing_due) if debt.filing_due else pay)
    return replace(debt, timely_by=pay, file_timely_by=file)


def _paid_by(debt: Liability, day: date) -> Decimal:
    """Return what was paid through `day`; what came by the last timely day counts from the due date."""
    on_time = debt.pay_on_time_by
    return sum(
        (amount for paid, amount in debt.payments if paid <= day or (paid <= on_time and day >= debt.due)),
        NOTHING,
    )


def _interest_day(debt: Liability, paid: date) -> date:
    """Return the day through which interest runs on what was paid on `paid`."""
    if paid <= debt.pay_on_time_by:
        return debt.due
    if debt.bill and debt.bill_pay_by and debt.bill <= paid <= debt.bill_pay_by:
        return max(debt.bill, debt.due)
    return paid


def _failure_to_pay(params: Parameters, debt: Liability, until: date, kind: str) -> tuple[_Month, ...]:
    """Return the months of failure to pay; the last may be a part of one."""
    start = debt.due if debt.shown or debt.bill_pay_by is None else debt.bill_pay_by
    last_free = debt.pay_on_time_by if debt.shown else start
    if until <= last_free:
        return ()
    months: list[_Month] = []
    counted = NOTHING
    ends = [month_end(start, count) for count in range(months_late(start, until) + 1)]
    for before, end in pairwise(ends):
        begins = before + DAY
        cap = params.on(begins, f"{PAY}.cap_percent").amount
        percent = min(_pay_percent(params, debt, begins, end, kind), cap - counted)
        counted += percent
        unpaid = max(NOTHING, debt.tax - _paid_by(debt, before))
        months.append(_Month(begins, end, unpaid * percent / HUNDRED))
    return tuple(months)


def _pay_percent(params: Parameters, debt: Liability, begins: date, ends: date, kind: str) -> Decimal:
    wait = timedelta(days=params.on(begins, f"{PAY}.levy_notice_days").count)
    levied = debt.levy_notice is not None and begins > debt.levy_notice + wait
    in_plan = False
    if debt.plan_from and debt.individual and debt.filed_on_time:
        # The IRS practice followed here takes whole months; the statute says "any month during which".
        in_plan = debt.plan_from <= (ends if kind == "least" else begins) and (
            debt.plan_until is None or begins <= debt.plan_until
        )
    if in_plan and not (levied and kind == "most"):
        return params.on(begins, f"{PAY}.in_agreement_percent").amount
    return params.on(begins, f"{PAY}.{'after_levy_notice_percent' if levied else 'percent'}").amount


def _failure_to_file(
    params: Parameters, debt: Liability, until: date, paying: tuple[_Month, ...]
) -> tuple[Decimal, tuple[Value, ...], tuple[Remark, ...]]:
    filed = debt.filed or until
    due = debt.filing_due or debt.due
    cautions: tuple[Remark, ...] = ()
    if debt.filed is None and until > debt.file_on_time_by:
        months = params.on(due, f"{FILE}.months").count
        cautions = (Remark("reckoned_as_filed_on", {"day": until, "months": months}),)
    net = max(NOTHING, debt.tax - _paid_by(debt, debt.due))
    if filed <= debt.file_on_time_by or not net:
        return NOTHING, (), cautions
    share = params.on(due, f"{FILE}.percent").amount / HUNDRED
    count = min(months_late(due, filed), params.on(due, f"{FILE}.months").count)
    penalty = NOTHING
    for number in range(count):
        begins = month_end(due, number) + DAY
        # Both penalties in one month: the failure to pay comes off, 6651(c)(1). Only (a)(2) does.
        both = (month.amount for month in paying if month.begins <= begins <= month.ends and debt.shown)
        penalty += max(NOTHING, net * share - sum(both, NOTHING))
    if (filed - due).days <= params.on(due, f"{FILE}.minimum_after_days").count:
        return cents(penalty), (), cautions
    try:
        least = params.on(due, f"{FILE}.minimum")
    except TooEarlyError:
        # The minimum has only ever risen: a penalty above the first known one is above the earlier ones.
        first = params.series(f"{FILE}.minimum")[0]
        if penalty < min(first.amount, net):
            raise UnclearError(
                f"the least late-filing penalty is known for returns due from {first.since} on, not for {due}"
            ) from None
        return cents(penalty), (), cautions
    if least.since.year != due.year:
        cautions = (*cautions, Remark("minimum_of_an_earlier_year", {"year": due.year}))
    return cents(max(penalty, min(least.amount, net))), (least,), cautions


@dataclass(slots=True)
class _Run:
    """The interest loop's balances."""

    tax_left: Decimal
    penalty_left: Decimal = NOTHING
    interest: Decimal = NOTHING
    interest_left: Decimal = NOTHING
    overpaid: Decimal = NOTHING


def _interest(
    params: Parameters, debt: Liability, until: date, file: Decimal, paying: tuple[_Month, ...]
) -> _Run:
    """Return interest and balances with each payment on its day; `file` bears interest from its due date."""
    run = _Run(debt.tax)
    file_left, file_from = file, debt.filing_due or debt.due
    pay_taken = NOTHING
    stops = sorted((_interest_day(debt, paid), paid, amount) for paid, amount in debt.payments)
    at = debt.due

    def grow(to: date) -> None:
        nonlocal at
        for stop in sorted({min(max(file_from, at), to), to}):
            base = run.tax_left + run.interest_left + (file_left if at >= file_from else NOTHING)
            more = base * (growth(params, at, stop) - ONE)
            run.interest += more
            run.interest_left += more
            at = stop

    for counted_on, paid, amount in stops:
        grow(max(counted_on, at))
        run.tax_left, left = _take(run.tax_left, amount)
        if left:
            owed = sum((month.amount for month in paying if month.begins <= paid), NOTHING) - pay_taken
            owed_after, left = _take(owed, left)
            pay_taken += owed - owed_after
            file_left, left = _take(file_left, left)
            run.interest_left, left = _take(run.interest_left, left)
        run.overpaid += left
    grow(max(_interest_day(debt, until), at))
    run.penalty_left = sum((month.amount for month in paying), NOTHING) - pay_taken + file_left
    return run


def _take(owed: Decimal, amount: Decimal) -> tuple[Decimal, Decimal]:
    """Return what is left of `owed` after `amount`, and what is left of `amount`."""
    used = min(owed, amount)
    return owed - used, amount - used


# ---------------------------------------------------------------- a plan


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed on `day`, in US dollars: the start of a simulation."""

    tax: Decimal
    penalty: Decimal
    interest: Decimal
    day: date

    @property
    def total(self) -> Decimal:
        """Return tax, penalty and interest together."""
        return self.tax + self.penalty + self.interest


@dataclass(frozen=True, slots=True)
class Installment:
    """One payment of a plan: what ran up before it, where it went, what is left. US dollars."""

    day: date
    amount: Decimal
    interest_added: Decimal
    penalty_added: Decimal
    to_tax: Decimal
    to_penalty: Decimal
    to_interest: Decimal
    left: Decimal


@dataclass(frozen=True, slots=True)
class Plan:
    """How a plan runs. `left` is what is still owed after the last payment shown; 0 where it is paid off."""

    monthly: Decimal
    schedule: tuple[Installment, ...] = field(repr=False)
    total: Decimal
    interest: Decimal
    penalty: Decimal
    left: Decimal
    projected_from: date | None
    cautions: tuple[Remark, ...] = ()
    figures: tuple[Value, ...] = field(default=(), repr=False)

    @property
    def paid_off(self) -> bool:
        """Say whether the plan pays everything; if not, the payment is too small for the time given."""
        return not self.left

    @property
    def payments(self) -> int:
        """Return how many payments are made."""
        return len(self.schedule)

    @property
    def last_payment(self) -> date | None:
        """Return the day of the last payment."""
        return self.schedule[-1].day if self.schedule else None


@lru_cache(maxsize=256)  # the same debt is reckoned again at every answer about money
def simulate(
    params: Parameters,
    owed: Owed,
    monthly: Decimal,
    first: date,
    *,
    timely: bool,
    levied: bool = False,
    months: int = LONGEST,
    percent_counted: Decimal | None = None,
) -> Plan:
    """Return how a plan of `monthly` dollars from `first` on runs, at most `months` payments.

    The conventions: interest is reckoned on the whole balance (tax, penalty and interest) from the day of
    the payment before, for the first one from `owed.day`, compounded daily over 365 or 366, and rounded to
    cents, halves up, at each payment. Failure to pay is added once for each payment, on the tax left
    *before* it: 0.25 % for an individual who filed on time (`timely`, 26 U.S.C. 6651(h)), else 0.5 %, or
    1 % where a levy notice went out (`levied`); rounded to cents. A payment goes to tax, then penalty, then
    interest. The 25 % cap on failure to pay is *not* applied (the result then says so) unless
    `percent_counted`, what has been counted so far, is given. User fees are not in it. Where `timely` and
    `levied` are both true sources conflict: 0.25 % is the estimate, `timely=False` gives the other end.

    A payment that never pays the balance off gives a plan with `paid_off` False and what is `left`.
    """
    if owed.day > first:
        raise UnclearError(f"the first payment {first} lies before the balance of {owed.day}")
    if monthly <= 0 or min(owed.tax, owed.penalty, owed.interest) < 0 or not 0 < months <= LONGEST:
        raise UnclearError(f"a plan needs a payment of more than zero, a balance, and 1 to {LONGEST} months")
    steps = _steps(params, owed.day, first, months, timely=timely, levied=levied, counted=percent_counted)
    schedule = tuple(_installments(owed, monthly, steps))
    last = schedule[-1].day if schedule else owed.day
    left = schedule[-1].left if schedule else owed.total
    percent = {
        name: params.on(first, f"{PAY}.{name}").amount
        for name in ("cap_percent", "in_agreement_percent", "after_levy_notice_percent")
    }
    cautions = (Remark("cap_not_counted", percent),) if percent_counted is None else ()
    if timely and levied:
        cautions = (*cautions, Remark("rate_after_levy_notice_unsure", percent))
    projected = _projected_from(params, last)
    rates = {rate.since: rate for _, rate, _ in _stretches(params, owed.day, last)}
    return Plan(
        monthly=monthly,
        schedule=schedule,
        total=sum((one.amount for one in schedule), NOTHING),
        interest=sum((one.interest_added for one in schedule), NOTHING),
        penalty=sum((one.penalty_added for one in schedule), NOTHING),
        left=left,
        projected_from=projected,
        cautions=(*cautions, *_projection(projected)),
        figures=tuple(rates.values()),
    )


@lru_cache(maxsize=512)
def least_payment(
    params: Parameters,
    owed: Owed,
    months: int,
    first: date,
    *,
    timely: bool,
    levied: bool = False,
    percent_counted: Decimal | None = None,
) -> Decimal:
    """Return the least monthly payment, in cents, that pays everything in at most `months` payments.

    Reckoned as in `simulate`: one cent less leaves something owed.
    """
    if owed.day > first or not 0 < months <= LONGEST:
        raise UnclearError(
            f"a term has 1 to {LONGEST} months, and its first payment is not before the balance"
        )
    if not owed.total:
        return NOTHING
    steps = tuple(
        _steps(params, owed.day, first, months, timely=timely, levied=levied, counted=percent_counted)
    )

    def pays(in_cents: int) -> bool:
        left = owed.total
        for one in _installments(owed, Decimal(in_cents) / HUNDRED, steps):
            left = one.left
        return not left

    too_little, enough = 0, int(owed.total * 100) // months + 1
    while not pays(enough):
        too_little, enough = enough, enough * 2
    while enough - too_little > 1:
        middle = (too_little + enough) // 2
        if pays(middle):
            enough = middle
        else:
            too_little = middle
    return cents(Decimal(enough) / HUNDRED)


def term(
    params: Parameters,
    owed: Owed,
    monthly: Decimal,
    first: date,
    *,
    timely: bool,
    levied: bool = False,
    percent_counted: Decimal | None = None,
) -> int | None:
    """Return how many payments of `monthly` dollars pay everything, or None where they never do."""
    plan = simulate(
        params, owed, monthly, first, timely=timely, levied=levied, percent_counted=percent_counted
    )
    return plan.payments if plan.paid_off else None


@dataclass(frozen=True, slots=True)
class _Step:
    """One payment day: how much a dollar has grown since the last, and the failure to pay in percent."""

    day: date
    growth: Decimal
    percent: Decimal


def _steps(
    params: Parameters,
    start: date,
    first: date,
    months: int,
    *,
    timely: bool,
    levied: bool,
    counted: Decimal | None,
) -> Iterator[_Step]:
    name = "in_agreement_percent" if timely else "after_levy_notice_percent" if levied else "percent"
    before = start
    for number in range(months):
        day = payment_day(first, number)
        percent = params.on(day, f"{PAY}.{name}").amount
        if counted is not None:
            percent = max(NOTHING, min(percent, params.on(day, f"{PAY}.cap_percent").amount - counted))
            counted += percent
        yield _Step(day, growth(params, before, day), percent)
        before = day


def _installments(
    owed: Owed, monthly: Decimal, steps: Iterator[_Step] | tuple[_Step, ...]
) -> Iterator[Installment]:
    tax, penalty, interest = owed.tax, owed.penalty, owed.interest
    if not owed.total:
        return
    for step in steps:
        more_interest = cents((tax + penalty + interest) * (step.growth - ONE))
        more_penalty = cents(tax * step.percent / HUNDRED)
        penalty, interest = penalty + more_penalty, interest + more_interest
        tax_left, over = _take(tax, monthly)
        penalty_left, over = _take(penalty, over)
        interest_left, over = _take(interest, over)
        yield Installment(
            step.day,
            monthly - over,
            more_interest,
            more_penalty,
            tax - tax_left,
            penalty - penalty_left,
            interest - interest_left,
            tax_left + penalty_left + interest_left,
        )
        tax, penalty, interest = tax_left, penalty_left, interest_left
        if not tax + penalty + interest:
            return


def wait(params: Parameters, owed: Owed, until: date, *, levied: bool = False) -> Owed:
    """Return what is owed on `until` if nothing is paid: a short-term plan, or a payoff on a later day.

    Interest on the whole balance, compounded daily; failure to pay of 0.5 % of the tax (1 % after a levy
    notice) for each month or part of one that begins after `owed.day`; each rounded to cents. The lower
    0.25 % is for agreements under 26 U.S.C. 6159 only, which a short-term plan is not.
    """
    percent = params.on(owed.day, f"{PAY}.{'after_levy_notice_percent' if levied else 'percent'}").amount
    penalty = cents(owed.tax * percent / HUNDRED) * months_late(owed.day, until)
    interest = cents(owed.total * (growth(params, owed.day, until) - ONE))
    return Owed(owed.tax, owed.penalty + penalty, owed.interest + interest, until)
