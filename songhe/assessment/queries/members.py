"""Who is behind a number of a campaign: narrowed by how she stands and where, in the order of communities, by key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from songhe.assessment.models import Campaign
from songhe.assessment.queries.campaigns import PAGE_ROWS, STANDS, people_in, place_in
from songhe.ui.lists import KeyedPage, Sorts, address_of, page_at

SORTS = Sorts({"place": "region_code"}, "place")
_CODE = re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True)
class MemberFilters:
    """What an address asks for; empty fields narrow nothing."""

    what: str = ""
    region: str = ""
    sort: str = ""
    after: str = ""
    before: str = ""

    def address(self, **changed: str) -> str:
        """The query part of the address, from the first page."""
        return address_of(self, **changed)


def filters_of(given: Mapping[str, str]) -> MemberFilters:
    """Filters out of an address; what is none of ours narrows nothing."""
    what, region = given.get("what", ""), given.get("region", "")
    return MemberFilters(
        what if what in STANDS else "", region if _CODE.fullmatch(region) else "", SORTS.read(given.get("sort", "")),
        given.get("after", "")[:36], given.get("before", "")[:36],
    )  # fmt: skip


def members(campaign: Campaign, filters: MemberFilters, today: date) -> QuerySet[Any]:
    """Rows of the person table that the filters give, each with `stand`. NotFound for a place outside the campaign."""
    found = people_in(campaign, place_in(campaign, filters.region), today).select_related("person")
    return found.filter(stand=filters.what) if filters.what else found


def page_of(campaign: Campaign, filters: MemberFilters, today: date) -> KeyedPage[Any]:
    """One page."""
    found, order = members(campaign, filters, today), SORTS.order(filters.sort)
    return page_at(found, order, after=filters.after, before=filters.before, rows=PAGE_ROWS)
