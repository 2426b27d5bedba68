"""A PDF of Chinese text and drawings on A4, black on white, with its letters inside: it looks the same everywhere.

The letters are those of the vendored Noto Sans SC and, for rare names, of Noto Sans CJK SC; of a letter that both lack
a box is left. Only the letters that are used are put in, and the text can be searched and copied. The same blocks give
the same bytes.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from songhe.ui.paper.drawings import Drawing
from songhe.ui.paper.letters import Letters, letters_of, runs

_WIDTH, _HEIGHT = 595, 842
_LEFT, _TOP, _BOTTOM = 54, 790, 60
_LEADING, _STEP, _MARK, _GAP = 1.55, 16, 12, 6
_CLOSING = frozenset("，。；：？、）》”〕」·%…")
_OPENING = frozenset("（《“〔「")
_ROUND = 0.5523  # how far the handles of a quarter circle stand off


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph. `mark` draws a shape before it: "yes" a full circle, "unknown" a half full one, "no" a barred one.

    `indent` counts steps to the right, `before` is the space above in points; `keep` stays with what follows.
    `drawing` stands below the first line of the text, which is one line long then.
    """

    text: str
    size: float = 10
    strong: bool = False
    indent: int = 0
    mark: str = ""
    before: float = 0
    keep: bool = False
    drawing: Drawing | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    block: Block
    first: bool

    @property
    def high(self) -> float:
        below = self.block.drawing.high + _GAP if self.block.drawing is not None and self.first else 0
        return self.block.size * _LEADING + below


def pdf_of(title: str, blocks: Iterable[Block], foot: str) -> bytes:
    """The blocks on as many pages as they need; `foot` stands below each with the number of the page."""
    plain, strong = letters_of(400), letters_of(600)
    lines = [line for block in blocks for line in _lines(block, strong if block.strong else plain)]
    pages = list(_pages(lines))
    used = [line for page in pages for line, _ in page]
    of_plain = "".join(line.text for line in used if not line.block.strong) + foot + "0123456789/ "
    of_strong = "".join(line.text for line in used if line.block.strong)
    fonts = _fonts([(plain, of_plain), (strong, of_strong)])
    names = {letters.name: f"F{index}" for index, (letters, _) in enumerate(fonts)}
    drawings = [line.block.drawing for line in used if line.block.drawing is not None and line.first]
    of_drawings = {id(one): f"D{number}" for number, one in enumerate(drawings)}
    streams = [
        _stream(page, f"{foot}    {number}/{len(pages)}", names, of_drawings) for number, page in enumerate(pages, 1)
    ]
    return _document(title, streams, fonts, drawings)


def _fonts(texts: Sequence[tuple[Letters, str]]) -> list[tuple[Letters, str]]:
    """The fonts of the document with the text that each writes: those asked for, then the slices of rare letters."""
    found = {letters.name: (letters, "") for letters, _ in texts}
    for letters, text in texts:
        for source, piece in runs(text, letters):
            found[source.name] = (source, found.get(source.name, (source, ""))[1] + piece)
    asked = [letters.name for letters, _ in texts]
    return [found[name] for name in [*asked, *sorted(found.keys() - set(asked))]]


def _lines(block: Block, letters: Letters) -> Iterator[_Line]:
    room = _WIDTH - 2 * _LEFT - block.indent * _STEP - (_MARK if block.mark else 0)
    first = True
    for text in _broken(block.text, letters, room / block.size * 1000):
        yield _Line(text, block, first)
        first = False


def _broken(text: str, letters: Letters, room: float) -> Iterator[str]:
    """The text in lines: none begins with a closing mark or ends with an opening one, words and numbers stay whole."""
    line, width = "", 0.0
    for piece in _pieces(text):
        wide = sum(map(letters.width, piece))
        if line and width + wide > room and piece[0] not in _CLOSING:
            carried = line[-1] if line[-1] in _OPENING else ""
            yield line.removesuffix(carried).rstrip()
            line, width = carried, sum(map(letters.width, carried))
        line, width = line + piece, width + wide
    yield line


def _pieces(text: str) -> Iterator[str]:
    word = ""
    for letter in text:
        if letter.isascii() and not letter.isspace():
            word += letter
            continue
        if word:
            yield word
            word = ""
        yield letter
    if word:
        yield word


def _pages(lines: Sequence[_Line]) -> Iterator[list[tuple[_Line, float]]]:
    page: list[tuple[_Line, float]] = []
    y = float(_TOP)
    for index, line in enumerate(lines):
        high = line.high
        space = line.block.before if line.first and page else 0
        if y - space - high - _kept(lines, index) < _BOTTOM and page:
            yield page
            page, y, space = [], float(_TOP), 0
        y -= space + high
        page.append((line, y))
    yield page


def _kept(lines: Sequence[_Line], index: int) -> float:
    """The height of what must stand on the same page as a line that is to be kept with it."""
    high = 0.0
    while lines[index].block.keep and index + 1 < len(lines):
        index += 1
        high += lines[index].high + (lines[index].block.before if lines[index].first else 0)
    return high


def _stream(
    page: Sequence[tuple[_Line, float]], foot: str, names: Mapping[str, str], drawings: Mapping[int, str]
) -> bytes:
    parts = [part for line, y in page for part in _drawn(line, y, names, drawings)]
    parts.append(_text(foot, letters_of(400), names, 8, (_LEFT, 36)))
    return zlib.compress("\n".join(parts).encode(), 9)


def _drawn(line: _Line, y: float, names: Mapping[str, str], drawings: Mapping[int, str]) -> Iterator[str]:
    block, x = line.block, _LEFT + line.block.indent * _STEP
    if block.drawing is not None and line.first:
        yield block.drawing.drawn(x, y, drawings[id(block.drawing)])
        y += block.drawing.high + _GAP
    if block.mark:
        if line.first:
            yield _shape(block.mark, x + 4, y + block.size * 0.36)
        x += _MARK
    yield _text(line.text, letters_of(600 if block.strong else 400), names, block.size, (x, y))


def _text(text: str, letters: Letters, names: Mapping[str, str], size: float, at: tuple[float, float]) -> str:
    shown = []
    for source, piece in runs(text, letters):
        codes = "".join(f"{source.glyph(letter):04X}" for letter in piece)
        shown.append(f"/{names[source.name]} {size:g} Tf <{codes}> Tj")
    return f"BT {at[0]:g} {at[1]:.2f} Td {' '.join(shown)} ET"


def _shape(mark: str, x: float, y: float) -> str:
    radius = 3.2
    outline = f"0.9 w {_arc(x, y, radius, 0)} {_arc(x, y, radius, 1)}"
    if mark == "yes":
        return f"{outline} f"
    if mark == "no":
        return f"{outline} S {x - 1.8:.2f} {y:.2f} m {x + 1.8:.2f} {y:.2f} l S"
    return f"{outline} S {_arc(x, y, radius, 1)} f"


def _arc(x: float, y: float, radius: float, half: int) -> str:
    """The left (1) or right (0) half of a circle, from top to bottom or from bottom to top."""
    side, up = (-1, 1) if half else (1, -1)
    k, r = _ROUND * radius * side, radius * side
    a, b, c = (x, y + up * radius), (x + r, y), (x, y - up * radius)
    begin = f"{a[0]:.2f} {a[1]:.2f} m"
    u = _ROUND * radius * up
    return (
        f"{begin} {a[0] + k:.2f} {a[1]:.2f} {b[0]:.2f} {b[1] + u:.2f} {b[0]:.2f} {b[1]:.2f} c "
        f"{b[0]:.2f} {b[1] - u:.2f} {c[0] + k:.2f} {c[1]:.2f} {c[0]:.2f} {c[1]:.2f} c"
    )


def _document(
    title: str, streams: Sequence[bytes], fonts: Sequence[tuple[Letters, str]], drawings: Sequence[Drawing]
) -> bytes:
    """The objects: 1 catalogue, 2 pages, 3 information, then five a font, those of drawings, then two a page."""
    drawn, pictures = _objects_of(drawings, 4 + 5 * len(fonts))
    first_page = 4 + 5 * len(fonts) + len(drawn)
    kids = " ".join(f"{first_page + 2 * index} 0 R" for index in range(len(streams)))
    names = " ".join(f"/F{index} {4 + 5 * index} 0 R" for index in range(len(fonts)))
    words = (b"\xfe\xff" + title.encode("utf-16-be")).hex().upper()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (zh-CN) /ViewerPreferences << /DisplayDocTitle true >> >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        f"<< /Title <{words}> /Producer (Songhe) >>".encode(),
    ]
    for index, (letters, text) in enumerate(fonts):
        objects += _font(letters, text, 4 + 5 * index)
    objects += drawn
    for index, stream in enumerate(streams):
        contents = first_page + 2 * index + 1
        box = f"/MediaBox [0 0 {_WIDTH} {_HEIGHT}]"
        resources = f"/Resources << /Font << {names} >>{pictures} >>"
        page = f"<< /Type /Page /Parent 2 0 R {box} {resources} /Contents {contents} 0 R >>"
        objects += [page.encode(), _packed(stream)]
    return _written(objects)


def _objects_of(drawings: Sequence[Drawing], number: int) -> tuple[list[bytes], str]:
    """The objects of drawings from a number on, and how pages call them; the words are empty when there are none."""
    objects: list[bytes] = []
    named = []
    for place, drawing in enumerate(drawings):
        own = drawing.objects(number + len(objects))
        if own:
            named.append(f"/D{place} {number + len(objects)} 0 R")
        objects += own
    return objects, f" /XObject << {' '.join(named)} >>" if named else ""


def _font(letters: Letters, text: str, number: int) -> list[bytes]:
    name = letters.name
    used = sorted({letters.glyph(letter): letter for letter in text}.items())
    widths = " ".join(f"{glyph} [{letters.width(letter):g}]" for glyph, letter in used)
    low, high = letters.box[1], letters.box[3]
    box = " ".join(map(str, letters.box))
    return [
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H /DescendantFonts [{number + 1} 0 R]"
        f" /ToUnicode {number + 4} 0 R >>".encode(),
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /CIDToGIDMap /Identity /DW 1000 /W [{widths}]"
        f" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
        f" /FontDescriptor {number + 2} 0 R >>".encode(),
        f"<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [{box}] /ItalicAngle 0 /Ascent {high}"
        f" /Descent {low} /CapHeight 733 /StemV 80 /FontFile2 {number + 3} 0 R >>".encode(),
        _packed(zlib.compress(letters.cut(text), 9)),
        _packed(zlib.compress(_back_to_text(used), 9)),
    ]


def _back_to_text(used: Sequence[tuple[int, str]]) -> bytes:
    """Which letter each glyph is, for searching and copying."""
    head = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Letters def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
    )
    rows = [f"<{glyph:04X}> <{letter.encode('utf-16-be').hex().upper()}>" for glyph, letter in used if glyph]
    parts = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    body = "".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar\n" for part in parts)
    return (head + body + "endcmap CMapName currentdict /CMap defineresource pop end end").encode()


def _packed(data: bytes) -> bytes:
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(data) + data + b"\nendstream"


def _written(objects: Sequence[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 3 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
