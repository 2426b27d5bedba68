"""T4: what the source must not hold.

Settings that outlive a transaction, SQL put together from values, floats for money, times without a zone, clocks and
dice in the core.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "songhe"
CORE = (
    "kernel",
    "rules",
    "foundation/access",
    "foundation/audit",
    "foundation/sealing",
    "people/operations",
    "regions",
)
CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "timezone.now",
    "timezone.localdate",
}
DICE = {"random", "uuid1"}
# Where the clock is read: screens, jobs and commands; and what a library calls without a parameter.
READS_THE_CLOCK = {
    "foundation/access/middleware.py": "the middleware is the edge: each request has one now",
    "foundation/access/sessions.py": "the framework asks for a session without saying when",
}
TREES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(ROOT.rglob("*.py"))
}
EXECUTES = {"execute", "executemany", "raw", "RawSQL", "extra"}


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def at_the_edge(path: str) -> bool:
    """Screens, jobs and commands; the demo builds for a day it is told."""
    return bool(re.search(r"/(screens|jobs|listeners|management)(/|\.py)|^config/|^doors/|/migrations/", path))


def test_the_source_is_there() -> None:
    assert len(TREES) > 200


def test_no_setting_outlives_its_transaction() -> None:
    lasting = re.compile(
        r"set_config\s*\([^)]*,\s*false\s*\)|^\s*SET\s+(?!LOCAL|TRANSACTION)(SESSION\s+)?[a-z_.]+\s*(=|TO)\s",
        re.IGNORECASE,
    )
    assert [
        f"{path}:{line}" for path, tree in TREES.items() for line, text in texts(tree) if lasting.search(text)
    ] == []


def test_no_value_is_written_into_sql() -> None:
    """An f-string or an addition within a call that runs SQL: only names that the module wrote may stand there."""
    found = []
    for path, tree in TREES.items():
        for call in calls(tree):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name in EXECUTES and call.args and isinstance(call.args[0], ast.JoinedStr | ast.BinOp):
                found.append(f"{path}:{call.lineno}")
    assert [place for place in found if place.split(":")[0] not in SQL_OF_OWN_NAMES] == []


SQL_OF_OWN_NAMES = {
    "demo/register/building.py": "a comment that the server has quoted: quote_literal",
    "foundation/audit/sealing.py": "the constant list of the columns that are sealed",
    "people/whole/loading.py": "tables of a constant; indexes and constraints as the catalogue names and defines them",
    "people/imports/applying.py": "columns and conditions that its own functions give as literals",
    "people/operations/recoding.py": "constant names of tables",
    "people/operations/telling.py": "the name of its own temporary table",
    "people/sheets_facts.py": "names of its own temporary tables",
    "people/imports/loading.py": "names of its own temporary tables and columns, as its callers' constants give them",
    "eligibility/decisions/operations/running.py": "names of its own temporary tables, and rules read as SQL trees",
    "eligibility/decisions/comparing.py": "names of its own temporary tables",
    "eligibility/decisions/counting.py": "places of items, which are numbers, and a query that its caller wrote",
    "eligibility/database_engines.py": "names of facts and of a temporary table, from the person table's declaration",
}


def test_money_is_never_a_float() -> None:
    money = re.compile(r"(^|[_ .])(fen|yuan|amount|price|money)(_|$)")
    found = []
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.AnnAssign) and money.search(ast.unparse(node.target)):
                found += [f"{path}:{node.lineno}"] if "float" in ast.unparse(node.annotation) else []
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                field, names = ast.unparse(node.value.func), " ".join(map(ast.unparse, node.targets))
                if field.endswith(("FloatField", "DecimalField")) and money.search(names):
                    found.append(f"{path}:{node.lineno}")
    assert found == []


def test_no_time_is_without_a_zone() -> None:
    found = []
    for path, tree in TREES.items():
        zoned = {ast.unparse(node.value) for node in ast.walk(tree) if getattr(node, "attr", "") == "astimezone"}
        for call in calls(tree):
            name = ast.unparse(call.func)
            if ast.unparse(call) in zoned:
                continue
            naive = name in {"datetime.now", "datetime.datetime.now"} and not call.args and not call.keywords
            if naive or name.endswith(("datetime.utcnow", "datetime.utcfromtimestamp")):
                found.append(f"{path}:{call.lineno}")
    assert found == []


@pytest.mark.parametrize("room", CORE)
def test_the_core_is_told_the_time(room: str) -> None:
    found = [
        f"{path}:{call.lineno}"
        for path, tree in TREES.items()
        if path.startswith(room) and not at_the_edge(path) and path not in READS_THE_CLOCK
        for call in calls(tree)
        if ast.unparse(call.func) in CLOCKS and not call.args  # with one, a day of a moment that was told
    ]
    assert found == []


@pytest.mark.parametrize("room", CORE)
def test_the_core_throws_no_dice(room: str) -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in TREES.items()
        if path.startswith(room)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Import) and {alias.name for alias in node.names} & DICE)
        or (isinstance(node, ast.ImportFrom) and node.module in DICE)
    ]
    assert found == []
