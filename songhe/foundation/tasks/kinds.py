"""The kinds of task that rooms declare, each with the outcomes it may be closed with."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module

from django.conf import settings

from songhe.kernel.errors import NotFound
from songhe.kernel.told import told


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: its Chinese words, and outcome codes with their words.

    `page` is the URL name of the page, by the subject's uuid, on which the task is done: the deed there closes it, and
    its own page only leads there. `action` is what somebody needs to do such a task, besides "tasks.do". `about` is the
    dotted name of a function giving for subjects who or what each is, in the words of a page: titles name nobody.
    """

    code: str
    words: str
    outcomes: dict[str, str] = field(hash=False)
    page: str = ""
    action: str = ""
    about: str = ""


_KINDS: dict[str, Kind] = {}


def declare_kind(
    code: str, words: str, outcomes: dict[str, str], *, page: str = "", action: str = "", about: str = ""
) -> Kind:
    """Declares a kind such as "people.duplicate"; see Kind."""
    kind = Kind(code, words, outcomes, page, action, about)
    if not outcomes:
        raise ValueError(f"a kind needs outcomes: {code}")
    if code in _KINDS and _KINDS[code] != kind:
        raise ValueError(f"declared twice: {code}")
    _KINDS[code] = kind
    return kind


def kind_of(code: str) -> Kind:
    """The kind of that code. NotFound when nobody declared it."""
    if code not in _KINDS:
        load_kinds()
    if code not in _KINDS:
        raise NotFound(told("这类任务“{code}”", code=code), accepted="、".join(sorted(_KINDS)))
    return _KINDS[code]


def known_kinds() -> dict[str, Kind]:
    """All kinds by code."""
    load_kinds()
    return dict(sorted(_KINDS.items()))


def load_kinds() -> None:
    """Imports the modules in which rooms declare their kinds."""
    for module in settings.TASK_MODULES:
        import_module(module)
