"""The slices of rare letters: which there are, how heavy, and that a browser loads only what it shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from fontTools.ttLib import TTFont

from songhe.ui.paper.letters import letters_of
from songhe.ui.rare import FAMILY, FOLDER, MOST_BYTES
from songhe.ui.vendoring import VENDOR

SLICES = sorted(FOLDER.glob("rare-*.woff"))
STYLES = (FOLDER / "rare.css").read_text(encoding="utf-8")
DEMO_NAMES = Path(__file__).parents[2] / "songhe" / "demo" / "register" / "names.yaml"


def letters_in(file: Path) -> set[int]:
    with TTFont(file, lazy=True) as font:
        return set(font.getBestCmap())


def named() -> dict[str, set[int]]:
    """The letters that the style sheet says of each slice."""
    found: dict[str, set[int]] = {}
    for file, ranges in re.findall(r"url\(\./([^)]+)\).*?unicode-range:([^}]+)}", STYLES):
        for part in ranges.split(","):
            low, _, high = part.removeprefix("U+").partition("-")
            found.setdefault(file, set()).update(range(int(low, 16), int(high or low, 16) + 1))
    return found


def test_no_slice_is_too_heavy_and_each_has_the_letters_that_the_styles_say() -> None:
    said = named()
    assert set(said) <= {file.name for file in SLICES}
    for file in SLICES:
        assert file.stat().st_size <= MOST_BYTES
        assert said.get(file.name, set()) <= letters_in(file)


@pytest.mark.parametrize("letter", "㛃𬭚䶮𬭎鿏鿔𫖯𬎆𬱖㑇")
def test_letters_that_registry_offices_write_are_there(letter: str) -> None:
    assert any(ord(letter) in letters for letters in named().values())


def test_every_chinese_letter_of_the_basic_block_and_of_the_demo_can_be_printed() -> None:
    rare = {code for file in SLICES for code in letters_in(file)}
    printed = rare | set(letters_of(400).glyphs)
    assert set(range(0x4E00, 0x9FA6)) <= printed and set(range(0x3400, 0x4DB6)) <= printed
    names = yaml.safe_load(DEMO_NAMES.read_text(encoding="utf-8"))
    assert set(map(ord, names["rare"]["characters"])) <= printed


def test_the_styles_name_no_letter_of_the_common_font_twice() -> None:
    letters = [code for part in named().values() for code in part]
    assert len(letters) == len(set(letters)) and not {ord(letter) for letter in "李桂芳一老"} & set(letters)
    assert f'"{FAMILY}"' in (VENDOR.parent / "css" / "tokens.css").read_text(encoding="utf-8")
