"""What a list keeps or takes a shorter way for says the same as the long way."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import override_settings

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.database.statements import prepared, rows_of
from songhe.people.models import CommunityCount, Person
from songhe.people.queries import facets, listing
from songhe.people.queries.filters import Filters
from songhe.people.queries.listing import count_of, people_of
from songhe.people.queries.summaries import Counts, summary_of
from tests.people.invented import FENGHUANG, GULOU, HUARONG, counted, registered, today

CITY = Actor.system("测试", "420700")
COMMUNITY = Actor.system("测试", FENGHUANG)


def filters(query: str) -> Filters:
    return Filters.read(QueryDict(query))


@pytest.fixture
def four(db: None) -> None:
    registered("李桂芳", order=1, birth_date=date(1942, 3, 18), facts={"lives_alone": True, "assistance": "edge"})
    registered("王德福", order=2, birth_date=date(1950, 1, 1), sex="1", region=GULOU, facts={"ability_grade": 3})
    registered("刘金凤", order=3, birth_date=date(1938, 5, 5), region=HUARONG, facts={"dementia": True})
    registered("孙玉兰", order=4, birth_date=date(1955, 5, 5), facts={"lives_alone": True})
    counted()


@pytest.mark.parametrize(
    "query",
    ["living=alone", "economy=edge", "care=dementia&care=disabled", "data=stale", "age_from=80", "unknown=dementia"],
)
def test_boxes_beside_one_question_count_as_those_of_one_pass(four: None, query: str) -> None:
    with scoped(CITY, "test"):
        totals = summary_of("420700").people
        short = facets.facets_of(CITY, filters(query), totals, today=today())
        assert short == facets._in_one_pass(CITY, filters(query), today())


@pytest.mark.parametrize("query", ["sort=name", "sort=-name", "sort=name&living=alone", "sort=name&economy=edge"])
def test_a_community_in_the_order_of_names_lists_its_own(four: None, query: str) -> None:
    with scoped(COMMUNITY, "test"):
        found = [person.name for person in people_of(COMMUNITY, filters(query), today=today()).people]
    everybody = ["孙玉兰", "李桂芳"] if "edge" not in query else ["李桂芳"]
    assert found == (everybody[::-1] if "-name" in query else everybody)


def test_an_area_elsewhere_lists_nobody_of_a_community(four: None) -> None:
    with scoped(COMMUNITY, "test"):
        assert not listing.chosen_sheets(COMMUNITY, filters(f"sort=name&area={GULOU}"), today=today()).exists()


@pytest.mark.covers("NET-02")
def test_counts_are_kept_apart_by_who_sees_them_and_end_with_the_next_writing(four: None) -> None:
    with scoped(CITY, "test"):
        before = Counts.of("")
        assert before is Counts.of("") and before.summary.people["total"] == 4
    with scoped(COMMUNITY, "test"):
        assert Counts.of("").summary.people["total"] == 2
    with scoped(CITY, "test"):
        CommunityCount.objects.filter(region_code=FENGHUANG).update(total=9)
        assert Counts.of("").summary.people["total"] == 11


def test_the_length_of_a_long_list_is_kept_until_its_region_is_counted_anew(
    four: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "_LONG", 1)
    asked = filters("living=alone&sex=2")
    with scoped(CITY, "test"):
        assert count_of(CITY, asked, today=today(), counts=Counts.of("420700")) == (2, True)
    registered("周小妹", order=5, birth_date=date(1951, 5, 5), facts={"lives_alone": True})
    with scoped(CITY, "test"):
        assert count_of(CITY, asked, today=today(), counts=Counts.of("420700")) == (2, True)
    counted()
    with scoped(CITY, "test"):
        assert count_of(CITY, asked, today=today(), counts=Counts.of("420700")) == (3, True)


@pytest.mark.covers("NET-02")
@override_settings(PREPARED=True)
def test_a_prepared_statement_sees_the_region_of_the_transaction(four: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection.connection, "prepare_threshold", 1 << 30)
    for _ in range(8):  # the server turns to a plan for all parameters after some
        for actor, number in ((CITY, 4), (COMMUNITY, 2), (Actor.system("测试", GULOU), 1)):
            with scoped(actor, "test"), prepared():
                assert rows_of("SELECT count(*) FROM people_person WHERE name <> %s", ["谁"]) == [(number,)]
                assert Person.objects.exclude(name="谁").count() == number
