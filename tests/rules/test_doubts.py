"""The register of doubts: each open question with its id, what is unclear, how it is read, who must confirm."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from songhe.rules.doubts import Doubt, cited_doubts, read_doubts
from songhe.rules.fields import Problems
from songhe.rules.reading_packs import read_pack
from tests.rules.writing_lists import LIST, item, text_of, write_list

SOUND = {
    "clauses": ["ezhou-2023/annex-1/3"],
    "items": [3, 20],
    "unclear": "生日当月算不算没有写",
    "reading": "满月起算",
    "confirm": ["市民政局"],
}


def register(folder: Path, doubts: Mapping[str, Mapping[str, Any]]) -> tuple[dict[str, Doubt], Problems]:
    (folder / "doubts.yaml").write_text(text_of({name: _kept(doubt) for name, doubt in doubts.items()}))
    problems = Problems(frozenset({"ezhou-2023"}))
    return read_doubts(folder, problems), problems


def _kept(doubt: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in doubt.items() if value != "left out"}


def test_a_doubt_is_read_as_written(tmp_path: Path) -> None:
    found, problems = register(tmp_path, {"ezhou-06": SOUND})
    assert problems.found == []
    assert found["ezhou-06"] == Doubt(
        "ezhou-06", ("ezhou-2023/annex-1/3",), (3, 20), "生日当月算不算没有写", "满月起算", ("市民政局",), line=2
    )


def test_lines_folded_by_yaml_are_joined_without_blanks_between_han_characters(tmp_path: Path) -> None:
    text = "  unclear: >\n    生日当月\n    算不算；\n    19 of 20 没有写\n"
    (tmp_path / "doubts.yaml").write_text("ezhou-06:\n" + text + "  clauses: [ezhou-2023/1]\n  items: []\n")
    problems = Problems(frozenset({"ezhou-2023"}))
    assert read_doubts(tmp_path, problems)["ezhou-06"].unclear == "生日当月算不算；19 of 20 没有写\n"


def test_a_region_without_a_register_has_no_doubts(tmp_path: Path) -> None:
    assert read_doubts(tmp_path, Problems()) == {}


@pytest.mark.parametrize(
    ("name", "keys", "line", "problem"),
    [
        ("Ezhou-06", {}, 1, "存疑的编号写法不对"),
        ("ezhou-6", {}, 1, "存疑的编号写法不对"),
        ("ezhou", {}, 1, "存疑的编号写法不对"),
        ("ezhou-06", {"clauses": "left out"}, 2, "缺“clauses”"),
        ("ezhou-06", {"clauses": []}, 2, "缺“clauses”"),
        ("ezhou-06", {"confirm": "left out"}, 2, "缺“confirm”"),
        ("ezhou-06", {"clauses": ["somewhere"]}, 2, "依据写法不对"),
        ("ezhou-06", {"clauses": ["ezhou-2099/3"]}, 2, "instruments.yaml里没有这个文件"),
        ("ezhou-06", {"items": "left out"}, 2, "“items”应当是一列号"),
        ("ezhou-06", {"items": ["3"]}, 4, "“items”应当是一列号"),
        ("ezhou-06", {"items": [True]}, 4, "“items”应当是一列号"),
        ("ezhou-06", {"unclear": "left out"}, 2, "缺“unclear”"),
        ("ezhou-06", {"reading": 5}, 8, "“reading”应当是文字"),
        ("ezhou-06", {"since": "2024"}, 11, "没有“since”这个键"),
    ],
)
def test_a_fault_is_reported_with_file_line_and_what_is_accepted(
    tmp_path: Path, name: str, keys: dict[str, Any], line: int, problem: str
) -> None:
    _, problems = register(tmp_path, {name: SOUND | keys})
    (fault,) = problems.found
    assert problem in fault.problem
    assert fault.where == f"{tmp_path / 'doubts.yaml'}:{line}"
    assert fault.accepted


@pytest.mark.parametrize(
    ("notes", "cited"),
    [
        (["见ezhou-07"], ("ezhou-07",)),
        (["生日当月（ezhou-07）；比例（ezhou-12）", "ezhou-07又一次"], ("ezhou-07", "ezhou-12")),
        (["he-nan-01。"], ("he-nan-01",)),
        (["2023-10-17起", "ezhou-2023/annex-1/3", "Xezhou-07", "ezhou-071", "GB-42195"], ()),
        ([], ()),
    ],
)
def test_ids_are_found_in_notes_each_once(notes: list[str], cited: tuple[str, ...]) -> None:
    assert cited_doubts(notes) == cited


def test_a_note_may_cite_a_doubt_of_its_region(tmp_path: Path) -> None:
    write_list(tmp_path, item(1, notes=["生日当月算不算不清楚，见ezhou-06"]))
    register(tmp_path / "420700-ezhou", {"ezhou-06": SOUND})
    pack, problems = read_pack(tmp_path, LIST)
    assert problems.found == []
    assert pack.doubts["ezhou-06"].reading == "满月起算"
    write_list(tmp_path, item(1, notes=["见ezhou-16"]))
    (fault,) = read_pack(tmp_path, LIST)[1].found
    assert (fault.given, fault.accepted) == ("ezhou-16", "ezhou-06")


def test_a_register_that_is_empty_where_a_doubt_should_be_has_a_fault(tmp_path: Path) -> None:
    (tmp_path / "doubts.yaml").write_text("ezhou-06: 不清楚\n")
    problems = Problems()
    assert read_doubts(tmp_path, problems) == {}
    assert [fault.problem for fault in problems.found] == ["“ezhou-06”应当是“键: 值”"]
