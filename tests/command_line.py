"""Running `songhe` as a user does, in the process of the test: what is printed where, and the exit code."""

from __future__ import annotations

import io
import re
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from songhe.config.cli import main

EZHOU = "420700-ezhou/basic-list-2023"
ON = "2024-05-01"


@dataclass(frozen=True)
class Ended:
    """How a command ended. `said` is all that a user saw."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err


def run(*words: str | Path) -> Ended:
    """Runs `songhe` with these words; an error that is not meant for users goes up."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with patch.object(sys, "argv", ["songhe", *map(str, words)]), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(bool(end.code))
    return Ended(code, out.getvalue(), err.getvalue())


def determine(people: Path, out: Path, *more: str | Path) -> Ended:
    """Runs `songhe determine` with Ezhou's list on the day of the tests."""
    return run("determine", "--list", EZHOU, "--people", people, "--on", ON, "--out", out, *more)


def as_shown(page: str) -> str:
    """The pattern of what a document shows: a line … stands for any lines, … at the end of a line for its rest."""
    lines = []
    for line in page.rstrip().splitlines():
        rest = r".*\n" if line.endswith("…") else r"\n"
        lines.append(r"(?:.*\n)*?" if line == "…" else re.escape(line.removesuffix("…")) + rest)
    return "".join(lines) + r"\n*"
