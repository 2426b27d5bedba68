"""Calls and sending at the same time: what has one key is done once, what two workers see is sent once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from psycopg.conninfo import conninfo_to_dict
from pytest_django import DjangoDbBlocker

from songhe.doors.api.models import WebhookMessage
from songhe.doors.api.webhooks.posting import Answer
from songhe.doors.api.webhooks.sending import send_due
from songhe.doors.api.webhooks.subscribing import add_webhook
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.people.models import Circumstance
from tests.api.systems import Calls, administrator
from tests.database import database_copy
from tests.security.placing import World

EVERYBODY = Actor.system("测试", "")
HERE = "420704001000"
PATIENCE = 60.0


@pytest.fixture
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Instead of a transaction that is undone: a database of one's own in which everything is committed."""
    settings = connections["default"].settings_dict
    before = dict(settings)
    with database_copy("_calls") as copy, django_db_blocker.unblock():
        parts = conninfo_to_dict(copy.web)
        settings.update(NAME=parts["dbname"], USER=parts["user"], HOST=parts["host"], PORT=parts["port"])
        connections.close_all()
        yield
        connections.close_all()
        settings.update(before)


def together(times: int, deed: Callable[[], Any]) -> list[Any]:
    """The deed so often at once, each with a connection of its own."""
    ready = Barrier(times)

    def run(_: int) -> Any:
        try:
            ready.wait(PATIENCE)
            return deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times), timeout=PATIENCE))


def test_the_same_key_at_the_same_time_is_done_once(db: None, settings: Any, tmp_path: Any) -> None:
    settings.FILES = tmp_path
    with scoped(EVERYBODY, "test"):
        person = World().objects["person", HERE]["pk"]
        calls = Calls("420704001")
    body = json.dumps({"fact": "disability_level", "value": "3"})
    headers = {
        "Authorization": f"Bearer {calls.token}",
        "Songhe-Purpose": calls.purpose,
        "Idempotency-Key": "at-once-1",
    }

    def ask() -> HttpResponse:
        address = f"/api/v1/people/{person}/facts"
        return Client().post(address, body, content_type="application/json", headers=headers)

    answers = together(4, ask)
    assert [answer.json() for answer in answers] == [{"new": True}] * 4
    assert sorted("Idempotent-Replayed" in answer.headers for answer in answers) == [False, True, True, True]
    with scoped(EVERYBODY, "test"):
        assert Circumstance.objects.filter(person=person).count() == 1


def test_workers_beside_each_other_send_each_message_once(db: None, settings: Any) -> None:
    settings.DEMO = True
    now = timezone.now()
    with scoped(EVERYBODY, "test"):
        system = Calls("420704001").client
        url = "http:" + "//127.0.0.1:9/"
        hook, _ = add_webhook(actor=administrator("严素琴"), client=system.pk, url=url, kinds=["person.died"], now=now)
        given = {"webhook": hook, "kind": "person.died", "region": HERE, "at": now, "next_try_at": now}
        WebhookMessage.objects.bulk_create(WebhookMessage(subject=uuid4(), **given) for _ in range(120))
    sent: list[str] = []

    def put(url: str, headers: dict[str, str], body: bytes, *, loopback: bool) -> Answer:
        sent.append(headers["webhook-id"])
        return Answer(200, "", 1)

    assert sum(together(3, lambda: send_due(now=now, put=put))) == 120
    assert len(set(sent)) == len(sent) == 120
    with scoped(EVERYBODY, "test"):
        assert set(WebhookMessage.objects.values_list("state", flat=True)) == {"done"}
