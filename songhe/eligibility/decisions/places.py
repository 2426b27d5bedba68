"""The places of items in the words of bits; and words taken apart again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import connection

from songhe.eligibility.decisions.models import ListedItem
from songhe.eligibility.decisions.terms import Outcome
from songhe.kernel.errors import Refused

MOST = 63
_LOCK = 7_305_014


def places_of(slugs: Iterable[str]) -> dict[str, int]:
    """The place of each item, given now to those that have none yet. Refused when a 64th would be needed."""
    wanted = list(dict.fromkeys(slugs))
    known = known_places()
    new = [slug for slug in wanted if slug not in known]
    if new:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        known = known_places()
        new = [slug for slug in wanted if slug not in known]
        if len(known) + len(new) > MOST:
            raise Refused(f"事项共{len(known) + len(new)}项，最多能判定{MOST}项")
        free = iter(sorted(set(range(MOST)) - set(known.values())))
        known |= {slug: next(free) for slug in new}
        ListedItem.objects.bulk_create(ListedItem(slug=slug, position=known[slug]) for slug in new)
    return {slug: known[slug] for slug in wanted}


def known_places() -> dict[str, int]:
    """Every item that has a place."""
    return dict(ListedItem.objects.values_list("slug", "position"))


def outcome_at(yes: int, unknown: int, place: int) -> Outcome:
    """What the words say of the item in that place."""
    if yes >> place & 1:
        return Outcome.YES
    return Outcome.UNKNOWN if unknown >> place & 1 else Outcome.NO


def word_of(places: Iterable[int]) -> int:
    """The word with these places set."""
    word = 0
    for place in places:
        word |= 1 << place
    return word


def fen_at(fen: list[int | None], place: int) -> int | None:
    """What is payable for the item in that place, in fen."""
    return fen[place] if place < len(fen) else None


def by_slug(places: Mapping[str, int], slugs: Iterable[str]) -> list[tuple[str, int]]:
    """The items that have a place, each with it."""
    return [(slug, places[slug]) for slug in slugs if slug in places]
