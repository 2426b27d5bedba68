"""Whether an error tells that the database is away, rather than that somebody asked it something wrong."""

from __future__ import annotations

import psycopg
from django.db import Error, InterfaceError

_SHUT_DOWN, _CONNECTION, _FULL = "57P", "08", "53300"  # how the server's own words for it begin


def database_away(error: BaseException | None) -> bool:
    """True when the connection was cut, or the server takes none now: the same may well work again at once.

    A statement that took too long, or waited too long for a lock, is none of these.
    """
    cause = error.__cause__ if isinstance(error, Error) and error.__cause__ is not None else error
    if isinstance(cause, InterfaceError):
        return True  # Django's own: the connection was closed within the transaction
    if not isinstance(cause, psycopg.OperationalError):
        return False
    state = cause.sqlstate  # None when no server said anything
    return state is None or state.startswith((_SHUT_DOWN, _CONNECTION)) or state == _FULL
