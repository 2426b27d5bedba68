"""A household with matters of every kind, for tests of doors: laid into the register, decided by the city's list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.utils.timezone import localdate

from songhe.eligibility.decisions.models import Matter, Receipt
from songhe.eligibility.decisions.operations.running import run_whole
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.people.api import Told, record_facts
from songhe.people.models import Household, Person
from songhe.people.trust import trust
from tests.decisions.crowd import NOW, TODAY
from tests.policy.releases import issued_release, somebody

COMMUNITY, SIBLING = "420704001002", "420704001003"
EVERYBODY = Actor.system("判定", "")
_SPACE = UUID("1b0f7a86-0a0a-4d3c-8d4b-2f2a52b0a002")
ALLOWANCE, SUBSIDY = "advanced-age-allowance", "elderly-service-subsidy"
KNOWN = {
    "hukou_kind": "urban", "assistance": "none",
    "destitute_support": "none", "hardship_after_allowance": False, "disability_category": 0, "disability_level": 0,
    "long_term_care_need": False, "ability_grade": 0, "cannot_self_care": False, "dementia": False,
    "lives_alone": False, "empty_nest": False, "left_behind": False, "family_planning_special": False,
    "entitled_kind": "none", "capable_supporter": True, "has_family_carer": True,
}  # fmt: skip


def worker(region: str = COMMUNITY, name: str = "周敏") -> Actor:
    """A community worker with an account."""
    actor = somebody("community_worker", name, region)
    Account.objects.get_or_create(pk=actor.account_id, defaults={"login": name, "name": name, "created_at": NOW})
    return actor


def resident(
    name: str,
    age: int,
    *,
    region: str = COMMUNITY,
    household: Household | None = None,
    born: date | None = None,
    now: datetime = NOW,
    **facts: object,
) -> Person:
    """Somebody in the register, no birthday near, of whom everything is known but what `facts` says otherwise."""
    today = localdate(now)
    born = born or today.replace(year=today.year - age, day=1) - timedelta(days=200)
    person = Person.objects.create(
        id=uuid5(_SPACE, f"{name}{age}{region}"), region_code=region, name=name, sex="2", birth_date=born,
        registered_region=region, living_region=region, address="凤凰路1号", household=household, created_at=now,
        changed_at=now,
    )  # fmt: skip
    known = {**KNOWN, **facts}
    record_facts(actor=EVERYBODY, today=today, now=now, told=_tellings(person, known, today))
    return person


def _tellings(person: Person, known: dict[str, Any], as_of: date) -> Iterator[Told]:
    for fact, value in known.items():
        if value is not None:
            best = min(trust()[fact].values(), key=lambda one: one.rank)
            yield Told(person.pk, fact, best.source, _text(value), as_of)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def house(region: str = COMMUNITY) -> Household:
    """A roof."""
    return Household.objects.create(region_code=region, address="凤凰路1号2单元301")


def receives(person: Person, item: str, since: date = TODAY - timedelta(days=200)) -> Receipt:
    """Somebody is put down."""
    return Receipt.objects.create(
        region_code=person.region_code, person=person, item=item, from_date=since, source="名册", recorded_at=NOW
    )


def decided() -> None:
    """Everybody is decided by the city's list."""
    issued_release()
    run_whole(actor=EVERYBODY, region="", on=TODAY, now=NOW)


def open_matters(person: Person) -> dict[tuple[str, str], Matter]:
    """What is open of a person, by kind and item."""
    return {(one.kind, one.item): one for one in Matter.objects.filter(person=person, closed_at=None)}
