"""Where a file lies: every row that belongs to a person carries the person's region, so they move together."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model

from songhe.people.models import Person

_LEVEL_ENDS = (12, 9, 6, 4, 2)
STAYS = ("people_transfer",)  # the two sides of a transfer each keep their own region


@cache
def kept_with_person() -> tuple[type[Model], ...]:
    """The tables of the register with rows of a person that carry its region."""
    found = [
        model
        for model in apps.get_app_config("people").get_models()
        if model._meta.db_table not in STAYS and _has(model, "region_code") and _points_to_person(model)
    ]
    return tuple(sorted(found, key=lambda model: model._meta.db_table))


def home_of(person: Person) -> str:
    """Where the file of a person lies: where the person lives, else is registered; while neither is known, as now."""
    home: str = person.living_region or person.registered_region or person.region_code
    return home


def rehome(person: Person, code: str) -> None:
    """Moves the file and all that belongs to it to another division; its caller saves the person.

    The scope must cover both divisions.
    """
    if person.region_code == code:
        return
    person.region_code = code
    Person.objects.filter(pk=person.pk).update(region_code=code)
    for model in kept_with_person():
        model._default_manager.filter(person=person).update(region_code=code)


def common_region(one: str, other: str) -> str:
    """The smallest division that holds both, as 12 digits; 000000000000 is the whole country."""
    shared = next((one[:end] for end in _LEVEL_ENDS if one[:end] == other[:end]), "")
    return shared.ljust(12, "0")


def scope_of_both(one: str, other: str) -> str:
    """The region that an event works in when it concerns both divisions: that smallest one, "" for everywhere."""
    shared = common_region(one, other)
    return shared if shared.strip("0") else ""


def _has(model: type[Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.get_fields())


def _points_to_person(model: type[Model]) -> bool:
    field: Any = next((field for field in model._meta.get_fields() if field.name == "person"), None)
    return isinstance(field, ForeignKey) and field.related_model is Person
