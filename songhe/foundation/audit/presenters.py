"""Entries in words, as the pages show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from songhe.foundation.access.actors import declared
from songhe.foundation.audit.models import Entry, Kind
from songhe.foundation.database.migrating import OWNER, WEB
from songhe.kernel.told import phrase
from songhe.ui.words import said

_SHORT, _MOST_COLUMNS = 8, 4
_COUNTRY = phrase("全国")


@dataclass(frozen=True, slots=True)
class Row:
    """One entry in the list."""

    number: int
    at: datetime
    kind: str
    who: str
    actor: UUID | None
    beside: str  # the database role, when it was not the application
    deed: str
    subject: str
    subject_short: str
    place: str
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """One column of a changed row; `shown` when its values may be."""

    column: str
    shown: bool
    old: str
    new: str


def rows(found: Iterable[Entry]) -> list[Row]:
    """The entries for the list."""
    kept = list(found)
    names = place_names(entry.region_code for entry in kept)
    return [_row(entry, names) for entry in kept]


def place_names(codes: Iterable[str]) -> Mapping[str, str]:
    """Names of divisions by code; what has no name keeps its code."""
    wanted = set(codes)
    names_of: Callable[[Iterable[str]], dict[str, str]] = import_string(settings.REGION_NAMES)
    return {code: code for code in wanted} | {"0" * 12: gettext(_COUNTRY)} | names_of(wanted)


def deed_words(action: str) -> str:
    """An action in Chinese, the code itself when nobody gave it words."""
    words: dict[str, str] = settings.AUDIT_WORDS["deeds"]
    return said(words.get(action) or declared().get(action, action))


def event_words(name: str) -> str:
    """A kind of event in Chinese, by the last part of its dotted name."""
    words: dict[str, str] = settings.AUDIT_WORDS["events"]
    short = name.rpartition(".")[2]
    return said(words.get(short, short))


def deeds() -> list[tuple[str, str]]:
    """What one can filter by."""
    return [(code, said(words)) for code, words in settings.AUDIT_WORDS["deeds"].items()]


def changes(entry: Entry) -> list[Change]:
    """The columns of an entry about a row."""
    values = entry.detail.get("values", {})
    if entry.action != "update":
        return [Change(_column(name), True, "", _text(value)) for name, value in values.items()]
    found = []
    for name in entry.detail.get("changed", ()):
        old, new = values.get(name, ("", ""))
        found.append(Change(_column(name), name in values, _text(old), _text(new)))
    return found


def details(entry: Entry) -> list[tuple[str, str]]:
    """What a deed, a reading or an export says besides, as pairs."""
    if entry.kind == Kind.ROWS:
        return [(gettext("批次"), str(entry.detail["bulk"]))] if "bulk" in entry.detail else []
    if entry.kind == Kind.READING:
        return [
            (gettext("看了什么"), _fields(entry.detail.get("fields", ()))),
            (gettext("为什么"), entry.detail.get("reason", "")),
        ]
    return [(_column(name), _text(value)) for name, value in entry.detail.items()]


def role_words(role: str) -> str:
    """A database role in words."""
    return {WEB: gettext("松鹤"), OWNER: gettext("数据库的属主")}.get(
        role, gettext("数据库用户{role}").format(role=role)
    )


def _row(entry: Entry, names: Mapping[str, str]) -> Row:
    deed = deed_words(entry.action)
    if entry.kind == Kind.ROWS:
        table = said(settings.AUDIT_WORDS["tables"].get(entry.table_name, entry.table_name))
        deed = gettext("{deed}{table}").format(deed=deed, table=table)
    return Row(
        number=entry.pk,
        at=entry.at,
        kind=entry.get_kind_display(),
        who=entry.actor_name or role_words(entry.role),
        actor=entry.actor,
        beside="" if entry.role == WEB else role_words(entry.role),
        deed=deed,
        subject=entry.subject,
        subject_short=entry.subject[:_SHORT],
        place=names[entry.region_code],
        words=_words(entry),
    )


def _words(entry: Entry) -> str:
    if entry.kind == Kind.READING:
        return gettext("：").join(text for _, text in details(entry) if text)
    if entry.kind == Kind.EXPORT or entry.row_count != 1:
        return gettext("{row_count:,}行").format(row_count=entry.row_count) if entry.row_count else ""
    if entry.kind == Kind.ROWS and entry.action == "update":
        names = [change.column for change in changes(entry)]
        return _listed(names)
    if entry.kind == Kind.DEED and "reason" in entry.detail:
        return str(entry.detail["reason"])
    return ""


def _listed(names: Sequence[str]) -> str:
    listed = gettext("、").join(names[:_MOST_COLUMNS])
    return (
        gettext("{listed}等{count}项").format(listed=listed, count=len(names)) if len(names) > _MOST_COLUMNS else listed
    )


def _fields(names: Iterable[str]) -> str:
    words: dict[str, str] = settings.AUDIT_WORDS["fields"]
    return gettext("、").join(said(words.get(name, name)) for name in names)


def _column(name: str) -> str:
    words: dict[str, str] = settings.AUDIT_WORDS["columns"]
    return said(words.get(name, name))


def _text(value: Any) -> str:
    if value in (None, ""):
        return "–"
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    states: dict[str, str] = settings.AUDIT_WORDS["states"]
    return said(states[str(value)]) if str(value) in states else str(value)
