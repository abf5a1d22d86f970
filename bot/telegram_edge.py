"""The only importer of `telegram`: poll, Update -> Event, Screen -> call, error -> Outcome."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

import aiohttp
from telegram import Bot, InputFile
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
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

from bot.model import (
    Attachment,
    Barred,
    Edit,
    Elsewhere,
    Event,
    Gone,
    Handed,
    Ignored,
    Leave,
    Pin,
    Refused,
    Remove,
    Retry,
    Said,
    Send,
    SendFile,
    Sent,
    Strip,
    Tapped,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from bot.model import Act, Button, Call, Outcome, Screen

log = logging.getLogger(__name__)
os.environ.setdefault("PTB_TIMEDELTA", "1")  # its coming way to tell a wait; the old one warns at every 429

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member", "channel_post"]
POLL_SECONDS = 50
ASK_SECONDS = 20.0
FILE_CHUNK = 64 * 1024
FILE_SECONDS = 120.0  # what a file of 20 MB takes on a slow line
BATCH = 100
# What may stand in a message instead of text, as Telegram names it.
KINDS = (
    "photo", "document", "sticker", "voice", "video_note", "video", "audio", "animation", "location", "venue",
    "contact", "poll", "dice", "story", "checklist",
)  # fmt: skip
COMMANDS = (
    "start", "case", "deadlines", "papers", "reminders", "questions", "help", "cancel", "privacy", "delete",
)  # fmt: skip


class EdgeError(Exception):
    """Telegram will not work with us as things are; the message says what to do."""


# ---------------------------------------------------------------- requests


@cache
def _timeout(total: float | None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=total, connect=10)


class AiohttpRequest(BaseRequest):
    """Requests by aiohttp: one pool, JSON bodies, files as multipart."""

    def __init__(self, connections: int) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Return how long an answer may take, in seconds."""
        return 20.0

    async def initialize(self) -> None:
        """Open the pool."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=60)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def shutdown(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """Make one request; raise TimedOut or NetworkError, never with what was sent."""
        if self._session is None:
            raise NetworkError("the pool is not open")
        total = self.read_timeout if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        body: dict[str, Any] = {}
        if request_data is not None and request_data.contains_files:
            form = aiohttp.FormData()
            for name, value in request_data.json_parameters.items():
                form.add_field(name, value)
            for name, (filename, content, mime) in request_data.multipart_data.items():
                form.add_field(name, content, filename=filename, content_type=mime)
            body["data"] = form
        elif request_data is not None:
            body["json"] = request_data.parameters
        try:
            async with self._session.request(method, url, timeout=_timeout(total), **body) as answer:
                return answer.status, await answer.read()
        except TimeoutError:
            raise TimedOut from None
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from None

    async def fetch(self, url: str, most: int) -> tuple[int, bytes]:
        """Return the status and what is at an address, no more than one byte beyond `most`."""
        if self._session is None:
            raise NetworkError("the pool is not open")
        content = bytearray()
        timeout = aiohttp.ClientTimeout(total=FILE_SECONDS, connect=10, sock_read=30)
        try:
            async with self._session.get(url, timeout=timeout) as answer:
                async for chunk in answer.content.iter_chunked(FILE_CHUNK):
                    content += chunk
                    if len(content) > most:
                        break
                return answer.status, bytes(content[: most + 1])
        except TimeoutError:
            raise TimedOut from None
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return the answer; one that is no JSON is an error that does not repeat it."""
        try:
            return cast("dict[str, Any]", json.loads(payload))
        except ValueError:
            raise NetworkError("the answer is no JSON") from None


class _Bot(Bot):
    """python-telegram-bot's Bot, asked for plain answers: no object is built from each of them."""

    async def ask(self, method: str, params: dict[str, Any], seconds: float = ASK_SECONDS) -> Any:
        """Call a method of the Bot API and return its result as plain JSON; `params` is plain JSON, too."""
        request = self._request[0 if method == "getUpdates" else 1]
        data = RequestData([_parameter(name, value) for name, value in params.items()])
        return await request.post(f"{self.base_url}/{method}", data, read_timeout=seconds)

    async def fetch(self, path: str, most: int, size: int | None) -> bytes | Retry | Refused:
        """Return the bytes behind a path of getFile; what breaks off or is larger than it may be is no file."""
        request = cast("AiohttpRequest", self._request[1])
        status, content = await request.fetch(f"{self.base_file_url}/{quote(path)}", most)
        if len(content) > most:
            return Refused("file is too big")
        if status == 429:
            return Retry(5.0)
        if status != 200 or (size is not None and len(content) != size):
            return Retry(1.0)
        return content or Refused("file must be non-empty")


def _parameter(name: str, value: Any) -> RequestParameter:
    return (
        RequestParameter(name, None, [value])
        if isinstance(value, InputFile)
        else RequestParameter(name, value, None)
    )


# ---------------------------------------------------------------- what comes in


def read(update: Mapping[str, Any]) -> Event:
    """Return what an update says somebody did; what asks for nothing is Ignored, never an error."""
    update_id = int(update["update_id"])
    try:
        chat_id, act = _act(update)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        log.warning("update %d has an unknown form: %s", update_id, type(error).__name__)
        chat_id, act = 0, Ignored("unknown form")
    return Event(update_id, chat_id, act)


def _act(update: Mapping[str, Any]) -> tuple[int, Act]:
    if "callback_query" in update:
        query = update["callback_query"]
        message = query.get("message")
        if message is None or message["chat"]["type"] != "private":
            return 0, Ignored("tap elsewhere")
        return message["chat"]["id"], Tapped(query.get("data", ""), message["message_id"], str(query["id"]))
    if "my_chat_member" in update:
        return _membership(update["my_chat_member"])
    for name in ("message", "edited_message"):
        if name in update:
            return _message(update[name], edited=name == "edited_message")
    if "channel_post" in update:
        return update["channel_post"]["chat"]["id"], Elsewhere("channel")
    return 0, Ignored("unknown kind")


def _membership(change: Mapping[str, Any]) -> tuple[int, Act]:
    chat, status = change["chat"], change["new_chat_member"]["status"]
    if chat["type"] == "private":
        return chat["id"], Barred(lifted=status not in ("kicked", "left"))
    if status in ("member", "administrator", "restricted"):
        return chat["id"], Elsewhere("channel" if chat["type"] == "channel" else "group")
    return chat["id"], Ignored("left")


def _message(message: Mapping[str, Any], *, edited: bool) -> tuple[int, Act]:
    chat = message["chat"]
    if chat["type"] != "private":
        # What is said in a group is not for us; being put into one is told when it happens.
        addressed = str(message.get("text", "")).startswith("/") and not edited
        return chat["id"], Elsewhere("group") if addressed else Ignored("a group")
    message_id = message["message_id"]
    if "text" in message:
        return chat["id"], Said(message["text"], message_id, edited)
    for kind in KINDS:
        if kind in message:
            # An animation comes as a document, a venue as a location, too: the first name found is the finer one.
            caption, album = message.get("caption", ""), str(message.get("media_group_id", ""))
            what, file = _kind(message, kind), _attachment(message)
            handed = Handed(what, message_id, caption, edited, file, album, _place(message))
            return chat["id"], handed
    return chat["id"], Ignored("a service message")


def _attachment(message: Mapping[str, Any]) -> Attachment | None:
    """Return the photo (its largest size) or the file of a message; a moving picture is neither."""
    found = message["photo"][-1] if message.get("photo") else message.get("document")
    if "animation" in message or not found or "file_id" not in found:
        return None
    size = found.get("file_size", 0)
    return Attachment(found["file_id"], size if isinstance(size, int) else 0, found.get("mime_type", ""))


def _place(message: Mapping[str, Any]) -> tuple[float, float] | None:
    where = message.get("location")
    return (float(where["latitude"]), float(where["longitude"])) if where else None


def _kind(message: Mapping[str, Any], kind: str) -> str:
    if kind in ("photo", "document", "sticker", "voice", "location", "contact", "video"):
        return "video" if kind == "document" and "animation" in message else kind
    return {"video_note": "video", "animation": "video", "audio": "voice", "venue": "location"}.get(
        kind, "other"
    )


# ---------------------------------------------------------------- what goes out


def outcome_of(error: TelegramError) -> Outcome:
    """Return what an error of Telegram means. The order counts: BadRequest is a NetworkError there."""
    match error:
        case RetryAfter():
            wait = _seconds(error)
            return Retry(max(wait, 0.1), told=True)
        case Forbidden():
            return Gone()
        case BadRequest():
            said = error.message.casefold()
            if "message is not modified" in said:
                return Sent()
            if "chat not found" in said or "user is deactivated" in said:
                return Gone()
            return Refused(_name_of(said))
        case ChatMigrated():
            return Gone()
        case InvalidToken() | Conflict():
            return Retry(5.0)
        case NetworkError():
            return Retry(0.5)
        case _:
            return Refused(type(error).__name__)


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _name_of(said: str) -> str:
    """Return a short name for a refusal; Telegram's own text may repeat what a person said."""
    for name in (
        "message to edit not found", "message can't be edited", "message to delete not found",
        "message can't be deleted", "can't parse entities", "message is too long", "button_data_invalid",
        "message text is empty", "query is too old", "reply markup", "caption is too long", "file must be non-empty",
        "image_process_failed", "photo_invalid_dimensions", "file is too big", "wrong file_id",
    ):  # fmt: skip
        if name in said:
            return name
    return "bad request"


def markup(screen: Screen) -> dict[str, Any]:
    """Return the keyboard of a screen; an empty one takes the buttons off."""
    return {"inline_keyboard": [[_button(one) for one in row] for row in screen.rows]}


def _button(button: Button) -> dict[str, Any]:
    does = {"copy_text": {"text": button.copy}} if button.copy else {"callback_data": button.data}
    return {"text": button.text, **does} | ({"style": button.style} if button.style else {})


def request_of(call: Call) -> tuple[str, dict[str, Any]]:
    """Return the method of the Bot API, and its parameters, that make a call."""
    match call:
        case Send(chat_id, screen, paid):
            more: dict[str, Any] = {"reply_markup": markup(screen)} if screen.rows else {}
            if paid:
                more["allow_paid_broadcast"] = True
            return "sendMessage", {"chat_id": chat_id, **_text(screen), **more}
        case SendFile(chat_id, screen=screen, photo=photo):
            kind = "photo" if photo else "document"
            caption = {"caption": screen.text, "parse_mode": "HTML"} if screen.text else {}
            more = {"reply_markup": markup(screen)} if screen.rows else {}
            # Without this Telegram may show a picture sent as a file as something else.
            plain = {} if photo else {"disable_content_type_detection": True}
            return f"send{kind.title()}", {"chat_id": chat_id, kind: _file(call), **plain, **caption, **more}
        case Edit(chat_id, message_id, screen):
            where = {"chat_id": chat_id, "message_id": message_id}
            return "editMessageText", where | _text(screen) | {"reply_markup": markup(screen)}
        case Strip(chat_id, message_id):
            empty: dict[str, Any] = {"inline_keyboard": []}
            return "editMessageReplyMarkup", {
                "chat_id": chat_id,
                "message_id": message_id,
                "reply_markup": empty,
            }
        case Remove(chat_id, message_id):
            return "deleteMessage", {"chat_id": chat_id, "message_id": message_id}
        case Pin(chat_id, message_id):
            where = {"chat_id": chat_id, "message_id": message_id, "disable_notification": True}
            return "pinChatMessage", where
        case Leave(chat_id):
            return "leaveChat", {"chat_id": chat_id}


def _file(call: SendFile) -> InputFile:
    file = InputFile(call.content, filename=call.name)
    file.mimetype = call.mime
    return file


def _text(screen: Screen) -> dict[str, Any]:
    return {"text": screen.text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}


class Edge:
    """Telegram, as the rest of the house sees it."""

    def __init__(self, token: str, api_url: str, connections: int = 110) -> None:
        self._bot = _Bot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=AiohttpRequest(connections),
            get_updates_request=AiohttpRequest(connections=1),
        )
        self._toasts: set[asyncio.Task[None]] = set()

    async def open(self) -> str:
        """Begin; return the bot's user name. Waits while Telegram is down. Raises EdgeError."""
        for request in self._bot._request:
            await request.initialize()
        wait = 1.0
        while True:
            try:
                me = await self._bot.ask("getMe", {})
                return str(me.get("username", ""))
            except InvalidToken:
                raise EdgeError("Telegram does not know this token. Look at TELEGRAM_BOT_TOKEN.") from None
            except TelegramError as error:
                log.warning(
                    "Telegram cannot be reached (%s); trying again in %.0f s", type(error).__name__, wait
                )
                await asyncio.sleep(wait)
                wait = min(wait * 2, 60.0)

    async def introduce(self, words: Mapping[str, Any]) -> None:
        """Tell Telegram the commands and what the bot is, in `words`; a failure is no reason not to run."""
        commands = [{"command": name, "description": words["commands"][name]} for name in COMMANDS]
        for method, params in (
            ("setMyCommands", {"commands": commands}),
            ("setMyDescription", {"description": words["description"]}),
            ("setMyShortDescription", {"short_description": words["short_description"]}),
        ):
            try:
                await self._bot.ask(method, params)
            except TelegramError as error:
                log.warning("%s did not go through: %s", method, type(error).__name__)

    async def close(self) -> None:
        """End, after the answers to taps that are under way."""
        if self._toasts:
            await asyncio.wait(self._toasts, timeout=2)
        for request in self._bot._request:
            await request.shutdown()

    async def poll(self, handle: Callable[[list[Event]], Coroutine[Any, Any, None]]) -> None:
        """Fetch updates for ever; each batch is confirmed only after `handle` has returned. Raises EdgeError."""
        offset: int | None = None
        wait = 1.0
        while True:
            params: dict[str, Any] = {
                "timeout": POLL_SECONDS,
                "limit": BATCH,
                "allowed_updates": ALLOWED_UPDATES,
            }
            if offset is not None:
                params["offset"] = offset
            try:
                updates = await self._bot.ask("getUpdates", params, POLL_SECONDS + 15.0)
            except InvalidToken:
                raise EdgeError(
                    "Telegram does not know this token any more. Look at TELEGRAM_BOT_TOKEN."
                ) from None
            except Conflict as error:
                if "webhook" in error.message.casefold():
                    raise EdgeError(
                        "A webhook is set for this bot, so it cannot poll. Remove it (deleteWebhook) and start again."
                    ) from None
                raise EdgeError(
                    "Another program polls with this token. Only one may run; stop the other one and start again."
                ) from None
            except RetryAfter as error:
                await asyncio.sleep(_seconds(error))
            except TelegramError as error:
                log.warning("getUpdates: %s; trying again in %.0f s", type(error).__name__, wait)
                await asyncio.sleep(wait)
                wait = min(wait * 2, 30.0)
            else:
                wait = 1.0
                if updates:
                    await _to_the_end(handle([read(one) for one in updates]))
                    offset = int(updates[-1]["update_id"]) + 1

    async def deliver(self, call: Call) -> Outcome:
        """Make a call; return what came of it."""
        method, params = request_of(call)
        try:
            result = await self._bot.ask(
                method, params, FILE_SECONDS if isinstance(call, SendFile) else ASK_SECONDS
            )
        except TelegramError as error:
            outcome = outcome_of(error)
            if isinstance(outcome, Sent) and isinstance(call, Edit):
                return Sent(call.message_id)
            return outcome
        return Sent(result["message_id"] if isinstance(result, dict) and "message_id" in result else None)

    async def download(self, file_id: str, most: int) -> bytes | Retry | Refused:
        """Fetch a file of at most `most` bytes; one that is larger or not known any more is Refused."""
        try:
            found = await self._bot.ask("getFile", {"file_id": file_id})
            size, path = found.get("file_size"), found.get("file_path")
            if isinstance(size, int) and size > most:
                return Refused("file is too big")
            if not path:
                return Retry(0.5)
            return await self._bot.fetch(path, most, size if isinstance(size, int) else None)
        except TelegramError as error:
            outcome = outcome_of(error)
            return outcome if isinstance(outcome, Retry | Refused) else Refused(type(error).__name__)

    async def at_work(self, chat_id: int) -> None:
        """Show in a chat that the bot is at work; where that fails, nothing is lost."""
        try:
            await self._bot.ask("sendChatAction", {"chat_id": chat_id, "action": "typing"})
        except TelegramError as error:
            log.debug("that the bot is at work was not shown: %s", type(error).__name__)

    def toast(self, query_id: str, text: str) -> None:
        """Answer a tap at once; an answer that comes too late is no loss."""
        task = asyncio.get_running_loop().create_task(self._toast(query_id, text))
        self._toasts.add(task)
        task.add_done_callback(self._toasts.discard)

    async def _toast(self, query_id: str, text: str) -> None:
        params = {"callback_query_id": query_id} | ({"text": text} if text else {})
        try:
            await self._bot.ask("answerCallbackQuery", params)
        except TelegramError as error:
            log.debug("a tap was not answered: %s", type(error).__name__)


async def _to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Wait for `work` even when told to stop: what was begun is finished, nothing is half done."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise
