"""songhe demo build: the demo city in the platform's database, with its planted truth and department files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from songhe.config.cli.demo import CITY_SIZE, demo
from songhe.config.cli.options import FILE, Day
from songhe.config.cli.tables import number
from songhe.config.paths import policies_folder
from songhe.config.platform import DEFAULT_FOLDER, open_platform, set_up
from songhe.config.preparation import brought_up_to_date
from songhe.foundation.database.preparing import Database

LEAST, MOST = 100, 5_000_000


@demo.command(epilog="例：songhe demo build --people 215000 --data build/platform")
@click.option("--people", default=CITY_SIZE, show_default=True, type=click.IntRange(LEAST, MOST), metavar="人数",
              help="老人数；另有重复档案和13位有故事的老人")  # fmt: skip
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0), metavar="种子",
              help="同样的种子、人数和日期，造出同样的城市")  # fmt: skip
@click.option("--on", default=None, type=Day(), metavar="日期", help="城市的今天；不写就是真的今天")
@click.option("--data", "folder", type=FILE, default=DEFAULT_FOLDER, show_default=True, metavar="文件夹",
              help="平台的文件夹；部门名册放在files-demo，真相放在truth")  # fmt: skip
def build(people: int, seed: int, on: date | None, folder: Path) -> None:
    """造演示城市：人、家庭、事实、账号、部门名册，埋下真相。已经有了就不再造。"""
    with open_platform(folder) as (database, environment):
        set_up(environment | {"SONGHE_DATABASE": database.owner, "SONGHE_DEMO": "1"})
        _migrate_where_needed(database)
        from django.utils import timezone

        from songhe.demo.register.building import build_city

        day = on or timezone.localdate()  # of where the city is, whatever the machine's clock says
        built = build_city(people=people, day=day, seed=seed, data=folder, policies=policies_folder(), say=click.echo)
    click.echo(f"演示城市：{number(built.people)}位老人，{built.day}，种子{built.seed}")


def _migrate_where_needed(database: Database) -> None:
    """Brings the schema up to date, unless whoever called this command has just done so."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        brought_up_to_date(database)
