"""Parquet files, read in pieces so that one larger than the memory can be read as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl
from polars.exceptions import PanicException, PolarsError

from songhe.foundation.files.tables import Piece, check_width
from songhe.kernel.errors import BadInput
from songhe.kernel.told import phrase, told

PIECE_ROWS = 125_000
_MOST_ROWS = 4_000_000_000


class ParquetTable:
    """A Parquet file; see `tables.Table`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with _plain_errors(path):
            self._scan = pl.scan_parquet(path.resolve(), glob=False, hive_partitioning=False)
            schema = self._scan.collect_schema()
            self.most_rows = int(self._scan.select(pl.len()).collect().item())
        check_width(path, len(schema))
        self.types: Mapping[str, pl.DataType] = schema
        self.header = tuple(schema)
        self.notices = ()
        self.size = self.most_rows
        if self.most_rows > _MOST_ROWS:
            raise BadInput(
                path.name,
                told("有{most_rows:,}行，太多", most_rows=self.most_rows),
                accepted=told("不超过{most_rows:,}行", most_rows=_MOST_ROWS),
            )

    header: tuple[str, ...]
    notices: tuple[str, ...]
    most_rows: int
    size: int

    def pieces(self, columns: Sequence[str]) -> Iterator[Piece]:
        """See Table."""
        done = 0
        with _plain_errors(self.path):
            frames = self._scan.select(columns).collect_batches(chunk_size=PIECE_ROWS, maintain_order=True)
        found = iter(frames)
        while True:
            with _plain_errors(self.path):
                frame = next(found, None)
            if frame is None:
                return
            rows = pl.int_range(done + 1, done + frame.height + 1, dtype=pl.UInt64, eager=True)
            done += frame.height
            yield Piece(rows, frame, None, done)


@contextmanager
def _plain_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (PolarsError, PanicException, OSError, OverflowError) as error:
        problem = phrase("Parquet文件是坏的或没有下载完，读不了")
        raise BadInput(path.name, problem, accepted="完好的Parquet文件") from error
