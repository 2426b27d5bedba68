"""Documents that say true: words that exist, links that lead somewhere, pages that are made from the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.urls import resolve

from docs.generate import PAGES, __main__, requirements
from docs.generate.commands import all_commands

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = ROOT / "GLOSSARY.md"
ROW = re.compile(r"^\| ([^|`]+) \| `([^`]+)` \| .* \| `([^`]+)` \|$")
SECTIONS = ("Context", "Options", "Decision", "What would change our mind")


def words_in_code() -> list[tuple[str, str, Path]]:
    """Chinese term, word and file of every row of the glossary that is said to be in code."""
    text = GLOSSARY.read_text(encoding="utf-8").split("\n## Fixed for what comes", 1)[0]
    rows = [match for line in text.splitlines() if (match := ROW.match(line))]
    return [(row[1].strip(), row[2], ROOT / row[3]) for row in rows]


def test_the_glossary_reads_as_a_table() -> None:
    text = GLOSSARY.read_text(encoding="utf-8").split("\n## Fixed for what comes", 1)[0]
    rows = [line for line in text.splitlines() if line.startswith("| ") and "in code" not in line]
    assert len(rows) == len(words_in_code()) > 50


@pytest.mark.parametrize(("term", "word", "path"), words_in_code(), ids=lambda value: str(value).rsplit("/", 1)[-1])
def test_a_word_of_the_glossary_is_in_the_code_where_it_says(term: str, word: str, path: Path) -> None:
    if path.is_dir():
        assert path.name == word
        return
    assert re.search(rf"(?<!\w){re.escape(word)}(?!\w)", path.read_text(encoding="utf-8"))


def test_one_word_has_one_meaning() -> None:
    terms, words = ([row[place] for row in words_in_code()] for place in (0, 1))
    assert len(set(terms)) == len(terms)
    assert len(set(words)) == len(words)


def test_no_test_shows_what_nobody_asked() -> None:
    known = {one.id for one in requirements.requirements()}
    assert [f"{shown.path}:{shown.line} {shown.id}" for shown in requirements.proofs() if shown.id not in known] == []


def test_every_requirement_has_a_group_and_a_line_of_its_own() -> None:
    lines = [one.line for one in requirements.requirements()]
    assert len(lines) == len(set(lines)) == 98
    assert {one.id.split("-")[0] for one in requirements.requirements()} == set(requirements.groups())


def test_every_screen_named_by_a_requirement_exists() -> None:
    named = sorted({screen for one in requirements.requirements() for screen in one.screens})
    assert named
    assert [resolve(screen).route for screen in named] == [screen.removeprefix("/") for screen in named]


def test_every_command_named_by_a_requirement_exists() -> None:
    known = {name.removeprefix("songhe ") for name, _, _ in all_commands()}
    named = {command for one in requirements.requirements() for command in one.commands}
    assert named <= known


def test_every_decision_has_its_sections() -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert len(decisions) >= 7
    for path in decisions:
        text = path.read_text(encoding="utf-8")
        assert re.match(rf"# {int(path.name[:4])}\. ", text), path.name
        assert re.search(r"^\*November 2026 · (in force|replaced by \[\d+\].*)\*$", text, re.MULTILINE), path.name
        assert [section for section in SECTIONS if f"## {section}" not in text] == [], path.name


def test_links_between_documents_lead_somewhere(tracked: list[Path]) -> None:
    targets = (
        (path, target)
        for path in tracked
        if path.suffix == ".md"
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    )
    dead = [
        f"{path.relative_to(ROOT)}: {target}"
        for path, target in targets
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert dead == []


def test_every_document_of_the_first_page_is_reachable() -> None:
    text = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = [*(ROOT / "docs" / "adr").glob("*.md"), *(ROOT / "docs" / "reference").glob("*.md")]
    assert [path.name for path in pages if f"({path.parent.name}/{path.name})" not in text] == []


def test_a_page_that_differs_is_named_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "docs" / "reference"
    folder.mkdir(parents=True)
    monkeypatch.setattr(__main__, "REFERENCE", folder)
    made = CliRunner().invoke(__main__.main)
    assert (made.exit_code, {path.name for path in folder.iterdir()}) == (0, set(PAGES))
    assert CliRunner().invoke(__main__.main, ["--check"]).exit_code == 0
    (folder / "facts.md").write_text("old\n")
    checked = CliRunner().invoke(__main__.main, ["--check"])
    assert checked.exit_code == 1
    assert "facts.md" in checked.output
    assert "nodes.md" not in checked.output
    assert (folder / "facts.md").read_text() == "old\n"
