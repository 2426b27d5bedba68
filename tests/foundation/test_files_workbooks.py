"""Workbooks: dates only where the cell is one, nothing empty that only looks so, and hostile ones stopped in time."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from songhe.foundation.files import workbook_limits, workbooks
from songhe.foundation.files.tables import Table, open_table
from songhe.kernel.errors import BadInput

_Extra = Callable[[Any, Any], None]


def _book(path: Path, rows: Sequence[Sequence[Any]], extra: _Extra | None = None) -> Path:
    """A workbook; a pair is a formula with its result."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("人员")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(line, place, cell, day)
                elif isinstance(cell, tuple):
                    sheet.write_formula(line, place, cell[0], None, cell[1])
                elif isinstance(cell, str):
                    sheet.write_string(line, place, cell)
                elif cell is not None:
                    sheet.write(line, place, cell)
        if extra:
            extra(book, sheet)
    return path


def _cells(table: Table) -> list[list[tuple[str, str | None]]]:
    found = []
    for piece in table.pieces(table.header):
        assert piece.kinds is not None
        for kinds, texts in zip(piece.kinds.rows(), piece.table.rows(), strict=True):
            found.append(list(zip(kinds, texts, strict=True)))
    return found


def _shown(path: Path) -> str:
    """What comes of a file: its cells, or the words of the refusal. Any other error is a failure."""
    try:
        return str(_cells(open_table(path)))
    except BadInput as error:
        return str(error)


def test_a_cell_keeps_its_kind(tmp_path: Path) -> None:
    rows = [
        ["a", "b", "c"],
        ["007", date(1940, 5, 1), True],
        [420704, 19850.0, False],
        [1.5, datetime(1940, 5, 1, 12, 30), "TRUE"],
        [12345678901234567, ("=A2", "x"), ("=1+1", 2)],
    ]
    assert _cells(open_table(_book(tmp_path / "p.xlsx", rows))) == [
        [("text", "007"), ("date", "1940-05-01"), ("bool", "true")],
        [("number", "420704"), ("number", "19850"), ("bool", "false")],
        [("number", "1.5"), ("time", "1940-05-01 12:30:00"), ("text", "TRUE")],
        [("number", "1.234567890123457e+16"), ("text", "x"), ("number", "2")],
    ]


def test_errors_and_formulas_without_a_result_are_not_empty_cells(tmp_path: Path) -> None:
    rows = [["a", "b"], [("=1/0", "#DIV/0!"), 1], [None, ("=A9", "")], ["x", None]]
    assert _cells(open_table(_book(tmp_path / "p.xlsx", rows))) == [
        [("broken", "错误值"), ("number", "1")],
        [("empty", None), ("broken", "没有结果的公式")],
        [("text", "x"), ("empty", None)],
    ]


def test_rows_are_numbered_as_in_the_sheet_and_empty_ones_left_out(tmp_path: Path) -> None:
    table = open_table(_book(tmp_path / "p.xlsx", [["a"], [None], ["x"], [None], ["y"]]))
    pieces = list(table.pieces(["a"]))
    assert [piece.rows.to_list() for piece in pieces] == [[3, 5]]
    assert [piece.blank for piece in pieces] == [2]


def test_the_first_visible_sheet_is_read_and_that_is_said(tmp_path: Path) -> None:
    def hide_first(book: Any, sheet: Any) -> None:
        second, third = book.add_worksheet("真的"), book.add_worksheet("别的")
        second.write(0, 0, "person_id")
        third.write(0, 0, "other")
        second.activate()
        second.set_first_sheet()
        sheet.hide()

    table = open_table(_book(tmp_path / "p.xlsx", [["a"], ["x"]], hide_first))
    assert table.header == ("person_id",)
    assert table.notices == ("有2张表，只读第一张“真的”",)


def test_merged_cells_are_refused_with_their_rows(tmp_path: Path) -> None:
    path = _book(tmp_path / "p.xlsx", [["a", "b"]], lambda book, sheet: sheet.merge_range(3, 0, 4, 1, "x"))
    with pytest.raises(BadInput, match="合并的单元格（第4行）"):
        open_table(path)


def test_more_columns_than_a_table_of_people_has_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="101列"):
        open_table(_book(tmp_path / "p.xlsx", [[f"c{place}" for place in range(101)]]))


def test_an_empty_sheet_has_no_header(tmp_path: Path) -> None:
    assert open_table(_book(tmp_path / "p.xlsx", [])).header == ()


def test_a_broken_archive_is_refused(tmp_path: Path) -> None:
    whole = _book(tmp_path / "p.xlsx", [["a"], *([str(number)] for number in range(2000))]).read_bytes()
    (tmp_path / "p.xlsx").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadInput, match="没有下载完"):
        open_table(tmp_path / "p.xlsx")


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def _changed(tmp_path: Path, change: Callable[[bytes], bytes], part: str = "xl/worksheets/sheet1.xml") -> Path:
    path = _book(tmp_path / "p.xlsx", [["a"], ["x"]])
    parts = _parts(path)
    parts[part] = change(parts[part])
    return _packed(path, parts)


def test_a_zip_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = _changed(tmp_path, lambda xml: xml + b" " * (50 << 20))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(BadInput, match="压缩炸弹"):
        open_table(path)


def test_parts_and_sizes_beyond_the_limits_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _book(tmp_path / "p.xlsx", [["a"], ["x"]])
    many = _parts(path) | {f"xl/media/{number}.png": b"" for number in range(200)}
    with pytest.raises(BadInput, match="个部件，超过200个"):
        open_table(_packed(tmp_path / "many.xlsx", many))
    monkeypatch.setattr(workbook_limits, "MOST_UNPACKED", 100)
    with pytest.raises(BadInput, match="展开后"):
        open_table(path)
    monkeypatch.setattr(workbook_limits, "MOST_BYTES", 100)
    with pytest.raises(BadInput, match="超过0MB"):
        open_table(path)


def test_a_size_the_directory_lies_about_is_caught(tmp_path: Path) -> None:
    path = _changed(tmp_path, lambda xml: xml + b" " * (60 << 20))
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        true_size = archive.getinfo("xl/worksheets/sheet1.xml").file_size.to_bytes(4, "little")
    small = (5000).to_bytes(4, "little")
    for place in (data.find(true_size), data.rfind(true_size)):
        data[place : place + 4] = small
    path.write_bytes(data)
    assert _shown(path)  # refused; a reader that believes the directory and stops there is right as well


_ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
    + b"]>"
)


def test_entities_are_not_followed(tmp_path: Path) -> None:
    def bomb(xml: bytes) -> bytes:
        body = xml[xml.index(b"<worksheet") :].replace(
            b"</sheetData>", b'<row r="3"><c r="A3" t="inlineStr"><is><t>&a11;</t></is></c></row></sheetData>'
        )
        return _ENTITIES + body

    assert "haha" not in _shown(_changed(tmp_path, bomb))


def test_a_file_of_the_machine_is_not_read_through_an_entity(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("top-secret")

    def external(xml: bytes) -> bytes:
        start = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY s SYSTEM "file://%s">]>' % str(secret).encode()
        body = xml[xml.index(b"<worksheet") :]
        cell = b'<row r="3"><c r="A3" t="inlineStr"><is><t>&s;</t></is></c></row></sheetData>'
        return start + body.replace(b"</sheetData>", cell)

    assert "top-secret" not in _shown(_changed(tmp_path, external))


def test_a_workbook_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _book(tmp_path / "p.xlsx", [["a", "b"], *([number, str(number)] for number in range(60_000))])
    monkeypatch.setattr(workbooks, "SECONDS", 0)
    with pytest.raises(BadInput, match="没有读完"):
        open_table(path)


@pytest.mark.parametrize("cell", [b"XFD1048576", b"CA1048576"])
def test_a_cell_far_away_does_not_cost_memory(tmp_path: Path, cell: bytes) -> None:
    def far(xml: bytes) -> bytes:
        row = b'<row r="1048576"><c r="%s"><v>1</v></c></row></sheetData>' % cell
        return xml.replace(b"</sheetData>", row)

    with pytest.raises(BadInput, match="的内存超过512MB"):
        open_table(_changed(tmp_path, far))


def test_damage_anywhere_is_refused_or_harmless(tmp_path: Path) -> None:
    whole = _book(tmp_path / "p.xlsx", [["person_id", "b"], ["x", 1], ["y", date(1940, 1, 1)]]).read_bytes()
    for seed in range(25):
        chance = random.Random(seed)  # noqa: S311
        data = bytearray(whole)
        for _ in range(8):
            data[chance.randrange(len(data))] = chance.randrange(256)
        (tmp_path / "p.xlsx").write_bytes(data)
        assert _shown(tmp_path / "p.xlsx")
