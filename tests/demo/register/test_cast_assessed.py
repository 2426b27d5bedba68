"""What the cast's assessments are said to be is what their files show."""

from __future__ import annotations

from typing import Any

import pytest

from songhe.demo.cast import cast
from songhe.demo.register.assessing_cast import left_out, stories
from songhe.demo.register.cast_piece import cast_id
from tests.demo.register.conftest import DAY, City

RESULTS = """SELECT r.level, r.state, a.reason, a.asked_by, r.assessed_date, r.valid_until
             FROM assessment_result r JOIN assessment_assessment a ON a.id = r.assessment_id
             WHERE r.person_id = %s ORDER BY r.assessed_date"""
OPEN = """SELECT a.state, a.visit_at AT TIME ZONE 'Asia/Shanghai', string_agg(s.name, '、' ORDER BY s.certificate)
          FROM assessment_assessment a JOIN assessment_assignment g ON g.assessment_id = a.id
          JOIN assessment_assessor s ON s.id = g.assessor_id WHERE a.person_id = %s GROUP BY a.id"""

OBJECTIONS = """SELECT o.state, o.raised_by, o.id FROM assessment_objection o
                JOIN assessment_result r ON r.id = o.result_id WHERE r.person_id = %s"""


def of(city: City, query: str, key: str) -> list[tuple[Any, ...]]:
    return city.rows(query, "", cast_id(key))


def test_whoever_has_a_story_of_assessment_tells_it_in_a_sentence() -> None:
    assert {elder.person_id for elder in cast() if elder.assessed} == set(stories())
    assert all(elder.assessed.endswith("。") for elder in cast() if elder.assessed)


@pytest.mark.covers("ASM-01")
def test_one_waits_for_the_two_who_come_this_morning(city: City) -> None:
    ((state, visit, team),) = of(city, OPEN, "C13")
    assert (state, visit.date(), visit.hour) == ("appointed", DAY, 10)
    assert team == "胡静、刘文斌"
    assert of(city, RESULTS, "C13") == []
    assert city.rows("SELECT ability_grade FROM people_sheet WHERE person_id = %s", "", cast_id("C13")) == [(None,)]


@pytest.mark.covers("ASM-01")
def test_one_was_assessed_anew_after_discharge(city: City) -> None:
    before, after = of(city, RESULTS, "C05")
    assert (before[0], before[1], after[0], after[2:4]) == (0, "replaced", 1, ("immediate", "event"))
    assert before[4] < after[4] and after[1] in ("provisional", "final")
    assert (
        "出院"
        in of(city, "SELECT words FROM assessment_assessment WHERE person_id = %s ORDER BY asked_at", "C05")[1][0]
    )


@pytest.mark.covers("ASM-03", "ENT-04")
def test_the_level_of_one_changed_and_the_street_has_a_task(city: City) -> None:
    before, after = of(city, RESULTS, "C06")
    assert (before[0], before[1], after[0]) == (2, "replaced", 3)
    ((_, item),) = left_out()
    offered = of(city, "SELECT item FROM decisions_matter WHERE person_id = %s AND kind = 'offer'", "C06")
    assert offered == [(item,)]
    tasks = of(city, """SELECT t.region_code, t.state FROM tasks_task t JOIN decisions_matter m ON m.door = t.subject
                        WHERE t.kind = 'decisions.visit' AND m.person_id = %s""", "C06")  # fmt: skip
    assert {(code[:9], state) for code, state in tasks} == {("420704003", "open")}


@pytest.mark.covers("ASM-01")
def test_one_objects_and_waits_for_the_district(city: City) -> None:
    ((level, state, *_),) = of(city, RESULTS, "C07")
    assert (level, state) == (0, "provisional")
    ((state, by, key),) = of(city, OBJECTIONS, "C07")
    assert (state, by) == ("raised", "self")
    task = city.rows("SELECT state FROM tasks_task WHERE kind = 'assessment.objection' AND subject = %s", "", key)
    assert task == [("open",)]


def test_a_person_without_a_story_is_still_assessed_by_chance(city: City) -> None:
    ids = [str(cast_id(key)) for key in ("C01", "C02", "C03", "C04", "C08")]
    rows = city.rows("SELECT count(*) FROM assessment_result WHERE person_id::text = ANY(%s)", "", ids)
    assert rows[0][0] >= 1
