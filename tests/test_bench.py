"""A hundredth of the bench: five people walk through both bots, and the figures are figures."""

from __future__ import annotations

import json

import pytest

from tests import bench

FEW = bench.Load(people=5, walks=1, modest=2, pause=0.01)


async def test_people_walk_through_both_bots_and_every_figure_is_positive() -> None:
    plain = await bench.measured(bench.PLAIN, FEW)
    ours = await bench.measured(bench.PRELIEN, FEW)

    for figures in (plain, ours):
        assert all(getattr(figures, name) > 0 for name, *_ in bench.LINES), figures
    report = bench.Report([(ours, plain)], {5: 1.0, 10: 1.0}, (1.0, 1.0), 1.0)
    assert "durable steps/s" in bench.text(report, FEW)
    assert json.loads(bench.as_json(report))["steps_per_second"]["better"] > 0


async def test_the_bot_is_measured_from_inside() -> None:
    spent = await bench.cost_per_step((5, 50), batches=2, batch=5)
    seconds, stood = await bench.tick(due=300)

    assert spent.keys() == {5, 50}
    assert min(*spent.values(), seconds, stood) > 0


async def test_a_bot_that_does_not_start_is_told_from_a_slow_one() -> None:
    none = bench.Kind("none", lambda *_: ["-c", "pass"], "SELECT 0")

    with pytest.raises(bench.BenchError, match="none ended before it asked for updates"):
        await bench.measured(none, FEW)


async def test_a_bot_that_does_not_answer_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bench, "PATIENCE", 0.1)
    monkeypatch.setattr(bench, "DIALOG", (("says", "/start"), ("taps", "no such button")))

    with pytest.raises(bench.BenchError, match=r"got no answer|no button"):
        await bench.measured(bench.PLAIN, FEW)
