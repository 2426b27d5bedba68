"""The blind second sample: who is assessed once more by others, drawn so that anybody can check it, and compared.

A month is drawn when it is over. Its seed is keyed, so that nobody knows beforehand who will be drawn, and stands in
the audit trail from the draw on: with it anybody can repeat the draw (SHA-256 of seed and id, the smallest first).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from songhe.assessment import kinds
from songhe.assessment.districts import district_of
from songhe.assessment.figures import figure
from songhe.assessment.itself import itself
from songhe.assessment.models import WORDS_LENGTH, Assessment, Result
from songhe.assessment.operations.asking import enter
from songhe.assessment.permissions import REVIEW
from songhe.assessment.queries.seconds import Compared, compared
from songhe.assessment.terms import AskedBy, AssessmentState, Reason, ResultState
from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.foundation.days import start_of
from songhe.foundation.sealing.seals import blind_index
from songhe.foundation.tasks import close_about, open_task
from songhe.kernel.errors import Conflict, NotFound
from songhe.kernel.lines import said

MOST_AT_ONCE = 10
_RECENT = timedelta(days=180)
_TASK_DAYS = 10


def seed_of(words: str) -> str:
    """The seed of a draw, such as that of a month ("2026-11"): nobody can tell it without the key."""
    return blind_index(words, "assessment.second").hex()


def drawn(ids: Iterable[UUID], seed: str, number: int) -> list[UUID]:
    """The `number` ids with the smallest digests: no id is preferred, and the same seed draws the same."""
    return sorted(ids, key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).digest())[:number]


@transaction.atomic
def draw_month(*, actor: Actor, month: date, now: datetime) -> int:
    """Draws the share of each organisation's assessments confirmed in a month that is over; gives how many are new.

    At least one an organisation. Run again, it finds them drawn. Conflict while the month lasts.
    """
    actor.require(REVIEW)
    first = month.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    if timezone.localdate(now) < after:
        raise Conflict("这个月还没有过完，过完才抽")
    seed = seed_of(f"{first:%Y-%m}")
    by_organisation: dict[UUID, list[UUID]] = defaultdict(list)
    for row in _confirmed(actor, start_of(first), start_of(after)):
        by_organisation[row[1]].append(row[0])
    chosen: list[UUID] = []
    for ids in by_organisation.values():
        chosen += drawn(ids, seed, _number(len(ids), first))
    entered = _entered(actor, chosen, now)
    if entered:
        detail = {"month": f"{first:%Y-%m}", "seed": seed, "of": sum(map(len, by_organisation.values()))}
        record(actor, action="assessment.draw_second", region=actor.region, detail=detail, number=entered)
    return entered


@transaction.atomic
def draw_for(*, actor: Actor, assessor: UUID, number: int, now: datetime) -> int:
    """Draws some of one assessor's cases of the last half year, who scores unlike others; gives how many.

    Conflict when there is nothing left to draw.
    """
    actor.require(REVIEW)
    seed = seed_of(f"{assessor} {now.isoformat()}")
    rows = _confirmed(actor, now - _RECENT, now, assessor)
    open_ones = [key for key, _body in rows if not Assessment.objects.filter(second_of=key).exists()]
    entered = _entered(actor, drawn(open_ones, seed, min(number, MOST_AT_ONCE)), now)
    if not entered:
        raise Conflict("这位评估员近半年没有还能抽的评估")
    detail = {"assessor": assessor, "seed": seed, "of": len(open_ones)}
    record(actor, action="assessment.draw_second", subject=assessor, region=actor.region, detail=detail, number=entered)
    return entered


@transaction.atomic
def compare_second(*, second: Result, now: datetime) -> Compared:
    """Compares a confirmed second result with the first; a task is opened where they differ by more than they may."""
    found = compared(second)
    if found.differs:
        open_task(
            actor=itself(), kind=kinds.SECOND.code, title="两次评估差得多，看看是哪几项",
            region=district_of(second.region_code), due_date=timezone.localdate(now) + timedelta(days=_TASK_DAYS),
            now=now, subject=second.assessment_id,
        )  # fmt: skip
    return found


@transaction.atomic
def look_at_second(*, actor: Actor, second: UUID, words: str, now: datetime) -> None:
    """Somebody looked at two results that differ, and says what came of it."""
    actor.require(REVIEW)
    row = Assessment.objects.filter(pk=second, second_of__isnull=False).first()
    if row is None or not actor.covers(row.region_code):
        raise NotFound("这次抽查")
    said_words = said(words, "看下来怎样", WORDS_LENGTH)
    if not close_about(
        actor=itself(), kind=kinds.SECOND.code, subject=row.pk, outcome="looked", now=now, note=said_words
    ):
        raise Conflict("这次抽查没有要看的，或已经看过了")
    record(actor, action="assessment.look_at_second", subject=row.person_id, region=row.region_code,
           detail={"assessment": row.pk})  # fmt: skip


def _confirmed(actor: Actor, since: datetime, until: datetime, assessor: UUID | None = None) -> list[tuple[UUID, UUID]]:
    """All assessments confirmed in a time, with the organisation, whatever came of them since; none that is a check."""
    lo, hi = actor.range
    found = Result.objects.filter(
        region_code__gte=lo, region_code__lt=hi, confirmed_at__gte=since, confirmed_at__lt=until,
        assessment__second_of=None, assessment__objects_to=None, assessment__organisation__isnull=False,
    )  # fmt: skip
    if assessor is not None:
        found = found.filter(assessors__contains=[assessor])
    return list(found.order_by("assessment_id").values_list("assessment_id", "assessment__organisation_id"))


def _entered(actor: Actor, chosen: list[UUID], now: datetime) -> int:
    """Enters second assessments of those chosen who are still there and whose result was not withdrawn."""
    count = 0
    there = Assessment.objects.filter(pk__in=chosen, second__isnull=True, person__standing="present")
    for first in there.exclude(result__state=ResultState.WITHDRAWN).order_by("pk"):
        row = enter(
            actor, person_id=first.person_id, region=first.region_code, purpose=first.purpose, reason=Reason.OTHER,
            asked_by=AskedBy.REVIEW, now=now, state=AssessmentState.ACCEPTED, second_of=first,
        )  # fmt: skip
        today = timezone.localdate(now)
        row.due_date = today + timedelta(days=figure("visit_within", region=row.region_code, day=today))
        row.save(update_fields=["due_date"])
        count += 1
    return count


def _number(confirmed: int, day: date) -> int:
    share = figure("second_share", region="", day=day)
    return -(-confirmed * share // 100)
