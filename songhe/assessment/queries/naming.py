"""Whom a task is about, in the words of a page: titles of tasks name nobody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.apps import apps

from songhe.assessment.models import Assessment, Objection


def whose_assessment(assessments: list[UUID]) -> dict[UUID, str]:
    """Names by assessment, of those the working scope shows."""
    return dict(Assessment.objects.filter(pk__in=assessments).values_list("pk", "person__name"))


def whose_objection(objections: list[UUID]) -> dict[UUID, str]:
    """Names by objection, of those the working scope shows."""
    return dict(Objection.objects.filter(pk__in=objections).values_list("pk", "result__person__name"))


def who(persons: list[UUID]) -> dict[UUID, str]:
    """Names by person."""
    model: Any = apps.get_model("people", "Person")
    return dict(model.objects.filter(pk__in=persons).values_list("pk", "name"))
