"""The whole invented city: the comparison of assessors names the two who were planted, and hardly anybody else."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from songhe.assessment.drift import compared, telling
from songhe.assessment.drifting.fitting import DIFFERS, fit
from songhe.assessment.figures import figure
from songhe.assessment.scales.definition import current_scale
from songhe.demo.register.assessing import Assessments
from songhe.demo.register.whole import pieces

DAY, PEOPLE = date(2026, 11, 18), 215_000


def city(seed: int) -> tuple[Assessments, list[Any]]:
    """Everything drawn, and the results as the register gives them for the comparison, in the order of their days."""
    drawn, people = Assessments(seed, DAY), []
    for piece in pieces(PEOPLE, seed, DAY):
        drawn.add(piece)
        people.append(piece.people.select(person_id="id", birth="birth_date", sex="sex"))
    results, cases = (pl.concat([getattr(rows, name) for rows in drawn._rows]) for name in ("results", "assessments"))
    reasons = cases.select(assessment_id="id", reason="reason")
    rows = (
        results.join(reasons, on="assessment_id")
        .join(pl.concat(people).unique("person_id"), on="person_id", how="left")
        .with_columns(team=pl.col("assessors").str.strip_chars("{}").str.split(","), disability=pl.lit(None))
        .sort("assessed_date", "id")
        .select("total", "team", "person_id", "region_code", "purpose", "assessed_date", "reason", "birth", "sex",
                "disability")
    )  # fmt: skip
    return drawn, rows.rows()


@pytest.mark.covers("ASM-04")
@pytest.mark.parametrize("seed", [1, 2])
def test_the_two_who_drift_are_named_and_the_honest_are_not(seed: int) -> None:
    drawn, rows = city(seed)
    assert len(rows) == drawn.count > 30_000
    staff = {str(one.id): one for one in drawn.bodies.assessors}
    districts = {key: drawn.bodies.bodies[one.body].district for key, one in staff.items()}
    assessors = sorted({one for row in rows for one in row[1]})
    cases = compared(telling(rows, current_scale(DAY).most), assessors, [districts[one] for one in assessors], {})
    found = fit(cases, least=figure("drift_differs", region="", day=DAY))
    named = {assessors[one.assessor] for one in found.effects if one.verdict == DIFFERS}
    planted = {key for key, one in staff.items() if one.points}
    assert len(planted) == 2
    assert planted <= named
    assert len(named - planted) <= 0.02 * (len(assessors) - len(planted))
    signs = {assessors[one.assessor]: one.points > 0 for one in found.effects}
    assert all(signs[key] == (staff[key].points > 0) for key in planted)
