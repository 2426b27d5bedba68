"""Parquet files in pieces; damaged ones refused in words."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest

from songhe.foundation.files.parquet_tables import PIECE_ROWS
from songhe.foundation.files.tables import open_table
from songhe.kernel.errors import BadInput

_TABLE = pl.DataFrame({"a": [str(number) for number in range(2 * PIECE_ROWS + 7)]}).with_row_index("b")


def test_all_rows_come_in_order_and_numbered_from_one(tmp_path: Path) -> None:
    path = tmp_path / "p[1]*.parquet"
    _TABLE.write_parquet(path)
    table = open_table(path)
    pieces = list(table.pieces(["a"]))
    assert table.most_rows == table.size == _TABLE.height == pieces[-1].done
    assert pl.concat(piece.table for piece in pieces).equals(_TABLE.select("a"))
    assert pl.concat(piece.rows for piece in pieces).to_list() == list(range(1, _TABLE.height + 1))
    assert table.types["b"] == pl.UInt32 and table.header == ("b", "a")


def test_a_file_that_was_not_downloaded_to_its_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    _TABLE.write_parquet(path)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(BadInput, match=r"坏的或没有下载完"):
        open_table(path)


@pytest.mark.parametrize("content", [b"PAR1PAR1", b"PAR1" + b"\xff" * 40 + b"\xff\xff\xff\x7fPAR1", b"PAR1"])
def test_what_only_begins_like_one_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "p.parquet"
    path.write_bytes(content)
    with pytest.raises(BadInput):
        open_table(path)


def test_a_table_under_a_wrong_name_is_refused_by_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(BadInput, match="文件名说是Parquet文件，内容不是"):
        open_table(path)
    _TABLE.write_parquet(tmp_path / "p.xlsx")
    with pytest.raises(BadInput, match=r"内容其实是Parquet文件.*改名为.parquet"):
        open_table(tmp_path / "p.xlsx")


def test_more_columns_than_anybody_keeps_are_refused(tmp_path: Path) -> None:
    pl.DataFrame({str(number): [1] for number in range(1001)}).write_parquet(tmp_path / "p.parquet")
    with pytest.raises(BadInput, match="1,001列"):
        open_table(tmp_path / "p.parquet")


def test_damage_anywhere_is_refused_or_harmless(tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    _TABLE.head(2000).write_parquet(path)
    whole = path.read_bytes()
    for seed in range(80):
        chance = random.Random(seed)  # noqa: S311
        data = bytearray(whole)
        for _ in range(4):
            data[chance.randrange(4, len(data))] = chance.randrange(256)
        path.write_bytes(data)
        with suppress(BadInput):  # any other error is a failure
            assert all(piece.table.width == 1 for piece in open_table(path).pieces(["a"]))
