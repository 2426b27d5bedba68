"""Sources tell facts: once is enough, nothing is overwritten, batches come and go whole."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.kernel.errors import BadInput, NotFound
from songhe.people.models import Circumstance, Sheet
from songhe.people.operations.telling import Told, end_fact, record_fact, record_facts, withdraw_facts
from tests.people.register import FENGHUANG, GULOU, TODAY, current, later, number, registered
from tests.platform_fixtures import ActorFor

OCTOBER, NOVEMBER = date(2026, 10, 31), date(2026, 11, 15)


def telling(actor: Actor, person_id: Any, **changes: Any) -> bool:
    given = {"fact": "assistance", "value": "edge", "source": "civil_affairs", "as_of": OCTOBER, **changes}
    return record_fact(actor=actor, today=TODAY, now=given.pop("now", later(1)), person_id=person_id, **given)


@pytest.mark.covers("PER-02")
def test_the_same_told_twice_is_told_once(everywhere: Actor) -> None:
    person = registered(everywhere)
    assert telling(everywhere, person.pk)
    before = current()
    assert not telling(everywhere, person.pk, now=later(2))
    assert current() == before and Circumstance.objects.count() == 1


@pytest.mark.covers("PER-02")
def test_a_newer_telling_ends_the_older_one_and_keeps_it(everywhere: Actor) -> None:
    person = registered(everywhere)
    telling(everywhere, person.pk)
    assert telling(everywhere, person.pk, value="minimum_living", as_of=NOVEMBER, now=later(2))
    told = Circumstance.objects.order_by("pk").values_list("value", "known_from", "known_until")
    assert list(told) == [("edge", later(1), later(2)), ("minimum_living", later(2), None)]
    assert Sheet.objects.get(pk=person.pk).assistance == "minimum_living"


def test_what_a_source_said_of_an_earlier_day_changes_nothing(everywhere: Actor) -> None:
    person = registered(everywhere)
    telling(everywhere, person.pk, as_of=NOVEMBER)
    assert not telling(everywhere, person.pk, value="none", as_of=OCTOBER, now=later(2))
    assert Sheet.objects.get(pk=person.pk).assistance == "edge"


def test_the_same_value_of_a_later_day_is_fresh_again(everywhere: Actor) -> None:
    person = registered(everywhere)
    telling(everywhere, person.pk)
    assert telling(everywhere, person.pk, as_of=NOVEMBER, now=later(2))
    assert Sheet.objects.get(pk=person.pk).fresh_until == date(2027, 1, 15)


def test_a_fact_that_ends_becomes_unknown_on_that_day(everywhere: Actor) -> None:
    person = registered(everywhere)
    telling(everywhere, person.pk, fact="homeless", value="true", from_date=date(2026, 10, 1))
    end = {"actor": everywhere, "today": TODAY, "now": later(3), "person_id": person.pk, "fact": "homeless"}
    with pytest.raises(NotFound):
        end_fact(**end, source="police", until_date=TODAY)
    with pytest.raises(BadInput, match="太早"):
        end_fact(**end, source="civil_affairs", until_date=date(2026, 9, 30))
    end_fact(**end, source="civil_affairs", until_date=NOVEMBER)
    assert Sheet.objects.get(pk=person.pk).homeless is None
    assert Circumstance.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"value": "rich"}, "没有这个说法"),
        ({"source": "funeral"}, "不能说这件事"),
        ({"fact": "birth_date"}, "没有这一项"),
        ({"as_of": date(2026, 11, 19)}, "还没到"),
        ({"from_date": OCTOBER, "until_date": OCTOBER}, "不晚于"),
    ],
)
def test_what_cannot_be_told_is_refused(everywhere: Actor, changes: dict[str, Any], told: str) -> None:
    person = registered(everywhere)
    with pytest.raises(BadInput, match=told):
        telling(everywhere, person.pk, **changes)
    assert not Circumstance.objects.exists()


@pytest.mark.covers("PER-02")
def test_a_batch_tells_many_at_once_and_twice_is_once(everywhere: Actor) -> None:
    people = [registered(everywhere, identity=number("19420318", place)) for place in range(2, 22, 2)]
    told = [Told(person.pk, "disability_level", "disabled_federation", "2", NOVEMBER) for person in people]
    stranger = Told(uuid4(), "disability_level", "disabled_federation", "2", NOVEMBER)
    batch = uuid4()
    act = {"actor": everywhere, "today": TODAY, "batch": batch}
    assert record_facts(**act, now=later(1), told=[*told, stranger, told[0]]) == 10
    assert Sheet.objects.filter(disability_level=2).count() == 10
    assert record_facts(**act, now=later(2), told=told) == 0
    assert Circumstance.objects.filter(batch=batch).count() == 10


@pytest.mark.covers("PER-02")
def test_a_batch_is_withdrawn_exactly_and_what_came_after_stays(everywhere: Actor) -> None:
    people = [registered(everywhere, identity=number("19420318", place)) for place in (2, 4, 6)]
    telling(everywhere, people[0].pk)
    telling(everywhere, people[2].pk)
    before = current()
    batch = uuid4()
    told = [Told(person.pk, "assistance", "civil_affairs", "none", NOVEMBER) for person in people[:2]]
    record_facts(actor=everywhere, today=TODAY, now=later(2), told=told, batch=batch)
    assert current() != before
    assert withdraw_facts(actor=everywhere, today=TODAY, now=later(3), batch=batch) == 2
    assert current() == before
    assert withdraw_facts(actor=everywhere, today=TODAY, now=later(4), batch=batch) == 0
    record_facts(actor=everywhere, today=TODAY, now=later(5), told=told, batch=batch)
    telling(everywhere, people[1].pk, value="minimum_living", as_of=TODAY, now=later(6))
    assert withdraw_facts(actor=everywhere, today=TODAY, now=later(7), batch=batch) == 1
    assert Sheet.objects.get(pk=people[1].pk).assistance == "minimum_living"


@pytest.mark.covers("NET-02")
def test_facts_of_a_sibling_regions_person_are_not_touched(db: None, actor: ActorFor) -> None:
    own, sibling = actor("street_officer", "420704001"), actor("street_officer", "420704002")
    with scoped(own, "test"):
        person = registered(own, living_region=FENGHUANG)
    with scoped(sibling, "test"):
        with pytest.raises(NotFound):
            telling(sibling, person.pk)
        here = registered(sibling, identity="", living_region=GULOU)
        told = [Told(one, "assistance", "civil_affairs", "edge", NOVEMBER) for one in (person.pk, here.pk)]
        assert record_facts(actor=sibling, today=TODAY, now=later(1), told=told) == 1
    with scoped(own, "test"):
        assert not Circumstance.objects.exists()
