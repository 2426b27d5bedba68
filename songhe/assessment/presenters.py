"""The list of assessments and one of them, ready for templates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from songhe.assessment import rights
from songhe.assessment.models import Assessment, Form, Result
from songhe.assessment.scales.definition import scale_of
from songhe.assessment.terms import AssessmentState
from songhe.foundation.places import place_names
from songhe.kernel.days import age_on
from songhe.ui import formats

WORDS = {
    rights.ACCEPT: gettext_lazy("受理"), rights.REFUSE: gettext_lazy("不受理"), rights.ASSIGN: gettext_lazy("派评估员"),
    rights.CALL_BACK: gettext_lazy("收回来重派"), rights.APPOINT: gettext_lazy("约上门时间"),
    rights.SEND_BACK: gettext_lazy("退回重填"), rights.CONFIRM: gettext_lazy("审核通过，出结果"),
    rights.WITHDRAW: gettext_lazy("撤回申请"), rights.END: gettext_lazy("没评成"),
}  # fmt: skip
DONE = {
    rights.ACCEPT: gettext_lazy("受理了，接着派评估员"), rights.REFUSE: gettext_lazy("没有受理，申请的人会看到原因"),
    rights.ASSIGN: gettext_lazy("派了，评估员会收到通知"), rights.CALL_BACK: gettext_lazy("收回了，可以重派"),
    rights.APPOINT: gettext_lazy("约好了"), rights.SEND_BACK: gettext_lazy("退回了，评估员会看到哪里要改"),
    rights.CONFIRM: gettext_lazy("出结果了，老人的判定跟着变"), rights.WITHDRAW: gettext_lazy("撤回了"),
    rights.END: gettext_lazy("记下了"),
}  # fmt: skip
_WAY = (
    AssessmentState.ASKED, AssessmentState.ACCEPTED, AssessmentState.ASSIGNED, AssessmentState.APPOINTED,
    AssessmentState.SUBMITTED, AssessmentState.CONFIRMED,
)  # fmt: skip
_STEP_WORDS = (
    gettext_lazy("申请"), gettext_lazy("受理"), gettext_lazy("派人"), gettext_lazy("约时间"),
    gettext_lazy("上门评"), gettext_lazy("出结果"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One assessment in the list."""

    url: str
    name: str
    age: int | None
    purpose: str
    reason: str
    state: str
    place: str
    when: str
    due: bool
    organisation: str
    row: Assessment


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way: done, current or still to do."""

    words: str
    state: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result in short."""

    level: str
    total: str
    last_day: date | None
    state: str


def rows_of(rows: Iterable[Assessment], today: date) -> list[Row]:
    """Rows of the list."""
    rows = list(rows)
    places = place_names(row.region_code for row in rows)
    return [
        Row(
            url=reverse("assessment", args=[row.pk]),
            name=row.person.name,
            age=age_on(row.person.birth_date, today) if row.person.birth_date else None,
            purpose=str(row.get_purpose_display()),
            reason=str(row.get_reason_display()),
            state=str(row.get_state_display()),
            place=places[row.region_code],
            when=when_of(row.due_date, today) if row.closed_at is None else "",
            due=row.closed_at is None and row.due_date < today,
            organisation=row.organisation.name if row.organisation else "",
            row=row,
        )
        for row in rows
    ]


def when_of(due: date, today: date) -> str:
    """Until when, as a page says it."""
    days = (due - today).days
    if days < 0:
        return _("过期{days}天").format(days=-days)
    return _("今天") if days == 0 else formats.day(due, today)


def steps_of(row: Assessment) -> list[Step]:
    """The way so far; an assessment that ended otherwise has only what was done."""
    state = AssessmentState(row.state)
    if state not in _WAY:
        return []
    at = _WAY.index(state)
    over = state == AssessmentState.CONFIRMED
    return [
        Step(str(words), "done" if place <= at or over else "current" if place == at + 1 else "todo")
        for place, words in enumerate(_STEP_WORDS)
    ]


def outcome_of(result: Result | None) -> Outcome | None:
    """A result in short."""
    if result is None:
        return None
    scale = scale_of(result.scale)
    level = scale.name_of(result.level) if result.level is not None else _("没有等级")
    total = f"{result.total}/{scale.most}" if result.total is not None else ""
    state = str(result.get_state_display())
    return Outcome(level, total, result.last_day, state)


def filled(form: Form, row: Assessment) -> tuple[int, int]:
    """How many of the items are answered, and how many there are."""
    items = scale_of(row.scale).items
    return sum(bool(form.answers.get(item.code)) for item in items), len(items)


def deed_buttons(deeds: Sequence[str]) -> list[tuple[str, str]]:
    """What can be done, with its words."""
    return [(deed, str(WORDS[deed])) for deed in deeds]
