"""Rights follow a division that gives way to another; where that is not clear a security administrator is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account, Grant
from songhe.foundation.access.queries import actor_of
from songhe.foundation.audit.models import Entry
from songhe.foundation.notices.models import Notice
from songhe.foundation.outbox.delivering import deliver
from songhe.foundation.outbox.models import Delivery
from songhe.foundation.tasks.models import Task
from songhe.foundation.tasks.queries import Filters, count_of
from songhe.people.imports.models import ColumnMapping
from songhe.people.models import Person
from songhe.regions.operations import altering
from songhe.regions.operations.altering import decide
from songhe.regions.operations.deeds import Planned
from songhe.regions.queries import successors
from songhe.regions.seeding import load_divisions
from tests.people.register import FENGHUANG, registered
from tests.platform_fixtures import ActorFor

pytestmark = pytest.mark.covers("PER-01")

STREET, OTHER_STREET, TODAY = "420704001000", "420704002000", date(2026, 11, 18)
MARCH, JUNE = date(2026, 3, 1), date(2026, 6, 1)
AccountFor = Callable[..., Account]


@pytest.fixture(autouse=True)
def divisions(everywhere: Actor) -> None:
    load_divisions("420700", date(2020, 1, 1))


def changed(actor: Actor, planned: Planned, on_date: date = MARCH) -> None:
    decide(actor=actor, today=TODAY, now=timezone.now(), planned=planned, on_date=on_date, document="鄂州政函5号")


def told(*, backwards: bool = False) -> None:
    if backwards:
        for at, one in enumerate(Delivery.objects.filter(state="waiting").order_by("-pk")):
            Delivery.objects.filter(pk=one.pk).update(next_try_at=timezone.now() - timedelta(hours=9, minutes=-at))
    while deliver(now=timezone.now()):
        pass  # what is told may tell of tasks in turn
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}


def held(account: Account) -> list[str]:
    return sorted(Grant.objects.filter(account=account, ended_at=None).values_list("region", flat=True))


def test_rights_in_a_street_with_a_new_code_are_rights_there(everywhere: Actor, account_for: AccountFor) -> None:
    officer, worker = account_for("street_officer", STREET), account_for("community_worker", FENGHUANG)
    neighbour = account_for("street_officer", OTHER_STREET)
    changed(everywhere, altering.moving(STREET, "420703001"))
    told()
    assert (held(officer), held(worker), held(neighbour)) == (["420703001000"], ["420703001002"], [OTHER_STREET])
    working = actor_of(officer, TODAY)
    assert working is not None and working.region == "420703001"
    assert Notice.objects.filter(account=officer, title__contains="区划变了").count() == 1
    assert Entry.objects.filter(action="access.follow_division", subject=str(officer.pk)).count() == 1


def test_who_had_the_same_role_in_both_keeps_one_right_and_works_there(
    everywhere: Actor, account_for: AccountFor
) -> None:
    officer = account_for("street_officer", STREET)
    first = Grant.objects.get(account=officer)
    Grant.objects.filter(pk=first.pk).update(until_date=date(2027, 1, 1))
    lasting = Grant.objects.create(
        account=officer, role_id="street_officer", region=OTHER_STREET, from_date=date(2020, 1, 1),
        proposed_by=officer, proposed_at=timezone.now(), approved_by=first.approved_by, approved_at=timezone.now(),
    )  # fmt: skip
    officer.working_grant = first
    officer.save()
    changed(everywhere, altering.merging([STREET], OTHER_STREET))
    told()
    officer.refresh_from_db()
    assert held(officer) == [OTHER_STREET]
    assert officer.working_grant == lasting


def test_a_split_asks_a_security_administrator_and_nobody_else(
    everywhere: Actor, account_for: AccountFor, actor: ActorFor
) -> None:
    officer = account_for("street_officer", STREET)
    changed(everywhere, altering.splitting(STREET, "420704009", "新凤街道", [FENGHUANG]))
    told()
    assert held(officer) == [STREET]
    task = Task.objects.get(kind="regions.place_grants")
    assert (task.region_code, task.title) == (STREET, "区划变了，1个授权要定在哪里")
    everything = Filters(whose="all")
    assert count_of(actor("security_admin"), everything, TODAY) == 1
    assert count_of(actor("city_officer"), everything, TODAY) == 0


def test_an_administrator_of_rights_sees_no_work_on_files(everywhere: Actor, actor: ActorFor) -> None:
    registered(everywhere)
    changed(everywhere, altering.ending(FENGHUANG))
    told()
    assert Task.objects.get().kind == "people.place_files"
    assert count_of(actor("security_admin"), Filters(whose="all"), TODAY) == 0
    assert count_of(actor("city_officer"), Filters(whose="all"), TODAY) == 1


@pytest.mark.parametrize("backwards", [False, True])
def test_a_change_told_after_a_later_one_goes_on_to_where_things_lie_today(
    everywhere: Actor, account_for: AccountFor, backwards: bool
) -> None:
    person, worker = registered(everywhere), account_for("community_worker", FENGHUANG)
    changed(everywhere, altering.moving(STREET, "420703001"), MARCH)
    changed(everywhere, altering.moving("420703001", "420702001"), JUNE)
    told(backwards=backwards)
    assert Person.objects.get(pk=person.pk).region_code == "420702001002"
    assert held(worker) == ["420702001002"]


@pytest.mark.parametrize("backwards", [False, True])
def test_a_street_that_moved_and_was_merged_afterwards(
    everywhere: Actor, account_for: AccountFor, backwards: bool
) -> None:
    person, officer = registered(everywhere), account_for("street_officer", STREET)
    changed(everywhere, altering.moving(STREET, "420704099"), MARCH)
    changed(everywhere, altering.merging(["420704099"], OTHER_STREET), JUNE)
    told(backwards=backwards)
    (community,) = successors(FENGHUANG, date(2026, 2, 28), TODAY)
    assert Person.objects.get(pk=person.pk).region_code == community.code
    assert held(officer) == [OTHER_STREET]


@pytest.mark.parametrize("backwards", [False, True])
def test_a_split_is_asked_about_in_whatever_order_it_is_told(everywhere: Actor, backwards: bool) -> None:
    registered(everywhere, living_region=STREET)
    changed(everywhere, altering.moving(STREET, "420704099"), MARCH)
    changed(everywhere, altering.splitting("420704099", "420704009", "新凤街道", ["420704099002"]), JUNE)
    told(backwards=backwards)
    assert [(one.kind, one.region_code) for one in Task.objects.all()] == [("people.place_files", "420704099000")]


def test_ways_to_read_files_go_along_unless_the_successor_has_its_own(everywhere: Actor) -> None:
    for region, signature in ((STREET, "one"), (STREET, "both"), (OTHER_STREET, "both")):
        ColumnMapping.objects.create(
            region_code=region, source="funeral", signature=signature, mapping={}, saved_at=timezone.now()
        )
    changed(everywhere, altering.merging([STREET], OTHER_STREET))
    told()
    ways = ColumnMapping.objects.order_by("region_code", "signature").values_list("region_code", "signature")
    assert list(ways) == [(STREET, "both"), (OTHER_STREET, "both"), (OTHER_STREET, "one")]
