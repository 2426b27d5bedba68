"""Campaigns: the list, a new one, how far one is by place and week, who is behind a number, what was opened where."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from songhe.assessment import permissions
from songhe.assessment import presenters_campaigns as presenters
from songhe.assessment.forms_campaigns import CampaignForm, LeaveForm
from songhe.assessment.models import Campaign
from songhe.assessment.operations import campaigning
from songhe.assessment.presenters import rows_of
from songhe.assessment.queries import campaigns as queries
from songhe.assessment.queries import members
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.foundation.places import place_names
from songhe.kernel.errors import BadInput, SongheError
from songhe.kernel.keys import key_read
from songhe.kernel.regions import significant
from songhe.regions.api import children_of
from songhe.ui.words import said_error

_DIGITS = 12


@require_GET
@needs(permissions.READ)
def campaigns(request: ActingRequest) -> HttpResponse:
    """Those of the region, and what was opened in it."""
    today, rows = timezone.localdate(), queries.campaigns_of(request.actor)
    names = place_names(row.region for row in rows)
    openings = queries.openings_of(request.actor)
    places = place_names(one.region_code for one in openings)
    context = {
        "rows": [(row, names[row.region], presenters.group_words(row), row.closed_at is None and row.by_date < today)
                 for row in rows],
        "openings": [(one, places[one.region_code]) for one in openings],
        "may": request.actor.may(permissions.CAMPAIGN),
    }  # fmt: skip
    return render(request, "assessment/campaigns.html", context)


@needs(permissions.CAMPAIGN)
@require_http_methods(["GET", "POST"])
@answered_once
def campaign_new(request: ActingRequest) -> HttpResponse:
    """Whom, where, by when."""
    actor, today = request.actor, timezone.localdate()
    own = actor.region.ljust(_DIGITS, "0")
    codes = [own, *children_of(own, today).values_list("code", flat=True)]
    names = place_names(codes)
    begin = {"region": own, "purpose": "hardship", "by_date": f"{today.year}-12-31"}
    form = CampaignForm(request.POST or None, initial=begin, places=[(code, names[code]) for code in codes])
    if request.method == "POST" and form.is_valid():
        try:
            row = campaigning.make_campaign(actor=actor, now=timezone.now(), **form.cleaned_data)
        except SongheError as error:
            form.refuse(error, "by_date" if getattr(error, "where", "") == "哪天前评完" else None)
        else:
            messages.success(request, _("建好了，看各地还差多少，分地方申请"))
            return redirect("campaign", row.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "assessment/campaign_new.html", {"form": form}, status=status)


@require_GET
@needs(permissions.READ)
def campaign(request: ActingRequest, pk: UUID) -> HttpResponse:
    """How far it is, at a place of it (`in`)."""
    actor, today, row = request.actor, timezone.localdate(), queries.campaign_of(request.actor, pk)
    place = request.GET.get("in", "")
    digits = queries.place_in(row, place)
    by_community = queries.tallies(row, digits, today)
    tally, found = queries.whole(by_community), queries.below(by_community, digits)
    weeks = [] if place else queries.done_by_week(row, today)
    name = place_names([digits.ljust(_DIGITS, "0")])[digits.ljust(_DIGITS, "0")]
    openings = queries.openings_of(actor, row)
    places = place_names(one.region_code for one in openings)
    context = {
        "row": row, "groups": presenters.group_words(row), "place": name, "code": place, "tally": tally,
        "late": row.closed_at is None and row.by_date < today,
        "figures": presenters.figures_of(row, tally, place),
        "places": presenters.places_of(row, found, digits) if len(digits) < _DIGITS else [],
        "map": presenters.map_of(row, found, digits),
        "chart": presenters.weeks_chart(weeks, today) if weeks else None,
        "behind": weeks[-1][2] - weeks[-1][1] if weeks else 0,
        "reasons": presenters.reasons_of(queries.left_out_by_reason(row, digits)),
        "openings": [(one, places[one.region_code]) for one in openings],
        "may": actor.may(permissions.CAMPAIGN) and row.closed_at is None,
        "whole_url": presenters.campaign_url(row), "final": queries.Tally(**row.final) if row.final else None,
    }  # fmt: skip
    return render(request, "assessment/campaign.html", context)


@needs(permissions.READ)
@require_http_methods(["GET", "POST"])
@answered_once
def campaign_people(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Who is behind a number; who is left out is written down here."""
    today, row = timezone.localdate(), queries.campaign_of(request.actor, pk)
    filters = members.filters_of(request.GET.dict())
    digits = queries.place_in(row, filters.region)
    here = request.path + filters.address(after=filters.after, before=filters.before)
    form = _leaving(request, row)
    if form is None:
        return redirect(here)
    page = members.page_of(row, filters, today)
    ids = [one.pk for one in page.rows]
    rows = presenters.members_of(page.rows, queries.in_work_of(ids), queries.left_out_of(row, ids), today)
    by_community = queries.tallies(row, digits, today)
    tally, below = queries.whole(by_community), list(queries.below(by_community, digits))
    own = digits.ljust(_DIGITS, "0")
    names = place_names([own, *below])
    context = {
        "row": row, "rows": rows, "here": here, "filters": filters,
        "words": presenters.STAND_WORDS.get(filters.what, ""), "place": names[own],
        "total": getattr(tally, filters.what) if filters.what else tally.people,
        "stands": presenters.stands_offered(tally),
        "places": [(code, names[code]) for code in below if len(digits) < _DIGITS and code != own],
        "heads": members.SORTS.heads(filters),
        "before_url": page.before_url(filters), "after_url": page.after_url(filters),
        "back": presenters.campaign_url(row, filters.region), "form": form,
        "leaving": next((one for one in rows if str(one.person) == _leaving_whom(request)), None),
        "may": request.actor.may(permissions.ASK) and row.closed_at is None,
    }  # fmt: skip
    return render(request, "assessment/campaign_people.html", context, status=422 if form.is_bound else 200)


@needs(permissions.CAMPAIGN)
@require_http_methods(["GET", "POST"])
@answered_once
def campaign_ask(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Asks for all who are due in a place, once it was said what that does."""
    row, today = queries.campaign_of(request.actor, pk), timezone.localdate()
    place = request.GET.get("in", "")
    digits = queries.place_in(row, place)
    back = presenters.campaign_url(row, place)
    if request.method == "POST":
        try:
            made = campaigning.ask_for_all(actor=request.actor, campaign=pk, place=place, now=timezone.now())
        except SongheError as error:
            messages.error(request, said_error(error))
        else:
            number = sum(one.requests for one in made)
            words = _("替{number}位老人申请了，{desks}个社区各有一件任务去告诉老人").format(
                number=f"{number:,}", desks=len(made)
            )
            messages.success(request, words)
        return redirect(back)
    found = queries.tallies(row, digits, today)
    code = digits.ljust(_DIGITS, "0")
    context = {
        "row": row, "place": place_names([code])[code], "number": queries.whole(found).todo, "back": back,
        "desks": sum(one.todo > 0 for one in found.values()), "most": campaigning.MOST_AT_ONCE,
    }  # fmt: skip
    return render(request, "assessment/campaign_ask.html", context)


@needs(permissions.CAMPAIGN)
@require_http_methods(["GET", "POST"])
@answered_once
def campaign_close(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Ends it, once it was said what is missing."""
    row, today = queries.campaign_of(request.actor, pk), timezone.localdate()
    if request.method == "POST":
        try:
            campaigning.close_campaign(actor=request.actor, campaign=pk, now=timezone.now())
        except SongheError as error:
            messages.error(request, said_error(error))
        else:
            messages.success(request, _("结束了，差多少留在这一页"))
        return redirect("campaign", pk)
    tally = queries.whole(queries.tallies(row, significant(row.region), today))
    return render(request, "assessment/campaign_close.html", {"row": row, "tally": tally})


@needs(permissions.READ)
@require_http_methods(["GET", "POST"])
@answered_once
def campaign_opening(request: ActingRequest, pk: UUID) -> HttpResponse:
    """What was asked for in a community: told, not wished, taken back."""
    opening, now = queries.opening_of(request.actor, pk), timezone.now()
    deed = request.POST.get("do", "")
    if deed in ("told", "undo"):
        _do(request, opening.pk, deed)
        return redirect("campaign-opening", pk)
    form = _leaving(request, opening.campaign)
    if form is None:
        return redirect("campaign-opening", pk)
    rows = rows_of(queries.asked_in(opening), timezone.localdate(now))
    open_now = opening.campaign.closed_at is None and opening.undone_at is None
    whom = _leaving_whom(request)
    context = {
        "opening": opening, "rows": rows, "place": place_names([opening.region_code])[opening.region_code],
        "form": form, "leaving": next((one for one in rows if str(one.row.person_id) == whom), None),
        "may": request.actor.may(permissions.ASK) and open_now,
        "may_undo": request.actor.may(permissions.CAMPAIGN) and open_now,
        "left": sum(one.row.state in ("asked", "accepted") for one in rows),
    }  # fmt: skip
    return render(request, "assessment/campaign_opening.html", context, status=422 if form.is_bound else 200)


def _do(request: ActingRequest, opening: UUID, deed: str) -> None:
    try:
        if deed == "told":
            campaigning.all_told(actor=request.actor, opening=opening, now=timezone.now())
            messages.success(request, _("记下了，任务办结"))
        else:
            number = campaigning.undo_opening(actor=request.actor, opening=opening, now=timezone.now())
            messages.success(request, _("撤回了{number}件，已经派人的照常去").format(number=number))
    except SongheError as error:
        messages.error(request, said_error(error))


def _leaving_whom(request: ActingRequest) -> str:
    return request.POST.get("person", "") or request.GET.get("leave", "")


def _leaving(request: ActingRequest, campaign: Campaign) -> LeaveForm | None:
    """The form for leaving somebody out; None once it, or taking somebody in again, was done."""
    form = LeaveForm(request.POST if request.POST.get("reason") else None, initial={"person": _leaving_whom(request)})
    again = key_read(request.POST.get("again", ""))
    given: dict[str, Any] = {"actor": request.actor, "campaign": campaign, "now": timezone.now()}
    if request.method != "POST":
        return form
    try:
        if again is not None:
            campaigning.take_in(person_id=again, **given)
            messages.success(request, _("又算进来了"))
            return None
        if not form.is_bound:
            raise BadInput("为什么不评", "没有选")
        if form.is_valid():
            wanted = form.cleaned_data
            campaigning.leave_out(
                person_id=wanted["person"], reason=wanted["reason"], words=wanted["words"],
                **given,
            )  # fmt: skip
            messages.success(request, _("记下了，这一次不评"))
            return None
    except SongheError as error:
        if not form.is_bound:
            messages.error(request, said_error(error))
            return None
        form.refuse(error)
    return form
