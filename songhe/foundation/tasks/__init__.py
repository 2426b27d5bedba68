"""Work for people: owner, region, due date, and never closed without an outcome.

A room declares its kinds of task with `declare_kind` in a module that settings.TASK_MODULES names, opens them with
`open_task` and may close them itself with `close_task` or `close_about`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from songhe.foundation.tasks.kinds import declare_kind as declare_kind
    from songhe.foundation.tasks.operations import close_about as close_about
    from songhe.foundation.tasks.operations import close_task as close_task
    from songhe.foundation.tasks.operations import hand_over as hand_over
    from songhe.foundation.tasks.operations import lay_about as lay_about
    from songhe.foundation.tasks.operations import open_task as open_task
    from songhe.foundation.tasks.operations import put_back as put_back
    from songhe.foundation.tasks.operations import reopen as reopen
    from songhe.foundation.tasks.operations import take as take

# Found when asked for: Django imports this package before there are models.
_HOMES = {
    "declare_kind": "kinds", "open_task": "operations", "close_task": "operations", "close_about": "operations",
    "lay_about": "operations", "take": "operations", "hand_over": "operations", "put_back": "operations",
    "reopen": "operations",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
