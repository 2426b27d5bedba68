"""songhe policy: lists of the folder into the platform, as drafts."""

from __future__ import annotations

from pathlib import Path

import click

from songhe.config.cli.options import FILE
from songhe.config.paths import policies_folder
from songhe.config.platform import DEFAULT_FOLDER, join_platform

data_option = click.option(
    "--data", "folder", type=FILE, default=DEFAULT_FOLDER, show_default=True, metavar="文件夹", help="平台的文件夹"
)


@click.group()
def policy() -> None:
    """清单：把policies里的一份导入平台，成为草稿；看平台里有哪些。"""


@policy.command(name="import", epilog="例：songhe policy import 420700-ezhou/basic-list-2023")
@click.argument("key", metavar="清单")
@click.option("--root", type=FILE, default=None, metavar="文件夹", help="清单的文件夹，不写是自带的policies")
@data_option
def import_(key: str, root: Path | None, folder: Path) -> None:
    """把一份清单导入平台。导入的是草稿，在页面上送审批、批准、印发以后才按它判定。"""
    with join_platform(folder):
        from django.utils import timezone

        from songhe.foundation.access.actors import Actor
        from songhe.foundation.access.scope import scoped
        from songhe.policy.api import import_list, load_instruments
        from songhe.policy.permissions import PROPOSE

        where = root or policies_folder()
        actor = Actor.system("导入清单", "", [PROPOSE])
        with scoped(actor, "policy.import"):
            load_instruments(root=where)
            draft = import_list(actor=actor, root=where, key=key, now=timezone.now())
    click.echo(f"导入了{draft}，是草稿，从{draft.from_date}施行")


@policy.command(name="list", epilog="例：songhe policy list")
@data_option
def list_(folder: Path) -> None:
    """平台里有哪些清单，各是哪一版、到了哪一步。"""
    with join_platform(folder):
        from songhe.policy.queries import releases

        lines = [
            f"{one.of_list.key}  {one}  {one.get_state_display()}  从{one.from_date}起"
            for one in releases().order_by("of_list__key", "number")
        ]
    click.echo("\n".join(lines) or "还没有清单")
