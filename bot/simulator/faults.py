"""What can go wrong on purpose: refusals, lost answers, delays, silence and Telegram's limits."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

Close = Literal["before", "after"]

DESCRIPTIONS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
COUNTED = frozenset(
    [
        "sendmessage",
        "editmessagetext",
        "editmessagereplymarkup",
        "editmessagecaption",
        "sendphoto",
        "senddocument",
        "sendmediagroup",
        "copymessage",
    ]
)
_FORGET_CHATS_ABOVE = 10_000


@dataclass
class Fault:
    """One thing that goes wrong with the next calls of a method."""

    method: str
    left: int
    code: int | None
    retry_after: int | None
    chat_id: int | None
    close: Close | None
    delay: float

    def fits(self, method: str, chat_id: int | None) -> bool:
        """Say whether a call is meant; `*` means every method but getUpdates."""
        named = method != "getupdates" if self.method == "*" else method == self.method
        return named and (self.chat_id is None or self.chat_id == chat_id)


class _Bucket:
    """A store of `most` calls that fills again at `rate` a second."""

    def __init__(self, rate: float, most: float) -> None:
        self._rate = rate
        self._most = most
        self._left = most
        self._at = time.monotonic()

    def wait(self, now: float) -> float:
        """Return how long to wait until a call is free."""
        self._left = min(self._most, self._left + (now - self._at) * self._rate)
        self._at = now
        return 0.0 if self._left >= 1 else (1 - self._left) / self._rate

    def take(self) -> None:
        """Use up one call."""
        self._left -= 1


class Faults:
    """Plan what goes wrong. Everything is off until it is switched on."""

    def __init__(self) -> None:
        self.planned: list[Fault] = []
        self.refused = 0
        self.on_down: Callable[[], None] = lambda: None
        self._down = False
        self._rates: tuple[float, float, float] | None = None
        self._overall: _Bucket | None = None
        self._paid: _Bucket | None = None
        self._chats: dict[int, _Bucket] = {}

    @property
    def down(self) -> bool:
        """Say whether every call of the bot is cut off unanswered, until told otherwise."""
        return self._down

    @down.setter
    def down(self, down: bool) -> None:
        self._down = down
        if down:
            self.on_down()

    def fail(
        self,
        method: str,
        times: int = 1,
        code: int | None = None,
        retry_after: int | None = None,
        chat_id: int | None = None,
        close: Close | None = None,
        delay: float = 0.0,
    ) -> None:
        """Let the next calls of a method fail.

        With a `code` nothing is done and that error is answered. `close="before"` cuts the connection with
        nothing done, `close="after"` does it and loses the answer. With neither, `delay` only makes it slow.
        """
        if code is None and close is None and not delay:
            code = 500
        self.planned.append(Fault(method.lower(), times, code, retry_after, chat_id, close, delay))

    def limit(
        self,
        per_second: float | None = 30,
        per_chat: float = 1.0,
        burst: float = 5,
        paid: float = 1000,
    ) -> None:
        """Keep Telegram's limits on messages, edits too; None for `per_second` switches them off.

        `paid`: how many a second beside them are taken with `allow_paid_broadcast`.
        """
        self._chats = {}
        self._paid = _Bucket(paid, paid)
        self._rates = None if per_second is None else (per_second, per_chat, burst)
        self._overall = None if per_second is None else _Bucket(per_second, per_second)

    def clear(self) -> None:
        """Let everything go right again."""
        self.planned.clear()
        self._down = False
        self.limit(None)

    def meets(self, method: str, chat_id: int | None, paid: bool = False) -> Fault | None:
        """Return the fault that a call runs into, and count it."""
        for fault in self.planned:
            if fault.fits(method, chat_id):
                fault.left -= 1
                if fault.left <= 0:
                    self.planned.remove(fault)
                if fault.code == 429:
                    self.refused += 1
                return fault
        wait = self._too_many(method, chat_id, self._paid if paid else self._overall)
        if wait:
            self.refused += 1
            return Fault(method, 0, 429, wait, chat_id, None, 0.0)
        return None

    def _too_many(self, method: str, chat_id: int | None, overall: _Bucket | None) -> int:
        if self._rates is None or overall is None or chat_id is None or method not in COUNTED:
            return 0
        now = time.monotonic()
        if len(self._chats) > _FORGET_CHATS_ABOVE:
            self._chats.clear()
        chat = self._chats.get(chat_id)
        if chat is None:
            chat = self._chats[chat_id] = _Bucket(self._rates[1], self._rates[2])
        wait = max(overall.wait(now), chat.wait(now))
        if wait:
            return math.ceil(wait)
        overall.take()
        chat.take()
        return 0
