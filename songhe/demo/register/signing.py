"""Signatures of invented people: strokes drawn by chance as a hand would draw them, as a picture like the field form's.

No letter is copied from anywhere: each sign of a name is a few strokes of its own, the same whenever the name is
written, a little otherwise each time.
"""

from __future__ import annotations

import base64
import hashlib
import struct
import zlib
from functools import cache

import numpy as np

from songhe.demo.chance import Floats

WIDE, HIGH = 320, 120
_HANDS = 2  # ways in which one person writes
_STEPS = 16  # between two points of a stroke
_PEN, _EDGE, _REACH = 1.7, 0.9, 3
_GREY_WITH_OPACITY = 4
_BEGINS = b"\x89PNG\r\n\x1a\n"


def signature(name: str, time: int = 0) -> str:
    """The signature as a data address. `time` tells one signing from another."""
    return _written(name, time % _HANDS)


@cache
def _written(name: str, hand_of: int) -> str:
    curves: list[Floats] = []
    own, hand = _numbers(name), _numbers(f"{name} {hand_of}")
    slant = 0.25 * own.random()
    wide = min(96.0, (WIDE - 40) / len(name))
    for place, sign in enumerate(name):
        for stroke in _strokes(_numbers(f"{name[0]}{place}{sign}")):
            around = stroke + hand.normal(0, 0.02, stroke.shape)
            x = 22 + wide * (place + 0.86 * around[:, 0]) + slant * 60 * (0.5 - around[:, 1])
            y = 16 + (0.72 + 0.1 * hand.random()) * (HIGH - 30) * around[:, 1] + 4 * place * (own.random() - 0.4)
            curves.append(_smooth(np.stack([x, y], axis=1)))
    return "data:image/png;base64," + base64.b64encode(_png(_drawn(curves))).decode()


def _numbers(text: str) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")))


def _strokes(chance: np.random.Generator) -> list[Floats]:
    """One sign within a square of 1: level and falling strokes, the last one swept out; each a few points."""
    found: list[Floats] = []
    for number in range(2 + int(chance.random() * 3)):
        at = np.array([0.08 + 0.5 * chance.random(), 0.06 + 0.26 * number + 0.1 * chance.random()])
        kind = chance.random()
        if kind < 0.4:  # level, with a hook back
            way = np.array([[0, 0], [0.42, -0.05], [0.5, 0.02], [0.3, 0.22], [0.12, 0.36]])
        elif kind < 0.75:  # falling, turning to the right
            way = np.array([[0, 0], [-0.04, 0.28], [-0.12, 0.5], [0.04, 0.42], [0.24, 0.3]])
        else:  # a loop
            way = np.array([[0, 0], [0.26, 0.06], [0.3, 0.3], [0.06, 0.34], [0.1, 0.1], [0.44, 0.24]])
        found.append(at + way * (0.7 + 0.5 * chance.random()) + 0.03 * chance.standard_normal(way.shape))
    sweep = np.array([[0.2, 0.62], [0.42, 0.74], [0.7, 0.72], [0.98, 0.58 + 0.3 * chance.random()]])
    return [*found, sweep + 0.04 * chance.standard_normal(sweep.shape)]


def _smooth(points: Floats) -> Floats:
    """A curve through the points (Catmull and Rom)."""
    whole = np.concatenate([points[:1], points, points[-1:]])
    t = np.linspace(0, 1, _STEPS, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(whole, whole[1:], whole[2:], whole[3:], strict=False):
        pieces.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.concatenate(pieces)


def _drawn(curves: list[Floats]) -> Floats:
    """The pen goes along each curve: broad where it begins, thin where it leaves."""
    ink = np.zeros((HIGH, WIDE))
    broad = _PEN * np.concatenate([np.linspace(1.35, 0.55, len(one)) for one in curves])[:, None, None]
    curve, near = np.concatenate(curves), np.arange(-_REACH, _REACH + 1)
    middle = np.floor(curve).astype(np.int64)
    x, y = middle[:, 0, None, None] + near[None, None, :], middle[:, 1, None, None] + near[None, :, None]
    away = np.hypot(x - curve[:, 0, None, None], y - curve[:, 1, None, None])
    dark = np.clip((broad - away) / _EDGE + 0.5, 0, 1)
    x, y = np.broadcast_arrays(x, y)
    inside = (dark > 0) & (x >= 0) & (x < WIDE) & (y >= 0) & (y < HIGH)
    np.maximum.at(ink, (y[inside], x[inside]), dark[inside])
    return ink


def _png(ink: Floats) -> bytes:
    rows = np.zeros((HIGH, 1 + 2 * WIDE), dtype=np.uint8)
    rows[:, 1::2] = 28
    rows[:, 2::2] = np.round(ink * 255)
    rows[:, 1::2] *= ink > 0
    head = struct.pack(">IIBBBBB", WIDE, HIGH, 8, _GREY_WITH_OPACITY, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows.tobytes(), 6)), (b"IEND", b""))
    return _BEGINS + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
