"""What an interview comes to: what a person may have, what is still to be found out, what not; as lines of text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from songhe.eligibility.reason_sheet.model import NO, TO_DO, UNSET, YES, Dossier, Sheet
from songhe.eligibility.reason_sheet.sentences import OPEN_AMOUNT as OPEN
from songhe.eligibility.reason_sheet.text import MARKS, Line

HELP = "不明白，打12345"
NOT_A_DECISION = "这不是审批决定，是按您的回答和清单算出来的。"
NOT_WRITTEN = "去哪里办、带什么，清单没有写，问牵头的部门。"


@dataclass(frozen=True, slots=True)
class Result:
    """The sheets of a dossier as a person asks for them. `later` are those that merely waiting makes a yes."""

    money: tuple[Sheet, ...]
    services: tuple[Sheet, ...]
    to_find_out: tuple[Sheet, ...]
    unset: tuple[Sheet, ...]
    later: tuple[Sheet, ...]
    no: tuple[Sheet, ...]
    total: str

    @property
    def entitled(self) -> int:
        """How many items are a yes."""
        return len(self.money) + len(self.services)


def result_of(dossier: Dossier) -> Result:
    """The dossier's sheets by what a person does with them."""
    entitled, refused = dossier.of_group(YES), dossier.of_group(NO)
    return Result(
        money=tuple(sheet for sheet in entitled if sheet.amounts),
        services=tuple(sheet for sheet in entitled if not sheet.amounts),
        to_find_out=dossier.of_group(TO_DO),
        unset=dossier.of_group(UNSET),
        later=tuple(sheet for sheet in refused if sheet.waiting),
        no=tuple(sheet for sheet in refused if not sheet.waiting),
        total=dossier.total,
    )


def hanging(result: Result) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """What is not known yet, each with the numbers of the items that hang on it; what most hang on comes first."""
    found: dict[str, list[int]] = {}
    for sheet in result.to_find_out:
        for label in sheet.missing:
            found.setdefault(label, []).append(sheet.number)
    ordered = sorted(found.items(), key=lambda pair: -len(pair[1]))
    return tuple((label, tuple(numbers)) for label, numbers in ordered)


def numbers_words(numbers: tuple[int, ...]) -> str:
    """Numbers of items in a phrase: 第3、17项."""
    return f"第{'、'.join(map(str, numbers))}项"


def paid_words(sheet: Sheet) -> str:
    """What is paid of a money item: 每月100元; 不另发 where another one is paid instead."""
    (_, eligible), (_, payable) = sheet.amounts
    if "本项不另发" in sheet.headline:
        return sheet.gap.replace("，本项不另发", "，不另发")
    return payable if payable != OPEN else f"{eligible}；{sheet.gap}"


def given_words(sheet: Sheet) -> str:
    """What a service or a discount gives: 幸福食堂餐费优惠40%."""
    return sheet.gift


def headline_words(result: Result) -> str:
    """The result in one line: 您可享12项."""
    return f"您可享{result.entitled}项" if result.entitled else "按现在的回答，还没有哪一项定下来可享"


def summary_words(result: Result) -> str:
    """What is behind the headline, in one sentence; empty where there is nothing to add."""
    parts = []
    if result.money:
        total = f"，写了金额的合计{result.total}" if result.total else ""
        parts.append(f"{len(result.money)}项是发钱的{total}")
    if result.to_find_out:
        parts.append(f"还有{len(result.to_find_out)}项，再弄清就能定")
    return f"{'；'.join(parts)}。" if parts else ""


def result_lines(dossier: Dossier) -> Iterator[Line]:
    """The result for a terminal."""
    result = result_of(dossier)
    yield Line(headline_words(result), True)
    yield Line(summary_words(result))
    yield from _list("发钱的", result.money, paid_words)
    yield from _list("服务和优惠", result.services, given_words)
    yield from _list("再弄清就能定的", result.to_find_out, lambda sheet: sheet.gap)
    if result.to_find_out:
        yield Line("")
        yield Line("还不清楚的，和在等它的事项", True)
        yield from (Line(f"  {label}    {numbers_words(numbers)}") for label, numbers in hanging(result))
    yield from _list("等清单定数的", result.unset, lambda sheet: sheet.gap)
    yield from _list("到日子就可享的", result.later, lambda sheet: sheet.waiting)
    if result.no:
        yield Line("")
        yield Line(f"现在不可享的{len(result.no)}项", True)
        yield Line(f"  {'、'.join(f'{sheet.number} {sheet.name}' for sheet in result.no)}")
    yield Line("")
    yield Line(f"{NOT_A_DECISION}{NOT_WRITTEN}{HELP}。")


def _list(title: str, sheets: tuple[Sheet, ...], words: Callable[[Sheet], str]) -> Iterator[Line]:
    if sheets:
        yield Line("")
        yield Line(f"{title}{len(sheets)}项", True)
        yield from (Line(f"  {MARKS[s.answer]} {s.number} {s.name}    {words(s)}") for s in sheets)
