"""Finding people by what somebody says or types: a name, an identity number, its last four, a telephone, an address.

What kind of text it is decides how it is looked for; the answer says what was looked for and what matched in whom.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from songhe.foundation.access.actors import Actor
from songhe.kernel import identity_numbers, phones
from songhe.kernel.errors import BadInput
from songhe.people.grams import address_grams, folded, wanted_grams
from songhe.people.identity import identity_index, phone_index
from songhe.people.models import NameGram, Person
from songhe.people.terms import Standing

MOST = 500
SHORTEST_ADDRESS = 2
_TAIL = re.compile(r"\d{3}[\dXx]")
_NUMBER = re.compile(r"[\dXx\s\-()+（）－—　]+")
_MOBILE_DIGITS = 11
_SHORTEST_NUMBER = 7

NAME, ADDRESS, IDENTITY, TAIL, PHONE = "姓名", "住址", "身份证号", "证件后四位", "电话"


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found. `by` says what was looked for, `matched` what fits in whom.

    `many` when there were more than `MOST`; `elsewhere` when the identity number is registered outside the scope;
    `problem` when the text cannot be looked for.
    """

    by: tuple[str, ...]
    ids: tuple[UUID, ...] = ()
    matched: dict[UUID, tuple[str, ...]] = field(default_factory=dict)
    many: bool = False
    elsewhere: bool = False
    problem: str = ""

    @property
    def only(self) -> UUID | None:
        """The one person, when a whole number names exactly one."""
        return self.ids[0] if len(self.ids) == 1 and self.by in ((IDENTITY,), (PHONE,)) else None


def find_people(actor: Actor, text: str) -> Found:
    """Looks in the actor's region. Merged files are not found."""
    text = half_width(text)
    if not folded(text):
        return Found((), problem="写姓名、身份证号、证件后四位、电话或住址")
    if _TAIL.fullmatch(text):
        return _one_column(actor, TAIL, identity_tail=text.upper())
    if _NUMBER.fullmatch(text):
        return _by_number(actor, text)
    return _by_words(actor, text)


def half_width(text: str) -> str:
    """The text without blanks around it, full-width digits made half-width."""
    return text.strip().translate({0xFF10 + digit: str(digit) for digit in range(10)} | {0xFF38: "X", 0xFF58: "X"})


def _by_number(actor: Actor, text: str) -> Found:
    digits = "".join(text.split())
    if len(digits) == identity_numbers.LENGTH:
        try:
            index = identity_index(digits)
        except BadInput as error:
            return Found((IDENTITY,), problem=f"身份证号{error.problem}")
        found = _one_column(actor, IDENTITY, identity_index=index)
        return found if found.ids else Found((IDENTITY,), elsewhere=_taken(index))
    try:
        return _one_column(actor, PHONE, phone_index=phone_index(phones.normalised(digits)))
    except BadInput:
        pass
    plain = "".join(letter for letter in digits if letter.isalnum())
    if len(plain) < _SHORTEST_NUMBER:
        return Found((), problem="数字要写全：身份证号18位、手机号11位，或证件后四位")
    kind, wanted = (PHONE, _MOBILE_DIGITS) if len(plain) <= _MOBILE_DIGITS + 1 else (IDENTITY, identity_numbers.LENGTH)
    return Found((kind,), problem=f"现在{len(plain)}位，{kind}要{wanted}位")


def _one_column(actor: Actor, by: str, **wanted: object) -> Found:
    ids = list(_seen(actor).filter(**wanted).order_by("region_code", "id").values_list("id", flat=True)[: MOST + 1])
    shown = tuple(ids[:MOST])
    return Found((by,), shown, dict.fromkeys(shown, (by,)), many=len(ids) > MOST)


def _by_words(actor: Actor, text: str) -> Found:
    wanted = [grams for grams in (wanted_grams(text), address_grams(text)) if grams]
    candidates: dict[UUID, tuple[str, str]] = {}
    many = False
    for grams in wanted[:1] if len(wanted) > 1 and wanted[0] == wanted[1] else wanted:
        people = _seen(actor).filter(id__in=_having(actor, grams)).values_list("id", "name", "address")[: MOST + 1]
        rows = list(people)
        many |= len(rows) > MOST
        candidates.update({one: (name, address) for one, name, address in rows})
    said = folded(text)
    matched: dict[UUID, tuple[str, ...]] = {}
    for one, (name, address) in candidates.items():
        fits = tuple(by for by, told in ((NAME, name), (ADDRESS, address)) if said in folded(told))
        if fits and (NAME in fits or len(said) >= SHORTEST_ADDRESS):
            matched[one] = fits
    first = sorted(matched, key=lambda one: (folded(candidates[one][0]) != said, NAME not in matched[one]))
    by = (NAME, ADDRESS) if len(said) >= SHORTEST_ADDRESS else (NAME,)
    return Found(by, tuple(first[:MOST]), matched, many=many)


def _having(actor: Actor, grams: set[str]) -> QuerySet[NameGram, Any]:
    """The ids of those who have all of the pieces: the pieces are looked up one within the other."""
    lo, hi = actor.range
    pieces = NameGram.objects.filter(region_code__gte=lo, region_code__lt=hi)
    first, *others = sorted(grams)
    chosen = pieces.filter(gram=first).values("person_id")
    for gram in others:
        chosen = pieces.filter(gram=gram, person_id__in=chosen).values("person_id")
    return chosen


def _seen(actor: Actor) -> QuerySet[Person]:
    lo, hi = actor.range
    return Person.objects.filter(region_code__gte=lo, region_code__lt=hi).exclude(standing=Standing.MERGED)


def _taken(index: bytes) -> bool:
    """Whether the number is registered anywhere: all that is said of another region."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_identity_taken(%s)", [index])
        row = cursor.fetchone()
    return bool(row and row[0])
