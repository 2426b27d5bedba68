"""The board: what waits with counts, whom to send by place and load, many at once, and never against fitness."""

from __future__ import annotations

from datetime import timedelta

import pytest

from songhe.assessment.models import Assessment, Assessor
from songhe.assessment.operations.asking import accept, ask
from songhe.assessment.operations.assigning import assign
from songhe.assessment.operations.organising import record_tie
from songhe.assessment.operations.sending import accept_many, send_many
from songhe.assessment.queries.board import Proposal, hands, lanes, proposals, to_send, waiting_by_place
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.kernel.errors import Refused
from songhe.ui.words import said_error
from tests.assessment.teams import CODES, NOW, TODAY, appointed, assessor, older_person, organisation
from tests.platform_fixtures import ClientFor

HERE, NEXT, STREET = "420704001002", "420704002008", "420704001000"
DESK = Actor(
    None, "何俊", "420704",
    frozenset({"assessment.ask", "assessment.accept", "assessment.organise", "tasks.do"}),
)  # fmt: skip


def waiting(name: str = "王德福", region: str = HERE, *, accepted: bool = True) -> Assessment:
    person = older_person(region, name)
    row = ask(actor=DESK, person_id=person.pk, purpose="own_wish", reason="first", asked_by="self", now=NOW)
    return accept(actor=DESK, assessment=row.pk, now=NOW) if accepted else row


def proposed() -> list[Proposal]:
    return proposals(to_send("420704"), hands("420704", NOW), NOW)


def names(one: Proposal) -> set[str]:
    return {assessor.name for assessor in one.team}


@pytest.mark.covers("ASM-04")
def test_what_waits_is_counted_by_state_and_place_with_the_overdue_first(everywhere: Actor) -> None:
    waiting("甲", accepted=False)
    late = waiting("乙", NEXT)
    Assessment.objects.filter(pk=late.pk).update(due_date=TODAY - timedelta(days=2))
    waiting("丙")
    asked, ready, *others = lanes("420704", TODAY)
    assert (asked.number, asked.overdue, ready.number, ready.overdue) == (1, 0, 2, 1)
    assert [row.person.name for row in ready.rows] == ["乙", "丙"]
    assert [lane.number for lane in others] == [0, 0, 0]
    assert waiting_by_place("420704") == {"420704001000": 2, "420704002000": 1}


@pytest.mark.covers("ASM-04")
def test_a_team_is_proposed_by_place_then_load_with_somebody_medical(everywhere: Actor) -> None:
    body = organisation()
    near = [assessor(body, "胡静"), assessor(body, "刘文斌", medical=False)]
    far = [assessor(body, "沈洁"), assessor(body, "周敏", medical=False)]
    appointed(DESK, older_person(HERE, "在街上"), near)
    appointed(DESK, older_person(NEXT, "在别处"), far, "own_wish")
    waiting("甲", HERE)
    waiting("乙", NEXT)
    first, second = proposed()
    assert (names(first), first.near) == ({"胡静", "刘文斌"}, True)
    assert (names(second), second.near) == ({"沈洁", "周敏"}, True)


def test_what_is_proposed_counts_as_load_for_the_next(everywhere: Actor) -> None:
    body = organisation()
    for number in range(4):
        assessor(body, f"评估员{number}", medical=number % 2 == 0)
    for street in (HERE, NEXT):
        waiting("甲", street)
    first, second = proposed()
    assert names(first) & names(second) == set()


@pytest.mark.covers("ASM-04")
def test_nobody_is_proposed_against_whom_something_stands(everywhere: Actor) -> None:
    body = organisation()
    aunt, doctor = assessor(body, "胡静"), assessor(body, "沈洁")
    assessor(body, "刘文斌", medical=False, certified_until=TODAY)
    row = waiting()
    record_tie(actor=DESK, person_id=row.person_id, kind="relative", from_date=TODAY, assessor=aunt.pk)
    (one,) = proposed()
    assert (one.team, any("关系" in words or "2位" in words for words in one.problems)) == ((), True)
    assessor(body, "周敏", medical=False)
    (one,) = proposed()
    assert names(one) == {"沈洁", "周敏"}
    answer = send_many(actor=DESK, teams={row.pk: [aunt.pk, doctor.pk]}, now=NOW)
    assert (answer.done, isinstance(answer.undone[0].error, Refused)) == ([], True)
    row.refresh_from_db()
    assert row.state == "accepted"


def test_two_organisations_are_not_mixed_and_another_districts_do_not_come(everywhere: Actor) -> None:
    assessor(organisation(), "胡静")
    assessor(organisation(CODES[1]), "刘文斌", medical=False)
    other = organisation(CODES[2], "420703000000")
    assessor(other, "沈洁")
    assessor(other, "周敏")
    waiting()
    (one,) = proposed()
    assert (one.team, list(one.problems)) == ((), ["要派2位评估员"])
    assert {hand.assessor.name for hand in hands("420704001", NOW)} == {"胡静", "刘文斌"}


@pytest.mark.covers("ASM-04")
def test_many_are_accepted_and_sent_and_what_cannot_be_is_said(everywhere: Actor) -> None:
    body = organisation()
    team = [assessor(body, "胡静"), assessor(body, "刘文斌", medical=False)]
    keys = [one.pk for one in team]
    first, second = (waiting(name, accepted=False) for name in "甲乙")
    assert len(accept_many(actor=DESK, assessments=[first.pk, second.pk], now=NOW).done) == 2
    assign(actor=DESK, assessment=second.pk, assessors=keys, now=NOW)
    answer = send_many(actor=DESK, teams={first.pk: keys, second.pk: keys}, now=NOW)
    assert list(answer.done) == [first.pk]
    assert [(one.assessment, said_error(one.error)) for one in answer.undone] == [
        (second.pk, "已经派了，或者不再等派人")
    ]
    with pytest.raises(Refused):
        send_many(actor=Actor(None, "x", "420704", frozenset()), teams={}, now=NOW)


@pytest.mark.covers("ASM-04")
def test_one_click_sends_what_is_proposed(client_as: ClientFor, db: None) -> None:
    everything = Actor.system("test", "")
    with scoped(everything, "test"):
        asked, ready = waiting("甲老人", accepted=False), waiting("乙老人")
        body = organisation()
        assessor(body, "胡静")
        assessor(body, "刘文斌", medical=False)
    desk = client_as("district_officer", "420704000000")
    page = desk.get("/assessments/board/")
    assert "甲老人" in page.text and "胡静" in page.text
    assert desk.post("/assessments/board/", {"do": "accept", "pick": [str(asked.pk)]}).status_code == 302
    shown = desk.get("/assessments/board/?propose=1")
    assert shown.text.count('name="send"') == 2
    sends = [f"{row.pk}:{','.join(str(one.pk) for one in _team())}" for row in (asked, ready)]
    assert desk.post("/assessments/board/", {"do": "send", "send": sends}).status_code == 302
    behind = f"/assessments/?assessor={_team()[0].pk}&work=hand"
    assert behind.replace("&", "&amp;") in desk.get("/assessments/board/").text
    assert all(name in desk.get(behind).text for name in ("甲老人", "乙老人"))
    again = desk.post("/assessments/board/", {"do": "send", "send": sends})
    assert (again.status_code, "已经派了" in again.text, "没办成的" in again.text) == (200, True, True)
    with scoped(everything, "test"):
        assert set(Assessment.objects.values_list("state", flat=True)) == {"assigned"}
    assert desk.get("/assessments/board/?in=420703000000").status_code == 404
    assert client_as("street_officer", STREET).get("/assessments/board/").status_code == 403
    other = client_as("district_officer", "420703000000").post("/assessments/board/", {"do": "send", "send": sends})
    assert "甲老人" not in other.text


def _team() -> list[Assessor]:
    return list(Assessor.objects.order_by("name"))
