"""The rows of a person table that hold a bad cell: counted, named cell by cell, and kept as they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from songhe.exchange.cells import text
from songhe.exchange.refusals import BadCell, accepted, bad_cell
from songhe.foundation.files.tables import Piece
from songhe.kernel.masking import mask
from songhe.rules.facts import KEY

ROW, REASON = "bad_row", "bad_reason"
Marks = Mapping[tuple[str, str], pl.Series]


@dataclass(frozen=True)
class BadRows:
    """Rows of a piece with at least one bad cell.

    `marks` says for a column and a problem which rows have it; an empty problem is told from the cell itself.
    """

    piece: Piece
    columns: Sequence[str]
    marks: Marks
    any_of_row: pl.Series

    @classmethod
    def found(cls, piece: Piece, columns: Sequence[str], marks: Marks) -> BadRows | None:
        """The bad rows, None when nothing is marked."""
        if not marks:
            return None
        each = [mark.alias(str(place)) for place, mark in enumerate(marks.values())]
        return cls(piece, columns, marks, pl.DataFrame(each).select(pl.any_horizontal(pl.all())).to_series())

    @property
    def rows(self) -> int:
        """How many rows are bad."""
        return int(self.any_of_row.sum())

    @property
    def cells(self) -> int:
        """How many cells are bad."""
        return sum(int(mark.sum()) for mark in self.marks.values())

    def each(self) -> Iterator[BadCell]:
        """Every bad cell, by row and then by column."""
        for index, column, problem in self._places():
            yield self._cell(index, column, problem)

    def of_key(self, key: str) -> Iterator[BadCell]:
        """The bad cells in the rows of one person."""
        same = set((self.piece.table.select(text(KEY, self.piece.table.schema[KEY])).to_series() == key).arg_true())
        for index, column, problem in self._places():
            if index in same:
                yield self._cell(index, column, problem)

    def _places(self) -> list[tuple[int, str, str]]:
        order = {name: place for place, name in enumerate(self.columns)}
        places = [
            (index, order[column], column, problem)
            for (column, problem), marked in self.marks.items()
            for index in marked.arg_true().to_list()
        ]
        return [(index, column, problem) for index, _, column, problem in sorted(places)]

    def _cell(self, index: int, column: str, problem: str) -> BadCell:
        row, table = int(self.piece.rows[index]), self.piece.table
        shown = table.select(text(column, table.schema[column]).slice(index, 1)).item()
        if problem:
            return BadCell(row, column, problem, mask(shown), accepted(column))
        kind = "text" if self.piece.kinds is None else self.piece.kinds[column][index]
        return bad_cell(row, column, shown, kind)

    def original(self) -> pl.DataFrame:
        """The bad rows as text, their number in the file in front and all their reasons behind."""
        reasons: dict[int, list[str]] = {}
        for index, column, problem in self._places():
            reasons.setdefault(index, []).append(self._cell(index, column, problem).reason)
        table = self.piece.table
        columns = [text(name, kind).alias(name) for name, kind in table.schema.items()]
        rows = table.select(columns).filter(self.any_of_row)
        numbers = self.piece.rows.filter(self.any_of_row).alias(ROW)
        words = pl.Series(REASON, ["；".join(reason) for reason in reasons.values()], dtype=pl.String)
        return pl.DataFrame(
            [numbers, *(column for column in rows.iter_columns() if column.name not in (ROW, REASON)), words]
        )
