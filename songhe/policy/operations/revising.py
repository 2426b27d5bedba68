"""The yearly look at every list: called to mind in time; a draft is begun, or it is said that none is needed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.recording import record
from songhe.foundation.tasks import close_about, open_task
from songhe.foundation.tasks.models import Task
from songhe.kernel.errors import BadInput, Conflict, NotFound
from songhe.kernel.regions import significant
from songhe.policy import permissions
from songhe.policy.figures import revision_days
from songhe.policy.kinds import REVISE
from songhe.policy.models import ServiceList
from songhe.policy.queries import in_force, open_draft

SHORTEST_REASON = 4


def remind_of_revision(*, today: date, now: datetime) -> int:
    """Opens a task a list in force for who may propose there; once a year, and not where this year's was issued.

    Returns how many were opened.
    """
    first, last = revision_days(today)
    if not first <= today <= last:
        return 0
    opened = 0
    with scoped(Actor.system("清单", ""), "policy.revise"):
        for release in in_force(today):
            region = release.of_list.region
            if (
                not significant(region)
                or release.from_date.year == today.year
                or open_draft(release.of_list) is not None
            ):
                continue
            asked = Task.objects.filter(kind=REVISE.code, subject=release.of_list_id, opened_at__year=today.year)
            if not asked.exists():
                open_task(
                    actor=Actor.system("清单", region), kind=REVISE.code,
                    title=f"{today.year}年修订{release.of_list.title}", region=region,
                    due_date=last, now=now, subject=release.of_list_id,
                )  # fmt: skip
                opened += 1
    return opened


@transaction.atomic
def keep_unchanged(*, actor: Actor, of_list: UUID, reason: str, now: datetime) -> None:
    """Says that the list was looked at and stays as it is this year. Conflict when nobody was asked to look."""
    actor.require(permissions.PROPOSE)
    row = ServiceList.objects.filter(pk=of_list).first()
    if row is None:
        raise NotFound("这份清单")
    actor.require_region(significant(row.region))
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise BadInput("不改的理由", f"至少{SHORTEST_REASON}个字", accepted="看过什么，如“标准与省里一致”")
    if not end_revision(row, "unchanged", now, note=reason):
        raise Conflict("今年的修订已经办过了")
    record(actor, action="policy.unchanged", subject=row.pk, region=row.region, detail={"reason": reason[:400]})


def end_revision(of_list: ServiceList, outcome: str, now: datetime, note: str = "") -> int:
    """Closes what is open about this year's revision; returns how many."""
    actor = Actor.system("清单", of_list.region)
    return close_about(actor=actor, kind=REVISE.code, subject=of_list.pk, outcome=outcome, now=now, note=note[:200])
