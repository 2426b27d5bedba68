"""The page for the policy officer, done step by step: each edit it shows fits, each command prints what it shows."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from songhe.config.paths import policies_folder
from tests.command_line import as_shown, run
from tests.trace import covers

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "policy-officer.zh-CN.md"
BLOCK = re.compile(r"^```(console|diff)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks() -> Iterator[tuple[str, str]]:
    yield from BLOCK.findall(PAGE.read_text(encoding="utf-8"))


def edit(folder: Path, diff: str) -> None:
    """Makes an edit in the one file it fits; ` ` lines stay, `-` lines go, `+` lines come."""
    old = "".join(f"{line[1:]}\n" for line in diff.splitlines() if line[0] in " -")
    new = "".join(f"{line[1:]}\n" for line in diff.splitlines() if line[0] in " +")
    files = [path for path in folder.rglob("*.yaml") if old in path.read_text(encoding="utf-8")]
    files = [path for path in files if "20-disability" in path.name or path.name == "instruments.yaml"]
    (path,) = files
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def do(command: str, shown: str) -> None:
    program, *words = shlex.split(command)
    if program == "cp":
        shutil.copytree(words[1], words[2])
        return
    assert program == "songhe"
    printed = run(*words).said
    assert re.fullmatch(as_shown(shown), printed), f"$ {command}\n{printed}"


@covers("POL-03", "POL-05", "PAY-01")
def test_an_amount_is_changed_from_a_day_on_as_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(policies_folder(), tmp_path / "policies")
    monkeypatch.setenv("SONGHE_POLICIES", str(tmp_path / "policies"))
    monkeypatch.chdir(tmp_path)
    done = 0
    for kind, text in blocks():
        if kind == "diff":
            edit(tmp_path / "policies", text)
            continue
        for step in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            command, _, shown = step.partition("\n")
            do(command, shown)
            done += 1
    assert done == 8
