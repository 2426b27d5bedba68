"""The lists that came in before the day of the city: rows as departments would have sent them, all of them true.

What the register does not know yet is on them too (`news`), so that writing them changes something.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from songhe.demo.register.city import Piece
from songhe.demo.register.spoiled import HEADERS, mistaken
from songhe.demo.register.telling import value_texts
from songhe.kernel.regions import significant

_FILE = Path(__file__).with_name("desks.yaml")
_LATEST_DEATH = 2  # days before a list of deaths
_EARLIEST_DEATH = 70
_MISTAKEN = 24  # rows of a list with mistakes that may have one
_SEXES = {"1": "男", "2": "女"}
_WHO = {"姓名": "name", "身份证号": "identity", "性别": "sex", "出生日期": "birth_date", "家庭住址": "address"}


@cache
def desks() -> Mapping[str, Any]:
    """The file `desks.yaml`."""
    found: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found


class EarlierLists:
    """Collects from the pieces who stood on each list of `desks.yaml`, in its order."""

    def __init__(self, day: date) -> None:
        self._day = day
        self._rows: list[list[pl.DataFrame]] = [[] for _ in desks()["lists"]]

    def add(self, piece: Piece) -> None:
        """Takes the people of one piece."""
        columns = ("id", "name", "identity", "sex", "birth_date", "address", "region_code", "standing")
        for plan, held in zip(desks()["lists"], self._rows, strict=True):
            here = pl.col("region_code").str.starts_with(significant(plan["region"])) & (
                pl.col("standing") == "present"
            )
            people = piece.people.select(columns).filter(here)
            if people.height:
                held.append(_on_list(plan, people, piece, self._day))

    def tables(self) -> list[pl.DataFrame]:
        """The rows of each list under their headers, every cell text; empty for one that nobody stands on."""
        return [_table(plan, held) for plan, held in zip(desks()["lists"], self._rows, strict=True)]


def _on_list(plan: Mapping[str, Any], people: pl.DataFrame, piece: Piece, day: date) -> pl.DataFrame:
    """Who is on the list, with the value of each fact in words; `fresh` whom the register did not know it of."""
    facts = desks()["columns"][plan["list"]]
    if "death_date" in facts:
        return _deaths(plan, people, piece, day)
    so = piece.truth.select("id", **{fact: _said(piece.truth[fact]) for fact in facts})
    so = so.with_columns(fresh=piece.table[next(iter(facts))].is_null())
    if "most" in plan:  # a list that holds some need not hold those who are slow to find
        people = people.filter(pl.col("identity").is_not_null())
    on = people.join(so, on="id", maintain_order="left")
    return on.filter(*(pl.col(fact).is_not_null() for fact in facts))


def _deaths(plan: Mapping[str, Any], people: pl.DataFrame, piece: Piece, day: date) -> pl.DataFrame:
    """Deaths of some weeks before the list that the register has not heard of."""
    until = day - timedelta(days=plan["days"] + _LATEST_DEATH)
    so = piece.truth.select("id", "death_date")
    on = people.filter(pl.col("identity").is_not_null()).join(so, on="id", maintain_order="left")
    died = pl.col("death_date").is_between(until - timedelta(days=_EARLIEST_DEATH), until)
    return on.filter(died).with_columns(pl.col("death_date").cast(pl.String), fresh=pl.lit(value=True))


def _said(column: pl.Series) -> pl.Series:
    """A fact in the words of a list, null where it says nothing of it."""
    words = {str(value): word for value, word in desks()["words"][column.name].items()}
    return value_texts(column).replace_strict(words, default=None, return_dtype=pl.String)


def _table(plan: Mapping[str, Any], held: list[pl.DataFrame]) -> pl.DataFrame:
    headers = _WHO | {header: fact for fact, header in desks()["columns"][plan["list"]].items()}
    if not sum(frame.height for frame in held):
        return pl.DataFrame(schema=dict.fromkeys(headers, pl.String))
    rows = pl.concat([frame.select("fresh", *headers.values()) for frame in held])
    most = plan.get("most", rows.height)
    fresh = rows.filter("fresh").head(plan.get("news", most))
    known = rows.filter(~pl.col("fresh")).head(most)
    told = pl.concat([known, fresh]).with_columns(pl.col("sex").replace(_SEXES)).sort("birth_date", "name")
    table = told.select(
        pl.col(column).cast(pl.String).fill_null("").alias(header) for header, column in headers.items()
    )
    return _with_mistakes(table) if plan["end"] == "mistaken" else table


def _with_mistakes(table: pl.DataFrame) -> pl.DataFrame:
    rows = table.with_columns(pl.lit("2025-03-01").alias(HEADERS[-1])).select(HEADERS).rows()
    return pl.DataFrame([*mistaken(rows[:_MISTAKEN]), *rows[_MISTAKEN:]], schema=list(HEADERS), orient="row")
