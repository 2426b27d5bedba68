"""Parquet tables as other programs write them: whatever type holds the value is read, the rest is refused by name."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.command_line import determine

_HELD: dict[str, tuple[str, pl.Series]] = {
    "codes as fractions, as pandas has them beside unknown ones": ("sex", pl.Series([1.0, None, 2.0])),
    "codes of 64 bits": ("sex", pl.Series([1, None, 2], dtype=pl.Int64)),
    "codes without a sign": ("sex", pl.Series([1, None, 2], dtype=pl.UInt64)),
    "codes as categories": ("sex", pl.Series(["1", None, "2"], dtype=pl.Categorical)),
    "a column of nothing": ("sex", pl.Series([None, None, None], dtype=pl.Null)),
    "regions as numbers": ("registered_region", pl.Series([420704, None, 420703001])),
    "regions as fractions": ("registered_region", pl.Series([420704.0, None, 420703001.0])),
    "days with a time of midnight": ("birth_date", pl.Series([datetime(1940, 5, 1), None, datetime(1970, 1, 1)])),
    "truths": ("dementia", pl.Series([True, None, False])),
    "truths as text": ("dementia", pl.Series(["true", None, "false"])),
    "words as an enumeration": ("hukou_kind", pl.Series(["urban", None, "rural"], dtype=pl.Enum(["urban", "rural"]))),
}


def _file(folder: Path, columns: dict[str, Any]) -> Path:
    path = folder / "people.parquet"
    pl.DataFrame(columns).write_parquet(path)
    return path


@pytest.mark.parametrize("case", _HELD)
def test_a_value_counts_whatever_type_holds_it(case: str, tmp_path: Path) -> None:
    name, column = _HELD[case]
    given = _file(tmp_path, {"person_id": ["a", "b", "c"], name: column})
    assert determine(given, tmp_path / "out.csv").code == 0
    texts = column.cast(pl.Int64).cast(pl.String) if column.dtype.is_float() else column.cast(pl.String).str.head(10)
    (tmp_path / "people.csv").write_text(
        f"person_id,{name}\n" + "".join(f"{key},{text or ''}\n" for key, text in zip("abc", texts, strict=True)),
        "utf-8",
    )
    assert determine(tmp_path / "people.csv", tmp_path / "plain.csv").code == 0
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "plain.csv").read_bytes()


@pytest.mark.parametrize(
    ("name", "column", "said"),
    [
        ("sex", pl.Series([1.5]), "第1行 sex：没有这个代码"),
        ("sex", pl.Series([float("nan")]), "第1行 sex："),
        ("sex", pl.Series([float("inf")]), "第1行 sex："),
        ("sex", pl.Series([300]), "第1行 sex：没有这个代码"),
        ("sex", pl.Series([2**63], dtype=pl.UInt64), "第1行 sex：没有这个代码"),
        ("sex", pl.Series([257], dtype=pl.Int64), "第1行 sex：没有这个代码"),
        ("registered_region", pl.Series([420704.5]), "第1行 registered_region："),
        ("registered_region", pl.Series([-420704]), "第1行 registered_region："),
        ("birth_date", pl.Series([datetime(1940, 5, 1, 8)]), "第1行 birth_date：只要日期，不要时间"),
        ("birth_date", pl.Series([date(1700, 5, 1)]), "第1行 birth_date：早于"),
        ("birth_date", pl.Series([date(2, 1, 1)]), "第1行 birth_date：早于"),
        ("birth_date", pl.Series([14732]), "birth_date是Int64"),
        ("birth_date", pl.Series([datetime(1940, 5, 1)]).dt.replace_time_zone("UTC"), "birth_date是Datetime"),
        ("dementia", pl.Series([1]), "dementia是Int64"),
        ("sex", pl.Series([[1]]), "sex是List"),
        ("sex", pl.Series([Decimal("1.00")]), "sex是Decimal"),
        ("person_id", pl.Series([b"a"]), "person_id是Binary"),
        ("person_id", pl.Series([1.0]), "person_id是Float64"),
    ],
)
def test_what_a_column_cannot_hold_is_refused(name: str, column: pl.Series, said: str, tmp_path: Path) -> None:
    ended = determine(_file(tmp_path, {"person_id": ["a"], name: column}), tmp_path / "out.csv")
    assert ended.code == 1
    assert said in ended.err
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet"])
def test_columns_that_cannot_be_text_are_left_out_of_the_rows_set_aside(ending: str, tmp_path: Path) -> None:
    others = {
        "bytes": [b"\xff"], "span": [timedelta(1)], "list": [[1]], "pair": [{"x": 1}],
        "time": [time(8)], "money": [Decimal("1.50")], "note": ["n"],
    }  # fmt: skip
    people = _file(tmp_path, {"person_id": ["a"], "sex": [9], **others})
    bad = tmp_path / f"bad{ending}"
    assert determine(people, tmp_path / "out.csv", "--bad-rows", bad).code == 0
    if ending == ".csv":
        header, row = bad.read_text("utf-8").splitlines()
        assert header == "bad_row,person_id,sex,time,money,note,bad_reason"
        assert row.startswith("1,a,9,08:00:00,1.50,n,sex：没有这个代码")
    assert bad.stat().st_size > 0
