"""A sheet of which only the facts that were told anew are made equals one that is made whole, for any tellings."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from songhe.foundation.access.actors import Actor
from songhe.people.models import Circumstance, Person, Sheet
from songhe.people.sheets import make_sheets
from songhe.people.sheets_facts import TOUCHED, make_touched, remake_touched
from songhe.people.terms import Standing
from songhe.people.trust import Telling, trust
from tests.people.register import NOW, TODAY, registered
from tests.people.test_sheets import DAYS, kept, reference, tellings, told_to, values_of


def tell_anew(person: Person, told: dict[str, list[Telling]], source: str, news: dict[str, Telling | None]) -> None:
    """One source tells these facts anew, or takes them back (None), and the sheet follows; `told` as well."""
    make_touched()
    with connection.cursor() as cursor:
        for fact, one in news.items():
            old = next((each for each in told.get(fact, []) if each.source == source), None)
            days = (old.as_of, old.from_date, old.until_date) if old else (None, None, None)
            values = [person.pk, fact, source, *days]
            cursor.execute(f"INSERT INTO {TOUCHED} VALUES (%s, %s, %s, %s, %s, %s)", values)
            told[fact] = [each for each in told.get(fact, []) if each.source != source] + ([one] if one else [])
    Circumstance.objects.filter(person=person, source=source, fact__in=news).update(known_until=NOW)
    Circumstance.objects.bulk_create(
        Circumstance(
            region_code=person.region_code, person=person, fact=fact, value=one.value, source=one.source,
            as_of=one.as_of, from_date=one.from_date, until_date=one.until_date, known_from=NOW,
        )
        for fact, one in news.items()
        if one
    )  # fmt: skip


@st.composite
def news(draw: st.DrawFn) -> tuple[str, dict[str, Telling | None]]:
    source = draw(st.sampled_from(("civil_affairs", "community", "pensions", "health")))
    able = sorted(fact for fact, ways in trust().items() if source in ways)
    facts = draw(st.lists(st.sampled_from(able), unique=True, min_size=1, max_size=4))
    return source, {
        fact: draw(st.none() | st.builds(Telling, st.just(source), st.sampled_from(values_of(fact)), DAYS))
        for fact in facts
    }


@pytest.mark.covers("PER-02")
@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(told=tellings(), day=DAYS, wait=st.sampled_from((0, 0, 1, 40)), anew=news())
def test_facts_told_anew_make_the_sheet_that_is_made_whole(
    everywhere: Actor, told: dict[str, list[Telling]], day: date, wait: int, anew: tuple[str, dict[str, Telling | None]]
) -> None:
    person = Person.objects.filter(name="李桂芳").first() or registered(everywhere)
    told_to(person, told)
    make_sheets(today=day, person_ids=[person.pk])
    later, (source, facts) = day + timedelta(wait), anew
    tell_anew(person, told, source, facts)
    remake_touched(today=later, facts=list(facts))
    assert kept(person) == reference(person, told, later)
    assert make_sheets(today=later, person_ids=[person.pk]) == 0


def test_a_person_without_a_sheet_gets_one_and_a_merged_file_none(everywhere: Actor) -> None:
    person = registered(everywhere)
    Sheet.objects.all().delete()
    told: dict[str, list[Telling]] = {}
    tell_anew(person, told, "health", {"dementia": Telling("health", "true", TODAY)})
    remake_touched(today=TODAY, facts=["dementia"])
    assert kept(person)["dementia"] is True
    Person.objects.update(standing=Standing.MERGED)
    Sheet.objects.all().delete()
    tell_anew(person, told, "health", {"dementia": None})
    remake_touched(today=TODAY, facts=["dementia"])
    assert not Sheet.objects.exists()


def test_nothing_told_makes_nothing(everywhere: Actor) -> None:
    make_touched()
    remake_touched(today=TODAY, facts=[])
    assert not Sheet.objects.exists()
