"""Catalogues as files: the `.po` that people edit and the `.mo` that Django reads, without the tools of gettext."""

from __future__ import annotations

import ast
import struct
from dataclasses import dataclass
from pathlib import Path

ROOMS = Path(__file__).resolve().parents[2]
LANGUAGE = "en"
_HEADER = (
    f"Project-Id-Version: songhe\nLanguage: {LANGUAGE}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
)
_MAGIC = 0x950412DE


@dataclass(frozen=True, slots=True, order=True)
class Phrase:
    """What is looked up: the Chinese, with another for many when English tells one from many, and a context."""

    text: str
    plural: str = ""
    context: str = ""

    @property
    def key(self) -> str:
        """As it stands in the `.mo`."""
        text = f"{self.text}\0{self.plural}" if self.plural else self.text
        return f"{self.context}\4{text}" if self.context else text


@dataclass(slots=True)
class Entry:
    """The English of a phrase (two for one and many) and the files that say it."""

    english: tuple[str, ...]
    files: tuple[str, ...] = ()


Catalogue = dict[Phrase, Entry]


def path_of(room: str) -> Path:
    """The `.po` of a room."""
    return ROOMS / room / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def rooms() -> list[str]:
    """The rooms that have a catalogue."""
    return sorted(path.name for path in ROOMS.iterdir() if path_of(path.name).exists())


def read(path: Path) -> Catalogue:
    """A `.po` as `written` writes it; empty when there is none."""
    found: Catalogue = {}
    blocks = path.read_text(encoding="utf-8").split("\n\n") if path.exists() else []
    for block in blocks[1:]:
        fields: dict[str, str] = {}
        files, field = [], ""
        for line in block.strip().splitlines():
            if line.startswith("#"):
                files += line.removeprefix("#:").split()
                continue
            name, _, text = ("", "", line) if line.startswith('"') else line.partition(" ")
            field = name or field
            fields[field] = fields.get(field, "") + str(ast.literal_eval(text))
        phrase = Phrase(fields["msgid"], fields.get("msgid_plural", ""), fields.get("msgctxt", ""))
        names = ("msgstr[0]", "msgstr[1]") if phrase.plural else ("msgstr",)
        found[phrase] = Entry(tuple(fields.get(name, "") for name in names), tuple(files))
    return found


def written(catalogue: Catalogue) -> str:
    """The text of a `.po`: by file, then by phrase, so that two people's changes seldom meet."""
    blocks = ['msgid ""\nmsgstr ""\n' + "\n".join(_quoted(line + "\n") for line in _HEADER.splitlines())]
    for phrase, entry in sorted(catalogue.items(), key=lambda pair: (pair[1].files[:1], pair[0])):
        lines = [f"#: {file}" for file in entry.files]
        lines += [f"msgctxt {_quoted(phrase.context)}"] if phrase.context else []
        lines.append(f"msgid {_quoted(phrase.text)}")
        if phrase.plural:
            lines.append(f"msgid_plural {_quoted(phrase.plural)}")
            lines += [f"msgstr[{place}] {_quoted(text)}" for place, text in enumerate(entry.english)]
        else:
            lines.append(f"msgstr {_quoted(entry.english[0])}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def compiled(catalogue: Catalogue) -> bytes:
    """The bytes of the `.mo`; a phrase without English is left out, so that its Chinese is shown."""
    texts = {"": _HEADER} | {
        phrase.key: "\0".join(entry.english) for phrase, entry in catalogue.items() if all(entry.english)
    }
    pairs = sorted((key.encode(), english.encode()) for key, english in texts.items())
    start = 28 + 16 * len(pairs)
    tables: list[list[bytes]] = [[], []]
    data = b""
    for side in (0, 1):
        for pair in pairs:
            tables[side].append(struct.pack("<2I", len(pair[side]), start + len(data)))
            data += pair[side] + b"\0"
    head = struct.pack("<7I", _MAGIC, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start)
    return head + b"".join(tables[0]) + b"".join(tables[1]) + data


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
