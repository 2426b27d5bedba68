"""Talks that were noted: the list with its months, taking it along, and one talk with what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from songhe.doors.console.adviser.conversation import answer_words
from songhe.eligibility.decisions.api import (
    HANDOVER,
    STATES,
    AdviceTalk,
    follow_up,
    items_of,
    open_talk_contact,
    talk_filters,
    talk_of,
    talks_by_month,
    talks_listed,
    talks_page,
    task_about,
)
from songhe.eligibility.decisions.permissions import ADVISE, EXPORT
from songhe.eligibility.decisions.terms import Channel
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.audit.recording import exported
from songhe.foundation.idempotency.answering import answered_once
from songhe.foundation.places import place_names
from songhe.foundation.tasks.models import NOTE_LENGTH, Task
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.rules.facts import PERSON_TABLE, Kind
from songhe.rules.packs import Item
from songhe.ui.exports import csv_bytes, xlsx_bytes
from songhe.ui.words import said, said_error

_DIGITS, _MOST_ROWS = 12, 20_000
_KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class TalkRow:
    """One talk in a list."""

    talk: AdviceTalk
    who: str
    channel: str
    items: str
    place: str
    handed: str
    state: str
    kind: str


@require_GET
@needs(ADVISE)
def advice_talks(request: ActingRequest) -> HttpResponse:
    """The talks of the region, the latest first; filters stand in the address."""
    actor, today, filters = request.actor, timezone.localdate(), talk_filters(request.GET.dict())
    try:
        page = talks_page(actor, filters)
    except BadInput as error:
        messages.error(request, said_error(error))
        return redirect("advice-talks")
    items, months = _items(request), talks_by_month(actor, today)
    context = {
        "filters": filters,
        "rows": _rows(page.rows, items),
        "total": talks_listed(actor, filters).count(),
        "states": [(code, _(words)) for code, words in STATES.items()],
        "channels": Channel.choices,
        "listed": [(slug, item.name) for slug, item in items.items()],
        "months": months,
        "month_choices": [(f"{one.first:%Y-%m}", _month(one.first)) for one in months],
        "first_url": filters.address() if filters.after else "",
        "after_url": filters.address(after=page.after) if page.after else "",
        "query": filters.address().lstrip("?"),
        "may_export": actor.may(EXPORT),
    }
    return render(request, "console/adviser/talks.html", context)


@require_POST
@needs(EXPORT)
def advice_talks_export(request: ActingRequest) -> HttpResponse:
    """The list as a file: without contacts, and without what was said."""
    filters, actor = talk_filters(request.POST.dict()), request.actor
    kind = request.POST.get("kind") if request.POST.get("kind") in _KINDS else "xlsx"
    found = list(talks_listed(actor, filters)[:_MOST_ROWS])
    head = [_("什么时候"), _("怎么来的"), _("姓名"), _("谈到的事项"), _("地方"), _("交给哪里"), _("进展"), _("顾问")]
    cells = [_cells(one) for one in _rows(found, _items(request))]
    kept = {name: value for name, value in asdict(filters).items() if value}
    exported(actor, action="decisions.export_talks", rows=len(cells), detail={"filters": kept, "kind": kind})
    body = csv_bytes(head, cells) if kind == "csv" else xlsx_bytes(_("咨询"), head, cells)
    answer = HttpResponse(body, content_type=_KINDS[str(kind)])
    answer["Content-Disposition"] = f'attachment; filename="advice.{kind}"'
    return answer


def _cells(one: TalkRow) -> list[str]:
    at = f"{timezone.localtime(one.talk.talked_at):%Y-%m-%d %H:%M}"
    return [at, one.channel, one.who, one.items, one.place, one.handed, one.state, one.talk.adviser]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(ADVISE)
@answered_once
def advice_talk(request: ActingRequest, pk: UUID) -> HttpResponse:
    """One talk; by POST it is followed up, or how to reach the one who asked is opened."""
    try:
        talk = talk_of(request.actor, pk)
    except NotFound as error:
        raise Http404 from error
    if request.method != "POST":
        return _shown(request, talk)
    try:
        if request.POST.get("do") == "contact":
            contact = open_talk_contact(actor=request.actor, talk=pk, now=timezone.now())
            return _shown(request, talk, contact=contact)
        outcome, note = request.POST.get("outcome", ""), request.POST.get("note", "")
        follow_up(actor=request.actor, talk=pk, outcome=outcome, note=note, now=timezone.now())
        messages.success(request, _("跟进记下了"))
    except BadInput as error:
        return _shown(request, talk, error=said_error(error))
    except (Conflict, Refused, NotFound) as error:
        messages.error(request, said_error(error))
    return redirect("advice-talk", pk)


def _shown(request: ActingRequest, talk: AdviceTalk, *, error: str = "", contact: str = "") -> HttpResponse:
    items, task = _items(request), task_about(talk)
    open_task = task if task is not None and task.state != "closed" else None
    context: dict[str, Any] = {
        "talk": talk,
        "row": _rows([talk], items)[0],
        "items": [items[slug].name for slug in talk.items if slug in items],
        "answers": _answers(talk),
        "task": task,
        "open_task": open_task,
        "outcomes": [(code, _(words)) for code, words in HANDOVER.outcomes.items()] if open_task else [],
        "outcome": _(HANDOVER.outcomes.get(task.outcome, "")) if task is not None and task.outcome else "",
        "contact": contact,
        "has_contact": talk.contact_sealed is not None,
        "error": error,
        "given": request.POST if error else {},
        "note_length": NOTE_LENGTH,
        "may_see": request.actor.may("people.read"),
    }
    return render(request, "console/adviser/talk_kept.html", context, status=422 if error else 200)


def _answers(talk: AdviceTalk) -> list[tuple[str, str]]:
    """What was said in the talk, label and words; places by their names."""
    told = {name: text for name, text in talk.answers.items() if name in PERSON_TABLE}
    places = {name: text.ljust(_DIGITS, "0") for name, text in told.items() if PERSON_TABLE[name].kind is Kind.REGION}
    names = place_names(places.values())
    return [
        (said(PERSON_TABLE[name].label), names[places[name]] if name in places else answer_words(name, text))
        for name, text in told.items()
    ]


def _rows(talks: Iterable[AdviceTalk], items: Mapping[str, Item]) -> list[TalkRow]:
    talks = list(talks)
    names = place_names({code for one in talks for code in (one.region_code, one.handed_to) if code})
    waiting = {
        task.subject: task
        for task in Task.objects.filter(kind=HANDOVER.code, subject__in=[one.pk for one in talks]).order_by("opened_at")
    }
    return [_row(one, items, names, waiting.get(one.pk)) for one in talks]


def _row(talk: AdviceTalk, items: Mapping[str, Item], names: Mapping[str, str], task: Task | None) -> TalkRow:
    listed = [items[slug].name for slug in talk.items if slug in items]
    if task is None:
        state, kind = _("没有交出去"), "todo"
    elif task.state == "closed":
        state, kind = _(HANDOVER.outcomes.get(task.outcome, "")), "done"
    else:
        state, kind = _("等着跟进"), "due" if task.due_date < timezone.localdate() else "running"
    who = talk.person.name if talk.person else _("没有档案的人")
    return TalkRow(
        talk, who, str(Channel(talk.channel).label), "、".join(listed), names.get(talk.region_code, ""),
        names.get(talk.handed_to, ""), state, kind,
    )  # fmt: skip


def _items(request: ActingRequest) -> dict[str, Item]:
    return items_of(request.actor.region.ljust(_DIGITS, "0"), timezone.localdate())


def _month(first: date) -> str:
    return _("{year}年{month}月").format(year=first.year, month=first.month)
