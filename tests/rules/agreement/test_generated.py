"""All readings of generated rules agree with the reference for generated people, cell by cell, unknowns included.

By default 200,000 different cells of rule and person (Spark: a tenth), the same ones every time. A night's run takes
more, and others each time: SONGHE_AGREEMENT_CELLS=5000000. Numbers are compared to the last bit: every reading does the
same IEEE operations in the same order.
"""

from __future__ import annotations

import math
import os
import random
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from importlib.util import find_spec

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from songhe.eligibility.database_engines import PostgresEngine, SparkEngine
from songhe.kernel.errors import BadInput
from songhe.rules import nodes as n
from songhe.rules.folding import Figures
from songhe.rules.lowering import lower
from songhe.rules.missing import missing
from songhe.rules.packs import DatedValue, Parameter
from songhe.rules.typing_rules import Type
from tests.rules.agreement.comparing import Read, by_bitmaps, by_polars, by_reference, first_disagreement
from tests.rules.agreement.crowd import crowd
from tests.rules.agreement.trees import PARAMETERS, rules
from tests.trace import covers

USUAL = 200_000
CELLS = int(os.environ.get("SONGHE_AGREEMENT_CELLS", str(USUAL)))
RULES, PEOPLE = 40, 500  # of a batch
DAYS = [date(2024, 5, 1), date(2024, 2, 29), date(2023, 2, 28), date(2024, 12, 31), date(2025, 1, 1), date(2024, 3, 30)]
BINDABLE = {kind for kind in n.KINDS if kind is not n.ParameterValue}


@dataclass
class Tally:
    """What has been compared: every cell of a rule not met before, and the kinds of node in the bound rules."""

    cells: int = 0
    unknown: int = 0
    rules: set[n.Node] = field(default_factory=set)
    kinds: set[type[n.Node]] = field(default_factory=set)
    refused: int = 0

    def add(self, nodes: Mapping[str, n.Node], answers: pl.DataFrame) -> None:
        """Counts the answers of the rules that are new."""
        fresh = [name for name, node in nodes.items() if node not in self.rules]
        self.rules.update(nodes[name] for name in fresh)
        self.cells += len(fresh) * answers.height
        self.unknown += sum(answers[name].null_count() for name in fresh)
        self.kinds.update(type(part) for name in fresh for part in n.walk(nodes[name]))


@dataclass(frozen=True)
class Batch:
    """Rules bound to a day, and people around their thresholds."""

    on: date
    nodes: Mapping[str, n.Node]
    people: pl.DataFrame
    refused: int


def _parameters(figures: Mapping[str, Fraction]) -> dict[str, Parameter]:
    """The parameters of the generated rules: some set, one a formula of others, some named and unset."""
    start = date(2020, 1, 1)
    values: dict[str, Fraction | n.Node] = dict(figures)
    raised = n.Arithmetic("*", n.ParameterValue("standard"), n.ParameterValue("multiple"))
    values["raised_standard"] = n.Round(raised, 2)
    dated = {name: (DatedValue(start, None, value, "made-up/1", 1),) for name, value in values.items()}
    return {name: Parameter(name, name, unit, dated.get(name, ()), 1) for name, unit in PARAMETERS.items()}


def _figures(chance: random.Random) -> dict[str, Fraction]:
    return {
        "from_age": Fraction(chance.choice((60, 65, 80, 90, 100))),
        "waiting": Fraction(chance.randrange(25)),
        "standard": Fraction(chance.randrange(1_000_000), 100),
        "multiple": chance.choice((Fraction(13, 10), Fraction(1, 2), Fraction(1, 3), Fraction(0))),
        "from_grade": Fraction(chance.randrange(6)),
    }


def _generated(count: int, most: int, *, same_every_time: bool) -> list[n.Node]:
    """So many different rules, as Hypothesis makes them up with about `most` nodes in each at most."""
    found: dict[n.Node, None] = {}

    @settings(
        max_examples=2 * count,
        derandomize=same_every_time,
        database=None,
        phases=[Phase.generate],  # what differs is cut down by ourselves
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(rules(most))
    def make(rule: tuple[n.Node, Type]) -> None:
        found.setdefault(rule[0])

    make()
    return list(found)[:count]


def _batch(drawn: Sequence[n.Node], on: date, seed: int) -> Batch:
    """Some rules and what one of them misses, bound to a day, for people who stand around their thresholds."""
    figures = Figures(_parameters(_figures(random.Random(seed))), on, {}, "made up")  # noqa: S311
    bound: dict[n.Node, None] = {}
    refused = 0
    for rule in drawn:
        try:
            bound.setdefault(figures.bound(rule))
        except BadInput:  # its numbers could grow beyond all measure
            refused += 1
    for condition in missing(list(bound)[-1]).values():
        bound.setdefault(condition)
    nodes = {f"rule {index}": node for index, node in enumerate(bound)}
    return Batch(on, nodes, crowd(PEOPLE, seed, on, _days_in(list(nodes.values()), on)), refused)


def _batches(cells: int, most: int) -> Iterator[Batch]:
    """Batches of rules and people, more than enough for so many cells; the same ones every time in a usual run."""
    usual = cells <= USUAL
    first_seed = 1 if usual else random.SystemRandom().randrange(2**32)
    drawn = _generated(math.ceil(1.2 * cells / PEOPLE), most, same_every_time=usual)
    for index in range(0, len(drawn), RULES):
        yield _batch(drawn[index : index + RULES], DAYS[index // RULES % len(DAYS)], first_seed + index)


def _days_in(nodes: Sequence[n.Node], on: date) -> list[date]:
    """The days a rule's answer can change on: the constants of the lowered trees."""
    parts = [part for node in nodes for part in n.walk(lower(node, on)) if isinstance(part, n.Constant)]
    return sorted({part.value for part in parts if isinstance(part.value, date)})


def _compare_all(readings: Mapping[str, Callable[[date], Read]], cells: int, most: int = 25) -> Tally:
    """Compares until so many cells agree; fails on the first that differs."""
    tally = Tally()
    for batch in _batches(cells, most):
        meaning = by_reference(batch.on)
        wanted = meaning(batch.people, batch.nodes)
        assert all(column.is_finite().all() for column in wanted if column.dtype == pl.Float64)
        for name, reading in readings.items():
            differs = first_disagreement(batch.people, batch.nodes, wanted, meaning, reading(batch.on))
            assert differs is None, f"{name} on {batch.on}: {differs}"
        tally.add(batch.nodes, wanted)
        tally.refused += batch.refused
        if tally.cells >= cells:
            break
    return tally


def _enough(tally: Tally, cells: int) -> None:
    assert tally.cells >= cells
    assert 0.05 < tally.unknown / tally.cells < 0.8
    assert tally.refused < len(tally.rules) / 10


@covers("ENT-01")
def test_polars_and_bitmaps_agree_with_the_reference() -> None:
    tally = _compare_all({"polars": by_polars, "bitmaps": by_bitmaps}, CELLS)
    _enough(tally, CELLS)
    assert tally.kinds == BINDABLE


@covers("ENT-01")
def test_postgres_agrees_with_the_reference(postgres_dsn: str) -> None:
    tally = _compare_all({"postgres": lambda on: PostgresEngine(on, postgres_dsn).evaluate}, CELLS)
    _enough(tally, CELLS)
    assert tally.kinds == BINDABLE


@covers("ENT-01")
@pytest.mark.skipif(find_spec("pyspark") is None, reason="pyspark is not installed: songhe[spark]")
@pytest.mark.skipif(shutil.which("java") is None, reason="no Java on PATH, which Spark needs")
def test_spark_agrees_with_the_reference() -> None:
    """On shallower rules: Spark's planner goes over a part again wherever it is named, for minutes in deep ones."""
    cells = CELLS // 10
    _enough(_compare_all({"spark": lambda on: SparkEngine(on).evaluate}, cells, most=8), cells)
