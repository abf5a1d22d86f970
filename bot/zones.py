"""Time zones by button, city, state or name."""

from __future__ import annotations

import re
import tomllib
import zoneinfo
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.redact import folded


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("zones.toml").read_text(encoding="utf-8"))


ZONES = MappingProxyType(_table()["zones"])

# Letters of a state that are words of their own: "ok" is no answer to where somebody lives.
WORDS = frozenset({"as", "hi", "in", "me", "oh", "ok", "or"})
# Cities abroad whose name stands in the US as well: these need their country ("Paris, France").
SHARED = frozenset(
    "athens berlin cairo dublin havana hobart jamaica jersey lima lisbon london madrid melbourne moscow nassau panama "
    "paris rome santiago toronto vienna warsaw".split()
)
LONGEST = 100  # characters; no place has a longer name
_AREAS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
_OLD_NAMES = frozenset("act lhi north nsw queensland south tasmania victoria west yancowinna".split())
_ABOUT = re.compile(
    r"^\s*(?:(?:i|we|i'm|im)\s+)?(?:(?:am|are|live|living|stay|located)\s+)?(?:(?:in|near|at|from)\s+)(?=\S+)|"
    r",?\s*\b(?:usa|u\.s\.a\.?|u\.s\.|united states(?: of america)?)\s*$|[.!?]+\s*$",
    re.IGNORECASE,
)
_TIME = re.compile(r"\s+(?:(?:standard|daylight)\s+)?(?:time(?:\s*zone)?|zone)\s*$", re.IGNORECASE)
_STATE_OF = re.compile(r"^\s*(?:the\s+)?state\s+of\s+|\s+state\s*$", re.IGNORECASE)


@cache
def _states() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return, by letters and by name, each state's letters and its zones."""
    found = {}
    for letters, (name, *zones) in _table()["states"].items():
        for key in (_key(letters), _key(name)):
            found[key] = (letters, tuple(ZONES[zone] for zone in zones))
    return found


@cache
def _cities() -> dict[str, dict[str, str]]:
    """Return, by name, the states in which there is such a city, with its zone."""
    found: dict[str, dict[str, str]] = {}
    for zone, states in _table()["cities"].items():
        for state, names in states.items():
            for name in names:
                found.setdefault(_key(name), {})[state] = ZONES[zone]
    return found


@cache
def _names() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for zone, names in _table()["names"].items():
        for name in names:
            found[_key(name)] = (*found.get(_key(name), ()), ZONES[zone])
    return found


@cache
def _known() -> dict[str, str]:
    """Return the names of the tz database by their last part ("lisbon") and in full."""
    names = [name for name in sorted(zoneinfo.available_timezones()) if name.startswith(_AREAS)]
    found = {_key(name.rpartition("/")[2]): name for name in names}
    return {key: name for key, name in found.items() if key not in _OLD_NAMES} | {
        name.casefold(): name for name in (*names, "US/Eastern")
    }


def _key(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def find(text: str) -> tuple[str, ...]:
    """Return the zones `text` may mean: one, several (a state with two zones, a name in two states), or none."""
    said = folded(text).strip()
    if len(said) > LONGEST:
        return ()
    if "/" in said:
        name = _known().get(said.casefold())
        return (name,) if name else ()
    said = _TIME.sub("", _ABOUT.sub("", _ABOUT.sub("", said)))
    bare = _STATE_OF.sub("", said)
    if bare != said:
        return _states().get(_key(bare), ("", ()))[1]
    key = _key(said)
    if key in WORDS:
        return ()
    state = _states().get(key)
    found = [*_cities().get(key, {}).values(), *(state[1] if state else ()), *_names().get(key, ())]
    if found and key in SHARED:
        found.append(_known()[key])
    return tuple(dict.fromkeys(found)) or _in_state(said) or _abroad(said)


def at(latitude: float, longitude: float) -> str | None:
    """Return the zone of a place on the earth, None at sea; offline, and slow the first time (`ready`)."""
    import tzfpy

    try:
        name = str(tzfpy.get_tz(longitude, latitude))
    except ValueError:
        return None
    return name if name in zoneinfo.available_timezones() and not name.startswith("Etc/") else None


def ready() -> None:
    """Read the map of the zones, so that the next `at` is quick."""
    at(0.0, 0.0)


def _in_state(said: str) -> tuple[str, ...]:
    """Return the zones of "Portland, ME" or "Fargo North Dakota": the city's if it is known there, else the state's."""
    words = said.replace(",", " , ").split()
    for at in range(len(words) - 1, 0, -1):
        city, state = _key("".join(words[:at])), _states().get(_key("".join(words[at:])))
        if city and state:
            listed = _cities().get(city, {}).get(state[0])
            return (listed,) if listed else state[1]
    return ()


def _abroad(said: str) -> tuple[str, ...]:
    city, comma, _ = said.partition(",")
    key = _key(city)
    if comma and key in _cities():
        zone = _known().get(key) if key in SHARED else None
    else:
        zone = None if not comma and key in SHARED else _known().get(key)
    return (zone,) if zone else ()
