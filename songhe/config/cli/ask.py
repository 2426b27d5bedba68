"""songhe ask: asks a person only what still matters and says what they may have. Nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from songhe.config.cli.explain import desk_of, print_lines
from songhe.config.cli.options import FILE, Day, check_page, list_option, open_list, policies_option
from songhe.demo.divisions import Divisions
from songhe.eligibility.asking import Asked, Interview
from songhe.eligibility.reason_sheet.result import result_lines
from songhe.eligibility.reason_sheet.result_page import result_page
from songhe.eligibility.typed_answers import read_answer, read_known
from songhe.foundation.files.whole import write_text_whole
from songhe.kernel.errors import BadInput, NotFound
from songhe.rules.facts import PERSON_TABLE
from songhe.rules.programme import bind

PERSON = "本人"
SOURCE = "您的回答"
BACK = ("返回", "back", "b")
STOP = ("停", "停止", "stop", "q")
_HELP = "写号或写字都行；不清楚写0，改上一题写返回，不想答了写停。回答不会存下来。"
_EXAMPLE = "例：songhe ask --list 420700-ezhou/basic-list-2023 --html result.html"


@click.command(epilog=_EXAMPLE)
@list_option
@click.option("--on", type=Day(), default=None, metavar="日期", help="以哪一天为准；不写就是今天")
@click.option(
    "--answers", type=FILE, default=None, metavar="文件", help="已经知道的，一样一行，如 出生日期：1944-05-02"
)
@click.option("--html", type=FILE, default=None, metavar="文件", help="结果另写一页带走，.html")
@policies_option
def ask(list_id: str, on: date | None, answers: Path | None, html: Path | None, policies: Path | None) -> None:
    """问几句，看可享什么：只问还有用的，一次一句。"""
    on = on or date.today()
    check_page("--html", html, answers)
    programme = bind(open_list(list_id, policies, on), on)
    click.secho(f"{programme.pack.title}{len(programme.items)}项", bold=True)
    click.echo(_HELP)
    interview = Interview(programme, divisions=Divisions())
    if answers is not None:
        interview = replace(interview, known=read_known(interview, _lines(answers), answers.name, on))
    interview = _interview(interview, on)
    dossier = desk_of(programme, policies, interview.facts, SOURCE).dossier(PERSON, interview.facts)
    click.echo()
    print_lines(result_lines(dossier))
    if html is not None:
        write_text_whole(html, result_page(dossier, said(interview)))
        click.echo(f"\n写好了：{html}")


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8-sig").splitlines()
    except OSError as error:
        raise NotFound(f"文件{path}") from error
    except UnicodeDecodeError as error:
        raise BadInput(path.name, "不是UTF-8的文本", accepted="另存为UTF-8") from error


def _interview(interview: Interview, on: date) -> Interview:
    """The interview after the last question, or as far as the person went."""
    while (asked := interview.question()) is not None:
        _show(asked, len(interview.answers) + 1)
        try:
            typed = click.prompt("答", prompt_suffix="：", default="", show_default=False)
        except click.Abort:  # the end of the input, or Ctrl-C: what is known is worth showing
            click.echo("\n\n没有再答，按已知的算。")
            return interview
        word = typed.strip().lower()
        if word in STOP:
            return interview
        if word in BACK:
            interview = interview.back()
            continue
        interview = _answered(interview, asked, typed, on)
    return interview


def _show(asked: Asked, number: int) -> None:
    click.echo()
    click.secho(f"{number}. {asked.words}", bold=True)
    for place, choice in enumerate(asked.choices, 1):
        click.echo(f"   {place} {choice.words}")
    if asked.help:
        click.echo(f"   {asked.help}")


def _answered(interview: Interview, asked: Asked, typed: str, on: date) -> Interview:
    """The interview with what was typed, said back so that a slip is seen; the same one when it cannot be read."""
    if not typed.strip():
        click.echo("   没有写。不清楚写0。")
        return interview
    try:
        value = read_answer(asked, typed, on, interview.divisions)
    except BadInput as error:
        click.secho(f"   {error.problem}；{error.accepted}", fg="yellow")
        return interview
    following = interview.answer(asked.fact, value)
    click.echo(f"   → {words_of(asked.fact, value)}（定下了{following.settled}项）")
    return following


def words_of(fact: str, value: Any) -> str:
    """An answer as it is said back."""
    if value is None:
        return "不清楚"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    known = PERSON_TABLE[fact]
    if value is True or value is False:
        return known.if_true if value else known.if_false
    if isinstance(value, str) and value.isdigit():
        return Divisions().full_name(value) or value
    return known.say(value)


def said(interview: Interview) -> Sequence[tuple[str, str]]:
    """Questions and answers in order, for the sheet a person takes home."""
    known = [(PERSON_TABLE[fact].label, words_of(fact, value)) for fact, value in interview.known.items()]
    asked = [(PERSON_TABLE[fact].question, _short(interview, fact, value)) for fact, value in interview.answers]
    return [*known, *asked]


def _short(interview: Interview, fact: str, value: Any) -> str:
    """Beside its question a yes or no is enough."""
    truths = [choice.words for choice in interview.asked(fact).choices if choice.value is value]
    return truths[0] if isinstance(value, bool) else words_of(fact, value)
