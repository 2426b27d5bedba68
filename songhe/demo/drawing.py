"""Draws what is true of invented people, stage by stage: who they are, their families, their health, their standing.

A stage reads what earlier ones drew and adds its own. Every figure comes from the shape; order is part of the seed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from songhe.demo.births import ages_on, bands_of, day_number, read_calendar
from songhe.demo.chance import Bools, Chance, Floats, rescaled
from songhe.demo.places import Places, read_places
from songhe.demo.shape import Shape, read_shape
from songhe.kernel.days import latest_birth
from songhe.rules.facts import PERSON_TABLE

Columns = dict[str, npt.NDArray[Any]]


@dataclass
class Drawing:
    """People in the making: `people` holds one array a property, facts of the person table under their own names.

    Words and regions are held as positions: in the values of the fact, in `places.codes`. Dates are days since 1970.
    """

    city: str
    shape: Shape
    chance: Chance
    on: date
    people: Columns = field(default_factory=dict)

    @property
    def places(self) -> Places:
        """The places of the city."""
        return read_places(self.city)

    def factor(self, *path: str, **kind: Bools) -> Floats:
        """The product over pairs of factors: `m=men` takes the figure named m for men, 1 for the others."""
        result = np.ones(self.chance.count)
        for name, who in kind.items():
            result[who] *= self.shape.number(*path, name)
        return result


def word(fact: str, value: str) -> int:
    """The position of a word among the values of its fact."""
    return list(PERSON_TABLE[fact].values).index(value)


def draw(city: str, count: int, seed: np.random.SeedSequence, on: date) -> Drawing:
    """What is true of `count` people of the city on the day."""
    drawing = Drawing(city, read_shape(city), Chance(seed, count), on)
    stages = (_persons, _registers, _marriages, _children, _lives_alone, _dementia, _ability, _certificates, _destitute)
    more = (_households, _left_behind, _low_income, _entitled, _pensions, _support, _rare, _deaths, _moves)
    for stage in (*stages, *more):
        stage(drawing)
    return drawing


def _persons(d: Drawing) -> None:
    """District, community, sex and birth day; some are not yet 60, some have a birthday on the day itself."""
    calendar, share = read_calendar(d.city, d.on), d.shape.table("districts", "share")
    district = d.chance.pick(np.array(list(share.values())))
    cell = d.chance.pick(calendar.adult, district)
    young = d.chance.happens(d.shape.number("almost_60", "share"))
    cell = np.where(young, d.chance.pick(calendar.almost_60), cell)
    sex, at = np.divmod(cell, len(calendar.days))
    birth = calendar.days[at]
    ages = d.shape("birthday_on_the_day", "ages")
    planted = int(np.ceil(d.shape.number("birthday_on_the_day", "rate") * d.chance.count))
    places = np.unique((d.chance.uniform()[:planted] * d.chance.count).astype(np.int64))
    turning = [day_number(latest_birth(int(age), d.on)) for age in ages]
    birth[places] = np.resize(turning, len(places))
    community = d.chance.pick(d.places.weight, district)
    age = ages_on(birth, d.on)
    town = d.places.in_town[community]
    d.people |= {"district": district, "community": community, "woman": sex == 1, "sex": sex + 1, "birth_date": birth}
    d.people |= {"age": age, "band": bands_of(age, d.shape), "town": town}


def _registers(d: Drawing) -> None:
    """Where the household register is kept, and of which kind it is."""
    p, places, shares = d.people, d.places, d.shape.table("registered", "share")
    kind = d.chance.pick(np.array(list(shares.values())))
    kinds = list(shares)
    others = np.array(list(d.shape.table("districts", "share").values())) * (1 - np.eye(len(places.districts)))
    other = np.where(kind == kinds.index("other_district"), d.chance.pick(others, p["district"]), p["district"])
    weight = places.weight.sum(axis=0)
    township = np.arange(places.township.max() + 1)[:, None] == places.township
    nearby = d.chance.pick(
        np.where(township, weight, 0.0) + township * np.finfo(float).tiny, places.township[p["community"]]
    )
    stayed = d.chance.happens(d.shape.number("registered", "own_community_if_same_township"))
    region = np.where(stayed, p["community"], nearby)
    region = np.where(kind == kinds.index("same_township"), region, d.chance.pick(places.weight, other))
    for name, first in places.outside.items():
        away = first + d.chance.pick(places.outside_share[name])
        region = np.where(kind == kinds.index(name), away, region)
    p["registered_region"] = region
    chances = d.shape.table("hukou_urban")
    urban = d.chance.happens(np.where(p["town"], chances["living_urban"], chances["living_rural"]))
    p["hukou_kind"] = np.where(urban, word("hukou_kind", "urban"), word("hukou_kind", "rural"))


def _marriages(d: Drawing) -> None:
    p, shape = d.people, d.shape
    widowed = np.where(p["woman"], *(shape.numbers("marriage", f"widowed_{sex}")[p["band"]] for sex in "fm"))
    never = np.zeros(d.chance.count)
    for sex, women in (("m", False), ("f", True)):
        for where, town in (("rural", False), ("urban", True)):
            chosen = (p["woman"] == women) & (p["town"] == town)
            never[chosen] = shape.number("marriage", "never_married", f"{sex}_{where}")
    at = d.chance.uniform()
    p["widowed"] = at < widowed
    p["never_married"] = ~p["widowed"] & (at < widowed + never)
    p["divorced"] = ~p["widowed"] & ~p["never_married"] & (at < widowed + never + shape.number("marriage", "divorced"))
    p["married"] = ~(p["widowed"] | p["never_married"] | p["divorced"])


def _children(d: Drawing) -> None:
    """Who has no child living; families whose only child died or is disabled."""
    p, shape = d.people, d.shape
    rates = shape.table("childless")
    childless = d.chance.happens(np.where(p["never_married"], rates["never_married"], rates["other"]))
    factor = d.factor("family_planning_special", "factor", urban=p["town"], rural=~p["town"])
    factor *= shape.numbers("family_planning_special", "factor", "by_age")[p["band"]]
    rate = shape.number("family_planning_special", "rate")
    everybody = np.zeros(d.chance.count, dtype=np.int64)
    special = d.chance.happens(rescaled(rate, factor, everybody, ~p["never_married"]))
    bereaved = d.chance.happens(shape.number("family_planning_special", "bereaved"))
    p["family_planning_special"] = special
    p["childless"] = np.where(special, bereaved, childless)


def _lives_alone(d: Drawing) -> None:
    p = d.people
    kinds: dict[str, Bools] = {"m": ~p["woman"], "f": p["woman"], "rural": ~p["town"], "urban": p["town"]}
    kinds |= {name: p[name] for name in ("widowed", "divorced", "married", "never_married")}
    factor = d.factor("living", "alone_factor", **kinds)
    p["lives_alone"] = d.chance.happens(rescaled(d.shape.numbers("living", "alone"), factor, p["band"]))


def _dementia(d: Drawing) -> None:
    p = d.people
    factor = d.factor("dementia", "factor", m=~p["woman"], f=p["woman"], rural=~p["town"], urban=p["town"])
    p["dementia"] = d.chance.happens(rescaled(d.shape.numbers("dementia", "rate"), factor, p["band"]))


def _ability(d: Drawing) -> None:
    """Ability grade: people with dementia by their own shares, the others so that both together keep the city's."""
    p, shape, demented = d.people, d.shape, d.people["dementia"]
    alone = p["lives_alone"]
    if_demented = shape.numbers("dementia", "grade")
    share = np.bincount(p["band"], weights=demented) / np.maximum(np.bincount(p["band"]), 1)
    lost = shape.numbers("ability", "any_loss")[: len(share)]
    left = np.clip((lost - share * (1 - if_demented[0])) / np.maximum(1 - share, np.finfo(float).eps), 0, 1)
    factor = d.factor("ability", "factor", m=~p["woman"], f=p["woman"], rural=~p["town"], urban=p["town"], alone=alone)
    loss = d.chance.happens(rescaled(left * (1 - share), factor, p["band"], ~demented))
    grades = np.arange(1, len(if_demented))
    wanted = shape.numbers("ability", "grade")[1:] / shape.numbers("ability", "grade")[1:].sum()
    total = loss.sum() + demented.sum() * if_demented[1:].sum()
    rest = np.maximum(wanted * total - demented.sum() * if_demented[1:], np.finfo(float).eps)
    grade = np.where(loss, grades[d.chance.pick(rest)], 0)
    p["ability_grade"] = np.where(demented, d.chance.pick(if_demented), grade)
    chances = shape.numbers("ability", "cannot_self_care_if_grade")
    p["cannot_self_care"] = d.chance.happens(chances[p["ability_grade"]])
    p["long_term_care_need"] = p["ability_grade"] >= shape.number("ability", "long_term_care_from_grade")


def _certificates(d: Drawing) -> None:
    """Disability certificates, category and level; 0 and 0 for those without one."""
    p, shape = d.people, d.shape
    factor = d.factor("disability", "factor", m=~p["woman"], f=p["woman"], rural=~p["town"], urban=p["town"])
    factor *= shape.numbers("disability", "factor", "ability_grade")[p["ability_grade"]]
    holder = d.chance.happens(rescaled(shape.numbers("disability", "certificate"), factor, p["band"]))
    categories = shape("disability", "category")
    drawn = d.chance.pick(np.array(list(categories.values())))
    levels = np.array([shape("disability", "level", category) for category in categories])
    level = d.chance.pick(levels, drawn) + 1
    p["disability_category"] = np.where(holder, np.array(list(categories))[drawn], 0)
    p["disability_level"] = np.where(holder, level, 0)
    p["severe"] = np.isin(p["disability_level"], shape("disability", "severe_levels"))


def _destitute(d: Drawing) -> None:
    """The destitute: most of them men of the villages who never married. They have nobody able to support them."""
    p, shape = d.people, d.shape
    rate, never = _by_district(d, "destitute", "rate"), shape.number("destitute", "never_married")
    group = p["district"] * 2 + p["never_married"]
    whole = np.maximum(np.bincount(p["district"], minlength=len(rate)), 1)
    share = np.bincount(p["district"], weights=p["never_married"], minlength=len(rate)) / whole
    tiny = np.finfo(float).eps
    rates = np.stack([rate * (1 - never) / np.maximum(1 - share, tiny), rate * never / np.maximum(share, tiny)], axis=1)
    care = p["cannot_self_care"]
    kinds: dict[str, Bools] = {"m": ~p["woman"], "f": p["woman"], "rural": ~p["town"], "urban": p["town"]}
    factor = d.factor("destitute", "factor", **kinds, cannot_self_care=care, self_caring=~care)
    among = ~p["married"] & ~p["family_planning_special"]
    destitute = d.chance.happens(rescaled(rates.ravel(), factor, group, among))
    factor = d.factor("destitute", "concentrated_factor", cannot_self_care=care, self_caring=~care)
    everybody = destitute.astype(np.int64)
    concentrated = destitute & d.chance.happens(
        rescaled(shape.number("destitute", "concentrated"), factor, everybody, destitute)
    )
    support = np.where(destitute, word("destitute_support", "dispersed"), word("destitute_support", "none"))
    p["destitute_support"] = np.where(concentrated, word("destitute_support", "concentrated"), support)
    p["destitute"], p["concentrated"] = destitute, concentrated


def _by_district(d: Drawing, *path: str) -> Floats:
    figures = d.shape.table(*path)
    return np.array([figures[code] for code in d.places.districts])


def _households(d: Drawing) -> None:
    """Who lives in an institution, and whose nest is empty: alone, or a couple by themselves."""
    p, shape, count = d.people, d.shape, d.chance.count
    everybody = np.zeros(count, dtype=np.int64)
    others = ~p["destitute"] & ~p["lives_alone"]
    factor = shape.numbers("living", "institution_factor", "ability_grade")[p["ability_grade"]]
    left = max(shape.number("living", "institution") - p["concentrated"].mean(), 0.0)
    inside = p["concentrated"] | d.chance.happens(rescaled(left, factor, everybody, others))
    p["institution"] = inside
    p["lives_alone"] = p["lives_alone"] & ~inside
    couples = p["married"] & ~p["lives_alone"] & ~inside
    pair = d.chance.happens(rescaled(shape.number("living", "couple_only"), np.ones(count), everybody, couples))
    p["empty_nest"] = p["lives_alone"] | pair


def _left_behind(d: Drawing) -> None:
    """Left behind: in a village, no child in the house, the children away."""
    p = d.people
    rates = np.stack([_by_district(d, "left_behind", "of_village"), np.zeros(len(d.places.districts))], axis=1)
    group = p["district"] * 2 + p["town"]
    among = ~p["town"] & p["empty_nest"] & ~p["childless"]
    p["left_behind"] = d.chance.happens(rescaled(rates.ravel(), np.ones(d.chance.count), group, among))


def _low_income(d: Drawing) -> None:
    """The pension first, since hardly anyone with an employee's pension is poor; then assistance."""
    p, shape = d.people, d.shape
    urban = p["hukou_kind"] == word("hukou_kind", "urban")
    factor = d.factor("pension", "employee_factor", urban_hukou=urban, rural_hukou=~urban)
    uninsured = d.chance.happens(shape.number("pension", "none"))
    employee = d.chance.happens(rescaled(_by_district(d, "pension", "employee"), factor, p["district"], ~uninsured))
    scheme = np.where(employee, word("pension_scheme", "employee"), word("pension_scheme", "resident"))
    p["pension_scheme"] = np.where(uninsured, word("pension_scheme", "none"), scheme)
    light = (p["disability_level"] > 0) & ~p["severe"]
    kinds: dict[str, Bools] = {"severe": p["severe"], "certificate": light, "no_certificate": ~light & ~p["severe"]}
    kinds |= {"widowed": p["widowed"], "employee": employee, "other_pension": ~employee}
    factor = d.factor("low_income_factor", **kinds, old=p["age"] >= shape.number("low_income_factor", "old_from_age"))
    minimum = d.chance.happens(
        rescaled(_by_district(d, "minimum_living", "rate"), factor, p["district"], ~p["destitute"])
    )
    edge = d.chance.happens(
        rescaled(_by_district(d, "edge", "rate"), factor, p["district"], ~p["destitute"] & ~minimum)
    )
    kind = np.where(edge, word("assistance", "edge"), word("assistance", "none"))
    p["assistance"] = np.where(minimum, word("assistance", "minimum_living"), kind)
    p["minimum_living"] = minimum
    p["hardship_after_allowance"] = minimum & d.chance.happens(shape.number("minimum_living", "hardship_after"))


def _entitled(d: Drawing) -> None:
    """The entitled groups: soldiers are men, families mostly women, the demobilised old."""
    p, shape = d.people, d.shape
    kinds, families = shape.table("entitled", "kind"), shape("entitled", "families")
    men = np.array([shape.number("entitled", "male", "families" if k in families else "soldiers") for k in kinds])
    share, names = np.array(list(kinds.values())), list(kinds)
    old = p["birth_date"] < day_number(shape("entitled", "demobilised_born_before"))
    rate = shape.number("entitled", "rate")
    kind = np.full(d.chance.count, word("entitled_kind", "none"))
    at, upto = d.chance.uniform(), np.zeros(d.chance.count)
    for name, part, male in zip(names, share, men, strict=True):
        among = old if name == "demobilised_soldier" else np.ones_like(old)
        sexes = np.where(p["woman"], 1 - male, male)
        chance = rescaled(rate * part, sexes, np.zeros(d.chance.count, dtype=np.int64), among)
        kind[(at >= upto) & (at < upto + chance)] = word("entitled_kind", name)
        upto = upto + chance
    p["entitled_kind"] = kind
    entitled = kind != word("entitled_kind", "none")
    p["regular_benefit"] = entitled & d.chance.happens(shape.number("entitled", "regular_benefit"))


def _pensions(d: Drawing) -> None:
    p, due = d.people, d.shape.table("pension", "due")
    from_age = d.shape.table("pension", "due_from_age")
    chance = np.zeros(d.chance.count)
    for scheme, rate in due.items():
        old = p["age"] >= np.where(p["woman"], from_age[f"{scheme}_f"], from_age[f"{scheme}_m"])
        chance[(p["pension_scheme"] == word("pension_scheme", scheme)) & old] = rate
    p["pension_due"] = d.chance.happens(chance)


def _support(d: Drawing) -> None:
    """A legal supporter who is able, and a family member who cares."""
    p, shape = d.people, d.shape
    rates = shape.table("supporter")
    alone = np.where(p["married"], rates["spouse_only"], rates["nobody"])
    chance = np.where(p["childless"], alone, rates["with_child"])
    chance = np.where(p["minimum_living"], chance * rates["minimum_living_factor"], chance)
    p["capable_supporter"] = d.chance.happens(np.where(p["destitute"], 0.0, chance))
    chance = shape.numbers("family_carer", "if_grade")[p["ability_grade"]]
    only = p["dementia"] & (p["ability_grade"] == 0)
    chance = np.where(only, shape.number("family_carer", "if_dementia_only"), chance)
    family = ~p["institution"] & ~p["destitute"] & (p["married"] | ~p["childless"])
    p["has_family_carer"] = d.chance.happens(chance) & family


def _rare(d: Drawing) -> None:
    p, shape = d.people, d.shape
    everybody, ones = np.zeros(d.chance.count, dtype=np.int64), np.ones(d.chance.count)
    roofless = p["lives_alone"] & ~p["destitute"]
    p["homeless"] = d.chance.happens(rescaled(shape.number("homeless", "rate"), ones, everybody, roofless))
    suits = shape.table("lawsuits")
    p["support_claim"] = d.chance.happens(suits["support_claim"])
    chance = np.where(p["support_claim"], suits["fee_hardship_if_claim"], suits["fee_hardship_otherwise"])
    p["court_fee_hardship"] = d.chance.happens(chance)


def _deaths(d: Drawing) -> None:
    """Deaths of the last months, more among the frail; `died` is the day, meaningless for the living."""
    p, shape = d.people, d.shape
    back = int(shape.number("deaths", "days_back"))
    days = day_number(d.on) - np.arange(back, 0, -1)
    month = (np.datetime64("1970-01-01", "D") + days).astype("M8[M]").astype(np.int64) % 12
    weight = shape.numbers("deaths", "month")[month]
    kinds: dict[str, Bools] = {name: p[name] for name in ("dementia", "destitute", "institution")}
    factor = d.factor("deaths", "factor", **kinds, rural=~p["town"])
    factor *= shape.numbers("deaths", "factor", "ability_grade")[p["ability_grade"]]
    rates = np.concatenate([shape.numbers("deaths", f"rate_{sex}") for sex in "mf"]) * weight.sum() / 365
    group = p["woman"] * len(shape("age_bands")) + p["band"]
    p["dead"] = d.chance.happens(rescaled(rates, factor, group))
    p["death_date"] = days[d.chance.pick(weight)]


def _moves(d: Drawing) -> None:
    """Some have moved to another city, which the offices do not know; those left in a village stayed."""
    p, places = d.people, d.places
    may = ~p["left_behind"] & ~p["institution"] & ~p["dead"] & (p["registered_region"] < len(places.district))
    everybody = np.zeros(d.chance.count, dtype=np.int64)
    rate = d.shape.number("moved_out_still_listed", "rate")
    moved = d.chance.happens(rescaled(rate, may.astype(np.float64), everybody, may))
    kinds = list(places.outside)
    shares = d.shape.table("registered", "share")
    kind = d.chance.pick(np.array([shares[name] for name in kinds]))
    region = p["community"]
    for index, name in enumerate(kinds):
        away = places.outside[name] + d.chance.pick(places.outside_share[name])
        region = np.where(moved & (kind == index), away, region)
    p["moved"], p["residence_region"] = moved, region
