"""What binds assessors: an account of their own, and ties to older persons that end."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from songhe.assessment.models import Assessor, Tie
from songhe.assessment.operations.organising import the_assessor
from songhe.assessment.permissions import ACCEPT, ORGANISE
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.audit.recording import record
from songhe.kernel.errors import BadInput, Conflict, NotFound


@transaction.atomic
def link_account(*, actor: Actor, assessor: UUID, account: Account | None) -> Assessor:
    """Says with which account an assessor works; None for none. Conflict when it is another one's."""
    actor.require(ORGANISE)
    row = the_assessor(actor, assessor)
    if account is not None and Assessor.objects.filter(account=account).exclude(pk=row.pk).exists():
        raise Conflict("这个账号已经是别的评估员的")
    row.account = account
    row.save(update_fields=["account"])
    record(actor, action="assessment.assessor_account", subject=row.pk, region=row.organisation.district,
           detail={"account": account.pk if account else None})  # fmt: skip
    return row


@transaction.atomic
def end_tie(*, actor: Actor, tie: UUID, until_date: date) -> Tie:
    """A tie holds no longer from a day on. BadInput for a day before it began; Conflict when it has ended already."""
    actor.require(ACCEPT)
    row = Tie.objects.select_for_update().filter(pk=tie).first()
    if row is None or not actor.covers(row.region_code):
        raise NotFound("这条关系")
    if row.until_date is not None and row.until_date <= until_date:
        raise Conflict("这条关系已经写了到哪天为止")
    if until_date < row.from_date:
        raise BadInput("到哪天为止", "比开始的那天早", given=until_date.isoformat())
    row.until_date = until_date
    row.save(update_fields=["until_date"])
    record(actor, action="assessment.tie_ended", subject=row.person_id, region=row.region_code, detail={"tie": row.pk})
    return row
