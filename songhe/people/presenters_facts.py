"""Facts in words: value, source and date; what is too old, what sources disagree on, what nobody has told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

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
    "hukou_kind": "户口", "assistance": "经济", "destitute_support": "特困", "hardship_after_allowance": "仍困难",
    "pension_scheme": "养老保险", "pension_due": "领取条件", "cannot_self_care": "自理", "dementia": "失智",
    "long_term_care_need": "长期照护", "entitled_kind": "优抚", "family_planning_special": "计生特殊",
    "capable_supporter": "赡养人", "has_family_carer": "家人照护", "homeless": "流浪", "support_claim": "诉讼",
    "court_fee_hardship": "诉讼费", "regular_benefit": "定期抚恤",
}  # fmt: skip

# Yes and no beside the fact's short label.
_YES_NO = {
    "lives_alone": ("独居", "不独居"), "empty_nest": ("空巢", "不是"), "left_behind": ("留守", "不是"),
    "hardship_after_allowance": ("仍有困难", "没有困难"), "pension_due": ("符合", "不符合"),
    "cannot_self_care": ("不能自理", "能自理"), "dementia": ("失智", "没有"), "long_term_care_need": ("需要", "不需要"),
    "regular_benefit": ("在领", "不领"), "family_planning_special": ("是", "不是"), "capable_supporter": ("有", "没有"),
    "has_family_carer": ("有", "没有"), "homeless": ("流浪乞讨", "不是"), "support_claim": ("有", "没有"),
    "court_fee_hardship": ("有困难", "交得起"),
}  # fmt: skip
_NONE = {"assistance": "不是低保、低边", "destitute_support": "不是", "entitled_kind": "不是"}
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
    return SHORT.get(fact, PERSON_TABLE[fact].label)


def say_value(fact: str, text: str) -> str:
    """A value of a fact, given as text, in words that stand alone: 独居, 肢体, 低保."""
    described, value = PERSON_TABLE[fact], value_of(fact, text)
    if described.kind is Kind.BOOL:
        return described.if_true if value else described.if_false
    return described.say(value)


def say_shortly(fact: str, text: str) -> str:
    """A value beside the fact's short label: 不是, 需要, 低保."""
    if PERSON_TABLE[fact].kind is Kind.BOOL:
        return _YES_NO[fact][0 if value_of(fact, text) else 1]
    return _NONE.get(fact, say_value(fact, text)) if text == "none" else say_value(fact, text)


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
            Source(one.source).label, one.source, say_value(fact, one.value), one.as_of,
            counts=one == resolved.telling, limit=_limit(fact, one), ended=not one.holds_on(today),
        )
        for one in tellings
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (not line.counts, -line.as_of.toordinal()))


def own_lines(person: Person, places: Mapping[str, str]) -> list[FactLine]:
    """What stands in the file itself: where one is registered and where one lives."""
    codes = (("户籍", person.registered_region), ("居住", person.living_region))
    return [
        FactLine(PERSON_FACTS[0], label, places.get(code, code), "", unknown=not code)
        for label, code in codes
    ]  # fmt: skip


def _line(fact: str, resolved: Resolved, today: date) -> FactLine:
    label = label_of(fact)
    if resolved.telling is not None:
        others = [f"{_said(one, today)}记为{say_shortly(fact, one.value)}" for one in resolved.others]
        source = "；".join([_said(resolved.telling, today), *others])
        holds = not holds_nothing(resolved.telling.value)
        value = say_shortly(fact, resolved.telling.value)
        return FactLine(fact, label, value, source, conflict=resolved.conflict, holds=holds)
    if resolved.stale is not None:
        told = (
            f"{say_value(fact, resolved.stale.value)}，{_said(resolved.stale, today)}，{_limit(fact, resolved.stale)}"
        )
        return FactLine(fact, label, "", told, stale=True)
    return FactLine(fact, label, "", "没有来源", unknown=True)


def _said(telling: Telling, today: date) -> str:
    return f"{Source(telling.source).label} {formats.day(telling.as_of, today)}"


def _limit(fact: str, telling: Telling) -> str:
    months = trusted(fact, telling.source).months
    return "不过期" if months is None else f"限{months}个月"
