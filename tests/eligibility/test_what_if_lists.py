"""Another list in place of this one: items that come, go or are paid otherwise, who is behind a count, what is open."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from songhe.demo.people import make_people
from songhe.eligibility.engines import ReferenceEngine
from songhe.eligibility.open_money import open_fen
from songhe.eligibility.roll import AGES
from songhe.eligibility.scenarios import Scenario
from songhe.eligibility.what_if import Comparing, Effect, WhatIf, roll_of, touched_items
from songhe.kernel.days import age_on
from songhe.rules.facts import KEY
from songhe.rules.programme import Programme
from songhe.rules.readings.polars import SCHEMA
from tests.rules.writing_lists import cash, figure
from tests.rules.writing_lists import item as an_item
from tests.rules.writing_lists import programme as written
from tests.trace import covers

ON = date(2024, 5, 1)
NONE = Scenario("", {})


def crowd(*persons: dict[str, Any]) -> pl.DataFrame:
    rows = [
        {KEY: f"p{place}", **{name: None for name in SCHEMA if name != KEY}, **one} for place, one in enumerate(persons)
    ]
    return pl.DataFrame(rows, schema=dict(SCHEMA))


def turned(before: Programme, after: Programme, people: pl.DataFrame) -> Effect:
    return WhatIf(before, people).turned(after, NONE)


def totals(effect: Effect, place: int = 0) -> dict[str, int]:
    names = ("gained", "lost", "fen_before", "fen_after")
    return {name: effect.items[place].tally.total(name) for name in names}


PEOPLE = ({"dementia": True}, {"dementia": True}, {"dementia": False}, {})


@covers("POL-06")
def test_a_new_item_was_nobodys_before(tmp_path: Path) -> None:
    one, two = cash(1, "dementia", 10), cash(2, "dementia", 25)
    effect = turned(written(tmp_path, one), written(tmp_path, one, two), crowd(*PEOPLE))
    assert [item.after.item.slug for item in effect.items] == ["item-2"]
    assert totals(effect) == {"gained": 2, "lost": 0, "fen_before": 0, "fen_after": 50_00}
    assert (effect.fen_month, effect.people.total("better"), effect.people.total("worse")) == (50_00, 2, 0)


@covers("POL-06")
def test_an_item_taken_out_is_nobodys_after(tmp_path: Path) -> None:
    one, two = cash(1, "dementia", 10), cash(2, "dementia", 25)
    effect = turned(written(tmp_path, one, two), written(tmp_path, two), crowd(*PEOPLE))
    assert totals(effect) == {"gained": 0, "lost": 2, "fen_before": 20_00, "fen_after": 0}
    assert (effect.fen_month, effect.people.total("less")) == (-20_00, 2)


@covers("POL-06")
def test_money_by_the_year_instead_of_the_month_goes_and_comes(tmp_path: Path) -> None:
    yearly = an_item(
        1, who="dementia", parameters={"monthly": figure(90, "CNY/year")}, gives={"cash": "monthly", "per": "year"}
    )
    effect = turned(written(tmp_path, cash(1, "dementia", 10)), written(tmp_path, yearly), crowd(*PEOPLE))
    assert [totals(effect, place) for place in (0, 1)] == [
        {"gained": 0, "lost": 2, "fen_before": 20_00, "fen_after": 0},
        {"gained": 2, "lost": 0, "fen_before": 0, "fen_after": 180_00},
    ]
    assert (effect.fen_month, effect.fen_year) == (-20_00, -240_00 + 180_00)


@covers("POL-06")
def test_another_rule_is_what_deciding_twice_shows(tmp_path: Path) -> None:
    before = written(tmp_path, cash(1, "age >= 80", 10), cash(2, "dementia", 25))
    after = written(tmp_path, cash(1, "age >= 75 and not dementia", 12), cash(2, "dementia", 25))
    people = make_people("420700", 700, 3, ON)[0]
    effect = WhatIf.over(before, roll_of(before, people)).turned(after, NONE)
    (item,) = effect.items
    old, new = (
        ReferenceEngine(ON).evaluate(people, {"it": programme.items[0].outcome})["it"] for programme in (before, after)
    )
    assert item.tally.total("gained") == ((new == True) & (old != True).fill_null(True)).sum()  # noqa: E712
    assert item.tally.total("lost") == ((old == True) & (new != True).fill_null(True)).sum()  # noqa: E712
    assert item.tally.total("unknown_after") == new.null_count()


@covers("POL-06")
def test_a_count_opens_into_its_people(tmp_path: Path) -> None:
    before, after = (written(tmp_path, cash(1, f"age >= {age}", 10)) for age in (80, 75))
    people = make_people("420700", 700, 3, ON)[0]
    roll = roll_of(before, people, [KEY], tile=256)
    what_if = WhatIf.over(before, roll)
    tally = what_if.turned(after, NONE).items[0].tally
    comparing, found = Comparing(touched_items(before, after), ON), []
    district, band = 0, AGES.index(75)
    for tile in roll.tiles:
        words = comparing.who(tile, "gained", 0)
        found += tile.people[KEY].gather(tile.places(words)).to_list()
        cell = tile.people[KEY].gather(tile.places(words, district, band)).to_list()
        assert len(cell) == tile.count(words)[district, band]
        assert len(tile.places(words, district=district)) == tile.count(words)[district].sum()
        assert len(tile.places(words, band=band)) == tile.count(words)[:, band].sum()
    assert len(found) == tally.total("gained") > 0
    ages = {row[KEY]: age_on(row["birth_date"], ON) for row in people.filter(pl.col(KEY).is_in(found)).to_dicts()}
    assert set(ages) == set(found)
    assert set(ages.values()) <= set(range(75, 80))


@covers("POL-06")
def test_what_is_open_could_cost_the_full_amount_at_most(tmp_path: Path) -> None:
    programme = written(tmp_path, cash(1, "dementia", 10), cash(2, "dementia", None), an_item(3))
    roll = roll_of(programme, crowd(*PEOPLE, {}))
    assert [int(np.sum(cells)) for cells in open_fen(roll, programme.items, ON)] == [20_00, 0, 0]
    assert open_fen(roll, (), ON) == []
