"""Whether a Python value is one a fact may hold."""

from __future__ import annotations

from datetime import date
from typing import Any

from songhe.kernel.errors import BadInput
from songhe.kernel.regions import significant
from songhe.rules.facts import Fact, Kind


def check_value(fact: Fact, value: Any) -> bool:
    """Whether the fact accepts the value; None (unknown) always."""
    if value is None:
        return True
    if fact.kind is Kind.DATE:
        return isinstance(value, date)
    if fact.kind is Kind.BOOL:
        return isinstance(value, bool)
    if fact.kind is Kind.REGION:
        return isinstance(value, str) and _is_region(value)
    return not isinstance(value, bool) and value in fact.values


def _is_region(value: str) -> bool:
    try:
        significant(value)
    except BadInput:
        return False
    return True
