"""A world small enough to try everything: a few facts with a few values each, and rules over them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from songhe.rules import nodes as n
from songhe.rules.folding import fold

ON = date(2024, 5, 1)
DOMAIN: Mapping[str, Sequence[Any]] = {
    "dementia": (True, False),
    "lives_alone": (True, False),
    "sex": (1, 2),
    "assistance": ("none", "edge", "minimum_living"),
    "disability_level": (0, 1, 4),
    "birth_date": (date(1934, 5, 1), date(1934, 5, 2), date(1944, 5, 1), date(1944, 5, 2), date(1964, 5, 1)),
    "registered_region": ("420704101", "420703", "420799", "110000"),
}
Person = Mapping[str, Any]


def number(value: int) -> n.Constant:
    return n.Constant(Fraction(value))


def _compare(name: str, operators: Sequence[n.Comparison], values: Sequence[Any]) -> st.SearchStrategy[n.Node]:
    constants = [n.Constant(value if isinstance(value, str) else Fraction(value)) for value in values]
    return st.builds(n.Compare, st.sampled_from(operators), st.just(n.FactValue(name)), st.sampled_from(constants))


LEAVES: Mapping[str, st.SearchStrategy[n.Node]] = {
    "dementia": st.just(n.FactValue("dementia")),
    "lives_alone": st.just(n.FactValue("lives_alone")),
    "sex": _compare("sex", ["=", "<>"], [1, 2]),
    "assistance": _compare("assistance", ["=", "<>"], ["none", "edge", "minimum_living"])
    | st.just(n.OneOf(n.FactValue("assistance"), (n.Constant("edge"), n.Constant("minimum_living")))),
    "disability_level": _compare("disability_level", ["=", "<>"], [0, 1, 4])
    | _compare("disability_level", ["<=", ">"], [0, 1]),
    "birth_date": st.builds(
        n.Compare, st.sampled_from(["<", "<=", ">", ">="]), st.just(n.Age()), st.sampled_from([number(80), number(90)])
    ).filter(lambda node: (node.operator, node.right) not in ((">", number(90)), ("<=", number(90)))),
    "registered_region": st.sampled_from(
        [n.Within("registered_region", area) for area in ("420700", "420704", "420703")]
    ),
}
"""For each fact conditions on it alone that come out both ways within the domain."""


@st.composite
def read_once(draw: st.DrawFn) -> n.Node:
    """AND, OR and NOT over conditions of which no two read the same fact."""
    names = draw(st.lists(st.sampled_from(sorted(LEAVES)), min_size=1, max_size=5, unique=True))
    parts = [draw(LEAVES[name]) for name in names]
    while len(parts) > 1:
        taken = draw(st.integers(2, len(parts)))
        joined = draw(st.sampled_from([n.And, n.Or]))(tuple(parts[:taken]))
        parts = [draw(st.sampled_from([joined, n.Not(joined)])), *parts[taken:]]
    return parts[0]


_ANY_LEAF = st.one_of(*LEAVES.values(), st.just(n.Compare(">=", n.Age(), n.Unset("from_age"))))
RULES: st.SearchStrategy[n.Node] = st.recursive(
    _ANY_LEAF,
    lambda below: st.one_of(
        st.builds(n.Not, below),
        st.builds(lambda parts: n.And(tuple(parts)), st.lists(below, min_size=2, max_size=3)),
        st.builds(lambda parts: n.Or(tuple(parts)), st.lists(below, min_size=2, max_size=3)),
        st.builds(lambda one, other, rest: n.Case(((one, other),), rest), below, below, below),
        st.builds(lambda one, a, other, b: n.Case(((one, a), (other, b))), below, below, below, below),
    ),
    max_leaves=6,
).map(fold)
"""Any rule without IS NULL over the facts of the domain, facts named as often as it pleases."""

AMOUNTS: st.SearchStrategy[n.Node] = st.recursive(
    st.sampled_from([number(0), number(50), number(70), n.FactValue("disability_level"), n.Unset("monthly")]),
    lambda below: st.one_of(
        st.builds(lambda who, value, rest: n.Case(((who, value),), rest), RULES, below, below),
        st.builds(lambda who, value, other, rest: n.Case(((who, value), (other, rest))), RULES, below, RULES, below),
        st.builds(n.Arithmetic, st.sampled_from(["+", "-", "*", "/"]), below, below),
        st.builds(lambda one, other: n.Least((one, other)), below, below),
        st.builds(lambda one, other: n.Greatest((one, other)), below, below),
        st.builds(lambda part: n.Round(n.Negative(part), 1), below),
    ),
    max_leaves=4,
).map(fold)
"""Numbers that hang on the person."""


@st.composite
def people(draw: st.DrawFn, names: Sequence[str]) -> Person:
    """A person of whom some of the facts are unknown."""
    return {name: draw(st.none() | st.sampled_from(DOMAIN[name])) for name in names}


def completions(person: Person) -> Iterator[dict[str, Any]]:
    """Everybody the person may turn out to be."""
    unknown = [name for name, value in person.items() if value is None]
    for values in itertools.product(*(DOMAIN[name] for name in unknown)):
        yield {**person, **dict(zip(unknown, values, strict=True))}


def facts_that_matter(answer: Callable[[Person], Any], person: Person) -> set[str]:
    """The unknown facts of which, for somebody the person may turn out to be, another value gives another answer."""
    unknown = {name for name, value in person.items() if value is None}
    whole = list(completions(person))
    answers = {tuple(one[name] for name in person): answer(one) for one in whole}
    found = set()
    for one in whole:
        own = answers[tuple(one.values())]
        for name in unknown - found:
            others = ({**one, name: value} for value in DOMAIN[name])
            if any(answers[tuple(other.values())] != own for other in others):
                found.add(name)
    return found
