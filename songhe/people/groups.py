"""The groups of people a bureau looks at, each with its words and its condition on the sheet.

Only who stands in the register counts. A group is found through an index of its own when it is rare (`INDEXED`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django.db.models import Q

from songhe.kernel.days import latest_birth


@dataclass(frozen=True, slots=True)
class Group:
    """One group. `meaning` says who belongs to it, for the page and for a screen reader."""

    code: str
    words: str
    meaning: str
    condition: Q
    from_age: int = 0

    def query(self, today: date) -> Q:
        """Who belongs to it on the day."""
        if not self.from_age:
            return self.condition
        return self.condition & Q(birth_date__lte=latest_birth(self.from_age, today))


_ALONE = Q(lives_alone=True)

_GROUPS = (
    Group("total", "全部", "在册的老人", Q()),
    Group("women", "女", "在册的女性", Q(sex=2)),
    Group("from_65", "65岁以上", "满65周岁", Q(), from_age=65),
    Group("from_70", "70岁以上", "满70周岁", Q(), from_age=70),
    Group("very_old", "高龄", "满80周岁", Q(), from_age=80),
    Group("from_90", "90岁以上", "满90周岁", Q(), from_age=90),
    Group("from_100", "百岁", "满100周岁", Q(), from_age=100),
    Group("alone", "独居", "一个人住", _ALONE),
    Group("alone_80", "80岁以上独居", "满80周岁，一个人住", _ALONE, from_age=80),
    Group("empty_nest", "空巢", "身边没有子女同住", Q(empty_nest=True)),
    Group("left_behind", "留守", "子女长年在外，留在村里", Q(left_behind=True)),
    Group("lonely", "孤寡", "一个人住，没有有能力的赡养人", _ALONE & Q(capable_supporter=False)),
    Group(
        "disabled", "失能", "评估为中度及以上，或认定生活不能自理", Q(ability_grade__gte=2) | Q(cannot_self_care=True)
    ),
    Group("dementia", "失智", "诊断为失智", Q(dementia=True)),
    Group("severe", "重残", "残疾证一级或二级", Q(disability_level__in=(1, 2))),
    Group("family_planning", "计生特殊", "计划生育特殊家庭，失独在内", Q(family_planning_special=True)),
    Group("destitute", "特困", "分散或集中供养", Q(destitute_support__in=("dispersed", "concentrated"))),
    Group("minimum_living", "低保", "最低生活保障家庭", Q(assistance="minimum_living")),
    Group("edge", "低边", "低保边缘（低收入）家庭", Q(assistance="edge")),
    Group("entitled", "优抚", "优抚对象", Q(entitled_kind__isnull=False) & ~Q(entitled_kind="none")),
    Group("conflict", "有两种说法", "来源之间说法不同", ~Q(conflicts=[])),
    Group("stale", "太旧", "有事实过了期限，按不知道算", ~Q(stale=[])),
    Group("never_assessed", "没有评过", "能力等级不知道", Q(ability_grade__isnull=True)),
)

INDEXED = (
    "left_behind", "lonely", "disabled", "dementia", "severe", "family_planning", "destitute", "minimum_living", "edge",
    "entitled", "conflict", "stale",
)  # fmt: skip
GROUPS = MappingProxyType({group.code: group for group in _GROUPS})
