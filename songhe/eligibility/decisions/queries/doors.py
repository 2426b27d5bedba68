"""Doors: who lives behind one, and what is to be settled there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import BooleanField, Case, Q, Value, When

from songhe.eligibility.decisions.kinds import VISIT
from songhe.eligibility.decisions.models import Matter, Receipt, Standing
from songhe.foundation.access.actors import Actor
from songhe.foundation.tasks.models import Task
from songhe.foundation.tasks.queries import open_about, overdue_of
from songhe.kernel.errors import NotFound
from songhe.people.api import GROUPS
from songhe.policy.api import pack_of, release_for
from songhe.rules.packs import Item

TAGS = (
    "alone", "empty_nest", "left_behind", "disabled", "dementia", "severe", "destitute", "minimum_living", "edge",
    "family_planning", "entitled",
)  # fmt: skip
_SHOWN_FOR = timedelta(days=30)


@dataclass(slots=True)
class Resident:
    """Somebody behind the door: with what is open, what was settled lately, what was decided and is received."""

    person: Any
    tags: tuple[str, ...] = ()
    open: list[Matter] = field(default_factory=list)
    closed: list[Matter] = field(default_factory=list)
    standing: Standing | None = None
    receipts: dict[str, Receipt] = field(default_factory=dict)


@dataclass(slots=True)
class Door:
    """One door. `items` are those of the list that holds there, by slug; `task` is the visit that is open, if any."""

    key: UUID
    address: str
    region_code: str
    residents: Sequence[Resident]
    task: Task | None
    items: dict[str, Item]

    @property
    def number_open(self) -> int:
        """How many matters are open."""
        return sum(len(one.open) for one in self.residents)


def door_of(actor: Actor, key: UUID, today: date, now: datetime) -> Door:
    """A household, or a person without one. NotFound when it is not there, or not the actor's to see."""
    matters = list(_of_region(actor).filter(door=key, closed_at=None).order_by("due_date", "item"))
    persons = _persons(actor, key, {one.person_id for one in matters})
    if not persons:
        raise NotFound("这一户")
    residents = {one.pk: Resident(one) for one in persons}
    keys = list(residents)
    lately = _of_region(actor).filter(person_id__in=keys, closed_at__gte=now - _SHOWN_FOR, door=key)
    for matter in [*matters, *lately.exclude(outcome="moot").order_by("-closed_at", "item")]:
        if matter.person_id in residents:
            one = residents[matter.person_id]
            (one.open if matter.closed_at is None else one.closed).append(matter)
    for standing in Standing.objects.filter(pk__in=keys):
        residents[standing.pk].standing = standing
    for receipt in Receipt.objects.filter(person_id__in=keys, until_date=None):
        residents[receipt.person_id].receipts[receipt.item] = receipt
    for person, tags in _tags(keys, today).items():
        residents[person].tags = tags
    first = persons[0]
    return Door(
        key, _address(first), first.region_code, list(residents.values()), open_about(key, VISIT.code).first(),
        items_of(first.region_code, today),
    )  # fmt: skip


def items_of(region_code: str, today: date) -> dict[str, Item]:
    """The items of the list that holds in a place, by slug; empty where none holds."""
    release = release_for(region_code, today)
    return {} if release is None else {item.slug: item for item in pack_of(release).items}


def who_live_at(doors: list[UUID]) -> dict[UUID, str]:
    """Whom each visit is about, in the words of a page."""
    names: dict[UUID, dict[UUID, str]] = defaultdict(dict)
    rows = Matter.objects.filter(door__in=doors, closed_at=None).order_by("due_date", "person_id")
    for door, person, name in rows.values_list("door", "person_id", "person__name"):
        names[door][person] = name
    return {door: "、".join(list(found.values())[:3]) for door, found in names.items()}


def visits_overdue(actor: Actor, today: date) -> int:
    """How many doors of the actor's region should have been visited by now."""
    return overdue_of(actor, VISIT.code, today)


def _of_region(actor: Actor):  # type: ignore[no-untyped-def]
    lo, hi = actor.range
    return Matter.objects.filter(region_code__gte=lo, region_code__lt=hi)


def _persons(actor: Actor, key: UUID, named: set[UUID]) -> list[Any]:
    """Who lives there, and whom matters name; the head first, then the eldest."""
    lo, hi = actor.range
    model: Any = apps.get_model("people", "Person")
    there = Q(household=key) | Q(pk=key, household=None) | Q(pk__in=named)
    found = model.objects.filter(there, region_code__gte=lo, region_code__lt=hi).exclude(standing="merged")
    return sorted(
        found.select_related("household"),
        key=lambda one: (one.household_relation != "self", one.birth_date or date.max, one.pk),
    )


def _address(person: Any) -> str:
    household = person.household
    return str((household.address if household is not None else "") or person.address)


def _tags(persons: list[UUID], today: date) -> dict[UUID, tuple[str, ...]]:
    """The groups that change the work, in their Chinese words."""
    model: Any = apps.get_model("people", "Sheet")
    of_group = {
        f"is_{code}": Case(
            When(GROUPS[code].query(today), then=Value(True)), default=Value(False), output_field=BooleanField()
        )
        for code in TAGS
    }
    rows = model.objects.filter(pk__in=persons).annotate(**of_group).values("pk", *of_group)
    return {row["pk"]: tuple(GROUPS[code].words for code in TAGS if row[f"is_{code}"]) for row in rows}
