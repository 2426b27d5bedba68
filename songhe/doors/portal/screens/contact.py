"""Asking to be rung by one's community: which one, then how to be reached."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from songhe.doors.portal.forms import ContactForm
from songhe.doors.portal.frame import shown
from songhe.doors.portal.held import Held, held
from songhe.doors.portal.knocking import knock
from songhe.doors.portal.operations import ask_to_be_rung
from songhe.foundation.access.views import public
from songhe.kernel.errors import Refused, SongheError
from songhe.kernel.regions import significant
from songhe.regions.api import Division, Level, as_of, children_of, upwards
from songhe.ui.words import said_error

_REQUESTS_A_DAY = 10


@public
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Lists of divisions down to the community, then name and telephone."""
    today, now = timezone.localdate(), timezone.now()
    found = held(today)
    if found is None:
        return shown(request, "no_list")
    where = _where(found, request.GET.get("in", "") or found.region)
    if where.level < Level.COMMUNITY:
        below = list(children_of(where.code, today))
        context = {"where": where, "above": _above(found, where), "below": below}
        return shown(request, "contact_place", context, status=422 if request.method == "POST" else 200)
    form = ContactForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            knock(address=request.META["REMOTE_ADDR"], what="contact", limit=_REQUESTS_A_DAY, today=today)
            name, phone = form.cleaned_data["caller"], form.cleaned_data["phone"]
            ask_to_be_rung(region=where.code, name=name, phone=phone, today=today, now=now)
            return redirect("portal-contact-kept")
        except SongheError as error:
            form.add_error(None if isinstance(error, Refused) else "phone", said_error(error))
    context = {"where": where, "above": _above(found, where), "form": form}
    return shown(request, "contact", context, status=422 if form.is_bound else 200)


@public
@require_safe
def contact_kept(request: HttpRequest) -> HttpResponse:
    """The community knows."""
    return shown(request, "contact_kept")


def _where(found: Held, code: str) -> Division:
    """A division within the list's region; not there otherwise."""
    digits = code if code.isdecimal() and len(code) in (6, 9, 12) else ""
    inside = bool(digits) and digits.startswith(significant(found.region))
    division = as_of(digits, found.on) if inside else None
    if division is None:
        raise Http404
    return division


def _above(found: Held, where: Division) -> list[Division]:
    """The divisions it lies in, within the list's region."""
    outer = len(significant(found.region))
    return [one for one in upwards(where.code, found.on) if outer <= one.level < where.level]
