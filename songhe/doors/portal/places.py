"""Divisions by name: for questions about where one lives, and for choosing one's community."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from songhe.kernel.regions import significant
from songhe.regions.api import as_of, children_of, divisions_on, place_of

_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Places:
    """The divisions of a day, as an interview asks for them."""

    on: date

    def below(self, code: str) -> tuple[tuple[str, str], ...]:
        """The divisions right below one: code and name."""
        return tuple((significant(one.code), one.name) for one in children_of(code, self.on))

    def named(self, name: str) -> tuple[tuple[str, str], ...]:
        """All divisions of that name: code and full name."""
        codes = divisions_on(self.on).filter(name=name).order_by("code").values_list("code", flat=True)[:_DIGITS]
        return tuple((significant(code), place_of(code, self.on)) for code in codes)

    def name(self, code: str) -> str:
        """The name of a division, the code when it is not known."""
        return name_of(code, self.on)


def name_of(code: str, on: date) -> str:
    """The name of a division alone; the code when there is none."""
    found = as_of(code, on)
    return found.name if found else code
