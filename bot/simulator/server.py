"""The HTTP side: the Bot API, the control API under /local and the files of the chat page."""

from __future__ import annotations

import asyncio
import json
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from aiohttp import BodyPartReader, web

from bot.simulator.faults import DESCRIPTIONS
from bot.simulator.local import Local
from bot.simulator.methods import METHODS, ApiError, Request, Upload, read_objects

if TYPE_CHECKING:
    from bot.simulator.faults import Faults
    from bot.simulator.world import Json, World

_STATIC = Path(__file__).parent / "static"
_KINDS = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_PAGES = {f"/{page.name}": page for page in _STATIC.iterdir() if page.suffix in _KINDS}
_PAGES["/"] = _STATIC / "index.html"
_TOKEN = re.compile(r"(\d+):[A-Za-z0-9_-]+")
_LARGEST_BODY = 64 * 1024 * 1024
_LONGEST_POLL = 50
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Call:
    """A call that the bot made."""

    method: str
    chat_id: int | None
    params: Json
    at: float


class Server:
    """Answer the bot, the chat page and tests over HTTP, on the loopback only."""

    def __init__(self, world: World, faults: Faults, tokens: frozenset[str] | None) -> None:
        self.world = world
        self.faults = faults
        self.record = True
        self.calls: list[Call] = []
        self._tokens = tokens
        self._local = Local(world, faults)
        self._runner: web.ServerRunner | None = None
        faults.on_down = self._cut_poll

    async def start(self, port: int) -> int:
        """Listen on a port, any free one when it is 0; return the port."""
        server = web.Server(self._answer, request_factory=_request, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port, backlog=1024)
        await site.start()
        listening: int = self._runner.addresses[0][1]
        return listening

    async def stop(self) -> None:
        """Let everybody go who waits, and stop listening."""
        self._cut_poll()
        self._local.release()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    # -- dispatch -----------------------------------------------------------------------------------------

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        path, _, query = request.raw_path.partition("?")
        if path.startswith("/bot"):
            return await self._bot(request, path, query)
        if path.startswith("/file/bot"):
            return await self._download(request, path)
        if not _from_here(request):
            return _json(403, {"error": "This page answers only to itself."})
        if path.startswith("/local/"):
            return await self._local.answer(request, path, dict(parse_qsl(query)))
        page = _PAGES.get(path)
        if page is not None:
            kind = _KINDS[page.suffix]
            return web.Response(body=page.read_bytes(), content_type=kind, charset="utf-8", headers=_HEADERS)
        return _json(404, {"ok": False, "error_code": 404, "description": "Not Found"})

    async def _bot(self, request: web.BaseRequest, path: str, query: str) -> web.StreamResponse:
        token, _, name = unquote(path[4:]).partition("/")
        method = name.lower()
        try:
            if self.faults.down:
                return _cut(request)
            self._check(token)
            call = await _read(request, query)
            return await self._call(request, method, name, call)
        except ApiError as error:
            return _refusal(error)

    async def _call(self, http: web.BaseRequest, method: str, name: str, call: Request) -> web.StreamResponse:
        chat_id = call.number("chat_id")
        if self.record and method != "getupdates":
            self.calls.append(Call(name, chat_id, call.params, time.monotonic()))
        fault = self.faults.meets(method, chat_id, call.flag("allow_paid_broadcast"))
        if fault is not None:
            if fault.delay:
                await asyncio.sleep(fault.delay)
            if fault.close == "before":
                return _cut(http)
            if fault.code is not None:
                raise _planned(fault.code, fault.retry_after)
        if method == "getupdates":
            answer = await self._get_updates(http, call)
        elif (known := METHODS.get(method)) is not None:
            answer = json.dumps(known(self.world, call), separators=(",", ":"))
        else:
            raise ApiError(404, "Not Found")
        await self.world.keep.settled()
        if self.faults.down or (fault is not None and fault.close == "after"):
            return _cut(http)
        return web.Response(body=f'{{"ok":true,"result":{answer}}}'.encode(), content_type="application/json")

    def _check(self, token: str) -> None:
        shape = _TOKEN.fullmatch(token)
        if shape is None or (self._tokens is not None and token not in self._tokens):
            raise ApiError(401, "Unauthorized")
        bot_id = int(shape.group(1))
        if bot_id != self.world.profile.bot_id:
            self.world.profile.bot_id = bot_id
            self.world.changed_profile()

    async def _download(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        """Give a file out; as a method it is called `download` where faults are planned."""
        token, _, wanted = unquote(path.removeprefix("/file/bot")).partition("/")
        try:
            if self.faults.down:
                return _cut(request)
            self._check(token)
            fault = self.faults.meets("download", None)
            if fault is not None and fault.delay:
                await asyncio.sleep(fault.delay)
            if fault is not None and fault.code is not None:
                raise _planned(fault.code, fault.retry_after)
        except ApiError as error:
            return _refusal(error)
        stored = next((one for one in self.world.files.values() if one.path == wanted), None)
        if stored is None:
            return _refusal(ApiError(404, "Not Found"))
        if fault is not None and fault.close == "before":
            return _cut(request)
        if fault is not None and fault.close == "after":
            return await _half(request, stored.data)
        return web.Response(body=stored.data, content_type="application/octet-stream")

    # -- getUpdates ---------------------------------------------------------------------------------------

    async def _get_updates(self, http: web.BaseRequest, call: Request) -> str:
        world = self.world
        if world.profile.webhook:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self._cut_poll(ApiError(409, DESCRIPTIONS[409]))
        allowed = call.params.get("allowed_updates")
        if isinstance(allowed, list) and allowed != world.profile.allowed:
            world.profile.allowed = [str(kind) for kind in allowed]
            world.changed_profile()
        offset = call.number("offset") or 0
        if offset < 0:
            place = max(len(world.updates) + offset, 0)
            offset = world.updates[place].update_id if place < len(world.updates) else 0
        if offset:
            world.confirm(offset)
        timeout = min(max(call.number("timeout") or 0, 0), _LONGEST_POLL)
        if not world.updates and timeout:
            world.arrival = arrival = asyncio.get_running_loop().create_future()
            await asyncio.wait((arrival,), timeout=timeout)
            if world.arrival is arrival:
                world.arrival = None
            if arrival.done():
                arrival.result()
            if http.transport is None:
                return "[]"
        limit = min(max(call.number("limit") or 100, 1), 100)
        return f"[{','.join(world.next_updates(limit))}]"

    def _cut_poll(self, error: ApiError | None = None) -> None:
        arrival = self.world.arrival
        if arrival is not None and not arrival.done():
            if error is None:
                arrival.set_result(None)
            else:
                arrival.set_exception(error)


def _request(*args: Any) -> web.BaseRequest:
    message, payload, protocol, writer, task = args
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=_LARGEST_BODY)


async def _read(request: web.BaseRequest, query: str) -> Request:
    params: Json = dict(parse_qsl(query, keep_blank_values=True)) if query else {}
    files: dict[str, Upload] = {}
    if request.body_exists:
        kind = request.content_type
        if kind == "multipart/form-data":
            await _read_multipart(request, params, files)
        elif kind == "application/x-www-form-urlencoded":
            params.update(parse_qsl((await request.read()).decode(), keep_blank_values=True))
        elif body := await request.read():
            try:
                params.update(json.loads(body))
            except (ValueError, TypeError):
                raise ApiError(400, "Bad Request: can't parse request JSON object") from None
    return Request(read_objects(params), files)


async def _read_multipart(request: web.BaseRequest, params: Json, files: dict[str, Upload]) -> None:
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        data = bytes(await part.read(decode=True))
        if part.filename is None:
            params[part.name] = data.decode("utf-8", "replace")
        else:
            mime = part.headers.get("Content-Type", "")
            files[part.name] = Upload(part.filename, mime, data)


async def _half(request: web.BaseRequest, data: bytes) -> web.StreamResponse:
    """Send the first half of a file, and cut the connection."""
    response = web.StreamResponse(headers={"Content-Length": str(len(data))})
    await response.prepare(request)
    await response.write(data[: len(data) // 2])
    _cut(request)
    return response


def _cut(request: web.BaseRequest) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=499)


def _planned(code: int, retry_after: int | None) -> ApiError:
    if code == 429:
        seconds = retry_after or 1
        return ApiError(429, f"Too Many Requests: retry after {seconds}", seconds)
    return ApiError(code, DESCRIPTIONS.get(code, "Error"), retry_after)


def _refusal(error: ApiError) -> web.Response:
    content: Json = {"ok": False, "error_code": error.code, "description": error.description}
    if error.retry_after is not None:
        content["parameters"] = {"retry_after": error.retry_after}
    return _json(error.code, content)


def _json(status: int, content: Json) -> web.Response:
    return web.json_response(content, status=status)


def _from_here(request: web.BaseRequest) -> bool:
    """Say whether a browser's request comes from the chat page and not from some other site."""
    host = request.headers.get("Host", "")
    origin = request.headers.get("Origin")
    if urlsplit(f"//{host}").hostname not in ("127.0.0.1", "localhost", "::1"):
        return False
    return origin is None or urlsplit(origin).netloc == host
