"""The same results told by a system through the API, 2,000 a call: checked, scored, written. All undone at the end."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.ground import Line, Say
from benchmarks.platform import ground
from benchmarks.platform.ground import Sizes, at_most
from benchmarks.platform.lists import actor_named, processed
from benchmarks.platform.results import ROWS, WHOLE, WRONG_EVERY, answers_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.test import Client

_ADDRESS = "/api/v1/assessments/results"
_PROPOSES, _APPROVES = "security-admin", "security-second"
_A_CALL = 2_000


@dataclass(slots=True)
class _Counted:
    """What the answers said."""

    calls: int = 0
    taken: int = 0
    new: int = 0
    refused: int = 0


def told(folder: Path, sizes: Sizes, say: Say) -> list[Line]:
    """Seconds for all calls one after the other; every fiftieth row has a wrong cell, and each is named."""
    place = ground.city(folder, sizes.people, say)
    with ground.platform(place) as (database, _):
        from django.db import connection, transaction
        from django.test import Client

        from songhe.foundation.access.scope import scoped
        from songhe.people.models import Person

        officer = actor_named("city-officer")
        with scoped(officer, "bench"):
            found = Person.objects.filter(standing="present").order_by("pk").values_list("pk", flat=True)
            people = list(found[:ROWS])
        bodies = list(_bodies(people))
        with transaction.atomic():
            client, headers, counted = Client(), _let_in(officer.region), _Counted()
            say("评估结果：由接口送来")

            def send() -> None:
                for number, body in enumerate(bodies):
                    _called(client, counted, body, headers | {"Idempotency-Key": f"bench-results-{number}"})
                with scoped(officer, "bench"), connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what the end of each call would check

            roots = (os.getpid(), ground.server_process(database.web))
            _done, sent = processed(send, roots)
            transaction.set_rollback(True)
    if counted.taken + counted.refused != len(people) or counted.refused < len(people) // WRONG_EVERY:
        raise RuntimeError("not every row was answered")
    words = (
        f"{len(people):,} results in {counted.calls} calls: {counted.new:,} written, {counted.refused:,} errors named"
    )
    return [
        at_most(words, sent[0], WHOLE),
        Line("… processor time: application, database", f"{sent[1]:.1f} s, {sent[2]:.1f} s"),
    ]


def _let_in(region: str) -> dict[str, str]:
    """The headers of a system that two administrators let in."""
    from django.utils import timezone

    from songhe.doors.api.clients import approve_client, propose_client
    from songhe.doors.api.terms import ALLOWED, Purpose
    from songhe.foundation.access.scope import scoped

    now = timezone.now()
    today = timezone.localdate(now)
    first, second = actor_named(_PROPOSES), actor_named(_APPROVES)
    with scoped(first, "bench"):
        client = propose_client(
            actor=first, name="评估机构", office="评估中心", region=region.ljust(12, "0"), source="health",
            purposes=Purpose.values, actions=ALLOWED, until_date=today + timedelta(days=30), today=today, now=now,
        )  # fmt: skip
    with scoped(second, "bench"):
        token = approve_client(actor=second, client=client.pk, now=now)
    return {"Authorization": f"Bearer {token}", "Songhe-Purpose": Purpose.EXCHANGE.value}


def _called(client: Client, counted: _Counted, body: str, headers: dict[str, str]) -> None:
    answer = client.post(_ADDRESS, body, content_type="application/json", headers={"host": "localhost"} | headers)
    if answer.status_code != 200:
        raise RuntimeError(f"{_ADDRESS}: {answer.status_code}")
    said = answer.json()
    counted.calls += 1
    counted.taken += said["taken"]
    counted.new += said["new"]
    counted.refused += len(said["refused"])


def _bodies(people: Sequence[UUID]) -> Iterator[str]:
    """Calls with answers of people of many kinds."""
    from datetime import date

    from songhe.assessment.api import current_scale

    items = current_scale(date(2026, 1, 1)).items
    for start in range(0, len(people), _A_CALL):
        rows: list[dict[str, Any]] = []
        for place, person in enumerate(people[start : start + _A_CALL], start):
            rows.append(
                {"person_id": str(person), "scale": "gbt42195-2022", "purpose": "own_wish",
                 "assessed_date": "2026-01-05", "organisation": "松泽老年评估中心", "assessors": ["胡静", "刘文斌"],
                 "answers": answers_of(place, items)}
            )  # fmt: skip
        yield json.dumps({"rows": rows})
