"""What a page is made of: its place, its buttons, and the register of all pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.model import Choice, Label

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bot.engine import House, Walk
    from bot.model import State

Buttons = tuple[Choice, ...]
MOST_OPTIONS = 6  # on one question; what is more comes on further pages


@dataclass(frozen=True, slots=True)
class Here:
    """What a page is made of."""

    house: House
    state: State
    walked: Walk
    now: datetime
    page: str
    args: dict[str, Any]

    def go(self, page: str) -> Choice:
        """Return the button to another page."""
        return go(page, self.state)

    def do(self, op: str, style: Any = "", arg: str = "", label: Label | None = None) -> Choice:
        """Return a button that does something on this page."""
        person = self.state.person
        data = f"p:{person.case}:{self.page}:{person.focus.revision}:{op}" + (f":{arg}" if arg else "")
        return Choice(label or Label("buttons", f"{self.page}_{op}"), data, style)

    @property
    def at(self) -> int:
        """Return which page of a long list is shown."""
        return int(self.state.person.focus.args.get("turn", 0))

    def turned(self, options: Sequence[Choice], columns: int = 1, most: int = MOST_OPTIONS) -> list[Buttons]:
        """Return the present page of a long list."""
        return turned(options, self.at, lambda to: self.do("turn", arg=str(to)).data, columns, most)

    def on(self) -> Buttons:
        """Return the button to the next useful step: the open question, else the case card."""
        if self.state.case is not None and self.walked.open is None:
            return (go("case", self.state, style="primary"),)
        return (self.do("on", "primary", label=Label("buttons", "on")),)


def turned(
    options: Sequence[Choice], at: int, turn: Callable[[int], str], columns: int = 1, most: int = MOST_OPTIONS
) -> list[Buttons]:
    """Return page `at` of the options, `most` at once, with the buttons to the pages beside it."""
    last = max(0, len(options) - 1) // most
    at = min(at, last)
    shown = options[at * most : (at + 1) * most]
    rows = [tuple(shown[i : i + columns]) for i in range(0, len(shown), columns)]
    beside = [("turn_back", at - 1)] * (at > 0) + [("turn_on", at + 1)] * (at < last)
    if beside:
        rows.append(tuple(Choice(Label("buttons", block), turn(to)) for block, to in beside))
    return rows


PAGES: dict[str, Callable[[Here], list[Buttons]]] = {}


def page(rows: Callable[[Here], list[Buttons]]) -> Callable[[Here], list[Buttons]]:
    """Register the page of this name; its words are `pages/<name>.j2`."""
    PAGES[rows.__name__.removeprefix("_").removesuffix("_page")] = rows
    return rows


def go(page: str, state: State, label: Label | None = None, style: Any = "") -> Choice:
    """Return the button to a page."""
    data = f"p:{state.person.case}:{page}:{state.person.focus.revision}:go:{page}"
    return Choice(label or Label("buttons", f"go_{page}"), data, style)
