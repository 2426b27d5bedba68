"""Options that several commands share, and reading their values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import click

from songhe.config.paths import policies_folder
from songhe.foundation.files.whole import check_writable, real_path
from songhe.kernel.errors import BadInput
from songhe.rules.packs import Pack
from songhe.rules.reading_packs import load_pack

F = TypeVar("F", bound=Callable[..., Any])
FILE = click.Path(path_type=Path)
DEFAULT_LIST = "420700-ezhou/basic-list-2023"


class Day(click.ParamType[date]):
    """A day as 2024-05-01."""

    name = "日期"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day; a usage error for anything else."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}”不是日期；要写成2024-05-01", param, ctx)


def list_option(function: F) -> F:
    """--list: which service list."""
    words = "清单，如420700-ezhou/basic-list-2023"
    return click.option("--list", "list_id", required=True, metavar="清单", help=words)(function)


def on_option(function: F) -> F:
    """--on: the day of the determination."""
    return click.option("--on", required=True, type=Day(), metavar="日期", help="以哪一天为准，如2024-05-01")(function)


def people_option(function: F) -> F:
    """--people: the person table."""
    words = "人员表：.csv、.xlsx或.parquet"
    return click.option("--people", "people_path", required=True, type=FILE, metavar="文件", help=words)(function)


def policies_option(function: F) -> F:
    """--policies: another folder of lists."""
    words = "清单文件夹；不写就用自带的policies"
    return click.option("--policies", "policies", type=FILE, default=None, metavar="文件夹", help=words)(function)


def open_list(list_id: str, policies: Path | None, on: date | None = None) -> Pack:
    """The list, with a warning when it is not in force on the day or not confirmed."""
    pack = load_pack(policies or policies_folder(), list_id, parents=policies_folder())
    if on is not None and not pack.in_force(on):
        until = f"，到{pack.until_date}止" if pack.until_date else ""
        click.echo(f"注意：“{pack.title}”从{pack.from_date}起施行{until}，{on}不在其中", err=True)
    if pack.unconfirmed:
        click.echo(f"注意：“{pack.title}”还没有与正式文本核对", err=True)
    return pack


def check_page(option: str, page: Path | None, *others: Path | None) -> None:
    """Refuses a file that is no page by its name, is one of the others, or cannot be written."""
    if page is None:
        return
    if page.suffix != ".html":
        raise BadInput(option, f"{page.name}不是网页的文件名", accepted="以.html结尾的文件名")
    if real_path(page) in [real_path(path) for path in others if path is not None]:
        raise BadInput(option, "与别的文件是同一个", accepted="另一个文件名")
    check_writable(page)


def read_change(pack: Pack, text: str) -> tuple[str, Fraction]:
    """`item.parameter=value` as its name and figure; a usage error when it is not written so."""
    name, separator, value = text.partition("=")
    try:
        figure = Fraction(value.strip())
    except (ValueError, ZeroDivisionError):
        figure, separator = Fraction(0), ""
    if not separator or "." not in name:
        message = f"“{text}”读不懂；要写成 事项.参数=数，如advanced-age-allowance.from_age=75"
        raise click.BadParameter(message, param_hint="--set")
    return name.strip(), figure
