"""A small demo city that a browser can visit: its own database, and a web server in a thread of this process.

The server works as the application's role, like the real one. What a worker would do is done by `work`, here and now.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connections
from django.test import override_settings
from django.utils import timezone
from psycopg.conninfo import conninfo_to_dict

from songhe.config.paths import policies_folder
from songhe.demo.register.building import build_city
from songhe.demo.register.ground import demo_password
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.access.scope import scoped
from songhe.foundation.database.preparing import Database
from songhe.foundation.jobs import run_queued
from tests.database import kept_copy
from tests.pages import serving

PEOPLE, SEED = 800, 5
_NAMES = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}


@dataclass(frozen=True, slots=True)
class Town:
    """Where the city is, and what a test asks behind the browser's back."""

    url: str
    database: Database
    folder: Path

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Rows as the application sees them from everywhere."""
        with scoped(Actor.system("测试", ""), "test"), connections["default"].cursor() as cursor:
            cursor.execute(query, parameters)
            return list(cursor.fetchall())

    def one(self, query: str, *parameters: Any) -> Any:
        """The one value that the query gives."""
        ((value,),) = self.rows(query, *parameters)
        return value

    def work(self) -> list[Any]:
        """What waits for a worker, done now; gives the jobs."""
        return run_queued()

    def account(self, login: str) -> Account:
        """Somebody who works here."""
        return Account.objects.get(login=login)


@contextmanager
def open_town(folder: Path, people: int = PEOPLE, day: date | None = None) -> Iterator[Town]:
    """The city of the day (today), the server answering; both are gone afterwards. Django points to it meanwhile.

    It is built once for all who want the same one; everyone has a copy.
    """
    today = day or timezone.localdate()

    def build(database: Database, data: Path) -> None:
        with _pointed_to(database.owner), override_settings(**_demo(data)):
            build_city(
                people=people, day=today, seed=SEED, data=data, policies=policies_folder(), say=lambda words: None
            )

    with (
        kept_copy(f"city_{people}_{today:%Y%m%d}", build, folder) as database,
        override_settings(**_demo(folder)),
        _pointed_to(database.web),
        serving() as url,
    ):
        yield Town(url, database, folder)


def _demo(folder: Path) -> dict[str, Any]:
    return {
        "DEMO": True, "DEMO_PASSWORD": demo_password(), "FILES": folder / "files", "NOTICE_FOLDER": folder / "notices",
        "AUDIT_HEADS": folder / "audit-heads.jsonl", "WHITENOISE_USE_FINDERS": True,
    }  # fmt: skip


@contextmanager
def _pointed_to(dsn: str) -> Iterator[None]:
    connection = connections["default"]
    connection.close()
    before = {name: connection.settings_dict[name] for name in _NAMES}
    parts = conninfo_to_dict(dsn)
    connection.settings_dict.update({name: str(parts[known]) for name, known in _NAMES.items()})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)
