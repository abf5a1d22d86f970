"""Places are found in one zone, or asked for; never guessed."""

from __future__ import annotations

import zoneinfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import zones
from bot.zones import find

NY, CHICAGO, DENVER, PHOENIX, LA = (
    zones.ZONES[name] for name in ("eastern", "central", "mountain", "arizona", "pacific")
)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("New York", NY),
        ("new york city", NY),
        ("N.Y.C.", NY),
        ("NY", NY),
        ("I live in Dallas", CHICAGO),
        ("Dallas, TX", CHICAGO),
        ("Dallas TX", CHICAGO),
        ("Dallas, Texas, USA", CHICAGO),
        ("El Paso", DENVER),
        ("El Paso, Texas", DENVER),
        ("Portland, ME", NY),
        ("Portland Maine", NY),
        ("Portland, Oregon", LA),
        ("Kansas City", CHICAGO),
        ("Fargo North Dakota", CHICAGO),
        ("Nowhere, Ohio", NY),
        ("LA, CA", LA),
        ("LA, Louisiana", CHICAGO),
        ("Los Angeles", LA),
        ("Washington State", LA),
        ("Washington DC", NY),
        ("DC", NY),
        ("Georgia", NY),
        ("Arizona", PHOENIX),
        ("Navajo Nation", DENVER),
        ("Boise", DENVER),
        ("Alaska", "America/Anchorage"),
        ("Hawaii", "Pacific/Honolulu"),
        ("Honolulu, HI", "Pacific/Honolulu"),
        ("Tulsa, OK", CHICAGO),
        ("Puerto Rico", "America/Puerto_Rico"),
        ("Guam", "Pacific/Guam"),
        ("EST", NY),
        ("Eastern Standard Time", NY),
        ("pacific time", LA),
        ("MT", DENVER),
        ("Tokyo", "Asia/Tokyo"),
        ("Paris, Texas", CHICAGO),
        ("Paris, France", "Europe/Paris"),
        ("Europe/Paris", "Europe/Paris"),
        ("america/new_york", NY),
    ],
)
def test_a_place_is_found(text: str, zone: str) -> None:
    assert find(text) == (zone,)


@pytest.mark.parametrize(
    "text",
    ["LA", "L.A.", "CT", "MST", "Washington", "Portland", "Springfield", "Florida", "TX", "Texas", "Tennessee", "Idaho",
     "Paris", "London", "Aurora", "Jackson", "Las Vegas", "Kansas", "in Indiana"],
)  # fmt: skip
def test_a_place_that_may_lie_in_two_zones_is_asked_for(text: str) -> None:
    assert len(find(text)) > 1


@pytest.mark.parametrize(
    "text",
    ["", " ", "ok", "OK", "hi", "me", "in", "oh", "UTC", "UTC-5", "GMT+5", "East", "North", "Toronto",
     "Birmingham, England", "Springfeild", "85001", "🏠", "\x00", "America/Nowhere", "../etc/passwd"],
)  # fmt: skip
def test_what_is_no_place_is_none(text: str) -> None:
    assert find(text) == ()


def test_every_zone_and_name_is_real() -> None:
    assert set(zones.ZONES.values()) <= zoneinfo.available_timezones()
    for letters, (name, *in_it) in zones._table()["states"].items():
        assert set(find(f"state of {name}")) == {zones.ZONES[zone] for zone in in_it}
        assert set(find(f"Nowhere, {letters}")) == set(find(f"Nowhere, {name}"))
    for zone, states in zones._table()["cities"].items():
        for state, names in states.items():
            for city in names:
                assert find(f"{city}, {state}") == (zones.ZONES[zone],), city
                assert zones.ZONES[zone] in find(city), city


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_text_is_too_strange_to_look_for(text: str) -> None:
    assert set(find(text)) <= zoneinfo.available_timezones()


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [
        (29.76, -95.37, "America/Chicago"),  # Houston, nearer to Denver than to Chicago
        (31.76, -106.49, "America/Denver"),  # El Paso
        (30.44, -87.21, "America/Chicago"),  # Pensacola, in the part of Florida that is Central
        (36.17, -115.14, "America/Los_Angeles"),  # Las Vegas
        (33.45, -112.07, "America/Phoenix"),
        (18.47, -66.11, "America/Puerto_Rico"),
        (48.85, 2.35, "Europe/Paris"),
        (0.0, -30.0, None),  # at sea
        (1000.0, 1000.0, None),  # nowhere
    ],
)
def test_a_place_on_the_map_gives_its_zone(latitude: float, longitude: float, zone: str | None) -> None:
    assert zones.at(latitude, longitude) == zone
