"""Try the rules from a shell: one module a command, JSON on standard output.

A command module has `add(commands)`, which adds its parser and sets `run`, a function of the parsed
arguments that returns what is printed. A mistake in the input is a `BadInputError`: one line, exit 2.
"""

from __future__ import annotations

import argparse
import json
import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, NoReturn

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
LARGEST = Decimal(10) ** 12
CENT = Decimal("0.01")


class BadInputError(Exception):
    """What was asked cannot be answered; the message is one clear line."""


class Parser(argparse.ArgumentParser):
    """A parser that tells a mistake in one line, without the usage."""

    def error(self, message: str) -> NoReturn:
        """Raise BadInputError: what is wrong, and where the help is."""
        raise BadInputError(f"{message}; see `{self.prog} --help`")


def day(text: str) -> date:
    """Return the ISO date `text`. Raises BadInputError."""
    try:
        found = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) else None
    except ValueError:
        found = None
    if found is None:
        raise BadInputError(f"{text!r} is not a date; write it as 2026-11-22")
    if not EARLIEST <= found <= LATEST:
        raise BadInputError(f"{found} is outside {EARLIEST} to {LATEST}")
    return found


def as_of(parser: argparse.ArgumentParser, meaning: str) -> None:
    """Add `--as-of`: the day the answer is for, today without it."""
    today = date.today()  # noqa: DTZ011  the shell is an edge: it may read the clock
    parser.add_argument("--as-of", type=day, default=today, metavar="DATE", help=f"{meaning}; else today")


def usd(text: str) -> Decimal:
    """Return the amount `text` in US dollars and cents. Raises BadInputError."""
    try:
        amount = Decimal(text.replace(",", "").removeprefix("$"))
    except InvalidOperation:
        raise BadInputError(f"{text!r} is not an amount; write it as 1234.56") from None
    if not amount.is_finite() or amount < 0:
        raise BadInputError(f"{text!r} is not an amount of zero or more")
    if amount >= LARGEST:
        raise BadInputError(f"{text!r} is too large an amount")
    if amount != amount.quantize(CENT):
        raise BadInputError(f"{text!r} has fractions of a cent; write it as 1234.56")
    return amount.quantize(CENT)


def money(amount: Decimal) -> str:
    """Return `amount` with cents, as it is printed."""
    return str(amount.quantize(CENT, ROUND_HALF_UP))


def as_json(answer: Any) -> str:
    """Return `answer` as indented JSON: dates as ISO, amounts as strings."""

    def plain(value: Any) -> str:
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, Decimal):
            return str(value)
        raise TypeError(f"{type(value).__name__} cannot be printed")

    return json.dumps(answer, indent=2, ensure_ascii=False, default=plain)
