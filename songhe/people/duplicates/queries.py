"""Reading pairs of files that may be one person's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from songhe.foundation.access.actors import Actor
from songhe.kernel.errors import NotFound
from songhe.kernel.keys import key_read
from songhe.people.duplicates.models import Pair
from songhe.people.duplicates.terms import PairState
from songhe.people.models import Person

PAGE = 30


@dataclass(frozen=True, slots=True)
class PairPage:
    """Pairs, the surest first. `after` is the key of the next page, empty at the end."""

    pairs: list[Pair]
    after: str


def pairs_of(actor: Actor, state: str, after: str = "") -> PairPage:
    """One page of the pairs of the actor's region in a state; only those of which both files are seen."""
    lo, hi = actor.range
    found = Pair.objects.filter(region_code__gte=lo, region_code__lt=hi, state=state).select_related("left", "right")
    key = key_read(after)
    last = Pair.objects.filter(pk=key).first() if key else None
    if last is not None:
        later = found.filter(probability=last.probability, pk__gt=last.pk) | found.filter(
            probability__lt=last.probability
        )
        found = later
    rows = list(found.order_by("-probability", "pk")[: PAGE + 1])
    return PairPage(rows[:PAGE], str(rows[PAGE - 1].pk) if len(rows) > PAGE else "")


def who_pairs_are(pairs: Sequence[UUID]) -> dict[UUID, str]:
    """The names of the two files of each pair, as far as both are seen; one name when they are the same."""
    found = Pair.objects.filter(pk__in=pairs).values_list("pk", "left__name", "right__name")
    return {key: left if left == right else f"{left}、{right}" for key, left, right in found}


def counts_of(actor: Actor) -> dict[str, int]:
    """How many pairs there are in each state."""
    lo, hi = actor.range
    rows = Pair.objects.filter(region_code__gte=lo, region_code__lt=hi).values_list("state").annotate(Count("pk"))
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
    lo, hi = actor.range
    found = Pair.objects.filter(region_code__gte=lo, region_code__lt=hi, state=PairState.OPEN).exclude(pk=after.pk)
    return found.order_by("-probability", "pk").values_list("pk", flat=True).first()
