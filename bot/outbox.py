"""The sender: the oldest unsent of each chat, send, record what came of it.

Order is kept within a chat and lane, chats go in parallel, people's answers before what nobody asked for.
"""

from __future__ import annotations

import asyncio
import heapq
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
SHARE = 0.985  # of a limit; at exactly the limit it answers 429
MAKE_UP = 0.25  # seconds of slowness that are made up for: a longer burst on top of the pace is too fast
LEAST = 4  # of the messages that nobody asked for every fourth goes out, however many people are answered
AHEAD = 2.0  # seconds of work that the sender takes from what is due; the rest stays in the database
FEWEST_AHEAD = 200  # rows
PER_CHAT = 1.0  # seconds between two unasked messages in one chat
PARALLEL = 100  # answers under way at once
SLOWEST = 0.75  # seconds a call may take for the pace to be kept; more at once could arrive as too many
MOST_AT_ONCE = 250  # messages that nobody asked for
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
    in_line: bool = False  # for what nobody asked for
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


def connections(unasked_per_second: float) -> int:
    """Return how many calls may be under way at once, with a few for what is not in the outbox."""
    return PARALLEL + _unasked_at_once(unasked_per_second) + 10


def _unasked_at_once(per_second: float) -> int:
    return max(1, min(MOST_AT_ONCE, int(per_second * SLOWEST)))


class Outbox:
    """All that is unsent, in memory as in the database."""

    def __init__(
        self,
        deliver: Callable[[Call], Awaitable[Outcome]],
        render: Callable[[Row], Awaitable[Rendered | Retry | None]],
        shown: Callable[[int, Seen], Seen],
        mark: Callable[[Mark], None],
        unasked_per_second: float = UNASKED_PER_SECOND,
        failed: Callable[[str], None] = lambda name: None,  # noqa: ARG005
    ) -> None:
        self._deliver = deliver
        self._render = render
        self._shown = shown
        self._mark = mark
        self._failed = failed
        self._gap = 1 / (unasked_per_second * SHARE)
        self._make_up = max(self._gap, MAKE_UP)
        self._paid = unasked_per_second > UNASKED_PER_SECOND
        self._most = max(FEWEST_AHEAD, int(unasked_per_second * AHEAD))
        self._chats: dict[int, _Chat] = {}
        # Each chat for which there is something that nobody asked for stands once in the line, or among those
        # that may be sent to only later.
        self._line: deque[int] = deque()
        self._later: list[tuple[float, int]] = []
        self._unasked = 0
        self._unasked_at = 0.0
        self._unasked_last = 0.0
        self._unasked_timer: asyncio.TimerHandle | None = None
        self._room = asyncio.Event()
        self._room.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = (asyncio.Semaphore(PARALLEL), asyncio.Semaphore(_unasked_at_once(unasked_per_second)))
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
                self._take_out(chat, [one for one in lane if one.key == row.key])
            lane.append(row)
            if row.lane == UNASKED:
                self._unasked += 1
                self._line_up(row.chat_id, chat)
            self._calm.clear()
        for chat_id in {row.chat_id for row in rows if row.lane == ANSWERS}:
            # They wrote, so Telegram is there again: only a wait that it named itself still counts.
            chat = self._chats[chat_id]
            if not chat.told:
                chat.not_before = 0.0
            self._go_on(chat_id)
        if not self.has_room:
            self._room.clear()
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
            self._take_out(chat, [one for lane in chat.lanes for one in lane if one.row_id == row_id])
            self._line_up(chat_id, chat)
            self._rest(chat_id, chat)
        self._send_unasked()

    def unsent_of(self, chat_id: int) -> list[Row]:
        """Return what is unsent for a chat."""
        chat = self._chats.get(chat_id)
        return chat.rows() if chat else []

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
    def has_room(self) -> bool:
        """Say whether the sender takes more of what is due: it keeps but a little ahead of its pace."""
        return self._unasked < self._most

    async def room(self) -> None:
        """Wait until the sender is through with half of what it takes ahead."""
        await self._room.wait()

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

    def _line_up(self, chat_id: int, chat: _Chat) -> None:
        """Put a chat at the end of the line, or among those that wait; one with unsent answers comes after them."""
        if chat.in_line or chat.busy or chat.lanes[ANSWERS] or not chat.lanes[UNASKED]:
            return
        chat.in_line = True
        ready, now = max(chat.not_before, chat.unasked_after), time.monotonic()
        if ready > now:
            heapq.heappush(self._later, (ready, chat_id))
            return
        if not self._line:  # nobody waited: there is nothing to make up for
            self._unasked_at = max(self._unasked_at, now)
        self._line.append(chat_id)

    def _send_unasked(self) -> None:
        """Send what nobody asked for, one chat after the other, at the pace that is allowed."""
        if self._stopping:
            return
        now = time.monotonic()
        while self._later and self._later[0][0] <= now:
            self._line.append(heapq.heappop(self._later)[1])
        while self._line and self._unasked_at <= now:
            chat_id = self._line.popleft()
            chat = self._chats.get(chat_id)
            if chat is None or not chat.in_line:
                continue
            chat.in_line = False
            if chat.busy or chat.lanes[ANSWERS] or max(chat.not_before, chat.unasked_after) > now:
                self._line_up(chat_id, chat)  # who is answered now gets in line again afterwards
            elif chat.lanes[UNASKED]:
                self._unasked_at = max(self._unasked_at, now - self._make_up) + self._gap
                self._unasked_last = now
                self._start(chat_id, chat, UNASKED)
        if self._line or self._later:
            at = self._unasked_at if self._line else self._later[0][0]
            if self._unasked_timer is not None:
                if self._unasked_timer.when() <= at:
                    return
                self._unasked_timer.cancel()
            self._unasked_timer = asyncio.get_running_loop().call_at(at, self._unasked_wake)

    def _count_answer(self) -> None:
        """Let what nobody asked for wait for an answer that goes out now: Telegram counts both."""
        after = max(self._unasked_at, time.monotonic() - self._make_up) + self._gap
        self._unasked_at = max(self._unasked_at, min(after, self._unasked_last + LEAST * self._gap))

    def _unasked_wake(self) -> None:
        self._unasked_timer = None
        self._send_unasked()

    async def _drain(self, chat_id: int, chat: _Chat, lane: int) -> None:
        """Send a chat's answers to the last, or one message that nobody asked for."""
        try:
            while chat.lanes[lane]:
                async with self._slots[lane]:
                    if self._stopping or not chat.lanes[lane]:
                        break
                    row = chat.under_way = chat.lanes[lane][0]
                    self._take_out(chat, [row])
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
                self._line_up(chat_id, chat)
            self._send_unasked()

    def _lose(self, chat_id: int, chat: _Chat, row: Row, newest: int) -> None:
        """Take note that nobody is there: what was unsent when `row` went out is done with.

        Who wrote in the meantime is there again; what is newer than `newest` is their answer.
        """
        older = [one for lane in chat.lanes for one in lane if one.row_id <= newest]
        self._take_out(chat, older)
        for old in older:
            self._mark(Mark(old.row_id, chat_id, arrived=False))
        self._mark(Mark(row.row_id, chat_id, gone=not chat.lanes[ANSWERS], arrived=False))

    def _put_off(self, chat: _Chat, row: Row, outcome: Retry, *, withdrawn: bool) -> None:
        newer = row.key is not None and any(one.key == row.key for one in chat.lanes[row.lane])
        if not newer and not withdrawn:
            chat.lanes[row.lane].appendleft(row)
            self._unasked += row.lane == UNASKED
        wait = outcome.wait if outcome.told else min(LONGEST_WAIT, outcome.wait * 2**chat.strikes)
        chat.strikes = min(chat.strikes + 1, 10)
        chat.not_before, chat.told = time.monotonic() + wait, outcome.told
        if row.lane == UNASKED:
            # One chat's trouble may be everybody's: the others go on slower, not as slow as this one.
            self._unasked_at = max(self._unasked_at, time.monotonic() + outcome.wait)

    def _take_out(self, chat: _Chat, rows: list[Row]) -> None:
        for row in rows:
            chat.lanes[row.lane].remove(row)
            self._unasked -= row.lane == UNASKED
        if 2 * self._unasked < self._most:
            self._room.set()

    def _rest(self, chat_id: int, chat: _Chat) -> None:
        """Let go of a chat that has nothing more to be sent."""
        if not chat.busy and not any(chat.lanes):
            if chat.timer is not None:
                chat.timer.cancel()
            self._chats.pop(chat_id, None)
        if not self._chats:
            self._calm.set()

    async def _make(self, call: Call, *, unasked: bool = False) -> Outcome:
        """Make a call; an error of ours on the way is no reason to lose a message."""
        if not unasked and isinstance(call, Send | Edit | Strip):
            self._count_answer()
        try:
            outcome = await self._deliver(call)
        except Exception as error:
            log.error("%s failed: %s", type(call).__name__, type(error).__name__)
            self._failed("own_fault")
            return OWN_FAULT
        match outcome:
            case Retry(told=True):
                self._failed("too_many")
            case Retry():
                self._failed("no_answer")
            case Gone():
                self._failed("gone")
            case Refused(why):
                self._failed(f"refused: {why}")
        return outcome

    async def _send(self, row: Row) -> Outcome:
        """Send one row; mark it done unless it is to be tried again, or nobody is there."""
        try:
            rendered = await self._render(row)
        except Exception as error:
            log.error("message %d could not be put into words: %s", row.row_id, type(error).__name__)
            self._failed("not_in_words")
            rendered = None
        if row.lane == UNASKED and not isinstance(rendered, Rendered):
            self._unasked_at -= self._gap  # its turn is free for another
        if isinstance(rendered, Retry):
            return rendered
        if rendered is None:
            self._mark(Mark(row.row_id, row.chat_id, arrived=False))
            return Sent()
        call = rendered.call
        if row.lane == UNASKED and self._paid and isinstance(call, Send):
            call = replace(call, paid=True)
        before: Seen | None = None
        if rendered.view is not None:
            # From now on the person may see it: what they type is read against it.
            before = self._shown(row.chat_id, Seen(rendered.view, rendered.stale_message))
        outcome = await self._make(call, unasked=row.lane == UNASKED)
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
            self._mark(Mark(row.row_id, row.chat_id, arrived=False))
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
