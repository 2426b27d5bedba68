"""Comparing assessors: the cases out of the results, the run that is kept, the newest one for a page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.apps import apps
from django.db import transaction
from django.utils import timezone

from songhe.assessment.drift_runs import DriftRun
from songhe.assessment.drifting.fitting import Cases, Fit, fit
from songhe.assessment.figures import figure
from songhe.assessment.models import Assessor, Result
from songhe.assessment.permissions import REVIEW
from songhe.assessment.scales.definition import current_scale
from songhe.assessment.terms import ResultSource, ResultState
from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.foundation.days import start_of
from songhe.kernel.days import age_on, month_day_in

KEPT_RUNS = 12  # a region
_BAND, _OLDEST = 5, 100
_FIELDS = (
    "total", "assessors", "person_id", "region_code", "purpose", "assessed_date", "assessment__reason",
    "person__birth_date", "person__sheet__sex", "person__sheet__disability_level",
)  # fmt: skip


@transaction.atomic
def measure_drift(*, actor: Actor, now: datetime) -> DriftRun:
    """Compares the assessors of the actor's region by the results of the last months, and keeps what it came to."""
    actor.require(REVIEW)
    today = timezone.localdate(now)
    since = month_day_in(-figure("drift_months", region=actor.region, day=today), today)
    least = figure("drift_differs", region=actor.region, day=today)
    cases, assessors = cases_of(actor, since=since, today=today)
    run = _kept(actor, fit(cases, least=least), assessors, since, now, least, len(cases.totals))
    record(actor, action="assessment.measure_drift", subject=run.pk, region=run.region, number=run.cases)
    return run


def measured_on(day: date) -> bool:
    """Whether all results were compared on a day."""
    start = start_of(day)
    return DriftRun.objects.filter(region="0" * 12, made_at__gte=start, made_at__lt=start + timedelta(days=1)).exists()


def newest_run(actor: Actor) -> DriftRun | None:
    """The newest comparison that covers the actor's region."""
    covering = [actor.region[:digits].ljust(12, "0") for digits in range(len(actor.region) + 1)]
    return DriftRun.objects.filter(region__in=covering).order_by("-made_at").first()


def cases_of(actor: Actor, *, since: date, today: date) -> tuple[Cases, list[UUID]]:
    """The results of the current scale within the actor's region, with what was known beforehand."""
    lo, hi = actor.range
    scale = current_scale(today)
    found = Result.objects.filter(
        region_code__gte=lo, region_code__lt=hi, source=ResultSource.OWN, scale=scale.key, total__isnull=False,
        assessed_date__gte=since,
    ).exclude(state=ResultState.WITHDRAWN)  # fmt: skip
    rows = telling(found.order_by("assessed_date", "id").values_list(*_FIELDS), scale.most)
    assessors = sorted({one for row in rows for one in row[1]})
    districts = dict(Assessor.objects.filter(pk__in=assessors).values_list("pk", "organisation__district"))
    assessors = [one for one in assessors if one in districts]
    return compared(rows, assessors, [districts[one] for one in assessors], _demented()), assessors


def telling(rows: Iterable[Any], most: int) -> list[Any]:
    """The rows without those of people who were found wholly able before: a kind assessor cannot show on them.

    Rows are in the order of their days and begin with total, team and person.
    """
    able: set[UUID] = set()
    kept = []
    for row in rows:
        if row[2] not in able:
            kept.append(row)
        if row[0] == most:
            able.add(row[2])
    return kept


def compared(rows: list[Any], assessors: list[UUID], districts: list[str], demented: dict[UUID, date]) -> Cases:
    """The columns that the model takes: of rows as `cases_of` reads them, with a district by assessor."""
    place = {one: number for number, one in enumerate(assessors)}
    width = max((len(row[1]) for row in rows), default=2)
    teams = np.full((len(rows), width), -1, dtype=int)
    for number, row in enumerate(rows):
        known = [place[one] for one in row[1] if one in place]
        teams[number, : len(known)] = known
    traits = {
        "district": _coded(row[3][:6] for row in rows),
        "purpose": _coded(row[4] for row in rows),
        "reason": _coded(row[6] or "" for row in rows),
        "age": _coded(_band(row[7], row[5]) for row in rows),
        "sex": _coded(-1 if row[8] is None else row[8] for row in rows),
        "disability": _coded(0 if row[9] is None else row[9] for row in rows),
        "dementia": _coded(row[2] in demented and demented[row[2]] <= row[5] for row in rows),
    }
    totals = np.array([row[0] for row in rows], dtype=float)
    return Cases(totals, teams, _coded(row[2] for row in rows), traits, _coded(districts))


def _demented() -> dict[UUID, date]:
    """Since when dementia is known from elsewhere; what assessors found themselves does not count beforehand."""
    circumstances: Any = apps.get_model("people", "Circumstance")
    told = circumstances.objects.filter(fact="dementia", value="true", known_until=None).exclude(source="assessment")
    return dict(told.order_by("-as_of").values_list("person_id", "as_of"))


def _band(birth: date | None, day: date) -> int:
    return -1 if birth is None else min(age_on(birth, day), _OLDEST) // _BAND


def _coded(values: Iterable[Any]) -> Any:
    listed = list(values)
    codes = {value: number for number, value in enumerate(sorted(set(listed)))}
    return np.array([codes[value] for value in listed], dtype=int)


def _kept(
    actor: Actor, found: Fit, assessors: list[UUID], since: date, now: datetime, least: int, cases: int
) -> DriftRun:
    run = DriftRun.objects.create(
        region=actor.region.ljust(12, "0"), made_at=now, maker=actor.name[:40], from_date=since,
        until_date=timezone.localdate(now), cases=cases, judged=found.judged, least=least, spread=found.spread,
        effects=[
            {"assessor": str(assessors[one.assessor]), "points": round(one.points, 2), "low": round(one.low, 2),
             "high": round(one.high, 2), "cases": one.cases, "verdict": one.verdict}
            for one in found.effects
        ],
    )  # fmt: skip
    older = DriftRun.objects.filter(region=run.region).order_by("-made_at").values_list("pk", flat=True)[KEPT_RUNS:]
    DriftRun.objects.filter(pk__in=list(older)).delete()
    return run
