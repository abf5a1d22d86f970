"""What happens in one transaction: a batch of events, a tick of the clock, the marks of the sender."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import sqlite3
import traceback
from collections import Counter, OrderedDict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot import calendar_file, engine, filing, follow_pages, notices, reminding, screens, zones
from bot.engine import Turn
from bot.model import (
    Edit,
    Event,
    Fetched,
    Handed,
    Leave,
    Remove,
    Retry,
    Said,
    Screen,
    Seen,
    Send,
    SendFile,
    State,
    Tapped,
)
from bot.outbox import Rendered
from bot.store import Plan, with_seen

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator

    from bot.engine import House
    from bot.fetching import Fetcher
    from bot.model import File, NotFetched
    from bot.outbox import Outbox
    from bot.scribe import Scribes, Worded
    from bot.store import Due, Mark, Row, Store, Tx
    from bot.words import Words

log = logging.getLogger(__name__)

REMEMBERED = 5_000  # chats whose state is kept in memory
CHUNK = 200  # reminders posted in one transaction
LATE = 15 * 60  # seconds after which a reminder is late: it waits for the end of quiet hours
ONE_BY_ONE = 6 * 24 * 3600  # seconds in which Telegram counts updates on without a gap, at least
KEEP_FIGURES = 31 * 24 * 3600  # seconds
KEEP_CLAIMS = 3 * 24 * 3600  # seconds; Telegram keeps an update for one day
KEEP_QUESTIONS = timedelta(days=365)
PIECE = 50  # reminders put into words ahead at a time
AHEAD_HOLDS = timedelta(minutes=2)
PRUNE_EVERY = timedelta(hours=1)
MARKS_WAIT = 0.02  # seconds in which marks gather
OWN = 0  # the update id of an event that comes of our own work
STORAGE_WAIT = 0.5  # seconds until what the sender needs of the storage is tried again
TRY_AGAIN = (0.05, 0.2, 0.5, 1.0, 2.0)  # seconds between tries of the same batch


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Toast:
    """The short answer to a tap."""

    query_id: str
    text: str


class App:
    """The core and the store together; knows no Telegram."""

    outbox: Outbox
    fetcher: Fetcher

    def __init__(self, house: House, words: Words, store: Store, now: Callable[[], datetime]) -> None:
        self.house = house
        self.words = words
        self.store = store
        self.now = now
        self._known: OrderedDict[int, State] = OrderedDict()
        self._seen: dict[int, Seen] = {}
        self._cards: dict[int, int] = {}
        self._marks: list[Mark] = []
        self._marked = asyncio.Event()
        self._failures: Counter[str] = Counter()
        self._failures_written: Counter[str] = Counter()
        self._behind = asyncio.Event()  # more is due than the sender takes now
        self._reminded: set[int] = set()
        # Where there are scribes: what is being put into words ahead, by row, and as of when.
        self.scribes: Scribes | None = None
        self._ahead: dict[int, tuple[datetime, asyncio.Task[Worded]]] = {}
        self._stopping = asyncio.Event()
        self._before: tuple[int, int] | None = None  # the last update known when this run began, and when
        self._older_copy = False  # updates were confirmed that this database knows nothing of
        self._told: set[int] = set()  # who was told what their last kept answer is
        self._pruned = datetime.min.replace(tzinfo=UTC)
        self.stored = asyncio.Event()
        self.stored.set()

    # ------------------------------------------------------------ events

    async def handle(self, events: list[Event]) -> list[Toast]:
        """Take a batch of events in one transaction; return the answers to taps once it is committed.

        Nothing returns before it is committed: a storage error is waited out and the batch tried again. What
        fails for another reason is tried event by event, so that it hurts nobody but the event at fault.
        """
        if any(isinstance(event.act, Handed) and event.act.place is not None for event in events):
            await asyncio.to_thread(zones.ready)
        try:
            return await self._again(lambda: self._handle(events))
        except Exception as error:
            if is_storage(error):
                raise
            if len(events) > 1:
                log.error("a batch of %d failed: %s; each by itself now", len(events), where(error))
                return [toast for event in events for toast in await self.handle([event])]
            log.error("update %d failed: %s", events[0].update_id, where(error))
        try:
            return await self._again(lambda: self._handle(events, sorry))
        except Exception as error:
            if is_storage(error):
                raise
            log.error("update %d is passed over: %s", events[0].update_id, where(error))
            return []

    async def _again(self, work: Callable[[], Awaitable[T]]) -> T:
        """Return what `work` returns; after a storage error try again, until it works or the bot stops."""
        for wait in itertools.chain(TRY_AGAIN, itertools.repeat(TRY_AGAIN[-1])):
            try:
                return await work()
            except sqlite3.Error as error:
                if self._stopping.is_set() or not is_storage(error):
                    raise
                log.error("storage: %s; trying again in %.2f s", storage_name(error), wait)
                self.failed("storage")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), wait)
        raise AssertionError("unreachable")

    def stop(self) -> None:
        """Wait for the storage no longer: what cannot be stored now is delivered again at the next start."""
        self._stopping.set()

    async def bring(self, chat_id: int, act: Fetched | NotFetched, content: bytes) -> None:
        """Take what came of fetching a file: its bytes, and what they change, are committed together."""
        event = Event(OWN, chat_id, act)
        await self._again(lambda: self._handle([event], content=content))

    async def _handle(
        self,
        events: list[Event],
        advance: Callable[[State, Event], Turn] | None = None,
        content: bytes = b"",
    ) -> list[Toast]:
        now = self.now()
        self._look_for_a_gap(events, now)
        toasts: list[Toast] = []
        async with self.store.transaction() as tx:
            marks = await self._write_marks(tx)
            told = [event.update_id for event in events if event.update_id != OWN]
            fresh = await tx.claim(told, int(now.timestamp())) | {OWN}
            before = await self._load(tx, {event.chat_id for event in events if event.update_id in fresh})
            after = dict(before)
            posts: dict[int, _Posts] = {}
            unknown: list[str] = []
            for event in events:
                if event.update_id not in fresh:
                    continue
                state = after[event.chat_id]
                if isinstance(event.act, Fetched) and not is_coming(state, event.act.number):
                    continue
                turn = advance(state, event) if advance else self._turn(state, event, now)
                after[event.chat_id] = turn.state
                unknown += [turn.unknown] if turn.unknown else []
                posts.setdefault(event.chat_id, _Posts(event.chat_id)).add(turn, event)
                if isinstance(event.act, Tapped):
                    toasts.append(Toast(event.act.query_id, self._toast(turn)))
            forgotten = {chat_id for chat_id, one in posts.items() if one.forget}
            for chat_id in forgotten:
                await tx.forget(chat_id)
            changed = [
                (before[chat_id], state)
                for chat_id, state in after.items()
                if state is not before[chat_id] and not (chat_id in forgotten and state.person.answers == {})
            ]
            await tx.save(changed)
            await tx.keep_questions(now.date(), unknown)
            for event in events:
                if isinstance(event.act, Fetched) and event.chat_id in posts:
                    await tx.keep(event.chat_id, event.act.number, content)
            plans = list(self._plans(changed, now))
            await tx.plan(plans)
            withdrawn = [
                one
                for plan in plans
                if self.outbox.reminds(plan.chat_id)
                for one in await tx.take_back(plan.chat_id, plan.number, plan.standing)
            ]
            for before_it, state in changed:
                if state.person.chat_id in posts and self._card_changed(before_it, state, now):
                    posts[state.person.chat_id].card = True
                    posts[state.person.chat_id].first_card = state.card is None
            rows = await tx.post(
                [row for one in posts.values() for row in one.rows(self.outbox)], int(now.timestamp())
            )
        self._written(marks)
        for chat_id in forgotten:
            self.outbox.drop(chat_id)
            self._known.pop(chat_id, None)
            self._seen.pop(chat_id, None)
            self._cards.pop(chat_id, None)
        for _, state in changed:
            self._remember(state)
            for row in self.outbox.unsent_of(state.person.chat_id) if self._ahead else ():
                self._ahead.pop(row.row_id, None)
        if any(one.gone for one in self._marks):
            # Who wrote is there, whatever a message sent in the meantime says of them.
            there = {state.person.chat_id for _, state in changed if state.person.reachable}
            self._marks = [replace(one, gone=one.gone and one.chat_id not in there) for one in self._marks]
        self.outbox.withdraw(withdrawn)
        self.outbox.put(rows)
        self.fetcher.put(
            (state.person.chat_id, one)
            for was, state in changed
            if state.files is not was.files
            for one in state.files
            if one.coming
        )
        if forgotten:
            engine.let_go()
        if forgotten or any(fewer_files(was, state) for was, state in changed):
            await self._checkpoint()
        return toasts

    async def _checkpoint(self) -> None:
        try:
            await self.store.checkpoint()
        except sqlite3.Error as error:
            log.error("storage: %s; what was deleted stays in the log for a while", storage_name(error))

    def _turn(self, state: State, event: Event, now: datetime) -> Turn:
        """Return what the event does; an error in it hurts nobody but this event."""
        try:
            if isinstance(event.act, Said | Tapped | Handed) and not state.person.reachable:
                state = replace(state, person=replace(state.person, reachable=True))
            if self._older_copy and state.person.answers and event.chat_id not in self._told:
                self._told.add(event.chat_id)
                turn = engine.after_loss(self.house, state, event, now)
            else:
                turn = engine.advance(self.house, state, event, now)
            by_person = isinstance(event.act, Said | Tapped | Handed)
            return engine.awake(self.house, turn, now) if by_person else turn
        except Exception as error:
            log.error("update %d failed: %s", event.update_id, where(error))
            self.failed("update")
            return sorry(state, event)

    def _card_changed(self, before: State, after: State, now: datetime) -> bool:
        """Say whether the pinned card shows something else now."""
        shows = engine.card_print(self.house, after, now)
        return bool(shows) and shows != engine.card_print(self.house, before, now)

    def _toast(self, turn: Turn) -> str:
        return self.words.label("toasts", turn.toast.name) if turn.toast is not None else ""

    def _plans(self, changed: list[tuple[State, State]], now: datetime) -> Iterator[Plan]:
        """Plan the reminders again of each case whose answers or marks changed, or whose person lives otherwise."""
        for before, after in changed:
            same_habits = engine.habits_of(before.person) == engine.habits_of(after.person)
            for case in after.cases:
                if before.numbered(case.number) is case and same_habits:
                    continue
                standing, coming = engine.due_reminders(self.house, after, case, now)
                if standing or before.numbered(case.number) is not None:
                    yield Plan(after.person.chat_id, case.number, standing, coming)

    # ------------------------------------------------------------ the clock

    async def tick(self) -> int:
        """Post what is due, in chunks, as far as the sender takes it; return how many reminders were posted."""
        posted = 0
        while True:
            if not self.outbox.has_room:
                self._behind.set()
                return posted
            now = self.now()
            async with self.store.transaction() as tx:
                marks = await self._write_marks(tx)
                found = await tx.due(int(now.timestamp()), CHUNK)
                asleep = await self._asleep(tx, found, now)
                await tx.put_off(
                    (asleep[one.chat_id], one.reminder_id) for one in found if one.chat_id in asleep
                )
                due = [one for one in found if one.chat_id not in asleep]
                latest = latest_of(due)
                chosen = {one.reminder_id for one in latest}
                unsent = await tx.take_unsent({one.chat_id for one in latest}) if latest else []
                if self.scribes is None:  # at once: each of them is looked at when it is sent
                    await self._load(tx, {one.chat_id for one in latest})
                posts = list(_one_each(latest, unsent))
                dues = [min(one.due for one in message.each) for _, _, message in posts]
                rows = await tx.post(posts, int(now.timestamp()), dues)
                await tx.settle(chosen, [one.reminder_id for one in due if one.reminder_id not in chosen])
                await tx.plan(await self._next(tx, latest, now))
                if not found and now - self._pruned >= PRUNE_EVERY:
                    await tx.forget_claims(int(now.timestamp()) - KEEP_CLAIMS)
                    await tx.forget_questions(now.date() - KEEP_QUESTIONS)
                    await tx.forget_figures(int(now.timestamp()) - KEEP_FIGURES)
                    self._pruned = now
            self._written(marks)
            self.outbox.withdraw((row.chat_id, row.row_id) for row in unsent)
            self._put_ahead(rows, now)
            self.outbox.put(rows)
            posted += len(rows)
            self._reminded |= {one.chat_id for one in found}
            if len(found) < CHUNK:
                reminded, self._reminded = self._reminded, set()
                return posted + await self._nudge(now, reminded)

    async def _asleep(self, tx: Tx, due: list[Due], now: datetime) -> dict[int, int]:
        """Return who is to be left in peace now, and until when (seconds since 1970).

        What comes at its moment comes; what is late, because the bot was down, waits for the end of quiet hours.
        """
        late = {one.chat_id for one in due if one.due < now.timestamp() - LATE}
        if not late:
            return {}
        awake = {
            chat_id: engine.habits_of(state.person).awake(now)
            for chat_id, state in (await self._load(tx, late)).items()
        }
        return {chat_id: int(then.timestamp()) for chat_id, then in awake.items() if then > now}

    async def _next(self, tx: Tx, posted: list[Due], now: datetime) -> list[Plan]:
        """Return the plans of the cases in which something comes again and again: the next is planned now."""
        again = {(one.chat_id, one.number) for one in posted if engine.comes_again(one.kind)}
        plans = []
        for chat_id, state in (await self._load(tx, {one for one, _ in again})).items():
            for case in state.cases:
                if (chat_id, case.number) in again:
                    standing, coming = engine.due_reminders(self.house, state, case, now)
                    plans.append(Plan(chat_id, case.number, standing, coming))
        return plans

    async def catch_up(self, tick: Callable[[], Awaitable[object]]) -> None:
        """Tick again whenever the sender takes more of what is due, until cancelled."""
        while True:
            await self._behind.wait()
            await self.outbox.room()
            self._behind.clear()
            await tick()

    def _put_ahead(self, rows: list[Row], now: datetime) -> None:
        """Have reminders put into words beside the loop, where there are scribes."""
        if self.scribes is None:
            return
        self._ahead = {row_id: one for row_id, one in self._ahead.items() if now - one[0] < AHEAD_HOLDS}
        for begin in range(0, len(rows), PIECE):
            piece = rows[begin : begin + PIECE]
            task = asyncio.create_task(self.scribes.words(piece, now))
            self._ahead |= {row.row_id: (now, task) for row in piece}

    async def put_into_words(self, rows: list[Row]) -> Worded:
        """Return rows in words, None for one not worth saying; what fails is left out, to fail where it is sent."""
        self._known.clear()
        async with self.store.transaction() as tx:
            await self._load(tx, {row.chat_id for row in rows})
        found: Worded = {}
        for row in rows:
            with contextlib.suppress(Exception):
                found[row.row_id] = await self._render(row)
        return found

    async def _worded(self, row: Row) -> tuple[Rendered | None] | None:
        """Return what was put into words ahead, where it still holds."""
        if row.row_id not in self._ahead:
            return None
        since, task = self._ahead[row.row_id]
        found = await asyncio.shield(task)
        # Whoever changed something in the meantime has nothing ahead any more.
        if self._ahead.pop(row.row_id, None) is None or abs(self.now() - since) > AHEAD_HOLDS:
            return None
        return (found[row.row_id],) if row.row_id in found else None

    async def _nudge(self, now: datetime, reminded: set[int]) -> int:
        """Ask those who fell silent whether they want to go on; return how many were asked.

        Whoever is `reminded` in this very moment is not asked beside it: one message is enough.
        """
        asked = 0
        while True:
            async with self.store.transaction() as tx:
                silent = await tx.silent(int(now.timestamp()), CHUNK)
                before = await self._load(tx, set(silent))
                changed = [
                    (one, replace(one, person=engine.nudged(one.person, now))) for one in before.values()
                ]
                await tx.save(changed)
                rows = await tx.post(
                    [
                        (f"nudge:{one.person.chat_id}", one.person.chat_id, notices.Nudge())
                        for was, one in changed
                        if one.person.nudges > was.person.nudges and one.person.chat_id not in reminded
                    ],
                    int(now.timestamp()),
                )
            for _, state in changed:
                self._remember(state)
            self.outbox.put(rows)
            asked += len(rows)
            if len(silent) < CHUNK:
                return asked

    # ------------------------------------------------------------ the sender's side

    async def begin(self) -> None:
        """Put what an earlier run left unsent back into the sender's hands."""
        self.outbox.put(await self._again(self._unsent))
        self.fetcher.put(await self._again(self._coming))

    async def _coming(self) -> list[tuple[int, File]]:
        async with self.store.transaction() as tx:
            return await tx.coming()

    async def _unsent(self) -> list[Row]:
        async with self.store.transaction() as tx:
            self._before = await tx.last_claim()
            return await tx.unsent()

    def _look_for_a_gap(self, events: list[Event], now: datetime) -> None:
        """Find out from the first updates of this run whether the database is older than the last run's.

        Telegram counts updates on one by one: where some are missing, they were confirmed by a run whose
        answers are not here. After a week without any it begins somewhere else; then nothing is known.
        """
        before, self._before = self._before, None
        if before is not None and events and now.timestamp() - before[1] < ONE_BY_ONE:
            self._older_copy = min(event.update_id for event in events) > before[0] + 1
            if self._older_copy:
                log.warning("updates are missing: this database is older than the last run")

    async def render(self, row: Row) -> Rendered | Retry | None:
        """Put a row into words as of now; None when it is not worth saying any more, Retry when not now."""
        try:
            ahead = await self._worded(row)
            return ahead[0] if ahead is not None else await self._render(row)
        except sqlite3.Error as error:
            if not is_storage(error):
                raise
            log.error("storage: %s; message %d waits", storage_name(error), row.row_id)
            return Retry(STORAGE_WAIT)

    async def _render(self, row: Row) -> Rendered | None:
        message = notices.load(row.body)
        if isinstance(message, notices.Unsay):
            return Rendered(Remove(row.chat_id, message.message_id))
        if isinstance(message, notices.Goodbye):
            return Rendered(Leave(row.chat_id))
        if isinstance(message, notices.Tell):
            told = screens.tell(self.house, self.words, message.what, self.now().date())
            return Rendered(Send(row.chat_id, told))
        state = await self.state(row.chat_id)
        now = self.now()
        if isinstance(message, notices.ReminderDue | notices.Digest) and await self._left_in_peace(
            state, message, now
        ):
            return None
        if isinstance(message, notices.Explain):
            explained = screens.explained(self.house, self.words, state, message.question, now)
            return None if explained is None else Rendered(Send(row.chat_id, explained))
        if isinstance(message, notices.Handover):
            page = screens.handed_over(self.house, self.words, state, message.case, now)
            return None if page is None else Rendered(Send(row.chat_id, page))
        if isinstance(message, notices.Present):
            try:
                seen = screens.view(self.house, state, now)
                screen = screens.render(self.words, seen)
            except Exception as error:
                log.error("a screen failed: %s", where(error))
                return Rendered(Send(row.chat_id, Screen(self.words.block("tell", "apology"))))
            stale = state.seen.message_id
            if message.edit is not None and message.edit == stale:
                return Rendered(Edit(row.chat_id, stale, screen), seen.key, stale)
            return Rendered(Send(row.chat_id, screen), seen.key, stale)
        if isinstance(message, notices.ShowFile):
            return await self._file(state, message.number)
        if isinstance(message, notices.Nudge):
            asked = screens.nudge(self.house, self.words, state, now)
            return None if asked is None else Rendered(Send(row.chat_id, asked))
        if isinstance(message, notices.Card):
            card = screens.card(self.house, self.words, state, now)
            if card is None:
                return None
            old = state.card
            call = Send(row.chat_id, card) if old is None else Edit(row.chat_id, old, card)
            return Rendered(call, card=True)
        if isinstance(message, notices.CallLog):
            log_text = follow_pages.log_text(self.house, self.words, state, message.case, now)
            return (
                Rendered(SendFile(row.chat_id, "call-log.txt", "text/plain", log_text)) if log_text else None
            )
        if isinstance(message, notices.CalendarFile):
            return await self._calendar_file(state, message.case, now)
        said = reminding.message(self.house, self.words, state, message, now)
        if said is None:
            return None
        if isinstance(message, notices.ReminderAnswered):
            return Rendered(Edit(row.chat_id, message.message_id, said))
        return Rendered(Send(row.chat_id, said))

    async def _calendar_file(self, state: State, number: int, now: datetime) -> Rendered | None:
        case = state.numbered(number)
        if case is None:
            return None
        days = reminding.days_of(self.house, self.words, state, case, now)
        said = Screen(self.words.block("reminders", "calendar_file", {"days": days}))
        if not days:
            return Rendered(Send(state.person.chat_id, said))
        content = await asyncio.to_thread(calendar_file.made, days, now)
        chat_id = state.person.chat_id
        return Rendered(SendFile(chat_id, calendar_file.NAME, calendar_file.MIME, content, said))

    async def _left_in_peace(
        self, state: State, message: notices.ReminderDue | notices.Digest, now: datetime
    ) -> bool:
        """Put off to the end of quiet hours what could not be sent at its moment; say whether it was."""
        awake = engine.habits_of(state.person).awake(now)
        if awake <= now or not all(one.number and one.due < now.timestamp() - LATE for one in message.each):
            return False
        async with self.store.transaction() as tx:
            await tx.put_off((int(awake.timestamp()), one.number) for one in message.each)
        return True

    async def _file(self, state: State, number: int) -> Rendered | None:
        """Return a file of a person to be sent back; None where it was removed since."""
        file, chat_id = state.file(number), state.person.chat_id
        async with self.store.transaction() as tx:
            content = await tx.content(chat_id, number)
        if file is None or content is None:
            return None
        photo = file.photo and file.mime in filing.PICTURES and file.size <= filing.LARGEST_PHOTO
        name = f"paper.{filing.ENDINGS[file.mime]}"
        screen = screens.file(self.house, self.words, state, file, self.now())
        return Rendered(SendFile(chat_id, name, file.mime, content, screen, photo))

    async def state(self, chat_id: int) -> State:
        """Return what is known of a chat, as it was committed."""
        known = self._known.get(chat_id)
        if known is not None:
            return self._with_seen(known)
        async with self.store.transaction() as tx:
            return (await self._load(tx, {chat_id}))[chat_id]

    def shown(self, chat_id: int, seen: Seen) -> Seen:
        """Note what the person has on the screen from now on; return what it was."""
        known = self._known.get(chat_id)
        before = self._seen.get(chat_id) or (known.seen if known else Seen())
        if known is not None and known.seen == seen:
            self._seen.pop(chat_id, None)
        else:
            self._seen[chat_id] = seen
        return before

    def mark(self, mark: Mark) -> None:
        """Note what came of a row; it is written with the next transaction, or in a moment."""
        self._marks.append(mark)
        if mark.card is not None:
            self._cards[mark.chat_id] = mark.card
        self.stored.clear()
        self._marked.set()
        if mark.gone:
            known = self._known.get(mark.chat_id)
            if known is not None:
                self._known[mark.chat_id] = replace(known, person=replace(known.person, reachable=False))

    def failed(self, name: str) -> None:
        """Count a failure for the operators; the name is one of ours and holds nothing of a person."""
        self._failures[name] += 1
        self._marked.set()

    async def write_marks(self) -> None:
        """Write marks as they gather, until cancelled."""
        while True:
            await self._marked.wait()
            await asyncio.sleep(MARKS_WAIT)
            try:
                await self.flush()
            except sqlite3.Error as error:
                log.error("storage: %s; marks wait", storage_name(error))
                self.failed("storage")
                await asyncio.sleep(STORAGE_WAIT)

    async def flush(self) -> None:
        """Write the marks there are."""
        if self._marks or self._failures:
            async with self.store.transaction() as tx:
                marks = await self._write_marks(tx)
            self._written(marks)

    async def _write_marks(self, tx: Tx) -> int:
        marks = list(self._marks)
        now = int(self.now().timestamp())
        if marks:
            await tx.mark(marks, now)
        self._failures_written = self._failures.copy()
        if self._failures_written:
            await tx.fail(self._failures_written, now)
        return len(marks)

    def _written(self, count: int) -> None:
        for mark in self._marks[:count]:
            known = self._known.get(mark.chat_id)
            if mark.card is not None:
                self._cards.pop(mark.chat_id, None)
                if known is not None:
                    known = self._known[mark.chat_id] = replace(known, card=mark.card)
            if mark.seen is not None:
                if known is not None:
                    self._known[mark.chat_id] = with_seen(known, mark.seen)
                if self._seen.get(mark.chat_id) == mark.seen:
                    del self._seen[mark.chat_id]
        del self._marks[:count]
        self._failures -= self._failures_written
        self._failures_written = Counter()
        if not self._marks:
            self.stored.set()
            if not self._failures:
                self._marked.clear()

    # ------------------------------------------------------------ what is known

    async def _load(self, tx: Tx, chat_ids: set[int]) -> dict[int, State]:
        found = {chat_id: self._known[chat_id] for chat_id in chat_ids if chat_id in self._known}
        if len(found) < len(chat_ids):
            found |= await tx.load(chat_ids - found.keys())
        for state in found.values():
            self._remember(state)
        return {chat_id: self._with_seen(state) for chat_id, state in found.items()}

    def _with_seen(self, state: State) -> State:
        chat_id = state.person.chat_id
        seen, card = self._seen.get(chat_id), self._cards.get(chat_id)
        if card is not None:
            state = replace(state, card=card)
        return state if seen is None else with_seen(state, seen)

    def _remember(self, state: State) -> None:
        self._known[state.person.chat_id] = state
        self._known.move_to_end(state.person.chat_id)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


class _Posts:
    """What one chat is to be sent after a batch: messages in order, and one screen at the end."""

    def __init__(self, chat_id: int) -> None:
        self.chat_id = chat_id
        self.messages: list[notices.Message] = []
        self.present: notices.Present | None = None
        self.forget = False
        self.card = False
        self.first_card = False

    def add(self, turn: Turn, event: Event) -> None:
        if turn.forget:
            self.forget, self.messages, self.present = True, [], None
        self.messages += turn.posts
        if turn.show:
            tapped = event.act.message_id if isinstance(event.act, Tapped) else turn.state.seen.message_id
            edit = tapped if turn.show == "edit" else None
            if self.present is not None and self.present.edit is None:
                edit = None
            self.present = notices.Present(edit)

    def rows(self, outbox: Outbox) -> list[tuple[str | None, int, notices.Message]]:
        found: list[tuple[str | None, int, notices.Message]] = [
            (None, self.chat_id, one) for one in self.messages
        ]
        if self.card and not self.forget:
            found.append((f"card:{self.chat_id}", self.chat_id, notices.Card()))
            if self.first_card and self.present is not None:
                self.present = notices.Present()  # below the card, where the person looks
        if self.present is not None:
            key = f"present:{self.chat_id}"
            unsent = outbox.unsent(self.chat_id, key)
            asked_new = unsent is not None and notices.load(unsent.body) == notices.Present(None)
            found.append((key, self.chat_id, notices.Present(None) if asked_new else self.present))
        return found


def is_coming(state: State, number: int) -> bool:
    """Say whether the bytes of a file are still waited for."""
    file = state.file(number)
    return file is not None and file.coming


def fewer_files(before: State, after: State) -> bool:
    """Say whether a file was removed."""
    return bool({one.number for one in before.files} - {one.number for one in after.files})


def sorry(state: State, event: Event) -> Turn:
    """Return what comes of an event that failed: an apology where a person waits for an answer."""
    if isinstance(event.act, Said | Tapped | Handed):
        return engine.apology(state)
    return Turn(state, show="")


def latest_of(due: Iterable[Due]) -> list[Due]:
    """Return the latest of the reminders due for each deadline; the earlier ones have nothing to add."""
    latest: dict[tuple[int, int, str], Due] = {}
    for one in due:
        latest[one.chat_id, one.number, one.kind] = one
    return list(latest.values())


def _one_each(
    due: list[Due], unsent: list[Row]
) -> Iterator[tuple[str | None, int, notices.ReminderDue | notices.Digest]]:
    """Return one message for each chat: of all that is due now and all that is still unsent from before."""
    items: dict[int, dict[tuple[int, str], notices.ReminderDue]] = {}
    for row in unsent:
        message = notices.load(row.body)
        for one in message.each if isinstance(message, notices.ReminderDue | notices.Digest) else ():
            items.setdefault(row.chat_id, {})[one.case, one.kind] = one
    for new in due:
        said = notices.ReminderDue(new.number, new.kind, new.lead, new.key, new.reminder_id, new.due)
        items.setdefault(new.chat_id, {})[new.number, new.kind] = said
    for chat_id, found in items.items():
        if len(found) == 1:
            (only,) = found.values()
            yield f"reminder:{only.number}", chat_id, only
        else:
            yield f"reminders:{chat_id}", chat_id, notices.Digest.of(found.values())


def is_storage(error: BaseException) -> bool:
    """Say whether it is the disk or a lock that fails, not what was to be stored: that passes by itself."""
    return isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError


def storage_name(error: sqlite3.Error) -> str:
    """Return SQLite's name of an error, such as SQLITE_FULL."""
    return str(getattr(error, "sqlite_errorname", type(error).__name__))


def where(error: BaseException) -> str:
    """Return an error's kind and place, without its text: that may hold what a person said."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {place}"
