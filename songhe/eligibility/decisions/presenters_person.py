"""What one person may have, in words: the matrix by groups, changes, and the reason of one item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812

from songhe.eligibility.decisions.models import Change
from songhe.eligibility.decisions.queries.person import Course, File
from songhe.eligibility.decisions.terms import MatterKind, MatterOutcome, Outcome
from songhe.eligibility.reason_sheet.model import KINDS, VERDICTS, Branch, Sheet
from songhe.eligibility.reason_sheet.overview import Line
from songhe.eligibility.reason_sheet.paper import Cover
from songhe.eligibility.reason_sheet.text import changes_words, inquiry_reach, money_of, touches_words
from songhe.foundation.access.actors import Actor
from songhe.rules.facts import PERSON_TABLE
from songhe.ui import formats

TO_DO, RECEIVED, PAUSED, FREE = N_("要办的"), N_("在享"), N_("暂停的"), N_("可享，不用申请")
TO_FIND_OUT, YES, UNSET, NO = N_("弄清了就能定的"), N_("可享"), N_("等清单定数的"), N_("不可享")
NOW_GROUPS = (TO_DO, RECEIVED, PAUSED, FREE, UNSET, NO)
THEN_GROUPS = (TO_FIND_OUT, YES, UNSET, NO)
_LETTERS = {"y": True, "n": False, "u": None, "": None}
_STRIP, _LONGEST = 6, 28


@dataclass(frozen=True, slots=True)
class Row:
    """One item of the matrix. `css` colours the state: due, not known, or to be done."""

    number: int
    slug: str
    name: str
    url: str
    kind: str
    word: str
    amount: str
    state: str
    css: str
    open: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """A change: when, and what became of which item."""

    when: str
    exact: str
    what: str


@dataclass(frozen=True, slots=True)
class Panel:
    """The reason of one item, with what can be done about it. Empty urls are not offered."""

    sheet: Sheet
    kind: str
    tree: Mapping[str, Any]
    money: Sequence[tuple[str, str]]
    options: Sequence[tuple[str, str, str]]
    reach: Sequence[str]
    changes: str
    touches: Sequence[str]
    course: Sequence[str]
    fact_url: str
    door_url: str
    pause_url: str
    resume_url: str
    paused: str
    release: str


def groups_of(
    lines: Iterable[Line], course: Course, today: date, url: str, open_item: str, *, then: bool
) -> list[tuple[str, list[Row]]]:
    """The matrix: every item once, in the first group it belongs to."""
    found: dict[str, list[Row]] = {}
    for line in lines:
        group = _group_then(line) if then else _group_now(line, course)
        state, css = _state(line, course, today)
        slug = line.slug
        row = Row(
            line.number, slug, line.name, f"{url}{'&' if '?' in url else '?'}{urlencode({'item': slug})}",
            KINDS[line.answer], _(VERDICTS[line.answer]), line.amount, state, css, slug == open_item,
        )  # fmt: skip
        found.setdefault(group, []).append(row)
    return [(_(group), found[group]) for group in (THEN_GROUPS if then else NOW_GROUPS) if group in found]


def counts_of(lines: Sequence[Line]) -> list[tuple[str, str, int]]:
    """How many items have each answer: kind, word, number."""
    return [
        (KINDS[answer], _(VERDICTS[answer]), sum(line.answer is answer for line in lines))
        for answer in (True, None, False)
    ]


def turns_of(changes: Iterable[tuple[Change, str]], names: Mapping[str, str], today: date) -> list[Turn]:
    """The changes in words, the latest first; what one day changed is one."""
    found = []
    for day, together in groupby(changes, key=lambda pair: pair[0].on_date):
        words = _("；").join(_turn(change, names.get(slug, slug)) for change, slug in together)
        found.append(Turn(formats.day(day, today), formats.exact_day(day), words))
    return found


def first_and_rest(turns: Sequence[Turn]) -> tuple[Sequence[Turn], Sequence[Turn]]:
    """What stands in the strip, and what is left."""
    return turns[:_STRIP], turns[_STRIP:]


def panel_of(file: File, course: Course, item: str, actor: Actor, today: date) -> Panel | None:
    """The reason of one item; None when the list has no such item."""
    if file.desk is None or file.facts is None:
        return None
    bound = next((one for one in file.desk.programme.items if one.item.slug == item), None)
    if bound is None:
        return None
    sheet = file.desk.sheet(bound, file.facts)
    now = file.moment.known_at is None
    pk, matter, pause = file.person.pk, course.matters.get(item), course.pauses.get(item)
    concerned = sheet.answer is not False or item in course.receipts or matter is not None or pause is not None
    may_pause = now and concerned and actor.may("decisions.pause")
    return Panel(
        sheet, KINDS[sheet.answer], tree_of(sheet.tree), money_of(sheet), _options(sheet),
        list(inquiry_reach(sheet)), changes_words(sheet), list(touches_words(sheet)),
        _course_words(item, course, today) if now else (),
        _fact_url(sheet, file, pk) if now and actor.may("people.write") else "",
        _url("door", matter.door) if now and matter is not None and actor.may("decisions.work") else "",
        reverse("item-pause", args=[pk, item]) if may_pause and pause is None else "",
        reverse("item-resume", args=[pk, item]) if may_pause and pause is not None else "",
        _paused(pause, today) if pause is not None and now else "", release_words(file),
    )  # fmt: skip


def on_paper(panel: Panel) -> Panel:
    """The same without anything to press."""
    return replace(panel, fact_url="", door_url="", pause_url="", resume_url="")


def tree_of(branch: Branch) -> Mapping[str, Any]:
    """The conditions for a template."""
    known = " · ".join(part for part in (branch.source, branch.clause) if part)
    return {
        "words": branch.words, "meaning": branch.meaning, "kind": KINDS[branch.answer], "decides": branch.decides,
        "value": branch.value, "known": known, "children": [tree_of(child) for child in branch.children],
    }  # fmt: skip


def release_words(file: File) -> str:
    """Which edition of the list, and since when it holds."""
    release = file.release
    if release is None:
        return ""
    words = _("{title}第{number}版，{day}起")
    return words.format(
        title=release.of_list.title, number=release.number, day=formats.exact_day(release.from_date)
    )  # fmt: skip


def cover_of(file: File, later: str) -> Cover:
    """What stands on top of a paper."""
    on, known = file.moment.on, file.moment.known_at
    lines = [
        _("判定到{day}").format(day=formats.exact_day(on)),
        _("清单：{list}").format(list=release_words(file) or "–"),
    ]
    if known is not None:
        day = formats.exact_day(timezone.localtime(known - timedelta(seconds=1)).date())
        lines.append(_("按{day}为止知道的情况和那一天施行的清单算，和现在的可能不同").format(day=day))
    if later:
        lines.append(later)
    if not file.complete:
        lines.append(_("没有清单，就没有结论：不是不可享，是还没有规定"))
    return Cover(_("{name}的待遇和理由").format(name=file.person.name), tuple(lines))


def issued_later(file: File) -> str:
    """Said in a replay when the list held on the day but was put into Songhe only afterwards."""
    issued, known = (file.release.issued_at if file.release else None), file.moment.known_at
    if issued is None or known is None or issued <= known:
        return ""
    day = formats.exact_day(timezone.localtime(issued).date())
    return _("这一版清单{day}才在松鹤印发，那时还没有判定过；下面是按它补算的").format(day=day)


def _group_now(line: Line, course: Course) -> str:
    if line.slug in course.pauses:
        return PAUSED
    receiving = line.slug in course.receipts
    if line.slug in course.matters or (receiving and line.answer is False):
        return TO_DO
    if receiving:
        return RECEIVED
    if line.answer is None:
        return TO_DO if line.askable else UNSET
    if line.answer:
        return TO_DO if line.applied_for else FREE
    return NO


def _group_then(line: Line) -> str:
    if line.answer is None:
        return TO_FIND_OUT if line.askable else UNSET
    return YES if line.answer else NO


def _state(line: Line, course: Course, today: date) -> tuple[str, str]:
    """What stands in the last column, and its class."""
    pause, matter = course.pauses.get(line.slug), course.matters.get(line.slug)
    receipt, settled = course.receipts.get(line.slug), course.settled.get(line.slug)
    if pause is not None:
        return _("暂停，{day}起").format(day=formats.day(pause.from_date, today)), "sh-ochre"
    if matter is not None and matter.due_date < today:
        return _("过期{days}天").format(days=(today - matter.due_date).days), "sh-vermilion"
    if receipt is not None:
        return _received(line, _("在享，{day}起").format(day=formats.day(receipt.from_date, today)))
    if line.answer and line.applied_for and course.standing is not None:
        return _not_received(settled.outcome if settled else ""), "sh-strong"
    return (line.gap, "sh-ochre") if line.answer is None else (_short(line.gap), "")


def _short(words: str) -> str:
    """What an item gives, cut to two lines of a narrow column; the reason says all of it."""
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip('、；，')}…"


def _received(line: Line, since: str) -> tuple[str, str]:
    if line.answer is False:
        return _("在享，不再可享：{gap}").format(gap=line.gap), "sh-vermilion"
    return (since, "") if line.answer else (_("{since}；{gap}").format(since=since, gap=line.gap), "sh-ochre")


def _not_received(outcome: str) -> str:
    words = {
        MatterOutcome.ACCEPTED.value: _("要办，还没有享"), MatterOutcome.DECLINED.value: _("说了不要"),
        MatterOutcome.OFFERED.value: _("告诉了，在考虑"),
    }  # fmt: skip
    return words.get(outcome, _("没有申请"))


def _turn(change: Change, name: str) -> str:
    if change.before != change.after:
        before, after = (_(VERDICTS[_LETTERS[letter]]) for letter in (change.before, change.after))
        return _("{name}：{before}改{after}").format(name=name, before=before, after=after)
    before, after = formats.yuan(change.fen_before), formats.yuan(change.fen_after)
    return _("{name}：{before}元改{after}元").format(name=name, before=before, after=after)


def _options(sheet: Sheet) -> list[tuple[str, str, str]]:
    if sheet.inquiry is None:
        return []
    return [(one.words, KINDS[one.answer], _(VERDICTS[one.answer])) for one in sheet.inquiry.options]


def _course_words(item: str, course: Course, today: date) -> list[str]:
    """What was done about the item: received since, to be settled until, settled last."""
    words = []
    receipt, matter, settled = course.receipts.get(item), course.matters.get(item), course.settled.get(item)
    if receipt is not None:
        since = formats.day(receipt.from_date, today)
        words.append(_("在享，{day}起，来源{source}").format(day=since, source=receipt.source))
    if matter is not None:
        kind, day = MatterKind(matter.kind).label, formats.day(matter.due_date, today)
        words.append(_("要办：{kind}，{day}到期").format(kind=kind, day=day))
    if settled is not None and settled.closed_at is not None:
        day = formats.day(timezone.localtime(settled.closed_at).date(), today)
        said = _("{day}{who}办过：{outcome}").format(
            day=day, who=settled.closer, outcome=MatterOutcome(settled.outcome).label
        )
        words.append(_("{said}，{reason}").format(said=said, reason=settled.reason) if settled.reason else said)
    decided = course.decided.get(item)
    if decided is not None and course.standing is not None:
        day = formats.day(course.standing.on_date, today)
        words.append(_("{day}判定：{outcome}").format(day=day, outcome=Outcome(decided).label))
    return words


def _paused(pause: Any, today: date) -> str:
    day = formats.day(pause.from_date, today)
    return _("{day}起暂停，{who}：{reason}").format(day=day, who=pause.pauser, reason=pause.reason)


def _fact_url(sheet: Sheet, file: File, pk: UUID) -> str:
    """Where the fact that the one question asks for is told."""
    if sheet.inquiry is None:
        return ""
    label = sheet.inquiry.label
    name = next((name for name, fact in PERSON_TABLE.items() if fact.label == label and name in file.told), "")
    return reverse("person-fact", args=[pk, name]) if name else ""


def _url(name: str, *args: Any) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
