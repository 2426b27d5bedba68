"""The dated figures of revision.yaml: until when whose turn it is, and the days of the yearly revision."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_name("revision.yaml")


def turn_ends(turn: str, today: date) -> date:
    """The last day for whom it became the turn of today: approve, correct or issue."""
    return today + timedelta(days=int(_on(_written()["turn"][turn], today)))


def revision_days(today: date) -> tuple[date, date]:
    """From which day of this year the revision is called to mind, and by which it is to be done."""
    first, last = (_on(_written()[name], today) for name in ("remind_from", "revised_by"))
    return date.fromisoformat(f"{today.year}-{first}"), date.fromisoformat(f"{today.year}-{last}")


def _on(figure: dict[str, Any], day: date) -> Any:
    """The value of a figure that holds on the day; before the first one, the first."""
    held = [row["value"] for row in figure["values"] if row["from"] <= day]
    return held[-1] if held else figure["values"][0]["value"]


@lru_cache(maxsize=1)
def _written() -> dict[str, Any]:
    written: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return written
