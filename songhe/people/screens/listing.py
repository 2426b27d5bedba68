"""The list of people: filters in the address, searches in the session, views that can be saved, columns to choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.database.statements import prepared
from songhe.foundation.views_kept.keeping import drop_view, save_view, views_of
from songhe.kernel.errors import BadInput, NotFound
from songhe.people import permissions, presenters, presenters_list, written
from songhe.people.queries.facets import COUNTED_IN_ONE_PASS, depth_below, facets_of, places_of
from songhe.people.queries.filters import SORTS, Filters
from songhe.people.queries.listing import Page, count_of, people_of
from songhe.people.queries.searching import Found, find_people, is_number
from songhe.people.queries.summaries import Counts, Summary
from songhe.people.screens import searches
from songhe.people.screens.saying import said, say
from songhe.people.terms import Standing
from songhe.regions.api import children_of, names_of
from songhe.ui.formats import number
from songhe.ui.words import said as translated
from songhe.ui.words import said_error

_COLUMNS = "people_columns"
_PAGE = "people"
_LONGEST_QUERY = 1_000
_COMMUNITY = 12


@dataclass(frozen=True, slots=True)
class Searched:
    """The search a list stands under."""

    text: str = ""
    found: Found | None = None

    @property
    def ids(self) -> Sequence[UUID] | None:
        """Whom it found; None when nothing was searched for."""
        return None if self.found is None else self.found.ids

    @property
    def problem(self) -> str:
        """Why the text could not be looked for, in the language of the page."""
        return translated(self.found.problem) if self.found else ""


@needs(permissions.READ)
@require_GET
def people(request: ActingRequest) -> HttpResponse:
    """The list. With an HX-Request only the part beside the filters is sent."""
    filters, searched = Filters.read(request.GET), Searched()
    if filters.find:
        text = searches.recall(request.session, filters.find)
        if text is None:
            say(request, _("刚才找的内容已经不在了，请再找一次"), kind="ochre")
            return redirect(reverse("people") + replace(filters, find="").address())
        searched = Searched(text, find_people(request.actor, text))
    try:
        context = _context(_asked(request, filters, searched))
    except NotFound as error:
        raise Http404 from error
    return render(request, "people/list.html", context)


@needs(permissions.READ)
@require_POST
def people_search(request: ActingRequest) -> HttpResponse:
    """Takes what is searched for out of the form and goes to where it is shown; a whole number goes to its person."""
    text = request.POST.get("words", "")
    within = Filters.read(_query(request.POST.get("within", "")))
    if is_number(text) and not within.narrows:
        only = find_people(request.actor, text).only
        if only is not None:
            return redirect("person", only)
    return redirect(reverse("people") + replace(within, find=searches.remember(request.session, text)).address())


@needs(permissions.READ)
@require_POST
def people_columns(request: ActingRequest) -> HttpResponse:
    """Keeps which columns somebody wants to see, while the session lasts."""
    chosen = [code for code in request.POST.getlist("column") if code in presenters.COLUMNS]
    if request.POST.get("usual"):
        request.session.pop(_COLUMNS, None)
    else:
        request.session[_COLUMNS] = chosen
    return _back_to_list(request)


@needs(permissions.READ)
@require_POST
def view_save(request: ActingRequest) -> HttpResponse:
    """Saves the filters as a view of one's own. A search is never saved."""
    filters = replace(Filters.read(_query(request.POST.get("within", ""))), find="")
    query = filters.address().lstrip("?")
    try:
        name = request.POST.get("name", "")
        save_view(account=request.account, page=_PAGE, name=name, query=query, now=timezone.now())
        say(request, _("视图存好了"))
    except BadInput as error:
        say(request, _("视图没有存：{why}").format(why=said_error(error)), kind="alarm")
    return redirect(reverse("people") + filters.address())


@needs(permissions.READ)
@require_POST
def view_drop(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Drops a view of one's own."""
    drop_view(account=request.account, page=_PAGE, view=pk)
    say(request, _("视图删掉了"))
    return redirect("people")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for a list, as far as the parts of the page need it."""

    request: ActingRequest
    filters: Filters
    searched: Searched
    today: date
    area: str
    base: str
    counts: Counts


def _asked(request: ActingRequest, filters: Filters, searched: Searched) -> Asked:
    area = request.actor.within(filters.area).region if filters.area else request.actor.region
    return Asked(
        request, filters, searched, timezone.localdate(), area, reverse("people"), Counts.of(request.actor.region)
    )


def _context(asked: Asked) -> dict[str, Any]:
    filters, actor = asked.filters, asked.request.actor
    parts: dict[str, str] = {}
    if len(asked.area) < _COMMUNITY:
        with prepared():
            parts = dict(children_of(asked.area.ljust(_COMMUNITY, "0"), asked.today).values_list("code", "name"))
    page = people_of(
        actor, filters, today=asked.today, found=asked.searched.ids,
        after=asked.request.GET.get("after", ""), before=asked.request.GET.get("before", ""),
    )  # fmt: skip
    names = _names(filters, page.people, parts)
    shown = _table(asked, page, names) | _around(asked, parts)
    return shown | {
        "written": _written(shown, choose=actor.may(permissions.EXPORT)),
        "filters": filters,
        "query": filters.address().lstrip("?"),
        "searched": asked.searched,
        "chips": presenters_list.chips_of(filters, names, asked.base, asked.searched.text),
        "clear_url": asked.base + (f"?sort={filters.sort}" if filters.sort != SORTS[0] else ""),
        "may": {action.rpartition(".")[2]: actor.may(action) for action in permissions.ACTIONS},
        "said": said(asked.request),
    }


def _written(shown: Mapping[str, Any], *, choose: bool) -> dict[str, SafeString]:
    first, others = shown["places"]
    return {
        "tabs": written.tabs(shown["tabs"]),
        "places": written.boxes(first),
        "other_places": written.boxes(others),
        "questions": written.questions(shown["boxes"]),
        "columns": written.columns(shown["columns"]),
        "heads": written.heads(shown["heads"]),
        "rows": written.rows(shown["rows"], choose=choose),
    }


def _table(asked: Asked, page: Page, names: Mapping[str, str]) -> dict[str, Any]:
    filters, searched, base = asked.filters, asked.searched, asked.base
    matched = searched.found.matched if searched.found else {}
    columns = presenters.columns_of(asked.request.session.get(_COLUMNS))
    words = presenters.Context(asked.today, names, page.grades, matched)
    count, exact = (page.count or 0), True
    if page.count is None:
        count, exact = count_of(asked.request.actor, filters, today=asked.today, counts=asked.counts)
    return {
        "heads": presenters_list.heads_of(filters, columns, base, searching=bool(matched)),
        "columns": [(column, column in columns) for column in presenters.COLUMNS.values()],
        "rows": [presenters.row_of(person, columns, words) for person in page.people],
        "count": number(count) + ("" if exact else _("人以上")),
        "before_url": base + filters.address(before=page.before) if page.before else "",
        "after_url": base + filters.address(after=page.after) if page.after else "",
    }


def _around(asked: Asked, parts: Mapping[str, str]) -> dict[str, Any]:
    filters, base, actor = asked.filters, asked.base, asked.request.actor
    whole = asked.counts.summary
    counted = asked.counts.within(asked.area)
    summary = counted.summary if filters.area else whole
    own = views_of(asked.request.account, _PAGE)
    facets = facets_of(actor, filters, summary.people, today=asked.today)
    counts = _part_counts(asked, counted, summary)
    return {
        "tabs": presenters_list.tabs_of(filters, whole.people, own, base),
        "can_save": filters.narrows and not filters.find and not presenters_list.is_a_view(filters),
        "boxes": presenters_list.boxes_of(filters, facets),
        "places": presenters_list.folded(presenters_list.place_boxes(filters, parts, counts, base)),
        "place_up": base + replace(filters, area="", places=()).address() if filters.area else "",
        "standings": presenters_list.standing_options(),
        "unknowns": presenters_list.unknown_options(),
        "total": whole.people["total"],
        "counted_at": whole.counted_at,
    }


def _part_counts(asked: Asked, counted: Counts, summary: Summary) -> Mapping[str, int]:
    """People by part of the area: of the list where that is quick, of everybody where nothing else is set."""
    filters = asked.filters
    if len(asked.area) >= _COMMUNITY or filters.find:
        return {}
    length = depth_below(asked.area.ljust(_COMMUNITY, "0") if asked.area else "")
    if not replace(filters, area="", places=(), sort=SORTS[0]).narrows:
        return {part.digits.ljust(_COMMUNITY, "0"): part.people["total"] for part in counted.by(length)}
    if filters.standing == Standing.PRESENT and not 0 < summary.people["total"] <= COUNTED_IN_ONE_PASS:
        return {}
    return places_of(asked.request.actor, filters, length, today=asked.today)


def _names(filters: Filters, people: Sequence[Any], known: dict[str, str]) -> Mapping[str, str]:
    codes = {code for person in people for code in (person.region_code, person.registered_region) if code}
    missing = (codes | {filters.area, *filters.places}) - known.keys() - {""}
    return known | names_of(missing) if missing else known


def _back_to_list(request: HttpRequest) -> HttpResponseRedirect:
    return redirect(reverse("people") + Filters.read(_query(request.POST.get("within", ""))).address())


def _query(text: str) -> QueryDict:
    return QueryDict(text[:_LONGEST_QUERY])
