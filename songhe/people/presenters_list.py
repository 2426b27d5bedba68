"""Around the rows of a list of people: tabs of views, boxes of the filter column, chips of what is set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812
from django.utils.translation import pgettext

from songhe.foundation.views_kept.models import KeptView
from songhe.people.groups import GROUPS
from songhe.people.presenters import STANDING_WORDS, Column
from songhe.people.queries.filters import CARE, DATA, ECONOMY, LIVING, SORTS, STANDINGS, UNKNOWN, Filters
from songhe.people.terms import Sex
from songhe.rules.facts import PERSON_TABLE

SHOWN_PLACES = 6
ABILITY_BOXES = {"1": N_("轻度及以上"), "2": N_("中度及以上"), "3": N_("重度及以上"), "never": N_("没有评过")}
# The groups of PER-01 as lists that everybody has.
VIEWS: Mapping[str, tuple[str, Filters]] = {
    "total": (N_("全部"), Filters()),
    "alone_80": (N_("80岁以上独居"), Filters(age_from=80, living=("alone",))),
    "disabled": (N_("失能"), Filters(care=("disabled",))),
    "dementia": (N_("失智"), Filters(care=("dementia",))),
    "severe": (N_("重残"), Filters(care=("severe",))),
    "destitute": (N_("特困"), Filters(economy=("destitute",))),
    "minimum_living": (N_("低保"), Filters(economy=("minimum_living",))),
    "edge": (N_("低边"), Filters(economy=("edge",))),
    "family_planning": (N_("计生特殊"), Filters(care=("family_planning",))),
    "very_old": (N_("高龄"), Filters(age_from=80)),
    "conflict": (N_("有两种说法"), Filters(data=("conflict",))),
    "stale": (N_("太旧"), Filters(data=("stale",))),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One view as a tab. `view` is set on own ones, which can be dropped."""

    words: str
    url: str
    count: int | None
    current: bool
    view: KeptView | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """One box of the filter column; `url` narrows to this division and offers its parts."""

    name: str
    value: str
    words: str
    checked: bool
    count: int | None
    url: str = ""
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Boxes:
    """One question of the filter column."""

    title: str
    boxes: Sequence[Box]


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is set, and the address without it."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one column: a link when one can sort by it."""

    words: str
    url: str = ""
    sorted: str = ""
    number: bool = False


def tabs_of(filters: Filters, totals: Mapping[str, int], own: Iterable[KeptView], base: str) -> list[Tab]:
    """The views of everybody that hold somebody here, then the account's own."""
    plain = replace(filters, sort=SORTS[0])
    everybody = [
        Tab(_(words), base + view.address(), totals.get(code), plain == view)
        for code, (words, view) in VIEWS.items()
        if code == "total" or plain == view or totals.get(code, 1)
    ]
    mine = [Tab(view.name, f"{base}?{view.query}", None, filters.address() == f"?{view.query}", view) for view in own]
    return everybody + mine


def is_a_view(filters: Filters) -> bool:
    """Whether the list is one of everybody's views, so that there is nothing to save."""
    return replace(filters, sort=SORTS[0]) in [view for words, view in VIEWS.values()]


def boxes_of(filters: Filters, counts: Mapping[tuple[str, str], int]) -> list[Boxes]:
    """The questions of the filter column, places aside."""
    grouped = ((pgettext("how one lives", "居住"), "living", LIVING), (_("经济"), "economy", ECONOMY))
    after = ((_("照护和身份"), "care", CARE), (_("资料"), "data", DATA))
    return [
        _named(filters, counts, _("性别"), "sex", {code: str(Sex(code).label) for code in Sex.values}),
        *(_grouped(filters, counts, *question) for question in grouped),
        _named(filters, counts, _("能力"), "ability", {code: _(words) for code, words in ABILITY_BOXES.items()}),
        *(_grouped(filters, counts, *question) for question in after),
    ]


def _grouped(
    filters: Filters, counts: Mapping[tuple[str, str], int], title: str, name: str, codes: Sequence[str]
) -> Boxes:
    chosen = getattr(filters, name)
    return Boxes(
        title,
        [
            Box(name, code, _(group.words), code in chosen, counts.get((name, code)), meaning=_(group.meaning))
            for code, group in ((code, GROUPS[code]) for code in codes)
        ],
    )


def _named(
    filters: Filters, counts: Mapping[tuple[str, str], int], title: str, name: str, words: Mapping[str, str]
) -> Boxes:
    chosen = getattr(filters, name)
    return Boxes(
        title, [Box(name, code, said, code == chosen, counts.get((name, code))) for code, said in words.items()]
    )


def place_boxes(filters: Filters, names: Mapping[str, str], counts: Mapping[str, int], base: str) -> list[Box]:
    """The parts of the area as boxes; a part that has parts itself links to them."""
    return [
        Box(
            "in", code, name, code in filters.places, counts.get(code) if counts else None,
            url="" if code.endswith("000") is False else base + replace(filters, area=code, places=()).address(),
        )
        for code, name in names.items()
    ]  # fmt: skip


def folded(boxes: Sequence[Box]) -> tuple[Sequence[Box], Sequence[Box]]:
    """The first few boxes, and the others unless one of them is ticked."""
    if len(boxes) <= SHOWN_PLACES + 1 or any(box.checked for box in boxes[SHOWN_PLACES:]):
        return boxes, ()
    return boxes[:SHOWN_PLACES], boxes[SHOWN_PLACES:]


def chips_of(filters: Filters, places: Mapping[str, str], base: str, said: str) -> list[Chip]:
    """What is set, in the order of the filter column. `said` is what was searched for."""
    found: list[tuple[str, Filters]] = []
    if said:
        found.append((_("找“{said}”").format(said=said), filters.without("find")))
    if filters.area:
        found.append((places.get(filters.area, filters.area), filters.without("area")))
    found += [(places.get(code, code), filters.without("places", code)) for code in filters.places]
    if filters.age_from is not None or filters.age_to is not None:
        found.append((_ages(filters), filters.without("age_from").without("age_to")))
    if filters.sex:
        found.append((str(Sex(filters.sex).label), filters.without("sex")))
    for name in ("living", "economy", "care", "data"):
        found += [(_(GROUPS[code].words), filters.without(name, code)) for code in getattr(filters, name)]
    if filters.ability:
        found.append((_(ABILITY_BOXES.get(filters.ability, filters.ability)), filters.without("ability")))
    if filters.unknown:
        found.append(
            (
                _("不知道{fact}").format(fact=_(PERSON_TABLE[filters.unknown].label)),
                filters.without("unknown"),
            )
        )
    if filters.standing != STANDINGS[0]:
        found.append((_(STANDING_WORDS[filters.standing]), filters.without("standing")))  # type: ignore[index]
    return [Chip(words, base + without.address()) for words, without in found]


def heads_of(filters: Filters, columns: Sequence[Column], base: str, searching: bool) -> list[Head]:
    """The heads: sorting by age begins with the oldest, which is by birth date upwards."""
    name = _head(filters, _("姓名"), "name", base, number=False)
    heads = [name, *(_head(filters, _(column.head), column.sort, base, number=column.number) for column in columns)]
    return [*heads, Head(_("找到的是"))] if searching else heads


def standing_options() -> list[tuple[str, str]]:
    """Where people stand, for the filter."""
    return [(str(standing), _(STANDING_WORDS[standing])) for standing in STANDINGS]


def unknown_options() -> list[tuple[str, str]]:
    """The facts one may not know, for the filter."""
    return [(name, _(PERSON_TABLE[name].label)) for name in UNKNOWN]


def _head(filters: Filters, words: str, sort: str, base: str, *, number: bool) -> Head:
    if not sort:
        return Head(words, number=number)
    turned = f"-{sort}" if filters.sort == sort else sort
    current = {sort: "up", f"-{sort}": "down"}.get(filters.sort, "")
    if sort == "age" and current:  # the oldest have the earliest birth date
        current = "down" if current == "up" else "up"
    return Head(words, base + replace(filters, sort=turned).address(), current, number)


def _ages(filters: Filters) -> str:
    if filters.age_to is None:
        return _("{age_from}岁及以上").format(age_from=filters.age_from)
    return (
        _("{age_to}岁及以下").format(age_to=filters.age_to)
        if filters.age_from is None
        else _("{age_from}到{age_to}岁").format(age_from=filters.age_from, age_to=filters.age_to)
    )
