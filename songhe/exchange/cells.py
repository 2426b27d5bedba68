"""The cells of the person table: text or typed values as the values of facts, whole columns at a time.

What a column does not accept becomes null beside a value that is not; that is how bad cells are found without a look
at the good ones. Accepted is one way of writing each value and no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from songhe.exchange.refusals import EARLIEST, LONGEST_KEY, PLACEHOLDERS
from songhe.rules.facts import KEY, PERSON_TABLE, Fact, Kind
from songhe.rules.readings.polars import SCHEMA

_LATEST = date(9999, 12, 30)
_REGION = "^[0-9]{6}(?:[0-9]{3}){0,2}$"
_UNSEEN = r"[\x00-\x1f\x7f-\x9f\x{2028}\x{2029}]|^\s|\s$"
_EXACT = 10.0**15
_TEXTS = (pl.String, pl.Categorical, pl.Enum)
_DAYS = (pl.Date, pl.Datetime, pl.Time)
_NUMBERED = (Kind.CODE, Kind.GRADE, Kind.REGION)


def reads(name: str, given: pl.DataType) -> bool:
    """Whether a column of this type can hold the fact (or the key) at all."""
    if given == pl.Null or isinstance(given, _TEXTS):
        return True
    if name == KEY:
        return given.is_integer()
    kind = PERSON_TABLE[name].kind
    if kind is Kind.DATE:
        return given == pl.Date or (isinstance(given, pl.Datetime) and given.time_zone is None)
    if kind is Kind.BOOL:
        return given == pl.Boolean
    return kind in _NUMBERED and given.is_numeric() and not given.is_decimal()


def typed(name: str, given: pl.DataType) -> pl.Expr:
    """The column as values of the fact; null where it was null and where it is not accepted."""
    column = pl.col(name)
    if given == pl.Null:
        return column.cast(SCHEMA[name])
    if isinstance(given, pl.Categorical | pl.Enum):
        column = column.cast(pl.String)
    if name == KEY:
        return _key(column.cast(pl.String))
    fact = PERSON_TABLE[name]
    if fact.kind is Kind.DATE:
        return _day(column, given)
    if fact.kind is Kind.BOOL:
        return column if given == pl.Boolean else _looked_up(column, {"true": True, "false": False}, pl.Boolean())
    if fact.kind is Kind.REGION:
        code = _whole_text(column, given)
        return pl.when(code.str.contains(_REGION)).then(code)
    return _of_values(fact, column, given)


def writes(given: pl.DataType) -> bool:
    """Whether a column of this type can be written as text: not lists, structs, bytes, lengths of time."""
    return given.is_numeric() or isinstance(given, (*_TEXTS, *_DAYS, pl.Boolean, pl.Null))


def text(name: str, given: pl.DataType) -> pl.Expr:
    """The column as text, as it would be written into a file."""
    column = pl.col(name)
    if given.is_float():
        return _whole_text(column, given)
    if isinstance(given, pl.Datetime):
        return column.dt.to_string("%Y-%m-%d %H:%M:%S")
    return column.cast(pl.String)


def _key(column: pl.Expr) -> pl.Expr:
    good = ~column.str.contains(_UNSEEN) & (column.str.len_chars().is_between(1, LONGEST_KEY))
    return pl.when(good).then(column)


def _day(column: pl.Expr, given: pl.DataType) -> pl.Expr:
    if isinstance(given, pl.Datetime):
        day = column.dt.date()
        day = pl.when(day.cast(given) == column).then(day)
    elif given == pl.Date:
        day = column
    else:
        day = column.str.to_date("%Y-%m-%d", strict=False)
        day = pl.when(day.dt.to_string("%Y-%m-%d") == column).then(day)
    return pl.when(day.is_between(EARLIEST, _LATEST) & ~day.is_in(PLACEHOLDERS)).then(day)


def _whole_text(column: pl.Expr, given: pl.DataType) -> pl.Expr:
    """Numbers as text, exact whole ones without a decimal point."""
    if not given.is_float():
        return column.cast(pl.String)
    whole = column.is_finite() & (column.abs() < _EXACT) & (column == column.floor())
    return pl.when(whole).then(column.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(column.cast(pl.String))


def _of_values(fact: Fact, column: pl.Expr, given: pl.DataType) -> pl.Expr:
    target = SCHEMA[fact.name]()
    if fact.kind is Kind.WORD:
        return pl.when(column.is_in(list(fact.values))).then(column)
    if isinstance(given, _TEXTS):
        return _looked_up(column, {str(value): value for value in fact.values}, target)
    number = column.cast(pl.Float64 if given.is_float() else pl.Int64, strict=False)
    return _looked_up(number, {value: value for value in fact.values}, target)


def _looked_up(column: pl.Expr, words: Mapping[Any, object], target: pl.DataType) -> pl.Expr:
    return column.replace_strict(words, default=None, return_dtype=target)
