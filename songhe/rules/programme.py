"""A list on a day, ready to decide: for each item the trees of outcome, amount, payable amount and missing facts.

All that is decided is written as nodes: coordination of groups, death, what is missing. The readings only read; none
of them knows what a group is, so none can disagree about it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from songhe.kernel.errors import BadInput, NotFound
from songhe.rules import nodes as n
from songhe.rules.folding import Figures, fold
from songhe.rules.missing import PARAMETER, missing
from songhe.rules.packs import Group, Item, Pack

SHARED = "list"
_FEN = 2
_NOTHING = n.Constant(Fraction(0))


@dataclass(frozen=True, slots=True)
class BoundItem:
    """An item on a day. `amount` and `payable` are yuan (or percent, or times) and None where the list gives none."""

    item: Item
    who: n.Node
    outcome: n.Node
    amount: n.Node | None
    payable: n.Node | None
    figures: Figures

    @property
    def unit(self) -> str:
        """The unit of the amount as text: `CNY/month`, `percent`; empty for a service."""
        return "" if self.item.gives.unit is None else str(self.item.gives.unit)

    @property
    def pays(self) -> bool:
        """Whether the item is money in the hand."""
        return self.item.gives.kind == "cash"

    def eligible_amount(self) -> n.Node | None:
        """The amount of who may have the item; unknown for everyone else."""
        return None if self.amount is None else _when(self.outcome, self.amount)

    def missing(self) -> Mapping[str, n.Node]:
        """For each fact the condition that it is unknown and could still decide the outcome or what is paid."""
        found = dict(missing(self.outcome))
        if self.payable is not None:
            for name, condition in missing(self.payable).items():
                if not name.startswith(PARAMETER):
                    found[name] = n.any_of((found[name], condition)) if name in found else condition
        return found


@dataclass(frozen=True, slots=True)
class Programme:
    """A list bound to a day, with the figures a what-if has changed."""

    pack: Pack
    on: date
    items: tuple[BoundItem, ...]

    def item(self, name: str) -> BoundItem:
        """The item by slug or number; NotFound with the slugs there are."""
        for bound in self.items:
            if name in (bound.item.slug, str(bound.item.number)):
                return bound
        raise NotFound(f"事项{name}", accepted="、".join(bound.item.slug for bound in self.items))

    @property
    def fact_names(self) -> tuple[str, ...]:
        """The facts the list speaks of, in the order in which it first does."""
        trees = [tree for bound in self.items for tree in (bound.outcome, bound.amount) if tree is not None]
        return tuple(dict.fromkeys(name for tree in trees for name in n.fact_names(tree)))


def bind(pack: Pack, on: date, changes: Mapping[str, Fraction] | None = None) -> Programme:
    """The list on a day. `changes` maps `item.parameter` (or `list.parameter`) to a figure for a what-if.

    Refused with NotFound when a change names nothing the list has, with BadInput when parameters go in a circle or a
    group pays in different units.
    """
    changes = dict(changes or {})
    _check_changes(pack, changes)
    alive = n.any_of(
        (n.IsUnknown(n.FactValue("death_date")), n.Compare(">", n.FactValue("death_date"), n.Constant(on)))
    )
    bound = [_bind_item(pack, item, on, alive, changes) for item in pack.items]
    return Programme(pack, on, tuple(_coordinate(pack, bound, on, changes)))


def _check_changes(pack: Pack, changes: Mapping[str, Fraction]) -> None:
    for name in changes:
        owner, _, parameter = name.partition(".")
        item = pack.item(owner)
        known = pack.parameters if owner == SHARED else {} if item is None else item.parameters
        if parameter not in known:
            every = [f"{item.slug}.{key}" for item in pack.items for key in item.parameters]
            raise NotFound(f"参数{name}", accepted="、".join([*every, *(f"{SHARED}.{key}" for key in pack.parameters)]))


def _figures(pack: Pack, item: Item, on: date, changes: Mapping[str, Fraction]) -> Figures:
    shared = {name: value for name, value in _shared_changes(pack, changes).items() if name not in item.parameters}
    own = {
        name: changes[key]
        for name in item.parameters
        for key in (f"{item.slug}.{name}", f"{item.number}.{name}")
        if key in changes
    }
    return Figures(pack.parameters_of(item), on, {**shared, **own}, item.where("parameters"))


def _shared_changes(pack: Pack, changes: Mapping[str, Fraction]) -> dict[str, Fraction]:
    return {name: changes[key] for name in pack.parameters if (key := f"{SHARED}.{name}") in changes}


def _bind_item(pack: Pack, item: Item, on: date, alive: n.Node, changes: Mapping[str, Fraction]) -> BoundItem:
    figures = _figures(pack, item, on, changes)
    who = figures.bound(item.who)
    outcome = n.all_of((alive, who))
    amount = None
    if item.gives.amount is not None:
        amount = fold(n.Round(figures.bound(item.gives.amount), _FEN))
    payable = _when(outcome, amount) if amount is not None and item.gives.kind == "cash" else None
    return BoundItem(item, who, outcome, amount, payable, figures)


def _when(condition: n.Node, value: n.Node) -> n.Node:
    return fold(n.Case(((condition, value),)))


def _coordinate(pack: Pack, items: list[BoundItem], on: date, changes: Mapping[str, Fraction]) -> list[BoundItem]:
    """The items with the payable amounts of grouped ones settled among the group."""
    settled = {}
    for group in pack.groups.values():
        members = [_Member(b, b.amount) for b in items if b.item.group == group.name and b.amount is not None]
        limit = _limit(pack, group, members, on, changes)
        for index, member in enumerate(members):
            settled[member.bound.item.slug] = _settle(group, members, index, limit)
    return [replace(bound, payable=settled.get(bound.item.slug, bound.payable)) for bound in items]


@dataclass(frozen=True, slots=True)
class _Member:
    """An item of a group with its amount."""

    bound: BoundItem
    amount: n.Node

    @property
    def outcome(self) -> n.Node:
        return self.bound.outcome


def _limit(
    pack: Pack, group: Group, members: list[_Member], on: date, changes: Mapping[str, Fraction]
) -> n.Node | None:
    """The figure that caps a `sum up to` group, None for the others. Refused with BadInput when units differ."""
    where = f"{pack.path}:{group.line}"
    units = {member.bound.unit for member in members}
    limit = None
    if group.pays == "sum up to":
        if group.limit not in pack.parameters:
            raise BadInput(where, "没有这个参数", given=group.limit, accepted="、".join(pack.parameters))
        units.add(str(pack.parameters[group.limit].unit))
        figures = Figures(pack.parameters, on, _shared_changes(pack, changes), where)
        limit = fold(n.Round(figures.value(group.limit), _FEN))
    if len(units) > 1:
        raise BadInput(where, f"分组{group.name}里单位不同", given="、".join(sorted(units)), accepted="同一个单位")
    return limit


def _settle(group: Group, members: list[_Member], index: int, limit: n.Node | None) -> n.Node:
    """What is paid of a member: its amount, what others leave of the limit, or nothing; unknown without the item."""
    member = members[index]
    if limit is not None:
        return _when(member.outcome, _capped(member.amount, members[:index], limit))
    lost = fold(n.Or(tuple(_beats(group, members, other, index) for other in range(len(members)) if other != index)))
    return fold(
        n.Case(
            (
                (n.all_of((member.outcome, lost)), _NOTHING),
                (n.all_of((member.outcome, n.negation(lost))), member.amount),
            )
        )
    )


def _capped(amount: n.Node, earlier: list[_Member], limit: n.Node) -> n.Node:
    """What the earlier members leave of the limit, at most the amount.

    An unknown outcome among the earlier ones matters only where counting it fully or not at all makes a difference.
    """

    def left(counts: Callable[[n.Node], n.Node]) -> n.Node:
        spent: n.Node = _NOTHING
        for other in earlier:
            spent = n.Arithmetic("+", spent, n.Case(((counts(other.outcome), other.amount),), _NOTHING))
        return n.Round(n.Least((amount, n.Greatest((_NOTHING, n.Arithmetic("-", limit, spent))))), _FEN)

    at_least, at_most = left(n.possibly), left(n.surely)
    return n.Case(((n.Compare("=", at_least, at_most), at_least),), left(lambda outcome: outcome))


def _beats(group: Group, members: list[_Member], other: int, index: int) -> n.Node:
    """Whether another member is paid instead: it is due and higher, or as high and earlier; or merely earlier."""
    rival = members[other]
    if group.pays == "first":
        return rival.outcome if other < index else n.NO
    operator: n.Comparison = ">=" if other < index else ">"
    higher = fold(n.Compare(operator, rival.amount, members[index].amount))
    return n.all_of((rival.outcome, higher))


def parameter_on(pack: Pack, item: Item, name: str, on: date) -> str:
    """The clause of a parameter's value on a day, empty when it has none."""
    dated = pack.parameters_of(item)[name].at(on)
    return "" if dated is None else dated.clause
