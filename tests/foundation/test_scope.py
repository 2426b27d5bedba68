"""The scope of a transaction: what it shows, what it hides, and that it ends."""

from __future__ import annotations

import uuid

import pytest
from django.db import DataError, connection, transaction

from songhe.foundation.access.actors import Actor, region_range
from songhe.foundation.access.scope import scoped
from songhe.people.models import Household

FENGHUANG, GULOU, HUARONG = "420704001002", "420704002008", "420703100209"
CITY = Actor.system("测试", "420700")


def seen() -> set[str]:
    return set(Household.objects.values_list("region_code", flat=True))


@pytest.fixture
def households(db: None) -> None:
    with scoped(CITY, "test"):
        Household.objects.bulk_create(Household(region_code=code) for code in (FENGHUANG, GULOU, HUARONG))


@pytest.mark.covers("NET-02")
@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("420700", {FENGHUANG, GULOU, HUARONG}),
        ("420704", {FENGHUANG, GULOU}),
        ("420704001", {FENGHUANG}),
        ("420704001002", {FENGHUANG}),
        ("420703", {HUARONG}),
        ("150600", set()),
        ("", {FENGHUANG, GULOU, HUARONG}),
    ],
)
def test_a_region_sees_what_lies_in_it(households: None, region: str, expected: set[str]) -> None:
    with scoped(Actor.system("测试", region), "test"):
        assert seen() == expected


def test_nobody_sees_nothing(households: None) -> None:
    with scoped(None, "test"):
        assert seen() == set()


def test_outside_of_a_scope_nothing_is_seen(households: None) -> None:
    assert seen() == set()


def test_an_inner_scope_ends_where_it_ends(households: None) -> None:
    with scoped(Actor.system("测试", "420703"), "test"):
        with scoped(CITY, "test"):
            assert len(seen()) == 3
        assert seen() == {HUARONG}
        with pytest.raises(ValueError, match="undone"), scoped(CITY, "test"):
            raise ValueError("undone")
        assert seen() == {HUARONG}


def test_an_error_of_the_database_within_an_inner_scope_leaves_the_outer_one_usable(households: None) -> None:
    with scoped(Actor.system("测试", "420703"), "test"):
        with pytest.raises(DataError), scoped(CITY, "test"), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        assert seen() == {HUARONG}


def test_a_row_of_another_region_cannot_be_written(households: None) -> None:
    with scoped(Actor.system("测试", "420703"), "test"):
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            Household.objects.create(id=uuid.uuid4(), region_code=FENGHUANG)
        assert Household.objects.filter(region_code=FENGHUANG).update(address="别处") == 0


def test_a_stray_setting_of_the_session_is_healed_by_the_next_scope(households: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.lo', '0', false), set_config('app.hi', ':', false)")
    with scoped(None, "test"):
        assert seen() == set()


def test_the_range_of_a_code_ending_in_nine_stays_within() -> None:
    assert region_range("330109") == ("330109", "33010:")
    assert region_range("") == ("0", ":")
