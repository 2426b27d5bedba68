"""A person's sheets as a page: one item alone, or all items with each sheet a click away, both without any script."""

from __future__ import annotations

from html import escape

from songhe.eligibility.reason_sheet import parts
from songhe.eligibility.reason_sheet.document import LOGO, document, verdict
from songhe.eligibility.reason_sheet.model import GROUPS, KINDS, TO_DO, UNSET, YES, Dossier, FactLine, Sheet
from songhe.eligibility.reason_sheet.words import day_words

_HINTS = {TO_DO: "弄清了就能定", YES: "", UNSET: "问谁都定不下来，等发文机关", "不可享": ""}


def sheet_page(dossier: Dossier) -> str:
    """The page of one item; `dossier` holds one sheet."""
    sheet = dossier.sheets[0]
    title = f"{sheet.number} {sheet.name}"
    body = (
        f"{_top_bar(dossier)}<main><article>"
        f'<header class="head"><h1>{escape(title)}</h1><p>{escape(_about(dossier))}</p></header>'
        f'<h2 class="hidden">结论</h2>{parts.answer_box(sheet)}'
        f'<div class="columns"><div>{parts.conditions(sheet)}</div>'
        f"<div>{parts.ways(sheet)}{parts.touches(sheet)}{parts.basis(sheet)}{parts.doubts(sheet)}</div></div>"
        f"<footer>{parts.release(dossier)}{_disclaimer()}</footer></article></main>"
    )
    return document(f"{title} · {dossier.person_id}", body, kind="single")


def dossier_page(dossier: Dossier) -> str:
    """The page of all items: facts, the matrix, and each item's sheet, shown when its row is chosen."""
    ordered = [sheet for group in GROUPS for sheet in dossier.of_group(group)]
    first = ordered[0].number
    panels = "".join(_panel(dossier, sheet, sheet.number == first) for sheet in ordered)
    body = (
        f"{_top_bar(dossier)}<main>"
        f'<header class="head"><h1>{escape(dossier.person_id)}</h1><p>{escape(_about(dossier))}</p></header>'
        f'<div class="three"><section class="facts" aria-labelledby="facts"><h2 id="facts">事实</h2>'
        f"{_facts(dossier.facts)}</section>{_matrix(dossier, first)}"
        f'<div class="panels" tabindex="0" role="region" aria-label="一项的理由">{panels}</div></div>'
        f"<footer>{parts.release(dossier)}{_disclaimer()}</footer></main>"
    )
    return document(f"{dossier.person_id} 的待遇", body, more_style=_selection(ordered, first), kind="dossier")


def _selection(sheets: list[Sheet], first: int) -> str:
    """The row of the open sheet is marked: one rule a row, since no script may do it."""
    chosen = [f"body:has(#item-{sheet.number}:target) #row-{sheet.number}>*" for sheet in sheets]
    marked = ",".join([*chosen, f"body:not(:has(.sheet:target)) #row-{first}>*"])
    edges = marked.replace(">*", ">*:first-child")
    edge = "box-shadow:inset 3px 0 0 var(--pine-700)"
    return f"@media screen{{{marked}{{background:var(--pine-100)}}{edges}{{{edge}}}}}\n"


def _top_bar(dossier: Dossier) -> str:
    return (
        f'<header class="bar"><span class="brand">{LOGO}松鹤</span><span>{escape(dossier.region_name)}</span></header>'
    )


def _about(dossier: Dossier) -> str:
    count = f"{len(dossier.sheets)}项 · " if len(dossier.sheets) > 1 else f"{dossier.person_id} · "
    return f"{dossier.list_title} · {count}判定到{day_words(dossier.on)}"


def _disclaimer() -> str:
    unknown = "待核的意思：有一项事实不知道，知道了才能定；不当作可享，也不当作不可享。"
    return f"<p>{unknown}这张纸说明理由，不是审批决定。</p>"


def _facts(facts: tuple[FactLine, ...]) -> str:
    sources = {fact.source for fact in facts if fact.known}
    shared = sources.pop() if len(sources) == 1 else ""
    rows = "".join(
        f"<div><dt>{escape(fact.label)}</dt><dd>"
        f'<span class="{"" if fact.known else "open"}">{escape(fact.value)}</span>'
        f"{f'<small>{escape(fact.source)}</small>' if fact.source and not shared else ''}</dd></div>"
        for fact in facts
    )
    return f"{f'<p>{escape(shared)}</p>' if shared else ''}<dl>{rows}</dl>"


def _matrix(dossier: Dossier, first: int) -> str:
    counts = "".join(
        f'<span class="count">{verdict(answer)} <b>{dossier.count(answer)}</b></span>' for answer in (True, None, False)
    )
    total = f'<p class="total">定得下来、写了金额的，合计 <b>{escape(dossier.total)}</b></p>' if dossier.total else ""
    bodies = "".join(_group(group, dossier.of_group(group)) for group in GROUPS if dossier.of_group(group))
    return (
        f'<section class="matrix" aria-labelledby="items"><div class="title"><h2 id="items">待遇</h2>'
        f'<p class="counts">{counts}</p></div><div class="panel"><table><caption class="hidden">各项的结论</caption>'
        '<thead><tr><th scope="col" class="n">号</th><th scope="col">事项</th><th scope="col">结论</th>'
        '<th scope="col" class="amount">金额或标准</th><th scope="col" class="gap">给什么，缺什么</th></tr></thead>'
        f"{bodies}</table></div>{total}</section>"
    )


def _group(group: str, sheets: tuple[Sheet, ...]) -> str:
    hint = f"<span>{_HINTS[group]}</span>" if _HINTS[group] else ""
    head = f'<tr class="group"><th colspan="5" scope="rowgroup">{group} {len(sheets)}项{hint}</th></tr>'
    return f"<tbody>{head}{''.join(map(_row, sheets))}</tbody>"


def _row(sheet: Sheet) -> str:
    gap = f'<span class="{"open" if sheet.answer is None else ""}">{escape(sheet.gap)}</span>' if sheet.gap else "–"
    second = f'<small class="{"open" if sheet.answer is None else ""}">{escape(sheet.gap)}</small>' if sheet.gap else ""
    return (
        f'<tr id="row-{sheet.number}" class="{KINDS[sheet.answer]}"><td class="n">{sheet.number}</td>'
        f'<th scope="row"><a href="#item-{sheet.number}">{escape(sheet.name)}</a>{second}</th>'
        f'<td>{verdict(sheet.answer)}</td><td class="amount">{escape(sheet.amount)}</td><td class="gap">{gap}</td></tr>'
    )


def _panel(dossier: Dossier, sheet: Sheet, first: bool) -> str:
    number = sheet.number
    return (
        f'<article class="sheet{" first" if first else ""}" id="item-{number}" aria-labelledby="name-{number}">'
        f'<div class="title"><h2 id="name-{number}">{number} {escape(sheet.name)}</h2>'
        f'<a class="back" href="#row-{number}">返回</a></div>'
        f"{parts.answer_box(sheet)}{parts.conditions(sheet)}{parts.ways(sheet)}{parts.touches(sheet)}"
        f"{parts.basis(sheet)}{parts.doubts(sheet)}{parts.release(dossier)}</article>"
    )
