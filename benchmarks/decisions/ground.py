"""What the measurements of decisions stand on: a copy of a city in its own database, the clock, the processors.

The copy takes every change and is dropped at the end: the city stays as it was built.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

import psycopg
from psycopg.conninfo import make_conninfo

from benchmarks.ground import Line, Say, seconds
from benchmarks.page import busy
from benchmarks.platform.ground import city, processor_seconds, server_process
from songhe.config.platform import DATABASE_NAME, open_platform, set_up
from songhe.config.preparation import brought_up_to_date
from songhe.foundation.database.preparing import Database, database_of
from songhe.foundation.embedded_postgres import running_server

if TYPE_CHECKING:
    from songhe.foundation.access.actors import Actor

BIG = 1_000_000
_COPY = "songhe_bench_decisions"
_TICKS = os.sysconf("SC_CLK_TCK")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured. `quick` is for trying the benchmarks out, not for figures.

    `changed` people at once, `sample` people in the loop, `single` people one after the other, `seen` with a worker.
    """

    people: int
    changed: int
    sample: int
    single: int
    seen: int
    rounds: int

    @classmethod
    def of(cls, people: int, quick: bool) -> Sizes:
        """The sizes of a run over so many people."""
        changed = min(10_000, people // 4)
        return cls(people, changed, 500, 5, 2, 1) if quick else cls(people, changed, 5_000, 50, 15, 3)


@dataclass(slots=True)
class Bench:
    """The copy with Django connected to it as the application; `day` is the day of the last run over everybody."""

    database: Database
    admin: str
    environment: dict[str, str]
    place: Path
    sizes: Sizes
    say: Say
    day: date
    whole: float = 0.0
    again: float = 0.0

    def next_day(self) -> date:
        """The day moves on."""
        self.day += timedelta(days=1)
        return self.day


@dataclass(frozen=True, slots=True)
class Taken:
    """What a work took by the clock, and the processor time of the database server meanwhile."""

    seconds: float
    database: float
    load: str


@contextmanager
def opened(folder: Path, sizes: Sizes, say: Say) -> Iterator[Bench]:
    """The copy of the city of so many people, which is built when it is not there."""
    place = city(folder, sizes.people, say)
    with open_platform(place) as (database, environment), running_server(place) as admin:
        os.environ.update({name: value for name, value in environment.items() if name != "SONGHE_DATABASE"})
        brought_up_to_date(database)
        say("把城市抄一份，量完就扔")
        copy = _copied(admin, environment, place)
        there = environment | {"SONGHE_DATABASE": copy.web, "SONGHE_DEMO": "1"}
        set_up(there)
        from django.db import connections

        try:
            yield Bench(copy, make_conninfo(admin, dbname=_COPY), there, place, sizes, say, _day_of(copy))
        finally:
            connections.close_all()
            _forget(admin)


def timed(bench: Bench, work: Callable[[], T]) -> tuple[T, Taken]:
    """What the work gives, and what it took."""
    root = server_process(bench.database.web)
    before, load = _server_seconds(root), busy()
    start = perf_counter()
    found = work()
    took = perf_counter() - start
    return found, Taken(took, _server_seconds(root) - before, load)


def lines(bench: Bench, what: str, taken: Taken, bound: float) -> list[Line]:
    """A figure with its target, which is one for a million people, and what else the machine did."""
    met = taken.seconds <= bound if bench.sizes.people >= BIG else None
    return [
        Line(what, seconds(taken.seconds), f"≤ {bound:g} s at a million", met),
        Line("… processor time of the database; load before", f"{taken.database:.1f} s; {taken.load}"),
    ]


def everybody() -> Actor:
    """Who runs the rules: the whole country."""
    from songhe.foundation.access.actors import Actor

    return Actor.system("判定", "")


def _server_seconds(root: int) -> float:
    """Of the server's processes, and of those that have ended, such as the workers of a parallel plan."""
    fields = Path(f"/proc/{root}/stat").read_text().rpartition(")")[2].split()
    return processor_seconds(root) + (int(fields[13]) + int(fields[14])) / _TICKS


def _copied(admin: str, environment: dict[str, str], place: Path) -> Database:
    kept = json.loads((place / "secrets.json").read_text(encoding="utf-8"))
    _forget(admin)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {_COPY} TEMPLATE {DATABASE_NAME} STRATEGY file_copy")
        connection.execute(f"GRANT CONNECT, TEMPORARY ON DATABASE {_COPY} TO songhe_owner, songhe_web")
    return database_of(
        admin, _COPY, {role: environment.get(role, kept[role]) for role in ("songhe_owner", "songhe_web")}
    )


def _forget(admin: str) -> None:
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {_COPY} WITH (FORCE)")


def _day_of(database: Database) -> date:
    with psycopg.connect(database.owner) as connection:
        row = connection.execute("SELECT obj_description('public'::regnamespace)").fetchone()
    assert row is not None  # noqa: S101
    return date.fromisoformat(json.loads(row[0].removeprefix("songhe demo city "))["day"])
