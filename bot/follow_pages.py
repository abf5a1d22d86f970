"""The pages after the talking: the log of calls, and a closed case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import engine
from bot.model import Label
from bot.pages import Here, page
from bot.rules import figures

if TYPE_CHECKING:
    from datetime import datetime

    from bot.engine import House
    from bot.model import State
    from bot.pages import Buttons
    from bot.rules.matter import Call, Matter
    from bot.words import Words

CALLS_SHOWN = 8
_CORRECTIONS = 4  # to a row


def log_of(matter: Matter) -> list[tuple[int, Call]]:
    """Return the log, the newest entry first, each with its number."""
    return list(enumerate(matter.calls, 1))[::-1]


def log_text(house: House, words: Words, state: State, number: int, now: datetime) -> bytes:
    """Return the whole log as plain text, the oldest entry first; empty where nothing was logged."""
    case = state.numbered(number)
    if case is None:
        return b""
    calls = log_of(engine.look(house, state, now, case).matter)[::-1]
    args = {"calls": calls, "today": engine.today(state.person, now)}
    return words.label("pages/calls", "file", args).encode() if calls else b""


@page
def calls_page(here: Here) -> list[Buttons]:
    """The log, the newest entry first; one that was corrected stays, struck through."""
    log = log_of(here.walked.matter)
    here.args["calls"], here.args["more"] = log[:CALLS_SHOWN], max(0, len(log) - CALLS_SHOWN)
    mend = [
        here.do("correct", arg=str(one.item), label=Label("buttons", "calls_correct", {"n": n}))
        for n, one in log[:CALLS_SHOWN]
        if not one.corrected
    ]
    place = here.walked.place("calls.log")
    more = [(here.do("more", "primary", place.code, Label("buttons", "calls_add")),)] if place else []
    return [
        *more,
        *(tuple(mend[i : i + _CORRECTIONS]) for i in range(0, len(mend), _CORRECTIONS)),
        *([(here.do("export"),)] if log else []),
        (here.go("case"),),
    ]


@page
def closed_page(here: Here) -> list[Buttons]:
    """What to keep, what could bring it back, and when to look again."""
    here.args["outcome"] = (here.state.case.outcome if here.state.case is not None else "") or "other"
    here.args["figures"] = figures.of_template("pages/closed", here.house.params, here.args["today"])
    return [(here.do("reopen"),), (here.go("cases"), here.go("case"))]
