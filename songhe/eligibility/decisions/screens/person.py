"""What one person may have: the matrix with its reasons, now or as it was; the sheet for print; pauses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods

from songhe.eligibility.decisions import permissions, presenters_person
from songhe.eligibility.decisions.operations import pausing
from songhe.eligibility.decisions.queries import person as queries
from songhe.eligibility.reason_sheet.overview import Line
from songhe.eligibility.reason_sheet.paper import sheets_pdf
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.database.statements import prepared
from songhe.foundation.days import start_of
from songhe.foundation.idempotency.answering import answered_once
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.ui import formats
from songhe.ui.words import said_error

_EARLIEST = date(1990, 1, 1)
_LONGEST_SLUG = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """The day and the instant that the address asks for; `problem` when they cannot be read."""

    on: date
    known: date
    problem: str = ""

    @property
    def then(self) -> bool:
        """Whether it is a replay."""
        today = timezone.localdate()
        return not self.problem and (self.on, self.known) != (today, today)

    @property
    def known_at(self) -> datetime:
        """The end of the day until which was known what counts; now for today."""
        end = start_of(self.known + timedelta(days=1))
        return min(end, timezone.now())

    @property
    def query(self) -> str:
        """For addresses of the same moment."""
        return f"?{urlencode({'on': self.on.isoformat(), 'known': self.known.isoformat()})}" if self.then else ""


@needs(permissions.READ)
@require_GET
def person_decisions(request: ActingRequest, pk: UUID) -> HttpResponse:
    """The matrix. `item` opens the reason of one item, `on` and `known` show what was decided on a past day."""
    with prepared():
        context = _context(request, pk)
        item = request.GET.get("item", "")[:_LONGEST_SLUG]
        context |= _matrix(request, context, item)
    name = (
        "decisions/person.html#columns" if request.headers.get("HX-Target") == "decisions" else "decisions/person.html"
    )
    return render(request, name, context, status=400 if context["asked"].problem else 200)


@needs(permissions.READ)
@require_GET
def person_sheet(request: ActingRequest, pk: UUID) -> HttpResponse:
    """The reasons on paper: of one item, or of all that are not a plain no."""
    context = _context(request, pk)
    return render(request, "decisions/person_sheet.html", context | {"panels": _panels(request, context)})


@needs(permissions.READ)
@require_GET
def person_pdf(request: ActingRequest, pk: UUID) -> HttpResponse:
    """The same as a file in Chinese, whatever the page speaks: it goes out of the house."""
    with override(settings.LANGUAGE_CODE):
        context = _context(request, pk)
        panels = _panels(request, context)
        cover = presenters_person.cover_of(context["file"], context["issued_later"])
        file, facts = context["file"], ()
        if file.complete and "item" not in request.GET:
            facts = file.desk.fact_lines(file.facts)
        content = sheets_pdf(cover, [panel.sheet for panel in panels], facts)
    headers = {"Content-Disposition": f'attachment; filename="reasons-{str(pk)[:8]}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@needs(permissions.PAUSE)
@require_http_methods(["GET", "HEAD", "POST"])
@answered_once
def item_pause(request: ActingRequest, pk: UUID, item: str) -> HttpResponse:
    """Asks why, names the person and the item, then pauses it."""
    reason = request.POST.get("reason", "")
    if request.method != "POST":
        return _confirm(request, pk, item, {"pausing": True})
    try:
        pausing.pause(
            actor=request.actor, person=pk, item=item, reason=reason, today=timezone.localdate(), now=timezone.now()
        )
    except NotFound as error:
        raise Http404 from error
    except BadInput as error:
        words = said_error(error)
        return _confirm(request, pk, item, {"pausing": True, "problem": words, "reason": reason}, status=422)
    except (Conflict, Refused) as error:
        messages.error(request, said_error(error))
    else:
        messages.success(request, _("暂停了。重新判定不会取消暂停"))
    return redirect(_item_url(pk, item))


@needs(permissions.PAUSE)
@require_http_methods(["GET", "HEAD", "POST"])
@answered_once
def item_resume(request: ActingRequest, pk: UUID, item: str) -> HttpResponse:
    """Names the person and the item, then ends the pause."""
    if request.method != "POST":
        return _confirm(request, pk, item, {"pausing": False})
    try:
        pausing.resume(actor=request.actor, person=pk, item=item, today=timezone.localdate(), now=timezone.now())
    except NotFound as error:
        raise Http404 from error
    except (Conflict, Refused) as error:
        messages.error(request, said_error(error))
    else:
        messages.success(request, _("恢复了，照判定的办"))
    return redirect(_item_url(pk, item))


def _item_url(pk: UUID, item: str) -> str:
    return f"{reverse('person-decisions', args=[pk])}?{urlencode({'item': item})}"


def _person(request: ActingRequest, pk: UUID) -> Any:
    try:
        return queries.person_of(request.actor, pk)
    except NotFound as error:
        raise Http404 from error


def _context(request: ActingRequest, pk: UUID) -> dict[str, Any]:
    """The person, the moment asked for, the facts and the list of it."""
    person, today, asked = _person(request, pk), timezone.localdate(), _asked(request)
    if asked.then:
        file, course = queries.file_then(person, asked.on, asked.known_at), queries.Course()
    else:
        file, course = queries.file_now(person, today), queries.course_of(person)
    return {
        "person": person,
        "asked": asked,
        "file": file,
        "course": course,
        "page": reverse("person-decisions", args=[pk]) + asked.query,
        "on_words": formats.exact_day(asked.on),
        "known_words": formats.exact_day(asked.known),
        "issued_later": presenters_person.issued_later(file),
        "release": presenters_person.release_words(file),
    }


def _matrix(request: ActingRequest, context: dict[str, Any], item: str) -> dict[str, Any]:
    file, course, today = context["file"], context["course"], timezone.localdate()
    lines: tuple[Line, ...] = file.desk.lines(file.facts) if file.complete else ()
    panel = presenters_person.panel_of(file, course, item, request.actor, today) if item and lines else None
    names = {line.slug: line.name for line in lines}
    first, rest = presenters_person.first_and_rest(presenters_person.turns_of(course.changes, names, today))
    then, slug = context["asked"].then, item if panel else ""
    return {
        "groups": presenters_person.groups_of(lines, course, today, context["page"], slug, then=then),
        "counts": presenters_person.counts_of(lines),
        "number": len(lines),
        "facts": file.desk.fact_lines(file.facts) if lines else (),
        "total": file.desk.total(file.facts) if lines else "",
        "panel": panel,
        "turns": first,
        "turns_before": rest,
        "lags": queries.lags(lines, course),
        "undecided": bool(lines) and not then and course.standing is None,
    }


def _panels(request: ActingRequest, context: dict[str, Any]) -> list[presenters_person.Panel]:
    """One item when the address names it, else all that are a yes or unknown."""
    file, course, today = context["file"], context["course"], timezone.localdate()
    if not file.complete:
        return []
    item = request.GET.get("item", "")[:_LONGEST_SLUG]
    slugs = [line.slug for line in file.desk.lines(file.facts) if line.answer is not False or line.slug == item]
    wanted = [slug for slug in slugs if slug == item] or slugs
    panels = (presenters_person.panel_of(file, course, slug, request.actor, today) for slug in wanted)
    return [presenters_person.on_paper(panel) for panel in panels if panel is not None]


def _confirm(request: ActingRequest, pk: UUID, item: str, more: dict[str, Any], *, status: int = 200) -> HttpResponse:
    context = _context(request, pk)
    file = context["file"]
    panel = presenters_person.panel_of(file, context["course"], item, request.actor, timezone.localdate())
    if panel is None and file.desk is not None:
        raise Http404
    context |= {"panel": panel, "back_url": _item_url(pk, item), **more}
    return render(request, "decisions/person_pause.html", context, status=status)


def _asked(request: ActingRequest) -> Asked:
    today = timezone.localdate()
    on, known = request.GET.get("on", "").strip(), request.GET.get("known", "").strip()
    try:
        day = date.fromisoformat(on) if on else today
        until = date.fromisoformat(known) if known else day
    except ValueError:
        return Asked(today, today, _("日子没有看懂，写成2025-03-01这样"))
    if not _EARLIEST <= day <= today or not _EARLIEST <= until <= today:
        return Asked(today, today, _("日子要在今天以前"))
    return Asked(day, until)
