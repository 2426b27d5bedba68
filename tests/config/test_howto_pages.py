"""The pages on explain, ask and agein: their commands are run, what is typed is typed, the output is what is shown."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from songhe.config.cli import songhe
from tests.command_line import as_shown

HOWTO = Path(__file__).resolve().parents[2] / "docs" / "howto"
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
TYPED = re.compile(r"^答：(.+)$", re.MULTILINE)


@pytest.mark.parametrize("name", ["explain", "ask", "agein"])
def test_the_commands_of_the_page_print_what_it_shows(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run = []
    for block in BLOCK.findall((HOWTO / f"{name}.zh-CN.md").read_text(encoding="utf-8")):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = step.partition("\n")
            program, *arguments = shlex.split(command)
            typed = "".join(f"{answer}\n" for answer in TYPED.findall(shown))
            result = CliRunner().invoke(songhe, arguments, input=typed, catch_exceptions=False)
            printed = "".join(f"{line.rstrip()}\n" for line in result.stdout.splitlines())
            assert re.fullmatch(as_shown(shown), printed), f"$ {command}\n{printed}{result.stderr}"
            run.append(f"{program} {arguments[0]}")
    assert f"songhe {name}" in run


def test_the_picture_is_small_enough_for_a_page() -> None:
    assert 10_000 < (HOWTO.parent / "pictures" / "reason-sheet.png").stat().st_size <= 250 * 1024
