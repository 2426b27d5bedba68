"""The pieces by which people are found: single characters and pairs of a name, pairs of an address.

Letters count without case and full-width like half-width. Of an address only the Chinese runs count, without the words
that every address has: a house number finds nobody without its street.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_RUNS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_KEPT = re.compile(r"[^\W_]+")
_EVERYWHERE = re.compile("单元|小区|社区|街道|村民|居委会|村委会|号楼")


def folded(text: str) -> str:
    """The text as it is compared: half-width, lower case, without blanks, dots and signs."""
    return "".join(_KEPT.findall(unicodedata.normalize("NFKC", text).lower()))


def name_grams(name: str) -> set[str]:
    """Every character of a name and every two neighbours."""
    letters = folded(name)
    return set(letters) | _pairs(letters)


def address_grams(address: str) -> set[str]:
    """Every two neighbouring Chinese characters of an address, but for the words that all addresses share."""
    text = _EVERYWHERE.sub(" ", unicodedata.normalize("NFKC", address))
    return {pair for run in _RUNS.findall(text) for pair in _pairs(run)}


def grams_of(name: str, address: str) -> set[str]:
    """What the register keeps of one person."""
    return name_grams(name) | address_grams(address)


def wanted_grams(text: str) -> set[str]:
    """What a person found by this text must have: its pairs, or the one character. Empty for nothing to look for.

    Longer texts are still to be compared with the name or address found: pairs may come from different places.
    """
    letters = folded(text)
    return _pairs(letters) if len(letters) > 1 else set(letters)


def _pairs(text: Iterable[str]) -> set[str]:
    letters = "".join(text)
    return {letters[place : place + 2] for place in range(len(letters) - 1)}
