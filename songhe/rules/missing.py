"""Which unknown facts could still decide: themselves nodes, so every reading finds the same ones.

A node that is decided asks for nothing. An undecided one passes on what its undecided parts ask for, a CASE only what
the branches ask for that can still be reached. Parameters nobody has set are asked for as `parameter:name`.

What is asked for is enough: no answer to a fact that is not asked for changes anything, whatever the other unknown
facts turn out to be. It is exactly what matters where AND, OR and NOT join conditions that can come out both ways and
no fact is named twice. Elsewhere a fact may be asked for though its answers happen to come to the same
(`a AND b OR NOT a AND b` asks for a; so does a CASE with equal values): conditions are looked at one by one, as SQL and
Kleene do, and so every reading can. IS NULL asks for nothing: it is decided by not knowing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from songhe.rules import nodes as n

PARAMETER = "parameter:"
Asked = Mapping[str, n.Node]


@lru_cache(maxsize=4096)
def missing(node: n.Node) -> Asked:
    """For each fact below the node, the condition that it is asked for. Facts come in reading order."""
    name = n.fact_of(node)
    if name:
        return {name: n.IsUnknown(node)}
    if isinstance(node, n.Unset):
        return {PARAMETER + node.name: n.YES}
    if isinstance(node, n.IsUnknown):
        return {}
    parts = _reachable(node) if isinstance(node, n.Case) else [(child, n.YES) for child in node.children]
    asked: dict[str, list[n.Node]] = {}
    for part, reached in parts:
        for fact, condition in missing(part).items():
            asked.setdefault(fact, []).append(n.all_of((reached, condition)))
    undecided = n.IsUnknown(node)
    return {fact: n.all_of((undecided, n.any_of(tuple(conditions)))) for fact, conditions in asked.items()}


def _reachable(node: n.Case) -> list[tuple[n.Node, n.Node]]:
    """The conditions and values of a CASE, each with the condition that it can still come to it."""
    parts: list[tuple[n.Node, n.Node]] = []
    reached: n.Node = n.YES
    for condition, value in node.branches:
        parts += [(condition, reached), (value, n.all_of((reached, n.possibly(condition))))]
        reached = n.all_of((reached, n.negation(n.surely(condition))))
    return parts if node.otherwise is None else [*parts, (node.otherwise, reached)]
