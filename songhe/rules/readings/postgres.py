"""PostgreSQL, 15 and newer: rules run where the people are stored, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping

from songhe.rules.facts import PERSON_TABLE, Kind
from songhe.rules.readings.sql import Sql

COLUMN_TYPES: Mapping[Kind, str] = {
    Kind.DATE: "date",
    Kind.BOOL: "boolean",
    Kind.WORD: "text",
    Kind.REGION: "text",
    Kind.CODE: "smallint",
    Kind.GRADE: "smallint",
}


class Postgres(Sql):
    """SQL as PostgreSQL reads it."""

    dialect = "postgres"


def person_table_columns() -> str:
    """The column list of a person table for CREATE TABLE."""
    facts = ", ".join(f"{name} {COLUMN_TYPES[fact.kind]}" for name, fact in PERSON_TABLE.items())
    return f"person_id text PRIMARY KEY, {facts}"
