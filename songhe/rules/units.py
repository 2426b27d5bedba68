"""Units of the law's figures: `CNY/month`, `year`, `percent`. A figure without one is an error, not a pure number."""

from __future__ import annotations

from dataclasses import dataclass

from songhe.kernel.errors import BadInput

WORDS = {
    "CNY": "元",
    "year": "年",
    "month": "月",
    "day": "天",
    "week": "周",
    "percent": "%",
    "times": "次",
    "visit": "次",
    "meal": "餐",
    "person": "人",
    "household": "户",
    "grade": "级",
    "once": "次",
}
PURE = "ratio"
ACCEPTED = f"{PURE}，或由{'、'.join(WORDS)}用/和*组成，如CNY/month、1/week"


@dataclass(frozen=True, slots=True)
class Unit:
    """A product of base units with exponents, sorted; the empty one is a pure ratio."""

    powers: tuple[tuple[str, int], ...] = ()

    def times(self, other: Unit, sign: int = 1) -> Unit:
        """The unit of a product, or with sign -1 of a quotient."""
        powers = dict(self.powers)
        for base, exponent in other.powers:
            powers[base] = powers.get(base, 0) + sign * exponent
        return Unit(tuple(sorted((base, exponent) for base, exponent in powers.items() if exponent)))

    def __str__(self) -> str:
        above = "*".join(base for base, exponent in self.powers for _ in range(exponent))
        below = "".join(f"/{base}" for base, exponent in self.powers for _ in range(-exponent))
        return (above or "1") + below if self.powers else PURE


RATIO = Unit()
YEAR = Unit((("year", 1),))
MONTH = Unit((("month", 1),))
PERCENT = Unit((("percent", 1),))
GRADE = Unit((("grade", 1),))


def parse_unit(text: str) -> Unit:
    """A unit as written in an item file; refused with BadInput when a base unit is unknown."""
    unit = RATIO
    if text == PURE:
        return unit
    above, *below = text.split("/")
    for index, part in enumerate([above, *below]):
        for base in () if part == "1" and below and index == 0 else part.split("*"):
            if base not in WORDS:
                raise BadInput("单位", "没有这个单位", given=text, accepted=ACCEPTED)
            unit = unit.times(Unit(((base, 1),)), -1 if index else 1)
    return unit


def in_words(unit: Unit) -> str:
    """The unit as people write it: 元/月; a ratio is 倍."""
    if not unit.powers:
        return "倍"
    above = "·".join(WORDS[base] for base, exponent in unit.powers for _ in range(exponent))
    below = "".join("/" + WORDS[base] for base, exponent in unit.powers for _ in range(-exponent))
    return (above or "1") + below
