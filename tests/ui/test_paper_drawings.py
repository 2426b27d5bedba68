"""What stands on paper beside text: a code to scan, and a signature as ink."""

from __future__ import annotations

import re
import struct
import zlib

import pytest

from songhe.kernel.errors import BadInput
from songhe.ui.paper.drawings import Ink, Squares, read_png
from songhe.ui.paper.pdf import Block, pdf_of

COLOURS = {1: 0, 2: 4, 3: 2, 4: 6}


def png(width: int = 3, height: int = 2, channels: int = 4, *, depth: int = 8, rows: bytes | None = None) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, depth, COLOURS[channels], 0, 0, 0)
    data = zlib.compress((b"\0" + bytes(width * channels)) * height if rows is None else rows)
    chunks = ((b"IHDR", head), (b"IDAT", data[:5]), (b"IDAT", data[5:]), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )


def objects(document: bytes) -> dict[int, bytes]:
    return {int(number): body for number, body in re.findall(rb"\n(\d+) 0 obj\n(.*?)\nendobj", document, re.DOTALL)}


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_a_signature_goes_in_as_it_was_drawn_with_the_way_from_its_channels_to_grey(channels: int) -> None:
    found = objects(pdf_of("报告", [Block("签字", drawing=Ink(png(channels=channels), 150, 50))], "报告"))
    picture = next(body for body in found.values() if b"/Subtype /Image" in body)
    (function,) = re.findall(rb"/DeviceGray (\d+) 0 R", picture)
    assert b"/FunctionType 4" in found[int(function)]
    assert f"/Colors {channels} ".encode() in picture
    page = next(body for body in found.values() if b"/Type /Page " in body)
    (named,) = re.findall(rb"/XObject << /D0 (\d+) 0 R >>", page)
    assert found[int(named)] == picture


def test_a_code_is_drawn_as_one_rectangle_for_each_run() -> None:
    drawn = Squares([[True, True, False], [False, False, True], [False] * 3], 30).drawn(10, 20, "D0")
    assert drawn == "10.000 40.000 20.000 10.000 re 30.000 30.000 10.000 10.000 re f"
    assert b"/XObject" not in pdf_of("报告", [Block("码", drawing=Squares([[True]], 30))], "报告")


@pytest.mark.parametrize(
    "wrong",
    [b"", b"GIF89a", png()[:40], png(depth=16), png(rows=b"\0" * 5), png(rows=b"\0" * 5_000), png(width=4000)],
    ids=["nothing", "another kind", "cut off", "deep", "too few rows", "too many rows", "too wide"],
)
def test_what_is_no_simple_picture_is_refused(wrong: bytes) -> None:
    with pytest.raises(BadInput):
        read_png(wrong)
