"""Doing it: the plan of the chosen way, its words for the phone, its letters, and the proof of what was sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from bot import engine, redact
from bot.answers import Asked, Given, Proof
from bot.rules import parameters, tasks
from bot.rules.plan import PLAN, PlanError, catalogue
from bot.rules.ways import NAMES
from tests.talk import NOW, Talk, fits, house
from tests.test_chat_situation import answers_the_rest, has_a_cp504, is_well
from tests.test_chat_ways import goes_on, walked

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Chat

TODAY = "November 23, 2026"


def takes(name: str, talk: Talk | None = None, start: str = TODAY) -> Talk:
    """Choose a way and a day to begin: the first step of its plan is on the screen."""
    talk = talk or walked()
    talk.taps_data(f"p:1:step:{talk.state.person.focus.revision}:see:way.{name}")
    talk.chooses(f"take:{name}").says(start)
    return talk.chooses("set:later") if talk.open == "papers.begin" else talk


def names(talk: Talk) -> list[str]:
    return [one.name for one in talk.walk.matter.plan]


# ---------------------------------------------------------------- the plan


@pytest.mark.parametrize("name", NAMES)
def test_every_way_has_a_plan_whose_words_can_be_said(name: str) -> None:
    talk = takes(name)
    for deed in talk.walk.matter.plan:
        place = next(one for one in talk.walk.places if one.item == deed.item and one.of == PLAN)
        talk.says("/case").taps("My plan").chooses(f"ask:{place.code}")
        fits(talk.screen)
        assert f"By <b>{talk_day(deed.by)}" in talk.text
        for kind in ("script", "letter"):
            if getattr(deed.entry, kind):
                talk.chooses(f"see:{kind}.{deed.item}")
                text = fits(talk.screen)
                assert "[" in text, "what the person fills in stands in brackets"
                assert not redact.sensitive(text)
                talk.chooses(f"ask:{place.code}")


def talk_day(day: date) -> str:
    return f"{day:%A, %B} {day.day}, {day.year}"


def test_the_steps_of_a_plan_are_dated_from_the_day_it_begins_and_in_time_for_the_deadline() -> None:
    early, late = takes("full_pay"), takes("full_pay", start="November 30, 2026")
    first, then = (talk.walk.matter.plan for talk in (early, late))

    assert [one.by for one in first] == sorted(one.by for one in first)
    assert all(a.by < b.by for a, b in zip(first, then, strict=True))
    assert all(one.by.weekday() < 5 for one in first)


def test_what_keeps_a_right_is_never_later_than_the_day_to_act_by() -> None:
    talk = walked()
    talk.edits("notice.number~1").says("LT11")
    takes("simple_payment_plan", goes_on(talk), "December 14, 2026")
    hearing = next(one for one in talk.walk.matter.plan if one.name == "hearing")
    main = talk.walk.matter.main

    assert main is not None
    assert hearing.by == main.act_by
    number = names(talk).index("hearing") + 1
    assert "Form 12153" in talk.says("/case").taps("My plan", str(number)).text


def test_the_plan_follows_how_the_way_can_be_asked_for() -> None:
    assert "apply_online" in names(takes("simple_payment_plan"))
    assert "apply_phone" not in names(takes("simple_payment_plan"))
    assert "apply_phone" in names(takes("nsia"))
    officer = takes("simple_payment_plan", walked(situation__events="tick:officer"))
    assert "apply_officer" in names(officer)
    assert "apply_online" not in names(officer)


def test_the_plan_page_shows_what_is_done_and_what_comes_next() -> None:
    talk = takes("simple_payment_plan").chooses("set:finished", "set:not_yet").says("/case")
    assert "Way out: <b>Simple Payment Plan</b>" in talk.text
    assert "Next step: Ask for the plan online" in talk.text

    talk.taps("My plan")
    assert "✓ 1. Look up what you owe today" in talk.text
    assert "○ 2. Ask for the plan online: by Monday, November 30, 2026" in talk.text
    talk.taps("2").chooses("set:finished")
    assert talk.page == "plan"
    assert "✓ 2. Ask for the plan online" in talk.text


def test_another_way_leaves_what_was_done_for_the_first_and_brings_it_back() -> None:
    talk = takes("simple_payment_plan").chooses("set:finished")
    talk.says("/case").taps("Ways out").chooses("see:others").taps("Pay in full").chooses("take:full_pay")
    assert "pay_all" in names(talk)
    assert talk.value("do.done~4") == "finished"

    talk.says("/case").taps("Ways out").chooses("see:others").taps("Simple Payment Plan")
    talk.chooses("take:simple_payment_plan").says("/case").taps("My plan")
    assert "✓ 1. Look up what you owe today" in talk.text


def test_a_step_that_prepares_the_next_is_never_later_than_that() -> None:
    talk = takes("cnc")
    days = {one.name: one.by for one in talk.walk.matter.plan}

    assert days["statement"] == days["hardship"]  # the call needs the numbers at hand
    assert [one.by for one in talk.walk.matter.plan] == sorted(one.by for one in talk.walk.matter.plan)


def test_a_payment_down_has_time_to_show_before_the_plan_is_asked_for() -> None:
    plan = {one.name: one.by for one in takes("pay_down_then_simple").walk.matter.plan}

    assert (plan["apply_online"] - plan["pay_down"]).days >= 7


@pytest.mark.parametrize("name", ["fta", "reasonable_cause", "property_first"])
def test_what_does_not_stop_collection_begins_with_a_hold(name: str) -> None:
    assert "hold" in names(takes(name))


def test_the_check_of_a_letter_that_was_put_off_is_one_task_not_two() -> None:
    talk = takes("simple_payment_plan", walked(check__made="set:not_yet"))
    assert "check_contact" in names(talk)
    todo = engine.tasks_of(talk.case, talk.walk)
    checks = [one for one in todo if one.opens.startswith("check.")]

    assert "check.made~1" in talk.case.marks
    assert [(one.kind, one.args["name"]) for one in checks] == [("deed", "check_contact")]


def test_a_year_of_its_own_gets_its_own_step() -> None:
    state = walked().state
    assert state.case is not None
    given = dict(state.case.answers)
    given["letter.periods"] = replace(given["letter.periods"], value=[1, 2])
    for key in ("year", "amount", "split"):
        given[f"period.{key}~2"] = given[f"period.{key}~1"]
    given["period.year~2"] = replace(given["period.year~1"], value=2021)
    two = replace(state.case, answers=given)
    talk = Talk(replace(state, cases=(two,))).says("/case").taps("Ways out")
    takes("simple_payment_plan", talk)
    talk.says("/case").taps("Ways out", "A year of its own way")
    assert "Which way for 2022?" in talk.text
    talk.taps("Get its penalty taken off", "The years before were clean")
    assert "Which way for 2021?" in talk.text
    talk.taps("With the rest").says("/case").taps("My plan")

    assert "Call and ask to take the penalty off" in talk.text
    own = talk.walk.matter.plan[-1]
    assert own.period is not None
    assert own.period.year == 2022


# ---------------------------------------------------------------- words to copy


def test_the_words_for_a_call_hold_the_persons_own_facts() -> None:
    talk = takes("nsia")
    talk.says("/case").taps("My plan", "2", "Words for the call")

    assert "notice CP504 of November 16, 2026, tax year 2022" in talk.text
    assert "what is your name and ID number" in talk.text
    assert "I ask for this: an installment agreement without a financial statement." in talk.text
    assert "I owe about $18,400" in talk.text
    assert "<pre>" in talk.text


@pytest.mark.parametrize(
    ("answers", "says", "never"),
    [
        ({"situation__hardship": "tick:food"}, "If I pay what they ask, I cannot pay", "not answered me"),
        (
            {"situation__hardship": "tick:food", "situation__levy": "tick:pay"},
            "What they take is what I need to live",
            "not answered me",
        ),
        ({}, "[Say which is true:", "If I pay what they ask"),
    ],
)
def test_the_words_for_the_advocate_say_the_ground_that_the_answers_give(
    answers: dict[str, str], says: str, never: str
) -> None:
    talk = takes("tas", walked(**answers))
    talk.says("/case").taps("My plan", "1", "Words for the call")

    assert says in talk.text
    assert never not in talk.text


def test_the_number_to_call_can_be_copied() -> None:
    talk = takes("nsia")
    talk.says("/case").taps("My plan", "2")
    copied = [one.copy for row in talk.screen.rows for one in row if one.copy]

    assert copied == [parameters.read().on(date(2026, 11, 23), "phones.individuals").text]


def test_a_letter_to_copy_names_the_letter_and_asks_for_no_number() -> None:
    talk = takes("reasonable_cause")
    place = next(one for one in talk.walk.places if one.step.key == "do.sent")
    talk.says("/case").taps("My plan").chooses(f"ask:{place.code}").taps("A letter to copy")

    assert "About: notice CP504 of November 16, 2026, tax year 2022" in talk.text
    assert "I ask you to take off the penalties" in talk.text
    assert "by hand, never here" in talk.text


# ---------------------------------------------------------------- sent


def sends() -> Talk:
    talk = takes("reasonable_cause")
    place = next(one for one in talk.walk.places if one.step.key == "do.sent")
    return talk.says("/case").taps("My plan").chooses(f"ask:{place.code}").taps("I sent it")


def test_what_was_sent_is_asked_how_when_and_for_the_number() -> None:
    talk = sends()
    assert "How did you send it?" in talk.text
    talk.taps("Certified or registered mail", "Yesterday")
    assert "tracking or receipt number" in talk.text
    talk.says("9407 3000 0000 0000 0000 00")

    assert talk.value("do.how~16") == "certified"
    assert talk.value("do.day~16") == "2026-11-22"
    assert talk.value("do.number~16") == "9407 3000 0000 0000 0000 00"


def test_plain_mail_has_no_number_to_ask_for() -> None:
    talk = sends().taps("Plain mail", "Today")

    assert talk.open is None or not talk.open.startswith("do.number")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("9407 3000 0000 0000 0000 00", "9407 3000 0000 0000 0000 00"),
        ("9205590164917312345678", "9205590164917312345678"),
        ("Tracking: 1Z 999 AA1 01 2345 6784", "1Z 999 AA1 01 2345 6784"),
        ("RA123456789US", "RA123456789US"),
        ("fedex 7712 3456 7890", "7712 3456 7890"),
    ],
)
def test_a_tracking_number_is_read_and_not_mistaken_for_a_forbidden_one(typed: str, kept: str) -> None:
    step = next(step for _, step in house().tree.steps() if step.key == "do.number")

    assert Proof().parse(typed, Asked(step, date(2026, 11, 23))) == Given(kept)
    assert not redact.sensitive(typed)


@pytest.mark.parametrize("tail", [f"{n:04}" for n in range(40)])
def test_no_number_of_the_post_office_counts_as_a_payment_card(tail: str) -> None:
    assert not redact.sensitive(f"9407 3000 0000 0000 {tail} 00")
    assert not redact.sensitive(f"it is 9505 5119 4611 0327 {tail} 21, thanks")


@pytest.mark.parametrize("typed", ["123-45-6789", "4111 1111 1111 1111", "my ssn is 123 45 6789"])
def test_forbidden_numbers_stay_forbidden_here(typed: str) -> None:
    talk = sends().taps("Certified or registered mail", "Today").says(typed)

    assert talk.value("do.number~16") is None
    assert any(getattr(one, "what", "") == "number_removed" for one in talk.posts)


def wants_a_hearing() -> Talk:
    talk = walked()
    talk.edits("notice.number~1").says("LT11")
    return takes("simple_payment_plan", goes_on(talk), "December 14, 2026")


def test_a_request_sent_as_a_step_counts_at_the_question_for_the_hearing_and_is_taken_back_there() -> None:
    talk = wants_a_hearing()
    place = next(one for one in talk.walk.places if one.key == "do.sent~2")
    talk.says("/case").taps("My plan").chooses(f"ask:{place.code}").taps("I sent it")
    talk.taps("Certified or registered mail", "Today").chooses("skip")
    assert talk.value("hearing.asked") == "sent"
    assert talk.value("hearing.sent_on") == "2026-11-23"
    assert "done" in talk.case.marks["cdp_levy"]

    talk.edits("hearing.asked").chooses("set:not_yet")
    assert talk.value("do.sent~2") is None
    assert "done" not in talk.case.marks.get("cdp_levy", {})


def test_a_hearing_asked_for_before_is_ticked_off_in_the_plan() -> None:
    talk = wants_a_hearing()
    talk.edits("hearing.asked").chooses("set:sent")
    talk.says("/case").taps("My plan")

    assert "✓ 1. Ask for a hearing" in talk.text


def test_a_request_sent_too_late_leaves_the_day_of_the_weaker_one_open() -> None:
    talk = wants_a_hearing()
    talk.edits("hearing.asked").chooses("set:sent")
    talk.now = NOW + timedelta(days=60)
    talk.says("/case").taps("Go on")
    assert talk.open == "hearing.sent_on"
    talk.says("January 20, 2027")

    assert "It was sent after Wednesday, December 16, 2026" in talk.text
    assert "done" not in talk.case.marks.get("equivalent_levy", {})


# ---------------------------------------------------------------- the catalogue


def test_the_catalogue_of_plans_lists_every_fault(tmp_path: Path) -> None:
    path = tmp_path / "plans.toml"
    path.write_text(
        '[[deeds]]\nname = "a"\nid = 1\ndays = 1\nwhen = "sometimes"\n'
        '[[deeds]]\nname = "b"\nid = 1\ndays = 1\ncolour = "red"\n'
        '[[deeds]]\nname = "c"\nid = 1\ndays = 1\n'
        '[ways]\nfull_pay = ["d"]\nmagic = ["a"]\n'
    )
    with pytest.raises(PlanError) as error:
        catalogue(path)

    told = str(error.value)
    for fault in ("'sometimes' is not known", "colour", "id 1 stands twice", "no deed d", "no way magic"):
        assert fault in told
    assert "the way cnc has no deeds" in told


# ---------------------------------------------------------------- reminders


def test_each_step_of_the_plan_is_a_dated_task_until_it_is_ticked_off() -> None:
    talk = takes("simple_payment_plan")
    open_ones = {one.args["name"]: one.day for one in tasks.of(talk.walk.matter) if one.kind == "deed"}
    assert open_ones == {one.name: one.by for one in talk.walk.matter.plan}

    talk.chooses("set:finished", "set:not_yet")
    left = [one.args["name"] for one in tasks.of(talk.walk.matter) if one.kind == "deed"]
    assert "account" not in left
    assert "apply_online" in left


async def test_a_step_comes_back_on_its_day_and_opens_itself(chat: Chat) -> None:
    await has_a_cp504(chat)
    await is_well(chat)
    await chat.ticks("None of these")
    await answers_the_rest(chat)
    await chat.taps("Go on")
    while "Not sure" in chat.buttons:  # the money
        await chat.taps("Not sure")
    await chat.taps("Later")  # the budget
    await chat.taps("Other ways")
    await chat.taps("Simple Payment Plan")
    await chat.taps("Take")
    await chat.taps("Today")
    await chat.says("/case")
    await chat.house.moves(days=1)
    before = len(chat.said)
    await chat.house.moves(days=1)

    news = [one for one in chat.said[before:] if "Look up what you owe today" in one]
    assert len(news) == 1
    assert "Wednesday, November 25, 2026 (today)" in news[0]
    await chat.taps("1. Look up what you owe today")
    assert "Open the step shows how to do it" in chat.screen
    await chat.taps("Open the step")
    assert "Step 2 of 5: Look up what you owe today" in chat.screen
    await chat.taps("Done")
    assert "What you told me" not in chat.screen  # the plan goes on, not the list of answers
    await chat.says("/case")
    await chat.taps("My plan")
    assert "✓ 2. Look up what you owe today" in chat.screen
    before = len(chat.said)
    await chat.house.moves(days=1)
    assert not any("Look up what you owe today" in one for one in chat.said[before:])
