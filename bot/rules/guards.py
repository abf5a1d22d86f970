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


@guard
def is_a_private_collector(matter: Matter) -> bool:
    """Say whether the newest contact came from a private collection agency (26 U.S.C. 6306)."""
    return matter.contact.channel == "collection_agency"


@guard
def a_check_was_made(matter: Matter) -> bool:
    """Say whether the person has made a check of their own and said what came of it."""
    return bool({matter.said.get("check.made"), matter.said.get("check.collector")} - {None, "not_yet"})
