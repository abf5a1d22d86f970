"""The sender alone: order, pace, and what comes of each outcome."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.model import Edit, Gone, Refused, Retry, Screen, Seen, Send, SendFile, Sent, Strip
from bot.notices import ANSWERS, UNASKED
from bot.outbox import Outbox, Rendered
from bot.store import Mark, Row

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.model import Call, Outcome

ANA, BO = 1, 2


class Wire:
    """What stands around the sender: a Telegram that answers as it is told, and what is on the screens."""

    def __init__(self) -> None:
        self.calls: list[tuple[float, Call]] = []
        self.outcomes: dict[int, deque[Outcome | Exception]] = {}
        self.takes = 0.0
        self.marks: list[Mark] = []
        self.seen: dict[int, Seen] = {}
        self.rendered: dict[int, Rendered | Retry | Exception | None] = {}
        self.failures: list[str] = []
        self.outbox = self.paced(30.0)

    def paced(self, per_second: float) -> Outbox:
        return Outbox(
            self.deliver, self.render, self.shown, self.marks.append, per_second, self.failures.append
        )

    def answers(self, chat_id: int, *outcomes: Outcome | Exception) -> None:
        self.outcomes[chat_id] = deque(outcomes)

    async def deliver(self, call: Call) -> Outcome:
        self.calls.append((time.monotonic(), call))
        await asyncio.sleep(self.takes)
        told = self.outcomes.get(call.chat_id)
        outcome = told.popleft() if told else Sent(len(self.calls))
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def render(self, row: Row) -> Rendered | Retry | None:
        found = self.rendered.get(row.row_id, Rendered(Send(row.chat_id, Screen(row.body.decode()))))
        if isinstance(found, Exception):
            raise found
        return found

    def shown(self, chat_id: int, seen: Seen) -> Seen:
        before = self.seen.get(chat_id, Seen())
        self.seen[chat_id] = seen
        return before

    def put(self, *rows: tuple[int, int, str], lane: int = ANSWERS, key: str | None = None) -> None:
        self.outbox.put([Row(row_id, key, chat_id, lane, text.encode()) for row_id, chat_id, text in rows])

    @property
    def texts(self) -> list[str]:
        return [call.screen.text for _, call in self.calls if isinstance(call, Send | Edit)]

    async def settled(self) -> None:
        async with asyncio.timeout(10):
            await self.outbox.settled()


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    wire = Wire()
    yield wire
    await wire.outbox.stop(0.1)


async def test_a_chat_gets_its_messages_in_order_and_chats_do_not_wait_for_each_other(wire: Wire) -> None:
    wire.takes = 0.05
    wire.put((1, ANA, "a1"), (2, ANA, "a2"), (3, BO, "b1"), (4, BO, "b2"))
    await wire.settled()

    assert [text for text in wire.texts if text.startswith("a")] == ["a1", "a2"]
    assert [text for text in wire.texts if text.startswith("b")] == ["b1", "b2"]
    assert wire.calls[-1][0] - wire.calls[0][0] < 0.09
    assert sorted(mark.row_id for mark in wire.marks) == [1, 2, 3, 4]
    assert wire.outbox.waiting == 0


async def test_answers_go_before_what_nobody_asked_for(wire: Wire) -> None:
    wire.takes = 0.02
    wire.put((1, ANA, "answer"))
    wire.put((2, ANA, "reminder"), lane=UNASKED)
    wire.put((3, ANA, "another answer"))
    await wire.settled()

    assert wire.texts == ["answer", "another answer", "reminder"]


async def test_a_newer_screen_takes_the_place_of_one_that_is_unsent(wire: Wire) -> None:
    wire.takes = 0.02
    wire.put((1, ANA, "first"))
    wire.put((2, ANA, "old"), key="present:1")
    wire.put((3, ANA, "new"), key="present:1")
    await wire.settled()

    assert wire.texts == ["first", "new"]


async def test_a_screen_that_is_under_way_counts_as_unsent(wire: Wire) -> None:
    wire.takes = 0.02
    wire.put((1, ANA, "screen"), key="present:1")
    await asyncio.sleep(0.01)

    assert wire.texts == ["screen"]
    unsent = wire.outbox.unsent(ANA, "present:1")
    assert unsent is not None
    assert unsent.row_id == 1
    await wire.settled()
    assert wire.outbox.unsent(ANA, "present:1") is None


async def test_a_screen_that_failed_while_a_newer_one_came_is_not_tried_again(wire: Wire) -> None:
    wire.takes = 0.02
    wire.answers(ANA, Retry(0.05))
    wire.put((1, ANA, "old"), key="present:1")
    await asyncio.sleep(0.01)
    wire.put((2, ANA, "new"), key="present:1")
    await wire.settled()

    assert wire.texts == ["old", "new"]


async def test_what_failed_goes_again_before_what_came_after_it(wire: Wire) -> None:
    wire.answers(ANA, Retry(0.02), Retry(0.02))
    wire.put((1, ANA, "first"), (2, ANA, "second"))
    await wire.settled()

    assert wire.texts == ["first", "first", "first", "second"]
    waits = [later[0] - sooner[0] for sooner, later in zip(wire.calls, wire.calls[1:], strict=False)]
    assert waits[0] >= 0.02
    assert waits[1] >= 0.04  # twice as long each time


async def test_a_wait_that_telegram_names_is_kept_even_when_the_person_writes_again(wire: Wire) -> None:
    wire.answers(ANA, Retry(0.2, told=True))
    wire.put((1, ANA, "first"))
    await asyncio.sleep(0.02)
    wire.put((2, ANA, "second"))
    wire.put((3, BO, "b"))
    await wire.settled()

    assert wire.texts == ["first", "b", "first", "second"]
    assert 0.2 <= wire.calls[2][0] - wire.calls[0][0] < 0.4


async def test_who_writes_while_the_line_was_bad_is_answered_at_once(wire: Wire) -> None:
    wire.answers(ANA, Retry(30.0))
    wire.put((1, ANA, "first"))
    await asyncio.sleep(0.02)
    wire.put((2, ANA, "second"))
    await asyncio.wait_for(wire.settled(), 1)

    assert wire.texts == ["first", "first", "second"]


async def test_a_wait_on_reminders_pauses_reminders_and_no_answers(wire: Wire) -> None:
    wire.answers(ANA, Retry(0.3, told=True))
    wire.put((1, ANA, "reminder"), lane=UNASKED)
    await asyncio.sleep(0.02)
    wire.put((2, BO, "reminder too"), lane=UNASKED)
    wire.put((3, BO, "answer"))
    await wire.settled()

    assert wire.texts[:2] == ["reminder", "answer"]
    assert sorted(wire.texts[2:]) == ["reminder", "reminder too"]
    assert wire.calls[2][0] - wire.calls[0][0] >= 0.3


async def test_reminders_keep_below_thirty_a_second_and_answers_do_not_wait_for_them(wire: Wire) -> None:
    wire.put(*((number, 100 + number, "reminder") for number in range(40)), lane=UNASKED)
    await asyncio.sleep(0.1)
    wire.put((1000, ANA, "answer"))
    await asyncio.sleep(0.02)
    assert "answer" in wire.texts
    await wire.settled()

    at = [moment for moment, call in wire.calls if isinstance(call, Send) and call.screen.text == "reminder"]
    assert len(at) == 40
    assert 1.25 <= at[-1] - at[0] < 4
    assert max(sum(start <= one < start + 1.0 for one in at) for start in at) <= 33


async def test_telegram_counts_answers_too_so_reminders_make_room_for_them(wire: Wire) -> None:
    wire.put(*((number, 100 + number, "reminder") for number in range(200)), lane=UNASKED)
    for number in range(20):
        wire.put((1000 + number, 500 + number, "answer"))
        await asyncio.sleep(0.05)

    took = wire.calls[-1][0] - wire.calls[0][0]
    assert wire.texts.count("answer") == 20
    assert 6 <= wire.texts.count("reminder") <= 30 * took - 20 + 6


async def test_however_many_are_answered_some_reminders_go_out(wire: Wire) -> None:
    wire.put(*((number, 100 + number, "reminder") for number in range(200)), lane=UNASKED)
    for number in range(200):
        wire.put((1000 + number, 500 + number, "answer"))
        await asyncio.sleep(0.005)

    assert wire.texts.count("answer") == 200
    assert wire.texts.count("reminder") >= 6  # a quarter of 30 a second


async def test_one_person_with_many_reminders_holds_up_nobody(wire: Wire) -> None:
    wire.put(*((number, ANA, f"a{number}") for number in range(10)), lane=UNASKED)
    wire.put(*((20 + number, 100 + number, f"b{number}") for number in range(10)), lane=UNASKED)
    await asyncio.sleep(0.8)

    assert wire.texts == ["a0", *(f"b{number}" for number in range(10))]


async def test_a_person_who_has_to_wait_is_no_reason_for_others_to_wait(wire: Wire) -> None:
    wire.put((1, ANA, "one"), (2, ANA, "two"), lane=UNASKED)
    await asyncio.sleep(0.05)
    before = time.monotonic()
    wire.put((3, BO, "b"), lane=UNASKED)
    while "b" not in wire.texts:  # noqa: ASYNC110
        await asyncio.sleep(0.01)

    assert time.monotonic() - before < 0.5
    assert wire.texts == ["one", "b"]


async def test_what_is_not_worth_saying_any_more_takes_nobodys_turn(wire: Wire) -> None:
    wire.rendered = dict.fromkeys(range(100))
    wire.put(*((number, 100 + number, "reminder") for number in range(101)), lane=UNASKED)
    begun = time.monotonic()
    await wire.settled()

    assert wire.texts == ["reminder"]
    assert time.monotonic() - begun < 2  # at the pace of 30 a second it would be more than three


async def test_the_sender_takes_but_a_little_ahead(wire: Wire) -> None:
    wire.outbox = wire.paced(1000.0)
    room = []
    for number in range(0, 2000, 500):
        rows = ((number + one, 100 + number + one, "reminder") for one in range(500))
        wire.put(*rows, lane=UNASKED)
        room.append(wire.outbox.has_room)
    assert room == [True, True, True, False]
    async with asyncio.timeout(30):
        await wire.outbox.room()
    assert wire.outbox.waiting <= 1000
    await wire.outbox.stop()


async def test_only_reminders_beyond_the_free_pace_are_paid_for(wire: Wire) -> None:
    wire.outbox = wire.paced(1000.0)
    wire.put((1, ANA, "answer"))
    wire.put((2, BO, "reminder"), lane=UNASKED)
    await wire.settled()

    assert {call.screen.text: call.paid for _, call in wire.calls if isinstance(call, Send)} == {
        "answer": False,
        "reminder": True,
    }


async def test_at_a_thousand_a_second_the_pace_is_kept(wire: Wire) -> None:
    wire.outbox = wire.paced(1000.0)
    wire.takes = 0.05
    wire.put(*((number, 100 + number, "reminder") for number in range(500)), lane=UNASKED)
    await wire.settled()

    at = [moment for moment, _ in wire.calls]
    assert 0.44 <= at[-1] - at[0] < 10  # a busy machine is slower, and never faster
    assert max(sum(start <= one < start + 0.2 for one in at) for start in at) <= 350


async def test_failures_are_counted_by_name(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.outbox.OWN_FAULT", Retry(0.01))
    wire.answers(ANA, Retry(0.01, told=True), Retry(0.01), ValueError(), Refused("bad request"))
    wire.rendered[2] = ValueError("the words of a person")
    wire.answers(BO, Gone())
    wire.put((1, ANA, "a"), (2, ANA, "b"), (3, BO, "c"))
    await wire.settled()

    assert sorted(wire.failures) == [
        "gone", "no_answer", "not_in_words", "own_fault", "refused: bad request", "too_many",
    ]  # fmt: skip
    assert not any(mark.arrived for mark in wire.marks)


async def test_two_reminders_in_one_chat_are_a_second_apart(wire: Wire) -> None:
    wire.put((1, ANA, "one"), (2, ANA, "two"), (3, BO, "b"), lane=UNASKED)
    await wire.settled()

    at = {call.screen.text: moment for moment, call in wire.calls if isinstance(call, Send)}
    assert at["two"] - at["one"] >= 0.97
    assert at["b"] - at["one"] < 0.2


async def test_who_is_gone_gets_nothing_of_what_waited(wire: Wire) -> None:
    wire.answers(ANA, Gone())
    wire.put((1, ANA, "first"), (2, ANA, "second"))
    wire.put((3, ANA, "reminder"), lane=UNASKED)
    await wire.settled()

    assert wire.texts == ["first"]
    assert {mark.row_id for mark in wire.marks} == {1, 2, 3}
    assert [mark.row_id for mark in wire.marks if mark.gone] == [1]


async def test_who_writes_while_a_message_finds_them_gone_is_answered(wire: Wire) -> None:
    wire.takes = 0.03
    wire.answers(ANA, Gone())
    wire.put((1, ANA, "reminder"), lane=UNASKED)
    await asyncio.sleep(0.01)
    wire.put((2, ANA, "answer"))
    await wire.settled()

    assert wire.texts == ["reminder", "answer"]
    assert not any(mark.gone for mark in wire.marks)


@pytest.mark.parametrize("outcome", [Retry(0.01), Gone(), Refused("bad request")])
async def test_a_screen_that_did_not_arrive_is_not_taken_for_seen(wire: Wire, outcome: Outcome) -> None:
    wire.seen[ANA] = Seen("old", 5)
    wire.rendered[1] = Rendered(Send(ANA, Screen("new")), "new", None)
    wire.answers(ANA, outcome, *([Gone()] if isinstance(outcome, Retry) else []))
    wire.put((1, ANA, ""))
    await wire.settled()

    assert wire.seen[ANA] == Seen("old", 5)


async def test_a_screen_whose_message_is_gone_is_sent_anew(wire: Wire) -> None:
    wire.rendered[1] = Rendered(Edit(ANA, 5, Screen("new")), "view", 5)
    wire.answers(ANA, Refused("message to edit not found"), Sent(9))
    wire.put((1, ANA, ""))
    await wire.settled()

    kinds = [type(call) for _, call in wire.calls]
    assert kinds == [Edit, Send, Strip]
    assert wire.marks == [Mark(1, ANA, Seen("view", 9))]


async def test_a_new_screen_takes_the_buttons_off_the_old_one(wire: Wire) -> None:
    wire.rendered[1] = Rendered(Send(ANA, Screen("new")), "view", 5)
    wire.answers(ANA, Sent(9))
    wire.put((1, ANA, ""))
    await wire.settled()

    assert wire.calls[-1][1] == Strip(ANA, 5)
    assert wire.seen[ANA] == Seen("view", 9)


async def test_what_cannot_be_put_into_words_is_dropped_and_the_next_goes_on(wire: Wire) -> None:
    wire.rendered[1] = ValueError("the words of a person")
    wire.rendered[2] = None
    wire.put((1, ANA, "a"), (2, ANA, "b"), (3, ANA, "c"))
    await wire.settled()

    assert wire.texts == ["c"]
    assert [mark.row_id for mark in wire.marks] == [1, 2, 3]


async def test_what_cannot_be_put_into_words_yet_waits(wire: Wire) -> None:
    wire.rendered[1] = Retry(0.05)
    wire.put((1, ANA, "a"))
    await asyncio.sleep(0.02)
    del wire.rendered[1]
    await wire.settled()

    assert wire.texts == ["a"]


async def test_an_error_of_ours_on_the_way_loses_no_message(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.outbox.OWN_FAULT", Retry(0.02))
    wire.answers(ANA, KeyError("the words of a person"))
    wire.put((1, ANA, "a"))
    await wire.settled()

    assert wire.texts == ["a", "a"]
    assert "the words of a person" not in caplog.text


async def test_what_is_taken_back_is_not_sent_and_not_tried_again(wire: Wire) -> None:
    wire.takes = 0.02
    wire.answers(ANA, Retry(0.01))
    wire.put((1, ANA, "under way"), (2, ANA, "taken back"), (3, ANA, "kept"))
    await asyncio.sleep(0.01)
    wire.outbox.withdraw([(ANA, 1), (ANA, 2), (BO, 7)])
    await wire.settled()

    assert wire.texts == ["under way", "kept"]


async def test_what_is_dropped_does_not_come_back_when_it_fails(wire: Wire) -> None:
    wire.takes = 0.02
    wire.answers(ANA, Retry(0.01))
    wire.put((1, ANA, "under way"), (2, ANA, "waiting"))
    await asyncio.sleep(0.01)
    wire.outbox.drop(ANA)
    wire.put((3, ANA, "everything is deleted"))
    await wire.settled()

    assert wire.texts == ["under way", "everything is deleted"]


async def test_stopping_ends_what_is_under_way_and_begins_nothing_more(wire: Wire) -> None:
    wire.takes = 0.05
    wire.put((1, ANA, "a1"), (2, ANA, "a2"))
    wire.put((3, BO, "reminder"), (4, BO, "reminder"), lane=UNASKED)
    await asyncio.sleep(0.01)
    await wire.outbox.stop()

    assert sorted(wire.texts) == ["a1", "reminder"]
    assert sorted(mark.row_id for mark in wire.marks) == [1, 3]
    wire.put((5, ANA, "a3"))
    await asyncio.sleep(0.02)
    assert len(wire.calls) == 2


async def test_a_call_that_never_ends_does_not_hold_up_the_stop(wire: Wire) -> None:
    wire.takes = 60.0
    wire.put((1, ANA, "a"))
    await asyncio.sleep(0.01)
    await asyncio.wait_for(wire.outbox.stop(0.05), 1)

    assert wire.marks == []


async def test_nothing_is_kept_of_a_chat_that_has_nothing_unsent(wire: Wire) -> None:
    wire.put(*((number, number, "a") for number in range(50)))
    await wire.settled()

    assert wire.outbox._chats == {}
    await asyncio.sleep(0)  # the last task says that it is done
    assert wire.outbox._tasks == set()


async def test_a_picture_that_telegram_does_not_take_as_one_goes_as_a_file(wire: Wire) -> None:
    picture = SendFile(ANA, "paper.jpg", "image/jpeg", b"\xff\xd8", photo=True)
    wire.rendered[1] = Rendered(picture)
    wire.answers(ANA, Refused("image_process_failed"))
    wire.put((1, ANA, "file"))
    await wire.settled()

    assert [call for _, call in wire.calls] == [picture, replace(picture, photo=False)]
    assert [mark.row_id for mark in wire.marks] == [1]
