"""songhe work: the worker that does what waits in the background."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING

import click

from songhe.kernel.errors import BadInput

if TYPE_CHECKING:
    from songhe.foundation.jobs.worker import Repeated

_DELIVER_SECONDS, _SEND_SECONDS, _SEAL_SECONDS, _CLEAN_SECONDS = 0.5, 2.0, 60.0, 3600.0


@click.command(epilog="例：songhe work --at-once 2")
@click.option("--at-once", default=1, show_default=True, type=click.IntRange(1, 16), metavar="个数",
              help="同时做几项后台工作")  # fmt: skip
def work(at_once: int) -> None:
    """做后台工作：导入、导出、送事件、封审计，直到叫停（SIGTERM）。

    做到一半被叫停或被杀掉的，下一次从头再做，不会做两遍。数据库的连接串在环境变量SONGHE_DATABASE里；songhe
    serve会自己设好并起后台。
    """
    if "SONGHE_DATABASE" not in os.environ:
        raise BadInput("SONGHE_DATABASE", "没有设", accepted="数据库的连接串；songhe serve会自己设好并起后台")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "songhe.config.settings")
    import django

    django.setup()
    from songhe.foundation.jobs.worker import work as work_until

    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    click.echo("后台起来了")
    work_until(stopping=stopping, at_once=at_once, repeated=_repeated())
    click.echo("后台停了")


def _repeated() -> tuple[Repeated, ...]:
    from django.utils import timezone

    from songhe.config.daily import new_day
    from songhe.config.keeping import forget_old
    from songhe.doors.api.webhooks.sending import send_due
    from songhe.foundation.audit.sealing import keep_sealed
    from songhe.foundation.jobs.worker import Repeated
    from songhe.foundation.outbox.delivering import deliver
    from songhe.foundation.uploads.cleaning import clean

    return (
        Repeated("deliver events", lambda: deliver(now=timezone.now()), _DELIVER_SECONDS),
        Repeated("tell other systems", lambda: send_due(now=timezone.now()), _SEND_SECONDS),
        Repeated("seal the audit", lambda: keep_sealed(now=timezone.now()), _SEAL_SECONDS),
        Repeated("new day", new_day, _CLEAN_SECONDS),
        Repeated("clean uploads", clean, _CLEAN_SECONDS),
        Repeated("forget what is old", forget_old, _CLEAN_SECONDS),
    )
