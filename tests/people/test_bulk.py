"""A register loaded by COPY is what the operations would have made, and the schema is as it was afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import polars as pl
import pytest
import pytest_django
from django.db import connections, transaction
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import UniqueViolation

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.database.preparing import Database
from songhe.people.identity import contact_phone_of, identity_index, identity_of, phone_index, phone_of
from songhe.people.models import Contact, Person
from songhe.people.operations.registering import AlreadyRegistered
from songhe.people.operations.telling import record_fact
from songhe.people.sheets import make_sheets
from songhe.people.whole.columns import gram_frame, sealed_contacts, sealed_people
from songhe.people.whole.loading import TABLES, bulk_loading
from tests.people.register import FENGHUANG, NOW, TODAY, current, later, number, registered

ADDRESS = "吴都社区寿昌大道118号2单元301"
_SCHEMA = """
SELECT indexdef FROM pg_indexes WHERE tablename = ANY(%(tables)s)
UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = ANY(%(tables)s::regclass[])
UNION ALL SELECT tgrelid::regclass || ' ' || tgname || ' ' || tgenabled::text FROM pg_trigger
WHERE tgrelid = ANY(%(tables)s::regclass[]) AND NOT tgisinternal
UNION ALL SELECT oid::regclass || ' ' || relrowsecurity || ' ' || relforcerowsecurity FROM pg_class
WHERE oid = ANY(%(tables)s::regclass[])
ORDER BY 1"""


@pytest.fixture
def everyone(
    platform_database: Database, django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[Actor]:
    """The test runs as the schema's owner, whom the scope binds as well, in a transaction that is undone at the end."""
    django = connections["default"]
    kept, parts = dict(django.settings_dict), conninfo_to_dict(platform_database.owner)
    actor = Actor.system("测试", "", ["people.write"])
    with django_db_blocker.unblock():
        django.close()
        django.settings_dict.update(USER=parts["user"], PASSWORD=parts["password"])
        try:
            with scoped(actor, "test"):
                yield actor
                transaction.set_rollback(True)
        finally:
            django.close()
            django.settings_dict.update(kept)


def schema() -> list[str]:
    with connections["default"].cursor() as cursor:
        cursor.execute(_SCHEMA, {"tables": list(TABLES)})
        return [row[0] for row in cursor.fetchall()]


def frames(person_id: str, contact_id: str) -> dict[str, pl.DataFrame]:
    people = {
        "id": person_id, "region_code": FENGHUANG, "name": "李桂芳", "sex": "2", "birth_date": date(1942, 3, 18),
        "death_date": None, "standing": "present", "identity": number(), "phone": "13800005521",
        "registered_region": FENGHUANG, "living_region": FENGHUANG, "address": ADDRESS, "household": None,
        "household_relation": "",
    }  # fmt: skip
    places = [
        {
            "region_code": FENGHUANG, "person_id": person_id, "place": place, "area": FENGHUANG, "address": address,
            "from_date": None, "until_date": None,
        }
        for place, address in (("registered", ""), ("living", ADDRESS))
    ]  # fmt: skip
    contact = {
        "id": contact_id, "region_code": FENGHUANG, "person_id": person_id, "part": "contact", "relation": "daughter",
        "name": "余红", "phone": "13900002080", "document": "", "from_date": TODAY,
    }  # fmt: skip
    telling = {
        "region_code": FENGHUANG, "person_id": person_id, "fact": "dementia", "value": "true", "source": "health",
        "from_date": None, "as_of": TODAY, "known_from": datetime(2026, 11, 18, 11, 0),
    }  # fmt: skip
    event = {
        "id": str(uuid4()), "region_code": FENGHUANG, "person_id": person_id, "kind": "registered", "on_date": TODAY,
        "recorded_at": datetime(2026, 11, 18, 10, 0), "recorder": "测试", "source": "community", "reason": "",
        "detail": "{}",
    }  # fmt: skip
    schemas: dict[str, Any] = {"from_date": pl.Date, "until_date": pl.Date}
    return {
        "people": pl.DataFrame([people], schema_overrides={"death_date": pl.Date, "household": pl.String}),
        "residences": pl.DataFrame(places, schema_overrides=schemas),
        "contacts": pl.DataFrame([contact]),
        "tellings": pl.DataFrame([telling], schema_overrides={"from_date": pl.Date}),
        "events": pl.DataFrame([event]),
    }


def loaded() -> str:
    """One woman by COPY; gives her id."""
    person_id = str(uuid4())
    given = frames(person_id, str(uuid4()))
    with bulk_loading(connections["default"].connection) as loader:
        loader.people(sealed_people(given["people"], NOW.replace(tzinfo=None)), gram_frame(given["people"]))
        loader.residences(given["residences"])
        loader.contacts(sealed_contacts(given["contacts"]))
        loader.tellings(given["tellings"])
        loader.events(given["events"])
    make_sheets(today=TODAY)
    with connections["default"].cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return person_id


def test_what_is_loaded_is_found_opened_and_refused_like_what_the_operations_make(everyone: Actor) -> None:
    person_id = loaded()
    person = Person.objects.get(identity_index=identity_index(number()), phone_index=phone_index("13800005521"))
    assert (str(person.pk), identity_of(person), phone_of(person)) == (person_id, number(), "13800005521")
    assert contact_phone_of(Contact.objects.get()) == "13900002080"
    with pytest.raises(AlreadyRegistered, match="名册里已有"):
        registered(everyone)


def test_a_loaded_register_says_what_the_operations_say(everyone: Actor) -> None:
    loaded()
    copied = current()
    with connections["default"].cursor() as cursor:
        cursor.execute("TRUNCATE people_person, people_household CASCADE")
    person = registered(everyone)
    record_fact(
        actor=everyone, today=TODAY, now=later(1), person_id=person.pk, fact="dementia", value="true", source="health"
    )
    made = current()
    for table in ("person", "gram", "residence", "told", "sheet"):
        assert sorted(map(_without_ids, made[table])) == sorted(map(_without_ids, copied[table])), table


def test_a_load_leaves_indexes_keys_triggers_and_policies_as_they_were(everyone: Actor) -> None:
    before = schema()
    loaded()
    assert schema() == before
    with pytest.raises(UniqueViolation), transaction.atomic():
        loaded()  # the same number again
    assert schema() == before


def _without_ids(row: str) -> str:
    return re.sub(r"'id': \d+|UUID\('[^']+'\)|datetime\.datetime\([^)]*\)", "", row)
