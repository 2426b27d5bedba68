"""One person's file: overview, all that happened, who has seen it, and a number shown once for a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.audit.queries import quota_left, readings_of
from songhe.foundation.audit.recording import unmasked
from songhe.foundation.database.statements import prepared
from songhe.kernel.errors import BadInput, NotFound, Refused
from songhe.people import permissions, presenters_file
from songhe.people.identity import contact_phone_of, identity_of, phone_of
from songhe.people.models import Person
from songhe.people.presenters_facts import fact_lines, own_lines, seldom
from songhe.people.queries import file
from songhe.people.screens.saying import said
from songhe.people.terms import Standing
from songhe.regions.api import names_of
from songhe.ui.words import said as translated

_STRIP = 6
SHOWN = {"identity": N_("身份证号"), "phone": N_("电话")}


@needs(permissions.READ)
@require_GET
def person(request: ActingRequest, pk: UUID) -> HttpResponse:
    """The overview. `show` opens the panel that asks why a number should be shown."""
    with prepared():
        context = _overview(request, pk)
    return render(request, "people/person.html", context)


def _overview(request: ActingRequest, pk: UUID) -> dict[str, Any]:
    found, today = open_file(request, pk), timezone.localdate()
    context = frame(request, found, "person")
    show = request.GET.get("show", "")
    facts = file.facts_of(found, today)
    told, untold = fact_lines(facts, today)
    occurrences, number = file.timeline_of(found, _STRIP)
    now, earlier = file.contacts_of(found, today)
    residences = file.residences_of(found)
    areas = {found.registered_region, found.living_region, *(one.area for one in residences)}
    places = context["places"] | names_of(areas | presenters_file.places_named(occurrences))
    return context | {
        "own": own_lines(found, places),
        "told": [line for line in told if not seldom(line)],
        "seldom": [line for line in told if seldom(line)],
        "untold": untold,
        "doubts": [line for line in told if line.conflict or line.stale],
        "events": presenters_file.event_lines(occurrences, places, today),
        "event_number": number,
        "household": found.household,
        "members": presenters_file.member_lines(file.members_of(found.household_id), found, today),
        "contacts": presenters_file.contact_lines(now, today),
        "earlier_contacts": presenters_file.contact_lines(earlier, today),
        "residences": presenters_file.residence_lines(residences, places, today),
        "show": show if show in SHOWN and context["may"]["unmask"] else "",
        "show_words": _(SHOWN[show]) if show in SHOWN else "",
        "quota": quota_left(request.actor, timezone.now()) if show else 0,
        "said": said(request),
    }


@needs(permissions.READ)
@require_GET
def person_events(request: ActingRequest, pk: UUID) -> HttpResponse:
    """All that happened, the latest first."""
    found, today = open_file(request, pk), timezone.localdate()
    context = frame(request, found, "person-events")
    occurrences, number = file.timeline_of(found)
    places = context["places"] | names_of(presenters_file.places_named(occurrences))
    lines = presenters_file.event_lines(occurrences, places, today)
    return render(request, "people/person_events.html", context | {"events": lines, "event_number": number})


@needs(permissions.READ)
@require_GET
def person_seen(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Who had a whole number shown, when and why."""
    found = open_file(request, pk)
    words = SHOWN | {"contact": N_("联系人电话"), "assessment": N_("评估结果")}
    readings = [
        {
            "at": one.at,
            "who": one.who,
            "what": _("、").join(_(words.get(name, name)) for name in one.fields),
            "why": one.reason,
        }
        for one in readings_of(found.pk)
    ]
    return render(request, "people/person_seen.html", frame(request, found, "person-seen") | {"readings": readings})


@needs(permissions.UNMASK)
@require_POST
@never_cache
def person_unmask(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Shows one number, this once: the answer to this very request. The reason is written down first."""
    found = open_file(request, pk)
    show = request.POST.get("show", "")
    if show not in SHOWN:
        raise Http404
    context = frame(request, found, "person") | {"show_words": _(SHOWN[show])}
    return _shown(request, found, show, lambda: identity_of(found) if show == "identity" else phone_of(found), context)


@needs(permissions.UNMASK)
@require_http_methods(["GET", "POST"])
@never_cache
def contact_unmask(request: ActingRequest, pk: UUID, contact_pk: UUID) -> HttpResponse:
    """Asks why, then shows a contact's telephone, this once."""
    found = open_file(request, pk)
    contact = found.contacts.filter(pk=contact_pk).first()
    if contact is None:
        raise Http404
    context = frame(request, found, "person") | {"show_words": _("{name}的电话").format(name=contact.name)}
    return _shown(request, found, "contact", lambda: contact_phone_of(contact), context)


def _shown(
    request: ActingRequest, found: Person, field: str, opened: Callable[[], str], context: dict[str, Any]
) -> HttpResponse:
    reason, now, status = request.POST.get("reason", ""), timezone.now(), 200
    context |= {"reason": reason, "show": field}
    if request.method == "POST":
        try:
            unmasked(request.actor, subject=found.pk, region=found.region_code, fields=[field], reason=reason, now=now)
            context["shown"] = opened()
        except (BadInput, Refused) as error:
            context["problem"] = translated(error.problem if isinstance(error, BadInput) else error.reason)
            status = 422
    context["quota"] = quota_left(request.actor, now)
    return render(request, "people/person_shown.html", context, status=status)


def open_file(request: ActingRequest, pk: UUID) -> Person:
    """The file, or a page that says there is none: also when it is another region's."""
    try:
        return file.person_of(request.actor, pk)
    except NotFound as error:
        raise Http404 from error


def frame(request: ActingRequest, found: Person, tab: str) -> dict[str, Any]:
    """What stands around every page of a file: the head, the tabs, what the actor may do with it."""
    today: date = timezone.localdate()
    places = names_of({found.region_code, found.living_region} - {""})
    may = {action.rpartition(".")[2]: request.actor.may(action) for action in permissions.ACTIONS}
    alive = found.standing in (Standing.PRESENT, Standing.AWAY)
    merged = found.standing == Standing.MERGED
    return {
        "person": found,
        "list_url": _list_url(request),
        "transfer": file.open_transfer_of(found) if may["transfer"] else None,
        "head": presenters_file.head_of(found, places, today),
        "places": places,
        "tab": tab,
        "may": may,
        "can": {
            "correct": may["write"] and not merged,
            "tell": may["write"] and not merged,
            "die": may["life_event"] and alive,
            "undo_death": may["undo"] and found.standing == Standing.DEAD,
            "move": may["life_event"] and alive,
            "go": may["life_event"] and found.standing == Standing.PRESENT,
            "return": may["life_event"] and found.standing == Standing.AWAY,
            "transfer": may["transfer"] and alive,
            "unmerge": may["undo"] and merged and found.merged_into_id is not None,
        },
    }


def _list_url(request: ActingRequest) -> str:
    """The list one came from, with its filters; else the whole list."""
    came, url = urlsplit(request.headers.get("Referer", "")), reverse("people")
    return f"{url}?{came.query}" if came.path == url and came.netloc == request.get_host() and came.query else url
