"""Bad cells: every one is told with its row, its column, the value masked and what would do; and rows set aside."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
from python_calamine import load_workbook

from songhe.exchange.result_files import MOST_SHEET_ROWS
from songhe.rules.facts import PERSON_TABLE
from tests.command_line import determine
from tests.exchange.tables import COLUMNS, KEYS, PEOPLE, Cell, as_book, as_csv

_DAY, _REGION = "日期，写成2024-05-01", "6、9或12位数字的行政区划代码"
_TRUTH, _KEY = "true、false或空", "1到200个字符、前后没有空格的编号"


def _with(column: str, value: str) -> list[tuple[str, ...]]:
    """The planted people, the second with another value in a column."""
    changed = list(PEOPLE[1])
    changed[COLUMNS.index(column)] = value
    return [PEOPLE[0], tuple(changed), *PEOPLE[2:]]


_BAD = [
    ("birth_date", "1959/05/01", "年月日之间要用短横线", "19******01", _DAY),
    ("birth_date", "19590501", "年月日之间要用短横线", "19****01", _DAY),
    ("birth_date", "1959年5月1日", "年月日之间要用短横线", "19*****1日", _DAY),
    ("birth_date", "1959-5-1", "月和日要写两位", "19****-1", _DAY),
    ("birth_date", "1959-02-29", "日历上没有这一天", "19******29", _DAY),
    ("birth_date", "1959-05-01 00:00:00", "只要日期，不要时间", "19************00", _DAY),
    ("birth_date", "1959", "要写到哪一天", "1***", _DAY),
    ("birth_date", "21671", "像是Excel的日期序号", "2****", _DAY),
    ("birth_date", "1900-01-01", "占位的日期", "19******01", _DAY),
    ("birth_date", "9999-12-31", "占位的日期", "99******31", _DAY),
    ("birth_date", "1859-05-01", "早于1880-01-01", "18******01", _DAY),
    ("birth_date", "未知", "不知道就留空", "**", _DAY),
    ("birth_date", " 1959-05-01", "前后有空格", " 1*******01", _DAY),
    ("birth_date", "１９５９-05-01", "全角字符", "１９******01", _DAY),
    ("birth_date", "+1959-05-01", "不是日期", "+1*******01", _DAY),
    ("death_date", "1950-01-01", "早于出生日期", "19******01", _DAY),
    ("registered_region", "42070", "不是6、9或12位数字", "4****", _REGION),
    ("registered_region", "420704.0", "不是行政区划代码", "42****.0", _REGION),
    ("registered_region", "鄂城区", "不是行政区划代码", "鄂**", _REGION),
    ("registered_region", "٤٢٠٧٠٤", "不是行政区划代码", "٤*****", _REGION),
    ("hukou_kind", "城镇", "要填代码，不填中文", "**", "urban（城镇）、rural（农村）"),
    ("hukou_kind", "Urban", "大小写不对", "U****", "urban（城镇）、rural（农村）"),
    ("hukou_kind", "town", "没有这个代码", "t***", "urban（城镇）、rural（农村）"),
    ("disability_level", "二级", "要填数字，不填中文", "**", "0（无残疾证）、1（一级）"),
    ("disability_level", "2.0", "多了小数点", "2**", "0（无残疾证）、1（一级）"),
    ("disability_level", "5", "没有这一级", "*", "0（无残疾证）、1（一级）"),
    ("disability_level", "02", "没有这一级", "**", "0（无残疾证）、1（一级）"),
    ("disability_level", "-1", "没有这一级", "**", "0（无残疾证）、1（一级）"),
    ("disability_category", "8", "没有这个代码", "*", "0（无残疾证）、1（视力）"),
    ("cannot_self_care", "TRUE", "只认小写的true和false", "T***", _TRUTH),
    ("cannot_self_care", "是", "只认小写的true和false", "*", _TRUTH),
    ("cannot_self_care", "1", "只认小写的true和false", "*", _TRUTH),
    ("cannot_self_care", "maybe", "不是true或false", "m****", _TRUTH),
    ("person_id", "", "没有填", "", _KEY),
    ("person_id", " 0700020002", "前后有空格", " 0*******02", _KEY),
    ("person_id", "0700020\u20282", "看不见的字符", "07*****�2", _KEY),
    ("person_id", "x" * 201, "太长", "xx************xx", _KEY),
]


@pytest.mark.parametrize(("column", "value", "problem", "masked", "accepted"), _BAD)
def test_a_bad_cell_is_told_in_full(
    column: str, value: str, problem: str, masked: str, accepted: str, tmp_path: Path
) -> None:
    ended = determine(as_csv(tmp_path / "people.csv", _with(column, value)), tmp_path / "out.csv")
    assert ended.code == 1
    told = next(line for line in ended.err.split("\n") if line.startswith("第"))
    assert told.startswith(f"第3行 {column}：")
    assert problem in told
    assert (f"；现在是“{masked}”；" in told) == bool(masked)
    assert f"可以是：{accepted}" in told
    assert "1行里有1格不能用（已列在上面），什么也没有写" in ended.err
    assert "--bad-rows" in ended.err
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("name", PERSON_TABLE)
def test_every_column_refuses_what_it_does_not_know(name: str, tmp_path: Path) -> None:
    people = as_csv(tmp_path / "people.csv", [("1", "§x§")], ["person_id", name])
    ended = determine(people, tmp_path / "out.csv")
    assert ended.code == 1
    assert f"第2行 {name}：" in ended.err
    assert PERSON_TABLE[name].accepted in ended.err


def test_all_bad_cells_are_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    rows = [(f"{place:05}", "1940-13-01" if place % 3 else "1940-01-01", "9") for place in range(2000)]
    people = as_csv(tmp_path / "people.csv", rows, ["person_id", "birth_date", "sex"])
    ended = determine(people, tmp_path / "out.csv")
    told = [line.split("：")[0] for line in ended.err.split("\n") if line.startswith("第")]
    meant = [
        f"第{place + 2:,}行 {name}"
        for place in range(2000)
        for name in ("birth_date", "sex")
        if place % 3 or name == "sex"
    ]
    assert told == meant
    assert f"2,000行里有{len(meant):,}格不能用" in ended.err


def test_rows_are_counted_as_an_editor_counts_lines(tmp_path: Path) -> None:
    text = 'person_id,备注,sex\r\n1,"一\r\n二",1\r\n\r\n,,\r\n2,x,9\r\n'
    (tmp_path / "people.csv").write_bytes(text.encode())
    ended = determine(tmp_path / "people.csv", tmp_path / "out.csv")
    assert "第6行 sex：" in ended.err


def test_no_value_is_shown_whole(tmp_path: Path) -> None:
    """Not the keys, not the names, not the bad values: neither in the refusal nor when the rest is decided."""
    header = ["person_id", "姓名", "birth_date", "registered_region"]
    rows = [
        ("420704194001011234", "王松鹤", "1940/01/01", "420704"),
        ("420704194001021235", "李松鹤", "1940-01-02", "鄂城区凤凰街道"),
        ("420704194001031236", "张松鹤", "1940-01-03", "420704"),
    ]
    people = as_csv(tmp_path / "people.csv", rows, header)
    said = determine(people, tmp_path / "out.csv").said
    more = determine(people, tmp_path / "out.csv", "--bad-rows", tmp_path / "bad.csv").said
    again = as_csv(tmp_path / "twice.csv", [rows[2], rows[2]], header)
    said += more + determine(again, tmp_path / "o.csv").said
    assert "重复" in said
    for secret in ("420704194001", "松鹤", "1940/01/01", "凤凰"):
        assert secret not in said


# Workbooks

_HEAD = ["person_id", "birth_date", "death_date", "registered_region", "sex", "dementia"]


def _book(folder: Path, *rows: Sequence[Cell]) -> Path:
    return as_book(folder / "people.xlsx", rows, _HEAD)


_TRAPS: list[tuple[str, list[Cell], str]] = [
    ("a date that is a number", ["1", 14732, None, "420704", 1, True], "第2行 birth_date：像是Excel的日期序号"),
    ("a date with a time", ["1", datetime(1940, 5, 1, 8, 30), None, "420704", 1, True], "第2行 birth_date：只要日期"),
    ("a key that is a number", [42070419400101, date(1940, 5, 1), None, "420704", 1, True], "第2行 person_id：是数字"),
    ("a long key that is a number", [4.2070419400101123e17, None, None, "420704", 1, True], "已经不准了"),
    ("a key that is a date", [date(1940, 5, 1), None, None, "420704", 1, True], "person_id：单元格是日期、时间或是否"),
    ("a key that is a truth", [True, None, None, "420704", 1, True], "person_id：单元格是日期、时间或是否"),
    ("an error value", ["1", "=1/0", None, "420704", 1, True], "第2行 birth_date：单元格里是"),
    ("a formula without a result", ["1", "=B9", None, "420704", 1, True], "birth_date：单元格里是没有结果的公式"),
    ("an error where a death would be", ["1", date(1940, 5, 1), "=1/0", "420704", 1, True], "death_date：单元格里是"),
    ("a fraction", ["1", date(1940, 5, 1), None, "420704", 1.5, True], "第2行 sex：没有这个代码"),
    ("a text for a truth", ["1", date(1940, 5, 1), None, "420704", 1, "TRUE"], "dementia：只认小写的true"),
    ("a number for a truth", ["1", date(1940, 5, 1), None, "420704", 1, 1], "dementia：只认小写的true"),
]


@pytest.mark.parametrize(("row", "words"), [trap[1:] for trap in _TRAPS], ids=[trap[0] for trap in _TRAPS])
def test_traps_of_workbooks(row: list[Cell], words: str, tmp_path: Path) -> None:
    ended = determine(_book(tmp_path, row), tmp_path / "out.csv")
    assert ended.code == 1
    assert words in ended.err
    assert not (tmp_path / "out.csv").exists()


def test_numbers_where_codes_are_due_are_no_trap(tmp_path: Path) -> None:
    people = _book(
        tmp_path, ["1", date(1940, 5, 1), None, 420704, 1, True], ["2", "1940-05-01", None, "420704", "1", None]
    )
    assert determine(people, tmp_path / "out.csv", "--outcome", "yes").code == 0
    assert "\n1,advanced-age-allowance,3,高龄津贴,yes," in (tmp_path / "out.csv").read_text("utf-8")


# Rows set aside

_ASIDE = [
    (KEYS[0], "1940-05-01", "420704", "一"),
    (KEYS[1], "1940/05/01", "42", "二"),
    (KEYS[2], "1940-05-01", "420704", "三"),
    ("", "1940-05-01", "420704", "四"),
]
_ASIDE_HEAD = ["person_id", "birth_date", "registered_region", "姓名"]


def _people(folder: Path, ending: str) -> Path:
    path = folder / f"people{ending}"
    if ending == ".csv":
        return as_csv(path, _ASIDE, _ASIDE_HEAD)
    if ending == ".xlsx":
        return as_book(path, _ASIDE, _ASIDE_HEAD)
    table = pl.DataFrame(_ASIDE, schema=dict.fromkeys(_ASIDE_HEAD, pl.String), orient="row")
    table.with_columns(pl.when(pl.all() != "").then(pl.all())).write_parquet(path)
    return path


def _read(path: Path) -> list[list[str]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    if path.suffix == ".xlsx":
        rows = load_workbook(str(path)).get_sheet_by_index(0).to_python()
        return [[str(int(cell)) if isinstance(cell, float) else str(cell) for cell in row] for row in rows]
    table = pl.read_parquet(path)
    return [table.columns, *([("" if cell is None else str(cell)) for cell in row] for row in table.rows())]


@pytest.mark.parametrize("read", [".csv", ".xlsx", ".parquet"])
@pytest.mark.parametrize("write", [".csv", ".xlsx", ".parquet"])
def test_bad_rows_are_set_aside_as_they_were_and_the_rest_is_decided(read: str, write: str, tmp_path: Path) -> None:
    out, bad = tmp_path / "out.csv", tmp_path / f"bad{write}"
    ended = determine(_people(tmp_path, read), out, "--layout", "wide", "--bad-rows", bad)
    assert ended.code == 0, ended.err
    header, first, second = _read(bad)
    assert header == ["bad_row", *_ASIDE_HEAD, "bad_reason"]
    second_row, fourth_row = ("2", "4") if read == ".parquet" else ("3", "5")
    assert first[:5] == [second_row, *_ASIDE[1]]
    assert second[:5] == [fourth_row, *_ASIDE[3]]
    assert first[5].startswith("birth_date：年月日之间要用短横线；可以是：日期，写成2024-05-01；registered_region：")
    assert second[5].startswith("person_id：没有填")
    assert [row[0] for row in _read(out)] == ["person_id", KEYS[0], KEYS[2]]
    assert f"不能用的2行写进{bad}" in ended.out
    assert "2人，2行" in ended.out


def test_bad_rows_can_be_mended_and_read_again(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    assert determine(_people(tmp_path, ".csv"), tmp_path / "out.csv", "--bad-rows", bad).code == 0
    mended = (
        bad.read_text("utf-8").replace("1940/05/01", "1940-05-01").replace(",42,", ",420704,").replace("5,,", "5,x,")
    )
    bad.write_text(mended, "utf-8", newline="")
    ended = determine(bad, tmp_path / "out2.csv", "--bad-rows", tmp_path / "bad2.csv")
    assert ended.code == 0, ended.err
    assert "2人，54行" in ended.out
    assert _read(tmp_path / "bad2.csv")[0] == ["bad_row", *_ASIDE_HEAD, "bad_reason"]


@pytest.mark.parametrize("layout", ["long", "wide"])
@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet"])
def test_all_rows_may_be_bad(layout: str, ending: str, tmp_path: Path) -> None:
    people = as_csv(tmp_path / "people.csv", [("1", "9"), ("2", "9")], ["person_id", "sex"])
    out, bad = tmp_path / f"out{ending}", tmp_path / f"bad{ending}"
    ended = determine(people, out, "--layout", layout, "--bad-rows", bad)
    assert ended.code == 0, ended.err
    good = as_csv(tmp_path / "better.csv", [("1", "1"), ("2", "1")], ["person_id", "sex"])
    assert determine(good, tmp_path / f"good{ending}", "--layout", layout).code == 0
    assert _read(out) == _read(tmp_path / f"good{ending}")[:1]
    assert len(_read(bad)) == 3
    assert "0人，0行" in ended.out


def test_no_bad_rows_leave_a_file_with_a_header(tmp_path: Path) -> None:
    people = as_csv(tmp_path / "people.csv", _ASIDE[:1], _ASIDE_HEAD)
    for ending in (".csv", ".xlsx", ".parquet"):
        bad = tmp_path / f"bad{ending}"
        assert determine(people, tmp_path / "out.csv", "--bad-rows", bad).code == 0
        assert _read(bad) == [["bad_row", *_ASIDE_HEAD, "bad_reason"]]


def test_a_sheet_has_an_end_and_the_refusal_names_the_way_out(tmp_path: Path) -> None:
    count = MOST_SHEET_ROWS // 27 + 1
    keys = pl.int_range(count, eager=True).cast(pl.String).str.zfill(6)
    pl.DataFrame({"person_id": keys}).write_parquet(tmp_path / "people.parquet")
    (tmp_path / "out.xlsx").write_bytes(b"old")
    ended = determine(tmp_path / "people.parquet", tmp_path / "out.xlsx")
    assert ended.code == 1
    for words in ("1,048,576行", ".csv", ".parquet", "--layout wide", "--outcome yes"):
        assert words in ended.err
    assert (tmp_path / "out.xlsx").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.xlsx", "people.parquet"]
