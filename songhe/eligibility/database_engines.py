"""The engines that work where databases are: PostgreSQL and Spark read the same rules as SQL."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from songhe.eligibility.bit_engine import Nodes, needed_facts, with_all_facts
from songhe.kernel.errors import BadInput
from songhe.rules.lowering import lower
from songhe.rules.readings.postgres import Postgres, person_table_columns
from songhe.rules.readings.spark import Spark, person_table_schema
from songhe.rules.typing_rules import is_truth

if TYPE_CHECKING:
    from psycopg import Connection
    from pyspark.sql import SparkSession

_ROW = "row_number"


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

        lowered = {name: lower(node, self._on) for name, node in nodes.items()}
        parts = []
        with psycopg.connect(self._dsn) as connection:
            connection.execute("SET LOCAL jit = off")  # compiling a hundred rules takes longer than running them
            connection.execute("SET LOCAL extra_float_digits = 1")  # numbers leave as they are, to the last bit
            self._copy_in(connection, people, needed_facts(nodes.values()))
            for start in range(0, len(lowered), self._AT_ONCE):
                share = dict(list(lowered.items())[start : start + self._AT_ONCE])
                parts.append(self._answers(connection, share))
        return pl.concat(parts, how="horizontal")

    def _copy_in(self, connection: Connection[Any], people: pl.DataFrame, facts: list[str]) -> None:
        columns = person_table_columns().replace("person_id text PRIMARY KEY", f"{_ROW} bigint")
        connection.execute(f"CREATE TEMPORARY TABLE people ({columns}) ON COMMIT DROP")
        table = _numbered(people, facts).write_csv(include_header=False)
        into = f"COPY people ({', '.join([_ROW, *facts])}) FROM STDIN (FORMAT csv)"
        with connection.cursor() as cursor, cursor.copy(into) as copy:
            copy.write(table)

    def _answers(self, connection: Connection[Any], nodes: Nodes) -> pl.DataFrame:
        """The nodes' columns in the order of the people, through CSV: many times faster than row by row."""
        query = Postgres(self._on).select(_short_names(nodes), "people", keys=(_ROW,))
        with connection.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)") as copy:
            table = b"".join(copy)
        kinds: dict[str, Any] = {name: pl.String if is_truth(node) else pl.Float64 for name, node in nodes.items()}
        schema = {_ROW: pl.Int64, **kinds}
        read = pl.read_csv(table, has_header=False, schema=schema) if table else pl.DataFrame(schema=schema)
        truths = [pl.col(name) == "t" for name, node in nodes.items() if is_truth(node)]
        return read.sort(_ROW).drop(_ROW).with_columns(truths)


def _numbered(people: pl.DataFrame, facts: list[str]) -> pl.DataFrame:
    """The facts of the people, empty where the table has no such column, after the number of the row."""
    rows = pl.int_range(people.height, dtype=pl.Int64).alias(_ROW)
    return with_all_facts(people, facts).with_columns(rows).select(_ROW, *facts)


def _short_names(nodes: Nodes) -> Nodes:
    """The nodes under names that no database cuts or refuses."""
    return {f"column_{index}": node for index, node in enumerate(nodes.values())}


class SparkEngine:
    """On a Spark session, for data that already lies in a cluster. Needs the extra `songhe[spark]` and Java 17."""

    name = "spark"

    def __init__(self, on: date) -> None:
        self._on = on
        self._session = start_spark()

    def evaluate(self, people: pl.DataFrame, nodes: Nodes) -> pl.DataFrame:
        """See Engine."""
        facts = needed_facts(nodes.values())
        lowered = _short_names({name: lower(node, self._on) for name, node in nodes.items()})
        with tempfile.TemporaryDirectory() as folder:
            source, answer = Path(folder) / "people.parquet", Path(folder) / "answers"
            _numbered(people, facts).write_parquet(source)
            schema = f"{_ROW} BIGINT, {person_table_schema()}".replace(" INT", " TINYINT")
            self._session.read.schema(schema).parquet(str(source)).createOrReplaceTempView("people")
            query = Spark(self._on).select(lowered, "people", keys=(_ROW,))
            self._session.sql(query).write.parquet(str(answer))
            answers = pl.read_parquet(answer / "*.parquet").sort(_ROW).drop(_ROW)
        kinds = pl.Schema({name: pl.Boolean if is_truth(node) else pl.Float64 for name, node in nodes.items()})
        return answers.rename(dict(zip(lowered, nodes, strict=True))).cast(kinds)


def start_spark() -> SparkSession:
    """A local Spark session; refused with BadInput when pyspark or Java is not there."""
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
