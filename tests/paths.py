"""The ways of the sample people, written down for review. `python -m tests.paths` writes the goldens.

A golden holds step ids and facts, no prose: what each answer asks for more and no more, and what the law makes of it,
beside the way it was changed on. So a reviewer sees what a change of the tree or of the law moves, and nothing twice.
"""

from __future__ import annotations

import textwrap
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import engine, samples, screens
from bot.model import Seen
from bot.rules.notices import catalogue
from bot.samples import short
from tests.talk import NOW, Talk, house

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.model import State
    from bot.samples import Asked, Way

GOLDENS = Path(__file__).parent / "paths"
USUAL = "usual"


@cache
def ways() -> tuple[Way, ...]:
    """Return ways through the whole tree on which every answer of every step is given once at least."""
    return tuple(samples.ways(house(), NOW))


@cache
def tried() -> tuple[Asked, ...]:
    """Return every answer to every step, each as it is given by one who has told nothing of what comes later."""
    return tuple(one for way in ways() for one in (way.tried, *way.met) if one is not None)


@cache
def states() -> tuple[State, ...]:
    """Return every state somebody stands in on these ways."""
    asked = [one.state for way in ways() for one in (*way.met, *way.fresh, *way.asked)]
    return (*asked, *(way.end for way in ways()))


def told(one: Asked) -> Talk:
    """Give an answer as a person would: with the button where there is one, else typed."""
    at = replace(one.state, seen=Seen(screens.view(house(), one.state, NOW).key, 1))
    talk, step, answer = Talk(at), one.place.step, one.answer
    kind = step.kind.name
    if answer.state == "list_done":
        return talk if step.later else talk.chooses("done")
    if step.later:
        return talk.says("/case").chooses("go:more", f"more:{step.code}")
    match answer.state:
        case "skipped":
            return talk.chooses("skip")
        case "not_sure":
            return talk.chooses("unsure")
        case "seen":
            return talk.chooses("ok")
    if kind == "list":
        dropped = set(engine.items_of(engine.answers_of(at).get(one.place.key))) - set(answer.value)
        return talk.chooses(f"drop:{dropped.pop()}" if dropped else "add")
    if kind == "choices":
        return talk.ticks(*answer.value)
    if kind == "choice":
        return talk.chooses(f"set:{answer.value}")
    if kind == "way":
        talk.taps_data(f"p:1:step:{talk.state.person.focus.revision}:see:way.{answer.value}")
        return talk.chooses(f"take:{answer.value}")
    typed = str(answer.value)
    if kind == "irs_notice":
        typed = catalogue()[typed].number
    elif kind == "money":  # nine digits without a comma look like a Social Security number
        typed = f"${Decimal(typed):,}"
    return talk.says(typed)


# ---------------------------------------------------------------- the goldens


def golden(dialog: str) -> str:
    """Return the snapshot of one dialog: what each further answer to its steps moves; or the usual way."""
    if dialog == USUAL:
        return _written(_usual(ways()[0]))
    return "\n".join(_written(_moved(way)) for way in ways() if of(way) == dialog)


def dialogs() -> list[str]:
    """Return the names of the snapshots."""
    return sorted({of(way) for way in ways()})


def of(way: Way) -> str:
    """Return the name of the snapshot a way stands in."""
    return USUAL if way.tried is None else way.tried.place.step.key.partition(".")[0]


def _written(lines: Iterable[str]) -> str:
    first, *others = lines
    wrapped = [textwrap.wrap(one, 108, initial_indent="    ", subsequent_indent="        ") for one in others]
    return "\n".join([first, *(line for one in wrapped for line in one)]) + "\n"


def _usual(way: Way) -> Iterator[str]:
    yield "the usual way"
    yield "asks: " + " ".join(_named(one) for one in way.asked)
    yield from _facts(way).values()


def _moved(way: Way) -> Iterator[str]:
    assert way.of is not None
    assert way.tried is not None
    yield " > ".join(_named(one) for one in way.trail)
    talk = told(way.tried)
    problem = talk.state.person.focus.problem
    if problem is not None:
        yield f"refused: {problem.name}"
        return
    place = talk.walk.open
    yield f"next: {place.key if place else 'the case card'}"
    if way.asked:
        yield "asks: " + " ".join(_named(one) for one in way.asked)
    holds = {one.key for one in way.walk.places}
    dropped = [one.key for one in way.of.walk.places if one.key not in holds]
    if dropped:
        yield "drops: " + " ".join(dropped)
    before = _facts(way.of)
    for name, line in _facts(way).items():
        if line != before.get(name):
            yield line
    gone = [name.replace(" ", "_") for name in before if name not in _facts(way)]
    if gone:
        yield "not known any more: " + " ".join(gone)


def _named(one: Asked) -> str:
    return f"{one.place.key}={short(one.answer).replace(', ', '+')}"


@cache
def _facts(way: Way) -> dict[str, str]:
    """Return what the rules make of the answers, a line each."""
    matter = way.walk.matter
    judged = matter.judgement
    found = {
        "verdict": f"{judged.sender}, debt {judged.debt}",
        "signals": " ".join(sorted(matter.signals)) or "-",
    }
    for one in matter.deadlines:
        why = f" because {one.none_because.name}" if one.none_because else ""
        found[f"deadline {one.key}"] = f"{one.rule} {one.binding} act_by {one.act_by}{why}"
    case = way.end.case
    coming = engine.listed(house(), way.end, case, NOW)
    found["reminders"] = " ".join(f"{one.due:%m-%d}" for one in coming) or "-"
    for fact in fields(matter.facts):
        value = getattr(matter.facts, fact.name)
        if value is not None:
            found[fact.name] = _plain(value)
    return {name: f"{name}: {line}" for name, line in found.items()}


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(map(_plain, value))
    if is_dataclass(value):
        known = ((one.name, getattr(value, one.name)) for one in fields(value))
        return " ".join(f"{name}={_plain(one)}" for name, one in known if one is not None)
    return str(value)


def main() -> None:
    """Write every snapshot again."""
    GOLDENS.mkdir(exist_ok=True)
    for old in GOLDENS.glob("*.txt"):
        old.unlink()
    for dialog in dialogs():
        (GOLDENS / f"{dialog}.txt").write_text(golden(dialog), encoding="utf-8")


if __name__ == "__main__":
    main()
