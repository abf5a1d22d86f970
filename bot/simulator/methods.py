"""The methods of the Bot API, as strict as Telegram's and in its words; `getUpdates` stands in the server."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.simulator import markup
from bot.simulator.world import TEXT_LIMIT, TYPING_SECONDS, picture_size

if TYPE_CHECKING:
    from bot.simulator.world import Chat, Json, Message, World

CAPTION_LIMIT = 1024
DELETABLE_SECONDS = 48 * 3600
ANSWER_SECONDS = 60
MOST_BUTTONS = 100
LARGEST_DOWNLOAD = 20 * 1024 * 1024

OBJECTS = frozenset(
    [
        "reply_markup",
        "entities",
        "caption_entities",
        "allowed_updates",
        "commands",
        "scope",
        "reply_parameters",
        "message_ids",
        "reaction",
        "media",
        "link_preview_options",
        "menu_button",
    ]
)
_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
_CHAT_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
_STYLES = frozenset({"danger", "success", "primary"})
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_URL = re.compile(
    r"(?:(?:https?|tonsite)://)?[^\s/?#:@]+\.[^\s]+|tg://\S+|https?://localhost\S*", re.IGNORECASE
)


class ApiError(Exception):
    """An answer that says no, with Telegram's code and description."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after


@dataclass(frozen=True)
class Upload:
    """A file that came with a call."""

    name: str
    mime: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Request:
    """One call of a method."""

    params: Json
    files: dict[str, Upload]

    def text(self, name: str) -> str:
        """Return a parameter as text, empty when it is missing."""
        value = self.params.get(name)
        return "" if value is None else str(value)

    def number(self, name: str) -> int | None:
        """Return a parameter as a whole number, None when it is missing or none."""
        try:
            return int(self.params[name])
        except (KeyError, TypeError, ValueError):
            return None

    def flag(self, name: str) -> bool:
        """Return a parameter as a truth value."""
        return str(self.params.get(name, "")).lower() in ("true", "1", "yes")


Method = Callable[["World", Request], Any]


def refused(description: str) -> ApiError:
    """Return a "Bad Request" with this description."""
    return ApiError(400, f"Bad Request: {description}")


def read_objects(params: Json) -> Json:
    """Decode the parameters that are objects and came written as text."""
    for name in OBJECTS & params.keys():
        value = params[name]
        if isinstance(value, str) and value:
            try:
                params[name] = json.loads(value)
            except ValueError:
                raise refused(f"can't parse {name.replace('_', ' ')} JSON object") from None
    return params


# -- chats and messages -----------------------------------------------------------------------------------


def chat_of(world: World, request: Request) -> Chat:
    """Return the chat that a call names."""
    if not request.text("chat_id"):
        raise refused("chat_id is empty")
    chat = world.chats.get(request.number("chat_id") or 0)
    if chat is None:
        raise refused("chat not found")
    return chat


def writable(world: World, request: Request) -> Chat:
    """Return the chat that a call names, where the bot may write."""
    chat = chat_of(world, request)
    if chat.kind == "private":
        if chat.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        if not chat.started:
            raise ApiError(403, "Forbidden: bot can't initiate conversation with a user")
    elif not chat.member:
        raise ApiError(403, f"Forbidden: bot is not a member of the {chat.kind} chat")
    return chat


def _message(world: World, request: Request, missing: str) -> Message:
    number = request.number("message_id")
    if number is None:
        raise refused("message identifier is not specified")
    message = chat_of(world, request).messages.get(number)
    if message is None:
        raise refused(missing)
    return message


def _words(request: Request, key: str, limit: int) -> tuple[str, list[markup.Entity]]:
    source = request.text(key)
    mode = request.text("parse_mode")
    if mode.lower() == "html":
        try:
            text, entities = markup.parse_html(source)
        except markup.MarkupError as error:
            raise refused(f"can't parse entities: {error}") from None
    elif mode:
        raise refused("unsupported parse_mode (the local Telegram reads HTML only)")
    else:
        text = source
        entities = list(request.params.get("entities" if key == "text" else "caption_entities") or [])
    text, entities = markup.trimmed(text, entities)
    if markup.units(text) > limit:
        raise refused("message is too long" if key == "text" else "message caption is too long")
    return text, markup.with_found(text, entities)


def _text(request: Request) -> Json:
    text, entities = _words(request, "text", TEXT_LIMIT)
    if not text:
        raise refused("message text is empty")
    return {"text": text, "entities": entities} if entities else {"text": text}


def _caption(request: Request) -> Json:
    text, entities = _words(request, "caption", CAPTION_LIMIT)
    if not text:
        return {}
    return {"caption": text, "caption_entities": entities} if entities else {"caption": text}


def _reply(chat: Chat, request: Request) -> Json:
    parameters = request.params.get("reply_parameters") or {}
    number = parameters.get("message_id") or request.number("reply_to_message_id")
    if not number:
        return {}
    quoted = chat.messages.get(int(number))
    if quoted is not None:
        return {"reply_to_message": {k: v for k, v in quoted.data.items() if k != "reply_to_message"}}
    if parameters.get("allow_sending_without_reply") or request.flag("allow_sending_without_reply"):
        return {}
    raise refused("message to be replied not found")


def _sender(world: World, chat: Chat) -> Json | None:
    return None if chat.kind == "channel" else world.bot_user


def _post(world: World, chat: Chat, request: Request, content: Json) -> Message:
    keyboard = request.params.get("reply_markup") or {}
    if not isinstance(keyboard, dict):
        raise refused("object expected as reply markup")
    content = {**_reply(chat, request), **content}
    if "inline_keyboard" in keyboard:
        rows = inline_rows(keyboard)
        if rows:
            content["reply_markup"] = {"inline_keyboard": rows}
    elif "keyboard" in keyboard:
        chat.keyboard = _reply_keyboard(keyboard)
        world.changed_chat(chat)
    elif keyboard.get("remove_keyboard"):
        chat.keyboard = None
        world.changed_chat(chat)
    return world.post(chat, _sender(world, chat), content, mine=False)


# -- keyboards --------------------------------------------------------------------------------------------


def inline_rows(keyboard: Json) -> list[list[Json]]:
    """Return the checked rows of an inline keyboard, without empty ones."""
    rows = keyboard["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise refused('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    checked = [[_button(button) for button in row] for row in rows if row]
    if sum(map(len, checked)) > MOST_BUTTONS:
        raise refused("reply markup is too long")
    return checked


def _button(button: Any) -> Json:
    where = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise refused(f"{where}InlineKeyboardButton must be an Object")
    if "text" not in button:
        raise refused(f'{where}Can\'t find field "text"')
    if not str(button["text"]).strip():
        raise refused(f"{where}Inline keyboard button text must be non-empty")
    actions = [action for action in _ACTIONS if button.get(action) is not None]
    if not actions:
        raise refused(f"{where}Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise refused(f"{where}exactly one of {', '.join(actions)} is allowed")
    if actions == ["callback_data"] and not 1 <= len(str(button["callback_data"]).encode()) <= 64:
        raise refused("BUTTON_DATA_INVALID")
    if actions == ["copy_text"]:
        copied = button["copy_text"]
        if not isinstance(copied, dict) or not 1 <= markup.units(str(copied.get("text", ""))) <= 256:
            raise refused("BUTTON_COPY_TEXT_INVALID")
    if actions == ["url"] and _URL.fullmatch(str(button["url"])) is None:
        raise refused(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    if button.get("style") is not None and button["style"] not in _STYLES:
        raise refused(f"{where}Invalid button style specified")
    return {key: value for key, value in button.items() if value is not None}


def _reply_keyboard(keyboard: Json) -> Json:
    rows = [
        [{"text": button} if isinstance(button, str) else button for button in row]
        for row in keyboard["keyboard"]
    ]
    if any(not str(button.get("text", "")).strip() for row in rows for button in row):
        raise refused("can't parse keyboard button: Keyboard button text must be non-empty")
    return {**keyboard, "keyboard": rows}


# -- sending ----------------------------------------------------------------------------------------------


def send_message(world: World, request: Request) -> Json:
    """Send a text."""
    content = _text(request)
    chat = writable(world, request)
    return _post(world, chat, request, content).data


def _upload(request: Request, field_name: str, reference: str) -> Upload | str:
    name = reference.removeprefix("attach://") if reference.startswith("attach://") else field_name
    if name in request.files:
        return request.files[name]
    if not reference:
        raise refused(f"there is no {field_name} in the request")
    if reference.startswith(("http://", "https://")):
        raise refused("failed to get HTTP URL content")
    return reference


def _media(world: World, kind: str, given: Upload | str) -> Json:
    if isinstance(given, str):
        stored = world.files.get(given)
        if stored is None:
            raise refused("wrong remote file identifier specified: can't unserialize it. Wrong last symbol")
        if kind == "photo":
            if stored.folder != "photos":
                raise refused("can't use file of type Document as Photo")
            return {"photo": [{**stored.shown, **_size(stored.data)}]}
        return {"document": {**stored.shown, "file_name": stored.name, "mime_type": stored.mime}}
    if not given.data:
        raise refused("file must be non-empty")
    if kind == "document":
        return {"document": world.document(given.data, given.name, given.mime)}
    try:
        return {"photo": world.photo(given.data, given.name, given.mime)}
    except ValueError:
        raise refused("IMAGE_PROCESS_FAILED") from None


def _size(data: bytes) -> Json:
    width, height = picture_size(data)
    return {"width": width, "height": height}


def _send_media(kind: str) -> Method:
    def send(world: World, request: Request) -> Json:
        caption = _caption(request)
        chat = writable(world, request)
        content = _media(world, kind, _upload(request, kind, request.text(kind)))
        return _post(world, chat, request, content | caption).data

    return send


def send_media_group(world: World, request: Request) -> list[Json]:
    """Send an album of photos or documents."""
    items = request.params.get("media")
    if not isinstance(items, list) or not 2 <= len(items) <= 10:
        raise refused("group send failed: media must have from 2 to 10 items")
    chat = writable(world, request)
    contents = []
    for item in items:
        kind = str(item.get("type"))
        if kind not in ("photo", "document"):
            raise refused("can't parse InputMedia: only photos and documents are known here")
        caption = _caption(Request({k: v for k, v in item.items() if v is not None}, {}))
        contents.append(_media(world, kind, _upload(request, kind, str(item.get("media", "")))) | caption)
    album = str(world.number("album"))
    plain = Request({k: v for k, v in request.params.items() if k != "reply_markup"}, {})
    return [_post(world, chat, plain, {"media_group_id": album, **content}).data for content in contents]


def copy_message(world: World, request: Request) -> Json:
    """Send a message again, without a link to the first one."""
    source = Request({**request.params, "chat_id": request.params.get("from_chat_id")}, {})
    message = _message(world, source, "message to copy not found")
    chat = writable(world, request)
    dropped = (
        "message_id",
        "from",
        "sender_chat",
        "chat",
        "date",
        "edit_date",
        "reply_markup",
        "reply_to_message",
    )
    content = {key: value for key, value in message.data.items() if key not in dropped}
    if "caption" in request.params and "text" not in content:
        content.pop("caption", None)
        content.pop("caption_entities", None)
        content |= _caption(request)
    return {"message_id": _post(world, chat, request, content).message_id}


# -- editing and deleting ---------------------------------------------------------------------------------


def _own(world: World, request: Request) -> Message:
    message = _message(world, request, "message to edit not found")
    writable(world, request)
    if message.mine:
        raise refused("message can't be edited")
    return message


def _edit(world: World, message: Message, request: Request, words: Json | None) -> Json:
    keyboard = request.params.get("reply_markup") or {}
    if not isinstance(keyboard, dict) or (keyboard and "inline_keyboard" not in keyboard):
        raise refused("inline keyboard expected")
    rows = inline_rows(keyboard) if keyboard else []
    old = message.data
    parts = ("text", "entities", "caption", "caption_entities")
    if words is None:
        words = {part: old[part] for part in parts if part in old}
    if rows == message.rows and all(old.get(part) == words.get(part) for part in parts):
        raise refused(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    data = {key: value for key, value in old.items() if key not in (*parts, "reply_markup")} | words
    if words.get("text", words.get("caption")) != old.get("text", old.get("caption")):
        data["edit_date"] = int(world.clock.seconds)
    if rows:
        data["reply_markup"] = {"inline_keyboard": rows}
    message.data = data
    world.tell_message(message)
    return data


def edit_message_text(world: World, request: Request) -> Json:
    """Change the text and the buttons of an own message."""
    words = _text(request)
    message = _own(world, request)
    if "text" not in message.data:
        raise refused("there is no text in the message to edit")
    return _edit(world, message, request, words)


def edit_message_caption(world: World, request: Request) -> Json:
    """Change the caption and the buttons of an own message."""
    caption = _caption(request)
    message = _own(world, request)
    if "text" in message.data:
        raise refused("there is no caption in the message to edit")
    return _edit(world, message, request, caption)


def edit_message_reply_markup(world: World, request: Request) -> Json:
    """Change the buttons of an own message."""
    return _edit(world, _own(world, request), request, None)


def _deletable(world: World, message: Message) -> bool:
    return int(world.clock.seconds) - int(message.data["date"]) <= DELETABLE_SECONDS


def delete_message(world: World, request: Request) -> bool:
    """Delete a message, when it is not older than 48 hours."""
    message = _message(world, request, "message to delete not found")
    chat = world.chats[message.chat_id]
    if chat.kind == "group" and message.mine:
        raise refused("message can't be deleted")
    if not _deletable(world, message):
        raise refused("message can't be deleted for everyone")
    world.remove(message)
    return True


def delete_messages(world: World, request: Request) -> bool:
    """Delete several messages; those that cannot be deleted are passed over."""
    numbers = request.params.get("message_ids")
    if not isinstance(numbers, list) or not numbers:
        raise refused("message identifiers are not specified")
    if len(numbers) > 100:
        raise refused("too many message identifiers specified")
    chat = chat_of(world, request)
    for number in numbers:
        message = chat.messages.get(int(number))
        if message is not None and _deletable(world, message) and not (chat.kind == "group" and message.mine):
            world.remove(message)
    return True


# -- small things in a chat -------------------------------------------------------------------------------


def answer_callback_query(world: World, request: Request) -> bool:
    """Answer a tap, once and in time."""
    number = request.number("callback_query_id") or 0
    text = request.text("text")
    if markup.units(text) > 200:
        raise refused("MESSAGE_TOO_LONG")
    query = world.queries.pop(number, None)
    if query is not None:
        world.keep.put("query", number, None)
    if query is None or world.clock.seconds - query.at > ANSWER_SECONDS:
        raise refused("query is too old and response timeout expired or query ID is invalid")
    chat = world.chats[query.chat_id]
    alert = request.flag("show_alert")
    if text:
        (chat.alerts if alert else chat.toasts).append(text)
    world.tell({"type": "answer", "chat": chat.chat_id, "query": number, "text": text, "alert": alert})
    return True


def send_chat_action(world: World, request: Request) -> bool:
    """Show that the bot is typing or sending."""
    chat = writable(world, request)
    if request.text("action") not in _CHAT_ACTIONS:
        raise refused("wrong parameter action in request")
    chat.typing_until = time.monotonic() + TYPING_SECONDS
    world.tell({"type": "typing", "chat": chat.chat_id})
    return True


def pin_chat_message(world: World, request: Request) -> bool:
    """Pin a message."""
    message = _message(world, request, "message to pin not found")
    chat = writable(world, request)
    if message.message_id in chat.pinned:
        chat.pinned.remove(message.message_id)
    chat.pinned.append(message.message_id)
    world.changed_chat(chat)
    return True


def unpin_chat_message(world: World, request: Request) -> bool:
    """Take the pin off a message, the latest one when none is named."""
    chat = writable(world, request)
    number = request.number("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if number not in chat.pinned:
        raise refused("message to unpin not found")
    chat.pinned.remove(number)
    world.changed_chat(chat)
    return True


def unpin_all_chat_messages(world: World, request: Request) -> bool:
    """Take all pins off."""
    chat = writable(world, request)
    chat.pinned.clear()
    world.changed_chat(chat)
    return True


def set_message_reaction(world: World, request: Request) -> bool:
    """Put the bot's reaction on a message."""
    message = _message(world, request, "message to react not found")
    writable(world, request)
    reaction = request.params.get("reaction") or []
    if len(reaction) > 1:
        raise refused("REACTIONS_TOO_MANY")
    message.reactions = [str(one["emoji"]) for one in reaction if one.get("type") == "emoji"]
    world.tell_message(message)
    return True


def leave_chat(world: World, request: Request) -> bool:
    """Leave a group or a channel."""
    chat = chat_of(world, request)
    if chat.kind == "private":
        raise refused("chat member status can't be changed in private chats")
    chat.member = False
    world.changed_chat(chat)
    return True


def get_chat(world: World, request: Request) -> Json:
    """Return all about a chat."""
    chat = chat_of(world, request)
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    shown: Json = {
        **chat.shown,
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }
    if chat.pinned:
        shown["pinned_message"] = chat.messages[chat.pinned[-1]].data
    return shown


def get_file(world: World, request: Request) -> Json:
    """Return where a file can be fetched."""
    stored = world.files.get(request.text("file_id"))
    if stored is None:
        raise refused("wrong file_id or the file is temporarily unavailable")
    if len(stored.data) > LARGEST_DOWNLOAD:
        raise refused("file is too big")
    return {**stored.shown, "file_path": stored.path}


# -- the bot itself ---------------------------------------------------------------------------------------


def get_me(world: World, request: Request) -> Json:  # noqa: ARG001
    """Return the bot."""
    no = (
        "can_read_all_group_messages supports_inline_queries can_connect_to_business has_main_web_app "
        "has_topics_enabled allows_users_to_create_topics"
    )
    return {**world.bot_user, "can_join_groups": True, **dict.fromkeys(no.split(), False)}


def _scope(request: Request) -> str:
    scope = request.params.get("scope") or {"type": "default"}
    return json.dumps([scope, request.text("language_code")], sort_keys=True)


def set_my_commands(world: World, request: Request) -> bool:
    """Set the commands of the menu."""
    commands = request.params.get("commands")
    if not isinstance(commands, list):
        raise refused("can't parse commands: expected an Array of BotCommand")
    if len(commands) > 100:
        raise refused("BOT_COMMANDS_TOO_MUCH")
    kept = []
    for command in commands:
        name = str(command.get("command", "")).removeprefix("/")
        if _COMMAND.fullmatch(name) is None:
            raise refused("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", "")).strip()) <= 256:
            raise refused("BOT_COMMAND_DESCRIPTION_INVALID")
        kept.append({"command": name, "description": command["description"]})
    world.profile.commands[_scope(request)] = kept
    world.changed_profile()
    return True


def get_my_commands(world: World, request: Request) -> list[Json]:
    """Return the commands of the menu."""
    return world.profile.commands.get(_scope(request), [])


def delete_my_commands(world: World, request: Request) -> bool:
    """Remove the commands of the menu."""
    world.profile.commands.pop(_scope(request), None)
    world.changed_profile()
    return True


def _setter(store: str, key: str, most: int) -> Method:
    def set_it(world: World, request: Request) -> bool:
        text = request.text(key)
        if len(text) > most:
            raise refused(f"{key.replace('_', ' ')} is too long")
        texts: dict[str, str] = getattr(world.profile, store)
        if text:
            texts[request.text("language_code")] = text
        else:
            texts.pop(request.text("language_code"), None)
        world.changed_profile()
        return True

    return set_it


def _getter(store: str, key: str) -> Method:
    def get_it(world: World, request: Request) -> Json:
        texts: dict[str, str] = getattr(world.profile, store)
        fallback = world.profile.name if key == "name" else ""
        return {key: texts.get(request.text("language_code"), texts.get("", fallback))}

    return get_it


def set_webhook(world: World, request: Request) -> bool:
    """Set the webhook; nothing is ever delivered to it."""
    if request.flag("drop_pending_updates"):
        _drop(world)
    if isinstance(request.params.get("allowed_updates"), list):
        world.profile.allowed = [str(kind) for kind in request.params["allowed_updates"]]
    url = request.text("url")
    if url and not url.startswith("https://"):
        raise refused("bad webhook: An HTTPS URL must be provided for webhook")
    world.profile.webhook = url
    world.changed_profile()
    return True


def delete_webhook(world: World, request: Request) -> bool:
    """Remove the webhook."""
    if request.flag("drop_pending_updates"):
        _drop(world)
    world.profile.webhook = ""
    world.changed_profile()
    return True


def _drop(world: World) -> None:
    if world.updates:
        world.confirm(world.updates[-1].update_id + 1)


def get_webhook_info(world: World, request: Request) -> Json:  # noqa: ARG001
    """Return the webhook and how many updates wait."""
    shown: Json = {
        "url": world.profile.webhook,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates),
    }
    if world.profile.allowed:
        shown["allowed_updates"] = world.profile.allowed
    return shown


def _yes(world: World, request: Request) -> bool:  # noqa: ARG001
    return True


METHODS: dict[str, Method] = {
    "getme": get_me,
    "logout": _yes,
    "close": _yes,
    "sendmessage": send_message,
    "sendphoto": _send_media("photo"),
    "senddocument": _send_media("document"),
    "sendmediagroup": send_media_group,
    "copymessage": copy_message,
    "editmessagetext": edit_message_text,
    "editmessagecaption": edit_message_caption,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "deletemessages": delete_messages,
    "answercallbackquery": answer_callback_query,
    "sendchataction": send_chat_action,
    "pinchatmessage": pin_chat_message,
    "unpinchatmessage": unpin_chat_message,
    "unpinallchatmessages": unpin_all_chat_messages,
    "setmessagereaction": set_message_reaction,
    "leavechat": leave_chat,
    "getchat": get_chat,
    "getfile": get_file,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "setmydescription": _setter("descriptions", "description", 512),
    "getmydescription": _getter("descriptions", "description"),
    "setmyshortdescription": _setter("short_descriptions", "short_description", 120),
    "getmyshortdescription": _getter("short_descriptions", "short_description"),
    "setmyname": _setter("names", "name", 64),
    "getmyname": _getter("names", "name"),
    "setchatmenubutton": _yes,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
}
