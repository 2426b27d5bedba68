"""What the register tells other rooms: that something happened to a person, with ids, days and codes only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from songhe.foundation.outbox.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRegistered(Event):
    """A person got a file; or (`person` empty) those whom a list brings did, somewhere in the region.

    `batch` is as in FactsChanged, and empty: people without any fact cannot be found by it.
    """

    person: UUID | None
    on_date: date
    batch: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCorrected(Event):
    """Fields of a file were wrong and are mended; `fields` names them."""

    person: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDied(Event):
    """A death is recorded."""

    person: UUID
    on_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathUndone(Event):
    """A recorded death was wrong: the person is alive. `on_date` is the day that had been recorded."""

    person: UUID
    on_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMoved(Event):
    """A person moved in, out or back; `kind` as in LifeEventKind, `to_region` where to as far as known.

    `region` of a move within is the smallest division that holds both places.
    """

    person: UUID
    kind: str
    on_date: date
    from_region: str
    to_region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonTransferred(Event):
    """A file went from one district to another; `region` is the smallest division that holds both."""

    person: UUID
    on_date: date
    from_region: str
    to_region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMerged(Event):
    """Two files were of one person: `merged` now stands in `person`.

    They lie in `from_region` and `to_region`; `region` is the smallest division that holds both.
    """

    person: UUID
    merged: UUID
    from_region: str = ""
    to_region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonUnmerged(Event):
    """A merge was wrong: `merged` stands on its own again, in `to_region`; regions as in PersonMerged."""

    person: UUID
    merged: UUID
    from_region: str = ""
    to_region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsChanged(Event):
    """Sources told something new: of one person, or (`person` empty) of those that `batch` names."""

    person: UUID | None
    facts: tuple[str, ...]
    batch: UUID | None = None
