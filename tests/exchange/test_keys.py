"""Every person once: the same key twice is found wherever it stands, in little memory, and only shown masked."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from songhe.exchange import keys
from songhe.exchange.keys import KeyCheck, SameKey, same_keys
from tests.command_line import determine
from tests.exchange.tables import Cell, as_book, as_csv


def _found(pieces: Sequence[Sequence[str | None]]) -> list[tuple[int, ...]]:
    """The rows, counted from 2, of every key that stands more than once."""
    with tempfile.TemporaryDirectory() as folder:
        check = KeyCheck(Path(folder))
        for piece in pieces:
            check.add(pl.Series(piece, dtype=pl.String))
        suspects = check.suspects()
        check.close()
        assert list(Path(folder).iterdir()) == []
    return [same.rows for same in same_keys(suspects, _passage(pieces))[0]]


def _passage(pieces: Sequence[Sequence[str | None]]) -> Iterator[tuple[pl.Series, pl.Series]]:
    row = 2
    for piece in pieces:
        yield pl.int_range(row, row + len(piece), dtype=pl.UInt64, eager=True), pl.Series(piece, dtype=pl.String)
        row += len(piece)


@pytest.mark.parametrize(
    ("pieces", "meant"),
    [
        ([["a", "b", "c"]], []),
        ([["a", "a", "b"]], [(2, 3)]),
        ([["a", "b"], ["b", "c"]], [(3, 4)]),
        ([["c", "b"], ["a", "c"], ["c"]], [(2, 5, 6)]),
        ([["b", "a"], [], ["a", "b"]], [(2, 5), (3, 4)]),
        ([["b", None, None], [None, "b"]], [(2, 6)]),
        ([[], []], []),
        ([["a", "A", "a ", "\u00e1", "a\u0301"]], []),
        ([["10", "9", "1", "10"]], [(2, 5)]),
    ],
)
def test_the_same_key_is_found(pieces: list[list[str | None]], meant: list[tuple[int, ...]]) -> None:
    assert _found(pieces) == meant


@given(st.lists(st.lists(st.none() | st.text(alphabet="ab鹤", max_size=3), max_size=8), max_size=5))
def test_found_is_what_counting_finds(pieces: list[list[str | None]]) -> None:
    rows: dict[str, list[int]] = {}
    for row, key in enumerate((key for piece in pieces for key in piece), 2):
        if key is not None:
            rows.setdefault(key, []).append(row)
    assert _found(pieces) == [tuple(numbers) for numbers in rows.values() if len(numbers) > 1]


def test_many_keys_go_to_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_MOST_IN_MEMORY", 10_000)
    names = [f"{number:07}" for number in range(1_000_000)]
    names = names[1::2] + names[0::2]
    names[17], names[999_999] = names[500_000], names[500_000]
    pieces = [names[start : start + 125_000] for start in range(0, len(names), 125_000)]
    assert _found(pieces) == [(19, 500_002, 1_000_001)]


def test_keys_whose_hashes_meet_are_not_the_same() -> None:
    suspects = pl.Series(["a", "b"]).hash().to_numpy()
    assert same_keys(suspects, _passage([["a", "b"]])) == ([], True)


def test_not_all_rows_are_kept_when_all_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_MOST_SUSPECTS", 5)
    suspects = np.unique(pl.Series(["a"]).hash().to_numpy())
    assert same_keys(suspects, _passage([["a"] * 4, ["a"] * 4])) == ([SameKey("*", (2, 3, 4, 5, 6))], False)


def test_a_key_is_said_masked_with_its_rows() -> None:
    assert str(SameKey("07******34", (3, 12_345))) == "person_id“07******34”重复：第3、12,345行"
    assert str(SameKey("x", tuple(range(2, 42)))).endswith("第2、3、4、5、6、7、8、9、10、11等40行")


@pytest.mark.parametrize("far", [1, 40])
def test_a_file_with_a_key_twice_is_refused(far: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("songhe.foundation.files.csv_tables._BLOCK", 200)  # several batches
    names = [f"K{number:08}" for number in range(100, 50, -1)]
    names.insert(5 + far, names[5])
    people = as_csv(tmp_path / "people.csv", [(name, "1") for name in names], ["person_id", "sex"])
    (tmp_path / "out.csv").write_text("old", "utf-8")
    for more in ((), ("--bad-rows", tmp_path / "bad.csv")):
        ended = determine(people, tmp_path / "out.csv", *more)
        assert ended.code == 1
        assert f"person_id“K0*****95”重复：第7、{7 + far}行" in ended.err
        assert "K00000095" not in ended.said
        assert (tmp_path / "out.csv").read_text("utf-8") == "old"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv", "people.csv"]


def test_a_key_twice_in_a_workbook_and_in_parquet(tmp_path: Path) -> None:
    book = as_book(tmp_path / "people.xlsx", [("b1", 1), (None, None), ("a1", 1), ("b1", 2)], ["person_id", "sex"])
    assert "重复：第2、5行" in determine(book, tmp_path / "out.csv").err
    pl.DataFrame({"person_id": [7, 3, 7]}).write_parquet(tmp_path / "people.parquet")
    assert "重复：第1、3行" in determine(tmp_path / "people.parquet", tmp_path / "out.csv").err


def test_a_key_is_the_same_in_a_bad_row_too(tmp_path: Path) -> None:
    """A mended bad row would stand beside its twin in the results."""
    people = as_csv(tmp_path / "people.csv", [("x1", "1"), ("x1", "9")], ["person_id", "sex"])
    ended = determine(people, tmp_path / "out.csv", "--bad-rows", tmp_path / "bad.csv")
    assert ended.code == 1, ended.said
    assert "重复：第2、3行" in ended.err
    assert not (tmp_path / "bad.csv").exists()


def test_keys_that_are_bad_themselves_are_set_aside_and_not_compared(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["a", 1], [4.20704194001011e17, 1], [4.20704194001011e17, 2], [None, 1], [None, 2]]
    people = as_book(tmp_path / "people.xlsx", rows, ["person_id", "sex"])
    ended = determine(people, tmp_path / "out.csv", "--bad-rows", tmp_path / "bad.csv")
    assert ended.code == 0, ended.err
    assert "不能用的4行" in ended.out
