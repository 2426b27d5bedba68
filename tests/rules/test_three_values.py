"""The laws of yes, no and unknown, for any conditions and any person: what a reader of a rule may rely on."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from songhe.rules import nodes as n
from songhe.rules.readings.reference import Reference
from tests.rules.small_world import DOMAIN, ON, RULES, completions, people
from tests.trace import covers

PEOPLE = people(sorted(DOMAIN))
QUICKLY = settings(max_examples=100, deadline=None)


def answer(node: n.Node, person: Any) -> Any:
    return Reference(ON).read(node)(person)


@covers("ENT-01")
@QUICKLY
@given(RULES, RULES, RULES, PEOPLE)
def test_and_or_and_not_keep_their_laws_when_something_is_unknown(a: n.Node, b: n.Node, c: n.Node, person: Any) -> None:
    same = [
        (n.Not(n.And((a, b))), n.Or((n.Not(a), n.Not(b)))),
        (n.Not(n.Or((a, b))), n.And((n.Not(a), n.Not(b)))),
        (n.Not(n.Not(a)), a),
        (n.And((a, b)), n.And((b, a))),
        (n.Or((a, n.And((b, c)))), n.And((n.Or((a, b)), n.Or((a, c))))),
        (n.And((a, n.Or((b, c)))), n.Or((n.And((a, b)), n.And((a, c))))),
        (n.Or((a, n.And((a, b)))), a),
        (n.And((a, a)), a),
        (n.And((a, n.YES)), a),
        (n.Or((a, n.NO)), a),
        (n.And((a, n.NO)), n.NO),
        (n.Or((a, n.YES)), n.YES),
    ]
    for left, right in same:
        assert answer(left, person) is answer(right, person)


@covers("ENT-01")
@QUICKLY
@given(RULES, PEOPLE, st.data())
def test_learning_a_fact_never_turns_an_answer_only_settles_it(rule: n.Node, person: Any, data: st.DataObject) -> None:
    before = answer(rule, person)
    learned = data.draw(st.sampled_from(list(completions(person))[:200]))
    if before is not None:
        assert answer(rule, learned) is before
