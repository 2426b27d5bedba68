"""What happens to pairs when files move, or come apart again."""

from __future__ import annotations

from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.people.duplicates.operations import open_unmerged, place_pairs_of
from songhe.people.events import PersonMoved, PersonTransferred, PersonUnmerged


def on_person_moved(event: PersonMoved | PersonTransferred) -> None:
    """The pairs of the file lie in the smallest division that holds both files again."""
    with scoped(Actor.system("重复档案", ""), "people.duplicates"):  # a pair may reach beyond the person's region
        place_pairs_of(event.person)


def on_person_unmerged(event: PersonUnmerged) -> None:
    """A pair whose merge was taken back waits for a decision again."""
    now = timezone.now()
    with scoped(Actor.system("重复档案", ""), "people.duplicates"):
        open_unmerged(survivor_id=event.person, merged_id=event.merged, today=timezone.localdate(now), now=now)
