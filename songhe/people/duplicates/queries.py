"""Reading pairs of files that may be one person's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet
from django.db.models.functions import Left

from songhe.foundation.access.actors import Actor, region_range
from songhe.kernel.errors import NotFound
from songhe.kernel.regions import LENGTHS, digits_below, significant
from songhe.people.duplicates.models import Pair
from songhe.people.duplicates.terms import PairState
from songhe.people.models import Person
from songhe.ui.lists import KeyedPage, Sorts, address_of, page_at

PAGE = 30
SURE_FROM, LIKELY_FROM = 0.99, 0.8
SURE, PERHAPS, OPEN_QUESTION = "sure", "likely", "unsure"
# How likely the two are one person, from the least probability to the one it stays below.
LIKELY = {SURE: (SURE_FROM, 2.0), PERHAPS: (LIKELY_FROM, SURE_FROM), OPEN_QUESTION: (0.0, LIKELY_FROM)}
SORTS = Sorts(
    {"likely": "probability", "found": "found_at", "place": "region_code"}, usual="-likely", first=frozenset({"found"})
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list of pairs is narrowed to; an empty `state` is "open". `after` and `before` are keys of pairs."""

    state: str = ""
    likely: str = ""
    region: str = ""
    sort: str = ""
    after: str = ""
    before: str = ""

    @property
    def narrows(self) -> bool:
        """Whether anything but the state and the order is set."""
        return bool(self.likely or self.region)

    def address(self, **changed: str) -> str:
        """The query part of the address."""
        return address_of(self, **changed)


def listed(actor: Actor, filters: Filters) -> QuerySet[Pair]:
    """The pairs of the actor's region that the filters leave, in their order, with both files."""
    found = _in_region(actor).filter(state=filters.state or PairState.OPEN)
    if filters.likely:
        least, below = LIKELY[filters.likely]
        found = found.filter(probability__gte=least, probability__lt=below)
    if filters.region:
        low, high = region_range(significant(filters.region))
        found = found.filter(region_code__gte=low, region_code__lt=high)
    return found.select_related("left", "right").order_by(*SORTS.order(filters.sort))


def pairs_of(actor: Actor, filters: Filters) -> KeyedPage[Pair]:
    """One page of them, the surest first where nothing else is asked for."""
    return page_at(
        listed(actor, filters), SORTS.order(filters.sort), after=filters.after, before=filters.before, rows=PAGE
    )


def parts_of(actor: Actor) -> list[str]:
    """The divisions just below the actor's region in which there are pairs."""
    digits = digits_below(actor.region, least=6)
    found = _in_region(actor).order_by().values_list(Left("region_code", digits), flat=True).distinct()
    return sorted(part.ljust(LENGTHS[-1], "0") for part in found)


def who_pairs_are(pairs: Sequence[UUID]) -> dict[UUID, str]:
    """The names of the two files of each pair, as far as both are seen; one name when they are the same."""
    found = Pair.objects.filter(pk__in=pairs).values_list("pk", "left__name", "right__name")
    return {key: left if left == right else f"{left}、{right}" for key, left, right in found}


def counts_of(actor: Actor) -> dict[str, int]:
    """How many pairs there are in each state."""
    rows = _in_region(actor).values_list("state").annotate(Count("pk"))
    return dict.fromkeys(PairState.values, 0) | dict(rows.order_by())


def pair_of(actor: Actor, pair_id: UUID) -> tuple[Pair, Person, Person]:
    """A pair and its two files with their sheets. NotFound when it is not there, or not the actor's to see."""
    pair = Pair.objects.filter(pk=pair_id).first()
    if pair is None or not actor.covers(pair.region_code):
        raise NotFound("这一对档案")
    people = Person.objects.select_related("sheet", "household").in_bulk([pair.left_id, pair.right_id])
    if len(people) != 2:
        raise NotFound("这一对档案")
    return pair, people[pair.left_id], people[pair.right_id]


def next_open(actor: Actor, after: Pair) -> UUID | None:
    """The open pair that comes next in the list; None when there is none."""
    found = _in_region(actor).filter(state=PairState.OPEN).exclude(pk=after.pk)
    return found.order_by("-probability", "pk").values_list("pk", flat=True).first()


def _in_region(actor: Actor) -> QuerySet[Pair]:
    lo, hi = actor.range
    return Pair.objects.filter(region_code__gte=lo, region_code__lt=hi)
