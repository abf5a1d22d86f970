"""The control API under /local: what the chat page and tests in other processes do and see."""

from __future__ import annotations

import asyncio
import contextlib
import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import BodyPartReader, web

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.simulator.faults import Faults
    from bot.simulator.world import Chat, Json, World

_LONGEST_WAIT = 50.0
_HEARTBEAT = 15.0
_INLINE = ("image/png", "image/jpeg", "image/gif", "image/webp")


class Local:
    """Answer what comes to /local."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults
        self._routes: dict[tuple[str, str], Callable[[Json], Awaitable[Any]]] = {
            ("GET", "people"): self._people,
            ("POST", "people"): self._add("private"),
            ("POST", "groups"): self._add("group"),
            ("POST", "channels"): self._add("channel"),
            ("POST", "add-bot"): self._add_bot,
            ("GET", "messages"): self._messages,
            ("POST", "text"): self._text,
            ("POST", "tap"): self._tap,
            ("POST", "send"): self._send,
            ("POST", "edit"): self._edit,
            ("POST", "delete"): self._delete,
            ("POST", "block"): self._block,
            ("POST", "raw"): self._raw,
            ("GET", "bot"): self._bot,
            ("GET", "clock"): self._clock,
            ("POST", "clock"): self._move,
            ("GET", "updates"): self._updates,
            ("GET", "faults"): self._show_faults,
            ("POST", "faults"): self._plan,
            ("DELETE", "faults"): self._clear,
        }

    async def answer(self, request: web.BaseRequest, path: str, query: Json) -> web.StreamResponse:
        """Answer one request."""
        name = path.removeprefix("/local/")
        if name == "events":
            return await self._events(request)
        if name.startswith("file/"):
            return self._file(name.removeprefix("file/"))
        route = self._routes.get((request.method, name))
        if route is None:
            return web.json_response({"error": f"There is no {request.method} {path}."}, status=404)
        try:
            given = query | (await _body(request) if request.body_exists else {})
            answer = await route(given)
            await self._world.keep.settled()
        except LookupError as error:
            missing = f"The field {error} is missing." if isinstance(error, KeyError) else str(error)
            return web.json_response({"error": missing}, status=400 if isinstance(error, KeyError) else 404)
        except (ValueError, TypeError, OverflowError) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response(answer)

    def release(self) -> None:
        """Let go of everybody who waits."""
        self._world.clock.release()
        for watcher in self._world.watchers:
            watcher.put_nowait(None)

    # -- people and chats ---------------------------------------------------------------------------------

    def _chat(self, given: Json) -> Chat:
        chat = self._world.chats.get(int(given["chat"]))
        if chat is None:
            raise LookupError(f"There is no chat {given['chat']}.")
        return chat

    def _sender(self, given: Json) -> Chat | None:
        return self._world.named("private", str(given["from"])) if given.get("from") else None

    def _shown(self, chat: Chat) -> Json:
        last = next((message for message in reversed(chat.messages.values()) if not message.hidden), None)
        return {
            "chat": chat.chat_id,
            "kind": chat.kind,
            "name": chat.name,
            "blocked": chat.blocked,
            "started": chat.started,
            "member": chat.member,
            "typing": chat.typing,
            "pinned": chat.pinned,
            "keyboard": chat.keyboard,
            "last": None if last is None else self._world.view(last),
        }

    async def _people(self, given: Json) -> list[Json]:
        if "chat" in given:
            return [self._shown(self._chat(given))]
        return [self._shown(chat) for chat in self._world.chats.values()]

    def _add(self, kind: str) -> Callable[[Json], Awaitable[Json]]:
        async def add(given: Json) -> Json:
            chat = self._world.named(kind, str(given["name"]).strip())
            if given.get("started"):  # somebody who pressed START before the bot's memory begins
                chat.started = True
                self._world.changed_chat(chat)
            return self._shown(chat)

        return add

    async def _add_bot(self, given: Json) -> Json:
        return {"update_id": self._world.adds_bot(self._chat(given), self._sender(given))}

    async def _messages(self, given: Json) -> Json:
        chat = self._chat(given)
        shown = [self._world.view(message) for message in self._world.seen(chat)]
        return {"chat": self._shown(chat), "messages": shown, "toasts": chat.toasts, "alerts": chat.alerts}

    # -- what people do -----------------------------------------------------------------------------------

    async def _text(self, given: Json) -> Json:
        reply_to = int(given["reply_to"]) if given.get("reply_to") else None
        text = str(given["text"])
        return {"update_id": self._world.says(self._chat(given), text, self._sender(given), reply_to)}

    async def _tap(self, given: Json) -> Json:
        world, chat = self._world, self._chat(given)
        update_id = world.taps(chat, int(given["message_id"]), str(given["data"]), self._sender(given))
        return {"update_id": update_id, "query": world.profile.numbers["query"] - 1}

    async def _send(self, given: Json) -> Json:
        data, name, mime = given.get("file") or (b"", str(given.get("name", "")), "")
        update_id = self._world.sends(
            self._chat(given),
            str(given["kind"]),
            caption=str(given.get("caption", "")),
            data=data,
            name=name,
            mime=mime,
            album=str(given.get("media_group_id", "")),
            sender=self._sender(given),
        )
        return {"update_id": update_id}

    async def _edit(self, given: Json) -> Json:
        update_id = self._world.edits(self._chat(given), int(given["message_id"]), str(given["text"]))
        return {"update_id": update_id}

    async def _delete(self, given: Json) -> Json:
        self._world.hides(self._chat(given), int(given["message_id"]))
        return {}

    async def _block(self, given: Json) -> Json:
        return {"update_id": self._world.blocks(self._chat(given), bool(given["blocked"]))}

    async def _raw(self, given: Json) -> Json:
        (kind,) = given
        return {"update_id": self._world.push(kind, given[kind])}

    # -- the bot, the clock, the queue, the faults --------------------------------------------------------

    async def _bot(self, given: Json) -> Json:  # noqa: ARG002
        profile = self._world.profile
        commands: list[Json] = []
        for key, known in profile.commands.items():
            scope, language = json.loads(key)
            if scope["type"] in ("default", "all_private_chats") and language in ("", "en"):
                commands = known
        return {
            "name": profile.names.get("", profile.name),
            "username": profile.username,
            "description": profile.descriptions.get("", ""),
            "short_description": profile.short_descriptions.get("", ""),
            "commands": commands,
        }

    async def _clock(self, given: Json) -> Json:
        clock = self._world.clock
        if "after" in given:
            await clock.changed(int(given["after"]), min(float(given.get("seconds", 50)), _LONGEST_WAIT))
        return {
            "now": clock.now().isoformat(),
            "offset": clock.offset,
            "version": clock.version,
            "frozen": clock.frozen,
        }

    async def _move(self, given: Json) -> Json:
        if "set" in given:
            await self._world.clock.set(datetime.fromisoformat(str(given["set"])))
        else:
            await self._world.clock.move(timedelta(seconds=float(given["move"])))
        return await self._clock({})

    async def _updates(self, given: Json) -> Json:
        """Return what waits; with `confirmed`, wait until the bot has confirmed that update."""
        if "confirmed" in given:
            done = self._world.confirmed(int(given["confirmed"]))
            await asyncio.wait((done,), timeout=min(float(given.get("seconds", 50)), _LONGEST_WAIT))
        updates = self._world.updates
        return {
            "unconfirmed": len(updates),
            "oldest": updates[0].update_id if updates else None,
            "next": self._world.profile.numbers.get("update", 1_000_001),
        }

    async def _show_faults(self, given: Json) -> Json:  # noqa: ARG002
        faults = self._faults
        return {
            "down": faults.down,
            "refused": faults.refused,
            "planned": [vars(fault) for fault in faults.planned],
        }

    async def _plan(self, given: Json) -> Json:
        if "down" in given:
            self._faults.down = bool(given["down"])
        if "limit" in given:
            self._faults.limit(**(given["limit"] or {"per_second": None}))
        if "method" in given:
            self._faults.fail(**{key: value for key, value in given.items() if key not in ("down", "limit")})
        return await self._show_faults({})

    async def _clear(self, given: Json) -> Json:
        self._faults.clear()
        return await self._show_faults(given)

    # -- files and the live feed --------------------------------------------------------------------------

    def _file(self, file_id: str) -> web.Response:
        stored = self._world.files.get(file_id)
        if stored is None:
            return web.json_response({"error": "There is no such file."}, status=404)
        headers = {
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
        inline = stored.mime in _INLINE
        if not inline:
            name = "".join(letter if letter.isalnum() or letter in "._- " else "_" for letter in stored.name)
            headers["Content-Disposition"] = (
                f'attachment; filename="{name.encode("ascii", "replace").decode()}"'
            )
        kind = stored.mime if inline else "application/octet-stream"
        return web.Response(body=stored.data, content_type=kind, headers=headers)

    async def _events(self, request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        watcher: asyncio.Queue[Json | None] = asyncio.Queue()
        self._world.watchers.add(watcher)
        try:
            await response.write(b'retry: 500\ndata: {"type":"hello"}\n\n')
            while True:
                try:
                    event = await asyncio.wait_for(watcher.get(), _HEARTBEAT)
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if event is None:
                    break
                await response.write(f"data: {json.dumps(event)}\n\n".encode())
        except (ConnectionError, asyncio.CancelledError):
            return response
        finally:
            self._world.watchers.discard(watcher)
        with contextlib.suppress(ConnectionError):
            await response.write_eof()
        return response


async def _body(request: web.BaseRequest) -> Json:
    """Return the fields of a body; an upload is the field `file`: its bytes, name and type."""
    if request.content_type != "multipart/form-data":
        given = json.loads(await request.read())
        if not isinstance(given, dict):
            raise ValueError("The body has to be a JSON object.")
        return given
    fields: Json = {}
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if isinstance(part, BodyPartReader) and part.name is not None:
            data = bytes(await part.read(decode=True))
            if part.filename is None:
                fields[part.name] = data.decode()
            else:
                fields["file"] = (data, part.filename, part.headers.get("Content-Type", ""))
    return fields
