"""Headings, tables and links of the pages, and where things lie."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"


def opening(title: str, source: str, *paragraphs: str) -> list[str]:
    """The head of a page that is made: title, what it is made from, what it says."""
    made = f"*Made by `make docs` from {source}; change that, not this page.*"
    return [f"# {title}", "", made, "", *(line for paragraph in paragraphs for line in (paragraph, ""))]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table and the empty line after it."""
    lines = [head, ["---"] * len(head), *rows]
    return ["|" + "|".join(f" {_cell(cell)} " for cell in line) + "|" for line in lines] + [""]


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def code(text: str, language: str = "") -> list[str]:
    """A block of code and the empty line after it."""
    return [f"```{language}", *(line.rstrip() for line in text.rstrip().splitlines()), "```", ""]


def finish(lines: Iterable[str]) -> str:
    """The page: lines joined, one line feed at the end."""
    return "\n".join(lines).rstrip("\n") + "\n"
