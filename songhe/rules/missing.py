"""Which unknown facts could still decide: themselves nodes, so every reading finds the same ones.

A node that is decided asks for nothing. An undecided one passes on what its undecided parts ask for. Parameters nobody
has set are asked for as `parameter:name`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from songhe.rules import nodes as n

PARAMETER = "parameter:"


@lru_cache(maxsize=4096)
def missing(node: n.Node) -> Mapping[str, n.Node]:
    """For each fact below the node, the condition that it is asked for. Facts come in reading order."""
    name = n.fact_of(node)
    if name:
        return {name: n.IsUnknown(node)}
    if isinstance(node, n.Unset):
        return {PARAMETER + node.name: n.YES}
    asked: dict[str, list[n.Node]] = {}
    for child in node.children:
        for fact, condition in missing(child).items():
            asked.setdefault(fact, []).append(condition)
    if isinstance(node, n.IsUnknown):  # always decided
        return {}
    undecided = n.IsUnknown(node)
    return {fact: n.all_of((undecided, n.any_of(tuple(conditions)))) for fact, conditions in asked.items()}
