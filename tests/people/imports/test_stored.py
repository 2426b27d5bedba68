"""What jobs wrote in Chinese is said again in the language of the page."""

from __future__ import annotations

import pytest
from django.utils import translation

from songhe.people.imports.stored import said_again


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("没有填", "is empty"),
        ("与第1,024行是同一个人，写的不一样", "the same person as in row 1,024, written differently"),
        ("与第3行是同一个人", "the same person as in row 3"),
        ("和证件号里的出生日期不一样", "is not what the identity number says: Date of birth"),
        ("17位，要18位", "has 17 characters instead of 18"),
        ("公安户籍名册：读取和比对", "Household register: read and compare"),
        (
            "11月.csv：只有表头，没有人；可以是：至少一人",
            "11月.csv: has a head but no people; it can be: at least one person",
        ),
        ("谁也没有写过的一句话", "谁也没有写过的一句话"),
        ("", ""),
    ],
)
def test_a_stored_sentence_is_known_by_its_shape(text: str, english: str) -> None:
    assert said_again(text) == text
    with translation.override("en"):
        assert said_again(text) == english
