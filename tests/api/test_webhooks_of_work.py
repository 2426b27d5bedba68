"""Tasks, matters and results of assessments as messages: what is told of each, and of many at once how many."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import jsonschema_rs
import pytest
from django.utils import timezone

from songhe.assessment.events import (
    AssessmentAsked,
    AssessmentConfirmed,
    AssessmentObjected,
    AssessmentReplaced,
    AssessmentsTaken,
    AssessmentWithdrawn,
)
from songhe.doors.api.documents import document_text
from songhe.doors.api.models import WebhookMessage
from songhe.doors.api.webhooks.kinds import KINDS
from songhe.doors.api.webhooks.listeners import on_event
from songhe.doors.api.webhooks.sending import body_of
from songhe.doors.api.webhooks.subscribing import add_webhook
from songhe.eligibility.decisions.events import MattersChanged
from songhe.eligibility.decisions.models import Matter
from songhe.eligibility.decisions.operations import telling
from songhe.eligibility.decisions.operations.pausing import pause, resume
from songhe.eligibility.decisions.operations.working import nobody_there, settle, take_back
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.access.scope import scoped
from songhe.foundation.outbox.delivering import deliver
from songhe.foundation.outbox.models import Delivery, StoredEvent
from songhe.foundation.outbox.states import State
from songhe.foundation.tasks import bulk, close_task, lay_about, open_task, put_back, reopen, take
from songhe.foundation.tasks.events import TaskOpened
from tests.api.systems import Calls, administrator
from tests.decisions.crowd import NOW, TODAY
from tests.decisions.doors import ALLOWANCE, COMMUNITY, EVERYBODY, SIBLING, decided, open_matters, resident, worker
from tests.foundation import task_kinds
from tests.policy.releases import somebody

STREET, URL = "420704001000", "https://localhost/messages"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def register(everywhere: Actor, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.DEMO = True
    settings.FILES = tmp_path
    monkeypatch.setattr("songhe.doors.api.webhooks.subscribing.checked_url", lambda url, *, loopback: url)
    with scoped(EVERYBODY, "test"):
        yield


def subscribed(region: str = "420704001", url: str = URL, **wanted: Any) -> None:
    calls = Calls(region, **wanted)
    kinds = [name for name, kind in KINDS.items() if kind.action in calls.client.actions]
    add_webhook(actor=administrator("严素琴"), client=calls.client.pk, url=url, kinds=kinds, now=timezone.now())


def told() -> list[tuple[str, UUID | None, str, dict[str, Any]]]:
    """What was told since one asked last, the messages as the document has them."""
    deliver(limit=1_000, now=timezone.now() + timedelta(seconds=1))
    assert not Delivery.objects.exclude(state=State.DONE).exists()
    rows = list(WebhookMessage.objects.order_by("at", "kind"))
    for row in rows:
        check(row)
    WebhookMessage.objects.all().delete()
    return [(row.kind, row.subject, row.region, row.also) for row in rows]


def of_kind(start: str) -> list[tuple[str, UUID | None, str, dict[str, Any]]]:
    return [one for one in told() if one[0].startswith(start)]


def check(row: WebhookMessage) -> None:
    document = json.loads(document_text())
    schema = document["webhooks"][row.kind]["post"]["requestBody"]["content"]["application/json"]["schema"]
    jsonschema_rs.validate({**schema, "components": document["components"]}, json.loads(body_of(row)))
    also = schema["allOf"][1]["properties"]["data"]["properties"] if "allOf" in schema else {}
    assert set(row.also) <= set(also)


def officer(name: str = "何俊") -> Actor:
    actor = somebody("street_officer", name, STREET)
    Account.objects.get_or_create(pk=actor.account_id, defaults={"login": name, "name": name, "created_at": NOW})
    return actor


def opened(kind: str = task_kinds.VISIT.code, region: str = COMMUNITY) -> Any:
    return open_task(
        actor=EVERYBODY, kind=kind, title="上门看看", region=region, due_date=TODAY, now=NOW, subject=uuid4()
    )  # fmt: skip


@pytest.mark.covers("NET-03")
def test_each_turn_of_a_task_is_told_by_its_id_kind_day_and_outcome(register: None) -> None:
    subscribed()
    actor, task = officer(), opened()
    kind, due = {"kind": "test.visit"}, {"due_date": TODAY.isoformat()}
    assert told() == [("task.opened", task.pk, COMMUNITY, kind | due)]
    take(actor=actor, tasks=[task.pk])
    assert told() == [("task.taken", task.pk, COMMUNITY, kind)]
    put_back(actor=actor, tasks=[task.pk])
    assert told() == [("task.put_back", task.pk, COMMUNITY, kind)]
    lay_about(actor=EVERYBODY, kind=task.kind, subject=task.subject, region=SIBLING)
    assert told() == [("task.moved", task.pk, SIBLING, kind)]
    close_task(actor=actor, task=task, outcome="done", now=NOW)
    assert told() == [("task.closed", task.pk, SIBLING, kind | {"outcome": "done"})]
    reopen(actor=actor, task=task, now=NOW)
    assert told() == [("task.reopened", task.pk, SIBLING, kind | due)]


def test_a_task_that_goes_elsewhere_is_told_at_both_ends_without_the_other(register: None) -> None:
    subscribed(COMMUNITY)
    task = opened()
    told()
    lay_about(actor=EVERYBODY, kind=task.kind, subject=task.subject, region="420703100209")
    assert told() == [("task.moved", task.pk, COMMUNITY, {"kind": "test.visit"})]
    close_task(actor=EVERYBODY_DOES, task=task.pk, outcome="done", now=NOW)
    assert told() == []


EVERYBODY_DOES = Actor.system("测试", "", ("tasks.do", "tasks.assign"))


def test_a_system_is_not_told_of_tasks_that_it_has_nothing_to_do_with(register: None) -> None:
    subscribed(actions=["tasks.read", "decisions.read"])
    opened(task_kinds.APPROVE.code)
    assert told() == []
    subscribed(url=f"{URL}/people", actions=["tasks.read", "people.read"], name="看档案的")
    task = opened(task_kinds.APPROVE.code)
    assert [one[:2] for one in told()] == [("task.opened", task.pk)]


@pytest.mark.covers("NET-03", "ENT-04")
def test_a_matter_that_is_settled_is_told_and_its_task_is_done_by_who_did_it(register: None) -> None:
    subscribed()
    person = resident("王德福", 84)
    decided()
    matter = open_matters(person)["offer", ALLOWANCE]
    of_matter = {"kind": "offer", "due_date": matter.due_date.isoformat()}
    told_of_run = told()
    assert ("matter.opened", matter.pk, COMMUNITY, of_matter) in told_of_run
    assert [one[0] for one in told_of_run].count("task.opened") == 1
    nobody_there(actor=worker(), door=matter.door, today=TODAY, now=LATER)
    assert [(one[0], one[1]) for one in of_kind("matter.put_off")] == [("matter.put_off", matter.pk)]
    settle(actor=worker(), matter=matter.pk, outcome="accepted", today=TODAY, now=LATER, from_date=TODAY)
    after = told()
    assert ("matter.closed", matter.pk, COMMUNITY, {"kind": "offer", "outcome": "accepted"}) in after
    assert [one[3]["outcome"] for one in after if one[0] == "task.closed"] == ["done"]
    take_back(actor=worker(), matter=matter.pk, today=TODAY, now=LATER)
    kinds = [one[0] for one in told()]
    assert "matter.reopened" in kinds and "task.opened" in kinds


def test_a_pause_closes_what_was_to_settle_and_its_end_opens_it_again(register: None) -> None:
    subscribed()
    person = resident("王德福", 84)
    decided()
    matter = open_matters(person)["offer", ALLOWANCE]
    told()
    desk = somebody("district_officer", "余秀兰", "420704")
    Account.objects.get_or_create(pk=desk.account_id, defaults={"login": "y", "name": "余秀兰", "created_at": NOW})
    pause(actor=desk, person=person.pk, item=ALLOWANCE, reason="住院三个月", today=TODAY, now=LATER)
    after = told()
    assert ("matter.closed", matter.pk, COMMUNITY, {"kind": "offer", "outcome": "moot"}) in after
    assert [one[3]["outcome"] for one in after if one[0] == "task.closed"] == ["moot"]
    resume(actor=desk, person=person.pk, item=ALLOWANCE, today=TODAY, now=LATER)
    assert [one[1] for one in of_kind("matter.reopened")] == [matter.pk]


@pytest.mark.covers("NET-03")
def test_a_run_that_changes_much_is_told_by_number_in_each_street(
    register: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST_EACH", 2)
    monkeypatch.setattr(telling, "MOST_EACH", 2)
    subscribed()
    for place, name in ((COMMUNITY, "王德福"), (SIBLING, "柯国强"), ("420704002008", "余秀珍")):
        resident(name, 84, region=place)
    decided()
    assert not StoredEvent.objects.filter(name__endswith=".MatterOpened").exists()
    assert not StoredEvent.objects.filter(body__kind="decisions.visit").exists()
    ((kind, subject, region, also),) = of_kind("matters")
    assert (kind, subject, region) == ("matters.changed", None, STREET)
    here = Matter.objects.filter(region_code__startswith="420704001").count()
    assert also == {"opened": here, "closed": 0, "tasks_opened": 2, "tasks_changed": 0, "tasks_closed": 0}


def test_numbers_of_a_street_are_not_told_to_who_is_in_charge_of_a_part_of_it(register: None) -> None:
    subscribed(COMMUNITY)
    counts = {"opened": 300, "closed": 1, "tasks_opened": 200, "tasks_changed": 3, "tasks_closed": 2}
    on_event(MattersChanged(region=STREET, run=uuid4(), on_date=TODAY, **counts))
    assert told() == [("matters.changed", None, COMMUNITY, {})]
    on_event(AssessmentsTaken(region="", batch=uuid4(), new=5, withdrawn=0))
    assert told() == [("assessments.changed", None, COMMUNITY, {})]


@pytest.mark.covers("ASM-03", "NET-03")
def test_what_becomes_of_a_result_is_told_by_the_person_and_the_result(register: None) -> None:
    subscribed()
    person, result = uuid4(), uuid4()
    kinds = {
        AssessmentConfirmed: "issued", AssessmentObjected: "objected", AssessmentReplaced: "superseded",
        AssessmentWithdrawn: "withdrawn",
    }  # fmt: skip
    for event, word in kinds.items():
        on_event(event(region=COMMUNITY, person=person, result=result))
        assert told() == [(f"assessment.{word}", person, COMMUNITY, {"result": str(result)})]
        on_event(event(region="420704002008", person=person, result=result))
        assert told() == []
    on_event(AssessmentAsked(region=COMMUNITY, person=person, assessment=result))
    assert told() == [("assessment.asked", person, COMMUNITY, {"assessment": str(result)})]
    subscribed(url=f"{URL}/none", actions=["people.read"], name="不看评估的")
    on_event(AssessmentConfirmed(region=COMMUNITY, person=person, result=result))
    assert len(told()) == 1


def test_a_message_keeps_what_is_told_besides_when_it_is_sent_again(register: None) -> None:
    subscribed()
    task = uuid4()
    on_event(TaskOpened(region=COMMUNITY, task=task, kind="test.visit", due_date=date(2026, 12, 1)))
    row = WebhookMessage.objects.get()
    data = json.loads(body_of(row))["data"]
    assert data == {
        "subject": str(task), "region": COMMUNITY, "kind": "test.visit", "due_date": "2026-12-01",
    }  # fmt: skip
    assert body_of(row) == body_of(WebhookMessage.objects.get())
