"""Every way through the dialogs: as reviewed, complete, and fit to be sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import Focus
from bot.rules.guards import GUARDS
from tests import paths
from tests.talk import Talk, fits, house


@pytest.mark.parametrize("dialog", paths.dialogs())
def test_the_ways_through_a_dialog_are_as_reviewed(dialog: str) -> None:
    golden = (paths.GOLDENS / f"{dialog}.txt").read_text(encoding="utf-8")

    assert paths.golden(dialog) == golden, "run `make paths` and look at what moved"


def test_there_is_no_snapshot_of_a_dialog_that_is_gone() -> None:
    assert sorted(file.stem for file in paths.GOLDENS.glob("*.txt")) == paths.dialogs()


def test_every_answer_of_every_step_is_given_on_some_way() -> None:
    given: dict[str, set[str]] = {}
    for walked in paths.walks():
        for key, name in walked.answers:
            given.setdefault(key.partition("~")[0], set()).add(name.partition("!")[0])
    for dialog, step in house().tree.steps():
        if dialog.optional or step.later:  # only who opens it comes to it
            continue
        expected = (
            set(step.options) if step.kind.name in ("choice", "choices", "zone", "irs_notice") else set()
        )
        expected |= {"skip"} if step.skip else set()
        expected |= {"unsure"} if step.not_sure else set()
        assert expected <= given.get(step.key, set()), step.key
        assert step.later or given.get(step.key), f"{step.key} is never asked"


def test_every_guard_is_seen_true_and_false() -> None:
    said: dict[str, set[bool]] = {name: set() for name in GUARDS}
    for state in paths.states().values():
        matter = Talk(state).walk.matter
        items = [replace(matter, period=one) for one in matter.periods]
        items += [matter.about_contact(one.item) for one in matter.contacts]
        for name, guard in GUARDS.items():
            said[name] |= {guard(one) for one in (matter, *items)}

    assert {name: seen for name, seen in said.items() if seen != {True, False}} == {}


def test_every_screen_on_the_way_can_be_sent() -> None:
    for state in paths.states().values():
        talk = Talk(state)
        fits(talk.screen)
        if talk.page == "reminders" and talk.walk.open is not None:
            fits(talk.chooses("on").screen)


def test_every_page_at_the_end_of_a_way_can_be_sent() -> None:
    for walked in paths.walks():
        for page in ("case", "summary", "deadlines", "reminders"):
            state = walked.states[-1]
            fits(Talk(replace(state, person=replace(state.person, focus=Focus(page)))).screen)
