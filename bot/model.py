"""The nouns of the house: frozen values, standard library only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NOTHING: Mapping[str, Any] = MappingProxyType({})

# ---------------------------------------------------------------- the law

Confidence = Literal["high", "medium", "low"]
Figure = Decimal | str | bool | date | tuple[Any, ...] | dict[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read: title, address and, where known, the day it was read."""

    title: str
    url: str
    read: date | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """One figure of the law as it holds from `since` on."""

    name: str
    figure: Figure
    since: date
    source: Source
    confidence: Confidence
    review_by: date
    memory: bool = False
    note: str = ""

    @property
    def amount(self) -> Decimal:
        """Return the figure as a number (US dollars, percent, days: as the parameter says)."""
        if not isinstance(self.figure, Decimal):
            raise TypeError(f"{self.name} is not a number")
        return self.figure

    @property
    def count(self) -> int:
        """Return the figure as a whole number (days, months, years)."""
        whole = int(self.amount)
        if whole != self.amount:
            raise TypeError(f"{self.name} is not a whole number")
        return whole

    @property
    def text(self) -> str:
        """Return the figure as text (a telephone number, an address)."""
        if not isinstance(self.figure, str):
            raise TypeError(f"{self.name} is not a text")
        return self.figure

    @property
    def firm(self) -> bool:
        """Say whether people may be shown this figure as it is; if not, "check this on irs.gov"."""
        return self.confidence != "low" and not self.memory

    def stale(self, day: date) -> bool:
        """Say whether the review day has passed on `day`: the screen then says "check this first"."""
        return day > self.review_by


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence by name: its words stand in `templates/<lang>/`, what it speaks of in `args`."""

    name: str
    args: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition of a conclusion: met, not met, or (None) not known yet."""

    name: str
    met: bool | None
    source: Source | None = None
    args: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    change: Remark | None = None  # what would change it: "pay $3,200 down and it fits"


class Whose(StrEnum):
    """Whose day a deadline is."""

    RIGHT = "right"  # the person's right ends with it
    PAY_BY = "pay_by"  # paying by then stops interest
    IRS_WAITS = "irs_waits"  # the IRS may not act before it
    ASKED = "asked"  # a day the IRS set by itself, in a letter or by an employee


class Weight(StrEnum):
    """How much hangs on a day: it says how often it is reminded of (`LEADS` in `bot/reminders.py`)."""

    RIGHT = "right"  # a right of the person's ends with it
    DAY = "day"  # another day of a letter
    PAYMENT = "payment"  # money is to be sent by it
    PROMISE = "promise"  # what the person means to do themselves on it
    FOLLOW_UP = "follow_up"  # what others promised by it: looked at the day after
    SOFT = "soft"  # to be done from it on


@dataclass(frozen=True, slots=True)
class Deadline:
    """One day that counts, and how it was worked out.

    `raw` is the plain count, `legal_last` the day after roll-over (26 U.S.C. 7503) where that applies,
    `safe_by` the business day to aim for, `binding` the earlier of the printed and the legal day
    (for Letter 3172 the printed day). A rule that gives no day has None in all of them and says why
    in `none_because`. After `review_by` the screen says "check this first".
    """

    rule: str
    kind: str
    whose: Whose
    raw: date | None
    legal_last: date | None
    safe_by: date | None
    printed: date | None
    binding: date | None
    steps: tuple[Remark, ...]
    source: Source
    confidence: Confidence
    also: tuple[Deadline, ...] = ()
    none_because: Remark | None = None
    paper: int = 0  # which letter of the case opens it; 0 where there is only one to speak of
    review_by: date | None = None

    @property
    def key(self) -> str:
        """Return what tells this deadline from the others of its case."""
        return f"{self.kind}~{self.paper}" if self.paper > 1 else self.kind

    @property
    def act_by(self) -> date | None:
        """Return the day to act by: the earlier of the binding and the safe day."""
        days = [day for day in (self.binding, self.safe_by) if day is not None]
        return min(days, default=None)

    def stale(self, day: date) -> bool:
        """Say whether the review day of its figures has passed on `day`."""
        return self.review_by is not None and day > self.review_by


# ---------------------------------------------------------------- what a person did


@dataclass(frozen=True, slots=True)
class Said:
    """Typed text. `edited` where an older message was changed."""

    text: str
    message_id: int
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Tapped:
    """A tap on a button: its data, the message it hangs on, and the query to answer."""

    data: str
    message_id: int
    query_id: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A photo or a file that hangs on a message: how Telegram names it, its size in bytes, 0 where not told.

    `mime` is what the sender's program calls it: a hint, no more.
    """

    file_id: str = field(repr=False)
    size: int = 0
    mime: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """Something that is not text (photo, document, sticker, voice, location …), with its caption.

    `album` is the same for all that was sent in one go.
    `place`: latitude and longitude of a location.
    """

    what: str
    message_id: int
    caption: str = ""
    edited: bool = False
    file: Attachment | None = None
    album: str = ""
    place: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes of a file are there: of which message, what they are, and how many. `mime` by the bytes."""

    number: int
    mime: str
    size: int


@dataclass(frozen=True, slots=True)
class NotFetched:
    """The bytes of a file are not there: `why` they will not come, or empty while they are still tried for."""

    number: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Barred:
    """The person blocked the bot (or, with `lifted`, let it in again)."""

    lifted: bool = False


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Something in a group or a channel, where the bot does not work."""

    where: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """An update that asks for nothing."""

    why: str


Act = Said | Tapped | Handed | Fetched | NotFetched | Barred | Elsewhere | Ignored


@dataclass(frozen=True, slots=True)
class Event:
    """What one update says somebody did."""

    update_id: int
    chat_id: int
    act: Act


# ---------------------------------------------------------------- what is known

AnswerState = Literal["given", "skipped", "not_sure", "seen", "list_done"]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: a value in its stored form, or that there is none. `open`: reopened, to be asked again.

    `revision` counts the changes of this answer; a button made for an older one is old. `about` is what the
    question showed, in short: the answer counts only while it would show the same.
    """

    value: Any = None
    state: AnswerState = "given"
    open: bool = False
    revision: int = 1
    about: str = ""


Answers = dict[str, Answer]


@dataclass(frozen=True, slots=True)
class Focus:
    """Where the person looks: a page, what it is about, and what is to be said above it once."""

    page: str = "step"
    args: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    note: Remark | None = None
    problem: Remark | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """One chat: its person's own answers, which case it looks at, and drafts not yet confirmed."""

    chat_id: int
    answers: Answers = field(default_factory=dict)
    case: int = 0
    focus: Focus = Focus()
    drafts: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    reachable: bool = True
    nudge_at: int | None = None  # seconds since 1970: when to ask whether they want to go on
    nudges: int = 0  # how often they were asked since they wrote last


@dataclass(frozen=True, slots=True)
class Case:
    """One IRS matter of one person: its answers, and what was done about its deadlines.

    `name` is the person's own for it; `outcome` how it was closed, empty while it is open.
    """

    number: int
    answers: Answers = field(default_factory=dict)
    marks: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: NOTHING)
    opened: date | None = None
    name: str = ""
    outcome: str = ""
    archived: bool = False

    @property
    def active(self) -> bool:
        """Say whether there is still something to do, and to remind of."""
        return not self.outcome and not self.archived


@dataclass(frozen=True, slots=True)
class File:
    """A photo or file of one case; the bytes are kept apart. `number` is that of the message it came with.

    `paper` is the number of the paper it shows, 0 for none of the list, None while nobody said. While `coming`
    its bytes are not here yet; then `file_id` says what to fetch. `takes_over`: the file it replaces.
    """

    number: int
    case: int
    paper: int | None = None
    photo: bool = False
    album: str = ""
    coming: bool = False
    file_id: str = field(default="", repr=False)
    mime: str = ""
    size: int = 0
    takes_over: int = 0
    since: int = 0  # seconds since 1970


@dataclass(frozen=True, slots=True)
class Seen:
    """What the person has on the screen: the key of the view, and the message that shows it."""

    key: str = ""
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class State:
    """All that is known of one chat."""

    person: Person
    cases: tuple[Case, ...] = ()
    seen: Seen = Seen()
    card: int | None = None  # the pinned message that shows the case
    files: tuple[File, ...] = ()

    def files_of(self, case: int, paper: int | None) -> tuple[File, ...]:
        """Return the files of one paper of a case, those kept and those coming, oldest first."""
        return tuple(one for one in self.files if (one.case, one.paper) == (case, paper))

    def file(self, number: int) -> File | None:
        """Return the file that came with this message."""
        return next((one for one in self.files if one.number == number), None)

    @property
    def case(self) -> Case | None:
        """Return the case the person looks at."""
        return self.numbered(self.person.case)

    def numbered(self, number: int) -> Case | None:
        """Return the case with this number."""
        return next((case for case in self.cases if case.number == number), None)


# ---------------------------------------------------------------- what people ask


@dataclass(frozen=True, slots=True)
class Found:
    """What a text may ask. `sure`: the one question it asks; `near`: the nearest ones, the first is the nearest.

    `asks`: it is a question by its form. `close`: the nearest is near enough to be offered where it is none.
    `kept` is the text without numbers and names.
    """

    sure: str = ""
    near: tuple[str, ...] = ()
    asks: bool = False
    close: bool = False
    kept: str = ""


def found_nothing(_text: str) -> Found:
    """Return that a text asks nothing known."""
    return Found()


@dataclass(frozen=True, slots=True)
class Asked:
    """What people ask: the questions under each topic, all that can be explained, and how one is found.

    `find` reads no clock and no file: the same text always finds the same.
    """

    topics: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NOTHING)
    names: frozenset[str] = frozenset()
    find: Callable[[str], Found] = found_nothing


# ---------------------------------------------------------------- what the person sees


@dataclass(frozen=True, slots=True)
class Label:
    """The words on a button: a block of a template, with its args."""

    template: str
    block: str
    args: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Choice:
    """A button before it has words: what it says and what its tap carries."""

    label: Label
    data: str
    style: Literal["", "primary", "danger"] = ""
    copy: str | Label = ""  # instead of a tap that is sent: what it puts on the clipboard


@dataclass(frozen=True, slots=True)
class View:
    """What is to be seen now, before it has words. `key` tells one view from the next."""

    key: str
    template: str
    block: str
    args: Mapping[str, Any]
    rows: tuple[tuple[Choice, ...], ...]
    note: Remark | None = None
    problem: Remark | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A button as it is sent."""

    text: str
    data: str
    style: str = ""
    copy: str = ""


@dataclass(frozen=True, slots=True)
class Screen:
    """A message as it is sent: HTML and rows of buttons."""

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()


# ---------------------------------------------------------------- sending


@dataclass(frozen=True, slots=True)
class Send:
    """Send a new message. `paid`: at the pace that is paid for."""

    chat_id: int
    screen: Screen
    paid: bool = False


@dataclass(frozen=True, slots=True)
class SendFile:
    """Send a file, with a screen under it (its text may be empty); as a picture in the chat where `photo`.

    A picture that Telegram does not take as one goes as a file. `name` is ours, never the person's.
    """

    chat_id: int
    name: str
    mime: str
    content: bytes = field(repr=False)
    screen: Screen = Screen("")
    photo: bool = False


@dataclass(frozen=True, slots=True)
class Edit:
    """Put a screen in the place of a sent message."""

    chat_id: int
    message_id: int
    screen: Screen


@dataclass(frozen=True, slots=True)
class Strip:
    """Take the buttons off a sent message."""

    chat_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Remove:
    """Delete a message from the chat."""

    chat_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Pin:
    """Pin a sent message at the top of the chat, without a sound."""

    chat_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave a group or a channel."""

    chat_id: int


Call = Send | SendFile | Edit | Strip | Remove | Pin | Leave


@dataclass(frozen=True, slots=True)
class Sent:
    """It is there. `message_id` where the call made or changed a message."""

    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """Not now: again after `wait` seconds. `told`: Telegram itself named the time."""

    wait: float
    told: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """The person cannot be reached: blocked, deleted, or never wrote."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Telegram will never take this. `why` is a short name, never a text of a person."""

    why: str


Outcome = Sent | Retry | Gone | Refused
