"""A hearing, and a lien notice on record, as they are talked. Today is Monday, November 23, 2026."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import engine
from tests.talk import NOW, PLAIN_LETTER, Talk, begun, fits, house

OTHERS = {  # what is answered on the way where a test does not say otherwise
    "situation.feeling": "set:managing",
    "situation.hardship": "set:none",
    "situation.who": "set:individual",
    "situation.unfiled": "set:none",
    "situation.on_time": "set:yes",
    "situation.this_year": "set:yes",
    "situation.plan": "set:none",
    "situation.agree": "set:yes",
}


TYPED = {"period.year": "2023", "period.amount": "18400"}


def goes_to(talk: Talk, key: str, **answers: str) -> Talk:
    """Answer what comes before the question or card `key`; `answers` by the name of the step, "." as "_"."""
    for _ in range(80):
        if talk.page != "step":
            talk.chooses("on")
        if talk.open is None:
            raise LookupError(f"{key} never comes")
        if talk.open == key:
            return talk
        step = talk.open.partition("~")[0]
        said = answers.get(step.replace(".", "_"), OTHERS.get(step, TYPED.get(step, "")))
        does = [
            choice.data.split(":", 4)[4]
            for row in talk.view.rows
            for choice in row
            if choice.data.count(":") > 3
        ]
        if said and ":" not in said:
            talk.says(said)
        elif said:
            question = talk.open
            talk.chooses(said)
            if talk.open == question:
                talk.chooses("ok")
        else:
            usual = ("ok", "done", "skip", "set:not_yet", "set:no", "set:later", "unsure")
            named = [op for op in does if op.startswith("set:")]
            talk.chooses(next(op for op in (*usual, *named) if op in does))
    raise LookupError(f"{key} never comes")


def with_letter(number: str, dated: str, printed: str = "") -> Talk:
    """Return somebody with a letter, at the question whether they asked for the hearing."""
    talk = begun().chooses(*PLAIN_LETTER).says(number, dated)
    talk = talk.says(printed) if printed else talk.chooses("skip")
    return goes_to(talk, "hearing.asked")


def test_who_has_a_lien_notice_asks_for_the_hearing_in_time() -> None:
    talk = with_letter("3172", "2026-11-16", "2026-12-24")
    assert "until <b>Thursday, December 24, 2026</b>" in talk.text

    talk.chooses("set:not_yet")
    assert "Ask for the hearing by December 24, 2026" in talk.text
    assert "Form 12153" in talk.text
    assert "does not by itself stop a levy" in talk.text

    talk.chooses("ok").says("/case").edits("hearing.asked").chooses("set:sent")
    talk.says("/case").taps("Go on")
    assert talk.open == "hearing.sent_on"
    talk.says("November 20, 2026")
    assert "Good. You asked for the hearing" in talk.text
    assert "done" in talk.case.marks["cdp_lien"]


def test_a_request_for_a_hearing_that_was_sent_too_late_is_said_to_be_the_weaker_one() -> None:
    talk = with_letter("3172", "2026-10-01", "2026-11-09").chooses("set:sent")
    assert talk.open == "hearing.sent_on"
    talk.says("November 12, 2026")

    assert "It was sent after Monday, November 9, 2026, the last day" in talk.text
    assert "equivalent hearing" in talk.text
    assert "The day of the postmark counts" in talk.text


def test_who_reads_the_letter_after_the_day_is_shown_the_weaker_hearing() -> None:
    talk = with_letter("LT11", "2026-09-01").chooses("set:not_yet")

    assert "A weaker hearing is still open" in talk.text
    assert "Wednesday, September 1, 2027" in talk.text
    assert "Asked in time" not in talk.text


LATE = "2026-09-01"  # the day of an LT11 whose last day is over: the weaker hearing is open until September 1, 2027


def plans(talk: Talk) -> Talk:
    """Choose a plan that begins today: its first step is on the screen."""
    goes_to(talk, "ways.chosen")
    talk.taps_data(f"p:1:step:{talk.state.person.focus.revision}:see:way.simple_payment_plan")
    talk.chooses("take:simple_payment_plan").says("November 23, 2026")
    return talk.chooses("set:later") if talk.open == "papers.begin" else talk


def steps(talk: Talk) -> list[str]:
    return [one.name for one in talk.walk.matter.plan]


def coming(talk: Talk) -> set[str]:
    """Return what is reminded of from now on."""
    return {one.kind for one in engine.listed(house(), talk.state, talk.case, talk.now)}


def test_after_the_day_the_plan_has_a_step_for_the_weaker_hearing() -> None:
    talk = plans(with_letter("LT11", LATE).chooses("set:not_yet"))
    talk.says("/case").taps("My plan")
    assert "Ask for the weaker hearing: by Wednesday, November 25, 2026" in talk.text
    assert "hearing" not in steps(talk)
    assert "equivalent_levy" in coming(talk)

    talk.taps(str(steps(talk).index("weaker_hearing") + 1))
    text = fits(talk.screen)
    assert "tick the box for an equivalent hearing" in text
    assert "It does not stop a levy" in text
    assert "Form 12153, the newest one from irs.gov" in text
    assert "A receipt from the counter" in text
    talk.taps("A letter to copy")
    assert "with the box for an equivalent hearing ticked" in fits(talk.screen)


def weaker_sent() -> Talk:
    talk = plans(with_letter("LT11", LATE).chooses("set:not_yet"))
    talk.says("/case").taps("My plan", str(steps(talk).index("weaker_hearing") + 1), "I sent it")
    return talk.taps("Certified or registered mail", "Today").says("9407 3000 0000 0000 0000 00")


def test_a_weaker_hearing_that_was_asked_for_is_not_reminded_of_any_more() -> None:
    talk = weaker_sent()
    assert "✓" in next(line for line in talk.text.split("\n") if "Ask for the weaker hearing" in line)
    assert "done" in talk.case.marks["equivalent_levy"]
    assert "equivalent_levy" not in coming(talk)
    assert talk.value("do.day~29") == "2026-11-23"

    talk.says("/deadlines")
    assert "September 1, 2027</b> (done)" in talk.text
    assert "You can still ask for the weaker hearing" not in talk.text


def test_a_weaker_hearing_that_was_not_sent_after_all_is_reminded_of_again() -> None:
    talk = weaker_sent()
    talk.taps(str(steps(talk).index("weaker_hearing") + 1)).chooses("set:not_yet")

    assert "done" not in talk.case.marks.get("equivalent_levy", {})
    assert "equivalent_levy" in coming(talk)
    assert "You can still ask for the weaker hearing" in talk.says("/deadlines").text


def test_what_was_tapped_under_the_reminder_is_not_taken_back_by_a_step_that_was_never_sent() -> None:
    talk = plans(with_letter("LT11", LATE).chooses("set:not_yet"))
    talk.taps_data("r:1:equivalent_levy:0:done").taps_data("r:1:equivalent_levy:0:how:paid")
    assert "equivalent_levy" not in coming(talk)
    talk.says("/case").taps("My plan", str(steps(talk).index("weaker_hearing") + 1)).chooses("set:not_yet")

    assert "equivalent_levy" not in coming(talk)


def test_a_weaker_hearing_told_of_under_its_reminder_is_ticked_off_in_the_plan() -> None:
    talk = plans(with_letter("LT11", LATE).chooses("set:not_yet"))
    talk.taps_data("r:1:equivalent_levy:0:done").taps_data("r:1:equivalent_levy:0:how:hearing")
    talk.says("/case").taps("My plan")
    assert "✓ 1. Ask for the weaker hearing" in talk.text or "✓ 2. Ask for the weaker hearing" in talk.text

    talk.taps(str(steps(talk).index("weaker_hearing") + 1)).chooses("set:not_yet")
    assert "equivalent_levy" in coming(talk)


def test_a_hearing_told_of_under_its_reminder_is_not_asked_for_a_second_time() -> None:
    talk = plans(with_letter("LT11", "2026-11-16").chooses("set:not_yet"))
    talk.taps_data("r:1:cdp_levy:0:done").taps_data("r:1:cdp_levy:0:how:hearing")
    assert talk.value("hearing.asked") == "sent"
    talk.says("/case").taps("Go on")
    assert talk.open == "hearing.sent_on"
    talk.says("November 20, 2026")
    talk.now = NOW + timedelta(days=30)
    talk.says("/case")
    assert "weaker_hearing" not in steps(talk)

    talk.taps_data("r:1:cdp_levy:0:again")
    assert talk.value("hearing.asked") == "not_yet"
    assert "weaker_hearing" in steps(talk)


def test_who_wants_no_hearing_has_no_step_left_for_it_in_the_plan() -> None:
    talk = plans(with_letter("LT11", "2026-11-16").chooses("set:declined"))
    talk.says("/case").taps("My plan")

    assert any("Ask for a hearing" in line and line.startswith("–") for line in talk.text.split("\n"))


def test_who_lets_the_day_go_by_gets_the_step_on_the_day_after_it() -> None:
    talk = plans(with_letter("LT11", "2026-11-16").chooses("set:not_yet"))
    assert "hearing" in steps(talk)
    assert "weaker_hearing" not in steps(talk)
    talk.now = NOW + timedelta(days=30)
    talk.says("/case")

    assert "hearing" not in steps(talk)
    (deed,) = (one for one in talk.walk.matter.plan if one.name == "weaker_hearing")
    assert f"{deed.by:%m-%d}" == "12-21", "not in the past: it is counted from the day after December 16"


@pytest.mark.parametrize("said", ["set:sent", "set:declined"])
def test_who_asked_in_time_or_wants_no_hearing_is_not_sent_to_the_weaker_one(said: str) -> None:
    talk = with_letter("LT11", "2026-11-16").chooses(said)
    if said == "set:sent":
        talk.says("November 20, 2026")
    plans(talk)
    for days in (0, 30):
        talk.now = NOW + timedelta(days=days)
        talk.says("/case")
        assert not {"weaker_hearing", "late_request"} & set(steps(talk))


def test_who_needs_no_hearing_in_the_plan_wants_none() -> None:
    talk = plans(with_letter("LT11", "2026-11-16").chooses("set:not_yet"))
    talk.says("/case").taps("My plan", str(steps(talk).index("hearing") + 1))
    talk.taps("I do not need this")
    assert talk.value("hearing.asked") == "declined"
    talk.now = NOW + timedelta(days=30)
    talk.says("/case")
    assert "weaker_hearing" not in steps(talk)

    talk.edits("hearing.asked").chooses("set:not_yet").says("/case")
    assert talk.value("do.sent~2") is None
    assert "weaker_hearing" in steps(talk)


def test_a_request_that_went_out_late_is_asked_after_by_phone() -> None:
    talk = plans(with_letter("LT11", LATE).chooses("set:sent").says("October 20, 2026"))
    assert "weaker_hearing" not in steps(talk)
    assert "equivalent_levy" in coming(talk)
    number = str(steps(talk).index("late_request") + 1)
    talk.says("/case").taps("My plan", number)
    text = fits(talk.screen)
    assert "Ask if your late request counts" in text
    assert "send it again with that box by Wednesday, September 1, 2027" in text
    talk.taps("Words for the call")
    assert "I sent you Form 12153 on October 20, 2026, after its last day." in fits(talk.screen)

    talk.says("/case").taps("My plan", number, "Done")
    assert "equivalent_levy" not in coming(talk)
    talk.taps(number).chooses("set:not_yet")
    assert "equivalent_levy" in coming(talk)


def test_after_both_days_other_ways_are_shown() -> None:
    talk = with_letter("LT11", "2025-09-01").chooses("set:not_yet")

    assert "Both days for a hearing are over" in talk.text
    assert "Form 9423" in talk.text


def test_who_wants_no_hearing_keeps_the_reminder_of_the_day() -> None:
    talk = with_letter("LT11", "2026-11-16").chooses("set:declined")

    assert "You can change your mind until" in talk.text
    assert "done" not in talk.case.marks.get("cdp_levy", {})


def test_who_takes_back_that_it_was_sent_is_reminded_again() -> None:
    talk = with_letter("LT11", "2026-11-16").chooses("set:sent")
    assert "done" in talk.case.marks["cdp_levy"]
    talk.edits("hearing.asked").chooses("set:not_yet")

    assert "done" not in talk.case.marks.get("cdp_levy", {})


def test_the_card_of_the_hearing_changes_when_the_day_is_over() -> None:
    talk = with_letter("LT11", "2026-11-16").chooses("set:not_yet", "ok")
    talk.now = NOW + timedelta(days=60)
    talk.says("/case")

    assert any(one.key == "hearing.weaker" for one in talk.walk.places)


@pytest.mark.parametrize(
    ("amount", "debits", "shown"),
    [
        ("25000", "enough", ("✓ You owe $25,000 or less", "✓ 3 monthly payments")),
        ("25000.01", "fewer", ("✗ You owe $25,000 or less", "✗ 3 monthly payments")),
        ("25000", "unsure", ("✓ You owe $25,000 or less", "? 3 monthly payments")),
    ],
)
def test_the_conditions_to_have_a_notice_taken_back_are_shown_met_or_not(
    amount: str, debits: str, shown: tuple[str, ...]
) -> None:
    talk = begun().chooses(*PLAIN_LETTER).says("3172", "2026-11-16", "2026-12-24")
    goes_to(talk, "lien.aims", hearing_asked="set:declined", period_amount=amount).chooses(
        "tick:remove", "ok"
    )
    talk.chooses(debits if debits == "unsure" else f"set:{debits}")

    assert talk.open == "lien.remove"
    for line in shown:
        assert line in talk.text
    assert "✓ All your returns are filed" in talk.text


def test_each_aim_has_its_own_form() -> None:
    talk = begun().chooses(*PLAIN_LETTER).says("3172", "2026-11-16", "2026-12-24")
    goes_to(talk, "lien.aims").chooses("tick:sell", "tick:borrow", "tick:mistake", "ok")
    seen = []
    while talk.open is not None and talk.open.startswith("lien."):
        seen.append(talk.text)
        talk.chooses("ok")

    assert [
        form for form in ("14135", "14134", "within 14 days", "668(Z)") if form not in "".join(seen)
    ] == []
    assert "12277" not in "".join(seen)


def test_a_filed_lien_without_the_letter_is_told_where_to_look() -> None:
    talk = begun().chooses(*PLAIN_LETTER).says("CP504", "2026-11-16").chooses("skip")
    goes_to(talk, "lien.means", situation_coming="tick:lien_filed")
    assert "Nothing was taken from you" in talk.text
    talk.chooses("ok")

    assert "Look for Letter 3172" in talk.text
