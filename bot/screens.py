"""What the person sees: pure. A state gives a view, a view and the words of a language give a screen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

from bot import asking, do_pages, engine, filing, follow_pages, help_pages, reminders, ways_pages
from bot.answers import MOST, OWN
from bot.dialogs import code_of
from bot.model import Button, Choice, Label, Remark, Screen, View, Whose
from bot.pages import MOST_OPTIONS, PAGES, turned
from bot.pages import Here as _Here
from bot.pages import go as _go
from bot.pages import page as _page
from bot.paper_pages import files_button, of_paper, paper_name
from bot.rules import deadlines, figures, followup, lien, needs, spared
from bot.rules.consequences import consequences
from bot.rules.documents import DOCUMENTS
from bot.rules.documents import names as paper_kinds
from bot.rules.matter import CALLS, CONTACTS, PAPERS, PERIODS, Matter, period_of
from bot.rules.money import ASSETS, INCOMES
from bot.rules.notices import catalogue
from bot.rules.plan import PLAN
from bot.rules.verification import phones
from bot.rules.ways import CHOSEN
from bot.states import STATES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from bot.dialogs import Step
    from bot.engine import House, Place, Walk
    from bot.model import Answer, Case, Deadline, File, State
    from bot.pages import Buttons
    from bot.rules.parameters import Parameters
    from bot.words import Words


def entries_of(key: str, facts: Matter) -> tuple[Any, ...]:
    """Return the items of a list as the rules see them."""
    return {
        CONTACTS: facts.contacts,
        PAPERS: facts.papers,
        PERIODS: facts.periods,
        CALLS: facts.calls,
        INCOMES: facts.money.earnings,
        ASSETS: facts.money.owned,
    }[key]


MORE_PAGES = (follow_pages,)  # they register themselves
DAYS_AHEAD = (7, 14, 30, 60)
YEARS_SHOWN = 12  # in two pages; older ones are typed
COUNTS_SHOWN = 12
ANSWERS_SHOWN = 12  # on one page of the summary
SENT_ON = ("do.day", "hearing.sent_on", "follow.since")  # days that are mostly today or yesterday


@dataclass(frozen=True, slots=True)
class Stage:
    """One dialog of the case, as the case card shows it. `later`: all is answered, but with a "not yet"."""

    name: str
    open: bool
    optional: bool
    later: bool = False


def stages_of(house: House, walked: Walk) -> tuple[Stage, ...]:
    """Return the stages that hold for this case, in order."""
    names = list(dict.fromkeys(one.stage.name for one in walked.places if one.stage is not None))
    dialogs = {one.name: one for one in house.tree.dialogs if one.name != engine.START}
    later = walked.put_off
    if walked.place("hearing.over") is not None:  # none is left to ask for
        later -= {"hearing"}
    if walked.matter.to_check:
        later |= {"check"}
    if not walked.matter.agreed_in_writing:  # also after a no
        later |= {"follow"}
    return tuple(
        Stage(name, name in walked.unanswered, dialogs[name].optional, name in later - walked.unanswered)
        for name in names
        if name in dialogs
    )


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case as a list of cases shows it."""

    case: Case
    facts: Matter


def case_line(house: House, state: State, case: Case, now: datetime) -> CaseLine:
    """Return what a list of cases says of one."""
    return CaseLine(case, engine.look(house, state, now, case).matter)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the summary: the question, the answer in its stored form, and how to change it."""

    step: Step
    answer: Answer
    code: str
    item: int | None


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """One deadline as the person is shown it today. `needless`: why it needs no deed any more, see `spared`."""

    deadline: Deadline
    days_left: int | None
    done: bool
    stopped: bool
    stake: Remark
    after: tuple[Remark, ...]
    needless: str = ""

    @property
    def passed(self) -> bool:
        """Say whether the binding day has passed."""
        return self.days_left is not None and self.days_left < 0


def view(house: House, state: State, now: datetime) -> View:
    """Return what the person is to see now: the open question, or the page they are on."""
    walked = engine.look(house, state, now)
    place = engine.present(state, walked)
    if place is None and state.person.focus.page == "step":
        place = walked.open
    focus = state.person.focus
    if place is not None:
        seen = _question(house, state, walked, place, now)
    else:
        seen = _page_view(house, state, walked, _known_page(state), now)
    return View(
        engine.key_of(state, place),
        seen.template,
        seen.block,
        seen.args,
        seen.rows,
        _note(state, walked, focus.note, seen.args),
        focus.problem,
    )


def _known_page(state: State) -> str:
    """Return the page the person is on, or where that page has nothing to show, the one above it."""
    focus = state.person.focus
    if focus.page in ("remove", "replace") and state.file(focus.args.get("file", 0)) is None:
        return "papers"
    if focus.page == "which" and not engine.unplaced(state):
        return "papers"
    known = focus.page in PAGES and (focus.page != "change" or "change" in state.person.drafts)
    return focus.page if known else "case"


def _note(state: State, walked: Walk, note: Remark | None, args: Mapping[str, Any]) -> Remark | None:
    """Return the note with the answer it speaks of; `args` are those of the question it stands above."""
    if note is not None and "paper" in note.args:
        number = note.args["paper"]
        name = "" if number is None else paper_name(walked.matter, number)
        kind = paper_kinds(walked.matter.params, walked.matter.today).get(number or 0, "")
        return Remark(note.name, {**note.args, "name": name, "paper_of": kind})
    if note is None or "key" not in note.args:
        return note
    place = walked.place(note.args["key"])
    answer = engine.answers_of(state).get(note.args["key"])
    if place is not None and note.name == "aside_why":
        return Remark(note.name, {"why": Label(place.step.template, "why", args)})
    if place is None or answer is None:
        return None
    return Remark(
        note.name, {"value": Shown(place.step, answer), "short": Label(place.step.template, "short")}
    )


def arguments(state: State, walked: Walk, now: datetime, case: Case | None = None) -> dict[str, Any]:
    """Return what every template may speak of."""
    day = engine.today(state.person, now)
    marks = case.marks if case else (state.case.marks if state.case else {})
    needless = spared.needless(walked.matter, marks)
    lines = [deadline_line(one, marks, day, needless.get(one.key, "")) for one in walked.matter.deadlines]
    return {
        "facts": walked.matter,
        "today": day,
        "main": walked.matter.main,
        "hearing": lien.hearing(walked.matter),
        "weaker": lien.weaker(walked.matter),
        "withdrawal": lien.withdrawal(walked.matter),
        "lines": lines,
        "case": case or state.case,
        "zone": engine.zone_of(state.person),
    }


def deadline_line(deadline: Deadline, marks: Any, day: date, needless: str = "") -> DeadlineLine:
    """Return a deadline with the days left to its binding day."""
    left = (deadline.binding - day).days if deadline.binding is not None else None
    mark = marks.get(deadline.key, {})
    after = deadlines.after(deadline, day)
    weaker = replace(deadline, kind=lien.WEAKER.get(deadline.kind, deadline.kind))
    if weaker != deadline and "done" in marks.get(
        weaker.key, {}
    ):  # it was asked for: no way that is still open
        after = tuple(one for one in after if one.name != "after_equivalent")
    return DeadlineLine(
        deadline,
        left,
        "done" in mark,
        "stopped" in mark,
        deadlines.stake(deadline),
        after,
        needless,
    )


def names_of(case: Case, walked: Walk) -> dict[str, Label]:
    """Return what each thing that a case reminds of is called, by its key."""
    names = {one.key: Label("deadlines", f"{one.kind}_name") for one in walked.matter.deadlines}
    dated = engine.tasks_of(case, walked)
    return names | {one.key: Label("tasks", f"{one.kind}_name", one.args) for one in dated}


# ---------------------------------------------------------------- questions


def _question(house: House, state: State, walked: Walk, place: Place, now: datetime) -> View:
    step = place.step
    before = engine.answers_of(state).get(place.key)
    prefix = f"s:{engine.case_number(state, place)}:{place.code}:{before.revision if before else 0}"
    args = arguments(state, walked, now)
    args |= figures.of_template(step.template, walked.matter.params, walked.matter.today)
    if place.of == CONTACTS:
        args["facts"] = walked.matter.about_contact(place.item)
    peers = [
        one
        for one in walked.places
        if one.dialog is place.dialog and one.item == place.item and (not one.step.later or one == place)
    ]
    alike = [one.item for one in walked.places if one.step is place.step]
    args |= {
        "stage": place.dialog.name,
        "at": 0 if step.bare else peers.index(place) + 1,
        "of": len(peers),
        "number": alike.index(place.item) + 1,
        "here": walked.here(place),
        "entries": entries_of(step.key, args["facts"]) if step.items else (),
        **needs.spoken_of(args["facts"], step.key),
    }
    args |= figures.said(step.template, "text", house.params, args["today"])
    named = args["here"].get("period.year") if place.of == PERIODS else None
    args["period"] = dict(zip(("year", "quarter"), period_of(named) if named else (None, None), strict=True))
    if place.of == DOCUMENTS and place.item is not None:
        args |= of_paper(state, walked, place.item) | {"count": len(alike)}
    rows: list[tuple[Choice, ...]] = []
    if step.kind.name == "way":
        more, rows = ways_pages.question(state, walked.matter, prefix)
        args |= more
    if place.of == PLAN:
        args["deed"] = do_pages.told(walked.matter, place.item)
    problem = state.person.focus.problem
    if problem is not None and "candidates" in problem.args:
        rows += [(_notice(prefix, one),) for one in problem.args["candidates"]]
    else:
        rows += _options(state, place, prefix, args)
    if place.of == PLAN:
        rows += do_pages.beside(state, args["deed"])
    rows += _copies(step, args, walked.matter.params)
    editing = state.person.focus.page == "edit"
    if before is not None and place.of != DOCUMENTS and engine.keeps(state, place, before):
        keep = Label("buttons", "keep", {"value": Shown(step, before)})
        rows.insert(0, (Choice(keep, f"{prefix}:keep", "primary"),))
    if step.skip:
        rows.append((Choice(Label(step.template, "skip", args), f"{prefix}:skip"),))
    if step.not_sure:
        block = "not_sure" if step.kind.name != "irs_notice" else "no_number"
        rows.append((Choice(Label("buttons", block), f"{prefix}:unsure"),))
    last: list[Choice] = []
    if place.of == DOCUMENTS:
        if args["kept"]:
            rows.append((files_button(state, args),))
        back = [] if editing else [Choice(Label("buttons", "back"), f"{prefix}:back")]
        rows.append((*back, _go("papers", state)))
        return View("", step.template, "text", args, tuple(rows))
    if editing or _something_before(state, walked, place):
        last.append(Choice(Label("buttons", "back"), f"{prefix}:back"))
    if (
        state.case is not None
        and not step.kind.card
        and not engine.of_the_start(place)
        and state.case.answers
    ):
        last.append(_go("case", state))
    if last:
        rows.append(tuple(last))
    return View("", step.template, "text", args, tuple(rows))


def _something_before(state: State, walked: Walk, place: Place) -> bool:
    given = engine.answers_of(state)
    case_begun = state.case is not None and bool(state.case.answers)
    return any(
        one.key in given and (not engine.of_the_start(one) or not case_begun)
        for one in walked.places[: walked.places.index(place)]
    )


def _notice(prefix: str, notice: str) -> Choice:
    return Choice(
        Label("buttons", "notice", {"number": catalogue()[notice].number}), f"{prefix}:set:{notice}"
    )


def _options(state: State, place: Place, prefix: str, args: dict[str, Any]) -> list[Buttons]:
    """Return the buttons that answer a question; more than six options come in pages."""
    step = place.step
    before, options, after, columns = _answering(state, place, prefix, args)
    # Beside the options that can be turned, "none of these" always stands.
    most = MOST_OPTIONS - (step.kind.name == "choices" and engine.NONE in step.options)
    at = engine.turned_to(state, place)
    return [*before, *turned(options, at, lambda to: f"{prefix}:turn:{to}", columns, most), *after]


def _answering(
    state: State, place: Place, prefix: str, args: dict[str, Any]
) -> tuple[list[Buttons], list[Choice], list[Buttons], int]:
    """Return what stands above the options, the options, what stands below, and how many stand in a row."""
    step = place.step

    def own(block: str, op: str, style: Any = "") -> Choice:
        return Choice(Label(step.template, block, args), f"{prefix}:{op}", style)

    match step.kind.name:
        case "choice" | "zone":
            style = "primary" if len(step.options) == 1 else ""
            return [], [own(one, f"set:{one}", style) for one in step.options], [], 1
        case "choices":
            ticks = engine.ticks_of(state, place)
            ticked = [
                Choice(
                    Label(
                        "buttons",
                        "ticked" if one in ticks else "unticked",
                        {"words": Label(step.template, one, args)},
                    ),
                    f"{prefix}:{'untick' if one in ticks else 'tick'}:{one}",
                )
                for one in step.options
                if one != engine.NONE
            ]
            below: list[Buttons] = []
            if engine.NONE in step.options:
                below.append((own(engine.NONE, f"set:{engine.NONE}"),))
            if ticks:
                below.append((Choice(Label("buttons", "ticks_done"), f"{prefix}:ok", "primary"),))
            return [], ticked, below, 1
        case "irs_notice":
            return [], [_notice(prefix, one) for one in step.options], [], 2
        case "year":
            newest = args["today"].year - 1
            years = range(newest, newest - YEARS_SHOWN, -1)
            return [], [_number(prefix, "year", one) for one in years], [], 3
        case "day" if step.range == "ahead":
            begin = ways_pages.days_to_begin(args["today"])
            return [], [_day(prefix, step, name, day) for name, day in begin], [], 1
        case "day" if step.key in SENT_ON:
            days = (("today", args["today"]), ("yesterday", args["today"] - timedelta(days=1)))
            return [], [_day(prefix, step, name, day) for name, day in days], [], 1
        case "count":
            least = 1 if step.range == "people" else 0
            most = args["here"].get("household.people") if step.range == "of_people" else None
            last = min(least + COUNTS_SHOWN - 1, most if isinstance(most, int) else least + COUNTS_SHOWN)
            return [], [_number(prefix, "count", one) for one in range(least, last + 1)], [], 3
        case "money":
            suggestions: list[Buttons] = [
                (
                    Choice(
                        Label(step.template, f"suggest_{name}", args | {"amount": amount}),
                        f"{prefix}:set:{amount}",
                    ),
                )
                for name, amount in needs.suggested(args["facts"], step.key)
                if amount < MOST
            ]
            if step.range in OWN and step.range != "some":
                suggestions.append((Choice(Label("buttons", "nothing"), f"{prefix}:set:0"),))
            return suggestions, [], [], 1
        case "day" if step.range == "coming":
            ahead = [(count, args["today"] + timedelta(days=count)) for count in DAYS_AHEAD]
            wanted = [
                Choice(
                    Label("buttons", "in_days", {"days": count, "day": day}),
                    f"{prefix}:set:{day.isoformat()}",
                )
                for count, day in ahead
            ]
            return [], wanted, [], 1
        case "card":
            more: list[Buttons] = [(_add(step.adds, state, args),)] if step.adds else []
            return [(own("ok", "ok", "primary"),)], [], more, 1
        case "confirm":
            return (
                [
                    (own("ok", "ok", "primary"),),
                    (_go("summary", state, Label(step.template, "wrong", args)),),
                ],
                [],
                [],
                1,
            )
        case "list":
            entries = entries_of(step.key, args["facts"])
            drops = [
                Choice(
                    Label(step.template, "drop", args | {"n": n, "entry": one}), f"{prefix}:drop:{one.item}"
                )
                for n, one in enumerate(entries, 1)
                if len(entries) > 1
            ]
            return [(own("done", "done", "primary"),), (own("add", "add"),)], drops, [], 1
    return [], [], [], 1


def _day(prefix: str, step: Step, name: str, day: date) -> Choice:
    return Choice(Label(step.template, name, {"day": day}), f"{prefix}:set:{day.isoformat()}")


def _number(prefix: str, block: str, number: int) -> Choice:
    return Choice(Label("buttons", block, {block: number}), f"{prefix}:set:{number}")


def _add(key: str, state: State, args: dict[str, Any]) -> Choice:
    """Return the button under a card that adds one more to a list."""
    data = f"p:{state.person.case}:{state.person.focus.page}:{state.person.focus.revision}"
    return Choice(Label(key.replace(".", "/"), "add", args), f"{data}:more:{code_of(key)}")


def _copies(step: Step, args: dict[str, Any], params: Parameters) -> list[Buttons]:
    """Return the buttons that put an address, a number or a sentence on the clipboard."""
    found: list[Choice] = []
    for name in step.copies:
        if name == "reports":
            told = [remark.args.get(part) for remark in args["facts"].judgement.report for part in PARTS]
            found += [_copied(one) for one in dict.fromkeys(told) if one]
        elif "." in name:
            value = params.on(args["today"], name)
            found += [_copied(value.text)] if value.firm and value.confidence == "high" else []
        else:
            words = Label("buttons", f"copy_{name}")
            found.append(Choice(words, "", copy=Label(step.template, name, args)))
    # Two short ones share a row: the verdict above them should stay in sight.
    rows: list[Buttons] = []
    for one in found:
        short = isinstance(one.copy, str) and len(one.copy) <= SHORT_COPY
        alone = rows and len(rows[-1]) == 1 and isinstance(rows[-1][0].copy, str)
        if short and alone and len(str(rows[-1][0].copy)) <= SHORT_COPY:
            rows[-1] = (*rows[-1], one)
        else:
            rows.append((one,))
    return rows


def _copied(text: str) -> Choice:
    return Choice(Label("buttons", "copy", {"text": text}), "", copy=text)


PARTS = ("number", "link")  # of where to report something


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer to be said back in words."""

    step: Step
    answer: Answer


# ---------------------------------------------------------------- pages


def _page_view(house: House, state: State, walked: Walk, page: str, now: datetime) -> View:
    args = arguments(state, walked, now)
    args |= figures.of_template(f"pages/{page}", walked.matter.params, walked.matter.today)
    args["stage"] = walked.open.dialog.name if walked.open else ""
    args["confirmed"] = state.case is not None and engine.confirmed(state.case, walked)
    rows = PAGES[page](_Here(house, state, walked, now, page, args))
    return View("", f"pages/{page}", "text", args, tuple(rows))


@_page
def _case_page(here: _Here) -> list[Buttons]:
    stages = stages_of(here.house, here.walked)
    here.args["stages"] = tuple(replace(one, open=one.open or one.later) for one in stages)
    here.args["next_deed"] = do_pages.coming(here.walked)
    case = here.state.case
    here.args["coming"] = bool(engine.listed(here.house, here.state, case, here.now))
    here.args["reminders_on"] = engine.habits_of(here.state.person).on
    rows: list[Buttons] = [here.on()] if here.walked.open is not None else []
    if here.args["facts"].to_check and "check" not in here.walked.unanswered:
        style = "primary" if here.walked.open is None else ""
        rows.append((here.do("stage", style, "check", Label("buttons", "case_check")),))
    here.args["letter"] = letter = here.walked.matter.said.get("follow.letter")
    if case is not None and case.outcome:
        papers = [(here.go("papers"),)] if engine.papers_of(here.walked) or here.state.files else []
        calls = [(here.go("calls"),)] if here.walked.matter.calls else []
        last = ((here.go("deadlines"), here.go("summary")), (here.go("more"),))
        return [(here.do("reopen", "primary"),), *papers, *calls, *last]
    if letter == "not_yet":
        rows.append((here.do("stage", arg="follow", label=Label("buttons", "case_letter")),))
    elif here.walked.open is None and (differs := followup.to_mend(here.walked.matter)):
        code = next(one.code for one in here.walked.places if one.key == differs)
        rows.append((here.do("ask", arg=code, label=Label("buttons", "case_mended")),))
    elif here.walked.open is None and here.walked.matter.agreed_in_writing:
        rows.append((here.go("close"),))
    closes = here.walked.open is None and here.walked.matter.only_a_scam and not here.args["facts"].to_check
    if closes and case is not None and not case.outcome:
        rows.append((here.go("close"),))
    call = (here.do("stage", arg="calls", label=Label("buttons", "case_call")),)
    if any(one.step.key == CHOSEN for one in here.walked.places):
        planned = (here.go("plan"),) if here.walked.matter.plan else ()
        rows.append((here.go("ways"), *planned))
    return [
        *rows,
        *([call] if any(one.name == "calls" for one in here.house.tree.dialogs) else []),
        *([(here.go("papers"),)] if engine.papers_of(here.walked) or here.state.files else []),
        (here.go("deadlines"), here.go("reminders")),
        (here.go("summary"), here.go("more")),
    ]


@_page
def _more_page(here: _Here) -> list[Buttons]:
    case = here.state.case
    lists = [
        place.step
        for place in here.walked.places
        if place.step.later and place.stage is not None and place.stage.name not in here.walked.unanswered
    ]
    stages = [
        here.do("stage", arg=stage.name, label=Label("stages", stage.name))
        for stage in stages_of(here.house, here.walked)
        if (stage.open or stage.optional) and stage.name != engine.PAPER_STAGE
    ]
    closing = here.do("reopen") if case is not None and case.outcome else here.go("close")
    return [
        *((here.do("more", arg=step.code, label=Label(step.template, "add", here.args)),) for step in lists),
        *here.turned(stages, columns=2),
        (here.go("cases"), here.go("rename")),
        (here.go("questions"), here.go("help")),
        (here.go("handover"),),
        (closing,),
        (here.go("case"),),
    ]


@_page
def _cases_page(here: _Here) -> list[Buttons]:
    cases = [case_line(here.house, here.state, case, here.now) for case in here.state.cases if case.answers]
    here.args["cases"] = cases
    others = [
        here.do(
            "back" if one.case.archived else "open",
            arg=str(one.case.number),
            label=Label("buttons", "case_back" if one.case.archived else "case_open", {"line": one}),
        )
        for one in cases
        if one.case.archived or one.case.number != here.state.person.case
    ]
    return [*here.turned(others), (here.do("anew"),), (here.go("case"),)]


@_page
def _rename_page(here: _Here) -> list[Buttons]:
    return [(here.go("more"),)]


AFTER_A_SCAM = ("scam", "not_owed", "other")
AFTER_A_DEBT = tuple(one for one in engine.OUTCOMES if one != "scam")


@_page
def _close_page(here: _Here) -> list[Buttons]:
    scam = here.walked.matter.only_a_scam
    outcomes = [
        here.do("close", arg=one, label=Label("buttons", f"outcome_{one}"))
        for one in (AFTER_A_SCAM if scam else AFTER_A_DEBT)
    ]
    return [*((one,) for one in outcomes), (here.go("more"),)]


@_page
def _summary_page(here: _Here) -> list[Buttons]:
    return _numbered(
        here,
        [
            place
            for place in here.walked.places
            if not place.step.kind.card
            and place.step.key != "start.agree"
            and CALLS not in (place.of, place.key)  # the log is corrected on its page, where the old stays
            and place.of != DOCUMENTS  # they have a page of their own
        ],
    )


@_page
def _budget_page(here: _Here) -> list[Buttons]:
    return _numbered(here, [one for one in here.walked.places if one.stage is not None and one.stage.needed])


def _numbered(here: _Here, places: list[Place]) -> list[Buttons]:
    """Return the buttons that change the answers to these questions, a page of them."""
    given = engine.answers_of(here.state)
    told = [place for place in places if place.key in given]
    lines = [Row(place.step, given[place.key], place.code, place.item) for place in told]
    numbered = [
        (n, row, Shown(row.step, row.answer), _item_of(here, place))
        for n, (row, place) in enumerate(zip(lines, told, strict=True), 1)
    ]
    buttons = [
        here.do("edit", arg=row.code, label=Label("buttons", "summary_edit", {"n": n}))
        for n, row, *_ in numbered
    ]
    at = min(here.at, max(0, len(lines) - 1) // ANSWERS_SHOWN)
    here.args["rows"] = numbered[at * ANSWERS_SHOWN : (at + 1) * ANSWERS_SHOWN]
    return [*here.turned(buttons, columns=4, most=ANSWERS_SHOWN), here.on()]


ITEMS = {CONTACTS: "of_contact", PAPERS: "of_letter"}  # what one of several is called


def _item_of(here: _Here, place: Place) -> Label | str:
    """Return which of several contacts, letters or years an answer is about; empty where there is one."""
    peers = list(dict.fromkeys(one.item for one in here.walked.places if one.of == place.of))
    if place.item is None or len(peers) == 1 or place.step.key == "period.year":
        return ""
    year = here.walked.here(place).get("period.year") if place.of == PERIODS else None
    if year:
        return Label("buttons", "period", dict(zip(("year", "quarter"), period_of(year), strict=True)))
    return Label("buttons", ITEMS.get(place.of, "of_item"), {"n": peers.index(place.item) + 1})


TASKS_SHOWN = 7  # below the deadlines and how they were worked out: a message holds 4096 characters


@_page
def _deadlines_page(here: _Here) -> list[Buttons]:
    case = here.state.case
    tasks = engine.tasks_of(case, here.walked) if case is not None else ()
    names = names_of(case, here.walked) if case is not None else {}
    listed = [(names[one.key], one.day, (one.day - here.args["today"]).days) for one in tasks]
    here.args["tasks"], here.args["more"] = listed[:TASKS_SHOWN], max(0, len(listed) - TASKS_SHOWN)
    if case is not None and case.outcome:
        return [(here.do("reopen", "primary"),), (here.go("case"),)]
    rows: list[Buttons] = [here.on(), (here.go("reminders"), here.go("summary"))]
    dated = any(line.days_left is not None and line.days_left >= 0 for line in here.args["lines"])
    return [*rows, *(((here.do("calendar"),),) if dated else ())]


@_page
def _reminders_page(here: _Here) -> list[Buttons]:
    case = here.state.case
    zone = engine.zone_of(here.state.person)
    groups: dict[str, list[datetime]] = {}
    for one in engine.listed(here.house, here.state, case, here.now):
        groups.setdefault(one.kind, []).append(one.due.astimezone(zone))
    names = names_of(case, here.walked) if case is not None else {}
    here.args["groups"] = [(names[kind], moments) for kind, moments in groups.items()]
    habits = engine.habits_of(here.state.person)
    stopped = case is not None and reminders.ALL in case.marks
    here.args["habits"], here.args["stopped"] = habits, stopped
    here.args["right"] = None
    if not habits.on or stopped:
        here.args["right"] = _right_that_ends(here)
        again = here.do("again", "primary", label=Label("buttons", "reminders_on"))
        return [(again,), here.on(), (here.go("deadlines"),)]
    taken_up: list[Buttons] = [
        (
            Choice(
                Label("buttons", "reminders_again", {"line": line}),
                f"r:{case.number}:{line.deadline.key}:0:again",
            ),
        )
        for line in here.args["lines"]
        if case is not None and (line.stopped or line.done) and not line.needless
    ]
    rows: list[Buttons] = [
        *taken_up,
        here.on(),
        (here.go("hour"), here.go("quiet")),
        (here.do("zone"), here.do("off")),
    ]
    return [*rows, (here.go("deadlines"), *((here.do("calendar"),) if groups else ()))]


def _right_that_ends(here: _Here) -> Deadline | None:
    """Return the soonest right that ends with no reminder of it, being neither over nor used."""
    all_off = not engine.habits_of(here.state.person).on
    day: date = here.args["today"]
    found: list[tuple[date, Deadline]] = []
    for case in here.state.cases if all_off else (here.state.case,):
        if case is None or not case.active or not case.answers:
            continue
        walked = engine.look(here.house, here.state, here.now, case)
        lines = arguments(here.state, walked, here.now, case)["lines"]
        used = {one.deadline.paper for one in lines if one.done and one.deadline.kind in lien.HEARINGS}
        for line in lines:
            one, last = line.deadline, line.deadline.binding
            spent = line.done or (reminders.second_chance(one) and one.paper in used)
            if one.whose is Whose.RIGHT and not spent and last is not None and last >= day:
                found.append((last, one))
    return min(found, key=lambda pair: pair[0])[1] if found else None


@_page
def _hour_page(here: _Here) -> list[Buttons]:
    here.args["habits"] = engine.habits_of(here.state.person)
    hours = [
        here.do("set", arg=str(hour), label=Label("buttons", "hour_set", {"hour": time(hour)}))
        for hour in engine.HOURS
    ]
    return [*(tuple(hours[i : i + 4]) for i in range(0, len(hours), 4)), (here.go("reminders"),)]


@_page
def _quiet_page(here: _Here) -> list[Buttons]:
    here.args["habits"] = engine.habits_of(here.state.person)
    rows: list[Buttons] = [
        (here.do("set", arg=one, label=Label("buttons", "quiet_set", {"quiet": engine.quiet_hours(one)})),)
        for one in engine.QUIETS
    ]
    return [*rows, (here.go("reminders"),)]


@_page
def _privacy_page(here: _Here) -> list[Buttons]:
    return [here.on(), (here.go("delete"),)]


@_page
def _delete_page(here: _Here) -> list[Buttons]:
    state = here.state
    here.args["cases"] = sum(bool(case.answers) for case in state.cases)
    here.args["answers"] = len(state.person.answers) + sum(len(case.answers) for case in state.cases)
    here.args["files"] = len(state.files)
    here.args["coming"] = sum(len(engine.listed(here.house, state, case, here.now)) for case in state.cases)
    return [(here.do("on", "primary"),), (here.do("yes", "danger"),)]


@_page
def _resume_page(here: _Here) -> list[Buttons]:
    return [here.on(), (here.do("anew"),), (here.do("over"),)]


@_page
def _change_page(here: _Here) -> list[Buttons]:
    draft = here.state.person.drafts.get("change")
    if draft is None:
        raise LookupError("there is no change to ask back")
    here.args["old"] = here.walked.matter
    here.args["new"] = engine.look(here.house, engine.changed_state(here.state, draft), here.now).matter
    moved = consequences(here.args["old"], here.args["new"])
    here.args["days_move"] = any(one.name.startswith("deadline_") for one in moved)
    here.args["besides"] = [one for one in moved if not one.name.startswith("deadline_")]
    return [(here.do("yes", "primary"),), (here.do("no"),)]


# ---------------------------------------------------------------- words


def render(words: Words, seen: View) -> Screen:
    """Return the view in the words of one language."""
    args = _worded(words, seen.args)
    parts = [
        words.block("remarks", one.name, args | _worded(words, one.args))
        for one in (seen.note, seen.problem)
        if one is not None
    ]
    if seen.args.get("at"):
        parts.append(words.block("stages", "heading", args))
    parts.append(words.block(seen.template, seen.block, args))
    if words.has(seen.template, "why") and not seen.args.get("explained"):
        parts.append(words.block("stages", "why", {"why": words.markup(seen.template, "why", args)}))
    rows = tuple(
        tuple(
            Button(
                label(words, one.label, args if one.label.args is seen.args else None),
                one.data,
                one.style,
                copied(words, one.copy),
            )
            for one in row
        )
        for row in seen.rows
    )
    return Screen("\n\n".join(part for part in parts if part), rows)


def label(words: Words, of: Label, args: dict[str, Any] | None = None) -> str:
    """Return the words on a button, cut to what fits; `args` where they are in words already."""
    text = words.label(of.template, of.block, _worded(words, of.args) if args is None else args)
    return cut(text)


def cut(text: str) -> str:
    """Return the words of a button, cut to what fits on it."""
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1] + "…"


def copied(words: Words, of: str | Label) -> str:
    """Return what a button puts on the clipboard."""
    return of if isinstance(of, str) else words.label(of.template, of.block, _worded(words, of.args))


LONGEST_LABEL = 60
SHORT_COPY = 10  # characters that fit on half a row, beside "Copy"
LONGEST_COPY = 256  # characters, by Telegram's rule


def _worded(words: Words, args: Any) -> dict[str, Any]:
    """Return args with the answers and labels in them put into words."""
    return {key: _word(words, value) for key, value in args.items()}


def _word(words: Words, value: Any) -> Any:
    match value:
        case Shown():
            return answer_in_words(words, value.step, value.answer)
        case Label():
            return words.label(value.template, value.block, _worded(words, value.args))
        case list() | tuple() if any(isinstance(one, tuple) for one in value):
            return [
                tuple(_word(words, part) for part in one) if isinstance(one, tuple) else one for one in value
            ]
    return value


def answer_in_words(words: Words, step: Step, answer: Answer) -> str:
    """Return an answer as it is said back, in plain text."""
    if answer.state == "not_sure":
        return words.label("buttons", "not_sure")
    if answer.state == "skipped":
        return words.label(step.template, "skip")
    value = answer.value
    match step.kind.form:
        case "option":
            return words.label(step.template, value)
        case "options":
            return ", ".join(words.label(step.template, one) for one in value)
        case "day":
            return words.day(step.kind.load(value, step))
        case "usd":
            return words.usd(step.kind.load(value, step))
        case "percent":
            return words.label("buttons", "percent", {"percent": value})
        case "notice":
            return words.label("buttons", "notice", {"number": catalogue()[value].number})
        case "period":
            year, quarter = period_of(value)
            return words.label("buttons", "period", {"year": year, "quarter": quarter})
        case "state":
            return STATES[value]
        case "zone":
            return words.label("buttons", "zone", {"zone": value})
    if step.items:
        return words.label(step.template, "count", {"count": len(value)})
    return str(value)


# ---------------------------------------------------------------- messages beside the screen


def card(house: House, words: Words, state: State, now: datetime) -> Screen | None:
    """Return the pinned card of the case; it holds no count of days, which would be wrong tomorrow."""
    if state.case is None:
        return None
    walked = engine.walk(house, engine.answers_of(state), engine.today(state.person, now))
    args = arguments(state, walked, now)
    args["stage"] = (
        walked.open.stage.name if walked.open is not None and walked.open.stage is not None else ""
    )
    open_case = Button(words.label("reminders", "button_open"), f"p:{state.case.number}:card:0:go:case")
    return Screen(words.block("pages/pinned", "text", args), ((open_case,),))


def nudge(house: House, words: Words, state: State, now: datetime) -> Screen | None:
    """Return the question whether the person wants to go on; None when there is nothing to go on with."""
    case = state.case
    if case is None or not case.active:
        return None
    walked = engine.walk(house, engine.answers_of(state), engine.today(state.person, now))
    if walked.open is None:
        return None
    args = arguments(state, walked, now) | {"stage": walked.open.dialog.name}
    go_on = Button(words.label("buttons", "on"), f"p:{case.number}:nudge:0:on", "primary")
    return Screen(words.block("reminders", "nudge", args), ((go_on,),))


def explained(house: House, words: Words, state: State, name: str, now: datetime) -> Screen | None:
    """Return the answer to a question, with the person's own facts; None for one nobody knows any more."""
    if name not in house.asked.names:
        return None
    return asking.answer(house, words, name, arguments(state, engine.look(house, state, now), now))


def file(house: House, words: Words, state: State, shown: File, now: datetime) -> Screen:
    """Return what stands under a file that is sent back: what it is, and what can be done with it."""
    day = engine.today(state.person, now)
    walked = engine.look(house, state, now, state.numbered(shown.case))
    name = paper_name(walked.matter, shown.paper or filing.OTHER)
    alike = [one.number for one in state.files_of(shown.case, shown.paper) if not one.coming]
    args = {"name": label(words, name), "at": alike.index(shown.number) + 1, "of": len(alike), "today": day}

    def button(op: str, style: Any = "") -> Button:
        return Button(words.label("buttons", f"file_{op}"), f"f:{shown.case}:{shown.number}:0:{op}", style)

    rows = ((button("replace"), button("move")), (button("remove", "danger"),))
    return Screen(words.block("pages/paper", "caption", args), rows)


def handed_over(house: House, words: Words, state: State, number: int, now: datetime) -> Screen | None:
    """Return a case on one page, to copy or to forward; None for one that is gone."""
    case = state.numbered(number)
    if case is None:
        return None
    walked = engine.look(house, state, now, case)
    given, said = engine.answers_of(state, case), dict[str, list[tuple[str, str]]]()
    for place in walked.places:
        stage, answer = (place.stage or place.dialog).name, given.get(place.key)
        if stage in help_pages.TOLD_APART or answer is None or not help_pages.worth_telling(place, answer):
            continue
        short = words.label(place.step.template, "short")
        said.setdefault(stage, []).append((short, answer_in_words(words, place.step, answer)))
    args = help_pages.told(arguments(state, walked, now, case), said)
    return Screen(words.block("handover", "text", args))


def tell(house: House, words: Words, what: str, day: date) -> Screen:
    """Return a text that belongs to no case."""
    return Screen(words.block("tell", what, {"phones": phones(house.params, day)}))
