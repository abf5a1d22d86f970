"""Every way through the dialogs: as reviewed, complete, and walked as people walk it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import engine, samples
from bot.rules.guards import GUARDS
from tests import paths
from tests.talk import NOW, Talk, house


@pytest.mark.parametrize("dialog", paths.dialogs())
def test_the_ways_through_a_dialog_are_as_reviewed(dialog: str) -> None:
    golden = (paths.GOLDENS / f"{dialog}.txt").read_text(encoding="utf-8")

    assert paths.golden(dialog) == golden, "run `make paths` and look at what moved"


def test_there_is_no_snapshot_of_a_dialog_that_is_gone() -> None:
    assert sorted(file.stem for file in paths.GOLDENS.glob("*.txt")) == paths.dialogs()


def test_every_answer_of_every_step_is_given_on_some_way() -> None:
    given: dict[str, set[str]] = {}
    for one in paths.tried():
        told = one.answer.value if isinstance(one.answer.value, list) else [one.answer.value]
        given.setdefault(one.place.step.key, set()).update(map(str, (*told, one.answer.state)))
    for _, step in house().tree.steps():
        options = set(step.options) if step.kind.name in ("choice", "choices", "irs_notice") else set()
        expected = (
            options | ({"skipped"} if step.skip else set()) | ({"not_sure"} if step.not_sure else set())
        )
        assert expected <= given[step.key], step.key


def test_a_tap_or_a_typed_text_leads_where_the_answer_leads() -> None:
    """What sample people answer is put in their hands; here each answer is given as a person gives it."""
    for one in paths.tried():
        talk = paths.told(one)
        told, stage = one.answered(NOW), one.place.stage
        if stage is not None and stage.optional:
            told = samples.on(told, "step", stage=stage.name, past=one.place.key)
        after = engine.look(house(), told, NOW)
        expected = after.open if talk.state.person.focus.problem is None else one.place
        ends = {dialog.page for dialog in house().tree.dialogs if dialog.page}
        found = None if talk.page in ends else talk.walk.open  # the stage is over, and shows its page
        name = f"{one.place.key} = {samples.short(one.answer)}, after {samples.path(one.state)}"
        assert (found and found.key) == (expected and expected.key), name


def test_every_guard_is_seen_true_and_false() -> None:
    said: dict[str, set[bool]] = {name: set() for name in GUARDS}
    for state in paths.states():
        matter = Talk(state).walk.matter
        items = [replace(matter, period=one) for one in matter.periods]
        items += [matter.about_contact(one.item) for one in matter.contacts]
        items += [replace(matter, of_plan=one.item) for one in matter.plan]
        for name, guard in GUARDS.items():
            if len(said[name]) < 2:
                said[name] |= {guard(one) for one in (matter, *items)}

    assert {name: seen for name, seen in said.items() if seen != {True, False}} == {}
