"""songhe serve: the platform with its console, ready in one command."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import click

from songhe.config.cli.options import FILE
from songhe.config.platform import DEFAULT_FOLDER, open_platform
from songhe.config.preparation import brought_up_to_date
from songhe.config.serving import (
    Running,
    answers,
    collect_static,
    end_left_over,
    ended_by_signal,
    free_port,
    wait_until_answering,
    watch,
)
from songhe.foundation.database.preparing import Database
from songhe.kernel.errors import BadInput

PORT = 8420


@click.command(epilog="例：songhe serve --demo --people 215000 --port 8420")
@click.option("--data", "folder", type=FILE, default=DEFAULT_FOLDER, show_default=True, metavar="文件夹",
              help="数据库、密钥和文件放在这里")  # fmt: skip
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65535), metavar="端口",
              help="占用了就用后面一个")  # fmt: skip
@click.option("--demo", is_flag=True, help="第一次运行时造一座演示城市，登录页列出演示账号")
@click.option("--people", default=215_000, show_default=True, type=click.IntRange(min=100), metavar="人数",
              help="演示城市的老人数")  # fmt: skip
@click.option("--once", is_flag=True, help="备好就停，不开网页服务")
def serve(folder: Path, port: int, demo: bool, people: int, once: bool) -> None:
    """起数据库、后台和网页，打开就能登录。"""
    started = monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder), ended_by_signal():
        end_left_over(folder)
        try:
            _keep_running(folder, port, people if demo else 0, once, started)
        except KeyboardInterrupt:
            click.echo("停了")


def _keep_running(folder: Path, port: int, people: int, once: bool, started: float) -> None:
    """Until somebody ends it; when the database dies, all starts again."""
    while True:
        with open_platform(folder) as (database, found):
            environment = found | ({"SONGHE_DEMO": "1"} if people else {})
            os.environ.update({name: value for name, value in environment.items() if name != "SONGHE_DATABASE"})
            _prepare(folder, database, environment, people, started)
            if once:
                return
            running = Running(folder, free_port(port), environment)
            try:
                for name in ("web", "work"):
                    running.start(name)
                wait_until_answering(running)
                _say(started, f"好了，打开 {running.address}")
                _say(started, f"老人和家人的门户在 {running.address}portal/")
                watch(running, lambda: answers(database.web), click.echo)
                click.echo("数据库停了，重新起")
            finally:
                running.stop()


def _prepare(folder: Path, database: Database, environment: dict[str, str], people: int, started: float) -> None:
    _say(started, "数据库起来了")
    brought_up_to_date(database)
    _say(started, "表结构是新的")
    collect_static(environment)
    if people:
        _build_demo(folder, people)
        _say(started, "演示城市在了")


def _build_demo(folder: Path, people: int) -> None:
    command = [
        sys.executable,
        "-m",
        "songhe.config.cli",
        "demo",
        "build",
        "--data",
        str(folder),
        "--people",
        str(people),
    ]
    if subprocess.run(command, check=False).returncode:
        raise BadInput("演示城市", "没有造成", accepted=f"看上面的话；再运行一次会从头造，或者去掉{folder}")


def _say(started: float, words: str) -> None:
    click.echo(f"{monotonic() - started:5.1f}秒  {words}")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One start a folder at a time."""
    with (folder / "serving.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadInput(str(folder), "已经有一个在运行", accepted="用它，或者停了它，或者换一个--data") from None
        yield
