"""The one question that settles most, and the answers a person can choose from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from songhe.rules.answers import answers_apart
from songhe.rules.facts import PERSON_TABLE, Kind
from songhe.rules.programme import BoundItem, Programme
from songhe.rules.readings.reference import Person, Reference


@dataclass(frozen=True, slots=True)
class Question:
    """A fact worth asking for: how many items any answer settles at least, and how many on average.

    `items` are those that hang on it.
    """

    fact: str
    at_least: int
    on_average: float
    items: tuple[str, ...]


def best_question(programme: Programme, person: Person, already_asked: frozenset[str] = frozenset()) -> Question | None:
    """The unknown fact whose answer settles most items; None when every item is settled or nothing can be asked.

    The answers the rules tell apart are taken as equally likely: nothing is guessed about the person. Of equally good
    questions the one the list comes to first.
    """
    reading = Reference(programme.on)
    asked: dict[str, list[BoundItem]] = {}
    for bound in programme.items:
        if reading.read(bound.outcome)(person) is None:
            for name, node in bound.missing().items():
                if name in PERSON_TABLE and name not in already_asked and reading.read(node)(person):
                    asked.setdefault(name, []).append(bound)
    questions = [_question(programme, reading, name, items, person) for name, items in asked.items()]
    return max(questions, key=lambda question: (question.on_average, question.at_least), default=None)


def _question(programme: Programme, reading: Reference, name: str, items: list[BoundItem], person: Person) -> Question:
    trees = [bound.who for bound in items]
    settled = [
        sum(reading.read(bound.outcome)({**person, name: value}) is not None for bound in items)
        for value in answers_apart(name, trees, programme.on, person)
    ]
    average = sum(settled) / len(settled)
    return Question(name, min(settled), average, tuple(bound.item.slug for bound in items))


def answers_by_words(name: str) -> Mapping[str, Any]:
    """The answers a person can choose from, word to value; empty for dates and regions, which are typed."""
    fact = PERSON_TABLE[name]
    if fact.kind is Kind.BOOL:
        return {"是": True, "否": False}
    return {word: value for value, word in fact.values.items()}
