"""The unified social credit code of organisations, GB 32100: eighteen signs, of which the last checks the others."""

from __future__ import annotations

from songhe.kernel.errors import BadInput
from songhe.kernel.masking import mask
from songhe.kernel.told import phrase, told

LENGTH = 18
ACCEPTED = phrase("18位数字和大写字母，没有I、O、S、V、Z")
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, place, len(_SIGNS)) for place in range(LENGTH - 1))
_WHERE = phrase("统一社会信用代码")


def read_credit_code(text: str) -> str:
    """The code as it is stored. BadInput, which shows it masked: wrong length, a sign that is none, wrong check."""
    code = text.strip().upper()
    if len(code) != LENGTH:
        raise BadInput(_WHERE, told("{given}位，要18位", given=len(code)), given=mask(code), accepted=ACCEPTED)
    if any(sign not in _SIGNS for sign in code):
        raise BadInput(_WHERE, phrase("有不能用的字符"), given=mask(code), accepted=ACCEPTED)
    if code[-1] != check_sign(code[:-1]):
        raise BadInput(_WHERE, phrase("校验位不对，可能抄错了1位"), given=mask(code))
    return code


def check_sign(first_seventeen: str) -> str:
    """The last sign that belongs to the first seventeen."""
    total = sum(_SIGNS.index(sign) * weight for sign, weight in zip(first_seventeen, _WEIGHTS, strict=True))
    return _SIGNS[-total % len(_SIGNS)]
