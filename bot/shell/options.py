"""`prelien options`: the ways out for a file of facts, in order."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.rules import parameters
from bot.rules.documents import documents
from bot.rules.facts import Facts, FactsError, schema
from bot.rules.figures import said
from bot.rules.options import Comparison, Cost, Ranking, Step, Verdict, rank
from bot.rules.parameters import check_first
from bot.shell import BadInputError, as_of, money
from bot.shell.verify import TEMPLATES
from bot.words import Words

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable
    from datetime import date

    from bot.model import Reason, Remark
    from bot.rules.parameters import Parameters
    from bot.rules.red_flags import Flag


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `options`."""
    parser = commands.add_parser(
        "options",
        help="the ways out for these facts, in order",
        description="Rank the ways out of a tax debt, with each condition, cost and lien outlook.",
    )
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument("--facts", type=Path, metavar="FILE.json", help="what is known; see --schema")
    asked.add_argument("--schema", action="store_true", help="describe the facts as a JSON schema")
    as_of(parser, "the day asked about")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the ranking, or the schema of the facts. Raises BadInputError."""
    if arguments.schema:
        return schema()
    on = arguments.as_of
    facts = _facts(arguments.facts)
    params = parameters.read()
    try:
        ranking = rank(facts, params, on)
    except parameters.TooEarlyError as error:
        raise BadInputError(f"the rules of {on} are not known: {error}") from None
    return {"as_of": on, **Shown(Words(TEMPLATES), params, on, facts).ranking(ranking)}


def _facts(path: Path) -> Facts:
    try:
        data = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:  # also bytes that are no text, and endless numbers
        raise BadInputError(f"{path} is not JSON: {error}") from None
    try:
        return Facts.from_json(data)
    except FactsError as error:
        raise BadInputError(f"{path}: {error}") from None


class Shown:
    """A ranking as plain values with its words."""

    def __init__(self, words: Words, params: Parameters, on: date, facts: Facts) -> None:
        self._words, self._params, self._on, self._facts = words, params, on, facts

    def say(self, kind: str, name: str, args: Any = None, template: str = "options") -> str:
        """Return the words of one block."""
        block = f"{kind}_{name}"
        return self._words.label(
            template, block, {**said(template, block, self._params, self._on), **(args or {})}
        )

    def ranking(self, ranking: Ranking) -> dict[str, Any]:
        """Return everything a ranking says."""
        stop = ranking.stop
        return {
            "flags": [self._flag(one) for one in ranking.flags],
            "stop": None if stop is None else self._words.label("flags", "stop"),
            "first": self._words.label("options", "deadlines_first"),
            "lead": self._step(ranking.lead),
            "alternatives": [self._step(one) for one in ranking.alternatives],
            "needs": [{"fact": one, "question": self.say("ask", one)} for one in ranking.needs],
            "assumed": self._said("assumed", ranking.assumed),
            "compare": self._compared(ranking.comparison),
            "options": [self._verdict(one) for one in ranking.verdicts],
            "note": self._words.label("options", "irs_decides"),
        }

    def _flag(self, flag: Flag) -> dict[str, Any]:
        return {
            "name": flag.name,
            "says": self.say("flag", flag.name, template="flags"),
            "who": [self.say("who", one, template="flags") for one in flag.who],
            "stops": flag.stops,
            "source": flag.source.url,
        }

    def _step(self, step: Step) -> dict[str, Any]:
        return {
            "name": step.name,
            "says": self.say("step", step.name),
            "options": step.options,
            "do": self._said("do", step.remarks),
            "then": step.then,
            "cost": self._cost(step.cost),
        }

    def _said(self, kind: str, remarks: Iterable[Remark]) -> list[dict[str, str]]:
        return [{"name": one.name, "says": self.say(kind, one.name, one.args)} for one in remarks]

    def _verdict(self, verdict: Verdict) -> dict[str, Any]:
        return {
            "option": verdict.option,
            "name": self.say("name", verdict.option),
            "what": self.say("what", verdict.option),
            "fits": verdict.fits,
            "conditions": [self._reason(one) for one in verdict.reasons],
            "lien": {"outlook": str(verdict.lien), "says": self.say("lien", verdict.lien)},
            "levy": {"effect": verdict.levy, "says": self.say("levy", verdict.levy)},
            "ten_year_clock": {"effect": verdict.clock, "says": self.say("clock", verdict.clock)},
            "fees": [
                {
                    "name": fee.name,
                    "amount": money(fee.amount),
                    "says": self.say("fee", fee.name, {"amount": fee.amount}),
                    "check_first": check_first(fee.value, self._on),
                }
                for fee in verdict.fees
            ],
            "cost": self._cost(verdict.cost),
            "arithmetic": [self._words.label("budget", one.name, one.args) for one in verdict.arithmetic],
            "forms": verdict.forms,
            "how": self._said("how", verdict.how),
            "time": self.say("time", verdict.time),
            "confirm_in_writing": [self.say("writing", one) for one in verdict.in_writing],
            "notes": self._said("note", verdict.notes),
            "see_a_professional": verdict.refer,
            "documents": [
                {
                    "name": one.name,
                    "says": self.say("name", one.name, template="documents"),
                    "need": str(one.need),
                }
                for one in documents(verdict.option, self._facts.households, self._params, self._on)
            ],
            "source": {"title": verdict.source.title, "url": verdict.source.url},
            "confidence": verdict.confidence,
            "check_first": verdict.check_first,
        }

    def _reason(self, reason: Reason) -> dict[str, Any]:
        state = {True: "met", False: "unmet", None: "unknown"}[reason.met]
        change = reason.change
        return {
            "name": reason.name,
            "met": reason.met,
            "says": self._words.label("reasons", f"{reason.name}_{state}", reason.args),
            "change": None if change is None else self.say("change", change.name, change.args, "reasons"),
            "source": None if reason.source is None else reason.source.url,
            "check_first": check_first(reason.args["figure"], self._on),
        }

    def _cost(self, cost: Cost | None) -> dict[str, Any] | None:
        if cost is None:
            return None
        return {
            "monthly": money(cost.monthly),
            "payments": cost.payments,
            "total": money(cost.total),
            "interest": money(cost.interest),
            "penalty": money(cost.penalty),
            "fee": money(cost.fee),
            "with_fee": money(cost.with_fee),
            "last_payment": cost.last_payment,
            "left": money(cost.left),
            "projected_from": cost.projected_from,
            "cautions": [self._words.label("cost", one.name, one.args) for one in cost.cautions],
        }

    def _compared(self, both: Comparison | None) -> dict[str, Any] | None:
        if both is None:
            return None
        return {
            "short_term": self._cost(both.short_term),
            "simple_payment_plan": self._cost(both.simple),
            "cheaper": both.cheaper,
            "saved": money(both.saved),
        }
