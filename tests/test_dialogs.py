"""The loader reports every fault of the tree, in words that say what, where and what to do."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from bot import dialogs
from bot.config import ROOT

if TYPE_CHECKING:
    from pathlib import Path

HEAD = '[dialog]\nscope = "case"\norder = 1\n'
CHANNEL = '[[steps]]\nask = "contact.channel"\nkind = "choice"\noptions = ["mail", "phone"]\n'
SUM = '[[steps]]\nask = "contact.sum"\nkind = "money"\n'
LIST = '[[steps]]\nask = "contact.years"\nkind = "list"\nitems = "year"\n'
ITEM = '[dialog]\nscope = "item"\n[[steps]]\nask = "year.year"\nkind = "year"\n'


def faults(folder: Path, *, of: str = "", **files: str) -> list[str]:
    """Return the faults of a tree: `contact.toml` with `of` after a good head and first step, and other files."""
    for name, text in {"contact": HEAD + CHANNEL + of, **files}.items():
        (folder / f"{name}.toml").write_text(text)
    try:
        dialogs.read(folder)
    except dialogs.DialogError as error:
        return str(error).splitlines()
    return []


def step(**parts: str) -> str:
    """Return a step `contact.next` with these parts, in TOML."""
    lines = {"ask": '"contact.next"', "kind": '"choice"', "options": '["yes", "no"]'} | parts
    return "[[steps]]\n" + "".join(f"{name} = {value}\n" for name, value in lines.items() if value)


@pytest.mark.parametrize(
    ("of", "fault"),
    [
        # conditions
        (
            step(when='{ "contact.channel" = ["wire"] }'),
            'step contact.next names the option "wire", which step contact.channel does not have.',
        ),
        (step(when='{ "contact.channel" = ["mial"] }'), 'does not have. Did you mean "mail"?'),
        (
            step(when='"has_paper_notice"'),
            'the guard "has_paper_notice" is not defined. Did you mean "has_a_paper_notice"?',
        ),
        (step(when='{ "contact.chanel" = ["mail"] }'), "nothing asks for contact.chanel. Did you mean"),
        (step(when='{ "contact.next" = ["yes"] }'), "looks at contact.next, which is asked later"),
        (step(when='{ "contact.sum" = ["1"] }') + SUM, "looks at contact.sum, which is asked later"),
        (SUM + step(when='{ "contact.sum" = ["1"] }'), 'the option "1", which step contact.sum does not have.'),
        (step(when='{ "contact.channel" = ["not_sure"] }'), 'the option "not_sure", which step contact.channel'),
        (step(when='{ "contact.channel" = "mail" }'), "the condition on contact.channel must be a list of options"),
        (step(when='{ "contact.channel" = [] }'), "the condition on contact.channel must be a list of options"),
        (step(when='{ contact.channel = ["mail"] }'), "put quotes around the fact"),
        (step(when="{}"), "a condition is the name of a guard, or a fact with its options"),
        (step(when="3"), "a condition is the name of a guard, or a fact with its options"),
        # names
        (step(ask="3"), 'a step needs ask = "subject.fact"'),
        (step(ask='"next"'), "step next: the name must be subject.fact"),
        (step(ask='"a.b.c"'), "step a.b.c: the name must be subject.fact"),
        (step(ask='"a.b c"'), "step a.b c: the name must be subject.fact"),
        (step(ask='"contact.channel"'), "step contact.channel is asked in dialogs/contact.toml already"),
        (step(colour='"red"'), "step contact.next has no place for 'colour'"),
        # kinds
        (step(kind='"choise"'), "the kind 'choise' is not known. Did you mean \"choice\"?"),
        (step(kind=""), "the kind None is not known."),
        (step(kind="[]"), "the kind [] is not known."),
        # options
        (step(options=""), "is a choice: it needs options"),
        (step(options='"yes"'), "options must be a list of names"),
        (step(options="[1]"), "options must be a list of names"),
        (step(options='["yes", "yes"]'), 'the option "yes" stands twice'),
        (step(options='["a:b"]'), 'the option "a:b" must be letters, digits and _'),
        (step(options='["a b"]'), 'the option "a b" must be letters, digits and _'),
        (step(options='[""]'), 'the option "" must be letters, digits and _'),
        (step(options='["sí"]'), 'the option "sí" must be letters, digits and _'),
        (step(options='["why"]'), 'no option can be called "why"'),
        (step(options='["yes_also"]'), 'no option can be called "yes_also"'),
        (step(options=f'["{"x" * 35}"]'), "is too long for a button: at most 34 letters"),
        (step(kind='"irs_notice"', options='["CP999"]'), 'names the notice "CP999"'),
        (step(kind='"zone"', options='["lunar"]'), 'names the zone "lunar"'),
        # parts that a kind has no use for, or needs
        (step(kind='"money"'), "is a money: it has no use for options"),
        (step(range='"past"'), "is a choice: it has no use for range"),
        (step(items='"year"') + LIST, "is a choice: it has no use for items"),
        (step(kind='"count"', options="", range='"people"', shows='"deadline"'), "is a count: it has no use for shows"),
        (step(kind='"day"', options=""), 'is a day: range must be "past", "after_notice", "coming" or "ahead"'),
        (step(kind='"day"', options="", range='"soon"'), 'is a day: range must be "past", "after_notice", "coming" or "ahead"'),
        (step(kind='"card"', options="", shows='"deadlin"'), "shows 'deadlin', which is not known"),
        (step(kind='"list"', options=""), "is a list: items must name the dialog of one item"),
        (step(kind='"list"', options="", items='"yeer"'), "no dialog of scope item called 'yeer'. Did you mean"),
        (LIST + "not_sure = true\n", "is a list: it can be neither skipped nor not sure"),
        (step(not_sure='"yes"'), "not_sure must be true or false"),
        (step(skip="1"), "skip must be true or false"),
        (step(range="1"), "range must be a name in quotes"),
        (LIST + step(kind='"list"', options="", items='"year"'), "dialogs/year.toml belongs to the list contact.years"),
        (step(when='{ "year.year" = ["1"] }') + LIST, "looks at year.year, which is asked for each item of a list"),
    ],
)  # fmt: skip
def test_a_fault_of_a_step_is_named(tmp_path: Path, of: str, fault: str) -> None:
    found = faults(tmp_path, of=of, year=ITEM)
    assert any(one.startswith("dialogs/contact.toml: ") and fault in one for one in found), found


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ({"other": "[dialog\n"}, "dialogs/other.toml: "),
        ({"other": HEAD.replace("1", "2") + '[[steps]]\nask = "a.b"\nask = "a.c"\n'}, "dialogs/other.toml: "),
        ({"other": SUM.replace("contact", "other")}, "dialogs/other.toml: the table [dialog] is missing"),
        ({"other": HEAD.replace("1", "2")}, "dialogs/other.toml: there are no [[steps]]"),
        ({"other": HEAD.replace("1", "2") + "steps = 3"}, "dialogs/other.toml: [dialog] has no place for 'steps'"),
        ({"other": HEAD + SUM.replace("contact", "other")}, "order 1 is taken by dialogs/contact.toml"),
        ({"other": HEAD.replace("1", "true") + SUM}, "dialogs/other.toml: order must be a whole number above 0"),
        ({"other": HEAD.replace("1", "0") + SUM}, "dialogs/other.toml: order must be a whole number above 0"),
        ({"other": HEAD.replace("case", "city") + SUM}, "scope must be person, case or item, not 'city'"),
        ({"other": "colour = 1\n" + HEAD + SUM}, "dialogs/other.toml: there is no place for 'colour'"),
        ({"other": HEAD + 'colour = "red"\n' + SUM}, "dialogs/other.toml: [dialog] has no place for 'colour'"),
        ({"other": HEAD.replace("1", "2") + 'when = "has"\n' + SUM}, '[dialog]: the guard "has" is not defined.'),
        ({"other": HEAD.replace("1", "2") + CHANNEL}, "contact.channel is asked in dialogs/contact.toml already"),
        ({"year": ITEM}, "dialogs/year.toml: no list asks for it"),
        ({"my-year": ITEM}, "dialogs/my-year.toml: the name of the file must be letters, digits and _"),
        ({"year": ITEM + 'when = "has_a_deadlin"\n'}, 'step year.year: the guard "has_a_deadlin" is not defined.'),
        ({"year": ITEM + 'when = { "year.yeer" = ["1"] }\n'}, "step year.year: nothing asks for year.yeer"),
        ({"other": HEAD.replace("1", "2") + 'each = "contact.channel"\n' + SUM}, "each must name a list"),
        ({"year": ITEM + LIST.replace("contact", "year")}, "step year.years: there can be no list in a list"),
        ({"year": ITEM.replace("[[", "order = 3\n[[")}, "dialogs/year.toml: the dialog of one item has no order"),
    ],
)  # fmt: skip
def test_a_fault_of_a_file_is_named(tmp_path: Path, files: dict[str, str], fault: str) -> None:
    found = faults(tmp_path, **files)
    assert any(fault in one for one in found), found


def test_all_faults_of_all_files_come_in_one_message(tmp_path: Path) -> None:
    found = faults(tmp_path, of=step(kind='"x"', when='"y"', options='["a b"]'), other="[", year=ITEM)
    assert len(found) == 5, found


def test_two_steps_whose_buttons_could_not_be_told_apart_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogs, "code_of", lambda _: "abcdef")
    assert faults(tmp_path, of=SUM) == ["step contact.sum: rename it, its code is that of contact.channel"]


def test_a_folder_without_dialogs_is_named(tmp_path: Path) -> None:
    with pytest.raises(dialogs.DialogError, match="there are no dialogs"):
        dialogs.read(tmp_path)


def test_a_good_tree_comes_in_its_order(tmp_path: Path) -> None:
    me = HEAD.replace("case", "person").replace("1", "9") + SUM.replace("contact", "me")
    other = HEAD.replace("1", "2") + step(
        ask='"other.x"', when='{ "contact.channel" = ["mail"] }', not_sure="true"
    )
    assert faults(tmp_path, of=LIST, me=me, other=other, year=ITEM) == []

    keys = [step.key for _, step in dialogs.read(tmp_path).steps()]
    assert keys == ["contact.channel", "contact.years", "year.year", "other.x", "me.sum"]


def test_the_dialogs_of_this_house_have_no_fault() -> None:
    tree = dialogs.read(ROOT / "dialogs")
    codes = [step.code for _, step in tree.steps()]
    assert len(set(codes)) == len(codes)
    assert all(tree.step(code) for code in itertools.islice(codes, 3))
