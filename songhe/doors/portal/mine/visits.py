"""A visit with a code: it lies here, the browser holds a random text that finds it; ten still minutes end it.

The file is asked for anew with every request: who no longer acts for somebody sees nothing from then on.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from songhe.doors.portal.models import Visit
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.sealing.seals import blind_index, seal, unseal
from songhe.people.api import Entrant, still_entrant

IDLE, WARNED, LONGEST = timedelta(minutes=10), timedelta(minutes=8), timedelta(hours=3)
_KEPT_FOR, _FORGOTTEN_AFTER = timedelta(hours=1), timedelta(days=1)
_SELF, _PROXY = "本人（门户）", "代办人（门户）"
_MOST_KEPT = 2_000
_TEXT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Coming:
    """Whose file is looked at by whom, and by which telephone she came."""

    entrant: Entrant
    phone: str

    def written(self) -> str:
        """As text."""
        contact = str(self.entrant.contact) if self.entrant.contact else ""
        return json.dumps([str(self.entrant.person), self.entrant.region, contact, self.phone])

    @classmethod
    def read(cls, text: str) -> Coming:
        """The same again."""
        person, region, contact, phone = json.loads(text)
        return cls(Entrant(UUID(person), region, UUID(contact) if contact else None), phone)


@dataclass(frozen=True, slots=True)
class Holder:
    """A visit that was found, or just opened: `text` is what the browser holds, `ended` that it is over."""

    visit: UUID
    text: str
    coming: Coming
    seen_at: datetime
    ended: bool = False
    kept: tuple[str, dict[str, str]] | None = None

    @property
    def by_proxy(self) -> bool:
        """Whether somebody acts for the person."""
        return self.coming.entrant.contact is not None

    @property
    def actor(self) -> Actor:
        """Songhe at work for this one person: it sees the community her file lies in, its queries ask for her alone."""
        return Actor.system(_PROXY if self.by_proxy else _SELF, self.coming.entrant.region)

    def person(self, today: date) -> Any:
        """The file with its sheet; None when there is none any more, or who looks no longer may."""
        return still_entrant(self.coming.entrant, today)


def open_visit(coming: Coming, *, before: Holder | None, now: datetime) -> Holder:
    """A new visit; what was typed in one of the same person that had ended goes along. Old ones are forgotten."""
    Visit.objects.filter(seen_at__lt=now - _FORGOTTEN_AFTER).delete()
    row, text = Visit(opened_at=now, seen_at=now), secrets.token_urlsafe(_TEXT_BYTES)
    row.holder, row.for_sealed = _index(text), seal(coming.written(), _place("for", row.pk))
    kept = _carried(before, coming, now)
    if kept is not None:
        row.kept_sealed = seal(json.dumps(kept), _place("kept", row.pk))
    row.save(force_insert=True)
    if before is not None:
        Visit.objects.filter(pk=before.visit).delete()
    return Holder(row.pk, text, coming, now, kept=kept)


def find_visit(text: str, now: datetime) -> Holder | None:
    """The visit that the browser's text belongs to, ended ones too; None for anything else."""
    row = Visit.objects.filter(holder=_index(text)).first() if text else None
    if row is None:
        return None
    ended = now - row.seen_at >= IDLE or now - row.opened_at >= LONGEST
    kept = json.loads(unseal(bytes(row.kept_sealed), _place("kept", row.pk))) if row.kept_sealed else None
    coming = Coming.read(unseal(bytes(row.for_sealed), _place("for", row.pk)))
    return Holder(row.pk, text, coming, row.seen_at, ended, (kept[0], kept[1]) if kept else None)


def go_on(holder: Holder, now: datetime) -> None:
    """The ten minutes begin anew."""
    Visit.objects.filter(pk=holder.visit).update(seen_at=now)


def keep_typed(holder: Holder, path: str, typed: dict[str, str]) -> None:
    """What was typed into a form when the visit had ended already."""
    body = json.dumps([path, {name: value[:_MOST_KEPT] for name, value in typed.items()}])
    Visit.objects.filter(pk=holder.visit).update(kept_sealed=seal(body, _place("kept", holder.visit)))


def take_typed(holder: Holder, path: str) -> dict[str, str]:
    """What was typed into the form of that address and not sent; it is given out once."""
    if holder.kept is None or holder.kept[0] != path:
        return {}
    Visit.objects.filter(pk=holder.visit).update(kept_sealed=None)
    return holder.kept[1]


def leave(holder: Holder) -> None:
    """The visit is over, and nothing of it is kept."""
    Visit.objects.filter(pk=holder.visit).delete()


def inside(holder: Holder) -> Any:
    """The scope of one visit; see `Holder.actor`."""
    return scoped(holder.actor, "portal.mine")


def _carried(before: Holder | None, coming: Coming, now: datetime) -> tuple[str, dict[str, str]] | None:
    if before is None or before.kept is None or before.coming.entrant != coming.entrant:
        return None
    return before.kept if now - before.seen_at <= _KEPT_FOR else None


def _index(text: str) -> bytes:
    return blind_index(text, "portal_visit.holder")


def _place(field: str, key: UUID) -> str:
    return f"portal_visit.{field}.{key}"
