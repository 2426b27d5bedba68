"""The peer: OpenFisca-core with the 27 items of Ezhou's list, written the way its documentation shows.

Variables have vectorised numpy formulas over persons, figures are dated parameters, words are enums. OpenFisca has no
unknown: it is given people of whom everything is known, and the figures the list leaves open are set for both sides.
Region codes are given to it as whole numbers, which it compares faster than texts.
"""

# ruff: noqa: D102 — formulas are documented by their classes, as OpenFisca does it

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import ETERNITY, MONTH
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from songhe.rules import nodes as n
from songhe.rules.facts import PERSON_TABLE, Fact, Kind
from songhe.rules.programme import Programme

ALIVE = date(9999, 12, 31)
_TRUE_SINCE = "2000-01-01"
_SIX_DIGITS = 6

Person = build_entity(key="person", plural="persons", label="An older person", is_person=True)
Household = build_entity(
    key="household",
    plural="households",
    label="Not used, but every OpenFisca system has a group",
    roles=[{"key": "member", "plural": "members", "label": "Members"}],
)


def _words(name: str) -> type[Enum]:
    return Enum(name, {str(value): str(value) for value in PERSON_TABLE[name].values})  # type: ignore[return-value]


WORDS = {name: _words(name) for name, fact in PERSON_TABLE.items() if fact.kind is Kind.WORD}


def _input(fact: Fact) -> type[Variable]:
    own: dict[str, Any] = {"entity": Person, "definition_period": ETERNITY, "label": fact.name}
    if fact.kind is Kind.WORD:
        own |= {"value_type": Enum, "possible_values": WORDS[fact.name], "default_value": next(iter(WORDS[fact.name]))}
    else:
        kinds = {Kind.BOOL: bool, Kind.DATE: date, Kind.REGION: int, Kind.CODE: int, Kind.GRADE: int}
        own["value_type"] = kinds[fact.kind]
    return type(fact.name, (Variable,), own)


class age(Variable):  # noqa: N801
    """As the documentation's example has it."""

    value_type = int
    entity = Person
    definition_period = MONTH

    def formula(person, period, _parameters):  # noqa: N805
        birth = person("birth_date", period)
        birth_year = birth.astype("datetime64[Y]").astype(int) + 1970
        birth_month = birth.astype("datetime64[M]").astype(int) % 12 + 1
        birth_day = (birth - birth.astype("datetime64[M]") + 1).astype(int)
        had = (birth_month < period.start.month) + (birth_month == period.start.month) * (birth_day <= period.start.day)
        return (period.start.year - birth_year) - np.where(had, 0, 1)


class alive(Variable):  # noqa: N801
    """Whether the person lives on the first day of the month."""

    value_type = bool
    entity = Person
    definition_period = MONTH

    def formula(person, period, _parameters):  # noqa: N805
        return person("death_date", period) > np.datetime64(str(period.start))


class registered_here(Variable):  # noqa: N801
    """Whether the household register is in the city."""

    value_type = bool
    entity = Person
    definition_period = MONTH

    def formula(person, period, _parameters):  # noqa: N805
        return person("registered_region", period) // 100 == 4207


class living_here(Variable):  # noqa: N801
    """Whether the person lives in the city."""

    value_type = bool
    entity = Person
    definition_period = MONTH

    def formula(person, period, _parameters):  # noqa: N805
        return person("residence_region", period) // 100 == 4207


def _item(slug: str, who: Any) -> type[Variable]:
    """An item's variable: alive and among those the item is for."""

    def formula(person: Any, period: Any, parameters: Any) -> Any:
        return person("alive", period) * who(person, period, parameters(period))

    own = {"value_type": bool, "entity": Person, "definition_period": MONTH, "formula": formula}
    return type(slug.replace("-", "_"), (Variable,), own)


def _from_age(item: str) -> Any:
    return lambda person, period, law: person("age", period) >= law[item].from_age


def _word(person: Any, period: Any, fact: str, word: str) -> Any:
    return person(fact, period) == WORDS[fact][word]


def _poor(person: Any, period: Any) -> Any:
    edge = _word(person, period, "assistance", "edge") * _word(person, period, "hukou_kind", "urban")
    return _word(person, period, "assistance", "minimum_living") + edge


def _soldiers(person: Any, period: Any) -> Any:
    kinds = (
        "martyr_family", "fallen_soldier_family", "deceased_soldier_family", "disabled_soldier", "demobilised_soldier",
        "discharged_soldier",
    )  # fmt: skip
    kind = person("entitled_kind", period)
    return np.any([kind == WORDS["entitled_kind"][word] for word in kinds], axis=0)


def _severe(person: Any, period: Any) -> Any:
    level, category = person("disability_level", period), person("disability_category", period)
    return np.isin(level, [1, 2]) + (category == 6) * (level == 3)


def _home_adaptation(person: Any, period: Any, law: Any) -> Any:
    frail = (
        (person("ability_grade", period) >= law.list.function_loss_from)
        + (person("disability_level", period) != 0)
        + (person("age", period) >= law.list.advanced_age)
    )
    return (
        _word(person, period, "destitute_support", "dispersed")
        + _word(person, period, "assistance", "minimum_living") * frail
        + (person("entitled_kind", period) != WORDS["entitled_kind"]["none"])
        + person("family_planning_special", period)
    )


def _home_visits(person: Any, period: Any, law: Any) -> Any:
    kinds = ("empty_nest", "lives_alone", "left_behind", "family_planning_special")
    needs = np.any([person(name, period) for name in kinds], axis=0)
    needs = needs + (person("ability_grade", period) >= law.list.function_loss_from)
    needs = needs + np.isin(person("disability_level", period), [1, 2])
    return (person("destitute_support", period) != WORDS["destitute_support"]["concentrated"]) * needs


ITEMS: Mapping[str, Any] = {
    "employee-pension": lambda p, m, law: _word(p, m, "pension_scheme", "employee") * p("pension_due", m),
    "resident-pension": lambda p, m, law: _word(p, m, "pension_scheme", "resident") * p("pension_due", m),
    "advanced-age-allowance": lambda p, m, law: (
        (p("age", m) >= law["advanced-age-allowance"].from_age) * p("registered_here", m)
    ),
    **{
        slug: _from_age(slug)
        for slug in (
            "community-activity-space", "care-adviser", "easier-medical-visits", "education", "public-transport",
            "parks-and-sights", "ability-assessment", "meals",
        )
    },
    "health-management": lambda p, m, law: (
        (p("age", m) >= law["health-management"].from_age) * p("living_here", m)
    ),
    "legal-aid": lambda p, m, law: (
        (p("age", m) >= law["legal-aid"].from_age) * p("support_claim", m) * p("court_fee_hardship", m)
    ),
    "entitled-persons-support": lambda p, m, law: (
        _soldiers(p, m) * np.logical_not(p("capable_supporter", m)) * p("regular_benefit", m)
    ),
    "destitute-support-at-home": lambda p, m, law: (
        (p("age", m) >= law["destitute-support-at-home"].from_age) * _word(p, m, "destitute_support", "dispersed")
    ),
    "destitute-support-in-institution": lambda p, m, law: (
        (p("age", m) >= law["destitute-support-in-institution"].from_age)
        * _word(p, m, "destitute_support", "concentrated")
    ),
    "minimum-living-top-up": lambda p, m, law: (
        _word(p, m, "assistance", "minimum_living")
        * p("hardship_after_allowance", m)
        * (p("age", m) >= law.list.advanced_age)
    ),
    "elderly-service-subsidy": lambda p, m, law: (
        (p("age", m) >= law["elderly-service-subsidy"].from_age) * _poor(p, m)
    ),
    "elderly-nursing-subsidy": lambda p, m, law: _poor(p, m) * p("cannot_self_care", m),
    "severe-disability-nursing-subsidy": lambda p, m, law: p("long_term_care_need", m) * _severe(p, m),
    "disability-living-subsidy": lambda p, m, law: (
        _word(p, m, "assistance", "minimum_living") * (p("disability_level", m) != 0)
    ),
    "home-adaptation": _home_adaptation,
    "family-carer-support": lambda p, m, law: (
        p("has_family_carer", m) * ((p("ability_grade", m) >= law.list.function_loss_from) + p("dementia", m))
    ),
    "priority-admission": lambda p, m, law: (
        (p("entitled_kind", m) != WORDS["entitled_kind"]["none"])
        + p("family_planning_special", m)
        + _word(p, m, "assistance", "minimum_living")
    ),
    "home-visits": _home_visits,
    "vagrancy-relief": lambda p, m, law: p("homeless", m),
    "left-behind-smart-care": lambda p, m, law: (
        (p("age", m) >= law["left-behind-smart-care"].from_age)
        * p("left_behind", m)
        * _word(p, m, "hukou_kind", "rural")
        * p("living_here", m)
    ),
}  # fmt: skip


def _paid(slug: str, amount: Any) -> type[Variable]:
    def formula(person: Any, period: Any, parameters: Any) -> Any:
        return amount(person, period, parameters(period))

    own = {"value_type": float, "entity": Person, "definition_period": MONTH, "formula": formula}
    return type(f"{slug.replace('-', '_')}_payable", (Variable,), own)


def _monthly(slug: str) -> Any:
    return lambda p, m, law: p(slug.replace("-", "_"), m) * law[slug].monthly_amount


def _of_two(slug: str, rival: str, wins_ties: bool) -> Any:
    """The higher of two subsidies is paid, of equal ones the first."""

    def amount(p: Any, m: Any, law: Any) -> Any:
        own, other = law[slug].monthly_amount, law[rival].monthly_amount
        wins = own >= other if wins_ties else own > other
        due = p(slug.replace("-", "_"), m)
        return due * own * (1 if wins else np.logical_not(p(rival.replace("-", "_"), m)))

    return amount


PAID: Mapping[str, Any] = {
    "advanced-age-allowance": _monthly("advanced-age-allowance"),
    "destitute-support-in-institution": lambda p, m, law: (
        p("destitute_support_in_institution", m)
        * np.round(law["destitute-support-in-institution"].living_ratio * law.list.urban_minimum_standard, 2)
    ),
    "minimum-living-top-up": lambda p, m, law: (
        p("minimum_living_top_up", m)
        * np.round(law["minimum-living-top-up"].top_up_ratio * law.list.local_minimum_standard, 2)
    ),
    "elderly-service-subsidy": _of_two("elderly-service-subsidy", "disability-living-subsidy", True),
    "disability-living-subsidy": _of_two("disability-living-subsidy", "elderly-service-subsidy", False),
    "elderly-nursing-subsidy": _of_two("elderly-nursing-subsidy", "severe-disability-nursing-subsidy", True),
    "severe-disability-nursing-subsidy": _of_two("severe-disability-nursing-subsidy", "elderly-nursing-subsidy", False),
}  # fmt: skip
BETWEEN = ("age", "alive", "registered_here", "living_here")
OUTCOMES = tuple(slug.replace("-", "_") for slug in ITEMS)
TOUCHED = ("advanced_age_allowance", "advanced_age_allowance_payable")  # by the change that is measured
AMOUNTS = tuple(f"{slug.replace('-', '_')}_payable" for slug in PAID)


def system(facts: tuple[str, ...], law: ParameterNode) -> TaxBenefitSystem:
    """The tax and benefit system, as OpenFisca calls it, over these facts."""
    made = TaxBenefitSystem([Person, Household])
    variables = [_input(PERSON_TABLE[name]) for name in facts]
    variables += [age, alive, registered_here, living_here]
    variables += [_item(slug, who) for slug, who in ITEMS.items()] + [_paid(slug, own) for slug, own in PAID.items()]
    for variable in variables:
        made.add_variable(variable)
    made.parameters = law
    return made


def parameters(programme: Programme) -> ParameterNode:
    """The figures of a bound list as OpenFisca's parameters, `item.name` and `list.name`."""
    pack = programme.pack
    data: dict[str, dict[str, Any]] = {"list": {}}
    for bound in programme.items:
        own = data.setdefault(bound.item.slug, {"description": bound.item.name})
        own |= {name: _values(bound.figures.value(name)) for name in bound.item.parameters}
    shared = programme.items[0].figures
    data["list"] = {name: _values(shared.value(name)) for name in pack.parameters}
    return ParameterNode(data=data)


def _values(value: n.Node) -> dict[str, Any]:
    assert isinstance(value, n.Constant) and isinstance(value.value, Fraction), value  # noqa: S101
    return {"values": {_TRUE_SINCE: {"value": float(value.value)}}}


def fact_arrays(people: pl.DataFrame, facts: tuple[str, ...]) -> dict[str, Any]:
    """The columns as OpenFisca takes them; nobody is unknown."""
    return {name: _array(people[name], PERSON_TABLE[name]) for name in facts}


def _array(column: pl.Series, fact: Fact) -> Any:
    if fact.kind is Kind.DATE:
        return column.fill_null(ALIVE).to_numpy().astype("datetime64[D]")
    if fact.kind is Kind.REGION:
        return column.str.slice(0, _SIX_DIGITS).cast(pl.Int32).to_numpy()
    if fact.kind is Kind.WORD:
        words = pl.Enum([str(value) for value in fact.values])
        return WORDS[fact.name].encode(column.cast(words).to_physical().to_numpy().astype(np.int16))
    return column.to_numpy()


def simulation(made: TaxBenefitSystem, arrays: Mapping[str, Any], count: int) -> Simulation:
    """A simulation with the facts set."""
    simulated = SimulationBuilder().build_default_simulation(made, count)
    for name, values in arrays.items():
        simulated.set_input(name, ETERNITY, values)
    return simulated


def calculate(simulated: Simulation, month: str) -> dict[str, Any]:
    """All items and all amounts."""
    return {name: simulated.calculate(name, month) for name in (*OUTCOMES, *AMOUNTS)}
