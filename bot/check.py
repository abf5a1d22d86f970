"""Look for faults in everything that is not code: dialogs, texts, figures. All of them at once."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from jinja2 import TemplateError

from bot import dialogs, engine, screens
from bot.model import Answer, Focus, Person, State
from bot.notices import ReminderAnswered, ReminderDue
from bot.pages import PAGES
from bot.rules import notices as catalogue
from bot.rules import parameters
from bot.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

    from bot.config import Settings
    from bot.dialogs import Step, Tree
    from bot.engine import House, Place
    from bot.model import Screen

LONGEST_MESSAGE = 4096  # characters, by Telegram's rule
HOWS = ("done", "stop", "again", "snooze", "snooze_hour", "snooze_morning")
LATER = timedelta(days=500)  # by then every day has passed


def faults(settings: Settings) -> list[str]:
    """Return every fault, one line each; nothing when the bot can start."""
    found: list[str] = []
    tree: Tree | None = None
    words: Words | None = None
    try:
        parameters.read()
    except parameters.ParameterError as error:
        found += str(error).splitlines()
    try:
        catalogue.catalogue()
    except catalogue.CatalogueError as error:
        found += str(error).splitlines()
    try:
        tree = dialogs.read(settings.dialogs)
    except dialogs.DialogError as error:
        found += str(error).splitlines()
    try:
        words = Words(settings.templates)
    except KeyError as error:
        found.append(f"templates/en/words.toml: {error} is missing")
    except (OSError, ValueError) as error:
        found.append(f"templates/en/words.toml: {error}")
    if words is not None:
        found += words.faults()
        found += [
            f"templates/en/pages/{page}.j2: the block text is missing"
            for page in PAGES
            if not words.has(f"pages/{page}", "text")
        ]
        if tree is not None:
            found += _missing_words(tree, words)
    return found


def unsaid(house: House, words: Words, now: datetime) -> list[str]:
    """Return what cannot be put into words, or not be sent: all that sample people get to see is rendered."""
    found: dict[str, None] = {}
    for name, made in _made(house, words, now):
        try:
            screen = made()
        except (TemplateError, LookupError, TypeError, ValueError, AttributeError) as error:
            found[f"{name} cannot be put into words: {type(error).__name__}: {error}"] = None
        else:
            found.update((f"{name} {fault}", None) for fault in (_unsendable(screen) if screen else ()))
    return list(found)


def _made(house: House, words: Words, now: datetime) -> Iterator[tuple[str, Callable[[], Screen | None]]]:
    reminded: set[tuple[str, bool, bool]] = set()
    for name, state, when in seen_by_samples(house, now):
        yield name, partial(_screen, house, words, state, when)
        for one in engine.look(house, state, when).matter.deadlines if name == "page case" else ():
            kind = (one.kind, one.binding is None, when > now)
            if kind not in reminded:
                reminded.add(kind)
                yield (
                    f"reminder of {one.kind}",
                    partial(screens.message, house, words, state, ReminderDue(1, one.kind, 3), when),
                )
                for how in HOWS:
                    answered = ReminderAnswered(1, one.kind, how, 1)
                    yield (
                        f"answer {how} to a reminder of {one.kind}",
                        partial(screens.message, house, words, state, answered, when),
                    )


def _screen(house: House, words: Words, state: State, when: datetime) -> Screen:
    return screens.render(words, screens.view(house, state, when))


def seen_by_samples(house: House, now: datetime) -> Iterator[tuple[str, State, datetime]]:
    """Return states that show every question, page and edit: one walk for each sample of each answer."""
    met: set[str] = set()
    walks: list[dict[str, Answer]] = [{}]
    for chosen in walks:
        state = engine.begun(State(Person(1)), now.date())
        stages = [one.name for one in house.tree.dialogs if one.optional]
        while True:
            walked = engine.look(house, state, now)
            if walked.open is None and stages:  # what is read only when it is opened
                state = _on(state, Focus("step", {"stage": stages.pop()}))
                continue
            if walked.open is None:
                break
            place = walked.open
            yield f"step {place.step.key}", state, now
            could = _answers(place.step, walked.prints.get(place.key, ""), now.date())
            if place.step.key not in met:
                met.add(place.step.key)
                walks += [{**chosen, place.step.key: answer} for answer in could[1:]]
            state = _put(state, place, chosen.get(place.step.key, could[0]))
        for page in PAGES:
            yield f"page {page}", _on(state, Focus(page)), now
            yield f"page {page}", _on(state, Focus(page)), now + LATER
        for place in walked.places:
            if not place.step.kind.card and not place.step.items:
                yield f"edit of {place.step.key}", _on(state, Focus("edit", {"key": place.key})), now


def _answers(step: Step, shown: str, day: date) -> list[Answer]:
    """Return answers to a step, the usual one first."""
    if step.kind.card:
        return [Answer(state="seen", about=shown)]
    if step.items:
        return [Answer([1], "list_done"), Answer([1, 2], "list_done")]
    values = sorted(step.kind.samples(step, day), key=lambda one: one != ["none"])
    samples = [Answer(value, about=shown) for value in values]
    samples += [Answer(None, "not_sure", about=shown)] * step.not_sure
    return [Answer(None, "skipped"), *samples] if step.skip else samples


def _put(state: State, place: Place, answer: Answer) -> State:
    if place.scope == "person":
        return replace(
            state, person=replace(state.person, answers={**state.person.answers, place.key: answer})
        )
    (case,) = state.cases
    return replace(state, cases=(replace(case, answers={**case.answers, place.key: answer}),))


def _on(state: State, focus: Focus) -> State:
    """Return the state with the person on a page, and a change of their first answer drafted."""
    first = next(iter(state.cases[0].answers.items()))
    draft = {"key": first[0], "scope": "case", "value": first[1].value, "state": first[1].state}
    return replace(state, person=replace(state.person, focus=focus, drafts={"change": draft}))


def _unsendable(screen: Screen) -> Iterator[str]:
    length = len(html.unescape(re.sub(r"<[^>]*>", "", screen.text)))
    if not 0 < length <= LONGEST_MESSAGE:
        yield f"has {length} characters: a message has 1 to {LONGEST_MESSAGE}"
    for button in (button for row in screen.rows for button in row):
        if not button.text:
            yield f"has a button without words: {button.data}"
        if len(button.data.encode()) > dialogs.LONGEST_DATA:
            yield f"has a button that carries too much: {button.data}"


def notes(day: date) -> list[str]:
    """Return what is no fault but wants a look: figures and notices whose review day has passed on `day`."""
    figures = [
        f"look again: {value.name} (from {value.since}) was to be reviewed by {value.review_by}: {value.source.url}"
        for value in parameters.read().stale(day)
    ]
    papers = [
        f"look again: notice {one.number} was to be reviewed by {one.review_by}: {one.source.url}"
        for one in catalogue.catalogue()
        if day > one.review_by
    ]
    return figures + papers


def _missing_words(tree: Tree, words: Words) -> Iterator[str]:
    for dialog, step in tree.steps():
        for block in _blocks(step):
            if not words.has(step.template, block):
                yield f"templates/en/{step.template}.j2: the block {block} of step {step.key} is missing"
        if dialog.scope != "item" and not words.has("stages", dialog.name):
            yield f"templates/en/stages.j2: the block {dialog.name} of dialogs/{dialog.name}.toml is missing"


def _blocks(step: Step) -> Iterator[str]:
    yield "text"
    if not step.kind.card:
        yield "why"
        yield "short"
    if step.skip:
        yield "skip"
    if step.kind.name == "list":
        yield from ("add", "done", "drop", "count")
    elif step.kind.name == "confirm":
        yield from ("ok", "wrong")
    elif step.kind.name == "card":
        yield "ok"
    elif step.kind.name != "irs_notice":
        yield from step.options
