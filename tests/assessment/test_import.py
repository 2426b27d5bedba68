"""Files of results: every cell that cannot be used is named; what is written agrees with the scale."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from songhe.assessment.batches import BatchState, ResultBatch
from songhe.assessment.models import Result
from songhe.assessment.operations import importing
from songhe.assessment.presenters_result import parts_of
from songhe.assessment.scales.definition import scale_of
from songhe.assessment.scales.scoring import Circumstances, score
from songhe.demo.register.numbers import numbers_of
from songhe.foundation.access.actors import Actor
from songhe.foundation.uploads.operations import adopt
from songhe.kernel.errors import Conflict, Refused
from songhe.people.api import facts_of
from songhe.people.identity import identity_columns
from songhe.people.models import Person
from tests.assessment.teams import assessor, older_person, organisation

NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 18)
NATIONAL, OLD, INSURANCE = "gbt42195-2022", "mzt039-2013", "ltci-2021"
ITEMS = [item.code for item in scale_of(NATIONAL).items]


def silent(done: int, total: int, words: str) -> None:
    """Nobody looks."""


@pytest.fixture
def officer(everywhere: Actor) -> Actor:
    return Actor(None, "胡晓芸", "420704", everywhere.actions)


@pytest.fixture
def leader(everywhere: Actor) -> Actor:
    return Actor(None, "徐立群", "420704", everywhere.actions)


def numbered(count: int) -> list[tuple[str, Person]]:
    """Older persons with numbers."""
    import numpy as np

    days = np.arange(count) - 12_000
    numbers = numbers_of(np.full(count, 77), days, np.full(count, 21)).to_list()
    found = []
    for number in numbers:
        person = older_person()
        Person.objects.filter(pk=person.pk).update(**identity_columns(person.pk, number))
        found.append((number, person))
    return found


def row(number: str, day: str = "2026-03-02", **others: str) -> dict[str, str]:
    """A row of the national scale of somebody who can do everything but what is said ("B_2_3")."""
    answers = {code: str(scale_of(NATIONAL).item_by_code[code].most) for code in ITEMS}
    told = {"身份证号": number, "量表": NATIONAL, "用途": "申请养老服务补贴", "评估日期": day,
            "评估机构": "松泽老年评估中心", "评估员": "胡静、刘文斌", "总分": "", "等级": ""}  # fmt: skip
    named = {name.replace("_", ".") if name.startswith("B_") else name: value for name, value in others.items()}
    return told | answers | named


def batch_of(officer: Actor, rows: list[dict[str, str]], folder: Path) -> ResultBatch:
    """The rows handed in as a file and read."""
    columns = list(dict.fromkeys(name for one in rows for name in one))
    path = folder / f"{len(list(folder.iterdir()))}.csv"
    pl.DataFrame([{name: one.get(name, "") for name in columns} for one in rows]).write_csv(path)
    upload = adopt(officer, path, "评估结果.csv", region="420704", permission="assessment.import", now=NOW)
    made = importing.hand_in(actor=officer, upload=upload, now=NOW, begin=False)
    return importing.stage(actor=officer, batch_id=made.pk, now=NOW, say=silent)


def written(leader: Actor, batch: ResultBatch) -> ResultBatch:
    importing.approve(actor=leader, batch_id=batch.pk, now=NOW, begin=False)
    return importing.apply(actor=leader, batch_id=batch.pk, now=NOW, say=silent)


def grade(person: Person) -> Any:
    said = facts_of(person.pk, TODAY)["ability_grade"].said
    return said.telling.value if said else None


@pytest.mark.covers("ASM-03")
def test_a_file_of_results_counts_after_a_second_officer_let_it_in(
    officer: Actor, leader: Actor, tmp_path: Path
) -> None:
    team = organisation()
    one, two = assessor(team, "胡静"), assessor(team, "刘文斌", medical=False)
    (number, person), (other, second) = numbered(2)
    rows = [row(number, B_1_1="0", B_1_2="1", B_2_3="2", 总分="81", 等级="轻度失能"), row(other, 失智诊断="是")]
    batch = batch_of(officer, rows, tmp_path)
    assert (batch.state, batch.counts["good"], batch.counts["errors"]) == (BatchState.STAGED, 2, 0)
    assert grade(person) is None
    done = written(leader, batch)
    assert (done.state, done.counts["new"], done.counts["facts"]) == (BatchState.APPLIED, 2, 6)
    found = Result.objects.get(person=person)
    answers = {code: rows[0][code] for code in ITEMS}
    scored = score(scale_of(NATIONAL), answers, Circumstances(), on_date=date(2026, 3, 2))
    kept = (found.parts, found.total, found.level_by_points, found.level)
    assert kept == (dict(scored.parts), scored.total, scored.level_by_points, scored.level)
    assert (found.source, found.state, set(found.assessors)) == ("file", "final", {one.pk, two.pk})
    assert found.valid_until == date(2028, 3, 2)
    assert Result.objects.get(person=second).reasons[0]["key"] == "disorder"
    assert (grade(person), grade(second)) == ("1", "1")


def test_the_same_file_twice_changes_nothing(officer: Actor, leader: Actor, tmp_path: Path) -> None:
    ((number, _),) = numbered(1)
    written(leader, batch_of(officer, [row(number)], tmp_path))
    again = written(leader, batch_of(officer, [row(number)], tmp_path))
    assert (again.counts["new"], again.counts["same"], again.counts["facts"]) == (0, 1, 0)
    assert Result.objects.count() == 1


def test_a_batch_is_taken_back_whole_and_what_it_replaced_stands_again(
    officer: Actor, leader: Actor, tmp_path: Path
) -> None:
    ((number, person),) = numbered(1)
    written(leader, batch_of(officer, [row(number, "2025-05-05", B_1_1="0")], tmp_path))
    later = written(leader, batch_of(officer, [row(number, "2026-05-05", B_1_1="0", B_1_2="0", B_1_3="0", B_1_4="0",
                                                   B_1_5="0", B_1_6="0", B_1_7="0", B_1_8="0")], tmp_path))  # fmt: skip
    assert grade(person) == "2"
    assert set(Result.objects.values_list("state", flat=True)) == {"replaced", "final"}
    importing.undo(actor=leader, batch_id=later.pk, words="交错了", now=NOW)
    states = dict(Result.objects.values_list("assessed_date", "state"))
    assert states == {date(2025, 5, 5): "final", date(2026, 5, 5): "withdrawn"}
    assert grade(person) == "1"


def test_an_older_result_never_replaces_a_newer_one(officer: Actor, leader: Actor, tmp_path: Path) -> None:
    ((number, person),) = numbered(1)
    written(leader, batch_of(officer, [row(number, "2026-05-05", B_1_1="0")], tmp_path))
    done = written(leader, batch_of(officer, [row(number, "2025-05-05")], tmp_path))
    assert done.counts["facts"] == 0
    assert Result.objects.get(state="replaced").replaced_by == Result.objects.get(state="final")
    assert grade(person) == "1"


def test_old_and_insurance_results_are_kept_apart_and_tell_nothing(
    officer: Actor, leader: Actor, tmp_path: Path
) -> None:
    ((number, person),) = numbered(1)
    old = row(number, "2021-04-04", 量表=OLD, 日常生活活动="1", 精神状态="1", 感知觉与沟通="0", 社会参与="1", 等级="1")
    insured = row(number, "2024-04-04", 量表=INSURANCE, 等级="3")
    done = written(leader, batch_of(officer, [old, insured], tmp_path))
    assert (done.counts["new"], done.counts["facts"]) == (2, 0)
    assert dict(Result.objects.values_list("scale", "source")) == {OLD: "old", INSURANCE: "file"}
    assert dict(Result.objects.values_list("scale", "level")) == {OLD: 1, INSURANCE: 3}
    graded = parts_of(Result.objects.get(scale=OLD))  # no points are known, so none are shown
    assert [(line.points, line.most, line.is_grade) for line in graded] == [
        (1, None, True), (1, None, True), (0, None, True), (1, None, True)
    ]  # fmt: skip
    assert grade(person) is None


def test_every_cell_that_cannot_be_used_is_named_with_what_is_accepted(officer: Actor, tmp_path: Path) -> None:
    (number, _), (other, _) = numbered(2)
    rows = [
        row(number, B_1_1="7", B_3_9="0", 用途="别的"),
        row(number, B_2_1="", B_2_2=""),
        row(other, 总分="12"),
        row(other, 评估日期="2027-01-01"),
        row("42997719400101002X"[:17] + "0", 量表="没有"),
        row(other, "2020-01-01"),
    ]
    batch = batch_of(officer, rows, tmp_path)
    found = {(one.number, one.column): (one.shown, one.problem, one.accepted) for one in batch.errors.all()}
    assert found[2, "B.1.1 进食"][1:] == ("没有这个选项", "0至4的整数")
    assert found[2, "B.3.9 意识水平"][2] == "2、1、0a、0b"
    assert (2, "用途") in found and (6, "身份证号") in found and (6, "量表") in found
    assert found[3, "B.2.1、B.2.2"][1] == "2项没有评，不能算总分"
    assert "90" in found[4, "总分"][1]
    assert found[5, "评估日期"][1] == "还没到这一天"
    assert found[7, "评估日期"][1] == "这份量表那时还没有施行"
    assert batch.counts["bad"] == 6 and not batch.counts["good"]
    assert not any(number in shown for shown, _, _ in found.values())


def test_somebody_who_is_not_here_and_a_row_said_twice_are_errors(officer: Actor, tmp_path: Path) -> None:
    import numpy as np

    ((number, _),) = numbered(1)
    nobody = numbers_of(np.array([78]), np.array([-12_000]), np.array([41]))[0]
    batch = batch_of(officer, [row(number), row(number), row(nobody)], tmp_path)
    problems = dict(batch.errors.values_list("number", "problem"))
    assert problems == {3: "这位老人同一天、同一用途的结果前面写过了", 4: "档案里没有这位老人"}
    assert batch.errors.get(number=4).shown.startswith("*" * 14)


def test_who_handed_the_file_in_does_not_let_it_in(officer: Actor, tmp_path: Path, client_as: Any) -> None:
    ((number, _),) = numbered(1)
    batch = batch_of(officer, [row(number)], tmp_path)
    from uuid import uuid4

    me = Actor(uuid4(), "胡晓芸", "420704", officer.actions)
    ResultBatch.objects.filter(pk=batch.pk).update(made_by=me.account_id)
    with pytest.raises(Refused, match="另一位"):
        importing.approve(actor=me, batch_id=batch.pk, now=NOW, begin=False)


def test_a_file_without_its_columns_fails_and_says_which(officer: Actor, tmp_path: Path) -> None:
    batch = batch_of(officer, [{"姓名": "王德福", "身份证号": "1"}], tmp_path)
    assert batch.state == BatchState.FAILED
    assert "量表" in batch.failure


def test_a_batch_that_is_not_approved_is_not_written(officer: Actor, leader: Actor, tmp_path: Path) -> None:
    ((number, _),) = numbered(1)
    batch = batch_of(officer, [row(number)], tmp_path)
    with pytest.raises(Conflict):
        importing.apply(actor=leader, batch_id=batch.pk, now=NOW, say=silent)
