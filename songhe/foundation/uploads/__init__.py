"""Files that people hand in: their kind told by content, their size limited, kept sealed and out of the web root."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from songhe.foundation.uploads.operations import adopt as adopt
    from songhe.foundation.uploads.operations import discard as discard
    from songhe.foundation.uploads.operations import keep as keep
    from songhe.foundation.uploads.operations import remove_file as remove_file
    from songhe.foundation.uploads.queries import content_of as content_of
    from songhe.foundation.uploads.queries import opened as opened
    from songhe.foundation.uploads.queries import path_of as path_of

# Found when asked for: Django imports this package before there are models.
_HOMES = {
    "keep": "operations", "adopt": "operations", "discard": "operations", "remove_file": "operations",
    "content_of": "queries", "opened": "queries", "path_of": "queries",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
