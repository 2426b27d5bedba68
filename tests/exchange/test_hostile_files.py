"""Files made to break things: a clear sentence and exit code 1, or a right answer; nothing else."""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from songhe.config.cli import determine as command
from songhe.config.paths import policies_folder
from songhe.rules.packs import Pack
from songhe.rules.reading_packs import load_pack
from tests.command_line import EZHOU, Ended, determine
from tests.exchange.tables import COLUMNS, KEYS, PEOPLE, as_book, as_csv, as_parquet, csv_text

OLD = b"old"
_DATA = csv_text(PEOPLE).encode()
_EXAMPLES = int(os.environ.get("SONGHE_FUZZ", "40"))  # more for a long search
_SLOW = settings(max_examples=_EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def decided_or_refused(name: str, data: bytes, *more: str) -> tuple[Ended, bytes]:
    """How the run over these bytes ended, and what is in the file of results."""
    with tempfile.TemporaryDirectory() as folder:
        people, out = Path(folder) / name, Path(folder) / "out" / "out.csv"
        out.parent.mkdir()
        people.write_bytes(data)
        out.write_bytes(OLD)
        ended = determine(people, out, *more)
        found = out.read_bytes()
        assert [path.name for path in out.parent.iterdir()] == ["out.csv"]
    if ended.code == 0:
        assert found.startswith(b"person_id,item,number,")
    else:
        assert (ended.code, found, ended.out) == (1, OLD, "")
        assert "\n错误：" in f"\n{ended.err}"
        assert not re.search(r"Traceback|Error\b|Exception|polars|\x1b", ended.err), ended.err
    return ended, found


def read_or_refused(name: str, data: bytes) -> tuple[Ended, bytes]:
    """The same with a list of two items, for what is only about the reading of the file."""
    with patch.object(command, "open_list", lambda *arguments: _two_items()):
        return decided_or_refused(name, data)


@cache
def _two_items() -> Pack:
    pack = load_pack(policies_folder(), EZHOU)
    return replace(pack, items=pack.items[:2], groups={})


@_SLOW
@given(st.binary(max_size=300), st.sampled_from(["people.csv", "people.xlsx", "people.parquet"]))
@example(b"PK\x03\x04", "people.xlsx")
@example(b"PAR1PAR1", "people.parquet")
@example(b"PAR1" + b"\xff" * 40 + b"\x20\0\0\0PAR1", "people.parquet")
@example(b"PAR1" + b"\0" * 8 + b"\xff\xff\xff\x7fPAR1", "people.parquet")
@example(b'person_id\n"', "people.csv")
@example(b'"person_id\n', "people.csv")
@example(b'"person_id"x\n1\n', "people.csv")
@example(b"person_id\r1\r", "people.csv")
@example(b"\xef\xbb\xbf\xef\xbb\xbfperson_id\n1\n", "people.csv")
@example(b"person_id\n1\x1a", "people.csv")
@example(b"person_id," + b"," * 2000 + b"\n", "people.csv")
def test_any_bytes(data: bytes, name: str) -> None:
    read_or_refused(name, data)


@_SLOW
@given(st.binary(max_size=60), st.sampled_from(["person_id\n", "person_id,sex\n", '"person_id","birth_date"\r\n']))
def test_any_bytes_below_a_good_header(data: bytes, header: str) -> None:
    ended, _ = read_or_refused("people.csv", header.encode() + data)
    event(f"exit code {ended.code}")


_NOTES = st.text(alphabet='",\n\r a1鹤', max_size=6)


@_SLOW
@given(
    st.lists(_NOTES, min_size=1, max_size=8),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.booleans(),
)
def test_what_python_writes_is_read_whatever_stands_in_notes(
    notes: list[str], end: str, quoting: int, last: bool
) -> None:
    text = io.StringIO()
    if quoting == csv.QUOTE_MINIMAL:  # Python leaves a lone return without quotes; that is refused
        notes = [note.replace("\r", "") for note in notes]
    rows = [["note", "person_id", "sex"], *([note, f"k{place}", "1"] for place, note in enumerate(notes))]
    csv.writer(text, lineterminator=end, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    whole = text.getvalue() if last else text.getvalue().removesuffix(end)
    ended, found = read_or_refused("people.csv", whole.encode())
    assert ended.code == 0, ended.err
    assert list(_by_person(found)) == [f"k{place}" for place in range(len(notes))]


@_SLOW
@given(
    st.lists(st.sampled_from(['"', ",x", "\n", "\r\n", "a", '""', '"b"', "\nc,", '\n"d",']), max_size=12).map("".join)
)
@example('"a\n",x\n""\n"",""\n')
def test_quotes_and_breaks_are_read_as_python_reads_them(text: str) -> None:
    """What is decided has the keys that Python's strict reader finds."""
    ended, found = read_or_refused("people.csv", f"person_id,note\n{text}".encode())
    event(f"exit code {ended.code}")
    if ended.code == 0:
        rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        assert list(_by_person(found)) == [row[0] for row in rows if any(row)]


def _book() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return as_book(Path(folder) / "people.xlsx").read_bytes()


def _parquet() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return as_parquet(Path(folder) / "people.parquet").read_bytes()


_WHOLE = {"people.csv": cache(lambda: _DATA), "people.xlsx": cache(_book), "people.parquet": cache(_parquet)}


@_SLOW
@pytest.mark.parametrize("name", _WHOLE)
@given(data=st.data())
def test_damage_in_a_good_file(name: str, data: st.DataObject) -> None:
    """A byte changed, a stretch lost or doubled, the end cut off."""
    whole = _WHOLE[name]()
    start = data.draw(st.integers(0, len(whole) - 1))
    end = min(start + data.draw(st.integers(0, 40)), len(whole))
    put = data.draw(
        st.sampled_from([b"", b"\0", b"\xff", b'"', b"\n", b",", whole[start:end] * 2]) | st.binary(max_size=4)
    )
    ended, _ = read_or_refused(name, whole[:start] + put + whole[end:])
    event(f"{name} exit code {ended.code}")


@pytest.fixture(scope="module", autouse=True)
def _list_read_once() -> Iterator[None]:
    """Thousands of runs need not read the list anew."""
    with patch.object(command, "open_list", cache(command.open_list)):
        yield


@pytest.fixture(scope="module")
def plain() -> dict[str, list[list[str]]]:
    """The rows of results of each planted person."""
    ended, found = decided_or_refused("people.csv", _DATA)
    assert ended.code == 0
    return _by_person(found)


def _by_person(found: bytes) -> dict[str, list[list[str]]]:
    rows: dict[str, list[list[str]]] = {}
    for row in list(csv.reader(io.StringIO(found.decode(), newline="")))[1:]:
        rows.setdefault(row[0], []).append(row[1:])
    return rows


_CELLS = st.one_of(
    st.sampled_from([
        "", " ", "0", "1", "2", "3", "true", "false", "TRUE", "是", "none", "edge", "urban", "420704", "421100",
        "1940-05-01", "1964-05-01", "2024-05-01", "2024-05-02", "1964-05-02", "1964/5/1", "23133", "NULL", "\ufeff",
    ]),
    st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=12),
)  # fmt: skip


@settings(max_examples=2 * _EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(PEOPLE) - 1), st.sampled_from(COLUMNS), _CELLS)
def test_a_changed_cell_is_refused_by_name_or_changes_that_person_only(
    plain: dict[str, list[list[str]]], person: int, column: str, value: str
) -> None:
    rows = [list(cells) for cells in PEOPLE]
    rows[person][COLUMNS.index(column)] = value
    ended, found = decided_or_refused("people.csv", csv_text(rows).encode())
    event(f"{column} exit code {ended.code}")
    if ended.code:
        told = [line for line in ended.err.split("\n") if re.match(r"第[0-9,]+行 ", line)]
        if told:
            line = csv_text(rows[: person + 1]).encode()[:-1].count(b"\n") - _breaks(value)
            assert [part.split("：")[0] for part in told] in (
                [f"第{line + 1}行 {column}"],
                [f"第{line + 1}行 death_date"],  # before the birth date that was changed
            )
        else:
            assert value in KEYS or "\r" in value
        return
    key = value if column == "person_id" else KEYS[person]
    others = {other: results for other, results in plain.items() if other != KEYS[person]}
    results = _by_person(found)
    assert {other: results for other, results in results.items() if other != key} == others
    assert len(results[key]) == 27
    if value == PEOPLE[person][COLUMNS.index(column)] or column == "person_id":
        assert results[key] == plain[KEYS[person]]


def _breaks(value: str) -> int:
    return value.count("\n")


@pytest.mark.parametrize(
    "write",
    [
        lambda path: as_csv(path, [("x" * 100_000, "1")], ["person_id", "sex"]),
        lambda path: as_csv(path, [("1", "y" * 10_000)], ["person_id", "birth_date"]),
        lambda path: as_csv(path, [("1", *["z"] * 1200)], ["person_id", *(f"c{place}" for place in range(1200))]),
    ],
)
def test_long_things_are_refused_in_short_words(write: Callable[[Path], Path], tmp_path: Path) -> None:
    ended = determine(write(tmp_path / "people.csv"), tmp_path / "out.csv")
    assert ended.code == 1
    assert len(ended.err) < 2000
