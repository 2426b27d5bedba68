"""What breaks into counting: one visit sold twice, files that lie, results of the dead, totals all alike."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from songhe.assessment.drifting.fitting import ALIKE, DIFFERS, Cases, fit
from songhe.assessment.models import Assessment, Result
from songhe.assessment.operations import importing
from songhe.assessment.operations.importing import hand_in, stage
from songhe.assessment.operations.moving import move_along
from songhe.assessment.operations.reviewing import confirm, verification_code
from songhe.assessment.operations.telling_results import ToldResult, take_results
from songhe.assessment.queries.own import course_of
from songhe.assessment.queries.public import genuine
from songhe.assessment.queries.settlement import settled
from songhe.assessment.queries.told import results_of
from songhe.assessment.scales.definition import scale_of
from songhe.foundation.access.actors import Actor
from songhe.foundation.tasks.models import Task
from songhe.foundation.uploads.operations import adopt
from songhe.kernel.days import month_day_in
from songhe.kernel.errors import NotFound
from songhe.people.models import Person
from tests.assessment.teams import (
    NATIONAL,
    NOW,
    REGION,
    TODAY,
    able,
    appointed,
    assessor,
    handed_in,
    older_person,
    organisation,
)
from tests.assessment.test_import import batch_of, grade, numbered, row, silent, written
from tests.assessment.test_sampling import IN_OCTOBER, OCTOBER, confirmed


@pytest.fixture
def officer(everywhere: Actor) -> Actor:
    return Actor(None, "胡晓芸", "420704", everywhere.actions)


@pytest.fixture
def leader(everywhere: Actor) -> Actor:
    return Actor(None, "徐立群", "420704", everywhere.actions)


def result_of(person: Person, scale: str, day: date, **others: object) -> Result:
    given: dict[str, object] = {
        "region_code": person.region_code, "person": person, "scale": scale, "purpose": "own_wish", "source": "file",
        "state": "final", "level": 2, "assessed_date": day, "confirmed_at": NOW, "confirmer": "何俊",
        "code": verification_code(),
    }  # fmt: skip
    return Result.objects.create(**(given | others))


@pytest.mark.covers("ASM-04")
def test_one_visit_for_two_purposes_is_paid_once(everywhere: Actor) -> None:
    body = organisation()
    first, second = confirmed(body, [], 2)
    Assessment.objects.filter(pk=second.pk).update(person=first.person_id, purpose="institution")
    Result.objects.filter(assessment=second).update(
        person=first.person_id, purpose="institution", confirmed_at=IN_OCTOBER + timedelta(hours=1)
    )
    Result.objects.filter(assessment__in=(first, second)).update(valid_until=date(2028, 10, 20))
    (one,) = settled(everywhere, OCTOBER)
    assert (one.valid, one.repeated, one.paid) == (1, 1, 1)


def test_two_confirmed_at_the_same_instant_are_paid_once(everywhere: Actor) -> None:
    body = organisation()
    first, second = confirmed(body, [], 2)
    Assessment.objects.filter(pk=second.pk).update(person=first.person_id, purpose="institution")
    Result.objects.filter(assessment=second).update(person=first.person_id, purpose="institution")
    Result.objects.filter(assessment__in=(first, second)).update(valid_until=date(2028, 10, 20))
    (one,) = settled(everywhere, OCTOBER)
    assert (one.valid, one.repeated) == (1, 1)


def test_what_came_to_no_result_is_not_paid(everywhere: Actor) -> None:
    body = organisation()
    confirmed(body, [], 1)
    Assessment.objects.create(
        region_code=REGION, person=older_person(), scale=NATIONAL, purpose="own_wish", reason="first", asked_by="self",
        asked_at=IN_OCTOBER, asker="何俊", due_date=OCTOBER, state="ended", organisation=body, closed_at=IN_OCTOBER,
    )  # fmt: skip
    (one,) = settled(everywhere, OCTOBER)
    assert (one.done, one.paid) == (1, 1)


@pytest.mark.parametrize("together", [True, False])
def test_totals_that_are_all_alike_break_no_comparison(together: bool) -> None:
    number = 300
    teams = [
        [2 * (n % 3), 2 * (n % 3) + 1] if together else [n % 6, (n % 6 + 1 + n // 6 % 5) % 6] for n in range(number)
    ]
    cases = Cases(
        np.full(number, 90.0), np.array(teams), np.arange(number), {"age": np.zeros(number, dtype=int)},
        np.zeros(6, dtype=int),
    )  # fmt: skip
    found = fit(cases, least=1.0)
    assert found.judged == 6
    assert {one.verdict for one in found.effects}.isdisjoint({DIFFERS})
    assert all(one.low <= 0 <= one.high for one in found.effects)
    assert together or {one.verdict for one in found.effects} == {ALIKE}


@pytest.mark.covers("ASM-03")
def test_who_had_died_or_was_not_born_was_not_assessed(officer: Actor, leader: Actor, tmp_path: Path) -> None:
    (late, dead), (alive, still), (young, child) = numbered(3)
    Person.objects.filter(pk=dead.pk).update(standing="dead", death_date=date(2026, 2, 1))
    Person.objects.filter(pk=still.pk).update(standing="dead", death_date=date(2026, 4, 1))
    Person.objects.filter(pk=child.pk).update(birth_date=date(2026, 3, 3))
    batch = batch_of(officer, [row(late), row(alive), row(young)], tmp_path)
    found = {one.number: one.problem for one in batch.errors.all()}
    assert found == {2: "那天这位老人已经去世", 4: "那天这位老人还没有出生"}
    written(leader, batch)
    assert list(Result.objects.values_list("person_id", flat=True)) == [still.pk]


def told(person: Person, day: date) -> ToldResult:
    answers = {item.code: str(item.most) for item in scale_of(NATIONAL).items}
    return ToldResult(person.pk, NATIONAL, "own_wish", day, "葛店老年评估所", ["明建华"], answers)


def test_a_system_does_not_tell_results_of_the_dead_or_of_merged_files(everywhere: Actor) -> None:
    dead, merged, survivor = older_person(), older_person(), older_person()
    Person.objects.filter(pk=dead.pk).update(standing="dead", death_date=date(2026, 2, 1))
    Person.objects.filter(pk=merged.pk).update(standing="merged", merged_into=survivor)
    day = date(2026, 3, 2)
    problems, new = take_results(
        actor=everywhere, today=TODAY, now=NOW, told=[told(dead, day), told(merged, day), told(survivor, day)]
    )
    assert new == 1
    assert [words for _column, words in problems][1:] == ["没有这位老人", ""]
    assert "已经去世" in problems[0][1]


def test_a_batch_taken_back_gives_the_days_for_objections_back(officer: Actor, leader: Actor, tmp_path: Path) -> None:
    ((number, person),) = numbered(1)
    team = [assessor(organisation(), "胡静", login="hj"), assessor(_body(), "刘文斌", login="lwb")]
    assessment = appointed(officer, person, team)
    handed_in(assessment, team, able())
    mine = confirm(actor=leader, assessment=assessment.pk, now=NOW)
    batch = written(leader, batch_of(officer, [row(number, TODAY.isoformat(), B_2_3="0")], tmp_path))
    mine.refresh_from_db()
    assert (mine.state, grade(person)) == ("replaced", "1")
    importing.undo(actor=leader, batch_id=batch.pk, words="交错了", now=NOW)
    mine.refresh_from_db()
    assert (mine.state, mine.replaced_by_id, grade(person)) == ("provisional", None, "0")


def _body() -> object:
    from songhe.assessment.models import Organisation

    return Organisation.objects.get()


def test_a_batch_taken_back_after_a_newer_result_leaves_the_newer_one(
    officer: Actor, leader: Actor, tmp_path: Path
) -> None:
    ((number, person),) = numbered(1)
    written(leader, batch_of(officer, [row(number, "2024-05-05")], tmp_path))
    middle = written(leader, batch_of(officer, [row(number, "2025-05-05", B_1_1="0")], tmp_path))
    written(leader, batch_of(officer, [row(number, "2026-05-05", B_2_3="0", B_2_4="0")], tmp_path))
    importing.undo(actor=leader, batch_id=middle.pk, words="交错了", now=NOW)
    found = {one.assessed_date.year: one for one in Result.objects.filter(person=person)}
    assert {year: one.state for year, one in found.items()} == {2024: "replaced", 2025: "withdrawn", 2026: "final"}
    assert found[2024].replaced_by_id == found[2026].pk
    assert grade(person) == "1"


def test_a_workbook_with_formulas_and_odd_cells_is_read_cell_by_cell(officer: Actor, tmp_path: Path) -> None:
    import xlsxwriter

    (number, _), (other, _) = numbered(2)
    rows = [
        row(number),
        row(other, 评估员='=HYPERLINK("http://localhost")', 总分="1e2", 近30天意外次数="-1", 昏迷="TRUE"),
    ]
    header = list(dict.fromkeys(name for one in rows for name in one))
    path = tmp_path / "hostile.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for place, name in enumerate(header):
            sheet.write_string(0, place, name)
            for line, one in enumerate(rows, 1):
                sheet.write_string(line, place, one.get(name, ""))
        sheet.write_formula(1, header.index("B.1.1"), '=WEBSERVICE("http://127.0.0.1")', None, "")
    upload = adopt(officer, path, "评估结果.xlsx", region="420704", permission="assessment.import", now=NOW)
    made = hand_in(actor=officer, upload=upload, now=NOW, begin=False)
    batch = stage(actor=officer, batch_id=made.pk, now=NOW, say=silent)
    assert batch.state == "staged"
    found = {(one.number, one.column) for one in batch.errors.all()}
    assert (2, "B.1.1 进食") in found
    assert (3, "近30天意外次数") in found
    assert batch.counts["good"] == 0


def test_a_result_of_the_scale_of_insurance_is_not_the_result_that_counts(everywhere: Actor) -> None:
    person = older_person()
    national = result_of(person, NATIONAL, date(2025, 1, 1))
    result_of(person, "ltci-2021", date(2026, 1, 1), level=4)
    result_of(person, "mzt039-2013", date(2021, 1, 1), source="old", level=1)
    known = course_of(person.pk, TODAY).known
    assert known is not None and known.row.pk == national.pk


def test_a_blind_second_result_is_told_to_no_other_system(everywhere: Actor) -> None:
    body = organisation()
    first, second = confirmed(body, [], 2)
    Assessment.objects.filter(pk=second.pk).update(second_of=first, person=first.person_id)
    Result.objects.filter(assessment=second).update(person=first.person_id, state="replaced")
    assert [one.assessment_id for one in results_of(first.person_id)] == [first.pk]


@pytest.mark.parametrize(
    "code", ["", " ", "\x00", "'; --", "%", "A" * 5000, "AAAA\x00BBBB", "２３４５６７８９ＡＢＣＤ"]
)
def test_a_code_that_is_none_is_always_not_there(everywhere: Actor, code: str) -> None:
    with pytest.raises(NotFound):
        genuine(code, today=TODAY)


def test_what_lies_with_a_desk_goes_along_when_a_file_goes_to_another_district(everywhere: Actor) -> None:
    from songhe.assessment.operations.asking import ask
    from songhe.assessment.operations.objecting import object_to

    team = [assessor(organisation(), "胡静", login="hj"), assessor(_body(), "刘文斌", login="lwb")]
    person = older_person()
    asked = ask(actor=everywhere, person_id=person.pk, purpose="own_wish", reason="first", asked_by="self", now=NOW)
    done = appointed(everywhere, person, team)
    handed_in(done, team, able())
    raised = object_to(
        actor=everywhere, result=confirm(actor=everywhere, assessment=done.pk, now=NOW).pk, words="不对",
        raised_by="self", now=NOW,
    )  # fmt: skip
    handed = appointed(everywhere, person, team, "institution")
    handed_in(handed, team, able())
    Person.objects.filter(pk=person.pk).update(region_code="420703100209", living_region="420703100209")
    move_along(actor=everywhere, person_id=person.pk)
    tasks = Task.objects.exclude(state="closed").filter(subject__in=[asked.pk, raised.pk, handed.pk])
    assert {one.kind: one.region_code for one in tasks} == {
        "assessment.accept": "420703000000", "assessment.objection": "420703000000",
        "assessment.review": "420703000000",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("start", "months", "until"),
    [
        (date(2024, 2, 29), 12, date(2025, 3, 1)),
        (date(2024, 2, 29), 24, date(2026, 3, 1)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 3, 1)),
        (date(2026, 11, 18), 24, date(2028, 11, 18)),
    ],
)
def test_validity_ends_on_the_day_of_the_month_or_the_first_of_the_next(start: date, months: int, until: date) -> None:
    assert month_day_in(months, start) == until


def test_a_result_holds_on_its_last_day_and_not_on_the_day_it_ends(everywhere: Actor) -> None:
    person = older_person()
    one = result_of(person, NATIONAL, date(2024, 2, 29), valid_until=date(2025, 3, 1))
    assert genuine(one.code, today=date(2025, 2, 28)).state == "holds"
    assert genuine(one.code, today=date(2025, 3, 1)).state == "over"
