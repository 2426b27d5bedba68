"""songhe whatif: other figures tried on real people, several scenarios side by side."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import click
import numpy as np

from songhe.config.cli.options import FILE, list_option, on_option, open_list, people_option, policies_option
from songhe.config.cli.tables import number, print_table, signed, signed_yuan, yuan
from songhe.demo.divisions import region_name
from songhe.eligibility.roll import Ints
from songhe.eligibility.scenarios import Scenario, read_scenario
from songhe.eligibility.what_if import Effect, ItemEffect, WhatIf
from songhe.eligibility.what_if_tables import (
    age_bands,
    changes_of,
    district_names,
    result_table,
    rule_of,
    summary,
)
from songhe.exchange.people import read_people
from songhe.foundation.files.whole import check_writable, written_whole
from songhe.kernel.errors import BadInput
from songhe.rules import nodes as n
from songhe.rules.packs import Pack
from songhe.rules.programme import bind

_EXAMPLE = "songhe whatif --list 420700-ezhou/basic-list-2023 --people people.parquet --on 2024-05-01"
_SETS = "--set advanced-age-allowance.from_age=75 --set 17.from_age=75,20.monthly_amount=100"
_SET_WORDS = "事项.参数=数；写几次就是几个方案，并排比较；一个方案里改几处用逗号连起来"
_LEGEND = (
    "\n有得、有失：至少一项新可享或标准变高、不再可享或标准变低的人，一个人可以两样都有；"
    "每月多领、少领：按月的钱合起来比较的人"
)
_NO_FIGURE = "  {}：清单没有写金额，钱没有算；可在同一个方案里加上一个数，如{}.{}=100"
_ITEM_HEAD = (
    *("号", "事项", "可享前", "可享后", "新可享", "不再可享", "待核前", "待核后", "多得", "少得"),
    *("前（元）", "后（元）", "每"),
)
_TIMES = {"month": "月", "year": "年", "once": "次"}


@click.command(epilog=f"例：{_EXAMPLE} {_SETS}")
@list_option
@people_option
@on_option
@click.option("--set", "sets", required=True, multiple=True, metavar="改动", help=_SET_WORDS)
@click.option("--out", type=FILE, default=None, metavar="文件", help="逐项、逐区、逐年龄段写到.csv")
@click.option("--json", "as_json", is_flag=True, help="不印表，印JSON，给别的程序读")
@policies_option
def whatif(
    list_id: str,
    people_path: Path,
    on: date,
    sets: Sequence[str],
    out: Path | None,
    as_json: bool,
    policies: Path | None,
) -> None:
    """如果改了清单里的数：谁多得、谁少得、每月多少钱，按区、按年龄。"""
    pack = open_list(list_id, policies, on)
    scenarios = _read(pack, sets)
    if out is not None:
        _check(out, people_path)
    what_if = WhatIf(bind(pack, on), read_people(people_path))
    effects = [what_if.effect(scenario) for scenario in scenarios]
    if as_json:
        click.echo(json.dumps(summary(what_if, effects, region_name), ensure_ascii=False, indent=2))
    else:
        _print(what_if, effects)
    if out is not None:
        with written_whole(out) as beside:
            result_table(what_if, effects, region_name).write_csv(beside)
        click.echo(f"写好了：{out}", err=as_json)


def _read(pack: Pack, sets: Sequence[str]) -> list[Scenario]:
    scenarios: list[Scenario] = []
    for text in sets:
        scenario = read_scenario(pack, text)
        if any(scenario.changes == other.changes for other in scenarios):
            raise BadInput("--set", "同一个方案写了两次", given=text, accepted="每个方案一次")
        scenarios.append(scenario)
    return scenarios


def _check(out: Path, people: Path) -> None:
    if out.suffix.lower() != ".csv":
        raise BadInput(f"--out {out.name}", "只写CSV", accepted="以.csv结尾的文件名")
    if out.resolve() == people.resolve():
        raise BadInput("--out", "与--people是同一个文件", accepted="另一个文件名")
    check_writable(out)


def _print(what_if: WhatIf, effects: Sequence[Effect]) -> None:
    programme = what_if.programme
    living = what_if.living.total("people")
    click.secho(f"{programme.pack.title}，{programme.on}，在世{number(living)}人", bold=True)
    click.echo(f"现在每月发{yuan(what_if.fen_month)}元（清单写了金额的按月项目，待核的不算）\n")
    for index, effect in enumerate(effects, 1):
        click.echo(f"方案{index}  {effect.scenario.text}")
    click.echo("")
    print_table(
        ("", "有得", "有失", "每月多领", "每月少领", "每月增减（元）", "每年增减（元）"),
        [_compared(index, effect) for index, effect in enumerate(effects, 1)],
        right=range(1, 7),
    )
    click.echo(_LEGEND)
    for index, effect in enumerate(effects, 1):
        _print_effect(what_if, index, effect)


def _compared(index: int, effect: Effect) -> tuple[str, ...]:
    people = [number(effect.people.total(name)) for name in ("better", "worse", "more", "less")]
    return f"方案{index}", *people, signed_yuan(effect.fen_month), signed_yuan(effect.fen_year)


def _print_effect(what_if: WhatIf, index: int, effect: Effect) -> None:
    click.secho(f"\n方案{index}  {effect.scenario.text}", bold=True)
    for owner, label, before, after in changes_of(what_if, effect):
        click.echo(f"  {owner}的{label}：{before} → {after}")
    if not effect.items:
        click.echo("  没有一项因此不同：改成的就是现在的数，或没有哪一项用到它")
        return
    for item in effect.items:
        _print_rule(what_if, effect, item)
    click.echo("")
    print_table(_ITEM_HEAD, [_item_row(item) for item in effect.items], right=(0, *range(2, 12)))
    for item in effect.items:
        _say_no_figure(item)
    _print_cells("区", district_names(what_if, region_name), what_if, effect, lambda cells: cells.sum(axis=1))
    _print_cells("年龄", age_bands(), what_if, effect, lambda cells: cells.sum(axis=0))


def _print_rule(what_if: WhatIf, effect: Effect, item: ItemEffect) -> None:
    before = rule_of(item.before, what_if.programme.pack, region_name)
    after = rule_of(item.after, effect.programme.pack, region_name)
    if before == after:
        click.echo(f"  {item.after.item.name}：规则不变，随同组的事项变")
        return
    click.echo(f"  {item.after.item.name}")
    click.echo(f"    前  {before}")
    click.echo(f"    后  {after}")


def _say_no_figure(item: ItemEffect) -> None:
    """Says which figure is missing where the list names one and prints none."""
    if not item.after.pays or item.sets_money[1] or item.after.amount is None:
        return
    for name in n.parameter_names(item.after.amount):
        if name in item.after.item.parameters:
            click.echo(_NO_FIGURE.format(item.after.item.name, item.after.item.slug, name))


def _item_row(item: ItemEffect) -> tuple[str, ...]:
    own, tally = item.after.item, item.tally
    names = ("yes_before", "yes_after", "gained", "lost", "unknown_before", "unknown_after", "more", "less")
    money = [
        yuan(tally.total(f"fen_{when}") if sets else None)
        for when, sets in zip(("before", "after"), item.sets_money, strict=True)
    ]
    per = _TIMES[own.gives.per] if item.after.pays else ""
    return str(own.number), own.name, *(number(tally.total(name)) for name in names), *money, per


def _print_cells(
    title: str, names: Sequence[str], what_if: WhatIf, effect: Effect, along: Callable[[Ints], Ints]
) -> None:
    """A row a district or age band in which anybody lives, those not known last."""
    living = along(what_if.living.cells("people"))
    counts = [along(effect.people.cells(name)) for name in ("better", "worse", "more", "less")]
    unknown = along(
        sum((item.unknown_change() for item in effect.items), np.zeros_like(what_if.living.cells("people")))
    )
    money = along(effect.month_cells())
    rows = [
        (
            name,
            number(int(living[place])),
            *(number(int(count[place])) for count in counts),
            signed(int(unknown[place])),
            signed_yuan(int(money[place])),
        )
        for place, name in _in_order(title, names)
        if living[place]
    ]
    click.echo("")
    head = (title, "在世", "有得", "有失", "每月多领", "每月少领", "待核增减（人次）", "每月增减（元）")
    print_table(head, rows, right=range(1, 8))


def _in_order(title: str, names: Sequence[str]) -> list[tuple[int, str]]:
    """Districts as they are; ages from the youngest on, those not known last."""
    places = list(enumerate(names))
    return places if title == "区" else [*reversed(places[:-1]), places[-1]]
