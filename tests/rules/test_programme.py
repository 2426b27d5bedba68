"""Binding a list to a day: figures by date, the living, what-if changes, what is given to whom."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from songhe.kernel.errors import BadInput, NotFound
from songhe.rules import nodes as n
from songhe.rules.programme import BoundItem, Programme, bind, parameter_on
from songhe.rules.readings.reference import Reference
from tests.rules.writing_lists import ON, START, cash, figure, item, programme, read
from tests.trace import covers

CLAUSE = "ezhou-2023/annex-1/1"


def dated(*rows: tuple[str, str | None, Any], unit: str = "CNY/month") -> dict[str, Any]:
    """A parameter with values from a day until another (excluded)."""
    values = []
    for start, until, value in rows:
        end = {} if until is None else {"until": date.fromisoformat(until)}
        values.append({"from": date.fromisoformat(start), **end, "value": value, "clause": CLAUSE})
    return {"unit": unit, "values": values}


def answer(bound: Programme, node: n.Node | None, person: dict[str, Any]) -> Any:
    return None if node is None else Reference(bound.on).read(node)(person)


def amount_on(
    root: Path, day: str, own: dict[str, Any], text: str = "monthly", shared: dict[str, Any] | None = None
) -> Any:
    """What an item for everyone gives on a day, with figures of its own and of the list."""
    one = item(1, who="TRUE", parameters=own, gives={"cash": text, "per": "month"})
    bound = programme(root, one, on=date.fromisoformat(day), parameters=shared)
    return answer(bound, bound.items[0].payable, {})


@covers("POL-03", "PAY-01")
@pytest.mark.parametrize(
    ("day", "amount"),
    [
        ("2023-10-16", None),  # the day before: no figure yet
        ("2023-10-17", 100),
        ("2024-06-30", 100),
        ("2024-07-01", 120),  # the day itself
        ("2024-12-31", 120),
        ("2025-01-01", None),  # until is excluded
        ("9999-12-31", None),
        ("0001-01-01", None),
    ],
)
def test_a_figure_holds_from_its_day_until_the_next(tmp_path: Path, day: str, amount: float | None) -> None:
    monthly = dated(("2024-07-01", "2025-01-01", 120), ("2023-10-17", "2024-07-01", 100))
    assert amount_on(tmp_path, day, {"monthly": monthly}) == amount


@covers("POL-03")
def test_a_later_value_ends_an_open_one(tmp_path: Path) -> None:
    monthly = dated(("2023-10-17", None, 100), ("2024-07-01", None, 120))
    assert [amount_on(tmp_path, day, {"monthly": monthly}) for day in ("2024-06-30", "2024-07-01")] == [100, 120]


@covers("PAY-01")
@pytest.mark.parametrize(
    ("figures", "text", "amount"),
    [
        ({"monthly": 100}, "monthly", 100),
        ({"standard": 730, "monthly": "standard * 1.3"}, "monthly", 949),
        ({"standard": 735.35, "monthly": "standard * 1.3"}, "monthly", 955.96),  # 955.955, half away from zero
        ({"standard": 0.35, "monthly": "standard * 0.1"}, "monthly", 0.04),  # 0.035 exactly, not 0.03499…
        ({"standard": 1.005, "monthly": "standard"}, "monthly", 1.01),  # a double would say 1.00
        ({"standard": 100, "monthly": "standard / 3"}, "monthly", 33.33),
        ({"a": 100, "b": "a + a", "c": "b + b", "monthly": "c + c + b"}, "monthly", 1000),
        ({"standard": None, "monthly": "standard * 1.3"}, "monthly", None),
        ({"standard": None, "monthly": "least(standard, 100)"}, "monthly", None),
        ({"monthly": "CASE WHEN 1 = 2 THEN 5 ELSE 7 END"}, "monthly", 7),
        ({"monthly": "100 / 0"}, "monthly", None),
        ({"monthly": "round(-2.5) + greatest(10, 3) - 1"}, "monthly", 6),
        ({"monthly": "-(-5)"}, "monthly", 5),
    ],
)
def test_amounts_are_worked_out_exactly_and_rounded_once(
    tmp_path: Path, figures: dict[str, Any], text: str, amount: float | None
) -> None:
    parameters = {name: figure(value) for name, value in figures.items()}
    assert amount_on(tmp_path, "2024-05-01", parameters, text) == amount


def test_formulas_follow_the_day_of_what_they_name(tmp_path: Path) -> None:
    parameters = {
        "standard": dated(("2023-10-17", "2024-07-01", 700), ("2024-07-01", None, 800)),
        "monthly": dated(("2023-10-17", None, "standard * 1.5")),
    }
    assert [amount_on(tmp_path, day, parameters) for day in ("2024-06-30", "2024-07-01")] == [1050, 1200]


def test_the_lists_own_figures_are_for_all_items_and_an_items_go_first(tmp_path: Path) -> None:
    shared = {"monthly": figure(70), "standard": figure(30)}
    assert amount_on(tmp_path, "2024-05-01", {}, shared=shared) == 70
    assert amount_on(tmp_path, "2024-05-01", {"monthly": figure(100)}, shared=shared) == 100
    assert amount_on(tmp_path, "2024-05-01", {"monthly": figure("standard * 2")}, shared=shared) == 60


@pytest.mark.parametrize(
    ("formulas", "circle"),
    [
        ({"monthly": "monthly + 1"}, "monthly → monthly"),
        ({"monthly": "other * 2", "other": "third", "third": "monthly"}, "monthly → other → third → monthly"),
    ],
)
def test_formulas_in_a_circle_are_refused(tmp_path: Path, formulas: dict[str, str], circle: str) -> None:
    with pytest.raises(BadInput, match=circle) as refused:
        amount_on(tmp_path, "2024-05-01", {name: figure(text) for name, text in formulas.items()})
    assert "01-item-1.yaml:" in refused.value.where


@covers("ENT-01")
@pytest.mark.parametrize(
    ("death", "outcome"),
    [
        (None, True),
        (date(2024, 4, 30), False),
        (date(2024, 5, 1), False),  # died on the day itself
        (date(2024, 5, 2), True),
    ],
)
def test_a_dead_person_has_no_item(tmp_path: Path, death: date | None, outcome: bool) -> None:
    bound = programme(tmp_path, cash(1, "TRUE", 100), cash(2, "dementia", 50))
    person = {"death_date": death}
    assert answer(bound, bound.items[0].outcome, person) is outcome
    assert answer(bound, bound.items[0].payable, person) == (100 if outcome else None)
    assert answer(bound, bound.items[1].outcome, person) is (None if outcome else False)
    asked = {name for name, node in bound.items[1].missing().items() if answer(bound, node, person)}
    assert asked == ({"dementia"} if outcome else set())


@covers("ENT-01", "PAY-01")
@pytest.mark.parametrize(
    ("gives", "unit", "eligible", "payable"),
    [
        ({"cash": "100", "per": "month"}, "CNY/month", 100, 100),
        ({"cash": "1200", "per": "year"}, "CNY/year", 1200, 1200),
        ({"cash": "5000", "per": "once"}, "CNY", 5000, 5000),
        ({"discount": "CASE WHEN age >= 80 THEN 30 ELSE 20 END"}, "percent", 30, None),
        ({"times": "2", "per": "month"}, "times/month", 2, None),
        ({"times": "1", "per": "once"}, "ratio", 1, None),
        ({"service": "上门看望"}, "", None, None),
    ],
)
def test_only_cash_is_payable(
    tmp_path: Path, gives: dict[str, Any], unit: str, eligible: float | None, payable: float | None
) -> None:
    bound = programme(tmp_path, item(1, who="dementia", gives=gives))
    (one,) = bound.items
    yes, no, open_ = ({"dementia": value, "birth_date": date(1944, 5, 1)} for value in (True, False, None))
    assert one.unit == unit
    assert one.pays is ("cash" in gives)
    assert answer(bound, one.eligible_amount(), yes) == eligible
    assert answer(bound, one.payable, yes) == payable
    for person in (no, open_):
        assert answer(bound, one.eligible_amount(), person) is None
        assert answer(bound, one.payable, person) is None


@covers("PAY-02")
def test_a_tier_of_unknown_age_is_unknown_and_asks_for_the_age(tmp_path: Path) -> None:
    tiers = "CASE WHEN age >= 80 THEN 300 WHEN age >= 60 THEN 100 END"
    bound = programme(tmp_path, cash(1, "dementia", tiers))
    (one,) = bound.items
    assert answer(bound, one.outcome, {"dementia": True}) is True
    assert answer(bound, one.payable, {"dementia": True}) is None
    for dementia, names in ((True, {"birth_date"}), (False, set()), (None, {"dementia", "birth_date"})):
        person = {"dementia": dementia}
        assert {name for name, node in one.missing().items() if answer(bound, node, person)} == names
    paid = [
        answer(bound, one.payable, {"dementia": True, "birth_date": date(year, 5, 1)}) for year in (1944, 1945, 1965)
    ]
    assert paid == [300, 100, None]  # below 60: no tier, no amount


def test_a_figure_nobody_has_set_is_missing_for_the_outcome_only(tmp_path: Path) -> None:
    unset = figure(None, "year")
    bound = programme(
        tmp_path, item(1, who="age >= from_age", parameters={"from_age": unset}), cash(2, "dementia", None)
    )
    assert "parameter:from_age" in bound.items[0].missing()
    assert "parameter:monthly" not in bound.items[1].missing()
    assert answer(bound, bound.items[1].payable, {"dementia": True}) is None


@covers("POL-06")
def test_a_change_moves_a_figure_of_one_item_or_of_the_list(tmp_path: Path) -> None:
    pack = read(
        tmp_path,
        item(1, who="age >= from_age", parameters={"from_age": figure(80, "year")}),
        item(2, who="age >= from_age"),
        parameters={"from_age": figure(70, "year")},
    )
    person = {"birth_date": date(1949, 5, 1)}  # 75

    def outcomes(changes: dict[str, Fraction]) -> list[Any]:
        bound = bind(pack, ON, changes)
        return [answer(bound, one.outcome, person) for one in bound.items]

    assert outcomes({}) == [False, True]
    assert outcomes({"item-1.from_age": Fraction(75)}) == [True, True]
    assert outcomes({"1.from_age": Fraction(75)}) == [True, True]
    assert outcomes({"list.from_age": Fraction(76)}) == [False, False]  # the first has its own
    assert outcomes({"list.from_age": Fraction(60)}) == [False, True]


@covers("POL-06")
def test_a_changed_standard_moves_the_formulas_above_it(tmp_path: Path) -> None:
    parameters = {"standard": figure(700), "monthly": figure("standard * 1.3")}
    pack = read(tmp_path, item(1, who="TRUE", parameters=parameters, gives={"cash": "monthly", "per": "month"}))
    bound = bind(pack, ON, {"item-1.standard": Fraction(800)})
    assert answer(bound, bound.items[0].payable, {}) == 1040


@pytest.mark.parametrize(
    "name", ["from_age", "item-1.age", "item-9.from_age", "9.from_age", "list.from_age", "", ".", "1."]
)
def test_a_change_of_what_is_not_there_is_refused_with_what_is(tmp_path: Path, name: str) -> None:
    pack = read(
        tmp_path,
        item(1, who="age >= from_age", parameters={"from_age": figure(80, "year")}),
        parameters={"standard": figure(700)},
    )
    with pytest.raises(NotFound, match=r"item-1\.from_age、list\.standard"):
        bind(pack, ON, {name: Fraction(1)})


def test_an_item_is_found_by_name_or_number(tmp_path: Path) -> None:
    bound = programme(tmp_path, item(1), item(17))
    assert bound.item("item-17") is bound.item("17") is bound.items[1]
    for name in ("01", "item", "2", ""):
        with pytest.raises(NotFound, match="item-1、item-17"):
            bound.item(name)


def test_the_facts_of_a_list_are_those_of_its_outcomes_and_amounts(tmp_path: Path) -> None:
    bound = programme(tmp_path, item(1, who="dementia"), cash(2, "sex = 2", "CASE WHEN age >= 80 THEN 1 ELSE 2 END"))
    assert bound.fact_names == ("death_date", "dementia", "sex", "birth_date")


@covers("POL-03")
def test_the_clause_of_a_figure_is_that_of_its_day(tmp_path: Path) -> None:
    monthly = dated(("2023-10-17", "2024-07-01", 100))
    pack = read(
        tmp_path, item(1, who="TRUE", parameters={"monthly": monthly}, gives={"cash": "monthly", "per": "month"})
    )
    assert parameter_on(pack, pack.items[0], "monthly", START) == CLAUSE
    assert parameter_on(pack, pack.items[0], "monthly", date(2024, 7, 1)) == ""


def test_rules_that_are_always_the_same_bind_too(tmp_path: Path) -> None:
    bound = programme(tmp_path, item(1, who="FALSE"), item(2, who="TRUE"), item(3, who="FALSE OR dementia AND FALSE"))
    assert [answer(bound, one.outcome, {}) for one in bound.items] == [False, True, False]
    assert bound.items[0].outcome == n.NO
    assert isinstance(bound.items[0], BoundItem)
