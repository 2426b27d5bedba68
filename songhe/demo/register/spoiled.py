"""Lists that cannot be taken as they are: one with honest mistakes in many rows, and some that mean harm.

None of them is large: what is dangerous in them is told by what they say of themselves.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import polars as pl

from songhe.demo.register.written import written_csv, written_workbook

_GOOD_ROWS = 60
_BOMB_BYTES = 300 << 20
HEADERS = ("姓名", "身份证号", "出生日期", "救助类别", "起始日期")


def write_spoiled(folder: Path, rows: pl.DataFrame) -> None:
    """Writes `minimum_living_faulty.xlsx` and the hostile files."""
    good = rows.head(_GOOD_ROWS).select(
        pl.col("name").alias("姓名"), pl.col("identity").alias("身份证号"),
        pl.col("birth_date").cast(pl.String).alias("出生日期"),
        pl.lit("低保").alias("救助类别"), pl.lit("2025-03-01").alias("起始日期"),
    )  # fmt: skip
    written_workbook(
        folder / "minimum_living_faulty.xlsx", pl.DataFrame(mistaken(good.rows()), HEADERS, orient="row"), "名册"
    )
    _hostile(folder, good)


def mistaken(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Rows of name, number, birth date, kind and first day: every third one with another mistake.

    One row stands twice, one is empty.
    """
    mistakes = (
        lambda row: (row[0], row[1][:15], *row[2:]),
        lambda row: (row[0], row[1][:-1] + ("0" if row[1][-1] != "0" else "1"), *row[2:]),
        lambda row: (*row[:2], "2026-02-30", *row[3:]),
        lambda row: (*row[:3], "困难群众", row[4]),
        lambda row: ("", *row[1:]),
        lambda row: (*row[:4], "去年三月"),
        lambda row: (row[0], "", *row[2:]),
        lambda row: (row[0], row[1].lower().replace("1", "１"), *row[2:]),
    )
    mixed = [mistakes[at // 3 % len(mistakes)](row) if at % 3 == 0 else row for at, row in enumerate(rows)]
    return [*mixed, mixed[1], ("",) * len(HEADERS)] if len(mixed) > 1 else mixed


def _hostile(folder: Path, good: pl.DataFrame) -> None:
    formula = good.head(3).with_columns(pl.lit("=1+cmd|'/C calc'!A0").alias("姓名"))
    written_csv(folder / "hostile_formula.csv", formula, "utf-8-sig")
    (folder / "hostile_no_workbook.xlsx").write_text("<html><script>alert(1)</script></html>", encoding="utf-8")
    (folder / "hostile_nul.csv").write_bytes("姓名,身份证号,救助类别\n张三\0,4299\0,低保\n".encode())
    (folder / "hostile_wide.csv").write_text(",".join(f"列{at}" for at in range(20_000)) + "\n", encoding="utf-8")
    (folder / "hostile_bomb.xlsx").write_bytes(_bomb())
    (folder / "hostile_entities.xlsx").write_bytes(_entities())


def _bomb() -> bytes:
    """A workbook whose sheet unpacks to a thousand times its size."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(_BOMB_BYTES >> 20):
                sheet.write(b"0" * (1 << 20))
    return packed.getvalue()


def _entities() -> bytes:
    """A workbook with entities that name each other."""
    names = "".join(f'<!ENTITY n{at} "{f"&n{at - 1};" * 10}">' for at in range(1, 9))
    text = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY n0 "ha">{names}]><workbook>&n8;</workbook>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", text)
    return packed.getvalue()
