"""What the room tells when a change of divisions takes effect. Events of one change may be handled in any order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from songhe.foundation.outbox.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DivisionReplaced(Event):
    """All that lay in the division, and in those below it, now lies in the other with the same further digits."""

    before_code: str
    after_code: str
    on_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DivisionAbsorbed(Event):
    """What lay in the division itself lies in the other. Of those below it `DivisionReplaced` tells one by one."""

    before_code: str
    after_code: str
    on_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DivisionSplit(Event):
    """What lies in the division itself lies in one of these, itself among them; somebody has to say in which."""

    before_code: str
    after_codes: tuple[str, ...]
    on_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DivisionEnded(Event):
    """The division is no more, and none took its place: somebody has to say where what lay in it lies now."""

    before_code: str
    on_date: date
