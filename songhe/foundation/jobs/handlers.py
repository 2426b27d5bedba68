"""What can be done in the background: rooms declare it, settings.JOB_MODULES says where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings

from songhe.kernel.errors import NotFound
from songhe.kernel.told import told

Run = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Handler:
    """One kind of work: its Chinese words, the action that whoever starts it needs, and what does it."""

    kind: str
    words: str
    permission: str
    run: Run


_HANDLERS: dict[str, Handler] = {}


def handler(kind: str, permission: str = "", *, words: str = "") -> Callable[[Run], Run]:
    """Declares what does a kind of work, such as "people.import.stage".

    `permission` is asked for when the work starts and again when it runs; empty for what everybody may. `words` are
    shown as the kind in the list of jobs.
    """

    def declare(run: Run) -> Run:
        known = _HANDLERS.get(kind)
        if known is not None and (known.run.__module__, known.run.__qualname__) != (run.__module__, run.__qualname__):
            raise ValueError(f"declared twice: {kind}")
        _HANDLERS[kind] = Handler(kind, words or kind, permission, run)
        return run

    return declare


def handler_of(kind: str) -> Handler:
    """What does this kind of work. NotFound when nobody declared it."""
    if kind not in _HANDLERS:
        load_handlers()
    if kind not in _HANDLERS:
        raise NotFound(told("后台工作“{kind}”", kind=kind), accepted="、".join(sorted(_HANDLERS)))
    return _HANDLERS[kind]


def known_kinds() -> dict[str, str]:
    """All kinds with their words."""
    load_handlers()
    return {kind: found.words for kind, found in sorted(_HANDLERS.items())}


def load_handlers() -> None:
    """Imports the modules in which rooms declare their work."""
    for module in settings.JOB_MODULES:
        import_module(module)
