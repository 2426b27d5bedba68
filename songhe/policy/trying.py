"""An item as it would be with another text: its sentence, what is wrong at which field, and its examples run."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from songhe.kernel.errors import BadInput, SongheError
from songhe.policy.item_form import field_at, fields_by_line
from songhe.policy.kept_packs import found_in, read_as_far, short_place
from songhe.policy.models import Release
from songhe.rules.audiences import audience_of
from songhe.rules.examples import run_examples
from songhe.rules.packs import Item, Pack
from songhe.rules.programme import BoundItem, bind
from songhe.rules.reading_packs import LIST_FILE
from songhe.rules.sentence import gift_of, sentence_of

RegionNames = Callable[[str], str]


@dataclass(slots=True)
class Trial:
    """What came out. `faults` by field; `elsewhere` in other files; `ran` says of each example whether it holds.

    `sentence` is empty while the rule cannot be read.
    """

    sentence: str = ""
    gift: str = ""
    audience: str = ""
    faults: dict[str, list[BadInput]] = field(default_factory=dict)
    elsewhere: list[BadInput] = field(default_factory=list)
    ran: list[bool] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong, here or elsewhere."""
        return not self.faults and not self.elsewhere


def try_text(release: Release, name: str, text: str, region_names: RegionNames) -> Trial:
    """Reads the list with the text in the file `name` and tries the item that stands in it."""
    trial = Trial()
    try:
        marks = fields_by_line(text)
        pack, problems = read_as_far(release, name, text)
    except BadInput as error:
        trial.faults["item"] = [error]
        return trial
    found = list(problems)
    item = next((one for one in pack.items if one.path.name == name and one.slug in pack.own_items), None)
    if item is not None and not any(_of(name, problem) for problem in found):
        found += _say_and_run(trial, pack, item, release.from_date, region_names)
    for problem in found:
        if _of(name, problem):
            trial.faults.setdefault(field_at(marks, _line(problem)), []).append(problem)
        else:
            trial.elsewhere.append(problem)
    return trial


@dataclass(slots=True)
class ListTrial:
    """What a list would be with another list.yaml. `touched`: item, what it says now, what it would say.

    `pack` is None while the list cannot be read.
    """

    pack: Pack | None = None
    examples: int = 0
    faults: dict[str, list[BadInput]] = field(default_factory=dict)
    elsewhere: list[BadInput] = field(default_factory=list)
    touched: list[tuple[Item, str, str]] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong, here or in an item."""
        return not self.faults and not self.elsewhere


def try_list(release: Release, text: str, region_names: RegionNames) -> ListTrial:
    """The whole list checked with another list.yaml: faults at their field, every item that would speak otherwise."""
    trial = ListTrial()
    try:
        marks = fields_by_line(text)
        finding = found_in(with_text(release, LIST_FILE, text))
    except BadInput as error:
        trial.faults["title"] = [error]
        return trial
    for problem in finding.problems:
        if _of(LIST_FILE, problem):
            trial.faults.setdefault(field_at(marks, _line(problem)), []).append(problem)
        else:
            trial.elsewhere.append(problem)
    if not trial.faults:
        trial.pack, trial.examples = finding.pack, finding.examples
        trial.touched = list(_touched(release, finding.pack, region_names))
    return trial


def with_text(release: Release, name: str, text: str) -> Release:
    """The release as it would be with another text in one file; nothing is kept."""
    changed = copy.copy(release)
    changed.files = {**release.files, name: text}
    return changed


def said_otherwise(before: Release, after: Release, region_names: RegionNames) -> list[tuple[Item, str, str]]:
    """The items that two releases say otherwise on the later one's first day: item, what it said, what it says.

    Empty is what an item said before it was there, or says since it is gone; nothing for what cannot be read.
    """
    try:
        return list(_differing(found_in(before).pack, found_in(after).pack, after.from_date, region_names))
    except SongheError:
        return []


def _touched(release: Release, pack: Pack, region_names: RegionNames) -> Iterator[tuple[Item, str, str]]:
    try:
        found = list(_differing(found_in(release).pack, pack, release.from_date, region_names))
    except SongheError:
        return
    yield from (one for one in found if one[1] and one[2])


def _differing(old: Pack, new: Pack, on: date, region_names: RegionNames) -> Iterator[tuple[Item, str, str]]:
    before, after = _said(old, on, region_names), _said(new, on, region_names)
    for slug in {**after, **before}:
        item = (after if slug in after else before)[slug][0]
        was, now = (said[slug][1] if slug in said else "" for said in (before, after))
        if was != now:
            yield item, was, now


def _said(pack: Pack, on: date, region_names: RegionNames) -> dict[str, tuple[Item, str]]:
    """What every item says on the list's first day, its gift with it."""
    return {
        bound.item.slug: (bound.item, _sentence(bound, pack, region_names))
        for bound in bind(pack, max(on, pack.from_date)).items
    }


def _sentence(bound: BoundItem, pack: Pack, region_names: RegionNames) -> str:
    return f"{sentence_of(bound, pack, region_names).rstrip('。')}；{gift_of(bound, pack)}"


def _say_and_run(trial: Trial, pack: Pack, item: Item, on: date, region_names: RegionNames) -> Sequence[BadInput]:
    """Says the item and runs its examples; gives what is refused on the way and the examples that do not hold."""
    try:
        bound = bind(pack, max(on, pack.from_date)).item(item.slug)
        trial.sentence, trial.gift = sentence_of(bound, pack, region_names), gift_of(bound, pack)
        audience = audience_of(bound, pack.from_date)
        trial.audience = f"{audience.age_words()}；{audience.cohort_words()}"
        _, failures = run_examples(replace(pack, own_items=frozenset({item.slug})))
    except BadInput as error:
        return [short_place(pack, error)]
    failed = [short_place(pack, failure) for failure in failures]
    lines = {_line(failure) for failure in failed}
    trial.ran = [example.line not in lines for example in item.examples]
    return failed


def _of(name: str, problem: BadInput) -> bool:
    return problem.where.partition(":")[0] == name


def _line(problem: BadInput) -> int:
    digits = problem.where.rpartition(":")[2]
    return int(digits) if digits.isascii() and digits.isdecimal() else 1
