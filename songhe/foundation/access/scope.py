"""The scope of a transaction: which rows it sees, and who it works for.

Row-level security reads `app.lo` and `app.hi`; the audit triggers read the rest. Every transaction that touches
personal data opens one `scoped` block; outside of it personal tables are empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connections, transaction

from songhe.foundation.access.actors import NOWHERE, Actor
from songhe.foundation.database.statements import rows_of

SETTINGS = ("app.lo", "app.hi", "app.actor", "app.actor_name", "app.purpose")
_SET = "SELECT " + ", ".join(f"set_config('{name}', %s, true)" for name in SETTINGS)
_READ = "SELECT " + ", ".join(f"current_setting('{name}', true)" for name in SETTINGS)


@contextmanager
def scoped(actor: Actor | None, purpose: str, *, using: str = "default") -> Iterator[None]:
    """A transaction that sees the actor's region and nothing else; nobody's (None) sees no personal row.

    `purpose` is kept with every change and reading, such as "people.list" or "job people.import". Within another
    block it is a savepoint, and the outer scope is put back at its end: a local setting would outlive a savepoint that
    is kept. One that is rolled back takes its settings with it.
    """
    with entered(lambda: actor, purpose, using=using):
        yield


@contextmanager
def entered(who: Callable[[], Actor | None], purpose: str, *, using: str = "default") -> Iterator[Actor | None]:
    """The same for an actor that is read within the transaction, which is given back."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        outer = None
        if connections[using].savepoint_ids:
            cursor.execute(_READ)
            outer = cursor.fetchone()
        actor = who()
        rows_of(_SET, _values(actor, purpose), using=using)
        yield actor
        if outer is not None and not connections[using].needs_rollback:
            cursor.execute(_SET, [value or "" for value in outer])


def _values(actor: Actor | None, purpose: str) -> list[str]:
    lo, hi = NOWHERE if actor is None else actor.range
    account = str(actor.account_id) if actor is not None and actor.account_id else ""
    return [lo, hi, account, "" if actor is None else actor.name, purpose]
