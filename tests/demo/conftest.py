"""One small invented city for all tests of the demo."""

from __future__ import annotations

import polars as pl
import pytest

from songhe.demo.people import make_people


@pytest.fixture(scope="session")
def city() -> tuple[pl.DataFrame, pl.DataFrame]:
    """The offices' table and the truth of 20,000 people."""
    return make_people("420700", 20_000, seed=11)


@pytest.fixture(scope="session")
def table(city: tuple[pl.DataFrame, pl.DataFrame]) -> pl.DataFrame:
    """What the offices have."""
    return city[0]


@pytest.fixture(scope="session")
def truth(city: tuple[pl.DataFrame, pl.DataFrame]) -> pl.DataFrame:
    """What is so."""
    return city[1]
