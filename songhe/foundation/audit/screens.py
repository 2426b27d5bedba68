"""The auditors' pages: what was done, one entry whole, the seals, a file to take along."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.models import Account
from songhe.foundation.access.views import needs
from songhe.foundation.audit import presenters, queries
from songhe.foundation.audit.jobs import VERIFYING
from songhe.foundation.audit.models import Entry, Kind
from songhe.foundation.audit.permissions import EXPORT, READ, VERIFY
from songhe.foundation.audit.queries import PAGE, Wanted
from songhe.foundation.audit.recording import exported
from songhe.foundation.jobs import start
from songhe.kernel.keys import key_read
from songhe.kernel.told import phrase
from songhe.ui.exports import CSV_TYPE, csv_bytes

MOST_EXPORTED = 20_000
_HEAD = (
    phrase("记录号"), phrase("时间"), phrase("谁"), phrase("数据库用户"), phrase("种类"), phrase("做了什么"),
    phrase("对象"), phrase("地方"), phrase("内容"),
)  # fmt: skip
_CHOICES = ("kind", "action", "actor", "subject", "from", "until")


@require_safe
@needs(READ)
def audit(request: ActingRequest) -> HttpResponse:
    """The entries of the working region, the latest first."""
    wanted = _wanted(request.GET)
    before = request.GET.get("before", "")
    found = list(queries.entries(wanted, before=_number(before))[: PAGE + 1])
    shown = found[:PAGE]
    context = {
        "rows": presenters.rows(shown),
        "wanted": wanted,
        "older": _address(request.GET, before=str(shown[-1].pk)) if len(found) > PAGE else "",
        "newest": _address(request.GET, before="") if before else "",
        "tabs": [(word, _address(request.GET, kind=kind, before=""), wanted.kind == kind) for kind, word in _kinds()],
        "chips": _chips(request.GET, wanted),
        "deeds": presenters.deeds(),
        "people": _accounts(),
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
    """The filtered entries as CSV, at most 20,000; that it was taken is written down."""
    chosen = QueryDict(request.POST.get("query", ""))
    found = list(queries.entries(_wanted(chosen))[: MOST_EXPORTED + 1])
    if len(found) > MOST_EXPORTED:
        messages.error(request, gettext("超过{most:,}条，一次导不完。请把日期写短一些").format(most=MOST_EXPORTED))
        return redirect(f"{request.path.removesuffix('export/')}?{chosen.urlencode()}")
    detail = {name: text for name in _CHOICES if (text := _text(chosen, name, 60))}
    exported(request.actor, action="audit.export", rows=len(found), detail=detail)
    body = csv_bytes([gettext(word) for word in _HEAD], _cells(found))
    name = f"audit-{timezone.localdate():%Y%m%d}.csv"
    return HttpResponse(body, CSV_TYPE, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _cells(found: list[Entry]) -> list[tuple[object, ...]]:
    return [
        (row.number, timezone.localtime(row.at).isoformat(sep=" ", timespec="seconds"), row.who, entry.role, row.kind,
         row.deed, row.subject, row.place, row.words)
        for row, entry in zip(presenters.rows(found), found, strict=True)
    ]  # fmt: skip


def _wanted(given: QueryDict) -> Wanted:
    kind = given.get("kind", "")
    return Wanted(
        kind=kind if kind in Kind.values else "",
        action=_text(given, "action", 60),
        actor=key_read(given.get("actor", "")),
        subject=_text(given, "subject", 40),
        from_day=_day(given.get("from", "")),
        until_day=_day(given.get("until", "")),
    )


def _kinds() -> list[tuple[str, str]]:
    return [("", gettext("全部")), *Kind.choices]


def _chips(given: QueryDict, wanted: Wanted) -> list[tuple[str, str]]:
    people = dict(_accounts())
    words = {
        "action": presenters.deed_words(wanted.action) if wanted.action else "",
        "actor": people.get(str(wanted.actor), gettext("某个账号")) if wanted.actor else "",
        "subject": gettext("对象 {subject}").format(subject=wanted.subject[:8]) if wanted.subject else "",
        "from": gettext("{day}起").format(day=wanted.from_day) if wanted.from_day else "",
        "until": gettext("到{day}").format(day=wanted.until_day) if wanted.until_day else "",
    }
    return [(word, _address(given, before="", **{name: ""})) for name, word in words.items() if word]


def _accounts() -> list[tuple[str, str]]:
    found = Account.objects.order_by("name").values_list("id", "name", "unit")
    return [(str(pk), f"{name} {unit}".strip()) for pk, name, unit in found]


def _address(given: QueryDict, **changed: str) -> str:
    query = given.copy()
    for name, value in changed.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}"


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


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
