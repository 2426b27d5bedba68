"""From an officer's deed to the messages: a result is issued, doubted, replaced, withdrawn; a batch is told at once."""

from __future__ import annotations

import pytest

from songhe.assessment.models import Assessor, Result
from songhe.assessment.operations.objecting import object_to, withdraw_result
from songhe.assessment.operations.reviewing import confirm
from songhe.foundation.access.actors import Actor
from songhe.people.models import Person
from tests.api.systems import Calls
from tests.api.test_assessments import result
from tests.api.test_webhooks_of_work import of_kind, register, subscribed
from tests.assessment.teams import NOW, able, appointed, assessor, handed_in, older_person, organisation

__all__ = ["register"]


@pytest.fixture
def team(register: None) -> list[Assessor]:
    body = organisation()
    return [assessor(body, "胡静", login="hj"), assessor(body, "刘文斌", medical=False, login="lwb")]


def issued(desk: Actor, person: Person, team: list[Assessor]) -> Result:
    row = appointed(desk, person, team)
    handed_in(row, team, able())
    return confirm(actor=desk, assessment=row.pk, now=NOW)


@pytest.mark.covers("ASM-03", "NET-03")
def test_what_officers_do_with_a_result_is_told(everywhere: Actor, team: list[Assessor]) -> None:
    person = older_person()
    subscribed(person.region_code)
    first = issued(everywhere, person, team)
    about = person.pk, person.region_code, {"result": str(first.pk)}
    told = of_kind("assessment")
    assert ("assessment.issued", *about) in told and "assessment.asked" in {one[0] for one in told}
    object_to(actor=everywhere, result=first.pk, words="走路要人扶", raised_by="proxy", now=NOW)
    assert of_kind("assessment.") == [("assessment.objected", *about)]
    second = issued(everywhere, person, team)
    told = [one for one in of_kind("assessment.") if one[0] != "assessment.asked"]
    assert sorted(one[0] for one in told) == ["assessment.issued", "assessment.superseded"]
    assert ("assessment.superseded", *about) in told
    withdraw_result(actor=everywhere, result=second.pk, words="写错了人", now=NOW)
    assert ("assessment.withdrawn", person.pk, person.region_code, {"result": str(second.pk)}) in of_kind("assessment.")


def test_results_that_a_system_sends_are_told_to_others_as_one_batch(register: None) -> None:
    person = older_person()
    subscribed("420700")
    Calls(name="送结果的").post("assessments/results", {"rows": [result(person.pk), result(person.pk, "2026-05-05")]})
    ((kind, subject, _, also),) = of_kind("assessments.")
    assert (kind, subject, also) == ("assessments.changed", None, {"new": 2, "withdrawn": 0})
