"""The mechanics of a long case, as they are talked. Today is Monday, November 23, 2026, 10:00 in New York."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.talk import Talk, begun, confirmed, fits, letter
from tests.test_chat import begins, confirms, has_a_plain_letter, is_reminded, kept, newest, reads_on, tells

if TYPE_CHECKING:
    from bot.simulator import Shown
    from tests.conftest import Chat


async def opens_the_case(chat: Chat) -> None:
    await chat.says("/case")


async def opens_more(chat: Chat) -> None:
    await chat.says("/case")
    await chat.taps("More")


async def adds_a_letter(chat: Chat, number: str, dated: str, printed: str = "") -> None:
    await opens_more(chat)
    await chat.taps("Add a letter")
    await chat.says(number)
    await chat.says(dated)
    await (chat.says(printed) if printed else chat.taps("No date is printed"))


def cards(chat: Chat) -> list[Shown]:
    return [one for one in chat.person.messages if one.text.startswith("📌")]


def asked_to_go_on(chat: Chat) -> int:
    return sum(one.startswith("Shall we go on?") for one in chat.said)


def data_of(shown: Shown, label: str) -> str:
    return next(one.data or "" for row in shown.buttons for one in row if label in one.label)


# ---------------------------------------------------------------- the shortest honest way


async def test_a_letter_that_looks_plain_leads_to_its_day_in_eleven_answers(chat: Chat) -> None:
    await chat.says("/start")
    answers = (
        ("taps", "I understand"), ("taps", "New York"), ("taps", "A letter came in the mail"), ("taps", "The IRS"),
        ("taps", "Nothing like this"), ("taps", "Nothing looks odd"), ("says", "CP504"),
        ("says", "November 16, 2026"), ("taps", "No date is printed"), ("taps", "I have read this"),
        ("taps", "remind me"),
    )  # fmt: skip
    for how, what in answers:
        await (chat.says(what) if how == "says" else chat.taps(what))

    assert len(answers) == 11
    assert "Wednesday, December 16, 2026" in chat.screen
    assert "Your reminders" in chat.screen


# ---------------------------------------------------------------- tasks and nudges


async def test_what_was_put_off_is_brought_back_and_answered(chat: Chat) -> None:
    await begins(chat)
    await tells(chat)
    await reads_on(chat)
    await confirms(chat)
    await chat.taps("Not checked yet")
    await chat.house.moves(days=1)
    told = newest(chat)
    assert told.text.startswith("Still to do: check at the IRS whether this is real")
    await chat.taps("Open the step")
    assert "Have you checked it yourself at the IRS?" in chat.screen
    await chat.taps("The IRS told me it is real")
    assert "This is real" in chat.screen
    assert "That says nothing about who contacted you" not in chat.screen
    await chat.house.moves(days=7)

    assert sum(one.startswith("Still to do") for one in chat.said) == 1


async def test_who_falls_silent_is_asked_after_three_and_seven_days_and_then_left_in_peace(
    chat: Chat,
) -> None:
    await begins(chat)
    await chat.taps("A letter came in the mail")
    await chat.house.moves(days=2, hours=22)
    assert asked_to_go_on(chat) == 0
    await chat.house.moves(hours=2)
    assert asked_to_go_on(chat) == 1
    assert "You were at: Is it real?\nEverything you told me is kept." in chat.last.text
    await chat.house.moves(days=4)
    assert asked_to_go_on(chat) == 2
    await chat.house.moves(days=60)
    assert asked_to_go_on(chat) == 2

    await chat.taps("Go on")
    assert "Who sent it?" in chat.screen
    await chat.house.moves(days=3)
    assert asked_to_go_on(chat) == 3


# ---------------------------------------------------------------- the pinned card


async def test_the_pinned_card_is_one_message_that_follows_the_case(chat: Chat) -> None:
    await begins(chat)
    await tells(chat)
    assert cards(chat) == []
    await reads_on(chat)
    await chat.taps("remind me")
    (card,) = cards(chat)
    assert card.pinned
    assert "CP504" in card.text
    assert "Day to act by: December 16, 2026" in card.text
    assert "Next: The years on the letter" in card.text

    await adds_a_letter(chat, "LT11", "November 20, 2026")
    await chat.taps("remind me")
    (card,) = cards(chat)
    assert "LT11" in card.text
    assert "Day to act by: December 18, 2026" in card.text

    await opens_more(chat)
    await chat.taps("Name this case")
    await chat.says("2023 taxes")
    await opens_more(chat)
    await chat.taps("This is over")
    await chat.taps("It is paid")
    (card,) = cards(chat)
    assert card.text.startswith("📌 2023 taxes: closed")
    assert "to act by" not in card.text


async def test_the_first_pinned_card_stands_above_the_screen(chat: Chat) -> None:
    await begins(chat)
    await tells(chat)
    await reads_on(chat)
    await chat.taps("remind me")

    (card,) = cards(chat)
    assert chat.last.text.startswith("Your reminders")
    assert chat.last.message_id > card.message_id


async def test_the_button_on_the_pinned_card_opens_the_case(chat: Chat) -> None:
    await is_reminded(chat)
    await chat.house.taken(
        await chat.person.taps_data(data_of(cards(chat)[0], "Open the case"), cards(chat)[0].message_id)
    )

    assert "Your case" in chat.screen
    assert len(cards(chat)) == 1


# ---------------------------------------------------------------- several cases


async def test_two_cases_are_kept_apart_and_picked_by_name(chat: Chat) -> None:
    await is_reminded(chat)
    await opens_more(chat)
    await chat.taps("Name this case")
    await chat.says("House tax")
    assert "House tax" in chat.screen
    await chat.says("/start")
    await chat.taps("Start a new case")
    assert "Your earlier one is kept. To open it: /case, then More, then All my cases." in chat.screen
    await tells(chat, "LT11", "November 20, 2026")
    await reads_on(chat)
    await chat.taps("remind me")
    await opens_more(chat)
    await chat.taps("All my cases")
    assert "House tax" in chat.screen
    assert "case 2, LT11 ← you are here" in chat.screen
    assert "Open: case 2" not in str(chat.buttons)
    await chat.taps("Open: House tax")

    assert "CP504 of November 16, 2026" in chat.screen
    assert "LT11" not in chat.screen
    await chat.house.moves(days=9)
    assert any("state refund" in one for one in chat.said if one.startswith("Reminder"))
    await chat.house.moves(days=10)
    assert any("hearing" in one for one in chat.said if "things to keep in mind" in one)


async def test_a_name_that_is_too_long_or_holds_a_number_is_not_taken(chat: Chat) -> None:
    await is_reminded(chat)
    await opens_more(chat)
    await chat.taps("Name this case")
    await chat.says("n" * 41)
    assert "at most 40 letters" in chat.screen
    await chat.says("219-09-9999")
    assert "What shall I call this case?" in chat.screen
    assert b"219-09-9999" not in kept(chat.house)
    await chat.says("Mine")

    assert "Mine" in chat.screen


async def test_a_closed_case_is_silent_and_speaks_again_when_it_is_opened(chat: Chat) -> None:
    await is_reminded(chat, "3172", "November 16, 2026", "December 24, 2026")
    await opens_more(chat)
    await chat.taps("This is over")
    assert "How did it end?" in chat.screen
    await chat.taps("I have a payment plan")
    assert "Closed: I have a payment plan" in chat.screen
    await chat.house.moves(days=18)
    assert not [one for one in chat.said if one.startswith(("Reminder", "Shall we go on?"))]

    await opens_more(chat)
    await chat.taps("Open it again")
    assert "The case is open again" in chat.screen
    await chat.house.moves(days=7)
    assert "December 24, 2026" in newest(chat).text


async def test_starting_over_puts_a_case_away_and_it_can_be_brought_back(chat: Chat) -> None:
    await is_reminded(chat)
    await chat.says("/start")
    await chat.taps("Start over")
    assert "put away, not lost" in chat.screen
    assert "How did they reach you?" in chat.screen
    await chat.house.moves(days=9)
    assert not [one for one in chat.said if one.startswith("Reminder")]

    await opens_more(chat)
    await chat.taps("All my cases")
    assert "(put away)" in chat.screen
    await chat.taps("Bring back: case 1")
    assert "Here it is again, as you left it" in chat.screen
    assert "CP504 of November 16, 2026" in chat.screen
    await chat.house.moves(days=4)
    assert newest(chat).text.startswith("Reminder")


# ---------------------------------------------------------------- off the path

ASIDES = {
    "thanks": "You are welcome",
    "Thank you!": "You are welcome",
    "hello": "Here is where we are",
    "stop": "You can stop at any point",
    "why?": "The number says what the letter is",
    "/nonsense": "I do not know this command",
}


async def test_what_is_said_beside_the_question_is_answered_and_the_question_asked_again(chat: Chat) -> None:
    await begins(chat)
    await has_a_plain_letter(chat)
    for said, answer in ASIDES.items():
        await chat.says(said)
        assert answer in chat.screen, said
        assert "What is the number of the letter?" in chat.screen, said
    for said, page in {"help": "How I can help", "menu": "Your case", "/privacy": "What is kept"}.items():
        await chat.says(said)
        assert page in chat.screen, said
        await chat.taps("Go on")
        assert "What is the number of the letter?" in chat.screen, said
    await chat.says("back")
    assert "small things" in chat.screen


async def test_a_card_that_is_read_is_left_with_a_word(chat: Chat) -> None:
    await begins(chat)
    await tells(chat)
    assert "This looks real" in chat.screen
    await chat.says("Ok")
    assert "Wednesday, December 16, 2026" in chat.screen
    await chat.says("yes")  # the day is right: it is reminded of
    assert "Your reminders" in chat.screen
    await chat.says("go on")
    assert "Which tax year is the letter about?" in chat.screen
    await chat.says("ok")  # that is no year
    assert "I see no year in that" in chat.screen
    await chat.says("2023")
    await chat.says("$12,345.67")
    assert "Does the letter name another year?" in chat.screen
    await chat.says("yes")
    await chat.says("2022")
    await chat.says("$500.00")
    await chat.says("no, that's all")
    assert "Have you checked it yourself" in chat.screen
    await chat.says("/delete")
    await chat.says("yes")  # so much goes with the button only
    assert "Please use one of the buttons" in chat.screen
    await chat.says("/case")
    assert "Amount on it: $12,845.67" in chat.screen


async def test_a_change_that_is_asked_back_is_made_with_a_word(chat: Chat) -> None:
    await is_reminded(chat)
    await opens_the_case(chat)
    await chat.taps("My answers")
    await chat.taps("✎ 7")
    await chat.says("November 18, 2026")
    assert "This moves your deadline" in chat.screen
    await chat.says("yes")
    assert "Changed" in chat.screen
    assert "Wednesday, November 18, 2026" in chat.screen


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("I got a letter from the IRS", "Who sent it?"),
        ("the irs sent me a letter today", "Who sent it?"),
        ("I received a notice, it says I owe money", "Who sent it?"),
        ("someone called me and said he is from the IRS", "Who do they say they are?"),
        ("I got a call", "Who do they say they are?"),
        ("an IRS agent came to my house", "Who do they say they are?"),
        ("an email from the irs", "✓ Saved: A text message or e-mail"),
        ("a WhatsApp message", "on paper?"),
        ("I owe the IRS money", "Is it one of these?"),
        ("a letter and a call", "Is it one of these?"),
    ],
)
async def test_how_it_came_can_be_told_in_ones_own_words(chat: Chat, said: str, asked: str) -> None:
    await begins(chat)
    await chat.says(said)
    assert asked in chat.screen


async def test_not_knowing_can_be_typed_wherever_there_is_not_sure(chat: Chat) -> None:
    await begins(chat)
    await has_a_plain_letter(chat)
    await chat.says("I don't know")
    assert "Which of these words stands in large print" in chat.screen
    await chat.says("no idea")
    assert "What is the date on the letter?" in chat.screen
    await chat.says("I am not sure")
    assert "Is a date printed" in chat.screen


def test_not_knowing_is_understood_by_every_question_that_has_not_sure() -> None:
    seen = set()
    talk = letter("LT11").chooses("ok", "ok", "on")
    for _ in range(60):
        place = talk.walk.open
        if place is None:
            break
        if place.step.not_sure:
            seen.add(place.step.key)
            assert talk.says("I don't know").value(place.key) is None, place.key
            assert talk.state.person.answers.get(place.key, talk.case.answers.get(place.key)) is not None
        else:
            ops = [one.data.rpartition(":")[2] for row in talk.screen.rows for one in row]
            talk.chooses(next(one for one in ("skip", "ok", "done", "not_yet", "no", *ops) if one in ops))

    assert {
        "period.year~1".partition("~")[0],
        "situation.events",
        "household.people",
        "household.state",
    } <= seen


# ---------------------------------------------------------------- stages, letters and contacts by button


async def test_a_stage_is_opened_from_more_in_any_order(chat: Chat) -> None:
    await is_reminded(chat)
    await opens_more(chat)
    await chat.taps("Your situation")
    assert "How are you holding up?" in chat.screen
    await chat.taps("I am managing")
    await opens_more(chat)
    await chat.taps("Your household")
    assert "Which state" in chat.screen or "state" in chat.screen
    await opens_the_case(chat)
    assert "○ Your household" in chat.screen
    await chat.taps("Go on")
    assert "Have you checked it yourself at the IRS?" in chat.screen


async def test_each_newer_letter_moves_the_picture_and_the_days(chat: Chat) -> None:
    await is_reminded(chat, "CP501", "October 26, 2026", "November 30, 2026")
    await adds_a_letter(chat, "CP504", "November 2, 2026")
    assert "The IRS waits until this day before it may take a state refund" in chat.screen
    assert "Wednesday, December 2, 2026" in chat.screen
    await chat.taps("remind me")
    await chat.taps("Go on")
    assert "What does your newest letter (CP504) say you owe for 2023?" in chat.screen
    await chat.taps("Keep: $12,345.67")

    await adds_a_letter(chat, "LT11", "November 16, 2026")
    assert "Your last day to ask for a hearing" in chat.screen
    assert "Wednesday, December 16, 2026" in chat.screen
    assert "state refund: December 2, 2026" in chat.screen
    await chat.taps("remind me")
    await opens_the_case(chat)
    assert "Letter: LT11 of November 16, 2026" in chat.screen
    await chat.taps("My answers")
    await chat.taps("More choices")
    assert "Letters: 3" in chat.screen


async def test_a_letter_told_by_half_takes_no_reminder_away(chat: Chat) -> None:
    await is_reminded(chat, "LT11", "November 16, 2026")  # a hearing until December 16
    await opens_more(chat)
    await chat.taps("Add a letter")
    await chat.says("CP503")
    await chat.says("November 19, 2026")
    await chat.house.moves(days=9)

    assert any(
        "hearing" in one and "December 16, 2026" in one for one in chat.said if one.startswith("Reminder")
    )


async def test_a_second_letter_in_the_mail_is_verified_and_read(chat: Chat) -> None:
    await is_reminded(chat)
    await opens_more(chat)
    await chat.taps("They reached me again")
    assert "How did they reach you this time?" in chat.screen
    await chat.taps("A letter came in the mail")
    await chat.taps("The IRS")
    await chat.ticks("Nothing like this")
    await chat.ticks("Nothing looks odd")
    assert "What is the number of the letter?" in chat.screen
    await chat.says("LT11")
    await chat.says("November 20, 2026")
    await chat.taps("No date is printed")
    assert "Contact 2: A letter came in the mail" in chat.screen
    assert "This looks real" in chat.screen
    await chat.taps("I have read this")

    assert "Your last day to ask for a hearing" in chat.screen
    assert "Monday, December 21, 2026" in chat.screen


async def test_a_scam_in_the_mail_after_a_real_letter_brings_no_letter(chat: Chat) -> None:
    await is_reminded(chat)
    await opens_more(chat)
    await chat.taps("They reached me again")
    await chat.taps("A letter came in the mail")
    await chat.taps("An office like")

    assert "This is a scam" in chat.screen
    await chat.taps("I have read this")
    await opens_the_case(chat)
    assert "• A letter came in the mail: looks real" in chat.screen
    assert "• A letter came in the mail: a scam" in chat.screen
    assert "Wednesday, December 16, 2026" in chat.screen


async def test_who_has_no_letter_yet_goes_on_with_the_next_contact(chat: Chat) -> None:
    await begins(chat)
    await chat.says("whatsapp")
    await chat.taps("No letter")
    await chat.taps("Not sure")
    await chat.taps("I have read this")
    assert "no deadline I can work out" in chat.screen
    await chat.taps("They reached me again")
    await chat.taps("A letter came in the mail")
    await chat.taps("The IRS")
    await chat.ticks("Nothing like this")
    await chat.ticks("Nothing looks odd")
    await chat.says("CP504")
    await chat.says("November 16, 2026")
    await chat.taps("No date is printed")
    await chat.taps("I have read this")

    assert "Wednesday, December 16, 2026" in chat.screen


# ---------------------------------------------------------------- old buttons, fast fingers

PAGES = ("My answers", "More", "Reminders", "Deadlines")


async def test_old_buttons_of_pages_change_nothing(chat: Chat) -> None:
    await is_reminded(chat)
    await opens_more(chat)
    await chat.taps("This is over")
    page = chat.person.screen
    paid = data_of(page, "It is paid")
    await opens_the_case(chat)
    await chat.house.taken(await chat.person.taps_data(paid, page.message_id))
    assert chat.person.toasts[-1] == "That step is done. Here is where you are now."
    assert "Closed" not in chat.screen

    await chat.says("/start")
    page = chat.person.screen
    over = data_of(page, "Start over")
    await opens_the_case(chat)
    await chat.house.taken(await chat.person.taps_data(over, page.message_id))
    await opens_more(chat)
    await chat.taps("All my cases")
    assert "put away" not in chat.screen


@pytest.mark.parametrize("label", ["They reached me again", "Add a letter"])
async def test_a_double_tap_adds_one_not_two(chat: Chat, label: str) -> None:
    await is_reminded(chat)
    await opens_more(chat)
    page = chat.person.screen
    data = data_of(page, label)
    for update in [await chat.person.taps_data(data, page.message_id) for _ in range(2)]:
        await chat.house.taken(update)
    await chat.says("/cancel")
    await opens_the_case(chat)

    assert chat.buttons[0] == "Go on ›"
    await chat.taps("Go on")
    assert "Have you checked it yourself at the IRS?" in chat.screen


async def test_a_double_tap_on_start_over_puts_one_case_away(chat: Chat) -> None:
    await is_reminded(chat)
    await chat.says("/start")
    page = chat.person.screen
    data = data_of(page, "Start over")
    for update in [await chat.person.taps_data(data, page.message_id) for _ in range(2)]:
        await chat.house.taken(update)
    await opens_more(chat)
    await chat.taps("All my cases")

    assert chat.screen.count("put away") == 1
    assert chat.screen.count("case ") == 1


# ---------------------------------------------------------------- copying, and long lists


def copies(talk: Talk) -> list[str]:
    return [one.copy for row in talk.screen.rows for one in row if one.copy]


def test_addresses_numbers_and_what_to_say_are_copied_with_one_tap() -> None:
    talk = confirmed().taps("Go on")
    assert talk.open == "check.made~1"
    assert copies(talk) == ["irs.gov/account", "800-829-1040"]
    assert "Copy 800-829-1040" in talk.buttons
    fits(talk.screen)

    talk = begun().chooses("set:phone", "set:irs", "tick:gift_card", "ok", "set:no", "set:no")
    assert copies(talk) == ["reportfraud.ftc.gov", "ic3.gov", "tigta.gov"]

    talk = (
        confirmed()
        .says("/case")
        .opens("situation")
        .chooses("skip", "set:none", "tick:pay", "ok", "tick:food", "ok")
    )
    assert copies(talk) == ["This levy causes economic hardship. Please release it."]
    assert copies(talk)[0] in talk.text

    talk = (
        confirmed()
        .says("/case")
        .opens("situation")
        .chooses("skip", "set:none", "set:none", "tick:food", "ok")
    )
    assert "Please set my account to currently not collectible." in copies(talk)[0]
    assert copies(talk)[0] in talk.text
    assert "Please release it" not in talk.text


async def test_a_copy_button_copies_and_is_no_answer(chat: Chat) -> None:
    await is_reminded(chat)
    await chat.taps("Go on")
    buttons = [one for row in chat.person.screen.buttons for one in row]

    assert {one.copy for one in buttons if one.copy} == {"irs.gov/account", "800-829-1040"}
    assert all(one.data is None for one in buttons if one.copy)


def test_no_question_has_more_than_six_options_at_once_and_the_rest_is_a_tap_away() -> None:
    talk = begun().chooses("set:mail", "set:irs", "set:none", "set:none")
    first = [one for one in talk.buttons if one.startswith(("CP", "LT", "L", "Letter"))]
    assert (len(first), "More choices ›" in talk.buttons) == (6, True)
    talk.taps("More choices")
    second = [one for one in talk.buttons if one.startswith(("CP", "LT", "L", "Letter"))]
    assert len(second) == 6
    assert not set(first) & set(second)
    assert talk.open == "notice.number~1"
    assert "CP504" in talk.taps("Other choices").buttons
    talk.taps("More choices").taps("CP523")
    assert talk.open == "notice.dated~1"

    talk = confirmed(years=tuple((2000 + n, "10") for n in range(1, 21))).edits("letter.periods")
    drops = [one for one in talk.buttons if one.startswith("Remove")]
    assert len(drops) == 6
    for _ in range(3):
        talk.taps("More choices")
    assert [one for one in talk.buttons if one.startswith("Remove")] == ["Remove 2019", "Remove 2020"]
    talk.taps("Remove 2020")
    assert len(talk.walk.matter.periods) == 19


def test_years_and_counts_come_in_pages() -> None:
    talk = letter().chooses("ok", "ok", "on")
    assert [one for one in talk.buttons if one.isdigit()] == ["2025", "2024", "2023", "2022", "2021", "2020"]
    talk.taps("More choices").taps("2014")
    assert talk.value("period.year~1") == 2014

    talk = confirmed().says("/case").opens("household").says("Texas")
    assert [one for one in talk.buttons if one.isdigit()] == ["1", "2", "3", "4", "5", "6"]
    assert talk.taps("More choices").taps("8").value("household.people") == 8


def test_many_cases_come_in_pages() -> None:
    talk = confirmed()
    for _ in range(8):
        talk.says("/start").taps("Start a new case").chooses("set:phone")
    talk.says("/case").taps("More", "All my cases")
    assert sum(one.startswith("Open:") for one in talk.buttons) == 6
    talk.taps("More choices")
    assert sum(one.startswith("Open:") for one in talk.buttons) == 2
    fits(talk.screen)


# ---------------------------------------------------------------- numbers that must not be here

NUMBERS = {
    "ssn": "219-09-9999",
    "itin": "912 70 1234",
    "ein": "12-3456789",
    "card": "4111 1111 1111 1111",
    "bank": "account number 000123456",
}


@pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS)
async def test_a_number_that_must_not_be_here_is_removed_and_the_question_stays(
    chat: Chat, caplog: pytest.LogCaptureFixture, number: str
) -> None:
    await begins(chat)
    await chat.says(f"my number is {number}")
    await chat.sends("photo", caption=number)

    assert [one.text for one in chat.person.messages if one.mine] == ["/start"]
    assert sum("I deleted your last message" in one for one in chat.said) == 2
    assert "How did they reach you?" in chat.screen
    digits = number[-6:]
    assert digits.encode() not in kept(chat.house)
    assert digits not in caplog.text


async def test_amounts_dates_phones_and_notice_numbers_stay(chat: Chat) -> None:
    await begins(chat)
    await has_a_plain_letter(chat)
    said = ["LT11", "11/16/2026", "12/16/2026"]
    for text in said:
        await chat.says(text)
    await reads_on(chat)
    await chat.taps("remind me")
    await chat.taps("Go on")
    for text in ("2023", "$123,456.78"):
        await chat.says(text)
    await chat.says("they said 800-829-1040")

    assert not any("I deleted" in one for one in chat.said)
    assert "$123,456.78" in chat.screen
