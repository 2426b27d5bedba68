"""The four ways a wish can fail: where, what, what is accepted; a clause when the law says no."""

from __future__ import annotations

import pytest

from songhe.kernel.clauses import Clause
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused, SongheError
from songhe.kernel.masking import mask
from songhe.kernel.masking import shown as as_shown


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (BadInput("第3行", "不是日期"), "第3行：不是日期"),
        (BadInput("第3行", "不是日期", given="2*"), "第3行：不是日期；现在是“2*”"),
        (BadInput("第3行", "不是日期", accepted="2024-05-01"), "第3行：不是日期；可以是：2024-05-01"),
        (BadInput("第3行", "不对", given="x", accepted="y"), "第3行：不对；现在是“x”；可以是：y"),
        (Refused("已经领过"), "已经领过"),
        (Refused("已经领过", clause="ezhou-2023/3"), "已经领过（依据ezhou-2023/3）"),
        (Conflict("已经关了"), "已经关了"),
        (NotFound("清单x"), "找不到清单x"),
        (NotFound("清单x", accepted="清单y"), "找不到清单x；有的是：清单y"),
    ],
)
def test_an_error_says_where_what_and_what_is_accepted(error: SongheError, words: str) -> None:
    assert isinstance(error, SongheError)
    assert str(error) == words


def test_a_clause_names_an_instrument_and_a_place_in_it() -> None:
    clause = Clause.parse("ezhou-2023/annex-1/3")
    assert (clause.instrument, clause.place) == ("ezhou-2023", "annex-1/3")
    assert str(clause) == "ezhou-2023/annex-1/3"


@pytest.mark.parametrize(
    "text", ["", "ezhou-2023", "ezhou-2023/", "/3", "鄂州/3", "a//b", "a/b/", "A/b", "a/b\n", "a b/c"]
)
def test_what_is_no_clause_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="依据"):
        Clause.parse(text)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("", ""),
        ("男", "*"),
        ("张三", "**"),
        ("欧阳一", "欧**"),
        ("123456", "1*****"),
        ("1234567", "12***67"),
        ("420704194405020018", "42************18"),
        (1944, "1***"),
        (None, "N***"),
        ("甲" * 5000, "甲甲" + "*" * 12 + "甲甲"),
    ],
)
def test_a_masked_value_can_be_found_but_names_nobody(value: object, shown: str) -> None:
    assert mask(value) == shown


def test_what_a_terminal_would_obey_is_not_shown() -> None:
    assert mask("\x1b[31mred alert") == "�[**********rt"
    assert mask("ab\r\ncdefg") == "ab*****fg"
    assert as_shown("birth\x1b]0;\x07\u202edate") == "birth�]0;��date"


def test_a_name_from_a_file_is_shown_up_to_sixty_letters() -> None:
    assert as_shown("出生日期") == "出生日期"
    assert as_shown("x" * 60) == "x" * 60
    assert as_shown("x" * 61) == "x" * 60 + "…"
