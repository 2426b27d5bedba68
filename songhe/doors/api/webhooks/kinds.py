"""What systems can be told: the kinds, what a system must be allowed to be told of them, and how events become tidings.

One event may be two tidings: of a merge hears who keeps the one file and who kept the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from songhe.kernel.told import phrase

PING = "ping"
PEOPLE, DECISIONS, LISTS, DIVISIONS = "people.read", "decisions.read", "policy.read", "regions.read"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of message. `fetch` is the call that tells more, `subject` standing for the key."""

    words: str
    action: str
    fetch: str


KINDS: dict[str, Kind] = {
    "person.registered": Kind(phrase("登记了老人"), PEOPLE, "people/{subject}"),
    "person.corrected": Kind(phrase("更正了档案"), PEOPLE, "people/{subject}"),
    "person.died": Kind(phrase("登记了去世"), PEOPLE, "people/{subject}"),
    "person.death_undone": Kind(phrase("撤回了去世"), PEOPLE, "people/{subject}"),
    "person.moved": Kind(phrase("迁移了"), PEOPLE, "people/{subject}"),
    "person.merged": Kind(phrase("合并了档案"), PEOPLE, "people/{subject}"),
    "person.unmerged": Kind(phrase("撤回了合并"), PEOPLE, "people/{subject}"),
    "facts.changed": Kind(phrase("事实变了"), PEOPLE, "people/{subject}/facts"),
    "decisions.changed": Kind(phrase("判定变了"), DECISIONS, "people/{subject}/decisions"),
    "list.issued": Kind(phrase("清单发布了"), LISTS, "lists/{subject}"),
    "divisions.changed": Kind(phrase("区划变了"), DIVISIONS, "regions"),
}
_PING_WORDS = phrase("试一条")
# What rooms tell, by the last part of its name.
TOLD_AS = {
    "PersonRegistered": "person.registered", "PersonCorrected": "person.corrected", "PersonDied": "person.died",
    "DeathUndone": "person.death_undone", "PersonMoved": "person.moved", "PersonTransferred": "person.moved",
    "PersonMerged": "person.merged", "PersonUnmerged": "person.unmerged", "FactsChanged": "facts.changed",
    "DecisionsChanged": "decisions.changed", "ReleaseIssued": "list.issued",
    "DivisionReplaced": "divisions.changed", "DivisionAbsorbed": "divisions.changed",
    "DivisionSplit": "divisions.changed", "DivisionEnded": "divisions.changed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tiding:
    """Something to tell about one subject, or about nobody by name.

    It concerns the systems of the divisions `places`. With `down` also those within them: a city's list holds in its
    districts too. With `find` the places are wider than where the person is, who has to be looked for.
    """

    kind: str
    subject: UUID | None
    places: tuple[str, ...]
    down: bool = False
    find: bool = False


def words_of_kind(kind: str) -> str:
    """A kind in Chinese."""
    return _PING_WORDS if kind == PING else KINDS[kind].words if kind in KINDS else kind


def tidings(event: Any) -> Iterator[Tiding]:
    """What there is to tell of an event; nothing of a kind that systems are not told of."""
    name = type(event).__name__
    kind = TOLD_AS.get(name)
    if kind is None:
        return
    if name in ("PersonMerged", "PersonUnmerged"):
        merged, kept = (event.from_region, event.to_region)[:: 1 if name == "PersonMerged" else -1]
        yield _of_person(kind, event.person, event.region, kept)
        yield _of_person(kind, event.merged, event.region, merged)
    elif name in ("PersonMoved", "PersonTransferred"):
        yield Tiding(kind, event.person, _codes(event.region, event.to_region, event.from_region))
    elif name == "ReleaseIssued":
        yield Tiding(kind, event.release, (event.region,), down=True)
    elif kind == "divisions.changed":
        after = getattr(event, "after_codes", None) or (getattr(event, "after_code", ""),)
        yield Tiding(kind, None, _codes(event.region, event.before_code, *after))
    elif event.person is None:
        yield Tiding(kind, None, (event.region,), down=True)
    else:
        yield Tiding(kind, event.person, (event.region,), find=True)


def _of_person(kind: str, person: UUID, region: str, place: str) -> Tiding:
    return Tiding(kind, person, _codes(region, place)) if place else Tiding(kind, person, (region,), find=True)


def _codes(*codes: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for code in codes if code))
