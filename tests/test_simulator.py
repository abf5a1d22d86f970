"""The local Telegram over real HTTP with the real client."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, ReplyParameters
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.simulator import LocalTelegram

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

TOKEN = "8081:local-token_AAAAAAAAAAAAAAAAAAAAAAAAAAA"
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000008000000080000000000e164e157"
    "0000000c49444154789c63686868000003040181cd3f8b350000000049454e44ae426082"
)


@pytest.fixture(autouse=True)
def _timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take what the next version of the client does, instead of its warning."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
async def local() -> AsyncIterator[LocalTelegram]:
    local = LocalTelegram(now=NOON)
    await local.start()
    yield local
    await local.stop()


@pytest.fixture
async def bot(local: LocalTelegram) -> AsyncIterator[telegram.Bot]:
    async with client(local.url) as bot:
        yield bot


def client(url: str, token: str = TOKEN) -> telegram.Bot:
    return telegram.Bot(token, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot", local_mode=False)


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=label.lower())] for label in labels]
    )


async def refusal(call: Any) -> str:
    with pytest.raises(TelegramError) as caught:
        await call
    return caught.value.message.lower()


async def test_a_person_writes_and_the_bot_answers(local: LocalTelegram, bot: telegram.Bot) -> None:
    ana = local.person("Ana")
    update_id = await ana.says("/start now")
    (update,) = await bot.get_updates(timeout=0)
    assert update.update_id == update_id
    assert update.message is not None
    assert update.message.date == NOON
    assert update.message.parse_entities() == {update.message.entities[0]: "/start"}
    assert update.message.from_user is not None
    assert update.message.from_user.first_name == "Ana"

    sent = await bot.send_message(
        ana.chat_id, "Hello <b>you &amp; me</b> \n", parse_mode="HTML", reply_markup=keyboard("Yes", "No")
    )
    assert sent.text == "Hello you & me"
    shown = ana.screen
    assert (shown.text, shown.html, shown.mine) == ("Hello you & me", "Hello <b>you &amp; me</b>", False)
    assert [[button.label for button in row] for row in shown.buttons] == [["Yes"], ["No"]]

    await ana.taps("Ye")
    (_, tapped) = await bot.get_updates(timeout=0)
    query = tapped.callback_query
    assert query is not None
    assert isinstance(query.message, telegram.Message)
    assert query.message.reply_markup == keyboard("Yes", "No")
    assert (query.data, query.message.text) == ("yes", "Hello you & me")

    await bot.answer_callback_query(query.id, text="Noted")
    await bot.edit_message_text("Done", ana.chat_id, sent.message_id)
    assert ana.toasts == ["Noted"]
    assert (ana.screen.text, ana.screen.edited, ana.screen.buttons) == ("Done", True, [])
    assert [call.method for call in local.calls[-3:]] == [
        "sendMessage",
        "answerCallbackQuery",
        "editMessageText",
    ]


async def test_a_tap_names_the_buttons_there_are(local: LocalTelegram, bot: telegram.Bot) -> None:
    ana = local.person("Ana")
    await ana.says("hi")
    await bot.send_message(ana.chat_id, "?", reply_markup=keyboard("Yes", "No"))
    with pytest.raises(LookupError, match=r"'Maybe'.*\['Yes', 'No'\]"):
        await ana.taps("Maybe")


async def test_updates_read_without_loss(local: LocalTelegram, bot: telegram.Bot) -> None:
    ana, group, channel = local.person("Ana"), local.group("Family"), local.channel("News")
    await ana.says("see https://irs.gov or /help")
    await ana.edits(ana.messages[0].message_id, "never mind")
    await ana.sends("photo", caption="the letter")
    await ana.sends("photo", data=PNG, album="7")
    await ana.sends("document", data=b"%PDF", name="cp504.pdf")
    for kind in ("sticker", "voice", "location", "contact", "video"):
        await ana.sends(kind)
    await ana.blocks()
    await ana.unblocks()
    await group.adds_bot(ana)
    await group.says(ana, "hello all")
    await channel.adds_bot(ana)
    await channel.posts("news")
    await local.raw_update({"brand_new_thing": {"x": 1}})
    sent = await bot.send_message(ana.chat_id, "?", reply_markup=keyboard("Yes"))
    await ana.taps("Yes")

    async with aiohttp.ClientSession() as http, http.get(f"{local.url}/bot{TOKEN}/getUpdates") as response:
        raw = (await response.json())["result"]
    updates = [telegram.Update.de_json(one, bot) for one in raw]
    known = ["message", "edited_message", *["message"] * 8, "my_chat_member", "my_chat_member"]
    known += [
        "my_chat_member",
        "message",
        "my_chat_member",
        "channel_post",
        "brand_new_thing",
        "callback_query",
    ]
    assert [next(key for key in one if key != "update_id") for one in raw] == known
    for one, update in zip(raw, updates, strict=True):
        again = json.loads(update.to_json()) if "brand_new_thing" not in one else one
        assert not _lost(one, again), (one, again)
    assert all(
        not update.api_kwargs for update, kind in zip(updates, known, strict=True) if kind in dir(update)
    )
    assert updates[-1].callback_query is not None
    assert updates[-1].callback_query.message == sent


def _lost(before: Any, after: Any) -> bool:
    """Say whether something of `before` is not in `after`."""
    if isinstance(before, dict):
        return any(key not in after or _lost(value, after[key]) for key, value in before.items())
    if isinstance(before, list):
        return len(before) != len(after) or any(_lost(a, b) for a, b in zip(before, after, strict=True))
    return bool(before != after)


async def test_the_same_edit_twice_is_refused(local: LocalTelegram, bot: telegram.Bot) -> None:
    ana = local.person("Ana")
    await ana.says("hi")
    sent = await bot.send_message(ana.chat_id, "One", reply_markup=keyboard("Yes"))
    where: dict[str, Any] = {"chat_id": ana.chat_id, "message_id": sent.message_id}
    said = await refusal(bot.edit_message_text("One", **where, reply_markup=keyboard("Yes")))
    assert said == (
        "message is not modified: specified new message content and reply markup are exactly the same "
        "as a current content and reply markup of the message"
    )
    await bot.edit_message_reply_markup(**where, reply_markup=keyboard("No"))
    assert "not modified" in await refusal(
        bot.edit_message_reply_markup(**where, reply_markup=keyboard("No"))
    )
    await bot.edit_message_reply_markup(**where)
    assert ana.screen.buttons == []
    own = ana.messages[0].message_id
    assert await refusal(bot.edit_message_text("x", ana.chat_id, own)) == "message can't be edited"
    assert await refusal(bot.edit_message_text("x", ana.chat_id, 999)) == "message to edit not found"


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<b>open", "can't parse entities: can't find end tag corresponding to start tag \"b\""),
        ("é <x>y</x>", 'can\'t parse entities: unsupported start tag "x" at byte offset 3'),
        ("a<br/>b", 'can\'t parse entities: unsupported start tag "br/" at byte offset 1'),
        ("5 < 6", 'can\'t parse entities: unsupported start tag "" at byte offset 2'),
        ("a <b", "can't parse entities: unclosed start tag at byte offset 2"),
        ("a</b>", "can't parse entities: unexpected end tag at byte offset 1"),
        (
            "<b>a</i>",
            'can\'t parse entities: unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
        ),
        (
            "<span>a</span>",
            'can\'t parse entities: tag "span" must have class "tg-spoiler" at byte offset 0',
        ),
        ("a&nbsp;b", 'can\'t parse entities: unsupported html entity "&nbsp;" at byte offset 1'),
        (" <b> </b> ", "message text is empty"),
        ("x" * 4097, "message is too long"),
        ("🙂" * 2049, "message is too long"),
    ],
)
async def test_text_that_telegram_refuses(
    local: LocalTelegram, bot: telegram.Bot, html: str, said: str
) -> None:
    ana = local.person("Ana")
    await ana.says("hi")
    assert await refusal(bot.send_message(ana.chat_id, html, parse_mode="HTML")) == said
    assert len(ana.messages) == 1


@pytest.mark.parametrize(
    "html", ["x" * 4096, f"<b>{'🙂' * 2048}</b>", "&lt;" * 4096, "AT&T &#38; &#x26; &quot;"]
)
async def test_text_that_telegram_takes(local: LocalTelegram, bot: telegram.Bot, html: str) -> None:
    ana = local.person("Ana")
    await ana.says("hi")
    await bot.send_message(ana.chat_id, html, parse_mode="HTML")
    assert len(ana.messages) == 2


async def test_html_comes_back_as_it_was_written(local: LocalTelegram, bot: telegram.Bot) -> None:
    ana = local.person("Ana")
    await ana.says("hi")
    html = (
        '🙂 <b>bold <i>both</i></b> <u>u</u> <s>s</s> <a href="https://irs.gov/a?b=1&amp;c">link</a> '
        "<code>code</code> <tg-spoiler>hidden</tg-spoiler>\n"
        '<pre><code class="language-py">x = 1</code></pre>\n'
        "<blockquote>said</blockquote>\n<blockquote expandable>long &lt;said&gt;</blockquote>"
    )
    sent = await bot.send_message(ana.chat_id, html, parse_mode="HTML")
    assert ana.screen.html == html
    kinds = [entity.type for entity in sent.entities]
    assert kinds[:4] == ["bold", "italic", "underline", "strikethrough"]
    assert kinds[4:] == ["text_link", "code", "spoiler", "pre", "blockquote", "expandable_blockquote"]
    assert sent.parse_entity(sent.entities[1]) == "both"


@pytest.mark.parametrize(
    ("button", "said"),
    [
        ({"text": "x", "callback_data": "d" * 65}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "x"}, "Text buttons are unallowed in the inline keyboard"),
        ({"text": " ", "callback_data": "d"}, "text must be non-empty"),
        ({"text": "x", "callback_data": "d", "url": "https://irs.gov"}, "exactly one of"),
        ({"text": "x", "copy_text": {"text": "c" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "url": "not a url"}, "Wrong HTTP URL"),
        ({"text": "x", "callback_data": "d", "style": "pink"}, "Invalid button style"),
        ({"text": "x", "callback_data": "d" * 64}, ""),
        ({"text": "x", "callback_data": "é" * 32, "style": "danger", "icon_custom_emoji_id": "1"}, ""),
        ({"text": "x", "copy_text": {"text": "c" * 256}}, ""),
        ({"text": "x", "url": "https://www.irs.gov/payments"}, ""),
    ],
)
async def test_buttons(local: LocalTelegram, button: dict[str, Any], said: str) -> None:
    ana = local.person("Ana")
    await ana.says("hi")
    body = {"chat_id": ana.chat_id, "text": "?", "reply_markup": {"inline_keyboard": [[button]]}}
    async with aiohttp.ClientSession() as http:
        for form in (False, True):
            sent: dict[str, Any] = {"json": body}
            if form:
                sent = {"data": {**body, "reply_markup": json.dumps(body["reply_markup"])}}
            async with http.post(f"{local.url}/bot{TOKEN}/sendMessage", **sent) as response:
                answer = await response.json()
                assert answer["ok"] is not bool(said)
                assert response.status == (400 if said else 200)
                assert said in answer.get("description", "")


async def test_a_hundred_buttons_and_no_more(local: LocalTelegram, bot: telegram.Bot) -> None:
    ana = local.person("Ana")
    await ana.says("hi")
    labels = [str(number) for number in range(101)]
    await bot.send_message(ana.chat_id, "?", reply_markup=keyboard(*labels[:100]))
    said = await refusal(bot.send_message(ana.chat_id, "?", reply_markup=keyboard(*labels)))
    assert said == "reply markup is too long"


async def test_a_tap_is_answered_once_and_in_time(local: LocalTelegram, bot: telegram.Bot) -> None:
    too_old = "query is too old and response timeout expired or query id is invalid"
    ana = local.person("Ana")
    await ana.says("hi")
    await bot.send_message(ana.chat_id, "?", reply_markup=keyboard("Yes"))
    await ana.taps("Yes")
    await ana.taps("Yes")
    first, second = [u.callback_query for u in await bot.get_updates() if u.callback_query is not None]
    await bot.answer_callback_query(first.id, text="Careful", show_alert=True)
    assert (ana.alerts, ana.toasts) == (["Careful"], [])
    assert (await refusal(bot.answer_callback_query(first.id))) == too_old
    await local.clock.move(timedelta(minutes=2))
    assert (await refusal(bot.answer_callback_query(second.id))) == too_old
    assert (await refusal(bot.answer_callback_query("77"))) == too_old


async def test_where_the_bot_may_not_write(local: LocalTelegram, bot: telegram.Bot) -> None:
    ana, family = local.person("Ana"), local.group("Family")
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(ana.chat_id, "hi")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(12345, "hi")
    with pytest.raises(Forbidden, match="not a member of the group"):
        await bot.send_message(family.chat_id, "hi")
    await ana.says("hi")
    await ana.blocks()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(ana.chat_id, "hi")
    await ana.says("back again")
    await bot.send_message(ana.chat_id, "hi")
    await family.adds_bot()
    await bot.send_message(family.chat_id, "hi")
    await bot.leave_chat(family.chat_id)
    with pytest.raises(Forbidden):
        await bot.send_message(family.chat_id, "hi")


async def test_messages_older_than_two_days_stay(local: LocalTelegram, bot: telegram.Bot) -> None:
    ana = local.person("Ana")
    await ana.says("my number is 078-05-1120")
    await bot.send_message(ana.chat_id, "one")
    own, one = (message.message_id for message in ana.messages)
    await bot.delete_message(ana.chat_id, own)
    assert [message.text for message in ana.messages] == ["one"]
    assert await refusal(bot.delete_message(ana.chat_id, own)) == "message to delete not found"
    await local.clock.move(timedelta(hours=48, seconds=1))
    assert await refusal(bot.delete_message(ana.chat_id, one)) == "message can't be deleted for everyone"
    two = await bot.send_message(ana.chat_id, "two")
    await bot.delete_messages(ana.chat_id, [one, two.message_id, 999])
    assert [message.text for message in ana.messages] == ["one"]


async def test_offsets_confirm(local: LocalTelegram, bot: telegram.Bot) -> None:
    ana = local.person("Ana")
    ids = [await ana.says(str(number)) for number in range(5)]
    assert ids == sorted(set(ids))
    assert [update.update_id for update in await bot.get_updates(limit=2)] == ids[:2]
    assert [update.update_id for update in await bot.get_updates(offset=ids[2])] == ids[2:]
    assert local.unconfirmed == 3
    await local.confirmed(ids[1])
    waits = asyncio.create_task(local.confirmed(ids[3]))
    await asyncio.sleep(0)
    assert not waits.done()
    assert [update.update_id for update in await bot.get_updates(offset=-1)] == ids[4:]
    await waits
    await bot.get_updates(offset=ids[4] + 1)
    assert local.unconfirmed == 0
    with pytest.raises(TimeoutError):
        await local.confirmed(await ana.says("more"), within=0.01)


async def test_a_waiting_poll_wakes_at_once(local: LocalTelegram, bot: telegram.Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.05)
    await local.person("Ana").says("hi")
    async with asyncio.timeout(1):
        (update,) = await poll
    assert update.message is not None


async def test_a_second_poll_ends_the_first(local: LocalTelegram, bot: telegram.Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.05)
    async with client(local.url) as other:
        second = asyncio.create_task(other.get_updates(timeout=30))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await first
        await local.person("Ana").says("hi")
        assert len(await second) == 1


async def test_no_polling_beside_a_webhook(local: LocalTelegram, bot: telegram.Bot) -> None:
    await bot.set_webhook("https://example.org/hook")
    assert (await bot.get_webhook_info()).url == "https://example.org/hook"
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    await local.person("Ana").says("hi")
    await bot.delete_webhook(drop_pending_updates=True)
    assert list(await bot.get_updates()) == []


async def test_only_the_wanted_updates_come(local: LocalTelegram, bot: telegram.Bot) -> None:
    ana = local.person("Ana")
    await bot.get_updates(allowed_updates=["callback_query"])
    await local.confirmed(await ana.says("unheard"))
    await bot.send_message(ana.chat_id, "?", reply_markup=keyboard("Yes"))
    await ana.taps("Yes")
    assert [update.callback_query is not None for update in await bot.get_updates()] == [True]
    await bot.get_updates(offset=-1, allowed_updates=[])
    await ana.says("heard")
    assert (await bot.get_updates())[-1].message is not None


async def test_tokens_and_unknown_methods(local: LocalTelegram) -> None:
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{local.url}/bot{TOKEN}/noSuchThing") as response:
            assert response.status == 404
            assert await response.json() == {"ok": False, "error_code": 404, "description": "Not Found"}
        async with http.get(f"{local.url}/botnonsense/getMe") as response:
            assert response.status == 401
            assert (await response.json())["description"] == "Unauthorized"
    strict = LocalTelegram(tokens=["1:good"])
    url = await strict.start()
    with pytest.raises(InvalidToken):
        async with client(url):
            pass
    async with client(url, "1:good") as bot:
        assert bot.id == 1
    await strict.stop()


async def test_files_go_up_and_down(local: LocalTelegram, bot: telegram.Bot) -> None:
    ana = local.person("Ana")
    await ana.sends("document", caption="here", data=b"%PDF-1.7 hello", name="cp504.pdf")
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.document is not None
    file = await update.message.document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"%PDF-1.7 hello"

    sent = await bot.send_document(
        ana.chat_id, b"BEGIN:VCALENDAR", filename="dates.ics", caption="<b>Dates</b>", parse_mode="HTML"
    )
    assert sent.document is not None
    assert sent.document.file_name == "dates.ics"
    again = await bot.send_document(ana.chat_id, sent.document.file_id)
    assert again.document == sent.document
    photo = await bot.send_photo(ana.chat_id, PNG, reply_markup=keyboard("Yes"))
    assert (photo.photo[-1].width, photo.photo[-1].height) == (8, 8)
    assert (await (await bot.get_file(photo.photo[-1].file_id)).download_as_bytearray()) == PNG
    await bot.edit_message_caption(ana.chat_id, photo.message_id, caption="seen")
    album = await bot.send_media_group(ana.chat_id, [InputMediaPhoto(PNG), InputMediaPhoto(PNG, caption="b")])
    assert len({message.media_group_id for message in album}) == 1
    copied = await bot.copy_message(ana.chat_id, ana.chat_id, photo.message_id)
    assert copied.message_id == ana.messages[-1].message_id
    assert [message.kind for message in ana.messages] == ["document"] * 3 + ["photo"] * 4
    assert await refusal(bot.send_photo(ana.chat_id, b"no picture")) == "image_process_failed"
    assert "no text in the message" in await refusal(
        bot.edit_message_text("x", ana.chat_id, photo.message_id)
    )
    assert "too long" in await refusal(bot.send_photo(ana.chat_id, PNG, caption="x" * 1025))
    with pytest.raises(BadRequest):
        await bot.get_file("nonsense")


async def test_the_bot_introduces_itself(local: LocalTelegram, bot: telegram.Bot) -> None:
    await bot.set_my_commands([("case", "Your case"), ("help", "Help")])
    await bot.set_my_description("What this is")
    await bot.set_my_short_description("Short")
    await bot.set_my_name("Prelien")
    assert [command.command for command in await bot.get_my_commands()] == ["case", "help"]
    assert (await bot.get_my_description()).description == "What this is"
    assert (await bot.get_my_short_description()).short_description == "Short"
    assert (await bot.get_my_name()).name == "Prelien"
    assert (await bot.get_me()).first_name == "Prelien"
    assert await refusal(bot.set_my_commands([("Bad Name", "x")])) == "bot_command_invalid"
    await bot.delete_my_commands()
    assert len(await bot.get_my_commands()) == 0


async def test_pins_reactions_replies_and_typing(local: LocalTelegram, bot: telegram.Bot) -> None:
    ana = local.person("Ana")
    await ana.says("hi")
    first = ana.messages[0].message_id
    sent = await bot.send_message(ana.chat_id, "yes?", reply_parameters=ReplyParameters(first))
    assert sent.reply_to_message is not None
    await bot.pin_chat_message(ana.chat_id, sent.message_id)
    assert [message.pinned for message in ana.messages] == [False, True]
    pinned = (await bot.get_chat(ana.chat_id)).pinned_message
    assert pinned is not None
    assert pinned.message_id == sent.message_id
    await bot.unpin_chat_message(ana.chat_id)
    assert [message.pinned for message in ana.messages] == [False, False]
    await bot.set_message_reaction(ana.chat_id, first, "👍")
    assert ana.messages[0].reactions == ("👍",)
    await bot.send_chat_action(ana.chat_id, "typing")
    assert ana.typing is True
    await bot.send_message(ana.chat_id, "done")
    assert local.person("Ana").typing is False
    said = await refusal(bot.send_message(ana.chat_id, "x", reply_parameters=ReplyParameters(999)))
    assert said == "message to be replied not found"


async def test_long_text_arrives_in_pieces(local: LocalTelegram, bot: telegram.Bot) -> None:
    await local.person("Ana").says("x" * 5000)
    lengths = [len(u.message.text or "") for u in await bot.get_updates() if u.message is not None]
    assert lengths == [4096, 904]


async def test_the_clock_is_moved(local: LocalTelegram) -> None:
    ana = local.person("Ana")
    await local.clock.set(datetime(2026, 12, 24, 18, tzinfo=UTC))
    await local.clock.move(timedelta(days=1))
    await ana.says("hi")
    assert ana.messages[0].date == datetime(2026, 12, 25, 18, tzinfo=UTC)
    with pytest.raises(ValueError, match="no time zone"):
        await local.clock.set(datetime(2026, 12, 24))  # noqa: DTZ001
    async with aiohttp.ClientSession() as http:
        waits = asyncio.create_task(_json(http, "GET", f"{local.url}/local/clock?after=2"))
        await asyncio.sleep(0.05)
        assert not waits.done()
        moved = await _json(http, "POST", f"{local.url}/local/clock", {"move": 3600})
        assert moved == await waits | {"offset": moved["offset"]}
        assert (moved["now"], moved["version"], moved["frozen"]) == ("2026-12-25T19:00:00+00:00", 3, True)


async def _json(http: aiohttp.ClientSession, method: str, url: str, body: object = None) -> Any:
    async with http.request(method, url, json=body) as response:
        return await response.json()


async def test_the_real_clock_runs_on() -> None:
    local = LocalTelegram()
    await local.clock.move(timedelta(days=7))
    ahead = local.clock.now() - datetime.now(UTC)
    assert abs(ahead - timedelta(days=7)) < timedelta(seconds=5)


# -- faults -----------------------------------------------------------------------------------------------


async def test_planned_refusals(local: LocalTelegram, bot: telegram.Bot) -> None:
    ana, bob = local.person("Ana"), local.person("Bob")
    await ana.says("hi")
    await bob.says("hi")
    local.faults.fail("sendMessage", times=2, code=429, retry_after=7, chat_id=ana.chat_id)
    await bot.send_message(bob.chat_id, "to Bob")
    for _ in range(2):
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(ana.chat_id, "to Ana")
        assert caught.value.retry_after == timedelta(seconds=7)
    await bot.send_message(ana.chat_id, "to Ana")
    assert local.faults.refused == 2
    local.faults.fail("sendMessage", code=502)
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(ana.chat_id, "again")
    local.faults.fail("sendMessage", delay=0.1)
    await bot.send_message(ana.chat_id, "late")
    assert [message.text for message in ana.messages] == ["hi", "to Ana", "late"]


async def test_lost_connections(local: LocalTelegram, bot: telegram.Bot) -> None:
    ana = local.person("Ana")
    await ana.says("hi")
    local.faults.fail("sendMessage", close="before")
    with pytest.raises(NetworkError):
        await bot.send_message(ana.chat_id, "not done")
    local.faults.fail("sendMessage", close="after")
    with pytest.raises(NetworkError):
        await bot.send_message(ana.chat_id, "done, answer lost")
    assert [message.text for message in ana.messages] == ["hi", "done, answer lost"]


async def test_telegram_is_down_and_comes_back(local: LocalTelegram, bot: telegram.Bot) -> None:
    ana = local.person("Ana")
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.05)
    local.faults.down = True
    with pytest.raises(NetworkError):
        await poll
    await ana.says("anybody there?")
    with pytest.raises(NetworkError):
        await bot.send_message(ana.chat_id, "x")
    local.faults.down = False
    assert len(await bot.get_updates()) == 1


async def test_limits_on_messages(local: LocalTelegram, bot: telegram.Bot) -> None:
    ana, bob = local.person("Ana"), local.person("Bob")
    await ana.says("hi")
    await bob.says("hi")
    local.faults.limit(per_second=30, per_chat=1.0, burst=3)
    for _ in range(3):
        await bot.send_message(ana.chat_id, "x")
    with pytest.raises(RetryAfter):
        await bot.send_message(ana.chat_id, "x")
    await bot.send_message(bob.chat_id, "others go on")
    await bot.send_chat_action(ana.chat_id, "typing")
    assert local.faults.refused == 1
    local.faults.limit(None)
    await bot.send_message(ana.chat_id, "x")


async def test_paid_messages_have_a_limit_of_their_own(local: LocalTelegram, bot: telegram.Bot) -> None:
    people = [local.person(f"P{number}") for number in range(4)]
    for one in people:
        await one.says("hi")
    local.faults.limit(per_second=1, paid=2)
    await bot.send_message(people[0].chat_id, "x")
    with pytest.raises(RetryAfter):
        await bot.send_message(people[1].chat_id, "x")
    for one in people[1:3]:
        await bot.send_message(one.chat_id, "x", allow_paid_broadcast=True)
    with pytest.raises(RetryAfter):
        await bot.send_message(people[3].chat_id, "x", allow_paid_broadcast=True)


# -- over a restart ---------------------------------------------------------------------------------------


async def test_a_restart_goes_on_where_it_was(tmp_path: Path) -> None:
    state = tmp_path / "telegram.sqlite"
    local = LocalTelegram(state, now=NOON)
    ana = local.person("Ana")
    url = await local.start()
    async with client(url) as bot:
        first = await ana.says("/start")
        sent = await bot.send_message(
            ana.chat_id, "<b>One</b>", parse_mode="HTML", reply_markup=keyboard("Yes")
        )
        await bot.send_document(ana.chat_id, b"paper", filename="a.txt")
        await bot.set_my_commands([("case", "Your case")])
        await bot.get_updates(offset=first + 1)
        tap = await ana.taps("Yes")
        await local.clock.move(timedelta(seconds=5))
        before = ana.messages
        await local.stop()

    local = LocalTelegram(state, now=datetime(2020, 1, 1, tzinfo=UTC))
    ana = local.person("Ana")
    url = await local.start()
    async with client(url) as bot:
        assert ana.messages == before
        assert local.clock.now() == NOON + timedelta(seconds=5)
        (update,) = await bot.get_updates()
        assert update.update_id == tap
        assert update.callback_query is not None
        await bot.answer_callback_query(update.callback_query.id, text="late")
        await bot.edit_message_text("Two", ana.chat_id, sent.message_id)
        assert await ana.says("more") > tap
        document = (await _raw(url, ana.chat_id))["messages"][2]
        assert document["file"]["name"] == "a.txt"
        assert len(await bot.get_my_commands()) == 1
    await local.stop()


async def _raw(url: str, chat_id: int) -> Any:
    async with aiohttp.ClientSession() as http:
        return await _json(http, "GET", f"{url}/local/messages?chat={chat_id}")


async def test_nothing_answered_is_lost_by_a_kill(tmp_path: Path) -> None:
    state = tmp_path / "telegram.sqlite"
    said: list[int] = []
    for round_ in range(2):
        process, url = await _process(state)
        try:
            async with client(url) as bot, aiohttp.ClientSession() as http:
                person = await _json(http, "POST", f"{url}/local/people", {"name": "Ana"})
                for number in range(5):
                    text = {"chat": person["chat"], "text": f"{round_}.{number}"}
                    said.append((await _json(http, "POST", f"{url}/local/text", text))["update_id"])
                    await bot.send_message(person["chat"], f"answer {round_}.{number}")
                shown = (await _raw(url, person["chat"]))["messages"]
                assert [message["text"] for message in shown if message["mine"]] == [
                    f"{r}.{n}" for r in range(round_ + 1) for n in range(5)
                ]
                assert len(shown) == 10 * (round_ + 1)
                assert [update.update_id for update in await bot.get_updates()] == said
                os.kill(process.pid, signal.SIGKILL)
        finally:
            await process.wait()
    assert said == sorted(set(said))


async def _process(state: Path) -> tuple[asyncio.subprocess.Process, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.simulator",
        "--port",
        "0",
        "--state",
        str(state),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    return process, line.split()[-1]


async def test_other_sites_cannot_use_the_control_api(local: LocalTelegram) -> None:
    async with aiohttp.ClientSession() as http:
        for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
            async with http.post(
                f"{local.url}/local/people", json={"name": "x"}, headers=headers
            ) as response:
                assert response.status == 403
        async with http.post(f"{local.url}/local/people", json={}) as response:
            assert response.status == 400
        async with http.post(f"{local.url}/local/text", json={"chat": 5, "text": "x"}) as response:
            assert (response.status, await response.json()) == (404, {"error": "There is no chat 5."})


async def test_the_control_api_does_what_people_do(local: LocalTelegram, bot: telegram.Bot) -> None:
    async with aiohttp.ClientSession(f"{local.url}/local/") as http:
        events = await http.get("events")
        person = await _json(http, "POST", "people", {"name": "Ana"})
        chat = person["chat"]
        assert chat == local.person("Ana").chat_id
        form = aiohttp.FormData({"chat": str(chat), "kind": "document", "caption": "here"})
        form.add_field("file", b"%PDF", filename="cp504.pdf", content_type="application/pdf")
        async with http.post("send", data=form) as response:
            assert response.status == 200
        sent = await bot.send_message(chat, "<b>Bold</b>", parse_mode="HTML", reply_markup=keyboard("Yes"))
        await _json(http, "POST", "tap", {"chat": chat, "message_id": sent.message_id, "data": "yes"})
        await _json(http, "POST", "block", {"chat": chat, "blocked": True})
        await _json(http, "POST", "text", {"chat": chat, "text": "/start"})
        await _json(http, "POST", "raw", {"brand_new_thing": {}})
        family = await _json(http, "POST", "groups", {"name": "Family"})
        await _json(http, "POST", "add-bot", {"chat": family["chat"], "from": "Ana"})
        await _json(http, "POST", "text", {"chat": family["chat"], "from": "Bob", "text": "hello"})
        news = await _json(http, "POST", "channels", {"name": "News"})
        await _json(http, "POST", "text", {"chat": news["chat"], "text": "today"})

        shown = (await _json(http, "GET", f"messages?chat={chat}"))["messages"]
        assert [message["kind"] for message in shown] == ["document", "text", "text"]
        assert shown[1]["entities"] == [{"type": "bold", "offset": 0, "length": 4}]
        async with http.get(local.url + shown[0]["file"]["url"]) as response:
            assert await response.read() == b"%PDF"
            assert response.headers["Content-Disposition"] == 'attachment; filename="cp504.pdf"'
        waiting = await _json(http, "GET", "updates")
        updates = await bot.get_updates()
        assert waiting["unconfirmed"] == len(updates) == 9
        wait = asyncio.create_task(_json(http, "GET", f"updates?confirmed={updates[-1].update_id}"))
        await bot.get_updates(offset=updates[-1].update_id + 1)
        assert (await wait)["unconfirmed"] == 0

        await _json(http, "POST", "faults", {"method": "sendMessage", "code": 500})
        with pytest.raises(NetworkError):
            await bot.send_message(chat, "x")
        await _json(http, "POST", "faults", {"down": True})
        with pytest.raises(NetworkError):
            await bot.send_message(chat, "x")
        assert (await _json(http, "DELETE", "faults"))["down"] is False
        await bot.send_message(chat, "x")
        line = b""
        while b'"rows": [[{' not in line:
            line = await asyncio.wait_for(events.content.readline(), 5)
        events.close()
