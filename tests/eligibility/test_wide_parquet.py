"""Parquet files made from bits: read back, they hold what was put in."""

from __future__ import annotations

import io
from pathlib import Path
from random import Random

import numpy as np
import polars as pl
import pytest

from songhe.eligibility.wide_parquet import thrift
from songhe.eligibility.wide_parquet.money import coded_money, sum_of_fen, total
from songhe.eligibility.wide_parquet.pages import Chunk, bits_chunk
from songhe.eligibility.wide_parquet.writer import ParquetFile, row_groups
from songhe.rules.readings.arrow_bits import bits_of
from songhe.rules.readings.bitmaps import everyone_of

COUNTS = (1, 2, 7, 8, 9, 63, 64, 65, 127, 128, 1000, 1001)
YUAN = pl.Decimal(12, 2)
Truths = list[bool | None]


def _truths(seed: int, count: int) -> Truths:
    chance = Random(seed)  # noqa: S311
    return [chance.choice((True, False, None)) for _ in range(count)]


def _bits(truths: Truths) -> Chunk:
    everyone = everyone_of(len(truths))
    return bits_chunk(bits_of(pl.Series(truths, dtype=pl.Boolean), everyone), everyone, len(truths))


def _amounts(yuan: list[str | None]) -> list[tuple[float, np.ndarray]]:
    """Each amount with the words of who gets it, as the engine gives them."""
    everyone = everyone_of(len(yuan))
    values = sorted({amount for amount in yuan if amount is not None})
    return [
        (float(value), bits_of(pl.Series([amount == value for amount in yuan], dtype=pl.Boolean), everyone).true)
        for value in values
    ]


def _written(path: Path, groups: list[tuple[dict[str, Chunk | pl.Series], int]]) -> pl.DataFrame:
    with ParquetFile(path) as file:
        for columns, count in groups:
            file.write(columns, count)
    return pl.read_parquet(path)


@pytest.mark.parametrize("count", COUNTS)
def test_truths_come_back_unknown_as_null(tmp_path: Path, count: int) -> None:
    truths = _truths(count, count)
    read = _written(tmp_path / "a.parquet", [({"truth": _bits(truths)}, count)])
    assert read["truth"].to_list() == truths
    assert read.schema == {"truth": pl.Boolean}


@pytest.mark.parametrize("truths", [[None] * 65, [True] * 65, [False] * 64, [None], [None] * 63 + [True]])
def test_truths_of_one_kind_come_back(tmp_path: Path, truths: Truths) -> None:
    read = _written(tmp_path / "a.parquet", [({"truth": _bits(truths)}, len(truths))])
    assert read["truth"].to_list() == truths


def _money(values: int, count: int) -> list[str | None]:
    chance = Random(values)  # noqa: S311
    figures = [f"{number * 37 + 5}.{number % 100:02d}" for number in range(values)]
    return [*figures, None, *(chance.choice([*figures, None]) for _ in range(count))][: max(count, values + 1)]


@pytest.mark.parametrize("values", [1, 2, 3, 4, 5, 16, 17, 60])
def test_amounts_come_back_to_the_fen(tmp_path: Path, values: int) -> None:
    yuan = _money(values, 203)
    count = len(yuan)
    money = coded_money(_amounts(yuan), everyone_of(count), count)
    read = _written(tmp_path / "a.parquet", [({"money": money.chunk()}, count)])
    expected = pl.Series("money", yuan, dtype=pl.String).cast(YUAN)
    assert read["money"].to_list() == expected.to_list()
    assert read.schema == {"money": YUAN}
    assert money.column().cast(YUAN).to_list() == expected.to_list()
    assert sum_of_fen(_amounts(yuan)) == sum(round(float(amount) * 100) for amount in yuan if amount is not None)


def test_an_amount_that_nobody_gets_is_null_for_all(tmp_path: Path) -> None:
    money = coded_money([], everyone_of(10), 10)
    read = _written(tmp_path / "a.parquet", [({"money": money.chunk()}, 10)])
    assert read["money"].to_list() == [None] * 10
    assert read.schema == {"money": YUAN}


def test_a_total_adds_what_is_known() -> None:
    first, second = ["10.10", None, "0.05", "10.10"], [None, None, "3.00", "3.00"]
    parts = [coded_money(_amounts(yuan), everyone_of(4), 4) for yuan in (first, second)]
    found = total(parts, 4)
    assert found is not None
    assert [round(value, 2) for value in found.column()] == [10.10, 0, 3.05, 13.10]


def test_a_total_of_too_many_sums_is_left_to_others() -> None:
    many: list[str | None] = [str(2**number) for number in range(40)]
    part = coded_money(_amounts(many), everyone_of(40), 40)
    assert total([part, part, part], 40) is None


def test_a_total_of_nothing_is_nothing_for_everyone() -> None:
    found = total([], 3)
    assert found is not None
    assert found.column().to_list() == [0, 0, 0]


def test_row_groups_follow_one_another(tmp_path: Path) -> None:
    counts = (65, 0, 8, 1000)
    truths = [_truths(count, count) for count in counts]
    ids = [pl.Series([f"p{count}-{row}" for row in range(count)], dtype=pl.String) for count in counts]
    path = tmp_path / "a.parquet"
    groups = [({"id": name, "truth": _bits(own)}, len(own)) for name, own in zip(ids, truths, strict=True)]
    read = _written(path, groups)
    assert read["truth"].to_list() == [truth for own in truths for truth in own]
    assert read["id"].to_list() == [name for own in ids for name in own]
    assert row_groups(path) == [count for count in counts if count]
    assert read.columns == ["id", "truth"]


def test_a_file_without_rows_keeps_its_columns(tmp_path: Path) -> None:
    money = coded_money([], everyone_of(0), 0)
    columns = {"id": pl.Series([], dtype=pl.String), "truth": _bits([]), "money": money.chunk()}
    read = _written(tmp_path / "a.parquet", [(columns, 0)])
    assert read.schema == {"id": pl.String, "truth": pl.Boolean, "money": YUAN}
    assert read.is_empty()


def test_columns_of_polars_stand_beside_own_ones(tmp_path: Path) -> None:
    names = pl.Series(["甲", None, "丙"] * 50)
    counted = pl.Series([1.25, None, 3.5] * 50).cast(YUAN)
    columns = {"truth": _bits(_truths(1, 150)), "name": names, "money": counted}
    read = _written(tmp_path / "a.parquet", [(columns, 150), (columns, 150)])
    assert read.columns == ["truth", "name", "money"]
    assert read["name"].to_list() == names.to_list() * 2
    assert read["money"].to_list() == counted.to_list() * 2
    lazy = pl.scan_parquet(tmp_path / "a.parquet").filter(pl.col("name") == "丙").select(pl.len())
    assert lazy.collect().item() == 100


def test_a_file_that_breaks_off_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    file = ParquetFile(path)
    file.write({"truth": _bits([True])}, 1)
    file.__exit__(RuntimeError, RuntimeError(), None)
    with pytest.raises(pl.exceptions.ComputeError):
        pl.read_parquet(path)


def test_thrift_reads_what_it_writes() -> None:
    inner: thrift.Struct = {1: thrift.i64(-(2**40)), 40: thrift.text("鹤")}
    fields: thrift.Struct = {
        1: thrift.i32(-1),
        2: thrift.list_of(thrift.STRUCT, [inner] * 20),
        3: thrift.struct(inner),
        4: (thrift.TRUE, True),
        5: (thrift.FALSE, False),
        90: thrift.list_of(thrift.I32, [0, 1, 300]),
        91: (thrift.BYTE, b"\7"),
        92: (thrift.DOUBLE, b"\0" * 8),
        93: thrift.list_of(thrift.TRUE, [1, 2]),
    }
    written = thrift.written(fields)
    read = thrift.Reader(written).struct()
    assert thrift.written(read) == written
    assert read[2][1][1][19][40][1].decode() == "鹤"
    assert read[4] == (thrift.TRUE, True)
    assert read[5] == (thrift.FALSE, False)


def test_maps_are_not_known_to_thrift() -> None:
    with pytest.raises(ValueError, match="maps"):
        thrift.written({1: (thrift.MAP, {})})
    with pytest.raises(ValueError, match="maps"):
        thrift.Reader(bytes([0x1B, 0, 0])).struct()


def test_row_groups_of_a_file_of_polars_are_read(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": range(100), "b": [f"t{row}" for row in range(100)]})
    path = tmp_path / "a.parquet"
    frame.write_parquet(path, row_group_size=30)
    assert sum(row_groups(path)) == 100
    assert len(row_groups(path)) > 1
    assert frame.equals(pl.read_parquet(io.BytesIO(path.read_bytes())))
