"""SQLite: one connection, `transaction()`, and every statement of the bot."""

from __future__ import annotations

import asyncio
import itertools
import json
import sqlite3
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiosqlite

from bot.model import NOTHING, Answer, Case, File, Focus, Person, Remark, Seen, State
from bot.notices import ANSWERS, UNASKED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence

    from bot.notices import Message
    from bot.reminders import Reminder

SCHEMA = Path(__file__).parent / "schema"
BUSY_SECONDS = 2.0  # how long a statement waits for another program that holds the file
HOUR = 3600  # seconds; what is counted is counted by the hour
LANES = (ANSWERS, UNASKED)
KEEP_NEWEST = 200  # claims that are kept whatever their age: Telegram may not have them confirmed yet


class StoreError(Exception):
    """The database cannot be used as it is; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One message in the outbox."""

    row_id: int
    key: str | None
    chat_id: int
    lane: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Due:
    """One planned reminder whose moment has come."""

    reminder_id: int
    chat_id: int
    number: int
    kind: str
    lead: int
    due: int
    key: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The reminders of one case: all that stand, past or to come, and those still to come."""

    chat_id: int
    number: int
    standing: tuple[Reminder, ...]
    coming: tuple[Reminder, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """What came of sending one row: it is done with; where given, what is on the screen, or who is gone."""

    row_id: int
    chat_id: int
    seen: Seen | None = None
    gone: bool = False
    card: int | None = None
    arrived: bool = True


@dataclass(frozen=True, slots=True)
class Figures:
    """How the bot fares, in numbers without persons. Times are seconds since 1970, lateness is in seconds.

    `queue`: rows and the oldest one's age, by lane. `due`: reminders due and not sent, and since when the oldest.
    """

    people: int
    unreachable: int
    cases: int
    planned: int
    due: tuple[int, int | None]
    queue: tuple[tuple[int, int | None], ...]
    late: tuple[tuple[int, int], ...]  # by lateness: how many reminders were sent so late
    failures: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A question that was not understood: without numbers and names, on which day, how often."""

    day: str
    words: str
    count: int


Told = tuple[str, list[tuple[Any, ...]]]  # a statement and the rows it is for


class Connection(aiosqlite.Connection):
    """A connection that is told several things at once: its thread does them in order, up to the first error."""

    def __init__(self, database: str, *, uri: bool = False) -> None:
        def opened() -> sqlite3.Connection:
            return sqlite3.connect(database, uri=uri, isolation_level=None, timeout=BUSY_SECONDS)

        super().__init__(opened, iter_chunk_size=64)

    async def write(self, told: list[Told], *, commit: bool = False) -> None:
        """Write what is told, and commit where that is wanted. Raises the first error; then nothing more is done."""
        execute: Callable[..., Awaitable[object]] = self._execute
        await execute(self._write, told, commit)

    def _write(self, told: list[Told], commit: bool) -> None:
        for sql, rows in told:
            self._conn.executemany(sql, rows)
        if commit:
            self._conn.commit()


class Store:
    """The database file. Nothing reaches it but through `transaction()`, one at a time."""

    def __init__(self, connection: Connection, path: Path, begin: str = "BEGIN IMMEDIATE") -> None:
        self._connection = connection
        self._begin = begin
        self._lock = asyncio.Lock()
        self._row_ids: Iterator[int] = itertools.count(1)
        self.path = path

    @classmethod
    async def open(cls, path: Path) -> Store:
        """Open (and where needed make or migrate) the database. Raises StoreError."""
        try:
            _make(path)
            connection = Connection(str(path))
            await connection
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"{path} cannot be opened: {error}") from error
        store = cls(connection, path)
        try:
            for pragma in (
                "journal_mode = WAL",
                "synchronous = FULL",
                "foreign_keys = ON",
                "secure_delete = ON",
                "temp_store = MEMORY",
            ):
                await connection.execute(f"PRAGMA {pragma}")
            await store._migrate()
            last = await store._one("SELECT max(seq) FROM sqlite_sequence WHERE name = 'outbox'")
            store._row_ids = itertools.count((last[0] or 0) + 1)
        except sqlite3.Error as error:
            await connection.close()
            raise StoreError(f"{path} cannot be used: {error}") from error
        except BaseException:  # also where it is told to stop in the middle of a migration
            await connection.close()
            raise
        return store

    @classmethod
    async def beside(cls, path: Path) -> Store:
        """Open a database that another process writes, for reading alone. Raises StoreError."""
        try:
            connection = Connection(_read_only(path), uri=True)
            await connection
        except sqlite3.Error as error:
            raise StoreError(f"{path} cannot be opened: {error}") from error
        return cls(connection, path, "BEGIN")

    async def close(self) -> None:
        """Close the file, after the transaction that is open."""
        async with self._lock:
            await self._connection.close()

    async def _migrate(self) -> None:
        files = _migrations()
        version = (await self._one("PRAGMA user_version"))[0]
        newest = int(files[-1].name[:4])
        if version > newest:
            raise StoreError(
                f"{self.path} was made by a newer Prelien (schema {version}, this one knows {newest}). "
                "Run the newer one, or use another file."
            )
        for file in files:
            number = int(file.name[:4])
            if number > version:
                script = file.read_text(encoding="utf-8")
                await self._connection.executescript(
                    f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {number};\nCOMMIT;"
                )

    async def _one(self, sql: str) -> Any:
        async with self._connection.execute(sql) as cursor:
            return await cursor.fetchone()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """Begin a write transaction, commit it at the end, roll it back on any error."""
        async with self._lock:
            try:
                # Whoever is cancelled here leaves a BEGIN behind that still runs: it is rolled back, too.
                await self._connection.execute(self._begin)
                tx = Tx(self._connection, self._row_ids)
                yield tx
                await tx.end()
            except BaseException:
                await asyncio.shield(self._connection.rollback())
                raise

    async def checkpoint(self) -> None:
        """Bring the log into the file and empty it, so that what was deleted is gone from both."""
        async with self._lock:
            await self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def figures(path: Path, now: int, since: int) -> Figures:
    """Return how the bot of this database fares, read beside it; what happens counts from `since`. Raises StoreError."""
    try:
        with closing(sqlite3.connect(_read_only(path), uri=True, timeout=BUSY_SECONDS)) as file:
            file.execute("BEGIN")  # all figures are of one moment
            return _figures(file, now, since)
    except sqlite3.Error as error:
        raise StoreError(f"{path} cannot be read: {error}") from error


def _figures(file: sqlite3.Connection, now: int, since: int) -> Figures:
    def one(sql: str, *args: int) -> Any:
        return file.execute(sql, args).fetchone()

    version, newest = one("PRAGMA user_version")[0], int(_migrations()[-1].name[:4])
    if version != newest:
        raise StoreError(
            f"the database has schema {version}, this Prelien reads {newest}; start the bot of this version once"
        )
    waiting, oldest = one("SELECT count(*), min(due) FROM outbox WHERE due IS NOT NULL")
    due, oldest_due = one(
        "SELECT count(*), min(due) FROM reminders WHERE state = 'planned' AND NOT away AND due <= ?", now
    )
    lanes = {
        lane: (count, posted)
        for lane, count, posted in file.execute(
            "SELECT lane, count(*), min(posted) FROM outbox GROUP BY lane"
        )
    }
    hour = since // HOUR
    return Figures(
        people=one("SELECT count(*) FROM people")[0],
        unreachable=one("SELECT count(*) FROM people WHERE NOT reachable")[0],
        cases=one("SELECT count(*) FROM cases WHERE open = 1")[0],
        planned=one("SELECT count(*) FROM reminders WHERE state = 'planned'")[0],
        due=(waiting + due, min((at for at in (oldest, oldest_due) if at is not None), default=None)),
        queue=tuple(lanes.get(lane, (0, None)) for lane in LANES),
        late=tuple(
            file.execute(
                "SELECT late, sum(count) FROM sent WHERE hour > ? GROUP BY late ORDER BY late", (hour,)
            )
        ),
        failures=tuple(
            file.execute(
                "SELECT name, sum(count) FROM failures WHERE hour > ? GROUP BY name ORDER BY name", (hour,)
            )
        ),
    )


def _migrations() -> list[Path]:
    return sorted(SCHEMA.glob("[0-9][0-9][0-9][0-9]_*.sql"))


def _read_only(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro"


def _make(path: Path) -> None:
    """Make the file where it is not there, for its owner alone; SQLite gives its log the same mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)


class Tx:
    """One transaction: what can be asked and told.

    What is told is written together, before the next that is asked and before the end: each way to the thread of
    the storage and back waits for all that the loop has to do.
    """

    def __init__(self, connection: Connection, row_ids: Iterator[int]) -> None:
        self._connection = connection
        self._row_ids = row_ids
        self._told: list[Told] = []

    async def end(self) -> None:
        """Write what is not written yet, and commit."""
        told, self._told = self._told, []
        await self._connection.write(told, commit=True)

    async def _all(self, sql: str, *args: Any) -> list[Any]:
        if self._told:
            told, self._told = self._told, []
            await self._connection.write(told)
        return list(await self._connection.execute_fetchall(sql, args))

    def _run(self, sql: str, *args: Any) -> None:
        self._told.append((sql, [args]))

    def _many(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        if rows := list(rows):
            self._told.append((sql, rows))

    # ------------------------------------------------------------ updates

    async def claim(self, update_ids: list[int], now: int) -> set[int]:
        """Claim updates; return those that nobody claimed before."""
        rows = await self._all(
            "INSERT INTO updates (update_id, claimed) SELECT value, ? FROM json_each(?) WHERE true "
            "ON CONFLICT DO NOTHING RETURNING update_id",
            now,
            json.dumps(update_ids),
        )
        return {row[0] for row in rows}

    async def last_claim(self) -> tuple[int, int] | None:
        """Return the newest update that was claimed, and when (seconds since 1970); None where none was."""
        rows = await self._all("SELECT update_id, claimed FROM updates ORDER BY update_id DESC LIMIT 1")
        return (rows[0][0], rows[0][1]) if rows else None

    async def forget_claims(self, before: int) -> None:
        """Forget claims made before `before`, but for the newest; Telegram keeps an update for a day."""
        self._run(
            "DELETE FROM updates WHERE claimed < ? AND update_id <= (SELECT max(update_id) FROM updates) - ?",
            before,
            KEEP_NEWEST,
        )

    # ------------------------------------------------------------ people and cases

    async def load(self, chat_ids: Iterable[int]) -> dict[int, State]:
        """Return what is known of these chats; of a new one an empty state."""
        asked = json.dumps(sorted(set(chat_ids)))
        people = await self._all(
            "SELECT chat_id, body, seen_key, seen_message, reachable, nudge_at, nudges, card_message FROM people "
            "WHERE chat_id IN (SELECT value FROM json_each(?))",
            asked,
        )
        cases = await self._all(
            "SELECT chat_id, number, body FROM cases WHERE chat_id IN (SELECT value FROM json_each(?)) "
            "ORDER BY chat_id, number",
            asked,
        )
        files = await self._all(
            "SELECT chat_id, number, body, coming FROM files WHERE chat_id IN (SELECT value FROM json_each(?)) "
            "ORDER BY chat_id, number",
            asked,
        )
        held: dict[int, list[File]] = {}
        for chat_id, number, body, coming in files:
            held.setdefault(chat_id, []).append(_file(number, body, bool(coming)))
        theirs: dict[int, list[Case]] = {}
        for chat_id, number, body in cases:
            theirs.setdefault(chat_id, []).append(_case(number, body))
        found = {chat_id: State(Person(chat_id)) for chat_id in json.loads(asked)}
        for chat_id, body, key, message_id, reachable, nudge_at, nudges, card in people:
            found[chat_id] = State(
                replace(_person(chat_id, body, bool(reachable)), nudge_at=nudge_at, nudges=nudges),
                tuple(theirs.get(chat_id, ())),
                Seen(key, message_id),
                card,
                tuple(held.get(chat_id, ())),
            )
        return found

    async def save(self, changed: Iterable[tuple[State, State]]) -> None:
        """Save the states that changed, each given with what it was before."""
        people = []
        cases = []
        files: list[tuple[int, File]] = []
        removed: list[tuple[int, int]] = []
        for before, after in changed:
            if after.person != before.person:
                one = after.person
                people.append((one.chat_id, _person_body(one), int(one.reachable), one.nudge_at, one.nudges))
            old = {case.number: case for case in before.cases}
            cases += [
                (after.person.chat_id, case.number, _case_body(case), int(case.active))
                for case in after.cases
                if old.get(case.number) is not case
            ]
            if after.files is not before.files:
                chat_id, held = after.person.chat_id, set(before.files)
                files += [(chat_id, one) for one in after.files if one not in held]
                left = {one.number for one in after.files}
                removed += [(chat_id, one.number) for one in before.files if one.number not in left]
        self._many(
            "INSERT INTO people (chat_id, body, reachable, nudge_at, nudges) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (chat_id) DO UPDATE SET body = excluded.body, reachable = excluded.reachable, "
            "nudge_at = excluded.nudge_at, nudges = excluded.nudges",
            people,
        )
        self._many(
            "INSERT INTO cases (chat_id, number, body, open) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (chat_id, number) DO UPDATE SET body = excluded.body, open = excluded.open",
            cases,
        )
        self._many("DELETE FROM contents WHERE chat_id = ? AND number = ?", removed)
        self._many("DELETE FROM files WHERE chat_id = ? AND number = ?", removed)
        self._many(
            "INSERT INTO files (chat_id, number, body, coming) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (chat_id, number) DO UPDATE SET body = excluded.body, coming = excluded.coming",
            [(chat_id, one.number, _file_body(one), int(one.coming)) for chat_id, one in files],
        )

    async def forget(self, chat_id: int) -> None:
        """Remove everything of one chat."""
        for table in ("outbox", "reminders", "contents", "files", "cases", "people"):
            self._run(f"DELETE FROM {table} WHERE chat_id = ?", chat_id)  # noqa: S608  own names

    # ------------------------------------------------------------ files

    async def coming(self) -> list[tuple[int, File]]:
        """Return every file whose bytes are to be fetched, with its chat."""
        rows = await self._all(
            "SELECT chat_id, number, body FROM files WHERE coming ORDER BY chat_id, number"
        )
        return [(chat_id, _file(number, body, coming=True)) for chat_id, number, body in rows]

    async def keep(self, chat_id: int, number: int, content: bytes) -> None:
        """Keep the bytes of a file that is known."""
        self._run(
            "INSERT OR REPLACE INTO contents (chat_id, number, bytes) VALUES (?, ?, ?)",
            chat_id,
            number,
            content,
        )

    async def content(self, chat_id: int, number: int) -> bytes | None:
        """Return the bytes of a file, None where they are not kept."""
        rows = await self._all("SELECT bytes FROM contents WHERE chat_id = ? AND number = ?", chat_id, number)
        return rows[0][0] if rows else None

    # ------------------------------------------------------------ reminders

    async def plan(self, plans: Iterable[Plan]) -> None:
        """Make the planned reminders of each case those to come; cancel what does not stand any more."""
        plans = list(plans)
        self._many(
            "UPDATE reminders SET state = 'cancelled' WHERE chat_id = ? AND number = ? AND state = 'planned' "
            "AND key NOT IN (SELECT value FROM json_each(?))",
            [(one.chat_id, one.number, json.dumps([each.key for each in one.standing])) for one in plans],
        )
        self._many(
            "INSERT INTO reminders (chat_id, number, key, kind, lead, due, away) "
            "SELECT chat_id, ?, ?, ?, ?, ?, NOT reachable FROM people WHERE chat_id = ? "
            "ON CONFLICT (chat_id, number, key) DO UPDATE SET state = 'planned', due = excluded.due, "
            "away = excluded.away WHERE state IN ('cancelled', 'planned')",
            [
                (plan.number, one.key, one.kind, one.lead, int(one.due.timestamp()), plan.chat_id)
                for plan in plans
                for one in plan.coming
            ],
        )

    async def due(self, now: int, most: int) -> list[Due]:
        """Return all planned reminders due by `now` of the `most` longest waiting ones' people, oldest first.

        Who cannot be reached is left out: theirs stay planned until they write again.
        """
        rows = await self._all(
            "WITH theirs AS (SELECT DISTINCT chat_id FROM ("
            "SELECT chat_id FROM reminders WHERE state = 'planned' AND NOT away AND due <= ? ORDER BY due LIMIT ?)) "
            "SELECT reminder_id, chat_id, number, kind, lead, due, key "
            "FROM theirs CROSS JOIN reminders USING (chat_id) "
            "WHERE state = 'planned' AND NOT away AND due <= ? ORDER BY due, reminder_id",
            now,
            most,
            now,
        )
        return [Due(*row) for row in rows]

    async def take_unsent(self, chat_ids: Iterable[int]) -> list[Row]:
        """Take the reminders of these chats that are unsent out of the outbox; return them, oldest first."""
        rows = await self._all(
            "DELETE FROM outbox WHERE chat_id IN (SELECT value FROM json_each(?)) AND lane = 1 "
            "AND key LIKE 'reminder%' RETURNING row_id, key, chat_id, lane, body",
            json.dumps(list(chat_ids)),
        )
        return sorted((Row(*row) for row in rows), key=lambda one: one.row_id)

    async def take_back(
        self, chat_id: int, number: int, standing: Iterable[Reminder]
    ) -> list[tuple[int, int]]:
        """Take back what is unsent of a case's reminders that do not stand any more; return chats and rows."""
        rows = await self._all(
            "DELETE FROM outbox WHERE key IN ("
            "SELECT 'reminder:' || reminder_id FROM reminders WHERE chat_id = ? AND number = ? "
            "AND state = 'posted' AND key NOT IN (SELECT value FROM json_each(?))) RETURNING chat_id, row_id",
            chat_id,
            number,
            json.dumps([one.key for one in standing]),
        )
        return [(row[0], row[1]) for row in rows]

    async def put_off(self, until: Iterable[tuple[int, int]]) -> None:
        """Plan reminders for a later moment, each given as the moment (seconds since 1970) and its id."""
        self._many("UPDATE reminders SET state = 'planned', due = ? WHERE reminder_id = ?", until)

    async def silent(self, now: int, most: int) -> list[int]:
        """Return the chats to be asked by `now` whether they want to go on, the longest silent first."""
        rows = await self._all(
            "SELECT chat_id FROM people WHERE nudge_at <= ? AND reachable ORDER BY nudge_at LIMIT ?",
            now,
            most,
        )
        return [row[0] for row in rows]

    async def settle(self, posted: Iterable[int], folded: Iterable[int]) -> None:
        """Mark reminders as posted, or as folded into a later one of the same deadline."""
        self._many(
            "UPDATE reminders SET state = ? WHERE reminder_id = ?",
            [*(("posted", one) for one in posted), *(("folded", one) for one in folded)],
        )

    # ------------------------------------------------------------ outbox

    async def post(
        self, posts: Sequence[tuple[str | None, int, Message]], now: int = 0, due: Sequence[int] = ()
    ) -> list[Row]:
        """Put messages in the outbox, in order. A key that is there already is taken over by the new one.

        `due`: for reminders, when each was to go out.
        """
        rows = [
            Row(next(self._row_ids), key, chat_id, message.lane, message.body())
            for key, chat_id, message in posts
        ]
        self._many(
            "INSERT OR REPLACE INTO outbox (row_id, key, chat_id, lane, body, posted, due) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (row.row_id, row.key, row.chat_id, row.lane, row.body, now, moment)
                for row, moment in zip_longest(rows, due)
            ],
        )
        return rows

    async def unsent(self) -> list[Row]:
        """Return all that is in the outbox, oldest first."""
        rows = await self._all("SELECT row_id, key, chat_id, lane, body FROM outbox ORDER BY row_id")
        return [Row(*row) for row in rows]

    async def mark(self, marks: list[Mark], now: int = 0) -> None:
        """Record what came of sending."""
        self._many(
            "INSERT INTO sent (hour, late, count) SELECT ?, max(0, ? - due), 1 FROM outbox "
            "WHERE row_id = ? AND due IS NOT NULL ON CONFLICT DO UPDATE SET count = count + 1",
            [(now // HOUR, now, one.row_id) for one in marks if one.arrived],
        )
        self._many("DELETE FROM outbox WHERE row_id = ?", [(one.row_id,) for one in marks])
        seen = [(one.seen.key, one.seen.message_id, one.chat_id) for one in marks if one.seen is not None]
        self._many("UPDATE people SET seen_key = ?, seen_message = ? WHERE chat_id = ?", seen)
        cards = [(one.card, one.chat_id) for one in marks if one.card is not None]
        self._many("UPDATE people SET card_message = ? WHERE chat_id = ?", cards)
        gone = [(one.chat_id,) for one in marks if one.gone]
        self._many("UPDATE people SET reachable = 0 WHERE chat_id = ?", gone)

    # ------------------------------------------------------------ questions not understood

    async def keep_questions(self, day: date, questions: list[str]) -> None:
        """Count questions that were not understood; whose they were is not kept."""
        self._many(
            "INSERT INTO questions (words, day) VALUES (?, ?) "
            "ON CONFLICT (words, day) DO UPDATE SET count = count + 1",
            [(one, day.isoformat()) for one in questions],
        )

    async def forget_questions(self, before: date) -> None:
        """Forget what was asked before `before`."""
        self._run("DELETE FROM questions WHERE day < ?", before.isoformat())

    async def kept_questions(self) -> list[Kept]:
        """Return what was not understood, the newest day first, on each the most frequent first."""
        rows = await self._all("SELECT day, words, count FROM questions ORDER BY day DESC, count DESC, words")
        return [Kept(*row) for row in rows]

    # ------------------------------------------------------------ figures

    async def fail(self, failures: Mapping[str, int], now: int) -> None:
        """Count failures, each by its name; a name says nothing of any person."""
        self._many(
            "INSERT INTO failures (hour, name, count) VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET count = count + excluded.count",
            [(now // HOUR, name, count) for name, count in failures.items()],
        )

    async def forget_figures(self, before: int) -> None:
        """Forget the figures of the hours before `before`."""
        for table in ("sent", "failures"):
            self._run(f"DELETE FROM {table} WHERE hour < ?", before // HOUR)  # noqa: S608  own names


# ---------------------------------------------------------------- as it is stored


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return {"$day": value.isoformat()}
    if isinstance(value, Decimal):
        return {"$number": str(value)}
    if hasattr(value, "items"):
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be stored")


def _typed(table: dict[str, Any]) -> Any:
    if table.keys() == {"$day"}:
        return date.fromisoformat(table["$day"])
    if table.keys() == {"$number"}:
        return Decimal(table["$number"])
    return table


def _dump(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=_plain).encode()


def _load(body: bytes) -> Any:
    return json.loads(body, object_hook=_typed)


def _answers(table: Mapping[str, Any]) -> dict[str, Answer]:
    return {key: Answer(*answer) for key, answer in table.items()}


def _answer_table(answers: Mapping[str, Answer]) -> dict[str, list[Any]]:
    return {key: [one.value, one.state, one.open, one.revision, one.about] for key, one in answers.items()}


def _remark(raw: Any) -> Remark | None:
    return None if raw is None else Remark(raw[0], raw[1])


def _person(chat_id: int, body: bytes, reachable: bool) -> Person:
    table = _load(body)
    page, args, note, problem, revision = table["focus"]
    focus = Focus(page, args, _remark(note), _remark(problem), revision)
    return Person(chat_id, _answers(table["answers"]), table["case"], focus, table["drafts"], reachable)


def _person_body(person: Person) -> bytes:
    focus = person.focus
    said = [None if one is None else [one.name, one.args] for one in (focus.note, focus.problem)]
    return _dump(
        {
            "answers": _answer_table(person.answers),
            "case": person.case,
            "focus": [focus.page, focus.args, *said, focus.revision],
            "drafts": person.drafts,
        }
    )


def _case(number: int, body: bytes) -> Case:
    table = _load(body)
    return Case(
        number,
        _answers(table["answers"]),
        table["marks"] or NOTHING,
        table["opened"],
        table.get("name", ""),
        table.get("outcome", ""),
        table.get("archived", False),
    )


def _case_body(case: Case) -> bytes:
    return _dump(
        {
            "answers": _answer_table(case.answers),
            "marks": case.marks,
            "opened": case.opened,
            "name": case.name,
            "outcome": case.outcome,
            "archived": case.archived,
        }
    )


def _file(number: int, body: bytes, coming: bool) -> File:
    case, paper, photo, album, file_id, mime, size, takes_over, since = _load(body)
    return File(number, case, paper, photo, album, coming, file_id, mime, size, takes_over, since)


def _file_body(file: File) -> bytes:
    return _dump(
        [
            file.case,
            file.paper,
            file.photo,
            file.album,
            file.file_id,
            file.mime,
            file.size,
            file.takes_over,
            file.since,
        ]
    )


def with_seen(state: State, seen: Seen) -> State:
    """Return the state with what is on the screen."""
    return replace(state, seen=seen)
