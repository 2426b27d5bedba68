"""Whole numbers as they come back from pages: out of a form, an address, the key of a row."""

from __future__ import annotations

MOST_DIGITS = 18  # what a bigint of the database holds whatever the digits are


def whole_read(text: str, digits: int = 9) -> int | None:
    """The number that the text writes in 0 to 9, without sign; None where it writes none, or has more digits."""
    if not text.isascii() or not text.isdecimal() or len(text) > min(digits, MOST_DIGITS):
        return None
    return int(text)
