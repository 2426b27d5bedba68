"""One person's facts with everything behind them, and the person's sheet as it stood, or was known, at another time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from songhe.foundation.database.kept import Kept
from songhe.kernel.errors import NotFound
from songhe.people.models import Circumstance, LifeEvent, Person, Residence
from songhe.people.terms import Place, Source
from songhe.people.trust import TOLD_FACTS, Telling, resolve, stale_from, trusted, value_of
from songhe.rules.facts import PERSON_TABLE, Fact

_CIRCUMSTANCES = Kept(lambda person: Circumstance.objects.filter(person_id=person, known_until=None))


@dataclass(frozen=True, slots=True)
class Said:
    """One telling, ready to be shown: the value typed and in words, who says so, of which day, and for how long.

    `stale_from` is the first day on which it is too old (None: never), `months` its limit.
    """

    telling: Telling
    value: Any
    words: str
    source: str
    documented: bool
    months: int | None
    stale_from: date | None


@dataclass(frozen=True, slots=True)
class KnownFact:
    """What the register knows of one fact. Without `said` it is unknown; `stale` is then what is too old, if anything.

    `others` are those who can be believed and say otherwise.
    """

    fact: Fact
    said: Said | None
    others: tuple[Said, ...]
    stale: Said | None

    @property
    def value(self) -> Any:
        """The value, None when it is unknown."""
        return self.said.value if self.said else None

    @property
    def words(self) -> str:
        """The value in Chinese."""
        return self.said.words if self.said else self.fact.say(None)


def facts_of(person_id: UUID, today: date) -> dict[str, KnownFact]:
    """Every fact that sources tell of one person, by name, in the order of the person table."""
    told = _told(_CIRCUMSTANCES(person=person_id))
    return {fact: _known(fact, told[fact], today) for fact in TOLD_FACTS}


def sheet_as_known(person_id: UUID, day: date, known_at: datetime) -> dict[str, Any]:
    """The facts of the person table that held on `day` as far as the register knew them at `known_at`.

    Both axes count: what was told later is left out, and so is what had been mended by then. NotFound when the person
    is not there, or had no file yet. A merge gave the file what the other one was told, from the merge on.
    """
    person = Person.objects.filter(pk=person_id, created_at__lte=known_at).first()
    if person is None:
        raise NotFound("这位老人")
    facts = {fact: known.value for fact, known in facts_as_known(person_id, day, known_at).items()}
    return {**_file_as_known(person, day, known_at), **facts}


def facts_as_known(person_id: UUID, day: date, known_at: datetime) -> dict[str, KnownFact]:
    """What sources had told by `known_at` and what of it held on `day`, by fact in the order of the person table."""
    known = Circumstance.objects.filter(person_id=person_id, known_from__lte=known_at).filter(
        Q(known_until=None) | Q(known_until__gt=known_at)
    )
    told = _told(known)
    return {fact: _known(fact, told[fact], day) for fact in TOLD_FACTS}


def _file_as_known(person: Person, day: date, known_at: datetime) -> dict[str, Any]:
    """What the file itself told: its state today, taken back event by event to the instant."""
    told: dict[str, Any] = {
        "birth_date": person.birth_date,
        "death_date": person.death_date,
        "sex": person.sex,
        "registered_region": person.registered_region,
        "living_region": person.living_region,
    }
    later = LifeEvent.objects.filter(person=person, recorded_at__gt=known_at).order_by("-recorded_at", "-id")
    for event in later:
        told |= {name: value for name, value in event.detail.get("before", {}).items() if name in told}
    return {
        "birth_date": _day(told["birth_date"]),
        "death_date": _day(told["death_date"]),
        "sex": int(told["sex"]) if told["sex"] else None,
        "registered_region": _area(person, Place.REGISTERED, day, told["registered_region"]),
        "residence_region": _area(person, Place.LIVING, day, told["living_region"]),
    }


def _area(person: Person, place: Place, day: date, current: str) -> str | None:
    """Where the person was on the day: a residence that had ended by now but not then, else what the file said."""
    past = Residence.objects.filter(person=person, place=place, until_date__gt=day).filter(
        Q(from_date=None) | Q(from_date__lte=day)
    )
    found = past.order_by("until_date").first()
    return (found.area if found else current) or None


def _told(rows: Iterable[Circumstance]) -> dict[str, list[Telling]]:
    found: dict[str, list[Telling]] = defaultdict(list)
    for row in rows:
        found[row.fact].append(Telling(row.source, row.value, row.as_of, row.from_date, row.until_date))
    return found


def _known(fact: str, told: list[Telling], day: date) -> KnownFact:
    resolved = resolve(fact, told, day)
    return KnownFact(
        PERSON_TABLE[fact],
        _said(fact, resolved.telling) if resolved.telling else None,
        tuple(_said(fact, other) for other in resolved.others),
        _said(fact, resolved.stale) if resolved.stale else None,
    )


def _said(fact: str, telling: Telling) -> Said:
    value, way = value_of(fact, telling.value), trusted(fact, telling.source)
    words = PERSON_TABLE[fact].say(value)
    label = str(Source(telling.source).label)
    return Said(telling, value, words, label, way.documented, way.months, stale_from(fact, telling))


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
