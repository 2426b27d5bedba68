"""The gate before a list is released: everything wrong, with file, line and what is accepted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from songhe.kernel.errors import BadInput
from songhe.rules.comparing import Difference, compare_lists
from songhe.rules.examples import run_examples
from songhe.rules.folding import Figures
from songhe.rules.packs import Pack, Parameter
from songhe.rules.programme import bind
from songhe.rules.reading_packs import read_pack

_WHOLE_TIME = "清单施行的每一天都有值；一直没有定的values: []；后来才定的，unset_before写定了的那天"


@dataclass(frozen=True, slots=True)
class Finding:
    """What the gate found for one list."""

    pack: Pack
    problems: tuple[BadInput, ...]
    examples: int
    parameters: int

    @property
    def passed(self) -> bool:
        """Whether the list may be released."""
        return not self.problems


def check_list(root: Path, list_id: str, *, parents: Path | None = None) -> Finding:
    """Checks one list: readable, typed, dated, its examples hold, no item below the list it extends.

    NotFound when there is no such list.
    """
    pack, problems = read_pack(root, list_id, parents=parents)
    found = list(problems.found)
    examples = 0
    if not found:
        found += _figures(pack)
    if not found:
        examples, failures = run_examples(pack)
        found += failures + _coverage(pack)
        if pack.extends is not None:
            found += _below_parent(pack, pack.extends)
    parameters = len(pack.parameters) + sum(len(item.parameters) for item in pack.items)
    return Finding(pack, tuple(found), examples, parameters)


def _days(pack: Pack) -> list[date]:
    """Every day on which a figure of the list changes, and its first."""
    every = [*pack.parameters.values(), *(p for item in pack.items for p in item.parameters.values())]
    days = {value.from_date for parameter in every for value in parameter.values}
    return sorted({pack.from_date, *(day for day in days if day > pack.from_date)})


def _own_parameters(pack: Pack) -> Iterator[tuple[Path, Parameter, Mapping[str, Parameter]]]:
    """The parameters written in the list's own files, each with its file and the parameters it may speak of."""
    inherited = pack.extends.parameters if pack.extends is not None else {}
    for name, parameter in pack.parameters.items():
        if inherited.get(name) is not parameter:
            yield pack.path, parameter, pack.parameters
    for item in pack.items:
        if item.slug in pack.own_items:
            yield from ((item.path, parameter, pack.parameters_of(item)) for parameter in item.parameters.values())


def _figures(pack: Pack) -> list[BadInput]:
    """Formulas that go round in a circle, and figures that begin after the list does or end before it."""
    found = []
    circles: dict[Path, BadInput] = {}
    for path, parameter, known in _own_parameters(pack):
        where = f"{path}:{parameter.line}"
        found += [BadInput(where, gap, accepted=_WHOLE_TIME) for gap in _gaps(pack, parameter)]
        for day in _days(pack):
            try:
                Figures(known, day, {}, where).value(parameter.name)
            except BadInput as error:
                circles.setdefault(path, error)
    return found + list(circles.values()) or _bound(pack)


def _bound(pack: Pack) -> list[BadInput]:
    """What is refused only when a figure meets its rule on a day."""
    for day in _days(pack):
        try:
            bind(pack, day)
        except BadInput as error:
            return [error]
    return []


def _gaps(pack: Pack, parameter: Parameter) -> Iterator[str]:
    """The days of the list on which a figure that is printed at all has no value: before the first, after the last."""
    if not parameter.values:
        if parameter.unset_before is not None:
            yield f"参数{parameter.name}写了unset_before，却没有值"
        return
    first, last = parameter.values[0].from_date, parameter.values[-1].until_date
    if parameter.unset_before not in (None, first):
        yield f"参数{parameter.name}从{first}有值，unset_before写的是{parameter.unset_before}"
    elif first > pack.from_date and parameter.unset_before is None:
        yield f"参数{parameter.name}从{first}才有值，清单从{pack.from_date}起"
    if last is not None and (pack.until_date is None or last < pack.until_date):
        until = "没有写到哪天为止" if pack.until_date is None else f"到{pack.until_date}止"
        yield f"参数{parameter.name}到{last}就没有值了，清单{until}"


def _coverage(pack: Pack) -> list[BadInput]:
    """Items whose examples leave out one of the answers a reader needs to see."""
    found = []
    for item in (item for item in pack.items if item.slug in pack.own_items):
        outcomes = {example.outcome for example in item.examples}
        for needed, word in (("yes", "可享"), ("no", "不可享"), ("unknown", "待核")):
            if needed not in outcomes and not (needed == "yes" and _never_yes(pack, item.slug)):
                found.append(
                    BadInput(item.where("examples"), f"例子里没有“{word}”的", accepted="yes、no、unknown都要有")
                )
    return found


def _never_yes(pack: Pack, slug: str) -> bool:
    """Whether an item waits for a figure nobody has set: then no example can be yes."""
    bound = bind(pack, pack.from_date).item(slug)
    return any(name.startswith("parameter:") for name in bound.missing())


def _below_parent(pack: Pack, parent: Pack) -> list[BadInput]:
    """Items poorer than those of the list above, on any day on which a figure of either changes; each once."""
    start = max(pack.from_date, parent.from_date)
    found: dict[tuple[str, str], BadInput] = {}
    for day in sorted({start, *(day for day in (*_days(pack), *_days(parent)) if day > start)}):
        for difference in compare_lists(parent, pack, day):
            if difference.below:
                found.setdefault((difference.slug, difference.verdict), _fault(pack, parent, difference, day))
    return list(found.values())


def _fault(pack: Pack, parent: Pack, difference: Difference, day: date) -> BadInput:
    item = pack.item(difference.slug)
    key = "who" if difference.verdict == "narrower" else "gives"
    where = item.where(key) if item is not None else f"{pack.path}:1"
    example = "，".join(f"{label}：{value}" for label, value in difference.witness)
    problem = f"{difference.name}低于上级清单“{parent.title}”（{day}）：{difference.words}"
    return BadInput(where, problem + (f"；例：{example}" if example else ""), accepted="不少于上级清单的人和标准")
