"""songhe bench: the engine beside a peer, the platform by itself. Works where `benchmarks/` lies beside `songhe/`."""

from __future__ import annotations

import sys
from datetime import date
from importlib import import_module
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
_NAMES = ["engine", "platform", "decisions"]
_CITY, _QUICK_CITY = 1_000_000, {"platform": 10_000, "decisions": 20_000}
_VERDICTS = {None: "", True: "达到", False: "没达到"}
_PEOPLE_WORDS = (
    f"engine是放在内存里的人数，不写就是{_PEOPLE:,}，--quick时{_QUICK:,}；platform和decisions"
    f"是城里的人数，不写就是{_CITY:,}，--quick时" + "和".join(f"{number:,}" for number in _QUICK_CITY.values())
)


@click.command(epilog="例：songhe bench --part platform --people 1000000 --only pages")
@click.option("--part", type=click.Choice(_NAMES), default="engine", show_default=True, metavar="部分",
              help="engine是规则引擎，platform是平台：网页、名册、建城；decisions是人人判定")  # fmt: skip
@click.option(
    "--only",
    multiple=True,
    metavar="几项",
    help="只测这几项，如--part platform里的city、pages，--part decisions里的runs、loop、few、simulated",
)
@click.option("--people", type=click.IntRange(3_000, 20_000_000), default=None, metavar="人数", help=_PEOPLE_WORDS)
@click.option("--quick", is_flag=True, help="人少、轮数少，只看跑不跑得通")
@click.option("--out", type=FILE, default=None, metavar="文件", help="写成一页，如docs/reference/performance.md")
@click.option("--folder", type=FILE, default=FOLDER, show_default=True, metavar="文件夹", help="放造出来的人")
def bench(
    part: str, only: tuple[str, ...], people: int | None, quick: bool, out: Path | None, folder: Path
) -> None:  # fmt: skip
    """测速。规则引擎：同样的规则、同样的人，与OpenFisca轮流算，先核对再计时。平台：建城、网页、名册、行级安全、认人。判定：人人、几个人、一个人。"""
    _check_installed(peer=part == "engine")
    if out is not None:
        check_writable(out)
    sys.path.insert(0, str(_ROOT))
    if part == "engine":
        found, text = _engine(people, quick, folder, only)
    else:
        found, text = _of_a_city(part, people, quick, folder, only)
    judged = [line.met for lines in found.values() for line in lines if line.met is not None]
    if out is not None:
        write_text_whole(out, text)
        click.echo(f"写好了：{out}")
    if judged:
        missed = judged.count(False)
        click.echo(f"{missed}个目标没达到" if missed else "目标都达到了")


def _engine(people: int | None, quick: bool, folder: Path, only: tuple[str, ...]) -> tuple[dict[str, list[Any]], str]:
    from benchmarks.ground import Sizes
    from benchmarks.page import page
    from benchmarks.run import run

    if only:
        raise click.UsageError("--only只和--part platform、decisions一起用")
    sizes = Sizes.of(people or (_QUICK if quick else _PEOPLE), quick)
    found = run(folder, sizes, _say, _show, judged=not quick)
    return found, page(found, sizes, quick, date.today())


def _of_a_city(
    part: str, people: int | None, quick: bool, folder: Path, only: tuple[str, ...]
) -> tuple[dict[str, list[Any]], str]:
    ground, page, run = (import_module(f"benchmarks.{part}.{name}") for name in ("ground", "page", "run"))
    unknown = set(only) - set(run.MEASUREMENTS)
    if unknown:
        raise BadInput("--only", "没有这一项", given="、".join(sorted(unknown)), accepted="、".join(run.MEASUREMENTS))
    sizes = ground.Sizes.of(people or (_QUICK_CITY[part] if quick else _CITY), quick)
    found = run.run(folder, sizes, _say, _show, only, judged=not quick)
    return found, page.page(found, sizes, quick, date.today())


def _say(words: str) -> None:
    click.echo(words, err=True)


def _check_installed(*, peer: bool) -> None:
    if not (_ROOT / "benchmarks" / "run.py").is_file():
        raise BadInput("songhe bench", "这里没有benchmarks文件夹", accepted="从源代码的工作目录里运行make bench")
    if peer and find_spec("openfisca_core") is None:
        raise BadInput("songhe bench", "没有装OpenFisca-core", accepted="make bench会装好再测")


def _show(title: str, lines: list[Any]) -> None:
    click.secho(f"\n{title}", bold=True)
    rows = [(line.what, line.measured, line.target, _VERDICTS[line.met]) for line in lines]
    print_table(("", "measured", "target", ""), rows, right=(1, 2))
