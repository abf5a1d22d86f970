"""The budget as on Form 433-F, what the IRS would allow of it, equity, and what an offer must reach.

Two figures are kept apart on purpose. `Capacity.monthly` is the IRS's view: income less allowed expenses; it
counts for plans with a financial statement, for hardship and for offers. `Capacity.own_cash_flow` is what is
really left in the household; a plan without a financial statement rests on it. All amounts in US dollars.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.model import Remark, Value
from bot.rules.cost import HUNDRED, NOTHING, cents

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from decimal import Decimal

    from bot.rules.parameters import Parameters

STANDARDS = "standards"


class Every(StrEnum):
    """How often money comes or goes."""

    WEEKLY = "weekly"
    BIWEEKLY = "biweekly"
    SEMIMONTHLY = "semimonthly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


class Source(StrEnum):
    """Where income comes from: sections F and G of Form 433-F. Self-employment and rent are net."""

    WAGES = "wages"
    SPOUSE_WAGES = "spouse_wages"
    SELF_EMPLOYMENT = "self_employment"
    RENTAL = "rental"
    PENSION = "pension"
    SOCIAL_SECURITY = "social_security"
    UNEMPLOYMENT = "unemployment"
    ALIMONY = "alimony"
    CHILD_SUPPORT = "child_support"
    INTEREST_DIVIDENDS = "interest_dividends"
    OTHER = "other"


class Expense(StrEnum):
    """What is spent each month: section H of Form 433-F, and debts secured by property."""

    FOOD = "food"
    HOUSEKEEPING = "housekeeping"
    CLOTHING = "clothing"
    PERSONAL_CARE = "personal_care"
    MISC = "misc"
    VEHICLE_RUNNING = "vehicle_running"
    PUBLIC_TRANSPORT = "public_transport"
    RENT = "rent"
    UTILITIES = "utilities"
    PHONE_INTERNET = "phone_internet"
    PROPERTY_TAX_INSURANCE = "property_tax_insurance"
    HOME_MAINTENANCE = "home_maintenance"
    HEALTH_INSURANCE = "health_insurance"
    OUT_OF_POCKET_HEALTH = "out_of_pocket_health"
    CHILD_CARE = "child_care"
    ESTIMATED_TAX = "estimated_tax"
    TERM_LIFE = "term_life"
    RETIREMENT_REQUIRED = "retirement_required"
    RETIREMENT_VOLUNTARY = "retirement_voluntary"
    UNION_DUES = "union_dues"
    STATE_TAX_OWED = "state_tax_owed"
    STUDENT_LOANS = "student_loans"
    COURT_CHILD_SUPPORT = "court_child_support"
    COURT_ALIMONY = "court_alimony"
    COURT_OTHER = "court_other"
    SECURED_DEBT = "secured_debt"
    OTHER = "other"


NATIONAL = (Expense.FOOD, Expense.HOUSEKEEPING, Expense.CLOTHING, Expense.PERSONAL_CARE, Expense.MISC)
HOUSING = (
    Expense.RENT,
    Expense.UTILITIES,
    Expense.PHONE_INTERNET,
    Expense.PROPERTY_TAX_INSURANCE,
    Expense.HOME_MAINTENANCE,
)
NECESSARY: Mapping[Expense, str | None] = {
    Expense.HEALTH_INSURANCE: None,
    Expense.CHILD_CARE: None,
    Expense.ESTIMATED_TAX: None,
    Expense.TERM_LIFE: None,
    Expense.RETIREMENT_REQUIRED: "retirement_required_proof",
    Expense.UNION_DUES: None,
    Expense.STATE_TAX_OWED: "state_tax_limited",
    Expense.STUDENT_LOANS: "student_loan_least",
    Expense.COURT_CHILD_SUPPORT: "court_order_proof",
    Expense.COURT_ALIMONY: "court_order_proof",
    Expense.COURT_OTHER: "court_order_proof",
    Expense.SECURED_DEBT: "secured_debt_if_needed",
}
NOT_COUNTED: Mapping[Expense, str] = {
    Expense.RETIREMENT_VOLUNTARY: "retirement_voluntary_not_counted",
    Expense.OTHER: "other_needs_proof",
}


class BudgetError(ValueError):
    """The budget cannot be reckoned; the message lists what is wrong."""


@dataclass(frozen=True, slots=True)
class Income:
    """One income: `amount` before taxes and `withheld` taxes, both for each pay period."""

    source: Source
    amount: Decimal
    every: Every = Every.MONTHLY
    withheld: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class Household:
    """The people (generally those on the latest return), their state, and the cars.

    `state` is the postal code. `metro` names a metropolitan area of the transport standard, only where the
    county is certain. `car_payments` has one entry for each car, the monthly loan or lease, 0 without one.
    """

    under_65: int
    age_65_plus: int
    state: str
    couple: bool = False
    metro: str | None = None
    car_payments: tuple[Decimal, ...] = ()

    @property
    def size(self) -> int:
        """Return how many people the household has."""
        return self.under_65 + self.age_65_plus


@dataclass(frozen=True, slots=True)
class Budget:
    """Income and monthly spending of a household as on Form 433-F.

    An expense that is not in `expenses` was not told and counts as nothing spent. `housing_standard` is the
    figure of the person's county, where it was looked up. `transit_and_car` says whether public transport is
    needed besides a car.
    """

    household: Household
    incomes: tuple[Income, ...]
    expenses: Mapping[Expense, Decimal]
    housing_standard: Decimal | None = None
    transit_and_car: bool | None = None

    def __post_init__(self) -> None:
        home = self.household
        amounts = [one for income in self.incomes for one in (income.amount, income.withheld)]
        wrong = [
            (
                min(home.under_65, home.age_65_plus) < 0 or not home.size,
                "a household has at least one person",
            ),
            (home.couple and home.size < 2, "a couple is at least two people"),
            (
                any(one < 0 for one in (*amounts, *self.expenses.values(), *home.car_payments)),
                "an amount is less than zero; enter a loss as 0",
            ),
            (
                any(income.withheld > income.amount for income in self.incomes),
                "more tax is withheld than earned",
            ),
        ]
        faults = [text for is_wrong, text in wrong if is_wrong]
        if faults:
            raise BudgetError("; ".join(faults))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the budget: spent, the standard (None where there is none), and what the IRS counts."""

    name: str
    actual: Decimal
    allowed: Decimal | None
    counted: Decimal
    remark: Remark | None = None


@dataclass(frozen=True, slots=True)
class Capacity:
    """What is left each month, in the IRS's view and in the person's own."""

    income: Decimal
    lines: tuple[Line, ...]
    not_told: tuple[Expense, ...]
    remarks: tuple[Remark, ...] = ()
    figures: tuple[Value, ...] = field(default=(), repr=False)

    @property
    def spent(self) -> Decimal:
        """Return what is really spent, withheld taxes included."""
        return sum((line.actual for line in self.lines), NOTHING)

    @property
    def allowed(self) -> Decimal:
        """Return what the IRS counts of it."""
        return sum((line.counted for line in self.lines), NOTHING)

    @property
    def monthly(self) -> Decimal:
        """Return income less allowed expenses: the IRS's view. May be less than zero."""
        return self.income - self.allowed

    @property
    def own_cash_flow(self) -> Decimal:
        """Return income less what is really spent. May be less than zero."""
        return self.income - self.spent

    @property
    def proposed_payment(self) -> Decimal:
        """Return the most the person could offer each month from their own cash flow, at least 0.

        For plans without a financial statement: what the IRS allows does not matter there.
        """
        return max(NOTHING, self.own_cash_flow)


def per_month(params: Parameters, day: date, amount: Decimal, every: Every) -> Decimal:
    """Return `amount` for each month, in cents: weekly x 4.3, biweekly x 2.17, as Form 433-F converts."""
    if every is Every.MONTHLY:
        return cents(amount)
    if every in (Every.QUARTERLY, Every.YEARLY):
        return cents(amount / params.on(day, f"{STANDARDS}.conversion.{every}_divide_by").amount)
    return cents(amount * params.on(day, f"{STANDARDS}.conversion.{every}").amount)


def cars_allowed(params: Parameters, day: date, *, couple: bool) -> int:
    """Return how many cars the IRS normally allows a couple, or one person."""
    return params.on(day, f"{STANDARDS}.transport.cars_{'couple' if couple else 'single'}").count


def metros(params: Parameters, day: date) -> tuple[str, ...]:
    """Return the names of the metropolitan areas with a transport standard of their own."""
    regions = _table(params.on(day, f"{STANDARDS}.region"))
    return tuple(
        one for one in _table(params.on(day, f"{STANDARDS}.transport.operating")) if one not in regions
    )


def capacity(params: Parameters, day: date, budget: Budget) -> Capacity:
    """Return each line of the budget as the IRS would count it on `day`, and what is left.

    National standards and out-of-pocket health count in full without proof, even if less is spent; more
    only with proof. Transport: the lesser of actual and standard. Housing: the lesser of actual and the
    county's standard where it is given, else the actual amount with a caution. Other necessary expenses: the
    actual amount. The standards are guidelines: a person whose basic needs they do not cover may be allowed
    more (26 U.S.C. 7122(d)(2)(B)). Raises BudgetError for an unknown state or metropolitan area.
    """
    home, spent = budget.household, budget.expenses
    figures: list[Value] = []

    def figure(name: str) -> Value:
        figures.append(params.on(day, f"{STANDARDS}.{name}"))
        return figures[-1]

    def actual(names: Iterable[Expense]) -> Decimal:
        return sum((spent.get(name, NOTHING) for name in names), NOTHING)

    national = _table(figure(f"national.size_{min(home.size, 4)}"))["total"]
    if home.size > 4:
        national += (home.size - 4) * figure("national.each_more").amount
    health = NOTHING
    for people, name in ((home.under_65, "health.under_65"), (home.age_65_plus, "health.age_65_plus")):
        if people:
            health += people * figure(name).amount
    lines = [
        _in_full("national", actual(NATIONAL), national),
        _in_full("out_of_pocket_health", actual([Expense.OUT_OF_POCKET_HEALTH]), health),
        _housing(actual(HOUSING), budget.housing_standard),
    ]
    if home.car_payments:
        per_car = figure("transport.ownership").amount
        # The cars that bring the most are the ones a person would name.
        allowed = min(len(home.car_payments), cars_allowed(params, day, couple=home.couple))
        kept = sorted(home.car_payments, reverse=True)[:allowed]
        counted = sum((min(one, per_car) for one in kept), NOTHING)
        paid = sum(home.car_payments, NOTHING)
        lines.append(_ownership(paid, counted, per_car, len(home.car_payments), allowed))
        running = _operating(figure("transport.operating"), params.on(day, f"{STANDARDS}.region"), home)
        lines.append(_lesser("vehicle_running", actual([Expense.VEHICLE_RUNNING]), running * allowed))
    elif actual([Expense.VEHICLE_RUNNING]):
        lines.append(
            Line(
                "vehicle_running", actual([Expense.VEHICLE_RUNNING]), NOTHING, NOTHING, Remark("no_car_named")
            )
        )
    lines.append(
        _public_transport(actual([Expense.PUBLIC_TRANSPORT]), figure("transport.public").amount, budget)
    )
    withheld = sum(
        (per_month(params, day, income.withheld, income.every) for income in budget.incomes), NOTHING
    )
    lines.append(Line("taxes_withheld", withheld, None, withheld))
    for necessary, said in NECESSARY.items():
        lines.append(_necessary(necessary, actual([necessary]), said))
    for other, name in NOT_COUNTED.items():
        amount = actual([other])
        lines.append(Line(other, amount, None, NOTHING, Remark(name, {"actual": amount}) if amount else None))
    return Capacity(
        income=sum((per_month(params, day, one.amount, one.every) for one in budget.incomes), NOTHING),
        lines=tuple(lines),
        not_told=tuple(name for name in Expense if name not in spent),
        remarks=(Remark("family_size", {"size": home.size}), Remark("standards_are_guidelines")),
        figures=tuple(figures),
    )


def _table(value: Value) -> dict[str, Decimal]:
    if not isinstance(value.figure, dict):
        raise TypeError(f"{value.name} is not a table")
    return value.figure


def _in_full(name: str, actual: Decimal, standard: Decimal) -> Line:
    remark = "standard_in_full" if actual <= standard else "more_with_proof"
    return Line(name, actual, standard, standard, Remark(remark, {"actual": actual, "standard": standard}))


def _lesser(name: str, actual: Decimal, standard: Decimal) -> Line:
    remark = Remark("only_the_standard", {"actual": actual, "standard": standard})
    return Line(name, actual, standard, min(actual, standard), remark if actual > standard else None)


def _housing(actual: Decimal, standard: Decimal | None) -> Line:
    if standard is None:
        return Line("housing", actual, None, actual, Remark("housing_not_checked", {"actual": actual}))
    return _lesser("housing", actual, standard)


def _ownership(paid: Decimal, counted: Decimal, per_car: Decimal, cars: int, allowed: int) -> Line:
    remark = None
    if not paid:
        remark = Remark("no_car_loan")
    elif cars > allowed:
        remark = Remark("too_many_cars", {"cars": cars, "allowed": allowed})
    elif counted < paid:
        remark = Remark("only_the_standard", {"actual": paid, "standard": per_car * allowed})
    return Line("vehicle_ownership", paid, per_car * allowed, counted, remark)


def _operating(costs: Value, regions: Value, home: Household) -> Decimal:
    table = _table(costs)
    if not isinstance(regions.figure, dict):
        raise TypeError(f"{regions.name} is not a table")
    if home.metro is not None:
        if home.metro not in table or home.metro in regions.figure:
            raise BudgetError(f"no metropolitan area is called {home.metro!r}")
        return table[home.metro]
    for region, states in regions.figure.items():
        if home.state in states:
            return table[region]
    raise BudgetError(
        f"no transport standard is known for {home.state!r}; use the postal code of a state or DC"
    )


def _public_transport(actual: Decimal, standard: Decimal, budget: Budget) -> Line:
    if budget.household.car_payments and not budget.transit_and_car:
        remark = Remark("transit_only_if_needed", {"actual": actual}) if actual else None
        return Line("public_transport", actual, standard, NOTHING, remark)
    line = _lesser("public_transport", actual, standard)
    if budget.household.car_payments or actual >= standard:
        return line
    remark = Remark("ask_for_all_of_transit", {"standard": standard})
    return Line(line.name, actual, standard, line.counted, remark)


def _necessary(name: Expense, actual: Decimal, said: str | None) -> Line:
    return Line(name, actual, None, actual, Remark(said, {"actual": actual}) if said and actual else None)


# ---------------------------------------------------------------- what is owned


class Kind(StrEnum):
    """A kind of thing owned, as an offer counts it."""

    CASH = "cash"
    VEHICLE = "vehicle"
    HOME = "home"
    REAL_ESTATE = "real_estate"
    INVESTMENT = "investment"
    RETIREMENT = "retirement"
    LIFE_INSURANCE = "life_insurance"
    PERSONAL_EFFECTS = "personal_effects"
    BUSINESS_TOOLS = "business_tools"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Asset:
    """Something owned: what it would sell for and what is owed on it."""

    kind: Kind
    value: Decimal
    owed: Decimal = NOTHING

    def __post_init__(self) -> None:
        if self.value < 0 or self.owed < 0:
            raise BudgetError("an asset's value or loan is less than zero")


@dataclass(frozen=True, slots=True)
class Equity:
    """What the IRS counts of one asset (of all cash together): never less than 0."""

    kind: Kind
    value: Decimal
    quick_sale: Decimal
    owed: Decimal
    exclusion: Decimal
    counted: Decimal
    step: Remark


@dataclass(frozen=True, slots=True)
class Equities:
    """The equity of all assets, and the figures it rests on."""

    each: tuple[Equity, ...]
    remarks: tuple[Remark, ...] = ()
    figures: tuple[Value, ...] = field(default=(), repr=False)

    @property
    def net_realizable(self) -> Decimal:
        """Return the sum: net realizable equity."""
        return sum((one.counted for one in self.each), NOTHING)


def equities(params: Parameters, day: date, assets: Iterable[Asset], *, couple: bool) -> Equities:
    """Return net realizable equity asset by asset, as Form 433-A (OIC) counts it (IRM 5.8.5).

    Quick-sale value is 80 % of market value, less loans, less the exclusion; cash and the cash value of life
    insurance count in full. The vehicle exclusion goes to one car, two for a couple, those with the most
    equity. The exclusion for tools of a trade (26 U.S.C. 6334(a)(3)) is not known here: a remark says so.
    """
    assets = tuple(assets)
    percent = params.on(day, "offer.quick_sale_percent")
    names = {Kind.VEHICLE: "vehicle", Kind.PERSONAL_EFFECTS: "personal_effects", Kind.CASH: "cash"}
    present = {asset.kind for asset in assets}
    off = {kind: params.on(day, f"offer.exclusion.{name}") for kind, name in names.items() if kind in present}
    found: list[Equity] = []

    def count(kind: Kind, value: Decimal, owed: Decimal, *, sale: bool, exclusion: Decimal) -> None:
        quick = cents(value * percent.amount / HUNDRED) if sale else value
        counted = max(NOTHING, quick - owed - exclusion)
        args = {
            "kind": str(kind),
            "value": value,
            "percent": percent.amount,
            "quick_sale": quick,
            "owed": owed,
            "exclusion": exclusion,
            "counted": counted,
        }
        step = Remark("equity_quick_sale" if sale else "equity_in_full", args)
        found.append(Equity(kind, value, quick, owed, exclusion, counted, step))

    cash = [asset for asset in assets if asset.kind is Kind.CASH]
    if cash:
        value, owed = (sum((getattr(one, name) for one in cash), NOTHING) for name in ("value", "owed"))
        count(Kind.CASH, value, owed, sale=False, exclusion=off[Kind.CASH].amount)
    cars = sorted(
        (asset for asset in assets if asset.kind is Kind.VEHICLE),
        key=lambda car: car.owed - car.value * percent.amount / HUNDRED,
    )
    for number, car in enumerate(cars):
        allowed = cars_allowed(params, day, couple=couple)
        exclusion = off[Kind.VEHICLE].amount if number < allowed else NOTHING
        count(Kind.VEHICLE, car.value, car.owed, sale=True, exclusion=exclusion)
    effects = [asset for asset in assets if asset.kind is Kind.PERSONAL_EFFECTS]
    if effects:
        value, owed = (sum((getattr(one, name) for one in effects), NOTHING) for name in ("value", "owed"))
        count(Kind.PERSONAL_EFFECTS, value, owed, sale=True, exclusion=off[Kind.PERSONAL_EFFECTS].amount)
    for asset in assets:
        if asset.kind not in names:
            sale = asset.kind is not Kind.LIFE_INSURANCE
            count(asset.kind, asset.value, asset.owed, sale=sale, exclusion=NOTHING)
    remarks = (Remark("tools_of_trade"),) if Kind.BUSINESS_TOOLS in present else ()
    if any(not value.firm for value in off.values()):
        remarks = (*remarks, Remark("exclusions_unsure"))
    return Equities(tuple(found), remarks, (percent, *off.values()))


@dataclass(frozen=True, slots=True)
class Potential:
    """Reasonable collection potential: about the least an offer must reach, paid at once or over time."""

    equity: Decimal
    left_each_month: Decimal
    lump_months: int
    periodic_months: int
    lump_sum: Decimal
    periodic: Decimal
    steps: tuple[Remark, ...]
    remarks: tuple[Remark, ...]
    figures: tuple[Value, ...] = field(default=(), repr=False)

    @property
    def least(self) -> Decimal:
        """Return the smaller of the two (`rcp_min`)."""
        return min(self.lump_sum, self.periodic)


def potential(
    params: Parameters, day: date, owned: Equities, left_each_month: Decimal, clock_months: int
) -> Potential:
    """Return net realizable equity plus future income over 12 and over 24 months (IRM 5.8.5).

    `left_each_month` is `Capacity.monthly` (less than zero counts as 0). `clock_months` are the months left
    on the ten-year clock of the earliest period (CSED): the multiplier is never more. Where it is not known
    take `deadlines.collection.years` x 12 and say so.
    """
    if clock_months < 0:
        raise BudgetError("the months left on the ten-year clock are less than zero")
    left = max(NOTHING, left_each_month)
    full = [params.on(day, f"offer.multiplier.{name}") for name in ("lump_sum", "periodic")]
    lump, periodic = (min(one.count, clock_months) for one in full)
    equity = owned.net_realizable
    steps = [one.step for one in owned.each]
    steps.append(Remark("equity_together", {"equity": equity}))
    steps.append(
        Remark("income_left", {"left": left} | ({"short": -left_each_month} if not left else {"short": 0}))
    )
    if lump < full[0].count or periodic < full[1].count:
        steps.append(Remark("clock_is_shorter", {"months": clock_months}))
    sums = [equity + left * months for months in (lump, periodic)]
    terms = {
        "lump_sum": {"payments": params.on(day, "offer.lump_sum.payments").count},
        "over_time": {
            "least": params.on(day, "offer.periodic.months_least").count,
            "most": params.on(day, "offer.periodic.months_most").count,
        },
    }
    for name, months, amount in (("lump_sum", lump, sums[0]), ("over_time", periodic, sums[1])):
        args: dict[str, Decimal | int] = {
            "equity": equity,
            "left": left,
            "months": months,
            "income": left * months,
            "amount": amount,
        }
        args |= terms[name]
        steps.append(Remark(f"potential_{name}", args))
    remarks = (*owned.remarks, Remark("the_irs_decides_offers"))
    return Potential(
        equity, left, lump, periodic, sums[0], sums[1], tuple(steps), remarks, (*owned.figures, *full)
    )


# ---------------------------------------------------------------- low income


@dataclass(frozen=True, slots=True)
class LowIncome:
    """The 250 % line for one household, and both measures against it (None: not known)."""

    ceiling: Decimal
    earlier_ceiling: Decimal | None
    by_tax_return: bool | None
    by_monthly_income: bool | None
    remarks: tuple[Remark, ...] = ()
    figures: tuple[Value, ...] = field(default=(), repr=False)

    @property
    def for_plan_fees(self) -> bool | None:
        """Say whether plan fees are reduced or waived: by the income on the return (26 U.S.C. 6159(f)(2))."""
        return self.by_tax_return

    @property
    def for_offer(self) -> bool | None:
        """Say whether an offer is free of fee and first payment: by either measure (7122(c)(3))."""
        known = {self.by_tax_return, self.by_monthly_income}
        return True if True in known else None if None in known else False


def low_income(
    params: Parameters,
    day: date,
    people: int,
    state: str,
    *,
    adjusted_gross: Decimal | None = None,
    gross_each_month: Decimal | None = None,
) -> LowIncome:
    """Return the 250 % line of the HHS poverty guideline for `people`, and whether the income is within it.

    `adjusted_gross` is the yearly figure of the latest return, `gross_each_month` the whole household's
    income before taxes. At most the line is within it. The IRS's form tables may lag one year behind the
    guideline: an income above the line of the year before says so.
    """
    if people < 1:
        raise BudgetError("a household has at least one person")
    place = {"AK": "alaska", "HI": "hawaii"}.get(state, "contiguous")
    share = params.on(day, "low_income.percent")
    first, more = (params.on(day, f"low_income.{place}.{name}") for name in ("first", "each_more"))

    def line(one: Value, each: Value) -> Decimal:
        return (one.amount + (people - 1) * each.amount) * share.amount / HUNDRED

    ceiling = line(first, more)
    before = [
        [value for value in params.series(f"low_income.{place}.{name}") if value.since < first.since]
        for name in ("first", "each_more")
    ]
    earlier = line(before[0][-1], before[1][-1]) if all(before) else None
    yearly = [adjusted_gross, None if gross_each_month is None else gross_each_month * 12]
    within = [None if income is None else income <= ceiling for income in yearly]
    close = any(
        income is not None and income <= ceiling and (earlier is None or income > earlier)
        for income in yearly
    )
    remarks = (Remark("form_tables_may_lag", {"ceiling": ceiling}),) if close else ()
    return LowIncome(ceiling, earlier, within[0], within[1], remarks, (share, first, more))
