"""Ways out of the house: SMS, WeChat. Which class serves a channel is a setting; the default writes a file.

A channel gets the account's id and words without personal data; it looks up the number by its own means.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol, cast
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from songhe.kernel.errors import NotFound
from songhe.kernel.told import told


@dataclass(frozen=True, slots=True)
class Message:
    """What leaves the house."""

    notice: UUID
    account: UUID
    title: str
    text: str


class Channel(Protocol):
    """Carries messages out. `deliver` raises when it could not; it is called again with the same `notice` then."""

    def deliver(self, messages: Iterable[Message]) -> None:
        """Hands the messages over; one that was handed over before (by its `notice`) is not sent again."""
        ...


class FileChannel:
    """Writes each message as a line of JSON to settings.NOTICE_FOLDER, for places without a provider."""

    def __init__(self, name: str) -> None:
        self._path = Path(settings.NOTICE_FOLDER) / f"{name}.jsonl"

    def deliver(self, messages: Iterable[Message]) -> None:
        """See Channel."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        lines = [
            json.dumps({k: str(v) for k, v in asdict(message).items()}, ensure_ascii=False) for message in messages
        ]
        with self._path.open("a", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)


def channel(name: str) -> Channel:
    """The channel of that name, of the class that settings.NOTICE_CHANNELS names. NotFound when there is none."""
    known: dict[str, str] = settings.NOTICE_CHANNELS
    if name not in known:
        raise NotFound(told("通知渠道“{name}”", name=name), accepted="、".join(known))
    return cast(Channel, import_string(known[name])(name))
