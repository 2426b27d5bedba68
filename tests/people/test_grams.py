"""The pieces by which people are found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songhe.people.grams import address_grams, folded, grams_of, name_grams, wanted_grams


def test_a_name_is_found_by_its_characters_and_pairs() -> None:
    assert name_grams("李桂芳") == {"李", "桂", "芳", "李桂", "桂芳"}
    assert name_grams("阿依·古丽") == name_grams("阿依古丽")
    assert name_grams("Ｌi") == {"l", "i", "li"}


def test_an_address_is_found_by_what_only_it_has() -> None:
    assert address_grams("吴都社区寿昌大道118号2单元301") == {"吴都", "寿昌", "昌大", "大道"}
    assert address_grams("12号") == set()


@pytest.mark.parametrize(
    ("text", "wanted"), [("李", {"李"}), ("李 桂", {"李桂"}), ("李桂芳", {"李桂", "桂芳"}), (" ·", set())]
)
def test_what_is_looked_for_is_cut_alike(text: str, wanted: set[str]) -> None:
    assert wanted_grams(text) == wanted


@given(st.text(max_size=20), st.data())
def test_every_part_of_a_name_is_found(name: str, data: st.DataObject) -> None:
    letters = folded(name)
    start = data.draw(st.integers(0, len(letters)))
    part = letters[start : data.draw(st.integers(start, len(letters)))]
    assert wanted_grams(part) <= grams_of(name, "")
    assert all(1 <= len(gram) <= 2 for gram in grams_of(name, name))
