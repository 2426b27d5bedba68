"""Reading one mapping: each misfit is a problem with file and line, and reading goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from songhe.kernel.errors import BadInput
from songhe.rules import located
from songhe.rules.fields import Fields, Problems

Make = Callable[[str], Fields]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """The fields of a YAML text; clauses may name ezhou-2023."""

    def work(text: str) -> Fields:
        path = tmp_path / "x.yaml"
        path.write_text(text)
        return Fields(located.read_yaml(path), path, Problems(frozenset({"ezhou-2023"})))

    return work


def problems(fields: Fields) -> list[tuple[int, str, str]]:
    """Line, problem and value shown of everything noted."""
    return [(int(p.where.rsplit(":", 1)[1]), p.problem, p.given) for p in fields.problems.found]


@pytest.mark.parametrize(
    ("text", "read", "value", "noted"),
    [
        # what is written   how it is asked for                      what comes    what is noted
        ("a: x", lambda f: f.text("a"), "x", []),
        ("b: x", lambda f: f.text("a"), "", [(1, "缺“a”", "")]),
        ("a:", lambda f: f.text("a"), "", [(1, "缺“a”", "")]),
        ("b: x", lambda f: f.text("a", default="y"), "y", []),
        ("a: 5", lambda f: f.text("a"), "5", [(1, "“a”应当是文字", "5")]),
        ("a: x", lambda f: f.word("a", {"x": 1}), "x", []),
        ("b: x", lambda f: f.word("a", {"x": 1}, default=""), "", []),
        ("b: x", lambda f: f.word("a", {"x": 1}), "", [(1, "缺“a”", "")]),
        ("\na: z", lambda f: f.word("a", {"x": 1}), "z", [(2, "“a”的值不认识", "z")]),
        ("a: ''", lambda f: f.word("a", {"x": 1}, default=""), "", [(1, "“a”的值不认识", "")]),
        ("a: 5", lambda f: f.whole("a"), 5, []),
        ("b: 5", lambda f: f.whole("a"), 0, [(1, "“a”应当是整数", "")]),
        ("a: 5.0", lambda f: f.whole("a"), 0, [(1, "“a”应当是整数", "5.0")]),
        ("a: true", lambda f: f.whole("a"), 0, [(1, "“a”应当是整数", "True")]),
        ("a: '5'", lambda f: f.whole("a"), 0, [(1, "“a”应当是整数", "5")]),
        ("a: true", lambda f: f.flag("a"), True, []),
        ("a: false", lambda f: f.flag("a"), False, []),
        ("b: 5", lambda f: f.flag("a"), False, []),
        ("a: 1", lambda f: f.flag("a"), False, [(1, "“a”应当是true或false", "1")]),
        ("a: yes", lambda f: f.flag("a"), False, [(1, "“a”应当是true或false", "yes")]),
        ("a: [true]", lambda f: f.flag("a"), False, [(1, "“a”应当是true或false", "[True]")]),
        ("a: 2024-05-01", lambda f: f.day("a", required=True), date(2024, 5, 1), []),
        ("b: 1", lambda f: f.day("a", required=True), None, [(1, "“a”应当是日期", "")]),
        ("b: 1", lambda f: f.day("a", required=False), None, []),
        ("a: '2024-05-01'", lambda f: f.day("a", required=False), None, [(1, "“a”应当是日期", "2024-05-01")]),
        ("a: 5", lambda f: f.number("a"), Fraction(5), []),
        ("a: -0.25", lambda f: f.number("a"), Fraction(-1, 4), []),
        ("b: 5", lambda f: f.number("a"), None, []),
        ("a: true", lambda f: f.number("a"), None, [(1, "“a”应当是数", "True")]),
        ("a: .nan", lambda f: f.number("a"), None, [(1, "“a”应当是数", ".nan")]),
        ("a: '5'", lambda f: f.number("a"), None, [(1, "“a”应当是数", "5")]),
        ("a: 1000000000000", lambda f: f.number("a"), Fraction(10**12), []),
        ("a: 1000000000001", lambda f: f.number("a"), None, [(1, "“a”太大或小数位太多", "1000000000001")]),
        ("a: -1000000000001", lambda f: f.number("a"), None, [(1, "“a”太大或小数位太多", "-1000000000001")]),
        ("a: 0.0000001", lambda f: f.number("a"), None, [(1, "“a”太大或小数位太多", "1E-7")]),
        ("a: [x, y]", lambda f: f.texts("a"), ("x", "y"), []),
        ("b: 5", lambda f: f.texts("a"), (), []),
        ("a: x", lambda f: f.texts("a"), (), [(1, "“a”应当是一列文字", "x")]),
        ("a: [x, 5]", lambda f: f.texts("a"), (), [(1, "“a”应当是一列文字", "['x', 5]")]),
        ("a: ezhou-2023/3", lambda f: f.clause("a"), "ezhou-2023/3", []),
        ("b: x", lambda f: f.clause("a"), "", [(1, "缺“a”", "")]),
        ("a: 鄂州/3", lambda f: f.clause("a"), "", [(1, "依据写法不对", "鄂州/3")]),
        ("a: wuhan/3", lambda f: f.clause("a"), "wuhan/3", [(1, "instruments.yaml里没有这个文件", "wuhan/3")]),
        ("b: x", lambda f: f.below("a"), None, []),
        ("a: x", lambda f: f.below("a"), None, [(1, "“a”应当是“键: 值”", "x")]),
        ("b: x", lambda f: f.each("a"), {}, []),
        ("a:\n  x:\n  y: 5", lambda f: f.each("a"), {}, [(2, "“x”是空的", ""), (3, "“y”应当是“键: 值”", "5")]),
        ("b: x", lambda f: f.rows("a"), [], []),
        ("a: x", lambda f: f.rows("a"), [], [(1, "“a”应当是一列“键: 值”", "x")]),
        ("a: [{b: 1}, x]", lambda f: f.rows("a"), [], [(1, "“a”应当是一列“键: 值”", "[{'b': 1}, 'x']")]),
    ],
)
def test_a_key_is_read_or_the_misfit_noted(
    make: Make, text: str, read: Callable[[Fields], Any], value: Any, noted: list[tuple[int, str, str]]
) -> None:
    fields = make(text)
    assert read(fields) == value
    assert problems(fields) == noted


def test_mappings_below_know_their_own_lines(make: Make) -> None:
    fields = make("a:\n  x: {n: 1}\n  y:\n    n: 2\nrows:\n  - n: 3\n")
    each = fields.each("a")
    assert {name: (below.first_line, below.whole("n")) for name, below in each.items()} == {"x": (2, 1), "y": (4, 2)}
    (row,) = fields.rows("rows")
    assert (row.line("n"), row.raw()) == (6, {"n": 3})
    assert fields.below("a").where("y").endswith("x.yaml:3")  # type: ignore[union-attr]
    assert fields.has("a") and not fields.has("b")


def test_a_key_nobody_asks_for_is_noted(make: Make) -> None:
    fields = make("a: 1\naa: 2\n")
    fields.only("a", "b")
    assert problems(fields) == [(2, "没有“aa”这个键", "")]
    assert fields.problems.found[0].accepted == "a、b"


def test_an_attempt_gives_the_result_or_notes_the_refusal() -> None:
    noted = Problems()
    assert noted.attempt(lambda: 5) == 5
    refusal = BadInput("x:1", "不对")

    def refuse() -> int:
        raise refusal

    assert noted.attempt(refuse) is None
    assert noted.found == [refusal]
    with pytest.raises(ZeroDivisionError):  # a bug goes up
        noted.attempt(lambda: 1 // 0)
