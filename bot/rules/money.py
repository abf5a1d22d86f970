"""What the answers tell of the person's money: what they can pay, what comes in, goes out and is owned."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from bot.rules import budget, cost
from bot.rules.budget import Asset, Budget, Every, Expense, Household, Income, Kind, Source
from bot.rules.parameters import check_first

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from bot.rules.budget import Capacity, Equities, Line
    from bot.rules.matter import Matter
    from bot.rules.parameters import Parameters

NOTHING = Decimal(0)
YES_NO = {"yes": True, "no": False}
INCOMES, ASSETS = "budget.incomes", "budget.assets"
# Questions of the budget that everybody is asked, and whose expense each of the lines is.
LINES: Mapping[str, Expense] = {
    "everyday": Expense.FOOD,  # one sum for all that the national standard covers
    "rent": Expense.RENT,
    "utilities": Expense.UTILITIES,
    "phone": Expense.PHONE_INTERNET,
    "property_tax": Expense.PROPERTY_TAX_INSURANCE,
    "upkeep": Expense.HOME_MAINTENANCE,
    "health_insurance": Expense.HEALTH_INSURANCE,
    "health": Expense.OUT_OF_POCKET_HEALTH,
    "running": Expense.VEHICLE_RUNNING,
    "transport": Expense.PUBLIC_TRANSPORT,
    "child_care": Expense.CHILD_CARE,
    "estimated_tax": Expense.ESTIMATED_TAX,
    "term_life": Expense.TERM_LIFE,
    "retirement_required": Expense.RETIREMENT_REQUIRED,
    "retirement_voluntary": Expense.RETIREMENT_VOLUNTARY,
    "union_dues": Expense.UNION_DUES,
    "student_loans": Expense.STUDENT_LOANS,
    "court": Expense.COURT_OTHER,
    "state_tax_owed": Expense.STATE_TAX_OWED,
    "secured_debt": Expense.SECURED_DEBT,
    "other": Expense.OTHER,
}
ALWAYS = ("everyday", "rent", "utilities", "phone", "health_insurance", "health", "transport")
TICKED = ("family", "work", "owes")  # what is ticked here is asked for one by one
WAGES, NONE = Source.WAGES, "none"


@dataclass(frozen=True, slots=True)
class Earning:
    """One income as told; `monthly` is what it comes to in a month, by the pay periods of Form 433-F."""

    item: int
    source: str
    every: str
    amount: Decimal
    withheld: Decimal
    monthly: Decimal


@dataclass(frozen=True, slots=True)
class Owned:
    """One thing owned as told; `payment` is the monthly loan or lease of a car."""

    item: int
    kind: str
    value: Decimal
    owed: Decimal
    payment: Decimal


@dataclass(frozen=True)
class Money:
    """The person's money as far as told, US dollars; None where not asked or not known.

    `take_home` and `spends` are the two sums of a month, taxes already off. `monthly` is what they say they can
    pay each month, `loan` the yearly rate of a loan in percent. `told` are the lines of the budget so far.
    """

    params: Parameters = field(repr=False)
    day: date
    now: Decimal | None = None
    by_180: Decimal | None = None
    borrow: Decimal | None = None
    loan: Decimal | None = None
    take_home: Decimal | None = None
    spends: Decimal | None = None
    monthly: Decimal | None = None
    earnings: tuple[Earning, ...] = ()
    owned: tuple[Owned, ...] = ()
    told: Mapping[Expense, Decimal] = field(default_factory=dict)
    unsure: tuple[str, ...] = ()
    household: Household = field(default_factory=lambda: Household(1, 0, ""))
    housing_standard: Decimal | None = None
    transit_and_car: bool | None = None
    begun: bool = False
    complete: bool = False

    @cached_property
    def capacity(self) -> Capacity:
        """Return the budget so far, line by line, as the IRS would count it."""
        incomes = tuple(
            Income(Source(one.source), one.amount, Every(one.every), min(one.withheld, one.amount))
            for one in self.earnings
            if one.source != NONE
        )
        whole = Budget(self.household, incomes, self.told, self.housing_standard, self.transit_and_car)
        return budget.capacity(self.params, self.day, whole)

    @cached_property
    def equities(self) -> Equities:
        """Return what the IRS counts of what is owned."""
        assets = [Asset(Kind(one.kind), one.value, one.owed) for one in self.owned if one.kind != NONE]
        return budget.equities(self.params, self.day, assets, couple=self.household.couple)

    def line(self, name: str) -> Line:
        """Return one line of the budget. Raises StopIteration where it does not stand in it."""
        return next(one for one in self.capacity.lines if one.name == name)

    @property
    def cars(self) -> tuple[Owned, ...]:
        """Return the cars."""
        return tuple(one for one in self.owned if one.kind == Kind.VEHICLE)

    @property
    def earns_wages(self) -> bool:
        """Say whether somebody in the household is paid wages."""
        return any(one.source == WAGES for one in self.earnings)

    @property
    def comes_in(self) -> Decimal | None:
        """Return what comes in each month: by the budget once that is begun, taxes then still in it."""
        return self.capacity.income if self.begun else self.take_home

    @property
    def goes_out(self) -> Decimal | None:
        """Return what goes out each month."""
        return self.capacity.spent if self.begun else self.spends

    @property
    def left(self) -> Decimal | None:
        """Return what is left each month; may be less than zero."""
        if self.comes_in is None or self.goes_out is None:
            return None
        return self.comes_in - self.goes_out

    @property
    def left_in_truth(self) -> Decimal | None:
        """Return what is left each month by their own figures: the budget once it is whole, else the two sums."""
        if self.complete:
            return self.capacity.own_cash_flow
        if self.take_home is None or self.spends is None:
            return None
        return self.take_home - self.spends

    @property
    def within_180(self) -> Decimal | None:
        """Return what can be paid within the days of a short-term plan; at least what can be paid now."""
        if self.by_180 is None or self.now is None:
            return self.by_180
        return max(self.by_180, self.now)

    @property
    def payment(self) -> Decimal | None:
        """Return what can be paid each month: as they say, else what is left."""
        if self.monthly is not None:
            return self.monthly
        if self.complete:
            return self.capacity.proposed_payment
        if self.take_home is None or self.spends is None:
            return None
        return max(NOTHING, self.take_home - self.spends)

    @property
    def check_first(self) -> bool:
        """Say whether a figure behind the budget must be looked up first."""
        figures = (*self.capacity.figures, *self.equities.figures)
        return any(check_first(one, self.day) for one in figures)


def read(matter: Matter) -> Money:
    """Return what the answers tell of the money; for the same answers, the same object."""
    told = tuple(one for one in matter.said.items() if one[0].startswith(_OF_MONEY))
    incomes, assets = (tuple(matter.items.get(of, ())) for of in (INCOMES, ASSETS))
    return _read(matter.params, matter.today, told, incomes, assets)


_OF_MONEY = ("money.", "budget.", "income.", "asset.", "household.")


@lru_cache(maxsize=512)
def _read(
    params: Parameters,
    day: date,
    answers: tuple[tuple[str, Any], ...],
    incomes: tuple[int, ...],
    assets: tuple[int, ...],
) -> Money:
    known = dict(answers)

    def of(name: str) -> Any:
        return known.get(f"money.{name}")

    earnings = (_earning(known, item, params, day) for item in incomes)
    owned = tuple(one for one in (_owned(known, item) for item in assets) if one is not None)
    told = {expense: known.get(f"budget.{name}") for name, expense in LINES.items()}
    return Money(
        params,
        day,
        of("now"),
        of("by_180"),
        of("borrow"),
        of("loan"),
        of("comes_in"),
        of("goes_out"),
        of("monthly"),
        tuple(one for one in earnings if one is not None),
        owned,
        {expense: amount for expense, amount in told.items() if amount is not None},
        tuple(name for name in LINES if known.get(f"budget.{name}", NOTHING) is None),
        _household(known, owned),
        known.get("budget.housing_limit"),
        YES_NO.get(known.get("budget.both", "")),
        begun=known.get("budget.begin") == "start" and any(one.startswith("income.source~") for one in known),
        complete=_complete(known),
    )


def _complete(known: Mapping[str, Any]) -> bool:
    """Say whether every line of the budget was answered, be it with "not sure"."""
    if known.get("budget.begin") != "start" or not {INCOMES, ASSETS} <= known.keys():
        return False
    ticks = [known.get(f"budget.{name}") for name in TICKED]
    ticked = [one for some in ticks if isinstance(some, frozenset) for one in some]
    return all(f"budget.{name}" in known for name in (*ALWAYS, TICKED[-1], *ticked))


def _earning(known: Mapping[str, Any], item: int, params: Parameters, day: date) -> Earning | None:
    source, every = (known.get(f"income.{name}~{item}") for name in ("source", "every"))
    amount, withheld = (known.get(f"income.{name}~{item}") or NOTHING for name in ("amount", "withheld"))
    if source == NONE:
        return Earning(item, source, Every.MONTHLY, NOTHING, NOTHING, NOTHING)
    if source is None or every is None:
        return None
    monthly = budget.per_month(params, day, amount, Every(every))
    return Earning(item, source, every, amount, withheld, monthly)


def _owned(known: Mapping[str, Any], item: int) -> Owned | None:
    kind = known.get(f"asset.kind~{item}")
    if kind is None:
        return None
    value, owed, payment = (
        known.get(f"asset.{name}~{item}") or NOTHING for name in ("value", "owed", "payment")
    )
    if kind == "savings":
        kind = known.get(f"asset.saved~{item}", Kind.INVESTMENT)
    return Owned(item, kind, value, owed, payment)


def _household(known: Mapping[str, Any], owned: tuple[Owned, ...]) -> Household:
    """Return the household; who is not known counts as one person, and cars only once the state is known."""

    def whole(name: str) -> int | None:
        value = known.get(f"household.{name}")
        return value if isinstance(value, int) else None

    people = whole("people") or 1
    older = min(whole("over_65") or 0, people)
    state = known.get("household.state") or known.get("budget.state") or ""
    cars = tuple(one.payment for one in owned if one.kind == Kind.VEHICLE) if state else ()
    couple = known.get("budget.couple") == "yes" and people > 1
    return Household(people - older, older, state, couple=couple, car_payments=cars)


def facts(matter: Matter) -> dict[str, Any]:
    """Return what the money tells in the words of the ways out, by the names of the facts."""
    told = matter.money
    assessed = matter.said.get("money.assessed")
    return {
        "low_income_250": _yes(matter, "low_income"),
        "can_pay_now": told.now,
        "can_pay_180": told.within_180,
        "can_borrow": told.borrow,
        "loan_percent": told.loan,
        "proposed_payment": told.payment,
        "monthly_capacity": told.capacity.monthly if told.complete else None,
        "equity_nre": told.equities.net_realizable if told.complete else None,
        "equity_reachable": _yes(matter, "reachable"),
        "offer_funds": matter.said.get("money.offer_funds"),
        "penalties": matter.said.get("money.penalties"),
        "penalties_last_3y": _yes(matter, "penalized"),
        "reasonable_cause": _yes(matter, "cause"),
        "late_or_ia_last_5y": _yes(matter, "late_before"),
        "csed_months": None if assessed is None else months_left(matter, assessed),
    }


def _yes(matter: Matter, name: str) -> bool | None:
    return YES_NO.get(matter.said.get(f"money.{name}", ""))


def months_left(matter: Matter, assessed: date) -> int:
    """Return the whole months left of the ten-year clock of a tax assessed then (26 U.S.C. 6502(a))."""
    years = matter.params.on(matter.today, "deadlines.collection.years").count
    return max(0, years * 12 - cost.months_late(assessed, matter.today))
