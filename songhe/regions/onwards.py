"""What a change of divisions means today, when it is told late: other changes may have come and been told since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from songhe.foundation.access.actors import region_range
from songhe.kernel.regions import significant
from songhe.regions.models import Division, Succession
from songhe.regions.queries import DIGITS, successors


@dataclass(frozen=True, slots=True)
class Step:
    """What lies in one division lies in another, with `below` all that lies within as well."""

    before: str
    after: str
    below: bool


@dataclass(frozen=True, slots=True)
class Onwards:
    """The steps in their order, and the divisions of which somebody has to say where what lies there belongs."""

    steps: tuple[Step, ...]
    unclear: tuple[str, ...]

    @property
    def targets(self) -> tuple[str, ...]:
        """Every division in which something may now lie that did not before."""
        return tuple(dict.fromkeys(step.after for step in self.steps))


def onwards(before: str, after: str, *, below: bool, on_date: date, today: date) -> Onwards:
    """The step from one division to the one that took its place, and on to where that one, and those in it, went since.

    Whatever the order in which changes are told, each one carries on to today.
    """
    steps, unclear = [Step(before, after, below)], []
    for code in _changed_since(after, below=below, on_date=on_date, today=today):
        became = [one.code for one in successors(code, on_date, today)]
        if became == [code]:
            continue
        if len(became) == 1:
            steps.append(Step(code, became[0], below=False))
        else:
            unclear.append(code)
    return Onwards(tuple(steps), tuple(unclear))


def parted_now(code: str, *, on_date: date, today: date) -> tuple[str, ...]:
    """Where the part of a split division that kept its code lies today; of an ended one its code."""
    code = code.ljust(DIGITS, "0")
    return tuple(one.code for one in successors(code, on_date, today)) or (code,)


def _changed_since(code: str, *, below: bool, on_date: date, today: date) -> list[str]:
    lo, hi = region_range(significant(code)) if below else (code, code + "!")
    gone = Division.objects.filter(code__gte=lo, code__lt=hi, valid_until__gt=on_date, valid_until__lte=today)
    left = Succession.objects.filter(
        Q(before__code__gte=lo, before__code__lt=hi), on_date__gt=on_date, on_date__lte=today
    )
    return sorted({*gone.values_list("code", flat=True), *left.values_list("before__code", flat=True)})
