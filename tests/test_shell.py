"""The rules from a shell, as a person types them: JSON alone on standard output, or one line and exit 2."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

import pytest

from bot.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

LT11 = "deadline --notice LT11 --dated 2026-10-23 "
COST = "cost --tax 16000 --from 2026-12-01 --first 2026-12-28 "
ACCRUE = "accrue --tax 10000 --due 2025-04-15 --paid 2026-04-15 "


def answer(line: str, capsys: pytest.CaptureFixture[str]) -> Any:
    """Return what a command line prints; it must end well and say nothing beside."""
    assert main(shlex.split(line)) == 0
    said = capsys.readouterr()
    assert said.err == ""
    return json.loads(said.out)


@pytest.mark.parametrize(
    "line",
    [
        "frobnicate",
        "deadline",
        "deadline --notice LT11",
        "deadline --notice LT11 --event bill --dated 2026-10-23",
        "deadline --notice LT11 --dated 2026-02-30",
        "deadline --notice LT11 --dated 20261023",
        "deadline --notice LT11 --dated 2026-W43-5",
        "deadline --notice LT11 --dated 0001-01-01",
        "deadline --notice LT11 --dated 9999-12-31",
        LT11 + "--amount -5",
        LT11 + "--amount nan",
        LT11 + "--amount 1e400",
        LT11 + "--amount 0.005",
        LT11 + "--printed 2026-10-22",
        LT11 + "--right nothing",
        LT11 + "--unknown",
        LT11 + "--as-of tomorrow",
        "deadline --notice L3172 --lien-filed 2026-11-05 --printed 2026-11-04",
        "deadline --notice ZZ99 --dated 2026-10-23",
        "deadline --notice '' --dated 2026-10-23",
        "deadline --event party --dated 2026-10-23",
        "cost",
        COST,
        COST + "--monthly -1",
        COST + "--monthly NaN",
        COST + "--monthly 500.005",
        COST + "--monthly 0",
        COST + "--months x",
        COST + "--months 0",
        COST + "--months 999999",
        COST + "--monthly 500 --months 12",
        "cost --tax 1e30 --from 2026-12-01 --first 2026-12-28 --monthly 1e29",
        "cost --tax 16000 --from 1999-12-01 --first 1999-12-28 --monthly 500",
        "cost --tax 16000 --from 9990-12-01 --first 9999-12-28 --monthly 500",
        "accrue --tax 10000",
        "accrue --tax 10000 --due 2025-04-15 --paid 2024-04-15",
        "accrue --tax 10000 --due 2025-04-15 --paid 9999-12-31",
        "accrue --tax 10000 --due 2008-04-15 --paid 2012-04-15",
        ACCRUE + "--payment 2025-10-01",
        ACCRUE + "--payment 2025-10-01=x",
        ACCRUE + "--payment 2025-10-01=0",
        ACCRUE + "--filed 2026-05-01",
        "verify",
        "verify --signal nope",
        "verify --signal ''",
        "verify --signal gift_card --channel pigeon",
        "verify --list --as-of 1990-01-01",
        "options",
        "options --facts /nonexistent.json",
        "options --schema --facts x.json",
    ],
)
def test_a_mistake_gets_one_line_and_exit_2(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(shlex.split(line)) == 2

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("prelien: ")
    assert said.err.endswith("\n")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{bad",
        b"\xff\xfe",
        b'{"assessed": NaN}',
        b'{"assessed": -1}',
        b'{"assessed": ' + b"9" * 5000 + b"}",
        b'{"assessed": true, "hardship": "yes", "periods": [1], "csed_months": 1.5}',
        b'{"taxpayer_type": ["x"], "disputes": [["a"]], "nonsense": 1}',
        b'{"notice_dated": "20261023"}',
        b"[" * 100_000,
    ],
)
def test_a_file_that_holds_no_facts_does_too(
    text: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "facts.json"
    path.write_bytes(text)

    assert main(["options", "--facts", str(path)]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)


def test_what_is_still_possible_and_what_to_check_first_depend_on_the_day(
    capsys: pytest.CaptureFixture[str],
) -> None:
    in_time = answer(LT11 + "--as-of 2026-11-23", capsys)
    over = answer(LT11 + "--as-of 2026-11-24", capsys)
    stale = answer(LT11 + "--as-of 2030-01-01", capsys)

    assert (in_time["still_possible"], in_time["check_first"]) == ([], False)
    assert any("equivalent hearing" in one for one in over["still_possible"])
    assert stale["check_first"]
    plan = COST.replace("2026-12", "2026-10") + "--months 2 --as-of "
    assert not answer(plan + "2026-11-22", capsys)["check_first"]
    assert answer(plan + "2028-01-01", capsys)["check_first"]
