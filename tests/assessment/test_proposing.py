"""A discharge or a fall proposes an immediate assessment to her community, once, unless it is seen to already."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from songhe.assessment.listeners import on_person_died
from songhe.assessment.models import Result
from songhe.assessment.operations.asking import ask
from songhe.assessment.operations.moving import move_along
from songhe.assessment.operations.proposing import propose_immediate
from songhe.assessment.operations.reviewing import verification_code
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Entry
from songhe.foundation.tasks.models import Task
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.people.models import Person
from tests.api.systems import Calls
from tests.assessment.teams import NATIONAL, NOW, TODAY, older_person
from tests.platform_fixtures import ClientFor

DAY = timedelta(days=1)


def proposed(actor: Actor, person: Person, happening: str = "fall", on_date: date = TODAY) -> bool:
    return propose_immediate(actor=actor, person_id=person.pk, happening=happening, on_date=on_date, now=NOW)


def asked_whether() -> list[object]:
    return list(
        Task.objects.filter(kind="assessment.changed").exclude(state="closed").values_list("subject", flat=True)
    )


@pytest.mark.covers("ASM-03")
def test_a_fall_asks_her_community_once_and_asking_for_it_answers(everywhere: Actor) -> None:
    person = older_person()
    assert proposed(everywhere, person, on_date=TODAY - DAY)
    assert not propose_immediate(
        actor=everywhere, person_id=person.pk, happening="discharge", on_date=TODAY, now=NOW + DAY
    )
    (task,) = Task.objects.filter(kind="assessment.changed")
    assert (task.subject, task.region_code, task.due_date) == (person.pk, person.region_code, TODAY + 7 * DAY)
    assert "跌倒" not in task.title and not task.detail
    assert Entry.objects.filter(action="assessment.propose", subject=str(person.pk)).exists()
    row = ask(actor=everywhere, person_id=person.pk, purpose="own_wish", reason="immediate", asked_by="event", now=NOW)
    assert (asked_whether(), row.due_date) == ([], TODAY + 7 * DAY)
    assert not proposed(everywhere, person)


@pytest.mark.parametrize(("day", "needed"), [(TODAY - DAY, False), (TODAY - 2 * DAY, True), (TODAY - 3 * DAY, True)])
def test_who_was_assessed_since_is_not_proposed(everywhere: Actor, day: date, needed: bool) -> None:
    person = older_person()
    Result.objects.create(
        region_code=person.region_code, person=person, scale=NATIONAL, purpose="own_wish", source="file",
        state="final", level=1, assessed_date=day, confirmed_at=NOW, confirmer="何俊", code=verification_code(),
    )  # fmt: skip
    assert proposed(everywhere, person, on_date=TODAY - 2 * DAY) is needed


def test_what_cannot_be_proposed_is_refused_in_words(everywhere: Actor) -> None:
    person, dead = older_person(), older_person()
    Person.objects.filter(pk=dead.pk).update(standing="dead")
    for day in (TODAY + DAY, TODAY - 181 * DAY):
        with pytest.raises(BadInput, match="不在半年以内"):
            proposed(everywhere, person, on_date=day)
    with pytest.raises(BadInput, match="没有这一种"):
        proposed(everywhere, person, "wedding")
    with pytest.raises(Conflict, match="已去世"):
        proposed(everywhere, dead)
    with pytest.raises(NotFound):
        proposed(Actor(None, "何俊", "420703", everywhere.actions), person)
    with pytest.raises(Refused):
        proposed(Actor(None, "何俊", "420704", frozenset({"people.read"})), person)
    assert asked_whether() == []


def test_the_question_goes_along_and_ends_with_her(everywhere: Actor) -> None:
    person = older_person()
    proposed(everywhere, person)
    Person.objects.filter(pk=person.pk).update(region_code="420703100209")
    move_along(actor=everywhere, person_id=person.pk)
    assert Task.objects.get(kind="assessment.changed").region_code == "420703100209"
    Person.objects.filter(pk=person.pk).update(standing="dead")
    on_person_died(type("PersonDied", (), {"person": person.pk})())
    assert asked_whether() == []


@pytest.mark.covers("ASM-03")
def test_a_hospital_tells_it_through_the_api(everywhere: Actor) -> None:
    person, calls, day = older_person(), Calls(), timezone.localdate().isoformat()
    path = f"people/{person.pk}/happenings"
    first = calls.post(path, {"happening": "discharge", "on_date": day})
    again = calls.post(path, {"happening": "discharge", "on_date": day})
    assert (first.json(), again.json()) == ({"proposed": True}, {"proposed": False})
    assert calls.post(path, {"happening": "none", "on_date": day}).status_code == 400


def test_the_form_to_ask_begins_as_immediate(client_as: ClientFor, db: None) -> None:
    with scoped(Actor.system("test", ""), "test"):
        person = older_person()
        worker = Actor(None, "何俊", "420704", frozenset({"assessment.ask"}))
        propose_immediate(
            actor=worker, person_id=person.pk, happening="fall", on_date=timezone.localdate(), now=timezone.now()
        )
    client: Client = client_as("district_officer", "420704000000")
    page = client.get(f"/assessments/ask/{person.pk}/")
    assert (page.context["form"]["reason"].value(), page.context["form"]["asked_by"].value()) == ("immediate", "event")
