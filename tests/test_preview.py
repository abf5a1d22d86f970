"""What sample people see here: without a fault, and every screen on one page for who has no Telegram.

The walk takes a while; it is done once, as the tests of one file mostly run one after the other.
"""

from __future__ import annotations

import re
import tempfile
from datetime import UTC, datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot import check, config
from bot.__main__ import main
from bot.pages import PAGES
from bot.run import at_home
from bot.shell import preview

if TYPE_CHECKING:
    from bot.engine import House
    from bot.words import Words

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
VOID = {"meta", "br"}


@cache
def house() -> tuple[House, Words]:
    settings = config.read({})
    return at_home(settings)


@cache
def shown() -> list[preview.Shown]:
    return preview.screens_of(*house(), NOW, walked()[1])


@cache
def page() -> str:
    return preview.page(*house(), shown(), check.terms_of(config.read({})))


@cache
def walked() -> tuple[check.Unsaid, preview.Seen]:
    """Return what the check finds here, and every screen it saw."""
    settings, seen = config.read({}), preview.Seen()
    return check.unsaid(*at_home(settings), NOW, check.terms_of(settings), seen.see), seen


def test_this_house_has_no_fault() -> None:
    assert check.faults(config.read({})) == []
    assert walked()[0].faults == []


def test_the_grades_of_all_questions_are_at_most_eight_and_the_hardest_is_first() -> None:
    levels = walked()[0].levels
    grades = [grade for _, grade, _ in levels]
    assert grades == sorted(grades, reverse=True)
    assert grades[0] <= 8
    assert len(grades) > 10
    assert all(many >= 30 for _, _, many in levels)


# ---------------------------------------------------------------- the page


class Balanced(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not any(name.startswith("on") for name, _ in attrs), "nothing runs on the page"
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"{tag} at {self.getpos()}")


def test_every_step_and_page_is_on_it_and_what_is_sent_besides() -> None:
    names = {one.name for one in shown()}
    tree = house()[0].tree
    assert {f"step {step.key}" for _, step in tree.steps()} <= names
    assert {f"page {page}" for page in PAGES} <= names
    for begins in ("reminder of ", "task ", "nudge at ", "pinned card", "text ", "answer snooze to "):
        assert any(name.startswith(begins) for name in names), begins


def test_screens_stand_in_the_order_of_the_stages() -> None:
    groups = list(dict.fromkeys(one.group for one in shown()))
    assert groups == [*(one.name for one in house()[0].tree.dialogs), "Pages", preview.BESIDES]


def test_the_page_is_whole_and_needs_nothing_else() -> None:
    read = Balanced()
    read.feed(page())
    assert (read.faults[:3], read.open) == ([], [])
    assert not re.search(r"<(?:script|link|img|iframe)\b|\bsrc=|url\(", page())
    assert "prefers-color-scheme:dark" in page()
    assert 'name="viewport"' in page()


def test_it_names_nothing_of_the_machine() -> None:
    assert str(config.ROOT) not in page()
    here = (Path.home(), Path(tempfile.gettempdir()), Path(__file__).parents[1])
    assert [str(one) for one in here if f"{one}/" in page()] == []
    assert "file:" not in page()


def test_a_screen_has_its_step_grade_words_buttons_and_answers() -> None:
    assert "<code>start.agree</code>" in page()
    assert re.search(r'<b class="easy">grade \d\.\d</b> · \d+ words', page())
    assert '<span class="button primary">I understand, let us begin</span>' in page()
    assert '<span class="button danger">' in page()
    assert "start.agree = agree · start.zone = America/New_York" in page()


def test_what_telegram_folds_is_folded() -> None:
    text = "Now.\n\n<blockquote expandable><b>Why</b>\nSo.</blockquote>\n\nThen."
    assert preview.folded(text) == (
        "<div>Now.</div><details><summary><b>Why</b></summary><div>So.</div></details><div>Then.</div>"
    )
    assert "blockquote" not in page()


def test_the_command_writes_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "unsaid", lambda *_: None)  # it was walked for the tests above
    monkeypatch.setattr(preview, "Seen", lambda: walked()[1])
    file = tmp_path / "all.html"
    file.write_text("old")
    assert main(["preview", str(file)]) == 0
    assert file.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert re.match(r"\d+ screens in \d+ forms: ", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "is a folder; name a file in it"),
        ("folder.html", "is a folder; name a file in it"),
        ("missing/all.html", "does not exist"),
        ("all.txt", "must end in .html"),
    ],
)
def test_where_it_cannot_be_written_is_said(
    name: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder.html").mkdir()
    assert main(["preview", str(tmp_path / name)]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "missing").exists()
