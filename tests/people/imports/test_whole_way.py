"""A list from the file to the register and back again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.jobs import Cancelled, run_queued
from songhe.foundation.jobs.models import Job
from songhe.foundation.jobs.operations import cancel
from songhe.foundation.outbox.models import StoredEvent
from songhe.kernel.errors import Conflict, NotFound, Refused
from songhe.people.imports.models import Batch, Change, RowError, StagedRow
from songhe.people.imports.operations.approving import approve, propose, send_back, undo
from songhe.people.imports.operations.deciding import (
    accept_candidate,
    include_rows,
    reject_candidates,
    reopen_row,
)
from songhe.people.imports.operations.handing_in import AlreadyOpen, AlreadyWritten, abandon, read_batch
from songhe.people.imports.states import BatchState
from songhe.people.models import Circumstance, LifeEvent, NameGram, Person, Residence, Sheet
from songhe.people.operations.telling import record_fact
from tests.people.imports.conftest import Desk
from tests.people.imports.register import HUARONG, LIST_DAY, NOW, TODAY, WUDU, fact, number, person, sheets, table

HEADER = ("姓名", "证件号", "残疾类别", "残疾等级")
ROWS = (("李桂芳", number(1), "肢体", "三级"), ("刘金凤", number(2), "精神", "2"), ("熊国安", number(3), "听力", "贰"))


@pytest.fixture
def city(desk: Desk) -> dict[str, Person]:
    with scoped(Actor.system("测试", ""), "test"):
        people = {
            "li": person(1, "李桂芳"),
            "liu": person(2, "刘金凤"),
            "xiong": person(3, "熊国安", WUDU),
            "zhu": person(4, "朱兰英"),
            "chen": person(5, "陈德福", HUARONG),
        }
        for who, level in (("li", "4"), ("zhu", "2")):
            fact(people[who], "disability_category", "4", "disabled_federation")
            fact(people[who], "disability_level", level, "disabled_federation")
        sheets()
    return people


def dump() -> dict[str, Any]:
    """The register as it stands: what is valid now, without the numbers of rows and the instants of writing."""
    with scoped(Actor.system("测试", ""), "test"):
        facts = Circumstance.objects.filter(known_until=None).order_by("person_id", "fact", "source")
        people = Person.objects.exclude(standing="merged").order_by("id")
        return {
            "facts": list(
                facts.values("person", "fact", "source", "value", "from_date", "until_date", "as_of", "batch")
            ),
            "people": [
                {name: row[name] for name in row if name not in ("version", "changed_at")} for row in people.values()
            ],
            "sheets": table(Sheet),
            "grams": sorted(NameGram.objects.values_list("person_id", "gram")),
            "residences": sorted(Residence.objects.values_list("person_id", "area")),
        }


@pytest.mark.covers("PER-03")
def test_a_good_list_is_let_in_by_a_second_person(desk: Desk, city: dict[str, Person]) -> None:
    batch = desk.write(HEADER, ROWS)
    with scoped(desk.officer, "test"):
        sheet = Sheet.objects.get(person=city["li"])
        assert (sheet.disability_category, sheet.disability_level) == (4, 3)
        assert Sheet.objects.get(person=city["liu"]).disability_level == 2
        assert Sheet.objects.get(person=city["zhu"]).disability_level == 0
        told = Circumstance.objects.get(person=city["li"], fact="disability_level", known_until=None)
        assert (told.as_of, told.batch, told.source) == (LIST_DAY, batch.pk, "disabled_federation")
        assert batch.counts["applied"] == {"registered": 0, "facts": 8, "deaths": 0}
        assert StoredEvent.objects.filter(name__endswith="FactsChanged").count() == 1


@pytest.mark.covers("PER-03")
def test_taking_it_back_restores_the_register_exactly(desk: Desk, city: dict[str, Person]) -> None:
    before = dump()
    batch = desk.write(HEADER, ROWS)
    assert dump() != before
    with scoped(desk.leader, "test"):
        undo(actor=desk.leader, batch_id=batch.pk, reason="名册发错了", now=NOW)
    run_queued()
    assert desk.again(batch).state == BatchState.UNDONE
    assert dump() == before


def test_the_same_file_twice_changes_nothing(desk: Desk, city: dict[str, Person]) -> None:
    desk.write(HEADER, ROWS)
    before = dump()
    with pytest.raises(AlreadyWritten, match="11月18日已写入，结果不变"):
        desk.open(HEADER, ROWS)
    assert dump() == before


def test_the_same_content_in_another_file_has_no_differences(desk: Desk, city: dict[str, Person]) -> None:
    desk.write(HEADER, ROWS)
    again = desk.stage(HEADER, [*reversed(ROWS)])
    assert again.counts["kinds"]["same"] == 3
    with scoped(desk.officer, "test"):
        assert not Change.objects.filter(batch=again).exists()
        with pytest.raises(Refused, match="没有要写入的"):
            propose(actor=desk.officer, batch_id=again.pk, now=NOW)


def test_a_later_list_that_says_the_same_only_moves_the_day(desk: Desk, city: dict[str, Person]) -> None:
    desk.write(HEADER, ROWS)
    later = LIST_DAY + timedelta(days=10)
    batch = desk.write(HEADER, [*reversed(ROWS)], day=later)
    assert batch.counts["kinds"]["changed"] == 0
    with scoped(desk.officer, "test"):
        told = Circumstance.objects.get(person=city["li"], fact="disability_level", known_until=None)
        assert (told.as_of, told.from_date) == (later, LIST_DAY)


def test_an_older_list_does_not_overwrite_a_newer_one(desk: Desk, city: dict[str, Person]) -> None:
    desk.write(HEADER, ROWS)
    older = desk.stage(HEADER, [("李桂芳", number(1), "肢体", "一级")], day=date(2026, 9, 1))
    with scoped(desk.officer, "test"):
        assert not Change.objects.filter(batch=older, person=city["li"].pk).exists()


def test_who_proposed_cannot_approve(desk: Desk, city: dict[str, Person]) -> None:
    batch = desk.stage(HEADER, ROWS)
    both = Actor(desk.officer.account_id, "徐立新", "420704", desk.officer.actions | desk.leader.actions)
    with scoped(both, "test"):
        proposed = propose(actor=both, batch_id=batch.pk, now=NOW)
        with pytest.raises(Refused, match="自己不能批"):
            approve(actor=both, batch_id=batch.pk, list_hash=proposed.list_hash, now=NOW)
        with pytest.raises(Refused):
            approve(actor=desk.officer, batch_id=batch.pk, list_hash=proposed.list_hash, now=NOW)


def test_a_list_that_was_tampered_with_is_not_let_in(desk: Desk, city: dict[str, Person]) -> None:
    batch = desk.stage(HEADER, ROWS)
    with scoped(desk.officer, "test"):
        proposed = propose(actor=desk.officer, batch_id=batch.pk, now=NOW)
        Change.objects.filter(batch=batch, fact="disability_level", number=2).update(value="1")
    with scoped(desk.leader, "test"), pytest.raises(Conflict, match="和送审时不一样"):
        approve(actor=desk.leader, batch_id=batch.pk, list_hash=proposed.list_hash, now=NOW)


def test_a_list_tampered_with_after_approval_is_not_written(desk: Desk, city: dict[str, Person]) -> None:
    before = dump()
    batch = desk.stage(HEADER, ROWS)
    with scoped(desk.officer, "test"):
        proposed = propose(actor=desk.officer, batch_id=batch.pk, now=NOW)
    with scoped(desk.leader, "test"):
        approve(actor=desk.leader, batch_id=batch.pk, list_hash=proposed.list_hash, now=NOW)
        StagedRow.objects.filter(batch=batch, number=3).update(included=False)
    run_queued()
    found = desk.again(batch)
    assert (found.state, found.failure) == (BatchState.COMPARED, "名单和审批时不一样，没有写入")
    assert dump() == before


def test_a_row_that_was_left_out_is_not_written(desk: Desk, city: dict[str, Person]) -> None:
    batch = desk.stage(HEADER, ROWS)
    with scoped(desk.officer, "test"):
        assert include_rows(actor=desk.officer, batch_id=batch.pk, numbers=[2, -1], included=False) == 2
    desk.let_in(batch)
    with scoped(desk.officer, "test"):
        assert Sheet.objects.get(person=city["li"]).disability_level == 4
        assert Sheet.objects.get(person=city["zhu"]).disability_level == 2
        assert Sheet.objects.get(person=city["liu"]).disability_level == 2


def test_the_register_changed_since_the_comparison(desk: Desk, city: dict[str, Person]) -> None:
    batch = desk.stage(HEADER, ROWS)
    with scoped(Actor.system("测试", "", ["people.write"]), "test"):
        record_fact(
            actor=Actor.system("测试", "420704", ["people.write"]), today=TODAY, now=NOW, person_id=city["li"].pk,
            fact="disability_level", value="1", source="disabled_federation", as_of=date(2026, 10, 30),
        )  # fmt: skip
    with scoped(desk.officer, "test"), pytest.raises(Conflict, match="有1人的记录变了"):
        propose(actor=desk.officer, batch_id=batch.pk, now=NOW)


def test_later_changes_keep_a_batch_from_being_taken_back(desk: Desk, city: dict[str, Person]) -> None:
    batch = desk.write(HEADER, ROWS)
    with scoped(Actor.system("测试", "", ["people.write"]), "test"):
        record_fact(
            actor=Actor.system("测试", "420704", ["people.write"]), today=TODAY, now=NOW + timedelta(hours=1),
            person_id=city["li"].pk, fact="disability_level", value="1", source="disabled_federation", as_of=TODAY,
        )  # fmt: skip
    with scoped(desk.leader, "test"), pytest.raises(Refused, match="有1人的记录又改过"):
        undo(actor=desk.leader, batch_id=batch.pk, reason="名册发错了", now=NOW)


def test_stopped_before_it_began_it_can_be_read_again(desk: Desk, city: dict[str, Person]) -> None:
    batch = desk.open(HEADER, ROWS)
    with scoped(desk.officer, "test"):
        cancel(actor=desk.officer, job=Job.objects.get(pk=batch.job), now=NOW)
    run_queued()
    with scoped(desk.officer, "test"):
        assert desk.again(batch).state == BatchState.MAPPED
        mapping = dict(batch.mapping)
        read_batch(actor=desk.officer, batch_id=batch.pk, header=HEADER, mapping=mapping, now=NOW)
    run_queued()
    assert desk.again(batch).state == BatchState.COMPARED
    with scoped(desk.officer, "test"):
        assert abandon(actor=desk.officer, batch_id=batch.pk, now=NOW).state == BatchState.ABANDONED


@pytest.mark.parametrize("step", ["staging.match", "staging._write_candidates"])
def test_stopped_midway_nothing_is_left(
    desk: Desk, city: dict[str, Person], step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*args: Any, **more: Any) -> None:
        raise Cancelled

    batch = desk.open(HEADER, ROWS)
    monkeypatch.setattr(f"songhe.people.imports.{step}", stop)
    run_queued()
    with scoped(desk.officer, "test"):
        assert desk.again(batch).state == BatchState.MAPPED
        assert Job.objects.get(pk=batch.job).state == "cancelled"
        assert not StagedRow.objects.exists() and not RowError.objects.exists() and not Change.objects.exists()


@pytest.mark.parametrize("step", ["applying.make_sheets_of", "applying._tell"])
def test_writing_that_is_stopped_leaves_the_register_as_it_was(
    desk: Desk, city: dict[str, Person], step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*args: Any, **more: Any) -> None:
        raise Cancelled

    before = dump()
    batch = desk.stage(HEADER, ROWS)
    monkeypatch.setattr(f"songhe.people.imports.{step}", stop)
    assert desk.let_in(batch).state == BatchState.APPROVED
    assert dump() == before
    monkeypatch.undo()
    with scoped(desk.leader, "test"):
        approve(actor=desk.leader, batch_id=batch.pk, list_hash=desk.again(batch).list_hash, now=NOW)
    run_queued()
    assert desk.again(batch).state == BatchState.APPLIED


def test_a_list_whose_writing_failed_can_be_sent_back_and_proposed_by_who_approved_it(
    desk: Desk, city: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    both = replace(desk.leader, actions=desk.leader.actions | desk.officer.actions)
    batch = desk.stage(HEADER, ROWS)
    with monkeypatch.context() as patch:
        patch.setattr("songhe.people.imports.applying._tell_facts", lambda *_: 1 // 0)
        assert desk.let_in(batch).state == BatchState.APPROVED
    with scoped(both, "test"):
        send_back(actor=both, batch_id=batch.pk, reason="先不写", now=NOW)
        proposed = propose(actor=both, batch_id=batch.pk, now=NOW)
        assert (proposed.proposed_by, proposed.approved_by) == (both.account_id, None)


def test_a_list_on_which_many_are_missing_is_not_believed_to_be_whole(desk: Desk, city: dict[str, Person]) -> None:
    with scoped(Actor.system("测试", ""), "test"):
        for serial in range(100, 130):
            fact(person(serial, f"老{serial}"), "disability_level", "2", "disabled_federation")
    batch = desk.stage(HEADER, ROWS)
    assert "可能不是完整的名册" in batch.notices[0]
    with scoped(desk.officer, "test"):
        assert not StagedRow.objects.filter(batch=batch, kind="gone", included=True).exists()
    desk.let_in(batch)
    with scoped(desk.officer, "test"):
        assert Circumstance.objects.filter(value="0", known_until=None).count() == 0


def test_a_sibling_district_does_not_find_the_batch(desk: Desk, city: dict[str, Person]) -> None:
    batch = desk.stage(HEADER, ROWS)
    other = Actor(desk.leader.account_id, "别区", "420703", desk.leader.actions | desk.officer.actions)
    with scoped(other, "test"):
        assert not Batch.objects.exists() and not StagedRow.objects.exists() and not Change.objects.exists()
        with pytest.raises(NotFound):
            propose(actor=other, batch_id=batch.pk, now=NOW)


def test_a_batch_that_was_sent_back_can_be_proposed_again(desk: Desk, city: dict[str, Person]) -> None:
    batch = desk.stage(HEADER, ROWS)
    with scoped(desk.officer, "test"):
        propose(actor=desk.officer, batch_id=batch.pk, now=NOW)
    with scoped(desk.leader, "test"):
        sent = send_back(actor=desk.leader, batch_id=batch.pk, reason="朱兰英先问本人", now=NOW)
        assert (sent.state, sent.reason) == (BatchState.COMPARED, "周敏：朱兰英先问本人")
    with pytest.raises(AlreadyOpen):
        desk.open(HEADER, ROWS)
    assert desk.let_in(batch).state == BatchState.APPLIED


def test_a_row_without_a_number_is_written_when_somebody_says_who_it_is(desk: Desk, city: dict[str, Person]) -> None:
    batch = desk.stage(HEADER, [("李桂方", number(1), "肢体", "一级")])
    with scoped(desk.officer, "test"):
        assert StagedRow.objects.get(batch=batch, number=2).kind == "review"
        who = {"actor": desk.officer, "batch_id": batch.pk, "number": 2}
        assert reject_candidates(now=NOW, **who).kind == "unmatched"
        assert reopen_row(**who).kind == "review"
        assert accept_candidate(person=city["li"].pk, today=TODAY, now=NOW, **who).kind == "changed"
        with pytest.raises(NotFound):
            accept_candidate(person=city["liu"].pk, today=TODAY, now=NOW, **who)
    desk.let_in(batch)
    with scoped(desk.officer, "test"):
        assert Sheet.objects.get(person=city["li"]).disability_level == 1


@pytest.mark.covers("PER-02")
def test_deaths_are_entered_and_taken_back_exactly(desk: Desk, city: dict[str, Person]) -> None:
    before = dump()
    batch = desk.write(("姓名", "身份证号", "死亡日期"), [("李桂芳", number(1), "2026年10月3日")], "funeral")
    with scoped(desk.officer, "test"):
        found = Person.objects.get(pk=city["li"].pk)
        assert (found.death_date, found.standing) == (date(2026, 10, 3), "dead")
        assert Sheet.objects.get(person=found).death_date == date(2026, 10, 3)
        assert LifeEvent.objects.get(person=found).source == "funeral"
    with scoped(desk.leader, "test"):
        undo(actor=desk.leader, batch_id=batch.pk, reason="同名同姓弄错了", now=NOW)
    run_queued()
    assert desk.again(batch).state == BatchState.UNDONE
    assert dump() == before
    with scoped(desk.officer, "test"):
        assert sorted(LifeEvent.objects.filter(person=city["li"]).values_list("kind", flat=True)) == [
            "death_undone",
            "died",
        ]


def test_the_household_register_opens_files_and_undo_closes_them(desk: Desk, city: dict[str, Person]) -> None:
    before = dump()
    header = ("姓名", "公民身份号码", "户口性质", "区划代码", "住址", "联系电话")
    rows = [
        ("方玉珍", number(11, "19500303"), "农村", WUDU, "吴都社区3组", "13800000000"),
        ("小方", number(12, "19990303"), "农村", WUDU, "", ""),
        ("陈德福", number(5), "城镇", "", "", ""),
    ]
    batch = desk.write(header, rows, "household_register")
    with scoped(desk.officer, "test"):
        found = Person.objects.get(name="方玉珍")
        assert (found.region_code, found.birth_date, found.sex) == (WUDU, date(1950, 3, 3), "1")
        assert Sheet.objects.get(person=found).hukou_kind == "rural"
        assert batch.counts["kinds"]["skipped"] == 1
        assert RowError.objects.get(batch=batch).problem == "不在您管的地方"
    with scoped(desk.leader, "test"):
        undo(actor=desk.leader, batch_id=batch.pk, reason="名册发错了", now=NOW)
    run_queued()
    assert desk.again(batch).state == BatchState.UNDONE, desk.again(batch).failure
    assert dump() == before
