"""What happens to pairs when files move."""

from __future__ import annotations

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.people.duplicates.operations import place_pairs_of
from songhe.people.events import PersonMoved, PersonTransferred


def on_person_moved(event: PersonMoved | PersonTransferred) -> None:
    """The pairs of the file lie in the smallest division that holds both files again."""
    with scoped(Actor.system("重复档案", ""), "people.duplicates"):  # a pair may reach beyond the person's region
        place_pairs_of(event.person)
