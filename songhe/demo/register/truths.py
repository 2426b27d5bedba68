"""The truth kept apart from the register: one Parquet file a kind of thing planted, and what is so of everybody."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from songhe.demo.register.city import Piece

PEOPLE = "people"
_MENDED = ("never_applied", "too_old", "conflicts")


class Truths:
    """Collects the notes of the pieces and writes them to a folder; the people of each piece at once."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.parquet"):
            old.unlink()
        self._folder = folder
        self._notes: dict[str, list[pl.DataFrame]] = {}
        self._pieces = 0

    def add(self, piece: Piece) -> None:
        """Keeps the notes, writes what is true of the piece's people."""
        self._pieces += 1
        piece.truth.write_parquet(self._folder / f"{PEOPLE}-{self._pieces:03d}.parquet")
        for name, frame in piece.notes.items():
            self._notes.setdefault(name, []).append(frame)

    def noted(self, *names: str) -> pl.DataFrame:
        """The ids that stand in these notes, each once."""
        frames = [frame.select("id") for name in names for frame in self._notes.get(name, [])]
        return pl.concat(frames).unique(maintain_order=True) if frames else pl.DataFrame(schema={"id": pl.String})

    def keep(self, frames: Mapping[str, pl.DataFrame]) -> dict[str, int]:
        """Writes further notes, made after the city was there; gives how many rows each has."""
        for name, frame in frames.items():
            frame.write_parquet(self._folder / f"{name}.parquet")
        return {name: frame.height for name, frame in frames.items()}

    def write(self, more: Mapping[str, pl.DataFrame], told: pl.DataFrame) -> dict[str, int]:
        """Writes the notes and `more` of them, gives how many rows of each kind there are.

        `told` (id, fact, value) is what lists told the register since: that is no longer missing, old or doubted there.
        """
        counts = {}
        more = {**more, "told_by_lists": told}
        for name, frames in sorted((self._notes | {name: [frame] for name, frame in more.items()}).items()):
            whole = _still_so(name, pl.concat(frames, how="diagonal"), told)
            whole.write_parquet(self._folder / f"{name}.parquet")
            counts[name] = whole.height
        return counts


def _still_so(name: str, notes: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    if name in _MENDED:
        return notes.join(told, on=["id", "fact"], how="anti", maintain_order="left")
    if name == "unheard_deaths":
        dead = told.filter(pl.col("fact") == "death_date")
        return notes.join(dead, on="id", how="anti", maintain_order="left")
    return notes


def read_truth(folder: Path, name: str) -> pl.DataFrame:
    """One of the files of a folder, `people` put together from its pieces."""
    pattern = f"{PEOPLE}-*.parquet" if name == PEOPLE else f"{name}.parquet"
    return pl.concat([pl.read_parquet(path) for path in sorted(folder.glob(pattern))])
