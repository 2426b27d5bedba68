"""The first page a stranger reads: its commands are run, their output is what the page shows."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from songhe.config.cli import songhe

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "README.zh-CN.md")
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def steps(page: str) -> Iterator[tuple[str, str]]:
    """Each command of the page's console blocks with the output shown below it."""
    for block in BLOCK.findall((ROOT / page).read_text(encoding="utf-8")):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = step.partition("\n")
            yield command, output


def pattern(shown: str) -> str:
    """What the output must look like; a line … stands for any lines, … at the end of a line for its rest."""
    lines = []
    for line in shown.rstrip().splitlines():
        if line.strip() == "…":
            lines.append(r"(?:.*\n)*?")
        elif line.endswith("…"):
            lines.append(re.escape(line[:-1].rstrip()) + r".*\n")
        else:
            lines.append(re.escape(line.rstrip()) + r"\n")
    return "".join(lines)


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_the_page_print_what_it_shows(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = list(steps(page))
    assert len(shown) >= 5
    for command, output in shown:
        program, *arguments = shlex.split(command)
        assert program == "songhe"
        result = CliRunner().invoke(songhe, arguments, catch_exceptions=False)
        printed = "".join(f"{line.rstrip()}\n" for line in result.stdout.splitlines())
        assert re.fullmatch(pattern(output) + r"\n*", printed), f"$ {command}\n{printed}{result.stderr}"


@pytest.mark.parametrize("page", PAGES)
def test_the_page_opens_with_what_it_is_a_picture_and_two_commands(page: str) -> None:
    opening = (ROOT / page).read_text(encoding="utf-8").split("\n## ", 1)[0]
    assert opening.startswith("# ")
    assert "](docs/pictures/home.png)" in opening
    assert "make run" in opening
    assert "make test" in opening


def test_the_pages_show_the_same_commands() -> None:
    first, second = ([command for command, _ in steps(page)] for page in PAGES)
    assert first == second
