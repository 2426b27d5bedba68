"""The form of an item on the page: its fields with what is wrong at each, its rows, and what an item may choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from songhe.kernel.errors import BadInput, SongheError
from songhe.policy.item_form import EXAMPLE, FIGURE, ItemForm, Row
from songhe.policy.kept_packs import pack_of
from songhe.policy.models import Release
from songhe.policy.presenters import fault_words
from songhe.policy.trying import Trial
from songhe.rules.examples import WORDS
from songhe.rules.facts import PERSON_TABLE
from songhe.rules.packs import TYPE_WORDS
from songhe.ui.words import said_error

BLANK_ROWS = 1
_GIFTS = {"cash": _("发钱"), "discount": _("优惠"), "times": _("次数"), "service": _("服务")}
_PER = {"month": _("每月"), "year": _("每年"), "once": _("一次性")}
_AUDIENCES = {"person": _("老人"), "carer": _("照护者")}
_FIELDS = (
    "number item name category type applied_for lead clause audience standard who gives group notes parameters"
    " examples also unconfirmed"
).split()
_WORDS = {
    "number": _("号"), "item": _("英文名"), "name": _("名称"), "category": _("类别"), "type": _("服务类型"),
    "applied_for": _("要申请"), "lead": _("牵头单位"), "clause": _("依据"), "audience": _("对象"),
    "standard": _("标准"), "who": _("谁可享"), "gives": _("给什么"), "group": _("发放分组"), "notes": _("说明"),
    "parameters": _("数字"), "examples": _("例子"), "also": _("另外给的"), "unconfirmed": _("没有核对"),
    "title": _("名称"), "instrument": _("依据的文件"), "from": _("从哪天施行"), "until": _("到哪天止"),
    "items": _("事项的个数"), "groups": _("发放分组"), "categories": _("类别"),
}  # fmt: skip
_CELLS = {
    "name": _("名字"), "label": _("是什么"), "unit": _("单位"), "from": _("从"), "until": _("到"), "value": _("值"),
    "clause": _("依据"), "case": _("什么情形"), "on": _("那天"), "given": _("事实"), "outcome": _("应当"),
    "missing": _("缺什么"), "amount": _("标准"), "payable": _("应发"), "title": _("名称"), "pays": _("怎么发"),
    "limit": _("上限"),
}  # fmt: skip
_ROWS = {
    "figure": _("数字第{number}行"), "example": _("例子第{number}行"), "group": _("分组第{number}行"),
    "category": _("类别第{number}行"),
}  # fmt: skip
Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table of the form: its number on the page, its values, what is wrong, whether an example holds."""

    index: int
    values: Row
    faults: tuple[str, ...] = ()
    ran: str = ""
    table: str = "example"

    @property
    def key(self) -> str:
        """The row as faults name it."""
        return f"{self.table}-{self.index}"

    @property
    def cells(self) -> list[dict[str, Any]]:
        """The fields of the row, each with its name, value and label."""
        return [
            {
                "name": f"{self.key}-{name}", "part": name, "word": str(_CELLS[name]), "value": value,
                "choices": name in ("outcome", "pays"),
                "label": gettext("第{number}行 {what}").format(number=self.index + 1, what=_CELLS[name]),
            }
            for name, value in self.values.items()
        ]  # fmt: skip


@dataclass(slots=True)
class Shown:
    """Everything the page of the form shows."""

    form: ItemForm
    trial: Trial
    figures: list[Line] = field(default_factory=list)
    examples: list[Line] = field(default_factory=list)
    faults: dict[str, tuple[str, ...]] = field(default_factory=dict)
    listed: list[tuple[str, str, str]] = field(default_factory=list)
    elsewhere: list[tuple[str, str]] = field(default_factory=list)


def shown(
    form: ItemForm,
    trial: Trial,
    files: Mapping[str, str],
    places: Mapping[str, Sequence[int]] | None = None,
    more: str = "",
) -> Shown:
    """The form beside its trial.

    `files` are the list's texts, `places` the numbers of the rows on the page; `more` names a table to grow.
    """
    at = places or {}
    page = Shown(form, trial)
    for key, problems in trial.faults.items():
        where = place_of(key, at)
        words = tuple(words_of(problem) for problem in problems)
        page.faults[where] = words
        page.listed += [(label_of(key), where, one) for one in words]
    page.figures = lines_of("figure", form.figures, FIGURE, at, page.faults, more == "figure")
    page.examples = lines_of("example", form.examples, EXAMPLE, at, page.faults, more == "example")
    ran = {
        index: "yes" if held else "no" for index, held in zip(_numbers("example", form, at), trial.ran, strict=False)
    }
    page.examples = [Line(one.index, one.values, one.faults, ran.get(one.index, "")) for one in page.examples]
    page.elsewhere = [
        (problem.where.partition(":")[0].removesuffix(".yaml"), fault_words(files, problem))
        for problem in trial.elsewhere
    ]
    return page


def marks(page: Shown) -> list[tuple[str, tuple[str, ...]]]:
    """Every place of the form that can show a fault, with those it has now."""
    rows = [f"figure-{line.index}" for line in page.figures] + [f"example-{line.index}" for line in page.examples]
    return [(key, page.faults.get(key, ())) for key in (*_FIELDS, *rows)]


def choices(release: Release) -> dict[str, Any]:
    """What the fields of an item may choose from, as far as the list can be read."""
    try:
        pack = pack_of(release.based_on or release) if release.state == "draft" else pack_of(release)
    except SongheError:
        pack = None
    categories: Choices = list(pack.categories.items()) if pack else []
    groups: Choices = [(key, group.title) for key, group in pack.groups.items()] if pack else []
    types = {**TYPE_WORDS, **(pack.type_words if pack else {})}
    return {
        "categories": categories, "groups": groups, "types": list(types.items()), "gifts": list(_GIFTS.items()),
        "pers": list(_PER.items()), "audiences": list(_AUDIENCES.items()), "outcomes": list(WORDS.items()),
        "facts": [(fact.name, fact.label, fact.accepted) for fact in PERSON_TABLE.values()],
    }  # fmt: skip


def lines_of(
    name: str, rows: Sequence[Row], keys: Sequence[str], at: Mapping[str, Sequence[int]],
    faults: Mapping[str, tuple[str, ...]], more: bool,
) -> list[Line]:  # fmt: skip
    """The rows of a table with their faults, and empty ones to fill; `more` gives several of them."""
    numbers = at.get(name, range(len(rows)))
    found = [
        Line(index, row, faults.get(f"{name}-{index}", ()), table=name)
        for index, row in zip(numbers, rows, strict=True)
    ]
    after = max((line.index for line in found), default=-1) + 1
    blank = dict.fromkeys(keys, "")
    return found + [Line(after + more_at, blank, table=name) for more_at in range(BLANK_ROWS + (3 if more else 0))]


def _numbers(name: str, form: ItemForm, at: Mapping[str, Sequence[int]]) -> Sequence[int]:
    rows = form.examples if name == "example" else form.figures
    return at.get(name, range(len(rows)))


def place_of(key: str, at: Mapping[str, Sequence[int]]) -> str:
    """The field as it is numbered on the page."""
    name, _, index = key.rpartition("-")
    if name in at and index.isascii() and index.isdecimal() and int(index) < len(at[name]):
        return f"{name}-{at[name][int(index)]}"
    return key


def label_of(key: str) -> str:
    """What a field is called where its faults are listed."""
    name, _sign, index = key.rpartition("-")
    if name in _ROWS and index.isascii() and index.isdecimal():
        return str(_ROWS[name]).format(number=int(index) + 1)
    return str(_WORDS.get(key, key))


def words_of(problem: BadInput) -> str:
    """A fault without the file and line, which the field itself says."""
    return said_error(BadInput("", problem.problem, given=problem.given, accepted=problem.accepted)).lstrip("：: ")
