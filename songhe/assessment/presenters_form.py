"""A form as a reviewer reads it: what it would come to, the answers in words, form A, who signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from songhe.assessment.models import Form
from songhe.assessment.operations.visiting import content_digest
from songhe.assessment.scales.basics import circumstances, fields, groups
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
            BasicLine(said(field["name"]), basic_words(field, form.basics[field["key"]]))
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


def basic_words(field: Mapping[str, Any], value: Any) -> str:
    """What stands in a field of form A, in words."""
    if field["kind"] == "number":
        return f"{value}{said(field['unit'])}"
    if field["kind"] == "multi":
        return _("、").join(said(one) for one in value) or _("没有")
    if field["kind"] == "events":
        return event_words(value) or _("没有")
    if field["kind"] == "diagnoses":
        return diagnosis_words(value) or _("没有")
    return said(str(value))


def event_words(events: Mapping[str, int]) -> str:
    """Care-risk events, with how often; nothing when there were none."""
    return _("、").join(
        _("{event}{times}次").format(event=said(name), times=times) for name, times in events.items() if times
    )


def diagnosis_words(diagnoses: Mapping[str, Mapping[str, str]], *, changing: bool = False) -> str:
    """Diagnoses with code, hospital and day as far as they are known; `changing`: those that change the level."""
    known = {one["key"]: one for one in fields()["diagnoses"]["options"]}
    told = [
        " ".join([said(known[key]["name"]), *filter(None, (about.get(part) for part in ("icd", "hospital", "date")))])
        for key, about in diagnoses.items()
        if not changing or known[key].get("changes")
    ]
    return _("；").join(told)
