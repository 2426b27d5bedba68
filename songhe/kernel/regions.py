"""Codes of administrative divisions: 6 digits to the district, 9 to the township, 12 to the community.

A code says as much as its digits before the padding zeros: 420700 is a city, so is 420700000000. A person known only
to live in a city may or may not live in one of its districts: the answer is then unknown, not no.
"""

from __future__ import annotations

from songhe.kernel.errors import BadInput
from songhe.kernel.told import phrase

LENGTHS = (6, 9, 12)
_LEVEL_ENDS = (2, 4, 6, 9, 12)
ACCEPTED = phrase("6、9或12位数字的行政区划代码")


def significant(code: str) -> str:
    """The leading digits that say something: 2 province, 4 city, 6 district, 9 township, 12 community.

    The all-zero code 000000 means the whole country and gives the empty text. Anything but 6, 9 or 12 digits is
    refused with BadInput.
    """
    if not (code.isascii() and code.isdigit() and len(code) in LENGTHS):
        raise BadInput("行政区划代码", "写法不对", given=code, accepted=ACCEPTED)
    for end in (0, *_LEVEL_ENDS):
        if not code[end:].strip("0"):
            return code[:end]
    raise AssertionError("unreachable: the last level ends with the code")  # pragma: no cover


def digits_below(digits: str, *, least: int = 4) -> int:
    """How many digits the divisions right below have, of which `digits` are those above; a community has none below.

    Below the whole country ("") are cities, or with `least=2` provinces.
    """
    return next((end for end in _LEVEL_ENDS if end >= least and end > len(digits)), _LEVEL_ENDS[-1])


def coarser_codes(code: str) -> tuple[str, ...]:
    """Every way to write a division that contains `code` and is larger than it, in all three lengths."""
    own = significant(code)
    larger = [own[:end] for end in (0, *_LEVEL_ENDS) if end < len(own)]
    return tuple(part.ljust(length, "0") for part in larger for length in LENGTHS if length >= len(part))


def within(code: str, area: str) -> bool | None:
    """Whether `code` lies in `area`; None when it is only known to be in a larger division around the area."""
    if code in coarser_codes(area):
        return None
    return code.startswith(significant(area))
