"""Runs the examples of a list: each is a small test written from the document, not from the code."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from songhe.kernel.errors import BadInput
from songhe.rules.packs import Example, Pack
from songhe.rules.programme import BoundItem, Programme, bind
from songhe.rules.readings.reference import Reference

WORDS = {"yes": "可享", "no": "不可享", "unknown": "待核"}
OUTCOMES = {True: "yes", False: "no", None: "unknown"}


def run_examples(pack: Pack) -> tuple[int, list[BadInput]]:
    """How many examples were run and the failures, each with file, line, what came out and what was written.

    Only of the list's own items: what an inherited one pays may change with an item of its group that the list betters.
    """
    count, failures = 0, []
    programmes: dict[date, Programme] = {}
    for item in (item for item in pack.items if item.slug in pack.own_items):
        for example in item.examples:
            count += 1
            if example.on not in programmes:
                programmes[example.on] = bind(pack, example.on)
            bound = programmes[example.on].item(item.slug)
            where = f"{item.path}:{example.line}"
            failures += [
                BadInput(where, f"例子“{example.case}”不成立", given=found, accepted=wanted)
                for found, wanted in _differences(bound, example, Reference(example.on))
            ]
    return count, failures


def _differences(bound: BoundItem, example: Example, reference: Reference) -> Iterator[tuple[str, str]]:
    """What came out against what was written, for everything the example says."""
    outcome = OUTCOMES[reference.read(bound.outcome)(example.given)]
    if outcome != example.outcome:
        yield WORDS[outcome], WORDS[example.outcome]
    if example.missing is not None:
        asked = {name for name, node in bound.missing().items() if reference.read(node)(example.given)}
        if asked != example.missing:
            yield f"缺{_listed(asked)}", f"缺{_listed(example.missing)}"
    for wanted, node, word in (
        (example.amount, bound.eligible_amount(), "标准"),
        (example.payable, bound.payable, "应发"),
    ):
        if wanted is not None:
            found = None if node is None else reference.read(node)(example.given)
            if found != float(wanted):
                yield f"{word}{_number(found)}", f"{word}{_number(wanted)}"


def _listed(names: set[str] | frozenset[str]) -> str:
    return "、".join(sorted(names)) or "（没有）"


def _number(value: float | Fraction | None) -> str:
    """An amount without zeros nobody wrote; what is not given is 没有."""
    return "没有" if value is None else f"{float(value):.2f}".rstrip("0").rstrip(".")
