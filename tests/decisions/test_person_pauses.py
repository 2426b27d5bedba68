"""An item of a person is paused and resumed: asked first, written down, and left as it is by runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from songhe.eligibility.decisions.models import Matter, Pause
from songhe.eligibility.decisions.operations.pausing import pause, resume
from songhe.eligibility.decisions.operations.running import redetermine, run_whole
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Entry
from songhe.foundation.tasks.models import Task
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.people.api import Told, record_facts
from songhe.people.models import Person
from tests.decisions.crowd import TODAY
from tests.decisions.doors import ALLOWANCE, COMMUNITY, EVERYBODY, SIBLING, SUBSIDY, decided, resident
from tests.platform_fixtures import ClientFor
from tests.policy.releases import somebody

LATER = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
STREET = "420704001"


@pytest.fixture(autouse=True)
def at_work(db: None) -> Iterator[None]:
    with time_machine.travel(LATER, tick=False), scoped(EVERYBODY, "test"):
        yield


@pytest.fixture
def person() -> Person:
    """A woman of 84 who may have the allowance and nobody put her down for it."""
    person = resident("李桂芳", 84)
    decided()
    return person


def paused(person: Person, item: str = ALLOWANCE, reason: str = "家人说住到外地去了") -> Pause:
    officer = somebody("street_officer", "何俊", STREET)
    return pause(actor=officer, person=person.pk, item=item, reason=reason, today=TODAY, now=LATER)


def resumed(person: Person, item: str = ALLOWANCE, hours: int = 1) -> Pause:
    officer = somebody("street_officer", "何俊", STREET)
    return resume(actor=officer, person=person.pk, item=item, today=TODAY, now=LATER + timedelta(hours=hours))


@pytest.mark.covers("ENT-04")
def test_a_pause_outlasts_runs_and_nothing_is_offered_meanwhile(person: Person) -> None:
    assert ("offer", ALLOWANCE) in {(kind, item) for item, kind in _open(person)}
    paused(person)
    assert ALLOWANCE not in {item for item, _ in _open(person)}
    record_facts(
        actor=EVERYBODY, today=TODAY, now=LATER, told=[Told(person.pk, "lives_alone", "community", "true", TODAY)]
    )
    redetermine(actor=EVERYBODY, persons=[person.pk], on=TODAY, now=LATER)
    run_whole(actor=EVERYBODY, region="", on=TODAY + timedelta(days=1), now=LATER + timedelta(days=1))
    assert Pause.objects.get(person=person, item=ALLOWANCE).until_date is None
    assert ALLOWANCE not in {item for item, _ in _open(person)}


@pytest.mark.covers("ENT-04")
def test_what_a_pause_closed_is_to_be_settled_again_afterwards(person: Person) -> None:
    before = set(_open(person))
    task = Task.objects.get(kind="decisions.visit")
    paused(person)
    task.refresh_from_db()
    assert task.state == "closed" if len(before) == 1 else task.state != "closed"
    done = resumed(person)
    assert (done.until_date, done.resumer) == (TODAY, "何俊")
    assert set(_open(person)) == before
    assert Task.objects.filter(kind="decisions.visit").exclude(state="closed").count() == 1


def test_what_came_up_during_a_pause_is_offered_afterwards(person: Person) -> None:
    paused(person, SUBSIDY)
    told = [Told(person.pk, "assistance", "civil_affairs", "minimum_living", TODAY)]
    record_facts(actor=EVERYBODY, today=TODAY, now=LATER, told=told)
    redetermine(actor=EVERYBODY, persons=[person.pk], on=TODAY, now=LATER)
    assert SUBSIDY not in {item for item, _ in _open(person)}
    resumed(person, SUBSIDY)
    assert (SUBSIDY, "offer") in set(_open(person))


def test_twice_is_refused_in_words(person: Person) -> None:
    with pytest.raises(Conflict, match="没有暂停"):
        resumed(person)
    paused(person)
    with pytest.raises(Conflict, match="已经暂停"):
        paused(person)
    resumed(person)
    paused(person)


def test_who_may_not_or_looks_elsewhere_pauses_nothing(person: Person) -> None:
    worker, elsewhere = somebody("community_worker", "周敏", COMMUNITY), somebody("street_officer", "何俊", "420704002")
    asked = {"person": person.pk, "item": ALLOWANCE, "today": TODAY, "now": LATER}
    with pytest.raises(Refused):
        pause(actor=worker, reason="住到外地去了", **asked)
    with pytest.raises(NotFound):
        pause(actor=elsewhere, reason="住到外地去了", **asked)
    with pytest.raises(Refused):
        resume(actor=worker, **asked)
    with pytest.raises(NotFound):
        paused(person, item="no-such-item")
    for reason in ("", "  ab ", "长" * 201):
        with pytest.raises(BadInput):
            paused(person, reason=reason)
    assert Pause.objects.count() == 0


@pytest.mark.covers("ENT-04")
def test_the_page_asks_first_names_both_and_says_who_did_it(person: Person, client_as: ClientFor) -> None:
    client = client_as("street_officer", STREET)
    url = reverse("item-pause", args=[person.pk, ALLOWANCE])
    assert "暂停李桂芳的高龄津贴？" in client.get(url).content.decode()
    again = client.post(url, {"reason": "短"})
    assert again.status_code == 422 and "要写4到200个字" in again.content.decode()
    done = client.post(url, {"reason": "家人说住到外地去了"}, follow=True).content.decode()
    assert "暂停了" in done and "今天起暂停，何俊：家人说住到外地去了" in done
    assert "暂停，今天起" in done and "恢复这一项" in done
    back = reverse("item-resume", args=[person.pk, ALLOWANCE])
    assert "恢复李桂芳的高龄津贴？" in client.get(back).content.decode()
    assert "暂停这一项" in client.post(back, follow=True).content.decode()
    deeds = Entry.objects.filter(subject=str(person.pk), action__in=("decisions.pause", "decisions.resume"))
    assert list(deeds.order_by("id").values_list("action", flat=True)) == ["decisions.pause", "decisions.resume"]


@pytest.mark.covers("NET-02")
def test_pauses_of_other_regions_are_not_there(person: Person, client_as: ClientFor) -> None:
    assert client_as("community_worker", SIBLING).get(
        reverse("item-pause", args=[person.pk, ALLOWANCE])
    ).status_code == 403  # fmt: skip
    client = client_as("street_officer", "420704002")
    for name in ("item-pause", "item-resume"):
        url = reverse(name, args=[person.pk, ALLOWANCE])
        assert (client.get(url).status_code, client.post(url, {"reason": "住到外地"}).status_code) == (404, 404)


def _open(person: Person) -> list[tuple[str, str]]:
    return list(Matter.objects.filter(person=person, closed_at=None).values_list("item", "kind"))
