"""What the calls give and take, and to whom: of the region and nothing else, masked, with an entry."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from songhe.doors.api.models import ApiAnswer
from songhe.eligibility.decisions.models import Change, ListedItem, Run
from songhe.eligibility.decisions.operations.running import run_whole
from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.models import Entry, Kind
from songhe.foundation.outbox.models import StoredEvent
from songhe.foundation.tasks.models import Task
from songhe.people.identity import identity_columns
from songhe.people.models import Circumstance, Person, Sheet
from tests.api.systems import Calls
from tests.decisions.crowd import NOW, laid_in
from tests.policy.releases import issued_release
from tests.security.placing import World

NUMBER = "42990119420318002X"
WHOLE = "沈玉兰"


def number() -> str:
    from songhe.kernel.identity_numbers import check_character

    return NUMBER[:17] + check_character(NUMBER[:17])


@pytest.fixture
def world(everywhere: Actor, settings: Any, tmp_path: Any) -> World:
    settings.FILES = tmp_path
    return World()


def in_place(world: World, code: str) -> Any:
    return world.objects["person", code]["pk"]


STREET, SIBLING, DISTRICT, COMMUNITY = "420704001000", "420704002008", "420704000000", "420704001002"


def test_divisions_are_given_by_day(world: World) -> None:
    calls = Calls()
    below = calls.get("regions", {"under": "420700"}).json()["rows"]
    assert [row["code"] for row in below] == [DISTRICT]
    assert calls.get(f"regions/{STREET}").json()["parent"] == DISTRICT
    assert calls.get(f"regions/{STREET}", {"on": "2019-01-01"}).status_code == 404
    assert calls.get("regions/42x").status_code == 422


def test_people_are_walked_through_by_key_and_only_those_of_the_region(world: World) -> None:
    calls = Calls("420704001")
    seen: list[str] = []
    after = ""
    while True:
        page = calls.get("people", {"limit": 1, **({"after": after} if after else {})}).json()
        seen += [row["id"] for row in page["rows"]]
        after = page["after"]
        if not after:
            break
    wanted = Person.objects.filter(region_code__startswith="420704001").order_by("region_code", "id")
    assert seen == [str(key) for key in wanted.values_list("pk", flat=True)]
    assert calls.get("people", {"after": str(in_place(world, SIBLING))}).status_code == 400
    assert calls.get("people", {"region": "420704002000"}).status_code == 404


def test_what_is_elsewhere_is_answered_like_what_is_not_there(world: World) -> None:
    calls = Calls("420704001")
    for path in ("people/{}", "people/{}/facts", "people/{}/decisions"):
        told = {
            (answer.status_code, answer.content)
            for key in (in_place(world, SIBLING), in_place(world, DISTRICT), in_place(world, "150602001001"), uuid4())
            for answer in [calls.get(path.format(key))]
        }
        assert [status for status, _ in told] == [404]
        assert calls.get(path.format(in_place(world, COMMUNITY))).status_code == 200
        assert calls.get(path.format(in_place(world, STREET))).status_code == 200


def test_a_person_is_masked_and_the_reading_is_kept_with_its_purpose(world: World) -> None:
    key = in_place(world, STREET)
    Person.objects.filter(pk=key).update(**identity_columns(key, number()))
    calls = Calls("420704")
    calls.purpose = "benefits"
    answer = calls.get(f"people/{key}")
    text = answer.content.decode()
    assert WHOLE not in text
    assert number() not in text
    assert "寿昌大道" not in text
    assert answer.json()["name"] == "沈**"
    assert answer.json()["identity_number"] == "*" * 14 + number()[-4:]
    entry = Entry.objects.filter(kind=Kind.READING, subject=str(key)).latest("id")
    assert entry.detail["reason"] == "核对和发放待遇"
    assert entry.detail["client"] == str(calls.client.pk)
    assert entry.actor_name == "接口：残联接口"
    assert entry.region_code == STREET


def test_a_person_is_found_by_the_whole_number_and_never_elsewhere(world: World) -> None:
    key = in_place(world, STREET)
    Person.objects.filter(pk=key).update(**identity_columns(key, number()))
    here, elsewhere = Calls("420704001"), Calls("420704002", name="另一个")
    assert [row["id"] for row in here.post("people/search", {"identity_number": number()}).json()["rows"]] == [str(key)]
    assert elsewhere.post("people/search", {"identity_number": number()}).json() == {"rows": []}
    wrong = here.post("people/search", {"identity_number": "429901194203180009"})
    assert wrong.status_code == 400
    assert "1942" not in wrong.content.decode()
    assert not Entry.objects.filter(detail__icontains=number()).exists()


@pytest.mark.covers("PER-03")
def test_a_fact_is_told_by_the_source_of_the_system_once_a_key(world: World) -> None:
    calls, key = Calls("420704"), in_place(world, STREET)
    path, body = f"people/{key}/facts", {"fact": "disability_level", "value": "3", "as_of": "2026-11-01"}
    first = calls.post(path, body, Idempotency_Key="the-first-one")
    assert first.json() == {"new": True}
    again = calls.post(path, body, Idempotency_Key="the-first-one")
    assert again.json() == {"new": True}
    assert again.headers["Idempotent-Replayed"] == "true"
    assert calls.post(path, body).json() == {"new": False}
    assert calls.post(path, {**body, "value": "2"}, Idempotency_Key="the-first-one").status_code == 409
    row = Circumstance.objects.get(person=key, known_until=None)
    assert (row.source, row.value) == ("disabled_federation", "3")
    known = {one["fact"]: one for one in calls.get(path).json()["rows"]}
    assert known["disability_level"]["value"] == "3"
    assert known["disability_level"]["source"] == "disabled_federation"


def test_a_key_whose_call_failed_is_free_again(world: World) -> None:
    calls, key = Calls("420704"), in_place(world, STREET)
    path, body = f"people/{key}/facts", {"fact": "disability_level", "value": "99"}
    assert calls.post(path, body, Idempotency_Key="a-key-of-mine").status_code == 400
    assert not ApiAnswer.objects.exists()
    assert calls.post(path, {**body, "value": "2"}, Idempotency_Key="a-key-of-mine").status_code == 200
    assert calls.post(path, body, Idempotency_Key="short").status_code == 400


def test_many_facts_are_checked_one_by_one_and_recorded_together(world: World) -> None:
    calls, key = Calls("420704"), str(in_place(world, STREET))
    good = {"person_id": key, "fact": "disability_level", "value": "3", "as_of": "2026-11-01"}
    rows = [
        good,
        {**good, "value": "nonsense"},
        {**good, "fact": "pension_due", "value": "true"},
        {**good, "person_id": str(in_place(world, "420703100209"))},
        {**good, "as_of": "2999-01-01"},
        {**good, "fact": "disability_category", "value": "1", "from_date": "2020-01-02", "until_date": "2020-01-01"},
    ]
    told = calls.post("facts", {"rows": rows}).json()
    assert (told["taken"], told["new"]) == (1, 1)
    assert [one["row"] for one in told["refused"]] == [1, 2, 3, 4, 5]
    problems = [one["problem"] for one in told["refused"]]
    assert [one["status"] for one in problems] == [400, 400, 404, 400, 400]
    assert [one["field"] for one in problems] == [None, None, None, "as_of", "until_date"]
    assert all(one["type"] == "about:blank" and one["title"] and one["detail"] for one in problems)
    assert StoredEvent.objects.filter(name__endswith="FactsChanged").count() == 1
    assert calls.post("facts", {"rows": []}).status_code == 422


def test_ten_thousand_facts_fit_into_one_call(world: World) -> None:
    calls, key = Calls("420704"), str(in_place(world, STREET))
    row = {"person_id": key, "fact": "disability_level", "value": "3", "as_of": "2026-11-01"}
    assert calls.post("facts", {"rows": [row] * 10_000}).json() == {"taken": 10_000, "new": 1, "refused": []}
    assert calls.post("facts", {"rows": [row] * 10_001}).status_code == 422
    assert calls.post("facts", b" " * (3 << 20)).status_code == 413


def test_a_system_without_a_source_tells_nothing(world: World) -> None:
    calls = Calls("420704", source="")
    body = {"fact": "disability_level", "value": "3"}
    assert calls.post(f"people/{in_place(world, STREET)}/facts", body).status_code == 403


def test_a_system_does_only_what_it_may(world: World) -> None:
    calls, key = Calls("420704", actions=["regions.read"]), in_place(world, STREET)
    assert calls.get("tasks").json()["detail"] == "这个系统不能看待办"
    for path in ("people", f"people/{key}", f"people/{key}/facts", f"people/{key}/decisions", "lists", "tasks"):
        assert calls.get(path).status_code == 403, path
    assert calls.post("people/search", {"identity_number": number()}).status_code == 403
    assert calls.post(f"people/{key}/facts", {"fact": "disability_level", "value": "3"}).status_code == 403
    assert not Circumstance.objects.exists()


def test_tasks_are_listed_and_closed_where_they_are_done_by_nobodys_page(world: World) -> None:
    calls = Calls("420704001", actions=["tasks.read", "tasks.do", "people.read"])
    rows = calls.get("tasks").json()["rows"]
    assert {row["region"] for row in rows} == {STREET, COMMUNITY}
    inside, outside = (world.objects["task", code]["task_id"] for code in (STREET, SIBLING))
    assert calls.get(f"tasks/{outside}").status_code == 404
    refused = calls.post(f"tasks/{inside}/close", {"outcome": "same"})
    assert refused.status_code == 403
    assert "自己的页面" in refused.json()["detail"]
    assert calls.post(f"tasks/{outside}/close", {"outcome": "same"}).status_code == 404
    assert Task.objects.get(pk=inside).state == "open"


def test_a_list_comes_with_its_sentences_and_not_twice(everywhere: Actor) -> None:
    release, calls = issued_release(), Calls("420704")
    first = calls.get("lists")
    assert [row["id"] for row in first.json()["rows"]] == [str(release.pk)]
    assert calls.get("lists", If_None_Match=first.headers["ETag"]).status_code == 304
    items = calls.get(f"lists/{release.pk}").json()["items"]
    assert any("年满80周岁" in item["who"] for item in items)
    assert set(calls.get(f"lists/{release.pk}/files").json()["files"]) == set(release.files)


def test_a_person_has_decisions_with_what_is_missing(everywhere: Actor) -> None:
    laid_in(40)
    release = issued_release()
    run_whole(actor=everywhere, region="", on=timezone.localdate(), now=NOW)
    calls = Calls()
    key = Sheet.objects.filter(region_code__startswith="4207", standing="present").values_list("pk", flat=True)[0]
    told = calls.get(f"people/{key}/decisions").json()
    assert told["release"] == str(release.pk)
    assert len(told["rows"]) == len(calls.get(f"lists/{release.pk}").json()["items"])
    assert {row["outcome"] for row in told["rows"]} <= {"yes", "no", "unknown"}
    listed = calls.get("decisions", {"item": "advanced-age-allowance", "outcome": "yes"}).json()["rows"]
    assert listed
    first = calls.get(f"people/{listed[0]['person_id']}/decisions").json()["rows"]
    assert {row["item"]: row["outcome"] for row in first}["advanced-age-allowance"] == "yes"
    assert calls.get("decisions", {"item": "nothing-like-it"}).status_code == 404


def test_changes_are_told_behind_a_cursor(world: World) -> None:
    item = ListedItem.objects.create(slug="advanced-age-allowance", position=3)
    run = Run.objects.create(
        region_code=STREET, kind="changed", on_date=date(2026, 11, 1), started_at=NOW, finished_at=NOW, starter="判定"
    )
    keys = [in_place(world, code) for code in (STREET, COMMUNITY, SIBLING)]
    for key, code in zip(keys, (STREET, COMMUNITY, SIBLING), strict=True):
        Change.objects.create(
            region_code=code, person_id=key, run=run, position=item.position, on_date=date(2026, 11, 1), before="n",
            after="y", fen_after=5000,
        )  # fmt: skip
    calls = Calls("420704001")
    first = calls.get("decisions/changes", {"limit": 1}).json()
    assert [row["person_id"] for row in first["rows"]] == [str(keys[0])]
    assert first["more"]
    second = calls.get("decisions/changes", {"cursor": first["cursor"]}).json()
    assert [(row["person_id"], row["before"], row["after"]) for row in second["rows"]] == [(str(keys[1]), "no", "yes")]
    assert calls.get("decisions/changes", {"cursor": second["cursor"]}).json() == {
        "rows": [], "cursor": second["cursor"], "more": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("nothing", 404),
        ("people/not-a-key", 422),
        ("people?limit=0", 422),
        ("people?limit=1%00", 400),
        ("tasks?x=%00", 400),
    ],
)
def test_every_error_is_a_problem(world: World, path: str, status: int) -> None:
    answer = Calls().get(path)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.json()["title"]


def test_what_was_sent_is_never_repeated(world: World) -> None:
    calls = Calls()
    for body in (
        {"identity_number": "4299沈玉兰"},
        {"沈玉兰": 1},
        {"identity_number": number(), "沈玉兰": "13800000000"},
    ):
        answer = calls.post("people/search", body)
        assert answer.status_code == 422
        assert WHOLE not in answer.content.decode()
        assert "\\u6c88" not in answer.content.decode()
    assert calls.post("people/search", b"{").status_code == 400
    assert calls.post("people/search", b'{"identity_number": "\\ud800"}').status_code == 422


def test_a_bug_is_a_problem_too_and_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: object, **kwargs: object) -> None:
        Task.objects.update(title="半途")
        raise RuntimeError(WHOLE)

    monkeypatch.setattr("songhe.doors.api.calls.people.people_after", fails)
    calls = Calls()
    headers = {"Authorization": f"Bearer {calls.token}", "Songhe-Purpose": "exchange"}
    answer = Client(raise_request_exception=False).get("/api/v1/people", headers=headers)
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert WHOLE not in answer.content.decode()
    assert not Task.objects.filter(title="半途").exists()
