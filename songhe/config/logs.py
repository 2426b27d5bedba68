"""What is written to the log: JSON lines without personal data. Identity numbers and phones are blacked out anyway."""

from __future__ import annotations

import logging
import re
from typing import Any

_PERSONAL = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")


class Redacted(logging.Formatter):
    """Lines in which whatever looks like an identity number or a mobile phone is blacked out."""

    def format(self, record: logging.LogRecord) -> str:
        """See logging."""
        return redact(super().format(record))


def redact(text: str) -> str:
    """The text with identity numbers and mobile phones replaced."""
    return _PERSONAL.sub("[***]", text)


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "redacted": {"()": Redacted, "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "redacted"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "songhe": {"level": "INFO"},
        "axes": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
    },
}
