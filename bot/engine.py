"""What one event does: pure. The answers are the state; the step to show is computed from them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from bot import answers, filing, notices, redact, reminders, zones
from bot.model import (
    NOTHING,
    Answer,
    Asked,
    Barred,
    Case,
    Elsewhere,
    Event,
    Fetched,
    Focus,
    Found,
    Handed,
    NotFetched,
    Person,
    Remark,
    Said,
    State,
    Tapped,
    Whose,
)
from bot.rules import despair, guards, lien, matter, spared, tasks, ways
from bot.rules.consequences import consequences
from bot.rules.documents import DOCUMENTS
from bot.rules.matter import SHOWS, Matter
from bot.rules.plan import HEARING, LATE_REQUEST, PLAN, WEAKER_HEARING, asked_the_irs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bot.dialogs import Dialog, Step, Tree
    from bot.model import Answers, Deadline, File
    from bot.rules.documents import Document
    from bot.rules.parameters import Parameters

DEFAULT_ZONE = ZoneInfo("America/New_York")  # until the person has said where they are
# Under these names stands, among the person's answers, how they want to be reminded.
HOUR_KEY, QUIET_KEY, OFF_KEY = "reminders.hour", "reminders.quiet", "reminders.off"
LONGEST_TEXT = 300  # characters; longer ones are not an answer to any question, and slow to read
FEWEST_WORDS = 2  # of what may ask something, without being a question by its form


@dataclass(frozen=True, slots=True)
class House:
    """What the core decides with: the dialogs, the figures of the law, and the words of the options."""

    tree: Tree
    params: Parameters
    labels: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    months: tuple[str, ...] = ()
    asides: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    asked: Asked = Asked()
    papers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # what people call each paper


@dataclass(frozen=True, slots=True)
class Place:
    """One question as it is asked of this person: the step and, in a list, the item."""

    dialog: Dialog
    step: Step
    item: int | None = None
    stage: Dialog | None = None  # the dialog of the case that leads here
    of: str = ""  # the list the item is in
    key: str = field(init=False, compare=False)  # its answer is kept under

    def __post_init__(self) -> None:
        key = self.step.key if self.item is None else f"{self.step.key}~{self.item}"
        object.__setattr__(self, "key", key)

    @property
    def scope(self) -> str:
        """Return whose the answer is: the person's or the case's. That of an item is its list's."""
        return self.stage.scope if self.stage is not None else self.dialog.scope

    @property
    def code(self) -> str:
        """Return the short name its buttons carry."""
        return self.step.code if self.item is None else f"{self.step.code}~{self.item}"


@dataclass(frozen=True, slots=True)
class Walk:
    """The steps that hold for this person, in order, the facts they give, and the first open one."""

    places: tuple[Place, ...]
    open: Place | None
    known: Mapping[str, Any]
    matter: Matter
    prints: Mapping[str, str] = field(default_factory=dict)
    unanswered: frozenset[str] = frozenset()  # the stages that have an open question
    put_off: frozenset[str] = frozenset()  # the stages with an answer that says "not yet"

    def here(self, place: Place) -> dict[str, Any]:
        """Return the facts as one item of a list sees them: its own under their plain names."""
        own = {
            key.rpartition("~")[0]: value
            for key, value in self.known.items()
            if place.item is not None and key.endswith(f"~{place.item}")
        }
        return {**self.known, **own}

    def place(self, key: str) -> Place | None:
        """Return the place with this key, if it holds."""
        return next((place for place in self.places if place.key == key), None)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one event did: the new state, what is to be sent, and the short answer to a tap.

    `show`: put the present screen in the place of the old one, send it anew, or neither. `below`: what is sent
    stands above the screen, which is sent anew even after a tap.
    """

    state: State
    show: Literal["edit", "new", ""] = "new"
    posts: tuple[notices.Message, ...] = ()
    toast: Remark | None = None
    forget: bool = False
    unknown: str = ""  # a question that was not understood, as it may be kept
    below: bool = False


# ---------------------------------------------------------------- where the person stands


def zone_of(person: Person) -> ZoneInfo:
    """Return the person's time zone."""
    answer = person.answers.get("start.zone")
    return ZoneInfo(answer.value) if answer is not None and answer.value else DEFAULT_ZONE


def today(person: Person, now: datetime) -> date:
    """Return the day it is for the person."""
    return reminders.local_day(now, zone_of(person))


def answers_of(state: State, case: Case | None = None) -> Answers:
    """Return the person's and the case's answers together."""
    case = case or state.case
    return state.person.answers | (case.answers if case else {})


def walk(house: House, given: Answers, day: date, stage: str = "", past: str = "") -> Walk:
    """Go through all steps in order: which hold, which facts count, which is the first without an answer.

    With `stage` the first open one of that dialog is taken, or the first left as a task, after the one
    called `past`. An optional dialog waits until it is opened so, or is needed.
    """
    seeing = _Seeing(house, given, day, past=past)
    for dialog in house.tree.dialogs:
        if dialog.when is None or seeing.holds(dialog.when):
            opens = dialog.name == stage if stage else not dialog.optional or seeing.needs(dialog)
            seeing.see(dialog, opens, tasks=opens and bool(stage))
    if stage and seeing.open is None and any(one.needed for one in house.tree.dialogs if one.name == stage):
        return walk(house, given, day)  # what it leads to comes right after it
    return Walk(
        tuple(seeing.places),
        seeing.open,
        seeing.known,
        seeing.matter(),
        seeing.prints,
        frozenset(seeing.unanswered),
        frozenset(seeing.put_off),
    )


class _Prints(dict[str, str]):
    """What each step shows, in short; worked out when it is first looked at, as some take a while."""

    def __init__(self) -> None:
        super().__init__()
        self._coming: dict[str, tuple[Callable[[Matter], str], Matter]] = {}

    def will_be(self, key: str, made: Callable[[Matter], str], of: Matter) -> None:
        self._coming[key] = made, of

    def get(self, key: str, default: Any = None) -> Any:
        return self[key] if key in self._coming else default

    def __missing__(self, key: str) -> str:
        made, of = self._coming[key]
        self[key] = made(of)
        return self[key]


@dataclass(slots=True)
class _Seeing:
    """What is known so far on the way through the steps."""

    house: House
    given: Answers
    day: date
    places: list[Place] = field(default_factory=list)
    known: dict[str, Any] = field(default_factory=dict)
    prints: _Prints = field(default_factory=lambda: _Prints())
    open: Place | None = None
    unanswered: set[str] = field(default_factory=set)
    put_off: set[str] = field(default_factory=set)
    _entries: matter.Entries = field(default_factory=dict)
    past: str = ""  # tasks up to this one were seen to
    _tasks: bool = False
    _items_of: dict[str, list[int]] = field(init=False)
    _told: _Told = field(init=False)

    def __post_init__(self) -> None:
        self._items_of = {key: items_of(self.given.get(key)) for key in matter.LISTS}
        items = tuple(map(tuple, self._items_of.values()))
        self._told = _first_told(self.house.params, self.day, items)
        corrected = _corrected(self.given, self._items_of[matter.CALLS])
        if corrected:
            self.known[matter.CORRECTED] = corrected
            self._told = self._told.then(matter.CORRECTED, corrected)

    def see(self, dialog: Dialog, opens: bool, *, tasks: bool = False) -> None:
        """Come to the steps of a dialog; the items of a list come before the list itself.

        `tasks`: the person opened this very stage, so what was left as a task is asked again.
        """
        self._tasks = tasks
        if dialog.each:
            self._items(dialog, dialog, dialog.each, opens)
            return
        for step in dialog.steps:
            if step.when is None or self.holds(step.when):
                if step.items:
                    self._items(dialog, self.house.tree.items[step.items], step.key, opens)
                self._come_to(_place(dialog, step, None, dialog, ""), opens, {})

    def _items(self, dialog: Dialog, below: Dialog, of: str, opens: bool) -> None:
        for item in items_in(of, self.given, self.matter()):
            here: dict[str, Any] = {matter.ITEM: item, matter.LIST: of}
            for inner in below.steps:
                if inner.when is None or self.holds(inner.when, here):
                    self._come_to(_place(below, inner, item, dialog, of), opens, here)

    def _come_to(self, place: Place, opens: bool, here: dict[str, Any]) -> None:
        self.places.append(place)
        if place.step.shows:
            self.prints.will_be(place.key, SHOWS[place.step.shows], self.matter(here))
        answer = self.given.get(place.key)
        answered = self._answered(place, answer)
        if not answered and place.stage is not None:
            self.unanswered.add(place.stage.name)
        elif place.stage is not None and not_yet(place.step, answer):
            self.put_off.add(place.stage.name)
        again = self._tasks and not self.past and left_to_do(place.step, answer)
        if opens and (not answered or again):
            self.open = self.open or place
        if place.key == self.past:
            self.past = ""
        if answered and answer is not None:
            value = _typed(place, answer)
            if value is not NOT_KNOWN:
                self.known[place.key] = here[place.step.key] = value
                self._told = self._told.then(place.key, value)
                if place.item is not None:
                    self._entries.pop((place.of, place.item), None)

    def _answered(self, place: Place, answer: Answer | None) -> bool:
        if place.step.later:
            return not self._item_is_open(place)
        if answer is None or answer.open:
            return False
        if place.step.items:
            return answer.state == "list_done"
        if not place.step.shows or place.step.kind.stands(answer, self.prints[place.key]):
            return True
        # What the IRS was asked for stays the way out, whatever else changes, until the person takes another.
        return place.step.kind.name == "way" and asked_the_irs(str(answer.value), self.given)

    def _item_is_open(self, place: Place) -> bool:
        return self.open is not None and self.open.step in self.house.tree.items[place.step.items].steps

    def needs(self, dialog: Dialog) -> bool:
        """Say whether an optional dialog is needed by what is known so far, or was begun."""
        if not dialog.needed:
            return False
        first = dialog.steps[0]
        begun = self.given.get(first.key)
        return self.holds(dialog.needed) or (begun is not None and not left_to_do(first, begun))

    def holds(self, when: Any, here: Mapping[str, Any] = NOTHING) -> bool:
        """Say whether a condition holds, with the facts of the present item before all others."""
        if when is None:
            return True
        if isinstance(when, str):
            asked = guards.GUARDS[when], (_item(here) if here else None)
            held = self._told.held.get(asked)
            if held is None:
                held = self._told.held[asked] = asked[0](self.matter(here))
            return held
        for key, options in when.items():
            value = here.get(key, self.known.get(key))
            if not (value in options if isinstance(value, str) else set(options) & set(value or ())):
                return False
        return True

    def matter(self, here: Mapping[str, Any] = NOTHING) -> Matter:
        """Return the facts so far in the words of the rules; made anew only after something was learned."""
        item = _item(here)
        found = self._told.matters.get(item)
        if found is None:
            found = matter.read(
                dict(self.known), here, self._items_of, self.day, self.house.params, self._entries
            )
            self._told.matters[item] = found
        return found


def _corrected(given: Answers, calls: Iterable[int]) -> frozenset[int]:
    """Return the entries of the log that another one stands in for, once that is told."""
    told = [one for one in calls if not given.get(f"{CALL_SAID}~{one}", Answer(open=True)).open]
    return frozenset(given[key].value for one in told if (key := f"{matter.CORRECTS}~{one}") in given)


TOLD_KEPT = 4_096


class _Told:
    """What was told up to a question: the facts it makes and what the guards say of them.

    Whoever told the same so far shares it, so one more answer costs what follows from that answer.
    """

    __slots__ = ("_after", "held", "matters")

    def __init__(self) -> None:
        self.matters: dict[tuple[str, int] | None, Matter] = {}  # also as an item of a list sees them
        self.held: dict[tuple[Callable[[Matter], bool], tuple[str, int] | None], bool] = {}
        self._after: dict[tuple[str, Any], _Told] = {}

    def then(self, key: str, value: Any) -> _Told:
        """Return what is told with one answer more."""
        after = self._after.get((key, value))
        if after is None:
            _count_told()
            after = self._after[key, value] = _Told()
        return after


_first: dict[tuple[Parameters, date, tuple[tuple[int, ...], ...]], _Told] = {}
_told = 0


def _first_told(params: Parameters, day: date, items: tuple[tuple[int, ...], ...]) -> _Told:
    key = (params, day, items)
    if key not in _first:
        _count_told()
        _first[key] = _Told()
    return _first[key]


def _count_told() -> None:
    """Let all go that was told when there is too much of it; a walk under way holds its own."""
    global _told
    _told += 1
    if _told > TOLD_KEPT:
        _first.clear()
        _told = 1


def let_go() -> None:
    """Keep nothing more in memory of what was told: somebody wants it gone."""
    global _told
    _walks.clear()
    _first.clear()
    _told = 0


def _item(here: Mapping[str, Any]) -> tuple[str, int] | None:
    return (here[matter.LIST], here[matter.ITEM]) if here else None


PLACES_KEPT = 10_000
_places: dict[tuple[int, int, int | None, int, str], Place] = {}


def _place(dialog: Dialog, step: Step, item: int | None, stage: Dialog, of: str) -> Place:
    """Return a place; each is made once, as it holds nothing of any person."""
    key = (id(dialog), id(step), item, id(stage), of)
    found = _places.get(key)
    if found is None:
        if len(_places) >= PLACES_KEPT:
            _places.clear()
        # It keeps its dialogs and its step: while it lives, nothing else has their ids.
        found = _places[key] = Place(dialog, step, item, stage, of)
    return found


NOT_KNOWN = object()


def left_to_do(step: Step, answer: Answer | None) -> bool:
    """Say whether an answer leaves its step as a task."""
    return answer is not None and bool(step.task) and answer.value == step.task


def not_yet(step: Step, answer: Answer | None) -> bool:
    """Say whether an answer leaves what is asked about still to be done or decided."""
    undecided = answer is not None and step.key == ways.CHOSEN and answer.state == "skipped"
    waits = answer is not None and answer.value == "not_yet"
    return undecided or waits or left_to_do(step, answer) or asked_again(step, answer)


def asked_again(step: Step, answer: Answer | None) -> bool:
    """Say whether an answer names something that the step asks about again after its days."""
    return answer is not None and step.again > 0 and answer.value not in (None, NONE, [NONE])


def items_of(answer: Answer | None) -> list[int]:
    """Return the ids of the items of a list; a list not begun has its first one open."""
    return list(answer.value) if answer is not None and answer.value is not None else [1]


def items_in(name: str, given: Answers, facts: Matter) -> list[int]:
    """Return the ids of the items of a list, whether it is filled in or follows from the answers."""
    made = matter.MADE.get(name)
    return list(made(facts)) if made is not None else items_of(given.get(name))


def _typed(place: Place, answer: Answer) -> Any:
    """Return the typed fact an answer gives, or NOT_KNOWN where it gives none."""
    if place.step.items:
        return tuple(items_of(answer))
    if answer.state == "given" and not place.step.kind.card:
        return place.step.kind.load(answer.value, place.step)
    if answer.state == "not_sure":
        return "not_sure" if place.step.options else None
    return NOT_KNOWN


WALKS_KEPT = 512
NO_ANSWERS: Answers = {}
_walks: dict[tuple[int, int, int, date, str, str], tuple[tuple[House, Answers, Answers], Walk]] = {}


def look(house: House, state: State, now: datetime, case: Case | None = None) -> Walk:
    """Return where the person stands in a case (the one they look at).

    An event, its reminders and its screen look several times. So the last walks are kept, each by the very
    objects it was made from: answers are never changed in place.
    """
    case = case or state.case
    made_from = (house, state.person.answers, case.answers if case else NO_ANSWERS)
    day = today(state.person, now)
    args = state.person.focus.args if state.person.focus.page == "step" else {}
    stage, past = args.get("stage", ""), args.get("past", "")
    key = (id(made_from[0]), id(made_from[1]), id(made_from[2]), day, stage, past)
    if key not in _walks:
        # What it was made from is kept beside it: while it lives, nothing else has its id.
        _walks[key] = made_from, walk(house, answers_of(state, case), day, stage, past)
        while len(_walks) > WALKS_KEPT:
            del _walks[next(iter(_walks))]
    return _walks[key][1]


def present(state: State, walked: Walk) -> Place | None:
    """Return the question that is open on the screen, None on a page."""
    if state.person.focus.page == "edit":
        return walked.place(state.person.focus.args["key"]) or walked.open
    if state.person.focus.page != "step":
        return None
    return walked.open


def confirmed(case: Case, walked: Walk) -> bool:
    """Say whether the person has confirmed the deadline of this case as it is now.

    Who confirmed it and then tells amounts that shorten it is reminded of the sooner day at once.
    """
    given = case.answers.get(CONFIRMS[0])
    asked = (walked.prints.get(CONFIRMS[0]), SHOWS["deadline"](walked.matter))
    return given is not None and given.about in asked


def agreed(case: Case, walked: Walk) -> tuple[Deadline, ...]:
    """Return the deadlines to remind of: all of them once they are confirmed.

    Until then, while a new letter is being told, those that were confirmed before and still are the same days.
    """
    if confirmed(case, walked):
        return walked.matter.deadlines
    given = case.answers.get(CONFIRMS[0])
    days = given.about.split(";") if given is not None else ()
    return tuple(one for one in walked.matter.deadlines if matter.print_of(one) in days)


def habits_of(person: Person) -> reminders.Habits:
    """Return how the person lives, as far as they said: zone, hour, quiet hours, and whether to remind at all."""
    told = person.answers.get
    hour, quiet = told(HOUR_KEY), told(QUIET_KEY)
    return reminders.Habits(
        zone_of(person),
        time(hour.value) if hour is not None else reminders.HOUR,
        quiet_hours(quiet.value) if quiet is not None else reminders.QUIET,
        OFF_KEY not in person.answers,
    )


def quiet_hours(stored: str) -> tuple[time, time] | None:
    """Return the quiet hours stored as "21-8"; None for "none"."""
    begin, dash, end = stored.partition("-")
    return (time(int(begin)), time(int(end))) if dash else None


def things_of(case: Case, walked: Walk) -> tuple[reminders.Thing, ...]:
    """Return what a case has to remind of: its deadlines once they are confirmed, and its tasks.

    A day that needs no deed any more is none of them; it is one again when what took its place is taken back.
    """
    needless = spared.needless(walked.matter, case.marks)
    dated = (one for one in reminders.of_deadlines(agreed(case, walked)) if one.key not in needless)
    return (*dated, *reminders.of_tasks(tasks_of(case, walked)))


def due_reminders(
    house: House, state: State, case: Case, now: datetime
) -> tuple[tuple[reminders.Reminder, ...], tuple[reminders.Reminder, ...]]:
    """Return every reminder that stands for a case's deadlines and tasks, and those still to come."""
    if not case.active or not case.answers:
        return (), ()
    habits = habits_of(state.person)
    things = things_of(case, look(house, state, now, case))
    standing = reminders.standing(things, case.marks, habits)
    return standing, tuple(one for one in standing if one.due > now)


def listed(house: House, state: State, case: Case | None, now: datetime) -> tuple[reminders.Reminder, ...]:
    """Return the reminders of a case still to come that are worth listing."""
    if case is None:
        return ()
    _, coming = due_reminders(house, state, case, now)
    things = things_of(case, look(house, state, now, case)) if coming else ()
    return reminders.shown(things, coming, today(state.person, now))


def tasks_of(case: Case, walked: Walk) -> tuple[tasks.Task, ...]:
    """Return what is left to do: what the answers date, and of each contact, or of the case, the first step put off.

    A step put off that a dated task opens is reminded of with that task only.
    """
    dated = tasks.of(walked.matter)
    opened = {one.opens for one in dated}
    first: dict[tuple[str, int | None], tasks.Task] = {}
    for place in walked.places:
        mark = case.marks.get(place.key, {})
        if "since" in mark and place.key not in opened:
            since = date.fromisoformat(mark["since"])
            # Papers are gathered together: the first of them speaks for all.
            one = (place.of, None) if place.of == DOCUMENTS else ("", place.item)
            if place.step.again:  # nothing speaks for it
                one = (place.key, place.item)
            days = place.step.again or 1
            first.setdefault(one, tasks.put_off(place.key, place.step.template, since, days))
    return (*first.values(), *dated)


def comes_again(key: str) -> bool:
    """Say whether the thing with this key comes again when it is over (a monthly payment)."""
    kind = tasks.KINDS.get(key.partition("~")[0])
    return kind is not None and kind.again


def awake(house: House, turn: Turn, now: datetime) -> Turn:
    """Return the turn of somebody who wrote: if they fall silent now, they are asked in some days."""
    person = turn.state.person
    if turn.forget or not person.answers:
        return turn
    at = _nudge_at(house, turn.state, now)
    if (at, 0) == (person.nudge_at, person.nudges):
        return turn
    return replace(turn, state=_with_person(turn.state, nudge_at=at, nudges=0))


def _nudge_at(house: House, state: State, now: datetime) -> int | None:
    """Return when to ask whether the person wants to go on; None where nothing is open."""
    habits = habits_of(state.person)
    if state.case is None or not state.case.active or not habits.on:
        return None
    day = today(state.person, now)
    staged = state.person.focus.args.get("stage")
    walked = walk(house, answers_of(state), day) if staged else look(house, state, now)
    if walked.open is None:
        return None
    then = day + timedelta(days=reminders.NUDGE_DAYS[0])
    return int(habits.moment(then).timestamp())


def card_print(house: House, state: State, now: datetime) -> str:
    """Return what the pinned card of the case shows, in short; empty where there is none yet."""
    case = state.case
    if case is None or "deadline.confirm" not in case.answers:
        return ""
    staged = state.person.focus.args.get("stage")
    walked = walk(house, answers_of(state), today(state.person, now)) if staged else look(house, state, now)
    main = walked.matter.main
    dated = f"{main.key}:{main.act_by}:{sorted(case.marks.get(main.key, ()))}" if main is not None else ""
    if main is not None:
        dated += spared.needless(walked.matter, case.marks).get(main.key, "")
    stage = walked.open.stage.name if walked.open is not None and walked.open.stage is not None else ""
    return f"{case.number}:{case.name}:{case.outcome}:{dated}:{stage}"


def nudged(person: Person, now: datetime) -> Person:
    """Return the person after one more nudge: the next comes days later, after the last there is silence.

    In quiet hours they are not asked, only later.
    """
    habits = habits_of(person)
    awake = habits.awake(now)
    if awake > now:
        return replace(person, nudge_at=int(awake.timestamp()))
    times = person.nudges + 1
    if person.nudge_at is None or times >= len(reminders.NUDGE_DAYS):
        return replace(person, nudge_at=None, nudges=times)
    days = reminders.NUDGE_DAYS[times] - reminders.NUDGE_DAYS[times - 1]
    then = habits.moment(today(person, now) + timedelta(days=days))
    return replace(person, nudge_at=int(then.timestamp()), nudges=times)


# ---------------------------------------------------------------- what an event does


def advance(house: House, state: State, event: Event, now: datetime) -> Turn:
    """Return what `event` does to `state`. Nothing a person sends raises."""
    act = event.act
    cleared = _quiet(state)
    match act:
        case Barred():
            return Turn(_with_person(state, reachable=act.lifted), show="")
        case Elsewhere():
            return Turn(state, show="", posts=(notices.Tell(f"elsewhere_{act.where}"), notices.Goodbye()))
        case Tapped():
            return _Act(house, cleared, now).tapped(act)
        case Said() if redact.sensitive(act.text):
            return _number_removed(cleared, act.message_id)
        case Handed() if redact.sensitive(act.caption):
            return _number_removed(cleared, act.message_id)
        case Said() if despair.despairs(act.text):
            # The person first: nothing is asked, kept or counted; the open question waits above.
            return Turn(state, show="", posts=(notices.Tell("despair"),))
        case Said(edited=True):
            return Turn(_noted(cleared, Remark("edited")))
        case Handed(edited=True):  # a new caption; a live location sends one every few seconds
            return Turn(state, show="")
        case Said():
            return _Act(house, cleared, now).said(act.text, act.message_id)
        case Handed(place=(latitude, longitude)):
            return _Act(house, cleared, now).located(latitude, longitude)
        case Handed():
            turn = _Act(house, cleared, now).handed(act)
            if despair.despairs(act.caption):
                return replace(turn, show="", posts=(notices.Tell("despair"),))
            return turn
        case Fetched() | NotFetched():
            return _Act(house, state, now).fetched(act)
        case _:
            return Turn(state, show="")


def after_loss(house: House, state: State, event: Event, now: datetime) -> Turn:
    """Return what `event` does where the newest answers may be lost: what is kept last is said, to go on from there.

    A text may be the answer to a question that is not known here any more, so it is none to the present one.
    """
    act = event.act
    walked = look(house, state, now)
    given = answers_of(state)
    kept = [one.key for one in walked.places if one.key in given and not one.step.kind.card]
    note = Remark("older_copy", {"key": kept[-1]}) if kept else Remark("older_copy_none")
    turn = advance(house, state, event, now)
    match act:
        case Said() if not (act.text.lstrip().startswith("/") or redact.sensitive(act.text)):
            return turn if despair.despairs(act.text) else Turn(_noted(_quiet(state), note))
        case Tapped() if turn.toast is None or turn.toast.name != "old_button":
            return turn
        case Said() | Tapped() | Handed():
            return replace(turn, state=_noted(turn.state, note), show=turn.show or "new")
    return turn


def apology(state: State) -> Turn:
    """Return what a person gets whose event failed: an apology and the present question."""
    return Turn(_noted(state, Remark("apology")), show="new")


def _number_removed(state: State, message_id: int) -> Turn:
    return Turn(state, posts=(notices.Unsay(message_id), notices.Tell("number_removed")))


def _with_person(state: State, **changes: Any) -> State:
    return replace(state, person=replace(state.person, **changes))


def _quiet(state: State) -> State:
    """Return the state with nothing to be said once any more."""
    focus = state.person.focus
    if focus.note is None and focus.problem is None:
        return state
    return _with_person(state, focus=replace(focus, note=None, problem=None))


def _noted(state: State, note: Remark | None = None, problem: Remark | None = None) -> State:
    return _with_person(state, focus=replace(state.person.focus, note=note, problem=problem))


def _page(state: State, page: str, note: Remark | None = None, **args: Any) -> State:
    revision = state.person.focus.revision + 1
    return _with_person(state, focus=Focus(page, args, note=note, revision=revision))


def _with_case(state: State, case: Case) -> State:
    others = tuple(case if one.number == case.number else one for one in state.cases)
    if case.number not in {one.number for one in state.cases}:
        others = (*others, case)
    return replace(state, cases=others)


def before_the_letter(walked: Walk, place: Place, day: str) -> Remark | None:
    """Say that a request for a hearing cannot be older than the letter that opens it."""
    opened = lien.hearing(walked.matter) if place.key in SENT_ON else None
    dated = walked.known.get(f"notice.dated~{opened.paper or 1}") if opened is not None else None
    if not isinstance(dated, date) or date.fromisoformat(day) >= dated:
        return None
    return Remark("day_before_letter", {"day": date.fromisoformat(day), "dated": dated})


def with_hearing(state: State, place: Place, answer: Answer) -> State:
    """Take what is said of the request for a hearing at its own question for its step of the plan, and back."""
    other = HEARING_BESIDE.get(place.key)
    if other is None or state.case is None:
        return state
    before = state.case.answers.get(other, Answer())
    if answer.value == HEARING_SENT or place.step.kind.form == "day":
        return _put(state, "case", other, Answer(answer.value, answer.state))
    if answer.value in (NOT_NEEDED, HEARING_DECLINED):  # not wanted: the same at both
        return _put(state, "case", other, Answer(NOT_NEEDED if other in HEARING_DEED else HEARING_DECLINED))
    if before.value in (HEARING_SENT, NOT_NEEDED) and other in HEARING_DEED:  # taken back
        return _put(state, "case", other, None)
    if before.value == HEARING_SENT:
        return _put(state, "case", other, answer)
    return state


def _put(state: State, scope: str, key: str, answer: Answer | None) -> State:
    """Return the state with one answer put (or, with None, taken away), its revision counted on."""
    case = state.case
    old = state.person.answers if scope == "person" else (case.answers if case else {})
    given = dict(old)
    if answer is None:
        given.pop(key, None)
    else:
        before = old.get(key)
        given[key] = replace(answer, revision=before.revision + 1 if before else 1)
    if scope == "person":
        return _with_person(state, answers=given)
    if case is None:
        raise LookupError("there is no case to answer for")
    return _with_case(state, replace(case, answers=given))


COMMANDS = (
    "start", "help", "questions", "case", "deadlines", "papers", "reminders", "cancel", "privacy", "delete",
)  # fmt: skip
TELLS = ("clinic", "advocate")  # pages that ask something for themselves
# pages that need no case
ANYWHERE = ("help", "questions", "privacy", "delete", "pros", "hiring", "mills", *TELLS)


@dataclass(frozen=True, slots=True)
class _Act:
    """One person's act, with what is needed to decide on it."""

    house: House
    state: State
    now: datetime

    # ------------------------------------------------------------ typed

    def said(self, text: str, message_id: int) -> Turn:
        """Read a typed text: a command, or the answer to the question on the screen."""
        if text.lstrip().startswith("/"):
            return self.commanded(text.split(maxsplit=1)[0].lstrip("/").partition("@")[0].casefold())
        walked = look(self.house, self.state, self.now)
        place = present(self.state, walked)
        found = self.house.asked.find(text[:LONGEST_TEXT])
        asks = found.asks and found.sure and len(text) <= LONGEST_TEXT
        if self.state.person.answers == {} and self.state.seen.key == "":
            return self.explained(found.sure) if asks else Turn(self.state)
        unseen = message_id < (self.state.seen.message_id or 0)  # written before this question came
        if unseen or self.state.seen.key != key_of(self.state, place):
            return (
                self.explained(found.sure) if asks else Turn(_noted(self.state, Remark("question_changed")))
            )
        if self.state.person.focus.page == "rename" and place is None:
            return self.renamed(text)
        amount = not asks and (not found.asks or any(map(str.isdecimal, text)))
        if self.state.person.focus.page == "amounts" and place is None and amount:
            return self.tried_amount(text)
        if self.state.person.focus.page == "ask":
            # The question that waits stands right above; what is no new question may be its answer.
            before = replace(self, state=self.returned())
            walked = look(self.house, before.state, self.now)
            return before.typed(text, walked, present(before.state, walked), found)
        if self.state.person.focus.page == "which":
            before = replace(self, state=self.before_the_file())
            walked = look(self.house, before.state, self.now)
            waits = present(before.state, walked)
            if waits is not None and isinstance(
                before.read(text, waits.step, walked.here(waits)), answers.Given
            ):
                return before.typed(text, walked, waits, found)
        return self.typed(text, walked, place, found)

    def before_the_file(self) -> State:
        """Return the state as it was before a file came of which it is asked what it shows."""
        page, args = self.state.person.focus.args.get("back", ["step", {}])
        return _page(self.state, page, **args)

    def typed(self, text: str, walked: Walk, place: Place | None, found: Found) -> Turn:
        """Read a text against what is on the screen: an answer, a word aside, or a question of the person's."""
        if place is None:
            return self.aside(text) or self.asked(found) or Turn(_noted(self.state, Remark("use_buttons")))
        if len(text) > LONGEST_TEXT:
            guess = self.asked(replace(found, sure="", close=False)) if "?" in text else None
            return guess or Turn(_noted(self.state, problem=Remark("too_long")))
        if not found.asks and len(text.split()) < FEWEST_WORDS:
            found = Found()  # a word or two are meant as an answer
        named = answers.named(text, self.house.labels.get(place.step.key, {}))
        # A name or a note is taken as it is, unless it ends as a question does.
        own_words = place.step.kind.form == "text" and not text.rstrip().endswith("?")
        if found.asks and found.sure and not own_words and named is None:
            return self.explained(found.sure)
        if place.step.kind.free and any(
            answers.plain(text) in said
            for kind, said in self.house.asides.items()
            if kind not in ("on", "off", "take")
        ):
            return self.aside(text, walked, place) or self.to_step()
        if place.step.items and (turn := self.told_of_list(text, place)) is not None:
            return turn
        read = self.read(text, place.step, walked.here(place))
        if isinstance(read, answers.Given) and read.state == "given":
            read = before_the_letter(walked, place, read.value) or read
        if isinstance(read, Remark):
            if place.step.kind.name == "money" and not found.asks and any(map(str.isdecimal, text)):
                found = Found()  # a sum that cannot be taken is no question: what is wrong with it is said
            return (
                self.aside(text, walked, place) or self.asked(found) or Turn(_noted(self.state, problem=read))
            )
        if place.step.kind.name == "way" and read.state == "given":
            # A way typed by its name is shown first: it may be one that does not fit.
            return Turn(_page(self.state, "way", of=read.value))
        return self.answered(place, Answer(read.value, read.state), show="new")

    def read(self, text: str, step: Step, known: Mapping[str, Any] = NOTHING) -> answers.Reading:
        """Read a text as an answer to a step, with what is known there."""
        day = today(self.state.person, self.now)
        labels = self.house.labels.get(step.key, {})
        return answers.read(text, answers.Asked(step, day, labels, self.house.months, known))

    def told_of_list(self, text: str, place: Place) -> Turn | None:
        """Read whether a list is to have one more item or is told to its end."""
        labels = self.house.labels.get(place.step.key, {})
        match answers.match(text, {op: labels.get(op, ()) for op in LIST_OPS}):
            case "add":
                return self.added(place)
            case "done":
                items = items_of(answers_of(self.state).get(place.key))
                return self.answered(place, Answer(items, "list_done"), show="new")
        first = self.house.tree.items[place.step.items].steps[0]
        if first.kind.name == "year" and isinstance(self.read(text, first), answers.Given):
            more = replace(self, state=self.added(place).state)  # one more year, told without the button
            walked = look(self.house, more.state, self.now)
            asked = present(more.state, walked)
            if asked is not None and asked.step == first:
                return more.typed(text, walked, asked, Found())
        return None

    def explained(self, question: str) -> Turn:
        """Answer a question of the person's, and show again what was open."""
        return Turn(self.state, posts=(notices.Explain(question),))

    def asked(self, found: Found) -> Turn | None:
        """Answer what was asked; where it is not sure what that is, offer the nearest, and keep it redacted."""
        if found.sure:
            return self.explained(found.sure)
        if not (found.asks or found.close):
            return None
        focus = self.state.person.focus
        back = {"page": focus.page, "args": dict(focus.args)}
        return Turn(_page(self.state, "ask", near=list(found.near), back=back), unknown=found.kept)

    def returned(self) -> State:
        """Return the state as it was before a question was asked that was not understood."""
        focus = self.state.person.focus
        if focus.page != "ask":
            return self.state
        back = focus.args.get("back", {"page": "step", "args": {}})
        return _page(self.state, back["page"], **back["args"])

    def aside(self, text: str, walked: Walk | None = None, place: Place | None = None) -> Turn | None:
        """Answer what is said beside the question ("help", "back", "thanks"), and ask it again."""
        said = answers.plain(text)
        kind = next((kind for kind, words in self.house.asides.items() if said in words), None)
        match kind:
            case None:
                return None
            case "back" if walked is not None and place is not None:
                return self.back(walked, place)
            case "menu" if self.state.case is not None:
                return Turn(_page(_without_draft(self.state), "case"))
            case "help":
                return Turn(_page(_without_draft(self.state), "help"))
            case "why" if place is not None and not place.step.kind.card:
                return Turn(_noted(self.state, Remark("aside_why", {"key": place.key})))
            case "why":  # there is nothing asked here
                return Turn(_noted(self.state, Remark("use_buttons")))
            case "take":
                return self.takes(walked, place)
            case "on" if place is not None and place.step.kind.card:
                return self.answered(place, Answer(state="seen"), show="new")
            case "on" if place is None and self.state.person.focus.page == "change":
                made = self.changed()
                return None if made is None else replace(made, show="new")
            case "off" if place is None and self.state.person.focus.page == "change":
                return replace(self.kept(), show="new")
            case "on" if place is None and self.state.person.focus.page in ONWARD:
                return self.to_step()
            case "on" | "off":
                return None
        return Turn(_noted(self.state, Remark(f"aside_{kind}")))

    def takes(self, walked: Walk | None, place: Place | None) -> Turn | None:
        """Take the way that is on the screen: the one the question offers first, or the one the page is about."""
        if place is not None and walked is not None and place.step.kind.name == "way":
            offered = walked.matter.ways.offered
            return None if offered is None else self.answered(place, Answer(offered), show="new")
        focus = self.state.person.focus
        on_page = place is None and focus.page == "way" and focus.args.get("of") in ways.NAMES
        made = self.taken(focus.args["of"]) if on_page else None
        return None if made is None else replace(made, show="new")

    def located(self, latitude: float, longitude: float) -> Turn:
        """Take the zone of a shared location; the place itself is not kept."""
        zone = zones.at(latitude, longitude)
        if zone is None:
            return Turn(_noted(self.state, problem=Remark("zone_none")))
        place = present(self.state, look(self.house, self.state, self.now))
        if place is not None and place.step.kind.form == "zone":
            return self.answered(place, Answer(zone), show="new")
        if "start.zone" not in self.state.person.answers:
            return Turn(_noted(self.state, Remark("handed_location")))
        moved = _put(self.state, "person", "start.zone", Answer(zone))
        return Turn(_noted(moved, Remark("zone_moved", {"key": "start.zone"})))

    def commanded(self, command: str) -> Turn:
        """Do what a command asks for; none of them loses anything."""
        agreed = "start.zone" in self.state.person.answers
        if command == "start":
            told = agreed and any(case.answers for case in self.state.cases)
            return Turn(_page(_without_draft(self.state), "resume")) if told else Turn(self.to_step().state)
        if command == "cancel":
            return self.cancelled()
        if command not in COMMANDS:
            return Turn(_noted(self.state, Remark("no_such_command")))
        if command in ANYWHERE or (agreed and self.state.case is not None):
            return Turn(_page(_without_draft(self.state), command))
        return Turn(_noted(self.state, Remark("first_this")))

    def cancelled(self) -> Turn:
        """Leave what was begun: an edit, a change not yet confirmed, a page."""
        walked = look(self.house, self.state, self.now)
        started = self.started_item(walked, walked.open)
        begun = (
            self.state.person.focus.page in ("edit", "change", "delete")
            or "change" in self.state.person.drafts
            or started is not None
        )
        state = _without_draft(started or self.state)
        note = Remark("cancelled" if begun else "nothing_to_cancel")
        if state.case is not None:
            return Turn(_page(state, "case", note))
        return Turn(_noted(_page(state, "step"), note))

    # ------------------------------------------------------------ tapped

    def tapped(self, act: Tapped) -> Turn:
        """Do what a button says, if it is a button of now."""
        kind, _, rest = act.data.partition(":")
        parts = rest.split(":")
        done: Turn | None = None
        if len(parts) >= 4 and parts[0].isdecimal() and parts[2].isdecimal():
            number, name, revision = int(parts[0]), parts[1], int(parts[2])
            if kind == "s":
                done = self.tapped_step(number, name, revision, parts[3], ":".join(parts[4:]))
            elif kind == "p":
                done = self.tapped_page(number, name, revision, parts[3], ":".join(parts[4:]))
            elif kind == "r":
                done = self.tapped_reminder(number, name, parts[3], ":".join(parts[4:]), act.message_id)
            elif kind == "f" and name.isdecimal():
                done = self.tapped_file(int(name), parts[3], act.message_id)
        if done is None:
            done = Turn(self.state, toast=Remark("old_button"))
        on_screen = act.message_id == self.state.seen.message_id and not done.below
        explains = any(isinstance(one, notices.Explain | notices.Handover) for one in done.posts)
        edits = done.show and on_screen and not explains  # what is explained stays above the screen
        return replace(done, show="edit" if edits else done.show and "new")

    def tapped_step(self, number: int, code: str, revision: int, op: str, arg: str) -> Turn | None:
        """Do what a button under a question says; None where the question is not open any more."""
        walked = look(self.house, self.state, self.now)
        place = present(self.state, walked)
        if place is None or place.code != code or number != case_number(self.state, place):
            return None
        before = answers_of(self.state).get(place.key)
        if revision != (before.revision if before else 0):
            return None
        step = place.step
        match op:
            case "set" if step.kind.form == "zone" and arg in step.options:
                return self.answered(place, Answer(zones.ZONES[arg]))
            case "set" if step.kind.name in ("choice", "way") and arg in step.options:
                return self.answered(place, Answer(arg))
            case "set" if step.kind.name in ("irs_notice", "year", "count", "day", "money"):
                day = today(self.state.person, self.now)
                read = step.kind.parse(arg, answers.Asked(step, day, known=walked.here(place)))
                return None if isinstance(read, Remark) else self.answered(place, Answer(read.value))
            case "set" if step.kind.name == "choices" and arg == NONE and arg in step.options:
                return self.answered(place, Answer([NONE]))
            case "turn" if arg.isdecimal():
                turned = dict(self.state.person.drafts) | {f"turn:{place.key}": int(arg)}
                return Turn(_with_person(self.state, drafts=turned))
            case "tick" | "untick" if step.kind.name == "choices" and arg in step.options and arg != NONE:
                return Turn(self.ticked(place, arg, on=op == "tick"))
            case "ok" if step.kind.name == "choices":
                ticks = ticks_of(self.state, place)
                if not ticks:
                    return Turn(_noted(self.state, problem=Remark("tick_some")))
                return self.answered(place, Answer(ticks))
            case "ok" if step.kind.card:
                return self.answered(place, Answer(state="seen"))
            case "unsure" if step.not_sure:
                return self.answered(place, Answer(None, "not_sure"))
            case "skip" if step.skip:
                return self.answered(place, Answer(None, "skipped"))
            case "keep" if before is not None and keeps(self.state, place, before):
                return self.answered(place, replace(before, open=False))
            case "add" if step.items:
                return self.added(place)
            case "done" if step.items:
                return self.answered(place, Answer(items_of(before), "list_done"))
            case "drop" if step.items and arg.isdecimal():
                return self.dropped(place, int(arg))
            case "back":
                return self.back(walked, place)
        return None

    def ticked(self, place: Place, option: str, *, on: bool) -> State:
        """Return the state with an option ticked or not."""
        ticks = [one for one in ticks_of(self.state, place) if one != option]
        if on:
            ticks.append(option)
        ordered = [one for one in place.step.options if one in ticks]
        drafts = dict(self.state.person.drafts) | {f"ticks:{place.key}": ordered}
        return _with_person(self.state, drafts=drafts)

    def added(self, place: Place) -> Turn:
        """Open one more item of a list."""
        items = items_of(answers_of(self.state).get(place.key))
        if len(items) >= MOST_ITEMS:
            return Turn(_noted(self.state, problem=Remark("list_full")))
        more = max(max(items) + 1, next_item(answers_of(self.state)))
        state = _put(self.state, place.scope, place.key, Answer([*items, more]))
        # What is asked only on demand is asked where it was opened.
        if place.stage is not None and place.stage.optional:
            return Turn(_page(state, "step", stage=place.stage.name))
        return Turn(_page(state, "step"))

    def dropped(self, place: Place, item: int) -> Turn | None:
        """Take an item off a list; its answers are kept, the rules do not see them."""
        before = answers_of(self.state).get(place.key)
        items = items_of(before)
        if item not in items:
            return None
        if len(items) == 1:
            return Turn(_noted(self.state, problem=Remark("list_last")))
        state = before.state if before else "given"
        return self.answered(place, Answer([one for one in items if one != item], state))

    def started_item(self, walked: Walk, place: Place | None) -> State | None:
        """Return the state without the item that `place` begins, where it is one more and not told to its end."""
        if place is None or place.dialog.scope != "item" or place.step != place.dialog.steps[0]:
            return None
        given = answers_of(self.state)
        # A correction begins with all answers of the entry it stands in for.
        if f"{matter.CORRECTS}~{place.item}" not in given and all(
            one.key in given for one in walked.places if (one.dialog, one.item) == (place.dialog, place.item)
        ):
            return None
        items = [one for one in items_of(given.get(place.of)) if one != place.item]
        return _put(self.state, place.scope, place.of, Answer(items)) if items else None

    def back(self, walked: Walk, place: Place) -> Turn:
        """Open the answer before this one again; on an edit, go back to the summary."""
        if self.state.person.focus.page == "edit":
            above = ABOVE.get(place.of, "summary")
            return Turn(_page(self.state, self.state.person.focus.args.get("to", above)))
        without = self.started_item(walked, place)
        if without is not None:
            return Turn(_page(without, (place.stage.page if place.stage is not None else "") or "step"))
        stage = self.state.person.focus.args.get("stage", "")
        case = self.state.case
        given = answers_of(self.state)
        for one in reversed(walked.places[: walked.places.index(place)]):
            if one.step.later or (stage and one.stage != place.stage):
                continue
            if one.key in given and (not of_the_start(one) or case is None or not case.answers):
                before = given[one.key]
                again = replace(before, state="given") if one.step.items else replace(before, open=True)
                reopened = _put(self.state, one.scope, one.key, again)
                return Turn(_page(reopened, "step", **({"stage": stage} if stage else {})))
        return Turn(_noted(self.state, Remark("first_question")))

    # ------------------------------------------------------------ answers

    def answered(
        self, place: Place, answer: Answer, show: Literal["edit", "new"] = "edit", *, sure: bool = False
    ) -> Turn:
        """Take an answer; one that moves a confirmed deadline or the ways out is asked back first, unless `sure`."""
        state, scope = self.state, place.scope
        if place.step.shows:
            answer = replace(answer, about=look(self.house, state, self.now).prints[place.key])
        after = self.with_task(_put(_without_ticks(state, place), scope, place.key, answer), place, answer)
        after = self.settled(with_hearing(after, place, answer), place)
        after = self.stamped(after, place)
        if place.step.kind.name == "confirm":
            after = _reminding(after)
        after = self.with_letter(after, place)
        editing = state.person.focus.page == "edit"
        moves = self.moves_the_deadline(place, after)
        if not sure and (moves or self.moves_the_ways(place, answer, after)):
            return Turn(self.asked_back(place, answer), show=show)
        worth_saying = not (place.step.kind.card or place.step.items or place.key in UNSAID)
        note = Remark("saved", {"key": place.key}) if worth_saying else None
        if moves:
            after, note = self.confirmed_anew(after)
        if place.of == DOCUMENTS:
            note = Remark(f"paper_{answer.value}", {"paper": place.item})
        if place.step.kind.name == "confirm" and not editing and self.reminds(after):
            return Turn(_page(after, "reminders"), show=show)
        if place.step.key == PAPERS_BEGIN and answer.value == "now":
            return Turn(_page(after, "papers"), show=show)
        if editing and place.of == DOCUMENTS:
            return Turn(_page(after, "papers", note), show=show)
        if editing and place.of == PLAN:  # "I sent it" asks how and when at once
            given, walked = answers_of(after), look(self.house, after, self.now)
            of_it = (one for one in walked.places if (one.of, one.item) == (PLAN, place.item))
            follows = next((one for one in of_it if one.key not in given), None)
            if follows is not None:
                to = state.person.focus.args.get("to", "plan")
                return Turn(_page(after, "edit", note, key=follows.key, to=to), show=show)
        if editing and place.stage is not None and state.person.focus.args.get("follows"):
            # What comes of it follows at once: a broken promise, a letter to compare.
            there = _page(after, "step", stage=place.stage.name, past=place.key)
            if look(self.house, there, self.now).open is not None or not place.step.task:
                return Turn(self.onward(there, note), show=show)
        if editing and not place.step.task:
            above = ABOVE.get(place.of, "summary")
            return Turn(_page(after, state.person.focus.args.get("to", above), note), show=show)
        if left_to_do(place.step, answer) and state.person.focus.args.get("stage"):
            stage = state.person.focus.args["stage"]
            after = _page(after, "step", stage=stage, past=place.key)
        return Turn(self.onward(after, note), show=show)

    def reminds(self, state: State) -> bool:
        """Say whether reminders of the present case are still to come."""
        return bool(listed(self.house, state, state.case, self.now))

    def with_task(self, state: State, place: Place, answer: Answer) -> State:
        """Note since when something is put off that a reminder is to bring back, or that it is done."""
        case, name = state.case, place.key
        if not (place.step.task or place.step.again) or case is None:
            return state
        marks = {key: mark for key, mark in case.marks.items() if key != name}
        if left_to_do(place.step, answer) or asked_again(place.step, answer):
            marks[name] = {"since": today(state.person, self.now).isoformat()}
        return _with_case(state, replace(case, marks=marks))

    def stamped(self, state: State, place: Place) -> State:
        """Note the present day as the answer of the step that keeps it, once."""
        key = place.step.stamps if place.item is None else f"{place.step.stamps}~{place.item}"
        if not place.step.stamps or key in answers_of(state):
            return state
        return _put(
            state,
            place.stage.scope if place.stage else "case",
            key,
            Answer(today(state.person, self.now).isoformat()),
        )

    def settled(self, state: State, place: Place) -> State:
        """Mark the days to ask for a hearing as done once it was asked for, and open again if it was not.

        A request sent after its day keeps neither: the weaker hearing is to be asked for until its own, in a
        step of the plan, or by the call about the late request.
        """
        case = state.case
        if place.key not in (*HEARING_BESIDE, WEAKER_DEED, LATE_DEED) or case is None:
            return state
        done = {"done": today(state.person, self.now).isoformat()}
        marks, given = dict(case.marks), answers_of(state)
        before = answers_of(self.state).get(place.key, Answer()).value
        asked = place.key == HEARING_ASKED[0] or before in (HEARING_SENT, FINISHED)
        matter = look(self.house, state, self.now).matter
        sent = HEARING_SENT in (given.get(key, Answer()).value for key in HEARING_ASKED)
        in_time = sent and lien.sent_in_time(matter) is not False
        # The weaker one: asked for by itself, or the late request was found to count for it.
        keeps = ((LATE_DEED, FINISHED),) if sent else ((WEAKER_DEED, HEARING_SENT),)
        weaker = any(given.get(key, Answer()).value == value for key, value in keeps)
        for one in matter.deadlines:
            second = one.kind in lien.WEAKER.values()
            if not (second or (one.kind in lien.HEARINGS and place.key in HEARING_BESIDE)):
                continue
            if in_time or (second and weaker):
                marks.setdefault(one.key, done)
            elif sent or asked or "how" not in marks.get(one.key, ()):
                marks.pop(one.key, None)
        state = _with_case(state, replace(case, marks=marks))
        shown = look(self.house, state, self.now).prints.get(WEAKER_CARD) if weaker and not sent else None
        # Who has sent it need not be told to send it.
        return state if shown is None else _put(state, "case", WEAKER_CARD, Answer(state="seen", about=shown))

    def with_letter(self, state: State, place: Place) -> State:
        """Begin one more letter where one more contact, told to its end, brought one."""
        walked = look(self.house, state, self.now)
        told = walked.open is None or (walked.open.dialog, walked.open.item) != (place.dialog, place.item)
        if place.dialog.scope != "item" or place.of != matter.CONTACTS or not told:
            return state
        given = answers_of(state)
        letters = items_of(given.get(matter.PAPERS))
        brought = sum(walked.matter.brings_paper(one) for one in walked.matter.contacts)
        if brought <= len(letters) or f"notice.number~{letters[0]}" not in given:
            return state
        return _put(state, "case", matter.PAPERS, Answer([*letters, next_item(given)]))

    def moves_the_deadline(self, place: Place, after: State) -> bool:
        """Say whether an answer moves a deadline that was confirmed."""
        case = self.state.case
        # What is told of a new letter or year is confirmed with its deadline; nothing was told of it before.
        first_told = place.key not in answers_of(self.state) and place.dialog.scope == "item"
        if first_told or place.step.kind.card or case is None or "deadline.confirm" not in case.answers:
            return False
        walked = look(self.house, self.state, self.now)
        if not confirmed(case, walked):
            return False
        new = look(self.house, after, self.now).matter
        return SHOWS["deadline"](walked.matter) != SHOWS["deadline"](new)

    def moves_the_ways(self, place: Place, answer: Answer, after: State) -> bool:
        """Say whether another answer than before moves the ways out of somebody who has seen them."""
        before = answers_of(self.state).get(place.key)
        if before is None or before.open or before.value == answer.value or place.step.kind.card:
            return False
        walked = look(self.house, self.state, self.now)
        at_them = walked.open is not None and walked.open.key == ways.CHOSEN
        # Who was sent to an attorney has seen no other way yet: that lifts by itself.
        seen = ways.CHOSEN in answers_of(self.state) or (
            at_them and guards.details_may_be_asked(walked.matter)
        )
        if not seen or place.key == ways.CHOSEN or walked.place(ways.CHOSEN) is None:
            return False
        return bool(consequences(walked.matter, look(self.house, after, self.now).matter))

    def confirmed_anew(self, state: State) -> tuple[State, Remark]:
        """Count a deadline that was moved knowingly as confirmed, and say so."""
        walked = look(self.house, state, self.now)
        for key in CONFIRMS:
            if key in walked.prints:
                state = _put(state, "case", key, Answer(state="seen", about=walked.prints[key]))
        return state, Remark("changed" if walked.matter.main is not None else "changed_no_day")

    def asked_back(self, place: Place, answer: Answer) -> State:
        """Show what a change would move, before it is made."""
        state, focus = self.state, self.state.person.focus
        draft = {
            "key": place.key,
            "scope": place.scope,
            "value": answer.value,
            "state": answer.state,
            "about": answer.about,
            "at": [focus.page, dict(focus.args)],
        }
        drafts = dict(state.person.drafts) | {"change": draft}
        return _page(_with_person(state, drafts=drafts), "change")

    def onward(self, state: State, note: Remark | None = None) -> State:
        """Return the state at the next open question, or at the case card when there is none."""
        if state.case is None and "start.zone" in state.person.answers:
            state = begun(state, today(state.person, self.now))
        focus = state.person.focus.args
        where = {name: focus[name] for name in ("stage", "past") if name in focus}
        if look(self.house, state, self.now).open is None:
            if where.get("stage") == PAPER_STAGE:
                return _page(state, "papers", note)
            return _page(state, self.page_of(where.get("stage", "")) or "case", note)
        return _page(state, "step", note, **where)

    def page_of(self, stage: str) -> str:
        """Return the page a stage ends on; empty where it has none of its own."""
        return next((one.page for one in self.house.tree.dialogs if one.name == stage), "")

    def to_step(self) -> Turn:
        """Go to the open question, or to the case card."""
        return Turn(self.onward(_page(_without_draft(self.state), "step")))

    # ------------------------------------------------------------ pages

    def tapped_page(self, number: int, page: str, revision: int, op: str, arg: str) -> Turn | None:
        """Do what a button of a page says. Going somewhere is always possible, changing things only now."""
        focus = self.state.person.focus
        now_shown = focus.page == page and focus.revision == revision and number == self.state.person.case
        match op:
            case "q" if arg in self.house.asked.names:
                return replace(self, state=self.returned()).explained(arg)
            case "return" if page == "ask":
                return Turn(self.returned())
            case "topic" if arg.partition(".")[0] in self.house.asked.topics:
                topic, _, at = arg.partition(".")
                return Turn(_page(_without_draft(self.state), "topic", topic=topic, at=at))
            case "go" if arg in GOES and (arg in ANYWHERE or self.state.case is not None):
                return Turn(_page(_without_draft(self.state), arg))
            case "on":
                return self.to_step()
            case "told" if now_shown and page in TELLS:
                name, _, value = arg.partition(".")
                return Turn(_page(self.state, page, **{**focus.args, name: value}))
            case "people" if now_shown and page == "clinic" and arg.isdecimal():
                state = _put(self.state, "person", "household.people", Answer(int(arg)))
                return Turn(_page(state, page, **focus.args))
            case "again" if now_shown and page in TELLS:
                return Turn(_page(self.state, page))
            case "write" if page == "handover" and self.state.case is not None:
                return Turn(self.state, posts=(notices.Handover(self.state.case.number),))
            case "paper" if arg.isdecimal() and (page == "papers" or now_shown):
                return self.to_paper(int(arg))
            case "at" if now_shown and page == "papers" and arg.isdecimal():
                return Turn(_page(self.state, "papers", at=int(arg)))
            case "unplaced" if page == "papers" and unplaced(self.state):
                return Turn(self.asks_which(self.state))
            case "files" if page == "paper" and arg.isdecimal():
                return self.shown_files(int(arg))
            case "put" if page == "which" and now_shown and arg.isdecimal():
                return self.placed(int(arg))
            case "at" if now_shown and page == "which" and arg.isdecimal():
                return Turn(_page(self.state, "which", **{**focus.args, "at": int(arg)}))
            case "all" if now_shown and page == "paper":
                return self.gone_on()
            case "yes" if now_shown and page == "remove":
                return self.removed()
            case "no" if now_shown and page in ("remove", "replace"):
                return self.to_files_of(focus.args["file"])
            case "turn" if now_shown and arg.isdecimal():
                return Turn(_page(self.state, page, **{**focus.args, "turn": int(arg)}))
            case "edit" if now_shown and page in ("summary", "budget"):
                return self.edited(arg)
            case "zone" if now_shown and page == "reminders":
                return Turn(_page(self.state, "edit", key="start.zone"))
            case "set" if now_shown and page in ("hour", "quiet"):
                return self.with_habit(page, arg)
            case "off" if now_shown and page == "reminders":
                return self.reminding(on=False)
            case "again" if now_shown and page == "reminders":
                return self.reminding(on=True)
            case "calendar" if self.state.case is not None:
                return Turn(self.state, show="", posts=(notices.CalendarFile(self.state.case.number),))
            case "more" if now_shown:
                return self.one_more(arg)
            case "over" if now_shown:
                return self.over_again()
            case "close" if now_shown and arg in OUTCOMES:
                return self.with_case(Remark("closed"), "closed", outcome=arg)
            case "export" if page == "calls" and self.state.numbered(number) is not None:
                return Turn(self.state, show="", posts=(notices.CallLog(number),))
            case "correct" if now_shown and page == "calls" and arg.isdecimal():
                return self.corrected(int(arg))
            case "reopen" if now_shown:
                return self.with_case(Remark("reopened"), outcome="")
            case "back" if now_shown:
                return self.brought_back(arg)
            case "stage" if self.state.case is not None:
                return self.to_stage(arg)
            case "see" if arg.partition(".")[0] in SEES and self.state.case is not None:
                shown, _, of = arg.partition(".")
                about: dict[str, Any] = {"of": of} if of else {}
                return Turn(_page(_without_draft(self.state), shown, **about))
            case "take" | "ask" if now_shown:
                return self.taken(arg) if op == "take" else self.asked_for(arg, page)
            case "with" | "without" if now_shown and page == "compare":
                return self.set_beside(arg, on=op == "with")
            case "by" | "which" | "amount" if now_shown and page == "amounts":
                return self.tried(op, arg)
            case "anew" if now_shown and page in ("resume", "cases"):
                fresh = begun(_without_draft(self.state), today(self.state.person, self.now))
                return Turn(_page(fresh, "step", Remark("begun_anew")))
            case "open" if arg.isdecimal() and self.state.numbered(int(arg)) is not None:
                return Turn(_page(_with_person(_without_draft(self.state), case=int(arg)), "case"))
            case "yes" if now_shown and page == "change":
                return self.changed()
            case "no" if now_shown and page == "change":
                return self.kept()
            case "yes" if now_shown and page == "delete":
                gone = State(Person(self.state.person.chat_id), (), self.state.seen)
                return Turn(gone, show="", posts=(notices.Tell("deleted"),), forget=True)
        return None

    def with_habit(self, habit: str, said: str) -> Turn | None:
        """Take the hour the person wants reminders at, or their quiet hours."""
        answer: Answer
        if habit == "hour" and said.isdecimal() and int(said) in HOURS:
            key, answer = HOUR_KEY, Answer(int(said))
        elif habit == "quiet" and said in QUIETS:
            key, answer = QUIET_KEY, Answer(said)
        else:
            return None
        return Turn(_page(_put(self.state, "person", key, answer), "reminders", Remark("habit_saved")))

    def reminding(self, *, on: bool) -> Turn:
        """Remind of nothing at all, or again; no day moves by it."""
        off = _put(self.state, "person", OFF_KEY, Answer(state="seen"))
        return Turn(_page(_reminding(self.state) if on else off, "reminders"))

    def renamed(self, text: str) -> Turn:
        """Give the case the person's own name."""
        case = self.state.case
        name = " ".join(text.split())
        if case is None or not name or len(name) > LONGEST_NAME:
            return Turn(_noted(self.state, problem=Remark("name_too_long", {"most": LONGEST_NAME})))
        state = _with_case(self.state, replace(case, name=name))
        return Turn(_page(state, "case", Remark("renamed")))

    def with_case(self, note: Remark, page: str = "case", **changes: Any) -> Turn | None:
        """Change something about the case itself, and say so on a page."""
        if self.state.case is None:
            return None
        return Turn(_page(_with_case(self.state, replace(self.state.case, **changes)), page, note))

    def over_again(self) -> Turn:
        """Put the case away and begin a new one; it can be brought back."""
        state = _without_draft(self.state)
        if state.case is not None:
            state = _with_case(state, replace(state.case, archived=True))
        return Turn(_page(begun(state, today(state.person, self.now)), "step", Remark("begun_over")))

    def brought_back(self, number: str) -> Turn | None:
        """Bring an archived case back and look at it."""
        case = self.state.numbered(int(number)) if number.isdigit() else None
        if case is None:
            return None
        state = _with_person(_with_case(self.state, replace(case, archived=False)), case=case.number)
        return Turn(_page(_without_draft(state), "case", Remark("brought_back")))

    def one_more(self, code: str) -> Turn | None:
        """Open one more item of a list, from a page."""
        walked = look(self.house, self.state, self.now)
        place = next((one for one in walked.places if one.code == code and one.step.items), None)
        return self.added(place) if place is not None else None

    def corrected(self, item: int) -> Turn | None:
        """Log a call anew, its answers open to be kept or changed; the old entry stays."""
        case = self.state.case
        place = look(self.house, self.state, self.now).place(f"{CALL_SAID}~{item}")
        if case is None or place is None or f"{CALL_SAID}~{item}" not in case.answers:
            return None
        begun = (
            one
            for one in items_of(case.answers.get(place.of))
            if case.answers.get(f"{matter.CORRECTS}~{one}", Answer()).value == item
        )
        if next(begun, None) is not None:  # it is told to its end, not begun again
            return self.to_stage(place.stage.name) if place.stage is not None else None
        (log,) = (one for one in look(self.house, self.state, self.now).places if one.key == place.of)
        turn = self.added(log)
        if turn.state.case is None or turn.state.case is case:
            return turn
        new = items_of(turn.state.case.answers[place.of])[-1]
        given = dict(turn.state.case.answers)
        for key, answer in case.answers.items():
            name, _, of = key.rpartition("~")
            if of == str(item) and name.startswith("call.") and name != CALL_KEPT:
                given[f"{name}~{new}"] = replace(answer, open=name != CALL_ON, revision=1)
        given[f"{matter.CORRECTS}~{new}"] = Answer(item)
        return replace(turn, state=_with_case(turn.state, replace(turn.state.case, answers=given)))

    def to_stage(self, name: str) -> Turn | None:
        """Go to a stage: its first open question, else the case card."""
        dialog = next((one for one in self.house.tree.dialogs if one.name == name), None)
        if dialog is None:
            return None
        state = _page(_without_draft(self.state), "step", stage=name)
        found = look(self.house, state, self.now).open
        if dialog.needed and (found is None or found.stage != dialog):
            return Turn(_page(state, "budget"))
        if dialog.page:
            return Turn(self.onward(state))
        if dialog.optional and look(self.house, state, self.now).open is None:
            for step in dialog.steps:  # read again from the first card
                state = _put(state, dialog.scope, step.key, None)
        return Turn(self.onward(state))

    def edited(self, key: str) -> Turn | None:
        """Ask a question again, from the summary."""
        walked = look(self.house, self.state, self.now)
        place = next((one for one in walked.places if one.code == key), None)
        if place is None or place.step.kind.card:
            return None
        return Turn(_page(self.state, "edit", key=place.key, to=self.state.person.focus.page))

    def changed(self) -> Turn | None:
        """Make the change that was asked back, as if it were answered now; its new deadline counts as confirmed."""
        draft = self.state.person.drafts.get("change")
        if draft is None:
            return None
        page, args = draft.get("at", ["step", {}])
        act = replace(self, state=_page(_without_draft(self.state), page, **args))
        place = look(self.house, act.state, self.now).place(draft["key"])
        if place is None:  # it is no longer asked
            return Turn(act.onward(_page(act.state, "step"), Remark("kept")))
        return act.answered(place, answer_of(draft), sure=True)

    def kept(self) -> Turn:
        """Leave an answer as it was, and go back to where it was being changed from."""
        page, args = self.state.person.drafts.get("change", {}).get("at", ["step", {}])
        state = _without_draft(self.state)
        if page == "edit":
            return Turn(_page(state, args.get("to", "summary"), Remark("kept")))
        return Turn(_page(state, page, Remark("kept"), **args))

    # ------------------------------------------------------------ papers and their files

    def handed(self, act: Handed) -> Turn:
        """Take a photo or a file: what it shows is known from the question, or is asked."""
        why = filing.refusal(self.state, act)
        if why is not None:
            return Turn(_noted(self.state, why))
        focus = self.state.person.focus
        replaced = self.state.file(focus.args["file"]) if focus.page == "replace" else None
        here, named = self.paper_here(), self.paper_named(act.caption)
        number = replaced.paper if replaced is not None else here if named is None else named
        state = filing.received(
            self.state, act, number, replaced.number if replaced is not None else 0, self.now
        )
        file = state.file(act.message_id)
        if file is None:
            raise LookupError("the file is not there")
        if filing.goes_on(self.state, act.album):  # an album gets one answer
            return Turn(state, show="")
        note = Remark("file_coming")
        if file.paper is None:
            return Turn(self.asks_which(state, note))
        if replaced is None and here is None:  # the words beside it told: they stay where they are
            return Turn(_noted(state, note), show="new")
        stage = {"stage": focus.args["stage"]} if focus.args.get("stage") else {}
        return Turn(_page(state, "paper", note, number=file.paper, **stage))

    def paper_here(self) -> int | None:
        """Return the paper that is on the screen."""
        focus = self.state.person.focus
        if focus.page == "paper":
            return int(focus.args["number"])
        walked = look(self.house, self.state, self.now)
        place = present(self.state, walked)
        if place is None or place.of != DOCUMENTS:
            return None
        return next(
            (one.number for one in papers_of(walked) if one.number == place.item and not one.at_hand), None
        )

    def paper_named(self, caption: str) -> int | None:
        """Return the paper on the list that the words beside a file name; None where none or several are named."""
        said = f" {answers.plain(caption)} "
        if any(word in answers.NEGATIONS for word in said.split()):
            return None
        found = {
            f" {answers.plain(one)} ": paper.number
            for paper in papers_of(look(self.house, self.state, self.now))
            for one in self.house.papers.get(paper.name, ())
            if not paper.at_hand and f" {answers.plain(one)} " in said
        }
        # "Business bank statement" names one paper, though "bank statement" stands in it.
        numbers = {
            number
            for one, number in found.items()
            if not any(one in other for other in found if other != one)
        }
        return numbers.pop() if len(numbers) == 1 else None

    def asks_which(self, state: State, note: Remark | None = None) -> State:
        """Return the state with the question which paper the files show; then the person is back where they were."""
        focus = state.person.focus
        back = focus.args["back"] if focus.page == "which" else [focus.page, dict(focus.args)]
        if back[0] in ("replace", "remove"):
            back = ["papers", {}]
        return _page(state, "which", note, back=back)

    def placed(self, number: int) -> Turn | None:
        """Put the files that wait for it to a paper, or to none of the list; go back to where the person was."""
        files = unplaced(self.state)
        if not files:
            return None
        state = filing.placed(self.state, {one.number for one in files}, number)
        for one in files:
            if not one.coming:
                state = had(state, one.case, number)
        page, args = self.state.person.focus.args["back"]
        coming = any(one.coming for one in files)
        note = (
            Remark("file_coming") if coming else Remark("file_kept", {"paper": number, "count": len(files)})
        )
        return Turn(_page(state, page, note, **args))

    def fetched(self, act: Fetched | NotFetched) -> Turn:
        """Take note that the bytes of a file are here, or not; an album gets one answer."""
        file = self.state.file(act.number)
        if file is None or not file.coming:
            return Turn(self.state, show="")
        below = self.state.seen.message_id is not None and self.state.seen.message_id > act.number
        show: Literal["edit", "new"] = "edit" if below else "new"
        if isinstance(act, NotFetched):
            if not act.why:
                return Turn(_noted(self.state, Remark("file_waits")), show=show)
            state = filing.without(self.state, act.number)
            return Turn(_noted(self.nothing_to_place(state), Remark(f"file_{act.why}")), show=show)
        state = filing.arrived(self.state, file, act.mime, act.size)
        if file.paper is not None:
            state = had(state, file.case, file.paper)
        if filing.still_coming(state, file):
            return Turn(state, show="")
        together = [
            one
            for one in state.files
            if one.number == file.number or (file.album and one.album == file.album)
        ]
        note = Remark("file_kept", {"count": len(together), "paper": file.paper})
        return Turn(_noted(state, note), show=show)

    def nothing_to_place(self, state: State) -> State:
        """Return the state without the question which paper the files show, where none is left to ask of."""
        focus = state.person.focus
        if focus.page != "which" or state.files_of(state.person.case, None):
            return state
        page, args = focus.args["back"]
        return _page(state, page, **args)

    def to_paper(self, number: int) -> Turn:
        """Go to one paper: its question, or the files of one that is not on the list."""
        walked = look(self.house, self.state, self.now)
        place = next((one for one in walked.places if (one.of, one.item) == (DOCUMENTS, number)), None)
        if place is None:
            return Turn(_page(self.state, "paper", number=number))
        return Turn(_page(self.state, "edit", key=place.key))

    def to_files_of(self, number: int) -> Turn:
        """Go to the paper a file shows."""
        file = self.state.file(number)
        if file is None or file.paper is None:
            return Turn(_page(self.state, "papers"))
        return Turn(_page(self.state, "paper", number=file.paper))

    def gone_on(self) -> Turn:
        """Go on after the files of a paper: to the next one where they are gone through, else to the list."""
        stage = self.state.person.focus.args.get("stage")
        if stage:
            return Turn(self.onward(_page(self.state, "step", stage=stage)))
        return Turn(_page(self.state, "papers"))

    def shown_files(self, number: int) -> Turn | None:
        """Send the files of a paper back, and the screen below them."""
        listed = {one.number for one in papers_of(look(self.house, self.state, self.now))}
        files = [
            one
            for one in self.state.files
            if one.case == self.state.person.case
            and not one.coming
            and (one.paper == number if number else one.paper is not None and one.paper not in listed)
        ]
        if not files:
            return None
        posts = tuple(notices.ShowFile(one.number) for one in files[-filing.SHOWN_AT_ONCE :])
        return Turn(self.state, posts=posts, below=True)

    def tapped_file(self, number: int, op: str, message_id: int) -> Turn | None:
        """Do what a button under a file says."""
        file = self.state.file(number)
        if file is None or file.coming:
            return None
        state = _with_person(_without_draft(self.state), case=file.case)
        match op:
            case "remove" | "replace":
                return Turn(_page(state, op, file=number, shown=message_id))
            case "move":
                return Turn(_page(state, "which", file=number, back=["papers", {}]))
        return None

    def removed(self) -> Turn | None:
        """Remove a file, and the message that showed it."""
        args = self.state.person.focus.args
        file = self.state.file(args["file"])
        if file is None:
            return None
        page = {"number": file.paper} if file.paper is not None else {}
        state = _page(
            filing.without(self.state, file.number),
            "paper" if page else "papers",
            Remark("file_removed"),
            **page,
        )
        return Turn(state, posts=(notices.Unsay(args["shown"]),))

    # ------------------------------------------------------------ the ways out

    def taken(self, name: str) -> Turn | None:
        """Choose a way out from a page."""
        place = look(self.house, self.state, self.now).place(ways.CHOSEN)
        if place is None or name not in place.step.options:
            return None
        return self.answered(place, Answer(name))

    def asked_for(self, code: str, page: str) -> Turn | None:
        """Ask a question that something hangs on, and come back to the page."""
        walked = look(self.house, self.state, self.now)
        place = next((one for one in walked.places if one.code == code), None)
        if place is None:
            return None
        back = {"follows": True} if page == "case" else {"to": TO_PLAN.get(page, page)}
        return Turn(_page(self.state, "edit", key=place.key, **back))

    def set_beside(self, name: str, *, on: bool) -> Turn:
        """Take a way into the comparison, or out of it; a full one lets the oldest go."""
        args = self.state.person.focus.args
        beside = look(self.house, self.state, self.now).matter.ways.compared(args)
        beside = [one for one in beside if one != name]
        if on:
            beside = [*beside[-(ways.MOST_COMPARED - 1) :], name]
        return Turn(_page(self.state, "compare", **{**args, "ticked": beside}))

    def tried(self, op: str, arg: str) -> Turn | None:
        """Change an amount that is tried, or take what was tried as an answer."""
        walked, args = look(self.house, self.state, self.now), dict(self.state.person.focus.args)
        which = "now" if args.get("which") == "now" else "monthly"
        amounts = walked.matter.ways.amounts(args)
        if op == "which" and arg in ways.AMOUNTS:
            return Turn(_page(self.state, "amounts", **(args | {"which": arg})))
        if op == "by" and arg.removeprefix("-").isdecimal() and len(arg) <= LONGEST_STEP:
            amount = min(max(amounts[which] + int(arg), Decimal(0)), answers.MOST)
            return Turn(_page(self.state, "amounts", **(args | {which: str(amount)})))
        if op != "amount":
            return None
        state = self.state
        for name, key in ways.AMOUNTS.items():
            place = walked.place(key)
            if place is not None and name in args and amounts[name] != walked.matter.ways.told(name):
                state = _put(state, place.dialog.scope, key, Answer(str(amounts[name])))
        return Turn(_page(state, "ways", Remark("amount_taken")))

    def tried_amount(self, text: str) -> Turn:
        """Try an amount that was typed."""
        args = dict(self.state.person.focus.args)
        read = answers.read_money(text)
        if isinstance(read, Remark):
            if read.name == "money_negative":
                return Turn(_noted(self.state, problem=Remark("tried_negative")))
            if read.name != "money_zero":
                return self.aside(text) or Turn(_noted(self.state, problem=read))
            read = answers.Given("0")
        which = "now" if args.get("which") == "now" else "monthly"
        return Turn(_page(self.state, "amounts", **(args | {which: read.value})))

    # ------------------------------------------------------------ reminders

    def tapped_reminder(self, number: int, kind: str, op: str, arg: str, message_id: int) -> Turn | None:
        """Do what a button under a reminder says; the answer comes in the reminder's place."""
        case = self.state.numbered(number)
        if case is None:
            return None
        if op == "on":  # all of the case, on its page of reminders or under the message that stopped them
            return self.reminded_again(case, kind, message_id)
        walked = look(self.house, self.state, self.now, case)
        if op == "open":
            state = self.heard(case, kind, walked)
            return Turn(_page(_with_person(_without_draft(state), case=number), "case"))
        day = today(self.state.person, self.now).isoformat()
        old = case.marks.get(kind, {})
        task = next((one for one in tasks_of(case, walked) if one.key == kind), None)
        dated = next((one for one in walked.matter.deadlines if one.key == kind), None)
        if task is None and dated is None:
            return None
        right = dated is not None and dated.whose is Whose.RIGHT
        if "done" in old and op in ("snooze", "stop", "stopall"):
            op, arg = "done", ""  # a button of an older reminder
        kept = {"since": old["since"]} if "since" in old else {}
        mark: dict[str, Any] | None = None
        match op:
            case "show":
                shown = notices.ReminderShown(number, kind)
                return Turn(self.heard(case, kind, walked), show="", posts=(shown,))
            case "go" if task is not None and task.opens:
                state = _with_person(_without_draft(self.state), case=number)
                return Turn(_page(state, "edit", key=task.opens, follows=True))
            case "done" if right and "done" not in old:
                # What keeps a right is the request alone: it is not done before that is told.
                asks = notices.ReminderAnswered(number, kind, op, message_id)
                return Turn(self.state, show="", posts=(asks,))
            case "done" if task is None or not task.opens:
                mark = {"done": old.get("done", day)} | ({"how": old["how"]} if "how" in old else {})
            case "how" if right and arg in DONE_BY and arg not in KEEPS_A_RIGHT:
                mark = {"answered": day}
            case "how" if (right or "done" in old) and arg in DONE_BY:
                mark = {"done": old.get("done", day), "how": arg}
            case "stop":
                mark = {"stopped": day}
            case "stopall":
                mark = {"stopped": day}
            case "again":
                mark = {}
            case "snooze" if arg in ("", "pick"):
                how = notices.ReminderAnswered(number, kind, f"snooze_{arg}" if arg else op, message_id)
                return Turn(self.heard(case, kind, walked), show="", posts=(how,))
            case "snooze":
                until = self.snoozed(arg)
                if until is None:
                    return None
                mark = {"snoozed": until.isoformat(), "answered": day}
                arg = arg if arg in SNOOZES else "day"
        if mark is None:
            return None
        told = _hearing_told(case, kind, mark.get("how", ""), old.get("how", ""))
        state = _marked(
            _with_case(self.state, told), told, reminders.ALL if op == "stopall" else kind, kept | mark
        )
        if message_id == self.state.seen.message_id:  # on the page of reminders, not under one
            return Turn(_page(state, "reminders"), toast=Remark(f"reminder_{op}"))
        how = notices.ReminderAnswered(number, kind, f"{op}_{arg}" if arg else op, message_id)
        return Turn(state, show="", posts=(how,), toast=Remark(f"reminder_{op}"))

    def heard(self, case: Case, kind: str, walked: Walk) -> State:
        """Return the state in which a reminder was answered today: it is not asked again tomorrow."""
        if not any(one.key == kind for one in things_of(case, walked)):
            return self.state
        answered = {"answered": today(self.state.person, self.now).isoformat()}
        return _marked(self.state, case, kind, {**case.marks.get(kind, {}), **answered})

    def reminded_again(self, case: Case, kind: str, message_id: int) -> Turn:
        """Take the reminders of a case up again after all of them were stopped."""
        state = _marked(self.state, case, reminders.ALL, {})
        if message_id == self.state.seen.message_id:
            return Turn(_page(state, "reminders"), toast=Remark("reminder_again"))
        how = notices.ReminderAnswered(case.number, kind, "again", message_id)
        return Turn(state, show="", posts=(how,), toast=Remark("reminder_again"))

    def snoozed(self, until: str) -> datetime | None:
        """Return the moment a reminder is put off to: an hour, the next morning, or a day (20261203) to come."""
        if until == "hour":
            return (self.now + timedelta(hours=1)).astimezone(UTC)
        day = today(self.state.person, self.now)
        if until == "morning":
            then = day + timedelta(days=1)
        else:
            try:
                then = datetime.strptime(until, "%Y%m%d").replace(tzinfo=UTC).date()
            except ValueError:
                return None
            if not timedelta(0) < then - day <= LONGEST_SNOOZE:
                return None
        return habits_of(self.state.person).moment(then)


HOURS = (6, 7, 8, 9, 10, 12, 14, 16, 17, 18, 19, 20)  # hours offered for reminders
QUIETS = ("20-9", "21-8", "22-7", "23-6", "none")  # quiet hours offered
SNOOZES = ("hour", "morning")
LONGEST_SNOOZE = timedelta(days=31)
DONE_BY = ("hearing", "paid", "plan", "appeal", "court", "called", "other")  # what was done about a day
KEEPS_A_RIGHT = ("hearing", "appeal", "court", "paid")


def _reminding(state: State) -> State:
    """Return the state of somebody who wants to be reminded of this case, whatever they stopped before."""
    if OFF_KEY in state.person.answers:
        state = _put(state, "person", OFF_KEY, None)
    case = state.case
    return (
        _marked(state, case, reminders.ALL, {}) if case is not None and reminders.ALL in case.marks else state
    )


def _marked(state: State, case: Case, key: str, mark: Mapping[str, Any]) -> State:
    """Return the state with the mark of one thing of a case; an empty one is taken away."""
    marks = {name: value for name, value in case.marks.items() if name != key}
    if mark:
        marks[key] = mark
    return _with_case(state, replace(case, marks=marks))


def _hearing_told(case: Case, key: str, how: str, before: str) -> Case:
    """Return the case of somebody who said under a reminder that they asked for a hearing, or took it back.

    It counts at the question for the hearing and in the plan: neither asks for it again.
    """
    kind, given = key.partition("~")[0], dict(case.answers)
    if DONE_BY[0] not in (how, before) or how == before:
        return case
    if kind in lien.HEARINGS:
        says = dict.fromkeys(HEARING_ASKED, HEARING_SENT)
    elif kind not in lien.WEAKER.values():
        return case
    elif given.get(HEARING_ASKED[0], Answer()).value == HEARING_SENT:
        says = {LATE_DEED: FINISHED}
    else:
        says = {WEAKER_DEED: HEARING_SENT}
    for name, value in says.items():
        old = given.get(name, Answer(revision=0))
        if how == DONE_BY[0]:
            given[name] = Answer(value, revision=old.revision + 1)
        elif old.value == value:
            given[name] = Answer("not_yet", revision=old.revision + 1)
    return replace(case, answers=given)


def unplaced(state: State) -> tuple[File, ...]:
    """Return the files of the present case of which nobody said what they show, or the one to be moved."""
    moved = state.file(state.person.focus.args.get("file", 0))
    if state.person.focus.page == "which" and moved is not None:
        return (moved,)
    return state.files_of(state.person.case, None)


def papers_of(walked: Walk) -> tuple[Document, ...]:
    """Return the papers on the list of a case, none before it is clear that there is something to gather."""
    numbers = {one.item for one in walked.places if one.of == DOCUMENTS}
    return tuple(one for one in walked.matter.wanted.papers if one.number in numbers) if numbers else ()


LETTERS = 1  # the number of the paper "all letters of the IRS", which everybody has


def had(state: State, number: int, paper: int) -> State:
    """Return the state with a paper of a case said to be there: its file is."""
    case, key = state.numbered(number), f"{PAPER_STATE}~{paper}"
    if case is None or paper == filing.OTHER:
        return state
    before = case.answers.get(key)
    if before is not None and before.value == "have" and not before.open:
        return state
    answer = Answer("have", revision=before.revision + 1 if before else 1)
    marks = {name: mark for name, mark in case.marks.items() if name != key}
    return _with_case(state, replace(case, answers={**case.answers, key: answer}, marks=marks))


PAPERS_BEGIN = "papers.begin"  # whether to gather them now
PAPER_STAGE, PAPER_STATE = "paper", "paper.state"  # the dialog of one paper, and its question
CONFIRMS = ("deadline.confirm", "deadline.again")  # where the day is confirmed: before the amounts, and after
MOST_ITEMS = 20
LIST_OPS = ("add", "done")  # what can be said to a list
CALL_SAID, CALL_ON, CALL_KEPT = "call.said", "call.on", "call.kept"
HEARING_SENT, HEARING_DECLINED, NOT_NEEDED, FINISHED = "sent", "declined", "not_needed", "finished"
HEARING_DEED = (f"do.sent~{HEARING}", f"do.day~{HEARING}")
HEARING_BESIDE = dict(zip(("hearing.asked", "hearing.sent_on"), HEARING_DEED, strict=True))
HEARING_ASKED = ("hearing.asked", HEARING_DEED[0])
SENT_ON = ("hearing.sent_on", HEARING_DEED[1], f"do.day~{WEAKER_HEARING}")
HEARING_BESIDE |= {deed: asked for asked, deed in HEARING_BESIDE.items()}
WEAKER_CARD = "hearing.weaker"  # tells how to ask for it
WEAKER_DEED, LATE_DEED = f"do.sent~{WEAKER_HEARING}", f"do.done~{LATE_REQUEST}"
NONE = "none"  # the option that stands alone: one tap on it is the answer
UNSAID = ("start.agree", "situation.feeling")  # answers that are not said back above the next question
GOES = (
    "case", "summary", "deadlines", "help", "privacy", "delete", "resume", "reminders",
    "more", "cases", "close", "rename", "calls", "hour", "quiet", "questions", "ways", "plan", "papers",
    "clinic", "advocate", "pros", "hiring", "mills", "handover",
)  # fmt: skip
ABOVE = {DOCUMENTS: "papers", PLAN: "plan"}  # the page above a question of a list
# pages that ask nothing of their own: "ok" goes on from there
ONWARD = ("case", "summary", "deadlines", "reminders", "help", "questions", "privacy", "resume")
# where a question asked from a page leads back to
TO_PLAN = {"script": "plan", "letter": "plan", "way": "ways"}
START = "start"  # the dialog of the first minute
SEES = (
    "ways",
    "others",
    "way",
    "compare",
    "amounts",
    "warnings",
    "missing",
    "plan",
    "script",
    "letter",
)  # pages about one thing
OUTCOMES = ("paid", "plan", "offer", "hardship", "not_owed", "other", "scam")
LONGEST_NAME = 40
LONGEST_STEP = 6  # signs of an amount that a button adds


def next_item(given: Answers) -> int:
    """Return an id no item of any list has or had."""
    # Papers, and what is to be done, have numbers of their own.
    split = [key.rpartition("~") for key in given if not key.startswith("do.")]
    used = [int(item) for key, sign, item in split if sign and key != PAPER_STATE]
    return max(used, default=1) + 1


def turned_to(state: State, place: Place) -> int:
    """Return which page of its options a question is on."""
    return int(state.person.drafts.get(f"turn:{place.key}", 0))


def begun(state: State, day: date) -> State:
    """Return the state with a new case, which the person looks at; the others stay as they are."""
    empty = next((case.number for case in state.cases if not case.answers), None)
    if empty is not None:
        return _with_person(state, case=empty)
    number = max((case.number for case in state.cases), default=0) + 1
    return _with_person(_with_case(state, Case(number, opened=day)), case=number)


def changed_state(state: State, draft: Mapping[str, Any]) -> State:
    """Return the state with a drafted change made."""
    return _put(state, draft["scope"], draft["key"], answer_of(draft))


def answer_of(draft: Mapping[str, Any]) -> Answer:
    """Return the answer a draft holds."""
    return Answer(draft["value"], draft["state"], about=draft.get("about", ""))


def of_the_start(place: Place) -> bool:
    """Say whether a question belongs to the first minute, before there is a case to speak of."""
    return place.dialog.name == START


def keeps(state: State, place: Place, before: Answer) -> bool:
    """Say whether the answer given before can be kept with one tap.

    It can where it was reopened, where it is being edited, and for an amount that a newer letter may change.
    """
    if place.step.items or place.step.kind.card:
        return False
    newer = bool(place.step.shows) and place.step.kind.form == "usd"
    if place.step.kind.name == "way":
        newer = before.state == "given"
    return before.open or newer or state.person.focus.page == "edit"


def case_number(state: State, place: Place) -> int:
    """Return the case a question's buttons carry; 0 for a question about the person."""
    return 0 if place.scope == "person" else state.person.case


def ticks_of(state: State, place: Place) -> list[str]:
    """Return the options ticked so far; those of the old answer where nothing was ticked yet."""
    drafted = state.person.drafts.get(f"ticks:{place.key}")
    if drafted is not None:
        return list(drafted)
    old = answers_of(state).get(place.key)
    return [one for one in old.value if one != NONE] if old is not None and old.value else []


def _without_ticks(state: State, place: Place) -> State:
    names = {f"ticks:{place.key}", f"turn:{place.key}"}
    if not names & set(state.person.drafts):
        return state
    return _with_person(
        state, drafts={key: value for key, value in state.person.drafts.items() if key not in names}
    )


def _without_draft(state: State) -> State:
    if "change" not in state.person.drafts:
        return state
    return _with_person(
        state, drafts={key: value for key, value in state.person.drafts.items() if key != "change"}
    )


def key_of(state: State, place: Place | None) -> str:
    """Return what tells the present view from others: the question with its revision, or the page."""
    if place is None:
        return f"page:{state.person.focus.page}:{state.person.case}"
    before = answers_of(state).get(place.key)
    return f"{case_number(state, place)}:{place.key}:{before.revision if before else 0}"
