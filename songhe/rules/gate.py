"""The gate before a list is released: everything wrong, with file, line and what is accepted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from songhe.kernel.errors import BadInput
from songhe.rules.comparing import compare_lists
from songhe.rules.examples import run_examples
from songhe.rules.packs import Pack
from songhe.rules.programme import bind
from songhe.rules.reading_packs import read_pack


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


def _figures(pack: Pack) -> list[BadInput]:
    """Formulas that go round in a circle, and figures that begin only after the list does."""
    found = []
    for day in _days(pack):
        try:
            bind(pack, day)
        except BadInput as error:
            return [error]
    for item in pack.items:
        if item.slug not in pack.own_items:
            continue
        for parameter in item.parameters.values():
            if parameter.values and parameter.values[0].from_date > pack.from_date:
                gap = f"参数{parameter.name}从{parameter.values[0].from_date}才有值，清单从{pack.from_date}起"
                found.append(
                    BadInput(f"{item.path}:{parameter.line}", gap, accepted="从清单生效日起就有值，或values: []")
                )
    return found


def _coverage(pack: Pack) -> list[BadInput]:
    """Items whose examples leave out one of the answers a reader needs to see."""
    found = []
    for item in pack.items:
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
    found = []
    for difference in compare_lists(parent, pack, max(pack.from_date, parent.from_date)):
        if difference.below:
            item = pack.item(difference.slug)
            where = item.where("who") if item is not None else str(pack.path)
            problem = f"低于上级清单“{parent.title}”：{difference.words}"
            found.append(BadInput(where, problem, accepted="不少于上级清单的人和标准"))
    return found
