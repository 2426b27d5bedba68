"""The page for the officer with a list of people, done step by step: each command prints what it shows."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.command_line import as_shown, determine, run
from tests.trace import covers

HOWTO = Path(__file__).resolve().parents[2] / "docs" / "howto"
BLOCK = re.compile(r"(?:`([\w.]+)`：\n\n)?^```(console|csv)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def printed(command: str) -> str:
    program, *words = shlex.split(command)
    if program == "songhe":
        ended = run(*words)
        return ended.err + ended.out
    assert program in ("grep", "cut")
    return subprocess.run([program, *words], capture_output=True, check=True).stdout.decode()


@covers("ENT-01", "ENT-03", "PAY-01")
@pytest.mark.skipif(not (shutil.which("grep") and shutil.which("cut")), reason="the page shows grep and cut")
def test_a_list_of_people_is_determined_as_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = []
    for name, kind, text in BLOCK.findall((HOWTO / "determine.zh-CN.md").read_text("utf-8")):
        if kind == "csv":
            Path(name).write_text(text, "utf-8")
            continue
        for step in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            command, _, shown = step.partition("\n")
            found = printed(command)
            assert re.fullmatch(as_shown(shown), found), f"$ {command}\n{found}"
            done.append(command)
    assert len(done) == 5
    page = Path("report.html").read_text("utf-8")
    assert [key for key in ("A001", "A002", "A003", "A004", "A005") if key in page] == []


def test_the_template_has_every_column_and_is_read_without_a_word(tmp_path: Path) -> None:
    ended = determine(HOWTO / "people-template.csv", tmp_path / "out.csv")
    assert (ended.code, ended.err) == (0, "")
