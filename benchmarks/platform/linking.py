"""Matching without a number, and files of one person twice, against what the demonstration city has planted."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import polars as pl

from benchmarks.ground import Line, Say
from benchmarks.platform import ground
from benchmarks.platform.ground import Sizes

_LIST, _SOURCE, _NOTED = "health_without_numbers.csv", "health", "file_without_numbers"
_PRECISION, _RECALL = 0.999, 0.95


def linking(folder: Path, sizes: Sizes, say: Say) -> list[Line]:
    """Precision of the automatic band, recall with review; and how many of the planted duplicates are found."""
    from songhe.people.linkage import find_duplicates, match_rows
    from songhe.people.linkage.measure import measure, measure_duplicates

    place = ground.city(folder, sizes.city, say)
    with ground.platform(place):
        register, rows = _register(), _rows(place / "files-demo" / _LIST)
    say("没有证件号的名册：认人")
    start = perf_counter()
    found = measure(match_rows(register, rows), _truth(place / "truth", rows))
    matching = perf_counter() - start
    say("重复档案")
    start = perf_counter()
    pairs = find_duplicates(register.filter(~pl.col("deceased")))
    searching = perf_counter() - start
    twice = measure_duplicates(pairs, _pairs(place / "truth"))
    return [
        Line(f"{found.rows:,} rows without a number against {register.height:,} people", ground_seconds(matching)),
        Line(
            f"… automatic band, precision ({found.automatic:,} rows, {found.wrong} wrong)",
            f"{found.precision:.5f}", f"≥ {_PRECISION}", found.precision >= _PRECISION,
        ),
        Line(
            f"… recall with review ({found.found:,} of {found.known:,}; {found.review:,} rows to review)",
            f"{found.recall:.4f}", f"≥ {_RECALL}", found.recall >= _RECALL,
        ),
        Line("… recall of the automatic band alone", f"{found.automatic_recall:.4f}"),
        Line(f"files of one person twice, {twice.true:,} planted: searched for in", ground_seconds(searching)),
        Line(f"… found ({twice.found:,})", f"{twice.recall:.4f}"),
        Line(f"… share of the {twice.shown:,} shown pairs that are", f"{twice.precision:.3f}"),
    ]  # fmt: skip


def ground_seconds(value: float) -> str:
    """A time with one decimal."""
    return f"{value:.1f} s"


def _register() -> pl.DataFrame:
    """The register as matching and the search for duplicates read it."""
    from songhe.foundation.access.actors import Actor
    from songhe.foundation.access.scope import scoped
    from songhe.people.duplicates.operations import _register as read

    with scoped(Actor.system("bench", "420700"), "bench"):
        return read("420700")


def _rows(path: Path) -> pl.DataFrame:
    """The list as an import reads it; rows that an import refuses are left out."""
    from django.utils import timezone

    from songhe.foundation.files.tables import open_table
    from songhe.people.imports.mapping import guessed
    from songhe.people.imports.reading import NUMBER, Wish, read_list
    from songhe.people.imports.sources import ADDRESS, BIRTH, NAME, PHONE, REGION, SEX, list_of

    expected = list_of(_SOURCE)
    mapped = guessed(expected, open_table(path).header)
    read = read_list(Wish(path, expected, mapped, timezone.localdate(), "4207"), lambda _done, _size: None)
    good = read.rows.filter(~pl.col("bad"))
    return good.select(
        pl.col(NUMBER).alias("row"), NAME, BIRTH, SEX, pl.col(REGION).alias("region_code"), ADDRESS, PHONE
    )


def _truth(folder: Path, rows: pl.DataFrame) -> pl.DataFrame:
    """Row and person_id; a person with two files has a line for each."""
    from songhe.demo.register.truths import read_truth

    known = read_truth(folder, _NOTED).drop_nulls("id").select(pl.col("row").cast(pl.Int64), "id")
    known = known.join(rows.select("row"), on="row", how="semi")
    twice = read_truth(folder, "duplicates").select("original", "copy")
    copies = known.join(twice, left_on="id", right_on="original").select("row", pl.col("copy").alias("person_id"))
    return pl.concat([known.select("row", pl.col("id").alias("person_id")), copies])


def _pairs(folder: Path) -> pl.DataFrame:
    from songhe.demo.register.truths import read_truth

    return read_truth(folder, "duplicates").select(pl.col("original").alias("left"), pl.col("copy").alias("right"))
