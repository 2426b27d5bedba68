"""Facts in words: value, source and date; what is too old, what sources disagree on, what nobody has told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812

from songhe.people.models import Person
from songhe.people.terms import Source
from songhe.people.trust import PERSON_FACTS, Resolved, Telling, trusted, value_of
from songhe.rules.facts import PERSON_TABLE, Kind
from songhe.ui import formats

# In the order of a visit: how one lives, what one lives on, how one is, who helps.
ORDER = (
    "hukou_kind", "lives_alone", "empty_nest", "left_behind", "assistance", "destitute_support",
    "hardship_after_allowance", "pension_scheme", "pension_due", "disability_category", "disability_level",
    "ability_grade", "cannot_self_care", "dementia", "long_term_care_need", "entitled_kind", "regular_benefit",
    "family_planning_special", "capable_supporter", "has_family_carer", "homeless", "support_claim",
    "court_fee_hardship",
)  # fmt: skip
SHORT = {
    "hukou_kind": N_("户口"), "assistance": N_("经济"), "destitute_support": N_("特困"),
    "hardship_after_allowance": N_("仍困难"),
    "pension_scheme": N_("养老保险"), "pension_due": N_("领取条件"), "cannot_self_care": N_("自理"),
    "dementia": N_("失智"),
    "long_term_care_need": N_("长期照护"), "entitled_kind": N_("优抚"), "family_planning_special": N_("计生特殊"),
    "capable_supporter": N_("赡养人"), "has_family_carer": N_("家人照护"), "homeless": N_("流浪"),
    "support_claim": N_("诉讼"),
    "court_fee_hardship": N_("诉讼费"), "regular_benefit": N_("定期抚恤"),
}  # fmt: skip

# Yes and no beside the fact's short label.
_YES_NO = {
    "lives_alone": (N_("独居"), N_("不独居")), "empty_nest": (N_("空巢"), N_("不是")),
    "left_behind": (N_("留守"), N_("不是")),
    "hardship_after_allowance": (N_("仍有困难"), N_("没有困难")), "pension_due": (N_("符合"), N_("不符合")),
    "cannot_self_care": (N_("不能自理"), N_("能自理")), "dementia": (N_("失智"), N_("没有")),
    "long_term_care_need": (N_("需要"), N_("不需要")),
    "regular_benefit": (N_("在领"), N_("不领")), "family_planning_special": (N_("是"), N_("不是")),
    "capable_supporter": (N_("有"), N_("没有")),
    "has_family_carer": (N_("有"), N_("没有")), "homeless": (N_("流浪乞讨"), N_("不是")),
    "support_claim": (N_("有"), N_("没有")),
    "court_fee_hardship": (N_("有困难"), N_("交得起")),
}  # fmt: skip
_NONE = {"assistance": N_("不是低保、低边"), "destitute_support": N_("不是"), "entitled_kind": N_("不是")}
# Said of few: shown with the rest unless they hold.
_SELDOM = frozenset(
    {"hardship_after_allowance", "pension_due", "regular_benefit", "homeless", "support_claim", "court_fee_hardship"}
)
_NOTHING = ("false", "none", "0")


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact as the panel shows it. `source` names who says so and when, and who says otherwise."""

    code: str
    label: str
    value: str
    source: str
    stale: bool = False
    conflict: bool = False
    unknown: bool = False
    holds: bool = False


@dataclass(frozen=True, slots=True)
class TellingLine:
    """One source on one fact."""

    source: str
    source_code: str
    value: str
    as_of: date
    counts: bool
    limit: str
    ended: bool


def label_of(fact: str) -> str:
    """The short word for a fact."""
    return _(SHORT.get(fact, PERSON_TABLE[fact].label))


def say_value(fact: str, text: str) -> str:
    """A value of a fact, given as text, in words that stand alone: 独居, 肢体, 低保."""
    described, value = PERSON_TABLE[fact], value_of(fact, text)
    if described.kind is Kind.BOOL:
        return _(described.if_true if value else described.if_false)
    return _(described.say(value))


def say_shortly(fact: str, text: str) -> str:
    """A value beside the fact's short label: 不是, 需要, 低保."""
    if PERSON_TABLE[fact].kind is Kind.BOOL:
        return _(_YES_NO[fact][0 if value_of(fact, text) else 1])
    return _(_NONE[fact]) if text == "none" and fact in _NONE else say_value(fact, text)


def holds_nothing(text: str) -> bool:
    """Whether a value says no, none or nothing."""
    return text in _NOTHING


def seldom(line: FactLine) -> bool:
    """Whether a fact is one of those that hold of few, and nothing is to be said of it here."""
    return line.code in _SELDOM and not line.holds and not line.conflict and not line.stale


def fact_lines(
    facts: Mapping[str, tuple[Resolved, list[Telling]]], today: date
) -> tuple[list[FactLine], list[FactLine]]:
    """Facts of which something is told, in their order; and those nobody has told."""
    lines = [_line(fact, facts[fact][0], today) for fact in ORDER]
    without = next((line for line in lines if line.code == "disability_category"), None)
    if without is not None and without.value and not (without.holds or without.conflict):
        lines = [line for line in lines if line.code != "disability_level" or line.holds or line.conflict or line.stale]
    untold = {fact for fact in ORDER if not facts[fact][1]}
    return [line for line in lines if line.code not in untold], [line for line in lines if line.code in untold]


def tellings_of(fact: str, resolved: Resolved, tellings: list[Telling], today: date) -> list[TellingLine]:
    """All that is told of one fact, what counts first."""
    lines = [
        TellingLine(
            str(Source(one.source).label), one.source, say_value(fact, one.value), one.as_of,
            counts=one == resolved.telling, limit=_limit(fact, one), ended=not one.holds_on(today),
        )
        for one in tellings
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (not line.counts, -line.as_of.toordinal()))


def own_lines(person: Person, places: Mapping[str, str]) -> list[FactLine]:
    """What stands in the file itself: where one is registered and where one lives."""
    codes = ((_("户籍"), person.registered_region), (_("居住"), person.living_region))
    return [
        FactLine(PERSON_FACTS[0], label, places.get(code, code), "", unknown=not code)
        for label, code in codes
    ]  # fmt: skip


def _line(fact: str, resolved: Resolved, today: date) -> FactLine:
    label = label_of(fact)
    if resolved.telling is not None:
        others = [
            _("{said}记为{value}").format(said=_said(one, today), value=say_shortly(fact, one.value))
            for one in resolved.others
        ]
        source = _("；").join([_said(resolved.telling, today), *others])
        holds = not holds_nothing(resolved.telling.value)
        value = say_shortly(fact, resolved.telling.value)
        return FactLine(fact, label, value, source, conflict=resolved.conflict, holds=holds)
    if resolved.stale is not None:
        told = _("{value}，{said}，{limit}").format(
            value=say_value(fact, resolved.stale.value),
            said=_said(resolved.stale, today),
            limit=_limit(fact, resolved.stale),
        )
        return FactLine(fact, label, "", told, stale=True)
    return FactLine(fact, label, "", _("没有来源"), unknown=True)


def _said(telling: Telling, today: date) -> str:
    return f"{Source(telling.source).label} {formats.day(telling.as_of, today)}"


def _limit(fact: str, telling: Telling) -> str:
    months = trusted(fact, telling.source).months
    return _("不过期") if months is None else _("限{months}个月").format(months=months)
