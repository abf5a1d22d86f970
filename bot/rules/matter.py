"""One case in the words of the law: typed facts, and what the rules say of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bot.model import Whose
from bot.rules import deadlines, notices, situation, verification
from bot.rules.notices import Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.model import Deadline
    from bot.rules.facts import Facts
    from bot.rules.notices import IrsNotice
    from bot.rules.parameters import Parameters

CONTACTS, PAPERS, PERIODS = "verify.contacts", "letter.notices", "letter.periods"
LISTS = (CONTACTS, PAPERS, PERIODS)
ITEM = "~"  # under this name stands, among the facts of an item, which item it is

# Options of the dialogs under the names of the verification rules, where they differ.
SIGNALS = {"gift_cards": "gift_card", "no_number": "no_notice_number"}
# Single answers that speak for or against the sender.
SAID = (
    ("channel", "text_or_email", "unsolicited_message"),
    ("channel", "social", "social_media"),
    ("earlier_letters", "no", "visit_unannounced"),
    ("earlier_letters", "yes", "earlier_notices"),
    ("notice_first", "no", "pca_without_cp40"),
    ("notice_first", "yes", "cp40_came_first"),
)
# What came of the person's own check.
CHECKS = {
    "same_notice": ("notice_in_account",),
    "balance_only": ("account_balance",),
    "irs_confirms": ("irs_confirms",),
    "irs_denies": ("irs_says_not_sent",),
    "number_completes": ("pca_number_completes",),
    "number_fails": ("pca_number_fails",),
    "no_balance": ("account_no_debt",),
}


@dataclass(frozen=True, slots=True)
class Contact:
    """One way they reached the person; None where not asked or not known."""

    item: int
    channel: str | None = None
    demands: frozenset[str] = frozenset()
    notice_first: str | None = None
    earlier_letters: str | None = None
    paper: str | None = None


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
        """Say whether there is a letter to read from."""
        return any(one.channel == "mail" or one.paper == "yes" for one in self.contacts)

    @cached_property
    def newest(self) -> Paper:
        """Return the newest letter; an empty one where there is none."""
        return max(self.papers, key=lambda one: _age(one, self.papers), default=Paper(0))

    @cached_property
    def facts(self) -> Facts:
        """Return what the answers tell in the words of the ways out, None where they do not."""
        return situation.facts(self)

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

    def _of(self, paper: Paper) -> tuple[Deadline, ...]:
        return deadlines.for_notice(
            paper.notice or notices.manual(""),
            paper.dated,
            printed=paper.printed,
            amount=self.total,
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

    @cached_property
    def signals(self) -> frozenset[str]:
        """Return what speaks for and against the newest sender, in the names of the verification rules."""
        told = {SIGNALS.get(one, one) for one in self.contact.demands}
        told |= {signal for name, value, signal in SAID if getattr(self.contact, name) == value}
        # A letter in the house says nothing about who phones, texts or stands at the door.
        by_letter = self.has_paper and self.contact.channel in ("mail", "unsure")
        if by_letter and self.paper.notice is not None:
            told.add("number_known")
        elif by_letter and self.paper.asked:
            told.add("no_notice_number")
        for question in ("check.made", "check.collector"):
            told.update(CHECKS.get(self.said.get(question, ""), ()))
        return frozenset(told)

    @cached_property
    def judgement(self) -> verification.Judgement:
        """Return the verdict on whether the newest contact is real."""
        return verification.judge(self.signals, self.params, self.today, self.contact.channel or "unsure")


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
) -> Matter:
    """Return the facts in `known` (those of the item being asked in `here`) in the words of the rules."""

    def of(item: int, name: str) -> Any:
        return known.get(f"{name}~{item}")

    def word(value: Any) -> Any:
        return None if value == "not_sure" else value

    contacts = [
        Contact(
            item,
            of(item, "contact.channel"),
            (of(item, "contact.demands") or frozenset()) | (of(item, "contact.signs") or frozenset()),
            word(of(item, "contact.notice_first")),
            word(of(item, "contact.earlier_letters")),
            word(of(item, "contact.paper")),
        )
        for item in items[CONTACTS]
    ]
    papers = [
        Paper(
            item,
            word(of(item, "notice.number")),
            f"notice.number~{item}" in known,
            word(of(item, "notice.words")),
            of(item, "notice.dated"),
            of(item, "notice.printed"),
            of(item, "notice.lien_filed"),
        )
        for item in items[PAPERS]
        if f"notice.number~{item}" in known
    ]
    periods = tuple(
        _period(
            item,
            of(item, "period.year"),
            of(item, "period.amount"),
            (of(item, "period.tax"), of(item, "period.penalty")),
            of(item, "period.split") == "yes",
        )
        for item in items[PERIODS]
        if f"period.year~{item}" in known
    )
    newest = max(papers, key=lambda one: _age(one, papers), default=Paper(0))
    asked = next((one for one in papers if "notice.number" in here and one.item == here[ITEM]), newest)
    return Matter(
        day,
        params,
        tuple(contacts),
        tuple(papers),
        periods,
        contacts[-1] if contacts else Contact(0),
        asked,
        known,
        next((one for one in periods if "period.year" in here and one.item == here[ITEM]), None),
    )


def _period(
    item: int,
    named: int | str | None,
    amount: Decimal | None,
    parts: tuple[Decimal | None, Decimal | None],
    split: bool,
) -> Period:
    """Return a tax period; a split that is more than the amount (which was changed since) does not count."""
    year, quarter = period_of(named) if named is not None else (None, None)
    tax, penalty = parts if split and amount is not None else (None, None)
    if amount is not None and (tax or Decimal(0)) + (penalty or Decimal(0)) > amount:
        tax = penalty = None
    return Period(item, year, amount, quarter, tax, penalty)


def period_of(stored: int | str) -> tuple[int, int | None]:
    """Return year and quarter of a tax period as it is stored: 2023, "2024Q2"."""
    year, _, quarter = str(stored).partition("Q")
    return int(year), int(quarter) if quarter else None


def _print_of_deadline(matter: Matter) -> str:
    return ";".join(sorted(f"{one.key}={one.binding}/{one.act_by}" for one in matter.deadlines))


def _print_of_verdict(matter: Matter) -> str:
    return f"{len(matter.contacts)}:{matter.judgement.sender}:{','.join(sorted(matter.signals))}"


def _print_of_contact(matter: Matter) -> str:
    return f"{len(matter.contacts)}:{matter.contact.channel}"


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


# What a card, a confirmation or a question shows, as a short text that changes when it does.
SHOWS: dict[str, Callable[[Matter], str]] = {
    "deadline": _print_of_deadline,
    "verdict": _print_of_verdict,
    "contact": _print_of_contact,
    "letter": _print_of_letter,
    "feeling": _print_of_feeling,
    "events": _print_of_events,
    "hardship": _print_of_hardship,
    "payroll": _print_of_payroll,
    "returns": _print_of_returns,
}
