"""Taking a list along, and files on their way between districts."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Entry, Kind
from songhe.foundation.jobs.models import Job
from songhe.people import presenters
from songhe.people.exporting import write
from songhe.people.models import Person, Transfer
from tests.people.invented import EVERYWHERE, FENGHUANG, HUARONG, identity_number, registered, today


def text_of(response: Any) -> str:
    return response.content.decode()  # type: ignore[no-any-return]


@pytest.fixture
def li(db: None) -> Person:
    return registered("=李桂芳", phone="13871045521", facts={"lives_alone": True, "ability_grade": 1})


@pytest.fixture
def officer(client_as: Any) -> Client:
    return client_as("district_officer", "420704000000")  # type: ignore[no-any-return]


def test_an_export_asks_first_and_then_works_in_the_background(li: Person, officer: Client) -> None:
    url = reverse("people-export")
    assert "导出1人" in text_of(officer.get(url, {"living": "alone"}))
    assert "导出选的1人" in text_of(officer.post(url, {"person": [str(li.pk)], "within": ""}))
    sent = {
        "within": "living=alone",
        "start": "1",
        "kind": "csv",
        "column": ["age", "tail"],
        "person": ["x", str(li.pk)],
    }
    for _ in range(2):  # sent twice is done once
        assert officer.post(url, sent | {"once": "0123456789abcdef"}).status_code == 302
    with scoped(EVERYWHERE, "test"):
        job = Job.objects.get()
    assert job.arguments == {
        "query": "living=alone", "kind": "csv", "columns": ["age", "tail"], "people": [str(li.pk)],
    }  # fmt: skip


def test_who_may_not_export_is_refused(li: Person, client_as: Any) -> None:
    worker = client_as("community_worker", FENGHUANG)
    assert worker.get(reverse("people-export")).status_code == 403
    assert "导出" not in text_of(worker.get(reverse("people")))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_exported_list_has_no_whole_number_and_no_formula(li: Person, kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"list.{kind}"
    with scoped(EVERYWHERE, "test"):
        columns = presenters.columns_of(["age", "tail", "place", "situation", "ability", "phone"])
        count = write(path, [li.pk], columns, kind=kind, today=today(), told=lambda done: None)
    assert count == 1
    if kind == "csv":
        head, row = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
        assert head[:3] == ["姓名", "年龄", "证件后四位"]
        assert row[0] == "'=李桂芳"
        assert row[4] == "独居" and row[5].startswith("轻度")
    data = path.read_bytes()
    assert b"13871045521" not in data
    assert identity_number(li.birth_date, 1).encode() not in data  # type: ignore[arg-type]


def test_an_export_leaves_its_entry_and_its_file(li: Person, officer: Client, settings: Any, tmp_path: Path) -> None:
    from songhe.people.jobs import export

    settings.FILES = tmp_path

    class Work:
        actor, region, result = EVERYWHERE, "420704000000", None

        def at(self, *told: Any) -> None: ...
        def check_cancelled(self) -> None: ...

        def finish(self, result: Any) -> None:
            self.result = result

    work = Work()
    export(work, query="living=alone", kind="csv", columns=["age"])  # type: ignore[arg-type]
    assert work.result["counts"] == {"人": 1}  # type: ignore[index]
    assert len(list(tmp_path.rglob("*.csv"))) == 1
    with scoped(EVERYWHERE, "test"):
        entry = Entry.objects.get(kind=Kind.EXPORT)
    assert entry.detail["query"] == "living=alone"


@pytest.mark.covers("NET-02")
def test_a_file_goes_to_another_district_when_both_agree(li: Person, officer: Client, client_as: Any) -> None:
    other = client_as("district_officer", "420703000000")
    number = identity_number(li.birth_date, 1)  # type: ignore[arg-type]
    with scoped(EVERYWHERE, "test"):
        from songhe.people.operations.transferring import request_transfer
        from tests.people.invented import NOW

        asked = request_transfer(
            actor=client_actor("420703"), now=NOW, identity=number, area=HUARONG, reason="搬到女儿家"
        )
    assert "您申请的那一位" in text_of(other.get(reverse("transfers")))
    assert other.get(reverse("person", args=[li.pk])).status_code == 404
    with scoped(EVERYWHERE, "test"):
        mine = Transfer.objects.exclude(pk=asked.pk).get()
    page = text_of(officer.get(reverse("transfer", args=[mine.pk])))
    assert "等您答复" in page and "李桂芳" in page
    assert officer.post(reverse("transfer", args=[mine.pk]), {"accepted": "no"}).status_code == 422
    assert officer.post(reverse("transfer", args=[mine.pk]), {"accepted": "yes"}).status_code == 302
    assert officer.get(reverse("person", args=[li.pk])).status_code == 404
    assert other.get(reverse("person", args=[li.pk])).status_code == 200
    assert other.get(reverse("transfer", args=[mine.pk])).status_code == 404


def test_a_transfer_is_taken_back_by_who_asked(li: Person, officer: Client) -> None:
    from songhe.people.operations.transferring import propose_transfer
    from tests.people.invented import NOW

    with scoped(EVERYWHERE, "test"):
        mine = propose_transfer(
            actor=client_actor("420704"), now=NOW, person_id=li.pk, to_region="420703000000", reason="搬走了"
        )
    assert "正在转区" in text_of(officer.get(reverse("person", args=[li.pk])))
    done = officer.post(reverse("transfer-withdraw", args=[mine.pk]), follow=True)
    assert "转区撤回了" in text_of(done)
    again = officer.post(reverse("transfer-withdraw", args=[mine.pk]), follow=True)
    assert "转区撤回了" not in text_of(again)


def test_transfers_are_narrowed_and_sorted_and_what_waits_for_us_stands_first(li: Person, officer: Client) -> None:
    from songhe.people.operations.transferring import request_transfer
    from tests.people.invented import NOW

    with scoped(EVERYWHERE, "test"):
        number = identity_number(li.birth_date, 1)  # type: ignore[arg-type]
        request_transfer(actor=client_actor("420703"), now=NOW, identity=number, area=HUARONG, reason="搬到女儿家")
    page = text_of(officer.get(reverse("transfers")))
    assert page.count("搬到女儿家") == 2, "once among what waits for us, once in the list"
    page = text_of(officer.get(reverse("transfers"), {"state": "accepted"}))
    assert "没有这样的转区" in page and page.count("搬到女儿家") == 1
    page = text_of(officer.get(reverse("transfers"), {"side": "giving", "sort": "asked", "state": "nonsense"}))
    assert page.count("搬到女儿家") == 2


def test_asking_for_a_file_shows_what_is_wrong(db: None, officer: Client) -> None:
    answer = officer.post(reverse("transfer-new"), {"identity": "123", "area": "", "reason": ""})
    assert answer.status_code == 422
    assert "没有填" in text_of(answer)
    assert "没有转区的档案" in text_of(officer.get(reverse("transfers")))


def client_actor(region: str) -> Any:
    from songhe.foundation.access.actors import Actor
    from songhe.people import permissions

    return Actor.system("何俊", region, permissions.ACTIONS)
