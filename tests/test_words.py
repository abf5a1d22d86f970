"""Every remark, message and step has its words, and the words are fit for a frightened reader."""

from __future__ import annotations

import ast
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache

import pytest

from bot import telegram_edge
from bot.config import ROOT
from bot.words import Words, tidy

EN = ROOT / "templates" / "en"
WORDS = Words(ROOT / "templates")


@cache
def named(call: str, file: str) -> dict[str, str]:
    """Return the names that a file gives to `Remark(…)` or `Tell(…)`, each with the template it is looked up in.

    What stands for a part of a name, as in f"handed_{act.what}", is "*".
    """
    found: dict[str, str] = {}
    for node in ast.walk(ast.parse((ROOT / "bot" / file).read_text())):
        for part in [node, *(one.value for one in getattr(node, "keywords", ()))]:
            if (
                not isinstance(part, ast.Call)
                or getattr(part.func, "id", getattr(part.func, "attr", "")) != call
            ):
                continue
            toast = isinstance(node, ast.Call) and any(
                one.arg == "toast" and one.value is part for one in node.keywords
            )
            choices = (
                [part.args[0].body, part.args[0].orelse]
                if isinstance(part.args[0], ast.IfExp)
                else part.args[:1]
            )
            for choice in choices:
                name = ""
                for piece in choice.values if isinstance(choice, ast.JoinedStr) else [choice]:
                    name += str(piece.value) if isinstance(piece, ast.Constant) else "*"
                if name != "*" and found.get(name) != "toasts":
                    found[name] = "toasts" if toast else "remarks"
    return found


def blocks(template: str) -> set[str]:
    return set(re.findall(r"{%-? block (\w+)", (EN / f"{template}.j2").read_text()))


def fits(name: str, known: set[str]) -> bool:
    return any(re.fullmatch(name.replace("*", r"\w+"), one) for one in known)


@pytest.mark.parametrize("file", ["engine.py", "answers.py", "filing.py", "screens.py", "app.py"])
def test_every_remark_has_its_words(file: str) -> None:
    for name, template in named("Remark", file).items():
        assert fits(name, blocks(template)), f"{template}.j2 has no block {name}"


def test_every_text_that_is_told_has_its_words() -> None:
    told = named("Tell", "engine.py") | named("Tell", "app.py")
    assert told
    assert all(fits(name, blocks("tell")) for name in told)


def test_no_remark_waits_for_nobody() -> None:
    used = {
        name
        for file in ("engine.py", "answers.py", "filing.py", "screens.py", "app.py")
        for name in named("Remark", file)
    }
    for template in ("remarks", "toasts"):
        idle = {one for one in blocks(template) if not any(fits(name, {one}) for name in used)}
        assert idle == set(), template


def test_every_kind_of_thing_that_can_be_handed_in_has_its_words() -> None:
    whats = {telegram_edge._kind({}, kind) for kind in telegram_edge.KINDS}
    assert {f"handed_{what}" for what in whats} == {
        one for one in blocks("remarks") if one.startswith("handed_")
    }


# ---------------------------------------------------------------- the words themselves


def test_no_block_calls_another_by_self() -> None:
    """A block is put together without the others (`block("template", "name", …)` calls one)."""
    called = re.compile(r"\{[{%][^}]*\b(?:self\.|super\(\))")
    assert [path.name for path in EN.rglob("*.j2") if called.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    ("amount", "said"),
    [("1200", "$1,200"), ("1234.5", "$1,234.50"), ("0.01", "$0.01"), ("1000000", "$1,000,000")],
)
def test_an_amount_is_said_as_people_write_it(amount: str, said: str) -> None:
    assert WORDS.usd(Decimal(amount)) == said


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [(0, 0, "12:00 AM"), (9, 0, "9:00 AM"), (12, 5, "12:05 PM"), (23, 59, "11:59 PM")],
)
def test_a_time_is_said_as_people_say_it(hour: int, minute: int, said: str) -> None:
    assert WORDS.clock(datetime(2026, 11, 23, hour, minute, tzinfo=UTC)) == said


def test_a_day_is_said_in_full_or_short() -> None:
    assert WORDS.day(date(2026, 11, 20)) == "Friday, November 20, 2026"
    assert WORDS.short_day(date(2026, 11, 20)) == "November 20, 2026"
    assert WORDS.weekday(date(2026, 11, 20)) == "Friday"


@pytest.mark.parametrize(
    ("text", "said"), [("", ""), ("\n\n a \n\n\n b\n", "a\n\nb"), ("a\n\nb", "a\n\nb"), ("a\nb  ", "a\nb")]
)
def test_a_text_has_no_stray_space(text: str, said: str) -> None:
    assert tidy(text) == said


def test_what_people_are_called_breaks_nothing() -> None:
    assert WORDS.block("buttons", "keep", {"value": "<b>&"}) == "Keep: &lt;b&gt;&amp;"
    assert WORDS.label("buttons", "keep", {"value": "<b>&"}) == "Keep: <b>&"
