"""What to do, as it is shown: one deed, the whole plan, words for the phone, a letter to copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.model import Choice, Label
from bot.pages import Here, page
from bot.rules import followup, lien
from bot.rules.parameters import check_first
from bot.rules.plan import NOT_YET, START, WRITTEN, hearing
from bot.rules.standing import standing
from bot.rules.verification import number, phones
from bot.ways_pages import see

if TYPE_CHECKING:
    from datetime import date

    from bot.engine import Walk
    from bot.model import State
    from bot.pages import Buttons
    from bot.rules.matter import Matter
    from bot.rules.plan import Deed
    from bot.rules.ways import Outline

ANSWERS = ("do.done", "do.sent")
LINKS = ("account", "payments", "offer_check", "credentials", "clinics")


@dataclass(frozen=True, slots=True)
class Told:
    """One deed with all that its words speak of. Amounts in US dollars."""

    deed: Deed
    matter: Matter
    place: int  # in the plan, from 1
    count: int
    way: Label
    outline: Outline  # of the chosen way
    option: Outline  # of the option this deed is for
    line: dict[str, Any]  # the telephone number to call
    advocate: dict[str, Any]
    links: dict[str, str | None]
    hearing: date | None
    weaker: date | None  # the last day to ask for the weaker hearing
    then: str = ""  # what the person said of it

    @property
    def template(self) -> str:
        """Return the template that has its words."""
        return "do/deeds"

    @property
    def years(self) -> str:
        """Return the tax periods it is about, as they are written on a letter."""
        about = (self.deed.period,) if self.deed.period is not None else self.matter.periods
        return ", ".join(one.name for one in about if one.name)

    @property
    def amount(self) -> Any:
        """Return what is owed in all; None where it is not known."""
        return standing(self.matter.facts, self.matter.params, self.matter.today).total


def told(matter: Matter, item: int | None, answers: dict[int, str] | None = None) -> Told:
    """Return one deed of the plan as it is told. Raises LookupError where the plan has no such deed."""
    plan = matter.plan
    place = next((n for n, one in enumerate(plan, 1) if one.item == item), None)
    if place is None or matter.way is None:
        raise LookupError("the plan has no such deed")
    deed, day = plan[place - 1], matter.today
    shown = phones(matter.params, day)
    business = matter.facts.taxpayer_type == "business"
    open_hearing, weaker = hearing(matter), lien.weaker(matter)
    return Told(
        deed,
        matter,
        place,
        len(plan),
        Label("ways/chosen", matter.way.name),
        matter.ways.outline(matter.way.name),
        matter.ways.outline(deed.option),
        number(shown.get("businesses" if business else "individuals"), day),
        number(shown.get("taxpayer_advocate"), day),
        {name: _link(matter, name) for name in LINKS},
        open_hearing.act_by if open_hearing is not None else None,
        weaker.act_by if weaker is not None else None,
        (answers or {}).get(deed.item, ""),
    )


def _link(matter: Matter, name: str) -> str | None:
    value = matter.params.on(matter.today, f"links.{name}")
    return None if check_first(value, matter.today) else value.text


def beside(state: State, of: Told) -> list[Buttons]:
    """Return the buttons under a deed: the words to say, the letter, the whole plan."""
    row: list[Choice] = []
    copied: list[Buttons] = []
    if of.deed.entry.script:
        row.append(see(state, f"script.{of.deed.item}", Label("buttons", "see_script")))
    if of.deed.entry.letter:
        row.append(see(state, f"letter.{of.deed.item}", Label("buttons", "see_letter")))
    calls = {"advocate": of.advocate}.get(of.deed.name, of.line) if of.deed.entry.script else {}
    if calls.get("number") and not calls.get("check"):
        copied.append(
            (Choice(Label("buttons", "copy", {"text": calls["number"]}), "", copy=calls["number"]),)
        )
    last = (see(state, "plan", Label("buttons", "see_plan")),)
    return [tuple(row), *copied, last] if row else [last]


def said_of(walked: Walk) -> dict[int, str]:
    """Return what the person said of each deed."""
    said = {
        one.item: str(walked.known[one.key])
        for one in walked.places
        if one.step.key in ANSWERS and one.item is not None and one.key in walked.known
    }
    if followup.confirmed(walked.matter):
        said |= {one.item: "finished" for one in walked.matter.plan if one.name == WRITTEN}
    return said


def coming(walked: Walk) -> Told | None:
    """Return what is to be done next: the first deed that is neither done nor needless."""
    answers = said_of(walked)
    waits = [one for one in walked.matter.plan if answers.get(one.item) in (None, NOT_YET)]
    return told(walked.matter, waits[0].item) if waits else None


@page
def _plan_page(here: Here) -> list[Buttons]:
    matter, answers = here.walked.matter, said_of(here.walked)
    here.args["deeds"] = deeds = [told(matter, one.item, answers) for one in matter.plan]
    here.args["way"] = Label("ways/chosen", matter.way.name) if matter.way is not None else None
    places = {one.item: one for one in here.walked.places if one.step.key in ANSWERS}
    buttons = [
        here.do(
            "ask", arg=places[one.deed.item].code, label=Label("buttons", "deed_number", {"n": one.place})
        )
        for one in deeds
        if one.deed.item in places
    ]
    wide = 3 if len(buttons) % 4 == 1 else 4  # none stands alone
    rows: list[Buttons] = [tuple(buttons[i : i + wide]) for i in range(0, len(buttons), wide)]
    start = next((one for one in here.walked.places if one.step.key == START), None)
    change = [see(here.state, "ways", Label("buttons", "see_ways"))]
    if start is not None and deeds:
        change.insert(0, here.do("ask", arg=start.code, label=Label("buttons", "other_start")))
    return [*rows, tuple(change), here.on()]


def _of(here: Here) -> Told | None:
    of = str(here.state.person.focus.args.get("of", ""))
    items = {str(one.item): one.item for one in here.walked.matter.plan}
    return told(here.walked.matter, items[of]) if of in items else None


def _to_copy(here: Here, kind: str) -> list[Buttons]:
    deed = _of(here)
    name = getattr(deed.deed.entry, kind) if deed is not None else ""
    here.args.update(deed=deed if name else None, name=name)
    rows: list[Buttons] = []
    if deed is not None:
        place = next(
            (one for one in here.walked.places if one.item == deed.deed.item and one.step.key in ANSWERS),
            None,
        )
        if place is not None:
            rows.append((here.do("ask", "primary", place.code, Label("buttons", "back_to_deed")),))
    return [*rows, (see(here.state, "plan", Label("buttons", "see_plan")),)]


@page
def _script_page(here: Here) -> list[Buttons]:
    return _to_copy(here, "script")


@page
def _letter_page(here: Here) -> list[Buttons]:
    return _to_copy(here, "letter")
