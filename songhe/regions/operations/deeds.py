"""What can be done with divisions, each as a value that can be kept until its day and then carried out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from songhe.foundation.access.actors import region_range
from songhe.kernel.errors import BadInput, Refused
from songhe.kernel.told import told
from songhe.regions.events import DivisionAbsorbed, DivisionEnded, DivisionReplaced, DivisionSplit
from songhe.regions.models import Change, Division
from songhe.regions.operations.ledger import Ledger, level_of, next_codes, padded, shown
from songhe.regions.terms import Deed

_LEAST = 2


class Planned(Protocol):
    """One deed with all it takes."""

    @property
    def deed(self) -> Deed:
        """Which deed."""

    @property
    def codes(self) -> tuple[str, ...]:
        """Every division it touches, the one it begins with first; twelve digits."""

    def carry_out(self, ledger: Ledger) -> None:
        """Writes down what follows. Refused when a rule says no."""


@dataclass(frozen=True, slots=True)
class Adding:
    """A new division, in the division its code says."""

    code: str
    name: str
    is_urban: bool | None = None
    deed = Deed.ADD

    @property
    def codes(self) -> tuple[str, ...]:
        """See Planned."""
        return (self.code,)

    def carry_out(self, ledger: Ledger) -> None:
        """See Planned."""
        ledger.free([self.code])
        ledger.open(self.code, name=self.name, is_urban=self.is_urban)


@dataclass(frozen=True, slots=True)
class Renaming:
    """Another name."""

    code: str
    name: str
    deed = Deed.RENAME

    @property
    def codes(self) -> tuple[str, ...]:
        """See Planned."""
        return (self.code,)

    def carry_out(self, ledger: Ledger) -> None:
        """See Planned."""
        before = ledger.standing(self.code, keeps_place=True)
        if before.name == self.name:
            raise Refused(told("现在就叫{name}", name=self.name))
        kept = {one: getattr(before, one) for one in ("kind", "is_urban", "inhabited", "longitude", "latitude")}
        after = ledger.open(self.code, name=self.name, **kept)
        ledger.end(before)
        ledger.step(before, after, Change.RENAMED)


@dataclass(frozen=True, slots=True)
class Moving:
    """Another code: in another division, or in the same one. What lies below goes along."""

    code: str
    new_code: str
    deed = Deed.MOVE

    @property
    def codes(self) -> tuple[str, ...]:
        """See Planned."""
        return (self.code, self.new_code)

    def carry_out(self, ledger: Ledger) -> None:
        """See Planned."""
        before = ledger.standing(self.code)
        same_level(before, self.new_code)
        if before.code == self.new_code:
            raise Refused("新代码和现在的一样")
        ledger.carry(before, self.new_code)


@dataclass(frozen=True, slots=True)
class Merging:
    """Several become one: `into` is one of them, another that stands, or a new one with a name."""

    before: tuple[str, ...]
    into: str
    name: str = ""
    deed = Deed.MERGE

    @property
    def codes(self) -> tuple[str, ...]:
        """See Planned."""
        return (*self.before, self.into)

    def carry_out(self, ledger: Ledger) -> None:
        """See Planned."""
        parts = [ledger.standing(code) for code in dict.fromkeys(self.before) if code != self.into]
        if len({*self.before, self.into}) < _LEAST or not parts:
            raise Refused("合并要有两个区划")
        for part in parts:
            same_level(part, self.into)
        after = self._after(ledger, parts)
        lo, hi = region_range(after.digits)
        used = set(Division.objects.filter(code__gte=lo, code__lt=hi).values_list("code", flat=True))
        for part in parts:
            self._bring(ledger, part, after, used)

    def _after(self, ledger: Ledger, parts: Sequence[Division]) -> Division:
        if not self.name:
            return ledger.standing(self.into, stays=True)
        if len(parts) < _LEAST:
            raise Refused("并成一个新的，要有两个区划；只换代码的，用改隶、改码")
        ledger.free([self.into])
        return ledger.open(self.into, name=self.name, is_urban=parts[0].is_urban)

    def _bring(self, ledger: Ledger, part: Division, after: Division, used: set[str]) -> None:
        inside = ledger.within(part)
        children = [one for one in inside if one.parent == part.code]
        codes = next_codes(after.code, children, used)
        told = len(ledger.events)
        for child in children:
            ledger.carry(child, codes[child.code])
        ledger.end(part)
        ledger.step(part, after, Change.MERGED)
        kept = all(codes[one.code][len(part.digits) :] == one.code[len(part.digits) :] for one in children)
        if kept:
            del ledger.events[told:]
        kind = DivisionReplaced if kept else DivisionAbsorbed
        ledger.events.append(kind(region="", before_code=part.code, after_code=after.code, on_date=ledger.day))


@dataclass(frozen=True, slots=True)
class Splitting:
    """A part of a division becomes one of its own, with the divisions named in `children`; the rest stays as it is."""

    code: str
    new_code: str
    name: str
    children: tuple[str, ...] = ()
    deed = Deed.SPLIT

    @property
    def codes(self) -> tuple[str, ...]:
        """See Planned."""
        return (self.code, self.new_code)

    def carry_out(self, ledger: Ledger) -> None:
        """See Planned."""
        whole = ledger.standing(self.code, stays=True)
        same_level(whole, self.new_code)
        ledger.free([self.new_code])
        children = ledger.children(whole)
        going = self._going(whole, children)
        part = ledger.open(self.new_code, name=self.name, is_urban=whole.is_urban)
        ledger.step(whole, part, Change.SPLIT)
        for child in going:
            ledger.carry(child, part.digits + child.code[len(part.digits) :])
        after = (whole.code, part.code)
        ledger.events.append(DivisionSplit(region="", before_code=whole.code, after_codes=after, on_date=ledger.day))

    def _going(self, whole: Division, children: Sequence[Division]) -> list[Division]:
        there = {one.code: one for one in children}
        strange = [shown(code) for code in self.children if code not in there]
        if strange:
            raise Refused(told("{strange}不直接在{name}下面", strange="、".join(strange), name=whole.name))
        if children and not self.children:
            raise Refused("没有选划过去的下级区划")
        if children and len(set(self.children)) == len(children):
            raise Refused(told("{name}的下级区划全划走了；只换代码的，用改隶、改码", name=whole.name))
        return [there[code] for code in sorted(set(self.children))]


@dataclass(frozen=True, slots=True)
class Ending:
    """No more, and nothing in its place."""

    code: str
    deed = Deed.END

    @property
    def codes(self) -> tuple[str, ...]:
        """See Planned."""
        return (self.code,)

    def carry_out(self, ledger: Ledger) -> None:
        """See Planned."""
        division = ledger.standing(self.code)
        inside = ledger.children(division)
        if inside:
            raise Refused(
                told("{name}下面还有{number}个区划，先并到别处或改隶", name=division.name, number=len(inside))
            )
        ledger.end(division)
        ledger.events.append(DivisionEnded(region="", before_code=division.code, on_date=ledger.day))


_KINDS: dict[str, type[Any]] = {one.deed.value: one for one in (Adding, Renaming, Moving, Merging, Splitting, Ending)}


def kept(planned: Planned) -> dict[str, Any]:
    """The deed as JSON takes it."""
    return asdict(planned)  # type: ignore[call-overload, no-any-return]


def read(deed: str, details: Mapping[str, Any]) -> Planned:
    """The deed again."""
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in details.items()}
    made: Planned = _KINDS[deed](**values)
    return made


def same_level(division: Division, code: str) -> None:
    """Refused unless the code is one of the division's level."""
    level = level_of(padded("新代码", code))
    if level != division.level:
        raise Refused(
            told(
                "{name}是{level}，{code}是{other}的代码",
                name=division.name,
                level=division.get_level_display(),
                code=shown(code),
                other=level.label,
            )
        )


def name_of(where: str, text: str, longest: int = 60) -> str:
    """A name as it may stand in the list. BadInput for one too short, too long, or with anything but words in it."""
    name = "".join(text.split())
    if not 2 <= len(name) <= longest or not all(one.isalnum() or one in "·（）-" for one in name):
        raise BadInput(where, "写法不对", accepted=told("2到{longest}个字，没有标点", longest=longest))
    return name
