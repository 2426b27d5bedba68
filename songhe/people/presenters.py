"""The words of a list of people: rows and columns, chips, boxes, tabs. Templates only place them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache, partial
from html import escape
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812

from songhe.kernel.days import age_on
from songhe.people.models import Person, Sheet
from songhe.people.terms import Sex, Standing
from songhe.ui import formats

NOTHING = formats.NOTHING
ABILITY_WORDS = {0: N_("完好"), 1: N_("轻度"), 2: N_("中度"), 3: N_("重度"), 4: N_("完全失能")}
STANDING_WORDS = {
    Standing.PRESENT: N_("在册"),
    Standing.AWAY: N_("已迁出"),
    Standing.DEAD: N_("已去世"),
    Standing.MERGED: N_("已合并"),
}
_ENDINGS = ("社区居民委员会", "社区居委会", "居民委员会", "村民委员会", "居委会", "村委会")
_SITUATIONS: tuple[tuple[str, Callable[[Sheet], Any]], ...] = (
    (N_("独居"), lambda sheet: sheet.lives_alone),
    (N_("空巢"), lambda sheet: sheet.empty_nest and not sheet.lives_alone),
    (N_("留守"), lambda sheet: sheet.left_behind),
    (N_("失智"), lambda sheet: sheet.dementia),
    (N_("失能"), lambda sheet: (sheet.ability_grade or 0) >= 2 or sheet.cannot_self_care),
    (N_("重残"), lambda sheet: sheet.disability_level in (1, 2)),
    (N_("特困"), lambda sheet: sheet.destitute_support in ("dispersed", "concentrated")),
    (N_("低保"), lambda sheet: sheet.assistance == "minimum_living"),
    (N_("低边"), lambda sheet: sheet.assistance == "edge"),
    (N_("计生特殊"), lambda sheet: sheet.family_planning_special),
    (N_("优抚"), lambda sheet: sheet.entitled_kind not in (None, "none")),
)


@lru_cache(maxsize=1_000)
def _worded(_language: str | None, words: str) -> str:
    return _(words)


def saying() -> Callable[[str], str]:
    """Words in the language of the page, for a list: it asks for the same dozen some hundreds of times."""
    return partial(_worded, get_language())


@dataclass(frozen=True, slots=True)
class Context:
    """What a row needs beside the person: the day, the names of places, the days of ability grades, the language."""

    today: date
    places: Mapping[str, str]
    grades: Mapping[UUID, date]
    matched: Mapping[UUID, Sequence[str]]
    said: Callable[[str], str] = field(default_factory=saying)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: `text`, a second smaller word, a class of the kit, and the label a phone puts before it."""

    text: str
    css: str = ""
    note: str = ""
    label: str = ""
    ochre: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the list and of its export. `sort` is the order its head asks for."""

    code: str
    head: str
    cell: Callable[[Person, Context], Cell]
    sort: str = ""
    number: bool = False
    usual: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One person in the list. `cells` is written out: a page has some hundreds of cells, too many for tags."""

    id: UUID
    name: str
    url: str
    cells: SafeString


def place_short(name: str) -> str:
    """吴都社区居委会 as 吴都, 泥矶村委会 as 泥矶村."""
    for ending in _ENDINGS:
        if name.endswith(ending) and len(name) > len(ending):
            return name.removesuffix(ending) + ("村" if ending.startswith("村") else "")
    return name.removesuffix("社区") if len(name) > len("社区") + 1 else name


def situations(sheet: Sheet | None, said: Callable[[str], str] = _) -> list[str]:
    """What changes the work with a person, the weightiest kinds first as listed."""
    return [] if sheet is None else [said(words) for words, holds in _SITUATIONS if holds(sheet)]


def between() -> str:
    """What stands between situations in one line."""
    return pgettext("between situations", " ")


def sheet_of(person: Person) -> Sheet | None:
    """The person's sheet; a merged file has none."""
    return getattr(person, "sheet", None)


def _age(person: Person, context: Context) -> Cell:
    if person.birth_date is None:
        return Cell(NOTHING, "sh-num", label=context.said(N_("年龄")))
    return Cell(
        str(age_on(person.birth_date, person.death_date or context.today)), "sh-num", label=context.said(N_("年龄"))
    )


def _ability(person: Person, context: Context) -> Cell:
    sheet = sheet_of(person)
    told = context.grades.get(person.pk)
    note = formats.since(told, context.today) if told else ""
    if sheet is None or sheet.ability_grade is None:
        stale = sheet is not None and "ability_grade" in sheet.stale
        return Cell(
            context.said(N_("太旧") if stale else N_("没有评过")), note=note, ochre=True, label=context.said(N_("能力"))
        )
    return Cell(context.said(ABILITY_WORDS[sheet.ability_grade]), note=note, label=context.said(N_("能力")))


def _doubts(person: Person, context: Context) -> Cell:
    sheet = sheet_of(person)
    if sheet is None or not (sheet.conflicts or sheet.stale):
        return Cell(NOTHING, "sh-desk")
    words = [
        _("{said}{number}项").format(said=said, number=len(facts)) for said,
        facts in ((_("有两种说法"), sheet.conflicts), (_("太旧"), sheet.stale)) if facts
    ]  # fmt: skip
    return Cell(_("，").join(words), ochre=True)


@cache
def _sex(_language: str | None, code: str) -> str:
    return str(Sex(code).label) if code else NOTHING


def _place(code: str, context: Context) -> str:
    return place_short(context.places.get(code, "")) or NOTHING


COLUMNS: Mapping[str, Column] = {
    column.code: column
    for column in (
        Column("sex", N_("性别"), lambda person, context: Cell(_sex(get_language(), person.sex))),
        Column("age", N_("年龄"), _age, sort="age", number=True),
        Column("tail", N_("证件后四位"), lambda person, context: Cell(person.identity_tail or NOTHING, "sh-desk")),
        Column("place", N_("社区"), lambda person, context: Cell(_place(person.region_code, context)), sort="place"),
        Column(
            "situation",
            N_("情况"),
            lambda person, context: Cell(
                between().join(situations(sheet_of(person), context.said)[:4]) or NOTHING, "sh-side-by"
            ),
        ),
        Column("ability", N_("能力"), _ability),
        Column("doubts", N_("要核实的"), _doubts),
        Column("address", N_("住址"), lambda person, context: Cell(person.address or NOTHING, "sh-wrap"), usual=False),
        Column(
            "phone",
            N_("电话后四位"),
            lambda person, context: Cell(person.phone_tail or NOTHING, label=context.said(N_("电话"))),
            usual=False,
        ),
        Column(
            "birth",
            N_("生日"),
            lambda person, context: Cell(_day(person.birth_date), "sh-num"),
            number=True,
            usual=False,
        ),
        Column(
            "registered",
            N_("户籍地"),
            lambda person, context: Cell(_place(person.registered_region, context)),
            usual=False,
        ),
        Column(
            "death",
            N_("去世日期"),
            lambda person, context: Cell(_day(person.death_date), "sh-num"),
            number=True,
            usual=False,
        ),
    )
}
USUAL = tuple(code for code, column in COLUMNS.items() if column.usual)


def columns_of(chosen: Sequence[str] | None) -> list[Column]:
    """The columns somebody chose, in the order of the table; the usual ones when nothing was."""
    codes = set(USUAL if chosen is None else chosen)
    return [column for code, column in COLUMNS.items() if code in codes]


def row_of(person: Person, columns: Sequence[Column], context: Context) -> Row:
    """One row. Who was searched for shows what matched."""
    cells = [column.cell(person, context) for column in columns]
    if context.matched:
        cells.append(Cell(_("、").join(map(_, context.matched.get(person.pk, ()))), label=_("找到的是")))
    return Row(person.pk, person.name, _url(person.pk), mark_safe("".join(map(_td, cells))))  # noqa: S308 _td escapes


def _url(person_id: UUID) -> str:
    before, after = _around_id()
    return f"{before}{person_id}{after}"


@cache
def _around_id() -> tuple[str, str]:
    """The address of a file, on both sides of the id: working one out for every row takes long."""
    nobody = UUID(int=0)
    before, _, after = reverse("person", args=[nobody]).partition(str(nobody))
    return before, after


def _td(cell: Cell) -> str:
    """One cell as a `td`; everything that comes from a file is escaped."""
    css = f' class="{cell.css}"' if cell.css else ""
    label = f' data-label="{cell.label}"' if cell.label else ""
    text, note = escape(cell.text), f' <span class="sh-source">{escape(cell.note)}</span>' if cell.note else ""
    shown = f'<span class="sh-ochre">{text}</span>' if cell.ochre else text
    return f"<td{css}{label}>{shown}{note}</td>"


def _day(value: date | None) -> str:
    return NOTHING if value is None else formats.exact_day(value)
