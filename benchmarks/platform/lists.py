"""A department's list of 200,000 rows: read, compared and listed; then written. Everything is undone at the end."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

from benchmarks.ground import Line, Say
from benchmarks.platform import ground
from benchmarks.platform.ground import Sizes, at_most

if TYPE_CHECKING:
    from songhe.foundation.access.actors import Actor
    from songhe.people.imports.models import Batch

_LIST, _SOURCE = "pensions.csv", "pensions"
_FIRST, _SECOND = "city-officer", "city-leader"
_STAGED, _APPLIED = 30.0, 30.0
_PROCESSORS = "… processor time: application, database"
_MOST_BYTES = 200 << 20
T = TypeVar("T")


def lists(folder: Path, sizes: Sizes, say: Say) -> list[Line]:
    """Seconds until the differences stand on the page, and until the register has them."""
    place = ground.city(folder, sizes.people, say)
    with ground.platform(place) as (database, _):
        from django.db import transaction

        from songhe.foundation.access.scope import scoped

        first, second = actor_named(_FIRST), actor_named(_SECOND)
        with scoped(first, "bench"):
            say("人社名册：读入、比对、列出")
            roots = (os.getpid(), ground.server_process(database.web))
            found, staging = processed(lambda: _staged(first, place / "files-demo" / _LIST), roots)
            say("写入")
            applying = _applied(found, first, second, roots)
            lines = _lines(found, staging, applying)
            transaction.set_rollback(True)
    return lines


def _lines(found: Batch, staging: Sequence[float], applying: Sequence[float]) -> list[Line]:
    rows, done = found.counts["read"], found.counts["applied"]
    told = f"{done['facts']:,} facts, {done['registered']:,} new people"
    return [
        at_most(f"a list of {rows:,} rows read, compared, first page of it shown", staging[0], _STAGED),
        Line(_PROCESSORS, f"{staging[1]:.1f} s, {staging[2]:.1f} s"),
        at_most(f"… written: {told}, sheets made anew", applying[0], _APPLIED),
        Line(_PROCESSORS, f"{applying[1]:.1f} s, {applying[2]:.1f} s"),
    ]


def _staged(actor: Actor, path: Path) -> Batch:
    """As `songhe people import` does it, and the page of the batch."""
    from django.core.files.base import File
    from django.utils import timezone

    from songhe.foundation.uploads.operations import keep, remove_file
    from songhe.people.imports.operations.handing_in import open_batch, suggested
    from songhe.people.imports.operations.working import file_of, read_at_once
    from songhe.people.imports.reading import sample
    from songhe.people.imports.sources import list_of
    from songhe.people.permissions import IMPORT

    now = timezone.now()
    today = timezone.localdate(now)
    with path.open("rb") as file:
        upload = keep(actor, File(file, path.name), limit=_MOST_BYTES, permission=IMPORT, now=now)  # type: ignore[arg-type]
    batch = open_batch(actor=actor, upload=upload, source=_SOURCE, data_until=today, today=today, now=now)
    with file_of(batch) as plain:
        header, _ = sample(plain, list_of(_SOURCE), {})
    mapping = suggested(batch, header)
    found = read_at_once(actor=actor, batch_id=batch.pk, header=header, mapping=mapping, now=now, say=silent)
    remove_file(upload)
    _shown(found)
    return found


def _shown(batch: Batch) -> None:
    """The page of the batch as its officer sees it, within this transaction."""
    from django.test import Client
    from django.urls import reverse

    from songhe.foundation.access.models import Account

    client = Client(headers={"host": "localhost"})
    client.force_login(Account.objects.get(login=_FIRST), backend="django.contrib.auth.backends.ModelBackend")
    if client.get(reverse("import", args=[batch.pk])).status_code != 200:
        raise RuntimeError("the page of the batch is not there")


def _applied(batch: Batch, first: Actor, second: Actor, roots: tuple[int, int]) -> Sequence[float]:
    from django.db import connection
    from django.utils import timezone

    from songhe.foundation.access.scope import scoped
    from songhe.people.imports.operations.approving import propose
    from songhe.people.imports.operations.working import approve_at_once

    now = timezone.now()
    proposed = propose(actor=first, batch_id=batch.pk, now=now)

    def write() -> None:
        with scoped(second, "bench"):
            done = approve_at_once(actor=second, batch_id=batch.pk, list_hash=proposed.list_hash, now=now, say=silent)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what the end of the transaction would check
            batch.counts = done.counts

    return processed(write, roots)[1]


def processed(work: Callable[[], T], roots: tuple[int, int]) -> tuple[T, Sequence[float]]:
    """Seconds on the clock, then of processors: this process, the database."""
    start, before = perf_counter(), [ground.processor_seconds(root) for root in roots]
    done = work()
    used = [ground.processor_seconds(root) - earlier for root, earlier in zip(roots, before, strict=True)]
    return done, (perf_counter() - start, *used)


def silent(done: int, total: int, words: str) -> None:
    """Progress that nobody looks at."""


def actor_named(login: str) -> Actor:
    """Who works under the login, with all the rights."""
    from django.utils import timezone

    from songhe.foundation.access.models import Account
    from songhe.foundation.access.queries import actor_of

    actor = actor_of(Account.objects.get(login=login), timezone.localdate())
    if actor is None:
        raise RuntimeError(f"{login} has no rights")
    return actor
