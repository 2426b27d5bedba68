"""songhe explain: why one person may or may not have an item, with every value, its source and its clause."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from songhe.config.cli.options import (
    FILE,
    check_page,
    list_option,
    on_option,
    open_list,
    people_option,
    policies_option,
)
from songhe.config.cli.tables import print_table
from songhe.config.paths import policies_folder
from songhe.demo.divisions import region_name
from songhe.eligibility.reason_sheet.gather import Desk
from songhe.eligibility.reason_sheet.model import GROUPS, VERDICTS, Dossier
from songhe.eligibility.reason_sheet.page import dossier_page, sheet_page
from songhe.eligibility.reason_sheet.text import MARKS, Line, release_words, sheet_lines
from songhe.eligibility.reason_sheet.words import read_instruments
from songhe.exchange.people import find_person
from songhe.foundation.files.whole import write_text_whole
from songhe.kernel.errors import NotFound
from songhe.rules.programme import BoundItem, Programme, bind

SOURCE = "人员表"
_EXAMPLE = "songhe explain --list 420700-ezhou/basic-list-2023 --people people.parquet --person C05"
_NEAR = 3


@click.command(epilog=f"例：{_EXAMPLE} --item 17 --on 2024-05-01")
@list_option
@people_option
@click.option("--person", "person_id", required=True, metavar="编号", help="人员表里的person_id")
@click.option("--item", default=None, metavar="事项", help="事项的号、名称或英文名；不写就是全部事项")
@on_option
@click.option("--html", type=FILE, default=None, metavar="文件", help="另写一页网页，能打印成一张A4")
@policies_option
def explain(
    list_id: str,
    people_path: Path,
    person_id: str,
    item: str | None,
    on: date,
    html: Path | None,
    policies: Path | None,
) -> None:
    """理由单：一位老人为什么可享、不可享或待核，差哪一条，怎么最省事。"""
    check_page("--html", html, people_path)
    programme = bind(open_list(list_id, policies, on), on)
    items = () if item is None else (find_item(programme, item),)
    facts = find_person(people_path, person_id)
    dossier = desk_of(programme, policies, facts).dossier(person_id, facts, items)
    if html is not None:
        write_text_whole(html, sheet_page(dossier) if items else dossier_page(dossier))
    if items:
        print_lines(sheet_lines(dossier, dossier.sheets[0]))
    else:
        _print_overview(dossier)
    if html is not None:
        click.echo(f"\n写好了：{html}")


def find_item(programme: Programme, name: str) -> BoundItem:
    """The item by its number, its name in Chinese or its slug; NotFound names those that are near."""
    wanted = unicodedata.normalize("NFKC", name).strip().lower()
    by_name = {bound.item.name: bound for bound in programme.items}
    words = {**by_name, **{key: b for b in programme.items for key in (b.item.slug, str(b.item.number))}}
    if wanted in words:
        return words[wanted]
    named = [*by_name, *(bound.item.slug for bound in programme.items)]
    near = [word for word in named if wanted and wanted in word] or get_close_matches(wanted, named, _NEAR)
    found = dict.fromkeys(f"{words[word].item.number} {words[word].item.name}" for word in near[:_NEAR])
    every = f"第1到{max(bound.item.number for bound in programme.items)}项，songhe rules list看全部"
    raise NotFound(f"事项“{name}”", accepted="、".join(found) or every)


def desk_of(programme: Programme, policies: Path | None, facts: Mapping[str, Any], source: str = SOURCE) -> Desk:
    """The desk that makes a person's sheets; every known fact comes from `source`."""
    instruments = read_instruments(*(folder for folder in (policies, policies_folder()) if folder is not None))
    sources = {name: source for name, value in facts.items() if value is not None}
    return Desk(programme, instruments=instruments, names=region_name, sources=sources)


def print_lines(lines: Iterable[Line]) -> None:
    """Lines on the terminal, strong ones in bold."""
    for line in lines:
        click.secho(line.text, bold=line.strong)


def _print_overview(dossier: Dossier) -> None:
    counts = "，".join(f"{VERDICTS[answer]}{dossier.count(answer)}" for answer in (True, None, False))
    click.secho(f"{dossier.person_id}  {dossier.list_title}{len(dossier.sheets)}项：{counts}", bold=True)
    if dossier.total:
        click.echo(f"定得下来、写了金额的，合计{dossier.total}")
    for group in GROUPS:
        sheets = dossier.of_group(group)
        if sheets:
            click.secho(f"\n{group} {len(sheets)}项", bold=True)
            rows = [(str(s.number), s.name, f"{MARKS[s.answer]} {VERDICTS[s.answer]}", s.amount, s.gap) for s in sheets]
            print_table(("号", "事项", "结论", "金额或标准", "给什么，缺什么"), rows, right=(0,))
    click.echo(f"\n{release_words(dossier)}")
    click.echo("看一项的理由：加上--item 号；做成网页：加上--html 文件.html")
