"""A text with values in it keeps its sentence, so that it can be said in another language."""

from __future__ import annotations

from songhe.kernel.told import phrase, told


def test_a_told_text_is_a_text_like_any_other() -> None:
    text = told("最多{most}字", most=40)
    assert text == "最多40字"
    assert f"{text}。" == "最多40字。"


def test_a_told_text_keeps_its_sentence_and_values() -> None:
    text = told("{name}有{count}件", name="何俊", count=3)
    assert (text.sentence, text.values) == ("{name}有{count}件", {"name": "何俊", "count": 3})


def test_a_marked_phrase_is_itself() -> None:
    assert phrase("全国") == "全国"
