"""songhe agein: who becomes entitled to what in the coming days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import click
import polars as pl

from songhe.config.cli.options import FILE, list_option, on_option, open_list, people_option, policies_option
from songhe.config.cli.tables import number, print_table
from songhe.eligibility.coming_of_age import MOST_DAYS, Coming, Turns, coming_of_age
from songhe.exchange.people import read_people
from songhe.foundation.files.whole import check_writable, written_whole
from songhe.kernel.errors import BadInput
from songhe.rules.packs import Pack

DAYS = 90
_WRITERS: dict[str, Callable[[pl.DataFrame, Path], object]] = {
    ".csv": pl.DataFrame.write_csv,
    ".parquet": pl.DataFrame.write_parquet,
    ".xlsx": pl.DataFrame.write_excel,
}
_EXAMPLE = "songhe agein --list 420700-ezhou/basic-list-2023 --people people.parquet --on 2024-05-01 --days 90"


@click.command(epilog=f"例：{_EXAMPLE} --out coming.csv")
@list_option
@people_option
@on_option
@click.option(
    "--days", type=click.IntRange(1, MOST_DAYS), default=DAYS, show_default=True, metavar="天数", help="往后看多少天"
)
@click.option("--out", type=FILE, default=None, metavar="文件", help="名单：.csv、.xlsx或.parquet")
@policies_option
def agein(list_id: str, people_path: Path, on: date, days: int, out: Path | None, policies: Path | None) -> None:
    """往后若干天里，谁从哪一天起可享哪一项：到了年龄的、满了月数的、清单的数变了的。"""
    pack = open_list(list_id, policies, on)
    writer = None if out is None else _writer(out)
    coming = coming_of_age(pack, read_people(people_path), on, days)
    _print_summary(pack, coming)
    if out is not None and writer is not None:
        with written_whole(out) as beside:
            writer(coming.entitled, beside)
        click.echo(f"写好了：{out}，{number(coming.entitled.height)}行")


def _writer(out: Path) -> Callable[[pl.DataFrame, Path], object]:
    writer = _WRITERS.get(out.suffix.lower())
    if writer is None:
        raise BadInput(f"--out {out.name}", "不知道写成什么", accepted="、".join(_WRITERS))
    check_writable(out)
    return writer


def _print_summary(pack: Pack, coming: Coming) -> None:
    entitled = coming.entitled
    click.secho(
        f"{coming.on}以后到{coming.last}，从不可享或待核变成可享：{number(entitled.height)}人次，"
        f"{number(entitled['person_id'].n_unique())}人",
        bold=True,
    )
    if entitled.height:
        months = sorted(entitled["day"].dt.strftime("%Y-%m").unique())
        print_table(
            ("号", "事项", *months, "合计"), _rows(pack, entitled, months), right=(0, *range(2, len(months) + 3))
        )
    for words, pick in _ALSO:
        counts = [(item.name, count) for item in pack.items if (count := pick(coming.turns[item.slug]))]
        if counts:
            named = "、".join(f"{name}{number(count)}" for name, count in counts)
            click.echo(f"\n{words}{number(sum(count for _, count in counts))}人次（不在上面）：{named}")


_ALSO: tuple[tuple[str, Callable[[Turns], int]], ...] = (
    ("从不可享变成待核", lambda turns: turns.opened),
    ("本来可享，金额或优惠变高", lambda turns: turns.raised),
    ("本来可享，变成不可享或待核", lambda turns: turns.ended),
)


def _rows(pack: Pack, entitled: pl.DataFrame, months: list[str]) -> list[tuple[str, ...]]:
    """A row an item that anybody comes into, in the order of numbers, and the sum of all."""
    month = pl.col("day").dt.strftime("%Y-%m")
    counted = entitled.group_by("item", month.alias("month")).len()
    counts = {(item, name): count for item, name, count in counted.iter_rows()}
    rows = [
        (str(item.number), item.name, *_cells([counts.get((item.slug, name), 0) for name in months]))
        for item in pack.items
        if any((item.slug, name) in counts for name in months)
    ]
    every = [sum(counts.get((item.slug, name), 0) for item in pack.items) for name in months]
    return [*rows, ("", "合计（人次）", *_cells(every))]


def _cells(counts: list[int]) -> list[str]:
    return [number(count) if count else "–" for count in (*counts, sum(counts))]
