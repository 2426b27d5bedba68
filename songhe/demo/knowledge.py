"""What the offices know of invented people: which cells of their table are filled, and how finely.

Nothing here makes a fact wrong but two things that time does: a death the register has not heard of, and a move it has
not heard of. A cell that is not filled is unknown.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from songhe.demo.births import day_number
from songhe.demo.chance import Bools, Ints
from songhe.demo.drawing import Columns, Drawing, word

_WITH = {"disability_level": "disability_category", "regular_benefit": "entitled_kind"}
_ASSESSED = ("long_term_care_need", "cannot_self_care")


def known_cells(drawing: Drawing, facts: tuple[str, ...]) -> dict[str, Bools]:
    """For every fact, whose cell the offices have filled.

    Facts that come from one paper are known together; who is known to live alone is known to have an empty nest; only
    families known to draw the minimum-living allowance are asked about hardship after it.
    """
    p = drawing.people
    known = {"ability_grade": _drawn(drawing, "assessed", p["ability_grade"] > 0)}
    for fact in facts:
        if fact not in (*_WITH, *known, "death_date"):
            known[fact] = _drawn(drawing, fact, _positive(p, fact))
    for fact, paper in _WITH.items():
        known[fact] = known[paper]
    for fact in _ASSESSED:
        known[fact] = known[fact] | known["ability_grade"]
    known["empty_nest"] = known["empty_nest"] | (known["lives_alone"] & p["lives_alone"])
    known["hardship_after_allowance"] &= known["assistance"] & p["minimum_living"]
    return known


def _positive(people: Columns, fact: str) -> Bools:
    """Whether the fact says something about the person rather than 'none' or 'no'."""
    values = people[fact]
    if fact in ("assistance", "destitute_support", "entitled_kind", "pension_scheme"):
        return np.asarray(values != word(fact, "none"))
    if fact in ("birth_date", "sex", "hukou_kind", "residence_region", "registered_region"):
        return np.ones(len(values), dtype=np.bool_)
    return np.asarray(values > 0)


def _drawn(drawing: Drawing, source: str, positive: npt.NDArray[Any]) -> Bools:
    chances = drawing.shape.table("known", source)
    return drawing.chance.happens(np.where(positive, chances["if_so"], chances.get("if_not", chances["if_so"])))


def known_regions(drawing: Drawing) -> dict[str, Ints]:
    """Regions as the offices have them: of some people no finer than the township, the district, the city or province.

    Who has moved to another city without telling is still where they were.
    """
    p = drawing.people
    return {
        "residence_region": _coarsened(drawing, "residence_detail", p["community"]),
        "registered_region": _coarsened(drawing, "registered_detail", p["registered_region"]),
    }


def _coarsened(drawing: Drawing, path: str, region: Ints) -> Ints:
    shares = drawing.shape.table("known", path)
    detail = drawing.chance.pick(np.array(list(shares.values())))
    here = region < len(drawing.places.district)
    result = region
    for index, level in enumerate(shares):
        if level != "community":
            coarse = drawing.places.coarser[level][np.where(here, region, 0)]
            result = np.where(here & (detail == index), coarse, result)
    return result


def known_deaths(drawing: Drawing) -> Bools:
    """Whose death the register has heard of by the day."""
    p, news = drawing.people, drawing.shape.table("news_of_death")
    median = np.where(p["town"], news["median_urban"], news["median_rural"])
    delay = drawing.chance.delay_days(median, news["ninth_decile"], news["ninth_decile_at"])
    never = drawing.chance.happens(news["never"])
    return np.asarray(p["dead"] & ~never & (p["death_date"] + delay <= day_number(drawing.on)))
