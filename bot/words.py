"""The words: Jinja2 templates of one language, escaped, nothing undefined."""

from __future__ import annotations

import html
import tomllib
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal
    from pathlib import Path


class Words:
    """The texts of one language: whole templates, or one block of a template."""

    def __init__(self, folder: Path, language: str = "en") -> None:
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(folder / language),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
            auto_reload=False,
        )
        names = tomllib.loads((folder / language / "words.toml").read_text(encoding="utf-8"))
        self._months: list[str] = names["months"]
        self._weekdays: list[str] = names["weekdays"]
        self._patterns: dict[str, str] = names["patterns"]
        self._environment.filters.update(
            day=self.day, weekday=self.weekday, short_day=self.short_day, usd=self.usd
        )
        self._environment.globals["say"] = self._markup

    def say(self, template: str, args: Mapping[str, Any] | None = None) -> str:
        """Return the whole template `template` (without its ".j2") as HTML for Telegram."""
        return tidy(self._environment.get_template(f"{template}.j2").render(args or {}))

    def block(self, template: str, block: str, args: Mapping[str, Any] | None = None) -> str:
        """Return one block of a template as HTML. Raises KeyError where the template has no such block."""
        found = self._environment.get_template(f"{template}.j2")
        return tidy("".join(found.blocks[block](found.new_context(dict(args or {})))))

    def label(self, template: str, block: str, args: Mapping[str, Any] | None = None) -> str:
        """Return one block as plain text, for a button."""
        return html.unescape(self.block(template, block, args))

    def has(self, template: str, block: str | None = None) -> bool:
        """Say whether there is such a template, and in it such a block."""
        try:
            found = self._environment.get_template(f"{template}.j2")
        except jinja2.TemplateNotFound:
            return False
        return block is None or block in found.blocks

    def _markup(self, template: str, **args: Any) -> Markup:
        return Markup(self.say(template, args))  # noqa: S704  rendered escaped

    def day(self, value: date) -> str:
        """Return a day in full: Friday, November 20, 2026."""
        return self._in(value, "day")

    def short_day(self, value: date) -> str:
        """Return a day without its weekday: November 20, 2026."""
        return self._in(value, "short_day")

    def weekday(self, value: date) -> str:
        """Return the name of the weekday."""
        return self._weekdays[value.weekday()]

    def _in(self, value: date, pattern: str) -> str:
        return self._patterns[pattern].format(
            weekday=self._weekdays[value.weekday()],
            month=self._months[value.month - 1],
            day=value.day,
            year=value.year,
        )

    @staticmethod
    def usd(value: Decimal) -> str:
        """Return an amount as people write it: $1,200 or $1,234.56."""
        return f"${value:,.0f}" if value == value.to_integral_value() else f"${value:,.2f}"


def tidy(text: str) -> str:
    """Return `text` without blank lines at the ends, spaces at line ends and runs of blank lines."""
    lines = [line.strip() for line in text.strip().splitlines()]
    kept = [line for i, line in enumerate(lines) if line or (i and lines[i - 1])]
    return "\n".join(kept)
