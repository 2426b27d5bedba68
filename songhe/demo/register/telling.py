"""What the departments and communities told the register: the offices' table as tellings with source and day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import yaml

from songhe.demo.chance import Chance, Ints
from songhe.rules.facts import PERSON_TABLE, Kind

_FILE = Path(__file__).with_name("telling.yaml")
_MORNING = 9  # o'clock


def tellings(table: pl.DataFrame, ids: pl.Series, chance: Chance, day: date) -> pl.DataFrame:
    """One row for each known cell: at, person_id, fact, value, source, from_date, as_of, known_from.

    What one visit or one assessment tells has one day.
    """
    visit, assessed = _back(chance, [3, 300]), _back(chance, written()["assessment"]["days"])
    has_grade = table["ability_grade"].is_not_null().to_numpy()
    frames, papers = [], dict[str, Ints]()
    for fact, way in written()["facts"].items():
        files = isinstance(way["days"], int)
        back = (
            visit if way.get("visit") else np.full(chance.count, way["days"]) if files else _back(chance, way["days"])
        )
        by_assessment = has_grade & bool(way.get("assessed"))
        back = np.where(by_assessment, assessed, back)
        source = np.where(by_assessment, "assessment", way["source"])
        frame = pl.DataFrame(
            {
                "at": np.arange(chance.count, dtype=np.uint32),
                "person_id": ids,
                "fact": pl.repeat(fact, chance.count, eager=True),
                "value": value_texts(table[fact]),
                "source": pl.Series(source, dtype=pl.String),
                "from_date": _began(way, papers, chance, day, table[fact]),
                "back": back,
                "late": pl.repeat(written()["file_arrives_after"] if files else 0, chance.count, eager=True),
            }
        )
        frames.append(dated(frame.filter(pl.col("value").is_not_null()), day))
    return pl.concat(frames)


def dated(frame: pl.DataFrame, day: date) -> pl.DataFrame:
    """The day a telling speaks of and when the register had it, from days `back` and days `late`."""
    as_of = pl.lit(day) - pl.duration(days=pl.col("back"))
    known = (as_of + pl.duration(days=pl.col("late"))).cast(pl.Datetime("us")) + pl.duration(hours=_MORNING)
    return frame.with_columns(as_of=as_of.cast(pl.Date), known_from=known).drop("back", "late")


def value_texts(column: pl.Series) -> pl.Series:
    """Values of the person table as the register keeps them."""
    return column.cast(pl.String)


@cache
def written() -> Mapping[str, Any]:
    """The file, whose facts are those of the person table but for the ones that stand with the person."""
    found: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found


def _back(chance: Chance, days: list[int]) -> Ints:
    return np.asarray(days[0] + (chance.uniform() * (days[1] - days[0])).astype(np.int64))


def _began(way: Mapping[str, Any], papers: dict[str, Ints], chance: Chance, day: date, column: pl.Series) -> pl.Series:
    """The day from which a benefit or certificate counts; for nothing at all and all other facts none is told.

    `papers` holds the days by department, so that two facts of one certificate begin together.
    """
    none = pl.Series([None], dtype=pl.Date)
    if "began" not in way:
        return pl.select(pl.repeat(None, len(column), dtype=pl.Date)).to_series()
    if way["source"] not in papers:
        papers[way["source"]] = _back(chance, way["began"])
    back = pl.Series(papers[way["source"]])
    began = pl.select((pl.lit(day) - pl.duration(days=pl.lit(back))).cast(pl.Date)).to_series()
    nothing = 0 if PERSON_TABLE[column.name].kind in (Kind.CODE, Kind.GRADE) else "none"
    return began.zip_with((column != nothing).fill_null(value=False), none)
