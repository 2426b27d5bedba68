"""The people as they are drawn: right numbers, fitting families, the same for the same seed."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from songhe.demo.cast import cast, cast_day
from songhe.demo.chance import Chance
from songhe.demo.divisions import region_name
from songhe.demo.register import whole
from songhe.demo.register.cast_piece import cast_piece, shifted
from songhe.demo.register.city import Piece
from songhe.demo.register.numbers import AREA, identity_numbers
from songhe.demo.register.slips import old_number, other_birth, other_name, other_number
from songhe.demo.register.whole import pieces
from songhe.kernel import identity_numbers as kernel
from songhe.kernel import phones
from songhe.kernel.days import age_on
from songhe.kernel.errors import BadInput
from tests.demo.register.conftest import DAY, PEOPLE

FRAMES = ("people", "households", "contacts", "tellings", "residences", "events", "truth")


def test_one_seed_makes_one_city_and_another_seed_another() -> None:
    first, again, other = ([*pieces(300, seed, DAY)] for seed in (3, 3, 4))
    for one, two in zip(first, again, strict=True):
        for name in FRAMES:
            assert_frame_equal(getattr(one, name), getattr(two, name))
        assert one.notes.keys() == two.notes.keys()
    assert not first[0].people["name"].equals(other[0].people["name"])


def test_every_identity_number_is_right_and_lies_where_none_is_given(drawn: tuple[Piece, Piece]) -> None:
    people = pl.concat([piece.people for piece in drawn]).filter(pl.col("identity").is_not_null())
    assert people["identity"].is_duplicated().sum() == 0
    for number, birth, sex in people.select("identity", "birth_date", "sex").rows():
        assert kernel.normalised(number) == number
        assert number.startswith(str(AREA))
        assert (kernel.birth_date(number), kernel.sex(number)) == (birth, sex)


def test_numbers_differ_from_piece_to_piece() -> None:
    same = np.full(400, 1), np.zeros(400, dtype=np.bool_), np.zeros(400, dtype=np.int64)
    assert pl.concat([identity_numbers(*same, piece) for piece in range(3)]).n_unique() == 1_200
    with pytest.raises(BadInput, match="太多"):
        identity_numbers(*same, 24)
    with pytest.raises(BadInput, match="同一天"):
        identity_numbers(*(np.repeat(one, 2) for one in same), 0)


def test_telephones_are_well_formed(drawn: tuple[Piece, Piece]) -> None:
    for number in pl.concat([drawn[0].people["phone"].drop_nulls(), drawn[0].contacts["phone"]]):
        assert phones.normalised(number) == number
        assert number.startswith("154")


def test_couples_share_a_household_and_fit(drawn: tuple[Piece, Piece]) -> None:
    people = drawn[0].people.filter(pl.col("household").is_not_null())
    homes = people.group_by("household").agg(pl.all().sort_by("sex"))
    sizes = homes["id"].list.len()
    assert sizes.max() == 2
    couples = homes.filter((sizes == 2) & ~pl.col("sex").list.contains(""))
    assert couples.height > PEOPLE / 8
    for row in couples.iter_rows(named=True):
        husband, wife = row["true_birth"]
        assert -8 * 366 <= (wife - husband).days <= 15 * 366
        assert set(row["household_relation"]) == {"self", "spouse"}
        assert len(set(row["address"])) == 1
    ids = set(drawn[0].households["id"])
    assert set(people["household"]) == ids


def test_who_lives_alone_shares_no_household(drawn: tuple[Piece, Piece]) -> None:
    alone = drawn[0].truth.filter("lives_alone")["id"]
    homes = drawn[0].people.filter(pl.col("household").is_not_null())
    sizes = homes.group_by("household").agg(pl.len().alias("size"))
    theirs = homes.filter(pl.col("id").is_in(alone.implode())).join(sizes, on="household")
    assert set(theirs["size"]) == {1}


def test_names_are_of_two_to_four_characters_and_nobody_repeats_the_surname(drawn: tuple[Piece, Piece]) -> None:
    people = drawn[0].people.head(PEOPLE)
    assert set(people["name"].str.len_chars()) <= {2, 3, 4}
    assert not (people["name"].str.slice(0, 1) == people["name"].str.slice(1, 1)).any()
    assert people["name"].n_unique() > PEOPLE / 2


def test_contacts_belong_to_people_and_begin_in_the_past(drawn: tuple[Piece, Piece]) -> None:
    for piece in drawn:
        assert set(piece.contacts["person_id"]) <= set(piece.people["id"])
        assert piece.contacts["from_date"].max() < DAY  # type: ignore[operator]
        assert set(piece.contacts["part"]) <= {"contact", "guardian", "proxy"}


def test_nothing_was_known_after_the_day(drawn: tuple[Piece, Piece]) -> None:
    for piece in drawn:
        assert piece.tellings["as_of"].max() < DAY  # type: ignore[operator]
        assert piece.tellings["known_from"].dt.date().max() <= DAY  # type: ignore[operator]
        assert piece.tellings.select("person_id", "fact", "source").is_duplicated().sum() == 0


def test_who_never_applied_is_living_and_unknown_to_the_offices(drawn: tuple[Piece, Piece]) -> None:
    piece = drawn[0]
    table = piece.table.with_columns(id=piece.truth["id"])
    notes = piece.notes["never_applied"]
    assert set(notes["fact"]) >= {"dementia", "cannot_self_care", "disability_level"}
    for ident, fact, true in notes.rows()[::40]:
        row, so = table.filter(pl.col("id") == ident), piece.truth.filter(pl.col("id") == ident)
        assert row[fact][0] is None and str(so[fact][0]).lower() == true and so["death_date"][0] is None


def test_a_duplicate_is_the_same_person_with_something_different(drawn: tuple[Piece, Piece]) -> None:
    people, pairs = drawn[0].people, drawn[0].notes["duplicates"]
    both = pairs.join(people, left_on="original", right_on="id").join(
        people, left_on="copy", right_on="id", suffix="_copy"
    )
    assert both.height == pairs.height > 5
    assert (both["sex"] == both["sex_copy"]).all()
    differs = both.filter("name_differs")
    assert (differs["name"] != differs["name_copy"]).all()
    assert not (both["identity"] == both["identity_copy"]).fill_null(value=False).any()


@pytest.mark.parametrize("day", [date(2026, 11, 18), date(2027, 2, 28), date(2028, 2, 29), date(2028, 12, 31)])
def test_the_cast_is_as_old_to_the_day_as_in_its_stories(day: date) -> None:
    people = {row["key"]: row for row in cast_piece("420700", day).people.iter_rows(named=True)}
    turned = people["C01"]["birth_date"]
    assert (age_on(turned, day), age_on(people["C02"]["birth_date"], day)) == (80, 79)
    assert (turned.month, turned.day) == (day.month, day.day) or (day.month, day.day) == (2, 29)
    assert (people["C03"]["birth_date"].month, people["C03"]["birth_date"].day) == (2, 29)
    assert 60 <= age_on(people["C03"]["birth_date"], day) < 64
    died = people["C11"]["death_date"]
    assert died.day == 18 and (day.year * 12 + day.month) - (died.year * 12 + died.month) == 1
    for elder in cast():
        if elder.person_id not in ("C01", "C02", "C03"):
            born = people[elder.person_id]["birth_date"]
            assert age_on(born, day) == age_on(elder.facts["birth_date"], cast_day())


def test_on_the_day_of_the_stories_the_cast_is_the_cast() -> None:
    for elder in cast():
        assert shifted(elder.facts["birth_date"], cast_day(), cast_day()) == elder.facts["birth_date"]


def test_the_cast_lives_where_its_facts_say() -> None:
    for row in cast_piece("420700", DAY).people.iter_rows(named=True):
        code = row["true_region"] if row["living_region"][:4] != "4207" else row["living_region"]
        assert row["address"].startswith(region_name(code[:9]) + region_name(code))


def test_slips_look_like_what_they_are() -> None:
    at = Chance(np.random.SeedSequence(1), 3).uniform()
    assert other_name("李桂英", "2", "same_sound", 0.0) in ("李贵英", "李桂瑛")
    assert other_name("李桂英", "2", "traditional", 0.9) != "李桂英"
    assert other_name("乐一", "1", "look_alike", 0.0) == "乐某"
    assert other_name("李桂英", "2", "everyday_name", 0.0) == "李婆婆"
    assert other_name("李桂英", "2", "blank_or_dot", 0.1) == "李 桂英"
    number = "42990119440501102X"
    assert len(other_number(number, "digit_lost_or_added", "", at)) in (17, 19)
    assert other_number(number, "width_or_x", "", at) == number.lower()
    assert other_number(number, "of_a_relative", "x", at) == "x"
    assert sorted(other_number(number, "neighbours_swapped", "", at)) == sorted(number)
    assert old_number(number) == "429901440501102"
    assert other_birth(date(1944, 5, 1), np.array([0.1, 0.0])) == date(1944, 1, 5)
    assert other_birth(date(1944, 2, 29), np.array([0.9, 0.0])) == date(1945, 2, 28)


def test_a_city_larger_than_a_piece_goes_on_counting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "AT_ONCE", 120)
    found = [*pieces(300, 1, DAY)]
    assert [piece.table.height for piece in found] == [120, 120, 60, 13]
    people = pl.concat([piece.people for piece in found])
    assert people["id"].n_unique() == people["key"].n_unique() == people.height
    assert people["identity"].drop_nulls().is_duplicated().sum() == 0
    assert people["household"].drop_nulls().n_unique() == sum(piece.households.height for piece in found)
