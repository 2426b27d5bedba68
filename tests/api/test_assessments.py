"""Results of assessments through the API: read with an entry, told in bulk row by row, verified by code."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from songhe.assessment.models import Result
from songhe.assessment.scales.definition import scale_of
from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.models import Entry, Kind
from songhe.people.api import facts_of
from tests.api.systems import Calls
from tests.assessment.teams import TODAY, older_person

NATIONAL = "gbt42195-2022"


def result(person: Any, day: str = "2026-02-02", **others: Any) -> dict[str, Any]:
    """Somebody who can do everything but what is said ("B_1_1")."""
    answers = {item.code: str(item.most) for item in scale_of(NATIONAL).items}
    answers |= {name.replace("_", "."): value for name, value in others.items() if name.startswith("B_")}
    told = {"person_id": str(person), "scale": NATIONAL, "purpose": "own_wish", "assessed_date": day,
            "organisation": "葛店老年评估所", "assessors": ["明建华", "余利荣"], "answers": answers}  # fmt: skip
    return told | {name: value for name, value in others.items() if not name.startswith("B_")}


@pytest.mark.covers("ASM-03")
def test_results_told_by_a_system_count_and_each_wrong_row_is_named(everywhere: Actor) -> None:
    one, two = older_person().pk, older_person().pk
    rows = [
        result(one, B_1_1="1"), result(two, B_1_1="9"), result(two, total=3), result(uuid4()),
        result(two, assessed_date="2999-01-01"), result(two, scale="none"),
    ]  # fmt: skip
    answer = Calls().post("assessments/results", {"rows": rows}).json()
    assert (answer["taken"], answer["new"]) == (1, 1)
    told = {each["row"]: each["problem"] for each in answer["refused"]}
    assert set(told) == {1, 2, 3, 4, 5}
    assert "B.1.1 进食" in told[1]["detail"] and "0至4" in told[1]["detail"]
    assert told[2]["field"] == "total" and told[4]["field"] == "assessed_date" and told[5]["field"] == "scale"
    assert told[3]["status"] == 404
    found = Result.objects.get()
    assert (found.person_id, found.level, found.total, found.source) == (one, 1, 87, "system")
    assert facts_of(one, TODAY)["ability_grade"].said.telling.value == "1"  # type: ignore[union-attr]


def test_the_same_key_once_more_gives_the_same_answer_and_writes_nothing(everywhere: Actor) -> None:
    calls, body = Calls(), {"rows": [result(older_person().pk)]}
    first = calls.post("assessments/results", body, Idempotency_Key="one-and-only")
    again = calls.post("assessments/results", body, Idempotency_Key="one-and-only")
    assert first.json() == again.json()
    assert calls.post("assessments/results", body).json()["new"] == 0
    assert Result.objects.count() == 1


@pytest.mark.covers("ASM-05", "PER-06")
def test_a_reading_gives_levels_without_answers_and_leaves_an_entry(everywhere: Actor) -> None:
    person = older_person()
    calls = Calls()
    calls.post("assessments/results", {"rows": [result(person.pk), result(person.pk, "2026-05-05", B_1_1="0")]})
    rows = calls.get(f"people/{person.pk}/assessments").json()["rows"]
    assert [(row["level"], row["state"]) for row in rows] == [(1, "final"), (0, "replaced")]
    assert not {"answers", "code", "parts"} & set(rows[0])
    entry = Entry.objects.filter(kind=Kind.READING, action="api.read", subject=str(person.pk)).last()
    assert entry is not None and entry.detail["fields"] == ["assessments"]


def test_a_report_is_verified_without_a_level_or_a_whole_name(everywhere: Actor) -> None:
    person, calls = older_person(), Calls()
    calls.post("assessments/results", {"rows": [result(person.pk)]})
    told = calls.get(f"assessments/verify/{Result.objects.get().code}").json()
    assert told["genuine"] and told["state"] == "holds" and "level" not in told
    assert told["name"] != person.name
    assert calls.get("assessments/verify/AAAABBBBCCCC").json()["genuine"] is False


def test_somebody_elsewhere_is_told_like_nobody(everywhere: Actor) -> None:
    far = older_person("420703100209")
    answer = Calls("420704").post("assessments/results", {"rows": [result(far.pk)]}).json()
    assert answer["refused"][0]["problem"]["status"] == 404
    assert not Result.objects.exists()
