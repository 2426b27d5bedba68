"""One's own file and decisions in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812

from songhe.doors.portal.places import name_of
from songhe.eligibility.asking import Interview
from songhe.eligibility.decisions.api import Course, File
from songhe.eligibility.reason_sheet.model import Branch, Dossier, Sheet
from songhe.eligibility.reason_sheet.result import given_words, paid_words, result_of
from songhe.kernel.errors import NotFound
from songhe.regions.api import place_of
from songhe.rules.facts import PERSON_TABLE, Kind
from songhe.ui import formats

RECEIVED, PAUSED, TO_APPLY, FREE = N_("您在享的"), N_("暂停的"), N_("可享，要去办的"), N_("带身份证就能用的")
ASK, LATER, UNSET, NO = N_("还差一样，弄清就能定的"), N_("到日子就可享的"), N_("等清单定数的"), N_("现在不可享的")
GROUPS = (RECEIVED, PAUSED, TO_APPLY, FREE, ASK, LATER, UNSET, NO)
_VERDICTS = {"y": N_("可享"), "n": N_("不可享"), "u": N_("还没定"), "": N_("还没定")}
_ALIVE = "在世"
_KINDS = {True: "yes", False: "no", None: "unknown"}


@dataclass(frozen=True, slots=True)
class FileLine:
    """One thing in the file: what, the value, who told it and when; `fact` names it when it can be objected to."""

    label: str
    value: str
    source: str
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One item: what it is to her in a sentence, where to go; `ask` is the fact that settles it."""

    slug: str
    name: str
    words: str
    where: str
    ask: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one item is as it is."""

    sheet: Sheet
    group: str
    words: str
    conditions: Sequence[tuple[str, str, str]]
    state: str
    where: str
    ask: str


@dataclass(frozen=True, slots=True)
class Open:
    """A question that she can answer: its words, and how many items hang on it."""

    fact: str
    words: str
    items: int


def about_lines(person: Any, today: date) -> list[FileLine]:
    """Who the file is about; numbers by their last four."""
    born = formats.exact_day(person.birth_date) if person.birth_date else ""
    sex = str(person.get_sex_display()) if person.sex else ""
    pairs = (
        ("", _("姓名"), person.name), ("sex", _("性别"), sex), ("birth_date", _("出生日期"), born),
        ("", _("身份证号"), _tail(person.identity_tail)), ("", _("电话"), _tail(person.phone_tail)),
        ("registered_region", _("户口在"), _place(person.registered_region, today)),
        ("residence_region", _("住在"), person.address or _place(person.living_region, today)),
    )  # fmt: skip
    return [FileLine(label, value or _("没有登记"), "", fact) for fact, label, value in pairs]


def fact_lines(file: File) -> tuple[list[FileLine], list[FileLine]]:
    """What departments told of her, and what nobody has told or was told too long ago."""
    told, untold = [], []
    for name, known in file.told.items():
        label = _(known.fact.label)
        if known.said is not None:
            told.append(FileLine(label, _(known.said.words), _source(known.said), name))
        elif known.stale is not None:
            old = _("太久了：{said}，那时是{value}").format(said=_source(known.stale), value=_(known.stale.words))
            untold.append(FileLine(label, _("不知道"), old, name))
        else:
            untold.append(FileLine(label, _("不知道"), _("没有人说过"), name))
    return told, untold


def groups_of(file: File, course: Course, today: date) -> list[tuple[str, list[Item]]]:
    """All items of the list, each in the first group it belongs to."""
    dossier = _dossier(file)
    found: dict[str, list[Item]] = {}
    for sheet, group in _grouped(file, course, dossier):
        words = _state(sheet, course, today) or _words(sheet, group)
        found.setdefault(group, []).append(Item(sheet.slug, sheet.name, words, _where(sheet), _ask(sheet)))
    return [(_(group), found[group]) for group in GROUPS if group in found]


def total_of(file: File) -> str:
    """What is paid a month of all that is decided."""
    return result_of(_dossier(file)).total


def reason_of(file: File, course: Course, slug: str, today: date) -> Reason | None:
    """Why one item is as it is; None when the list has none of that name."""
    for sheet, group in _grouped(file, course, _dossier(file)):
        if sheet.slug == slug:
            conditions = [row for row in _conditions(sheet.tree) if row[0] != _ALIVE]
            state = _state(sheet, course, today)
            return Reason(sheet, _(group), _words(sheet, group), conditions, state, _where(sheet), _ask(sheet))
    return None


def open_questions(file: File, interview: Interview, asked: set[str]) -> list[Open]:
    """What she can be asked, what most hangs on first; what the community was asked to find out is left out."""
    found: dict[str, int] = {}
    for sheet in result_of(_dossier(file)).to_find_out:
        fact = _ask(sheet)
        if fact and fact not in asked:
            found[fact] = found.get(fact, 0) + 1
    ordered = sorted(found.items(), key=lambda pair: -pair[1])
    return [Open(fact, interview.asked(fact).words, number) for fact, number in ordered]


def moved_words(moved: Sequence[tuple[str, str, str]], file: File) -> list[str]:
    """What an answer changed: 高龄津贴：还没定，现在可享."""
    names = {} if file.desk is None else {one.item.slug: one.item.name for one in file.desk.programme.items}
    return [
        _("{name}：原来{before}，现在{after}").format(
            name=names[slug], before=_(_VERDICTS[before]), after=_(_VERDICTS[after])
        )
        for slug, before, after in moved
        if slug in names
    ]


def value_said(fact: str, value: str, today: date) -> str:
    """A value told as text, in words."""
    described = PERSON_TABLE[fact]
    if not value:
        return _("不清楚")
    if described.kind is Kind.REGION:
        return place_of(value.ljust(12, "0"), today) or name_of(value, today)
    if described.kind is Kind.DATE:
        return formats.exact_day(date.fromisoformat(value))
    typed: Any = value == "true" if described.kind is Kind.BOOL else int(value) if value.isdigit() else value
    return _(described.say(typed))


def about_words(about: str, code: str, names: Mapping[str, str]) -> str:
    """What somebody spoke of: the fact, the item, or nothing in particular."""
    if about == "fact" and code in PERSON_TABLE:
        return _(PERSON_TABLE[code].label)
    return names.get(code, _("别的"))


def _dossier(file: File) -> Dossier:
    if file.desk is None or file.facts is None:
        raise NotFound("施行的清单")
    return file.desk.dossier("", file.facts)


def _grouped(file: File, course: Course, dossier: Dossier) -> Iterator[tuple[Sheet, str]]:
    result = result_of(dossier)
    kind = {one.slug: ASK for one in result.to_find_out} | {one.slug: UNSET for one in result.unset}
    kind |= {one.slug: LATER for one in result.later}
    applied = {one.item.slug for one in file.desk.programme.items if one.item.applied_for} if file.desk else set()
    for sheet in dossier.sheets:
        if sheet.slug in course.pauses:
            yield sheet, PAUSED
        elif sheet.slug in course.receipts:
            yield sheet, RECEIVED
        elif sheet.answer:
            yield sheet, TO_APPLY if sheet.slug in applied else FREE
        else:
            yield sheet, kind.get(sheet.slug, NO)


def _words(sheet: Sheet, group: str) -> str:
    if sheet.answer:
        return paid_words(sheet) if sheet.amounts else given_words(sheet)
    if group == ASK and sheet.inquiry is not None:
        return _("{question}可享的话，{gift}。").format(question=sheet.inquiry.question, gift=sheet.gift)
    return sheet.waiting if group == LATER else sheet.gap or sheet.sentence


def _state(sheet: Sheet, course: Course, today: date) -> str:
    """What is the case besides the rules: paused, or received since when."""
    pause, receipt = course.pauses.get(sheet.slug), course.receipts.get(sheet.slug)
    if pause is not None:
        day = formats.day(pause.from_date, today)
        return _("{day}起暂停：{reason}").format(day=day, reason=pause.reason)
    if receipt is None:
        return ""
    since = _("{day}起在享。").format(day=formats.day(receipt.from_date, today))
    if sheet.answer is False:
        return since + _("照现在的情况不再可享：{gap}").format(gap=sheet.gap)
    return since + (_words(sheet, RECEIVED) if sheet.answer else "")


def _where(sheet: Sheet) -> str:
    return _("、").join(sheet.basis.lead)


def _ask(sheet: Sheet) -> str:
    if sheet.inquiry is None or sheet.answer is not None:
        return ""
    return next((name for name, fact in PERSON_TABLE.items() if fact.label == sheet.inquiry.label), "")


def _conditions(branch: Branch) -> Iterator[tuple[str, str, str]]:
    """What each condition asks, what the file says, its answer; before those that go together, how they do."""
    if not branch.children:
        yield branch.words, branch.value, _KINDS[branch.answer]
    elif branch.words:
        yield branch.words, "", "together"
    for child in branch.children:
        yield from _conditions(child)


def _source(said: Any) -> str:
    return _("{source}，{day}").format(source=said.source, day=formats.exact_day(said.telling.as_of))


def _tail(tail: str) -> str:
    return _("末四位{tail}").format(tail=tail) if tail else ""


def _place(code: str, today: date) -> str:
    return place_of(code, today) if code else ""
