"""The overview of items, the people behind a figure and the list of matters, ready for templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812

from songhe.eligibility.decisions.models import Matter
from songhe.eligibility.decisions.places import fen_at, known_places
from songhe.eligibility.decisions.presenters import amount_words, item_name, person_decisions_url, when_of
from songhe.eligibility.decisions.queries.takeup import (
    BEYOND,
    GAP,
    RECEIVING,
    UNKNOWN,
    YES,
    Page,
    Stand,
    TakeUp,
    receipts_of,
)
from songhe.eligibility.decisions.terms import MatterKind, MatterOutcome
from songhe.foundation.places import place_names
from songhe.kernel.days import age_on
from songhe.rules.facts import PERSON_TABLE
from songhe.rules.packs import Item
from songhe.ui import formats
from songhe.ui.pictures import Chart, Series
from songhe.ui.words import said

OUTCOME_WORDS = {
    YES: N_("可享"), UNKNOWN: N_("待核"), RECEIVING: N_("在享"), GAP: N_("可享没享"), BEYOND: N_("不可享还在享"),
}  # fmt: skip
_PER = {"month": N_("{yuan}元/月"), "year": N_("{yuan}元/年"), "once": N_("{yuan}元")}
BOUNDS = (0.02, 0.05, 0.15, 0.30)
_MOST_PARTS, _MOST_BARS = 8, 12


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of people with the address of its rows; `step` colours it."""

    value: int
    url: str
    label: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item of the list as it stands."""

    number: int
    name: str
    yes: Cell
    unknown: Cell
    receiving: Cell
    gap: Cell
    beyond: Cell
    share: float | None
    money: str
    parts: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Overview:
    """What the overview shows: items somebody has to be put down for, the others, and the sums of the former."""

    applied: Sequence[ItemRow]
    others: Sequence[ItemRow]
    sums: ItemRow
    parts: Sequence[str]
    chart: Chart | None
    classes: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person behind a figure."""

    name: str
    url: str
    age: int | None
    place: str
    amount: str
    since: date | None


@dataclass(frozen=True, slots=True)
class MatterRow:
    """One matter in the list."""

    url: str
    name: str
    what: str
    kind: str
    question: str
    place: str
    when: str
    due: bool
    outcome: str
    closer: str
    row: Matter


def overview_of(found: TakeUp, items: Mapping[str, Item], own: str) -> Overview:
    """Items with the widest gap first; those open to everybody in the order of the list.

    `own` is the working region (leading digits): files that lie at it and in no part of it have a column of their own.
    """
    known = [(slug, items[slug], stand) for slug, stand in found.whole.items() if slug in items]
    applied = sorted((one for one in known if one[1].applied_for), key=lambda one: (-one[2].gap, one[1].number))
    slugs = [slug for slug, _item, _stand in applied]
    parts = [part for part, stands in found.parts.items() if _shown(stands, slugs, part.rstrip("0") == own)]
    parts = parts if 1 < len(parts) <= _MOST_PARTS else []
    names = place_names(part.ljust(12, "0") for part in parts)
    others = sorted((one for one in known if not one[1].applied_for), key=lambda one: one[1].number)
    sums: dict[str, Stand] = {part: _sum(found.parts[part], applied) for part in parts}
    total = _sum(found.whole, applied)
    return Overview(
        applied=[_row(slug, item, stand, found, parts) for slug, item, stand in applied],
        others=[_row(slug, item, stand, found, []) for slug, item, stand in others],
        sums=_sums(total, sums, sum(stand.fen for _slug, item, stand in applied if item.gives.per == "month")),
        parts=[names[part.ljust(12, "0")] if part.rstrip("0") != own else _("没分到下面的") for part in parts],
        chart=_chart(applied),
        classes=_classes(),
    )


def people_rows(page: Page, item: Item | None, slug: str, today: date) -> list[PersonRow]:
    """The people behind a figure."""
    place = known_places()[slug]
    receipts = receipts_of([one.pk for one in page.rows], slug)
    places = place_names(one.region_code for one in page.rows)
    return [
        PersonRow(
            name=one.person.name,
            url=person_decisions_url(one.pk, slug) or reverse("person", args=[one.pk]),
            age=age_on(one.person.birth_date, one.person.death_date or today) if one.person.birth_date else None,
            place=places[one.region_code],
            amount=amount_words(fen_at(one.fen, place), item),
            since=receipts[one.pk].from_date if one.pk in receipts else None,
        )
        for one in page.rows
    ]


def matter_rows(rows: Iterable[Matter], items: Mapping[str, Item], today: date) -> list[MatterRow]:
    """Rows of the list of matters."""
    rows = list(rows)
    places = place_names(row.region_code for row in rows)
    return [
        MatterRow(
            url=reverse("door", args=[row.door]) + f"?matter={row.pk}#m-{row.pk}",
            name=row.person.name,
            what=item_name(dict(items), row.item),
            kind=str(MatterKind(row.kind).label),
            question=said(PERSON_TABLE[row.question].label) if row.question else "",
            place=places[row.region_code],
            when=when_of(row.due_date, today),
            due=row.due_date < today,
            outcome=str(MatterOutcome(row.outcome).label) if row.outcome else "",
            closer=row.closer,
            row=row,
        )
        for row in rows
    ]


def people_url(item: str, outcome: str, area: str = "") -> str:
    """The people behind a figure."""
    pairs = [("item", item), ("outcome", outcome)] + ([("area", area.ljust(12, "0"))] if area else [])
    return f"{reverse('decided-people')}?{urlencode(pairs)}"


def place_choices(parts: Iterable[tuple[str, int]]) -> list[tuple[str, str]]:
    """Divisions with their counts, for a filter."""
    parts = list(parts)
    names = place_names(code for code, _number in parts)
    return [(code, f"{names[code]} {number:,}") for code, number in parts]


def _shown(stands: Mapping[str, Stand], applied: Iterable[str], own: bool) -> bool:
    """Whether a part has a column: any with people who may have something, the place itself only with a gap."""
    return any(stands[slug].gap for slug in applied if slug in stands) if own else any(s.yes for s in stands.values())


def _row(slug: str, item: Item, stand: Stand, found: TakeUp, parts: Sequence[str]) -> ItemRow:
    return ItemRow(
        number=item.number,
        name=item.name,
        share=stand.share if item.applied_for else None,
        money=_money(stand.fen, item),
        parts=[_part(slug, part, found.parts[part].get(slug, Stand())) for part in parts],
        **{name: _cell(stand, slug, name) for name in OUTCOME_WORDS},
    )


def _cell(stand: Stand, slug: str, outcome: str) -> Cell:
    return Cell(getattr(stand, outcome), people_url(slug, outcome), _(OUTCOME_WORDS[outcome]))


def _part(slug: str, part: str, stand: Stand) -> Cell:
    return Cell(stand.gap, people_url(slug, GAP, part), step=_step(stand.share))


def _money(fen: int, item: Item) -> str:
    return _(_PER.get(item.gives.per, "{yuan}元")).format(yuan=formats.yuan(fen)) if fen else formats.NOTHING


def _sums(total: Stand, parts: Mapping[str, Stand], monthly: int) -> ItemRow:
    cells = {name: Cell(getattr(total, name), "", _(words)) for name, words in OUTCOME_WORDS.items()}
    return ItemRow(
        number=0, name=_("合计"), share=total.share, money=_(_PER["month"]).format(yuan=formats.yuan(monthly)),
        parts=[Cell(stand.gap, "", step="") for stand in parts.values()], **cells,
    )  # fmt: skip


def _sum(stands: Mapping[str, Stand], applied: Sequence[tuple[str, Item, Stand]]) -> Stand:
    names = ("yes", "unknown", "receiving", "gap", "beyond", "fen")
    rows = [stands.get(slug, Stand()) for slug, _item, _stand in applied]
    return Stand(0, *(sum(getattr(row, name) for row in rows) for name in names))


def _step(share: float | None) -> str:
    return "" if share is None else str(sum(share >= bound for bound in BOUNDS) + 1)


def _classes() -> list[tuple[str, str]]:
    low = [_("不到{bound}%").format(bound=2), "2–5%", "5–15%", "15–30%", _("{bound}%以上").format(bound=30)]
    return [(str(number), words) for number, words in enumerate(low, 1)]


def _chart(applied: Sequence[tuple[str, Item, Stand]]) -> Chart | None:
    shown = [(item, stand) for _slug, item, stand in applied if stand.yes][:_MOST_BARS]
    if not shown:
        return None
    series = (
        Series(_("在享"), tuple(stand.yes - stand.gap for _item, stand in shown), 1),
        Series(_("没享"), tuple(stand.gap for _item, stand in shown), 3),
    )
    return Chart(
        key="take-up", title=_("可享的人里，在享和没享的"), kind="stacked",
        categories=tuple(item.name for item, _stand in shown), series=series, unit=_("人"), lying=True,
    )  # fmt: skip
