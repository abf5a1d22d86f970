"""`prelien cost` and `prelien accrue`: what a plan costs, and what has run up on one tax period."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bot.rules import cost
from bot.rules.parameters import TooEarlyError, check_first, read
from bot.shell import BadInputError, as_of, day, money, usd

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from datetime import date


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands `cost` and `accrue`."""
    plan = commands.add_parser("cost", help="simulate a monthly plan")
    plan.add_argument("--tax", type=usd, required=True, metavar="USD", help="tax left, without additions")
    plan.add_argument("--penalty", type=usd, default=Decimal(0), metavar="USD")
    plan.add_argument("--interest", type=usd, default=Decimal(0), metavar="USD")
    plan.add_argument("--from", dest="start", type=day, required=True, metavar="DATE", help="balance of")
    plan.add_argument("--first", type=day, required=True, metavar="DATE", help="first payment")
    asked = plan.add_mutually_exclusive_group(required=True)
    asked.add_argument("--monthly", type=usd, metavar="USD")
    asked.add_argument("--months", type=int, metavar="N", help="ask for the least payment for N months")
    plan.add_argument(
        "--timely", action="store_true", help="an individual who filed on time: 0.25 %% a month"
    )
    plan.add_argument("--levied", action="store_true", help="a notice of intent to levy went out")
    plan.add_argument("--schedule", action="store_true", help="print every payment")
    as_of(plan, "the day on which `check_first` is told")
    plan.set_defaults(run=_said(_cost))

    one = commands.add_parser("accrue", help="interest and penalties of one tax period")
    one.add_argument("--tax", type=usd, required=True, metavar="USD", help="unpaid on the due date")
    one.add_argument("--due", type=day, required=True, metavar="DATE", help="payment due, not extended")
    one.add_argument("--paid", type=day, required=True, metavar="DATE", help="the day all of it is paid")
    one.add_argument("--payment", type=_payment, action="append", default=[], metavar="DATE=USD")
    filing = one.add_mutually_exclusive_group()
    filing.add_argument("--filed", type=day, metavar="DATE", help="without it: filed on time")
    filing.add_argument("--not-filed", action="store_true", help="no return is filed yet")
    one.add_argument("--filing-due", type=day, metavar="DATE", help="extended day to file")
    one.add_argument("--file-timely-by", type=day, metavar="DATE", help="the same for filing")
    one.add_argument("--timely-by", type=day, metavar="DATE", help="last timely day, where it was moved")
    one.add_argument("--plan-from", type=day, metavar="DATE", help="agreement accepted")
    one.add_argument("--plan-until", type=day, metavar="DATE", help="agreement terminated")
    one.add_argument("--levy-notice", type=day, metavar="DATE", help="CP504, LT11, Letter 1058, CP90 …")
    one.add_argument("--bill", type=day, metavar="DATE", help="date of the bill (notice and demand)")
    one.add_argument("--bill-amount", type=usd, metavar="USD", help="the whole bill, additions included")
    one.add_argument("--bill-pay-by", type=day, metavar="DATE", help="last day of its interest-free window")
    one.add_argument("--assessed-later", action="store_true", help="tax that was not on the return")
    one.add_argument("--business", action="store_true", help="not an individual")
    as_of(one, "the day on which `check_first` is told")
    one.set_defaults(run=_said(_accrue))


def _said(
    run: Callable[[argparse.Namespace], dict[str, Any]],
) -> Callable[[argparse.Namespace], dict[str, Any]]:
    def answer(asked: argparse.Namespace) -> dict[str, Any]:
        try:
            return run(asked)
        except (cost.UnclearError, TooEarlyError) as error:
            raise BadInputError(str(error)) from None

    return answer


def _payment(text: str) -> tuple[date, Decimal]:
    on, equals, amount = text.partition("=")
    if not equals:
        raise BadInputError(f"{text!r} is not a payment; write it as 2026-01-28=250")
    return day(on), usd(amount)


def _cost(asked: argparse.Namespace) -> dict[str, Any]:
    params = read()
    owed = cost.Owed(asked.tax, asked.penalty, asked.interest, asked.start)
    if not owed.total:
        raise BadInputError("nothing is owed: --tax, --penalty and --interest are all zero")
    monthly = asked.monthly
    if monthly is None:
        monthly = cost.least_payment(
            params, owed, asked.months, asked.first, timely=asked.timely, levied=asked.levied
        )
    plan = cost.simulate(params, owed, monthly, asked.first, timely=asked.timely, levied=asked.levied)
    answer: dict[str, Any] = {
        "monthly": money(monthly),
        "payments": plan.payments,
        "total": money(plan.total),
        "interest": money(plan.interest),
        "penalty": money(plan.penalty),
        "last_payment": plan.last_payment,
        "last_amount": money(plan.schedule[-1].amount),
    }
    if not plan.paid_off:
        answer = dict.fromkeys(answer) | {
            "monthly": money(monthly),
            "why": f"{money(monthly)} a month does not pay it off within {cost.LONGEST} months: "
            "interest and penalties grow faster",
        }
    answer["projected_from"] = plan.projected_from
    answer["check_first"] = any(check_first(one, asked.as_of) for one in plan.figures)
    answer["cautions"] = [caution.name for caution in plan.cautions]
    if asked.schedule:
        answer["schedule"] = [
            {"day": one.day, "amount": money(one.amount), "left": money(one.left)} for one in plan.schedule
        ]
    return answer


def _accrue(asked: argparse.Namespace) -> dict[str, Any]:
    params = read()
    bill_pay_by = asked.bill_pay_by
    if asked.bill and not bill_pay_by:
        if asked.bill_amount is None:
            raise BadInputError("--bill needs --bill-amount or --bill-pay-by")
        bill_pay_by = cost.free_until(params, asked.bill, asked.bill_amount)
    debt = cost.Liability(
        tax=asked.tax,
        due=asked.due,
        filed=None if asked.not_filed else asked.filed or min(asked.due, asked.paid),
        filing_due=asked.filing_due,
        timely_by=asked.timely_by,
        file_timely_by=asked.file_timely_by,
        payments=tuple(asked.payment),
        plan_from=asked.plan_from,
        plan_until=asked.plan_until,
        levy_notice=asked.levy_notice,
        bill=asked.bill,
        bill_pay_by=bill_pay_by,
        shown=not asked.assessed_later,
        individual=not asked.business,
    )
    run = cost.accrue(params, debt, asked.paid)
    return {
        "interest": money(run.interest),
        "failure_to_pay": money(run.failure_to_pay),
        "failure_to_file": money(run.failure_to_file),
        "interest_with_failure_to_file": money(run.interest_in_all),
        "failure_to_pay_least": money(run.failure_to_pay_least),
        "failure_to_pay_most": money(run.failure_to_pay_most),
        "payoff": money(run.payoff),
        "overpaid": money(run.overpaid),
        "days": run.days,
        "months": run.months,
        "filed": "not yet" if asked.not_filed else asked.filed or "on time (taken as so)",
        "projected_from": run.projected_from,
        "check_first": any(check_first(one, asked.as_of) for one in run.figures),
        "cautions": [caution.name for caution in run.cautions],
    }
