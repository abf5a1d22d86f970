"""Telegram as the house sees it: what comes in, what goes out, and what an error means."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot import config
from bot.model import (
    Barred,
    Button,
    Edit,
    Elsewhere,
    Event,
    Gone,
    Handed,
    Ignored,
    Leave,
    Refused,
    Remove,
    Retry,
    Said,
    Screen,
    Send,
    SendFile,
    Sent,
    Strip,
    Tapped,
)
from bot.simulator import LocalTelegram
from bot.telegram_edge import ALLOWED_UPDATES, AiohttpRequest, Edge, markup, outcome_of, read, request_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.model import Act, Call, Outcome
    from bot.simulator import Person

ANA = {"id": 7, "type": "private", "first_name": "Ana"}
GROUP = {"id": -9, "type": "supergroup", "title": "Taxes"}
CHANNEL = {"id": -10, "type": "channel", "title": "News"}


def message(chat: Any = None, **content: Any) -> dict[str, Any]:
    return {"message": {"message_id": 5, "date": 0, "chat": chat or ANA, "from": ANA, **content}}


def tap(**changes: Any) -> dict[str, Any]:
    query = {"id": "77", "from": ANA, "data": "s:1:abc:0:ok", "message": {"message_id": 4, "chat": ANA}}
    return {"callback_query": {key: value for key, value in (query | changes).items() if value is not None}}


def member(chat: Any, status: str) -> dict[str, Any]:
    return {"my_chat_member": {"chat": chat, "new_chat_member": {"status": status}}}


@pytest.mark.parametrize(
    ("update", "chat_id", "act"),
    [
        (message(text="cp 504"), 7, Said("cp 504", 5)),
        (message(text="/start abc def"), 7, Said("/start abc def", 5)),
        (message(text="😀" * 3), 7, Said("😀😀😀", 5)),
        (message(text="<b>&"), 7, Said("<b>&", 5)),
        ({"edited_message": message(text="new")["message"]}, 7, Said("new", 5, edited=True)),
        (message(photo=[{}], caption="my letter"), 7, Handed("photo", 5, "my letter")),
        ({"edited_message": message(photo=[{}])["message"]}, 7, Handed("photo", 5, edited=True)),
        (message(document={}), 7, Handed("document", 5)),
        (message(document={}, animation={}), 7, Handed("video", 5)),
        (message(sticker={}), 7, Handed("sticker", 5)),
        (message(voice={}), 7, Handed("voice", 5)),
        (message(audio={}), 7, Handed("voice", 5)),
        (message(video={}), 7, Handed("video", 5)),
        (message(video_note={}), 7, Handed("video", 5)),
        (message(location={}), 7, Handed("location", 5)),
        (
            message(location={"latitude": 41.9, "longitude": -87.6}),
            7,
            Handed("location", 5, place=(41.9, -87.6)),
        ),
        (message(location={}, venue={}), 7, Handed("location", 5)),
        (message(contact={}), 7, Handed("contact", 5)),
        (message(poll={}), 7, Handed("other", 5)),
        (message(dice={}), 7, Handed("other", 5)),
        (message(new_kind_of_thing={}), 7, Ignored("a service message")),
        (message(pinned_message={}), 7, Ignored("a service message")),
        (tap(), 7, Tapped("s:1:abc:0:ok", 4, "77")),
        (tap(data=None), 7, Tapped("", 4, "77")),
        (tap(message=None), 0, Ignored("tap elsewhere")),
        (tap(message={"message_id": 4, "chat": GROUP}), 0, Ignored("tap elsewhere")),
        (tap(message={"message_id": 4, "chat": ANA, "date": 0}), 7, Tapped("s:1:abc:0:ok", 4, "77")),
        (member(ANA, "kicked"), 7, Barred()),
        (member(ANA, "member"), 7, Barred(lifted=True)),
        (member(GROUP, "member"), -9, Elsewhere("group")),
        (member(CHANNEL, "administrator"), -10, Elsewhere("channel")),
        (member(GROUP, "left"), -9, Ignored("left")),
        (member(GROUP, "kicked"), -9, Ignored("left")),
        (message(GROUP, text="/start@prelien_bot"), -9, Elsewhere("group")),
        (message(GROUP, text="hello all"), -9, Ignored("a group")),
        (message(GROUP, photo=[{}]), -9, Ignored("a group")),
        ({"channel_post": {"chat": CHANNEL, "text": "news"}}, -10, Elsewhere("channel")),
        ({"poll_answer": {}}, 0, Ignored("unknown kind")),
        ({}, 0, Ignored("unknown kind")),
        ({"message": {"chat": {"id": 7}}}, 0, Ignored("unknown form")),
        ({"message": None}, 0, Ignored("unknown form")),
        ({"message": []}, 0, Ignored("unknown form")),
        ({"callback_query": {"id": "77", "message": {"chat": {}}}}, 0, Ignored("unknown form")),
        ({"my_chat_member": {"chat": ANA}}, 0, Ignored("unknown form")),
    ],
)
def test_an_update_is_read_as_what_somebody_did(update: dict[str, Any], chat_id: int, act: Act) -> None:
    assert read({"update_id": 3, **update}) == Event(3, chat_id, act)


def test_every_kind_that_is_read_is_asked_for() -> None:
    assert set(ALLOWED_UPDATES) == {
        "message", "edited_message", "callback_query", "my_chat_member", "channel_post",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (RetryAfter(3), Retry(3.0, told=True)),
        (RetryAfter(0), Retry(0.1, told=True)),
        (Forbidden("Forbidden: bot was blocked by the user"), Gone()),
        (Forbidden("Forbidden: user is deactivated"), Gone()),
        (BadRequest("Chat not found"), Gone()),
        (ChatMigrated(-5), Gone()),
        (BadRequest("Message is not modified: specified new message content"), Sent()),
        (BadRequest("Message to edit not found"), Refused("message to edit not found")),
        (
            BadRequest("Can't parse entities: unsupported start tag \"Ana's words\""),
            Refused("can't parse entities"),
        ),
        (BadRequest("Something about Ana's words"), Refused("bad request")),
        (TimedOut(), Retry(0.5)),
        (NetworkError("Bad Gateway"), Retry(0.5)),
        (InvalidToken("Unauthorized"), Retry(5.0)),
        (Conflict("another poller"), Retry(5.0)),
        (TelegramError("something new"), Refused("TelegramError")),
    ],
)
def test_an_error_means_one_outcome_and_repeats_nobodys_words(error: TelegramError, outcome: Outcome) -> None:
    assert outcome_of(error) == outcome


def test_a_screen_becomes_rows_of_buttons_and_no_screen_an_empty_keyboard() -> None:
    screen = Screen("text", ((Button("Yes", "y", "primary"), Button("No", "n")), (Button("Back", "b"),)))
    assert markup(screen) == {
        "inline_keyboard": [
            [{"text": "Yes", "callback_data": "y", "style": "primary"}, {"text": "No", "callback_data": "n"}],
            [{"text": "Back", "callback_data": "b"}],
        ]
    }
    assert markup(Screen("text")) == {"inline_keyboard": []}


def test_a_call_becomes_a_method_and_plain_json() -> None:
    screen = Screen("text", ((Button("Yes", "y"),),))
    calls: dict[str, Call] = {
        "sendMessage": Send(7, screen),
        "editMessageText": Edit(7, 5, screen),
        "editMessageReplyMarkup": Strip(7, 5),
        "deleteMessage": Remove(7, 5),
        "leaveChat": Leave(7),
    }
    for method, call in calls.items():
        found, params = request_of(call)
        assert found == method
        assert params["chat_id"] == 7
        assert json.loads(json.dumps(params)) == params
    assert "reply_markup" not in request_of(Send(7, Screen("text")))[1]
    assert request_of(Edit(7, 5, Screen("text")))[1]["reply_markup"] == {"inline_keyboard": []}
    assert request_of(Send(7, screen))[1]["parse_mode"] == "HTML"


def test_an_answer_that_is_no_json_is_an_error_that_does_not_repeat_it() -> None:
    with pytest.raises(NetworkError) as raised:
        AiohttpRequest.parse_json_payload(b"<html>Ana's words</html>")
    assert "Ana" not in str(raised.value)
    assert raised.value.__suppress_context__


# ---------------------------------------------------------------- on the local Telegram


@pytest.fixture
async def telegram() -> AsyncIterator[LocalTelegram]:
    telegram = LocalTelegram()
    await telegram.start()
    yield telegram
    await telegram.stop()


@pytest.fixture
async def edge(telegram: LocalTelegram) -> AsyncIterator[Edge]:
    edge = Edge(config.LOCAL_TOKEN, telegram.url)
    await edge.open()
    yield edge
    await edge.close()


@pytest.fixture
async def ana(telegram: LocalTelegram) -> Person:
    person = telegram.person("Ana")
    await person.says("/start")
    return person


async def test_calls_do_what_they_say(edge: Edge, ana: Person) -> None:
    screen = Screen("<b>one</b>", ((Button("Yes", "y"),),))
    sent = await edge.deliver(Send(ana.chat_id, screen))
    assert isinstance(sent, Sent)
    number = sent.message_id
    assert number is not None
    assert ana.screen.html == "<b>one</b>"

    assert await edge.deliver(Edit(ana.chat_id, number, screen)) == Sent(number)  # not modified
    assert await edge.deliver(Edit(ana.chat_id, number, Screen("two", screen.rows))) == Sent(number)
    assert ana.screen.text == "two"
    assert isinstance(await edge.deliver(Strip(ana.chat_id, number)), Sent)
    assert ana.screen.buttons == []
    assert isinstance(await edge.deliver(Remove(ana.chat_id, number)), Sent)
    assert all(one.mine for one in ana.messages)


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000008000000080000000000e164e157"
    "0000000c49444154789c63686868000003040181cd3f8b350000000049454e44ae426082"
)
CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


async def test_a_file_arrives_as_it_is_with_its_words_and_buttons(
    edge: Edge, telegram: LocalTelegram, ana: Person
) -> None:
    screen = Screen("<b>your day</b>", ((Button("Yes", "y"),),))
    calendar = SendFile(ana.chat_id, "deadline.ics", "text/calendar", CALENDAR, screen)
    picture = SendFile(ana.chat_id, "paper.png", "image/png", PNG, photo=True)
    for call in (calendar, picture):
        assert isinstance(await edge.deliver(call), Sent)

    document, photo = [one for one in ana.messages if not one.mine]
    assert (document.kind, document.html, document.buttons[0][0].label) == (
        "document",
        "<b>your day</b>",
        "Yes",
    )
    assert (photo.kind, photo.text, photo.buttons) == ("photo", "", [])
    kept = {one.name: (one.mime, one.data) for one in telegram.world.files.values()}
    assert kept == {"deadline.ics": ("text/calendar", CALENDAR), "paper.png": ("image/png", PNG)}
    assert "PNG" not in repr(picture)


async def test_what_is_no_picture_or_empty_is_refused_by_name(edge: Edge, ana: Person) -> None:
    no_picture = SendFile(ana.chat_id, "paper.png", "image/png", b"no picture", photo=True)
    assert await edge.deliver(no_picture) == Refused("image_process_failed")
    empty = SendFile(ana.chat_id, "paper.pdf", "application/pdf", b"")
    assert await edge.deliver(empty) == Refused("file must be non-empty")
    long = SendFile(ana.chat_id, "paper.pdf", "application/pdf", b"%PDF", Screen("x" * 1025))
    assert await edge.deliver(long) == Refused("caption is too long")


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"code": 429, "retry_after": 4}, Retry(4.0, told=True)),
        ({"code": 403}, Gone()),
        ({"code": 400}, Refused("bad request")),
        ({"code": 401}, Retry(5.0)),
        ({"code": 500}, Retry(0.5)),
        ({"code": 502}, Retry(0.5)),
        ({"close": "before"}, Retry(0.5)),
        ({"close": "after"}, Retry(0.5)),
    ],
)
async def test_what_telegram_answers_becomes_an_outcome(
    edge: Edge, telegram: LocalTelegram, ana: Person, fault: Any, outcome: Outcome
) -> None:
    telegram.faults.fail("sendMessage", **fault)
    assert await edge.deliver(Send(ana.chat_id, Screen("text"))) == outcome


async def test_what_telegram_is_strict_about_is_refused_by_name(edge: Edge, ana: Person) -> None:
    for screen, why in (
        (Screen("<b>open"), "can't parse entities"),
        (Screen("x" * 5000), "message is too long"),
        (Screen("text", ((Button("Yes", "x" * 65),),)), "button_data_invalid"),
        (Screen(" "), "message text is empty"),
    ):
        assert await edge.deliver(Send(ana.chat_id, screen)) == Refused(why)
    assert await edge.deliver(Edit(ana.chat_id, 999, Screen("text"))) == Refused("message to edit not found")
    assert await edge.deliver(Send(12345, Screen("text"))) == Gone()
