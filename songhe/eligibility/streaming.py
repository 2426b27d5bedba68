"""The bulk path: batches of people in, one Parquet file with the wide table out, in the memory of a few batches.

Reading, deciding and writing overlap: while one batch is written the next ones are worked out and read. The file holds
what `determining.wide_table` says, column for column.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from songhe.eligibility.bit_engine import Answers, BitEngine
from songhe.eligibility.determining import (
    TOTAL,
    YUAN,
    Count,
    add_counts,
    column,
    monthly,
    outcome_nodes,
    payable_column,
    pays_something,
)
from songhe.eligibility.wide_parquet.money import CodedMoney, coded_money, sum_of_fen, total
from songhe.eligibility.wide_parquet.pages import Chunk, bits_chunk
from songhe.eligibility.wide_parquet.writer import ParquetFile, row_groups
from songhe.rules.facts import KEY
from songhe.rules.programme import BoundItem, Programme
from songhe.rules.readings.bitmaps import everyone_of, population
from songhe.rules.readings.polars import SCHEMA

BATCH = 1 << 20
_AHEAD = 2
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class RowGroup:
    """A batch decided and encoded: its columns in the order of the wide table, and how its items came out."""

    columns: dict[str, Chunk | pl.Series]
    people: int
    counts: list[Count]


class WideEncoder:
    """A list on a day, ready to turn one batch of people after another into row groups of the wide table."""

    def __init__(self, programme: Programme) -> None:
        self._programme = programme
        self._engine = BitEngine(outcome_nodes(programme), programme.on)

    @property
    def columns(self) -> list[str]:
        """The columns of the person table that are read."""
        return [KEY, *self._engine.facts]

    def row_group(self, people: pl.DataFrame) -> RowGroup:
        """The people's wide table and its counts."""
        answers = self._engine.answers(people)
        money = {b.item.slug: _money(b, answers) for b in self._programme.items if pays_something(b)}
        everyone, count = everyone_of(people.height), people.height
        columns: dict[str, Chunk | pl.Series] = {KEY: people[KEY]}
        for bound in self._programme.items:
            columns[column(bound)] = bits_chunk(answers.truth(column(bound)), everyone, count)
            paid = money.get(bound.item.slug)
            if paid is not None:
                columns[payable_column(bound)] = paid.chunk() if isinstance(paid, CodedMoney) else paid.cast(YUAN)
        months = [money[b.item.slug] for b in self._programme.items if b.item.slug in money and monthly(b)]
        columns[TOTAL] = _total(months, count)
        return RowGroup(columns, count, [_count(bound, answers, money) for bound in self._programme.items])


Money = CodedMoney | pl.Series


def _money(bound: BoundItem, answers: Answers) -> Money:
    """What is payable: coded where it is one of few amounts, else a column of yuan."""
    name, count = payable_column(bound), answers.people.height
    amounts = answers.amounts(name)
    return answers.column(name) if amounts is None else coded_money(amounts, everyone_of(count), count)


def _total(months: list[Money], count: int) -> Chunk | pl.Series:
    coded = [part for part in months if isinstance(part, CodedMoney)]
    found = total(coded, count) if len(coded) == len(months) else None
    if found is not None:
        return found.chunk()
    columns = [part.column() if isinstance(part, CodedMoney) else part for part in months]
    frame = pl.DataFrame([series.alias(str(index)) for index, series in enumerate(columns)])
    return frame.select(pl.sum_horizontal(pl.all(), ignore_nulls=True).cast(YUAN).alias(TOTAL)).to_series()


def _count(bound: BoundItem, answers: Answers, money: dict[str, Money]) -> Count:
    bits, count = answers.truth(column(bound)), answers.people.height
    yes = population(bits.true)
    unknown = 0 if bits.decided else population(bits.possible) - yes
    fen = None
    if bound.item.slug in money:
        amounts = answers.amounts(payable_column(bound))
        paid = money[bound.item.slug]
        if amounts is not None:
            fen = sum_of_fen(amounts)
        elif isinstance(paid, pl.Series):
            fen = int((paid * 100).round().sum())
    return Count(bound, yes, count - yes - unknown, unknown, fen)


def read_batches(path: Path, columns: list[str], most: int = BATCH) -> Iterator[pl.DataFrame]:
    """Some columns of a Parquet file in their order: whole row groups, as many as stay within `most` people.

    A row group with more people comes in parts. Only one batch is in memory at a time, and what polars needs for it.
    """
    table = pl.scan_parquet(path).select(columns)
    for start, stop in _spans(row_groups(path), most):
        yield table.slice(start, stop - start).collect()


def _spans(groups: Sequence[int], most: int) -> Iterator[tuple[int, int]]:
    start = stop = 0
    for rows in groups:
        if stop - start + rows > most and stop > start:
            yield start, stop
            start = stop
        stop += rows
        while stop - start > most:
            yield start, start + most
            start += most
    if stop > start:
        yield start, stop


def encoded(encoder: WideEncoder, batches: Iterable[pl.DataFrame]) -> Iterator[RowGroup]:
    """The row groups of the batches in their order, worked out a little ahead of who takes them."""
    waiting: deque[Future[RowGroup]] = deque()
    with ThreadPoolExecutor(_AHEAD) as workers:
        for batch in batches:
            waiting.append(workers.submit(encoder.row_group, batch))
            if len(waiting) > _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _nothing(people: int) -> None:
    """No progress is shown."""


def write_wide(
    programme: Programme, batches: Iterable[pl.DataFrame], path: Path, *, progress: Progress = _nothing
) -> list[Count]:
    """Writes the wide table of batches of checked people to `path` and says how the items came out.

    `progress` is told how many people are written after each batch. Without any people the file has its columns and
    no rows.
    """
    encoder = WideEncoder(programme)
    nobody = encoder.row_group(pl.DataFrame(schema={name: SCHEMA[name] for name in encoder.columns}))
    counts = nobody.counts
    with ParquetFile(path) as file:
        file.write(nobody.columns, 0)
        for group in encoded(encoder, batches):
            file.write(group.columns, group.people)
            counts = add_counts(counts, group.counts)
            progress(group.people)
    return counts


def determine_wide_parquet(
    programme: Programme, source: Path, target: Path, *, progress: Progress = _nothing
) -> list[Count]:
    """The wide table of a checked person table, from Parquet file to Parquet file; see `write_wide`.

    Facts that the source lacks are unknown; its columns have the types of the person table.
    """
    columns = pl.read_parquet_schema(source)
    wanted = [name for name in WideEncoder(programme).columns if name in columns]
    return write_wide(programme, read_batches(source, wanted), target, progress=progress)
