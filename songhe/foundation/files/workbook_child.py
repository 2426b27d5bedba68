"""Reads the first sheet of a workbook in a process of its own, with little memory and time; not to be imported.

`python -m songhe.foundation.files.workbook_child FILE MEGABYTES SECONDS COLUMNS` writes JSON lines: first what was
found about the sheet, then one line a row. A cell is null, a text, a whole number, true or false, or [kind, text].
"""

from __future__ import annotations

import json
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

MEMORY_EXIT, FORM_EXIT = 71, 72
_EXACT = 10**15  # a spreadsheet keeps fifteen digits
_CHUNK = 1 << 20
_LONGEST_CELL = 40_000
# An error value; a formula without a result: nothing, or an empty value, behind it.
_BROKEN = re.compile(
    rb'<c\s[^<>]{0,200}?\bt="e"[^<>]{0,200}>'
    rb"|<c\s[^<>]{0,200}>\s*<f\b[^<>]*(?:/>|>[^<]{0,9000}</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>"
)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^<>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^<>]*>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')


def main() -> None:
    """Limits the process, then reads."""
    path, megabytes, seconds, columns = sys.argv[1], *map(int, sys.argv[2:5])
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        _read(path, columns)
    except MemoryError:
        sys.exit(MEMORY_EXIT)
    except BrokenPipeError:
        sys.exit(0)


def _read(path: str, columns: int) -> None:
    import python_calamine as calamine

    try:
        book = calamine.load_workbook(path)
        shown = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ is calamine.SheetTypeEnum.WorkSheet and sheet.visible is calamine.SheetVisibleEnum.Visible
        ]
        if not shown:
            _say({"sheets": 0})
            return
        sheet, broken = book.get_sheet_by_name(shown[0]), _broken(path, shown[0])
    except (calamine.CalamineError, calamine.ZipError, calamine.XmlError, calamine.PasswordError):
        sys.exit(FORM_EXIT)
    except (OSError, KeyError, ValueError, NotImplementedError, zipfile.BadZipFile, zlib.error):
        sys.exit(FORM_EXIT)
    merged = [start[0] + 1 for start, _ in (sheet.merged_cell_ranges or [])][:20]
    _say({"sheets": len(shown), "name": sheet.name, "columns": sheet.width, "merged": merged})
    if sheet.width <= columns and not merged:
        _say_rows(sheet, broken)


def _say_rows(sheet: Any, broken: dict[int, list[tuple[int, str]]]) -> None:
    offset = sheet.start[1] if sheet.start else 0  # rows are given from the first on, columns from the first used one
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [_cell(value) for value in row]
        for column, text in broken.get(number, ()):
            if 0 <= column - offset < len(cells):
                cells[column - offset] = ["broken", text]
        _say(cells)


def _say(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value[:_LONGEST_CELL] or None
    if isinstance(value, float | int):
        return int(value) if value == int(value) and abs(value) < _EXACT else ["number", repr(value)]
    return _time(value)


def _time(value: Any) -> tuple[str, str]:
    if isinstance(value, datetime):
        midnight = not (value.hour or value.minute or value.second or value.microsecond)
        return ("date", value.date().isoformat()) if midnight else ("time", value.isoformat(" "))
    return ("date", value.isoformat()) if isinstance(value, date) else ("time", str(value))


def _broken(path: str, name: str) -> dict[int, list[tuple[int, str]]]:
    """Cells by row that show no value although they hold something: the reader gives them as empty."""
    found: dict[int, list[tuple[int, str]]] = {}
    with zipfile.ZipFile(path) as archive:
        part = _part(archive, name)
        if part is None:
            return found
        for match in _matches(archive, part):
            place = _PLACE.search(match)
            if place:
                text = "错误值" if b"<f" not in match else "没有结果的公式"
                found.setdefault(int(place[2]), []).append((_column(place[1]), text))
    return found


def _matches(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    with archive.open(part) as file:
        held = b""
        while data := file.read(_CHUNK):
            held += data
            end = 0
            for match in _BROKEN.finditer(held):
                yield match[0]
                end = match.end()
            held = held[max(end, held.rfind(b"<c ")) :][-_CHUNK:]


def _part(archive: zipfile.ZipFile, name: str) -> str | None:
    """The part of the archive in which the sheet of this name is written."""
    from html import unescape

    sheets = (_attributes(tag) for tag in _SHEET.findall(archive.read("xl/workbook.xml")))
    ids = [sheet.get("r:id", "") for sheet in sheets if unescape(sheet.get("name", "")) == name]
    relations = map(_attributes, _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")))
    targets = {relation.get("Id", ""): relation.get("Target", "") for relation in relations}
    target = targets.get(ids[0], "") if ids else ""
    part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return part if part in archive.namelist() else None


def _attributes(tag: bytes) -> dict[str, str]:
    return {name.decode(): value.decode(errors="replace") for name, value in _ATTRIBUTE.findall(tag)}


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


if __name__ == "__main__":
    main()
