"""Finding pairs of files that may be one person's, and deciding on them; every decision can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import polars as pl
from django.db import transaction
from django.db.models import Q, QuerySet

from songhe.foundation.access.actors import Actor, region_range
from songhe.foundation.audit.recording import record
from songhe.foundation.tasks import close_about, lay_about, open_task
from songhe.kernel.errors import NotFound
from songhe.kernel.lines import said
from songhe.kernel.regions import significant
from songhe.people.duplicates.kinds import TASK
from songhe.people.duplicates.models import Pair
from songhe.people.duplicates.states import decided
from songhe.people.duplicates.terms import PairState
from songhe.people.identity import identity_of
from songhe.people.linkage import find_duplicates
from songhe.people.models import LifeEvent, Person
from songhe.people.operations.merging import merge_persons, unmerge_persons
from songhe.people.operations.rehoming import common_region
from songhe.people.permissions import MERGE, UNDO
from songhe.people.terms import Standing

DAYS_TO_DECIDE = 30
REASON_LENGTH = 200
_AT_ONCE = 5000
_OUTCOMES = {PairState.MERGED: "merged", PairState.SETTLED: "merged", PairState.DIFFERENT: "different"}
_NOT_EVIDENCE = ("left", "right", "probability")
_REGISTER = {
    "person_id": pl.String,
    "name": pl.String,
    "birth_date": pl.Date,
    "sex": pl.String,
    "region_code": pl.String,
    "address": pl.String,
    "phone_last4": pl.String,
    "household_id": pl.String,
    "deceased": pl.Boolean,
    "id_number": pl.String,
}


@transaction.atomic
def find_pairs(*, actor: Actor, today: date, now: datetime, region: str = "", tasks: bool = True) -> int:
    """Compares the files of a region of the actor's; gives how many pairs are new. Each becomes a task.

    What was decided stays; a pair that still is open gets its new probability.
    """
    actor.require(MERGE)
    if region:
        actor.require_region(significant(region))
    register = _register(region)
    if register.height < 2:
        return 0
    pairs = find_duplicates(register)
    homes = dict(register.select("person_id", "region_code").iter_rows())
    known = {(str(pair.left_id), str(pair.right_id)): pair for pair in Pair.objects.all()}
    new, changed = [], []
    for row in pairs.iter_rows(named=True):
        left, right = sorted((row["left"], row["right"]))
        found = known.get((left, right))
        if found is None:
            new.append(_pair(row, left, right, common_region(homes[left], homes[right]), now))
        elif found.state in (PairState.OPEN, PairState.LATER):
            found.probability, found.evidence = row["probability"], _evidence(row)
            changed.append(found)
    Pair.objects.bulk_create(new, batch_size=_AT_ONCE)
    Pair.objects.bulk_update(changed, ["probability", "evidence"], batch_size=_AT_ONCE)
    if tasks:
        for pair in new:
            _open(actor, pair, today, now)
    detail = {"pairs": len(new), "compared": register.height}
    record(actor, action="people.find_duplicates", region=region.ljust(12, "0") if region else "", detail=detail)
    return len(new)


@transaction.atomic
def decide_merge(
    *, actor: Actor, today: date, now: datetime, pair_id: UUID, survivor_id: UUID, reason: str = ""
) -> Pair:
    """The two files are one person's: the other one goes into the survivor. NotFound for a survivor not of the pair."""
    pair = _the_pair(actor, pair_id)
    state = decided(pair.state, PairState.MERGED)
    if survivor_id not in (pair.left_id, pair.right_id):
        raise NotFound("这一对里的这份档案")
    merged_id = pair.right_id if survivor_id == pair.left_id else pair.left_id
    event = merge_persons(
        actor=actor, today=today, now=now, survivor_id=survivor_id, merged_id=merged_id, reason=reason
    )
    pair.merge_event = event.pk
    _decide(actor, pair, state, reason, now)
    for other in _pairs_with(merged_id).filter(state__in=(PairState.OPEN, PairState.LATER)):
        _decide(actor, other, PairState.SETTLED, "", now)
    return pair


@transaction.atomic
def decide_different(*, actor: Actor, now: datetime, pair_id: UUID, reason: str) -> Pair:
    """The two files are of two persons; the pair is not shown again. A reason is needed."""
    pair = _the_pair(actor, pair_id)
    state = decided(pair.state, PairState.DIFFERENT)
    return _decide(actor, pair, state, said(reason, "原因", REASON_LENGTH), now)


@transaction.atomic
def decide_later(*, actor: Actor, now: datetime, pair_id: UUID, reason: str = "") -> Pair:
    """It cannot be decided yet: the pair leaves the list of open ones, its task stays."""
    pair = _the_pair(actor, pair_id)
    return _decide(actor, pair, decided(pair.state, PairState.LATER), reason, now)


@transaction.atomic
def undo_decision(*, actor: Actor, today: date, now: datetime, pair_id: UUID, reason: str) -> Pair:
    """Takes the decision back: merged files come apart, and the pair is open again with a task of its own."""
    pair = _the_pair(actor, pair_id)
    actor.require(UNDO)
    state = decided(pair.state, PairState.OPEN)
    if pair.merge_event is not None:
        unmerge_persons(actor=actor, today=today, now=now, event_id=pair.merge_event, reason=reason)
        pair.merge_event = None
        _open_again(actor, pair, today, now)
    closed = pair.state != PairState.LATER
    _decide(actor, pair, state, said(reason, "撤回的原因", REASON_LENGTH), now)
    if closed:
        _open(actor, pair, today, now)
    return pair


def place_pairs_of(person_id: UUID) -> None:
    """Lays the pairs of a person who moved into the smallest division that holds both files."""
    for pair in _pairs_with(person_id).select_related("left", "right"):
        region = common_region(pair.left.region_code, pair.right.region_code)
        if region != pair.region_code:
            Pair.objects.filter(pk=pair.pk).update(region_code=region)
            lay_about(actor=Actor.system("重复档案", ""), kind=TASK.code, subject=pair.pk, region=region)


def open_unmerged(*, survivor_id: UUID, merged_id: UUID, today: date, now: datetime) -> None:
    """A merge was taken back on the file's own page: the pair is open again. Nothing when that is known already."""
    left, right = sorted((survivor_id, merged_id))
    pair = Pair.objects.select_for_update(of=("self",)).filter(left=left, right=right, state=PairState.MERGED).first()
    if pair is None or not LifeEvent.objects.filter(undoes=pair.merge_event).exists():
        return
    actor = Actor.system("重复档案", "")
    pair.merge_event = None
    _open_again(actor, pair, today, now)
    _decide(actor, pair, decided(pair.state, PairState.OPEN), "", now)
    _open(actor, pair, today, now)


def _the_pair(actor: Actor, pair_id: UUID) -> Pair:
    actor.require(MERGE)
    pair = Pair.objects.select_for_update(of=("self",)).filter(pk=pair_id).first()
    if pair is None or not actor.covers(pair.region_code):
        raise NotFound("这一对档案")
    return pair


def _decide(actor: Actor, pair: Pair, state: PairState, reason: str, now: datetime) -> Pair:
    pair.state, pair.reason = state, reason[:REASON_LENGTH]
    pair.decided_at, pair.decided_by, pair.decider = now, actor.account_id, actor.name[:40]
    pair.save()
    detail = {"pair": str(pair.pk), "state": state, "persons": [str(pair.left_id), str(pair.right_id)]}
    record(actor, action="people.decide_pair", subject=pair.pk, region=pair.region_code, detail=detail)
    if state in _OUTCOMES:
        close_about(actor=actor, subject=pair.pk, kind=TASK.code, outcome=_OUTCOMES[state], now=now)
    return pair


def _pairs_with(person_id: UUID) -> QuerySet[Pair]:
    return Pair.objects.filter(Q(left=person_id) | Q(right=person_id)).order_by("pk")


def _open_again(actor: Actor, pair: Pair, today: date, now: datetime) -> None:
    """Pairs that the merge had settled, and of which both files stand on their own again."""
    settled = Pair.objects.filter(
        Q(left__in=(pair.left_id, pair.right_id)) | Q(right__in=(pair.left_id, pair.right_id)), state=PairState.SETTLED
    )
    for other in settled.exclude(left__standing=Standing.MERGED).exclude(right__standing=Standing.MERGED):
        _decide(actor, other, PairState.OPEN, "", now)
        _open(actor, other, today, now)


def _open(actor: Actor, pair: Pair, today: date, now: datetime) -> None:
    open_task(
        actor=actor, kind=TASK.code, title="两份档案可能是同一位老人", region=pair.region_code, subject=pair.pk,
        due_date=today + timedelta(DAYS_TO_DECIDE), now=now,
    )  # fmt: skip


def _pair(row: Mapping[str, Any], left: str, right: str, region: str, now: datetime) -> Pair:
    return Pair(
        left_id=UUID(left), right_id=UUID(right), region_code=region, probability=row["probability"],
        evidence=_evidence(row), found_at=now,
    )  # fmt: skip


def _evidence(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _NOT_EVIDENCE}


def _register(region: str) -> pl.DataFrame:
    """The files to compare, with opened numbers: they stay within this process."""
    lo, hi = region_range(significant(region) if region else "")
    people = Person.objects.filter(region_code__gte=lo, region_code__lt=hi).exclude(standing=Standing.MERGED)
    rows = [
        (
            str(person.pk), person.name, person.birth_date, person.sex or None, person.region_code, person.address,
            person.phone_tail or None, str(person.household_id) if person.household_id else None,
            person.standing == Standing.DEAD, identity_of(person) or None,
        )
        for person in people.order_by("pk").iterator(chunk_size=20_000)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=_REGISTER, orient="row")
