"""What comes out of a determination: the columns promised to strangers, the amounts, and the same from every file."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from python_calamine import load_workbook

from songhe.exchange import determination
from tests.command_line import determine
from tests.exchange.tables import KEYS, KINDS, PEOPLE, as_csv, written
from tests.trace import covers

HEADER = "person_id,item,number,name,outcome,eligible_amount,payable_amount,unit,missing,clause"
POOR, YOUNG, DEAD, ALMOST = KEYS
ITEMS = 27


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("long")
    assert determine(as_csv(folder / "people.csv"), folder / "out.csv").code == 0
    return folder / "out.csv"


@pytest.fixture(scope="module")
def rows(long: Path) -> dict[tuple[str, int], dict[str, str]]:
    return {(row["person_id"], int(row["number"])): row for row in _rows(long)}


@covers("ENT-01")
def test_the_columns_of_the_long_layout_are_exactly_these(long: Path) -> None:
    text = long.read_text("utf-8")
    assert text.splitlines()[0] == HEADER
    assert "\r" not in text
    assert not text.startswith("\ufeff")


def test_every_person_has_every_item_in_the_order_of_file_and_list(long: Path) -> None:
    found = [(row["person_id"], int(row["number"])) for row in _rows(long)]
    assert found == [(key, number) for key in KEYS for number in range(1, ITEMS + 1)]


@covers("PAY-01", "ENT-03")
def test_money_is_in_yuan_with_two_decimals(rows: dict[tuple[str, int], dict[str, str]]) -> None:
    amounts = {n: (rows[POOR, n]["eligible_amount"], rows[POOR, n]["payable_amount"]) for n in (17, 18, 19, 20)}
    assert amounts == {
        17: ("100.00", "100.00"),
        18: ("100.00", "100.00"),
        19: ("100.00", "0.00"),
        20: ("70.00", "0.00"),
    }
    assert {rows[POOR, n]["unit"] for n in amounts} == {"CNY/month"}


def test_what_the_list_sets_no_figure_for_is_empty(rows: dict[tuple[str, int], dict[str, str]]) -> None:
    allowance = rows[POOR, 3]
    assert allowance["outcome"] == "yes"
    assert (allowance["eligible_amount"], allowance["payable_amount"]) == ("", "")
    assert (rows[POOR, 7]["eligible_amount"], rows[POOR, 7]["unit"]) == ("", "")


@covers("PAY-02")
def test_a_discount_is_in_percent(rows: dict[tuple[str, int], dict[str, str]]) -> None:
    meals = {key: (rows[key, 26]["outcome"], rows[key, 26]["eligible_amount"]) for key in KEYS}
    assert meals == {POOR: ("yes", "40.00"), YOUNG: ("yes", "20.00"), DEAD: ("no", ""), ALMOST: ("no", "")}
    assert {rows[key, 26]["unit"] for key in KEYS} == {"percent"}


@covers("ENT-01")
def test_unknown_names_the_facts_that_would_decide(rows: dict[tuple[str, int], dict[str, str]]) -> None:
    subsidy = rows[YOUNG, 20]
    assert (subsidy["outcome"], subsidy["missing"]) == ("unknown", "assistance;disability_level")
    assert rows[YOUNG, 17]["outcome"] == "no"  # 65 whatever else is not known
    assert {row["missing"] for row in rows.values() if row["outcome"] == "no"} == {""}
    assert all(row["missing"] for row in rows.values() if row["outcome"] == "unknown")


def test_every_row_cites_its_clause(rows: dict[tuple[str, int], dict[str, str]]) -> None:
    assert {row["clause"] for (_, number), row in rows.items() if number == 20} == {"ezhou-2023/annex-1/20"}


@covers("ENT-01")
def test_the_dead_have_no_item(rows: dict[tuple[str, int], dict[str, str]]) -> None:
    assert {rows[DEAD, number]["outcome"] for number in range(1, ITEMS + 1)} == {"no"}
    assert {rows[DEAD, number]["payable_amount"] for number in range(1, ITEMS + 1)} == {""}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "UTF-8"])
@pytest.mark.parametrize("layout", ["long", "wide"])
def test_every_kind_of_file_gives_the_same(kind: str, layout: str, tmp_path: Path) -> None:
    plain, other = tmp_path / "plain.csv", tmp_path / "other.csv"
    assert determine(written("UTF-8", tmp_path), plain, "--layout", layout).code == 0
    ended = determine(written(kind, tmp_path), other, "--layout", layout)
    assert ended.code == 0, ended.err
    assert other.read_bytes() == plain.read_bytes()


def test_gb18030_is_said(tmp_path: Path) -> None:
    ended = determine(written("GB18030, CRLF", tmp_path), tmp_path / "out.csv")
    assert "不是UTF-8编码，按GB18030读" in ended.err


def _cells(path: Path) -> list[list[str]]:
    """The cells of a result as a CSV file would have them."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))
    if path.suffix == ".parquet":
        table = pl.read_parquet(path)
        return [table.columns, *(list(map(_shown, row)) for row in table.rows())]
    sheet = load_workbook(str(path)).get_sheet_by_index(0).to_python()
    money = {place for place, name in enumerate(sheet[0]) if "amount" in str(name) or "payable" in str(name)}
    return [
        [
            f"{cell:.2f}" if place in money and isinstance(cell, float) else _shown(cell)
            for place, cell in enumerate(row)
        ]
        for row in sheet
    ]


def _shown(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, Decimal):
        return f"{cell:.2f}"
    return str(int(cell)) if isinstance(cell, float) else str(cell)


@pytest.mark.parametrize("layout", ["long", "wide"])
@pytest.mark.parametrize("ending", [".xlsx", ".parquet"])
def test_every_kind_of_result_holds_the_same(layout: str, ending: str, tmp_path: Path) -> None:
    people = written("UTF-8", tmp_path)
    for name in ("out.csv", f"out{ending}"):
        assert determine(people, tmp_path / name, "--layout", layout).code == 0
    assert _cells(tmp_path / f"out{ending}") == _cells(tmp_path / "out.csv")


@covers("PAY-01")
def test_the_wide_layout_has_a_row_a_person(tmp_path: Path) -> None:
    assert determine(written("UTF-8", tmp_path), tmp_path / "out.csv", "--layout", "wide").code == 0
    rows = {row["person_id"]: row for row in _rows(tmp_path / "out.csv")}
    assert tuple(rows) == KEYS
    poor = rows[POOR]
    assert (poor["03_advanced-age-allowance"], poor["27_left-behind-smart-care"], poor["01_employee-pension"]) == (
        "true",
        "false",
        "",
    )
    assert (poor["17_elderly-service-subsidy_payable"], poor["19_severe-disability-nursing-subsidy_payable"]) == (
        "100.00",
        "0.00",
    )
    assert [rows[key]["total_payable"] for key in KEYS] == ["200.00", "0.00", "0.00", "0.00"]
    assert "03_advanced-age-allowance_payable" not in poor  # the list sets no figure
    assert len([name for name in poor if name[:2].isdigit() and not name.endswith("_payable")]) == ITEMS


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet"])
def test_only_the_outcomes_asked_for(ending: str, tmp_path: Path) -> None:
    people = written("UTF-8", tmp_path)
    assert determine(people, tmp_path / "all.csv").code == 0
    assert determine(people, tmp_path / f"some{ending}", "--outcome", "yes,unknown").code == 0
    everything = _cells(tmp_path / "all.csv")
    assert _cells(tmp_path / f"some{ending}") == [row for row in everything if row[4] != "no"]


def test_the_summary_counts_everybody_whatever_is_written(tmp_path: Path) -> None:
    people = written("UTF-8", tmp_path)
    whole = determine(people, tmp_path / "a.csv").out.split("\n\n")[0]
    part = determine(people, tmp_path / "b.csv", "--outcome", "yes").out.split("\n\n")[0]
    wide = determine(people, tmp_path / "c.csv", "--layout", "wide").out.split("\n\n")[0]
    assert whole == part == wide
    meals = next(line.split() for line in whole.splitlines() if line.split()[:1] == ["26"])
    assert meals == ["26", "老年人助餐", "2", "2", "0", "–"]
    subsidy = next(line.split() for line in whole.splitlines() if line.split()[:1] == ["17"])
    assert subsidy == ["17", "养老服务补贴", "1", "3", "0", "100.00"]


@pytest.mark.parametrize("layout", ["long", "wide"])
def test_people_in_many_small_parts_are_the_same_people(
    layout: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = as_csv(tmp_path / "people.csv", [(f"{place}", *PEOPLE[place % 4][1:]) for place in range(60)])
    assert determine(people, tmp_path / "whole.csv", "--layout", layout).code == 0
    monkeypatch.setattr("songhe.foundation.files.csv_tables._BLOCK", 300)
    monkeypatch.setattr(determination, "LONG_AT_ONCE", 2)
    assert determine(people, tmp_path / "parts.csv", "--layout", layout).code == 0
    assert (tmp_path / "parts.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some people of the demo city."""
    from songhe.demo.people import make_people

    path = tmp_path_factory.mktemp("city") / "people.parquet"
    make_people("420700", 300, 5)[0].write_parquet(path)
    return path


@covers("ENT-01", "PAY-01")
@pytest.mark.parametrize("layout", ["long", "wide"])
@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_the_engines_give_the_same_file(city: Path, layout: str, ending: str, tmp_path: Path) -> None:
    outs = [tmp_path / f"{engine}{ending}" for engine in ("polars", "reference")]
    for out in outs:
        assert determine(city, out, "--layout", layout, "--engine", out.stem).code == 0
    if ending == ".csv":
        assert outs[0].read_bytes() == outs[1].read_bytes()
    else:
        first, second = map(pl.read_parquet, outs)
        assert first.schema == second.schema
        assert first.equals(second)


def test_a_mark_for_excel_when_wished(tmp_path: Path) -> None:
    assert determine(written("UTF-8", tmp_path), tmp_path / "out.csv", "--bom").code == 0
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfperson_id,")


def test_texts_never_become_formulas_in_a_workbook(tmp_path: Path) -> None:
    people = as_csv(tmp_path / "people.csv", [("=1+1", *PEOPLE[0][1:])])
    assert determine(people, tmp_path / "out.xlsx", "--layout", "wide").code == 0
    assert _cells(tmp_path / "out.xlsx")[1][0] == "=1+1"
