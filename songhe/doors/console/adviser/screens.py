"""The screen of an adviser at a counter or on the telephone: find or describe somebody, ask, tell, note, hand over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from songhe.doors.console.adviser import conversation as kept
from songhe.doors.console.adviser import presenters
from songhe.doors.console.adviser.conversation import Conversation, value_text
from songhe.doors.portal.places import Places
from songhe.eligibility.asking import Interview
from songhe.eligibility.decisions.api import (
    Course,
    Talk,
    advice_desk,
    answer_in_talk,
    course_of,
    file_now,
    note_talk,
    person_of,
    settled_by_word,
    talks_by_month,
    waiting_talks,
)
from songhe.eligibility.decisions.permissions import ADVISE
from songhe.eligibility.decisions.terms import Channel
from songhe.eligibility.reason_sheet.overview import QuickDesk
from songhe.eligibility.typed_answers import read_answer
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.kernel.keys import key_read
from songhe.kernel.told import told
from songhe.people.api import find_people
from songhe.regions.api import place_of
from songhe.rules.facts import PERSON_TABLE
from songhe.ui.words import said, said_error

_LONGEST_SEARCH, _LONGEST_ANSWER, _LONGEST_WORDS, _MOST_ITEMS = 80, 60, 2000, 63
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Heard:
    """The conversation with all it stands on; `desk` is None where no list holds."""

    conversation: Conversation
    person: Any
    desk: QuickDesk | None
    interview: Interview | None
    course: Course | None
    region: str


@require_http_methods(["GET", "HEAD", "POST"])
@needs(ADVISE)
def adviser(request: ActingRequest) -> HttpResponse:
    """Where a talk begins: with a search, with a person, or with nobody on file."""
    actor, today = request.actor, timezone.localdate()
    context: dict[str, Any] = {"find": ""}
    if request.method == "POST":
        do, key = request.POST.get("do", ""), key_read(request.POST.get("person", ""))
        if do == "begin":
            return _begun(request, None)
        if do == "person" and key is not None:
            return _begun(request, key)
        if actor.may("people.read"):
            text = request.POST.get("find", "")[:_LONGEST_SEARCH]
            found = find_people(actor, text)
            if found.only is not None:
                return _begun(request, found.only)
            context = {"find": text, "found": found, "problem": said(found.problem)}
            context["candidates"] = presenters.candidates(found.ids, today)
    context |= {
        "may_find": actor.may("people.read"),
        "months": talks_by_month(actor, today)[:3],
        "waiting": waiting_talks(actor),
        "going_on": [(one.key, _with(request, one)) for one in kept.going_on(request.session)],
    }
    return render(request, "console/adviser/start.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(ADVISE)
@answered_once
def adviser_talk(request: ActingRequest, key: UUID) -> HttpResponse:
    """The talk itself; by POST a question is answered, taken back, or the talk is noted or dropped."""
    heard = _heard(request, key)
    if heard is None:
        return _gone(request)
    if request.method != "POST":
        return _shown(request, heard)
    try:
        return _done(request, heard)
    except BadInput as error:
        return _shown(request, heard, error)
    except (Conflict, Refused, NotFound) as error:
        messages.error(request, said_error(error))
        return redirect("adviser-talk", key)


@require_safe
@needs(ADVISE)
def adviser_sheet(request: ActingRequest, key: UUID) -> HttpResponse:
    """What was found, on paper, in plain words."""
    heard = _heard(request, key)
    if heard is None:
        return _gone(request)
    return render(request, "console/adviser/sheet.html", _context(request, heard))


def _begun(request: ActingRequest, person: UUID | None) -> HttpResponse:
    if person is not None:
        try:
            person_of(request.actor, person)
        except NotFound as error:
            messages.error(request, said_error(error))
            return redirect("adviser")
    return redirect("adviser-talk", kept.begin(request.session, person).key)


def _gone(request: ActingRequest) -> HttpResponse:
    messages.info(request, _("这次咨询已经结束，记下的在“谈过的”里"))
    return redirect("adviser")


def _heard(request: ActingRequest, key: UUID) -> Heard | None:
    conversation, today = kept.recall(request.session, key), timezone.localdate()
    if conversation is None:
        return None
    if conversation.person is None:
        region = str(dict(conversation.answers).get("residence_region") or "")
        region = region if region.isdigit() and request.actor.covers(region.ljust(_DIGITS, "0")) else ""
        desk = advice_desk(region or request.actor.region, today)
        return _interviewed(conversation, None, desk, {}, None, region or request.actor.region)
    try:
        file = file_now(person_of(request.actor, conversation.person), today)
    except NotFound:
        kept.forget(request.session, key)
        return None
    course = course_of(file.person)
    return _interviewed(conversation, file.person, file.desk, file.facts or {}, course, file.person.region_code)


def _interviewed(
    conversation: Conversation, person: Any, desk: QuickDesk | None, facts: Any, course: Course | None, region: str
) -> Heard:
    interview = None
    if desk is not None:
        places = Places(desk.programme.on)
        interview = Interview(desk.programme, known=facts, answers=conversation.answers, divisions=places)
    return Heard(conversation, person, desk, interview, course, region)


def _done(request: ActingRequest, heard: Heard) -> HttpResponse:
    conversation, do = heard.conversation, request.POST.get("do", "")
    if do == "note":
        return _noted(request, heard)
    if do == "drop":
        kept.forget(request.session, conversation.key)
        messages.success(request, _("没有记下，这次咨询结束了"))
        return redirect("adviser")
    after = conversation.back() if do == "back" else _answered(request, heard)
    kept.save(request.session, after)
    return redirect("adviser-talk", conversation.key)


def _answered(request: ActingRequest, heard: Heard) -> Conversation:
    """With the answer, which goes into the file too when it is to be kept."""
    conversation, interview, fact = heard.conversation, heard.interview, request.POST.get("fact", "")
    if interview is None or fact not in PERSON_TABLE:
        raise BadInput("回答", "没有这个问题")
    today, now = timezone.localdate(), timezone.now()
    typed = (request.POST.get("choice") or request.POST.get("typed", ""))[:_LONGEST_ANSWER]
    if not typed.strip():
        raise BadInput("回答", "没有写", accepted="写号或写字；不清楚就写0")
    value = read_answer(interview.asked(fact), typed, today, interview.divisions)
    keeps = request.POST.get("keep") == "1" and value is not None and settled_by_word(fact)
    if keeps and conversation.person is not None and heard.desk is not None:
        moved = answer_in_talk(
            actor=request.actor, person=conversation.person, fact=fact, value=value_text(value), today=today, now=now
        )
        items = {bound.item.slug: bound.item for bound in heard.desk.programme.items}
        label, words = said(PERSON_TABLE[fact].label), presenters.changes_words(moved, items)
        messages.success(request, _("{fact}记进了档案：{words}").format(fact=label, words=words))
        return conversation.answered(fact, value, told=True)
    return conversation.answered(fact, value)


def _noted(request: ActingRequest, heard: Heard) -> HttpResponse:
    given, conversation = request.POST, heard.conversation
    talk = Talk(
        key=conversation.key, person=conversation.person, channel=given.get("channel", ""),
        words=given.get("words", "")[:_LONGEST_WORDS], items=given.getlist("item")[:_MOST_ITEMS],
        answers=conversation.said, contact=given.get("contact", "")[:_LONGEST_WORDS], region=heard.region,
        hand_to=given.get("hand_to", "")[:_DIGITS] or _place_said(request),
    )  # fmt: skip
    row = note_talk(actor=request.actor, talk=talk, today=timezone.localdate(), now=timezone.now())
    kept.forget(request.session, conversation.key)
    place = place_of(row.handed_to, timezone.localdate()) if row.handed_to else ""
    words = _("记下了，交给{place}跟进").format(place=place) if place else _("记下了")
    messages.success(request, words)
    return redirect("advice-talk", row.pk)


def _place_said(request: ActingRequest) -> str:
    """The division that was written in words, for who lives where nobody has asked; "" for nothing written."""
    words = "".join(request.POST.get("place", "")[:_LONGEST_ANSWER].split())
    if not words:
        return ""
    places = Places(timezone.localdate())
    found = [(code, name) for code, name in places.named(words) if request.actor.covers(code.ljust(_DIGITS, "0"))]
    if not found:
        raise BadInput("交给谁跟进", "您管的地方里没有这个地名", accepted="街道、社区的全名，如吴都社区")
    if len(found) > 1:
        accepted = "、".join(name for _code, name in found)
        raise BadInput("交给谁跟进", told("这个地名有{count}处", count=len(found)), accepted=accepted)
    return found[0][0].ljust(_DIGITS, "0")


def _shown(request: ActingRequest, heard: Heard, error: BadInput | None = None) -> HttpResponse:
    context = _context(request, heard)
    noting = request.POST.get("do") == "note"
    words = said_error(error) if error else ""
    context |= {
        "given": request.POST if error and noting else {"channel": Channel.PHONE},
        "given_items": request.POST.getlist("item") if noting else [],
        "typed": request.POST.get("typed", "") if error and not noting else "",
        "question_error": "" if noting else words,
        "note_error": words if noting else "",
        "channels": Channel.choices,
        "hand_to": presenters.hand_over_choices(request.actor, heard.region, timezone.localdate()),
    }
    return render(request, "console/adviser/talk.html", context, status=422 if error else 200)


def _context(request: ActingRequest, heard: Heard) -> dict[str, Any]:
    actor, today, conversation = request.actor, timezone.localdate(), heard.conversation
    advice = None
    if heard.desk is not None and heard.interview is not None:
        advice = presenters.advice_of(
            heard.desk, heard.interview, heard.course, conversation, actor, today, ask=_chosen(request)
        )
    person = heard.person
    return {
        "conversation": conversation,
        "person": person,
        "about": presenters.about_words(person, today) if person else "",
        "identity": presenters.tail_words(person) if person else "",
        "place": place_of(heard.region.ljust(_DIGITS, "0"), today) if heard.region else "",
        "place_known": presenters.place_known(heard.region),
        "desks": presenters.desk_words(heard.region, today) if presenters.place_known(heard.region) else [],
        "advice": advice,
        "lags": heard.course is not None and heard.course.standing is None,
        "may_see": actor.may("people.read"),
    }


def _chosen(request: ActingRequest) -> str:
    """The fact that is to be asked for: chosen in the address, or just answered in a way that could not be read."""
    return (request.POST.get("fact") or request.GET.get("ask", ""))[:_LONGEST_ANSWER]


def _with(request: ActingRequest, conversation: Conversation) -> str:
    """Whom a conversation that is going on is with."""
    if conversation.person is None:
        return _("没有档案的人，答了{number}项").format(number=len(conversation.answers))
    try:
        return str(person_of(request.actor, conversation.person).name)
    except NotFound:
        return _("别处的老人")
