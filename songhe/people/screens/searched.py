"""The search that a list stands under, found again by its token."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from songhe.foundation.access.middleware import ActingRequest
from songhe.people.queries.filters import Filters
from songhe.people.queries.searching import find_people
from songhe.people.screens.searches import recall


def found_by(request: ActingRequest, filters: Filters) -> Sequence[UUID] | None:
    """Whom the search found; None when nothing was searched for, nobody when the search is forgotten."""
    if not filters.find:
        return None
    text = recall(request.session, filters.find)
    return () if text is None else find_people(request.actor, text).ids
