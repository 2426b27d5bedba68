"""Whether a Python value is one a fact may hold."""

from __future__ import annotations

from datetime import date
from typing import Any

from songhe.kernel.errors import BadInput
from songhe.kernel.regions import significant
from songhe.rules.facts import Fact, Kind

_TYPES = {
    Kind.DATE: date,
    Kind.BOOL: bool,
    Kind.WORD: str,
    Kind.CODE: int,
    Kind.GRADE: int,
    Kind.REGION: str,
}


def check_value(fact: Fact, value: Any) -> bool:
    """Whether the fact accepts the value; None (unknown) always."""
    if value is None:
        return True
    if type(value) is not _TYPES[fact.kind]:  # exactly: a datetime is a date and True is 1, but neither is meant
        return False
    if fact.kind is Kind.REGION:
        return _is_region(str(value))
    return not fact.values or value in fact.values


def _is_region(value: str) -> bool:
    try:
        significant(value)
    except BadInput:
        return False
    return True
