"""One case in the words of the law: typed facts, and what the rules say of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from bot.model import Whose
from bot.rules import deadlines, documents, followup, lien, money, notices, situation, verification
from bot.rules.documents import DOCUMENTS
from bot.rules.notices import Phase
from bot.rules.plan import PLAN, Deed, plan
from bot.rules.ways import Way, Ways, chosen, ways_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.model import Deadline
    from bot.rules.facts import Facts
    from bot.rules.followup import Request
    from bot.rules.notices import IrsNotice
    from bot.rules.parameters import Parameters

CONTACTS, PAPERS, PERIODS = "verify.contacts", "letter.notices", "letter.periods"
CALLS = "calls.log"
CORRECTS = "call.corrects"  # which entry of the log another one stands in for
CORRECTED = "calls.corrected"  # the entries that do not count any more
# Lists that nobody fills in: their items follow from the other answers.
MADE: Mapping[str, Callable[[Matter], tuple[int, ...]]] = {
    PLAN: lambda matter: tuple(one.item for one in matter.plan),
    DOCUMENTS: lambda matter: _wanted_papers(matter),
}
LISTS = (CONTACTS, PAPERS, PERIODS, CALLS, money.INCOMES, money.ASSETS)
ITEM, LIST = "~", "~of"  # under these names stand, among the facts of an item, its id and its list

Entries = dict[tuple[str, int], Any]  # of a list, by its key and their id

# Questions whose options are named like the signals of the verification rules.
SIGNS = (
    "contact.pay",
    "contact.pressure",
    "contact.caller",
    "contact.message",
    "contact.visitor",
    "contact.collector",
    "contact.signs",
    "contact.details",
    "contact.seems",
)
# What single answers say of a contact, in the names of the verification rules.
SAID: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "contact.sender": {"office": ("fake_agency",), "state_or_county": ("state_or_county",)},
    "contact.claims": {"federal": ("county_collects_federal_tax", "claims_federal_tax")},
    "contact.agreed": {"yes": ("agreed_to_messages",), "no": ("unsolicited_message",)},
    "contact.badge": {"refused": ("no_employee_number",)},
    "contact.before": {
        "meeting_letter": ("letter_725b_came_first",),
        "letters": ("earlier_notices",),
        "none": ("visit_unannounced",),
    },
    "contact.notice_first": {"yes": ("cp40_came_first",), "no": ("pca_without_cp40",)},
    "contact.number": {"completes": ("pca_number_completes",), "fails": ("pca_number_fails",)},
}
# What came of the person's own checks of a contact.
CHECKS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "check.collector": {"completes": ("pca_number_completes",), "fails": ("pca_number_fails",)},
    "check.made": {
        "same_notice": ("notice_in_account",),
        "balance_only": ("account_balance",),
        "no_balance": ("account_no_debt",),
        "irs_confirms": ("irs_confirms",),
        "irs_denies": ("irs_says_not_sent",),
    },
    "check.call": {"irs_confirms": ("irs_confirms",), "irs_denies": ("irs_says_not_sent",)},
    "check.account": {"balance": ("account_balance",), "no_balance": ("account_no_debt",)},
    "check.number": {"found": ("number_found",), "not_found": ("number_not_found",)},
}
# What the person says of the debt counts for every contact of the case, and so does what the account showed.
OWES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "verify.owe": {
        "yes": ("i_know_i_owe",),
        "no_return": ("unfiled_return",),
        "no": ("owe_nothing_i_know_of",),
    },
}
OF_THE_DEBT = {
    "account_balance": "account_balance",
    "account_no_debt": "account_no_debt",
    "notice_in_account": "account_balance",
}
NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class Contact:
    """One way they reached the person; None where not asked or not known.

    `signs` is what was seen of it, `found` what the person's own checks showed, both in the names of the
    verification rules. `waits`: a check of it is still to be made.
    """

    item: int
    channel: str | None = None
    signs: frozenset[str] = frozenset()
    found: frozenset[str] = frozenset()
    paper: str | None = None
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """One letter: its number, the days on it; None where not asked, not known or skipped."""

    item: int
    notice: IrsNotice | None = None
    asked: bool = False
    words: str | None = None
    dated: date | None = None
    printed: date | None = None
    lien_filed: date | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """One tax year or payroll quarter on the letters. Amounts in US dollars, None where not known.

    `tax` and `penalty` are parts of `amount`, where it was split.
    """

    item: int
    year: int | None
    amount: Decimal | None
    quarter: int | None = None
    tax: Decimal | None = None
    penalty: Decimal | None = None

    @property
    def name(self) -> str | None:
        """Return the period as the rules name it: 2023, 2024Q2."""
        if self.year is None:
            return None
        return f"{self.year}Q{self.quarter}" if self.quarter else str(self.year)

    @property
    def interest(self) -> Decimal | None:
        """Return what is left of the amount, where it was split."""
        if self.amount is None or self.tax is None or self.penalty is None:
            return None
        return self.amount - self.tax - self.penalty


@dataclass(frozen=True, slots=True)
class Call:
    """One entry of the log: what was said, until or by which day, and by whom, in the person's words.

    `kept`: yes, no or waiting, once the day of a promise is over. `corrected`: it stays in the log and does not
    count any more.
    """

    item: int
    said: str | None = None
    on: date | None = None
    by: date | None = None
    words: str = ""
    who: str = ""
    kept: str | None = None
    corrected: bool = False


@dataclass(frozen=True)
class Matter:
    """The facts of a case that count now.

    `contact`, `paper` and `period` are those being asked about, else the newest.
    """

    today: date
    params: Parameters
    contacts: tuple[Contact, ...]
    papers: tuple[Paper, ...]
    periods: tuple[Period, ...]
    contact: Contact
    paper: Paper
    said: Mapping[str, Any]
    period: Period | None = None
    calls: tuple[Call, ...] = ()
    call: Call = Call(0)
    of_plan: int | None = None  # the item of the plan that is being asked about
    items: Mapping[str, Sequence[int]] = field(default_factory=dict)

    @property
    def channel(self) -> str | None:
        """Return how the newest contact came."""
        return self.contact.channel

    @property
    def notice(self) -> IrsNotice | None:
        """Return the notice of the letter being asked about, else of the newest."""
        return self.paper.notice

    @property
    def has_paper(self) -> bool:
        """Say whether there is a letter of the IRS to read from."""
        return any(self.brings_paper(one) for one in self.contacts)

    def brings_paper(self, contact: Contact) -> bool:
        """Say whether a contact comes with a letter whose days count: not one that is a scam or a state's."""
        if contact.paper is not None:
            return contact.paper == "yes"
        return contact.channel == "mail" and not self.settled(contact)

    def settled(self, contact: Contact) -> bool:
        """Say whether a contact is known to be a scam, or another office's, without looking at its number."""
        return self._judged(contact, contact.signs | contact.found).sender in _NOT_OF_THE_IRS

    def about_contact(self, item: int | None) -> Matter:
        """Return the same facts with this contact as the one that is spoken of."""
        found = next((one for one in self.contacts if one.item == item), self.contact)
        return replace(self, contact=found)

    @cached_property
    def newest(self) -> Paper:
        """Return the newest letter; an empty one where there is none."""
        return max(self.papers, key=lambda one: _age(one, self.papers), default=Paper(0))

    @cached_property
    def facts(self) -> Facts:
        """Return what the answers tell in the words of the ways out, None where they do not."""
        return situation.facts(self)

    @cached_property
    def money(self) -> money.Money:
        """Return what the answers tell of the person's money."""
        return money.read(self)

    @cached_property
    def wanted(self) -> documents.Wanted:
        """Return the papers to gather, and for which option."""
        return documents.wanted(self)

    @cached_property
    def ways(self) -> Ways:
        """Return the ways out for these facts."""
        return ways_of(self.facts, self.params, self.today)

    @cached_property
    def way(self) -> Way | None:
        """Return the way out the person chose; None where none is chosen."""
        return chosen(self)

    @cached_property
    def plan(self) -> tuple[Deed, ...]:
        """Return what is to be done for the chosen way, in order."""
        return plan(self)

    @property
    def request(self) -> Request | None:
        """Return what the IRS was asked for, as a done step of the plan."""
        return followup.requested(self)

    @property
    def awaited(self) -> str | None:
        """Return what the IRS agreed to or was asked for, one of `followup.KINDS`."""
        return followup.what(self)

    @property
    def agreed_in_writing(self) -> bool:
        """Say whether the letter is there, and nothing in it differs from what was agreed."""
        return followup.confirmed(self)

    @property
    def deed(self) -> Deed | None:
        """Return what is to be done that is being asked about."""
        return next((one for one in self.plan if one.item == self.of_plan), None)

    @cached_property
    def total(self) -> Decimal | None:
        """Return the sum of the amounts in US dollars, None where one of them is not known."""
        amounts = [period.amount for period in self.periods]
        known = [amount for amount in amounts if amount is not None]
        return sum(known, Decimal(0)) if known and len(known) == len(amounts) else None

    @cached_property
    def deadlines(self) -> tuple[Deadline, ...]:
        """Return the deadlines of all letters, the one that matters most first.

        The newest letter comes first. A pay-by day or a day an older letter asked for is overtaken by a newer
        letter; a right, and a time the IRS must wait, is not.
        """
        if not self.has_paper:
            return ()
        newest_first = sorted(self.papers, key=lambda one: _age(one, self.papers), reverse=True)
        found: list[Deadline] = []
        for place, paper in enumerate(newest_first):
            found += [
                replace(one, paper=paper.item)
                for one in self._of(paper)
                if place == 0 or one.whose in (Whose.RIGHT, Whose.IRS_WAITS)
            ]
        return tuple(found)

    @cached_property
    def asked_for(self) -> Decimal | None:
        """Return the amount that counts for the days: the sum, or what is known of it where that is large already."""
        known = sum((one.amount for one in self.periods if one.amount is not None), Decimal(0))
        large = known >= self.params.on(self.today, "deadlines.bill.large_amount").amount
        return known if large else self.total

    def _of(self, paper: Paper) -> tuple[Deadline, ...]:
        return deadlines.for_notice(
            paper.notice or notices.manual(""),
            paper.dated,
            printed=paper.printed,
            amount=self.asked_for,
            lien_filed=paper.lien_filed,
            params=self.params,
        )

    @cached_property
    def main(self) -> Deadline | None:
        """Return the deadline that matters most, of the first of each letter.

        Of those that are not over, a right comes before a day to pay by or one the IRS asked for, the soonest
        right first; then the newest letter's. Where all are over, the newest letter's.
        """
        heads: dict[int, Deadline] = {}
        for one in self.deadlines:
            if one.act_by is not None:
                heads.setdefault(one.paper, one)
        open_ones = [one for one in heads.values() if one.binding is None or one.binding >= self.today]
        rights = [one for one in open_ones if one.whose is Whose.RIGHT]
        rights.sort(key=lambda one: one.act_by or date.max)
        return next(iter([*rights, *open_ones, *heads.values()]), None)

    def signals_of(self, contact: Contact) -> frozenset[str]:
        """Return what speaks for and against a contact, in the names of the verification rules."""
        told = contact.signs | contact.found | self.of_the_debt
        letters = [one for one in self.contacts if self.brings_paper(one)]
        itself = contact.channel == "mail" and contact.paper is None  # else the letter told of is another one
        if itself and contact in letters and letters.index(contact) < len(self.papers):
            # The letters are told in the order of the contacts that brought one: a real letter says nothing
            # of a call, nor of another letter.
            paper = self.papers[letters.index(contact)]
            told |= {"number_known" if paper.notice is not None else "no_notice_number"}
        return told

    @cached_property
    def of_the_debt(self) -> frozenset[str]:
        """Return what is known of the debt itself, whichever contact it became known with."""
        seen = {OF_THE_DEBT[one] for contact in self.contacts for one in contact.found if one in OF_THE_DEBT}
        return frozenset(seen) | _said(self.said.get, OWES)

    @property
    def only_a_scam(self) -> bool:
        """Say whether all there is is a scam: no letter that counts, and no debt that was seen."""
        senders = {self.judgement_of(one).sender for one in self.contacts}
        return bool(senders) and senders <= _SCAMS and not self.has_paper and not self.debt_seen

    @property
    def debt_seen(self) -> bool:
        """Say whether the person's own account showed a balance."""
        return "account_balance" in self.of_the_debt

    def bringer(self, paper: int) -> Contact | None:
        """Return the contact that brought a letter."""
        letters = [one for one in self.contacts if self.brings_paper(one)]
        place = next((n for n, one in enumerate(self.papers) if one.item == paper), len(letters))
        return letters[place] if place < len(letters) else None

    def judgement_of(self, contact: Contact) -> verification.Judgement:
        """Return the verdict on whether a contact is real."""
        return self._judged(contact, self.signals_of(contact))

    def _judged(self, contact: Contact, seen: frozenset[str]) -> verification.Judgement:
        return _judge(seen, self.params, self.today, contact.channel or "unsure")

    @property
    def signals(self) -> frozenset[str]:
        """Return what speaks for and against the contact that is spoken of."""
        return self.signals_of(self.contact)

    @property
    def judgement(self) -> verification.Judgement:
        """Return the verdict on whether the contact that is spoken of is real."""
        return self.judgement_of(self.contact)

    @property
    def to_check(self) -> tuple[Contact, ...]:
        """Return the contacts the person has still to check themselves."""
        return tuple(one for one in self.contacts if one.waits)


_SCAMS = {verification.Sender.SCAM, verification.Sender.LIKELY_SCAM}
_NOT_OF_THE_IRS = (verification.Sender.SCAM, verification.Sender.NOT_IRS)


@cache
def _judge(seen: frozenset[str], params: Parameters, day: date, channel: str) -> verification.Judgement:
    return verification.judge(seen, params, day, channel)


def _said(
    answer: Callable[[str], Any], meanings: Mapping[str, Mapping[str, tuple[str, ...]]]
) -> frozenset[str]:
    """Return what single answers say, in the names of the verification rules."""
    return frozenset(
        signal
        for question, meaning in meanings.items()
        if isinstance(option := answer(question), str)
        for signal in meaning.get(option, ())
    )


# How far collection has come by a letter; one that says nothing about it stands where it was told.
_COURSE = (
    Phase.FIRST_BILL,
    Phase.BEFORE_LIEN,
    Phase.LEVY_WARNING,
    Phase.FINAL_LEVY_CDP,
    Phase.AFTER_LEVY,
)


def _age(paper: Paper, papers: Sequence[Paper]) -> tuple[date, int, int]:
    """Return what sorts letters from old to new, in whatever order they were told.

    One without a date is newer than all dated ones, unless it belongs to an earlier step of collection: a
    CP501 without a date does not overtake a CP504. Letters of one day stand in the order of collection, then
    as told.
    """
    step = _step(paper)
    day = paper.dated or paper.printed
    if day is None:
        dated = [(one.dated or one.printed, _step(one)) for one in papers if one.dated or one.printed]
        older = step is not None and any(other is not None and other > step for _, other in dated)
        day = date.min if older else max((day for day, _ in dated if day), default=date.min)
        return (day, len(_COURSE) if step is None else step, paper.item)
    return (day, -1 if step is None else step, paper.item)


def _step(paper: Paper) -> int | None:
    if paper.notice is None or paper.notice.phase not in _COURSE:
        return None
    return _COURSE.index(paper.notice.phase)


def read(
    known: Mapping[str, Any],
    here: Mapping[str, Any],
    items: Mapping[str, Sequence[int]],
    day: date,
    params: Parameters,
    kept: Entries | None = None,
) -> Matter:
    """Return the facts in `known` (those of the item being asked in `here`) in the words of the rules.

    `kept` holds the entries of the lists made so far; whoever learns more of one takes it out.
    """
    made: Entries = {} if kept is None else kept

    def entries(of: str, make: Callable[[Mapping[str, Any], int], Any]) -> list[Any]:
        found = []
        for item in items.get(of, ()):
            if (of, item) not in made:
                made[of, item] = make(known, item)
            found.append(made[of, item])
        return [one for one in found if one is not None]

    contacts: list[Contact] = entries(CONTACTS, _contact)
    papers: list[Paper] = entries(PAPERS, _paper)
    told: list[Period] = entries(PERIODS, _period)
    newest = max(papers, key=lambda one: _age(one, papers), default=Paper(0))
    asked = next((one for one in papers if "notice.number" in here and one.item == here[ITEM]), newest)
    item = here[ITEM] if here.get(LIST) == CONTACTS else None
    spoken_of = next((one for one in contacts if one.item == item), contacts[-1] if contacts else Contact(0))
    periods = tuple(one for one in told if f"period.amount~{one.item}" in known)
    newest_period = periods[-1] if periods else None
    asked_of = here[ITEM] if here.get(LIST) == PERIODS else None
    period = next((one for one in told if one.item == asked_of), newest_period)
    calls: list[Call] = entries(CALLS, _call)
    of_call = here[ITEM] if here.get(LIST) == CALLS else None
    call = next((one for one in calls if one.item == of_call), calls[-1] if calls else Call(0))
    of_plan = here[ITEM] if here.get(LIST) == PLAN else None
    return Matter(
        day,
        params,
        tuple(contacts),
        tuple(papers),
        periods,
        spoken_of,
        asked,
        known,
        period,
        tuple(calls),
        call,
        of_plan,
        items,
    )


def _word(value: Any) -> Any:
    return None if value == "not_sure" else value


def _contact(known: Mapping[str, Any], item: int) -> Contact:
    def answer(name: str) -> Any:
        return known.get(f"{name}~{item}")

    ticked = [answer(question) for question in SIGNS]
    signs = _said(answer, SAID).union(*(one for one in ticked if isinstance(one, frozenset)))
    if "has_summons" in signs:  # one of the few reasons left for a visit with no letter before
        signs -= {"visit_unannounced"}
    if "county_collects_federal_tax" in signs and answer("contact.channel") not in ("mail", "phone"):
        signs -= {"county_collects_federal_tax"}
    if "not_government_small_print" in signs:  # they came here because it asks for money
        signs |= {"demands_payment"}
    channel = answer("contact.channel")
    return Contact(
        item,
        "unsure" if channel == "not_sure" else channel,
        signs,
        _said(answer, CHECKS),
        _word(answer("contact.paper")),
        any(answer(question) == NOT_YET for question in CHECKS),
    )


def _paper(known: Mapping[str, Any], item: int) -> Paper | None:
    """Return a letter; None before its number was asked."""
    if f"notice.number~{item}" not in known:
        return None
    return Paper(
        item,
        _word(known[f"notice.number~{item}"]),
        True,
        _word(known.get(f"notice.words~{item}")),
        known.get(f"notice.dated~{item}"),
        known.get(f"notice.printed~{item}"),
        known.get(f"notice.lien_filed~{item}"),
    )


def _period(known: Mapping[str, Any], item: int) -> Period | None:
    """Return a tax period, None before its year was asked.

    A split that is more than the amount (which was changed since) does not count.
    """
    if f"period.year~{item}" not in known:
        return None
    named, amount = known[f"period.year~{item}"], known.get(f"period.amount~{item}")
    year, quarter = period_of(named) if named is not None else (None, None)
    tax = penalty = None
    if known.get(f"period.split~{item}") == "yes" and amount is not None:
        tax, penalty = known.get(f"period.tax~{item}"), known.get(f"period.penalty~{item}")
        if (tax or Decimal(0)) + (penalty or Decimal(0)) > amount:
            tax = penalty = None
    return Period(item, year, amount, quarter, tax, penalty)


def _call(known: Mapping[str, Any], item: int) -> Call | None:
    """Return an entry of the log; None before it was told what was said."""
    if f"call.said~{item}" not in known:
        return None
    return Call(
        item,
        known[f"call.said~{item}"],
        known.get(f"call.on~{item}"),
        known.get(f"call.by~{item}"),
        known.get(f"call.words~{item}") or "",
        known.get(f"call.who~{item}") or "",
        known.get(f"call.kept~{item}"),
        item in known.get(CORRECTED, ()),
    )


def period_of(stored: int | str) -> tuple[int, int | None]:
    """Return year and quarter of a tax period as it is stored: 2023, "2024Q2"."""
    year, _, quarter = str(stored).partition("Q")
    return int(year), int(quarter) if quarter else None


def print_of(deadline: Deadline) -> str:
    """Return what one deadline shows, in short."""
    return f"{deadline.key}={deadline.binding}/{deadline.act_by}"


def _print_of_deadline(matter: Matter) -> str:
    return ";".join(sorted(map(print_of, matter.deadlines)))


def _print_of_verdict(matter: Matter) -> str:
    return f"{matter.judgement.sender}:{matter.judgement.debt}:{','.join(sorted(matter.signals))}"


def _print_of_letter(matter: Matter) -> str:
    return str(matter.newest.item)


def _print_of_feeling(matter: Matter) -> str:
    return str(matter.said.get("situation.feeling"))


def _print_of_events(matter: Matter) -> str:
    return ",".join(sorted(situation.said(matter, "events") or ()))


def _print_of_hardship(matter: Matter) -> str:
    told = (*sorted(situation.said(matter, "hardship") or ()), *sorted(situation.said(matter, "levy") or ()))
    return ",".join(told) + f":{matter.facts.final_notice}"


def _print_of_payroll(matter: Matter) -> str:
    return str(situation.payroll_told(matter))


def _print_of_returns(matter: Matter) -> str:
    return str(situation.said(matter, "unfiled"))


def _print_of_budget(matter: Matter) -> str:
    told = matter.money
    return f"{told.capacity.monthly}:{told.capacity.own_cash_flow}:{told.equities.net_realizable}"


def _print_of_hearing(matter: Matter) -> str:
    first = lien.hearing(matter)
    return f"{lien.chance(matter)}:{first.key}={first.binding}" if first is not None else ""


def _print_of_withdrawal(matter: Matter) -> str:
    return ",".join(f"{one.name}={one.met}" for one in lien.withdrawal(matter))


def _print_of_ways(matter: Matter) -> str:
    return matter.ways.print


# What a card, a confirmation or a question shows, as a short text that changes when it does.
SHOWS: dict[str, Callable[[Matter], str]] = {
    "deadline": _print_of_deadline,
    "verdict": _print_of_verdict,
    "letter": _print_of_letter,
    "feeling": _print_of_feeling,
    "events": _print_of_events,
    "hardship": _print_of_hardship,
    "payroll": _print_of_payroll,
    "returns": _print_of_returns,
    "budget": _print_of_budget,
    "hearing": _print_of_hearing,
    "withdrawal": _print_of_withdrawal,
    "silence": lambda matter: str(followup.silent(matter)),
    "ways": _print_of_ways,
}


def _wanted_papers(matter: Matter) -> tuple[int, ...]:
    return tuple(one.number for one in matter.wanted.papers)
