"""A form as a reviewer reads it: what it would come to, the answers in words, form A, who signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from songhe.assessment.models import Form
from songhe.assessment.operations.visiting import content_digest
from songhe.assessment.scales.basics import circumstances, groups
from songhe.assessment.scales.definition import Scale
from songhe.assessment.scales.scoring import Scored, score
from songhe.kernel.errors import BadInput
from songhe.ui.words import said


@dataclass(frozen=True, slots=True)
class BasicLine:
    """One field of form A in words."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """Who signed when, and whether what was signed is what stands."""

    signer: str
    at: Any
    holds: bool


def would_come_to(form: Form, scale: Scale) -> Scored | None:
    """Points and level as the form stands; nothing while something is open."""
    try:
        day = form.assessed_date or form.begun_at.date()
        return score(scale, form.answers, circumstances(form.basics), on_date=day)
    except BadInput:
        return None


def basics_of(form: Form) -> list[tuple[str, list[BasicLine]]]:
    """Form A by group, what was filled in."""
    found = []
    for group in groups():
        lines = [
            BasicLine(said(field["name"]), _words(field, form.basics[field["key"]]))
            for field in group["fields"]
            if field["key"] in form.basics
        ]
        if lines:
            found.append((said(group["name"]), lines))
    return found


def signatures_of(form: Form) -> list[SignatureLine]:
    """The signatures in the order of signing."""
    digest = content_digest(form)
    rows = sorted(form.signatures.all(), key=lambda one: one.signed_at)
    return [SignatureLine(one.signer, one.signed_at, one.digest == digest) for one in rows]


def _words(field: Mapping[str, Any], value: Any) -> str:
    if field["kind"] == "number":
        return f"{value}{said(field['unit'])}"
    if field["kind"] == "multi":
        return _("、").join(said(one) for one in value) or _("没有")
    if field["kind"] == "events":
        told = [_("{event}{times}次").format(event=said(name), times=times) for name, times in value.items() if times]
        return _("、").join(told) or _("没有")
    if field["kind"] == "diagnoses":
        return _("；").join(_diagnosis(field, key, told) for key, told in value.items()) or _("没有")
    return said(str(value))


def _diagnosis(field: Mapping[str, Any], key: str, told: Mapping[str, str]) -> str:
    name = next(one["name"] for one in field["options"] if one["key"] == key)
    further = [told.get(part, "") for part in ("icd", "hospital", "date")]
    return " ".join([said(name), *(part for part in further if part)])
