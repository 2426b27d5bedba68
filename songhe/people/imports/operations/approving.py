"""One person proposes, another lets in; what is let in is the list that was proposed and no other."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.foundation.jobs import start
from songhe.kernel.errors import BadInput, Conflict, Refused
from songhe.kernel.told import told
from songhe.people.imports.freezing import check_unmoved, hash_of, is_empty, totals
from songhe.people.imports.models import Batch
from songhe.people.imports.operations.handing_in import title_of
from songhe.people.imports.operations.opening import check_idle, check_state, is_at_work, the_batch
from songhe.people.imports.sources import list_of
from songhe.people.imports.states import BatchState
from songhe.people.imports.telling import APPROVED, SENT_BACK, approval_done, ask_for_approval, tell_officers
from songhe.people.imports.undoing import check_undoable
from songhe.people.permissions import APPROVE_IMPORT, IMPORT, UNDO

APPLY, TAKE_BACK = "people.import.apply", "people.import.undo"
SHORTEST_REASON, LONGEST_REASON = 2, 200
NOT_APPROVED: dict[str, Any] = {"approved_by": None, "approver": "", "approved_at": None}


@transaction.atomic
def propose(*, actor: Actor, batch_id: UUID, now: datetime) -> Batch:
    """Freezes what is included and asks a second person to let it in. Refused when nothing would be written."""
    actor.require(IMPORT)
    batch = the_batch(actor, batch_id)
    check_state(batch, BatchState.COMPARED)
    check_idle(batch)
    found = totals(batch)
    if is_empty(found):
        raise Refused("没有要写入的：名册说的，档案里都有了")
    check_unmoved(batch, list_of(batch.source).department.value)
    digest = hash_of(batch)
    batch.move(
        BatchState.PROPOSED, counts={**batch.counts, "proposed": found}, list_hash=digest, failure="", reason="",
        proposed_by=actor.account_id, proposer=actor.name, proposed_at=now,
    )  # fmt: skip
    record(actor, action="people.import.propose", subject=batch.pk, region=batch.region_code, detail={"hash": digest})
    ask_for_approval(batch, actor=actor, now=now)
    return batch


def may_approve(actor: Actor, batch: Batch) -> bool:
    """Whether the actor is a second person who may let batches in."""
    return actor.may(APPROVE_IMPORT) and actor.account_id is not None and not _is_first(actor, batch)


def _is_first(actor: Actor, batch: Batch) -> bool:
    return actor.account_id in (batch.proposed_by, batch.created_by)


@transaction.atomic
def let_in(*, actor: Actor, batch_id: UUID, list_hash: str, now: datetime, at_once: bool = False) -> Batch:
    """Approves exactly the list with this hash; nothing is written yet. What is written `at_once` is checked by that.

    Refused for who handed in or proposed it. Conflict when the list is another one by now, or the register changed.
    """
    actor.require(APPROVE_IMPORT)
    batch = the_batch(actor, batch_id)
    if actor.account_id is None or _is_first(actor, batch):
        raise Refused("送审批的人自己不能批，请另一位来批")
    if batch.state == BatchState.APPROVED and not is_at_work(batch):  # writing was stopped, or broke off
        batch.move(BatchState.COMPARED)
        batch.move(BatchState.PROPOSED)
    check_state(batch, BatchState.PROPOSED)
    if not list_hash or list_hash != batch.list_hash or not (at_once or hash_of(batch) == batch.list_hash):
        raise Conflict("名单和送审时不一样，不能批；请退回重新送审")
    if not at_once:
        check_unmoved(batch, list_of(batch.source).department.value)
    batch.move(BatchState.APPROVED, approved_by=actor.account_id, approver=actor.name, approved_at=now, failure="")
    detail = {"hash": batch.list_hash}
    record(actor, action="people.import.approve", subject=batch.pk, region=batch.region_code, detail=detail)
    approval_done(batch, APPROVED, actor=actor, now=now)
    return batch


@transaction.atomic
def approve(*, actor: Actor, batch_id: UUID, list_hash: str, now: datetime) -> Batch:
    """Approves the list, and starts writing in the background; see `let_in`."""
    batch = let_in(actor=actor, batch_id=batch_id, list_hash=list_hash, now=now)
    arguments = {"batch": str(batch.pk), "list_hash": batch.list_hash}
    title = title_of(list_of(batch.source), "写入")
    batch.job = start(actor, APPLY, arguments, title, batch.region_code, now=now).pk
    batch.save(update_fields=["job"])
    return batch


@transaction.atomic
def send_back(*, actor: Actor, batch_id: UUID, reason: str, now: datetime) -> Batch:
    """The second person does not let it in, or the first one takes it back: the differences are open again.

    So does a list whose writing was stopped, or broke off.
    """
    if not actor.may(APPROVE_IMPORT):
        actor.require(IMPORT)
    batch = the_batch(actor, batch_id)
    check_state(batch, BatchState.PROPOSED, BatchState.APPROVED)
    check_idle(batch)
    words = f"{actor.name}：{_said(reason, '退回的原因')}"[:LONGEST_REASON]
    batch.move(BatchState.COMPARED, reason=words, list_hash="", **NOT_APPROVED)
    record(actor, action="people.import.send_back", subject=batch.pk, region=batch.region_code)
    approval_done(batch, SENT_BACK, actor=actor, now=now)
    tell_officers(batch, "退回了", words, by=actor.account_id, now=now)
    return batch


@transaction.atomic
def undo(*, actor: Actor, batch_id: UUID, reason: str, now: datetime) -> Batch:
    """Starts taking an applied batch back. Refused, with the number of people, when later changes rest on it."""
    actor.require(UNDO)
    batch = the_batch(actor, batch_id)
    check_state(batch, BatchState.APPLIED)
    check_idle(batch)
    said = _said(reason, "撤回的原因")
    check_undoable(batch)
    job = start(
        actor, TAKE_BACK, {"batch": str(batch.pk)}, title_of(list_of(batch.source), "撤回"), batch.region_code, now=now
    )
    batch.job, batch.reason = job.pk, said
    batch.save(update_fields=["job", "reason"])
    return batch


def _said(reason: str, where: str) -> str:
    text = " ".join(reason.split())
    if not SHORTEST_REASON <= len(text) <= LONGEST_REASON:
        raise BadInput(
            where,
            "没有写，或者太长",
            accepted=told(
                "{shortest}到{longest}个字",
                shortest=SHORTEST_REASON,
                longest=LONGEST_REASON,
            ),
        )
    return text
