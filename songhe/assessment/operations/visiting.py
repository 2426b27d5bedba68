"""The form of a visit: begun on any device, merged field by field, signed by both, handed in once.

What a device kept without signal arrives late and perhaps twice. A change says what it saw before (`base`): where the
form still says that, it is taken; where somebody else wrote meanwhile, both are shown and nothing is overwritten.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from songhe.assessment import kinds, states
from songhe.assessment.districts import district_of
from songhe.assessment.figures import figure
from songhe.assessment.fitness import fitness_for
from songhe.assessment.itself import itself
from songhe.assessment.models import AnswerChange, Assessment, Assessor, Form, Signature
from songhe.assessment.operations.asking import sent_to, the_assessment
from songhe.assessment.permissions import ASSESS
from songhe.assessment.queries.one import team_now
from songhe.assessment.scales.basics import check_basic, circumstances
from songhe.assessment.scales.definition import scale_of
from songhe.assessment.scales.scoring import points_at, score
from songhe.assessment.terms import AssessmentState, FormState
from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.foundation.sealing.seals import seal
from songhe.foundation.tasks import close_about, open_task
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.kernel.told import told

BASIC, NOTE = "A.", "note."
_NOTE_LENGTH = 200
_MOST_DRAWING = 200_000
_PNG_ADDRESS, _PNG = "data:image/png;base64,", b"\x89PNG"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field as a device changed it: an item's code, "A.<field>" of form A, or "note.<item>". None empties it."""

    field: str
    value: Any
    base: Any
    at: datetime


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that somebody else wrote meanwhile: what was sent, what stands, who wrote it and when."""

    field: str
    sent: Any
    stands: Any
    writer: str
    written_at: datetime | None


@transaction.atomic
def save_form(
    *, actor: Actor, assessment: UUID, form_id: UUID, changes: Sequence[FieldChange], now: datetime
) -> tuple[Form, list[FieldConflict]]:
    """Takes the changes of a device; begins the form when it is the first. The same changes once more do nothing.

    Only who is sent may: NotFound for others. BadInput for an answer the scale does not take: nothing is taken then.
    Conflict when the form was handed in, or another device began another one.
    """
    actor.require(ASSESS)
    row = the_assessment(actor, assessment)
    sent_to(actor, team_now(row))
    form = _form_to_fill(row, form_id, now)
    scale = scale_of(row.scale)
    conflicts: list[FieldConflict] = []
    taken: list[AnswerChange] = []
    for change in changes:
        _check(scale, change)
        stands = _at(form, change.field)
        if stands == change.value:
            continue
        if stands != change.base:
            conflicts.append(_conflict(form, change, stands))
            continue
        _put(form, change.field, change.value)
        taken.append(
            AnswerChange(
                region_code=row.region_code,
                form=form,
                field=change.field,
                before=stands,
                after=change.value,
                changed_by=actor.account_id,
                changer=actor.name[:40],
                changed_at=within(row, change.at, now),
                received_at=now,
            )
        )
    if taken:
        form.version += 1
        form.save(update_fields=["basics", "answers", "notes", "version"])
        AnswerChange.objects.bulk_create(taken)
        record(actor, action="assessment.save_form", subject=row.person_id, region=row.region_code,
               detail={"form": form.pk, "fields": len(taken)}, number=len(taken))  # fmt: skip
    return form, conflicts


@transaction.atomic
def sign(*, actor: Actor, form_id: UUID, assessor: UUID, drawing: str, digest: str, now: datetime) -> Signature:
    """One of the team signs what the form says now, on their own account or, drawn, on a colleague's device.

    `digest` is that of what was read before signing: Conflict when the form says something else by now. `drawing` is an
    image as a data address; it is sealed.
    """
    actor.require(ASSESS)
    form = the_form(actor, form_id)
    team = team_now(form.assessment)
    sent_to(actor, team)
    signer = next((one for one in team if one.pk == assessor), None)
    if signer is None:
        raise Refused("签字的人没有派到这一件")
    check_open(form.assessment)
    if form.state != FormState.DRAFT:
        raise Conflict("这份表已经交了，不能再签")
    if digest != content_digest(form):
        raise Conflict("表在您看过以后又改了，看清楚再签")
    if len(drawing) > _MOST_DRAWING or not _is_drawing(drawing):
        raise BadInput("签字", "没有签，或太大", accepted="在框里写名字")
    signature = Signature.objects.filter(form=form, assessor=signer).first() or Signature(form=form, assessor=signer)
    signature.region_code, signature.signer, signature.digest, signature.signed_at = (
        form.region_code, signer.name, digest, now
    )  # fmt: skip
    signature.drawing_sealed = seal(drawing, f"assessment_signature.drawing.{signature.pk}")
    signature.save()
    return signature


@transaction.atomic
def submit(*, actor: Actor, form_id: UUID, assessed_date: date, now: datetime) -> Form:
    """Hands the form in, once: all items answered, form A as far as it is needed, signed by the whole team as it is.

    BadInput names what is missing; Refused what stands against it, such as a certificate that had ended on the day of
    the visit, or a tie that became known since. Handed in again, it stays as it is.
    """
    actor.require(ASSESS)
    row = _assessment_of(actor, form_id)
    form = the_form(actor, form_id)
    team = team_now(row)
    sent_to(actor, team)
    if form.state == FormState.SUBMITTED:
        return form
    today = timezone.localdate(now)
    if assessed_date > today or (row.asked_at and assessed_date < timezone.localdate(row.asked_at)):
        raise BadInput("评估日期", "不在申请以后到今天之间", given=assessed_date.isoformat())
    score(scale_of(row.scale), form.answers, circumstances(form.basics), on_date=assessed_date)
    _check_team(row, form, team, assessed_date)
    form.move(FormState.SUBMITTED, assessed_date=assessed_date, submitted_at=now)
    row.move(AssessmentState.SUBMITTED)
    system = itself()
    close_about(actor=system, kind=kinds.VISIT.code, subject=row.pk, outcome="done", now=now)
    days = figure("review_within", region=row.region_code, day=today)
    open_task(
        actor=system, kind=kinds.REVIEW.code, title="审核评估表", region=district_of(row.region_code),
        due_date=date.fromordinal(today.toordinal() + days), now=now, subject=row.pk,
    )  # fmt: skip
    record(actor, action="assessment.submit", subject=row.person_id, region=row.region_code, detail={"form": form.pk})
    return form


def the_form(actor: Actor, form_id: UUID) -> Form:
    """The form, locked. NotFound when it is not there, or not the actor's to see."""
    form = Form.objects.select_for_update(of=("self",)).select_related("assessment").filter(pk=form_id).first()
    if form is None or not actor.covers(form.region_code):
        raise NotFound("这份评估表")
    return form


def _assessment_of(actor: Actor, form_id: UUID) -> Assessment:
    """The assessment of a form, locked before the form is: all who lock both do so in this order."""
    found = Form.objects.filter(pk=form_id).values_list("assessment_id", flat=True).first()
    if found is None:
        raise NotFound("这份评估表")
    return the_assessment(actor, found)


def _check_team(row: Assessment, form: Form, team: Sequence[Assessor], day: date) -> None:
    """Refused while somebody has not signed what the form says now, or was not fit to assess on the day."""
    digest = content_digest(form)
    signed = {one.assessor_id for one in form.signatures.all() if one.digest == digest}
    unsigned = [one.name for one in team if one.pk not in signed]
    if unsigned:
        raise Refused(told("还没签字：{names}", names="、".join(unsigned)))
    fitness = fitness_for(row, day)
    problems = [words for one in team for words in fitness.against_visit(one)]
    if problems:
        raise Refused("；".join(problems))


def _is_drawing(text: str) -> bool:
    try:
        content = base64.b64decode(text.removeprefix(_PNG_ADDRESS), validate=True)
    except ValueError:
        return False
    return text.startswith(_PNG_ADDRESS) and content.startswith(_PNG)


def content_digest(form: Form) -> str:
    """What is signed: a digest of form A, the answers and the notes in one order."""
    content = {"assessment": str(form.assessment_id), "basics": form.basics, "answers": form.answers,
               "notes": form.notes}  # fmt: skip
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def check_open(row: Assessment) -> None:
    """Conflict when the assessment has ended: what a device still holds of it comes too late."""
    if row.state not in states.OPEN:
        raise Conflict(told("这件评估现在是“{state}”，不能再填", state=str(row.get_state_display())))


def _form_to_fill(row: Assessment, form_id: UUID, now: datetime) -> Form:
    known = Form.objects.select_for_update().filter(pk=form_id).first()
    if known is not None:
        if known.assessment_id != row.pk:
            raise NotFound("这份评估表")
        if known.state != FormState.DRAFT:
            raise Conflict("这份评估表已经交了，不能再改；要改请审核的人退回")
        check_open(row)
        return known
    if row.state != AssessmentState.APPOINTED:
        raise Conflict(told("这件评估现在是“{state}”，还不能填表", state=str(row.get_state_display())))
    other = Form.objects.filter(assessment=row, state=FormState.DRAFT).first()
    if other is not None:
        raise Conflict("另一台手机已经开始填这件评估，打开那一份接着填")
    return Form.objects.create(pk=form_id, region_code=row.region_code, assessment=row, begun_at=now)


def within(row: Assessment, at: datetime, now: datetime) -> datetime:
    """A moment by the clock of a device: that may be wrong, yet nothing was done before the request or after now."""
    return max(row.asked_at, min(at, now))


def _check(scale: Any, change: FieldChange) -> None:
    if change.value is None:
        return
    if change.field.startswith(BASIC):
        check_basic(change.field.removeprefix(BASIC), change.value)
    elif change.field.startswith(NOTE):
        if change.field.removeprefix(NOTE) not in scale.item_by_code:
            raise BadInput(change.field[:12], "量表里没有这一项")
        if not isinstance(change.value, str) or len(change.value) > _NOTE_LENGTH:
            raise BadInput("备注", told("最多{most}字", most=_NOTE_LENGTH))
    elif change.field not in scale.item_by_code:
        raise BadInput(change.field[:12], "量表里没有这一项")
    else:
        item = scale.item_by_code[change.field]
        if not isinstance(change.value, str):
            raise BadInput(f"{item.code} {item.name}", "没有这个选项", accepted=item.accepted)
        points_at(item, change.value)


def _place(form: Form, field: str) -> tuple[dict[str, Any], str]:
    if field.startswith(BASIC):
        return form.basics, field.removeprefix(BASIC)
    if field.startswith(NOTE):
        return form.notes, field.removeprefix(NOTE)
    return form.answers, field


def _at(form: Form, field: str) -> Any:
    values, key = _place(form, field)
    return values.get(key)


def _put(form: Form, field: str, value: Any) -> None:
    values, key = _place(form, field)
    if value is None:
        values.pop(key, None)
    else:
        values[key] = value


def _conflict(form: Form, change: FieldChange, stands: Any) -> FieldConflict:
    last = AnswerChange.objects.filter(form=form, field=change.field).order_by("-id").first()
    writer, at = (last.changer, last.changed_at) if last else ("", None)
    return FieldConflict(change.field, change.value, stands, writer, at)
