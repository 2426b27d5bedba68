"""Tests that are honest about what they leave out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
SKIPS = {"skip", "skipif", "xfail"}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call in the tests, with its file and line."""
    for path in sorted(TESTS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield f"{path.relative_to(TESTS)}:{node.lineno}", node


def says_why(call: ast.Call) -> bool:
    """Whether a skip carries a reason: by name, or as the one argument of pytest.skip."""
    named = [keyword.value for keyword in call.keywords if keyword.arg == "reason"]
    mark = isinstance(call.func, ast.Attribute) and ast.unparse(call.func).startswith("pytest.mark")
    reasons = named or ([] if mark and getattr(call.func, "attr", "") == "skipif" else call.args[:1])
    return bool(reasons) and ast.unparse(reasons[0]) not in ("''", '""')


def test_every_skip_says_why() -> None:
    silent = [
        where
        for where, call in calls()
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in SKIPS
        and ast.unparse(call.func).startswith("pytest.")
        and not says_why(call)
    ]
    assert silent == []


def test_no_test_is_skipped_by_a_bare_mark() -> None:
    bare = [
        f"{path.relative_to(TESTS)}:{decorator.lineno}"
        for path in sorted(TESTS.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        for decorator in node.decorator_list
        if ast.unparse(decorator) in ("pytest.mark.skip", "pytest.mark.xfail")
    ]
    assert bare == []


def test_no_test_asserts_nothing() -> None:
    """A test without an assertion, an expected error or a helper that checks shows nothing."""
    empty = []
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                inside = list(ast.walk(node))
                checks = any(isinstance(part, ast.Assert | ast.Raise | ast.With) for part in inside)
                if not checks and not any(isinstance(part, ast.Call) for part in inside):
                    empty.append(f"{path.relative_to(TESTS)}:{node.lineno}")
    assert empty == []
