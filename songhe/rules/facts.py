"""The person table, version 1: every fact a rule may speak of, its type, what it accepts and its words.

An empty cell means unknown, except `death_date`, where empty means alive. `PERSON_TABLE` is the one declaration from
which readers, checks, sentences, questions and SQL types are made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType

PERSON_TABLE_VERSION = 1
KEY = "person_id"


class Kind(Enum):
    """What kind of value a fact holds; decides its column type and what may be done with it."""

    DATE = "date"
    BOOL = "bool"
    WORD = "word"
    CODE = "code"
    GRADE = "grade"
    REGION = "region"


@dataclass(frozen=True, slots=True)
class Fact:
    """One column of the person table.

    `values` lists the accepted values of WORD (text), CODE and GRADE (whole numbers) with their Chinese words; a CODE
    has no order, a GRADE has. `label` names the fact, `question` asks for it, `if_true`/`if_false` say a BOOL.
    `if_any`/`if_none` say that a fact with a value for nothing (`none`, 0) holds something or nothing; `said_as` puts a
    value into a phrase.
    """

    name: str
    kind: Kind
    label: str
    question: str
    values: Mapping[str | int, str] = field(default_factory=dict)
    if_true: str = ""
    if_false: str = ""
    if_any: str = ""
    if_none: str = ""
    said_as: str = ""

    @property
    def nothing(self) -> str | int | None:
        """The value that stands for nothing at all, None when the fact has no words for having one or none."""
        return next((value for value in self.values if value in ("none", 0)), None) if self.if_any else None

    @property
    def accepted(self) -> str:
        """What a cell may hold, as one Chinese phrase."""
        if self.kind is Kind.DATE:
            return "日期，写成2024-05-01"
        if self.kind is Kind.BOOL:
            return "true、false或空"
        if self.kind is Kind.REGION:
            return "6、9或12位数字的行政区划代码"
        return "、".join(f"{value}（{word}）" for value, word in self.values.items())

    def say(self, value: object) -> str:
        """A value of this fact in Chinese; None is 不知道."""
        if value is None:
            return "不知道"
        if self.kind is Kind.BOOL:
            return "是" if value else "否"
        if self.kind in (Kind.WORD, Kind.CODE, Kind.GRADE):
            return next((word for known, word in self.values.items() if known == value), str(value))
        return str(value)


def _date(name: str, label: str, question: str) -> Fact:
    return Fact(name, Kind.DATE, label, question)


def _bool(name: str, label: str, question: str, if_true: str, if_false: str) -> Fact:
    return Fact(name, Kind.BOOL, label, question, if_true=if_true, if_false=if_false)


def _region(name: str, label: str, question: str) -> Fact:
    return Fact(name, Kind.REGION, label, question)


def _word(name: str, label: str, question: str, **values: str) -> Fact:
    return Fact(name, Kind.WORD, label, question, _closed(values))


def _held(fact: Fact, said_as: str, if_any: str, if_none: str) -> Fact:
    return replace(fact, said_as=said_as, if_any=if_any, if_none=if_none)


def _numbered(name: str, kind: Kind, label: str, question: str, values: Mapping[int, str]) -> Fact:
    return Fact(name, kind, label, question, _closed(values))


def _closed(values: Mapping[str, str] | Mapping[int, str]) -> Mapping[str | int, str]:
    return MappingProxyType(dict(values.items()))


_DISABILITY_CATEGORIES = {
    0: "无残疾证",
    1: "视力",
    2: "听力",
    3: "言语",
    4: "肢体",
    5: "智力",
    6: "精神",
    7: "多重",
}
_DISABILITY_LEVELS = {0: "无残疾证", 1: "一级", 2: "二级", 3: "三级", 4: "四级"}
_ABILITY_GRADES = {0: "能力完好", 1: "轻度失能", 2: "中度失能", 3: "重度失能", 4: "完全失能"}

_FACTS = (
    _date("birth_date", "出生日期", "您的出生日期是哪一天？"),
    _date("death_date", "死亡日期", "老人是否已经去世？哪一天？"),
    _numbered("sex", Kind.CODE, "性别", "您的性别是？", {1: "男", 2: "女"}),
    _region("registered_region", "户籍地", "您的户口在哪里？"),
    _region("residence_region", "居住地", "您现在住在哪里？"),
    _word("hukou_kind", "户口性质", "您的户口是城镇的还是农村的？", urban="城镇", rural="农村"),
    _word(
        "assistance",
        "救助类别",
        "您家现在享受低保，或被认定为低保边缘（低收入）家庭吗？",
        none="都不是",
        edge="低保边缘（低收入）",
        minimum_living="低保",
    ),
    _word(
        "destitute_support",
        "特困供养",
        "您是特困供养人员吗？在家供养还是在机构供养？",
        none="不是特困",
        dispersed="分散供养",
        concentrated="集中供养",
    ),
    _bool(
        "hardship_after_allowance",
        "领低保后仍困难",
        "领了低保金以后，生活是不是还有困难？",
        "领低保金后生活仍有困难",
        "领低保金后生活没有困难",
    ),
    _numbered("disability_category", Kind.CODE, "残疾类别", "残疾证上写的是哪一类残疾？", _DISABILITY_CATEGORIES),
    _numbered("disability_level", Kind.GRADE, "残疾等级", "残疾证上写的是几级？", _DISABILITY_LEVELS),
    _bool("long_term_care_need", "长期照护需要", "您是不是长期需要别人照护？", "需要长期照护", "不需要长期照护"),
    _numbered("ability_grade", Kind.GRADE, "能力等级", "能力评估的结果是哪一级？", _ABILITY_GRADES),
    _bool("cannot_self_care", "生活不能自理", "您是不是已经认定生活不能自理？", "经认定生活不能自理", "生活能够自理"),
    _bool("dementia", "失智", "医院有没有诊断您失智（痴呆）？", "失智", "没有失智"),
    _bool("lives_alone", "独居", "您是不是一个人住？", "独居", "不独居"),
    _bool("empty_nest", "空巢", "您身边是不是没有子女同住？", "空巢", "不是空巢"),
    _bool("left_behind", "留守", "子女是不是都在外地半年以上，您留在村里？", "留守", "不是留守"),
    _bool(
        "family_planning_special",
        "计划生育特殊家庭",
        "您家是不是计划生育特殊家庭（独生子女伤残或死亡）？",
        "是计划生育特殊家庭",
        "不是计划生育特殊家庭",
    ),
    _word(
        "entitled_kind",
        "优抚对象类别",
        "您是不是优抚对象？哪一类？",
        none="不是优抚对象",
        active_soldier_family="现役军人家属",
        martyr_family="烈士遗属",
        fallen_soldier_family="因公牺牲军人遗属",
        deceased_soldier_family="病故军人遗属",
        disabled_soldier="残疾军人",
        demobilised_soldier="复员军人",
        discharged_soldier="退伍军人",
        veteran="其他退役军人",
    ),
    _bool(
        "capable_supporter",
        "有能力的赡养人",
        "有没有法定的、又有能力的赡养人或扶养人？",
        "有法定且有能力的赡养人或扶养人",
        "没有法定且有能力的赡养人或扶养人",
    ),
    _bool(
        "regular_benefit",
        "定期抚恤补助",
        "您领国家的定期抚恤补助吗？",
        "享受国家定期抚恤补助",
        "不享受国家定期抚恤补助",
    ),
    _word(
        "pension_scheme",
        "养老保险",
        "您参加的是哪一种养老保险？",
        none="没有参保",
        employee="职工养老保险",
        resident="城乡居民养老保险",
    ),
    _bool(
        "pension_due",
        "符合领取条件",
        "养老金是不是已经到了可以领的条件？",
        "符合养老金领取条件",
        "不符合养老金领取条件",
    ),
    _bool("homeless", "流浪乞讨", "是不是生活没有着落、流浪乞讨？", "生活无着、流浪乞讨", "不是流浪乞讨"),
    _bool(
        "support_claim",
        "追索赡养费等诉讼",
        "您是不是要打官司追索赡养费、养老金、低保金等？",
        "提起追索赡养费、养老金等的诉讼",
        "没有提起追索赡养费等的诉讼",
    ),
    _bool("court_fee_hardship", "交诉讼费有困难", "交诉讼费有没有困难？", "交诉讼费确有困难", "交得起诉讼费"),
    _bool("has_family_carer", "有家人照护", "平时有没有家里人照护您？", "有家庭成员照护", "没有家庭成员照护"),
)

_HELD = {
    "assistance": ("是{}家庭", "是低保或低保边缘（低收入）家庭", "不是低保，也不是低保边缘（低收入）家庭"),
    "destitute_support": ("是{}的特困人员", "是特困供养人员", "不是特困供养人员"),
    "disability_category": ("是{}残疾", "有残疾证", "没有残疾证"),
    "disability_level": ("", "有残疾证", "没有残疾证"),
    "entitled_kind": ("是{}", "是优抚对象", "不是优抚对象"),
    "hukou_kind": ("是{}户口", "", ""),
    "pension_scheme": ("参加{}", "参加了养老保险", "没有参加养老保险"),
}

PERSON_TABLE: Mapping[str, Fact] = MappingProxyType(
    {fact.name: _held(fact, *_HELD[fact.name]) if fact.name in _HELD else fact for fact in _FACTS}
)
COLUMNS = (KEY, *PERSON_TABLE)
