"""Form A as data: what is asked beside the items, what each field takes, and what of it changes the level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from songhe.assessment.scales.scoring import Circumstances
from songhe.kernel.errors import BadInput
from songhe.kernel.told import told

_FILE = Path(__file__).parent.with_name("form_a.yaml")
_DIAGNOSIS = {"icd", "hospital", "date", "document"}
_YES = "有"


@cache
def groups() -> tuple[dict[str, Any], ...]:
    """The groups of fields in their order, as the file says."""
    return tuple(yaml.safe_load(_FILE.read_text(encoding="utf-8"))["groups"])


@cache
def fields() -> Mapping[str, dict[str, Any]]:
    """Fields by key."""
    return {field["key"]: field for group in groups() for field in group["fields"]}


def check_basic(key: str, value: Any) -> None:
    """BadInput for a field form A does not have, or a value the field does not take; it does not repeat the value."""
    field = fields().get(key)
    if field is None:
        raise BadInput("基本情况", "没有这一栏", given=key[:20])
    if not _CHECKS[field["kind"]](field, value):
        raise BadInput(field["name"], "填的不对", accepted=_accepted(field))


def missing(basics: Mapping[str, Any]) -> list[str]:
    """The names of needed fields that are empty."""
    return [field["name"] for key, field in fields().items() if field.get("needed") and basics.get(key) is None]


def circumstances(basics: Mapping[str, Any]) -> Circumstances:
    """What of form A changes the level. BadInput while a needed field is empty."""
    open_ones = missing(basics)
    if open_ones:
        raise BadInput("、".join(open_ones), told("{number}栏没有填", number=len(open_ones)))
    changing = {one["key"] for one in fields()["diagnoses"]["options"] if one.get("changes")}
    return Circumstances(
        coma=basics["coma"] == _YES,
        disorder=any(key in changing for key in basics["diagnoses"]),
        risk_events=sum(basics["risk_events"].values()),
    )


def diagnosed_dementia(basics: Mapping[str, Any]) -> bool:
    """Whether dementia stands among the diagnoses."""
    return "dementia" in basics.get("diagnoses", {})


def _accepted(field: Mapping[str, Any]) -> str:
    if field["kind"] == "number":
        return f"{field['least']}至{field['most']}{field['unit']}"
    if field["kind"] == "text":
        return told("最多{longest}个字", longest=field["most"])
    return "、".join(_names(field))


def _names(field: Mapping[str, Any]) -> Sequence[str]:
    return [one["key"] if isinstance(one, dict) else one for one in field["options"]]


def _is_choice(field: Mapping[str, Any], value: Any) -> bool:
    return value in field["options"]


def _is_multi(field: Mapping[str, Any], value: Any) -> bool:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return False
    return len(set(value)) == len(value) and set(value) <= set(field["options"])


def _is_number(field: Mapping[str, Any], value: Any) -> bool:
    return type(value) in {int, float} and field["least"] <= value <= field["most"]


def _is_text(field: Mapping[str, Any], value: Any) -> bool:
    return isinstance(value, str) and len(value) <= field["most"]


def _are_events(field: Mapping[str, Any], value: Any) -> bool:
    if not isinstance(value, dict) or not set(value) <= set(field["options"]):
        return False
    return all(type(number) is int and 0 <= number <= field["most"] for number in value.values())


def _are_diagnoses(field: Mapping[str, Any], value: Any) -> bool:
    if not isinstance(value, dict) or not set(value) <= set(_names(field)):
        return False
    changing = {one["key"] for one in field["options"] if one.get("changes")}
    for key, evidence in value.items():
        if not isinstance(evidence, dict) or not set(evidence) <= _DIAGNOSIS:
            return False
        if not all(isinstance(text, str) and len(text) <= 60 for text in evidence.values()):
            return False
        if key in changing and not (evidence.get("hospital") and evidence.get("date")):
            return False
    return True


_CHECKS = {
    "choice": _is_choice,
    "multi": _is_multi,
    "number": _is_number,
    "text": _is_text,
    "events": _are_events,
    "diagnoses": _are_diagnoses,
}
