"""The people, chats, messages, files and updates of the local Telegram, and what people do in them.

All of it lives in memory and nothing here waits. A message is kept in the form in which the Bot API shows it,
so an answer, an update and the page say the same thing.
"""

from __future__ import annotations

import asyncio
import json
import struct
import time
from collections import deque
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from bot.simulator import markup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.simulator.clock import Clock
    from bot.simulator.keep import Keep

Json = dict[str, Any]

TEXT_LIMIT = 4096
TYPING_SECONDS = 5.0
QUIET_UPDATES = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
KINDS_OF_MESSAGE = (
    "text",
    "photo",
    "document",
    "sticker",
    "voice",
    "location",
    "contact",
    "video",
)
_FIRST_PERSON = 700_000_001
_FIRST_GROUP = -4_000_000_001
_FIRST_CHANNEL = -1_001_000_000_001
# A grey picture of 8 x 8 points, for people who send a photo without saying which.
_PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000008000000080000000000e164e157"
    "0000000c49444154789c63686868000003040181cd3f8b350000000049454e44ae426082"
)


@dataclass
class Message:
    """A message in a chat; `data` is the Bot API's view of it."""

    chat_id: int
    message_id: int
    mine: bool
    data: Json
    hidden: bool = False
    reactions: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Return what kind of message this is."""
        return next((kind for kind in KINDS_OF_MESSAGE if kind in self.data), "service")

    @property
    def words(self) -> tuple[str, list[markup.Entity]]:
        """Return the text or caption with its entities."""
        if "text" in self.data:
            return self.data["text"], self.data.get("entities", [])
        return self.data.get("caption", ""), self.data.get("caption_entities", [])

    @property
    def rows(self) -> list[list[Json]]:
        """Return the rows of inline buttons."""
        rows: list[list[Json]] = self.data.get("reply_markup", {}).get("inline_keyboard", [])
        return rows

    def record(self) -> Json:
        """Return what has to be kept."""
        return {
            "chat_id": self.chat_id,
            "message_id": self.message_id,
            "mine": self.mine,
            "data": self.data,
            "hidden": self.hidden,
            "reactions": self.reactions,
        }


@dataclass
class Chat:
    """A private chat with one person, a group or a channel."""

    chat_id: int
    kind: str
    name: str
    started: bool = False
    blocked: bool = False
    member: bool = True
    pinned: list[int] = field(default_factory=list)
    keyboard: Json | None = None
    messages: dict[int, Message] = field(default_factory=dict, repr=False)
    toasts: list[str] = field(default_factory=list, repr=False)
    alerts: list[str] = field(default_factory=list, repr=False)
    typing_until: float = 0.0

    @property
    def shown(self) -> Json:
        """Return the chat as the Bot API shows it in a message."""
        if self.kind == "private":
            return {"id": self.chat_id, "type": "private", "first_name": self.name}
        return {"id": self.chat_id, "type": self.kind, "title": self.name}

    @property
    def user(self) -> Json:
        """Return the person of a private chat as the Bot API shows them."""
        return {"id": self.chat_id, "is_bot": False, "first_name": self.name, "language_code": "en"}

    @property
    def typing(self) -> bool:
        """Say whether the bot is shown as typing."""
        return time.monotonic() < self.typing_until

    def record(self) -> Json:
        """Return what has to be kept; the messages are kept by themselves."""
        return {
            "chat_id": self.chat_id,
            "kind": self.kind,
            "name": self.name,
            "started": self.started,
            "blocked": self.blocked,
            "member": self.member,
            "pinned": self.pinned,
            "keyboard": self.keyboard,
        }


@dataclass(frozen=True)
class Stored:
    """A file that somebody sent."""

    number: int
    folder: str
    name: str
    mime: str
    data: bytes = field(repr=False)

    @property
    def file_id(self) -> str:
        """Return the id by which a bot sends or fetches it."""
        return f"LOCAL-{self.folder}-{self.number}"

    @property
    def path(self) -> str:
        """Return the path of `getFile`."""
        ending = self.name.rpartition(".")[2] if "." in self.name else "bin"
        return f"{self.folder}/file_{self.number}.{ending}"

    @property
    def shown(self) -> Json:
        """Return what the Bot API says of every file."""
        return {"file_id": self.file_id, "file_unique_id": f"U{self.number}", "file_size": len(self.data)}

    def record(self) -> Json:
        """Return what has to be kept beside the bytes."""
        return {"number": self.number, "folder": self.folder, "name": self.name, "mime": self.mime}


@dataclass(frozen=True)
class Update:
    """An update on its way to the bot, written once."""

    update_id: int
    text: str

    def record(self) -> str:
        """Return what has to be kept."""
        return self.text


@dataclass
class Query:
    """A tap that waits for its callback answer."""

    chat_id: int
    at: float

    def record(self) -> Json:
        """Return what has to be kept."""
        return {"chat_id": self.chat_id, "at": self.at}


@dataclass
class Profile:
    """What the bot says of itself, what it wants to hear, and the numbers given so far."""

    bot_id: int = 100_000_001
    name: str = "Local bot"
    username: str = "local_bot"
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    allowed: list[str] = field(default_factory=list)
    webhook: str = ""
    numbers: dict[str, int] = field(default_factory=dict)
    clock: dict[str, Any] = field(default_factory=dict)

    def record(self) -> Json:
        """Return what has to be kept."""
        return dict(vars(self))


class World:
    """All that the local Telegram knows."""

    def __init__(self, keep: Keep, clock: Clock) -> None:
        self.keep = keep
        self.clock = clock
        self.profile = Profile()
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, Stored] = {}
        self.queries: dict[int, Query] = {}
        self.updates: deque[Update] = deque()
        self.arrival: asyncio.Future[None] | None = None
        self.watchers: set[asyncio.Queue[Json | None]] = set()
        self._by_name: dict[tuple[str, str], Chat] = {}
        self._confirming: list[tuple[int, asyncio.Future[None]]] = []
        self._load()
        clock.on_move = self._clock_moved

    # -- numbers and keeping ------------------------------------------------------------------------------

    def number(self, of: str, first: int = 1) -> int:
        """Return the next number of its kind; none is ever given twice."""
        numbers = self.profile.numbers
        number = numbers.get(of, first)
        numbers[of] = number + 1
        self.keep.put("profile", 0, self.profile)
        return number

    def changed_profile(self) -> None:
        """Keep the profile and tell the page."""
        self.keep.put("profile", 0, self.profile)
        self.tell({"type": "bot"})

    def changed_chat(self, chat: Chat) -> None:
        """Keep the chat and tell the page."""
        self.keep.put("chat", chat.chat_id, chat)
        self.tell({"type": "chat", "chat": chat.chat_id})

    async def _clock_moved(self) -> None:
        self.profile.clock = self.clock.record()
        self.keep.put("profile", 0, self.profile)
        self.tell({"type": "clock"})
        await self.keep.settled()

    def _load(self) -> None:
        for _, record in self.keep.load("profile"):
            self.profile = Profile(**record)
        if self.profile.clock:
            self.clock.restore(self.profile.clock)
        elif self.clock.frozen:
            self.profile.clock = self.clock.record()
        for _, record in self.keep.load("chat"):
            self._remember(Chat(**record))
        for _, record in self.keep.load("message"):
            message = Message(**record)
            self.chats[message.chat_id].messages[message.message_id] = message
        for _, record in self.keep.load("file"):
            stored = Stored(**record, data=self.keep.load_file(record["number"]))
            self.files[stored.file_id] = stored
        for number, record in self.keep.load("query"):
            self.queries[number] = Query(**record)
        self.updates.extend(Update(number, text) for number, text in self.keep.load("update"))

    def _remember(self, chat: Chat) -> None:
        self.chats[chat.chat_id] = chat
        self._by_name[chat.kind, chat.name] = chat

    # -- the page's live feed -----------------------------------------------------------------------------

    def tell(self, event: Json) -> None:
        """Pass an event to everybody who watches."""
        for watcher in self.watchers:
            watcher.put_nowait(event)

    def tell_message(self, message: Message) -> None:
        """Say that a message is new or different."""
        self.keep.put("message", message.message_id, message)
        if self.watchers:
            self.tell({"type": "message", "chat": message.chat_id, "message": self.view(message)})

    # -- updates ------------------------------------------------------------------------------------------

    def push(self, kind: str, content: Any) -> int:
        """Put an update in the bot's queue, when the bot wants its kind; return its id."""
        update_id = self.number("update", 1_000_001)
        allowed = self.profile.allowed
        if (kind in allowed) if allowed else (kind not in QUIET_UPDATES):
            text = json.dumps({"update_id": update_id, kind: content}, separators=(",", ":"))
            update = Update(update_id, text)
            self.updates.append(update)
            self.keep.put("update", update_id, update)
            if self.arrival is not None and not self.arrival.done():
                self.arrival.set_result(None)
        return update_id

    def confirm(self, below: int) -> None:
        """Forget the updates with an id smaller than `below`."""
        updates = self.updates
        while updates and updates[0].update_id < below:
            self.keep.put("update", updates.popleft().update_id, None)
        if self._confirming:
            for entry in [entry for entry in self._confirming if self.is_confirmed(entry[0])]:
                self._confirming.remove(entry)
                if not entry[1].done():
                    entry[1].set_result(None)

    def is_confirmed(self, update_id: int) -> bool:
        """Say whether the bot has confirmed an update."""
        return not self.updates or self.updates[0].update_id > update_id

    def confirmed(self, update_id: int) -> asyncio.Future[None]:
        """Return a future that is done when the bot has confirmed the update."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self.is_confirmed(update_id):
            done.set_result(None)
        else:
            self._confirming.append((update_id, done))
        return done

    def next_updates(self, limit: int) -> list[str]:
        """Return the oldest updates, each as JSON."""
        return [update.text for update in islice(self.updates, limit)]

    # -- chats --------------------------------------------------------------------------------------------

    def named(self, kind: str, name: str) -> Chat:
        """Return the chat of that name, making it when there is none."""
        chat = self._by_name.get((kind, name))
        if chat is None:
            if not name.strip():
                raise ValueError("A name is needed.")
            step = self.number(kind, 0)
            first = {"private": _FIRST_PERSON, "group": _FIRST_GROUP, "channel": _FIRST_CHANNEL}[kind]
            chat_id = first + step if kind == "private" else first - step
            chat = Chat(chat_id, kind, name, member=kind == "private")
            self._remember(chat)
            self.changed_chat(chat)
        return chat

    @property
    def bot_user(self) -> Json:
        """Return the bot as the Bot API shows it in a message."""
        name = self.profile.names.get("", self.profile.name)
        return {
            "id": self.profile.bot_id,
            "is_bot": True,
            "first_name": name,
            "username": self.profile.username,
        }

    def post(self, chat: Chat, sender: Json | None, content: Json, *, mine: bool) -> Message:
        """Add a message to a chat."""
        message_id = self.number("message")
        data: Json = {"message_id": message_id}
        if sender is not None:
            data["from"] = sender
        if chat.kind == "channel":
            data["sender_chat"] = chat.shown
        data |= {"chat": chat.shown, "date": int(self.clock.seconds), **content}
        message = Message(chat.chat_id, message_id, mine, data)
        chat.messages[message_id] = message
        if not mine:
            chat.typing_until = 0.0
        self.tell_message(message)
        return message

    def remove(self, message: Message) -> None:
        """Delete a message for everybody."""
        chat = self.chats[message.chat_id]
        del chat.messages[message.message_id]
        self.keep.put("message", message.message_id, None)
        if message.message_id in chat.pinned:
            chat.pinned.remove(message.message_id)
            self.changed_chat(chat)
        self.tell({"type": "gone", "chat": chat.chat_id, "message_id": message.message_id})

    # -- files --------------------------------------------------------------------------------------------

    def store(self, folder: str, name: str, mime: str, data: bytes) -> Stored:
        """Keep a file."""
        stored = Stored(self.number("file"), folder, name, mime, data)
        self.files[stored.file_id] = stored
        self.keep.put("file", stored.number, stored)
        self.keep.put_file(stored.number, data)
        return stored

    # -- what people do -----------------------------------------------------------------------------------

    def says(self, chat: Chat, text: str, sender: Chat | None = None, reply_to: int | None = None) -> int:
        """Write a text, in pieces when it is too long for one message; return the last update's id."""
        pieces = list(_pieces(text.strip()))
        if not pieces:
            raise ValueError("A message needs some text.")
        update_id = 0
        for piece in pieces:
            content: Json = {"text": piece}
            entities = markup.with_found(piece, [])
            if entities:
                content["entities"] = entities
            update_id = self._sent(chat, content, sender, reply_to)
        return update_id

    def sends(
        self,
        chat: Chat,
        kind: str,
        caption: str = "",
        data: bytes = b"",
        name: str = "",
        mime: str = "",
        album: str = "",
        sender: Chat | None = None,
    ) -> int:
        """Send something that is not text; return the update's id."""
        content = self._content(chat, kind, data, name, mime)
        if caption and kind in ("photo", "document", "voice", "video"):
            content["caption"] = caption[:1024]
        if album:
            content["media_group_id"] = album
        return self._sent(chat, content, sender, None)

    def taps(self, chat: Chat, message_id: int, data: str, sender: Chat | None = None) -> int:
        """Tap a button that sends `data`; return the update's id."""
        message = chat.messages.get(message_id)
        if message is None:
            raise LookupError(f"{chat.name} has no message {message_id} to tap on.")
        number = self.number("query", 1)
        query = Query(chat.chat_id, self.clock.seconds)
        self.queries[number] = query
        self.keep.put("query", number, query)
        return self.push(
            "callback_query",
            {
                "id": str(number),
                "from": (sender or chat).user,
                "message": message.data,
                "chat_instance": str(chat.chat_id),
                "data": data,
            },
        )

    def edits(self, chat: Chat, message_id: int, text: str) -> int:
        """Change an own message; return the update's id."""
        message = chat.messages.get(message_id)
        if message is None or not message.mine:
            raise LookupError(f"{chat.name} has no message of their own with the id {message_id}.")
        key = "text" if "text" in message.data else "caption"
        entities_key = "entities" if key == "text" else "caption_entities"
        data = {name: value for name, value in message.data.items() if name != entities_key}
        data |= {key: text, "edit_date": int(self.clock.seconds)}
        entities = markup.with_found(text, [])
        if entities:
            data[entities_key] = entities
        message.data = data
        self.tell_message(message)
        return self.push("edited_channel_post" if chat.kind == "channel" else "edited_message", data)

    def hides(self, chat: Chat, message_id: int) -> None:
        """Delete a message for oneself; the bot does not hear of it."""
        message = chat.messages.get(message_id)
        if message is None:
            raise LookupError(f"{chat.name} has no message {message_id}.")
        message.hidden = True
        self.keep.put("message", message_id, message)
        self.tell({"type": "gone", "chat": chat.chat_id, "message_id": message_id})

    def blocks(self, chat: Chat, blocked: bool) -> int:
        """Block the bot, or let it in again; return the update's id."""
        was, chat.blocked = chat.blocked, blocked
        self.changed_chat(chat)
        return self._membership(chat, chat.user, _status(not was), _status(not blocked))

    def adds_bot(self, chat: Chat, by: Chat | None = None) -> int:
        """Take the bot into a group or a channel; return the update's id."""
        chat.member = True
        self.changed_chat(chat)
        rights = "administrator" if chat.kind == "channel" else "member"
        return self._membership(chat, (by or self.named("private", "Owner")).user, "left", rights)

    # -- what the page and the tests see ------------------------------------------------------------------

    def seen(self, chat: Chat) -> Iterator[Message]:
        """Return the messages that the person still sees, oldest first."""
        return (message for message in chat.messages.values() if not message.hidden)

    def view(self, message: Message) -> Json:
        """Return a message as the page shows it."""
        text, entities = message.words
        data = message.data
        view: Json = {
            "id": message.message_id,
            "chat": message.chat_id,
            "mine": message.mine,
            "kind": message.kind,
            "text": text,
            "entities": entities,
            "rows": message.rows,
            "date": data["date"],
            "edited": "edit_date" in data,
            "hidden": message.hidden,
            "reactions": message.reactions,
            "from": data.get("from", {}).get("first_name", ""),
        }
        for kind in ("location", "contact"):
            if kind in data:
                view[kind] = data[kind]
        if "reply_to_message" in data:
            view["reply_to"] = data["reply_to_message"]["message_id"]
        media = data.get(message.kind)
        if isinstance(media, list):
            media = media[-1]
        if isinstance(media, dict) and "file_id" in media:
            stored = self.files[media["file_id"]]
            view["file"] = {
                "url": f"/local/file/{stored.file_id}",
                "name": stored.name,
                "size": len(stored.data),
                "mime": stored.mime,
                "width": media.get("width"),
                "height": media.get("height"),
            }
        return view

    # -- inside -------------------------------------------------------------------------------------------

    def _sent(self, chat: Chat, content: Json, sender: Chat | None, reply_to: int | None) -> int:
        if chat.kind == "private":
            if chat.blocked:
                self.blocks(chat, False)
            if not chat.started:
                chat.started = True
                self.changed_chat(chat)
        quoted = None if reply_to is None else chat.messages.get(reply_to)
        if quoted is not None:
            plain = {key: value for key, value in quoted.data.items() if key != "reply_to_message"}
            content = {**content, "reply_to_message": plain}
        if chat.kind == "channel":
            message = self.post(chat, None, content, mine=True)
            return self.push("channel_post", message.data)
        message = self.post(chat, (sender or chat).user, content, mine=True)
        if not chat.member:
            return self.number("update", 1_000_001)
        return self.push("message", message.data)

    def _membership(self, chat: Chat, by: Json, old: str, new: str) -> int:
        return self.push(
            "my_chat_member",
            {
                "chat": chat.shown,
                "from": by,
                "date": int(self.clock.seconds),
                "old_chat_member": self._member(old),
                "new_chat_member": self._member(new),
            },
        )

    def _member(self, status: str) -> Json:
        member: Json = {"status": status, "user": self.bot_user}
        if status == "kicked":
            member["until_date"] = 0
        if status == "administrator":
            rights = (
                "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats "
                "can_restrict_members can_promote_members can_change_info can_invite_users can_post_stories "
                "can_edit_stories can_delete_stories can_post_messages can_edit_messages"
            )
            member |= {right: right != "is_anonymous" for right in rights.split()}
        return member

    def _content(self, chat: Chat, kind: str, data: bytes, name: str, mime: str) -> Json:
        makers: dict[str, Callable[[], Json]] = {
            "photo": lambda: {"photo": self.photo(data or _PICTURE, name or "photo.png", mime)},
            "document": lambda: {"document": self.document(data, name or "document.txt", mime)},
            "sticker": lambda: {
                "sticker": {
                    **self.store("stickers", name or "sticker.webp", mime or "image/webp", data).shown,
                    "type": "regular",
                    "width": 512,
                    "height": 512,
                    "is_animated": False,
                    "is_video": False,
                    "emoji": "👍",
                }
            },
            "voice": lambda: {
                "voice": {
                    **self.store("voice", name or "voice.ogg", mime or "audio/ogg", data).shown,
                    "duration": 3,
                    "mime_type": mime or "audio/ogg",
                }
            },
            "video": lambda: {
                "video": {
                    **self.store("videos", name or "video.mp4", mime or "video/mp4", data).shown,
                    "width": 320,
                    "height": 240,
                    "duration": 3,
                    "mime_type": mime or "video/mp4",
                }
            },
            "location": lambda: {"location": {"latitude": 38.8977, "longitude": -77.0365}},
            "contact": lambda: {
                "contact": {"phone_number": "+12025550123", "first_name": chat.name, "user_id": chat.chat_id}
            },
        }
        maker = makers.get(kind)
        if maker is None:
            raise ValueError(f"Nobody can send a {kind!r} here; there are {', '.join(KINDS_OF_MESSAGE[1:])}.")
        return maker()

    def photo(self, data: bytes, name: str, mime: str = "") -> list[Json]:
        """Keep a picture and return its sizes; raise ValueError when it is none."""
        width, height = picture_size(data)
        stored = self.store("photos", name, mime or _mime_of_picture(data), data)
        return [{**stored.shown, "width": width, "height": height}]

    def document(self, data: bytes, name: str, mime: str = "") -> Json:
        """Keep a file and return it as a document."""
        stored = self.store("documents", name, mime or "application/octet-stream", data)
        return {**stored.shown, "file_name": name, "mime_type": stored.mime}


def picture_size(data: bytes) -> tuple[int, int]:
    """Return width and height of a PNG, GIF, WebP or JPEG picture."""
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data[:4] == b"GIF8" and len(data) >= 10:
        width, height = struct.unpack("<HH", data[6:10])
        return width, height
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return 512, 512
    place = 2
    while data[:2] == b"\xff\xd8" and place + 9 < len(data):
        if data[place] != 0xFF:
            break
        marker = data[place + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[place + 5 : place + 9])
            return width, height
        place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    raise ValueError("This is not a picture.")


def _mime_of_picture(data: bytes) -> str:
    return {b"\x89P": "image/png", b"GI": "image/gif", b"RI": "image/webp"}.get(data[:2], "image/jpeg")


def _status(inside: bool) -> str:
    return "member" if inside else "kicked"


def _pieces(text: str) -> Iterator[str]:
    while markup.units(text) > TEXT_LIMIT:
        end = TEXT_LIMIT
        while markup.units(text[:end]) > TEXT_LIMIT:
            end -= 1
        yield text[:end]
        text = text[end:].lstrip()
    if text:
        yield text
