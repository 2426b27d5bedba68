"""Pairs of files that may be one person's: the list, and two files side by side with what to decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from songhe.foundation import jobs
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.audit.recording import exported
from songhe.foundation.idempotency.answering import answered_once
from songhe.kernel.errors import NotFound, SongheError
from songhe.people.duplicates import operations, presenters, queries
from songhe.people.duplicates.forms import DecideForm, UndoForm
from songhe.people.duplicates.jobs import FIND
from songhe.people.duplicates.models import Pair
from songhe.people.duplicates.terms import PairState
from songhe.people.permissions import EXPORT, MERGE, UNDO
from songhe.people.queries.file import contacts_of
from songhe.people.screens.saying import said, say
from songhe.regions.api import names_of
from songhe.ui.lists import file_answer
from songhe.ui.words import said_error

_MOST_ROWS = 20_000
_SAID = {
    DecideForm.MERGE: N_("两份档案合并成一份了"),
    DecideForm.DIFFERENT: N_("记下了，不是同一人"),
    DecideForm.LATER: N_("放到“以后再看”了"),
}


@needs(MERGE)
@require_GET
def duplicates(request: ActingRequest) -> HttpResponse:
    """The pairs in one state, the surest first."""
    filters, actor = _filters(request.GET), request.actor
    page, counts = queries.pairs_of(actor, filters), queries.counts_of(actor)
    parts = queries.parts_of(actor)
    names = names_of(parts)
    state = filters.state or PairState.OPEN
    context = {
        "tabs": [
            (PairState(code).label, filters.address(state=code), counts[code], code == state) for code in PairState
        ],
        "filters": filters, "state": state, "count": queries.listed(actor, filters).count(),
        "lines": _lines(page.rows), "heads": queries.SORTS.heads(filters),
        "before_url": page.before_url(filters), "after_url": page.after_url(filters),
        "likely": [(code, _(words)) for code, words in presenters.LIKELY_WORDS.items()],
        "parts": [(code, names.get(code, code)) for code in parts], "may_export": actor.may(EXPORT),
        "said": said(request),
    }  # fmt: skip
    return render(request, "duplicates/list.html", context)


@needs(EXPORT)
@require_POST
def duplicates_export(request: ActingRequest) -> HttpResponse:
    """The list as a file: the columns of the page, no number of a person."""
    request.actor.require(MERGE)
    filters = _filters(QueryDict(request.POST.get("within", "")))
    rows = presenters.list_rows(_lines(list(queries.listed(request.actor, filters)[:_MOST_ROWS])))
    kept = {name: value for name, value in asdict(filters).items() if value}
    exported(request.actor, action="people.duplicates.list", rows=len(rows), detail={"filters": kept})
    head = [_(words) for words in presenters.LIST_HEAD]
    return file_answer(_("重复档案"), request.POST.get("kind", ""), head, rows)


@needs(MERGE)
@require_POST
@answered_once
def duplicates_find(request: ActingRequest) -> HttpResponse:
    """Compares all files of the working region in the background."""
    region = request.actor.region.ljust(12, "0") if request.actor.region else ""
    job = jobs.start(request.actor, FIND, {"region": region}, "查重复档案")
    return redirect("job", job.pk)


@needs(MERGE)
@require_http_methods(["GET", "POST"])
@answered_once
def duplicate(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Two files side by side; a POST decides and goes on to the next pair."""
    problem = ""
    if request.method == "POST":
        form = DecideForm(request.POST)
        if form.is_valid():
            try:
                pair = _decide(request, pk, form.cleaned_data)
            except NotFound as error:
                raise Http404 from error
            except SongheError as error:
                problem = said_error(error)
            else:
                return _onwards(request, pair, form.cleaned_data["decision"])
        else:
            problem = _("选一种办法再交")
    context = _side_by_side(request, pk) | {"problem": problem}
    return render(request, "duplicates/pair.html", context, status=422 if problem else 200)


@needs(UNDO)
@require_http_methods(["GET", "POST"])
@answered_once
def duplicate_undo(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Takes a decision back."""
    context = _side_by_side(request, pk)
    form = UndoForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            operations.undo_decision(
                actor=request.actor, today=timezone.localdate(now), now=now, pair_id=pk,
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except NotFound as error:
            raise Http404 from error
        except SongheError as error:
            form.add_error(None, said_error(error))
        else:
            say(request, _("撤回了，这一对又待核了"))
            return redirect("duplicate", pk)
    return render(request, "duplicates/undo.html", context | {"form": form}, status=422 if form.is_bound else 200)


def _decide(request: ActingRequest, pk: UUID, given: dict[str, Any]) -> Pair:
    now, actor = timezone.now(), request.actor
    if given["decision"] == DecideForm.MERGE:
        if given["survivor"] is None:
            raise NotFound(_("要留下的档案"))
        return operations.decide_merge(
            actor=actor, today=timezone.localdate(now), now=now, pair_id=pk, survivor_id=given["survivor"],
            reason=given["reason"],
        )  # fmt: skip
    if given["decision"] == DecideForm.DIFFERENT:
        return operations.decide_different(actor=actor, now=now, pair_id=pk, reason=given["reason"])
    return operations.decide_later(actor=actor, now=now, pair_id=pk, reason=given["reason"])


def _onwards(request: ActingRequest, pair: Pair, decision: str) -> HttpResponse:
    say(request, _("{said}。弄错了可以在那一对里撤回").format(said=_(_SAID[decision])))
    following = queries.next_open(request.actor, pair)
    return redirect("duplicate", following) if following else redirect("duplicates")


def _side_by_side(request: ActingRequest, pk: UUID) -> dict[str, Any]:
    today = timezone.localdate()
    try:
        pair, left, right = queries.pair_of(request.actor, pk)
    except NotFound as error:
        raise Http404 from error
    contacts = {one.pk: contacts_of(one, today)[0] for one in (left, right)}
    state = PairState(pair.state)
    return {
        "pair": pair,
        "state": presenters.state_of(pair),
        "rows": presenters.rows_of(left, right, contacts, today),
        "sides": presenters.sides_of(left, right, today),
        "evidence": presenters.evidence_of(pair),
        "likely": presenters.likely(pair.probability),
        "open": state in (PairState.OPEN, PairState.LATER),
        "may_undo": state not in (PairState.OPEN, PairState.SETTLED) and request.actor.may(UNDO),
        "merged_url": reverse("person", args=[left.merged_into_id or right.merged_into_id])
        if left.merged_into_id or right.merged_into_id
        else "",
        "said": said(request),
    }


def _lines(pairs: Sequence[Pair]) -> list[presenters.PairLine]:
    today = timezone.localdate()
    places = names_of({one.region_code for pair in pairs for one in (pair.left, pair.right)})
    return [presenters.line_of(pair, places, today) for pair in pairs]


def _filters(given: QueryDict) -> queries.Filters:
    """What an address asks for; what nobody offers narrows nothing."""
    state, likely, region = (given.get(name, "") for name in ("state", "likely", "region"))
    return queries.Filters(
        state=state if state in PairState.values else "",
        likely=likely if likely in queries.LIKELY else "",
        region=region if len(region) == 12 and region.isascii() and region.isdecimal() else "",
        sort=queries.SORTS.read(given.get("sort", "")), after=given.get("after", "")[:40],
        before=given.get("before", "")[:40],
    )  # fmt: skip
