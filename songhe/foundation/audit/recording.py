"""Writing entries in the transaction of the deed: what was done, what was read unmasked, what was taken out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone
from psycopg.pq import TransactionStatus

from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.models import Kind
from songhe.kernel.errors import BadInput, Refused
from songhe.kernel.told import told

WHOLE = "0" * 12
UNMASKED = "unmasked"
SHORTEST_REASON, LONGEST_REASON = 4, 100
_INSERT = """
INSERT INTO audit_entry
    (kind, actor, actor_name, purpose, action, subject, region_code, row_count, detail, table_name, row_id)
VALUES (%s, %s, %s, left(coalesce(current_setting('app.purpose', true), ''), 120), %s, %s, %s, %s, %s::jsonb, '', '')
"""
_USE = """
INSERT INTO audit_usage AS u (holder, what, day, number) VALUES (%s, %s, %s, 1)
ON CONFLICT (holder, what, day) DO UPDATE SET number = u.number + 1 WHERE u.number < %s
RETURNING u.number
"""


def record(
    actor: Actor,
    *,
    action: str,
    subject: UUID | str = "",
    region: str = "",
    detail: Mapping[str, Any] | None = None,
    kind: Kind = Kind.DEED,
    number: int = 1,
) -> None:
    """Writes that the actor did something.

    `action` is the deed's name, such as "people.record_death"; `subject` whom or what it was done to; `region` the
    12-digit code under which auditors see it, "" for the actor's own. `detail` holds ids, codes, days and numbers,
    never a name, number or address of a person; of a reading also which `fields` were seen and the `reason`, "" where
    none was asked.
    """
    if kind == Kind.READING:
        detail = {"fields": [], "reason": ""} | dict(detail or {})
    values = [
        kind,
        actor.account_id,
        actor.name[:40],
        action,
        str(subject),
        (region or actor.region).ljust(12, "0"),
        number,
        json.dumps(dict(detail or {}), ensure_ascii=False, default=str),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)


def unmasked(actor: Actor, *, subject: UUID, region: str, fields: Sequence[str], reason: str, now: datetime) -> None:
    """Asks to show fields of a person unmasked; called before they are opened, in the transaction of the page.

    BadInput for a reason of less than four characters; Refused when the account's quota of the day is used up. Whether
    the actor may see the person at all is asked by the caller.
    """
    reason = " ".join(reason.split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        problem = told("要写{least}到{most}个字", least=SHORTEST_REASON, most=LONGEST_REASON)
        raise BadInput("查看原因", problem, accepted="为什么要看，如“打电话约上门评估”")
    _use_quota(actor, now)
    detail = {"fields": sorted(fields), "reason": reason}
    record(actor, action=UNMASKED, subject=subject, region=region, detail=detail, kind=Kind.READING)


def exported(actor: Actor, *, action: str, rows: int, detail: Mapping[str, Any], region: str = "") -> None:
    """Writes that the actor took out so many rows. `detail` says which: filters, columns, kind of file."""
    record(actor, action=action, region=region, detail=detail, kind=Kind.EXPORT, number=rows)


@contextmanager
def summarised(reason: str) -> Iterator[None]:
    """Within it statements leave one entry a region, however few rows they change; `reason` names the batch.

    For work whose rows are told elsewhere, such as an import with its staged rows. Stands within a transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.bulk', true), set_config('app.bulk', %s, true)", [reason])
        outer = cursor.fetchone()[0] or ""
    try:
        yield
    finally:
        if connection.connection.info.transaction_status == TransactionStatus.INTRANS:  # a failed one undoes it itself
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('app.bulk', %s, true)", [outer])


def _use_quota(actor: Actor, now: datetime) -> None:
    quota = settings.QUOTAS["unmasked_readings"]
    holder = str(actor.account_id or actor.name)[:40]
    with connection.cursor() as cursor:
        cursor.execute(_USE, [holder, UNMASKED, timezone.localdate(now), quota["number"]])
        if cursor.fetchone() is None:
            limit = f"{quota['per']}{quota['number']}{quota['unit']}"
            raise Refused(told("今天查看完整号码的次数用完了（{limit}），明天再看，或者请同事查看", limit=limit))
