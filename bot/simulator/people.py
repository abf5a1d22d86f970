"""The local Telegram in this process: start it, speak as people, look at what they see."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from bot.simulator import markup
from bot.simulator.clock import Clock
from bot.simulator.faults import Faults
from bot.simulator.keep import Keep
from bot.simulator.server import Server
from bot.simulator.world import World

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from bot.simulator.server import Call
    from bot.simulator.world import Chat, Json, Message

Kind = Literal["photo", "document", "sticker", "voice", "location", "contact", "video"]


@dataclass(frozen=True)
class Button:
    """An inline button as a person sees it."""

    label: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None
    style: str | None = None


@dataclass(frozen=True)
class Shown:
    """A message as a person sees it."""

    message_id: int
    mine: bool
    text: str
    html: str
    buttons: list[list[Button]]
    date: datetime
    edited: bool
    kind: str
    pinned: bool
    reactions: tuple[str, ...] = ()


class _Place:
    """A chat of any kind, with what is to be seen in it."""

    def __init__(self, telegram: LocalTelegram, chat: Chat) -> None:
        self._telegram = telegram
        self._world = telegram.world
        self._chat = chat

    @property
    def chat_id(self) -> int:
        """Return the id of the chat."""
        return self._chat.chat_id

    @property
    def name(self) -> str:
        """Return the name of the person, the group or the channel."""
        return self._chat.name

    @property
    def messages(self) -> list[Shown]:
        """Return all messages as they are seen now, oldest first."""
        return [_shown(message, self._chat) for message in self._world.seen(self._chat)]

    async def _done(self, update_id: int) -> int:
        await self._world.keep.settled()
        return update_id


class Person(_Place):
    """Somebody in a private chat with the bot."""

    async def says(self, text: str, reply_to: int | None = None) -> int:
        """Write a text or a command; return the update's id. Text beyond 4096 goes as several messages."""
        return await self._done(self._world.says(self._chat, text, reply_to=reply_to))

    async def taps(self, label: str, message_id: int | None = None) -> int:
        """Tap a button by its label or a part of it, in the newest message that has it."""
        newest_first = [
            message
            for message in reversed(self._chat.messages.values())
            if not message.hidden and (message_id is None or message.message_id == message_id)
        ]
        for message in newest_first:
            buttons = [button for row in message.rows for button in row if "callback_data" in button]
            for fits in (str.__eq__, str.__contains__):
                for button in buttons:
                    if fits(button["text"], label):
                        return await self.taps_data(button["callback_data"], message.message_id)
        there = [button["text"] for message in newest_first for row in message.rows for button in row]
        raise LookupError(f"{self.name} sees no button {label!r} to tap; there are {there}.")

    async def taps_data(self, data: str, message_id: int) -> int:
        """Tap a button that sends `data`, also one that is not shown any more; return the update's id."""
        return await self._done(self._world.taps(self._chat, message_id, data))

    async def sends(
        self, kind: Kind, caption: str = "", data: bytes = b"", name: str = "", album: str = ""
    ) -> int:
        """Send something that is not text; several with the same `album` belong together."""
        return await self._done(
            self._world.sends(self._chat, kind, caption=caption, data=data, name=name, album=album)
        )

    async def edits(self, message_id: int, text: str) -> int:
        """Change an own message; return the update's id."""
        return await self._done(self._world.edits(self._chat, message_id, text))

    async def deletes(self, message_id: int) -> None:
        """Delete a message for oneself."""
        self._world.hides(self._chat, message_id)
        await self._world.keep.settled()

    async def blocks(self) -> int:
        """Block the bot; return the update's id."""
        return await self._done(self._world.blocks(self._chat, True))

    async def unblocks(self) -> int:
        """Let the bot write again; return the update's id."""
        return await self._done(self._world.blocks(self._chat, False))

    @property
    def screen(self) -> Shown:
        """Return the bot's newest message with buttons that is not pinned, or its newest one when none has any."""
        theirs = [m for m in reversed(self._chat.messages.values()) if not m.mine and not m.hidden]
        if not theirs:
            raise LookupError(f"The bot has not written to {self.name}.")
        return _shown(
            next((one for one in theirs if one.rows and one.message_id not in self._chat.pinned), theirs[0]),
            self._chat,
        )

    @property
    def toasts(self) -> list[str]:
        """Return the short texts that answered taps."""
        return self._chat.toasts

    @property
    def alerts(self) -> list[str]:
        """Return the texts that answered taps in a window of their own."""
        return self._chat.alerts

    @property
    def typing(self) -> bool:
        """Say whether the bot is shown as typing."""
        return self._chat.typing


class Group(_Place):
    """A group chat."""

    async def adds_bot(self, by: Person | None = None) -> int:
        """Take the bot into the group; return the update's id."""
        return await self._done(self._world.adds_bot(self._chat, None if by is None else by._chat))

    async def says(self, person: Person, text: str) -> int:
        """Let a person write in the group; return the update's id."""
        return await self._done(self._world.says(self._chat, text, sender=person._chat))


class Channel(_Place):
    """A channel."""

    async def adds_bot(self, by: Person | None = None) -> int:
        """Make the bot an administrator of the channel; return the update's id."""
        return await self._done(self._world.adds_bot(self._chat, None if by is None else by._chat))

    async def posts(self, text: str) -> int:
        """Post a text; return the update's id."""
        return await self._done(self._world.says(self._chat, text))


class LocalTelegram:
    """A Telegram of one's own on this machine.

    With `state` it goes on where that file stopped, the clock too. With `now` the clock stands still there
    and is moved by hand. Any token of the right shape is good, unless `tokens` names the good ones.
    """

    def __init__(
        self, state: Path | None = None, now: datetime | None = None, tokens: Collection[str] | None = None
    ) -> None:
        self.clock = Clock(now)
        self.faults = Faults()
        self._keep = Keep(state)
        self.world = World(self._keep, self.clock)
        self._server = Server(self.world, self.faults, None if tokens is None else frozenset(tokens))
        self.url = ""

    async def start(self, port: int = 0) -> str:
        """Listen on 127.0.0.1 and return the address."""
        self._keep.open()
        self.url = f"http://127.0.0.1:{await self._server.start(port)}"
        return self.url

    async def stop(self) -> None:
        """Stop listening and write what is left."""
        await self._server.stop()
        self._keep.close()

    def person(self, name: str) -> Person:
        """Return the person of that name and their chat with the bot."""
        return Person(self, self.world.named("private", name))

    def group(self, name: str) -> Group:
        """Return the group of that name."""
        return Group(self, self.world.named("group", name))

    def channel(self, name: str) -> Channel:
        """Return the channel of that name."""
        return Channel(self, self.world.named("channel", name))

    async def raw_update(self, update: Json) -> int:
        """Send the bot an update of any kind, `{kind: content}`; return the update's id."""
        ((kind, content),) = ((key, value) for key, value in update.items() if key != "update_id")
        update_id = self.world.push(kind, content)
        await self._keep.settled()
        return update_id

    async def confirmed(self, update_id: int, within: float | None = 10.0) -> None:
        """Return when the bot has confirmed the update; raise TimeoutError after `within` seconds."""
        async with asyncio.timeout(within):
            await self.world.confirmed(update_id)

    @property
    def unconfirmed(self) -> int:
        """Return how many updates the bot has not confirmed."""
        return len(self.world.updates)

    @property
    def calls(self) -> list[Call]:
        """Return the calls of the bot, oldest first, without getUpdates."""
        return self._server.calls

    @property
    def record(self) -> bool:
        """Say whether calls are recorded."""
        return self._server.record

    @record.setter
    def record(self, record: bool) -> None:
        self._server.record = record


def _shown(message: Message, chat: Chat) -> Shown:
    text, entities = message.words
    return Shown(
        message_id=message.message_id,
        mine=message.mine,
        text=text,
        html=markup.to_html(text, entities),
        buttons=[[_button(button) for button in row] for row in message.rows],
        date=datetime.fromtimestamp(message.data["date"], UTC),
        edited="edit_date" in message.data,
        kind=message.kind,
        pinned=message.message_id in chat.pinned,
        reactions=tuple(message.reactions),
    )


def _button(button: dict[str, Any]) -> Button:
    return Button(
        label=button["text"],
        data=button.get("callback_data"),
        url=button.get("url"),
        copy=button.get("copy_text", {}).get("text"),
        style=button.get("style"),
    )
