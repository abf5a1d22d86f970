"""Named conditions of the dialogs: one typed function each over the facts of a case."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from bot.rules import followup, lien, needs, situation
from bot.rules.notices import Phase
from bot.rules.verification import Debt, Sender

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.rules.matter import Matter

GUARDS: dict[str, Callable[[Matter], bool]] = {}


def guard(test: Callable[[Matter], bool]) -> Callable[[Matter], bool]:
    """Register a condition under its function's name."""
    GUARDS[test.__name__] = test
    return test


@guard
def has_a_paper_notice(matter: Matter) -> bool:
    """Say whether there is a letter to read from."""
    return matter.has_paper


@guard
def notice_is_unknown(matter: Matter) -> bool:
    """Say whether the number was asked for and is not in the catalogue."""
    return matter.paper.asked and matter.paper.notice is None


@guard
def needs_the_lien_filing_day(matter: Matter) -> bool:
    """Say whether the day must be counted from the filing of the lien notice (26 U.S.C. 6320)."""
    return (
        matter.paper.notice is not None and matter.paper.notice.id == "L3172" and matter.paper.printed is None
    )


@guard
def has_a_deadline(matter: Matter) -> bool:
    """Say whether there is a day to act by."""
    return any(deadline.act_by is not None for deadline in matter.deadlines)


@guard
def has_no_deadline(matter: Matter) -> bool:
    """Say whether no day can be worked out."""
    return not has_a_deadline(matter)


# ---------------------------------------------------------------- is it real


@guard
def is_not_settled(matter: Matter) -> bool:
    """Say whether what is known of this contact does not yet tell by itself that it is a scam."""
    return matter.judgement.sender is not Sender.SCAM


@guard
def is_a_letter_in_question(matter: Matter) -> bool:
    """Say whether this is a letter that is not yet known to be a scam."""
    return matter.contact.channel == "mail" and is_not_settled(matter)


@guard
def is_an_irs_letter_in_question(matter: Matter) -> bool:
    """Say whether this is a letter that may come from the IRS and is not yet known to be a scam."""
    return matter.contact.channel == "mail" and not matter.settled(matter.contact)


@guard
def is_a_call_in_question(matter: Matter) -> bool:
    """Say whether this is a call, or something unknown, that is not yet known to be a scam."""
    return matter.contact.channel in ("phone", "unsure") and is_not_settled(matter)


@guard
def is_a_phone_call_in_question(matter: Matter) -> bool:
    """Say whether this is a telephone call that is not yet known to be a scam."""
    return matter.contact.channel == "phone" and is_not_settled(matter)


@guard
def spoke_with_a_person(matter: Matter) -> bool:
    """Say whether this is a call by a person, not a recording, that is not yet known to be a scam."""
    return is_a_phone_call_in_question(matter) and "robocall" not in matter.contact.signs


@guard
def is_a_message_in_question(matter: Matter) -> bool:
    """Say whether this is a text or e-mail that is not yet known to be a scam."""
    return matter.contact.channel == "text_or_email" and is_not_settled(matter)


@guard
def is_a_visit_in_question(matter: Matter) -> bool:
    """Say whether this is a visit that is not yet known to be a scam."""
    return matter.contact.channel == "visit" and is_not_settled(matter)


@guard
def is_a_collector_in_question(matter: Matter) -> bool:
    """Say whether this is a private collection agency (26 U.S.C. 6306) not yet known to be a scam."""
    return matter.contact.channel == "collection_agency" and is_not_settled(matter)


@guard
def could_be_another_office(matter: Matter) -> bool:
    """Say whether a contact may come from a state or county: one by a collector or in a chat app does not."""
    return matter.contact.channel in ("mail", "phone", "visit", "text_or_email", "unsure")


@guard
def may_want_odd_payment(matter: Matter) -> bool:
    """Say whether to ask how the money is to be paid: for a letter it stands among its signs."""
    return matter.contact.channel not in ("mail", "social") and is_not_settled(matter)


@guard
def seems_real_for_a_reason(matter: Matter) -> bool:
    """Say whether to ask what makes a call or message look real: such things prove nothing."""
    return matter.contact.channel in ("phone", "text_or_email", "unsure") and is_not_settled(matter)


@guard
def may_have_another_letter(matter: Matter) -> bool:
    """Say whether to ask for a letter: there is none yet that the IRS may have sent."""
    contact = matter.contact
    others = [one for one in matter.contacts if one.item < contact.item]
    if any(matter.brings_paper(one) for one in others):
        return False
    return contact.channel != "mail" or matter.settled(contact)


@guard
def no_plain_letter_says_it(matter: Matter) -> bool:
    """Say whether no letter of the IRS on which nothing looks odd claims a debt: then it is worth asking."""
    return not any(
        one.channel == "mail" and not one.signs and matter.said.get(f"contact.sender~{one.item}") == "irs"
        for one in matter.contacts
    )


@guard
def the_irs_can_tell(matter: Matter) -> bool:
    """Say whether the IRS can still tell whether this is real: not of a scam, nor of another office's item."""
    return matter.judgement.sender not in (Sender.SCAM, Sender.NOT_IRS, Sender.GENUINE)


@guard
def the_collector_can_be_checked(matter: Matter) -> bool:
    """Say whether the number check with a private collector is still to be made."""
    return is_a_collector_in_question(matter) and not matter.contact.signs & {
        "pca_without_cp40",
        "pca_number_completes",
        "pca_number_fails",
    }


@guard
def a_call_would_tell(matter: Matter) -> bool:
    """Say whether the account told of the debt only, so that a call has to tell who the sender is."""
    return bool(matter.contact.found & {"account_balance", "account_no_debt"}) and the_irs_can_tell(matter)


@guard
def the_account_would_tell(matter: Matter) -> bool:
    """Say whether this is a scam or the IRS disowns it, and nobody has looked yet whether something is owed."""
    disowned = "irs_says_not_sent" in matter.contact.found or matter.judgement.sender is Sender.SCAM
    return disowned and not matter.of_the_debt & {"account_balance", "account_no_debt"}


@guard
def its_number_would_tell(matter: Matter) -> bool:
    """Say whether a search for the number of a letter still tells something after the account or a call did not."""
    return matter.contact.channel == "mail" and bool(matter.contact.found) and the_irs_can_tell(matter)


@guard
def a_check_was_made(matter: Matter) -> bool:
    """Say whether the person has checked this contact and said what came of it."""
    return bool(matter.contact.found)


# ---------------------------------------------------------------- the letter and the situation


_NO_DAY_OF_ITS_OWN = ("D18", "D23", "D24", "D25")  # rules that set nobody a day to answer or pay by


@guard
def a_day_may_be_printed(matter: Matter) -> bool:
    """Say whether the letter may carry a day to answer, to pay or to come by."""
    notice = matter.paper.notice
    return notice is None or (bool(notice.rules) and notice.rules[0] not in _NO_DAY_OF_ITS_OWN)


@guard
def the_amount_may_be_split(matter: Matter) -> bool:
    """Say whether an amount was told for the tax period being asked about, and nothing stops questions."""
    told = matter.period is not None and matter.period.amount is not None
    return told and details_may_be_asked(matter)


@guard
def the_amount_moves_the_day(matter: Matter) -> bool:
    """Say whether the days to act by are others than before the amounts were told (26 U.S.C. 6601(e)(3))."""
    days = [(one.key, one.binding, one.act_by) for one in matter.deadlines]
    before = replace(matter, periods=()).deadlines
    return has_a_deadline(matter) and days != [(one.key, one.binding, one.act_by) for one in before]


@guard
def may_owe(matter: Matter) -> bool:
    """Say whether there is, or may be, a federal tax debt: by a letter not called a scam, or by other signs."""
    judged = {one: matter.judgement_of(one) for one in matter.contacts}
    debts = {said.debt for said in judged.values() if said.sender is not Sender.NOT_IRS}
    if debts & {Debt.KNOWN, Debt.LIKELY}:
        return True
    if Debt.NONE_SEEN in debts:
        return False
    return any(
        matter.brings_paper(one) and (one.channel != "mail" or said.sender is not Sender.LIKELY_SCAM)
        for one, said in judged.items()
    )


@guard
def a_crime_is_hinted_at(matter: Matter) -> bool:
    """Say whether a special agent or the like is in it: no details then, privilege needs an attorney."""
    return situation.ticked(matter, "events", "special_agent") is True


@guard
def a_bankruptcy_is_open(matter: Matter) -> bool:
    """Say whether a bankruptcy case is open and nothing weighs more: the court's stay governs."""
    return not a_crime_is_hinted_at(matter) and situation.ticked(matter, "events", "bankruptcy_open") is True


@guard
def details_may_be_asked(matter: Matter) -> bool:
    """Say whether nothing stops further questions about the person."""
    return not a_crime_is_hinted_at(matter) and not a_bankruptcy_is_open(matter)


@guard
def levy_is_not_told(matter: Matter) -> bool:
    """Say whether it is open if something is being taken: the newest letter does not tell it."""
    return details_may_be_asked(matter) and not situation.tells_of_a_levy(matter)


@guard
def hardship_comes_first(matter: Matter) -> bool:
    """Say whether there is hardship and a levy runs or is warned of (26 U.S.C. 6343(a)(1)(D))."""
    if not details_may_be_asked(matter) or not situation.ticked(matter, "hardship"):
        return False
    levied = situation.tells_of_a_levy(matter) or situation.ticked(matter, "levy") is True
    return levied or any(
        one.notice is not None and one.notice.phase in (Phase.LEVY_WARNING, Phase.FINAL_LEVY_CDP)
        for one in matter.papers
    )


@guard
def payroll_tax_may_be_in_it(matter: Matter) -> bool:
    """Say whether it is open if payroll tax is owed."""
    return details_may_be_asked(matter) and situation.payroll_told(_without_payroll(matter)) is None


def _without_payroll(matter: Matter) -> Matter:
    """Return the facts before the question about payroll, so that its answer does not hide it."""
    return replace(matter, said={key: one for key, one in matter.said.items() if key != "situation.payroll"})


@guard
def payroll_tax_is_in_it(matter: Matter) -> bool:
    """Say whether payroll tax, or an interview about it, is in the matter (26 U.S.C. 6672)."""
    return details_may_be_asked(matter) and situation.payroll_told(matter) is True


@guard
def may_have_employees(matter: Matter) -> bool:
    """Say whether there may be people on the payroll now."""
    return details_may_be_asked(matter) and situation.said(matter, "who") in (
        "self_employed",
        "business",
    )


@guard
def returns_are_missing(matter: Matter) -> bool:
    """Say whether a return that had to be filed is missing: the gate of every plan."""
    return details_may_be_asked(matter) and situation.said(matter, "unfiled") in ("one", "two", "more")


@guard
def plan_is_not_told(matter: Matter) -> bool:
    """Say whether no letter tells of a payment plan."""
    return details_may_be_asked(matter) and not situation.tells_of_a_plan(matter)


@guard
def the_debt_is_disputed(matter: Matter) -> bool:
    """Say whether the person does not agree with the debt."""
    return details_may_be_asked(matter) and situation.said(matter, "agree") == "no"


@guard
def household_matters(matter: Matter) -> bool:
    """Say whether a debt makes the household worth asking about, and nothing stops further questions."""
    return may_owe(matter) and details_may_be_asked(matter)


# ---------------------------------------------------------------- the money


@guard
def money_may_be_asked(matter: Matter) -> bool:
    """Say whether the money is worth asking about: there may be a debt, and nothing stops further questions."""
    return household_matters(matter)


@guard
def not_all_can_be_paid_now(matter: Matter) -> bool:
    """Say whether it is not known that all can be paid at once."""
    return not needs.fits(matter, "full_pay")


@guard
def a_loan_may_pay_the_rest(matter: Matter) -> bool:
    """Say whether a loan is worth a thought: the debt is known, and one's own money does not pay it soon."""
    return needs.total(matter) is not None and not needs.fits(matter, *needs.PAYS_AT_ONCE)


@guard
def a_loan_would_pay_all(matter: Matter) -> bool:
    """Say whether all could be paid at once with a loan, so that its rate matters."""
    owed, borrowed = needs.total(matter), matter.money.borrow
    return (
        owed is not None
        and borrowed is not None
        and borrowed > 0
        and borrowed + (matter.money.now or 0) >= owed
    )


@guard
def a_plan_is_needed(matter: Matter) -> bool:
    """Say whether it is not known that all can be paid at once or within the days of a short-term plan."""
    return money_may_be_asked(matter) and not needs.fits(matter, *needs.PAYS_AT_ONCE)


@guard
def a_person_needs_a_plan(matter: Matter) -> bool:
    """Say whether a plan is needed and it is a person, not a company, that pays it."""
    return a_plan_is_needed(matter) and situation.said(matter, "who") != "business"


@guard
def may_have_a_low_income(matter: Matter) -> bool:
    """Say whether what comes in, taxes already off, may lie within 250 % of the poverty guideline."""
    line, take_home = needs.low_income_line(matter), matter.money.take_home
    return line is not None and (take_home is None or take_home * 12 <= line.ceiling)


@guard
def the_clock_may_decide(matter: Matter) -> bool:
    """Say whether the end of the ten years may be so near that it changes the way out."""
    return a_plan_is_needed(matter) and needs.clock_decides(matter)


@guard
def penalties_may_decide(matter: Matter) -> bool:
    """Say whether it is open if penalties, once off, would change the way out.

    First-time relief is for one period: with more of them only the parts of each tell.
    """
    return len(matter.periods) == 1 and "penalties" in needs.settled(matter).needs


@guard
def first_time_relief_may_decide(matter: Matter) -> bool:
    """Say whether only the three years before are open for first-time relief that would change the way out."""
    waiting = needs.settled(matter).needs
    return "penalties_last_3y" in waiting and "penalties" not in waiting


@guard
def a_good_reason_may_help(matter: Matter) -> bool:
    """Say whether there are penalties that first-time relief does not take off."""
    ranking = needs.settled(matter)
    cause = ranking.verdict("reasonable_cause")
    return ranking.verdict("fta").fits is False and cause.fits is None and cause.ask == ("reasonable_cause",)


@guard
def the_plan_may_be_a_right(matter: Matter) -> bool:
    """Say whether only the five years before are open for a plan the IRS must agree to (26 U.S.C. 6159(c))."""
    return needs.settled(matter).verdict("guaranteed_ia").ask == ("late_or_ia_last_5y",)


# ---------------------------------------------------------------- the budget


@guard
def a_household_pays(matter: Matter) -> bool:
    """Say whether the money is a household's: a company has a budget of another kind."""
    return money_may_be_asked(matter) and situation.said(matter, "who") != "business"


@guard
def the_budget_is_needed(matter: Matter) -> bool:
    """Say whether no way is open that needs no budget, and a budget would tell which one is.

    A debt in doubt is looked into first, unless there is hardship.
    """
    facts = matter.facts
    if not a_household_pays(matter) or (facts.disputed and not facts.hardship):
        return False
    known = needs.total(matter) is not None or facts.proposed_payment == 0 or bool(facts.hardship)
    return known and not needs.plan_fits(matter)


def _line(matter: Matter, name: str) -> Decimal:
    return matter.said.get(f"budget.{name}") or Decimal(0)


def _begun(matter: Matter) -> bool:
    return matter.said.get("budget.begin") == "start"


@guard
def several_cars_are_named(matter: Matter) -> bool:
    """Say whether it matters if the household is a couple: it may keep more cars than one person."""
    people = matter.said.get("household.people")
    return _begun(matter) and len(matter.money.cars) > 1 and people != 1


@guard
def the_state_is_open(matter: Matter) -> bool:
    """Say whether a car is named and the state, which says what it may cost, is not known."""
    return _begun(matter) and bool(matter.money.cars) and matter.said.get("household.state") is None


@guard
def a_car_is_named(matter: Matter) -> bool:
    """Say whether there is a car."""
    return _begun(matter) and bool(matter.money.cars)


@guard
def a_home_is_owned(matter: Matter) -> bool:
    """Say whether a home is owned."""
    return _begun(matter) and any(one.kind == "home" for one in matter.money.owned)


@guard
def housing_costs_something(matter: Matter) -> bool:
    """Say whether the county's limit for housing matters."""
    return _begun(matter) and any(_line(matter, one) for one in ("rent", "utilities", "phone"))


@guard
def car_and_transport_are_paid(matter: Matter) -> bool:
    """Say whether it matters if public transport is needed besides a car."""
    return a_car_is_named(matter) and _line(matter, "transport") > 0


@guard
def wages_come_in(matter: Matter) -> bool:
    """Say whether somebody in the household is paid wages."""
    return _begun(matter) and matter.money.earns_wages


@guard
def the_budget_is_told(matter: Matter) -> bool:
    """Say whether every line of the budget was answered, and the debt is one it can be held against."""
    return a_household_pays(matter) and matter.money.complete


@guard
def property_could_pay(matter: Matter) -> bool:
    """Say whether there is property within count, so that it matters if it can be borrowed on or sold."""
    return the_budget_is_told(matter) and needs.reach_is_open(matter)


@guard
def an_offer_may_fit(matter: Matter) -> bool:
    """Say whether only the money for an offer is open."""
    ask = needs.settled(matter).verdict("oic_datc").ask
    return the_budget_is_told(matter) and ask == ("offer_funds",)


@guard
def papers_matter(matter: Matter) -> bool:
    """Say whether the household was asked about, so that the list of papers is their own."""
    return household_matters(matter) and "household.earns" in matter.said


# ---------------------------------------------------------------- a hearing, and a filed lien notice


@guard
def a_hearing_is_offered(matter: Matter) -> bool:
    """Say whether a letter opens a hearing about a levy or a lien notice (26 U.S.C. 6320, 6330)."""
    return lien.chance(matter) is not None


def _not_answered(matter: Matter) -> bool:
    return matter.said.get("hearing.asked") == "not_yet"


@guard
def a_hearing_can_be_asked_for(matter: Matter) -> bool:
    """Say whether the day for the hearing is not over, and it was not asked for."""
    return _not_answered(matter) and lien.chance(matter) is lien.Chance.OPEN


@guard
def only_the_weaker_hearing_is_left(matter: Matter) -> bool:
    """Say whether the day is over and the equivalent hearing can still be asked for."""
    return _not_answered(matter) and lien.chance(matter) is lien.Chance.WEAKER


@guard
def no_hearing_is_left(matter: Matter) -> bool:
    """Say whether both days are over, and nothing was asked for."""
    return _not_answered(matter) and lien.chance(matter) is lien.Chance.OVER


@guard
def a_hearing_was_asked_for_in_time(matter: Matter) -> bool:
    """Say whether the request was sent, and not after the last day as far as is known."""
    return matter.said.get("hearing.asked") == "sent" and lien.sent_in_time(matter) is not False


@guard
def a_hearing_was_asked_for_too_late(matter: Matter) -> bool:
    """Say whether the request was sent after the last day."""
    return matter.said.get("hearing.asked") == "sent" and lien.sent_in_time(matter) is False


@guard
def a_hearing_is_declined(matter: Matter) -> bool:
    """Say whether the person does not want the hearing."""
    return matter.said.get("hearing.asked") == "declined"


@guard
def a_lien_is_filed(matter: Matter) -> bool:
    """Say whether a lien notice is on public record, as a letter or the person tells."""
    return may_owe(matter) and details_may_be_asked(matter) and matter.facts.nftl_filed is True


@guard
def the_lien_letter_is_missing(matter: Matter) -> bool:
    """Say whether a lien notice is on record and Letter 3172, which has the day of the hearing, was not told."""
    return a_lien_is_filed(matter) and not any(
        one.notice is not None and one.notice.id == "L3172" for one in matter.papers
    )


# ---------------------------------------------------------------- what was agreed


@guard
def a_promise_is_due(matter: Matter) -> bool:
    """Say whether the day of the promise in this call is over."""
    return followup.is_due(matter, matter.call)


@guard
def an_answer_is_awaited(matter: Matter) -> bool:
    """Say whether the IRS agreed to something that a letter must confirm, or was asked for something."""
    return followup.agreed(matter) or followup.requested(matter) is not None


@guard
def what_is_agreed_is_open(matter: Matter) -> bool:
    """Say whether no step of the plan tells what the letter is to confirm."""
    return followup.requested(matter) is None


@guard
def the_day_it_began_is_open(matter: Matter) -> bool:
    """Say whether no proof of sending tells from which day on the IRS has its time."""
    request = followup.requested(matter)
    return request is None or request.day is None


@guard
def payments_each_month_are_awaited(matter: Matter) -> bool:
    """Say whether it is about monthly payments."""
    return followup.what(matter) == "plan"


@guard
def the_irs_is_silent(matter: Matter) -> bool:
    """Say whether no letter came for longer than the IRS should need."""
    return followup.silent(matter)


@guard
def it_is_confirmed(matter: Matter) -> bool:
    """Say whether the letter is there and says what was agreed."""
    return followup.confirmed(matter)


@guard
def a_plan_is_running(matter: Matter) -> bool:
    """Say whether there is a plan whose payments can be missed."""
    return matter.facts.plan_in_place is True or (
        followup.what(matter) == "plan" and followup.confirmed(matter)
    )


# ---------------------------------------------------------------- the ways out


@guard
def the_ways_are_open(matter: Matter) -> bool:
    """Say whether the ways out can be shown: there may be a debt, and the situation is told to its end."""
    if not may_owe(matter):
        return False
    return not details_may_be_asked(matter) or "situation.coming" in matter.said


@guard
def a_spouse_is_at_issue(matter: Matter) -> bool:
    """Say whether a spouse or former spouse should owe it: then a joint return opens a relief."""
    return details_may_be_asked(matter) and "spouse" in (matter.facts.disputes or ())


@guard
def an_audit_is_at_issue(matter: Matter) -> bool:
    """Say whether the debt comes from an audit, or a return the IRS made, that the person thinks is wrong."""
    told = matter.facts.disputes or ()
    return details_may_be_asked(matter) and ("audit" in told or "substitute_return" in told)


@guard
def a_way_is_chosen(matter: Matter) -> bool:
    """Say whether the person chose a way out."""
    return matter.way is not None


@guard
def the_deed_is_sent(matter: Matter) -> bool:
    """Say whether what is to be done sends something to the IRS."""
    return matter.deed is not None and matter.deed.entry.sends


@guard
def the_deed_is_done(matter: Matter) -> bool:
    """Say whether what is to be done is done without sending anything."""
    return matter.deed is not None and not matter.deed.entry.sends


@guard
def there_are_several_periods(matter: Matter) -> bool:
    """Say whether more than one tax period is owed for, so that one can go a way of its own."""
    return the_ways_are_open(matter) and details_may_be_asked(matter) and len(matter.periods) > 1


@guard
def a_way_wants_papers(matter: Matter) -> bool:
    """Say whether a way out was chosen that wants more than the letters the person has anyway."""
    return papers_matter(matter) and matter.way is not None and len(matter.wanted.papers) > 1
