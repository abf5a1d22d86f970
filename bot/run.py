"""Open the parts, run until stopped, close them in order."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import gc
import hashlib
import logging
import os
import sqlite3
import tempfile
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import config, dialogs, questions, telegram_edge
from bot.app import App, storage_name, where
from bot.clock import Clock, LocalClock
from bot.engine import LIST_OPS, House
from bot.fetching import Fetcher
from bot.outbox import Outbox, connections
from bot.rules import parameters
from bot.scribe import Scribes
from bot.store import Store, StoreError
from bot.words import Words

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from bot.config import Settings
    from bot.dialogs import Tree
    from bot.model import Event
    from bot.telegram_edge import Edge

log = logging.getLogger(__name__)

TICK_SECONDS = 5
ALONE = 100  # reminders a second up to which the bot puts them into words by itself


class AlreadyRunningError(Exception):
    """Another bot of this token runs on this machine."""


class PortTakenError(Exception):
    """The local Telegram cannot listen at its port."""


FATAL = (telegram_edge.EdgeError, StoreError, PortTakenError)


def house_of(tree: Tree, words: Words) -> House:
    """Return what the core decides with: the dialogs, the law's figures, the words of the options."""
    labels = {}
    for _, step in tree.steps():
        named = () if step.kind.name == "irs_notice" else step.options
        labels[step.key] = {option: words.options(step.template, option) for option in named}
        labels[step.key]["not_sure"] = words.options("buttons", "not_sure")
        if step.items:
            for op in LIST_OPS:
                labels[step.key][op] = (*words.options(step.template, op), *words.also("buttons", op))
        if step.skip:
            labels[step.key]["skipped"] = words.options(step.template, "skip")
    params = parameters.read()
    called = [one.removesuffix("_also") for one in words.blocks("documents") if one.endswith("_also")]
    papers = {one: words.also("documents", one) for one in called}
    return House(tree, params, labels, words.months, words.asides, questions.asked_of(words, params), papers)


def at_home(settings: Settings) -> tuple[House, Words]:
    """Read the dialogs, the figures and the texts."""
    words = Words(settings.templates)
    return house_of(dialogs.read(settings.dialogs), words), words


@dataclass(frozen=True, slots=True)
class Parts:
    """A running bot."""

    app: App
    outbox: Outbox
    fetcher: Fetcher
    edge: Edge
    store: Store
    clock: Clock
    polling: asyncio.Task[None]


@asynccontextmanager
async def opened(
    settings: Settings, api_url: str, clock: Clock, home: tuple[House, Words] | None = None
) -> AsyncIterator[Parts]:
    """Open a bot that polls `api_url`, and stop it cleanly at the end: nothing is left half done.

    `home`: what `at_home` read, where that was done already.
    """
    house, words = home or at_home(settings)
    token = settings.token or config.LOCAL_TOKEN
    with locked(token, api_url):
        store = await Store.open(settings.database)
        edge = telegram_edge.Edge(token, api_url, connections(settings.bulk_per_second))
        app = App(house, words, store, clock.now)
        outbox = Outbox(edge.deliver, app.render, app.shown, app.mark, settings.bulk_per_second, app.failed)
        app.outbox = outbox
        fetcher = app.fetcher = Fetcher(edge.download, app.bring, clock.now, edge.at_work)
        scribes: Scribes | None = None
        if settings.bulk_per_second > ALONE:
            app.scribes = scribes = Scribes(settings.database, settings.dialogs, settings.templates)
        ticking = asyncio.Lock()

        async def handle(events: list[Event]) -> None:
            for toast in await app.handle(events):
                edge.toast(toast.query_id, toast.text)

        async def tick() -> None:
            async with ticking:
                try:
                    await app.tick()
                except sqlite3.Error as error:
                    log.error("storage: %s; due reminders wait for the next tick", storage_name(error))
                    app.failed("storage")
                except Exception as error:
                    log.error("a tick failed: %s", where(error))
                    app.failed("tick")

        scheduler = AsyncIOScheduler(timezone="UTC")
        tasks: list[asyncio.Task[None]] = []
        try:
            name = await edge.open()
            log.info("running as @%s", name)
            await app.begin()
            scheduler.add_job(
                tick,
                "interval",
                seconds=TICK_SECONDS,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
            scheduler.start()
            await tick()
            polling = asyncio.create_task(edge.poll(handle))
            tasks = [
                polling,
                asyncio.create_task(app.write_marks()),
                asyncio.create_task(app.catch_up(tick)),
                asyncio.create_task(edge.introduce(words.profile)),
            ]
            if scribes is not None:
                tasks.append(asyncio.create_task(scribes.warm_up(clock.now())))
            if isinstance(clock, LocalClock):
                tasks.append(asyncio.create_task(clock.follow(tick)))
            yield Parts(app, outbox, fetcher, edge, store, clock, polling)
        finally:
            app.stop()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if scheduler.running:
                async with ticking:  # a tick that was begun is finished
                    scheduler.shutdown(wait=False)
            await fetcher.stop()
            await outbox.stop()
            if scribes is not None:
                await scribes.close()
            with contextlib.suppress(sqlite3.Error):
                await app.flush()
            await edge.close()
            await store.close()


@contextlib.contextmanager
def locked(token: str, api_url: str) -> Iterator[None]:
    """Hold the lock of this token on this machine. Raises AlreadyRunningError."""
    name = hashlib.sha256(f"{token} {api_url}".encode()).hexdigest()[:16]
    path = Path(tempfile.gettempdir()) / f"prelien-{os.getuid()}-{name}.lock"
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadyRunningError(
                "A bot with this token runs on this machine already. Stop it first, then start again."
            ) from None
        yield


async def local_telegram(port: int) -> bool:
    """Say whether a local Telegram answers at this port already."""
    timeout = aiohttp.ClientTimeout(total=2)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"http://127.0.0.1:{port}/local/clock") as answer,
        ):
            return answer.status == 200 and "offset" in await answer.json()
    except (TimeoutError, ValueError, aiohttp.ClientError):
        return False


async def run(settings: Settings, stopped: asyncio.Event, say: Callable[[str], None]) -> None:
    """Run the bot until `stopped` is set, on Telegram or on the local one. Raises what FATAL names."""
    running = asyncio.create_task(_run(settings, say))
    waiting = asyncio.create_task(stopped.wait())
    await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def _run(settings: Settings, say: Callable[[str], None]) -> None:
    async with contextlib.AsyncExitStack() as stack:
        api_url, clock = settings.api_url, Clock()
        if settings.local:
            api_url = f"http://127.0.0.1:{settings.local_port}"
            if not await local_telegram(settings.local_port):
                await _start_local_telegram(settings, stack)
            clock = LocalClock(api_url)
            await clock.ask()
        parts = await stack.enter_async_context(opened(settings, api_url, clock))
        gc.set_threshold(*config.QUIET_GC)
        gc.freeze()  # dialogs, figures and templates stay as long as the bot: they need not be looked through
        if settings.local:
            say(f"Prelien runs on the local Telegram. Open the chat page: {api_url}/")
        await parts.polling


async def _start_local_telegram(settings: Settings, stack: contextlib.AsyncExitStack) -> None:
    from bot.simulator import LocalTelegram

    settings.database.parent.mkdir(parents=True, exist_ok=True)
    telegram = LocalTelegram(settings.database.with_suffix(".telegram"))
    telegram.record = False
    try:
        await telegram.start(settings.local_port)
    except OSError:
        raise PortTakenError(
            f"Another program uses port {settings.local_port}. Set PRELIEN_LOCAL_PORT to a free one."
        ) from None
    stack.push_async_callback(telegram.stop)
