"""T12: a planted person is read and told of by a system; number and name stay in the register."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from songhe.config.logs import Redacted
from songhe.doors.api.webhooks.posting import Answer
from songhe.doors.api.webhooks.sending import send_due
from songhe.doors.api.webhooks.subscribing import add_webhook
from songhe.foundation.access.actors import Actor
from songhe.foundation.outbox.delivering import deliver
from songhe.people.identity import identity_columns, phone_columns
from songhe.people.models import Person
from songhe.people.operations.dying import record_death
from tests.api.systems import Calls, administrator
from tests.people.imports.register import number
from tests.security.placing import World

NAME, IDENTITY, PHONE = "金丝雀鸟", number(771, "19310207"), "13877770009"
REGISTER = {"people_person", "people_gram"}


def test_a_planted_person_stays_in_the_register(
    everywhere: Actor, settings: Any, tmp_path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.FILES = tmp_path
    caplog.set_level(logging.DEBUG)
    caplog.handler.setFormatter(Redacted(settings.LOGGING["formatters"]["redacted"]["format"]))
    key = World().objects["person", "420704001000"]["pk"]
    Person.objects.filter(pk=key).update(
        name=NAME, address=f"{NAME}路", **identity_columns(key, IDENTITY), **phone_columns(key, PHONE)
    )
    calls = Calls("420704")
    body = {"fact": "disability_level", "value": "3"}
    answers = [
        calls.post("people/search", {"identity_number": IDENTITY}),
        calls.post("people/search", {"identity_number": IDENTITY[:-1] + ("1" if IDENTITY[-1] != "1" else "2")}),
        calls.post("people/search", {"identity_number": NAME, NAME: IDENTITY}),
        calls.get(f"people/{key}"), calls.get("people"), calls.get(f"people/{key}/facts"),
        calls.get(f"people/{key}/decisions"), calls.post("facts/read", {"person_ids": [str(key)]}),
        calls.post("decisions/read", {"person_ids": [str(key)]}), calls.post("facts/read", {"person_ids": [NAME]}),
        calls.get("tasks"), calls.get(f"people/{IDENTITY}"),
        calls.post(f"people/{key}/facts", body), calls.post(f"people/{key}/facts", {**body, "value": IDENTITY}),
        calls.post("facts", {"rows": [{**body, "person_id": str(key)}, {**body, "person_id": NAME}]}),
    ]  # fmt: skip
    assert {answer.status_code for answer in answers} == {200, 400, 422}
    sent = _told_of(calls, key)
    told = "\n".join(answer.content.decode() for answer in answers) + caplog.text + _database() + sent
    assert IDENTITY[-4:] in answers[0].content.decode()
    for secret in (NAME, NAME[:2], IDENTITY, IDENTITY[:-1], PHONE):
        assert secret not in told, secret


def _told_of(calls: Calls, key: UUID) -> str:
    """Everything that the system is sent about the facts told above and about her death."""
    now, sent = timezone.now(), []
    address = "https:" + "//hooks.example/"
    kinds = ["facts.changed", "person.died", "decisions.changed"]
    add_webhook(actor=administrator("严素琴"), client=calls.client.pk, url=address, kinds=kinds, now=now)
    clerk = Actor(None, "何俊", "420704", frozenset({"people.life_event"}))
    today = timezone.localdate(now)
    record_death(actor=clerk, person_id=key, on_date=today, source="community", today=today, now=now)
    moment = now + timedelta(seconds=1)
    while deliver(now=moment):
        pass

    def put(url: str, headers: dict[str, str], body: bytes, *, loopback: bool) -> Answer:
        sent.append(f"{url} {headers} {body.decode()}")
        return Answer(500, "status", 1)

    assert send_due(now=moment, put=put) >= 2
    return "\n".join(sent)


def _database() -> str:
    """Everything outside the register, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall() if name not in REGISTER]
        found = []
        for name in tables:
            cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [name])
            if cursor.fetchone() == (True,):
                cursor.execute(f"SELECT coalesce(string_agg(t::text, chr(10)), '') FROM \"{name}\" t")
                found.append(cursor.fetchone()[0])
    return "\n".join(found)
