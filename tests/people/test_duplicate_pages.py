"""Two files side by side: seen by who may merge in a region that holds both, decided, taken back."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Entry, Kind
from songhe.people.duplicates.models import Pair
from songhe.people.models import Person
from tests.people.invented import EVERYWHERE, FENGHUANG, GULOU, registered

STREET = "420704001000"


def pair_of(one: Person, other: Person, region: str = "420704001002", probability: float = 0.97) -> Pair:
    left, right = sorted((one, other), key=lambda person: person.pk)
    with scoped(EVERYWHERE, "test"):
        return Pair.objects.create(
            left=left, right=right, region_code=region, probability=probability, found_at=timezone.now(),
            evidence={"name": "same", "name_bits": 9.0},
        )  # fmt: skip


@pytest.fixture
def two(db: None) -> tuple[Person, Person]:
    one = registered("胡世全", order=1, birth_date=date(1941, 2, 3), phone="13800000738", facts={"lives_alone": True})
    other = registered("胡世全", order=2, birth_date=date(1941, 3, 2), address="凤凰路8号")
    return one, other


@pytest.fixture
def officer(client_as: Any) -> Client:
    return client_as("street_officer", STREET)  # type: ignore[no-any-return]


def text_of(response: Any) -> str:
    return response.content.decode()  # type: ignore[no-any-return]


def test_pairs_are_listed_with_the_surest_first(two: tuple[Person, Person], officer: Client) -> None:
    pair_of(*two)
    third = registered("胡世荃", order=3)
    pair_of(two[0], third, probability=0.6)
    text = text_of(officer.get(reverse("duplicates"))).split("<tbody>")[1]
    assert text.index("多半是") < text.index("说不准")
    assert "共2对" in text


def test_pairs_are_filtered_and_sorted(two: tuple[Person, Person], officer: Client) -> None:
    pair_of(*two)
    pair_of(two[0], registered("胡世荃", order=3), probability=0.6)
    base = reverse("duplicates")
    text = text_of(officer.get(base + "?sort=likely")).split("<tbody>")[1]
    assert text.index("说不准") < text.index("多半是")
    unsure = text_of(officer.get(base + "?likely=unsure")).split("<tbody>")[1]
    assert "胡世荃" in unsure and "共1对" in unsure
    assert "没有这样的重复档案" in text_of(officer.get(base + "?likely=sure"))
    assert "没有这样的重复档案" in text_of(officer.get(base + "?region=420704001003"))
    assert "共2对" in text_of(officer.get(base + "?region=nowhere&likely=maybe&state=what&after=x"))


def test_the_pairs_leave_as_a_file_for_who_may_take_lists_along(two: tuple[Person, Person], client_as: Any) -> None:
    pair_of(*two)
    pair_of(two[0], registered("胡世荃", order=3), probability=0.6)
    officer = client_as("district_officer", "420704000000")
    answer = officer.post(reverse("duplicates-export"), {"within": "likely=likely", "kind": "csv"})
    lines = answer.content.decode().splitlines()
    assert len(lines) == 2 and lines[1].startswith("胡世全,") and "多半是" in lines[1]
    with scoped(EVERYWHERE, "test"):
        assert Entry.objects.get(action="people.duplicates.list", kind=Kind.EXPORT).row_count == 1


def test_side_by_side_marks_what_differs(two: tuple[Person, Person], officer: Client) -> None:
    text = text_of(officer.get(reverse("duplicate", args=[pair_of(*two).pk])))
    for words in (
        "1941年2月3日",
        "1941年3月2日",
        "不一样",
        "凤凰路8号",
        "合并成一份",
        "不是同一人",
        "以后再看",
        "姓名",
    ):
        assert words in text, words


def test_files_are_merged_and_the_merge_is_taken_back(two: tuple[Person, Person], officer: Client) -> None:
    pair = pair_of(*two)
    url = reverse("duplicate", args=[pair.pk])
    done = officer.post(url, {"decision": "merge", "survivor": str(two[0].pk)}, follow=True)
    assert "两份档案合并成一份了" in text_of(done)
    assert "这份档案已经合并到另一份里" in text_of(officer.get(reverse("person", args=[two[1].pk])))
    assert "已合并" in text_of(officer.get(url))
    undo = reverse("duplicate-undo", args=[pair.pk])
    assert officer.post(undo, {"reason": ""}).status_code == 422
    assert "撤回了" in text_of(officer.post(undo, {"reason": "是两兄弟"}, follow=True))
    assert "胡世全" in text_of(officer.get(reverse("person", args=[two[1].pk])))


def test_a_merge_can_be_taken_back_from_the_merged_file(two: tuple[Person, Person], officer: Client) -> None:
    pair = pair_of(*two)
    officer.post(reverse("duplicate", args=[pair.pk]), {"decision": "merge", "survivor": str(two[0].pk)})
    answer = officer.post(reverse("person-unmerge", args=[two[1].pk]), {"reason": "是两兄弟"}, follow=True)
    assert "合并已撤回" in text_of(answer)


def test_two_persons_stay_two_for_a_reason(two: tuple[Person, Person], officer: Client) -> None:
    url = reverse("duplicate", args=[pair_of(*two).pk])
    assert officer.post(url, {"decision": "different", "reason": ""}).status_code == 422
    assert officer.post(url, {"decision": "different", "reason": "双胞胎"}).status_code == 302
    assert "双胞胎" in text_of(officer.get(url))
    again = officer.post(url, {"decision": "later"})
    assert again.status_code == 422 and "请先撤回" in text_of(again)


def test_what_cannot_be_decided_waits(two: tuple[Person, Person], officer: Client) -> None:
    url = reverse("duplicate", args=[pair_of(*two).pk])
    officer.post(url, {"decision": "later", "reason": "等户口本"})
    assert "没有待核的重复档案" in text_of(officer.get(reverse("duplicates")))
    assert "胡世全" in text_of(officer.get(reverse("duplicates"), {"state": "later"}))


@pytest.mark.parametrize("sent", [{}, {"decision": "burn"}, {"decision": "merge", "survivor": "x"}])
def test_nothing_chosen_decides_nothing(two: tuple[Person, Person], officer: Client, sent: dict[str, str]) -> None:
    answer = officer.post(reverse("duplicate", args=[pair_of(*two).pk]), sent)
    assert answer.status_code == 422 and "选一种办法再交" in text_of(answer)


@pytest.mark.covers("NET-02")
def test_a_pair_beyond_the_region_is_not_there(db: None, officer: Client, client_as: Any) -> None:
    pair = pair_of(registered("甲", region=FENGHUANG), registered("甲", region=GULOU, order=2), region="420704000000")
    for name in ("duplicate", "duplicate-undo"):
        assert officer.get(reverse(name, args=[pair.pk])).status_code == 404
        assert officer.post(reverse(name, args=[pair.pk]), {"decision": "later", "reason": "x"}).status_code == 404
    assert officer.get(reverse("duplicate", args=[uuid.uuid4()])).status_code == 404
    assert "共" not in text_of(officer.get(reverse("duplicates")))
    district = client_as("district_officer", "420704000000")
    assert district.get(reverse("duplicate", args=[pair.pk])).status_code == 200


def test_a_community_worker_may_not_merge(two: tuple[Person, Person], client_as: Any) -> None:
    worker = client_as("community_worker", FENGHUANG)
    assert worker.get(reverse("duplicates")).status_code == 403
    assert worker.get(reverse("duplicate", args=[pair_of(*two).pk])).status_code == 403
