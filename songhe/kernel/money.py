"""Money as whole fen. Never a float: a yuan amount enters as text, int or Decimal and leaves with two decimals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from songhe.kernel.errors import BadInput

FEN_PER_YUAN = 100
_ONE_FEN = Decimal("0.01")
_ACCEPTED = "以元为单位的数，如100或186.40"


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in fen (1/100 CNY); may be negative."""

    fen: int

    def __post_init__(self) -> None:
        """TypeError for anything but a whole number: a float here is a bug, not somebody's input."""
        if not isinstance(self.fen, int):
            raise TypeError(f"money is whole fen, not {type(self.fen).__name__}")

    @classmethod
    def from_yuan(cls, yuan: int | str | Decimal) -> Money:
        """An amount given in yuan, rounded half up (away from zero) to the fen.

        Refused with BadInput when it is not a finite number or longer than money is; TypeError for a float.
        """
        if isinstance(yuan, float):
            raise TypeError("money is never a float")
        try:
            amount = Decimal(yuan).quantize(_ONE_FEN, ROUND_HALF_UP)
        except (ArithmeticError, ValueError, TypeError) as error:
            raise BadInput("金额", "不是数，或太大", given=str(yuan), accepted=_ACCEPTED) from error
        if not amount.is_finite():
            raise BadInput("金额", "不是数", given=str(yuan), accepted=_ACCEPTED)
        return cls(int(amount.scaleb(2)))

    def __add__(self, other: Money) -> Money:
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        return Money(self.fen - other.fen)

    def __mul__(self, times: int) -> Money:
        return Money(self.fen * times)

    @property
    def yuan(self) -> Decimal:
        """The amount in yuan with two decimals."""
        return Decimal(self.fen).scaleb(-2)

    def __str__(self) -> str:
        return f"{self.yuan:,.2f}"
