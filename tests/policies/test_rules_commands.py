"""songhe rules explain, compare, list, test, doubts as an officer meets them: what is asked for, what is mistyped."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from songhe.config.paths import policies_folder
from songhe.rules.reading_packs import list_ids
from tests.command_line import EZHOU, ON, run
from tests.rules.writing_lists import LIST, START, item, write_list
from tests.trace import covers

NATIONAL = "000000-national/basic-list-2023"
FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "lists"
DISTRICT = "420704-echeng/basic-list-2024"


@covers("POL-01", "POL-03")
@pytest.mark.parametrize("named", ["17", "养老服务补贴", "elderly-service-subsidy", "１７", " 17 "])
def test_an_item_is_explained_by_number_name_or_english_name(named: str) -> None:
    ended = run("rules", "explain", named, "--on", ON)
    assert ended.code == 0
    assert ended.out.startswith("17  养老服务补贴\n")
    assert "谁可享    年满80周岁，且（是低保家庭；" in ended.out
    assert "给什么    发100元/月" in ended.out
    assert re.search(r"每月补贴 +monthly_amount +100 +元/月 +2023-10-17 +ezhou-2023/annex-1/17", ended.out)
    assert "ezhou-06  17项" in ended.out and "待确认：市民政局" in ended.out


@pytest.mark.parametrize(
    ("named", "near"), [("高龄津帖", "3 高龄津贴"), ("补贴", "养老服务补贴"), ("meal", "26 老年人助餐")]
)
def test_an_item_mistyped_is_answered_with_what_is_near(named: str, near: str) -> None:
    ended = run("rules", "explain", named)
    assert ended.code == 1 and ended.out == ""
    assert f"找不到事项“{named}”" in ended.err and near in ended.err
    assert len(ended.err) < 100


@pytest.mark.parametrize("command", [["check"], ["test"], ["list"], ["doubts"], ["explain", "17", "--list"]])
def test_a_list_that_is_not_there_is_answered_with_those_there_are(command: list[str]) -> None:
    ended = run("rules", *command, "420700-ezhou/basic-list-2024")
    assert ended.code == 1
    assert "找不到清单420700-ezhou/basic-list-2024" in ended.err
    assert all(list_id in ended.err for list_id in list_ids(policies_folder()))


@pytest.mark.parametrize("command", ["check", "test"])
def test_a_folder_without_lists_is_no_success(tmp_path: Path, command: str) -> None:
    ended = run("rules", command, "--policies", tmp_path)
    assert ended.code == 1
    assert "里面没有清单" in ended.err and "list.yaml" in ended.err


def test_a_day_that_is_none_is_wrong_usage() -> None:
    ended = run("rules", "explain", "17", "--on", "5月1日")
    assert ended.code == 2
    assert "“5月1日”不是日期；要写成2024-05-01" in ended.err


@pytest.mark.parametrize("command", [["explain", "17"], ["list"], ["compare", EZHOU, EZHOU]])
def test_a_day_before_the_list_is_pointed_out(command: list[str]) -> None:
    assert "从2023-10-17起施行，2020-01-01不在其中" in run("rules", *command, "--on", "2020-01-01").err


@covers("POL-01")
def test_the_figures_of_the_list_an_item_waits_for_are_on_its_page() -> None:
    out = run("rules", "explain", "16", "--on", ON).out
    assert re.search(r"高龄的年龄 +list\.advanced_age +未定 +年", out)
    assert re.search(r"当地低保标准 +list\.local_minimum_standard +未定 +元/月", out)
    assert re.search(r"对当地低保标准的比例 +top_up_ratio +0\.2 +倍", out)


@covers("POL-03", "PAY-01")
def test_a_formula_is_worked_out_and_all_dated_values_are_told(tmp_path: Path) -> None:
    clause = "ezhou-2023/annex-1/1"
    rows = [{"from": START, "value": 700, "clause": clause}, {"from": "2025-01-01", "value": 735, "clause": clause}]
    own = {
        "standard": {"unit": "CNY/month", "values": rows},
        "monthly": {"unit": "CNY/month", "values": [{"from": START, "until": ON, "value": 900, "clause": clause}]},
        "top": {"unit": "CNY/month", "values": []},
        "open": {"unit": "CNY/month", "values": [{"from": START, "value": "top * 2", "clause": clause}]},
    }
    own["monthly"]["values"].append({"from": ON, "value": "standard * 1.3", "clause": clause})
    folder = write_list(tmp_path, item(1, parameters=own, gives={"cash": "monthly + open", "per": "month"}))
    path = folder / "01-item-1.yaml"
    path.write_text(re.sub(r"'(\d{4}-\d\d-\d\d)'", r"\1", path.read_text(encoding="utf-8")), encoding="utf-8")
    out = run("rules", "explain", "1", "--list", LIST, "--on", "2025-01-01", "--policies", tmp_path).out
    assert re.search(r"^standard +standard +735 +元/月 +2025-01-01", out, re.MULTILINE)
    assert re.search(r"^monthly +monthly +955\.5 +元/月 +2024-05-01", out, re.MULTILINE)
    assert re.search(r"^open +open +算式里有未定的 ", out, re.MULTILINE)
    assert "standard历次：2023-10-17起700，2025-01-01起735" in out
    assert "monthly历次：2023-10-17起900（到2024-05-01止，当天不含），2024-05-01起算式" in out


@covers("POL-05")
def test_the_city_is_compared_with_the_country_in_the_order_of_its_items() -> None:
    ended = run("rules", "compare", NATIONAL, EZHOU, "--on", ON)
    assert ended.code == 1
    numbers = [int(line.split()[0]) for line in ended.out.splitlines() if re.match(r" ?\d+  ", line)]
    assert numbers == sorted(numbers) and set(numbers) == set(range(1, 28))
    assert re.search(r"^14  分散特困供养 +✗ 人变少 .*年龄：59周岁（1964-05-02出生）", ended.out, re.MULTILINE)
    assert "国家基本养老服务清单 → 鄂州市基本养老服务清单（2024-05-01）：" in ended.out
    assert ended.out.rstrip().endswith("低于上级8处")
    assert "还没有与正式文本核对" in ended.err


@covers("POL-05")
def test_a_list_is_not_below_itself() -> None:
    ended = run("rules", "compare", EZHOU, EZHOU)
    assert ended.code == 0
    assert "：一样27处\n没有低于上级的" in ended.out


@covers("POL-02", "POL-05")
def test_a_district_in_a_folder_of_its_own_is_compared_with_the_city() -> None:
    by_option = run("rules", "compare", EZHOU, DISTRICT, "--on", ON, "--policies", FIXTURES)
    by_folder = run("rules", "compare", EZHOU, FIXTURES / DISTRICT, "--on", ON)
    assert by_option == by_folder
    assert by_option.code == 1 and "低于上级2处" in by_option.out


@covers("POL-05")
def test_a_list_is_compared_with_what_it_was_before(tmp_path: Path) -> None:
    shutil.copytree(policies_folder(), tmp_path / "new")
    meals = tmp_path / "new" / EZHOU / "26-meals.yaml"
    meals.write_text(meals.read_text(encoding="utf-8").replace("value: 20,", "value: 25,"), encoding="utf-8")
    ended = run("rules", "compare", EZHOU, tmp_path / "new" / EZHOU, "--on", ON)
    assert ended.code == 0
    assert "标准变高：20→25" in ended.out and "一样26处，＋ 标准高1处" in ended.out
    differing = run("rules", "compare", EZHOU, tmp_path / "new" / EZHOU, "--on", ON, "--differing")
    assert [line.split()[0] for line in differing.out.splitlines() if re.match(r" ?\d+  ", line)] == ["26"]
    assert differing.out.splitlines()[-2:] == ended.out.splitlines()[-2:]


def test_a_folder_that_is_no_list_is_named() -> None:
    ended = run("rules", "compare", "old/420700-ezhou/basic-list-2023", EZHOU)
    assert ended.code == 1
    assert "找不到清单old/420700-ezhou/basic-list-2023；有的是：里面有list.yaml的文件夹" in ended.err


def test_an_example_that_fails_is_named_and_the_exit_code_is_1(tmp_path: Path) -> None:
    wrong = [{"case": "都不知道", "on": START, "given": {}, "outcome": "yes"}]
    folder = write_list(tmp_path, item(1, examples=wrong))
    ended = run("rules", "test", "--policies", tmp_path)
    assert ended.code == 1
    assert f"{LIST}：1个例子，1处不成立" in ended.out
    assert f"{folder / '01-item-1.yaml'}:" in ended.out and "例子“都不知道”不成立" in ended.out
    assert run("rules", "test", EZHOU).out == f"{EZHOU}：{_examples(EZHOU)}个例子，都成立\n"


def _examples(list_id: str) -> int:
    files = (policies_folder() / list_id).glob("*.yaml")
    return sum(path.read_text(encoding="utf-8").count("- {case:") for path in files)


@covers("POL-04")
@pytest.mark.parametrize(
    ("groups", "numbers"),
    [
        (["残疾"], [19, 20, 21, 24]),
        (["残疾", "失能"], [19, 21, 24]),
        (["age:59", "不分人群"], []),
        (["留守"], [24, 27]),
    ],
)
def test_a_list_is_cut_to_what_is_for_a_group(groups: list[str], numbers: list[int]) -> None:
    ended = run("rules", "list", EZHOU, "--on", ON, *(word for group in groups for word in ("--group", group)))
    assert ended.code == 0
    assert [int(line.split()[0]) for line in ended.out.splitlines() if re.match(r" ?\d+  ", line)] == numbers
    assert f"27项中的{len(numbers)}项" in ended.out


def test_a_group_that_is_not_there_is_answered_with_those_there_are() -> None:
    ended = run("rules", "list", "--group", "残障")
    assert ended.code == 1
    assert "找不到人群残障" in ended.err and "残疾" in ended.err


def test_all_doubts_of_the_city_are_printed_with_who_must_confirm() -> None:
    out = run("rules", "doubts", EZHOU).out
    assert re.findall(r"^ezhou-\d\d", out, re.MULTILINE) == [f"ezhou-{number:02d}" for number in range(1, 32)]
    assert out.count("待确认：") == 31
    assert out.rstrip().endswith("鄂州市基本养老服务清单：存疑31处")
