"""A database for tests whose changes are committed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from psycopg.conninfo import conninfo_to_dict

from tests.database import database_copy


@pytest.fixture(scope="module")
def database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database of one's own in which everything is committed."""
    settings = connections["default"].settings_dict
    before = dict(settings)
    with database_copy("_regions") as copy, django_db_blocker.unblock():
        parts = conninfo_to_dict(copy.web)
        settings.update(NAME=parts["dbname"], USER=parts["user"], HOST=parts["host"], PORT=parts["port"])
        connections.close_all()
        yield
        connections.close_all()
        settings.update(before)
