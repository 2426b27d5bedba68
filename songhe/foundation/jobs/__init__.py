"""Long work in the background, with progress that a person can leave and come back to.

A room declares what it can do with `handler` in its `jobs` module, which settings.JOB_MODULES names, and starts it with
`start`. A handler takes a `Progress` and the arguments, opens `scoped(job.actor, "job …")` itself, and gives back a
`result`: {"link": address of what came of it, "counts": {"words": number}}.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from songhe.foundation.jobs.handlers import handler as handler
    from songhe.foundation.jobs.operations import cancel as cancel
    from songhe.foundation.jobs.operations import start as start
    from songhe.foundation.jobs.progress import Cancelled as Cancelled
    from songhe.foundation.jobs.progress import Progress as Progress
    from songhe.foundation.jobs.running import run_queued as run_queued

# Found when asked for: Django imports this package before there are models.
_HOMES = {
    "start": "operations", "cancel": "operations", "handler": "handlers", "Progress": "progress",
    "Cancelled": "progress", "run_queued": "running",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
