"""What is drawn fits together: within one person, and in its shares with the shape of the city."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from songhe.demo.births import ages_on
from songhe.demo.people import DEMO_DAY
from songhe.demo.shape import Shape, read_shape

SHAPE: Shape = read_shape("420700")
OLD = pl.col("birth_date").dt.year() <= DEMO_DAY.year - 81
MEN = pl.col("sex") == 1

NEVER = {
    "destitute and assisted": (pl.col("destitute_support") != "none") & (pl.col("assistance") != "none"),
    "destitute with a supporter": (pl.col("destitute_support") != "none") & pl.col("capable_supporter"),
    "category without level": (pl.col("disability_category") == 0) != (pl.col("disability_level") == 0),
    "unable though intact": pl.col("cannot_self_care") & (pl.col("ability_grade") < 2),
    "unable without need of care": pl.col("cannot_self_care") & ~pl.col("long_term_care_need"),
    "alone in a full nest": pl.col("lives_alone") & ~pl.col("empty_nest"),
    "alone in an institution": pl.col("lives_alone") & (pl.col("destitute_support") == "concentrated"),
    "left behind in a full nest": pl.col("left_behind") & ~pl.col("empty_nest"),
    "hardship after no allowance": pl.col("hardship_after_allowance") & (pl.col("assistance") != "minimum_living"),
    "benefit without a group": pl.col("regular_benefit") & (pl.col("entitled_kind") == "none"),
    "pension due without a scheme": pl.col("pension_due") & (pl.col("pension_scheme") == "none"),
    "demobilised too young": (pl.col("entitled_kind") == "demobilised_soldier")
    & (pl.col("birth_date").dt.year() > 1936),
}


@pytest.mark.parametrize("name", NEVER)
def test_nobody_contradicts_himself(truth: pl.DataFrame, name: str) -> None:
    assert truth.filter(NEVER[name]).height == 0


def test_the_left_behind_live_in_villages(truth: pl.DataFrame) -> None:
    left = truth.filter(pl.col("left_behind") & (pl.col("residence_region").str.len_chars() == 12))
    assert left.height > 100
    assert not left["residence_region"].str.slice(9, 1).is_in(["0", "1", "4"]).any()


def test_nobody_lives_in_the_two_empty_communities(truth: pl.DataFrame) -> None:
    assert not truth["residence_region"].is_in(SHAPE("communities", "uninhabited")).any()


def test_hardship_is_known_only_of_who_is_known_to_draw_the_allowance(table: pl.DataFrame) -> None:
    asked = table.filter(pl.col("hardship_after_allowance").is_not_null())
    assert asked.height > 100
    assert (asked["assistance"] == "minimum_living").all()


def test_facts_from_one_paper_are_known_together(table: pl.DataFrame) -> None:
    for one, other in (("disability_category", "disability_level"), ("entitled_kind", "regular_benefit")):
        assert table.filter(pl.col(one).is_null() != pl.col(other).is_null()).height == 0
    assert table.filter(pl.col("ability_grade").is_not_null() & pl.col("cannot_self_care").is_null()).height == 0
    assert table.filter(pl.col("lives_alone") & pl.col("empty_nest").is_null()).height == 0


def _share(truth: pl.DataFrame, condition: pl.Expr, among: pl.Expr | None = None) -> float:
    people = truth if among is None else truth.filter(among)
    return people.select(condition.mean()).item()  # type: ignore[no-any-return]


def _all_districts(*path: str) -> float:
    share = SHAPE.table("districts", "share")
    rate = SHAPE.table(*path)
    return sum(share[code] * rate[code] for code in share)


WANTED: dict[str, tuple[pl.Expr, float]] = {
    "men": (MEN, float(SHAPE.numbers("ages", "share_m").sum())),
    "minimum living": (pl.col("assistance") == "minimum_living", _all_districts("minimum_living", "rate")),
    "edge": (pl.col("assistance") == "edge", _all_districts("edge", "rate")),
    "destitute": (pl.col("destitute_support") != "none", _all_districts("destitute", "rate")),
    "employee pension": (pl.col("pension_scheme") == "employee", _all_districts("pension", "employee")),
    "no pension": (pl.col("pension_scheme") == "none", SHAPE.number("pension", "none")),
    "entitled": (pl.col("entitled_kind") != "none", SHAPE.number("entitled", "rate")),
    "family planning": (pl.col("family_planning_special"), SHAPE.number("family_planning_special", "rate")),
    "intact": (pl.col("ability_grade") == 0, SHAPE.numbers("ability", "grade")[0]),
    "grade 1": (pl.col("ability_grade") == 1, SHAPE.numbers("ability", "grade")[1]),
    "grade 4": (pl.col("ability_grade") == 4, SHAPE.numbers("ability", "grade")[4]),
}


@pytest.mark.parametrize("name", WANTED)
def test_shares_are_those_of_the_shape(truth: pl.DataFrame, name: str) -> None:
    condition, wanted = WANTED[name]
    # four standard errors of a share among 20,000, and a tenth for what later stages take away
    assert _share(truth, condition) == pytest.approx(wanted, abs=4 * (wanted * (1 - wanted) / 20_000) ** 0.5, rel=0.10)


@pytest.mark.parametrize("district", SHAPE.table("districts", "share"))
def test_districts_have_their_shares(truth: pl.DataFrame, district: str) -> None:
    here = pl.col("residence_region").str.starts_with(district)
    assert _share(truth, here) == pytest.approx(SHAPE.number("districts", "share", district), abs=0.015)


@pytest.mark.parametrize("band", range(5))
def test_age_bands_have_their_shares(truth: pl.DataFrame, band: int) -> None:
    starts = SHAPE.numbers("age_bands")
    ages = ages_on(truth["birth_date"].to_physical().cast(pl.Int64).to_numpy(), DEMO_DAY)
    wanted = SHAPE.numbers("ages", "share_m")[band] + SHAPE.numbers("ages", "share_f")[band]
    inside = (ages >= starts[band]) & (ages < starts[band + 1])
    assert inside.sum() / (ages >= starts[0]).sum() == pytest.approx(wanted, abs=0.015)


@pytest.mark.parametrize("fact", ["dementia", "cannot_self_care", "long_term_care_need"])
def test_the_very_old_are_frailer(truth: pl.DataFrame, fact: str) -> None:
    assert _share(truth, pl.col(fact), OLD) > 2 * _share(truth, pl.col(fact), ~OLD)


def test_poverty_pensions_and_family_go_the_way_of_the_world(truth: pl.DataFrame) -> None:
    severe = pl.col("disability_level").is_in([1, 2])
    poor = pl.col("assistance") == "minimum_living"
    assert _share(truth, poor, severe) > 2 * _share(truth, poor, ~severe)
    rural = pl.col("hukou_kind") == "rural"
    resident = pl.col("pension_scheme") == "resident"
    assert _share(truth, resident, rural) > 2 * _share(truth, resident, ~rural)
    destitute = pl.col("destitute_support") != "none"
    assert _share(truth, MEN, destitute) > 0.75
    cared = pl.col("has_family_carer")
    assert _share(truth, cared, pl.col("ability_grade") > 0) > 5 * _share(truth, cared, pl.col("ability_grade") == 0)


def test_the_years_of_hunger_left_a_hollow(truth: pl.DataFrame) -> None:
    births = truth["birth_date"].dt.year()
    assert int((births == 1961).sum()) < 0.6 * int((births == 1963).sum())


def test_every_list_of_shares_adds_up_to_one() -> None:
    lists = [SHAPE.table("districts", "share"), SHAPE.table("registered", "share"), SHAPE.table("entitled", "kind")]
    lists += [SHAPE.table("townships", code) for code in SHAPE.table("districts", "share")]
    lists += [SHAPE.table("elsewhere", kind) for kind in ("elsewhere_hubei", "other_province")]
    lists += [SHAPE.table("known", name) for name in ("residence_detail", "registered_detail")]
    for shares in lists:
        assert sum(shares.values()) == pytest.approx(1)
    vectors = [SHAPE.numbers("births", "month"), SHAPE.numbers("ability", "grade"), SHAPE.numbers("dementia", "grade")]
    vectors += [np.array(SHAPE("disability", "level", category)) for category in SHAPE("disability", "category")]
    vectors.append(np.concatenate([SHAPE.numbers("ages", "share_m"), SHAPE.numbers("ages", "share_f")]))
    for vector in vectors:
        assert vector.sum() == pytest.approx(1)


def test_every_figure_has_a_letter_of_certainty() -> None:
    whole = SHAPE()
    without = [name for name, block in whole.items() if isinstance(block, dict) and "certainty" not in block]
    assert without == ["sexes"]
