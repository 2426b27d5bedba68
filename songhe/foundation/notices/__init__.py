"""Messages to people at work: in the console, and outward through channels (SMS, WeChat)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from songhe.foundation.notices.operations import mark_read as mark_read
    from songhe.foundation.notices.operations import send as send
    from songhe.foundation.notices.queries import unread_count as unread_count

# Found when asked for: Django imports this package before there are models.
_HOMES = {"send": "operations", "mark_read": "operations", "unread_count": "queries"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
