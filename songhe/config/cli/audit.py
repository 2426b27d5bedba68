"""songhe audit: seals the audit trail, and verifies the seals."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click

from songhe.config.cli.options import FILE
from songhe.config.cli.tables import number, progress_bar
from songhe.config.platform import DEFAULT_FOLDER, join_platform

data_option = click.option(
    "--data", "folder", type=FILE, default=DEFAULT_FOLDER, show_default=True, metavar="文件夹", help="平台的文件夹"
)
head_option = click.option(
    "--head", type=FILE, default=None, metavar="文件", help="库外的链头文件；不写就用平台设置里的那个"
)


@click.group()
def audit() -> None:
    """封审计记录，验审计封条。"""


@audit.command(epilog="例：songhe audit seal --head backup/audit-heads.jsonl")
@data_option
@head_option
def seal(folder: Path, head: Path | None) -> None:
    """把已经落定的审计记录封成块，链头写到库外。"""
    with join_platform(folder):
        from django.conf import settings

        from songhe.foundation.audit.heads import write_head
        from songhe.foundation.audit.sealing import seal_blocks

        now = datetime.now(UTC)
        made = seal_blocks(now=now)
        path = head or settings.AUDIT_HEADS
        written = write_head(path, now=now)
    click.echo(f"封了{number(made)}块" if made else "没有新的可封")
    if written:
        click.echo(f"链头写到{path}：第{number(written.block)}块")


@audit.command(epilog="例：songhe audit verify --head backup/audit-heads.jsonl")
@data_option
@head_option
def verify(folder: Path, head: Path | None) -> None:
    """把每一块重新算一遍，与封条、上一块和库外的链头对照；有一处不对，退出码是1。"""
    with join_platform(folder):
        from django.conf import settings

        from songhe.foundation.audit.heads import read_heads
        from songhe.foundation.audit.verifying import record_check
        from songhe.foundation.audit.verifying import verify as verify_seals

        heads = read_heads(head or settings.AUDIT_HEADS)
        with progress_bar("验封条", 1000) as more:
            found = verify_seals(heads, told=_in_thousandths(more))
        record_check(found, by="songhe audit verify", now=datetime.now(UTC))
    click.echo(f"验了{number(found.blocks)}块，{number(found.entries)}条记录；对照了{number(len(heads))}个链头")
    click.echo(f"还没封的{number(found.unsealed)}条")
    for problem in found.problems:
        click.echo(f"不对：{problem}")
    if found.problems:
        sys.exit(1)
    click.echo("全都对")


def _in_thousandths(more: Callable[[int], None]) -> Callable[[int, int], None]:
    def told(done: int, total: int) -> None:
        more(1000 * done // total - 1000 * (done - 1) // total)

    return told
