"""Telephone numbers of mainland China: mobile, and fixed lines with area code."""

from __future__ import annotations

import re

from songhe.kernel.errors import BadInput
from songhe.kernel.told import phrase, told

ACCEPTED = phrase("11位手机号，或区号加座机号")
_MOBILE, _FIXED = re.compile(r"1[3-9]\d{9}"), re.compile(r"0\d{2,3}\d{7,8}")
_DROPPED = dict.fromkeys(map(ord, " -()（）－—　"))
_HALF_WIDTH = {0xFF10 + digit: ord("0") + digit for digit in range(10)}
_MASK_FROM, _MASK_UNTIL = 3, -4


def normalised(text: str) -> str:
    """Digits only, without the country's prefix. Refused with BadInput, which shows it masked."""
    digits = text.translate(_DROPPED).translate(_HALF_WIDTH).removeprefix("+86")
    if _MOBILE.fullmatch(digits) or _FIXED.fullmatch(digits):
        return digits
    raise BadInput("电话", told("{given}位，不像电话号码", given=len(digits)), given=masked(digits), accepted=ACCEPTED)


def masked(digits: str) -> str:
    """First three and last four, as pages show it."""
    return f"{digits[:_MASK_FROM]}****{digits[_MASK_UNTIL:]}" if len(digits) >= 10 else "*" * len(digits)
