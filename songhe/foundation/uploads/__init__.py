"""Files that people hand in: their kind told by content, their size limited, kept out of the web root."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from songhe.foundation.uploads.operations import adopt as adopt
    from songhe.foundation.uploads.operations import discard as discard
    from songhe.foundation.uploads.operations import keep as keep
    from songhe.foundation.uploads.queries import path_of as path_of

# Found when asked for: Django imports this package before there are models.
_HOMES = {"keep": "operations", "adopt": "operations", "discard": "operations", "path_of": "queries"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
