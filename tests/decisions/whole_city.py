"""A city in a database of its own whose decisions are compared: built for the test, or a copy of one that is there.

`SONGHE_AGREEMENT_PEOPLE` says how many people are built; `SONGHE_AGREEMENT_DATA` names the data folder of a platform
with a demo city, which stays as it is. Nobody may be connected to it while it is copied.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from django.test import override_settings

from songhe.config.paths import policies_folder
from songhe.config.platform import DATABASE_NAME
from songhe.config.preparation import brought_up_to_date
from songhe.demo.register.building import Built, build_city, built_city
from songhe.foundation.database.preparing import Database, database_of
from songhe.foundation.embedded_postgres import running_server
from songhe.foundation.sealing.keys import NAMES, key
from songhe.foundation.sealing.seals import _keyed
from tests.database import database_copy
from tests.demo.register.conftest import point_to

DAY = date(2026, 11, 18)
PEOPLE = int(os.environ.get("SONGHE_AGREEMENT_PEOPLE", "3000"))
DATA = os.environ.get("SONGHE_AGREEMENT_DATA", "")
_COPY = f"songhe_agreement_{os.getpid()}"


@dataclass(frozen=True, slots=True)
class City:
    """How many people, the day on which they were decided, and a folder for what is exported."""

    built: Built
    folder: Path

    @property
    def day(self) -> date:
        """The day of the first run."""
        return date.fromisoformat(self.built.day)


@contextmanager
def open_city(folder: Path) -> Iterator[City]:
    """The city, with Django connected as the application's role; gone at the end."""
    with _copied(Path(DATA)) if DATA else database_copy("agreement") as database, override_settings(FILES=folder):
        before = point_to(database.owner)
        try:
            built = built_city() or build_city(
                people=PEOPLE, day=DAY, seed=5, data=folder, policies=policies_folder(), say=say
            )
            point_to(database.web)
            yield City(built, folder)
        finally:
            connections["default"].close()
            connections["default"].settings_dict.update(before)


@contextmanager
def _copied(data: Path) -> Iterator[Database]:
    kept = json.loads((data / "secrets.json").read_text(encoding="utf-8"))
    with running_server(data) as admin, _keys({name: kept[name] for name in NAMES}):
        _forget(admin)
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {_COPY} TEMPLATE {DATABASE_NAME}")
            connection.execute(f"GRANT CONNECT, TEMPORARY ON DATABASE {_COPY} TO songhe_owner, songhe_web")
        try:
            database = database_of(admin, _COPY, {role: kept[role] for role in ("songhe_owner", "songhe_web")})
            brought_up_to_date(database, settings="tests.settings")
            yield database
        finally:
            _forget(admin)


@contextmanager
def _keys(kept: dict[str, str]) -> Iterator[None]:
    """What is sealed in that city is opened with its own keys."""
    made_from_keys = (key, _keyed)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in kept.items():
            patch.setenv(name, value)
        for made in made_from_keys:
            made.cache_clear()
        yield
    for made in made_from_keys:
        made.cache_clear()


def _forget(admin: str) -> None:
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {_COPY} WITH (FORCE)")


def say(words: str) -> None:
    """Progress, for who runs the test with -s."""
    print(words, flush=True)  # noqa: T201
