"""Named conditions of the dialogs: one typed function each over the facts of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    return matter.channel == "mail" or matter.paper == "yes"


@guard
def notice_is_unknown(matter: Matter) -> bool:
    """Say whether the number was asked for and is not in the catalogue."""
    return matter.notice is None and matter.notice_asked


@guard
def needs_the_lien_filing_day(matter: Matter) -> bool:
    """Say whether the day must be counted from the filing of the lien notice (26 U.S.C. 6320)."""
    return matter.notice is not None and matter.notice.id == "L3172" and matter.printed is None


@guard
def has_a_deadline(matter: Matter) -> bool:
    """Say whether there is a day to act by."""
    return any(deadline.act_by is not None for deadline in matter.deadlines)


@guard
def has_no_deadline(matter: Matter) -> bool:
    """Say whether no day can be worked out."""
    return not has_a_deadline(matter)
