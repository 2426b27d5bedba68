"""The assessment of one's abilities: asking for one, when who comes, what it came to, objecting to it.

Who is not inside is told what it is, and asks to be rung. No address names anybody; see `mine.gate`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from songhe.assessment.api import Result, ask, course_of, object_to
from songhe.assessment.terms import AskedBy, AssessmentState, Purpose, Reason
from songhe.doors.portal.frame import shown
from songhe.doors.portal.knocking import knock
from songhe.doors.portal.mine.gate import MineRequest, holder_of, mine, show
from songhe.doors.portal.mine.visits import Holder, take_typed
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.views import public
from songhe.kernel.errors import BadInput, Conflict, Refused
from songhe.ui.words import said_error

_A_DAY, _WORDS = 5, 300
_ASK, _CHANGED = "assessment.ask", "changed"
_PURPOSES = (
    (Purpose.CARE_SUBSIDY, _("想申请养老服务补贴")), (Purpose.INSTITUTION, _("想住养老院")),
    (Purpose.HOME_CARE, _("想要家里的养老床位，或者请人上门照顾")),
    (Purpose.OWN_WISH, _("没有别的，就想知道自己怎么样")),
)  # fmt: skip
_MEANINGS = {
    0: _("吃饭、穿衣、走路这些事，自己都能做。"), 1: _("大部分事自己能做，少数要人提醒、搭把手。"),
    2: _("不少事要人帮着做。"), 3: _("多数事要人帮，要有人常在身边。"), 4: _("几乎所有的事都要人照料。"),
}  # fmt: skip
_WHERE = {
    AssessmentState.ASKED: _("申请交上去了，区里正在看。"),
    AssessmentState.ACCEPTED: _("区里受理了，正在派评估员。"),
    AssessmentState.ASSIGNED: _("评估员派好了，会打电话和您约时间。"),
    AssessmentState.APPOINTED: _("时间约好了，请在家里等。"),
    AssessmentState.SUBMITTED: _("评完了，正在审核，出了结果就在这里看。"),
}


class AskOwnForm(forms.Form):
    """What for, and what is otherwise than before."""

    purpose = forms.ChoiceField(label=_("评来做什么"), choices=_PURPOSES, error_messages={"required": _("还没有选")})
    changed = forms.BooleanField(label=_("最近出过院、摔过跤，或者突然不如以前了"), required=False)
    words = forms.CharField(
        label=_("还想说的（可以不写）"), required=False, max_length=_WORDS, widget=forms.Textarea({"rows": 3}),
        help_text=_("比如“上周出院，走路要人扶”。不写身份证号、银行卡号"),
    )  # fmt: skip


class ObjectForm(forms.Form):
    """Why the result is doubted."""

    words = forms.CharField(
        label=_("哪里和实际不一样"), max_length=_WORDS, widget=forms.Textarea({"rows": 5}),
        help_text=_("比如“写我能自己洗澡，其实要人帮”。不写身份证号、银行卡号"),
    )  # fmt: skip


def _or_told(inside: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @public
    @require_safe
    def asked(request: HttpRequest) -> HttpResponse:
        """What it is, for everybody; where one's own stands, for who is inside."""
        return shown(request, "assessment") if holder_of(request, timezone.now()) is None else inside(request)

    return asked


@_or_told
@mine
def portal_assessment(request: MineRequest) -> HttpResponse:
    """Where one's own stands."""
    course = course_of(request.person.pk, timezone.localdate())
    known = course.known
    context: dict[str, Any] = {
        "underway": [(one, _WHERE[AssessmentState(one.row.state)]) for one in course.underway],
        "known": known, "ended": course.ended,
        "meaning": _meaning(known.row) if known is not None else "",
    }  # fmt: skip
    return show(request, "assessment_own", context)


@require_http_methods(["GET", "HEAD", "POST"])
@mine
def portal_assessment_ask(request: MineRequest) -> HttpResponse:
    """What for; it goes to the district."""
    typed = take_typed(request.holder, request.path) if request.method != "POST" else {}
    form, status = AskOwnForm(request.POST if request.method == "POST" else None, initial=typed), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                _asked(request, form.cleaned_data)
                return redirect("portal-assessment")
            except (BadInput, Refused, Conflict) as error:
                form.add_error(None, said_error(error))
    given = form["purpose"].value() or ""
    return show(request, "assessment_ask", {"form": form, "given": str(given)}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@mine
def portal_assessment_object(request: MineRequest) -> HttpResponse:
    """Says what is otherwise than the result; others come and assess again."""
    known = course_of(request.person.pk, timezone.localdate()).known
    if known is None or not known.may_object:
        return redirect("portal-assessment")
    typed = take_typed(request.holder, request.path) if request.method != "POST" else {}
    form, status = ObjectForm(request.POST if request.method == "POST" else None, initial=typed), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                holder = request.holder
                knock(address=str(request.person.pk), what="mine object", limit=_A_DAY, today=timezone.localdate())
                words = form.cleaned_data["words"]
                object_to(actor=_acting(holder), result=known.row.pk, words=words, raised_by=_by(holder),
                          now=timezone.now())  # fmt: skip
                return redirect("portal-assessment")
            except (BadInput, Refused, Conflict) as error:
                form.add_error("words", said_error(error))
    return show(request, "assessment_object", {"form": form, "known": known}, status=status)


def _asked(request: MineRequest, given: dict[str, Any]) -> None:
    now = timezone.now()
    today, holder = timezone.localdate(now), request.holder
    knock(address=str(request.person.pk), what="mine assess", limit=_A_DAY, today=today)
    known = course_of(request.person.pk, today).known
    reason = Reason.IMMEDIATE if given[_CHANGED] else Reason.ROUTINE if known is not None else Reason.FIRST
    ask(
        actor=_acting(holder), person_id=request.person.pk, purpose=given["purpose"], reason=reason,
        asked_by=_by(holder), words=given["words"], now=now,
    )  # fmt: skip


def _meaning(row: Result) -> Any:
    """Of the levels of daily life; those of the care insurance are another matter."""
    return "" if row.level is None or row.scale.startswith("ltci") else _MEANINGS.get(row.level, "")


def _acting(holder: Holder) -> Actor:
    """Who is inside, with the one thing to be done."""
    return Actor.system(holder.actor.name, holder.coming.entrant.region, (_ASK,))


def _by(holder: Holder) -> str:
    return AskedBy.PROXY if holder.by_proxy else AskedBy.SELF
