"""Talks of advisers: what one needs to advise somebody, the list of talks, and how many there were by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext_noop as N_  # noqa: N812

from songhe.eligibility.decisions.kinds import HANDOVER
from songhe.eligibility.decisions.models import AdviceTalk, Standing
from songhe.eligibility.decisions.places import known_places, outcome_at
from songhe.eligibility.decisions.queries.desks import desk_of
from songhe.eligibility.decisions.routing import routing_on
from songhe.eligibility.decisions.terms import Channel
from songhe.eligibility.reason_sheet.overview import QuickDesk
from songhe.foundation.access.actors import Actor
from songhe.foundation.tasks.models import Task
from songhe.kernel.errors import BadInput, NotFound
from songhe.kernel.keys import key_read
from songhe.people.api import trust
from songhe.policy.api import release_for
from songhe.ui.lists import address_of

OWN_WORD = "self"
PAGE_ROWS = 50
WAITING, FOLLOWED, NOTED = "waiting", "followed", "noted"
STATES = {WAITING: N_("等着跟进"), FOLLOWED: N_("跟进了"), NOTED: N_("没有交出去")}
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class TalkFilters:
    """What an address asks for; empty fields narrow nothing. `month` is 2026-11, `whose` "own"."""

    state: str = ""
    channel: str = ""
    item: str = ""
    month: str = ""
    whose: str = ""
    after: str = ""

    @property
    def narrows(self) -> bool:
        """Whether anything is set."""
        return any((self.state, self.channel, self.item, self.month, self.whose))

    def address(self, **changed: str) -> str:
        """The query part of the address, from the first page unless `after` is given."""
        return address_of(self, **changed)


@dataclass(frozen=True, slots=True)
class TalkPage:
    """Talks, the latest first; `after` is the key of the next page."""

    rows: Sequence[AdviceTalk]
    after: str


@dataclass(frozen=True, slots=True)
class Month:
    """The talks of a month: all, by telephone, handed over."""

    first: date
    talks: int
    phone: int
    handed: int

    @property
    def counter(self) -> int:
        """Those at a counter."""
        return self.talks - self.phone


def advice_desk(region: str, today: date) -> QuickDesk | None:
    """The desk of the list that holds in a place, for somebody without a file; None where none holds."""
    release = release_for(region.ljust(12, "0"), today)
    return None if release is None else desk_of(release, today)


def decided_of(person: UUID) -> dict[str, str]:
    """What was decided last, by item; nothing when nobody decided yet."""
    standing = Standing.objects.filter(pk=person).first()
    if standing is None:
        return {}
    return {slug: outcome_at(standing.yes, standing.unknown, place).value for slug, place in known_places().items()}


def talk_of(actor: Actor, key: UUID) -> AdviceTalk:
    """One talk. NotFound when it is not there, or not the actor's to see."""
    found = _of_region(actor).filter(pk=key).select_related("person").first()
    if found is None:
        raise NotFound("这次咨询")
    return found


def task_about(talk: AdviceTalk) -> Task | None:
    """The task that follows it up, open or closed; None when it was not handed over."""
    return Task.objects.filter(kind=HANDOVER.code, subject=talk.pk).select_related("owner", "closed_by").first()


def talks_page(actor: Actor, filters: TalkFilters) -> TalkPage:
    """One page with persons. BadInput for a page that cannot be read."""
    found = talks_listed(actor, filters)
    if filters.after:
        found = found.filter(_behind(filters.after))
    rows = list(found[: PAGE_ROWS + 1])
    more = len(rows) > PAGE_ROWS
    rows = rows[:PAGE_ROWS]
    return TalkPage(rows, f"{rows[-1].talked_at.isoformat()}~{rows[-1].pk}" if more else "")


def talks_listed(actor: Actor, filters: TalkFilters) -> QuerySet[AdviceTalk]:
    """The whole list, the latest first."""
    found = _of_region(actor).select_related("person").order_by("-talked_at", "id")
    same = {"channel": filters.channel, "adviser_id": actor.account_id if filters.whose else None}
    found = found.filter(**{name: value for name, value in same.items() if value})
    if filters.item:
        found = found.filter(items__contains=[filters.item])
    if filters.month:
        first = date.fromisoformat(f"{filters.month}-01")
        found = found.filter(talked_at__gte=_begin(first), talked_at__lt=_begin(_next(first)))
    return _in_state(found, filters.state)


def waiting_talks(actor: Actor) -> int:
    """How many talks wait for who follows them up."""
    return talks_listed(actor, TalkFilters(state=WAITING)).count()


def talks_by_month(actor: Actor, today: date) -> list[Month]:
    """The last twelve months that had a talk, the latest first."""
    first = today.replace(day=1)
    for _ in range(_MONTHS - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    rows = (
        _of_region(actor)
        .filter(talked_at__gte=_begin(first))
        .annotate(month=TruncMonth("talked_at"))
        .values("month")
        .annotate(
            talks=Count("pk"), phone=Count("pk", filter=Q(channel=Channel.PHONE)),
            handed=Count("pk", filter=~Q(handed_to="")),
        )
        .order_by("-month")
    )  # fmt: skip
    return [
        Month(timezone.localtime(row["month"]).date(), row["talks"], row["phone"], row["handed"]) for row in rows
    ]  # fmt: skip


def talk_filters(given: Mapping[str, str]) -> TalkFilters:
    """The filters that an address says; what nobody offers narrows nothing."""
    asked = {name: given.get(name, "")[:120] for name in TalkFilters.__dataclass_fields__}
    offered = {"state": list(STATES), "channel": Channel.values, "whose": ["own"]}
    asked |= {name: "" for name, values in offered.items() if asked[name] not in values}
    try:
        date.fromisoformat(f"{asked['month']}-01")
    except ValueError:
        asked["month"] = ""
    return TalkFilters(**asked)


def who_asked(talks: list[UUID]) -> dict[UUID, str]:
    """Whom each talk was with, in the words of a page."""
    rows = AdviceTalk.objects.filter(pk__in=talks).values_list("pk", "person__name")
    return {key: name or "没有档案的人" for key, name in rows}


def contact_place(key: UUID) -> str:
    """What a contact is sealed for."""
    return f"decisions_advice.contact.{key}"


def _of_region(actor: Actor) -> QuerySet[AdviceTalk]:
    lo, hi = actor.range
    return AdviceTalk.objects.filter(region_code__gte=lo, region_code__lt=hi)


def _in_state(found: QuerySet[AdviceTalk], state: str) -> QuerySet[AdviceTalk]:
    if state == NOTED:
        return found.filter(handed_to="")
    if state not in (WAITING, FOLLOWED):
        return found
    waits = Exists(Task.objects.filter(kind=HANDOVER.code, subject=OuterRef("pk")).exclude(state="closed"))
    return found.exclude(handed_to="").filter(waits if state == WAITING else ~waits)


def _behind(after: str) -> Q:
    at, _, last = after.partition("~")
    key = key_read(last)
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise BadInput("页码", "读不懂") from error
    if key is None or moment.tzinfo is None:
        raise BadInput("页码", "读不懂")
    return Q(talked_at__lt=moment) | Q(talked_at=moment, pk__gt=key)


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))


def asked_at_doors(fact: str, today: date) -> bool:
    """Whether it is one of the things that people are asked, not what an office knows better."""
    return fact in routing_on(today).questions


def settled_by_word(fact: str) -> bool:
    """Whether what a person says of herself is believed, when nobody better says anything."""
    return OWN_WORD in trust().get(fact, {})
