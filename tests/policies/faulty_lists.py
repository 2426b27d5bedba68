"""Small lists with one fault each, as a policy officer might leave them, and where the gate must point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.rules.writing_lists import LIST, ON, START, figure, item

CLAUSE = "ezhou-2023/annex-1/1"
EXAMPLES = [
    {"case": "失智", "on": ON, "given": {"dementia": True}, "outcome": "yes"},
    {"case": "没有失智", "on": ON, "given": {"dementia": False}, "outcome": "no"},
    {"case": "不知道", "on": ON, "given": {}, "outcome": "unknown", "missing": ["dementia"]},
]


@dataclass(frozen=True)
class Fault:
    """What is changed in a sound item (or list), and what the gate must say of which line and file.

    `at` is how the line begins, `nth` which of several such lines it is.
    """

    at: str
    says: str
    accepts: str
    item: Mapping[str, Any] = field(default_factory=dict)
    list: Mapping[str, Any] = field(default_factory=dict)
    file: str = "01-item-1.yaml"
    nth: int = 1


def sound(**keys: Any) -> dict[str, Any]:
    """An item the gate passes, with `keys` in place of what is usual."""
    return item(1, **({"examples": EXAMPLES} | keys))


def paying(*values: Mapping[str, Any], **parameter: Any) -> dict[str, Any]:
    """An item that pays a figure with these values: each from the first day, 100 yuan, with a clause, unless said."""
    rows = [{"from": START, "value": 100, "clause": CLAUSE} | value for value in values]
    rows = [{key: value for key, value in row.items() if value is not None} for row in rows]
    monthly = {"unit": "CNY/month", "values": rows} | parameter
    kept = {key: value for key, value in monthly.items() if value is not None}
    return {"parameters": {"monthly": kept}, "gives": {"cash": "monthly", "per": "month"}}


def formulas(**texts: str) -> dict[str, Any]:
    """An item that pays `monthly`, worked out from other figures; `share`, where spoken of, is twenty percent."""
    own = {name: figure(text) for name, text in texts.items()}
    if any("share" in text for text in texts.values()):
        own["share"] = figure(20, "percent")
    return {"parameters": own, "gives": {"cash": "monthly", "per": "month"}}


def _mixed() -> dict[str, Any]:
    own = {"monthly": figure(100), "share": figure(20, "percent")}
    return {"parameters": own, "gives": {"cash": "monthly + share", "per": "month"}}


def _day(text: str) -> date:
    return date.fromisoformat(text)


_FORMS = "CASE WHEN … THEN … ELSE … END"
_WRONG = [EXAMPLES[0] | {"outcome": "no"}, *EXAMPLES]
_SUBSIDIES = {"title": "生活类补贴", "pays": "sum up to", "limit": "most", "clause": CLAUSE}

FAULTS = {
    # what the language has not
    "unknown fact": Fault("who:", "没有这个事实或参数；现在是“demented”", "dementia", {"who": "demented"}),
    "unknown function": Fault("who:", "现在是“LOWER(sex)”", _FORMS, {"who": "lower(sex) = '1'"}),
    "unknown node": Fault("who:", "现在是“sex LIKE '1'”", _FORMS, {"who": "sex LIKE '1'"}),
    "subquery": Fault("who:", "这里不能这样写", _FORMS, {"who": "dementia IN (SELECT 1)"}),
    "rule that is no condition": Fault("who:", "这里应当是", "是非", {"who": "age"}),
    # clauses and units
    "item without clause": Fault("item:", "缺“clause”", "ezhou-2023/annex-1/3", {"clause": None}),
    "figure without clause": Fault("- from:", "缺“clause”", "ezhou-2023/annex-1/3", paying({"clause": None})),
    "unknown instrument": Fault(
        "clause:", "instruments.yaml里没有这个文件", "ezhou-2023", {"clause": "ezhou-2099/annex-1/1"}
    ),
    "unknown instrument of a figure": Fault(
        "clause:", "instruments.yaml里没有这个文件", "ezhou-2023", paying({"clause": "ezhou-2099/3"}), nth=2
    ),
    "no unit": Fault("values:", "缺“unit”", "CNY/month", paying({}, unit=None)),
    "unknown unit": Fault("unit:", "没有这个单位", "CNY/month", paying({}, unit="CNY/moon")),
    "formula of another unit": Fault("value:", "这里应当是", "CNY/month", formulas(monthly="share * 2")),
    "amount of mixed units": Fault(
        "cash:",
        "单位不同：CNY/month与percent",
        "同单位的数",
        _mixed(),
    ),
    # figures by date
    "gap": Fault(
        "- from: 2024-02-01",
        "2024-01-01到2024-02-01没有值",
        "首尾相接的日期",
        paying({"until": _day("2024-01-01")}, {"from": _day("2024-02-01")}),
    ),
    "overlap": Fault(
        "- from: 2024-02-01",
        "与前一个值的日期重叠",
        "前一个值的until不晚于它",
        paying({"until": _day("2024-03-01")}, {"from": _day("2024-02-01")}),
    ),
    "figure that begins late": Fault(
        "unit:", "从2024-02-01才有值", "清单施行的每一天都有值", paying({"from": _day("2024-02-01")})
    ),
    "figure that ends early": Fault(
        "unit:", "到2024-02-01就没有值了", "清单施行的每一天都有值", paying({"until": _day("2024-02-01")})
    ),
    "cycle": Fault(
        "unit:", "成了圈：monthly → other → monthly", "其中一个写成数", formulas(monthly="other * 2", other="monthly")
    ),
    # examples
    "failing example": Fault("- case: 失智", "例子“失智”不成立；现在是“可享”", "不可享", {"examples": _WRONG}),
    "no unknown example": Fault(
        "examples:", "例子里没有“待核”的", "yes、no、unknown都要有", {"examples": EXAMPLES[:2]}
    ),
    # the list itself
    "list that extends itself": Fault(
        "extends:", "继承成了圈", "000000-national/basic-list-2023", list={"extends": LIST}, file="list.yaml"
    ),
    "list above that is not there": Fault(
        "extends:", "没有可继承的这个清单", "420700-ezhou/", list={"extends": "420799-x/y"}, file="list.yaml"
    ),
    "fewer items than printed": Fault(
        "items:", "印发的清单有27项，这里有1项", "两个数相同", list={"items": 27}, file="list.yaml"
    ),
    "cap that is no figure": Fault(
        "title:",
        "没有这个参数；现在是“most”",
        "standard",
        paying({}) | {"group": "living"},
        {"groups": {"living": _SUBSIDIES}, "parameters": {"standard": figure(730)}},
        "list.yaml",
        2,
    ),
    "doubt nobody registered": Fault("- 见ezhou-99", "doubts.yaml里没有这个存疑", "还没有", {"notes": ["见ezhou-99"]}),
}  # fmt: skip
