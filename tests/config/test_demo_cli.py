"""songhe demo: a table of invented people, and the whole way to the report page."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from songhe.config.cli import demo
from songhe.demo.people import DEMO_DAY, make_people
from songhe.rules.facts import COLUMNS
from tests.command_line import determine, run


def test_people_are_those_of_the_seed(tmp_path: Path) -> None:
    out, truth = tmp_path / "people.parquet", tmp_path / "truth.parquet"
    ended = run("demo", "people", "--count", "300", "--seed", "7", "--out", out, "--truth", truth)
    assert ended.code == 0, ended.err
    assert "300人写进" in ended.out
    known, true = make_people("420700", 300, 7, DEMO_DAY)
    assert pl.read_parquet(out).equals(known)
    assert pl.read_parquet(truth).equals(true)
    assert tuple(pl.read_parquet_schema(out)) == COLUMNS
    assert sorted(path.name for path in tmp_path.iterdir()) == ["people.parquet", "truth.parquet"]


def test_what_is_made_can_be_determined(tmp_path: Path) -> None:
    assert run("demo", "people", "--count", "200", "--out", tmp_path / "people.parquet").code == 0
    ended = determine(tmp_path / "people.parquet", tmp_path / "out.csv")
    assert ended.code == 0
    assert ended.err == ""
    assert "200人，5,400行" in ended.out


def test_more_people_than_at_once_come_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "AT_ONCE", 100)
    out, truth = tmp_path / "people.parquet", tmp_path / "truth.parquet"
    ended = run("demo", "people", "--count", "250", "--out", out, "--truth", truth)
    assert ended.code == 0, ended.err
    known, true = pl.read_parquet(out), pl.read_parquet(truth)
    assert (known.height, true.height) == (250, 250)
    assert known["person_id"].n_unique() == 250
    assert tuple(known.columns) == COLUMNS
    assert known["person_id"].to_list() == true["person_id"].to_list()
    assert determine(out, tmp_path / "wide.csv", "--layout", "wide").code == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--out", "people.csv"), 1, "以.parquet结尾"),
        (("--out", "no/people.parquet"), 1, "没有这个文件夹"),
        (("--out", "people.parquet", "--truth", "people.parquet"), 1, "与--out是同一个文件"),
        (("--out", "people.parquet", "--truth", "truth.csv"), 1, "以.parquet结尾"),
        (("--out", "people.parquet", "--city", "110000"), 1, "420700"),
        (("--out", "people.parquet", "--count", "0"), 2, "--count"),
        (("--out", "people.parquet", "--seed", "-1"), 2, "--seed"),
        ((), 2, "--out"),
    ],
)
def test_refused_and_nothing_left(
    words: tuple[str, ...], code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = run("demo", "people", *words)
    assert ended.code == code
    assert said in ended.err
    assert list(tmp_path.iterdir()) == []


def test_the_whole_way_to_the_report(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "demo"
    ended = run("demo", "report", "--count", "300", "--folder", folder)
    assert ended.code == 0, ended.err
    assert sorted(path.name for path in folder.iterdir()) == ["people.parquet", "report.html", "results.parquet"]
    assert "1/4  造300位虚构的老人" in ended.out
    assert f"报告：{(folder / 'report.html').as_uri()}" in ended.out
    assert "合计（300人）" in ended.out
    page = (folder / "report.html").read_text("utf-8")
    assert "鄂州市" in page
    assert pl.read_parquet(folder / "results.parquet").height == 300


def test_the_way_is_the_same_as_step_by_step(tmp_path: Path) -> None:
    assert run("demo", "report", "--count", "200", "--folder", tmp_path).code == 0
    out = tmp_path / "wide.parquet"
    words = ("determine", "--list", "420700-ezhou/basic-list-2023", "--people", tmp_path / "people.parquet")
    assert run(*words, "--on", str(DEMO_DAY), "--out", out, "--layout", "wide").code == 0
    assert pl.read_parquet(out).equals(pl.read_parquet(tmp_path / "results.parquet"))
