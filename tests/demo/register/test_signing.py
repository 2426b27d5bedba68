"""Invented signatures: pictures as the field form makes them, one hand a name."""

from __future__ import annotations

import base64
import zlib

import numpy as np
import pytest

from songhe.demo.register.signing import HIGH, WIDE, signature
from songhe.ui.paper.drawings import read_png


def ink(name: str, time: int = 0) -> np.ndarray:
    png = base64.b64decode(signature(name, time).removeprefix("data:image/png;base64,"))
    width, height, channels, data = read_png(png)
    assert (width, height, channels) == (WIDE, HIGH, 2)
    rows = np.frombuffer(zlib.decompress(data), dtype=np.uint8).reshape(HIGH, 1 + 2 * WIDE)
    return rows[:, 2::2]


@pytest.mark.parametrize("name", ["胡静", "刘文斌", "欧阳秀英"])
def test_a_signature_is_a_drawing_that_paper_can_show(name: str) -> None:
    dark = ink(name) > 100
    assert 0.01 < dark.mean() < 0.2
    across = np.flatnonzero(dark.any(axis=0))
    assert across[-1] - across[0] > WIDE / 3


def test_each_name_has_its_own_hand_and_never_writes_quite_the_same() -> None:
    assert not np.array_equal(ink("胡静"), ink("刘文斌"))
    assert not np.array_equal(ink("胡静", 0), ink("胡静", 1))
    assert np.array_equal(ink("胡静", 0), ink("胡静", 2))
