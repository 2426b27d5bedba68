"""The steps of a release on its way: each is looked at with what follows, then done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.kernel.errors import NotFound, SongheError
from songhe.policy.forms import DEED_FORMS
from songhe.policy.models import Release
from songhe.policy.operations.deciding import approve, issue, propose, refuse, take_back
from songhe.policy.operations.drafting import drop_draft
from songhe.policy.permissions import APPROVE, ISSUE, PROPOSE
from songhe.policy.queries import previous_of, release_seen_by
from songhe.policy.rights import DEEDS, check_deed
from songhe.policy.screens.releases import about, changed_since
from songhe.ui.forms import RefusedForm
from songhe.ui.words import said_error

_WORDS = {
    "propose": gettext_lazy("送审批"), "take-back": gettext_lazy("撤回"), "refuse": gettext_lazy("退回"),
    "approve": gettext_lazy("批准"), "issue": gettext_lazy("印发"), "drop": gettext_lazy("作废"),
}  # fmt: skip
_DONE = {
    "propose": gettext_lazy("送审批了，等另一个人批"), "take-back": gettext_lazy("撤回了，又是草稿"),
    "refuse": gettext_lazy("退回了，送审的人会看到原因"), "approve": gettext_lazy("批准了，等印发"),
    "issue": gettext_lazy("印发了，从施行那天起按它判定"), "drop": gettext_lazy("作废了，还可以看"),
}  # fmt: skip


@needs(PROPOSE, APPROVE, ISSUE)
@require_http_methods(["GET", "POST"])
@answered_once
def release_deed(request: ActingRequest, pk: UUID, deed: str) -> HttpResponse:
    """One step; who may not take it now is told why and sent back to the release."""
    if deed not in DEEDS:
        raise Http404
    today, found = timezone.localdate(), release_seen_by(request.actor.region, pk)
    try:
        check_deed(request.actor, found, deed)
    except NotFound:
        raise
    except SongheError as error:
        messages.error(request, said_error(error))
        return redirect("release", pk)
    form = DEED_FORMS[deed](request.POST or None, initial={"digest": found.digest})
    if request.method == "POST" and (form.is_valid() or not form.fields):
        try:
            _done(request, found, deed, form, today)
        except SongheError as error:
            form.refuse(error, "words" if "words" in form.fields else None)
        else:
            messages.success(request, str(_DONE[deed]))
            return redirect("release", pk)
    context = about(request, found, today) | _follows(found, deed) | {"form": form, "deed": deed, "word": _WORDS[deed]}
    return render(request, "policy/deed.html", context, status=422 if request.method == "POST" else 200)


def _follows(found: Release, deed: str) -> dict[str, Any]:
    """What is shown before the step: the changes to what holds, and what ends when."""
    before = previous_of(found)
    context: dict[str, Any] = {"before": before}
    if deed in ("approve", "propose", "issue"):
        context |= changed_since(found, before)
    return context


def _done(request: ActingRequest, found: Release, deed: str, form: RefusedForm, today: date) -> None:
    given = form.cleaned_data if form.fields else {}
    shared: dict[str, Any] = {"actor": request.actor, "release": found.pk, "now": timezone.now()}
    words = given.get("words", "")
    doing: dict[str, Callable[[], Release]] = {
        "propose": lambda: propose(**shared, note=words),
        "take-back": lambda: take_back(**shared),
        "refuse": lambda: refuse(**shared, reason=words),
        "approve": lambda: approve(**shared, digest=given["digest"]),
        "issue": lambda: issue(**shared, today=today),
        "drop": lambda: drop_draft(**shared, reason=words),
    }
    doing[deed]()
