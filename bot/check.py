"""Look for faults in everything that is not code: dialogs, texts, figures. All of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import dialogs, screens
from bot.rules import notices as catalogue
from bot.rules import parameters
from bot.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bot.config import Settings
    from bot.dialogs import Step, Tree


def faults(settings: Settings) -> list[str]:
    """Return every fault, one line each; nothing when the bot can start."""
    found: list[str] = []
    tree: Tree | None = None
    words: Words | None = None
    try:
        parameters.read()
    except parameters.ParameterError as error:
        found += str(error).splitlines()
    try:
        catalogue.catalogue()
    except catalogue.CatalogueError as error:
        found += str(error).splitlines()
    try:
        tree = dialogs.read(settings.dialogs)
    except dialogs.DialogError as error:
        found += str(error).splitlines()
    try:
        words = Words(settings.templates)
    except (OSError, KeyError, ValueError) as error:
        found.append(f"templates/en/words.toml: {error}")
    if words is not None:
        found += words.faults()
        if tree is not None:
            found += _missing_words(tree, words)
    return found


def notes(day: date) -> list[str]:
    """Return what is no fault but wants a look: figures whose review day has passed on `day`."""
    return [
        f"look again: {value.name} (from {value.since}) was to be reviewed by {value.review_by}: {value.source.url}"
        for value in parameters.read().stale(day)
    ]


def _missing_words(tree: Tree, words: Words) -> Iterator[str]:
    for dialog, step in tree.steps():
        for block in _blocks(step):
            if not words.has(step.template, block):
                yield f"templates/en/{step.template}.j2: the block {block} of step {step.key} is missing"
        if dialog.scope != "item" and not words.has("stages", dialog.name):
            yield f"templates/en/stages.j2: the block {dialog.name} of dialogs/{dialog.name}.toml is missing"
    for page in screens.PAGES:
        if not words.has(f"pages/{page}", "text"):
            yield f"templates/en/pages/{page}.j2: the block text is missing"


def _blocks(step: Step) -> Iterator[str]:
    yield "text"
    if not step.kind.card:
        yield "why"
        yield "short"
    if step.skip:
        yield "skip"
    if step.kind.name == "list":
        yield from ("add", "done", "drop", "count")
    elif step.kind.name == "confirm":
        yield from ("ok", "wrong")
    elif step.kind.name == "card":
        yield "ok"
    elif step.kind.name != "irs_notice":
        yield from step.options
