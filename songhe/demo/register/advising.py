"""What people asked before the city opens: talks of advisers, some handed over, some of these followed up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import yaml

from songhe.eligibility.decisions.api import Talk, follow_up, note_talk, people_of
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.access.queries import actor_of
from songhe.foundation.access.scope import scoped

_FILE = Path(__file__).with_name("talks.yaml")
_TALKS = UUID("0c1f5a0e-4a6e-4f0b-9d1a-6d0f2b8f0a35")
_DIGITS, _MAY, _APART = 12, "yes", 37


def note_talks(day: date, now: datetime) -> int:
    """Notes the talks of `talks.yaml` for which there is somebody; gives how many. People have to be decided."""
    return sum(_noted(number, row, day, now) for number, row in enumerate(_written()))


def _noted(number: int, row: Mapping[str, Any], day: date, now: datetime) -> bool:
    account = Account.objects.filter(login=row["login"]).first()
    actor = actor_of(account, day, "") if account else None
    if not isinstance(actor, Actor):
        return False
    later = timedelta(minutes=_APART * number) if row["days"] else timedelta()  # the day of the city has just begun
    then, on = now - timedelta(days=row["days"]) + later, day - timedelta(days=row["days"])
    with scoped(actor, "demo build"):
        person = _person(actor, row) if "of" in row else None
        if person is None and "of" in row:
            return False
        home = person.region_code if person else actor.region.ljust(_DIGITS, "0")
        talk = Talk(
            key=uuid5(_TALKS, f"{row['login']} {number}"), channel=row["channel"], person=person and person.pk,
            words=row["words"], items=row.get("items", [row["of"]] if person else []), contact=row.get("contact", ""),
            region=home, hand_to=_hand_to(home, actor, row),
        )  # fmt: skip
        kept = note_talk(actor=actor, talk=talk, today=on, now=then)
        if "outcome" in row:
            follow_up(actor=actor, talk=kept.pk, outcome=row["outcome"], now=then + timedelta(days=1))
    return True


def _person(actor: Actor, row: Mapping[str, Any]) -> Any:
    """The so-and-so-many-th who may have the item; the last one where there are fewer, None where there is nobody."""
    rows = people_of(actor, row["of"], _MAY).rows
    return rows[min(row["nth"], len(rows)) - 1].person if rows else None


def _hand_to(home: str, actor: Actor, row: Mapping[str, Any]) -> str:
    digits = max(row.get("hand", 0), len(actor.region)) if row.get("hand") else 0
    return home[:digits].ljust(_DIGITS, "0") if digits else ""


@lru_cache(maxsize=1)
def _written() -> list[dict[str, Any]]:
    written: dict[str, list[dict[str, Any]]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return written["talks"]
