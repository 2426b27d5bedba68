"""What lists, searches, counts, exports and choices say of people next door: nothing, whatever is asked."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.jobs import run_queued
from songhe.foundation.jobs.models import Job
from songhe.foundation.tasks.models import Task
from songhe.foundation.uploads import content_of
from songhe.foundation.uploads.models import Upload
from songhe.people.models import Person
from songhe.regions.models import Division
from tests.people.invented import FENGHUANG, GULOU, HUARONG, counted, identity_number, registered, today

STREET, SIBLING_STREET, SIBLING_DISTRICT = "420704001000", "420704002000", "420703000000"
OWN, NEXT_DOOR, FURTHER = "李桂芳", "章明远", "章明德"
STRANGERS = (NEXT_DOOR, FURTHER)
BORN, PHONE, ADDRESS = date(1935, 5, 5), "13866660001", "古楼后街6号"
NUMBER = identity_number(BORN, 77)
EVERYBODY = Actor.system("测试", "")


class Town:
    """One person of ours, one in the next street, one in the next district."""

    def __init__(self) -> None:
        Division.objects.bulk_create(
            Division(code=code, name=f"第{code}号", level=level, parent=parent, valid_from=date(2020, 1, 1))
            for code, level, parent in (
                ("420700000000", 4, "420000000000"), ("420704000000", 6, "420700000000"),
                (STREET, 9, "420704000000"), (SIBLING_STREET, 9, "420704000000"), (FENGHUANG, 12, STREET),
                (GULOU, 12, SIBLING_STREET), ("420703000000", 6, "420700000000"), (HUARONG, 12, "420703100000"),
            )
        )  # fmt: skip
        facts = {"lives_alone": True, "assistance": "minimum_living"}
        self.own = registered(OWN, facts=facts)
        more = {"identity": NUMBER, "birth_date": BORN, "phone": PHONE, "address": ADDRESS, "facts": facts}
        self.next_door = registered(NEXT_DOOR, region=GULOU, **more)
        self.further = registered(FURTHER, region=HUARONG, order=8, facts=facts)
        counted()


@pytest.fixture
def town(db: None, settings: Any, tmp_path: Path) -> Town:
    settings.FILES = tmp_path / "files"
    return Town()


@pytest.fixture
def officer(town: Town, client_as: Callable[..., Client]) -> Client:
    return client_as("street_officer", STREET)


def text_of(answer: Any) -> str:
    return answer.content.decode()  # type: ignore[no-any-return]


def silent(answer: Any, *also: str) -> bool:
    text = text_of(answer)
    return not any(word in text for word in (*STRANGERS, ADDRESS, NUMBER, PHONE, *also))


@pytest.mark.covers("NET-02")
@pytest.mark.parametrize(
    "words",
    [NEXT_DOOR, "章明", "明德", "章", NUMBER, NUMBER[-4:], PHONE, "古楼后街", NUMBER.lower(), " ".join(NEXT_DOOR)],
)
def test_a_search_finds_nobody_next_door(officer: Client, town: Town, words: str) -> None:
    answer = officer.post(reverse("people-search"), {"words": words})
    assert str(town.next_door.pk) not in answer["Location"] and str(town.further.pk) not in answer["Location"]
    page = officer.get(answer["Location"])
    rows = re.search(r"<tbody.*?</tbody>", text_of(page), re.DOTALL)
    assert rows is None or not any(name in rows[0] for name in STRANGERS)
    assert str(town.next_door.pk) not in text_of(page) and ADDRESS not in text_of(page)


def test_a_number_that_is_taken_elsewhere_says_only_that(officer: Client, town: Town) -> None:
    for answer in (
        officer.post(reverse("people-search"), {"words": NUMBER}, follow=True),
        officer.post(reverse("person-check"), {"identity": NUMBER}),
    ):
        text = text_of(answer)
        assert "别的地方" in text
        assert NEXT_DOOR not in text and str(town.next_door.pk) not in text and "古楼" not in text


@pytest.mark.covers("NET-02")
@pytest.mark.parametrize("name", ["area", "in"])
@pytest.mark.parametrize(
    "code", [SIBLING_STREET, GULOU, SIBLING_DISTRICT, HUARONG, "420704000000", "420704", "420700", "000000"]
)
def test_a_filter_by_place_reaches_no_further_than_ones_own(officer: Client, name: str, code: str) -> None:
    for more in ({}, {"living": "alone"}, {"sort": "name"}, {"sort": "place"}):
        answer = officer.get(reverse("people"), {name: code, **more})
        assert answer.status_code in (200, 404)
        assert silent(answer), more


@pytest.mark.covers("NET-02")
def test_counts_and_boxes_count_ones_own(officer: Client, town: Town) -> None:
    for query in ({}, {"living": "alone"}, {"economy": "minimum_living"}, {"age_from": "80"}, {"sort": "name"}):
        page = officer.get(reverse("people"), query)
        counts = {page.context["count"], str(page.context["total"])}
        assert counts <= {"1", "0"}, query
        boxes = [box for group in page.context["boxes"] for box in _leaves(group)]
        assert len(boxes) > 10 and max(boxes) <= 1, query
        assert OWN in text_of(page) or query == {"age_from": "80"}


def _leaves(group: Any) -> list[Any]:
    """Every count in a group of boxes, however it is held."""
    found = []
    for value in vars(group).values() if hasattr(group, "__dict__") else _fields(group):
        if isinstance(value, (list, tuple)):
            for one in value:
                found += _leaves(one)
        elif isinstance(value, int) and not isinstance(value, bool):
            found.append(value)
    return found


def _fields(thing: Any) -> list[Any]:
    return [getattr(thing, name) for name in getattr(thing, "__slots__", ())]


@pytest.mark.covers("NET-02")
def test_the_first_page_counts_ones_own(officer: Client, client_as: Callable[..., Client]) -> None:
    for client, total in ((officer, 1), (client_as("district_officer", "420704"), 2), (client_as("city_officer"), 3)):
        page = client.get(reverse("home"))
        assert page.context["overview"].figures[0].value == total
        assert silent(page)


def test_a_page_after_somebody_next_door_is_the_page_after_nobody(officer: Client, town: Town) -> None:
    for direction in ("after", "before"):
        for sort in ("age", "-age", "name", "place"):
            told = {
                _plain(officer.get(reverse("people"), {direction: str(key), "sort": sort}))
                for key in (town.next_door.pk, town.further.pk, uuid.uuid4())
            }
            assert len(told) == 1, (direction, sort)


def _plain(answer: Any) -> tuple[int, str]:
    return answer.status_code, re.sub(r"[A-Za-z0-9]{64}|[0-9a-f-]{36}", "", text_of(answer))


def test_a_view_of_next_door_that_was_saved_shows_nobody(officer: Client) -> None:
    officer.post(reverse("people-view-save"), {"name": "隔壁", "within": f"in={GULOU}&living=alone"})
    page = officer.get(reverse("people"))
    assert "隔壁" in text_of(page) and silent(page)
    assert silent(officer.get(reverse("people") + f"?in={GULOU}&living=alone"))


@pytest.mark.covers("NET-02")
@pytest.mark.parametrize("asked", ["chosen", "place", "area", "everybody", "search"])
def test_an_export_holds_ones_own(officer: Client, town: Town, asked: str) -> None:
    form: dict[str, Any] = {"start": "1", "kind": "csv", "column": ["address", "identity"], "within": ""}
    if asked == "chosen":
        form["person"] = [str(town.next_door.pk), str(town.further.pk), str(town.own.pk)]
    if asked in ("place", "area"):
        form["within"] = f"{'in' if asked == 'place' else 'area'}={GULOU}"
    if asked == "search":
        found = officer.post(reverse("people-search"), {"words": "章明"})
        form["within"] = found["Location"].partition("?")[2]
    answer = officer.post(reverse("people-export"), form)
    assert answer.status_code in (302, 404) and silent(answer)
    run_queued()
    with scoped(EVERYBODY, "test"):
        files = [b"".join(content_of(one)).decode("utf-8-sig") for one in Upload.objects.all()]
        assert all(one.region_code == STREET for one in (*Upload.objects.all(), *Job.objects.all()))
    for text in files:
        assert not any(word in text for word in (*STRANGERS, ADDRESS, NUMBER, PHONE))
    if asked in ("chosen", "everybody"):
        assert OWN in files[0]


def test_how_many_would_be_exported_counts_ones_own(officer: Client, town: Town) -> None:
    for query in ({"person": [str(town.next_door.pk)]}, {"in": GULOU}):
        page = officer.get(reverse("people-export"), query)
        assert page.context["count"] == "0" and silent(page)


@pytest.mark.covers("NET-02")
def test_nobody_next_door_can_be_chosen_in_a_form(officer: Client, town: Town) -> None:
    same = registered("张同住", order=9, address=ADDRESS)
    page = officer.get(reverse("person-join", args=[same.pk]))
    assert silent_but_address(page)
    answer = officer.post(
        reverse("person-join", args=[same.pk]), {"housemate": str(town.next_door.pk), "relation": "spouse"}
    )
    assert answer.status_code == 422
    moved = {"place": "living", "area": GULOU, "address": "古楼", "on_date": today().isoformat(), "source": "community"}
    assert officer.post(reverse("person-move", args=[same.pk]), moved).status_code in (404, 422)
    form = {"name": "新来的", "birth_date": "1940-01-01", "sex": "1", "living_region": GULOU}
    assert officer.post(reverse("person-new"), form).status_code == 422
    with scoped(EVERYBODY, "test"):
        assert not Person.objects.filter(name="新来的").exists()
        assert Person.objects.get(pk=same.pk).region_code == FENGHUANG


def silent_but_address(answer: Any) -> bool:
    return not any(word in text_of(answer) for word in (*STRANGERS, NUMBER, PHONE))


def test_tasks_next_door_are_neither_seen_nor_taken(officer: Client, town: Town) -> None:
    from songhe.people.duplicates.kinds import TASK

    with scoped(EVERYBODY, "test"):
        task = Task.objects.create(
            kind=TASK.code, title="隔壁的事", region_code=GULOU, due_date=today(), opened_at=town.own.created_at,
            subject=uuid.uuid4(),
        )  # fmt: skip
    for whose in ("mine", "free", "all", "closed"):
        for more in ({}, {"region": GULOU}, {"region": "420704000000"}):
            assert "隔壁的事" not in text_of(officer.get(reverse("tasks"), {"whose": whose, **more}))
    assert "隔壁的事" not in text_of(officer.get(reverse("home")))
    for form in ({"do": "take"}, {"do": "hand_over", "owner": str(officer.account.pk)}):  # type: ignore[attr-defined]
        officer.post(reverse("tasks"), {"chosen": [str(task.pk)], **form})
    with scoped(EVERYBODY, "test"):
        assert Task.objects.get(pk=task.pk).owner_id is None


@pytest.mark.parametrize("name", ["duplicates", "tasks", "jobs", "notices", "regions", "transfers", "imports"])
def test_no_list_names_anybody_next_door(client_as: Callable[..., Client], town: Town, name: str) -> None:
    answer = client_as("district_officer", "420703").get(reverse(name))
    assert answer.status_code == 200
    assert NEXT_DOOR not in text_of(answer) and OWN not in text_of(answer)


def test_asking_for_a_file_of_another_district_shows_nothing_of_it(
    client_as: Callable[..., Client], town: Town
) -> None:
    officer = client_as("district_officer", "420703")
    form = {"identity": NUMBER, "area": HUARONG, "reason": "从春天起住在这里"}
    officer.post(reverse("transfer-new"), form)
    for url in (reverse("transfers"), reverse("home")):
        assert silent(officer.get(url), "古楼", "1935")
