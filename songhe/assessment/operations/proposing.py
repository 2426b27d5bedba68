"""Something happened after which a grade may hold no longer: an immediate assessment is proposed to who knows her."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from songhe.assessment import kinds, states
from songhe.assessment.figures import figure
from songhe.assessment.itself import itself
from songhe.assessment.models import Assessment, Result
from songhe.assessment.permissions import ASK, IMPORT
from songhe.assessment.scales.definition import CURRENT, scale_keys, scale_of
from songhe.assessment.terms import Happening
from songhe.assessment.writing import choice
from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.foundation.tasks import open_task
from songhe.kernel.errors import BadInput, Conflict
from songhe.kernel.told import told
from songhe.people.api import person_of

_LONG_AGO = timedelta(days=180)


@transaction.atomic
def propose_immediate(*, actor: Actor, person_id: UUID, happening: str, on_date: date, now: datetime) -> bool:
    """Asks her community whether she is to be assessed at once; False when that is not needed.

    It is not needed when she is being assessed already, was assessed since, or it was proposed before. BadInput for a
    day to come or long ago; Conflict for who has died or left.
    """
    if not actor.may(IMPORT):
        actor.require(ASK)
    person, today = person_of(actor, person_id), timezone.localdate(now)
    if person.standing != "present":
        raise Conflict(told("这位老人{standing}，不能申请评估", standing=str(person.get_standing_display())))
    what = choice(happening, Happening, "出了什么事")
    if not today - _LONG_AGO <= on_date <= today:
        accepted = told("{first}到{last}", first=(today - _LONG_AGO).isoformat(), last=today.isoformat())
        raise BadInput("哪一天", "不在半年以内", given=on_date.isoformat(), accepted=accepted)
    if _is_seen_to(person_id, on_date):
        return False
    task = open_task(
        actor=itself(), kind=kinds.CHANGED.code, title="情况可能变了，问老人要不要马上评", region=person.region_code,
        due_date=today + timedelta(days=figure("immediate_within", region=person.region_code, day=today)), now=now,
        subject=person_id,
    )  # fmt: skip
    record(actor, action="assessment.propose", subject=person_id, region=person.region_code,
           detail={"what": str(what), "day": on_date.isoformat()})  # fmt: skip
    return bool(task.opened_at == now)


def _is_seen_to(person_id: UUID, since: date) -> bool:
    in_work = Assessment.objects.filter(person_id=person_id, state__in=states.OPEN, second_of=None)
    ours = [key for key in scale_keys() if scale_of(key).use == CURRENT]
    found = Result.objects.filter(
        person_id=person_id, state__in=states.STANDING, scale__in=ours, assessed_date__gt=since
    )
    return in_work.exists() or found.exists()
