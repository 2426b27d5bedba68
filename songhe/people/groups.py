"""The groups of people a bureau looks at, each with its words and its condition on the sheet.

Only who stands in the register counts. A group is found through an index of its own when it is rare (`INDEXED`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django.db.models import Q
from django.utils.translation import gettext_noop as N_  # noqa: N812

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
    Group("total", N_("全部"), N_("在册的老人"), Q()),
    Group("women", N_("女"), N_("在册的女性"), Q(sex=2)),
    Group("from_65", N_("65岁以上"), N_("满65周岁"), Q(), from_age=65),
    Group("from_70", N_("70岁以上"), N_("满70周岁"), Q(), from_age=70),
    Group("very_old", N_("高龄"), N_("满80周岁"), Q(), from_age=80),
    Group("from_90", N_("90岁以上"), N_("满90周岁"), Q(), from_age=90),
    Group("from_100", N_("百岁"), N_("满100周岁"), Q(), from_age=100),
    Group("alone", N_("独居"), N_("一个人住"), _ALONE),
    Group("alone_80", N_("80岁以上独居"), N_("满80周岁，一个人住"), _ALONE, from_age=80),
    Group("empty_nest", N_("空巢"), N_("身边没有子女同住"), Q(empty_nest=True)),
    Group("left_behind", N_("留守"), N_("子女长年在外，留在村里"), Q(left_behind=True)),
    Group("lonely", N_("孤寡"), N_("一个人住，没有有能力的赡养人"), _ALONE & Q(capable_supporter=False)),
    Group(
        "disabled",
        N_("失能"),
        N_("评估为中度及以上，或认定生活不能自理"),
        Q(ability_grade__gte=2) | Q(cannot_self_care=True),
    ),
    Group("dementia", N_("失智"), N_("诊断为失智"), Q(dementia=True)),
    Group("severe", N_("重残"), N_("残疾证一级或二级"), Q(disability_level__in=(1, 2))),
    Group("family_planning", N_("计生特殊"), N_("计划生育特殊家庭，失独在内"), Q(family_planning_special=True)),
    Group("destitute", N_("特困"), N_("分散或集中供养"), Q(destitute_support__in=("dispersed", "concentrated"))),
    Group("minimum_living", N_("低保"), N_("最低生活保障家庭"), Q(assistance="minimum_living")),
    Group("edge", N_("低边"), N_("低保边缘（低收入）家庭"), Q(assistance="edge")),
    Group("entitled", N_("优抚"), N_("优抚对象"), Q(entitled_kind__isnull=False) & ~Q(entitled_kind="none")),
    Group("conflict", N_("有两种说法"), N_("来源之间说法不同"), ~Q(conflicts=[])),
    Group("stale", N_("太旧"), N_("有事实过了期限，按不知道算"), ~Q(stale=[])),
    Group("never_assessed", N_("没有评过"), N_("能力等级不知道"), Q(ability_grade__isnull=True)),
)

INDEXED = (
    "left_behind", "lonely", "disabled", "dementia", "severe", "family_planning", "destitute", "minimum_living", "edge",
    "entitled", "conflict", "stale",
)  # fmt: skip
GROUPS = MappingProxyType({group.code: group for group in _GROUPS})
