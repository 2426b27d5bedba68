"""Lists in force: their releases, items in words with figures, and files. An unchanged list is not sent twice."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.http import parse_etags, quote_etag
from ninja import Router

from songhe.doors.api import schemas
from songhe.doors.api.gate import CallRequest
from songhe.foundation.access.actors import Actor
from songhe.kernel.errors import NotFound
from songhe.kernel.regions import significant
from songhe.kernel.told import phrase
from songhe.policy.api import Release, in_force, pack_of, programme_of, release_of
from songhe.regions.api import names_of
from songhe.rules.sentence import gift_of, sentence_of

router = Router(tags=[phrase("清单")])
READ = "policy.read"
_DIGITS = 12


@router.get("/lists", response=schemas.Lists, url_name="lists", summary=phrase("施行中的清单"))
def lists(request: CallRequest, on: date | None = None) -> Any:
    """The lists in force on the day in the system's region, above and below it."""
    request.actor.require(READ)
    rows = [_row(one) for one in in_force(on or timezone.localdate()) if _seen(request.actor, one)]
    return tagged(request, {"rows": rows}, [f"{row['id']}{row['digest']}" for row in rows])


@router.get("/lists/{list_id}", response=schemas.ListItems, url_name="list", summary=phrase("一版清单和它的事项"))
def list_items(request: CallRequest, list_id: UUID, on: date | None = None) -> Any:
    """One edition with its items in words, with the figures of the day: its first day, where that is still to come."""
    release = _release(request, list_id)
    day = on or max(timezone.localdate(), release.from_date)
    pack, programme = pack_of(release), programme_of(release, day)
    items = [
        {
            "slug": bound.item.slug, "number": bound.item.number, "name": bound.item.name,
            "category": pack.categories.get(bound.item.category, bound.item.category), "clause": bound.item.clause,
            "type": pack.type_word(bound.item), "who": sentence_of(bound, pack, _name), "gives": gift_of(bound, pack),
        }
        for bound in programme.items
    ]  # fmt: skip
    return tagged(request, _row(release) | {"on": day, "items": items}, [release.digest, day.isoformat()])


@router.get(
    "/lists/{list_id}/files", response=schemas.ListFiles, url_name="list-files", summary=phrase("一版清单的原文件")
)
def list_files(request: CallRequest, list_id: UUID) -> Any:
    """The texts as they were issued."""
    release = _release(request, list_id)
    return tagged(request, {"digest": release.digest, "files": release.files}, [release.digest])


def tagged(request: CallRequest, answer: dict[str, Any], told: list[str]) -> Any:
    """The answer with a tag of what it holds; 304 for who has it already."""
    tag = quote_etag(hashlib.sha256(json.dumps([request.get_full_path(), told]).encode()).hexdigest()[:32])
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        known: HttpResponse = HttpResponseNotModified()
        known.headers["ETag"] = tag
        return known
    request.tag = tag  # type: ignore[attr-defined]
    return answer


def _release(request: CallRequest, list_id: UUID) -> Release:
    request.actor.require(READ)
    release = release_of(list_id)
    if release.issued_at is None or not _seen(request.actor, release):
        raise NotFound("这一版清单")
    return release


def _seen(actor: Actor, release: Release) -> bool:
    digits = significant(release.of_list.region)
    return digits.startswith(actor.region) or actor.region.startswith(digits)


def _row(one: Release) -> dict[str, Any]:
    return {
        "id": one.pk, "key": one.of_list.key, "title": one.of_list.title, "region": one.of_list.region,
        "number": one.number, "from_date": one.from_date, "until_date": one.until_date, "digest": one.digest,
    }  # fmt: skip


def _name(code: str) -> str:
    full = code.ljust(_DIGITS, "0")
    return names_of([full]).get(full, code)
