"""Families: who is married to whom, who shares a household, who can be rung."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from songhe.demo.chance import Bools, Chance, Ints
from songhe.demo.drawing import Columns, Drawing
from songhe.demo.register.naming import children_names, surnames
from songhe.demo.register.numbers import phones, uuids

NOBODY = -1
_OLDER, _YOUNGER = 15 * 365, 8 * 365  # a husband may be so many days older or younger than his wife
_GAP_DAYS, _GAP_SPREAD = 840, 1_095
_FEW_DAYS = 30


@dataclass(frozen=True)
class Families:
    """`spouse` is a position among the people or NOBODY; `home` numbers households, NOBODY in an institution."""

    spouse: Ints
    home: Ints
    homes: int
    heads: Bools


def families(drawing: Drawing, chance: Chance) -> Families:
    """Couples from married people of one community whose facts go together, and the households they make."""
    p = drawing.people
    count = drawing.chance.count
    spouse = _couples(p, chance)
    paired = spouse != NOBODY
    first = ~paired | (~p["woman"])
    apart = p["institution"]
    number = np.cumsum(first & ~apart) - 1
    home = np.where(paired & p["woman"], number[np.where(paired, spouse, 0)], number)
    parent = ~p["empty_nest"] & ~paired & chance.happens(0.4)
    heads = first & ~parent
    return Families(spouse, np.where(apart, NOBODY, home), int((first & ~apart).sum()), heads | (count == 0))


def _couples(p: Columns, chance: Chance) -> Ints:
    """Men and women of one kind, each sorted by age, side by side: the n-th man marries the n-th woman."""
    spouse = np.full(chance.count, NOBODY, dtype=np.int64)
    may = p["married"] & ~p["institution"] & ~p["lives_alone"] & ~p["destitute"]
    kind = _kinds(p)
    shift = _GAP_DAYS + _GAP_SPREAD * (chance.uniform() + chance.uniform() - 1)
    day = p["birth_date"] + np.where(p["woman"], 0, shift)
    order = np.lexsort((day, p["woman"], kind))
    order = order[may[order]]
    group, woman = kind[order], p["woman"][order].astype(np.int64)
    cell = group * 2 + woman
    _, start, length = np.unique(cell, return_index=True, return_counts=True)
    rank = np.arange(len(order)) - np.repeat(start, length)
    frame = pl.DataFrame({"at": order, "group": group, "rank": rank, "woman": woman == 1})
    men, women = frame.filter(~pl.col("woman")), frame.filter("woman")
    pairs = men.join(women, on=["group", "rank"], suffix="_wife")
    man, wife = pairs["at"].to_numpy(), pairs["at_wife"].to_numpy()
    older = p["birth_date"][wife] - p["birth_date"][man]
    fits = (older <= _OLDER) & (older >= -_YOUNGER)
    spouse[man[fits]], spouse[wife[fits]] = wife[fits], man[fits]
    return spouse


def _kinds(p: Columns) -> Ints:
    """A number for each mix of what both of a couple share."""
    kind = p["community"].astype(np.int64)
    for shared in ("empty_nest", "left_behind", "childless", "family_planning_special"):
        kind = kind * 2 + p[shared]
    return np.asarray(kind * 3 + p["assistance"], dtype=np.int64)


def household_ids(found: Families, seed: np.random.SeedSequence) -> pl.Series:
    """The household's id for each person, None without one."""
    ids = uuids(Chance(seed, max(found.homes, 1)))
    known = ids.gather(pl.Series(np.maximum(found.home, 0).astype(np.uint32)))
    return known.zip_with(pl.Series(found.home != NOBODY), pl.Series([None], dtype=pl.String))


def relations(p: Columns, found: Families) -> pl.Series:
    """What each person is to the head of the household."""
    words = np.where(found.heads, "self", np.where(found.spouse != NOBODY, "spouse", "parent"))
    return pl.Series(np.where(found.home == NOBODY, "", words), dtype=pl.String)


def contacts(drawing: Drawing, chance: Chance, persons: pl.DataFrame, found: Families) -> pl.DataFrame:
    """Who can be rung: children first, the husband or wife, a neighbour or the village's worker for who has nobody.

    One row a contact: `at` (position of the person), part, relation, name, phone, days since the beginning, document.
    """
    p = drawing.people
    family = _family_surname(chance, persons, found, p)
    has_child = ~p["childless"]
    frames = []
    for rate in (0.62, 0.17):
        daughter = chance.happens(0.5)
        name = children_names(chance, daughter, family)
        relation = np.where(daughter, "daughter", "son")
        frames.append(_contacts(chance, has_child & chance.happens(rate), relation, name))
    partner = persons["name"].gather(pl.Series(np.maximum(found.spouse, 0).astype(np.uint32)))
    frames.append(_contacts(chance, (found.spouse != NOBODY) & chance.happens(0.15), "spouse", partner))
    other = children_names(chance, chance.happens(0.5), surnames(chance, chance.happens(0.5), p["community"]))
    nobody = ~has_child & chance.happens(0.45)
    frames.append(_contacts(chance, nobody, np.where(chance.happens(0.6), "neighbour", "worker"), other))
    guarded = p["dementia"] & (p["ability_grade"] >= 2) & has_child & chance.happens(0.25)
    name = children_names(chance, chance.happens(0.5), family)
    guardian = _contacts(chance, guarded, "son", name)
    document = pl.format("监护协议第{}号", pl.col("at") % 900 + 100)
    frames.append(guardian.with_columns(part=pl.lit("guardian"), document=document))
    acting = (p["ability_grade"] >= 2) & has_child & ~guarded & chance.happens(0.2)
    frames.append(_contacts(chance, acting, "child_in_law", other).with_columns(part=pl.lit("proxy")))
    return pl.concat(frames).sort("at", maintain_order=True)


def _contacts(chance: Chance, who: Bools, relation: str | npt.NDArray[np.str_], name: pl.Series) -> pl.DataFrame:
    frame = pl.DataFrame({"at": np.arange(chance.count), "name": name, "phone": phones(chance)})
    days = (chance.uniform() * 900).astype(np.int64) + _FEW_DAYS
    return (
        frame.with_columns(
            part=pl.lit("contact"),
            relation=pl.lit(relation) if isinstance(relation, str) else pl.Series(relation, dtype=pl.String),
            days=days,
            document=pl.lit(""),
        )
        .filter(pl.Series(who))
        .select("at", "part", "relation", "name", "phone", "days", "document")
    )


def _family_surname(chance: Chance, persons: pl.DataFrame, found: Families, p: Columns) -> pl.Series:
    """The surname of a person's children: a man's own, of a woman her husband's."""
    own = persons["surname"]
    husband = own.gather(pl.Series(np.maximum(found.spouse, 0).astype(np.uint32)))
    drawn = surnames(chance, np.ones(chance.count, dtype=np.bool_), np.where(p["town"], NOBODY, p["community"]))
    theirs = husband.zip_with(pl.Series(found.spouse != NOBODY), drawn)
    return own.zip_with(pl.Series(~p["woman"]), theirs)
