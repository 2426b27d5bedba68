"""Every change of an audited row leaves an entry, whoever makes it; identity does not get into the entries."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account, Role
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.migrating import Audited
from songhe.foundation.audit.models import Entry
from songhe.foundation.audit.recording import summarised
from songhe.foundation.database.preparing import Database
from songhe.people.models import Circumstance, Household, Person
from songhe.regions.models import Division

FENGHUANG, GULOU = "420704001002", "420704002008"
CITY = Actor(uuid.UUID(int=7), "何俊", "4207", frozenset())


@pytest.fixture
def city(db: None) -> Iterator[None]:
    with scoped(CITY, "POST people"):
        yield


def person(**fields: object) -> Person:
    now = timezone.now()
    values = {"region_code": FENGHUANG, "name": "万长松", "created_at": now, "changed_at": now} | fields
    return Person.objects.create(**values)


def rows(table: str = "people_person") -> list[Entry]:
    return list(Entry.objects.filter(table_name=table).order_by("id"))


def test_a_new_row_is_told_with_who_why_and_where(city: None) -> None:
    one = person(standing="present", identity_tail="0027")
    (entry,) = rows()
    assert (entry.kind, entry.action, entry.subject, entry.row_id) == ("rows", "insert", str(one.pk), str(one.pk))
    assert (entry.actor, entry.actor_name, entry.purpose) == (CITY.account_id, "何俊", "POST people")
    assert (entry.region_code, entry.role, entry.row_count) == (FENGHUANG, "songhe_web", 1)
    assert entry.detail == {
        "values": {"region_code": FENGHUANG, "standing": "present", "living_region": "", "registered_region": ""}
    }


def test_a_change_names_its_columns_and_gives_only_values_that_say_nothing_of_who_it_is(city: None) -> None:
    one = person()
    Person.objects.filter(pk=one.pk).update(
        name="王德福", identity_sealed=b"sealed", standing="dead", death_date=date(2026, 3, 1), version=2
    )
    entry = rows()[-1]
    assert entry.action == "update"
    assert entry.detail == {
        "changed": ["death_date", "identity_sealed", "name", "standing"],
        "values": {"standing": ["present", "dead"], "death_date": [None, "2026-03-01"]},
    }
    assert "王德福" not in str(entry.detail)


def test_what_changes_nothing_leaves_no_entry(city: None) -> None:
    one = person()
    Person.objects.filter(pk=one.pk).update(name="万长松", version=9)
    Person.objects.filter(pk=uuid.uuid4()).update(name="没有")
    assert len(rows()) == 1


def test_a_row_is_told_under_the_person_it_is_about(city: None) -> None:
    one = person()
    fact = Circumstance.objects.create(
        region_code=FENGHUANG, person=one, fact="lives_alone", value="1", source="community",
        as_of=date(2026, 3, 1), known_from=timezone.now(),
    )  # fmt: skip
    (entry,) = rows("people_circumstance")
    assert (entry.subject, entry.row_id) == (str(one.pk), str(fact.pk))
    assert entry.detail["values"]["fact"] == "lives_alone"
    assert "value" not in entry.detail["values"]


def test_a_row_that_moves_is_told_in_its_new_region_with_both(city: None) -> None:
    one = person()
    Person.objects.filter(pk=one.pk).update(region_code=GULOU)
    entry = rows()[-1]
    assert (entry.region_code, entry.detail["values"]) == (GULOU, {"region_code": [FENGHUANG, GULOU]})


def test_a_changed_key_is_one_row_gone_and_one_come(city: None) -> None:
    old, new = Role.objects.create(code="old", name="旧"), "new"
    Role.objects.filter(pk=old.pk).update(code=new)
    assert [(entry.subject, entry.row_id) for entry in rows("access_role")[-2:]] in (
        [("old", "old"), ("new", "new")],
        [("new", "new"), ("old", "old")],
    )


def test_a_removed_row_is_told(city: None) -> None:
    house = Household.objects.create(region_code=FENGHUANG, address="凤凰社区3号")
    house_id = str(house.pk)
    house.delete()
    entry = rows("people_household")[-1]
    assert (entry.action, entry.row_id, entry.detail) == ("delete", house_id, {"values": {"region_code": FENGHUANG}})


def test_a_bulk_statement_is_told_row_by_row_up_to_a_thousand(city: None) -> None:
    Household.objects.bulk_create([Household(region_code=FENGHUANG) for _ in range(1000)], batch_size=1000)
    assert len(rows("people_household")) == 1000


def test_a_larger_statement_is_told_once_a_region(city: None) -> None:
    houses = [Household(region_code=code) for code in (FENGHUANG, GULOU) for _ in range(501)]
    Household.objects.bulk_create(houses, batch_size=2000)
    assert [(entry.region_code, entry.row_count, entry.detail) for entry in rows("people_household")] == [
        (FENGHUANG, 501, {}),
        (GULOU, 501, {}),
    ]
    Household.objects.update(address="x")
    Household.objects.all().delete()
    assert [(entry.action, entry.row_count) for entry in rows("people_household")[2:4]] == [("update", 501)] * 2


def test_a_named_batch_is_told_once_a_region_however_small(city: None) -> None:
    with summarised("import 7F2C"):
        Household.objects.create(region_code=FENGHUANG)
        with summarised("inner"):
            Household.objects.create(region_code=FENGHUANG)
        Household.objects.create(region_code=FENGHUANG)
    Household.objects.create(region_code=FENGHUANG)
    found = rows("people_household")
    assert [entry.detail.get("bulk") for entry in found] == ["import 7F2C", "inner", "import 7F2C", None]
    assert found[0].row_id == ""


def household_in_a_batch_then(fail: str) -> None:
    with summarised("failing"), connection.cursor() as cursor:
        Household.objects.create(region_code=FENGHUANG)
        cursor.execute(fail)
        raise ValueError("failed")


@pytest.mark.parametrize(("fail", "error"), [("SELECT 1", ValueError), ("SELECT 1/0", DatabaseError)])
def test_a_batch_that_fails_ends_too(city: None, fail: str, error: type[Exception]) -> None:
    with pytest.raises(error), transaction.atomic():
        household_in_a_batch_then(fail)
    Household.objects.create(region_code=FENGHUANG)
    assert [entry.detail.get("bulk") for entry in rows("people_household")] == [None]


def test_rows_without_a_region_go_to_the_working_region(city: None) -> None:
    Account.objects.create(login="zhou", name="周敏", password="secret-hash", created_at=timezone.now())
    entry = rows("access_account")[-1]
    assert entry.region_code == "420700000000"
    assert "secret-hash" not in str(entry.detail)


def test_outside_of_a_scope_rows_are_told_for_the_whole_country(db: None) -> None:
    Account.objects.create(login="zhou", name="周敏", created_at=timezone.now())
    with scoped(Actor.system("测试", ""), "test"):
        entry = rows("access_account")[-1]
    assert (entry.region_code, entry.actor, entry.actor_name) == ("000000000000", None, "")


def test_a_sign_in_is_no_change_of_an_account(city: None) -> None:
    one = Account.objects.create(login="zhou", name="周敏", created_at=timezone.now())
    Account.objects.filter(pk=one.pk).update(last_login=timezone.now())
    assert [entry.action for entry in rows("access_account")] == ["insert"]


def test_divisions_are_told_with_their_values(city: None) -> None:
    Division.objects.create(code=FENGHUANG, name="凤凰社区", level=12, valid_from=date(2020, 1, 1))
    (entry,) = rows("regions_division")
    assert (entry.subject, entry.region_code, entry.detail["values"]["name"]) == (FENGHUANG, FENGHUANG, "凤凰社区")


def test_the_owner_at_the_database_is_seen_and_named(platform_database: Database) -> None:
    with psycopg.connect(platform_database.owner) as own:
        own.execute("SELECT set_config('app.lo', '0', true), set_config('app.hi', ':', true)")
        own.execute(
            "INSERT INTO people_household (id, region_code, address) VALUES (%s, %s, '')", [uuid.uuid4(), GULOU]
        )
        own.execute("TRUNCATE people_household CASCADE")
        told = own.execute(
            "SELECT action, role, actor_name FROM audit_entry WHERE table_name = 'people_household' ORDER BY id"
        ).fetchall()
        own.rollback()
    assert told == [
        ("insert", "songhe_owner", ""),
        ("truncate", "songhe_owner", ""),
    ]


def test_rows_made_by_one_statement_of_sql_are_seen(city: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_household SELECT gen_random_uuid(), %s, '' FROM generate_series(1, 1500)", [FENGHUANG]
        )
    (entry,) = rows("people_household")
    assert (entry.row_count, entry.region_code) == (1500, FENGHUANG)


def test_the_operation_takes_names_only() -> None:
    with pytest.raises(ValueError, match="drop"):
        Audited("people_person; drop")
    with pytest.raises(ValueError, match="'"):
        Audited("people_person", values=("a'b",))
    operation = Audited("people_person", values=("standing",))
    name, arguments, options = operation.deconstruct()
    assert (name, arguments, options["values"]) == ("Audited", ("people_person",), ("standing",))
    assert "people_person" in operation.describe()
