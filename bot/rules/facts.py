"""What is known about one tax debt, in the words of the law. Every fact may be None: not known."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Annotated, Any, get_type_hints

TAXPAYERS = ("individual", "self_employed", "business", "closed_sole_prop")
DISPUTES = (
    "own_return",  # the return the person filed overstated the tax
    "substitute_return",  # the IRS filed for them
    "audit",
    "not_mine",  # identity theft, or somebody else's debt
    "spouse",  # a joint return, the other spouse's item
    "refund_taken",  # a refund was kept for a spouse's own debt
    "amount",  # real doubt about the amount, no other remedy
)
HOUSEHOLDS = ("wage_earner", "self_employed", "retired", "business_owner", "shared_household")


class FactsError(ValueError):
    """The facts cannot be read; the message is one line that lists every fault."""


@dataclass(frozen=True, slots=True)
class Says:
    """How a fact reads from JSON (`kind`) and what it means."""

    kind: str
    meaning: str
    choices: tuple[str, ...] = ()
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """One tax period of the debt. Amounts in US dollars."""

    name: Annotated[str | None, Says("text", "the tax year or quarter, such as 2023 or 2024Q2")] = None
    due: Annotated[date | None, Says("date", "the day the return was due, without extension")] = None
    filed: Annotated[date | None, Says("date", "the day the return was filed")] = None
    filed_on_time: Annotated[bool | None, Says("bool", "filed on time, extension included")] = None
    assessed_on: Annotated[
        date | None, Says("date", "the day the tax was assessed: the ten years run from it")
    ] = None
    assessed: Annotated[Decimal | None, Says("usd", "tax, penalty and interest assessed and unpaid")] = None
    tax: Annotated[Decimal | None, Says("usd", "the unpaid tax alone")] = None
    penalty: Annotated[Decimal | None, Says("usd", "the assessed penalties")] = None
    trust_fund: Annotated[bool | None, Says("bool", "payroll tax, or the penalty for it")] = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about the debt and the person. Amounts in US dollars, rates in percent a year."""

    # who
    taxpayer_type: Annotated[str | None, Says("choice", "who owes", TAXPAYERS)] = None
    households: Annotated[tuple[str, ...] | None, Says("choices", "how the household earns", HOUSEHOLDS)] = (
        None
    )
    low_income_250: Annotated[
        bool | None, Says("bool", "income at most 250 percent of the poverty guideline")
    ] = None
    joint_return: Annotated[bool | None, Says("bool", "the debt is from a joint return")] = None
    # what is owed
    periods: Annotated[tuple[Period, ...] | None, Says("periods", "each tax period of the debt")] = None
    assessed: Annotated[
        Decimal | None,
        Says(
            "usd",
            "tax, penalty and interest on the newest notices of all periods; nothing added for later days",
        ),
    ] = None
    total_now: Annotated[
        Decimal | None, Says("usd", "assessed and what ran on since; without it, assessed is taken")
    ] = None
    tax_only: Annotated[Decimal | None, Says("usd", "the unpaid tax without penalty and interest")] = None
    penalties: Annotated[Decimal | None, Says("usd", "the penalties in the assessed amount")] = None
    income_tax_only: Annotated[bool | None, Says("bool", "income tax and nothing else")] = None
    trust_fund: Annotated[
        bool | None, Says("bool", "any payroll tax (941, 943, 944) or the penalty for it")
    ] = None
    filed_on_time_this_debt: Annotated[
        bool | None, Says("bool", "the returns of this debt were filed on time")
    ] = None
    csed_months: Annotated[
        int | None, Says("count", "whole months left of the ten-year clock, earliest period")
    ] = None
    bill_received: Annotated[bool | None, Says("bool", "a bill came for at least one period")] = None
    # the notice and what the IRS has done
    notice: Annotated[str | None, Says("text", "number of the newest notice, such as CP504")] = None
    notice_dated: Annotated[date | None, Says("date", "the date on it")] = None
    contact_verified: Annotated[bool | None, Says("bool", "the contact was checked and is real")] = None
    final_notice: Annotated[
        bool | None,
        Says("bool", "a final notice with the right to a hearing came (LT11, 1058, CP90, CP297, CP77, …)"),
    ] = None
    levy_active: Annotated[bool | None, Says("bool", "wages, a bank account or benefits are being taken")] = (
        None
    )
    levy_notice_dated: Annotated[date | None, Says("date", "date of the first CP504 or final notice")] = None
    nftl_filed: Annotated[bool | None, Says("bool", "a public lien notice is filed (Letter 3172)")] = None
    lien_proposed: Annotated[
        bool | None, Says("bool", "somebody at the IRS said that a lien notice will be filed")
    ] = None
    revenue_officer: Annotated[bool | None, Says("bool", "a revenue officer has the case")] = None
    plan_in_place: Annotated[bool | None, Says("bool", "an installment agreement is in effect")] = None
    plan_refused_or_ended: Annotated[
        bool | None, Says("bool", "a plan was refused, changed or ended by the IRS")
    ] = None
    irs_delay: Annotated[
        bool | None, Says("bool", "the IRS has not answered for more than 30 days, or keeps failing")
    ] = None
    passport_certified: Annotated[
        bool | None, Says("bool", "CP508C came: the debt was reported for the passport")
    ] = None
    # obeying the rules
    returns_filed_all: Annotated[bool | None, Says("bool", "every return that had to be filed is filed")] = (
        None
    )
    unfiled_years: Annotated[int | None, Says("count", "how many years are not filed")] = None
    current_year_paid: Annotated[
        bool | None, Says("bool", "withholding, estimated tax and deposits are on track")
    ] = None
    late_or_ia_last_5y: Annotated[
        bool | None, Says("bool", "a late return, unpaid tax or a plan in the 5 years before")
    ] = None
    penalties_last_3y: Annotated[
        bool | None, Says("bool", "a penalty in the 3 years before the penalized one")
    ] = None
    reasonable_cause: Annotated[
        bool | None, Says("bool", "illness, death, disaster or the like kept them from it")
    ] = None
    open_bankruptcy: Annotated[bool | None, Says("bool", "a bankruptcy case is open")] = None
    bankruptcy_planned: Annotated[bool | None, Says("bool", "a bankruptcy is planned")] = None
    # what can be paid
    can_pay_now: Annotated[Decimal | None, Says("usd", "can be paid at once")] = None
    can_pay_180: Annotated[Decimal | None, Says("usd", "can be paid within 180 days, all together")] = None
    can_borrow: Annotated[Decimal | None, Says("usd", "can be borrowed")] = None
    loan_percent: Annotated[Decimal | None, Says("usd", "yearly rate of that loan, percent")] = None
    proposed_payment: Annotated[Decimal | None, Says("usd", "what they can and want to pay a month")] = None
    monthly_capacity: Annotated[
        Decimal | None,
        Says("usd", "income less what the IRS allows for living, a month; may be below zero", signed=True),
    ] = None
    equity_nre: Annotated[Decimal | None, Says("usd", "net equity in property, as on Form 433-A (OIC)")] = (
        None
    )
    equity_reachable: Annotated[
        bool | None, Says("bool", "that equity can be borrowed on or sold without hardship")
    ] = None
    offer_funds: Annotated[
        Decimal | None, Says("usd", "money for an offer, from savings, family or a loan")
    ] = None
    rcp_min: Annotated[
        Decimal | None, Says("usd", "the least the IRS could expect to collect; else it is worked out")
    ] = None
    employer: Annotated[bool | None, Says("bool", "has employees now")] = None
    deposits_current: Annotated[
        bool | None, Says("bool", "payroll deposits made for this and the 2 quarters before")
    ] = None
    direct_debit: Annotated[bool | None, Says("bool", "will pay by direct debit")] = None
    hardship: Annotated[
        bool | None, Says("bool", "paying, or a levy, would stop food, housing, medicine or work")
    ] = None
    exceptional: Annotated[bool | None, Says("bool", "special circumstances make paying in full unfair")] = (
        None
    )
    # dispute
    disputed: Annotated[bool | None, Says("bool", "they think the debt is wrong")] = None
    disputes: Annotated[tuple[str, ...] | None, Says("choices", "why it is wrong", DISPUTES)] = None
    spouse_issue: Annotated[bool | None, Says("bool", "a spouse or former spouse should owe it")] = None
    new_evidence: Annotated[bool | None, Says("bool", "there are papers the IRS has not seen")] = None
    final_decision: Annotated[
        bool | None, Says("bool", "a court or a closing agreement has settled the amount")
    ] = None
    # risk
    criminal: Annotated[
        bool | None, Says("bool", "a special agent, a false return or hidden income or property")
    ] = None
    payroll_interview: Annotated[bool | None, Says("bool", "the IRS asked for an interview on Form 4180")] = (
        None
    )
    transfer_or_foreign: Annotated[
        bool | None, Says("bool", "large transfers below value, or accounts abroad")
    ] = None
    travel_soon: Annotated[bool | None, Says("bool", "travel abroad is near")] = None
    sale_pending: Annotated[bool | None, Says("bool", "a sale or refinancing is under way")] = None
    covid_window_penalties: Annotated[
        bool | None, Says("bool", "unpaid penalties or interest from January 20, 2020 to July 10, 2023")
    ] = None

    @classmethod
    def from_json(cls, data: Any) -> Facts:
        """Return the facts of a JSON object. Raises FactsError that lists every fault."""
        faults: list[str] = []
        found = _read(cls, data, "", faults)
        if not faults:
            faults += _clashes(found)
        if faults:
            raise FactsError("; ".join(faults))
        return cls(**found)


def schema() -> dict[str, Any]:
    """Return the JSON schema of the facts."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What is known about one tax debt; leave out, or set to null, what is not known",
        **_schema(Facts),
    }


# ---------------------------------------------------------------- reading


def _read(cls: type, data: Any, where: str, faults: list[str]) -> dict[str, Any]:
    if not isinstance(data, dict):
        faults.append(f"{where or 'the facts'} must be an object")
        return {}
    known = meanings(cls)
    found = {}
    for name, raw in data.items():
        place = f"{where}.{name}" if where else name
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            faults.append(f"{place} is not a fact" + (f"; did you mean {near[0]}?" if near else ""))
        elif raw is not None:
            value, fault = _value(known[name], raw, place, faults)
            if fault:
                faults.append(f"{place} {fault}")
            found[name] = value
    return found


@cache
def meanings(cls: type) -> dict[str, Says]:
    """Return what each field of `cls` says of itself."""
    return {name: hint.__metadata__[0] for name, hint in get_type_hints(cls, include_extras=True).items()}


def _value(rule: Says, raw: Any, place: str, faults: list[str]) -> tuple[Any, str]:
    kind, choices = rule.kind, rule.choices
    if kind == "bool":
        return raw, "" if isinstance(raw, bool) else "must be true or false"
    if kind == "text":
        return raw, "" if isinstance(raw, str) and raw.strip() else "must be a text"
    if kind == "choice":
        return raw, "" if raw in choices else f"must be one of {', '.join(choices)}"
    if kind == "choices":
        if not isinstance(raw, list) or any(one not in choices for one in raw):
            return raw, f"must be a list of {', '.join(choices)}"
        return tuple(raw), ""
    if kind == "date":
        try:
            # Its other spellings, such as 20261122, would be a slip of the pen here.
            return date.fromisoformat(raw if len(raw) == 10 and raw[7] == "-" else ""), ""
        except (TypeError, ValueError):
            return raw, "must be a date such as 2026-11-22"
    if kind == "periods":
        if not isinstance(raw, list):
            return raw, "must be a list of tax periods"
        read = [_read(Period, one, f"{place}[{i}]", faults) for i, one in enumerate(raw)]
        return (() if faults else tuple(Period(**one) for one in read)), ""
    return _number(kind, rule.signed, raw)


def _number(kind: str, signed: bool, raw: Any) -> tuple[Any, str]:
    said = "must be a whole number" if kind == "count" else "must be an amount such as 1234.56"
    if isinstance(raw, bool) or not isinstance(raw, int | float | str | Decimal):
        return raw, said
    try:
        number = Decimal(str(raw).replace(",", "").removeprefix("$"))
    except InvalidOperation:
        return raw, said
    if not number.is_finite():
        return raw, said
    if number < 0 and not signed:
        return raw, "must not be below zero"
    if abs(number) >= Decimal(10) ** 12:
        return raw, "is too large"
    if kind == "count":
        return int(number), "" if number == int(number) else said
    return number, ""


def _clashes(found: dict[str, Any]) -> list[str]:
    """Return what cannot be true together."""
    faults = []
    if found.get("returns_filed_all") is True and found.get("unfiled_years"):
        faults.append("returns_filed_all is true, yet unfiled_years is not zero")
    if found.get("disputed") is False and found.get("disputes"):
        faults.append("disputed is false, yet disputes are named")
    assessed, total = found.get("assessed"), found.get("total_now")
    if assessed is not None and total is not None and total < assessed:
        faults.append("total_now is below assessed; it is assessed and what ran on since")
    tax = found.get("tax_only")
    owed = total if total is not None else assessed
    if tax is not None and owed is not None and tax > owed:
        faults.append("tax_only is more than the whole debt")
    return faults


# ---------------------------------------------------------------- describing

_SHAPES: dict[str, dict[str, Any]] = {
    "bool": {"type": "boolean"},
    "text": {"type": "string"},
    "date": {"type": "string", "format": "date"},
    "count": {"type": "integer", "minimum": 0},
    "usd": {"type": ["string", "number"], "examples": ["1234.56"]},
    "choice": {"type": "string"},
    "choices": {"type": "array"},
    "periods": {"type": "array"},
}


def _schema(cls: type) -> dict[str, Any]:
    properties = {}
    for name, one in meanings(cls).items():
        shape = {**_SHAPES[one.kind], "description": one.meaning}
        if one.kind == "choice":
            shape["enum"] = list(one.choices)
        elif one.kind == "choices":
            shape["items"] = {"enum": list(one.choices)}
        elif one.kind == "periods":
            shape["items"] = _schema(Period)
        properties[name] = shape
    return {"type": "object", "properties": properties, "additionalProperties": False}
