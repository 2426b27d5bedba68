"""What operations tell: deeds, readings of unmasked identity with reason and quota, exports."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
from django.db import DatabaseError, connection, transaction

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Entry, Kind
from songhe.foundation.audit.queries import quota_left, readings_of
from songhe.foundation.audit.recording import exported, record, unmasked
from songhe.kernel.errors import BadInput, Refused

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=timezone(timedelta(hours=8)))
FENGHUANG = "420704001002"
PERSON = uuid.UUID(int=42)
OFFICER = Actor(uuid.UUID(int=7), "何俊", "420704001", frozenset({"people.unmask"}))


@pytest.fixture
def street(db: None) -> Iterator[None]:
    with scoped(OFFICER, "POST people"):
        yield


def ask(actor: Actor = OFFICER, reason: str = "打电话约上门评估", now: datetime = NOW) -> None:
    unmasked(actor, subject=PERSON, region=FENGHUANG, fields=["phone", "identity"], reason=reason, now=now)


def test_a_deed_is_told_with_actor_purpose_subject_and_region(street: None) -> None:
    record(OFFICER, action="people.record_death", subject=PERSON, region=FENGHUANG, detail={"on": NOW.date()})
    entry = Entry.objects.get()
    assert (entry.kind, entry.action, entry.subject, entry.region_code) == (
        Kind.DEED, "people.record_death", str(PERSON), FENGHUANG,
    )  # fmt: skip
    assert (entry.actor, entry.actor_name, entry.purpose) == (OFFICER.account_id, "何俊", "POST people")
    assert entry.detail == {"on": "2026-11-18"}
    assert entry.transaction > 0


def test_without_a_region_it_goes_to_the_actors_own(street: None) -> None:
    record(OFFICER, action="tasks.take")
    assert Entry.objects.get().region_code == "420704001000"


def test_a_deed_in_another_region_is_told_there(street: None) -> None:
    record(OFFICER, action="access.grant", region="420703000000")
    assert not Entry.objects.exists()
    with scoped(Actor.system("测试", "420703"), "test"):
        assert Entry.objects.get().action == "access.grant"


def test_what_is_undone_was_not_done(street: None) -> None:
    with transaction.atomic():
        record(OFFICER, action="people.record_death")
        transaction.set_rollback(True)
    assert not Entry.objects.exists()


def test_the_database_stamps_an_entry_whatever_the_application_says(street: None) -> None:
    for column in ("id", "at", "transaction", "role"):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                f"INSERT INTO audit_entry (kind, action, region_code, {column}) VALUES ('deed', 'x', '0', NULL)"
            )


@pytest.mark.parametrize("deed", ["UPDATE {} SET {} = 1", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize(
    ("table", "column"), [("audit_entry", "row_count"), ("audit_block", "entries"), ("audit_check", "blocks")]
)
def test_the_application_can_change_no_entry(street: None, deed: str, table: str, column: str) -> None:
    statement = deed.format(table, column)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_reading_is_told_before_the_value_is_shown(street: None) -> None:
    ask()
    entry = Entry.objects.get()
    assert (entry.kind, entry.action, entry.subject) == (Kind.READING, "unmasked", str(PERSON))
    assert entry.detail == {"fields": ["identity", "phone"], "reason": "打电话约上门评估"}
    assert [(one.who, one.reason, one.fields) for one in readings_of(PERSON)] == [
        ("何俊", "打电话约上门评估", ("identity", "phone"))
    ]
    assert readings_of(uuid.uuid4()) == []


@pytest.mark.parametrize("reason", ["", "看看", "   a  b ", "长" * 101])
def test_a_reading_needs_a_reason(street: None, reason: str) -> None:
    with pytest.raises(BadInput, match="4到100个字"):
        ask(reason=reason)
    assert not Entry.objects.exists()


def test_readings_have_a_quota_by_account_and_day(street: None, settings: object) -> None:
    settings.QUOTAS = {"unmasked_readings": {"number": 2, "unit": "次", "per": "每个账号每天"}}
    assert quota_left(OFFICER, NOW) == 2
    ask()
    ask()
    assert quota_left(OFFICER, NOW) == 0
    with pytest.raises(Refused, match="每个账号每天2次"):
        ask()
    ask(Actor.system("另一位", "420704001"))
    ask(now=NOW + timedelta(days=1))
    with pytest.raises(Refused, match="用完了"):
        ask(now=NOW.replace(hour=23, minute=59))
    assert len(readings_of(PERSON)) == 4


def test_an_export_is_told_with_its_rows_and_filters(street: None) -> None:
    exported(OFFICER, action="people.export", rows=1234, detail={"filter": "alone_80", "kind": "csv"})
    entry = Entry.objects.get()
    assert (entry.kind, entry.row_count, entry.detail["filter"]) == (Kind.EXPORT, 1234, "alone_80")
