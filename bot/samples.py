"""Sample people: they give every answer of every dialog, and see what they would see. Pure.

One walks from the first question to the case card. For each further answer to a question, first met on some way,
somebody else goes two ways:
- from the question itself, as one who has told nothing of what comes later, some questions on in that stage;
- from the end of the way it was met on, as one who changes that answer, and is asked what it brings up: to the case card.
So each answer costs a few questions, not a whole way, and a step gives rise to other ways once.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError

from bot import engine, reminders, reminding, screens
from bot.model import Answer, Event, File, Focus, Person, Said, Seen, State, Tapped, Whose
from bot.notices import Card, Digest, Explain, Handover, Nudge, ReminderAnswered, ReminderDue
from bot.rules.matter import SHOWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from bot.engine import House, Place, Walk
    from bot.model import Answers, Screen, View
    from bot.notices import Message
    from bot.words import Words

# People who tell what no single answer brings up: by step, the answer they give (of a day, how many days ago).
TOLD: tuple[Mapping[str, Any], ...] = (
    {"notice.number": "LT11", "notice.dated": 45, "hearing.asked": "sent", "hearing.sent_on": 3},
    {"notice.number": "LT11", "notice.dated": 45, "do.done": "finished", "do.sent": "sent", "do.day": 1},
    {"ways.chosen": "oic_datc", "do.done": "finished", "do.sent": "sent", "do.day": 45},
)
USUAL = {
    "period.amount": "18400",
    "household.people": 7,
    "asset.kind": "vehicle",
    "ways.chosen": "simple_payment_plan",
}  # what is answered where another step is being tried
MIXED = 6  # people who take other answers at every step
NEAR = 4  # questions after a changed answer that are looked at
LATER = timedelta(days=500)  # by then every day has passed
HOWS: Mapping[str, Mapping[str, str]] = {  # what was tapped under a reminder, and the mark it leaves
    "done": {"done": "2026-01-02"},
    "how_hearing": {"done": "2026-01-02", "how": "hearing"},
    "how_other": {"done": "2026-01-02", "how": "other"},
    "how_plan": {"answered": "2026-01-02"},
    "stop": {"stopped": "2026-01-02"},
    "stopall": {},
    "again": {},
    "snooze": {},
    "snooze_pick": {},
    "snooze_hour": {"snoozed": "2026-12-10T15:00:00+00:00"},
    "snooze_morning": {"snoozed": "2026-12-10T15:00:00+00:00"},
    "snooze_day": {"snoozed": "2026-12-10T15:00:00+00:00"},
}
UNSAYABLE = (TemplateError, LookupError, TypeError, ValueError, AttributeError)  # what a text may fail with
ON_SCREEN = 1  # the message that shows the screen
NO_ANSWERS = (
    "?", "hm", "0", "-1", "$1 and $2", "9999999", "March 1, 2031", "13/13/2025", "3/4", "May 5, 1999", "1999", "2050",
    "CP", "ZZ99", "Springfield", "x" * 400,
)  # fmt: skip
FIRST_ITEM = Answer([1], "list_done")
OPEN = "how_plan"  # it keeps no right; of other days it is the end
TASK_HOWS = tuple(how for how in HOWS if not how.startswith(("done", "how")))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question put to somebody, and their answer."""

    place: Place
    state: State  # at the question
    answer: Answer

    def answered(self, now: datetime) -> State:
        """Return the state after the answer; in a stage that was opened, what is put off is asked once."""
        state, stage = (
            put(self.state, self.place, self.answer, now),
            self.state.person.focus.args.get("stage"),
        )
        if stage and engine.left_to_do(self.place.step, self.answer):
            return on(state, "step", stage=stage, past=self.place.key)
        return state


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """One way to the case card.

    `tried`: the answer that was changed at the end of the way `of`, as it is asked of one who told nothing later;
    `fresh`: what that person is asked next in that stage. `asked`: what the change brought up.
    `met`: the questions met here for the first time, each as it is asked of one who told nothing later.
    """

    tried: Asked | None
    of: Way | None
    fresh: tuple[Asked, ...]
    asked: tuple[Asked, ...]
    met: tuple[Asked, ...]
    end: State
    walk: Walk
    ended: bool = True

    @property
    def trail(self) -> tuple[Asked, ...]:
        """Return what was changed one after the other, from the first way on."""
        before = self.of.trail if self.of is not None else ()
        return (*before, self.tried) if self.tried is not None else before


def ways(house: House, now: datetime, mixed: int = 0) -> Iterator[Way]:
    """Return ways on which every answer of every step is given; then those of `mixed` people who answer at random."""
    walking = _Walking(house, now)
    ahead: deque[tuple[Way | None, Asked | None]] = deque([(None, None)])
    while ahead:
        of, tried = ahead.popleft()
        way = walking.way(of, tried)
        yield way
        ahead += [(way, other) for other in walking.others(way)]
    for mix in range(1, mixed + 1):
        yield walking.way(None, None, mix)
    for told in TOLD:
        yield replace(walking, told=told).way(None, None)


@dataclass(slots=True)
class _Walking:
    house: House
    now: datetime
    _met: set[str] = field(default_factory=set)
    told: Mapping[str, Any] = field(default_factory=dict)

    def way(self, of: Way | None, tried: Asked | None, mix: int = 0) -> Way:
        """Walk to the case card."""
        fresh: tuple[Asked, ...] = ()
        state = State(Person(1))
        if self.house.tree.dialogs[0].scope == "case":  # nobody is asked about themselves first
            state = engine.begun(state, self.now.date())
        if of is not None and tried is not None:
            fresh = tuple(self._fresh(tried))
            # What the question shows may have changed since it was met.
            shown = of.walk.prints.get(tried.place.key, tried.answer.about)
            state = put(of.end, tried.place, replace(tried.answer, about=shown), self.now)
        asked: list[Asked] = []
        met: list[Asked] = []
        ended = False
        for n in range(4 * sum(1 for _ in self.house.tree.steps()) + 20):
            walked = engine.look(self.house, state, self.now)
            place = walked.open
            if place is None and state.person.focus.args:  # what an opened stage brought up is asked next
                state = on(state, "step")
                continue
            unread = self._unread(walked, engine.answers_of(state)) if place is None else None
            if unread is not None:  # what is read only when it is opened
                state = on(state, "step", stage=unread)
                continue
            if (
                place is None and state.person.focus.args
            ):  # a stage that was opened is over: what did it bring up?
                state = on(state, "step")
                continue
            if place is None:
                ended = True
                break
            could = self._answers(place, walked, state)
            answer = could[(mix * (n + 3) + n * n) % len(could)] if mix else could[0]
            if mix and place.step.items:
                answer = could[mix % 2 if len(engine.items_of(could[0])) == 1 else 0]
            asked.append(Asked(place, state, answer))
            if self._is_new(place, state):
                met.append(Asked(place, as_asked(state, walked, place), answer))
            state = asked[-1].answered(self.now)
        state = on(state, "step")
        walked = engine.look(self.house, state, self.now)
        # A list that is added to as things come is never the open question.
        lists = [one for one in walked.places if one.step.later] if ended and of is None and not mix else []
        met += [Asked(one, state, FIRST_ITEM) for one in lists if self._is_new(one, state)]
        return Way(tried, of, fresh, tuple(asked), tuple(met), state, walked, ended)

    def _unread(self, walked: Walk, given: Answers) -> str | None:
        """Return a stage that waits until it is opened, with a question that nobody met yet."""
        waits = (
            one
            for one in walked.places
            if one.stage is not None and one.stage.optional and not one.step.later
        )
        new = (one for one in waits if one.key not in given and one.step.key not in self._met)
        return next((one.stage.name for one in new if one.stage is not None), None)

    def others(self, way: Way) -> Iterator[Asked]:
        """Return the other answers to what was met on a way for the first time."""
        for one in way.met:
            walked = engine.look(self.house, one.state, self.now)
            for answer in self._answers(one.place, walked, one.state):
                if answer != one.answer:
                    yield replace(one, answer=answer)

    def _fresh(self, tried: Asked) -> Iterator[Asked]:
        """Go on from a question to the end of its stage, or not so far, and see what is asked there."""
        state = tried.answered(self.now)
        for _ in range(NEAR):
            walked = engine.look(self.house, state, self.now)
            place = walked.open
            if place is None:
                return
            one = Asked(place, state, self._answers(place, walked, state)[0])
            yield one
            if place.stage != tried.place.stage:
                return
            state = one.answered(self.now)

    def _is_new(self, place: Place, state: State) -> bool:
        """Say whether nobody met this question before; a list with more than one item is one of its own."""
        more = place.step.items and len(engine.items_of(engine.answers_of(state).get(place.key))) > 1
        name = place.step.key + ("+" if more else "")
        new = name not in self._met
        self._met.add(name)
        return new

    def _answers(self, place: Place, walked: Walk, state: State) -> list[Answer]:
        given = engine.answers_of(state)
        could = answers_to(place, given, walked.prints.get(place.key, ""), self.now, state.person)
        told = self.told.get(place.step.key)
        if isinstance(told, int):
            told = (engine.today(state.person, self.now) - timedelta(days=told)).isoformat()
        return [one for one in could if told is not None and one.value == told] or could


def answers_to(place: Place, given: Answers, shown: str, now: datetime, person: Person) -> list[Answer]:
    """Return answers to a question, the usual one first. `shown` is what the question shows, in short."""
    step = place.step
    if step.kind.card:
        return [Answer(state="seen", about=shown)]
    if step.items:
        items = engine.items_of(given.get(place.key))
        other = [*items, max(items) + 1] if len(items) == 1 else items[1:]
        return [Answer(items, "list_done"), Answer(other)]
    could = [Answer(value, about=shown) for value in step.kind.samples(step, engine.today(person, now))]
    could = [Answer(None, "skipped", about=shown)] * step.skip + could
    usual: tuple[Any, ...] = (USUAL[step.key],) if step.key in USUAL else ("none", ["none"])
    could.sort(key=lambda one: one.value is None or one.value not in usual)
    return [*could, *[Answer(None, "not_sure", about=shown)] * step.not_sure]


def put(state: State, place: Place, answer: Answer, now: datetime) -> State:
    """Return the state with one answer given."""
    stage = state.person.focus.args.get("stage")
    if stage and engine.left_to_do(place.step, answer):
        state = on(state, "step", stage=stage, past=place.key)
    if place.scope == "person":
        person = replace(state.person, answers={**state.person.answers, place.key: answer})
        state = replace(state, person=person)
        if state.case is None and "start.zone" in person.answers:
            state = engine.begun(state, engine.today(person, now))
        return state
    (case,) = state.cases
    told = replace(state, cases=(replace(case, answers={**case.answers, place.key: answer}),))
    return engine.with_hearing(told, place, answer)


def as_asked(state: State, walked: Walk, place: Place) -> State:
    """Return the state of somebody who comes to a question and has told nothing of what comes later."""
    at = walked.places.index(place)
    told = {one.key for one in walked.places[:at]}
    if place.stage is not None and place.stage.optional:  # it can be opened at any time
        told |= {one.key for one in walked.places if one.stage != place.stage}
    given = engine.answers_of(state)
    if place.step.items:
        told.add(place.key)
    items = engine.items_of(given.get(place.of)) if place.of else []
    begun = {}
    if place.of and place.of not in told and place.item in items[1:]:
        begun = {place.of: Answer(items[: items.index(place.item) + 1])}

    def kept(answers: Answers) -> Answers:
        return {key: begun.get(key, one) for key, one in answers.items() if key in told or key in begun}

    cases = tuple(replace(case, answers=kept(case.answers)) for case in state.cases)
    return replace(state, person=replace(state.person, answers=kept(state.person.answers)), cases=cases)


def on(state: State, page: str, **args: Any) -> State:
    """Return the state with the person on a page."""
    return replace(state, person=replace(state.person, focus=Focus(page, args)))


def path(state: State) -> str:
    """Return how a state was reached: the answers, as names."""
    given = engine.answers_of(state)
    return " · ".join(f"{key} = {short(one)}" for key, one in given.items()) or "no answer yet"


def short(answer: Answer) -> str:
    """Return an answer as a name."""
    if answer.value is None:
        return answer.state
    return ", ".join(map(str, answer.value)) if isinstance(answer.value, list) else str(answer.value)


# ---------------------------------------------------------------- what they see


@dataclass(frozen=True)
class Sample:
    """Something a sample person gets to see: what it is called, whose state it is, when, and what is sent besides."""

    name: str
    house: House
    state: State
    when: datetime
    sent: Message | None = None

    @cached_property
    def view(self) -> View:
        """Return what is seen, before it has words."""
        return screens.view(self.house, self.state, self.when)

    def screen(self, words: Words) -> Screen | None:
        """Return it in words; None where it is not worth saying."""
        match self.sent:
            case None:
                return screens.render(words, self.view)
            case Nudge():
                return screens.nudge(self.house, words, self.state, self.when)
            case Card():
                return screens.card(self.house, words, self.state, self.when)
            case Handover():
                return screens.handed_over(self.house, words, self.state, self.sent.case, self.when)
            case Explain():
                return screens.explained(self.house, words, self.state, self.sent.question, self.when)
        return reminding.message(self.house, words, self.state, self.sent, self.when)

    @property
    def place(self) -> Place | None:
        """Return the question that is open on it, None on a page and beside the screen."""
        if self.sent is not None:
            return None
        return engine.present(self.state, engine.look(self.house, self.state, self.when))

    def led(self, act: Tapped | Said) -> Sample | None:
        """Return what an act here leads to, None where it leaves no screen. Raises OldButtonError."""
        seen = Seen("" if self.sent is not None else self.view.key, ON_SCREEN)
        turn = engine.advance(self.house, replace(self.state, seen=seen), Event(1, 1, act), self.when)
        if turn.toast is not None and turn.toast.name == "old_button":
            raise OldButtonError("it counts as an old one at once")
        if not turn.show or turn.forget:
            return None
        behind = replace(self, state=turn.state, sent=None)
        page = turn.state.person.focus.page
        kind = "edit of" if page == "edit" else "step"
        name = f"{kind} {behind.place.step.key}" if behind.place is not None else f"page {page}"
        return replace(behind, name=name)


class OldButtonError(Exception):
    """A button counts as an old one the moment it is shown."""


@dataclass(frozen=True, slots=True)
class Seeing:
    """What sample people see on their ways, and behind each button; of what looks alike for certain, one.

    `faults`: the buttons that lead nowhere.
    """

    house: House
    now: datetime
    faults: list[str] = field(default_factory=list)
    _known: set[Any] = field(default_factory=set)

    def seen_on(self, way: Way) -> Iterator[Sample]:
        """Return what is seen on one way, and behind the buttons not tapped before."""
        ahead = deque(self._on_the_way(way))
        while ahead:
            one = ahead.popleft()
            yield one
            if one.sent is None:
                ahead += self.behind(one)

    def behind(self, one: Sample, shown: Screen | None = None) -> Iterator[Sample]:
        """Tap each button nobody tapped before, type what is no answer, and return what it leads to."""
        try:
            acts: list[tuple[str, Tapped | Said]] = [
                *self._taps(one, one.view.rows if shown is None else shown.rows),
                *self._texts(one),
            ]
        except UNSAYABLE:  # named where it is put into words
            return
        for name, act in acts:
            try:
                led = one.led(act)
            except Exception as error:
                self.faults.append(f"{one.name}: {name} fails: {type(error).__name__}: {error}")
            else:
                yield from () if led is None else (led,)

    def _taps(self, one: Sample, rows: Any) -> Iterator[tuple[str, Tapped]]:
        for data in (button.data for row in rows for button in row if button.data):
            does = ":".join(data.split(":")[4:])
            # Every answer is given at its question; where it is changed, one of each kind of button will do.
            alike = does.partition(":")[0] if one.name.startswith("edit of ") else does
            if self._is_new("tap", one.name, alike):
                yield f"its button {does}", Tapped(data, ON_SCREEN, "1")

    def _texts(self, one: Sample) -> Iterator[tuple[str, Said]]:
        if one.sent is not None or one.name.startswith("edit of ") or not self._is_new("text", one.name):
            return
        texts = ["why?"]
        step = one.place.step if one.place is not None else None
        if step is not None and self._is_new("texts", step.kind.name, step.range):
            texts += NO_ANSWERS
        for text in texts:
            yield f"the text {text[:20]!r}", Said(text, ON_SCREEN + 1)

    def _on_the_way(self, way: Way) -> Iterator[Sample]:
        met = {one.place.key for one in way.met}
        for one in way.met:
            yield self._of_step(one.place, one.state, later=one.place.step.later)
            yield from self._besides(one)
        for one in way.fresh:
            yield self._of_step(one.place, one.state)
        for one in way.asked:
            if one.place.key not in met:
                yield self._of_step(one.place, one.state)
        if way.ended:
            yield from self._edits(way)
            yield from self._pages(way)
            yield from self._reminders(way)
            yield from self._explanations(way)
            if way.tried is None or self._is_new("handover", way.tried.place.key):
                yield self._seen("text of the case on one page", on(way.end, "handover"), sent=Handover(1))

    def _explanations(self, way: Way) -> Iterator[Sample]:
        """Return the answers to what people ask, once for all who have told the same of what answers speak of."""
        for when in (self.now, self.now + LATER):
            told = way.walk.matter  # looked at on another day only for what is new
            days = tuple((one.act_by, one.binding) for one in told.deadlines)
            sender = told.judgement.sender if told.channel else None
            if not self._is_new("days", when, days, told.total is None, told.notice is None, sender):
                continue
            matter = engine.look(self.house, way.end, when).matter
            main, sender = matter.main, matter.judgement.sender if matter.channel else None
            day = main is not None and (
                main.act_by is None,
                main.binding is None or main.binding < matter.today,
            )
            if self._is_new("explained", day, matter.total is None, matter.notice is None, sender):
                for name in sorted(self.house.asked.names):
                    yield self._seen(f"answer to {name}", on(way.end, "case"), when, Explain(name))

    def _seen(
        self, name: str, state: State, when: datetime | None = None, sent: Message | None = None
    ) -> Sample:
        return Sample(name, self.house, state, when or self.now, sent)

    def _of_step(self, place: Place, state: State, *, later: bool = False) -> Sample:
        # A list that things are added to is never the open question: it is looked at to add one, or to drop one.
        shown = on(state, "edit", key=place.key) if later else state
        return self._seen(f"step {place.step.key}", shown)

    def _is_new(self, *what: Any) -> bool:
        new = what not in self._known
        self._known.add(what)
        return new

    def _edits(self, way: Way) -> Iterator[Sample]:
        places = list(way.walk.places)
        if way.tried is not None:
            at = next((n for n, one in enumerate(places) if one.key == way.tried.place.key), len(places))
            places = places[at : at + NEAR]
        for place in places:
            if not place.step.items and not place.step.kind.card:
                yield self._seen(f"edit of {place.step.key}", on(way.end, "edit", key=place.key))

    def _pages(self, way: Way) -> Iterator[Sample]:
        first = self._is_new("pages")
        other = self._is_new("questions", frozenset(one.key for one in way.walk.places))
        for page in engine.GOES if first else ("case", "summary", "more") if other else ("case",):
            yield self._seen(f"page {page}", on(way.end, page))
        if first:
            for near in ([], sorted(self.house.asked.topics["take"])[:NEAR]):
                yield self._seen("page ask", on(way.end, "ask", near=near, back={"page": "case", "args": {}}))
            yield from self._files(way)
        matter = way.walk.matter
        dated, judged = SHOWS["deadline"](matter), SHOWS["verdict"](matter)
        if self._is_new("dated", dated, judged):
            for page in ("deadlines", "reminders"):
                yield self._seen(f"page {page}", on(way.end, page))
            for page in ("case", "deadlines"):
                yield self._seen(f"page {page}", on(way.end, page), self.now + LATER)
        if way.of is not None and way.tried is not None and SHOWS["deadline"](way.of.walk.matter) != dated:
            yield self._change(way.of, way.tried)

    def _files(self, way: Way) -> Iterator[Sample]:
        """Return what is seen of photos and files, those that are here and one that is not yet."""
        files = (File(1, 1, 1, mime="image/jpeg"), File(2, 1, 1, coming=True), File(3, 1, 0), File(4, 1))
        state = replace(way.end, files=files)
        for page in ("papers", "which", "paper", "remove", "replace", "delete"):
            args = {"back": ["papers", {}]} if page == "which" else {"number": 1, "file": 1, "shown": 9}
            yield self._seen(f"page {page}", on(state, page, **args))
        yield self._seen("page paper", on(state, "paper", number=0))

    def _change(self, of: Way, tried: Asked) -> Sample:
        """Return the question whether to change an answer that moves the deadline."""
        state = on(of.end, "change")
        answer, scope = tried.answer, tried.place.scope
        draft = {"key": tried.place.key, "scope": scope, "value": answer.value, "state": answer.state}
        person = replace(state.person, drafts={"change": draft})
        return self._seen("page change", replace(state, person=person))

    def _reminders(self, way: Way) -> Iterator[Sample]:
        state = on(way.end, "case")
        for when in (self.now, self.now + LATER):
            for one in way.walk.matter.deadlines:
                if not self._is_new("reminder", one.kind, one.binding is None, when):
                    continue
                if one.binding is not None:
                    yield self._seen(f"reminder of {one.kind}", state, when, ReminderDue(1, one.key, 3))
                for how in HOWS:
                    if how == OPEN and one.whose is not Whose.RIGHT:
                        continue
                    answered = ReminderAnswered(1, one.key, how, 1)
                    told = _marked(state, one.key, how)
                    yield self._seen(f"answer {how} to a reminder of {one.kind}", told, when, answered)
        dated = [ReminderDue(1, one.key, 0) for one in way.walk.matter.deadlines if one.act_by is not None]
        if len(dated) > 1 and self._is_new("digest", len(dated)):
            for when in (self.now, self.now + LATER):
                yield self._seen("several reminders", state, when, Digest.of(dated))
        main = way.walk.matter.main
        if main is None or not self._is_new("life"):
            return
        yield self._seen("pinned card", state, sent=Card())
        changes: tuple[dict[str, Any], ...] = (
            {"marks": {main.key: {"done": "2026-01-02"}}},
            {"marks": {main.key: {"stopped": "2026-01-02"}}},
            {"name": "Tax of 2023"},
            {"archived": True},
            *({"outcome": one} for one in engine.OUTCOMES),
        )
        for change in changes:
            altered = replace(state, cases=tuple(replace(case, **change) for case in state.cases))
            for page in ("case", "cases", "deadlines", "reminders", "more"):
                yield self._seen(f"page {page}", on(altered, page))
            yield self._seen("pinned card", altered, sent=Card())

    def _besides(self, one: Asked) -> Iterator[Sample]:
        """Return what is sent when a question is left open, or put off."""
        place, state = one.place, one.state
        if state.case is None or place.stage is None:
            return
        if self._is_new("nudge", place.stage.name):
            yield self._seen(f"nudge at {place.stage.name}", state, sent=Nudge())
            yield self._seen("pinned card", state, sent=Card())
        if not (place.step.task or place.step.again):
            return
        left = Answer(place.step.task or [place.step.options[0]])
        off = put(state, place, left, self.now)
        marks = {place.key: {"since": self.now.date().isoformat()}}
        off = replace(off, cases=tuple(replace(case, marks=marks) for case in off.cases))
        yield self._seen(f"step {place.step.key}", on(off, "step", stage=place.stage.name))
        yield self._seen(f"task {place.step.key}", off, sent=ReminderDue(1, place.key, 1))
        yield self._seen("page reminders", on(off, "reminders"))
        for how in TASK_HOWS:
            answered = ReminderAnswered(1, place.key, how, 1)
            told = _marked(off, place.key, how)
            yield self._seen(f"answer {how} to task {place.step.key}", told, sent=answered)


def _marked(state: State, key: str, how: str) -> State:
    """Return the state of somebody who tapped this under the reminder of a thing."""
    key, mark = (reminders.ALL, {"stopped": "2026-01-02"}) if how == "stopall" else (key, HOWS[how])
    marked = (
        replace(one, marks={**one.marks, key: {**one.marks.get(key, {}), **mark}}) for one in state.cases
    )
    return replace(state, cases=tuple(marked))
