"""What is automatic, what a person must see, what is not shown: the cases that go wrong when nobody thinks of them."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from songhe.kernel.errors import BadInput
from songhe.people.linkage import AUTOMATIC, NONE, REVIEW, LinkSettings, find_duplicates, match_rows
from songhe.people.linkage.measure import measure
from tests.people.linkage.invented_world import make_world
from tests.people.linkage.small_tables import (
    BORN,
    HOME,
    NEXT_VILLAGE,
    OTHER_DISTRICT,
    REGISTER,
    ROWS,
    VILLAGE,
    file,
    register,
)

FAR = {"region_code": OTHER_DISTRICT, "address": "桃李路9号", "phone": None}


def verdicts(people: pl.DataFrame, rows: pl.DataFrame, **settings: object) -> dict[tuple[int, str], str]:
    """The band of each pair that is shown."""
    pairs = match_rows(people, rows, settings=LinkSettings(**settings)).pairs  # type: ignore[arg-type]
    shown = pairs.filter(pl.col("band") != NONE)
    return {(row, person): band for row, person, band in shown.select("row", "person_id", "band").iter_rows()}


@pytest.mark.covers("PER-02")
def test_a_row_that_agrees_in_all_is_automatic() -> None:
    assert verdicts(register({}), file({})) == {(1, "p1"): AUTOMATIC}


def test_a_stranger_is_not_shown() -> None:
    stranger = {"name": "钱大根", "birth_date": date(1938, 7, 2), "sex": 1, **FAR}
    assert verdicts(register({}), file(stranger)) == {}


def test_a_row_without_birth_date_is_never_automatic() -> None:
    assert verdicts(register({}), file({"birth_date": None})) == {(1, "p1"): REVIEW}


def test_a_file_without_any_birth_date_is_all_review() -> None:
    people = register({}, {"name": "王桂兰", "address": "松柏村5组7号", "phone_last4": "7730"})
    rows = file({"birth_date": None}, {"name": "王桂兰", "birth_date": None, "address": None, "phone": "7730"})
    assert verdicts(people, rows) == {(1, "p1"): REVIEW, (2, "p2"): REVIEW}
    assert verdicts(people, rows.drop("birth_date")) == {(1, "p1"): REVIEW, (2, "p2"): REVIEW}


def test_twins_are_never_automatic_even_when_a_name_fits_exactly() -> None:
    twins = register({"name": "李大双", "phone_last4": None}, {"name": "李小双", "phone_last4": None})
    assert verdicts(twins, file({"name": "李大双", "phone": None}))[1, "p1"] == REVIEW
    household = {"address": None, "household_id": "h1"}
    twins = register({"name": "李大双", **household}, {"name": "李小双", **household})
    assert AUTOMATIC not in verdicts(twins, file({"name": "李小双"})).values()


def test_the_twin_who_is_not_in_the_register_is_not_taken_for_the_other() -> None:
    assert AUTOMATIC not in verdicts(register({"name": "李大双"}), file({"name": "李小双"})).values()


def test_father_and_son_of_one_name_are_told_apart_by_birth_date_only() -> None:
    father, son = {"sex": 1, "birth_date": date(1930, 5, 6)}, {"sex": 1, "birth_date": date(1955, 8, 9)}
    both = register(father, son)
    unknown = verdicts(both, file({"sex": 1, "birth_date": None}))
    assert unknown == {(1, "p1"): REVIEW, (1, "p2"): REVIEW}
    assert verdicts(both, file(son))[1, "p2"] == AUTOMATIC


def test_the_son_is_not_taken_for_the_father_who_alone_is_in_the_register() -> None:
    father, son = {"sex": 1, "birth_date": date(1930, 5, 6)}, {"sex": 1, "birth_date": date(1955, 8, 9)}
    assert AUTOMATIC not in verdicts(register(father), file(son)).values()


def test_a_tie_between_two_records_is_never_automatic() -> None:
    assert verdicts(register({}, {}), file({})) == {(1, "p1"): REVIEW, (1, "p2"): REVIEW}


def test_two_rows_that_claim_one_person_are_both_reviewed() -> None:
    assert verdicts(register({}), file({}, {})) == {(1, "p1"): REVIEW, (2, "p1"): REVIEW}


def test_a_faint_claim_does_not_hold_back_a_clear_one() -> None:
    faint = {"birth_date": None, "address": None, "phone": None, "region_code": None}
    assert verdicts(register({}), file({}, faint))[1, "p1"] == AUTOMATIC


def test_another_sex_holds_a_pair_back() -> None:
    assert verdicts(register({}), file({"sex": 1})) == {(1, "p1"): REVIEW}


def test_the_dead_are_reviewed_unless_settings_say_otherwise() -> None:
    people = register({"deceased": True})
    assert verdicts(people, file({})) == {(1, "p1"): REVIEW}
    assert verdicts(people, file({}), deceased_automatic=True) == {(1, "p1"): AUTOMATIC}


def test_a_character_of_the_same_sound_is_automatic_only_near_home() -> None:
    people = register({})
    assert verdicts(people, file({"name": "李秀瑛"})) == {(1, "p1"): AUTOMATIC}
    assert AUTOMATIC not in verdicts(people, file({"name": "李秀瑛", **FAR})).values()


@pytest.mark.parametrize("slip", [date(1951, 3, 14), date(1960, 3, 14)], ids=["a year off", "one digit off"])
def test_a_slip_in_the_birth_date_is_automatic_only_near_home(slip: date) -> None:
    people = register({})
    assert verdicts(people, file({"birth_date": slip})) == {(1, "p1"): AUTOMATIC}
    assert AUTOMATIC not in verdicts(people, file({"birth_date": slip, **FAR})).values()


def test_a_lunar_date_in_the_same_home_is_automatic() -> None:
    people = register({"birth_date": date(1961, 9, 24)})
    assert verdicts(people, file({"birth_date": date(1961, 8, 15)})) == {(1, "p1"): AUTOMATIC}


@pytest.mark.parametrize("vague", [date(1950, 1, 1), date(1950, 3, 1)], ids=["1 January", "the first of the month"])
def test_a_birth_date_that_was_made_up_in_part_is_reviewed(vague: date) -> None:
    assert verdicts(register({}), file({"birth_date": vague})) == {(1, "p1"): REVIEW}


def test_who_moved_away_is_still_found() -> None:
    assert (1, "p1") in verdicts(register({}), file(FAR))


def test_a_number_with_one_wrong_digit_finds_its_owner_under_another_name() -> None:
    people = register({"id_number": "429901195003140021"}, {"name": "王桂兰", "birth_date": date(1946, 2, 3)})
    row = {"name": "李大妹", "id_number": "429901195003150021", "birth_date": date(1950, 3, 15), **FAR}
    assert verdicts(people, file(row)) == {(1, "p1"): REVIEW}


def test_the_likelier_person_has_the_first_rank() -> None:
    people = register({"name": "李秀瑛", "region_code": NEXT_VILLAGE, "address": None}, {})
    pairs = match_rows(people, file({})).pairs
    assert pairs.select("person_id", "rank").rows()[0] == ("p2", 1)
    assert pairs["probability"].is_sorted(descending=True)


def test_no_more_than_the_set_number_of_candidates_is_shown() -> None:
    many = register(*({"address": f"松柏村{at}组8号", "phone_last4": None} for at in range(1, 10)))
    row = file({"address": None, "phone": None})
    assert len(verdicts(many, row)) == 5
    assert len(verdicts(many, row, candidates_shown=2)) == 2


def test_empty_tables_give_empty_answers() -> None:
    nobody, nothing = pl.DataFrame(schema=REGISTER), pl.DataFrame(schema=ROWS)
    for people, rows in ((nobody, nothing), (register({}), nothing), (nobody, file({}))):
        matches = match_rows(people, rows)
        assert matches.pairs.is_empty()
        assert matches.pairs.columns == match_rows(register({}), file({})).pairs.columns
        assert (matches.count(AUTOMATIC), matches.count(REVIEW), matches.count(NONE)) == (0, 0, rows.height)
    assert find_duplicates(nobody).is_empty()
    assert find_duplicates(register({})).is_empty()


def test_rows_are_counted_once_in_their_best_band() -> None:
    people = register({}, {"name": "王桂兰", "birth_date": date(1946, 2, 3), "address": "松柏村5组7号"})
    rows = file(
        {},
        {"name": "王桂兰", "birth_date": None, "address": "松柏村5组7号"},
        {"name": "钱大根", "birth_date": date(1938, 7, 2), "sex": 1, **FAR},
    )
    matches = match_rows(people, rows)
    assert [matches.count(band) for band in (AUTOMATIC, REVIEW)] == [1, 1]
    assert sum(matches.count(band) for band in (AUTOMATIC, REVIEW, NONE)) == 3


def test_only_key_name_and_birth_date_are_needed() -> None:
    people = register({}).select("person_id", "name", "birth_date")
    rows = file({}).select("row", "name", "birth_date")
    assert (1, "p1") in verdicts(people, rows)


def test_dates_may_be_text_and_days_that_do_not_exist_are_no_date() -> None:
    rows = file({}, {"name": "王桂兰"}).with_columns(pl.Series("birth_date", [BORN.isoformat(), "1950-02-30"]))
    people = register({}, {"name": "王桂兰", "address": "松柏村5组7号"})
    assert verdicts(people, rows) == {(1, "p1"): AUTOMATIC, (2, "p2"): REVIEW}


def test_sexes_may_be_text() -> None:
    people = register({}).with_columns(pl.lit("2").alias("sex"))
    assert verdicts(people, file({"sex": 1})) == {(1, "p1"): REVIEW}


def test_a_missing_column_and_a_repeated_key_are_refused() -> None:
    with pytest.raises(BadInput, match="缺少列birth_date"):
        match_rows(register({}).drop("birth_date"), file({}))
    with pytest.raises(BadInput, match="缺少列row"):
        match_rows(register({}), file({}).drop("row"))
    with pytest.raises(BadInput, match="有空值或重复值"):
        match_rows(register({}, {"person_id": "p1"}), file({}))
    with pytest.raises(BadInput, match="有空值或重复值"):
        find_duplicates(register({"person_id": None}))


@pytest.mark.parametrize("wrong", [{"false_share": 0.0}, {"review_floor": 1.5}, {"candidates_shown": 0}])
def test_settings_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(BadInput):
        LinkSettings(**wrong)  # type: ignore[arg-type]


def test_a_key_that_too_many_share_brings_nobody_together() -> None:
    crowd = register(*({"name": "王桂兰", "address": None, "phone_last4": None} for _ in range(4)))
    row = file({"name": "王桂兰", "region_code": VILLAGE, "address": HOME, "phone": None})
    assert match_rows(crowd, row).pairs.height == 4
    assert match_rows(crowd, row, settings=LinkSettings(most_in_block=2)).pairs.is_empty()


def test_a_file_in_which_all_were_born_on_one_day_gives_no_wrong_automatic_match() -> None:
    """An office that writes 1 January 1950 for everybody says nothing by it."""
    world = make_world(people=6_000, rows=600, seed=77)
    rows = world.rows.with_columns(pl.lit(date(1950, 1, 1)).alias("birth_date"))
    measured = measure(match_rows(world.register, rows), world.truth)
    assert measured.wrong == 0
    assert measured.recall >= 0.9
