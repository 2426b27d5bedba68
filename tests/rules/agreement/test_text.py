"""Rules written out and read again are the same rules, and every generated one passes the type check."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, settings

from songhe.rules import nodes as n
from songhe.rules.parse import MAX_DEPTH, MAX_LENGTH, Parser
from songhe.rules.typing_rules import Type, TypeCheck
from tests.rules.agreement.printing import text_of
from tests.rules.agreement.trees import PARAMETERS, rules

PARSER = Parser(PARAMETERS.keys(), "made up")
TYPES = TypeCheck(PARAMETERS, "made up")
QUICKLY = settings(
    max_examples=400,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],  # cutting down a deep tree takes minutes
    suppress_health_check=list(HealthCheck),
)


@QUICKLY
@given(rules())
def test_a_rule_written_out_and_read_again_is_the_same(rule: tuple[n.Node, Type]) -> None:
    text = text_of(rule[0])
    if len(text) <= MAX_LENGTH and n.depth(rule[0]) <= MAX_DEPTH:
        assert PARSER.parse(text) == rule[0]


@QUICKLY
@given(rules())
def test_every_generated_rule_has_the_type_it_was_made_for(rule: tuple[n.Node, Type]) -> None:
    TYPES.want(*rule)
