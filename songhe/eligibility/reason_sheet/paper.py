"""A person's sheets as a PDF to hand out or to file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from songhe.eligibility.reason_sheet.model import KINDS, VERDICTS, Branch, FactLine, Sheet
from songhe.eligibility.reason_sheet.text import changes_words, inquiry_reach, money_of, touches_words
from songhe.ui.paper.pdf import Block, pdf_of

_NOTE = "待核的意思：有一项事实不知道，知道了才能定；不当作可享，也不当作不可享。这张纸说明理由，不是审批决定。"


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands above the sheets: whose they are, for which day, by which list; `lines` one below the other."""

    title: str
    lines: tuple[str, ...]


def sheets_pdf(cover: Cover, sheets: Sequence[Sheet], facts: Sequence[FactLine] = ()) -> bytes:
    """The PDF. `facts` are those that were used, for a paper that holds all items."""
    blocks = [Block(cover.title, 18, strong=True)]
    blocks += [Block(line, 10, before=2) for line in cover.lines]
    for sheet in sheets:
        blocks += _sheet(sheet)
    if facts:
        blocks.append(Block("判定用到的事实", 13, strong=True, before=20, keep=True))
        blocks += [Block(_fact(fact), before=1) for fact in facts]
    blocks.append(Block(_NOTE, 9, before=20))
    return pdf_of(cover.title, blocks, cover.title)


def _fact(fact: FactLine) -> str:
    return f"{fact.label}：{fact.value}" + (f"（{fact.source}）" if fact.source else "")


def _sheet(sheet: Sheet) -> Iterator[Block]:
    yield Block(f"{sheet.number} {sheet.name}", 13, strong=True, before=20, keep=True)
    yield Block(sheet.headline, 11, strong=True, mark=KINDS[sheet.answer], before=4, keep=True)
    yield Block(sheet.sentence, indent=1)
    yield from (Block(f"{label} {value}", indent=1) for label, value in money_of(sheet))
    yield _title("条件")
    yield from _tree(sheet.tree, 0)
    ways = list(_ways(sheet))
    if ways:
        yield _title("最省事的办法")
        yield from ways
    touches = list(touches_words(sheet))
    if touches:
        yield _title("会受影响的")
        yield from (Block(line) for line in touches)
    yield _title("依据")
    yield Block(f"{sheet.basis.document} {sheet.basis.place or sheet.basis.clause}")
    yield Block(f"大意：{sheet.basis.gist}{sheet.basis.standard}。牵头：{'、'.join(sheet.basis.lead)}")
    if sheet.notes:
        yield _title("存疑")
        yield from (Block(note) for note in sheet.notes)


def _title(text: str) -> Block:
    return Block(text, 10, strong=True, before=8, keep=True)


def _tree(branch: Branch, depth: int) -> Iterator[Block]:
    yield Block(branch.words, strong=branch.decides, indent=depth, mark=KINDS[branch.answer], before=2, keep=True)
    known = " · ".join(part for part in (branch.value, branch.source, branch.clause) if part)
    if known:
        yield Block(known, 9, indent=depth + 1)
    for child in branch.children:
        yield from _tree(child, depth + 1)


def _ways(sheet: Sheet) -> Iterator[Block]:
    if sheet.waiting:
        yield Block(f"{sheet.waiting}。")
    if sheet.inquiry is not None:
        yield Block(sheet.inquiry.question, keep=True)
        for option in sheet.inquiry.options:
            yield Block(f"{option.words}：{VERDICTS[option.answer]}", indent=1, mark=KINDS[option.answer])
        yield from (Block(words) for words in inquiry_reach(sheet))
    if changes_words(sheet):
        yield Block(changes_words(sheet))
