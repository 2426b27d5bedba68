"""The form of a draft's list on the page, what it comes to, and the order of its items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from songhe.kernel.errors import BadInput, SongheError
from songhe.policy.item_form import form_of_text
from songhe.policy.list_form import TABLES, TEXTS, ListForm
from songhe.policy.models import Release
from songhe.policy.presenters import fault_words
from songhe.policy.presenters_form import Line, label_of, lines_of, place_of, words_of
from songhe.policy.queries import instruments, taken_out
from songhe.policy.trying import ListTrial
from songhe.rules.packs import PAYS_WORDS
from songhe.rules.reading_packs import LIST_FILE
from songhe.rules.units import ACCEPTED

_PARTS = (*TEXTS, "parameters", "groups", "categories", "notes")


@dataclass(slots=True)
class ShownList:
    """Everything the page of the list's form shows."""

    form: ListForm
    trial: ListTrial
    tables: dict[str, list[Line]] = field(default_factory=dict)
    faults: dict[str, tuple[str, ...]] = field(default_factory=dict)
    listed: list[tuple[str, str, str]] = field(default_factory=list)
    elsewhere: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An item on the page of the order: its file, the number it has or is to have, its name."""

    stem: str
    number: str
    name: str
    fault: str = ""


def shown_list(
    form: ListForm,
    trial: ListTrial,
    files: Mapping[str, str],
    places: Mapping[str, Sequence[int]] | None = None,
    more: str = "",
) -> ShownList:
    """The form beside its trial.

    `files` are the list's texts, `places` the numbers of the rows on the page; `more` names a table to grow.
    """
    at, page = places or {}, ShownList(form, trial)
    for key, problems in trial.faults.items():
        where, said = place_of(_own(key), at), tuple(words_of(problem) for problem in problems)
        page.faults[where] = page.faults.get(where, ()) + said
        page.listed += [(label_of(_own(key)), where, one) for one in said]
    page.tables = {
        name: lines_of(name, form.rows(name), keys, at, page.faults, more == name) for name, keys in TABLES.items()
    }
    page.elsewhere = [(_stem(problem), fault_words(files, problem)) for problem in trial.elsewhere]
    return page


def list_marks(page: ShownList) -> list[tuple[str, tuple[str, ...]]]:
    """Every place of the form that can show a fault, with those it has now."""
    rows = [line.key for lines in page.tables.values() for line in lines]
    return [(key, page.faults.get(key, ())) for key in (*_PARTS, *rows)]


def list_choices() -> dict[str, Any]:
    """What the fields of a list may choose from."""
    documents = [(key, f"《{row.title}》{row.number}") for key, row in instruments().items()]
    return {"documents": documents, "pays": list(PAYS_WORDS.items()), "units": ACCEPTED}


def order_lines(
    release: Release, typed: Mapping[str, str] | None = None, fault: BadInput | None = None
) -> list[OrderLine]:
    """The items of a draft by their numbers, or by those that were typed."""
    given = typed or {}
    found = []
    for name, text in release.files.items():
        if name != LIST_FILE:
            stem = name.removesuffix(".yaml")
            number = given.get(stem, str(int(stem[:2])) if stem[:2].isdecimal() else "")
            wrong = words_of(fault) if fault is not None and fault.where == stem else ""
            found.append(OrderLine(stem, number, _name(text, stem), wrong))
    return sorted(found, key=lambda line: (int(line.number) if line.number.isdecimal() else 0, line.stem))


def removed_items(release: Release) -> list[tuple[str, str]]:
    """The items that were taken out of a draft: file name without ending, and name."""
    return [(name.removesuffix(".yaml"), _name(text, name)) for name, text in sorted(taken_out(release).items())]


def _name(text: str, stem: str) -> str:
    try:
        return form_of_text(text).texts["name"] or stem
    except SongheError:
        return stem


def _own(key: str) -> str:
    """A field that the form has; what it does not show is told at the name."""
    return key if key in _PARTS or key.rpartition("-")[0] in TABLES else "title"


def _stem(problem: BadInput) -> str:
    return problem.where.partition(":")[0].removesuffix(".yaml")
