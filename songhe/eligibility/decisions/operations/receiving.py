"""Who receives what, as department lists say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from songhe.eligibility.decisions import permissions
from songhe.eligibility.decisions.models import Receipt
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.recording import record, summarised
from songhe.kernel.errors import Conflict, NotFound
from songhe.kernel.told import told

Row = tuple[UUID | str, str, date]
_COLUMNS = "region_code, person_id, item, from_date, source, recorded_at"
_ADDED = f"""
INSERT INTO decisions_receipt ({_COLUMNS})
SELECT p.region_code, p.id, r.item, r.from_date, %s, %s FROM received r JOIN people_person p ON p.id = r.person_id
WHERE p.standing <> 'merged'
ON CONFLICT (person_id, item) WHERE until_date IS NULL DO NOTHING"""  # noqa: S608


def record_receipts(*, actor: Actor, rows: Iterable[Row], source: str, now: datetime) -> int:
    """Writes who receives what since when (person, item, from); what is known already stays. Gives how many are new.

    Persons outside the actor's region are passed over: row-level security does not show them.
    """
    with scoped(actor, "decisions.receipts"), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE received (person_id uuid, item text, from_date date) ON COMMIT DROP")
        with cursor.copy("COPY received FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        with summarised("receipts"):
            cursor.execute(_ADDED, [source, now])
            count = int(cursor.rowcount)
        cursor.execute("DROP TABLE received")
        record(actor, action="decisions.receipt", detail={"rows": count, "source": source}, number=count)
        return count


def put_down(*, actor: Actor, persons: Sequence[UUID], item: str, from_date: date, source: str, now: datetime) -> int:
    """Somebody was put down for an item; see `record_receipts`. Needs "decisions.work"."""
    actor.require(permissions.WORK)
    return record_receipts(actor=actor, rows=[(key, item, from_date) for key in persons], source=source, now=now)


def end_receipt(*, actor: Actor, person: UUID, item: str, until_date: date, now: datetime) -> Receipt:
    """Nobody receives it any more from a day on. NotFound when nothing runs, Conflict for a day before it began."""
    actor.require(permissions.WORK)
    with scoped(actor, "decisions.end_receipt"):
        row = Receipt.objects.select_for_update().filter(person_id=person, item=item, until_date=None).first()
        if row is None:
            raise NotFound("在享的这一项")
        if until_date <= row.from_date:
            raise Conflict(told("这一项从{from_date}起在享，停的日子要更晚", from_date=row.from_date))
        row.until_date = until_date
        row.save(update_fields=["until_date"])
        return row
