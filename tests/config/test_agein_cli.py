"""songhe agein on a few planted people: who is counted where, what is masked, what is written."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from songhe.config.cli import songhe
from songhe.eligibility.coming_of_age import COLUMNS
from songhe.kernel.errors import BadInput
from tests.trace import covers

LIST = "420700-ezhou/basic-list-2023"
ON = date(2024, 5, 1)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """80 on the next day, 80 in the third week, 80 the day after the 90th, 80 already.

    Nobody knows where the second lives; the register of all is Ezhou.
    """
    births = [date(1944, 5, 2), date(1944, 5, 16), date(1944, 7, 31), date(1944, 5, 1)]
    table = pl.DataFrame(
        {
            "person_id": ["tomorrow-000001", "third-week-0002", "too-late-000003", "already-0000004"],
            "birth_date": births,
            "registered_region": ["420704"] * 4,
            "residence_region": ["420704001002", None, "420703", "420703"],
        }
    )
    path = tmp_path / "people.parquet"
    table.write_parquet(path)
    return path


def run(people: Path, *more: str) -> Result:
    head = ["agein", "--list", LIST, "--people", str(people), "--on", ON.isoformat()]
    return CliRunner().invoke(songhe, [*head, *more])


def table(output: str, title: str) -> list[list[str]]:
    """The rows of a table, its head first, without the rule below it."""
    lines = output.split(f"\n{title}", 1)[1].splitlines()[1:]
    rows = [line.split() for line in lines[: lines.index("") if "" in lines else None]]
    return [rows[0], *rows[2:]]


@covers("ENT-01")
def test_who_turns_eighty_is_counted_by_district_and_by_week(people: Path) -> None:
    output = run(people).stdout
    assert "2024-05-01以后到2024-07-30" in output
    districts = table(output, "按居住地")
    assert districts[0][2:] == ["鄂城区", "不知道", "合计"]
    assert ["3", "高龄津贴", "1", "1", "2"] in districts
    weeks = table(output, "按周")
    assert len(weeks) == 1 + 13 + 1
    column = weeks[0].index("3")
    allowance = {row[0]: row[column] for row in weeks[1:]}
    assert {words: count for words, count in allowance.items() if count != "–"} == {
        "05-02到05-08": "1",
        "05-16到05-22": "1",
        "合计": "2",
    }


def test_the_last_day_looked_at_counts_and_the_next_does_not(people: Path) -> None:
    assert ["3", "高龄津贴", "1", "–", "1"] not in table(run(people).stdout, "按居住地")
    output = run(people, "--days", "91").stdout
    assert ["3", "高龄津贴", "1", "1", "1", "3"] in table(output, "按居住地")
    assert table(output, "按周")[-2][0] == "07-25到07-31"


def test_half_a_year_and_more_is_shown_by_month(people: Path) -> None:
    output = run(people, "--days", "366").stdout
    assert "按周" not in output
    months = [row[0] for row in table(output, "按月")[1:-1]]
    assert months == [f"2024-{month:02}" for month in range(5, 13)] + [f"2025-{month:02}" for month in range(1, 6)]


def test_keys_are_masked_on_screen_and_whole_in_the_file(people: Path, tmp_path: Path) -> None:
    out = tmp_path / "coming.csv"
    result = run(people, "--out", str(out))
    assert result.exit_code == 0
    for key in ("tomorrow-000001", "third-week-0002"):
        assert key not in result.output
    first = table(result.stdout, "最先的")[1]
    assert first[0] == "2024-05-02"
    assert re.fullmatch(r"to\*+01", first[1])
    assert first[2] == "鄂城区"
    assert "吴都" not in result.stdout
    assert "高龄津贴" in first[3]
    rows = pl.read_csv(out, infer_schema=False)
    allowance = rows.filter(pl.col("item") == "advanced-age-allowance")
    assert allowance.select("person_id", "day", "residence_region").rows() == [
        ("tomorrow-000001", "2024-05-02", "420704001002"),
        ("third-week-0002", "2024-05-16", None),
    ]
    assert rows.columns == [*COLUMNS, "residence_region"]


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet"])
def test_every_kind_of_file_holds_the_same_rows(people: Path, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"coming{ending}"
    assert run(people, "--out", str(out)).exit_code == 0
    rows = {(person, day) for person, number, day in written(out) if number == 3}
    assert rows == {("tomorrow-000001", date(2024, 5, 2)), ("third-week-0002", date(2024, 5, 16))}


def written(path: Path) -> list[tuple[str, int, date]]:
    """Person, number of the item and day of every row of a file."""
    if path.suffix == ".xlsx":
        head, *cells = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        rows = pl.DataFrame(cells, schema=head, orient="row", infer_schema_length=None)
    else:
        rows = pl.read_csv(path, try_parse_dates=True) if path.suffix == ".csv" else pl.read_parquet(path)
    return rows.select("person_id", pl.col("number").cast(pl.Int64), "day").rows()


def test_a_table_without_residence_knows_no_district(people: Path, tmp_path: Path) -> None:
    pl.read_parquet(people).drop("residence_region").write_parquet(people)
    out = tmp_path / "coming.csv"
    output = run(people, "--out", str(out)).stdout
    assert table(output, "按居住地")[0][2:] == ["不知道", "合计"]
    assert pl.read_csv(out, infer_schema=False)["residence_region"].null_count() > 0


def test_more_rows_than_a_sheet_holds_are_refused_with_ways_out(
    people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("songhe.config.cli.agein.MOST_SHEET_ROWS", 2)
    error = run(people, "--out", str(tmp_path / "coming.xlsx")).exception
    assert isinstance(error, BadInput)
    assert ".csv" in error.accepted
    assert "--days" in error.accepted
    assert list(tmp_path.glob("coming*")) == []
    assert run(people, "--out", str(tmp_path / "coming.csv")).exit_code == 0


def test_nobody_is_said_as_nobody(people: Path) -> None:
    pl.read_parquet(people).tail(1).write_parquet(people)
    output = run(people, "--days", "30").stdout
    assert "：0人次，0人" in output
    assert "按周" not in output


@pytest.mark.parametrize("name", ["coming.txt", "people.parquet", "nowhere/coming.csv"])
def test_a_file_that_cannot_be_written_is_refused_before_the_work(people: Path, name: str) -> None:
    before = people.read_bytes()
    result = run(people, "--out", str(people.parent / name))
    assert isinstance(result.exception, BadInput)
    assert result.stdout == ""
    assert people.read_bytes() == before


def test_bad_cells_are_refused_with_their_rows(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("person_id,birth_date\na,1944-05-02\nb,44-05-02\n", encoding="utf-8")
    result = run(path)
    assert isinstance(result.exception, BadInput)
    assert "第3行" in str(result.exception)


@pytest.mark.parametrize("days", ["0", "-1", "3661", "x"])
def test_days_out_of_range_are_wrong_usage(people: Path, days: str) -> None:
    assert run(people, "--days", days).exit_code == 2


def test_a_day_is_never_counted_twice(people: Path) -> None:
    """The weeks add up to the districts: the same people, cut two ways."""
    output = run(people, "--days", str(timedelta(days=100).days)).stdout
    assert table(output, "按周")[-1][-1] == table(output, "按居住地")[-1][-1]
