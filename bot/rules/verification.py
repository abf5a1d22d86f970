"""Is it real? Two answers kept apart: is something owed, and is this sender safe."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from bot.model import Reason, Remark, Value
from bot.rules.figures import said
from bot.rules.parameters import check_first

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from bot.rules.parameters import Parameters

_SIGNAL = "verification.signal."
_REPORT = "verification.report."
_PHONE = "phones."


class Channel(StrEnum):
    """How a contact came."""

    MAIL = "mail"
    PHONE = "phone"
    VISIT = "visit"
    TEXT_OR_EMAIL = "text_or_email"
    SOCIAL = "social"
    COLLECTION_AGENCY = "collection_agency"
    UNSURE = "unsure"


class Weight(StrEnum):
    """What a signal says about the sender, the worst first."""

    SCAM = "scam"  # conclusive
    STRONG = "strong"  # never netted off
    SUSPICIOUS = "suspicious"
    NEUTRAL = "neutral"
    GENUINE = "genuine"  # can be copied
    PROOF = "proof"  # conclusive, when nothing strong speaks against
    NOT_IRS = "not_irs"  # another office's item


class Sender(StrEnum):
    """Is this sender safe?"""

    SCAM = "scam"
    LIKELY_SCAM = "likely_scam"
    UNVERIFIED = "unverified"
    LIKELY_GENUINE = "likely_genuine"
    GENUINE = "genuine"
    NOT_IRS = "not_irs"


class Debt(StrEnum):
    """Is something owed? `none_seen`: the person's own account showed no balance when they looked."""

    KNOWN = "known"
    LIKELY = "likely"
    UNKNOWN = "unknown"
    NONE_SEEN = "none_seen"


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that may be seen in a contact, and how it counts."""

    name: str
    weight: Weight
    channels: frozenset[Channel]
    value: Value
    debt: Debt | None = None
    aliases: tuple[str, ...] = ()
    federal_only: bool = False  # says nothing about a state or county item (errata A3)
    claims: str | None = None  # "federal": asks for federal tax; "other": another office's item
    with_any: frozenset[str] = frozenset()  # beside one of these …
    weight_then: Weight | None = None  # … it counts like this


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the signals come to.

    `usable` says whether a link, account or telephone number taken from the item may be used; until the
    contact is checked it may not. `reasons` name each signal, the worst first: met False speaks against the
    sender, True for it, None says nothing; `args` hold its "weight" and "points".
    """

    sender: Sender
    debt: Debt
    reasons: tuple[Reason, ...]
    next: tuple[Remark, ...]
    report: tuple[Remark, ...]
    usable: bool


class UnknownSignalError(LookupError):
    """No signal has this name; the message names the nearest ones."""


@lru_cache(maxsize=8)
def signals(params: Parameters, day: date) -> Mapping[str, Signal]:
    """Return every signal by name as it counts on `day`, the weightiest first; read once for a day."""
    found = [_signal(params.on(day, name)) for name in params.names() if name.startswith(_SIGNAL)]
    order = list(Weight)
    return MappingProxyType({one.name: one for one in sorted(found, key=lambda one: order.index(one.weight))})


def signals_for(channel: Channel | str, params: Parameters, day: date) -> tuple[Signal, ...]:
    """Return the signals a contact of this channel can show; for "unsure" all of them."""
    known = signals(params, day).values()
    if channel == Channel.UNSURE:
        return tuple(known)
    return tuple(one for one in known if channel in one.channels)


@lru_cache(maxsize=8)
def phones(params: Parameters, day: date) -> Mapping[str, Value]:
    """Return the telephone numbers that may be shown: of high confidence and not from memory.

    For every other office people are told to look the number up on irs.gov.
    """
    held = (
        params.on(day, name)
        for name in params.names()
        if name.startswith(_PHONE) and params.series(name)[0].since <= day
    )
    shown = (one for one in held if one.confidence == "high" and not one.memory)
    return MappingProxyType({one.name.removeprefix(_PHONE): one for one in shown})


def number(line: Value | None, day: date) -> dict[str, Any]:
    """Return what a sentence with a telephone number says: the number, and whether to check it first."""
    return {"number": None if line is None else line.text, "check": line is not None and line.stale(day)}


def judge(
    seen: Iterable[str], params: Parameters, day: date, channel: Channel | str = Channel.UNSURE
) -> Judgement:
    """Return both answers about a contact that shows the signals `seen`.

    A conclusive scam signal is final; a strong one caps the sender at "unverified" whatever speaks for it
    (errata A2); a state or county item is set apart before anything is counted (A3); a balance that matches
    proves the debt and nothing about the sender (A1). A contact by social media is itself such a signal.
    Raises UnknownSignalError.
    """
    known = signals(params, day)
    names = _named([*seen, *(["social_media"] if channel == Channel.SOCIAL else [])], known)
    picked = [one for one in known.values() if one.name in names]
    claims = {one.claims for one in picked}
    elsewhere = "other" in claims and "federal" not in claims
    weighed = [(one, _weight(one, names, elsewhere)) for one in picked]
    sender = _sender([weight for _, weight in weighed], elsewhere, params, day)
    debt = _debt(picked)
    points = {weight: _points(weight, params, day) for weight in Weight}
    reasons = tuple(
        Reason(
            one.name,
            {Weight.GENUINE: True, Weight.PROOF: True, Weight.NEUTRAL: None, Weight.NOT_IRS: None}.get(
                weight, False
            ),
            one.value.source,
            {
                "weight": str(weight),
                "points": points[weight],
                "check_first": check_first(one.value, day),
                "since": one.value.since,
            },
        )
        for one, weight in sorted(weighed, key=lambda pair: list(Weight).index(pair[1]))
    )
    channels = _channels(Channel(channel), picked)
    return Judgement(
        sender,
        debt,
        reasons,
        _next(sender, channels, names, params, day),
        _report(sender, channels, params, day),
        usable=sender is Sender.GENUINE,
    )


def _signal(value: Value) -> Signal:
    held: Any = value.figure
    stronger = held.get("stronger", {})
    return Signal(
        value.name.removeprefix(_SIGNAL),
        Weight(held["class"]),
        frozenset(Channel(one) for one in held["channels"]),
        value,
        Debt(held["debt"]) if "debt" in held else None,
        held.get("aliases", ()),
        held.get("federal_only", False),
        held.get("claims"),
        frozenset(stronger.get("with", ())),
        Weight(stronger["class"]) if stronger else None,
    )


def _named(seen: Iterable[str], known: Mapping[str, Signal]) -> frozenset[str]:
    by_name = {alias: one.name for one in known.values() for alias in (one.name, *one.aliases)}
    faults = []
    for name in seen:
        if name not in by_name:
            near = difflib.get_close_matches(name, by_name, 1, 0.5)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            faults.append(f"no signal is called {name!r}.{hint}")
    if faults:
        raise UnknownSignalError(" ".join(faults))
    return frozenset(by_name[name] for name in seen)


def _weight(one: Signal, names: frozenset[str], elsewhere: bool) -> Weight:
    if elsewhere and one.federal_only:
        return Weight.NEUTRAL
    if one.weight_then is not None and one.with_any & names:
        return one.weight_then
    return one.weight


def _points(weight: Weight, params: Parameters, day: date) -> int:
    if weight in (Weight.STRONG, Weight.SUSPICIOUS, Weight.GENUINE):
        return params.on(day, f"verification.points.{weight}").count
    return 0


def _sender(weights: list[Weight], elsewhere: bool, params: Parameters, day: date) -> Sender:
    if Weight.SCAM in weights:
        return Sender.SCAM
    if elsewhere:
        return Sender.NOT_IRS
    against = sum(_points(one, params, day) for one in weights if one is not Weight.GENUINE)
    in_favour = sum(_points(one, params, day) for one in weights if one is Weight.GENUINE)
    limit = params.on(day, "verification.likely_scam_from").count
    if Weight.STRONG in weights:  # what speaks for the sender can be copied: it takes nothing off
        return Sender.LIKELY_SCAM if against >= limit else Sender.UNVERIFIED
    if Weight.PROOF in weights:
        return Sender.GENUINE
    if against + in_favour >= limit:
        return Sender.LIKELY_SCAM
    return Sender.LIKELY_GENUINE if in_favour and against + in_favour <= 0 else Sender.UNVERIFIED


def _debt(picked: list[Signal]) -> Debt:
    told = {one.debt for one in picked}
    # A balance seen outweighs an account that showed none: missing a debt is the costlier mistake.
    return next((one for one in (Debt.KNOWN, Debt.NONE_SEEN, Debt.LIKELY) if one in told), Debt.UNKNOWN)


def _channels(channel: Channel, picked: list[Signal]) -> frozenset[Channel]:
    """Return the channels the contact may have come by."""
    if channel is not Channel.UNSURE:
        return frozenset({channel})
    left = frozenset(Channel) - {Channel.UNSURE}
    for one in picked:
        left = left & one.channels or left
    return left


def _next(
    sender: Sender, channels: frozenset[Channel], names: frozenset[str], params: Parameters, day: date
) -> tuple[Remark, ...]:
    shown = phones(params, day)
    call = Remark("call_irs", number(shown.get("individuals"), day))
    account = Remark("check_account", said("verification", "next_check_account", params, day))
    clock = Remark("clock_runs")
    if sender is Sender.NOT_IRS:
        return (Remark("use_nothing_from_item"), Remark("ask_state_or_county"), clock)
    if sender is Sender.GENUINE:
        return (Remark("go_on_with_notice"), clock)
    steps = [] if sender is Sender.LIKELY_GENUINE else [Remark("stop_contact")]
    steps.append(Remark("use_nothing_from_item"))
    if sender in (Sender.SCAM, Sender.LIKELY_SCAM):
        return (*steps, Remark("still_look_for_debt"), account, call, clock)
    steps += [account, call]
    if channels & {Channel.MAIL, Channel.TEXT_OR_EMAIL} and "number_found" not in names:
        steps.append(Remark("look_up_number"))
    if channels == {Channel.COLLECTION_AGENCY} or any(one.startswith(("pca_", "cp40_")) for one in names):
        steps += [Remark("collector_letter"), Remark("collector_number"), Remark("collector_list")]
        steps.append(Remark("collector_refuse"))
    if channels == {Channel.VISIT}:
        steps += [Remark("visit_two_ids"), Remark("visit_other_day")]
    return (*steps, clock)


def _report(
    sender: Sender, channels: frozenset[Channel], params: Parameters, day: date
) -> tuple[Remark, ...]:
    if sender not in (Sender.SCAM, Sender.LIKELY_SCAM):
        return ()
    held = [params.on(day, name) for name in params.names() if name.startswith(_REPORT)]
    return tuple(
        Remark(
            (name := one.name.removeprefix(_REPORT)),
            {"url": one.source.url} | said("verification", f"report_{name}", params, day),
        )
        for one in held
        if isinstance(one.figure, dict) and channels & {Channel(name) for name in one.figure["channels"]}
    )
