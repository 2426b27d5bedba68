"""Why: for one person and one item the tree of conditions with their answers, values, sources and clauses.

What would turn the answer is in `changes.py`, what to ask next in `questions.py`; both read the same tree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from songhe.rules import nodes as n
from songhe.rules.changes import Change, changes_to_no, changes_to_yes, smallest_change
from songhe.rules.facts import PERSON_TABLE
from songhe.rules.programme import BoundItem, Programme
from songhe.rules.questions import Question, answers_by_words, best_question
from songhe.rules.readings.reference import Person, Reference, Value
from songhe.rules.sentence import RegionNames, Sentences

__all__ = [
    "Change",
    "Explainer",
    "Question",
    "Reason",
    "answers_by_words",
    "best_question",
    "changes_to_no",
    "changes_to_yes",
    "smallest_change",
]
PERSON_FILE = "人员表"
_NO_SOURCES: Mapping[str, str] = {}
_FROM_FILE = (PERSON_FILE,) * len(PERSON_TABLE)


class Reason(NamedTuple):  # a frozen dataclass takes three times as long to make, and a person has a hundred
    """A condition with its answer. `decides` is false where other conditions settled the matter without it.

    A condition without `children` has the `facts` it reads with their values (None: unknown), where each of them comes
    from in `sources`, and the `clauses` that ask for it. `joined_by` is "and" or "or" above children, else "leaf".
    """

    words: str
    answer: bool | None
    decides: bool
    facts: tuple[tuple[str, Any], ...]
    clauses: tuple[str, ...]
    children: tuple[Reason, ...]
    joined_by: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Condition:
    """A node of the rule as written, prepared once: its words, what it reads and how a leaf is answered."""

    words: str
    answer: Value | None
    facts: tuple[str, ...]
    clauses: tuple[str, ...]
    children: tuple[_Condition, ...]
    kind: str

    @property
    def origins(self) -> tuple[str, ...]:
        """Where the facts come from when nobody says otherwise."""
        return _FROM_FILE[: len(self.facts)]


_Answered = tuple[bool | None, Sequence["_Answered"]]  # the answer of a condition, and of those below it


class Explainer:
    """Explains the items of a programme. Words and functions are made once, an explanation only reads them."""

    def __init__(self, programme: Programme, region_names: RegionNames = str) -> None:
        self.programme = programme
        self._reference = Reference(programme.on)
        self._names = region_names
        self._conditions: dict[str, _Condition] = {}

    def explain(self, bound: BoundItem, person: Person, sources: Mapping[str, str] = _NO_SOURCES) -> Reason:
        """The reason tree of an item for a person; `sources` says for a fact where its value comes from."""
        condition = self._conditions.get(bound.item.slug)
        if condition is None:
            condition = self._prepare(bound)
            self._conditions[bound.item.slug] = condition
        return _reason(condition, _answered(condition, person), person, sources, True)

    def _prepare(self, bound: BoundItem) -> _Condition:
        says = Sentences(bound, self.programme.pack, self._names)
        rule = self._condition(bound, bound.item.who, says)
        living = _Condition("在世", self._reference.read(_alive(self.programme.on)), ("death_date",), (), (), "leaf")
        parts = rule.children if rule.kind == "and" else (rule,)
        return _Condition(rule.words, None, (), (bound.item.clause,), (living, *parts), "and")

    def _condition(self, bound: BoundItem, node: n.Node, says: Sentences) -> _Condition:
        kind, parts = _parts(node)
        children = tuple(self._condition(bound, part, says) for part in parts)
        clauses = () if children else self._clauses(bound, node)
        answer = None if children else self._reference.read(bound.figures.bound(node))
        return _Condition(says.say(node), answer, n.fact_names(node), clauses, children, kind)

    def _clauses(self, bound: BoundItem, node: n.Node) -> tuple[str, ...]:
        """The clauses of the figures a condition uses, of those they are reckoned from too; else the item's own."""
        parameters = self.programme.pack.parameters_of(bound.item)
        found: dict[str, None] = {}
        open_names, seen = list(n.parameter_names(node)), set()
        while open_names:
            name = open_names.pop(0)
            dated = parameters[name].at(self.programme.on)
            if name not in seen and dated is not None:
                found[dated.clause] = None
                open_names += n.parameter_names(dated.value) if isinstance(dated.value, n.Node) else ()
            seen.add(name)
        return tuple(found) or (bound.item.clause,)


def _parts(node: n.Node) -> tuple[str, tuple[n.Node, ...]]:
    """How a condition is joined and of what; what denies a join is the join of what denies its parts."""
    if isinstance(node, n.And | n.Or):
        return ("and" if isinstance(node, n.And) else "or"), node.parts
    if isinstance(node, n.Not):
        kind, parts = _parts(node.part)
        return {"and": "or", "or": "and", "leaf": "leaf"}[kind], tuple(map(n.negation, parts))
    return "leaf", ()


def _alive(on: date) -> n.Node:
    death = n.FactValue("death_date")
    return n.Or((n.IsUnknown(death), n.Compare(">", death, n.Constant(on))))


def _answered(condition: _Condition, person: Person) -> _Answered:
    if condition.answer is not None:
        return condition.answer(person), ()
    below = [_answered(child, person) for child in condition.children]
    answers = [answer for answer, _ in below]
    settles = condition.kind == "or"  # the answer of one part that is enough
    return (settles if settles in answers else None if None in answers else not settles), below


def _reason(
    condition: _Condition, answered: _Answered, person: Person, sources: Mapping[str, str], decides: bool
) -> Reason:
    """A child decides where its answer is that of the whole: the ones that hold, that fail, or that leave it open."""
    answer, below = answered
    if below:
        pairs = zip(condition.children, below, strict=True)
        children = [_reason(child, own, person, sources, decides and own[0] is answer) for child, own in pairs]
        return Reason(condition.words, answer, decides, (), condition.clauses, tuple(children), condition.kind)
    names = condition.facts
    facts = tuple([(name, person.get(name)) for name in names])
    origins = tuple([sources.get(name, PERSON_FILE) for name in names]) if sources else condition.origins
    return Reason(condition.words, answer, decides, facts, condition.clauses, (), "leaf", origins)
