"""Every list in the repository: it passes the gate, cites what exists and shows each age from three sides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction

import pytest

from songhe.config.paths import policies_folder
from songhe.kernel.days import birthday_in
from songhe.rules import nodes as n
from songhe.rules.doubts import cited_doubts
from songhe.rules.gate import check_list
from songhe.rules.packs import Example, Item, Pack
from songhe.rules.programme import bind
from songhe.rules.reading_packs import list_ids, load_pack
from tests.trace import covers

ROOT = policies_folder()
LISTS = list_ids(ROOT)
EZHOU = "420700-ezhou/basic-list-2023"


def _own_items() -> Iterator[tuple[Pack, Item]]:
    for list_id in LISTS:
        pack = load_pack(ROOT, list_id)
        yield from ((pack, item) for item in pack.items if item.slug in pack.own_items)


ITEMS = [pytest.param(pack, item, id=f"{pack.region}-{item.slug}") for pack, item in _own_items()]


@covers("POL-01")
@pytest.mark.parametrize("list_id", LISTS)
def test_every_list_passes_the_gate(list_id: str) -> None:
    finding = check_list(ROOT, list_id)
    assert [str(problem) for problem in finding.problems] == []
    assert finding.examples >= 4 * len(finding.pack.own_items)


def test_the_lists_of_the_city_and_of_the_country_are_there() -> None:
    assert {"000000-national/basic-list-2023", EZHOU} <= set(LISTS)


@pytest.mark.parametrize(("pack", "item"), ITEMS)
def test_an_item_shows_all_three_answers(pack: Pack, item: Item) -> None:
    outcomes = {example.outcome for example in item.examples}
    waits_for_a_figure = item.slug == "minimum-living-top-up" and pack.region == "420700"
    assert outcomes == ({"no", "unknown"} if waits_for_a_figure else {"yes", "no", "unknown"})


def _age_figures(pack: Pack, item: Item) -> Iterator[tuple[str, int]]:
    """The figures in years the item compares an age with."""
    amounts = [gift.amount for gift in (item.gives, *item.also) if gift.amount is not None]
    for tree in (item.who, *amounts):
        for name in n.parameter_names(tree):
            parameter = pack.parameters_of(item)[name]
            for value in parameter.values:
                if str(parameter.unit) == "year":
                    assert isinstance(value.value, Fraction)
                    yield name, int(value.value)


AGES = [
    pytest.param(item, age, id=f"{pack.region}-{item.slug}-{name}")
    for pack, item in _own_items()
    for name, age in dict.fromkeys(_age_figures(pack, item))
]


def _answers_at(item: Item, age: int, distance: int) -> set[tuple[str, Fraction | None]]:
    """What the examples say of people who reach the age so many days after the day of the example."""

    def reaches(example: Example) -> bool:
        born = example.given.get("birth_date")
        return born is not None and birthday_in(age, born) == example.on + timedelta(days=distance)

    return {(example.outcome, example.amount) for example in item.examples if reaches(example)}


@covers("POL-01", "ENT-01")
@pytest.mark.parametrize(("item", "age"), AGES)
def test_each_age_has_examples_the_day_before_on_the_day_and_after(item: Item, age: int) -> None:
    before, on, after = (_answers_at(item, age, distance) for distance in (1, 0, -1))
    assert before and on and after
    assert on & after, "on the birthday and the day after the answer is the same"
    assert on - before, "something changes on the birthday"


@pytest.mark.parametrize("list_id", LISTS)
def test_notes_and_doubts_name_each_other(list_id: str) -> None:
    pack = load_pack(ROOT, list_id)
    from_notes = {(name, item.number) for item in pack.items for name in cited_doubts(item.notes)}
    from_doubts = {(doubt.id, number) for doubt in pack.doubts.values() for number in doubt.items}
    assert from_notes == from_doubts


def test_the_register_of_the_city_is_complete_and_nothing_is_cited_from_elsewhere() -> None:
    doubts = load_pack(ROOT, EZHOU).doubts
    assert [f"ezhou-{number:02d}" for number in range(1, 23)] == list(doubts)[:22]
    assert all(doubt.unclear and doubt.reading and doubt.confirm and doubt.clauses for doubt in doubts.values())
    text = "".join(path.read_text(encoding="utf-8") for path in ROOT.rglob("*.yaml"))
    assert "INC-" not in text


def test_a_list_nobody_has_confirmed_says_so_in_every_item() -> None:
    national = load_pack(ROOT, "000000-national/basic-list-2023")
    assert national.unconfirmed and all(item.unconfirmed for item in national.items)
    ezhou = load_pack(ROOT, EZHOU)
    assert not ezhou.unconfirmed and not any(item.unconfirmed for item in ezhou.items)


def test_each_list_prints_its_own_words_for_the_types() -> None:
    words = {list_id: load_pack(ROOT, list_id).type_words["material"] for list_id in LISTS}
    assert words["000000-national/basic-list-2023"] == "物质帮助"
    assert words[EZHOU] == "物资帮助"


@covers("POL-01")
def test_what_the_parks_give_besides_is_a_figure_too() -> None:
    pack = load_pack(ROOT, EZHOU)
    parks = pack.item("parks-and-sights")
    assert parks is not None
    bound = bind(pack, pack.from_date).item("parks-and-sights")
    (gift,) = parks.also
    assert gift.amount is not None
    assert bound.figures.bound(gift.amount) == n.Constant(Fraction(100))
