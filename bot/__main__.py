"""The command line."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot import check, config, dialogs, shell
from bot.shell import cost, deadline, options, tree, verify

if TYPE_CHECKING:
    from collections.abc import Sequence

ABOUT = """Prelien stands by a US taxpayer from an IRS collection letter until the matter is closed.

Without a token the bot runs on a Telegram of its own, with a chat page to open in a browser.
Settings come from the environment and from a file .env; .env.example explains each of them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return the exit status."""
    parser = shell.Parser(
        prog="prelien", description=ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    commands.add_parser("run", help="run the bot until it is stopped (Ctrl-C or SIGTERM)")
    commands.add_parser(
        "check", help="look for faults in settings, dialogs, texts and figures; exit 1 if there are any"
    )
    for one in (tree, deadline, verify, options, cost):
        one.add(commands)
    try:
        given = parser.parse_args(arguments)
        if given.command == "run":
            return _run()
        if given.command == "check":
            return _check()
        answer = given.run(given)
        sys.stdout.write((answer if isinstance(answer, str) else shell.as_json(answer)) + "\n")
    except (shell.BadInputError, config.SettingsError, dialogs.DialogError) as error:
        sys.stderr.write(f"prelien: {error}\n")
        return 2
    except BrokenPipeError:
        sys.stderr.close()
    return 0


def _settings() -> config.Settings:
    return config.read(config.with_file(Path(".env"), os.environ))


def _run() -> int:
    from bot import run

    settings = _settings()
    _log(settings.log_level)
    faults = check.faults(settings)
    if faults:
        sys.stderr.write("prelien: the bot does not start with these faults:\n" + "\n".join(faults) + "\n")
        return 1
    try:
        asyncio.run(_until_stopped(settings))
    except (run.AlreadyRunningError, *run.FATAL) as error:
        sys.stderr.write(f"prelien: {error}\n")
        return 1
    return 0


async def _until_stopped(settings: config.Settings) -> None:
    from bot import run

    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)

    def say(text: str) -> None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    await run.run(settings, stopped, say)


def _log(level: int) -> None:
    """Log our own lines only: what libraries say at lower levels may hold what a person said."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("bot").setLevel(level)
    for name in ("aiohttp", "aiosqlite", "apscheduler", "asyncio", "httpx", "telegram"):
        logging.getLogger(name).setLevel(logging.ERROR)


def _check() -> int:
    try:
        settings = _settings()
    except config.SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    faults = check.faults(settings)
    for fault in faults:
        sys.stderr.write(fault + "\n")
    notes = check.notes(datetime.now(UTC).date())
    for note in notes:
        sys.stdout.write(note + "\n")
    sys.stdout.write(
        f"{len(faults)} faults\n" if faults else "Settings, dialogs, texts and figures: no faults.\n"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
