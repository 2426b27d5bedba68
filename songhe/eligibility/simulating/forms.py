"""The figures of a release as number fields, and what was put into them as the text of a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from songhe.eligibility.scenarios import Scenario
from songhe.rules import nodes as n
from songhe.rules.packs import Pack, Parameter
from songhe.rules.programme import SHARED, BoundItem, Programme
from songhe.rules.sentence import plain_number
from songhe.rules.units import in_words
from songhe.ui.words import said

FIELD = "f."
_LONGEST = 24


@dataclass(frozen=True, slots=True)
class FigureField:
    """One figure: `own` is what the release says ("" when it says none), `value` what is tried."""

    name: str
    label: str
    unit: str
    own: str
    value: str

    @property
    def changed(self) -> bool:
        """Whether another figure is tried."""
        return self.value != self.own

    @property
    def hint(self) -> str:
        """What the release says."""
        return _("清单写{own}").format(own=self.own) if self.own else _("清单没有写")


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """The figures of an item, or of the whole list."""

    title: str
    fields: tuple[FigureField, ...]

    @property
    def open(self) -> bool:
        """Whether something in it is tried."""
        return any(one.changed for one in self.fields)

    @property
    def tried(self) -> int:
        """How many figures are."""
        return sum(one.changed for one in self.fields)


def groups_of(programme: Programme, scenario: Scenario | None) -> list[FieldGroup]:
    """All figures of a list, those of the whole list last."""
    tried = scenario.changes if scenario is not None else {}
    named = {_full(programme.pack, name): figure for name, figure in tried.items()}
    found = [_group(bound, f"{bound.item.number} {bound.item.name}", bound.item.slug, bound.item.parameters, named)
             for bound in programme.items]  # fmt: skip
    if programme.items and programme.pack.parameters:
        found.append(_group(programme.items[0], _("整份清单"), SHARED, programme.pack.parameters, named))
    return [group for group in found if group.fields]


def _group(
    bound: BoundItem, title: str, owner: str, parameters: Mapping[str, Parameter], tried: Mapping[str, Fraction]
) -> FieldGroup:
    return FieldGroup(title, tuple(_field(bound, owner, one, tried) for one in parameters.values()))


def _field(bound: BoundItem, owner: str, parameter: Parameter, tried: Mapping[str, Fraction]) -> FigureField:
    name, value = f"{owner}.{parameter.name}", bound.figures.value(parameter.name)
    own = plain_number(value.value) if isinstance(value, n.Constant) and isinstance(value.value, Fraction) else ""
    shown = plain_number(tried[name]) if name in tried else own
    return FigureField(FIELD + name, parameter.label, said(in_words(parameter.unit)), own, shown)


def _full(pack: Pack, name: str) -> str:
    owner, _dot, parameter = name.partition(".")
    item = None if owner == SHARED else pack.item(owner)
    return name if item is None else f"{item.slug}.{parameter}"


def text_of(programme: Programme, given: Mapping[str, str]) -> str:
    """What was put into the fields, as the text of a scenario: only what differs from the release; blank leaves it."""
    fields: Sequence[FigureField] = [field for group in groups_of(programme, None) for field in group.fields]
    tried = ((field, given.get(field.name, field.own).strip()[:_LONGEST]) for field in fields)
    return ",".join(
        f"{field.name.removeprefix(FIELD)}={value.replace(',', '')}"
        for field, value in tried
        if value and value != field.own
    )
