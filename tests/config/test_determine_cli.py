"""songhe determine at the keyboard: usage, summary, report, progress, and how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from songhe.config.cli import tables
from tests.command_line import EZHOU, ON, determine, run
from tests.exchange.tables import PEOPLE, as_csv
from tests.trace import covers


@pytest.fixture
def people(tmp_path: Path) -> Path:
    return as_csv(tmp_path / "people.csv")


_PROGRAM = (
    sys.executable,
    "-c",
    "from songhe.config.cli import main; main()",
    "determine",
    "--list",
    EZHOU,
    "--on",
    ON,
)
_WHOLE = ("--list", EZHOU, "--people", "p.csv", "--out", "o.csv", "--on", ON)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Missing option"),
        (_WHOLE[:-2], "--on"),
        ((*_WHOLE[:-1], "1.5.2024"), "要写成2024-05-01"),
        ((*_WHOLE, "--layout", "tall"), "--layout"),
        ((*_WHOLE, "--engine", "abacus"), "--engine"),
        ((*_WHOLE, "--outcome", "maybe"), "“maybe”不是结果"),
        ((*_WHOLE, "--layout", "wide", "--outcome", "yes"), "只用于--layout long"),
        (("--colour", "red"), "--colour"),
    ],
)
def test_wrong_usage_is_exit_code_2(words: tuple[str, ...], said: str) -> None:
    ended = run("determine", *words)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_help_shows_an_example() -> None:
    ended = run("determine", "--help")
    assert ended.code == 0
    assert "songhe determine --list 420700-ezhou/basic-list-2023 --people people.csv --on 2024-05-01" in " ".join(
        ended.out.split()
    )
    assert "--bad-rows" in ended.out


def test_a_list_that_is_not_there_is_exit_code_1(people: Path, tmp_path: Path) -> None:
    ended = run("determine", "--list", "no/list", "--people", people, "--on", ON, "--out", tmp_path / "out.csv")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("错误：")


def test_a_day_before_the_list_is_said(people: Path, tmp_path: Path) -> None:
    ended = run("determine", "--list", EZHOU, "--people", people, "--on", "2001-01-01", "--out", tmp_path / "out.csv")
    assert "2001-01-01不在其中" in ended.err


@covers("ENT-01", "PAY-01")
def test_the_summary_says_how_every_item_came_out_and_where_the_file_is(people: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    ended = determine(people, out)
    assert ended.code == 0
    rows = {line.split()[0]: line.split()[1:] for line in ended.out.splitlines() if line.split()}
    assert [str(number) in rows for number in range(1, 28)] == [True] * 27
    assert rows["3"] == ["高龄津贴", "1", "3", "0", "–"]
    assert rows["18"] == ["养老护理补贴", "1", "2", "1", "100.00"]
    assert rows["合计（4人）"] == ["200.00"]
    assert f"4人，108行，写进{out}" in ended.out


@covers("ENT-01")
@pytest.mark.parametrize("layout", ["long", "wide"])
def test_the_report_says_the_same(layout: str, people: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    ended = determine(people, tmp_path / "out.csv", "--layout", layout, "--report", report)
    assert ended.code == 0, ended.err
    page = report.read_text("utf-8")
    assert page.lower().startswith("<!doctype html>")
    assert "老年人助餐" in page
    assert "年满80周岁，且户籍地在鄂州市" in page
    assert f"报告：{report.as_uri()}" in ended.out
    for key in (person[0] for person in PEOPLE):
        assert key not in page


def test_the_report_says_what_was_left_out(tmp_path: Path) -> None:
    people = as_csv(tmp_path / "people.csv", [*PEOPLE, ("x", "1.5.1940", *PEOPLE[0][2:])])
    report = tmp_path / "report.html"
    ended = determine(people, tmp_path / "out.csv", "--bad-rows", tmp_path / "bad.csv", "--report", report)
    assert ended.code == 0, ended.err
    assert "有1行不能用，没有算在内" in report.read_text("utf-8")


def test_empty_rows_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("person_id,sex\n1,1\n,\n\n2,1\n,\n", "utf-8")
    assert "跳过空行3行" in determine(path, tmp_path / "out.csv").out


def test_progress_is_told_to_the_end(people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, list[int]] = {}

    @contextmanager
    def bar(label: str, size: int) -> Iterator[object]:
        told[label] = [size]
        yield told[label].append

    monkeypatch.setattr("songhe.config.cli.determine.progress_bar", bar)
    monkeypatch.setattr("songhe.foundation.files.csv_tables._BLOCK", 60)
    assert determine(people, tmp_path / "out.xlsx").code == 0
    assert list(told) == ["判定", "写Excel"]
    assert {label: steps[0] for label, steps in told.items()} == {"判定": people.stat().st_size, "写Excel": 108}
    for steps in told.values():
        assert sum(steps[1:]) == steps[0]
    assert len(told["判定"]) > 2


def test_no_bar_where_there_is_no_terminal(people: Path, tmp_path: Path) -> None:
    assert "判定" not in determine(people, tmp_path / "out.csv").err


def test_a_bar_on_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with tables.progress_bar("判定", 10) as done:
        done(10)
    assert "判定" in capsys.readouterr().err


def test_as_a_program_of_its_own(people: Path, tmp_path: Path) -> None:
    """The whole process: exit code, both streams, UTF-8 whatever the locale says."""
    command = [
        sys.executable,
        "-c",
        "from songhe.config.cli import main; main()",
        "determine",
        "--list",
        EZHOU,
        "--on",
        ON,
    ]
    command += ["--people", str(people), "--out", str(tmp_path / "out.csv")]
    ended = subprocess.run(command, capture_output=True, check=False, env={"LC_ALL": "C.UTF-8"})
    assert (ended.returncode, b"Traceback" in ended.stderr) == (0, False), ended.stderr.decode()
    assert "老年人助餐" in ended.stdout.decode("utf-8")
    people.write_bytes(b"\xff")
    ended = subprocess.run(command, capture_output=True, check=False, env={"LC_ALL": "C.UTF-8"})
    assert (ended.returncode, ended.stdout) == (1, b"")
    assert ended.stderr.decode("utf-8").startswith("错误：people.csv第1行：编码读不懂")


@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "zh_CN.GBK"])
def test_names_and_signs_that_cannot_be_printed_fail_no_run(locale: str, people: Path, tmp_path: Path) -> None:
    out = tmp_path / os.fsdecode(b"r\xff.csv")
    encoding = {"PYTHONIOENCODING": "gbk"} if locale.endswith("GBK") else {}
    command = [*_PROGRAM, "--people", str(people), "--out", str(out)]
    ended = subprocess.run(command, capture_output=True, check=False, env={"LC_ALL": locale, **encoding})
    assert ended.returncode == 0, ended.stderr
    assert out.read_bytes().startswith(b"person_id,")
