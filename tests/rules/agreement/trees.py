"""Well-typed rules out of nothing: every kind of node, units kept, as the parser would give them.

Weighted towards what goes wrong: thresholds, ages and months, regions coarser and finer, CASE whose conditions are
unknown, division by zero, ties in rounding, IN with duplicates and with sums, IS NULL of everything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar

from hypothesis import strategies as st

from songhe.rules import nodes as n
from songhe.rules.facts import PERSON_TABLE, Kind
from songhe.rules.typing_rules import TRUTH, Type
from songhe.rules.units import GRADE, MONTH, RATIO, YEAR, Unit, parse_unit

T = TypeVar("T")
YUAN = parse_unit("CNY/month")
NAMES = {kind: [name for name, fact in PERSON_TABLE.items() if fact.kind is kind] for kind in Kind}
PARAMETERS: dict[str, Unit] = {
    "from_age": YEAR,
    "unset_age": YEAR,
    "waiting": MONTH,
    "standard": YUAN,
    "raised_standard": YUAN,
    "unset_standard": YUAN,
    "multiple": RATIO,
    "unset_multiple": RATIO,
    "from_grade": GRADE,
}
AREAS = (
    "000000 420000 420000000000 420700 420700000 420700000000 420704 420704000 420704000000 420704001 420704001000 "
    "420704001001 421100 110000"
).split()
_COMPARISONS: Sequence[n.Comparison] = ("=", "<>", "<", "<=", ">", ">=", ">=", ">=")
_NUMBERS = [
    "0",
    "0.5",
    "1",
    "2",
    "3",
    "1.3",
    "0.005",
    "1.005",
    "2.675",
    "100",
    "12",
    "0.1",
    "0.000001",
    "1000000000000",
]
_AGES = ["60", "65", "79", "80", "80.5", "90", "100", "0", "150", "3000", "2023"]
_MONTHS = ["0", "1", "6", "12", "11.5", "13", "240", "960", "24300"]
_DAYS = ["1944-02-29", "1944-05-01", "1944-05-02", "1959-12-31", "2023-10-17", "2024-05-01", "0001-01-01", "9999-12-31"]


class Grower:
    """Grows trees from the choices of one Hypothesis example, until it has spent its budget of nodes."""

    def __init__(self, draw: st.DrawFn, budget: int) -> None:
        self._draw = draw
        self._left = budget

    def _pick(self, choices: Sequence[T]) -> T:
        return self._draw(st.sampled_from(choices))

    def _several(self, grow: Callable[[], n.Node], least: int = 2, most: int = 4) -> tuple[n.Node, ...]:
        return tuple(grow() for _ in range(self._pick(range(least, most + 1))))

    def _may_grow(self) -> bool:
        self._left -= 1
        return self._left > 0

    def truth(self) -> n.Node:
        """Any yes-or-no tree."""
        return self._pick(_TRUTHS if self._may_grow() else _TRUTH_LEAVES)(self)

    def number(self, unit: Unit | None, *, sure: bool = False) -> n.Node:
        """Any number that may stand where `unit` is wanted; `sure` that it has the unit, and is not bare."""
        bare = unit is None
        choices = _BARE_NUMBERS if bare else _NUMBERS_OF_A_UNIT
        if not self._may_grow():
            return self._unit_leaf(unit) if sure else self._number_leaf(unit, sure)
        return self._pick(choices)(self, unit, sure)

    # numbers

    def _number_leaf(self, unit: Unit | None, sure: bool) -> n.Node:
        return (
            self._constant(unit) if unit is None or not (sure or self._pick((True, False))) else self._unit_leaf(unit)
        )

    def _constant(self, unit: Unit | None) -> n.Node:
        near = {YEAR: _AGES, MONTH: _MONTHS, GRADE: ["0", "1", "2", "3", "4", "5"]}
        return n.Constant(Fraction(self._pick(near.get(unit, _NUMBERS) if unit else _NUMBERS)))

    def _unit_leaf(self, unit: Unit | None) -> n.Node:
        leaves: list[n.Node] = [n.ParameterValue(name) for name, own in PARAMETERS.items() if own == unit]
        if unit == YEAR:
            leaves += [n.Age()] * 3
        elif unit == MONTH:
            leaves += [n.MonthsSince("birth_date"), n.MonthsSince("death_date")] * 2
        elif unit == GRADE:
            leaves += [n.FactValue(name) for name in NAMES[Kind.GRADE]] * 3
        return self._pick(leaves)

    def _sum(self, unit: Unit | None, sure: bool) -> n.Node:
        sides = [self.number(unit, sure=sure), self.number(unit)]
        left, right = sides if self._pick((True, False)) else reversed(sides)
        return n.Arithmetic(self._pick(("+", "-")), left, right)

    def _product(self, unit: Unit | None, sure: bool) -> n.Node:
        operator: n.Operator = self._pick(("*", "/"))
        if unit is not None and self._pick((True, False)):
            return n.Arithmetic(operator, self.number(unit, sure=True), self.number(RATIO))
        return n.Arithmetic(operator, self.number(unit, sure=sure), self.number(None))

    def _ratio(self, unit: Unit | None, sure: bool) -> n.Node:
        if unit != RATIO:
            return self._product(unit, sure)
        of = self._pick((YEAR, MONTH, GRADE, YUAN))
        return n.Arithmetic("/", self.number(of, sure=True), self.number(of, sure=True))

    def _negative(self, unit: Unit | None, sure: bool) -> n.Node:
        return n.Negative(self.number(unit, sure=sure))

    def _round(self, unit: Unit | None, sure: bool) -> n.Node:
        part, decimals = self.number(unit, sure=sure), self._pick((0, 0, 1, 2, 2, 6))
        if decimals < 6 and self._pick((True, False)):
            part = n.Arithmetic("*", part, n.Constant(Fraction(1, 2 * 10**decimals)))  # odd numbers become halves
        return n.Round(part, decimals)

    def _extreme(self, unit: Unit | None, sure: bool) -> n.Node:
        rest = self._several(lambda: self.number(unit), 1, 3)
        return self._pick((n.Least, n.Greatest))((self.number(unit, sure=sure), *rest))

    def _case(self, unit: Unit | None, sure: bool) -> n.Node:
        first = (self.truth(), self.number(unit, sure=sure))
        rest = tuple((self.truth(), self.number(unit)) for _ in range(self._pick((0, 0, 1, 2))))
        return n.Case((first, *rest), self._pick((None, self.number(unit))))

    # truths

    def _bool_fact(self) -> n.Node:
        return n.FactValue(self._pick(NAMES[Kind.BOOL]))

    def _within(self) -> n.Node:
        return n.Within(self._pick(NAMES[Kind.REGION]), self._pick(AREAS))

    def _always(self) -> n.Node:
        return n.Truth(self._pick((True, False)))

    def _age_threshold(self) -> n.Node:
        counted = self._pick((n.Age(), n.Age(), n.MonthsSince("birth_date"), n.MonthsSince("death_date")))
        unit = YEAR if isinstance(counted, n.Age) else MONTH
        return self._compared(counted, self._pick((self._constant, self._unit_leaf))(unit))

    def _compared(self, left: n.Node, right: n.Node) -> n.Node:
        if self._pick((True, True, False)):
            return n.Compare(self._pick(_COMPARISONS), left, right)
        return n.Compare(self._pick(_COMPARISONS), right, left)

    def _day_threshold(self) -> n.Node:
        return self._compared(self._day(), self._day())

    def _day(self) -> n.Node:
        if self._pick((True, True, False)):
            return n.FactValue(self._pick(NAMES[Kind.DATE]))
        return n.Constant(date.fromisoformat(self._pick(_DAYS)))

    def _word_fact(self) -> tuple[n.Node, Callable[[], n.Node]]:
        """A word or code and what it may be compared with."""
        fact = PERSON_TABLE[self._pick([*NAMES[Kind.WORD], *NAMES[Kind.CODE]])]
        return n.FactValue(fact.name), lambda: self._value_of(fact.name)

    def _value_of(self, name: str) -> n.Node:
        value = self._pick([*PERSON_TABLE[name].values, None])
        if value is None:
            return n.FactValue(name)
        return n.Constant(value if isinstance(value, str) else Fraction(value))

    def _word(self) -> n.Node:
        fact, other = self._word_fact()
        sides = [fact, other()]
        left, right = sides if self._pick((True, False)) else reversed(sides)
        return n.Compare(self._pick(("=", "<>")), left, right)

    def _one_of_words(self) -> n.Node:
        fact, other = self._word_fact()
        return n.OneOf(fact, self._several(other, 1, 5))

    def _unknown_fact(self) -> n.Node:
        return n.IsUnknown(n.FactValue(self._pick(list(PERSON_TABLE))))

    def _unit(self) -> Unit | None:
        return self._pick((YEAR, MONTH, GRADE, GRADE, YUAN, RATIO, None))

    def _numbers_compared(self) -> n.Node:
        unit = self._unit()
        left, right = _kept_to_values([self.number(unit), self.number(unit)], self._constant_of)
        return n.Compare(self._pick(_COMPARISONS), left, right)

    def _constant_of(self, name: str) -> n.Node:
        return n.Constant(Fraction(int(self._pick(list(PERSON_TABLE[name].values)))))

    def _between(self) -> n.Node:
        unit = self._unit()
        value, low, high = _kept_to_values([self.number(unit) for _ in range(3)], self._constant_of)
        return n.And((n.Compare(">=", value, low), n.Compare("<=", value, high)))

    def _one_of_numbers(self) -> n.Node:
        unit = self._unit()
        some = [self.number(unit) for _ in range(self._pick((2, 2, 3, 4)))]
        value, *options = _kept_to_values(some, self._constant_of)
        if self._pick((True, False, False)):
            options += [self._constant_or_value(value, unit) for _ in range(self._pick((1, 2, 12)))]
        return n.OneOf(value, (*options, options[0]) if self._pick((True, False)) else tuple(options))

    def _constant_or_value(self, value: n.Node, unit: Unit | None) -> n.Node:
        return self._constant_of(value.name) if isinstance(value, n.FactValue) else self._constant(unit)

    def _one_of_truths(self) -> n.Node:
        return n.OneOf(self.truth(), self._several(self.truth, 1, 2))

    def _one_of_days(self) -> n.Node:
        return n.OneOf(self._day(), self._several(self._day, 1, 3))

    def _unknown(self) -> n.Node:
        return n.IsUnknown(self.truth() if self._pick((True, False)) else self.number(self._unit()))

    def _and(self) -> n.Node:
        return n.And(self._several(self.truth))

    def _or(self) -> n.Node:
        return n.Or(self._several(self.truth))

    def _not(self) -> n.Node:
        return n.Not(self.truth())

    def _truths_compared(self) -> n.Node:
        return n.Compare(self._pick(("=", "<>")), self.truth(), self.truth())

    def _truth_case(self) -> n.Node:
        branches = tuple((self.truth(), self.truth()) for _ in range(self._pick((1, 1, 2))))
        return n.Case(branches, self._pick((None, self.truth())))

    def _deep(self) -> n.Node:
        """A truth wrapped many times over."""
        found = self.truth()
        for _ in range(self._pick(range(4, 12))):
            found = self._pick((n.Not, n.IsUnknown, lambda part: n.Or((part, self._bool_fact()))))(found)
        return found


def _kept_to_values(sides: list[n.Node], constant_of: Callable[[str], n.Node]) -> list[n.Node]:
    """The sides of a comparison with bare numbers beside a grade turned into ones the grade can have."""
    facts = [side.name for side in sides if isinstance(side, n.FactValue)]
    if not facts:
        return sides
    return [constant_of(_smallest(facts)) if isinstance(side, n.Constant) else side for side in sides]


def _smallest(facts: list[str]) -> str:
    return min(facts, key=lambda name: len(PERSON_TABLE[name].values))


_TRUTH_LEAVES: Sequence[Callable[[Grower], n.Node]] = (
    *[Grower._bool_fact] * 3,
    *[Grower._within] * 3,
    *[Grower._age_threshold] * 4,
    *[Grower._day_threshold] * 2,
    Grower._word,
    Grower._one_of_words,
    Grower._unknown_fact,
    Grower._always,
)
_TRUTHS: Sequence[Callable[[Grower], n.Node]] = (
    *_TRUTH_LEAVES,
    *[Grower._and] * 4,
    *[Grower._or] * 4,
    *[Grower._not] * 3,
    *[Grower._numbers_compared] * 4,
    *[Grower._between] * 2,
    *[Grower._one_of_numbers] * 3,
    Grower._one_of_truths,
    Grower._one_of_days,
    *[Grower._unknown] * 2,
    Grower._truths_compared,
    *[Grower._truth_case] * 2,
    Grower._deep,
)
_Number = Callable[[Grower, Unit | None, bool], n.Node]
_BARE_NUMBERS: Sequence[_Number] = (
    *[Grower._number_leaf] * 3,
    Grower._sum,
    Grower._product,
    Grower._negative,
    Grower._round,
    Grower._extreme,
    Grower._case,
)
_NUMBERS_OF_A_UNIT: Sequence[_Number] = (
    *[Grower._number_leaf] * 4,
    *[Grower._sum] * 2,
    *[Grower._product] * 2,
    Grower._ratio,
    Grower._negative,
    *[Grower._round] * 2,
    *[Grower._extreme] * 2,
    *[Grower._case] * 3,
)


@st.composite
def rules(draw: st.DrawFn, most: int = 25) -> tuple[n.Node, Type]:
    """A tree and its type: a truth more often than a number."""
    grower = Grower(draw, draw(st.integers(0, most)))
    unit: Any = draw(st.sampled_from(("truth", "truth", "truth", YEAR, MONTH, GRADE, YUAN, YUAN, RATIO)))
    return (grower.truth(), TRUTH) if unit == "truth" else (grower.number(unit), Type("number", unit))
