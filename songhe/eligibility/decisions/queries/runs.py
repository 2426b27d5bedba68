"""Runs of the rules: when everybody was decided last, and what each changed in the working region, item by item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from songhe.eligibility.decisions.models import Change, ListedItem, Run
from songhe.eligibility.decisions.terms import RunKind
from songhe.foundation.access.actors import Actor, region_range
from songhe.foundation.access.scope import scoped
from songhe.kernel.errors import NotFound

MOST_RUNS = 50
_ABOVE = (0, 2, 4, 6, 9)


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of one item in a run: how many persons from what to what, and fen more or less."""

    item: str
    gained: int
    lost: int
    unclear: int
    fen: int


@dataclass(frozen=True, slots=True)
class RunSeen:
    """A run over everybody of the region or of one above it; only one of the region itself shows its `figures`."""

    key: UUID
    kind: str
    region_code: str
    started_at: datetime
    finished_at: datetime | None
    starter: str
    seconds: float | None
    figures: dict[str, Any]
    changed: int = 0
    moved: Sequence[Moved] = field(default_factory=tuple)


def runs_of(actor: Actor, most: int = MOST_RUNS) -> list[RunSeen]:
    """The last runs over everybody that went over the working region, the newest first."""
    runs = _runs(actor, Q(kind=RunKind.FULL))[:most]
    changed = dict(
        _changes(actor, [run.pk for run in runs]).values_list("run").annotate(Count("person", distinct=True))
    )
    return [_seen(run, actor, changed.get(run.pk, 0)) for run in runs]


def run_of(actor: Actor, key: UUID) -> RunSeen:
    """One run with its changes by item in the working region. NotFound for one that went over other regions."""
    runs = _runs(actor, Q(pk=key))
    if not runs:
        raise NotFound("这次判定")
    slugs = dict(ListedItem.objects.values_list("position", "slug"))
    rows = (
        _changes(actor, [key])
        .values("position")
        .annotate(
            gained=Count("pk", filter=Q(after="y") & ~Q(before="y")),
            lost=Count("pk", filter=Q(before="y") & ~Q(after="y")),
            unclear=Count("pk", filter=Q(after="u") & ~Q(before="u")),
            fen=Coalesce(Sum("fen_after"), 0) - Coalesce(Sum("fen_before"), 0),
        )
        .order_by("-gained", "-lost", "position")
    )
    moved = [
        Moved(slugs.get(row["position"], ""), row["gained"], row["lost"], row["unclear"], int(row["fen"]))
        for row in rows
    ]
    persons = _changes(actor, [key]).aggregate(number=Count("person", distinct=True))["number"]
    seen = _seen(runs[0], actor, persons)
    return RunSeen(**{name: getattr(seen, name) for name in RunSeen.__dataclass_fields__} | {"moved": moved})


def _runs(actor: Actor, wanted: Q) -> list[Run]:
    """Runs hold no persons: those of the regions above are read as Songhe itself, and say of others nothing."""
    lo, hi = actor.range
    above = [actor.region[:end].ljust(12, "0") for end in _ABOVE if end < len(actor.region)]
    with scoped(Actor.system("判定", ""), "decisions.runs"):
        found = Run.objects.filter(wanted).filter(Q(region_code__in=above) | Q(region_code__gte=lo, region_code__lt=hi))
        return list(found.filter(finished_at__isnull=False).order_by("-started_at")[:MOST_RUNS])


def _changes(actor: Actor, runs: Sequence[UUID]):  # type: ignore[no-untyped-def]
    lo, hi = actor.range
    return Change.objects.filter(run__in=runs, region_code__gte=lo, region_code__lt=hi)


def _seen(run: Run, actor: Actor, changed: int) -> RunSeen:
    lo, hi = region_range(actor.region)
    own = lo <= run.region_code < hi
    return RunSeen(
        run.pk, str(run.kind), run.region_code, run.started_at, run.finished_at, run.starter,
        run.figures.get("seconds"), run.figures if own else {}, changed,
    )  # fmt: skip
