"""A door in words: who lives there, what is to be settled with each, what may be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812

from songhe.eligibility.decisions.answers import answer_code
from songhe.eligibility.decisions.models import Matter
from songhe.eligibility.decisions.operations.working import TAKEN_BACK_WITHIN
from songhe.eligibility.decisions.places import fen_at, known_places
from songhe.eligibility.decisions.queries.doors import Door, Resident
from songhe.eligibility.decisions.routing import routing_on
from songhe.eligibility.decisions.terms import OUTCOMES, MatterKind, MatterOutcome
from songhe.foundation.access.actors import Actor
from songhe.kernel.days import age_on
from songhe.rules.facts import PERSON_TABLE
from songhe.rules.packs import Item
from songhe.rules.questions import answers_by_words
from songhe.ui import formats
from songhe.ui.words import said

MOST_TAGS = 4
_WEEK = 7
_PER = {"month": N_("每月{yuan}元"), "year": N_("每年{yuan}元"), "once": N_("一次{yuan}元")}
_BUTTONS = {
    MatterKind.OFFER: N_("去办"), MatterKind.SOON: N_("去说"), MatterKind.STOP: N_("去停"), MatterKind.ASK: N_("去问"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """One outcome or answer; `hint` says what follows."""

    code: str
    words: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """One thing to settle with one person; a question that several items hang on is one."""

    key: UUID
    kind: str
    kind_words: str
    what: str
    why: str
    when: str
    due: bool
    button: str
    title: str
    choices: Sequence[Choice]
    file_url: str = ""
    reason_url: str = ""
    asks_day: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """What was settled lately."""

    key: UUID
    what: str
    outcome: str
    reason: str
    closer: str
    at: datetime
    mine: bool


@dataclass(frozen=True, slots=True)
class ResidentWords:
    """Somebody behind the door, ready for a template."""

    key: UUID
    name: str
    age: str
    tags: Sequence[str]
    phone: str
    phone_url: str
    dead: bool
    work: Sequence[Work]
    settled: Sequence[Settled]


def residents_of(door: Door, actor: Actor, today: date, now: datetime) -> list[ResidentWords]:
    """Who lives there, those first with whom something is due first."""
    rows = [_resident(one, door.items, actor, today, now) for one in door.residents]
    return sorted(rows, key=lambda row: not row.work)


def names_of(door: Door) -> str:
    """The names of those with whom something is to be settled, else of all."""
    busy = [one.person.name for one in door.residents if one.open] or [one.person.name for one in door.residents]
    return _("、").join(busy)


def item_name(items: dict[str, Item], slug: str) -> str:
    """The item's name as the list prints it."""
    return items[slug].name if slug in items else slug


def when_of(due: date, today: date) -> str:
    """How far the last day is away."""
    days = (due - today).days
    if days < 0:
        return _("过期{days}天").format(days=-days)
    if days == 0:
        return _("今天到期")
    return _("还有{days}天").format(days=days) if days <= _WEEK else _("{day}前").format(day=formats.day(due, today))


def amount_words(fen: int | None, item: Item | None) -> str:
    """What is payable, empty where nothing is set."""
    if fen is None or item is None:
        return ""
    return _(_PER.get(item.gives.per, "{yuan}元")).format(yuan=formats.yuan(fen))


def person_decisions_url(person: UUID, item: str = "") -> str:
    """The page of the reasons; empty as long as there is none."""
    try:
        url = reverse("person-decisions", args=[person])
    except NoReverseMatch:
        return ""
    return f"{url}?item={item}" if item else url


def changes_words(changes: Sequence[tuple[str, str, str]], items: dict[str, Item]) -> str:
    """What an answer decided, in one sentence."""
    outcomes = (("y", N_("可享{names}")), ("n", N_("不可享{names}")), ("u", N_("待核{names}")))
    parts = []
    for outcome, words in outcomes:
        names = [item_name(items, item) for item, _before, after in changes if after == outcome]
        if names:
            parts.append(_(words).format(names=_("、").join(names)))
    return _("，").join(parts) or _("没有变化")


def _resident(one: Resident, items: dict[str, Item], actor: Actor, today: date, now: datetime) -> ResidentWords:
    person: Any = one.person
    age = age_on(person.birth_date, person.death_date or today) if person.birth_date else None
    tags = [tag for tag in one.tags if not (tag == "空巢" and "独居" in one.tags)]
    may_ring = bool(person.phone_tail) and actor.may("people.unmask")
    return ResidentWords(
        key=person.pk,
        name=person.name,
        age="" if age is None else _("{age}岁").format(age=age),
        tags=[said(tag) for tag in tags[:MOST_TAGS]],
        phone=f"*******{person.phone_tail}" if person.phone_tail else "",
        phone_url=reverse("person", args=[person.pk]) + "?show=phone" if may_ring else "",
        dead=person.death_date is not None,
        work=_work(one, items, today),
        settled=[_settled(row, items, actor, now) for row in one.closed],
    )


def _work(one: Resident, items: dict[str, Item], today: date) -> list[Work]:
    asked: dict[str, list[Matter]] = {}
    rows: list[tuple[date, Work]] = []
    for matter in one.open:
        if matter.kind == MatterKind.ASK:
            asked.setdefault(matter.question, []).append(matter)
        else:
            rows.append((matter.due_date, _offered(matter, one, items, today)))
    rows += [(alike[0].due_date, _asked(question, alike, items, today)) for question, alike in asked.items()]
    return [work for _due, work in sorted(rows, key=lambda row: row[0])]


def _offered(matter: Matter, one: Resident, items: dict[str, Item], today: date) -> Work:
    item, name, kind = items.get(matter.item), item_name(items, matter.item), MatterKind(matter.kind)
    receipt = one.receipts.get(matter.item)
    place_fen = _payable(one, matter.item)
    if kind == MatterKind.STOP:
        what = _("{item}不再可享，还在发").format(item=name)
        why = _("从{day}起在享").format(day=formats.day(receipt.from_date, today)) if receipt else ""
    elif kind == MatterKind.SOON:
        day = formats.day(matter.from_date, today) if matter.from_date else ""
        what, why = _("{day}起可享{item}").format(day=day, item=name), _("先告诉她，到时候来办")
    else:
        what, why = _("可享{item}，还没有办").format(item=name), amount_words(place_fen, item)
    asks_day = {MatterKind.OFFER: _("从哪天起享"), MatterKind.STOP: _("从哪天起停")}.get(kind, "")
    return Work(
        key=matter.pk,
        kind=kind,
        kind_words=str(kind.label),
        what=what,
        why=_between(why, matter.reason),
        when=when_of(matter.due_date, today),
        due=matter.due_date < today,
        button=_(_BUTTONS[kind]),
        title=_("{item}：怎么样了？").format(item=name),
        choices=[Choice(outcome, str(outcome.label), _hint(outcome, today)) for outcome in OUTCOMES[kind]],
        reason_url=person_decisions_url(matter.person_id, matter.item),
        asks_day=asks_day,
        day=today.isoformat() if kind == MatterKind.STOP else "",
    )


def _asked(question: str, alike: Sequence[Matter], items: dict[str, Item], today: date) -> Work:
    fact, first = PERSON_TABLE[question], alike[0]
    names = _("、").join(item_name(items, one.item) for one in alike)
    answers = [Choice(answer_code(value), said(words)) for words, value in answers_by_words(question).items()]
    others = [
        Choice(outcome, str(outcome.label), _hint(outcome, today))
        for outcome in OUTCOMES[MatterKind.ASK]
        if outcome != MatterOutcome.CORRECTED
    ]
    return Work(
        key=first.pk,
        kind=MatterKind.ASK,
        kind_words=str(MatterKind.ASK.label),
        what=said(fact.question),
        why=_between(_("关系到：{names}").format(names=names), first.reason),
        when=when_of(first.due_date, today),
        due=first.due_date < today,
        button=_(_BUTTONS[MatterKind.ASK]),
        title=said(fact.question),
        choices=[*answers, *others],
        file_url="" if answers else reverse("person", args=[first.person_id]),
        reason_url=person_decisions_url(first.person_id, first.item),
    )


def _settled(row: Matter, items: dict[str, Item], actor: Actor, now: datetime) -> Settled:
    asked = row.kind == MatterKind.ASK
    assert row.closed_at is not None  # noqa: S101
    answered = asked and row.outcome == MatterOutcome.CORRECTED
    return Settled(
        key=row.pk,
        what=said(PERSON_TABLE[row.question].label) if asked else item_name(items, row.item),
        outcome=_("问到了") if answered else str(MatterOutcome(row.outcome).label),
        reason=row.reason,
        closer=row.closer,
        at=row.closed_at,
        mine=row.closed_by == actor.account_id and now - row.closed_at <= TAKEN_BACK_WITHIN,
    )


def _hint(outcome: MatterOutcome, today: date) -> str:
    routing = routing_on(today)
    hints = {
        MatterOutcome.ACCEPTED: _("写从哪天起享；还要别处批的，在说明里写申请交给了谁"),
        MatterOutcome.OFFERED: _("说清楚了，还没有决定"),
        MatterOutcome.DECLINED: _("写一句为什么，{months}个月里不再问").format(months=routing.declined_months),
        MatterOutcome.UNREACHED: _("这件事留着，晚{days}天").format(days=routing.unreached_days),
        MatterOutcome.CORRECTED: _("先在档案里改好，再写一句改了什么"),
        MatterOutcome.STOPPED: _("从写的那一天起不再发"),
    }
    return hints.get(outcome, "")


def _payable(one: Resident, item: str) -> int | None:
    place = known_places().get(item)
    return None if one.standing is None or place is None else fen_at(one.standing.fen, place)


def _between(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
