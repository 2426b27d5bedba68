"""What comes of a file: rows by kind, every bad cell by place, what would change and what is gone."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from songhe.foundation.access.scope import scoped
from songhe.people.imports.mapping import guessed
from songhe.people.imports.models import Batch, Candidate, Change, RowError, StagedRow
from songhe.people.imports.sources import list_of
from songhe.people.imports.staging import Staged, stage
from songhe.regions.models import Division
from tests.people.imports.register import (
    BINHU,
    HUARONG,
    LIST_DAY,
    NOW,
    TODAY,
    WUDU,
    csv_bytes,
    fact,
    number,
    officer,
    old_number,
    person,
    sheets,
)  # fmt: skip

HEADER = ("姓名", "证件号", "残疾类别", "残疾等级", "发证日期")


def staged(
    path: Path, header: Any, rows: Any, source: str = "disabled_federation", region: str = "420704"
) -> tuple[Batch, Staged]:
    """A batch of this file, staged."""
    path.write_bytes(csv_bytes(header, rows))
    batch = Batch.objects.create(
        region_code=region.ljust(12, "0"), source=source, upload=uuid4(), file_name="list.csv", file_hash=uuid4().hex,
        data_until=LIST_DAY, creator="徐立新", created_at=NOW, mapping=guessed(list_of(source), header),
    )  # fmt: skip
    with scoped(officer(region), "test"):
        return batch, stage(batch, path, today=TODAY, say=lambda *_: None)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


@pytest.fixture
def register(everywhere: Any) -> dict[str, Any]:
    people = {
        "same": person(1, "李桂芳"),
        "changed": person(2, "刘金凤"),
        "new": person(3, "熊国安", WUDU),
        "conflict": person(4, "徐有才"),
        "gone": person(5, "朱兰英"),
        "elsewhere": person(6, "陈德福", HUARONG),
    }
    for name, level in (("same", "4"), ("changed", "3"), ("gone", "2")):
        fact(people[name], "disability_category", "4", "disabled_federation")
        fact(people[name], "disability_level", level, "disabled_federation")
    sheets()
    return people


def kinds(batch: Batch) -> dict[int, str]:
    return dict(StagedRow.objects.filter(batch=batch).values_list("number", "kind"))


@pytest.mark.covers("PER-03")
def test_rows_are_new_changed_same_gone_or_unknown(register: dict[str, Any], file: Path) -> None:
    batch, found = staged(file, HEADER, [
        ("李桂芳", number(1), "肢体", "四级", ""),
        ("刘金凤", number(2), "肢体", "一级", "2026-10-20"),
        ("熊国安", number(3), "精神残疾", "3", ""),
        ("外地人", number(7), "视力", "1", ""),
        ("小年轻", number(9, "19900101"), "视力", "1", ""),
    ])  # fmt: skip
    assert kinds(batch) == {2: "same", 3: "changed", 4: "new", 5: "unmatched", 6: "skipped", -1: "gone"}
    assert found.counts["read"] == 5
    changes = {(c.number, c.fact): (c.was, c.value, c.verdict) for c in Change.objects.filter(batch=batch)}
    assert changes[3, "disability_level"] == ("3", "1", "changed")
    assert changes[4, "disability_category"] == (None, "6", "added")
    assert changes[-1, "disability_level"] == ("2", "0", "gone")
    assert changes[2, "disability_level"] == ("4", "4", "confirmed")


def test_every_bad_cell_is_named_with_row_and_column(register: dict[str, Any], file: Path) -> None:
    batch, found = staged(file, HEADER, [
        ("李桂芳", number(1)[:-1], "肢体", "四级", ""),
        ("刘金凤", number(2), "肢体", "叁", ""),
        ("熊国安", number(3), "精神", "3", "2026-02-30"),
        ("朱兰英", number(5), "肢体", "二级、三级", ""),
        ("朱兰英", number(5), "肢体", "二级", ""),
        ("", number(4), "肢体", "二级", ""),
        ("陈德福", number(6), "肢体", "二级", ""),
    ])  # fmt: skip
    errors = RowError.objects.filter(batch=batch).order_by("number", "letter")
    assert [(e.number, e.letter, e.problem, e.kind) for e in errors] == [
        (2, "B", "17位，要18位", "identity"),
        (3, "D", "不认识", "spelling"),
        (4, "E", "没有这一天", "day"),
        (5, "B", "与第6行是同一个人，写的不一样", "duplicate"),
        (5, "D", "写了2个", "spelling"),
        (6, "B", "与第5行是同一个人，写的不一样", "duplicate"),
        (7, "A", "没有填", "missing"),
        (8, "", "不在您管的地方", "region"),
    ]
    assert [e.shown for e in errors[:2]] == ["4299*********" + number(1)[13:-1], "叁"]
    assert set(kinds(batch).values()) == {"bad"}
    assert found.counts["kinds"]["bad"] == 7


@pytest.mark.parametrize("written", [
    number(2), number(2).lower(), "４２９９００１９４８０１０２００２" + number(2)[-1], f" {number(2)} ",
    f"'{number(2)}", old_number(2),
])  # fmt: skip
def test_numbers_are_read_however_they_are_written(register: dict[str, Any], file: Path, written: str) -> None:
    batch, _ = staged(file, HEADER, [("刘金凤", written, "肢体", "一级", "")])
    assert kinds(batch)[2] == "changed"


def test_a_more_trusted_source_that_says_otherwise_is_a_conflict(register: dict[str, Any], file: Path) -> None:
    fact(register["conflict"], "long_term_care_need", "false", "assessment")
    fact(register["new"], "long_term_care_need", "false", "community")
    batch, _ = staged(file, ("姓名", "证件号", "是否需要长期照护"), [
        ("徐有才", number(4), "是"), ("熊国安", number(3), "是"), ("李桂芳", number(1), "是"),
    ], "insurance")  # fmt: skip
    assert kinds(batch) == {2: "conflicting", 3: "changed", 4: "new"}
    told = Change.objects.get(batch=batch, number=2)
    assert (told.was, told.was_source, told.verdict) == ("false", "assessment", "conflicting")


def test_the_same_number_under_another_name_waits_for_a_person(register: dict[str, Any], file: Path) -> None:
    batch, _ = staged(file, HEADER, [("张三丰", number(2), "肢体", "一级", "")])
    assert kinds(batch)[2] == "review"
    assert Candidate.objects.get(batch=batch).person == register["changed"].pk


def test_nobody_is_gone_whose_row_is_in_doubt_or_cannot_be_read(register: dict[str, Any], file: Path) -> None:
    batch, _ = staged(file, HEADER, [
        ("李桂芳", number(1), "肢体", "四级", ""),
        ("刘 金凤", number(2)[:-1], "肢体", "一级", ""),
        ("别的名", number(5), "肢体", "二级", ""),
    ])  # fmt: skip
    assert -1 not in kinds(batch)


def test_another_district_stays_out_of_it(register: dict[str, Any], file: Path) -> None:
    batch, _ = staged(file, (*HEADER, "区划代码"), [("陈德福", "", "肢体", "二级", "", HUARONG)])
    assert [e.problem for e in RowError.objects.filter(batch=batch)] == ["不在您管的地方"]
    assert BINHU.startswith("420704")


def test_nobody_gets_a_file_in_a_division_that_never_was(register: dict[str, Any], file: Path) -> None:
    header = ("姓名", "证件号", "区划代码", "户口性质")
    rows = [("方玉珍", number(31), "420704999999", "城镇"), ("方玉兰", number(32), BINHU, "城镇")]
    assert staged(file, header, rows, source="household_register")[1].counts["kinds"]["new"] == 2  # none are kept here
    for code, level, parent in (("420704000000", 6, "420700000000"), (BINHU, 12, "420704001000")):
        Division.objects.create(code=code, name="某地", level=level, parent=parent, valid_from=date(2020, 1, 1))
    batch, found = staged(file, header, rows, source="household_register")
    assert (found.counts["kinds"]["new"], found.counts["kinds"]["bad"]) == (1, 1)
    assert RowError.objects.get(batch=batch).problem == "没有这个区划"
