"""The check finds what is missing or wrong in all that is not code."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot import check, config, dialogs
from bot.pages import PAGES
from bot.run import house_of
from bot.words import Words

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def copied(folder: Path) -> config.Settings:
    for name in ("dialogs", "templates"):
        shutil.copytree(config.ROOT / name, folder / name)
    names = {"PRELIEN_DIALOGS": str(folder / "dialogs"), "PRELIEN_TEMPLATES": str(folder / "templates")}
    return config.read(names)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_this_house_has_no_fault() -> None:
    settings = config.read({})
    words = Words(settings.templates)
    assert check.faults(settings) == []
    assert check.unsaid(house_of(dialogs.read(settings.dialogs), words), words, NOW) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("start/agree.j2", "{% endblock %}", "", "templates/en/start/agree.j2, line "),
        ("start/agree.j2", "block short", "block shirt", "the block short of step start.agree is missing"),
        (
            "contact/channel.j2",
            "block phone %",
            "block fone %",
            "the block phone of step contact.channel is missing",
        ),
        ("notice/printed.j2", "block skip", "block skp", "the block skip of step notice.printed is missing"),
        ("letter/periods.j2", "block drop", "block drp", "the block drop of step letter.periods is missing"),
        ("deadline/confirm.j2", "block ok", "block okay", "the block ok of step deadline.confirm is missing"),
        (
            "pages/help.j2",
            "block text",
            "block words",
            "templates/en/pages/help.j2: the block text is missing",
        ),
        (
            "stages.j2",
            "block letter",
            "block letters",
            "the block letter of dialogs/letter.toml is missing",
        ),
        ("words.toml", "months = [", "moons = [", "templates/en/words.toml: 'months' is missing"),
        ("words.toml", "months = [", "months = ", "templates/en/words.toml: "),
    ],
)
def test_missing_words_are_named(tmp_path: Path, file: str, old: str, new: str, fault: str) -> None:
    settings = copied(tmp_path)
    edit(tmp_path / "templates" / "en" / file, old, new)
    assert any(fault in one for one in check.faults(settings)), check.faults(settings)


def test_faults_of_all_parts_come_together(tmp_path: Path) -> None:
    settings = copied(tmp_path)
    edit(tmp_path / "dialogs" / "contact.toml", '"irs", "state_or_county"', '"irs", "county"')
    edit(tmp_path / "templates" / "en" / "pages" / "help.j2", "block text", "block words")
    (tmp_path / "templates" / "en" / "pages" / "case.j2").write_text("{% if %}")
    assert {one.split(":")[0].split(",")[0] for one in check.faults(settings)} == {
        "dialogs/contact.toml",
        "templates/en/pages/case.j2",
        "templates/en/pages/help.j2",
    }


def test_what_cannot_be_rendered_or_sent_is_named(tmp_path: Path) -> None:
    faults = {
        "notice/lien_filed.j2": (
            "{{ nobody_knows }}",
            "step notice.lien_filed cannot be put into words: UndefinedError",
        ),
        "notice/words.j2": (
            "{{ facts.nothing }}",
            "step notice.words cannot be put into words: UndefinedError",
        ),
        "period/amount.j2": (
            "{{ block('nowhere', 'x') }}",
            "step period.amount cannot be put into words: TemplateNotFound",
        ),
        "pages/privacy.j2": ("{{ 1|day }}", "page privacy cannot be put into words: AttributeError"),
        "pages/help.j2": ("x" * 4097, "page help has "),
    }
    settings = copied(tmp_path)
    for file, (new, _) in faults.items():
        edit(tmp_path / "templates" / "en" / file, "{% block text %}", "{% block text %}" + new)
    words = Words(settings.templates)
    found = check.unsaid(house_of(dialogs.read(settings.dialogs), words), words, NOW)
    for _, fault in faults.values():
        assert any(fault in one for one in found), fault


def test_sample_people_see_every_question_and_page() -> None:
    settings = config.read({})
    tree = dialogs.read(settings.dialogs)
    seen = {name for name, _, _ in check.seen_by_samples(house_of(tree, Words(settings.templates)), NOW)}
    assert {f"step {step.key}" for _, step in tree.steps() if not step.later} <= seen
    assert {f"page {page}" for page in PAGES} <= seen
