"""The dated figures of `rules.yaml`."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from songhe.kernel.errors import BadInput

_FILE = Path(__file__).with_name("rules.yaml")


def figure(name: str, *, region: str, day: date) -> int:
    """A figure such as "objection" or "validity.institution" in a division on a day.

    BadInput for a name that is not in the file, or a day before its first value.
    """
    held = [row["value"] for row in _rows(name, region) if row["from"] <= day]
    if not held:
        raise BadInput(f"{_FILE.name}，{name}", "这一天还没有值", given=day.isoformat())
    return int(held[-1])


def least_level(fact: str) -> int:
    """From which level of the current scale a fact of the person table holds."""
    return int(_written()[fact]["least_level"])


def _rows(name: str, region: str) -> list[dict[str, Any]]:
    found: Any = _written()
    for part in name.split("."):
        if not isinstance(found, dict) or part not in found:
            raise BadInput(_FILE.name, "没有这个数", given=name)
        found = found[part]
    if "values" not in found:
        raise BadInput(_FILE.name, "没有这个数", given=name)
    fitting = [digits for digits in found["values"] if region.startswith(digits)]
    rows: list[dict[str, Any]] = found["values"][max(fitting, key=len)] if fitting else []
    return rows


@cache
def _written() -> dict[str, Any]:
    written: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return written
