"""What reminders say: each day that can come has its words, and the buttons lead on."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from bot import engine, reminding
from bot.model import Screen, Tapped
from bot.notices import ReminderAnswered, ReminderDue
from bot.rules import tasks
from bot.rules.deadlines import EVENTS, for_event
from bot.rules.tasks import Task
from tests.talk import NOW, Talk, confirmed, fits, house, words

DATED = date(2026, 11, 16)


def kinds() -> set[str]:
    """Return every kind of deadline that can have a day to act by."""
    params = house().params
    found = [one for event in EVENTS for one in for_event(event, DATED, printed=DATED, params=params)]
    return {one.kind for each in found for one in (each, *each.also) if one.act_by is not None}


def reminded(talk: Talk, kind: str, now: datetime = NOW) -> Screen | None:
    return reminding.message(house(), words(), talk.state, ReminderDue(1, kind, 0), now)


def answered(talk: Talk) -> Screen:
    """Return what stands in the place of the reminder last tapped."""
    sent = talk.posts[-1]
    assert isinstance(sent, ReminderAnswered)
    screen = reminding.message(house(), words(), talk.state, sent, talk.now)
    assert screen is not None
    fits(screen)
    return screen


def labels(screen: Screen) -> list[str]:
    return [button.text for row in screen.rows for button in row]


def taps(talk: Talk, screen: Screen, label: str) -> Screen:
    data = next(button.data for row in screen.rows for button in row if label in button.text)
    talk.does(Tapped(data, 99, "0"))
    return answered(talk)


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_each_day_that_can_come_has_what_hangs_on_it_and_the_next_step(kind: str) -> None:
    for block in (f"lose_{kind}", f"next_{kind}"):
        assert words().has("due", block), block
        assert len(words().label("due", block).split()) <= 25


@pytest.mark.parametrize("kind", tasks.KINDS)
def test_each_kind_of_task_has_its_words(kind: str) -> None:
    for part in ("name", "step", "after"):
        assert words().has("tasks", f"{kind}_{part}"), part


def test_a_reminder_says_which_it_is_the_days_left_what_hangs_on_it_and_one_step() -> None:
    talk = confirmed("LT11", "2026-11-16")
    screen = reminded(talk, "cdp_levy", NOW + timedelta(days=9))
    assert screen is not None
    text = fits(screen)

    assert text.startswith("Reminder 1 of 5: Your last day to ask for a hearing")
    assert "Wednesday, December 16, 2026 (14 days left)" in text
    assert "hold off on a levy until the hearing ends" in text
    assert "Next: Fill in Form 12153" in text
    assert len(text.split()) <= 60


@pytest.mark.parametrize(
    ("dated", "day", "said"),
    [
        ("2026-11-16", date(2026, 12, 15), "Today at a post office counter is safer than tomorrow"),
        ("2026-11-16", date(2026, 12, 16), "Send it today, if you can: at a post office counter"),
        ("2026-11-16", date(2026, 12, 9), ""),
        (
            "2026-11-14",
            date(2026, 12, 13),
            "The post office may be closed today",
        ),  # a Sunday; the day is Monday
        ("2026-11-14", date(2026, 12, 11), "The days before it are not business days"),
    ],
)
def test_on_the_eve_it_says_how_to_mail_it(dated: str, day: date, said: str) -> None:
    screen = reminded(confirmed("LT11", dated), "cdp_levy", NOW + (day - NOW.date()) * 1)
    assert screen is not None
    text = fits(screen)
    assert said in text
    assert ("post office" in text) == bool(said)


def test_when_the_day_is_over_it_says_what_is_still_possible_and_blames_nobody() -> None:
    screen = reminded(confirmed("LT11", "2026-11-16"), "cdp_levy", NOW + timedelta(days=24))
    assert screen is not None
    text = fits(screen)

    assert "It was Wednesday, December 16, 2026" in text
    assert "weaker hearing (equivalent hearing) with Form 12153" in text
    assert "too late" not in text


def test_done_asks_what_was_done_and_ends_with_what_to_keep() -> None:
    talk = confirmed("LT11", "2026-11-16")
    screen = reminded(talk, "cdp_levy")
    assert screen is not None
    screen = taps(talk, screen, "Done")
    assert "What did you do?" in screen.text
    assert "done" not in talk.case.marks.get("cdp_levy", {}), "a right is kept by the request alone"
    screen = taps(talk, screen, "Something else")
    assert "This right is still open." in screen.text
    assert "done" not in talk.case.marks["cdp_levy"]
    screen = taps(talk, screen, "I asked for the hearing")
    assert "copy of the form" in screen.text
    assert talk.case.marks["cdp_levy"] == {"done": "2026-11-23", "how": "hearing"}

    kinds = {one.kind for one in engine.due_reminders(house(), talk.state, talk.case, NOW)[1]}
    assert not kinds & {"cdp_levy", "equivalent_levy"}


def test_a_snooze_beyond_the_safe_day_says_so_and_none_goes_beyond_the_last() -> None:
    talk = confirmed("LT11", "2026-11-13")  # December 13 is a Sunday: by law the 14th, to be safe the 11th
    talk.now = NOW + timedelta(days=16)
    screen = reminded(talk, "cdp_levy", talk.now)
    assert screen is not None
    screen = taps(talk, taps(talk, screen, "Snooze"), "Pick a day")
    days = [label for label in labels(screen) if "2026" in label]
    assert days[0] == "Friday, December 11, 2026"
    assert days[-1] == "Monday, December 14, 2026 (after the safe day)"

    screen = taps(talk, screen, "December 12")
    assert "That is after your safe day, <b>Friday, December 11, 2026</b>" in screen.text
    assert "The day itself does not move: <b>Monday, December 14, 2026</b>" in screen.text
    coming = engine.due_reminders(house(), talk.state, talk.case, talk.now)[1]
    due = [one.due.date() for one in coming if one.kind == "cdp_levy"]
    assert due[:3] == [date(2026, 12, 11), date(2026, 12, 12), date(2026, 12, 14)]


def test_what_was_put_off_has_no_day_that_stays_and_can_wait_a_week() -> None:
    talk = confirmed().taps("Go on").chooses("set:not_yet")
    talk.now = NOW + timedelta(days=1)
    screen = reminded(talk, "check.made~1", talk.now)
    assert screen is not None
    assert "Still to do: check at the IRS whether this is real" in fits(screen)
    screen = taps(talk, screen, "Snooze")
    assert "day itself" not in screen.text
    screen = taps(talk, taps(talk, screen, "Pick a day"), "December 1")
    assert screen.text == "I will remind you on <b>Tuesday, December 1, 2026</b>."


def test_stop_ends_this_one_or_all_of_the_case_and_can_be_taken_back() -> None:
    talk = confirmed()
    screen = reminded(talk, "state_refund_levy")
    assert screen is not None
    screen = taps(talk, screen, "Stop")
    assert engine.due_reminders(house(), talk.state, talk.case, NOW)[1] != ()
    screen = taps(talk, screen, "Stop all of this case")
    assert "No more reminders for this case" in screen.text
    assert engine.due_reminders(house(), talk.state, talk.case, NOW)[1] == ()
    taps(talk, screen, "Remind me again")
    assert engine.due_reminders(house(), talk.state, talk.case, NOW)[1] != ()


def test_a_dated_task_is_listed_reminded_of_and_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    task = Task("own_call", date(2026, 11, 25), 3)
    monkeypatch.setattr(tasks, "SOURCES", [*tasks.SOURCES, lambda _: [task]])
    talk = confirmed()
    due = engine.due_reminders(house(), talk.state, talk.case, NOW)[1]
    assert [f"{one.due:%m-%d}" for one in due if one.kind == "own_call~3"] == ["11-25", "11-26"]
    assert "Your call" in talk.says("/reminders").text

    screen = reminded(talk, "own_call~3", NOW + timedelta(days=2))
    assert screen is not None
    assert "Have your letter and this chat at hand" in fits(screen)
    late = reminded(talk, "own_call~3", NOW + timedelta(days=3))
    assert late is not None
    assert "today is as good a day" in fits(late)
    assert "no more reminders" in taps(talk, screen, "Done").text
    assert reminded(talk, "own_call~3") is None
