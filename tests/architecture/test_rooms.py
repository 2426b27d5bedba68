"""Every room says what it is, on a screen, and says true."""

from __future__ import annotations

import re
from pathlib import Path

import grimp
import pytest

from docs.generate import rooms

ROOMS = Path(__file__).resolve().parents[2] / "songhe"
NAMES = sorted(rooms.existing())
LINES_OF_A_SCREEN = 45


def test_every_folder_of_the_package_is_a_room_or_within_one() -> None:
    strangers = [path.name for path in ROOMS.iterdir() if path.is_dir() and path.name not in {*NAMES, "__pycache__"}]
    assert [name for name in strangers if any((ROOMS / name).rglob("*.py"))] == []


def test_the_order_names_every_room_and_every_room_to_come() -> None:
    ordered = [room for line in rooms.layers() for room in line]
    assert set(NAMES) <= set(ordered)
    assert set(rooms.TO_COME) >= set(ordered) - set(NAMES)
    assert len(ordered) == len(set(ordered))


@pytest.mark.parametrize("room", NAMES)
def test_a_readme_fits_a_screen(room: str) -> None:
    text = (ROOMS / room / "README.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {room} — ")
    assert len(text.splitlines()) <= LINES_OF_A_SCREEN
    assert "| Noun | Where | What |" in text


@pytest.mark.parametrize("room", sorted(set(NAMES) - {"config"}))
def test_a_readme_says_what_the_room_imports(graph: grimp.ImportGraph, room: str) -> None:
    text = (ROOMS / room / "README.md").read_text(encoding="utf-8")
    said = re.search(r"^Imports: (.+)$", text, re.MULTILINE)
    assert said, "a line that begins with “Imports: ”"
    first_sentence = said[1].split(". ")[0]
    assert sorted(re.findall(r"`(\w+)`", first_sentence)) == rooms.imports(graph, room)
    assert re.search(r"\bEvents: ", text), "a sentence that begins with “Events: ”"


@pytest.mark.parametrize("room", NAMES)
def test_what_a_readme_names_is_there(room: str) -> None:
    text = (ROOMS / room / "README.md").read_text(encoding="utf-8")
    table = [line for line in text.splitlines() if line.startswith("|")]
    named = [name for line in table for name in re.findall(r"`([\w/-]+(?:\.\w+|/))`", line.split("|")[2])]
    assert named
    missing = [name for name in named if not (ROOMS / room / name).exists() and not list((ROOMS / room).rglob(name))]
    assert missing == []
