"""Who works the rules out: four engines behind one question, `evaluate(people, nodes)`.

All give the same columns for the same people; which one is a matter of where the people are and how many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Protocol

import polars as pl

from songhe.eligibility.bit_engine import BitEngine, Nodes
from songhe.eligibility.database_engines import PostgresEngine, SparkEngine
from songhe.rules import nodes as n
from songhe.rules.readings.reference import Reference
from songhe.rules.typing_rules import is_truth

NAMES = ("polars", "reference", "postgres", "spark")


class Engine(Protocol):
    """Works nodes out for a table of people, one row a person in the order given."""

    name: str

    def evaluate(self, people: pl.DataFrame, nodes: Nodes) -> pl.DataFrame:
        """A column for each node: Boolean or Float64, null where unknown."""


def _dtype(node: n.Node) -> type[pl.DataType]:
    return pl.Boolean if is_truth(node) else pl.Float64


class PolarsEngine:
    """The default: polars looks at the facts, whole columns at once; word operations join what it finds."""

    name = "polars"

    def __init__(self, on: date) -> None:
        self._on = on

    def evaluate(self, people: pl.DataFrame, nodes: Nodes) -> pl.DataFrame:
        """See Engine."""
        return BitEngine(nodes, self._on).answers(people).frame()


class ReferenceEngine:
    """One person after the other, in plain Python: the meaning itself, for checking the others."""

    name = "reference"

    def __init__(self, on: date) -> None:
        self._on = on

    def evaluate(self, people: pl.DataFrame, nodes: Nodes) -> pl.DataFrame:
        """See Engine."""
        reading = Reference(self._on)
        functions = {name: reading.read(node) for name, node in nodes.items()}
        answers: dict[str, list[object]] = {name: [] for name in nodes}
        for person in people.iter_rows(named=True):
            for name, function in functions.items():
                answers[name].append(function(person))
        return pl.DataFrame(answers, schema={name: _dtype(node) for name, node in nodes.items()})


@contextmanager
def engine(name: str, on: date, data_folder: Path) -> Iterator[Engine]:
    """The engine of that name; PostgreSQL is started in `data_folder` unless DATABASE_URL names a server."""
    if name == "postgres":
        from songhe.foundation.embedded_postgres import running_server

        with running_server(data_folder) as dsn:
            yield PostgresEngine(on, dsn)
        return
    engines: Mapping[str, Callable[[date], Engine]] = {
        "polars": PolarsEngine,
        "reference": ReferenceEngine,
        "spark": SparkEngine,
    }
    yield engines[name](on)
