"""CSV files, read strictly and in pieces: every row has the cells of the header, every quote is closed.

Whether a comma or a line break stands within quotes is told by counting the quotes before it, on whole blocks at once.
What that finds to be well formed polars splits; nothing is repaired: the rest is refused with its line.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from songhe.foundation.files.encodings import Text, examine
from songhe.foundation.files.tables import Piece, check_width
from songhe.kernel.errors import BadInput
from songhe.kernel.told import phrase, told

_BLOCK = 16 << 20
_SHOWN = 20
_NEWLINE, _RETURN, _QUOTE, _COMMA = b'\n\r",'
_SEPARATORS = {";": phrase("分号"), "\t": phrase("制表符"), "|": phrase("竖线"), "，": phrase("全角逗号")}
_FORM = phrase("一人一行、列之间用英文逗号的CSV")
_QUOTE_FORM = phrase("整格用引号括起来、成对的引号，或不用引号")

_Places = npt.NDArray[np.int64]
_Marks = npt.NDArray[np.bool_]


class CsvTable:
    """A CSV file; see `tables.Table`."""

    header: tuple[str, ...]
    notices: tuple[str, ...]
    types: Mapping[str, pl.DataType]

    def __init__(self, path: Path) -> None:
        self.path = path
        self._text = examine(path)
        self.size = path.stat().st_size
        self.most_rows = max(self._text.lines - 1, 0)
        self.header = _Passage(self._text).header
        check_width(path, len(self.header))
        self._check_separator()
        self.notices = (phrase("不是UTF-8编码，按GB18030读"),) if self._text.encoding == "gb18030" else ()
        self.types = dict.fromkeys(self.header, pl.String())

    def _check_separator(self) -> None:
        for separator, name in _SEPARATORS.items():
            if len(self.header) == 1 and separator in self.header[0]:
                raise BadInput(
                    told("{name}第1行", name=self.path.name),
                    told("列之间用的是{name}", name=name),
                    accepted="列之间用英文逗号",
                )

    def pieces(self, columns: Sequence[str]) -> Iterator[Piece]:
        """See Table."""
        places = [self.header.index(name) for name in columns]
        passage = _Passage(self._text)
        for block in passage.blocks():
            rows, table, blank = block.rows(len(self.header))
            filled = _filled(table)
            chosen = table.select(pl.nth(place).alias(name) for place, name in zip(places, columns, strict=True))
            blank += int((~filled).sum())
            yield Piece(rows.filter(filled), chosen.filter(filled), None, passage.done, blank)


def _filled(table: pl.DataFrame) -> pl.Series:
    """Which rows have something in them: a spreadsheet leaves rows of bare commas below its table."""
    if not table.height or not all(column.null_count() for column in table.iter_columns()):
        return pl.Series([True], dtype=pl.Boolean).new_from_index(0, table.height)
    return table.select(~pl.all_horizontal(pl.all().is_null())).to_series()


class _Passage:
    """One passage through the file, in runs of whole records: first the header, then the rows."""

    def __init__(self, text: Text) -> None:
        self._name = text.path.name
        self._source = text.pieces(_BLOCK)
        self._held = b""
        self._line = 1
        self.done = 0
        self.header, self._first = self._split_header()

    def blocks(self) -> Iterator[_Block]:
        """The records behind the header."""
        data = self._first or self._records()
        while data:
            yield _Block(self._name, data, self._line)
            self._line += data.count(b"\n")
            data = self._records()

    def _split_header(self) -> tuple[tuple[str, ...], bytes]:
        data = self._records()
        ends = _record_ends(data)
        end = int(ends[0]) + 1 if len(ends) else 0
        try:
            header = next(csv.reader([data[:end].decode()], strict=True), [])
        except csv.Error as error:
            raise BadInput(told("{name}第1行", name=self._name), "表头读不懂", accepted=_FORM) from error
        self._line += data[:end].count(b"\n")
        return tuple(header), data[end:]

    def _records(self) -> bytes:
        """The next whole records, empty at the end of the file."""
        for data, done in self._source:
            self.done = done
            self._held += data
            ends = _record_ends(self._held)
            if len(ends):
                end = int(ends[-1]) + 1
                records, self._held = self._held[:end], self._held[end:]
                return records
            if len(self._held) > 2 * _BLOCK:
                problem = phrase("引号没有合上") if b'"' in self._held else phrase("太长，不像表格")
                raise BadInput(told("{name}第{line:,}行起", name=self._name, line=self._line), problem, accepted=_FORM)
        rest, self._held = self._held, b""
        return rest if not rest or rest.endswith(b"\n") else rest + b"\n"


def _outside_quotes(letters: npt.NDArray[np.uint8]) -> _Marks:
    """Which bytes have an even number of quotes before them."""
    before: npt.NDArray[np.uint8] = np.cumsum(letters == _QUOTE, dtype=np.uint8)
    even: _Marks = before & 1 == 0
    return even


def _record_ends(data: bytes) -> _Places:
    """Where the line breaks are that end a record."""
    letters = np.frombuffer(data, dtype=np.uint8)
    ends = letters == _NEWLINE
    return np.flatnonzero(ends & _outside_quotes(letters) if b'"' in data else ends)


class _Block:
    """Some whole records, the first beginning on line `line`."""

    def __init__(self, name: str, data: bytes, line: int) -> None:
        self._name = name
        self._data = data.replace(b"\r\n", b"\n")
        self._line = line
        self._letters = np.frombuffer(self._data, dtype=np.uint8)
        self._quoted = b'"' in data

    def rows(self, width: int) -> tuple[pl.Series, pl.DataFrame, int]:
        """Line numbers, cells, and how many lines were empty."""
        outside = self._check_quotes() if self._quoted else None
        self._check_returns(outside)
        ends, commas = self._find(_NEWLINE, outside), self._find(_COMMA, outside)
        starts = np.concatenate([[0], ends[:-1] + 1])
        filled = ends > starts
        lines = self._lines(starts[filled])
        cells = np.diff(np.searchsorted(commas, ends), prepend=0)[filled] + 1
        self._check_ragged(lines, cells, width)
        data = self._data if filled.all() else np.delete(self._letters, ends[~filled]).tobytes()
        table = self._split(data, width) if len(lines) else pl.DataFrame(schema=_schema(width))
        assert table.height == len(lines), (table.height, len(lines))  # noqa: S101
        return pl.Series(lines, dtype=pl.UInt64), table, int((~filled).sum())

    def _split(self, data: bytes, width: int) -> pl.DataFrame:
        quote = '"' if self._quoted else None
        table = pl.read_csv(data, has_header=False, schema=_schema(width), quote_char=quote)
        return table.with_columns(pl.when(pl.all() != "").then(pl.all())) if self._quoted else table

    def _find(self, letter: int, outside: _Marks | None) -> _Places:
        marks = self._letters == letter
        return np.flatnonzero(marks if outside is None else marks & outside)

    def _lines(self, places: _Places) -> _Places:
        """The lines of the file on which these places stand."""
        return self._line + np.searchsorted(np.flatnonzero(self._letters == _NEWLINE), places)

    def _refuse(self, place: int, problem: str, accepted: str) -> None:
        line = self._line + self._data[:place].count(b"\n")
        raise BadInput(told("{name}第{line:,}行", name=self._name, line=line), problem, accepted=accepted)

    def _check_quotes(self) -> _Marks:
        """Which bytes stand outside quotes; an opening quote begins a cell, a closing one ends it, all are closed."""
        quotes = np.flatnonzero(self._letters == _QUOTE)
        opening, closing = quotes[0::2], quotes[1::2]
        edge = np.array([_NEWLINE, _COMMA, _QUOTE], dtype=np.uint8)
        before = self._letters[opening - 1]  # the byte before the first is the last: a line break
        stray = opening[~np.isin(before, edge)]
        after = self._letters[np.minimum(closing + 1, len(self._letters) - 1)]
        early = closing[~np.isin(after, edge)]
        wrong = np.concatenate([stray, early])
        if len(wrong):
            self._refuse(int(wrong.min()), phrase("引号的位置不对"), _QUOTE_FORM)
        if len(opening) > len(closing):
            self._refuse(int(opening[-1]), phrase("引号没有合上"), _QUOTE_FORM)
        return _outside_quotes(self._letters)

    def _check_returns(self, outside: _Marks | None) -> None:
        if b"\r" in self._data:
            alone = self._find(_RETURN, outside)
            if len(alone):
                self._refuse(int(alone[0]), phrase("有单独的回车符"), phrase("换行用LF或CRLF"))

    def _check_ragged(self, lines: _Places, cells: _Places, width: int) -> None:
        ragged = np.flatnonzero(cells != width)
        if not len(ragged):
            return
        shown = "、".join(told("第{value:,}行{value2}格", value=lines[i], value2=cells[i]) for i in ragged[:_SHOWN])
        rest = told("……这一段共{count:,}行", count=len(ragged)) if len(ragged) > _SHOWN else ""
        raise BadInput(
            self._name,
            told("表头有{width}格，有的行不是：{shown}{rest}", width=width, shown=shown, rest=rest),
            accepted=told("每行{width}格", width=width),
        )


def _schema(width: int) -> dict[str, type[pl.DataType]]:
    return {str(place): pl.String for place in range(width)}
