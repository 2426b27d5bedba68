"""Writing lists as departments do: text in their encodings, workbooks with every cell as text."""

from __future__ import annotations

from pathlib import Path

import polars as pl


def written_csv(path: Path, rows: pl.DataFrame, encoding: str) -> None:
    """Rows with a header; a sign that the encoding lacks becomes a question mark."""
    path.write_bytes(rows.write_csv().replace("\n", "\r\n").encode(encoding, errors="replace"))


def written_workbook(path: Path, rows: pl.DataFrame, sheet: str) -> None:
    """One sheet, a header, text cells."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(sheet)
        page.write_row(0, 0, rows.columns)
        for number, row in enumerate(rows.iter_rows(), start=1):
            for place, value in enumerate(row):
                page.write_string(number, place, value)
