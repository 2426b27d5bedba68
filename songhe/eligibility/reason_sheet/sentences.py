"""The sentences of a sheet: the answer in one line, what stands in the way, how items of a group go together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from songhe.eligibility.reason_sheet.model import DEAD, Branch, Inquiry
from songhe.eligibility.reason_sheet.words import day_words
from songhe.rules.programme import BoundItem

NOTHING = "–"
NO_AMOUNT, OPEN_AMOUNT = "清单没有写金额", "还定不下来"
_FAILING_SHOWN = 3
_BOTH, _NOT_PAID, _OPEN = "两项都可享，", "本项不另发", "定了才知道发哪一项"


def headline(
    answer: bool | None, facts: Sequence[str], figures: Sequence[str], waiting: str, coordination: Sequence[str]
) -> str:
    """The answer: 可享; 待核，只缺1项：生活不能自理."""
    if answer is None:
        return "待核，" + "；".join(part for part in (_lacking(facts), _unset(figures, bool(facts))) if part)
    if answer:
        return "可享，本项不另发" if _NOT_PAID in "".join(coordination) else "可享"
    return "现在不可享" if waiting else "不可享"


def _lacking(facts: Sequence[str]) -> str:
    if not facts:
        return ""
    return f"只缺1项：{facts[0]}" if len(facts) == 1 else f"缺{len(facts)}项：{'、'.join(facts)}"


def _unset(figures: Sequence[str], also: bool) -> str:
    return f"清单{'也' if also else ''}没有定{'、'.join(f'“{name}”' for name in figures)}" if figures else ""


def sentence(
    answer: bool | None,
    tree: Branch,
    gift: str,
    facts: Sequence[str],
    coordination: Sequence[str],
    inquiry: Inquiry | None,
) -> str:
    """What follows from the answer, in one sentence."""
    if answer:
        settled = _settled(coordination)
        return f"条件都满足。{gift}{'；' + settled if settled else ''}。"
    if answer is False:
        return _in_the_way(tree)
    if not facts:
        return "这个数要等发文机关定，定了才能判，现在问谁都定不下来。"
    if inquiry is None:
        return "要弄清的不止一项。"
    if inquiry.wanted and len(facts) == 1:
        return f"{inquiry.wanted}，就可享{'，' if gift == NO_AMOUNT else '：'}{gift}。"
    return f"先弄清“{inquiry.label}”最省事。"


def given(bound: BoundItem, amount: str) -> str:
    """What the item gives first of all: 每月100元, 上门探访每年12次; for a service alone, what it is."""
    if bound.pays:
        return amount or NO_AMOUNT
    return amount or bound.item.gives.what


def _settled(coordination: Sequence[str]) -> str:
    """Which of two items a person may have is paid: 发第17项，本项不另发; empty where there is nothing to choose."""
    said = [line.partition("。")[2] for line in coordination if _BOTH in line or _OPEN in line]
    return "；".join(line.removeprefix(_BOTH).rstrip("。") for line in said)


def _in_the_way(tree: Branch) -> str:
    failing = [branch for branch in tree.children if branch.decides and branch.answer is False]
    dead = [branch for branch in failing if branch.words == "在世"]
    if dead:
        return f"{dead[0].value}去世，从那天起不再有这项待遇。"
    return f"不满足：{'；'.join(_failing(branch) for branch in failing)}。"


def _failing(branch: Branch) -> str:
    """A condition that does not hold; of several of which one would do, the first few."""
    if not branch.children:
        return f"{branch.words}{_now(branch.value)}"
    failing = [child for child in branch.children if child.answer is False]
    parts = [(child.meaning or child.words).replace("，且", "并且") for child in failing]
    more = f"等{len(parts)}条" if len(parts) > _FAILING_SHOWN else ""
    return f"{'、'.join(parts[:_FAILING_SHOWN])}{more}，一条也没有"


def _now(value: str) -> str:
    """What the person has instead, where it says more than that the condition does not hold."""
    if value.endswith("周岁"):
        return f"（现在{value.rpartition('，')[2]}）"
    return f"（现在是{value.partition('：')[2]}）" if "：" in value else ""


def branch_leaves(branch: Branch) -> list[Branch]:
    """The conditions at the ends of the tree, in reading order."""
    return [branch] if not branch.children else [leaf for child in branch.children for leaf in branch_leaves(child)]


def short_amount(bound: BoundItem, answer: bool | None, amount: str) -> str:
    """What the item gives, for a narrow column; a service has no amount."""
    if answer is False or bound.item.gives.kind == "service":
        return NOTHING
    return amount or "没写金额"


def gap(
    bound: BoundItem,
    answer: bool | None,
    tree: Branch,
    facts: Sequence[str],
    figures: Sequence[str],
    soon: date | None,
    coordination: Sequence[str],
    besides: Sequence[str],
) -> str:
    """What is given, missing or in the way, for a narrow column."""
    if answer is None:
        if not facts:
            return f"清单没有定{'、'.join(figures)}"
        return f"缺：{facts[0]}" if len(facts) == 1 else f"缺：{facts[0]}等{len(facts)}项"
    if answer:
        return _settled(coordination) or "；".join(filter(None, (bound.item.gives.what, *besides)))
    return f"{day_words(soon)}起可享" if soon is not None else _short_of(tree)


def _short_of(tree: Branch) -> str:
    """The first condition in the way, as the person stands to it: 不是优抚对象; 要年满80周岁，现在79周岁."""
    failing = next(leaf for leaf in branch_leaves(tree) if leaf.decides and leaf.answer is False)
    if failing.words == "在世":
        return DEAD
    age = failing.value.rpartition("，")[2]
    return f"要{failing.words}，现在{age}" if age.endswith("周岁") else failing.value or failing.words


def between(mine: bool | None, theirs: bool | None, paid: float | None, number: int) -> str:
    """How an item of a group stands to another one, after the rule between them was said."""
    if theirs is False:
        return f"第{number}项不可享，不影响本项。"
    if not mine:
        return f"第{number}项{'可享' if theirs else '待核'}。"
    if theirs is None:
        return f"第{number}项待核，{_OPEN if paid is None else '怎么定都不改本项'}。"
    if paid is None:
        return f"第{number}项也可享，金额没有，{_OPEN}。"
    return f"{_BOTH}发本项，第{number}项不另发。" if paid else f"{_BOTH}发第{number}项，{_NOT_PAID}。"


def joining(kind: str, parts: int) -> str:
    """How the conditions below go together: 下面3条都要满足."""
    return f"下面{parts}条都要满足" if kind == "and" else f"下面{parts}条满足1条就行"
