"""The reference pages, made from the code and the law: one module a page, each with a function that gives its text.

Nothing here is typed twice: a page that differs from what the code makes is out of date, and `--check` says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from docs.generate import access, calls, cast, commands, facts, items, nodes, requirements, rooms

PAGES: Mapping[str, Callable[[], str]] = {
    "facts.md": facts.page,
    "nodes.md": nodes.page,
    "items.md": items.page,
    "commands.md": commands.page,
    "rooms.md": rooms.page,
    "requirements.md": requirements.page,
    "cast.md": cast.page,
    "access.md": access.page,
    "calls.md": calls.page,
}
