"""The lists of the departments: readable, whole, and what their rows mean is told apart."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from songhe.demo.register.city import Piece
from songhe.demo.register.departments import DepartmentFiles
from songhe.demo.register.numbers import AREA
from songhe.foundation.files.tables import open_table
from songhe.kernel.errors import BadInput, SongheError
from songhe.kernel.identity_numbers import normalised
from tests.demo.register.conftest import DAY

GOOD = {
    "minimum_living.xlsx": ("minimum_living", "姓名", "身份证号", "救助类别"),
    "disabled_federation.csv": ("disabled_federation", "残疾人姓名", "残疾人身份证号", "残疾等级"),
    "disabled_federation.xlsx": ("disabled_federation", "残疾人姓名", "残疾人身份证号", "残疾等级"),
    "funeral.csv": ("funeral", "逝者姓名", "逝者身份证号", "死亡日期"),
    "health.csv": ("health", "姓名", "身份证号", "是否失智"),
    "health_without_numbers.csv": ("without_numbers", "姓名", "出生日期", "家庭住址"),
    "pensions.csv": ("pensions", "姓名", "公民身份号码", "参保类型"),
    "household_register.csv": ("household_register", "姓名", "身份证号", "户口性质"),
}
HOSTILE = ("no_workbook.xlsx", "bomb.xlsx", "entities.xlsx", "nul.csv", "wide.csv")


@pytest.fixture(scope="module")
def lists(drawn: tuple[Piece, Piece], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, pl.DataFrame]]:
    """The folder of the lists and whom their rows mean."""
    folder = tmp_path_factory.mktemp("lists")
    files = DepartmentFiles(5, DAY)
    for piece in drawn:
        files.add(piece)
    return folder, files.write(folder)


def read(path: Path) -> pl.DataFrame:
    """A list as the importer reads it."""
    table = open_table(path)
    return pl.concat([piece.table for piece in table.pieces(table.header)], how="vertical_relaxed")


@pytest.mark.parametrize("name", GOOD)
def test_a_list_is_read_whole(lists: tuple[Path, dict[str, pl.DataFrame]], name: str) -> None:
    folder, noted = lists
    kind, *headers = GOOD[name]
    rows = read(folder / name)
    assert set(headers) <= set(rows.columns)
    assert rows.height == noted[f"file_{kind}"].height > 3


def test_the_truth_of_a_row_names_the_person_it_means(
    lists: tuple[Path, dict[str, pl.DataFrame]], drawn: tuple[Piece, Piece]
) -> None:
    folder, noted = lists
    rows = read(folder / "pensions.csv").with_row_index("row", offset=2)
    people = pl.concat([piece.people for piece in drawn]).select("id", "name", "identity")
    both = rows.join(noted["file_pensions"], on="row").join(people, on="id")
    clean = both.filter((pl.col("slip") == "") & pl.col("identity").is_not_null())
    assert clean.height > 0.9 * both.height
    assert (clean["姓名"] == clean["name"]).all() and (clean["公民身份号码"] == clean["identity"]).all()
    slipped = both.filter(pl.col("slip").str.contains("id_wrong"))
    assert (slipped["公民身份号码"] != slipped["identity"]).all()


def test_strangers_have_right_numbers_of_their_own(
    lists: tuple[Path, dict[str, pl.DataFrame]], drawn: tuple[Piece, Piece]
) -> None:
    folder, noted = lists
    rows = read(folder / "minimum_living.xlsx").with_row_index("row", offset=2)
    strangers = rows.join(
        noted["file_minimum_living"].filter(pl.col("id").is_null() & (pl.col("slip") == "")), on="row"
    )
    known = set(drawn[0].people["identity"].drop_nulls())
    assert strangers.height
    for number in strangers["身份证号"]:
        assert normalised(number).startswith(f"{AREA}98") and number not in known


def test_the_dead_of_the_list_are_dead(lists: tuple[Path, dict[str, pl.DataFrame]], drawn: tuple[Piece, Piece]) -> None:
    folder, noted = lists
    rows = read(folder / "funeral.csv").with_row_index("row", offset=2).join(noted["file_funeral"], on="row")
    truth = drawn[0].truth.select("id", "death_date")
    both = rows.join(truth, on="id")
    assert both.height and (both["死亡日期"] == both["death_date"].cast(pl.String)).all()
    unheard = set(drawn[0].notes["unheard_deaths"]["id"])
    assert unheard & set(both["id"]) or len(unheard) < 3


def test_the_lists_are_the_same_for_the_same_seed(
    lists: tuple[Path, dict[str, pl.DataFrame]], drawn: tuple[Piece, Piece], tmp_path: Path
) -> None:
    files = DepartmentFiles(5, DAY)
    for piece in drawn:
        files.add(piece)
    again = files.write(tmp_path)
    for name, frame in lists[1].items():
        assert_frame_equal(frame, again[name])


def test_the_faulty_list_is_readable_and_full_of_mistakes(lists: tuple[Path, dict[str, pl.DataFrame]]) -> None:
    rows = read(lists[0] / "minimum_living_faulty.xlsx")
    wrong = 0
    for number, birth in rows.select("身份证号", "出生日期").rows():
        try:
            normalised(number or "")
            date.fromisoformat(birth or "")
        except (BadInput, ValueError):
            wrong += 1
    assert 8 <= wrong < rows.height


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_list_is_refused_or_read_as_harmless_text(
    lists: tuple[Path, dict[str, pl.DataFrame]], name: str
) -> None:
    path = lists[0] / f"hostile_{name}"
    assert path.stat().st_size < 1 << 20
    rows = pl.DataFrame()
    with suppress(SongheError):
        rows = read(path)
    assert rows.height <= 1
