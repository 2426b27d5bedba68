"""The list in plain words: items by group, one item as a page, a question, the sheet at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from songhe.doors.portal.held import Held
from songhe.doors.portal.state import State
from songhe.doors.portal.steps import Step
from songhe.eligibility.asking import Asked, Interview
from songhe.eligibility.reason_sheet.model import Sheet
from songhe.eligibility.reason_sheet.result import given_words, paid_words, result_of
from songhe.eligibility.reason_sheet.words import day_words, document_words, place_words, value_words
from songhe.rules.audiences import AGE, EVERYONE, KINDS, Cohort
from songhe.rules.facts import PERSON_TABLE, Kind
from songhe.rules.programme import BoundItem
from songhe.rules.sentence import gift_of, sentence_of
from songhe.ui.formats import exact_day

UNCLEAR = "0"
_FEW = 5
_AGES = (60, 65, 70, 80)
_KIND_WORDS = {
    "poor": _("家里困难的"),
    "body": _("身体不好的"),
    "family": _("独居、留守、失独等"),
    "standing": _("参保、优抚、户口有要求的"),
}
# What is usually shown at the counter for each cohort; the list itself does not say.
_PAPERS = {
    "low-income": _("低保证或低收入家庭证明"),
    "destitute": _("特困人员供养证"),
    "disabled": _("残疾证"),
    "function-loss": _("能力评估报告"),
    "dementia": _("医院的诊断证明"),
    "family-planning": _("计划生育特殊家庭证明"),
    "entitled": _("优抚证件"),
    "insured": _("社保卡"),
    "rural": _("户口本"),
    "urban": _("户口本"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """A way to cut the list: what it is called, where its button leads, whether it is chosen."""

    key: str
    words: object
    chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One item in a list."""

    slug: str
    number: int
    name: str
    gift: str


@dataclass(frozen=True, slots=True)
class Section:
    """Items under a heading."""

    title: object
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One item as people read it. `by_itself` says that nobody has to apply for it."""

    line: Line
    who: str
    standard: str
    lead: str
    document: str
    by_itself: bool
    papers: tuple[object, ...]
    notes: tuple[str, ...]


def groups_of(held: Held, chosen: str) -> tuple[Group, ...]:
    """The ways to cut the list; the first is all of it."""
    ages = [(f"{AGE}{age}", gettext("{age}岁").format(age=age)) for age in _AGES]
    keys = [("", gettext("全部")), *ages, (EVERYONE, gettext("不分人群的")), *_KIND_WORDS.items()]
    return tuple(Group(key, words, key == chosen) for key, words in keys)


def sections_of(held: Held, chosen: str) -> tuple[Section, ...]:
    """All items, those for everybody first, or those of one group."""
    if chosen:
        title = next((group.words for group in groups_of(held, chosen) if group.chosen), "")
        return (Section(title, tuple(line_of(held, bound) for bound in held.of_group(chosen))),)
    parts = [(gettext("到了年纪都有的"), held.of_group(EVERYONE))]
    placed = {bound.item.slug for bound in parts[0][1]}
    for kind in KINDS:
        bounds = tuple(bound for bound in held.of_group(kind) if bound.item.slug not in placed)
        placed |= {bound.item.slug for bound in bounds}
        parts.append((str(_KIND_WORDS[kind]), bounds))
    return tuple(Section(title, tuple(line_of(held, one) for one in bounds)) for title, bounds in parts if bounds)


def group_keys(held: Held) -> set[str]:
    """What can be asked for."""
    return {group.key for group in groups_of(held, "")}


def line_of(held: Held, bound: BoundItem) -> Line:
    """One item in a list."""
    return Line(bound.item.slug, bound.item.number, bound.item.name, gift_of(bound, held.programme.pack))


def page_of(held: Held, bound: BoundItem) -> ItemPage:
    """One item as a page."""
    item, cohorts = bound.item, held.audiences[bound.item.slug].cohorts
    place = place_words(item.clause)
    return ItemPage(
        line=line_of(held, bound),
        who=sentence_of(bound, held.programme.pack, held.names),
        standard=item.standard,
        lead="、".join(item.lead),
        document=f"{document_words(item.clause, held.documents)}{place}",
        by_itself=not item.applied_for,
        papers=_papers(cohorts),
        notes=item.notes,
    )


# The interview


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that can be ticked; `typed` is what the form sends."""

    typed: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """A question as a page. `day` holds year, month and day for a date, None for what is ticked."""

    fact: str
    number: int
    words: str
    help: str
    choices: tuple[Choice, ...]
    unclear: bool
    day: tuple[str, str, str] | None
    items: tuple[str, ...]
    settled: int
    total: int
    entitled: tuple[str, ...]
    entitled_more: int


def question_of(held: Held, state: State, step: Step, asked: Asked) -> QuestionPage:
    """The question with what is settled already."""
    known, earlier = state.earlier(asked.fact)
    is_date = PERSON_TABLE[asked.fact].kind is Kind.DATE
    names = {bound.item.number: bound.item.name for bound in held.items}
    day = (str(earlier.year), str(earlier.month), str(earlier.day)) if is_date and earlier else ("", "", "")
    return QuestionPage(
        fact=asked.fact,
        number=len(state.answers) + 1,
        words=asked.words,
        help=gettext("照身份证写，公历") if is_date else "",
        choices=tuple(
            Choice(str(number), choice.words, known and choice.value == earlier)
            for number, choice in enumerate(asked.choices, 1)
        ),
        unclear=known and earlier is None,
        day=day if is_date else None,
        items=tuple(names[number] for number in asked.items),
        settled=step.settled,
        total=len(held.items),
        entitled=step.entitled[:_FEW],
        entitled_more=max(0, len(step.entitled) - _FEW),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One item on the sheet: what one gets or what is still to be found out, and where to go."""

    slug: str
    name: str
    words: str
    where: str
    papers: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class ResultPage:
    """The sheet at the end."""

    day: str
    entitled: int
    to_apply: tuple[Row, ...]
    by_itself: tuple[Row, ...]
    to_find_out: tuple[Row, ...]
    later: tuple[Row, ...]
    unset: tuple[Row, ...]
    no: tuple[str, ...]
    total: str
    answers: tuple[tuple[str, str], ...]
    documents: str


def result_page_of(held: Held, interview: Interview) -> ResultPage:
    """What the answers come to."""
    dossier = held.desk.dossier("", interview.facts)
    result = result_of(dossier)
    entitled = (*result.money, *result.services)
    applied = {bound.item.slug for bound in held.items if bound.item.applied_for}

    def rows(sheets: Iterable[Sheet], words: str = "") -> tuple[Row, ...]:
        return tuple(_row(held, sheet, words, interview.facts) for sheet in sheets)

    return ResultPage(
        day=exact_day(held.on),
        entitled=len(entitled),
        to_apply=rows(sheet for sheet in entitled if sheet.slug in applied),
        by_itself=rows(sheet for sheet in entitled if sheet.slug not in applied),
        to_find_out=rows(result.to_find_out, "open"),
        later=rows(result.later, "later"),
        unset=rows(result.unset, "gap"),
        no=tuple(sheet.name for sheet in result.no),
        total=result.total,
        answers=tuple((PERSON_TABLE[fact].question, _said(held, fact, value)) for fact, value in interview.answers),
        documents="、".join(dict.fromkeys(sheet.basis.document for sheet in dossier.sheets)),
    )


def _row(held: Held, sheet: Sheet, words: str, facts: Mapping[str, object]) -> Row:
    """One item; to bring is what proves that one belongs to a cohort, of those one said to belong to."""
    cohorts = [one for one in held.audiences[sheet.slug].cohorts if _belongs(one, facts)]
    return Row(sheet.slug, sheet.name, _words_of(sheet, words), "、".join(sheet.basis.lead), _papers(cohorts))


def _belongs(cohort: Cohort, facts: Mapping[str, object]) -> bool:
    return any(facts.get(fact) in members for fact, members in cohort.marks.items())


def _papers(cohorts: Iterable[Cohort]) -> tuple[object, ...]:
    return tuple(dict.fromkeys(_PAPERS[cohort.key] for cohort in cohorts if cohort.key in _PAPERS))


def _words_of(sheet: Sheet, words: str) -> str:
    if words == "open":
        return _open_words(sheet)
    if words:
        return sheet.waiting if words == "later" else sheet.gap
    return paid_words(sheet) if sheet.amounts else given_words(sheet)


def _open_words(sheet: Sheet) -> str:
    asked = sheet.inquiry.question if sheet.inquiry is not None else f"{sheet.gap}。"
    return f"{asked}可享的话，{sheet.gift}。"


def _said(held: Held, fact: str, value: object) -> str:
    if value is None:
        return gettext("不清楚")
    if PERSON_TABLE[fact].kind is Kind.DATE:
        return day_words(value)  # type: ignore[arg-type]
    return value_words(fact, value, held.on, held.names)
