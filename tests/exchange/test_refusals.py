"""Files that are no person table: refused with exit code 1, the place and the way out, and nothing written."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tests.command_line import Ended, determine
from tests.exchange.tables import COLUMNS, PEOPLE, as_book, as_csv, as_parquet, csv_text

OLD = "what was there before\n"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A result of an earlier run."""
    (tmp_path / "results").mkdir()
    path = tmp_path / "results" / "out.csv"
    path.write_text(OLD, "utf-8")
    return path


def refused(people: Path, out: Path, *more: str) -> Ended:
    """The refusal: one sentence, no summary, no trace in the folder of the results but the old file."""
    ended = determine(people, out, *more)
    assert ended.code == 1, ended.said
    assert "Traceback" not in ended.said
    assert ended.err.splitlines()[-1].startswith("错误：") or "\n错误：" in f"\n{ended.err}"
    assert ended.out == ""
    assert sorted(path.name for path in out.parent.iterdir()) == [out.name]
    assert out.read_text("utf-8") == OLD
    return ended


def _plain(data: bytes) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / "people.csv"
        path.write_bytes(data)
        return path

    return write


def _text(text: str) -> Callable[[Path], Path]:
    return _plain(text.encode())


def _cut(folder: Path) -> Path:
    path = as_parquet(folder / "people.parquet")
    path.write_bytes(path.read_bytes()[:-40])
    return path


def _named(name: str, data: bytes) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    return write


def _renamed(old: str, new: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        return (as_book if old.endswith("xlsx") else as_parquet)(folder / old).rename(folder / new)

    return write


def _wrong_type(folder: Path) -> Path:
    table = pl.DataFrame({"person_id": ["a"], "birth_date": [19400501], "dementia": ["true"]})
    table.write_parquet(folder / "people.parquet")
    return folder / "people.parquet"


_GOOD = csv_text(PEOPLE)
_REFUSED: dict[str, tuple[Callable[[Path], Path], tuple[str, ...]]] = {
    "no key": (_text("id,birth_date\n1,1940-05-01\n"), ("没有person_id列",)),
    "key nearly right": (_text("Person_ID,birth_date\n1,1940-05-01\n"), ("“Person_ID”要写成person_id",)),
    "column nearly right": (_text("person_id,birth date\n1,1940-05-01\n"), ("“birth date”要写成birth_date",)),
    "full-width column": (_text("person_id,\uff53\uff45\uff58\n1,1\n"), ("要写成sex",)),
    "column twice": (_text("person_id,sex,sex\n1,1,2\n"), ("重复的列：sex",)),
    "key twice": (_text("person_id,person_id\n1,1\n"), ("重复的列：person_id",)),
    "no header": (_text(",,\n1,2,3\n"), ("没有列名",)),
    "semicolons": (_text("person_id;sex\n1;1\n"), ("分号", "英文逗号")),
    "tabs": (_text("person_id\tsex\n1\t1\n"), ("制表符",)),
    "header only": (_text("person_id,sex\n"), ("只有表头，没有人",)),
    "header without an end": (_text("person_id,sex"), ("只有表头，没有人",)),
    "empty rows only": (_text("person_id,sex\n,\n\n,\n"), ("只有表头，没有人",)),
    "nothing": (_plain(b""), ("空文件",)),
    "a byte order mark only": (_plain(b"\xef\xbb\xbf"), ("没有列名",)),
    "line breaks only": (_plain(b"\n\n\n"), ("没有列名",)),
    "ragged": (_text("person_id,sex\n1,1\n2\n3,1,1\n"), ("第3行1格", "第4行3格", "每行2格")),
    "unclosed quote": (_text('person_id,sex\n1,1\n"2,1\n3,1\n'), ("第3行", "引号没有合上")),
    "stray quote": (_text('person_id,sex\n1,1\n2"x",1\n'), ("第3行", "引号的位置不对")),
    "lone returns": (_text("person_id,sex\n1,1\r2,1\n"), ("第2行", "单独的回车符")),
    "bad bytes": (_plain(b"person_id,sex\n1,1\n\xff\xfe\xff,1\n"), ("第3行", "编码读不懂")),
    "bad bytes within UTF-8": (
        _plain(_GOOD.encode().replace("甲".encode(), b"\xe7\x94\xb2\xff" * 9)),
        ("第2行",),
    ),
    "a zero byte": (_plain(b"person_id,sex\n1,1\n2\0,1\n"), ("第3行", "NUL")),
    "UTF-16": (_plain(_GOOD.encode("utf-16")), ("UTF-16", "CSV UTF-8")),
    "gzip": (_plain(gzip.compress(_GOOD.encode())), ("gzip",)),
    "a web page": (_plain(b"<html><table></table></html>"), ("网页",)),
    "a workbook called CSV": (_renamed("people.xlsx", "people.csv"), ("说是CSV文本", "其实是Excel工作簿")),
    "Parquet called CSV": (_renamed("people.parquet", "people.csv"), ("其实是Parquet文件",)),
    "text called Parquet": (_named("people.parquet", _GOOD.encode()), ("说是Parquet文件，内容不是",)),
    "text called a workbook": (_named("people.xlsx", _GOOD.encode()), ("说是Excel工作簿，内容不是",)),
    "an old workbook": (_named("people.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600), (".xls",)),
    "an unknown ending": (_named("people.txt", _GOOD.encode()), ("看文件名不是能读的表",)),
    "truncated Parquet": (_cut, ("坏的或没有下载完",)),
    "a type that cannot hold the fact": (_wrong_type, ("birth_date是Int64",)),
    "no file": (lambda folder: folder / "people.csv", ("找不到文件",)),
    "a folder": (lambda folder: folder, ("不是普通文件",)),
}


@pytest.mark.parametrize("case", _REFUSED)
def test_refused_with_the_place_and_the_way_out(case: str, tmp_path: Path, out: Path) -> None:
    write, words = _REFUSED[case]
    said = refused(write(tmp_path), out).err
    assert [word for word in words if word not in said] == [], said


@pytest.mark.parametrize("case", ["ragged", "header only", "truncated Parquet", "unclosed quote"])
def test_a_place_for_bad_rows_saves_no_broken_file(case: str, tmp_path: Path, out: Path) -> None:
    write, _ = _REFUSED[case]
    refused(write(tmp_path), out, "--bad-rows", str(out.parent / "bad.csv"))


def test_parquet_cut_anywhere_is_refused(tmp_path: Path, out: Path) -> None:
    whole = as_parquet(tmp_path / "whole.parquet").read_bytes()
    for end in range(4, len(whole), max(len(whole) // 25, 1)):
        (tmp_path / "people.parquet").write_bytes(whole[:end])
        assert "Parquet文件是坏的或没有下载完" in refused(tmp_path / "people.parquet", out).err


def test_the_result_may_not_take_the_place_of_the_people(tmp_path: Path) -> None:
    people = as_csv(tmp_path / "people.csv")
    before = people.read_bytes()
    (tmp_path / "link.csv").symlink_to(people)
    for out in (people, tmp_path / "." / "people.csv", tmp_path / "link.csv"):
        ended = determine(people, out)
        assert ended.code == 1
        assert "与--people是同一个文件" in ended.err
    ended = determine(people, tmp_path / "out.csv", "--bad-rows", people)
    assert (ended.code, "--bad-rows：与--people是同一个文件" in ended.err) == (1, True)
    ended = determine(people, tmp_path / "out.csv", "--bad-rows", tmp_path / "out.csv")
    assert (ended.code, "--bad-rows：与--out是同一个文件" in ended.err) == (1, True)
    ended = determine(people, tmp_path / "out.csv", "--report", tmp_path / "out.csv")
    assert ended.code == 1
    assert people.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.csv", "people.csv"]


def test_a_result_that_cannot_be_written_is_refused_before_any_work(tmp_path: Path) -> None:
    people = as_csv(tmp_path / "people.csv")
    for out, words in {
        tmp_path / "no" / "out.csv": "没有这个文件夹",
        tmp_path: "看文件名不知道写成什么",
        tmp_path / "out.txt": "以.csv、.xlsx、.parquet结尾",
        tmp_path / "out": "看文件名不知道写成什么",
    }.items():
        ended = determine(people, out)
        assert (ended.code, words in ended.err) == (1, True), ended.err
    (tmp_path / "folder.csv").mkdir()
    assert "不是普通文件，不能写" in determine(people, tmp_path / "folder.csv").err


def test_a_folder_without_the_right_to_write_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The right is taken away as the system would: a superuser may write everywhere."""

    def no_right(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("songhe.foundation.files.whole.tempfile.mkstemp", no_right)
    ended = determine(as_csv(tmp_path / "people.csv"), tmp_path / "out.csv")
    assert (ended.code, "这个文件夹里写不了" in ended.err) == (1, True), ended.err


def test_a_report_is_a_web_page(tmp_path: Path) -> None:
    people = as_csv(tmp_path / "people.csv")
    ended = determine(people, tmp_path / "out.csv", "--report", tmp_path / "report.pdf")
    assert (ended.code, ".html" in ended.err) == (1, True)
    ended = determine(people, tmp_path / "out.csv", "--report", tmp_path / "no" / "report.html")
    assert (ended.code, "没有这个文件夹" in ended.err) == (1, True)
    assert not (tmp_path / "out.csv").exists()


def test_columns_that_are_not_read_and_not_there_are_said(tmp_path: Path) -> None:
    people = as_csv(tmp_path / "people.csv", [("1", "x", "1940-05-01")], ["person_id", "姓名", "birth_date"])
    ended = determine(people, tmp_path / "out.csv")
    assert ended.code == 0
    assert "不认识这些列，没有读：姓名" in ended.err
    assert "没有death_date列，都算在世" in ended.err
    assert "没有这些列，都算不知道：sex、" in ended.err
    people = as_csv(tmp_path / "people.csv", [("1", "1")], ["person_id", "性别"])
    assert "性别（要读请改名为sex）" in determine(people, tmp_path / "out.csv").err


def test_all_columns_and_no_others_need_no_words(tmp_path: Path) -> None:
    from songhe.rules.facts import COLUMNS as ALL

    people = as_csv(tmp_path / "people.csv", [("1", *[""] * (len(ALL) - 1))], list(ALL))
    assert determine(people, tmp_path / "out.csv").err == ""


def test_columns_stand_in_any_order(tmp_path: Path) -> None:
    turned = as_csv(tmp_path / "turned.csv", [person[::-1] for person in PEOPLE], COLUMNS[::-1])
    assert determine(turned, tmp_path / "a.csv").code == 0
    assert determine(as_csv(tmp_path / "people.csv"), tmp_path / "b.csv").code == 0
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_a_file_without_a_header_shows_no_cells_of_its_first_person(tmp_path: Path, out: Path) -> None:
    people = as_csv(tmp_path / "people.csv", PEOPLE, ["王松鹤", "420704194001011234", *["420704"] * 8])
    said = refused(people, out).err
    assert "没有person_id列" in said
    assert "松鹤" not in said
    assert "420704" not in said


def test_names_of_columns_cannot_steer_the_terminal(tmp_path: Path) -> None:
    people = as_csv(tmp_path / "people.csv", [("1", "2", "3")], ["person_id", "\x1b[2J", "x" * 500])
    ended = determine(people, tmp_path / "out.csv")
    assert ended.code == 0
    assert "\x1b" not in ended.said
    assert "x" * 61 not in ended.said
    assert "�[2J" in ended.err


def test_paths_that_lead_nowhere_are_refused(tmp_path: Path) -> None:
    people = as_csv(tmp_path / "people.csv")
    (tmp_path / "circle.csv").symlink_to(tmp_path / "circle.csv")
    for path in (tmp_path / f"{'x' * 300}.csv", people / "x.csv", tmp_path / "circle.csv"):
        ended = determine(path, tmp_path / "out.csv")
        assert (ended.code, ended.err.startswith("错误：")) == (1, True)
    for path in (tmp_path / f"{'x' * 300}.csv", people / "x.csv"):
        ended = determine(people, path)
        assert (ended.code, "错误：" in ended.err) == (1, True)


def test_a_folder_that_may_not_be_looked_into_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The right is taken away as the system would: a superuser may look everywhere."""
    people, stat = as_csv(tmp_path / "people.csv"), Path.stat

    def no_right(path: Path, *, follow_symlinks: bool = True) -> object:
        if "secret" in path.parts:
            raise PermissionError(13, "Permission denied")
        return stat(path, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(Path, "stat", no_right)
    for given, out in ((tmp_path / "secret" / "p.csv", tmp_path / "o.csv"), (people, tmp_path / "secret" / "o.csv")):
        ended = determine(given, out)
        assert (ended.code, "Permission denied" in ended.err) == (1, True), ended.err
