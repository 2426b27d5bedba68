"""songhe bench: the peer says the same as we do, the page says what was measured, and what is missing is said."""

from __future__ import annotations

import importlib.util
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from songhe.config.cli import bench as command
from songhe.config.cli import songhe
from songhe.demo.people import make_people
from songhe.kernel.errors import BadInput


def test_without_the_peer_nothing_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "find_spec", lambda _name: None)
    result = CliRunner().invoke(songhe, ["bench", "--quick"])
    assert isinstance(result.exception, BadInput)
    assert "OpenFisca" in str(result.exception)


def test_outside_a_working_copy_nothing_is_measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(command, "_ROOT", tmp_path)
    result = CliRunner().invoke(songhe, ["bench", "--quick"])
    assert isinstance(result.exception, BadInput)
    assert "benchmarks" in str(result.exception)


@pytest.mark.skipif(importlib.util.find_spec("openfisca_core") is None, reason="OpenFisca-core comes with make bench")
def test_the_peer_says_the_same_under_both_laws() -> None:
    from benchmarks import ground
    from benchmarks.resident import Peer, check_equal

    truth = make_people("420700", 3000, 4)[1]
    peer = Peer(truth)
    for law, change in enumerate(("", ground.CHANGE)):
        assert check_equal(ground.programme(change), truth, peer.calculate(law)) == 34 * truth.height


@pytest.mark.skipif(importlib.util.find_spec("openfisca_core") is None, reason="OpenFisca-core comes with make bench")
def test_a_difference_is_found() -> None:
    from benchmarks import ground
    from benchmarks.resident import Peer, check_equal

    truth = make_people("420700", 3000, 4)[1]
    with pytest.raises(AssertionError, match="advanced_age_allowance"):
        check_equal(ground.programme(ground.CHANGE), truth, Peer(truth).calculate(0))


@pytest.mark.skipif(importlib.util.find_spec("openfisca_core") is None, reason="OpenFisca-core comes with make bench")
def test_the_page_says_what_was_reached_and_what_was_not() -> None:
    from benchmarks.ground import Line, Sizes
    from benchmarks.page import page

    lines = [Line("fast", "1 ms", "≤ 2 ms", True), Line("slow", "3 s", "≤ 2 s", False), Line("plain", "5")]
    text = page({"Speeds": lines}, Sizes.of(1000, quick=False), False, date(2026, 11, 25))
    assert "| fast | 1 ms | ≤ 2 ms | reached |" in text
    assert "| slow | 3 s | ≤ 2 s | **not reached** |" in text
    assert "| plain | 5 |  |  |" in text
    assert "2026-11-25" in text
    assert "openfisca-core" in text
    assert "quick" not in text


def test_what_the_platform_has_no_figures_for_is_refused() -> None:
    result = CliRunner().invoke(songhe, ["bench", "--part", "platform", "--only", "weather", "--quick"])
    assert isinstance(result.exception, BadInput)
    assert "weather" in str(result.exception)


def test_the_page_of_the_platform_says_how_busy_the_machine_was() -> None:
    from benchmarks.ground import Line
    from benchmarks.platform.ground import Sizes
    from benchmarks.platform.page import page

    text = page({"Pages": [Line("list", "90 ms", "≤ 150 ms", True)]}, Sizes.of(1000, True), True, date(2026, 11, 27))
    assert "| list | 90 ms | ≤ 150 ms | reached |" in text
    assert "| load at the end" in text
    assert "quick run" in text


def test_the_page_of_decisions_judges_a_million_only() -> None:
    from benchmarks.decisions.ground import Bench, Sizes, Taken, lines
    from benchmarks.decisions.page import page
    from songhe.foundation.database.preparing import Database

    for people, verdict in ((215_000, ""), (1_000_000, "reached")):
        sizes = Sizes.of(people, quick=False)
        bench = Bench(Database("", ""), "", {}, Path(), sizes, print, date(2026, 11, 28))
        text = page({"Everybody": lines(bench, "first run", Taken(12.0, 14.0, "1.0"), 15.0)}, sizes, False, bench.day)
        assert f"| first run | 12 s | ≤ 15 s at a million | {verdict} |" in text
        assert ("judged with a million only" in text) is (people < 1_000_000)


def test_what_decisions_have_no_figures_for_is_refused() -> None:
    result = CliRunner().invoke(songhe, ["bench", "--part", "decisions", "--only", "pages", "--quick"])
    assert isinstance(result.exception, BadInput)
    assert "runs" in str(result.exception)
