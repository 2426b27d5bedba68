"""The demo city as assessment finds it: old results, signatures, every state of the way, each as it was planted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from songhe.assessment.api import Result, content_digest
from songhe.demo.register.truths import read_truth
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.sealing.seals import unseal
from tests.demo.register.conftest import DAY, City

CASE = """SELECT a.person_id::text, a.state, COALESCE(o.state, '') FROM assessment_assessment a
          LEFT JOIN assessment_result r ON r.assessment_id = a.id LEFT JOIN assessment_objection o ON o.result_id = r.id
          WHERE a.second_of_id IS NULL AND a.objects_to_id IS NULL AND a.asked_at > %s"""
ENDS = {
    "sent_back": ("appointed", ""), "sent_again": ("submitted", ""), "begun": ("appointed", ""),
    "objected": ("confirmed", "raised"), "again": ("confirmed", "again"), "upheld": ("confirmed", "upheld"),
    "changed": ("confirmed", "changed"), "objection_refused": ("confirmed", "refused"),
}  # fmt: skip


def test_each_case_stands_where_it_was_led_and_every_state_is_there(city: City) -> None:
    planted = read_truth(city.folder / "truth", "cases")
    found = {row[0]: row[1:] for row in city.rows(CASE, "", DAY - timedelta(days=40))}
    for person, state in planted.select("id", "state").rows():
        assert found[person] == ENDS.get(state, (state, "")), state
    assert set(planted["state"]) >= {"asked", "accepted", "assigned", "appointed", "submitted", "refused", *ENDS}
    assert planted["district"].n_unique() == 3


def test_open_cases_are_due_before_on_and_after_the_day(city: City) -> None:
    due = [row[0] for row in city.rows("""SELECT due_date FROM assessment_assessment
        WHERE state IN ('asked', 'accepted', 'assigned', 'appointed') AND campaign_id IS NULL""")]  # fmt: skip
    assert min(due) < DAY < max(due) and sum(abs((one - DAY).days) <= 7 for one in due) > len(due) / 2


@pytest.mark.covers("ASM-04")
def test_second_looks_agree_or_differ_as_planted_and_one_is_to_be_looked_at(city: City) -> None:
    planted = read_truth(city.folder / "truth", "second_looks")
    assert planted["differs"].sum() == 1
    waiting = city.rows(
        "SELECT count(*) FROM assessment_assessment WHERE second_of_id IS NOT NULL AND state = 'accepted'"
    )
    assert waiting[0][0] >= 1
    tasks = {str(row[0]) for row in city.rows("SELECT subject FROM tasks_task WHERE kind = 'assessment.second'")}
    assert tasks == set(planted.filter("differs")["id"])
    for second in planted["id"]:
        (first, again), (one, other) = city.rows(
            """SELECT r.total, r.assessors::text FROM assessment_result r JOIN assessment_assessment a
               ON r.assessment_id = a.id OR r.assessment_id = a.second_of_id WHERE a.id = %s ORDER BY r.confirmed_at""",
            "", second,
        )  # fmt: skip
        assert not set(again.strip("{}").split(",")) & set(other.strip("{}").split(",")) and first != one


@pytest.mark.covers("ASM-01")
def test_a_campaign_goes_on_in_several_communities(city: City) -> None:
    planted = read_truth(city.folder / "truth", "campaign_rounds")
    rows = city.rows("SELECT region_code, told_at IS NOT NULL, requests FROM assessment_opening")
    assert sorted(row[0] for row in rows) == sorted(planted["region_code"]) and len(rows) >= 4
    told = dict(planted.select("region_code", "state").rows())
    assert all(is_told == (told[code] != "asked") for code, is_told, _ in rows)
    assert {
        state for (state,) in city.rows("SELECT state FROM assessment_assessment WHERE campaign_id IS NOT NULL")
    } > {"accepted"}


@pytest.mark.covers("ASM-02")
def test_photos_that_somebody_agreed_to_lie_with_forms_under_review(city: City) -> None:
    rows = city.rows("""SELECT p.id, p.image_sealed, p.consent FROM assessment_photo p
        JOIN assessment_form f ON f.id = p.form_id JOIN assessment_assessment a ON a.id = f.assessment_id
        WHERE a.state = 'submitted'""")  # fmt: skip
    assert len(rows) >= 3 and {row[2] for row in rows} <= {"self", "guardian"}
    opened = {unseal(bytes(sealed), f"assessment_photo.image.{key}")[:4] for key, sealed, _ in rows}
    assert opened == {"/9j/"}


@pytest.mark.covers("ASM-02")
def test_old_results_are_history_and_tell_the_register_nothing(city: City) -> None:
    planted = read_truth(city.folder / "truth", "old_results")
    kept = city.rows("""SELECT person_id::text, assessed_date FROM assessment_result
                        WHERE scale = 'mzt039-2013' AND source = 'old' AND state IN ('final', 'replaced')""")
    assert sorted(kept) == sorted(planted.select("id", "assessed_date").rows()) != []
    assert city.rows("SELECT count(DISTINCT r.id) FROM assessment_result r JOIN people_circumstance c"
                         " ON c.batch IN (r.id, r.batch) WHERE r.scale = 'mzt039-2013'") == [(0,)]  # fmt: skip


def test_the_latest_results_bear_both_signatures_under_what_was_signed(city: City) -> None:
    with scoped(Actor.system("测试", ""), "test"):
        results = Result.objects.filter(scale="gbt42195-2022", form__isnull=False).order_by("-assessed_date")[:60]
        for result in results.select_related("form"):
            signed = list(result.form.signatures.all())
            assert {one.assessor_id for one in signed} == set(result.assessors)
            assert {one.digest for one in signed} == {content_digest(result.form)}
            text = unseal(bytes(signed[0].drawing_sealed), f"assessment_signature.drawing.{signed[0].pk}")
            assert text.startswith("data:image/png;base64,") and len(text) > 1_000
