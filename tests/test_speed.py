"""What is done only once for the sake of speed says the same as if it were done anew."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot import config, dialogs, engine, run
from bot.model import Answer, Person, State
from bot.words import Words
from tests.conftest import NOW

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def house() -> engine.House:
    return run.house_of(dialogs.read(config.ROOT / "dialogs"), Words(config.ROOT / "templates"))


def test_the_same_answers_are_walked_once_and_others_anew(house: engine.House) -> None:
    state = State(Person(1, {"start.agree": Answer("agree")}))
    walked = engine.look(house, state, NOW)
    later = State(Person(1, state.person.answers | {"start.zone": Answer("America/Chicago")}))

    assert engine.look(house, state, NOW + timedelta(hours=1)) is walked
    assert engine.look(house, state, NOW + timedelta(days=1)).matter.today > walked.matter.today
    assert walked.open is not None
    assert walked.open.key == "start.zone"
    assert engine.look(house, later, NOW).open is not walked.open


def test_no_more_walks_are_kept_than_are_useful(house: engine.House) -> None:
    for number in range(engine.WALKS_KEPT + 10):
        engine.look(house, State(Person(number)), NOW)

    assert len(engine._walks) == engine.WALKS_KEPT


def test_who_told_the_same_so_far_shares_what_follows_from_it(house: engine.House) -> None:
    engine.let_go()
    told = {"start.agree": Answer("agree"), "start.zone": Answer("America/Chicago")}
    one, two = (engine.walk(house, dict(told), NOW.date()) for _ in range(2))
    other = engine.walk(house, told | {"start.zone": Answer("America/New_York")}, NOW.date())

    assert two is not one
    assert two.matter is one.matter
    assert other.matter is not one.matter
    assert engine.walk(house, told, NOW.date() + timedelta(days=1)).matter.today > one.matter.today


def test_what_was_told_is_kept_in_bounds_and_let_go(
    house: engine.House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "TOLD_KEPT", 10)
    engine.let_go()
    for day in range(25):
        engine.walk(house, {}, NOW.date() + timedelta(days=day))
        assert len(engine._first) <= 10
    engine.look(house, State(Person(1)), NOW)
    engine.let_go()
    assert (len(engine._first), len(engine._walks)) == (0, 0)


def test_only_what_no_args_can_change_is_rendered_once(tmp_path: Path) -> None:
    folder = tmp_path / "en"
    folder.mkdir()
    names = (config.ROOT / "templates" / "en" / "words.toml").read_text()
    (folder / "words.toml").write_text(names)
    (folder / "all.j2").write_text(
        "{% block same %}Yes &amp; no{% endblock %}{% block told %}{{ name }}{% endblock %}"
        "{% block maybe %}{% if day %}today{% else %}never{% endif %}{% endblock %}"
        '{% block other %}{{ block("all", "same") }}!{% endblock %}'
    )
    words = Words(tmp_path)

    for name in ("Ana", "<b>"):
        assert words.label("all", "same", {"name": name}) == "Yes & no"
        assert words.label("all", "told", {"name": name}) == name
        assert words.block("all", "other") == "Yes &amp; no!"
    assert [words.block("all", "maybe", {"day": day}) for day in (1, 0)] == ["today", "never"]


def test_a_template_that_was_changed_is_compiled_anew(tmp_path: Path) -> None:
    folder = tmp_path / "en"
    folder.mkdir()
    names = (config.ROOT / "templates" / "en" / "words.toml").read_text()
    (folder / "words.toml").write_text(names)
    for text in ("before", "after"):
        (folder / "one.j2").write_text(f"{{% block text %}}{text}{{% endblock %}}")
        assert Words(tmp_path).block("one", "text") == text
