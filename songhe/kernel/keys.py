"""Keys of rows (random UUIDs) as they come back from pages: out of a form, an address, a list of boxes ticked."""

from __future__ import annotations

from uuid import UUID


def key_read(text: str) -> UUID | None:
    """The key that the text names, however it is written; None where it names none."""
    try:
        return UUID(text)
    except ValueError:
        return None
