"""A list on a day, ready to decide: for each item the trees of outcome, amount, payable amount and missing facts.

All that is decided is written as nodes: coordination of groups, death, what is missing. The readings only read; none
of them knows what a group is, so none can disagree about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from songhe.kernel.errors import BadInput, NotFound
from songhe.rules import nodes as n
from songhe.rules.folding import Figures, fold
from songhe.rules.missing import missing
from songhe.rules.packs import Group, Item, Pack

SHARED = "list"
_FEN = 2


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
                if not name.startswith("parameter:"):
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
        return tuple(dict.fromkeys(name for bound in self.items for name in n.fact_names(bound.outcome)))


def bind(pack: Pack, on: date, changes: Mapping[str, Fraction] | None = None) -> Programme:
    """The list on a day. `changes` maps `item.parameter` (or `list.parameter`) to a figure for a what-if.

    Refused with NotFound when a change names nothing the list has, with BadInput when parameters go in a circle.
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
    own = {name: changes[key] for name in item.parameters if (key := f"{item.slug}.{name}") in changes}
    own |= {name: changes[key] for name in item.parameters if (key := f"{item.number}.{name}") in changes}
    shared = {name: changes[key] for name in pack.parameters if (key := f"{SHARED}.{name}") in changes}
    return Figures(pack.parameters_of(item), on, {**shared, **own}, item.where("parameters"))


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
        members = [bound for bound in items if bound.item.group == group.name and bound.amount is not None]
        for index, member in enumerate(members):
            settled[member.item.slug] = _settle(pack, group, members, index, on, changes)
    return [
        BoundItem(b.item, b.who, b.outcome, b.amount, settled.get(b.item.slug, b.payable), b.figures) for b in items
    ]


def _settle(
    pack: Pack, group: Group, members: list[BoundItem], index: int, on: date, changes: Mapping[str, Fraction]
) -> n.Node:
    member, amount = members[index], _amount(members[index])
    if group.pays == "sum up to":
        spent: n.Node = n.Constant(Fraction(0))
        for earlier in members[:index]:
            nothing = (n.negation(earlier.outcome), n.Constant(Fraction(0)))
            spent = n.Arithmetic("+", spent, n.Case(((earlier.outcome, _amount(earlier)), nothing)))
        shared = {name: changes[key] for name in pack.parameters if (key := f"{SHARED}.{name}") in changes}
        limit = Figures(pack.parameters, on, shared, f"{pack.path}:{group.line}").value(group.limit)
        left = n.Greatest((n.Constant(Fraction(0)), n.Arithmetic("-", limit, spent)))
        return _when(member.outcome, n.Round(n.Least((amount, left)), _FEN))
    lost = fold(n.Or(tuple(_beats(group, members, other, index) for other in range(len(members)) if other != index)))
    return fold(
        n.Case(
            (
                (n.all_of((member.outcome, lost)), n.Constant(Fraction(0))),
                (n.all_of((member.outcome, n.negation(lost))), amount),
            )
        )
    )


def _beats(group: Group, members: list[BoundItem], other: int, index: int) -> n.Node:
    """Whether another member is paid instead: it is due and higher, or as high and earlier; or merely earlier."""
    rival = members[other]
    if group.pays == "first":
        return rival.outcome if other < index else n.NO
    operator: n.Comparison = ">=" if other < index else ">"
    higher = fold(n.Compare(operator, _amount(rival), _amount(members[index])))
    return n.all_of((rival.outcome, higher))


def _amount(bound: BoundItem) -> n.Node:
    if bound.amount is None:
        raise BadInput(bound.item.where("gives"), "分组里的事项没有金额", accepted="gives: {cash: …, per: …}")
    return bound.amount


def parameter_on(pack: Pack, item: Item, name: str, on: date) -> str:
    """The clause of a parameter's value on a day, empty when it has none."""
    dated = pack.parameters_of(item)[name].at(on)
    return "" if dated is None else dated.clause
