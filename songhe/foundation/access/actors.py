"""Who acts: an account at its work, or Songhe itself, with what it may do and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from songhe.kernel.errors import NotFound, Refused
from songhe.kernel.regions import significant
from songhe.kernel.told import phrase, told

NOWHERE: tuple[str, str] = ("", "")
_EVERYWHERE = ("0", ":")


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody at work.

    `region` holds the leading digits of the working region, "" for the whole country. `actions` are what the account
    may do there. `account_id` is None for Songhe itself.
    """

    account_id: UUID | None
    name: str
    region: str
    actions: frozenset[str]
    session: str = ""

    @classmethod
    def system(cls, name: str, region: str, actions: Iterable[str] = ()) -> Actor:
        """Songhe at work in a region (a code, or "" for everywhere), named after what it does."""
        return cls(None, name, significant(region) if region else "", frozenset(actions))

    def may(self, action: str) -> bool:
        """Whether the actor may do this in the working region."""
        return action in self.actions

    def require(self, action: str) -> None:
        """Refuses with Refused what the actor may not do."""
        if not self.may(action):
            raise Refused(told("您的角色不能{deed}", deed=words_of(action)))

    def covers(self, region_code: str) -> bool:
        """Whether a division lies in the working region."""
        return region_code.startswith(self.region)

    def require_region(self, region_code: str) -> None:
        """A division outside the working region is answered like one that does not exist: NotFound."""
        if not self.covers(region_code):
            raise NotFound("这个地方")

    def within(self, region: str) -> Actor:
        """The same actor, kept to a smaller region. NotFound when that lies outside."""
        digits = significant(region)
        self.require_region(digits)
        return replace(self, region=digits)

    @property
    def range(self) -> tuple[str, str]:
        """The half-open range of region codes."""
        return region_range(self.region)


def region_range(digits: str) -> tuple[str, str]:
    """The half-open range of codes of a division, given by its leading digits; "" is everywhere."""
    if not digits:
        return _EVERYWHERE
    return digits, digits[:-1] + chr(ord(digits[-1]) + 1)


_WORDS: dict[str, str] = {}


def declare(actions: dict[str, str]) -> dict[str, str]:
    """Makes a room's actions known with their Chinese words; called once at import of its `permissions`."""
    clash = {action for action in actions.keys() & _WORDS.keys() if _WORDS[action] != actions[action]}
    if clash:
        raise ValueError(f"declared twice: {sorted(clash)}")
    _WORDS.update(actions)
    return actions


def declared() -> dict[str, str]:
    """All known actions with their words."""
    return dict(_WORDS)


def words_of(action: str) -> str:
    """An action in Chinese, as the end of 您的角色不能…"""
    return _WORDS.get(action, phrase("做这件事"))
