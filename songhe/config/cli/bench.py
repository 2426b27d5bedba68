"""songhe bench: Songhe measured against a peer. Works in a working copy, where `benchmarks/` lies beside `songhe/`."""

from __future__ import annotations

import sys
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from songhe.config.cli.options import FILE
from songhe.config.cli.tables import print_table
from songhe.foundation.files.whole import check_writable, write_text_whole
from songhe.kernel.errors import BadInput

_ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path("build/bench")
_PEOPLE = 10_000_000
_QUICK = 200_000
_VERDICTS = {None: "", True: "达到", False: "没达到"}
_PEOPLE_WORDS = f"放在内存里的人数；不写就是{_PEOPLE:,}，--quick时{_QUICK:,}"


@click.command(epilog="例：songhe bench --people 1000000 --quick")
@click.option("--people", type=click.IntRange(10_000, 20_000_000), default=None, metavar="人数", help=_PEOPLE_WORDS)
@click.option("--quick", is_flag=True, help="人少、轮数少，只看跑不跑得通")
@click.option("--out", type=FILE, default=None, metavar="文件", help="写成一页，如docs/reference/performance.md")
@click.option("--folder", type=FILE, default=FOLDER, show_default=True, metavar="文件夹", help="放造出来的人")
def bench(people: int | None, quick: bool, out: Path | None, folder: Path) -> None:
    """测速：同样的规则、同样的人，与OpenFisca轮流算，先核对再计时。"""
    _check_installed()
    if out is not None:
        check_writable(out)
    sys.path.insert(0, str(_ROOT))
    from benchmarks.ground import Sizes
    from benchmarks.page import page
    from benchmarks.run import run

    sizes = Sizes.of(people or (_QUICK if quick else _PEOPLE), quick)
    found = run(folder, sizes, lambda words: click.echo(words, err=True), _show, judged=not quick)
    missed = [line.what for lines in found.values() for line in lines if line.met is False]
    if out is not None:
        write_text_whole(out, page(found, sizes, quick, date.today()))
        click.echo(f"写好了：{out}")
    if not quick:
        click.echo("目标都达到了" if not missed else f"{len(missed)}个目标没达到")


def _check_installed() -> None:
    if not (_ROOT / "benchmarks" / "run.py").is_file():
        raise BadInput("songhe bench", "这里没有benchmarks文件夹", accepted="从源代码的工作目录里运行make bench")
    if find_spec("openfisca_core") is None:
        raise BadInput("songhe bench", "没有装OpenFisca-core", accepted="make bench会装好再测")


def _show(title: str, lines: list[Any]) -> None:
    click.secho(f"\n{title}", bold=True)
    rows = [(line.what, line.measured, line.target, _VERDICTS[line.met]) for line in lines]
    print_table(("", "measured", "target", ""), rows, right=(1, 2))
