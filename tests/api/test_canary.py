"""T12: a planted person is read and told of by a system; number and name stay in the register."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.db import connection

from songhe.config.logs import Redacted
from songhe.foundation.access.actors import Actor
from songhe.people.identity import identity_columns, phone_columns
from songhe.people.models import Person
from tests.api.systems import Calls
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
        calls.get(f"people/{key}/decisions"), calls.get("tasks"), calls.get(f"people/{IDENTITY}"),
        calls.post(f"people/{key}/facts", body), calls.post(f"people/{key}/facts", {**body, "value": IDENTITY}),
        calls.post("facts", {"rows": [{**body, "person_id": str(key)}, {**body, "person_id": NAME}]}),
    ]  # fmt: skip
    assert {answer.status_code for answer in answers} == {200, 400, 422}
    told = "\n".join(answer.content.decode() for answer in answers) + caplog.text + _database()
    assert IDENTITY[-4:] in answers[0].content.decode()
    for secret in (NAME, NAME[:2], IDENTITY, IDENTITY[:-1], PHONE):
        assert secret not in told, secret


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
