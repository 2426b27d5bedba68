"""What a change would mean: as determining twice and comparing each person shows, and right on planted people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from songhe.config.paths import policies_folder
from songhe.demo.people import make_people
from songhe.eligibility.determining import monthly, pays_something
from songhe.eligibility.engines import ReferenceEngine
from songhe.eligibility.roll import AGES, BANDS
from songhe.eligibility.scenarios import Scenario, read_scenario
from songhe.eligibility.what_if import Effect, ItemEffect, WhatIf
from songhe.kernel.days import age_on
from songhe.rules.packs import Pack
from songhe.rules.programme import BoundItem, bind
from songhe.rules.reading_packs import load_pack
from songhe.rules.readings.polars import SCHEMA
from tests.rules.writing_lists import cash, figure
from tests.rules.writing_lists import item as an_item
from tests.rules.writing_lists import programme as written
from tests.trace import covers

ON = date(2024, 5, 1)
SCENARIOS = (
    "advanced-age-allowance.from_age=75",
    "advanced-age-allowance.from_age=85",
    "advanced-age-allowance.monthly_amount=120.50",
    "elderly-service-subsidy.from_age=70,disability-living-subsidy.monthly_amount=130",
    "17.from_age=90,20.monthly_amount=100",
    "meals.middle_from_age=66,meals.high_discount=35",
    "list.function_loss_from=3",
    "list.urban_minimum_standard=700,list.local_minimum_standard=650",
)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(policies_folder(), "420700-ezhou/basic-list-2023")


@pytest.fixture(scope="module")
def people() -> pl.DataFrame:
    return make_people("420700", 1300, 5)[0]


@pytest.fixture(scope="module")
def what_if(pack: Pack, people: pl.DataFrame) -> WhatIf:
    return WhatIf(bind(pack, ON), people)


def _cell(what_if: WhatIf, person: Mapping[str, Any]) -> tuple[int, int]:
    """Where a person is counted, found the plain way."""
    code, birth = person["residence_region"], person["birth_date"]
    district = what_if.roll.districts.index("" if code is None else code[:6])
    if birth is None:
        return district, BANDS - 1
    return district, next((band for band, age in enumerate(AGES) if age_on(birth, ON) >= age), len(AGES))


class Twice:
    """The list determined twice by the reference, person by person."""

    def __init__(self, pack: Pack, people: pl.DataFrame, changes: Mapping[str, Fraction]) -> None:
        self.rows = list(people.iter_rows(named=True))
        self.before, self.after = (self._determined(bind(pack, ON, own).items, people) for own in (None, changes))

    def _determined(self, items: tuple[BoundItem, ...], people: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
        found = {}
        for bound in items:
            nodes = {"outcome": bound.outcome}
            gift = bound.payable if bound.pays else bound.eligible_amount()
            unset = bound.pays and not pays_something(bound)
            if gift is not None and not unset:
                nodes["gift"] = gift
            rows = list(ReferenceEngine(ON).evaluate(people, nodes).iter_rows(named=True))
            for row in rows:
                row["gift"] = _fen(row, unset or gift is None)
            found[bound.item.slug] = rows
        return found

    def pairs(self, slug: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        return list(zip(self.before[slug], self.after[slug], strict=True))


def _fen(row: Mapping[str, Any], gives_nothing: bool) -> int | None:
    if gives_nothing or row["outcome"] is False:
        return 0
    return None if row["gift"] is None else round(row["gift"] * 100)


def _figures(old: Mapping[str, Any], new: Mapping[str, Any], pays: bool) -> dict[str, int]:
    known = old["gift"] is not None and new["gift"] is not None
    return {
        "yes_before": old["outcome"] is True,
        "yes_after": new["outcome"] is True,
        "gained": new["outcome"] is True and old["outcome"] is not True,
        "lost": old["outcome"] is True and new["outcome"] is not True,
        "unknown_before": old["outcome"] is None,
        "unknown_after": new["outcome"] is None,
        "more": known and new["gift"] > old["gift"],
        "less": known and new["gift"] < old["gift"],
        "fen_before": (old["gift"] or 0) if pays else 0,
        "fen_after": (new["gift"] or 0) if pays else 0,
    }


def _check_item(what_if: WhatIf, twice: Twice, item: ItemEffect) -> None:
    expected: dict[tuple[str, int, int], int] = {}
    for person, (old, new) in zip(twice.rows, twice.pairs(item.after.item.slug), strict=True):
        for name, value in _figures(old, new, item.after.pays).items():
            place = (name, *_cell(what_if, person))
            expected[place] = expected.get(place, 0) + int(value)
    for (name, district, band), value in expected.items():
        assert item.tally.cells(name)[district, band] == value, (item.after.item.slug, name, district, band)
    for name in item.tally.names:
        assert item.tally.total(name) == sum(value for place, value in expected.items() if place[0] == name)


def _check_people(twice: Twice, effect: Effect) -> None:
    counts = dict.fromkeys(effect.people.names, 0)
    for index in range(len(twice.rows)):
        turns = []
        for item in effect.items:
            old, new = twice.pairs(item.after.item.slug)[index]
            turns.append((item, _figures(old, new, item.after.pays), old["gift"], new["gift"]))
        moved = sum(
            new - old
            for item, _, old, new in turns
            if item.after.pays and monthly(item.after) and old is not None and new is not None
        )
        counts["better"] += any(figures["gained"] or figures["more"] for _, figures, _, _ in turns)
        counts["worse"] += any(figures["lost"] or figures["less"] for _, figures, _, _ in turns)
        counts["more"] += moved > 0
        counts["less"] += moved < 0
    assert {name: effect.people.total(name) for name in counts} == counts


@covers("POL-06")
@pytest.mark.parametrize("text", SCENARIOS)
def test_a_scenario_is_what_determining_twice_shows(
    pack: Pack, people: pl.DataFrame, what_if: WhatIf, text: str
) -> None:
    scenario = read_scenario(pack, text)
    effect = what_if.effect(scenario)
    twice = Twice(pack, people, scenario.changes)
    touched = {item.after.item.slug for item in effect.items}
    for slug in twice.before:
        if slug not in touched:
            assert twice.before[slug] == twice.after[slug]
    for item in effect.items:
        _check_item(what_if, twice, item)
    _check_people(twice, effect)
    money = [item for item in effect.items if item.after.pays and monthly(item.after)]
    moved = sum(
        (row["gift"] or 0) * sign
        for item in money
        for rows, sign in ((twice.after, 1), (twice.before, -1))
        for row in rows[item.after.item.slug]
    )
    assert effect.fen_month == moved


def test_small_tiles_count_as_one_large_one(pack: Pack, people: pl.DataFrame, what_if: WhatIf) -> None:
    scenario = read_scenario(pack, SCENARIOS[3])
    one = what_if.effect(scenario)
    small = WhatIf(bind(pack, ON), people, tile=96).effect(scenario)
    assert all(
        (item.tally.figures == other.tally.figures).all() for item, other in zip(one.items, small.items, strict=True)
    )
    assert (one.people.figures == small.people.figures).all()


def test_people_several_times_over_count_so_often(pack: Pack, people: pl.DataFrame) -> None:
    what_if = WhatIf(bind(pack, ON), people)
    once = what_if.effect(read_scenario(pack, SCENARIOS[0]))
    what_if.roll = what_if.roll.repeated(3)
    thrice = what_if.effect(read_scenario(pack, SCENARIOS[0]))
    assert (thrice.items[0].tally.figures == 3 * once.items[0].tally.figures).all()


def test_a_change_to_what_stands_there_touches_nothing(pack: Pack, what_if: WhatIf) -> None:
    effect = what_if.effect(read_scenario(pack, "advanced-age-allowance.from_age=80"))
    assert effect.items == ()
    assert {name: effect.people.total(name) for name in effect.people.names} == dict.fromkeys(effect.people.names, 0)
    assert effect.fen_month == effect.fen_year == 0


def _person(number: int, **facts: Any) -> dict[str, Any]:
    return {"person_id": f"p{number}", **{name: None for name in SCHEMA if name != "person_id"}, **facts}


def _crowd(*persons: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([_person(number, **facts) for number, facts in enumerate(persons)], schema=dict(SCHEMA))


def _born(age: int, **facts: Any) -> dict[str, Any]:
    return {
        "birth_date": date(ON.year - age, 5, 1),
        "registered_region": "420704",
        "residence_region": "420704",
        **facts,
    }


@covers("POL-06")
def test_who_turns_75_today_gains_and_who_does_tomorrow_does_not(pack: Pack) -> None:
    today, tomorrow = _born(75), _born(75, birth_date=date(1949, 5, 2))
    old, dead = _born(92, residence_region="420702"), _born(77, death_date=date(2024, 4, 1))
    nobody_knows = {"registered_region": "420704"}
    what_if = WhatIf(bind(pack, ON), _crowd(today, tomorrow, old, dead, nobody_knows))
    effect = what_if.effect(Scenario("", {"advanced-age-allowance.from_age": Fraction(75)}))
    (item,) = effect.items
    assert {name: item.tally.total(name) for name in ("yes_before", "yes_after", "gained", "lost")} == {
        "yes_before": 1, "yes_after": 2, "gained": 1, "lost": 0
    }  # fmt: skip
    assert what_if.roll.districts == ("420702", "420704", "")
    assert item.tally.cells("gained")[1, AGES.index(75)] == 1
    assert item.tally.cells("yes_after")[0, AGES.index(90)] == 1
    assert item.tally.cells("unknown_after")[2, BANDS - 1] == item.tally.total("unknown_after") == 1
    assert what_if.living.total("people") == 4
    assert effect.people.total("better") == 1


@covers("POL-06", "ENT-03")
def test_a_subsidy_lost_is_made_up_in_part_by_the_one_it_stood_before(pack: Pack) -> None:
    poor = {"assistance": "minimum_living", "hukou_kind": "rural", "disability_level": 2}
    what_if = WhatIf(bind(pack, ON), _crowd(_born(82, **poor), _born(91, **poor), _born(82, **poor, death_date=ON)))
    effect = what_if.effect(read_scenario(pack, "elderly-service-subsidy.from_age=85"))
    assert {item.after.item.slug: item.fen for item in effect.items} == {
        "elderly-service-subsidy": -100_00, "disability-living-subsidy": 70_00
    }  # fmt: skip
    assert effect.fen_month == -30_00
    assert effect.fen_year == -360_00
    assert {name: effect.people.total(name) for name in effect.people.names} == {
        "better": 1, "worse": 1, "more": 0, "less": 1
    }  # fmt: skip


@covers("POL-06")
def test_a_figure_the_list_leaves_open_costs_from_nothing(pack: Pack) -> None:
    what_if = WhatIf(bind(pack, ON), _crowd(_born(80), _born(79), _born(101), {"birth_date": date(1930, 1, 1)}))
    effect = what_if.effect(read_scenario(pack, "advanced-age-allowance.monthly_amount=100"))
    (item,) = effect.items
    assert item.sets_money == (False, True)
    assert item.fen == effect.fen_month == 200_00
    assert item.tally.total("more") == 2
    assert item.tally.total("gained") == 0


def test_an_empty_roll_counts_nobody(pack: Pack) -> None:
    effect = WhatIf(bind(pack, ON), pl.DataFrame(schema=dict(SCHEMA))).effect(read_scenario(pack, SCENARIOS[0]))
    assert effect.items[0].tally.total("yes_after") == 0


def test_counted_amounts_are_compared_person_by_person(tmp_path: Path) -> None:
    counted = cash(1, "age >= 60", "age * each", parameters={"each": figure(1.5, "CNY/month/year")})
    flat = cash(2, "dementia", 40)
    bound = written(tmp_path, counted, flat)
    people = _crowd(_born(60, dementia=True), _born(70, dementia=True), _born(59), {"dementia": False}, {})
    what_if = WhatIf(bound, people)
    effect = what_if.effect(Scenario("", {"item-1.each": Fraction(2), "item-2.monthly": Fraction(5)}))
    first, second = effect.items
    assert (first.tally.total("fen_before"), first.tally.total("fen_after")) == (195_00, 260_00)
    assert (first.tally.total("more"), first.tally.total("unknown_after")) == (2, 2)
    assert second.fen == -70_00
    assert {name: effect.people.total(name) for name in effect.people.names} == {
        "better": 2, "worse": 2, "more": 0, "less": 1
    }  # fmt: skip
    assert effect.fen_month == -5_00


def test_a_year_is_twelve_months_and_what_is_paid_by_the_year(tmp_path: Path) -> None:
    parameters = {"yearly": figure(300, "CNY/year")}
    by_year = an_item(2, who="dementia", parameters=parameters, gives={"cash": "yearly", "per": "year"})
    what_if = WhatIf(written(tmp_path, cash(1, "dementia", 10), by_year), _crowd({"dementia": True}))
    effect = what_if.effect(Scenario("", {"item-1.monthly": Fraction(11), "item-2.yearly": Fraction(310)}))
    assert effect.fen_month == 1_00
    assert effect.fen_year == 22_00
