"""What the register does when other rooms tell something. Handlers may run twice."""

from __future__ import annotations

from typing import Protocol

from songhe.people.operations.recoding import recode_division


class Replaced(Protocol):
    """A division that gave way to another, as `songhe.regions.events.DivisionReplaced` tells it."""

    @property
    def before_code(self) -> str:
        """Twelve digits."""

    @property
    def after_code(self) -> str:
        """Twelve digits."""


def on_division_changed(event: Replaced) -> None:
    """Files that lie in the division lie in its successor."""
    recode_division(before=event.before_code, after=event.after_code)
