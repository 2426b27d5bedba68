"""T2 for systems: each call without token, purpose, right or key, and elsewhere; a call not in the table fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.utils import timezone

from songhe.doors.api.documents import document_text
from songhe.doors.api.gate import KEY
from songhe.doors.api.models import ApiAnswer
from songhe.doors.api.terms import ALLOWED, Purpose
from songhe.eligibility.decisions.models import ListedItem, Matter
from songhe.foundation.access.actors import Actor
from tests.api.systems import ROOT, Calls
from tests.policy.releases import issued_release
from tests.security.placing import World

HERE, ELSEWHERE = "420704001000", "420704002008"
RESULT = {"scale": "ltci-2021", "purpose": "own_wish", "assessed_date": "2025-01-01", "organisation": "甲",
          "assessors": ["乙"], "level": 2}  # fmt: skip
SIGN = {"fact": "disability_level", "value": "3"}
NUMBER = "429901193102077717"


@dataclass(frozen=True)
class Call:
    """How one call is asked rightly. `takes` is the kind of thing that its address names.

    `needs` is the action that it asks for, `also` what is needed to see such a thing at all.
    """

    needs: str
    takes: str = ""
    query: dict[str, Any] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    body: Any = None


CALLS = {
    "GET regions": Call("regions.read"),
    "GET regions/{code}": Call("regions.read"),
    "GET people": Call("people.read"),
    "POST people/search": Call("people.read", body={"identity_number": NUMBER}),
    "GET people/{person_id}": Call("people.read", "person"),
    "GET people/{person_id}/facts": Call("people.read", "person"),
    "POST people/{person_id}/facts": Call("people.write", "person", body=SIGN),
    "POST facts": Call("people.write", body={"rows": [{**SIGN, "person_id": str(uuid4())}]}),
    "POST facts/read": Call("people.read", body={"person_ids": [str(uuid4())]}),
    "GET people/{person_id}/decisions": Call("decisions.read", "person"),
    "GET decisions": Call("decisions.read", query={"item": "advanced-age-allowance"}),
    "POST decisions/read": Call("decisions.read", body={"person_ids": [str(uuid4())]}),
    "GET decisions/changes": Call("decisions.read"),
    "GET matters": Call("decisions.read"),
    "GET matters/{matter_id}": Call("decisions.read", "matter"),
    "GET lists": Call("policy.read"),
    "GET lists/{list_id}": Call("policy.read", "list"),
    "GET lists/{list_id}/files": Call("policy.read", "list"),
    "GET people/{person_id}/assessments": Call("assessment.read", "person"),
    "POST assessments/results": Call("assessment.import", body={"rows": [{**RESULT, "person_id": str(uuid4())}]}),
    "POST people/{person_id}/happenings": Call(
        "assessment.import", "person", body={"happening": "fall", "on_date": timezone.localdate().isoformat()}
    ),
    "GET assessments/verify/{code}": Call("assessment.read"),
    "GET tasks": Call("tasks.read"),
    "GET tasks/{task_id}": Call("tasks.read", "task", also=("people.read",)),
    "POST tasks/{task_id}/close": Call(
        "tasks.do", "task", body={"outcome": "same"}, also=("tasks.read", "people.read")
    ),
}


def documented() -> Iterator[tuple[str, dict[str, Any]]]:
    for address, methods in json.loads(document_text())["paths"].items():
        for method, call in methods.items():
            yield f"{method.upper()} {address.removeprefix('/' + ROOT.strip('/') + '/')}", call


KEYED = sorted(name for name, call in documented() if any(one["name"] == KEY for one in call["parameters"]))


def test_every_call_of_the_document_stands_in_the_table() -> None:
    assert {name for name, _ in documented()} == set(CALLS)
    assert {call.needs for call in CALLS.values()} == set(ALLOWED)
    assert KEYED == [
        "POST assessments/results",
        "POST facts",
        "POST people/{person_id}/facts",
        "POST people/{person_id}/happenings",
        "POST tasks/{task_id}/close",
    ]


@pytest.fixture
def world(everywhere: Actor, settings: Any, tmp_path: Any) -> World:
    settings.FILES = tmp_path
    ListedItem.objects.create(slug="advanced-age-allowance", position=3)
    return World()


def matter_at(world: World, place: str) -> Matter:
    """Something to settle with the person of the place."""
    person = world.objects["person", place]["pk"]
    given = {"region_code": place, "door": person, "due_date": date(2026, 12, 1), "opened_at": timezone.now()}
    return Matter.objects.get_or_create(
        person_id=person, item="advanced-age-allowance", kind="offer", defaults=given
    )[0]  # fmt: skip


def path_of(name: str, world: World, place: str) -> str:
    """The address of a call about something in a place; "" for something that is not there."""
    address, takes = name.partition(" ")[2], CALLS[name].takes
    if takes == "person":
        key = world.objects["person", place]["pk"] if place else uuid4()
        return address.replace("{person_id}", str(key))
    if takes == "task":
        key = world.objects["task", place]["task_id"] if place else uuid4()
        return address.replace("{task_id}", str(key))
    if takes == "matter":
        key = matter_at(world, place).pk if place else uuid4()
        return address.replace("{matter_id}", str(key))
    if takes == "list":
        return address.replace("{list_id}", str(issued_release().pk if place else uuid4()))
    return address.replace("{code}", place or "420799")


def asked(calls: Calls, name: str, path: str, **headers: str) -> HttpResponse:
    """The call as the table has it."""
    call = CALLS[name]
    return calls.get(path, call.query, **headers) if call.body is None else calls.post(path, call.body, **headers)


@pytest.mark.covers("NET-02")
@pytest.mark.parametrize("name", CALLS)
def test_without_a_token_or_with_a_wrong_purpose_nothing_is_answered(world: World, name: str) -> None:
    calls, path = Calls("420704001", purposes=[Purpose.STATISTICS]), path_of(name, world, HERE)
    calls.purpose = Purpose.BENEFITS.value
    assert asked(calls, name, path).status_code == 403
    for purpose in ("", "curiosity"):
        calls.purpose = purpose
        assert asked(calls, name, path).status_code == 400
    calls.purpose = Purpose.STATISTICS.value
    for authorization in ("", "Bearer ", "Bearer songhe_" + "x" * 43, f"Basic {calls.token}", calls.token):
        answer = asked(calls, name, path, Authorization=authorization)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.covers("NET-02")
@pytest.mark.parametrize("name", CALLS)
def test_a_system_without_the_right_is_refused_and_one_with_that_right_alone_is_not(world: World, name: str) -> None:
    needed = CALLS[name].needs
    others = Calls("420704001", actions=[action for action in ALLOWED if action != needed])
    path = path_of(name, world, HERE)
    assert asked(others, name, path).status_code == 403
    alone = Calls("420704001", actions=[needed, *CALLS[name].also], name="只能做一件")
    answer = asked(alone, name, path)
    assert answer.status_code == (400 if name == "POST people/search" else 403 if name.endswith("/close") else 200)
    assert "自己的页面" in answer.json()["detail"] if name.endswith("/close") else True


@pytest.mark.covers("NET-02", "PER-06")
@pytest.mark.parametrize("name", [name for name, call in CALLS.items() if call.takes in ("person", "task", "matter")])
def test_what_is_elsewhere_is_answered_like_what_is_not_there(world: World, name: str) -> None:
    calls = Calls("420704001")
    told = {
        (answer.status_code, answer.content)
        for place in (ELSEWHERE, "420704000000", "150602001001", "")
        for answer in [asked(calls, name, path_of(name, world, place))]
    }
    assert [status for status, _ in told] == [404]


@pytest.mark.parametrize("name", ["POST facts/read", "POST decisions/read"])
def test_of_many_persons_those_elsewhere_are_rows_with_a_problem(world: World, name: str) -> None:
    calls, what = Calls("420704001"), "facts" if "facts" in name else "decisions"
    here, there = (str(world.objects["person", place]["pk"]) for place in (HERE, ELSEWHERE))
    unknown = str(uuid4())
    rows = calls.post(name.partition(" ")[2], {"person_ids": [there, here, unknown, here]}).json()["rows"]
    assert [row["person_id"] for row in rows] == [there, here, unknown]
    assert [row[what] is None for row in rows] == [True, False, True]
    assert rows[0]["problem"] == rows[2]["problem"]
    assert rows[0]["problem"]["status"] == 404
    assert rows[1][what] == (
        calls.get(f"people/{here}/facts").json()["rows"]
        if what == "facts"
        else calls.get(f"people/{here}/decisions").json()
    )
    for wrong in ([], [here] * 101, ["nobody"]):
        assert calls.post(name.partition(" ")[2], {"person_ids": wrong}).status_code == 422


@pytest.mark.parametrize("name", KEYED)
def test_what_does_something_asks_for_a_key(world: World, name: str) -> None:
    calls, path = Calls("420704001"), path_of(name, world, HERE)
    for key in ("", "short", "with space", "x" * 81):
        answer = asked(calls, name, path, Idempotency_Key=key)
        assert (answer.status_code, answer.json()["field"]) == (400, KEY)
    assert not ApiAnswer.objects.exists()


@pytest.mark.parametrize("name", ["POST facts", "POST people/{person_id}/facts"])
def test_the_same_key_gives_the_same_answer_and_another_content_is_a_conflict(world: World, name: str) -> None:
    calls, path = Calls("420704001"), path_of(name, world, HERE)
    first, again = (asked(calls, name, path, Idempotency_Key="the-first-one") for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    assert again.headers["Idempotent-Replayed"] == "true"
    changed = {**SIGN, "value": "2"}
    other = changed if "{" in name else {"rows": [{**changed, "person_id": str(uuid4())}]}
    assert calls.post(path, other, Idempotency_Key="the-first-one").status_code == 409
    another = Calls("420704001", name="另一个")
    assert "Idempotent-Replayed" not in asked(another, name, path, Idempotency_Key="the-first-one").headers
