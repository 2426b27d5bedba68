"""What is compared between two records, and into which levels each comparison falls.

The first level of each field says that one side is silent: no evidence either way. `match` and `chance` are where the
estimates start: the share of true pairs, and of pairs of two strangers, that fall into the level.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum


class Name(IntEnum):
    """How two names compare."""

    MISSING, SAME, VARIANT, CONFUSED, UNREADABLE, SWAPPED, ONE_DIFFERS, GIVEN_SAME, SURNAME_SAME, DIFFERS = range(10)


class Birth(IntEnum):
    """How two birth dates compare."""

    MISSING, SAME, SWAPPED, YEAR_OFF, DIGIT, LUNAR, DEFAULTED, SAME_MONTH, SAME_YEAR, FEW_YEARS, DIFFERS = range(11)


class Sex(IntEnum):
    """How the sexes compare."""

    MISSING, SAME, DIFFERS = range(3)


class Place(IntEnum):
    """How near the two records live; addresses count as far as the regions do not contradict them."""

    MISSING, SAME_ADDRESS, LIKE_ADDRESS, COMMUNITY, TOWNSHIP, DISTRICT, ELSEWHERE, ADDRESS_DIFFERS = range(8)


class Phone(IntEnum):
    """How the last four digits of the telephones compare."""

    MISSING, SAME, SAME_HOME, DIFFERS = range(4)


class Number(IntEnum):
    """How two identity numbers compare, one of which may be written wrong."""

    MISSING, SAME, DIGIT, SWAPPED, OLD_FORM, LENGTH, SAME_BIRTH_PART, DIFFERS = range(8)


@dataclass(frozen=True, slots=True)
class Level:
    """One outcome of a comparison. `text` is read by the person who reviews the pair."""

    text: str
    match: float
    chance: float


@dataclass(frozen=True, slots=True)
class Field:
    """A compared field. `learnt` fields take their shares from the data, others keep those written here."""

    label: str
    kinds: type[IntEnum]
    levels: tuple[Level, ...]
    learnt: bool = True

    def code(self, level: int) -> str:
        """The name of a level as tables carry it."""
        return self.kinds(level).name.lower()


FIELDS: Mapping[str, Field] = {
    "name": Field(
        "姓名",
        Name,
        (
            Level("一方没有姓名", 1, 1),
            Level("姓名一样", 0.93, 0.0003),
            Level("姓名只有繁简或异体写法不同", 0.01, 0.00001),
            Level("姓名差一个同音或形近的字", 0.02, 0.0002),
            Level("姓名有一个字缺失或认不出，其余一样", 0.01, 0.0005),
            Level("姓名两个字次序颠倒", 0.001, 0.00005),
            Level("姓名差一个字", 0.012, 0.006),
            Level("名字一样，姓不同", 0.003, 0.008),
            Level("只有姓一样", 0.01, 0.022),
            Level("姓名不同", 0.004, 0.963),
        ),
    ),
    "birth": Field(
        "出生日期",
        Birth,
        (
            Level("一方没有出生日期", 1, 1),
            Level("生日一样", 0.92, 0.0001),
            Level("生日的月和日颠倒", 0.004, 0.00006),
            Level("生日的月日一样，年份差一年", 0.008, 0.0002),
            Level("生日差一位数字或相邻两位颠倒", 0.012, 0.001),
            Level("一方像是把农历写成了公历", 0.012, 0.00008),
            Level("同一年，一方写的是1月1日", 0.01, 0.002),
            Level("生日同年同月", 0.014, 0.003),
            Level("生日同年", 0.006, 0.035),
            Level("出生年份相差不到三年", 0.006, 0.15),
            Level("生日不同", 0.008, 0.81),
        ),
    ),
    "sex": Field(
        "性别", Sex, (Level("一方没有性别", 1, 1), Level("性别一样", 0.995, 0.5), Level("性别不同", 0.005, 0.5))
    ),
    "place": Field(
        "住址",
        Place,
        (
            Level("一方没有住址", 1, 1),
            Level("住址一样", 0.35, 0.00001),
            Level("住址写法相近", 0.12, 0.0005),
            Level("同一社区（村）", 0.35, 0.004),
            Level("同一街道（乡镇）", 0.06, 0.04),
            Level("同一区（县）", 0.06, 0.3),
            Level("不在同一区（县）", 0.04, 0.6),
            Level("住址不同，不知是否同一社区", 0.02, 0.055),
        ),
    ),
    "phone": Field(
        "电话",
        Phone,
        (
            Level("一方没有电话", 1, 1),
            Level("电话后四位一样", 0.75, 0.0002),
            Level("电话后四位一样，住址也一样（可能全家共用）", 0.75, 0.3),
            Level("电话后四位不同", 0.25, 0.9998),
        ),
    ),
    "number": Field(
        "证件号码",
        Number,
        (
            Level("一方没有证件号码", 1, 1),
            Level("证件号码一样", 0.4, 0.0000001),
            Level("证件号码差一位", 0.25, 0.000002),
            Level("证件号码相邻两位颠倒", 0.1, 0.0000005),
            Level("一方是15位旧号码，其余一样", 0.05, 0.0000001),
            Level("证件号码多或少一位，其余一样", 0.05, 0.000001),
            Level("证件号码前14位一样", 0.02, 0.00002),
            Level("证件号码不同", 0.13, 0.999),
        ),
        learnt=False,
    ),
}
