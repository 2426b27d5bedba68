"""A Parquet file whose booleans and chosen amounts are written from bits, and whose other columns polars writes.

polars' own writer walks nullable booleans one by one, which takes longer than working them out; texts and counted
amounts it writes well, so its pages are taken over as they are and only their places in the footer change.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Literal, Self

import polars as pl

from songhe import __version__
from songhe.eligibility.wide_parquet import thrift
from songhe.eligibility.wide_parquet.pages import INT64, Chunk
from songhe.eligibility.wide_parquet.thrift import BINARY, I32, STRUCT, Reader, Struct, i32, i64, list_of, text

_MAGIC = b"PAR1"
_OPTIONAL, _DECIMAL = 1, 5
_PRECISION, _SCALE = 12, 2
_COMPRESSION: Literal["zstd"] = "zstd"
_FAST = 1
_UNCOMPRESSED = 0
_TAIL = 8  # the footer's size and the magic number again


class ParquetFile:
    """A file that grows by row groups. Used as a context manager; without its footer it is not a Parquet file."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("wb")
        self._file.write(_MAGIC)
        self._at = len(_MAGIC)
        self._elements: list[Struct] = []
        self._groups: list[Struct] = []
        self._rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self._write_footer()
        self._file.close()

    def write(self, columns: Mapping[str, Chunk | pl.Series], count: int) -> None:
        """Adds a row group: each column as a chunk made from bits or as a series; always the same columns.

        No rows are no row group, but say what the columns are.
        """
        series = [column.alias(name) for name, column in columns.items() if isinstance(column, pl.Series)]
        elements, chunks = self._written_by_polars(pl.DataFrame(series)) if series else ({}, {})
        for name, column in columns.items():
            if isinstance(column, Chunk):
                elements[name] = _element(name, column)
                chunks[name] = self._written(name, column)
        self._elements = [elements[name] for name in columns]
        if not count:
            return
        ordered = [chunks[name] for name in columns]
        size = sum(chunk[3][1][7][1] for chunk in ordered)
        self._groups.append({1: list_of(STRUCT, ordered), 2: i64(size), 3: i64(count)})
        self._rows += count

    def _put(self, octets: bytes | memoryview) -> int:
        start = self._at
        self._file.write(octets)
        self._at += len(octets)
        return start

    def _written(self, name: str, chunk: Chunk) -> Struct:
        start = self._put(chunk.pages)
        size = i64(len(chunk.pages))
        about: Struct = {
            1: i32(chunk.kind), 2: list_of(I32, list(chunk.encodings)), 3: list_of(BINARY, [name.encode()]),
            4: i32(_UNCOMPRESSED), 5: i64(chunk.count), 6: size, 7: size, 9: i64(start + chunk.data_page),
        }  # fmt: skip
        if chunk.data_page:
            about[11] = i64(start)
        return {2: i64(0), 3: thrift.struct(about)}

    def _written_by_polars(self, frame: pl.DataFrame) -> tuple[dict[str, Struct], dict[str, Struct]]:
        """The frame's pages put into this file, with its elements of the schema and its chunks by name."""
        buffer = io.BytesIO()
        frame.write_parquet(
            buffer,
            compression=_COMPRESSION,
            compression_level=_FAST,
            statistics=False,
            row_group_size=frame.height + 1,
        )
        octets = buffer.getbuffer()
        data_end = len(octets) - _TAIL - _footer_size(octets[-_TAIL:])
        about = Reader(bytes(octets[data_end:-_TAIL])).struct()
        moved_by = self._put(octets[len(_MAGIC) : data_end]) - len(_MAGIC)
        elements = {element[4][1].decode(): element for element in about[2][1][1][1:]}
        chunks = [_moved(chunk, moved_by) for group in about[4][1][1] for chunk in group[1][1][1]]
        return elements, dict(zip(elements, chunks, strict=False))  # no rows, no chunks

    def _write_footer(self) -> None:
        root: Struct = {4: text("schema"), 5: i32(len(self._elements))}
        footer = thrift.written({
            1: i32(1), 2: list_of(STRUCT, [root, *self._elements]), 3: i64(self._rows),
            4: list_of(STRUCT, self._groups), 6: text(f"songhe {__version__}"),
        })  # fmt: skip
        self._put(footer + len(footer).to_bytes(4, "little") + _MAGIC)


def _element(name: str, chunk: Chunk) -> Struct:
    element: Struct = {1: i32(chunk.kind), 3: i32(_OPTIONAL), 4: text(name)}
    if chunk.kind == INT64:
        decimal: Struct = {5: thrift.struct({1: i32(_SCALE), 2: i32(_PRECISION)})}
        element |= {6: i32(_DECIMAL), 7: i32(_SCALE), 8: i32(_PRECISION), 10: thrift.struct(decimal)}
    return element


def _moved(chunk: Struct, by: int) -> Struct:
    """A chunk of another file with its pages elsewhere; what points to indexes behind the pages is dropped."""
    about: dict[int, tuple[int, Any]] = dict(chunk[3][1])
    for field in (9, 10, 11):
        if field in about:
            about[field] = i64(about[field][1] + by)
    return {2: i64(0), 3: thrift.struct({field: value for field, value in about.items() if field <= 11 and field != 8})}


def row_groups(path: Path) -> list[int]:
    """How many rows each row group of a Parquet file has."""
    with path.open("rb") as file:
        file.seek(-_TAIL, io.SEEK_END)
        size = _footer_size(file.read(_TAIL))
        file.seek(-_TAIL - size, io.SEEK_END)
        return [group[3][1] for group in Reader(file.read(size)).struct()[4][1][1]]


def _footer_size(tail: bytes | memoryview) -> int:
    return int.from_bytes(tail[:4], "little")
