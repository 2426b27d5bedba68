"""What an event is: something that happened, told in the past tense, with ids, days and codes and no personal data.

@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDied(Event):
    person: UUID
    on_date: date
"""

from __future__ import annotations

import re
import types
import typing
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import Enum
from importlib import import_module
from typing import Any
from uuid import UUID

_CODE = re.compile(r"[A-Za-z0-9_.:/+-]{0,60}")
_IDENTITY = re.compile(r"\d{17}[\dXx]|\d{15}|1\d{10}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of all events. `region` is the code of the division in whose scope the handlers work, "" for everywhere.

    Fields are ids, days, instants, whole numbers, truth values and codes, or tuples of these; each may be None.
    """

    region: str


def name_of(kind: type[Event]) -> str:
    """How the table of subscriptions and the outbox call a kind of event: its dotted name."""
    return f"{kind.__module__}.{kind.__qualname__}"


def kind_named(name: str) -> type[Event]:
    """The kind of event again. LookupError when there is none of that name (any more)."""
    module, _, attribute = name.rpartition(".")
    try:
        kind = getattr(import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise LookupError(name) from error
    if not (isinstance(kind, type) and issubclass(kind, Event)):
        raise LookupError(name)
    return kind


def written(event: Event) -> dict[str, Any]:
    """The fields as JSON takes them. ValueError for a text that is no code: it could be somebody's name or number."""
    return {field.name: _written(field.name, getattr(event, field.name)) for field in fields(event)}


def read(kind: type[Event], written: dict[str, Any]) -> Event:
    """The event again. Fields that the kind got later take their defaults; TypeError when they have none."""
    hints = typing.get_type_hints(kind)
    names = {field.name for field in fields(kind)}
    return kind(**{name: _read(hints[name], value) for name, value in written.items() if name in names})


def _written(name: str, value: Any) -> Any:
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):  # an instant too
        return value.isoformat()
    if isinstance(value, tuple):
        return [_written(name, part) for part in value]
    if isinstance(value, str) and _CODE.fullmatch(value) and not _IDENTITY.fullmatch(value):
        return value
    raise ValueError(f"{name}: an event carries ids, days, numbers and codes")


def _read(wanted: Any, value: Any) -> Any:
    if value is None:
        return None
    origin = typing.get_origin(wanted)
    if origin in (types.UnionType, typing.Union):
        wanted = next(part for part in typing.get_args(wanted) if part is not type(None))
        origin = typing.get_origin(wanted)
    if origin is tuple:
        part = typing.get_args(wanted)[0]
        return tuple(_read(part, one) for one in value)
    if wanted in (date, datetime):
        return wanted.fromisoformat(value)
    return wanted(value)
