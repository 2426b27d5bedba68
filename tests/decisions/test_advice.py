"""Talks of an adviser: an answer decides, the talk is noted once, the street that is handed it finds it to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from songhe.eligibility.decisions.kinds import HANDOVER
from songhe.eligibility.decisions.listeners import on_person_moved
from songhe.eligibility.decisions.models import AdviceTalk
from songhe.eligibility.decisions.operations.advising import (
    Talk,
    answer_in_talk,
    follow_up,
    note_talk,
    open_talk_contact,
)
from songhe.eligibility.decisions.queries.advice import (
    FOLLOWED,
    NOTED,
    WAITING,
    TalkFilters,
    talk_filters,
    talk_of,
    talks_by_month,
    talks_listed,
    talks_page,
    task_about,
    waiting_talks,
    who_asked,
)
from songhe.foundation.access.models import Account
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Entry
from songhe.foundation.tasks import take
from songhe.foundation.tasks.models import Task
from songhe.foundation.tasks.queries import task_of
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.people.api import facts_of
from songhe.people.events import PersonMoved
from songhe.people.models import Person
from tests.decisions.crowd import NOW, TODAY
from tests.decisions.doors import ALLOWANCE, COMMUNITY, EVERYBODY, SIBLING, SUBSIDY, decided, resident, worker

LATER = NOW + timedelta(minutes=5)
WHEN: dict[str, Any] = {"today": TODAY, "now": LATER}
STREET, OTHER_STREET = "420704001000", "420704002000"
KEY = UUID("1b0f7a86-0a0a-4d3c-8d4b-2f2a52b0a0a1")


@pytest.fixture
def person(db: None) -> Iterator[Person]:
    """Of a woman of 83 it is not known whether she lives alone."""
    with scoped(EVERYBODY, "test"):
        found = resident("余秀珍", 83, lives_alone=None)
        decided()
        yield found


def noted(region: str = "420704001", **more: Any) -> AdviceTalk:
    talk = Talk(**{"key": KEY, "channel": "phone", "words": "问高龄津贴怎么办", "region": region, **more})
    return note_talk(actor=worker(region, "顾问"), talk=talk, **WHEN)


@pytest.mark.covers("ENT-06")
def test_what_she_says_on_the_telephone_is_told_and_decides_at_once(person: Person) -> None:
    moved = answer_in_talk(actor=worker(), person=person.pk, fact="lives_alone", value="true", **WHEN)
    assert [(before, after) for _, before, after in moved] == [("u", "y")] * len(moved) and moved
    said = facts_of(person.pk, TODAY)["lives_alone"].said
    assert said is not None and (said.value, said.telling.source) == (True, "self")


def test_what_stands_in_her_papers_is_not_told_by_her_word(person: Person) -> None:
    with pytest.raises(BadInput):
        answer_in_talk(actor=worker(), person=person.pk, fact="birth_date", value="1943-03-18", **WHEN)


@pytest.mark.covers("ENT-06")
def test_a_talk_that_is_handed_over_is_a_task_of_that_street(person: Person) -> None:
    talk = noted(person=person.pk, items=[ALLOWANCE, SUBSIDY], hand_to=STREET)
    task = Task.objects.get(kind=HANDOVER.code)
    assert (task.region_code, task.subject, task.title) == (STREET, talk.pk, "跟进一次电话咨询，谈到2项")
    assert task.due_date == TODAY + timedelta(days=5)
    assert talk.region_code == COMMUNITY and who_asked([talk.pk]) == {talk.pk: "余秀珍"}
    assert task_of(worker("420704001"), task.pk).pk == task.pk
    closed = follow_up(actor=worker("420704001"), talk=talk.pk, outcome="phoned", note=" 说清楚了 ", now=LATER)
    assert (closed.state, closed.outcome, closed.note) == ("closed", "phoned", "说清楚了")
    with pytest.raises(Conflict):
        follow_up(actor=worker("420704001"), talk=talk.pk, outcome="phoned", now=LATER)


def test_a_talk_with_somebody_without_a_file_lies_where_it_is_handed(person: Person) -> None:
    talk = noted(contact="余女士 138 0000 5521", hand_to=COMMUNITY, answers={"lives_alone": "true"})
    assert (talk.region_code, talk.person, talk.answers) == (COMMUNITY, None, {"lives_alone": "true"})
    assert who_asked([talk.pk]) == {talk.pk: "没有档案的人"}
    assert b"5521" not in bytes(talk.contact_sealed or b"")
    assert open_talk_contact(actor=worker(), talk=talk.pk, now=LATER) == "余女士 138 0000 5521"
    assert (
        Entry.objects.filter(subject=talk.pk, action="people.unmask").exists()
        or Entry.objects.filter(subject=talk.pk).exclude(action="decisions.advice").exists()
    )


def test_without_a_handing_over_a_talk_lies_with_the_caller_s_place_or_the_adviser_s(person: Person) -> None:
    assert noted().region_code == STREET
    assert noted(key=uuid4(), region=COMMUNITY).region_code == COMMUNITY
    assert not Task.objects.filter(kind=HANDOVER.code).exists()
    with pytest.raises(NotFound):
        open_talk_contact(actor=worker("420704001"), talk=KEY, now=LATER)


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"channel": "letter"}, "怎么来的"),
        ({"words": "长" * 501}, "谈了什么"),
        ({"words": " "}, "谈了什么"),
        ({"contact": "1" * 61}, "联系方式"),
        ({"items": ["no-such-item"]}, "谈到的事项"),
        ({"hand_to": COMMUNITY}, "联系方式"),
        ({"hand_to": "abc", "contact": "余女士"}, "交给哪里"),
    ],
    ids=str,
)
def test_what_does_not_make_a_talk_is_refused(person: Person, more: dict[str, Any], where: str) -> None:
    with pytest.raises(BadInput) as refused:
        noted(**more)
    assert refused.value.where == where


def test_only_who_is_in_charge_is_handed_a_talk(person: Person) -> None:
    with pytest.raises(BadInput):
        noted(person=person.pk, hand_to=OTHER_STREET)
    with pytest.raises(Refused):
        noted(contact="余女士", hand_to=OTHER_STREET)


def test_the_same_talk_is_noted_once(person: Person) -> None:
    noted()
    with pytest.raises(Conflict):
        noted()


def test_next_door_neither_sees_nor_follows_up_a_talk(person: Person) -> None:
    noted(person=person.pk, hand_to=COMMUNITY)
    neighbour = worker(SIBLING, "邻居")
    with scoped(neighbour, "test"):
        assert talks_page(neighbour, TalkFilters()).rows == []
        with pytest.raises(NotFound):
            talk_of(neighbour, KEY)
        with pytest.raises(NotFound):
            follow_up(actor=neighbour, talk=KEY, outcome="visited", now=LATER)


def test_the_list_of_talks_narrows_and_counts(person: Person) -> None:
    first = noted(person=person.pk, items=[ALLOWANCE], hand_to=STREET)
    second = noted(key=uuid4(), channel="counter", contact="余女士", hand_to=COMMUNITY)
    third = noted(key=uuid4())
    actor = worker("420704001", "顾问")
    follow_up(actor=actor, talk=second.pk, outcome="visited", now=LATER)

    def found(**given: str) -> set[UUID]:
        return {one.pk for one in talks_listed(actor, talk_filters(given))}

    assert found(state=WAITING) == {first.pk} and waiting_talks(actor) == 1
    assert found(state=FOLLOWED) == {second.pk} and found(state=NOTED) == {third.pk}
    assert found(channel="counter") == {second.pk} and found(item=ALLOWANCE) == {first.pk}
    assert found(month="2026-11", whose="own") == {first.pk, second.pk, third.pk} and found(month="2026-10") == set()
    assert found(month="13", state="none") == {first.pk, second.pk, third.pk}
    assert [(one.first.isoformat(), one.talks, one.phone, one.handed) for one in talks_by_month(actor, TODAY)] == [
        ("2026-11-01", 3, 2, 2)
    ]
    task = task_about(second)
    assert task is not None and task.outcome == "visited" and task_about(third) is None


def test_a_page_after_the_last_is_empty_and_one_that_cannot_be_read_is_refused(person: Person) -> None:
    talk, actor = noted(), worker("420704001", "顾问")
    page = talks_page(actor, TalkFilters(after=f"{talk.talked_at.isoformat()}~{talk.pk}"))
    assert page.rows == [] and page.after == ""
    for broken in ("x~y", f"{talk.talked_at.isoformat()}~y", f"2026-11-18T10:00~{KEY}"):
        with pytest.raises(BadInput):
            talks_page(actor, TalkFilters(after=broken))


def test_what_is_to_be_followed_up_goes_where_her_file_goes(
    person: Person, account_for: Callable[..., Account]
) -> None:
    talk, new_home = noted(person=person.pk, items=[ALLOWANCE], hand_to=STREET), f"{OTHER_STREET[:9]}001"
    task = Task.objects.get(kind=HANDOVER.code)
    owner = account_for("street_officer", "420704001000")
    take(actor=replace(worker("420704001"), account_id=owner.pk), tasks=[task.pk])
    Person.objects.filter(pk=person.pk).update(region_code=new_home)
    event = PersonMoved(
        region="420704000000", person=person.pk, kind="moved_within", on_date=TODAY, from_region=COMMUNITY,
        to_region=new_home,
    )  # fmt: skip
    on_person_moved(event)
    on_person_moved(event)
    task.refresh_from_db()
    talk.refresh_from_db()
    assert (talk.region_code, talk.handed_to) == (new_home, OTHER_STREET)
    assert (task.region_code, task.state, task.owner_id) == (OTHER_STREET, "open", None)
    assert talk_of(worker(OTHER_STREET[:9]), talk.pk).pk == talk.pk
    with pytest.raises(NotFound):
        talk_of(worker("420704001"), talk.pk)
