"""The command line: what it prints, how it ends, and that a mistake is one line and no traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from bot.__main__ import main
from bot.config import ROOT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def asked(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Ask the command line in a folder without .env: exit status, standard output, standard error."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith(("PRELIEN_", "TELEGRAM_")):
            monkeypatch.delenv(name)

    def ask(line: str) -> tuple[int, str, str]:
        try:
            status = main(line.split())
        except SystemExit as end:
            status = int(end.code or 0)
        out, err = capsys.readouterr()
        return status, out, err

    return ask


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "deadline --notice LT11 --dated 2026-10-23",
            {"kind": "cdp_levy", "raw": "2026-11-22", "legal_last": "2026-11-23", "binding": "2026-11-23"},
        ),
        ("deadline --notice CP504 --dated 2026-11-16 --printed 2026-12-07", {"printed": "2026-12-07"}),
        ("verify --channel phone --signal gift_card", {"verdict": "scam", "links_and_numbers_usable": False}),
        (
            "cost --tax 1200 --from 2026-01-01 --first 2026-02-01 --monthly 1300",
            {"monthly": "1300.00", "payments": 1, "last_payment": "2026-02-01"},
        ),
        ("accrue --tax 1000 --due 2025-04-15 --paid 2025-04-15", {"interest": "0.00", "payoff": "1000.00"}),
    ],
)
def test_the_rules_answer_in_json(asked: Any, line: str, expected: dict[str, Any]) -> None:
    status, out, err = asked(line)
    assert (status, err) == (0, "")
    answer = json.loads(out)
    assert {name: answer[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("deadline --notice LT11", "--dated is missing"),
        ("deadline --notice LT11 --dated 2026-02-31", "'2026-02-31' is not a date"),
        ("deadline --notice LT11 --dated 10/23/2026", "'10/23/2026' is not a date"),
        ("deadline --notice LT11 --dated 1066-10-14", "is outside"),
        ("deadline --notice xyz --dated 2026-10-23", "is no notice number"),
        ("deadline --event nothing --dated 2026-10-23", "is no event"),
        ("deadline --notice LT11 --dated 2026-10-23 --printed 2026-10-22", "lies before"),
        ("deadline --notice CP14 --dated 2026-10-23 --amount lots", "'lots' is not an amount"),
        ("deadline --notice CP14 --dated 2026-10-23 --amount -5", "is not an amount of zero or more"),
        ("verify", "name at least one --signal"),
        ("verify --signal nonsense", "--list names them all"),
        ("cost --tax 0 --from 2026-01-01 --first 2026-02-01 --monthly 5", "nothing is owed"),
        (
            "cost --tax 1e999999 --from 2026-01-01 --first 2026-02-01 --monthly 5",
            "too large an amount",
        ),
        ("cost --tax NaN --from 2026-01-01 --first 2026-02-01 --monthly 5", "is not an amount"),
        ("cost --tax 5 --from 2026-01-01 --first 2026-02-01 --months 0", "a term has 1 to 480 months"),
        ("accrue --tax 5 --due 2025-04-15 --paid 2025-04-15 --payment 5", "is not a payment"),
        ("tree nonsense", "there is no dialog 'nonsense'; there are"),
        ("nonsense", "invalid choice"),
        ("", "COMMAND"),
    ],
)
def test_a_mistake_is_one_line_and_exit_2(asked: Any, line: str, said: str) -> None:
    status, out, err = asked(line)
    assert (status, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
    assert err.startswith("usage: ") or err.count("\n") == 1


@pytest.mark.parametrize(
    "command", ["", "run", "check", "tree", "preview", "deadline", "verify", "options", "cost", "accrue"]
)
def test_every_help_says_what_the_command_is_for(asked: Any, command: str) -> None:
    status, out, _ = asked(f"{command} --help")
    assert status == 0
    assert len(out.split("\n\n")[1].split()) > 6, "a description stands above the options"


def test_the_tree_is_printed_with_its_conditions(asked: Any) -> None:
    status, out, _ = asked("tree")
    assert status == 0
    assert "letter (case)  if has_a_paper_notice\n" in out
    assert "      contact.number [choice]  if contact.notice_first is yes or not_sure" in out
    assert "      contact.claims [choice]  if contact.sender is state_or_county  (not sure)\n" in out
    assert "      period.amount [money]  (not sure)\n" in out


def test_one_dialog_is_printed_as_a_chart_in_which_a_step_may_be_passed_by(asked: Any) -> None:
    status, out, _ = asked("tree notice --mermaid")
    assert status == 0
    assert out.startswith("flowchart TD\n")
    assert '    notice_number -->|"notice_is_unknown"| notice_words\n' in out
    assert "    notice_number --> notice_dated\n    notice_words --> notice_dated\n" in out
    assert "subgraph contact" not in out


def test_bad_settings_end_the_check_and_the_start_with_all_of_them(
    asked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRELIEN_LOCAL_PORT", "x")
    monkeypatch.setenv("PRELIEN_LOG_LEVEL", "x")
    for command, status in (("check", 1), ("run", 2), ("tree", 2)):
        ended, _, err = asked(command)
        assert ended == status
        assert "PRELIEN_LOCAL_PORT must be" in err
        assert "PRELIEN_LOG_LEVEL must be" in err


def test_a_bad_tree_does_not_start(asked: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "dialogs").mkdir()
    (tmp_path / "dialogs" / "x.toml").write_text("[")
    monkeypatch.setenv("PRELIEN_DIALOGS", str(tmp_path / "dialogs"))
    for command, status in (("check", 1), ("run", 1), ("tree", 2)):
        ended, _, err = asked(command)
        assert ended == status
        assert "dialogs/x.toml: " in err


def test_the_module_runs_as_a_program() -> None:
    line = [sys.executable, "-m", "bot", "tree", "nonsense"]
    ended = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert ended.stderr.startswith("prelien: there is no dialog")
