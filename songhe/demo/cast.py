"""Thirteen invented elders with a story each; what the list says of them was argued by hand and is tested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from songhe.demo.divisions import region_name
from songhe.kernel.errors import BadInput
from songhe.rules.fact_values import check_value
from songhe.rules.facts import KEY, PERSON_TABLE, Kind
from songhe.rules.readings.polars import SCHEMA

_FILE = Path(__file__).with_name("cast.yaml")
# YAML reads a bare yes and no as booleans.
_OUTCOMES = {True: "yes", False: "no", "yes": "yes", "no": "no", "unknown": "unknown"}
_SAID = {"yes": "可享", "no": "不可享", "unknown": "待核"}


@dataclass(frozen=True, slots=True)
class Elder:
    """One of the cast. `facts` holds every fact of the person table, None for unknown (death date: alive).

    `expect` gives yes, no or unknown for some items of the list on the day of the cast, by slug; `paid` the yuan a
    month of some items after coordination. `assessed` says how their ability was assessed, where that is a story.
    """

    person_id: str
    name: str
    story: str
    why: str
    facts: Mapping[str, Any]
    expect: Mapping[str, str]
    paid: Mapping[str, int]
    assessed: str = ""


@cache
def cast() -> tuple[Elder, ...]:
    """All of them, in the order of their ids. BadInput when the file holds a fact or a value that does not exist."""
    written = _written()
    return tuple(_elder(one, written["usual"]) for one in written["elders"])


def cast_day() -> date:
    """The day on which what is expected of the cast holds."""
    day: date = _written()["day"]
    return day


def cast_list() -> str:
    """The id of the list by which what is expected of the cast holds."""
    return str(_written()["list"])


def cast_people() -> pl.DataFrame:
    """The cast as a person table, to be determined or imported like any other."""
    rows = [{KEY: elder.person_id, **elder.facts} for elder in cast()]
    return pl.DataFrame(rows, schema=pl.Schema(SCHEMA))


def cast_page(item_names: Mapping[str, str]) -> str:
    """The page about the cast, in Markdown; `item_names` gives the Chinese name of each item by slug."""
    head = (
        "# The cast\n\nMade by `songhe.demo.cast.cast_page` from `songhe/demo/cast.yaml`: change that instead.\n\n"
        f"Thirteen invented elders. What the list `{cast_list()}` says of them holds on {cast_day().isoformat()}.\n"
    )
    return "\n".join([head, *(_section(elder, item_names) for elder in cast())])


@cache
def _written() -> dict[str, Any]:
    written: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return written


def _elder(one: Mapping[str, Any], usual: Mapping[str, Any]) -> Elder:
    facts = {name: {**usual, **one["facts"]}.get(name) for name in PERSON_TABLE}
    for name, value in one["facts"].items():
        where = f"{_FILE.name}，{one['person_id']}"
        if name not in PERSON_TABLE:
            raise BadInput(where, f"没有“{name}”这一列", accepted="、".join(PERSON_TABLE))
        if not check_value(PERSON_TABLE[name], value):
            raise BadInput(where, f"“{name}”的值不对", accepted=PERSON_TABLE[name].accepted)
    expect = {slug: _OUTCOMES[outcome] for slug, outcome in one["expect"].items()}
    return Elder(
        one["person_id"],
        one["name"],
        one["story"],
        one["why"],
        facts,
        expect,
        one.get("paid", {}),
        one.get("assessed", ""),
    )


def _section(elder: Elder, item_names: Mapping[str, str]) -> str:
    own = [
        f"{fact.label}{_said(elder.facts[name], fact.kind, name)}"
        for name, fact in PERSON_TABLE.items()
        if elder.facts[name] != _written()["usual"].get(name, "")
    ]
    told = [elder.story, *([elder.assessed] if elder.assessed else [])]
    lines = [f"## {elder.person_id} {elder.name}", "", "\n\n".join(told), "", f"Why: {elder.why}", ""]
    lines += ["Facts: " + "；".join(own) + "。", "", "| item | expected | paid |", "|---|---|---|"]
    for slug, outcome in elder.expect.items():
        paid = f"每月{elder.paid[slug]}元" if slug in elder.paid else ""
        lines.append(f"| {item_names.get(slug, slug)} (`{slug}`) | {_SAID[outcome]} | {paid} |")
    return "\n".join([*lines, ""])


def _said(value: Any, kind: Kind, name: str) -> str:
    if kind is Kind.REGION and value is not None:
        return f"：{region_name(value)}"
    return f"：{PERSON_TABLE[name].say(value)}"
