"""What a change of an answer moves: deadlines, ways out, reasons to see a professional."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import Remark
from bot.rules.options import rank
from bot.rules.ways import stands

if TYPE_CHECKING:
    from bot.model import Deadline
    from bot.rules.matter import Matter
    from bot.rules.options import Ranking


def consequences(before: Matter, after: Matter) -> tuple[Remark, ...]:
    """Return what is different after a change, the gravest first; their words stand in `consequences.j2`."""
    said = [*_deadlines(before, after)]
    if before.facts != after.facts:
        said += _ways(_ranked(before), _ranked(after))
        way = before.way
        if way is not None and not stands(way.name, before.ways.print, after.ways.print):
            said.append(Remark("choice_open", {"way": way.name}))
    return tuple(said)


def _ranked(matter: Matter) -> Ranking:
    return rank(matter.facts, matter.params, matter.today)


def _deadlines(before: Matter, after: Matter) -> list[Remark]:
    old, new = _dated(before), _dated(after)
    said = []
    for key, one in new.items():
        was = old.get(key)
        if was is None:
            said.append(Remark("deadline_new", {"kind": one.kind, "day": one.binding}))
        elif was.binding != one.binding:
            said.append(Remark("deadline_moves", {"kind": one.kind, "old": was.binding, "day": one.binding}))
    said += [
        Remark("deadline_gone", {"kind": one.kind, "day": one.binding})
        for key, one in old.items()
        if key not in new
    ]
    return said


def _dated(matter: Matter) -> dict[str, Deadline]:
    return {one.key: one for one in matter.deadlines if one.binding is not None}


def _ways(old: Ranking, new: Ranking) -> list[Remark]:
    before = {one.name for one in old.flags}
    after = {one.name for one in new.flags}
    said = [Remark("flag_raised", {"flag": one.name}) for one in new.flags if one.name not in before]
    said += [Remark("flag_lifted", {"flag": one.name}) for one in old.flags if one.name not in after]
    if old.lead.name != new.lead.name:
        said.append(Remark("lead_changes", {"old": old.lead.name, "step": new.lead.name}))
    was = {one.option: one.fits is not False for one in old.verdicts}
    now = {one.option: one.fits is not False for one in new.verdicts}
    off = tuple(name for name in was if was[name] and not now[name])
    on = tuple(name for name in now if now[name] and not was[name])
    if off:
        said.append(Remark("options_off", {"options": off}))
    if on:
        said.append(Remark("options_on", {"options": on}))
    return said
