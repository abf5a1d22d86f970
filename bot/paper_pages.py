"""The pages about papers: the list, one paper with its files, and the question which paper a file shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot import engine, filing
from bot.model import Choice, Label
from bot.pages import Here, page
from bot.rules import documents, figures

if TYPE_CHECKING:
    from bot.engine import Walk
    from bot.model import State
    from bot.pages import Buttons
    from bot.rules.documents import Document
    from bot.rules.matter import Matter


def paper_name(seen: Matter, number: int) -> Label:
    """Return the name of a paper, also of one that is not on the list."""
    name = documents.names(seen.params, seen.today).get(number)
    if name is None:
        return Label("documents", "name_other")
    return Label(
        "documents", f"name_{name}", figures.said("documents", f"name_{name}", seen.params, seen.today)
    )


def of_paper(state: State, walked: Walk, number: int) -> dict[str, Any]:
    """Return what the words about one paper speak of."""
    seen = walked.matter
    wanted = engine.papers_of(walked)
    paper = next((one for one in wanted if one.number == number), None)
    listed = {one.number for one in wanted}
    files = [
        one
        for one in state.files
        if one.case == state.person.case
        and (one.paper == number if number else one.paper is not None and one.paper not in listed)
    ]
    return {
        "paper": paper,
        "paper_number": number,
        "name": paper_name(seen, number),
        "answer": _paper_answer(state, number),
        "kept": sum(not one.coming for one in files),
        "coming": sum(one.coming for one in files),
    }


def _paper_answer(state: State, number: int) -> str:
    answer = engine.answers_of(state).get(f"{engine.PAPER_STATE}~{number}")
    return answer.value if answer is not None and answer.value and not answer.open else ""


def files_button(state: State, args: dict[str, Any]) -> Choice:
    """Return the button that sends the files of a paper back."""
    person = state.person
    data = f"p:{person.case}:paper:{person.focus.revision}:files:{args['paper_number']}"
    return Choice(Label("buttons", "paper_files", {"count": args["kept"]}), data)


PAPERS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One paper as the list shows it."""

    number: int
    name: Label
    paper: Document | None
    answer: str
    kept: int


def paper_lines(state: State, walked: Walk) -> list[PaperLine]:
    """Return the papers of a case, and last the files that belong to none of them."""
    wanted = engine.papers_of(walked)
    numbers = [one.number for one in wanted]
    lines = [
        PaperLine(number, args["name"], args["paper"], args["answer"], args["kept"] + args["coming"])
        for number in (*numbers, filing.OTHER)
        for args in [of_paper(state, walked, number)]
    ]
    return lines if lines[-1].kept else lines[:-1]


def _paged(here: Here, lines: list[PaperLine], op: str, at: int) -> list[Buttons]:
    """Return the buttons of one page of papers, and one to the next page."""
    shown = lines[at : at + PAPERS_SHOWN]
    here.args["shown"] = [(line.number, line.name, line) for line in shown]
    rows: list[Buttons] = [
        (
            here.do(
                op, arg=str(line.number), label=Label("buttons", "paper", {"line": line, "name": line.name})
            ),
        )
        for line in shown
    ]
    if len(lines) > PAPERS_SHOWN:
        after = at + PAPERS_SHOWN if at + PAPERS_SHOWN < len(lines) else 0
        rows.append((here.do("at", arg=str(after), label=Label("buttons", "papers_at")),))
    return rows


@page
def _papers_page(here: Here) -> list[Buttons]:
    lines = paper_lines(here.state, here.walked)
    wanted = [line for line in lines if line.number != filing.OTHER]
    first_open = next((n for n, line in enumerate(wanted) if not line.answer), 0)
    at = here.state.person.focus.args.get("at", first_open // PAPERS_SHOWN * PAPERS_SHOWN)
    at = at if at < len(lines) else 0
    unplaced = here.state.files_of(here.state.person.case, None)
    here.args.update(
        {
            "wanted": here.walked.matter.wanted if wanted else None,
            "ready": sum(line.answer in ("have", "not_mine") for line in wanted),
            "count": len(wanted),
            "unplaced": len(unplaced),
        }
    )
    rows = _paged(here, lines, "paper", at)
    if unplaced:
        rows.insert(0, (here.do("unplaced", "primary"),))
    through = any(not line.answer or line.answer == "will_get" for line in wanted)
    last = [
        here.do(
            "stage", "" if unplaced else "primary", engine.PAPER_STAGE, Label("buttons", "papers_through")
        )
    ]
    end: list[Buttons] = [(*(last if through else ()), here.go("case"))]
    return [*rows, *end] if wanted else [*rows, here.on(), *end]


@page
def _paper_page(here: Here) -> list[Buttons]:
    number = here.state.person.focus.args.get("number", filing.OTHER)
    here.args.update(of_paper(here.state, here.walked, number))
    rows: list[Buttons] = [(here.do("all", "primary"),)]
    if here.args["kept"]:
        rows.append((files_button(here.state, here.args),))
    return [*rows, (here.go("papers"),)]


@page
def _which_page(here: Here) -> list[Buttons]:
    focus = here.state.person.focus
    here.args["files"] = len(engine.unplaced(here.state))
    lines = [
        line
        for line in paper_lines(here.state, here.walked)
        if line.paper is not None and not line.paper.at_hand
    ]
    if not lines:
        lines = [PaperLine(engine.LETTERS, paper_name(here.walked.matter, engine.LETTERS), None, "", 0)]
    at = focus.args.get("at", 0)
    rows = _paged(here, lines, "put", at if at < len(lines) else 0)
    return [*rows, (here.do("put", arg=str(filing.OTHER), label=Label("buttons", "which_other")),)]


@page
def _remove_page(here: Here) -> list[Buttons]:
    here.args.update(_of_file(here.state, here.walked))
    return [(here.do("no"),), (here.do("yes", "danger"),)]


@page
def _replace_page(here: Here) -> list[Buttons]:
    here.args.update(_of_file(here.state, here.walked))
    return [(here.do("no"),)]


def _of_file(state: State, walked: Walk) -> dict[str, Any]:
    file = state.file(state.person.focus.args["file"])
    if file is None:
        raise LookupError("there is no such file")
    return {"name": paper_name(walked.matter, file.paper or filing.OTHER)}
