"""Taking appointments along to where there is no signal, ringing ahead, and photos from the visit."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from uuid import UUID

from django.db import transaction

from songhe.assessment.models import Assessment, Photo
from songhe.assessment.operations.asking import sent_to, the_assessment
from songhe.assessment.operations.visiting import check_open, the_form, within
from songhe.assessment.permissions import ASSESS
from songhe.assessment.photos import Consent
from songhe.assessment.queries.field import day_ends, mine_until
from songhe.assessment.queries.one import team_now
from songhe.assessment.terms import FormState
from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.models import Kind
from songhe.foundation.audit.recording import record, unmasked
from songhe.foundation.sealing.seals import seal
from songhe.kernel.errors import BadInput, Conflict, NotFound
from songhe.kernel.told import told
from songhe.people.api import phone_of

MOST_PHOTOS, _MOST_PHOTO_BYTES = 3, 700_000
_JPEG, _DATA = b"\xff\xd8\xff", "data:image/jpeg;base64,"
WHY_RING = "打电话约上门评估"


def take_along(*, actor: Actor, now: datetime) -> list[Assessment]:
    """The actor's visits of today and those of earlier days whose form is not handed in; each is written down."""
    actor.require(ASSESS)
    rows = mine_until(actor, day_ends(now))
    for row in rows:
        record(actor, action="assessment.take_along", subject=row.person_id, region=row.region_code,
               detail={"fields": ["visit"], "assessment": row.pk}, kind=Kind.READING)  # fmt: skip
    return rows


@transaction.atomic
def phone_to_ring(*, actor: Actor, assessment: UUID, now: datetime) -> str:
    """The person's telephone, whole, for who is sent; "" when none is known. Counts against the day's quota."""
    actor.require(ASSESS)
    row = the_assessment(actor, assessment)
    sent_to(actor, team_now(row))
    unmasked(
        actor, subject=row.person_id, region=row.region_code, fields=["phone"], reason=WHY_RING, now=now
    )  # fmt: skip
    return phone_of(row.person)


@transaction.atomic
def keep_photo(
    *, actor: Actor, form_id: UUID, photo: UUID, image: str, consent: str, taken_at: datetime, now: datetime
) -> Photo:
    """Keeps a photo of a visit, sealed. `consent` says who agreed; without it there is none. Once more does nothing.

    BadInput for no JPEG as a data address, too large a one, or a fourth. Conflict when the form was handed in.
    """
    actor.require(ASSESS)
    form = the_form(actor, form_id)
    sent_to(actor, team_now(form.assessment))
    known = Photo.objects.filter(pk=photo).first()
    if known is not None:
        if known.form_id != form.pk:
            raise NotFound("这张照片")
        return known
    if form.state != FormState.DRAFT:
        raise Conflict("这份评估表已经交了，不能再加照片")
    check_open(form.assessment)
    if consent not in Consent.values:
        raise BadInput("照片", "没有写谁同意", accepted="、".join(str(label) for label in Consent.labels))
    if Photo.objects.filter(form=form).count() >= MOST_PHOTOS:
        raise BadInput("照片", told("最多{most}张", most=MOST_PHOTOS))
    _check_jpeg(image)
    row = Photo(
        pk=photo, region_code=form.region_code, form=form, consent=consent, taken_by=actor.account_id,
        taker=actor.name[:40], taken_at=within(form.assessment, taken_at, now), received_at=now,
        image_sealed=seal(image.removeprefix(_DATA), f"assessment_photo.image.{photo}"),
    )  # fmt: skip
    row.save(force_insert=True)
    return row


def _check_jpeg(image: str) -> None:
    problem = BadInput("照片", "不是照片，或太大", accepted="缩小过的JPEG")
    if not image.startswith(_DATA) or len(image) > _MOST_PHOTO_BYTES * 4 // 3:
        raise problem
    try:
        content = base64.b64decode(image.removeprefix(_DATA), validate=True)
    except binascii.Error:
        raise problem from None
    if not content.startswith(_JPEG):
        raise problem
