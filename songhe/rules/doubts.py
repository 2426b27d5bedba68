"""Where a document leaves something open: what is unclear, how it is read here, and who must confirm the reading.

`policies/<region>-<name>/doubts.yaml` holds the doubts of one region's documents, each under an id such as
`ezhou-06`. A note that speaks of one cites the id, so nobody reads a decision without finding the open question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from songhe.kernel.clauses import Clause
from songhe.kernel.errors import BadInput
from songhe.rules import located
from songhe.rules.fields import Fields, Problems

DOUBTS_FILE = "doubts.yaml"
_CITED = re.compile(r"(?<![\w-])[a-z]+(?:-[a-z]+)*-\d{2}(?![\w-])", re.ASCII)
_FOLDED = re.compile(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])|(?<=[，。；：、？！）”]) ")
_FORM = "地名-两位号，如ezhou-06"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One open question of a document. `items` are the numbers of the list items it touches; none: only the text."""

    id: str
    clauses: tuple[str, ...]
    items: tuple[int, ...]
    unclear: str
    reading: str
    confirm: tuple[str, ...]
    line: int


def read_doubts(region_folder: Path, problems: Problems) -> dict[str, Doubt]:
    """The doubts kept for a region's documents by id; none when it keeps no such file."""
    path = region_folder / DOUBTS_FILE
    if not path.is_file():
        return {}
    fields = Fields(located.read_yaml(path), path, problems)
    for name in fields.raw():
        if not _CITED.fullmatch(name):
            problems.add(fields.where(name), "存疑的编号写法不对", given=name, accepted=_FORM)
    return {name: _doubt(name, row) for name in fields.raw() if (row := fields.below(name)) is not None}


def _doubt(name: str, row: Fields) -> Doubt:
    row.only("clauses", "items", "unclear", "reading", "confirm")
    for needed in ("clauses", "confirm"):
        if not row.texts(needed):
            row.refuse(needed, f"缺“{needed}”", "[文字, 文字]")
    return Doubt(
        id=name,
        clauses=tuple(_clauses(row)),
        items=tuple(_numbers(row)),
        unclear=_joined(row.text("unclear")),
        reading=_joined(row.text("reading")),
        confirm=row.texts("confirm"),
        line=row.first_line,
    )


def _joined(text: str) -> str:
    """A text folded over several lines, without the blanks YAML puts between Han characters and after their marks."""
    return _FOLDED.sub("", text)


def _clauses(row: Fields) -> Iterator[str]:
    for text in row.texts("clauses"):
        clause = row.problems.attempt(lambda text=text: Clause.parse(text))  # type: ignore[misc]
        if clause is None:
            refused = row.problems.found[-1]
            row.problems.found[-1] = BadInput(
                row.where("clauses"), "依据写法不对", given=text, accepted=refused.accepted
            )
        elif clause.instrument not in row.problems.instruments:
            known = "、".join(sorted(row.problems.instruments))
            row.problems.add(row.where("clauses"), "instruments.yaml里没有这个文件", given=text, accepted=known)
        yield text


def _numbers(row: Fields) -> list[int]:
    value = row.raw().get("items")
    if not isinstance(value, list) or not all(isinstance(part, int) and not isinstance(part, bool) for part in value):
        row.refuse("items", "“items”应当是一列号", "[17, 18]；不涉及事项的写[]")
        return []
    return value


def cited_doubts(notes: Iterable[str]) -> tuple[str, ...]:
    """The ids that notes cite, each once, in reading order."""
    return tuple(dict.fromkeys(found for note in notes for found in _CITED.findall(note)))


def check_citations(fields: Fields, doubts: Mapping[str, Doubt]) -> None:
    """Notes a problem, with the line of the note, for every id cited under `notes` that no doubt has."""
    notes = fields.raw().get("notes")
    if not isinstance(notes, located.Sequence):
        return
    for line, note in notes.located():
        for name in cited_doubts([str(note)]):
            if name not in doubts:
                where = f"{fields.where('notes').rsplit(':', 1)[0]}:{line}"
                known = "、".join(doubts) or f"（{DOUBTS_FILE}里还没有）"
                fields.problems.add(where, f"{DOUBTS_FILE}里没有这个存疑", given=name, accepted=known)
