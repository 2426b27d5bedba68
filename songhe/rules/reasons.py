"""Why: for one person and one item the tree of conditions with their answers, values, sources and clauses.

Also the smallest single change that would turn a no or unknown into a yes, and the one question that settles most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from songhe.rules import nodes as n
from songhe.rules.facts import PERSON_TABLE, Kind
from songhe.rules.lowering import lower
from songhe.rules.programme import BoundItem, Programme
from songhe.rules.readings.reference import Person, Reference, Value
from songhe.rules.sentence import RegionNames, Sentences

ELSEWHERE = "999999"  # a division that does not exist lies in no area a rule names


@dataclass(frozen=True, slots=True)
class Reason:
    """A condition with its answer. `decides` is false where another condition settled the matter without it."""

    words: str
    answer: bool | None
    decides: bool
    facts: tuple[tuple[str, Any], ...]
    clauses: tuple[str, ...]
    children: tuple[Reason, ...]
    joined_by: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One fact with another value. `from_day` is set when merely waiting until that day does it."""

    fact: str
    value: Any
    from_day: date | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A fact worth asking for: how many items any answer settles at least, and how many on average."""

    fact: str
    at_least: int
    on_average: float
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Condition:
    """A node of the rule as written, prepared once: its words, its answer and what it reads."""

    words: str
    answer: Value
    facts: tuple[str, ...]
    clauses: tuple[str, ...]
    children: tuple[_Condition, ...]
    kind: str


class Explainer:
    """Explains the items of a programme. Words and functions are made once, an explanation only reads them."""

    def __init__(self, programme: Programme, region_names: RegionNames = str) -> None:
        self.programme = programme
        self._reference = Reference(programme.on)
        self._names = region_names
        self._conditions: dict[str, _Condition] = {}

    def explain(self, bound: BoundItem, person: Person) -> Reason:
        """The reason tree of an item for a person."""
        condition = self._conditions.get(bound.item.slug)
        if condition is None:
            condition = self._prepare(bound)
            self._conditions[bound.item.slug] = condition
        return _reason(condition, person, True)

    def _prepare(self, bound: BoundItem) -> _Condition:
        says = Sentences(bound, self.programme.pack, self._names)
        rule = self._condition(bound, bound.item.who, says)
        living = _Condition("在世", self._reference.read(_alive(self.programme.on)), ("death_date",), (), (), "leaf")
        parts = rule.children if rule.kind == "and" else (rule,)
        both = self._reference.read(bound.outcome)
        return _Condition(rule.words, both, (), (bound.item.clause,), (living, *parts), "and")

    def _condition(self, bound: BoundItem, node: n.Node, says: Sentences) -> _Condition:
        kind = {n.And: "and", n.Or: "or"}.get(type(node), "leaf")
        children = () if kind == "leaf" else tuple(self._condition(bound, part, says) for part in node.children)
        clauses = () if children else self._clauses(bound, node)
        answer = self._reference.read(bound.figures.bound(node))
        return _Condition(says.say(node), answer, n.fact_names(node), clauses, children, kind)

    def _clauses(self, bound: BoundItem, node: n.Node) -> tuple[str, ...]:
        parameters = self.programme.pack.parameters_of(bound.item)
        dated = [parameters[name].at(self.programme.on) for name in n.parameter_names(node)]
        return tuple(dict.fromkeys(value.clause for value in dated if value is not None)) or (bound.item.clause,)


def _alive(on: date) -> n.Node:
    death = n.FactValue("death_date")
    return n.Or((n.IsUnknown(death), n.Compare(">", death, n.Constant(on))))


def _reason(condition: _Condition, person: Person, decides: bool) -> Reason:
    answer = condition.answer(person)
    settled = {"and": False, "or": True}.get(condition.kind)
    children = tuple(
        _reason(child, person, decides and (answer is not settled or child.answer(person) is settled))
        for child in condition.children
    )
    facts = tuple((name, person.get(name)) for name in condition.facts) if not children else ()
    return Reason(condition.words, answer, decides, facts, condition.clauses, children, condition.kind)


def changes_to_yes(programme: Programme, bound: BoundItem, person: Person) -> tuple[Change, ...]:
    """Every single change of one fact that makes the item a yes, the smallest first.

    Waiting for a birthday comes before learning an unknown fact, that before a change of circumstances. Death and sex
    are not proposed.
    """
    decide = Reference(programme.on).read(bound.outcome)
    if decide(person) is True:
        return ()
    found = [
        change
        for name in n.fact_names(bound.who)
        if name != "sex"
        for change in _candidates(programme, bound, name, person)
        if decide({**person, change.fact: change.value}) is True
    ]
    return tuple(sorted(found, key=lambda change: _size(change, person)))


def _size(change: Change, person: Person) -> tuple[int, int]:
    if change.from_day is not None:
        return (0, change.from_day.toordinal())
    return (1 if person.get(change.fact) is None else 2, 0)


def _candidates(programme: Programme, bound: BoundItem, name: str, person: Person) -> Iterator[Change]:
    fact, current = PERSON_TABLE[name], person.get(name)
    if fact.kind is Kind.DATE:
        yield from _other_dates(programme, bound, name, current)
        return
    for value in _possible(name, (bound.who,)):
        if value != current:
            yield Change(name, value)


def _other_dates(programme: Programme, bound: BoundItem, name: str, current: date | None) -> Iterator[Change]:
    """Thresholds of a date: for a known birth date only by waiting, since nobody is born anew."""
    on = programme.on
    for limit in _limits(bound.who, on):
        if current is None:
            yield Change(name, limit)
        elif limit < current:
            yield Change(name, limit, on + (current - limit))


def _limits(node: n.Node, on: date) -> list[date]:
    lowered = lower(node, on)
    days = {part.value for part in n.walk(lowered) if isinstance(part, n.Constant) and isinstance(part.value, date)}
    return sorted(days | {day + timedelta(days=1) for day in days if day < date.max}, reverse=True)


def _possible(name: str, trees: tuple[n.Node, ...]) -> list[Any]:
    """The values of a fact that the trees can tell apart."""
    fact = PERSON_TABLE[name]
    if fact.kind is Kind.BOOL:
        return [True, False]
    if fact.kind is Kind.REGION:
        areas = [node.area for tree in trees for node in n.walk(tree) if isinstance(node, n.Within)]
        return list(dict.fromkeys(areas))
    return list(fact.values)


def best_question(programme: Programme, person: Person, already_asked: frozenset[str] = frozenset()) -> Question | None:
    """The unknown fact whose answer settles most items; None when every item is settled or nothing can be asked.

    Answers are taken as equally likely: nothing is guessed about the person.
    """
    reference = Reference(programme.on)
    open_items = [b for b in programme.items if reference.read(b.outcome)(person) is None]
    asked: dict[str, list[BoundItem]] = {}
    for bound in open_items:
        for name, node in bound.missing().items():
            if name in PERSON_TABLE and name not in already_asked and reference.read(node)(person):
                asked.setdefault(name, []).append(bound)
    questions = [_question(programme, reference.read, name, items, person) for name, items in asked.items()]
    return max(questions, key=lambda q: (q.on_average, q.at_least), default=None)


def _question(
    programme: Programme, read: Callable[[n.Node], Value], name: str, items: list[BoundItem], person: Person
) -> Question:
    settled = []
    for value in _answers(programme, name, items):
        with_answer = {**person, name: value}
        settled.append(sum(read(bound.outcome)(with_answer) is not None for bound in items))
    return Question(name, min(settled), sum(settled) / len(settled), tuple(bound.item.slug for bound in items))


def _answers(programme: Programme, name: str, items: list[BoundItem]) -> list[Any]:
    trees = tuple(bound.who for bound in items)
    if PERSON_TABLE[name].kind is Kind.DATE:
        days = {limit for tree in trees for limit in _limits(tree, programme.on)}
        return sorted(days)
    if PERSON_TABLE[name].kind is Kind.REGION:
        areas = _possible(name, trees)
        return [*areas, ELSEWHERE]
    return _possible(name, trees)


def answers_by_words(name: str) -> Mapping[str, Any]:
    """The answers a person can choose from, word to value; empty for dates and regions, which are typed."""
    fact = PERSON_TABLE[name]
    if fact.kind is Kind.BOOL:
        return {"是": True, "否": False}
    return {word: value for value, word in fact.values.items()}
