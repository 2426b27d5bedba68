"""What stands on paper beside text: a pattern of squares (a code to scan), and ink (a signature drawn on a screen)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from songhe.kernel.errors import BadInput

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOURS = {0: 1, 2: 3, 4: 2, 6: 4}  # grey, red-green-blue, each without and with its opacity
# From the channels of a picture to grey on white paper, as a calculator of the reader works it out.
_TO_GREY = {
    1: "{}",
    2: "{exch 1 exch sub mul 1 exch sub}",
    3: "{add add 3 div}",
    4: "{4 1 roll add add 3 div 1 exch sub mul 1 exch sub}",
}
_MOST_SIDE, _MOST_BYTES = 3000, 8_000_000


class Drawing(Protocol):
    """Something of a size in points that is drawn with its lower left corner at a place."""

    @property
    def high(self) -> float:
        """How high it is."""

    def drawn(self, x: float, y: float, name: str) -> str:
        """The operators that draw it; `name` is that of its object, when it has one."""

    def objects(self, number: int) -> list[bytes]:
        """Its objects in the document, from a number on; the first is what is drawn. None when it needs none."""


@dataclass(frozen=True)
class Squares:
    """Dark squares of a code to scan, on white."""

    rows: Sequence[Sequence[bool]]
    side: float

    @property
    def high(self) -> float:
        """How high it is."""
        return self.side

    def drawn(self, x: float, y: float, name: str) -> str:
        """One rectangle for each run of dark squares."""
        unit = self.side / len(self.rows)
        top = y + self.side
        runs = (
            f"{x + start * unit:.3f} {top - (line + 1) * unit:.3f} {length * unit:.3f} {unit:.3f} re"
            for line, row in enumerate(self.rows)
            for start, length in _dark(row)
        )
        return f"{' '.join(runs)} f"

    def objects(self, number: int) -> list[bytes]:
        """Needs none."""
        return []


@dataclass(frozen=True)
class Ink:
    """A drawing on a screen as ink on paper; the picture goes in as it is."""

    png: bytes
    wide: float
    high: float

    def drawn(self, x: float, y: float, name: str) -> str:
        """Drawn as large as it fits in, not distorted."""
        width, height, _channels, _data = read_png(self.png)
        scale = min(self.wide / width, self.high / height)
        return f"q {width * scale:.2f} 0 0 {height * scale:.2f} {x:.2f} {y:.2f} cm /{name} Do Q"

    def objects(self, number: int) -> list[bytes]:
        """The picture, and the way from its channels to grey."""
        width, height, channels, data = read_png(self.png)
        names, domain = (" ".join(words) for words in ([f"/C{one}" for one in range(channels)], ["0 1"] * channels))
        code = _TO_GREY[channels].encode()
        head = (
            f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /BitsPerComponent 8"
            f" /ColorSpace [/DeviceN [{names}] /DeviceGray {number + 1} 0 R] /Filter /FlateDecode /DecodeParms"
            f" << /Predictor 15 /Colors {channels} /BitsPerComponent 8 /Columns {width} >> /Length {len(data)} >>"
        )
        function = f"<< /FunctionType 4 /Domain [{domain}] /Range [0 1] /Length {len(code)} >>"
        return [_stream(head, data), _stream(function, code)]


def _stream(head: str, data: bytes) -> bytes:
    return head.encode() + b"\nstream\n" + data + b"\nendstream"


def read_png(png: bytes) -> tuple[int, int, int, bytes]:
    """Width, height, channels and packed rows. BadInput for what is no picture, or none of the simple kind."""
    try:
        chunks = dict(_chunks(png))
        width, height, depth, colour, _packing, _filter, interlaced = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
        channels = _COLOURS[colour]
        data = chunks[b"IDAT"]
        expected = height * (1 + width * channels)
        plain = 0 < width <= _MOST_SIDE and 0 < height <= _MOST_SIDE and expected <= _MOST_BYTES
        if depth != 8 or interlaced or not plain or len(_opened(data, expected)) != expected:
            raise BadInput("图", "读不了", accepted="PNG")
    except (KeyError, struct.error, zlib.error):
        raise BadInput("图", "读不了", accepted="PNG") from None
    return width, height, channels, data


def _opened(data: bytes, expected: int) -> bytes:
    return zlib.decompressobj().decompress(data, expected + 1)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not png.startswith(_SIGNATURE):
        raise BadInput("图", "读不了", accepted="PNG")
    at, data = len(_SIGNATURE), b""
    while at + 12 <= len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, content = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        if kind == b"IDAT":
            data += content
        elif kind == b"IHDR":
            yield kind, content
        at += 12 + length
    yield b"IDAT", data


def _dark(row: Sequence[bool]) -> Iterator[tuple[int, int]]:
    start = None
    for place, dark in enumerate([*row, False]):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            yield start, place - start
            start = None
