"""The account behind a request with all that it holds, in one statement: every request asks anew."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.db import connection

from songhe.foundation.access.models import Account
from songhe.foundation.database.statements import rows_of

BACKEND = "songhe.foundation.access.entering.AccountBackend"
_HELD = """
SELECT json_agg(json_build_array(held.id, held.role_id, held.region, held.from_date, held.until_date,
    ARRAY(SELECT action FROM access_roleaction WHERE role_id = held.role_id)) ORDER BY held.region, held.role_id)::text
FROM access_grant held WHERE held.account_id = account.id AND held.approved_at IS NOT NULL AND held.ended_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Held:
    """A grant that is approved and not ended, with the actions of its role."""

    grant: UUID
    role: str
    region: str
    from_date: date
    until_date: date | None
    actions: frozenset[str]

    def counts_on(self, day: date) -> bool:
        """Whether it has begun and lasts."""
        return self.from_date <= day and (self.until_date is None or day < self.until_date)


class AccountBackend(BaseBackend):
    """Finds who is signed in. Passwords are looked at elsewhere."""

    def get_user(self, user_id: Any) -> Account | None:
        """The account of a session, unless it was closed; what it holds comes with it."""
        found = account_with_held(user_id)
        return found if found is not None and found.is_active else None


def account_with_held(account_id: UUID) -> Account | None:
    """The account with what it holds; None when there is none."""
    names, statement = _statement()
    rows = rows_of(statement, [account_id])
    if not rows:
        return None
    row = rows[0]
    account: Account = Account.from_db(connection.alias, names, row[:-1])
    account.held = _read(row[-1])
    return account


@cache
def _statement() -> tuple[list[str], str]:
    fields = Account._meta.concrete_fields
    columns = ", ".join(f'account."{field.column}"' for field in fields)
    statement = f"SELECT {columns}, ({_HELD}) FROM access_account account WHERE account.id = %s"  # noqa: S608
    return [field.attname for field in fields], statement


def _read(text: str | None) -> tuple[Held, ...]:
    return tuple(
        Held(
            UUID(grant), role, region, date.fromisoformat(since),
            date.fromisoformat(until) if until else None, frozenset(actions),
        )
        for grant, role, region, since, until, actions in (json.loads(text) if text else ())
    )  # fmt: skip
