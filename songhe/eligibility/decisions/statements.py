"""The rules as one statement over the sheets: for each person a word of yes, a word of unknown, and what is payable.

Outcomes are worked out once, in a subquery that the planner may not take apart, and read twice above it. What keeps it
whole is an offset of nothing, written as a bigint: the planner sees only in a constant of that type that it drops no
row, and only then lets parallel workers join what they worked out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from songhe.eligibility.determining import pays_something
from songhe.foundation.access.actors import region_range
from songhe.policy.api import Holding, programme_of
from songhe.rules import nodes as n
from songhe.rules.lowering import lower
from songhe.rules.programme import BoundItem, Programme
from songhe.rules.readings.postgres import Postgres

SHEETS = "people_sheet"
THESE = "s.person_id = ANY(%(ids)s)"
WHOLE = "OFFSET '0'::bigint"
_KEPT = 32
_DECIDED = "('present', 'dead')"


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its parameters."""

    text: str
    parameters: Mapping[str, object]


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """A release that holds in a region, bound to a day, with the places of its items.

    Equal where all of it is: statements are made once for each and kept, an issued release does not change.
    """

    holding: Holding
    programme: Programme
    places: Mapping[str, int]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Listed) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple[object, ...]:
        held, places = self.holding, tuple(self.places.items())
        return held.release.pk, held.release.digest, held.region, tuple(held.without), self.programme.on, places

    @classmethod
    def on(cls, holding: Holding, day: date, places: Mapping[str, int]) -> Listed:
        """The release bound to the day."""
        return cls(holding, programme_of(holding.release, day), places)

    @property
    def items(self) -> Sequence[BoundItem]:
        """The items of the list."""
        return self.programme.items

    @property
    def applied_for(self) -> list[BoundItem]:
        """The items that somebody has to be put down for."""
        return [bound for bound in self.items if bound.item.applied_for]

    def place(self, bound: BoundItem) -> int:
        """The item's place in the words."""
        return self.places[bound.item.slug]

    def sql(self, node: n.Node) -> str:
        """A tree over a sheet named s."""
        return _text(node, self.programme.on)


@lru_cache(maxsize=_KEPT * 64)
def _text(node: n.Node, on: date) -> str:
    return Postgres(on, "s").text(lower(node, on)).replace("%", "%%")


@lru_cache(maxsize=_KEPT)
def decided(listed: tuple[Listed, ...], *, whose: str = "") -> Statement:
    """Who may have what: person_id, region_code, release_id, yes, unknown, fen, one row a person of the regions.

    `whose` is a condition on a sheet named s, such as THESE: those in the parameter `ids`.
    """
    parts: list[str] = []
    parameters: dict[str, object] = {}
    for number, one in enumerate(listed):
        where, values = _where(one.holding, number)
        parameters |= values | {f"release_{number}": one.holding.release.pk}
        where += f" AND {whose}" if whose else ""
        parts.append(_decided_by(one, where, number))
    return Statement(" UNION ALL ".join(parts), parameters)


def _decided_by(one: Listed, where: str, number: int) -> str:
    inner, yes, unknown, fen = [], [], [], {}
    for bound in one.items:
        place = one.place(bound)
        inner.append(f"{one.sql(bound.outcome)} AS o{place}")
        yes.append(f"CASE WHEN o{place} THEN {1 << place}::bigint ELSE 0 END")
        unknown.append(f"CASE WHEN o{place} IS NULL THEN {1 << place}::bigint ELSE 0 END")
        if bound.payable is not None and pays_something(bound):
            inner.append(f"{one.sql(bound.payable)} AS p{place}")
            fen[place] = f"CASE WHEN o{place} THEN round(p{place} * 100)::integer END"
    row = [fen.get(place, "NULL::integer") for place in range(max(fen, default=-1) + 1)]
    array = f"ARRAY[{', '.join(row)}]" if row else "'{}'::integer[]"
    return f"""
SELECT person_id, region_code, %(release_{number})s::uuid AS release_id,
       {" | ".join(yes)} AS yes, {" | ".join(unknown)} AS unknown, {array} AS fen
FROM (SELECT s.person_id, s.region_code, {", ".join(inner)} FROM {SHEETS} s WHERE {where} {WHOLE}) AS read"""  # noqa: S608


@lru_cache(maxsize=_KEPT)
def asked(one: Listed, questions: tuple[str, ...], worth: n.Node, candidates: str) -> Statement:
    """Who lacks exactly one fact for an item that somebody has to be put down for: person_id, place, question.

    `candidates` is a table of person_id, unknown and held. Only facts in `questions` and people worth asking count; the
    question is its index in `questions`.
    """
    lacking, word = {}, 0
    for bound in one.applied_for:
        conditions = {name: one.sql(node) for name, node in bound.missing().items()}
        ours = [name for name in questions if name in conditions]
        if not ours:
            continue
        place = one.place(bound)
        word |= 1 << place
        number = " + ".join(f"({text})::integer" for text in conditions.values())
        which = " ".join(f"WHEN {conditions[name]} THEN {questions.index(name)}" for name in ours)
        lacking[place] = (
            f"CASE WHEN c.asks_for & {1 << place}::bigint <> 0 THEN"
            f" CASE WHEN {number} = 1 THEN CASE {which} END END END AS q{place}"
        )
    where, parameters = _where(one.holding, 0)
    if not lacking:
        return Statement("SELECT NULL::uuid AS person_id, 0 AS place, 0 AS question WHERE false", {})
    text = f"""
SELECT w.person_id, v.place, v.question
FROM (SELECT s.person_id, {", ".join(lacking.values())}
      FROM (SELECT person_id, unknown & ~held & {word}::bigint AS asks_for FROM {candidates} AS t
            WHERE unknown & ~held & {word}::bigint <> 0 {WHOLE}) AS c
      JOIN {SHEETS} s ON s.person_id = c.person_id
      WHERE {where} AND s.death_date IS NULL AND ({one.sql(worth)}) IS TRUE {WHOLE}) AS w
CROSS JOIN LATERAL (VALUES {", ".join(f"({place}, w.q{place})" for place in lacking)}) AS v (place, question)
WHERE v.question IS NOT NULL"""  # noqa: S608
    return Statement(text, parameters)


@lru_cache(maxsize=_KEPT)
def coming(now: Listed, later: Listed, *, whose: str = "") -> Statement:
    """Who is not entitled now and is on the later day, by age alone: person_id, place, from_date.

    Only those are looked at who pass an age that a rule speaks of; `from_date` is that birthday.
    """
    items = later.applied_for
    bounds = _birthdays_passed(now, later)
    if not bounds or not items:
        return Statement("SELECT NULL::uuid AS person_id, 0 AS place, NULL::date AS from_date WHERE false", {})
    where, parameters = _where(now.holding, 0)
    where += f" AND {whose}" if whose else ""
    passing = " OR ".join(f"s.birth_date > DATE '{a}' AND s.birth_date <= DATE '{b}'" for a, b in bounds)
    inner = ", ".join(f"{later.sql(bound.outcome)} AS o{later.place(bound)}" for bound in items)
    word = " | ".join(
        f"CASE WHEN o{later.place(bound)} THEN {1 << later.place(bound)}::bigint ELSE 0 END" for bound in items
    )
    text = f"""
SELECT t.person_id, i.position AS place, t.from_date
FROM (SELECT person_id, from_date, {word} AS yes
      FROM (SELECT s.person_id, {_next_birthday(now.programme.on)} AS from_date, {inner} FROM {SHEETS} s
            WHERE {where} AND s.standing = 'present' AND ({passing}) {WHOLE}) AS read) AS t
JOIN decisions_standing d ON d.person_id = t.person_id
JOIN decisions_listeditem i ON (t.yes & ~(d.yes | d.unknown | d.held)) & (1::bigint << i.position) <> 0"""  # noqa: S608
    return Statement(text, parameters)


def _birthdays_passed(now: Listed, later: Listed) -> list[tuple[date, date]]:
    """For each age the rules compare with, who reaches it between the two days: born after, born on or before."""
    return sorted(
        {
            (born_now, born_later)
            for bound in later.applied_for
            for leaf in n.walk(bound.outcome)
            for born_now, born_later in _pair(leaf, now.programme.on, later.programme.on)
        }
    )


def _pair(leaf: n.Node, now: date, later: date) -> list[tuple[date, date]]:
    if not isinstance(leaf, n.Compare) or not any(isinstance(side, n.Age) for side in leaf.children):
        return []
    before, after = _constants(lower(leaf, now)), _constants(lower(leaf, later))
    return [(a, b) for a, b in zip(before, after, strict=True) if a < b]


def _constants(node: n.Node) -> list[date]:
    return [part.value for part in n.walk(node) if isinstance(part, n.Constant) and isinstance(part.value, date)]


def _next_birthday(on: date) -> str:
    """The first birthday after the day; who was born on 29 February has it on 1 March in a common year."""

    def birthday(years: str) -> str:
        moved = f"(s.birth_date + make_interval(years => {years}))::date"
        return f"({moved} + (extract(day FROM s.birth_date) <> extract(day FROM {moved}))::integer)"

    this = f"({on.year} - extract(year FROM s.birth_date))::integer"
    first = birthday(this)
    return f"CASE WHEN {first} > DATE '{on}' THEN {first} ELSE {birthday(f'{this} + 1')} END"


def _where(holding: Holding, number: int) -> tuple[str, dict[str, object]]:
    lo, hi = region_range(holding.region)
    values: dict[str, object] = {f"lo_{number}": lo, f"hi_{number}": hi}
    text = f"s.standing IN {_DECIDED} AND s.region_code >= %(lo_{number})s AND s.region_code < %(hi_{number})s"
    for index, other in enumerate(holding.without):
        low, high = region_range(other)
        values |= {f"not_lo_{number}_{index}": low, f"not_hi_{number}_{index}": high}
        text += (
            f" AND NOT (s.region_code >= %(not_lo_{number}_{index})s AND s.region_code < %(not_hi_{number}_{index})s)"
        )
    return text, values
