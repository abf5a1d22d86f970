"""What calls for a professional. A flag stands in front of the ways out and never hides them (errata D4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.rules.standing import Standing, any_of, standing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from bot.model import Source
    from bot.rules.facts import Facts
    from bot.rules.parameters import Parameters

EA, CPA, ATTORNEY, CLINIC = "ea", "cpa", "attorney", "clinic"


@dataclass(frozen=True, slots=True)
class Flag:
    """One reason to see a professional: who to see, and whether questions stop here.

    `raised` is None while the facts leave it open; `ask` names the facts that settle it.
    """

    name: str
    raised: bool | None
    who: tuple[str, ...]
    source: Source
    ask: tuple[str, ...]
    stops: bool


FLAGS: dict[str, Callable[[Standing], Flag]] = {}


def flag(
    source: str, *who: str, ask: str, stops: bool = False
) -> Callable[[Callable[[Standing], bool | None]], Callable[[Standing], bool | None]]:
    """Register a test under its name: its source in the parameters, who to see, the facts it asks."""

    def register(test: Callable[[Standing], bool | None]) -> Callable[[Standing], bool | None]:
        def made(at: Standing) -> Flag:
            found = at.on(f"options.flag.{source}").source
            return Flag(test.__name__, test(at), who, found, tuple(ask.split()), stops)

        FLAGS[test.__name__] = made
        return test

    return register


def every_flag(facts: Facts, params: Parameters, day: date) -> tuple[Flag, ...]:
    """Return all flags with their answer, those that stop further questions first."""
    at = standing(facts, params, day)
    return tuple(sorted((made(at) for made in FLAGS.values()), key=lambda one: not one.stops))


def flags(facts: Facts, params: Parameters, day: date) -> tuple[Flag, ...]:
    """Return the flags that are raised, those that stop further questions first."""
    return tuple(one for one in every_flag(facts, params, day) if one.raised)


@flag("crime", ATTORNEY, ask="criminal", stops=True)
def criminal_exposure(at: Standing) -> bool | None:
    """Say whether there is a hint of a crime: collect no more details, privilege needs an attorney."""
    return at.facts.criminal


@flag("bankruptcy", ATTORNEY, ask="open_bankruptcy", stops=True)
def bankruptcy_open(at: Standing) -> bool | None:
    """Say whether a bankruptcy case is open: the court's stay governs."""
    return at.facts.open_bankruptcy


@flag("bankruptcy", ATTORNEY, ask="bankruptcy_planned")
def bankruptcy_planned(at: Standing) -> bool | None:
    """Say whether a bankruptcy is planned."""
    return at.facts.bankruptcy_planned


@flag("payroll", EA, CPA, ATTORNEY, ask="trust_fund payroll_interview")
def payroll_tax(at: Standing) -> bool | None:
    """Say whether payroll tax, or a Form 4180 interview about it, is in the matter (26 U.S.C. 6672)."""
    return any_of((at.trust_fund, at.facts.payroll_interview))


@flag("practice", EA, CPA, ask="returns_filed_all unfiled_years")
def unfiled_years(at: Standing) -> bool | None:
    """Say whether several years are not filed."""
    years = at.facts.unfiled_years
    if years is None:
        return False if at.facts.returns_filed_all else None
    return years >= at.on("options.flags.unfiled_years").count


@flag("practice", EA, CPA, ATTORNEY, ask="assessed taxpayer_type")
def large_debt(at: Standing) -> bool | None:
    """Say whether the assessed balance is over the line: for a business a lower one (errata B18)."""
    if at.assessed is None:
        return None
    person, business = (
        at.assessed > at.on(f"plans.professional.{kind}_more_than").amount
        for kind in ("individual", "business")
    )
    if at.facts.taxpayer_type is None:
        return person if person == business else None
    return business if at.facts.taxpayer_type == "business" else person


@flag("final_notice", EA, CPA, ATTORNEY, ask="final_notice")
def final_notice(at: Standing) -> bool | None:
    """Say whether a final notice opened the 30 days to ask for a hearing (errata A20)."""
    return at.final_notice


@flag("levy", EA, CPA, ATTORNEY, ask="levy_active")
def levy_now(at: Standing) -> bool | None:
    """Say whether wages, an account or benefits are being taken. The paper itself opens no new 30 days."""
    return at.levy_active


@flag("practice", EA, CPA, ATTORNEY, ask="revenue_officer")
def revenue_officer(at: Standing) -> bool | None:
    """Say whether a revenue officer has the case."""
    return at.facts.revenue_officer


@flag("dispute", EA, CPA, ATTORNEY, ask="disputed")
def liability_disputed(at: Standing) -> bool | None:
    """Say whether the debt is in doubt, or a spouse's."""
    return at.disputed


@flag("lien", EA, CPA, ATTORNEY, ask="nftl_filed")
def lien_filed(at: Standing) -> bool | None:
    """Say whether a public lien notice is filed: Letter 3172 opens its own hearing right."""
    return at.lien_filed


@flag("practice", ATTORNEY, CPA, ask="transfer_or_foreign")
def transfers_or_foreign(at: Standing) -> bool | None:
    """Say whether there were large transfers, or accounts abroad."""
    return at.facts.transfer_or_foreign


@flag("passport", EA, CPA, ATTORNEY, ask="passport_certified")
def passport_reported(at: Standing) -> bool | None:
    """Say whether the debt was reported for the passport."""
    return at.facts.passport_certified


@flag("lien", ATTORNEY, EA, CPA, ask="sale_pending")
def sale_pending(at: Standing) -> bool | None:
    """Say whether a sale or refinancing is under way (Forms 14134 and 14135)."""
    return at.facts.sale_pending


@flag("covid_window", CPA, EA, ATTORNEY, ask="covid_window_penalties")
def covid_window(at: Standing) -> bool | None:
    """Say whether unpaid penalties or interest fall into the window of Kwong v. United States."""
    return at.facts.covid_window_penalties
