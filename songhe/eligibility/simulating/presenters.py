"""What came out, ready for templates: variants side by side, and the chosen one by item, place, age and lead office."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from songhe.eligibility.simulating.queries import Answer, Variant
from songhe.eligibility.what_if import MONTHS, Effect, ItemEffect
from songhe.eligibility.what_if_tables import age_bands, rule_of
from songhe.foundation.places import place_names
from songhe.rules.packs import Pack
from songhe.rules.programme import SHARED, Programme
from songhe.rules.sentence import plain_number
from songhe.rules.units import in_words
from songhe.ui import formats
from songhe.ui.pictures import MOST_SERIES, Chart, Series
from songhe.ui.words import said

NOBODY_KNOWS = "none"  # the district of whom no address is known, in addresses of pages
LETTERS = "甲乙丙"
_CODE = 12
Names = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure in words; `url` opens its people."""

    words: str
    url: str = ""
    ochre: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row of figures."""

    label: str
    unit: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item that the chosen variant touches."""

    number: int
    name: str
    before: int
    after: int
    cells: Sequence[tuple[str, Cell]]
    unknown: str
    money: str
    rules: tuple[str, str] | None


def names_of(codes: Iterable[str]) -> Names:
    """The names of divisions by leading digits, looked up once."""
    known: dict[str, str] = place_names({code.ljust(_CODE, "0") for code in codes if code})

    def name(code: str) -> str:
        full = code.ljust(_CODE, "0")
        if full not in known:
            known.update(place_names([full]))
        return known[full]

    return name


def letter(place: int) -> str:
    """How a variant of changed figures is called."""
    return LETTERS[place] if place < len(LETTERS) else str(place + 1)


def changes_in_words(programme: Programme, changes: Mapping[str, object]) -> str:
    """The changed figures in words: 高龄津贴 起始年龄 80→75岁."""
    return _("；").join(_change(programme, name, figure) for name, figure in changes.items())


def _change(programme: Programme, name: str, figure: object) -> str:
    owner, _dot, key = name.partition(".")
    bound = programme.items[0] if owner == SHARED else programme.item(owner)
    parameter = programme.pack.parameters_of(bound.item)[key]
    value = getattr(bound.figures.value(key), "value", None)
    old = _("没有写") if value is None else plain_number(value)
    title = _("整份清单") if owner == SHARED else bound.item.name
    return f"{title} {parameter.label} {old}→{plain_number(figure)}{said(in_words(parameter.unit))}"  # type: ignore[arg-type]


def compared(answer: Answer, people_url: Callable[[int, str], str]) -> list[Line]:
    """The variants side by side, what holds now first. `people_url` opens a figure of people of a variant."""
    variants, now = answer.variants, answer.what_if.fen_month
    return [
        _people(variants, "better", _("多得的人"), 1, people_url),
        _people(variants, "worse", _("少得的人"), -1, people_url),
        Line(_("每月支出"), _("万元"), [_wan(now), *(_wan(now + one.effect.fen_month) for one in variants)]),
        Line(_("比现行多，每月"), _("万元"), [_none(), *(_wan(one.effect.fen_month, True) for one in variants)]),
        Line(_("比现行多，一年"), _("万元"), [_none(), *(_wan(one.effect.fen_year, True) for one in variants)]),
        Line(_("待核多几人次"), _("人次"), [_none(), *(_unknown(one.effect) for one in variants)]),
        Line(_("待核最多再加，一年"), _("万元"), [_none(), *(_open(one) for one in variants)]),
    ]


def _people(
    variants: Sequence[Variant], figure: str, label: str, sign: int, people_url: Callable[[int, str], str]
) -> Line:
    cells = [_none()]
    for place, one in enumerate(variants):
        number = one.effect.people.total(figure)
        cells.append(
            Cell(formats.change(sign * number), people_url(place, figure) if number else "", sign < 0 < number)
        )
    return Line(label, _("人"), cells)


def _none() -> Cell:
    return Cell(formats.NOTHING)


def _wan(fen: int, signed: bool = False) -> Cell:
    words = formats.ten_thousand_yuan(fen) if fen else "0"
    return Cell(f"+{words}" if signed and fen > 0 else words)


def _unknown(effect: Effect) -> Cell:
    return Cell(formats.change(sum(int(item.unknown_change().sum()) for item in effect.items)))


def _open(one: Variant) -> Cell:
    return Cell(f"0–{formats.ten_thousand_yuan(one.open_after)}", ochre=True) if one.open_after else Cell("0")


def item_lines(answer: Answer, effect: Effect, url: Callable[..., str], names: Names) -> list[ItemLine]:
    """The touched items of the chosen variant; where the rule itself changed, both in words."""
    held, new = answer.trial.before.pack, effect.programme.pack
    return [_item(item, url, _rules(item, held, new, names) if answer.trial.edits else None) for item in effect.items]


def _item(item: ItemEffect, url: Callable[..., str], rules: tuple[str, str] | None) -> ItemLine:
    own, total = item.after.item, item.tally.total
    labels = {"gained": _("新增"), "lost": _("失去"), "more": _("多得"), "less": _("少得")}
    cells = []
    for name, label in labels.items():
        number, sign = total(name), {"gained": 1, "lost": -1}.get(name, 0)
        words = formats.change(sign * number) if sign else formats.number(number)
        cells.append((label, Cell(words, url(name, item=own.slug) if number else "")))
    unknown = f"{formats.number(total('unknown_before'))}→{formats.number(total('unknown_after'))}"
    return ItemLine(own.number, own.name, total("yes_before"), total("yes_after"), cells, unknown, _money(item), rules)


def _money(item: ItemEffect) -> str:
    if not item.after.pays:
        return formats.NOTHING
    per = {"month": _("元/月"), "year": _("元/年")}.get(item.after.item.gives.per, _("元"))
    if not any(item.sets_money):
        return _("没有写金额")
    return f"{'+' if item.fen > 0 else ''}{formats.yuan(item.fen)}{per}"


def _rules(item: ItemEffect, held: Pack, new: Pack, names: Names) -> tuple[str, str] | None:
    before = (
        "" if item.tally.total("yes_before") == 0 and item.before.amount is None else rule_of(item.before, held, names)
    )
    after = rule_of(item.after, new, names)
    return None if before == after else (before, after)


def lead_lines(effect: Effect) -> list[tuple[str, str, str]]:
    """More money a month and a year by the office that leads; the list does not say which level pays."""
    sums: dict[str, list[int]] = {}
    for item in effect.items:
        if item.after.pays and any(item.sets_money):
            per, lead = item.after.item.gives.per, _("、").join(item.after.item.lead)
            own = sums.setdefault(lead, [0, 0])
            own[0] += item.fen if per == "month" else 0
            own[1] += item.fen * (MONTHS if per == "month" else 1)
    return [(lead, _plus(month), _plus(year)) for lead, (month, year) in sums.items()]


def _plus(fen: int) -> str:
    return f"{'+' if fen > 0 else ''}{formats.yuan(fen)}"


def district_lines(answer: Answer, effect: Effect, url: Callable[..., str], names: Names) -> list[Line]:
    """People and money of the chosen variant by district; those in which nothing changes are left out."""
    found = []
    for place, code in enumerate(answer.what_if.roll.districts):
        area = code or NOBODY_KNOWS
        figures = [int(effect.people.cells(name)[place].sum()) for name in ("better", "worse")]
        money = int(effect.month_cells()[place].sum())
        if not any(figures) and not money:
            continue
        found.append(_cells(names(code) if code else _("不知道住哪里"), figures, money, url, area=area))
    return found


def age_lines(answer: Answer, effect: Effect, url: Callable[..., str]) -> list[Line]:
    """The same by age band, the youngest first; bands in which nothing changes are left out."""
    found = []
    for band, words in reversed(list(enumerate(age_bands()))):
        figures = [int(effect.people.cells(name)[:, band].sum()) for name in ("better", "worse")]
        money = int(effect.month_cells()[:, band].sum())
        if any(figures) or money:
            found.append(_cells(said(words), figures, money, url, band=band))
    return found


def _cells(label: str, figures: Sequence[int], fen: int, url: Callable[..., str], **where: object) -> Line:
    better, worse = figures
    return Line(
        label, "",
        [
            Cell(formats.change(better), url("better", **where) if better else ""),
            Cell(formats.change(-worse), url("worse", **where) if worse else "", worse > 0),
            Cell(_plus(fen)),
        ],
    )  # fmt: skip


def brief_figures(answer: Answer, *, may_open: bool) -> list[tuple[str, str, str, str]]:
    """What a draft does in a few figures: label, figure, unit, and the address of its people."""
    effect, release = answer.variants[0].effect, answer.trial.release.pk

    def url(figure: str, number: int) -> str:
        return page_url(release, ()) + f"people/{query((), figure=figure)}" if may_open and number else ""

    better, worse = (effect.people.total(name) for name in ("better", "worse"))
    gained, lost = (sum(item.tally.total(name) for item in effect.items) for name in ("gained", "lost"))
    return [
        (_("多得的人"), formats.number(better), _("人"), url("better", better)),
        (_("少得的人"), formats.number(worse), _("人"), url("worse", worse)),
        (_("新增可享"), formats.number(gained), _("人次"), ""),
        (_("不再可享"), formats.number(lost), _("人次"), ""),
        (_("比现行多，每月"), _wan(effect.fen_month, True).words, _("万元"), ""),
    ]


def unpriced(answer: Answer) -> list[str]:
    """The items it touches of which no list says the money, so that no figure counts it."""
    found = answer.variants[0].effect.items
    return [
        f"{one.after.item.number} {one.after.item.name}" for one in found if one.after.pays and not any(one.sets_money)
    ]


def charts_of(answer: Answer, effect: Effect, names: Names) -> list[Chart]:
    """Who gains by age and district, and who gains and loses by district; none where nobody does."""
    districts = answer.what_if.roll.districts
    known = [place for place, code in enumerate(districts) if code and _moved(effect, place)]
    better, worse = effect.people.cells("better"), effect.people.cells("worse")
    charts = []
    ages = [band for band in reversed(range(better.shape[1])) if better[:, band].any()]
    if ages and 0 < len(known) <= MOST_SERIES:
        series = tuple(
            Series(names(districts[place]), tuple(int(better[place, band]) for band in ages), number)
            for number, place in enumerate(known, 1)
        )
        bands = tuple(said(age_bands()[band]) for band in ages)
        charts.append(Chart("gain-by-age", _("多得的人：按年龄和区"), "stacked", bands, series, _("人"), _("年龄")))
    if known and (better.any() or worse.any()):
        sides = (
            Series(_("少得"), tuple(-int(worse[place].sum()) for place in known), 3),
            Series(_("多得"), tuple(int(better[place].sum()) for place in known), 1),
        )
        areas = tuple(names(districts[place]) for place in known)
        charts.append(Chart("both-by-area", _("谁多谁少：按区"), "diverging", areas, sides, _("人"), _("区")))
    return charts


def _moved(effect: Effect, place: int) -> bool:
    return any(effect.people.cells(name)[place].any() for name in ("better", "worse"))


def page_url(release: object, texts: Sequence[str], chosen: int = 0, **more: object) -> str:
    """The page with these variants."""
    return reverse("simulate", args=[release]) + query(texts, chosen, **more)


def query(texts: Sequence[str], chosen: int = 0, **more: object) -> str:
    """Variants as the end of an address."""
    pairs = [("v", text) for text in texts] + [("n", chosen)] * bool(chosen) + list(more.items())
    return f"?{urlencode(pairs)}" if pairs else ""
