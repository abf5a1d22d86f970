"""`prelien tree`: the dialogs as text, or as a Mermaid chart."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import config, dialogs
from bot.shell import BadInputError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from bot.dialogs import Dialog, Step, Tree


def add(commands: Any) -> None:
    """Add the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "tree",
        help="print the dialogs as text or Mermaid",
        description="Print the dialogs in the order in which they come: each step with its kind, its options and "
        "the condition it stands under.",
    )
    parser.add_argument(
        "dialog", nargs="?", help="one dialog, by the name of its file; all of them when left out"
    )
    parser.add_argument("--mermaid", action="store_true", help="as a Mermaid flowchart")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> str:
    """Return the tree. Raises BadInputError for a dialog there is not."""
    settings = config.read(config.with_file(Path(".env"), os.environ))
    tree = dialogs.read(settings.dialogs)
    known = {one.name: one for one in (*tree.dialogs, *tree.items.values())}
    if given.dialog is not None and given.dialog not in known:
        raise BadInputError(f"there is no dialog {given.dialog!r}; there are {', '.join(sorted(known))}")
    shown = [known[given.dialog]] if given.dialog else list(tree.dialogs)
    return "\n".join(_mermaid(shown, tree) if given.mermaid else _text(shown, tree))


def condition(when: Any) -> str:
    """Return a condition as it is read aloud."""
    if when is None:
        return ""
    if isinstance(when, str):
        return when
    return " and ".join(f"{key} is {' or '.join(options)}" for key, options in when.items())


def _text(shown: list[Dialog], tree: Tree) -> Iterator[str]:
    for dialog in shown:
        when = f"  if {condition(dialog.when)}" if dialog.when else ""
        yield f"{dialog.name} ({dialog.scope}){when}"
        for step in dialog.steps:
            yield from _step(step, tree, "  ")


def _step(step: Step, tree: Tree, indent: str) -> Iterator[str]:
    when = f"  if {condition(step.when)}" if step.when else ""
    free = ", ".join(name for name, on in (("not sure", step.not_sure), ("skip", step.skip)) if on)
    yield f"{indent}{step.key} [{step.kind.name}]{when}" + (f"  ({free})" if free else "")
    if step.options:
        yield f"{indent}  {' | '.join(step.options)}"
    if step.items:
        for inner in tree.items[step.items].steps:
            yield from _step(inner, tree, indent + "    ")


def _mermaid(shown: list[Dialog], tree: Tree) -> Iterator[str]:
    yield "flowchart TD"
    for dialog in shown:
        title = f"{dialog.name}, if {condition(dialog.when)}" if dialog.when else dialog.name
        yield f'  subgraph {dialog.name}["{title}"]'
        before: list[str] = []  # a step with a condition may be passed by: then the one before it leads on
        for step in dialog.steps:
            name = step.key.replace(".", "_")
            yield f'    {name}["{step.key}<br/>{step.kind.name}"]'
            label = f'|"{condition(step.when)}"|' if step.when else ""
            for one in before:
                yield f"    {one} -->{label} {name}"
            if step.items:
                for inner in tree.items[step.items].steps:
                    below = inner.key.replace(".", "_")
                    yield f'    {below}["{inner.key}<br/>{inner.kind.name}"]'
                    yield f"    {name} --- {below}"
            before = [*before, name] if step.when else [name]
        yield "  end"
