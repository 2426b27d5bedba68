"""The vendored letters for a PDF: glyph numbers, widths, and a font file with only the letters that are used.

Letters of names that the font lacks (㛃 䶮 𬭎) come from the slices of rare letters, each a font of its own.

Glyphs keep their numbers; those that are not used are left empty. That is a matter of copying bytes, so a file is cut
in some milliseconds.
"""

from __future__ import annotations

import io
import struct
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import groupby

from songhe.ui.paper import fonts
from songhe.ui.rare import FOLDER

_TABLES = ("head", "hhea", "maxp", "hmtx", "prep")
_WORDS, _SCALE, _XY, _TWO_BY_TWO, _MORE = 0x0001, 0x0008, 0x0040, 0x0080, 0x0020
_SUM = 0xB1B0AFBA


@dataclass(frozen=True)
class Letters:
    """One weight of the font: what each letter is and how wide, in thousandths of its size."""

    name: str
    glyphs: dict[int, int]
    widths: tuple[int, ...]
    box: tuple[int, int, int, int]
    outlines: bytes
    offsets: tuple[int, ...]
    tables: dict[str, bytes]

    def glyph(self, letter: str) -> int:
        """The number of its glyph, 0 (a box) when the font lacks it."""
        return self.glyphs.get(ord(letter), 0)

    def width(self, letter: str) -> int:
        """How wide it is."""
        return self.widths[self.glyph(letter)]

    def cut(self, text: str) -> bytes:
        """A font file with these letters."""
        wanted = self._with_parts({0, *map(self.glyph, text)})
        outlines, offsets = bytearray(), [0]
        for number in range(len(self.offsets) - 1):
            if number in wanted:
                outlines += self._outline(number)
                outlines += b"\0" * (-len(outlines) % 4)
            offsets.append(len(outlines))
        places = struct.pack(f">{len(offsets)}I", *offsets)
        head = bytearray(self.tables["head"])
        head[8:12], head[50:52] = b"\0" * 4, struct.pack(">h", 1)  # sum of all, filled in later; long offsets
        return _file({**self.tables, "head": bytes(head), "glyf": bytes(outlines), "loca": places})

    def _outline(self, number: int) -> bytes:
        return self.outlines[self.offsets[number] : self.offsets[number + 1]]

    def _with_parts(self, glyphs: Iterable[int]) -> set[int]:
        """The glyphs and those that they are put together from."""
        found: set[int] = set()
        todo = list(glyphs)
        while todo:
            number = todo.pop()
            if number not in found:
                found.add(number)
                todo += _parts(self._outline(number))
        return found


@lru_cache(maxsize=4)
def letters_of(weight: int) -> Letters:
    """The letters of a weight, read once."""
    source = files(fonts).joinpath(f"noto-sans-sc-chinese-simplified-{weight}-normal.woff").read_bytes()
    return _read(f"NotoSansSC-{weight}", source)


def runs(text: str, letters: Letters) -> Iterator[tuple[Letters, str]]:
    """The text in pieces that one font writes: `letters`, or a slice of rare ones where it lacks a letter."""
    for source, piece in groupby(text, key=lambda letter: _source(letter, letters)):
        yield source, "".join(piece)


def _source(letter: str, letters: Letters) -> Letters:
    if letters.glyph(letter) or letter.isascii():
        return letters
    place = bisect_right(_slices(), ord(letter)) - 1
    rare = _rare(_slices()[place]) if place >= 0 else letters
    return rare if rare.glyph(letter) else letters


@lru_cache(maxsize=1)
def _slices() -> tuple[int, ...]:
    """The first letter of each slice, rising."""
    return tuple(sorted(int(file.stem.removeprefix("rare-"), 16) for file in FOLDER.glob("rare-*.woff")))


@lru_cache(maxsize=16)
def _rare(first: int) -> Letters:
    return _read(f"NotoSansCJKSC-{first:05X}", (FOLDER / f"rare-{first:05x}.woff").read_bytes())


def _read(name: str, source: bytes) -> Letters:
    from fontTools.ttLib import TTFont  # half a second to import

    font = TTFont(io.BytesIO(source), lazy=True)
    numbers = font.getReverseGlyphMap()
    head, metrics = font["head"], font["hmtx"].metrics
    return Letters(
        name=name,
        glyphs={code: numbers[glyph] for code, glyph in font.getBestCmap().items()},
        widths=tuple(metrics[glyph][0] for glyph in font.getGlyphOrder()),
        box=(head.xMin, head.yMin, head.xMax, head.yMax),
        outlines=font.reader["glyf"],
        offsets=tuple(font["loca"].locations),
        tables={table: font.reader[table] for table in _TABLES if table in font.reader},
    )


def _parts(outline: bytes) -> list[int]:
    """The glyphs that a glyph is put together from; none when it is drawn."""
    if len(outline) < 10 or struct.unpack(">h", outline[:2])[0] >= 0:
        return []
    found, at, more = [], 10, True
    while more:
        flags, number = struct.unpack(">HH", outline[at : at + 4])
        found.append(number)
        scaled = 2 if flags & _SCALE else 4 if flags & _XY else 8 if flags & _TWO_BY_TWO else 0
        at += 4 + (4 if flags & _WORDS else 2) + scaled
        more = bool(flags & _MORE)
    return found


def _file(tables: dict[str, bytes]) -> bytes:
    """The tables as a font file."""
    names = sorted(tables)
    power = len(names).bit_length() - 1
    reach = 16 << power
    out = bytearray(struct.pack(">IHHHH", 0x00010000, len(names), reach, power, 16 * len(names) - reach))
    at = 12 + 16 * len(names)
    for name in names:
        out += name.encode() + struct.pack(">III", _sum(tables[name]), at, len(tables[name]))
        at += -(-len(tables[name]) // 4) * 4
    for name in names:
        if name == "head":
            place = len(out)
        out += tables[name] + b"\0" * (-len(tables[name]) % 4)
    out[place + 8 : place + 12] = struct.pack(">I", (_SUM - _sum(bytes(out))) & 0xFFFFFFFF)
    return bytes(out)


def _sum(data: bytes) -> int:
    data += b"\0" * (-len(data) % 4)
    total: int = sum(struct.unpack(f">{len(data) // 4}I", data))
    return total & 0xFFFFFFFF
