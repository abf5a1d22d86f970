"""What one event does: pure. The answers are the state; the step to show is computed from them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from bot import answers, notices, redact, reminders, zones
from bot.model import (
    Answer,
    Barred,
    Case,
    Elsewhere,
    Event,
    Focus,
    Handed,
    Person,
    Remark,
    Said,
    State,
    Tapped,
)
from bot.rules import despair, guards
from bot.rules.matter import SHOWS, Matter, Period

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from bot.dialogs import Dialog, Step, Tree
    from bot.model import Answers, Deadline
    from bot.rules.parameters import Parameters

DEFAULT_ZONE = ZoneInfo("America/New_York")  # until the person has said where they are
LONGEST_TEXT = 300  # characters; longer ones are not an answer to any question, and slow to read


@dataclass(frozen=True, slots=True)
class House:
    """What the core decides with: the dialogs, the figures of the law, and the words of the options."""

    tree: Tree
    params: Parameters
    labels: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    months: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """One question as it is asked of this person: the step and, in a list, the item."""

    dialog: Dialog
    step: Step
    item: int | None = None

    @property
    def key(self) -> str:
        """Return the key its answer is kept under."""
        return self.step.key if self.item is None else f"{self.step.key}~{self.item}"

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
    before: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def place(self, key: str) -> Place | None:
        """Return the place with this key, if it holds."""
        return next((place for place in self.places if place.key == key), None)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one event did: the new state, what is to be sent, and the short answer to a tap.

    `show`: put the present screen in the place of the old one, send it anew, or neither.
    """

    state: State
    show: Literal["edit", "new", ""] = "new"
    posts: tuple[notices.Message, ...] = ()
    toast: Remark | None = None
    forget: bool = False


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


def walk(house: House, given: Answers, day: date) -> Walk:
    """Go through all steps in order: which hold, which facts count, which is the first without an answer."""
    places: list[Place] = []
    so_far = _SoFar(house, given, day)
    first: Place | None = None
    for dialog in house.tree.dialogs:
        if not so_far.holds(dialog.when):
            continue
        for step in dialog.steps:
            if not so_far.holds(step.when):
                continue
            place = Place(dialog, step)
            inner = list(_item_places(house, step, given)) if step.items else []
            for one in (*inner, place):
                places.append(one)
                if so_far.answered(one):
                    so_far.learn(one)
                else:
                    first = first or one
    return Walk(tuple(places), first, so_far.known, so_far.matter)


def _item_places(house: House, step: Step, given: Answers) -> Iterator[Place]:
    below = house.tree.items[step.items]
    for item in items_of(given.get(step.key)):
        for inner in below.steps:
            yield Place(below, inner, item)


def items_of(answer: Answer | None) -> list[int]:
    """Return the ids of the items of a list; a list not begun has its first one open."""
    return list(answer.value) if answer is not None and answer.value is not None else [1]


class _SoFar:
    """What is known on the way through the steps; the matter is made anew only after something was learned."""

    def __init__(self, house: House, given: Answers, day: date) -> None:
        self._house = house
        self._given = given
        self._day = day
        self._matter: Matter | None = None
        self.known: dict[str, Any] = {}

    @property
    def matter(self) -> Matter:
        """Return the facts known so far in the words of the rules."""
        if self._matter is None:
            self._matter = matter_of(self._house, self.known, self._given, self._day)
        return self._matter

    def answered(self, place: Place) -> bool:
        """Say whether there is an answer that counts."""
        answer = self._given.get(place.key)
        if answer is None or answer.open:
            return False
        if place.step.items:
            return answer.state == "list_done"
        if place.step.shows:
            return bool(answer.value == SHOWS[place.step.shows](self.matter))
        return True

    def learn(self, place: Place) -> None:
        """Take over the fact that an answer gives."""
        answer, step = self._given[place.key], place.step
        if step.items:
            self.known[place.key] = tuple(answer.value)
        elif answer.state == "given" and not step.shows:
            self.known[place.key] = step.kind.load(answer.value, step)
        elif answer.state == "not_sure":
            self.known[place.key] = "not_sure" if step.options else None
        else:
            return
        self._matter = None

    def holds(self, when: Any) -> bool:
        """Say whether a condition holds."""
        if when is None:
            return True
        if isinstance(when, str):
            return guards.GUARDS[when](self.matter)
        for key, options in when.items():
            value = self.known.get(key)
            if not (value in options if isinstance(value, str) else set(options) & set(value or ())):
                return False
        return True


def matter_of(house: House, known: Mapping[str, Any], given: Answers, day: date) -> Matter:
    """Return the facts of the case in the words of the rules."""
    number = known.get("notice.number")
    return Matter(
        today=day,
        params=house.params,
        channel=known.get("contact.channel"),
        demands=(known.get("contact.demands") or frozenset()) | (known.get("contact.signs") or frozenset()),
        notice_first=known.get("contact.notice_first"),
        earlier_letters=known.get("contact.earlier_letters"),
        paper=known.get("contact.paper"),
        notice=None if number == "not_sure" else number,
        notice_asked="notice.number" in known,
        words=known.get("notice.words"),
        dated=known.get("notice.dated"),
        printed=known.get("notice.printed"),
        lien_filed=known.get("notice.lien_filed"),
        periods=tuple(
            Period(known.get(f"period.year~{item}"), known.get(f"period.amount~{item}"))
            for item in items_of(given.get("notice.periods"))
            if f"period.year~{item}" in known and f"period.amount~{item}" in known
        ),
    )


WALKS_KEPT = 512
NO_ANSWERS: Answers = {}
_walks: dict[tuple[int, int, int, date], tuple[tuple[House, Answers, Answers], Walk]] = {}


def look(house: House, state: State, now: datetime, case: Case | None = None) -> Walk:
    """Return where the person stands in a case (the one they look at).

    An event, its reminders and its screen look several times. So the last walks are kept, each by the very
    objects it was made from: answers are never changed in place.
    """
    case = case or state.case
    made_from = (house, state.person.answers, case.answers if case else NO_ANSWERS)
    day = today(state.person, now)
    key = (id(made_from[0]), id(made_from[1]), id(made_from[2]), day)
    if key not in _walks:
        # What it was made from is kept beside it: while it lives, nothing else has its id.
        _walks[key] = made_from, walk(house, answers_of(state, case), day)
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
    """Say whether the person has confirmed the deadline of this case as it is now."""
    answer = case.answers.get("deadline.confirm")
    return answer is not None and answer.value == SHOWS["deadline"](walked.matter)


def due_reminders(
    house: House, state: State, case: Case, now: datetime
) -> tuple[tuple[Deadline, ...], tuple[reminders.Reminder, ...], tuple[reminders.Reminder, ...]]:
    """Return a case's deadlines, every reminder that stands for them, and those still to come."""
    if "deadline.confirm" not in case.answers:
        return (), (), ()
    walked = look(house, state, now, case)
    if not confirmed(case, walked):
        return walked.matter.deadlines, (), ()
    zone = zone_of(state.person)
    dated = walked.matter.deadlines
    return (
        dated,
        reminders.standing(dated, case.marks, zone),
        reminders.plan(dated, case.marks, zone, now),
    )


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
        case Handed():
            return Turn(_noted(cleared, Remark(f"handed_{act.what}")))
        case _:
            return Turn(state, show="")


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


COMMANDS = ("start", "help", "case", "deadlines", "cancel", "privacy", "delete")


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
        if self.state.person.answers == {} and self.state.seen.key == "":
            return Turn(self.state)
        unseen = message_id < (self.state.seen.message_id or 0)  # written before this question came
        if unseen or self.state.seen.key != key_of(self.state, place):
            return Turn(_noted(self.state, Remark("question_changed")))
        if place is None:
            return Turn(_noted(self.state, Remark("use_buttons")))
        if len(text) > LONGEST_TEXT:
            return Turn(_noted(self.state, problem=Remark("too_long")))
        asked = answers.Asked(
            place.step,
            today(self.state.person, self.now),
            self.house.labels.get(place.step.key, {}),
            self.house.months,
            walked.known,
        )
        read = answers.read(text, asked)
        if isinstance(read, Remark):
            return Turn(_noted(self.state, problem=read))
        return self.answered(place, Answer(read.value, read.state), show="new")

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
        if command in ("help", "privacy", "delete") or (agreed and self.state.case is not None):
            return Turn(_page(_without_draft(self.state), command))
        return Turn(_noted(self.state, Remark("first_this")))

    def cancelled(self) -> Turn:
        """Leave what was begun: an edit, a change not yet confirmed, a page."""
        started = self.started_item(look(self.house, self.state, self.now).open)
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
        if done is None:
            done = Turn(self.state, toast=Remark("old_button"))
        on_screen = act.message_id == self.state.seen.message_id
        return replace(done, show="edit" if done.show and on_screen else done.show and "new")

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
            case "set" if step.kind.name == "choice" and arg in step.options:
                return self.answered(place, Answer(arg))
            case "set" if step.kind.name in ("irs_notice", "year"):
                read = step.kind.parse(arg, answers.Asked(step, today(self.state.person, self.now)))
                return None if isinstance(read, Remark) else self.answered(place, Answer(read.value))
            case "tick" | "untick" if step.kind.name == "choices" and arg in step.options:
                return Turn(self.ticked(place, arg, on=op == "tick"))
            case "ok" if step.kind.name == "choices":
                ticks = ticks_of(self.state, place)
                if not ticks:
                    return Turn(_noted(self.state, problem=Remark("tick_some")))
                return self.answered(place, Answer(ticks))
            case "ok" if step.shows:
                return self.answered(place, Answer(SHOWS[step.shows](walked.matter), "seen"))
            case "unsure" if step.not_sure:
                return self.answered(place, Answer(None, "not_sure"))
            case "skip" if step.skip:
                return self.answered(place, Answer(None, "skipped"))
            case "keep" if before is not None and (before.open or self.state.person.focus.page == "edit"):
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
        """Return the state with an option ticked or not; "none" and the others exclude each other."""
        ticks = [one for one in ticks_of(self.state, place) if one != option]
        if on:
            ticks = [one for one in ticks if (one == "none") == (option == "none")] + [option]
        ordered = [one for one in place.step.options if one in ticks]
        drafts = dict(self.state.person.drafts) | {f"ticks:{place.key}": ordered}
        return _with_person(self.state, drafts=drafts)

    def added(self, place: Place) -> Turn:
        """Open one more item of a list."""
        items = items_of(answers_of(self.state).get(place.key))
        if len(items) >= MOST_ITEMS:
            return Turn(_noted(self.state, problem=Remark("list_full")))
        used = [int(key.rpartition("~")[2]) for key in answers_of(self.state) if "~" in key]
        state = _put(self.state, place.dialog.scope, place.key, Answer([*items, max([*items, *used]) + 1]))
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

    def started_item(self, place: Place | None) -> State | None:
        """Return the state without the item that `place` begins, where it is one more and not told to its end."""
        if place is None or place.item is None or place.step != place.dialog.steps[0]:
            return None
        given = answers_of(self.state)
        if all(f"{step.key}~{place.item}" in given for step in place.dialog.steps):
            return None
        key = next(step.key for _, step in self.house.tree.steps() if step.items == place.dialog.name)
        items = [one for one in items_of(given.get(key)) if one != place.item]
        return _put(self.state, place.dialog.scope, key, Answer(items)) if items else None

    def back(self, walked: Walk, place: Place) -> Turn:
        """Open the answer before this one again; on an edit, go back to the summary."""
        if self.state.person.focus.page == "edit":
            return Turn(_page(self.state, "summary"))
        without = self.started_item(place)
        if without is not None:
            return Turn(_page(without, "step"))
        case = self.state.case
        given = answers_of(self.state)
        if place.step.items and case is not None and confirmed(case, walked):
            # Its items belong to a deadline that is confirmed: they are changed from the summary only.
            done = Answer(items_of(given.get(place.key)), "list_done")
            return Turn(_page(_put(self.state, place.dialog.scope, place.key, done), "summary"))
        for one in reversed(walked.places[: walked.places.index(place)]):
            if one.key in given and (one.dialog.scope != "person" or case is None or not case.answers):
                before = given[one.key]
                again = replace(before, state="given") if one.step.items else replace(before, open=True)
                return Turn(_page(_put(self.state, one.dialog.scope, one.key, again), "step"))
        return Turn(_noted(self.state, Remark("first_question")))

    # ------------------------------------------------------------ answers

    def answered(self, place: Place, answer: Answer, show: Literal["edit", "new"] = "edit") -> Turn:
        """Take an answer; one that moves a confirmed deadline is asked back first."""
        state, scope = self.state, place.dialog.scope
        after = _put(_without_ticks(state, place), scope, place.key, answer)
        editing = state.person.focus.page == "edit"
        case = state.case
        if case is not None and "deadline.confirm" in case.answers and not place.step.shows:
            walked = look(self.house, state, self.now)
            if confirmed(case, walked):
                old, new = walked.matter, look(self.house, after, self.now).matter
                if SHOWS["deadline"](old) != SHOWS["deadline"](new):
                    return Turn(self.asked_back(state, place, answer), show=show)
        worth_saying = not (place.step.shows or place.step.items or place.key == "start.agree")
        note = Remark("saved", {"key": place.key}) if worth_saying else None
        if place.step.kind.name == "confirm" and not editing and self.reminds(after):
            return Turn(_page(after, "reminders"), show=show)
        if editing:
            return Turn(_page(after, "summary", note), show=show)
        return Turn(self.onward(after, note), show=show)

    def reminds(self, state: State) -> bool:
        """Say whether reminders of the present case are still to come."""
        return state.case is not None and bool(due_reminders(self.house, state, state.case, self.now)[2])

    def asked_back(self, state: State, place: Place, answer: Answer) -> State:
        """Show what a change would move, before it is made."""
        draft = {"key": place.key, "scope": place.dialog.scope, "value": answer.value, "state": answer.state}
        drafts = dict(state.person.drafts) | {"change": draft}
        return _page(_with_person(state, drafts=drafts), "change", back=state.person.focus.page == "edit")

    def onward(self, state: State, note: Remark | None = None) -> State:
        """Return the state at the next open question, or at the case card when there is none."""
        if state.case is None and "start.zone" in state.person.answers:
            state = begun(state, today(state.person, self.now))
        if look(self.house, state, self.now).open is None:
            return _page(state, "case", note)
        return _page(state, "step", note)

    def to_step(self) -> Turn:
        """Go to the open question, or to the case card."""
        return Turn(self.onward(_without_draft(self.state)))

    # ------------------------------------------------------------ pages

    def tapped_page(self, number: int, page: str, revision: int, op: str, arg: str) -> Turn | None:
        """Do what a button of a page says. Going somewhere is always possible, changing things only now."""
        focus = self.state.person.focus
        now_shown = focus.page == page and focus.revision == revision and number == self.state.person.case
        match op:
            case "go" if arg in GOES and (
                arg in ("help", "privacy", "delete") or self.state.case is not None
            ):
                return Turn(_page(_without_draft(self.state), arg))
            case "on":
                return self.to_step()
            case "edit" if now_shown and page == "summary":
                return self.edited(arg)
            case "anew" if now_shown and page == "resume":
                fresh = begun(_without_draft(self.state), today(self.state.person, self.now))
                return Turn(_page(fresh, "step", Remark("begun_anew")))
            case "open" if arg.isdecimal() and self.state.numbered(int(arg)) is not None:
                return Turn(_page(_with_person(_without_draft(self.state), case=int(arg)), "case"))
            case "yes" if now_shown and page == "change":
                return self.changed()
            case "no" if now_shown and page == "change":
                back = "summary" if focus.args.get("back") else "step"
                return Turn(_page(_without_draft(self.state), back, Remark("kept")))
            case "yes" if now_shown and page == "delete":
                gone = State(Person(self.state.person.chat_id), (), self.state.seen)
                return Turn(gone, show="", posts=(notices.Tell("deleted"),), forget=True)
        return None

    def edited(self, key: str) -> Turn | None:
        """Ask a question again, from the summary."""
        walked = look(self.house, self.state, self.now)
        place = next((one for one in walked.places if one.code == key), None)
        if place is None or place.step.shows:
            return None
        if place.step.items:
            given = answers_of(self.state)[place.key]
            return Turn(
                _page(_put(self.state, place.dialog.scope, place.key, replace(given, state="given")), "step")
            )
        return Turn(_page(self.state, "edit", key=place.key))

    def changed(self) -> Turn | None:
        """Make the change that was asked back; its new deadline counts as confirmed."""
        draft = self.state.person.drafts.get("change")
        if draft is None:
            return None
        back = self.state.person.focus.args.get("back")
        state = changed_state(_without_draft(self.state), draft)
        walked = look(self.house, state, self.now)
        if walked.matter.main is not None:
            mark = SHOWS["deadline"](walked.matter)
            state = _put(state, "case", "deadline.confirm", Answer(mark, "seen"))
        note = Remark("changed" if walked.matter.main is not None else "changed_no_day")
        return Turn(_page(state, "summary", note) if back else self.onward(state, note))

    # ------------------------------------------------------------ reminders

    def tapped_reminder(self, number: int, kind: str, op: str, arg: str, message_id: int) -> Turn | None:
        """Do what a button under a reminder says; the answer comes in the reminder's place."""
        case = self.state.numbered(number)
        if case is None:
            return None
        walked = look(self.house, self.state, self.now, case)
        if op == "open":
            return Turn(_page(_with_person(_without_draft(self.state), case=number), "case"))
        if not any(one.kind == kind for one in walked.matter.deadlines):
            return None
        mark: dict[str, Any]
        if "done" in case.marks.get(kind, {}) and op in ("snooze", "stop"):
            op, arg = "done", ""  # a button of an older reminder
        match op:
            case "done":
                mark = {"done": today(self.state.person, self.now).isoformat()}
            case "stop":
                mark = {"stopped": today(self.state.person, self.now).isoformat()}
            case "again":
                mark = {}
            case "snooze" if arg in ("hour", "morning"):
                mark = {"snoozed": self.snoozed(arg).isoformat()}
            case "snooze":
                how = notices.ReminderAnswered(number, kind, "snooze", message_id)
                return Turn(self.state, show="", posts=(how,))
            case _:
                return None
        marks = {name: value for name, value in case.marks.items() if name != kind} | (
            {kind: mark} if mark else {}
        )
        state = _with_case(self.state, replace(case, marks=marks))
        if message_id == self.state.seen.message_id:  # on the page of reminders, not under one
            return Turn(_page(state, "reminders"), toast=Remark(f"reminder_{op}"))
        how = notices.ReminderAnswered(number, kind, f"{op}_{arg}" if arg else op, message_id)
        return Turn(state, show="", posts=(how,), toast=Remark(f"reminder_{op}"))

    def snoozed(self, until: str) -> datetime:
        """Return the moment a reminder is put off to."""
        if until == "hour":
            return (self.now + timedelta(hours=1)).astimezone(UTC)
        tomorrow = today(self.state.person, self.now) + timedelta(days=1)
        return reminders.moment(tomorrow, reminders.HOUR, zone_of(self.state.person))


MOST_ITEMS = 20
GOES = ("case", "summary", "deadlines", "help", "privacy", "delete", "resume", "reminders")


def begun(state: State, day: date) -> State:
    """Return the state with a new case, which the person looks at; the others stay as they are."""
    empty = next((case.number for case in state.cases if not case.answers), None)
    if empty is not None:
        return _with_person(state, case=empty)
    number = max((case.number for case in state.cases), default=0) + 1
    return _with_person(_with_case(state, Case(number, opened=day)), case=number)


def changed_state(state: State, draft: Mapping[str, Any]) -> State:
    """Return the state with a drafted change made."""
    return _put(state, draft["scope"], draft["key"], Answer(draft["value"], draft["state"]))


def case_number(state: State, place: Place) -> int:
    """Return the case a question's buttons carry; 0 for a question about the person."""
    return 0 if place.dialog.scope == "person" else state.person.case


def ticks_of(state: State, place: Place) -> list[str]:
    """Return the options ticked so far; those of the old answer where nothing was ticked yet."""
    drafted = state.person.drafts.get(f"ticks:{place.key}")
    if drafted is not None:
        return list(drafted)
    old = answers_of(state).get(place.key)
    return list(old.value) if old is not None and old.value else []


def _without_ticks(state: State, place: Place) -> State:
    name = f"ticks:{place.key}"
    if name not in state.person.drafts:
        return state
    return _with_person(
        state, drafts={key: value for key, value in state.person.drafts.items() if key != name}
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
