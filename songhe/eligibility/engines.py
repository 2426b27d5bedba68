"""Who works the rules out: four engines behind one question, `evaluate(people, nodes)`.

All give the same columns for the same people; which one is a matter of where the people are and how many.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Protocol

import polars as pl

from songhe.eligibility.bit_engine import BitEngine, Nodes
from songhe.kernel.errors import BadInput
from songhe.rules import nodes as n
from songhe.rules.facts import KEY, PERSON_TABLE
from songhe.rules.lowering import lower
from songhe.rules.readings.polars import SCHEMA
from songhe.rules.readings.postgres import Postgres, person_table_columns
from songhe.rules.readings.reference import Reference
from songhe.rules.readings.spark import Spark, person_table_schema
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


class PostgresEngine:
    """Inside PostgreSQL: the people are copied into a temporary table and the rules run there."""

    name = "postgres"
    _AT_ONCE = 400  # PostgreSQL takes 1664 columns in a result; fewer plan faster

    def __init__(self, on: date, dsn: str) -> None:
        self._on = on
        self._dsn = dsn

    def evaluate(self, people: pl.DataFrame, nodes: Nodes) -> pl.DataFrame:
        """See Engine."""
        import psycopg  # a heavy import that only this engine needs

        reading = Postgres(self._on)
        lowered = {name: lower(node, self._on) for name, node in nodes.items()}
        parts = []
        with psycopg.connect(self._dsn) as connection:
            self._copy(connection, people)
            for start in range(0, len(lowered), self._AT_ONCE):
                share = dict(list(lowered.items())[start : start + self._AT_ONCE])
                query = reading.select(share, "people", keys=()) + " ORDER BY row_number"
                rows = connection.execute(query).fetchall()
                schema = {name: _dtype(node) for name, node in share.items()}
                parts.append(pl.DataFrame(rows, schema=schema, orient="row"))
        return pl.concat(parts, how="horizontal")

    def _copy(self, connection: object, people: pl.DataFrame) -> None:
        columns = person_table_columns().replace("person_id text PRIMARY KEY", "row_number bigint, person_id text")
        cursor = connection.cursor()  # type: ignore[attr-defined]
        cursor.execute(f"CREATE TEMPORARY TABLE people ({columns}) ON COMMIT DROP")
        names = [KEY, *PERSON_TABLE]
        table = people.with_columns(pl.lit(None).alias(name) for name in names if name not in people.columns)
        with cursor.copy(f"COPY people (row_number, {', '.join(names)}) FROM STDIN") as copy:
            for index, row in enumerate(table.select(names).iter_rows()):
                copy.write_row((index, *row))


class SparkEngine:
    """On a Spark session, for data that already lies in a cluster. Needs the extra `songhe[spark]` and Java 17."""

    name = "spark"

    def __init__(self, on: date) -> None:
        self._on = on
        self._session = start_spark()

    def evaluate(self, people: pl.DataFrame, nodes: Nodes) -> pl.DataFrame:
        """See Engine."""
        reading = Spark(self._on)
        lowered = {name: lower(node, self._on) for name, node in nodes.items()}
        names = [KEY, *PERSON_TABLE]
        table = people.with_columns(pl.lit(None).cast(SCHEMA[x]).alias(x) for x in names if x not in people.columns)
        with tempfile.TemporaryDirectory() as folder:
            source, answer = Path(folder) / "people.parquet", Path(folder) / "answers"
            table.select(names).with_row_index("row_number").cast({"row_number": pl.Int64}).write_parquet(source)
            schema = f"row_number BIGINT, {person_table_schema()}"
            session = self._session
            session.read.schema(schema.replace(" INT", " TINYINT")).parquet(str(source)).createOrReplaceTempView(
                "people"
            )
            query = reading.select(lowered, "people", keys=("row_number",))
            session.sql(query).write.parquet(str(answer))
            answers = pl.read_parquet(answer / "*.parquet").sort("row_number").drop("row_number")
        return answers.cast({name: _dtype(node) for name, node in nodes.items()})


def start_spark() -> "SparkSession":  # type: ignore[name-defined]  # noqa: F821, UP037
    """A local Spark session; refused with BadInput when pyspark or Java is not there."""
    import shutil

    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise BadInput("--engine spark", "没有装pyspark", accepted="pip install 'songhe[spark]'") from error
    if shutil.which("java") is None:
        raise BadInput("--engine spark", "找不到Java", accepted="装上Java 17，并放进PATH")
    builder = SparkSession.builder.master("local[2]").appName("songhe")
    quiet = builder.config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "2")
    session = quiet.config("spark.sql.session.timeZone", "Asia/Shanghai").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


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
