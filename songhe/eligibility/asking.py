"""Asks a person only what still matters, the question that settles most first.

An interview is a value: an answer gives the next one, going back the one before. Whoever asks (a terminal, a page)
only shows `question()` and passes on what was typed, read by `typed_answers`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product
from typing import Any, Protocol

from songhe.rules import nodes as n
from songhe.rules.answers import ELSEWHERE, answers_apart
from songhe.rules.facts import PERSON_TABLE, Kind
from songhe.rules.missing import missing
from songhe.rules.programme import BoundItem, Programme
from songhe.rules.readings.reference import Person, Reference
from songhe.rules.reasons import best_question

_MOST_CASES = 20_000
# Who has no disability certificate has neither a category nor a level: asking for the other one would be foolish.
_FOLLOWS: Mapping[tuple[str, Any], tuple[str, Any]] = {
    ("disability_category", 0): ("disability_level", 0),
    ("disability_level", 0): ("disability_category", 0),
}


class Divisions(Protocol):
    """The names of administrative divisions, for choosing a region in words."""

    def below(self, code: str) -> tuple[tuple[str, str], ...]:
        """The divisions directly below one: code and name; empty when they are not at hand."""

    def named(self, name: str) -> tuple[tuple[str, str], ...]:
        """All divisions of that name: code and full name."""

    def name(self, code: str) -> str:
        """The name of a division, the code when it is not known."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A numbered answer."""

    words: str
    value: Any


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is put: its words, one line of help, the numbered answers, the items that hang on it."""

    fact: str
    words: str
    help: str
    choices: tuple[Choice, ...]
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Interview:
    """What is known of a person and what was answered, in order; None is an answer too: 不清楚.

    `known` are facts from elsewhere, which are not asked again.
    """

    programme: Programme
    known: Person = field(default_factory=dict)
    answers: tuple[tuple[str, Any], ...] = ()
    divisions: Divisions | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """All facts at hand: known, answered, and what an answer says about another fact by itself."""
        answered = {name: value for name, value in self.answers if value is not None}
        facts = {**{name: value for name, value in self.known.items() if value is not None}, **answered}
        for given, (name, value) in _FOLLOWS.items():
            if facts.get(given[0]) == given[1]:
                facts.setdefault(name, value)
        return facts

    def question(self) -> Asked | None:
        """What to ask now; None when nothing that can be answered would change anything.

        Nobody is asked twice, not even for a place that was answered too coarsely to decide.
        """
        fact = next_fact(self.programme, self.facts, frozenset(name for name, _ in self.answers))
        return None if fact is None else self.asked(fact)

    def answer(self, name: str, value: Any) -> Interview:
        """The interview with one more answer; None is 不清楚."""
        return replace(self, answers=(*self.answers, (name, value)))

    def back(self) -> Interview:
        """The interview before the last answer; itself at the beginning."""
        return replace(self, answers=self.answers[:-1])

    @property
    def settled(self) -> int:
        """How many items are a yes or a no by what is known."""
        reading, facts = Reference(self.programme.on), self.facts
        return sum(reading.read(bound.outcome)(facts) is not None for bound in self.programme.items)

    def asked(self, name: str) -> Asked:
        """The question for a fact, whether it is its turn or not."""
        fact, reading, facts = PERSON_TABLE[name], Reference(self.programme.on), self.facts
        waiting = tuple(
            bound.item.number
            for bound in self.programme.items
            if (condition := _all_missing(bound).get(name)) is not None and reading.read(condition)(facts)
        )
        choices = tuple(self._choices(name))
        return Asked(name, fact.question, _help(fact.kind, self.divisions is not None), choices, waiting)

    def _choices(self, name: str) -> Iterator[Choice]:
        fact = PERSON_TABLE[name]
        if fact.kind is Kind.BOOL:
            has = "有没有" in fact.question
            yield from (Choice("有" if has else "是", True), Choice("没有" if has else "不是", False))
        elif fact.kind is Kind.REGION:
            yield from self._places(name)
        else:
            out = self._ruled_out(name)
            yield from (Choice(word, value) for value, word in fact.values.items() if value not in out)

    def _ruled_out(self, name: str) -> list[Any]:
        """Values that an answer to another question leaves no room for: who has a level has a certificate."""
        facts = self.facts
        others = [(given, then) for given, then in _FOLLOWS.items() if then[0] == name]
        return [then[1] for given, then in others if facts.get(given[0], given[1]) != given[1]]

    def _places(self, name: str) -> Iterator[Choice]:
        """The areas the rules speak of, each by its parts where their names are at hand, and elsewhere."""
        areas = _areas(self.programme, name)
        for area in areas:
            parts = self.divisions.below(area) if self.divisions else ()
            inside = self.divisions.name(area) if self.divisions else area
            yield from (Choice(f"{inside}{part}", code) for code, part in parts) if parts else (Choice(inside, area),)
        inside = "、".join(self.divisions.name(area) if self.divisions else area for area in areas)
        yield Choice(f"不在{inside}", ELSEWHERE)


def _help(kind: Kind, names: bool) -> str:
    if kind is Kind.DATE:
        return "照身份证写公历，如1944-05-02"
    if kind is Kind.REGION:
        return "写号；也可以写街道、社区的名字或区划代码" if names else "写号，或写6、9或12位的区划代码"
    return ""


def _areas(programme: Programme, name: str) -> list[str]:
    found = [p.area for b in programme.items for p in n.walk(b.who) if isinstance(p, n.Within) and p.name == name]
    return list(dict.fromkeys(found))


# Which fact to ask for


def next_fact(programme: Programme, facts: Person, declined: frozenset[str] = frozenset()) -> str | None:
    """The fact to ask for: the one that settles most items, of those of which some answer changes something now.

    Where no single answer does but two together may, a fact whose answer may matter. Then what only changes an amount.
    None when nothing is left. Facts in `declined` are not asked again.
    """
    reading, skipped = Reference(programme.on), declined
    while (best := best_question(programme, facts, skipped)) is not None:
        if _changes_something(programme, reading, best.fact, facts):
            return best.fact
        skipped |= {best.fact}
    for name in _still_missing(programme, reading, facts):
        if name not in declined and _may_matter(programme, reading, name, facts, declined):
            return name
    return None


def _all_missing(bound: BoundItem) -> Mapping[str, n.Node]:
    """What the outcome, the payable amount and, for who may have the item, the amount itself hang on."""
    found = dict(bound.missing())
    amount = bound.eligible_amount()
    for name, condition in ({} if amount is None else missing(amount)).items():
        found[name] = n.any_of((found[name], condition)) if name in found else condition
    return {name: condition for name, condition in found.items() if name in PERSON_TABLE}


def _still_missing(programme: Programme, reading: Reference, facts: Person) -> list[str]:
    every = [_all_missing(bound) for bound in programme.items]
    asked = {name for found in every for name, condition in found.items() if reading.read(condition)(facts)}
    return [name for name in PERSON_TABLE if name in asked]


def _results(bound: BoundItem) -> tuple[n.Node, ...]:
    amounts = (bound.eligible_amount(), bound.payable)
    return (bound.outcome, *(amount for amount in amounts if amount is not None))


def _state(bound: BoundItem, reading: Reference, facts: Person, without: str) -> tuple[Any, ...]:
    """All that can be told of an item: its answer, its amounts, and what else it hangs on."""
    asked = {name for name, node in _all_missing(bound).items() if name != without and reading.read(node)(facts)}
    return (*(reading.read(node)(facts) for node in _results(bound)), asked)


def _changes_something(programme: Programme, reading: Reference, name: str, facts: Person) -> bool:
    for bound in programme.items:
        before = _state(bound, reading, facts, name)
        for value in answers_apart(name, _results(bound), programme.on, facts):
            if _state(bound, reading, {**facts, name: value}, name) != before:
                return True
    return False


def _may_matter(programme: Programme, reading: Reference, name: str, facts: Person, declined: frozenset[str]) -> bool:
    """Whether some answer changes a result once other unknown facts are answered as well."""
    return any(_matters_for(bound, programme.on, reading, name, facts, declined) for bound in programme.items)


def _matters_for(
    bound: BoundItem, on: date, reading: Reference, name: str, facts: Person, declined: frozenset[str]
) -> bool:
    asked = [fact for fact, node in _all_missing(bound).items() if reading.read(node)(facts)]
    if name not in asked:
        return False
    others = [fact for fact in asked if fact != name and fact not in declined]
    answers = [[None, *answers_apart(fact, _results(bound), on, facts)] for fact in others]
    own = [None, *answers_apart(name, _results(bound), on, facts)]
    for case, values in enumerate(product(*answers)):
        settled = {**facts, **dict(zip(others, values, strict=True))}
        results = {tuple(reading.read(node)({**settled, name: value}) for node in _results(bound)) for value in own}
        if len(results) > 1 or case > _MOST_CASES:
            return True
    return False
