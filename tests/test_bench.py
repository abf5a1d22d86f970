"""A hundredth of the bench: a few people walk through both bots, a hundred are reminded at once.

How long things take is looked at with much room: a busy machine is no fault of the bot.
"""

from __future__ import annotations

import json
import tracemalloc
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot import config
from bot.store import Store
from bot.words import Words
from tests import bench

if TYPE_CHECKING:
    from pathlib import Path

FEW = bench.Load(people=5, walks=1, modest=2, pause=0.01)


async def test_people_walk_through_both_bots_and_every_figure_is_positive() -> None:
    asked = await bench.dialog()
    plain = await bench.measured(bench.PLAIN, FEW, asked)
    ours = await bench.measured(bench.PRELIEN, FEW, asked)

    for figures in (plain, ours):
        assert all(getattr(figures, name) > 0 for name, *_ in bench.LINES), figures
    report = bench.Report(len(asked.acts), [(ours, plain)], {5: 1.0, 10: 1.0}, (1.0, 1.0), 1.0)
    assert "durable steps/s" in bench.text(report, FEW)
    assert json.loads(bench.as_json(report))["steps_per_second"]["better"] > 0


async def test_both_bots_ask_what_the_dialogs_ask_by_now() -> None:
    asked = await bench.dialog()

    assert asked.asked[0].name == "start.agree"
    assert asked.asked[-1].name == bench.LAST
    assert {"notice.number", "notice.dated"} <= {one.name for one in asked.asked if one.how == "says"}
    written = json.loads(asked.written())
    assert len(written) == len(asked.acts)
    for one, (name, _, text, rows) in zip(asked.asked, written, strict=False):
        assert (one.name, one.screen.text) == (name, text)
        if one.how == "taps":
            assert one.what in [label for row in rows for label in row]


async def test_the_bot_is_measured_from_inside() -> None:
    spent = await bench.cost_per_step((5, 50), batches=2, batch=5)

    assert spent.keys() == {5, 50}
    assert min(spent.values()) > 0


async def test_none_of_many_that_are_due_in_one_second_is_missed() -> None:
    seconds, stood = await bench.tick(due=300)

    assert min(seconds, stood) > 0


@pytest.mark.parametrize("per_second", [30, 1000])
async def test_a_hundred_are_reminded_at_once_within_the_limit_and_others_are_answered(
    per_second: int,
) -> None:
    rush = bench.Rush(people=100, per_second=per_second, talkers=3, pause=1.5, usual=3.0)
    told: list[str] = []
    found = await bench.rushed(rush, await bench.dialog(), told.append)

    assert (found.refused, found.lost, found.doubled, found.out_of_order) == (0, 0, 0, 0)
    if per_second == 30:  # a hundred at a thousand a second are too few to tell a pace
        assert found.reached <= 1.1
        assert found.reached > 0.5
        assert found.seconds > 2.5
    assert found.answers > 0
    assert "100 people reminded at one moment" in bench.rush_text(rush, found)


def test_what_is_slower_than_promised_is_a_fault() -> None:
    fine = bench.Rushed(reached=0.98, usual_p99=0.01, p99=0.015)
    assert fine.faults() == []
    bad = bench.Rushed(reached=0.96, refused=1, lost=2, doubled=3, out_of_order=4, usual_p99=0.01, p99=0.03)
    assert len(bad.faults()) == 6


async def test_reminders_to_come_cost_the_start_nothing(tmp_path: Path) -> None:
    databases = [tmp_path / "few.sqlite", tmp_path / "many.sqlite"]
    for database in databases:
        await (await Store.open(database)).close()
    bench.fill_pending(databases[1], 10_000)
    steps, memory = [], []
    for database in databases:
        tracemalloc.start()
        store = await Store.open(database)
        looked_at = 0

        def look() -> int:
            nonlocal looked_at
            looked_at += 1
            return 0

        await store._connection.set_progress_handler(look, 1)
        parts = bench.Inside(store, Words(config.ROOT / "templates"), 30)
        await parts.app.begin()
        assert await parts.app.tick() == 0
        memory.append(tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
        steps.append(looked_at)
        await store.close()
    # What SQLite does step by step, and what is kept: neither grows with the reminders.
    assert steps[1] <= steps[0] + 50
    assert memory[1] - memory[0] < 5_000_000 / 20  # what is loaded once is in it, too


async def test_a_bot_that_does_not_start_is_told_from_a_slow_one() -> None:
    none = bench.Kind("none", lambda *_: ["-c", "pass"], "SELECT 0")

    with pytest.raises(bench.BenchError, match="none ended before it asked for updates"):
        await bench.measured(none, FEW, await bench.dialog())


async def test_a_bot_that_does_not_answer_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bench, "PATIENCE", 0.1)
    asked = await bench.dialog()
    odd = bench.Dialog((replace(asked.asked[0], what="no such button"),), asked.end)

    with pytest.raises(bench.BenchError, match=r"got no answer|no button"):
        await bench.measured(bench.PLAIN, FEW, odd)
