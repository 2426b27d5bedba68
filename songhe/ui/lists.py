"""Lists of pages: their addresses, the heads that sort them, one page from a row on, long ones in pieces, a file.

A page is asked for by the key of a row beside it, never by a number: what comes and goes meanwhile shifts nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpResponse
from django.utils.http import content_disposition_header, urlencode

from songhe.ui.exports import CSV_TYPE, XLSX_TYPE, csv_bytes, xlsx_bytes

_TYPES = {"xlsx": XLSX_TYPE, "csv": CSV_TYPE}
_PLACES = ("after", "before")
PIECE = 1_000
Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")


class Narrowed(Protocol):
    """The filters of a list: a dataclass of texts, in which an empty one narrows nothing."""

    @property
    def sort(self) -> str:
        """The sort asked for; empty for the usual one."""

    def address(self, **changed: str) -> str:
        """The address of the same list with some of them changed."""


def address_of(filters: Any, **changed: str) -> str:
    """The query part of a list's address with some filters changed, from the first page unless a place is given.

    `filters` is a dataclass of texts; the fields "after" and "before" are the places in the list.
    """
    kept = {one.name: getattr(filters, one.name) for one in fields(filters) if one.name not in _PLACES} | changed
    return "?" + urlencode({name: value for name, value in kept.items() if value})


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head: where a click leads, and how the list is sorted by it now ("up", "down" or "")."""

    href: str
    sorted: str


@dataclass(frozen=True, slots=True)
class Sorts:
    """The columns that a list is sorted by, each with the field behind it; `usual` is how it stands by itself.

    A sort is the name of a column, with "-" before it when the greatest comes first. `first` names the columns whose
    first click asks for the greatest.
    """

    columns: Mapping[str, str]
    usual: str
    first: frozenset[str] = frozenset()

    def read(self, text: str) -> str:
        """The sort that an address names; empty for the usual one and for what nobody offers."""
        return text if text != self.usual and text.removeprefix("-") in self.columns else ""

    def order(self, sort: str) -> tuple[str, str]:
        """What the rows are ordered by, the key of the row last."""
        wanted = self.read(sort) or self.usual
        field = self.columns[wanted.removeprefix("-")]
        return (f"-{field}" if wanted.startswith("-") else field), "pk"

    def heads(self, filters: Narrowed) -> dict[str, Head]:
        """The heads of the columns: another column sorts by it, the same one turns the list round."""
        now = self.read(filters.sort) or self.usual
        return {column: self._head(column, now, filters) for column in self.columns}

    def _head(self, column: str, now: str, filters: Narrowed) -> Head:
        first = self.usual if self.usual.removeprefix("-") == column else column
        if column in self.first:
            first = f"-{column}"
        wanted = _turned(now) if now.removeprefix("-") == column else first
        mark = "" if now.removeprefix("-") != column else "down" if now.startswith("-") else "up"
        return Head(filters.address(sort=self.read(wanted)), mark)


@dataclass(frozen=True, slots=True)
class KeyedPage(Generic[Row]):
    """Some rows of a list; `before` and `after` are the keys of the pages beside them, empty where there is none."""

    rows: Sequence[Row]
    before: str
    after: str

    def before_url(self, filters: Any) -> str:
        """Where the page before is."""
        return address_of(filters, before=self.before) if self.before else ""

    def after_url(self, filters: Any) -> str:
        """Where the page behind is."""
        return address_of(filters, after=self.after) if self.after else ""


def page_at(
    found: QuerySet[Row], order: Sequence[str], *, after: str = "", before: str = "", rows: int
) -> KeyedPage[Row]:
    """The rows that stand behind the row `after`, or just before the row `before`; the first page for neither.

    The last part of `order` tells all rows apart, and no part is ever NULL. A row that is gone from the filters still
    has its place; one that is gone altogether, or a key that is none, gives the first page.
    """
    back = bool(before) and not after
    turned = [_turned(part) for part in order] if back else list(order)
    last = _row_at(found, before if back else after)
    if last is None:
        back, turned = False, list(order)
    else:
        found = found.filter(_behind(last, turned))
    got = list(found.order_by(*turned)[: rows + 1])
    more, shown = len(got) > rows, got[:rows]
    if back:
        shown.reverse()
    if not shown:
        return KeyedPage(shown, "", "")
    has_before, has_after = (more, True) if back else (last is not None, more)
    return KeyedPage(shown, str(shown[0].pk) if has_before else "", str(shown[-1].pk) if has_after else "")


def pieces_of(rows: Iterable[Item], told: Callable[[int], None], size: int = PIECE) -> Iterator[list[Item]]:
    """The rows in lists of so many; after each was used, `told` hears how many there were."""
    source, done = iter(rows), 0
    while piece := list(islice(source, size)):
        yield piece
        done += len(piece)
        told(done)


def file_answer(name: str, kind: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Some thousands of rows as a file to take along, called `name`; a kind that nobody offers is a workbook."""
    made = kind if kind in _TYPES else "xlsx"
    body = csv_bytes(head, rows) if made == "csv" else xlsx_bytes(name, head, rows)
    answer = HttpResponse(body, content_type=_TYPES[made])
    answer["Content-Disposition"] = content_disposition_header(True, f"{name}.{made}")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer


def _turned(part: str) -> str:
    return part.removeprefix("-") if part.startswith("-") else f"-{part}"


def _row_at(found: QuerySet[Row], key: str) -> Row | None:
    if not key:
        return None
    try:
        wanted = found.model._meta.pk.to_python(key)
        return found.model._default_manager.filter(pk=wanted).first()
    except (ValidationError, ValueError, OverflowError):
        return None


def _behind(last: Model, order: Sequence[str]) -> Q:
    """What stands behind the row: greater (or less) in one part of the order, and equal in all parts before it."""
    found, alike = Q(), Q()
    for part in order:
        name = part.removeprefix("-")
        value = last.pk if name == "pk" else getattr(last, name)
        found |= alike & Q(**{f"{name}__{'lt' if part.startswith('-') else 'gt'}": value})
        alike &= Q(**{name: value})
    return found
