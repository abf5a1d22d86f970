"""Look for faults in everything that is not code: dialogs, texts, figures. All of them at once."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError

from bot import dialogs, engine, reading, screens
from bot.model import Answer, Event, Focus, Person, Screen, Seen, State, Tapped
from bot.notices import Card, Message, Nudge, ReminderAnswered, ReminderDue
from bot.rules import guards, parameters
from bot.rules import notices as catalogue
from bot.rules.matter import SHOWS
from bot.simulator import markup
from bot.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date, datetime
    from pathlib import Path

    from bot.config import Settings
    from bot.dialogs import Dialog, Step, Tree
    from bot.engine import House, Place, Walk

LONGEST_MESSAGE = 4096  # characters, by Telegram's rule
HOWS = ("done", "stop", "again", "snooze", "snooze_hour", "snooze_morning")
TASK_HOWS = tuple(how for how in HOWS if how != "done")
MOST_OPTIONS = 6  # buttons on one question
MIXED = 12  # walks that take other answers at every step
NEAR = 4  # questions after a changed answer that are looked at again
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
            for page in screens.PAGES
            if not words.has(f"pages/{page}", "text")
        ]
        if tree is not None:
            found += _missing_words(tree, words)
    found += _bare_figures(settings.templates / "en")
    try:
        terms_of(settings)
    except KeyError as error:
        found.append(f"templates/en/glossary.toml: {error} is missing")
    except (OSError, ValueError) as error:
        found.append(f"templates/en/glossary.toml: {error}")
    return found


def terms_of(settings: Settings) -> tuple[str, ...]:
    """Return the terms of the IRS that the glossary explains."""
    return tuple(reading.glossary(settings.templates / "en" / "glossary.toml"))


def unsaid(house: House, words: Words, now: datetime, terms: Iterable[str] = ()) -> list[str]:
    """Return what is wrong with all that sample people are asked and get to see; `terms` are those of the glossary.

    Every answer to every step is walked. What is seen on the way is put into words and measured.
    """
    found: dict[str, None] = {}
    walks = _Walks(house, now)
    measured: set[Screen] = set()
    for name, made in _made(house, words, walks):
        try:
            screen = made()
        except _UNSAYABLE as error:
            found[f"{name} cannot be put into words: {_of(error)}"] = None
            continue
        if screen is not None and screen not in measured:
            measured.add(screen)
            found.update((f"{name} {fault}", None) for fault in _unfit(name, screen, terms))
    for name, text in told(words):
        found.update((f"{name} {fault}", None) for fault in _unfit(name, text, terms))
    found.update(dict.fromkeys(walks.faults))
    found.update(dict.fromkeys(_unwalked(house.tree, walks)))
    return list(found)


_UNSAYABLE = (TemplateError, LookupError, TypeError, ValueError, AttributeError)


def _of(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def levels(house: House, words: Words, now: datetime, terms: Iterable[str]) -> list[tuple[str, float, int]]:
    """Return the reading grade and the number of words of each question, at its hardest; the hardest first."""
    hardest: dict[str, tuple[float, int]] = {}
    for name, state, when in seen_by_samples(house, now):
        if name.startswith(("step ", "edit of ")):
            name = name.rpartition(" ")[2]
            text = body(screens.render(words, screens.view(house, state, when)).text)
            if (many := reading.count(text)) >= reading.FEWEST_WORDS:
                known = hardest.get(name, (-10.0, 0))
                hardest[name] = max(known, (reading.grade(text, terms), many))
    return sorted(((name, *one) for name, one in hardest.items()), key=lambda one: -one[1])


def body(text: str) -> str:
    """Return the text of a question without the line above it that says where one is."""
    head, _, rest = text.partition("\n\n")
    return rest if re.fullmatch(r"<b>[^<]*</b>(?: · \d+ of \d+)?", head) and rest else text


# ---------------------------------------------------------------- what sample people see


@dataclass(frozen=True, slots=True)
class Sample:
    """Something a sample person gets to see: what it is called, whose state it is, when, and what is sent besides."""

    name: str
    state: State
    when: datetime
    sent: Message | None = None

    def screen(self, house: House, words: Words) -> Screen | None:
        """Return it in words; None where it is not worth saying."""
        if isinstance(self.sent, Nudge):
            return screens.nudge(house, words, self.state, self.when)
        if isinstance(self.sent, Card):
            return screens.card(house, words, self.state, self.when)
        if self.sent is not None:
            return screens.message(house, words, self.state, self.sent, self.when)
        return screens.render(words, screens.view(house, self.state, self.when))


def seen_by_samples(house: House, now: datetime) -> Iterator[tuple[str, State, datetime]]:
    """Return states that show every question, page and edit: one walk for each sample of each answer."""
    return ((one.name, one.state, one.when) for one in _Walks(house, now).samples() if one.sent is None)


def samples(house: House, now: datetime) -> Iterator[Sample]:
    """Return all that sample people get to see: questions, pages, edits, and what is sent besides."""
    return _Walks(house, now).samples()


def _made(house: House, words: Words, walks: _Walks) -> Iterator[tuple[str, Callable[[], Screen | None]]]:
    tapped: set[str] = set()
    for one in walks.samples():
        yield one.name, partial(one.screen, house, words)
        if one.sent is None and one.name not in tapped and not one.name.startswith("edit "):
            tapped.add(one.name)
            yield from _taps(house, words, one)


def _taps(house: House, words: Words, one: Sample) -> Iterator[tuple[str, Callable[[], Screen | None]]]:
    """Return what each button of a view leads to."""
    try:
        seen = screens.view(house, one.state, one.when)
    except _UNSAYABLE:
        return
    state = replace(one.state, seen=Seen(seen.key, 1))
    for choice in (choice for row in seen.rows for choice in row if choice.data):

        def led(data: str = choice.data, op: str = choice.label.block) -> Screen | None:
            try:
                turn = engine.advance(house, state, Event(1, 1, Tapped(data, 1, "1")), one.when)
            except Exception as error:
                raise LookupError(f"its button {op} fails: {_of(error)}") from error
            if turn.forget or not turn.show:
                return None
            return screens.render(words, screens.view(house, turn.state, one.when))

        yield one.name, led


def told(words: Words) -> Iterator[tuple[str, Screen]]:
    """Return the texts that are said outside of any screen."""
    for block in words.blocks("tell"):
        yield f"text {block}", Screen(words.block("tell", block))


@dataclass(slots=True)
class _Walks:
    """Sample people on their way: from the first question to the case card, each answer taken once by somebody.

    Bounded by construction: a step gives rise to one more walk for each further answer, once; and no walk is
    longer than all steps several times over.
    """

    house: House
    now: datetime
    met: set[str] = field(default_factory=set)
    sides: dict[str, set[bool]] = field(default_factory=dict)  # of each condition, what it came out as
    faults: list[str] = field(default_factory=list)
    _shapes: set[Any] = field(default_factory=set)
    _sent: set[Any] = field(default_factory=set)

    def samples(self) -> Iterator[Sample]:
        """Walk, and return what is seen on the way."""
        longest = 4 * len([*self.house.tree.steps()]) + 20
        optional = tuple(one.name for one in self.house.tree.dialogs if one.optional)
        begun = engine.begun(State(Person(1)), self.now.date())
        ahead: list[tuple[State, Place | None]] = [(begun, None)]
        while ahead:
            state, changed = ahead.pop(0)
            yield from self._walk(state, longest, () if changed else optional, ahead, changed)
        for mix in range(1, MIXED + 1):
            yield from self._walk(begun, longest, optional, ahead, mix=mix)

    def _walk(
        self,
        state: State,
        longest: int,
        stages: tuple[str, ...],
        ahead: list[tuple[State, Place | None]],
        changed: Place | None = None,
        mix: int = 0,
    ) -> Iterator[Sample]:
        """Walk to the end. Who comes to a new step is followed by others who had answered it otherwise."""
        others: list[tuple[Place, Answer]] = []
        for n in range(longest):
            walked = engine.look(self.house, state, self.now)
            place = walked.open
            if place is None and stages:  # what is read only when it is opened
                state, stages = _on(state, Focus("step", {"stage": stages[-1]})), stages[:-1]
                continue
            if place is None:
                yield from self._end(state, walked, changed)
                break
            yield Sample(f"step {place.step.key}", state, self.now)
            self._came_to(place)
            could = _answers(place.step, walked.prints.get(place.key, ""), self.now.date())
            if place.step.key not in self.met:
                self.met.add(place.step.key)
                others += [(place, answer) for answer in could[1:]]
                yield from self._besides(state, place)
            pick = could[(mix * (n + 3) + n * n) % len(could)] if mix else could[0]
            if mix and place.step.items:
                pick = could[mix % 2]
            state = _put(state, place, pick)
        else:
            self._fault(f"a walk does not end: it stands at step {place.step.key if place else '?'}", state)
        ended = _on(state, Focus())
        ahead += [(_put(ended, place, answer), place) for place, answer in others]

    def _fault(self, fault: str, state: State) -> None:
        if not any(one.startswith(fault) for one in self.faults):
            self.faults.append(f"{fault}, after {path(state)}")

    def _came_to(self, place: Place) -> None:
        for condition in _conditions(place):
            self.sides.setdefault(condition, set()).add(True)

    def _end(self, state: State, walked: Walk, changed: Place | None) -> Iterator[Sample]:
        """Return what is seen at the end of a walk; hold the dialogs to what they promise."""
        self._look_back(state, walked)
        matter = walked.matter
        shape = (
            SHOWS["deadline"](matter),
            SHOWS["verdict"](matter),
            matter.newest.notice,
            len(matter.papers),
        )
        if shape not in self._shapes:
            first = not self._shapes
            self._shapes.add(shape)
            for page in screens.PAGES if first else ("case", "summary", "deadlines", "reminders", "change"):
                yield Sample(f"page {page}", _on(state, Focus(page)), self.now)
            for page in ("case", "deadlines"):
                yield Sample(f"page {page}", _on(state, Focus(page)), self.now + LATER)
            yield from self._reminders(state, walked)
            if first:  # lists that are looked at only to add to them
                for place in (one for one in walked.places if one.step.later):
                    yield Sample(
                        f"step {place.step.key}", _on(state, Focus("edit", {"key": place.key})), self.now
                    )
        places = list(walked.places)
        if changed is not None:
            at = next((n for n, one in enumerate(places) if one.key == changed.key), len(places))
            places = places[at : at + NEAR]
        for place in places:
            if not place.step.items and not place.step.kind.card:
                yield Sample(
                    f"edit of {place.step.key}", _on(state, Focus("edit", {"key": place.key})), self.now
                )

    def _reminders(self, state: State, walked: Walk) -> Iterator[Sample]:
        state = _on(state, Focus("case"))
        (case,) = state.cases
        for when in (self.now, self.now + LATER):
            for one in walked.matter.deadlines:
                kind = (one.kind, one.binding is None, when > self.now)
                if kind in self._sent:
                    continue
                self._sent.add(kind)
                if one.binding is not None:
                    yield Sample(f"reminder of {one.kind}", state, when, ReminderDue(1, one.key, 3))
                for how in HOWS:
                    answered = ReminderAnswered(1, one.key, how, 1)
                    yield Sample(f"answer {how} to a reminder of {one.kind}", state, when, answered)
        main = walked.matter.main
        if main is None or "life" in self._sent:
            return
        self._sent.add("life")
        yield Sample("pinned card", state, self.now, Card())
        changes: tuple[dict[str, Any], ...] = (
            {"marks": {main.key: {"done": True}}},
            {"marks": {main.key: {"stopped": True}}},
            {"name": "Tax of 2023"},
            {"archived": True},
            *({"outcome": one} for one in engine.OUTCOMES),
        )
        for change in changes:
            altered = replace(state, cases=(replace(case, **change),))
            for page in ("case", "cases", "deadlines", "reminders", "more"):
                yield Sample(f"page {page}", _on(altered, Focus(page)), self.now)
            yield Sample("pinned card", altered, self.now, Card())

    def _besides(self, state: State, place: Place) -> Iterator[Sample]:
        """Return what is sent when a question is left open, or put off."""
        if place.stage is not None and place.stage.name not in self._sent and state.case is not None:
            self._sent.add(place.stage.name)
            yield Sample(f"nudge at {place.stage.name}", state, self.now, Nudge())
            yield Sample("pinned card", state, self.now, Card())
        if place.step.task:
            off = _put(state, place, Answer(place.step.task))
            (case,) = off.cases
            marks = {place.key: {"since": self.now.date().isoformat()}}
            off = replace(off, cases=(replace(case, marks=marks),))
            yield Sample(f"task {place.step.key}", off, self.now, ReminderDue(1, place.key, 1))
            yield Sample("page reminders", _on(off, Focus("reminders")), self.now)
            for how in TASK_HOWS:
                answered = ReminderAnswered(1, place.key, how, 1)
                yield Sample(f"answer {how} to task {place.step.key}", off, self.now, answered)

    def _look_back(self, state: State, walked: Walk) -> None:
        """Note which conditions came out false, and what a dialog promised and did not leave."""
        tree, given = self.house.tree, engine.answers_of(state)
        if screens.view(self.house, state, self.now).template != "pages/case":
            self._fault("a walk does not end on the case card", state)
        present = {(one.dialog.name, one.step.key, one.item) for one in walked.places}
        stages = {one.stage.name for one in walked.places if one.stage is not None}
        groups: list[tuple[Dialog, int | None]] = []
        for one in (one for one in tree.dialogs if one.name in stages):
            items: list[int | None] = [*engine.items_of(given.get(one.each))] if one.each else [None]
            groups += [(one, item) for item in items]
        groups += [
            (tree.items[one.step.items], item)
            for one in walked.places
            if one.step.items
            for item in engine.items_of(given.get(one.key))
        ]
        for dialog in tree.dialogs:
            if dialog.when is not None:
                self.sides.setdefault(_condition(dialog, None), set()).add(dialog.name in stages)
        for dialog, item in groups:
            for step in dialog.steps:
                if step.when is not None and (dialog.name, step.key, item) not in present:
                    self.sides.setdefault(_condition(dialog, step), set()).add(False)
            unsure = any(
                given[one.key].state == "not_sure"
                for one in walked.places
                if one.stage is not None and one.stage.name == dialog.name and one.key in given
            )
            if not unsure:
                for fact in _promised(dialog, walked):
                    if getattr(walked.matter.facts, fact) is None:
                        self._fault(
                            f"dialogs/{dialog.name}.toml: the fact {fact} is promised and not left", state
                        )


def _promised(dialog: Dialog, walked: Walk) -> Iterator[str]:
    yield from dialog.leaves
    for name, promised in dialog.leaves_when.items():
        if guards.GUARDS[name](walked.matter):
            yield from promised


def _conditions(place: Place) -> Iterator[str]:
    if place.dialog.when is not None:
        yield _condition(place.dialog, None)
    if place.step.when is not None:
        yield _condition(place.dialog, place.step)


def _condition(dialog: Dialog, step: Step | None) -> str:
    """Return where a condition stands and what it is."""
    when = step.when if step is not None else dialog.when
    at = f"step {step.key}" if step is not None else "[dialog]"
    said = f'the guard "{when}"' if isinstance(when, str) else f"the condition on {', '.join(when or ())}"
    return f"dialogs/{dialog.name}.toml: {at}: {said}"


def _unwalked(tree: Tree, walks: _Walks) -> Iterator[str]:
    """Return what no walk came to: steps never asked, conditions with one side only."""
    for dialog in (*tree.dialogs, *tree.items.values()):
        for step in (None, *dialog.steps):
            if (step.when if step is not None else dialog.when) is not None:
                condition = _condition(dialog, step)
                for side in {True, False} - walks.sides.get(condition, set()):
                    yield f"{condition} is never {str(side).lower()} on any walk"
            elif step is not None and step.key not in walks.met and not step.later:
                yield f"dialogs/{dialog.name}.toml: step {step.key} is asked on no walk"
        for step in dialog.steps:
            if step.kind.name in ("choice", "choices", "zone") and len(step.options) > MOST_OPTIONS:
                yield f"dialogs/{dialog.name}.toml: step {step.key} has {len(step.options)} options: at most {MOST_OPTIONS} fit"


def path(state: State) -> str:
    """Return how a state was reached: the answers, as ids."""
    given = engine.answers_of(state)
    return " · ".join(f"{key} = {_short(one)}" for key, one in given.items()) or "no answer yet"


def _short(answer: Answer) -> str:
    if answer.value is None:
        return answer.state
    return ", ".join(map(str, answer.value)) if isinstance(answer.value, list) else str(answer.value)


def _answers(step: Step, shown: str, day: date) -> list[Answer]:
    """Return answers to a step, the usual one first: of several ticks none."""
    if step.kind.card:
        return [Answer(state="seen", about=shown)]
    if step.items:
        return [Answer([1], "list_done"), Answer([1, 2], "list_done")]
    given = [Answer(value, about=shown) for value in step.kind.samples(step, day)]
    given.sort(key=lambda one: one.value != ["none"])
    skipped = [Answer(None, "skipped", about=shown)] * step.skip
    return [*skipped, *given, *[Answer(None, "not_sure", about=shown)] * step.not_sure]


def _put(state: State, place: Place, answer: Answer) -> State:
    if place.dialog.scope == "person":
        return replace(
            state, person=replace(state.person, answers={**state.person.answers, place.key: answer})
        )
    (case,) = state.cases
    return replace(state, cases=(replace(case, answers={**case.answers, place.key: answer}),))


def _on(state: State, focus: Focus) -> State:
    """Return the state with the person on a page, and a change of their first answer drafted."""
    first = next(iter(state.cases[0].answers.items()), None)
    if first is None:
        return replace(state, person=replace(state.person, focus=focus))
    draft = {"key": first[0], "scope": "case", "value": first[1].value, "state": first[1].state}
    return replace(state, person=replace(state.person, focus=focus, drafts={"change": draft}))


# ---------------------------------------------------------------- what is fit to be sent


def _unfit(name: str, screen: Screen, terms: Iterable[str]) -> Iterator[str]:
    """Return what is wrong with a message: it cannot be sent, leads nowhere, or is hard to read."""
    try:
        length = markup.units(markup.parse_html(screen.text)[0])
    except markup.MarkupError as error:
        yield f"is no valid HTML: {error}"
        length = len(reading.shown(screen.text))
    if not 0 < length <= LONGEST_MESSAGE:
        yield f"has {length} characters: a message has 1 to {LONGEST_MESSAGE}"
    buttons = [button for row in screen.rows for button in row]
    if not buttons and not name.startswith(("text ", "answer ", "task ")):
        yield "leads nowhere: it has no button"
    for button in buttons:
        if not button.text.strip():
            yield f"has a button without words: {button.data}"
        if len(button.data.encode()) > dialogs.LONGEST_DATA:
            yield f"has a button that carries too much: {button.data}"
    plain = html.unescape(re.sub(r"<[^>]*>", "", screen.text))
    for said in (plain, *(button.text for button in buttons)):
        for found in UNWANTED.finditer(said):
            yield f"says {found[0]!r}, which frightens, promises or is no plain word"
    if name.startswith(("step ", "edit of ")):
        text = body(screen.text)
        if reading.count(text) >= reading.FEWEST_WORDS:
            grade = reading.grade(text, terms)
            if grade > reading.HARDEST:
                yield f"is too hard to read: grade {grade:.1f}, at most {reading.HARDEST}"


UNWANTED = re.compile(
    r"\b(?:simply|just|official(?:ly)?|guarantee[ds]?|qualif(?:y|ies|ied))\b|\band/or\b|!|\(s\)"
    r"|\bwill file (?:a|the) (?:public )?lien",
    re.IGNORECASE,
)
"""The words that are not said to a frightened reader."""

_NUMBER = r"(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|sixty|ninety)"
FIGURES = {
    "an amount": re.compile(r"\$\s?\d[\d,]*"),
    "a percentage": re.compile(rf"{_NUMBER}[\s-]?(?:%|percent)", re.IGNORECASE),
    "a telephone number": re.compile(r"\b\d{3}[-. ]\d{3}[-. ]\d{4}\b|\b\d{3}-\d{4}\b"),
    "a count of days": re.compile(
        rf"\b{_NUMBER}[\s-]+(?:business |calendar )?(?:day|week|month|quarter|year)s?\b", re.IGNORECASE
    ),
}
"""The figures that come from the rules, never from a template."""

_LOGIC = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)
_TYPED = re.compile(r"{% block \w+_also %}.*?{% endblock %}|<code>[^<]*</code>|“[^”]*”", re.DOTALL)


def _bare_figures(folder: Path) -> Iterator[str]:
    """Return figures that stand in the words themselves; what is typed or printed on a letter is no such figure."""
    for file in sorted(folder.rglob("*.j2")):
        said = _LOGIC.sub(" ", _TYPED.sub(" ", file.read_text(encoding="utf-8")))
        for kind, figure in FIGURES.items():
            for found in figure.finditer(said):
                bare = " ".join(found[0].split())
                yield f"templates/en/{file.relative_to(folder).as_posix()}: {kind} stands in the words: {bare!r}"


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
