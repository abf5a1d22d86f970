"""The ways out as they are shown: the best one first, the others, side by side, with other amounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bot.model import Choice, Label
from bot.pages import MOST_OPTIONS, Here, page
from bot.rules.figures import said
from bot.rules.options.verdict import Lien
from bot.rules.parameters import check_first
from bot.rules.ways import AMOUNTS, ASKED, CHOSEN, HELP, NAMES, ROWS, SIMPLE, Outline, Ways

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.engine import Place, Walk
    from bot.model import Case, Reason, State
    from bot.pages import Buttons
    from bot.rules.matter import Matter
    from bot.rules.options import Step
    from bot.rules.red_flags import Flag

CHANGES_SHOWN = 3
EVERYWHERE = ("in_force", "returns_filed", "current_year_paid", "no_open_bankruptcy")  # what most ways ask
MARKS = {True: "✓", False: "✗", None: "?"}
STEPS_BY = {"monthly": ((0, 10, 50), (1_000, 50, 250)), "now": ((0, 500, 2_500),)}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition as it is shown: its mark, its words, and what would turn a no."""

    mark: str
    words: Label
    change: Label | None
    check_first: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One way as it is shown: names as labels, figures as they are."""

    name: str
    title: Label
    short: Label
    what: Label
    outline: Outline
    uncounted: Decimal | None  # what can be paid at once and is not in the cost, US dollars
    fits: bool | None
    conditions: tuple[Condition, ...]
    remarks: tuple[Label, ...]
    then: tuple[Label, ...]
    lien: Label
    effects: tuple[Label, ...]
    fees: tuple[Label, ...]
    sums: tuple[Label, ...]
    notes: tuple[Label, ...]
    how: tuple[Label, ...]
    papers: tuple[Label, ...]

    @property
    def met(self) -> tuple[Condition, ...]:
        """Return the conditions that are met."""
        return tuple(one for one in self.conditions if one.mark == MARKS[True])

    @property
    def unmet(self) -> tuple[Condition, ...]:
        """Return the conditions that are not met."""
        return tuple(one for one in self.conditions if one.mark == MARKS[False])

    @property
    def open(self) -> tuple[Condition, ...]:
        """Return the conditions that are not known yet."""
        return tuple(one for one in self.conditions if one.mark == MARKS[None])


@dataclass(frozen=True, slots=True)
class Caution:
    """A reason to see a professional, and whom."""

    name: str
    words: Label
    who: tuple[Label, ...]
    stops: bool


@dataclass(frozen=True, slots=True)
class Best:
    """What the first page about the ways out says."""

    lead: Label
    remarks: tuple[Label, ...]
    then: tuple[Label, ...]
    way: Shown | None
    first: bool  # the way is the lead itself, not what comes after it
    refer: bool  # a professional comes before any of it
    warnings: tuple[Caution, ...]
    needs: int
    assumed: tuple[Label, ...]
    had: Label | None
    chosen: Label | None
    simpler: Decimal | None  # the monthly payment that would open the Simple Payment Plan, US dollars
    spares_lien: bool  # that plan normally brings no lien notice
    too_much: Decimal | None  # the monthly payment of the way, where it is more than what is left
    left: Decimal | None  # each month, by their own figures


class Sayer:
    """The words of the rules for the figures of one day."""

    def __init__(self, ways: Ways) -> None:
        self.ways = ways

    def say(
        self, kind: str, name: str, args: Mapping[str, Any] | None = None, template: str = "options"
    ) -> Label:
        """Return the words of one block, with the figures it names."""
        block = f"{kind}_{name}"
        figures = said(template, block, self.ways.params, self.ways.today)
        return Label(template, block, {**figures, **(args or {})})

    def condition(self, reason: Reason) -> Condition:
        """Return one condition as it is shown."""
        state = {True: "met", False: "unmet", None: "unknown"}[reason.met]
        change = reason.change
        return Condition(
            MARKS[reason.met],
            Label("reasons", f"{reason.name}_{state}", reason.args),
            None if change is None else self.say("change", change.name, change.args, "reasons"),
            check_first(reason.args["figure"], self.ways.today),
        )

    def shown(self, name: str) -> Shown:
        """Return one way as it is shown."""
        outline = self.ways.outline(name)
        verdict = outline.verdict
        step = next((one for one in self.ways.road if one.name == name), None)
        step = step or next((one for one in self.ways.ranking.alternatives if one.name == name), None)
        option = verdict.option
        return Shown(
            name,
            self.say("step", name) if name in ROWS else self.say("name", option),
            short(name),
            self.say("what", "get_compliant" if name == "get_compliant" else option),
            outline,
            None if outline.cost is None or outline.down is not None else self.ways.facts.can_pay_now,
            outline.fits,
            tuple(map(self.condition, sorted(verdict.reasons, key=lambda one: one.name in EVERYWHERE))),
            self.remarks(step),
            self.then(step),
            self.say("lien", verdict.lien),
            (self.say("levy", verdict.levy), self.say("clock", verdict.clock)),
            tuple(self.say("fee", fee.name, {"amount": fee.amount}) for fee in verdict.fees),
            tuple(Label("budget", one.name, one.args) for one in verdict.arithmetic),
            tuple(self.say("note", one.name, one.args) for one in verdict.notes),
            (
                *(self.say("how", one.name, one.args) for one in verdict.how),
                self.say("time", verdict.time),
            ),
            tuple(self.say("name", one.name, template="documents") for one in outline.papers),
        )

    def remarks(self, step: Step | None) -> tuple[Label, ...]:
        """Return what to do in a step."""
        return () if step is None else tuple(self.say("do", one.name, one.args) for one in step.remarks)

    def then(self, step: Step | None) -> tuple[Label, ...]:
        """Return what comes once a step is done."""
        return () if step is None or step.then is None else (self.say("step", step.then),)

    def warning(self, flag: Flag) -> Caution:
        """Return a red flag as it is shown."""
        words = self.say("flag", flag.name, template="flags")
        return Caution(
            flag.name, words, tuple(self.say("who", one, template="flags") for one in flag.who), flag.stops
        )

    def best(self, matter: Matter, had: str | None) -> Best:
        """Return what the first page says."""
        ranking = self.ways.ranking
        lead, first, left = ranking.lead, self.ways.first, matter.money.left_in_truth
        return Best(
            self.say("step", lead.name),
            self.remarks(lead),
            tuple(self.say("step", one.name) for one in self.ways.road[1:]),
            None if first is None else self.shown(first),
            first == lead.name,
            self.ways.refer is not None,
            tuple(self.warning(one) for one in ranking.flags),
            len(self.ways.needs),
            tuple(self.say("assumed", one.name, one.args) for one in ranking.assumed),
            short(had) if had is not None else None,
            short(matter.way.name) if matter.way is not None else None,
            self.ways.simpler(left),
            ranking.verdict(SIMPLE).lien is Lien.USUALLY_AVOIDED,
            self.ways.too_much(left),
            left,
        )


def short(name: str) -> Label:
    """Return the few words by which a way is called on a button."""
    return Label("ways/chosen", name)


def see(state: State, target: str, label: Label, style: Any = "") -> Choice:
    """Return the button to a page about one thing: "way.nsia"."""
    focus = state.person.focus
    return Choice(label, f"p:{state.person.case}:{focus.page}:{focus.revision}:see:{target}", style)


def had(case: Case | None) -> str | None:
    """Return the way that was chosen before and is asked for again."""
    before = case.answers.get(CHOSEN) if case is not None else None
    return before.value if before is not None and before.value in NAMES else None


# ---------------------------------------------------------------- the question


def question(state: State, matter: Matter, prefix: str) -> tuple[dict[str, Any], list[Buttons]]:
    """Return what the question says, and its buttons: to take the first way, and to look further."""
    ways = matter.ways
    rows: list[Buttons] = []
    checking = ways.ranking.lead.name == "verify_contact"
    if checking:
        rows.append((_stage(state, "check", Label("ways/chosen", "checked"), "primary"),))
    first = ways.offered
    if first is not None:
        take = Label("ways/chosen", "take", {"way": short(first)})
        rows.append((Choice(take, f"{prefix}:set:{first}", "" if checking else "primary"),))
    rows += _with_help(state, ways)
    best = Sayer(ways).best(matter, had(state.case))
    rows += _simpler(state, best)
    return {"best": best, "explained": True}, [*rows, *_further(state, ways)]


def _stage(state: State, name: str, label: Label, style: Any = "") -> Choice:
    focus = state.person.focus
    return Choice(label, f"p:{state.person.case}:{focus.page}:{focus.revision}:stage:{name}", style)


def _with_help(state: State, ways: Ways) -> list[Buttons]:
    """Return the button to what a professional can ask for, where one comes before any of it."""
    if ways.refer is None or ways.first in (None, HELP):
        return []
    return [(see(state, f"way.{ways.first}", Label("buttons", "see_with_help")),)]


def _simpler(state: State, best: Best) -> list[Buttons]:
    """Return the button to the Simple Payment Plan where a larger monthly sum would open it."""
    if best.simpler is None:
        return []
    return [(see(state, f"way.{SIMPLE}", Label("buttons", "see_simpler", {"way": short(SIMPLE)})),)]


def _further(state: State, ways: Ways) -> list[Buttons]:
    """Return the buttons to the other ways, the comparison, other amounts, the warnings and what is missing."""

    def to(target: str, **args: Any) -> Choice:
        return see(state, target, Label("buttons", f"see_{target}", args))

    rows: list[Buttons] = [(to("others"), to("compare")) if len(ways.comparable) > 1 else (to("others"),)]
    more = [to("amounts")] if ways.at.total is not None else []
    if ways.ranking.flags:
        more.append(to("warnings", count=len(ways.ranking.flags)))
    if ways.needs:
        more.append(to("missing", count=len(ways.needs)))
    return [*rows, *(tuple(more[i : i + 2]) for i in range(0, len(more), 2))]


# ---------------------------------------------------------------- the pages


@page
def _ways_page(here: Here) -> list[Buttons]:
    matter = here.walked.matter
    ways, name = matter.ways, matter.way.name if matter.way else None
    here.args["best"] = best = Sayer(ways).best(matter, None)
    rows: list[Buttons] = []
    first = ways.offered
    if first is not None and first != name and here.walked.place(CHOSEN) is not None:
        take = Label("ways/chosen", "take", {"way": short(first)})
        rows.append((here.do("take", "" if name else "primary", first, take),))
    rows += _with_help(here.state, ways)
    rows += _simpler(here.state, best)
    if name is not None and name != ways.first:
        rows.append((see(here.state, f"way.{name}", Label("buttons", "see_chosen")),))
    own = [one for one in here.walked.places if one.step.key == "own.way"]
    if own:
        rows.append((_stage(here.state, "own", Label("buttons", "see_own")),))
    return [*rows, *_further(here.state, ways), here.on()]


@page
def _others_page(here: Here) -> list[Buttons]:
    ways = here.walked.matter.ways
    names = list(ways.others)
    all_of_them = here.state.person.focus.args.get("of") == "all"
    fitting = [one for one in names if ways.outline(one).fits is not False]
    paying = [one for one in ways.comparable if one in names and one not in fitting]
    chosen = names if all_of_them else [*fitting, *paying]
    at = min(here.at, max(0, len(chosen) - 1) // MOST_OPTIONS)
    here.args["others"] = [
        Sayer(ways).shown(one) for one in chosen[at * MOST_OPTIONS : (at + 1) * MOST_OPTIONS]
    ]
    here.args["turn"], here.args["turns"] = at + 1, max(0, len(chosen) - 1) // MOST_OPTIONS + 1
    marks = {
        one: Label("buttons", "see_way", {"way": short(one), "mark": MARKS[ways.outline(one).fits]})
        for one in chosen
    }
    rows = here.turned([see(here.state, f"way.{one}", marks[one]) for one in chosen])
    if not all_of_them and len(chosen) < len(names):
        rows.append((see(here.state, "others.all", Label("buttons", "see_all", {"count": len(names)})),))
    return [*rows, (see(here.state, "ways", Label("buttons", "see_ways")),)]


@page
def _way_page(here: Here) -> list[Buttons]:
    matter = here.walked.matter
    ways, of = matter.ways, here.state.person.focus.args.get("of")
    name = of if of in NAMES else ways.first or HELP
    here.args["way"] = shown = Sayer(ways).shown(name)
    here.args["is_chosen"] = matter.way is not None and matter.way.name == name
    here.args["is_first"] = ways.first == name
    referring = ways.refer if name != HELP else None
    here.args["warning"] = None if referring is None else Sayer(ways).warning(referring)
    rows: list[Buttons] = []
    if not here.args["is_chosen"] and here.walked.place(CHOSEN) is not None:
        block = "take" if shown.fits else "take_open" if shown.fits is None else "take_anyway"
        style = "primary" if shown.fits and referring is None else ""
        block = "take_with_help" if referring is not None and shown.fits is not False else block
        rows.append((here.do("take", style, name, Label("ways/chosen", block, {"way": shown.short})),))
    lacking = ways.unknown(shown.outline.verdict.ask)
    asked = [fact for fact in lacking if _place_of(here.walked, fact) is not None]
    if asked:
        rows.append(
            (see(here.state, f"missing.{name}", Label("buttons", "see_open", {"count": len(asked)})),)
        )
    rows += [(one,) for one in _changes(here, shown)]
    back = [see(here.state, "others", Label("buttons", "see_others"))]
    if name in ways.comparable and ways.first not in (None, name):
        back.insert(0, see(here.state, f"compare.{name}", Label("buttons", "see_compare_with")))
    return [*rows, tuple(back), (see(here.state, "ways", Label("buttons", "see_ways")),)]


def _changes(here: Here, way: Shown) -> list[Choice]:
    """Return the buttons to the answers that stand against a way and could be other ones."""
    found: dict[str, Place] = {}
    for one in way.outline.verdict.reasons:
        asked = one.args["ask"] if one.change is not None else ()
        place = next((place for fact in asked if (place := _place_of(here.walked, fact)) is not None), None)
        if place is not None:
            found.setdefault(place.code, place)
    return [
        here.do(
            "ask",
            arg=code,
            label=Label("buttons", "change_answer", {"what": Label(place.step.template, "short")}),
        )
        for code, place in list(found.items())[:CHANGES_SHOWN]
    ]


@page
def _compare_page(here: Here) -> list[Buttons]:
    ways, args = here.walked.matter.ways, here.state.person.focus.args
    names = ways.compared(args)
    sayer = Sayer(ways)
    here.args["ways"] = [sayer.shown(one) for one in names]
    here.args["cheapest"] = _cheapest(here.args["ways"])
    here.args["both"] = (
        ways.ranking.comparison if {"short_term", "simple_payment_plan"} <= set(names) else None
    )
    toggles: list[Choice] = []
    for one in ways.comparable:
        ticked = one in names
        label = Label("buttons", "ticked" if ticked else "unticked", {"words": short(one)})
        toggles.append(here.do("without" if ticked else "with", arg=one, label=label))
    return [*here.turned(toggles), (see(here.state, "ways", Label("buttons", "see_ways")),)]


def _cheapest(ways: list[Shown]) -> Shown | None:
    """Return the way that costs least in all, where what two ways cost is known and is not the same."""
    known = [(total, n) for n, one in enumerate(ways) if (total := one.outline.in_all) is not None]
    known.sort()
    return ways[known[0][1]] if len(known) > 1 and known[0][0] < known[1][0] else None


@page
def _amounts_page(here: Here) -> list[Buttons]:
    ways, focus = here.walked.matter.ways, here.state.person.focus.args
    amounts = ways.amounts(focus)
    which = "now" if focus.get("which") == "now" else "monthly"
    tried = ways.tried(amounts["monthly"], amounts["now"])
    sayer = Sayer(tried)
    seen: dict[str, Any] = {
        "amounts": amounts,
        "which": which,
        "lead": sayer.say("step", tried.ranking.lead.name),
        "remarks": sayer.remarks(tried.ranking.lead),
        "way": sayer.shown(tried.first or tried.nearest),
        "told": {name: ways.told(name) for name in AMOUNTS},
    }
    here.args.update(seen)
    small, large = by_how_much(which, amounts[which])
    rows: list[Buttons] = [
        tuple(
            here.do("by", arg=str(step), label=Label("buttons", "by", {"by": abs(step), "minus": step < 0}))
            for step in (-large, -small, small, large)
        )
    ]
    other = "monthly" if which == "now" else "now"
    rows.append((here.do("which", arg=other, label=Label("buttons", f"which_{other}")),))
    changed = (key for name, key in AMOUNTS.items() if name in focus and amounts[name] != ways.told(name))
    if any(here.walked.place(key) is not None for key in changed):
        rows.append((here.do("amount", "primary", label=Label("buttons", "take_amount")),))
    return [*rows, (see(here.state, "ways", Label("buttons", "see_ways")),)]


def by_how_much(which: str, amount: Decimal) -> tuple[int, int]:
    """Return the small and the large step of the buttons, US dollars."""
    _, small, large = [steps for steps in STEPS_BY[which] if amount >= steps[0]][-1]
    return small, large


@page
def _warnings_page(here: Here) -> list[Buttons]:
    ways = here.walked.matter.ways
    here.args["warnings"] = [Sayer(ways).warning(one) for one in ways.ranking.flags]
    help_ = see(here.state, "way.professional_help", Label("buttons", "see_professional"))
    return [(help_,), (see(here.state, "ways", Label("buttons", "see_ways")),)]


@page
def _missing_page(here: Here) -> list[Buttons]:
    ways, of = here.walked.matter.ways, here.state.person.focus.args.get("of")
    facts = ways.unknown(ways.outline(of).verdict.ask) if of in NAMES else ways.needs
    sayer = Sayer(ways)
    lines = [(sayer.say("ask", fact), _place_of(here.walked, fact)) for fact in facts]
    asked: dict[str, int] = {}  # one question can tell several facts, as the budget does
    for n, (_, place) in enumerate(lines, 1):
        if place is not None:
            asked.setdefault(place.code, n)
    # What is not asked yet hangs on another answer.
    here.args["lines"] = [(line, None if place is None else asked[place.code]) for line, place in lines]
    buttons = [
        here.do("ask", arg=code, label=Label("buttons", "ask_number", {"n": n})) for code, n in asked.items()
    ]
    return [
        *(tuple(buttons[i : i + 4]) for i in range(0, len(buttons), 4)),
        (see(here.state, "ways", Label("buttons", "see_ways")),),
    ]


def _place_of(walked: Walk, fact: str) -> Place | None:
    """Return the question that tells a fact, where it may be asked of this person."""
    keys = ASKED.get(fact, ())
    return next((one for key in keys for one in walked.places if one.step.key == key), None)


def days_to_begin(today: date) -> tuple[tuple[str, date], ...]:
    """Return the days on the buttons: today, tomorrow, and the next Monday where that is another day."""
    monday = today + timedelta(days=7 - today.weekday())
    days = [("today", today), ("tomorrow", today + timedelta(days=1))]
    return (*days, ("monday", monday)) if monday > days[-1][1] else tuple(days)
