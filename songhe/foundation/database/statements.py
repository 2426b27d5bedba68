"""Statements that many pages ask word for word, so that the server reads and plans them once a connection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from django.db.backends.postgresql.base import ServerBindingCursor


def rows_of(
    statement: str, parameters: Sequence[Any] | Mapping[str, Any] = (), *, using: str = "default"
) -> list[tuple[Any, ...]]:
    """All rows of the statement, in the transaction of the connection.

    Where SONGHE_PREPARED is set it stays prepared: a pooler that gives every transaction another connection to the
    server may not know it there, so one that is not sure leaves it unset.
    """
    connection = connections[using]
    if not settings.PREPARED or connection.force_debug_cursor or connection.execute_wrappers:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return list(cursor.fetchall())
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as prepared:
        prepared.execute(statement, parameters, prepare=True)
        return prepared.fetchall()


@contextmanager
def prepared(using: str = "default") -> Iterator[None]:
    """Within it the querysets' statements are prepared too.

    For those whose best plan does not depend on what is asked for, as it does for a part of a country or for a piece
    of a name: one row by its key, the rows of one person.
    """
    connection = connections[using]
    if not settings.PREPARED:
        yield
        return
    connection.ensure_connection()
    features: Any = connection.features
    server = connection.connection
    usual = features.uses_server_side_binding, server.cursor_factory, server.prepare_threshold
    features.uses_server_side_binding, server.cursor_factory, server.prepare_threshold = True, ServerBindingCursor, 1
    try:
        yield
    finally:
        features.uses_server_side_binding, server.cursor_factory, server.prepare_threshold = usual
