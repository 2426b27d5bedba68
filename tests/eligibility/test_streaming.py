"""The bulk path: what it writes is the wide table of `determining`, however the people come in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from songhe.config.paths import policies_folder
from songhe.demo.people import make_people
from songhe.eligibility.determining import Count, column, count_items, wide_table
from songhe.eligibility.engines import ReferenceEngine
from songhe.eligibility.streaming import determine_wide_parquet, read_batches, write_wide
from songhe.rules.programme import Programme, bind
from songhe.rules.reading_packs import load_pack
from songhe.rules.readings.polars import SCHEMA
from tests.trace import covers

ON = date(2024, 5, 1)


@pytest.fixture(scope="module")
def programme() -> Programme:
    return bind(load_pack(policies_folder(), "420700-ezhou/basic-list-2023"), ON)


@pytest.fixture(scope="module")
def people() -> pl.DataFrame:
    return make_people("420700", 1500, 3)[0]


@pytest.fixture(scope="module")
def meant(programme: Programme, people: pl.DataFrame) -> pl.DataFrame:
    """The wide table as the reference reading has it."""
    return wide_table(programme, ReferenceEngine(ON), people)


@pytest.fixture(scope="module")
def counted(programme: Programme, meant: pl.DataFrame) -> list[Count]:
    return count_items(programme, meant)


@covers("ENT-01", "PAY-01")
@pytest.mark.parametrize("rows", [1500, 1000, 64, 37])
def test_whole_files_are_decided_as_the_reference_does(
    programme: Programme, people: pl.DataFrame, meant: pl.DataFrame, counted: list[Count], tmp_path: Path, rows: int
) -> None:
    done: list[int] = []
    batches = (people.slice(start, rows) for start in range(0, people.height, rows))
    counts = write_wide(programme, batches, tmp_path / "wide.parquet", progress=done.append)
    written = pl.read_parquet(tmp_path / "wide.parquet")
    assert written.schema == meant.schema
    assert written.equals(meant)
    assert counts == counted
    assert sum(done) == people.height


def test_from_file_to_file(
    programme: Programme, people: pl.DataFrame, meant: pl.DataFrame, counted: list[Count], tmp_path: Path
) -> None:
    people.with_columns(note=pl.lit("与判定无关")).write_parquet(tmp_path / "people.parquet", row_group_size=400)
    counts = determine_wide_parquet(programme, tmp_path / "people.parquet", tmp_path / "wide.parquet")
    assert pl.read_parquet(tmp_path / "wide.parquet").equals(meant)
    assert counts == counted


def test_facts_that_the_file_lacks_are_unknown(programme: Programme, people: pl.DataFrame, tmp_path: Path) -> None:
    people.select("person_id", "registered_region").write_parquet(tmp_path / "people.parquet")
    counts = determine_wide_parquet(programme, tmp_path / "people.parquet", tmp_path / "wide.parquet")
    by_slug = {count.bound.item.slug: count for count in counts}
    inside = people["registered_region"].str.starts_with("4207").sum()
    allowance = by_slug["advanced-age-allowance"]
    assert allowance.yes == 0
    assert allowance.unknown >= inside
    written = pl.read_parquet(tmp_path / "wide.parquet")
    assert written[column(allowance.bound)].null_count() == allowance.unknown
    assert written["total_payable"].to_list() == [0] * people.height


def test_nobody_gives_a_file_with_columns_and_no_rows(
    programme: Programme, meant: pl.DataFrame, tmp_path: Path
) -> None:
    pl.DataFrame(schema=dict(SCHEMA)).write_parquet(tmp_path / "people.parquet")
    counts = determine_wide_parquet(programme, tmp_path / "people.parquet", tmp_path / "wide.parquet")
    written = pl.read_parquet(tmp_path / "wide.parquet")
    assert written.schema == meant.schema
    assert written.is_empty()
    assert {(count.yes, count.no, count.unknown) for count in counts} == {(0, 0, 0)}


@pytest.mark.parametrize(("groups", "most"), [(100, 250), (700, 250), (1500, 250), (37, 1500), (10, 3)])
def test_batches_hold_all_rows_in_their_order(people: pl.DataFrame, tmp_path: Path, groups: int, most: int) -> None:
    people.write_parquet(tmp_path / "people.parquet", row_group_size=groups)
    batches = list(read_batches(tmp_path / "people.parquet", ["person_id", "birth_date"], most))
    assert max(batch.height for batch in batches) <= most
    assert pl.concat(batches).equals(people.select("person_id", "birth_date"))


def test_a_failure_while_reading_is_not_swallowed(programme: Programme, people: pl.DataFrame, tmp_path: Path) -> None:
    def broken() -> object:
        yield people
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        write_wide(programme, broken(), tmp_path / "wide.parquet")  # type: ignore[arg-type]
