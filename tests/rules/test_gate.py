"""The gate before release: examples that do not hold, figures with holes, items below the list above."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from songhe.kernel.errors import BadInput, NotFound
from songhe.rules import nodes as n
from songhe.rules.examples import run_examples
from songhe.rules.gate import Finding, check_list
from songhe.rules.programme import bind
from songhe.rules.reading_packs import load_pack
from tests.rules.writing_lists import LIST, ON, START, cash, figure, item, line_of, write_list
from tests.trace import covers

CLAUSE = "ezhou-2023/annex-1/1"
DISTRICT = "420704-echeng/small-list"
YES = {"case": "失智", "on": ON, "given": {"dementia": True}, "outcome": "yes"}
NO = {"case": "没有失智", "on": ON, "given": {"dementia": False}, "outcome": "no"}
OPEN = {"case": "不知道", "on": ON, "given": {}, "outcome": "unknown", "missing": ["dementia"]}


def sound(number: int = 1, **keys: Any) -> dict[str, Any]:
    """An item with examples for all three answers."""
    return item(number, **({"examples": [YES, NO, OPEN]} | keys))


def paid(number: int, amount: int | float | str | None, **keys: Any) -> dict[str, Any]:
    """A sound item that pays."""
    return cash(number, "dementia", amount, **({"examples": [YES, NO, OPEN]} | keys))


def dated(*rows: Mapping[str, Any], unit: str = "CNY/month") -> dict[str, Any]:
    values = [{"from": START, "value": 100, "clause": CLAUSE} | row for row in rows]
    return {"parameters": {"monthly": {"unit": unit, "values": values}}}


def check(root: Path, *items: dict[str, Any], **keys: Any) -> Finding:
    write_list(root, *items, **keys)
    return check_list(root, keys.get("list_id", LIST))


def problems(finding: Finding) -> list[str]:
    assert all(problem.where.count(":") for problem in finding.problems)
    return [problem.problem for problem in finding.problems]


@covers("POL-01")
def test_a_sound_list_passes_and_is_counted(tmp_path: Path) -> None:
    shown = [YES | {"amount": 100, "payable": 100}, NO, OPEN]
    finding = check(tmp_path, sound(1), paid(2, 100, examples=shown), parameters={"standard": figure(730)})
    assert finding.passed and problems(finding) == []
    assert (finding.examples, finding.parameters) == (6, 2)


def test_a_list_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        check_list(tmp_path, LIST)


def test_faults_of_reading_come_before_everything_else(tmp_path: Path) -> None:
    finding = check(tmp_path, item(1, type="food"))
    assert not finding.passed and finding.examples == 0
    assert problems(finding) == ["“type”的值不认识"]


@covers("POL-01")
@pytest.mark.parametrize(
    ("example", "found", "wanted"),
    [
        (YES | {"outcome": "no"}, ["可享"], ["不可享"]),
        (NO | {"outcome": "yes"}, ["不可享"], ["可享"]),
        (OPEN | {"missing": ["lives_alone"]}, ["缺dementia"], ["缺lives_alone"]),
        (OPEN | {"missing": []}, ["缺dementia"], ["缺（没有）"]),
        (YES | {"missing": ["dementia"]}, ["缺（没有）"], ["缺dementia"]),
        (OPEN | {"outcome": "yes", "missing": []}, ["待核", "缺dementia"], ["可享", "缺（没有）"]),
        (YES | {"amount": 120}, ["标准100"], ["标准120"]),
        (YES | {"payable": 99.99}, ["应发100"], ["应发99.99"]),
        (NO | {"amount": 100, "payable": 0}, ["标准没有", "应发没有"], ["标准100", "应发0"]),
    ],
)
def test_an_example_that_does_not_hold_is_reported_with_what_came_out(
    tmp_path: Path, example: dict[str, Any], found: list[str], wanted: list[str]
) -> None:
    write_list(tmp_path, paid(1, 100, examples=[YES, NO, OPEN, example]))
    pack = load_pack(tmp_path, LIST)
    count, failures = run_examples(pack)
    assert count == 4
    assert [failure.given for failure in failures] == found
    assert [failure.accepted for failure in failures] == wanted
    line = pack.items[0].examples[3].line
    assert {failure.where for failure in failures} == {f"{tmp_path / LIST / '01-item-1.yaml'}:{line}"}
    assert not check_list(tmp_path, LIST).passed


def test_an_amount_asked_of_a_service_is_none(tmp_path: Path) -> None:
    write_list(tmp_path, sound(examples=[YES | {"amount": 5}]))
    (failure,) = run_examples(load_pack(tmp_path, LIST))[1]
    assert failure.given == "标准没有"


@covers("POL-01")
@pytest.mark.parametrize(
    ("examples", "lacking"),
    [([YES, NO], ["待核"]), ([YES, OPEN], ["不可享"]), ([NO, OPEN], ["可享"]), ([OPEN], ["可享", "不可享"])],
)
def test_examples_show_all_three_answers(tmp_path: Path, examples: list[dict[str, Any]], lacking: list[str]) -> None:
    finding = check(tmp_path, sound(examples=examples))
    assert problems(finding) == [f"例子里没有“{word}”的" for word in lacking]
    assert {problem.where for problem in finding.problems} == {line_of(tmp_path / LIST / "01-item-1.yaml", "examples:")}


def test_an_item_that_waits_for_a_figure_needs_no_example_of_a_yes(tmp_path: Path) -> None:
    own = {"from_age": figure(None, "year")}
    young = {"case": "已故", "on": ON, "given": {"death_date": START}, "outcome": "no"}
    waits = {"case": "没有定", "on": ON, "given": {"birth_date": date(1930, 1, 1)}, "outcome": "unknown"}
    examples = [young, waits | {"missing": ["parameter:from_age"]}]
    assert problems(check(tmp_path, item(1, who="age >= from_age", parameters=own, examples=examples))) == []


@covers("POL-03")
@pytest.mark.parametrize(
    ("rows", "until", "found"),
    [
        ([{"from": date(2024, 1, 1)}], None, ["参数monthly从2024-01-01才有值，清单从2023-10-17起"]),
        ([{"until": date(2024, 6, 1)}], None, ["参数monthly到2024-06-01就没有值了，清单没有写到哪天为止"]),
        ([{"until": date(2024, 6, 1)}], date(2025, 1, 1), ["参数monthly到2024-06-01就没有值了，清单到2025-01-01止"]),
        ([{"until": date(2025, 1, 1)}], date(2025, 1, 1), []),
        ([{"from": date(2020, 1, 1)}], None, []),  # a figure may be older than the list
        ([], None, []),  # the law names it and prints none
    ],
)
def test_a_figure_has_a_value_on_every_day_of_the_list_or_none_at_all(
    tmp_path: Path, rows: list[dict[str, Any]], until: date | None, found: list[str]
) -> None:
    finding = check(tmp_path, paid(1, 100, **dated(*rows)), until=until)
    assert problems(finding) == found
    assert all(problem.where == line_of(tmp_path / LIST / "01-item-1.yaml", "unit:") for problem in finding.problems)


@covers("POL-03")
@pytest.mark.parametrize(
    ("rows", "unset_before", "found"),
    [
        ([{"from": ON}], ON, []),
        ([{"from": ON}, {"from": date(2025, 1, 1), "value": 120}], ON, []),
        ([{"from": ON}], date(2024, 6, 1), ["参数monthly从2024-05-01有值，unset_before写的是2024-06-01"]),
        ([], ON, ["参数monthly写了unset_before，却没有值"]),
        ([{"from": ON, "until": date(2025, 1, 1)}], ON, ["参数monthly到2025-01-01就没有值了，清单没有写到哪天为止"]),
    ],
)
def test_a_figure_set_later_says_from_when_and_is_unknown_before(
    tmp_path: Path, rows: list[dict[str, Any]], unset_before: date, found: list[str]
) -> None:
    own = dated(*rows)
    own["parameters"]["monthly"]["unset_before"] = unset_before
    assert problems(check(tmp_path, paid(1, 100, **own))) == found
    if not found:
        amounts = [bind(load_pack(tmp_path, LIST), day).items[0].amount for day in (date(2024, 4, 30), ON)]
        assert amounts == [n.Unset("monthly"), n.Constant(Fraction(100))]


def test_a_figure_of_the_list_itself_is_checked_in_its_own_file(tmp_path: Path) -> None:
    finding = check(tmp_path, sound(), parameters={"standard": dated({"from": ON})["parameters"]["monthly"]})
    assert problems(finding) == ["参数standard从2024-05-01才有值，清单从2023-10-17起"]
    assert "list.yaml:" in finding.problems[0].where


def test_formulas_in_a_circle_are_reported_once_a_file(tmp_path: Path) -> None:
    own = {"monthly": figure("other * 2"), "other": figure("monthly")}
    finding = check(tmp_path, paid(1, 100, parameters=own), paid(2, 100))
    assert problems(finding) == ["参数互相引用成了圈：monthly → other → monthly"]


def test_a_group_whose_limit_is_no_figure_is_found_by_binding(tmp_path: Path) -> None:
    living = {"title": "生活类", "pays": "sum up to", "limit": "most", "clause": CLAUSE}
    finding = check(tmp_path, paid(1, 100, group="living"), groups={"living": living})
    assert [(problem.problem, problem.given) for problem in finding.problems] == [("没有这个参数", "most")]


def below(root: Path, upper: list[dict[str, Any]], lower: list[dict[str, Any]], **keys: Any) -> Finding:
    """The gate on a district list that extends the city's."""
    write_list(root, *upper)
    return check(root, *lower, list_id=DISTRICT, extends=LIST, region="420704", **keys)


@covers("POL-02")
def test_a_district_item_below_the_city_is_reported_with_a_person_who_shows_it(tmp_path: Path) -> None:
    narrower = sound(
        1, who="dementia AND lives_alone", examples=[YES | {"outcome": "unknown", "missing": ["lives_alone"]}]
    )
    narrower["examples"] += [NO, YES | {"given": {"dementia": True, "lives_alone": True}}]
    finding = below(tmp_path, [sound(1), paid(2, 100)], [narrower, paid(2, 80)])
    first, second = finding.problems
    assert "第1项低于上级清单“小清单”（2023-10-17）" in first.problem
    assert first.problem.endswith("；例：失智：是，独居：否")
    assert first.where == line_of(tmp_path / DISTRICT / "01-item-1.yaml", "who:")
    assert "标准变低：100→80" in second.problem
    assert second.where == line_of(tmp_path / DISTRICT / "02-item-2.yaml", "gives:")
    assert first.accepted == second.accepted == "不少于上级清单的人和标准"


@covers("POL-02", "POL-03")
def test_a_district_that_falls_behind_on_a_later_day_is_found_with_that_day(tmp_path: Path) -> None:
    rows = [{"until": date(2025, 1, 1)}, {"from": date(2025, 1, 1), "value": 120}]
    finding = below(tmp_path, [paid(1, 100, **dated(*rows))], [paid(1, 110)])
    (problem,) = finding.problems
    assert "（2025-01-01）" in problem.problem and "标准变低：120→110" in problem.problem


@covers("POL-02")
def test_a_better_district_passes_and_what_it_inherits_is_not_checked_again(tmp_path: Path) -> None:
    finding = below(tmp_path, [paid(1, 100), sound(2, examples=[YES])], [paid(1, 120)])
    assert problems(finding) == []
    assert finding.examples == 3


def test_a_figure_inherited_with_a_hole_is_the_city_s_to_mend(tmp_path: Path) -> None:
    hole = {"standard": dated({"from": ON})["parameters"]["monthly"]}
    write_list(tmp_path, sound(1), parameters=hole)
    finding = check(tmp_path, sound(1), list_id=DISTRICT, extends=LIST, region="420704")
    assert problems(finding) == []


def test_the_problem_says_where_and_what(tmp_path: Path) -> None:
    (problem,) = below(tmp_path, [sound(1), paid(2, 100)], [paid(2, 80)]).problems
    assert isinstance(problem, BadInput)
    assert str(problem).startswith(str(tmp_path / DISTRICT / "02-item-2.yaml"))
