"""Divisions as an interview asks for them, those of the adviser's region first of all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from songhe.kernel.regions import significant
from songhe.regions.api import children_of, divisions_on, names_of, place_of

_DIGITS, _MOST = 12, 12


@dataclass(frozen=True, slots=True)
class Places:
    """The divisions of a day, all of them."""

    on: date

    def below(self, code: str) -> tuple[tuple[str, str], ...]:
        """See `songhe.eligibility.asking.Divisions`."""
        return tuple((significant(one.code), one.name) for one in children_of(code, self.on))

    def named(self, name: str) -> tuple[tuple[str, str], ...]:
        """See `songhe.eligibility.asking.Divisions`."""
        codes = divisions_on(self.on).filter(name=name).order_by("code").values_list("code", flat=True)[:_MOST]
        return tuple((significant(code), place_of(code, self.on)) for code in codes)

    def name(self, code: str) -> str:
        """See `songhe.eligibility.asking.Divisions`."""
        full = code.ljust(_DIGITS, "0")
        return names_of([full]).get(full, code)
