"""A person table in a file: opened, checked cell by cell, and given on as people with typed facts, batch by batch."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from songhe.exchange.bad_rows import BadRows
from songhe.exchange.cells import typed, writes
from songhe.exchange.headers import Header, read_header
from songhe.exchange.keys import KeyCheck, same_keys
from songhe.foundation.files.tables import Piece, Table, open_table
from songhe.kernel.errors import BadInput, NotFound
from songhe.kernel.masking import mask
from songhe.rules.facts import KEY

_BIRTH, _DEATH = "birth_date", "death_date"
_KEYS_SHOWN = 200
_CELLS_SHOWN = 200
_ALMOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a person table: the people that can be used, and the rows that cannot.

    `keys` are the good ones of all rows, bad rows too: a mended row must not have a twin. `done` is how far the file is
    read, in the units of `PersonTable.size`; `blank` counts the empty rows left out.
    """

    people: pl.DataFrame
    keys: pl.Series
    bad: BadRows | None
    done: int
    blank: int


class PersonTable:
    """A person table that is open for reading.

    Refused with BadInput or NotFound when it is no table, its header is wrong or a column has a type that cannot hold
    its fact. With `whole_rows` the bad rows keep the columns that are not facts as well, where these can be text.
    """

    def __init__(self, path: Path, *, whole_rows: bool = False) -> None:
        self._table: Table = open_table(path)
        self._header: Header = read_header(path.name, self._table.header, self._table.types)
        self._read = [*dict.fromkeys([*self._header.present, *self._others(whole_rows)])]

    def _others(self, whole_rows: bool) -> tuple[str, ...]:
        return tuple(name for name in self._header.others if whole_rows and writes(self._table.types[name]))

    @property
    def notices(self) -> tuple[str, ...]:
        """What the user should know: the encoding, sheets, columns that are not there or not read."""
        return (*self._table.notices, *self._header.notices)

    @property
    def columns(self) -> Sequence[str]:
        """The columns that are read, those that are no facts last."""
        return self._read

    @property
    def most_people(self) -> int:
        """How many people there are at most."""
        return self._table.most_rows

    @property
    def size(self) -> int:
        """The value of `Batch.done` at the end."""
        return self._table.size

    def batches(self) -> Iterator[Batch]:
        """The people in the order of the file.

        Refused with BadInput where the file breaks off, and at the end when a key stands in several rows.
        """
        with tempfile.TemporaryDirectory(prefix="songhe-") as folder:
            keys = KeyCheck(Path(folder))
            try:
                for piece in self._table.pieces(self._read):
                    batch = self._batch(piece)
                    keys.add(batch.keys)
                    yield batch
                self._refuse_same_keys(keys)
            finally:
                keys.close()

    def _batch(self, piece: Piece) -> Batch:
        present, types = self._header.present, piece.table.schema
        people = piece.table.select(typed(name, types[name]).alias(name) for name in present)
        marks = {**_not_read(piece, people), **_out_of_order(people)}
        bad = BadRows.found(piece, present, marks)
        keys = people[KEY].filter(~marks[KEY, ""]) if (KEY, "") in marks else people[KEY]
        if bad is not None:
            people = people.filter(~bad.any_of_row)
        return Batch(people, keys, bad, piece.done, piece.blank)

    def _refuse_same_keys(self, keys: KeyCheck) -> None:
        suspects = keys.suspects()
        if not len(suspects):
            return
        type_of_key = self._table.types[KEY]
        passage = (
            (piece.rows, piece.table.select(typed(KEY, type_of_key)).to_series()) for piece in self._table.pieces([KEY])
        )
        same, _ = same_keys(suspects, passage)
        if same:
            shown = "".join(f"\n  {key}" for key in same[:_KEYS_SHOWN])
            more = f"\n  等{len(same):,}个" if len(same) > _KEYS_SHOWN else ""
            problem = f"{KEY}有重复的：{shown}{more}\n"
            raise BadInput(self._table.path.name, problem, accepted=f"每人一行，{KEY}各不相同")


def _not_read(piece: Piece, people: pl.DataFrame) -> dict[tuple[str, str], pl.Series]:
    """Cells that hold something the fact does not accept; a key must be there, and text in a workbook."""
    marks = {}
    for name in people.columns:
        nothing = people[name].null_count()
        if name == KEY:
            mark = people[name].is_null()
            if piece.kinds is not None:
                mark = mark | (piece.kinds[name] != "text").fill_null(True)
        elif nothing == piece.table[name].null_count():
            continue
        else:
            mark = people[name].is_null() & piece.table[name].is_not_null()
        if mark.any():
            marks[name, ""] = mark
    return marks


def _out_of_order(people: pl.DataFrame) -> dict[tuple[str, str], pl.Series]:
    if _BIRTH not in people.columns or _DEATH not in people.columns:
        return {}
    mark = (people[_DEATH] < people[_BIRTH]).fill_null(False)
    return {(_DEATH, "早于出生日期"): mark} if mark.any() else {}


def read_people(path: Path) -> pl.DataFrame:
    """All people of a table at once, typed. BadInput names the bad cells when there are any."""
    batches = list(PersonTable(path).batches())
    bad = [batch.bad for batch in batches if batch.bad is not None]
    if bad:
        cells = [cell for rows in bad for cell in rows.each()]
        shown = "".join(f"\n  {cell}" for cell in cells[:_CELLS_SHOWN])
        more = f"\n  等{len(cells):,}格" if len(cells) > _CELLS_SHOWN else ""
        raise BadInput(path.name, f"有{len(cells):,}格不能用：{shown}{more}")
    return pl.concat([batch.people for batch in batches]) if batches else _nobody(path)


def _nobody(path: Path) -> pl.DataFrame:
    raise BadInput(path.name, "只有表头，没有人", accepted="至少一人")


def find_person(path: Path, person_id: str) -> dict[str, Any]:
    """The known facts of one person; other rows may have bad cells.

    NotFound, with the key masked, when nobody has it; BadInput when the person's own row has bad cells.
    """
    found: dict[str, Any] | None = None
    almost: set[str] = set()
    for batch in PersonTable(path).batches():
        if batch.bad is not None:
            for cell in batch.bad.of_key(person_id):
                raise BadInput(path.name, str(cell))
        rows = batch.people.filter(pl.col(KEY) == person_id)
        if rows.height:
            found = {name: value for name, value in rows.row(0, named=True).items() if name != KEY}
        elif found is None:
            almost.update(_written_alike(batch.people[KEY], person_id))
    if found is None:
        near = "、".join(mask(key) for key in sorted(almost)[:_ALMOST_SHOWN])
        hint = f"{near}，只差大小写、空格、横线或开头的0" if near else ""
        raise NotFound(f"编号“{mask(person_id)}”：{path.name}里没有这个{KEY}", accepted=hint)
    return found


def _written_alike(keys: pl.Series, person_id: str) -> list[str]:
    """Keys that differ from the one wanted only in case, width, spaces, dashes or zeros at the beginning."""
    wanted = pl.Series([person_id])
    return keys.filter(_plain(keys) == _plain(wanted)[0]).to_list()


def _plain(keys: pl.Series) -> pl.Series:
    return keys.str.normalize("NFKC").str.to_lowercase().str.replace_all(r"[\s_-]", "").str.strip_chars_start("0")
