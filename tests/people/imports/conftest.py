"""Two persons at work with accounts, and the whole way of a file in one call each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.queries import actor_of
from songhe.foundation.access.scope import scoped
from songhe.foundation.jobs import run_queued
from songhe.foundation.uploads.operations import keep
from songhe.people.imports.mapping import guessed
from songhe.people.imports.models import Batch
from songhe.people.imports.operations.approving import approve, propose
from songhe.people.imports.operations.handing_in import open_batch, read_batch
from songhe.people.imports.sources import list_of
from songhe.people.imports.states import BatchState
from tests.people.imports.register import LIST_DAY, NOW, TODAY, csv_bytes

Rows = Sequence[Sequence[Any]]


@dataclass
class Desk:
    """An officer and a leader of a district, and what they do with files."""

    officer: Actor
    leader: Actor

    def open(
        self, header: Sequence[str], rows: Rows, source: str = "disabled_federation", day: date = LIST_DAY,
        data: bytes = b"", name: str = "list.csv",
    ) -> Batch:  # fmt: skip
        """A file handed in, its columns guessed, queued for reading."""
        file = SimpleUploadedFile(name, data or csv_bytes(header, rows))
        with scoped(self.officer, "test"):
            upload = keep(self.officer, file, permission="people.import")
            batch = open_batch(actor=self.officer, upload=upload, source=source, data_until=day, today=TODAY, now=NOW)
            mapping = guessed(list_of(source), header)
            return read_batch(actor=self.officer, batch_id=batch.pk, header=header, mapping=mapping, now=NOW)

    def stage(self, header: Sequence[str], rows: Rows, *args: Any, **more: Any) -> Batch:
        """The same, read and compared."""
        batch = self.open(header, rows, *args, **more)
        run_queued()
        return self.again(batch)

    def let_in(self, batch: Batch) -> Batch:
        """Proposed, approved, written."""
        with scoped(self.officer, "test"):
            proposed = propose(actor=self.officer, batch_id=batch.pk, now=NOW)
        with scoped(self.leader, "test"):
            approve(actor=self.leader, batch_id=batch.pk, list_hash=proposed.list_hash, now=NOW)
        run_queued()
        return self.again(batch)

    def write(self, *args: Any, **more: Any) -> Batch:
        """The whole way."""
        batch = self.let_in(self.stage(*args, **more))
        assert batch.state == BatchState.APPLIED, batch.failure
        return batch

    def again(self, batch: Batch) -> Batch:
        """The batch as it is now."""
        with scoped(self.officer, "test"):
            return Batch.objects.get(pk=batch.pk)


@pytest.fixture
def at_work() -> Iterator[None]:
    """The clock that jobs read stands at the tests' day."""
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def desk(account_for: Callable[..., Any], at_work: None, settings: Any, tmp_path: Path) -> Desk:
    """District 420704: who imports, and who approves."""
    settings.FILES = tmp_path / "files"
    officer, leader = account_for("district_officer", "420704"), account_for("district_leader", "420704", name="周敏")
    actors = [actor_of(account, TODAY) for account in (officer, leader)]
    assert actors[0] is not None and actors[1] is not None
    return Desk(actors[0], actors[1])
