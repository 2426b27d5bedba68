"""Who becomes entitled in the coming days: as if one looked at every single day, and right on known birthdays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import polars as pl
import pytest

from songhe.config.paths import policies_folder
from songhe.demo.cast import cast_day, cast_people
from songhe.eligibility.coming_of_age import COLUMNS, Coming, DaysAhead, coming_of_age
from songhe.kernel.errors import BadInput
from songhe.rules.facts import PERSON_TABLE, Kind
from songhe.rules.packs import Pack
from songhe.rules.programme import bind
from songhe.rules.reading_packs import load_pack
from songhe.rules.readings.polars import SCHEMA
from songhe.rules.readings.reference import Reference
from tests.trace import covers

LIST = """\
list: list
title: 试验清单
region: '420700'
region_name: 鄂州市
instrument: trial
from: 2023-01-01
items: 5
categories: {safeguard: 保障}
parameters:
  later: {unit: year, label: 以后才定的年龄, values: [{from: 2024-06-10, value: 90, clause: trial/1}]}
"""
INSTRUMENT = (
    "trial: {title: 试验, number: 试1号, issuer: 试验局, region: '420700', issued: 2023-01-01, status: in force}\n"
)
ITEM = """\
item: {slug}
number: {number}
name: {slug}
category: safeguard
type: material
lead: [市民政局]
clause: trial/annex-1/{number}
standard: 按标准
{rest}
examples: [{{case: 已故, on: 2026-11-24, given: {{death_date: 2026-01-01}}, outcome: no}}]
"""
LOWERED = """\
parameters:
  from_age:
    unit: year
    label: 年龄
    values:
      - {from: 2023-01-01, until: 2024-05-20, value: 80, clause: trial/1}
      - {from: 2024-05-20, until: 2024-07-05, value: 79, clause: trial/1}
      - {from: 2024-07-05, value: 80, clause: trial/1}
  money:
    unit: CNY/month
    label: 钱
    values:
      - {from: 2023-01-01, until: 2024-06-01, value: 50, clause: trial/1}
      - {from: 2024-06-01, value: 60.5, clause: trial/1}
who: age >= from_age AND lives_alone
gives: {cash: money, per: month}"""
YOUNG = """\
parameters: {to: {unit: year, label: 到, values: [{from: 2023-01-01, value: 70, clause: trial/1}]}}
who: age < to
gives: {service: 甲}"""
NEWCOMERS = """\
parameters: {wait: {unit: month, label: 满, values: [{from: 2023-01-01, value: 18, clause: trial/1}]}}
who: months_since(birth_date) >= wait AND dementia
gives: {service: 丙}"""
TWICE = """\
parameters: {odd: {unit: year, label: 数, values: [{from: 2023-01-01, value: 151, clause: trial/1}]}}
who: age + age >= odd OR (lives_alone AND age IS NULL)
gives: {service: 丁}"""
ITEMS = (
    ("lowered", LOWERED),
    ("young", YOUNG),
    ("set-later", "who: age >= later\ngives: {service: 乙}"),
    ("newcomers", NEWCOMERS),
    ("twice", TWICE),
)


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    root = tmp_path_factory.mktemp("policies")
    folder = root / "420700-trial" / "list"
    folder.mkdir(parents=True)
    (root / "instruments.yaml").write_text(INSTRUMENT, "utf-8")
    (folder / "list.yaml").write_text(LIST, "utf-8")
    for number, (slug, rest) in enumerate(ITEMS, 1):
        text = ITEM.format(slug=slug, number=number, rest=rest)
        (folder / f"{number:02d}-{slug}.yaml").write_text(text, "utf-8")
    return load_pack(root, "420700-trial/list")


@pytest.fixture(scope="module")
def ezhou() -> Pack:
    return load_pack(policies_folder(), "420700-ezhou/basic-list-2023")


def _people(seed: int, count: int, on: date) -> pl.DataFrame:
    """People whose birthdays crowd around the days that matter, many facts unknown."""
    chance = Random(seed)  # noqa: S311
    rows = [{"person_id": f"p{number}", **_person(chance, on)} for number in range(count)]
    return pl.DataFrame(rows, schema=dict(SCHEMA))


def _person(chance: Random, on: date) -> dict[str, Any]:
    person = {}
    for name, fact in PERSON_TABLE.items():
        if fact.kind is Kind.BOOL:
            person[name] = chance.choice((True, True, False, None))
        elif fact.kind is Kind.REGION:
            person[name] = chance.choice(("420704", "420000", "421100", None))
        elif fact.kind is not Kind.DATE:
            person[name] = chance.choice((*fact.values, None))
    near = on + timedelta(days=chance.randint(-3, 95))
    year = on.year - chance.choice((1, 2, 59, 60, 64, 65, 70, 75, 76, 78, 79, 80, 90))
    leap = date(chance.choice((1944, 1948, 1956, 1964)), 2, 29)
    born = date(year, near.month, min(near.day, 28))
    person["birth_date"] = chance.choice((*[born] * 6, date(year, near.month, 28), leap, None))
    person["death_date"] = near if chance.random() < 0.1 else None
    return person


def _day_by_day(pack: Pack, people: pl.DataFrame, on: date, days: int) -> Iterator[tuple[Any, ...]]:
    """Every change into a yes, and what else turns, from the plain reading of every day."""
    before = _answers(pack, people, on)
    for day in (on + timedelta(days=offset) for offset in range(1, days + 1)):
        after = _answers(pack, people, day)
        for key, (outcome, amount) in after.items():
            was, earlier = before[key]
            if outcome is True and was is not True:
                yield ("entitled", *key, day, amount)
            if was is True and outcome is not True:
                yield ("ended", *key)
            if was is False and outcome is None:
                yield ("opened", *key)
            if was and outcome and amount is not None and earlier is not None and amount > earlier:
                yield ("raised", *key)
        before = after


def _answers(pack: Pack, people: pl.DataFrame, day: date) -> dict[tuple[str, str], tuple[bool | None, Decimal | None]]:
    reading, programme = Reference(day), bind(pack, day)
    found = {}
    for person in people.iter_rows(named=True):
        for bound in programme.items:
            amount = None if bound.amount is None else reading.read(bound.amount)(person)
            value = None if amount is None else Decimal(str(round(amount, 2)))
            found[person["person_id"], bound.item.slug] = reading.read(bound.outcome)(person), value
    return found


def _as_set(coming: Coming) -> set[tuple[Any, ...]]:
    return set(coming.entitled.select("person_id", "item", "day", "eligible_amount").iter_rows())


def _agrees(pack: Pack, people: pl.DataFrame, on: date, days: int) -> int:
    wanted = list(_day_by_day(pack, people, on, days))
    coming = coming_of_age(pack, people, on, days)
    priced = {item.slug for item in pack.items if item.gives.kind in ("cash", "discount")}
    entitled = {(p, i, d, a if i in priced else None) for kind, p, i, d, a in (w for w in wanted if w[0] == "entitled")}
    assert _as_set(coming) == entitled
    assert coming.entitled.height == len(entitled)
    for slug, turns in coming.turns.items():
        for kind in ("ended", "opened", "raised"):
            assert getattr(turns, kind) == sum(w[0] == kind and w[2] == slug for w in wanted), (slug, kind)
    return len(entitled)


@covers("ENT-01", "ENT-04")
@pytest.mark.parametrize("seed", range(4))
def test_the_events_are_those_of_looking_at_every_day(trial: Pack, seed: int) -> None:
    on = (date(2024, 5, 1), date(2023, 12, 31), date(2024, 2, 10), date(2025, 1, 30))[seed]
    assert _agrees(trial, _people(seed, 150, on), on, 95) > 10


@covers("ENT-04")
def test_the_whole_list_agrees_with_looking_at_every_day(ezhou: Pack) -> None:
    on = date(2024, 2, 1)
    assert _agrees(ezhou, _people(7, 60, on), on, 92) > 10


@covers("ENT-04")
def test_the_cast_is_a_day_short_of_eighty(ezhou: Pack) -> None:
    coming = coming_of_age(ezhou, cast_people(), cast_day(), 30)
    row = coming.entitled.filter((pl.col("person_id") == "C02") & (pl.col("item") == "advanced-age-allowance"))
    assert row.columns == list(COLUMNS)
    assert row.rows() == [
        ("C02", "advanced-age-allowance", 3, "高龄津贴", date(2024, 5, 2), None, "CNY/month", "ezhou-2023/annex-1/3")
    ]
    assert "C01" not in coming.entitled["person_id"], "who is entitled today does not become it"


def test_a_leap_day_child_comes_of_age_on_the_first_of_march(ezhou: Pack) -> None:
    people = pl.DataFrame(
        [{"person_id": "x", "birth_date": date(1960, 2, 29)}], schema={"person_id": pl.String, "birth_date": pl.Date}
    )
    coming = coming_of_age(ezhou, people, date(2025, 2, 1), 40).entitled
    assert set(coming["day"]) == {date(2025, 3, 1)}
    assert set(coming["item"]) == {"public-transport", "ability-assessment", "meals"}
    assert coming.filter(pl.col("item") == "meals")["eligible_amount"].to_list() == [Decimal("20.00")]


def test_a_new_figure_and_a_birthday_on_one_day_count_once(trial: Pack) -> None:
    people = pl.DataFrame(
        [{"person_id": "x", "birth_date": date(1945, 5, 20), "lives_alone": True}],
        schema={"person_id": pl.String, "birth_date": pl.Date, "lives_alone": pl.Boolean},
    )
    coming = coming_of_age(trial, people, date(2024, 5, 1), 90)
    assert coming.entitled.filter(pl.col("item") == "lowered")["day"].to_list() == [date(2024, 5, 20)]
    assert coming.turns["lowered"].ended == 1, "on 5 July the age is 80 again"
    assert coming.turns["lowered"].raised == 1, "on 1 June the sum rises"


def test_the_window_begins_tomorrow_and_includes_its_last_day(ezhou: Pack) -> None:
    births = [date(1944, 5, 1), date(1944, 5, 2), date(1944, 5, 11), date(1944, 5, 12)]
    rows = [{"person_id": str(b), "birth_date": b, "registered_region": "420704"} for b in births]
    people = pl.DataFrame(rows, schema={"person_id": pl.String, "birth_date": pl.Date, "registered_region": pl.String})
    coming = coming_of_age(ezhou, people, date(2024, 5, 1), 10).entitled
    allowance = coming.filter(pl.col("item") == "advanced-age-allowance")
    assert allowance["person_id"].to_list() == ["1944-05-02", "1944-05-11"]


def test_nobody_at_all_and_too_many_days(ezhou: Pack) -> None:
    nobody = pl.DataFrame(schema=dict(SCHEMA))
    assert coming_of_age(ezhou, nobody, date(2024, 5, 1), 90).entitled.is_empty()
    for days in (0, -1, 100_000):
        with pytest.raises(BadInput):
            coming_of_age(ezhou, nobody, date(2024, 5, 1), days)


def test_the_first_day_of_one_person_is_the_first_of_all_days(trial: Pack) -> None:
    on, last = date(2024, 4, 20), date(2025, 12, 31)
    days = [on + timedelta(days=offset) for offset in range((last - on).days + 1)]
    outcomes = [{b.item.slug: Reference(d).read(b.outcome) for b in bind(trial, d).items} for d in days]
    ahead = DaysAhead(trial, on, years=1)
    for person in _people(0, 60, on).iter_rows(named=True):
        for slug in (item.slug for item in trial.items):
            yes = [day for day, answers in zip(days, outcomes, strict=True) if answers[slug](person) is True]
            wanted = None if not yes or yes[0] == on else yes[0]
            assert ahead.first_day_entitled(slug, person) == wanted


def test_what_is_not_known_does_not_come(ezhou: Pack) -> None:
    """A table with nothing but the key: nothing is known, so nothing comes."""
    people = pl.DataFrame({"person_id": ["a", "b"]})
    assert coming_of_age(ezhou, people, date(2024, 5, 1), 90).entitled.is_empty()
