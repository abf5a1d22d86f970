"""`prelien preview`: every screen with sample facts on one page, for a reviewer who has no Telegram."""

from __future__ import annotations

import argparse
import html
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import check, config, reading, samples
from bot.run import at_home
from bot.shell import BadInputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.engine import House
    from bot.model import Screen
    from bot.words import Words

MOST_FORMS = 12  # of one screen; a form is the same screen with other facts
BESIDES = "Messages beside the screen"


def add(commands: Any) -> None:
    """Add the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "preview",
        help="write every screen to one HTML page",
        description="Write every screen a person can see, with sample facts, to one HTML page: questions by stage, "
        "pages, reminders and what else is sent. Each has its step, its reading grade, its words and the answers "
        "it was reached by. The page needs nothing else and opens in any browser.",
    )
    parser.add_argument(
        "file", type=Path, metavar="FILE.html", help="where to write it; a file there is replaced"
    )
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> str:
    """Write the page; return one line about it. Raises BadInputError."""
    file: Path = given.file
    if file.is_dir():
        raise BadInputError(f"{file} is a folder; name a file in it, such as {file / 'preview.html'}")
    if file.suffix.lower() not in (".html", ".htm"):
        raise BadInputError(f"{file} must end in .html")
    if not file.parent.is_dir():
        raise BadInputError(f"the folder {file.parent} does not exist")
    settings = config.read(config.with_file(Path(".env"), os.environ))
    faults = check.faults(settings)
    if faults:
        raise BadInputError("mend these first:\n" + "\n".join(faults))
    house, words = at_home(settings)
    now, terms, seen = datetime.now(UTC), check.terms_of(settings), Seen()
    check.unsaid(house, words, now, terms, seen.see)
    shown = screens_of(house, words, now, seen)
    try:
        file.write_text(page(house, words, shown, terms), encoding="utf-8")
    except OSError as error:
        raise BadInputError(f"{file} cannot be written: {error.strerror}") from None
    return f"{len(shown)} screens in {sum(len(one.forms) for one in shown)} forms: {file}"


@dataclass(frozen=True, slots=True)
class Form:
    """A screen with the facts of one sample person, and the answers it was reached by."""

    screen: Screen
    reached: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One screen in all the forms it was seen in."""

    name: str
    group: str
    forms: tuple[Form, ...]
    more: int  # forms that are left out


class Seen:
    """The screens as they are seen, each name with its forms."""

    def __init__(self) -> None:
        self.forms: dict[str, dict[str, Form]] = {}

    def see(self, one: samples.Sample, screen: Screen) -> None:
        """Take a screen. What is seen while an answer is changed looks like the question itself."""
        if not one.name.startswith("edit of "):
            alike = re.sub(r"\d", "0", screen.text)  # another day or amount is no other form
            self.forms.setdefault(one.name, {}).setdefault(alike, Form(screen, samples.path(one.state)))


def screens_of(house: House, words: Words, now: datetime, seen: Seen) -> list[Shown]:
    """Return every screen, in the order of the stages; then pages, then what is sent besides."""
    told = {name: {"": Form(screen, "")} for name, screen in check.told(house, words, now)}
    forms = seen.forms | told
    stages = _stages(house)
    shown = [
        Shown(name, _group(name, stages), tuple(found.values())[:MOST_FORMS], max(0, len(found) - MOST_FORMS))
        for name, found in forms.items()
    ]
    groups = [*dict.fromkeys(stages.values()), "Pages", BESIDES]
    order = {f"step {step.key}": n for n, (_, step) in enumerate(house.tree.steps())}
    return sorted(shown, key=lambda one: (groups.index(one.group), order.get(one.name, 0)))


def _stages(house: House) -> dict[str, str]:
    """Return the stage of each step: the dialog it is asked in; an item's is that of its list."""
    found = {}
    for dialog in house.tree.dialogs:
        for step in dialog.steps:
            found[f"step {step.key}"] = dialog.name
            for inner in house.tree.items[step.items].steps if step.items else ():
                found[f"step {inner.key}"] = dialog.name
    return found


def _group(name: str, stages: dict[str, str]) -> str:
    return stages.get(name) or ("Pages" if name.startswith("page ") else BESIDES)


# ---------------------------------------------------------------- the page


def page(house: House, words: Words, shown: list[Shown], terms: Iterable[str]) -> str:
    """Return the page as HTML that needs nothing else."""
    groups: dict[str, list[Shown]] = {}
    for one in shown:
        groups.setdefault(one.group, []).append(one)
    names = {one.name: words.label("stages", one.name) for one in house.tree.dialogs}
    links = "".join(
        f'<a href="#g{n}">{html.escape(names.get(group, group))} <small>{len(inside)}</small></a>'
        for n, (group, inside) in enumerate(groups.items())
    )
    body = "".join(
        f'<section id="g{n}"><h2>{html.escape(names.get(group, group))}</h2>'
        f'<div class="all">{"".join(_screen(one, tuple(terms)) for one in inside)}</div></section>'
        for n, (group, inside) in enumerate(groups.items())
    )
    about = (
        f"{len(shown)} screens, each with the facts of sample people. The grade is the school year a reader needs: "
        f"aimed at {reading.AIM}, at most {reading.HARDEST}; short texts have none. Buttons do nothing here."
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Prelien: all screens</title>'
        f"<style>{STYLE}</style></head><body><header><h1>Prelien: all screens</h1><p>{about}</p>"
        f"<nav>{links}</nav></header><main>{body}</main></body></html>\n"
    )


def _screen(one: Shown, terms: tuple[str, ...]) -> str:
    first, *others = (_form(form, one.name, terms) for form in one.forms)
    kind, _, name = one.name.partition(" ") if one.name.startswith(("step ", "page ")) else ("", "", one.name)
    more = ""
    if others:
        rest = f'<p class="rest">and {one.more} more</p>' if one.more else ""
        count = len(others) + one.more
        label = "1 other form" if count == 1 else f"{count} other forms"
        more = f'<details class="forms"><summary>{label}</summary>{"".join(others)}{rest}</details>'
    return f"<article><h3><small>{kind}</small> <code>{html.escape(name)}</code></h3>{first}{more}</article>"


def _form(form: Form, name: str, terms: tuple[str, ...]) -> str:
    text = check.body(form.screen.text) if name.startswith("step ") else form.screen.text
    many = reading.count(text)
    level = ""
    if many >= reading.FEWEST_WORDS:
        grade = max(0.0, reading.grade(text, terms))
        mark = "hard" if grade > reading.HARDEST else "fair" if grade > reading.AIM else "easy"
        level = f'<b class="{mark}">grade {grade:.1f}</b> · '
    reached = ""
    if form.reached:
        reached = f"<details><summary>reached by</summary><p>{html.escape(form.reached)}</p></details>"
    rows = "".join(
        '<div class="row">'
        + "".join(f'<span class="button {html.escape(b.style)}">{html.escape(b.text)}</span>' for b in row)
        + "</div>"
        for row in form.screen.rows
    )
    return (
        f'<div class="form"><div class="message">{folded(form.screen.text)}</div>{rows}'
        f'<div class="facts">{level}{many} {"word" if many == 1 else "words"}{reached}</div></div>'
    )


def folded(text: str) -> str:
    """Return Telegram's HTML for a browser: what is folded there is folded here."""
    return "".join(_parts(text))


def _parts(text: str) -> Iterator[str]:
    for n, part in enumerate(
        re.split(r"\s*<blockquote expandable>(.*?)</blockquote>\s*", text, flags=re.DOTALL)
    ):
        if n % 2:
            title, _, rest = part.partition("\n")
            yield f"<details><summary>{title}</summary><div>{rest}</div></details>"
        elif part:
            yield f"<div>{part}</div>"


STYLE = """
:root{color-scheme:light dark;--page:#e9eef2;--card:#fff;--text:#17212b;--soft:#6a7a88;--line:#d5dde4;
--primary:#2f7fc9;--danger:#c9403a;--button:#eaf1f7;--easy:#2b7a44;--fair:#8a6300}
@media(prefers-color-scheme:dark){:root{--page:#0e1621;--card:#182533;--text:#eef3f7;--soft:#92a3b3;--line:#2a3a4a;
--primary:#3a86cc;--danger:#cf524c;--button:#233446;--easy:#6cc98a;--fair:#e3b341}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.45 system-ui,sans-serif;overflow-wrap:anywhere}
header,main{max-width:76rem;margin:0 auto;padding:1rem}
h1{margin:.3rem 0;font-size:1.5rem}header p{max-width:46rem;margin:.4rem 0 1rem;color:var(--soft)}
nav{display:flex;flex-wrap:wrap;gap:.4rem}
nav a{background:var(--card);color:inherit;text-decoration:none;padding:.3rem .7rem;border-radius:1rem;border:1px solid var(--line)}
small{color:var(--soft);font-weight:400}
h2{margin:1.6rem 0 .7rem;font-size:1.2rem}
.all{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr));gap:1.2rem;align-items:start}
article{min-width:0}h3{margin:0 0 .3rem;font-size:.9rem;font-weight:400}
.form+.form,.forms .form{margin-top:.9rem}
.message{background:var(--card);border-radius:.9rem .9rem .3rem .3rem;padding:.7rem .9rem;white-space:pre-line;
box-shadow:0 1px 2px #0002}
.message details{margin:.5rem 0;padding:.3rem .7rem;border-left:3px solid var(--primary);border-radius:.3rem;background:var(--button);
font-size:.93rem}
summary{cursor:pointer}.message summary{color:var(--primary)}
.row{display:flex;gap:.25rem;margin-top:.25rem}
.button{flex:1;text-align:center;background:var(--button);border:1px solid var(--line);border-radius:.5rem;padding:.4rem .5rem;
font-size:.92rem}
.primary{background:var(--primary);border-color:var(--primary);color:#fff}
.danger{background:var(--danger);border-color:var(--danger);color:#fff}
.facts{margin:.35rem .2rem 0;color:var(--soft);font-size:.82rem}.facts details{display:inline-block;margin-left:.6rem;vertical-align:top}
.facts p{margin:.2rem 0;font-family:ui-monospace,monospace;font-size:.78rem}
.easy{color:var(--easy)}.fair{color:var(--fair)}.hard{color:var(--danger)}
.forms>summary{margin-top:.4rem;color:var(--primary);font-size:.9rem}.rest{color:var(--soft)}
code{font-size:.92em}
"""
