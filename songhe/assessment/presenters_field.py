"""The assessor's day, what a device takes along, and how a form stands, ready for a page or a device."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.utils import timezone

from songhe.assessment.models import Assessment, Form
from songhe.assessment.operations.visiting import BASIC, NOTE, FieldConflict, content_digest
from songhe.assessment.presenters import filled
from songhe.assessment.queries.field import drafts_of
from songhe.assessment.queries.one import team_now
from songhe.assessment.scales.basics import groups
from songhe.assessment.scales.definition import Scale, scale_of
from songhe.foundation.access.actors import Actor
from songhe.foundation.places import place_names
from songhe.kernel.days import age_on


@dataclass(frozen=True, slots=True)
class Visit:
    """One appointment of the day's page."""

    row: Assessment
    name: str
    age: int | None
    purpose: str
    reason: str
    where: str
    map_url: str
    tail: str
    done: int
    total: int
    begun: bool
    team: str
    phone: str | None


def visits_of(rows: list[Assessment], now: datetime, shown: Mapping[UUID, str] | None = None) -> list[Visit]:
    """Appointments with the state of each form; `shown` holds telephones that were asked for."""
    places, drafts = place_names(row.region_code for row in rows), drafts_of(rows)
    visits = []
    for row in rows:
        form = drafts.get(row.pk)
        done, total = filled(form, row) if form else (0, len(scale_of(row.scale).items))
        where = _where(row, places)
        visits.append(
            Visit(
                row=row, name=row.person.name, age=_age(row, now), purpose=str(row.get_purpose_display()),
                reason=str(row.get_reason_display()), where=where, map_url=_map(where), tail=row.person.phone_tail,
                done=done, total=total, begun=form is not None, team="、".join(one.name for one in team_now(row)),
                phone=(shown or {}).get(row.pk),
            )
        )  # fmt: skip
    return visits


def taken_along(actor: Actor, rows: list[Assessment], now: datetime) -> dict[str, Any]:
    """All that a device needs until it has signal again."""
    places, drafts = place_names(row.region_code for row in rows), drafts_of(rows)
    return {
        "account": str(actor.account_id),
        "name": actor.name,
        "taken_at": now.isoformat(),
        "scales": {key: _scale(scale_of(key)) for key in sorted({row.scale for row in rows})},
        "form_a": [dict(group) for group in groups()],
        "visits": [_taken(actor, row, drafts.get(row.pk), places, now) for row in rows],
    }


def standing(form: Form | None) -> dict[str, Any] | None:
    """A form as it stands on the server: its state, all its fields, their digest, who signed which."""
    if form is None:
        return None
    return {
        "form": str(form.pk),
        "state": form.state,
        "version": form.version,
        "digest": content_digest(form),
        "fields": fields_of(form),
        "signed": {str(one.assessor_id): one.digest for one in form.signatures.all() if one.assessor_id},
    }


def fields_of(form: Form) -> dict[str, Any]:
    """Every field of a form under the name by which devices call it."""
    basics = {f"{BASIC}{key}": value for key, value in form.basics.items()}
    notes = {f"{NOTE}{code}": words for code, words in form.notes.items()}
    return {**basics, **form.answers, **notes}


def conflicts_of(found: Iterable[FieldConflict]) -> list[dict[str, Any]]:
    """Fields that somebody else wrote meanwhile, from both sides."""
    return [
        {
            "field": one.field,
            "stands": one.stands,
            "writer": one.writer,
            "at": one.written_at.isoformat() if one.written_at else "",
        }
        for one in found
    ]


def _taken(
    actor: Actor, row: Assessment, form: Form | None, places: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    team = team_now(row)
    me = next((one for one in team if one.account_id == actor.account_id), None)
    where = _where(row, places)
    return {
        "id": str(row.pk),
        "name": row.person.name,
        "age": _age(row, now),
        "purpose": str(row.get_purpose_display()),
        "reason": str(row.get_reason_display()),
        "words": row.words,
        "sent_back": row.outcome_words if row.outcome_words else "",
        "visit_at": row.visit_at.isoformat() if row.visit_at else "",
        "where": where,
        "map": _map(where),
        "scale": row.scale,
        "team": [{"id": str(one.pk), "name": one.name, "medical": one.medical} for one in team],
        "me": str(me.pk) if me else "",
        "standing": standing(form),
    }


def _scale(scale: Scale) -> dict[str, Any]:
    return {
        "title": scale.title,
        "standard": scale.standard,
        "parts": [
            {
                "code": part.code,
                "name": part.name,
                "most": part.most,
                "items": [
                    {
                        "code": item.code,
                        "name": item.name,
                        "look": item.look,
                        "options": [
                            {"code": one.code, "points": one.points, "says": one.says, "more": one.more}
                            for one in item.options
                        ],
                    }
                    for item in part.items
                ],
            }
            for part in scale.parts
        ],
    }


def _age(row: Assessment, now: datetime) -> int | None:
    birth = row.person.birth_date
    return age_on(birth, timezone.localdate(now)) if birth else None


def _where(row: Assessment, places: Mapping[str, str]) -> str:
    return " ".join(filter(None, (places[row.region_code], row.person.address, row.place)))


def _map(where: str) -> str:
    return f"geo:0,0?q={quote(where)}"
