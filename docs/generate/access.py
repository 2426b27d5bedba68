"""The page of who may open what: every address, the action it asks for, the roles that have it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

from docs.generate.markdown import finish, opening, table

_PART = re.compile(r"<(?:\w+:)?(\w+)>")
_EVERYBODY = {"public": "*everybody*", "signed in": "*who is signed in*"}


def page() -> str:
    """The page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from songhe.config.roles import standard_roles

    roles = standard_roles()
    lines = opening(
        "Who may open what",
        "the addresses of `songhe/config/urls.py`, what each page asks for, and `songhe/config/roles.yaml`",
        "Having the action is the first wall. The second is the region: what lies outside the division where one works"
        " is answered like what is not there, with 404, whatever the address. `tests/security/test_crawl.py` walks this"
        " table with every role, inside and outside.",
    )
    rows = []
    for address, asks in sorted(_addresses()):
        holders = [role["name"] for role in roles.values() if set(asks) & set(role["actions"])]
        said = ", ".join(f"`{action}`" for action in asks) if isinstance(asks, tuple) else _EVERYBODY[asks]
        rows.append((f"`{address}`", said, "、".join(holders) if isinstance(asks, tuple) else ""))
    return finish(lines + table(("address", "asks for", "roles"), rows))


def _addresses(resolver: Any = None, before: str = "/") -> Iterator[tuple[str, Any]]:
    from django.urls import URLResolver, get_resolver

    for entry in (resolver or get_resolver()).url_patterns:
        address = before + _PART.sub(r"…", str(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from _addresses(entry, address)
        else:
            yield address, entry.callback.asks  # type: ignore[attr-defined]
