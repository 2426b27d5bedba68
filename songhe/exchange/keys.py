"""Whether every key stands once, in little memory however many people there are.

Keys in rising order need no more than the last one. Otherwise their hashes are sorted into buckets, in files without a
name when they are many; only keys whose hash was seen twice are looked at themselves, in a second passage.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt
import polars as pl

from songhe.kernel.masking import mask

Hashes = npt.NDArray[np.uint64]
_BUCKETS = 256
_BUCKET_SHIFT = np.uint64(56)
_MOST_IN_MEMORY = 4_000_000
_MOST_SUSPECTS = 2_000_000
_ROWS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class SameKey:
    """A key that stands in several rows; the key is masked."""

    key: str
    rows: tuple[int, ...]

    def __str__(self) -> str:
        shown = "、".join(f"{row:,}" for row in self.rows[:_ROWS_SHOWN])
        more = f"等{len(self.rows):,}行" if len(self.rows) > _ROWS_SHOWN else "行"
        return f"person_id“{self.key}”重复：第{shown}{more}"


class KeyCheck:
    """Takes the keys of a table piece by piece, then says which hashes of keys came twice.

    `folder` is where hashes are kept when they are many.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rising = True
        self._last: str | None = None
        self._held: list[Hashes] = []
        self._count = 0
        self._files: list[IO[bytes]] = []

    def add(self, keys: pl.Series) -> None:
        """The next keys in the order of the file; empty ones are no keys."""
        keys = keys.drop_nulls()
        if not len(keys):
            return
        self._rising = self._rising and self._rises(keys)
        self._last = keys[-1]
        self._held.append(keys.hash().to_numpy())
        self._count += len(keys)
        if self._count > _MOST_IN_MEMORY:
            self._spill()

    def _rises(self, keys: pl.Series) -> bool:
        if self._last is not None and not keys[0] > self._last:
            return False
        return bool((keys.slice(1) > keys.head(len(keys) - 1)).all())

    def _spill(self) -> None:
        """Puts the hashes held into the files of their buckets."""
        if not self._files:
            self._files = [tempfile.TemporaryFile(dir=self._folder) for _ in range(_BUCKETS)]  # noqa: SIM115
        hashes = np.sort(np.concatenate(self._held))
        starts = np.searchsorted(hashes >> _BUCKET_SHIFT, np.arange(_BUCKETS + 1))
        for file, start, end in zip(self._files, starts[:-1], starts[1:], strict=True):
            file.write(hashes[start:end].tobytes())
        self._held, self._count = [], 0

    def suspects(self) -> Hashes:
        """The hashes that came more than once; none when the keys rose all along."""
        if self._rising:
            found: Iterable[Hashes] = ()
        elif self._files:
            if self._held:
                self._spill()
            found = [_twice(np.frombuffer(_content(file), dtype=np.uint64)) for file in self._files]
        else:
            found = [_twice(np.concatenate(self._held))]
        return np.concatenate([np.empty(0, dtype=np.uint64), *found])

    def close(self) -> None:
        """Lets go of the files."""
        for file in self._files:
            file.close()


def _content(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _twice(hashes: Hashes) -> Hashes:
    ordered = np.sort(hashes)
    found: Hashes = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    return found


def same_keys(suspects: Hashes, keys: Iterable[tuple[pl.Series, pl.Series]]) -> tuple[list[SameKey], bool]:
    """The keys that do stand in several rows, from a second passage of (rows, keys); and whether these are all.

    More than a few million rows with suspect keys are not all kept.
    """
    wanted = pl.Series(suspects)
    found = list(islice(_suspicious(wanted, keys), 0, None))
    rows = pl.concat(found) if found else pl.DataFrame(schema={"row": pl.UInt64, "key": pl.String})
    groups = rows.group_by("key").agg("row").filter(pl.col("row").list.len() > 1)
    ordered = groups.sort(pl.col("row").list.first())
    same = [SameKey(mask(key), tuple(numbers)) for key, numbers in ordered.iter_rows()]
    return same, rows.height < _MOST_SUSPECTS


def _suspicious(wanted: pl.Series, keys: Iterable[tuple[pl.Series, pl.Series]]) -> Iterator[pl.DataFrame]:
    left = _MOST_SUSPECTS
    for rows, texts in keys:
        part = pl.DataFrame({"row": rows, "key": texts}).filter(texts.is_not_null() & texts.hash().is_in(wanted))
        yield part.head(left)
        left -= part.height
        if left <= 0:
            return
