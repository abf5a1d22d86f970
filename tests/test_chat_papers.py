"""Papers, as they are talked: the list, photos and files, and what becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot import engine
from bot.rules.documents import Need
from tests.talk import NOW, house
from tests.test_chat_situation import answers_the_rest, has_a_cp504, is_well
from tests.test_chat_ways import walked
from tests.torture import rows

if TYPE_CHECKING:
    from tests.conftest import Chat, House, Kind
    from tests.talk import Talk

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000008000000080000000000e164e157"
    "0000000c49444154789c63686868000003040181cd3f8b350000000049454e44ae426082"
)
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffc0000b080008000801011100") + b"\xff\xd9"


async def has_papers(chat: Chat) -> None:
    """Tell of a CP504 and the household, and open the list of papers."""
    await has_a_cp504(chat)
    await is_well(chat)
    await chat.ticks("None of these")
    await answers_the_rest(chat)
    await chat.says("/case")
    await chat.taps("My papers")


def kept(house: House) -> list[bytes]:
    """Return the bytes of all files in the database, oldest first."""
    sql = "SELECT bytes FROM contents ORDER BY number"
    return [bytes(row[0]) for row in rows(house.settings.database, sql)]


def files(chat: Chat) -> list[str]:
    """Return the captions of the files that the bot sent."""
    return [one.text for one in chat.person.messages if not one.mine and one.kind in ("photo", "document")]


async def test_the_list_is_gone_through_paper_by_paper(chat: Chat) -> None:
    await has_papers(chat)
    assert "Your papers · 0 of 4 ready" in chat.screen
    assert "For what fits best so far: Simple Payment Plan" in chat.screen
    await chat.taps("Go through them")
    assert "Paper 1 of 4" in chat.screen
    assert "All IRS letters you have" in chat.screen
    await chat.taps("I have it")
    await chat.taps("I will get it")
    assert "Proof of filed returns, usually the last 6 years (only if the IRS asks)" in chat.screen
    assert "For: the last 6 years." in chat.screen
    assert "Also taken: account transcripts from the IRS." in chat.screen
    await chat.taps("I cannot find it")
    assert "its transcripts show what was filed" in chat.screen
    assert "✗ Proof of filed returns" in chat.screen
    await chat.taps("I cannot get it")

    assert "Your papers · 1 of 4 ready" in chat.screen


async def test_a_photo_of_a_paper_is_kept_and_shown_again(chat: Chat) -> None:
    await has_papers(chat)
    await chat.taps("All IRS letters")
    assert "Send a photo or a PDF of it here" in chat.screen
    await chat.sends("photo", data=PNG)
    assert "✓ Kept: All IRS letters you have, 1 file." in chat.screen
    assert kept(chat.house) == [PNG]
    await chat.sends("document", data=PDF, name="Ana Secret letter.pdf")
    assert "✓ Kept: All IRS letters you have, 1 file." in chat.screen
    assert "2 files kept" in chat.screen
    assert kept(chat.house) == [PNG, PDF]

    await chat.taps("See the 2 files")
    assert files(chat) == ["All IRS letters you have · 1 of 2", "All IRS letters you have · 2 of 2"]
    assert "2 files kept" in chat.last.text
    sent = [one.data for one in chat.house.telegram.world.files.values()]
    assert sent == [PNG, PDF, PNG, PDF]
    await chat.taps("That is all")
    assert "Your papers · 1 of 4 ready" in chat.screen
    assert "✓ All IRS letters you have 📎 2" in chat.screen
    for table in ("files", "cases", "people"):
        assert b"Secret" not in b"".join(
            bytes(row[0])
            for row in rows(chat.house.settings.database, f"SELECT body FROM {table}")  # noqa: S608
        )


async def test_a_file_is_replaced_moved_and_removed(chat: Chat) -> None:
    await has_papers(chat)
    await chat.taps("All IRS letters")
    await chat.sends("photo", data=PNG)
    await chat.taps("See the file")
    await chat.taps("Replace")
    assert "Send the new photo or PDF now" in chat.screen
    await chat.sends("document", data=PDF)
    assert "1 file kept" in chat.screen
    assert kept(chat.house) == [PDF]

    await chat.taps("See the file")
    await chat.taps("Another paper")
    assert "Which paper is this?" in chat.screen
    await chat.taps("Proof of filed returns")
    assert "○ All IRS letters" not in chat.screen  # it was said to be there; only the file went elsewhere
    assert "Proof of filed returns, usually the last 6 years 📎 1" in chat.screen

    await chat.taps("Proof of filed returns")
    await chat.taps("See the file")
    await chat.taps("Remove")
    assert "Remove this file?" in chat.screen
    await chat.taps("Keep it")
    await chat.taps("See the file")
    await chat.taps("Remove")
    await chat.taps("Yes, remove it")
    assert "✓ Removed" in chat.screen
    assert kept(chat.house) == []
    held = b"".join(file.read_bytes() for file in chat.house.settings.database.parent.glob("prelien.sqlite*"))
    assert PDF[:40] not in held


async def test_a_picture_sent_at_another_question_is_kept_and_asked_about(chat: Chat) -> None:
    await chat.says("/start")
    await chat.sends("photo", data=PNG)
    assert "I can keep papers once you have answered this" in chat.screen
    await chat.taps("I understand")
    await chat.taps("New York")
    await chat.sends("photo", data=JPEG)
    assert "Which paper is this?" in chat.screen
    assert "✓ Kept" in chat.screen
    assert kept(chat.house) == [JPEG]
    await chat.taps("All IRS letters you have")
    assert "✓ Kept: All IRS letters you have, 1 file." in chat.screen
    assert "How did they reach you?" in chat.screen
    await chat.sends("photo", data=PNG)
    await chat.taps("Not one of these")
    assert "✓ Kept: Other pictures, 1 file." in chat.screen
    assert "How did they reach you?" in chat.screen
    assert kept(chat.house) == [JPEG, PNG]


async def test_an_album_gets_one_answer(chat: Chat) -> None:
    await has_papers(chat)
    await chat.taps("All IRS letters")
    before = len(chat.said)
    for _ in range(4):
        await chat.person.sends("photo", data=PNG, album="7")
    await chat.sends("photo", data=PNG, album="7")
    assert len(chat.said) == before + 1
    assert "✓ Kept: All IRS letters you have, 5 files." in chat.screen
    assert len(kept(chat.house)) == 5

    await chat.says("/case")
    before = len(chat.said)
    await chat.house.telegram.confirmed(await chat.person.sends("document", data=PDF, album="8"))
    await chat.sends("document", data=PDF, album="8")
    assert "✓ Kept, 2 files." in chat.screen
    assert "Which paper are these 2 files?" in chat.screen
    assert len(chat.said) <= before + 2  # the second part may come after the first was answered
    await chat.taps("Not one of these")
    assert "✓ Kept: Other pictures, 2 files." in chat.screen


@pytest.mark.parametrize(
    ("kind", "data", "name", "says"),
    [
        ("document", b"PK\x03\x04 a word file", "letter.docx", "not this kind of file"),
        ("document", b"no picture at all", "letter", "no photo or PDF that I can open"),
        ("video", b"film", "film.mp4", "I cannot watch videos"),
        ("voice", b"sound", "voice.ogg", "I cannot listen to recordings"),
        ("sticker", b"RIFF", "s.webp", "Thank you for the sticker"),
    ],
)
async def test_what_cannot_be_kept_gets_a_way_on(
    chat: Chat, kind: Kind, data: bytes, name: str, says: str
) -> None:
    await has_papers(chat)
    await chat.taps("All IRS letters")
    mime = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    if name.endswith("docx"):
        world = chat.house.telegram.world
        update = world.sends(world.chats[chat.person.chat_id], kind, data=data, name=name, mime=mime)
        await chat.house.taken(update)
    else:
        await chat.sends(kind, data=data, name=name)
    assert says in chat.screen
    assert "Send a photo or a PDF of it" in chat.screen
    assert "All IRS letters you have" in chat.screen
    assert kept(chat.house) == []
    assert rows(chat.house.settings.database, "SELECT count(*) FROM files") == [(0,)]


async def test_a_file_that_is_too_large_is_refused_before_it_is_fetched(chat: Chat) -> None:
    await has_papers(chat)
    await chat.taps("All IRS letters")
    await chat.sends("document", data=PDF + b" " * (20 * 1024 * 1024), name="large.pdf")
    assert "too large: Telegram does not let me fetch it" in chat.screen
    assert "getFile" not in [call.method for call in chat.house.telegram.calls]
    almost = PDF + b" " * (20 * 1024 * 1024 - len(PDF))
    await chat.sends("document", data=almost, name="almost.pdf")
    assert kept(chat.house) == [almost]


async def test_all_files_go_with_everything_else(chat: Chat) -> None:
    await has_papers(chat)
    await chat.taps("All IRS letters")
    await chat.sends("document", data=PDF)
    await chat.says("/privacy")
    assert "Photos and files you send" in chat.screen
    await chat.says("/delete")
    assert "1 photo or file that you sent" in chat.screen
    await chat.taps("Yes, delete everything")
    assert kept(chat.house) == []
    folder = chat.house.settings.database.parent
    assert PDF[:40] not in b"".join(file.read_bytes() for file in folder.glob("prelien.sqlite*"))


async def test_a_paper_to_be_got_is_reminded_of_once_for_all(chat: Chat) -> None:
    await has_papers(chat)
    for paper in ("All IRS letters", "Proof of filed returns"):
        await chat.taps(paper)
        await chat.taps("I will get it")
    before = len(chat.said)
    await chat.house.moves(days=1)
    reminders = [text for text in chat.said[before:] if "get your papers together" in text]
    assert len(reminders) == 1
    await chat.says("/case")
    await chat.taps("My papers")
    await chat.taps("All IRS letters")
    await chat.taps("I have it")
    assert "Your papers · 1 of 4 ready" in chat.screen


async def test_a_case_put_away_keeps_its_papers(chat: Chat) -> None:
    await has_papers(chat)
    await chat.taps("All IRS letters")
    await chat.sends("document", data=PDF)
    await chat.says("/start")
    await chat.taps("Start over")
    assert kept(chat.house) == [PDF]
    await chat.says("/case")
    await chat.taps("More")
    await chat.taps("All my cases")
    await chat.taps("Bring back")
    await chat.taps("My papers")
    assert "All IRS letters you have 📎 1" in chat.screen


# ---------------------------------------------------------------- words beside a picture


async def test_a_word_beside_a_picture_says_which_paper_it_is(chat: Chat) -> None:
    await has_papers(chat)
    await chat.sends("photo", caption="my tax return, all pages", data=PNG)
    assert "Which paper is this?" not in chat.screen
    assert "✓ Kept: Proof of filed returns, usually the last 6 years, 1 file." in chat.screen
    assert "Proof of filed returns, usually the last 6 years 📎 1" in chat.screen

    await chat.taps("All IRS letters")
    await chat.sends(
        "photo", caption="Account transcript", data=PNG
    )  # the words count, not the open question
    assert "Proof of filed returns" in chat.screen
    assert "2 files kept" in chat.screen
    await chat.says("/papers")
    assert "Proof of filed returns, usually the last 6 years 📎 2" in chat.screen
    assert "✓ All IRS letters" not in chat.screen


async def test_a_picture_in_the_middle_of_a_question_leaves_the_question_open(chat: Chat) -> None:
    await has_papers(chat)
    await chat.says("/case")
    await chat.taps("Go on")
    question = chat.screen
    await chat.sends("photo", caption="IRS letter", data=PNG)
    assert "✓ Kept: All IRS letters you have, 1 file." in chat.screen
    assert question.splitlines()[-3:] == chat.screen.splitlines()[-3:]


@pytest.mark.parametrize(
    "caption", ["", "here it is", "my tax return and the IRS letter", "not my tax return"]
)
async def test_words_that_name_no_one_paper_are_asked_about(chat: Chat, caption: str) -> None:
    await has_papers(chat)
    await chat.sends("photo", caption=caption, data=PNG)
    assert "Which paper is this?" in chat.screen


async def test_a_number_beside_a_picture_is_taken_away_with_it(chat: Chat) -> None:
    await has_papers(chat)
    await chat.sends("photo", caption="my tax return, SSN 123-45-6789", data=PNG)
    assert any("number" in one for one in chat.said[-2:])
    assert kept(chat.house) == []
    await chat.says("/papers")
    assert "📎" not in chat.screen


def test_the_longer_name_counts_and_two_of_one_length_do_not() -> None:
    talk = takes_a_plan_by_budget()
    numbers = {one.name: one.number for one in talk.walk.matter.wanted.papers}
    act = engine._Act(house(), talk.state, NOW)
    assert {"bank_personal", "bank_business", "pay_stubs"} <= set(numbers)
    assert act.paper_named("Bank statement, May") == numbers["bank_personal"]
    assert act.paper_named("Business bank statement") == numbers["bank_business"]
    assert act.paper_named("pay stub 3") == numbers["pay_stubs"]
    assert act.paper_named("pay stub, bank statement") is None


async def test_the_papers_are_one_command_away(chat: Chat) -> None:
    await has_papers(chat)
    await chat.says("/case")
    await chat.says("/papers")
    assert "Your papers · 0 of 4 ready" in chat.screen


# ---------------------------------------------------------------- the way out that was chosen


def takes_a_plan_by_budget() -> Talk:
    """Return somebody with a household who has chosen a way out that wants many papers."""
    talk = walked().says("plan by budget").chooses("take:routine_ia").says("November 23, 2026")
    if talk.open is None:
        talk.chooses("on")
    return talk


def test_who_chose_a_way_is_asked_once_whether_to_gather_its_papers() -> None:
    talk = takes_a_plan_by_budget()
    assert talk.open == "papers.begin"
    wanted = talk.walk.matter.wanted
    assert (wanted.option, wanted.chosen) == ("routine_ia", True)
    needed = sum(one.need is Need.NEEDED for one in wanted.papers)
    some = len(wanted.papers) - needed
    assert some
    assert f"Your way out needs <b>{needed} papers</b>, and {some} more in some cases." in talk.text
    talk.chooses("set:now")
    assert talk.page == "papers"
    assert "For your way out: Plan with a money statement (installment agreement)" in talk.text
    assert len([one for one in talk.buttons if one.startswith("○")]) == 4
    seen = set(talk.buttons)
    while len(seen) < len(wanted.papers):
        before = len(seen)
        talk.taps("More papers")
        assert len(talk.buttons) <= 7
        seen |= {one for one in talk.buttons if one.startswith("○")}
        assert len(seen) > before
    talk.says("/case")
    assert talk.open != "papers.begin"


def test_later_is_a_task_and_the_list_follows_a_change_of_mind() -> None:
    talk = takes_a_plan_by_budget()
    assert talk.open == "papers.begin"
    talk.chooses("set:later")
    assert "papers.begin" in talk.case.marks
    many = len(talk.walk.matter.wanted.papers)
    talk.edits("ways.chosen").says("simple payment plan").chooses("take:simple_payment_plan")
    assert talk.walk.matter.wanted.option == "simple_payment_plan"
    assert len(talk.walk.matter.wanted.papers) < many


async def test_an_answer_typed_while_a_photo_waits_for_its_place_is_taken(chat: Chat) -> None:
    await chat.says("/start")
    for tap in ("I understand", "Eastern", "A letter came in the mail", "The IRS"):
        await chat.taps(tap)
    await chat.ticks("Nothing like this")
    await chat.ticks("Nothing looks odd")
    await chat.sends("photo", caption="this is my letter", data=PNG)
    await chat.says("cp 504")
    assert "Saved: CP504" in chat.screen
    await chat.says("November 16, 2026")
    assert "November 16, 2026" in chat.screen
    await chat.says("/papers")
    assert "1 file waits: tell me which paper that is." in chat.screen
