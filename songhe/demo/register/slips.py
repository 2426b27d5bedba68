"""Slips of the pen: names, identity numbers and birth dates as one office writes them otherwise than another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from songhe.demo.chance import Floats
from songhe.kernel.identity_numbers import check_character

_FILE = Path(__file__).with_name("slips.yaml")
_FULL_WIDTH = {ord("0") + digit: chr(0xFF10 + digit) for digit in range(10)}


def chosen(shares: dict[str, float], at: float) -> str:
    """The kind of slip for a number between 0 and 1."""
    upto = np.cumsum(list(shares.values()))
    return list(shares)[min(int(np.searchsorted(upto / upto[-1], at, side="right")), len(shares) - 1)]


def other_name(name: str, sex: str, kind: str, at: float) -> str:
    """The name with a slip of this kind; one that the name has no place for becomes a lost or an added sign."""
    if kind in ("same_sound", "look_alike", "traditional"):
        found = _exchanged(name, _pairs(kind), at) or _exchanged(name, _pairs("same_sound"), at)
        return found or name[:1] + "某" + name[2:]
    if kind == "rare_lost":
        return name[:-1] + "?"
    if kind == "pinyin":
        return name[0] + "X" * (len(name) - 1)
    if kind == "everyday_name":
        words = _written()["everyday"].get(sex) or _written()["everyday"]["2"]
        return name[0] + str(words[int(at * len(words))])
    return name[0] + (" " if at < 0.5 else "·") + name[1:]


def other_number(number: str, kind: str, other: str, at: Floats) -> str:
    """The number with a slip of this kind; `other` is a relative's. Most of them fail the check character."""
    place = 6 + int(at[0] * 11)
    slips: dict[str, Callable[[], str]] = {
        "one_digit": lambda: number[:place] + _another(number[place], at[1]) + number[place + 1 :],
        "neighbours_swapped": lambda: _swapped(number, place),
        "digit_lost_or_added": lambda: (
            number[:place] + number[place + 1 :] if at[1] < 0.6 else number[:place] + "0" + number[place:]
        ),
        "lunar_birth": lambda: _of_day(number, _shifted(number, 20 + int(at[1] * 30))),
        "of_a_relative": lambda: other,
        "width_or_x": lambda: number.lower() if number[-1] == "X" else number.translate(_FULL_WIDTH),
    }
    return slips[kind]()


def old_number(number: str) -> str:
    """The fifteen digits that numbers had before 1999."""
    return number[:6] + number[8:17]


def other_birth(birth: date, at: Floats) -> date:
    """Day and month exchanged where they can be, else the lunar date taken for the solar one, or a year off."""
    if at[0] < 0.4 and birth.day <= 12 and birth.day != birth.month:
        return date(birth.year, birth.day, birth.month)
    if at[0] < 0.8:
        return birth - timedelta(days=20 + int(at[1] * 30))
    year = birth.year + (1 if at[1] < 0.5 else -1)
    return date(year, birth.month, min(birth.day, 28))


def numbered_anew(number: str, birth: date, at: float) -> str:
    """A right number for another birth date, or for the same one with another sequence: a slip no check finds."""
    odd = int(number[16]) % 2
    sequence = (int(at * 500) * 2 + odd) % 1000
    first = f"{number[:6]}{birth:%Y%m%d}{sequence:03d}"
    return first + check_character(first)


def _another(digit: str, at: float) -> str:
    return str((int(digit) + 1 + int(at * 9)) % 10)


def _swapped(number: str, place: int) -> str:
    for at in [*range(place, 16), *range(6, place)]:
        if number[at] != number[at + 1]:
            return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    return number[:-1]


def _shifted(number: str, days: int) -> date:
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14])) - timedelta(days=days)


def _of_day(number: str, day: date) -> str:
    return f"{number[:6]}{day:%Y%m%d}{number[14:]}"


def _exchanged(name: str, pairs: dict[str, str], at: float) -> str:
    """The name with one of its characters exchanged, empty when it has none of them. The surname stays."""
    places = [place for place in range(1, len(name)) if name[place] in pairs]
    if not places:
        return ""
    place = places[int(at * len(places))]
    return name[:place] + pairs[name[place]] + name[place + 1 :]


@cache
def _pairs(kind: str) -> dict[str, str]:
    pairs = [(pair[0], pair[1]) for pair in _written()[kind]]
    return dict(pairs) | {other: one for one, other in reversed(pairs)}


@cache
def _written() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found
