"""The database: its file, its migrations, and every statement of the bot."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from bot import notices, store
from bot.model import Answer, Case, File, Focus, Person, Remark, Seen, State
from bot.reminders import SNOOZE, Reminder
from bot.store import Mark, Plan, Store, StoreError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

ANA, BO, CY = 1, 2, 3
DUE = datetime(2026, 12, 2, 15, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "prelien.sqlite"


@pytest.fixture
async def kept(path: Path) -> AsyncIterator[Store]:
    kept = await Store.open(path)
    yield kept
    await kept.close()


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def person(chat_id: int, **changes: Any) -> tuple[State, State]:
    """Return a new person's state, before and after."""
    cases = changes.pop("cases", ())
    return State(Person(chat_id)), State(Person(chat_id, case=1, **changes), cases)


async def with_people(kept: Store, *chat_ids: int) -> None:
    async with kept.transaction() as tx:
        await tx.save(person(chat_id) for chat_id in chat_ids)


def reminder(lead: int, day: int, kind: str = "cdp_levy") -> Reminder:
    return Reminder(kind, date(2026, 12, 16), lead, DUE.replace(day=day))


async def plan(kept: Store, chat_id: int, *coming: Reminder, standing: tuple[Reminder, ...] = ()) -> None:
    async with kept.transaction() as tx:
        await tx.plan([Plan(chat_id, 1, standing or coming, coming)])


async def states(kept: Store) -> list[tuple[Any, ...]]:
    async with kept.transaction() as tx:
        return [
            tuple(row) for row in await tx._all("SELECT lead, state FROM reminders ORDER BY due, reminder_id")
        ]


async def due(kept: Store, moment: datetime, most: int = 100) -> list[tuple[int, int]]:
    async with kept.transaction() as tx:
        return [(one.chat_id, one.lead) for one in await tx.due(int(moment.timestamp()), most)]


# ---------------------------------------------------------------- the file


async def test_a_new_file_is_made_for_its_owner_alone_durable_and_without_traces(
    kept: Store, path: Path
) -> None:
    pragmas = {}
    for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "user_version"):
        pragmas[name] = (await kept._one(f"PRAGMA {name}"))[0]

    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "secure_delete": 1,
        "user_version": len(list(store.SCHEMA.glob("*.sql"))),
    }
    assert {mode(file) for file in (path, path.with_name(f"{path.name}-wal"))} == {0o600}


async def test_every_table_is_strict(kept: Store) -> None:
    async with kept.transaction() as tx:
        tables = await tx._all("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'")
        loose = [name for name, strict in tables if not strict and not name.startswith("sqlite_")]
        assert loose == []
        tx._run("INSERT INTO updates VALUES (1, 'a text')")
        with pytest.raises(sqlite3.IntegrityError):
            await tx.claim([2], 0)


async def test_a_file_is_opened_again_with_what_is_in_it(kept: Store, path: Path) -> None:
    await with_people(kept, ANA)
    again = await Store.open(path)
    async with again.transaction() as tx:
        assert await tx._all("SELECT chat_id FROM people") == [(ANA,)]
    await again.close()


async def test_migrations_not_yet_made_are_made_in_their_order(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await Store.open(path)).close()
    schema = tmp_path / "schema"
    schema.mkdir()
    for file in store.SCHEMA.glob("*.sql"):
        (schema / file.name).write_text(file.read_text())
    (schema / "8000_more.sql").write_text("CREATE TABLE more (id INTEGER PRIMARY KEY) STRICT;")
    (schema / "8001_last.sql").write_text("INSERT INTO more VALUES (7);")
    monkeypatch.setattr(store, "SCHEMA", schema)

    newer = await Store.open(path)
    assert (await newer._one("SELECT id FROM more"))[0] == 7
    assert (await newer._one("PRAGMA user_version"))[0] == 8001
    await newer.close()


async def test_a_migration_that_fails_changes_nothing(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await Store.open(path)).close()
    schema = tmp_path / "schema"
    schema.mkdir()
    (schema / "8000_more.sql").write_text("CREATE TABLE more (id INTEGER) STRICT; CREATE TABLE people (x);")
    monkeypatch.setattr(store, "SCHEMA", schema)

    with pytest.raises(StoreError, match="cannot be used: table people already exists"):
        await Store.open(path)
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'more'").fetchone() == (0,)
        assert database.execute("PRAGMA user_version").fetchone()[0] < 8000
    database.close()


async def test_a_file_of_a_newer_version_is_refused_with_what_to_do(path: Path) -> None:
    await (await Store.open(path)).close()
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 9999")
    database.close()

    with pytest.raises(StoreError, match=r"made by a newer Prelien.*Run the newer one, or use another file"):
        await Store.open(path)


async def test_a_file_that_is_no_database_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "prelien.sqlite"
    (tmp_path / "prelien.sqlite").write_text("this is a letter and no database " * 50)

    with pytest.raises(StoreError, match=r"prelien\.sqlite cannot be used: file is not a database"):
        await Store.open(path)


async def test_a_place_where_no_file_can_be_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be opened"):
        await Store.open(tmp_path / "file" / "prelien.sqlite")


# ---------------------------------------------------------------- transactions


async def test_an_error_takes_everything_back(kept: Store) -> None:
    async def work() -> None:
        async with kept.transaction() as tx:
            await tx.claim([1, 2], 0)
            raise ValueError("stop here")

    with pytest.raises(ValueError, match="stop here"):
        await work()
    async with kept.transaction() as tx:
        assert await tx.claim([1, 2], 0) == {1, 2}


async def test_one_transaction_waits_for_the_other(kept: Store) -> None:
    order: list[str] = []

    async def one(name: str) -> None:
        async with kept.transaction() as tx:
            order.append(f"{name} begins")
            await tx.claim([len(order)], 0)
            await asyncio.sleep(0.01)
            order.append(f"{name} ends")

    await asyncio.gather(one("first"), one("second"))
    assert order == ["first begins", "first ends", "second begins", "second ends"]


@pytest.mark.parametrize("turns", range(8))
async def test_whoever_is_cancelled_at_any_point_leaves_no_transaction_open(kept: Store, turns: int) -> None:
    async def work() -> None:
        async with kept.transaction() as tx:
            await tx.claim([1], 0)

    task = asyncio.create_task(work())
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    async with kept.transaction() as tx:
        await tx.claim([2], 0)
    assert (await kept._one("SELECT count(*) FROM updates WHERE update_id = 2"))[0] == 1


# ---------------------------------------------------------------- updates


async def test_an_update_is_claimed_once(kept: Store) -> None:
    async with kept.transaction() as tx:
        assert await tx.claim([5, 6], 100) == {5, 6}
        assert await tx.claim([6, 7], 100) == {7}
        assert await tx.claim([], 100) == set()


async def test_old_claims_are_forgotten_but_not_the_newest_which_may_not_be_confirmed(kept: Store) -> None:
    async with kept.transaction() as tx:
        await tx.claim(list(range(1, 1001)), 100)
        await tx.claim([1001], 500)
        await tx.forget_claims(400)
        assert await tx.claim([1, 801], 600) == {1, 801}
        assert await tx.claim([802, 1000, 1001], 600) == set()


# ---------------------------------------------------------------- people and cases


async def test_a_person_comes_back_as_they_were(kept: Store) -> None:
    answers = {
        "start.zone": Answer("America/Chicago", revision=3),
        "notice.dated": Answer("2026-11-16", open=True),
        "notice.printed": Answer(None, "skipped"),
    }
    focus = Focus(
        "edit",
        {"key": "a"},
        Remark("saved", {"day": date(2026, 11, 16), "amount": Decimal("1.10")}),
        Remark("too_long", {"nested": {"is": [1, 2]}}),
        7,
    )
    marks = {"cdp_levy": {"done": "2026-11-20"}}
    case = Case(1, answers, marks, date(2026, 11, 1))
    before, after = person(ANA, answers=answers, focus=focus, drafts={"ticks:x": ["a"]}, cases=(case,))
    async with kept.transaction() as tx:
        await tx.save([(before, after)])
        await tx.mark([Mark(99, ANA, Seen("view", 12))])
        found = await tx.load([ANA, BO])

    assert found[ANA] == State(after.person, (case,), Seen("view", 12))
    assert found[BO] == State(Person(BO))


async def test_only_what_changed_is_written(kept: Store) -> None:
    before, after = person(ANA, cases=(Case(1), Case(2)))
    async with kept.transaction() as tx:
        await tx.save([(before, after)])
        tx._run(
            "UPDATE cases SET body = ? WHERE number = 1", b'{"answers":{},"marks":{"x":{}},"opened":null}'
        )
        changed = State(after.person, (after.cases[0], Case(2, marks={"y": {}})))
        await tx.save([(after, changed)])
        found = (await tx.load([ANA]))[ANA]
    assert [set(case.marks) for case in found.cases] == [{"x"}, {"y"}]


async def test_all_of_a_person_is_forgotten_and_nobody_else(kept: Store) -> None:
    async with kept.transaction() as tx:
        for before, after in [person(chat_id, cases=(Case(1),)) for chat_id in (ANA, BO)]:
            await tx.save([(before, replace(after, files=(File(9, 1, 1),)))])
            await tx.keep(after.person.chat_id, 9, b"%PDF")
        await tx.plan([Plan(chat_id, 1, (reminder(7, 9),), (reminder(7, 9),)) for chat_id in (ANA, BO)])
        await tx.post([(None, ANA, notices.Tell("deleted")), (None, BO, notices.Tell("deleted"))])
        await tx.forget(ANA)
        for table in ("people", "cases", "files", "contents", "outbox", "reminders"):
            assert await tx._all(f"SELECT DISTINCT chat_id FROM {table}") == [(BO,)]  # noqa: S608
        assert (await tx.load([ANA]))[ANA] == State(Person(ANA))


# ---------------------------------------------------------------- reminders


async def test_planning_again_doubles_nothing_and_moves_what_moved(kept: Store) -> None:
    await with_people(kept, ANA)
    await plan(kept, ANA, reminder(7, 9), reminder(3, 13))
    await plan(kept, ANA, reminder(7, 10), reminder(3, 13))

    assert await states(kept) == [(7, "planned"), (3, "planned")]
    assert await due(kept, DUE.replace(day=9)) == []
    assert await due(kept, DUE.replace(day=10)) == [(ANA, 7)]


async def test_what_does_not_stand_any_more_is_cancelled_and_may_come_back(kept: Store) -> None:
    await with_people(kept, ANA)
    await plan(kept, ANA, reminder(7, 9), reminder(3, 13))
    await plan(kept, ANA)
    assert await states(kept) == [(7, "cancelled"), (3, "cancelled")]
    await plan(kept, ANA, reminder(3, 13))
    assert await states(kept) == [(7, "cancelled"), (3, "planned")]


async def test_a_posted_reminder_is_never_planned_again(kept: Store) -> None:
    await with_people(kept, ANA)
    await plan(kept, ANA, reminder(7, 9))
    async with kept.transaction() as tx:
        (one,) = await tx.due(int(DUE.replace(day=9).timestamp()), 10)
        await tx.settle([one.reminder_id], [])
    await plan(kept, ANA)
    await plan(kept, ANA, reminder(7, 9))
    assert await states(kept) == [(7, "posted")]


async def test_two_snoozes_are_two_reminders(kept: Store) -> None:
    first, second = reminder(SNOOZE, 9), reminder(SNOOZE, 10)
    await with_people(kept, ANA)
    await plan(kept, ANA, first)
    await plan(kept, ANA, second)
    assert await states(kept) == [(SNOOZE, "cancelled"), (SNOOZE, "planned")]


async def test_a_chunk_holds_all_that_is_due_for_its_people(kept: Store) -> None:
    await with_people(kept, ANA, BO)
    await plan(kept, ANA, reminder(14, 2), reminder(7, 9), reminder(0, 30))
    await plan(kept, BO, reminder(14, 3))

    assert await due(kept, DUE.replace(day=20), most=1) == [(ANA, 14), (ANA, 7)]
    assert await due(kept, DUE.replace(day=20), most=2) == [(ANA, 14), (BO, 14), (ANA, 7)]


async def test_nothing_is_due_for_who_cannot_be_reached_until_they_are_back(kept: Store) -> None:
    await with_people(kept, ANA, BO)
    await plan(kept, ANA, reminder(7, 9))
    await plan(kept, BO, reminder(7, 9))
    async with kept.transaction() as tx:
        await tx.mark([Mark(1, ANA, gone=True)])
    assert await due(kept, DUE.replace(day=9)) == [(BO, 7)]

    async with kept.transaction() as tx:
        found = (await tx.load([ANA]))[ANA]
        assert not found.person.reachable
        back = State(Person(ANA, case=1))
        await tx.save([(found, back)])
    assert await due(kept, DUE.replace(day=9)) == [(ANA, 7), (BO, 7)]


async def test_what_is_due_is_found_without_a_look_at_who_cannot_be_reached(kept: Store) -> None:
    many = range(10, 1010)
    await with_people(kept, ANA, *many)
    for chat_id in (ANA, *many):
        await plan(kept, chat_id, reminder(7, 9))
    async with kept.transaction() as tx:
        await tx.mark([Mark(1, chat_id, gone=True) for chat_id in many])
    async with kept.transaction() as tx:
        looked_at = 0

        def look() -> int:
            nonlocal looked_at
            looked_at += 1
            return 0

        await kept._connection.set_progress_handler(look, 1)
        assert [one.chat_id for one in await tx.due(int(DUE.replace(day=9).timestamp()), 10)] == [ANA]
        steps = looked_at
    assert steps < 500  # steps of SQLite's machine; one over all of them takes thousands

    async with kept.transaction() as tx:
        await tx.plan([Plan(10, 1, (reminder(7, 9, "pay_by"),), (reminder(7, 9, "pay_by"),))])
    assert await due(kept, DUE.replace(day=9)) == [(ANA, 7)]


async def test_unsent_reminders_are_taken_out_to_be_told_with_the_newer_ones(kept: Store) -> None:
    await with_people(kept, ANA)
    await plan(kept, ANA, reminder(7, 9), reminder(7, 9, "pay_by"), reminder(3, 13))
    async with kept.transaction() as tx:
        first, other, _ = await tx.due(int(DUE.replace(day=20).timestamp()), 10)
        rows = await tx.post(
            [
                (f"reminder:{one.reminder_id}", ANA, notices.ReminderDue(1, one.kind, one.lead))
                for one in (first, other)
            ]
        )
        await tx.settle([first.reminder_id, other.reminder_id], [])
        answer, *_ = await tx.post([(None, ANA, notices.Tell("deleted"))])
        assert await tx.take_unsent([BO]) == []
        assert await tx.take_unsent([ANA, BO]) == rows
        assert await tx.unsent() == [answer]


async def test_unsent_reminders_that_do_not_stand_are_taken_back(kept: Store) -> None:
    await with_people(kept, ANA)
    kept_one, moved = reminder(7, 9), reminder(7, 9, "pay_by")
    await plan(kept, ANA, kept_one, moved)
    async with kept.transaction() as tx:
        found = await tx.due(int(DUE.replace(day=9).timestamp()), 10)
        rows = await tx.post([(f"reminder:{one.reminder_id}", ANA, notices.Tell("deleted")) for one in found])
        await tx.settle([one.reminder_id for one in found], [])
        assert await tx.take_back(ANA, 1, [kept_one]) == [(ANA, rows[1].row_id)]
        assert await tx.take_back(ANA, 1, [kept_one]) == []
        assert await tx.take_back(ANA, 2, []) == []


# ---------------------------------------------------------------- outbox


async def test_rows_keep_their_order_and_their_numbers_are_never_given_again(kept: Store, path: Path) -> None:
    tell = notices.Tell("deleted")
    async with kept.transaction() as tx:
        rows = await tx.post([(None, ANA, tell), (None, BO, notices.ReminderDue(1, "cdp_levy", 7))])
        assert await tx.unsent() == rows
        assert [notices.load(row.body) for row in rows] == [tell, notices.ReminderDue(1, "cdp_levy", 7)]
        assert [row.lane for row in rows] == [notices.ANSWERS, notices.UNASKED]
        await tx.mark([Mark(row.row_id, row.chat_id) for row in rows])
        assert await tx.unsent() == []
    again = await Store.open(path)
    async with again.transaction() as tx:
        (row,) = await tx.post([(None, ANA, tell)])
    await again.close()
    assert row.row_id > rows[-1].row_id


async def test_a_screen_with_the_same_key_takes_the_place_of_the_unsent_one(kept: Store) -> None:
    async with kept.transaction() as tx:
        await tx.post([("present:1", ANA, notices.Present(5)), (None, ANA, notices.Tell("deleted"))])
        await tx.post([("present:1", ANA, notices.Present(None))])
        assert [notices.load(row.body) for row in await tx.unsent()] == [
            notices.Tell("deleted"),
            notices.Present(None),
        ]


async def test_a_mark_says_what_is_on_the_screen_and_who_is_gone(kept: Store) -> None:
    await with_people(kept, ANA, BO)
    async with kept.transaction() as tx:
        await tx.mark(
            [Mark(1, ANA, Seen("a", 1)), Mark(2, ANA, Seen("b", 2)), Mark(3, BO, gone=True), Mark(4, CY)]
        )
        found = await tx.load([ANA, BO])
    assert found[ANA].seen == Seen("b", 2)
    assert found[ANA].person.reachable
    assert not found[BO].person.reachable


# ---------------------------------------------------------------- files


async def test_a_file_is_kept_with_its_bytes_and_goes_with_them(kept: Store) -> None:
    coming = File(9, 1, None, photo=True, album="7", coming=True, file_id="abc", size=4, since=5)
    here = replace(coming, coming=False, file_id="", mime="image/png", paper=3)
    before, after = person(ANA, cases=(Case(1),))
    async with kept.transaction() as tx:
        await tx.save([(before, replace(after, files=(coming,)))])
        assert await tx.coming() == [(ANA, coming)]
        assert await tx.content(ANA, 9) is None
    async with kept.transaction() as tx:
        loaded = (await tx.load([ANA]))[ANA]
        assert loaded.files == (coming,)
        await tx.save([(loaded, replace(loaded, files=(here,)))])
        await tx.keep(ANA, 9, b"bytes")
        assert await tx.coming() == []
        assert await tx.content(ANA, 9) == b"bytes"
        assert (await tx.load([ANA]))[ANA].files == (here,)
    async with kept.transaction() as tx:
        loaded = (await tx.load([ANA]))[ANA]
        await tx.save([(loaded, replace(loaded, files=()))])
        assert await tx.content(ANA, 9) is None
        assert (await tx.load([ANA]))[ANA].files == ()


async def test_there_are_no_bytes_without_a_file(kept: Store) -> None:
    await with_people(kept, ANA)
    with pytest.raises(sqlite3.IntegrityError):
        async with kept.transaction() as tx:
            await tx.keep(ANA, 9, b"bytes")


async def test_a_reminder_costs_the_same_however_many_cases_there_are(kept: Store) -> None:
    """In steps of SQLite's machine, which no busy machine changes."""
    spent = []
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    begin = 10
    for many in (100, 3000):
        chats = range(begin, begin + many)
        begin += many
        await with_people(kept, *chats)
        async with kept.transaction() as tx:
            for chat_id in chats:
                late = reminder(7, 9) if chat_id < chats.start + 20 else reminder(7, 28)
                await tx.plan([Plan(chat_id, 1, (late,), (late,))])
        async with kept.transaction() as tx:
            await kept._connection.set_progress_handler(step, 1)
            steps = 0
            found = await tx.due(int(DUE.replace(day=10).timestamp()), 200)
            ids = [one.reminder_id for one in found]
            await tx.take_unsent({one.chat_id for one in found})
            keys = [(f"reminder:{one}", ANA, notices.ReminderDue(1, "cdp_levy", 7)) for one in ids]
            rows = await tx.post(keys, 0, [one.due for one in found])
            await tx.settle(ids, [])
            await tx.mark([Mark(row.row_id, ANA) for row in rows])
            await tx.due(0, 0)  # all that was told is written before it
            spent.append(steps)
        assert len(found) == 20

    assert spent[1] < 1.5 * spent[0]


async def test_after_an_error_in_the_middle_of_what_is_told_nothing_of_it_stays(kept: Store) -> None:
    await kept._connection.execute(
        "CREATE TRIGGER full BEFORE INSERT ON questions BEGIN SELECT RAISE(ROLLBACK, 'full'); END"
    )

    async def too_much() -> None:
        async with kept.transaction() as tx:
            await tx.claim([7], 0)
            await tx.post([(None, ANA, notices.Tell("deleted"))])
            await tx.keep_questions(DUE.date(), ["who is it"])  # here SQLite itself rolls all of it back
            await tx.post([(None, BO, notices.Tell("deleted"))])

    with pytest.raises(sqlite3.IntegrityError, match="full"):
        await too_much()
    async with kept.transaction() as tx:
        assert await tx.unsent() == []
        assert await tx.claim([7], 0) == {7}
