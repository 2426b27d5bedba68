"""A department's file, read into rows that can be used and a list of every cell that cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from songhe.foundation.files.tables import Piece, Table, open_table
from songhe.kernel import identity_numbers
from songhe.kernel.errors import BadInput
from songhe.kernel.masking import mask
from songhe.people.imports.mapping import Mapped, letter
from songhe.people.imports.readers import Reader, reader, shown
from songhe.people.imports.sources import BIRTH, IDENTITY, NAME, REGION, SEX, Column, List

Progress = Callable[[int, int], None]
NUMBER = "number"
ERRORS = {
    NUMBER: pl.Int64, "letter": pl.String, "column": pl.String, "shown": pl.String, "problem": pl.String,
    "accepted": pl.String, "kind": pl.String,
}  # fmt: skip
MOST_ROWS = 500_000
OLD_FROM_AGE = 60
_KIND_OF_COLUMN = {
    "identity": "identity", "date": "day", "death": "day", "value": "spelling", "sex": "spelling", "region": "region",
}  # fmt: skip
_MASKED = ("identity", "name", "phone", "address")
Cell = tuple[str | None, BadInput | None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be read: the file, as which list, by which mapping, up to which day, for which region (digits)."""

    path: Path
    expected: List
    mapped: Mapped
    data_until: date
    region: str


@dataclass(frozen=True, slots=True)
class Read:
    """The rows of a file.

    `rows`: number, a column for each mapped one (values as text, null where nothing is written or the cell is bad) and
    `bad`. `errors` as ERRORS. `notices` say what was decided while opening.
    """

    rows: pl.DataFrame
    errors: pl.DataFrame
    notices: tuple[str, ...] = ()
    blank: int = 0


@dataclass(slots=True)
class _Errors:
    places: Mapping[str, int]
    found: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, number: int, column: Column, kind: str, error: BadInput) -> None:
        place = letter(self.places[column.key])
        self.found.append((number, place, column.label, error.given, error.problem, error.accepted, kind))


def read_list(wish: Wish, progress: Progress) -> Read:
    """Reads the whole file. BadInput when it is no table, breaks off, or has too many rows."""
    table = open_table(wish.path)
    names = list(wish.mapped.values())
    missing = [name for name in names if name not in table.header]
    if missing:
        raise BadInput(wish.path.name, "表头变了，和对列时不一样", accepted="对列时的那个文件")
    columns = {key: wish.expected.columns[key] for key in wish.mapped}
    errors = _Errors({key: table.header.index(name) for key, name in wish.mapped.items()})
    parts, blank = [], 0
    for part, skipped in _parts(table, wish, columns, errors, progress):
        parts.append(part)
        blank += skipped
    if not parts or not sum(part.height for part in parts):
        raise BadInput(wish.path.name, "只有表头，没有人", accepted="至少一人")
    rows = _checked_whole(pl.concat(parts), columns, errors, wish)
    found = pl.DataFrame(errors.found, schema=ERRORS, orient="row").sort(NUMBER, "letter", maintain_order=True)
    rows = rows.with_columns(pl.col(NUMBER).is_in(found[NUMBER].unique().implode()).alias("bad"))
    return Read(rows, found, tuple(table.notices), blank)


def _parts(
    table: Table, wish: Wish, columns: Mapping[str, Column], errors: _Errors, progress: Progress
) -> Iterator[tuple[pl.DataFrame, int]]:
    readers = {key: _Remembered(reader(column)) for key, column in columns.items()}
    count = 0
    for piece in table.pieces(list(wish.mapped.values())):
        count += piece.table.height
        if count > MOST_ROWS:
            raise BadInput(wish.path.name, f"超过{MOST_ROWS:,}行", accepted="分成几份，每份不超过这么多行")
        yield _part(piece, wish, columns, readers, errors), piece.blank
        progress(piece.done, table.size)


class _Remembered:
    """A reader that reads each distinct cell once."""

    def __init__(self, read: Reader) -> None:
        self._read = read
        self._known: dict[str, Cell] = {}

    def __call__(self, text: str) -> Cell:
        known = self._known.get(text)
        if known is None:
            try:
                known = (self._read(text), None)
            except BadInput as error:
                known = (None, error)
            if len(self._known) < 100_000:
                self._known[text] = known
        return known


def _part(
    piece: Piece, wish: Wish, columns: Mapping[str, Column], readers: Mapping[str, _Remembered], errors: _Errors
) -> pl.DataFrame:
    numbers = piece.rows.cast(pl.Int64).alias(NUMBER)
    values = [numbers]
    listed = numbers.to_list()
    for key, column in columns.items():
        source = piece.table[wish.mapped[key]]
        kinds = piece.kinds[wish.mapped[key]].to_list() if piece.kinds is not None else None
        texts = source.cast(pl.String).to_list()
        values.append(pl.Series(key, _column(texts, kinds, listed, column, readers[key], errors), dtype=pl.String))
    return pl.DataFrame(values)


def _column(
    texts: list[str | None],
    kinds: list[str | None] | None,
    numbers: list[int],
    column: Column,
    read: _Remembered,
    errors: _Errors,
) -> list[str | None]:
    found: list[str | None] = []
    for index, text in enumerate(texts):
        if text is None or not text.strip():
            if column.required:
                errors.add(numbers[index], column, "missing", BadInput(column.label, "没有填", accepted="要填"))
            found.append(None)
            continue
        value, error = read(text)
        kind = kinds[index] if kinds is not None else "text"
        if kind == "broken" or (kind == "number" and column.kind == "identity"):
            value, error = None, _of_workbook(column, str(kind), text)
        if error is not None:
            errors.add(numbers[index], column, _KIND_OF_COLUMN.get(column.kind, "other"), error)
        found.append(value)
    return found


def _of_workbook(column: Column, kind: str, text: str) -> BadInput:
    if kind == "broken":
        return BadInput(column.label, "是错误值或没有结果的公式", accepted="写上值")
    given = mask(text) if column.kind in _MASKED else shown(text)
    return BadInput(column.label, "是数字格式，后几位会丢", given=given, accepted="文本格式的证件号")


def _checked_whole(rows: pl.DataFrame, columns: Mapping[str, Column], errors: _Errors, wish: Wish) -> pl.DataFrame:
    """What is told by several cells together, or by several rows."""
    rows = _with_all_keys(rows, wish.expected)
    if IDENTITY in columns:
        rows = _told_by_number(rows, columns, errors)
        _check_twins(rows, columns, errors)
    if REGION in columns:
        elsewhere = rows.filter(~pl.col(REGION).str.starts_with(wish.region))
        for number in elsewhere[NUMBER]:
            error = BadInput(columns[REGION].label, "不在您管的地方", accepted="本区的人")
            errors.add(number, columns[REGION], "region", error)
    for key, column in columns.items():
        if column.kind in ("date", "death") and (column.begins or column.kind == "death" or key == BIRTH):
            _check_not_after(rows, column, wish.data_until, errors)
    _check_known(rows, columns, errors)
    return rows


def _with_all_keys(rows: pl.DataFrame, expected: List) -> pl.DataFrame:
    absent = [pl.lit(None, dtype=pl.String).alias(key) for key in expected.columns if key not in rows.columns]
    return rows.with_columns(absent)


def _told_by_number(rows: pl.DataFrame, columns: Mapping[str, Column], errors: _Errors) -> pl.DataFrame:
    """The birth date and the sex that the number says; a row that writes another one is refused."""
    written = pl.col(IDENTITY).str.slice(6, 8)
    born = written.str.slice(0, 4) + "-" + written.str.slice(4, 2) + "-" + written.str.slice(6, 2)
    parity = pl.col(IDENTITY).str.slice(16, 1).cast(pl.Int8, strict=False) % 2
    told = rows.with_columns(
        born.alias("_birth"), pl.when(parity == 1).then(pl.lit("1")).when(parity == 0).then(pl.lit("2")).alias("_sex")
    )
    for key, told_key, words in ((BIRTH, "_birth", "出生日期"), (SEX, "_sex", "性别")):
        if key in columns:
            for number in told.filter(pl.col(key) != pl.col(told_key))[NUMBER]:
                error = BadInput(columns[key].label, f"和证件号里的{words}不一样", accepted=f"两处{words}一样")
                errors.add(number, columns[key], "identity", error)
    return told.with_columns(pl.coalesce("_birth", BIRTH).alias(BIRTH), pl.coalesce("_sex", SEX).alias(SEX)).drop(
        "_birth", "_sex"
    )


def _check_twins(rows: pl.DataFrame, columns: Mapping[str, Column], errors: _Errors) -> None:
    """One person, one row: a repeated row is refused; when the two say different things, both are."""
    twins = rows.filter(pl.col(IDENTITY).is_not_null() & pl.col(IDENTITY).is_duplicated())
    telling = [key for key, column in columns.items() if column.kind in ("value", "death") or column.begins]
    groups: dict[str, list[tuple[Any, ...]]] = {}
    for identity, *row in twins.select(IDENTITY, NUMBER, *telling).iter_rows():
        groups.setdefault(identity, []).append(tuple(row))
    for identity, group in groups.items():
        alike = len({row[1:] for row in group}) == 1
        for place, (number, *_) in enumerate(group):
            other = group[0][0] if place else group[1][0]
            if place or not alike:
                words = f"与第{other:,}行是同一个人" + ("" if alike else "，写的不一样")
                given = identity_numbers.masked(identity)
                error = BadInput(columns[IDENTITY].label, words, given=given, accepted="一人一行")
                errors.add(number, columns[IDENTITY], "duplicate", error)


def _check_not_after(rows: pl.DataFrame, column: Column, until: date, errors: _Errors) -> None:
    late = rows.filter(pl.col(column.key) > until.isoformat())
    for number, value in late.select(NUMBER, column.key).iter_rows():
        words = f"晚于数据日期{until.isoformat()}"
        errors.add(number, column, "day", BadInput(column.label, words, given=value, accepted="不晚于数据日期"))
    if column.kind == "death":
        early = rows.filter(pl.col(column.key) < pl.col(BIRTH))
        for number, value in early.select(NUMBER, column.key).iter_rows():
            error = BadInput(column.label, "早于出生日期", given=value, accepted="出生以后")
            errors.add(number, column, "day", error)


def _check_known(rows: pl.DataFrame, columns: Mapping[str, Column], errors: _Errors) -> None:
    """A row without a number can only be matched when it says a name and a birth date, a phone or an address."""
    bad = {row[0] for row in errors.found}
    clues = [pl.col(key).is_not_null() for key in (BIRTH, "phone", "address") if key in columns]
    nobody = rows.filter(pl.col(IDENTITY).is_null() & ~(pl.any_horizontal(clues) if clues else pl.lit(False)))
    anchor = columns.get(IDENTITY) or columns[NAME]
    for number in nobody[NUMBER]:
        if number not in bad:
            error = BadInput(anchor.label, "没有证件号，也没有出生日期、电话或住址", accepted="至少填一样")
            errors.add(number, anchor, "missing", error)


def sample(path: Path, expected: List, mapped: Mapped) -> tuple[tuple[str, ...], dict[str, list[str]]]:
    """The header, and the first three filled cells of each mapped column, masked."""
    table = open_table(path)
    names = [name for name in dict.fromkeys(table.header) if name]
    cells: dict[str, list[str]] = {name: [] for name in names}
    piece = next(iter(table.pieces(names)), None)
    if piece is not None:
        kinds = {name: expected.columns[key].kind for key, name in mapped.items()}
        for name in names:
            filled = piece.table[name].head(50).drop_nulls().cast(pl.String, strict=False).head(3).to_list()
            coded = kinds.get(name) in ("value", "sex", "date", "death")
            cells[name] = [shown(text) if coded else mask(text) for text in filled]
    return table.header, cells
