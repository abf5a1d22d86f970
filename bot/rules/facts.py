"""What is known about one tax debt, in the words of the law. Every fact may be None: not known."""

from __future__ import annotations

import difflib
from dataclasses import Field, dataclass, field, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

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


def _fact(kind: str, says: str, choices: tuple[str, ...] = (), signed: bool = False) -> Any:
    """Return a field that is None until known; kind is how it reads from JSON, `says` its meaning."""
    return field(
        default=None, metadata={"kind": kind, "says": says, "choices": choices, "signed": signed}
    )


@dataclass(frozen=True, slots=True)
class Period:
    """One tax period of the debt. Amounts in US dollars."""

    name: str | None = _fact("text", "the tax year or quarter, such as 2023 or 2024Q2")
    due: date | None = _fact("date", "the day the return was due, without extension")
    filed: date | None = _fact("date", "the day the return was filed")
    filed_on_time: bool | None = _fact("bool", "filed on time, extension included")
    assessed_on: date | None = _fact("date", "the day the tax was assessed: the ten years run from it")
    assessed: Decimal | None = _fact("usd", "tax, penalty and interest assessed and unpaid")
    tax: Decimal | None = _fact("usd", "the unpaid tax alone")
    penalty: Decimal | None = _fact("usd", "the assessed penalties")
    trust_fund: bool | None = _fact("bool", "payroll tax, or the penalty for it")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about the debt and the person. Amounts in US dollars, rates in percent a year."""

    # who
    taxpayer_type: str | None = _fact("choice", "who owes", TAXPAYERS)
    households: tuple[str, ...] | None = _fact("choices", "how the household earns", HOUSEHOLDS)
    low_income_250: bool | None = _fact("bool", "income at most 250 percent of the poverty guideline")
    joint_return: bool | None = _fact("bool", "the debt is from a joint return")
    # what is owed
    periods: tuple[Period, ...] | None = _fact("periods", "each tax period of the debt")
    assessed: Decimal | None = _fact(
        "usd", "tax, penalty and interest on the newest notices of all periods; nothing added for later days"
    )
    total_now: Decimal | None = _fact("usd", "assessed and what ran on since; without it, assessed is taken")
    tax_only: Decimal | None = _fact("usd", "the unpaid tax without penalty and interest")
    penalties: Decimal | None = _fact("usd", "the penalties in the assessed amount")
    income_tax_only: bool | None = _fact("bool", "income tax and nothing else")
    trust_fund: bool | None = _fact("bool", "any payroll tax (941, 943, 944) or the penalty for it")
    filed_on_time_this_debt: bool | None = _fact("bool", "the returns of this debt were filed on time")
    csed_months: int | None = _fact("count", "whole months left of the ten-year clock, earliest period")
    bill_received: bool | None = _fact("bool", "a bill came for at least one period")
    # the notice and what the IRS has done
    notice: str | None = _fact("text", "number of the newest notice, such as CP504")
    notice_dated: date | None = _fact("date", "the date on it")
    contact_verified: bool | None = _fact("bool", "the contact was checked and is real")
    final_notice: bool | None = _fact(
        "bool", "a final notice with the right to a hearing came (LT11, 1058, CP90, CP297, CP77, …)"
    )
    levy_active: bool | None = _fact("bool", "wages, a bank account or benefits are being taken")
    levy_notice_dated: date | None = _fact("date", "date of the first CP504 or final notice")
    nftl_filed: bool | None = _fact("bool", "a public lien notice is filed (Letter 3172)")
    revenue_officer: bool | None = _fact("bool", "a revenue officer has the case")
    plan_in_place: bool | None = _fact("bool", "an installment agreement is in effect")
    plan_refused_or_ended: bool | None = _fact("bool", "a plan was refused, changed or ended by the IRS")
    irs_delay: bool | None = _fact("bool", "the IRS has not answered for more than 30 days, or keeps failing")
    passport_certified: bool | None = _fact("bool", "CP508C came: the debt was reported for the passport")
    # obeying the rules
    returns_filed_all: bool | None = _fact("bool", "every return that had to be filed is filed")
    unfiled_years: int | None = _fact("count", "how many years are not filed")
    current_year_paid: bool | None = _fact("bool", "withholding, estimated tax and deposits are on track")
    late_or_ia_last_5y: bool | None = _fact("bool", "a late return, unpaid tax or a plan in the 5 years before")
    penalties_last_3y: bool | None = _fact("bool", "a penalty in the 3 years before the penalized one")
    reasonable_cause: bool | None = _fact("bool", "illness, death, disaster or the like kept them from it")
    open_bankruptcy: bool | None = _fact("bool", "a bankruptcy case is open")
    bankruptcy_planned: bool | None = _fact("bool", "a bankruptcy is planned")
    # what can be paid
    can_pay_now: Decimal | None = _fact("usd", "can be paid at once")
    can_pay_180: Decimal | None = _fact("usd", "can be paid within 180 days, all together")
    can_borrow: Decimal | None = _fact("usd", "can be borrowed")
    loan_percent: Decimal | None = _fact("usd", "yearly rate of that loan, percent")
    proposed_payment: Decimal | None = _fact("usd", "what they can and want to pay a month")
    monthly_capacity: Decimal | None = _fact(
        "usd", "income less what the IRS allows for living, a month; may be below zero", signed=True
    )
    equity_nre: Decimal | None = _fact("usd", "net equity in property, as on Form 433-A (OIC)")
    equity_reachable: bool | None = _fact("bool", "that equity can be borrowed on or sold without hardship")
    offer_funds: Decimal | None = _fact("usd", "money for an offer, from savings, family or a loan")
    rcp_min: Decimal | None = _fact("usd", "the least the IRS could expect to collect; else it is worked out")
    employer: bool | None = _fact("bool", "has employees now")
    deposits_current: bool | None = _fact("bool", "payroll deposits made for this and the 2 quarters before")
    direct_debit: bool | None = _fact("bool", "will pay by direct debit")
    hardship: bool | None = _fact("bool", "paying, or a levy, would stop food, housing, medicine or work")
    exceptional: bool | None = _fact("bool", "special circumstances make paying in full unfair")
    # dispute
    disputed: bool | None = _fact("bool", "they think the debt is wrong")
    disputes: tuple[str, ...] | None = _fact("choices", "why it is wrong", DISPUTES)
    spouse_issue: bool | None = _fact("bool", "a spouse or former spouse should owe it")
    new_evidence: bool | None = _fact("bool", "there are papers the IRS has not seen")
    final_decision: bool | None = _fact("bool", "a court or a closing agreement has settled the amount")
    # risk
    criminal: bool | None = _fact("bool", "a special agent, a false return or hidden income or property")
    payroll_interview: bool | None = _fact("bool", "the IRS asked for an interview on Form 4180")
    transfer_or_foreign: bool | None = _fact("bool", "large transfers below value, or accounts abroad")
    travel_soon: bool | None = _fact("bool", "travel abroad is near")
    sale_pending: bool | None = _fact("bool", "a sale or refinancing is under way")
    covid_window_penalties: bool | None = _fact("bool", "unpaid penalties or interest from January 20, 2020 to July 10, 2023")

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
    known: dict[str, Field[Any]] = {one.name: one for one in fields(cls)}
    found = {}
    for name, raw in data.items():
        place = f"{where}.{name}" if where else name
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            faults.append(f"{place} is not a fact" + (f"; did you mean {near[0]}?" if near else ""))
        elif raw is not None:
            value, fault = _value(known[name].metadata, raw, place, faults)
            if fault:
                faults.append(f"{place} {fault}")
            found[name] = value
    return found


def _value(rule: Any, raw: Any, place: str, faults: list[str]) -> tuple[Any, str]:
    kind, choices = rule["kind"], rule["choices"]
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
            return date.fromisoformat(raw), ""
        except (TypeError, ValueError):
            return raw, "must be a date such as 2026-11-22"
    if kind == "periods":
        if not isinstance(raw, list):
            return raw, "must be a list of tax periods"
        read = [_read(Period, one, f"{place}[{i}]", faults) for i, one in enumerate(raw)]
        return (() if faults else tuple(Period(**one) for one in read)), ""
    return _number(kind, rule["signed"], raw)


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
    for one in fields(cls):
        shape = {**_SHAPES[one.metadata["kind"]], "description": one.metadata["says"]}
        choices = list(one.metadata["choices"])
        if one.metadata["kind"] == "choice":
            shape["enum"] = choices
        elif one.metadata["kind"] == "choices":
            shape["items"] = {"enum": choices}
        elif one.metadata["kind"] == "periods":
            shape["items"] = _schema(Period)
        properties[one.name] = shape
    return {"type": "object", "properties": properties, "additionalProperties": False}
