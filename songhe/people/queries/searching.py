"""Finding people by what somebody says or types: a name, an identity number, its last four, a telephone, an address.

What kind of text it is decides how it is looked for; the answer says what was looked for and what matched in whom.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from songhe.foundation.access.actors import Actor
from songhe.kernel import identity_numbers, phones
from songhe.kernel.errors import BadInput
from songhe.kernel.told import told
from songhe.people.grams import address_grams, folded, wanted_grams
from songhe.people.identity import identity_index, phone_index
from songhe.people.models import Person
from songhe.people.terms import Standing

MOST = 500
_RARE, _COMMON = 300, 3_000
_PAIR = 2
SHORTEST_ADDRESS = 2
_TAIL = re.compile(r"\d{3}[\dXx]")
_NUMBER = re.compile(r"[\dXx\s\-()+（）－—　]+")
_WITHIN = "gram = %s AND region_code >= %s AND region_code < %s"
_SIZE = f"SELECT count(*) FROM (SELECT FROM people_gram WHERE {_WITHIN} LIMIT %s) found"  # noqa: S608
_OF_ONE = f"SELECT person_id FROM people_gram WHERE {_WITHIN} LIMIT %s"  # noqa: S608
_OF_TWO = f"""SELECT person_id FROM people_gram WHERE {_WITHIN}
AND person_id IN (SELECT person_id FROM people_gram WHERE {_WITHIN}) LIMIT %s"""  # noqa: S608
_FITTING = """
SELECT id, name, address FROM people_person
WHERE id = ANY(%s::uuid[]) AND region_code >= %s AND region_code < %s AND standing <> %s
    AND (lower(name) LIKE %s OR lower(address) LIKE %s)
LIMIT %s
"""
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
        return Found((), problem=told("写姓名、身份证号、证件后四位、电话或住址"))
    if _TAIL.fullmatch(text):
        return _one_column(actor, TAIL, identity_tail=text.upper())
    if _NUMBER.fullmatch(text):
        return _by_number(actor, text)
    return _by_words(actor, text)


def is_number(text: str) -> bool:
    """Whether the text could be the whole number of one person."""
    return _NUMBER.fullmatch(half_width(text)) is not None


def half_width(text: str) -> str:
    """The text without blanks around it, full-width digits made half-width."""
    return text.strip().translate({0xFF10 + digit: str(digit) for digit in range(10)} | {0xFF38: "X", 0xFF58: "X"})


def _by_number(actor: Actor, text: str) -> Found:
    digits = "".join(text.split())
    if len(digits) == identity_numbers.LENGTH:
        try:
            index = identity_index(digits)
        except BadInput as error:
            return Found((IDENTITY,), problem=told("身份证号{problem}", problem=error.problem))
        found = _one_column(actor, IDENTITY, identity_index=index)
        return found if found.ids else Found((IDENTITY,), elsewhere=_taken(index))
    try:
        return _one_column(actor, PHONE, phone_index=phone_index(phones.normalised(digits)))
    except BadInput:
        pass
    plain = "".join(letter for letter in digits if letter.isalnum())
    if len(plain) < _SHORTEST_NUMBER:
        return Found((), problem=told("数字要写全：身份证号18位、手机号11位，或证件后四位"))
    kind, wanted = (PHONE, _MOBILE_DIGITS) if len(plain) <= _MOBILE_DIGITS + 1 else (IDENTITY, identity_numbers.LENGTH)
    return Found(
        (kind,), problem=told("现在{number}位，{kind}要{wanted}位", number=len(plain), kind=kind, wanted=wanted)
    )


def _one_column(actor: Actor, by: str, **wanted: object) -> Found:
    ids = list(_seen(actor).filter(**wanted).order_by("region_code", "id").values_list("id", flat=True)[: MOST + 1])
    shown = tuple(ids[:MOST])
    return Found((by,), shown, dict.fromkeys(shown, (by,)), many=len(ids) > MOST)


def _by_words(actor: Actor, text: str) -> Found:
    said = folded(text)
    candidates: dict[UUID, tuple[str, str]] = {}
    many = False
    for grams in _ways(text):
        ids, more = _candidates(actor, grams, most=_COMMON if len(said) > _PAIR else MOST)
        like = _like(said)
        rows = _rows_of(_FITTING, [ids, *actor.range, Standing.MERGED.value, like, like, MOST + 1])
        many |= more or len(rows) > MOST
        candidates.update({one: (name, address) for one, name, address in rows})
    matched: dict[UUID, tuple[str, ...]] = {}
    for one, (name, address) in candidates.items():
        fits = tuple(by for by, told in ((NAME, name), (ADDRESS, address)) if said in folded(told))
        if fits and (NAME in fits or len(said) >= SHORTEST_ADDRESS):
            matched[one] = fits
    first = sorted(matched, key=lambda one: (folded(candidates[one][0]) != said, NAME not in matched[one]))
    by = (NAME, ADDRESS) if len(said) >= SHORTEST_ADDRESS else (NAME,)
    return Found(by, tuple(first[:MOST]), matched, many=many)


def _ways(text: str) -> list[set[str]]:
    """The pieces to look for: those of a name, and those of an address where they are others."""
    name, address = wanted_grams(text), address_grams(text)
    return [grams for grams in (name, address if address != name else set()) if grams]


def _candidates(actor: Actor, grams: set[str], *, most: int) -> tuple[list[UUID], bool]:
    """Who has the rarest of the pieces, and the rarest two where one is common; whether that was cut short."""
    sizes: dict[str, int] = {}
    for gram in sorted(grams):
        ((sizes[gram],),) = _rows_of(_SIZE, [gram, *actor.range, _COMMON + 1])
        if sizes[gram] <= _RARE:
            break
    first, *others = sorted(sizes, key=lambda gram: (sizes[gram], gram))
    if sizes[first] > _COMMON and others:
        rows = _rows_of(_OF_TWO, [first, *actor.range, others[0], *actor.range, most + 1])
    else:
        rows = _rows_of(_OF_ONE, [first, *actor.range, most + 1])
    return [one for (one,) in rows[:most]], len(rows) > most


def _like(said: str) -> str:
    """Roughly the text, whatever signs and blanks stand between its letters."""
    return "%" + "%".join(letter for letter in said if letter not in "%_\\") + "%"


def _rows_of(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Not prepared: the best plan depends on how common a piece is."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def _seen(actor: Actor) -> QuerySet[Person]:
    lo, hi = actor.range
    return Person.objects.filter(region_code__gte=lo, region_code__lt=hi).exclude(standing=Standing.MERGED)


def _taken(index: bytes) -> bool:
    """Whether the number is registered anywhere: all that is said of another region."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_identity_taken(%s)", [index])
        row = cursor.fetchone()
    return bool(row and row[0])
