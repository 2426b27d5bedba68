"""What an assessor is sent to, and how its form stands, for the day's page and the device that is taken along."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from songhe.assessment.models import Assessment, Form, Photo
from songhe.assessment.queries.one import assessment_of
from songhe.assessment.terms import AssessmentState, FormState
from songhe.foundation.access.actors import Actor
from songhe.foundation.days import start_of
from songhe.foundation.sealing.seals import unseal
from songhe.kernel.errors import NotFound


def day_ends(now: datetime) -> datetime:
    """Midnight after a moment, where the pages are."""
    return start_of(timezone.localdate(now) + timedelta(days=1))


def mine(actor: Actor) -> QuerySet[Assessment]:
    """All that the actor is sent to now."""
    lo, hi = actor.range
    found = Assessment.objects.filter(region_code__gte=lo, region_code__lt=hi)
    if actor.account_id is None:
        return found.none()
    return found.filter(
        assignments__assessor__account=actor.account_id, assignments__called_back_at=None
    ).select_related("person", "organisation")  # fmt: skip


def mine_until(actor: Actor, until: datetime) -> list[Assessment]:
    """Visits that were agreed upon for before a moment and are not handed in, the first first."""
    found = mine(actor).filter(state=AssessmentState.APPOINTED, visit_at__lt=until)
    return list(found.order_by("visit_at", "pk"))


def mine_after(actor: Actor, since: datetime) -> list[Assessment]:
    """Visits that were agreed upon for later."""
    found = mine(actor).filter(state=AssessmentState.APPOINTED, visit_at__gte=since)
    return list(found.order_by("visit_at", "pk"))


def mine_without_time(actor: Actor) -> list[Assessment]:
    """What still needs a time, the first due first."""
    return list(mine(actor).filter(state=AssessmentState.ASSIGNED).order_by("due_date", "pk"))


def standing_form(row: Assessment) -> Form | None:
    """The form that is being filled in, or was handed in; none before anybody began."""
    found = Form.objects.filter(assessment=row, state__in=(FormState.DRAFT, FormState.SUBMITTED))
    return found.prefetch_related("signatures").order_by("-begun_at").first()


def drafts_of(rows: list[Assessment]) -> dict[UUID, Form]:
    """Forms being filled in, by assessment."""
    found = Form.objects.filter(assessment__in=rows, state=FormState.DRAFT)
    return {form.assessment_id: form for form in found.prefetch_related("signatures")}


def photos_of(form: Form) -> list[Photo]:
    """Photos of a form in the order in which they were taken, without opening them."""
    return list(form.photos.defer("image_sealed").order_by("taken_at", "pk"))


def photo_of(actor: Actor, assessment: UUID, photo: UUID) -> tuple[Photo, bytes]:
    """A photo opened. NotFound when the assessment is not the actor's to see, or has no such photo."""
    row = assessment_of(actor, assessment)
    found = Photo.objects.filter(pk=photo, form__assessment=row).first()
    if found is None:
        raise NotFound("这张照片")
    return found, base64.b64decode(unseal(bytes(found.image_sealed), f"assessment_photo.image.{found.pk}"))
