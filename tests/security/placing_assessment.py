"""What the room of assessment has in each place, for who asks for every page."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from songhe.assessment.batches import ResultBatch
from songhe.assessment.models import (
    Assessment,
    Assessor,
    Campaign,
    Form,
    Objection,
    Opening,
    Organisation,
    Photo,
    Result,
    Tie,
)
from songhe.foundation.sealing.seals import seal
from songhe.people.models import Person


def assessment_things(code: str, person: Person, now: datetime, day: date) -> dict[str, dict[str, Any]]:
    """One assessment in work, a result and an objection to it, about a person of the place."""
    given = {"region_code": code, "person": person, "scale": "gbt42195-2022", "purpose": "own_wish"}
    row = Assessment.objects.create(
        **given, reason="first", asked_by="self", asked_at=now, asker="何俊", due_date=day, state="accepted"
    )
    result = Result.objects.create(
        **given, source="file", assessed_date=day, confirmed_at=now, confirmer="何俊", code=f"CODE{code}",
        parts={"B.1": 32, "B.2": 15, "B.3": 28, "B.4": 15}, total=90, level=0, level_by_points=0,
    )  # fmt: skip
    objection = Objection.objects.create(
        region_code=code, result=result, words="测试", raised_by="self", raiser="何俊", raised_at=now
    )
    photo = {"pk": row.pk, "photo": _photo(code, row, now)}
    return {
        "assessment": {"pk": row.pk},
        "photo": photo,
        "result": {"pk": result.pk},
        "objection": {"pk": objection.pk},
        "result_batch": {"pk": ResultBatch.objects.create(region_code=code, maker="何俊", made_at=now).pk},
        **_campaign(code, now, day),
        **_organisation(code, person, row, day),
        **_second(given, row, now, day),
        "form": {"pk": row.pk, "form_pk": _form(row)},
    }


def _form(row: Assessment) -> UUID:
    return Form.objects.filter(assessment=row).values_list("pk", flat=True).get()


def _campaign(code: str, now: datetime, day: date) -> dict[str, dict[str, Any]]:
    row = Campaign.objects.create(
        region=code, name="都评到", group="edge", from_date=day, by_date=date(2026, 12, 31), maker="何俊", made_at=now
    )
    opening = Opening.objects.create(region_code=code, campaign=row, requests=0, asked_at=now, asker="何俊")
    return {"campaign": {"pk": row.pk}, "opening": {"pk": opening.pk}}


def _photo(code: str, row: Assessment, now: datetime) -> UUID:
    form, key = Form.objects.create(region_code=code, assessment=row, begun_at=now), uuid4()
    sealed = seal("/9j/4A==", f"assessment_photo.image.{key}")
    given = {"consent": "self", "taker": "胡静", "taken_at": now, "received_at": now}
    Photo.objects.create(pk=key, region_code=code, form=form, image_sealed=sealed, **given)
    return key


def _organisation(code: str, person: Person, row: Assessment, day: date) -> dict[str, dict[str, Any]]:
    body = Organisation.objects.create(district=code, name="松泽老年评估中心", code="91350100M000100Y43", from_date=day)
    one = Assessor.objects.create(
        organisation=body, name="胡静", certificate=f"PG{code}", certified_from=date(2024, 1, 1),
        certified_until=date(2040, 1, 1), joined_date=day,
    )  # fmt: skip
    tie = Tie.objects.create(region_code=code, person=person, assessor=one, kind="relative", from_date=day)
    return {
        "organisation": {"pk": body.pk},
        "assessor": {"pk": one.pk},
        "tie": {"pk": one.pk, "tie": tie.pk},
    }


def _second(given: dict[str, Any], first: Assessment, now: datetime, day: date) -> dict[str, dict[str, Any]]:
    told = {"reason": "other", "asked_by": "review", "asked_at": now, "asker": "何俊", "due_date": day}
    again = Assessment.objects.create(**given, **told, state="confirmed", second_of=first)
    for sign, row in (("F", first), ("S", again)):
        Result.objects.create(
            **given, assessment=row, source="own", assessed_date=day, confirmed_at=now, confirmer="何俊",
            code=f"{sign}{given['region_code']}", state="replaced", total=90, level=0, level_by_points=0,
        )  # fmt: skip
    return {"second": {"pk": again.pk}}
