"""The pages of one's own: the file, what one may have and why, what is asked, who saw it, what was said."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from songhe.doors.portal.mine import presenters
from songhe.doors.portal.mine.forms import SayForm
from songhe.doors.portal.mine.gate import MineRequest, mine, show
from songhe.doors.portal.mine.saying import answer_fact, said_of, say
from songhe.doors.portal.mine.seen import looks_at
from songhe.doors.portal.mine.visits import take_typed
from songhe.doors.portal.places import Places
from songhe.doors.portal.terms import About
from songhe.eligibility.asking import Interview
from songhe.eligibility.decisions.api import File, course_of, file_now
from songhe.eligibility.typed_answers import read_answer
from songhe.kernel.errors import BadInput, Refused
from songhe.rules.facts import PERSON_TABLE, Kind
from songhe.ui import formats
from songhe.ui.words import said_error

_LONGEST = 60
_NEVER_ASKED = "death_date"


@require_safe
@mine
def portal_mine(request: MineRequest) -> HttpResponse:
    """What there is, with how much of it."""
    file, today = _file(request), timezone.localdate()
    context: dict[str, Any] = {"complete": file.complete, "sayings": said_of(request.holder)}
    if file.complete:
        groups = dict(presenters.groups_of(file, course_of(request.person), today))
        context |= {
            "received": len(groups.get(_(presenters.RECEIVED), ())), "apply": groups.get(_(presenters.TO_APPLY), ()),
            "questions": _questions(request, file),
        }  # fmt: skip
    return show(request, "home", context)


@require_safe
@mine
def portal_file(request: MineRequest) -> HttpResponse:
    """What is on file, who told it and when."""
    told, untold = presenters.fact_lines(_file(request))
    context = {"about": presenters.about_lines(request.person, timezone.localdate()), "told": told, "untold": untold}
    return show(request, "file", context)


@require_safe
@mine
def portal_decisions(request: MineRequest) -> HttpResponse:
    """What she has, may have and may not have."""
    file, today = _file(request), timezone.localdate()
    context: dict[str, Any] = {"complete": file.complete, "day": formats.exact_day(today)}
    if file.complete:
        context |= {
            "groups": presenters.groups_of(file, course_of(request.person), today),
            "no_title": _(presenters.NO), "total": presenters.total_of(file),
        }  # fmt: skip
    return show(request, "decisions", context)


@require_safe
@mine
def portal_decision(request: MineRequest, slug: str) -> HttpResponse:
    """Why one item is as it is."""
    file, today = _file(request), timezone.localdate()
    reason = presenters.reason_of(file, course_of(request.person), slug, today) if file.complete else None
    if reason is None:
        raise Http404
    return show(request, "decision", {"one": reason, "day": formats.exact_day(today)})


@require_safe
@mine
def portal_questions(request: MineRequest) -> HttpResponse:
    """What only she knows, and what hangs on it."""
    file = _file(request)
    return show(request, "questions", {"questions": _questions(request, file) if file.complete else []})


@require_http_methods(["GET", "HEAD", "POST"])
@mine
def portal_question(request: MineRequest, fact: str) -> HttpResponse:
    """One question; the answer is her own word, or goes to the community."""
    file = _file(request)
    if not file.complete or fact not in PERSON_TABLE or fact == _NEVER_ASKED:
        raise Http404
    asked, error = _interview(file).asked(fact), ""
    if request.method == "POST":
        try:
            return _answered(request, file, fact)
        except (BadInput, Refused) as problem:
            error = said_error(problem)
    typed = take_typed(request.holder, request.path) if request.method != "POST" else request.POST
    context = {
        "asked": asked, "error": error, "choices": list(enumerate(asked.choices, 1)), "given": typed,
        "day": PERSON_TABLE[fact].kind is Kind.DATE,
    }  # fmt: skip
    return show(request, "question", context, status=422 if error else 200)


@require_safe
@mine
def portal_seen(request: MineRequest) -> HttpResponse:
    """Who saw the file, and what for."""
    return show(request, "seen", {"looks": looks_at(request.holder.coming.entrant.person)})


@require_http_methods(["GET", "HEAD", "POST"])
@mine
def portal_say(request: MineRequest) -> HttpResponse:
    """Something is wrong, or to be asked: `about` and `code` name the fact or the item."""
    given = request.POST if request.method == "POST" else request.GET
    about, code = given.get("about", About.OTHER)[:10], given.get("code", "")[:_LONGEST]
    names = _names(_file(request))
    if about not in About.values or not (about == About.OTHER or code in names or code in PERSON_TABLE):
        raise Http404
    typed = take_typed(request.holder, request.path) if request.method != "POST" else {}
    form, status = SayForm(request.POST if request.method == "POST" else None, initial=typed), 200
    if form.is_bound:
        status, now = 422, timezone.now()
        if form.is_valid():
            try:
                words, today = form.cleaned_data["words"], timezone.localdate(now)
                say(holder=request.holder, about=about, code=code, words=words, today=today, now=now)
                return redirect("portal-sayings")
            except (BadInput, Refused) as error:
                form.add_error("words", said_error(error))
    what = presenters.about_words(about, code, names)
    return show(request, "say", {"form": form, "about": about, "code": code, "what": what}, status=status)


@require_safe
@mine
def portal_sayings(request: MineRequest) -> HttpResponse:
    """What was said and what was answered."""
    names, today = _names(_file(request)), timezone.localdate()
    rows = [
        (row, presenters.about_words(row.about, row.code, names), _value(row, today)) for row in said_of(request.holder)
    ]
    return show(request, "sayings", {"rows": rows})


def _answered(request: MineRequest, file: File, fact: str) -> HttpResponse:
    now = timezone.now()
    today, interview = timezone.localdate(now), _interview(file)
    parts = [request.POST.get(name, "").strip()[:_LONGEST] for name in ("year", "month", "day")]
    typed = "-".join(parts) if any(parts) else request.POST.get("answer", "")[:_LONGEST]
    if not typed:
        raise BadInput("回答", "还没有选", accepted="选一个；不清楚就选“不清楚”")
    value = read_answer(interview.asked(fact), typed, today, interview.divisions)
    done = answer_fact(holder=request.holder, fact=fact, value=_text(value), today=today, now=now)
    request.person.refresh_from_db()
    request.person.sheet.refresh_from_db()
    after = _file(request)
    moved = presenters.moved_words(done.moved, after)
    return show(request, "answered", {"moved": moved, "kept": done.kept, "more": _questions(request, after)})


def _file(request: MineRequest) -> File:
    return file_now(request.person, timezone.localdate())


def _interview(file: File) -> Interview:
    if file.desk is None:
        raise Http404
    programme = file.desk.programme
    return Interview(programme, known=file.facts or {}, divisions=Places(programme.on))


def _questions(request: MineRequest, file: File) -> list[presenters.Open]:
    """Those that the community was not asked to find out."""
    waiting = {row.code for row in said_of(request.holder) if row.answered_at is None and row.about == About.FACT}
    return presenters.open_questions(file, _interview(file), waiting)


def _names(file: File) -> dict[str, str]:
    return {} if file.desk is None else {one.item.slug: one.item.name for one in file.desk.programme.items}


def _value(row: Any, today: date) -> str:
    return presenters.value_said(row.code, row.value, today) if row.about == About.FACT and not row.words else ""


def _text(value: Any) -> str | None:
    """A value as the person table writes it."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)
