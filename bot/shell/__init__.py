"""Try the rules from a shell: one module a command, JSON on standard output.

A command module has `add(commands)`, which adds its parser and sets `run`, a function of the parsed
arguments that returns what is printed. A mistake in the input is a `BadInputError`: one line, exit 2.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any


class BadInputError(Exception):
    """What was asked cannot be answered; the message is one clear line."""


def day(text: str) -> date:
    """Return the ISO date `text`. Raises BadInputError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInputError(f"{text!r} is not a date; write it as 2026-11-22") from None


def usd(text: str) -> Decimal:
    """Return the amount `text` in US dollars. Raises BadInputError."""
    try:
        amount = Decimal(text.replace(",", "").removeprefix("$"))
    except InvalidOperation:
        raise BadInputError(f"{text!r} is not an amount; write it as 1234.56") from None
    if not amount.is_finite() or amount < 0:
        raise BadInputError(f"{text!r} is not an amount of zero or more")
    return amount


def money(amount: Decimal) -> str:
    """Return `amount` with cents, as it is printed."""
    return str(amount.quantize(Decimal("0.01"), ROUND_HALF_UP))


def as_json(answer: Any) -> str:
    """Return `answer` as indented JSON: dates as ISO, amounts as strings."""

    def plain(value: Any) -> str:
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, Decimal):
            return str(value)
        raise TypeError(f"{type(value).__name__} cannot be printed")

    return json.dumps(answer, indent=2, ensure_ascii=False, default=plain)
