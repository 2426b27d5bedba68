"""The parts of one item's sheet as HTML: answer, conditions, the easiest way, what it touches, where it is written."""

from __future__ import annotations

from html import escape

from songhe.eligibility.reason_sheet.document import mark, verdict
from songhe.eligibility.reason_sheet.model import KINDS, Branch, Dossier, Option, Sheet
from songhe.eligibility.reason_sheet.text import changes_words, inquiry_reach, money_of, release_words, touches_words

_SAID = {True: "满足：", False: "不满足：", None: "不知道："}


def answer_box(sheet: Sheet) -> str:
    """The answer in one sentence on its ground, with the amounts where there is money."""
    money = "".join(f"<div><dt>{label}</dt><dd>{escape(value)}</dd></div>" for label, value in money_of(sheet))
    return (
        f'<div class="answer {KINDS[sheet.answer]}">'
        f'<p class="headline">{mark(sheet.answer)}{escape(sheet.headline)}</p>'
        f"<p>{escape(sheet.sentence)}</p>{f'<dl class=money>{money}</dl>' if money else ''}</div>"
    )


def conditions(sheet: Sheet) -> str:
    """The tree of conditions, branches that decide in bold."""
    return _part("条件", f'<ul class="tree top">{_branch(sheet.tree)}</ul>', "conditions")


def _branch(branch: Branch) -> str:
    strong = " decides" if branch.decides else ""
    known = " · ".join(escape(part) for part in (branch.source, branch.clause) if part)
    value = f"<b>{escape(branch.value)}</b>" if branch.decides and branch.value else escape(branch.value)
    detail = f'<span class="known">{value}{" · " if value and known else ""}{known}</span>' if value or known else ""
    below = f'<ul class="tree">{"".join(map(_branch, branch.children))}</ul>' if branch.children else ""
    return (
        f'<li class="{KINDS[branch.answer]}{strong}"><span class="condition">{mark(branch.answer)}'
        f'<span class="hidden">{_SAID[branch.answer]}</span>{escape(branch.words)}</span>{detail}{below}</li>'
    )


def ways(sheet: Sheet) -> str:
    """The easiest way: waiting, the one question with what each answer gives, or what would have to change."""
    inside = []
    if sheet.waiting:
        inside.append(f"<p><b>{escape(sheet.waiting)}</b></p>")
    if sheet.inquiry is not None:
        options = "".join(map(_option, sheet.inquiry.options))
        inside.append(f"<p><b>{escape(sheet.inquiry.question)}</b></p><ul class=options>{options}</ul>")
        inside += [f'<p class="quiet">{escape(words)}</p>' for words in inquiry_reach(sheet)]
    if changes_words(sheet):
        inside.append(f"<p>{escape(changes_words(sheet))}</p>")
    return _part("最省事的办法", f'<div class="ways">{"".join(inside)}</div>') if inside else ""


def _option(option: Option) -> str:
    return f"<li>{escape(option.words)}{verdict(option.answer)}</li>"


def touches(sheet: Sheet) -> str:
    """What hangs together with the item."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in touches_words(sheet))
    return _part("会受影响的", lines) if lines else ""


def basis(sheet: Sheet) -> str:
    """The document, the place in it, and what it says in our words."""
    where = f"{sheet.basis.document} {sheet.basis.place or sheet.basis.clause}"
    return _part(
        "依据",
        f'<p title="{escape(sheet.basis.clause)}"><b>{escape(where)}</b></p>'
        f'<p><span class="tag">大意</span>{escape(sheet.basis.gist)}{escape(sheet.basis.standard)}。</p>'
        f'<p class="quiet">牵头：{escape("、".join(sheet.basis.lead))}</p>',
    )


def doubts(sheet: Sheet) -> str:
    """What the document leaves open and who must confirm how it is read here."""
    notes = "".join(f"<li>{escape(note)}</li>" for note in sheet.notes)
    return _part("存疑", f"<ul class=notes>{notes}</ul>") if notes else ""


def release(dossier: Dossier) -> str:
    """Which release of the list was used, and for which day."""
    return f'<p class="release" title="{escape(dossier.digest)}">{escape(release_words(dossier))}</p>'


def _part(title: str, content: str, kind: str = "") -> str:
    return f'<section class="part {kind}"><h3>{title}</h3>{content}</section>'
