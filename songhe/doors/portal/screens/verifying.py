"""Whether a report of an assessment is genuine and still stands, by its code; what is public in a community."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from songhe.assessment.api import Genuine, genuine, public_notices
from songhe.doors.portal.frame import shown
from songhe.doors.portal.held import Held, held
from songhe.doors.portal.knocking import knock
from songhe.foundation.access.views import public
from songhe.kernel.errors import NotFound, Refused, SongheError
from songhe.kernel.regions import significant
from songhe.regions.api import Division, Level, as_of, children_of, upwards
from songhe.ui.words import said_error

_CHECKS_A_DAY, _CODE = 60, 40


class VerifyForm(forms.Form):
    """The code that stands on the report."""

    code = forms.CharField(
        label=_("核验码"), max_length=_CODE, help_text=_("在报告上，12个字母和数字"),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip


@public
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Asks for the code, or takes that of the scanned address; a wrong one is always answered alike."""
    given = request.POST if request.method == "POST" else request.GET if request.GET.get("code") else None
    form, found, status = VerifyForm(given), None, 200
    if form.is_bound:
        found, status = _checked(request, form)
    return shown(request, "verify", {"form": form, "found": found}, status=status)


@public
@require_safe
def public_notice(request: HttpRequest) -> HttpResponse:
    """Lists of divisions down to the community, then whose result is public there. No level is told."""
    today = timezone.localdate()
    list_ = held(today)
    if list_ is None:
        return shown(request, "no_list")
    where = _where(list_, request.GET.get("in", "") or list_.region)
    outer = len(significant(list_.region))
    context = {
        "where": where,
        "above": [one for one in upwards(where.code, today) if outer <= one.level < where.level],
        "below": list(children_of(where.code, today)) if where.level < Level.COMMUNITY else [],
        "is_community": where.level >= Level.COMMUNITY,
        "notices": public_notices(where.code, today=today) if where.level >= Level.COMMUNITY else [],
    }
    return shown(request, "public_notice", context)


def _checked(request: HttpRequest, form: VerifyForm) -> tuple[Genuine | None, int]:
    if not form.is_valid():
        return None, 422
    today = timezone.localdate()
    try:
        knock(address=request.META["REMOTE_ADDR"], what="verify", limit=_CHECKS_A_DAY, today=today)
        return genuine(form.cleaned_data["code"], today=today), 200
    except NotFound:
        form.add_error("code", _("查不到这个核验码。看看有没有抄错；查不到的报告不要当真"))
        return None, 422
    except SongheError as error:
        form.add_error("code", said_error(error))
        return None, 429 if isinstance(error, Refused) else 422


def _where(list_: Held, code: str) -> Division:
    """A division within the list's region; not there otherwise."""
    digits = code if code.isdecimal() and len(code) in (6, 9, 12) else ""
    inside = bool(digits) and digits.startswith(significant(list_.region))
    division = as_of(digits, list_.on) if inside else None
    if division is None:
        raise Http404
    return division
