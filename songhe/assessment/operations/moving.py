"""What is about a person goes along when her file moves to another division."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Model

from songhe.assessment import kinds
from songhe.assessment.districts import district_of
from songhe.assessment.models import (
    AnswerChange,
    Assessment,
    Assignment,
    Exclusion,
    Form,
    Objection,
    Photo,
    Result,
    Signature,
    Tie,
)
from songhe.foundation.access.actors import Actor
from songhe.foundation.tasks import lay_about
from songhe.people.api import person_of


def move_along(*, actor: Actor, person_id: UUID) -> None:
    """Lays all rows about the person, and open tasks, where the file lies now. The scope must cover both places."""
    region = person_of(actor, person_id).region_code
    of_person: tuple[type[Model], ...] = (Assessment, Result, Tie, Exclusion)
    for model in of_person:
        model._default_manager.filter(person_id=person_id).exclude(region_code=region).update(region_code=region)
    further: tuple[tuple[type[Model], str], ...] = (
        (Assignment, "assessment__person_id"), (Form, "assessment__person_id"), (Objection, "result__person_id"),
        (AnswerChange, "form__assessment__person_id"), (Signature, "form__assessment__person_id"),
        (Photo, "form__assessment__person_id"),
    )  # fmt: skip
    for model, path in further:
        model._default_manager.filter(**{path: person_id}).exclude(region_code=region).update(region_code=region)
    _tasks_along(actor, person_id, region)


def _tasks_along(actor: Actor, person_id: UUID, region: str) -> None:
    """What is to be done about the person lies where she does now; what is a desk's, with the desk of that district."""
    desk = district_of(region)
    for assessment in Assessment.objects.filter(person_id=person_id).values_list("pk", flat=True):
        lay_about(actor=actor, kind=kinds.VISIT.code, subject=assessment, region=region)
        for kind in (kinds.ACCEPT, kinds.REVIEW, kinds.SECOND):
            lay_about(actor=actor, kind=kind.code, subject=assessment, region=desk)
    for objection in Objection.objects.filter(result__person_id=person_id).values_list("pk", flat=True):
        lay_about(actor=actor, kind=kinds.OBJECTION.code, subject=objection, region=desk)
    for kind in (kinds.RENEW, kinds.CHANGED):
        lay_about(actor=actor, kind=kind.code, subject=person_id, region=region)
