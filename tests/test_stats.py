"""`prelien stats`: what operators see, and that nothing of a person is in it."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot import stats
from bot.__main__ import main
from bot.clock import LocalClock
from bot.store import Figures
from tests.conftest import NOW
from tests.test_chat import is_reminded

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import House


@pytest.fixture
def asked(house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Ask for the figures as an operator does, in another process's place."""

    async def ask(*options: str) -> Any:
        monkeypatch.setenv("PRELIEN_DATABASE", str(house.settings.database))
        monkeypatch.setenv("PRELIEN_LOCAL_PORT", house.url.rpartition(":")[2])
        monkeypatch.delenv("TELEGRAM_BOT_TOKEN", raising=False)
        status = await asyncio.to_thread(main, ["stats", *options])
        said = capsys.readouterr()
        assert status == 0, said.err
        return json.loads(said.out) if "--json" in options else said.out

    return ask


async def test_an_operator_sees_how_the_bot_fares_while_it_runs(house: House, asked: Any) -> None:
    async with house.running():
        ana, bo = house.chat("Ana"), house.chat("Bo")
        await is_reminded(ana)
        await is_reminded(bo)
        before = await asked("--json")
        assert before["people"] == before["cases_open"] == 2
        assert before["reminders_planned"] > 2
        assert before["reminders_sent"] == {
            "count": 0, "late_p50": None, "late_p95": None, "late_max": None,
        }  # fmt: skip
        assert before["due_not_sent"] == {"count": 0, "oldest": None}

        await house.taken(await bo.person.blocks())
        await house.moves(days=9, hours=1)
        after = await asked("--json")

    assert after["at"] > before["at"]
    assert after["unreachable"] == 1
    assert after["reminders_sent"]["count"] >= 1
    assert after["reminders_sent"]["late_max"] >= after["reminders_sent"]["late_p50"] >= 0
    assert after["queue"] == {
        "answers": {"count": 0, "oldest": None},
        "unasked": {"count": 0, "oldest": None},
    }

    text = await asked()
    assert "of them 1 cannot be reached" in text
    assert not {"Ana", "Bo", str(ana.person.chat_id)} & set(text.split())


async def test_what_waits_while_telegram_is_down_is_seen_with_its_age(house: House, asked: Any) -> None:
    async with house.running() as parts:
        chat = house.chat()
        await is_reminded(chat)
        house.telegram.faults.down = True
        await house.telegram.clock.move(timedelta(days=9))
        assert isinstance(parts.clock, LocalClock)
        await parts.clock.reached(house.telegram.clock.version)
        await house.telegram.clock.move(timedelta(minutes=10))
        found = await asked("--json")
        house.telegram.faults.down = False

    assert found["due_not_sent"]["count"] >= 1
    assert found["due_not_sent"]["oldest"] >= 600
    assert found["queue"]["unasked"]["count"] >= 1
    assert found["queue"]["unasked"]["oldest"] >= 600


def test_a_database_that_is_not_there_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PRELIEN_DATABASE", str(tmp_path / "none.sqlite"))
    assert main(["stats"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "none.sqlite").exists()


@pytest.mark.parametrize(
    ("counted", "share", "value"),
    [((), 0.5, None), (((3, 1),), 0.5, 3), (((0, 95), (9, 5)), 0.95, 0), (((0, 94), (9, 6)), 0.95, 9)],
)
def test_a_percentile_is_the_value_that_so_many_are_not_above(
    counted: tuple[tuple[int, int], ...], share: float, value: int | None
) -> None:
    assert stats.percentile(counted, share) == value


def test_the_figures_are_lines_to_read() -> None:
    at = int(NOW.timestamp())
    figures = Figures(
        10_000, 12, 9_000, 50_000, (7, at - 3), ((0, None), (40, at - 2)), ((0, 90), (5, 10)), (("gone", 12),)
    )
    text = stats.text(stats.table(figures, NOW))

    assert "people                 10,000, of them 12 cannot be reached" in text
    assert "sent in 24 hours       100, late by 0 s (p50), 5 s (p95), 5 s (most)" in text
    assert "due and not sent       7, the oldest for 3 s" in text
    assert "queue, answers         0\n" in text
    assert "queue, unasked         40, the oldest for 2 s" in text
    assert "failures in 24 hours   gone 12" in text
