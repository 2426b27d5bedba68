"""All engines give the same answers for the people of the demo city and the items of the Ezhou list.

Cell by cell: outcome, eligible and payable amount and what is missing, on the list as printed and with every figure set
that it leaves open, so that money is counted too.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from songhe.config.paths import policies_folder
from songhe.demo.people import make_people
from songhe.eligibility.determining import LONG_COLUMNS, long_table, wide_table
from songhe.eligibility.engines import engine
from songhe.rules import nodes as n
from songhe.rules.programme import Programme, bind
from songhe.rules.reading_packs import load_pack
from tests.rules.agreement.comparing import by_polars
from tests.trace import covers

PEOPLE, ITEMS = 3_200, 27
FIGURES = {
    "advanced-age-allowance.monthly_amount": Fraction(100),
    "list.urban_minimum_standard": Fraction("743.35"),
    "list.local_minimum_standard": Fraction("690.05"),
    "list.advanced_age": Fraction(80),
}
NOWHERE = Path()  # no server of our own is started here
Answers = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]


@pytest.fixture(scope="module", params=["as printed", "every figure set"])
def programme(request: pytest.FixtureRequest) -> Programme:
    pack = load_pack(policies_folder(), "420700-ezhou/basic-list-2023")
    return bind(pack, date(2024, 5, 1), FIGURES if request.param == "every figure set" else {})


@pytest.fixture(scope="module")
def people() -> pl.DataFrame:
    return make_people("420700", PEOPLE, seed=7)[0]


@pytest.fixture(scope="module")
def answers(programme: Programme, people: pl.DataFrame) -> Callable[[str], Answers]:
    """The answers of an engine: of every tree unrounded, and the long and the wide table."""

    def by(name: str) -> Answers:
        with engine(name, programme.on, NOWHERE) as chosen:
            assert chosen.name == name
            every = chosen.evaluate(people, _trees(programme))
            return every, long_table(programme, chosen, people), wide_table(programme, chosen, people)

    return by


@pytest.fixture(scope="module")
def meaning(answers: Callable[[str], Answers]) -> Answers:
    return answers("reference")


def _trees(programme: Programme) -> dict[str, n.Node]:
    """Outcome, eligible and payable amount and every missing fact of every item."""
    trees: dict[str, n.Node] = {}
    for bound in programme.items:
        own = {"outcome": bound.outcome, "eligible": bound.eligible_amount(), "payable": bound.payable}
        own |= {f"misses {fact}": condition for fact, condition in bound.missing().items()}
        trees |= {f"{bound.item.slug} {name}": tree for name, tree in own.items() if tree is not None}
    return trees


def _agree(found: Answers, meaning: Answers) -> None:
    for table, wanted in zip(found, meaning, strict=True):
        assert_frame_equal(table, wanted, check_exact=True)


def test_the_people_show_every_outcome(meaning: Answers, programme: Programme) -> None:
    every, long, wide = meaning
    assert every.height == wide.height == PEOPLE >= 3_000
    assert long.height == PEOPLE * ITEMS and long.columns == LONG_COLUMNS
    assert set(long["outcome"]) == {"yes", "no", "unknown"}
    assert (long["missing"] != "").sum() > PEOPLE
    paid = long.filter(pl.col("payable_amount") > 0)["item"].n_unique()
    assert paid == (7 if isinstance(programme.item("advanced-age-allowance").amount, n.Constant) else 4)


@covers("ENT-01", "ENT-03", "PAY-01", "PAY-02")
def test_polars_by_bits_agrees(answers: Callable[[str], Answers], meaning: Answers) -> None:
    _agree(answers("polars"), meaning)


@covers("ENT-01")
def test_the_polars_reading_by_itself_agrees(programme: Programme, people: pl.DataFrame, meaning: Answers) -> None:
    assert_frame_equal(by_polars(programme.on)(people, _trees(programme)), meaning[0], check_exact=True)


@covers("ENT-01", "ENT-03", "PAY-01", "PAY-02")
def test_postgres_agrees(
    answers: Callable[[str], Answers], meaning: Answers, postgres_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", postgres_dsn)
    _agree(answers("postgres"), meaning)


@covers("ENT-01", "ENT-03", "PAY-01", "PAY-02")
@pytest.mark.skipif(find_spec("pyspark") is None, reason="pyspark is not installed: songhe[spark]")
@pytest.mark.skipif(shutil.which("java") is None, reason="no Java on PATH, which Spark needs")
@pytest.mark.parametrize("programme", ["every figure set"], indirect=True)  # planning takes long
def test_spark_agrees(programme: Programme, people: pl.DataFrame, meaning: Answers) -> None:
    with engine("spark", programme.on, NOWHERE) as spark:
        assert_frame_equal(spark.evaluate(people, _trees(programme)), meaning[0], check_exact=True)
