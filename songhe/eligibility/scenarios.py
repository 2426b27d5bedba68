"""Reading a change to try: `advanced-age-allowance.from_age=75`, several joined by commas.

Whatever cannot be meant is refused with what could be: an item or a parameter that does not exist with names that look
like it, a figure with the unit it should have.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction

from songhe.kernel.errors import BadInput, NotFound
from songhe.rules.packs import Item, Pack, Parameter
from songhe.rules.programme import SHARED
from songhe.rules.units import PERCENT, in_words

ACCEPTED = "事项.参数=数，几个改动用逗号连起来，如advanced-age-allowance.from_age=75,meals.from_age=60"
_FIGURE = re.compile(r"(?P<number>\d{1,12}(\.\d{1,6})?)\s*(?P<unit>\S*)")
_AGE_WORDS = ("岁", "周岁")
_LIKE = 0.5
_MOST_NAMES = 5
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Scenario:
    """Figures to try, `item.parameter` (or `list.parameter`) to number, under the text they were given as."""

    text: str
    changes: Mapping[str, Fraction]


def read_scenario(pack: Pack, text: str) -> Scenario:
    """A scenario as given. Refused with BadInput or NotFound, each naming what would do."""
    changes: dict[str, Fraction] = {}
    for part in re.split("[,，]", text):
        name, figure = _read_change(pack, part.strip())
        if name in changes:
            raise BadInput("改动", "同一个参数改了两次", given=name, accepted="一个方案里每个参数一次")
        changes[name] = figure
    return Scenario(text.strip(), changes)


def _read_change(pack: Pack, text: str) -> tuple[str, Fraction]:
    target, equals, figure = (part.strip() for part in text.partition("="))
    owner, dot, name = (part.strip() for part in target.partition("."))
    if not (equals and dot and owner and name):
        raise BadInput("改动", "读不懂", given=text, accepted=ACCEPTED)
    item = None if owner == SHARED else _item(pack, owner)
    slug = SHARED if item is None else item.slug
    parameter = _parameter(pack, item, name)
    return f"{slug}.{name}", _figure(f"{slug}.{name}", parameter, figure)


def _item(pack: Pack, owner: str) -> Item:
    found = pack.item(owner) or next((item for item in pack.items if item.name == owner), None)
    if found is None:
        names = {name: item for item in pack.items for name in (item.slug, item.name)}
        near = [names[name] for name in get_close_matches(owner, names, _MOST_NAMES, _LIKE)]
        known = _once(near) or pack.items
        shown = "、".join(f"{item.slug}（{item.name}）" for item in known)
        raise NotFound(f"事项{owner}", accepted=f"{shown}；整份清单的参数写{SHARED}")
    return found


def _once(items: Iterable[Item]) -> Sequence[Item]:
    return list({item.slug: item for item in items}.values())


def _parameter(pack: Pack, item: Item | None, name: str) -> Parameter:
    own = pack.parameters if item is None else item.parameters
    if name not in own:
        elsewhere = (
            f"；{name}是整份清单的参数，写{SHARED}.{name}" if item is not None and name in pack.parameters else ""
        )
        names = "、".join(f"{known}（{parameter.label}）" for known, parameter in own.items()) or "没有可改的参数"
        what = f"参数{name}" if item is None else f"参数{name}（{item.name}）"
        raise NotFound(what, accepted=names + elsewhere)
    return own[name]


def _figure(where: str, parameter: Parameter, text: str) -> Fraction:
    unit, words = str(parameter.unit), in_words(parameter.unit)
    accepted = f"0或以上的数，单位是{words}，如{where}={_example(parameter)}"
    read = _FIGURE.fullmatch(text)
    if read is None:
        raise BadInput(where, "不是能用的数", given=text, accepted=accepted)
    also = _AGE_WORDS if unit == "year" else ()
    if read["unit"] and read["unit"] not in (unit, words, *also):
        raise BadInput(where, "单位不对", given=text, accepted=accepted)
    figure = Fraction(read["number"])
    if parameter.unit == PERCENT and figure > _WHOLE:
        raise BadInput(where, "超过了100%", given=text, accepted=f"0到100的数，单位是{words}")
    return figure


def _example(parameter: Parameter) -> str:
    """A figure of the parameter itself where it has one."""
    numbers = [str(dated.value) for dated in parameter.values if isinstance(dated.value, Fraction)]
    whole = [number for number in numbers if "/" not in number]
    return whole[-1] if whole else "100"
