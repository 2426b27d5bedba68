"""What an adviser sees of somebody: what she may have and why, what is missing, what comes, where to go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812

from songhe.doors.console.adviser.conversation import Conversation, value_text
from songhe.doors.portal.places import Places
from songhe.eligibility.asking import Asked, Interview
from songhe.eligibility.decisions.api import Course, asked_at_doors, settled_by_word
from songhe.eligibility.decisions.terms import Outcome
from songhe.eligibility.reason_sheet.model import KINDS, Branch, Sheet
from songhe.eligibility.reason_sheet.overview import QuickDesk
from songhe.eligibility.reason_sheet.result import given_words, paid_words, result_of
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Grant
from songhe.kernel.days import age_on
from songhe.kernel.regions import significant
from songhe.people.terms import Sex
from songhe.regions.api import places_of, upwards
from songhe.rules.facts import PERSON_TABLE
from songhe.rules.packs import Item
from songhe.ui import formats
from songhe.ui.words import said

MOST_FOUND = 20
_ALIVE = "在世"  # goes without saying
RECEIVED, BEYOND, MISSED, FREE = N_("在享"), N_("在享，不再可享"), N_("可享，还没有享"), N_("可享，不用申请")
ASK, LATER, UNSET = N_("再弄清就能定"), N_("到日子就可享"), N_("等清单定数")
GROUPS = (BEYOND, MISSED, FREE, RECEIVED, ASK, LATER, UNSET)
_STREET_DIGITS, _DIGITS = (6, 9, 12), 12
_WORKERS = ("community_worker", "street_officer")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody found, without her whole number."""

    key: UUID
    name: str
    about: str
    where: str
    identity: str


@dataclass(frozen=True, slots=True)
class Row:
    """One item: what it gives, why, and who leads it."""

    number: int
    slug: str
    name: str
    kind: str
    gives: str
    why: str
    lead: str
    url: str
    ask: str


@dataclass(frozen=True, slots=True)
class Question:
    """The next question; `choices` are (number, words).

    `keeps` says that the answer may go into the file, `kept` that it does unless the adviser says otherwise.
    """

    fact: str
    words: str
    help: str
    choices: Sequence[tuple[int, str]]
    touches: int
    keeps: bool
    may_keep: bool
    kept: bool


@dataclass(frozen=True, slots=True)
class Advice:
    """All that the page shows about what she may have."""

    groups: Sequence[tuple[str, Sequence[Row]]]
    no: str
    number_no: int
    total: str
    answers: Sequence[tuple[str, str]]
    facts: Sequence[Any]
    question: Question | None


def candidates(ids: Sequence[UUID], today: date) -> list[Candidate]:
    """Those found, in the order of the search."""
    model: Any = apps.get_model("people", "Person")
    found = {one.pk: one for one in model.objects.filter(pk__in=ids[:MOST_FOUND])}
    people = [found[key] for key in ids[:MOST_FOUND] if key in found]
    places = places_of([one.region_code for one in people], today)
    return [
        Candidate(
            one.pk, one.name, about_words(one, today), f"{places[one.region_code]} {one.address}", tail_words(one)
        )
        for one in people
    ]


def about_words(person: Any, today: date) -> str:
    """Sex and age."""
    age = _("{age}岁").format(age=age_on(person.birth_date, today)) if person.birth_date else ""
    return " ".join(part for part in (str(Sex(person.sex).label) if person.sex else "", age) if part)


def tail_words(person: Any) -> str:
    """The last four of the identity number."""
    return f"{'*' * 14}{person.identity_tail}" if person.identity_tail else ""


def advice_of(
    desk: QuickDesk,
    interview: Interview,
    course: Course | None,
    conversation: Conversation,
    actor: Actor,
    today: date,
    *,
    ask: str = "",
) -> Advice:
    """The sheets by what somebody does with them; `course` is None for somebody without a file.

    `ask` is the fact that the adviser chose to ask for.
    """
    dossier = desk.dossier("", interview.facts)
    applied = {bound.item.slug for bound in desk.programme.items if bound.item.applied_for}
    found = result_of(dossier)
    groups: dict[str, list[Row]] = {}
    refused: list[str] = []
    asked = {id(one): ASK for one in found.to_find_out} | {id(one): UNSET for one in found.unset}
    for sheet in dossier.sheets:
        group = _group(sheet, course, applied) or asked.get(id(sheet)) or (LATER if sheet.waiting else "")
        if group:
            groups.setdefault(group, []).append(_row(sheet, course, conversation, today))
        else:
            refused.append(sheet.name)
    return Advice(
        groups=[(_(group), groups[group]) for group in GROUPS if group in groups],
        no="、".join(refused),
        number_no=len(refused),
        total=found.total,
        answers=[
            (said(PERSON_TABLE[name].label), _answer(interview, name, value)) for name, value in conversation.answers
        ],
        facts=[line for line in dossier.facts if line.known] if course is not None else (),
        question=_question(_asked(interview, course, ask), conversation, actor, today),
    )  # fmt: skip


def changes_words(changes: Iterable[tuple[str, str, str]], items: Mapping[str, Item]) -> str:
    """What an answer moved: 高龄津贴：待核改可享."""
    words = [
        _("{name}：{before}改{after}").format(
            name=items[slug].name, before=Outcome(before).label if before else "–", after=Outcome(after).label
        )
        for slug, before, after in changes
        if slug in items
    ]
    return _("；").join(words) or _("判定没有变")


def hand_over_choices(actor: Actor, region: str, today: date) -> list[tuple[str, str]]:
    """Who may follow it up: the place itself and what it lies in, the nearest first, as far as the actor's region."""
    path = [one for one in upwards(region.ljust(_DIGITS, "0"), today) if one.level in _STREET_DIGITS]
    return [(one.code, one.name) for one in reversed(path) if actor.covers(one.code)]


def desk_words(region: str, today: date) -> list[tuple[str, str]]:
    """Where she goes first: her community and street, each with who works there."""
    path = [one for one in upwards(region.ljust(_DIGITS, "0"), today) if one.level in _STREET_DIGITS[1:]]
    holding = Grant.objects.filter(
        Q(until_date__isnull=True) | Q(until_date__gt=today), region__in=[one.code for one in path],
        role_id__in=_WORKERS, approved_at__isnull=False, ended_at__isnull=True, from_date__lte=today,
        account__is_active=True,
    )  # fmt: skip
    names: dict[str, list[str]] = {}
    for grant in holding.select_related("account").order_by("account__name"):
        names.setdefault(grant.region, []).append(grant.account.name)
    return [(one.name, "、".join(names.get(one.code, [])[:3])) for one in reversed(path)]


def place_known(region: str) -> bool:
    """Whether a place is known down to the street."""
    return len(significant(region.ljust(_DIGITS, "0"))) >= _STREET_DIGITS[1] if region else False


def _group(sheet: Sheet, course: Course | None, applied: set[str]) -> str:
    if course is not None and sheet.slug in course.receipts:
        return BEYOND if sheet.answer is False else RECEIVED
    if sheet.answer:
        return MISSED if sheet.slug in applied else FREE
    return ""


def _row(sheet: Sheet, course: Course | None, conversation: Conversation, today: date) -> Row:
    receipt = course.receipts.get(sheet.slug) if course is not None else None
    why = _why(sheet)
    if receipt is not None:
        since = _("{day}起在享。").format(day=formats.day(receipt.from_date, today))
        why = f"{since}{why}"
    pk = conversation.person
    url = f"{reverse('person-decisions', args=[pk])}?item={sheet.slug}" if pk else ""
    lead = "、".join(sheet.basis.lead)
    label = sheet.inquiry.label if sheet.inquiry is not None and sheet.answer is None else ""
    ask = next((name for name, fact in PERSON_TABLE.items() if label and fact.label == label), "")
    return Row(sheet.number, sheet.slug, sheet.name, KINDS[sheet.answer], _gives(sheet), why, lead, url, ask)


def _why(sheet: Sheet) -> str:
    """One sentence: of a yes the conditions that make it one, else what is in the way."""
    if not sheet.answer:
        return sheet.sentence
    met = [leaf.words for leaf in _leaves(sheet.tree) if leaf.answer and leaf.decides and leaf.words != _ALIVE]
    return "；".join(dict.fromkeys(met)) or sheet.sentence


def _leaves(branch: Branch) -> Iterator[Branch]:
    if not branch.children:
        yield branch
    for child in branch.children:
        yield from _leaves(child)


def _gives(sheet: Sheet) -> str:
    if sheet.answer:
        return paid_words(sheet) if sheet.amounts else given_words(sheet)
    return sheet.waiting or sheet.gap


def _answer(interview: Interview, name: str, value: Any) -> str:
    if value is None:
        return _("不清楚")
    words = next((choice.words for choice in interview.asked(name).choices if choice.value == value), "")
    if name.endswith("_region") and not words:
        words = Places(interview.programme.on).name(str(value))
    return words or value_text(value)


def _asked(interview: Interview, course: Course | None, ask: str) -> Asked | None:
    """What was chosen; else what a visit would be made for; else what settles most."""
    if ask in PERSON_TABLE:
        return interview.asked(ask)
    known = {name for name, _value in interview.answers} | set(interview.facts)
    matters = course.matters.values() if course is not None else ()
    for matter in sorted(matters, key=lambda one: (one.due_date, one.item)):
        if matter.question and matter.question not in known:
            return interview.asked(matter.question)
    return interview.question()


def _question(asked: Asked | None, conversation: Conversation, actor: Actor, today: date) -> Question | None:
    if asked is None:
        return None
    on_file = conversation.person is not None and actor.may("people.write")
    return Question(
        asked.fact, asked.words, asked.help, [(number, one.words) for number, one in enumerate(asked.choices, 1)],
        len(asked.items), on_file and settled_by_word(asked.fact), on_file, asked_at_doors(asked.fact, today),
    )  # fmt: skip
