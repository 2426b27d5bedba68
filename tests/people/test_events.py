"""What the register tells other rooms comes back from the outbox as it went in."""

from __future__ import annotations

import json
from datetime import date
from uuid import UUID

import pytest

from songhe.foundation.outbox.events import Event, kind_named, name_of, read, written
from songhe.people import events

WHO, OTHER, DAY = UUID(int=1), UUID(int=2), date(2024, 2, 29)
HERE, THERE = "420704001002", "420703100209"


@pytest.mark.covers("PER-06")
@pytest.mark.parametrize(
    "event",
    [
        events.PersonRegistered(region=HERE, person=WHO, on_date=DAY),
        events.PersonCorrected(region=HERE, person=WHO, fields=("birth_date", "name")),
        events.PersonDied(region=HERE, person=WHO, on_date=DAY),
        events.DeathUndone(region=HERE, person=WHO, on_date=DAY),
        events.PersonMoved(
            region="", person=WHO, kind="moved_out", on_date=DAY, from_region=HERE, to_region="310101000000"
        ),
        events.PersonTransferred(region="420700000000", person=WHO, on_date=DAY, from_region=HERE, to_region=THERE),
        events.PersonMerged(region=HERE, person=WHO, merged=OTHER),
        events.PersonUnmerged(region=HERE, person=WHO, merged=OTHER),
        events.FactsChanged(region=HERE, person=WHO, facts=("dementia",)),
        events.FactsChanged(region=HERE, person=None, facts=(), batch=OTHER),
    ],
)
def test_an_event_is_read_as_it_was_written(event: Event) -> None:
    kept = json.loads(json.dumps(written(event)))
    assert read(kind_named(name_of(type(event))), kept) == event
