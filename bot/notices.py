"""What the bot sends besides the screen: one dataclass each, kept in the outbox until it is sent.

A message says *what* to say, not the words: it is looked at again and rendered when it is sent.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable

ANSWERS, UNASKED = 0, 1

MESSAGES: dict[str, type[Message]] = {}


@dataclass(frozen=True, slots=True)
class Message:
    """Something to send. `lane`: people's answers go before what nobody asked for."""

    name: ClassVar[str]
    lane: ClassVar[int] = ANSWERS

    def __init_subclass__(cls) -> None:
        MESSAGES[cls.name] = cls

    def body(self) -> bytes:
        """Return the message as it is stored."""
        return json.dumps([self.name, asdict(self)], separators=(",", ":")).encode()


def load(body: bytes) -> Message:
    """Return the message stored as `body`."""
    name, fields = json.loads(body)
    return MESSAGES[name](**fields)


@dataclass(frozen=True, slots=True)
class Present(Message):
    """The present screen: in the place of message `edit` if that is still the screen, else a new one.

    A newer one takes its place while it is unsent.
    """

    name: ClassVar[str] = "present"
    edit: int | None = None


@dataclass(frozen=True, slots=True)
class Tell(Message):
    """One text of `templates/<lang>/tell.j2`."""

    name: ClassVar[str] = "tell"
    what: str


@dataclass(frozen=True, slots=True)
class Explain(Message):
    """Answer a question the person asked, with their own facts where they matter."""

    name: ClassVar[str] = "explain"
    question: str


@dataclass(frozen=True, slots=True)
class Handover(Message):
    """Write the case on one page, for somebody who is to help."""

    name: ClassVar[str] = "handover"
    case: int


@dataclass(frozen=True, slots=True)
class Unsay(Message):
    """Delete a message of the person's that holds a number which must not be here."""

    name: ClassVar[str] = "unsay"
    message_id: int


@dataclass(frozen=True, slots=True)
class Goodbye(Message):
    """Leave a group or a channel, after it was told why."""

    name: ClassVar[str] = "goodbye"


@dataclass(frozen=True, slots=True)
class ReminderDue(Message):
    """Remind of a deadline or a task. `lead`: for how many days before its day it was planned.

    `key` and `number` are those of the reminder: it is said only while it stands. `due`: when it was to come,
    in seconds since 1970.
    """

    name: ClassVar[str] = "reminder"
    lane: ClassVar[int] = UNASKED
    case: int
    kind: str
    lead: int
    key: str = ""
    number: int = 0
    due: int = 0

    @property
    def each(self) -> tuple[ReminderDue, ...]:
        """Return itself, as the only one."""
        return (self,)


@dataclass(frozen=True, slots=True)
class Digest(Message):
    """Remind of several things at once: each as the fields of a `ReminderDue`."""

    name: ClassVar[str] = "digest"
    lane: ClassVar[int] = UNASKED
    items: tuple[tuple[int, str, int, str, int, int], ...]

    @property
    def each(self) -> tuple[ReminderDue, ...]:
        """Return the reminders it is made of."""
        return tuple(ReminderDue(*one) for one in self.items)

    @classmethod
    def of(cls, reminders: Iterable[ReminderDue]) -> Digest:
        """Return the digest of these reminders."""
        return cls(tuple((one.case, one.kind, one.lead, one.key, one.number, one.due) for one in reminders))


@dataclass(frozen=True, slots=True)
class ReminderShown(Message):
    """Show the reminder of one thing to somebody who asked for it, out of a list of several."""

    name: ClassVar[str] = "reminder_shown"
    case: int
    kind: str


@dataclass(frozen=True, slots=True)
class ReminderAnswered(Message):
    """Put the answer to a reminder's button in that reminder's place."""

    name: ClassVar[str] = "reminder_answered"
    case: int
    kind: str
    how: str
    message_id: int


@dataclass(frozen=True, slots=True)
class CalendarFile(Message):
    """The days of a case as a file for the person's own calendar."""

    name: ClassVar[str] = "calendar_file"
    case: int


@dataclass(frozen=True, slots=True)
class Nudge(Message):
    """Ask somebody who fell silent whether they want to go on."""

    name: ClassVar[str] = "nudge"
    lane: ClassVar[int] = UNASKED


@dataclass(frozen=True, slots=True)
class Card(Message):
    """The case in two lines, pinned at the top of the chat and edited in place."""

    name: ClassVar[str] = "card"


@dataclass(frozen=True, slots=True)
class CallLog(Message):
    """The log of calls as a text file."""

    name: ClassVar[str] = "call_log"
    case: int


@dataclass(frozen=True, slots=True)
class ShowFile(Message):
    """Send a file of a paper back to its person; `number` is that of the message it came with."""

    name: ClassVar[str] = "show_file"
    number: int
