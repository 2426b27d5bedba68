"""Text with values in it that a page can say in another language: the sentence is kept beside what was put into it."""

from __future__ import annotations


class Told(str):
    """The Chinese text as any other text; `sentence` and `values` are what it was made of."""

    __slots__ = ("sentence", "values")

    sentence: str
    values: dict[str, object]


def told(sentence: str, **values: object) -> Told:
    """`told("最多{most}字", most=40)` is “最多40字”, and still knows its sentence."""
    text = Told(sentence.format(**values))
    text.sentence, text.values = sentence, values
    return text


def phrase(text: str) -> str:
    """Marks a text that pages say in their own language, and gives it back as it is."""
    return text
