"""songhe determine: a file of people in, what each of them may have out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click

from songhe.config.cli.options import (
    FILE,
    check_page,
    list_option,
    on_option,
    open_list,
    people_option,
    policies_option,
)
from songhe.config.cli.summary import print_summary
from songhe.config.cli.tables import number, progress_bar
from songhe.config.paths import data_folder
from songhe.eligibility.engines import NAMES, engine
from songhe.exchange.determination import OUTCOMES, Determined, Wish, determine_file
from songhe.foundation.files.whole import real_path
from songhe.rules.programme import Programme, bind

_EXAMPLE = (
    "例：songhe determine --list 420700-ezhou/basic-list-2023 --people people.csv --on 2024-05-01 --out results.csv"
)


class Outcomes(click.ParamType[tuple[str, ...]]):
    """Some of yes, no and unknown, joined by commas."""

    name = "结果"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """The outcomes; a usage error for anything else."""
        if isinstance(value, tuple):
            return value
        words = tuple(word.strip() for word in value.split(","))
        for word in words:
            if word not in OUTCOMES:
                self.fail(f"“{word}”不是结果；可以是：{'、'.join(OUTCOMES)}，用逗号隔开", param, ctx)
        return words


@click.command(epilog=_EXAMPLE)
@list_option
@people_option
@on_option
@click.option("--out", required=True, type=FILE, metavar="文件", help="写到哪里：.csv、.xlsx或.parquet")
@click.option(
    "--layout",
    type=click.Choice(["long", "wide"]),
    default="long",
    show_default=True,
    help="long一人一项一行；wide一人一行",
)
@click.option("--engine", "engine_name", type=click.Choice(NAMES), default="polars", show_default=True, help="用什么算")
@click.option("--outcome", "outcomes", type=Outcomes(), default=None, help="long里只写这些结果，如yes,unknown")
@click.option("--bad-rows", type=FILE, default=None, metavar="文件", help="有不能用的格的行写到这里，其余照常判定")
@click.option("--report", type=FILE, default=None, metavar="文件", help="另写一页报告，.html")
@click.option("--bom", is_flag=True, help="CSV开头加BOM，双击就能用Excel打开")
@policies_option
def determine(
    list_id: str,
    people_path: Path,
    on: date,
    out: Path,
    layout: Any,
    engine_name: str,
    outcomes: tuple[str, ...] | None,
    bad_rows: Path | None,
    report: Path | None,
    bom: bool,
    policies: Path | None,
) -> None:
    """判定：一份人员表里的每个人，可享清单里的哪些事项。"""
    if outcomes is not None and layout == "wide":
        raise click.BadParameter("只用于--layout long", param_hint="--outcome")
    check_page("--report", report, people_path, out, bad_rows)
    programme = bind(open_list(list_id, policies, on), on)
    wish = Wish(people_path, out, layout, outcomes or OUTCOMES, bad_rows, keep=report is not None, mark=bom)
    with engine(engine_name, on, data_folder()) as chosen:
        result = determine_file(
            programme, chosen, wish, say=_say, complain=lambda cell: click.echo(str(cell), err=True), progress=_progress
        )
        if report is not None:
            _write_report(programme, chosen, result, report)
    print_summary(result.counts, result.people)
    _say_where(result, wish, report)


def _say(notice: str) -> None:
    click.echo(f"注意：{notice}", err=True)


@contextmanager
def _progress(label: str, size: int) -> Iterator[Callable[[int], None]]:
    with progress_bar(label, size) as done:
        yield done


def _write_report(programme: Programme, chosen: Any, result: Determined, path: Path) -> None:
    from songhe.demo.divisions import region_name  # the only divisions at hand in this release
    from songhe.eligibility.report.gather import gather
    from songhe.eligibility.report.page import write_report

    people, wide = result.everyone()
    warnings = (f"有{number(result.bad_rows)}行不能用，没有算在内",) if result.bad_rows else ()
    write_report(gather(programme, people, wide, engine=chosen, region_name=region_name, warnings=warnings), path)


def _say_where(result: Determined, wish: Wish, report: Path | None) -> None:
    lines = [f"{number(result.people)}人，{number(result.rows)}行，写进{wish.out}"]
    if result.blank:
        lines.append(f"跳过空行{number(result.blank)}行")
    if wish.bad_rows is not None:
        lines.append(f"不能用的{number(result.bad_rows)}行写进{wish.bad_rows}")
    if report is not None:
        lines.append(f"报告：{real_path(report).as_uri()}")
    click.echo("\n" + "\n".join(lines))
