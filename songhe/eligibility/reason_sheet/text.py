"""A sheet as lines of text for a terminal or a file; deciding conditions are marked strong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from songhe.eligibility.reason_sheet.model import DEAD, VERDICTS, Branch, Dossier, Sheet
from songhe.eligibility.reason_sheet.sentences import NO_AMOUNT
from songhe.eligibility.reason_sheet.words import day_words

MARKS = {True: "●", False: "⊖", None: "◐"}
DIGEST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A line; `strong` where the eye should rest."""

    text: str
    strong: bool = False


def sheet_lines(dossier: Dossier, sheet: Sheet) -> Iterator[Line]:
    """One item's sheet from its name to the release of the list."""
    yield Line(f"{sheet.number}  {sheet.name}", True)
    yield Line(f"{dossier.person_id} · {day_words(dossier.on)} · {dossier.list_title}")
    yield Line("")
    yield Line(f"{MARKS[sheet.answer]} {sheet.headline}", True)
    yield Line(f"  {sheet.sentence}")
    if sheet.amounts:
        yield Line("  " + "    ".join(f"{label} {value}" for label, value in money_of(sheet)))
    yield from _part("条件", _tree(sheet.tree, "", ""))
    yield from _part("最省事的办法", _ways(sheet))
    yield from _part("会受影响的", map(Line, touches_words(sheet)))
    yield from _part("依据", _basis(sheet))
    yield from _part("存疑", map(Line, sheet.notes))
    yield Line("")
    yield Line(release_words(dossier))


def money_of(sheet: Sheet) -> tuple[tuple[str, str], ...]:
    """The amounts with their labels; one line where there is none to speak of."""
    unset = all(value == NO_AMOUNT for _, value in sheet.amounts)
    return (("金额", NO_AMOUNT),) if sheet.amounts and unset else sheet.amounts


def release_words(dossier: Dossier) -> str:
    """Which release of the list was used, and for which day."""
    unconfirmed = "（还没有与正式文本核对）" if dossier.unconfirmed else ""
    return (
        f"清单 {dossier.list_id}{unconfirmed} · {day_words(dossier.from_date)}起 · "
        f"摘要 {dossier.digest[:DIGEST_SHOWN]} · 判定到 {day_words(dossier.on)}"
    )


def _part(title: str, lines: Iterator[Line] | map[Line]) -> Iterator[Line]:
    found = list(lines)
    if found:
        yield Line("")
        yield Line(title, True)
        yield from (Line(f"  {line.text}", line.strong) for line in found)


def _tree(branch: Branch, lead: str, below: str) -> Iterator[Line]:
    yield Line(f"{lead}{MARKS[branch.answer]} {branch.words}", branch.decides)
    known = " · ".join(part for part in (branch.value, branch.source, branch.clause) if part)
    if known:
        yield Line(f"{below}    {known}")
    for index, child in enumerate(branch.children):
        last = index + 1 == len(branch.children)
        yield from _tree(child, below + ("└ " if last else "├ "), below + ("  " if last else "│ "))


def _ways(sheet: Sheet) -> Iterator[Line]:
    if sheet.waiting:
        yield Line(f"{sheet.waiting}。")
    if sheet.inquiry is not None:
        yield Line(sheet.inquiry.question, True)
        for option in sheet.inquiry.options:
            yield Line(f"{MARKS[option.answer]} {option.words}：{VERDICTS[option.answer]}")
        yield from map(Line, inquiry_reach(sheet))
    if changes_words(sheet):
        yield Line(changes_words(sheet))


def inquiry_reach(sheet: Sheet) -> Iterator[str]:
    """What else the one question settles or touches."""
    if sheet.inquiry is not None and sheet.inquiry.settles:
        yield f"不管怎么答，第{_numbers(sheet.inquiry.settles)}项也一次定下。"
    if sheet.inquiry is not None and sheet.inquiry.touches:
        yield f"第{_numbers(sheet.inquiry.touches)}项也在等这一项。"


def changes_words(sheet: Sheet) -> str:
    """The single changes that would make a no a yes; that there are none, unless waiting does it or nothing can."""
    if sheet.changes:
        return f"只要有一条变了就可享：{'；'.join(sheet.changes)}。"
    final = sheet.answer is not False or sheet.waiting or sheet.gap == DEAD
    return "" if final else "要变的不止一条。"


def touches_words(sheet: Sheet) -> Iterator[str]:
    """What hangs together with the item: items of which not all are paid, and what would end a yes."""
    yield from sheet.coordination
    if sheet.keeps:
        yield f"只要有一条变了就不再可享：{'；'.join(sheet.keeps)}。"


def _numbers(numbers: tuple[int, ...]) -> str:
    return "、".join(map(str, numbers))


def _basis(sheet: Sheet) -> Iterator[Line]:
    yield Line(f"{sheet.basis.document} {sheet.basis.place or sheet.basis.clause}")
    yield Line(f"大意：{sheet.basis.gist}{sheet.basis.standard}。")
    yield Line(f"牵头：{'、'.join(sheet.basis.lead)}")
