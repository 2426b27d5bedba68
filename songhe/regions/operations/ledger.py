"""What one change of divisions opens, ends and tells, checked as it is written down and written in one go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from django.db.models import Q

from songhe.foundation.access.actors import region_range
from songhe.foundation.outbox.events import Event
from songhe.kernel.errors import BadInput, Refused
from songhe.kernel.regions import ACCEPTED, significant
from songhe.kernel.told import told
from songhe.regions.events import DivisionReplaced
from songhe.regions.models import Change, Division, Level, Succession
from songhe.regions.queries import DIGITS, ENDS, as_of, children_of, divisions_on, followed
from songhe.regions.terms import kind_of_code

_CARRIED = ("name", "is_urban", "inhabited", "longitude", "latitude")


@dataclass(slots=True)
class Ledger:
    """One change in the making: `day` it counts from, and the document that says so."""

    day: date
    document: str
    opened: list[Division] = field(default_factory=list)
    ended: list[Division] = field(default_factory=list)
    steps: list[Succession] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def standing(self, code: str, *, stays: bool = False, keeps_place: bool = False) -> Division:
        """The division on the day. Refused when there is none, or it changed since.

        Nor may it have changed on the day itself, unless it `stays` as it is while others come or go, or
        `keeps_place` and is only called otherwise.
        """
        found = as_of(code, self.day)
        if found is None:
            raise Refused(told("{day}没有代码是{code}的区划", day=self.day.isoformat(), code=shown(code)))
        around = Q(before__code=found.code) | Q(after__code=found.code)
        self._quiet(
            Q(code=found.code), around, rows="gt" if stays else "gte", steps="gt" if stays or keeps_place else "gte"
        )
        return found

    def within(self, division: Division) -> list[Division]:
        """All that lies below a division on the day, the larger first. Refused when any of it changed since."""
        lo, hi = region_range(division.digits)
        self._quiet(
            Q(code__gte=lo, code__lt=hi),
            Q(before__code__gte=lo, before__code__lt=hi) | Q(after__code__gte=lo, after__code__lt=hi),
        )
        inside = divisions_on(self.day).filter(code__gte=lo, code__lt=hi, level__gt=division.level)
        return list(inside.order_by("level", "code"))

    def children(self, division: Division) -> list[Division]:
        """What lies right below a division on the day."""
        return list(children_of(division.code, self.day))

    def _quiet(self, divisions: Q, around: Q, *, rows: str = "gte", steps: str = "gte") -> None:
        """History is not rewritten: nothing changed since the day; "gte" counts the day itself."""
        since = Q(**{f"valid_from__{rows}": self.day}) | Q(valid_until__gt=self.day)
        last = Division.objects.filter(divisions).filter(since).order_by("-valid_from").first()
        if last is not None:
            day = max(one for one in (last.valid_from, last.valid_until) if one is not None)
            raise Refused(
                told(
                    "{name}（{digits}）{day}才变过，生效日期要在这以后",
                    name=last.name,
                    digits=last.digits,
                    day=day.isoformat(),
                )
            )
        later = Succession.objects.filter(around, **{f"on_date__{steps}": self.day}).select_related("before")
        step = later.order_by("-on_date").first()
        if step is not None:
            raise Refused(
                told("{name}{day}才变过，生效日期要在这以后", name=step.before.name, day=step.on_date.isoformat())
            )

    def free(self, codes: Iterable[str], returning: dict[str, Division] | None = None) -> None:
        """Refused for a code that was ever used, except by what comes back to it (`returning`, by its code then)."""
        for used in Division.objects.filter(code__in=list(codes)).order_by("code", "valid_from"):
            if used.valid_until is None or used.valid_until > self.day:
                raise Refused(told("代码{digits}已有：{name}", digits=used.digits, name=used.name))
            back = (returning or {}).get(used.code)
            if back is None or back not in followed(used, used.valid_from, self.day):
                raise Refused(
                    told("代码{digits}以前是{name}的；用过的代码不给别的地方用", digits=used.digits, name=used.name)
                )

    def parent_of(self, code: str) -> str:
        """The code of the division the code lies in; "" for a province. Refused when that does not stand.

        A level whose digits are zeros is left out: 441900003 lies in the city 4419, which has no districts.
        """
        ends = [end for start, end in pairwise((0, *ENDS)) if end < level_of(code) and code[start:end].strip("0")]
        if not ends:
            return ""
        parent = code[: ends[-1]].ljust(DIGITS, "0")
        if as_of(parent, self.day) is None and all(one.code != parent for one in self.opened):
            raise Refused(told("代码{code}的上级{parent}还没有登记", code=shown(code), parent=shown(parent)))
        return parent

    def open(self, code: str, **given: Any) -> Division:
        """A new division or a new time of one, from the day on."""
        values = {"level": level_of(code), "kind": kind_of_code(code)} | given
        if "parent" not in values:
            values["parent"] = self.parent_of(code)
        made = Division(code=code, valid_from=self.day, **values)
        self.opened.append(made)
        return made

    def end(self, division: Division) -> None:
        """The division is no more from the day on."""
        division.valid_until = self.day
        self.ended.append(division)

    def step(self, before: Division, after: Division, change: Change) -> None:
        """One gives way to the other."""
        self.steps.append(
            Succession(before=before, after=after, change=change, on_date=self.day, document=self.document)
        )

    def carry(self, division: Division, code: str) -> Division:
        """The division and all below it get other codes: `code`, and the same digits after it. Tells so once."""
        whole = [division, *self.within(division)]
        start, digits = len(division.digits), significant(code)
        codes = {one.code: (digits + one.code[start:]).ljust(DIGITS, "0")[:DIGITS] for one in whole}
        self.free(codes.values(), {codes[one.code]: one for one in whole})
        made = self.open(code, **_carried(division))
        self._give_way(division, made)
        for one in whole[1:]:
            parent, below = codes[one.parent], _carried(one)
            self._give_way(one, self.open(codes[one.code], parent=parent, **below))
        self.events.append(
            DivisionReplaced(region="", before_code=division.code, after_code=code.ljust(DIGITS, "0"), on_date=self.day)
        )
        return made

    def _give_way(self, before: Division, after: Division) -> None:
        self.end(before)
        self.step(before, after, Change.RECODED)

    def write(self) -> None:
        """Everything at once. What ends is ended first: a code has one open time."""
        Division.objects.filter(pk__in=[one.pk for one in self.ended]).update(valid_until=self.day)
        Division.objects.bulk_create(self.opened)
        Succession.objects.bulk_create(self.steps)


def _carried(division: Division) -> dict[str, Any]:
    return {name: getattr(division, name) for name in _CARRIED}


def padded(where: str, code: str) -> str:
    """A code as twelve digits; BadInput for anything that is none, or is the whole country."""
    code = code.strip()
    try:
        digits = significant(code)
    except BadInput as error:
        raise BadInput(where, "写法不对", given=code[:20], accepted=ACCEPTED) from error
    if not digits:
        raise BadInput(where, "不能是全国", accepted=ACCEPTED)
    return code.ljust(DIGITS, "0")


def level_of(code: str) -> Level:
    """How far down the division of a code is."""
    return Level(len(significant(code)))


def shown(code: str) -> str:
    """A code without its padding."""
    return significant(code)


def next_codes(parent: str, children: Sequence[Division], used: set[str]) -> dict[str, str]:
    """A free code within `parent` for each child: its own last digits where they are free, else the next of its kind.

    `used` are codes that were ever used there; those given out are added. Refused when there is none left.
    """
    given = {}
    for child in children:
        start = len(significant(child.parent))
        tail, digits = child.digits[start:], significant(parent)
        size = 10 ** (len(tail) - 1)
        first, last = _span(int(tail), size)
        tries = [int(tail), *range(int(tail) + 1, last), *range(first, int(tail))]
        codes = (f"{digits}{number:0{len(tail)}}".ljust(DIGITS, "0") for number in tries)
        free = next((code for code in codes if code not in used), None)
        if free is None:
            raise Refused(told("没有空的代码给{name}（{digits}）", name=child.name, digits=child.digits))
        used.add(free)
        given[child.code] = free
    return given


def _span(number: int, size: int) -> tuple[int, int]:
    """Numbers of the same kind: 200–399 are villages, otherwise the same hundred; two digits have no kinds."""
    if size < 100:
        return 1, size * 10
    hundred = number // size
    if hundred in (2, 3):
        return 2 * size, 4 * size
    return max(1, hundred * size), (hundred + 1) * size
