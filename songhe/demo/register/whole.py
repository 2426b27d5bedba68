"""The whole city, piece by piece in the memory of one piece. Needs no database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from songhe.demo.register.cast_piece import cast_piece
from songhe.demo.register.city import Piece, draw_piece
from songhe.demo.register.planting import planted

CITY = "420700"
AT_ONCE = 220_000


def pieces(people: int, seed: int, day: date) -> Iterator[Piece]:
    """The city piece by piece, planted; the cast comes last."""
    count = -(-people // AT_ONCE)
    for number in range(count):
        size = min(AT_ONCE, people - number * AT_ONCE)
        # Nothing of a piece is held here while it is used: the next one needs the memory.
        yield planted(draw_piece(CITY, size, seed, day, number, number * AT_ONCE + 1, count), CITY, seed, number, day)
    yield cast_piece(CITY, day)
