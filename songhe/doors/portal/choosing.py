"""Which of several lists holds for who looks: by where she lives, said once and kept in her browser till it is closed.

A file lies where a person lives, else where she is registered, and is decided by the list of the smallest division
around it: the question asks for just that. Who does not know gets the list of the place, and is told so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from songhe.doors.portal.held import Held, held_of, home_release
from songhe.doors.portal.places import name_of
from songhe.kernel.regions import significant
from songhe.policy.api import Release, in_force, release_for

COOKIE, PATH = "songhe-portal-place", "/portal/"
UNSURE, OUT = "unsure", "out"
_LENGTHS, _DIGITS = (2, 4, 6, 9, 12), 12


@dataclass(frozen=True, slots=True)
class ListHere:
    """A list that can be looked at; `place` is the name of its division, "" for the whole country."""

    release: UUID
    region: str
    title: str
    place: str
    is_home: bool

    @property
    def code(self) -> str:
        """The division as addresses name it: six digits or more."""
        return significant(self.region).ljust(6, "0")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The list that is shown and why: `said` is the division that was chosen, UNSURE, OUT, or "" for nothing said."""

    held: Held
    said: str
    lists: tuple[ListHere, ...]
    looked_up: bool = False

    @property
    def several(self) -> bool:
        """Whether there is anything to choose from."""
        return len(self.lists) > 1

    @property
    def home(self) -> ListHere:
        """The list of the place whose platform this is."""
        return next(one for one in self.lists if one.is_home)

    @property
    def whose(self) -> ListHere:
        """The list that is shown."""
        return next(one for one in self.lists if one.release == self.held.release)

    @property
    def own_lists(self) -> tuple[ListHere, ...]:
        """The lists of parts of what the shown one holds for, which do not go by it."""
        shown = significant(self.held.region)
        return tuple(one for one in self.lists if significant(one.region) != shown and _in(one.region, shown))

    @property
    def is_unsure(self) -> bool:
        """Whether a list of a part might hold instead."""
        return self.said == UNSURE and bool(self.own_lists)

    @property
    def is_out(self) -> bool:
        """Whether she lives where none of these lists is the nearest."""
        return self.said == OUT

    @property
    def must_ask(self) -> bool:
        """Whether where she lives has to be known first: a part of the place has a list of its own."""
        return not self.said and asks_below(self.lists, self.home.region)

    @property
    def key(self) -> tuple[object, ...]:
        """All that pages of the list depend on."""
        return (self.held.release, self.held.on, self.said, self.looked_up, *(one.release for one in self.lists))


def lists_here(today: date) -> tuple[ListHere, ...]:
    """The lists in force for the place, for what lies around it and for its parts; the widest first."""
    home = home_release(today)
    if home is None:
        return ()
    own = significant(home.of_list.region)
    return tuple(
        _here(one, today, is_home=one.pk == home.pk)
        for one in in_force(today)
        if _in(one.of_list.region, own) or own.startswith(significant(one.of_list.region))
    )


def chosen(request: HttpRequest, today: date, *, by_address: bool = False) -> Chosen | None:
    """The list for who looks; None without any list.

    With `by_address` the address may name the division of a list ("place"), for whoever wants to read that one: 404
    when there is none.
    """
    lists = lists_here(today)
    if not lists:
        return None
    wanted = request.GET.get("place", "") if by_address else ""
    if wanted:
        known = next((one for one in lists if one.code == wanted), None)
        if known is None:
            raise Http404
        return Chosen(_held(known, today), known.code, lists, looked_up=True)
    return _by_word(said_in(request, lists), lists, today)


def said_in(request: HttpRequest, lists: tuple[ListHere, ...]) -> str:
    """What the browser remembers; "" for anything that cannot have been chosen."""
    word = request.COOKIES.get(COOKIE, "")
    home = next(one for one in lists if one.is_home)
    if word in (UNSURE, OUT):
        return word
    known = word.isascii() and word.isdecimal() and len(word) in _LENGTHS
    return word if known and _in(word, significant(home.region)) else ""


def asks_below(lists: tuple[ListHere, ...], region: str) -> bool:
    """Whether parts of a division have lists of their own."""
    digits = significant(region)
    return any(significant(one.region) != digits and _in(one.region, digits) for one in lists)


def remember(response: HttpResponse, word: str) -> None:
    """Keeps the word in the browser until it is closed."""
    response.set_cookie(COOKIE, word, path=PATH, httponly=True, secure=settings.HTTPS, samesite="Lax")


def _by_word(word: str, lists: tuple[ListHere, ...], today: date) -> Chosen:
    home = next(one for one in lists if one.is_home)
    if word == OUT:
        return Chosen(_held(lists[0], today), word, lists)
    release = release_for(word.ljust(_DIGITS, "0"), today) if word.isdecimal() else None
    shown = next((one for one in lists if release is not None and one.release == release.pk), home)
    return Chosen(_held(shown, today), word, lists)


def _held(one: ListHere, today: date) -> Held:
    return held_of(next(release for release in in_force(today) if release.pk == one.release), today)


def _here(release: Release, today: date, *, is_home: bool) -> ListHere:
    digits = significant(release.of_list.region)
    place = name_of(release.of_list.region, today) if digits else ""
    return ListHere(release.pk, release.of_list.region, release.of_list.title, place, is_home)


def _in(region: str, digits: str) -> bool:
    return significant(region.ljust(_DIGITS, "0")).startswith(digits)
