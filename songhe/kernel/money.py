"""Money as whole fen. Never a float: a yuan amount enters as text, int or Decimal and leaves with two decimals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from songhe.kernel.errors import BadInput

FEN_PER_YUAN = 100


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in fen (1/100 CNY); may be negative."""

    fen: int

    @classmethod
    def from_yuan(cls, yuan: int | str | Decimal) -> Money:
        """An amount given in yuan, rounded half up to the fen.

        Refused with BadInput when it is not a finite number.
        """
        try:
            amount = Decimal(yuan)
            fen = int((amount * FEN_PER_YUAN).to_integral_value(ROUND_HALF_UP))
        except (ArithmeticError, ValueError, TypeError) as error:
            raise BadInput("金额", "不是数", given=str(yuan), accepted="以元为单位的数，如100或186.40") from error
        return cls(fen)

    def __add__(self, other: Money) -> Money:
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        return Money(self.fen - other.fen)

    def __mul__(self, times: int) -> Money:
        return Money(self.fen * times)

    @property
    def yuan(self) -> Decimal:
        """The amount in yuan with two decimals."""
        return (Decimal(self.fen) / FEN_PER_YUAN).quantize(Decimal("0.01"))

    def __str__(self) -> str:
        return f"{self.yuan:,.2f}"
