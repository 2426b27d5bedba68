"""The auditors' pages: who sees what of whom, filters, one entry, the seals, a file to take along."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Block, Check, Entry, Kind
from songhe.foundation.audit.recording import exported, record, summarised, unmasked
from songhe.foundation.jobs import run_queued
from songhe.people.models import Person

FENGHUANG, HUARONG = "420704001002", "420703100209"
PERSON = uuid.UUID(int=42)
OFFICER = Actor(uuid.UUID(int=7), "何俊", "4207", frozenset())
ClientFor = Callable[..., Client]
AUDIT = "/audit/"


@pytest.fixture
def auditor(client_as: ClientFor) -> Client:
    return client_as("auditor", "420700000000", name="周敏")


@pytest.fixture
def done(db: None) -> Person:
    """A person entered, changed and looked at; something in another district."""
    now = timezone.now()
    with scoped(OFFICER, "POST people"):
        person = Person.objects.create(
            id=PERSON, region_code=FENGHUANG, name="万长松", created_at=now, changed_at=now, identity_tail="0027"
        )
        Person.objects.filter(pk=PERSON).update(standing="dead", death_date=date(2026, 3, 1), name="万长柏")
        record(OFFICER, action="people.died", subject=PERSON, region=FENGHUANG, detail={"on": "2026-03-01"})
        unmasked(OFFICER, subject=PERSON, region=FENGHUANG, fields=["identity"], reason="打电话约评估", now=now)
        exported(OFFICER, action="people.export", rows=1234, detail={"kind": "csv"}, region=HUARONG)
        record(OFFICER, action="tasks.take", detail={"urgent": True})
        record(OFFICER, action="people.import.undo", subject="b", region=HUARONG, detail={"reason": "交错了"})
    return person


def page(client: Client, **query: str) -> str:
    response = client.get(AUDIT, query)
    assert response.status_code == 200
    return response.content.decode()


def entry_of(action: str) -> Entry:
    with scoped(Actor.system("测试", ""), "test"):
        return Entry.objects.filter(action=action).latest("id")


def test_an_auditor_reads_what_was_done_and_no_identity(auditor: Client, done: Person) -> None:
    shown = page(auditor)
    for words in ("何俊", "登记去世", "查看完整号码", "证件号：打电话约评估", "更改老人", "1,234行", "交错了"):
        assert words in shown
    assert "万长" not in shown
    assert "还没有封过" in shown


@pytest.mark.parametrize(
    ("query", "present", "absent"),
    [
        ({"kind": "reading"}, "打电话约评估", "更改老人"),
        ({"kind": "rows"}, "更改老人", "打电话约评估"),
        ({"kind": "nonsense"}, "更改老人", "没有这样的记录"),
        ({"action": "people.export"}, "1,234行", "打电话约评估"),
        ({"subject": str(PERSON)}, "打电话约评估", "1,234行"),
        ({"actor": str(uuid.UUID(int=7))}, "打电话约评估", "没有这样的记录"),
        ({"actor": str(uuid.UUID(int=8))}, "没有这样的记录", "打电话约评估"),
        ({"actor": "nobody", "from": "not a day"}, "打电话约评估", "没有这样的记录"),
        ({"from": "2199-01-01"}, "没有这样的记录", "打电话约评估"),
        ({"until": "2000-01-01"}, "没有这样的记录", "打电话约评估"),
        ({"from": "2000-01-01", "until": "2199-01-01"}, "打电话约评估", "没有这样的记录"),
        ({"before": "1"}, "没有这样的记录", "打电话约评估"),
        ({"before": "x" * 30}, "打电话约评估", "没有这样的记录"),
    ],
)
def test_entries_are_filtered(auditor: Client, done: Person, query: dict[str, str], present: str, absent: str) -> None:
    shown = page(auditor, **query)
    assert present in shown
    assert absent not in shown


def test_filters_that_are_set_can_be_taken_off_one_by_one(auditor: Client, done: Person) -> None:
    shown = page(auditor, action="people.export", subject=str(PERSON), **{"from": "2026-01-01", "until": "2199-01-01"})
    assert f'href="?subject={PERSON}&amp;from=2026-01-01&amp;until=2199-01-01"' in shown
    assert "2026-01-01起" in shown


def test_pages_follow_each_other(auditor: Client, db: None) -> None:
    with scoped(OFFICER, "test"):
        for at in range(60):
            record(OFFICER, action=f"deed{at:02}")
    first = page(auditor, kind="deed")
    assert "deed59" in first
    assert "deed09" not in first
    with scoped(OFFICER, "test"):
        tenth = Entry.objects.get(action="deed10").pk
    second = page(auditor, kind="deed", before=str(tenth))
    assert f"before={tenth}" in first
    assert "deed09" in second


def test_an_auditor_of_a_district_sees_that_district(client_as: ClientFor, done: Person) -> None:
    shown = page(client_as("auditor", "420703000000"))
    assert "1,234行" in shown
    assert "打电话约评估" not in shown
    number = entry_of("people.died").pk
    assert client_as("auditor", "420703000000", login="b").get(f"{AUDIT}{number}/").status_code == 404


def test_an_entry_shows_changes_without_identity(auditor: Client, done: Person) -> None:
    response = auditor.get(f"{AUDIT}{entry_of('update').pk}/")
    shown = response.content.decode()
    for words in ("在册情况", "在册", "已去世", "姓名或名称", "改过，内容不记", "POST people", "登记去世", "还没封"):
        assert words in shown
    assert "万长" not in shown


@pytest.mark.parametrize(
    "action", ["insert", "unmasked", "people.export", "people.import.undo", "people.died", "tasks.take"]
)
def test_every_kind_of_entry_has_its_page(auditor: Client, done: Person, action: str) -> None:
    response = auditor.get(f"{AUDIT}{entry_of(action).pk}/")
    assert response.status_code == 200


def test_an_entry_of_a_batch_names_it(auditor: Client, db: None) -> None:
    now = timezone.now()
    with scoped(OFFICER, "job people.import.apply"), summarised("import 7F2C"):
        Person.objects.create(region_code=FENGHUANG, name="万长松", created_at=now, changed_at=now)
    assert "import 7F2C" in auditor.get(f"{AUDIT}{entry_of('insert').pk}/").content.decode()


def test_a_number_that_is_not_there_is_not_there(auditor: Client) -> None:
    assert auditor.get(f"{AUDIT}999999999/").status_code == 404


@pytest.mark.parametrize("path", ["", "1/"])
@pytest.mark.parametrize("role", ["street_officer", "system_admin", "security_admin"])
def test_others_may_not(client_as: ClientFor, role: str, path: str) -> None:
    client = client_as(role)
    assert client.get(AUDIT + path).status_code == 403
    assert client.post(f"{AUDIT}verify/").status_code == 403
    assert client.post(f"{AUDIT}export/").status_code == 403


def test_the_state_of_the_seals_is_told(auditor: Client, db: None) -> None:
    Check.objects.create(at=timezone.now(), by="周敏", blocks=3, until_id=26, problems=[])
    assert "验到第25条，全都对" in page(auditor)
    problem = {"block": 2, "from_id": 11, "until_id": 21, "what": "记录被改过"}
    Check.objects.create(at=timezone.now(), by="周敏", blocks=3, until_id=26, problems=[problem])
    shown = page(auditor)
    assert "验出1处不对" in shown
    assert "第2块（记录11起）记录被改过" in shown


def test_verifying_is_a_job_that_keeps_what_it_found(auditor: Client, db: None) -> None:
    Block.objects.create(
        number=1, from_id=1, until_id=2, entries=1, root=b"r", previous=b"p", seal=b"s", sealed_at=timezone.now()
    )
    response = auditor.post(f"{AUDIT}verify/")
    assert response.status_code == 302
    run_queued()
    check = Check.objects.get()
    assert (check.by, check.blocks) == ("周敏", 1)
    assert "封条不对" in page(auditor)
    assert entry_of("audit.verify").kind == Kind.DEED


def test_the_filtered_entries_are_taken_along_and_that_is_told(auditor: Client, done: Person) -> None:
    response = auditor.post(f"{AUDIT}export/", {"query": "kind=reading"})
    assert response["Content-Disposition"].startswith('attachment; filename="audit-')
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("记录号,时间,谁")
    assert len(lines) == 2
    assert "打电话约评估" in lines[1]
    entry = entry_of("audit.export")
    assert (entry.row_count, entry.detail) == (1, {"kind": "reading"})


def test_the_address_is_as_the_console_names_it() -> None:
    assert reverse("audit") == AUDIT
