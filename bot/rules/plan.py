"""What to do for the chosen way out: dated deeds, in order."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.model import Whose
from bot.rules import followup, lien, tasks
from bot.rules.calendar import calendar_of
from bot.rules.ways import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.model import Answers, Deadline
    from bot.rules.matter import Matter, Period
    from bot.rules.ways import Outline

PLANS = Path(__file__).parent / "plans.toml"
START = "ways.start"
PLAN = "plan"  # the list of deeds, as a dialog names it
NOT_YET = "not_yet"
HEARING = 2  # the id of the deed that asks for a hearing
WEAKER_HEARING = 29  # of the deed that asks for the weaker one, once the day for the first is over
LATE_REQUEST = 30  # and of the call about a request that was sent after its day
KNOWN = {"hearing": HEARING, "weaker_hearing": WEAKER_HEARING, "late_request": LATE_REQUEST}
WRITTEN = "written"  # the deed that is done when the letter is there
# Which deed asks for a way of its own, for one tax period or one kind of dispute.
DEEDS_OF = {"fta": "relief_call", "reasonable_cause": "relief_letter"}
_OPTION = 100  # what an item is counted up by for an option
_PERIOD = _OPTION * _OPTION  # and for a tax period


class PlanError(Exception):
    """The catalogue of plans is wrong; the message lists every fault."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed of the catalogue."""

    name: str
    id: int
    days: int
    rights: bool = False
    sends: bool = False
    prepares: bool = False
    waits: int = 0
    asks: str = ""
    when: str = ""
    script: str = ""
    letter: str = ""
    hand: tuple[str, ...] = ()
    insist: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing to do by a day. `item` is its own for ever; `option` and `period` where it is for one of them."""

    item: int
    entry: Entry
    by: date
    option: str
    period: Period | None = None

    @property
    def name(self) -> str:
        """Return what it is called in the catalogue."""
        return self.entry.name


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All deeds, and of which each way is made up."""

    deeds: dict[str, Entry]
    ways: dict[str, tuple[str, ...]]


# ---------------------------------------------------------------- conditions


def hearing(matter: Matter) -> Deadline | None:
    """Return the deadline of a hearing that can still be asked for."""
    open_ones = (
        one
        for one in matter.deadlines
        if one.whose is Whose.RIGHT and one.kind.startswith("cdp") and one.binding is not None
    )
    return next((one for one in open_ones if one.binding is not None and one.binding >= matter.today), None)


def _weaker_is_left(matter: Matter, _: Outline) -> bool:
    """Say whether only the equivalent hearing is left, and none was asked for or declined."""
    asked = matter.said.get("hearing.asked") in ("sent", "declined")
    return not asked and lien.chance(matter) is lien.Chance.WEAKER


def _request_is_late(matter: Matter, _: Outline) -> bool:
    """Say whether the request went out after its day, and can be sent again for the equivalent hearing."""
    return lien.sent_in_time(matter) is False and lien.chance(matter) is lien.Chance.WEAKER


def _by(how: str) -> Callable[[Matter, Outline], bool]:
    return lambda _, outline: any(one.name == how for one in outline.verdict.how)


def _by_phone_only(matter: Matter, outline: Outline) -> bool:
    return _by("phone")(matter, outline) and not _by("online")(matter, outline)


CONDITIONS: dict[str, Callable[[Matter, Outline], bool]] = {
    "": lambda _, __: True,
    "unchecked": lambda matter, _: matter.facts.contact_verified is not True,
    "hearing_open": lambda matter, _: hearing(matter) is not None,
    "weaker_hearing_left": _weaker_is_left,
    "request_late": _request_is_late,
    "by_online": _by("online"),
    "by_phone_only": _by_phone_only,
    "by_officer": _by("officer"),
    "unfiled": lambda matter, _: matter.facts.returns_filed_all is False,
    "payroll_tax": lambda matter, _: matter.ways.refer is not None,
    "deposits_behind": lambda matter, _: matter.facts.deposits_current is False,
    "this_year_unpaid": lambda matter, _: matter.facts.current_year_paid is False,
}


# ---------------------------------------------------------------- the plan


def plan(matter: Matter) -> tuple[Deed, ...]:
    """Return what is to be done for the chosen way, and for the tax periods that go a way of their own."""
    if matter.way is None:
        return ()
    start = matter.said.get(START)
    return _in_order([*_deeds(matter, matter.way.name, start if isinstance(start, date) else matter.today)])


def _in_order(deeds: list[Deed]) -> tuple[Deed, ...]:
    """Return the deeds, none that prepares the next one later than that."""
    for at in reversed(range(len(deeds) - 1)):
        if deeds[at].entry.prepares and deeds[at].by > deeds[at + 1].by:
            deeds[at] = replace(deeds[at], by=deeds[at + 1].by)
    return tuple(deeds)


def _deeds(matter: Matter, name: str, start: date) -> Iterator[Deed]:
    outline = matter.ways.outline(name)
    own = [(one, option) for one in matter.periods if (option := own_way(matter, one)) is not None]
    before = catalogue().ways[name]
    for deed in before:
        entry = catalogue().deeds[deed]
        if not CONDITIONS[entry.when](matter, outline):
            continue
        if name == "dispute" and deed == "dispute":
            for option in matter.ways.options_of(name) or (outline.verdict.option,):
                yield _deed(matter, entry, start, option, item=entry.id + _OPTION * (1 + NAMES.index(option)))
        else:
            yield _deed(matter, entry, start, outline.verdict.option, item=entry.id)
        start += timedelta(days=entry.waits)
    for period, option in own:
        entry = catalogue().deeds[DEEDS_OF.get(option, "dispute")]
        item = entry.id + _OPTION * (1 + NAMES.index(option)) + _PERIOD * period.item
        yield _deed(matter, entry, start, option, item=item, period=period)


@tasks.source
def to_do(matter: Matter) -> Iterator[tasks.Task]:
    """Return what is still to be done of the plan, each by its day."""
    if START not in matter.said:
        return
    put_off = [key for key, one in matter.said.items() if key.startswith("check.") and one == NOT_YET]
    for deed in matter.plan:
        step = f"{'do.sent' if deed.entry.sends else 'do.done'}~{deed.item}"
        if deed.name == WRITTEN and followup.watched(matter):
            continue  # the letter has its own reminder, or is there
        if matter.said.get(step) in (None, NOT_YET):
            args = {"name": deed.name, "option": deed.option}
            # A check that was put off is the same thing to do: it is reminded of once, and answered there.
            opens = put_off[0] if deed.name == "check_contact" and put_off else step
            yield tasks.Task("deed", deed.by, deed.item, args, opens=opens)


def asked_the_irs(way: str, given: Answers) -> bool:
    """Say whether the IRS was asked for a way out: a step of it that asks is sent or done."""
    deeds = {
        catalogue().deeds[name].id for name in catalogue().ways.get(way, ()) if catalogue().deeds[name].asks
    }
    told = (
        key.partition("~")[2] for key, one in given.items() if _TOLD.get(key.partition("~")[0]) == one.value
    )
    return any(int(item) % _OPTION in deeds for item in told if item.isdecimal())


_TOLD = {"do.sent": "sent", "do.done": "finished"}


def own_way(matter: Matter, period: Period) -> str | None:
    """Return the option one tax period goes by itself; None where it goes with the rest."""
    if len(matter.periods) < 2:
        return None
    kind = matter.said.get(f"own.way~{period.item}")
    asked = {"penalty": "own.penalty", "disputed": "own.dispute"}.get(str(kind))
    option = matter.said.get(f"{asked}~{period.item}") if asked else None
    return option if option in NAMES else None


def _deed(
    matter: Matter, entry: Entry, start: date, option: str, *, item: int, period: Period | None = None
) -> Deed:
    return Deed(item, entry, _day(matter, entry, start), option, period)


def _day(matter: Matter, entry: Entry, start: date) -> date:
    """Return the day a deed should be done by: a business day, and in time for what ends with the deadline."""
    dates = calendar_of(matter.params)
    day = max(start, _begins(matter, entry) or start) + timedelta(days=entry.days)
    while not dates.business_day(day):
        day += timedelta(days=1)
    last = IN_TIME_FOR[entry.name](matter) if entry.name in IN_TIME_FOR else matter.main
    if entry.rights and last is not None and last.act_by is not None and last.act_by >= matter.today:
        day = min(day, last.act_by)
    return day


def _begins(matter: Matter, entry: Entry) -> date | None:
    """Return the day before which there is no such deed: a late request is one from the day it was sent."""
    first, sent = lien.hearing(matter), matter.said.get("hearing.sent_on")
    if entry.id == LATE_REQUEST and isinstance(sent, date):
        return sent
    if entry.id == WEAKER_HEARING and first is not None and first.binding is not None:
        return first.binding + timedelta(days=1)
    return None


# What a deed has to be in time for, where that is not the day that counts most.
IN_TIME_FOR: dict[str, Callable[[Matter], Deadline | None]] = {
    "hearing": hearing,
    "weaker_hearing": lien.weaker,
    "late_request": lien.weaker,
}


# ---------------------------------------------------------------- the catalogue


@cache
def catalogue(path: Path = PLANS) -> Catalogue:
    """Return the checked catalogue. Raises PlanError that lists every fault."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    faults: list[str] = []
    deeds: dict[str, Entry] = {}
    for raw in table.get("deeds", ()):
        try:
            entry = Entry(**{key: _frozen(value) for key, value in raw.items()})
        except TypeError as error:
            faults.append(f"plans.toml: {raw.get('name', '?')}: {error}")
            continue
        if entry.name in deeds or any(entry.id == one.id for one in deeds.values()):
            faults.append(f"plans.toml: {entry.name}: its name or id {entry.id} stands twice")
        if entry.when not in CONDITIONS:
            faults.append(f"plans.toml: {entry.name}: the condition {entry.when!r} is not known")
        if entry.asks not in ("", *followup.KINDS):
            faults.append(f"plans.toml: {entry.name}: nothing called {entry.asks!r} is followed up")
        if not 0 < entry.id < _OPTION:
            faults.append(f"plans.toml: {entry.name}: its id must be from 1 to {_OPTION - 1}")
        deeds[entry.name] = entry
    ways = {name: tuple(names) for name, names in table.get("ways", {}).items()}
    faults += [
        f"plans.toml: {name}: its id is {number} and never changes"
        for name, number in KNOWN.items()
        if name in deeds and deeds[name].id != number
    ]
    faults += [f"plans.toml: the way {name} has no deeds" for name in NAMES if not ways.get(name)]
    faults += [f"plans.toml: there is no way {name}" for name in ways if name not in NAMES]
    faults += [
        f"plans.toml: {name}: there is no deed {deed}"
        for name, names in ways.items()
        for deed in names
        if deed not in deeds
    ]
    if faults:
        raise PlanError("\n".join(faults))
    return Catalogue(deeds, ways)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
