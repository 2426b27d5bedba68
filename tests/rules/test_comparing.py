"""Two lists item by item: nothing is sampled, whoever loses is shown, what cannot be compared says so."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from songhe.rules import comparing
from songhe.rules.comparing import Difference, compare_lists
from songhe.rules.readings.reference import Reference
from tests.rules.writing_lists import ON, cash, figure, item, read
from tests.trace import covers

CLAUSE = "ezhou-2023/annex-1/1"
LIVING = {"title": "生活类", "pays": "highest", "clause": CLAUSE}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lists")


def compare(root: Path, upper: dict[str, Any], lower: dict[str, Any], **keys: Any) -> list[Difference]:
    """An item of a list above and its like below; `keys` are those of both lists."""
    return compare_lists(read(root, upper, **keys), read(root, lower, **keys), ON)


def rows(found: list[Difference]) -> list[tuple[str, str]]:
    return [(row.verdict, row.words) for row in found]


@covers("POL-05")
@pytest.mark.parametrize(
    ("above", "below", "verdicts"),
    [
        ("dementia", "dementia", ["same"]),
        ("dementia AND lives_alone", "lives_alone AND dementia", ["same"]),
        ("NOT (dementia OR lives_alone)", "NOT dementia AND NOT lives_alone", ["same"]),
        ("age >= 80", "age > 79", ["same"]),
        ("age >= 80", "birth_date <= DATE '1944-05-01'", ["same"]),
        ("age >= 80", "age >= 81", ["narrower"]),
        ("age >= 80", "age >= 79", ["wider"]),
        ("dementia", "lives_alone", ["narrower", "wider"]),
        ("TRUE", "dementia", ["narrower"]),
        ("FALSE", "TRUE", ["wider"]),
        ("assistance IN ('edge', 'minimum_living')", "assistance <> 'none'", ["same"]),
        ("assistance <> 'none'", "assistance = 'edge'", ["narrower"]),
        ("disability_level IN (1, 2)", "disability_level BETWEEN 1 AND 2", ["same"]),
        ("disability_level <= 2", "disability_level IN (1, 2)", ["narrower"]),  # none at all is 0
        # places: only those of the lower list's own region count
        ("within(registered_region, '420704')", "within(registered_region, '420700')", ["wider"]),
        ("within(registered_region, '420700')", "within(registered_region, '420704')", ["narrower"]),
        ("within(registered_region, '420000')", "within(registered_region, '420700')", ["same"]),
        ("within(registered_region, '420700')", "TRUE", ["same"]),  # the people of the region are all inside
    ],
)
def test_who_may_have_it(root: Path, above: str, below: str, verdicts: list[str]) -> None:
    assert [row.verdict for row in compare(root, item(1, who=above), item(1, who=below))] == verdicts


def test_the_same_people_in_other_words_are_told_from_the_same_words(root: Path) -> None:
    assert rows(compare(root, item(1), item(1))) == [("same", "一样")]
    assert rows(compare(root, item(1, who="age >= 80"), item(1, who="age > 79"))) == [
        ("same", "写法不同，人和标准一样")
    ]


def test_the_witness_is_the_plainest_person_who_shows_it(root: Path) -> None:
    (row,) = compare(root, item(1, who="age >= 80 OR dementia"), item(1, who="age >= 81 OR dementia"))
    assert dict(row.witness) == {"年龄": "80周岁（1944-05-01出生）", "失智": "否"}
    assert (row.number, row.slug, row.below) == (1, "item-1", True)


def test_a_day_nobody_compares_with_is_not_shown(root: Path) -> None:
    """The rule speaks of a date, but only of whether it is known: any day will do, so none is named."""
    (row,) = compare(root, item(1, who="birth_date IS NOT NULL"), item(1, who="birth_date IS NOT NULL AND dementia"))
    assert (row.verdict, dict(row.witness)) == ("narrower", {"失智": "否"})


@covers("POL-05")
@pytest.mark.parametrize(
    ("above", "below", "found"),
    [
        (100, 120, [("better", "标准变高：100→120")]),
        (100, 80, [("poorer", "标准变低：100→80")]),
        ("monthly", "100", [("better", "上级没有定monthly，这里定了标准")]),
        ("100", "monthly", [("poorer", "上级定了标准，这里没有定monthly")]),
        ("monthly", "monthly * 2", [("unclear", "monthly没有定，标准不能比较")]),
        ("monthly", "monthly", [("same", "一样")]),
        ("CASE WHEN age >= 90 THEN 200 ELSE 100 END", "CASE WHEN age >= 90 THEN 150 ELSE 120 END",
         [("poorer", "标准变低：200→150"), ("better", "标准变高：100→120")]),
    ],
)  # fmt: skip
def test_how_much_is_given(root: Path, above: Any, below: Any, found: list[tuple[str, str]]) -> None:
    shared = {"monthly": figure(None)}
    upper, lower = cash(1, "dementia", above), cash(1, "dementia", below)
    assert rows(compare(root, upper, lower, parameters=shared)) == found


def test_what_one_list_gives_and_the_other_not(root: Path) -> None:
    upper, lower = read(root, item(1), item(2)), read(root, item(2), item(3))
    found = compare_lists(upper, lower, ON)
    assert [(row.number, row.verdict, row.words, row.below) for row in found] == [
        (1, "missing", "没有这一项", True),
        (2, "same", "一样", False),
        (3, "new", "上级清单没有这一项", False),
    ]


def test_gifts_of_another_kind_are_for_a_person_to_weigh(root: Path) -> None:
    found = compare(root, cash(1, "dementia", 100), item(1, gives={"service": "看望"}))
    assert rows(found) == [("unclear", "给的方式不同，标准要人工比较")]
    found = compare(root, cash(1, "dementia", 100), item(1, gives={"cash": "100", "per": "year"}))
    assert [row.verdict for row in found] == ["unclear"]


def test_a_gift_less_is_poorer_and_its_figure_is_compared(root: Path) -> None:
    both = {"also": [{"discount": "100", "of": "门票"}, {"service": "看望"}]}
    less = {"also": [{"discount": "80", "of": "门票"}]}
    found = rows(compare(root, item(1, **both), item(1, **less)))
    assert found == [("poorer", "没有“看望”"), ("poorer", "“门票”标准变低：100→80")]
    assert rows(compare(root, item(1, **less), item(1, **both))) == [("better", "“门票”标准变高：80→100")]


@covers("ENT-03", "POL-05")
def test_a_group_on_one_side_only_is_for_a_person_to_weigh(root: Path) -> None:
    alone, grouped = cash(1, "dementia", 100), cash(1, "dementia", 100, group="living")
    found = rows(compare(root, alone, grouped, groups={"living": LIVING}))
    assert found == [("unclear", "这里归生活类，就高发一项，另一份清单不是这样")]
    found = rows(compare(root, grouped, alone, groups={"living": LIVING}))
    assert found == [("unclear", "上级归生活类，就高发一项，另一份清单不是这样")]
    assert rows(compare(root, grouped, grouped, groups={"living": LIVING})) == [("same", "一样")]


def test_a_rule_that_waits_for_a_figure_is_compared_as_far_as_it_goes(root: Path) -> None:
    shared = {"from_age": figure(None, "year", "起点年龄")}
    upper, lower = item(1, who="dementia OR age >= from_age"), item(1, who="lives_alone OR age >= from_age")
    found = rows(compare(root, upper, lower, parameters=shared))
    assert found == [("unclear", "起点年龄没有定，这一部分不能比较")]
    found = rows(compare(root, upper, item(1, who="dementia OR age >= from_age + 5"), parameters=shared))
    assert found == [("unclear", "起点年龄没有定，这一部分不能比较")]
    assert rows(compare(root, upper, upper, parameters=shared)) == [("same", "一样")]
    found = compare(root, item(1, who="dementia"), item(1, who="age >= from_age AND lives_alone"), parameters=shared)
    assert [row.verdict for row in found] == ["unclear", "narrower"]  # not living alone rules out, whatever the age


def test_too_many_kinds_of_person_are_for_a_person_to_weigh(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "MOST_KINDS_OF_PERSON", 3)
    assert rows(compare(root, item(1, who="dementia"), item(1, who="dementia AND lives_alone"))) == [
        ("unclear", "条件太多，要人工比较")
    ]


_LEAVES = ["dementia", "lives_alone", "age >= 80", "age < 79", "sex = 1", "assistance = 'edge'", "ability_grade >= 2"]
_RULES = st.recursive(
    st.sampled_from(_LEAVES),
    lambda below: (
        st.builds(lambda a, word, b: f"({a} {word} {b})", below, st.sampled_from(["AND", "OR"]), below)
        | st.builds(lambda a: f"NOT {a}", below)
    ),
    max_leaves=4,
)
_PERSON = st.fixed_dictionaries(
    {
        "dementia": st.booleans(),
        "lives_alone": st.booleans(),
        "birth_date": st.sampled_from([date(1944, 5, 1), date(1944, 5, 2), date(1945, 5, 1), date(1945, 5, 2)]),
        "sex": st.sampled_from([1, 2]),
        "assistance": st.sampled_from(["none", "edge", "minimum_living"]),
        "ability_grade": st.integers(0, 4),
    }
)


@covers("POL-05")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_RULES, _RULES, st.lists(_PERSON, min_size=1, max_size=10))
def test_nobody_loses_where_nothing_is_narrower(root: Path, above: str, below: str, people: list[Any]) -> None:
    upper, lower = read(root, item(1, who=above)), read(root, item(1, who=below))
    verdicts = {row.verdict for row in compare_lists(upper, lower, ON)}
    read_by = Reference(ON).read
    for person in people:
        before, after = (read_by(pack.items[0].who)(person) for pack in (upper, lower))
        assert not (before and not after) or "narrower" in verdicts
        assert not (after and not before) or "wider" in verdicts
