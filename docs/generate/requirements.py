"""The page of requirements: what each asks, which tests show it, where a user meets it."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from docs.generate.markdown import ROOT, finish, opening, table

NOTHING = "nothing yet"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing asked; `commands` and `screens` (addresses) are those in which a user meets it."""

    id: str
    line: str
    commands: tuple[str, ...]
    screens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A place in the tests that says it shows a requirement."""

    id: str
    path: Path
    line: int


def page() -> str:
    """The page."""
    proofs = _files_by_id()
    shown = sum(1 for one in requirements() if one.id in proofs)
    lines = opening(
        "What is asked, and what shows it",
        "`docs/requirements.yaml` and the `@covers` of the tests",
        f"{len(requirements())} requirements; tests show {shown} of them, at least in part. A requirement without a "
        f"test says *{NOTHING}*, whatever the code may hold.",
    )
    for key, group in groups().items():
        lines += [f"## {key} {group}", ""]
        rows = [_row(one, proofs.get(one.id, [])) for one in requirements() if one.id.startswith(key)]
        lines += table(("id", "what", "tests", "commands, screens"), rows)
    return finish(lines)


def groups() -> Mapping[str, str]:
    """The groups of requirements with their names."""
    written: Mapping[str, str] = _written()["groups"]
    return written


@cache
def requirements() -> tuple[Requirement, ...]:
    """All requirements in their order."""
    return tuple(
        Requirement(key, one["line"], tuple(one.get("commands", ())), tuple(one.get("screens", ())))
        for key, one in _written()["requirements"].items()
    )


@cache
def _written() -> dict:
    return yaml.safe_load((ROOT / "docs" / "requirements.yaml").read_text(encoding="utf-8"))


@cache
def proofs() -> tuple[Shown, ...]:
    """Every id named in a `@covers` (or a `covers` mark) of the tests, found without running them."""
    return tuple(shown for path in sorted((ROOT / "tests").rglob("test_*.py")) for shown in _in_file(path))


def _in_file(path: Path) -> Iterator[Shown]:
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and _name(call.func) == "covers":
            for argument in call.args:
                said = argument.value if isinstance(argument, ast.Constant) else ast.unparse(argument)
                yield Shown(str(said), path.relative_to(ROOT), argument.lineno)


def _name(function: ast.expr) -> str:
    return getattr(function, "id", "") or getattr(function, "attr", "")


def _files_by_id() -> Mapping[str, list[Path]]:
    found: dict[str, set[Path]] = defaultdict(set)
    for shown in proofs():
        found[shown.id].add(shown.path)
    return {key: sorted(paths) for key, paths in found.items()}


def _row(one: Requirement, paths: list[Path]) -> tuple[str, ...]:
    tests = " · ".join(f"[{path.relative_to('tests')}](../../{path})" for path in paths)
    commands = " · ".join(f"`{command}`" for command in (*one.commands, *one.screens))
    return one.id, one.line, tests or f"*{NOTHING}*", commands
