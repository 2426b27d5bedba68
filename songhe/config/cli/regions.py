"""songhe regions: the divisions that come with Songhe, and changes whose day has come."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from songhe.config.cli.options import FILE, Day
from songhe.config.cli.tables import number
from songhe.config.platform import DEFAULT_FOLDER, join_platform

data_option = click.option(
    "--data", "folder", type=FILE, default=DEFAULT_FOLDER, show_default=True, metavar="文件夹", help="平台的文件夹"
)


@click.group()
def regions() -> None:
    """行政区划：装进自带的城市，让到了日期的变更生效。"""


@regions.command(epilog="例：songhe regions load 150600 --from 2023-07-01")
@click.argument("city", metavar="城市代码")
@click.option("--from", "since", type=Day(), required=True, metavar="日期", help="从哪一天起算，如2023-07-01")
@data_option
def load(city: str, since: date, folder: Path) -> None:
    """把一个城市的区划装进来，到村为止；已经有的不动。自带的有150200、150600、150700、420700。"""
    with join_platform(folder):
        from songhe.foundation.access.actors import Actor
        from songhe.foundation.access.scope import scoped
        from songhe.foundation.audit.recording import record
        from songhe.regions.api import load_divisions

        actor = Actor.system("装区划", "")
        with scoped(actor, "regions.load"):
            loaded = load_divisions(city, since)
            record(actor, action="regions.load", region=city.ljust(12, "0"), detail={"on": since, "rows": loaded})
    click.echo(f"装进了{number(loaded)}个区划" if loaded else "都已经有了")


@regions.command(epilog="例：songhe regions apply")
@data_option
def apply(folder: Path) -> None:
    """让到了日期的区划变更生效。后台每小时自己会做，这里是不想等的时候用。"""
    with join_platform(folder):
        from django.utils import timezone

        from songhe.regions.api import apply_due_changes

        now = timezone.now()
        done = apply_due_changes(today=timezone.localdate(now), now=now)
    click.echo(f"{number(done)}项变更生效了" if done else "没有到日期的变更")
