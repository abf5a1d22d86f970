"""The words: Jinja2 templates of one language, escaped, nothing undefined."""

from __future__ import annotations

import html
import re
import tomllib
from contextlib import suppress
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

import jinja2
from jinja2 import nodes
from jinja2.runtime import Context
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from decimal import Decimal
    from pathlib import Path

    from jinja2.bccache import Bucket


class _Compiled(jinja2.BytecodeCache):
    """What this process compiled already, by the text it was made from."""

    kept: ClassVar[dict[tuple[str, str], bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        found = self.kept.get((bucket.key, bucket.checksum))
        if found is not None:
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


@lru_cache(maxsize=512)
def _fixed_blocks(source: str) -> tuple[str, ...]:
    """Return the names of the blocks in a template that use nothing from outside."""
    return tuple(
        block.name
        for block in jinja2.Environment().parse(source).find_all(nodes.Block)  # noqa: S701  nothing is rendered
        if block.find(nodes.Name) is None and block.find(nodes.Block) is None
    )


class Words:
    """The texts of one language: whole templates, or one block of a template."""

    def __init__(self, folder: Path, language: str = "en") -> None:
        self.language = language
        self._loader = jinja2.FileSystemLoader(folder / language)
        self._environment = jinja2.Environment(
            loader=self._loader,
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
            auto_reload=False,
            bytecode_cache=_Compiled(),
        )
        names = tomllib.loads((folder / language / "words.toml").read_text(encoding="utf-8"))
        self.months: tuple[str, ...] = tuple(names["months"])
        self.profile: dict[str, Any] = names["profile"]
        self.asides: dict[str, tuple[str, ...]] = {
            kind: tuple(said) for kind, said in names["asides"].items()
        }
        self._weekdays: list[str] = names["weekdays"]
        self._halves: list[str] = names["halves"]
        self._patterns: dict[str, str] = names["patterns"]
        self._environment.filters.update(
            day=self.day, weekday=self.weekday, short_day=self.short_day, usd=self.usd, clock=self.clock,
            about=self.about, least=self.least,
        )  # fmt: skip
        self._environment.globals.update(say=self._whole, block=self.markup, has=self.has)
        self._fixed: dict[str, dict[str, str]] = {}
        self._templates: dict[str, jinja2.Template] = {}
        self.glossary: Mapping[str, str] = _table(folder / language / "glossary.toml").get("terms", {})
        self.questions: Mapping[str, Any] = _table(folder / language / "questions.toml")

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Return the plain words of all texts: what stands there in small letters, so no names."""
        said: set[str] = set()
        for name in self._environment.list_templates(extensions=["j2"]):
            source = self._loader.get_source(self._environment, name)[0]
            text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}|<[^>]*>", " ", source, flags=re.DOTALL)
            said.update(re.findall(r"(?<![\w.@/-])[a-z]{2,}(?![\w@/-]|\.\w)", text))
        return frozenset(said)

    def say(self, template: str, args: Mapping[str, Any] | None = None) -> str:
        """Return the whole template `template` (without its ".j2") as HTML for Telegram."""
        return tidy(self._environment.get_template(f"{template}.j2").render(args or {}))

    def block(self, template: str, block: str, args: Mapping[str, Any] | None = None) -> str:
        """Return one block of a template as HTML. Raises KeyError where the template has no such block."""
        fixed = self._fixed.get(template)
        if fixed is None:
            fixed = self._fixed[template] = self._without_args(template)
        if block in fixed:
            return fixed[block]
        found = self._template(template)
        # No block of ours calls another by `self`: the context need not know them.
        context = Context(self._environment, {**self._environment.globals, **(args or {})}, found.name, {})
        return tidy("".join(found.blocks[block](context)))

    def _template(self, name: str) -> jinja2.Template:
        found = self._templates.get(name)
        if found is None:
            found = self._templates[name] = self._environment.get_template(f"{name}.j2")
        return found

    def _without_args(self, template: str) -> dict[str, str]:
        """Return the blocks that say the same whatever the args: most labels do."""
        found = self._environment.get_template(f"{template}.j2")
        source = self._loader.get_source(self._environment, f"{template}.j2")[0]
        said = {}
        for name in _fixed_blocks(source):
            # A block that fails does so where it is needed, and is named there.
            with suppress(jinja2.TemplateError, LookupError, TypeError, ValueError, AttributeError):
                said[name] = tidy("".join(found.blocks[name](found.new_context())))
        return said

    def label(self, template: str, block: str, args: Mapping[str, Any] | None = None) -> str:
        """Return one block as plain text, for a button."""
        return html.unescape(self.block(template, block, args))

    def has(self, template: str, block: str | None = None) -> bool:
        """Say whether there is such a template, and in it such a block; one that cannot be read has all (see faults)."""
        try:
            found = self._template(template)
        except jinja2.TemplateNotFound:
            return False
        except jinja2.TemplateSyntaxError:
            return True
        return block is None or block in found.blocks

    def blocks(self, template: str) -> tuple[str, ...]:
        """Return the names of the blocks of a template, in order."""
        return tuple(self._environment.get_template(f"{template}.j2").blocks)

    def faults(self) -> list[str]:
        """Return what is wrong with the templates: each one that cannot be read."""
        found = []
        for name in self._environment.list_templates(extensions=["j2"]):
            try:
                self._environment.get_template(name)
            except jinja2.TemplateSyntaxError as error:
                found.append(f"templates/{self.language}/{name}, line {error.lineno}: {error.message}")
        return found

    def options(self, template: str, option: str) -> tuple[str, ...]:
        """Return the words of an option: its label, then what else people call it (block `<option>_also`)."""
        return (self.label(template, option), *self.also(template, option))

    def also(self, template: str, option: str) -> tuple[str, ...]:
        """Return what else people call an option, without its label."""
        also = self.label(template, f"{option}_also") if self.has(template, f"{option}_also") else ""
        return tuple(one.strip() for one in also.split(",") if one.strip())

    def markup(self, template: str, block: str, args: Mapping[str, Any] | None = None, **more: Any) -> Markup:
        """Return a block as what is escaped already, to stand in another template."""
        return Markup(self.block(template, block, {**(args or {}), **more}))  # noqa: S704  rendered escaped

    def _whole(self, template: str, **args: Any) -> Markup:
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
            month=self.months[value.month - 1],
            day=value.day,
            year=value.year,
        )

    def clock(self, value: datetime) -> str:
        """Return the time of day as people say it: 9:00 AM."""
        half = self._halves[value.hour >= 12]
        return self._patterns["clock"].format(hour=value.hour % 12 or 12, minute=value.minute, half=half)

    @staticmethod
    def usd(value: Decimal) -> str:
        """Return an amount as people write it: $1,200 or $1,234.56."""
        return f"${value:,.0f}" if value == value.to_integral_value() else f"${value:,.2f}"

    @staticmethod
    def about(value: Decimal) -> str:
        """Return an estimate in whole dollars, to stand after "about": cents would promise too much."""
        return f"${value.to_integral_value(rounding='ROUND_HALF_UP'):,.0f}"

    @staticmethod
    def least(value: Decimal) -> str:
        """Return a payment that must be reached, in whole dollars: rounded up, so that it is enough."""
        return f"${value.to_integral_value(rounding='ROUND_CEILING'):,.0f}"


def _table(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def tidy(text: str) -> str:
    """Return `text` without blank lines at the ends, spaces at line ends and runs of blank lines."""
    lines = [line.strip() for line in text.strip().splitlines()]
    kept = [line for i, line in enumerate(lines) if line or (i and lines[i - 1])]
    return "\n".join(kept)
