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


def fact_lines(
    facts: Mapping[str, tuple[Resolved, list[Telling]]], today: date
) -> tuple[list[FactLine], list[FactLine]]:
    """Facts of which something is told, in their order; and those nobody has told."""
    lines = [_line(fact, facts[fact][0], today) for fact in ORDER]
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
        others = [f"{_said(one, today)}记为{say_value(fact, one.value)}" for one in resolved.others]
        source = "；".join([_said(resolved.telling, today), *others])
        return FactLine(fact, label, say_value(fact, resolved.telling.value), source, conflict=resolved.conflict)
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
