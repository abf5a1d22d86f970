"""Look for faults in everything that is not code: dialogs, texts, figures. All of them at once."""

from __future__ import annotations

import html
import re
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot import dialogs, engine, questions, reading, screens
from bot.pages import PAGES
from bot.rules import guards, parameters
from bot.rules import notices as catalogue
from bot.samples import MIXED, UNSAYABLE, Seeing, path, ways
from bot.simulator import markup
from bot.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime
    from pathlib import Path

    from bot.config import Settings
    from bot.dialogs import Dialog, Step, Tree
    from bot.engine import House
    from bot.model import Screen, State
    from bot.samples import Sample, Way

LONGEST_MESSAGE = 4096  # characters, by Telegram's rule
MOST_BESIDE = 4  # buttons in one row
MOST_WORDS = 60  # of a question, before the buttons
_NUMBER = r"(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|sixty|ninety)"
GROWING = ("deadline", "verdict", "ways")  # what a step shows that has no fixed length


def faults(settings: Settings) -> list[str]:
    """Return every fault, one line each; nothing when the bot can start."""
    found: list[str] = []
    tree: Tree | None = None
    words: Words | None = None
    params: parameters.Parameters | None = None
    try:
        params = parameters.read()
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
        if params is not None:
            found += questions.faults(words, params)
    found += _in_the_words(settings.templates / "en")
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


# ---------------------------------------------------------------- what sample people see


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What came of the ways of sample people."""

    faults: list[str]
    levels: list[tuple[str, float, int]]  # question, highest grade, most words; the hardest first


def _ignore(_: Sample, __: Screen) -> None:
    """Do nothing with what is seen."""


def unsaid(
    house: House,
    words: Words,
    now: datetime,
    terms: tuple[str, ...],
    see: Callable[[Sample, Screen], None] = _ignore,
) -> Unsaid:
    """Walk every answer to every step; put all that is seen into words and measure it.

    `terms` are those of the glossary: they count as plain words. `see` is handed each screen once.
    """
    found: dict[str, None] = {}
    measured: set[tuple[str, Screen]] = set()
    hardest: dict[str, tuple[float, int]] = {}
    seeing, kept = Seeing(house, now), _Promises(house, now)
    for way in ways(house, now, MIXED):
        kept.hold(way)
        ahead = deque(seeing.seen_on(way))
        while ahead:
            one = ahead.popleft()
            try:
                shown = one.screen(words)
            except UNSAYABLE as error:
                found[f"{one.name} cannot be put into words: {type(error).__name__}: {error}"] = None
                continue
            if shown is None or (one.name, shown) in measured:
                continue
            measured.add((one.name, shown))
            see(one, shown)
            if one.sent is not None:
                ahead += seeing.behind(one, shown)
            found.update((f"{one.name} {fault}", None) for fault in _unfit(one.name, shown))
            if one.name.startswith(QUESTIONS) and _is_plain(one.state):
                name, level = one.name.rpartition(" ")[2], _level(shown, terms)
                known = hardest.get(name, level)
                hardest[name] = (max(known[0], level[0]), max(known[1], level[1]))
    for name, shown in told(house, words, now):
        found.update((f"{name} {fault}", None) for fault in _unfit(name, shown))
    found.update(
        dict.fromkeys([*_too_hard(house.tree, hardest), *seeing.faults, *kept.faults, *kept.unwalked()])
    )
    levels = [(name, *level) for name, level in hardest.items() if level[1] >= reading.FEWEST_WORDS]
    return Unsaid(list(found), sorted(levels, key=lambda one: -one[1]))


QUESTIONS = ("step ", "edit of ")


def told(house: House, words: Words, now: datetime) -> Iterator[tuple[str, Screen]]:
    """Return the texts that are said outside of any screen."""
    for block in words.blocks("tell"):
        yield f"text {block}", screens.tell(house, words, block, now.date())


# ---------------------------------------------------------------- what the dialogs promise


@dataclass(slots=True)
class _Promises:
    """What holds at the end of every way: the case card, and the facts each stage leaves. And what no way came to."""

    house: House
    now: datetime
    faults: list[str] = field(default_factory=list)
    _met: set[str] = field(default_factory=set)
    _sides: dict[str, set[bool]] = field(default_factory=dict)  # of each condition, what it came out as

    def hold(self, way: Way) -> None:
        """Hold the dialogs to their promises on one way."""
        self._met |= {one.place.step.key for one in way.met}
        if not way.ended:
            last = way.asked[-1].place.key
            self._fault(f"a way does not end: it stands at step {last.partition('~')[0]}", way.end)
            return
        ends = {"pages/case", *(f"pages/{one.page}" for one in self.house.tree.dialogs if one.page)}
        if screens.view(self.house, way.end, self.now).template not in ends:
            self._fault("a way does not end on the case card, nor on the page of its stage", way.end)
        for one in way.met:
            found = engine.look(self.house, one.state, self.now).open
            if not one.place.step.later and (found is None or found.key != one.place.key):
                self._fault(f"step {one.place.step.key} is asked or not by what is told later", one.state)
        self._conditions(way)
        self._facts(way)

    def _fault(self, fault: str, state: State) -> None:
        if not any(one.startswith(fault) for one in self.faults):
            self.faults.append(f"{fault}, after {path(state)}")

    def _conditions(self, way: Way) -> None:
        tree, given = self.house.tree, engine.answers_of(way.end)
        present = {(one.dialog.name, one.step.key, one.item) for one in way.walk.places}
        stages = {one.stage.name for one in way.walk.places if one.stage is not None}
        groups: list[tuple[Dialog, int | None]] = []
        for dialog in tree.dialogs:
            if dialog.when is not None:
                self._came_out(dialog, None, dialog.name in stages)
            # All steps of a stage may stand under conditions that do not hold: it is there all the same.
            holds = isinstance(dialog.when, str) and guards.GUARDS[dialog.when](way.walk.matter)
            if dialog.name in stages or holds:
                items: list[int | None] = (
                    [*engine.items_in(dialog.each, given, way.walk.matter)] if dialog.each else [None]
                )
                groups += [(dialog, item) for item in items]
        for place in way.walk.places:
            if place.step.items:
                below = tree.items[place.step.items]
                groups += [(below, item) for item in engine.items_of(given.get(place.key))]
        for dialog, item in groups:
            for step in dialog.steps:
                if step.when is not None:
                    self._came_out(dialog, step, (dialog.name, step.key, item) in present)

    def _came_out(self, dialog: Dialog, step: Step | None, side: bool) -> None:
        self._sides.setdefault(_condition(dialog, step), set()).add(side)

    def _facts(self, way: Way) -> None:
        """Look for facts that are promised and not left; who is not sure leaves none."""
        given = engine.answers_of(way.end)
        places = [one for one in way.walk.places if one.stage is not None]
        stages = {one.stage.name: one.stage for one in places if one.stage is not None}
        unsure = {
            one.stage.name
            for one in places
            if one.stage is not None and one.key in given and given[one.key].state == "not_sure"
        }
        for dialog in (one for name, one in stages.items() if name not in unsure):
            promised = [*dialog.leaves]
            for name, facts in dialog.leaves_when.items():
                promised += facts if guards.GUARDS[name](way.walk.matter) else ()
            for fact in promised:
                if getattr(way.walk.matter.facts, fact) is None:
                    self._fault(
                        f"dialogs/{dialog.name}.toml: the fact {fact} is promised and not left", way.end
                    )

    def unwalked(self) -> Iterator[str]:
        """Return what no way came to: steps never asked, conditions with one side only; and crowded questions."""
        for dialog in (*self.house.tree.dialogs, *self.house.tree.items.values()):
            for step in (None, *dialog.steps):
                if (step.when if step is not None else dialog.when) is not None:
                    condition = _condition(dialog, step)
                    for side in {True, False} - self._sides.get(condition, set()):
                        yield f"{condition} is never {str(side).lower()} on any way"
                elif step is not None and step.key not in self._met:
                    yield f"dialogs/{dialog.name}.toml: step {step.key} is asked on no way"


def _condition(dialog: Dialog, step: Step | None) -> str:
    """Return where a condition stands and what it is."""
    when = step.when if step is not None else dialog.when
    at = f"step {step.key}" if step is not None else "[dialog]"
    said = f'the guard "{when}"' if isinstance(when, str) else f"the condition on {', '.join(when or ())}"
    return f"dialogs/{dialog.name}.toml: {at}: {said}"


# ---------------------------------------------------------------- what is fit to be sent


def _unfit(name: str, screen: Screen) -> Iterator[str]:
    """Return what is wrong with a message: it cannot be sent, leads nowhere, or frightens."""
    try:
        length = markup.units(markup.parse_html(screen.text)[0])
    except markup.MarkupError as error:
        yield f"is no valid HTML: {error}"
        length = len(reading.shown(screen.text))
    if not 0 < length <= LONGEST_MESSAGE:
        yield f"has {length} characters: a message has 1 to {LONGEST_MESSAGE}"
    buttons = [button for row in screen.rows for button in row]
    if not buttons and not name.startswith(("text ", "answer ")):
        yield "leads nowhere: it has no button"
    does = [button.data for button in buttons if button.data]
    if len(does) != len(set(does)):
        yield "has two buttons that do the same"
    if max(map(len, screen.rows), default=0) > MOST_BESIDE:
        yield f"has more than {MOST_BESIDE} buttons beside each other: a thumb cannot tell them apart"
    for button in buttons:
        if not button.text.strip():
            yield f"has a button without words: {button.data}"
        if len(button.data.encode()) > dialogs.LONGEST_DATA:
            yield f"has a button that carries too much: {button.data}"
        if len(button.copy) > screens.LONGEST_COPY:
            yield f"has a button that copies too much: {button.copy}"
    plain = html.unescape(re.sub(r"<[^>]*>", "", screen.text))
    for said in (plain, *(button.text for button in buttons)):
        for found in UNWANTED.finditer(said):
            yield f"says {found[0]!r}, which frightens, promises or is no plain word"


UNWANTED = re.compile(
    r"\b(?:simply|just|official(?:ly)?|guarantee[ds]?(?! installment)|qualif(?:y|ies|ied))\b|\band/or\b|!|\(s\)"
    r"|\b(?:will|going to) file (?:a|the) (?:public )?lien",
    re.IGNORECASE,
)
"""The words that are not said to a frightened reader; a guaranteed installment agreement is a name."""


FIGURES = {
    "an amount": re.compile(r"\$\s?\d[\d,]*(?:\.\d+)?"),
    "a percentage": re.compile(rf"\b{_NUMBER}[\s-]?(?:%|percent\b)", re.IGNORECASE),
    "a telephone number": re.compile(r"\b\d{3}[-. ]\d{3}[-. ]\d{4}\b|\b\d{3}-\d{4}\b"),
    "a count of days": re.compile(
        rf"\b{_NUMBER}[\s-]+(?:business |calendar )?(?:day|week|month|quarter|year)s?\b", re.IGNORECASE
    ),
    "an address": re.compile(
        r"\b(?!irs\.gov\b(?!/))[\w.-]+@?[\w-]*\.(?:gov|com|org|net|us)\b[\w/-]*", re.IGNORECASE
    ),
    "a figure": re.compile(r"\S*\d\S*"),
}
"""What comes from the rules, never from a template; the first kind that fits is named."""

_LOGIC = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)
_TYPED = re.compile(r"{% block \w+_also %}.*?{% endblock %}|<code>[^<]*</code>|“[^”]*”", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_PAPER = r"\(?(?:SSA-)?\d[\w/-]*(?:\([\w]\)(?:\([\w]\))?|\s\(OIC\))?\)?"
_NAMES = re.compile(
    rf"\b(?:Forms?|Letters?|Publications?|returns)(?: such as)?\s+{_PAPER}(?:(?:,| or| and)\s+{_PAPER})*"
    r"|\b(?:CP|LT|W-|SSA-)\d+\w*|\b1099-R\b|\b401\(k\)|\(725-B\)"
    r"|\b26 U\.S\.C\. \d+"
    r"|\bpages? \d(?: or \d)*|^\s*\d\. |\b1 hour\b|\b\d{1,2}:\d\d\b",
    re.MULTILINE,
)
"""The names of papers and laws, and where on a paper a thing stands; the hours of the bot's own clock."""


def _in_the_words(folder: Path) -> Iterator[str]:
    """Return what may not stand in any words, said on some way or not: figures, and what frightens or promises."""
    for file in sorted(folder.rglob("*.j2")):
        name = f"templates/en/{file.relative_to(folder).as_posix()}"
        said = _LOGIC.sub(" ", _TYPED.sub(" ", file.read_text(encoding="utf-8")))
        for found in UNWANTED.finditer(said):
            yield f"{name}: it says {found[0]!r}"
        said = _NAMES.sub(" ", _TAG.sub("", said))
        for kind, figure in FIGURES.items():
            for found in figure.finditer(said):
                yield f"{name}: {kind} stands in the words: {' '.join(found[0].split())!r}"
            said = figure.sub(" ", said)


def _is_plain(state: State) -> bool:
    """Say whether nothing is said once above the question."""
    return state.person.focus.note is None and state.person.focus.problem is None


def body(text: str) -> str:
    """Return the text of a question without the line above it that says where one is."""
    head, _, rest = text.partition("\n\n")
    return rest if re.fullmatch(r"<b>[^<]*</b>(?: · \d+ of \d+)?", head) and rest else text


def _level(screen: Screen, terms: tuple[str, ...]) -> tuple[float, int]:
    """Return the grade of a question and its number of words; one too short for a grade has the lowest."""
    text = body(screen.text)
    many = reading.count(text)
    return (reading.grade(text, terms) if many >= reading.FEWEST_WORDS else reading.EASIEST, many)


def _too_hard(tree: Tree, hardest: dict[str, tuple[float, int]]) -> Iterator[str]:
    steps = {step.key: step for _, step in tree.steps()}
    for name, (grade, many) in hardest.items():
        if many >= reading.FEWEST_WORDS and grade > reading.HARDEST:
            yield f"step {name} is too hard to read: grade {grade:.1f}, at most {reading.HARDEST}"
        if many > MOST_WORDS and steps[name].shows not in GROWING:
            yield f"step {name} has {many} words before the buttons: at most {MOST_WORDS}"


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
    yield from (one for one in step.copies if "." not in one and one != "reports")
    if not step.kind.card:
        yield "why"
        yield "short"
    if step.skip:
        yield "skip"
    if step.task or step.again:  # what a reminder says of it, with a reason that is true of this step
        yield from ("task", "task_why")
    if step.kind.name == "list":
        yield from ("add", "done", "drop", "count")
    elif step.kind.name == "confirm":
        yield from ("ok", "wrong")
    elif step.kind.name == "card":
        yield "ok"
    elif step.kind.name != "irs_notice":
        yield from step.options
