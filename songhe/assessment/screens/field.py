"""The assessor's day and what the device without signal talks to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from functools import cache, wraps
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from songhe.assessment.operations.taking import keep_photo, phone_to_ring, take_along
from songhe.assessment.operations.visiting import FieldChange, save_form, sign, submit
from songhe.assessment.permissions import ASSESS, READ, REVIEW
from songhe.assessment.presenters_field import conflicts_of, standing, taken_along, visits_of
from songhe.assessment.queries.field import day_ends, mine_after, mine_until, mine_without_time, photo_of, standing_form
from songhe.assessment.queries.one import assessment_of
from songhe.assessment.words_field import words
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs, public
from songhe.foundation.audit.models import Kind
from songhe.foundation.audit.recording import record
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused, SongheError
from songhe.ui.templatetags.songhe_ui import SPRITE
from songhe.ui.words import said_error

_STATIC = Path(__file__).parents[1] / "static" / "assessment"
_PAGE = Path(__file__).parents[1] / "templates" / "assessment" / "field.html"
_MOST_CHANGES = 200
_STATUS: dict[type[SongheError], int] = {BadInput: 400, Refused: 403, NotFound: 404, Conflict: 409}
_KIT = (
    *(f"ui/css/{name}.css" for name in ("tokens", "base", "button", "status", "form", "notice", "print")),
    *(f"ui/vendor/noto-sans-sc/noto-sans-sc-{weight}.css" for weight in (400, 600)),
    "ui/vendor/noto-sans-cjk-sc/rare.css", "ui/favicon.svg", SPRITE,
)  # fmt: skip


@require_GET
@needs(ASSESS)
def assessment_day(request: ActingRequest) -> HttpResponse:
    """Whom the assessor visits today and in the coming days."""
    return _day(request, {})


@require_POST
@needs(ASSESS)
def assessment_day_phone(request: ActingRequest, pk: UUID) -> HttpResponse:
    """The same page with one telephone shown whole, this once."""
    try:
        number = phone_to_ring(actor=request.actor, assessment=pk, now=timezone.now())
    except (BadInput, Refused) as error:
        messages.error(request, said_error(error))
        return redirect("assessment-day")
    return _day(request, {pk: number})


@require_GET
@needs(ASSESS)
def assessment_leave(request: ActingRequest) -> HttpResponse:
    """On the way out: the device is wiped, once it was asked about what is not handed over."""
    return render(request, "assessment/field_leave.html", {"words": words(), "addresses": _addresses()})


@require_GET
@needs(ASSESS)
def assessment_field(request: ActingRequest) -> HttpResponse:
    """The page that works without signal. It holds nobody's data: the device keeps those itself."""
    return render(request, "assessment/field.html", {"words": words(), "addresses": _addresses()})


@require_GET
@public
def assessment_field_worker(request: HttpRequest) -> HttpResponse:
    """The service worker, with the files it keeps: static ones and the empty page."""
    head = f"const VERSION = {json.dumps(_version())};\nconst FILES = {json.dumps(_files())};\n"
    head += f"const PAGE = {json.dumps(reverse('assessment-field'))};\n"
    script = (_STATIC / "field" / "worker.js").read_text(encoding="utf-8")
    return HttpResponse(head + script, "text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@require_GET
@needs()
def assessment_field_token(request: ActingRequest) -> JsonResponse:
    """Who is signed in, and what a device must send along with what it hands in."""
    return JsonResponse({"token": get_token(request), "account": str(request.actor.account_id)})


@require_POST
@needs(ASSESS)
def assessment_field_take(request: ActingRequest) -> JsonResponse:
    """Today's visits with what is known of their forms; that they were taken along is written down."""
    now = timezone.now()
    rows = take_along(actor=request.actor, now=now)
    return JsonResponse(taken_along(request.actor, rows, now))


def _told(view: Callable[..., JsonResponse]) -> Callable[..., JsonResponse]:
    """What a device sends, read; an error of the house answered as data, with how the form stands."""

    @wraps(view)
    def answered(request: ActingRequest, pk: UUID) -> JsonResponse:
        try:
            assessment_of(request.actor, pk)
            return view(request, pk, _Sent(request))
        except SongheError as error:
            status = _STATUS[type(error)]
            answer: dict[str, Any] = {"error": said_error(error)}
            if isinstance(error, Conflict):
                answer["standing"] = standing(standing_form(assessment_of(request.actor, pk)))
            return JsonResponse(answer, status=status)

    return answered


@require_POST
@needs(ASSESS)
@_told
def assessment_field_save(request: ActingRequest, pk: UUID, sent: _Sent) -> JsonResponse:
    """Takes what a device changed, field by field; the same once more does nothing."""
    form, conflicts = save_form(
        actor=request.actor, assessment=pk, form_id=sent.key("form"), changes=sent.changes(), now=timezone.now()
    )
    return JsonResponse({"standing": standing(form), "conflicts": conflicts_of(conflicts)})


@require_POST
@needs(ASSESS)
@_told
def assessment_field_photo(request: ActingRequest, pk: UUID, sent: _Sent) -> JsonResponse:
    """Takes one photo."""
    photo = keep_photo(
        actor=request.actor, form_id=sent.key("form"), photo=sent.key("photo"), image=sent.text("image"),
        consent=sent.text("consent"), taken_at=sent.moment("at"), now=timezone.now(),
    )  # fmt: skip
    return JsonResponse({"photo": str(photo.pk)})


@require_POST
@needs(ASSESS)
@_told
def assessment_field_sign(request: ActingRequest, pk: UUID, sent: _Sent) -> JsonResponse:
    """Takes one signature under what the device showed."""
    signature = sign(
        actor=request.actor, form_id=sent.key("form"), assessor=sent.key("assessor"), drawing=sent.text("drawing"),
        digest=sent.text("digest"), now=timezone.now(),
    )  # fmt: skip
    return JsonResponse({"signed": str(signature.assessor_id)})


@require_POST
@needs(ASSESS)
@_told
def assessment_field_submit(request: ActingRequest, pk: UUID, sent: _Sent) -> JsonResponse:
    """Hands the form in; once more it stays as it is."""
    form = submit(actor=request.actor, form_id=sent.key("form"), assessed_date=sent.day("date"), now=timezone.now())
    return JsonResponse({"standing": standing(form)})


@require_GET
@needs(READ, REVIEW, ASSESS)
def assessment_photo(request: ActingRequest, pk: UUID, photo: UUID) -> HttpResponse:
    """One photo of a visit; that it was looked at is written down."""
    found, content = photo_of(request.actor, pk, photo)
    record(
        request.actor, action="assessment.read_photo", subject=assessment_of(request.actor, pk).person_id,
        region=found.region_code, detail={"fields": ["photo"], "photo": found.pk}, kind=Kind.READING,
    )  # fmt: skip
    return HttpResponse(content, "image/jpeg", headers={"X-Content-Type-Options": "nosniff"})


_Read = TypeVar("_Read")


class _Sent:
    """What a device sent. BadInput for what is no such thing."""

    def __init__(self, request: HttpRequest) -> None:
        given: Any = None
        readable = False
        if request.content_type == "application/json" and b"\\u0000" not in request.body:
            with suppress(ValueError, RecursionError):
                given = json.loads(request.body)
                json.dumps(given, ensure_ascii=False, allow_nan=False).encode()  # no half signs, nothing but numbers
                readable = True
        if not readable:
            raise self._bad()
        if not isinstance(given, dict):
            raise self._bad()
        self._given: dict[str, Any] = given

    def text(self, name: str) -> str:
        """A text."""
        value = self._given.get(name)
        if not isinstance(value, str):
            raise self._bad()
        return value

    def key(self, name: str) -> UUID:
        """An id."""
        return self._read(UUID, self.text(name))

    def day(self, name: str) -> date:
        """A day."""
        return self._read(date.fromisoformat, self.text(name))

    def moment(self, name: str) -> datetime:
        """A moment."""
        return self._moment(self.text(name))

    def changes(self) -> list[FieldChange]:
        """What was changed, with what the device had seen before."""
        given = self._given.get("changes")
        if not isinstance(given, list) or len(given) > _MOST_CHANGES:
            raise self._bad()
        return [self._change(one) for one in given]

    def _change(self, one: Any) -> FieldChange:
        if not isinstance(one, dict) or not isinstance(one.get("field"), str) or not isinstance(one.get("at"), str):
            raise self._bad()
        return FieldChange(one["field"], one.get("value"), one.get("base"), self._moment(one["at"]))

    def _moment(self, text: str) -> datetime:
        at = self._read(datetime.fromisoformat, text)
        if at.tzinfo is None:
            raise self._bad()
        return at

    def _read(self, kind: Callable[[str], _Read], text: str) -> _Read:
        try:
            return kind(text)
        except ValueError:
            raise self._bad() from None

    @staticmethod
    def _bad() -> BadInput:
        return BadInput("手机传来的", "读不懂", accepted="更新页面再传")


def _day(request: ActingRequest, shown: dict[UUID, str]) -> HttpResponse:
    now, actor = timezone.now(), request.actor
    context = {
        "now_visits": visits_of(mine_until(actor, day_ends(now)), now, shown),
        "later_visits": visits_of(mine_after(actor, day_ends(now)), now, shown),
        "unplanned": visits_of(mine_without_time(actor), now, shown),
        "words": words(),
        "addresses": {**_addresses(), "account": str(actor.account_id)},
    }
    return render(request, "assessment/field_day.html", context)


def _addresses() -> dict[str, str]:
    return {
        "token": reverse("assessment-field-token"),
        "take": reverse("assessment-field-take"),
        "day": reverse("assessment-day"),
        "signIn": reverse("sign-in"),
        "visits": reverse("assessment-field"),
        "worker": reverse("assessment-field-worker"),
        "sprite": static(SPRITE),
    }


def _files() -> list[str]:
    modules = sorted(path.name for path in (_STATIC / "field").glob("*.js") if path.name != "worker.js")
    named = [static(name) for name in (*_KIT, "assessment/field.css", "assessment/field/main.js")]
    return [reverse("assessment-field"), *named, *(f"{settings.STATIC_URL}assessment/field/{name}" for name in modules)]


def _version() -> str:
    return f"{_content()}-{get_language()}"


@cache
def _content() -> str:
    digest = hashlib.sha256(_PAGE.read_bytes())
    for path in sorted(_STATIC.rglob("field*")):
        if path.is_file():
            digest.update(path.read_bytes())
    for path in sorted((_STATIC / "field").glob("*.js")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
