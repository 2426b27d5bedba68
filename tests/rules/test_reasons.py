"""Reasons: the tree of conditions with answer, value, fact, source and clause, and which of them decide."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from songhe.rules import nodes as n
from songhe.rules.programme import Programme
from songhe.rules.readings.reference import Person, Reference
from songhe.rules.reasons import Explainer, Reason
from tests.rules.small_world import ON, completions, people
from tests.rules.writing_lists import START, item, programme
from tests.trace import covers

MARKS = {True: "+", False: "-", None: "?"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lists")


def explain(root: Path, who: str, person: Person, **keys: Any) -> Reason:
    """The reasons of an item with this rule; `keys` are those of the list."""
    bound = programme(root, item(1, who=who), **keys)
    return Explainer(bound).explain(bound.items[0], person)


def drawn(reason: Reason, depth: int = 0) -> list[str]:
    """A line a condition: the answer, `!` where it decides, the words, indented as it hangs in the tree."""
    joined = {"and": " 都要", "or": " 任一", "leaf": ""}[reason.joined_by]
    words = "" if reason.children else reason.words
    line = "  " * depth + MARKS[reason.answer] + ("!" if reason.decides else " ") + words + joined
    return [line, *(below for child in reason.children for below in drawn(child, depth + 1))]


RULE = "age >= 80 AND (dementia OR lives_alone AND sex = 2)"


@covers("ENT-01")
@pytest.mark.parametrize(
    ("person", "tree"),
    [
        (
            {"birth_date": date(1944, 5, 1), "dementia": True, "lives_alone": False},
            """
            +! 都要
              +!在世
              +!年满80周岁
              +! 任一
                +!失智
                -  都要
                  - 独居
                  ? 性别为女
            """,
        ),
        (
            {"birth_date": date(1944, 5, 2), "dementia": True},
            """
            -! 都要
              + 在世
              -!年满80周岁
              +  任一
                + 失智
                ?  都要
                  ? 独居
                  ? 性别为女
            """,
        ),
        (
            {"birth_date": date(1944, 5, 1), "dementia": False, "lives_alone": True},
            """
            ?! 都要
              + 在世
              + 年满80周岁
              ?! 任一
                - 失智
                ?! 都要
                  + 独居
                  ?!性别为女
            """,
        ),
        (
            {"birth_date": date(1944, 5, 1), "dementia": False, "lives_alone": True, "sex": 1},
            """
            -! 都要
              + 在世
              + 年满80周岁
              -! 任一
                -!失智
                -! 都要
                  + 独居
                  -!性别为女
            """,
        ),
        (
            {"birth_date": date(1944, 5, 1), "dementia": True, "death_date": date(2024, 5, 1)},
            """
            -! 都要
              -!在世
              + 年满80周岁
              +  任一
                + 失智
                ?  都要
                  ? 独居
                  ? 性别为女
            """,
        ),
    ],
)
def test_the_tree_shows_what_decides(root: Path, person: Person, tree: str) -> None:
    expected = [line[12:].rstrip() for line in tree.strip("\n").split("\n")[:-1]]
    assert drawn(explain(root, RULE, person)) == expected


@covers("ENT-01")
def test_a_condition_names_its_facts_values_sources_and_clauses(root: Path) -> None:
    bound = programme(root, item(1, who="dementia AND within(registered_region, '420700') AND age >= 80"))
    person = {"dementia": True, "registered_region": "420704"}
    tree = Explainer(bound).explain(bound.items[0], person, {"dementia": "市第三医院，2024-03-02"})
    living, dementia, place, age = tree.children
    assert (living.facts, living.sources) == ((("death_date", None),), ("人员表",))
    assert (dementia.facts, dementia.sources) == ((("dementia", True),), ("市第三医院，2024-03-02",))
    assert (place.facts, place.sources) == ((("registered_region", "420704"),), ("人员表",))
    assert (age.facts, age.answer) == ((("birth_date", None),), None)
    assert {reason.clauses for reason in (tree, dementia, place, age)} == {("ezhou-2023/annex-1/1",)}
    assert (tree.facts, tree.sources, tree.joined_by) == ((), (), "and")


def dated(value: int | str, clause: str, unit: str = "year") -> dict[str, Any]:
    return {"unit": unit, "values": [{"from": START, "value": value, "clause": f"ezhou-2023/{clause}"}]}


@covers("ENT-01")
@pytest.mark.parametrize(
    ("who", "clauses"),
    [
        ("dementia", ["annex-1/1"]),  # no figure: the item's own
        ("age >= from_age", ["article-1"]),
        ("age >= later_age", ["article-2", "article-1"]),  # reckoned from another figure
        ("age >= from_age AND age < later_age", ["article-1", "article-2", "article-1"]),
        ("age BETWEEN from_age AND 99", ["article-1", "annex-1/1"]),
        ("age IN (from_age, later_age, twice)", ["article-1", "article-2", "article-3"]),
        ("age >= unset_age", ["annex-1/1"]),  # no figure on the day
    ],
)
def test_the_clauses_of_a_condition_are_those_of_its_figures(root: Path, who: str, clauses: list[str]) -> None:
    parameters = {
        "from_age": dated(80, "article-1"),
        "later_age": dated("from_age + 10", "article-2"),
        "twice": dated("from_age + from_age - later_age", "article-3"),
        "unset_age": {"unit": "year", "values": []},
    }
    tree = explain(root, who, {}, parameters=parameters)
    assert [clause for leaf in tree.children[1:] for clause in leaf.clauses] == [f"ezhou-2023/{x}" for x in clauses]


@pytest.mark.parametrize(
    ("who", "same_as"),
    [
        ("NOT (dementia AND lives_alone)", "NOT dementia OR NOT lives_alone"),
        ("NOT (dementia OR NOT lives_alone)", "NOT dementia AND lives_alone"),
        ("NOT (NOT (dementia AND lives_alone))", "dementia AND lives_alone"),
        ("age NOT BETWEEN 60 AND 79", "age < 60 OR age > 79"),
    ],
)
def test_what_denies_a_join_is_shown_as_the_join_of_what_denies_its_parts(root: Path, who: str, same_as: str) -> None:
    person = {"dementia": True, "birth_date": date(1944, 5, 1)}
    assert drawn(explain(root, who, person)) == drawn(explain(root, same_as, person))


def test_a_rule_of_one_condition_stands_beside_being_alive(root: Path) -> None:
    tree = explain(root, "dementia", {"dementia": True})
    assert drawn(tree) == ["+! 都要", "  +!在世", "  +!失智"]
    assert tree.words == "失智"


def test_regions_are_named_when_names_are_given(root: Path) -> None:
    bound = programme(root, item(1, who="within(registered_region, '420700')"))
    explainer = Explainer(bound, lambda code: {"420700": "鄂州市"}[code])
    assert explainer.explain(bound.items[0], {}).words == "户籍地在鄂州市"
    assert explainer.explain(bound.items[0], {}) is not explainer.explain(bound.items[0], {})


LEAF = st.sampled_from(
    ["dementia", "lives_alone", "sex = 2", "age >= 80", "disability_level <> 0", "assistance = 'edge'"]
)
TEXTS = st.recursive(
    LEAF,
    lambda below: st.one_of(
        st.builds(lambda a, b: f"({a}) AND ({b})", below, below),
        st.builds(lambda a, b: f"({a}) OR ({b})", below, below),
        below.map(lambda a: f"NOT ({a})"),
    ),
    max_leaves=6,
)


@covers("ENT-01")
@settings(max_examples=80, deadline=None)
@given(st.data())
def test_the_deciding_conditions_by_themselves_give_the_answer(root: Path, data: st.DataObject) -> None:
    """Whatever the other facts are, as long as those of the deciding conditions stay, the answer stays."""
    bound = programme(root, item(1, who=data.draw(TEXTS)))
    one = bound.items[0]
    person = data.draw(people(n.fact_names(one.who)))
    answer = Reference(ON).read(one.outcome)
    tree = Explainer(bound).explain(one, person)
    assert tree.answer is answer(person)
    _check_tree(tree)
    if tree.answer is not None:
        kept = {name for leaf in _leaves(tree) if leaf.decides for name, _ in leaf.facts}
        free = {name: value if name in kept else None for name, value in person.items()}
        assert {answer(someone) for someone in completions(free)} == {tree.answer}


def _leaves(reason: Reason) -> list[Reason]:
    return [leaf for child in reason.children for leaf in _leaves(child)] if reason.children else [reason]


def _check_tree(reason: Reason) -> None:
    answers = [child.answer for child in reason.children]
    if reason.joined_by == "and":
        assert reason.answer is (False if False in answers else None if None in answers else True)
    elif reason.joined_by == "or":
        assert reason.answer is (True if True in answers else None if None in answers else False)
    else:
        assert reason.facts and not reason.children and len(reason.facts) == len(reason.sources)
    for child in reason.children:
        assert child.decides == (reason.decides and child.answer is reason.answer)
        _check_tree(child)
    assert not reason.children or any(child.decides for child in reason.children) == reason.decides


def test_an_explainer_prepares_an_item_once(root: Path) -> None:
    bound: Programme = programme(root, item(1, who="dementia"), item(2, who="lives_alone"))
    explainer = Explainer(bound)
    first = [explainer.explain(one, {"dementia": True}).answer for one in bound.items]
    again = [explainer.explain(one, {"lives_alone": False}).answer for one in bound.items]
    assert (first, again) == ([True, None], [None, False])
