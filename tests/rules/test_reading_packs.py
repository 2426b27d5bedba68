"""Reading a list from its files: what it is, what it inherits, and everything wrong with it at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from songhe.kernel.errors import BadInput, NotFound
from songhe.rules.packs import TYPE_WORDS
from songhe.rules.reading_packs import list_ids, load_pack, read_pack
from tests.rules.writing_lists import LIST, START, cash, figure, item, line_of, read, text_of, write_list
from tests.trace import covers

CLAUSE = "ezhou-2023/annex-1/1"
GROUP = {"title": "生活类", "pays": "highest", "clause": CLAUSE}
DISTRICT = "420704-echeng/small-list"


@covers("POL-01")
def test_a_list_says_what_it_is(tmp_path: Path) -> None:
    pack = read(
        tmp_path,
        item(2),
        item(1),
        until=date(2025, 1, 1),
        items=2,
        categories={"poor": "经济困难老年人"},
        types={"material": "物质帮助"},
        groups={"living": GROUP | {"notes": ["就高"]}},
        parameters={"standard": figure(730)},
        notes=["印发稿"],
        unconfirmed=True,
    )
    assert (pack.id, pack.title, pack.region, pack.region_name) == (LIST, "小清单", "420700", "鄂州市")
    assert (pack.instrument, pack.from_date, pack.until_date) == ("ezhou-2023", START, date(2025, 1, 1))
    assert [one.number for one in pack.items] == [1, 2]
    assert pack.own_items == {"item-1", "item-2"}
    assert pack.type_words == TYPE_WORDS | {"material": "物质帮助"}
    assert pack.type_word(pack.items[0]) == "照护服务"
    assert (pack.categories, pack.notes, pack.unconfirmed) == ({"poor": "经济困难老年人"}, ("印发稿",), True)
    assert (pack.groups["living"].title, pack.groups["living"].notes) == ("生活类", ("就高",))
    assert set(pack.parameters) == {"standard"}


@covers("POL-03")
def test_a_list_is_in_force_from_its_first_day_until_its_last_excluded(tmp_path: Path) -> None:
    ended = read(tmp_path, until=date(2025, 1, 1))
    days = [date(2023, 10, 16), START, date(2024, 12, 31), date(2025, 1, 1)]
    assert [ended.in_force(day) for day in days] == [False, True, True, False]
    assert read(tmp_path).in_force(date.max)


def test_a_list_without_a_name_of_its_region_takes_its_title(tmp_path: Path) -> None:
    assert read(tmp_path, region_name=None).region_name == "小清单"


@pytest.mark.parametrize(
    ("keys", "at", "problem"),
    [
        ({"title": None}, "list:", "缺“title”"),
        ({"region": "4207"}, "region:", "行政区划代码写法不对"),
        ({"region": None}, "list:", "缺“region”"),
        ({"instrument": "ezhou-2099"}, "instrument:", "instruments.yaml里没有这个文件"),
        ({"instrument": None}, "list:", "缺“instrument”"),
        ({"from": None}, "list:", "“from”应当是日期"),
        ({"until": "one day"}, "until:", "“until”应当是日期"),
        ({"extends": "420700-ezhou/other"}, "extends:", "没有可继承的这个清单"),
        ({"items": 27}, "items:", "印发的清单有27项，这里有1项"),
        ({"items": "viele"}, "items:", "“items”应当是整数"),
        ({"categories": {"poor": 5}}, "poor:", "“poor”应当是文字"),
        ({"categories": {"poor": None}}, "poor:", "缺“poor”"),
        ({"categories": []}, "categories:", "应当是“键: 值”"),
        ({"types": {"food": "吃的"}}, "food:", "没有“food”这个键"),
        ({"groups": {"living": GROUP | {"pays": "all"}}}, "pays:", "“pays”的值不认识"),
        ({"groups": {"living": GROUP | {"pays": "sum up to"}}}, "title: 生活类", "只有sum up to要写limit"),
        ({"groups": {"living": GROUP | {"limit": "most"}}}, "limit:", "只有sum up to要写limit"),
        ({"groups": {"living": GROUP | {"clause": "x"}}}, "clause:", "依据写法不对"),
        ({"groups": {"living": GROUP | {"notes": ["见ezhou-07"]}}}, "见ezhou-07", "没有这个存疑"),
        ({"parameters": {"most": figure(1, unit="kg")}}, "unit:", "没有这个单位"),
        ({"unconfirmed": 1}, "unconfirmed:", "应当是true或false"),
        ({"notes": "一句话"}, "notes:", "应当是一列文字"),
        ({"notes": ["见ezhou-07"]}, "见ezhou-07", "没有这个存疑"),
        ({"rate": 5}, "rate:", "没有“rate”这个键"),
    ],
)
def test_a_fault_of_the_list_is_reported_with_file_line_and_what_is_accepted(
    tmp_path: Path, keys: dict[str, Any], at: str, problem: str
) -> None:
    folder = write_list(tmp_path, item(1), **keys)
    found = read_pack(tmp_path, LIST)[1].found
    where = line_of(folder / "list.yaml", at)
    (fault,) = [fault for fault in found if problem in fault.problem]
    assert fault.where == where
    assert fault.accepted
    assert all(other.where == where for other in found)


def test_numbers_and_names_are_used_once(tmp_path: Path) -> None:
    folder = write_list(tmp_path, item(1), item(1, "other"))
    (folder / "02-item-1.yaml").write_text(text_of(item(2, "item-1")), encoding="utf-8")
    found = [(Path(fault.where).name, fault.problem) for fault in read_pack(tmp_path, LIST)[1].found]
    assert found == [
        ("01-other.yaml:2", "与01-item-1.yaml重复：1"),
        ("02-item-1.yaml:2", "与01-item-1.yaml重复：item-1"),
    ]


def test_a_list_that_is_not_there_is_not_found_and_those_there_are_are_named(tmp_path: Path) -> None:
    write_list(tmp_path)
    write_list(tmp_path, list_id=DISTRICT)
    assert list_ids(tmp_path) == (LIST, DISTRICT)
    with pytest.raises(NotFound) as refused:
        load_pack(tmp_path, "420700-ezhou/other")
    assert refused.value.accepted == f"{LIST}、{DISTRICT}"


def test_without_instruments_no_clause_is_known(tmp_path: Path) -> None:
    write_list(tmp_path, item(1))
    (tmp_path / "instruments.yaml").unlink()
    with pytest.raises(BadInput, match=r"instruments\.yaml里没有这个文件"):
        load_pack(tmp_path, LIST)


def _with_parent(root: Path, *items: dict[str, Any], **keys: Any) -> None:
    upper = {
        "categories": {"poor": "经济困难老年人"},
        "types": {"material": "物质帮助"},
        "groups": {"living": GROUP},
        "parameters": {"standard": figure(730)},
    }
    write_list(root, cash(1, "dementia", 100), item(2), **upper)
    write_list(root, *items, list_id=DISTRICT, extends=LIST, region="420704", **keys)


@covers("POL-02")
def test_what_a_list_does_not_say_itself_it_has_from_the_list_above(tmp_path: Path) -> None:
    _with_parent(tmp_path, cash(1, "dementia", 120), item(3), parameters={"standard": figure(800)})
    pack, above = load_pack(tmp_path, DISTRICT), load_pack(tmp_path, LIST)
    assert pack.extends == above
    assert [(one.slug, one.slug in pack.own_items) for one in pack.items] == [
        ("item-1", True),
        ("item-2", False),
        ("item-3", True),
    ]
    assert pack.items[1] == above.items[1]
    assert pack.parameters["standard"].values[0].value == 800
    assert above.parameters["standard"].values[0].value == 730
    assert (pack.categories, pack.groups) == (above.categories, above.groups)
    assert pack.type_words["material"] == "物质帮助"


@covers("POL-02")
def test_the_list_above_may_lie_elsewhere(tmp_path: Path) -> None:
    _with_parent(tmp_path, item(3))
    (tmp_path / "district").mkdir()
    (tmp_path / "420704-echeng").rename(tmp_path / "district" / "420704-echeng")
    pack = load_pack(tmp_path / "district", DISTRICT, parents=tmp_path)
    assert [one.number for one in pack.items] == [1, 2, 3]
    with pytest.raises(BadInput, match="没有可继承的这个清单"):
        load_pack(tmp_path / "district", DISTRICT)


def test_faults_of_the_list_above_are_reported_with_it(tmp_path: Path) -> None:
    _with_parent(tmp_path, item(3))
    (tmp_path / LIST / "02-item-2.yaml").write_text("item: [", encoding="utf-8")
    (fault,) = read_pack(tmp_path, DISTRICT)[1].found
    assert f"{tmp_path / LIST / '02-item-2.yaml'}:" in fault.where


@pytest.mark.parametrize("circle", [DISTRICT, "420704-echeng/../420704-echeng/small-list"])
def test_lists_that_extend_each_other_in_a_circle_are_refused(tmp_path: Path, circle: str) -> None:
    write_list(tmp_path, extends=circle)
    write_list(tmp_path, list_id=DISTRICT, extends=LIST)
    (fault,) = read_pack(tmp_path, DISTRICT)[1].found
    assert fault.where == line_of(tmp_path / LIST / "list.yaml", "extends:")
    assert "继承成了圈" in fault.problem


def test_the_digest_changes_with_every_file_and_with_nothing_else(tmp_path: Path) -> None:
    folder = write_list(tmp_path, item(1), item(2))
    first = load_pack(tmp_path, LIST).digest
    assert load_pack(tmp_path, LIST).digest == first
    path = folder / "02-item-2.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("照清单", "照新清单"), encoding="utf-8")
    second = load_pack(tmp_path, LIST).digest
    path.unlink()
    assert len({first, second, load_pack(tmp_path, LIST).digest}) == 3
