"""`prelien verify`: is this contact real? Judge the signals seen in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.rules import parameters
from bot.rules.verification import Channel, Judgement, UnknownSignalError, judge, signals, signals_for
from bot.shell import BadInputError, as_of
from bot.words import Words

if TYPE_CHECKING:
    import argparse

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `verify`."""
    parser = commands.add_parser(
        "verify",
        help="is a letter, call or visit really from the IRS?",
        description="Judge a contact by the signals seen in it: is the sender safe, and is something owed?",
    )
    parser.add_argument(
        "--signal",
        action="append",
        default=[],
        metavar="NAME",
        help="a signal seen in the contact; may be given again",
    )
    parser.add_argument(
        "--channel", choices=[str(one) for one in Channel], default="unsure", help="how it came"
    )
    parser.add_argument(
        "--list", action="store_true", help="name the signals of the channel, with a line each"
    )
    as_of(parser, "the day the rules are taken from")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the judgement, or the list of signals. Raises BadInputError."""
    try:
        return _answer(arguments)
    except parameters.TooEarlyError as error:
        raise BadInputError(f"the signals of that day are not known: {error}") from None


def _answer(arguments: argparse.Namespace) -> dict[str, Any]:
    words = Words(TEMPLATES)
    params = parameters.read()
    on = arguments.as_of
    if arguments.list:
        return {
            one.name: words.label("verification", f"signal_{one.name}")
            for one in signals_for(arguments.channel, params, on)
        }
    if not arguments.signal:
        names = ", ".join(list(signals(params, on))[:3])
        raise BadInputError(f"name at least one --signal, such as {names}; --list names them all")
    try:
        judgement = judge(arguments.signal, params, on, arguments.channel)
    except UnknownSignalError as error:
        raise BadInputError(f"{error.args[0]} --list names them all") from None
    return shown(judgement, words)


def shown(judgement: Judgement, words: Words) -> dict[str, Any]:
    """Return the judgement as plain values with its words."""

    def say(kind: str, name: str, args: Any = None) -> str:
        return words.label("verification", f"{kind}_{name}", args)

    return {
        "verdict": str(judgement.sender),
        "verdict_says": say("sender", judgement.sender),
        "debt": str(judgement.debt),
        "debt_says": say("debt", judgement.debt),
        "links_and_numbers_usable": judgement.usable,
        "reasons": [
            {
                "signal": one.name,
                "weight": one.args["weight"],
                "points": one.args["points"],
                "sentence": say("why", one.name, one.args),
                "check_first": one.args["check_first"],
                "source": None if one.source is None else one.source.url,
            }
            for one in judgement.reasons
        ],
        "next": [{"name": one.name, "sentence": say("next", one.name, one.args)} for one in judgement.next],
        "report": [
            {"name": one.name, "sentence": say("report", one.name, one.args), "url": one.args["url"]}
            for one in judgement.report
        ],
    }
