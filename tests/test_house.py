"""The rules of the house, held over the syntax tree: who imports whom, names, figures, words, folders."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from bot import dialogs
from bot.config import ROOT

BOT = ROOT / "bot"
FILES = sorted(path for path in BOT.rglob("*.py"))
OURS = [path for path in FILES if BOT / "simulator" not in path.parents]
CORE = sorted(
    [BOT / f"{name}.py" for name in
     ("model", "answers", "dialogs", "engine", "screens", "reminders", "reminding", "calendar_file", "notices", "redact", "zones", "words",
      "reading", "samples", "filing", "paper_pages")]
    + [path for path in OURS if BOT / "rules" in path.parents]
)  # fmt: skip
EDGES = frozenset(
    {
        "aiohttp",
        "aiosqlite",
        "apscheduler",
        "asyncio",
        "httpx",
        "socket",
        "sqlite3",
        "telegram",
        "urllib.request",
    }
)
ABOVE_THE_CORE = frozenset(
    {
        "app",
        "check",
        "clock",
        "config",
        "outbox",
        "papers",
        "questions",
        "run",
        "shell",
        "simulator",
        "store",
        "telegram_edge",
        "__main__",
    }
)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def imported(path: Path) -> frozenset[str]:
    """Return the dotted names of all that a file imports, also for types only."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: imports are absolute"
            found |= {f"{node.module}.{one.name}" for one in node.names}
    return frozenset(found)


def imports(path: Path, package: str) -> bool:
    return any(one == package or one.startswith(package + ".") for one in imported(path))


def text_in(path: Path) -> list[tuple[int, str]]:
    """Return the string literals of a file with their lines, docstrings left out."""
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body and isinstance(node.body[0], ast.Expr)
    }  # fmt: skip
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]


each = pytest.mark.parametrize("path", FILES, ids=name_of)
each_of_ours = pytest.mark.parametrize("path", OURS, ids=name_of)
each_of_the_core = pytest.mark.parametrize("path", CORE, ids=name_of)


# ---------------------------------------------------------------- who imports whom


@each_of_the_core
def test_the_core_imports_no_edge(path: Path) -> None:
    assert [edge for edge in EDGES if imports(path, edge)] == []
    assert [part for part in ABOVE_THE_CORE if imports(path, f"bot.{part}")] == []


@each_of_the_core
def test_the_core_never_reads_the_clock_and_never_waits(path: Path) -> None:
    clocks = {"now", "utcnow", "today", "time", "monotonic", "perf_counter", "time_ns", "sleep"}
    owners = {"datetime", "date", "time"}
    for node in ast.walk(tree(path)):
        assert not isinstance(node, ast.Await | ast.AsyncFunctionDef | ast.AsyncWith | ast.AsyncFor), (
            node.lineno
        )
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in clocks:
            owner = node.func.value
            named = (
                owner.id
                if isinstance(owner, ast.Name)
                else owner.attr
                if isinstance(owner, ast.Attribute)
                else ""
            )
            assert named not in owners, f"line {node.lineno} reads the clock"


def test_the_law_knows_nothing_of_the_chat() -> None:
    for path in CORE:
        if BOT / "rules" in path.parents:
            assert {one.split(".")[1] for one in imported(path) if one.startswith("bot.")} <= {
                "model",
                "rules",
            }, path


def test_the_nouns_import_the_standard_library_only() -> None:
    assert {one.split(".")[0] for one in imported(BOT / "model.py")} <= {
        "__future__",
        "collections",
        "dataclasses",
        "datetime",
        "decimal",
        "enum",
        "types",
        "typing",
    }


@each_of_ours
def test_one_file_alone_speaks_to_telegram_and_one_to_the_database(path: Path) -> None:
    assert imports(path, "telegram") == (path == BOT / "telegram_edge.py")
    assert imports(path, "aiosqlite") == (path == BOT / "store.py")
    assert imports(path, "sqlite3") <= (
        path in [BOT / f"{name}.py" for name in ("store", "app", "run", "questions")]
    )
    assert imports(path, "apscheduler") <= (path in (BOT / "run.py", BOT / "__main__.py"))
    assert imports(path, "bot.telegram_edge") <= (path in (BOT / "run.py", BOT / "__main__.py"))


@each_of_ours
def test_sql_stands_in_the_store_alone(path: Path) -> None:
    sql = re.compile(
        r"\b(SELECT\b.+\bFROM|INSERT\b.+\bINTO|UPDATE\b.+\bSET|DELETE\s+FROM|CREATE\s+TABLE|PRAGMA)\b",
        re.DOTALL,
    )
    # The search for questions runs in memory and keeps nothing: docs/adr/ says why it stands by itself.
    if path not in (BOT / "store.py", BOT / "questions.py"):
        assert [line for line, text in text_in(path) if sql.search(text)] == []


def test_the_simulator_imports_nothing_of_the_bot() -> None:
    for path in FILES:
        if path not in OURS:
            assert {one for one in imported(path) if one.startswith("bot.")} <= {
                one for one in imported(path) if one.startswith("bot.simulator")
            }, path


# ---------------------------------------------------------------- the tree of folders


def test_the_folders_hold_what_the_map_says() -> None:
    for folder in ("bot/rules/params", "bot/schema", "bot/simulator", "dialogs", "templates/en", "tests"):
        assert (ROOT / folder).is_dir(), folder
    assert {path.suffix for path in (ROOT / "dialogs").iterdir()} == {".toml"}
    assert {path.suffix for path in (ROOT / "templates").rglob("*") if path.is_file()} <= {".j2", ".toml"}
    versions = sorted(path.name[:4] for path in (BOT / "schema").glob("*.sql"))
    assert versions == [f"{number:04}" for number in range(1, len(versions) + 1)]


def test_all_that_is_not_code_is_packed_with_the_code() -> None:
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["bot"]
    found = {path for pattern in packed for path in BOT.glob(pattern)}
    left = {path for path in BOT.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")} - found
    assert {name_of(path) for path in left} == set()


def test_all_folders_of_code_are_packages() -> None:
    assert {path.parent for path in FILES} == {path.parent for path in FILES if path.name == "__init__.py"}


# ---------------------------------------------------------------- names and manners


@each
def test_names_are_nouns_of_the_field(path: Path) -> None:
    vague = re.compile(r"(Manager|Service|Helper|Util|Utils|Context|Data|Info)$")
    allowed = {"do_request"}  # a method of telegram.request.BaseRequest
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ClassDef):
            assert not vague.search(node.name), node.name
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name not in allowed:
            assert not node.name.lstrip("_").startswith(("process_", "do_")), node.name


@each
def test_nothing_is_printed_and_no_type_is_waved_through(path: Path) -> None:
    calls = [node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    assert not any(
        isinstance(func, ast.Name) and func.id in ("print", "eval", "exec", "breakpoint") for func in calls
    )
    assert "type: " + "ignore" not in path.read_text(encoding="utf-8")


@each_of_ours
def test_dataclasses_are_frozen(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for decorator in node.decorator_list:
                named = decorator.func if isinstance(decorator, ast.Call) else decorator
                if isinstance(named, ast.Name) and named.id == "dataclass":
                    frozen = isinstance(decorator, ast.Call) and any(
                        one.arg == "frozen" for one in decorator.keywords
                    )
                    assert frozen, f"{node.name} is not frozen"


# ---------------------------------------------------------------- figures of the law


@pytest.mark.parametrize("path", [path for path in CORE if BOT / "rules" in path.parents], ids=name_of)
def test_no_figure_of_the_law_stands_in_code(path: Path) -> None:
    figures: list[float] = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            figures.append(node.value)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Decimal":
            said = [one.value for one in node.args if isinstance(one, ast.Constant)]
            figures += [float(one) for one in said if isinstance(one, str)]
    assert [figure for figure in figures if figure >= 1000] == []


# ---------------------------------------------------------------- the engine and the dialogs


@pytest.mark.parametrize("name", ["engine", "answers", "screens"])
def test_every_fact_the_code_reads_is_asked_by_a_dialog(name: str) -> None:
    asked = {step.key for _, step in dialogs.read(ROOT / "dialogs").steps()}
    subjects = "|".join({key.partition(".")[0] for key in asked})
    read = {
        text.partition("~")[0]
        for _, text in text_in(BOT / f"{name}.py")
        if re.fullmatch(rf"({subjects})\.\w+~?", text)
    }
    assert read <= asked
