"""One small city in a database of its own, built once for all tests here, as the owner builds it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.test import override_settings
from psycopg.conninfo import conninfo_to_dict

from songhe.config.paths import policies_folder
from songhe.demo.register.assessing import Assessments
from songhe.demo.register.building import Built, build_city, built_city
from songhe.demo.register.city import Piece
from songhe.demo.register.whole import pieces
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.database.preparing import Database
from tests.database import database_copy

DAY = date(2026, 11, 18)
PEOPLE = 2_000


@dataclass(frozen=True)
class City:
    """The database, the folder with truth and lists, and what the builder said."""

    database: Database
    folder: Path
    built: Built
    said: list[str]
    schema_before: list[tuple[Any, ...]]

    def rows(self, query: str, region: str = "", *parameters: Any) -> list[tuple[Any, ...]]:
        """Rows as the application sees them from a region ("" is everywhere)."""
        with scoped(Actor.system("测试", region), "test"), connections["default"].cursor() as cursor:
            cursor.execute(query, parameters)
            return list(cursor.fetchall())


def point_to(dsn: str) -> dict[str, Any]:
    """Points Django to a database; gives where it pointed before."""
    connection = connections["default"]
    connection.close()
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    before = {name: connection.settings_dict[name] for name in names}
    parts = conninfo_to_dict(dsn)
    connection.settings_dict.update({name: str(parts[known]) for name, known in names.items()})
    return before


def schema_of(database: Database) -> list[tuple[Any, ...]]:
    """Everything that loading takes off and puts on again: indexes, constraints, triggers, row-level security."""
    queries = (
        "SELECT indexdef, '' FROM pg_indexes WHERE tablename LIKE 'people%'",
        """SELECT conname::text, pg_get_constraintdef(oid) FROM pg_constraint
           WHERE conrelid::regclass::text LIKE 'people%'""",
        "SELECT tgname::text, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal",
        "SELECT relname::text, (relrowsecurity, relforcerowsecurity)::text FROM pg_class WHERE relname LIKE 'people%'",
    )
    with psycopg.connect(database.owner) as connection:
        return sorted(row for query in queries for row in connection.execute(query))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[City]:
    """The city, with Django connected as the application's role."""
    folder, said = tmp_path_factory.mktemp("city"), list[str]()
    kept = override_settings(FILES=folder / "files")
    with database_copy("demo") as database, django_db_blocker.unblock(), kept:
        before = point_to(database.owner)
        try:
            assert built_city() is None
            schema = schema_of(database)
            built = build_city(people=PEOPLE, day=DAY, seed=5, data=folder, policies=policies_folder(), say=said.append)
            point_to(database.web)
            yield City(database, folder, built, said, schema)
        finally:
            connections["default"].close()
            connections["default"].settings_dict.update(before)


@pytest.fixture(scope="session")
def drawn() -> tuple[Piece, Piece]:
    """The same people as they were drawn, and the cast."""
    assessed = Assessments(5, DAY)
    people, cast = (assessed.add(piece) for piece in pieces(PEOPLE, 5, DAY))
    return people, cast
