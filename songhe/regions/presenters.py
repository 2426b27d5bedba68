"""Divisions and their changes in words, for the pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812

from songhe.regions.models import Alteration, Change, Division, Level, Succession
from songhe.regions.operations.deeds import Adding, Ending, Merging, Moving, Planned, Renaming, Splitting, read
from songhe.regions.operations.ledger import Ledger, shown
from songhe.regions.queries import (
    COUNTRY,
    boundaries,
    children_of,
    divisions_on,
    names_of,
    part_counts,
    successions_of,
)
from songhe.regions.states import AlterationState
from songhe.regions.terms import Deed, Kind
from songhe.ui.pictures import Area, Map, classes, step

HEADS = {
    Level.CITY: N_("市"),
    Level.DISTRICT: N_("区县"),
    Level.TOWNSHIP: N_("街道、乡镇"),
    Level.COMMUNITY: N_("社区和村"),
}
_UNITS = {Level.PROVINCE: N_("省"), Level.CITY: N_("市"), Level.DISTRICT: N_("区县"), Level.TOWNSHIP: N_("街道乡镇"),
          Level.COMMUNITY: N_("社区和村")}  # fmt: skip
_STATUS = {
    AlterationState.WAITING: "running",
    AlterationState.DONE: "done",
    AlterationState.FAILED: "due",
    AlterationState.WITHDRAWN: "no",
}
_BOUNDS = (50, 100, 150)
_LONGEST_LIST = 400


@dataclass(frozen=True, slots=True)
class Row:
    """One division in a list: `counts` follow the heads of the list."""

    division: Division
    kind: str
    url: str
    counts: tuple[tuple[str, int | None], ...]
    where: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of divisions in groups; a group without a division holds rows that need none."""

    heads: tuple[str, ...]
    groups: tuple[tuple[Row | None, tuple[Row, ...]], ...]
    total: int


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing in a division's history."""

    on: date
    words: str
    url: str = ""
    document: str = ""
    is_planned: bool = False


@dataclass(frozen=True, slots=True)
class AlterationLine:
    """One decided change in a list."""

    alteration: Alteration
    words: str
    status: str
    state: str
    entered_by: str = ""


@dataclass(frozen=True, slots=True)
class Following:
    """What follows from a change: sentences, and each division as it is and as it becomes."""

    sentences: tuple[str, ...]
    rows: tuple[tuple[str, str, str], ...]


def kind_of(division: Division) -> str:
    """街道, 村 …; the level where a division has no kind."""
    return str(Kind(division.kind).label if division.kind in Kind.values else division.get_level_display())


def page_url(code: str, day: date | None) -> str:
    """The page of a division, as of a day when it is not today's."""
    address = reverse("region", args=[code])
    return f"{address}?{urlencode({'day': day.isoformat()})}" if day else address


def listing(parent: str, level: int, day: date, link_day: date | None) -> Listing:
    """What lies right below a division; districts of a city with their townships."""
    children = list(children_of(parent, day))
    deep = level == Level.CITY and bool(children)
    finest = Level.TOWNSHIP if deep else max((one.level for one in children), default=0)
    heads = tuple(one for one in HEADS if one > finest)
    rows = _rows(parent, children, day, link_day, heads)
    if not deep:
        return Listing(tuple(_(HEADS[one]) for one in heads), ((None, tuple(rows)),), len(rows))
    below: dict[str, list[Row]] = {}
    townships = list(divisions_on(day).filter(parent__in=[one.code for one in children]).order_by("code"))
    for row in _rows(parent, townships, day, link_day, heads):
        below.setdefault(row.division.parent, []).append(row)
    groups = tuple((row, tuple(below.get(row.division.code, ()))) for row in rows)
    return Listing(tuple(_(HEADS[one]) for one in heads), groups, len(rows) + len(townships))


def _rows(
    parent: str, children: Sequence[Division], day: date, link_day: date | None, heads: Sequence[Level]
) -> list[Row]:
    counts: dict[str, Counter[int]] = {}
    for level in {one.level for one in children}:
        counts |= part_counts(parent, level, day)
    return [
        Row(
            one, kind_of(one), page_url(one.code, link_day),
            tuple((_(HEADS[head]), counts.get(one.code, Counter())[head]) for head in heads),
        )
        for one in children
    ]  # fmt: skip


def found(divisions: Sequence[Division], link_day: date | None) -> Listing:
    """Divisions that a search found, with where they lie."""
    names = names_of({one.parent for one in divisions})
    rows = tuple(
        Row(one, kind_of(one), page_url(one.code, link_day), (), names.get(one.parent, "")) for one in divisions
    )
    return Listing((), ((None, rows),), len(rows))


def map_of(city: Division, day: date, link_day: date | None) -> Map | None:
    """How many communities each district of a city has; None where there is no drawing of it."""
    drawn = boundaries(city.code)
    if drawn is None or city.level != Level.CITY:
        return None
    counts = part_counts(city.code, Level.DISTRICT, day)
    areas = []
    for one in children_of(city.code, day):
        number = counts.get(one.code, Counter())[Level.COMMUNITY]
        areas.append(
            Area(
                one.code,
                one.name,
                _("{number}个").format(number=number),
                step(number, _BOUNDS),
                page_url(one.code, link_day),
            )
        )
    printed = classes(_BOUNDS, [str(bound) for bound in _BOUNDS], unit=_("个"))
    return Map("districts", _("各区县有多少社区和村"), _("区县"), _("社区和村"), tuple(areas), printed, drawn)


def history(code: str, versions: Sequence[Division]) -> list[Moment]:
    """All that happened to a division and all that is decided, the latest first."""
    steps = successions_of(code)
    came = {one.after_id for one in steps}
    gave = {one.before_id for one in steps if one.change != Change.SPLIT}
    moments = [_moment(one, code) for one in steps]
    decided = {
        (one.deed, one.on_date): one.document
        for one in Alteration.objects.filter(code=code, state=AlterationState.DONE, deed__in=(Deed.ADD, Deed.END))
    }
    for one in versions:
        if one.pk not in came:
            document = decided.get((Deed.ADD, one.valid_from), "")
            words = (
                _("新设{name}").format(name=one.name) if document else _("{name}，从这天起有记录").format(name=one.name)
            )
            moments.append(Moment(one.valid_from, words, document=document))
        if one.valid_until and one.pk not in gave:
            document = decided.get((Deed.END, one.valid_until), "")
            moments.append(Moment(one.valid_until, _("撤销{name}").format(name=one.name), document=document))
    for planned in Alteration.objects.filter(state=AlterationState.WAITING):
        if code in read(planned.deed, planned.details).codes:
            url = reverse("region-alteration", args=[planned.pk])
            moments.append(
                Moment(
                    planned.on_date, _("将{deed}").format(deed=planned.get_deed_display()), url, planned.document, True
                )
            )
    return sorted(moments, key=lambda one: one.on, reverse=True)


def _moment(one: Succession, code: str) -> Moment:
    away = one.before.code == code
    other = one.after if away else one.before
    named = _("{name}（{digits}）").format(name=other.name, digits=other.digits)
    words = {
        Change.RENAMED: _("{name}改名{new}").format(name=one.before.name, new=one.after.name),
        Change.MERGED: _("并入{named}").format(named=named) if away else _("{named}并入").format(named=named),
        Change.SPLIT: _("拆出{named}").format(named=named) if away else _("从{named}拆出").format(named=named),
        Change.RECODED: _("代码改成{digits}").format(digits=other.digits)
        if away
        else _("代码从{digits}改来").format(digits=other.digits),
    }[Change(one.change)]
    url = "" if one.change == Change.RENAMED else page_url(other.code, None)
    return Moment(one.on_date, words, url, one.document)


def say_deed(planned: Planned, names: Mapping[str, str] | None = None) -> str:
    """A decided change as a sentence."""
    known = names if names is not None else names_of(planned.codes)

    def place(code: str) -> str:
        return known.get(code) or shown(code)

    if isinstance(planned, Adding):
        return _("新设{name}（{shown}）").format(name=planned.name, shown=shown(planned.code))
    if isinstance(planned, Renaming):
        return _("{place}改名{name}").format(place=place(planned.code), name=planned.name)
    if isinstance(planned, Moving):
        return _("{place}的代码从{shown}改成{new}").format(
            place=place(planned.code), shown=shown(planned.code), new=shown(planned.new_code)
        )
    if isinstance(planned, Merging):
        parts = _("、").join(place(one) for one in planned.before if one != planned.into)
        return (
            _("{parts}并成{name}").format(parts=parts, name=planned.name)
            if planned.name
            else _("{parts}并入{place}").format(parts=parts, place=place(planned.into))
        )
    if isinstance(planned, Splitting):
        return _("从{place}拆出{name}（{shown}）").format(
            place=place(planned.code), name=planned.name, shown=shown(planned.new_code)
        )
    assert isinstance(planned, Ending)  # noqa: S101  # the kinds are these
    return _("撤销{place}").format(place=place(planned.code))


def lines_of(alterations: Sequence[Alteration], people: Mapping[Any, str]) -> list[AlterationLine]:
    """Decided changes as sentences. `people` are the names of accounts."""
    planned = {one.pk: read(one.deed, one.details) for one in alterations}
    names = names_of(code for one in planned.values() for code in one.codes)
    return [
        AlterationLine(
            one, say_deed(planned[one.pk], names), _STATUS[AlterationState(one.state)], one.get_state_display(),
            people.get(one.entered_by, ""),
        )
        for one in alterations
    ]  # fmt: skip


def following(planned: Planned, ledger: Ledger, today: date) -> Following:
    """What a change that was tried out would bring."""
    after = {id(one.before): one for one in ledger.steps if one.change != Change.SPLIT}
    opened_by_step = {id(one.after) for one in ledger.steps}
    rows = [(_named(one.before), _named(one.after), str(Change(one.change).label)) for one in ledger.steps]
    rows += [("", _named(one), _("新设")) for one in ledger.opened if id(one) not in opened_by_step]
    rows += [(_named(one), "", _("撤销")) for one in ledger.ended if id(one) not in after]
    return Following(tuple(_sentences(planned, ledger, today)), tuple(rows[:_LONGEST_LIST]))


def _sentences(planned: Planned, ledger: Ledger, today: date) -> list[str]:
    recoded = Counter(one.before.level for one in ledger.steps if one.change == Change.RECODED)
    said = []
    if ledger.day > today:
        said.append(_("{day}自动生效，在那以前可以撤回").format(day=ledger.day.isoformat()))
    if recoded:
        numbers = _("、").join(
            _("{number}个{units}").format(number=number, units=_(_UNITS[Level(level)]))
            for level, number in sorted(recoded.items())
        )
        said.append(_("{numbers}换代码").format(numbers=numbers))
    if planned.deed in (Deed.MERGE, Deed.MOVE):
        said.append(_("这里的老人档案跟着换，已经结束的经历还记原来的代码"))
        said.append(_("授权不跟着换：在这里工作的账号要重新授权"))
    if planned.deed == Deed.SPLIT:
        said.append(_("直接登记在原区划的档案先不动，生效后开一件待办，由当地分到各处"))
    if planned.deed == Deed.END:
        said.append(_("登记在这里的档案先不动，生效后开一件待办，由当地迁到别处"))
    said.append(_("以前日期的查询和统计不变"))
    return said


def _named(division: Division) -> str:
    return _("{name}（{digits}）").format(name=division.name, digits=division.digits)


def title_of(deed: Deed, name: str) -> str:
    """The title of the page on which a change is made."""
    return {
        Deed.ADD: _("在{place}新设").format(place=name or _(COUNTRY)),
        Deed.RENAME: _("{name}改名").format(name=name),
        Deed.MOVE: _("{name}改隶、改码").format(name=name),
        Deed.MERGE: _("合并{name}").format(name=name),
        Deed.SPLIT: _("拆分{name}").format(name=name),
        Deed.END: _("撤销{name}").format(name=name),
    }[deed]
