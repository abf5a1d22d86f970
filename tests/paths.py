"""Walk every dialog: each answer of each step once at least. `python -m tests.paths` writes the goldens.

A golden holds step ids and facts, no prose: a reviewer sees what a change of the tree or of the law moves.
"""

from __future__ import annotations

import textwrap
from collections import deque
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot import engine
from bot.rules.notices import catalogue
from tests.talk import NOW, Talk, house

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.engine import Place
    from bot.model import State
    from bot.rules.matter import Matter

GOLDENS = Path(__file__).parent / "paths"
Answered = tuple[tuple[str, str], ...]
USUAL = {"period.amount": "18400"}  # what is answered where another step is being tried


@dataclass(frozen=True)
class Walked:
    """One way through: the answers in order, the dialog whose step was tried, and where it stood after each."""

    dialog: str
    answers: Answered
    states: tuple[State, ...]

    @property
    def talk(self) -> Talk:
        """Return the conversation at its end."""
        return Talk(self.states[-1])


def answers_to(talk: Talk, place: Place) -> list[str]:
    """Return the names of all answers to a question, the usual one first."""
    step = place.step
    day = engine.today(talk.state.person, NOW)
    match step.kind.name:
        case "choices":
            names = [*step.options, "+".join(one for one in step.options if one != "none")]
        case "choice" | "zone":
            names = list(step.options)
        case "list":
            names = ["done", "add" if len(items(talk)) == 1 else "drop:1"]
        case "card" | "confirm":
            names = ["ok"]
        case _:
            names = [str(one) for one in step.kind.samples(step, day)]
    names = (["skip"] if step.skip else []) + names + (["unsure"] if step.not_sure else [])
    usual = USUAL.get(step.key, "none")
    return sorted(names, key=lambda one: one != usual)  # stable: only the usual one moves to the front


def items(talk: Talk) -> list[int]:
    return engine.items_of(engine.answers_of(talk.state).get("letter.periods"))


def answer(talk: Talk, place: Place, name: str) -> None:
    """Answer as a person would: with the button where there is one, else typed."""
    kind = place.step.kind.name
    if name in ("skip", "unsure", "ok", "done", "add", "drop:1"):
        talk.chooses(name)
    elif kind == "choices":
        talk.chooses(*(f"tick:{one}" for one in name.split("+")), "ok")
    elif kind in ("choice", "zone"):
        talk.chooses(f"set:{name}")
    else:
        talk.says(catalogue()[name].number if kind == "irs_notice" else name)


def known_as(talk: Talk, place: Place) -> str:
    """Return the name of a question; a list with more than one item is one of its own."""
    return place.step.key + ("+" if place.step.items and len(items(talk)) > 1 else "")


@cache
def walks() -> tuple[Walked, ...]:
    """Return ways through the whole tree on which every answer of every step is given once at least."""
    return tuple(_walking())


def states() -> dict[Answered, State]:
    """Return every state on these ways, by the answers that led there."""
    return {way.answers[:n]: state for way in walks() for n, state in enumerate(way.states)}


def _walking() -> Iterator[Walked]:
    met: set[str] = set()
    waiting: deque[Answered] = deque([()])
    while waiting:
        given = waiting.popleft()
        talk = Talk().says("/start")
        done: Answered = ()
        stood = [talk.state]
        refused = None
        # What is read only when it is opened is read once, at the end of the first way.
        unread = [] if given else [one.name for one in house().tree.dialogs if one.optional]
        while refused is None:
            if talk.walk.open is None and unread:
                stage = unread.pop()
                talk.says("/case")
                if stage != engine.PAPER_STAGE:
                    talk.opens(stage)
                elif engine.papers_of(talk.walk):  # these have a page of their own
                    talk.chooses("go:papers", f"stage:{stage}")
            if (place := talk.walk.open) is None:
                break
            if talk.page != "step":
                talk.chooses("on")
            name = known_as(talk, place)
            names = answers_to(talk, place)
            if len(done) < len(given):
                chosen = given[len(done)][1]
            else:
                chosen = names[0]
                if name not in met and not (place.stage is not None and place.stage.optional):
                    waiting.extend((*done, (place.key, other)) for other in names[1:])
            met.add(name)
            answer(talk, place, chosen)
            refused = talk.state.person.focus.problem
            done = (*done, (place.key, chosen if refused is None else f"{chosen}!{refused.name}"))
            stood.append(talk.state)
        tried = given[-1][0] if given else "start.agree"
        yield Walked(tried.partition(".")[0], done, tuple(stood))


def facts(matter: Matter, talk: Talk) -> Iterator[str]:
    """Yield what the rules make of the answers."""
    judged = matter.judgement
    yield f"verdict: {judged.sender}, debt {judged.debt}; signals: {', '.join(sorted(matter.signals)) or '-'}"
    for one in matter.deadlines:
        why = f" because {one.none_because.name}" if one.none_because else ""
        yield f"deadline: {one.rule} {one.kind} {one.binding} act_by {one.act_by}{why}"
    if not matter.deadlines:
        yield "deadline: -"
    case = talk.state.case
    coming = engine.due_reminders(house(), talk.state, case, talk.now)[1] if case else ()
    yield "reminders: " + (", ".join(f"{one.due:%m-%d}" for one in coming) or "-")


def golden(dialog: str) -> str:
    """Return the snapshot of one dialog: every way on which one of its answers was tried."""
    parts = []
    for walked in walks():
        if walked.dialog != dialog:
            continue
        way = " -> ".join(f"{key}={name}" for key, name in walked.answers)
        lines = textwrap.wrap(way, 108, break_long_words=False, break_on_hyphens=False)
        told = facts(walked.talk.walk.matter, walked.talk)
        parts.append("\n".join([*lines, *(f"    {line}" for line in told)]))
    return "\n\n".join(parts) + "\n"


def dialogs() -> list[str]:
    """Return the names of the dialogs that have a snapshot."""
    return sorted({walked.dialog for walked in walks()})


def main() -> None:
    """Write every snapshot again."""
    GOLDENS.mkdir(exist_ok=True)
    for old in GOLDENS.glob("*.txt"):
        old.unlink()
    for dialog in dialogs():
        (GOLDENS / f"{dialog}.txt").write_text(golden(dialog), encoding="utf-8")


if __name__ == "__main__":
    main()
