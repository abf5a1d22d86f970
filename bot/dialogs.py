"""The dialog tree: read `dialogs/*.toml`, check all of it, report every fault at once."""

from __future__ import annotations

import base64
import difflib
import hashlib
import tomllib
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from bot import answers
from bot.rules import guards
from bot.rules.facts import Facts
from bot.rules.matter import MADE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

SCOPES = ("person", "case", "item")
LONGEST_DATA = 64  # bytes of what a button carries, by Telegram's rule
LONGEST_OPTION = LONGEST_DATA - len("s:9999:abcdef~999:9999:untick:")
# Blocks of a step's template that are not options, and states of an answer.
NOT_OPTIONS = frozenset(
    "text why short skip skipped add done drop count ok wrong seen given not_sure list_done keep back".split()
)


@dataclass(frozen=True, slots=True)
class Step:
    """One question: the fact it asks for, the kind of answer, and the condition it stands under.

    `task`: the option that leaves something to do; the question is asked again when its stage is opened.
    `again`: after so many days it is asked once more, while its answer is more than "none".
    `stamps`: the step of the same dialog that gets the day on which this one is answered.
    `copies`: what can be put on the clipboard with one tap: parameters ("links.account"), blocks of its template,
    or "reports", where the verdict says to report it. `adds`: the list that a card offers to go on with.
    `bare`: it stands without the name of its stage.
    """

    key: str
    kind: answers.Kind
    code: str
    options: tuple[str, ...] = ()
    when: str | Mapping[str, tuple[str, ...]] | None = None
    not_sure: bool = False
    skip: bool = False
    items: str = ""
    shows: str = ""
    range: str = ""
    later: bool = False
    task: str = ""
    again: int = 0
    stamps: str = ""
    adds: str = ""
    copies: tuple[str, ...] = ()
    bare: bool = False

    @property
    def template(self) -> str:
        """Return the template that holds this step's words."""
        return self.key.replace(".", "/")


@dataclass(frozen=True, slots=True)
class Dialog:
    """One subject: its steps in order. `scope`: whose facts they are (person, case, item of a list).

    An `optional` one waits until it is opened, or until the guard called `needed` holds.
    `each`: a list asked for before, or one that the rules make; the steps come once for every item of it.
    `page`: where it ends, and where it opens once something was told.
    `leaves` are the facts that are known once it is done; `leaves_when` those known only where a guard holds.
    """

    name: str
    scope: str
    order: int
    when: str | Mapping[str, tuple[str, ...]] | None
    steps: tuple[Step, ...]
    optional: bool = False
    each: str = ""
    page: str = ""
    leaves: tuple[str, ...] = ()
    leaves_when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    needed: str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    """All dialogs, those of persons and cases in the order in which they come."""

    dialogs: tuple[Dialog, ...]
    items: Mapping[str, Dialog] = field(default_factory=dict)

    def steps(self) -> Iterator[tuple[Dialog, Step]]:
        """Return every step with its dialog, in order; those of an item right after their list."""
        for dialog in self.dialogs:
            for step in dialog.steps:
                yield dialog, step
                if step.items:
                    below = self.items[step.items]
                    for inner in below.steps:
                        yield below, inner

    def step(self, code: str) -> Step | None:
        """Return the step with this code."""
        return next((step for _, step in self.steps() if step.code == code), None)


class DialogError(Exception):
    """The tree is wrong; the message lists every fault."""


_STEP_KEYS = {
    "ask",
    "kind",
    "options",
    "when",
    "not_sure",
    "skip",
    "items",
    "shows",
    "range",
    "later",
    "task",
    "again",
    "stamps",
    "adds",
    "copies",
    "bare",
}
_DIALOG_KEYS = {"scope", "order", "when", "optional", "each", "needed", "page", "leaves", "leaves_when"}
_FACTS = frozenset(one.name for one in fields(Facts))


def read(folder: Path) -> Tree:
    """Return the checked tree of all dialogs in `folder`. Raises DialogError."""
    faults: list[str] = []
    dialogs: list[Dialog] = []
    if not folder.is_dir() or not any(folder.glob("*.toml")):
        raise DialogError(f"{folder}: there are no dialogs (*.toml) here")
    for path in sorted(folder.glob("*.toml")):
        where = f"dialogs/{path.name}"
        if not path.stem.isidentifier():
            faults.append(f"{where}: the name of the file must be letters, digits and _")
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            faults.append(f"{where}: {error}")
        else:
            dialogs.append(_dialog(where, path.stem, table, faults))
    items = {dialog.name: dialog for dialog in dialogs if dialog.scope == "item"}
    ordered = tuple(
        sorted(
            (dialog for dialog in dialogs if dialog.scope in ("person", "case")),
            key=lambda dialog: (dialog.order, dialog.name),
        )
    )
    tree = Tree(ordered, items)
    _check(tree, dialogs, faults)
    if faults:
        raise DialogError("\n".join(faults))
    return tree


def _dialog(where: str, name: str, table: dict[str, Any], faults: list[str]) -> Dialog:
    head = table.get("dialog")
    if not isinstance(head, dict):
        faults.append(f"{where}: the table [dialog] is missing")
        head = {}
    faults.extend(f"{where}: [dialog] has no place for {key!r}" for key in sorted(head.keys() - _DIALOG_KEYS))
    faults.extend(
        f"{where}: there is no place for {key!r}" for key in sorted(table.keys() - {"dialog", "steps"})
    )
    scope, order = head.get("scope", ""), head.get("order", 0)
    if scope not in SCOPES:
        faults.append(f"{where}: scope must be person, case or item, not {scope!r}")
        scope = ""
    if type(order) is not int or (scope != "item" and order <= 0):
        faults.append(f"{where}: order must be a whole number above 0")
        order = 0
    if scope == "item":
        faults.extend(
            f"{where}: the dialog of one item has no {key}"
            for key in ("order", "when", "leaves", "leaves_when")
            if key in head
        )
    raw_steps = table.get("steps", [])
    if not isinstance(raw_steps, list) or not raw_steps:
        faults.append(f"{where}: there are no [[steps]]")
        raw_steps = []
    steps = [_step(where, raw, faults) for raw in raw_steps]
    needed = head.get("needed", "")
    if needed and not (isinstance(needed, str) and head.get("optional")):
        faults.append(f"{where}: needed is the name of a guard, of a dialog that is optional")
    elif needed:
        _when(where, "[dialog]", needed, faults)
    return Dialog(
        name,
        scope,
        order,
        _when(where, "[dialog]", head.get("when"), faults),
        tuple(step for step in steps if step is not None),
        bool(head.get("optional", False)),
        str(head.get("each", "")),
        str(head.get("page", "")),
        _leaves(where, head.get("leaves", []), faults),
        _leaves_when(where, head.get("leaves_when", {}), faults),
        str(needed),
    )


def _leaves(where: str, raw: Any, faults: list[str]) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(one, str) for one in raw):
        faults.append(f"{where}: [dialog] leaves must be a list of facts")
        return ()
    faults.extend(
        f"{where}: [dialog] leaves {fact!r}, which is no fact.{_near(fact, _FACTS)}"
        for fact in raw
        if fact not in _FACTS
    )
    return tuple(raw)


def _leaves_when(where: str, raw: Any, faults: list[str]) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(raw, dict):
        faults.append(f"{where}: [dialog] leaves_when must name guards, each with a list of facts")
        return {}
    faults.extend(
        f'{where}: [dialog]: the guard "{name}" is not defined.{_near(name, guards.GUARDS)}'
        for name in raw
        if name not in guards.GUARDS
    )
    return {name: _leaves(where, facts, faults) for name, facts in raw.items()}


def _step(where: str, raw: Any, faults: list[str]) -> Step | None:
    if not isinstance(raw, dict) or not isinstance(raw.get("ask"), str):
        faults.append(f'{where}: a step needs ask = "subject.fact"')
        return None
    key: str = raw["ask"]
    at = f"{where}: step {key}"
    if key.count(".") != 1 or not all(part.isidentifier() for part in key.split(".")):
        faults.append(f"{at}: the name must be subject.fact, in letters, digits and _")
    faults.extend(f"{at} has no place for {extra!r}" for extra in sorted(raw.keys() - _STEP_KEYS))
    named = raw.get("kind")
    kind = answers.KINDS.get(named) if isinstance(named, str) else None
    when = _when(where, f"step {key}", raw.get("when"), faults)
    options = raw.get("options", [])
    if not isinstance(options, list) or not all(isinstance(option, str) for option in options):
        faults.append(f"{at}: options must be a list of names")
        options = []
    faults.extend(f"{at}: {fault}" for fault in _option_faults(options))
    faults.extend(
        f"{at}: {name} must be one of its options"
        for name in ("task",)
        if raw.get(name, "") not in ("", *options)
    )
    given: dict[str, Any] = {}
    for names, what, type_ in (
        (("not_sure", "skip", "later", "bare"), "true or false", bool),
        (("items", "shows", "range", "task", "adds", "stamps"), "a name in quotes", str),
        (("copies",), "a list of names", list),
        (("again",), "a number of days", int),
    ):
        for name in names:
            if isinstance(raw.get(name, type_()), type_):
                given[name] = raw.get(name, type_())
            else:
                faults.append(f"{at}: {name} must be {what}")
    if kind is None:
        faults.append(f"{at}: the kind {named!r} is not known.{_near(named, answers.KINDS)}")
    given["copies"] = tuple(given.get("copies", ()))
    step = Step(key, kind or answers.KINDS["card"], code_of(key), tuple(options), when, **given)
    if kind is not None:
        faults.extend(f"{at} {fault}" for fault in kind.faults(step))
    return step


def _option_faults(options: list[str]) -> Iterator[str]:
    for option in sorted({one for one in options if options.count(one) > 1}):
        yield f'the option "{option}" stands twice'
    for option in dict.fromkeys(options):
        if not (option.isidentifier() and option.isascii()):
            yield f'the option "{option}" must be letters, digits and _'
        elif option in NOT_OPTIONS or option.endswith("_also"):
            yield f'no option can be called "{option}": that is a block of every template, or a state of an answer'
        if len(option.encode()) > LONGEST_OPTION:
            yield f'the option "{option}" is too long for a button: at most {LONGEST_OPTION} letters'


def code_of(key: str) -> str:
    """Return the short name of a step that its buttons carry."""
    return base64.b32encode(hashlib.sha256(key.encode()).digest())[:6].decode().lower()


def _when(where: str, of: str, raw: Any, faults: list[str]) -> str | Mapping[str, tuple[str, ...]] | None:
    if raw is None:
        return None
    if isinstance(raw, str):
        if raw not in guards.GUARDS:
            faults.append(f'{where}: {of}: the guard "{raw}" is not defined.{_near(raw, guards.GUARDS)}')
        return raw
    if isinstance(raw, dict) and raw:
        found: dict[str, tuple[str, ...]] = {}
        for key, options in raw.items():
            if isinstance(options, list) and options and all(isinstance(one, str) for one in options):
                found[key] = tuple(options)
            elif isinstance(options, dict):
                faults.append(f'{where}: {of}: put quotes around the fact: when = {{ "{key}.…" = […] }}')
            else:
                faults.append(f"{where}: {of}: the condition on {key} must be a list of options")
        return found
    faults.append(f"{where}: {of}: a condition is the name of a guard, or a fact with its options")
    return None


def _check(tree: Tree, dialogs: list[Dialog], faults: list[str]) -> None:
    known: dict[str, Step] = {}
    first: dict[str, str] = {}
    orders: dict[int, str] = {}
    lists: dict[str, str] = {}
    known_at: dict[str, dict[str, Step]] = {}  # what was asked before the items of a list
    for dialog in tree.dialogs:
        where = f"dialogs/{dialog.name}.toml"
        taken = orders.setdefault(dialog.order, dialog.name)
        if taken != dialog.name:
            faults.append(f"{where}: order {dialog.order} is taken by dialogs/{taken}.toml")
        _condition(where, "[dialog]", dialog.when, known, dialogs, faults)
        listed = dialog.each in MADE or (dialog.each in known and bool(known[dialog.each].items))
        if dialog.each and not listed:
            faults.append(
                f"{where}: each must name a list that is asked for before, or one of the rules "
                f"({', '.join(MADE)}), not {dialog.each!r}"
            )
        for step in dialog.steps:
            _one_step(where, step, known, first, dialogs, faults)
            if not step.items:
                continue
            below = tree.items.get(step.items)
            known_at[step.items] = {key: one for key, one in known.items() if one != step}
            if below is None:
                faults.append(
                    f"{where}: step {step.key}: there is no dialog of scope item called "
                    f"{step.items!r}.{_near(step.items, tree.items)}"
                )
            elif lists.setdefault(below.name, step.key) != step.key:
                faults.append(
                    f"{where}: step {step.key}: dialogs/{below.name}.toml belongs to the list {lists[below.name]}"
                )
    faults.extend(f"dialogs/{name}.toml: no list asks for it" for name in tree.items if name not in lists)
    for below in tree.items.values():
        where, inner_known = f"dialogs/{below.name}.toml", known_at.get(below.name, dict(known))
        for inner in below.steps:
            _one_step(where, inner, inner_known, first, dialogs, faults)
            if inner.items:
                faults.append(f"{where}: step {inner.key}: there can be no list in a list")
    faults.extend(
        f"dialogs/{dialog.name}.toml: step {step.key}: stamps must name a day asked for in the same dialog"
        for dialog in dialogs
        for step in dialog.steps
        if step.stamps and step.stamps not in {one.key for one in dialog.steps if one.kind.form == "day"}
    )
    codes: dict[str, str] = {}
    faults.extend(
        f"step {step.key}: rename it, its code is that of {codes[step.code]}"
        for dialog in dialogs
        for step in dialog.steps
        if codes.setdefault(step.code, step.key) != step.key
    )


def _one_step(
    where: str,
    step: Step,
    known: dict[str, Step],
    first: dict[str, str],
    dialogs: list[Dialog],
    faults: list[str],
) -> None:
    if first.setdefault(step.key, where) != where or step.key in known:
        faults.append(f"{where}: step {step.key} is asked in {first[step.key]} already")
    _condition(where, f"step {step.key}", step.when, known, dialogs, faults)
    if step.adds and not (step.adds in known and known[step.adds].later):
        faults.append(
            f"{where}: step {step.key}: adds must name a list that is added to as things come, not {step.adds!r}"
        )
    known[step.key] = step


def _condition(
    where: str,
    of: str,
    when: str | Mapping[str, tuple[str, ...]] | None,
    known: dict[str, Step],
    dialogs: list[Dialog],
    faults: list[str],
) -> None:
    if not isinstance(when, dict):
        return
    everywhere = {step.key: step for dialog in dialogs for step in dialog.steps}
    of_items = {step.key for dialog in dialogs if dialog.scope == "item" for step in dialog.steps}
    for key, options in when.items():
        step = known.get(key)
        if step is None:
            if key in of_items:
                faults.append(
                    f"{where}: {of}: the condition looks at {key}, which is asked for each item of a list"
                )
            elif key in everywhere:
                faults.append(f"{where}: {of}: the condition looks at {key}, which is asked later")
            else:
                faults.append(f"{where}: {of}: nothing asks for {key}.{_near(key, everywhere)}")
            continue
        allowed = (*step.options, *(("not_sure",) if step.not_sure else ()))
        faults.extend(
            f'{where}: {of} names the option "{option}", which step {key} does not have.{_near(option, allowed)}'
            for option in options
            if option not in allowed
        )


def _near(name: Any, names: Iterable[str]) -> str:
    found = difflib.get_close_matches(str(name), list(names), 1)
    return f' Did you mean "{found[0]}"?' if found else ""
