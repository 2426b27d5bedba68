"""songhe people: what is done with the register at the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from songhe.config.cli.options import FILE, Day
from songhe.config.cli.signing_in import as_option, signed_in_actor
from songhe.config.cli.tables import number, progress_bar
from songhe.config.platform import DEFAULT_FOLDER, join_platform
from songhe.kernel.errors import NotFound

if TYPE_CHECKING:
    from songhe.foundation.access.actors import Actor
    from songhe.people.imports.api import Batch

_MOST_BYTES = 200 << 20
_ERRORS_SHOWN = 20
_EXAMPLE = (
    "例：songhe people import 残联名册.xlsx --source disabled_federation --data-until 2026-11-01 --as officer --dry-run"
)
data_option = click.option(
    "--data", "folder", type=FILE, default=DEFAULT_FOLDER, show_default=True, metavar="文件夹", help="平台的文件夹"
)


@click.group()
def people() -> None:
    """老人档案：导入部门名册。"""


@people.command("import", epilog=_EXAMPLE)
@click.argument("path", metavar="[文件]", type=FILE, required=False)
@click.option("--source", default="", metavar="名册", help="哪个部门的名册，如disabled_federation")
@click.option("--data-until", type=Day(), default=None, metavar="日期", help="名册说的是哪一天")
@as_option
@click.option("--dry-run", is_flag=True, help="只读、只比对，什么也不留下")
@click.option(
    "--approve", "batch_id", type=click.UUID, default=None, metavar="编号", help="另一位来批这一批，批了就写入"
)
@data_option
def import_list(
    path: Path | None,
    source: str,
    data_until: date | None,
    login: str,
    password_stdin: bool,
    code: str,
    dry_run: bool,
    batch_id: UUID | None,
    folder: Path,
) -> None:
    """把部门名册读进来比对，送审批；或者用--approve批准一批，写入档案。

    像在网页上一样登录：问密码，绑定了动态码的再问动态码，错得太多要等一会儿。读名册、送审批的人自己不能批。有错的行列出行和列，不写入；退出码1表示有错的行，或没有办成。
    """
    if (path is None) == (batch_id is None):
        raise click.UsageError("写一个名册文件，或者用--approve写一批的编号")
    if path is not None and (not source or data_until is None):
        raise click.UsageError("读名册要写--source和--data-until")
    with join_platform(folder):
        from songhe.people.api import APPROVE_IMPORT, IMPORT

        action = IMPORT if batch_id is None else APPROVE_IMPORT
        actor = signed_in_actor(login, action=action, password_stdin=password_stdin, code=code)
        if path is not None and data_until is not None:
            bad = _read(path, source, data_until, actor, dry_run)
            raise SystemExit(1 if bad else 0)
        if batch_id is not None:
            _approve(batch_id, actor)


def _read(path: Path, source: str, data_until: date, actor: Actor, dry_run: bool) -> int:
    """How many rows are bad."""
    from django.db import transaction
    from django.utils import timezone

    from songhe.foundation.access.scope import scoped
    from songhe.foundation.uploads.models import Upload
    from songhe.foundation.uploads.operations import remove_file
    from songhe.people.imports.api import propose

    now = timezone.now()
    with scoped(actor, "people import"), _bar(path.name) as say:
        batch = _staged(actor, path, source, data_until, say)
        _print(batch)
        if dry_run:
            remove_file(Upload.objects.get(pk=batch.upload))
            transaction.set_rollback(True)
            click.echo("只是试读，什么也没有留下")
        else:
            propose(actor=actor, batch_id=batch.pk, now=now)
            click.echo(f"送审批了。另一位来批：songhe people import --approve {batch.pk} --as 登录名")
    return int(batch.counts["kinds"]["bad"])


def _staged(actor: Actor, path: Path, source: str, data_until: date, say: Callable[[int, int, str], None]) -> Batch:
    from django.core.files.base import File
    from django.utils import timezone

    from songhe.foundation.uploads.operations import keep
    from songhe.people.api import IMPORT
    from songhe.people.imports.api import file_of, list_of, open_batch, read_at_once, sample, suggested

    now = timezone.now()
    expected = list_of(source)
    actor.require(IMPORT)
    with _opened(path) as file:
        upload = keep(actor, File(file, path.name), limit=_MOST_BYTES, permission=IMPORT, now=now)  # type: ignore[arg-type]
    today = timezone.localdate(now)
    batch = open_batch(actor=actor, upload=upload, source=source, data_until=data_until, today=today, now=now)
    with file_of(batch) as plain:
        header, _ = sample(plain, expected, {})
    mapping = suggested(batch, header)
    return read_at_once(actor=actor, batch_id=batch.pk, header=header, mapping=mapping, now=now, say=say)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    if not path.is_file():
        raise NotFound(f"文件{path}")
    with path.open("rb") as file:
        yield file


def _approve(batch_id: UUID, actor: Actor) -> None:
    from django.utils import timezone

    from songhe.foundation.access.scope import scoped
    from songhe.people.imports.api import approve_at_once, batch_of

    now = timezone.now()
    with scoped(actor, "people import approve"), _bar("写入") as say:
        digest = batch_of(actor, batch_id).list_hash
        batch = approve_at_once(actor=actor, batch_id=batch_id, list_hash=digest, now=now, say=say)
    done = batch.counts["applied"]
    click.echo(
        f"写入了：事实{number(done['facts'])}条，新登记{number(done['registered'])}人，去世{number(done['deaths'])}人"
    )


@contextmanager
def _bar(label: str) -> Iterator[Callable[[int, int, str], None]]:
    with progress_bar(label, 100) as more:
        at = 0

        def say(done: int, total: int, words: str) -> None:
            nonlocal at
            more(done * 100 // total - at)
            at = done * 100 // total

        yield say


def _print(batch: Batch) -> None:
    from songhe.people.imports.api import RowError, RowKind

    for error in RowError.objects.filter(batch=batch).order_by("number", "letter")[:_ERRORS_SHOWN]:
        accepted = f"；可以是：{error.accepted}" if error.accepted else ""
        click.echo(
            f"第{error.number:,}行{error.letter}列 {error.column}：{error.problem} {error.shown}{accepted}", err=True
        )
    more = batch.counts["error_cells"] - _ERRORS_SHOWN
    if more > 0:
        click.echo(f"……还有{number(more)}处", err=True)
    for notice in batch.notices:
        click.echo(f"注意：{notice}", err=True)
    kinds = batch.counts["kinds"]
    words = "，".join(f"{kind.label}{number(kinds[kind])}" for kind in RowKind if kinds.get(kind))
    click.echo(f"读到{number(batch.counts['read'])}行：{words}")
