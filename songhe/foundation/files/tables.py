"""A table in a file, whatever the kind of file: its columns, and its rows in pieces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import polars as pl

from songhe.foundation.files.kinds import FileKind, kind_of
from songhe.kernel.errors import BadInput
from songhe.kernel.told import told

MOST_COLUMNS = 1000
# What a cell of a workbook was before it became text. `broken` is an error value or a formula without a result.
CELL_KINDS = pl.Enum(["empty", "text", "number", "date", "bool", "time", "broken"])


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a table in their order.

    `rows` numbers them as a person sees them: lines of a text file and rows of a sheet with the header as 1, rows of a
    Parquet file from 1 on. An empty cell is null. `kinds` says what the cells of a workbook were, None for other files.
    `done` is how far the file is read, `blank` how many empty rows were left out.
    """

    rows: pl.Series
    table: pl.DataFrame
    kinds: pl.DataFrame | None
    done: int
    blank: int = 0


class Table(Protocol):
    """A table that is open for reading; it can be read more than once."""

    @property
    def path(self) -> Path:
        """Where the file lies."""

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns as written, repeated names included."""

    @property
    def types(self) -> Mapping[str, pl.DataType]:
        """The type of each column; text for all columns of a CSV file or a workbook."""

    @property
    def notices(self) -> tuple[str, ...]:
        """What was decided while opening that the user should know."""

    @property
    def most_rows(self) -> int:
        """How many rows there are at most; exact for Parquet and workbooks."""

    @property
    def size(self) -> int:
        """The value of `done` at the end."""

    def pieces(self, columns: Sequence[str]) -> Iterator[Piece]:
        """The rows, with these columns in this order. BadInput where the file breaks off or does not hold together."""


def open_table(path: Path) -> Table:
    """A CSV file, workbook or Parquet file, told by its content. BadInput when it is none or cannot be read."""
    kind = kind_of(path)
    if kind is FileKind.CSV:
        from songhe.foundation.files.csv_tables import CsvTable

        return CsvTable(path)
    if kind is FileKind.XLSX:
        from songhe.foundation.files.workbooks import WorkbookTable

        return WorkbookTable(path)
    from songhe.foundation.files.parquet_tables import ParquetTable

    return ParquetTable(path)


def check_width(path: Path, width: int) -> None:
    """Refuses a table with more columns than anybody keeps about a person."""
    if width > MOST_COLUMNS:
        raise BadInput(
            path.name,
            told("有{width:,}列，太多", width=width),
            accepted=told("不超过{most_columns}列", most_columns=MOST_COLUMNS),
        )
