"""One page of a list of people, by key: the page after a person, or the one before.

Two steps. The first finds the ids of one page, which indexes of the sheet answer by themselves in the usual orders; the
second reads the rows of those ids. The address names the last person by the random id, never by name or birth date.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from uuid import UUID

from django.db.models import F, OrderBy, Q, QuerySet
from django.db.models.functions import Collate

from songhe.foundation.access.actors import Actor
from songhe.foundation.database.statements import rows_of as rows_asked
from songhe.kernel.keys import key_read
from songhe.kernel.regions import significant
from songhe.people.models import Person, Sheet
from songhe.people.queries.among import Among
from songhe.people.queries.filters import SORTS, Filters, of_region
from songhe.people.queries.summaries import Counts
from songhe.people.terms import Standing

PAGE = 30
_COMMUNITY = 12  # digits
_RARE_GRADES = ("2", "3")
_LONG, _KEPT_LENGTHS = 1_000, 2_000
COUNTED_UP_TO = 10_000
_GRADE_DAYS = """
SELECT person_id, max(as_of) FROM people_circumstance
WHERE person_id = ANY(%s) AND fact = 'ability_grade' AND known_until IS NULL GROUP BY person_id
"""
_NOT_LISTED = ("identity_sealed", "identity_index", "phone_sealed", "phone_index", "created_at", "changed_at")


@dataclass(frozen=True, slots=True)
class Page:
    """People in order. `before` and `after` are keys for the neighbouring pages, empty at an end.

    `count` is how many the whole list has, where reading the page told it by the way.
    """

    people: Sequence[Person]
    before: str
    after: str
    grades: dict[UUID, date]
    count: int | None = None


def people_of(
    actor: Actor,
    filters: Filters,
    *,
    today: date,
    found: Sequence[UUID] | None = None,
    after: str = "",
    before: str = "",
) -> Page:
    """One page of a list within the actor's region. `found` are the people a search found; None for no search."""
    chosen = chosen_sheets(actor, filters, today=today, found=found)
    if found is not None:
        return _page_within(_in_order(chosen, filters.sort), key_read(after), key_read(before))
    backwards = bool(before)
    key = _key(before or after, filters)
    ids = _ids(chosen, filters.sort, key, backwards)
    more = len(ids) > PAGE
    ids = ids[:PAGE]
    if backwards:
        ids.reverse()
    earlier, later = (more, True) if backwards else (key is not None, more)
    return _page(ids, earlier=earlier, later=later, count=len(ids) if key is None and not more else None)


def _page(ids: list[UUID], *, earlier: bool, later: bool, count: int | None) -> Page:
    return Page(
        people=_rows(ids),
        before=str(ids[0]) if ids and earlier else "",
        after=str(ids[-1]) if ids and later else "",
        grades=grade_days_of(ids),
        count=count,
    )


def _page_within(ids: list[UUID], after: UUID | None, before: UUID | None) -> Page:
    """A page of a list that was read whole, as what a search found is; from its start when the key left it."""
    places: dict[UUID | None, int] = {one: place for place, one in enumerate(ids)}
    start = places.get(after, -1) + 1
    end = places.get(before, start + PAGE)
    if before in places:
        start = max(end - PAGE, 0)
    return _page(ids[start:end], earlier=start > 0, later=end < len(ids), count=len(ids))


def chosen_sheets(
    actor: Actor, filters: Filters, *, today: date, found: Sequence[UUID] | None = None
) -> QuerySet[Sheet]:
    """The sheets of a list, in no order. The actor's region is asked for beside row-level security."""
    if filters.sort.lstrip("-") == "name":
        chosen = _for_names(actor, filters, today)
    else:
        chosen = Sheet.objects.filter(filters.condition(today), of_region(actor.region))
    return chosen if found is None else chosen.filter(Among("person_id", found))


def _for_names(actor: Actor, filters: Filters, today: date) -> QuerySet[Sheet]:
    """Standing is said of the person as well, for the index by name.

    A community with no rare group asked for is read by its own index of names: there the place is said of the person
    alone, or the planner, who multiplies what is said twice, expects next to nobody and sorts them all. That is what
    he should do with a rare group: its people and their names are both read from indexes alone.
    """
    rare = filters.economy or filters.care or filters.data or filters.ability in _RARE_GRADES
    told = rare or filters.ability or filters.unknown
    elsewhere = filters.area and significant(filters.area) != actor.region
    if told or elsewhere or len(actor.region) < _COMMUNITY:
        chosen = Sheet.objects.filter(filters.condition(today), of_region(actor.region))
        if rare:
            chosen = chosen.filter(person__region_code=F("region_code"))
        return chosen.filter(person__standing=filters.standing)
    left = [condition for name, condition in filters.conditions(today).items() if name not in ("standing", "area")]
    return Sheet.objects.filter(*left, person__region_code=actor.region, person__standing=filters.standing)


def ids_in_order(actor: Actor, filters: Filters, *, today: date, found: Sequence[UUID] | None = None) -> list[UUID]:
    """All people of a list, in its order: for exports."""
    return _in_order(chosen_sheets(actor, filters, today=today, found=found), filters.sort)


def _in_order(chosen: QuerySet[Sheet], sort: str) -> list[UUID]:
    order, known = _order(sort)
    rows = chosen.order_by(*order).values_list("person_id", "birth_date")
    if known == Q():
        return [one for one, birth in rows]
    born = [one for one, birth in rows if birth is not None]
    return born + sorted(one for one, birth in rows if birth is None)


def rows_of(ids: Sequence[UUID]) -> list[Person]:
    """The people of these ids with their sheets, in the order of the ids; who is not seen is left out."""
    return _rows(list(ids))


def count_of(
    actor: Actor,
    filters: Filters,
    *,
    today: date,
    counts: Counts | None = None,
    found: Sequence[UUID] | None = None,
) -> tuple[int, bool]:
    """How many, and whether it is exact. Read from the counts by community where they know, else up to a bound."""
    code = _counted_group(filters)
    counts = counts or (Counts.of(actor.region) if code else None)
    if found is None and code and counts is not None and counts.rows:
        return (counts.within(filters.area) if filters.area else counts).people(code, filters.places), True
    plain = replace(filters, sort=SORTS[0])
    key = (actor.region, plain, today, counts.version) if counts is not None and found is None else None
    if key is not None and key in _long_lists:
        return _long_lists[key]
    counted = chosen_sheets(actor, plain, today=today, found=found)[: COUNTED_UP_TO + 1].count()
    length = min(counted, COUNTED_UP_TO), counted <= COUNTED_UP_TO
    if key is not None and counted >= _LONG:
        if len(_long_lists) >= _KEPT_LENGTHS:
            _long_lists.clear()
        _long_lists[key] = length
    return length


# How long a long list is, until the region is counted anew: who turns its pages does not wait for it every time.
_long_lists: dict[tuple[object, ...], tuple[int, bool]] = {}


def _counted_group(filters: Filters) -> str:
    """The column of the counts that answers this list; empty when none does."""
    if filters.standing != Standing.PRESENT or filters.age_to is not None or filters.unknown or filters.find:
        return ""
    asked = {
        "group": filters.groups,
        "age": () if filters.age_from is None else (str(filters.age_from),),
        "sex": (filters.sex,) if filters.sex else (),
        "ability": (filters.ability,) if filters.ability else (),
    }
    said = {name: values for name, values in asked.items() if values}
    if not said:
        return "total"
    if said == {"age": ("80",), "group": ("alone",)}:
        return "alone_80"
    if len(said) != 1:
        return ""
    if "group" in said:
        return filters.groups[0] if len(filters.groups) == 1 else ""
    name, values = next(iter(said.items()))
    return _COUNTED.get((name, values[0]), "")


_COUNTED = {
    ("age", "65"): "from_65", ("age", "70"): "from_70", ("age", "80"): "very_old", ("age", "90"): "from_90",
    ("age", "100"): "from_100", ("sex", "2"): "women", ("ability", "never"): "never_assessed",
}  # fmt: skip

_NAME = Collate("person__name", "C")
_ORDERS: dict[str, tuple[str | Collate, ...]] = {
    "age": ("birth_date", "person_id"),
    "name": (_NAME, "person_id"),
    "place": ("region_code", "birth_date", "person_id"),
}
_WITH_BIRTH = Q(birth_date__isnull=False)


def _order(sort: str, *, backwards: bool = False) -> tuple[list[OrderBy], Q]:
    """The order, and who has a place in it: the others come last."""
    name, down = sort.lstrip("-"), sort.startswith("-") != backwards
    terms = [F(term) if isinstance(term, str) else term for term in _ORDERS[name]]
    known = Q() if name == "name" else _WITH_BIRTH
    return [OrderBy(term, descending=down) for term in terms], known


def _ids(chosen: QuerySet[Sheet], sort: str, key: Sheet | None, backwards: bool) -> list[UUID]:
    order, known = _order(sort, backwards=backwards)
    wanted = PAGE + 1
    if known == Q():
        return list(_beyond(chosen, sort, key, backwards).order_by(*order).values_list("person_id", flat=True)[:wanted])
    with_birth, without = chosen.filter(known), chosen.exclude(known)
    at_the_end = key is not None and key.birth_date is None
    parts = [] if at_the_end else [_beyond(with_birth, sort, key, backwards).order_by(*order)]
    direction = "-person_id" if backwards else "person_id"
    if at_the_end and key is not None:
        side = {"person_id__lt" if backwards else "person_id__gt": key.pk}
        parts = [without.filter(**side).order_by(direction), *([with_birth.order_by(*order)] if backwards else [])]
    elif not backwards:
        parts.append(without.order_by(direction))
    found: list[UUID] = []
    for part in parts:
        if len(found) < wanted:
            found += part.values_list("person_id", flat=True)[: wanted - len(found)]
    return found


def _beyond(chosen: QuerySet[Sheet], sort: str, key: Sheet | None, backwards: bool) -> QuerySet[Sheet]:
    """What comes after the key's row in the order, compared as one row value so that an index can start there."""
    if key is None:
        return chosen
    side = "lt" if sort.startswith("-") != backwards else "gt"
    bound = "lte" if side == "lt" else "gte"
    name = sort.lstrip("-")
    if name == "name":
        chosen = chosen.annotate(name_in_order=_NAME)
        at: Q = Q(**{f"name_in_order__{side}": key.person.name})
        at |= Q(name_in_order=key.person.name, **{f"person_id__{side}": key.pk})
        return chosen.filter(at, **{f"name_in_order__{bound}": key.person.name})
    at = Q(**{f"birth_date__{side}": key.birth_date}) | Q(birth_date=key.birth_date, **{f"person_id__{side}": key.pk})
    if name == "place":
        at = Q(**{f"region_code__{side}": key.region_code}) | Q(region_code=key.region_code) & at
        return chosen.filter(at, **{f"region_code__{bound}": key.region_code})
    return chosen.filter(at, **{f"birth_date__{bound}": key.birth_date})


def _key(text: str, filters: Filters) -> Sheet | None:
    wanted = key_read(text)
    if wanted is None:
        return None
    found = Sheet.objects.filter(pk=wanted).only("person_id", "birth_date", "region_code")
    if filters.sort.lstrip("-") == "name":
        found = found.select_related("person").only("person_id", "birth_date", "region_code", "person__name")
    return found.first()


def _rows(ids: list[UUID]) -> list[Person]:
    if not ids:
        return []
    names, sheet_names, statement = _listed()
    by_id = {}
    for row in rows_asked(statement, [ids]):
        person = Person.from_db("default", names, row[: len(names)])
        if row[len(names)] is not None:  # a merged file has no sheet
            person.sheet = Sheet.from_db("default", sheet_names, row[len(names) :])
            person.sheet.conflicts, person.sheet.stale = map(json.loads, (person.sheet.conflicts, person.sheet.stale))
        by_id[person.pk] = person
    return [by_id[one] for one in ids if one in by_id]


@cache
def _listed() -> tuple[list[str], list[str], str]:
    """What a list reads of people and their sheets, and the statement that reads it."""
    own = [field for field in Person._meta.concrete_fields if field.attname not in _NOT_LISTED]
    told = list(Sheet._meta.concrete_fields)
    columns = [f'person."{field.column}"' for field in own] + [f'sheet."{field.column}"' for field in told]
    statement = (
        f"SELECT {', '.join(columns)} FROM people_person person "  # noqa: S608
        "LEFT JOIN people_sheet sheet ON sheet.person_id = person.id WHERE person.id = ANY(%s)"
    )
    return [field.attname for field in own], [field.attname for field in told], statement


def grade_days_of(ids: Sequence[UUID]) -> dict[UUID, date]:
    """The day each newest ability grade speaks of."""
    return dict(rows_asked(_GRADE_DAYS, [list(ids)])) if ids else {}
