"""What one event does to a state: no clock, no database, no Telegram."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import engine, screens
from bot.model import Answer, Barred, Elsewhere, Event, Focus, Handed, Ignored, Remark, Said, Tapped
from bot.notices import ReminderAnswered, Tell, Unsay
from bot.pages import PAGES
from bot.rules.guards import GUARDS
from bot.rules.notices import catalogue
from tests.talk import NOW, PLAIN_LETTER, Talk, begun, confirmed, house, letter, words

if TYPE_CHECKING:
    from collections.abc import Callable


def note(talk: Talk) -> str | None:
    said = talk.state.person.focus.note or talk.state.person.focus.problem
    return None if said is None else said.name


# ---------------------------------------------------------------- the walk


def test_the_open_question_is_the_first_without_an_answer() -> None:
    talk = Talk().says("/start")
    assert talk.open == "start.agree"
    talk.chooses("set:agree", "set:hawaii", "set:mail")

    assert talk.open == "contact.sender~1"
    assert [place.key for place in talk.walk.places if place.stage is None or not place.stage.optional][
        :4
    ] == [
        "start.agree",
        "start.zone",
        "contact.channel~1",
        "contact.sender~1",
    ]


def test_a_condition_on_an_option_decides_what_is_asked() -> None:
    assert begun().chooses("set:visit", "set:irs").open == "contact.before~1"
    assert begun().chooses("set:collection_agency").open == "contact.notice_first~1"
    assert begun().chooses("set:phone", "set:office").open == "contact.paper~1"


def test_a_guard_decides_what_is_asked() -> None:
    talk = begun().chooses("set:phone", "set:office", "set:no", "unsure")
    assert not GUARDS["has_a_paper_notice"](talk.walk.matter)
    assert talk.open == "verdict.seen~1"
    talk = begun().chooses("set:phone", "set:office", "set:yes", "unsure", "unsure")
    assert GUARDS["notice_is_unknown"](talk.walk.matter)

    assert talk.open == "notice.words~1"


def test_the_filing_day_of_a_lien_is_asked_only_where_no_day_is_printed() -> None:
    talk = begun().chooses(*PLAIN_LETTER).says("3172", "2026-11-16")
    assert Talk(talk.state).chooses("skip").open == "notice.lien_filed~1"
    assert Talk(talk.state).says("2026-12-24").open == "verdict.seen~1"


def test_back_opens_the_answer_before_and_keeps_its_value() -> None:
    talk = begun().chooses(*PLAIN_LETTER).says("CP504")
    talk.chooses("back")
    assert talk.open == "notice.number~1"
    assert talk.case.answers["notice.number~1"] == Answer("CP504", open=True, revision=2)
    talk.chooses("keep")

    assert talk.open == "notice.dated~1"


def test_back_walks_from_the_deadline_to_the_first_question_of_the_case() -> None:
    talk = letter().chooses("ok")
    seen = []
    while "back" in str([choice.data for row in talk.view.rows for choice in row]):
        talk.chooses("back")
        seen.append(talk.open)

    assert seen == [
        "verdict.seen~1",
        "notice.printed~1",
        "notice.dated~1",
        "notice.number~1",
        "contact.details~1",
        "contact.signs~1",
        "contact.sender~1",
        "contact.channel~1",
    ]
    assert talk.value("notice.number~1") == "CP504"


def test_an_answer_that_no_longer_counts_is_kept_and_returns() -> None:
    talk = letter("LT11").edits("contact.channel~1").chooses("set:phone")
    assert not talk.walk.matter.papers
    assert talk.value("notice.number~1") == "LT11"
    talk.edits("contact.channel~1").chooses("set:mail")

    assert talk.walk.matter.notice is not None
    assert talk.walk.matter.notice.id == "LT11"
    assert talk.open is None
    assert talk.says("/case").taps("Go on").open == "verdict.seen~1"


# ---------------------------------------------------------------- lists


def test_the_ids_of_list_items_never_change() -> None:
    talk = confirmed(years=((2023, "1"), (2022, "2"), (2021, "3"))).edits("letter.periods")
    talk.chooses("drop:2").edits("letter.periods")
    assert talk.value("letter.periods") == [1, 3]
    assert talk.value("period.year~3") == 2021
    talk.chooses("add")
    assert talk.value("letter.periods") == [1, 3, 4]
    assert talk.open == "period.year~4"


def test_the_last_year_stays() -> None:
    talk = confirmed().edits("letter.periods")
    revision = talk.case.answers["letter.periods"].revision
    code = next(step.code for _, step in house().tree.steps() if step.key == "letter.periods")
    talk.taps_data(f"s:1:{code}:{revision}:drop:1")

    assert note(talk) == "list_last"


def test_a_list_has_an_end() -> None:
    talk = (
        confirmed(years=tuple((2000 + n, "1") for n in range(1, 21))).edits("letter.periods").chooses("add")
    )

    assert note(talk) == "list_full"


def test_a_year_counts_when_its_amount_is_told() -> None:
    talk = letter("CP14").chooses("ok", "ok", "on").says("2023", "60000").chooses("add").says("2022", "40000")
    talk.chooses("add").says("2021")
    assert [period.year for period in talk.walk.matter.periods] == [2023, 2022]
    talk.chooses("unsure")

    assert talk.open == "letter.periods"  # what is known is large already, so the day stays
    assert talk.walk.matter.total is None


# ---------------------------------------------------------------- revisions and old taps


def test_a_tap_counts_for_the_revision_it_was_made_for() -> None:
    talk = begun()
    old = next(one.data for row in talk.screen.rows for one in row if one.data.endswith("set:phone"))
    talk.chooses("set:mail", "back")
    before = talk.state
    talk.taps_data(old)

    assert talk.turn is not None
    assert talk.turn.toast == Remark("old_button")
    assert engine.answers_of(talk.state) == engine.answers_of(before)


def test_a_tick_says_what_to_set_so_that_a_second_tap_changes_nothing() -> None:
    talk = begun().chooses("set:phone", "set:irs")
    tick = next(one.data for row in talk.screen.rows for one in row if one.data.endswith("tick:gift_card"))
    talk.taps_data(tick).taps_data(tick)
    place = talk.walk.open
    assert place is not None
    assert engine.ticks_of(talk.state, place) == ["gift_card"]
    talk.chooses("set:none")

    assert talk.value("contact.pay~1") == ["none"]
    assert talk.state.person.drafts == {}


def test_done_without_a_tick_asks_for_one() -> None:
    talk = begun().chooses("set:phone", "set:irs")
    done = next(one.data for row in talk.screen.rows for one in row if one.data.endswith("set:none"))
    assert "Done" not in talk.buttons
    talk.taps_data(done.replace("set:none", "ok"))

    assert (talk.open, note(talk)) == ("contact.pay~1", "tick_some")


def test_every_letter_of_the_catalogue_can_be_tapped() -> None:
    asked = begun().chooses(*PLAIN_LETTER)
    code = asked.walk.open.code if asked.walk.open else ""
    for name in (notice.id for notice in catalogue()):
        talk = Talk(asked.state).taps_data(f"s:1:{code}:0:set:{name}")
        assert talk.value("notice.number~1") == name, name


# ---------------------------------------------------------------- edits and changes


def test_an_edit_that_moves_nothing_is_saved_at_once() -> None:
    talk = confirmed().says("/case").taps("My answers", "✎ 1").chooses("set:pacific")

    assert talk.page == "summary"
    assert talk.value("start.zone") == "America/Los_Angeles"


def test_an_edit_that_moves_the_deadline_is_a_draft_until_yes() -> None:
    talk = confirmed().edits("notice.dated~1").says("2026-11-20")
    assert talk.page == "change"
    assert talk.value("notice.dated~1") == "2026-11-16"
    talk.chooses("no")
    assert talk.value("notice.dated~1") == "2026-11-16"
    talk.edits("notice.dated~1").says("2026-11-20").chooses("yes")

    assert talk.value("notice.dated~1") == "2026-11-20"
    assert talk.page == "summary"
    assert engine.confirmed(talk.case, talk.walk)
    assert not talk.state.person.drafts


@pytest.mark.parametrize(
    "command", ["/start", "/help", "/case", "/deadlines", "/privacy", "/delete", "/cancel"]
)
def test_a_command_drops_the_draft_of_a_change(command: str) -> None:
    talk = confirmed().edits("notice.dated~1").says("2026-11-20", command)

    assert "change" not in talk.state.person.drafts
    assert talk.value("notice.dated~1") == "2026-11-16"


def test_going_back_in_the_list_never_takes_a_confirmed_deadline_apart() -> None:
    talk = confirmed().edits("letter.periods")
    assert talk.open == "letter.periods"
    talk.chooses("back")

    assert talk.page == "summary"
    assert talk.walk.open is not None
    assert talk.walk.open.key == "check.made~1"
    assert engine.confirmed(talk.case, talk.walk)


def test_an_added_year_that_moves_a_confirmed_deadline_is_shown_and_reminded_of_at_once() -> None:
    talk = confirmed("CP14").edits("letter.periods").chooses("add").says("2022")
    assert engine.confirmed(talk.case, talk.walk)
    assert talk.open == "period.amount~2"
    talk.says("90000")

    assert "12-01" in str(engine.due_reminders(house(), talk.state, talk.case, NOW)[1][-1].act_by)
    talk.chooses("done")
    assert talk.open == "deadline.again"
    talk.chooses("ok")
    assert engine.confirmed(talk.case, talk.walk)
    assert talk.chooses("on").open == "check.made~1"


def test_amounts_told_before_the_day_is_confirmed_have_it_confirmed_with_them() -> None:
    talk = letter("CP14").says("/case").opens("years").says("2023", "120000").chooses("done")
    assert talk.open == "deadline.again"
    assert "December 1, 2026" in talk.text
    talk.chooses("ok").chooses("on")
    assert talk.open == "verdict.seen~1"
    talk.chooses("ok", "ok")

    assert engine.confirmed(talk.case, talk.walk)


def test_a_confirmed_deadline_is_asked_again_when_it_shows_something_else() -> None:
    talk = letter().chooses("ok", "back", "back", "back")
    assert talk.open == "notice.dated~1"
    talk.says("2026-11-20").chooses("keep")
    assert talk.open == "verdict.seen~1"  # opened by the way back
    talk.chooses("ok")

    assert talk.open == "deadline.confirm"


def test_a_verdict_is_shown_again_when_it_changes() -> None:
    talk = confirmed().edits("contact.details~1").chooses("tick:link", "ok")
    assert talk.page == "summary"
    talk.taps("Go on").chooses("set:yes")

    assert talk.open == "verdict.seen~1"
    assert "We cannot tell yet whether this is real" in talk.text
    assert engine.confirmed(talk.case, talk.walk)


def test_a_sign_that_makes_the_letter_a_scam_is_asked_back_as_it_takes_the_day_away() -> None:
    talk = confirmed().edits("contact.signs~1").chooses("tick:gift_card", "ok")
    assert talk.page == "change"
    before = talk.walk.matter.main
    assert before is not None
    talk.chooses("yes")

    assert talk.page == "summary"
    assert talk.walk.matter.main is None
    assert talk.walk.matter.judgement.sender == "scam"


# ---------------------------------------------------------------- what is not an answer


def test_a_number_is_removed_and_the_question_stays() -> None:
    talk = begun().does(Said("my number is 219-09-9999", 77))

    assert talk.posts == [Unsay(77), Tell("number_removed")]
    assert talk.open == "contact.channel~1"


def test_nobody_hears_of_a_live_location_that_moves() -> None:
    talk = begun().does(Handed("location", 5, edited=True))

    assert talk.turn is not None
    assert (talk.turn.show, talk.turn.posts) == ("", ())


def test_who_blocks_the_bot_is_marked_and_can_come_back() -> None:
    talk = begun().does(Barred())
    assert not talk.state.person.reachable
    assert talk.does(Barred(lifted=True)).state.person.reachable


def test_a_snoozed_reminder_is_put_off_by_an_hour() -> None:
    talk = confirmed().does(Tapped("r:1:state_refund_levy:0:snooze:hour", 99, "0"))

    assert talk.case.marks["state_refund_levy"] == {
        "snoozed": "2026-11-23T16:00:00+00:00",
        "answered": "2026-11-23",
    }
    assert talk.posts[-1] == ReminderAnswered(1, "state_refund_levy", "snooze_hour", 99)


def test_an_older_reminder_cannot_undo_done() -> None:
    talk = confirmed().taps_data("r:1:state_refund_levy:0:done")
    talk.taps_data("r:1:state_refund_levy:0:snooze:hour")

    assert talk.case.marks["state_refund_levy"] == {"done": "2026-11-23"}


def test_why_is_answered_at_a_question_with_its_figures_and_is_a_question_elsewhere() -> None:
    talk = begun().chooses("set:phone", "set:irs", "set:none", "set:none")
    assert talk.open == "contact.caller~1"
    assert "call between 8 a.m. and 9 p.m. only." in talk.says("why?").text.partition("<blockquote")[0]

    for elsewhere in (letter(), confirmed().says("/case")):
        assert "use one of the buttons" in elsewhere.says("why?").text


# ---------------------------------------------------------------- nothing raises

STAGES: dict[str, Callable[[], Talk]] = {
    "nobody": Talk,
    "agreed": begun,
    "ticking": lambda: begun().chooses("set:phone", "set:irs", "tick:gift_card"),
    "second year": lambda: confirmed(years=((2023, "1"), (2022, "2"))).edits("letter.periods").chooses("add"),
    "verdict": letter,
    "deadline": lambda: letter("LT11", "2026-10-23").chooses("ok"),
    "reminders": confirmed,
    "case": lambda: confirmed().says("/case"),
    "edit": lambda: confirmed().edits("notice.number~1"),
    "change": lambda: confirmed().edits("notice.dated~1").says("2026-11-20"),
    "second case": lambda: confirmed().says("/start").taps("Start a new case"),
    "delete": lambda: confirmed().says("/delete"),
}


@pytest.mark.parametrize("stage", STAGES)
def test_every_page_renders_from_every_stage(stage: str) -> None:
    state = STAGES[stage]().state
    pages = [one for one in PAGES if state.case is not None or one in ("help", "privacy", "delete")]
    for page in (*pages, "step", "edit"):
        focus = Focus(page, {"key": "notice.number~1"} if page == "edit" else {})
        assert Talk(replace(state, person=replace(state.person, focus=focus))).text


CODES = st.sampled_from([step.code for _, step in house().tree.steps()])
OPS = st.sampled_from(
    "set:mail set:phone set:CP504 set:2023 tick:none untick:none tick:gift_card ok unsure skip keep add done "
    "drop:1 drop:9 back go:case go:summary go:delete on edit anew open:1 yes no stop again snooze snooze:hour".split()
)
NAMES = CODES | st.sampled_from([*PAGES, "state_refund_levy", "cdp_levy", "period~1", "²"])
DATA = st.builds(
    lambda kind, case, name, revision, op: f"{kind}:{case}:{name}:{revision}:{op}",
    st.sampled_from("spr"),
    st.sampled_from(["0", "1", "2", "²", "99"]),
    NAMES,
    st.sampled_from(["0", "1", "2", "3", "³"]),
    OPS,
)
ACTS = (
    st.builds(Tapped, DATA | st.text(max_size=64), st.integers(0, 3), st.just("q"))
    | st.builds(Said, st.text(max_size=40), st.just(1), st.booleans())
    | st.builds(
        Said, st.sampled_from(["/start", "/case", "/cancel", "2023", "12k", "mail", "2026-11-16"]), st.just(1)
    )
    | st.builds(Handed, st.just("photo"), st.just(1), st.text(max_size=10), st.booleans())
    | st.sampled_from([Barred(), Barred(lifted=True), Elsewhere("group"), Ignored("new")])
    | st.integers(0, 40)  # a button that is there
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(stage=st.sampled_from(sorted(STAGES)), acts=st.lists(ACTS, max_size=12))
def test_nothing_a_person_does_raises(stage: str, acts: list[object]) -> None:
    talk = Talk(STAGES[stage]().state)
    for act in acts:
        if isinstance(act, int):
            data = [one.data for row in talk.screen.rows for one in row]
            act = Tapped(data[act % len(data)], 1, "q")
        turn = engine.advance(house(), talk.state, Event(1, 1, act), NOW)  # type: ignore[arg-type]
        talk.does(act)  # type: ignore[arg-type]
        assert turn.state.person.chat_id == 1
        assert screens.render(words(), talk.view).text
