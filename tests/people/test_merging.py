"""Two files of one person become one and come apart again: what was before is there, what came later stays."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.outbox.delivering import deliver
from songhe.foundation.outbox.models import StoredEvent
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.people.counts import recount
from songhe.people.identity import identity_of, phone_of
from songhe.people.models import Circumstance, CommunityCount, Contact, LifeEvent, NameGram, Person, Sheet
from songhe.people.operations.contacting import add_contact
from songhe.people.operations.dying import record_death
from songhe.people.operations.housing import open_household
from songhe.people.operations.merging import merge_persons, unmerge_persons
from songhe.people.operations.registering import correct_person
from songhe.people.operations.telling import record_fact
from songhe.people.sheets_told import sheet_as_known
from songhe.people.timeline import timeline
from tests.people.register import FENGHUANG, GULOU, HUARONG, TODAY, current, later, number, registered
from tests.platform_fixtures import ActorFor

FACTS = {
    "assistance": (("civil_affairs", "community"), ("none", "edge", "minimum_living")),
    "dementia": (("health", "community"), ("true", "false")),
    "ability_grade": (("assessment", "health"), ("0", "2", "4")),
}


def acting(actor: Actor, hours: int, **more: Any) -> dict[str, Any]:
    return {"actor": actor, "today": TODAY, "now": later(hours), **more}


def twice(actor: Actor) -> tuple[Person, Person]:
    """One woman with two files: the second knows no number, and lies in another street."""
    first = registered(actor)
    second = registered(actor, identity="", name="李桂芬", living_region=GULOU, phone="13900002080", birth_date=None)
    return first, second


def tell(actor: Actor, person: Person, hours: int, fact: str, value: str, source: str, as_of: date = TODAY) -> None:
    record_fact(**acting(actor, hours), person_id=person.pk, fact=fact, value=value, source=source, as_of=as_of)


@st.composite
def told(draw: st.DrawFn) -> list[tuple[int, str, str, str, date]]:
    found = []
    for _ in range(draw(st.integers(0, 8))):
        fact = draw(st.sampled_from(sorted(FACTS)))
        sources, values = FACTS[fact]
        as_of = TODAY - timedelta(draw(st.sampled_from((0, 1, 40, 800))))
        found.append(
            (draw(st.integers(0, 1)), fact, draw(st.sampled_from(values)), draw(st.sampled_from(sources)), as_of)
        )
    return found


@pytest.mark.covers("PER-01")
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(facts=told(), second_survives=st.booleans(), contact=st.booleans(), household=st.booleans())
def test_merge_then_unmerge_leaves_every_table_as_it_was(
    everywhere: Actor,
    facts: list[tuple[int, str, str, str, date]],
    second_survives: bool,
    contact: bool,
    household: bool,
) -> None:
    with transaction.atomic():
        people = twice(everywhere)
        survivor, merged = people[::-1] if second_survives else people
        for who, *fact in facts:
            tell(everywhere, people[who], 1, *fact[:3], as_of=fact[3])
        if contact:
            add_contact(
                actor=everywhere, today=TODAY, person_id=merged.pk, part="contact", relation="son", name="余强",
                phone="13900002080",
            )  # fmt: skip
        if household:
            open_household(actor=everywhere, now=later(1), head_id=merged.pk)
        before = current()
        event = merge_persons(**acting(everywhere, 2), survivor_id=survivor.pk, merged_id=merged.pk)
        assert current() != before
        unmerge_persons(**acting(everywhere, 3), event_id=event.pk, reason="不是同一人")
        assert current() == before
        transaction.set_rollback(True)


@pytest.mark.covers("PER-01")
def test_the_survivor_takes_over_what_it_did_not_know(everywhere: Actor) -> None:
    full, bare = twice(everywhere)
    tell(everywhere, full, 1, "dementia", "true", "health")
    tell(everywhere, full, 1, "assistance", "edge", "civil_affairs", date(2026, 10, 31))
    tell(everywhere, bare, 1, "assistance", "none", "civil_affairs", date(2026, 11, 15))
    merge_persons(**acting(everywhere, 2), survivor_id=bare.pk, merged_id=full.pk)
    survivor, merged = Person.objects.get(pk=bare.pk), Person.objects.get(pk=full.pk)
    assert (identity_of(survivor), phone_of(survivor), survivor.birth_date) == (
        number(),
        "13900002080",
        date(1942, 3, 18),
    )
    assert (merged.standing, merged.merged_into_id) == ("merged", survivor.pk)
    sheet = Sheet.objects.get()
    assert (sheet.pk, sheet.dementia, sheet.assistance) == (survivor.pk, True, "none")
    assert set(NameGram.objects.values_list("person_id", flat=True)) == {survivor.pk}
    assert [line.words for line in timeline(survivor.pk)].count("登记") == 2


def test_who_asks_how_it_was_before_the_merge_is_told(everywhere: Actor) -> None:
    full, bare = twice(everywhere)
    tell(everywhere, full, 1, "dementia", "true", "health")
    event = merge_persons(**acting(everywhere, 2), survivor_id=bare.pk, merged_id=full.pk)
    unmerge_persons(**acting(everywhere, 4), event_id=event.pk, reason="不是同一人")
    known = [sheet_as_known(bare.pk, TODAY, later(hours))["dementia"] for hours in (1, 3, 5)]
    assert known == [None, True, None]
    assert sheet_as_known(full.pk, TODAY, later(1))["dementia"] is True
    births = [sheet_as_known(bare.pk, TODAY, later(hours))["birth_date"] for hours in (1, 3, 5)]
    assert births == [None, date(1942, 3, 18), None]


def test_what_was_told_or_mended_after_the_merge_stays_with_the_survivor(everywhere: Actor) -> None:
    full, bare = twice(everywhere)
    tell(everywhere, bare, 1, "assistance", "edge", "civil_affairs", date(2026, 10, 31))
    tell(everywhere, full, 1, "assistance", "none", "civil_affairs", date(2026, 11, 15))
    event = merge_persons(**acting(everywhere, 2), survivor_id=bare.pk, merged_id=full.pk)
    tell(everywhere, bare, 3, "assistance", "minimum_living", "civil_affairs")
    survivor = Person.objects.get(pk=bare.pk)
    correct_person(
        **acting(everywhere, 3), person_id=bare.pk, version=survivor.version, changes={"birth_date": date(1942, 3, 19)}
    )
    unmerge_persons(**acting(everywhere, 4), event_id=event.pk, reason="不是同一人")
    assert [Sheet.objects.get(pk=key).assistance for key in (bare.pk, full.pk)] == ["minimum_living", "none"]
    assert Person.objects.get(pk=bare.pk).birth_date == date(1942, 3, 19)
    assert Circumstance.objects.filter(known_until=None).count() == 2


def test_merges_come_apart_in_reverse_and_only_once(everywhere: Actor) -> None:
    first, second = twice(everywhere)
    third = registered(everywhere, identity="", name="李桂香")
    one = merge_persons(**acting(everywhere, 1), survivor_id=first.pk, merged_id=second.pk)
    two = merge_persons(**acting(everywhere, 2), survivor_id=first.pk, merged_id=third.pk)
    with pytest.raises(Conflict, match="先撤回那一次"):
        unmerge_persons(**acting(everywhere, 3), event_id=one.pk, reason="不是同一人")
    unmerge_persons(**acting(everywhere, 4), event_id=two.pk, reason="不是同一人")
    unmerge_persons(**acting(everywhere, 5), event_id=one.pk, reason="不是同一人")
    with pytest.raises(Conflict, match="已经撤回"):
        unmerge_persons(**acting(everywhere, 6), event_id=one.pk, reason="不是同一人")
    assert Sheet.objects.count() == 3
    names = StoredEvent.objects.order_by("pk").values_list("name", flat=True)
    assert [name.rpartition(".")[2] for name in names][3:] == [
        "PersonMerged", "PersonMerged", "PersonUnmerged", "PersonUnmerged",
    ]  # fmt: skip


def test_what_cannot_be_merged_or_undone_is_refused(everywhere: Actor, actor: ActorFor) -> None:
    first, second = twice(everywhere)
    merge = {"survivor_id": first.pk, "merged_id": second.pk}
    with pytest.raises(Refused, match="合并"):
        merge_persons(**acting(actor("community_worker"), 1), **merge)
    with pytest.raises(Conflict, match="同一份"):
        merge_persons(**acting(everywhere, 1), survivor_id=first.pk, merged_id=first.pk)
    record_death(**acting(everywhere, 1), person_id=second.pk, on_date=TODAY, source="funeral")
    with pytest.raises(Conflict, match="核对去世"):
        merge_persons(**acting(everywhere, 1), **merge)
    record_death(**acting(everywhere, 1), person_id=first.pk, on_date=TODAY, source="funeral")
    event = merge_persons(**acting(everywhere, 2), **merge)
    with pytest.raises(Conflict, match="已经合并"):
        merge_persons(**acting(everywhere, 3), **merge)
    with pytest.raises(Conflict, match="已经合并"):
        tell(everywhere, second, 3, "dementia", "true", "health")
    with pytest.raises(BadInput, match="原因"):
        unmerge_persons(**acting(everywhere, 3), event_id=event.pk, reason="")
    with pytest.raises(Conflict, match="没有这次合并"):
        unmerge_persons(**acting(everywhere, 3), event_id=first.pk, reason="不是同一人")


@pytest.mark.covers("NET-02")
def test_a_file_of_a_sibling_region_cannot_be_merged(db: None, actor: ActorFor) -> None:
    street, district = actor("street_officer", "420704001"), actor("district_officer", "420704")
    with scoped(district, "test"):
        first, second = twice(district)
    with scoped(street, "test"), pytest.raises(NotFound):
        merge_persons(**acting(street, 1), survivor_id=first.pk, merged_id=second.pk)
    with scoped(district, "test"):
        assert LifeEvent.objects.filter(kind="merged").count() == 0
        assert Contact.objects.count() == 0


def test_numbers_taken_over_are_given_back_unless_they_were_mended_since(everywhere: Actor) -> None:
    full = registered(everywhere)
    bare = registered(everywhere, identity="", phone="", name="李桂芬", birth_date=None, address="")
    merge = {"survivor_id": bare.pk, "merged_id": full.pk}
    event = merge_persons(**acting(everywhere, 2), **merge)
    survivor = Person.objects.get(pk=bare.pk)
    assert (identity_of(survivor), phone_of(survivor), survivor.address) == (number(), "13800005521", full.address)
    unmerge_persons(**acting(everywhere, 3), event_id=event.pk, reason="不是同一人")
    survivor = Person.objects.get(pk=bare.pk)
    assert (identity_of(survivor), phone_of(survivor), survivor.address) == ("", "", "")
    event = merge_persons(**acting(everywhere, 4), **merge)
    survivor = Person.objects.get(pk=bare.pk)
    mended = {"identity": number(sequence=4), "phone": "13900002080"}
    correct_person(**acting(everywhere, 5), person_id=bare.pk, version=survivor.version, changes=mended)
    unmerge_persons(**acting(everywhere, 6), event_id=event.pk, reason="不是同一人")
    survivor = Person.objects.get(pk=bare.pk)
    assert (identity_of(survivor), phone_of(survivor)) == (number(sequence=4), "13900002080")


def test_a_merge_is_not_undone_while_another_file_has_the_number_that_was_free(everywhere: Actor) -> None:
    first = registered(everywhere)
    second = registered(everywhere, identity=number(sequence=4), name="李桂芬", phone="")
    event = merge_persons(**acting(everywhere, 1), survivor_id=first.pk, merged_id=second.pk)
    registered(everywhere, identity=number(sequence=4), name="李桂芬", phone="")
    with pytest.raises(Conflict, match="登记给了别的档案"):
        unmerge_persons(**acting(everywhere, 2), event_id=event.pk, reason="不是同一人")
    assert Person.objects.get(pk=second.pk).standing == "merged"


def test_both_communities_are_counted_anew_when_files_of_two_become_one_and_come_apart(everywhere: Actor) -> None:
    here = registered(everywhere)
    there = registered(everywhere, identity="", name="李桂芬", living_region=HUARONG)
    recount(today=TODAY, now=later(1))
    far = later(100_000)  # the database has a clock of its own
    event = merge_persons(**acting(everywhere, 2), survivor_id=here.pk, merged_id=there.pk)
    deliver(now=far)
    assert dict(CommunityCount.objects.values_list("region_code", "total")) == {FENGHUANG: 1, HUARONG: 0}
    unmerge_persons(**acting(everywhere, 3), event_id=event.pk, reason="不是同一人")
    deliver(now=far)
    assert dict(CommunityCount.objects.values_list("region_code", "total")) == {FENGHUANG: 1, HUARONG: 1}


@pytest.mark.covers("PER-01")
def test_a_survivor_that_learns_where_the_person_lives_lies_there_and_goes_back(everywhere: Actor) -> None:
    survivor = registered(everywhere, living_region="", registered_region=FENGHUANG)
    merged = registered(everywhere, identity="", registered_region="", living_region=GULOU, phone="13900002080")
    tell(everywhere, survivor, 1, "dementia", "true", "health")
    recount(today=TODAY, now=later(1))
    before = current()
    event = merge_persons(**acting(everywhere, 2), survivor_id=survivor.pk, merged_id=merged.pk)
    deliver(now=later(900))
    survivor.refresh_from_db()
    assert (survivor.living_region, survivor.region_code) == (GULOU, GULOU)
    for model in (Circumstance, LifeEvent, NameGram, Sheet):
        assert set(model.objects.filter(person=survivor).values_list("region_code", flat=True)) == {GULOU}, model
    assert dict(CommunityCount.objects.filter(total__gt=0).values_list("region_code", "total")) == {GULOU: 1}
    unmerge_persons(**acting(everywhere, 3), event_id=event.pk, reason="不是同一人")
    deliver(now=later(900))
    assert Person.objects.get(pk=survivor.pk).region_code == FENGHUANG
    assert current() == before
    counts = dict(CommunityCount.objects.filter(total__gt=0).values_list("region_code", "total"))
    assert counts == {FENGHUANG: 1, GULOU: 1}


def test_a_place_outside_is_not_taken_over(everywhere: Actor, actor: ActorFor) -> None:
    survivor = registered(everywhere, living_region="", registered_region=FENGHUANG)
    merged = registered(everywhere, identity="", living_region=GULOU, phone="13900002080")
    Person.objects.filter(pk=merged.pk).update(living_region=HUARONG)
    officer = actor("district_officer", "420704")
    merge_persons(**acting(officer, 2), survivor_id=survivor.pk, merged_id=merged.pk)
    survivor.refresh_from_db()
    assert (survivor.living_region, survivor.region_code) == ("", FENGHUANG)
