"""Effects of scenarios as tables: a row an item, district and age band, for files; sums and words to be shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from songhe.eligibility.determining import YUAN, monthly
from songhe.eligibility.roll import AGES
from songhe.eligibility.what_if import FIGURES, PEOPLE_FIGURES, Effect, ItemEffect, WhatIf
from songhe.kernel.money import Money
from songhe.rules import nodes as n
from songhe.rules.packs import Pack, Parameter
from songhe.rules.programme import SHARED, BoundItem
from songhe.rules.sentence import UNSET, gift_of, plain_number, sentence_of
from songhe.rules.units import in_words

NOT_KNOWN = "不知道"
COUNTS = tuple(name for name in FIGURES if not name.startswith("fen"))
COLUMNS = (
    "scenario", "item", "number", "name", "district", "district_name", "age_band", *COUNTS, "amount_before",
    "amount_after", "unit",
)  # fmt: skip
_SCHEMA = {
    name: pl.Int64 if name in ("number", *COUNTS) else YUAN if name.startswith("amount") else pl.String
    for name in COLUMNS
}
RegionNames = Callable[[str], str]


def age_bands() -> tuple[str, ...]:
    """The age bands in the order of a tally's cells: the oldest first, then who is younger, then who is not known."""
    inner = [f"{young}–{old - 1}" for old, young in pairwise(AGES)]
    return (f"{AGES[0]}及以上", *inner, f"不满{AGES[-1]}", NOT_KNOWN)


def district_names(what_if: WhatIf, region_name: RegionNames) -> tuple[str, ...]:
    """The districts of the roll by name."""
    return tuple(region_name(code) if code else NOT_KNOWN for code in what_if.roll.districts)


def result_table(what_if: WhatIf, effects: Sequence[Effect], region_name: RegionNames) -> pl.DataFrame:
    """A row for each scenario, item, district and age band in which anything is counted; columns as COLUMNS."""
    rows = [row for effect in effects for item in effect.items for row in _rows(what_if, effect, item, region_name)]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _rows(what_if: WhatIf, effect: Effect, item: ItemEffect, region_name: RegionNames) -> list[tuple[Any, ...]]:
    own, bands = item.after.item, age_bands()
    counted = item.tally.figures.astype(np.bool_).max(axis=0)
    rows = []
    for place, code in enumerate(what_if.roll.districts):
        named = (effect.scenario.text, own.slug, own.number, own.name, code, region_name(code) if code else NOT_KNOWN)
        for band, words in enumerate(bands):
            if counted[place, band]:
                counts = (int(item.tally.cells(name)[place, band]) for name in COUNTS)
                money = (
                    Money(int(item.tally.cells(f"fen_{when}")[place, band])).yuan if sets else None
                    for when, sets in zip(("before", "after"), item.sets_money, strict=True)
                )
                rows.append((*named, words, *counts, *money, item.after.unit if item.after.pays else ""))
    return rows


def changes_of(what_if: WhatIf, effect: Effect) -> list[tuple[str, str, str, str]]:
    """For each changed figure its owner, its label, and the figure before and after in words."""
    return [_change(what_if, effect, name) for name in effect.scenario.changes]


def _change(what_if: WhatIf, effect: Effect, name: str) -> tuple[str, str, str, str]:
    owner, _, key = name.partition(".")
    old = what_if.programme.items[0] if owner == SHARED else what_if.programme.item(owner)
    new = effect.programme.items[0] if owner == SHARED else effect.programme.item(owner)
    parameter = what_if.programme.pack.parameters_of(old.item)[key]
    return (
        "整份清单" if owner == SHARED else old.item.name,
        parameter.label,
        _figure(old, parameter),
        _figure(new, parameter),
    )


def _figure(bound: BoundItem, parameter: Parameter) -> str:
    value = bound.figures.value(parameter.name)
    if not isinstance(value, n.Constant):
        return UNSET.strip("（）")
    assert not isinstance(value.value, str | bool)  # noqa: S101
    return f"{plain_number(value.value)}{in_words(parameter.unit)}"  # type: ignore[arg-type]


def rule_of(bound: BoundItem, pack: Pack, region_name: RegionNames) -> str:
    """Who may have the item and what it gives, in words."""
    return f"{sentence_of(bound, pack, region_name)}{gift_of(bound, pack)}"


def summary(what_if: WhatIf, effects: Sequence[Effect], region_name: RegionNames) -> dict[str, Any]:
    """Everything as plain values for another program: money as text in yuan with two decimals."""
    pack = what_if.programme.pack
    return {
        "list": pack.id,
        "digest": pack.digest,
        "on": str(what_if.programme.on),
        "people": what_if.roll.height,
        "living": what_if.living.total("people"),
        "month_before": yuan_text(what_if.fen_month),
        "scenarios": [_scenario(what_if, effect, region_name) for effect in effects],
    }


def yuan_text(fen: int) -> str:
    """Yuan with two decimals, no thousands separated."""
    return str(Decimal(fen).scaleb(-2))


def _scenario(what_if: WhatIf, effect: Effect, region_name: RegionNames) -> dict[str, Any]:
    places, bands = district_names(what_if, region_name), age_bands()
    return {
        "scenario": effect.scenario.text,
        "changes": {name: plain_number(figure) for name, figure in effect.scenario.changes.items()},
        "month_after": yuan_text(what_if.fen_month + effect.fen_month),
        "month_change": yuan_text(effect.fen_month),
        "year_change": yuan_text(effect.fen_year),
        "people": {name: effect.people.total(name) for name in PEOPLE_FIGURES},
        "items": [_item(what_if, effect, item, region_name) for item in effect.items],
        "districts": [
            {"district": code, "name": name}
            | {figure: int(effect.people.cells(figure)[place].sum()) for figure in PEOPLE_FIGURES}
            | {"month_change": yuan_text(int(effect.month_cells()[place].sum()))}
            for place, (code, name) in enumerate(zip(what_if.roll.districts, places, strict=True))
        ],
        "ages": [
            {"band": words}
            | {figure: int(effect.people.cells(figure)[:, band].sum()) for figure in PEOPLE_FIGURES}
            | {"month_change": yuan_text(int(effect.month_cells()[:, band].sum()))}
            for band, words in enumerate(bands)
        ],
    }


def _item(what_if: WhatIf, effect: Effect, item: ItemEffect, region_name: RegionNames) -> dict[str, Any]:
    own = item.after.item
    money = {
        f"amount_{when}": yuan_text(item.tally.total(f"fen_{when}")) if sets else None
        for when, sets in zip(("before", "after"), item.sets_money, strict=True)
    }
    return {
        "item": own.slug,
        "number": own.number,
        "name": own.name,
        "rule_before": sentence_of(item.before, what_if.programme.pack, region_name),
        "rule_after": sentence_of(item.after, effect.programme.pack, region_name),
        **{name: item.tally.total(name) for name in COUNTS},
        **money,
        "per": own.gives.per if item.after.pays else None,
        "monthly": item.after.pays and monthly(item.after),
    }
