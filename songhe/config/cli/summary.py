"""The table at the end of a determination: how every item came out, and what is payable."""

from __future__ import annotations

from collections.abc import Sequence

from songhe.config.cli.tables import number, print_table, yuan
from songhe.eligibility.determining import Count, monthly

_HEAD = ("序号", "事项", "可享", "不可享", "待核", "每月应发（元）")
_TO_THE_RIGHT = (0, 2, 3, 4, 5)
_PERIODS = {"year": "每年", "once": "每次"}


def print_summary(counts: Sequence[Count], people: int) -> None:
    """Prints a row an item and the sum of a month; amounts that are not paid by month say so."""
    rows = [_row(count) for count in counts]
    fen = sum(count.fen or 0 for count in counts if monthly(count.bound))
    rows.append(("", f"合计（{number(people)}人）", "", "", "", yuan(fen)))
    print_table(_HEAD, rows, right=_TO_THE_RIGHT)


def _row(count: Count) -> tuple[str, ...]:
    item = count.bound.item
    amount = yuan(count.fen)
    if count.fen is not None and not monthly(count.bound):
        amount = f"{_PERIODS.get(item.gives.per, item.gives.per)}{amount}"
    return (str(item.number), item.name, number(count.yes), number(count.no), number(count.unknown), amount)
