"""songhe explain: why one person may or may not have an item, with every value, its source and its clause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from songhe.config.cli.options import FILE, list_option, on_option, open_list, people_option, policies_option
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
from songhe.rules.programme import Programme, bind

SOURCE = "人员表"
_EXAMPLE = "songhe explain --list 420700-ezhou/basic-list-2023 --people people.parquet --person C05"
_KIND_WORDS = "不写就看--out的后缀，没有就是text"


@click.command(epilog=f"例：{_EXAMPLE} --item 17 --on 2024-05-01")
@list_option
@people_option
@click.option("--person", "person_id", required=True, metavar="编号", help="人员表里的person_id")
@click.option("--item", default=None, metavar="事项", help="事项的号或英文名；不写就是全部事项")
@on_option
@click.option("--format", "kind", type=click.Choice(["text", "html"]), default=None, help=_KIND_WORDS)
@click.option("--out", type=FILE, default=None, metavar="文件", help="写到文件；不写就显示在这里")
@policies_option
def explain(
    list_id: str,
    people_path: Path,
    person_id: str,
    item: str | None,
    on: date,
    kind: str | None,
    out: Path | None,
    policies: Path | None,
) -> None:
    """理由单：一位老人为什么可享、不可享或待核，差哪一条，怎么最省事。"""
    programme = bind(open_list(list_id, policies, on), on)
    items = () if item is None else (programme.item(item),)
    facts = find_person(people_path, person_id)
    dossier = desk_of(programme, policies, facts).dossier(person_id, facts, items)
    if kind == "html" or (kind is None and out is not None and out.suffix.lower() in (".html", ".htm")):
        _give(sheet_page(dossier) if items else dossier_page(dossier), out)
    elif out is not None:
        _give("".join(f"{line.text}\n" for line in _every_sheet(dossier)), out)
    elif items:
        print_lines(_every_sheet(dossier))
    else:
        _print_overview(dossier)


def desk_of(programme: Programme, policies: Path | None, facts: Mapping[str, Any], source: str = SOURCE) -> Desk:
    """The desk that makes a person's sheets; every known fact comes from `source`."""
    instruments = read_instruments(*(folder for folder in (policies, policies_folder()) if folder is not None))
    sources = {name: source for name, value in facts.items() if value is not None}
    return Desk(programme, instruments=instruments, names=region_name, sources=sources)


def print_lines(lines: Iterable[Line]) -> None:
    """Lines on the terminal, strong ones in bold."""
    for line in lines:
        click.secho(line.text, bold=line.strong)


def _give(text: str, out: Path | None) -> None:
    if out is None:
        click.echo(text, nl=False)
    else:
        write_text_whole(out, text)
        click.echo(f"写好了：{out}")


def _every_sheet(dossier: Dossier) -> Iterator[Line]:
    for index, sheet in enumerate(dossier.sheets):
        if index:
            yield Line("\n" + "─" * 60 + "\n")
        yield from sheet_lines(dossier, sheet)


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
    click.echo("看一项的理由：加上--item号；做成网页：加上--out文件.html")
