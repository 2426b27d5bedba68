"""The pages of divisions: what lies where, as of a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.kernel.errors import BadInput, NotFound
from songhe.kernel.regions import significant
from songhe.regions.models import Division, Level
from songhe.regions.permissions import CHANGE, READ
from songhe.regions.presenters import found, history, kind_of, listing, map_of
from songhe.regions.queries import DIGITS, counts_below, followed, named, upwards, versions_of
from songhe.regions.terms import Deed

_MOST_FOUND = 100
_FIND_LENGTH = 30
_HERE = (Deed.RENAME, Deed.MOVE, Deed.MERGE, Deed.SPLIT, Deed.END)


@require_safe
@needs(READ)
def regions(request: ActingRequest) -> HttpResponse:
    """The divisions right below the working region."""
    return _page(request, (request.actor.region or "").ljust(DIGITS, "0"))


@require_safe
@needs(READ)
def region(request: ActingRequest, code: str) -> HttpResponse:
    """One division: where it lies, what lies in it, how it came and what became of it."""
    return _page(request, code)


def _page(request: ActingRequest, code: str) -> HttpResponse:
    today = timezone.localdate()
    day = _day(request, today)
    link_day = None if day == today else day
    if not code.strip("0"):
        return render(request, "regions/region.html", _country(request, day, link_day))
    code = _code(code)
    versions = versions_of(code)
    one = _version(versions, day)
    stands = one.valid_from <= day and (one.valid_until is None or one.valid_until > day)
    level = Level(one.level)
    context = _frame(request, code, day, link_day) | {
        "one": one,
        "kind": kind_of(one),
        "stands": stands,
        "became": _became(one, day) if not stands else (),
        "path": [step for step in upwards(code, day) if step.pk != one.pk],
        "counts": _counts(code, day) if stands else [],
        "history": history(code, versions),
        "map": map_of(one, day, link_day) if stands else None,
    }
    if "listing" not in context:
        context["listing"] = listing(code, level, day, link_day) if stands else None
    may = request.actor.may(CHANGE) and request.actor.covers(code) and stands and link_day is None
    context["deeds"] = [(deed.value, deed.label) for deed in _HERE] if may else []
    context["may_add"] = may and level < Level.COMMUNITY
    return render(request, "regions/region.html", context)


def _code(code: str) -> str:
    """Twelve digits; what is no code is not there."""
    try:
        significant(code)
    except BadInput as error:
        raise NotFound(_("这个地方")) from error
    return code.ljust(DIGITS, "0")


def _country(request: ActingRequest, day: date, link_day: date | None) -> dict[str, Any]:
    context = _frame(request, "", day, link_day) | {"one": None, "stands": True}
    context.setdefault("listing", listing("", 0, day, link_day))
    context["may_add"] = request.actor.may(CHANGE) and not request.actor.region and link_day is None
    return context


def _frame(request: ActingRequest, code: str, day: date, link_day: date | None) -> dict[str, Any]:
    words = " ".join(request.GET.get("find", "").split())[:_FIND_LENGTH]
    context: dict[str, Any] = {"day": day, "link_day": link_day, "find": words, "code": code or "0" * DIGITS}
    context["may_change"] = request.actor.may(CHANGE)
    if words:
        context["listing"] = found(named(words, code, day, most=_MOST_FOUND), link_day)
    return context


def _version(versions: list[Division], day: date) -> Division:
    """The time of a division that the day falls in, else the last before it. NotFound before the first."""
    for one in versions:
        if one.valid_from <= day:
            return one
    raise NotFound(_("这个地方"))


def _became(one: Division, day: date) -> tuple[Division, ...]:
    return followed(one, one.valid_from, day)


def _counts(code: str, day: date) -> list[tuple[str, int]]:
    units = {
        Level.CITY: _("市"),
        Level.DISTRICT: _("区县"),
        Level.TOWNSHIP: _("街道、乡镇"),
        Level.COMMUNITY: _("社区、村"),
    }
    counts = counts_below(code, day)
    return [(words, counts[level]) for level, words in units.items() if counts[level]]


def _day(request: ActingRequest, today: date) -> date:
    try:
        return parse_date(request.GET.get("day", "")) or today
    except ValueError:
        return today
