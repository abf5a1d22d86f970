"""Questions anywhere: what a person asks beside the dialog is answered, and the open question waits."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from bot import engine, notices, screens
from bot.__main__ import main
from bot.model import Found, Tapped
from bot.store import Kept, Store
from tests.talk import PLAIN_LETTER, Talk, begun, confirmed, fits, house, letter, words
from tests.test_chat_ways import walked

if TYPE_CHECKING:
    from pathlib import Path

    from bot import config
    from tests.conftest import Chat


def answered(talk: Talk) -> str:
    """Return the last answer to a question, in words."""
    asked = [one.question for one in talk.posts if isinstance(one, notices.Explain)]
    screen = screens.explained(house(), words(), talk.state, asked[-1], talk.now)
    assert screen is not None
    return fits(screen)


def explained(talk: Talk) -> list[str]:
    return [one.question for one in talk.posts if isinstance(one, notices.Explain)]


async def test_a_question_in_the_middle_is_answered_and_the_open_question_comes_again(chat: Chat) -> None:
    await chat.says("/start")
    await chat.taps("I understand")
    await chat.taps("Eastern")
    asked = chat.screen.removeprefix("✓ Saved: Eastern time (New York)").strip()

    await chat.says("can they take my hous??")

    assert "Not without a judge" in chat.said[-2]
    assert chat.screen == asked
    assert chat.said[-1] == asked
    await chat.taps("A letter came in the mail")
    assert "Not without a judge" in "".join(chat.said), "the answer stays in the chat"


async def test_a_new_person_may_begin_with_a_question(chat: Chat) -> None:
    await chat.says("is this a scam?")

    assert any("gift cards" in one.casefold() for one in chat.said)
    assert "I understand" in " ".join(chat.buttons)


def test_the_answer_speaks_of_the_person_s_own_day_and_amount() -> None:
    talk = confirmed("LT11", "2026-11-16")
    day = talk.walk.matter.main
    assert day is not None
    assert day.act_by is not None

    assert words().day(day.act_by) in answered(talk.says("how much time do i have"))
    assert "$12,345.67" in answered(talk.says("how much interest"))
    assert "LT11" in answered(talk.says("what comes next?"))
    assert "looks real" in answered(talk.says("is this a scam"))


@pytest.mark.parametrize(
    ("income", "said"),
    [
        ("yes", "your income is low enough"),
        ("no", "your income is over their line"),
        (None, "at most 250 percent of the poverty line"),
    ],
)
def test_who_told_of_a_low_income_hears_at_once_if_a_clinic_fits(income: str | None, said: str) -> None:
    answers = {"money__low_income": f"set:{income}"} if income else {}
    talk = walked(
        "ways.chosen", money__comes_in="2,100", household__people="2", household__state="Texas", **answers
    )

    assert said in answered(talk.says("where is free help?"))


def test_without_a_case_the_same_questions_have_answers_too() -> None:
    talk = begun()
    for name in sorted(house().asked.names):
        screen = screens.explained(house(), words(), talk.state, name, talk.now)
        assert screen is not None
        fits(screen)


@pytest.mark.parametrize(
    ("typed", "open_then"),
    [
        ("I lost the letter", "notice.number~1"),
        ("what is CP504?", "notice.number~1"),
        ("is it CP504?", "notice.dated~1"),
        ("CP504", "notice.dated~1"),
    ],
)
def test_what_answers_the_open_question_stays_its_answer(typed: str, open_then: str) -> None:
    talk = begun().chooses(*PLAIN_LETTER)
    assert talk.open == "notice.number~1"

    assert talk.says(typed).open == open_then


def test_a_text_that_is_no_question_gets_the_help_of_the_open_question() -> None:
    talk = letter().says("/case")
    talk = begun().chooses(*PLAIN_LETTER)
    talk.says("CP504", "sometime around then")

    assert talk.open == "notice.dated~1"
    assert "I see no date in that" in talk.text
    assert explained(talk) == []


def test_a_question_nobody_knows_gets_the_nearest_and_a_way_to_people() -> None:
    talk = begun().says("can they take my dog?")

    assert talk.page == "ask"
    assert len(talk.buttons) <= 6
    assert {"Ask something", "Help"} <= set(talk.buttons)
    assert talk.turn is not None
    assert talk.turn.unknown == "can they take my dog"

    nearest = talk.buttons[0]
    talk.taps(nearest)
    assert nearest in answered(talk)
    assert talk.open == "contact.channel~1"


def test_what_is_kept_of_a_question_holds_no_name_and_no_number() -> None:
    talk = begun().says("can Zebulon Quux take my 4711 dollars at Wellsfargo on 12/24/2026?")

    assert talk.turn is not None
    assert talk.turn.unknown
    for secret in ("zebulon", "quux", "4711", "wellsfargo", "2026", "24"):
        assert secret not in talk.turn.unknown
    assert "take my #" in talk.turn.unknown


async def test_the_operator_sees_what_was_not_understood(
    chat: Chat, settings: config.Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        await chat.says("/start")
        await chat.says("can Quux take my 2 dogs?")
    await chat.says("can they take my house?")

    monkeypatch.setenv("PRELIEN_DATABASE", str(settings.database))
    status = await asyncio.to_thread(main, ["questions"])

    out, err = capsys.readouterr()
    assert (status, err) == (0, "")
    assert out == "2026-11-23     2  can … take my # dogs\n"


def test_without_a_database_the_command_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRELIEN_DATABASE", str(tmp_path / "none.db"))
    assert main(["questions"]) == 2
    assert "there is no database at" in capsys.readouterr().err


async def test_what_was_asked_is_forgotten_after_a_year(tmp_path: Path) -> None:
    store = await Store.open(tmp_path / "kept.db")
    day = date(2026, 11, 23)
    async with store.transaction() as tx:
        await tx.keep_questions(day, ["can they take my …", "can they take my …", "why #"])
        await tx.keep_questions(day + timedelta(days=1), ["why #"])
    async with store.transaction() as tx:
        assert await tx.kept_questions() == [
            Kept("2026-11-24", "why #", 1),
            Kept("2026-11-23", "can they take my …", 2),
            Kept("2026-11-23", "why #", 1),
        ]
        await tx.forget_questions(day + timedelta(days=1))
        assert [one.day for one in await tx.kept_questions()] == ["2026-11-24"]
    await store.close()


def test_after_a_question_nobody_knows_the_answer_to_the_open_one_is_still_taken() -> None:
    talk = begun().chooses(*PLAIN_LETTER).says("CP504")
    talk.says("what about my dog and the moon?")
    assert talk.page == "ask"

    assert talk.says("November 16, 2026").open == "notice.printed~1"


def test_an_edit_waits_while_something_is_asked() -> None:
    talk = confirmed().edits("notice.dated~1").says("and what about my dog?").taps("Back to where we were")
    assert talk.open == "notice.dated~1"
    assert talk.page == "edit"


def test_ticks_are_not_lost_by_a_question() -> None:
    talk = begun().chooses("set:phone")
    while not any(one.endswith(":ok") for row in talk.view.rows for one in (row[0].data,)):
        talk.chooses(talk.view.rows[0][0].data.split(":", 4)[4])
    first = next(choice.data for row in talk.view.rows for choice in row if ":tick:" in choice.data)
    talk.taps_data(first)
    ticked = [one for one in talk.buttons if one.startswith("☑")]
    assert ticked

    talk.says("can i go to jail?")
    assert [one for one in talk.buttons if one.startswith("☑")] == ticked


def test_topics_are_looked_through_by_buttons() -> None:
    talk = confirmed().says("/questions")
    assert len(talk.buttons) <= 8
    talk.taps("What can they take?")
    assert len([one for one in talk.buttons if one.endswith("?")]) <= 6
    talk.taps("Can they take my house?")
    assert explained(talk) == ["house"]
    assert talk.page == "topic"
    assert talk.turn is not None
    assert talk.turn.show == "new", "the answer stays above"
    talk.taps("More ›").taps("‹ Before").taps("Go on")
    assert talk.open is not None


def test_every_question_is_reached_by_buttons() -> None:
    talk = begun().says("/questions")
    seen = set()
    for topic, names in house().asked.topics.items():
        for at in range(0, len(names), 6):
            talk.taps_data(f"p:0:questions:{talk.state.person.focus.revision}:topic:{topic}.{at // 6}")
            fits(talk.screen)
            seen |= {c.data.rpartition(":")[2] for row in talk.view.rows for c in row if ":q:" in c.data}
    assert seen == {one for one in house().asked.names if ":" not in one}


def test_a_button_for_a_question_that_is_gone_does_nothing() -> None:
    talk = begun()
    talk.does(Tapped("p:0:questions:0:q:nonsense", talk.state.seen.message_id or 0, "1"))
    assert explained(talk) == []
    assert talk.turn is not None
    assert talk.turn.toast is not None


def test_a_question_on_a_page_without_a_question_leaves_the_page() -> None:
    talk = confirmed().says("/deadlines", "can they take my car")
    assert explained(talk) == ["car"]
    assert talk.page == "deadlines"


def test_a_long_story_is_never_answered_with_certainty() -> None:
    story = "i got a letter and i am so scared and my wife is too. " * 6 + "can they take my house"
    talk = begun().says(story)
    assert explained(talk) == []


def test_the_house_without_questions_works_as_well() -> None:
    assert engine.House(house().tree, house().params).asked.find("can they take my house?") == Found()


def test_what_is_typed_as_a_note_is_the_note_and_no_question() -> None:
    talk = confirmed("LT11").says("/case").opens("calls").chooses("set:other")
    talk.says("can they take my house? he said no")

    assert explained(talk) == []
    assert talk.value("call.words~1") == "can they take my house? he said no"
