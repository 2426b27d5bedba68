"""Rows as a file to take along: CSV for any program, XLSX for a table program.

Text that a table program would take for a formula gets an apostrophe in front; figures stay figures. Who may take what
along, and that it is written down, is decided before.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from django.utils import timezone
from django.utils.translation import gettext_noop as N_  # noqa: N812

from songhe.kernel.money import Money

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILE_KINDS = {"xlsx": N_("表格（XLSX）"), "csv": N_("文本（CSV）")}
USUAL_KIND = "xlsx"
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
# What makes a cell a formula: the signs, their full-width forms, and the invisible ones that are skipped before a sign.
DANGEROUS = tuple("=+-@\t\r\n\0＝＋－＠")
_WIDEST = 48
_LONGEST_SHEET_NAME = 31


def file_kind(asked: str) -> str:
    """The kind of file that was asked for; for what nobody offers, the usual one."""
    return asked if asked in FILE_KINDS else USUAL_KIND


def write_rows(path: Path, sheet: str, head: Sequence[str], rows: Iterable[Sequence[Any]], *, kind: str) -> int:
    """Writes the rows to a file of a kind, with `sheet` as the name of a sheet; gives how many there are. Streams."""
    if kind == "csv":
        return write_csv(path, head, rows)
    with path.open("wb") as file:
        return write_xlsx(file, sheet, head, rows)


def harmless(value: Any) -> Any:
    """The value as a cell may hold it: text that starts like a formula gets an apostrophe, figures pass."""
    if isinstance(value, Money):
        return value.yuan
    if isinstance(value, bool):
        return "是" if value else "否"
    if value is None or isinstance(value, int | float | Decimal | date):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(DANGEROUS) else text


def csv_bytes(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with a byte order mark, so that table programs read the Chinese; days as 2026-11-23."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in head])
    writer.writerows([_written(cell) for cell in row] for row in rows)
    return (BYTE_ORDER_MARK + out.getvalue()).encode()


def write_csv(path: Path, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Writes a CSV file with a byte order mark, each cell made harmless; gives how many rows. Streams."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(BYTE_ORDER_MARK)
        writer = csv.writer(file)
        writer.writerow(head)
        for row in rows:
            writer.writerow([harmless(cell) for cell in row])
            count += 1
    return count


def xlsx_bytes(sheet: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook with one sheet; some 10,000 rows a second, more than 20,000 are work for a job."""
    out = io.BytesIO()
    write_xlsx(out, sheet, head, rows)
    return out.getvalue()


def write_xlsx(out: BinaryIO, sheet: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """The same into an open file, row by row, without holding the rows; gives their number back."""
    import xlsxwriter

    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    try:
        strong = book.add_format({"bold": True, "bg_color": "#F3F1EA"})
        formats = {
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }
        page = book.add_worksheet(_sheet_name(sheet))
        for column, word in enumerate(head):
            page.set_column(column, column, min(max(len(word) * 2 + 4, 12), _WIDEST))
            page.write_string(0, column, str(harmless(word)), strong)
        page.freeze_panes(1, 0)
        count = 0
        for count, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                _write_cell(page, count, column, harmless(cell), formats)
    finally:
        book.close()
    return count


def _write_cell(page: Any, row: int, column: int, value: Any, formats: dict[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, datetime):
        page.write_datetime(row, column, _naive(value), formats["moment"])
    elif isinstance(value, date):
        page.write_datetime(row, column, value, formats["day"])
    elif isinstance(value, int | float | Decimal):
        page.write_number(row, column, value)
    else:
        page.write_string(row, column, value)


def _written(value: Any) -> Any:
    cell = harmless(value)
    if isinstance(cell, datetime):
        return f"{_naive(cell):%Y-%m-%d %H:%M}"
    return cell.isoformat() if isinstance(cell, date) else cell


def _naive(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(tzinfo=None) if timezone.is_aware(moment) else moment


def _sheet_name(name: str) -> str:
    """At most 31 letters and none of those a sheet's name must not have."""
    return "".join(letter for letter in name if letter not in "[]:*?/\\'")[:_LONGEST_SHEET_NAME] or "名单"
