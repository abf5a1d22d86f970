"""The law's figures: dated values with source, confidence and a day to look again."""

from __future__ import annotations

import difflib
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

from bot.model import Confidence, Figure, Source, Value

PARAMS = Path(__file__).parent / "params"


class ParameterError(Exception):
    """The parameter files are wrong; the message lists every fault."""


class UnknownParameterError(LookupError):
    """No parameter has this name."""


class TooEarlyError(LookupError):
    """The day lies before the first dated value."""


class Parameters:
    """All dated figures, looked up by name and day."""

    def __init__(self, values: dict[str, tuple[Value, ...]]) -> None:
        self._values = values

    def on(self, day: date, name: str) -> Value:
        """Return the value of `name` that holds on `day`.

        Raises UnknownParameterError for a name no file has, TooEarlyError for a day before the first value.
        """
        series = self.series(name)
        for value in reversed(series):
            if value.since <= day:
                return value
        raise TooEarlyError(f"{name} is known from {series[0].since} on, not on {day}")

    def series(self, name: str) -> tuple[Value, ...]:
        """Return all values of `name`, oldest first."""
        try:
            return self._values[name]
        except KeyError:
            near = difflib.get_close_matches(name, self._values, 1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise UnknownParameterError(f"no parameter is called {name!r}.{hint}") from None

    def names(self) -> tuple[str, ...]:
        """Return every parameter's name, sorted."""
        return tuple(sorted(self._values))

    def stale(self, day: date) -> tuple[Value, ...]:
        """Return the values whose review day has passed on `day`: those in force, and those to come."""
        return tuple(
            value
            for _, series in sorted(self._values.items())
            for value, after in zip(series, (*series[1:], None), strict=True)
            if value.stale(day) and (after is None or after.since > day)
        )


def check_first(value: Value, day: date) -> bool:
    """Say whether a figure must not be shown as firm: of low confidence, from memory, or past its review."""
    return not value.firm or value.stale(day)


_VALUE_KEYS = {"from", "value", "source", "confidence", "review_by", "memory", "note"}


def read(folder: Path = PARAMS) -> Parameters:
    """Return the parameters of all `*.toml` files in `folder` that hold dated values.

    A file `plans.toml` with `[[simple.limit.values]]` gives the parameter `plans.simple.limit`.
    Raises ParameterError that lists every fault of every file.
    """
    faults: list[str] = []
    values: dict[str, tuple[Value, ...]] = {}
    sources: dict[str, Source] = {}
    for key, table in _toml(folder / "sources.toml", faults).items():
        source = _source(table)
        if source is None:
            faults.append(f"sources.toml: {key} needs a title and a url")
        else:
            sources[key] = source
    for path in sorted(folder.glob("*.toml")):
        if path.name != "sources.toml":
            _walk(path.name, path.stem, _toml(path, faults), sources, values, faults)
    if faults:
        raise ParameterError("\n".join(faults))
    return Parameters(values)


def _toml(path: Path, faults: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, tomllib.TOMLDecodeError) as error:
        faults.append(f"{path.name}: {error}")
        return {}


def _source(table: Any) -> Source | None:
    if not isinstance(table, dict) or not {"title", "url"} <= table.keys() <= {"title", "url", "read"}:
        return None
    return Source(**table)


def _walk(
    file: str,
    name: str,
    table: dict[str, Any],
    sources: dict[str, Source],
    values: dict[str, tuple[Value, ...]],
    faults: list[str],
) -> None:
    for key, below in table.items():
        if key == "values":
            if not isinstance(below, list) or not below or not all(isinstance(one, dict) for one in below):
                faults.append(f"{file}: {name}.values must be a list of entries")
                continue
            series = [_value(file, name, entry, sources, faults) for entry in below]
            read_in = [value for value in series if value is not None]
            since = [value.since for value in read_in]
            if since != sorted(set(since)):
                faults.append(f"{file}: {name}: the days in `from` must rise")
            if read_in:
                values[name] = tuple(read_in)
        elif isinstance(below, dict):
            _walk(file, f"{name}.{key}", below, sources, values, faults)
        else:
            faults.append(f"{file}: {name}.{key} stands outside a [[{name}.….values]] entry")


def _value(
    file: str, name: str, entry: dict[str, Any], sources: dict[str, Source], faults: list[str]
) -> Value | None:
    where = f"{file}: {name} from {entry.get('from', '?')}"
    missing = {"from", "value", "source", "confidence", "review_by"} - entry.keys()
    unknown = entry.keys() - _VALUE_KEYS
    before = len(faults)
    if missing:
        faults.append(f"{where}: {', '.join(sorted(missing))} missing")
    if unknown:
        faults.append(f"{where}: {', '.join(sorted(unknown))} not known here")
    faults.extend(
        f"{where}: {key} must be a date"
        for key in ("from", "review_by")
        if key in entry and type(entry[key]) is not date
    )
    faults.extend(
        f"{where}: {key} must be {kind}"
        for key, kind, of in (("memory", "true or false", bool), ("note", "a text", str))
        if key in entry and not isinstance(entry[key], of)
    )
    if entry.get("confidence", "high") not in get_args(Confidence):
        faults.append(f"{where}: confidence must be high, medium or low")
    source = entry.get("source")
    found = sources.get(source) if isinstance(source, str) else _source(source)
    if source is not None and found is None:
        faults.append(f"{where}: source {source!r} is neither in sources.toml nor a title and a url")
    try:
        figure = _figure(entry.get("value", False))
    except TypeError as error:
        faults.append(f"{where}: {error}")
    if len(faults) > before or found is None:
        return None
    return Value(
        name,
        figure,
        entry["from"],
        found,
        entry["confidence"],
        entry["review_by"],
        entry.get("memory", False),
        entry.get("note", ""),
    )


def _figure(raw: Any) -> Figure:
    if isinstance(raw, bool | str | date | Decimal):
        return raw
    if isinstance(raw, int):
        return Decimal(raw)
    if isinstance(raw, list):
        return tuple(_figure(one) for one in raw)
    if isinstance(raw, dict):
        return {key: _figure(one) for key, one in raw.items()}
    raise TypeError(f"a parameter cannot hold {type(raw).__name__}")
