"""The overview of items, the people behind its figures, and the runs of the rules."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from songhe.eligibility.decisions import permissions
from songhe.eligibility.decisions.jobs import WHOLE
from songhe.eligibility.decisions.presenters import item_name
from songhe.eligibility.decisions.presenters_lists import OUTCOME_WORDS, overview_of, people_rows, people_url
from songhe.eligibility.decisions.presenters_map import gap_picture
from songhe.eligibility.decisions.queries.doors import items_of
from songhe.eligibility.decisions.queries.runs import RunSeen, run_of, runs_of
from songhe.eligibility.decisions.queries.takeup import count_of, people_of, take_up
from songhe.foundation import jobs
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.foundation.places import place_names
from songhe.kernel.errors import BadInput, NotFound, SongheError
from songhe.kernel.keys import key_read
from songhe.rules.packs import Item
from songhe.ui.words import said_error

_LAST = 5
_CODE = 12


@require_http_methods(["GET", "HEAD", "POST"])
@needs(permissions.READ)
@answered_once
def decisions(request: ActingRequest) -> HttpResponse:
    """How every item stands here; by POST everybody is decided anew, in the background."""
    actor = request.actor
    if request.method == "POST":
        return _start(request)
    items, found = _items(request), take_up(actor)
    area = request.GET.get("area", "")
    area = area if area.isascii() and area.isdecimal() and len(area) == _CODE else ""
    try:
        gap = gap_picture(actor, items, request.GET.get("of", "")[:60], area) if found.whole else None
    except NotFound as error:
        raise Http404 from error
    context = {
        "found": found,
        "overview": overview_of(found, items, actor.region) if found.whole else None,
        "gap": gap,
        "runs": runs_of(actor, _LAST),
        "may_run": actor.may(permissions.RUN),
        "may_work": actor.may(permissions.WORK),
        "sure": "run" in request.GET and actor.may(permissions.RUN),
        "place": place_names([actor.region.ljust(_CODE, "0")])[actor.region.ljust(_CODE, "0")],
    }
    return render(request, "decisions/overview.html", context)


@require_GET
@needs(permissions.READ)
def decided_people(request: ActingRequest) -> HttpResponse:
    """Who stands so with an item: may have it, may not say, receives it, misses out, receives beyond."""
    item, outcome = request.GET.get("item", "")[:60], request.GET.get("outcome", "")[:12]
    area, after = request.GET.get("area", "")[:_CODE], request.GET.get("after", "")[:60]
    items, today = _items(request), timezone.localdate()
    area = area if area.isascii() and area.isdecimal() and len(area) == _CODE else ""
    if not item and not outcome:
        return redirect("decisions")
    try:
        page = people_of(request.actor, item, outcome, area=area, after=after)
    except (NotFound, BadInput) as error:
        raise Http404 from error
    address = people_url(item, outcome, area)
    context: dict[str, Any] = {
        "item": item_name(items, item),
        "outcome": _(OUTCOME_WORDS[outcome]),
        "count": count_of(request.actor, item, outcome, area),
        "place": place_names([area])[area] if area else "",
        "rows": people_rows(page, items.get(item), item, today),
        "tabs": [(people_url(item, code, area), _(words), code == outcome) for code, words in OUTCOME_WORDS.items()],
        "first_url": address if after else "",
        "after_url": f"{address}&after={page.after}" if page.after else "",
        "whole_url": people_url(item, outcome),
    }
    return render(request, "decisions/people.html", context)


@require_GET
@needs(permissions.READ)
def decision_runs(request: ActingRequest) -> HttpResponse:
    """When everybody here was decided, and how many changed; with `run`, what one of them changed, item by item.

    A run over a larger region may be asked for as well: it is shown as far as it went over one's own.
    """
    if "run" not in request.GET:
        return render(request, "decisions/runs.html", {"runs": runs_of(request.actor)})
    key = key_read(request.GET["run"])
    if key is None:
        raise Http404
    try:
        found: RunSeen = run_of(request.actor, key)
    except NotFound as error:
        raise Http404 from error
    items = _items(request)
    moved = [(item_name(items, one.item), one) for one in found.moved]
    place = place_names([found.region_code])[found.region_code]
    return render(request, "decisions/run.html", {"run": found, "moved": moved, "place": place})


def _items(request: ActingRequest) -> dict[str, Item]:
    return items_of(request.actor.region.ljust(_CODE, "0"), timezone.localdate())


def _start(request: ActingRequest) -> HttpResponse:
    try:
        job = jobs.start(request.actor, WHOLE, {}, "重新判定", request.actor.region)
    except SongheError as error:
        messages.error(request, said_error(error))
        return redirect("decisions")
    return redirect("job", job.pk)
