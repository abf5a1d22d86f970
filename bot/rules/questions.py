"""What people ask: each question with its topic and where its answer was read; the words stand in `templates/`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from bot.model import Value
    from bot.rules.parameters import Parameters

TOPICS = ("letter", "real", "take", "pay", "amount", "life")
_ANSWER = "questions.answer."


@dataclass(frozen=True, slots=True)
class Question:
    """One question people ask. `value` holds its topic, and the source of its answer."""

    name: str
    value: Value

    @property
    def topic(self) -> str:
        """Return the topic it stands under."""
        return self.value.text


def questions(params: Parameters, day: date | None = None) -> dict[str, Question]:
    """Return every question by name, with the answer's source that holds on `day` (the newest without)."""
    found = {}
    for full in params.names():
        if full.startswith(_ANSWER):
            series = [one for one in params.series(full) if day is None or one.since <= day]
            name = full.removeprefix(_ANSWER)
            found[name] = Question(name, (series or list(params.series(full)))[-1])
    return found


def topics(asked: Iterable[Question]) -> dict[str, tuple[str, ...]]:
    """Return the names of the questions under each topic."""
    listed = list(asked)
    return {topic: tuple(one.name for one in listed if one.topic == topic) for topic in TOPICS}
