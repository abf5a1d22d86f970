"""The papers to gather for an option, by household."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from bot.model import Confidence, Source
    from bot.rules.parameters import Parameters

_PAPER = "documents.paper."


class Need(StrEnum):
    """How much a paper is wanted."""

    NEEDED = "needed"
    IF_ASKED = "if_asked"
    IF_USED = "if_used"  # only where the person relies on it


@dataclass(frozen=True, slots=True)
class Document:
    """One paper, and how many months it must cover: least and most, None where it is a single paper."""

    name: str
    need: Need
    months: tuple[int, int] | None
    source: Source
    confidence: Confidence
    firm: bool


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
                name.removeprefix(_PAPER),
                need,
                None if months is None else (months[0], months[1]),
                value.source,
                value.confidence,
                value.firm,
            )
        )
    return tuple(sorted(found, key=lambda one: list(Need).index(one.need)))
