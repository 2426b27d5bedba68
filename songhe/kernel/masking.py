"""Showing that a value was there without showing the value: for messages, reports of bad rows and logs."""

from __future__ import annotations

_SHOWN_WHOLE = 2
_SHOWN_FIRST_ONLY = 6
_MOST_LETTERS = 60


def mask(value: object) -> str:
    """The value with its middle starred: enough to find it in the file, too little to name a person.

    Up to two characters become stars, up to six keep the first, longer ones keep two at each end.
    """
    text = _harmless(str(value))
    if len(text) <= _SHOWN_WHOLE:
        return "*" * len(text)
    if len(text) <= _SHOWN_FIRST_ONLY:
        return text[0] + "*" * (len(text) - 1)
    return text[:2] + "*" * min(len(text) - 4, 12) + text[-2:]


def shown(text: str) -> str:
    """A name from a file, such as a column's, as a message may show it: on one line, not too long."""
    text = _harmless(text)
    return text if len(text) <= _MOST_LETTERS else text[:_MOST_LETTERS] + "…"


def _harmless(text: str) -> str:
    """The text with a sign for each letter that a terminal or a log would obey instead of showing."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)
