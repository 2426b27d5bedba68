"""What was done long ago is cleared from the tables of work; what still waits for somebody stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from songhe.config.keeping import forget_old, kept_for
from songhe.foundation.jobs.models import Job
from songhe.foundation.jobs.states import JobState
from songhe.foundation.outbox.delivering import forget_delivered
from songhe.foundation.outbox.models import Delivery, StoredEvent
from songhe.foundation.outbox.states import State
from songhe.kernel.errors import BadInput

LONG_AGO = timezone.now() - timedelta(days=400)
NAME = "songhe.people.events.PersonDied"


def event(*states: State, told_at: object = LONG_AGO) -> int:
    stored = StoredEvent.objects.create(name=NAME, region="420704000000", body={}, told_at=told_at)
    for number, state in enumerate(states):
        Delivery.objects.create(event=stored, handler=f"handler{number}", state=state)
    return stored.pk


def test_delivered_events_go_and_those_that_wait_for_somebody_stay(db: None) -> None:
    gone = [event(State.DONE), event(State.DONE, State.GIVEN_UP), event()]
    kept = [
        event(State.DONE, State.WAITING), event(State.FAILED), event(State.DONE, told_at=timezone.now()),
    ]  # fmt: skip
    forget_old()
    assert sorted(StoredEvent.objects.values_list("pk", flat=True)) == kept
    assert not set(gone) & set(Delivery.objects.values_list("event", flat=True))
    assert Delivery.objects.count() == 4


def test_many_go_piece_by_piece(db: None) -> None:
    for _ in range(7):
        event(State.DONE)
    assert forget_delivered(before=timezone.now(), at_once=3) == 7
    assert forget_delivered(before=timezone.now(), at_once=3) == 0


def test_ended_jobs_go_and_open_ones_stay(everywhere: object) -> None:
    for state in (JobState.DONE, JobState.QUEUED):
        Job.objects.create(
            kind="people.count", title="数", region_code="420704000000", starter_name="后台", state=state,
            created_at=LONG_AGO, finished_at=LONG_AGO if state == JobState.DONE else None,
        )  # fmt: skip
    forget_old()
    assert list(Job.objects.values_list("state", flat=True)) == [JobState.QUEUED]


def test_a_figure_counts_from_its_day() -> None:
    assert kept_for("ended_jobs", date(2026, 11, 27)) == timedelta(days=180)
    with pytest.raises(BadInput, match="delivered_events"):
        kept_for("delivered_events", date(2020, 1, 1))
