"""Kill the bot at random moments of a busy run, again and again, and look at what is left: `make torture`.

The local Telegram runs on in this process; the bot alone is a process of its own. The same people who do the same
on a bot that is never stopped say what has to come out.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import outbox
from bot.simulator import LocalTelegram
from tests.bench import fill_rush
from tests.walks import PLAIN_LETTER, Look, Script, answer, is_screen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.simulator import Person

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
PATIENCE = 60.0  # seconds until somebody who gets no answer counts as stuck
QUIET = 1.5  # seconds without a change, the bot running, after which a person tries again
ACTS = 15  # about so many make one round
IN_FLIGHT = 1.0  # seconds before a kill in which a message may have been sent and not marked


# ---------------------------------------------------------------- the bot in a process of its own


class Bot:
    """The bot as a process: started, killed, started again on the same files."""

    def __init__(self, folder: Path, port: int, *program: str) -> None:
        self.folder = folder
        self.program = program or ("-m", "bot", "run")
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PRELIEN_LOCAL_PORT": str(port),
            "PRELIEN_DATABASE": str(folder / "prelien.sqlite"),
            "PRELIEN_LOG_LEVEL": "DEBUG",
        }
        self.process: asyncio.subprocess.Process | None = None
        self.since = 0.0
        self.kills: list[float] = []
        self.logged = 0

    async def start(self) -> None:
        folder = self.folder
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        self.logged = len(self.log)
        with (folder / "out").open("ab") as out, (folder / "log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, *self.program, env=self.environment, cwd=folder, stdout=out, stderr=log
            )
        self.since = time.monotonic()

    async def kill(self) -> None:
        assert self.process is not None
        self.kills.append(time.monotonic())
        self.process.kill()
        assert await self.process.wait() == -signal.SIGKILL, self.log

    async def ended(self, within: float = 15.0) -> int:
        """Wait until it ends by itself; return the exit status."""
        assert self.process is not None
        async with asyncio.timeout(within):
            return await self.process.wait()

    async def stop(self) -> int:
        """Ask it to stop, as a service manager does; return the exit status."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.terminate()
        return await self.ended()

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.returncode is None

    @property
    def began(self) -> bool:
        """Say whether it is through with starting."""
        return "running as" in self.log[self.logged :]

    @property
    def log(self) -> str:
        file = self.folder / "log"
        return file.read_text() if file.exists() else ""

    def rows(self, sql: str, *args: Any) -> list[Any]:
        """Read the database beside the bot."""
        return rows(self.folder / "prelien.sqlite", sql, *args)

    def due(self, now: datetime) -> int:
        """Return how much is still to be done: rows unsent, reminders due and not posted."""
        unsent = self.rows("SELECT count(*) FROM outbox")[0][0]
        moment = int(now.timestamp())
        return int(
            unsent
            + self.rows("SELECT count(*) FROM reminders WHERE state = 'planned' AND due <= ?", moment)[0][0]
        )


def rows(path: Path, sql: str, *args: Any) -> list[Any]:
    """Return what a statement finds in a database file, read beside whoever writes it."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return connection.execute(sql, args).fetchall()
    finally:
        connection.close()


# ---------------------------------------------------------------- people


def script(number: int, rounds: int = 1) -> Script:
    """Return what the person with this number answers: no two say the same."""
    chance = random.Random(number)
    return Script(
        texts={
            "notice.number": chance.choice(["cp 504", "LT11", "letter 1058", "CP-503"]),
            "notice.dated": f"November {3 + number % 18}, 2026",
            "period.amount": f"{1000 + number}.5{number % 10}",
        },
        options={
            **PLAIN_LETTER,
            "start.zone": chance.choice(["eastern", "central", "mountain", "pacific", "hawaii"]),
        },
        years=tuple(str(year) for year in chance.sample(range(2018, 2026), chance.choice([1, 1, 2, 3]))),
        rounds=rounds,
        twice=frozenset(chance.sample(range(15 * rounds), 2 * rounds)),
    )


def look(person: Person) -> Look | None:
    """Return the newest screen a person sees, leaving reminders, nudges and the pinned card aside."""
    for message in reversed(person._chat.messages.values()):
        data = tuple(one.get("callback_data", "") for row in message.rows for one in row)
        if is_screen(data):
            return Look(message.message_id, message.words[0], data)
    return None


@dataclass
class Walker:
    """One person who answers whatever is on their screen, until the last round is done."""

    person: Person
    script: Script
    telegram: LocalTelegram
    up: Bot | None = None
    acts: int = 0
    tries: int = 0
    updates: list[int] = field(default_factory=list)
    done: bool = False

    async def walk(self) -> None:
        """Answer to the end."""
        before: tuple[str, ...] = ()
        await self.says("/start")
        for number in range(self.script.rounds):
            last = number == self.script.rounds - 1
            while True:
                seen = await self.next_screen(before)
                before = seen.data
                if not seen.question or (seen.key == "deadline.confirm" and not last):
                    break
                await self.act(seen)
            if not last:
                await self.says("/start")
                seen = await self.next_screen(before)
                anew = next(one for one in seen.data if one.endswith(":anew"))
                self.updates.append(await self.person.taps_data(anew, seen.message_id))
                before = seen.data
        self.done = True

    async def next_screen(self, before: tuple[str, ...]) -> Look:
        """Wait until all that was done is confirmed and the screen is another one; if it stays, try again."""
        async with asyncio.timeout(PATIENCE):
            await self.telegram.confirmed(self.updates[-1], within=None)
            quiet, seen = time.monotonic(), look(self.person)
            while seen is None or seen.data == before:
                await asyncio.sleep(0.01)
                now = look(self.person)
                if now != seen or (self.up is not None and (not self.up.running or self.up.since > quiet)):
                    quiet, seen = time.monotonic(), now
                elif seen is not None and time.monotonic() - quiet > QUIET:
                    self.tries += 1
                    if seen.question:
                        await self.act(seen, again=True)
                    else:
                        await self.says("/start")
                    await self.telegram.confirmed(self.updates[-1], within=None)
                    quiet = time.monotonic()
            return seen

    async def act(self, seen: Look, *, again: bool = False) -> None:
        """Answer a question."""
        how, what = answer(seen, self.script)
        if how == "says":
            await self.says(what)
            return
        twice = self.acts in self.script.twice and not again
        self.acts += 1
        for _ in range(2 if twice else 1):
            self.updates.append(await self.person.taps_data(what, seen.message_id))

    async def says(self, text: str) -> None:
        self.updates.append(await self.person.says(text))


# ---------------------------------------------------------------- one run


@dataclass(frozen=True)
class Left:
    """What is left of a run, for each chat: what the database holds, the screen, and the reminders that came."""

    people: dict[int, Any]
    cases: dict[tuple[int, int], Any]
    planned: dict[tuple[int, int, str], str]
    screens: dict[int, tuple[str, ...]]
    reminders: Counter[tuple[int, str]]


@dataclass
class Run:
    """A bot and its people."""

    telegram: LocalTelegram
    bot: Bot
    walkers: list[Walker]
    claimed: set[int] = field(default_factory=set)

    @property
    def confirmed(self) -> int:
        return sum(self.telegram.world.is_confirmed(one) for walker in self.walkers for one in walker.updates)

    async def settled(self) -> None:
        """Wait until nothing is unsent, unconfirmed or due."""
        async with asyncio.timeout(PATIENCE):
            while self.telegram.unconfirmed or self.bot.due(self.telegram.clock.now()):  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    def left(self) -> Left:
        people = {}
        for chat_id, body in self.bot.rows("SELECT chat_id, body FROM people"):
            table = json.loads(body)
            page, args, _, _, revision = table["focus"]
            people[chat_id] = [table["answers"], table["case"], page, args, revision, table["drafts"]]
        found = self.bot.rows("SELECT chat_id, number, body FROM cases")
        planned = self.bot.rows("SELECT chat_id, number, key, state FROM reminders")
        screens = {}
        for walker in self.walkers:
            seen = look(walker.person)
            assert seen is not None
            screens[walker.person.chat_id] = seen.data
        return Left(
            people,
            {(chat_id, number): json.loads(body) for chat_id, number, body in found},
            {(chat_id, number, key): state for chat_id, number, key, state in planned},
            screens,
            Counter((chat_id, text) for chat_id, text, _ in self.reminders()),
        )

    def reminders(self) -> Iterator[tuple[int, str, float]]:
        """Return the reminders that were sent: chat, words, when."""
        for call in self.telegram.calls:
            if call.method == "sendMessage" and call.chat_id is not None:
                buttons = (call.params.get("reply_markup") or {}).get("inline_keyboard", [])
                if any(one.get("callback_data", "").startswith("r:") for row in buttons for one in row):
                    yield call.chat_id, call.params["text"], call.at


async def go(folder: Path, people: int, rounds: int, moves: tuple[int, ...], chaos: Chaos | None) -> Run:
    """Let people answer and days pass, with the bot killed as `chaos` says; return the run when all is quiet."""
    telegram = LocalTelegram(now=NOW)
    url = await telegram.start()
    bot = Bot(folder, int(url.rpartition(":")[2]))
    walkers = [
        Walker(telegram.person(f"Person {number}"), script(number, rounds), telegram, bot)
        for number in range(people)
    ]
    run = Run(telegram, bot, walkers)
    try:
        await bot.start()
        async with asyncio.TaskGroup() as group:
            if chaos is not None:
                group.create_task(chaos.while_they_answer(run))
            for walker in walkers:
                group.create_task(walker.walk())
        await run.settled()
        run.claimed = {one for (one,) in bot.rows("SELECT update_id FROM updates")}
        for number, days in enumerate(moves):
            await telegram.clock.move(timedelta(days=days))
            if chaos is not None:
                await chaos.on_a_day(run, number)
            await run.settled()
        while not bot.began:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        assert await bot.stop() == 0, bot.log
        assert "Traceback" not in bot.log, bot.log
    except BaseException:
        if bot.running:
            await bot.kill()
        sys.stderr.write(bot.log[-3000:])
        raise
    finally:
        await telegram.stop()
    return run


class Chaos:
    """When the bot is killed: after so many confirmed updates, and after so many moved days."""

    def __init__(self, seed: int, kills: int, updates: int, moves: int) -> None:
        self.chance = random.Random(seed)
        by_day = min(kills // 4, 3 * moves)
        self.days = Counter(self.chance.randrange(moves) for _ in range(by_day))
        self.moments = sorted(self.chance.randrange(updates) for _ in range(kills - by_day))

    async def while_they_answer(self, run: Run) -> None:
        """Kill at each of the moments."""
        for moment in self.moments:
            async with asyncio.timeout(PATIENCE):
                while run.confirmed < moment and not all(one.done for one in run.walkers):  # noqa: ASYNC110
                    await asyncio.sleep(0.002)
            await self.strike(run, 0.12)

    async def on_a_day(self, run: Run, number: int) -> None:
        """Kill while the reminders of a day go out."""
        for _ in range(self.days[number]):
            await self.strike(run, 0.9)

    async def strike(self, run: Run, within: float) -> None:
        """Kill in a moment, and start again; now and then kill while it starts."""
        while True:
            await asyncio.sleep(self.chance.random() * within)
            await run.bot.kill()
            await run.bot.start()
            if self.chance.random() > 0.1:
                break
            within = 0.5


def compare(run: Run, left: Left, undisturbed: Left) -> None:
    """Hold what is left against a run that was never stopped."""
    assert left.people == undisturbed.people
    assert left.cases == undisturbed.cases
    assert left.planned == undisturbed.planned
    assert left.screens == undisturbed.screens
    assert run.claimed == {one for walker in run.walkers for one in walker.updates}
    lost = undisturbed.reminders - left.reminders
    assert not lost, f"{lost.total()} reminders never came"
    more = left.reminders - undisturbed.reminders
    at: dict[tuple[int, str], list[float]] = {}
    for chat_id, text, moment in run.reminders():
        at.setdefault((chat_id, text), []).append(moment)
    for which in more:
        near = [one for one in at[which] if any(one <= kill <= one + IN_FLIGHT for kill in run.bot.kills)]
        assert len(near) >= more[which], f"chat {which[0]} got a reminder twice, and nothing was in flight"


async def torture(
    folder: Path, seed: int, kills: int, people: int = 20, rounds: int = 1, moves: tuple[int, ...] = (12, 10)
) -> str:
    """Run it once undisturbed and once with kills, and compare; return a line that says how it went."""
    before = time.monotonic()
    chaos = Chaos(seed, kills, people * rounds * ACTS, len(moves))
    calm, run = await asyncio.gather(
        go(folder / "calm", people, rounds, moves, None),
        go(folder / "torture", people, rounds, moves, chaos),
    )
    undisturbed = calm.left()
    assert undisturbed.reminders, "nobody was reminded: there is nothing to look at"
    left = run.left()
    compare(run, left, undisturbed)
    return (
        f"seed {seed}: killed {len(run.bot.kills)} times; {people} people, {len(run.claimed)} updates, "
        f"{sum(walker.tries for walker in run.walkers)} questions asked again, "
        f"{undisturbed.reminders.total()} reminders and {(left.reminders - undisturbed.reminders).total()} "
        f"of them twice, in {time.monotonic() - before:.0f} s"
    )


# ---------------------------------------------------------------- killed while very many are reminded


async def drain(folder: Path, seed: int, people: int, kills: int, per_second: int = 100) -> str:
    """Kill the bot while so many are reminded of something due at one moment; return a line that says how it went.

    None is lost. Twice comes at most what was sent and not yet marked at a kill.
    """
    before = time.monotonic()
    chance = random.Random(seed)
    telegram = LocalTelegram(now=NOW)
    url = await telegram.start()
    bot = Bot(folder, int(url.rpartition(":")[2]))
    bot.environment["PRELIEN_BULK_PER_SECOND"] = str(per_second)
    in_flight = 0
    try:
        chats = []
        for number in range(people):
            chat = telegram.person(f"Person {number}")._chat
            chat.started = True
            chats.append(chat.chat_id)
        due, wanted = await fill_rush(folder / "prelien.sqlite", chats, more=20)
        total = sum(len(kinds) for kinds in wanted.values())
        await telegram.clock.set(due + timedelta(seconds=2))
        await bot.start()
        for moment in sorted(chance.sample(range(1, total * 9 // 10), kills)):
            async with asyncio.timeout(PATIENCE):
                while len(_reminders(telegram)) < moment + in_flight:  # noqa: ASYNC110
                    await asyncio.sleep(0.002)
            await bot.kill()
            marked = sum(count for (count,) in bot.rows("SELECT count FROM sent"))
            unmarked = len(_reminders(telegram)) - marked
            at_once = outbox.connections(per_second) + per_second // 2
            assert unmarked - in_flight <= at_once, f"{unmarked - in_flight} were sent and not marked"
            in_flight = unmarked
            await bot.start()
        async with asyncio.timeout(PATIENCE + total / per_second):
            while bot.due(telegram.clock.now()):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert await bot.stop() == 0, bot.log
    except BaseException:
        if bot.running:
            await bot.kill()
        sys.stderr.write(bot.log[-3000:])
        raise
    finally:
        await telegram.stop()
    sent = _reminders(telegram)
    lost = {(chat, kind) for chat, kinds in wanted.items() for kind in kinds} - {
        (chat, kind) for chat, kinds in sent for kind in kinds
    }
    assert not lost, f"{len(lost)} of {total} reminders never came"
    twice = len(sent) - len(set(sent))
    assert twice <= in_flight, f"{twice} came twice, {in_flight} were in flight"
    return (
        f"{people} people reminded at once, killed {kills} times: none lost, {twice} of {total} twice, "
        f"{in_flight} were in flight, in {time.monotonic() - before:.0f} s"
    )


def _reminders(telegram: LocalTelegram) -> list[tuple[int, frozenset[str]]]:
    """Return each reminder that was sent: to whom, and of what."""
    found = []
    for call in telegram.calls:
        rows = (call.params.get("reply_markup") or {}).get("inline_keyboard", [])
        data = [one["callback_data"] for row in rows for one in row if "callback_data" in one]
        kinds = frozenset(one.split(":")[2] for one in data if one.startswith("r:"))
        if call.method == "sendMessage" and call.chat_id is not None and kinds:
            found.append((call.chat_id, kinds))
    return found


def main() -> None:
    """Read the options, run, and say how it went."""
    options = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    options.add_argument("--kills", type=int, default=50)
    options.add_argument("--seed", type=int, default=random.randrange(10_000))
    given = options.parse_args()
    sys.stdout.write(f"seed {given.seed}, {given.kills} kills\n")
    sys.stdout.flush()
    with tempfile.TemporaryDirectory() as folder:
        rounds = max(1, given.kills // 12)
        moves = (9, 3, 4, 2, 1, 1, 1, 3)
        said = asyncio.run(torture(Path(folder), given.seed, given.kills, rounds=rounds, moves=moves))
        sys.stdout.write(said + "\n")
        said = asyncio.run(drain(Path(folder) / "drain", given.seed, 1000, 5))
    sys.stdout.write(said + "\n")


if __name__ == "__main__":
    main()
