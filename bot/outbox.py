"""The sender: the oldest unsent of each chat, send, record what came of it.

Order is kept within a chat and lane, chats go in parallel, people's answers before what nobody asked for.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.model import Edit, Gone, Pin, Refused, Retry, Seen, Send, SendFile, Sent, Strip
from bot.notices import ANSWERS, UNASKED
from bot.store import Mark, Row

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from bot.model import Call, Outcome

log = logging.getLogger(__name__)

UNASKED_PER_SECOND = 30.0  # Telegram's limit on messages nobody asked for
SHARE = 0.97  # of a limit; at exactly the limit it answers 429
PER_CHAT = 1.0  # seconds between two unasked messages in one chat
PARALLEL = 100  # calls under way at once
LONGEST_WAIT = 60.0
OWN_FAULT = Retry(5.0)  # what an error of ours means for the message it hit


@dataclass(frozen=True, slots=True)
class Rendered:
    """A row in words: the call to make and, for a screen, which view it shows and what it takes the place of."""

    call: Call
    view: str | None = None
    stale_message: int | None = None
    card: bool = False


@dataclass(slots=True)
class _Chat:
    lanes: tuple[deque[Row], deque[Row]] = field(default_factory=lambda: (deque(), deque()))
    busy: bool = False
    under_way: Row | None = None
    withdrawn: bool = False  # what is under way is not to be tried again
    strikes: int = 0
    not_before: float = 0.0
    told: bool = False  # Telegram itself named that moment
    unasked_after: float = 0.0
    timer: asyncio.TimerHandle | None = None

    def rows(self) -> list[Row]:
        """Return what is unsent, what is under way first."""
        first = [self.under_way] if self.under_way is not None and not self.withdrawn else []
        return [*first, *(row for lane in self.lanes for row in lane)]


class Outbox:
    """All that is unsent, in memory as in the database."""

    def __init__(
        self,
        deliver: Callable[[Call], Awaitable[Outcome]],
        render: Callable[[Row], Awaitable[Rendered | Retry | None]],
        shown: Callable[[int, Seen], Seen],
        mark: Callable[[Mark], None],
        unasked_per_second: float = UNASKED_PER_SECOND,
    ) -> None:
        self._deliver = deliver
        self._render = render
        self._shown = shown
        self._mark = mark
        self._gap = 1 / (unasked_per_second * SHARE)
        self._chats: dict[int, _Chat] = {}
        self._unasked: deque[int] = deque()
        self._unasked_at = 0.0
        self._unasked_timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(PARALLEL)
        self._stopping = False
        self._calm = asyncio.Event()
        self._calm.set()

    # ------------------------------------------------------------ in

    def put(self, rows: list[Row]) -> None:
        """Take rows that were committed; one with a key takes the place of the unsent one with that key."""
        for row in rows:
            chat = self._chats.setdefault(row.chat_id, _Chat())
            lane = chat.lanes[row.lane]
            if row.key is not None:
                for old in [one for one in lane if one.key == row.key]:
                    lane.remove(old)
            lane.append(row)
            if row.lane == UNASKED:
                self._unasked.append(row.chat_id)
            self._calm.clear()
        for chat_id in {row.chat_id for row in rows if row.lane == ANSWERS}:
            # They wrote, so Telegram is there again: only a wait that it named itself still counts.
            chat = self._chats[chat_id]
            if not chat.told:
                chat.not_before = 0.0
            self._go_on(chat_id)
        self._send_unasked()

    def drop(self, chat_id: int) -> None:
        """Forget what is unsent for a chat; what is under way is not tried again."""
        chat = self._chats.get(chat_id)
        if chat is not None:
            self.withdraw([(chat_id, row.row_id) for row in chat.rows()])

    def withdraw(self, rows: Iterable[tuple[int, int]]) -> None:
        """Forget these unsent rows, each given with its chat; one that is under way is not tried again."""
        for chat_id, row_id in rows:
            chat = self._chats.get(chat_id)
            if chat is None:
                continue
            if chat.under_way is not None and chat.under_way.row_id == row_id:
                chat.withdrawn = True
            for lane in chat.lanes:
                for row in [one for one in lane if one.row_id == row_id]:
                    lane.remove(row)
            self._rest(chat_id, chat)

    def unsent(self, chat_id: int, key: str) -> Row | None:
        """Return the newest unsent row of a chat with this key; one under way is not sent yet."""
        chat = self._chats.get(chat_id)
        rows = reversed(chat.rows()) if chat else ()
        return next((row for row in rows if row.key == key), None)

    def reminds(self, chat_id: int) -> bool:
        """Say whether something that nobody asked for is unsent for this chat."""
        chat = self._chats.get(chat_id)
        return chat is not None and any(row.lane == UNASKED for row in chat.rows())

    @property
    def waiting(self) -> int:
        """Return how many rows are unsent."""
        return sum(len(lane) for chat in self._chats.values() for lane in chat.lanes)

    async def settled(self) -> None:
        """Wait until nothing is unsent or under way."""
        await self._calm.wait()

    async def stop(self, patience: float = 5.0) -> None:
        """Begin nothing more, and wait for what is under way."""
        self._stopping = True
        if self._unasked_timer is not None:
            self._unasked_timer.cancel()
        for chat in self._chats.values():
            if chat.timer is not None:
                chat.timer.cancel()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    # ------------------------------------------------------------ out

    def _start(self, chat_id: int, chat: _Chat, lane: int) -> None:
        chat.busy = True
        task = asyncio.get_running_loop().create_task(self._drain(chat_id, chat, lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _go_on(self, chat_id: int) -> None:
        """Send a chat's answers, if it is free."""
        chat = self._chats[chat_id]
        if self._stopping or chat.busy or not chat.lanes[ANSWERS]:
            return
        if chat.timer is not None:
            chat.timer.cancel()
            chat.timer = None
        wait = chat.not_before - time.monotonic()
        if wait > 0:
            chat.timer = asyncio.get_running_loop().call_later(wait, self._go_on, chat_id)
            return
        self._start(chat_id, chat, ANSWERS)

    def _send_unasked(self) -> None:
        """Send what nobody asked for, one chat after the other, at the pace that is allowed."""
        if self._stopping or self._unasked_timer is not None:
            return
        now = time.monotonic()
        skipped = 0
        later = now + PER_CHAT
        while self._unasked and skipped < len(self._unasked):
            if self._unasked_at > now:
                later = self._unasked_at
                break
            chat_id = self._unasked.popleft()
            chat = self._chats.get(chat_id)
            if chat is None or not chat.lanes[UNASKED]:
                continue
            ready = max(chat.not_before, chat.unasked_after)
            if chat.busy or chat.lanes[ANSWERS] or ready > now:
                self._unasked.append(chat_id)
                later = min(later, max(ready, now + 0.05))
                skipped += 1
                continue
            # A slow moment is made up for by one message at most: a burst on top of the pace is too fast.
            self._unasked_at = max(self._unasked_at, now - self._gap) + self._gap
            self._start(chat_id, chat, UNASKED)
            skipped = 0
        if self._unasked:
            loop = asyncio.get_running_loop()
            self._unasked_timer = loop.call_later(max(0.0, later - time.monotonic()), self._unasked_wake)

    def _unasked_wake(self) -> None:
        self._unasked_timer = None
        self._send_unasked()

    async def _drain(self, chat_id: int, chat: _Chat, lane: int) -> None:
        """Send a chat's answers to the last, or one message that nobody asked for."""
        try:
            while chat.lanes[lane]:
                async with self._slots:
                    if self._stopping or not chat.lanes[lane]:
                        break
                    row = chat.under_way = chat.lanes[lane].popleft()
                    newest = max(one.row_id for one in chat.rows())
                    outcome = await self._send(row)
                    chat.under_way = None
                withdrawn, chat.withdrawn = chat.withdrawn, False
                if isinstance(outcome, Retry):
                    self._put_off(chat, row, outcome, withdrawn=withdrawn)
                    break
                chat.strikes, chat.not_before, chat.told = 0, 0.0, False
                if isinstance(outcome, Gone):
                    self._lose(chat_id, chat, row, newest)
                if lane == UNASKED:
                    chat.unasked_after = time.monotonic() + PER_CHAT
                    break
        finally:
            chat.busy = False
            chat.under_way = None
            self._rest(chat_id, chat)
            if chat_id in self._chats:
                self._go_on(chat_id)
            if self._unasked:
                self._send_unasked()

    def _lose(self, chat_id: int, chat: _Chat, row: Row, newest: int) -> None:
        """Take note that nobody is there: what was unsent when `row` went out is done with.

        Who wrote in the meantime is there again; what is newer than `newest` is their answer.
        """
        for lane in chat.lanes:
            for old in [one for one in lane if one.row_id <= newest]:
                lane.remove(old)
                self._mark(Mark(old.row_id, chat_id))
        self._mark(Mark(row.row_id, chat_id, gone=not chat.lanes[ANSWERS]))

    def _put_off(self, chat: _Chat, row: Row, outcome: Retry, *, withdrawn: bool) -> None:
        newer = row.key is not None and any(one.key == row.key for one in chat.lanes[row.lane])
        if not newer and not withdrawn:
            chat.lanes[row.lane].appendleft(row)
        wait = outcome.wait if outcome.told else min(LONGEST_WAIT, outcome.wait * 2**chat.strikes)
        chat.strikes = min(chat.strikes + 1, 10)
        chat.not_before, chat.told = time.monotonic() + wait, outcome.told
        if row.lane == UNASKED:
            self._unasked.append(row.chat_id)
            # One chat's trouble may be everybody's: the others go on slower, not as slow as this one.
            self._unasked_at = max(self._unasked_at, time.monotonic() + outcome.wait)

    def _rest(self, chat_id: int, chat: _Chat) -> None:
        """Let go of a chat that has nothing more to be sent."""
        if not chat.busy and not any(chat.lanes):
            if chat.timer is not None:
                chat.timer.cancel()
            self._chats.pop(chat_id, None)
        if not self._chats:
            self._calm.set()

    async def _make(self, call: Call) -> Outcome:
        """Make a call; an error of ours on the way is no reason to lose a message."""
        try:
            return await self._deliver(call)
        except Exception as error:
            log.error("%s failed: %s", type(call).__name__, type(error).__name__)
            return OWN_FAULT

    async def _send(self, row: Row) -> Outcome:
        """Send one row; mark it done unless it is to be tried again, or nobody is there."""
        try:
            rendered = await self._render(row)
        except Exception as error:
            log.error("message %d could not be put into words: %s", row.row_id, type(error).__name__)
            rendered = None
        if isinstance(rendered, Retry):
            return rendered
        if rendered is None:
            self._mark(Mark(row.row_id, row.chat_id))
            return Sent()
        call = rendered.call
        before: Seen | None = None
        if rendered.view is not None:
            # From now on the person may see it: what they type is read against it.
            before = self._shown(row.chat_id, Seen(rendered.view, rendered.stale_message))
        outcome = await self._make(call)
        in_place = rendered.view is not None or rendered.card
        if isinstance(outcome, Refused) and isinstance(call, Edit) and in_place:
            call = Send(call.chat_id, call.screen)
            outcome = await self._make(call)
        if isinstance(outcome, Refused) and isinstance(call, SendFile) and call.photo:
            outcome = await self._make(replace(call, photo=False))
        if not isinstance(outcome, Sent) and before is not None:
            self._shown(row.chat_id, before)
        if isinstance(outcome, Retry | Gone):
            return outcome
        if isinstance(outcome, Refused):
            log.error("message %d was refused: %s", row.row_id, outcome.why)
            self._mark(Mark(row.row_id, row.chat_id))
            return outcome
        seen = None
        if rendered.view is not None:
            seen = Seen(rendered.view, outcome.message_id or rendered.stale_message)
            self._shown(row.chat_id, seen)
        self._mark(Mark(row.row_id, row.chat_id, seen, card=outcome.message_id if rendered.card else None))
        if rendered.card and isinstance(call, Send) and outcome.message_id is not None:
            await self._make(Pin(call.chat_id, outcome.message_id))
        stale = rendered.stale_message
        if isinstance(call, Send) and rendered.view is not None and stale is not None:
            await self._make(Strip(call.chat_id, stale))
        return outcome
