"""Pages of tasks: the list with its bulk actions, one task with its outcome."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.models import Account
from songhe.foundation.access.views import needs
from songhe.foundation.places import place_names
from songhe.foundation.tasks import permissions
from songhe.foundation.tasks.models import Task
from songhe.foundation.tasks.operations import close_task, hand_over, put_back, reopen, take
from songhe.foundation.tasks.presenters import choices, grouped, is_done_elsewhere, presented
from songhe.foundation.tasks.queries import (
    CLOSED,
    DUE,
    NEWEST,
    WHOSE,
    Filters,
    count_of,
    due_split,
    kind_split,
    page_of,
    place_split,
    possible_owners,
    task_of,
    tasks_of,
)
from songhe.foundation.tasks.screens_list import VIEWS, filters_of
from songhe.foundation.views_kept.keeping import views_of
from songhe.foundation.views_kept.models import KeptView
from songhe.kernel.errors import BadInput, Refused
from songhe.kernel.keys import key_read
from songhe.ui.words import said, said_error

_PAGE = "GET", "HEAD", "POST"


@require_http_methods(_PAGE)
@needs(permissions.READ)
def tasks(request: ActingRequest) -> HttpResponse:
    """What is to do, the overdue first; by POST what is chosen is taken or handed over."""
    if request.method == "POST":
        return _do_with_chosen(request) or HttpResponseRedirect(request.get_full_path())
    actor, today, filters = request.actor, timezone.localdate(), filters_of(request.GET)
    own = views_of(request.account, VIEWS)
    current = next((view for view in own if f"?{view.query}" == filters.address()), None)
    page = page_of(actor, filters, today)
    due = due_split(actor, filters, today) if filters.whose != CLOSED else {}
    context = {
        "filters": filters,
        "closed": filters.whose == CLOSED,
        "groups": grouped(presented(page.tasks, today), flat=filters.whose == CLOSED or filters.sort == NEWEST),
        "after_url": filters.address(after=page.after) if page.after else "",
        "first_url": filters.address() if filters.after else "",
        "total": count_of(actor, filters, today),
        "views": _views(request, filters, today, view=current),
        "own_views": [(f"?{view.query}", view.name, view == current) for view in own],
        "current": current,
        "query": filters.address().lstrip("?"),
        "sorts_due": filters.address(sort=""),
        "sorts_newest": filters.address(sort=NEWEST),
        "due": [(code, f"{gettext(words)} {due[code]:,}") for code, words in DUE.items() if code in due],
        "kinds": [(kind.code, f"{said(kind.words)} {count:,}") for kind, count in kind_split(actor, filters, today)],
        "places": _places(request, filters, today),
        "owners": _owners(request),
        "may_take": actor.may(permissions.DO) and filters.whose != CLOSED,
        "may_assign": actor.may(permissions.ASSIGN) and filters.whose != CLOSED,
        "narrowed": filters.narrows,
    }
    return render(request, "tasks/tasks.html", context)


@require_http_methods(_PAGE)
@needs(permissions.READ)
def task(request: ActingRequest, task_id: UUID) -> HttpResponse:
    """One task; by POST it is taken, handed over, closed with an outcome, or opened again."""
    found = task_of(request.actor, task_id)
    error: BadInput | None = None
    if request.method == "POST":
        try:
            _do(request, found)
            return HttpResponseRedirect(reverse("task", args=[task_id]))
        except BadInput as refused:
            error = refused
    now = timezone.now()
    may = choices(found, request.actor, now)
    context = {
        "one": presented([found], timezone.localdate(now))[0],
        "may": may,
        "owners": _owners(request) if may.hand_over else [],
        "error": said(error.problem) if error else "",
        "given": request.POST,
    }
    return render(request, "tasks/task.html", context, status=400 if error else 200)


def _do(request: ActingRequest, found: Task) -> None:
    actor, now, what, task_id = request.actor, timezone.now(), request.POST.get("do"), found.pk
    if what == "take":
        messages.success(request, gettext("您接了") if take(actor=actor, tasks=[task_id]) else gettext("已经有人接了"))
    elif what == "hand_over":
        owner = _owner(request)
        hand_over(actor=actor, tasks=[task_id], owner=owner, today=timezone.localdate(now))
        messages.success(request, gettext("交给{name}了").format(name=owner.name))
    elif what == "put_back":
        put_back(actor=actor, tasks=[task_id])
        messages.success(request, gettext("放回去了，谁都可以接"))
    elif what == "reopen":
        reopen(actor=actor, task=task_id, now=now)
        messages.success(request, gettext("撤回了办结，又在您手里"))
    elif what == "close":
        if is_done_elsewhere(found):
            raise Refused("这件事要在它自己的页面上办，办了就结了")
        outcome, note = request.POST.get("outcome", ""), request.POST.get("note", "").strip()
        close_task(actor=actor, task=task_id, outcome=outcome, note=note, now=now)
        messages.success(request, gettext("办结了，1天内可以撤回"))
    else:
        raise BadInput("要办的事", "没有选")


def _do_with_chosen(request: ActingRequest) -> HttpResponse | None:
    """Takes or hands over what is chosen; handing over asks first, on a page that names whom and what."""
    chosen = [_chosen(text) for text in request.POST.getlist("chosen")]
    if not chosen:
        messages.warning(request, gettext("没有选。先在前面的方框里选几件"))
        return None
    try:
        if request.POST.get("do") == "take":
            done = take(actor=request.actor, tasks=chosen)
            words = gettext("您接了{done}件").format(done=done)
        else:
            owner = _owner(request)
            if not request.POST.get("sure"):
                return _asked_first(request, owner, chosen)
            done = hand_over(actor=request.actor, tasks=chosen, owner=owner, today=timezone.localdate())
            words = gettext("交给{name}{done}件").format(name=owner.name, done=done)
    except (BadInput, Refused) as error:
        messages.error(request, said_error(error))
        return None
    rest = len(chosen) - done
    messages.success(request, words + (gettext("，{rest}件已经有人接了或办结了").format(rest=rest) if rest else ""))
    return None


def _asked_first(request: ActingRequest, owner: Account, chosen: list[UUID]) -> HttpResponse:
    found = presented(tasks_of(request.actor, chosen), timezone.localdate())
    context = {"owner": owner, "rows": found, "back": request.get_full_path()}
    return render(request, "tasks/hand_over.html", context)


def _owner(request: HttpRequest) -> Account:
    found = Account.objects.filter(pk=_chosen(request.POST.get("owner", "")), is_active=True).first()
    if found is None:
        raise BadInput("交给谁", "没有选人")
    return found


def _owners(request: ActingRequest) -> list[tuple[str, str]]:
    if not request.actor.may(permissions.DO):
        return []
    people = possible_owners(request.actor, timezone.localdate())
    return [(str(one.pk), f"{one.name} {one.unit}".strip()) for one in people]


def _views(
    request: ActingRequest, filters: Filters, today: Any, *, view: KeptView | None
) -> list[tuple[str, str, int, bool]]:
    return [
        (
            f"?whose={whose}",
            gettext(words),
            count_of(request.actor, Filters(whose=whose), today),
            whose == filters.whose and view is None,
        )
        for whose, words in WHOSE.items()
    ]


def _places(request: ActingRequest, filters: Filters, today: Any) -> list[tuple[str, str]]:
    split = place_split(request.actor, filters, today)
    names = place_names(code for code, _ in split)
    return [(code, f"{names[code]} {count:,}") for code, count in split]


def _chosen(text: str) -> UUID:
    key = key_read(text)
    if key is None:
        raise BadInput("选的", "读不懂")
    return key
