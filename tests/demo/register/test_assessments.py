"""Invented assessments: what is kept is what the scale says of the answers; two assessors score unlike the others."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import polars as pl
import pytest

from songhe.assessment.scales.basics import check_basic, circumstances
from songhe.assessment.scales.definition import current_scale, scale_of
from songhe.assessment.scales.scoring import Circumstances, read_grades, score
from songhe.demo.register.assessing import Assessments
from songhe.demo.register.assessing_bodies import written
from songhe.demo.register.assessing_old import SCALE
from songhe.demo.register.assessing_signed import signatures
from songhe.demo.register.whole import pieces
from songhe.kernel.credit_codes import read_credit_code

DAY, PEOPLE = date(2026, 11, 18), 12_000


@pytest.fixture(scope="module")
def assessed() -> Assessments:
    """What is drawn of a city of some thousands."""
    found = Assessments(7, DAY)
    for piece in pieces(PEOPLE, 7, DAY):
        found.add(piece)
    return found


def whole(assessed: Assessments, table: str) -> pl.DataFrame:
    return pl.concat([getattr(rows, table) for rows in assessed._rows])


@pytest.mark.covers("ASM-02")
def test_every_kept_result_is_what_the_scale_says_of_the_answers(assessed: Assessments) -> None:
    scale = current_scale(DAY)
    forms = {row["id"]: row for row in whole(assessed, "forms").iter_rows(named=True)}
    results = whole(assessed, "results")
    for row in results.iter_rows(named=True):
        form = forms[row["form_id"]]
        basics = json.loads(form["basics"])
        for key, value in basics.items():
            check_basic(key, value)
        scored = score(scale, json.loads(form["answers"]), circumstances(basics), on_date=row["assessed_date"])
        kept = (json.loads(row["parts"]), row["total"], row["level_by_points"], row["level"])
        assert kept == (dict(scored.parts), scored.total, scored.level_by_points, scored.level)
        assert [one["key"] for one in json.loads(row["reasons"])] == [one.key for one in scored.reasons]
    assert results["level"].n_unique() == 5


def test_there_are_as_many_as_three_years_bring(assessed: Assessments) -> None:
    wanted = 30_000 / 215_000 * PEOPLE
    assert 0.85 * wanted < assessed.count < 1.15 * wanted
    assert (DAY - whole(assessed, "results")["assessed_date"].min()).days <= 3 * 366


@pytest.mark.covers("ASM-04")
def test_two_of_one_organisation_went_each_time_one_medical_both_certified(assessed: Assessments) -> None:
    staff = {str(one.id): one for one in assessed.bodies.assessors}
    days = dict(whole(assessed, "assessments").select("id", pl.col("visit_at").dt.date()).rows())
    teams: dict[str, list[str]] = {}
    for case, who in whole(assessed, "assignments").select("assessment_id", "assessor_id").rows():
        teams.setdefault(case, []).append(who)
    for case, team in teams.items():
        one, two = (staff[who] for who in team)
        assert one != two and one.body == two.body and (one.medical or two.medical)
        assert min(one.until, two.until) > days[case]
    for body in assessed.bodies.bodies:
        assert read_credit_code(body.code) and 5 <= len(body.staff) <= 9


def test_a_blind_second_assessment_is_made_by_others(assessed: Assessments) -> None:
    results = whole(assessed, "results").select("assessment_id", "assessors")
    who = {case: set(team.strip("{}").split(",")) for case, team in results.rows()}
    second = whole(assessed, "assessments").filter(pl.col("second_of_id").is_not_null())
    assert second.height
    for case, first in second.select("id", "second_of_id").rows():
        assert not who[case] & who[first]


def test_what_replaces_is_later_and_of_the_same_person(assessed: Assessments) -> None:
    results = whole(assessed, "results")
    later = results.select("id", by="person_id", on="assessed_date")
    both = results.filter(pl.col("replaced_by_id").is_not_null()).join(later, left_on="replaced_by_id", right_on="id")
    assert both.height == results.filter(pl.col("state") == "replaced").height > 0
    assert (both["by"] == both["person_id"]).all() and (both["assessed_date"] <= both["on"]).all()


def test_exactly_two_assessors_are_planted_to_score_unlike_the_others(assessed: Assessments) -> None:
    truth = assessed.drifted()
    assert sorted(truth["points"]) == [-6, 5]
    assert (truth["forms"] > 10).all()
    points = np.array([one.points for one in assessed.bodies.assessors])
    assert np.count_nonzero(points) == 2


def test_one_seed_gives_the_same_assessments() -> None:
    tables = []
    for _ in range(2):
        found = Assessments(3, DAY)
        for piece in pieces(800, 3, DAY):
            found.add(piece)
        tables.append(whole(found, "results"))
    assert tables[0].equals(tables[1])


@pytest.mark.covers("ASM-02")
def test_old_results_are_what_the_old_scale_says_and_lie_before_the_new_one(assessed: Assessments) -> None:
    old, scale = assessed.old, scale_of(SCALE)
    wanted = 3_300 / 215_000 * PEOPLE
    assert 0.75 * wanted < old.height < 1.25 * wanted
    assert scale.from_date < old["assessed_date"].min() and old["assessed_date"].max() < current_scale(DAY).from_date
    levels = set()
    for domains, disorder in old.select("domains", "disorder").rows():
        grades = dict(zip((part.code for part in scale.parts), map(int, domains), strict=True))
        levels.add(read_grades(scale, grades, Circumstances(disorder=disorder), on_date=date(2020, 1, 1)).level)
    assert levels == {0, 1, 2, 3, None}
    for level, combinations in enumerate(written()["old"]["domains"]):
        for domains in combinations:
            grades = dict(zip((part.code for part in scale.parts), map(int, domains), strict=True))
            found = read_grades(scale, grades, Circumstances(), on_date=date(2020, 1, 1)).level
            assert found == (level if level < 4 else None), domains


def test_some_have_an_old_result_and_one_of_today(assessed: Assessments) -> None:
    with_new = set(whole(assessed, "results")["person_id"])
    with_old = set(assessed.old["id"])
    assert with_old & with_new and with_old - with_new


def test_both_sign_what_the_latest_forms_say(assessed: Assessments) -> None:
    signed = signatures(assessed._rows)
    results = dict(whole(assessed, "results").select("form_id", "assessors").rows())
    teams = {form: set(rows["assessor_id"]) for (form,), rows in signed.partition_by("form_id", as_dict=True).items()}
    assert all(team == set(results[form].strip("{}").split(",")) for form, team in teams.items())
    assert signed["id"].n_unique() == signed.height == 2 * len(teams)
    assert signed["digest"].n_unique() == len(teams)
