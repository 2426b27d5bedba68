"""Whom an item addresses, read from its rule: from what age, and which cohorts by purse, body, family and standing.

Nothing is typed in by hand. A rule addresses a cohort when one of its conditions holds for members and for nobody else;
the cohort is required when nobody outside it can have the item. Ages are found by asking the rule about each age it
speaks of. So a list can be cut by group, as the public likes to read it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from songhe.kernel.days import latest_birth
from songhe.kernel.errors import NotFound
from songhe.rules import nodes as n
from songhe.rules.facts import PERSON_TABLE, Kind
from songhe.rules.programme import BoundItem
from songhe.rules.readings.reference import Reference

AGE = "age:"
EVERYONE, HEALTHY = "everyone", "healthy"


@dataclass(frozen=True, slots=True)
class Cohort:
    """People alike in one respect: `marks` are the facts that tell them, each with the values members have."""

    key: str
    word: str
    kind: str
    marks: Mapping[str, frozenset[Any]]


def _cohort(kind: str, key: str, word: str, **marks: set[Any]) -> Cohort:
    return Cohort(key, word, kind, {fact: frozenset(values) for fact, values in marks.items()})


def _all_but(fact: str, nothing: str | int) -> set[Any]:
    return {value for value in PERSON_TABLE[fact].values if value != nothing}


KINDS = {"poor": "经济困难", "body": "身体状况", "family": "家庭状况", "standing": "身份"}
_POOR, _BODY, _FAMILY, _STANDING = KINDS
_ASSISTED, _SUPPORTED = _all_but("assistance", "none"), _all_but("destitute_support", "none")
_LEVELS, _CATEGORIES = _all_but("disability_level", 0), _all_but("disability_category", 0)
_LOST = _all_but("ability_grade", 0)
_ENTITLED, _INSURED = _all_but("entitled_kind", "none"), _all_but("pension_scheme", "none")
COHORTS = (
    _cohort(_POOR, "low-income", "低保低收入", assistance=_ASSISTED, hardship_after_allowance={True}),
    _cohort(_POOR, "destitute", "特困", destitute_support=_SUPPORTED),
    _cohort(_POOR, "fee-hardship", "交费困难", court_fee_hardship={True}),
    _cohort(_POOR, "homeless", "流浪乞讨", homeless={True}),
    _cohort(_BODY, "disabled", "残疾", disability_level=_LEVELS, disability_category=_CATEGORIES),
    _cohort(_BODY, "function-loss", "失能", ability_grade=_LOST, cannot_self_care={True}, long_term_care_need={True}),
    _cohort(_BODY, "dementia", "失智", dementia={True}),
    _cohort(_FAMILY, "alone", "独居", lives_alone={True}),
    _cohort(_FAMILY, "empty-nest", "空巢", empty_nest={True}),
    _cohort(_FAMILY, "left-behind", "留守", left_behind={True}),
    _cohort(_FAMILY, "family-planning", "计划生育特殊家庭", family_planning_special={True}),
    _cohort(_FAMILY, "unsupported", "无人赡养", capable_supporter={False}),
    _cohort(_FAMILY, "family-carer", "有家人照护", has_family_carer={True}),
    _cohort(_STANDING, "entitled", "优抚对象", entitled_kind=_ENTITLED, regular_benefit={True}),
    _cohort(_STANDING, "insured", "参加养老保险", pension_scheme=_INSURED, pension_due={True}),
    _cohort(_STANDING, "rural", "农村户口", hukou_kind={"rural"}),
    _cohort(_STANDING, "urban", "城镇户口", hukou_kind={"urban"}),
)
_BY_NAME = {name: cohort for cohort in COHORTS for name in (cohort.key, cohort.word)}
_KIND_BY_NAME = {name: key for key, word in KINDS.items() for name in (key, word)}
_WITHOUT_COHORT = {EVERYONE: EVERYONE, "不分人群": EVERYONE, HEALTHY: HEALTHY, "健康": HEALTHY}


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom an item addresses on a day.

    `from_age` is the youngest age not ruled out, 0 when age is no matter; `tiers` are further ages at which the rule
    or what it gives changes; `age_open` says that an age counts, on one way or on all, which nobody has set. `required`
    cohorts are needed, each of `either` is on one way into the item. `places` are the areas it speaks of.
    """

    from_age: int
    tiers: tuple[int, ...]
    age_open: Literal["", "one way", "all ways"]
    required: tuple[Cohort, ...]
    either: tuple[Cohort, ...]
    places: tuple[str, ...]

    @property
    def cohorts(self) -> tuple[Cohort, ...]:
        """Every cohort the item addresses."""
        return self.required + self.either

    def age_words(self) -> str:
        """The ages in Chinese."""
        if self.age_open == "all ways":
            return "年龄未定"
        words = f"{self.from_age}周岁起" if self.from_age else "不看年龄"
        if self.tiers:
            words += f"，{'、'.join(map(str, self.tiers))}周岁另有一档"
        return f"{words}；有一处年龄未定" if self.age_open else words

    def cohort_words(self) -> str:
        """The cohorts in Chinese."""
        kinds = (("须是", self.required), ("其中一类：", self.either))
        said = [word + "、".join(cohort.word for cohort in cohorts) for word, cohorts in kinds if cohorts]
        return "；".join(said) or "不分人群"


def audience_of(bound: BoundItem, on: date) -> Audience:
    """Whom the item addresses on the day it is bound to."""
    literals = tuple(_literals(bound.who, holds=True))
    addressed = [cohort for cohort in COHORTS if any(_addresses(literal, cohort, on) for literal in literals)]
    required = tuple(cohort for cohort in addressed if _required(bound.who, cohort, on))
    gifts = [bound.figures.bound(gift.amount) for gift in (bound.item.gives, *bound.item.also) if gift.amount]
    ages = sorted({age for tree in (bound.who, *gifts) for age in _ages(tree)})
    from_age = min((age for age in (0, *ages) if _open_to(bound.who, on, age=age)), default=0)
    return Audience(
        from_age=from_age,
        tiers=tuple(age for age in ages if age > from_age),
        age_open=_open_age(bound.who, literals, on),
        required=required,
        either=tuple(cohort for cohort in addressed if cohort not in required),
        places=tuple(dict.fromkeys(part.area for part in n.walk(bound.who) if isinstance(part, n.Within))),
    )


def _literals(node: n.Node, *, holds: bool) -> Iterator[n.Node]:
    """The conditions of a rule, each as it has to come out for the item: AND, OR and NOT taken apart."""
    if isinstance(node, n.Not):
        yield from _literals(node.part, holds=not holds)
    elif isinstance(node, n.And | n.Or):
        for part in node.parts:
            yield from _literals(part, holds=holds)
    else:
        yield node if holds else n.negation(node)


def _addresses(literal: n.Node, cohort: Cohort, on: date) -> bool:
    """Whether a condition on one fact holds for some members of the cohort and for nobody outside it."""
    names = n.fact_names(literal)
    if len(names) != 1 or names[0] not in cohort.marks:
        return False
    if any(isinstance(part, n.Unset) for part in n.walk(literal)):  # waits for a figure, yet speaks of the cohort
        return True
    fact, reading = names[0], Reference(on).read(literal)
    holding = {value for value in _values(fact) if reading({fact: value})}
    return bool(holding) and holding <= cohort.marks[fact]


def _values(fact: str) -> tuple[Any, ...]:
    return (True, False) if PERSON_TABLE[fact].kind is Kind.BOOL else tuple(PERSON_TABLE[fact].values)


def _required(who: n.Node, cohort: Cohort, on: date) -> bool:
    """Whether nobody outside the cohort can have the item, whatever else may be true of them."""
    reading = Reference(on).read(who)
    outside = [[(fact, value) for value in _values(fact) if value not in cohort.marks[fact]] for fact in cohort.marks]
    return all(reading(dict(facts)) is False for facts in itertools.product(*outside))


def _ages(tree: n.Node) -> Iterator[int]:
    """The ages a tree compares the age with."""
    for node in n.walk(tree):
        if isinstance(node, n.Compare | n.OneOf) and any(isinstance(part, n.Age) for part in node.children):
            numbers = (part.value for part in node.children if isinstance(part, n.Constant))
            yield from (int(value) for value in numbers if isinstance(value, Fraction))


def _open_age(who: n.Node, literals: tuple[n.Node, ...], on: date) -> Literal["", "one way", "all ways"]:
    """Whether an age nobody has set counts: nowhere, for some, or for all who may have the item."""
    waiting = {literal for literal in literals if _waits_for_an_age(literal)}
    if not waiting:
        return ""

    def without(node: n.Node) -> n.Node:
        return n.NO if node in waiting else n.rebuild(node, without)

    return "one way" if _open_to(without(who), on) else "all ways"


def _waits_for_an_age(literal: n.Node) -> bool:
    parts = tuple(n.walk(literal))
    return any(isinstance(part, n.Age) for part in parts) and any(isinstance(part, n.Unset) for part in parts)


def _open_to(who: n.Node, on: date, *, age: int | None = None, facts: Mapping[str, Any] | None = None) -> bool:
    """Whether somebody of that age, or of whom that is known, is not ruled out."""
    known = dict(facts or {})
    if age is not None:
        known["birth_date"] = latest_birth(age, on)
    return Reference(on).read(who)(known) is not False


def cut(bound: BoundItem, group: str, on: date) -> bool:
    """Whether the item belongs into the cut of a list for a group.

    `age:80`: not ruled out at that age. A cohort or a kind of cohorts, by key or word: addressed. `healthy`: not ruled
    out for who has no disability, loss of function or dementia. `everyone`: no cohort is addressed. NotFound for
    anything else.
    """
    if group.startswith(AGE) and group.removeprefix(AGE).isdigit():
        return _open_to(bound.who, on, age=int(group.removeprefix(AGE)))
    other = _WITHOUT_COHORT.get(group)
    if other == EVERYONE:
        return not audience_of(bound, on).cohorts
    if other == HEALTHY:
        return _open_to(bound.who, on, facts=_sound_body())
    if group in _KIND_BY_NAME:
        return any(cohort.kind == _KIND_BY_NAME[group] for cohort in audience_of(bound, on).cohorts)
    if group not in _BY_NAME:
        raise NotFound(f"人群{group}", accepted="、".join([f"{AGE}80", *_WITHOUT_COHORT, *_KIND_BY_NAME, *_BY_NAME]))
    return _BY_NAME[group] in audience_of(bound, on).cohorts


def _sound_body() -> dict[str, Any]:
    marks = {fact: members for cohort in COHORTS if cohort.kind == _BODY for fact, members in cohort.marks.items()}
    return {fact: next(value for value in _values(fact) if value not in members) for fact, members in marks.items()}
