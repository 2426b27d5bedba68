"""Missing facts: exactly those that could still decide, tried on everybody a person may turn out to be."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from songhe.rules import nodes as n
from songhe.rules.missing import missing
from songhe.rules.parse import Parser
from songhe.rules.readings.reference import Reference
from tests.rules.small_world import AMOUNTS, ON, RULES, Person, facts_that_matter, people, read_once
from tests.trace import covers


def asked(node: n.Node, person: Person) -> list[str]:
    read = Reference(ON).read
    return [name for name, condition in missing(node).items() if read(condition)(person)]


@covers("ENT-01")
@settings(max_examples=300, deadline=None)
@given(st.data())
def test_where_no_fact_is_named_twice_exactly_what_matters_is_asked(data: st.DataObject) -> None:
    rule = data.draw(read_once())
    person = data.draw(people(n.fact_names(rule)))
    answer = Reference(ON).read(rule)
    assert set(asked(rule, person)) == facts_that_matter(answer, person)
    assert (answer(person) is None) == bool(facts_that_matter(answer, person))


@covers("ENT-01")
@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_answer_to_what_is_not_asked_changes_any_rule(data: st.DataObject) -> None:
    rule = data.draw(RULES)
    person = data.draw(people(n.fact_names(rule)))
    assert facts_that_matter(Reference(ON).read(rule), person) <= set(asked(rule, person))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_answer_to_what_is_not_asked_changes_any_amount(data: st.DataObject) -> None:
    amount = data.draw(AMOUNTS)
    person = data.draw(people(n.fact_names(amount)))
    assert facts_that_matter(Reference(ON).read(amount), person) <= set(asked(amount, person))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_only_unknown_facts_are_asked_for_and_only_by_what_is_open(data: st.DataObject) -> None:
    node = data.draw(RULES | AMOUNTS)
    person = data.draw(people(n.fact_names(node)))
    names = [name for name in asked(node, person) if not name.startswith("parameter:")]
    assert all(person[name] is None for name in names)
    if Reference(ON).read(node)(person) is not None:
        assert asked(node, person) == []


@pytest.mark.parametrize(
    ("rule", "person", "names"),
    [
        ("dementia AND lives_alone", {}, ["dementia", "lives_alone"]),
        ("lives_alone AND dementia", {}, ["lives_alone", "dementia"]),  # in reading order
        ("dementia AND lives_alone", {"dementia": True}, ["lives_alone"]),
        ("dementia AND lives_alone", {"dementia": False}, []),
        ("dementia OR lives_alone", {"dementia": True}, []),
        ("NOT (dementia OR lives_alone)", {"dementia": False}, ["lives_alone"]),
        ("age >= 80 AND (dementia OR lives_alone)", {"dementia": True}, ["birth_date"]),
        ("months_since(death_date) >= 12", {}, ["death_date"]),
        ("within(registered_region, '420704')", {"registered_region": "420700"}, ["registered_region"]),  # too coarse
        ("within(registered_region, '420704')", {"registered_region": "420704"}, []),
        ("dementia IS NULL", {}, []),
        ("dementia IS NULL AND lives_alone", {}, ["lives_alone"]),
        ("monthly > 5", {}, ["parameter:monthly"]),
        ("monthly > 5 AND dementia", {}, ["parameter:monthly", "dementia"]),
        ("monthly > 5 AND dementia", {"dementia": False}, []),
        ("CASE WHEN dementia THEN lives_alone ELSE empty_nest END", {}, ["dementia", "lives_alone", "empty_nest"]),
        ("CASE WHEN dementia THEN lives_alone ELSE empty_nest END", {"dementia": True}, ["lives_alone"]),
        ("CASE WHEN dementia THEN lives_alone ELSE empty_nest END", {"dementia": False}, ["empty_nest"]),
        ("CASE WHEN dementia THEN lives_alone END", {"dementia": False}, []),  # unknown, and nothing can help
        (
            "CASE WHEN dementia THEN TRUE WHEN left_behind THEN lives_alone END",
            {"left_behind": True},
            ["dementia", "lives_alone"],
        ),
        ("1 / disability_level > 2", {"disability_level": 0}, []),  # division by zero: unknown, and nothing can help
        ("dementia AND lives_alone OR NOT dementia AND lives_alone", {"lives_alone": True}, ["dementia"]),  # too much
    ],
)
def test_what_is_asked(rule: str, person: Person, names: list[str]) -> None:
    node = Parser(frozenset({"monthly"}), "x:1").parse(rule)
    unset = n.rebuild(node, _unset)
    assert asked(unset, person) == names


def _unset(node: n.Node) -> n.Node:
    return n.Unset(node.name) if isinstance(node, n.ParameterValue) else n.rebuild(node, _unset)
