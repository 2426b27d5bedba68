"""Groups: of several items one may have, what is paid; unknown only where what is unknown makes a difference."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from songhe.kernel.errors import BadInput
from songhe.rules.programme import Programme, bind
from songhe.rules.readings.reference import Reference, Value
from tests.rules.writing_lists import ON, cash, figure, item, programme, read
from tests.trace import covers

FACTS = ("dementia", "lives_alone", "empty_nest", "left_behind")  # who may have item 1, 2, 3, 4
GROUP = {"title": "生活类", "clause": "ezhou-2023/annex-1/20"}


def group(pays: str, **keys: Any) -> dict[str, Any]:
    return {"groups": {"living": GROUP | {"pays": pays} | keys}}


def members(*amounts: int | float | str | None) -> list[dict[str, Any]]:
    """Items of one group; who may have the first is who has dementia, and so on."""
    rows = enumerate(zip(FACTS, amounts, strict=False), start=1)
    return [cash(number, who, amount, group="living") for number, (who, amount) in rows]


def person(answers: str) -> dict[str, Any]:
    """`+-?`: may have the first, not the second, nobody knows about the third."""
    return {fact: {"+": True, "-": False, "?": None}[answer] for fact, answer in zip(FACTS, answers, strict=False)}


def paid(bound: Programme, of: dict[str, Any]) -> list[Any]:
    """What is payable of each item: None for nothing or unknown."""
    return [Reference(bound.on).read(b.payable)(of) for b in bound.items if b.payable is not None]


def asked(bound: Programme, of: dict[str, Any], index: int) -> list[str]:
    """What is missing for an item."""
    return [name for name, asks in questions(bound, index).items() if asks(of)]


def questions(bound: Programme, index: int) -> dict[str, Value]:
    """For each fact whether it is missing for an item, as a function of the person."""
    reading = Reference(bound.on)
    return {name: reading.read(node) for name, node in bound.items[index].missing().items()}


@covers("ENT-03")
@pytest.mark.parametrize(
    ("amounts", "answers", "payable"),
    [
        # amounts        may have   paid
        ((100, 70), "++", [100, 0]),
        ((70, 100), "++", [0, 100]),
        ((100, 100), "++", [100, 0]),  # of equal ones the earlier
        ((100, 70), "+-", [100, None]),
        ((100, 70), "-+", [None, 70]),
        ((100, 70), "--", [None, None]),
        ((100, 70), "+?", [100, None]),  # the other is lower: it cannot matter
        ((100, 70), "?+", [None, None]),  # the other is higher: it does
        ((100, 100), "+?", [100, None]),
        ((100, 100), "?+", [None, None]),
        ((100, 70), "?-", [None, None]),
        ((50, 100, 70), "+++", [0, 100, 0]),
        ((50, 100, 70), "+?+", [0, None, None]),  # the first has lost to the third already
        ((50, 100, 70), "+??", [None, None, None]),
        ((50, 100, 70), "?+?", [None, 100, None]),
        ((70, 70, 70), "+++", [70, 0, 0]),
        ((70, 70, 70), "-++", [None, 70, 0]),
        ((0, 0), "++", [0, 0]),
        ((100.01, 100.02), "++", [0, 100.02]),
        ((None, 70), "++", [None, None]),  # nobody has set the first: it may be the higher
        ((None, 70), "-+", [None, 70]),
        ((70, None), "+-", [70, None]),
        ((70, None), "+?", [None, None]),
    ],
)
def test_of_a_group_the_highest_is_paid(
    tmp_path: Path, amounts: tuple[int, ...], answers: str, payable: list[float | None]
) -> None:
    bound = programme(tmp_path, *members(*amounts), **group("highest"))
    assert paid(bound, person(answers)) == payable


@covers("ENT-03")
@pytest.mark.parametrize(
    ("amounts", "answers", "payable"),
    [
        ((70, 100), "++", [70, 0]),
        ((70, 100), "-+", [None, 100]),
        ((70, 100), "?+", [None, None]),
        ((70, 100), "+?", [70, None]),
        ((70, 100, 50), "-?+", [None, None, None]),
        ((70, 100, 50), "+?+", [70, None, 0]),
        ((None, 100), "++", [None, 0]),  # the first is paid, whatever it comes to
    ],
)
def test_of_a_group_the_first_is_paid(
    tmp_path: Path, amounts: tuple[int, ...], answers: str, payable: list[float | None]
) -> None:
    bound = programme(tmp_path, *members(*amounts), **group("first"))
    assert paid(bound, person(answers)) == payable


@covers("ENT-03")
@pytest.mark.parametrize(
    ("limit", "amounts", "answers", "payable"),
    [
        (150, (100, 70, 50), "+++", [100, 50, 0]),
        (150, (100, 70, 50), "-++", [None, 70, 50]),
        (150, (100, 70, 50), "+-+", [100, None, 50]),
        (150, (100, 70, 50), "?++", [None, None, None]),
        (170, (100, 70, 50), "?++", [None, 70, None]),  # enough is left for the second in any case
        (170, (100, 70, 50), "??+", [None, None, None]),
        (220, (100, 70, 50), "??+", [None, None, 50]),
        (70, (100, 70, 50), "++?", [70, 0, None]),
        (70, (100, 70, 50), "+?+", [70, None, 0]),  # nothing is left in any case
        (150, (100, 70, 50), "---", [None, None, None]),
        (0, (100, 70), "++", [0, 0]),
        (100.005, (100, 70), "++", [100, 0.01]),
        (None, (100, 70), "++", [None, None]),
        (150, (None, 70), "++", [None, None]),
        (150, (None, 70), "-+", [None, 70]),
        (150, (None, 70), "?+", [None, None]),
    ],
)
def test_of_a_group_the_sum_is_capped(
    tmp_path: Path, limit: float, amounts: tuple[int, ...], answers: str, payable: list[float | None]
) -> None:
    keys = group("sum up to", limit="most") | {"parameters": {"most": figure(limit)}}
    bound = programme(tmp_path, *members(*amounts), **keys)
    assert paid(bound, person(answers)) == payable


@covers("ENT-03")
def test_who_may_have_is_apart_from_who_is_paid(tmp_path: Path) -> None:
    bound = programme(tmp_path, *members(100, 70), **group("highest"))
    read_node = Reference(ON).read
    both = person("++")
    assert [read_node(b.outcome)(both) for b in bound.items] == [True, True]
    assert [read_node(b.eligible_amount())(both) for b in bound.items] == [100, 70]  # type: ignore[arg-type]
    assert paid(bound, both) == [100, 0]


@pytest.mark.parametrize(
    ("answers", "index", "names"),
    [
        ("+?", 0, []),
        ("?+", 1, ["dementia"]),
        ("-?", 0, []),  # who may not have it is asked nothing for its sake
        ("-?", 1, ["lives_alone"]),
        ("??", 0, ["dementia"]),
        ("??", 1, ["lives_alone", "dementia"]),
        ("++", 1, []),
    ],
)
def test_what_is_asked_is_what_could_change_what_is_paid(
    tmp_path: Path, answers: str, index: int, names: list[str]
) -> None:
    bound = programme(tmp_path, *members(100, 70), **group("highest"))
    assert asked(bound, person(answers), index) == names


def test_what_is_asked_under_a_cap(tmp_path: Path) -> None:
    keys = group("sum up to", limit="most") | {"parameters": {"most": figure(170)}}
    bound = programme(tmp_path, *members(100, 70, 50), **keys)
    assert asked(bound, person("?+-"), 1) == []
    assert asked(bound, person("?++"), 2) == ["dementia"]
    assert asked(bound, person("?-?"), 2) == ["empty_nest"]


@st.composite
def groups(draw: st.DrawFn) -> tuple[str, list[int], int]:
    """How a group pays, the amounts and the limit."""
    amounts = draw(st.lists(st.sampled_from([50, 70, 100]), min_size=1, max_size=4))
    return draw(st.sampled_from(["highest", "first", "sum up to"])), amounts, draw(st.sampled_from([0, 60, 120, 400]))


def by_hand(pays: str, amounts: Sequence[int], limit: int, may: Sequence[bool]) -> list[int | None]:
    """What is paid of each item, written from the meaning."""
    if pays == "sum up to":
        result: list[int | None] = []
        left = limit
        for amount, ok in zip(amounts, may, strict=True):
            result.append(min(amount, left) if ok else None)
            left -= result[-1] or 0
        return result
    having = [index for index, ok in enumerate(may) if ok]
    chosen = having[:1] if pays == "first" else sorted(having, key=lambda i: (-amounts[i], i))[:1]
    return [None if not ok else amounts[i] if i in chosen else 0 for i, ok in enumerate(may)]


@covers("ENT-03", "PAY-01")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(groups())
def test_every_group_pays_as_by_hand_and_is_unknown_only_where_it_differs(
    tmp_path: Path, made: tuple[str, list[int], int]
) -> None:
    pays, amounts, limit = made
    keys = group(pays) if pays != "sum up to" else group(pays, limit="most") | {"parameters": {"most": figure(limit)}}
    bound = programme(tmp_path, *members(*amounts), **keys)
    functions = [Reference(ON).read(b.payable) for b in bound.items if b.payable is not None]
    asks = [questions(bound, index) for index in range(len(amounts))]
    for answers in itertools.product("+-?", repeat=len(amounts)):
        known = person("".join(answers))
        outcomes = [
            by_hand(pays, amounts, limit, may)
            for may in itertools.product([True, False], repeat=len(amounts))
            if all(answer == "?" or (answer == "+") == ok for answer, ok in zip(answers, may, strict=True))
        ]
        for index, function in enumerate(functions):
            possible = {outcome[index] for outcome in outcomes}
            expected = possible.pop() if answers[index] == "+" and len(possible) == 1 else None
            assert function(known) == expected, (answers, index)
            open_facts = {name for name, is_asked in asks[index].items() if is_asked(known)}
            if answers[index] == "+":
                assert bool(open_facts) == (expected is None)
                assert open_facts <= {fact for fact, answer in zip(FACTS, answers, strict=False) if answer == "?"}


def test_a_group_with_no_money_or_one_member_changes_nothing(tmp_path: Path) -> None:
    bound = programme(tmp_path, *members(100), item(2), **group("highest"))
    assert paid(bound, person("+")) == [100]
    assert [b.pays for b in bound.items] == [True, False]
    assert [b.unit for b in bound.items] == ["CNY/month", ""]
    assert bound.items[1].eligible_amount() is None


def test_amounts_that_hang_on_the_person_are_compared_for_each(tmp_path: Path) -> None:
    tiers = "CASE WHEN age >= 90 THEN 120 ELSE 60 END"
    bound = programme(tmp_path, *members(tiers, 100), **group("highest"))
    assert paid(bound, person("++") | {"birth_date": date(1934, 5, 1)}) == [120, 0]
    assert paid(bound, person("++") | {"birth_date": date(1934, 5, 2)}) == [0, 100]
    assert paid(bound, person("++")) == [None, None]
    assert asked(bound, person("++"), 1) == ["birth_date"]
    assert asked(bound, person("-+"), 1) == []
    assert asked(bound, person("-+"), 0) == []  # who may not have it is not asked for an age either


@pytest.mark.parametrize(
    ("items", "keys", "problem"),
    [
        ([cash(1, "TRUE", 100, group="living")], group("sum up to", limit="nothing"), "没有这个参数"),
        (
            [cash(1, "TRUE", 100, group="living")],
            group("sum up to", limit="most") | {"parameters": {"most": figure(5, "CNY/year")}},
            "单位不同；现在是“CNY/month、CNY/year”",
        ),
        (
            [
                cash(1, "TRUE", 100, group="living"),
                item(
                    2,
                    who="TRUE",
                    group="living",
                    parameters={"yearly": figure(5, "CNY/year")},
                    gives={"cash": "yearly", "per": "year"},
                ),
            ],
            group("highest"),
            "单位不同",
        ),
    ],
)
def test_a_group_that_cannot_be_reckoned_is_refused_with_its_line(
    tmp_path: Path, items: list[dict[str, Any]], keys: dict[str, Any], problem: str
) -> None:
    pack = read(tmp_path, *items, **keys)
    with pytest.raises(BadInput, match=problem) as refused:
        bind(pack, ON)
    assert "list.yaml:" in refused.value.where


@covers("POL-06")
def test_a_changed_limit_or_amount_changes_what_is_paid(tmp_path: Path) -> None:
    keys = group("sum up to", limit="most") | {"parameters": {"most": figure(150)}}
    pack = read(tmp_path, *members(100, 70), **keys)
    both = person("++")
    assert paid(bind(pack, ON, {"list.most": Fraction(120)}), both) == [100, 20]
    assert paid(bind(pack, ON, {"item-1.monthly": Fraction(90)}), both) == [90, 60]
    assert paid(bind(pack, ON, {"1.monthly": Fraction(90)}), both) == [90, 60]
