"""Determining the people of a file into a file: read strictly, decided batch by batch, written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import polars as pl

from songhe.eligibility.determining import Count, add_counts, count_items, count_long, long_table, wide_table
from songhe.eligibility.engines import Engine, PolarsEngine
from songhe.eligibility.streaming import WideEncoder, encoded
from songhe.eligibility.wide_parquet.writer import ParquetFile
from songhe.exchange.bad_rows import REASON, ROW
from songhe.exchange.people import PersonTable
from songhe.exchange.refusals import BadCell
from songhe.exchange.result_files import ResultFile, open_result, result_kind
from songhe.foundation.files.kinds import FileKind
from songhe.foundation.files.whole import check_writable, real_path, stopped_cleanly, written_whole
from songhe.kernel.errors import BadInput
from songhe.rules.facts import KEY
from songhe.rules.programme import Programme

Layout = Literal["long", "wide"]
Progress = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]
OUTCOMES = ("yes", "no", "unknown")
MOST_PEOPLE_IN_REPORT = 5_000_000
LONG_AT_ONCE = 20_000  # people whose rows of the long layout are in memory together


@dataclass(frozen=True)
class Wish:
    """What is to be determined from which file into which.

    `outcomes` keeps only these rows of the long layout. `bad_rows` is where rows with bad cells go; None refuses them.
    `keep` holds people and results in memory as well, for a report. `mark` begins CSV files with a BOM.
    """

    people: Path
    out: Path
    layout: Layout = "long"
    outcomes: tuple[str, ...] = OUTCOMES
    bad_rows: Path | None = None
    keep: bool = False
    mark: bool = False


@dataclass
class Determined:
    """How it went. `people` were decided; `kept` holds them and their wide table when that was wished."""

    counts: list[Count] = field(default_factory=list)
    people: int = 0
    bad_rows: int = 0
    bad_cells: int = 0
    blank: int = 0
    rows: int = 0
    kept: list[tuple[pl.DataFrame, pl.DataFrame]] = field(default_factory=list)

    def add(self, people: int, counts: list[Count], rows: int) -> None:
        """Counts one more batch."""
        self.people += people
        self.counts = add_counts(self.counts, counts) if self.counts else counts
        self.rows += rows

    def everyone(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The people and their wide table, whole."""
        people, wide = zip(*self.kept, strict=True)
        return pl.concat(people), pl.concat(wide)


def _silent(_label: str, _size: int) -> AbstractContextManager[Callable[[int], None]]:
    return nullcontext(lambda _step: None)


def check_wish(wish: Wish) -> None:
    """Refuses with BadInput, before any work, files that cannot be written or would overwrite each other."""
    files = {"--people": wish.people, "--out": wish.out} | ({"--bad-rows": wish.bad_rows} if wish.bad_rows else {})
    seen: dict[Path, str] = {}
    for option, path in files.items():
        if (other := seen.get(real_path(path))) is not None:
            raise BadInput(option, f"与{other}是同一个文件", accepted="另一个文件名")
        seen[real_path(path)] = option
        if option != "--people":
            result_kind(path)
            check_writable(path)


def determine_file(
    programme: Programme,
    engine: Engine,
    wish: Wish,
    *,
    say: Callable[[str], None] = lambda _notice: None,
    complain: Callable[[BadCell], None] = lambda _cell: None,
    progress: Progress = _silent,
) -> Determined:
    """Determines the people of a file; `say` hears what the user should know, `complain` every bad cell.

    Refused with BadInput: what `check_wish` and `PersonTable` refuse, bad cells without a file for them, nobody in the
    file, more rows than a sheet holds.
    """
    check_wish(wish)
    table = PersonTable(wish.people, whole_rows=wish.bad_rows is not None)
    for notice in table.notices:
        say(notice)
    if wish.keep and table.most_people > MOST_PEOPLE_IN_REPORT:
        problem = f"有{table.most_people:,}人，一页报告放不下"
        raise BadInput("--report", problem, accepted=f"最多{MOST_PEOPLE_IN_REPORT:,}人；按县区分开，或不要报告")
    result = Determined()
    with stopped_cleanly(), ExitStack() as files:
        beside = files.enter_context(written_whole(wish.out))
        aside = _aside(files, wish, table)
        with progress("判定", table.size) as done:
            people = _usable(table, result, aside, complain, done)
            target = _written(programme, engine, wish, people, beside, result, files)
        _refuse(result, wish)
        for file in (target, aside):
            with _slow(progress, file) as done:
                file.finish(done)
    return result


class _Nowhere:
    """Takes rows and forgets them."""

    rows_to_write = 0

    def write(self, frame: pl.DataFrame) -> None:
        """See ResultFile."""

    def finish(self, done: Callable[[int], None]) -> None:
        """See ResultFile."""

    def close(self) -> None:
        """See ResultFile."""


def _aside(files: ExitStack, wish: Wish, table: PersonTable) -> ResultFile:
    """The file of bad rows, with its header."""
    if wish.bad_rows is None:
        return _Nowhere()
    beside = files.enter_context(written_whole(wish.bad_rows))
    aside = open_result(beside, result_kind(wish.bad_rows), wish.bad_rows.name, sheet="不能用的行", mark=wish.mark)
    files.callback(aside.close)
    columns = [column for column in table.columns if column not in (ROW, REASON)]
    aside.write(pl.DataFrame(schema={ROW: pl.UInt64} | dict.fromkeys([*columns, REASON], pl.String())))
    return aside


def _slow(progress: Progress, file: ResultFile) -> AbstractContextManager[Callable[[int], None]]:
    return progress("写Excel", file.rows_to_write) if file.rows_to_write else _silent("", 0)


def _usable(
    table: PersonTable,
    result: Determined,
    aside: ResultFile,
    complain: Callable[[BadCell], None],
    done: Callable[[int], None],
) -> Iterator[pl.DataFrame]:
    """The people that can be decided; once a row is bad and has nowhere to go, nobody any more."""
    at = 0
    for batch in table.batches():
        result.blank += batch.blank
        if batch.bad is not None:
            result.bad_rows += batch.bad.rows
            result.bad_cells += batch.bad.cells
            for cell in batch.bad.each():
                complain(cell)
            aside.write(batch.bad.original())
        if batch.people.height and not (result.bad_rows and isinstance(aside, _Nowhere)):
            yield batch.people
        done(batch.done - at)
        at = batch.done


def _written(
    programme: Programme,
    engine: Engine,
    wish: Wish,
    people: Iterator[pl.DataFrame],
    beside: Path,
    result: Determined,
    files: ExitStack,
) -> ResultFile:
    """Decides the people and writes what comes out; the file is still to be finished."""
    kind = result_kind(wish.out)
    if kind is FileKind.PARQUET and wish.layout == "wide" and isinstance(engine, PolarsEngine) and not wish.keep:
        _write_encoded(programme, people, beside, result)
        if result.people:
            return _Nowhere()
    file = open_result(beside, kind, wish.out.name, sheet="判定结果", mark=wish.mark)
    files.callback(file.close)
    file.write(_frame(programme, engine, wish, pl.DataFrame(schema={KEY: pl.String()}))[0])
    for batch in people if wish.layout == "wide" else _small(people):
        frame, counts = _frame(programme, engine, wish, batch)
        result.add(batch.height, counts, frame.height)
        if wish.keep:
            wide = frame if wish.layout == "wide" else wide_table(programme, engine, batch)
            result.kept.append((batch, wide))
        file.write(frame)
    return file


def _small(people: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    for batch in people:
        yield from batch.iter_slices(LONG_AT_ONCE)


def _write_encoded(programme: Programme, people: Iterator[pl.DataFrame], beside: Path, result: Determined) -> None:
    """The wide table straight from bits, the next batches worked out while one is written."""
    with ParquetFile(beside) as file:
        for group in encoded(WideEncoder(programme), people):
            file.write(group.columns, group.people)
            result.add(group.people, group.counts, group.people)


def _frame(programme: Programme, engine: Engine, wish: Wish, people: pl.DataFrame) -> tuple[pl.DataFrame, list[Count]]:
    """The rows for the file, and the counts."""
    if wish.layout == "wide":
        wide = wide_table(programme, engine, people)
        return wide, count_items(programme, wide)
    long = long_table(programme, engine, people)
    counts = count_long(programme, long)
    return (
        long if set(wish.outcomes) == set(OUTCOMES) else long.filter(pl.col("outcome").is_in(wish.outcomes))
    ), counts


def _refuse(result: Determined, wish: Wish) -> None:
    if result.bad_rows and wish.bad_rows is None:
        problem = f"{result.bad_rows:,}行里有{result.bad_cells:,}格不能用（已列在上面），什么也没有写"
        raise BadInput(
            wish.people.name, problem, accepted="改好再来，或用--bad-rows 文件 把这些行分出去、其余的照常判定"
        )
    if not result.people and not result.bad_rows:
        raise BadInput(wish.people.name, "只有表头，没有人", accepted="至少一人")
