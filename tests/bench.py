"""`make bench`: how fast the bot is, as ratios to a plainly written one in the same run, and what it carries.

The local Telegram is a process of its own, each bot is one, and people are played by this one. Absolute figures
say as much about the machine as about the bot; the ratios are what counts. Needs Linux: it reads /proc.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import random
import signal
import socket
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp

from bot import config, dialogs, engine, run
from bot.app import App
from bot.fetching import Fetcher
from bot.model import Edit, Event, Refused, Said, Screen, Send, Sent, State, Tapped
from bot.model import Person as Known
from bot.outbox import UNASKED_PER_SECOND, Outbox
from bot.store import Plan, Store
from bot.words import Words
from tests import walks
from tests.walks import PLAIN_LETTER, Look, Script, is_beside, is_screen

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from bot.model import Call, Outcome

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
WANTED = 5.0
PATIENCE = 120.0  # seconds for one walk of all people
CONNECTIONS = 16

# What people say; any question that is not named here gets its first button that leads on.
SCRIPT = Script(
    {
        "notice.number": "cp 504",
        "notice.dated": "November 16, 2026",
        "period.year": "2023",
        "period.amount": "$12,345.67",
    },
    {**PLAIN_LETTER, "start.zone": "central"},
)
LAST = "deadline.confirm"  # the bench walks from /start to here, whatever lies between and behind
LONGEST = 200  # steps


class BenchError(Exception):
    """A bot did not do what it is measured at."""


# ---------------------------------------------------------------- people


@dataclass(frozen=True, slots=True)
class Asked:
    """One screen and what people do on it: type a text, or tap the button with this label."""

    name: str
    form: str
    screen: Screen
    how: str
    what: str


@dataclass(frozen=True, slots=True)
class Dialog:
    """What is asked on the way, and the screen at its end."""

    asked: tuple[Asked, ...]
    end: Screen

    @property
    def acts(self) -> tuple[tuple[str, str], ...]:
        """Return what a person does, in order."""
        return (("says", "/start"), *((one.how, one.what) for one in self.asked))

    def written(self) -> str:
        """Return the screens as the plain bot reads them."""

        def rows(screen: Screen) -> list[list[str]]:
            return [[one.text for one in row] for row in screen.rows]

        asked = [[one.name, one.form, one.screen.text, rows(one.screen)] for one in self.asked]
        return json.dumps([*asked, ["end", "", self.end.text, rows(self.end)]])


class Wire(asyncio.Protocol):
    """One connection to the local Telegram on which requests are written without waiting for the answers."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self.refused = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if data.startswith(b"HTTP/1.1 ") and not data.startswith(b"HTTP/1.1 200"):
            self.refused = data

    def post(self, path: str, content: dict[str, Any]) -> None:
        assert self._transport is not None
        body = json.dumps(content).encode()
        head = (
            f"POST /local/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._transport.write(head.encode() + body)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class Person:
    """Somebody who walks the dialog: does the next step when the answer to the last one is there."""

    def __init__(self, crowd: Crowd, chat: int) -> None:
        self.crowd = crowd
        self.chat = chat
        self.step = 0
        self.screen: dict[str, Any] = {"id": 0, "text": "", "rows": []}
        self.since = 0.0

    def acts(self) -> None:
        how, what = self.crowd.acts[self.step]
        wire = self.crowd.wires[self.chat % len(self.crowd.wires)]
        self.since = time.perf_counter()
        if how == "says":
            wire.post("text", {"chat": self.chat, "text": what})
            return
        for row in self.screen["rows"]:
            for button in row:
                if what == button["text"]:
                    data = {
                        "chat": self.chat,
                        "message_id": self.screen["id"],
                        "data": button["callback_data"],
                    }
                    wire.post("tap", data)
                    return
        self.crowd.fails(f"step {self.step}: no button {what!r} under {self.screen['text']!r}")

    def hears(self, message: dict[str, Any]) -> None:
        """Take a message of the bot: an answer is a new message, or the screen with other words or buttons."""
        old = self.screen
        data = tuple(button.get("callback_data", "") for row in message["rows"] for button in row)
        if not data or is_beside(data):
            return
        if self.since == 0.0 or message["id"] < old["id"]:
            return
        same = message["id"] == old["id"]
        if same and (message["text"], message["rows"]) == (old["text"], old["rows"]):
            return
        self.crowd.waits.append(time.perf_counter() - self.since)
        self.since = 0.0
        self.screen = message
        self.step += 1
        if self.step < len(self.crowd.acts):
            self.crowd.later(self.acts)
        else:
            self.crowd.finished(self)


class Crowd:
    """People who walk the dialog at the same time, and how long each answer took them."""

    def __init__(self, url: str, acts: Sequence[tuple[str, str]]) -> None:
        self.url = url
        self.acts = acts
        self.wires: list[Wire] = []
        self.people: dict[int, Person] = {}
        self.waiting: list[int] = []
        self.waits: list[float] = []
        self.pause = 0.0
        self.done = asyncio.Event()
        self.failure = ""
        self.count = 0
        self.walking = 0
        self.quiet = False
        self.moments: list[float] = []  # at which a message came, or was changed
        self.reminded: dict[int, list[tuple[float, dict[str, Any]]]] = {}

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[Crowd]:
        """Open the connections and follow what people see."""
        port = int(self.url.rpartition(":")[2])
        loop = asyncio.get_running_loop()
        # HTTP/1.0: the feed comes in plain lines, not in chunks.
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
        writer.write(b"GET /local/events HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
        while b"hello" not in await reader.readline():
            pass
        for _ in range(CONNECTIONS):
            self.wires.append((await loop.create_connection(Wire, "127.0.0.1", port))[1])
        following = asyncio.create_task(self._follow(reader))
        following.add_done_callback(self._followed)
        try:
            yield self
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
            writer.close()
            for wire in self.wires:
                wire.close()

    async def _follow(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            if not line.startswith(b'data: {"type": "message"') or b'"mine": true' in line:
                continue
            event = json.loads(line[6:])
            person = self.people.get(event["chat"])
            if person is not None:
                person.hears(event["message"])
            elif event["chat"] in self.reminded:
                self.reminded[event["chat"]].append((time.perf_counter(), event["message"]))
            self.moments.append(time.perf_counter())
        self.fails("the local Telegram has gone")

    def _followed(self, following: asyncio.Task[None]) -> None:
        if not following.cancelled() and (error := following.exception()) is not None:
            self.fails(f"what people see is no longer followed: {type(error).__name__}: {error}")

    async def walk(self, chats: list[int], at_once: int, pause: float = 0.0) -> list[float]:
        """Let newcomers walk the dialog, so many at once; return how long each answer took."""
        self.waiting, self.waits, self.pause = chats[at_once:], [], pause
        self.done.clear()
        self.walking = at_once
        for chat in chats[:at_once]:
            self._begins(chat)
        try:
            async with asyncio.timeout(PATIENCE):
                await self.done.wait()
        except TimeoutError:
            stuck = [one for one in self.people.values() if one.step < len(self.acts)]
            steps = sorted({one.step for one in stuck})
            raise BenchError(f"{len(stuck)} people got no answer; they stand at the steps {steps}") from None
        self.check()
        return self.waits

    def check(self) -> None:
        """Raise BenchError where something is not as it should be."""
        refused = next((wire.refused for wire in self.wires if wire.refused), b"")
        if self.failure or refused:
            raise BenchError(self.failure or refused.decode())

    async def talk(
        self, chats: list[int], at_once: int, pause: float, until: Awaitable[object]
    ) -> list[float]:
        """Let so many people at once talk on and on, one newcomer after the other, until something is over."""
        self.waiting, self.waits, self.pause, self.quiet = chats[at_once:], [], pause, False
        self.walking = at_once
        for chat in chats[:at_once]:
            self._begins(chat)
        await until
        self.quiet = True
        async with asyncio.timeout(PATIENCE):
            while any(one.since for one in self.people.values()):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        self.people.clear()
        self.check()
        return self.waits

    async def newcomers(self, many: int, *, started: bool = False) -> list[int]:
        """Return the chats of people who have not written yet; `started`: they have pressed START long ago."""
        async with aiohttp.ClientSession() as session:
            chats = []
            for _ in range(many):
                self.count += 1
                said = {"name": f"P{self.count}", "started": started}
                async with session.post(f"{self.url}/local/people", json=said) as answer:
                    chats.append(int((await answer.json())["chat"]))
        return chats

    def _begins(self, chat: int) -> None:
        self.people[chat] = person = Person(self, chat)
        self.later(person.acts)

    def later(self, act: Callable[[], None]) -> None:
        """Let somebody act: at once, or after about the pause people make."""
        if self.quiet:
            return
        if self.pause:
            asyncio.get_running_loop().call_later(self.pause * random.uniform(0.5, 1.5), self._acts, act)
        else:
            act()

    def _acts(self, act: Callable[[], None]) -> None:
        if not self.quiet:
            act()

    def finished(self, person: Person) -> None:
        """Let the next one begin when somebody is through."""
        del self.people[person.chat]
        if self.waiting:
            self._begins(self.waiting.pop())
            return
        self.walking -= 1
        if self.walking == 0:
            self.done.set()

    def fails(self, why: str) -> None:
        """Stop: something is not as it should be."""
        self.failure = self.failure or why
        self.done.set()


# ---------------------------------------------------------------- processes


@dataclass(frozen=True, slots=True)
class Kind:
    """A bot to measure: how it is run, and the statement that counts the people who are through."""

    name: str
    command: Callable[[str, Path, Path], list[str]]
    finished: str


PRELIEN = Kind(
    "prelien",
    lambda url, database, dialog: ["-m", "bot", "run"],  # noqa: ARG005
    "SELECT count(DISTINCT chat_id) FROM reminders WHERE state = 'planned'",
)
PLAIN = Kind(
    "plain",
    lambda url, database, dialog: [
        "-m",
        "tests.plain_bot",
        "--url",
        url,
        "--database",
        str(database),
        "--dialog",
        str(dialog),
    ],
    "SELECT count(*) FROM people WHERE remind IS NOT NULL",
)


@asynccontextmanager
async def process(*arguments: str, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run Python with these arguments from the root of the house; end it cleanly."""
    own = {
        name: value for name, value in os.environ.items() if not name.startswith(("PRELIEN_", "TELEGRAM_"))
    }
    # An empty token outweighs one in a `.env` file: nothing here may reach the real Telegram.
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=ROOT,
        env=own | {"TELEGRAM_BOT_TOKEN": ""} | environment,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield running
    finally:
        if running.returncode is None:
            running.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(running.wait(), 10)
            except TimeoutError:
                running.kill()
                await running.wait()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def memory(pid: int) -> float:
    """Return what a process holds in memory, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise BenchError(f"process {pid} has gone")


def computed(pid: int) -> float:
    """Return how many seconds a process has computed."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def computed_below(pid: int) -> float:
    """Return how many seconds the processes that a process has started have computed."""
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(computed(int(one)) for one in below)


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


# ---------------------------------------------------------------- one round


@dataclass(slots=True)
class Figures:
    """What was measured of one bot in one round; times in ms, memory in MB."""

    steps_per_second: float = 0.0
    cpu_per_step: float = 0.0
    modest_p50: float = 0.0
    modest_p99: float = 0.0
    full_p50: float = 0.0
    full_p99: float = 0.0
    to_poll: float = 0.0
    to_answer: float = 0.0
    memory_idle: float = 0.0
    memory_after: float = 0.0
    bot_busy: float = 0.0  # share of one core, while under full load
    telegram_busy: float = 0.0
    people_busy: float = 0.0


@dataclass(frozen=True, slots=True)
class Load:
    """How much is asked of a bot."""

    people: int
    walks: int
    modest: int = 20
    pause: float = 0.5


async def measured(kind: Kind, load: Load, dialog: Dialog) -> Figures:
    """Start a local Telegram and a bot, ask the bot what `load` says, and return the figures."""
    figures = Figures()
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="prelien-bench-") as folder:
        database, asked = Path(folder) / "bench.sqlite", Path(folder) / "dialog.json"
        await asyncio.to_thread(asked.write_text, dialog.written())
        async with process("-m", "bot.simulator", "--port", str(port), "--now", NOW.isoformat()) as telegram:
            assert telegram.stdout is not None
            await telegram.stdout.readline()
            async with Crowd(url, dialog.acts).watching() as crowd:
                # Somebody has written already when the bot comes up.
                newcomer = await crowd.newcomers(1)
                begun = time.perf_counter()
                early = asyncio.create_task(crowd.walk(newcomer, 1))
                polled = asyncio.create_task(first_poll(url))
                async with process(
                    *kind.command(url, database, asked),
                    PRELIEN_LOCAL_PORT=str(port),
                    PRELIEN_DATABASE=str(database),
                    PRELIEN_LOG_LEVEL="WARNING",
                ) as bot:
                    ended = asyncio.create_task(bot.wait())
                    first = (polled, early, ended)
                    await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
                    if ended.done():
                        early.cancel()
                        polled.cancel()
                        raise BenchError(f"{kind.name} ended before it asked for updates")
                    if early.done() and early.exception() is not None:
                        polled.cancel()
                    figures.to_answer = (await early)[0] * 1000
                    figures.to_poll = ((await polled) - begun) * 1000
                    await asyncio.sleep(0.3)
                    figures.memory_idle = memory(bot.pid)
                    waits = await crowd.walk(await crowd.newcomers(load.modest), load.modest, load.pause)
                    figures.modest_p50 = percentile(waits, 0.50) * 1000
                    figures.modest_p99 = percentile(waits, 0.99) * 1000
                    await full_load(crowd, load, figures, bot.pid, telegram.pid)
                    figures.memory_after = memory(bot.pid)
        walked = 1 + load.modest + load.people * load.walks
        with sqlite3.connect(database) as connection:
            kept = connection.execute(kind.finished).fetchone()[0]
        connection.close()
        if kept != walked:
            raise BenchError(f"{kind.name}: {walked} people are through, {kept} are in the database")
    return figures


async def full_load(crowd: Crowd, load: Load, figures: Figures, bot: int, telegram: int) -> None:
    """Let all people write as fast as they are answered."""
    steps = load.people * load.walks * len(crowd.acts)
    chats = await crowd.newcomers(load.people * load.walks)
    before = [computed(bot), computed(telegram), time.process_time()]
    begun = time.perf_counter()
    waits = await crowd.walk(chats, load.people)
    seconds = time.perf_counter() - begun
    busy = [
        now - then
        for now, then in zip((computed(bot), computed(telegram), time.process_time()), before, strict=True)
    ]
    figures.steps_per_second = steps / seconds
    figures.cpu_per_step = busy[0] / steps * 1000
    figures.full_p50 = percentile(waits, 0.50) * 1000
    figures.full_p99 = percentile(waits, 0.99) * 1000
    figures.bot_busy, figures.telegram_busy, figures.people_busy = (one / seconds for one in busy)


async def first_poll(url: str) -> float:
    """Return the moment of the bot's first getUpdates: a planned delay of nothing is used up by it."""
    async with aiohttp.ClientSession() as session:
        plan = {"method": "getUpdates", "times": 1, "delay": 1e-6}
        async with session.post(f"{url}/local/faults", json=plan):
            pass
        while True:
            async with session.get(f"{url}/local/faults") as answer:
                if not (await answer.json())["planned"]:
                    return time.perf_counter()
            await asyncio.sleep(0.005)


# ---------------------------------------------------------------- inside the bot


async def no_file(file_id: str, most: int) -> Refused:
    """Answer for a Telegram that holds no file: nobody sends one here."""
    return Refused("no file")


async def no_sign(chat_id: int) -> None:
    """Show nothing in a chat."""


class Inside:
    """The bot's own parts on a database file, with a Telegram that takes everything at once."""

    def __init__(self, store: Store, words: Words, per_second: float) -> None:
        self.now = NOW
        self.sent: Counter[int] = Counter()
        self.store = store
        self.app = App(run.house_of(dialogs.read(config.ROOT / "dialogs"), words), words, store, self._now)
        self.app.fetcher = Fetcher(no_file, self.app.bring, self._now, no_sign)
        self.app.outbox = self.outbox = Outbox(
            self._deliver, self.app.render, self.app.shown, self.app.mark, per_second
        )
        self.screens: dict[int, tuple[int, Screen]] = {}
        self._updates = 0

    def _now(self) -> datetime:
        return self.now

    async def _deliver(self, call: Call) -> Outcome:
        if isinstance(call, Send | Edit):
            message_id = call.message_id if isinstance(call, Edit) else self._updates
            if is_screen(_data(call.screen)):
                self.screens[call.chat_id] = (message_id, call.screen)
            else:
                self.sent[call.chat_id] += 1
            return Sent(message_id)
        return Sent()

    def event(self, chat: int, how: str, what: str) -> Event:
        """Return what somebody does, as the bot is told it: `what` is a text, or what a button does."""
        self._updates += 1
        if how == "says":
            return Event(self._updates, chat, Said(what, self._updates))
        return Event(self._updates, chat, Tapped(what, self.screens[chat][0], str(self._updates)))

    async def take(self, events: list[Event]) -> None:
        """Let the bot take a batch, and wait until all of it is answered and stored."""
        await self.app.handle(events)
        await self.outbox.settled()
        await self.app.flush()

    async def walk(self, chat: int) -> Dialog:
        """Walk one person to the confirmed deadline; return what they were asked and what they did."""
        asked: list[Asked] = []
        how, what = "says", "/start"
        while len(asked) < LONGEST:
            await self.take([self.event(chat, how, what)])
            message_id, screen = self.screens[chat]
            if asked and asked[-1].name == LAST:
                return Dialog(tuple(asked), screen)
            seen = Look(message_id, screen.text, _data(screen))
            how, what = walks.answer(seen, SCRIPT)
            labels = {one.data: one.text for row in screen.rows for one in row}
            form = seen.step.kind.form
            asked.append(Asked(seen.key, form, screen, how, labels.get(what, what)))
        raise BenchError(f"nobody gets to {LAST}: the way ends at {asked[-1].name}")

    async def fill(self, people: int) -> None:
        """Walk one person through the dialog and put so many others like them into the database."""
        await self.walk(1)
        connection = self.store._connection
        others = "WITH RECURSIVE n(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < ?)"
        for table, columns in (
            ("people", "body, seen_key, seen_message, reachable"),
            ("cases", "number, body"),
            ("reminders", "number, key, kind, lead, due"),
        ):
            await connection.execute(
                f"{others} INSERT INTO {table} (chat_id, {columns}) "  # noqa: S608
                f"SELECT n, {columns} FROM n, {table} WHERE chat_id = 1",
                (people,),
            )


def _data(screen: Screen) -> tuple[str, ...]:
    return tuple(one.data for row in screen.rows for one in row)


async def dialog() -> Dialog:
    """Return what the dialogs ask by now on the way from /start to a confirmed deadline."""
    async with inside(0) as parts:
        return await parts.walk(1)


@asynccontextmanager
async def inside(people: int, per_second: float = UNASKED_PER_SECOND) -> AsyncIterator[Inside]:
    with tempfile.TemporaryDirectory(prefix="prelien-bench-") as folder:
        store = await Store.open(Path(folder) / "bench.sqlite")
        try:
            parts = Inside(store, Words(config.ROOT / "templates"), per_second)
            if people:
                await parts.fill(people)
            yield parts
        finally:
            await store.close()


async def cost_per_step(people: Sequence[int], batches: int, batch: int = 50) -> dict[int, float]:
    """Return the ms one step costs inside the bot, with so many people in the database: medians of batches.

    Everybody in it is as likely to write as anybody else. The databases are asked in turn.
    """
    spent: dict[int, list[float]] = {many: [] for many in people}
    async with inside(people[0]) as small, inside(people[1]) as large:
        for number in range(batches):
            for many, parts in zip(people, (small, large), strict=True):
                chats = random.sample(range(1, many + 1), min(batch, many))
                command = ("/case", "/deadlines")[number % 2]
                events = [parts.event(chat, "says", command) for chat in chats]
                begun = time.perf_counter()
                await parts.take(events)
                spent[many].append((time.perf_counter() - begun) * 1000 / len(events))
    return {many: statistics.median(found) for many, found in spent.items()}


async def tick(due: int) -> tuple[float, float]:
    """Return the ms until so many that are due in one second are sent, and the longest time the loop stood still."""
    async with inside(due, per_second=2 * due) as parts:
        async with parts.store.transaction() as tx:
            first = (await tx._all("SELECT min(due) FROM reminders"))[0][0]
        parts.now = datetime.fromtimestamp(first, UTC) + timedelta(minutes=1)
        stood = 0.0

        async def watch() -> None:
            nonlocal stood
            while True:
                then = time.perf_counter()
                await asyncio.sleep(0.001)
                stood = max(stood, time.perf_counter() - then - 0.001)

        watching = asyncio.create_task(watch())
        await asyncio.sleep(0.01)
        parts.sent.clear()
        begun = time.perf_counter()
        await parts.app.tick()
        await parts.outbox.settled()
        seconds = time.perf_counter() - begun
        await parts.app.flush()
        await asyncio.sleep(0)
        watching.cancel()
        async with parts.store.transaction() as tx:
            posted = (await tx._all("SELECT count(*) FROM reminders WHERE state = 'posted'"))[0][0]
        # The one who walked the dialog may be nudged, too.
        sent = sum(count == 1 for chat, count in parts.sent.items() if chat != 1) + (parts.sent[1] > 0)
        if not posted == sent == due:
            raise BenchError(f"{due} reminders were due, {posted} were posted, {sent} people got one")
        return seconds * 1000, stood * 1000


def commit() -> float:
    """Return the ms a durable commit of one row takes on this disk: the median of fifty."""
    with tempfile.TemporaryDirectory(prefix="prelien-bench-") as folder:
        connection = sqlite3.connect(Path(folder) / "bench.sqlite", isolation_level=None)
        connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (n)")
        spent = []
        for number in range(50):
            begun = time.perf_counter()
            connection.execute("INSERT INTO t VALUES (?)", (number,))
            spent.append((time.perf_counter() - begun) * 1000)
        connection.close()
    return float(statistics.median(spent))


# ---------------------------------------------------------------- very many at once


@dataclass(frozen=True, slots=True)
class Rush:
    """So many people are reminded of something due at one moment, while others talk.

    `per_second` is the setting; beyond 30 the local Telegram takes what is marked as paid for.
    """

    people: int
    per_second: int
    talkers: int
    pause: float
    usual: float  # seconds in which the usual time of an answer is measured
    more: int = 20  # every so manyth person is reminded of two things


@dataclass(slots=True)
class Rushed:
    """What came of it; times in seconds."""

    seconds: float = 0.0
    reached: float = 0.0  # share of the limit
    refused: int = 0  # 429s
    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0
    usual_p50: float = 0.0
    usual_p99: float = 0.0
    answers: int = 0
    p50: float = 0.0
    p99: float = 0.0
    late_max: int = 0
    told: dict[str, Any] = field(default_factory=dict)  # what the bot itself counted
    busy: float = 0.0  # share of a core the bot computed
    scribes_busy: float = 0.0
    cpu: float = 0.0  # ms the bot computed for each reminder, the answers in that time included

    def faults(self) -> list[str]:
        """Return what is not as it has to be."""
        found = [
            f"{count} {name}"
            for count, name in (
                (self.refused, "times told to wait"),
                (self.lost, "lost"),
                (self.doubled, "doubled"),
                (self.out_of_order, "out of order"),
            )
            if count
        ]
        if self.reached < REACHED:
            found.append(f"{self.reached:.1%} of the limit reached, wanted {REACHED:.0%}")
        if self.p99 > SLOWER * self.usual_p99:
            found.append(
                f"an answer takes {self.p99 / self.usual_p99:.1f} times as long, wanted {SLOWER:.0f}"
            )
        return found


REACHED = 0.97
SLOWER = 2.0
FREE_PER_SECOND = 30


async def fill_rush(database: Path, chats: list[int], more: int) -> tuple[datetime, dict[int, list[str]]]:
    """Put people into a database, all reminded at one moment; return it, and of what each of them."""
    store = await Store.open(database)
    try:
        parts = Inside(store, Words(config.ROOT / "templates"), FREE_PER_SECOND)
        await parts.walk(chats[0])
        async with store.transaction() as tx:
            first = (await tx.load(chats[:1]))[chats[0]]
        case = first.cases[0]
        _, coming = engine.due_reminders(parts.app.house, first, case, NOW)
        soonest = coming[0]
        other = next(one for one in coming if one.kind != soonest.kind)
        second = replace(other, due=soonest.due + timedelta(seconds=1))
        wanted = {}
        for begin in range(0, len(chats), 1000):
            states, plans = [], []
            for number, chat in enumerate(chats[begin : begin + 1000], begin):
                # Everybody's own: nothing that was worked out for one of them serves another.
                theirs = replace(case, answers=dict(case.answers), name=f"{case.name} {number}")
                states.append(State(replace(first.person, chat_id=chat, nudge_at=None), (theirs,)))
                planned = (soonest, second) if number % more == 0 else (soonest,)
                plans.append(Plan(chat, theirs.number, planned, planned))
                wanted[chat] = [str(one.kind) for one in planned]
            async with store.transaction() as tx:
                await tx.save([(State(Known(one.person.chat_id)), one) for one in states])
                await tx.plan(plans)
        return soonest.due, wanted
    finally:
        await store.close()


async def rushed(rush: Rush, dialog: Dialog, say: Callable[[str], None]) -> Rushed:
    """Let very many reminders be due at one moment; return how fast they went out, and how long answers took."""
    found = Rushed()
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="prelien-bench-") as folder:
        database = Path(folder) / "bench.sqlite"
        own = {
            "PRELIEN_LOCAL_PORT": str(port),
            "PRELIEN_DATABASE": str(database),
            "PRELIEN_LOG_LEVEL": "WARNING",
            "PRELIEN_BULK_PER_SECOND": str(rush.per_second),
        }
        async with process("-m", "bot.simulator", "--port", str(port)) as telegram:
            assert telegram.stdout is not None
            await telegram.stdout.readline()
            async with Crowd(url, dialog.acts).watching() as crowd, aiohttp.ClientSession() as session:
                chats = await crowd.newcomers(rush.people, started=True)
                due, wanted = await fill_rush(database, chats, rush.more)
                # The clock goes on while the usual time is measured: nothing may come due in it.
                before_due = due - timedelta(seconds=rush.usual + 300)
                await ask(session, f"{url}/local/clock", set=before_due.isoformat())
                expected = 2 * rush.people / rush.per_second + rush.usual + 60  # slow is not lost
                # Twice as many as can walk through in that time, a half of them before.
                talkers = await crowd.newcomers(
                    4 * rush.talkers * (1 + int(expected / (rush.pause * len(dialog.acts))))
                )
                async with process("-m", "bot", "run", **own) as bot:
                    await first_poll(url)
                    await ask(session, f"{url}/local/faults", limit={"per_second": FREE_PER_SECOND})
                    half = len(talkers) // 2
                    waits = await crowd.talk(
                        talkers[:half], rush.talkers, rush.pause, asyncio.sleep(rush.usual)
                    )
                    found.usual_p50, found.usual_p99 = (percentile(waits, share) for share in (0.5, 0.99))
                    crowd.reminded = {chat: [] for chat in chats}
                    before = computed(bot.pid), computed_below(bot.pid)
                    begun = time.perf_counter()
                    await ask(session, f"{url}/local/clock", set=(due + timedelta(seconds=2)).isoformat())
                    # However soon all are reminded: everybody who talks gets to say something.
                    over = asyncio.gather(through(crowd, expected, say), asyncio.sleep(2 * rush.pause))
                    waits = await crowd.talk(talkers[half:], rush.talkers, rush.pause, over)
                    found.answers = len(waits)
                    found.p50, found.p99 = (percentile(waits, share) for share in (0.5, 0.99))
                    at = sorted(moment for told in crowd.reminded.values() for moment, _ in told)
                    found.seconds = at[-1] - begun
                    spent = computed(bot.pid) - before[0]
                    found.busy = spent / (time.perf_counter() - begun)
                    found.scribes_busy = (computed_below(bot.pid) - before[1]) / (time.perf_counter() - begun)
                    found.cpu = spent / len(at) * 1000
                    # Beside the reminders the free limit counts the answers, too; a paid one has only reminders.
                    paid = rush.per_second > FREE_PER_SECOND
                    sent = len(at) if paid else sum(at[0] <= one <= at[-1] for one in crowd.moments)
                    found.reached = sent / (at[-1] - at[0]) / rush.per_second
                    async with session.get(f"{url}/local/faults") as answer:
                        found.refused = (await answer.json())["refused"]
                    await settled(database)
                    found.told = await figures_of(own)
                    found.late_max = found.told["reminders_sent"]["late_max"] or 0
        for chat, told in crowd.reminded.items():
            kinds = [kind for _, message in told for kind in kinds_of(message)]
            found.lost += len(set(wanted[chat]) - set(kinds))
            found.doubled += len(kinds) - len(set(kinds))
            # In one message the order is that of the days; between messages it is that of coming due.
            order = [min(map(wanted[chat].index, kinds_of(message))) for _, message in told]
            found.out_of_order += order != sorted(order)
    return found


def kinds_of(message: dict[str, Any]) -> list[str]:
    """Return what a reminder reminds of, as its buttons say: several that come at once are one message."""
    data = (button.get("callback_data", "") for row in message["rows"] for button in row)
    return list(dict.fromkeys(str(one).split(":")[2] for one in data if one.startswith("r:")))


async def through(crowd: Crowd, seconds: float, say: Callable[[str], None]) -> None:
    """Wait until everybody was reminded and nothing more comes; say how far it is from time to time."""
    end, told, then = time.perf_counter() + seconds, 0, time.perf_counter()
    while True:
        await asyncio.sleep(0.5)
        crowd.check()
        now = time.perf_counter()
        people = sum(bool(one) for one in crowd.reminded.values())
        latest = max((one[-1][0] for one in crowd.reminded.values() if one), default=now)
        if (people == len(crowd.reminded) and now - latest > min(3.0, 1 + people / 1000)) or now > end:
            return
        if now - then > 20:
            say(
                f"  {people:,} of {len(crowd.reminded):,} people are reminded, {(people - told) / (now - then):.1f} a second"
            )
            told, then = people, now


async def ask(session: aiohttp.ClientSession, url: str, **said: Any) -> None:
    async with session.post(url, json=said) as answer:
        if answer.status != 200:
            raise BenchError(await answer.text())


async def settled(database: Path) -> None:
    """Wait until what was sent is marked."""
    async with asyncio.timeout(20):
        while True:
            with closing(sqlite3.connect(database)) as connection:
                if connection.execute("SELECT count(*) FROM outbox").fetchone()[0] == 0:
                    return
            await asyncio.sleep(0.1)


async def figures_of(environment: dict[str, str]) -> dict[str, Any]:
    """Return what an operator is told by `prelien stats`."""
    async with process("-m", "bot", "stats", "--json", **environment) as stats:
        assert stats.stdout is not None
        found: dict[str, Any] = json.loads(await stats.stdout.read())
        await stats.wait()
        return found


# ---------------------------------------------------------------- very many to come

PEOPLE_EACH = 10  # reminders of one person
MORE_START, MORE_MEMORY = 50.0, 5.0  # ms, MB


def fill_pending(database: Path, reminders: int) -> None:
    """Put people with reminders to come into a database that is made already."""
    later = int(NOW.timestamp()) + 400 * 24 * 3600
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?) "
            "INSERT INTO people (chat_id, body) SELECT n, zeroblob(300) FROM n",
            (reminders // PEOPLE_EACH,),
        )
        connection.execute(
            "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?) "
            "INSERT INTO reminders (chat_id, number, key, kind, lead, due) "
            "SELECT chat_id, 1, 'cdp_levy:2028-01-01:' || n, 'cdp_levy', n, ? + chat_id % 864000 FROM people, n",
            (PEOPLE_EACH, later),
        )


async def started(database: Path) -> tuple[float, float]:
    """Return the ms from process start to the first getUpdates with this database, and the MB in memory then."""
    port = free_port()
    async with process("-m", "bot.simulator", "--port", str(port), "--now", NOW.isoformat()) as telegram:
        assert telegram.stdout is not None
        await telegram.stdout.readline()
        begun = time.perf_counter()
        polled = asyncio.create_task(first_poll(f"http://127.0.0.1:{port}"))
        await asyncio.sleep(0)
        async with process(
            "-m",
            "bot",
            "run",
            PRELIEN_LOCAL_PORT=str(port),
            PRELIEN_DATABASE=str(database),
            PRELIEN_LOG_LEVEL="WARNING",
        ) as bot:
            to_poll = (await polled) - begun
            await asyncio.sleep(0.5)
            return to_poll * 1000, memory(bot.pid)


async def pending(reminders: int, rounds: int) -> tuple[float, float]:
    """Return what so many reminders to come add to the start, in ms, and to the memory, in MB: least of each."""
    with tempfile.TemporaryDirectory(prefix="prelien-bench-") as folder:
        few, many = Path(folder) / "few.sqlite", Path(folder) / "many.sqlite"
        for database in (few, many):
            await (await Store.open(database)).close()
        await asyncio.to_thread(fill_pending, many, reminders)
        found = [(await started(few), await started(many)) for _ in range(rounds)]
    starts, memories = ([[one[of][which] for one in found] for of in (0, 1)] for which in (0, 1))
    return min(starts[1]) - min(starts[0]), min(memories[1]) - min(memories[0])


# ---------------------------------------------------------------- the report

LINES = (
    ("steps_per_second", "durable steps/s, all at once", "{:.0f}", True),
    ("cpu_per_step", "CPU of the bot per step, ms", "{:.2f}", False),
    ("modest_p50", "update to reply, modest load, p50 ms", "{:.1f}", False),
    ("modest_p99", "update to reply, modest load, p99 ms", "{:.1f}", False),
    ("full_p50", "update to reply, all at once, p50 ms", "{:.0f}", False),
    ("full_p99", "update to reply, all at once, p99 ms", "{:.0f}", False),
    ("to_poll", "process start to first getUpdates, ms", "{:.0f}", False),
    ("to_answer", "process start to first answer, ms", "{:.0f}", False),
    ("memory_idle", "memory when idle, MB", "{:.0f}", False),
    ("memory_after", "memory after the load, MB", "{:.0f}", False),
)


@dataclass(slots=True)
class Report:
    """Everything that was measured; `rounds` are pairs of ours and the plain bot's."""

    steps_each: int
    rounds: list[tuple[Figures, Figures]] = field(default_factory=list)
    steps: dict[int, float] = field(default_factory=dict)
    tick: tuple[float, float] = (0.0, 0.0)
    commit: float = 0.0
    busy: float = 0.0  # processes that wanted to compute before it began

    def median(self, of: int, name: str) -> float:
        """Return the median over the rounds of one figure of ours (0) or of the plain bot (1)."""
        return float(statistics.median(getattr(one[of], name) for one in self.rounds))

    def ratios(self, name: str, more_is_better: bool = True) -> list[float]:
        """Return how many times better ours is, for each round."""
        found = [getattr(ours, name) / getattr(plain, name) for ours, plain in self.rounds]
        return [one if more_is_better else 1 / one for one in found]


DUE = 5000


def text(report: Report, load: Load) -> str:
    """Return the report as a table."""
    lines = [
        f"{len(report.rounds)} rounds, medians; {load.people} people at once, modest load {load.modest} people "
        f"who pause {load.pause} s; {report.steps_each} steps each",
        f"a commit here takes {report.commit:.1f} ms; {report.busy:.1f} processes wanted the {os.cpu_count()} cores "
        "when it began: with more than one at work besides, look at the CPU per step rather than at the clock",
        "",
        f"{'':40}{'Prelien':>10}{'plain':>10}{'better by':>12}   over the rounds",
    ]
    for name, words, form, more in LINES:
        ratios = report.ratios(name, more)
        ours, plain = (form.format(report.median(of, name)) for of in (0, 1))
        spread = f"{min(ratios):.1f} to {max(ratios):.1f}"
        lines.append(f"{words:40}{ours:>10}{plain:>10}{statistics.median(ratios):>11.1f}x   {spread}")
    for of, name in enumerate(("Prelien", "plain")):
        busy = [f"{report.median(of, f'{one}_busy'):.0%}" for one in ("bot", "telegram", "people")]
        lines.append(
            f"under full load, {name}: the bot computes {busy[0]}, the local Telegram {busy[1]}, "
            f"the people {busy[2]} of a core"
        )
    lines.append("")
    (few, small), (many, large) = report.steps.items()
    lines.append(f"a step inside the bot: {small:.2f} ms with {few} people in the database, ")
    lines[-1] += f"{large:.2f} ms with {many:,} ({large / small:.2f} times)"
    lines.append(f"{DUE:,} reminders due in one second: sent within {report.tick[0]:.0f} ms, ")
    lines[-1] += f"the loop stood still for {report.tick[1]:.0f} ms at most"
    return "\n".join(lines)


def as_json(report: Report) -> str:
    """Return the medians as one line for machines."""
    found: dict[str, Any] = {
        name: {
            "prelien": round(report.median(0, name), 3),
            "plain": round(report.median(1, name), 3),
            "better": round(statistics.median(report.ratios(name, more)), 2),
        }
        for name, _, _, more in LINES
    }
    found["step_ms"] = {str(many): round(spent, 3) for many, spent in report.steps.items()}
    found["tick_ms"], found["tick_stood_still_ms"] = (round(one, 1) for one in report.tick)
    found["commit_ms"], found["load_before"] = round(report.commit, 2), round(report.busy, 2)
    return json.dumps(found)


def rush_text(rush: Rush, found: Rushed) -> str:
    """Return what came of very many reminders at once, as lines."""
    return "\n".join(
        (
            f"{rush.people:,} people reminded at one moment, at {rush.per_second:,} messages a second:",
            f"  all out after {found.seconds:.1f} s (the last {found.late_max} s after it was due), "
            f"{found.reached:.1%} of the limit, {found.refused} times told to wait",
            f"  {found.lost} lost, {found.doubled} doubled, {found.out_of_order} out of order; the bot counts "
            f"{found.told.get('reminders_sent', {}).get('count', 0):,} sent, failures: {found.told.get('failures')}",
            f"  answers to people: usually p50 {found.usual_p50 * 1000:.1f} ms, p99 {found.usual_p99 * 1000:.1f} ms; "
            f"meanwhile p50 {found.p50 * 1000:.1f} ms, p99 {found.p99 * 1000:.1f} ms ({found.answers} answers)",
            f"  the bot computes {found.busy:.0%} of a core, {found.cpu:.2f} ms for each reminder; what puts them into "
            f"words beside it {found.scribes_busy:.0%}",
        )
    )


def pending_text(added: tuple[float, float]) -> str:
    """Return what very many reminders to come add, as a line."""
    return (
        f"{PENDING:,} reminders to come add {added[0]:.0f} ms to the start (at most {MORE_START:.0f}) "
        f"and {added[1]:.1f} MB of memory (at most {MORE_MEMORY:.0f})"
    )


async def measure(load: Load, rounds: int, people: Sequence[int], batches: int, asked: Dialog) -> Report:
    """Return a report: both bots in turn, round after round, then the bot from inside."""
    report = Report(len(asked.acts), commit=await asyncio.to_thread(commit), busy=os.getloadavg()[0])
    for _ in range(rounds):
        plain = await measured(PLAIN, Load(load.people, 1, load.modest, load.pause), asked)
        report.rounds.append((await measured(PRELIEN, load, asked), plain))
    report.steps = await cost_per_step(people, batches)
    report.tick = await tick(DUE)
    return report


PENDING = 1_000_000
PARTS = ("speed", "pending", "rush", "paid")
RUSHES = {
    "rush": Rush(people=10_000, per_second=FREE_PER_SECOND, talkers=5, pause=3.0, usual=60.0),
    "paid": Rush(people=10_000, per_second=1000, talkers=27, pause=2.0, usual=30.0),
}


async def run_all(parts: Sequence[str], load: Load, rounds: int) -> list[str]:
    """Measure what is asked for and write it down as it comes; return what is not as it has to be."""
    faults = []
    asked = await dialog()
    if "speed" in parts:
        report = await measure(load, rounds, (100, 20_000), 20, asked)
        say(f"{text(report, load)}\n\n{as_json(report)}\n")
        reached = statistics.median(report.ratios("steps_per_second"))
        if reached < WANTED:
            spent = statistics.median(report.ratios("cpu_per_step", more_is_better=False))
            faults.append(
                f"{reached:.1f} times the plain bot's steps/s; wanted are {WANTED:.0f} "
                f"(by the CPU a step takes: {spent:.1f})"
            )
    if "pending" in parts:
        added = await pending(PENDING, 5)
        say(pending_text(added))
        if added[0] > MORE_START or added[1] > MORE_MEMORY:
            faults.append(pending_text(added))
    for name, rush in RUSHES.items():
        if name in parts:
            say(f"{rush.people:,} people are reminded, at {rush.per_second:,} a second …")
            found = await rushed(rush, asked, say)
            say(rush_text(rush, found))
            faults += [f"{name}: {one}" for one in found.faults()]
    return faults


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Measure and report; 1 when the bot is not as fast as it has to be."""
    gc.set_threshold(*config.QUIET_GC)  # the people are to be as quick as the bot
    options = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    options.add_argument("--people", type=int, default=100, help="who write at once under full load")
    options.add_argument("--walks", type=int, default=4, help="walks of the dialog for each of them")
    options.add_argument("--rounds", type=int, default=3, help="how often all is measured")
    options.add_argument("--pause", type=float, default=0.5, help="seconds people pause under modest load")
    options.add_argument(
        "--only", choices=PARTS, nargs="+", default=PARTS, help="parts to measure; all take about ten minutes"
    )
    given = options.parse_args()
    load = Load(given.people, given.walks, pause=given.pause)
    try:
        faults = asyncio.run(run_all(given.only, load, given.rounds))
    except BenchError as error:
        faults = [str(error)]
    for fault in faults:
        sys.stderr.write(f"bench: {fault}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
