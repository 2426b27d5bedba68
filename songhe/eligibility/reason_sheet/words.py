"""Values of facts, amounts and places in the documents as people say them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from songhe.kernel import regions
from songhe.kernel.clauses import Clause
from songhe.kernel.days import age_on
from songhe.kernel.money import Money
from songhe.rules import located
from songhe.rules.answers import ELSEWHERE
from songhe.rules.facts import PERSON_TABLE, Kind
from songhe.rules.packs import Gift
from songhe.rules.reading_packs import INSTRUMENTS_FILE
from songhe.rules.sentence import RegionNames

UNKNOWN = "不知道"
_PERIODS = {"month": "每月{}", "year": "每年{}", "once": "一次{}"}
_PER = {"month": "/月", "year": "/年"}
_ANNEX = re.compile(r"annex-(?P<annex>\d+)/(?P<line>\d+)")
_SECTION = re.compile(r"\d+(\.\d+)*")
_ENDS = (6, 9, 12)
_ALL = 100  # percent


def day_words(day: date) -> str:
    """A day as people write it: 2024年5月2日."""
    return f"{day.year}年{day.month}月{day.day}日"


def value_words(name: str, value: Any, on: date, names: RegionNames = str) -> str:
    """The value of a fact; a birth date with the age on the day, a region with its names down to the community."""
    fact = PERSON_TABLE[name]
    if value is None:
        return "没有死亡记录" if name == "death_date" else UNKNOWN
    if fact.kind is Kind.DATE:
        return f"{day_words(value)}，{age_on(value, on)}周岁" if name == "birth_date" else day_words(value)
    if fact.kind is Kind.BOOL:
        return fact.if_true if value else fact.if_false
    if fact.kind is Kind.REGION:
        return region_words(value, names)
    return fact.if_none if fact.nothing is not None and value == fact.nothing else fact.say(value)


def labelled(name: str, words: str) -> str:
    """A value with the name of its fact, where the value does not say by itself what it is about."""
    fact = PERSON_TABLE[name]
    speaks = (fact.kind is Kind.BOOL and words != UNKNOWN) or words == fact.if_none or name == "death_date"
    return words if speaks else f"{fact.label}：{words}"


def region_words(code: str, names: RegionNames) -> str:
    """A division with the divisions around it, from the district down; the code where the names are not at hand."""
    if code == ELSEWHERE:
        return "别处"
    own = regions.significant(code)
    if len(own) < _ENDS[0]:
        return names(code)
    every = [(part, names(part)) for end in _ENDS if end <= len(own) and (part := own[:end])]
    return "".join(name for _, name in every) if all(part != name for part, name in every) else code


def yuan_words(value: float) -> str:
    """An amount in yuan: 100元, 186.40元."""
    return f"{str(Money.from_yuan(Decimal(repr(value)))).removesuffix('.00')}元"


def short_amount_words(gift: Gift, value: float | None) -> str:
    """The same for a narrow column: 100元/月, 优惠40%, 免费, 每年12次."""
    if value is not None and gift.kind == "cash":
        return yuan_words(value) + _PER.get(gift.per, "")
    return amount_words(gift, value).removeprefix(gift.what)


def number_words(value: float) -> str:
    """A number without needless decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def amount_words(gift: Gift, value: float | None) -> str:
    """What an item gives in this amount: 每月100元, 餐费优惠40%, 车票免费, 上门探访每年12次; empty for a service."""
    if value is None:
        return ""
    if gift.kind == "cash":
        return _PERIODS.get(gift.per, "{}").format(yuan_words(value))
    if gift.kind == "discount":
        return gift.what + ("免费" if value == _ALL else f"优惠{number_words(value)}%")
    return f"{gift.what}{_PERIODS.get(gift.per, '{}').format(number_words(value))}次"


@dataclass(frozen=True, slots=True)
class Instrument:
    """A document of the law as `policies/instruments.yaml` names it; `number` is empty where it has none at hand."""

    title: str
    number: str

    @property
    def name(self) -> str:
        """The number, or the title in its marks where there is no number."""
        return self.number or f"《{self.title}》"


def read_instruments(*folders: Path) -> Mapping[str, Instrument]:
    """The documents that folders of lists name, the first folder's word first."""
    found: dict[str, Instrument] = {}
    for folder in reversed(folders):
        path = folder / INSTRUMENTS_FILE
        if path.is_file():
            for key, row in located.read_yaml(path).items():
                found[key] = Instrument(str(row.get("title", key)), str(row.get("number", "")))
    return found


def document_words(clause: str, instruments: Mapping[str, Instrument]) -> str:
    """The document of a clause: 鄂州政办发〔2023〕28号; its key where it is not listed."""
    key = Clause.parse(clause).instrument
    return instruments[key].name if key in instruments else key


def place_words(clause: str) -> str:
    """The place within the document: 附件1第3项, 正文2.2.4; empty where the place has no number."""
    place = Clause.parse(clause).place
    annex = _ANNEX.fullmatch(place)
    if annex:
        return f"附件{annex['annex']}第{annex['line']}项"
    return f"正文{place}" if _SECTION.fullmatch(place) else ""
