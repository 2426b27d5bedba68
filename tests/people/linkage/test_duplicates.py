"""One person who stands twice in the register."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from songhe.kernel.errors import BadInput
from songhe.people.linkage import explain, find_duplicates, match_rows
from tests.people.linkage.small_tables import NEXT_VILLAGE, OTHER_DISTRICT, file, register

OTHERS = (
    {"name": "王桂兰", "birth_date": date(1946, 2, 3), "address": "松柏村5组7号", "phone_last4": "7730"},
    {"name": "钱大根", "birth_date": date(1938, 7, 2), "sex": 1, "address": "松柏村8组1号", "phone_last4": "1095"},
)


def likely(*people: dict[str, object], least: float = 0.5) -> set[tuple[str, str]]:
    found = find_duplicates(register(*people, *OTHERS)).filter(pl.col("probability") >= least)
    return set(found.select("left", "right").iter_rows())


@pytest.mark.parametrize(
    "second",
    [
        {},
        {"name": "李秀瑛"},
        {"name": "李秀?", "phone_last4": None},
        {"birth_date": date(1951, 3, 14)},
        {"birth_date": date(1950, 3, 24), "region_code": NEXT_VILLAGE, "address": None},
    ],
    ids=["copied", "same sound", "a lost character", "a year off", "a digit off, moved"],
)
@pytest.mark.covers("PER-02")
def test_a_second_record_of_the_same_person_is_found(second: dict[str, object]) -> None:
    assert ("p1", "p2") in likely({}, second)


def test_a_mistyped_number_betrays_the_second_record() -> None:
    moved = {"name": "李大妹", "region_code": OTHER_DISTRICT, "address": None, "phone_last4": None}
    second = {**moved, "birth_date": date(1950, 3, 24), "id_number": "429901195003240021"}
    assert ("p1", "p2") in likely({"id_number": "429901195003140021"}, second)
    assert ("p1", "p2") not in likely({"id_number": None}, second)


@pytest.mark.parametrize(
    "relative",
    [
        {"name": "张大山", "sex": 1, "birth_date": date(1948, 1, 9)},
        {"name": "李秀梅", "birth_date": date(1953, 6, 20)},
        {"name": "李秀梅"},
    ],
    ids=["husband", "sister", "twin"],
)
def test_members_of_one_household_are_not_shown(relative: dict[str, object]) -> None:
    home = {"household_id": "h1"}
    assert likely(home, {**home, **relative}, least=0.0) == set()


def test_pairs_stand_once_the_likeliest_first() -> None:
    found = find_duplicates(register({}, {}, {"name": "李秀瑛", "address": None, "phone_last4": None}))
    assert found["probability"].is_sorted(descending=True)
    assert found.select("left", "right").is_duplicated().sum() == 0
    assert found.filter(pl.col("left") == pl.col("right")).is_empty()


def test_the_evidence_is_said_in_sentences_without_personal_data() -> None:
    people = register({}, {"name": "王桂兰", "address": "松柏村5组7号"})
    pair = match_rows(people, file({"name": "李秀瑛", "birth_date": date(1950, 3, 24)})).pairs.row(0, named=True)
    lines = explain(pair)
    assert [line.text for line in lines if line.field in ("name", "birth", "place")]
    texts = {line.field: line.text for line in lines}
    assert texts["name"] == "姓名差一个同音或形近的字"
    assert texts["birth"] == "生日差一位数字或相邻两位颠倒"
    assert texts["place"] == "住址一样"
    assert lines == sorted(lines, key=lambda line: -abs(line.bits))
    assert not any(part in line.text for line in lines for part in ("李秀瑛", "1950", "4821"))


def test_each_line_of_evidence_says_which_way_it_speaks() -> None:
    signs = {
        (level, bits): explain({"name": level, "name_bits": bits})[0].sign
        for level, bits in (
            ("same", 12.0),
            ("one_differs", 1.0),
            ("missing", 0.0),
            ("surname_same", -1.0),
            ("differs", -9.0),
        )
    }
    assert list(signs.values()) == [
        "支持是同一人",
        "略支持是同一人",
        "不说明问题",
        "略不支持是同一人",
        "不支持是同一人",
    ]


def test_evidence_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BadInput, match="没有这种比较结果"):
        explain({"name": "nearly"})
