"""The sheet a person takes home after being asked: what is theirs, what is still to be found out, what was answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from songhe.eligibility.reason_sheet.document import LOGO, document
from songhe.eligibility.reason_sheet.model import Dossier, Sheet
from songhe.eligibility.reason_sheet.result import (
    HELP,
    NOT_A_DECISION,
    NOT_WRITTEN,
    Result,
    given_words,
    hanging,
    headline_words,
    paid_words,
    result_of,
    summary_words,
)
from songhe.eligibility.reason_sheet.text import release_words
from songhe.eligibility.reason_sheet.words import day_words

Words = Callable[[Sheet], str]


def result_page(dossier: Dossier, answers: Sequence[tuple[str, str]]) -> str:
    """The page; `answers` are what was asked and what was said, in order."""
    result = result_of(dossier)
    title = headline_words(result)
    body = (
        f'<main class="paper"><header class="letterhead"><span class="brand">{LOGO}松鹤'
        f"<span>{escape(dossier.region_name)}养老服务</span></span><span>{escape(day_words(dossier.on))}</span></header>"
        f"<h1>{escape(title)}</h1><p class=lead>{escape(summary_words(result))}</p>"
        f"{_sections(result)}{_answers(answers)}{_foot(dossier)}</main>"
    )
    return document(title, body, kind="result")


def _sections(result: Result) -> str:
    lead = ("牵头的部门", lambda sheet: "、".join(sheet.basis.lead))
    place = ("写在", lambda sheet: sheet.basis.place or sheet.basis.document)
    named = "、".join(escape(sheet.name) for sheet in result.no)
    refused = f"<section><h2>现在不可享{len(result.no)}项</h2><p>{named}。情况变了可以再查。</p></section>"
    return "".join(
        (
            _table(f"发钱的{len(result.money)}项", result.money, ("能得到", paid_words), lead, place),
            _table(f"服务和优惠{len(result.services)}项", result.services, ("能得到", given_words), lead, place),
            _table(f"再弄清就能定的{len(result.to_find_out)}项", result.to_find_out, ("要弄清", _to_find_out)),
            _hanging(result),
            _table(f"到日子就可享的{len(result.later)}项", result.later, ("什么时候", lambda sheet: sheet.waiting)),
            _table(f"等清单定数的{len(result.unset)}项", result.unset, ("缺什么", lambda sheet: sheet.gap)),
            refused if result.no else "",
        )
    )


def _hanging(result: Result) -> str:
    names = {sheet.number: sheet.name for sheet in result.to_find_out}
    rows = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape('、'.join(names[number] for number in numbers))}</dd></div>"
        for label, numbers in hanging(result)
        if len(numbers) > 1
    )
    return f"<section><h2>弄清一样，定几项</h2><dl class=hanging>{rows}</dl></section>" if rows else ""


def _to_find_out(sheet: Sheet) -> str:
    asked = sheet.inquiry.question if sheet.inquiry is not None else f"{sheet.gap}。"
    return f"{asked}可享的话，{sheet.gift}。"


def _table(title: str, sheets: tuple[Sheet, ...], *columns: tuple[str, Words]) -> str:
    if not sheets:
        return ""
    head = "".join(f'<th scope="col">{word}</th>' for word in ("什么", *(word for word, _ in columns)))
    rows = "".join(
        f'<tr><th scope="row">{escape(sheet.name)}</th>'
        + "".join(f'<td data-label="{word}">{escape(words(sheet))}</td>' for word, words in columns)
        + "</tr>"
        for sheet in sheets
    )
    return (
        f"<section><h2>{title}</h2><table class=columns-{len(columns)}><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></section>"
    )


def _answers(answers: Sequence[tuple[str, str]]) -> str:
    if not answers:
        return ""
    rows = "".join(f"<div><dt>{escape(asked)}</dt><dd>{escape(said)}</dd></div>" for asked, said in answers)
    return f"<section><h2>您的回答</h2><dl class=said>{rows}</dl></section>"


def _foot(dossier: Dossier) -> str:
    documents = dict.fromkeys(sheet.basis.document for sheet in dossier.sheets)
    return (
        f"<footer><p><b>{HELP}</b>。{NOT_WRITTEN}</p>"
        f"<p>{NOT_A_DECISION}依据：{escape('、'.join(documents))}。</p><p>{escape(release_words(dossier))}</p></footer>"
    )
