"""songhe agein: who becomes entitled to what in the coming days."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
import polars as pl

from songhe.config.cli.coming_tables import PLACE, print_coming
from songhe.config.cli.options import FILE, list_option, on_option, open_list, people_option, policies_option
from songhe.config.cli.tables import number
from songhe.eligibility.coming_of_age import COLUMNS, MOST_DAYS, coming_of_age
from songhe.exchange.people import read_people
from songhe.exchange.result_files import MOST_SHEET_ROWS, open_result, result_kind
from songhe.foundation.files.kinds import FileKind
from songhe.foundation.files.whole import check_writable, written_whole
from songhe.kernel.errors import BadInput
from songhe.rules.facts import KEY

DAYS = 90
_SHEET = "将要可享"
_EXAMPLE = "songhe agein --list 420700-ezhou/basic-list-2023 --people people.parquet --on 2024-05-01 --days 90"


@click.command(epilog=f"例：{_EXAMPLE} --out coming.csv")
@list_option
@people_option
@on_option
@click.option(
    "--days", type=click.IntRange(1, MOST_DAYS), default=DAYS, show_default=True, metavar="天数", help="往后看多少天"
)
@click.option("--out", type=FILE, default=None, metavar="文件", help="名单，编号写全：.csv、.xlsx或.parquet")
@policies_option
def agein(list_id: str, people_path: Path, on: date, days: int, out: Path | None, policies: Path | None) -> None:
    """往后若干天里，谁从哪一天起可享哪一项：到了年龄的、满了月数的、清单的数变了的。"""
    _check_out(out, people_path)
    pack = open_list(list_id, policies, on)
    people = read_people(people_path)
    coming = coming_of_age(pack, people, on, days)
    entitled = _with_place(coming.entitled, people)
    print_coming(pack, coming, entitled)
    if out is not None:
        _write(out, entitled.select(*COLUMNS, PLACE))
        click.echo(f"\n写好了：{out}，{number(entitled.height)}行")


def _check_out(out: Path | None, people_path: Path) -> None:
    if out is None:
        return
    result_kind(out)
    if out.resolve() == people_path.resolve():
        raise BadInput("--out", "与人员表是同一个文件", accepted="另一个文件名")
    check_writable(out)


def _with_place(entitled: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """The rows with the place where the person lives, empty where that is not known."""
    if PLACE not in people.columns:
        return entitled.with_columns(pl.lit(None, dtype=pl.String).alias(PLACE))
    return entitled.join(people.select(KEY, PLACE), on=KEY, how="left", maintain_order="left")


def _write(out: Path, entitled: pl.DataFrame) -> None:
    kind = result_kind(out)
    if kind is FileKind.XLSX and entitled.height >= MOST_SHEET_ROWS:
        problem = f"一张Excel表最多{MOST_SHEET_ROWS:,}行，写不下"
        raise BadInput(out.name, problem, accepted="写成.csv或.parquet，或用--days少看几天")
    with written_whole(out) as beside:
        file = open_result(beside, kind, out.name, sheet=_SHEET)
        try:
            file.write(entitled)
            file.finish(lambda _: None)
        finally:
            file.close()
