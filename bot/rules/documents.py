"""The papers to gather for an option, by household."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date

    from bot.model import Confidence, Source
    from bot.rules.matter import Matter
    from bot.rules.parameters import Parameters

DOCUMENTS = "documents"  # the list whose items are papers, by their numbers
_PAPER = "documents.paper."


class Need(StrEnum):
    """How much a paper is wanted."""

    NEEDED = "needed"
    IF_ASKED = "if_asked"
    IF_USED = "if_used"  # only where the person relies on it


@dataclass(frozen=True, slots=True)
class Document:
    """One paper, and how many months it must cover: least and most, None where it is a single paper.

    `number` stands for it for good; `instead` names what is taken in its place.
    """

    number: int
    name: str
    need: Need
    months: tuple[int, int] | None
    instead: tuple[str, ...]
    source: Source
    confidence: Confidence
    firm: bool
    at_hand: bool = False  # to have ready, not to send a picture of


def documents(
    option: str, households: Collection[str] | None, params: Parameters, day: date
) -> tuple[Document, ...]:
    """Return the papers for `option`, those needed first.

    `households` names how the household earns (`facts.HOUSEHOLDS`); None, not known: the papers of all.
    """
    found = []
    for name in params.names():
        if not name.startswith(_PAPER):
            continue
        value = params.on(day, name)
        held: Any = value.figure
        need = next((need for need in Need if option in held.get(need, ())), None)
        only = held.get("households")
        if need is None or (only and households is not None and not set(only) & set(households)):
            continue
        months = tuple(int(count) for count in held["months"]) if "months" in held else None
        found.append(
            Document(
                int(held["id"]),
                name.removeprefix(_PAPER),
                need,
                None if months is None else (months[0], months[1]),
                tuple(held.get("instead", ())),
                value.source,
                value.confidence,
                value.firm,
                bool(held.get("at_hand", False)),
            )
        )
    return tuple(sorted(found, key=lambda one: (list(Need).index(one.need), one.number)))


def names(params: Parameters, day: date) -> Mapping[int, str]:
    """Return the name of every paper by its number, also of those that are not wanted."""
    held = {name: params.on(day, name).figure for name in params.names() if name.startswith(_PAPER)}
    return {
        int(figure["id"]): name.removeprefix(_PAPER)
        for name, figure in held.items()
        if isinstance(figure, dict)
    }


@dataclass(frozen=True, slots=True)
class Wanted:
    """The papers of one case, those needed first, and the option they are for.

    `chosen`: the person has chosen that option; if not, it is the one that fits best so far.
    """

    option: str
    chosen: bool
    papers: tuple[Document, ...]


# Where the facts do not lead to one option yet, the first of these that is not ruled out.
_USUAL = ("simple_payment_plan", "nsia", "routine_ia")


def wanted(matter: Matter) -> Wanted:
    """Return the papers to gather for the way that was chosen, or until then for the one that fits best."""
    chosen = matter.way.options[:1] if matter.way is not None else ()
    option = next(iter((*chosen, *_leading(matter))), "professional_help")
    return Wanted(
        option,
        bool(chosen),
        documents(option, matter.facts.households, matter.params, matter.today),
    )


def _leading(matter: Matter) -> Iterator[str]:
    """Return the options the facts lead to, first what comes first; then the usual ones that are still open."""
    yield from (option for step in matter.ways.road for option in step.options)
    open_ones = {one.option for one in matter.ways.ranking.verdicts if one.fits is not False}
    yield from (option for option in _USUAL if option in open_ones)
