"""Two files were of one person: what is about her stands in one file, and comes apart again when that was wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F, Func, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from songhe.assessment import states
from songhe.assessment.models import Assessment, Result, Tie
from songhe.assessment.operations.asking import end
from songhe.assessment.operations.moving import move_along
from songhe.assessment.operations.objecting import stands_again
from songhe.assessment.terms import ResultState
from songhe.foundation.access.actors import Actor

_ABOUT_A_PERSON: tuple[Any, ...] = (Assessment, Result, Tie)
_KEYS = ArrayField(models.UUIDField())
TWICE = "两份档案合并了，另一件在办"


@transaction.atomic
def take_over(*, actor: Actor, survivor: UUID, merged: UUID, now: datetime) -> None:
    """All that is about the merged file stands in the survivor's. Done once more, it finds nothing to do.

    Of two open ones for a purpose the merged file's ends; of standing results of a scale the newest stands.
    """
    open_ones = Assessment.objects.filter(state__in=states.OPEN, second_of=None, objects_to=None)
    purposes = open_ones.filter(person_id=survivor).values_list("purpose", flat=True)
    for twice in open_ones.filter(person_id=merged, purpose__in=list(purposes)).values_list("pk", flat=True):
        end(actor=actor, assessment=twice, words=TWICE, now=now)
    before = Coalesce(F("merged_from"), Value([], output_field=_KEYS))
    for model in _ABOUT_A_PERSON:
        model.objects.filter(person_id=merged).update(
            person_id=survivor,
            merged_from=Func(before, Value(merged, output_field=models.UUIDField()), function="array_append"),
        )
    _newest_stand(survivor)
    move_along(actor=actor, person_id=survivor)


@transaction.atomic
def give_back(*, actor: Actor, survivor: UUID, merged: UUID, now: datetime) -> None:
    """What came from the merged file goes back there; what only the other file's replaced stands again."""
    for model in _ABOUT_A_PERSON:
        for row in model.objects.select_for_update().filter(person_id=survivor, merged_from__contains=[merged]):
            if row.merged_from[-1] == merged:
                row.person_id, row.merged_from = merged, row.merged_from[:-1] or None
                row.save(update_fields=["person", "merged_from"])
    _apart((survivor, merged), timezone.localdate(now))
    for person in (survivor, merged):
        move_along(actor=actor, person_id=person)


def _newest_stand(person: UUID) -> None:
    standing = Result.objects.select_for_update().filter(person_id=person, state__in=states.STANDING)
    newest: dict[str, Result] = {}
    for row in standing.order_by("-assessed_date", "-confirmed_at", "pk"):
        if newest.setdefault(row.scale, row) is not row:
            row.move(ResultState.REPLACED, replaced_by=newest[row.scale])


def _apart(persons: Sequence[UUID], today: date) -> None:
    replaced = Result.objects.select_for_update(of=("self",)).filter(
        person_id__in=persons, state=ResultState.REPLACED, assessment__second_of=None, replaced_by__isnull=False
    )
    for row in replaced.exclude(replaced_by__person_id=F("person_id")):
        stands_again(row, today)
    for person in persons:
        _newest_stand(person)
