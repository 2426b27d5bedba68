"""An invented district list that extends the city's: one item better, one illegally worse, the rest inherited."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from songhe.config.paths import policies_folder
from songhe.kernel.errors import BadInput
from songhe.rules.comparing import compare_lists
from songhe.rules.gate import check_list
from songhe.rules.reading_packs import load_pack
from tests.trace import covers

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "lists"
CITY, DISTRICT = "420700-ezhou/basic-list-2023", "420704-echeng/basic-list-2024"
WORSE = "17-elderly-service-subsidy.yaml"
ACCEPTED = "不少于上级清单的人和标准"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The invented list, to be changed at will."""
    return Path(shutil.copytree(FIXTURES, tmp_path / "lists"))


def _check(root: Path) -> list[BadInput]:
    return list(check_list(root, DISTRICT, parents=policies_folder()).problems)


def _change(root: Path, name: str, old: str, new: str) -> None:
    path = root / DISTRICT / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")


def _line(root: Path, name: str, start: str) -> str:
    path = root / DISTRICT / name
    lines = path.read_text(encoding="utf-8").splitlines()
    return f"{path}:{next(number for number, line in enumerate(lines, 1) if line.startswith(start))}"


@covers("POL-02")
def test_everything_of_the_city_is_in_the_district_list() -> None:
    city = load_pack(policies_folder(), CITY)
    district = load_pack(FIXTURES, DISTRICT, parents=policies_folder())
    assert [item.number for item in district.items] == list(range(1, 28))
    assert district.own_items == {"elderly-service-subsidy", "meals"}
    inherited = [item for item in district.items if item.slug not in district.own_items]
    assert inherited == [item for item in city.items if item.slug not in district.own_items]
    assert district.doubts == city.doubts and district.type_words == city.type_words


@covers("POL-02")
def test_the_gate_reports_the_worse_item_with_file_line_and_what_is_accepted(root: Path) -> None:
    narrower, poorer = _check(root)
    assert narrower.where == _line(root, WORSE, "who:")
    assert "养老服务补贴低于上级清单“鄂州市基本养老服务清单”" in narrower.problem and "人变少" in narrower.problem
    assert "80周岁" in narrower.problem, "a person between the two ages shows it"
    assert poorer.where == _line(root, WORSE, "gives:")
    assert "标准变低：100→80" in poorer.problem
    assert narrower.accepted == poorer.accepted == ACCEPTED


@covers("POL-02")
def test_the_better_item_is_not_held_against_the_district() -> None:
    city = load_pack(policies_folder(), CITY)
    district = load_pack(FIXTURES, DISTRICT, parents=policies_folder())
    rows = {(row.slug, row.verdict) for row in compare_lists(city, district, date(2024, 5, 1))}
    assert {row for row in rows if row[1] != "same"} == {
        ("elderly-service-subsidy", "narrower"),
        ("elderly-service-subsidy", "poorer"),
        ("meals", "better"),
    }


@covers("POL-02")
def test_without_the_worse_item_the_list_passes(root: Path) -> None:
    (root / DISTRICT / WORSE).unlink()
    assert _check(root) == []


@covers("POL-02")
def test_a_worse_tier_for_some_ages_only_is_found_though_the_others_are_better(root: Path) -> None:
    (root / DISTRICT / WORSE).unlink()
    _change(root, "26-meals.yaml", "value: 35, clause", "value: 28, clause")
    _change(root, "26-meals.yaml", "outcome: yes, amount: 35}", "outcome: yes, amount: 28}")
    (problem,) = _check(root)
    assert problem.where == _line(root, "26-meals.yaml", "gives:")
    assert "标准变低：30→28" in problem.problem and "70周岁" in problem.problem


@covers("POL-02", "POL-03")
def test_a_list_that_falls_below_only_later_is_found_today(root: Path) -> None:
    (root / DISTRICT / WORSE).unlink()
    later = (
        "value: 50, clause: echeng-2024/list/26}\n      - {from: 2025-01-01, value: 30, clause: echeng-2024/list/26}"
    )
    _change(root, "26-meals.yaml", "value: 50, clause: echeng-2024/list/26}", later)
    (problem,) = _check(root)
    assert "（2025-01-01）" in problem.problem and "标准变低：40→30" in problem.problem


@covers("POL-02")
def test_a_gift_left_out_is_below_the_city(root: Path) -> None:
    shutil.copy(policies_folder() / CITY / "09-parks-and-sights.yaml", root / DISTRICT)
    name = "09-parks-and-sights.yaml"
    _change(root, WORSE, "value: 85", "value: 80")
    assert not [p for p in _check(root) if name in p.where]
    _change(
        root,
        name,
        "value: 100, clause: ezhou-2023/annex-1/9}\n  reduced",
        "value: 80, clause: ezhou-2023/annex-1/9}\n  reduced",
    )
    (problem,) = [p for p in _check(root) if name in p.where]
    assert "“各类公园、纪念性陵园的门票”标准变低：100→80" in problem.problem
    _change(root, name, "of: 各类公园、纪念性陵园的门票", "of: 各类公园的门票")
    (problem,) = [p for p in _check(root) if name in p.where]
    assert "没有“各类公园、纪念性陵园的门票”" in problem.problem


@covers("POL-02")
def test_a_district_may_set_the_amount_the_city_leaves_open(root: Path) -> None:
    (root / DISTRICT / WORSE).unlink()
    shutil.copy(policies_folder() / CITY / "03-advanced-age-allowance.yaml", root / DISTRICT)
    name = "03-advanced-age-allowance.yaml"
    _change(
        root, name, "    values: []", "    values:\n      - {from: 2024-01-01, value: 100, clause: echeng-2024/list/3}"
    )
    assert _check(root) == []
    rows = compare_lists(
        load_pack(policies_folder(), CITY), load_pack(root, DISTRICT, parents=policies_folder()), date(2024, 5, 1)
    )
    (row,) = [row for row in rows if row.slug == "advanced-age-allowance"]
    assert (row.verdict, row.words) == ("better", "上级没有定每月津贴，这里定了标准")


@covers("POL-02")
def test_a_list_that_extends_what_is_not_there_is_refused(root: Path) -> None:
    _change(root, "list.yaml", "extends: 420700-ezhou/basic-list-2023", "extends: 420700-ezhou/basic-list-2099")
    problem = _check(root)[0]
    assert problem.where == _line(root, "list.yaml", "extends:")
    assert CITY in problem.accepted
