"""prelien deadline: the days a notice or an event opens, with the steps of the count."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.rules import deadlines, notices, parameters
from bot.shell import BadInputError, as_of, day, usd
from bot.words import Words

if TYPE_CHECKING:
    import argparse
    from datetime import date

    from bot.model import Deadline

TEMPLATES = Path(__file__).parents[2] / "templates"


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `deadline` to the commands."""
    parser = commands.add_parser(
        "deadline",
        help="work out the days a notice or an event opens",
        description="Work out the days a notice or an event opens. The first is the one that matters most; "
        "`also` holds the others.",
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--notice", metavar="NUMBER", help="notice or letter number: LT11, CP504, 1058")
    what.add_argument("--event", metavar="NAME", help=f"one of: {', '.join(sorted(deadlines.EVENTS))}")
    parser.add_argument("--dated", type=day, metavar="DATE", help="date on the notice, or day of the event")
    parser.add_argument("--printed", type=day, metavar="DATE", help="reply-by date printed on the notice")
    parser.add_argument("--amount", type=usd, metavar="USD", help="amount the notice demands")
    parser.add_argument("--right", choices=("cdp", "equivalent"), help="only this hearing")
    parser.add_argument(
        "--lien-filed", type=day, metavar="DATE", help="day the lien notice was filed (Letter 3172)"
    )
    parser.add_argument("--abroad", action="store_true", help="the letter is addressed outside the US")
    as_of(parser, "the day on which `check_first` and `still_possible` are told")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Return what is printed: the first deadline, the others in `also`. Raises BadInputError."""
    dated, printed, filed = args.dated, args.printed, args.lien_filed
    if dated is None and printed is None and filed is None:
        raise BadInputError("--dated is missing: the date on the notice, as 2026-11-22")
    if dated and printed and printed < dated:
        raise BadInputError(f"--printed {printed} lies before --dated {dated}")
    if filed and printed and printed < filed:
        raise BadInputError(f"--printed {printed} lies before --lien-filed {filed}")
    params = parameters.read()
    if args.event is not None:
        if args.event not in deadlines.EVENTS:
            raise BadInputError(
                f"{args.event!r} is no event; there are {', '.join(sorted(deadlines.EVENTS))}"
            )
        if dated is None:
            raise BadInputError("--event needs --dated, the day of the event or of its letter")
        if filed is not None:
            raise BadInputError("--lien-filed goes with --notice; with --event lien_filed give --dated")
        found = deadlines.for_event(
            args.event,
            dated,
            printed=printed,
            amount=args.amount,
            right=args.right,
            abroad=args.abroad,
            params=params,
        )
    else:
        found = deadlines.for_notice(
            _notice(args.notice),
            dated,
            printed=printed,
            amount=args.amount,
            right=args.right,
            lien_filed=filed,
            abroad=args.abroad,
            params=params,
        )
    if not found:
        raise BadInputError(f"{args.notice or args.event} opens no {args.right} hearing")
    words = Words(TEMPLATES)
    first, *others = (_shown(deadline, words, args.as_of) for deadline in found)
    first["also"] += others
    return first


def _notice(text: str) -> notices.IrsNotice:
    found = notices.find(text)
    if found.one:
        return found.one
    if found.notices:
        raise BadInputError(f"{text!r} may be {', '.join(one.id for one in found.notices)}; say which")
    if found.number:
        return notices.manual(found.number)
    raise BadInputError(f"{text!r} is no notice number; write it as CP504, LT11 or Letter 1058")


def _shown(deadline: Deadline, words: Words, on: date) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "rule": deadline.rule,
        "kind": str(deadline.kind),
        "whose": str(deadline.whose),
        "name": words.label("deadlines", f"{deadline.kind}_name"),
        "raw": deadline.raw,
        "legal_last": deadline.legal_last,
        "safe_by": deadline.safe_by,
        "printed": deadline.printed,
        "binding": deadline.binding,
        "steps": [words.label("steps", step.name, step.args) for step in deadline.steps],
        "source": {"title": deadline.source.title, "url": deadline.source.url},
        "confidence": deadline.confidence,
        "check_first": deadline.confidence == "low" or deadline.stale(on),
        "still_possible": [
            words.label("deadlines", one.name, one.args) for one in deadlines.after(deadline, on)
        ],
        "also": [_shown(other, words, on) for other in deadline.also],
    }
    if deadline.none_because is not None:
        shown["why"] = words.label("deadlines", deadline.none_because.name, deadline.none_because.args)
    return shown
