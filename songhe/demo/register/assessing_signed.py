"""Signatures under the forms of the latest results. Those of years ago are told by name only, as if on paper."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import polars as pl

from songhe.assessment.api import content_digest
from songhe.demo.register.assessing_rows import Rows
from songhe.demo.register.signing import signature
from songhe.foundation.sealing.seals import seal

LATEST = 800
_SPACE = uuid.UUID("0b9a7f52-63a1-4b6c-8a0e-61d3c3b7a5f4")
_PLACE = "assessment_signature.drawing"
_OF_FORM = ("region_code", "assessment_id", "basics", "answers", "submitted_at")
_BEFORE = (timedelta(minutes=6), timedelta(minutes=3))  # handing in
_SHAPE: dict[str, Any] = {
    "id": pl.String, "region_code": pl.String, "form_id": pl.String, "assessor_id": pl.String, "signer": pl.String,
    "drawing_sealed": pl.String, "digest": pl.String, "signed_at": pl.Datetime("us"),
}  # fmt: skip


def signatures(rows: list[Rows]) -> pl.DataFrame:
    """Two rows a form, of as many forms as `LATEST` says."""
    results = pl.concat([one.results for one in rows]).sort("assessed_date", "id", descending=True).head(LATEST)
    forms = pl.concat([one.forms for one in rows])
    wanted = results.select("form_id", "assessors", "assessor_names").join(
        forms.select(*_OF_FORM, form_id="id"), on="form_id", how="left", maintain_order="left"
    )
    return pl.DataFrame([row for one in wanted.iter_rows(named=True) for row in _both(one)], schema=_SHAPE)


def _both(one: dict[str, Any]) -> list[dict[str, Any]]:
    form: Any = SimpleNamespace(
        assessment_id=one["assessment_id"], basics=json.loads(one["basics"]), answers=json.loads(one["answers"]),
        notes={},
    )  # fmt: skip
    digest = content_digest(form)
    found = []
    people = zip(*(one[name].strip("{}").split(",") for name in ("assessors", "assessor_names")), strict=True)
    for (assessor, name), before in zip(people, _BEFORE, strict=True):
        key = str(uuid.uuid5(_SPACE, f"{one['form_id']} {assessor}"))
        drawing = signature(name, int(key[0], 16))
        found.append({
            "id": key, "region_code": one["region_code"], "form_id": one["form_id"], "assessor_id": assessor,
            "signer": name, "drawing_sealed": rf"\x{seal(drawing, f'{_PLACE}.{key}').hex()}", "digest": digest,
            "signed_at": one["submitted_at"] - before,
        })  # fmt: skip
    return found
