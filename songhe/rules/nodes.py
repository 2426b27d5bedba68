"""The closed set of nodes a rule is made of. Frozen, compared by value, equal nodes are one leaf.

Every node has every reading (`readings/`, `sentence.py`); a test fails when one is missing. To add a node, add its
readings, its type rule in `typing_rules.py` and its words in the same change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import singledispatch
from typing import Literal

Comparison = Literal["=", "<>", "<", "<=", ">", ">="]
Operator = Literal["+", "-", "*", "/"]
Scalar = Fraction | str | date
CONTRARY: Mapping[Comparison, Comparison] = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
MIRROR: Mapping[Comparison, Comparison] = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Node:
    """Base of all nodes. `children` are the nodes directly below, in the order they are read."""

    @property
    def children(self) -> tuple[Node, ...]:
        """The nodes directly below."""
        return ()


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """A value written in the rule or taken from a parameter. Numbers are exact."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Truth(Node):
    """Always yes or always no. Apart from Constant because Python holds True and 1 to be equal."""

    value: bool


@dataclass(frozen=True, slots=True)
class FactValue(Node):
    """The value of a fact of the person; unknown when the person table is empty there."""

    name: str


@dataclass(frozen=True, slots=True)
class ParameterValue(Node):
    """A dated figure of the law, by name. Gone after binding to a day."""

    name: str


@dataclass(frozen=True, slots=True)
class Unset(Node):
    """A parameter the law names and nobody has set on that day: always unknown."""

    name: str


@dataclass(frozen=True, slots=True)
class Age(Node):
    """Full years of age on the day of the determination."""


@dataclass(frozen=True, slots=True)
class MonthsSince(Node):
    """Full months from the date fact to the day of the determination."""

    name: str


@dataclass(frozen=True, slots=True)
class Within(Node):
    """Whether a region fact lies in an area; unknown also when it is only known to be in a larger one."""

    name: str
    area: str


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """A comparison; unknown when a side is."""

    operator: Comparison
    left: Node
    right: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True, slots=True)
class OneOf(Node):
    """Whether a value is one of some; unknown when the value is, or when it matches none and one of them is unknown."""

    value: Node
    options: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.value, *self.options)


@dataclass(frozen=True, slots=True)
class IsUnknown(Node):
    """SQL's IS NULL: yes or no, never unknown."""

    value: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.value,)


@dataclass(frozen=True, slots=True)
class And(Node):
    """All of them; no as soon as one is no, unknowns notwithstanding."""

    parts: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.parts


@dataclass(frozen=True, slots=True)
class Or(Node):
    """Any of them; yes as soon as one is yes, unknowns notwithstanding."""

    parts: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.parts


@dataclass(frozen=True, slots=True)
class Not(Node):
    """The contrary; unknown stays unknown."""

    part: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.part,)


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """Double-precision arithmetic in the order written; division by zero is unknown.

    What could overflow or vanish is refused when the rule is bound (`magnitudes.py`), so no reading ever meets it.
    """

    operator: Operator
    left: Node
    right: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """The number with its sign changed."""

    part: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.part,)


@dataclass(frozen=True, slots=True)
class Case(Node):
    """The value of the first condition that holds; unknown when none does and there is no `otherwise`.

    There is at least one branch: its value says whether the node is a truth or a number.

    Unlike SQL's CASE, an unknown condition makes the result unknown instead of falling through to the next: a person
    of unknown age must not land in the last tier.
    """

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node | None = None

    @property
    def children(self) -> tuple[Node, ...]:
        flat = tuple(node for branch in self.branches for node in branch)
        return flat if self.otherwise is None else (*flat, self.otherwise)


@dataclass(frozen=True, slots=True)
class Least(Node):
    """The smallest; unknown when any is unknown (PostgreSQL's own LEAST would skip it)."""

    parts: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.parts


@dataclass(frozen=True, slots=True)
class Greatest(Node):
    """The largest; unknown when any is unknown."""

    parts: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.parts


@dataclass(frozen=True, slots=True)
class Round(Node):
    """Rounded half away from zero to so many decimals."""

    part: Node
    decimals: int

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.part,)


KINDS: tuple[type[Node], ...] = (
    Constant,
    Truth,
    FactValue,
    ParameterValue,
    Unset,
    Age,
    MonthsSince,
    Within,
    Compare,
    OneOf,
    IsUnknown,
    And,
    Or,
    Not,
    Arithmetic,
    Negative,
    Case,
    Least,
    Greatest,
    Round,
)

YES = Truth(True)
NO = Truth(False)


@singledispatch
def rebuild(node: Node, change: Callable[[Node], Node]) -> Node:
    """The same node with every child passed through `change`; a node without children is returned as it is."""
    return node


@rebuild.register
def _(node: Compare, change: Callable[[Node], Node]) -> Node:
    return Compare(node.operator, change(node.left), change(node.right))


@rebuild.register
def _(node: OneOf, change: Callable[[Node], Node]) -> Node:
    return OneOf(change(node.value), tuple(map(change, node.options)))


@rebuild.register
def _(node: IsUnknown, change: Callable[[Node], Node]) -> Node:
    return IsUnknown(change(node.value))


@rebuild.register(And)
@rebuild.register(Or)
@rebuild.register(Least)
@rebuild.register(Greatest)
def _(node: And | Or | Least | Greatest, change: Callable[[Node], Node]) -> Node:
    return type(node)(tuple(map(change, node.parts)))


@rebuild.register(Not)
@rebuild.register(Negative)
def _(node: Not | Negative, change: Callable[[Node], Node]) -> Node:
    return type(node)(change(node.part))


@rebuild.register
def _(node: Arithmetic, change: Callable[[Node], Node]) -> Node:
    return Arithmetic(node.operator, change(node.left), change(node.right))


@rebuild.register
def _(node: Case, change: Callable[[Node], Node]) -> Node:
    branches = tuple((change(condition), change(value)) for condition, value in node.branches)
    return Case(branches, None if node.otherwise is None else change(node.otherwise))


@rebuild.register
def _(node: Round, change: Callable[[Node], Node]) -> Node:
    return Round(change(node.part), node.decimals)


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, parents first."""
    yield node
    for child in node.children:
        yield from walk(child)


def depth(node: Node) -> int:
    """How many nodes lie below each other at most, the node itself included."""
    return 1 + max(map(depth, node.children), default=0)


def fact_names(node: Node) -> tuple[str, ...]:
    """The facts the node speaks of, each once, in reading order."""
    return tuple(dict.fromkeys(name for part in walk(node) if (name := fact_of(part))))


def fact_of(node: Node) -> str:
    """The fact a single node reads itself, or the empty text."""
    if isinstance(node, Age):
        return "birth_date"
    return node.name if isinstance(node, FactValue | MonthsSince | Within) else ""


def parameter_names(node: Node) -> tuple[str, ...]:
    """The parameters the node uses, each once, in reading order."""
    return tuple(dict.fromkeys(part.name for part in walk(node) if isinstance(part, ParameterValue | Unset)))


def all_of(parts: tuple[Node, ...]) -> Node:
    """The conjunction, flattened, without what is always yes; no when one part is always no."""
    flat = _distinct(p for part in parts for p in (part.parts if isinstance(part, And) else (part,)) if p != YES)
    if NO in flat:
        return NO
    return flat[0] if len(flat) == 1 else And(flat) if flat else YES


def any_of(parts: tuple[Node, ...]) -> Node:
    """The disjunction, flattened, without what is always no; yes when one part is always yes."""
    flat = _distinct(p for part in parts for p in (part.parts if isinstance(part, Or) else (part,)) if p != NO)
    if YES in flat:
        return YES
    return flat[0] if len(flat) == 1 else Or(flat) if flat else NO


def _distinct(parts: Iterable[Node]) -> tuple[Node, ...]:
    return tuple(dict.fromkeys(parts))


def negation(part: Node) -> Node:
    """The contrary, without a double negation."""
    if isinstance(part, Truth):
        return NO if part.value else YES
    return part.part if isinstance(part, Not) else Not(part)


def surely(condition: Node) -> Node:
    """Yes where the condition is yes; no where it is no or unknown."""
    asked = condition.part if isinstance(condition, Not) else condition
    return condition if isinstance(asked, Truth | IsUnknown) else And((Not(IsUnknown(asked)), condition))


def possibly(condition: Node) -> Node:
    """Yes where the condition is yes or unknown; no where it is no."""
    return negation(surely(negation(condition)))
