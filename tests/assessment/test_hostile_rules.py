"""Rules that decide, each held from both sides: what changes a level, who is asked for, who may let something in."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from songhe.assessment.batches import BatchState, ResultBatch
from songhe.assessment.models import Assessment, Assessor, Assignment, Campaign, Result
from songhe.assessment.operations import campaigning, importing
from songhe.assessment.operations.asking import accept, ask
from songhe.assessment.operations.assigning import appoint, assign, call_back
from songhe.assessment.operations.campaigning import ask_for_all
from songhe.assessment.operations.reminding import remind_due
from songhe.assessment.operations.reviewing import confirm
from songhe.assessment.queries.public import masked_name
from songhe.assessment.queries.seconds import Compared
from songhe.assessment.queries.workload import workloads
from songhe.assessment.scales.basics import check_basic
from songhe.foundation.access.actors import Actor
from songhe.kernel.errors import BadInput, Conflict, Refused
from songhe.people.models import Person, Sheet
from tests.assessment.teams import (
    NATIONAL,
    NOW,
    REGION,
    TODAY,
    able,
    appointed,
    assessor,
    basics,
    handed_in,
    older_person,
    organisation,
)

DAY = timedelta(days=1)
PROVEN = {"hospital": "市一院", "date": "2026-01-01"}


@pytest.fixture
def team(everywhere: Actor) -> list[Assessor]:
    body = organisation()
    return [assessor(body, "胡静", login="hj"), assessor(body, "刘文斌", medical=False, login="lwb")]


@pytest.mark.covers("ASM-01")
@pytest.mark.parametrize(
    ("form_a", "answers", "level", "reasons"),
    [
        ({}, {}, 0, []),
        ({"coma": "有"}, {}, 4, ["coma"]),
        ({}, {"B_3_9": "0b"}, 4, ["coma"]),
        ({}, {"B_3_9": "0a"}, 1, []),
        ({"diagnoses": {"dementia": PROVEN}}, {}, 1, ["disorder"]),
        ({"diagnoses": {"hypertension": {}}}, {}, 0, []),
        ({"risk_events": {"跌倒": 1}}, {}, 0, []),
        ({"risk_events": {"跌倒": 1, "噎食": 1}}, {}, 1, ["risk_events"]),
        ({"risk_events": {"跌倒": 2}, "diagnoses": {"dementia": PROVEN}}, {}, 1, ["disorder", "risk_events"]),
        ({"coma": "有", "risk_events": {"跌倒": 2}}, {}, 4, ["coma", "risk_events"]),
    ],
)
def test_what_form_a_says_changes_the_level_with_its_reason(
    everywhere: Actor, team: list[Assessor], form_a: dict[str, object], answers: dict[str, str], level: int,
    reasons: list[str],
) -> None:  # fmt: skip
    row = appointed(everywhere, older_person(), team)
    handed_in(row, team, able(**answers), basics(**form_a))
    result = confirm(actor=everywhere, assessment=row.pk, now=NOW)
    assert (result.level, [one["key"] for one in result.reasons]) == (level, reasons)


@pytest.mark.parametrize(
    "evidence", [{}, {"hospital": "市一院"}, {"date": "2026-01-01"}, {"hospital": "", "date": "x"}]
)
def test_a_diagnosis_that_changes_the_level_needs_hospital_and_day(evidence: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        check_basic("diagnoses", {"dementia": evidence})
    check_basic("diagnoses", {"dementia": PROVEN, "hypertension": evidence})


@pytest.mark.parametrize(
    ("points", "level", "self_care", "long_term"),
    [(66, 1, False, False), (65, 2, False, True), (46, 2, False, True), (45, 3, True, True), (29, 4, True, True)],
)
def test_what_the_register_is_told_begins_at_its_level(
    everywhere: Actor, team: list[Assessor], points: int, level: int, self_care: bool, long_term: bool
) -> None:
    person, left, answers = older_person(), 90 - points, able()
    for code in sorted(answers):
        if left and not code.startswith("B.3.9") and answers[code] in {"1", "2", "3", "4"}:
            taken = min(left, int(answers[code]))
            answers[code], left = str(int(answers[code]) - taken), left - taken
    if left:
        pytest.fail("the answers do not come to the points")
    row = appointed(everywhere, person, team)
    handed_in(row, team, answers)
    result = confirm(actor=everywhere, assessment=row.pk, now=NOW)
    sheet = Sheet.objects.get(person=person)
    assert (result.total, result.level) == (points, level)
    assert (sheet.ability_grade, sheet.cannot_self_care, sheet.long_term_care_need) == (level, self_care, long_term)


@pytest.mark.parametrize("standing", ["dead", "away", "merged"])
def test_for_whom_is_not_here_nothing_is_asked_and_nobody_is_reminded(everywhere: Actor, standing: str) -> None:
    person = older_person()
    Result.objects.create(
        region_code=REGION, person=person, scale=NATIONAL, purpose="own_wish", source="file", state="final", level=1,
        assessed_date=TODAY - 700 * DAY, valid_until=TODAY + 9 * DAY, confirmed_at=NOW, confirmer="何俊", code="ABC",
    )  # fmt: skip
    survivor = older_person() if standing == "merged" else None
    Person.objects.filter(pk=person.pk).update(standing=standing, merged_into=survivor)
    assert remind_due(actor=everywhere, today=TODAY, now=NOW) == 0
    with pytest.raises(Conflict, match="不能申请评估"):
        ask(actor=everywhere, person_id=person.pk, purpose="own_wish", reason="first", asked_by="self", now=NOW)


@pytest.mark.covers("ASM-04")
def test_a_day_holds_six_visits_and_no_seventh(everywhere: Actor, team: list[Assessor]) -> None:
    begins = NOW + 500 * DAY
    Assessor.objects.all().update(certified_until=TODAY + 900 * DAY)
    came = []
    for number in range(7):
        row = ask(
            actor=everywhere, person_id=older_person().pk, purpose="own_wish", reason="first", asked_by="self", now=NOW
        )
        accept(actor=everywhere, assessment=row.pk, now=NOW)
        assign(actor=everywhere, assessment=row.pk, assessors=[one.pk for one in team], now=NOW)
        try:
            appoint(actor=everywhere, assessment=row.pk, visit_at=begins + timedelta(hours=number), place="", now=NOW)
            came.append("")
        except Conflict as error:
            came.append(str(error))
    assert came[:6] == [""] * 6
    assert "满了" in came[6]


@pytest.mark.parametrize(("apart", "differs"), [(6, False), (-6, False), (7, True), (-7, True)])
def test_two_results_differ_beyond_what_is_allowed(apart: int, differs: bool) -> None:
    first, second = SimpleNamespace(total=60), SimpleNamespace(total=60 + apart)
    assert Compared(first, second, 6, ()).differs is differs  # type: ignore[arg-type]


def test_who_handed_a_file_in_does_not_refuse_it_either(everywhere: Actor) -> None:
    me = Actor(uuid4(), "胡晓芸", "420704", everywhere.actions)
    batch = ResultBatch.objects.create(
        region_code="420704000000", file_name="a.csv", file_hash="0", made_by=me.account_id, maker=me.name, made_at=NOW,
        state=BatchState.STAGED,
    )  # fmt: skip
    with pytest.raises(Refused, match="另一位"):
        importing.refuse(actor=me, batch_id=batch.pk, words="算了", now=NOW)
    other = Actor(uuid4(), "徐立群", "420704", everywhere.actions)
    assert importing.refuse(actor=other, batch_id=batch.pk, words="不全", now=NOW).state == BatchState.REFUSED


@pytest.mark.parametrize("name", ["王福", "王德福", "欧阳德福", "王", "买买提·吐尔逊"])
def test_a_masked_name_tells_neither_the_rest_nor_its_length(name: str) -> None:
    assert masked_name(name) == f"{name[0]}**"


@pytest.mark.covers("ASM-01")
def test_more_than_at_once_is_not_asked_for(everywhere: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaigning, "MOST_AT_ONCE", 2)
    for _one in range(3):
        older_person()
    row = Campaign.objects.create(
        region="420704000000", name="普遍评估", group="total", purpose="hardship", from_date=TODAY,
        by_date=TODAY + 30 * DAY, maker="何俊", made_at=NOW,
    )  # fmt: skip
    with pytest.raises(Refused, match="一次最多替2人"):
        ask_for_all(actor=everywhere, campaign=row.pk, place="", now=NOW)
    assert Assessment.objects.count() == 0


def test_who_was_called_back_has_it_in_hand_no_more(everywhere: Actor, team: list[Assessor]) -> None:
    row = appointed(everywhere, older_person(), team)
    assert workloads(everywhere, [team[0].pk], NOW)[team[0].pk].in_hand == 1
    call_back(actor=everywhere, assessment=row.pk, now=NOW)
    others = [assessor(team[0].organisation, "田野"), assessor(team[0].organisation, "严芳")]
    assign(actor=everywhere, assessment=row.pk, assessors=[one.pk for one in others], now=NOW)
    assert Assignment.objects.filter(assessor=team[0]).exists()
    found = workloads(everywhere, [team[0].pk, others[0].pk], NOW)
    assert (found[team[0].pk].in_hand, found[others[0].pk].in_hand) == (0, 1)
