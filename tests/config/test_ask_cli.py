"""songhe ask at the keyboard: questions one at a time, said back, one step back, stopped, taken home."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from songhe.config.cli import songhe
from songhe.config.paths import policies_folder
from songhe.demo.divisions import Divisions
from songhe.eligibility.asking import Interview
from songhe.eligibility.typed_answers import read_answer
from songhe.kernel.errors import BadInput, NotFound
from songhe.rules.programme import bind
from songhe.rules.reading_packs import load_pack
from tests.trace import covers

LIST = "420700-ezhou/basic-list-2023"
QUESTION = re.compile(r"^(\d+)\. (.*[？。])$", re.MULTILINE)


def ask(typed: str, *more: str) -> Result:
    return CliRunner().invoke(songhe, ["ask", "--list", LIST, "--on", "2024-05-01", *more], input=typed)


def questions(result: Result) -> list[tuple[int, str]]:
    return [(int(number), words) for number, words in QUESTION.findall(result.stdout)]


def answered(answers: Mapping[str, str], otherwise: str) -> list[str]:
    """What is typed to every question in turn, by a part of its words."""
    on = date(2024, 5, 1)
    interview = Interview(bind(load_pack(policies_folder(), LIST), on), divisions=Divisions())
    typed: list[str] = []
    while (asked := interview.question()) is not None:
        typed.append(next((answer for part, answer in answers.items() if part in asked.words), otherwise))
        interview = interview.answer(asked.fact, read_answer(asked, typed[-1], on, interview.divisions))
    return typed


@covers("ENT-01", "ENT-06")
def test_an_interview_to_its_end_leaves_nothing_open() -> None:
    """80 today, in the city, otherwise in no special situation."""
    answers = {
        "出生日期": "1944年5月1日",
        "户口在哪里": "鄂城区",
        "住在哪里": "鄂城区",
        "享受低保": "都不是",
        "哪一种养老保险": "城乡居民养老保险",
        "可以领的条件": "是",
        "结果是哪一级": "能力完好",
    }
    typed = answered(answers, "否")
    result = ask("".join(f"{line}\n" for line in typed))
    assert result.exit_code == 0
    assert [number for number, _ in questions(result)] == list(range(1, len(typed) + 1))
    assert len(typed) < 20
    assert "没有再答" not in result.stdout
    assert "再弄清就能定的" not in result.stdout
    assert "● 3 高龄津贴    清单没有写金额" in result.stdout
    assert "● 26 老年人助餐    幸福食堂餐费优惠40%" in result.stdout


def test_questions_are_numbered_and_answers_said_back() -> None:
    result = ask("19440501\n停\n")
    assert [number for number, _ in questions(result)] == [1, 2]
    assert "→ 1944年5月1日（定下了" in result.stdout


@covers("ENT-06")
def test_how_much_is_settled_is_said_after_each_answer_and_grows() -> None:
    """A birth date of 1944 settles the items that ask for an age only: they begin at 60 and at 65."""
    result = ask("1944-05-01\n否\n停\n")
    settled = [int(count) for count in re.findall("定下了(\\d+)项", result.stdout)]
    assert settled[0] >= 8
    assert settled[1] > settled[0]


@pytest.mark.parametrize("word", ["返回", "back"])
def test_one_step_back_asks_the_same_again_and_forgets_the_answer(word: str) -> None:
    result = ask(f"1944-05-01\n{word}\n1964-05-01\n停\n")
    asked = questions(result)
    assert asked[0] == asked[2]
    assert "→ 1964年5月1日" in result.stdout
    assert "高龄津贴" in result.stdout.split("现在不可享的")[1]


@pytest.mark.parametrize("word", ["停", "停止", "q"])
def test_stopping_shows_what_is_known_and_what_hangs_on_what(word: str) -> None:
    result = ask(f"1944-05-01\n{word}\n")
    assert result.exit_code == 0
    assert re.search(r"^您可享\d+项$", result.stdout, re.MULTILINE)
    hanging = result.stdout.split("还不清楚的，和在等它的事项\n")[1].split("\n\n")[0].splitlines()
    waiting = {label: numbers.strip("第项").split("、") for label, numbers in map(str.split, hanging)}
    assert "3" in waiting["户籍地"]
    assert waiting["流浪乞讨"] == ["25"]


def test_the_end_of_the_input_is_a_stop() -> None:
    result = ask("1944-05-01\n")
    assert result.exit_code == 0
    assert "没有再答，按已知的算" in result.stdout
    assert "您可享" in result.stdout


def test_what_cannot_be_read_is_asked_again_with_what_would_do() -> None:
    result = ask("八十了\n44-5-1\n\n1944-5-1\n停\n")
    assert [number for number, _ in questions(result)] == [1, 1, 1, 1, 2]
    assert "年份要写4位" in result.stdout
    assert "没有写。不清楚写0" in result.stdout


def test_not_knowing_goes_on_to_another_question() -> None:
    first, second = questions(ask("不知道\n停\n"))
    assert first[1] != second[1]


@covers("ENT-06")
def test_what_is_known_already_is_not_asked(tmp_path: Path) -> None:
    known = tmp_path / "known.txt"
    known.write_text("出生日期：1944-05-01\n户籍地：鄂城区\n", encoding="utf-8-sig")
    result = ask("停\n", "--answers", str(known))
    assert "出生日期" not in questions(result)[0][1]
    assert "● 3 高龄津贴" in result.stdout


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        ("生日：1944-05-01\n".encode(), BadInput, "known.txt第1行"),
        ("出生日期：1944-05-01\n".encode("gb18030"), BadInput, "UTF-8"),
        (None, NotFound, "known.txt"),
    ],
)
def test_a_file_of_answers_that_cannot_be_used(
    tmp_path: Path, content: bytes | None, error: type[Exception], says: str
) -> None:
    known = tmp_path / "known.txt"
    if content is not None:
        known.write_bytes(content)
    result = ask("", "--answers", str(known))
    assert isinstance(result.exception, error)
    assert says in str(result.exception)
    assert questions(result) == []


def test_the_sheet_to_take_home_holds_the_result_and_the_answers(tmp_path: Path) -> None:
    page = tmp_path / "result.html"
    known = tmp_path / "known.txt"
    known.write_text("独居：否\n", encoding="utf-8")
    result = ask("1944-05-01\n停\n", "--html", str(page), "--answers", str(known))
    html = page.read_text(encoding="utf-8")
    assert "<dt>独居</dt><dd>不独居</dd>" in html
    found = re.search(r"您可享\d+项", result.stdout)
    assert found is not None
    assert found[0] in html
    assert "您的出生日期是哪一天？" in html
    assert "1944年5月1日" in html
    assert "<script" not in html


def test_nothing_is_kept_but_what_was_wished_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ask("1944-05-01\n停\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["result.txt", "nowhere/result.html"])
def test_a_page_that_cannot_be_written_is_refused_before_the_first_question(tmp_path: Path, name: str) -> None:
    result = ask("1944-05-01\n停\n", "--html", str(tmp_path / name))
    assert isinstance(result.exception, BadInput)
    assert questions(result) == []
