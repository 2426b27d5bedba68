"""YAML with lines: plain values only, nothing that says elsewhere what stands on the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from songhe.kernel.errors import BadInput
from songhe.rules import located

Read = Callable[[str | bytes], located.Mapping]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a text as a YAML file."""

    def work(text: str | bytes) -> located.Mapping:
        path = tmp_path / "x.yaml"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return located.read_yaml(path)

    return work


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None), ("~", None), ("null", None), ("true", True), ("false", False),
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"), ("True", "True"), ("NULL", "NULL"),
        ("5", 5), ("-5", -5), ("+5", 5), ("007", 7), ("0.30", Decimal("0.30")), ("-1.5", Decimal("-1.5")),
        ("1_000", "1_000"), ("1e5", "1e5"), (".5", ".5"), ("5.", "5."), (".nan", ".nan"), (".inf", ".inf"),
        ("0x1F", "0x1F"), ("0o17", "0o17"), ("12:30", "12:30"), ("８０", "８０"), ("9" * 31, "9" * 31),
        ("2024-02-29", date(2024, 2, 29)), ("0001-01-01", date.min), ("9999-12-31", date.max),
        ("2024-5-1", "2024-5-1"), ("2024-05-01T00:00:00", "2024-05-01T00:00:00"), ("20240501", 20240501),
        ("'5'", "5"), ('"5"', "5"), ("'2024-02-29'", "2024-02-29"), ("'true'", "true"), ("''", ""), ("'~'", "~"),
        ("|\n  5\n", "5\n"), (">-\n  age >=\n  80\n", "age >= 80"), ("420700", 420700), ("低保 # 注", "低保"),
        ("[1, no, '2']", [1, "no", "2"]), ("{b: 1}", {"b": 1}), ("[]", []), ("{}", {}),
    ],
)  # fmt: skip
def test_a_value_is_what_is_written(read: Read, text: str, value: Any) -> None:
    found = read(f"a: {text}")["a"]
    assert found == value
    assert isinstance(found, type(value))


def test_everything_knows_its_line(read: Read) -> None:
    values = read("# 说明\na: 1\nb:\n  - x\n  - {c: 2}\n\nd:\n  e: 3\n")
    assert [values.line_of(key) for key in ("a", "b", "d", "没有")] == [2, 3, 7, 2]
    assert values["b"].line == 4
    assert list(values["b"].located()) == [(4, "x"), (5, {"c": 2})]
    assert (values["d"].line, values["d"].line_of("e")) == (8, 8)


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(read: Read) -> None:
    values = read("\ufeffa: 低保\r\nb: 2\r\n")
    assert values == {"a": "低保", "b": 2}
    assert values.line_of("b") == 2


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", 1, "文件要由"),
        ("# 只有说明\n", 1, "文件要由"),
        ("- a\n", 1, "文件要由"),
        ("只有字", 1, "文件要由"),
        ("a: 1\nb: 2\na: 3\n", 3, "“a”写了两次"),
        ("a:\n  b: 1\n  'b': 2\n", 3, "“b”写了两次"),
        ("a: &x 1\n", 1, "锚"),
        ("a: 1\nb: *x\n", 2, "锚"),
        ("a: &x {b: *x}\n", 1, "锚"),
        ("a: {<<: {b: 1}}\n", 1, "键要是一个词"),
        ("a: 1\n? [b]\n: 2\n", 2, "键要是一个词"),
        ("a: 1\n'': 2\n", 2, "键要是一个词"),
        ("a: !!str 5\n", 1, "标签"),
        ("a: 1\nb: !!python/object/apply:os.system ['true']\n", 2, "标签"),
        ("a: ! x\n", 1, "标签"),
        ("a: 2023-02-29\n", 1, "不是日期"),
        ("a: 1\nb: 2024-13-01\n", 2, "不是日期"),
        ("a: 1\n---\nb: 2\n", 2, "不是YAML"),
        ("a: [1\nb: 2\n", 2, "不是YAML"),
        ("a: 1\n\tb: 2\n", 2, "不是YAML"),
        ("a: 'x\n", 2, "不是YAML"),
        ("a: b: c\n", 1, "不是YAML"),
        ("a: " + "[" * 500 + "]" * 500, 1, "嵌套太深"),
        ("a: " + "{b: " * 30 + "1" + "}" * 30, 1, "嵌套太深"),
    ],
)
def test_what_is_refused_names_the_line(read: Read, text: str, line: int, problem: str) -> None:
    with pytest.raises(BadInput, match=problem) as refused:
        read(text)
    assert refused.value.where.endswith(f"x.yaml:{line}")


def test_many_aliases_of_aliases_are_refused_before_they_grow(read: Read) -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 30))]
    with pytest.raises(BadInput, match="锚"):
        read("\n".join(lines))


def test_bytes_that_are_no_text_are_refused(read: Read) -> None:
    with pytest.raises(BadInput, match="第4个字节不是UTF-8"):
        read(b"a: \xb5\xcd")
    with pytest.raises(BadInput, match="不是YAML"):
        read(b"a: \x01")


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="没有这个文件"):
        located.read_yaml(tmp_path / "x.yaml")
    with pytest.raises(BadInput, match="读不了这个文件"):
        located.read_yaml(tmp_path)
