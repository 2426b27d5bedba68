"""Figures as the report writes them: 12,486 · 186.40 · 5.1%; and the words for a clause."""

from __future__ import annotations

import re
from datetime import date

from songhe.kernel.money import Money

NOTHING = "–"
_ANNEX = re.compile(r"(?P<instrument>[^/]+)/annex-(?P<annex>\d+)/(?P<line>\d+)")
_WEEKDAYS = "一二三四五六日"


def count(number: int) -> str:
    """A number of persons or answers with its commas."""
    return f"{number:,}"


def count_or_dash(number: int) -> str:
    """As `count`, with a dash for none."""
    return count(number) if number else NOTHING


def yuan(fen: int | None) -> str:
    """An amount in yuan with two decimals; a dash where the list sets none."""
    return NOTHING if fen is None else str(Money(fen))


def share(part: int, whole: int) -> float:
    """The part between 0 and 1; 0 of nobody is 0."""
    return part / whole if whole else 0.0


def percent(ratio: float) -> str:
    """A share with one decimal; what is there but would read 0.0% says 不到0.1%."""
    return "不到0.1%" if 0 < ratio < 0.0005 else f"{ratio:.1%}"


def day(on: date) -> str:
    """A day as people say it, with its weekday."""
    return f"{on.year}年{on.month}月{on.day}日 星期{_WEEKDAYS[on.weekday()]}"


def clause_words(clause: str) -> str:
    """A clause for people: 附件1第3项（ezhou-2023）; other forms stay as they are."""
    found = _ANNEX.fullmatch(clause)
    return f"附件{found['annex']}第{found['line']}项（{found['instrument']}）" if found else clause
