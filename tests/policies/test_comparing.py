"""The city's list against the country's: each row argued by hand from the two texts."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest

from songhe.config.paths import policies_folder
from songhe.rules.comparing import Difference, compare_lists
from songhe.rules.reading_packs import load_pack
from tests.trace import covers

DAY = date(2024, 5, 1)
ROOT = policies_folder()
NATIONAL, EZHOU = "000000-national/basic-list-2023", "420700-ezhou/basic-list-2023"

# number in the city's list -> the verdicts. Not compared: places outside the city.
EXPECTED: dict[int, set[str]] = {
    1: {"same"},
    2: {"same"},
    3: {"same"},  # local registration is no difference among local people; no amount in either
    10: {"same"},
    11: {"same"},
    13: {"narrower"},  # fewer kinds, no able supporter, a regular benefit
    14: {"narrower"},  # 60 and over
    15: {"narrower", "unclear"},  # 60 and over; 1.3 times against no standard
    16: {"narrower", "unclear"},  # only in hardship after the allowance; very old without an age; no standards
    17: {"narrower", "better", "unclear"},  # 80 and over, no low income in the country; 100 yuan; one of a group
    18: {"narrower", "better", "unclear"},
    19: {"wider", "better", "unclear"},  # mental disability of the third level
    20: {"better", "unclear"},
    21: {"narrower", "wider", "unclear"},
    22: {"wider", "unclear"},  # dementia; free training against a training subsidy
    23: {"wider"},
    24: {"narrower", "better"},  # at home only; twelve times against no number
    25: {"same"},
    **{number: {"new"} for number in (4, 5, 6, 7, 8, 9, 12, 26, 27)},
}


@pytest.fixture(scope="module")
def rows() -> list[Difference]:
    return compare_lists(load_pack(ROOT, NATIONAL), load_pack(ROOT, EZHOU), DAY)


@covers("POL-05")
def test_the_rows_of_the_table(rows: list[Difference]) -> None:
    found: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        found[row.number].add(row.verdict)
    assert dict(found) == EXPECTED


@covers("POL-05")
def test_a_narrower_row_shows_a_person_who_loses(rows: list[Difference]) -> None:
    (row,) = [row for row in rows if row.slug == "elderly-nursing-subsidy" and row.verdict == "narrower"]
    assert dict(row.witness) == {"救助类别": "低保边缘（低收入）", "生活不能自理": "是", "户口性质": "农村"}
    (row,) = [row for row in rows if row.slug == "destitute-support-at-home"]
    assert dict(row.witness) == {"特困供养": "分散供养", "年龄": "59周岁（1964-05-02出生）"}


@covers("POL-05")
def test_a_list_is_the_same_as_itself() -> None:
    ezhou = load_pack(ROOT, EZHOU)
    assert {row.verdict for row in compare_lists(ezhou, ezhou, DAY)} == {"same"}


@covers("POL-05")
def test_what_the_city_gives_that_the_country_does_not_is_missing_the_other_way_round() -> None:
    rows = compare_lists(load_pack(ROOT, EZHOU), load_pack(ROOT, NATIONAL), DAY)
    missing = {row.slug for row in rows if row.verdict == "missing"}
    assert {"meals", "parks-and-sights", "left-behind-smart-care"} <= missing and len(missing) == 9
    service = {row.verdict: row.words for row in rows if row.slug == "elderly-service-subsidy"}
    assert service["poorer"] == "上级定了标准，这里没有定每月金额"
