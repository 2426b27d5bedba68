"""Two records, field by field: into which level each comparison falls."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from songhe.people.linkage.births import lunar_day
from songhe.people.linkage.characters import FORMS, LOOKS, SOUNDS
from songhe.people.linkage.levels import FIELDS, Birth, Name, Number, Phone, Place, Sex
from songhe.people.linkage.names import cleaned
from songhe.people.linkage.records import Records
from tests.people.linkage.small_tables import BORN, HOME, NEXT_VILLAGE, OTHER_DISTRICT, VILLAGE, file, register


def level(field: str, person: dict[str, object], row: dict[str, object]) -> int:
    records = Records.read(register(person), file(row))
    return int(records.compare(np.array([0]), np.array([1]))[field][0])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("李秀英", "李秀英", Name.SAME),
        ("李秀英", " 李 秀·英", Name.SAME),
        ("李秀英（大）", "李秀英", Name.SAME),
        ("刘国华", "劉國華", Name.VARIANT),
        ("李秀兰", "李秀蘭", Name.VARIANT),
        ("李秀英", "李秀瑛", Name.CONFUSED),
        ("付德发", "傅德发", Name.CONFUSED),
        ("余大有", "佘大有", Name.CONFUSED),
        ("李英", "李瑛", Name.CONFUSED),
        ("李秀英", "李秀?", Name.UNREADABLE),
        ("李秀英", "李□英", Name.UNREADABLE),
        ("李秀英", "李xiu英", Name.UNREADABLE),
        ("李秀英", "王xiu英", Name.DIFFERS),
        ("李秀英", "李??", Name.SURNAME_SAME),
        ("李秀英", "李英", Name.UNREADABLE),
        ("李秀英", "李英秀", Name.SWAPPED),
        ("李秀英", "李秀根", Name.ONE_DIFFERS),
        ("欧阳秀英", "欧阳桂英", Name.ONE_DIFFERS),
        ("李秀英", "钱秀英", Name.GIVEN_SAME),
        ("李秀英", "李大妹", Name.SURNAME_SAME),
        ("李秀英", "钱大根", Name.DIFFERS),
        ("李英", "钱根", Name.DIFFERS),
        ("李秀英", "", Name.MISSING),
        ("李秀英", None, Name.MISSING),
        ("李秀英", "???", Name.MISSING),
        ("???", "???", Name.MISSING),
        ("李秀英", "Li Xiuying", Name.MISSING),
    ],
)
def test_names_compare_as_offices_write_them(one: str, other: str | None, expected: Name) -> None:
    assert level("name", {"name": one}, {"name": other}) == expected
    assert level("name", {"name": other}, {"name": one}) == expected


def test_a_name_keeps_one_sign_for_each_lost_character() -> None:
    assert [cleaned(text) for text in ("李？英", "李*英", "Ａ", None, " ")] == ["李?英", "李?英", "?", "", ""]


@pytest.mark.parametrize("groups", [FORMS, SOUNDS])
def test_no_character_stands_in_two_groups_of_a_table(groups: list[str]) -> None:
    characters = "".join(groups)
    assert len(characters) == len(set(characters))
    assert all(len(group) > 1 for group in groups)


def test_characters_that_look_alike_are_different_ones() -> None:
    assert all(len(set(group)) == len(group) > 1 for group in LOOKS)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (BORN, BORN, Birth.SAME),
        (date(1950, 3, 4), date(1950, 4, 3), Birth.SWAPPED),
        (date(1950, 3, 14), date(1951, 3, 14), Birth.YEAR_OFF),
        (date(1950, 3, 14), date(1960, 3, 14), Birth.DIGIT),
        (date(1950, 3, 14), date(1950, 3, 24), Birth.DIGIT),
        (date(1950, 10, 14), date(1950, 1, 4), Birth.SAME_YEAR),
        (date(1953, 3, 14), date(1935, 3, 14), Birth.DIGIT),
        (date(1961, 9, 24), date(1961, 8, 15), Birth.LUNAR),
        (date(1950, 7, 23), date(1950, 1, 1), Birth.DEFAULTED),
        (date(1950, 7, 23), date(1950, 7, 1), Birth.SAME_MONTH),
        (date(1950, 7, 23), date(1950, 11, 9), Birth.SAME_YEAR),
        (date(1950, 7, 23), date(1952, 11, 9), Birth.FEW_YEARS),
        (date(1950, 7, 23), date(1974, 11, 9), Birth.DIFFERS),
        (date(1950, 7, 23), None, Birth.MISSING),
        (None, None, Birth.MISSING),
    ],
)
def test_birth_dates_compare_by_the_slip_that_explains_them(one: date, other: date | None, expected: Birth) -> None:
    assert level("birth", {"birth_date": one}, {"birth_date": other}) == expected
    assert level("birth", {"birth_date": other}, {"birth_date": one}) == expected


def test_the_first_and_the_fifteenth_of_lunar_months_are_known_festivals() -> None:
    new_years = [date(1936, 1, 24), date(1950, 2, 17), date(1961, 2, 15), date(1985, 2, 20), date(2024, 2, 10)]
    mid_autumns = [date(1961, 9, 24), date(2000, 9, 12), date(2020, 10, 1), date(2023, 9, 29)]
    found = [lunar_day(np.array([(day - date(1970, 1, 1)).days for day in days])) for days in (new_years, mid_autumns)]
    assert found[0].tolist() == [1] * 5
    assert found[1].tolist() == [15] * 4


@pytest.mark.parametrize(
    ("person", "row", "expected"),
    [
        ((VILLAGE, HOME), (VILLAGE, HOME), Place.SAME_ADDRESS),
        ((VILLAGE, "松柏路8号3栋2单元401室"), (VILLAGE, "松柏路8号3-2-401"), Place.SAME_ADDRESS),
        ((VILLAGE, "松柏村三组12号"), (VILLAGE, "松柏村3组１２号"), Place.SAME_ADDRESS),
        ((VILLAGE, HOME), (None, HOME), Place.SAME_ADDRESS),
        ((VILLAGE, HOME), (NEXT_VILLAGE, HOME), Place.TOWNSHIP),
        ((VILLAGE, HOME), (VILLAGE, "松柏村3组14号"), Place.LIKE_ADDRESS),
        ((VILLAGE, HOME), (VILLAGE, "梅园小区9栋"), Place.COMMUNITY),
        ((VILLAGE, HOME), ("429901100", None), Place.TOWNSHIP),
        ((VILLAGE, HOME), ("429901100000", None), Place.TOWNSHIP),
        ((VILLAGE, HOME), ("429901", None), Place.DISTRICT),
        ((VILLAGE, HOME), (OTHER_DISTRICT, HOME), Place.ELSEWHERE),
        ((VILLAGE, HOME), ("429900", None), Place.MISSING),
        ((VILLAGE, HOME), ("不详", "不详"), Place.MISSING),
        ((VILLAGE, HOME), (None, None), Place.MISSING),
        ((VILLAGE, HOME), (None, "桃李路8号1栋"), Place.ADDRESS_DIFFERS),
        ((VILLAGE, "3组"), (None, "3组"), Place.MISSING),
    ],
)
def test_places_compare_by_what_both_sides_say(
    person: tuple[str, str], row: tuple[str | None, str | None], expected: Place
) -> None:
    one, other = ({"region_code": code, "address": address} for code, address in (person, row))
    assert level("place", one, other) == expected


@pytest.mark.parametrize(
    ("tail", "phone", "address", "expected"),
    [
        ("4821", "13900004821", HOME, Phone.SAME_HOME),
        ("4821", "13900004821", None, Phone.SAME),
        ("4821", "0711-3350-4821", None, Phone.SAME),
        ("4821", "13900004822", HOME, Phone.DIFFERS),
        ("4821", None, HOME, Phone.MISSING),
        ("4821", "无", HOME, Phone.MISSING),
        ("0000", "13900000000", HOME, Phone.MISSING),
    ],
)
def test_telephones_compare_by_their_last_four_digits(
    tail: str, phone: str | None, address: str | None, expected: Phone
) -> None:
    assert level("phone", {"phone_last4": tail}, {"phone": phone, "address": address}) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("429901195003140021", "429901195003140021", Number.SAME),
        ("42990119500314002X", "４２９９０１１９５００３１４００２ｘ", Number.SAME),
        ("429901195003140021", "429901195003150021", Number.DIGIT),
        ("429901195003140021", "429901195003150029", Number.DIGIT),
        ("429901195003140021", "429901195003410021", Number.SWAPPED),
        ("429901195003140021", "429901500314002", Number.OLD_FORM),
        ("429901195003140021", "42990119500314002", Number.LENGTH),
        ("429901195003140021", "4299011950031400210", Number.LENGTH),
        ("429901195003140021", "429901195003143580", Number.SAME_BIRTH_PART),
        ("429901195003140021", "429902196108070035", Number.DIFFERS),
        ("429901195003140021", "12345", Number.MISSING),
        ("429901195003140021", None, Number.MISSING),
    ],
)
def test_identity_numbers_compare_by_the_slip_of_the_pen(one: str, other: str | None, expected: Number) -> None:
    assert level("number", {"id_number": one}, {"id_number": other}) == expected
    assert level("number", {"id_number": other}, {"id_number": one}) == expected


def test_an_unknown_sex_is_no_evidence() -> None:
    assert level("sex", {"sex": 2}, {"sex": None}) == Sex.MISSING
    assert level("sex", {"sex": 2}, {"sex": 9}) == Sex.MISSING
    assert level("sex", {"sex": 2}, {"sex": 1}) == Sex.DIFFERS


def test_each_field_has_a_text_for_each_level_and_shares_that_sum_to_one() -> None:
    for field in FIELDS.values():
        assert len(field.levels) == len(field.kinds)
        assert len({level.text for level in field.levels}) == len(field.levels)
        assert sum(level.chance for level in field.levels[1:]) == pytest.approx(1.0, abs=0.31)
