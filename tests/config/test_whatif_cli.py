"""songhe whatif on planted people: the tables, the file, the JSON, and what is refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from songhe.config.cli import songhe
from songhe.eligibility.what_if_tables import COLUMNS
from songhe.kernel.errors import BadInput, NotFound
from tests.trace import covers

LIST = "420700-ezhou/basic-list-2023"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Three people: 75 today in Echeng, 82 and poor with a disability in Huarong, 60 with nothing else known."""
    table = pl.DataFrame(
        {
            "person_id": ["a", "b", "c"],
            "birth_date": [date(1949, 5, 1), date(1942, 1, 1), date(1964, 1, 1)],
            "registered_region": ["420704", "420703", None],
            "residence_region": ["420704001", "420703", None],
            "assistance": ["none", "minimum_living", None],
            "hukou_kind": ["urban", "rural", None],
            "disability_level": pl.Series([0, 2, None], dtype=pl.Int8),
        }
    )
    path = tmp_path / "people.parquet"
    table.write_parquet(path)
    return path


def _run(people: Path, *more: str) -> Result:
    return CliRunner().invoke(songhe, ["whatif", "--list", LIST, "--people", str(people), "--on", "2024-05-01", *more])


@covers("POL-06")
def test_two_scenarios_side_by_side(people: Path) -> None:
    result = _run(
        people,
        "--set", "advanced-age-allowance.from_age=75,advanced-age-allowance.monthly_amount=100",
        "--set", "17.from_age=85",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    lines = [line.split() for line in result.stdout.splitlines()]
    first = next(line for line in lines if line[:1] == ["方案1"] and len(line) > 2)
    second = next(line for line in lines if line[:1] == ["方案2"] and len(line) > 2)
    assert first[1:] == ["2", "0", "2", "0", "+200.00", "+2,400.00"]
    assert second[1:] == ["1", "1", "0", "1", "−30.00", "−360.00"]
    assert "高龄津贴的起享年龄：80年 → 75年" in result.stdout
    assert "高龄津贴的每月津贴：未定 → 100元/月" in result.stdout
    assert "年满80周岁，且户籍地在鄂州市" in result.stdout
    assert "年满75周岁，且户籍地在鄂州市" in result.stdout
    assert "困难残疾人生活补贴：规则不变，随同组的事项变" in result.stdout
    echeng = next(line for line in lines if line[:1] == ["鄂城区"])
    assert echeng == ["鄂城区", "1", "1", "0", "1", "0", "0", "+100.00"]
    ages = [line[0] for line in lines if line and line[0] in ("60–64", "75–79", "80–84", "65–69")]
    assert ages[:3] == ["60–64", "75–79", "80–84"]


def test_an_open_figure_is_said_to_be_open(people: Path) -> None:
    result = _run(people, "--set", "advanced-age-allowance.from_age=75")
    assert "advanced-age-allowance.monthly_amount=100" in result.stdout


def test_nothing_changed_is_said(people: Path) -> None:
    result = _run(people, "--set", "advanced-age-allowance.from_age=80")
    assert result.exit_code == 0
    assert "没有一项因此不同" in result.stdout


@covers("POL-06")
def test_the_file_holds_every_cell(people: Path, tmp_path: Path) -> None:
    out = tmp_path / "effect.csv"
    result = _run(people, "--set", "17.from_age=85", "--out", str(out))
    assert result.exit_code == 0, result.output
    table = pl.read_csv(out, infer_schema=False)
    assert tuple(table.columns) == COLUMNS
    row = table.row(by_predicate=pl.col("item") == "elderly-service-subsidy", named=True)
    assert (row["district"], row["district_name"], row["age_band"]) == ("420703", "华容区", "80–84")
    assert (row["lost"], row["less"], row["amount_before"], row["amount_after"]) == ("1", "1", "100.00", "0.00")
    assert row["unit"] == "CNY/month"


@covers("POL-06")
def test_json_for_other_programs(people: Path) -> None:
    result = _run(people, "--set", "17.from_age=85", "--json")
    told = json.loads(result.stdout)
    assert (told["people"], told["living"], told["month_before"]) == (3, 3, "100.00")
    (scenario,) = told["scenarios"]
    assert (scenario["month_after"], scenario["month_change"], scenario["year_change"]) == (
        "70.00",
        "-30.00",
        "-360.00",
    )
    assert scenario["changes"] == {"elderly-service-subsidy.from_age": "85"}
    assert [item["item"] for item in scenario["items"]] == ["elderly-service-subsidy", "disability-living-subsidy"]
    assert scenario["items"][0]["lost"] == 1
    assert {row["name"]: row["worse"] for row in scenario["districts"]} == {"华容区": 1, "鄂城区": 0, "不知道": 0}
    assert {row["band"]: row["less"] for row in scenario["ages"] if row["less"]} == {"80–84": 1}


@pytest.mark.parametrize(
    ("more", "error", "words"),
    [
        (["--set", "advanced-age-allowanse.from_age=75"], NotFound, "advanced-age-allowance"),
        (["--set", "3.from_age=75元"], BadInput, "单位不对"),
        (["--set", "3.from_age=75", "--set", "advanced-age-allowance.from_age=75"], BadInput, "写了两次"),
        (["--set", "3.from_age=75", "--out", "effect.xlsx"], BadInput, "只写CSV"),
    ],
)
def test_what_is_refused_is_refused_before_anything_is_read(
    tmp_path: Path, more: list[str], error: type[Exception], words: str
) -> None:
    result = _run(tmp_path / "nowhere.parquet", *more)
    assert isinstance(result.exception, error)
    assert words in str(result.exception)


def test_the_people_are_not_written_over(people: Path) -> None:
    table = people.with_suffix(".csv")
    table.write_text("person_id\na\n", "utf-8")
    result = _run(table, "--set", "3.from_age=75", "--out", str(table))
    assert isinstance(result.exception, BadInput)
    assert table.read_text("utf-8") == "person_id\na\n"
