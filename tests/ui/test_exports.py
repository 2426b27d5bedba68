"""Files to take along: text never becomes a formula, figures stay figures."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from songhe.kernel.money import Money
from songhe.ui import exports

HEAD = ("姓名", "金额", "哪一天")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"])
def test_text_that_starts_like_a_formula_gets_an_apostrophe(sign: str) -> None:
    assert exports.harmless(f"{sign}1+1") == f"'{sign}1+1"


@given(st.text())
def test_no_text_leaves_with_a_dangerous_beginning(text: str) -> None:
    assert not str(exports.harmless(text)).startswith(exports.DANGEROUS)


@pytest.mark.parametrize("value", [-5, 0, 3.5, Decimal("-1.20"), date(2026, 11, 23), None])
def test_what_is_no_text_passes(value: object) -> None:
    assert exports.harmless(value) == value


def test_money_leaves_in_yuan_and_a_truth_as_a_word() -> None:
    assert exports.harmless(Money(-18_640)) == Decimal("-186.40")
    assert [exports.harmless(True), exports.harmless(False)] == ["是", "否"]


def test_csv_begins_with_a_mark_and_reads_back() -> None:
    rows = [("=cmd()", Money(-500), date(2026, 11, 23)), ("李,桂芳", None, datetime(2026, 11, 23, 6, 30, tzinfo=UTC))]
    made = exports.csv_bytes(HEAD, rows)
    assert made.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline=""))) == [
        list(HEAD),
        ["'=cmd()", "-5.00", "2026-11-23"],
        ["李,桂芳", "", "2026-11-23 14:30"],
    ]


def test_a_workbook_holds_text_figures_and_days_as_such() -> None:
    rows = [("=1+1", Money(-18_640), date(2026, 11, 23)), ("0027", 3, None), ("http://localhost/", 1.5, None)]
    made = exports.xlsx_bytes("名单/一[1]", HEAD, rows)
    book = CalamineWorkbook.from_filelike(io.BytesIO(made))
    assert book.sheet_names == ["名单一1"]
    assert book.get_sheet_by_index(0).to_python() == [
        list(HEAD),
        ["'=1+1", -186.4, date(2026, 11, 23)],
        ["0027", 3.0, ""],
        ["http://localhost/", 1.5, ""],
    ]


def test_a_moment_in_a_workbook_is_local() -> None:
    made = exports.xlsx_bytes("", ("时间",), [(datetime(2026, 11, 23, 6, 30, tzinfo=UTC),), (datetime(2026, 1, 2, 3),)])
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_index(0)
    assert sheet.to_python()[1:] == [[datetime(2026, 11, 23, 14, 30)], [datetime(2026, 1, 2, 3)]]


def test_rows_are_written_one_by_one_and_counted() -> None:
    out = io.BytesIO()
    assert exports.write_xlsx(out, "名单", ("号",), ((number,) for number in range(250))) == 250
    assert exports.write_xlsx(io.BytesIO(), "空", ("号",), ()) == 0
    assert out.getvalue().startswith(b"PK")
