"""Determining a population: from the person table to the wide and the long table of results, and their summary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from songhe.eligibility.bit_engine import Nodes
from songhe.eligibility.engines import Engine
from songhe.rules import nodes as n
from songhe.rules.examples import OUTCOMES
from songhe.rules.facts import KEY
from songhe.rules.programme import BoundItem, Programme

YUAN = pl.Decimal(12, 2)
TOTAL = "total_payable"
LONG_COLUMNS = (
    "person_id item number name outcome eligible_amount payable_amount unit missing clause"
).split()  # fmt: skip


def column(bound: BoundItem) -> str:
    """The name of an item's column in the wide table: `03_advanced-age-allowance`."""
    return f"{bound.item.number:02d}_{bound.item.slug}"


def payable_column(bound: BoundItem) -> str:
    """The name of an item's money column in the wide table."""
    return f"{column(bound)}_payable"


def outcome_nodes(programme: Programme) -> Nodes:
    """The wide table's columns: the outcome of every item, and what is payable where the list sets money."""
    nodes: dict[str, n.Node] = {}
    for bound in programme.items:
        nodes[column(bound)] = bound.outcome
        if pays_something(bound) and bound.payable is not None:
            nodes[payable_column(bound)] = bound.payable
    return nodes


def pays_something(bound: BoundItem) -> bool:
    """Whether the list sets an amount of money for the item: false while the figure is unset."""
    if bound.payable is None or bound.amount is None:
        return False
    return not any(isinstance(part, n.Unset) for part in n.walk(bound.amount))


def monthly(bound: BoundItem) -> bool:
    """Whether the item is paid every month."""
    return bound.item.gives.per == "month"


def wide_table(programme: Programme, engine: Engine, people: pl.DataFrame) -> pl.DataFrame:
    """One row a person: a nullable boolean an item, yuan where there is money, and the total of a month.

    The total adds what is decided; what still hangs on an unknown fact is not in it.
    """
    answers = engine.evaluate(people, outcome_nodes(programme))
    return pl.concat([people.select(KEY), answers.with_columns(*_money(programme))], how="horizontal")


def _money(programme: Programme) -> list[pl.Expr]:
    paying = [bound for bound in programme.items if pays_something(bound)]
    in_yuan = [pl.col(payable_column(bound)).cast(YUAN) for bound in paying]
    months = [pl.col(payable_column(bound)) for bound in paying if monthly(bound)]
    total = pl.sum_horizontal(months, ignore_nulls=True) if months else pl.lit(0.0)
    return [*in_yuan, total.cast(YUAN).alias(TOTAL)]


@dataclass(frozen=True, slots=True)
class Count:
    """How one item came out. `fen` is the money a month (or year, or once), None where the list sets none."""

    bound: BoundItem
    yes: int
    no: int
    unknown: int
    fen: int | None


def count_items(programme: Programme, wide: pl.DataFrame) -> list[Count]:
    """The outcome of every item over a wide table."""
    expressions = []
    for bound in programme.items:
        name = column(bound)
        expressions += [pl.col(name).sum().alias(f"{name} yes"), pl.col(name).null_count().alias(f"{name} unknown")]
        if pays_something(bound):
            money = pl.col(payable_column(bound)).sum()
            expressions.append((money * 100).cast(pl.Int64).alias(f"{name} fen"))
    row = wide.select(expressions).row(0, named=True)
    counts = []
    for bound in programme.items:
        name = column(bound)
        yes, unknown = int(row[f"{name} yes"] or 0), int(row[f"{name} unknown"])
        fen = int(row[f"{name} fen"] or 0) if pays_something(bound) else None
        counts.append(Count(bound, yes, wide.height - yes - unknown, unknown, fen))
    return counts


def count_long(programme: Programme, long: pl.DataFrame) -> list[Count]:
    """The outcome of every item over a long table with all its rows."""
    groups = long.group_by("number").agg(
        *((pl.col("outcome") == word).sum().alias(word) for word in OUTCOMES.values()),
        (pl.col("payable_amount").sum() * 100).cast(pl.Int64).alias("fen"),
    )
    found = {row["number"]: row for row in groups.iter_rows(named=True)}
    counts = []
    for bound in programme.items:
        row = found.get(bound.item.number, {"yes": 0, "no": 0, "unknown": 0, "fen": 0})
        fen = int(row["fen"] or 0) if pays_something(bound) else None
        counts.append(Count(bound, row["yes"], row["no"], row["unknown"], fen))
    return counts


def add_counts(left: list[Count], right: list[Count]) -> list[Count]:
    """The counts of two parts of a population together."""
    return [
        Count(
            a.bound, a.yes + b.yes, a.no + b.no, a.unknown + b.unknown, None if a.fen is None else a.fen + (b.fen or 0)
        )
        for a, b in zip(left, right, strict=True)
    ]


def long_table(programme: Programme, engine: Engine, people: pl.DataFrame) -> pl.DataFrame:
    """One row a person and item, persons in their order, items by number; columns as LONG_COLUMNS.

    `missing` names the unknown facts that could still decide the outcome, or what is paid of several.
    """
    items = programme.items
    nodes: dict[str, n.Node] = {}
    for bound in items:
        nodes[f"{bound.item.slug} outcome"] = bound.outcome
        eligible = bound.eligible_amount()
        if eligible is not None:
            nodes[f"{bound.item.slug} eligible"] = eligible
        if bound.payable is not None:
            nodes[f"{bound.item.slug} payable"] = bound.payable
    answers = engine.evaluate(people, nodes)
    height, width = people.height, len(items)
    turns = np.tile(np.arange(width, dtype=np.uint32), height)
    static = _static(items)[turns]
    return pl.DataFrame(
        [
            people[KEY][np.repeat(np.arange(height, dtype=np.uint32), width)],
            *(static[name] for name in ("item", "number", "name")),
            _interleave([_outcome(answers[f"{b.item.slug} outcome"]) for b in items], height).alias("outcome"),
            _amounts(answers, items, "eligible", height).alias("eligible_amount"),
            _amounts(answers, items, "payable", height).alias("payable_amount"),
            static["unit"],
            _interleave([_missing(b, engine, people, answers) for b in items], height).alias("missing"),
            static["clause"],
        ]
    )


def _static(items: tuple[BoundItem, ...]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "item": [b.item.slug for b in items],
            "number": [b.item.number for b in items],
            "name": [b.item.name for b in items],
            "unit": [b.unit if b.item.gives.kind in ("cash", "discount") else "" for b in items],
            "clause": [b.item.clause for b in items],
        },
        schema_overrides={"number": pl.Int16},
    )


def _interleave(columns: list[pl.Series], height: int) -> pl.Series:
    """Columns of persons as one column, person by person."""
    width = len(columns)
    order = (
        np.arange(height, dtype=np.uint32)[:, None] + np.arange(width, dtype=np.uint32) * np.uint32(height)
    ).ravel()
    return pl.concat(columns, rechunk=True)[order]


def _outcome(answer: pl.Series) -> pl.Series:
    words = pl.Enum(list(OUTCOMES.values()))
    return answer.replace_strict({True: "yes", False: "no"}, default="unknown", return_dtype=words)


def _amounts(answers: pl.DataFrame, items: tuple[BoundItem, ...], kind: str, height: int) -> pl.Series:
    empty = pl.Series([None], dtype=pl.Float64)
    columns = []
    for bound in items:
        name = f"{bound.item.slug} {kind}"
        has_amount = name in answers.columns and bound.item.gives.kind in ("cash", "discount")
        columns.append(answers[name] if has_amount else empty.new_from_index(0, height))
    return _interleave([c.rename("amount") for c in columns], height).cast(YUAN)


def _missing(bound: BoundItem, engine: Engine, people: pl.DataFrame, answers: pl.DataFrame) -> pl.Series:
    """The missing facts of an item, asked only of those for whom something is open."""
    outcome = answers[f"{bound.item.slug} outcome"]
    open_rows = outcome.is_null()
    if bound.payable is not None and pays_something(bound):
        open_rows = open_rows | (outcome & answers[f"{bound.item.slug} payable"].is_null()).fill_null(False)
    result = pl.Series("missing", [""], dtype=pl.String).new_from_index(0, people.height)
    rows = open_rows.arg_true()
    if not len(rows):
        return result
    asked: Mapping[str, n.Node] = bound.missing()
    flags = engine.evaluate(people[rows], asked)
    words = [pl.when(pl.col(name)).then(pl.lit(name)) for name in asked]
    found = flags.select(pl.concat_str(words, separator=";", ignore_nulls=True).alias("missing"))["missing"]
    return result.scatter(rows, found)
