"""What the person sees of questions: the topics, what may be meant, and the answers. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.model import Label, Screen
from bot.pages import page
from bot.rules import figures
from bot.rules.notices import catalogue
from bot.rules.parameters import check_first
from bot.rules.questions import questions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.engine import House
    from bot.pages import Buttons, Here
    from bot.words import Words

ASKED_SHOWN = 6


@page
def _questions_page(here: Here) -> list[Buttons]:
    topics = [here.do("topic", arg=topic, label=_topic(topic)) for topic in here.house.asked.topics]
    return [*((one,) for one in topics), here.on()]


@page
def _topic_page(here: Here) -> list[Buttons]:
    args = here.state.person.focus.args
    topics = here.house.asked.topics
    topic = args["topic"] if args.get("topic") in topics else next(iter(topics))
    here.args["topic"] = _topic(topic)
    pages = max(1, -(-len(topics[topic]) // ASKED_SHOWN))
    at = min(int(args.get("at") or 0), pages - 1)
    here.args["at_page"], here.args["pages"] = at + 1, pages
    asked = topics[topic][at * ASKED_SHOWN : (at + 1) * ASKED_SHOWN]
    turns = [
        here.do("topic", arg=f"{topic}.{to}", label=Label("buttons", name))
        for name, to in (("topic_before", at - 1), ("topic_after", at + 1))
        if 0 <= to < pages
    ]
    rows: list[Buttons] = [(here.do("q", arg=one, label=question(one)),) for one in asked]
    return [*rows, *([tuple(turns)] if turns else []), (here.go("questions"),), here.on()]


@page
def _ask_page(here: Here) -> list[Buttons]:
    near = [one for one in here.state.person.focus.args.get("near", ()) if one in here.house.asked.names]
    here.args["near"] = near
    return [
        *((here.do("q", arg=one, label=question(one)),) for one in near),
        (here.go("questions"), here.go("help")),
        (here.do("return", "primary"),),
    ]


def _topic(topic: str) -> Label:
    return Label("questions", f"topic_{topic}")


def question(name: str) -> Label:
    """Return the words of a question on a button."""
    kind, _, of = name.partition(":")
    if kind == "term":
        return Label("questions", "term_title", {"term": of})
    if kind == "notice":
        return Label("questions", "notice_title", {"number": catalogue()[of].number})
    return Label("questions", f"{name}_title")


def answer(house: House, words: Words, name: str, args: Mapping[str, Any]) -> Screen:
    """Return the answer to a question; `args` are the person's own facts."""
    day, (kind, _, of) = args["today"], name.partition(":")
    if kind == "term":
        return Screen(words.block("questions", "term", {"term": of, "plain": words.glossary[of]}))
    if kind == "notice":
        one = catalogue()[of]
        about = {part: words.markup("notices", f"{one.block}_{part}") for part in ("title", "what", "next")}
        said = words.block("questions", "notice", {"number": one.number, **about})
        unsure = not one.firm or day > one.review_by
    else:
        own = {**args, **figures.said("questions", name, house.params, day)}
        title = words.markup("questions", f"{name}_title")
        said = f"<b>{title}</b>\n{words.block('questions', name, own)}"
        told = figures.behind("questions", name, house.params, day).values()
        unsure = any(check_first(one, day) for one in (questions(house.params, day)[name].value, *told))
    return Screen(f"{said}\n\n{words.block('questions', 'check')}" if unsure else said)
