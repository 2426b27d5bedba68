"""Who becomes entitled to what in the coming days, to the day.

An answer changes from one day to the next only on a day on which something the rule counts changes: a birthday where
it speaks of age, the day of a month where it counts months, the day of a death, the first day of a new figure of the
law. Only those days are looked at, each with the day before it, for all people at once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from songhe.kernel.days import age_on, birthday_in, months_between
from songhe.kernel.errors import BadInput
from songhe.rules import nodes as n
from songhe.rules.facts import KEY, PERSON_TABLE
from songhe.rules.packs import Pack
from songhe.rules.programme import BoundItem, Programme, bind
from songhe.rules.readings.polars import SCHEMA, Polars
from songhe.rules.readings.reference import Person, Reference, Value

COLUMNS = ("person_id", "item", "number", "name", "day", "eligible_amount", "unit", "clause")
MOST_DAYS = 3660
YUAN = pl.Decimal(12, 2)
_DAY, _ROW = "day looked at", "row of the person"
_AT_ONCE = 500_000
_FEBRUARY, _LEAP_DAY = 2, 29
_SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "person_id": pl.String,
    "item": pl.String,
    "number": pl.Int16,
    "name": pl.String,
    "day": pl.Date,
    "eligible_amount": YUAN,
    "unit": pl.String,
    "clause": pl.String,
}


@dataclass(frozen=True, slots=True)
class Turns:
    """How often an item turns within the days: from yes to another answer, from no to unknown, to a higher amount."""

    ended: int = 0
    opened: int = 0
    raised: int = 0

    def __add__(self, other: Turns) -> Turns:
        return Turns(self.ended + other.ended, self.opened + other.opened, self.raised + other.raised)


@dataclass(frozen=True, slots=True)
class Coming:
    """What changes after `on` up to and with `last`. `entitled` has a row a person and item that becomes a yes."""

    on: date
    last: date
    entitled: pl.DataFrame
    turns: Mapping[str, Turns]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Days during which no figure of the law changes, and the list as it stands on them."""

    first: date
    programme: Programme


def coming_of_age(pack: Pack, people: pl.DataFrame, on: date, days: int) -> Coming:
    """All answers that become a yes on a day after `on`, at most `days` later; yes means yes on that day, no before.

    Who is entitled already on `on` is not in it, who loses an item and has it again is. An unknown answer is never
    taken for a yes; those that turn from no to unknown are counted in `turns`.
    """
    if not 1 <= days <= MOST_DAYS:
        raise BadInput("天数", "超出范围", given=str(days), accepted=f"1到{MOST_DAYS}")
    last = on + timedelta(days=days)
    stretches = _stretches(pack, on, last)
    table = _complete(people)
    found, turns = [pl.DataFrame(schema=pl.Schema(_SCHEMA))], {item.slug: Turns() for item in pack.items}
    for start in range(0, table.height, _AT_ONCE):
        share = table[start : start + _AT_ONCE]
        for pairs, before, after in _moments(stretches, share, on, last):
            entitled, counted = _compare(share, pairs, before, after)
            found.append(entitled)
            turns = {slug: turns[slug] + more for slug, more in counted.items()}
    order = pl.concat(found).sort("day", "number", KEY)
    return Coming(on, last, order, turns)


@dataclass(frozen=True, slots=True)
class _Item:
    """Who an item is for in each stretch, as functions for every day, and what in it changes from day to day."""

    read: Sequence[Value]
    age: bool
    months: Collection[str]


class DaysAhead:
    """The coming years of a list, for single persons: what the law changes in them is prepared once."""

    def __init__(self, pack: Pack, on: date, years: int = 40) -> None:
        self._on = on
        self._last = date(min(on.year + years, date.max.year), 12, 31)
        self._stretches = _stretches(pack, on, self._last)
        self._items: dict[str, _Item] = {}

    def first_day_entitled(self, slug: str, person: Person) -> date | None:
        """The first day after today on which the item is a yes for the person, all else staying as it is.

        None when that does not happen within the years, or when it is a yes today already.
        """
        item = self._items.get(slug) or self._item(slug)
        then = {**person, _DAY: self._on}

        def is_yes(who: Value, day: date) -> bool:
            then[_DAY] = day
            death = person.get("death_date")
            return (death is None or death > day) and who(then) is True

        if is_yes(item.read[0], self._on):
            return None
        starts = [stretch.first for stretch in self._stretches]
        days = {*starts[1:], *_days_of(person, item, self._on, self._last)}
        return next((day for day in sorted(days) if is_yes(item.read[bisect_right(starts, day) - 1], day)), None)

    def _item(self, slug: str) -> _Item:
        trees = [stretch.programme.item(slug).who for stretch in self._stretches]
        parts = [part for tree in trees for part in n.walk(tree)]
        self._items[slug] = _Item(
            [_AnyDay(self._on).read(tree) for tree in trees],
            any(isinstance(part, n.Age) for part in parts),
            {part.name for part in parts if isinstance(part, n.MonthsSince)},
        )
        return self._items[slug]


class _AnyDay(Reference):
    """Reads nodes for the day that stands in the facts themselves."""

    def read(self, node: n.Node) -> Value:
        """See Reference."""
        if isinstance(node, n.Age):
            return lambda person: _since(person.get("birth_date"), person[_DAY], age_on)
        if isinstance(node, n.MonthsSince):
            name = node.name
            return lambda person: _since(person.get(name), person[_DAY], months_between)
        return super().read(node)


def _since(start: date | None, day: date, count: Callable[[date, date], int]) -> float | None:
    return None if start is None else float(count(start, day))


def _stretches(pack: Pack, on: date, last: date) -> list[_Stretch]:
    """The days cut where a figure of the law begins or ends; the first stretch begins on `on`."""
    every = [*pack.parameters.values(), *(p for item in pack.items for p in item.parameters.values())]
    ends = {day for p in every for value in p.values for day in (value.from_date, value.until_date) if day is not None}
    return [_Stretch(first, bind(pack, first)) for first in sorted({on, *(day for day in ends if on < day <= last)})]


def _days_of(person: Person, item: _Item, on: date, last: date) -> Iterator[date]:
    """The days after `on` on which something the item counts changes for one person."""
    birth = person.get("birth_date")
    if birth is not None and item.age:
        ages = range(max(on.year - birth.year, 1), last.year - birth.year + 1)
        yield from (day for day in (birthday_in(age, birth) for age in ages) if on < day <= last)
    for name in item.months:
        start = person.get(name)
        if start is not None:
            yield from (day for day in _same_days_of_months(start.day, on, last) if on < day <= last)


def _same_days_of_months(number: int, on: date, last: date) -> Iterator[date]:
    """In every month the day with that number; where there is none, the first of the next month."""
    for index in range(on.year * 12 + on.month - 2, last.year * 12 + last.month):
        year, month = divmod(index, 12)
        try:
            yield date(year, month + 1, number)
        except ValueError:
            yield date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)


def _complete(people: pl.DataFrame) -> pl.DataFrame:
    absent = [pl.lit(None, dtype=SCHEMA[name]).alias(name) for name in PERSON_TABLE if name not in people.columns]
    return people.with_columns(absent)


Moment = tuple[pl.DataFrame, Programme, Programme]


def _moments(stretches: Sequence[_Stretch], people: pl.DataFrame, on: date, last: date) -> Iterator[Moment]:
    """Persons with a day on which an answer may change, and the lists of the day before and of the day itself."""
    every = pl.DataFrame({_ROW: pl.int_range(people.height, dtype=pl.UInt32, eager=True)})
    pairs = _personal_days(people, [s.programme for s in stretches], on, last)
    for index, stretch in enumerate(stretches):
        following = stretches[index + 1].first if index + 1 < len(stretches) else last + timedelta(days=1)
        if index:
            first_day = every.with_columns(pl.lit(stretch.first).alias(_DAY))
            yield first_day, stretches[index - 1].programme, stretch.programme
        within = pairs.filter((pl.col(_DAY) > stretch.first) & (pl.col(_DAY) < following))
        yield within, stretch.programme, stretch.programme


def _personal_days(people: pl.DataFrame, programmes: Sequence[Programme], on: date, last: date) -> pl.DataFrame:
    parts = [part for programme in programmes for bound in programme.items for part in _counting(bound)]
    days = [pl.col("death_date")]
    if any(isinstance(part, n.Age) for part in parts):
        days += [_birthday(pl.col("birth_date"), year) for year in range(on.year, last.year + 1)]
    for name in {part.name for part in parts if isinstance(part, n.MonthsSince)}:
        months = range(on.year * 12 + on.month - 2, last.year * 12 + last.month)
        days += [_day_of_month(pl.col(name), index) for index in months]
    rows = people.select(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias(_ROW), "birth_date", "death_date", *_months(parts)
    )
    found = [rows.select(_ROW, day.alias(_DAY)).filter((pl.col(_DAY) > on) & (pl.col(_DAY) <= last)) for day in days]
    return pl.concat(found).unique(maintain_order=True)


def _counting(bound: BoundItem) -> list[n.Node]:
    trees = [bound.who] if bound.amount is None else [bound.who, bound.amount]
    return [part for tree in trees for part in n.walk(tree) if isinstance(part, n.Age | n.MonthsSince)]


def _months(parts: list[n.Node]) -> list[str]:
    names = {part.name for part in parts if isinstance(part, n.MonthsSince)}
    return sorted(names - {"birth_date", "death_date"})


def _birthday(birth: pl.Expr, year: int) -> pl.Expr:
    """The birthday in a year; who was born on 29 February has it on 1 March in a common year."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    late = (birth.dt.month() == _FEBRUARY) & (birth.dt.day() == _LEAP_DAY) & (not leap)
    month = pl.when(late).then(3).otherwise(birth.dt.month())
    return pl.date(year, month, pl.when(late).then(1).otherwise(birth.dt.day()))


def _day_of_month(start: pl.Expr, index: int) -> pl.Expr:
    """The day of the month on which one more full month has passed since `start`."""
    year, month = divmod(index, 12)
    first = date(year, month + 1, 1)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    day = pl.lit(first) + pl.duration(days=start.dt.day().cast(pl.Int64) - 1)
    return pl.min_horizontal(day.cast(pl.Date), pl.lit(following))


class _OnTheirDay(Polars):
    """Reads rules for rows that each have their own day."""

    def __init__(self, on: date, day: pl.Expr) -> None:
        super().__init__(on)
        self._day = day

    def read(self, node: n.Node) -> pl.Expr:
        """See Polars; ages and months are counted to the day of the row."""
        if isinstance(node, n.Age):
            return self._whole_months("birth_date").floordiv(12).cast(pl.Float64)
        if isinstance(node, n.MonthsSince):
            return self._whole_months(node.name).cast(pl.Float64)
        return super().read(node)

    def _whole_months(self, name: str) -> pl.Expr:
        start, day = pl.col(name), self._day
        years = (day.dt.year() - start.dt.year()).cast(pl.Int32)
        months = day.dt.month().cast(pl.Int32) - start.dt.month().cast(pl.Int32)
        return years * 12 + months - (start.dt.day() > day.dt.day()).cast(pl.Int32)


def _answers(people: pl.DataFrame, programme: Programme, day: pl.Expr) -> pl.DataFrame:
    """For each row the answer of every item on its day, and what it gives."""
    reading = _OnTheirDay(programme.on, day)
    alive = pl.col("death_date").is_null() | (pl.col("death_date") > day)
    columns = []
    for bound in programme.items:
        columns.append((alive & reading.read(bound.who)).alias(bound.item.slug))
        if bound.amount is not None:
            columns.append(reading.read(bound.amount).cast(pl.Float64).alias(f"{bound.item.slug} amount"))
    return people.with_columns(columns).select(column.meta.output_name() for column in columns)


def _compare(
    people: pl.DataFrame, pairs: pl.DataFrame, earlier: Programme, programme: Programme
) -> tuple[pl.DataFrame, dict[str, Turns]]:
    rows = people[pairs[_ROW]].with_columns(pairs[_DAY])
    before = _answers(rows, earlier, pl.col(_DAY) - pl.duration(days=1))
    after = _answers(rows, programme, pl.col(_DAY))
    found, turns = [pl.DataFrame(schema=pl.Schema(_SCHEMA))], {}
    for bound in programme.items:
        slug = bound.item.slug
        was, now = before[slug], after[slug]
        entitled = now.fill_null(False) & ~was.fill_null(False)
        turns[slug] = Turns(
            ended=int((was.fill_null(False) & ~now.fill_null(False)).sum()),
            opened=int((now.is_null() & (~was).fill_null(False)).sum()),
            raised=_raised(bound, before, after, (was & now).fill_null(False)),
        )
        if entitled.any():
            found.append(_rows(bound, rows.filter(entitled), after.filter(entitled)))
    return pl.concat(found), turns


def _raised(bound: BoundItem, before: pl.DataFrame, after: pl.DataFrame, throughout: pl.Series) -> int:
    name = f"{bound.item.slug} amount"
    if name not in after.columns or name not in before.columns:
        return 0
    return int(((after[name] > before[name]).fill_null(False) & throughout).sum())


def _rows(bound: BoundItem, rows: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    item, amount = bound.item, f"{bound.item.slug} amount"
    priced = item.gives.kind in ("cash", "discount")
    given = pl.lit(answers[amount] if priced and amount in answers.columns else None, dtype=pl.Float64)
    return rows.select(
        pl.col(KEY),
        pl.lit(item.slug).alias("item"),
        pl.lit(item.number, dtype=pl.Int16).alias("number"),
        pl.lit(item.name).alias("name"),
        pl.col(_DAY).alias("day"),
        given.cast(YUAN).alias("eligible_amount"),
        pl.lit(bound.unit if priced else "").alias("unit"),
        pl.lit(item.clause).alias("clause"),
    )
