"""What forms of decisions say, read once; the filters of lists stand with their queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import QueryDict

from songhe.eligibility.decisions.answers import answer_in
from songhe.kernel.errors import BadInput
from songhe.kernel.keys import key_read

_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Settling:
    """One row of a door as it was sent; `value` is an answer, as in the person table, instead of an outcome."""

    matter: UUID
    outcome: str = ""
    value: str | None = None
    reason: str = ""
    from_date: date | None = None

    @classmethod
    def read(cls, given: QueryDict) -> Settling:
        """BadInput for what cannot be read; an empty choice is for the operation to refuse."""
        key = key_read(given.get("matter", ""))
        if key is None:
            raise BadInput("要办的事", "读不懂")
        chosen = given.get("outcome", "")[:_LONGEST]
        value = answer_in(chosen)
        return cls(
            matter=key,
            outcome=chosen if value is None else "",
            value=value,
            reason=given.get("reason", "")[:_LONGEST],
            from_date=day_read(given.get("from_date", ""), "从哪天起"),
        )


def day_read(text: str, where: str) -> date | None:
    """A day as the browser's calendar writes it; None for nothing. BadInput for what is no day."""
    text = text.strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(where, "这一天读不懂", given=text[:20], accepted="2026-11-18这样写") from error
