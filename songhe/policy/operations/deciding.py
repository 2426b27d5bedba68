"""A draft on its way: proposed by one, approved by another, issued."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.foundation.outbox import publish
from songhe.kernel.errors import BadInput, Conflict, NotFound
from songhe.policy.events import ReleaseIssued
from songhe.policy.kept_packs import found_in, pack_of
from songhe.policy.kinds import APPROVE, CORRECT, ISSUE
from songhe.policy.models import Release, ServiceList
from songhe.policy.operations.steps import took_step
from songhe.policy.operations.turns import hand_on, tell_proposer
from songhe.policy.queries import previous_of
from songhe.policy.rights import check_deed
from songhe.policy.terms import ReleaseState, day_words

SHORTEST_REASON = 4


@transaction.atomic
def propose(*, actor: Actor, release: UUID, note: str, now: datetime) -> Release:
    """Hands a draft to whoever approves; BadInput with the first fault while the gate finds any."""
    row = _locked(actor, release, "propose")
    problems = found_in(row).problems
    if problems:
        first = problems[0]
        more = f"（另有{len(problems) - 1}处）" if len(problems) > 1 else ""
        raise BadInput(first.where, first.problem + more, given=first.given, accepted=first.accepted)
    _check_after_previous(row)
    row.move(
        ReleaseState.PROPOSED, proposed_by=actor.account_id, proposer=actor.name[:40], proposed_at=now,
        note=note.strip()[:400], refusal="", changed_at=now,
    )  # fmt: skip
    hand_on(row, ended={CORRECT.code: "proposed"}, begun=APPROVE.code, now=now)
    return _told(actor, row, "proposed", note, now)


@transaction.atomic
def take_back(*, actor: Actor, release: UUID, now: datetime) -> Release:
    """The proposer makes it a draft again, before it is approved."""
    row = _locked(actor, release, "take-back")
    row.move(ReleaseState.DRAFT, changed_at=now)
    hand_on(row, ended={APPROVE.code: "taken_back"}, begun="", now=now)
    return _told(actor, row, "taken_back", "", now)


@transaction.atomic
def refuse(*, actor: Actor, release: UUID, reason: str, now: datetime) -> Release:
    """Sends it back to be corrected, saying why; before it is issued. BadInput without a reason."""
    row = _locked(actor, release, "refuse")
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise BadInput("退回的原因", f"至少{SHORTEST_REASON}个字", accepted="要改什么，如“第17项的金额要注明依据”")
    row.move(
        ReleaseState.DRAFT, refusal=reason[:400], changed_at=now, approved_by=None, approver="", approved_at=None
    )  # fmt: skip
    hand_on(row, ended={APPROVE.code: "refused", ISSUE.code: "refused"}, begun=CORRECT.code, now=now)
    tell_proposer(row, "退回了，要改", now)
    return _told(actor, row, "refused", reason, now)


@transaction.atomic
def approve(*, actor: Actor, release: UUID, digest: str, now: datetime) -> Release:
    """Approves exactly the files with this digest. Refused for whoever proposed or drafted it."""
    row = _locked(actor, release, "approve")
    if digest != row.digest:
        raise Conflict("您看的不是现在这一版，请看过再批")
    row.move(
        ReleaseState.APPROVED, approved_by=actor.account_id, approver=actor.name[:40], approved_at=now, changed_at=now
    )  # fmt: skip
    hand_on(row, ended={APPROVE.code: "approved"}, begun=ISSUE.code, now=now)
    tell_proposer(row, "批准了，等印发", now)
    return _told(actor, row, "approved", "", now)


@transaction.atomic
def issue(*, actor: Actor, release: UUID, today: date, now: datetime) -> Release:
    """Issues an approved release: it cannot change any more; the one before it ends on the day this one begins.

    A release may be issued before or after its first day; decisions follow the list from that day.
    """
    row = _locked(actor, release, "issue")
    _check_after_previous(row)
    before = previous_of(row)
    if before is not None:
        locked = Release.objects.select_for_update().get(pk=before.pk)
        if locked.state == ReleaseState.ISSUED:
            last = min(row.from_date, locked.until_date or row.from_date)
            locked.move(ReleaseState.SUPERSEDED, until_date=last, changed_at=now)
    row.move(
        ReleaseState.ISSUED, issued_by=actor.account_id, issuer=actor.name[:40], issued_at=now, changed_at=now
    )  # fmt: skip
    ServiceList.objects.filter(pk=row.of_list_id).update(title=pack_of(row).title)
    publish(ReleaseIssued(region=row.of_list.region, release=row.pk, from_date=row.from_date))
    hand_on(row, ended={ISSUE.code: "issued"}, begun="", now=now)
    tell_proposer(row, f"印发了，从{day_words(row.from_date)}施行", now)
    return _told(actor, row, "issued", f"从{day_words(row.from_date)}施行", now)


def _told(actor: Actor, row: Release, deed: str, words: str, now: datetime) -> Release:
    took_step(actor, row, deed, words, now)
    detail = {"list": row.of_list.key, "number": row.number, "digest": row.digest}
    record(actor, action=f"policy.{deed}", subject=row.pk, region=row.of_list.region, detail=detail)
    return row


def _check_after_previous(row: Release) -> None:
    before = previous_of(row)
    if before is not None and row.from_date <= before.from_date:
        problem = f"第{before.number}版从{day_words(before.from_date)}施行，这一版要更晚"
        raise BadInput("list.yaml，from", problem, given=str(row.from_date), accepted="更晚的一天")


def _locked(actor: Actor, release: UUID, deed: str) -> Release:
    row = Release.objects.select_for_update(of=("self",)).select_related("of_list").filter(pk=release).first()
    if row is None:
        raise NotFound("这一版清单")
    check_deed(actor, row, deed)
    return row
