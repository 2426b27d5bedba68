"""What is kept of everybody beside what the rules mean, cell by cell: a cell is one item of one person, word and fen.

The meaning is what `songhe determine` writes with the reference reading for the exported person table.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from songhe.config.paths import policies_folder
from songhe.eligibility.decisions.models import Standing
from songhe.eligibility.decisions.places import known_places
from songhe.eligibility.determining import column, payable_column
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.people.api import person_table
from songhe.rules.facts import KEY
from songhe.rules.programme import Programme

LIST = "420700-ezhou/basic-list-2023"
EVERYBODY = Actor.system("判定", "")
_SHOWN = 12
_KEPT = {KEY: pl.String, "yes": pl.Int64, "unknown": pl.Int64, "fen": pl.List(pl.Int32)}


@dataclass(frozen=True, slots=True)
class Compared:
    """How many people and cells were compared, how many cells hold an unknown, and the first that differ."""

    people: int
    cells: int
    unknown: int
    differing: int
    examples: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.people:,} people, {self.cells:,} cells ({self.unknown:,} unknown), differing {self.differing:,}"


def compare(programme: Programme, folder: Path) -> Compared:
    """Everybody in the register on the programme's day; who is only on one side differs in every cell."""
    meant = _meant(programme.on, folder).with_columns(there=pl.lit(True))
    both = _kept().with_columns(here=pl.lit(True)).join(meant, on=KEY, how="full", coalesce=True)
    alone = both.filter(pl.col("here").is_null() | pl.col("there").is_null())
    both, places = both.filter(pl.col("here") & pl.col("there")), known_places()
    cells, unknown, differing, examples = (
        0,
        0,
        alone.height * len(programme.items),
        [f"{alone[KEY].to_list()[:_SHOWN]}"],
    )
    for bound in programme.items:
        found = both.select(KEY, *_cell(places[bound.item.slug], column(bound), payable_column(bound), meant.columns))
        wrong = found.filter(
            pl.col("word").ne_missing(pl.col("word_meant")) | pl.col("fen").ne_missing(pl.col("fen_meant"))
        )
        cells, unknown = cells + found.height, unknown + found.filter(pl.col("word_meant") == "u").height
        differing += wrong.height
        examples += [f"{bound.item.slug}: {row}" for row in wrong.head(_SHOWN).iter_rows()]
    shown = tuple(examples[0 if alone.height else 1 :][:_SHOWN])
    return Compared(both.height + alone.height, cells + alone.height * len(programme.items), unknown, differing, shown)


def _cell(place: int, outcome: str, payable: str, known: list[str]) -> list[pl.Expr]:
    """The word and the fen of one item as kept and as meant; what is payable counts for who may have the item."""
    bit = 1 << place
    kept = pl.when((pl.col("yes") & bit) != 0).then(pl.lit("y"))
    kept = kept.when((pl.col("unknown") & bit) != 0).then(pl.lit("u")).otherwise(pl.lit("n"))
    meant = pl.when(pl.col(outcome).is_null()).then(pl.lit("u"))
    meant = meant.when(pl.col(outcome)).then(pl.lit("y")).otherwise(pl.lit("n"))
    yuan = pl.when(pl.col(outcome)).then(pl.col(payable) * 100) if payable in known else pl.lit(None)
    return [
        kept.alias("word"), meant.alias("word_meant"),
        pl.col("fen").list.get(place, null_on_oob=True).cast(pl.Int64).alias("fen"),
        yuan.cast(pl.Int64).alias("fen_meant"),
    ]  # fmt: skip


def _kept() -> pl.DataFrame:
    with scoped(EVERYBODY, "test"):
        rows = Standing.objects.values_list("person_id", "yes", "unknown", "fen")
        return pl.DataFrame([(str(key), *row) for key, *row in rows.iterator(10_000)], schema=_KEPT, orient="row")


def _meant(on: date, folder: Path) -> pl.DataFrame:
    people, out = folder / f"people-{on}.parquet", folder / f"meant-{on}.parquet"
    with scoped(EVERYBODY, "test"):
        person_table(today=on).write_parquet(people)
    command = [
        sys.executable, "-m", "songhe.config.cli", "determine", "--list", LIST, "--people", str(people),
        "--on", on.isoformat(), "--layout", "wide", "--engine", "reference", "--out", str(out),
        "--policies", str(policies_folder()),
    ]  # fmt: skip
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-400:]
    return pl.read_parquet(out)
