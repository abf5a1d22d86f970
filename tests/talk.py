"""A conversation with the core alone: no database, no Telegram, no waiting."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot import dialogs, engine, run, screens
from bot.model import Case, Event, Person, Said, Screen, Seen, State, Tapped, View
from bot.simulator import markup
from bot.words import Words

if TYPE_CHECKING:
    from bot.engine import House, Turn, Walk
    from bot.model import Act
    from bot.notices import Message

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # Monday, 10:00 in New York
ROOT = Path(__file__).parent.parent


@cache
def words() -> Words:
    return Words(ROOT / "templates")


@cache
def house() -> House:
    return run.house_of(dialogs.read(ROOT / "dialogs"), words())


class Talk:
    """One person and the core: what they do, and what is on their screen then."""

    def __init__(self, state: State | None = None, now: datetime = NOW) -> None:
        self.state = state or State(Person(1))
        self.now = now
        self.posts: list[Message] = []
        self.turn: Turn | None = None
        self._messages = self.state.seen.message_id or 0

    def does(self, act: Act) -> Talk:
        """Do something, and take over what is shown then."""
        self.turn = engine.advance(house(), self.state, Event(0, 1, act), self.now)
        self.state = self.turn.state
        self.posts += self.turn.posts
        if self.turn.show:
            shown = self.state.seen.message_id
            if self.turn.show == "new" or shown is None:
                self._messages += 1
                shown = self._messages
            self.state = replace(self.state, seen=Seen(self.view.key, shown))
        return self

    def says(self, *texts: str) -> Talk:
        for text in texts:
            self._messages += 1
            self.does(Said(text, self._messages))
        return self

    def taps_data(self, data: str) -> Talk:
        return self.does(Tapped(data, self.state.seen.message_id or 0, "0"))

    def taps(self, *labels: str) -> Talk:
        """Tap buttons by their labels or a part of them."""
        for label in labels:
            buttons = [button for row in self.screen.rows for button in row]
            fits = [one for one in buttons if one.text == label] or [
                one for one in buttons if label in one.text
            ]
            if not fits:
                raise LookupError(f"no button {label!r} among {[one.text for one in buttons]}")
            self.taps_data(fits[0].data)
        return self

    def chooses(self, *ops: str) -> Talk:
        """Tap buttons by what they do: "set:mail", "skip", "ok"."""
        for op in ops:
            while True:
                choices = [choice for row in self.view.rows for choice in row]
                fits = [one.data for one in choices if one.data.endswith(f":{op}")]
                further = [one.data for one in choices if one.label.block == "turn_on"]
                if fits or not further:
                    break
                self.taps_data(further[0])
            if not fits:
                raise LookupError(f"no button does {op!r} among {[one.data for one in choices]}")
            self.taps_data(fits[0])
        return self

    def ticks(self, *options: str) -> Talk:
        """Tick what is true and confirm it; "none" stands alone and is the answer at once."""
        if options == ("none",):
            return self.chooses("set:none")
        return self.chooses(*(f"tick:{one}" for one in options), "ok")

    def edits(self, key: str) -> Talk:
        """Ask for an answer again, from the summary."""
        place = self.says("/case").taps("My answers").walk.place(key)
        assert place is not None, key
        return self.chooses(f"edit:{place.code}")

    def opens(self, stage: str) -> Talk:
        """Open a stage from the page "more"."""
        return self.chooses("go:more", f"stage:{stage}")

    @property
    def view(self) -> View:
        return screens.view(house(), self.state, self.now)

    @property
    def screen(self) -> Screen:
        return screens.render(words(), self.view)

    @property
    def text(self) -> str:
        return self.screen.text

    @property
    def buttons(self) -> list[str]:
        return [button.text for row in self.screen.rows for button in row]

    @property
    def walk(self) -> Walk:
        return engine.look(house(), self.state, self.now)

    @property
    def open(self) -> str | None:
        """The key of the question that is open on the screen."""
        place = engine.present(self.state, self.walk)
        return place.key if place else None

    @property
    def page(self) -> str:
        return self.state.person.focus.page

    @property
    def case(self) -> Case:
        assert self.state.case is not None
        return self.state.case

    def value(self, key: str) -> object:
        answer = engine.answers_of(self.state).get(key)
        return None if answer is None else answer.value


# A letter in the mail on which nothing looks odd.
PLAIN_LETTER = ("set:mail", "set:irs", "set:none", "set:none")


def begun(now: datetime = NOW) -> Talk:
    """Return somebody who has agreed and said where they live."""
    return Talk(now=now).says("/start").chooses("set:agree", "set:eastern")


def letter(
    number: str = "CP504",
    dated: str = "2026-11-16",
    printed: str = "",
    now: datetime = NOW,
) -> Talk:
    """Return somebody who has told what a letter says, and is shown the first verdict."""
    talk = begun(now).chooses(*PLAIN_LETTER).says(number, dated)
    return talk.says(printed) if printed else talk.chooses("skip")


Years = tuple[tuple[int, str], ...]


def owes(talk: Talk, years: Years = ((2023, "12345.67"),)) -> Talk:
    """Tell the years and amounts on the letter."""
    for n, (year, amount) in enumerate(years):
        if n:
            talk.chooses("add")
        talk.says(str(year), amount)
    return talk.chooses("done")


def confirmed(
    number: str = "CP504",
    dated: str = "2026-11-16",
    printed: str = "",
    years: Years = ((2023, "12345.67"),),
) -> Talk:
    """Return somebody whose deadline is confirmed, and who has told the years: on the page of reminders."""
    talk = letter(number, dated, printed).chooses("ok", "ok")
    if talk.page == "reminders":
        talk.chooses("on")
    owes(talk, years)
    if talk.open == "deadline.again":
        talk.chooses("ok")
    return talk.says("/case").chooses("go:reminders")


def fits(screen: Screen) -> str:
    """Hold a screen to what Telegram takes and a thumb can tap; return its plain text."""
    text, _ = markup.parse_html(screen.text)
    assert 0 < markup.units(text) <= 4096
    for row in screen.rows:
        assert 1 <= len(row) <= 4
        for button in row:
            assert 0 < len(button.text) <= 60
            assert 0 < len(button.copy) <= 256 if button.copy else 0 < len(button.data.encode()) <= 64
    data = [button.data or button.copy for row in screen.rows for button in row]
    assert len(data) == len(set(data)), "two buttons do the same"
    return text
