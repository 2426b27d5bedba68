"""Answers to a question as they stand among outcomes in a form: a mark, then the value as in the person table."""

from __future__ import annotations

from typing import Any

_MARK = "="


def answer_code(value: Any) -> str:
    """How an answer stands in a form."""
    return _MARK + (str(value).lower() if isinstance(value, bool) else str(value))


def answer_in(chosen: str) -> str | None:
    """The value that was chosen; None when it is an outcome."""
    return chosen.removeprefix(_MARK) if chosen.startswith(_MARK) else None
