"""A handful of invented people in the register, made without operations, so that pages can be tested on any state."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.kernel.identity_numbers import check_character
from songhe.people.counts import recount
from songhe.people.grams import grams_of
from songhe.people.identity import identity_columns, phone_columns
from songhe.people.models import Circumstance, NameGram, Person
from songhe.people.sheets import make_sheets
from songhe.people.trust import text_of

FENGHUANG, GULOU, HUARONG = "420704001002", "420704002008", "420703100209"
EVERYWHERE = Actor.system("测试", "")
NOW = datetime(2026, 11, 18, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def today() -> date:
    """The day the pages see: screens read the clock."""
    return timezone.localdate()


def identity_number(birth: date, order: int, sex: str = "2") -> str:
    """A well-formed number in an area that does not exist."""
    first = f"429900{birth:%Y%m%d}{order * 2 + (1 if sex == '1' else 0):03d}"
    return first + check_character(first)


def registered(name: str, *, region: str = FENGHUANG, order: int = 1, **fields: Any) -> Person:
    """One person with what belongs to a file; facts as `facts={"lives_alone": True}`, told by the community today."""
    facts: dict[str, Any] = fields.pop("facts", {})
    told = {"source": "community", "as_of": today(), **fields.pop("told", {})}
    person_id = fields.pop("id", uuid.uuid4())
    birth, sex = fields.setdefault("birth_date", date(1942, 3, 18)), fields.setdefault("sex", "2")
    number = fields.pop("identity", None)
    number = identity_number(birth, order, sex) if number is None and birth else number or ""
    phone = fields.pop("phone", "")
    with scoped(EVERYWHERE, "test"):
        person = Person.objects.create(
            id=person_id, name=name, region_code=region, created_at=NOW, changed_at=NOW,
            **{"registered_region": region, "living_region": region, "address": "寿昌大道118号2单元301", **fields},
            **identity_columns(person_id, number), **phone_columns(person_id, phone),
        )  # fmt: skip
        NameGram.objects.bulk_create(
            NameGram(region_code=region, gram=gram, person=person) for gram in grams_of(person.name, person.address)
        )
        Circumstance.objects.bulk_create(
            Circumstance(
                region_code=region, person=person, fact=fact, value=text_of(value), source=told["source"],
                from_date=None, until_date=None, as_of=told["as_of"], known_from=NOW,
            )
            for fact, value in facts.items()
        )  # fmt: skip
        make_sheets(today=today(), person_ids=[person.pk])
    return person


def counted() -> None:
    """The counts of the tabs, as after the daily count."""
    with scoped(EVERYWHERE, "test"):
        recount(today=today(), now=timezone.now())
