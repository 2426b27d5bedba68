"""What the measurements of the platform stand on: a data folder with a city, its server, its web server, the clock."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

import psycopg

from benchmarks.ground import Line, Say
from songhe.config.platform import open_platform, set_up
from songhe.config.preparation import brought_up_to_date
from songhe.config.serving import Running, collect_static, end_left_over, free_port, wait_until_answering
from songhe.foundation.database.preparing import Database
from songhe.foundation.embedded_postgres import running_server

DATABASE = "songhe"
SERVER = "PostgreSQL 18"
_PORT = 8_700


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured. `quick` is for trying the benchmarks out, not for figures.

    `city` people are built from nothing; pages are measured with `people`; each client asks `asked` times a kind.
    """

    people: int
    city: int
    clients: int
    asked: int
    rounds: int

    @classmethod
    def of(cls, people: int, quick: bool) -> Sizes:
        """The sizes of a run with this many people behind the pages."""
        return cls(people, min(people, 10_000), 16, 4, 5) if quick else cls(people, 215_000, 16, 30, 40)


def city(folder: Path, people: int, say: Say) -> Path:
    """The data folder of a city of so many people, built when it is not there."""
    place = folder / f"platform-{people}"
    if not (place / "truth" / "duplicates.parquet").exists():
        say(f"造一座{people:,}人的城市")
        build(place, people)
    return place


def build(place: Path, people: int, day: date | None = None) -> float:
    """Seconds that `songhe demo build` takes; RuntimeError when it fails."""
    command = [
        sys.executable,
        "-m",
        "songhe.config.cli",
        "demo",
        "build",
        "--people",
        str(people),
        "--data",
        str(place),
    ]
    start = perf_counter()
    done = subprocess.run(
        [*command, *(["--on", day.isoformat()] if day else [])], check=False, stdout=subprocess.DEVNULL
    )
    if done.returncode:
        raise RuntimeError(f"songhe demo build: {done.returncode}")
    return perf_counter() - start


@contextmanager
def platform(place: Path) -> Iterator[tuple[Database, dict[str, str]]]:
    """The platform of a folder, its schema up to date, and Django in this process as the application."""
    with open_platform(place) as (database, environment):
        kept = environment | {"SONGHE_DEMO": "1"}
        os.environ.update({name: value for name, value in kept.items() if name != "SONGHE_DATABASE"})
        brought_up_to_date(database)
        collect_static(kept)
        set_up(kept)
        yield database, kept


@contextmanager
def administered(place: Path) -> Iterator[str]:
    """A connection string of the server's superuser, whom no row-level security binds."""
    with running_server(place) as admin:
        yield admin


@contextmanager
def served(place: Path, environment: Mapping[str, str]) -> Iterator[Running]:
    """The web server as `songhe serve` runs it."""
    end_left_over(place)
    running = Running(place, free_port(_PORT), environment)
    try:
        running.start("web")
        wait_until_answering(running)
        yield running
    finally:
        running.stop()


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def at_most(what: str, seconds: float, bound: float) -> Line:
    """A figure in seconds with its target."""
    return Line(what, f"{seconds:.1f} s", f"≤ {bound:g} s", seconds <= bound)


def processor_seconds(root: int) -> float:
    """What a process and all below it have used of the processors so far; the figure that other work leaves alone."""
    parents, used = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            parents[int(stat.parent.name)] = int(fields[1])
            used[int(stat.parent.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    wanted = {root}
    while more := {pid for pid, parent in parents.items() if parent in wanted} - wanted:
        wanted |= more
    return sum(seconds for pid, seconds in used.items() if pid in wanted)


def server_process(dsn: str) -> int:
    """The process of the database server on this machine."""
    with psycopg.connect(dsn) as connection:
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert row is not None  # noqa: S101
        return int(Path(f"/proc/{row[0]}/stat").read_text().rpartition(")")[2].split()[1])
