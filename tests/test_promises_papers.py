"""The promises about photos and files: what is left when it stops or fails between the picture and its answer."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from bot import fetching, store
from bot.model import Fetched, File, NotFetched, Refused, Retry
from bot.telegram_edge import AiohttpRequest
from tests.test_chat_papers import JPEG, PDF, PNG, kept
from tests.test_promises import cut_at, one, to_the_zone, write_lock

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Chat, House


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a file be asked for again at once."""
    monkeypatch.setattr(fetching, "FIRST_WAIT", 0.02)
    monkeypatch.setattr(fetching, "LONGEST_WAIT", 0.05)


async def to_a_case(chat: Chat) -> None:
    await to_the_zone(chat)
    await chat.taps("Chicago")


def coming(house: House) -> int:
    found: int = one(house, "SELECT count(*) FROM files WHERE coming")
    return found


def told(chat: Chat, words: str) -> int:
    """Return how many messages say this now."""
    return sum(words in text for text in chat.said)


async def until(true: Callable[[], bool]) -> None:
    """Wait until something holds, for some seconds at most."""
    for _ in range(300):
        if true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come about")


# ---------------------------------------------------------------- it stops


@pytest.mark.parametrize(
    ("point", "there"),
    [
        ("before-fetch", False),  # the picture is taken note of, no byte is here
        ("before-keeping", False),  # the bytes are here, and not yet committed
        ("after-keeping", True),  # they are committed, and nobody was told
    ],
)
async def test_stopped_between_a_picture_and_its_answer_it_is_kept_once_and_told_after(
    house: House, point: str, *, there: bool
) -> None:
    chat = house.chat()
    async with house.running():
        await to_a_case(chat)
    await chat.person.sends("photo", data=JPEG)

    await cut_at(house, point)

    assert kept(house) == ([JPEG] if there else [])
    assert coming(house) == (0 if there else 1)
    assert told(chat, "✓ Kept") == 0
    async with house.running():
        await until(lambda: not house.telegram.unconfirmed)
        await house.settled()
        assert "Which paper is this?" in chat.screen
        assert told(chat, "✓ Kept, 1 file.") == 1
    assert kept(house) == [JPEG]
    assert coming(house) == 0
    assert one(house, "SELECT count(*) FROM files") == 1


async def test_stopped_while_a_file_is_on_its_way_it_is_fetched_at_the_next_start(house: House) -> None:
    chat = house.chat()
    async with house.running():
        await to_a_case(chat)
        house.telegram.faults.fail("download", delay=30)
        update = await chat.person.sends("document", data=PDF)
        await house.telegram.confirmed(update)
        await asyncio.sleep(0.1)
        began = time.monotonic()
    assert time.monotonic() - began < 3
    assert (kept(house), coming(house)) == ([], 1)
    house.telegram.faults.clear()
    async with house.running():
        await house.settled()
        assert "✓ Kept, 1 file." in chat.screen
    assert kept(house) == [PDF]


# ---------------------------------------------------------------- it fails


@pytest.mark.parametrize(
    "faults",
    [
        [("getFile", {"code": 500}), ("getFile", {"code": 429, "retry_after": 1})],
        [("getFile", {"close": "before"}), ("getFile", {"close": "after"})],
        [("download", {"code": 500}), ("download", {"code": 404})],
        [("download", {"close": "before"}), ("download", {"close": "after"})],
    ],
    ids=["refused", "cut", "no file", "half a file"],
)
@pytest.mark.usefixtures("quick")
async def test_a_file_is_asked_for_until_it_is_here(house: House, faults: list[tuple[str, Any]]) -> None:
    chat = house.chat()
    async with house.running():
        await to_a_case(chat)
        for method, fault in faults:
            house.telegram.faults.fail(method, **fault)
        await chat.sends("photo", data=PNG)
        assert "✓ Kept, 1 file." in chat.screen
        assert house.telegram.faults.planned == []
    assert kept(house) == [PNG]


async def test_while_a_slow_file_is_fetched_the_bot_is_seen_at_work(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "AT_WORK_LASTS", 0.2)  # a message that comes after the sign takes it away
    chat = house.chat()
    async with house.running():
        await to_a_case(chat)
        await chat.sends("photo", data=PNG)
        assert not chat.person.typing  # it was here at once
        house.telegram.faults.fail("sendChatAction", code=500)
        house.telegram.faults.fail("download", delay=1.5)
        await chat.sends("photo", data=JPEG)
        assert house.telegram.faults.planned == []  # a sign that did not go through costs nothing
        house.telegram.faults.fail("download", delay=1.5)
        update = await chat.person.sends("document", data=PDF)
        await house.telegram.confirmed(update)
        await until(lambda: chat.person.typing)
        await house.settled()
    assert kept(house) == [PNG, JPEG, PDF]


@pytest.mark.usefixtures("quick")
async def test_a_file_that_takes_long_is_said_to_and_nobody_waits_for_it(house: House) -> None:
    chat, other = house.chat(), house.chat("Bo")
    async with house.running():
        await to_a_case(chat)
        house.telegram.faults.fail("download", times=10_000, code=503)
        update = await chat.person.sends("photo", data=PNG)
        await house.telegram.confirmed(update)
        await until(lambda: "Telegram has not given me your file yet" in chat.screen)
        await other.person.says("/start")
        await until(lambda: bool(other.said))
        assert "You are not alone" in other.screen
        house.telegram.faults.clear()
        await house.settled()
        assert "✓ Kept, 1 file." in chat.screen
    assert kept(house) == [PNG]


@pytest.mark.usefixtures("quick")
async def test_a_file_that_telegram_does_not_give_for_a_day_is_asked_for_once_more(house: House) -> None:
    chat = house.chat()
    async with house.running():
        await to_a_case(chat)
        house.telegram.faults.fail("download", times=10_000, code=503)
        await house.telegram.confirmed(await chat.person.sends("photo", data=PNG))
        await house.moves(hours=24, minutes=1)
        assert "Please send it once more" in chat.screen
        assert "How did they reach you?" in chat.screen
    assert one(house, "SELECT count(*) FROM files") == 0


async def test_a_file_that_telegram_does_not_know_is_asked_for_once_more(house: House) -> None:
    chat = house.chat()
    async with house.running():
        await to_a_case(chat)
        house.telegram.faults.fail("getFile", code=400)
        await chat.sends("photo", data=PNG)
        assert "Please send it once more" in chat.screen
        assert "How did they reach you?" in chat.screen
    assert one(house, "SELECT count(*) FROM files") == 0


async def test_bytes_that_arrive_while_the_database_is_locked_are_kept_when_it_is_free(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "BUSY_SECONDS", 0.02)
    chat = house.chat()
    async with house.running():
        await to_a_case(chat)
        house.telegram.faults.fail("download", delay=0.3)
        await house.telegram.confirmed(await chat.person.sends("photo", data=PNG))
        async with write_lock(house):
            await asyncio.sleep(0.6)
        await house.settled()
        assert "✓ Kept, 1 file." in chat.screen
    assert kept(house) == [PNG]


async def test_who_deletes_all_while_a_file_is_on_its_way_leaves_nothing(house: House) -> None:
    chat = house.chat()
    async with house.running():
        await to_a_case(chat)
        house.telegram.faults.fail("download", delay=0.5)
        await house.telegram.confirmed(await chat.person.sends("photo", data=PNG))
        await chat.person.says("/delete")
        await asyncio.sleep(0.2)
        await chat.taps("Yes, delete everything")
        assert chat.last.text.startswith("Everything is deleted")
    for table in ("people", "files", "contents"):
        assert one(house, f"SELECT count(*) FROM {table}") == 0  # noqa: S608  own names


async def test_the_bytes_and_what_is_known_of_a_file_are_gone_together(house: House) -> None:
    chat = house.chat()
    async with house.running():
        await to_a_case(chat)
        await chat.sends("photo", data=PNG)
    with sqlite3.connect(house.settings.database) as file:
        file.execute("PRAGMA foreign_keys = ON")
        file.execute("DELETE FROM people")
        assert file.execute("SELECT count(*) FROM contents").fetchone() == (0,)


async def test_what_is_larger_than_it_may_be_is_not_read_to_its_end(house: House) -> None:
    chat = house.chat()
    await chat.person.says("/start")
    await chat.person.sends("document", data=PDF + b" " * 300_000)
    (stored,) = house.telegram.world.files.values()
    async with house.running() as parts:
        assert await parts.edge.download(stored.file_id, 1000) == Refused("file is too big")
        found = await parts.edge.download(stored.file_id, 1_000_000)
        assert found == stored.data
    request = AiohttpRequest(1)
    await request.initialize()
    url = f"{house.url}/file/bot1:a/{stored.path}"
    status, content = await request.fetch(url, 70_000)
    assert (status, len(content)) == (200, 70_001)
    await request.shutdown()


async def test_what_the_fetcher_says_of_a_file_follows_from_its_first_bytes() -> None:
    """A fault of ours on the way loses no file; what it is is told by its bytes, never by its name."""
    answers: list[bytes | Retry | Refused] = [
        Retry(0.0, told=True),
        PNG,
        b"no picture",
        Refused("wrong file_id"),
    ]
    brought: list[Fetched | NotFetched] = []

    async def download(file_id: str, most: int) -> bytes | Retry | Refused:
        assert (file_id, most) == ("abc", 20 * 1024 * 1024)
        return answers.pop(0)

    async def bring(_: int, act: Fetched | NotFetched, content: bytes) -> None:
        brought.append(act)
        assert bool(content) == isinstance(act, Fetched)

    async def at_work(_: int) -> None:
        raise AssertionError("a file that is here at once is no slow work")

    fetcher = fetching.Fetcher(download, bring, lambda: datetime.fromtimestamp(60, UTC), at_work)
    for number in (1, 2, 3):
        fetcher.put([(7, File(number, 1, coming=True, file_id="abc"))])
        await fetcher.settled()
    assert brought == [Fetched(1, "image/png", len(PNG)), NotFetched(2, "unknown"), NotFetched(3, "lost")]
