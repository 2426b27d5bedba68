"""The way in: number and telephone, the code, another older person, going on, going out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from songhe.doors.portal.frame import shown
from songhe.doors.portal.held import held
from songhe.doors.portal.mine import visits
from songhe.doors.portal.mine.entering import LASTS, TRIES, ask_for_code, code_in_demo, enter, enter_for_another
from songhe.doors.portal.mine.forms import CodeForm, EnterForm, NumberForm
from songhe.doors.portal.mine.gate import (
    ENTRANCE,
    MineRequest,
    expects,
    holder_of,
    let_out,
    mine,
    show,
    take_in,
    unkept,
)
from songhe.doors.portal.mine.invented import invented_entrants
from songhe.foundation.access.views import public
from songhe.kernel.errors import BadInput, Refused, SongheError
from songhe.kernel.keys import key_read
from songhe.ui.words import said_error

_FIELDS = {"身份证号": "number", "电话": "phone", "验证码": "code"}


@public
@require_http_methods(["GET", "HEAD", "POST"])
def portal_enter(request: HttpRequest) -> HttpResponse:
    """Number and telephone; whoever asks is led on to the code."""
    found = held(timezone.localdate())
    if found is None:
        return unkept(shown(request, "no_list"))
    form, status = EnterForm(request.POST if request.method == "POST" else None), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            now = timezone.now()
            try:
                entrance = ask_for_code(
                    number=form.cleaned_data["number"], phone=form.cleaned_data["phone"],
                    address=request.META["REMOTE_ADDR"], region=found.region, today=timezone.localdate(now), now=now,
                )  # fmt: skip
                return expects(redirect("portal-code"), entrance)
            except (BadInput, Refused) as error:
                status = _wrong(form, error)
    context = {
        "form": form, "late": "late" in request.GET, "no": "no" in request.GET,
        "invented": invented_entrants(found.region) if settings.DEMO else [],
    }  # fmt: skip
    return unkept(shown(request, "mine/enter", context, status=status))


@public
@require_http_methods(["GET", "HEAD", "POST"])
def portal_code(request: HttpRequest) -> HttpResponse:
    """The code; the right one opens the visit."""
    now = timezone.now()
    found, entrance = held(timezone.localdate(now)), key_read(request.COOKIES.get(ENTRANCE, ""))
    if found is None or entrance is None:
        return unkept(redirect("portal-enter"))
    form, status = CodeForm(request.POST if request.method == "POST" else None), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            before, code = holder_of(request, now), form.cleaned_data["code"]
            try:
                holder = enter(entrance=entrance, code=code, region=found.region, before=before, now=now)
                return take_in(redirect(holder.kept[0] if holder.kept else "portal-mine"), holder)
            except (BadInput, Refused) as error:
                status = _wrong(form, error)
    context = {
        "form": form, "minutes": LASTS.seconds // 60, "tries": TRIES,
        "demo_code": code_in_demo(entrance) if settings.DEMO else "",
    }  # fmt: skip
    return unkept(shown(request, "mine/code", context, status=status))


@require_http_methods(["GET", "HEAD", "POST"])
@mine
def portal_other(request: MineRequest) -> HttpResponse:
    """Another older person for whom the same telephone is on file."""
    today, now = timezone.localdate(), timezone.now()
    form, status = NumberForm(request.POST if request.method == "POST" else None), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                return take_in(redirect("portal-mine"), _another(request, form.cleaned_data["number"], today, now))
            except (BadInput, Refused) as error:
                status = _wrong(form, error)
    return show(request, "other", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@mine
def portal_stay(request: MineRequest) -> HttpResponse:
    """Asks whether she is still there; being asked for at all begins the ten minutes anew."""
    if request.method == "POST":
        return HttpResponse(status=204) if request.headers.get("X-Stay") else redirect("portal-mine")
    return show(request, "stay")


@public
@require_POST
def portal_leave(request: HttpRequest) -> HttpResponse:
    """Out, whoever asks."""
    holder = holder_of(request, timezone.now())
    if holder is not None:
        visits.leave(holder)
    return let_out(redirect("portal"))


def _another(request: MineRequest, number: str, today: date, now: datetime) -> visits.Holder:
    found = held(today)
    region = found.region if found else request.holder.coming.entrant.region
    holder = enter_for_another(holder=request.holder, number=number, today=today, region=region, now=now)
    visits.leave(request.holder)
    return holder


def _wrong(form: Any, error: SongheError) -> int:
    """Puts what is wrong to its field; gives the status."""
    field = _FIELDS.get(str(getattr(error, "where", "")), "")
    form.add_error(field if field in form.fields else None, said_error(error))
    return 429 if isinstance(error, Refused) else 422
