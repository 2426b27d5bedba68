"""Invented older people in bulk: the table the offices have, and beside it the truth.

Both have exactly the columns of the person table. In the truth nothing is unknown; an empty death date means alive.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import polars as pl

from songhe.demo.chance import Bools, Ints
from songhe.demo.drawing import Drawing, draw
from songhe.demo.knowledge import known_cells, known_deaths, known_regions
from songhe.kernel.errors import BadInput
from songhe.rules.facts import COLUMNS, KEY, PERSON_TABLE, Kind
from songhe.rules.readings.polars import SCHEMA

DEMO_DAY = date(2024, 5, 1)
_ID_DIGITS = 8


def make_people(city: str, count: int, seed: int, on: date = DEMO_DAY) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The offices' table and the truth of `count` people on the day; one seed gives the same bytes every time.

    Refused with BadInput when `count` is below 1 or `seed` below 0, with NotFound for a city without a shape.
    """
    return _tables(city, _checked(count, 1, "人数"), np.random.SeedSequence(_checked(seed, 0, "种子")), on, 1)


def stream_people(
    city: str, count: int, seed: int, on: date = DEMO_DAY, chunk: int = 1_000_000
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """The same as `make_people`, piece by piece in the memory of one piece; ids go on from piece to piece.

    Each piece has its own child of the seed, so the people are others than those of `make_people`, and a piece can be
    made without those before it. Refused like `make_people`.
    """
    _checked(count, 1, "人数")
    _checked(chunk, 1, "每批人数")
    _checked(seed, 0, "种子")
    for piece, start in enumerate(range(0, count, chunk)):
        sequence = np.random.SeedSequence(seed, spawn_key=(piece,))
        yield _tables(city, min(chunk, count - start), sequence, on, start + 1)


def _checked(number: int, least: int, name: str) -> int:
    if number < least:
        raise BadInput(name, "太小", given=str(number), accepted=f"{least}或以上的整数")
    return number


def _tables(
    city: str, count: int, seed: np.random.SeedSequence, on: date, first: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    return tables_of(draw(city, count, seed, on), first)


def tables_of(drawing: Drawing, first: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The offices' table and the truth of people already drawn, who are numbered from `first` on."""
    facts = tuple(PERSON_TABLE)
    cells, regions, deaths = known_cells(drawing, facts), known_regions(drawing), known_deaths(drawing)
    ids = _ids(first, drawing.chance.count)
    truth, table = [ids], [ids]
    for fact in facts:
        column = _column(drawing, fact, drawing.people[fact])
        if fact == "death_date":
            truth.append(_masked(column, drawing.people["dead"]))
            table.append(_masked(column, deaths))
        else:
            truth.append(column)
            seen = _column(drawing, fact, regions[fact]) if fact in regions else column
            table.append(_masked(seen, cells[fact]))
    return pl.DataFrame(table).select(COLUMNS), pl.DataFrame(truth).select(COLUMNS)


def _ids(first: int, count: int) -> pl.Series:
    numbers = pl.int_range(first, first + count, dtype=pl.Int64, eager=True)
    return pl.select((pl.lit("E") + numbers.cast(pl.String).str.zfill(_ID_DIGITS)).alias(KEY)).to_series()


def _masked(column: pl.Series, keep: Bools) -> pl.Series:
    empty = pl.Series(column.name, [None], dtype=column.dtype)
    return column.zip_with(pl.Series(keep), empty)


def _column(drawing: Drawing, fact: str, values: Ints) -> pl.Series:
    kind = PERSON_TABLE[fact].kind
    if kind is Kind.DATE:
        return pl.Series(fact, values.astype(np.int32)).cast(pl.Date)
    if kind is Kind.BOOL:
        return pl.Series(fact, values.astype(np.bool_))
    if kind is Kind.WORD:
        return _looked_up(fact, [str(value) for value in PERSON_TABLE[fact].values], values)
    if kind is Kind.REGION:
        return _looked_up(fact, drawing.places.codes, values)
    return pl.Series(fact, values.astype(np.int8), dtype=SCHEMA[fact])


def _looked_up(fact: str, words: list[str] | tuple[str, ...], positions: Ints) -> pl.Series:
    return pl.Series(fact, list(words), dtype=pl.String).gather(pl.Series(positions.astype(np.uint32)))
