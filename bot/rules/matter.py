"""One case in the words of the law: typed facts, and what the rules say of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from bot.rules import deadlines, notices, verification

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from bot.model import Deadline
    from bot.rules.notices import IrsNotice
    from bot.rules.parameters import Parameters


# Options of the dialogs under the names of the verification rules, where they differ.
SIGNALS = {"gift_cards": "gift_card", "no_number": "no_notice_number"}
# Single answers that speak for or against the sender.
SAID = (
    ("channel", "text_or_email", "unsolicited_message"),
    ("earlier_letters", "no", "visit_unannounced"),
    ("earlier_letters", "yes", "earlier_notices"),
    ("notice_first", "no", "pca_without_cp40"),
    ("notice_first", "yes", "cp40_came_first"),
)


@dataclass(frozen=True, slots=True)
class Period:
    """One tax year on the notice. `amount` in US dollars, None where not known."""

    year: int | None
    amount: Decimal | None


@dataclass(frozen=True)
class Matter:
    """The facts of a case that count now; None where not asked, not known or skipped."""

    today: date
    params: Parameters
    channel: str | None = None
    demands: frozenset[str] = frozenset()
    notice_first: str | None = None
    earlier_letters: str | None = None
    paper: str | None = None
    notice: IrsNotice | None = None
    notice_asked: bool = False
    words: str | None = None
    dated: date | None = None
    printed: date | None = None
    lien_filed: date | None = None
    periods: tuple[Period, ...] = ()

    @cached_property
    def total(self) -> Decimal | None:
        """Return the sum of the amounts in US dollars, None where one of them is not known."""
        amounts = [period.amount for period in self.periods]
        known = [amount for amount in amounts if amount is not None]
        return sum(known, Decimal(0)) if known and len(known) == len(amounts) else None

    @cached_property
    def deadlines(self) -> tuple[Deadline, ...]:
        """Return the deadlines of the paper notice, the one that matters most first."""
        if self.channel is None or (self.channel != "mail" and self.paper != "yes"):
            return ()
        return deadlines.for_notice(
            self.notice or notices.manual(""),
            self.dated,
            printed=self.printed,
            amount=self.total,
            lien_filed=self.lien_filed,
            params=self.params,
        )

    @cached_property
    def main(self) -> Deadline | None:
        """Return the deadline that matters most, if there is a day at all."""
        return next((one for one in self.deadlines if one.act_by is not None), None)

    @cached_property
    def signals(self) -> frozenset[str]:
        """Return what speaks for and against the sender, in the names of the verification rules."""
        told = {SIGNALS.get(one, one) for one in self.demands}
        for name, value, signal in SAID:
            if getattr(self, name) == value:
                told.add(signal)
        # A letter in the house says nothing about who phones, texts or stands at the door.
        if self.notice is not None and self.channel in ("mail", "unsure"):
            told.add("number_known")
        elif self.notice is None and self.notice_asked and self.channel in ("mail", "unsure"):
            told.add("no_notice_number")
        return frozenset(told)

    @cached_property
    def judgement(self) -> verification.Judgement:
        """Return the first verdict on whether the contact is real."""
        return verification.judge(self.signals, self.params, self.today, self.channel or "unsure")


def _print_of_deadline(matter: Matter) -> str:
    return ";".join(f"{one.kind}={one.binding}/{one.act_by}" for one in matter.deadlines)


def _print_of_verdict(matter: Matter) -> str:
    return f"{matter.judgement.sender}:{','.join(sorted(matter.signals))}"


# What a card or a confirmation shows, as a short text that changes when it does.
SHOWS: dict[str, Callable[[Matter], str]] = {
    "deadline": _print_of_deadline,
    "verdict": _print_of_verdict,
}
