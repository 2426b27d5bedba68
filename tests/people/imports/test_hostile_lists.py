"""Lists made to break things: a clear sentence, or rows with errors by place; nothing else, and nothing is left."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from songhe.kernel.errors import BadInput
from songhe.people.imports.mapping import guessed
from songhe.people.imports.reading import ERRORS, Read, Wish, read_list, sample
from songhe.people.imports.sources import list_of
from tests.people.imports.register import LIST_DAY, book, csv_bytes, number, old_number

HEADER = ("姓名", "证件号", "残疾类别", "残疾等级", "发证日期")
GOOD = ("李桂芳", number(1), "肢体", "三级", "2026-10-01")
_MARKS = "[Content_Types].xml"


def read(path: Path, header: tuple[str, ...] = HEADER, source: str = "disabled_federation") -> Read:
    expected = list_of(source)
    return read_list(Wish(path, expected, guessed(expected, header), LIST_DAY, "420704"), lambda *_: None)


def with_cell(place: int, value: str) -> list[tuple[str, ...]]:
    row = list(GOOD)
    row[place] = value
    return [tuple(row)]


NASTY = (
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "<script>alert(1)</script>",
    "'; DROP TABLE people_person; --",
    "\\N", "\\.", "NULL", "null", "None", "NaN", "\u202egnp.exe", "\ufeff", "\u200b", "a" * 5000, "𝟏𝟐𝟑", "①", "Ⅳ",
    "%s%s%n",
    "{{7*7}}", "${jndi:ldap://x}", "../../etc/passwd", "1e309", "0x1F", "-0", "１９４９-０１-０１", "1949-13-01",
    "2026-02-30", "2026-02-29", "0000-00-00", "99999999", "46000", "2026/1/1/1", "二〇二六年一月一日", "2026年2月29日",
    "三级、四级", "三级 四级", "叁", "五级", "0", "-1", "3.0", "三", "３", "Ⅲ级", "429900", "4" * 18,
    "0" * 18, "X" * 18,
    number(1)[:-1] + "x", number(1) + "1", number(1)[:17] + ("1" if number(1)[17] != "1" else "2"), old_number(1),
)  # fmt: skip


@pytest.mark.parametrize("place", range(len(HEADER)))
@pytest.mark.parametrize("value", NASTY)
def test_a_nasty_cell_is_read_or_named(tmp_path: Path, place: int, value: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(csv_bytes(HEADER, with_cell(place, value)))
    found = read(path)
    assert found.rows.height == 1
    for error in found.errors.iter_rows(named=True):
        assert error["number"] == 2 and error["letter"] in "ABCDE" and error["problem"]
        assert len(error["shown"]) <= 40 and error["shown"].isprintable(), error
        assert number(1) not in error["shown"] and "李桂芳" not in error["shown"]
    if not found.rows["bad"][0]:
        row = found.rows.row(0, named=True)
        assert row["disability_level"] in ("1", "2", "3", "4")
        assert row["identity"] is None or len(row["identity"]) == 18
        assert row["from_date"] is None or date.fromisoformat(row["from_date"]) <= LIST_DAY


@pytest.mark.parametrize(("written", "day"), [
    ("20260228", "2026-02-28"), ("2026年2月28日", "2026-02-28"), ("2026/2/28", "2026-02-28"),
    ("2026.2.28", "2026-02-28"), ("2026-02-28 00:00:00", "2026-02-28"), ("２０２６年２月２８日", "2026-02-28"),
    ("2024-02-29", "2024-02-29"), ("2026-01-31", "2026-01-31"),
])  # fmt: skip
def test_days_are_read_however_they_are_written(tmp_path: Path, written: str, day: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(csv_bytes(HEADER, with_cell(4, written)))
    found = read(path)
    assert (found.errors.height, found.rows["from_date"][0]) == (0, day)


def test_a_workbook_gives_days_as_days_and_refuses_numbers_of_people(tmp_path: Path) -> None:
    rows = [
        ("李桂芳", number(1), "肢体", 3, "2026-10-01"),
        ("刘金凤", float(number(2)[:17] + "0"), "肢体", "三级", 46000),
    ]
    found = read(book(tmp_path / "list.xlsx", HEADER, rows))
    assert found.rows["disability_level"][0] == "3"
    problems = {(error["letter"], error["problem"]) for error in found.errors.iter_rows(named=True)}
    assert ("B", "是数字格式，后几位会丢") in problems
    assert ("E", "像是Excel里的序号，不是日期") in problems


def _archive(parts: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _hostile(folder: Path) -> Iterator[tuple[str, bytes]]:
    good = _parts(book(folder / "good.xlsx", HEADER, [GOOD]))
    sheet = "xl/worksheets/sheet1.xml"
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">' + b"".join(
        f'<!ENTITY a{place} "{f"&a{place - 1};" * 10}">'.encode() for place in range(1, 10)
    )
    yield "billion laughs", _archive({**good, "xl/sharedStrings.xml": laughs + b"]><sst><si><t>&a9;</t></si></sst>"})
    outside = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    yield "file entity", _archive({**good, "xl/sharedStrings.xml": outside + b"<sst><si><t>&f;</t></si></sst>"})
    yield "zip bomb", _archive({**good, sheet: b"<x>" + b"0" * (150 << 20) + b"</x>"})
    yield "many parts", _archive({**good, **{f"xl/media/{place}.bin": b"x" for place in range(300)}})
    yield "no sheet", _archive({name: data for name, data in good.items() if name != sheet})
    yield "broken sheet", _archive({**good, sheet: good[sheet][:200]})
    yield "cut short", _archive(good)[:300]
    yield "only a header of a zip", b"PK\x03\x04"
    yield "macro document", _archive({"word/document.xml": b"<w/>", _MARKS: b"<t/>"})


def test_hostile_workbooks_are_refused_in_words(tmp_path: Path) -> None:
    for name, data in _hostile(tmp_path):
        path = tmp_path / "list.xlsx"
        path.write_bytes(data)
        said = ended(path)
        assert len(said) < 400, name
        assert "Traceback" not in said and "root:" not in said, name


def ended(path: Path) -> str:
    """How reading the file ended: the refusal, or the rows."""
    try:
        sample(path, list_of("disabled_federation"), {})
        found = read(path)
    except BadInput as error:
        return str(error)
    assert found.errors.schema == pl.Schema(ERRORS)
    return str(found.rows.rows())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.sampled_from([b"", csv_bytes(HEADER, [GOOD])]))
def test_any_bytes_end_in_words_or_rows(tmp_path: Path, data: bytes, before: bytes) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(before + data)
    assert ended(path)


def test_huge_cells_and_columns_are_refused_in_short_words(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(csv_bytes(HEADER, with_cell(0, "李" * 100_000)))
    assert len(read(path).errors["shown"][0]) < 40
    path.write_bytes(csv_bytes([f"c{place}" for place in range(1500)], []))
    with pytest.raises(BadInput, match="太多"):
        sample(path, list_of("funeral"), {})


def test_a_file_of_bare_headers_has_nobody(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(csv_bytes(HEADER, []))
    with pytest.raises(BadInput, match="没有人"):
        read(path)
