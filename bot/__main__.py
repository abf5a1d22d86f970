"""The command line."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot import check, config, dialogs, shell, stats
from bot.shell import cost, deadline, options, preview, questions, tree, verify
from bot.store import StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

ABOUT = """Prelien stands by a US taxpayer from an IRS collection letter until the matter is closed.

Without a token the bot runs on a Telegram of its own, with a chat page to open in a browser.
Settings come from the environment and from a file .env; .env.example explains each of them."""
EXAMPLES = """For example:
  prelien run
  prelien check
  prelien tree notice
  prelien preview all.html
  prelien deadline --notice LT11 --dated 2026-10-23
  prelien verify --channel phone --signal gift_card
  prelien stats

The exit status is 0 when all is well, 1 for faults that were found, 2 for a mistake in what was asked."""
RUN = """Run the bot until it is stopped (Ctrl-C or SIGTERM). What was confirmed is never lost.

With TELEGRAM_BOT_TOKEN it polls Telegram; without it starts the local Telegram and prints the address
of its chat page. All faults of dialogs, texts and figures are listed before anything starts."""
CHECK = """Look for faults in settings, dialogs, texts and figures, and list all of them, one a line; exit 1 if there are any.

Sample people walk through every answer of every dialog, to the case card: each question, page, button and
reminder they could see is put into words and measured, also for how hard it is to read. Figures whose day of
review has passed are listed too; they are no faults."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return the exit status."""
    parser = shell.Parser(
        prog="prelien",
        description=ABOUT,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, about in (("run", RUN), ("check", CHECK)):
        commands.add_parser(
            name,
            help=about.splitlines()[0],
            description=about,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
    commands.choices["check"].add_argument(
        "--levels", action="store_true", help="print the reading grade of each question, the hardest first"
    )
    for one in (tree, preview, deadline, verify, options, cost, questions, stats):
        one.add(commands)
    try:
        given = parser.parse_args(arguments)
        if given.command == "run":
            return _run()
        if given.command == "check":
            return _check(levels=given.levels)
        answer = given.run(given)
        sys.stdout.write((answer if isinstance(answer, str) else shell.as_json(answer)) + "\n")
    except StoreError as error:
        sys.stderr.write(f"prelien: {error}\n")
        return 1
    except (shell.BadInputError, config.SettingsError, dialogs.DialogError) as error:
        sys.stderr.write(f"prelien: {error}\n")
        return 2
    except ArithmeticError:
        sys.stderr.write("prelien: these figures or dates are beyond what can be worked out\n")
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


def _check(*, levels: bool = False) -> int:
    from bot.run import at_home

    faults: list[str] = []
    try:
        settings = _settings()
    except config.SettingsError as error:
        faults += str(error).splitlines()[1:]
        settings = config.read({})
    found = check.faults(settings)
    if not found and not faults:  # which dialogs people walk is a setting, too
        gc.set_threshold(*config.QUIET_GC)
        unsaid = check.unsaid(*at_home(settings), datetime.now(UTC), check.terms_of(settings))
        found = unsaid.faults
        for name, grade, many in unsaid.levels if levels else ():
            sys.stdout.write(f"{grade:5.1f}  {many:3} words  {name}\n")
    faults = [fault.removeprefix("  - ") for fault in faults] + found
    for fault in faults:
        sys.stderr.write(fault + "\n")
    notes = check.notes(datetime.now(UTC).date())
    for note in notes:
        sys.stdout.write(note + "\n")
    sys.stdout.write(
        f"{len(faults)} {'fault' if len(faults) == 1 else 'faults'}\n"
        if faults
        else "Settings, dialogs, texts and figures: no faults.\n"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
