"""The citizen identity number of GB 11643: eighteen characters, of which the last checks the others.

Letters and digits from a full-width keyboard and a small x are taken for what they mean; blanks around it are dropped.
"""

from __future__ import annotations

from datetime import date

from songhe.kernel.errors import BadInput
from songhe.kernel.told import phrase, told

LENGTH = 18
WHERE = phrase("身份证号")
ACCEPTED = phrase("18位，末位可以是X")
_WEIGHTS = tuple(pow(2, LENGTH - 1 - place, 11) for place in range(LENGTH - 1))
_CHECKS = "10X98765432"
_HALF_WIDTH = {0xFF10 + digit: ord("0") + digit for digit in range(10)} | {
    0xFF38: ord("X"),
    0xFF58: ord("X"),
    ord("x"): ord("X"),
}


def normalised(text: str) -> str:
    """The number as it is stored. Refused with BadInput, which shows it masked: wrong length, signs, day or check."""
    number = text.strip().translate(_HALF_WIDTH)
    if len(number) != LENGTH:
        raise _bad(told("{given}位，要{wanted}位", given=len(number), wanted=LENGTH), number)
    if not (number.isascii() and number[:-1].isdigit() and number[-1] in "0123456789X"):
        raise _bad(phrase("有不能用的字符"), number)
    if number[:6] == "000000":
        raise _bad(phrase("前6位不是地区"), number)
    _birth(number)
    if number[-1] != check_character(number[:-1]):
        raise _bad(phrase("校验位不对，可能抄错了1位"), number)
    return number


def check_character(first_seventeen: str) -> str:
    """The last character that belongs to the first seventeen digits."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first_seventeen, _WEIGHTS, strict=True)) % 11]


def birth_date(number: str) -> date:
    """The birth date in a normalised number."""
    return _birth(number)


def sex(number: str) -> str:
    """1 male, 2 female (GB/T 2261.1), of a normalised number."""
    return "1" if int(number[16]) % 2 else "2"


def masked(number: str) -> str:
    """First four and last four, as pages show it."""
    return number[:4] + "*" * (len(number) - 8) + number[-4:] if len(number) >= 12 else "*" * len(number)


def _birth(number: str) -> date:
    digits = number[6:14]
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise _bad(phrase("没有这一天"), number) from None
    if born.year < 1850:
        raise _bad(phrase("出生年不可能"), number)
    return born


def _bad(problem: str, number: str) -> BadInput:
    return BadInput(WHERE, problem, given=masked(number[:LENGTH]), accepted=ACCEPTED)
