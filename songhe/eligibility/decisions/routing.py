"""How decisions become work: figures with their days, who is worth asking, what can be asked at the door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from songhe.eligibility.decisions.terms import MatterKind
from songhe.kernel.errors import BadInput
from songhe.rules import nodes as n
from songhe.rules.facts import PERSON_TABLE
from songhe.rules.parse import Parser

_FILE = Path(__file__).with_name("routing.yaml")
_PARTS = {"soon_within", "due", "unreached_again", "declined_for", "handed_over", "worth_asking", "questions"}


@dataclass(frozen=True, slots=True)
class Routing:
    """The figures on a day; `due_days` by kind of matter, `questions` the cheapest first."""

    soon_days: int
    due_days: Mapping[str, int]
    unreached_days: int
    declined_months: int
    handed_over_days: int
    worth_asking: n.Node
    questions: tuple[str, ...]


@cache
def routing_on(day: date) -> Routing:
    """The figures that hold on the day. BadInput when the file is faulty or has none for it."""
    written: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    if set(written) != _PARTS:
        raise BadInput(
            _FILE.name, "多了或少了", given="、".join(set(written) ^ _PARTS), accepted="、".join(sorted(_PARTS))
        )
    unknown = [name for name in written["questions"] if name not in PERSON_TABLE]
    if unknown:
        raise BadInput(f"{_FILE.name}，questions", "没有这个情况", given="、".join(unknown))
    return Routing(
        soon_days=_on(written["soon_within"], day, "soon_within"),
        due_days={kind: _on(written["due"][kind], day, f"due.{kind}") for kind in MatterKind.values},
        unreached_days=_on(written["unreached_again"], day, "unreached_again"),
        declined_months=_on(written["declined_for"], day, "declined_for"),
        handed_over_days=_on(written["handed_over"], day, "handed_over"),
        worth_asking=Parser(frozenset(), f"{_FILE.name}，worth_asking").parse(written["worth_asking"]),
        questions=tuple(written["questions"]),
    )


def _on(dated: Mapping[str, Any], day: date, name: str) -> int:
    held = [row["value"] for row in sorted(dated["values"], key=lambda row: row["from"]) if row["from"] <= day]
    if not held:
        raise BadInput(f"{_FILE.name}，{name}", "这一天还没有值", given=str(day))
    return int(held[-1])
