"""A result, the list of results and an objection, ready for templates and for paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from songhe.assessment.models import AnswerChange, Form, Objection, Result
from songhe.assessment.presenters_form import basic_words, diagnosis_words, event_words
from songhe.assessment.scales.basics import fields
from songhe.assessment.scales.definition import CURRENT, HISTORY, Item, Scale, scale_of
from songhe.assessment.scales.scoring import GRADE_OF, shown_beside_current
from songhe.assessment.terms import ResultState
from songhe.foundation.places import place_names
from songhe.kernel.days import age_on
from songhe.ui.words import said

_YES = "有"
_MARKS = {
    ResultState.PROVISIONAL: "running", ResultState.FINAL: "yes", ResultState.REPLACED: "stale",
    ResultState.WITHDRAWN: "no",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PartLine:
    """Points of one part, as a bar; or its grade alone, where an old result says no more."""

    name: str
    points: int
    most: int | None
    is_grade: bool = False


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One item: what was found, in the words of the scale; `note` is what the assessors wrote beside it."""

    code: str
    name: str
    points: str
    says: str
    note: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One rule that held, what it did, and form A's evidence."""

    says: str
    does: str
    evidence: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One answer as it was and as it became."""

    what: str
    before: str
    after: str
    change: AnswerChange


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A result in a list. `over` says that its days are past though it stands."""

    url: str
    name: str
    age: int | None
    level: str
    total: str
    scale: str
    purpose: str
    source: str
    place: str
    state: str
    mark: str
    over: bool
    beside: str
    result: Result


def level_words(result: Result) -> str:
    """The level by name."""
    return said(scale_of(result.scale).name_of(result.level)) if result.level is not None else _("没有等级")


def total_words(result: Result) -> str:
    """The points of all that there are."""
    return f"{result.total}/{scale_of(result.scale).most}" if result.total is not None else ""


def scale_words(scale: Scale) -> str:
    """What a scale is called, and that it is not the one that decides."""
    return f"{said(scale.title)} {scale.standard}"


def beside_words(result: Result) -> str:
    """How an old level is read for the eye, and that nothing is converted; empty for the scale that decides."""
    scale = scale_of(result.scale)
    if scale.use == CURRENT:
        return ""
    read = shown_beside_current(scale, result.level) if scale.use == HISTORY and result.level is not None else ""
    if read:
        return _("旧标准，对着看大致是现行等级{read}，不能换算").format(read=said(read))
    return _("旧标准的结果，不能换算") if scale.use == HISTORY else _("长护险的量表，和能力评估各是各的，不能换算")


def parts_of(result: Result) -> list[PartLine]:
    """Points by part, or grades where only those are known, in the order of the scale."""
    lines = []
    for part in scale_of(result.scale).parts:
        graded = result.parts.get(GRADE_OF.format(part.code))
        if part.code in result.parts:
            lines.append(PartLine(said(part.name), result.parts[part.code], part.most))
        elif graded is not None:
            lines.append(PartLine(said(part.name), graded, None, is_grade=True))
    return lines


def level_by_points(result: Result) -> str:
    """The level that the points alone would give."""
    return "" if result.level_by_points is None else said(scale_of(result.scale).name_of(result.level_by_points))


def reasons_of(result: Result) -> list[ReasonLine]:
    """Every rule that held, in words, with what form A says for it."""
    scale, basics = scale_of(result.scale), _basics(result)
    lines = []
    for one in result.reasons:
        level = one.get("level")
        does = _("评为{level}").format(level=said(scale.name_of(level))) if level is not None else _("加重一级")
        lines.append(ReasonLine(said(one["says"]), does, _evidence(one["key"], basics)))
    return lines


def answers_of(result: Result) -> list[AnswerLine]:
    """The items with their meaning, in the order of the scale; nothing where only parts are known."""
    return [] if result.form is None else answers_in(result.form, scale_of(result.scale))


def answers_in(form: Form, scale: Scale) -> list[AnswerLine]:
    """The items of a form with the meaning of what was answered, in the order of the scale."""
    return [_answer(item, form.answers, form.notes, said(part.name)) for part in scale.parts for item in part.items]


def changes_of(result: Result, changes: Iterable[AnswerChange]) -> list[ChangeLine]:
    """Answers that were given anew, in words."""
    items = scale_of(result.scale).item_by_code
    return [
        ChangeLine(_field_words(one.field, items), _value_words(one.field, one.before, items),
                   _value_words(one.field, one.after, items), one)
        for one in changes
    ]  # fmt: skip


def result_lines(results: Iterable[Result], today: date) -> list[ResultLine]:
    """Rows of a list; the persons are there."""
    results = list(results)
    places = place_names({one.region_code for one in results})
    return [_line(one, places, today) for one in results]


def differing(first: Result, second: Result | None) -> list[tuple[AnswerLine, AnswerLine]]:
    """The items that two teams found otherwise, side by side; nothing where one has no items."""
    if second is None or first.scale != second.scale:
        return []
    pairs = zip(answers_of(first), answers_of(second), strict=False)
    return [(one, other) for one, other in pairs if (one.points, one.says) != (other.points, other.says)]


def objection_rows(objections: Iterable[Objection]) -> list[tuple[Objection, str, str]]:
    """Rows of the list of objections: the row, the level in doubt, the place."""
    objections = list(objections)
    places = place_names({one.region_code for one in objections})
    return [(one, level_words(one.result), places[one.region_code]) for one in objections]


def is_over(result: Result, today: date) -> bool:
    """Whether a standing result's days are past."""
    stands = result.state in (ResultState.PROVISIONAL, ResultState.FINAL)
    return stands and result.valid_until is not None and result.valid_until <= today


def _line(one: Result, places: Mapping[str, str], today: date) -> ResultLine:
    person, over = one.person, is_over(one, today)
    return ResultLine(
        url=reverse("result", args=[one.pk]),
        name=person.name,
        age=age_on(person.birth_date, today) if person.birth_date else None,
        level=level_words(one),
        total=total_words(one),
        scale=scale_of(one.scale).standard,
        purpose=str(one.get_purpose_display()),
        source=str(one.get_source_display()),
        place=places[one.region_code],
        state=_("过期了") if over else str(one.get_state_display()),
        mark="due" if over else _MARKS[ResultState(one.state)],
        over=over,
        beside=beside_words(one),
        result=one,
    )


def _basics(result: Result) -> Mapping[str, Any]:
    return {} if result.form is None else result.form.basics


def _evidence(key: str, basics: Mapping[str, Any]) -> str:
    if key == "coma":
        return _("表A：昏迷，有") if basics.get("coma") == _YES else _("B.3.9选的是昏迷") if basics else ""
    if key == "risk_events":
        return event_words(basics.get("risk_events", {}))
    return diagnosis_words(basics.get("diagnoses", {}), changing=True)


def _answer(item: Item, answers: Mapping[str, str], notes: Mapping[str, str], part: str) -> AnswerLine:
    given = str(answers.get(item.code, ""))
    option = next((one for one in item.options if one.code == given), None)
    if option is None and item.plain and given:
        option = next((one for one in item.options if str(one.points) == given), None)
    says = said(option.says) + (_("，{more}").format(more=said(option.more)) if option.more else "") if option else ""
    points = str(option.points) if option else "–"
    return AnswerLine(item.code, said(item.name), points, says, notes.get(item.code, ""), part)


def _field_words(field: str, items: Mapping[str, Item]) -> str:
    kind, _dot, rest = field.partition(".")
    if kind == "A":
        return said(fields()[rest]["name"]) if rest in fields() else rest
    if kind == "note":
        return _("{item}的备注").format(item=said(items[rest].name)) if rest in items else rest
    return f"{field} {said(items[field].name)}" if field in items else field


def _value_words(field: str, value: Any, items: Mapping[str, Item]) -> str:
    if value is None:
        return _("没有填")
    if field in items:
        line = _answer(items[field], {field: str(value)}, {}, "")
        return f"{line.points} {line.says}"
    kind, _dot, rest = field.partition(".")
    return basic_words(fields()[rest], value) if kind == "A" and rest in fields() else said(str(value))
