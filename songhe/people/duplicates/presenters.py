"""Two files side by side in words: what is alike, what differs, what speaks for and against one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812
from django.utils.translation import pgettext

from songhe.people.duplicates.models import Pair
from songhe.people.duplicates.queries import LIKELY, OPEN_QUESTION, PERHAPS, SURE
from songhe.people.duplicates.terms import PairState
from songhe.people.linkage import Evidence, explain
from songhe.people.models import Contact, Person
from songhe.people.presenters import STANDING_WORDS, between, situations
from songhe.people.presenters_file import age_of
from songhe.people.terms import Sex, Standing
from songhe.regions.api import place_of
from songhe.ui import formats

LIKELY_WORDS = {SURE: N_("很可能是"), PERHAPS: N_("多半是"), OPEN_QUESTION: N_("说不准")}
LIST_HEAD = (
    N_("姓名"), N_("年龄"), N_("社区"), N_("是不是同一人"), N_("为什么"), N_("找到的日子"),
    N_("情况"), N_("谁定的"), N_("哪天定的"),
)  # fmt: skip
_KINDS = {
    PairState.OPEN: "unknown",
    PairState.LATER: "todo",
    PairState.MERGED: "done",
    PairState.DIFFERENT: "no",
    PairState.SETTLED: "done",
}


@dataclass(frozen=True, slots=True)
class PairLine:
    """One pair in the list."""

    url: str
    names: str
    ages: str
    where: str
    likely: str
    why: str
    pair: Pair


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the comparison; `same` is None when one side does not say."""

    label: str
    left: str
    right: str
    same: bool | None


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two files as a choice: which one stays."""

    id: UUID
    name: str
    words: str
    url: str


def line_of(pair: Pair, places: Mapping[str, str], today: date) -> PairLine:
    """One pair."""
    people = (pair.left, pair.right)
    names = _("、").join(dict.fromkeys(one.name for one in people))
    ages = _("、").join(
        dict.fromkeys(
            "–" if (age := age_of(one, today)) is None else pgettext("年龄一栏", "{age}岁").format(age=age)
            for one in people
        )
    )
    where = _("、").join(dict.fromkeys(places.get(one.region_code, "") for one in people))
    why = _("，").join(_(line.text) for line in evidence_of(pair)[:2])
    return PairLine(reverse("duplicate", args=[pair.pk]), names, ages, where, likely(pair.probability), why, pair)


def list_rows(lines: Sequence[PairLine]) -> list[list[object]]:
    """The pairs as rows of a file, one a pair, under LIST_HEAD."""
    return [
        [line.names, line.ages, line.where, line.likely, line.why, localdate(line.pair.found_at),
         PairState(line.pair.state).label, line.pair.decider,
         localdate(line.pair.decided_at) if line.pair.decided_at else None]
        for line in lines
    ]  # fmt: skip


def likely(probability: float) -> str:
    """The probability as a word: a figure would promise more than it knows."""
    return next(_(LIKELY_WORDS[code]) for code, (least, _below) in LIKELY.items() if probability >= least)


def evidence_of(pair: Pair) -> list[Evidence]:
    """What speaks for and against, what says most first; empty for a pair found without a comparison."""
    return explain(pair.evidence) if pair.evidence else []


def rows_of(left: Person, right: Person, contacts: Mapping[UUID, Sequence[Contact]], today: date) -> list[Row]:
    """The two files field by field."""
    fields = [_fields(person, contacts.get(person.pk, ()), today) for person in (left, right)]
    return [
        Row(label, one or formats.NOTHING, other or formats.NOTHING, None if not one or not other else one == other)
        for (label, one), (same, other) in zip(*fields, strict=True)
    ]


def sides_of(left: Person, right: Person, today: date) -> list[Side]:
    """The files to choose the surviving one from."""
    return [
        Side(
            one.pk, one.name,
            _("{day}登记，证件尾号{tail}").format(
                day=formats.day(one.created_at.date(), today), tail=one.identity_tail or _("没有")
            ),
            reverse("person", args=[one.pk]),
        )
        for one in (left, right)
    ]  # fmt: skip


def state_of(pair: Pair) -> tuple[str, str]:
    """The state as a mark and a word."""
    state = PairState(pair.state)
    return _KINDS[state], str(state.label)


def _fields(person: Person, contacts: Sequence[Contact], today: date) -> list[tuple[str, str]]:
    sheet = getattr(person, "sheet", None)
    born = formats.exact_day(person.birth_date) if person.birth_date else ""
    return [
        (_("姓名"), person.name),
        (_("性别"), str(Sex(person.sex).label) if person.sex else ""),
        (_("出生日期"), born),
        (_("证件后四位"), person.identity_tail),
        (_("电话后四位"), person.phone_tail),
        (_("住址"), person.address),
        (_("社区"), place_of(person.region_code, today)),
        (_("户籍地"), place_of(person.registered_region, today) if person.registered_region else ""),
        (_("情况"), between().join(situations(sheet))),
        (_("联系人"), _("、").join(one.name for one in contacts)),
        (_("在册"), _(STANDING_WORDS[Standing(person.standing)])),
    ]
