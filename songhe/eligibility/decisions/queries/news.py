"""What changed behind a cursor, for systems that follow decisions."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from songhe.eligibility.decisions.models import Change
from songhe.eligibility.decisions.places import known_places
from songhe.foundation.access.actors import Actor

_SETTLED_AFTER = timedelta(days=2)
# Rows of a transaction that began while another one was still writing may have later numbers than that one's: they are
# told once nothing older is at work, so that a cursor never jumps over what comes late.
_BEFORE_ALL_AT_WORK = "age(decisions_change.xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::xid)"


def changes_after(actor: Actor, cursor: int, most: int, today: date) -> list[tuple[Change, str]]:
    """At most so many changes in the actor's region behind the cursor, each with its item, by their numbers."""
    lo, hi = actor.range
    found = Change.objects.filter(region_code__gte=lo, region_code__lt=hi, pk__gt=cursor).annotate(
        settled=RawSQL(_BEFORE_ALL_AT_WORK, (), output_field=BooleanField())  # noqa: S611 — a constant
    )
    slugs = {place: slug for slug, place in known_places().items()}
    rows: list[tuple[Change, str]] = []
    for row in found.order_by("pk")[:most]:
        if not row.settled and row.on_date > today - _SETTLED_AFTER:
            break
        rows.append((row, slugs[row.position]))
    return rows
