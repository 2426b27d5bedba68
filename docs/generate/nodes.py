"""The page of the language: every node, how it is written, how it is said, what PostgreSQL is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from docs.generate.markdown import code, finish, opening
from songhe.config.paths import policies_folder
from songhe.demo.divisions import region_name
from songhe.rules import nodes as n
from songhe.rules.lowering import lower
from songhe.rules.parse import ACCEPTED, Parser
from songhe.rules.programme import bind
from songhe.rules.reading_packs import load_pack
from songhe.rules.readings.postgres import Postgres
from songhe.rules.sentence import Sentences

# The figures of one item stand for those of any: 80 years, 100 yuan a month, and one nobody has set.
_LIST, _ITEM, _DAY = "420700-ezhou/basic-list-2023", "elderly-service-subsidy", date(2024, 5, 1)
_EXAMPLES: Mapping[type[n.Node], str] = {
    n.Constant: "80",
    n.Truth: "TRUE",
    n.FactValue: "lives_alone",
    n.ParameterValue: "from_age",
    n.Unset: "urban_minimum_standard",
    n.Age: "age",
    n.MonthsSince: "months_since(birth_date)",
    n.Within: "within(registered_region, '420700')",
    n.Compare: "age >= from_age",
    n.OneOf: "disability_level IN (1, 2)",
    n.IsUnknown: "ability_grade IS NULL",
    n.And: "lives_alone AND dementia",
    n.Or: "lives_alone OR empty_nest",
    n.Not: "NOT capable_supporter",
    n.Arithmetic: "monthly_amount * 1.3",
    n.Negative: "-monthly_amount",
    n.Case: "CASE WHEN age >= 80 THEN 40 ELSE 20 END",
    n.Least: "least(age, 100)",
    n.Greatest: "greatest(age - from_age, 0)",
    n.Round: "round(age / 12, 2)",
}


def page() -> str:
    """The page."""
    lines = opening(
        "The language of rules",
        "`songhe/rules/nodes.py` and `parse.py`",
        "A rule is one expression in SQL syntax over the facts of [the person table](facts.md) and the parameters of "
        "its item. It is read into the nodes below and nothing else; what cannot be read so is refused with file, line "
        "and the accepted forms. Every answer is yes, no or unknown, joined as SQL joins them; where a node departs "
        "from SQL it says so.",
        f"The figures of the examples are those of item `{_ITEM}` on {_DAY}. The last line of each is what PostgreSQL "
        "is asked, ages turned into dates of birth.",
        "## Accepted",
    )
    lines += [f"- {form}" for form in ACCEPTED.split("、")] + ["", "## Nodes", ""]
    return finish([*lines, *_nodes()])


def _nodes() -> Iterator[str]:
    pack = load_pack(policies_folder(), _LIST)
    bound = bind(pack, _DAY).item(_ITEM)
    parser = Parser(frozenset(pack.parameters_of(bound.item)), "docs")
    says, sql = Sentences(bound, pack, region_name), Postgres(_DAY)
    for kind in n.KINDS:
        text = _EXAMPLES[kind]
        written = parser.parse(text)
        figured = bound.figures.bind(written)
        if kind not in {type(node) for tree in (written, figured) for node in n.walk(tree)}:
            raise AssertionError(f"{text} has no {kind.__name__}")
        asked = sql.read(lower(bound.figures.bound(written), _DAY)).sql(dialect=sql.dialect)
        yield from (f"### {kind.__name__}", "", " ".join((kind.__doc__ or "").split()), "")
        yield from code(f"{text}\n-- {says.say(written)}\n{asked}", "sql")
