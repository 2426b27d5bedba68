"""From Parquet file to Parquet file: beside the peer, beside merely reading, and more than memory holds."""

from __future__ import annotations

import multiprocessing
import resource
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks import ground
from benchmarks.ground import Line, Say, Sizes, in_turns, seconds, timed
from songhe.eligibility.streaming import WideEncoder, determine_wide_parquet, read_batches, write_wide
from songhe.eligibility.wide_parquet.writer import row_groups
from songhe.rules.facts import KEY

CORES = 2
_PEER_BATCH = 500_000
_GIGABYTE = 1e9
_KIB = 1024


def _peer_ready() -> bool:
    import benchmarks.peer as _peer  # what is imported here is not measured

    return bool(_peer.OUTCOMES)


def _peer_part(source: str, target: str, start: int, stop: int) -> int:
    """One process of the peer: some people read, calculated and written, in batches that fit into memory."""
    from benchmarks import peer

    facts = ground.facts()
    system = peer.system(facts, peer.parameters(ground.programme()))
    table = pl.scan_parquet(source).select(KEY, *facts)
    for index, first in enumerate(range(start, stop, _PEER_BATCH)):
        people = table.slice(first, min(_PEER_BATCH, stop - first)).collect()
        simulated = peer.simulation(system, peer.fact_arrays(people, facts), people.height)
        found = peer.calculate(simulated, ground.MONTH)
        frame = pl.DataFrame({KEY: people[KEY], **found})
        frame.write_parquet(f"{target}-{start}-{index}.parquet", compression="zstd", compression_level=1)
    return stop - start


class PeerBulk:
    """OpenFisca on all cores: as many processes, each with its share of the people."""

    def __init__(self, source: Path, folder: Path, count: int) -> None:
        self._source, self._folder, self._count = source, folder, count
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(CORES, mp_context=context)
        list(self._pool.map(_ready, range(2 * CORES)))

    def __call__(self) -> None:
        """Everyone, from file to files."""
        share = -(-self._count // CORES)
        starts = range(0, self._count, share)
        parts = [
            self._pool.submit(
                _peer_part, str(self._source), str(self._folder / "peer"), start, min(start + share, self._count)
            )
            for start in starts
        ]
        assert sum(part.result() for part in parts) == self._count  # noqa: S101

    def close(self) -> None:
        """Ends the processes and removes what they wrote."""
        self._pool.shutdown()
        for path in self._folder.glob("peer-*.parquet"):
            path.unlink()


def _ready(_index: int) -> bool:
    return _peer_ready()


def from_file_to_file(folder: Path, sizes: Sizes, say: Say) -> list[Line]:
    """Everything persisted, beside the peer's own way and beside merely reading the columns that are asked for."""
    known = ground.people_file(folder, sizes.bulk, True, say)
    offices = ground.people_file(folder, sizes.bulk, False, say)
    programme, target = ground.programme(), folder / "wide.parquet"
    columns = WideEncoder(programme).columns
    peer = PeerBulk(known, folder, sizes.bulk)
    say(f"Parquet到Parquet，{sizes.bulk:,}人：与OpenFisca（{CORES}个进程）轮流")
    rounds = min(sizes.rounds, 5)
    try:
        took = in_turns(
            rounds,
            theirs=peer,
            ours=lambda: determine_wide_parquet(programme, known, target),
            scan=lambda: _read(known, columns),
            offices=lambda: determine_wide_parquet(programme, offices, target),
            offices_scan=lambda: _read(offices, columns),
        )
        _check(folder, target, known, programme)
    finally:
        peer.close()
    ratio = took["theirs"] / took["ours"]
    scans = took["ours"] / took["scan"], took["offices"] / took["offices_scan"]
    return [
        Line(f"OpenFisca, {sizes.bulk:,} people from Parquet to Parquet, {CORES} processes", seconds(took["theirs"])),
        Line("Songhe, the same people and items, 2 cores", seconds(took["ours"])),
        Line("… how many times faster", f"{ratio:.1f}×", "≥ 6×", ratio >= 6),
        Line("merely reading the facts, 2 cores", seconds(took["scan"])),
        Line("… times that Songhe takes", f"{scans[0]:.2f}×"),
        Line("merely reading the facts as the offices know them (with unknowns)", seconds(took["offices_scan"])),
        Line("Songhe, the same", seconds(took["offices"])),
        Line("… times merely reading", f"{scans[1]:.2f}×", "≤ 1.8×", scans[1] <= 1.8),
    ]


def _read(path: Path, columns: list[str]) -> None:
    for _batch in read_batches(path, columns):
        pass


def _check(folder: Path, target: Path, source: Path, programme: Any) -> None:
    """What the peer wrote is what we write for the same people; compared on a first part."""
    from benchmarks.resident import check_equal

    determine_wide_parquet(programme, source, target)
    found = pl.read_parquet(folder / "peer-0-0.parquet")
    people = pl.read_parquet(source, n_rows=found.height)
    check_equal(programme, people, {name: found[name].to_numpy() for name in found.columns})


def streamed(folder: Path, sizes: Sizes, say: Say) -> list[Line]:
    """More people than memory holds, in a process of its own whose peak is then known."""
    source = ground.people_file(folder, sizes.bulk, False, say)
    times = max(1, sizes.stream // sizes.bulk)
    say(f"{times * sizes.bulk:,}人流式判定")
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        took, peak, written = pool.submit(_stream, str(source), str(folder / "streamed.parquet"), times).result()
    (folder / "streamed.parquet").unlink()
    assert written == times * sizes.bulk  # noqa: S101
    return [
        Line(f"{written:,} people streamed from Parquet to one Parquet file, 2 cores", seconds(took)),
        Line("… peak memory of the whole process", f"{peak / _GIGABYTE:.2f} GB", "≤ 1 GB", peak <= _GIGABYTE),
    ]


def _stream(source: str, target: str, times: int) -> tuple[float, int, int]:
    programme = ground.programme()
    columns = WideEncoder(programme).columns

    def batches() -> Iterator[pl.DataFrame]:
        return chain.from_iterable(read_batches(Path(source), columns) for _ in repeat(None, times))

    took = timed(lambda: write_wide(programme, batches(), Path(target)))
    return took, _peak(), sum(row_groups(Path(target)))


def _peak() -> int:
    """The most memory this process had, in bytes; `ru_maxrss` of a child on Linux begins with what its parent had."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) * _KIB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else _KIB)
