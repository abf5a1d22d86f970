"""`prelien questions`: what people asked that the bot did not understand."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import config
from bot.shell import BadInputError
from bot.store import Store, StoreError

if TYPE_CHECKING:
    import argparse

    from bot.store import Kept


def add(commands: Any) -> None:
    """Add the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "questions",
        help="list what people asked that the bot did not understand",
        description="List the questions that were not understood: day, how often, and the words. Numbers stand as "
        "#, names and all other words the bot does not know as …; whose questions they were is not kept. New ways to "
        "ask go to templates/en/questions.toml.",
    )
    parser.set_defaults(run=run)


def run(_given: argparse.Namespace) -> str:
    """Return the questions, the newest day first. Raises BadInputError where the database cannot be read."""
    settings = config.read(config.with_file(Path(".env"), os.environ))
    if not settings.database.exists():
        raise BadInputError(f"there is no database at {settings.database}; set PRELIEN_DATABASE")
    try:
        kept = asyncio.run(_kept(settings.database))
    except StoreError as error:
        raise BadInputError(str(error)) from None
    return (
        "\n".join(f"{one.day}  {one.count:>4}  {one.words}" for one in kept) or "Nothing was asked in vain."
    )


async def _kept(database: Path) -> list[Kept]:
    store = await Store.open(database)
    try:
        async with store.transaction() as tx:
            return await tx.kept_questions()
    finally:
        await store.close()
