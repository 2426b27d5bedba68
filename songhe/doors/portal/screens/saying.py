"""Saying what one thinks, and reading the answer."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from songhe.doors.portal.forms import CodeForm, OpinionForm
from songhe.doors.portal.frame import shown
from songhe.doors.portal.held import held
from songhe.doors.portal.knocking import knock
from songhe.foundation.access.views import public
from songhe.kernel.errors import NotFound, Refused, SongheError
from songhe.policy.api import opinion_by_code, opinion_said, say_opinion
from songhe.ui.words import said_error

_SAYINGS_A_DAY, _LOOKUPS_A_DAY = 20, 100


@public
@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: HttpRequest) -> HttpResponse:
    """A field for what one thinks; then the code under which the answer can be read."""
    today = timezone.localdate()
    found = held(today)
    if found is None:
        return shown(request, "no_list")
    form = OpinionForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return shown(request, "opinion", {"form": form, "looking": CodeForm()}, status=422 if form.is_bound else 200)
    try:
        knock(address=request.META["REMOTE_ADDR"], what="opinion", limit=_SAYINGS_A_DAY, today=today)
        one = say_opinion(
            region=found.region, words=form.cleaned_data["words"], contact=form.cleaned_data["contact"], item="",
            now=timezone.now(),
        )  # fmt: skip
    except SongheError as error:
        form.add_error(None, said_error(error))
        status = 429 if isinstance(error, Refused) else 422
        return shown(request, "opinion", {"form": form, "looking": CodeForm()}, status=status)
    return redirect("portal-opinion-said", pk=one.pk)


@public
@require_safe
def opinion_kept(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The code of what was just said; the random address is known to nobody else."""
    found = held(timezone.localdate())
    if found is None:
        raise Http404
    return shown(request, "opinion_said", {"one": opinion_said(found.region, pk)})


@public
@require_http_methods(["GET", "HEAD", "POST"])
def opinion_answer(request: HttpRequest) -> HttpResponse:
    """What was said under a code, and the answer."""
    today = timezone.localdate()
    found = held(today)
    if found is None:
        return shown(request, "no_list")
    form, one, status = CodeForm(request.POST if request.method == "POST" else None), None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                knock(address=request.META["REMOTE_ADDR"], what="code", limit=_LOOKUPS_A_DAY, today=today)
                one, status = opinion_by_code(found.region, form.cleaned_data["code"]), 200
            except (NotFound, Refused) as error:
                form.add_error("code", said_error(error))
    return shown(request, "opinion_answer", {"form": form, "one": one}, status=status)
