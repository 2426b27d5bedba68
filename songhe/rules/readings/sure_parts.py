"""`a IS NOT NULL AND a` read as one thing: a, with unknown for no. Who reads it so names `a` once instead of twice."""

from __future__ import annotations

from collections.abc import Iterator

from songhe.rules import nodes as n


def sure_parts(node: n.And) -> Iterator[tuple[n.Node, bool]]:
    """The parts of a conjunction, each with whether unknown counts as no there; guards that this says are left out."""
    guarded = {value for part in node.parts if (value := _known(part)) is not None}
    guarded &= {_asked(part) for part in node.parts}
    for part in node.parts:
        if _known(part) not in guarded:
            yield part, _asked(part) in guarded


def _known(part: n.Node) -> n.Node | None:
    """What a part says to be known, if that is what it says."""
    return part.part.value if isinstance(part, n.Not) and isinstance(part.part, n.IsUnknown) else None


def _asked(part: n.Node) -> n.Node:
    return part.part if isinstance(part, n.Not) else part
