"""What another system may read of a person's results: what was found and how long it holds, never single answers."""

from __future__ import annotations

from uuid import UUID

from songhe.assessment.models import Result
from songhe.assessment.terms import ResultState

_MOST = 50


def results_of(person_id: UUID) -> list[Result]:
    """The results of a person whom the actor may see, the newest first; no withdrawn ones, no blind second ones."""
    found = Result.objects.filter(person_id=person_id, assessment__second_of=None).exclude(state=ResultState.WITHDRAWN)
    return list(found.order_by("-assessed_date", "-confirmed_at")[:_MOST])
