"""A run that ends early leaves nothing behind: neither half a result nor a file under another name."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from songhe.eligibility.bit_engine import BitEngine
from songhe.eligibility.engines import PolarsEngine
from songhe.exchange import determination, result_files
from tests.command_line import determine
from tests.exchange.tables import PEOPLE, as_csv

_LAYOUTS = [(layout, ending) for layout in ("long", "wide") for ending in (".csv", ".xlsx", ".parquet")]


@pytest.fixture
def people(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    rows = [(f"{place:03}", *PEOPLE[place % 4][1:]) for place in range(60)]
    rows[30] = ("030", "1940-13-13", *PEOPLE[0][2:])
    return as_csv(tmp_path / "in" / "people.csv", rows)


def _fail_at(nth: int, how: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Something happens while the nth batch is worked out."""
    calls = 0
    answers = BitEngine.answers

    def worked_out(self: BitEngine, people: pl.DataFrame) -> object:
        nonlocal calls
        calls += people.height > 0
        if calls == nth:
            how()
        return answers(self, people)

    monkeypatch.setattr("songhe.foundation.files.csv_tables._BLOCK", 600)
    monkeypatch.setattr(BitEngine, "answers", worked_out)


def _run_and_look(people: Path, layout: str, ending: str) -> int:
    folder = people.parent.parent / "out"
    out, bad = folder / f"out{ending}", folder / f"bad{ending}"
    for old in (out, bad):
        old.write_bytes(b"old")
    ended = determine(people, out, "--layout", layout, "--bad-rows", bad)
    assert sorted(folder.iterdir()) == sorted([out, bad])
    assert (out.read_bytes(), bad.read_bytes()) == (b"old", b"old")
    assert ended.out == ""
    return ended.code


@pytest.mark.parametrize(("layout", "ending"), _LAYOUTS)
def test_stopped_from_outside(layout: str, ending: str, people: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fail_at(3, lambda: os.kill(os.getpid(), signal.SIGTERM), monkeypatch)
    assert _run_and_look(people, layout, ending) == 128 + signal.SIGTERM


@pytest.mark.parametrize(("layout", "ending"), _LAYOUTS)
def test_stopped_from_the_keyboard(layout: str, ending: str, people: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fail_at(3, lambda: os.kill(os.getpid(), signal.SIGINT), monkeypatch)
    assert _run_and_look(people, layout, ending) == 1


def test_a_full_disk(people: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    _fail_at(3, full, monkeypatch)
    assert _run_and_look(people, "long", ".csv") == 1


def test_a_bug_leaves_nothing_either(people: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def bug() -> None:
        raise ZeroDivisionError

    _fail_at(3, bug, monkeypatch)
    with pytest.raises(ZeroDivisionError):
        _run_and_look(people, "long", ".csv")
    assert {path.read_bytes() for path in (people.parent.parent / "out").iterdir()} == {b"old"}


def test_all_files_appear_together(people: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the slow workbook is written neither file has its place yet."""
    folder = people.parent.parent / "out"
    seen: list[list[str]] = []
    write = result_files._write_row

    def watched(*words: object) -> None:
        seen.append([path.name for path in folder.iterdir() if path.suffix != ".part"])
        write(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(result_files, "_write_row", watched)
    assert determine(people, folder / "out.xlsx", "--layout", "wide", "--bad-rows", folder / "bad.csv").code == 0
    assert len(seen) == 59
    assert {tuple(names) for names in seen} == {()}
    assert sorted(path.name for path in folder.iterdir()) == ["bad.csv", "out.xlsx"]


def test_after_the_first_bad_row_nobody_is_decided_in_vain(people: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    evaluate = PolarsEngine.evaluate

    def watched(self: PolarsEngine, people: pl.DataFrame, nodes: object) -> pl.DataFrame:
        seen.append(people.height)
        return evaluate(self, people, nodes)  # type: ignore[arg-type]

    monkeypatch.setattr("songhe.foundation.files.csv_tables._BLOCK", 600)
    monkeypatch.setattr(determination, "LONG_AT_ONCE", 1000)
    monkeypatch.setattr(PolarsEngine, "evaluate", watched)
    ended = determine(people, people.parent.parent / "out" / "out.csv")
    assert (ended.code, "第32行 birth_date：" in ended.err) == (1, True)
    assert max(seen) < 40
    assert list((people.parent.parent / "out").iterdir()) == []
