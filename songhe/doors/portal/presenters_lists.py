"""Whose list it is that somebody reads, in plain words, and which others there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from songhe.doors.portal.choosing import UNSURE, Chosen, ListHere
from songhe.kernel.regions import significant


@dataclass(frozen=True, slots=True)
class OtherList:
    """Another list that can be read: its division in an address, and what its link says."""

    code: str
    title: str
    words: str


def whose_words(of: Chosen) -> str:
    """Why this list is shown and for whom it holds; "" where there is only one."""
    if not of.several:
        return ""
    if of.is_out:
        return _for_elsewhere(of)
    place, parts = _place(of.whose), _and(one.place for one in of.own_lists)
    if of.looked_up or not of.said:
        holds = gettext("这是{place}的清单，{place}的人用。").format(place=place)
        return holds + (gettext("{parts}有自己的清单，那里的人用自己那一份。").format(parts=parts) if parts else "")
    if of.is_unsure:
        return gettext(
            "您选了不清楚，先按{place}的清单看。{parts}有自己的清单，可能不一样，问社区就知道用哪一份。"
        ).format(place=place, parts=parts)
    said = place if of.said == UNSURE else of.held.names(of.said)
    return gettext("您选了{said}，用{place}的清单。").format(said=said, place=place)


def others_of(of: Chosen) -> tuple[OtherList, ...]:
    """The lists that are not shown."""
    return _others(one for one in of.lists if one.release != of.held.release)


def others_of_home(lists: Sequence[ListHere]) -> tuple[OtherList, ...]:
    """The lists of parts of the place."""
    parts = {one.release for one in parts_of(lists)}
    return _others(one for one in lists if one.release in parts)


def parts_of(lists: Sequence[ListHere]) -> tuple[ListHere, ...]:
    """Of the lists, those of parts of the place."""
    home = next((one for one in lists if one.is_home), None)
    if home is None:
        return ()
    digits = significant(home.region)
    return tuple(one for one in lists if not one.is_home and significant(one.region).startswith(digits))


def _for_elsewhere(of: Chosen) -> str:
    home = _place(of.home)
    if of.whose.is_home:
        return gettext("您不是{home}的，这份清单管不到您。您那里的清单，问当地的民政部门。").format(home=home)
    return gettext("您不是{home}的，这是{place}的清单。您那里可能有自己的，问当地的民政部门。").format(
        home=home, place=_place(of.whose)
    )


def _others(lists: Iterable[ListHere]) -> tuple[OtherList, ...]:
    return tuple(OtherList(one.code, one.title, gettext("{place}的清单").format(place=_place(one))) for one in lists)


def _place(one: ListHere) -> str:
    return one.place or gettext("全国")


def _and(names: Iterable[str]) -> str:
    return gettext("、").join(names)
