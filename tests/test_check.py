"""The check finds what is missing or wrong in all that is not code."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot import check, config, engine, samples
from bot.model import Answer
from bot.run import at_home

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def copied(folder: Path) -> config.Settings:
    for name in ("dialogs", "templates"):
        shutil.copytree(config.ROOT / name, folder / name)
    return settings_of(folder)


def settings_of(folder: Path) -> config.Settings:
    names = {"PRELIEN_DIALOGS": str(folder / "dialogs"), "PRELIEN_TEMPLATES": str(folder / "templates")}
    return config.read(names)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@contextmanager
def edited(path: Path, old: str, new: str) -> Iterator[None]:
    before = path.read_text()
    edit(path, old, new)
    yield
    path.write_text(before)


@pytest.fixture(scope="module")
def this_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of this house, made once: what is compiled from it is kept from test to test."""
    folder = tmp_path_factory.mktemp("copy")
    copied(folder)
    return folder


def unsaid(settings: config.Settings) -> list[str]:
    return check.unsaid(*at_home(settings), NOW, check.terms_of(settings)).faults


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
        (
            "budget/begin.j2",
            "block task_why",
            "block task_because",
            "the block task_why of step budget.begin is missing",
        ),
        (
            "follow/differs.j2",
            "block task_why",
            "block task_because",
            "the block task_why of step follow.differs is missing",
        ),
        ("words.toml", "months = [", "moons = [", "templates/en/words.toml: 'months' is missing"),
        ("words.toml", "months = [", "months = ", "templates/en/words.toml: "),
    ],
)
def test_missing_words_are_named(this_copy: Path, file: str, old: str, new: str, fault: str) -> None:
    with edited(this_copy / "templates" / "en" / file, old, new):
        found = check.faults(settings_of(this_copy))
    assert any(fault in one for one in found), found


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


# ---------------------------------------------------------------- a small house, to find each kind of fault


LINE = """
[[steps]]
ask = "small.{name}"
kind = "choice"
options = ["yes", "no"]
"""
TEXT = (
    "{{% block text %}}{text}{{% endblock %}}{{% block why %}}So.{{% endblock %}}{{% block short %}}S{{% endblock %}}"
    "{{% block yes %}}Yes{{% endblock %}}{{% block no %}}No{{% endblock %}}{{% block skip %}}Skip{{% endblock %}}"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that is copied once: what is compiled from it is kept from test to test."""
    folder = tmp_path_factory.mktemp("small")
    shutil.copytree(config.ROOT / "templates", folder / "templates")
    (folder / "dialogs").mkdir()
    (folder / "templates" / "en" / "small").mkdir()
    stages = folder / "templates" / "en" / "stages.j2"
    stages.write_text(stages.read_text() + "{% block small %}Small{% endblock %}")
    return folder


def small(folder: Path, steps: str, texts: dict[str, str], head: str = "") -> config.Settings:
    """Return a house of one stage, `small`, with these steps."""
    for old in (folder / "templates" / "en" / "small").iterdir():
        old.unlink()
    for name, text in texts.items():
        (folder / "templates" / "en" / "small" / f"{name}.j2").write_text(TEXT.format(text=text))
    (folder / "dialogs" / "small.toml").write_text(f'[dialog]\nscope = "case"\norder = 1\n{head}\n{steps}')
    names = {"PRELIEN_DIALOGS": str(folder / "dialogs"), "PRELIEN_TEMPLATES": str(folder / "templates")}
    return config.read(names)


EASY = "Do you see it?"
HARD = (
    "Notwithstanding the aforementioned determination, administrative reconsideration necessitates supplementary "
    "documentation regarding individual financial circumstances, contemporaneous correspondence, additional verification, "
    "professional representation, jurisdictional considerations, procedural requirements, organizational responsibilities "
    "and miscellaneous institutional communication about everything."
)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{{ nobody_knows }}", "UndefinedError: 'nobody_knows' is undefined"),
        ("{{ facts.nothing }}", "UndefinedError: "),
        ("{{ block('nowhere', 'x') }}", "TemplateNotFound: 'nowhere.j2'"),
        ("{{ 1|day }}", "AttributeError: "),
    ],
)
def test_what_cannot_be_put_into_words_is_named(folder: Path, text: str, fault: str) -> None:
    found = unsaid(small(folder, LINE.format(name="one"), {"one": text}))
    assert any(one.startswith(f"step small.one cannot be put into words: {fault}") for one in found), found


def test_a_page_that_cannot_be_shown_is_named(folder: Path, tmp_path: Path) -> None:
    settings = small(folder, LINE.format(name="one"), {"one": EASY})
    shutil.copytree(folder, tmp_path / "house")
    pages = tmp_path / "house" / "templates" / "en" / "pages"
    edit(pages / "privacy.j2", "{% block text %}", "{% block text %}{{ 1|day }}")
    edit(pages / "help.j2", "{% block text %}", "{% block text %}" + "x" * 4097)
    found = unsaid(replace(settings, templates=tmp_path / "house" / "templates"))
    assert any(one.startswith("page privacy cannot be put into words: AttributeError") for one in found)
    assert any(one.startswith("page help has ") for one in found)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("<b>Open", 'is no valid HTML: Can\'t find end tag corresponding to start tag "b"'),
        ("<marquee>No</marquee>", "is no valid HTML: Unsupported start tag"),
        ("x" * 4097, "characters: a message has 1 to 4096"),
        ("This is simply so.", "says 'simply'"),
        ("A letter! Now.", "says '!'"),
        ("The IRS will file a lien in days.", "says 'will file a lien'"),
        (HARD, "is too hard to read: grade "),
    ],
)
def test_what_is_unfit_to_be_sent_is_named(folder: Path, text: str, fault: str) -> None:
    found = unsaid(small(folder, LINE.format(name="one"), {"one": text}))
    assert any(one.startswith("step small.one ") and fault in one for one in found), found


def test_what_frightens_is_named_also_where_nobody_comes(folder: Path) -> None:
    text = "{% if today is none %}We guarantee it.{% endif %} Do you see it?"
    settings = small(folder, LINE.format(name="one"), {"one": text})
    assert check.faults(settings) == ["templates/en/small/one.j2: it says 'guarantee'"]


def test_the_words_of_the_list_are_whole_words(folder: Path) -> None:
    text = "An adjustment of unofficial, disqualifying words."
    assert unsaid(small(folder, LINE.format(name="one"), {"one": text})) == []


def test_a_button_without_words_is_named(folder: Path) -> None:
    settings = small(folder, LINE.format(name="one"), {"one": EASY})
    edit(folder / "templates" / "en" / "small" / "one.j2", "block no %}No", "block no %}")
    assert any(one.startswith("step small.one has a button without words") for one in unsaid(settings))


@pytest.mark.parametrize(
    ("when", "fault"),
    [
        ("may_owe", 'step small.two: the guard "may_owe" is never true'),
        ("has_no_deadline", 'step small.two: the guard "has_no_deadline" is never false'),
    ],
)
def test_a_guard_with_one_side_only_is_named(folder: Path, when: str, fault: str) -> None:
    steps = LINE.format(name="one") + LINE.format(name="two") + f'when = "{when}"\n'
    found = unsaid(small(folder, steps, {"one": EASY, "two": EASY}))
    assert [one for one in found if "never" in one] == [f"dialogs/small.toml: {fault} on any way"]


def test_a_condition_on_an_answer_has_both_sides(folder: Path) -> None:
    both = LINE.format(name="one") + LINE.format(name="two") + 'when = { "small.one" = ["yes"] }\n'
    assert unsaid(small(folder, both, {"one": EASY, "two": EASY})) == []
    one_side = both.replace('["yes"]', '["yes", "no"]')
    found = unsaid(small(folder, one_side, {"one": EASY, "two": EASY}))
    assert found == [
        "dialogs/small.toml: step small.two: the condition on small.one is never false on any way"
    ]


def test_a_fact_that_is_promised_and_not_left_is_named(folder: Path) -> None:
    steps, texts = LINE.format(name="one"), {"one": EASY}
    (found,) = unsaid(small(folder, steps, texts, 'leaves = ["hardship"]'))
    assert found.startswith(
        "dialogs/small.toml: the fact hardship is promised and not left, after small.one = "
    )
    guarded = 'leaves_when = { may_owe = ["hardship"] }'
    assert unsaid(small(folder, steps, texts, guarded)) == []


def test_not_sure_frees_from_a_promise(folder: Path) -> None:
    steps = LINE.format(name="one").replace('["yes", "no"]', '["yes"]') + "not_sure = true\n"
    found = unsaid(small(folder, steps, {"one": EASY}, 'leaves = ["hardship"]'))
    assert [one.rpartition(" = ")[2] for one in found] == ["yes"]


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        ('leaves = ["hardshp"]', "[dialog] leaves 'hardshp', which is no fact. Did you mean \"hardship\"?"),
        ('leaves = "hardship"', "[dialog] leaves must be a list of facts"),
        ("leaves_when = 1", "[dialog] leaves_when must name guards, each with a list of facts"),
        (
            'leaves_when = { may_ow = ["hardship"] }',
            'the guard "may_ow" is not defined. Did you mean "may_owe"?',
        ),
        ('leaves_when = { may_owe = ["x"] }', "[dialog] leaves 'x', which is no fact."),
    ],
)
def test_a_promise_that_cannot_be_read_is_named(folder: Path, head: str, fault: str) -> None:
    settings = small(folder, LINE.format(name="one"), {"one": EASY}, head)
    assert any(fault in one for one in check.faults(settings)), check.faults(settings)


def test_a_way_that_does_not_end_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = small(folder, LINE.format(name="one") + 'shows = "deadline"\n', {"one": EASY})
    monkeypatch.setattr(samples, "answers_to", lambda *_: [Answer("yes", about="always another")])
    found = unsaid(settings)
    assert [one.split(",")[0] for one in found] == ["a way does not end: it stands at step small.one"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("It costs $43.", "an amount stands in the words: '$43'"),
        ("At 7 percent.", "a percentage stands in the words: '7 percent'"),
        ("Call 800-829-1040.", "a telephone number stands in the words: '800-829-1040'"),
        ("Within thirty days.", "a count of days stands in the words: 'thirty days'"),
        ("Go to irs.gov/account.", "an address stands in the words: 'irs.gov/account'"),
        ("Write to phishing@irs.gov.", "an address stands in the words: 'phishing@irs.gov'"),
        ("Look at tigta.gov.", "an address stands in the words: 'tigta.gov'"),
        ("From 65 on.", "a figure stands in the words: '65'"),
        ("Before 8 a.m. in 2026.", "a figure stands in the words: '8'"),
    ],
)
def test_a_bare_figure_is_named(folder: Path, text: str, fault: str) -> None:
    settings = small(folder, LINE.format(name="one"), {"one": text})
    assert f"templates/en/small/one.j2: {fault}" in check.faults(settings)


@pytest.mark.parametrize(
    "text",
    [
        "It says “within 30 days”. Type <code>$43</code>.",
        "Send <b>Form 12153</b> after your CP504, LT11 or Letter 1058 comes.",
        "Form 433-F or 433-A, Form 433-A (OIC), Form 668(Y)(c), Forms 14134 and 14135, 1099-R, 401(k).",
        "The letter names Form <b>941, 943 or 944</b>. See page 1 or 2. Search irs.gov.",
        "The law says so (26 U.S.C. 6159).",
        "1. First this.\n2. Then that.",
        "{{ today|day }} and {{ 7 }}",
    ],
)
def test_what_is_typed_printed_or_a_name_is_no_bare_figure(folder: Path, text: str) -> None:
    settings = small(folder, LINE.format(name="one"), {"one": text})
    assert check.faults(settings) == []


def test_a_button_that_fails_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = small(folder, LINE.format(name="one"), {"one": EASY})

    def fails(*_: object) -> None:
        raise StopIteration

    monkeypatch.setattr(engine, "advance", fails)
    assert "step small.one: its button set:yes fails: StopIteration: " in unsaid(settings)


def test_a_button_that_does_nothing_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = small(folder, LINE.format(name="one"), {"one": EASY})
    monkeypatch.setattr(engine._Act, "tapped_step", lambda *_: None)
    fault = "step small.one: its button set:yes fails: OldButtonError: it counts as an old one at once"
    assert fault in unsaid(settings)
