"""Counts by community follow what happens to people."""

from __future__ import annotations

from django.utils import timezone

from songhe.config.subscriptions import SUBSCRIPTIONS
from songhe.foundation.access.scope import scoped
from songhe.people import events
from songhe.people.counts import recount
from songhe.people.listeners import on_people_changed
from songhe.people.models import CommunityCount, Person
from songhe.people.queries.summaries import summary_of
from songhe.people.sheets import make_sheets
from tests.people.invented import EVERYWHERE, FENGHUANG, GULOU, counted, registered, today


def test_every_event_of_the_register_has_its_counts_made_anew() -> None:
    named = {name.rpartition(".")[2] for name in SUBSCRIPTIONS if name.startswith("songhe.people.events.")}
    assert named == {
        name for name, kind in vars(events).items() if isinstance(kind, type) and kind.__module__ == events.__name__
    }


def test_an_event_counts_both_communities_anew(db: None) -> None:
    person = registered("李桂芳", facts={"lives_alone": True})
    counted()
    with scoped(EVERYWHERE, "test"):
        Person.objects.filter(pk=person.pk).update(region_code=GULOU, living_region=GULOU)
        make_sheets(today=today(), person_ids=[person.pk])
        event = events.PersonMoved(
            region=FENGHUANG, person=person.pk, kind="moved_in", on_date=today(), from_region=FENGHUANG, to_region=GULOU
        )
        on_people_changed(event)
        on_people_changed(event)
        assert {row.region_code: (row.total, row.alone) for row in CommunityCount.objects.all()} == {
            FENGHUANG: (0, 0), GULOU: (1, 1),
        }  # fmt: skip


def test_a_batch_counts_its_region_anew(db: None) -> None:
    registered("李桂芳")
    registered("王德福", region=GULOU, order=2)
    with scoped(EVERYWHERE, "test"):
        on_people_changed(events.FactsChanged(region="420704001000", person=None, facts=("dementia",)))
        assert summary_of("420704").people["total"] == 1
        assert recount(today=today(), now=timezone.now(), region="420704000000") == 2
        assert summary_of("420704").people["total"] == 2
