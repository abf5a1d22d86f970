"""Time zones by button, city, state or name."""

from __future__ import annotations

import tomllib
import zoneinfo
from functools import cache
from pathlib import Path

ZONES = {
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "arizona": "America/Phoenix",
    "pacific": "America/Los_Angeles",
    "alaska": "America/Anchorage",
    "hawaii": "Pacific/Honolulu",
}


@cache
def _places() -> dict[str, tuple[str, ...]]:
    table = tomllib.loads(Path(__file__).with_name("zones.toml").read_text(encoding="utf-8"))
    places: dict[str, tuple[str, ...]] = {}
    for zone, names in table["zones"].items():
        for name in names:
            places[_key(name)] = (*places.get(_key(name), ()), zone)
    return places


@cache
def _known() -> dict[str, str]:
    return {
        _key(name.rpartition("/")[2]): name
        for name in sorted(zoneinfo.available_timezones())
        if "/" in name and not name.startswith(("Etc/", "posix/", "right/", "SystemV/", "US/"))
    }


def _key(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def find(text: str) -> tuple[str, ...]:
    """Return the zones `text` may mean: one, several (a state with two zones), or none."""
    if text.strip() in zoneinfo.available_timezones():
        return (text.strip(),)
    city, _, state = text.partition(",")
    for said in (text, city, state):
        if found := _places().get(_key(said)):
            return found
    for said in (text, city):
        if zone := _known().get(_key(said)):
            return (zone,)
    return ()
