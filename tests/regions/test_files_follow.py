"""From the change of a division to the files that lie there: told once, taken along, in whatever order."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.outbox.delivering import deliver
from songhe.foundation.outbox.models import Delivery
from songhe.foundation.tasks.models import Task
from songhe.people.models import Person
from songhe.regions.operations import altering
from songhe.regions.operations.altering import decide
from songhe.regions.operations.deeds import Planned
from songhe.regions.queries import children_of, successors
from songhe.regions.seeding import load_divisions
from tests.people.register import FENGHUANG, GULOU, number, registered

pytestmark = pytest.mark.covers("PER-01")

STREET, OTHER_STREET, DAY, TODAY = "420704001000", "420704002000", date(2026, 3, 1), date(2026, 11, 18)


@pytest.fixture(autouse=True)
def files(everywhere: Actor) -> dict[str, Person]:
    """One file in a community, one in another street, one of which only the street is known."""
    load_divisions("420700", date(2020, 1, 1))
    there = {"community": FENGHUANG, "elsewhere": GULOU, "street": STREET}
    found = {
        name: registered(everywhere, identity=number("19420318", at), living_region=code)
        for at, (name, code) in enumerate(there.items(), start=2)
    }
    deliver(now=timezone.now())
    return found


def changed(actor: Actor, planned: Planned, *, backwards: bool = False) -> None:
    decide(actor=actor, today=TODAY, now=timezone.now(), planned=planned, on_date=DAY, document="鄂州政函〔2026〕5号")
    if backwards:
        for at, one in enumerate(Delivery.objects.filter(state="waiting").order_by("-pk")):
            Delivery.objects.filter(pk=one.pk).update(next_try_at=timezone.now() - timedelta(hours=9, minutes=-at))
    while deliver(now=timezone.now()):
        pass  # what is told may tell of tasks in turn
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}


def places(files: dict[str, Person]) -> dict[str, str]:
    return {name: Person.objects.get(pk=one.pk).region_code for name, one in files.items()}


@pytest.mark.parametrize("backwards", [False, True])
def test_streets_merge_and_every_file_lies_where_its_community_went(
    everywhere: Actor, files: dict[str, Person], backwards: bool
) -> None:
    changed(everywhere, altering.merging([STREET], OTHER_STREET), backwards=backwards)
    (community,) = successors(FENGHUANG, date(2026, 2, 28), DAY)
    assert places(files) == {"community": community.code, "elsewhere": GULOU, "street": OTHER_STREET}
    assert Task.objects.count() == 0


def test_a_street_that_goes_to_another_district_takes_its_files_along(
    everywhere: Actor, files: dict[str, Person]
) -> None:
    changed(everywhere, altering.moving(STREET, "420703001"))
    assert places(files) == {"community": "420703001002", "elsewhere": GULOU, "street": "420703001000"}


def test_a_split_street_takes_along_what_is_clear_and_asks_for_the_rest(
    everywhere: Actor, files: dict[str, Person]
) -> None:
    changed(everywhere, altering.splitting(STREET, "420704009", "新凤街道", [FENGHUANG]))
    assert places(files) == {"community": "420704009002", "elsewhere": GULOU, "street": STREET}
    assert [one.region_code for one in Task.objects.all()] == [STREET]


def test_where_nothing_takes_its_place_somebody_is_asked(everywhere: Actor, files: dict[str, Person]) -> None:
    assert FENGHUANG in {one.code for one in children_of(STREET, DAY)}
    changed(everywhere, altering.ending(FENGHUANG))
    assert places(files)["community"] == FENGHUANG
    assert [one.region_code for one in Task.objects.all()] == [FENGHUANG]
