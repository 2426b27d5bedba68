"""Spark SQL: for a province and above, where the data already lies in a cluster."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from songhe.rules.facts import PERSON_TABLE, Kind
from songhe.rules.readings.sql import Sql

COLUMN_TYPES: Mapping[Kind, str] = {
    Kind.DATE: "DATE",
    Kind.BOOL: "BOOLEAN",
    Kind.WORD: "STRING",
    Kind.REGION: "STRING",
    Kind.CODE: "INT",
    Kind.GRADE: "INT",
}

_ONE = exp.Literal.number(1)


class Spark(Sql):
    """SQL as Spark 4 reads it, ANSI mode on or off."""

    dialect = "spark"

    def floor(self, tree: exp.Expr) -> exp.Expr:
        """The number less what it has after the point: Spark's own FLOOR gives a BIGINT, and large numbers are cut."""
        return exp.paren(
            exp.Sub(this=tree, expression=exp.Mod(this=tree.copy(), expression=self.double(_ONE.copy()))), copy=False
        )


def person_table_schema() -> str:
    """The schema of a person table as Spark's DDL text."""
    facts = ", ".join(f"{name} {COLUMN_TYPES[fact.kind]}" for name, fact in PERSON_TABLE.items())
    return f"person_id STRING, {facts}"
