"""Sealing: blocks of entries get a Merkle root, chained and keyed, in the background; deeds stay plain inserts.

Only settled entries are sealed, so that none can come into a block afterwards. Whoever writes an entry locks the table
for writing (RowExclusiveLock, which hinders nobody) before the entry gets its number, and until the transaction ends.
So the entries below a number are settled once every transaction that held this lock when the number was reached has
ended. While one of them is still at work, number and transactions are kept as a mark for the next run.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.heads import write_head
from songhe.foundation.audit.models import Block, Mark
from songhe.foundation.audit.trees import COLUMNS, NOTHING, Contents, canonical, root_of, seal_of

BLOCK_ENTRIES = 10_000
MOST_BLOCKS = 500
_LOCK = 7_305_010
_BELOW = "SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END FROM audit_entry_number"
_WRITERS = """
SELECT virtualtransaction, pid = pg_backend_pid() FROM pg_locks
WHERE locktype = 'relation' AND relation = 'audit_entry'::regclass AND mode = 'RowExclusiveLock' AND granted
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def seal_blocks(*, now: datetime, size: int = BLOCK_ENTRIES) -> int:
    """Seals what is settled and not yet sealed; gives back how many blocks that made.

    TransactionManagementError within a transaction that has itself written an entry.
    """
    with scoped(Actor.system("audit", ""), "audit seal"), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        below = _settled_below(cursor)
        last = Block.objects.order_by("-number").first()
        start = last.until_id if last else 1
        for made in range(MOST_BLOCKS):
            cursor.execute("SELECT min(id) FROM audit_entry WHERE id >= %s AND id < %s", [start, below])
            first = cursor.fetchone()[0]
            if first is None:
                return made
            until = min(first + size, below)
            last = _sealed(last, start, until, entries_between(cursor, start, until), now)
            start = until
        return MOST_BLOCKS


def keep_sealed(*, now: datetime) -> None:
    """What the worker does every minute: seals, and once a day writes the head to settings.AUDIT_HEADS."""
    seal_blocks(now=now)
    write_head(settings.AUDIT_HEADS, now=now, daily=True)


def entries_between(cursor: CursorWrapper, from_id: int, until_id: int) -> list[bytes]:
    """The canonical entries `from_id` ≤ id < `until_id`, in order."""
    cursor.execute(
        f"SELECT {COLUMNS} FROM audit_entry WHERE id >= %s AND id < %s ORDER BY id",  # noqa: S608
        [from_id, until_id],
    )
    return [canonical(row) for row in cursor.fetchall()]


def contents_of(block: Block) -> Contents:
    """What a stored block says."""
    return Contents(
        block.number, block.from_id, block.until_id, block.entries, bytes(block.root), bytes(block.previous),
        _microseconds(block.sealed_at),
    )  # fmt: skip


def _sealed(last: Block | None, start: int, until: int, rows: list[bytes], now: datetime) -> Block:
    block = Block(
        number=last.number + 1 if last else 1,
        from_id=start,
        until_id=until,
        entries=len(rows),
        root=root_of(rows),
        previous=bytes(last.seal) if last else NOTHING,
        sealed_at=now,
    )
    block.seal = seal_of(contents_of(block))
    block.save(force_insert=True)
    return block


def _settled_below(cursor: CursorWrapper) -> int:
    """All entries under this number are there for good. First the number, then who writes: the order matters."""
    cursor.execute(_BELOW)
    below = int(cursor.fetchone()[0])
    cursor.execute(_WRITERS)
    found = cursor.fetchall()
    if any(own for _, own in found):
        raise transaction.TransactionManagementError("sealing begins its own transaction")
    writers = {writer for writer, _ in found}
    marks = list(Mark.objects.order_by("below"))
    settled = [mark for mark in marks if not writers.intersection(mark.writers)]
    Mark.objects.filter(pk__in=[mark.pk for mark in settled]).delete()
    if not writers:
        return below
    if len(settled) == len(marks):
        Mark.objects.create(below=below, writers=sorted(writers))
    return settled[-1].below if settled else 0


def _microseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)
