"""Whom one can come in as in a demonstration: people who do not exist, with the numbers and telephones on file."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.people.api import invented_papers

# The ids of the cast are the same in every demo city (demo/register/cast_piece.py); telephones as in cast_lives.yaml.
_SHOWN = (
    ("C10", "15400000110", N_("本人")), ("C10", "15400000162", N_("老伴吴爱珍，代办人")),
    ("C01", "15400000101", N_("本人")), ("C01", "15400000151", N_("女儿陈丽娟，代办人")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Invented:
    """A line of the page: whose file, who comes in, with which number and telephone."""

    name: str
    who: str
    number: str
    phone: str


def invented_entrants(region: str) -> list[Invented]:
    """Those of the cast that are in the register here."""
    from songhe.demo.register.cast_piece import cast_id

    keys: dict[str, UUID] = {key: cast_id(key) for key, _phone, _who in _SHOWN}
    with scoped(Actor.system("演示", region), "portal.demo"):
        papers = {key: (name, number) for key, name, number in invented_papers(keys.values())}
    found = [(papers.get(keys[key]), phone, who) for key, phone, who in _SHOWN]
    return [Invented(one[0], _(who), one[1], phone) for one, phone, who in found if one is not None]
