"""What can I have: one question a page, the sheet at the end. Nothing of it is kept here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from songhe.doors.portal import state as states
from songhe.doors.portal.choosing import chosen
from songhe.doors.portal.frame import shown
from songhe.doors.portal.held import Held
from songhe.doors.portal.places import Places
from songhe.doors.portal.presenters import UNCLEAR, question_of, result_page_of
from songhe.doors.portal.presenters_lists import whose_words
from songhe.doors.portal.state import State
from songhe.doors.portal.steps import step_of
from songhe.eligibility.typed_answers import read_answer
from songhe.foundation.access.views import public
from songhe.kernel.errors import BadInput
from songhe.rules.facts import PERSON_TABLE, Kind


@public
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The question that settles most; an answer leads to the next, the last one to the sheet."""
    of, now = chosen(request, timezone.localdate()), timezone.now()
    if of is None:
        return shown(request, "no_list")
    if of.must_ask:
        return redirect(f"{reverse('portal-place')}?next=ask")
    found = of.held
    state = states.read(request, found, now)
    if request.method != "POST":
        return _question(request, found, state)
    deed = request.POST.get("do", "")
    if deed == "again":
        state = State(str(found.release))
    elif deed == "back":
        state = state.back()
    else:
        try:
            state = _answered(request, found, state)
        except BadInput as error:
            return _question(request, found, state, error)
    response = _onwards(found, state)
    states.write(response, state, now)
    return response


@public
@require_safe
def result(request: HttpRequest) -> HttpResponse:
    """The sheet, from the answers given so far."""
    of = chosen(request, timezone.localdate())
    if of is None:
        return shown(request, "no_list")
    found = of.held
    state = states.read(request, found, timezone.now())
    if not state.answers:
        return redirect("portal-ask")
    interview = state.interview(found)
    context = {"held": found, "of": of, "whose": whose_words(of), "sheet": result_page_of(found, interview)}
    return shown(request, "result", context)


def _onwards(found: Held, state: State) -> HttpResponseRedirect:
    more = step_of(found, state).asked is not None
    return redirect("portal-ask" if more else "portal-result")


def _question(request: HttpRequest, found: Held, state: State, error: BadInput | None = None) -> HttpResponse:
    step = step_of(found, state)
    if step.asked is None:
        return redirect("portal-result")
    page = question_of(found, state, step, step.asked)
    given = {name: request.POST.get(name, "") for name in ("year", "month", "day")} if error else {}
    context = {"held": found, "page": page, "error": error, "given": given}
    return shown(request, "question", context, status=422 if error else 200)


def _answered(request: HttpRequest, found: Held, state: State) -> State:
    """The state with the answer of the form; as it was when that answers another question than the one put."""
    asked = step_of(found, state).asked
    if asked is None or request.POST.get("fact", "") != asked.fact:
        return state
    if request.POST.get("do", "") == "unclear":
        return state.answered(asked.fact, None)
    if PERSON_TABLE[asked.fact].kind is Kind.DATE:
        typed = "-".join(request.POST.get(name, "").strip() for name in ("year", "month", "day"))
    else:
        typed = request.POST.get("answer", "")
    if not typed.strip("-"):
        raise BadInput("回答", "还没有选", accepted="选一个，不清楚就选不清楚")
    if typed == UNCLEAR:
        return state.answered(asked.fact, None)
    return state.answered(asked.fact, read_answer(asked, typed, found.on, Places(found.on)))
