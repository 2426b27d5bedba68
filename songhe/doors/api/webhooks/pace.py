"""The figures of sending again: `pace.yaml`."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml


def again_after(attempts: int, day: date) -> timedelta | None:
    """How long a message rests after so many failures; None when it is not sent again by itself."""
    waits = figure("again_after", day)
    return timedelta(seconds=waits[attempts - 1]) if attempts <= len(waits) else None


def old_secret_counts(day: date) -> timedelta:
    """How long a secret signs after it was replaced."""
    return timedelta(hours=figure("old_secret_hours", day))


def figure(name: str, day: date) -> Any:
    """The figure that counts on the day; before the first, the first."""
    values = _figures()[name]["values"]
    begun = [one for one in values if one["from"] <= day] or values[:1]
    return max(begun, key=lambda one: one["from"])["value"]


@cache
def _figures() -> dict[str, Any]:
    figures: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("pace.yaml").read_text(encoding="utf-8"))
    return figures
