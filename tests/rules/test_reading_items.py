"""Reading an item file: each fault is reported with file, line and what is accepted, and all of them at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from songhe.kernel.errors import BadInput
from songhe.rules import nodes as n
from songhe.rules.packs import Item, Pack
from songhe.rules.reading_packs import load_pack, read_pack
from tests.rules.writing_lists import LIST, ON, START, cash, figure, item, line_of, read, text_of, write_list
from tests.trace import covers

CLAUSE = "ezhou-2023/annex-1/1"
YES = {"case": "失智", "on": ON, "given": {"dementia": True}, "outcome": "yes"}


def faults(root: Path, one: Mapping[str, Any], **keys: Any) -> list[BadInput]:
    write_list(root, one, **keys)
    return read_pack(root, LIST)[1].found


def line_in(root: Path, one: Mapping[str, Any], start: str) -> str:
    """Where in the item's file a line begins with `start`."""
    return line_of(root / LIST / f"{one['number']:02d}-{one['item']}.yaml", start)


def example(**keys: Any) -> dict[str, Any]:
    return {"examples": [YES | keys]}


def monthly(*rows: Mapping[str, Any], **keys: Any) -> dict[str, Any]:
    """An item that gives a figure with these values, or with `keys` in place of the figure's usual ones."""
    values = [{"from": START, "value": 100, "clause": CLAUSE} | row for row in rows]
    kept = {"unit": "CNY/month", "values": values} | keys
    parameter = {key: value for key, value in kept.items() if value != "left out"}
    return {"parameters": {"monthly": parameter}, "gives": {"cash": "monthly", "per": "month"}}


def test_a_sound_item_has_no_fault_and_everything_that_is_written(tmp_path: Path) -> None:
    one = cash(
        7,
        "dementia\n  AND lives_alone",
        120,
        examples=[YES | {"missing": [], "amount": 120, "payable": 100.5}],
        category="poor",
        notes=["一", "二"],
        unconfirmed=True,
        audience="carer",
        also=[{"times": "2", "per": "month", "of": "上门"}, {"discount": "100", "of": "门票"}, {"service": "看望"}],
    )
    pack = read(tmp_path, one, categories={"poor": "经济困难老年人"})
    (read_again,) = pack.items
    assert (read_again.slug, read_again.number, read_again.name) == ("item-7", 7, "第7项")
    assert (read_again.type, read_again.lead, read_again.category) == ("care", ("市民政局",), "poor")
    assert (read_again.audience, read_again.notes, read_again.unconfirmed) == ("carer", ("一", "二"), True)
    assert read_again.who_text == "dementia AND lives_alone"
    assert read_again.who == n.And((n.FactValue("dementia"), n.FactValue("lives_alone")))
    assert [(gift.kind, str(gift.unit), gift.per, gift.what) for gift in read_again.also] == [
        ("times", "times/month", "month", "上门"),
        ("discount", "percent", "", "门票"),
        ("service", "None", "", "看望"),
    ]
    (shown,) = read_again.examples
    assert (shown.amount, shown.payable, shown.missing) == (Fraction(120), Fraction("100.5"), frozenset())
    assert read_again.where("who").endswith("07-item-7.yaml:" + str(read_again.lines["who"]))


@covers("POL-01")
@pytest.mark.parametrize(
    ("keys", "at", "problem"),
    [
        # the rule
        ({"who": None}, "item:", "缺“who”"),
        ({"who": "dementia AND"}, "who:", "读不懂表达式"),
        ({"who": "demented"}, "who:", "没有这个事实或参数"),
        ({"who": "age"}, "who:", "应当是"),
        ({"who": 5}, "who:", "应当是文字"),
        # what it gives
        ({"gives": None}, "item:", "缺“gives”"),
        ({"gives": {"service": "看望", "cash": "5", "per": "month"}}, "service:", "有且只有一种"),
        ({"gives": {"per": "month"}}, "per:", "有且只有一种"),
        ({"gives": {"cash": "5", "per": "week"}}, "per:", "“per”的值不认识"),
        ({"gives": {"cash": "5"}}, "cash:", "缺“per”"),
        ({"gives": {"cash": "dementia", "per": "month"}}, "cash:", "不能计算|应当是"),
        ({"gives": {"service": "看望", "monney": 5}}, "monney:", "没有“monney”这个键"),
        ({"also": [{"cash": "5", "per": "month"}]}, "cash:", "没有“cash”这个键"),
        ({"also": {"service": "看望"}}, "also:", "应当是一列"),
        ({"group": "living"}, "group:", "只有发钱的事项才有发放分组"),
        ({"group": "dying"}, "group:", "“group”的值不认识"),
        # keys
        ({"extra": 1}, "extra:", "没有“extra”这个键"),
        ({"type": "cash"}, "type:", "“type”的值不认识"),
        ({"category": "rich"}, "category:", "“category”的值不认识"),
        ({"audience": "neighbour"}, "audience:", "“audience”的值不认识"),
        ({"unconfirmed": "maybe"}, "unconfirmed:", "应当是true或false"),
        ({"lead": "市民政局"}, "lead:", "应当是一列文字"),
        ({"name": None}, "item:", "缺“name”"),
        ({"clause": "somewhere"}, "clause:", "依据写法不对"),
        ({"clause": "ezhou-2099/annex-1/1"}, "clause:", "instruments.yaml里没有这个文件"),
        # figures
        (monthly({}, unit="CNY/moon"), "unit:", "没有这个单位"),
        (monthly({}, unit="left out"), "values:", "缺“unit”"),
        (monthly(values="left out"), "unit:", "缺“values”"),
        (monthly(values=None), "values:", "缺“values”"),
        (monthly(values=5), "values:", "应当是一列"),
        (monthly({"value": None}), "value:", "缺“value”"),
        (monthly({"value": True}), "value:", "应当是数"),
        (monthly({"value": 10**13}), "value:", "太大或小数位太多"),
        (monthly({"from": None}), "from:", "“from”应当是日期"),
        (monthly({"from": "2023"}), "from:", "“from”应当是日期"),
        (monthly({"until": "later"}), "until:", "“until”应当是日期"),
        (monthly({"until": START}), "from:", "until不晚于from"),
        (monthly({"clause": "nowhere"}), "clause: nowhere", "依据写法不对"),
        (monthly({"value": "age * 2"}), "value:", "不能有事实：birth_date"),
        (monthly({"value": "other * 2"}), "value:", "没有这个事实或参数"),
        (monthly({"value": "1 +"}), "value:", "读不懂表达式"),
        ({"parameters": {"dementia": figure(1)}}, "unit:", "参数dementia与事实同名"),
        ({"parameters": {"age": figure(1)}}, "unit:", "参数age与事实同名"),
        ({"parameters": {"monthly": figure(1)}}, "unit:", "参数monthly没有用到"),
        ({"parameters": {"monthly": None}}, "monthly:", "“monthly”是空的"),
        # examples
        ({"examples": []}, "examples:", "没有例子"),
        ({"examples": None}, "item:", "没有例子"),
        (example(outcome="unknown"), "case:", "unknown要写明缺哪些事实"),
        (example(outcome="perhaps"), "outcome:", "“outcome”的值不认识"),
        (example(on="today"), "'on':", "“on”应当是日期"),
        (example(given={"demented": True}), "demented:", "没有这个事实：demented"),
        (example(given={"dementia": 1}), "dementia:", "“dementia”的值不对"),
        (example(given={"registered_region": "4207"}), "registered_region:", "“registered_region”的值不对"),
        (example(given=[]), "given:", "应当是“键: 值”"),
        (example(amount="viel"), "amount:", "“amount”应当是数"),
        (example(result="yes"), "result:", "没有“result”这个键"),
    ],
)  # fmt: skip
def test_a_fault_is_reported_with_file_line_and_what_is_accepted(
    tmp_path: Path, keys: dict[str, Any], at: str, problem: str
) -> None:
    one = item(1, **keys)
    found = faults(tmp_path, one, groups={"living": {"title": "生活类", "pays": "highest", "clause": CLAUSE}})
    wheres = [fault.where for fault in found if _says(fault, problem)]
    assert line_in(tmp_path, one, at) in wheres, [str(fault) for fault in found]
    assert all(fault.accepted for fault in found)


def _says(fault: BadInput, problem: str) -> bool:
    return any(part in fault.problem for part in problem.split("|"))


def test_a_rule_that_cannot_be_read_is_one_fault_though_its_figures_are_then_unused(tmp_path: Path) -> None:
    one = item(1, who="age >= from_age AND demented", parameters={"from_age": figure(80, "year")})
    (fault,) = faults(tmp_path, one)
    assert "没有这个事实或参数" in fault.problem


def test_a_number_that_is_none_and_a_file_of_another_name_are_reported(tmp_path: Path) -> None:
    folder = write_list(tmp_path)
    (folder / "05-other.yaml").write_text(text_of(item(1) | {"number": "eins"}), encoding="utf-8")
    found = {fault.problem: fault.accepted for fault in read_pack(tmp_path, LIST)[1].found}
    assert found == {"“number”应当是整数": "整数", "文件名应当是00-item-1.yaml": "号两位，接item"}


def test_a_file_that_cannot_be_read_at_all_is_one_fault_and_the_others_are_read(tmp_path: Path) -> None:
    folder = write_list(tmp_path, item(1))
    (folder / "02-broken.yaml").write_text("item: [", encoding="utf-8")
    pack, problems = read_pack(tmp_path, LIST)
    assert [one.slug for one in pack.items] == ["item-1"]
    (fault,) = problems.found
    assert "02-broken.yaml" in fault.where and "不是YAML" in fault.problem


@covers("POL-03")
@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([{"until": date(2024, 8, 1)}, {"from": date(2024, 7, 1)}], "与前一个值的日期重叠（2024-07-01）"),
        ([{}, {"value": 200}], "与前一个值的日期重叠（2023-10-17）"),
        ([{"until": date(2024, 6, 1)}, {"from": date(2024, 7, 1)}], "2024-06-01到2024-07-01没有值"),
    ],
)
def test_overlaps_and_gaps_between_values_are_reported_on_the_later_line(
    tmp_path: Path, rows: list[dict[str, Any]], problem: str
) -> None:
    one = item(1, **monthly(*rows))
    (fault,) = faults(tmp_path, one)
    assert fault.problem == problem
    path = tmp_path / LIST / "01-item-1.yaml"
    starts = [at for at, line in enumerate(path.read_text().splitlines(), 1) if line.lstrip().startswith("- from:")]
    assert fault.where == f"{path}:{starts[1]}"


def test_values_end_to_end_are_sound_and_come_in_order(tmp_path: Path) -> None:
    turn = date(2024, 7, 1)
    pack = read(tmp_path, item(1, **monthly({"from": turn, "value": 200}, {"until": turn}, notes=["分两次"])))
    values = pack.items[0].parameters["monthly"].values
    assert [(value.from_date, value.until_date, value.value) for value in values] == [
        (START, turn, 100),
        (turn, None, 200),
    ]


@pytest.mark.parametrize(
    ("keys", "unit", "per"),
    [
        ({"cash": "5", "per": "month"}, "CNY/month", "month"),
        ({"cash": "5", "per": "year"}, "CNY/year", "year"),
        ({"cash": "5", "per": "once"}, "CNY", "once"),
        ({"times": "5", "per": "month"}, "times/month", "month"),
        ({"times": "5", "per": "year"}, "times/year", "year"),
        ({"times": "5", "per": "once"}, "ratio", "once"),
        ({"discount": "5"}, "percent", ""),
    ],
)
def test_each_kind_of_gift_has_its_unit(tmp_path: Path, keys: dict[str, str], unit: str, per: str) -> None:
    gift = read(tmp_path, item(1, gives=keys)).items[0].gives
    assert (str(gift.unit), gift.per, gift.amount) == (unit, per, n.Constant(Fraction(5)))


def test_a_figure_of_another_unit_is_not_given(tmp_path: Path) -> None:
    own = {"from_age": figure(80, "year")}
    (fault,) = faults(tmp_path, item(1, parameters=own, gives={"cash": "from_age", "per": "month"}))
    assert (fault.problem, fault.accepted) == ("这里应当是数（CNY/month），现在是数（year）", "数（CNY/month）")


def test_a_list_with_faults_is_not_loaded_the_first_is_shown_and_the_others_counted(tmp_path: Path) -> None:
    write_list(tmp_path, item(1, type="cash"))
    with pytest.raises(BadInput, match="“type”的值不认识；"):
        load_pack(tmp_path, LIST)
    write_list(tmp_path, item(1, type="cash", extra=1, more=2))
    with pytest.raises(BadInput, match="另有2处"):
        load_pack(tmp_path, LIST)


def test_a_note_that_cites_a_doubt_nobody_keeps_is_reported_on_its_line(tmp_path: Path) -> None:
    one = item(1, notes=["清楚", "生日当月算不算不清楚（ezhou-07）"])
    (fault,) = faults(tmp_path, one)
    assert (fault.problem, fault.given) == ("doubts.yaml里没有这个存疑", "ezhou-07")
    assert fault.where == line_in(tmp_path, one, "生日当月")
    assert "还没有" in fault.accepted


def test_a_parameter_used_only_by_another_is_used(tmp_path: Path) -> None:
    own = {"standard": figure(100), "monthly": figure("standard * 1.3")}
    pack: Pack = read(tmp_path, item(1, parameters=own, gives={"cash": "monthly", "per": "month"}))
    found: Item | None = pack.item("1")
    assert found is not None and set(found.parameters) == {"standard", "monthly"}
    assert pack.item("2") is None and pack.item("item-1") is found
