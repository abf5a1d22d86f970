"""What a change of an answer moves is shown before it is made. Today is Monday, November 23, 2026."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.test_chat_cases import Told
from tests.test_chat_situation import edits
from tests.test_chat_ways import walked

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Chat


def test_a_change_that_takes_a_way_off_the_list_is_shown_before_it_is_made() -> None:
    talk = walked().chooses("skip").edits("situation.unfiled").chooses("set:more")

    assert talk.page == "change"
    assert "This changes your ways out." in talk.text
    assert "This takes off the list: " in talk.text
    assert "deadline" not in talk.text
    assert talk.value("situation.unfiled") == "none"

    talk.chooses("no")
    assert talk.value("situation.unfiled") == "none"
    assert talk.page == "summary"

    talk.edits("situation.unfiled").chooses("set:more").says("no, keep it")
    assert talk.page == "change"
    talk.says("No")
    assert talk.value("situation.unfiled") == "none"
    assert "Nothing was changed." in talk.text

    talk.edits("situation.unfiled").chooses("set:more", "yes")
    assert talk.value("situation.unfiled") == "more"
    assert talk.page == "summary"


def test_a_change_that_costs_the_chosen_way_says_so_and_it_is_asked_again() -> None:
    talk = walked().chooses("see:others").taps("Simple Payment Plan").chooses("take:simple_payment_plan")
    talk.edits("period.amount~1").says("$61,000")

    assert "This takes off the list: Simple Payment Plan." in talk.text
    assert "This may open: Larger plan." in talk.text
    assert "You chose <b>Simple Payment Plan</b>. I ask you again" in talk.text
    talk.chooses("yes").says("/case").taps("Go on")
    assert "Something you told me changed what fits" in talk.text


def test_a_change_that_moves_no_way_is_saved_at_once() -> None:
    talk = walked().chooses("skip").edits("period.amount~1").says("$18,450")

    assert talk.page == "summary"
    assert "✓ Saved: $18,450" in talk.text


def test_nobody_is_asked_back_before_they_have_seen_the_ways() -> None:
    talk = walked(until="money.now").edits("situation.unfiled").chooses("set:more")

    assert talk.page == "summary"
    assert talk.value("situation.unfiled") == "more"


def test_a_change_of_a_list_item_is_made_whole() -> None:
    """What follows from an answer follows also from one that was asked back."""
    talk = walked().chooses("skip").edits("situation.coming").chooses("tick:lien_filed")
    talk.chooses("ok")

    assert talk.page == "change"
    talk.chooses("yes")
    assert talk.value("situation.coming") == ["lien_filed"]
    assert "✓ Saved" in talk.text


def test_a_command_drops_what_was_to_be_changed_and_the_old_button_does_nothing() -> None:
    talk = walked().chooses("skip").edits("situation.unfiled").chooses("set:more")
    yes = next(one.data for row in talk.screen.rows for one in row if one.data.endswith(":yes"))
    talk.says("/case").taps_data(yes)

    assert talk.value("situation.unfiled") == "none"
    assert "change" not in talk.state.person.drafts


async def test_who_changes_the_amount_at_the_end_sees_what_becomes_of_the_plan(
    chat: Chat, tmp_path: Path
) -> None:
    told = Told(
        chat, tmp_path, period__amount="18,400", money__comes_in="4,200", money__goes_out="3,700",
        money__monthly="350",
    )  # fmt: skip
    await told.until("ways.chosen")
    await chat.taps("Take: Simple Payment Plan")
    await chat.taps("Today")
    await chat.says("/case")
    await edits(chat, "Amount")
    await chat.says("$61,000")

    assert "This changes your ways out." in chat.screen
    assert "I then need a few more answers to show the way." in chat.screen
    assert "This takes off the list: Simple Payment Plan." in chat.screen
    assert "You chose Simple Payment Plan. I ask you again whether you stay with it." in chat.screen
    await chat.taps("Keep it as it was")
    assert "Nothing was changed." in chat.screen
    await chat.says("/case")
    assert "Way out: Simple Payment Plan" in chat.screen

    await edits(chat, "Amount")
    await chat.says("$61,000")
    await chat.taps("Yes, change it")
    assert "✓ Saved: $61,000" in chat.screen
    await chat.says("/case")
    await chat.taps("Ways out")
    assert "A few more answers will show the way." in chat.screen
    assert any(one.startswith("Go on") for one in chat.buttons)
