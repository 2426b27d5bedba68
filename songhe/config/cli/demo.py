"""songhe demo: invented people on real divisions, and the whole way from them to the report page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

import click
import polars as pl
from polars.io.plugins import register_io_source

from songhe.config.cli.options import DEFAULT_LIST, FILE, Day, open_list
from songhe.config.cli.summary import print_summary
from songhe.config.cli.tables import number, progress_bar
from songhe.demo.divisions import cities, region_name
from songhe.demo.people import DEMO_DAY, make_people, stream_people
from songhe.eligibility.determining import count_items, wide_table
from songhe.eligibility.engines import PolarsEngine
from songhe.eligibility.report.gather import gather
from songhe.eligibility.report.page import write_report
from songhe.foundation.files.whole import check_writable, written_whole
from songhe.kernel.errors import BadInput
from songhe.rules.programme import bind
from songhe.rules.readings.polars import SCHEMA

CITY_SIZE = 215_000
AT_ONCE = 1_000_000
CITY_WORDS = "城市代码；有的是" + "、".join(cities())
COUNT_WORDS = f"人数；超过{AT_ONCE:,}人的分批造，每批{AT_ONCE:,}人"


def _option(name: str, default: Any, kind: Any, metavar: str, words: str) -> Callable[..., Any]:
    return click.option(name, default=default, show_default=True, type=kind, metavar=metavar, help=words)


city_option = _option("--city", "420700", str, "代码", CITY_WORDS)
count_option = _option("--count", CITY_SIZE, click.IntRange(min=1), "人数", COUNT_WORDS)
seed_option = _option("--seed", 1, click.IntRange(min=0), "种子", "同样的种子、人数和日期，造出同样的人")
on_option = _option("--on", DEMO_DAY, Day(), "日期", "这一天的年龄和死亡消息")


@click.group()
def demo() -> None:
    """演示城市：区划是真的，人是虚构的。"""


@demo.command(epilog="例：songhe demo people --count 215000 --seed 1 --out people.parquet --truth truth.parquet")
@city_option
@count_option
@seed_option
@on_option
@click.option("--out", required=True, type=FILE, metavar="文件", help="人员表，.parquet")
@click.option("--truth", type=FILE, default=None, metavar="文件", help="埋下的真相，同样的列，什么都知道，.parquet")
def people(city: str, count: int, seed: int, on: date, out: Path, truth: Path | None) -> None:
    """造一份人员表：部门知道的；要的话连真相一起。"""
    targets = [out] if truth is None else [out, truth]
    for path in targets:
        if path.suffix != ".parquet":
            raise BadInput(str(path), "只写Parquet", accepted="以.parquet结尾的文件名")
        check_writable(path)
    if truth is not None and truth.resolve() == out.resolve():
        raise BadInput("--truth", "与--out是同一个文件", accepted="另一个文件名")
    _write_people(city, count, seed, on, targets)
    click.echo(f"{number(count)}人写进{out}" + (f"，真相写进{truth}" if truth else ""))


def _write_people(city: str, count: int, seed: int, on: date, targets: list[Path]) -> None:
    """The offices' table, and the truth when a second file is named; both or neither."""
    with ExitStack() as files:
        besides = [files.enter_context(written_whole(path)) for path in targets]
        if count <= AT_ONCE:
            for table, beside in zip(make_people(city, count, seed, on), besides, strict=False):
                table.write_parquet(beside)
            return
        for index, beside in enumerate(besides):
            with progress_bar(("造人", "真相")[index], count) as done:
                _sink(_pieces(city, count, seed, on, index, done), beside)


def _pieces(
    city: str, count: int, seed: int, on: date, index: int, done: Callable[[int], None]
) -> Iterator[pl.DataFrame]:
    for both in stream_people(city, count, seed, on, AT_ONCE):
        yield both[index]
        done(both[index].height)


def _sink(pieces: Iterator[pl.DataFrame], path: Path) -> None:
    """Writes pieces one after the other, in the memory of a few of them."""

    def source(
        with_columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, batch_size: int | None
    ) -> Iterator[pl.DataFrame]:
        yield from pieces

    register_io_source(source, schema=dict(SCHEMA)).sink_parquet(path)


@demo.command(epilog="例：songhe demo report --folder build/demo")
@city_option
@count_option
@seed_option
@on_option
@click.option("--list", "list_id", default=DEFAULT_LIST, show_default=True, metavar="清单", help="按哪一份清单判定")
@click.option("--folder", required=True, type=FILE, metavar="文件夹", help="放人员表、判定结果和报告")
def report(city: str, count: int, seed: int, on: date, list_id: str, folder: Path) -> None:
    """从造人到报告页，一次走完：make run就是它。"""
    started = monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    programme = bind(open_list(list_id, None, on), on)
    click.echo(f"1/4  造{number(count)}位虚构的老人（{region_name(city)}，种子{seed}）")
    table, _ = make_people(city, count, seed, on)
    with written_whole(folder / "people.parquet") as beside:
        table.write_parquet(beside)
    click.echo(f"2/4  按“{programme.pack.title}”{len(programme.items)}项逐人判定，{on}")
    engine = PolarsEngine(on)
    wide = wide_table(programme, engine, table)
    with written_whole(folder / "results.parquet") as beside:
        wide.write_parquet(beside)
    click.echo("3/4  写报告页\n")
    page = folder / "report.html"
    write_report(gather(programme, table, wide, engine=engine, region_name=region_name, demo=True), page)
    print_summary(count_items(programme, wide), table.height)
    click.echo(f"\n4/4  好了，用了{monotonic() - started:.1f}秒。报告：{page.resolve().as_uri()}")
    click.echo(f"     人员表{folder / 'people.parquet'}，判定结果{folder / 'results.parquet'}")


import songhe.config.cli.demo_city  # noqa: E402, F401  (its command joins the group)
