"""The promises of the architecture, section 6: what is left when it stops or fails at any point.

Real files, the real edge, the local Telegram; where the bot has to end in mid-air it is a process of its own.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot import app, config, engine, outbox, run, store
from bot.clock import LocalClock
from bot.rules import guards
from bot.simulator import LocalTelegram
from bot.telegram_edge import EdgeError
from tests.conftest import House, settings_in
from tests.stops import CUT
from tests.torture import Bot, drain, rows, torture

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.rules.matter import Matter
    from tests.conftest import Chat


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let reminders in one chat follow each other closely; their pace is looked at in test_outbox.py."""
    monkeypatch.setattr(outbox, "PER_CHAT", 0.05)


def answers(house: House, chat: Chat, key: str) -> Any:
    """Return the stored answer of a person or their cases: its value, state, whether open, revision."""
    found: dict[str, Any] = {}
    for table in ("people", "cases"):
        sql = f"SELECT body FROM {table} WHERE chat_id = ?"  # noqa: S608  own names
        for (body,) in rows(house.settings.database, sql, chat.person.chat_id):
            found |= json.loads(body)["answers"]
    return found.get(key)


def one(house: House, sql: str, *args: Any) -> Any:
    """Return the one figure a statement finds."""
    return rows(house.settings.database, sql, *args)[0][0]


def sends(house: House, method: str = "sendMessage") -> int:
    return sum(call.method == method for call in house.telegram.calls)


async def to_the_zone(chat: Chat) -> None:
    await chat.says("/start")
    await chat.taps("I understand")


async def to_reminders(chat: Chat) -> None:
    """Walk to a confirmed deadline of December 16: the first reminder comes on December 2."""
    await to_the_zone(chat)
    for tap in (
        "Chicago",
        "A letter came in the mail",
        "The IRS",
        "Nothing like this",
        "Nothing looks odd",
    ):
        await chat.taps(tap)
    await chat.says("cp 504")
    await chat.says("November 16, 2026")
    await chat.taps("No date is printed")
    for tap in ("I have read this", "remind me"):
        await chat.taps(tap)


def clock_of(parts: run.Parts) -> LocalClock:
    assert isinstance(parts.clock, LocalClock)
    return parts.clock


def bot_of(house: House, *program: str) -> Bot:
    return Bot(house.settings.database.parent, int(house.url.rpartition(":")[2]), *program)


async def cut_at(house: House, point: str) -> None:
    """Run the bot until it is cut off at a point."""
    bot = bot_of(house, "-m", "tests.stops", point)
    await bot.start()
    assert await bot.ended() == CUT, bot.log


@asynccontextmanager
async def write_lock(house: House) -> AsyncIterator[None]:
    """Hold the database's write lock, as a backup program might."""
    other = sqlite3.connect(house.settings.database, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    finally:
        other.close()


# ---------------------------------------------------------------- it stops


async def test_stopped_before_the_commit_nothing_happened_and_the_update_comes_again(house: House) -> None:
    chat = house.chat()
    async with house.running():
        await to_the_zone(chat)
    update = await chat.person.taps("Chicago")

    await cut_at(house, "before-commit")

    assert answers(house, chat, "start.zone") is None
    assert one(house, "SELECT count(*) FROM updates WHERE update_id = ?", update) == 0
    assert one(house, "SELECT count(*) FROM outbox") == 0
    assert house.telegram.unconfirmed == 1

    async with house.running():
        await house.taken(update)
        assert "How did they reach you" in chat.screen
    assert answers(house, chat, "start.zone") == ["America/Chicago", "given", False, 1, ""]


async def test_stopped_after_the_commit_the_update_comes_again_and_is_not_taken_twice(house: House) -> None:
    chat = house.chat()
    async with house.running():
        await to_the_zone(chat)
    update = await chat.person.taps("Chicago")

    await cut_at(house, "after-commit")

    assert answers(house, chat, "start.zone") == ["America/Chicago", "given", False, 1, ""]
    assert one(house, "SELECT count(*) FROM updates WHERE update_id = ?", update) == 1
    assert one(house, "SELECT count(*) FROM outbox") == 1
    assert house.telegram.unconfirmed == 1
    assert "Which clock" in chat.screen

    async with house.running():
        await house.taken(update)
        assert "How did they reach you" in chat.screen
    assert answers(house, chat, "start.zone") == ["America/Chicago", "given", False, 1, ""]
    assert len(chat.said) == 1  # all of it in one message, edited
    assert one(house, "SELECT count(*) FROM outbox") == 0


async def test_stopped_after_an_edit_it_is_made_again_and_nobody_sees_it(house: House) -> None:
    chat = house.chat()
    async with house.running():
        await to_the_zone(chat)
    edits = sends(house, "editMessageText")
    update = await chat.person.taps("Chicago")

    await cut_at(house, "after-send")

    shown = chat.person.messages
    async with house.running():
        await house.taken(update)
    assert sends(house, "editMessageText") == edits + 2
    assert chat.person.messages == shown


async def test_stopped_after_a_new_screen_went_out_it_goes_twice_and_the_last_one_works(house: House) -> None:
    chat = house.chat()
    async with house.running():
        await to_the_zone(chat)
    update = await chat.person.says("Denver")

    await cut_at(house, "after-send")

    assert one(house, "SELECT count(*) FROM outbox") == 1
    async with house.running():
        await house.taken(update)
        assert [text for text in chat.said if "How did they reach you" in text] == [chat.screen] * 2
        await chat.taps("Someone phoned me")
        assert answers(house, chat, "contact.channel~1") == ["phone", "given", False, 1, ""]


async def test_stopped_after_a_reminder_went_out_it_comes_twice_rather_than_never(house: House) -> None:
    chat = house.chat()
    async with house.running():
        await to_reminders(chat)
    await house.telegram.clock.move(timedelta(days=9))

    await cut_at(house, "after-send")

    async with house.running():
        await house.settled()
        assert len([text for text in chat.said if text.startswith("Reminder")]) == 2
        assert one(house, "SELECT count(*) FROM reminders WHERE state = 'posted'") == 1
    async with house.running():
        await house.settled()
    assert len([text for text in chat.said if text.startswith("Reminder")]) == 2


async def test_what_a_person_types_before_they_saw_the_question_is_not_its_answer(house: House) -> None:
    chat = house.chat()
    async with house.running():
        await to_the_zone(chat)
    await chat.person.taps("Chicago")
    update = await chat.person.says("by phone")  # typed under the question about the clock

    async with house.running():
        await house.taken(update)
        assert answers(house, chat, "contact.channel~1") is None
        assert "How did they reach you" in chat.screen


async def test_killed_at_five_random_moments_while_twenty_answer_nothing_is_lost(tmp_path: Path) -> None:
    await torture(tmp_path, seed=7, kills=5, moves=(12,))


async def test_killed_while_a_hundred_are_reminded_none_is_lost_and_few_come_twice(tmp_path: Path) -> None:
    await drain(tmp_path, seed=7, people=100, kills=2)


# ---------------------------------------------------------------- an error in one event


async def test_a_guard_that_fails_for_one_person_hurts_nobody_else(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sound = guards.GUARDS["has_a_paper_notice"]

    def faulty(matter: Matter) -> bool:
        if matter.channel == "visit":
            raise ValueError("the words of a person")
        return sound(matter)

    monkeypatch.setitem(guards.GUARDS, "has_a_paper_notice", faulty)
    ana, bo, cy = (house.chat(name) for name in ("Ana", "Bo", "Cy"))
    async with house.running():
        for chat in (ana, bo, cy):
            await to_the_zone(chat)
            await chat.taps("Chicago")
    await ana.person.taps("A letter came in the mail")
    failing = await bo.person.taps("Someone came to my door")
    update = await cy.person.taps("Someone phoned me")

    async with house.running():
        await house.taken(update)
        assert answers(house, ana, "contact.channel~1")[0] == "mail"
        assert answers(house, cy, "contact.channel~1")[0] == "phone"
        assert answers(house, bo, "contact.channel~1") is None
        assert bo.screen.startswith("Sorry, something went wrong")
        assert "How did they reach you" in bo.screen
        await bo.taps("Someone phoned me")
        assert answers(house, bo, "contact.channel~1")[0] == "phone"
    assert f"update {failing} failed: ValueError at test_promises.py" in caplog.text
    assert "the words of a person" not in caplog.text


async def test_an_error_while_reminders_are_planned_hurts_nobody_else(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ana, bo = house.chat("Ana"), house.chat("Bo")
    sound = engine.due_reminders

    def faulty(house_: Any, state: Any, case: Any, now: Any) -> Any:
        if state.person.chat_id == bo.person.chat_id:
            raise KeyError("the words of a person")
        return sound(house_, state, case, now)

    async with house.running():
        for chat in (ana, bo):
            await to_the_zone(chat)
            await chat.taps("Chicago")
    await bo.person.taps("Someone phoned me")
    update = await ana.person.taps("Someone phoned me")

    monkeypatch.setattr(engine, "due_reminders", faulty)
    async with house.running() as parts:
        await house.taken(update)
        assert answers(house, ana, "contact.channel~1")[0] == "phone"
        assert answers(house, bo, "contact.channel~1") is None
        assert bo.screen.startswith("Sorry, something went wrong")
        assert not parts.polling.done()
    assert "the words of a person" not in caplog.text


async def test_a_batch_that_a_constraint_poisons_is_taken_event_by_event(house: House) -> None:
    ana, bo = house.chat("Ana"), house.chat("Bo")
    async with house.running():
        for chat in (ana, bo):
            await to_the_zone(chat)
    with sqlite3.connect(house.settings.database) as database:
        database.execute(
            f"CREATE TRIGGER poison BEFORE INSERT ON cases WHEN NEW.chat_id = {ana.person.chat_id} "
            "BEGIN SELECT RAISE(ABORT, 'poisoned'); END"
        )
    database.close()
    await ana.person.taps("Chicago")
    update = await bo.person.taps("Denver")

    async with house.running():
        await house.taken(update)
        assert answers(house, bo, "start.zone")[0] == "America/Denver"
        assert answers(house, ana, "start.zone") is None
        assert ana.screen.startswith("Sorry, something went wrong")
    assert house.telegram.unconfirmed == 0


# ---------------------------------------------------------------- the disk


async def test_a_locked_database_holds_everything_up_and_loses_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(store, "BUSY_SECONDS", 0.02)
    chat = house.chat()
    async with house.running():
        await to_the_zone(chat)
        async with write_lock(house):
            update = await chat.person.taps("Chicago")
            await asyncio.sleep(0.4)
            assert house.telegram.unconfirmed == 1
            assert "Which clock" in chat.screen
        await house.taken(update)
        assert "How did they reach you" in chat.screen
    assert answers(house, chat, "start.zone") == ["America/Chicago", "given", False, 1, ""]
    assert "storage: SQLITE_BUSY; trying again" in caplog.text


async def test_a_bot_that_starts_on_a_locked_database_waits_and_then_sends_what_was_left(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = house.chat()
    async with house.running():
        await to_the_zone(chat)
        house.telegram.faults.fail("editMessageText", times=100, code=503)
        await house.telegram.confirmed(await chat.person.taps("Chicago"))
    house.telegram.faults.clear()
    monkeypatch.setattr(store, "BUSY_SECONDS", 0.02)

    async def begun() -> None:
        async with house.running():
            await house.settled()

    async with write_lock(house):
        starting = asyncio.create_task(begun())
        await asyncio.sleep(0.4)
        assert not starting.done()
        assert "Which clock" in chat.screen
    await starting
    assert "How did they reach you" in chat.screen


async def test_a_message_whose_person_cannot_be_looked_up_waits_for_the_database(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(store, "BUSY_SECONDS", 0.02)
    chat = house.chat()
    async with house.running():
        await to_reminders(chat)
    await house.telegram.clock.move(timedelta(days=9))
    house.telegram.faults.fail("sendMessage", code=500)  # so that it is still unsent when the lock is there
    async with house.running() as parts:
        while house.telegram.faults.planned:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        parts.app._known.clear()
        async with write_lock(house):
            await asyncio.sleep(0.7)
        assert "storage: SQLITE_BUSY; message" in caplog.text
        await house.settled()
    assert len([text for text in chat.said if text.startswith("Reminder")]) == 1


async def test_a_full_disk_confirms_nothing_and_the_same_batch_is_taken_when_there_is_room(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    chats = [house.chat(f"Person {number}") for number in range(60)]
    async with house.running() as parts:
        await chats[0].says("/start")
        connection = parts.store._connection
        ((pages,),) = await connection.execute_fetchall("PRAGMA page_count")
        await connection.execute(f"PRAGMA max_page_count = {pages}")
        updates = [await chat.person.says("/start") for chat in chats[1:]]
        await asyncio.sleep(0.4)
        assert one(house, "SELECT count(*) FROM people") < 60
        assert house.telegram.unconfirmed > 0

        await connection.execute("PRAGMA max_page_count = 1000000")
        await house.taken(updates[-1])
        assert one(house, "SELECT count(*) FROM people") == 60
    assert all("You are not alone" in chat.screen and len(chat.said) == 1 for chat in chats)
    assert "storage: SQLITE_FULL" in caplog.text


# ---------------------------------------------------------------- Telegram


@pytest.mark.parametrize("fault", [{"code": 502}, {"close": "before"}], ids=["refused", "cut off"])
async def test_what_telegram_does_not_take_is_sent_later_in_its_order(house: House, fault: Any) -> None:
    chat = house.chat()
    async with house.running():
        await to_the_zone(chat)
        house.telegram.faults.fail("deleteMessage", **fault)
        house.telegram.faults.fail("sendMessage", **fault)
        await chat.says("my number is 123-45-6789")
    went = [call.method for call in house.telegram.calls if call.method in ("deleteMessage", "sendMessage")]
    assert went[1:] == ["deleteMessage", "deleteMessage", "sendMessage", "sendMessage", "sendMessage"]
    assert chat.said[-2].startswith("I deleted your last message")
    assert "Which clock" in chat.said[-1]


async def test_an_answer_that_got_lost_on_its_way_back_is_sent_twice_and_an_edit_once(house: House) -> None:
    chat = house.chat()
    async with house.running():
        await chat.says("/start")
        house.telegram.faults.fail("editMessageText", close="after")
        await chat.taps("I understand")
        assert len(chat.said) == 1
        house.telegram.faults.fail("sendMessage", close="after")
        await chat.says("Denver")
        assert len([text for text in chat.said if "How did they reach you" in text]) == 2
    assert answers(house, chat, "start.zone") == ["America/Denver", "given", False, 1, ""]


async def test_a_wait_that_telegram_names_for_one_chat_does_not_freeze_another(house: House) -> None:
    ana, bo = house.chat("Ana"), house.chat("Bo")
    async with house.running():
        await ana.says("/start")
        house.telegram.faults.fail("editMessageText", code=429, retry_after=1, chat_id=ana.person.chat_id)
        update = await ana.person.taps("I understand")
        await house.telegram.confirmed(update)
        await bo.person.says("/start")
        async with asyncio.timeout(0.8):
            while not bo.said:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert "You are not alone" in ana.screen
        await house.taken(update)
        assert "Which clock" in ana.screen
    first, second = [call.at for call in house.telegram.calls if call.method == "editMessageText"]
    assert 1.0 <= second - first < 1.5


async def test_what_is_unsent_while_telegram_is_down_outlives_a_restart(house: House) -> None:
    chat = house.chat()
    async with house.running():
        await to_the_zone(chat)
        house.telegram.faults.fail("editMessageText", times=100, code=503)
        update = await chat.person.taps("Chicago")
        await house.telegram.confirmed(update)
    assert one(house, "SELECT count(*) FROM outbox") == 1
    assert "Which clock" in chat.screen

    house.telegram.faults.clear()
    async with house.running():
        await house.settled()
        assert "How did they reach you" in chat.screen


async def test_the_bot_goes_on_by_itself_when_telegram_is_back(house: House) -> None:
    chat = house.chat()
    async with house.running() as parts:
        await to_the_zone(chat)
        house.telegram.faults.down = True
        update = await chat.person.taps("Chicago")
        await asyncio.sleep(0.3)
        assert not parts.polling.done()
        house.telegram.faults.down = False
        await house.taken(update)
        assert "How did they reach you" in chat.screen


# ---------------------------------------------------------------- who blocks the bot


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("told", [True, False], ids=["by an update", "by the answer to a message"])
async def test_who_blocks_the_bot_gets_nothing_until_they_write_again(house: House, told: bool) -> None:
    chat = house.chat()
    async with house.running():
        await to_reminders(chat)
        if told:
            await house.taken(await chat.person.blocks())
            tries = 0
        else:
            house.telegram.faults.fail("sendMessage", code=403, chat_id=chat.person.chat_id)
            tries = 1
        before = sends(house)
        await house.moves(days=9)
        await house.moves(days=7)
        assert sends(house) == before + tries
        assert one(house, "SELECT reachable FROM people") == 0
        assert one(house, "SELECT count(*) FROM outbox") == 0
    async with house.running() as parts:
        await house.settled()
        assert sends(house) == before + tries

        await chat.says("/case")
        assert one(house, "SELECT reachable FROM people") == 1
        assert "Your case" in chat.screen
        await parts.app.tick()
        await house.settled()
        assert reminders_of(chat) != []
        after = sends(house)
        await parts.app.tick()
        await house.settled()
        assert sends(house) == after


# ---------------------------------------------------------------- reminders


def reminders_of(chat: Chat) -> list[str]:
    begins = ("Reminder", "The day has passed")
    return [text for text in chat.said if text.startswith(begins) or "things to keep in mind" in text]


@pytest.mark.usefixtures("quick")
async def test_days_that_pass_while_telegram_is_down_end_in_one_reminder(house: House) -> None:
    chat = house.chat()
    async with house.running() as parts:
        await to_reminders(chat)
        house.telegram.faults.fail("sendMessage", times=1000, code=503)
        for days in (9, 7, 4, 2):
            await house.telegram.clock.move(timedelta(days=days))
            await clock_of(parts).reached(house.telegram.clock.version)
        kinds = one(house, "SELECT count(DISTINCT kind) FROM reminders WHERE state = 'posted'")
        assert one(house, "SELECT count(*) FROM reminders WHERE state = 'posted'") > kinds
        assert one(house, "SELECT count(*) FROM outbox") == 1
    house.telegram.faults.clear()
    async with house.running():
        await house.settled()
    assert len(reminders_of(chat)) == 1
    assert kinds == 2
    assert "2 things to keep in mind" in reminders_of(chat)[0]


@pytest.mark.usefixtures("quick")
async def test_days_that_are_skipped_fold_also_when_they_do_not_fit_in_one_chunk(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "CHUNK", 1)
    chat = house.chat()
    async with house.running():
        await to_reminders(chat)
        await house.moves(days=22)
        assert one(house, "SELECT count(*) FROM reminders WHERE state = 'folded'") > 0
        assert len(reminders_of(chat)) == 1


@pytest.mark.usefixtures("quick")
async def test_done_takes_back_what_is_unsent(house: House) -> None:
    chat = house.chat()
    async with house.running() as parts:
        await to_reminders(chat)
        await house.moves(days=9)
        assert len(reminders_of(chat)) == 1
        house.telegram.faults.fail("sendMessage", times=1000, code=503)
        await house.telegram.clock.move(timedelta(days=7))
        await clock_of(parts).reached(house.telegram.clock.version)
        assert one(house, "SELECT count(*) FROM outbox WHERE key LIKE 'reminder%'") == 1

        await house.telegram.confirmed(await chat.person.taps("Done"))
        house.telegram.faults.clear()
        await house.settled()
    assert len([text for text in reminders_of(chat) if "before it may take a state refund" in text]) == 0


async def test_more_people_than_are_remembered_are_all_served(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(app, "REMEMBERED", 2)
    chats = [house.chat(f"Person {number}") for number in range(6)]
    async with house.running():
        await to_the_zone(chats[0])
    for chat in chats[1:]:
        await chat.person.says("/start")
    update = await chats[0].person.taps("Chicago")
    async with house.running() as parts:
        await house.taken(update)
        assert "How did they reach you" in chats[0].screen
        assert all("You are not alone" in chat.screen for chat in chats[1:])
        assert len(parts.app._known) == 2
        for chat in chats[1:]:
            await chat.taps("I understand")
        assert all("Which clock" in chat.screen for chat in chats[1:])
    assert "failed" not in caplog.text


async def test_nothing_that_was_noted_of_a_screen_stays_in_memory(house: House) -> None:
    chat = house.chat()
    async with house.running() as parts:
        await to_the_zone(chat)
        house.telegram.faults.fail("editMessageText", code=500)
        await chat.taps("Chicago")
        assert parts.app._seen == {}
        assert parts.app._marks == []


# ---------------------------------------------------------------- deleting


def everything(house: House) -> bytes:
    """Return all bytes of the database and what lies beside it."""
    return b"".join(file.read_bytes() for file in house.settings.database.parent.glob("prelien.sqlite*"))


@pytest.mark.usefixtures("quick")
async def test_what_is_deleted_is_gone_from_the_files_and_nothing_comes_of_it(house: House) -> None:
    chat = house.chat()
    async with house.running():
        await to_reminders(chat)
        await chat.says("/delete")
        assert b"2026-11-16" in everything(house)
        assert engine._walks
        await chat.taps("Yes, delete everything")
        assert not engine._first
        await house.moves(days=30)
        assert chat.last.text.startswith("Everything is deleted")
        for table in ("people", "cases", "reminders", "outbox"):
            assert one(house, f"SELECT count(*) FROM {table}") == 0  # noqa: S608  own names
        assert b"2026-11-16" not in everything(house)
        await chat.says("/start")
        assert "You are not alone" in chat.screen


async def test_who_deletes_all_and_writes_in_the_same_breath_starts_anew(house: House) -> None:
    chat = house.chat()
    async with house.running():
        await to_reminders(chat)
        await chat.says("/delete")
    await chat.person.taps("Yes, delete everything")
    update = await chat.person.says("/start")
    async with house.running():
        await house.taken(update)
        assert chat.said[-2].startswith("Everything is deleted")
        assert "You are not alone" in chat.screen
        await chat.taps("I understand")
        assert "Which clock" in chat.screen
    assert one(house, "SELECT count(*) FROM cases") == 0


# ---------------------------------------------------------------- starting and stopping


async def test_what_came_while_it_was_down_is_answered_and_a_stop_leaves_nothing_half_done(
    house: House,
) -> None:
    chat = house.chat()
    update = await chat.person.says("/start")
    house.telegram.faults.fail("sendMessage", delay=0.5)
    bot = bot_of(house)
    await bot.start()
    await house.telegram.confirmed(update)
    status = await bot.stop()  # while the message is on its way

    assert (status, bot.log.count("Traceback")) == (0, 0)
    assert one(house, "SELECT count(*) FROM outbox") == 0
    async with house.running():
        await house.settled()
    assert len(chat.said) == 1


async def stops_when_told(house: House) -> None:
    port = house.url.rpartition(":")[2]
    settings = settings_in(house.settings.database.parent, PRELIEN_LOCAL_PORT=port)
    stopped = asyncio.Event()
    running = asyncio.create_task(run.run(settings, stopped, lambda _: None))
    await asyncio.sleep(0.4)
    assert not running.done()
    stopped.set()
    await asyncio.wait_for(running, 3)


async def test_it_stops_when_told_while_telegram_is_down(house: House) -> None:
    house.telegram.faults.down = True
    await stops_when_told(house)


async def test_it_stops_when_told_while_a_batch_waits_for_the_database(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "BUSY_SECONDS", 0.02)
    chat = house.chat()
    async with house.running():
        await to_the_zone(chat)
        async with write_lock(house):
            await chat.person.taps("Chicago")
            await asyncio.sleep(0.2)
            assert house.parts is not None
            house.parts.app.stop()
            await asyncio.sleep(0.1)
            assert house.parts.polling.done()
    assert house.telegram.unconfirmed == 1


async def test_it_does_not_start_on_a_port_that_another_program_uses(tmp_path: Path) -> None:
    other = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = other.sockets[0].getsockname()[1]
    async with other:
        with pytest.raises(run.PortTakenError, match="PRELIEN_LOCAL_PORT"):
            await run.run(
                settings_in(tmp_path, PRELIEN_LOCAL_PORT=str(port)), asyncio.Event(), lambda _: None
            )


async def test_a_second_bot_of_the_same_token_does_not_start(house: House) -> None:
    async with house.running():
        bot = bot_of(house)
        await bot.start()
        assert await bot.ended() == 1
        assert bot.log == (
            "prelien: A bot with this token runs on this machine already. Stop it first, then start again.\n"
        )
        with pytest.raises(run.AlreadyRunningError):
            async with run.opened(house.settings, house.url, LocalClock(house.url)):
                pass
    async with house.running():
        pass


async def test_another_poller_ends_it_with_a_clear_message(house: House) -> None:
    async with house.running() as parts:
        async with aiohttp.ClientSession() as session:
            await asyncio.sleep(0.05)
            url = f"{house.url}/bot{config.LOCAL_TOKEN}/getUpdates"
            async with session.post(url, json={"timeout": 0}):
                pass
        with pytest.raises(EdgeError, match="Another program polls with this token"):
            await asyncio.wait_for(parts.polling, 5)


async def test_a_webhook_left_over_ends_it_with_a_clear_message(house: House) -> None:
    house.telegram.world.profile.webhook = "https://example.org/hook"
    async with house.running() as parts:
        with pytest.raises(EdgeError, match=r"A webhook is set for this bot.*deleteWebhook"):
            await asyncio.wait_for(parts.polling, 5)


async def test_a_token_telegram_does_not_know_ends_it_with_a_clear_message(tmp_path: Path) -> None:
    telegram = LocalTelegram(tokens=["1:some-other-token"])
    url = await telegram.start()
    try:
        with pytest.raises(EdgeError, match="does not know this token"):
            async with run.opened(settings_in(tmp_path), url, LocalClock(url)):
                pass
    finally:
        await telegram.stop()


async def test_nothing_a_person_says_is_logged(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    chat = house.chat("Wilhelmina")
    async with house.running():
        await to_the_zone(chat)
        house.telegram.faults.fail("sendMessage", code=400)
        await chat.says("zanzibar quux")
        await chat.says("Chicago")
    said = "\n".join(
        record.getMessage()
        for record in caplog.records
        if record.name.partition(".")[0] in ("bot", "asyncio")
    )
    assert "was refused: bad request" in said
    for word in ("Wilhelmina", "zanzibar", "Chicago", str(chat.person.chat_id)):
        assert word not in said
