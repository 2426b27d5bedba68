"""Every figure the Ezhou list prints, written down here from the document, against what the files hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pytest

from songhe.config.paths import policies_folder
from songhe.rules.packs import Item, Pack, Parameter
from songhe.rules.programme import bind
from songhe.rules.reading_packs import load_pack
from songhe.rules.readings.reference import Reference
from tests.trace import covers

LIST = "420700-ezhou/basic-list-2023"
DAY = date(2024, 5, 1)
ISSUED = date(2023, 10, 17)


@dataclass(frozen=True)
class Line:
    """One line of the printed list. `figures` are (unit, figure) pairs; None stands for one named and not printed."""

    name: str
    category: str
    type: str
    lead: tuple[str, ...]
    figures: tuple[tuple[str, str | None], ...] = ()


# number -> what the annex prints; ages in years, discounts in percent, money in yuan a month.
PRINTED = {
    1: Line("职工基本养老保险", "普惠", "物资帮助", ("市人社局",)),
    2: Line("城乡居民基本养老保险", "普惠", "物资帮助", ("市人社局",)),
    3: Line("高龄津贴", "普惠", "物资帮助", ("市民政局",), (("year", "80"), ("CNY/month", None))),
    4: Line("提供社区活动场所", "普惠", "照护服务", ("市民政局",), (("year", "60"),)),
    5: Line("养老顾问服务", "普惠", "关爱服务", ("市民政局",), (("year", "60"),)),
    6: Line("就医便利服务", "普惠", "关爱服务", ("市卫健委",), (("year", "60"),)),
    7: Line("老年教育服务", "普惠", "关爱服务", ("市教育局", "市老干局"), (("year", "60"),)),
    8: Line("乘坐城市公共交通工具", "普惠", "物资帮助", ("市交通运输局",), (("year", "65"), ("percent", "100"))),
    9: Line(
        "参观公园、人文纪念馆和风景区",
        "普惠",
        "物资帮助",
        ("市发改委",),
        (("year", "60"), ("year", "65"), ("percent", "100"), ("percent", "50"), ("percent", "100")),
    ),
    10: Line("老年人能力综合评估", "普惠", "照护服务", ("市民政局", "市卫健委"), (("year", "65"),)),
    11: Line("健康管理服务", "普惠", "照护服务", ("市卫健委",), (("year", "65"), ("times/year", "1"))),
    12: Line("法律援助服务", "保障", "物资帮助", ("市法院", "市司法局"), (("year", "60"),)),
    13: Line("优抚集中供养", "保障", "照护服务", ("市退役军人事务局",)),
    14: Line("分散特困供养", "保障", "照护服务", ("市民政局",), (("year", "60"),)),
    15: Line("集中特困供养", "保障", "照护服务", ("市民政局",), (("year", "60"), ("ratio", "1.3"))),
    16: Line("低保重点保障", "保障", "物资帮助", ("市民政局",), (("ratio", "0.2"),)),
    17: Line("养老服务补贴", "保障", "物资帮助", ("市民政局",), (("year", "80"), ("CNY/month", "100"))),
    18: Line("养老护理补贴", "保障", "物资帮助", ("市民政局",), (("CNY/month", "100"),)),
    19: Line("重度残疾人护理补贴", "保障", "物资帮助", ("市民政局",), (("CNY/month", "100"),)),
    20: Line("困难残疾人生活补贴", "保障", "物资帮助", ("市民政局",), (("CNY/month", "70"),)),
    21: Line("家庭适老化改造", "保障", "物资帮助", ("市民政局",)),
    22: Line("家庭养老支持服务", "保障", "物资帮助", ("市民政局", "市人社局"), (("percent", "100"),)),
    23: Line("优先享受机构养老", "保障", "照护服务", ("市民政局", "市卫健委", "市退役军人事务局")),
    24: Line("居家探访关爱服务", "保障", "关爱服务", ("市民政局",), (("times/year", "12"),)),  # from the body: monthly
    25: Line("流浪乞讨救助", "保障", "物资帮助", ("市民政局",)),
    26: Line(
        "老年人助餐",
        "拓展",
        "物资帮助",
        ("市民政局",),
        (("year", "65"), ("year", "70"), ("year", "80"), ("percent", "20"), ("percent", "30"), ("percent", "40")),
    ),
    27: Line("农村留守老年人智能照护", "拓展", "照护服务", ("市民政局",), (("year", "60"),)),
}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(policies_folder(), LIST)


def _figures(parameters: dict[str, Parameter]) -> Counter[tuple[str, Fraction | None]]:
    found: Counter[tuple[str, Fraction | None]] = Counter()
    for parameter in parameters.values():
        value = parameter.at(DAY)
        assert value is None or isinstance(value.value, Fraction)
        found[str(parameter.unit), None if value is None else value.value] += 1
    return found


def _item(pack: Pack, number: int) -> Item:
    item = pack.item(str(number))
    assert item is not None
    return item


@covers("POL-01", "PAY-01", "PAY-02")
@pytest.mark.parametrize("number", PRINTED)
def test_an_item_holds_what_the_list_prints_and_no_other_figure(pack: Pack, number: int) -> None:
    item, line = _item(pack, number), PRINTED[number]
    assert (item.name, pack.categories[item.category], pack.type_word(item), item.lead) == (
        line.name,
        line.category,
        line.type,
        line.lead,
    )
    printed = Counter((unit, None if figure is None else Fraction(figure)) for unit, figure in line.figures)
    assert _figures(dict(item.parameters)) == printed


@covers("POL-01")
def test_the_counts_of_the_footnote(pack: Pack) -> None:
    assert len(pack.items) == 27 and [item.number for item in pack.items] == list(range(1, 28))
    categories = Counter(pack.categories[item.category] for item in pack.items)
    assert categories == {"普惠": 11, "保障": 14, "拓展": 2}
    assert Counter(pack.type_word(item) for item in pack.items) == {"物资帮助": 15, "照护服务": 8, "关爱服务": 4}


def test_every_figure_says_where_it_stands_and_from_when(pack: Pack) -> None:
    for item in pack.items:
        for parameter in item.parameters.values():
            for value in parameter.values:
                assert value.from_date == ISSUED
                assert value.clause.startswith("ezhou-2023/"), (item.slug, parameter.name)
    assert all(item.clause == f"ezhou-2023/annex-1/{item.number}" for item in pack.items)


def test_what_the_list_does_not_print_is_not_there(pack: Pack) -> None:
    unset = {name for name, parameter in pack.parameters.items() if not parameter.values}
    assert unset == {"urban_minimum_standard", "local_minimum_standard", "advanced_age"}
    own = {(item.number, name) for item in pack.items for name, p in item.parameters.items() if not p.values}
    assert own == {(3, "monthly_amount")}


@covers("PAY-01")
def test_the_ratios_give_money_once_the_standards_are_set(pack: Pack) -> None:
    changes = {
        "list.urban_minimum_standard": Fraction(700),
        "list.local_minimum_standard": Fraction(650),
        "list.advanced_age": Fraction(80),
        "advanced-age-allowance.monthly_amount": Fraction(60),
    }
    programme, reference = bind(pack, DAY, changes), Reference(DAY)
    people = {
        15: {"birth_date": date(1960, 1, 1), "destitute_support": "concentrated"},
        16: {"birth_date": date(1944, 5, 1), "assistance": "minimum_living", "hardship_after_allowance": True},
        3: {"birth_date": date(1944, 5, 1), "registered_region": "420704"},
    }
    paid = {}
    for number, person in people.items():
        payable = programme.item(str(number)).payable
        assert payable is not None
        paid[number] = reference.read(payable)(person)
    assert paid == {15: 910, 16: 130, 3: 60}


@covers("PAY-02")
@pytest.mark.parametrize(
    ("born", "discount"),
    [
        (date(1959, 5, 2), None),  # 65 tomorrow
        (date(1959, 5, 1), 20),
        (date(1954, 5, 2), 20),  # 70 tomorrow
        (date(1954, 5, 1), 30),
        (date(1944, 5, 2), 30),  # 80 tomorrow
        (date(1944, 5, 1), 40),
        (date(1920, 1, 1), 40),
    ],
)
def test_the_meal_discount_of_an_age(pack: Pack, born: date, discount: int | None) -> None:
    amount = bind(pack, DAY).item("meals").eligible_amount()
    assert amount is not None
    assert Reference(DAY).read(amount)({"birth_date": born}) == discount
