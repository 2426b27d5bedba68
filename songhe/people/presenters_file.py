"""One person's file in words: the head, the time line, the household, whom to turn to, places lived in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812

from songhe.kernel.days import age_on
from songhe.people.models import Contact, LifeEvent, Person, Residence
from songhe.people.presenters import STANDING_WORDS, sheet_of, situations
from songhe.people.presenters_facts import holds_nothing, say_value
from songhe.people.queries.file import Occurrence
from songhe.people.terms import LifeEventKind, Part, Place, Relation, Sex, Source, Standing
from songhe.ui import formats

MOST_TAGS = 4
_MOST_TOLD = 2
_FIELDS = {
    "name": N_("姓名"), "birth_date": N_("出生日期"), "sex": N_("性别"), "identity": N_("身份证号"),
    "phone": N_("电话"), "address": N_("住址"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """Who it is: what stands above every page of the file."""

    id: UUID
    name: str
    sex: str
    age: int | None
    tags: Sequence[tuple[str, str]]
    birth: str
    tail: str
    phone_tail: str
    where: str
    standing: str
    merged_url: str


@dataclass(frozen=True, slots=True)
class EventLine:
    """One line of the time line."""

    when: str
    exact: str
    what: str
    who: str
    reason: str
    undone: bool
    undo_url: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody under the same roof."""

    name: str
    url: str
    relation: str
    age: int | None
    tags: Sequence[str]
    dead: bool
    self: bool


@dataclass(frozen=True, slots=True)
class ContactLine:
    """Somebody to turn to."""

    id: UUID
    part: str
    relation: str
    name: str
    phone_tail: str
    days: str
    document: str


def head_of(person: Person, places: Mapping[str, str], today: date) -> Head:
    """The head. A death or a move out comes first among the tags."""
    closed = person.standing == Standing.MERGED and person.merged_into_id is None
    word = _("登记已撤回") if closed else _(STANDING_WORDS[Standing(person.standing)])
    tags = [("due" if person.standing == Standing.DEAD else "ochre", word)]
    shown = ([] if person.standing == Standing.PRESENT else tags) + [
        ("plain", word) for word in situations(sheet_of(person))
    ]
    community = places.get(person.living_region or person.region_code, "")
    where = _where(community, person.address)
    return Head(
        person.pk, person.name, str(Sex(person.sex).label) if person.sex else "", age_of(person, today),
        shown[:MOST_TAGS],
        formats.exact_day(person.birth_date) if person.birth_date else _("不知道"),
        person.identity_tail, person.phone_tail, where, person.standing,
        reverse("person", args=[person.merged_into_id]) if person.merged_into_id else "",
    )  # fmt: skip


def age_of(person: Person, today: date) -> int | None:
    """Full years today, or at death."""
    return None if person.birth_date is None else age_on(person.birth_date, person.death_date or today)


def event_lines(found: Iterable[Occurrence], places: Mapping[str, str], today: date) -> list[EventLine]:
    """The time line in words."""
    lines = []
    for one in found:
        exact = formats.exact_moment(timezone.localtime(one.at))
        if one.event is not None:
            what, who, reason = event_words(one.event, places), one.event.recorder or _("松鹤"), one.event.reason
        else:
            what = telling_words(one)
            who, reason = str(Source(one.source).label), ""
        lines.append(EventLine(formats.day(one.on_date, today), exact, what, who, reason, one.undone))
    return lines


def telling_words(told: Occurrence) -> str:
    """What a source told at one moment: what holds by name, the rest as a number."""
    source = str(Source(told.source).label)
    holding = [row for row in told.tellings if not holds_nothing(row.value)]
    words = [say_value(row.fact, row.value) for row in holding[:_MOST_TOLD]]
    more = len(told.tellings) - len(words)
    if not words:
        return _("{source}报来{more}项").format(source=source, more=more)
    return _("{source}：{words}").format(source=source, words=_("、").join(words)) + (
        _("，另{more}项").format(more=more) if more else ""
    )


def event_words(event: LifeEvent, places: Mapping[str, str]) -> str:
    """One life event in a few words."""
    kind = LifeEventKind(event.kind)
    detail: Mapping[str, Any] = event.detail
    if kind == LifeEventKind.CORRECTED:
        fields = _("、").join(_(_FIELDS.get(name, name)) for name in detail.get("fields", ()))
        return _("更正：{fields}").format(fields=fields) if fields else _("登记撤回")  # by a list that was taken back
    if kind in (LifeEventKind.MOVED_IN, LifeEventKind.MOVED_OUT, LifeEventKind.TRANSFERRED) and detail.get("to"):
        words = _("户籍{kind}：{to}") if detail.get("place") == Place.REGISTERED else _("{kind}：{to}")
        return words.format(kind=kind.label, to=places.get(detail["to"], detail["to"]))
    return str(kind.label)


def places_named(occurrences: Iterable[Occurrence]) -> set[str]:
    """The codes that a time line speaks of."""
    return {one.event.detail.get("to", "") for one in occurrences if one.event is not None} - {""}


def member_lines(members: Iterable[Person], person: Person | None, today: date) -> list[Member]:
    """The household."""
    return [
        Member(
            one.name, reverse("person", args=[one.pk]),
            str(Relation(one.household_relation).label) if one.household_relation else _("没有填"),
            age_of(one, today), situations(sheet_of(one))[:3], one.standing == Standing.DEAD,
            person is not None and one.pk == person.pk,
        )
        for one in members
    ]  # fmt: skip


def contact_lines(contacts: Iterable[Contact], today: date) -> list[ContactLine]:
    """Whom one can turn to."""
    return [
        ContactLine(
            one.pk, str(Part(one.part).label), str(Relation(one.relation).label), one.name, one.phone_tail,
            days_words(one.from_date, one.until_date, today), one.document,
        )
        for one in contacts
    ]  # fmt: skip


def residence_lines(
    residences: Iterable[Residence], places: Mapping[str, str], today: date
) -> list[tuple[str, str, str]]:
    """Kind, place and days of each residence."""
    return [
        (
            str(Place(one.place).label),
            _where(places.get(one.area, one.area), one.address),
            days_words(one.from_date, one.until_date, today),
        )
        for one in residences
    ]


def days_words(start: date | None, until: date | None, today: date) -> str:
    """从11月3日起, 2020年5月1日到去年…; the last day is the one before `until`, which is excluded."""
    begins = _("{day}起").format(day=formats.day(start, today)) if start else _("起日不知道")
    return begins if until is None else _("{begins}，{day}止").format(begins=begins, day=formats.day(until, today))


def _where(place: str, address: str) -> str:
    """Place and address, the place once."""
    return address if place and place in address else f"{place} {address}".strip()
