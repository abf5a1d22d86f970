"""What is this, and is it real? Whole conversations, and what they cannot reach."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

import pytest

from bot.rules import verification
from bot.rules.matter import CHECKS, OF_THE_DEBT, OWES, SAID, SIGNS
from tests import talk
from tests.test_chat import begins, confirms, reads_on, tells

if TYPE_CHECKING:
    from tests.conftest import Chat
    from tests.talk import Talk

NOT_SURE = "None of these, or not sure"


def quotes(chat: Chat) -> list[str]:
    """Return the first lines of what can be unfolded on the screen."""
    shown = next(one for one in reversed(chat.person.messages) if one.text == chat.screen)
    return re.findall(r"<blockquote expandable><b>(.*?)</b>", shown.html)


async def goes_on(chat: Chat) -> None:
    """Read the verdict and, where there is no letter, that there is no deadline."""
    await chat.taps("I have read this")
    await chat.taps("I have read this")


# ---------------------------------------------------------------- conversations


async def test_a_genuine_cp504_looks_real_and_is_real_once_the_account_shows_it(chat: Chat) -> None:
    await begins(chat)
    await tells(chat)

    assert "This looks real, but a copy can look the same. Check it once yourself." in chat.screen
    assert "The letter says that you owe" in chat.screen
    assert "irs.gov/account" in chat.screen
    assert "A copy would have it too" in chat.screen
    assert "This is a scam" not in chat.screen

    await chat.taps("I have read this")
    await confirms(chat)
    assert "Have you checked it yourself at the IRS?" in chat.screen
    await chat.taps("Not checked yet")
    await chat.says("/case")
    assert "\nA letter came in the mail: looks real" in chat.screen

    await chat.taps("I have checked it")
    await chat.taps("Not checked yet")
    await chat.taps("I have checked it")
    await chat.taps("My account shows this notice and date")
    assert "This is real" in chat.screen
    assert "Go on with the notice" in chat.screen
    why = chat.screen.partition("Why we say so")[2].strip().splitlines()
    assert "The same notice, with the same number and date" in why[0]  # what decides stands first
    assert "while you check" not in chat.screen
    await chat.taps("I have read this")
    await chat.says("/case")
    assert "\nA letter came in the mail: real" in chat.screen
    assert "I have checked it" not in chat.buttons


async def test_a_gift_card_call_is_a_scam_and_still_leads_to_what_is_owed(chat: Chat) -> None:
    await begins(chat)
    await chat.taps("Someone phoned me")
    await chat.taps("The IRS")
    assert "How do they want to be paid?" in chat.screen
    await chat.ticks("Gift cards")
    await chat.taps("No letter")  # nothing more is asked about the call: it is a scam
    await chat.says("I dont owe")

    assert "This is a scam. You did right to check." in chat.screen
    assert quotes(chat) == ["Why we say so", "Stop safely, step by step"]
    assert "The IRS never takes gift cards" in chat.screen
    assert "Hang up" in chat.screen
    assert "Keep a voicemail" in chat.screen
    assert "tigta.gov" in chat.screen
    assert "tell your bank or card company at once" in chat.screen
    await goes_on(chat)
    assert "A scam can still use a real debt" in chat.screen
    assert "800-829-1040" in chat.screen
    await chat.taps("Nothing is owed")
    assert "This is a scam" in chat.screen
    assert "Your IRS account showed no balance" in chat.screen
    await chat.taps("I have read this")
    assert "Someone phoned me: a scam" in chat.screen
    assert "there is nothing more to do now" in chat.screen
    assert "look in your own account" not in chat.screen  # they have
    await chat.taps("This is over")
    assert chat.buttons[:3] == ["It was a scam", "I did not owe it", "It ended another way"]
    await chat.taps("It was a scam")
    assert "Closed: It was a scam" in chat.screen
    assert "Keep: what you have of it" in chat.screen
    await chat.taps("Open it again")
    assert "Someone phoned me: a scam" in chat.screen


async def test_a_collector_whose_number_does_not_match_is_a_scam(chat: Chat) -> None:
    await begins(chat)
    await chat.taps("A private debt collector")
    assert "CP40" in chat.screen
    await chat.taps("Yes")
    assert "Then they must read you the next five" in chat.screen
    await chat.taps("Not done yet")
    await chat.ticks(NOT_SURE)
    await chat.ticks(NOT_SURE)
    assert "Besides the CP40, do you have another letter" in chat.screen
    await chat.taps("No letter")
    await chat.taps("Not sure")
    assert "This looks real" in chat.screen
    assert "must then read you the next five" in chat.screen

    await goes_on(chat)
    assert "Did you do the number check with the collector?" in chat.screen
    await chat.says("it did not match")
    await chat.taps("Not looked yet")
    assert "This is a scam" in chat.screen
    assert "could not read you the second half" in chat.screen
    assert "Give no account number" in chat.screen
    await chat.taps("I have read this")
    await chat.says("/case")
    assert "A private debt collector: a scam" in chat.screen
    await chat.house.moves(days=2)
    assert any(one.startswith("Still to do: look whether you owe something") for one in chat.said)


async def test_a_visitor_without_a_letter_before_is_not_let_in_on_their_word(chat: Chat) -> None:
    await begins(chat)
    await chat.taps("Someone came to my door")
    await chat.taps("The IRS")
    await chat.taps("No, they came with no letter before")
    await chat.ticks("Would not show two picture IDs", "Wanted money at the door")
    await chat.ticks(NOT_SURE)
    await chat.taps("No letter")
    await chat.taps("Not sure")

    assert "This is most likely a scam" in chat.screen
    assert "Someone came to your door with no letter before" in chat.screen
    assert "Ask them to leave" in chat.screen
    await goes_on(chat)
    assert "whether this was one of its people" in chat.screen
    await chat.taps("The IRS told me it is not from them")
    assert "do you owe something all the same?" in chat.screen
    await chat.taps("Nothing is owed")
    assert "This is a scam" in chat.screen
    await chat.taps("I have read this")
    assert "Someone came to my door: a scam" in chat.screen
    assert "there is nothing more to do now" in chat.screen


async def test_a_visitor_with_a_summons_is_checked_not_accused(chat: Chat) -> None:
    await begins(chat)
    await chat.taps("Someone came to my door")
    await chat.taps("The IRS")
    await chat.taps("No, they came with no letter before")
    await chat.ticks("Brought a court summons")
    await chat.ticks(NOT_SURE)
    await chat.taps("No letter")
    await chat.taps("Not sure")

    assert "We cannot tell yet whether this is real" in chat.screen
    assert "one of the few reasons left for a visit with no letter" in chat.screen
    assert "Ask for both IDs" in chat.screen


async def test_a_distraint_warrant_about_a_real_debt_is_a_scam_and_the_debt_is_real(chat: Chat) -> None:
    await begins(chat)
    await chat.taps("A letter came in the mail")
    await chat.taps("Not sure")
    await chat.ticks("The title is “Distraint Warrant”")
    assert "another letter about a tax debt" in chat.screen
    await chat.taps("No letter")
    await chat.taps("Yes, or probably")
    assert "This is a scam" in chat.screen
    assert "You probably do owe something" in chat.screen

    await chat.taps("I have read this")
    assert "no deadline I can work out" in chat.screen  # the days on such a paper count for nothing
    await chat.taps("I have read this")
    await chat.taps("I do owe something")
    assert "This is a scam" in chat.screen
    assert "The tax debt is real: the IRS shows it. That says nothing about who contacted you." in chat.screen
    assert "Settle the real debt with the IRS only" in chat.screen
    await chat.taps("I have read this")
    assert "How are you holding up?" in chat.screen  # the debt is real, so its way out is looked for
    await chat.says("/case")
    await chat.taps("My answers")
    assert "A letter came in the mail: a scam" in chat.screen
    assert "Whether you owe: I do owe something" in chat.screen
    assert "1. Time zone: Eastern time (New York)" in chat.screen  # what has a number can be changed


async def test_beside_a_distraint_warrant_the_real_letter_keeps_its_day(chat: Chat) -> None:
    await begins(chat)
    await chat.taps("A letter came in the mail")
    await chat.taps("Not sure")
    await chat.ticks("The title is “Distraint Warrant”")
    await chat.taps("Yes, I have a letter")
    await chat.taps("Yes, or probably")
    await chat.says("CP504")
    await chat.says("November 16, 2026")
    await chat.taps("No date is printed")

    assert "This is a scam" in chat.screen
    assert "That is the paper you told of first, not your CP504." in chat.screen
    assert "number of a letter the IRS really sends" not in chat.screen  # that is the other letter's
    await reads_on(chat)
    assert "Wednesday, December 16, 2026" in chat.screen
    assert "This day is about your letter, not about who contacted you." in chat.screen
    await confirms(chat)
    await chat.taps("I do owe something")
    assert "Settle the real debt with the IRS only" in chat.screen
    await chat.says("/case")
    assert "Letter: CP504 of November 16, 2026\nThe other paper in the mail: a scam" in chat.screen
    assert "Wednesday, December 16, 2026" in chat.screen


async def test_a_collector_who_reads_the_wrong_five_is_a_scam_at_once(chat: Chat) -> None:
    await begins(chat)
    await chat.taps("A private debt collector")
    await chat.taps("Yes")
    await chat.taps("They could not, or it was wrong")
    await chat.taps("No letter")
    await chat.taps("No, I do not think so")

    assert "This is a scam" in chat.screen
    assert "The collector could not read you the second half" in chat.screen


async def test_who_is_not_sure_of_anything_is_told_how_to_check(chat: Chat) -> None:
    await begins(chat)
    await chat.taps("Not sure")
    await chat.taps("Not sure")
    for _ in range(3):
        await chat.ticks(NOT_SURE)
    await chat.taps("No letter")
    await chat.taps("Not sure")

    assert "We cannot tell yet whether this is real. Check it before you pay." in chat.screen
    assert "We do not know yet whether you owe anything" in chat.screen
    assert "Why we say so" not in chat.screen
    assert "800-829-1040" in chat.screen
    assert chat.screen.count("Do not pay, click, call back") == 1


async def test_a_call_after_a_real_letter_is_judged_by_itself(chat: Chat) -> None:
    await begins(chat)
    await tells(chat)
    await reads_on(chat)
    await confirms(chat)
    await chat.taps("My account shows this notice and date")
    await chat.taps("I have read this")

    await chat.says("/case")
    await chat.taps("More")
    await chat.taps("They reached me again")
    assert "How did they reach you this time?" in chat.screen
    await chat.taps("Someone phoned me")
    await chat.taps("The IRS")
    await chat.ticks(NOT_SURE)
    await chat.ticks(NOT_SURE)
    await chat.ticks("It was a recorded voice")
    await chat.ticks("They know how much I owe")

    assert "Contact 2: Someone phoned me" in chat.screen
    assert "We cannot tell yet whether this is real" in chat.screen
    assert "The tax debt is real" in chat.screen
    assert "has the number of a letter" not in chat.screen
    assert "Filed liens are public, so this proves nothing" in chat.screen
    await chat.taps("I have read this")
    assert "Contact 2: Someone phoned me" in chat.screen
    await chat.taps("The IRS told me it is not from them")
    await chat.taps("I have read this")
    await chat.says("/case")
    await chat.taps("My answers")
    assert "• A letter came in the mail: real" in chat.screen
    assert "• Someone phoned me: most likely a scam" in chat.screen
    assert "How it came (contact 1): A letter came in the mail" in chat.screen
    assert "How it came (contact 2): Someone phoned me" in chat.screen
    assert "The call itself (contact 2): It was a recorded voice" in chat.screen  # the first was a letter
    await chat.says("/case")
    assert "Wednesday, December 16, 2026" in chat.screen  # the letter's day stands


async def test_a_state_letter_is_set_apart_before_anything_is_counted(chat: Chat) -> None:
    await begins(chat)
    await chat.taps("A letter came in the mail")
    await chat.taps("A state or county office")
    await chat.taps("State or local tax")
    await chat.ticks("The title is “Distraint Warrant”", "Pay someone else than the US Treasury")
    await chat.taps("No letter")
    await chat.taps("No, I do not think so")

    assert "This is not about IRS tax" in chat.screen
    assert "scam" not in chat.screen
    assert "The IRS sends no such paper" not in chat.screen
    assert "through its own website" in chat.screen
    await goes_on(chat)
    assert "\nA letter came in the mail: not the IRS" in chat.screen  # the IRS has nothing to check here


async def test_a_county_that_wants_federal_tax_is_a_scam(chat: Chat) -> None:
    await begins(chat)
    await chat.taps("A letter came in the mail")
    await chat.taps("A state or county office")
    await chat.taps("Federal tax (IRS)")
    await chat.taps("No letter")
    await chat.taps("Not sure")

    assert "This is a scam" in chat.screen


async def test_a_letter_the_irs_disowns_loses_its_deadline(chat: Chat) -> None:
    await begins(chat)
    await tells(chat)
    await reads_on(chat)
    await confirms(chat)
    await chat.taps("The IRS told me it is not from them")
    await chat.taps("Nothing is owed")
    assert "This moves your deadline" in chat.screen
    assert "no deadline can be worked out" in chat.screen
    await chat.taps("Yes, change it")

    assert "This is a scam" in chat.screen
    await chat.taps("I have read this")
    assert "A letter came in the mail: a scam" in chat.screen
    await chat.house.moves(days=30)
    assert not [one for one in chat.said if one.startswith("Reminder:")]


async def test_a_chat_message_is_a_scam_at_once(chat: Chat) -> None:
    await begins(chat)
    await chat.says("whatsapp")
    await chat.taps("No letter")
    await chat.taps("Not sure")

    assert "This is a scam" in chat.screen
    assert "Take a picture of it, then block the sender" in chat.screen


async def test_what_this_is_can_be_read_from_the_case_card_and_read_again(chat: Chat) -> None:
    await begins(chat)
    await chat.says("whatsapp")
    await chat.taps("No letter")
    await chat.taps("Not sure")
    await goes_on(chat)
    await chat.taps("Not looked yet")
    for _ in range(2):
        await chat.taps("More")
        await chat.taps("What is this?")
        assert "From a bill to a public lien notice" in chat.screen
        await chat.taps("Next")
        assert "There is no countdown" in chat.screen
        await chat.taps("Next")
        assert "must end it within 30 days" in chat.screen
        await chat.taps("Next")
        assert "If you do nothing" in chat.screen
        await chat.taps("Next")
        await chat.taps("Next")
        await chat.taps("Back to my case")
        assert "Your case" in chat.screen


# ---------------------------------------------------------------- what a contact is told by


@pytest.mark.parametrize(
    ("taps", "sender", "debt"),
    [
        # a text nobody agreed to, with a link
        ("set:text_or_email set:irs set:no set:none tick:link ok set:none", "likely_scam", "unknown"),
        ("set:text_or_email set:irs set:yes set:none set:none set:none", "unverified", "unknown"),
        # two things can be odd, or one thing can be enough
        ("set:phone set:irs tick:wire ok tick:no_call_back ok set:none set:gave set:none", "unverified", "unknown"),
        ("set:phone set:irs set:none tick:pay_today ok tick:link ok set:refused set:none", "likely_scam", "unknown"),
        ("set:phone set:irs set:none tick:secrecy ok", "scam", "unknown"),
        ("set:phone set:office", "scam", "unknown"),
        ("set:visit set:irs set:meeting_letter set:none set:none", "likely_genuine", "unknown"),
        ("set:visit set:irs set:letters tick:no_employee_number ok set:none", "unverified", "likely"),
        ("set:collection_agency set:yes set:completes set:none set:none", "genuine", "likely"),
        ("set:collection_agency set:no set:none set:none", "unverified", "unknown"),
        ("set:collection_agency unsure set:not_yet tick:pca_wants_payment_to_itself ok", "scam", "unknown"),
    ],
)  # fmt: skip
def test_each_way_they_come_has_its_own_signs(taps: str, sender: str, debt: str) -> None:
    person = talk.begun().chooses(*taps.split(), "set:no", "unsure")

    assert person.open == "verdict.seen~1"
    said = person.walk.matter.judgement
    assert (said.sender, said.debt) == (sender, debt)


def test_small_print_outweighs_a_number_that_was_copied() -> None:
    person = talk.begun().chooses("set:mail", "set:irs", "set:none")
    person.chooses("tick:not_government_small_print", "ok", "unsure").says("CP504", "2026-11-16")

    assert person.walk.matter.judgement.sender is verification.Sender.UNVERIFIED


def test_the_number_of_one_letter_says_nothing_of_another() -> None:
    person = talk.confirmed().taps("Go on").chooses("set:not_yet").says("/case")
    person.taps("More", "They reached me again").chooses("set:mail", "set:irs", "set:none", "set:none")

    assert person.open == "notice.number~3"
    person.chooses("unsure", "unsure", "unsure", "skip")

    first, second = person.walk.matter.contacts
    assert person.walk.matter.judgement_of(first).sender is verification.Sender.LIKELY_GENUINE
    assert person.walk.matter.judgement_of(second).sender is verification.Sender.UNVERIFIED
    assert person.open == "verdict.seen~2"


def test_a_check_waits_for_each_contact_until_it_is_made() -> None:
    person = talk.confirmed().taps("Go on").chooses("set:not_yet").says("/case")
    assert [one.item for one in person.walk.matter.to_check] == [1]
    person.taps("I have checked it").chooses("set:balance_only", "set:not_yet", "set:found", "ok").says(
        "/case"
    )
    assert [one.item for one in person.walk.matter.to_check] == [1]  # the balance does not tell the sender
    person.taps("I have checked it").chooses("set:irs_confirms", "ok")

    assert person.walk.matter.to_check == ()
    assert person.walk.matter.judgement.sender is verification.Sender.GENUINE


def test_taking_back_what_made_it_a_scam_asks_the_rest() -> None:
    person = talk.begun().chooses("set:mail", "set:office", "set:no", "set:yes", "ok")
    person.says("/case").taps("My answers").taps("✎ 3").chooses("set:irs")
    if person.page != "step":
        person.taps("Go on")

    assert person.open == "contact.signs~1"


# ---------------------------------------------------------------- the house


LEFT_OUT = {
    "social_media": "the channel says it",
    "amount_matches": "the check tells a balance; that the amount is the same proves no more",
    "no_year_or_masked_number": "hard to see for who reads little English; the number and the account tell more",
    "address_not_found": "it takes a search; the search for the number tells more",
    "certified_mail": "says nothing about the sender",
    "harsh_tone": "says nothing about the sender",
    "listed_card_processor": "says nothing about the sender; everybody is told to pay through irs.gov only",
}


def reachable() -> set[str]:
    """Every signal that some answer tells."""
    of = {step.key: step for _, step in talk.house().tree.steps()}
    told = {option for key in SIGNS for option in of[key].options} - {"none"}
    for meanings in (SAID, CHECKS, OWES):
        for key, meaning in meanings.items():
            assert meaning.keys() <= set(of[key].options), key
            told |= {signal for signals in meaning.values() for signal in signals}
    return told | {"number_known", "demands_payment"} | set(OF_THE_DEBT.values())


def test_every_signal_can_be_told_or_is_left_out_for_a_reason() -> None:
    person = talk.begun()
    known = set(verification.signals(talk.house().params, person.walk.matter.today))

    assert reachable() <= known
    assert known - reachable() == LEFT_OUT.keys()


OURS = ("about", "verify", "contact", "verdict", "check")
NEVER = re.compile(
    r"\b(simply|just|official\w*|guarantee\w*|qualif\w+)\b|!|\(s\)|and/or|within \d+ days the irs",
    re.IGNORECASE,
)


def walks() -> list[Talk]:
    """Each way through the first question, once plainly and once with the first sign ticked."""
    found = []
    for channel, first in itertools.product(
        [
            "set:mail",
            "set:phone",
            "set:visit",
            "set:text_or_email",
            "set:social",
            "set:collection_agency",
            "unsure",
        ],
        [False, True],
    ):
        person = talk.begun().chooses(channel)
        found.append(person)
        for _ in range(24):
            found.append(talk.Talk(person.state))
            if person.page == "case":
                break
            ops = [one.data.split(":", 4)[4] for row in person.screen.rows for one in row if one.data]
            ticks = [op for op in ops if op.startswith("tick:")]
            if ticks:
                person.chooses(ticks[0] if first else "set:none")
                if not first:
                    continue
                found.append(talk.Talk(person.state))
                person.chooses("ok")
            elif "set:no" in ops and person.open and person.open.startswith("contact.paper"):
                person.chooses("set:no")
            elif person.open and person.open.startswith("notice"):
                person.chooses("unsure" if "unsure" in ops else "skip")
            elif person.open and person.open.startswith("period.year"):
                person.chooses("set:2023")
            else:
                sets = [op for op in ops if op.startswith("set:")]
                rest = [op for op in ("ok", "done", "unsure", "skip") if op in ops]
                person.chooses((sets[-1] if first else sets[0]) if sets else rest[0])
    return found


def cards() -> list[Talk]:
    """The cards that say what this is."""
    person = talk.begun().chooses("set:social", "set:no", "unsure", "ok", "ok", "set:not_yet").taps("More")
    person.taps("What is this?")
    found = []
    while person.page == "step":
        found.append(talk.Talk(person.state))
        person.chooses("ok")
    return found


def test_every_screen_is_short_and_says_nothing_that_is_not_to_be_said() -> None:
    seen = set()
    for person in [*walks(), *cards()]:
        if person.open is None or not person.open.startswith(OURS):
            continue
        seen.add(person.open.partition("~")[0])
        plain = re.sub(
            r"<[^>]+>", " ", re.sub(r"<blockquote.*?</blockquote>", "", person.text, flags=re.DOTALL)
        )
        assert len(plain.split()) <= 60, person.text
        assert not NEVER.search(re.sub(r"<[^>]+>", " ", person.text)), person.text
        assert len(person.text) < 4096
    assert {
        "about.road",
        "about.more_mistakes",
        "verdict.seen",
        "check.made",
        "check.account",
        "contact.pay",
        "contact.signs",
    } <= seen


def test_no_question_has_more_than_six_options() -> None:
    for dialog, step in talk.house().tree.steps():
        if dialog.name in OURS:
            assert len(step.options) <= 6, step.key
            assert all(len(talk.words().label(step.template, one)) <= 40 for one in step.options), step.key
