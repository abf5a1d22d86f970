"""The pages of people who can help: a free clinic, the Taxpayer Advocate, somebody to hire, a page to hand over. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot import engine
from bot.model import Label
from bot.pages import page
from bot.rules import figures, helpers, red_flags
from bot.rules.parameters import check_first

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.engine import Place
    from bot.model import Answer
    from bot.pages import Buttons, Here

MOST_PEOPLE = 9
IN_A_ROW = 3
FLAGS_SHOWN = 3
PAPERS_TOLD, PERIODS_TOLD, DAYS_TOLD, ANSWERS_TOLD = 6, 12, 4, 36  # on one page, in one message
# Stages whose facts the page tells in its own words, or that are nobody else's concern.
TOLD_APART = frozenset({"start", "about", "verify", "letter", "verdict", "check", "deadline", "years"})


@page
def _help_page(here: Here) -> list[Buttons]:
    _figures(here)
    return [
        here.on(),
        (here.go("clinic"), here.go("advocate")),
        (here.go("pros"), here.go("mills")),
        *_handing_over(here),
        (here.go("questions"),),
    ]


@page
def _clinic_page(here: Here) -> list[Buttons]:
    _figures(here)
    given = engine.answers_of(here.state)
    people, lives = (given.get(f"household.{name}") for name in ("people", "state"))
    told = {"yes": True, "no": False}.get(here.state.person.focus.args.get("within", ""))
    number = people.value if people is not None else None
    test = helpers.clinic(here.walked.matter, number, lives.value if lives is not None else None, within=told)
    asked = "within" in here.state.person.focus.args
    here.args.update({"people": number, "test": test, "asked": asked})
    if number is None and test.within is None and not asked:
        counts = [
            here.do("people", arg=str(one), label=Label("buttons", "count", {"count": one}))
            for one in range(1, MOST_PEOPLE + 1)
        ]
        rows = [tuple(counts[at : at + IN_A_ROW]) for at in range(0, MOST_PEOPLE, IN_A_ROW)]
        return [*rows, (here.go("help"),)]
    if test.within is None and test.year is not None and not asked:
        answers = [here.do("told", arg=f"within.{one}", label=_label(here, one)) for one in ("yes", "no")]
        unsure = here.do("told", arg="within.unsure", label=Label("buttons", "not_sure"))
        return [tuple(answers), (unsure,), (here.go("help"),)]
    again = [(here.do("again", label=_label(here, "again")),)] if asked else []
    next_best = [(here.go("pros"),)] if test.fits is False else _handing_over(here)
    return [*next_best, *again, (here.go("help"),), here.on()]


@page
def _advocate_page(here: Here) -> list[Buttons]:
    _figures(here)
    need = here.state.person.focus.args.get("need", "")
    found = helpers.advocate(here.walked.matter, need)
    here.args.update({"fits": found.fits, "late": found.late})
    if found.fits is None:
        needs = [(here.do("told", arg=f"need.{one}", label=_label(here, one)),) for one in helpers.NEEDS]
        return [*needs, (here.go("help"),)]
    again = [(here.do("again", label=_label(here, "again")),)] if need else []
    next_best = _handing_over(here) if found.fits else []
    return [*next_best, *again, (here.go("help"),), here.on()]


@page
def _pros_page(here: Here) -> list[Buttons]:
    matter = here.walked.matter
    here.args["flags"] = red_flags.flags(matter.facts, matter.params, matter.today)[:FLAGS_SHOWN]
    return [
        (here.go("hiring"), here.go("mills")),
        *_handing_over(here),
        (here.go("clinic"), here.go("help")),
        here.on(),
    ]


@page
def _hiring_page(here: Here) -> list[Buttons]:
    return [(here.go("pros"), here.go("mills")), here.on()]


@page
def _mills_page(here: Here) -> list[Buttons]:
    _figures(here)
    return [(here.go("clinic"), here.go("pros")), (here.go("help"),), here.on()]


@page
def _handover_page(here: Here) -> list[Buttons]:
    here.args["criminal"] = here.walked.matter.facts.criminal
    return [(here.do("write", "primary"),), (here.go("help"),), here.on()]


def worth_telling(place: Place, answer: Answer) -> bool:
    """Say whether an answer belongs on the page to hand over: a fact of the case, and known."""
    step = place.step
    known = answer.value not in (None, [engine.NONE]) and not engine.left_to_do(step, answer)
    return known and not step.kind.card and not step.items and place.key not in engine.UNSAID


def told(args: Mapping[str, Any], said: Mapping[str, list[tuple[str, str]]]) -> dict[str, Any]:
    """Return what the page to hand over tells; `said`: by stage, what was asked and the answer, in words."""
    matter, left, sections = args["facts"], ANSWERS_TOLD, []
    for stage, rows in said.items():
        sections.append((stage, rows[:left]))
        left = max(0, left - len(rows))
    return {
        **args,
        "sections": [one for one in sections if one[1]],
        "papers": [one for one in matter.papers if one.notice is not None or one.dated is not None][
            :PAPERS_TOLD
        ],
        "periods": [one for one in matter.periods if one.name is not None][:PERIODS_TOLD],
        "days": [one for one in args["lines"] if one.deadline.binding is not None][:DAYS_TOLD],
        "flags": red_flags.flags(matter.facts, matter.params, matter.today)[:FLAGS_SHOWN],
    }


def _handing_over(here: Here) -> list[Buttons]:
    """Return the button to the page to hand over, where there is something to tell."""
    case = here.state.case
    return [(here.go("handover"),)] if case is not None and case.answers else []


def _label(here: Here, name: str) -> Label:
    return Label(f"pages/{here.page}", name, here.args)


def _figures(here: Here) -> None:
    """Put the figures that the page names among its arguments."""
    day, template = here.args["today"], f"pages/{here.page}"
    here.args.update(figures.said(template, "text", here.house.params, day))
    used = figures.behind(template, "text", here.house.params, day).values()
    here.args["unsure"] = any(check_first(one, day) for one in used)
