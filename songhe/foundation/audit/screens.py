"""The auditors' pages: what was done, one entry whole, the seals, a file to take along."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.audit import presenters, queries
from songhe.foundation.audit.exporting import cells, head
from songhe.foundation.audit.jobs import EXPORTING, VERIFYING
from songhe.foundation.audit.models import Kind
from songhe.foundation.audit.permissions import EXPORT, READ, VERIFY
from songhe.foundation.audit.queries import PAGE, Wanted
from songhe.foundation.audit.recording import exported
from songhe.foundation.jobs import start
from songhe.kernel.keys import key_read
from songhe.kernel.numbers import MOST_DIGITS, whole_read
from songhe.ui.exports import CSV_TYPE, csv_bytes

MOST_AT_ONCE = 20_000


@require_safe
@needs(READ)
def audit(request: ActingRequest) -> HttpResponse:
    """The entries of the working region, the latest first."""
    wanted = _wanted(request.actor, request.GET)
    before = request.GET.get("before", "")
    found = list(queries.entries(wanted, before=whole_read(before, MOST_DIGITS))[: PAGE + 1])
    shown = found[:PAGE]
    context = {
        "rows": presenters.rows(shown),
        "wanted": wanted,
        "older": _address(request.GET, before=str(shown[-1].pk)) if len(found) > PAGE else "",
        "newest": _address(request.GET, before="") if before else "",
        "tabs": [(word, _address(request.GET, kind=kind, before=""), wanted.kind == kind) for kind, word in _kinds()],
        "chips": _chips(request, wanted),
        "deeds": presenters.deeds(),
        "who": _text(request.GET, "who", 40),
        "seals": queries.seals(),
        "may_verify": request.actor.may(VERIFY),
        "may_export": request.actor.may(EXPORT),
        "query": request.GET.urlencode(),
    }
    return render(request, "audit/audit.html", context)


@require_safe
@needs(READ)
def audit_entry(request: ActingRequest, number: int) -> HttpResponse:
    """One entry with all it says, what was written with it, and its seal."""
    entry = queries.entry_numbered(number)
    if entry is None:
        raise Http404
    context = {
        "entry": entry,
        "row": presenters.rows([entry])[0],
        "role": presenters.role_words(entry.role),
        "changes": presenters.changes(entry),
        "details": presenters.details(entry),
        "beside": presenters.rows(queries.written_with(entry)),
        "over": queries.block_over(entry.pk),
    }
    return render(request, "audit/entry.html", context)


@require_POST
@needs(VERIFY)
def audit_verify(request: ActingRequest) -> HttpResponse:
    """Starts verifying in the background."""
    job = start(request.actor, VERIFYING, {}, "验审计封条", now=timezone.now())
    return redirect("job", job.pk)


@require_POST
@needs(EXPORT)
def audit_export(request: ActingRequest) -> HttpResponse:
    """The filtered entries as CSV; many of them are written in the background. That they were taken is written down."""
    wanted = _wanted(request.actor, QueryDict(request.POST.get("query", "")))
    told = queries.told_wanted(wanted)
    found = list(queries.entries(wanted)[: MOST_AT_ONCE + 1])
    if len(found) > MOST_AT_ONCE:
        job = start(request.actor, EXPORTING, {"wanted": told}, "导出审计记录", now=timezone.now())
        return redirect("job", job.pk)
    exported(request.actor, action=EXPORTING, rows=len(found), detail=told)
    body = csv_bytes(head(), cells(found))
    name = f"audit-{timezone.localdate():%Y%m%d}.csv"
    return HttpResponse(body, CSV_TYPE, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _wanted(actor: Actor, given: QueryDict) -> Wanted:
    kind, who = given.get("kind", ""), _text(given, "who", 40)
    return Wanted(
        kind=kind if kind in Kind.values else "",
        action=_text(given, "action", 60),
        actor=key_read(given.get("actor", "")),
        subject=_text(given, "subject", 40),
        actors=tuple(one.pk for one in queries.staff_named(actor, who)) if who else None,
        from_day=_day(given.get("from", "")),
        until_day=_day(given.get("until", "")),
    )


def _kinds() -> list[tuple[str, str]]:
    return [("", gettext("全部")), *((kind, str(word)) for kind, word in Kind.choices)]


def _chips(request: ActingRequest, wanted: Wanted) -> list[tuple[str, str]]:
    given, who = request.GET, _text(request.GET, "who", 40)
    name = queries.name_of_staff(request.actor, wanted.actor) if wanted.actor else ""
    words = {
        "action": presenters.deed_words(wanted.action) if wanted.action else "",
        "actor": (name or gettext("某个账号")) if wanted.actor else "",
        "who": gettext("谁：{who}").format(who=who) if who else "",
        "subject": gettext("对象 {subject}").format(subject=wanted.subject[:8]) if wanted.subject else "",
        "from": gettext("{day}起").format(day=wanted.from_day) if wanted.from_day else "",
        "until": gettext("到{day}").format(day=wanted.until_day) if wanted.until_day else "",
    }
    return [(word, _address(given, before="", **{name: ""})) for name, word in words.items() if word]


def _address(given: QueryDict, **changed: str) -> str:
    query = given.copy()
    for name, value in changed.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}"


def _text(given: QueryDict, name: str, longest: int) -> str:
    """A text that can be looked for; an export gets them within another text, where nobody has refused NUL yet."""
    text = given.get(name, "").strip()[:longest]
    return text if text.isprintable() else ""


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date.min < day < date.max else None  # a day more, or another zone, is still a day
