"""CSV files are read as they are written, or refused with the line; nothing is repaired."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from songhe.foundation.files import csv_tables
from songhe.foundation.files.tables import Table, open_table
from songhe.kernel.errors import BadInput, NotFound


def _opened(folder: Path, content: bytes) -> Table:
    path = folder / "people.csv"
    path.write_bytes(content)
    return open_table(path)


def _rows(table: Table) -> list[tuple[int, tuple[str | None, ...]]]:
    """Every row with its line."""
    found = []
    for piece in table.pieces(table.header):
        assert piece.kinds is None
        found += zip(piece.rows.to_list(), piece.table.rows(), strict=True)
    return found


@pytest.mark.parametrize(
    "content",
    [
        "a,名\n1,张\n2,\n",
        "a,名\r\n1,张\r\n2,\r\n",
        "a,名\n1,张\n2,",
        '"a","名"\n"1","张"\n"2",""\n',
        '"a",名\r\n1,"张"\r\n2,""',
    ],
    ids=["LF", "CRLF", "no line break at the end", "all in quotes", "some in quotes"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_same_table_in_every_way_of_writing(tmp_path: Path, content: str, encoding: str) -> None:
    table = _opened(tmp_path, content.encode(encoding))
    assert table.header == ("a", "名")
    assert _rows(table) == [(2, ("1", "张")), (3, ("2", None))]
    assert bool(table.notices) is (encoding == "gb18030")


def test_the_line_a_row_begins_on_is_told_in_spite_of_line_breaks_in_cells_and_empty_lines(tmp_path: Path) -> None:
    table = _opened(tmp_path, b'a,b\n1,"two\nlines"\n\n2,x\n,\n3,"say ""so"""\n')
    assert _rows(table) == [(2, ("1", "two\nlines")), (5, ("2", "x")), (7, ("3", 'say "so"'))]
    assert [piece.blank for piece in table.pieces(["a"])] == [2]
    assert table.most_rows >= 3


def test_columns_are_given_in_the_order_asked_for(tmp_path: Path) -> None:
    table = _opened(tmp_path, b"a,b,c\n1,2,3\n")
    assert [piece.table.rows() for piece in table.pieces(["c", "a"])] == [[("3", "1")]]


def test_how_far_it_is_ends_at_the_size(tmp_path: Path) -> None:
    table = _opened(tmp_path, b"a,b\n1,2\n3,4\n")
    assert [piece.done for piece in table.pieces(["a"])][-1] == table.size == 12


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空文件"),
        (b"a,b\n1,2\n3\n4,5,6\n", "第3行1格、第4行3格"),
        (b'a,b\n1,2"3\n', "第2行：引号的位置不对"),
        (b'a,b\n1,2\n3,"4"5\n', "第3行：引号的位置不对"),
        (b'a,b\n1,2\n"3,4\n5,6\n', "第3行：引号没有合上"),
        (b"a,b\n1,2\r3,4\n", "第2行：有单独的回车符"),
        (b"a,b\n1,2\n3,\0\n", "第3行：有NUL字符"),
        (b"a;b\n1;2\n", "列之间用的是分号"),
        (b"a\tb\n1\t2\n", "列之间用的是制表符"),
        ("a,b\n1,2\n".encode("utf-16"), "UTF-16"),
        ("a,b\n1,2\n".encode("utf-16-le"), "UTF-16"),
        ("a,b\n1,2\n".encode("utf-32"), "UTF-32"),
        (b"a,b\n1,2\n3,\xff\n", "第3行：编码读不懂"),
        ("姓名,住址,区县,街道\n张,".encode() + b"\xff\n", "第2行：是UTF-8编码，但有坏字节"),
        (b"\xef\xbb\xbfa,b\n1,\xff", "第2行：是UTF-8编码，但有坏字节"),
        ("a,b\n1,é\n".encode("latin-1") + "\ue000".encode("gb18030"), "编码读不懂"),
        (b"<html><table><tr>", "网页"),
        (b"PK\x03\x04 not really", "坏的或没有下载完的压缩包"),
        (b"PAR1....PAR1", "内容其实是Parquet文件"),
        (b"%PDF-1.7", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧的Excel文件"),
        (b",".join([b"a"] * 1_000_000), "1,000,000列"),
        (b'a,b\n"' + b"x," * 20_000_000, "引号没有合上"),
        (b"x" * 40_000_000, "太长"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_does_not_hold_together_is_refused_with_its_place(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        _rows(_opened(tmp_path, content))
    assert words in str(caught.value)
    assert "people.csv" in caught.value.where
    assert caught.value.accepted


def test_many_ragged_rows_are_counted_and_the_first_ones_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        _rows(_opened(tmp_path, b"a,b\n" + b"1\n" * 30))
    assert "第2行1格" in str(caught.value) and "第21行1格" in str(caught.value) and "第22行" not in str(caught.value)
    assert "共30行" in str(caught.value)


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        open_table(tmp_path / "nobody.csv")
    with pytest.raises(BadInput, match="不是普通文件"):
        open_table(tmp_path)
    (tmp_path / "people.txt").write_text("a,b\n")
    with pytest.raises(BadInput, match="看文件名"):
        open_table(tmp_path / "people.txt")


def test_random_bytes_are_refused_in_clear_words(tmp_path: Path) -> None:
    for seed in range(60):
        chance = random.Random(seed)  # noqa: S311
        with pytest.raises(BadInput):
            _rows(_opened(tmp_path, chance.randbytes(chance.randrange(20, 4000))))


_CELLS = st.text(st.sampled_from('a1,"\n张 \r'), max_size=4)


@given(
    rows=st.lists(st.lists(_CELLS, min_size=3, max_size=3), min_size=1, max_size=12),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    ending=st.sampled_from(["\n", "\r\n"]),
    block=st.integers(40, 200),
)
def test_what_another_program_wrote_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], quoting: int, ending: str, block: int
) -> None:
    assume(quoting == csv.QUOTE_ALL or not any("\r" in cell for row in rows for cell in row))  # Python leaves it bare
    text = io.StringIO()
    writer = csv.writer(text, quoting=quoting, lineterminator=ending)
    writer.writerows([["a", "b", "c"], *rows])
    path = tmp_path_factory.getbasetemp() / "generated.csv"
    path.write_bytes(text.getvalue().encode())
    kept, csv_tables._BLOCK = csv_tables._BLOCK, block
    try:
        found = [row for _, row in _rows(open_table(path))]
    finally:
        csv_tables._BLOCK = kept
    expected = [tuple(cell.replace("\r\n", "\n") or None for cell in row) for row in rows if any(row)]
    assert found == expected
