"""A release beside the lists above it and the release before it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from songhe.kernel.errors import SongheError
from songhe.kernel.regions import significant
from songhe.policy.kept_packs import pack_of
from songhe.policy.models import Release
from songhe.policy.presenters import region_names
from songhe.policy.queries import lists_above, previous_of
from songhe.rules.comparing import Difference, compare_lists
from songhe.rules.packs import Pack
from songhe.rules.reading_packs import list_ids, load_pack
from songhe.ui.words import said_error

_CODE = re.compile(r"\d{6}|\d{9}|\d{12}")  # of a division
_VERDICTS = {
    "missing": ("due", _("没有了")), "narrower": ("due", _("人变少")), "poorer": ("due", _("标准变低")),
    "unclear": ("unknown", _("待比")), "wider": ("yes", _("人变多")), "better": ("yes", _("标准变高")),
    "new": ("new", _("新增")), "same": ("done", _("一样")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compared:
    """A difference to another list, said."""

    number: int
    name: str
    status: str
    verdict: str
    words: str
    witness: str


@dataclass(slots=True)
class Comparison:
    """A release beside another list; `problem` when one of them cannot be read, `other` when it is kept here."""

    title: str
    other: Release | None = None
    unconfirmed: bool = False
    lines: list[Compared] = field(default_factory=list)
    same: int = 0
    below: int = 0
    problem: str = ""


def comparisons_of(release: Release, root: Path, on: date) -> list[Comparison]:
    """Beside the release before it, then the lists above: those that hold here, else those of the folder."""
    found = []
    before = previous_of(release)
    if before is not None:
        title = gettext("上一版（第{number}版）").format(number=before.number)
        found.append(_compared_with(release, lambda: pack_of(before), Comparison(title, before), on, before=True))
    above = lists_above(release, on)
    for other in above:
        comparison = Comparison(other.of_list.title, other)
        found.append(_compared_with(release, lambda other=other: pack_of(other), comparison, on))  # type: ignore[misc]
    known = {other.of_list.key for other in above}
    for pack in _of_folder(root, significant(release.of_list.region)):
        if pack.id not in known:
            comparison = Comparison(pack.title, unconfirmed=pack.unconfirmed)
            found.append(_compared_with(release, lambda pack=pack: pack, comparison, on))  # type: ignore[misc]
    return found


def _of_folder(root: Path, digits: str) -> Iterator[Pack]:
    """The lists of the folder for the divisions above."""
    for key in reversed(list_ids(root)):
        try:
            pack = load_pack(root, key)
        except SongheError:
            continue  # the folder's own check says what is wrong with it
        other = significant(pack.region)
        if other != digits and digits.startswith(other):
            yield pack


def _compared_with(
    release: Release, read: Callable[[], Pack], comparison: Comparison, on: date, *, before: bool = False
) -> Comparison:
    try:
        differences = compare_lists(read(), pack_of(release), on)
    except SongheError as error:
        comparison.problem = said_error(error)
        return comparison
    comparison.same = sum(one.verdict == "same" for one in differences)
    comparison.below = sum(one.below for one in differences)
    order = list(_VERDICTS)
    shown = [one for one in differences if one.verdict != "same"]
    shown.sort(key=lambda one: (order.index(one.verdict), one.number))
    names = region_names()
    comparison.lines = [_compared(one, before, names) for one in shown]
    return comparison


def _compared(one: Difference, before: bool, names: Callable[[str], str]) -> Compared:
    words = one.words.replace("上级清单", "上一版").replace("上级", "上一版") if before else one.words
    status, verdict = _VERDICTS[one.verdict]
    witness = "，".join(f"{label}：{names(value) if _CODE.fullmatch(value) else value}" for label, value in one.witness)
    return Compared(one.number, one.name, status, str(verdict), words, witness)
